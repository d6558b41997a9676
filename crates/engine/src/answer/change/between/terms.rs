//! What the difference of a formula is made of, measure by measure, where its value over all rows
//! is no sum of theirs and no quotient of such sums (decision 0041).

use handfast_kernels::change::of_formula;
use handfast_kernels::formula::Fraction;
use handfast_model::catalogue::{Definition, Formula, Takes};
use handfast_model::{Answer, Cell};

use super::super::cells::{Measure, in_one, units};
use super::sides::Sides;
use super::{Row, Table};

/// The measures of a formula.
#[derive(Clone, Default)]
pub(super) struct Terms {
    /// None of a metric that is no formula, or a formula of one measure.
    formula: Option<Formula>,
    /// By measure, the column of what it adds, and what that is.
    pub columns: Vec<(String, String)>,
    /// Whether it is the value in the middle, and nothing else.
    pub is_median: bool,
}

impl Terms {
    pub fn of(definition: &Definition, measures: Vec<String>) -> Terms {
        if let ([only], Formula::Measure(_)) = (&definition.measures[..], &definition.formula) {
            return Terms {
                is_median: only.takes == Takes::Median,
                ..Terms::default()
            };
        }
        let columns = definition.measures.iter().zip(measures);
        let columns = columns.map(|(one, means)| (format!("by_{}", one.name), means));
        Terms {
            formula: Some(definition.formula.clone()),
            columns: columns.collect(),
            is_median: false,
        }
    }
}

impl Table {
    /// What the answers say of all rows, which these do not come to.
    pub(super) fn take_totals(&mut self, sides: &[Answer; 2], at: usize) {
        let [block] = &mut self.blocks[..] else {
            return;
        };
        let totals = [0, 1].map(|side| {
            let totals = sides.get(side).and_then(|answer| answer.totals.as_ref());
            totals
                .and_then(|totals| totals.get(at).cloned())
                .unwrap_or(Cell::Unknown)
        });
        let [before, after] =
            [0, 1].map(|side| units(totals.get(side)?, self.figure.kind).map(|(units, _)| units));
        block.change = match (before, after) {
            (Some(before), Some(after)) => after - before,
            _ => 0,
        };
        block.figures = totals;
    }

    /// What each measure adds to the difference, in each row and in all of them.
    pub(super) fn take_terms(&mut self, sides: &Sides) {
        let Some(formula) = &sides.terms.formula else {
            self.terms.is_median = sides.terms.is_median;
            return;
        };
        let kind = self.figure.kind;
        let share = |operands: [&[Option<Fraction>]; 2], figures: &[Cell; 2], measure: Measure| {
            let [before, after] = figures.each_ref().map(|cell| units(cell, kind));
            of_formula(formula, operands, in_one(measure), after?.0 - before?.0)
        };
        let [before, after] = &sides.operands;
        let of = |row: &Row| {
            let key = super::key(&row.names);
            let operands = [
                before.rows.get(&key)?.as_slice(),
                after.rows.get(&key)?.as_slice(),
            ];
            share(operands, &row.figures, self.measure_of(row))
        };
        let found: Vec<Option<Vec<i128>>> = self.rows.iter().map(of).collect();
        let all = self.blocks.first().filter(|_| self.blocks.len() == 1);
        let all = all.and_then(|block| {
            share(
                [before.all.as_slice(), after.all.as_slice()],
                &block.figures,
                block.measure,
            )
        });
        for (row, terms) in self.rows.iter_mut().zip(found) {
            row.terms = terms;
        }
        if let Some(block) = self.blocks.first_mut() {
            block.terms = all;
        }
        self.terms = sides.terms.clone();
    }

    /// What each measure adds, as cells of a row.
    pub(super) fn term_cells(&self, terms: Option<&Vec<i128>>, measure: Measure) -> Vec<Cell> {
        let cell = |at: usize| {
            let units = terms.and_then(|terms| terms.get(at));
            units.map_or(Cell::Unknown, |units| measure.cell(*units))
        };
        (0..self.terms.columns.len()).map(cell).collect()
    }

    /// What a reader must know of them.
    pub(super) fn term_notes(&self) -> Vec<String> {
        if self.terms.is_median {
            let none = "a median has no parts: it is what the one in the middle took, and nobody's \
                        own time adds to it";
            return vec![none.to_owned()];
        }
        if self.terms.columns.is_empty() {
            return Vec::new();
        }
        let mut notes = vec![
            "what its measures add to a difference sums to it: the mean of all orders of change"
                .to_owned(),
        ];
        let is_told = |row: &&Row| row.is_parted && row.terms.is_none();
        let without = self.rows.iter().filter(is_told).count();
        if without > 0 {
            notes.push(format!(
                "rows without parts: {without}: with some measures as before and others as after, \
                 the formula has no value"
            ));
        }
        notes
    }
}
