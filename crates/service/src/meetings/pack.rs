//! The pack of a meeting: its fixed questions, answered as of one commit from what had happened
//! before its day, exceptions first.

use handfast_model::meeting::{MeetingPack, Rhythm, Since};
use handfast_model::{Charter, Currency, Day, Instant, Refusal};

use super::desk::Desk;
use super::says::{Raised, ranked};
use super::{closed, day, decided, no_meeting, sections};
use crate::book::Book;
use crate::{agree, moments, teams};

/// Which pack somebody wants.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Of which meeting.
    pub rhythm: Rhythm,
    /// The day of the meeting; `None` = today.
    pub on: Option<String>,
    /// What had been learned; `None` = all that is known now.
    pub as_of: Option<String>,
    /// Amounts in this currency; `None` = the charter's.
    pub currency: Option<String>,
}

/// Puts a pack together. Whoever sees some teams' rows gets it of these.
pub fn open(book: &Book, wanted: &Wanted) -> Result<MeetingPack, Refusal> {
    let as_of = moments::as_of(book, wanted.as_of.as_deref(), None)?;
    let (seq, named) = agree::fixed(book, as_of)?;
    let fixed = handfast_model::question::AsOf::Seq(seq);
    let (charter, _) = book.charter(fixed, named.as_deref())?;
    let on = match &wanted.on {
        Some(text) => day(text, no_meeting)?,
        None => charter.calendar.day_of(book.now()),
    };
    let before = closed::before(book, wanted.rhythm, (on, seq))?;
    let mut desk = Desk {
        book,
        charter: &charter,
        named,
        rhythm: wanted.rhythm,
        on,
        seq,
        currency: currency(&charter, wanted.currency.as_deref())?,
        since: before.as_ref().map(|one| Since {
            meeting: one.seq,
            on: one.on,
            as_of: one.as_of,
        }),
        known: before.map(|one| one.exceptions).unwrap_or_default(),
        horizon: None,
        sections: Vec::new(),
        exceptions: Vec::new(),
        has_moved: false,
    };
    let moved = desk.ask(&desk.of_money("bridge", &desk.last()))?;
    let horizon = moved.as_ref().ok().and_then(|(_, answer)| {
        let horizon = answer.lineage.horizon.as_deref().and_then(Instant::parse);
        horizon.filter(|at| *at != Instant(0))
    });
    desk.horizon = horizon;
    behind(&mut desk);
    sections::fill(&mut desk, moved)?;
    decided_before(desk)
}

/// With what was decided before, and in order.
fn decided_before(mut desk: Desk<'_>) -> Result<MeetingPack, Refusal> {
    let decisions = decided::followed(&desk)?;
    for one in decisions.iter().filter(|one| one.is_overdue) {
        let decision = &one.decision;
        let raised = Raised {
            of: format!("decision {}", decision.seq),
            says: format!(
                "due since {} and not answered: {} ({})",
                decision.due, decision.what, decision.owner
            ),
            records: None,
        };
        desk.raise(raised, None);
    }
    let is_due = decisions.iter().any(|one| one.is_overdue);
    let is_new = desk.exceptions.iter().any(|one| one.is_new);
    Ok(MeetingPack {
        rhythm: desk.rhythm,
        on: desk.on,
        as_of: desk.seq,
        last: desk.last(),
        next: desk.next(),
        aimed: desk.aimed(),
        // Without an earlier meeting everything is new.
        is_nothing_new: desk.since.is_some() && !desk.has_moved && !is_new && !is_due,
        since: desk.since,
        whose: teams::note(desk.book.held.teams()),
        exceptions: ranked(desk.exceptions),
        sections: desk.sections,
        decisions,
    })
}

/// Tells where the sources end before the last period does.
fn behind(desk: &mut Desk<'_>) {
    let (last, calendar) = (desk.last(), &desk.charter.calendar);
    let end = calendar.start_of(last.until);
    let says = match desk.horizon {
        Some(horizon) if horizon >= end => return,
        Some(horizon) => format!(
            "the sources show everything only until {horizon}: of {} not all is known",
            last.label
        ),
        None => "no source shows a date yet: nothing is known".to_owned(),
    };
    let raised = Raised {
        of: format!("sources of {}", last.label),
        says,
        records: None,
    };
    desk.raise(raised, None);
}

/// The currency of all amounts: the one asked for, else the charter's where it has rates.
fn currency(charter: &Charter, asked: Option<&str>) -> Result<Option<Currency>, Refusal> {
    let Some(text) = asked else {
        // Without rates all others would be left out: each amount is told in its own then.
        return Ok(charter
            .currency
            .filter(|_| charter.pricing.policy.is_some()));
    };
    let read = Currency::listed(text).map(Some);
    read.map_err(|_| {
        let title = format!("`{text}` is not a currency");
        no_meeting(
            title,
            "--currency EUR, three letters of ISO 4217".to_owned(),
        )
    })
}

/// The day of a meeting that is to be kept: it has come.
pub(super) fn come(pack: &MeetingPack, today: Day) -> Result<(), Refusal> {
    match pack.on <= today {
        true => Ok(()),
        false => Err(no_meeting(
            format!("the meeting of {} is still to come", pack.on),
            "close it on its day, or later".to_owned(),
        )),
    }
}
