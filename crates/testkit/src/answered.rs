//! Answers of the whole engine as figures that the truth has, too: read the same way whatever door
//! they came by.

use std::collections::{BTreeMap, BTreeSet};

use handfast_kernels::bridge::Line;
use handfast_model::ColumnKind;
use handfast_model::answer::{Answer, Cell};

use crate::asks::Group;
use crate::truth::bridge;
use crate::truth::change::Parts;

/// Figures by group, row and column.
pub type Figures = BTreeMap<(Group, String, String), i128>;

/// What an answer shows in some columns, but for noughts. Shares are split from what they are taken
/// of: `won` and `won/`.
pub fn figures(answer: &Answer, columns: &BTreeSet<String>) -> Result<Figures, String> {
    let mut figures = Figures::new();
    for row in &answer.rows {
        let mut names = answer.columns.iter().zip(row).map_while(|(column, cell)| {
            let is_name = matches!(column.kind, ColumnKind::Text | ColumnKind::Period);
            is_name.then(|| text(cell))
        });
        let group = names.next().flatten();
        let name = names.next().flatten().unwrap_or_default();
        let numbers = answer.columns.iter().zip(row);
        let numbers = numbers.flat_map(|(column, cell)| numbers_of(&column.id, cell));
        for (column, number) in numbers.filter(|(_, number)| *number != 0) {
            let is_asked = columns.contains(&column);
            let place = (group.clone(), name.clone(), column);
            if is_asked && figures.insert(place, number).is_some() {
                return Err(format!("another row like {row:?}"));
            }
        }
    }
    Ok(figures)
}

fn numbers_of(column: &str, cell: &Cell) -> Vec<(String, i128)> {
    let own = |number: i128| (column.to_owned(), number);
    let whole = |number: i128| (format!("{column}/"), number);
    match cell {
        Cell::Count(count) => vec![own(i128::from(*count))],
        Cell::Ratio(ratio) => vec![own(ratio.part.into()), whole(ratio.whole.into())],
        Cell::MoneyShare { part, whole: all } => {
            vec![own(part.minor.into()), whole((*all).into())]
        }
        Cell::Money(money) => vec![own(money.minor.into())],
        Cell::MeanElapsed(sum, _) => vec![own((*sum).into())],
        _ => Vec::new(),
    }
}

/// The text of a cell; nothing where it is not known.
pub fn text(cell: &Cell) -> Group {
    match cell {
        Cell::Text(text) => Some(text.clone()),
        _ => None,
    }
}

/// The lines of a bridge, noughts left out; how often a rate moved is told by deal and not read.
pub fn moves(
    answer: &Answer,
    is_by: bool,
    currency: Option<&str>,
) -> Result<bridge::Figures, String> {
    let mut figures = bridge::Figures::new();
    for row in &answer.rows {
        let mut cells = row.iter();
        let mut next = || cells.next().and_then(text);
        let group = if is_by { next() } else { None };
        let currency = currency.map(str::to_owned).or_else(&mut next);
        let word = next();
        let mut lines = Line::ALL.into_iter().map(Line::word);
        let line = lines.find(|line| Some(*line) == word.as_deref());
        let (Some(currency), Some(line)) = (currency, line) else {
            return Err(format!("{row:?}"));
        };
        let (Some(Cell::Count(count)), Some(Cell::Money(money))) = (cells.next(), cells.next())
        else {
            return Err(format!("{row:?}"));
        };
        let count = if line == "rates" { 0 } else { *count };
        if (count, money.minor) != (0, 0) {
            let figure = (count, i128::from(money.minor));
            figures.insert((group, currency, line), figure);
        }
    }
    Ok(figures)
}

/// Holds what an answer says two periods differ by against what is true: by group and, of revenue,
/// currency. Gives how many rows have parts.
pub fn parts(answer: &Answer, metric: &str, expected: &Parts) -> Result<usize, String> {
    let need = |is_so: bool, what: &dyn Fn() -> String| match is_so {
        true => Ok(()),
        false => Err(what()),
    };
    need(answer.rows.len() == expected.len(), &|| {
        format!("rows {:?}, expected {expected:?}", answer.rows)
    })?;
    let names = if metric == "revenue" { 2 } else { 1 };
    // Parts of a share are rounded; sums are whole.
    let most = if metric == "win_rate" { 1.5 } else { 0.0 };
    let (mut compared, mut sum, mut ends) = (0, 0, 0.0);
    for row in &answer.rows {
        let named = |at: usize| row.get(at).and_then(text);
        let currency = if names == 2 { named(1) } else { None };
        let place = (named(0), currency.unwrap_or_default());
        let told = row.get(names + 2..row.len().saturating_sub(1));
        let Some(((change, exact), told)) = expected.get(&place).zip(told) else {
            return Err(format!("{row:?} is not expected"));
        };
        if told.first() == Some(&Cell::Unknown) {
            need(exact.is_empty(), &|| format!("{row:?} has {exact:?}"))?;
            continue;
        }
        let told = told.iter().map(units).collect::<Option<Vec<i128>>>();
        let told = told.ok_or_else(|| format!("{row:?}"))?;
        let Some((whole, told)) = told.split_first() else {
            return Err(format!("{row:?}"));
        };
        let is_near = |(told, exact): (&i128, &f64)| (*told as f64 - exact).abs() <= most;
        let is_so = told.len() == exact.len() && told.iter().zip(exact).all(is_near);
        need(is_so, &|| format!("{row:?} has {exact:?}"))?;
        need(metric == "win_rate" || whole == change, &|| {
            format!("{row:?} changed by {change}")
        })?;
        sum += whole;
        ends += exact.iter().sum::<f64>();
        compared += 1;
    }
    let is_whole = metric != "win_rate" || (sum as f64 - ends).abs() <= most;
    need(is_whole, &|| format!("all change by {ends}, not {sum}"))?;
    Ok(compared)
}

fn units(cell: &Cell) -> Option<i128> {
    match cell {
        Cell::Money(money) => Some(money.minor.into()),
        Cell::Number(number) => Some((*number).into()),
        Cell::Decimal(decimal) => Some(decimal.units),
        _ => None,
    }
}
