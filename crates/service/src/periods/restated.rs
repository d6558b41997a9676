//! Restatements: each figure of a closed period that is another one now, with the causes of it.

use std::collections::{BTreeMap, BTreeSet};

use handfast_engine::answer::change::{Asking, Difference, Why, differences};
use handfast_kernels::causes::Cause;
use handfast_model::question::AsOf;
use handfast_model::question_text::parse;
use handfast_model::{Answer, Cell, Instant, Money, Question, Refusal, Seq};

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
    pub means: String,
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
    let named = |one: &&Close| label.is_none_or(|label| one.goes_by(label));
    let asked: Vec<&Close> = all.iter().filter(open).filter(named).collect();
    if let (Some(label), []) = (label, asked.as_slice()) {
        return Err(not_closed(book, label, &all));
    }
    let now = agree::fixed(book, AsOf::Latest)?;
    let mut found = Vec::new();
    for kept in by_ground(book, &asked)?.values() {
        let Some(first) = kept.first() else { continue };
        let questions = kept.iter().map(|one| Question {
            as_of: AsOf::Seq(now.0),
            charter: now.1.clone(),
            ..one.then.clone()
        });
        let questions: Vec<Question> = questions.collect();
        let before = (AsOf::Seq(first.close.as_of), first.then.charter.as_deref());
        let whys = whys(book, &questions.iter().collect::<Vec<_>>(), before)?;
        for (one, why) in kept.iter().zip(&whys) {
            let period = one.close.called(&all);
            let told = match why {
                Ok(why) => of_metric((period.as_str(), one.kept), why),
                Err(refusal) => vec![lost(&period, one.kept, refusal)],
            };
            found.extend(told.into_iter().map(|told| (one.place, told)));
        }
    }
    found.sort_by_key(|(place, _)| *place);
    Ok(found.into_iter().map(|(_, told)| told).collect())
}

/// A figure of a close, and the question that it answered.
struct Figure<'a> {
    /// Its place among all, as they are told.
    place: usize,
    close: &'a Close,
    kept: &'a Kept,
    then: Question,
}

/// What figures rest on: the last commit that brought facts, the charter, and the moment up to
/// which the sources show everything. Figures of one ground are derived together.
type Ground = (Seq, String, Option<Instant>);

fn by_ground<'a>(
    book: &Book,
    asked: &[&'a Close],
) -> Result<BTreeMap<Ground, Vec<Figure<'a>>>, Refusal> {
    let acts = book.ledger.act_commits()?;
    let mut found: BTreeMap<Ground, Vec<Figure<'_>>> = BTreeMap::new();
    let all = asked.iter().copied();
    let figures = all.flat_map(|close| close.figures.iter().map(move |kept| (close, kept)));
    for (place, (close, kept)) in figures.enumerate() {
        let then = parse(&kept.question).map_err(|why| {
            let title = format!(
                "what {} kept of {} is not understood: {why}",
                close.label, kept.metric
            );
            Refusal::new("E0455", title).fix("ask with the version of handfast that closed it")
        })?;
        let ground = ground(book, &acts, (close.as_of, then.charter.as_deref()))?;
        found.entry(ground).or_default().push(Figure {
            place,
            close,
            kept,
            then,
        });
    }
    Ok(found)
}

fn ground(
    book: &Book,
    acts: &BTreeSet<Seq>,
    (as_of, named): (Seq, Option<&str>),
) -> Result<Ground, Refusal> {
    let mut facts = as_of;
    while acts.contains(&facts) {
        facts = Seq(facts.0.saturating_sub(1));
    }
    let charter = match named {
        Some(hash) => hash.to_owned(),
        None => agree::in_force(book, AsOf::Seq(as_of))?.map_or_else(String::new, |it| it.hash()),
    };
    let shown = book.ledger.frame(AsOf::Seq(as_of))?.observed;
    let shown = shown.iter().filter_map(|source| source.until).min();
    let recorded = book.ledger.resolve(AsOf::Seq(as_of))?.1;
    let until = shown.map(|until| recorded.map_or(until, |recorded| until.min(recorded)));
    Ok((facts, charter, until))
}

/// Why each has another answer now, or why it cannot be asked any more.
fn whys(
    book: &Book,
    questions: &[&Question],
    before: (AsOf, Option<&str>),
) -> Result<Vec<Result<Why, Refusal>>, Refusal> {
    let is_of_words = |refusal: &Refusal| refusal.code.starts_with("E04");
    let since = |questions: &[&Question]| {
        let asking = Asking {
            questions,
            is_listed: false,
        };
        change::since(book, asking, before)
    };
    match since(questions) {
        Ok(whys) => Ok(whys.into_iter().map(Ok).collect()),
        Err(refusal) if !is_of_words(&refusal) => Err(refusal),
        Err(_) => {
            let alone = |question: &&Question| {
                let alone = since(&[*question]);
                match alone.map(|mut whys| whys.pop()) {
                    Ok(Some(why)) => Ok(Ok(why)),
                    Ok(None) => Err(Refusal::new("E0401", "no question was asked")),
                    Err(refusal) if is_of_words(&refusal) => Ok(Err(refusal)),
                    Err(refusal) => Err(refusal),
                }
            };
            questions.iter().map(alone).collect()
        }
    }
}

/// A figure that cannot be asked for any more.
fn lost(period: &str, kept: &Kept, refusal: &Refusal) -> Restated {
    let column = kept.metric.split(' ').next().unwrap_or(&kept.metric);
    let at = kept.columns.iter().position(|id| id == column);
    let at = at.unwrap_or(kept.columns.len().saturating_sub(1));
    let was = match kept.rows.as_slice() {
        [row] => row.get(at).cloned().unwrap_or_default(),
        rows => format!("{} rows", rows.len()),
    };
    let because = Because {
        cause: Cause::Definition.word(),
        means: format!("the charter in force cannot answer it: {}", refusal.title),
        facts: 0,
        was: was.clone(),
        is: String::new(),
        by: None,
    };
    Restated {
        period: period.to_owned(),
        metric: kept.metric.clone(),
        row: String::new(),
        column: column.to_owned(),
        was,
        is: String::new(),
        by: None,
        causes: vec![because],
    }
}

/// The restatements of one figure's rows and columns.
fn of_metric((period, kept): (&str, &Kept), why: &Why) -> Vec<Restated> {
    let mut found: Vec<Restated> = Vec::new();
    let start = |one: &Place, was: &str| Restated {
        period: period.to_owned(),
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
            means: "another version of handfast counts otherwise".to_owned(),
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
    found
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
        means: cause.means().to_owned(),
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

/// Figures that the same facts under the same charter give otherwise now: place, was, is. A row
/// that only one of the two versions has differs in every figure of it.
fn counted_otherwise(kept: &Kept, then: &Answer) -> Vec<(Place, String, String)> {
    let names = names_of(then);
    let ids: Vec<String> = then.columns.iter().map(|one| one.id.clone()).collect();
    let rows = then.rows.iter();
    let told: Vec<Vec<String>> = rows
        .map(|row| row.iter().map(Cell::exact).collect())
        .collect();
    let (was, is) = (
        by_place(&kept.columns, &kept.rows, names),
        by_place(&ids, &told, names),
    );
    let mut found = Vec::new();
    for ((row, column), figure) in &was {
        let now = is
            .iter()
            .find(|(place, _)| (&place.0, &place.1) == (row, column));
        let now = now.map_or(String::new(), |(_, now)| now.clone());
        found.push(((row.clone(), column.clone()), figure.clone(), now));
    }
    let is_new = |place: &(String, String)| was.iter().all(|(known, _)| known != place);
    let new = is.into_iter().filter(|(place, _)| is_new(place));
    found.extend(new.map(|(place, figure)| (place, String::new(), figure)));
    found.retain(|(_, was, is)| was != is);
    let place = |(row, column)| Place { row, column };
    let found = found.into_iter();
    found.map(|(at, was, is)| (place(at), was, is)).collect()
}

/// Each figure with its row and column.
fn by_place(
    columns: &[String],
    rows: &[Vec<String>],
    names: usize,
) -> Vec<((String, String), String)> {
    let mut all = Vec::new();
    for row in rows {
        let name = row.get(..names.min(row.len())).unwrap_or(row).join(", ");
        let figures = columns.iter().zip(row).skip(names);
        all.extend(figures.map(|(id, figure)| ((name.clone(), id.clone()), figure.clone())));
    }
    all
}

/// How many columns name a row.
pub(crate) fn names_of(answer: &Answer) -> usize {
    use handfast_model::ColumnKind::{Period, Text};
    let is_name = |one: &&handfast_model::Column| matches!(one.kind, Text | Period);
    answer.columns.iter().take_while(is_name).count()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use handfast_model::answer::Lineage;
    use handfast_model::{Column, ColumnKind};

    use super::*;

    fn column(id: &str, kind: ColumnKind) -> Column {
        Column {
            id: id.to_owned(),
            kind,
            unit: None,
            means: String::new(),
        }
    }

    #[test]
    fn rows_and_columns_that_only_one_version_counts_are_told() {
        let row = |name: &str, count| vec![Cell::Text(name.to_owned()), Cell::Count(count)];
        let then = Answer {
            headline: None,
            columns: vec![
                column("rep", ColumnKind::Text),
                column("won", ColumnKind::Count),
            ],
            rows: vec![row("a", 1), row("b", 3), row("new", 7)],
            totals: None,
            currency_totals: Vec::new(),
            issues: Vec::new(),
            notes: Vec::new(),
            lineage: Lineage::default(),
        };
        let texts = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect();
        let kept = Kept {
            metric: "won".to_owned(),
            question: "metric won by=rep as-of=7".to_owned(),
            columns: texts(&["rep", "won", "lost"]),
            rows: vec![
                texts(&["a", "1", "2"]),
                texts(&["b", "2", ""]),
                texts(&["old", "5", ""]),
            ],
        };
        let found = counted_otherwise(&kept, &then);
        let told: Vec<String> = found
            .iter()
            .map(|(at, was, is)| format!("{} {}: {was} {is}", at.row, at.column))
            .collect();
        assert_eq!(
            told,
            ["a lost: 2 ", "b won: 2 3", "old won: 5 ", "new won:  7"]
        );
    }
}
