//! Whether the order of an answer's rows is one to decide by.

use std::collections::BTreeMap;
use std::hash::Hasher;

use handfast_kernels::credit::robust::{Given, SAME, Standing};
use handfast_kernels::credit::sample::REPLICATES;
use handfast_kernels::quick::Mix;
use handfast_model::question::Dimension;

use super::super::sheet::Key;
use super::super::tally::text_of;
use super::Book;
use super::rows::{Row, Rows, currency_of};

/// So many of the first rows are compared.
const TOP: usize = 3;
/// Fewer deals say nothing of an order.
const DEALS: u64 = 30;
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

/// Says it in a sentence; nothing where there is no order to speak of.
pub(super) fn note(book: &Book<'_>, rows: &Rows, given: &Given) -> Option<String> {
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
    let unknown = |why: String| Some(format!("whether their order is robust is unknown: {why}"));
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
    let standing = given.standing(&places, TOP, SEED);
    Some(said(&standing, &models, label))
}

fn said(standing: &Standing, models: &[&str], label: impl Fn(&usize) -> String) -> String {
    let listed = |order: &[usize]| order.iter().map(&label).collect::<Vec<_>>().join(", ");
    let mut orders: BTreeMap<&[usize], Vec<&str>> = BTreeMap::new();
    for (order, model) in standing.orders.iter().zip(models) {
        orders.entry(order).or_default().push(model);
    }
    let least = standing.same.iter().zip(models).min();
    let (same, weakest) = least.map_or((REPLICATES, ""), |(same, model)| (*same, *model));
    let percent = same * 100 / REPLICATES;
    let named = |model: usize| models.get(model).copied().unwrap_or_default();
    if let Some(tied) = standing.flip.filter(|flip| flip.share <= 0.0) {
        return format!(
            "fragile: {} and {} get the same under {}: they are in the order of their names",
            label(&tied.from),
            label(&tied.to),
            named(tied.model)
        );
    }
    let one = standing.orders.first().map(|order| listed(order));
    let head = match one.filter(|_| orders.len() == 1) {
        Some(order) if percent >= SAME => format!(
            "robust: {order} come first in this order under {}, and in {percent} of 100 draws of \
             the deals",
            all_of(models)
        ),
        Some(order) => format!(
            "fragile: {order} come first in this order under {}, but under {weakest} only in \
             {percent} of 100 draws of the deals ({SAME} are wanted)",
            all_of(models)
        ),
        None => {
            let each = orders
                .iter()
                .map(|(order, models)| format!("{} under {}", listed(order), models.join(", ")));
            format!(
                "fragile: what comes first depends on the model: {}",
                each.collect::<Vec<_>>().join("; ")
            )
        }
    };
    let flip = standing.flip.map(|flip| {
        let model = named(flip.model);
        format!(
            ". Least to turn two round: {:.1} % of the credit, from {} to {} under {model}",
            flip.share * 100.0,
            label(&flip.from),
            label(&flip.to)
        )
    });
    head + &flip.unwrap_or_default()
}

fn all_of(models: &[&str]) -> String {
    match models {
        [model] => (*model).to_owned(),
        _ => format!("all {} models", models.len()),
    }
}
