//! Whether the teams meet: for each cadence its meetings until today, which were held, which were
//! skipped since nothing had changed, which were missed, and at which both sides were there.

use handfast_model::meeting::{Attendee, Became, Cadence, Closed, Counts, Meeting, Rhythm};
use handfast_model::question::AsOf;
use handfast_model::{Charter, Day, Instant, Refusal};

use super::cadence::{history, in_period};
use super::closed::closed;
use super::has_both;
use crate::book::Book;

/// Every meeting until now, by rhythm and day.
pub fn meetings(book: &Book, now: Instant) -> Result<Vec<Meeting>, Refusal> {
    let (charter, _) = book.charter(AsOf::Latest, None)?;
    let all = closed(book)?;
    let mut found: Vec<Meeting> = Vec::new();
    for (cadence, until) in history(book)? {
        due(&charter, (&cadence, until), (&all, now), &mut found);
    }
    for one in &all {
        if found.iter().all(|known| known.closed != Some(one.seq)) {
            found.push(of(&charter, one, one.on, &[]));
        }
    }
    found.sort_by_key(|one| (one.rhythm, one.day, one.closed));
    Ok(found)
}

/// The meetings of one cadence.
fn due(
    charter: &Charter,
    (cadence, ended): (&Cadence, Option<Day>),
    (all, now): (&[Closed], Instant),
    found: &mut Vec<Meeting>,
) {
    let calendar = &charter.calendar;
    let today = calendar.day_of(now);
    let until = ended.unwrap_or(today.plus(1)).min(today.plus(1));
    let grain = cadence.rhythm.grain();
    for period in calendar.periods(grain, cadence.since, until) {
        let next = in_period(cadence, calendar, &period);
        if next.day < cadence.since || next.day >= until || next.at > now {
            continue;
        }
        let is_taken = |one: &Closed| found.iter().any(|known| known.closed == Some(one.seq));
        let mut mine = all.iter().filter(|one| {
            let is_in = period.from <= one.on && one.on < period.until;
            one.rhythm == cadence.rhythm && is_in && !is_taken(one)
        });
        let meeting = match mine.next() {
            Some(one) => of(charter, one, next.day, &cadence.expected),
            None => Meeting {
                rhythm: cadence.rhythm,
                day: next.day,
                became: match period.until <= today {
                    true => Became::Missed,
                    false => Became::Due,
                },
                closed: None,
                has_both: false,
                absent: Vec::new(),
            },
        };
        found.push(meeting);
    }
}

fn of(charter: &Charter, one: &Closed, day: Day, expected: &[Attendee]) -> Meeting {
    let absent = expected.iter().filter(|who| !one.attended.contains(who));
    Meeting {
        rhythm: one.rhythm,
        day,
        became: match one.is_skipped {
            true => Became::Skipped,
            false => Became::Held,
        },
        closed: Some(one.seq),
        has_both: has_both(charter, &one.attended),
        absent: match one.is_skipped {
            true => Vec::new(),
            false => absent.cloned().collect(),
        },
    }
}

/// The counts of each rhythm that has a meeting.
pub fn counts(meetings: &[Meeting]) -> Vec<Counts> {
    let of = |rhythm: Rhythm| {
        let mine = || meetings.iter().filter(move |one| one.rhythm == rhythm);
        let became = |what: Became| mine().filter(|one| one.became == what).count();
        let by_both = mine().filter(|one| one.became == Became::Held && one.has_both);
        let counts = Counts {
            rhythm,
            held: became(Became::Held),
            by_both: by_both.count(),
            skipped: became(Became::Skipped),
            missed: became(Became::Missed),
        };
        (mine().count() > 0).then_some(counts)
    };
    Rhythm::ALL.into_iter().filter_map(of).collect()
}
