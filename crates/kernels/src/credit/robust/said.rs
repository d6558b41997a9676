//! Whether an order of rows is one to decide by, in words.

use std::collections::BTreeMap;

use super::{REPLICATES, SAME, Standing};

/// That nobody can say it, and why.
pub fn unknown(why: &str) -> String {
    format!("whether their order is robust is unknown: {why}")
}

/// Says it in a sentence: robust or fragile, and what would turn two rows round. `drawn` names what
/// was drawn again, as `the deals`.
pub fn about(
    standing: &Standing,
    models: &[&str],
    drawn: &str,
    label: impl Fn(&usize) -> String,
) -> String {
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
             {drawn}",
            all_of(models)
        ),
        Some(order) => format!(
            "fragile: {order} come first in this order under {}, but under {weakest} only in \
             {percent} of 100 draws of {drawn} ({SAME} are wanted)",
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
