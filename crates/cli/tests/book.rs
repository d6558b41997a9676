//! What a book promises, shown on the real binary: nothing personal on disk, nothing lost or
//! counted
//! twice under kill -9, corrections add versions, old questions keep their bytes.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use handfast_ledger::Ledger;
use handfast_model::Calendar;
use handfast_model::question::{AsOf, Known};
use support::{ask, handfast, refused, root, run};

const FUNNEL: [&str; 5] = ["funnel", "--view", "cohort", "--by", "month,channel"];

/// `count` leads, every fifth with a won deal, as two CSV texts.
fn exports(count: usize) -> (String, String) {
    let mut leads = String::from("id,name,email,phone,source,score,created,status,changed\n");
    let mut deals = String::from("deal,lead,owner,amount,currency,product,status,created,closed\n");
    for i in 0..count {
        let (month, day) = (i % 12 + 1, i % 28 + 1);
        let source = ["web", "event", "mail"][i % 3];
        let created = format!("2024-{month:02}-{day:02}");
        writeln!(
            leads,
            "L{i},Planted Name{i},planted{i}@secret{}.example,+49 555 \
            {i:07},{source},{},{created},qualified,{created}",
            i % 7,
            i % 100
        )
        .unwrap();
        if i % 5 == 0 {
            writeln!(
                deals,
                "D{i},L{i},rep{},{}.50,EUR,box,won,{created},2024-12-{day:02}",
                i % 4,
                100 + i
            )
            .unwrap();
        }
    }
    (leads, deals)
}

struct World {
    dir: tempfile::TempDir,
    book: String,
}

impl World {
    fn new() -> World {
        let dir = tempfile::tempdir().unwrap();
        let book = dir.path().join("book").display().to_string();
        let example = root()
            .join("crates/cli/tests/fixtures/acme")
            .display()
            .to_string();
        run(&["init", &book, "--from", &example]);
        World { dir, book }
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.dir.path().join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    fn import(&self, files: &[&str]) -> serde_json::Value {
        let mut args = vec!["import", &self.book, "--json"];
        args.extend(files);
        serde_json::from_str(&run(&args)).unwrap()
    }

    fn filled(count: usize) -> World {
        let world = World::new();
        let (leads, deals) = exports(count);
        let (leads, deals) = (
            world.file("leads.csv", &leads),
            world.file("deals.csv", &deals),
        );
        world.import(&[&leads, &deals]);
        world
    }
}

fn all_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(all_files(&path))
        } else {
            files.push(path)
        }
    }
    files
}

fn planted(folder: &Path) -> Vec<String> {
    let needles = ["Planted Name", "planted1", "@secret", "+49 555", "0000012"];
    let mut hits = Vec::new();
    for file in all_files(folder) {
        let bytes = fs::read(&file).unwrap();
        for needle in needles {
            if bytes
                .windows(needle.len())
                .any(|window| window == needle.as_bytes())
            {
                hits.push(format!("{needle} in {}", file.display()));
            }
        }
    }
    hits
}

#[test]
fn nothing_personal_is_ever_on_disk_and_the_forgotten_stay_forgotten() {
    let world = World::new();
    let (leads, deals) = exports(500);
    let broken = leads.replace("2024-03-03", "not a date");
    let leads_file = world.file("leads.csv", &broken);
    let deals_file = world.file("deals.csv", &deals);
    let temp = tempfile::tempdir().unwrap();
    let status = Command::new(env!("CARGO_BIN_EXE_handfast"))
        .args(["import", &world.book, &leads_file, &deals_file])
        .env("TMPDIR", temp.path())
        .output()
        .unwrap();
    assert!(
        status.status.success(),
        "{}",
        String::from_utf8_lossy(&status.stderr)
    );
    assert_eq!(planted(Path::new(&world.book)), Vec::<String>::new());
    assert_eq!(planted(temp.path()), Vec::<String>::new());

    let before = ask(&world.book, &FUNNEL).0["answer"].clone();
    let forget = |keys: [&str; 2]| {
        let output = Command::new(env!("CARGO_BIN_EXE_handfast"))
            .args(["forget", &world.book, "--yes"])
            .args(keys)
            .output()
            .unwrap();
        assert!(output.status.success());
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    assert_eq!(forget(["L10", "L11"]), "");
    let warned = forget(["L10", "L-11"]);
    assert!(
        warned.starts_with("note: 1 of these keys and addresses were never met"),
        "{warned}"
    );
    assert_eq!(
        ask(&world.book, &FUNNEL).0["answer"],
        before,
        "totals stay to the unit"
    );
    world.import(&[&leads_file, &deals_file]);
    assert_eq!(
        ask(&world.book, &FUNNEL).0["answer"],
        before,
        "a re-import changes nothing"
    );
    let changed = world.file(
        "leads_again.csv",
        &leads.replace("qualified,2024-11-11", "qualified,2024-11-12"),
    );
    world.import(&[&changed]);
    run(&["compact", &world.book]);
    assert_eq!(planted(Path::new(&world.book)), Vec::<String>::new());
    assert!(run(&["verify", &world.book]).contains("nothing wrong"));
}

#[test]
fn rows_in_are_accounted_for_and_a_correction_adds_a_version() {
    let world = World::new();
    let (leads, deals) = exports(100);
    let twice = format!("{leads}L7,other,o@x.example,1,web,1,2024-08-08,qualified,2024-08-08\n");
    let odd = twice
        .replace(",web,0,2024-01-01,", ",test,0,2024-01-01,")
        .replace(",2024-04-04,qualified", ",soon,qualified");
    let file = world.file("leads.csv", &odd);
    let report = world.import(&[&file]);
    let row = &report["files"][0];
    let int = |name: &str| row[name].as_i64().unwrap();
    assert_eq!(int("rows"), 101, "{report}");
    assert_eq!(
        int("rows"),
        int("mapped") + int("reference") + int("ignored") + int("set_aside"),
        "{report}"
    );
    assert!(
        int("set_aside") >= 2,
        "the conflict and the rows without a date: {report}"
    );
    assert!(int("ignored") >= 1, "{report}");

    let deals_file = world.file("deals.csv", &deals);
    world.import(&[&deals_file]);
    let revenue = |book: &str| {
        ask(book, &["metric", "revenue"]).cell(&["EUR"], "revenue")["minor"]
            .as_i64()
            .unwrap()
    };
    let before = revenue(&world.book);
    let seq = ask(&world.book, &["metric", "revenue"]).0["lineage"]["seq"].to_string();
    let corrected = world.file(
        "deals_corrected.csv",
        &deals.replace("L5,rep1,105.50", "L5,rep1,205.50"),
    );
    world.import(&[&corrected]);
    assert_eq!(revenue(&world.book), before + 10_000);
    let then = ask(&world.book, &["metric", "revenue", "--as-of", &seq]);
    assert_eq!(
        then.cell(&["EUR"], "revenue")["minor"],
        before,
        "what we knew then stays what we knew then"
    );
}

#[test]
fn a_row_that_a_select_cannot_compute_is_set_aside_alone() {
    let world = World::new();
    let select = Path::new(&world.book).join("sources/crm/deals.deal.sql");
    let text = fs::read_to_string(&select).unwrap();
    // A length below zero is an error of the engine at run time, for three letters but not for four.
    let text = text.replace(
        "status,\n",
        "substr(status, 1, length(status) - 4) AS odd, status,\n",
    );
    fs::write(&select, text).unwrap();
    let mut deals = String::from("deal,lead,owner,amount,currency,product,status,created,closed\n");
    for i in 0..40 {
        let status = if i % 20 == 7 { "won" } else { "lost" };
        writeln!(
            deals,
            "D{i},L{i},rep,10,EUR,box,{status},2024-02-01,2024-03-01"
        )
        .unwrap();
    }
    let report = world.import(&[&world.file("deals.csv", &deals)]);
    let row = &report["files"][0];
    assert_eq!(
        (row["mapped"].as_i64(), row["set_aside"].as_i64()),
        (Some(38), Some(2)),
        "{report}"
    );
    let reasons = row["set_aside_by"].as_object().unwrap();
    assert!(
        reasons.keys().all(|reason| reason.starts_with("E0323")),
        "{report}"
    );
}

#[test]
fn the_same_question_at_the_same_seq_gives_the_same_bytes() {
    let world = World::filled(300);
    let latest = ask(&world.book, &FUNNEL).0["lineage"]["seq"].to_string();
    let questions: [&[&str]; 4] = [
        &FUNNEL,
        &["funnel", "--view", "flow", "--by", "quarter"],
        &["funnel", "--view", "snapshot", "--at", "2024-06-30"],
        &["velocity", "--by", "channel"],
    ];
    let bytes = || -> Vec<String> {
        let ask = |words: &&[&str]| {
            let mut args = vec!["ask"];
            args.extend(*words);
            args.extend(["--book", &world.book, "--json", "--as-of", &latest]);
            run(&args)
        };
        questions.iter().map(ask).collect()
    };
    let before = bytes();
    let (leads, _) = exports(400);
    let more = world.file("leads_more.csv", &leads);
    world.import(&[&more]);
    assert_eq!(bytes(), before, "after more imports");
    run(&["compact", &world.book]);
    assert_eq!(bytes(), before, "after compaction");
}

#[test]
fn looking_back_on_loaded_history_knows_only_what_had_happened() {
    let world = World::filled(300);
    let then = ["--known", "happened", "--as-of", "2024-07-01T00:00:00Z"];
    let ask = |words: &[&str]| ask(&world.book, &[words, &then[..]].concat());
    let created = ask(&["metric", "leads_created", "--by", "month"]);
    assert_eq!(created.rows().len(), 6, "January to June: {:?}", created.0);
    assert_eq!(created.0["lineage"]["horizon"], "2024-07-01T00:00:00Z");
    assert_eq!(created.issue("W0114"), 1);
}

#[test]
fn a_second_writer_is_refused_and_told_who_holds_the_book() {
    let world = World::new();
    let (leads, _) = exports(60_000);
    let file = world.file("leads.csv", &leads);
    let mut holder = Command::new(env!("CARGO_BIN_EXE_handfast"))
        .args(["import", &world.book, &file])
        .stderr(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let holder_id = holder.id().to_string();
    // The holder writes its name into the lock file once it has the book.
    let lock = Path::new(&world.book).join("data/lock");
    let holds = || fs::read_to_string(&lock).is_ok_and(|text| text.contains(&holder_id));
    for _ in 0..1_000 {
        if holds() {
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let message = refused(&["import", &world.book, &file]);
    assert!(message.contains(&holder_id), "{message}");
    assert!(holder.wait().unwrap().success());
}

#[test]
fn a_commit_of_an_import_ends_at_its_limit_of_facts() {
    let world = World::new();
    let pack = Path::new(&world.book).join("sources/one");
    fs::create_dir_all(&pack).unwrap();
    let source = "source = \"one\"\nzone = \"UTC\"\nobserved_until = \"2024-12-31\"\n\n\
                  [[stream]]\nname = \"seen\"\nfiles = [\"seen*.csv\"]\nkey = [\"id\"]\n\n\
                  [[map]]\nstream = \"seen\"\nkind = \"touch\"\nfile = \"seen.sql\"\n";
    fs::write(pack.join("source.toml"), source).unwrap();
    let select = "SELECT _record, as_time(at, 'iso') AS happened, who AS account, what AS touch
                  FROM seen";
    fs::write(pack.join("seen.sql"), select).unwrap();
    let mut seen = String::from("id,who,what,at\n");
    for i in 0..160_000 {
        writeln!(seen, "S{i},A{},visit,2024-02-03T10:00:00Z", i % 99).unwrap();
    }
    world.import(&[&world.file("seen.csv", &seen)]);
    let ledger = Ledger::open_reading(Path::new(&world.book)).unwrap();
    let utc = Calendar::in_zone("UTC").unwrap();
    let facts = ledger
        .snapshot(AsOf::Latest, Known::Recorded, &utc)
        .unwrap();
    let mut commits: BTreeMap<u64, usize> = BTreeMap::new();
    for fact in &facts.facts {
        *commits.entry(fact.seq.0).or_default() += 1;
    }
    let sizes: Vec<usize> = commits.into_values().collect();
    // Batches come whole, and the next one would pass it.
    assert_eq!(sizes, [90_000, 70_000]);
}

/// The header and some of the lines of a CSV text.
fn part(text: &str, from: usize, count: usize) -> String {
    let mut lines = text.lines();
    let header = lines.next().unwrap_or_default();
    let lines: Vec<&str> = lines.skip(from).take(count).collect();
    format!("{header}\n{}\n", lines.join("\n"))
}

#[test]
fn kills_lose_and_double_nothing() {
    const ROWS: usize = 100;
    // All in a soak, a part else; `ledger` kills more often, without the engine.
    let kills = if std::env::var_os("HANDFAST_SOAK").is_some() {
        400
    } else {
        100
    };
    let rounds = 4 * kills;
    let (leads, deals) = exports(ROWS * rounds);
    let (world, clean) = (World::new(), World::new());
    let started = std::time::Instant::now();
    clean.import(&[&clean.file("leads_first.csv", &part(&leads, 0, ROWS))]);
    // Kills come as soon as needed for about one in two to fall into an import, however busy the
    // machine is.
    let mut latest = u64::try_from(started.elapsed().as_micros()).unwrap();
    let mut random = 0x9e37_79b9_7f4a_7c15u64;
    let (mut killed, mut acknowledged) = (0, Vec::new());
    // Each round brings rows of its own, so that every kill falls into work that is to be done.
    for round in 0..rounds {
        let file = world.file(
            &format!("leads{round}.csv"),
            &part(&leads, round * ROWS, ROWS),
        );
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let mut child = Command::new(env!("CARGO_BIN_EXE_handfast"))
            .args(["import", &world.book, &file])
            .stderr(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_micros((random >> 33) % latest));
        let _ = child.kill();
        if child.wait().unwrap().success() {
            acknowledged.push(file);
            latest = latest * 7 / 8 + 1;
        } else {
            killed += 1;
            latest = latest * 9 / 8 + 1;
        }
        if killed == kills {
            break;
        }
    }
    assert_eq!(
        killed, kills,
        "only {killed} imports were killed in {rounds} rounds"
    );
    assert!(
        !acknowledged.is_empty(),
        "no import came through between the kills"
    );
    for file in &acknowledged {
        let again = &world.import(&[file])["files"][0];
        assert_eq!(
            again["known"], again["rows"],
            "acknowledged rows are lost: {again}"
        );
    }
    let whole = |world: &World| {
        let leads = world.file("leads_whole.csv", &leads);
        let deals = world.file("deals_whole.csv", &deals);
        world.import(&[&leads, &deals]);
        ask(&world.book, &FUNNEL).0["answer"].clone()
    };
    assert_eq!(whole(&world), whole(&clean));
    assert!(run(&["verify", &world.book]).contains("nothing wrong"));
}

#[test]
fn a_figure_lists_exactly_its_records() {
    let world = World::filled(240);
    for (words, figures) in [
        (
            &["funnel", "--view", "cohort", "--by", "channel"][..],
            &["entered", "qualified", "won", "open"][..],
        ),
        (
            &["funnel", "--view", "flow", "--by", "quarter"],
            &["at_start", "entered", "left", "at_end", "won"],
        ),
        (
            &["funnel", "--view", "snapshot", "--at", "2024-08-31"],
            &["there"],
        ),
        (&["metric", "win_rate", "--by", "rep"], &["win_rate"]),
        (&["velocity"], &["n"]),
    ] {
        let answer = ask(&world.book, words);
        let dims = answer.column(figures[0]);
        for row in answer.rows() {
            let cells: Vec<String> = (0..dims)
                .map(|at| row[at].as_str().unwrap_or("").to_owned())
                .collect();
            for figure in figures {
                let cell = &row[answer.column(figure)];
                let expected = cell.as_i64().or(cell["part"].as_i64()).unwrap();
                let mut words = words.to_vec();
                let joined = cells.join(",");
                words.extend(["--records", figure]);
                if dims > 0 {
                    words.extend(["--row", &joined]);
                }
                assert_eq!(
                    ask(&world.book, &words).rows().len() as i64,
                    expected,
                    "{words:?}"
                );
            }
        }
    }
}

#[test]
fn bad_questions_are_refused_with_a_remedy() {
    let world = World::filled(10);
    let says = |words: &[&str]| {
        let mut args = vec!["ask"];
        args.extend(words);
        args.extend(["--book", &world.book]);
        refused(&args)
    };
    for (words, code) in [
        (&["funnel", "--by", "moon"][..], "E0413"),
        (
            &["funnel", "--view", "snapshot", "--period", "2024"],
            "E0405",
        ),
        (&["funnel", "--period", "2024-13"], "E0404"),
        (&["metric", "luck"], "E0403"),
        (&["funnel", "--from", "nirvana"], "E0402"),
        (&["journey", "nobody"], "E0411"),
        (&["funnel", "--records", "entered", "--row", "x"], "E0410"),
        (&["funnel", "--where", "person.shoe_size > 3"], "E01"),
    ] {
        let message = says(words);
        assert!(
            message.contains(code) && message.contains("fix:"),
            "{words:?}: {message}"
        );
    }
    assert_eq!(
        handfast(&["ask", "funnel", "--book", "/nonexistent/book"])
            .status
            .code(),
        Some(1)
    );
}

#[test]
fn a_fault_of_ours_exits_with_two_and_says_what_to_send() {
    let output = Command::new(env!("CARGO_BIN_EXE_handfast"))
        .args(["explain", "E0101"])
        .env("HANDFAST_FAULT", "1")
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(
        stderr.contains("fault: this is a defect of handfast"),
        "{stderr}"
    );
    assert!(output.stdout.is_empty());
}
