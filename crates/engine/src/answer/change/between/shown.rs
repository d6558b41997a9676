//! A difference as an answer: its columns, its rows and what a reader must know of them.

use handfast_kernels::change::{self as kernel, Factor, Heap};
use handfast_model::money::grouped;
use handfast_model::{Cell, Column, ColumnKind};

use super::super::cells::{Measure, units};
use super::{Row, Shape, Table};

impl Table {
    pub(super) fn factors(&self) -> Vec<Factor> {
        match self.shape {
            Shape::Count | Shape::Each => Vec::new(),
            Shape::Sum => vec![Factor::Volume, Factor::Mix, Factor::Value],
            Shape::Share | Shape::Mean => vec![Factor::Mix, Factor::Rate],
            Shape::PerDay => vec![Factor::Volume, Factor::Value, Factor::Rate, Factor::Cycle],
        }
    }

    pub(super) fn columns(&self) -> Vec<Column> {
        let column = |id: &str, kind, unit: Option<&str>, means: &str| Column {
            id: id.to_owned(),
            kind,
            unit: unit.filter(|unit| !unit.is_empty()).map(str::to_owned),
            means: means.to_owned(),
        };
        let mut columns = self.names.clone();
        for (id, which) in [
            ("before", "the other period"),
            ("after", "the period asked for"),
        ] {
            let means = format!("{} of {which}", self.figure.id);
            columns.push(Column {
                id: id.to_owned(),
                means,
                ..self.figure.clone()
            });
        }
        let (kind, unit) = self.measure.kind();
        let own = self.figure.unit.as_deref().unwrap_or("");
        let unit = if unit.is_empty() { own } else { unit };
        let change = match self.shape {
            Shape::Share | Shape::Mean => "what it adds to the difference of the whole",
            _ => "after less before",
        };
        let change = match self.measure {
            Measure::Points => format!("{change}, in {unit}"),
            _ => change.to_owned(),
        };
        columns.push(column("change", kind, Some(unit), &change));
        for factor in self.factors() {
            columns.push(column(factor.word(), kind, Some(unit), self.means(factor)));
        }
        for (id, means) in &self.terms.columns {
            columns.push(column(id, kind, Some(unit), means));
        }
        let tells = match self.is_of_number_alone() {
            false => "no: too few to tell, or within what chance does",
            true => "no: too few to tell; what chance does is not looked at",
        };
        columns.push(column("tells", ColumnKind::Flag, None, tells));
        columns
    }

    pub(super) fn means(&self, factor: Factor) -> &'static str {
        match (factor, self.shape) {
            (Factor::Volume, Shape::PerDay) => "by more or fewer open deals",
            (Factor::Volume, _) => "by more or fewer of them at all",
            (Factor::Mix, _) => "by a larger or smaller share of the whole",
            (Factor::Rate, Shape::Mean) => "by a larger or smaller mean of its own",
            (Factor::Rate, _) => "by a higher or lower rate of its own",
            (Factor::Value, _) => "by what each is worth",
            (Factor::Cycle, _) => "by shorter or longer cycles",
        }
    }

    pub(super) fn lines(&self) -> Vec<Vec<Cell>> {
        let line = |row: &Row| {
            let mut cells = row.names.clone();
            cells.extend(row.figures.iter().cloned());
            let cell = |units| match row.is_parted {
                true => self.measure_of(row).cell(units),
                false => Cell::Unknown,
            };
            cells.push(cell(row.change()));
            let factors = self.factors().into_iter();
            cells.extend(factors.map(|factor| cell(row.part(factor))));
            cells.extend(self.term_cells(row.terms.as_ref(), self.measure_of(row)));
            cells.push(self.tells(row).map_or(Cell::NotApplicable, Cell::Flag));
            cells
        };
        self.rows.iter().map(line).collect()
    }

    /// Each row's money is in its own currency.
    pub(super) fn measure_of(&self, row: &Row) -> Measure {
        let of = |cell: &Cell| units(cell, self.figure.kind).map(|(_, measure)| measure);
        row.figures.iter().find_map(of).unwrap_or(self.measure)
    }

    /// Whether a row differs by more than chance; `None` where nobody says how many stand behind
    /// it.
    pub(super) fn tells(&self, row: &Row) -> Option<bool> {
        if self.is_mean_of_worths {
            let [before, after] = &row.worths;
            return Some(kernel::tells_means(before, after));
        }
        let [Some(before), Some(after)] = row.counts else {
            return None;
        };
        let share = |side: usize| {
            let of = |pair: &[i128; 2]| {
                let value = pair.get(side).copied().unwrap_or(0);
                u64::try_from(value).unwrap_or(0)
            };
            (of(&row.segment.part), of(&row.segment.whole))
        };
        Some(match self.shape {
            Shape::Each => return None,
            Shape::Count | Shape::Sum => {
                let [old, new] = [0, 1].map(|side| self.heap(row, side, [before, after]));
                kernel::tells_sums(&old, &new)
            }
            Shape::Share if !self.is_of_number_alone() => kernel::tells_shares(share(0), share(1)),
            _ => before >= kernel::ENOUGH && after >= kernel::ENOUGH,
        })
    }

    /// Whether nothing but how many stand behind a row is known of it: what each adds to a share of
    /// money, to a mean of what others are worth or to a velocity is not.
    fn is_of_number_alone(&self) -> bool {
        match self.shape {
            Shape::Count | Shape::Sum | Shape::Each => false,
            Shape::Share => self.figure.kind == ColumnKind::MoneyShare,
            Shape::Mean | Shape::PerDay => !self.is_mean_of_worths,
        }
    }

    /// What stands behind one side of a row.
    fn heap(&self, row: &Row, side: usize, counts: [u64; 2]) -> Heap {
        let days = self.days.get(side).copied().unwrap_or(0.0);
        let heap = Heap::of(counts.get(side).copied().unwrap_or(0), days);
        if self.shape != Shape::Sum {
            return heap;
        }
        let sum = row.segment.part.get(side).copied().unwrap_or(0) as f64;
        let worths = row.worths.get(side).into_iter().flatten();
        Heap {
            sum,
            squares: worths.map(|worth| worth * worth).sum(),
            ..heap
        }
    }

    pub(super) fn totals(&self) -> Option<Vec<Cell>> {
        let [block] = &self.blocks[..] else {
            return None;
        };
        if self.rows.len() < 2 || self.shape == Shape::PerDay {
            return None;
        }
        let [before, after] = block.figures.clone();
        let mut cells: Vec<Cell> = (0..self.names.len())
            .map(|at| Cell::Text(if at == 0 { "all" } else { "" }.to_owned()))
            .collect();
        cells.extend([before, after, block.measure.cell(block.change)]);
        for factor in self.factors() {
            let sum: i128 = self.rows.iter().map(|row| row.part(factor)).sum();
            cells.push(block.measure.cell(sum));
        }
        cells.extend(self.term_cells(block.terms.as_ref(), block.measure));
        cells.push(Cell::NotApplicable);
        Some(cells)
    }

    pub(super) fn notes(&self) -> Vec<String> {
        let own = match self.shape {
            // Of a single row there is nothing to say about others.
            Shape::Each if self.rows.len() < 2 => None,
            shape => Some(shape),
        };
        let own = own.map(|shape| match shape {
            Shape::Count => "the changes of all rows sum to the difference".to_owned(),
            Shape::Each => {
                "each row's change is its own: the figures of rows do not come to that of all"
                    .to_owned()
            }
            Shape::PerDay => {
                "each row's factors sum to its difference: the mean of all orders of change"
                    .to_owned()
            }
            _ => "factors and rows sum to the difference: the mean of all orders of change"
                .to_owned(),
        });
        let mut notes: Vec<String> = own.into_iter().chain(self.term_notes()).collect();
        let several = self.blocks.iter().filter(|_| self.blocks.len() > 1);
        for block in several.filter(|_| !matches!(self.shape, Shape::PerDay | Shape::Each)) {
            let figures = [0, 1].map(|side| {
                let cell = block.figures.get(side);
                cell.and_then(|cell| units(cell, self.figure.kind))
            });
            let [before, after] = figures.map(|figure| match figure {
                Some((units, measure)) => told(&measure.cell(units)),
                None => "no value".to_owned(),
            });
            let (name, change) = (&block.name, told(&block.measure.cell(block.change)));
            notes.push(format!(
                "{name} in all: {before} before, {after} after, {change}"
            ));
        }
        notes.extend(self.tells_notes());
        notes
    }

    /// What to know of the column `tells`.
    fn tells_notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.days[0] != self.days[1] && matches!(self.shape, Shape::Count | Shape::Sum) {
            let [before, after] = self.days;
            notes.push(format!(
                "the periods are not equally long ({after} and {before} days): `tells` compares \
                 them by day, `change` does not"
            ));
        }
        let told = self.rows.iter().filter_map(|row| self.tells(row)).count();
        if self.is_of_number_alone() && told > 0 {
            let what = "how many stand behind a row, not at what chance does";
            notes.push(format!(
                "`tells` looks at {what}: what each adds is not known"
            ));
        }
        let is_silent = |row: &&Row| self.tells(row) == Some(false);
        let silent = self.rows.iter().filter(is_silent).count();
        if silent > 0 {
            let (few, test) = (kernel::ENOUGH, self.test());
            notes.push(format!(
                "rows that do not tell: {silent} (fewer than {few}, {test})"
            ));
        }
        notes
    }

    /// What a row must pass besides being of enough.
    fn test(&self) -> &'static str {
        match self.shape {
            _ if self.is_mean_of_worths => {
                "or a difference of means whose 95 % interval spans nought"
            }
            Shape::Count | Shape::Sum => "or a difference that chance alone makes",
            Shape::Share if !self.is_of_number_alone() => {
                "or a difference of rates whose 95 % interval spans nought"
            }
            _ => "on either side",
        }
    }
}

/// A difference in a note.
fn told(cell: &Cell) -> String {
    match cell {
        Cell::Money(money) => money.shown(),
        Cell::Number(number) => grouped(&number.to_string()),
        Cell::Decimal(decimal) => decimal.to_string(),
        _ => "no value".to_owned(),
    }
}
