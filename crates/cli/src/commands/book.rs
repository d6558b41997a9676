//! `handfast init`, `verify`, `compact`: the book itself.

use std::path::Path;
use std::process::ExitCode;

use handfast_model::Refusal;
use handfast_service::book::Book;

use crate::print;
use crate::table::grouped;

/// Makes a book.
pub fn init(dir: &Path, from: Option<&Path>) -> Result<ExitCode, Refusal> {
    let book = Book::init(dir, from, &super::opening())?;
    let mut text = format!("made the book {}\n", book.dir.display());
    match from {
        Some(from) => text.push_str(&format!(
            "  charter and sources copied from {}; the charter is in force\n  next: handfast \
            import {} FILES…\n",
            from.display(),
            book.dir.display()
        )),
        None => text.push_str(&format!(
            "  next: handfast source add {} FILES…, which proposes what they mean\n",
            book.dir.display()
        )),
    }
    print(&text)
}

/// Checks everything that can be checked; a finding is a refusal to vouch for the book.
pub fn verify(dir: &Path) -> Result<ExitCode, Refusal> {
    let book = Book::read(dir)?;
    let done = book.ledger.verify();
    let n = |count: u64| grouped(&count.to_string());
    print(&format!(
        "{} commits in an unbroken chain of hashes\n{} stretches of rows, each with its hash\n\
         {} record versions, {} facts, each fact with one record\n{} forgotten people without a \
         key",
        n(done.commits),
        n(done.parts),
        n(done.records),
        n(done.facts),
        n(done.erased_people)
    ))?;
    if done.findings.is_empty() {
        return print("verified: nothing wrong");
    }
    for finding in &done.findings {
        eprintln!("  {}: {}", finding.file, finding.what);
    }
    Err(Refusal::new(
        "E0260",
        format!("the book has {} findings", done.findings.len()),
    )
    .matters("answers that rest on the named files are not verified")
    .fix("restore the named files from a backup, or import again into a new book"))
}

/// Seals and merges.
pub fn compact(dir: &Path) -> Result<ExitCode, Refusal> {
    let book = Book::open(dir, &super::opening())?;
    let done = book.ledger.compact()?;
    print(&format!(
        "{} stretches of rows became {}; {} rows were sealed anew; no answer changes",
        done.before, done.after, done.rows
    ))
}
