//! The same rows give the same answers whatever they are written in, and a source's folder gives up
//! what is new in it.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use std::fs;
use std::path::Path;

use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};
use support::{ask, handfast, root, run};

const TABLES: [&str; 2] = ["leads", "deals"];

/// The rows of a table of the acme fixture, the header first. None of its fields has a comma.
fn table(name: &str) -> Vec<Vec<String>> {
    let exports = root().join("crates/cli/tests/fixtures/acme/exports");
    let text = fs::read_to_string(exports.join(format!("{name}.csv"))).unwrap();
    let row = |line: &str| line.split(',').map(str::to_owned).collect();
    text.lines().map(row).collect()
}

fn as_csv(rows: &[Vec<String>]) -> Vec<u8> {
    let lines: Vec<String> = rows.iter().map(|row| row.join(",") + "\n").collect();
    lines.concat().into_bytes()
}

/// JSON Lines that leave out what is not given.
fn as_json(rows: &[Vec<String>]) -> Vec<u8> {
    let object = |row: &Vec<String>| {
        let given = rows[0].iter().zip(row).filter(|(_, cell)| !cell.is_empty());
        let members = given.map(|(name, cell)| (name.clone(), json!(cell)));
        Value::Object(members.collect()).to_string() + "\n"
    };
    rows[1..]
        .iter()
        .map(object)
        .collect::<String>()
        .into_bytes()
}

fn as_workbook(rows: &[Vec<String>]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string(row, column, cell).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

/// A book of the acme fixture whose streams take files of any ending, and its path.
fn book(at: &Path) -> String {
    let book = at.join("book").display().to_string();
    let acme = root().join("crates/cli/tests/fixtures/acme");
    run(&["init", &book, "--from", &acme.display().to_string()]);
    let manifest = Path::new(&book).join("sources/crm/source.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace("*.csv\"]", "*\"]")).unwrap();
    book
}

fn import(words: &[&str]) -> Value {
    let words = [&["import"], words, &["--json"]].concat();
    serde_json::from_str(&run(&words)).unwrap()
}

#[test]
fn a_book_answers_the_same_whatever_its_rows_were_written_in() {
    type Writer = fn(&[Vec<String>]) -> Vec<u8>;
    let writers: [(&str, Writer); 3] = [("csv", as_csv), ("jsonl", as_json), ("xlsx", as_workbook)];
    let mut answers = Vec::new();
    for (ending, write) in writers {
        let folder = tempfile::tempdir().unwrap();
        let book = book(folder.path());
        for name in TABLES {
            let path = folder.path().join(format!("{name}.{ending}"));
            fs::write(&path, write(&table(name))).unwrap();
            import(&[&book, &path.display().to_string()]);
        }
        let flow = ask(&book, &["funnel", "--view", "flow", "--by", "quarter"]);
        let wins = ask(&book, &["metric", "win_rate"]);
        assert!(!flow.rows().is_empty());
        answers.push((flow.rows().clone(), wins.rows().clone()));
        // Written in another format, they are the same records: nothing is new.
        let csv = folder.path().join("leads-again.csv");
        fs::write(&csv, as_csv(&table("leads"))).unwrap();
        let again = import(&[&book, &csv.display().to_string()]);
        assert_eq!(again["files"][0]["facts"], 0, "{ending}: {again}");
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
}

#[test]
fn a_source_with_a_folder_takes_what_is_new_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let book = book(folder.path());
    let manifest = Path::new(&book).join("sources/crm/source.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, format!("folder = \"../drop\"\n{text}")).unwrap();
    let drop = folder.path().join("drop");
    fs::create_dir_all(drop.join("2024")).unwrap();
    let files = |words: &[&str]| {
        let report = import(&[&[book.as_str()], words].concat());
        let files = report["files"].as_array().unwrap().clone();
        files
            .iter()
            .map(|file| file["file"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(files(&[]), Vec::<String>::new());
    let leads = as_csv(&table("leads"));
    fs::write(drop.join("leads-1.csv"), &leads).unwrap();
    fs::write(drop.join("2024/deals.jsonl"), as_json(&table("deals"))).unwrap();
    assert_eq!(files(&["--dry-run"]), ["deals.jsonl", "leads-1.csv"]);
    assert_eq!(files(&[]), ["deals.jsonl", "leads-1.csv"]);
    // A copy under another name is known; a file that changed is read again.
    fs::write(drop.join("leads-2.csv"), &leads).unwrap();
    let output = handfast(&["import", &book]);
    let notes = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(notes.contains("leads-2.csv is known"), "{notes}");
    assert!(notes.contains("nothing is new"), "{notes}");
    fs::write(drop.join("leads-2.csv"), [&leads[..], b"\n"].concat()).unwrap();
    assert_eq!(files(&[]), ["leads-2.csv"]);
    // What is taken back is new again.
    run(&["import", "undo", &book]);
    assert_eq!(files(&[]), ["leads-2.csv"]);
    assert_eq!(files(&["--again"]).len(), 3);
}
