//! The whole story of a deal.

use handfast_kernels::rescue::silences;
use handfast_model::question::{AsOf, QuestionKind};
use handfast_model::{Answer, Cell, Refusal};

use super::{Dispute, disputes};
use crate::agree::sight::{Sight, plain};
use crate::book::Book;

/// Everything about a deal.
pub struct Shown {
    /// The deal's key.
    pub deal: String,
    /// Every dated thing, both teams', with stages and amounts.
    pub journey: Answer,
    /// Every touch that may earn, with what it earns by each model.
    pub contributors: Answer,
    /// Silences that ended, in sentences.
    pub rescues: Vec<String>,
    /// What is disputed about it.
    pub dispute: Option<Dispute>,
}

/// The story of a deal by its key; silences of so many days count as rescues.
pub fn show(book: &Book, deal: &str, silent_days: i32) -> Result<Shown, Refusal> {
    let (charter, _) = book.charter(AsOf::Latest, None)?;
    let sight = Sight::of(book, charter, false)?;
    let dispute = disputes(book, AsOf::Latest)?
        .into_iter()
        .find(|one| one.deal == deal);
    Ok(Shown {
        deal: deal.to_owned(),
        contributors: sight.deal(deal)?,
        journey: journey(&sight, deal)?,
        rescues: rescues(&sight, deal, silent_days),
        dispute,
    })
}

/// The dated path of a deal's pursuit.
pub(super) fn journey(sight: &Sight, deal: &str) -> Result<Answer, Refusal> {
    // A key that is no deal's is refused as such.
    sight.deal(deal)?;
    sight.answer(&plain(QuestionKind::Journey(deal.to_owned())), None)
}

/// Whether a line of a file is one of a journey's.
pub(super) fn is_in(journey: &Answer, evidence: &str) -> bool {
    let at = |id: &str| journey.columns.iter().position(|column| column.id == id);
    let (Some(file), Some(line)) = (at("file"), at("line")) else {
        return false;
    };
    let named = journey
        .rows
        .iter()
        .filter_map(|row| match (row.get(file)?, row.get(line)?) {
            (Cell::Text(file), Cell::Count(line)) => Some(format!("{file}:{line}")),
            _ => None,
        });
    named.into_iter().any(|named| named == evidence)
}

fn rescues(sight: &Sight, deal: &str, silent_days: i32) -> Vec<String> {
    let part = &sight.derived.part;
    let names = &part.snapshot.names;
    let Some(key) = names.find(deal) else {
        return Vec::new();
    };
    let found = part.journeys.deals.iter().find(|one| one.key == key);
    let pursuit = found.and_then(|deal| part.journeys.pursuits.get(deal.pursuit as usize));
    let Some(pursuit) = pursuit else {
        return Vec::new();
    };
    let calendar = &sight.charter.calendar;
    let found = silences(&part.snapshot, &sight.charter, pursuit, silent_days);
    let told = found.iter().map(|one| {
        let (since, until) = (calendar.day_of(one.since), calendar.day_of(one.until));
        let by = one.by.and_then(|by| part.snapshot.facts.get(by as usize));
        let text = |name: &str| {
            let value = names.find(name).and_then(|name| by?.text(name));
            value.map(|value| names.text(value).to_owned())
        };
        let what = text("touch")
            .or(text("stage"))
            .unwrap_or_else(|| "its source".to_owned());
        let rep = by
            .and_then(|fact| fact.rep)
            .map(|rep| format!(" by {}", names.text(rep)));
        let team = text("team").map(|team| format!(" ({team})"));
        format!(
            "revived on {until} after {} days of silence since {since}: {what}{}{}",
            one.days,
            rep.unwrap_or_default(),
            team.unwrap_or_default()
        )
    });
    told.collect()
}
