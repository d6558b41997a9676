//! `handfast period`: closes periods, vouches for balances, tells what was restated since.

use std::path::Path;
use std::process::ExitCode;

use handfast_model::Refusal;
use handfast_model::money::grouped;
use handfast_service::book::Book;
use handfast_service::periods::balance::{self, Balance};
use handfast_service::periods::restated::{Restated, restatements};
use handfast_service::periods::{self, Close, Said, readable};
use serde_json::{Value, json};

use crate::args::proof::PeriodAction;
use crate::{print, table};

/// Runs one action.
pub fn run(action: &PeriodAction) -> Result<ExitCode, Refusal> {
    let now = super::now();
    match action {
        PeriodAction::Close {
            book,
            period,
            by,
            why,
            metrics,
            anyway,
        } => {
            let book = Book::open(book, &super::opening())?;
            let said = Said {
                by: by.clone(),
                why: why.clone(),
                metrics: metrics.clone(),
                is_anyway: *anyway,
            };
            print(&closed(&periods::close(&book, period, &said, now)?))
        }
        PeriodAction::Reopen {
            book,
            period,
            by,
            why,
        } => {
            let book = Book::open(book, &super::opening())?;
            let close = periods::reopen(&book, period, (by.as_deref(), why), now)?;
            print(&format!(
                "{} is open again; its close stays in the log",
                close.label
            ))
        }
        PeriodAction::List { book } => list(&Book::read(book, super::now())?),
        PeriodAction::Assert { book, balance, by } => {
            let book = Book::open(book, &super::opening())?;
            let found = balance::assert(&book, balance, by.as_deref(), now)?;
            print(&vouched(&found))
        }
        PeriodAction::Retract { book, number, why } => {
            let book = Book::open(book, &super::opening())?;
            let asserted = balance::retract(&book, *number, why, now)?;
            let (what, expected) = (&asserted.what, readable(&asserted.expected));
            print(&format!("nobody vouches for {what} = {expected} any more"))
        }
        PeriodAction::Restatements { book, period, json } => {
            restated(book, period.as_deref(), *json)
        }
    }
}

fn closed(close: &Close) -> String {
    let mut text = format!(
        "closed {} ({} to {}) as of commit {}, by {}\n",
        close.label,
        close.days.0,
        close.days.1.plus(-1),
        close.as_of,
        table::printable(&close.by)
    );
    for kept in &close.figures {
        if kept.rows.is_empty() {
            text.push_str(&format!("  {}: nothing\n", table::printable(&kept.metric)));
        }
        for row in &kept.rows {
            let cells = kept.columns.iter().zip(row);
            let cells = cells.map(|(id, cell)| format!("{id} {}", readable(cell)));
            let line = cells.collect::<Vec<_>>().join(", ");
            text.push_str(&format!("  {}\n", table::printable(&line)));
        }
    }
    if let Some(until) = close.shown_until {
        text.push_str(&format!(
            "NOTE: the sources show everything only until {until}, before the period ends; what \
             they tell later of its last days will be restatements\n"
        ));
    }
    text + "imports go on; what they change of this is a restatement: handfast period restatements"
}

fn vouched(found: &Balance) -> String {
    let asserted = &found.asserted;
    let (what, seq) = (&asserted.what, asserted.seq);
    match found.holds() {
        true => format!(
            "holds: {what} = {} (commit {seq})",
            readable(&asserted.expected)
        ),
        false => format!(
            "DOES NOT HOLD: {what} = {} is asserted (commit {seq}), and the book says {}\n  \
             answers about these days carry W0119 until it does, or until it is taken back: \
             handfast period retract BOOK {seq}",
            readable(&asserted.expected),
            readable(&found.found)
        ),
    }
}

fn list(book: &Book) -> Result<ExitCode, Refusal> {
    let mut text = String::new();
    let closes = periods::closes(book)?;
    for close in &closes {
        let because = |why: &str| match why {
            "" => String::new(),
            why => format!(": {why}"),
        };
        let state = match &close.reopened {
            Some(one) => format!("opened again {} by {}{}", one.at, one.by, because(&one.why)),
            None => "closed".to_owned(),
        };
        let metrics = close.figures.iter().map(|kept| kept.metric.as_str());
        let why = because(&close.why);
        text.push_str(&format!(
            "{:<10} {state}; closed {} as of commit {} by {}{why} ({})\n",
            close.called(&closes),
            close.at,
            close.as_of,
            close.by,
            metrics.collect::<Vec<_>>().join(", ")
        ));
    }
    for one in balance::balances(book)? {
        let state = match one.holds() {
            true => "holds        ",
            false => "DOES NOT HOLD",
        };
        text.push_str(&format!("{state} {}\n", one.says()));
    }
    match text.is_empty() {
        true => print("no period is closed, and nobody vouches for a balance"),
        false => print(&table::printable_lines(&text)),
    }
}

fn restated(book: &Path, period: Option<&str>, is_json: bool) -> Result<ExitCode, Refusal> {
    let book = Book::read(book, super::now())?;
    let all = restatements(&book, period)?;
    if is_json {
        return print(&json_of(&all).to_string());
    }
    let closes = periods::closes(&book)?;
    let open = closes.iter().filter(|one| one.reopened.is_none());
    let named = open.filter(|one| period.is_none_or(|name| one.goes_by(name)));
    let mut text = String::new();
    for close in named {
        let (label, at, as_of) = (&close.called(&closes), close.at, close.as_of);
        text.push_str(&format!(
            "{label}, closed {at} as of commit {as_of} by {}\n",
            close.by
        ));
        let mine = || all.iter().filter(|one| one.period == *label);
        mine().for_each(|one| text.push_str(&note(one)));
        match mine().count() {
            0 => text.push_str("  every figure is what it was\n"),
            _ => text.push_str(&learned(&book, close)?),
        }
    }
    match text.is_empty() {
        true => print("no period is closed"),
        false => print(&table::printable_lines(&text)),
    }
}

/// One restatement and its causes.
fn note(one: &Restated) -> String {
    let name = one.metric.split(' ').next();
    let column = match name == Some(one.column.as_str()) {
        true => String::new(),
        false => format!(" {}", one.column),
    };
    let row = match one.row.as_str() {
        "" => String::new(),
        row => format!(" of {row}"),
    };
    let by = |cell: &Option<handfast_model::Cell>| {
        let signed = cell.as_ref().map(|cell| readable(&cell.exact()));
        let signed = signed.map(|text| match text.starts_with('-') {
            true => text,
            false => format!("+{text}"),
        });
        signed.map_or(String::new(), |text| format!(" ({text})"))
    };
    let mut text = format!(
        "  {}{column}{row}: {} → {}{}\n",
        one.metric,
        readable(&one.was),
        readable(&one.is),
        by(&one.by)
    );
    for because in &one.causes {
        text.push_str(&format!(
            "    {:<11} {} → {}{}: {}, {} fact{}\n",
            because.cause,
            readable(&because.was),
            readable(&because.is),
            by(&because.by),
            because.means,
            grouped(&because.facts.to_string()),
            if because.facts == 1 { "" } else { "s" }
        ));
    }
    text
}

/// The commits since a close, so that a change has its dates.
fn learned(book: &Book, close: &Close) -> Result<String, Refusal> {
    let log = book.ledger.history(u64::from(u32::MAX))?;
    let mut since: Vec<_> = log.iter().filter(|one| one.seq > close.seq).collect();
    since.reverse();
    // An import is told by its last commit, which says all of it.
    let is_told = |at: usize, note: &str| {
        let mut later = since.iter().skip(at + 1);
        import_of(note).is_some_and(|head| later.any(|one| import_of(&one.note) == Some(head)))
    };
    let told: Vec<bool> = since
        .iter()
        .enumerate()
        .map(|(at, one)| is_told(at, &one.note))
        .collect();
    let mut told = told.into_iter();
    since.retain(|_| !told.next().unwrap_or(false));
    let more = since.len().saturating_sub(COMMITS);
    let mut text = String::from("  since then:\n");
    for entry in since.iter().take(COMMITS) {
        let (seq, at, note) = (entry.seq, entry.recorded_at, &entry.note);
        text.push_str(&format!("    commit {seq}  {at}  {note}\n"));
    }
    if more > 0 {
        text.push_str(&format!("    and {more} more\n"));
    }
    Ok(text)
}

/// `import 3 of crm`, of a note that begins so.
fn import_of(note: &str) -> Option<&str> {
    let (head, _) = note.split_once(':')?;
    head.starts_with("import ").then_some(head)
}

/// How many commits are told.
const COMMITS: usize = 20;

fn json_of(all: &[Restated]) -> Value {
    let by = |cell: &Option<handfast_model::Cell>| cell.as_ref().map(handfast_model::Cell::exact);
    let one = |one: &Restated| {
        let causes = one.causes.iter().map(|because| {
            json!({
                "cause": because.cause, "facts": because.facts, "was": because.was,
                "is": because.is, "by": by(&because.by),
            })
        });
        json!({
            "period": one.period, "metric": one.metric, "row": one.row, "column": one.column,
            "was": one.was, "is": one.is, "by": by(&one.by),
            "causes": causes.collect::<Vec<_>>(),
        })
    };
    json!({ "restatements": all.iter().map(one).collect::<Vec<_>>() })
}
