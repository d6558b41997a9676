//! What a reader of credit must know beside the headline: what may earn, and what no model can say.

use handfast_kernels::credit::game;
use handfast_model::credit::{Attribution, Game, ModelKind, PeopleRule};
use handfast_model::many;
use handfast_model::money::grouped;
use handfast_model::question::Dimension;

use super::super::touched;
use super::Book;
use super::rows::Rows;
use super::stands::Redrawn;

pub(super) fn all(book: &Book<'_>, rows: &Rows, redrawn: &Redrawn) -> Vec<String> {
    let mut notes = Vec::new();
    let undated = rows.headline.undated;
    if undated > 0 {
        notes.push(touched::told(undated, rows.deals));
    }
    let untouched = rows.headline.untouched;
    if untouched > 0 {
        notes.push(format!(
            "without a touch that may earn: {} of {}; the whole amount is unknown's",
            grouped(&untouched.to_string()),
            many(rows.deals, "deal")
        ));
    }
    if book.dims.contains(&Dimension::Sourced) {
        notes.push(
            "sourced is one lens: the whole of a deal is its whose touch came first of those that \
             may earn, whoever came later; by channel or team stands who else had a part"
                .to_owned(),
        );
    }
    notes.extend(super::stands::note(book, rows, &rows.given, redrawn));
    notes.push(agreed(&book.ground.charter.attribution));
    notes.extend(book.learned.notes());
    notes.extend(mute(book));
    let has = |kind| book.models.iter().any(|model| model.kind == kind);
    if has(ModelKind::Participation) {
        notes.push("participation gives a deal to everyone who took part: never sum it".into());
    }
    let games = [Game::Chain, Game::Together, Game::Alone].into_iter();
    let played = games.filter(|game| has(ModelKind::Shapley(*game)));
    notes.extend(played.map(|game| game::declared(game).to_owned()));
    notes.push(
        "credit is bookkeeping: it shares out what was won, and does not say what would have \
         happened without a touch"
            .into(),
    );
    notes
}

/// Models that the charter shows and that are left out, in a sentence.
pub(super) fn mute(book: &Book<'_>) -> Option<String> {
    let names: Vec<&str> = book.mute.iter().map(|model| model.name.as_str()).collect();
    let why = book.learned.why_mute();
    (!names.is_empty()).then(|| format!("left out: {}: {why}", names.join(", ")))
}

/// What may earn, in a sentence.
pub(in crate::answer) fn agreed(rules: &Attribution) -> String {
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
    format!("{kinds} of {whose}{days} may earn{assumed}")
}
