//! A metric asked of two periods: the two answers, and what they do not show that its difference
//! is told by.

use std::collections::BTreeMap;

use handfast_kernels::formula::Fraction;
use handfast_model::{Answer, Cell, Column, Question, Refusal};

use super::super::super::figure::{Measure as _, Reading, Taken};
use super::super::super::formula::Plan;
use super::super::super::sheet::{Counted, Key, Member};
use super::super::super::tally::Tally;
use super::super::cells::{figure_among, key};
use super::terms::Terms;

/// The metric in both periods.
pub(super) struct Sides {
    pub answers: [Answer; 2],
    /// By row, what each that is summed is worth.
    pub worths: [BTreeMap<String, Vec<f64>>; 2],
    /// Whether the figure is the mean of these.
    pub is_mean_of_worths: bool,
    /// What a formula's measures come to, and what they are.
    pub operands: [Operands; 2],
    pub terms: Terms,
    /// How long either period is.
    pub days: [f64; 2],
}

/// The metric in one period.
pub(super) struct Side {
    answer: Answer,
    worths: BTreeMap<String, Vec<f64>>,
    is_mean_of_worths: bool,
    operands: Operands,
    terms: Terms,
}

/// What each measure of a formula comes to.
#[derive(Default)]
pub(super) struct Operands {
    /// By row.
    pub rows: BTreeMap<String, Vec<Option<Fraction>>>,
    /// In all rows together.
    pub all: Vec<Option<Fraction>>,
}

impl Side {
    pub fn of(tally: Tally<'_>, question: &Question) -> Result<Side, Refusal> {
        let plan = tally.plan.as_ref();
        let operands = plan.map(|plan| operands(&tally, plan));
        let terms = plan.map(|plan| Terms::of(plan.definition(), plan.measures()));
        let reading = reading(&tally, question);
        let mean = reading.and_then(|reading| match reading {
            Reading::Formula => plan.and_then(Plan::mean_of),
            Reading::MeanMoney(column)
            | Reading::MeanDays(column)
            | Reading::Hours(column, Taken::Mean) => Some(column),
            _ => None,
        });
        Ok(Side {
            worths: worths(&tally, mean),
            is_mean_of_worths: mean.is_some(),
            operands: operands.unwrap_or_default(),
            terms: terms.unwrap_or_default(),
            answer: tally.answer()?,
        })
    }
}

impl Sides {
    pub fn of(before: Side, after: Side, days: [f64; 2]) -> Sides {
        Sides {
            answers: [before.answer, after.answer],
            worths: [before.worths, after.worths],
            is_mean_of_worths: before.is_mean_of_worths && after.is_mean_of_worths,
            operands: [before.operands, after.operands],
            terms: after.terms,
            days,
        }
    }
}

fn name(keys: &[Key]) -> String {
    let names: Vec<Cell> = keys.iter().map(Key::cell).collect();
    key(&names)
}

/// How the figure is read that the question is about.
fn reading(tally: &Tally<'_>, question: &Question) -> Option<Reading> {
    let dims = tally.dims.iter();
    let figures = tally.figures.iter().map(|figure| &figure.column);
    let columns: Vec<Column> = dims.chain(figures).cloned().collect();
    let at = figure_among(&columns, question)?.checked_sub(tally.dims.len())?;
    tally.figures.get(at).map(|figure| figure.reading)
}

/// By row, what each is worth that is summed there, or of which the mean is taken: money, a time or
/// a number.
fn worths(tally: &Tally<'_>, mean: Option<usize>) -> BTreeMap<String, Vec<f64>> {
    let worth = |member: &Member| {
        let money = tally.money(*member).map(|money| money.minor);
        let number = || tally.number(*member);
        let time = || tally.elapsed(*member).map(|(micros, _)| micros);
        money.or_else(number).or_else(time).map(|own| own as f64)
    };
    let row = |(keys, counted): (&[Key], Counted<'_>)| {
        let members = counted.members(mean.unwrap_or(0)).iter();
        (name(keys), members.filter_map(worth).collect())
    };
    tally.sheet.rows().map(row).collect()
}

fn operands(tally: &Tally<'_>, plan: &Plan) -> Operands {
    let row = |(keys, row): (&[Key], Counted<'_>)| (name(keys), plan.operands(row, keys, tally));
    let rows: Vec<Counted<'_>> = tally.sheet.rows().map(|(_, row)| row).collect();
    let all = tally.together(&rows);
    Operands {
        rows: tally.sheet.rows().map(row).collect(),
        all: plan.operands(Counted::of(&all), &[], tally),
    }
}
