//! `handfast init`, `verify`, `compact`, `backup`, `restore`: the book itself.

use std::path::Path;
use std::process::ExitCode;

use handfast_ledger::Verified;
use handfast_model::{Invariant, Refusal};
use handfast_service::backup::{self, Copied};
use handfast_service::book::Book;
use handfast_service::checks;
use handfast_service::verify::{self, Report};

use super::import::tell_checked;
use crate::print;
use crate::progress::Steps;
use handfast_model::money::grouped;

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
    let book = Book::read(dir, super::now())?;
    let mut steps = Steps::begin();
    let report = verify::telling(&book, &mut |step| steps.at(step));
    steps.finish();
    let mut text = String::new();
    for invariant in Invariant::ALL {
        let (code, word) = (invariant.code(), invariant.word());
        let state = match report.counts.get(&invariant) {
            None => "holds",
            Some(_) => "DOES NOT HOLD",
        };
        let looked = looked_at(&report, invariant);
        text.push_str(&format!("{code:<4} {word:<11} {state}: {looked}\n"));
    }
    if report.findings.is_empty() {
        if report.is_cleared {
            text.push_str("answers are verified again\n");
        }
        return print(&(text + "verified: nothing wrong"));
    }
    print(text.trim_end())?;
    for finding in &report.findings {
        let code = finding.invariant.code();
        eprintln!("  {code} {}: {}", finding.at, finding.what);
    }
    Err(findings(dir, &report))
}

/// What a book with findings is refused with: what of it each kind needs.
fn findings(dir: &Path, report: &Report) -> Refusal {
    let all: u64 = report.counts.values().sum();
    let balances = report.counts.get(&Invariant::Balance).copied().unwrap_or(0);
    let dir = dir.display();
    let mut matters = Vec::new();
    let mut fix = Vec::new();
    if all > balances {
        matters.push("answers that rest on them carry W0115 until verify finds that all holds");
        fix.push(format!(
            "what is named under data/derived: delete {dir}/data/derived, answers derive it anew"
        ));
        fix.push(
            "a file that is named: put it back from a backup, or import again into a new book"
                .to_owned(),
        );
    }
    if balances > 0 {
        matters.push("answers about a balance's days carry W0119 until the book says it again");
        fix.push(format!(
            "a balance: handfast ask change METRIC --book {dir} --since COMMIT tells what moved \
             it; handfast period retract {dir} COMMIT takes it back"
        ));
    }
    fix.push(format!("then: handfast verify {dir}"));
    let plural = if all == 1 { "" } else { "s" };
    Refusal::new("E0260", format!("the book has {all} finding{plural}"))
        .matters(matters.join("; "))
        .fix(fix.join("\n"))
}

/// What was looked at for an invariant, with how much of it there is.
fn looked_at(report: &Report, invariant: Invariant) -> String {
    let n = |count: u64| grouped(&count.to_string());
    let ledger = &report.ledger;
    if invariant == Invariant::Balance {
        let all = n(report.balances);
        return match report.counts.get(&Invariant::Balance) {
            None => format!("{all} balances that people vouch for"),
            Some(wrong) => format!("{} of {all} balances that people vouch for", n(*wrong)),
        };
    }
    let Some(derived) = report.derived else {
        return of_ledger(ledger, invariant)
            .unwrap_or_else(|| "nothing is derived, no charter is in force".to_owned());
    };
    match invariant {
        Invariant::Credit => format!(
            "of {} deals each that was won gives what it is worth, by every model",
            n(derived.deals)
        ),
        Invariant::Funnel => format!(
            "{} stays of {} pursuits in stages: what entered left or is there",
            n(derived.visits),
            n(derived.pursuits)
        ),
        Invariant::Provenance => format!(
            "{} facts, each with one record, its file and line; {} numbers that their records sum \
             to",
            n(ledger.facts),
            n(derived.numbers)
        ),
        Invariant::AsOf => match report.again.of_other_kernels {
            0 => format!(
                "{} answers as of {} commits, asked again",
                n(report.again.answers),
                n(report.again.moments)
            ),
            others => format!(
                "{} answers as of {} commits, asked again; {} of other kernels are not compared",
                n(report.again.answers),
                n(report.again.moments),
                n(others)
            ),
        },
        Invariant::Derived if derived.is_kept => format!(
            "what is kept of {} facts is what deriving them gives",
            n(derived.facts)
        ),
        Invariant::Derived => "nothing that is derived is kept".to_owned(),
        Invariant::Identity => format!(
            "{} links, one key for each person and account",
            n(derived.links)
        ),
        Invariant::Money => format!(
            "the amounts of {} deals, by the rates they take",
            n(derived.deals)
        ),
        other => of_ledger(ledger, other).unwrap_or_default(),
    }
}

fn of_ledger(ledger: &Verified, invariant: Invariant) -> Option<String> {
    let n = |count: u64| grouped(&count.to_string());
    Some(match invariant {
        Invariant::Receipt => format!(
            "{} files whose rows are the sum of their endings; {} record versions, each there once",
            n(ledger.files),
            n(ledger.records)
        ),
        Invariant::Provenance => format!(
            "{} facts, each with one record, its file and line",
            n(ledger.facts)
        ),
        Invariant::Chain => format!(
            "{} commits in an unbroken chain of hashes; {} stretches of rows, each with its hash",
            n(ledger.commits),
            n(ledger.parts)
        ),
        Invariant::Erasure => format!("{} forgotten people without a key", n(ledger.erased_people)),
        Invariant::Isolation => format!(
            "{} files in the book's own folder; {} keys that open what is sealed under them",
            n(ledger.paths),
            n(ledger.keys)
        ),
        _ => return None,
    })
}

/// Seals and merges.
pub fn compact(dir: &Path) -> Result<ExitCode, Refusal> {
    let book = Book::open(dir, &super::opening())?;
    let done = book.ledger.compact()?;
    tell_checked(&checks::after_commit(&book));
    print(&format!(
        "{} stretches of rows became {}; {} rows were sealed anew; no answer changes",
        done.before, done.after, done.rows
    ))
}

/// Copies the book, its keys apart.
pub fn backup(dir: &Path, to: &Path, keys: &Path) -> Result<ExitCode, Refusal> {
    let book = Book::read(dir, super::now())?;
    let copied = backup::back_up(&book, to, keys, copy_people)?;
    print(&format!(
        "{}\n  keys in {}: keep them apart, no longer than you may keep the forgotten\n  back: \
         handfast restore {} BOOK --keys {}",
        told(&copied, to),
        keys.display(),
        to.display(),
        keys.display()
    ))
}

/// Takes the people who sign in along, where a server ever ran.
fn copy_people(from: &Path, to: &Path) -> Result<(), Refusal> {
    let file = "people.db";
    match from.join(file).exists() {
        true => handfast_accounts::copy(&from.join(file), &to.join(file)),
        false => Ok(()),
    }
}

/// Makes a book out of a backup.
pub fn restore(
    from: &Path,
    dir: &Path,
    keys: &Path,
    forgotten_in: Option<&Path>,
) -> Result<ExitCode, Refusal> {
    let copied = backup::restore(from, keys, dir, forgotten_in, &super::opening())?;
    let people = match forgotten_in {
        Some(_) => format!(
            "\n  {} people forgotten since are forgotten here too",
            grouped(&copied.forgotten.to_string())
        ),
        None => "\n  whom you forgot since this backup is back: handfast forget, or restore with \
                 --forgotten-in"
            .to_owned(),
    };
    print(&format!("{}{people}", told(&copied, dir)))
}

fn told(copied: &Copied, place: &Path) -> String {
    let n = |count: u64| grouped(&count.to_string());
    format!(
        "{} holds the book as of commit {}: {} record versions, {} facts; verified, nothing wrong",
        place.display(),
        n(copied.seq.0),
        n(copied.verified.records),
        n(copied.verified.facts)
    )
}
