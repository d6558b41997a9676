//! `handfast import list|undo` and `--mended`: imports that were, and rows they could not take.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use handfast_connect::Files;
use handfast_ledger::{ImportEntry, Undone};
use handfast_model::Refusal;
use handfast_service::book::Book;
use handfast_service::imports;
use handfast_service::mend::{self, Mended};
use serde_json::json;

use super::import::{Wanted, file_line, files_json, left_line, tell_breaches, tell_checked};
use crate::print;
use handfast_model::money::grouped;

/// The imports of a book, newest last.
pub fn list(dir: &Path) -> Result<ExitCode, Refusal> {
    let imports = Book::read(dir, super::now())?.ledger.imports()?;
    if imports.is_empty() {
        return print("nothing was imported into this book yet");
    }
    let lines: Vec<String> = imports.iter().map(line).collect();
    print(&lines.join("\n"))
}

fn line(import: &ImportEntry) -> String {
    let sum = |of: fn(&handfast_ledger::FileAccount) -> u64| import.files.iter().map(of).sum();
    let (rows, facts): (u64, u64) = (sum(|file| file.rows), sum(|file| file.facts));
    let set_aside: u64 = sum(|file| file.all_set_aside());
    let state = match (import.undone, import.finished) {
        (Some(seq), _) => format!("taken back by commit {}", seq.0),
        (None, Some(seq)) => format!("commit {}", seq.0),
        (None, None) => "stopped before its end".to_owned(),
    };
    let n = |count: u64| grouped(&count.to_string());
    let mut text = format!(
        "{:>4}  {}  {}  {} rows, {} facts, {} set aside  {state}",
        import.run,
        import.started_at,
        import.source,
        n(rows),
        n(facts),
        n(set_aside)
    );
    for file in &import.files {
        text.push_str(&format!("\n        {}", file.file));
    }
    text
}

/// Takes an import back.
pub fn undo(dir: &Path, run: Option<u64>) -> Result<ExitCode, Refusal> {
    let book = Book::open(dir, &super::opening())?;
    let taken_back = imports::take_back(&book, run, super::now())?;
    tell_checked(&taken_back.checked);
    print(&undone(&taken_back.done))
}

fn undone(done: &Undone) -> String {
    let n = |count: u64| grouped(&count.to_string());
    let mut text = format!(
        "import {} of {} is taken back: {} record versions and {} facts do not count from commit \
         {} on\n",
        done.run,
        done.source,
        n(done.records),
        n(done.facts),
        done.seq.0
    );
    for (count, what) in [
        (done.set_aside, "rows that it set aside are gone with it"),
        (done.reopened, "rows that it had mended are set aside again"),
        (
            done.without_text,
            "of those have lost their text, which was destroyed when they were mended",
        ),
    ] {
        if count > 0 {
            text.push_str(&format!("  {} {what}\n", n(count)));
        }
    }
    text.push_str(&format!(
        "  --as-of {} still shows it; to have its rows again, import the same files again",
        done.seq.0.saturating_sub(1)
    ));
    text
}

/// Imports the mended rows of an exported file.
pub(super) fn mend(
    dir: &Path,
    file: &Path,
    wanted: &Wanted<'_>,
    is_json: bool,
) -> Result<ExitCode, Refusal> {
    let book = Book::open(dir, &super::opening())?;
    let (sheet, options) = (mend::sheet()?, wanted.options()?);
    let done = Files::open(&sheet, &[file.to_owned()])
        .and_then(|mut source| mend::mend(&book, &mut source, &options))
        .map_err(|refusal| nameless(refusal, dir, file))?;
    for imported in &done.imported {
        tell_breaches(&imported.checked);
    }
    match is_json {
        true => print(&to_json(&done)),
        false => print(&report(&done, wanted.is_dry_run)),
    }
}

/// A file without `_row` lacks the key of its sheet; whoever sends it knows of no sheet.
fn nameless(refusal: Refusal, dir: &Path, file: &Path) -> Refusal {
    if refusal.code != "E0306" {
        return refusal;
    }
    let title = format!("`{}` has no column `_row`", file.display());
    Refusal::new("E0307", title)
        .matters(
            "nothing was imported: `_row` says which of the rows that are set aside a line mends",
        )
        .fix(format!(
            "handfast import {} --export-set-aside FILE writes them with it; mend that file and \
             leave `_row` as it is. Rows that were never set aside are imported without --mended",
            dir.display()
        ))
}

/// Unknown names that the report lists.
const NAMED: usize = 5;

fn report(done: &Mended, is_dry_run: bool) -> String {
    let n = |count: u64| grouped(&count.to_string());
    let left: u64 = done.left.values().sum();
    let verb = if is_dry_run {
        "would be mended"
    } else {
        "mended"
    };
    let mut text = format!(
        "{verb}: {} rows came in, {} stay set aside, {} were dealt with before, {} are unknown\n",
        n(done.came_in),
        n(left),
        n(done.closed),
        n(done.unknown.len() as u64)
    );
    for file in done.imported.iter().flat_map(|imported| &imported.files) {
        text.push_str(&file_line(file, is_dry_run));
    }
    let from_files = |reason: &String| {
        let mut files = done.imported.iter().flat_map(|imported| &imported.files);
        files.any(|file| file.set_aside.contains_key(reason))
    };
    for (reason, rows) in done.left.iter().filter(|(reason, _)| !from_files(reason)) {
        text.push_str(&format!("      set aside  {:>9}  {reason}\n", n(*rows)));
    }
    for (line, name) in done.unknown.iter().take(NAMED) {
        text.push_str(&format!(
            "  line {line}: `{name}` is no row that is set aside in this book, or is there twice\n"
        ));
    }
    if done.unknown.len() > NAMED {
        let more = done.unknown.len() - NAMED;
        text.push_str(&format!("  and {more} more\n"));
    }
    if done.is_stopped {
        text.push_str("  stopped before the end; send the file again to go on\n");
    }
    text.push_str(&left_line(done.imported.last()));
    text
}

fn to_json(done: &Mended) -> String {
    let files: Vec<_> = done.imported.iter().flat_map(files_json).collect();
    let left: &BTreeMap<String, u64> = &done.left;
    let unknown: Vec<&str> = done.unknown.iter().map(|(_, name)| name.as_str()).collect();
    let last = done.imported.last();
    json!({
        "not_looked_at": last.and_then(|last| last.checked.left()),
        "came_in": done.came_in,
        "set_aside": left.values().sum::<u64>(),
        "set_aside_by": left,
        "closed": done.closed,
        "unknown": unknown,
        "files": files,
        "is_stopped": done.is_stopped,
    })
    .to_string()
}
