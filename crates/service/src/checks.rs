//! What was found not to hold, and which answers rest on it.
//!
//! A breach is written beside the journal the moment it is found, after a commit, beside a first
//! answer or by `verify`; from then on every answer that rests on it carries W0115, until `verify`
//! finds that everything holds again. Nothing is stopped and nothing is mended by it.

use handfast_engine::derived::{Later, Looked, touched};
use handfast_ledger::Notes;
use handfast_model::answer::IssueCount;
use handfast_model::question::AsOf;
use handfast_model::{Answer, Breach, Breaches, Invariant, IssueCode, Refusal, Seq};

use crate::book::Book;

/// What a look after a commit showed.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// What does not hold; nothing is stopped by it.
    pub found: Breaches,
    /// Why what is derived of the rows that were touched was not looked at, where it was not.
    pub later: Option<Later>,
}

impl Checked {
    /// What was left to be looked at, as people are told it.
    pub fn left(&self) -> Option<String> {
        let why = match self.later? {
            Later::NothingKept => "nothing is derived yet",
            Later::LargeBook => "the book is larger than a commit looks through",
            Later::LargeChange => "it touched more than a commit derives again",
        };
        let when = "the next question looks before it answers";
        Some(format!("not looked at yet: {why}; {when}"))
    }

    /// The same, where something was derived before: that it was not is news to whoever reads a
    /// report, and else to nobody.
    pub fn left_of_much(&self) -> Option<String> {
        let is_much = self.later != Some(Later::NothingKept);
        self.left().filter(|_| is_much)
    }
}

/// Looks at the newest commits and their import, at where the book's files lie, and at what those
/// commits touched; writes down what does not hold.
pub fn after_commit(book: &Book) -> Checked {
    let mut found = Breaches::default();
    for breach in book.ledger.verify_newest() {
        found.add(breach.invariant, breach.since, || (breach.at, breach.what));
    }
    let (touched, later) = match look(book) {
        Ok(Looked::All(touched)) => (touched, None),
        Ok(Looked::Later(later)) => (Breaches::default(), Some(later)),
        Err(refusal) => (refused(&refusal), None),
    };
    found.append(touched);
    record(&book.ledger.unverified(), &found);
    Checked { found, later }
}

/// What does not hold, a line each, as people and programs are told it.
pub fn lines(checked: &Checked) -> Vec<String> {
    let line = |breach: &Breach| {
        let code = breach.invariant.code();
        format!("NOT VERIFIED: {code} {}: {}", breach.at, breach.what)
    };
    checked.found.told().iter().map(line).collect()
}

fn look(book: &Book) -> Result<Looked, Refusal> {
    if book.ledger.charter_at(AsOf::Latest)?.is_none() {
        return Ok(Looked::Later(Later::NothingKept));
    }
    let (charter, _) = book.charter(AsOf::Latest, None)?;
    touched(&book.ledger, &charter)
}

/// A refusal while looking is something that does not hold.
pub(crate) fn refused(refusal: &Refusal) -> Breaches {
    let mut found = Breaches::default();
    found.add(Invariant::Chain, Seq(0), || {
        let place = refusal.place.as_ref().map(|place| place.file.clone());
        let what = format!("{}: {}", refusal.code, refusal.title);
        (place.unwrap_or_else(|| "the book".to_owned()), what)
    });
    found
}

/// Writes down what does not hold.
pub fn record(notes: &Notes, found: &Breaches) {
    if !found.is_empty() {
        write(notes, found.told());
    }
}

pub(crate) fn write(notes: &Notes, breaches: &[Breach]) {
    let lines: String = breaches.iter().map(line).collect();
    // Where the disk takes nothing, whoever looked is told all the same, and answers are marked for
    // as long as the book is open.
    let _ = notes.keep(&lines);
}

/// A breach as a line: invariant, commit, place, what.
fn line(breach: &Breach) -> String {
    let plain = |text: &str| text.replace(|c: char| c.is_control(), " ");
    let (code, since) = (breach.invariant.code(), breach.since.0);
    format!(
        "{code}\t{since}\t{}\t{}\n",
        plain(&breach.at),
        plain(&breach.what)
    )
}

fn parse(line: &str) -> Option<Breach> {
    let mut parts = line.splitn(4, '\t');
    Some(Breach {
        invariant: Invariant::parse(parts.next()?)?,
        since: Seq(parts.next()?.parse().ok()?),
        at: parts.next()?.to_owned(),
        what: parts.next()?.to_owned(),
    })
}

/// What is written down, in order. A text that cannot be read holds for every answer.
pub fn recorded(book: &Book) -> Vec<Breach> {
    let unread = |name: &str| Breach {
        invariant: Invariant::Chain,
        at: format!("data/unverified/{name}"),
        what: "what did not hold cannot be read".to_owned(),
        since: Seq(0),
    };
    let mut all = Vec::new();
    for (name, text) in book.ledger.unverified().all() {
        let read: Option<Vec<Breach>> = text.lines().map(parse).collect();
        match read.filter(|read| !read.is_empty()) {
            Some(read) => all.extend(read),
            None => all.push(unread(&name)),
        }
    }
    all.sort();
    all.dedup();
    all
}

/// Puts W0115 beside an answer that rests on something that does not hold. What it says of places
/// is of all teams' rows; whoever sees some is told only that it does not hold.
pub(crate) fn mark(answer: &mut Answer, breaches: &[Breach], sees_all: bool) {
    let touches = |breach: &&Breach| breach.since.0 <= answer.lineage.seq;
    let touching: Vec<&Breach> = breaches.iter().filter(touches).collect();
    let Some(first) = touching.first() else {
        return;
    };
    let code = IssueCode::NotVerified;
    answer.issues.insert(
        0,
        IssueCount {
            code: code.code().to_owned(),
            count: touching.len() as u64,
            text: code.text_of(touching.len() as u64).to_owned(),
        },
    );
    let name = first.invariant;
    let place = match sees_all {
        true => format!(" at {}: {}", first.at, first.what),
        false => "; whoever sees all rows is told where".to_owned(),
    };
    let note = format!(
        "not verified: {} {} does not hold{place}",
        name.code(),
        name.word(),
    );
    answer.notes.insert(0, note);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_breach_reads_back_as_itself() {
        let breach = Breach {
            invariant: Invariant::Isolation,
            at: "data/keys/slots".to_owned(),
            what: "two\tlines\nof text".to_owned(),
            since: Seq(7),
        };
        let read = parse(line(&breach).trim_end_matches('\n'));
        let what = "two lines of text".to_owned();
        assert_eq!(read, Some(Breach { what, ..breach }));
        for text in ["", "I3", "I99\t1\ta\tb", "I3\tx\ta\tb"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
