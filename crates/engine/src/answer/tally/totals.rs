//! Totals of a tally: rows together, all of them or those of one currency.

use std::collections::{BTreeMap, BTreeSet};

use handfast_kernels::flat::UNDATED;
use handfast_model::Cell;

use super::super::figure::{Memo, read};
use super::super::sheet::{self, Counts, Key, Member};
use super::Tally;

impl Tally<'_> {
    /// All rows together. Over rows of several currencies no amount is told, nor what rests on one:
    /// that of a column which happens to have a single one would pass for all.
    pub(super) fn total_row(&self) -> Vec<Cell> {
        let rows: Vec<_> = self.sheet.rows().map(|(_, row)| row).collect();
        let mut cells = self.total_of(&rows, None);
        let has_currency = self.dims.last().is_some_and(|last| last.id == "currency");
        let codes = self.sheet.rows().filter_map(|(keys, _)| keys.last());
        let codes: BTreeSet<&Key> = codes.filter(|key| matches!(key, Key::Text(_))).collect();
        for cell in cells.iter_mut().filter(|_| has_currency && codes.len() > 1) {
            if let Cell::Money(_) | Cell::MeanMoney(..) | Cell::MoneyShare { .. } = cell {
                *cell = Cell::Unknown;
            }
        }
        cells
    }

    /// Where each row has a currency of its own, the rows of each together.
    pub(super) fn currency_totals(&self) -> Vec<Vec<Cell>> {
        let named = self.dims.last().filter(|_| self.has_totals);
        if named.is_none_or(|last| last.id != "currency") {
            return Vec::new();
        }
        let mut rows: BTreeMap<&Key, Vec<sheet::Counted<'_>>> = BTreeMap::new();
        for (keys, row) in self.sheet.rows() {
            if let Some(currency @ Key::Text(_)) = keys.last() {
                rows.entry(currency).or_default().push(row);
            }
        }
        let is_told = rows.len() > 1 && rows.len() < self.sheet.row_count();
        let rows = rows.iter().filter(|_| is_told);
        rows.map(|(currency, rows)| self.total_of(rows, Some(currency)))
            .collect()
    }

    /// Rows together, all of one currency perhaps.
    fn total_of(&self, rows: &[sheet::Counted<'_>], currency: Option<&Key>) -> Vec<Cell> {
        let totals = self.together(rows);
        let counted = sheet::Counted::of(&totals);
        let mut memo = Memo::default();
        let keys = currency.map_or(&[][..], std::slice::from_ref);
        let figures = self.figures.iter();
        let figures = figures.map(|figure| read(figure.reading, counted, keys, self, &mut memo));
        total_names(self.dims.len(), currency)
            .chain(figures)
            .collect()
    }

    /// Rows together, counted afresh: at one instant a person or account may be in several stages,
    /// and counts once, where it has been longest.
    pub(in crate::answer) fn together(&self, rows: &[sheet::Counted<'_>]) -> Vec<sheet::Counts> {
        let mut together = self.sheet.together(rows);
        if self.looked_at.is_none() {
            return together;
        }
        let flat = self.ground.flat(self.question.unit);
        let row = |member: &Member| match member {
            Member::Stay(at) => flat.rows.get(*at as usize),
            _ => None,
        };
        let is_part = |column: &usize| self.parts.iter().flatten().any(|part| part == column);
        let apart = (0..together.len()).filter(|column| !is_part(column));
        let apart: Vec<Vec<usize>> = apart.map(|column| vec![column]).collect();
        // By unit: in which of several columns it counts, and as which member.
        let mut first = vec![None; flat.unit_count()];
        for columns in apart.iter().chain(&self.parts) {
            first.fill(None);
            let mut are_several = false;
            for (order, column) in columns.iter().enumerate() {
                let members = together.get(*column).map_or(&[][..], Counts::members);
                for (member, row) in members.iter().filter_map(|one| Some((one, row(one)?))) {
                    let since = (row.entered == UNDATED, row.entered);
                    let mine = Some((order, since, *member));
                    if let Some(known) = first.get_mut(row.unit as usize) {
                        are_several |= known.is_some();
                        if known.is_none() || mine < *known {
                            *known = mine;
                        }
                    }
                }
            }
            for (order, column) in columns.iter().enumerate().filter(|_| are_several) {
                let counts = together.get_mut(*column).into_iter();
                counts.for_each(|counts| {
                    counts.retain(|member| {
                        let unit = row(member).and_then(|row| first.get(row.unit as usize));
                        let told = unit.copied().flatten();
                        told.is_none_or(|(of, _, told)| (of, told) == (order, *member))
                    });
                });
            }
        }
        together
    }
}

/// The first cells of a total, all of one currency perhaps, which stands in the last of them.
pub(in crate::answer) fn total_names(
    dims: usize,
    currency: Option<&Key>,
) -> impl Iterator<Item = Cell> {
    (0..dims).map(move |at| match (at, currency) {
        (0, _) => Cell::Text("all".to_owned()),
        (at, Some(currency)) if at + 1 == dims => currency.cell(),
        _ => Cell::Text(String::new()),
    })
}
