//! Verifying a book: everything that the ledger, what is derived and earlier answers can show.

use std::collections::BTreeMap;

use handfast_engine::invariants::{Looked, look};
use handfast_ledger::Verified;
use handfast_model::question::AsOf;
use handfast_model::{Breach, Breaches, Invariant, Refusal};

use crate::agree::state::Agreement;
use crate::answered::{Again, again};
use crate::book::Book;
use crate::checks;
use crate::periods::balance;

/// What was looked at, and what does not hold.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Of the ledger.
    pub ledger: Verified,
    /// Of what is derived; `None` where no charter is in force, so that nothing is.
    pub derived: Option<Looked>,
    /// Of earlier answers.
    pub again: Again,
    /// What does not hold.
    pub findings: Vec<Breach>,
    /// How many there are of each invariant.
    pub counts: BTreeMap<Invariant, u64>,
    /// Balances that people vouch for.
    pub balances: u64,
    /// Answers carried W0115 before this, and do no more.
    pub is_cleared: bool,
}

/// Checks everything that can be checked. What does not hold is written down, so that answers carry
/// it; where everything holds, what was written down before is struck out.
pub fn verify(book: &Book) -> Report {
    telling(book, &mut |_| {})
}

/// The same; each step is told as it begins.
pub fn telling(book: &Book, tell: &mut dyn FnMut(&str)) -> Report {
    // What is written down while this looks stays.
    let before = book.ledger.unverified().all();
    tell("reading every file of the ledger");
    let mut report = Report {
        ledger: book.ledger.verify(),
        ..Report::default()
    };
    let mut found = agreed(book).unwrap_or_else(|refusal| checks::refused(&refusal));
    match of_derived(book, tell) {
        Ok(None) => {}
        Ok(Some((looked, wrong))) => {
            report.derived = Some(looked);
            found.append(wrong);
            let (done, wrong) = again(book, tell);
            report.again = done;
            found.append(wrong);
        }
        // The ledger said so already, in more words.
        Err(_) if !report.ledger.findings.is_empty() => {}
        Err(refusal) => found.append(checks::refused(&refusal)),
    }
    report.findings.clone_from(&report.ledger.findings);
    report.findings.extend_from_slice(found.told());
    report.findings.sort();
    report.counts.clone_from(found.counts());
    for finding in &report.ledger.findings {
        *report.counts.entry(finding.invariant).or_default() += 1;
    }
    if report.findings.is_empty() {
        report.is_cleared = !before.is_empty();
        before
            .iter()
            .for_each(|(name, _)| book.ledger.unverified().remove(name));
    } else {
        let most = report.findings.len().min(MOST);
        let findings = report.findings.get(..most).unwrap_or_default();
        checks::write(&book.ledger.unverified(), findings);
    }
    weigh(book, &mut report);
    report
}

/// Balances are weighed again by each answer, so what does not balance is not written down.
fn weigh(book: &Book, report: &mut Report) {
    match balance::look(book) {
        Ok((balances, wrong)) => {
            report.balances = balances;
            if !wrong.is_empty() {
                report.counts.insert(Invariant::Balance, wrong.len() as u64);
            }
            report.findings.extend(wrong);
        }
        // What stands in the way of answers has been said.
        Err(_) if !report.findings.is_empty() => {}
        Err(refusal) => {
            let found = checks::refused(&refusal);
            report.findings.extend_from_slice(found.told());
            report.counts.clone_from(found.counts());
        }
    }
}

/// How many findings answers can carry.
const MOST: usize = 100;

/// What people agreed on, with every signature.
fn agreed(book: &Book) -> Result<Breaches, Refusal> {
    let mut found = Breaches::default();
    for bad in Agreement::read(book, AsOf::Latest)?.bad {
        found.add(Invariant::Chain, bad.seq, || {
            (format!("commit {}", bad.seq), bad.what.clone())
        });
    }
    Ok(found)
}

fn of_derived(
    book: &Book,
    tell: &mut dyn FnMut(&str),
) -> Result<Option<(Looked, Breaches)>, Refusal> {
    if book.ledger.charter_at(AsOf::Latest)?.is_none() {
        return Ok(None);
    }
    let seq = book.ledger.last_seq()?;
    let (charter, _) = book.charter(AsOf::Latest, None)?;
    look(&book.ledger, &charter, seq, tell).map(Some)
}
