//! Running the real binary on real folders, and reading its JSON.
// Clippy's leave for tests ends at the helpers beside them.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing
)]

pub mod page;
pub mod script;
pub mod server;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// An export of leads with these numbers, who change by the end of 2024.
pub fn leads(numbers: std::ops::Range<usize>) -> String {
    let mut text = String::from("id,name,email,phone,source,score,created,status,changed\n");
    for i in numbers {
        let created = format!("2024-{:02}-{:02}", i % 11 + 1, i % 28 + 1);
        let changed = format!("2024-12-{:02}", i % 28 + 1);
        let status = ["open", "working", "qualified"][i % 3];
        writeln!(
            text,
            "L{i},Name{i},lead{i}@firm{i}.example,+49,web,{},{created},{status},{changed}",
            i % 90
        )
        .unwrap();
    }
    text
}

/// Where the key of a signer lies in a folder.
pub fn key(dir: &Path, name: &str) -> String {
    dir.join(format!("{name}.key")).display().to_string()
}

/// A book of the acme fixture in a folder, with a signer of each side: Ann of marketing and Bob of
/// sales, whose keys lie beside it.
pub fn signed_acme(dir: &Path) -> String {
    let book = dir.join("book").display().to_string();
    let acme = root().join("crates/cli/tests/fixtures/acme");
    run(&["init", &book, "--from", &acme.display().to_string()]);
    for (name, team) in [("Ann", "marketing"), ("Bob", "sales")] {
        let key = key(dir, name);
        run(&["signer", "add", &book, name, "--team", team, "--key", &key]);
    }
    book
}

/// The repository's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

/// Runs `handfast` with these arguments.
pub fn handfast(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_handfast"))
        .args(args)
        .current_dir(root())
        .output()
        .unwrap()
}

/// Runs it and gives stdout; fails loudly with stderr when it refuses.
pub fn run(args: &[&str]) -> String {
    let output = handfast(args);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "handfast {args:?} exited {:?}\n{stderr}",
        output.status.code()
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Runs it expecting a refusal; gives stderr.
pub fn refused(args: &[&str]) -> String {
    let output = handfast(args);
    assert_eq!(
        output.status.code(),
        Some(1),
        "handfast {args:?} should refuse"
    );
    String::from_utf8(output.stderr).unwrap()
}

/// A new book from an example, with files imported.
pub fn book(dir: &Path, example: &str, files: &[PathBuf]) -> String {
    let book = dir.join("book").display().to_string();
    let example = root().join("examples").join(example).display().to_string();
    run(&["init", &book, "--from", &example]);
    let mut args = vec!["import", &book];
    let files: Vec<String> = files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    args.extend(files.iter().map(String::as_str));
    run(&args);
    book
}

/// The CSV files of a folder, by name.
pub fn csv_files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    files.retain(|file| file.extension().is_some_and(|kind| kind == "csv"));
    files.sort();
    files
}

/// An answer's JSON with its columns by name.
pub struct Answer(pub Value);

/// Asks a question (the words after `ask`) of a book.
pub fn ask(book: &str, words: &[&str]) -> Answer {
    let mut args = vec!["ask"];
    args.extend(words);
    args.extend(["--book", book, "--json"]);
    Answer(serde_json::from_str(&run(&args)).unwrap())
}

impl Answer {
    /// The place of a column.
    pub fn column(&self, id: &str) -> usize {
        let columns = self.0["answer"]["columns"].as_array().unwrap();
        let found = columns.iter().position(|column| column["id"] == id);
        found.unwrap_or_else(|| panic!("no column {id} in {columns:?}"))
    }

    /// All rows.
    pub fn rows(&self) -> &Vec<Value> {
        self.0["answer"]["rows"].as_array().unwrap()
    }

    /// One cell: the row whose first cells are these, the column of this id. `Null` where no row
    /// is.
    pub fn cell(&self, row: &[&str], column: &str) -> Value {
        let is_row = |cells: &&Value| row.iter().enumerate().all(|(at, text)| cells[at] == **text);
        let found = self.rows().iter().find(is_row);
        found.map_or(Value::Null, |cells| cells[self.column(column)].clone())
    }

    /// A count.
    pub fn count(&self, row: &[&str], column: &str) -> i64 {
        self.cell(row, column)
            .as_i64()
            .unwrap_or_else(|| panic!("{row:?} {column}: {:?}", self.0))
    }

    /// Numerator and denominator.
    pub fn ratio(&self, row: &[&str], column: &str) -> (i64, i64) {
        let cell = self.cell(row, column);
        let int = |part: &str| {
            cell[part]
                .as_i64()
                .unwrap_or_else(|| panic!("{row:?} {column}: {cell:?}"))
        };
        (int("part"), int("whole"))
    }

    /// Whole major units of money.
    pub fn money(&self, row: &[&str], column: &str) -> i64 {
        let cell = self.cell(row, column);
        let minor = cell["minor"]
            .as_i64()
            .unwrap_or_else(|| panic!("{row:?} {column}: {cell:?}"));
        assert_eq!(minor % 100, 0);
        minor / 100
    }

    /// Days, rounded as published.
    pub fn days(&self, row: &[&str], column: &str) -> f64 {
        let cell = self.cell(row, column);
        cell["days"]
            .as_f64()
            .unwrap_or_else(|| panic!("{row:?} {column}: {cell:?}"))
    }

    /// How often an issue is counted.
    pub fn issue(&self, code: &str) -> i64 {
        let issues = self.0["issues"].as_array().unwrap();
        issues
            .iter()
            .find(|issue| issue["code"] == code)
            .map_or(0, |issue| issue["count"].as_i64().unwrap())
    }
}
