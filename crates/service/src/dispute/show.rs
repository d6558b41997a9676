//! The whole story of a deal.

use handfast_kernels::journey::Deal;
use handfast_kernels::rescue::{departures, silences};
use handfast_model::fact::FactKind;
use handfast_model::question::{AsOf, QuestionKind};
use handfast_model::{Answer, Cell, Instant, Money, PersonId, Refusal, Snapshot};

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
    /// The amount that is shared among them; none where it is not known, or nobody earns of it.
    pub worth: Option<Money>,
    /// Silences that ended, and who left while it went on, in sentences.
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
    let (contributors, worth) = sight.credited(deal)?;
    Ok(Shown {
        deal: deal.to_owned(),
        contributors,
        worth,
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
    let (part, charter) = (&sight.derived.part, &sight.charter);
    let snapshot = &part.snapshot;
    let key = snapshot.names.find(deal);
    let found = part.journeys.deals.iter().find(|one| Some(one.key) == key);
    let pursuit = found.and_then(|deal| part.journeys.pursuits.get(deal.pursuit as usize));
    let Some((deal, pursuit)) = found.zip(pursuit) else {
        return Vec::new();
    };
    let day = |at| charter.calendar.day_of(at);
    let silences = silences(snapshot, charter, pursuit, silent_days).into_iter();
    let silences = silences.map(|one| {
        let (since, until) = (day(one.since), day(one.until));
        let (days, by) = (one.days, who(snapshot, one.by));
        let told = format!("revived on {until} after {days} days of silence since {since}: {by}");
        (one.until, told)
    });
    let left = departures(snapshot, charter, (pursuit, deal)).into_iter();
    let left = left.map(|(person, one)| {
        let (since, until, by) = (day(one.since), day(one.until), who(snapshot, one.by));
        let roles = role(snapshot, deal, person);
        let told = format!("{roles} left on {since}, and it went on on {until}: {by}");
        (one.until, told)
    });
    let mut told: Vec<(Instant, String)> = silences.chain(left).collect();
    told.sort();
    told.into_iter().map(|(_, told)| told).collect()
}

/// What a person is in a deal: the role that was told last.
fn role(snapshot: &Snapshot, deal: &Deal, person: PersonId) -> String {
    let names = &snapshot.names;
    let links = snapshot.facts.iter().rev();
    let mut links = links.filter(|fact| fact.kind == FactKind::Link);
    let role = links.find_map(|fact| {
        let is_this = fact.person == Some(person) && fact.deal == Some(deal.key);
        fact.text(names.find("role").filter(|_| is_this)?)
    });
    role.map_or("a contact".to_owned(), |role| names.text(role).to_owned())
}

/// What a fact shows, and whose it is.
fn who(snapshot: &Snapshot, fact: Option<u32>) -> String {
    let names = &snapshot.names;
    let by = fact.and_then(|by| snapshot.facts.get(by as usize));
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
        "{what}{}{}",
        rep.unwrap_or_default(),
        team.unwrap_or_default()
    )
}
