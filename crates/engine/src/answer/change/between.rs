//! What the difference of a metric between two periods is made of, segment by segment. The figures
//! are those that the metric gives for either period; how a difference is shared out is
//! `kernels::change`.

mod read;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use handfast_kernels::change::{self as kernel, Factor, Part, Segment, of_ratio, of_sum};
use handfast_model::question::{Dimension, QuestionKind};
use handfast_model::{Answer, Cell, Column, ColumnKind, Day, Question, Refusal};

use super::super::ground::Ground;
use super::super::{Pick, tally};
use super::cells::{Made, Measure, figure_of, key, named, over_all, rows, scale_of, units};

use self::read::{per_day, read, shape_of};

/// A dimension of more values than these explains nothing that a reader could follow.
const READABLE: usize = 200;
/// How many declared attributes are tried as dimensions.
const ATTRIBUTES: usize = 8;

/// Answers the question, or lists the records behind one side of it.
pub fn between(
    ground: &Ground<'_>,
    question: &Question,
    (metric, against): (&str, (Day, Day)),
    pick: Option<&Pick>,
) -> Result<Answer, Refusal> {
    let desk = Desk {
        ground,
        question,
        metric,
        against,
    };
    let by = match question.by.is_empty() {
        true => desk.choose()?,
        false => question.by.clone(),
    };
    match pick {
        Some(pick) => desk.records(by, pick),
        None => desk.answer(by),
    }
}

struct Desk<'a> {
    ground: &'a Ground<'a>,
    question: &'a Question,
    metric: &'a str,
    against: (Day, Day),
}

impl Desk<'_> {
    /// The metric in the other period, or in the question's own.
    fn asked(&self, by: Vec<Dimension>, is_after: bool) -> Question {
        let own = self.question.period;
        Question {
            kind: QuestionKind::Metric(self.metric.to_owned()),
            by,
            period: if is_after { own } else { Some(self.against) },
            ..self.question.clone()
        }
    }

    fn sides(&self, by: &[Dimension]) -> Result<[Answer; 2], Refusal> {
        let side = |is_after| {
            let question = self.asked(by.to_vec(), is_after);
            tally(self.ground, &question, false)?.answer()
        };
        Ok([side(false)?, side(true)?])
    }

    /// The dimension that explains most of the difference by what is surprising about it.
    fn choose(&self) -> Result<Vec<Dimension>, Refusal> {
        let whole = Table::of(&self.sides(&[])?, &self.asked(Vec::new(), true));
        if whole.is_none_or(|whole| whole.shape == Shape::PerDay) {
            // The velocities of segments do not sum to that of the whole.
            return Ok(Vec::new());
        }
        let mut best: Option<(f64, Dimension)> = None;
        for dim in self.candidates() {
            let by = vec![dim.clone()];
            // A metric that cannot be split by it is asked for by another.
            let Ok(sides) = self.sides(&by) else { continue };
            let Some(table) = Table::of(&sides, &self.asked(by, true)) else {
                continue;
            };
            let surprise = table.surprise();
            if table.rows.len() <= READABLE
                && surprise.is_some_and(|own| best.as_ref().is_none_or(|(most, _)| own > *most))
            {
                best = surprise.map(|own| (own, dim));
            }
        }
        Ok(best.map(|(_, dim)| dim).into_iter().collect())
    }

    fn candidates(&self) -> Vec<Dimension> {
        let charter = self.ground.charter;
        // Campaigns come and go by plan, so that their shares always move.
        let mut dims = vec![Dimension::Channel, Dimension::Rep, Dimension::Team];
        dims.extend((!charter.segments.is_empty()).then_some(Dimension::Segment));
        let attributes = charter.attributes.iter().take(ATTRIBUTES);
        dims.extend(attributes.map(|own| Dimension::Attribute(own.subject, own.name.clone())));
        dims
    }

    fn answer(&self, by: Vec<Dimension>) -> Result<Answer, Refusal> {
        let sides = self.sides(&by)?;
        let question = self.asked(by.clone(), true);
        let Some(table) = Table::of(&sides, &question) else {
            let [before, after] = sides;
            if before.rows.is_empty() && after.rows.is_empty() {
                return Ok(after);
            }
            let title = format!("`{}` has no figure to compare", self.metric);
            return Err(Refusal::new("E0405", title).fix("ask it for each period with ask metric"));
        };
        let [_, after] = &sides;
        let mut notes = vec![self.compared()];
        if self.question.by.is_empty() {
            notes.push(self.chosen(&by));
        }
        notes.extend(table.notes());
        notes.extend(after.notes.iter().cloned());
        Ok(Answer {
            columns: table.columns(),
            rows: table.lines(),
            totals: table.totals(),
            issues: after.issues.clone(),
            notes,
            lineage: after.lineage.clone(),
        })
    }

    fn compared(&self) -> String {
        let (from, until) = self.against;
        let own = self.question.period;
        let own = own.map_or(String::new(), |(from, until)| format!("{from}..{until}"));
        format!("{own} compared with {from}..{until}")
    }

    fn chosen(&self, by: &[Dimension]) -> String {
        let tried: Vec<String> = self.candidates().iter().map(Dimension::text).collect();
        let tried = tried.join(", ");
        match by.first() {
            Some(dim) => format!(
                "split by {}, whose shares moved most where most of the difference is; of {tried}",
                dim.text()
            ),
            None => format!("no dimension explains two thirds of the difference; of {tried}"),
        }
    }

    fn records(&self, by: Vec<Dimension>, pick: &Pick) -> Result<Answer, Refusal> {
        let is_after = match pick.column.as_str() {
            "before" => false,
            "after" => true,
            other => {
                let title = format!("this answer has no records behind `{other}`");
                return Err(Refusal::new("E0409", title).fix("--records before, or after"));
            }
        };
        let question = self.asked(by, is_after);
        let tally = tally(self.ground, &question, true)?;
        let answer = tally.answer()?;
        let at = figure_of(&answer, &question);
        let column = at
            .and_then(|at| answer.columns.get(at))
            .map(|column| column.id.clone());
        let again = super::super::tally(self.ground, &question, true)?;
        again.records(&column.unwrap_or_default(), &pick.row)
    }
}

/// One segment on both sides.
struct Row {
    names: Vec<Cell>,
    figures: [Cell; 2],
    /// What is summed and over what, as far as the figure is of such.
    segment: Segment,
    /// How many members stand behind it.
    counts: [u64; 2],
    parts: Vec<Part>,
    /// Whether both sides have a value.
    is_parted: bool,
}

impl Row {
    fn change(&self) -> i128 {
        self.parts.iter().map(|part| part.units).sum()
    }

    fn part(&self, factor: Factor) -> i128 {
        let parts = self.parts.iter().filter(|part| part.factor == factor);
        parts.map(|part| part.units).sum()
    }
}

/// What a figure is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// How many, or a sum of which nothing more is known.
    Count,
    /// A sum of so many.
    Sum,
    /// A part of a whole.
    Share,
    /// A sum over a count.
    Mean,
    /// Money per day, of four factors.
    PerDay,
}

/// The difference, segment by segment.
struct Table {
    rows: Vec<Row>,
    names: Vec<Column>,
    figure: Column,
    measure: Measure,
    shape: Shape,
    /// What the rows of each currency come to.
    blocks: Vec<Block>,
}

/// The rows of one currency together.
struct Block {
    name: String,
    figures: [Cell; 2],
    change: i128,
    measure: Measure,
}

impl Table {
    fn of(sides: &[Answer; 2], question: &Question) -> Option<Table> {
        let [before, after] = sides;
        let at = figure_of(after, question)?;
        let (figure, count) = (after.columns.get(at)?.clone(), named(after));
        let tables = [rows(before), rows(after)];
        let mut all: BTreeMap<String, Vec<Cell>> = BTreeMap::new();
        for row in before.rows.iter().chain(&after.rows) {
            let names = row.get(..count).unwrap_or(row).to_vec();
            all.insert(key(&names), names);
        }
        let cells = before
            .rows
            .iter()
            .chain(&after.rows)
            .filter_map(|row| row.get(at));
        let mut measured = cells.filter_map(|cell| Some((cell, units(cell, figure.kind)?.1)));
        let (first, measure) = measured.next()?;
        let shape = shape_of(first, after);
        let mut found: Vec<Row> = Vec::new();
        for (key, names) in all {
            let row = |side: usize| tables.get(side).and_then(|table| table.get(&key).copied());
            let read = |side: usize| read(row(side), after, at, shape);
            let (one, other) = (read(0), read(1));
            let parts = match shape {
                Shape::PerDay => per_day([row(0), row(1)], after, at, figure.kind),
                _ => Vec::new(),
            };
            let either = one.figure.as_ref().or(other.figure.as_ref());
            let own = either.and_then(|cell| Some(units(cell, figure.kind)?.1));
            let nothing = |cell: Option<Cell>| cell.unwrap_or_else(|| empty(own, shape));
            found.push(Row {
                names,
                figures: [nothing(one.figure), nothing(other.figure)],
                segment: Segment {
                    part: [one.part, other.part],
                    whole: [one.whole, other.whole],
                },
                counts: [one.count, other.count],
                is_parted: !parts.is_empty(),
                parts,
            });
        }
        let mut table = Table {
            rows: found,
            names: after.columns.iter().take(count).cloned().collect(),
            figure,
            measure,
            shape,
            blocks: Vec::new(),
        };
        table.share_out();
        table.rank();
        Some(table)
    }

    /// The rows of one currency are one whole.
    fn share_out(&mut self) {
        let mut blocks: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (place, row) in self.rows.iter().enumerate() {
            blocks.entry(self.currency(row)).or_default().push(place);
        }
        for (name, places) in blocks {
            let rows = || places.iter().filter_map(|place| self.rows.get(*place));
            let measure = rows()
                .next()
                .map_or(self.measure, |row| self.measure_of(row));
            let segments: Vec<Segment> = rows().map(|row| row.segment).collect();
            let figures = [0, 1].map(|side| self.whole(&segments, side, measure));
            let parts = self.parts(&segments, &figures, measure);
            for part in parts.into_iter().flatten() {
                let place = places.get(part.segment);
                if let Some(row) = place.and_then(|place| self.rows.get_mut(*place)) {
                    row.parts.push(part);
                    row.is_parted = true;
                }
            }
            let change = places.iter().filter_map(|place| self.rows.get(*place));
            self.blocks.push(Block {
                change: change.map(Row::change).sum(),
                name,
                figures,
                measure,
            });
        }
        self.blocks
            .sort_by_key(|block| Reverse(block.change.unsigned_abs()));
    }

    /// Of the currency that changed most first, and in it what changed most.
    fn rank(&mut self) {
        let rank = |row: &Row| {
            let currency = self.currency(row);
            self.blocks.iter().position(|block| block.name == currency)
        };
        let rows = self.rows.iter().enumerate();
        let mut order: Vec<_> = rows
            .map(|(place, row)| {
                let size = Reverse(row.change().unsigned_abs());
                (rank(row), size, key(&row.names), place)
            })
            .collect();
        order.sort();
        let mut rows: Vec<Option<Row>> = self.rows.drain(..).map(Some).collect();
        let ranked = order
            .into_iter()
            .filter_map(|(_, _, _, place)| rows.get_mut(place)?.take());
        self.rows = ranked.collect();
    }

    fn currency(&self, row: &Row) -> String {
        let has_currency = self
            .names
            .last()
            .is_some_and(|column| column.id == "currency");
        match row.names.last() {
            Some(Cell::Text(code)) if has_currency => code.clone(),
            _ => String::new(),
        }
    }

    /// The figure over all segments of one side.
    fn whole(&self, segments: &[Segment], side: usize, measure: Measure) -> Cell {
        let of = |pair: &[i128; 2]| pair.get(side).copied().unwrap_or(0);
        let part: i128 = segments.iter().map(|one| of(&one.part)).sum();
        let whole: i128 = segments.iter().map(|one| of(&one.whole)).sum();
        over_all(measure, self.figure.kind, self.made(), (part, whole))
    }

    fn made(&self) -> Made {
        match self.shape {
            Shape::Count | Shape::Sum | Shape::PerDay => Made::Sum,
            Shape::Share => Made::Share,
            Shape::Mean => Made::Mean,
        }
    }

    /// The parts of one whole; `None` where a side has no value.
    fn parts(
        &self,
        segments: &[Segment],
        figures: &[Cell; 2],
        measure: Measure,
    ) -> Option<Vec<Part>> {
        match self.shape {
            Shape::PerDay => None,
            Shape::Sum => Some(of_sum(segments)),
            Shape::Count => {
                let all = segments.iter().enumerate();
                let parts = all.map(|(segment, one)| Part {
                    segment,
                    factor: Factor::Volume,
                    units: one.part[1] - one.part[0],
                });
                Some(parts.collect())
            }
            Shape::Share | Shape::Mean => {
                let [before, after] =
                    [0, 1].map(|side| units(figures.get(side)?, self.figure.kind));
                let difference = after?.0 - before?.0;
                of_ratio(segments, scale_of(measure), difference)
            }
        }
    }

    fn factors(&self) -> Vec<Factor> {
        match self.shape {
            Shape::Count => Vec::new(),
            Shape::Sum => vec![Factor::Volume, Factor::Mix, Factor::Value],
            Shape::Share | Shape::Mean => vec![Factor::Mix, Factor::Rate],
            Shape::PerDay => vec![Factor::Volume, Factor::Value, Factor::Rate, Factor::Cycle],
        }
    }

    fn surprise(&self) -> Option<f64> {
        let segments: Vec<Segment> = self.rows.iter().map(|row| row.segment).collect();
        let changes: Vec<i128> = self.rows.iter().map(Row::change).collect();
        kernel::surprise(&segments, &changes)
    }

    fn columns(&self) -> Vec<Column> {
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
        let change = match self.shape {
            Shape::Share | Shape::Mean => "what it adds to the difference of the whole",
            _ => "after less before",
        };
        columns.push(column("change", kind, Some(unit), change));
        for factor in self.factors() {
            columns.push(column(factor.word(), kind, Some(unit), self.means(factor)));
        }
        let tells = "no: too few to tell, or within what chance does";
        columns.push(column("tells", ColumnKind::Flag, None, tells));
        columns
    }

    fn means(&self, factor: Factor) -> &'static str {
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

    fn lines(&self) -> Vec<Vec<Cell>> {
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
            cells.push(Cell::Flag(self.tells(row)));
            cells
        };
        self.rows.iter().map(line).collect()
    }

    /// Each row's money is in its own currency.
    fn measure_of(&self, row: &Row) -> Measure {
        let of = |cell: &Cell| units(cell, self.figure.kind).map(|(_, measure)| measure);
        row.figures.iter().find_map(of).unwrap_or(self.measure)
    }

    fn tells(&self, row: &Row) -> bool {
        let [before, after] = row.counts;
        let share = |side: usize| {
            let of = |pair: &[i128; 2]| {
                let value = pair.get(side).copied().unwrap_or(0);
                u64::try_from(value).unwrap_or(0)
            };
            (of(&row.segment.part), of(&row.segment.whole))
        };
        match self.shape {
            Shape::Count | Shape::Sum => kernel::tells_counts(before, after),
            Shape::Share if self.measure == Measure::Points && before == share(0).1 => {
                kernel::tells_shares(share(0), share(1))
            }
            _ => before >= kernel::ENOUGH && after >= kernel::ENOUGH,
        }
    }

    fn totals(&self) -> Option<Vec<Cell>> {
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
        cells.push(Cell::NotApplicable);
        Some(cells)
    }

    fn notes(&self) -> Vec<String> {
        let silent = self.rows.iter().filter(|row| !self.tells(row)).count();
        let mut notes = vec![match self.shape {
            Shape::Count => "the changes of all rows sum to the difference".to_owned(),
            Shape::PerDay => {
                "each row's factors sum to its difference: the mean of all orders of change"
                    .to_owned()
            }
            _ => "factors and rows sum to the difference: the mean of all orders of change"
                .to_owned(),
        }];
        let several = self.blocks.iter().filter(|_| self.blocks.len() > 1);
        for block in several.filter(|_| self.shape != Shape::PerDay) {
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
        if silent > 0 {
            let few = kernel::ENOUGH;
            let test = match self.shape {
                Shape::Count | Shape::Sum => "or a difference of counts that chance alone makes",
                Shape::Share => "or a difference of rates whose 95 % interval spans nought",
                _ => "on either side",
            };
            notes.push(format!(
                "rows that do not tell: {silent} (fewer than {few}, {test})"
            ));
        }
        notes
    }
}

/// A difference in a note.
fn told(cell: &Cell) -> String {
    match cell {
        Cell::Money(money) => money.to_string(),
        Cell::Number(number) => number.to_string(),
        Cell::Decimal(decimal) => decimal.to_string(),
        _ => "no value".to_owned(),
    }
}

/// A row that is not there counts nothing; a share or a mean of it has no value.
fn empty(measure: Option<Measure>, made: Shape) -> Cell {
    match (measure, made) {
        (Some(measure), Shape::Count | Shape::Sum) => measure.cell(0),
        _ => Cell::Unknown,
    }
}
