//! What a reader of credit must know: what marketing touched, and what no model can say.

use std::collections::BTreeMap;

use handfast_model::credit::{Credited, Game, ModelKind, PeopleRule};
use handfast_model::{Currency, Money};

use super::Book;
use super::rows::Rows;

pub(super) fn all(book: &Book<'_>, rows: &Rows) -> Vec<String> {
    let mut notes = touched_by_marketing(book);
    let untouched = book
        .trails
        .iter()
        .filter(|trail| trail.touches.is_empty())
        .count();
    if untouched > 0 {
        notes.push(format!(
            "{untouched} of {} deals have no touch that may earn: their whole amount is unknown's",
            rows.deals
        ));
    }
    notes.extend(super::stands::note(book, rows, &rows.given));
    notes.extend(agreed(book));
    notes.extend(book.learned.notes());
    let has = |kind| book.models.iter().any(|model| model.kind == kind);
    if has(ModelKind::Participation) {
        notes.push("participation gives a deal to everyone who took part: never sum it".into());
    }
    if has(ModelKind::Shapley(Game::Together)) {
        notes.push(
            "shapley_together is linear credit over distinct channels by another name".into(),
        );
    }
    notes.push(
        "credit is bookkeeping: it shares out what was won, and does not say what would have \
         happened without a touch"
            .into(),
    );
    notes
}

/// The headline: how many deals, worth how much, marketing touched before they closed, and before
/// they were created.
fn touched_by_marketing(book: &Book<'_>) -> Vec<String> {
    let mut worth: BTreeMap<Currency, [i128; 3]> = BTreeMap::new();
    let mut counts = [0_u64; 3];
    for trail in &book.trails {
        let first = trail
            .touches
            .iter()
            .position(|touch| book.is_by_marketing(*touch));
        let is = [
            true,
            first.is_some(),
            first.is_some_and(|first| first < trail.before_creation),
        ];
        let money = book.amount(trail, &mut Vec::new());
        for (at, _) in is.iter().enumerate().filter(|(_, is)| **is) {
            if let Some(count) = counts.get_mut(at) {
                *count += 1;
            }
            if let Some(money) = money
                && let Some(sum) = worth.entry(money.currency).or_default().get_mut(at)
            {
                *sum += i128::from(money.minor);
            }
        }
    }
    let [all, before_close, before_creation] = counts;
    if all == 0 {
        return Vec::new();
    }
    let shown = |at: usize| {
        let sums = worth.iter().filter_map(|(currency, sums)| {
            let minor = i64::try_from(*sums.get(at)?).ok()?;
            let currency = *currency;
            Some(Money { minor, currency }.shown())
        });
        sums.collect::<Vec<_>>().join(" + ")
    };
    let by_when = match book.credited {
        Credited::Won => "before they closed",
        Credited::Open => "so far",
    };
    vec![format!(
        "marketing touched {before_close} of {all} deals {by_when} ({} of {}), {before_creation} \
         before they were created ({})",
        shown(1),
        shown(0),
        shown(2)
    )]
}

/// What may earn, in a sentence.
fn agreed(book: &Book<'_>) -> Option<String> {
    let rules = &book.ground.charter.attribution;
    let whose = match rules.people {
        PeopleRule::Account => "everybody at the buyer",
        PeopleRule::Roles => "the people with a role in the deal",
        PeopleRule::Primary => "the deal's own person or primary contact",
    };
    let days = match rules.look_back_days {
        Some(days) => format!(" in the {days} days before"),
        None => " at any time before".to_owned(),
    };
    let kinds = match (&rules.touch_kinds[..], &rules.ignored[..]) {
        ([], []) => "touches".to_owned(),
        ([], ignored) => format!("touches but {}", ignored.join(", ")),
        (kinds, _) => format!("touches of the kinds {}", kinds.join(", ")),
    };
    let assumed = match rules.is_agreed {
        true => "",
        false => "; nobody agreed on that yet: write charter/attribution.toml",
    };
    Some(format!("{kinds} of {whose}{days} may earn{assumed}"))
}
