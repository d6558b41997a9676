//! Restatements: each figure of a closed period that is another one now, with the causes of it.

use handfast_engine::answer::change::{Difference, differences};
use handfast_kernels::causes::Cause;
use handfast_model::question::AsOf;
use handfast_model::question_text::parse;
use handfast_model::{Answer, Cell, Money, Question, Refusal};

use super::{Close, Kept, closes, not_closed};
use crate::book::Book;
use crate::{agree, change};

/// A figure that was restated.
#[derive(Clone, PartialEq, Debug)]
pub struct Restated {
    /// The period.
    pub period: String,
    /// The metric.
    pub metric: String,
    /// The row: its names.
    pub row: String,
    /// The column of the figure.
    pub column: String,
    /// What it was when the period was closed.
    pub was: String,
    /// What it is.
    pub is: String,
    /// By how much, where it is a number or money.
    pub by: Option<Cell>,
    /// The causes in their order; what they changed sums to the whole.
    pub causes: Vec<Because>,
}

/// What one cause made of a figure.
#[derive(Clone, PartialEq, Debug)]
pub struct Because {
    /// The cause's word, or `counting` where the way of counting is another one.
    pub cause: &'static str,
    /// What that means.
    pub means: &'static str,
    /// Facts that are known at only one of the two moments for it.
    pub facts: u64,
    /// What the figure was before it.
    pub was: String,
    /// What it made of it.
    pub is: String,
    /// By how much, where it is a number or money.
    pub by: Option<Cell>,
}

/// Every figure of closed periods that changed since; of one period where it is named.
pub fn restatements(book: &Book, label: Option<&str>) -> Result<Vec<Restated>, Refusal> {
    let all = closes(book)?;
    let open = |one: &&Close| one.reopened.is_none();
    let named = |one: &&Close| label.is_none_or(|label| one.label == label);
    let asked: Vec<&Close> = all.iter().filter(open).filter(named).collect();
    if let (Some(label), []) = (label, asked.as_slice()) {
        return Err(not_closed(book, label, &all));
    }
    let mut found = Vec::new();
    for close in asked {
        for kept in &close.figures {
            found.extend(of_metric(book, close, kept)?);
        }
    }
    Ok(found)
}

fn of_metric(book: &Book, close: &Close, kept: &Kept) -> Result<Vec<Restated>, Refusal> {
    let then = parse(&kept.question).map_err(|why| {
        let title = format!(
            "what {} kept of {} is not understood: {why}",
            close.label, kept.metric
        );
        Refusal::new("E0455", title).fix("ask with the version of handfast that closed it")
    })?;
    let (seq, charter) = agree::fixed(book, AsOf::Latest)?;
    let named = then.charter.clone();
    let now = Question {
        as_of: AsOf::Seq(seq),
        charter,
        ..then
    };
    let before = (AsOf::Seq(close.as_of), named.as_deref());
    let why = change::since(book, &now, before, false)?;
    let mut found: Vec<Restated> = Vec::new();
    let start = |one: &Place, was: &str| Restated {
        period: close.label.clone(),
        metric: kept.metric.clone(),
        row: one.row.clone(),
        column: one.column.clone(),
        was: was.to_owned(),
        is: was.to_owned(),
        by: None,
        causes: Vec::new(),
    };
    for (place, was, is) in counted_otherwise(kept, &why.then) {
        let mut one = start(&place, &was);
        one.add(Because {
            cause: "counting",
            means: "another version of handfast counts otherwise",
            facts: 0,
            by: None,
            was,
            is,
        });
        found.push(one);
    }
    let mut before = &why.then;
    for step in &why.steps {
        for difference in differences(before, &step.answer) {
            let place = Place::of(&difference);
            let because = because(&difference, step.cause, step.facts);
            let known = found.iter().position(|one| place.is_of(one));
            let at = known.unwrap_or_else(|| {
                found.push(start(&place, &because.was));
                found.len() - 1
            });
            if let Some(one) = found.get_mut(at) {
                one.add(because);
            }
        }
        before = &step.answer;
    }
    // What one cause did and another took back is no restatement.
    found.retain(|one| one.was != one.is);
    Ok(found)
}

impl Restated {
    fn add(&mut self, because: Because) {
        self.by = match (self.causes.is_empty(), self.by.take(), &because.by) {
            (true, _, by) => by.clone(),
            (false, Some(sum), Some(by)) => sum_of(&sum, by),
            (false, ..) => None,
        };
        self.is.clone_from(&because.is);
        self.causes.push(because);
    }
}

/// A figure's row and column.
struct Place {
    row: String,
    column: String,
}

impl Place {
    fn of(difference: &Difference) -> Place {
        Place {
            row: label(&difference.row),
            column: difference.column.clone(),
        }
    }

    fn is_of(&self, one: &Restated) -> bool {
        (&self.row, &self.column) == (&one.row, &one.column)
    }
}

fn label(row: &[Cell]) -> String {
    row.iter().map(Cell::exact).collect::<Vec<_>>().join(", ")
}

fn because(difference: &Difference, cause: Cause, facts: u64) -> Because {
    let text = |cell: &Option<Cell>| cell.as_ref().map_or(String::new(), Cell::exact);
    Because {
        cause: cause.word(),
        means: cause.means(),
        facts,
        was: text(&difference.before),
        is: text(&difference.after),
        by: by(difference.before.as_ref(), difference.after.as_ref()),
    }
}

/// The difference of two numbers or amounts; what is not there counts nothing.
fn by(before: Option<&Cell>, after: Option<&Cell>) -> Option<Cell> {
    let count = |cell: &Cell| match cell {
        Cell::Count(count) => i64::try_from(*count).ok(),
        Cell::Number(number) => Some(*number),
        _ => None,
    };
    let money = |cell: Option<&Cell>| match cell {
        Some(Cell::Money(money)) => Some(*money),
        _ => None,
    };
    if let Some(Money { currency, .. }) = money(before).or(money(after)) {
        let minor = |cell: Option<&Cell>| match cell {
            None | Some(Cell::Unknown) => Some(0),
            Some(Cell::Money(money)) if money.currency == currency => Some(money.minor),
            Some(_) => None,
        };
        let minor = minor(after)?.checked_sub(minor(before)?)?;
        return Some(Cell::Money(Money { minor, currency }));
    }
    let number = |cell: Option<&Cell>| cell.map_or(Some(0), count);
    number(after)?
        .checked_sub(number(before)?)
        .map(Cell::Number)
}

fn sum_of(a: &Cell, b: &Cell) -> Option<Cell> {
    match (a, b) {
        (Cell::Number(a), Cell::Number(b)) => a.checked_add(*b).map(Cell::Number),
        (Cell::Money(a), Cell::Money(b)) => a.checked_add(*b).map(Cell::Money),
        _ => None,
    }
}

/// Figures that the same facts under the same charter give otherwise now: place, was, is.
fn counted_otherwise(kept: &Kept, then: &Answer) -> Vec<(Place, String, String)> {
    let names = differing_names(then);
    let told: Vec<Vec<String>> = then
        .rows
        .iter()
        .map(|row| row.iter().map(Cell::exact).collect())
        .collect();
    let mut found = Vec::new();
    for row in &kept.rows {
        let of = |row: &Vec<String>| row.get(..names.min(row.len())).unwrap_or(row).join(", ");
        let name = of(row);
        let now = told.iter().find(|told| of(told) == name);
        for (at, (id, was)) in kept.columns.iter().zip(row).enumerate().skip(names) {
            let is = now.and_then(|now| now.get(at)).cloned().unwrap_or_default();
            if *was != is {
                let place = Place {
                    row: name.clone(),
                    column: id.clone(),
                };
                found.push((place, was.clone(), is));
            }
        }
    }
    found
}

/// How many columns name a row.
fn differing_names(answer: &Answer) -> usize {
    use handfast_model::ColumnKind::{Period, Text};
    let is_name = |one: &&handfast_model::Column| matches!(one.kind, Text | Period);
    answer.columns.iter().take_while(is_name).count()
}
