//! Whether the order of an answer's rows is one to decide by.

use std::hash::Hasher;

use handfast_kernels::credit::robust::{self, DEALS, Given, Moved, TOP};
use handfast_kernels::quick::Mix;
use handfast_model::credit::{CreditModel, ModelKind};
use handfast_model::question::Dimension;

use super::super::sheet::Key;
use super::super::tally::text_of;
use super::Book;
use super::rows::{Row, Rows, currency_of};

/// Rows that are looked at; of more, nothing is said.
pub(super) const ROWS: usize = 256;
/// Deals are drawn again from this.
const SEED: u64 = 1;

/// A number of a deal's name, the same in every book that has it.
pub(super) fn number_of(name: &str) -> u64 {
    let mut mix = Mix::default();
    mix.write(name.as_bytes());
    mix.finish()
}

/// By estimated model: the share of each row, by replicate of what was learned.
pub(super) type Redrawn = Vec<(ModelKind, Vec<Vec<f64>>)>;

/// Says it in a sentence; nothing where there is no order to speak of.
pub(super) fn note(
    book: &Book<'_>,
    rows: &Rows,
    given: &Given,
    redrawn: &Redrawn,
) -> Option<String> {
    let is_time = |dim: &Dimension| matches!(dim, Dimension::Time(_) | Dimension::TouchTime(_));
    let models: Vec<&str> = book
        .additive()
        .map(|(_, model)| model.name.as_str())
        .collect();
    let named = |row: &&Row| !row.keys.contains(&Key::NoTouch) && !row.keys.contains(&Key::Unknown);
    let mut places: Vec<usize> = (0..rows.rows.len()).collect();
    places.retain(|place| rows.rows.get(*place).as_ref().is_some_and(named));
    places.sort_by_key(|place| rows.rows.get(*place).map(|row| &row.keys));
    if models.is_empty() || places.len() < 2 || book.dims.iter().any(is_time) {
        return None;
    }
    let unknown = |why: String| Some(robust::unknown(&why));
    // A deal without an amount has none.
    let currencies = rows.rows.iter().filter_map(|row| currency_of(book, row));
    let mut currencies: Vec<_> = currencies.collect();
    currencies.sort_unstable();
    currencies.dedup();
    if rows.deals < DEALS {
        return unknown(format!(
            "too few deals ({}; {DEALS} are needed)",
            rows.deals
        ));
    }
    if currencies.len() > 1 {
        return unknown("amounts are in several currencies; choose one with --currency".to_owned());
    }
    if rows.rows.len() > ROWS {
        return unknown(format!("there are more than {ROWS} rows"));
    }
    let label = |place: &usize| {
        let keys = rows.rows.get(*place).map_or(&[][..], |row| &row.keys);
        let keys = keys.iter().take(book.dims.len());
        let texts: Vec<String> = keys.map(text_of).collect();
        texts.join(" / ")
    };
    let moved = moved(book, rows, redrawn);
    let standing = given.standing_with(&places, TOP, SEED, &moved);
    let is_late =
        |kind: ModelKind| kind.is_estimated() && !redrawn.iter().any(|(known, _)| *known == kind);
    let drawn = match moved.is_empty() {
        true if book.additive().any(|(_, model)| is_late(model.kind)) => {
            "the deals alone, not of what was learned"
        }
        true => "the deals",
        false => "the deals and of what was learned",
    };
    Some(robust::about(&standing, &models, drawn, label))
}

/// What the replicates of each estimated model move the rows by, in minor units.
fn moved(book: &Book<'_>, rows: &Rows, redrawn: &Redrawn) -> Vec<Moved> {
    let of = |(place, (at, model)): (usize, (usize, &CreditModel))| {
        let (_, again) = redrawn.iter().find(|(kind, _)| *kind == model.kind)?;
        let once = rows
            .spread
            .shares(book.learned.effects(model.kind)?, rows.rows.len());
        let all: i128 = rows.rows.iter().filter_map(|row| row.sums.get(at)).sum();
        let by = |shares: &Vec<f64>| {
            let shares = shares.iter().zip(&once);
            let by = shares.map(|(new, old)| ((new - old) * all as f64).round() as i128);
            by.collect()
        };
        Some(Moved {
            model: place,
            by: again.iter().map(by).collect(),
        })
    };
    book.additive().enumerate().filter_map(of).collect()
}
