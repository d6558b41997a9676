//! What the rows of a metric's answer say, as parts and wholes.

use handfast_kernels::change::{Factor, Number, Part, of_product};
use handfast_model::{Answer, Cell, ColumnKind};

use super::super::cells::{Measure, units};
use super::Shape;

/// What is read off one row.
#[derive(Default)]
pub(super) struct Read {
    pub figure: Option<Cell>,
    pub part: i128,
    pub whole: i128,
    pub count: Option<u64>,
}

fn count_of(row: &[Cell], of: &Answer, id: &str) -> Option<u64> {
    let at = of.columns.iter().position(|column| column.id == id)?;
    match row.get(at)? {
        Cell::Count(count) => Some(*count),
        _ => None,
    }
}

pub(super) fn shape_of(cell: &Cell, answer: &Answer) -> Shape {
    let has = |id: &str| answer.columns.iter().any(|column| column.id == id);
    match cell {
        Cell::Money(_) if has("mean_won_value") && has("cycle") => Shape::PerDay,
        Cell::Money(_) | Cell::Number(_) if has("n") => Shape::Sum,
        Cell::Ratio(_) | Cell::MoneyShare { .. } => Shape::Share,
        Cell::MeanMoney(..) | Cell::MeanElapsed(..) => Shape::Mean,
        _ => Shape::Count,
    }
}

pub(super) fn read(row: Option<&Vec<Cell>>, of: &Answer, at: usize, shape: Shape) -> Read {
    let Some((row, cell)) = row.and_then(|row| Some((row, row.get(at)?))) else {
        return Read::default();
    };
    let n = count_of(row, of, "n").or_else(|| count_of(row, of, "open"));
    let kind = of
        .columns
        .get(at)
        .map_or(ColumnKind::Count, |column| column.kind);
    let (part, whole, count) = match cell {
        Cell::Ratio(ratio) => (ratio.part.into(), ratio.whole.into(), Some(ratio.whole)),
        Cell::MoneyShare { part, whole } => (part.minor.into(), (*whole).into(), n),
        Cell::MeanMoney(sum, count) => (sum.minor.into(), (*count).into(), Some(*count)),
        Cell::MeanElapsed(micros, count) => ((*micros).into(), (*count).into(), Some(*count)),
        cell => {
            let own = units(cell, kind);
            let part = own.map_or(0, |(units, _)| units);
            let is_count = own.is_some_and(|(_, measure)| measure == Measure::Count);
            let count = n.or_else(|| u64::try_from(part).ok().filter(|_| is_count));
            let whole = count.filter(|_| shape == Shape::Sum).map_or(0, i128::from);
            (part, whole, count)
        }
    };
    Read {
        figure: Some(cell.clone()),
        part,
        whole,
        count,
    }
}

/// The parts of one row of a sales velocity.
pub(super) fn per_day(
    sides: [Option<&Vec<Cell>>; 2],
    of: &Answer,
    at: usize,
    kind: ColumnKind,
) -> Vec<Part> {
    let cell = |side: usize, id: &str| {
        let at = of.columns.iter().position(|column| column.id == id)?;
        sides.get(side).copied().flatten()?.get(at)
    };
    let number = |side: usize, id: &str| {
        Some(match cell(side, id)? {
            Cell::Count(count) => Number::of(i128::from(*count)),
            Cell::Ratio(ratio) if ratio.whole > 0 => {
                Number::over(ratio.part.into(), ratio.whole.into())
            }
            Cell::MoneyShare { part, whole } if *whole > 0 => {
                Number::over(part.minor.into(), (*whole).into())
            }
            Cell::MeanMoney(sum, count) if *count > 0 => {
                Number::over(sum.minor.into(), (*count).into())
            }
            // Money per day: the inverse of days.
            Cell::MeanElapsed(micros, count) if *micros > 0 => {
                Number::over(i128::from(*count) * 86_400_000_000, (*micros).into())
            }
            Cell::Elapsed(micros, _) if *micros > 0 => {
                Number::over(86_400_000_000, (*micros).into())
            }
            _ => return None,
        })
    };
    let names = [
        (Factor::Volume, "open"),
        (Factor::Value, "mean_won_value"),
        (Factor::Rate, "win_rate"),
        (Factor::Cycle, "cycle"),
    ];
    let mut factors = Vec::new();
    for (factor, id) in names {
        let (Some(before), Some(after)) = (number(0, id), number(1, id)) else {
            return Vec::new();
        };
        factors.push((factor, [before, after]));
    }
    let figure = |side: usize| {
        let row = sides.get(side).copied().flatten()?;
        Some(units(row.get(at)?, kind)?.0)
    };
    match (figure(0), figure(1)) {
        (Some(before), Some(after)) => of_product(&factors, after - before),
        _ => Vec::new(),
    }
}
