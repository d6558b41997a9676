//! Imports taken back and rows mended, on the real binary: what was before is again, what is mended
//! comes in once, nothing personal is on disk, and a kill at any moment loses nothing.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use support::{ask, root, run};

const HEADER: &str = "id,name,email,phone,source,score,created,status,changed";

/// Leads, every fourth with a date that cannot be read. Names and addresses are planted.
fn leads(count: usize) -> String {
    let mut text = HEADER.to_owned();
    for i in 0..count {
        let created = match i % 4 {
            3 => "soon".to_owned(),
            _ => format!("2024-{:02}-{:02}", i % 12 + 1, i % 28 + 1),
        };
        text.push_str(&format!(
            "\nL{i},\"=Planted, \"\"N{i}\"\"\",planted{i}@secret.example,+49 555 {i:05},web,{},\
             {created},qualified,2024-12-01",
            i % 100
        ));
    }
    text + "\n"
}

struct World {
    dir: tempfile::TempDir,
    book: String,
}

impl World {
    fn new() -> World {
        let dir = tempfile::tempdir().unwrap();
        let book = dir.path().join("book").display().to_string();
        let acme = root().join("crates/cli/tests/fixtures/acme");
        run(&["init", &book, "--from", &acme.display().to_string()]);
        World { dir, book }
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.dir.path().join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    fn import(&self, words: &[&str]) -> Value {
        let mut args = vec!["import", &self.book, "--json"];
        args.extend(words);
        serde_json::from_str(&run(&args)).unwrap()
    }

    /// The rows that are set aside, as the exported file.
    fn left(&self) -> String {
        let path = self.dir.path().join("left.csv").display().to_string();
        run(&["import", &self.book, "--export-set-aside", &path]);
        fs::read_to_string(path).unwrap()
    }

    /// What several questions are answered, without the numbers of commits.
    fn answers(&self) -> Vec<Value> {
        let questions: [&[&str]; 4] = [
            &["funnel", "--view", "cohort", "--by", "month,channel"],
            &["funnel", "--view", "flow", "--by", "quarter"],
            &["metric", "revenue"],
            &["velocity", "--by", "channel"],
        ];
        let told = |words: &&[&str]| {
            let mut answer = ask(&self.book, words).0;
            answer["lineage"]["seq"] = Value::Null;
            answer
        };
        questions.iter().map(told).collect()
    }

    fn is_sound(&self) {
        assert!(run(&["verify", &self.book]).contains("nothing wrong"));
    }

    fn is_silent(&self) {
        let mut folders = vec![Path::new(&self.book).to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let bytes = fs::read(&path).unwrap();
                for needle in ["Planted", "planted", "@secret", "+49 555"] {
                    let mut windows = bytes.windows(needle.len());
                    let is_there = windows.any(|window| window == needle.as_bytes());
                    assert!(!is_there, "{needle} in {}", path.display());
                }
            }
        }
    }
}

/// The file as a spreadsheet of another country saves it: a byte-order mark, semicolons, CRLF, the
/// last column first, and an empty row at the end.
fn resaved(rows: &[Vec<String>]) -> String {
    let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
    let line = |row: &Vec<String>| {
        let mut cells: Vec<String> = row.iter().map(quoted).collect();
        cells.rotate_right(1);
        cells.join(";")
    };
    let lines: Vec<String> = rows.iter().map(line).collect();
    let blank = ";".repeat(rows[0].len() - 1);
    format!("\u{feff}{}\r\n{blank}\r\n", lines.join("\r\n"))
}

/// The cells of a CSV text, told apart by the simplest reader that can.
fn cells(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut is_quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let row = rows.last_mut().unwrap();
        match c {
            '"' if is_quoted && chars.peek() == Some(&'"') => {
                chars.next();
                row.last_mut().unwrap().push('"');
            }
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => row.push(String::new()),
            '\n' if !is_quoted => rows.push(vec![String::new()]),
            '\r' if !is_quoted => {}
            c => row.last_mut().unwrap().push(c),
        }
    }
    rows.retain(|row| row.len() > 1);
    rows
}

/// The exported rows with the dates mended, every row whose number `keeps` takes.
fn mended(left: &str, keeps: fn(usize) -> bool) -> Vec<Vec<String>> {
    let rows = cells(left);
    let created = rows[0].iter().position(|name| name == "created").unwrap();
    let numbered = rows.into_iter().enumerate();
    let kept = numbered.filter(|(number, _)| *number == 0 || keeps(*number));
    kept.map(|(number, mut row)| {
        if number > 0 {
            row[created] = "2024-06-15".to_owned();
        }
        row
    })
    .collect()
}

#[test]
fn set_aside_rows_come_back_from_a_spreadsheet_mended_and_come_in_once() {
    let (world, clean) = (World::new(), World::new());
    let report = world.import(&[&world.file("leads.csv", &leads(80))]);
    assert_eq!(report["files"][0]["set_aside"], 20);
    let left = world.left();
    assert_eq!(cells(&left)[1][7], "=Planted, \"N3\"", "to the letter");
    let first = world.file("some.csv", &resaved(&mended(&left, |row| row % 2 == 0)));
    let foreseen = world.import(&["--mended", &first, "--dry-run"]);
    let done = world.import(&["--mended", &first]);
    assert_eq!(foreseen, done, "a dry run foresees the mending");
    assert_eq!(
        (&done["came_in"], &done["set_aside"]),
        (&10.into(), &0.into())
    );
    assert_eq!(cells(&world.left()).len(), 11);
    // All of them, ten of which came in before; one is broken still, one is of another book.
    let mut rows = mended(&left, |_| true);
    let created = rows[0].iter().position(|name| name == "created").unwrap();
    rows[1][created] = "later".to_owned();
    rows[3][0] = "r77-1".to_owned();
    let all = world.file("all.csv", &resaved(&rows));
    let done = world.import(&["--mended", &all]);
    assert_eq!((&done["came_in"], &done["closed"]), (&8.into(), &10.into()));
    assert_eq!(
        (&done["set_aside"], &done["unknown"][0]),
        (&1.into(), &"r77-1".into())
    );
    let seq = ask(&world.book, &["metric", "revenue"]).0["lineage"]["seq"].clone();
    let again = world.import(&["--mended", &all]);
    assert_eq!(
        (&again["came_in"], &again["closed"]),
        (&0.into(), &18.into())
    );
    assert_eq!(
        ask(&world.book, &["metric", "revenue"]).0["lineage"]["seq"],
        seq
    );
    rows[1][created] = "2024-06-15".to_owned();
    rows[3][0] = cells(&world.left())[2][0].clone();
    world.import(&["--mended", &world.file("rest.csv", &resaved(&rows))]);
    assert_eq!(cells(&world.left()).len(), 1);
    // It is as if the file had been right from the start, and nothing of it is on disk.
    let right = leads(80).replace(",soon,", ",2024-06-15,");
    clean.import(&[&clean.file("leads.csv", &right)]);
    let told = |world: &World| -> Vec<Value> {
        world
            .answers()
            .into_iter()
            .map(|mut answer| answer["answer"].take())
            .collect()
    };
    assert_eq!(told(&world), told(&clean));
    world.is_silent();
    world.is_sound();
}

#[test]
fn answers_are_again_what_they_were_before_an_import_that_is_taken_back() {
    let world = World::new();
    world.import(&[&world.file("leads.csv", &leads(60))]);
    let names = |left: &str| -> Vec<String> {
        let rows = cells(left);
        rows.into_iter().map(|row| row[..6].join(" ")).collect()
    };
    let (before, left) = (world.answers(), names(&world.left()));
    let changed = leads(90)
        .replace(",soon,", ",2024-06-15,")
        .replace(",web,", ",event,");
    let changed = world.file("leads_more.csv", &changed);
    let foreseen = world.import(&["--dry-run", &changed]);
    let done = world.import(&[&changed]);
    assert_eq!(foreseen["files"], done["files"]);
    let after = world.answers();
    assert_ne!(after, before);
    let seq = done["seq"].to_string();
    let words = [
        "funnel",
        "--view",
        "cohort",
        "--by",
        "month,channel",
        "--as-of",
        &seq,
    ];
    let known = ask(&world.book, &words).0;
    run(&["compact", &world.book]);
    let said = run(&["import", "undo", &world.book]);
    assert!(said.starts_with("import 2 of crm is taken back"), "{said}");
    assert_eq!(world.answers(), before);
    assert_eq!(
        names(&world.left()),
        left,
        "what it had mended is set aside again"
    );
    assert_eq!(
        ask(&world.book, &words).0,
        known,
        "an earlier as-of keeps it"
    );
    run(&["compact", &world.book]);
    let again = world.import(&[&changed]);
    assert_eq!(
        (&again["files"][0]["known"], &again["files"][0]["rows"]),
        (&0.into(), &90.into())
    );
    assert_eq!(world.answers(), after);
    assert!(run(&["import", "list", &world.book]).contains("taken back by commit"));
    world.is_silent();
    world.is_sound();
}

#[test]
fn what_a_whole_table_would_delete_is_foreseen() {
    let world = World::new();
    let manifest = Path::new(&world.book).join("sources/crm/source.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    let text = text.replace("key = [\"deal\"]", "key = [\"deal\"]\nmode = \"full\"");
    fs::write(&manifest, text).unwrap();
    let deals = "deal,lead,owner,amount,currency,product,status,created,closed\n\
        D1,L1,rep,10,EUR,box,open,2024-02-01,\nD2,L2,rep,10,EUR,box,open,2024-02-01,\n";
    world.import(&[&world.file("deals.csv", deals)]);
    let one = world.file("deals.csv", deals.split("D2").next().unwrap());
    let said = run(&["import", &world.book, "--dry-run", &one]);
    assert!(said.contains("1 records would be deleted"), "{said}");
    let foreseen = world.import(&["--dry-run", &one]);
    assert_eq!(foreseen["files"], world.import(&[&one])["files"]);
}

#[test]
fn killed_while_mending_or_taking_back_the_book_ends_as_if_it_had_not_been() {
    let world = World::new();
    world.import(&[&world.file("leads.csv", &leads(400))]);
    let (before, left) = (world.answers(), world.left());
    let mended = world.file("mended.csv", &resaved(&mended(&left, |_| true)));
    let mut random = 7u64;
    let mut killed = 0;
    let mut strike = |words: &[&str], usual: u64| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_handfast"))
            .args(words)
            .stderr(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        std::thread::sleep(Duration::from_micros((random >> 33) % usual));
        let _ = child.kill();
        killed += u64::from(!child.wait().unwrap().success());
    };
    let started = std::time::Instant::now();
    let rehearsal = ["import", &world.book, "--mended", &mended, "--dry-run"];
    run(&rehearsal);
    let usual = u64::try_from(started.elapsed().as_micros()).unwrap();
    for _ in 0..12 {
        strike(&["import", &world.book, "--mended", &mended], usual);
        run(&["import", &world.book, "--mended", &mended]);
        assert_eq!(cells(&world.left()).len(), 1);
        // Every import but the first was a mended one; a kill may have cut one in two.
        while standing(&world) > 1 {
            strike(&["import", "undo", &world.book], usual / 2);
            if standing(&world) > 1 {
                run(&["import", "undo", &world.book]);
            }
        }
        assert_eq!(world.answers(), before);
        assert_eq!(cells(&world.left()).len(), cells(&left).len());
    }
    assert!(killed >= 8, "only {killed} commands were killed");
    world.is_sound();
}

/// How many imports count.
fn standing(world: &World) -> usize {
    let said = run(&["import", "list", &world.book]);
    let is_import = |line: &&str| line.contains(" rows, ");
    let lines = said.lines().filter(is_import);
    lines.filter(|line| !line.contains("taken back by")).count()
}
