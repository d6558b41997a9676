//! Every step of the disk made to fail in turn, until a fixed script comes through untouched.
//!
//! The seam is `fail::step`: every open, write, flush, rename, removal and folder of the ledger's
//! own files, and every statement, begin and commit handed to SQLite. What happens *inside* SQLite
//! is reached from outside: by a largest file size here, by a full disk in `disk`, by power cuts.

use std::path::Path;
use std::process::Command;

use handfast_model::Refusal;
use handfast_model::question::AsOf;

use super::super::world::*;
use super::{Worker, chance, say, scratch, times};
use crate::Ledger;

/// The steps of a short life of a book; each may be repeated.
const STEPS: u64 = 9;

fn step(ledger: &Ledger, folder: &Path, at: u64) -> Result<(), Refusal> {
    let now = format!("2020-02-{:02}", at + 1);
    let moment = super::super::world::at(&now);
    let deals = "id,updated,stage,amount,day\nD1,1,new,10,2020-01-02\nD2,1,new,x,2020-01-03";
    let charter = vec![("stages.toml".to_owned(), "one".to_owned())];
    match at {
        0 => ledger
            .publish_charter("blake3:aa", charter, moment)
            .map(drop),
        1 => {
            let leads = many_leads(100, 700);
            let files = [("deals", "d.csv", deals), ("leads", "l.csv", &leads)];
            import(ledger, &now, &files).map(drop)
        }
        2 => import(
            ledger,
            &now,
            &[("accounts", "a.csv", "id,city\nA,Ulm\nB,Bonn")],
        )
        .map(drop),
        3 => import(ledger, &now, &[("accounts", "a.csv", "id,city\nA,Ulm")]).map(drop),
        4 => {
            let people = ["100", "101", "nobody"].map(|key| ledger.person_id("crm", key));
            let address = [ledger.email_identity("p100@x.org")];
            ledger.forget_people(&people, &address, moment).map(drop)
        }
        5 => ledger.compact().map(drop),
        6 => {
            let _ = std::fs::remove_dir_all(folder.with_file_name("copy"));
            let copy = folder.with_file_name("copy");
            ledger.copy_to(&copy, &copy.join("data/keys")).map(drop)
        }
        7 => {
            // The same intake goes on when there is room again.
            let intake = super::super::intaking::intake(ledger);
            let leads = || batch("leads", "api", &many_leads(5_000, 2_500));
            retried(folder, || intake.append(leads(), moment))?;
            intake.finish().map(drop)
        }
        _ => {
            import(
                ledger,
                &now,
                &[("accounts", "c.csv", "id,city\nA,Ulm\nC,Cleve")],
            )?;
            // Whatever an interrupted attempt brought in is taken back with it.
            let imports = ledger.imports()?;
            let is_ours = |import: &&crate::ImportEntry| {
                import.files.first().is_none_or(|file| file.file == "c.csv")
            };
            for import in imports.iter().rev().take_while(is_ours) {
                if import.undone.is_none() {
                    ledger.undo(Some(import.run), moment)?;
                }
            }
            ledger.compact().map(drop)
        }
    }
}

/// The child's part: makes or opens the book and takes the steps from `from` on. A full disk it
/// waits out and then goes on by itself; any other refusal is its end.
pub(super) fn script(folder: &Path, from: u64) -> Result<(), Refusal> {
    let opened = retried(folder, || {
        match folder.join("data/journal.sqlite").exists() {
            true => Ledger::open(folder, &opening("2020-01-01")),
            false => Ledger::create(folder, Some([5; 32]), &opening("2020-01-01")),
        }
    })?;
    say("open");
    for at in from..STEPS {
        retried(folder, || step(&opened, folder, at))?;
        say(&format!("done {at}"));
    }
    Ok(())
}

fn retried<T>(folder: &Path, mut work: impl FnMut() -> Result<T, Refusal>) -> Result<T, Refusal> {
    match work() {
        Err(refusal) if refusal.code == "E0213" => {
            say(&format!("full {}", read(folder)));
            // Until somebody has made room.
            let _ = std::io::stdin().read_line(&mut String::new());
            work()
        }
        done => done,
    }
}

/// What a reader finds meanwhile.
fn read(folder: &Path) -> String {
    if !folder.join("data/journal.sqlite").exists() {
        return "no book".to_owned();
    }
    let read = Ledger::open_reading(folder).map(|ledger| text(&ledger, AsOf::Latest).len());
    read.map_or_else(|refusal| format!("unread {refusal}"), |_| "read".to_owned())
}

/// The answer at the end of the script.
pub(super) fn expected() -> String {
    let home = scratch();
    let folder = home.path().join("book");
    finish(&folder, 0)
}

/// Takes the rest of the steps, undisturbed, and gives the answer. Nothing may be wrong then.
pub(super) fn finish(folder: &Path, from: u64) -> String {
    let ledger = match folder.join("data/journal.sqlite").exists() {
        true => Ledger::open(folder, &opening("2020-01-01")).unwrap(),
        false => Ledger::create(folder, Some([5; 32]), &opening("2020-01-01")).unwrap(),
    };
    assert_eq!(ledger.verify().findings, [], "after the fault");
    for at in from..STEPS {
        step(&ledger, folder, at).unwrap();
    }
    assert_eq!(ledger.verify().findings, [], "at the end");
    text(&ledger, AsOf::Latest)
}

/// What a disturbed child came to: the code of its refusal, and where the fault was.
struct Outcome {
    faults: Vec<String>,
    code: Option<String>,
}

/// Judges what a child said and finishes its book.
fn judged(said: &[String], folder: &Path, expected: &str, what: &str) -> Outcome {
    let words = |start: &str| {
        let found = said.iter().filter_map(|line| line.strip_prefix(start));
        found.map(str::to_owned).collect::<Vec<_>>()
    };
    let code = words("refused ").first().map(|text| text[..5].to_owned());
    let is_typed = code.as_deref().is_none_or(|code| {
        matches!(
            code,
            "E0212" | "E0213" | "E0223" | "E0204" | "E0219" | "E0207"
        )
    });
    assert!(is_typed, "{what}: {said:#?}");
    let unread = words("full unread");
    assert!(
        unread.is_empty(),
        "{what}: no reading while the disk is full: {unread:?}"
    );
    let done = super::acknowledged(said).len() as u64;
    assert!(
        code.is_some() || done == STEPS,
        "{what}: ended at {done}: {said:#?}"
    );
    let answer = finish(folder, done);
    assert!(answer == expected, "{what}: another answer after {said:#?}");
    Outcome {
        faults: words("fault "),
        code,
    }
}

/// The same for a book elsewhere: only the code.
pub(super) fn judge(said: &[String], folder: &Path, expected: &str, what: &str) -> Option<String> {
    judged(said, folder, expected, what).code
}

/// Lets step after step fail, every `stride`th, until the script is shorter.
fn sweep(kind: &str, first: u32, stride: u32) -> (u32, std::collections::BTreeSet<String>) {
    let expected = expected();
    let (mut runs, mut faults) = (0, std::collections::BTreeSet::new());
    for at in (first..).step_by(stride as usize) {
        let home = scratch();
        let folder = home.path().join("book");
        let fault = format!("{kind}:{at}");
        let worker = Worker::start("script", &folder, 0, &[("HANDFAST_FAULT", &fault)]);
        let outcome = judged(&worker.end(), &folder, &expected, &fault);
        if outcome.faults.is_empty() {
            break;
        }
        // A full disk is waited out; nothing else is, and no flush that failed.
        let is_flush = outcome.faults.iter().any(|fault| fault == "fsync");
        let is_full = kind.starts_with("enospc") && !kind.contains('+') && !is_flush;
        assert!(
            !is_full || outcome.code.is_none(),
            "{fault}: {:?}",
            outcome.code
        );
        runs += 1;
        faults.extend(outcome.faults);
    }
    println!("{kind}: {runs} runs, faults in {faults:?}");
    (runs, faults)
}

#[test]
fn whichever_step_of_a_file_fails_a_book_ends_as_if_it_had_not() {
    for kind in ["eio/files", "eio+/files", "enospc/files", "enospc+/files"] {
        let stride = times(1, 3);
        let first = 1 + chance(kind).below(u64::from(stride)) as u32;
        let (runs, faults) = sweep(kind, first, stride);
        assert!(runs * stride > 50, "{runs}");
        let steps = ["open", "write", "fsync", "rename", "mkdir"];
        let missing: Vec<_> = steps
            .iter()
            .filter(|step| !faults.contains(**step))
            .collect();
        assert!(stride > 1 || missing.is_empty(), "{missing:?}");
    }
}

#[test]
fn whichever_statement_of_the_journal_fails_a_book_ends_as_if_it_had_not() {
    for kind in ["eio/journal", "enospc/journal", "eio+/journal"] {
        let stride = times(1, 23);
        let first = 1 + chance(kind).below(u64::from(stride)) as u32;
        let (runs, _) = sweep(kind, first, stride);
        assert!(runs * stride > 100, "{runs}");
    }
}

/// No file may grow past a size, which is how SQLite's own writes are made to fail one after
/// another. A write past it fails like one on a broken disk, not like one on a full disk.
#[test]
fn whichever_write_of_sqlite_fails_a_book_ends_as_if_it_had_not() {
    if Command::new("sh")
        .args(["-c", "ulimit -f 1"])
        .output()
        .is_err()
    {
        println!("skipped: a largest file size needs a POSIX shell");
        return;
    }
    let expected = expected();
    let exe = std::env::current_exe().unwrap();
    let stride = times(1, 17);
    let first = 1 + chance("largest file").below(u64::from(stride)) as u32;
    let mut refused = 0;
    for blocks in (first..).step_by(stride as usize) {
        let home = scratch();
        let folder = home.path().join("book");
        let mut shell = Command::new("sh");
        let line = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
        shell.args(["-c", &line, "sh"]).arg(&exe);
        let worker = Worker::start_by(shell, "script", &folder, 0, &[]);
        let what = format!("files of {blocks} blocks");
        match judged(&worker.end(), &folder, &expected, &what).code {
            Some(_) => refused += 1,
            None => break,
        }
    }
    println!("largest file: {refused} sizes refused something");
    assert!(refused * stride > 100, "{refused}");
}
