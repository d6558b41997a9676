//! What a bridge between two instants leaves out: deals that were told once and that their source
//! deleted are known no more, so they are on none of its lines.

use handfast_engine::derived::Derived;
use handfast_model::question::{AsOf, Known, QuestionKind};
use handfast_model::{Charter, Question, Refusal, Seq};

use crate::book::Book;

/// How many such deals there are, and which moment of knowing to begin with to see them; nothing of
/// other questions, or where none was deleted since the bridge begins.
pub(crate) fn note(
    book: &Book,
    question: &Question,
    (charter, derived): (&Charter, &Derived),
) -> Result<Option<String>, Refusal> {
    let (QuestionKind::Bridge { since: None, .. }, Some((from, _))) =
        (&question.kind, question.period)
    else {
        return Ok(None);
    };
    // Of what is known no more nobody can say whose it was, nor whether it would match; and what
    // counts as known when it happened has no moment of knowing before it.
    let is_recorded = question.known == Known::Recorded;
    if question.filter.is_some() || !book.held.teams().is_empty() || !is_recorded {
        let text = "deals that their source deleted are on no line: --since shows them";
        return Ok(Some(text.to_owned()));
    }
    let begins = AsOf::Instant(charter.calendar.start_of(from));
    let ledger = &book.ledger;
    let since = ledger.resolve(begins)?.0;
    let mut gone = ledger.deleted_deals(since, question.as_of)?;
    let names = &derived.part.snapshot.names;
    for deal in &derived.part.journeys.deals {
        // Another record tells of it.
        gone.remove(names.text(deal.key));
    }
    let Some(first) = gone.values().min() else {
        return Ok(None);
    };
    let before = Seq(first.0.saturating_sub(1));
    let deals = match gone.len() {
        1 => "1 deal that its source deleted".to_owned(),
        more => format!("{more} deals that their source deleted"),
    };
    let verb = if gone.len() == 1 { "is" } else { "are" };
    Ok(Some(format!(
        "{deals} since {from} {verb} on no line: --since {before} tells what of that was known by \
         then and open at the start"
    )))
}
