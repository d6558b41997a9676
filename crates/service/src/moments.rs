//! Moments of knowing as people say them: a day is meant to its end, in the zone of the charter in
//! force now or of the one that is asked for.

use handfast_model::question::AsOf;
use handfast_model::{Calendar, Day, Instant, Refusal};

use crate::book::Book;
use crate::resolve::{self, Typed};

/// The question with a day of knowing as the instant at which it is over.
pub(crate) fn dated(book: &Book, typed: &Typed) -> Result<Typed, Refusal> {
    let mut dated = typed.clone();
    let is_day = |text: &Option<String>| text.as_deref().and_then(Day::parse).is_some();
    if !is_day(&dated.as_of) && !is_day(&dated.since) {
        return Ok(dated);
    }
    let (charter, _) = book.charter(AsOf::Latest, dated.charter.as_deref())?;
    for text in [&mut dated.as_of, &mut dated.since] {
        if let Some(day) = text.as_deref().and_then(Day::parse) {
            *text = Some(end_of(day, &charter.calendar).to_string());
        }
    }
    Ok(dated)
}

/// A moment of knowing as somebody says it; what was known now where they say none.
pub fn as_of(book: &Book, text: Option<&str>, charter: Option<&str>) -> Result<AsOf, Refusal> {
    let typed = Typed {
        as_of: text.map(str::to_owned),
        charter: charter.map(str::to_owned),
        ..Typed::default()
    };
    resolve::as_of(&dated(book, &typed)?)
}

/// The last instant of a day.
pub fn end_of(day: Day, calendar: &Calendar) -> Instant {
    Instant(calendar.start_of(day.plus(1)).0 - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_where_its_zone_says() {
        let calendar = Calendar::in_zone("Europe/Berlin").unwrap();
        let day = Day::parse("2025-03-30").unwrap();
        let end = end_of(day, &calendar);
        assert_eq!(end.to_string(), "2025-03-30T21:59:59.999999Z");
        assert_eq!(Instant::parse(&end.to_string()), Some(end));
    }
}
