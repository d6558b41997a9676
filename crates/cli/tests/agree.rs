//! A charter that both teams sign, from the proposal to the figures, on the real binary.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use std::fs;

use support::{ask, refused, root, run, signed_acme};

/// A book of the acme fixture, with a signer of each side and the path of their keys.
struct Desk {
    dir: tempfile::TempDir,
    book: String,
}

impl Desk {
    fn new() -> Desk {
        let dir = tempfile::tempdir().unwrap();
        let book = signed_acme(dir.path());
        let acme = root().join("crates/cli/tests/fixtures/acme");
        let exports = ["leads", "deals"].map(|name| acme.join(format!("exports/{name}.csv")));
        let exports = exports.map(|path| path.display().to_string());
        run(&["import", &book, &exports[0], &exports[1]]);
        Desk { dir, book }
    }

    fn key(&self, name: &str) -> String {
        support::key(self.dir.path(), name)
    }

    /// Proposes that a lead is qualified once it is won, and nobody else is.
    fn draft(&self, name: &str) -> String {
        let stages = std::path::Path::new(&self.book).join("charter/stages.toml");
        let text = fs::read_to_string(&stages).unwrap();
        let text = text.replacen("implied = true", "implied = false", 2);
        fs::write(&stages, text.replace("\"qualified\"]", "\"hot\"]")).unwrap();
        run(&[
            "charter", "draft", &self.book, name, "--by", "Ann", "--why", "too many",
        ])
    }

    fn sign(&self, draft: &str, name: &str, more: &[&str]) -> String {
        let key = self.key(name);
        let mut args = vec![
            "charter", "sign", &self.book, draft, "--as", name, "--key", &key,
        ];
        args.extend(more);
        run(&args)
    }

    fn charter(&self, more: &[&str]) -> String {
        let mut words = vec!["funnel", "--view", "cohort"];
        words.extend(more);
        let answer = ask(&self.book, &words).0;
        answer["lineage"]["charter"].as_str().unwrap().to_owned()
    }
}

#[test]
fn a_draft_is_tried_discussed_signed_by_both_and_then_what_questions_use() {
    let desk = Desk::new();
    let before = desk.charter(&[]);
    let told = desk.draft("mql-2");
    assert!(told.contains("changed: stage qualified, marks"), "{told}");
    assert!(refused(&["charter", "publish", &desk.book]).contains("E0280"));
    // By name and by folder it is the same; without either it is not used.
    let folder = format!("{}/charter", desk.book);
    let tried = desk.charter(&["--charter", "mql-2"]);
    assert_eq!(tried, desk.charter(&["--charter", &folder]));
    assert_eq!(tried, desk.charter(&["--charter", &tried]));
    assert_ne!(tried, before);
    assert_eq!(desk.charter(&[]), before);
    run(&[
        "charter",
        "discuss",
        &desk.book,
        "mql-2",
        "--by",
        "Bob",
        "--text",
        "hot is what?",
    ]);
    desk.sign("mql-2", "Ann", &[]);
    assert_eq!(desk.charter(&[]), before);
    let drafts = run(&["charter", "drafts", &desk.book]);
    assert!(
        drafts.contains("mql-2  signed for marketing by Ann, from "),
        "{drafts}"
    );
    let done = desk.sign("mql-2", "Bob", &[]);
    assert!(
        done.contains("both sides agree: it is in force from "),
        "{done}"
    );
    assert_eq!(desk.charter(&[]), tried);
    // As of the commit before, the old one counts.
    assert_eq!(desk.charter(&["--as-of", "3"]), before);
    let log = run(&["charter", "log", &desk.book]);
    for line in [
        "Ann may sign for marketing (team marketing)",
        "Ann proposes `mql-2`, retroactive: too many",
        "changed: stage qualified, marks  [must agree; both sides decide]",
        "Bob on `mql-2`: hot is what?",
        "Bob signs `mql-2` for sales, from ",
        "in force: `mql-2` blake3:",
    ] {
        assert!(log.contains(line), "{line}\n{log}");
    }
    assert!(run(&["verify", &desk.book]).contains("nothing wrong"));
    assert!(run(&["signer", "list", &desk.book]).contains("Bob  sales (team sales), key "));
}

#[test]
fn a_charter_agreed_for_a_later_day_waits_for_it() {
    let desk = Desk::new();
    let before = desk.charter(&[]);
    desk.draft("mql-2");
    let tried = desk.charter(&["--charter", "mql-2"]);
    desk.sign("mql-2", "Bob", &["--from", "2999-01-01"]);
    let done = desk.sign("mql-2", "Ann", &[]);
    // The day begins in the charter's own zone, Berlin.
    assert!(done.contains("in force from 2998-12-31T23:00:00"), "{done}");
    assert_eq!(desk.charter(&[]), before);
    assert_eq!(desk.charter(&["--as-of", "2998-12-31T22:59:59Z"]), before);
    assert_eq!(desk.charter(&["--as-of", "2998-12-31T23:00:00Z"]), tried);
    assert!(run(&["verify", &desk.book]).contains("nothing wrong"));
}

/// What `charter rehearse` says is what asking twice says, once under each charter.
#[test]
fn a_rehearsal_is_the_difference_of_asking_twice() {
    let desk = Desk::new();
    // Different answers are kept to be asked again.
    ask(&desk.book, &["funnel", "--view", "cohort"]);
    ask(&desk.book, &["metric", "revenue"]);
    desk.draft("mql-2");
    let told = run(&[
        "charter",
        "rehearse",
        &desk.book,
        "mql-2",
        "--quarters",
        "6",
        "--json",
    ]);
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    let rows = told["entered"]["rows"].as_array().unwrap();
    assert!(!rows.is_empty());
    let (mut moved, mut listed) = (0, 0);
    let words = [
        "funnel",
        "--view",
        "flow",
        "--by",
        "quarter",
        "--period",
        "2015-01-01..2030-01-01",
    ];
    let now = ask(&desk.book, &words);
    let then = ask(&desk.book, &[&words[..], &["--charter", "mql-2"]].concat());
    for row in rows {
        let key = [row[0].as_str().unwrap(), row[1].as_str().unwrap()];
        let entered = |answer: &support::Answer| answer.cell(&key, "entered").as_i64().unwrap_or(0);
        assert_eq!(row[2].as_i64(), Some(entered(&now)), "{row}");
        assert_eq!(row[3].as_i64(), Some(entered(&then)), "{row}");
        let int = |at: usize| row[at].as_i64().unwrap();
        assert_eq!(int(4), int(3) - int(2), "{row}");
        assert_eq!(int(4), int(5) - int(6), "{row}");
        moved += int(5) + int(6);
    }
    for visit in told["visits"]["rows"].as_array().unwrap() {
        assert!(
            ["appears", "vanishes"].contains(&visit[2].as_str().unwrap()),
            "{visit}"
        );
        listed += 1;
    }
    assert_eq!(moved, listed);
    assert!(moved > 0);
    assert_eq!(told["answers"]["asked"], 2);
    let differ = told["answers"]["differ"].as_array().unwrap();
    assert!(
        differ.len() == 1
            && differ[0]["question"]
                .as_str()
                .unwrap()
                .starts_with("funnel "),
        "{differ:?}"
    );
    // It is held against the charter in force, which signing replaces.
    assert_eq!(told["replaces"]["is_in_force"], true);
    // Nothing was written: neither a commit nor an answer.
    assert!(run(&["charter", "drafts", &desk.book]).contains("mql-2  proposed"));
}

/// The rows are the records, and what is said rests on enough of them.
#[test]
fn a_fitness_test_counts_its_records_and_is_silent_below_thirty_wins() {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("demo").display().to_string();
    run(&["demo", "--dir", &place]);
    let book = format!("{place}/book");
    let ask = |period: &str| -> serde_json::Value {
        let words = ["--period", period, "--window", "180", "--json"];
        let told = run(&[&["charter", "fitness", &book, "sal"], &words[..]].concat());
        serde_json::from_str(&told).unwrap()
    };
    let told = ask("2024-01-01..2025-07-01");
    let rows = told["answer"]["rows"].as_array().unwrap();
    let records = told["records"]["rows"].as_array().unwrap();
    let mut wins = 0;
    for (row, entered) in [(&rows[0], true), (&rows[1], false)] {
        let of: Vec<_> = records
            .iter()
            .filter(|record| record[3] == entered)
            .collect();
        let won = of.iter().filter(|record| record[4] == true).count();
        assert_eq!(row[1], of.len());
        assert_eq!(
            (&row[2]["part"], &row[2]["whole"]),
            (&won.into(), &of.len().into())
        );
        wins += won;
    }
    assert!(wins >= 30, "{told}");
    let verdict = told["verdict"].as_str().unwrap();
    assert!(
        verdict.starts_with("entering sal goes with winning: "),
        "{verdict}"
    );
    let few = ask("2025-01-01..2025-02-01");
    let verdict = few["verdict"].as_str().unwrap();
    assert!(verdict.starts_with("too few to tell: "), "{verdict}");
    assert!(
        verdict.contains("\ntoo few to tell of revenue: "),
        "{verdict}"
    );
    // Without a period it takes those that can have had their days, and all of them had them.
    let words = ["charter", "fitness", &book, "sal", "--json"];
    let told: serde_json::Value = serde_json::from_str(&run(&words)).unwrap();
    assert!(
        told["records"]["rows"].as_array().unwrap().len() > 30,
        "{told}"
    );
    assert!(
        told["notes"][1]
            .as_str()
            .unwrap()
            .starts_with("0 more opened then"),
        "{told}"
    );
    assert!(
        told["verdict"]
            .as_str()
            .unwrap()
            .contains("each pursuit that entered is worth")
    );
    // Nobody has had the days yet: that is not "nobody entered".
    let late = ask("2025-11-01..2026-01-01");
    let verdict = late["verdict"].as_str().unwrap();
    assert!(verdict.starts_with("nothing to compare yet: "), "{verdict}");
}

/// A deal that both teams claim, from the stories to a draft that the ruling stands against.
#[test]
fn a_ruling_is_a_test_of_later_charters() {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("demo").display().to_string();
    run(&["demo", "--dir", &place]);
    let book = format!("{place}/book");
    let deal = "O-00222";
    let say = |team: &str, more: &[&str]| {
        let words = [
            "deal", "dispute", &book, deal, "--team", team, "--by", "Ann",
        ];
        run(&[&words[..], &["--story", "it was us"], more].concat());
    };
    say("demand", &["--evidence", "marketing_touches.csv:69"]);
    say("ae-north", &[]);
    let rule = |more: &[&str]| {
        let words = [
            "deal", "rule", &book, deal, "--by", "Cid", "--ruling", "so be it",
        ];
        run(&[&words[..], more].concat())
    };
    let shown = run(&["deal", "show", &book, deal, "--json"]);
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    let touches = support::Answer(serde_json::json!({"answer": shown["contributors"]}));
    // What the touches earn is what the deal is worth, and what the records of credit say.
    let minor = |cells: &serde_json::Value, column: &str| {
        cells[touches.column(column)]["minor"].as_i64().unwrap()
    };
    let sum = |side: &str, column: &str| -> i64 {
        let of = touches
            .rows()
            .iter()
            .filter(|cells| side.is_empty() || cells[1] == side);
        of.map(|cells| minor(cells, column)).sum()
    };
    // So the ruled line of the book says, beside the amount itself.
    let totals = &shown["contributors"]["totals"];
    assert_eq!(shown["worth"]["minor"], 1_231_235);
    for model in ["first", "linear", "w", "decay"] {
        assert_eq!(sum("", model), 1_231_235, "{model}");
        assert_eq!(minor(totals, model), sum("", model), "{model}");
        let asked = ["credit", "--models", model, "--records", model];
        let records = ask(&book, &asked);
        let of_deal = records.rows().iter().filter(|cells| cells[0] == deal);
        let earns = |cells: &&serde_json::Value| minor(cells, model) != 0;
        let earning = touches.rows().iter().filter(earns).count();
        assert_eq!(of_deal.count(), earning, "{model}");
    }
    // Marketing's share by `linear` is what a second ruling says, to half a percent.
    let share = (sum("marketing", "linear") * 100 + 1_231_235 / 2) / 1_231_235;
    let credit = format!("marketing={share},sales={}", 100 - share);
    let other = format!("marketing={},sales={}", share - 1, 101 - share);
    let kept = rule(&["--credit", &other, "--model", "linear"]);
    let tenths = (sum("marketing", "linear") as f64 / 1_231_235.0 * 1_000.0).round() / 10.0;
    let gives = format!("gives something else: marketing {tenths} %, sales ");
    assert!(kept.contains(&gives), "{kept}");
    assert!(rule(&["--credit", &credit, "--model", "linear"]).contains("as the charter in force"));
    assert!(rule(&["--sourced", "marketing"]).contains("it came from marketing"));
    // Who rules later takes no case away, neither without one nor with a contrary one.
    assert!(rule(&[]).contains("Earlier rulings are tests as before"));
    assert!(rule(&["--sourced", "sales"]).contains("something else: it came from marketing"));
    let told = run(&["deal", "show", &book, deal]);
    assert!(told.contains("shown by marketing_touches.csv:69"), "{told}");
    assert!(told.contains("ruling (Cid, "), "{told}");
    assert_eq!(
        told.matches("replaced by the ruling of Cid, ").count(),
        4,
        "{told}"
    );
    let still = "drafts are tested against it all the same: it came from marketing";
    assert!(told.contains(still), "{told}");
    let last = "drafts are tested against it: it came from sales";
    assert!(told.contains(last), "{told}");
    let happened = told.split("\nWho had a part").next().unwrap();
    let widest = happened.lines().map(|line| line.chars().count()).max();
    assert!(widest < Some(192), "{widest:?} characters wide\n{happened}");
    // Only meetings may earn: then the deal comes from sales.
    let rules = std::path::Path::new(&book).join("charter/attribution.toml");
    fs::write(rules, "touches = [\"meeting\"]\n").unwrap();
    let draft = [
        "charter",
        "draft",
        &book,
        "meetings",
        "--by",
        "Bob",
        "--why",
        "meetings count",
    ];
    run(&draft);
    let told = run(&[
        "charter",
        "rehearse",
        &book,
        "meetings",
        "--quarters",
        "2",
        "--json",
    ]);
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    let rulings = told["rulings"].as_array().unwrap().iter();
    let rulings: Vec<_> = rulings
        .map(|one| {
            assert_eq!((&one["deal"], &one["by"]), (&deal.into(), &"Cid".into()));
            (
                one["case"].as_str().unwrap(),
                &one["now"],
                &one["draft"],
                &one["is_overturned"],
            )
        })
        .collect();
    let by_linear = |share: i64| format!("by linear, marketing {share} %, sales {} %", 100 - share);
    let (other, credit) = (by_linear(share - 1), by_linear(share));
    let (yes, no) = (&true.into(), &false.into());
    let wanted = [
        (&other[..], no, no, no),
        (&credit, yes, no, yes),
        ("it came from marketing", yes, no, yes),
        ("it came from sales", no, yes, no),
    ];
    assert_eq!(rulings, wanted);
    // Whose credit moves is what asking twice says, in each currency.
    let words = [
        "credit",
        "--by",
        "team",
        "--period",
        "2025-07-01..2026-01-01",
    ];
    let now = ask(&book, &words);
    let then = ask(&book, &[&words[..], &["--charter", "meetings"]].concat());
    let rows = told["credit"]["team"]["rows"].as_array().unwrap();
    assert_eq!(told["quarters"], serde_json::json!(["2025-Q3", "2025-Q4"]));
    assert!(rows.len() > 8, "{told}");
    for row in rows {
        let [model, team] = [0, 1].map(|at| row[at].as_str().unwrap());
        let [was, is, gains] = [2, 3, 4].map(|at| row[at]["minor"].as_i64().unwrap());
        let key = [team, row[4]["currency"].as_str().unwrap()];
        let of = |answer: &support::Answer| answer.cell(&key, model)["minor"].as_i64().unwrap_or(0);
        assert_eq!((was, is), (of(&now), of(&then)), "{row}");
        assert_eq!(gains, is - was, "{row}");
    }
    let keys = ["Ann", "Bob"].map(|name| dir.path().join(name).display().to_string());
    for (at, team) in [(0, "demand"), (1, "ae-north")] {
        let name = ["Ann", "Bob"][at];
        run(&[
            "signer", "add", &book, name, "--team", team, "--key", &keys[at],
        ]);
    }
    let sign = |at: usize| {
        let name = ["Ann", "Bob"][at];
        vec![
            "charter", "sign", &book, "meetings", "--as", name, "--key", &keys[at],
        ]
    };
    assert!(refused(&sign(0)).contains("E0287"));
    run(&[&sign(0)[..], &["--overturning", deal]].concat());
    assert!(refused(&sign(1)).contains("E0287"));
    let done = run(&[&sign(1)[..], &["--overturning", deal]].concat());
    assert!(done.contains("both sides agree"), "{done}");
    assert!(run(&["charter", "log", &book]).contains("overturns the ruling on O-00222"));
    assert!(run(&["verify", &book]).contains("nothing wrong"));
}

/// Replayed from a day on, a forward-only draft moves nothing before it, and from it on what the
/// same texts move without it.
#[test]
fn a_forward_only_rehearsal_moves_nothing_before_its_day() {
    let desk = Desk::new();
    let stages = std::path::Path::new(&desk.book).join("charter/stages.toml");
    let text = fs::read_to_string(&stages).unwrap();
    let text = text.replacen("implied = true", "implied = false", 2);
    fs::write(&stages, text.replace("\"qualified\"]", "\"hot\"]")).unwrap();
    let by = ["--by", "Ann", "--why", "also these"];
    let name = |name: &'static str| ["charter", "draft", &desk.book, name];
    run(&[&name("all")[..], &by].concat());
    let told = run(&[&name("later")[..], &by, &["--forward-only"]].concat());
    assert!(told.contains("is proposed, forward-only"), "{told}");
    let rehearse = |draft: &str, more: &[&str]| -> serde_json::Value {
        let words = ["charter", "rehearse", &desk.book, draft, "--json"];
        serde_json::from_str(&run(&[&words[..], more].concat())).unwrap()
    };
    let all = rehearse("all", &[]);
    let quarters = all["quarters"].as_array().unwrap();
    // Two years, unless somebody says.
    assert_eq!(quarters.len(), 8, "{all}");
    let rows = all["entered"]["rows"].as_array().unwrap();
    assert!(rows.len() > 1, "{all}");
    // As though it had begun with all of it: the same as retroactive, if nothing is older.
    let whole = rehearse("later", &[]);
    assert_eq!(
        whole["from"].as_str().unwrap()[..4],
        quarters[0].as_str().unwrap()[..4]
    );
    assert_eq!(whole["mode"], "forward-only");
    // From the day of a move on it moves; from the next day on it does not.
    let visits = |told: &serde_json::Value| told["visits"]["rows"].clone();
    let day = visits(&all)[0][5].as_str().unwrap()[..10].to_owned();
    assert_eq!(visits(&rehearse("later", &["--from", &day])), visits(&all));
    let next = handfast_model::Day::parse(&day)
        .unwrap()
        .plus(1)
        .to_string();
    let late = visits(&rehearse("later", &["--from", &next]));
    assert!(late.as_array().unwrap().len() < visits(&all).as_array().unwrap().len());
    for row in late.as_array().unwrap() {
        assert!(row[5].as_str().unwrap()[..10] >= next[..], "{row}");
    }
    assert_eq!(
        rehearse("later", &["--from", "2999-01-01"])["visits"]["rows"],
        serde_json::json!([])
    );
    let told = refused(&[
        "charter",
        "rehearse",
        &desk.book,
        "all",
        "--from",
        "2025-01-01",
    ]);
    assert!(told.contains("E0405"), "{told}");
    // Answers say what they are of.
    let shown = run(&[
        "ask",
        "funnel",
        "--book",
        &desk.book,
        "--view",
        "cohort",
        "--charter",
        "later",
    ]);
    assert!(shown.contains("forward-only from 20"), "{shown}");
    assert!(
        shown.contains("stages and openings of before 20"),
        "{shown}"
    );
}

/// What was signed becomes a folder again, and no definition is lost by that.
#[test]
fn what_is_in_force_can_be_had_as_a_folder() {
    let desk = Desk::new();
    let own = std::path::Path::new(&desk.book).join("charter");
    let before = desk.charter(&[]);
    fs::write(own.join("rights.toml"), "").unwrap();
    desk.draft("mql-2");
    let read = |folder: &std::path::Path| {
        let files = fs::read_dir(folder).unwrap();
        let files = files.map(|file| file.unwrap().path());
        let text = |path: std::path::PathBuf| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(path).unwrap())
        };
        files
            .map(text)
            .collect::<std::collections::BTreeMap<_, _>>()
    };
    let proposed = read(&own);
    assert_eq!(proposed.len(), 5);
    desk.sign("mql-2", "Ann", &[]);
    let done = desk.sign("mql-2", "Bob", &[]);
    assert!(
        done.contains(&format!(
            "charter show {0} mql-2 --out {0}/charter",
            desk.book
        )),
        "{done}"
    );
    let out = desk.dir.path().join("deep/texts");
    let words = ["charter", "show", &desk.book];
    let show = |more: &[&str]| run(&[&words[..], more].concat());
    let to = out.display().to_string();
    show(&["--out", &to]);
    assert_eq!(read(&out), proposed);
    // A file of other definitions beside them is kept nowhere.
    fs::write(out.join("notes.toml"), "mine = 1\n").unwrap();
    let told = refused(&[&words[..], &[&before, "--out", &to]].concat());
    assert!(told.contains("E0293"), "{told}");
    fs::remove_file(out.join("notes.toml")).unwrap();
    // An earlier one over it: a file that it has not goes, and what is no definition stays.
    fs::write(out.join("notes.md"), "mine").unwrap();
    show(&[&before, "--out", &to]);
    let mut names: Vec<String> = read(&out).into_keys().collect();
    assert_eq!(names.len(), 5);
    names.retain(|name| name.ends_with(".toml"));
    assert!(!names.contains(&"rights.toml".to_owned()), "{names:?}");
    assert_eq!(
        show(&["--as-of", "3"]),
        show(&[&before]),
        "the same charter"
    );
    show(&["mql-2", "--out", &to]);
    // Words that are nowhere else are not written over.
    let stages = out.join("stages.toml");
    let text = fs::read_to_string(&stages).unwrap();
    fs::write(&stages, format!("# mine\n{text}")).unwrap();
    let told = refused(&[&words[..], &["--out", &to]].concat());
    assert!(told.contains("E0293"), "{told}");
    assert!(fs::read_to_string(&stages).unwrap().starts_with("# mine"));
    let shown = show(&["mql-2"]);
    assert!(shown.starts_with("# `mql-2`, blake3:"), "{shown}");
    assert!(shown.contains(&proposed["stages.toml"]), "{shown}");
}
