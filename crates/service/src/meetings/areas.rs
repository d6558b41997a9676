//! Where things could go better: what took most of a metric away, what waiting costs, what stays
//! too long, and where least is won of enough that ended. All of it are answers of their own.

use handfast_model::{Answer, Cell, FEW, Period, Ratio, Refusal};

use super::desk::{Desk, days};
use super::says::{self, Raised, said};
use super::sections::{change, sla, stale};
use crate::resolve::Typed;

/// Tells the areas of a period.
pub(super) fn tell(desk: &mut Desk<'_>, period: &Period) -> Result<(), Refusal> {
    for metric in ["revenue", "win_rate", "leads_created"] {
        change(desk, metric, (period, "previous"))?;
    }
    sla(desk, period)?;
    stale(desk)?;
    let dimension = match desk.charter.segments.is_empty() {
        true => "channel",
        false => "segment",
    };
    let typed = Typed {
        of: Some("win_rate".to_owned()),
        by: vec![dimension.to_owned()],
        period: Some(days(period)),
        ..desk.question("metric")
    };
    desk.tell(&typed, |(_, answer), raised| {
        worst(answer, ("win_rate", dimension), raised)
    })?;
    Ok(())
}

/// The row of the lowest share among those of enough.
fn worst(answer: &Answer, (metric, dimension): (&str, &str), raised: &mut Vec<Raised>) -> String {
    let share = |row: &&Vec<Cell>| match says::cell(answer, row, metric) {
        Some(Cell::Ratio(ratio)) if ratio.whole >= FEW => Some(*ratio),
        _ => None,
    };
    let mut found: Vec<(Ratio, String)> = Vec::new();
    for row in answer.rows.iter().filter(|row| share(row).is_some()) {
        let name = row.first().map_or_else(String::new, said);
        found.extend(share(&row).map(|ratio| (ratio, name)));
    }
    let enough = found.len();
    let lowest = found.into_iter().min_by(|(one, name), (other, another)| {
        one.cmp_value(other).then_with(|| name.cmp(another))
    });
    match lowest {
        Some((ratio, name)) if enough > 1 => {
            let says = format!(
                "least is won of {dimension} {name}: {} (of {enough} with {FEW} ends or more)",
                said(&Cell::Ratio(ratio))
            );
            raised.push(Raised {
                of: format!("least {metric} {dimension} {name}"),
                says: says.clone(),
                records: Some((metric.to_owned(), vec![name])),
            });
            says
        }
        _ => format!("too few ends to compare: fewer than two of {dimension} have {FEW}"),
    }
}
