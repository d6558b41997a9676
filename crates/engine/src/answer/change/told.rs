//! The causes of a change as an answer: what was told then, what each cause added, what is told
//! now, and the first record that differs.

use std::collections::BTreeMap;

use handfast_kernels::causes::Cause;
use handfast_model::{Answer, Cell, Column, ColumnKind, Question, many};

use super::Why;
use super::cells::{Measure, figure_of, key, named, rows, units};

/// The table of a change between two moments of knowing.
pub fn answer(why: &Why, question: &Question) -> Answer {
    let now = why.now();
    let Some(at) = figure_of(now, question) else {
        return now.clone();
    };
    let book = Book {
        why,
        names: named(now),
        at,
    };
    let mut groups = book.groups();
    groups.sort_by_key(|group| std::cmp::Reverse(group.total().unwrap_or(0).unsigned_abs()));
    // Records are those of all rows; a currency's are told by their amounts.
    let is_by_currency = book.names == 1 && question.by.is_empty() && book.has_currency();
    let is_one = groups.len() == 1 || is_by_currency;
    let unchanged = groups.iter().filter(|group| !group.has_changed()).count();
    if groups.len() > 1 {
        groups.retain(Group::has_changed);
    }
    let measure = groups.iter().find_map(|group| group.measure);
    let mut notes = book.notes();
    if groups.len() > 1 && unchanged > 0 {
        let unchanged = many(unchanged as u64, "row");
        notes.push(format!("left out: {unchanged} without a change"));
    }
    Answer {
        headline: None,
        columns: book.columns(measure, is_one),
        rows: groups
            .iter()
            .flat_map(|group| book.lines(group, is_one))
            .collect(),
        totals: None,
        currency_totals: Vec::new(),
        issues: now.issues.clone(),
        notes,
        lineage: now.lineage.clone(),
    }
}

/// One row of the question and its figure on the way.
struct Group {
    names: Vec<Cell>,
    /// As of then, and after each cause.
    figures: Vec<Cell>,
    units: Vec<Option<i128>>,
    measure: Option<Measure>,
}

impl Group {
    fn has_changed(&self) -> bool {
        let mut pairs = self.figures.iter().zip(self.figures.iter().skip(1));
        pairs.any(|(before, after)| before != after)
    }

    fn total(&self) -> Option<i128> {
        Some((*self.units.last()?)? - (*self.units.first()?)?)
    }

    fn change(&self, step: usize) -> Option<i128> {
        let of = |at: usize| self.units.get(at).copied().flatten();
        Some(of(step + 1)? - of(step)?)
    }

    fn cell(&self, change: Option<i128>) -> Cell {
        let cell = change
            .zip(self.measure)
            .map(|(units, measure)| measure.cell(units));
        cell.unwrap_or(Cell::Unknown)
    }
}

struct Book<'a> {
    why: &'a Why,
    names: usize,
    at: usize,
}

impl Book<'_> {
    /// Whether the last name of a row is its currency.
    fn has_currency(&self) -> bool {
        let last = self.names.checked_sub(1);
        let last = last.and_then(|at| self.why.now().columns.get(at));
        last.is_some_and(|column| column.id == "currency")
    }

    fn answers(&self) -> impl Iterator<Item = &Answer> {
        let later = self.why.steps.iter().map(|step| &step.answer);
        std::iter::once(&self.why.then).chain(later)
    }

    /// The rows of all answers, in the order in which they are first told.
    fn groups(&self) -> Vec<Group> {
        let mut found: Vec<Vec<Cell>> = Vec::new();
        for row in self.answers().flat_map(|answer| &answer.rows) {
            let names = row.get(..self.names).unwrap_or(row).to_vec();
            if !found.contains(&names) {
                found.push(names);
            }
        }
        let tables: Vec<BTreeMap<String, &Vec<Cell>>> = self.answers().map(rows).collect();
        let kind = self
            .why
            .now()
            .columns
            .get(self.at)
            .map(|column| column.kind);
        let kind = kind.unwrap_or(ColumnKind::Count);
        let group = |names: Vec<Cell>| {
            let key = key(&names);
            let figure = |table: &BTreeMap<String, &Vec<Cell>>| {
                let row = table.get(&key)?;
                row.get(self.at).cloned()
            };
            let told: Vec<Option<Cell>> = tables.iter().map(figure).collect();
            let measured = told.iter().flatten().find_map(|cell| units(cell, kind));
            let measure = measured.map(|(_, measure)| measure);
            // A row that is not there counts nothing; a share or a mean of it has no value.
            let nothing = match measure {
                Some(measure @ (Measure::Count | Measure::Money(_))) => measure.cell(0),
                _ => Cell::Unknown,
            };
            let figures = told.into_iter();
            let figures: Vec<Cell> = figures
                .map(|cell| cell.unwrap_or_else(|| nothing.clone()))
                .collect();
            let units = figures
                .iter()
                .map(|cell| Some(units(cell, kind)?.0))
                .collect();
            Group {
                names,
                figures,
                units,
                measure,
            }
        };
        found.into_iter().map(group).collect()
    }

    fn columns(&self, measure: Option<Measure>, is_one: bool) -> Vec<Column> {
        let now = self.why.now();
        let mut columns: Vec<Column> = now.columns.iter().take(self.names).cloned().collect();
        let column = |id: &str, kind, unit: Option<&str>, means: &str| Column {
            id: id.to_owned(),
            kind,
            unit: unit.filter(|unit| !unit.is_empty()).map(str::to_owned),
            means: means.to_owned(),
        };
        columns.push(column(
            "cause",
            ColumnKind::Text,
            None,
            "taken in one after another",
        ));
        let (kind, unit) = measure.unwrap_or(Measure::Count).kind();
        columns.push(column("change", kind, Some(unit), "what the cause added"));
        columns.extend(now.columns.get(self.at).cloned());
        let facts = "facts known at only one of the two moments";
        columns.push(column("facts", ColumnKind::Count, Some("fact"), facts));
        if is_one {
            let means = "records behind the figure that differ by it";
            columns.push(column("records", ColumnKind::Count, Some("record"), means));
            columns.push(column("first", ColumnKind::Text, None, "the first of them"));
        }
        columns
    }

    fn lines(&self, group: &Group, is_one: bool) -> Vec<Vec<Cell>> {
        let mut lines = Vec::new();
        let steps = &self.why.steps;
        let line = |cause: &str, change: Cell, figure: usize, facts: Cell| {
            let mut cells = group.names.clone();
            cells.push(Cell::Text(cause.to_owned()));
            cells.push(change);
            cells.extend(group.figures.get(figure).cloned());
            cells.push(facts);
            cells
        };
        let none = || [Cell::NotApplicable, Cell::NotApplicable];
        let mut first = line("as told then", Cell::NotApplicable, 0, Cell::NotApplicable);
        first.extend(none().into_iter().filter(|_| is_one));
        lines.push(first);
        for (at, step) in steps.iter().enumerate() {
            let before = match at.checked_sub(1) {
                None => self.why.records.as_ref(),
                Some(before) => steps.get(before).and_then(|step| step.records.as_ref()),
            };
            let currency = match group.names.last() {
                Some(Cell::Text(code)) if is_one && self.has_currency() => Some(code.as_str()),
                _ => None,
            };
            let (count, told) = differing(before, step.records.as_ref(), currency);
            let is_same = group.figures.get(at) == group.figures.get(at + 1);
            if !is_one && is_same {
                continue;
            }
            let change = group.cell(group.change(at));
            let mut cells = line(step.cause.word(), change, at + 1, Cell::Count(step.facts));
            let told = told.map_or(Cell::NotApplicable, Cell::Text);
            cells.extend([Cell::Count(count), told].into_iter().filter(|_| is_one));
            lines.push(cells);
        }
        let change = group.cell(group.total());
        let mut last = line("as told now", change, steps.len(), Cell::NotApplicable);
        last.extend(none().into_iter().filter(|_| is_one));
        lines.push(last);
        lines
    }

    fn notes(&self) -> Vec<String> {
        let (then, now) = (&self.why.then.lineage, &self.why.now().lineage);
        let mut notes = vec![format!(
            "as told at ledger {} and at ledger {}; the causes in between are taken in by this \
             order, and what they change sums to the difference",
            then.seq, now.seq
        )];
        let causes = self.why.steps.iter().map(|step| step.cause);
        notes.extend(causes.map(|cause| format!("{}: {}", cause.word(), cause.means())));
        if self.why.steps.is_empty() {
            notes.push("nothing was learned or defined in between".to_owned());
        }
        let is_charter = |cause: Cause| cause == Cause::Definition;
        if self.why.steps.iter().any(|step| is_charter(step.cause)) {
            notes.push(format!(
                "the charter was {} then and is {} now",
                short(&then.charter),
                short(&now.charter)
            ));
        }
        notes
    }
}

fn short(hash: &str) -> &str {
    let hash = hash.split(':').next_back().unwrap_or(hash);
    hash.get(..12).unwrap_or(hash)
}

/// How many records are in one of two lists and not as they are in the other, each once; and the
/// first of them, as it was and as it is.
fn differing(
    before: Option<&Answer>,
    after: Option<&Answer>,
    currency: Option<&str>,
) -> (u64, Option<String>) {
    let (Some(before), Some(after)) = (before, after) else {
        return (0, None);
    };
    // Two records may say the same: each has one of the other list for itself.
    let only = |of: &Answer, other: &Answer| -> Vec<Vec<Cell>> {
        let mut others: BTreeMap<String, usize> = BTreeMap::new();
        for row in &other.rows {
            *others.entry(said(row, other)).or_default() += 1;
        }
        let mut is_there = |row: &[Cell]| {
            let left = others.get_mut(&said(row, of)).filter(|left| **left > 0);
            left.map(|left| *left -= 1).is_some()
        };
        let is_here = |row: &[Cell]| {
            let amount = cell(row, of, "amount");
            currency.is_none_or(|code| amount.is_some_and(|own| own.ends_with(code)))
        };
        let rows = of.rows.iter().filter(|row| !is_there(row) && is_here(row));
        rows.cloned().collect()
    };
    let (gone, come) = (only(before, after), only(after, before));
    let name = |row: &[Cell], of: &Answer| (cell(row, of, "buyer"), cell(row, of, "deal"));
    let mut by_name: BTreeMap<_, Vec<&Vec<Cell>>> = BTreeMap::new();
    for row in gone.iter().rev() {
        by_name.entry(name(row, before)).or_default().push(row);
    }
    let mut was = |row: &Vec<Cell>| by_name.get_mut(&name(row, after))?.pop();
    let was: Vec<Option<&Vec<Cell>>> = come.iter().map(&mut was).collect();
    let both = was.iter().flatten().count();
    let count = (gone.len() + come.len()).saturating_sub(both) as u64;
    let first = match (come.first().zip(was.first()), gone.first()) {
        (Some((now, was)), _) => Some(match was {
            Some(was) => format!(
                "{}, was {}",
                shown(now, after),
                told(was, before).unwrap_or_else(|| "otherwise".to_owned())
            ),
            None => format!("{}, was not there", shown(now, after)),
        }),
        (None, Some(was)) => Some(format!("{}, is no more", shown(was, before))),
        (None, None) => None,
    };
    (count, first)
}

/// What a record says, wherever it stands.
fn said(row: &[Cell], of: &Answer) -> String {
    let cells = of.columns.iter().zip(row);
    let said = cells.filter(|(column, _)| !["source", "file", "line"].contains(&&*column.id));
    format!("{:?}", said.map(|(_, cell)| cell).collect::<Vec<_>>())
}

fn cell(row: &[Cell], of: &Answer, id: &str) -> Option<String> {
    let at = of.columns.iter().position(|column| column.id == id)?;
    match row.get(at)? {
        Cell::Text(text) => Some(text.clone()),
        Cell::Day(day) => Some(day.to_string()),
        Cell::Count(count) => Some(count.to_string()),
        _ => None,
    }
}

/// What a record says: how it stands, and its amount.
fn told(row: &[Cell], of: &Answer) -> Option<String> {
    let parts = ["ended", "amount"].map(|id| cell(row, of, id));
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// A record by its deal, else its buyer, what it says, and where that stands.
fn shown(row: &[Cell], of: &Answer) -> String {
    let who = cell(row, of, "deal").or_else(|| cell(row, of, "buyer"));
    let mut text = who.unwrap_or_else(|| "a record".to_owned());
    if let Some(told) = told(row, of) {
        text += &format!(" {told}");
    }
    let place = cell(row, of, "file").zip(cell(row, of, "line"));
    if let Some((file, line)) = place {
        text += &format!(" ({file}:{line})");
    }
    text
}
