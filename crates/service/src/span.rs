//! What time a book is about: up to when its sources show everything, since when anything is dated,
//! and the periods of the charter's calendar between, so that no door needs a calendar of its own.

use handfast_engine::derived::{Needs, derive};
use handfast_model::question::AsOf;
use handfast_model::{Calendar, Charter, Day, Grain, Instant, Period, Question, Refusal};

use crate::agree::sight::funnel;
use crate::book::Book;

/// The stretch of time that a book shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span {
    /// The sources show everything before this instant.
    pub horizon: Instant,
    /// The first day on which anything happened.
    pub first: Day,
    /// The last day of which anything is shown.
    pub last: Day,
}

/// A period by its name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Named {
    /// How long periods of its kind are.
    pub grain: Grain,
    /// Its name and days.
    pub period: Period,
    /// Whether it is over, is running, or is still to come, as the sources show it.
    pub stands: &'static str,
}

/// How many periods of each kind are named, the newest.
const NAMED: [(Grain, usize); 3] = [(Grain::Year, 12), (Grain::Quarter, 48), (Grain::Month, 60)];

/// Derives what pages ask for, as much of it as they asked for before; gives the time that it is
/// about. `None` where nothing is dated yet.
pub fn prepare(book: &Book, charter: &Charter) -> Result<Option<Span>, Refusal> {
    let needs = book.held.level(&charter.hash).unwrap_or(Needs::Frame);
    of(book, charter, (funnel(), needs))
}

/// The time that a book is about as of a moment, under a charter.
pub fn as_of(book: &Book, charter: &Charter, as_of: AsOf) -> Result<Option<Span>, Refusal> {
    let question = Question {
        as_of,
        // It may be another than the one in force, of which alone anything is kept.
        charter: Some(charter.hash.clone()),
        ..funnel()
    };
    of(book, charter, (question, Needs::Frame))
}

fn of(
    book: &Book,
    charter: &Charter,
    (question, needs): (Question, Needs),
) -> Result<Option<Span>, Refusal> {
    let known_until = match question.as_of {
        AsOf::Instant(instant) => Some(instant),
        as_of => book.ledger.resolve(as_of)?.1,
    };
    let from = (needs, &book.held);
    let (derived, upkeep) = derive(&book.ledger, charter, &question, known_until, from)?;
    upkeep.run(charter);
    let calendar = &charter.calendar;
    let first = derived.part.first(calendar);
    Ok(first.filter(|_| derived.horizon.0 != 0).map(|first| {
        let last = calendar.day_of(Instant(derived.horizon.0 - 1));
        Span {
            horizon: derived.horizon,
            first: calendar.day_of(first).min(last),
            last,
        }
    }))
}

/// The years, quarters and months of a span by their names, up to the end of the fiscal year that
/// it ends in; oldest first.
pub fn periods(span: &Span, calendar: &Calendar) -> Vec<Named> {
    let until = calendar.period_of(span.last, Grain::Year).until;
    let named = |(grain, most): (Grain, usize)| {
        // Of a book that begins in another age only so much is gone through.
        let reach = span.last.plus(-366 * 20);
        let from = calendar.period_of(span.first.max(reach), grain).from;
        let all = calendar.periods(grain, from, until);
        let skipped = all.len().saturating_sub(most);
        let shown = all.into_iter().skip(skipped);
        shown.map(move |period| {
            let stands = match period.from > span.last {
                true => "ahead",
                false if calendar.start_of(period.until) <= span.horizon => "over",
                false => "running",
            };
            Named {
                grain,
                period,
                stands,
            }
        })
    };
    NAMED.into_iter().flat_map(named).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(calendar: &Calendar, first: &str, last: &str) -> Span {
        let [first, last] = [first, last].map(|day| Day::parse(day).unwrap());
        Span {
            horizon: calendar.start_of(last.plus(1)),
            first,
            last,
        }
    }

    fn names(all: &[Named], grain: Grain, stands: &str) -> Vec<String> {
        let own = all.iter();
        let own = own.filter(|one| one.grain == grain && one.stands == stands);
        own.map(|one| one.period.label.clone()).collect()
    }

    #[test]
    fn periods_are_those_of_the_fiscal_calendar_and_say_whether_they_are_over() {
        let mut calendar = Calendar::in_zone("Europe/Berlin").unwrap();
        calendar.year_starts = 4;
        let all = periods(&span(&calendar, "2024-11-03", "2025-11-15"), &calendar);
        // The year ends in March, and is named by that.
        assert_eq!(names(&all, Grain::Quarter, "running"), ["FY2026-Q3"]);
        assert_eq!(
            names(&all, Grain::Quarter, "over"),
            ["FY2025-Q3", "FY2025-Q4", "FY2026-Q1", "FY2026-Q2"]
        );
        assert_eq!(names(&all, Grain::Quarter, "ahead"), ["FY2026-Q4"]);
        assert_eq!(names(&all, Grain::Year, "running"), ["FY2026"]);
        assert_eq!(names(&all, Grain::Month, "running"), ["2025-11"]);
        for one in &all {
            let read = calendar.parse_period(&one.period.label);
            assert_eq!(read.as_ref(), Some(&one.period));
        }
    }

    #[test]
    fn a_period_that_ends_with_what_is_shown_is_over_and_long_books_name_the_newest() {
        let calendar = Calendar::in_zone("UTC").unwrap();
        let all = periods(&span(&calendar, "1971-01-01", "2025-12-31"), &calendar);
        assert_eq!(names(&all, Grain::Quarter, "running").len(), 0);
        let quarters = names(&all, Grain::Quarter, "over");
        assert_eq!(quarters.len(), 48);
        assert_eq!(quarters.last().unwrap(), "2025-Q4");
        assert_eq!(names(&all, Grain::Month, "over").len(), 60);
    }
}
