//! What meetings decided: who sees to it by when, which metric it should move by how much, what
//! became of it, and what is measured since.
//!
//! Nothing is taken away: a decision is settled, and unsettled, by a further entry. The effect is
//! an ordinary `change`: as many days since the decision beside as many before it.

use std::cmp::Ordering;

use handfast_model::meeting::{
    Aim, Decision, Delta, DeltaUnit, Followed, Found, Settled, State, Told, Verdict,
};
use handfast_model::question::AsOf;
use handfast_model::{Answer, Cell, Column, ColumnKind, Currency, Day, Instant, Refusal, Seq};

use super::desk::{Asked, Desk, refused};
use super::says::{amount, cell, difference, said};
use super::{day, no_decision, not_there, plain};
use crate::ask::ask;
use crate::book::Book;
use crate::resolve::Typed;

/// A decision as somebody writes it down.
#[derive(Clone, Debug, Default)]
pub struct Deciding {
    /// What.
    pub what: String,
    /// Who sees to it.
    pub owner: String,
    /// The last day for it.
    pub due: String,
    /// The day on which it was decided; `None` = today.
    pub on: Option<String>,
    /// The metric that it should move.
    pub metric: Option<String>,
    /// By how much: `+5 points`.
    pub expect: Option<String>,
    /// By the end of this day.
    pub until: Option<String>,
    /// Who writes it down.
    pub by: String,
}

/// Keeps a decision.
pub fn decide(book: &Book, said: &Deciding, now: Instant) -> Result<Seq, Refusal> {
    let (charter, _) = book.charter(AsOf::Latest, None)?;
    let today = charter.calendar.day_of(now);
    let on = match &said.on {
        Some(text) => day(text, no_decision)?,
        None => today,
    };
    let due = day(&said.due, no_decision)?;
    let (what, owner) = (plain(&said.what), plain(&said.owner));
    for (word, text) in [("--what", &what), ("--owner", &owner)] {
        if text.is_empty() {
            let title = format!("a decision without {word} is nobody's");
            return Err(no_decision(title, format!("{word} TEXT")));
        }
    }
    if on > today || due < on {
        let title = match on > today {
            true => format!("{on} is still to come"),
            false => format!("it is due on {due}, before it is decided on {on}"),
        };
        let fix = "--on a day that has come, --due that day or later".to_owned();
        return Err(no_decision(title, fix));
    }
    let mut texts = vec![
        ("on", on.to_string()),
        ("what", what),
        ("owner", owner),
        ("due", due.to_string()),
        ("by", plain(&said.by)),
    ];
    if let Some(aim) = aim(book, said, on)? {
        texts.push(("metric", aim.metric));
        texts.push(("expect", aim.by.text()));
        texts.push(("until", aim.until.to_string()));
    }
    let texts = texts.into_iter();
    let texts = texts.map(|(name, text)| (name.to_owned(), text)).collect();
    book.ledger.act("decision", "a meeting decided", texts, now)
}

/// What it should move: a metric, by how much and by when, or none of them.
fn aim(book: &Book, asked: &Deciding, on: Day) -> Result<Option<Aim>, Refusal> {
    let (metric, expect, until) = match (&asked.metric, &asked.expect, &asked.until) {
        (None, None, None) => return Ok(None),
        (Some(metric), Some(expect), Some(until)) => (metric, expect, until),
        _ => {
            let title = "what it should move is said in part".to_owned();
            let fix = "--metric win_rate --expect '+5 points' --until 2026-03-31".to_owned();
            return Err(no_decision(title, fix));
        }
    };
    let until = day(until, no_decision)?;
    if until < on {
        let title = format!("it should have moved by {until}, before it is decided on {on}");
        return Err(no_decision(title, "--until a later day".to_owned()));
    }
    let unit = unit_of(book, metric, on)?;
    let delta = Delta::parse(expect).filter(|delta| unit.takes(delta.unit));
    let by = delta.ok_or_else(|| {
        let title = format!("`{expect}` is no difference of `{metric}`");
        let example = match unit {
            Moves::Numbers => "+10",
            Moves::Points => "'+5 points'",
            Moves::Days => "'-3 days'",
            Moves::Money => "'+20000 EUR', in the currency meant",
        };
        no_decision(title, format!("with a sign: --expect {example}"))
    })?;
    let metric = metric.clone();
    Ok(Some(Aim { metric, by, until }))
}

/// What the differences of a metric are in.
#[derive(Clone, Copy)]
enum Moves {
    Numbers,
    Points,
    Days,
    Money,
}

impl Moves {
    fn takes(self, unit: DeltaUnit) -> bool {
        matches!(
            (self, unit),
            (Moves::Numbers, DeltaUnit::Number)
                | (Moves::Points, DeltaUnit::Points)
                | (Moves::Days, DeltaUnit::Days)
                | (Moves::Money, DeltaUnit::Money(_))
        )
    }
}

/// What a metric's differences are in: told by the metric's own answer, of no matter which day.
fn unit_of(book: &Book, metric: &str, on: Day) -> Result<Moves, Refusal> {
    let typed = Typed {
        kind: "metric".to_owned(),
        of: Some(metric.to_owned()),
        period: Some(format!("{}..{}", on.plus(-28), on)),
        ..Typed::default()
    };
    let reply = ask(book, &typed, None)?;
    let column = figure_of(&reply.answer, metric).ok_or_else(|| {
        let title = format!("`{metric}` has no figure that could move");
        no_decision(
            title,
            "--metric with a name of handfast metric list".to_owned(),
        )
    })?;
    let is_days = column.unit.as_deref() == Some("days");
    let is_code = |unit: &String| Currency::listed(unit).is_ok();
    let is_money = column.unit.as_ref().is_some_and(is_code);
    Ok(match column.kind {
        ColumnKind::Ratio | ColumnKind::MoneyShare => Moves::Points,
        ColumnKind::Days => Moves::Days,
        _ if is_days => Moves::Days,
        ColumnKind::Money | ColumnKind::Mean => Moves::Money,
        _ if is_money => Moves::Money,
        _ => Moves::Numbers,
    })
}

/// The column of a metric's figure.
fn figure_of<'a>(answer: &'a Answer, metric: &str) -> Option<&'a Column> {
    let name = metric.split(':').next().unwrap_or(metric);
    let named = |id: &str| answer.columns.iter().find(|column| column.id == id);
    let is_figure =
        |column: &&Column| !matches!(column.kind, ColumnKind::Text | ColumnKind::Period);
    let first = || answer.columns.iter().find(is_figure);
    named(name).or_else(|| named("mean")).or_else(first)
}

/// Says what became of a decision, or that it is open again.
pub fn settle(
    book: &Book,
    decision: u64,
    (state, because): (State, &str),
    by: &str,
    now: Instant,
) -> Result<Seq, Refusal> {
    let all = decisions(book)?;
    let Some(found) = all.iter().find(|one| one.seq == Seq(decision)) else {
        let title = format!("no decision has the number {decision}");
        return Err(not_there(
            title,
            "handfast meet decisions BOOK lists them".to_owned(),
        ));
    };
    let because = plain(because);
    if because.is_empty() && state != State::Kept {
        let title = format!("why it is {} is not said", state.word());
        return Err(no_decision(title, "--because TEXT".to_owned()));
    }
    if found.state() == state {
        let title = format!("decision {decision} is {} already", state.word());
        let fix = "one of the others: kept, dropped, open".to_owned();
        return Err(no_decision(title, fix));
    }
    let texts = [
        ("decision", decision.to_string()),
        ("state", state.word().to_owned()),
        ("because", because),
        ("by", plain(by)),
    ];
    let texts = texts.map(|(name, text)| (name.to_owned(), text)).to_vec();
    let note = format!("decision {decision} is {}", state.word());
    book.ledger.act("settled", &note, texts, now)
}

/// Every decision, oldest first.
pub fn decisions(book: &Book) -> Result<Vec<Decision>, Refusal> {
    let mut all: Vec<Decision> = Vec::new();
    for act in book.ledger.acts(&["decision", "settled"], AsOf::Latest)? {
        let by = match act.text("by") {
            "" => act.author.clone(),
            by => by.to_owned(),
        };
        if act.word == "settled" {
            let of = act.text("decision").parse().map(Seq);
            let found = all.iter_mut().find(|one| Ok(one.seq) == of);
            let state = State::parse(act.text("state"));
            if let Some((decision, state)) = found.zip(state) {
                decision.settled.push(Settled {
                    seq: act.seq,
                    state,
                    because: act.text("because").to_owned(),
                    by,
                });
            }
            continue;
        }
        let (on, due) = (Day::parse(act.text("on")), Day::parse(act.text("due")));
        let Some((on, due)) = on.zip(due) else {
            continue;
        };
        let delta = Delta::parse(act.text("expect"));
        let aim = delta.zip(Day::parse(act.text("until")));
        all.push(Decision {
            seq: act.seq,
            on,
            what: act.text("what").to_owned(),
            owner: act.text("owner").to_owned(),
            due,
            aim: aim.map(|(by, until)| Aim {
                metric: act.text("metric").to_owned(),
                by,
                until,
            }),
            by,
            settled: Vec::new(),
        });
    }
    Ok(all)
}

/// The decisions that a pack tells: all that are open, and those that were kept until a meeting
/// after their day has told what they came to.
pub(super) fn followed(desk: &Desk<'_>) -> Result<Vec<Followed>, Refusal> {
    let told = desk.since.as_ref().map(|since| since.on);
    let is_followed = |one: &Decision| {
        let is_told = |aim: &Aim| told.is_some_and(|told| told > aim.until);
        let has_more = one.aim.as_ref().is_some_and(|aim| !is_told(aim));
        match one.state() {
            State::Open => true,
            State::Kept => has_more,
            State::Dropped => false,
        }
    };
    let all = decisions(desk.book)?.into_iter();
    let all = all.filter(|one| one.on <= desk.on && is_followed(one));
    let follow = |decision: Decision| {
        let (effect, verdict) = effect(desk, &decision)?;
        Ok(Followed {
            is_overdue: decision.is_overdue(desk.on),
            decision,
            effect,
            verdict,
        })
    };
    all.map(follow).collect()
}

/// The metric since a decision beside as many days before it.
fn effect(desk: &Desk<'_>, decision: &Decision) -> Result<(Option<Told>, Verdict), Refusal> {
    let Some(aim) = &decision.aim else {
        return Ok((None, Verdict::NoAim));
    };
    let from = decision.on;
    let shown = desk.shown_until().unwrap_or(from);
    let until = aim.until.plus(1).min(desk.on).min(shown);
    if until <= from {
        return Ok((None, Verdict::NotYet));
    }
    let length = until.0 - from.0;
    let money = match aim.by.unit {
        DeltaUnit::Money(currency) => Some(currency).filter(|_| desk.currency.is_some()),
        _ => None,
    };
    let typed = Typed {
        of: Some(aim.metric.clone()),
        period: Some(format!("{from}..{until}")),
        compare: Some(format!("{}..{from}", from.plus(-length))),
        currency: money.map(|one| one.code().to_owned()),
        ..desk.question("change")
    };
    let both = match desk.ask(&typed)? {
        Ok(both) => both,
        Err(refusal) => return Ok((Some(refused("change", &refusal)), Verdict::NoFigure)),
    };
    let (says, verdict) = measured(&both, aim, (from, length));
    let found = Found::Answer(Box::new(both));
    Ok((Some(Told { says, found }), verdict))
}

/// What was measured beside what was expected.
fn measured((_, answer): &Asked, aim: &Aim, (from, days): (Day, i32)) -> (String, Verdict) {
    let metric = &aim.metric;
    let rows = answer.rows.iter();
    let own = |row: &&Vec<Cell>| match (aim.by.unit, cell(answer, row, "change")) {
        (DeltaUnit::Money(currency), Some(Cell::Money(money))) => money.currency == currency,
        _ => true,
    };
    let mine: Vec<&Vec<Cell>> = rows.filter(own).collect();
    let whole = match (&answer.totals, mine.as_slice()) {
        (Some(totals), _) => Some(totals),
        (None, [only]) => Some(*only),
        _ => None,
    };
    let change = whole.and_then(|row| cell(answer, row, "change"));
    let (Some(row), Some(found)) = (whole, change.and_then(amount)) else {
        let says = format!("{metric} has no figure on both sides of {from}");
        return (says, Verdict::NoFigure);
    };
    let is_told = |row: &&Vec<Cell>| cell(answer, row, "tells") != Some(&Cell::Flag(false));
    let expected = &aim.by.amount;
    let reached = match expected.units > 0 {
        true => found.cmp_value(expected) != Ordering::Less,
        false => found.cmp_value(expected) != Ordering::Greater,
    };
    let verdict = match (mine.iter().any(is_told), reached) {
        (false, _) => Verdict::CannotTell,
        (true, true) => Verdict::Reached,
        (true, false) => Verdict::Short,
    };
    let figure = |id: &str| cell(answer, row, id).map_or_else(|| "not known".to_owned(), said);
    let (before, after) = (figure("before"), figure("after"));
    let change = difference(answer, row);
    let expected = aim.by.text();
    let (until, means) = (aim.until, verdict.says());
    let says = format!(
        "{metric}: {before} in the {days} days before {from}, {after} in as many since, \
         {change}; expected {expected} by {until}: {means}"
    );
    (says, verdict)
}
