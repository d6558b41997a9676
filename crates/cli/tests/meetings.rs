//! Meetings through the real binary: a pack says what `ask` says, a closed one stays as it was
//! read, a decision's effect is a plain count over the rows, what cannot be kept is refused.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use std::fmt::Write as _;
use std::fs;

use handfast_model::money::grouped;
use serde_json::Value;
use support::server::Server;
use support::{refused, root, run};

/// A deal: its key, when it was created and closed, how, its amount in whole euros.
type Deal<'a> = (&'a str, &'a str, &'a str, &'a str, u32);

struct World {
    dir: tempfile::TempDir,
    book: String,
    files: usize,
}

impl World {
    fn new() -> World {
        let dir = tempfile::tempdir().unwrap();
        let book = dir.path().join("book").display().to_string();
        let acme = root().join("crates/cli/tests/fixtures/acme");
        run(&["init", &book, "--from", &acme.display().to_string()]);
        World {
            dir,
            book,
            files: 0,
        }
    }

    /// Imports deals; the source shows everything before a day.
    fn import(&mut self, deals: &[Deal<'_>], shown: &str) {
        let mut text =
            String::from("deal,lead,owner,amount,currency,product,status,created,closed\n");
        for (key, created, closed, status, amount) in deals {
            writeln!(
                text,
                "{key},L-{key},rep,{amount}.00,EUR,box,{status},{created},{closed}"
            )
            .unwrap();
        }
        self.files += 1;
        let path = self.dir.path().join(format!("deals_{}.csv", self.files));
        fs::write(&path, text).unwrap();
        let path = path.display().to_string();
        run(&["import", &self.book, &path, "--observed-until", shown]);
    }

    fn meet(&self, words: &[&str]) -> String {
        run(&[&["meet", words[0], &self.book][..], &words[1..]].concat())
    }

    fn pack(&self, words: &[&str]) -> Value {
        let said = self.meet(&[&["open"][..], words, &["--json"]].concat());
        serde_json::from_str(&said).unwrap()
    }

    /// Closes a meeting; gives its number.
    fn close(&self, words: &[&str]) -> String {
        let said = self.meet(&[&["close"][..], words].concat());
        let number = said.split("number ").nth(1).unwrap();
        number.lines().next().unwrap().to_owned()
    }

    fn refused(&self, words: &[&str]) -> String {
        refused(&[&["meet", words[0], &self.book][..], &words[1..]].concat())
    }
}

const BOTH: [&str; 4] = ["--attended", "marketing:Ann", "--attended", "sales:Bob"];

/// Every answer of a pack: of its sections, then of its decisions.
fn replies(pack: &Value) -> Vec<&Value> {
    let sections = pack["sections"].as_array().unwrap().iter();
    let told = sections.flat_map(|section| section["told"].as_array().unwrap());
    let decisions = pack["decisions"].as_array().unwrap().iter();
    let effects = decisions.map(|one| &one["effect"]);
    let all = told.chain(effects).map(|told| &told["reply"]);
    all.filter(|reply| reply.is_object()).collect()
}

fn reply<'p>(pack: &'p Value, begins: &str) -> &'p Value {
    let all = replies(pack);
    let found = all.into_iter().find(|reply| {
        let text = reply["question"]["text"].as_str().unwrap();
        text.starts_with(begins)
    });
    found.unwrap_or_else(|| panic!("no {begins} in {pack}"))
}

fn exceptions(pack: &Value) -> Vec<String> {
    let all = pack["exceptions"].as_array().unwrap().iter();
    all.map(|one| one["says"].as_str().unwrap().to_owned())
        .collect()
}

/// Two weeks with deals, a quiet one after them.
const DEALS: [Deal<'static>; 4] = [
    ("D1", "2024-02-26", "2024-03-06", "won", 100),
    ("D2", "2024-02-27", "2024-03-07", "lost", 50),
    ("D3", "2024-03-05", "2024-03-13", "won", 300),
    ("D4", "2024-03-12", "", "open", 70),
];

#[test]
fn a_pack_of_the_demo_says_what_ask_says_and_stays_as_it_was_read() {
    let dir = tempfile::tempdir().unwrap();
    let demo = dir.path().join("demo").display().to_string();
    run(&["demo", "--dir", &demo]);
    let book = format!("{demo}/book");
    let open = [
        "meet",
        "open",
        &book,
        "weekly",
        "--on",
        "2025-12-15",
        "--json",
    ];
    let text = run(&open);
    let pack: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(pack["last"]["from"], "2025-12-08");
    assert_eq!(pack["sections"].as_array().unwrap().len(), 4);
    let all = replies(&pack);
    assert!(all.len() > 8, "{text}");
    // Each question typed as of the same commit gives the same rows; said twice by two programs.
    let seq = pack["as_of"].to_string();
    let week = "2025-12-08..2025-12-15";
    for (begins, words) in [
        (
            "bridge",
            &["bridge", "--period", week, "--currency", "EUR"][..],
        ),
        ("funnel", &["funnel", "--view", "flow", "--period", week]),
        ("sla", &["sla", "--period", week, "--currency", "EUR"]),
        ("stale", &["stale", "--at", "2025-12-14"]),
        (
            "forecast",
            &[
                "forecast",
                "--period",
                "2025-10-01..2026-01-01",
                "--horizon",
                "quarter",
                "--at",
                "2025-12-14",
                "--currency",
                "EUR",
            ],
        ),
        (
            "change leads_created",
            &[
                "change",
                "leads_created",
                "--period",
                week,
                "--compare",
                "previous",
            ],
        ),
    ] {
        let asked = support::ask(&book, &[words, &["--as-of", &seq]].concat()).0;
        let told = reply(&pack, begins);
        assert_eq!(
            told["question"]["text"], asked["question"]["text"],
            "{begins}"
        );
        assert_eq!(told["answer"]["rows"], asked["answer"]["rows"], "{begins}");
    }
    // What is overdue stands on top, with the figure of the answer.
    let sla = reply(&pack, "sla");
    let waiting = sla["answer"]["columns"].as_array().unwrap().iter();
    let at = waiting
        .clone()
        .position(|column| column["id"] == "waiting")
        .unwrap();
    for row in sla["answer"]["rows"].as_array().unwrap() {
        let name = row[0].as_str().unwrap();
        let count = row[at].as_u64().unwrap();
        let says = format!("{name}: ");
        let overdue = format!(", {} overdue", grouped(&count.to_string()));
        let told = exceptions(&pack)
            .iter()
            .any(|one| one.starts_with(&says) && one.contains(&overdue));
        assert_eq!(told, count > 0, "{name} {count}: {:?}", exceptions(&pack));
    }

    let close = [
        "meet",
        "close",
        &book,
        "weekly",
        "--on",
        "2025-12-15",
        "--attended",
        "demand:Ann",
        "--attended",
        "ae-north:Bob",
        "--note",
        "short",
    ];
    let said = run(&close);
    let number = said
        .split("number ")
        .nth(1)
        .unwrap()
        .lines()
        .next()
        .unwrap();
    let show = ["meet", "show", &book, number, "--json"];
    let shown = run(&show);
    assert!(
        shown.contains(text.trim_end()),
        "the pack is not the one that was opened"
    );
    // Something else is learned: a won deal of that week in another export.
    run(&[
        "meet",
        "decide",
        &book,
        "--what",
        "x",
        "--owner",
        "Ann",
        "--due",
        "2025-12-20",
        "--on",
        "2025-12-15",
    ]);
    run(&["import", "undo", &book]);
    assert_eq!(run(&show), shown);
    let again = run(&open);
    assert_ne!(again, text, "the open pack follows what is known");
    let proofs = run(&["meet", "verify", &book, number]);
    let count = all.len();
    assert!(
        proofs.ends_with(&format!("{count} of {count} answers are the same\n")),
        "{proofs}"
    );
}

#[test]
fn a_quiet_week_can_be_skipped_and_another_one_cannot() {
    let mut world = World::new();
    world.import(&DEALS, "2024-04-15");
    let busy = world.pack(&["weekly", "--on", "2024-03-11"]);
    // 4 to 10 March: D3 came, D1 was won and D2 lost; nothing else did.
    let bridge = reply(&busy, "bridge");
    let moves: Vec<(String, u64)> = bridge["answer"]["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            (
                row[1].as_str().unwrap().to_owned(),
                row[2].as_u64().unwrap(),
            )
        })
        .filter(|(_, count)| *count > 0)
        .collect();
    let told = |word: &str| {
        moves
            .iter()
            .find(|(name, _)| name == word)
            .map_or(0, |one| one.1)
    };
    assert_eq!(
        (told("new"), told("won"), told("lost")),
        (1, 1, 1),
        "{moves:?}"
    );
    assert_eq!(busy["nothing_new"], false);
    assert!(busy["since"].is_null());

    let skipped = ["weekly", "--on", "2024-03-11", "--skipped"];
    assert!(
        world
            .refused(&[&["close"][..], &skipped].concat())
            .contains("E0730")
    );
    world.close(&[&["weekly", "--on", "2024-03-25"][..], &BOTH].concat());
    // Nothing moved from 25 to 31 March, and nothing was learned since the last meeting.
    let quiet = world.pack(&["weekly", "--on", "2024-04-01"]);
    assert_eq!(quiet["nothing_new"], true, "{quiet}");
    assert_eq!(quiet["since"]["on"], "2024-03-25");
    let number = world.close(&["weekly", "--on", "2024-04-01", "--skipped"]);
    assert!(
        world
            .meet(&["show", &number])
            .contains("skipped, nothing had changed")
    );
    // A week that is not shown to its end is none of which nothing is known to have changed.
    let unseen = world.pack(&["weekly", "--on", "2024-04-22"]);
    assert_eq!(unseen["nothing_new"], false);
    assert!(exceptions(&unseen)[0].contains("the sources show everything only until"));
    // What is learned of the quarter since is told, with its cause.
    world.import(
        &[("D9", "2024-03-01", "2024-03-20", "won", 1_000)],
        "2024-04-15",
    );
    let late = world.pack(&["weekly", "--on", "2024-04-08"]);
    assert_eq!(late["nothing_new"], false, "{late}");
}

#[test]
fn what_a_decision_came_to_is_a_count_over_the_rows() {
    let mut world = World::new();
    let mut deals: Vec<(String, String, &str)> = Vec::new();
    // Four wins on each of the last ten days of April, eight on each of the first ten of May.
    for day in 1..=10 {
        for nth in 0..8 {
            deals.push((format!("M{day}-{nth}"), format!("2024-05-{day:02}"), "won"));
            if nth < 4 {
                let april = day + 20;
                deals.push((
                    format!("A{day}-{nth}"),
                    format!("2024-04-{april:02}"),
                    "won",
                ));
            }
        }
    }
    // Two were lost in April, five in May: few.
    for nth in 0..7 {
        let day = if nth < 2 { "2024-04-25" } else { "2024-05-05" };
        deals.push((format!("L{nth}"), day.to_owned(), "lost"));
    }
    let deals: Vec<Deal<'_>> = deals
        .iter()
        .map(|(key, day, end)| (key.as_str(), "2024-04-01", day.as_str(), *end, 100))
        .collect();
    world.import(&deals, "2024-06-30");
    let decide = |(metric, expect): (&str, &str), due: &str| {
        let words = [
            "decide",
            "--what",
            "call sooner",
            "--owner",
            "Bob",
            "--due",
            due,
            "--on",
            "2024-05-01",
            "--metric",
            metric,
            "--expect",
            expect,
            "--until",
            "2024-05-10",
        ];
        let said = world.meet(&words);
        said.split(' ').nth(1).unwrap().to_owned()
    };
    let due = "2024-05-08";
    let (less, more) = (decide(("won", "+40"), due), decide(("won", "+41"), due));
    let few = decide(("lost", "+1"), "2024-05-20");
    let pack = world.pack(&["weekly", "--on", "2024-05-13"]);
    let found = |number: &str| {
        let number: u64 = number.parse().unwrap();
        let all = pack["decisions"].as_array().unwrap().iter();
        let mut mine = all.filter(|one| one["decision"]["number"] == number);
        mine.next().unwrap().clone()
    };
    // Ten days on both sides.
    let count = |from: &str, until: &str, end: &str| {
        let is_in = |deal: &&Deal<'_>| from <= deal.2 && deal.2 < until && deal.3 == end;
        deals.iter().filter(is_in).count()
    };
    let sides = |end: &str| {
        let before = count("2024-04-21", "2024-05-01", end);
        (before, count("2024-05-01", "2024-05-11", end))
    };
    assert_eq!((sides("won"), sides("lost")), ((40, 80), (2, 5)));
    let says = |number: &str| found(number)["effect"]["says"].as_str().unwrap().to_owned();
    let won = "40 in the 10 days before 2024-05-01, 80 in as many since, +40; expected +40 by";
    assert!(says(&less).contains(won), "{}", says(&less));
    let lost = "2 in the 10 days before 2024-05-01, 5 in as many since, +3; expected +1 by";
    assert!(says(&few).contains(lost), "{}", says(&few));
    // Two and five are too few to tell, as `ask change` says it.
    let asked = |metric: &str| {
        let words = [
            "change",
            metric,
            "--period",
            "2024-05-01..2024-05-11",
            "--compare",
            "2024-04-21..2024-05-01",
        ];
        let answer = support::ask(&world.book, &words);
        let column = answer.column("tells");
        answer.rows().iter().any(|row| row[column] == true)
    };
    assert_eq!((asked("won"), asked("lost")), (true, false));
    let verdicts = [&less, &more, &few].map(|number| found(number)["verdict"].clone());
    assert_eq!(verdicts, ["reached", "short", "cannot_tell"]);
    // Due and not answered: on top of every pack until it is settled.
    let is_told = |number: &str| {
        let number: u64 = number.parse().unwrap();
        let pack = world.pack(&["weekly", "--on", "2024-05-13"]);
        let told = exceptions(&pack);
        let due = told
            .iter()
            .filter(|one| one.contains("not answered: call sooner"));
        let decisions = pack["decisions"].as_array().unwrap().iter();
        let mut mine = decisions.filter(|one| one["decision"]["number"] == number);
        (due.count(), mine.next().is_some())
    };
    assert_eq!(is_told(&more), (2, true));
    assert!(
        world
            .refused(&["settle", &more, "dropped"])
            .contains("E0729")
    );
    world.meet(&[
        "settle",
        &more,
        "dropped",
        "--because",
        "nobody had the time",
    ]);
    world.meet(&["settle", &less, "kept"]);
    assert_eq!((is_told(&more), is_told(&less)), ((0, false), (0, true)));
    // A further entry takes it back; all of them stay.
    world.meet(&["settle", &more, "open", "--because", "it was the other one"]);
    assert_eq!(is_told(&more), (1, true));
    let all = world.meet(&["decisions"]);
    assert!(
        all.contains("nobody had the time") && all.contains("it was the other one"),
        "{all}"
    );
}

#[test]
fn meetings_are_at_one_hour_of_the_wall_and_the_report_counts_them() {
    let mut world = World::new();
    world.import(&DEALS, "2024-04-15");
    world.meet(&[
        "cadence",
        "--set",
        "weekly",
        "--on",
        "monday",
        "--at",
        "09:30",
        "--since",
        "2024-03-11",
        "--with",
        "marketing:Ann",
        "--with",
        "sales:Bob",
    ]);
    let coming = world.meet(&["cadence", "--after", "2024-03-24T12:00:00Z"]);
    // Clocks went forward on 31 March 2024 in Berlin.
    assert!(
        coming.contains("2024-03-25 (2024-03-25T08:30:00Z)"),
        "{coming}"
    );
    assert!(
        coming.contains("2024-04-01 (2024-04-01T07:30:00Z)"),
        "{coming}"
    );
    world.close(&[&["weekly", "--on", "2024-03-11"][..], &BOTH].concat());
    world.close(&["weekly", "--on", "2024-03-19", "--attended", "sales:Bob"]);
    world.meet(&["cadence", "--end", "weekly"]);
    let said = world.meet(&["report", "--json"]);
    let report: Value = serde_json::from_str(&said).unwrap();
    let counts = &report["counts"][0];
    assert_eq!(
        (&counts["held"], &counts["by_both"]),
        (&2.into(), &1.into()),
        "{counts}"
    );
    let meetings = report["meetings"].as_array().unwrap();
    let of = |day: &str| meetings.iter().find(|one| one["day"] == day).unwrap();
    assert_eq!(of("2024-03-11")["has_both"], true);
    // On a Tuesday instead: the meeting of that week all the same.
    assert_eq!(of("2024-03-18")["became"], "held");
    assert_eq!(of("2024-03-18")["absent"][0]["name"], "Ann");
    assert_eq!(of("2024-03-25")["became"], "missed");
    assert!(
        world
            .meet(&["report"])
            .contains("2 held, 1 of them with both sides")
    );
}

#[test]
fn what_cannot_be_kept_is_refused_and_nothing_is_written() {
    let mut world = World::new();
    world.import(&DEALS, "2024-04-15");
    world.close(&[&["weekly", "--on", "2024-03-11"][..], &BOTH].concat());
    let decide = |words: &[&str]| {
        let all = [
            "decide",
            "--what",
            "x",
            "--owner",
            "Bob",
            "--on",
            "2024-03-11",
        ];
        world.refused(&[&all[..], words].concat())
    };
    let due = ["--due", "2024-03-20"];
    let aimed = |metric: &str, expect: &str| {
        let aim = [
            "--metric",
            metric,
            "--expect",
            expect,
            "--until",
            "2024-04-01",
        ];
        decide(&[&due[..], &aim].concat())
    };
    for (said, code) in [
        // The same week again, and a day that has not come.
        (
            world.refused(&[&["close", "weekly", "--on", "2024-03-14"][..], &BOTH].concat()),
            "E0727",
        ),
        (
            world.refused(&[&["close", "weekly", "--on", "9999-01-01"][..], &BOTH].concat()),
            "E0727",
        ),
        (
            world.refused(&["close", "weekly", "--on", "2024-03-18"]),
            "E0730",
        ),
        (
            world.refused(&["close", "weekly", "--attended", "Ann"]),
            "E0730",
        ),
        (
            world.refused(&["close", "weekly", "--attended", "legal:Ann"]),
            "E0730",
        ),
        (world.refused(&["show", "9999"]), "E0728"),
        (world.refused(&["settle", "9999", "kept"]), "E0728"),
        (decide(&["--due", "2024-03-10"]), "E0729"),
        (decide(&[&due[..], &["--metric", "won"]].concat()), "E0729"),
        (aimed("won", "20"), "E0729"),
        (aimed("won", "+5 points"), "E0729"),
        (aimed("win_rate", "+5"), "E0729"),
        (aimed("revenue", "+5 days"), "E0729"),
        (aimed("nothing_such", "+5"), "E0403"),
        (
            world.refused(&["cadence", "--set", "weekly", "--on", "3", "--at", "09:30"]),
            "E0726",
        ),
        (
            world.refused(&[
                "cadence",
                "--set",
                "weekly",
                "--on",
                "monday",
                "--at",
                "09:30",
                "--with",
                "sales:Bob",
            ]),
            "E0726",
        ),
        (world.refused(&["cadence", "--end", "monthly"]), "E0726"),
    ] {
        assert!(
            said.contains(&format!("refused {code}: ")),
            "{code}: {said}"
        );
    }
    assert!(
        world
            .meet(&["decisions"])
            .contains("nothing was decided yet")
    );
    assert_eq!(world.meet(&["list"]).lines().count(), 1);
}

#[test]
fn a_pack_has_the_same_bytes_over_http_and_what_is_done_is_in_the_log() {
    let mut world = World::new();
    world.import(&DEALS, "2024-04-15");
    let typed = world.meet(&["open", "weekly", "--on", "2024-03-11", "--json"]);
    let server = Server::start(&["serve", &world.book, "--listen", "127.0.0.1:0"]);
    let owner = server.owner();
    let open = "/api/v1/meetings/packs/weekly?on=2024-03-11";
    assert_eq!(server.get(open, &owner).body, typed.trim_end());
    assert_eq!(
        server.get("/api/v1/meetings/packs/daily", &owner).status,
        404
    );
    let post = |path: &str, body: &str| {
        let sent = server.post(&format!("/api/v1/meetings/{path}"), &owner, body);
        assert_eq!(sent.status, 200, "{path}: {}", sent.body);
        sent.json()["seq"].as_u64().unwrap()
    };
    post("cadences/weekly", r#"{"day":"monday","at":"09:30"}"#);
    // A rhythm is a commit too, and a pack says of which it is.
    let read = server.get(open, &owner).body;
    let closed = post(
        "packs/weekly/close",
        r#"{"on":"2024-03-11","attended":["marketing:Ann","sales:Bob"]}"#,
    );
    let decided = post(
        "decisions",
        r#"{"what":"call sooner","owner":"Bob","due":"2024-03-20","on":"2024-03-11"}"#,
    );
    post(
        &format!("decisions/{decided}/settle"),
        r#"{"state":"kept"}"#,
    );
    let shown = server.get(&format!("/api/v1/meetings/closed/{closed}"), &owner);
    assert!(shown.body.contains(&read), "{}", shown.body);
    let proofs = server
        .get(&format!("/api/v1/meetings/closed/{closed}/verify"), &owner)
        .json();
    let proofs = proofs.as_array().unwrap();
    assert!(
        proofs.len() > 4 && proofs.iter().all(|one| one["is_same"] == true),
        "{proofs:?}"
    );
    let all = server.get("/api/v1/meetings", &owner).json();
    assert_eq!(all["cadences"][0]["next"].as_array().unwrap().len(), 5);
    assert_eq!(all["decisions"][0]["state"], "kept");
    let report = server.get("/api/v1/meetings/report", &owner).json();
    assert_eq!(report["counts"][0]["by_both"], 1);
    let acts = server.acts(&owner);
    let expected = [
        "meeting.cadence",
        "meeting.closed",
        "meeting.decided",
        "meeting.settled",
    ];
    assert_eq!(acts, expected);
}
