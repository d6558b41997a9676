//! What the difference of a metric between two periods is made of, segment by segment. The figures
//! are those that the metric gives for either period; how a difference is shared out is
//! `kernels::change`.

mod read;
mod shown;
mod sides;
mod terms;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use handfast_kernels::change::{self as kernel, Factor, Part, Segment, of_ratio, of_sum};
use handfast_kernels::metric::Metric;
use handfast_model::catalogue::{Formula, Reads, Takes};
use handfast_model::question::{Dimension, QuestionKind};
use handfast_model::rules::{DeclaredAttribute, ValueKind};
use handfast_model::{Answer, Cell, Column, ColumnKind, Day, Question, Refusal};

use super::super::ground::Ground;
use super::super::{Pick, tally};
use super::cells::{Made, Measure, figure_of, key, named, over_all, rows, scale_of, units};

use self::read::{per_day, read, shape_of};
use self::sides::{Side, Sides};
use self::terms::Terms;

/// A dimension of more values than these explains nothing that a reader could follow.
const READABLE: usize = 40;
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

    fn sides(&self, by: &[Dimension]) -> Result<Sides, Refusal> {
        let side = |is_after| {
            let question = self.asked(by.to_vec(), is_after);
            Side::of(tally(self.ground, &question, false)?, &question)
        };
        Ok(Sides::of(side(false)?, side(true)?, self.days()))
    }

    /// How many days either period has; alike, where each is looked at in one instant.
    fn days(&self) -> [f64; 2] {
        let is_dated = Metric::parse(self.metric).is_none_or(Metric::is_dated);
        let days = |(from, until): (Day, Day)| f64::from(until.0 - from.0);
        match self.question.period {
            Some(own) if is_dated => [days(self.against), days(own)],
            _ => [1.0, 1.0],
        }
    }

    /// The dimension that explains most of the difference by what is surprising about it.
    fn choose(&self) -> Result<Vec<Dimension>, Refusal> {
        let whole = Table::of(
            &self.sides(&[])?,
            &self.asked(Vec::new(), true),
            self.is_each(),
        );
        let is_parted = |whole: &Table| {
            // Such figures of segments do not come to that of the whole, and sums of unlike units
            // are none.
            !matches!(whole.shape, Shape::PerDay | Shape::Each) && whole.blocks.len() < 2
        };
        if !whole.as_ref().is_some_and(is_parted) {
            return Ok(Vec::new());
        }
        let mut best: Option<(f64, Dimension)> = None;
        for dim in self.candidates() {
            let by = vec![dim.clone()];
            // A metric that cannot be split by it is asked for by another.
            let Ok(sides) = self.sides(&by) else { continue };
            let Some(table) = Table::of(&sides, &self.asked(by, true), self.is_each()) else {
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

    /// Whether the figures of rows do not come to that of all, by what the catalogue says of them.
    fn is_each(&self) -> bool {
        let found = self.ground.charter.catalogue.find(self.metric);
        // One measure and nothing else is split as the measure is.
        let found = found.filter(|found| match (&found.formula, &found.measures[..]) {
            (Formula::Measure(_), [only]) => only.takes == Takes::Median,
            _ => true,
        });
        found.is_some_and(|found| match found.reads {
            Reads::Count | Reads::Money | Reads::Share | Reads::MoneyShare | Reads::MeanMoney => {
                false
            }
            Reads::Plain
            | Reads::MoneyEach
            | Reads::MoneyPerDay
            | Reads::Days
            | Reads::Hours
            | Reads::PerDay => true,
        })
    }

    fn candidates(&self) -> Vec<Dimension> {
        let charter = self.ground.charter;
        // Campaigns come and go by plan, so that their shares always move.
        let mut dims = vec![Dimension::Channel, Dimension::Rep, Dimension::Team];
        dims.extend((!charter.segments.is_empty()).then_some(Dimension::Segment));
        // Every number and date is nearly a value of its own.
        let names =
            |own: &&DeclaredAttribute| matches!(own.kind, ValueKind::Text | ValueKind::Bool);
        let attributes = charter.attributes.iter().filter(names).take(ATTRIBUTES);
        dims.extend(attributes.map(|own| Dimension::Attribute(own.subject, own.name.clone())));
        dims
    }

    fn answer(&self, by: Vec<Dimension>) -> Result<Answer, Refusal> {
        let sides = self.sides(&by)?;
        let question = self.asked(by.clone(), true);
        let Some(table) = Table::of(&sides, &question, self.is_each()) else {
            let [before, after] = sides.answers;
            if before.rows.is_empty() && after.rows.is_empty() {
                return Ok(after);
            }
            let title = format!("`{}` has no figure to compare", self.metric);
            return Err(Refusal::new("E0405", title).fix("ask it for each period with ask metric"));
        };
        let [_, after] = &sides.answers;
        let mut notes = vec![self.compared()];
        if self.question.by.is_empty() {
            notes.push(match table.blocks.len() {
                0 | 1 => self.chosen(&by),
                _ => "amounts of several currencies are not split: --by, or --currency".to_owned(),
            });
        }
        notes.extend(table.notes());
        notes.extend(after.notes.iter().cloned());
        // What differs there, as the rates that were needed.
        let [before, _] = &sides.answers;
        let others = before
            .notes
            .iter()
            .filter(|note| !after.notes.contains(note));
        notes.extend(others.map(|note| format!("the other period: {note}")));
        Ok(Answer {
            headline: None,
            columns: table.columns(),
            rows: table.lines(),
            totals: table.totals(),
            currency_totals: Vec::new(),
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
    /// How many members stand behind it, where that is told.
    counts: [Option<u64>; 2],
    /// What each that is summed is worth.
    worths: [Vec<f64>; 2],
    parts: Vec<Part>,
    /// Whether both sides have a value.
    is_parted: bool,
    /// What each measure of a formula adds to the difference.
    terms: Option<Vec<i128>>,
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
    /// Neither: each row's figure is its own.
    Each,
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
    /// The measures of a formula that is neither summed nor a quotient of sums.
    terms: Terms,
    /// How long either period is.
    days: [f64; 2],
    /// Whether each row's figure is the mean of its `worths`.
    is_mean_of_worths: bool,
}

/// The rows of one currency together.
struct Block {
    name: String,
    figures: [Cell; 2],
    change: i128,
    measure: Measure,
    terms: Option<Vec<i128>>,
}

impl Table {
    fn of(sides: &Sides, question: &Question, is_each: bool) -> Option<Table> {
        let [before, after] = &sides.answers;
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
        let shape = match shape_of(first, after) {
            shape if is_each && shape != Shape::PerDay => Shape::Each,
            // A mean that is read in hours does not say of how many it is.
            Shape::Count if sides.is_mean_of_worths => Shape::Each,
            shape => shape,
        };
        let found = all.into_iter().map(|(key, names)| {
            let found = tables.each_ref().map(|table| table.get(&key).copied());
            let worths = sides.worths.each_ref();
            let worths = worths.map(|worths| worths.get(&key).cloned().unwrap_or_default());
            Row {
                worths,
                ..row_of(names, found, (after, at, shape))
            }
        });
        let mut table = Table {
            rows: found.collect(),
            names: after.columns.iter().take(count).cloned().collect(),
            figure,
            measure,
            shape,
            blocks: Vec::new(),
            terms: Terms::default(),
            days: sides.days,
            is_mean_of_worths: sides.is_mean_of_worths,
        };
        table.settle(sides, at);
        table.rank();
        Some(table)
    }

    /// Shares the difference out among the rows, or in each among the measures of the formula.
    fn settle(&mut self, sides: &Sides, at: usize) {
        if !self.comes_to(&sides.answers, at) {
            self.shape = Shape::Each;
        }
        self.share_out();
        if self.shape == Shape::Each {
            self.take_totals(&sides.answers, at);
            self.take_terms(sides);
        }
    }

    /// Whether the rows come to what the answers say of all of them, where they say that.
    fn comes_to(&self, sides: &[Answer; 2], at: usize) -> bool {
        let segments: Vec<Segment> = self.rows.iter().map(|row| row.segment).collect();
        let all = sides.iter().enumerate();
        let mut told = all.filter_map(|(side, answer)| {
            let cell = answer.totals.as_ref()?.get(at)?;
            Some((side, units(cell, self.figure.kind)?.0))
        });
        let is_parted = !matches!(self.shape, Shape::PerDay | Shape::Each);
        told.all(|(side, told)| {
            let whole = self.whole(&segments, side, self.measure);
            let units = units(&whole, self.figure.kind);
            !is_parted || units.is_some_and(|(units, _)| units == told)
        })
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
            let parts = self.parts(&segments, &places, &figures, measure);
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
                terms: None,
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
            Shape::Count | Shape::Sum | Shape::PerDay | Shape::Each => Made::Sum,
            Shape::Share => Made::Share,
            Shape::Mean => Made::Mean,
        }
    }

    /// The parts of one whole; `None` where a side has no value.
    fn parts(
        &self,
        segments: &[Segment],
        places: &[usize],
        figures: &[Cell; 2],
        measure: Measure,
    ) -> Option<Vec<Part>> {
        match self.shape {
            Shape::PerDay => None,
            Shape::Each => Some(self.own_parts(places)),
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

    /// Each row's own difference, where both sides have a value.
    fn own_parts(&self, rows: &[usize]) -> Vec<Part> {
        let own = |row: &Row| {
            let [before, after] = &row.figures;
            let units = |cell: &Cell| units(cell, self.figure.kind).map(|(units, _)| units);
            Some(units(after)? - units(before)?)
        };
        let rows = rows.iter().enumerate();
        let parts = rows.filter_map(|(segment, place)| {
            Some(Part {
                segment,
                factor: Factor::Volume,
                units: own(self.rows.get(*place)?)?,
            })
        });
        parts.collect()
    }

    fn surprise(&self) -> Option<f64> {
        let segments: Vec<Segment> = self.rows.iter().map(|row| row.segment).collect();
        let changes: Vec<i128> = self.rows.iter().map(Row::change).collect();
        kernel::surprise(&segments, &changes)
    }
}

/// A row that is not there counts nothing; a share or a mean of it has no value.
fn empty(measure: Option<Measure>, made: Shape) -> Cell {
    match (measure, made) {
        (Some(measure), Shape::Count | Shape::Sum) => measure.cell(0),
        _ => Cell::Unknown,
    }
}

/// A segment of which either side may have no row; the figures stand in one column of an answer.
fn row_of(
    names: Vec<Cell>,
    sides: [Option<&Vec<Cell>>; 2],
    (of, at, shape): (&Answer, usize, Shape),
) -> Row {
    let kind = of
        .columns
        .get(at)
        .map_or(ColumnKind::Count, |column| column.kind);
    let [one, other] = sides.map(|row| read(row, of, at, shape));
    let parts = match shape {
        Shape::PerDay => per_day(sides, of, at, kind),
        _ => Vec::new(),
    };
    let either = one.figure.as_ref().or(other.figure.as_ref());
    let own = either.and_then(|cell| Some(units(cell, kind)?.1));
    let nothing = |cell: Option<Cell>| cell.unwrap_or_else(|| empty(own, shape));
    // Behind a row that is not there stands nobody.
    let behind = |row: Option<&Vec<Cell>>, count| if row.is_none() { Some(0) } else { count };
    let [before, after] = sides;
    Row {
        names,
        counts: [behind(before, one.count), behind(after, other.count)],
        segment: Segment {
            part: [one.part, other.part],
            whole: [one.whole, other.whole],
        },
        figures: [nothing(one.figure), nothing(other.figure)],
        is_parted: !parts.is_empty(),
        worths: [Vec::new(), Vec::new()],
        parts,
        terms: None,
    }
}
