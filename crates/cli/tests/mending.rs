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
use support::{ask, refused, root, run};

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

    /// The figures of those answers alone.
    fn figures(&self) -> Vec<Value> {
        let answers = self.answers().into_iter();
        answers.map(|mut answer| answer["answer"].take()).collect()
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
    let mut done = world.import(&["--mended", &first]);
    assert!(done["not_looked_at"].is_string(), "{done}");
    // Nothing was touched by a dry run that could be looked at.
    done["not_looked_at"] = Value::Null;
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
    assert_eq!(world.figures(), clean.figures());
    world.is_silent();
    world.is_sound();
}

#[test]
fn every_column_of_the_file_is_exported_so_that_what_is_blank_can_be_filled_in() {
    let world = World::new();
    let blank = format!(
        "{HEADER}\nL1,Planted,planted1@secret.example,,,70,,qualified,2024-12-01\n\
         L2,Planted,planted2@secret.example,,web,70,,qualified,2024-12-01\n"
    );
    world.import(&[&world.file("leads.csv", &blank)]);
    let mut rows = cells(&world.left());
    assert_eq!(rows[0][6..].join(","), HEADER, "in the order of the file");
    for row in &mut rows[1..] {
        assert_eq!(row.len(), 15);
        row[12] = "2024-06-15".to_owned();
    }
    let done = world.import(&["--mended", &world.file("left.csv", &resaved(&rows))]);
    assert_eq!(done["came_in"], 2, "{done}");
    // A line that could not be read at all has its columns too.
    world.import(&[&world.file("leads2.csv", &format!("{HEADER}\nL3,\"Planted\n"))]);
    let left = cells(&world.left());
    assert_eq!(left[0][6], "_raw");
    assert_eq!(left[0][7..].join(","), HEADER);
}

#[test]
fn a_file_without_names_of_rows_is_told_so() {
    let world = World::new();
    world.import(&[&world.file("leads.csv", &leads(4))]);
    let seq = || run(&["import", "list", &world.book]);
    let before = seq();
    let nameless = cells(&world.left()).into_iter();
    let nameless: Vec<Vec<String>> = nameless.map(|row| row[1..].to_vec()).collect();
    let file = world.file("left.csv", &resaved(&nameless));
    let said = refused(&["import", &world.book, "--mended", &file]);
    assert!(said.starts_with("refused E0307"), "{said}");
    for word in ["left.csv", "`_row`", "--export-set-aside"] {
        assert!(said.contains(word), "{word}: {said}");
    }
    assert_eq!(seq(), before);
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

/// Two rows of one key that say different things, and a row whose date cannot be read.
fn contradicting() -> String {
    format!(
        "{HEADER}\nL1,Planted,planted1@secret.example,1,web,70,2024-01-08,qualified,2024-01-10\n\
         L1,Planted,planted1@secret.example,1,event,20,2024-02-08,qualified,2024-02-10\n\
         L2,Planted,planted2@secret.example,1,web,50,soon,qualified,2024-03-10\n"
    )
}

/// The exported rows of [`contradicting`] with what mends them: a key of its own, and a date.
fn answers_to(left: &str) -> Vec<Vec<String>> {
    let mut rows = cells(left);
    let at = |name: &str| rows[0].iter().position(|known| known == name).unwrap();
    let (id, created) = (at("id"), at("created"));
    for row in &mut rows[1..] {
        match row[id].as_str() {
            "L1" => row[id] = "L1b".to_owned(),
            _ => row[created] = "2024-03-08".to_owned(),
        }
    }
    rows
}

#[test]
fn rows_that_came_in_mended_are_known_when_their_file_comes_again() {
    let world = World::new();
    let file = world.file("leads.csv", &contradicting());
    let first = world.import(&[&file]);
    assert_eq!(first["files"][0]["set_aside"], 2, "{first}");
    let before = world.figures();
    let mended = world.file("mended.csv", &resaved(&answers_to(&world.left())));
    assert_eq!(world.import(&["--mended", &mended])["came_in"], 2);
    let after = world.figures();
    assert_ne!(after, before);
    // The same file, and next week's, which has all its rows and more, in another order.
    let mut lines: Vec<String> = contradicting().lines().map(str::to_owned).collect();
    lines.push("L3,Planted,planted3@secret.example,1,web,5,soon,new,2024-03-10".to_owned());
    lines[2..].reverse();
    let grown = world.file("leads_next.csv", &(lines.join("\n") + "\n"));
    for (file, rows) in [(&file, 0), (&grown, 1)] {
        let foreseen = world.import(&["--dry-run", file]);
        let again = world.import(&[file]);
        assert_eq!(foreseen["files"], again["files"]);
        let again = &again["files"][0];
        assert_eq!(again["set_aside"], rows, "{again}");
        assert_eq!(again["ignored_by"]["came in mended before"], 2, "{again}");
        assert_eq!(again["known"], 3, "{again}");
        assert_eq!(world.figures(), after);
    }
    assert_eq!(cells(&world.left()).len(), 2, "the new row, and its header");
    // What is derived is derived again, to the byte.
    let after = world.answers();
    run(&["compact", &world.book]);
    fs::remove_dir_all(Path::new(&world.book).join("data/derived")).unwrap();
    assert_eq!(world.answers(), after);
    world.is_silent();
    world.is_sound();
}

#[test]
fn an_answer_that_is_taken_back_is_open_again_and_can_be_given_again() {
    let world = World::new();
    let file = world.file("leads.csv", &contradicting());
    world.import(&[&file]);
    let before = world.answers();
    let left = world.left();
    let mended = world.file("mended.csv", &resaved(&answers_to(&left)));
    world.import(&["--mended", &mended]);
    let after = world.answers();
    world.import(&[&file]);
    run(&["import", "undo", &world.book]);
    let said = run(&["import", "undo", &world.book]);
    assert!(
        said.contains("2 rows that it had mended are set aside again"),
        "{said}"
    );
    assert_eq!(world.answers(), before);
    // No answer holds any more: the file shows the same two rows again, with their texts.
    let again = world.import(&[&file]);
    assert_eq!(again["files"][0]["set_aside"], 2, "{again}");
    let open = cells(&world.left());
    let told = |rows: &[Vec<String>]| -> Vec<String> {
        rows.iter().map(|row| row[1..].join(" ")).collect()
    };
    assert_eq!(told(&open), told(&cells(&left)));
    let mended = world.file("mended.csv", &resaved(&answers_to(&world.left())));
    assert_eq!(world.import(&["--mended", &mended])["came_in"], 2);
    assert_eq!(world.answers(), after);
    let again = world.import(&[&file]);
    assert_eq!(again["files"][0]["set_aside"], 0, "{again}");
    world.is_sound();
}

#[test]
fn a_whole_table_keeps_the_rows_that_came_in_mended_under_another_key() {
    let world = World::new();
    let manifest = Path::new(&world.book).join("sources/crm/source.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    let whole = text.replacen("key = [\"id\"]", "key = [\"id\"]\nmode = \"full\"", 1);
    fs::write(&manifest, whole).unwrap();
    let file = world.file("leads.csv", &contradicting());
    world.import(&[&file]);
    let mended = world.file("mended.csv", &resaved(&answers_to(&world.left())));
    world.import(&["--mended", &mended]);
    let after = world.answers();
    let again = world.import(&[&file]);
    assert_eq!(again["files"][0]["deleted"], 0, "{again}");
    assert_eq!(world.answers(), after);
    // Once the row is gone from the source, so is what it became; and it may come back.
    let lines: Vec<String> = contradicting().lines().map(str::to_owned).collect();
    let without = [&lines[..2], &lines[3..]].concat().join("\n") + "\n";
    let gone = world.import(&[&world.file("leads.csv", &without)]);
    assert_eq!(gone["files"][0]["deleted"], 1, "{gone}");
    assert_ne!(world.answers(), after);
    world.import(&[&world.file("leads.csv", &contradicting())]);
    assert_eq!(world.answers(), after);
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
