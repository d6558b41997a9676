//! A book of a few lines, and what questions of it get.

use handfast_charter::parse_condition;
use handfast_engine::answer::{Asked, Pick, answer};
use handfast_engine::derived::Derived;
use handfast_kernels::cells::Part;
use handfast_model::answer::{Answer, Cell};
use handfast_model::{Charter, Day, Refusal, question_text};
use handfast_testkit::{Ledger, sketch};

/// A book of a few lines.
pub struct Book {
    pub charter: Charter,
    pub ledger: Ledger,
}

/// What a question got.
pub struct Told(pub Answer);

impl Book {
    pub fn of(charter: &str, lines: &str) -> Book {
        let charter = sketch::charter(charter).unwrap();
        let ledger = Ledger::read(lines, &charter.calendar).unwrap();
        Book { charter, ledger }
    }

    pub fn try_ask(&self, text: &str) -> Result<Told, Refusal> {
        self.answered(text, None)
    }

    /// The records behind a column of an answer.
    pub fn records(&self, text: &str, column: &str) -> Told {
        let pick = Pick {
            column: column.to_owned(),
            row: Vec::new(),
        };
        self.picked(text, &pick)
    }

    /// The records behind a column in one row.
    pub fn picked(&self, text: &str, pick: &Pick) -> Told {
        self.answered(text, Some(pick)).unwrap()
    }

    pub fn answered(&self, text: &str, pick: Option<&Pick>) -> Result<Told, Refusal> {
        let question = question_text::parse(text).unwrap();
        let (charter, snapshot) = (&self.charter, self.ledger.snapshot.clone());
        let horizon = charter.calendar.start_of(Day::parse("2018-12-31").unwrap());
        let filter = question.filter.as_deref();
        let filter = filter.map(|f| parse_condition(f, "--where", &charter.attributes).unwrap());
        let part = Part::of(snapshot, charter, horizon);
        let derived = Derived::new(part, (horizon, 0));
        let asked = Asked {
            derived: &derived,
            charter,
            question: &question,
            filter,
            people: Vec::new(),
        };
        answer(asked, pick).map(Told)
    }

    pub fn ask(&self, text: &str) -> Told {
        self.try_ask(text).unwrap()
    }
}

impl Told {
    /// The rows as text: their names, then these columns.
    pub fn rows(&self, columns: &[&str]) -> Vec<String> {
        let all = &self.0.columns;
        let place = |id: &&str| all.iter().position(|column| column.id == *id).unwrap();
        let places: Vec<usize> = columns.iter().map(place).collect();
        let names = |row: &Vec<Cell>| -> Vec<String> {
            let names = row.iter().zip(all).take_while(|(_, column)| {
                use handfast_model::ColumnKind::{Period, Text};
                matches!(column.kind, Text | Period)
            });
            names.map(|(cell, _)| shown(cell)).collect()
        };
        let row = |row: &Vec<Cell>| {
            let cells = places.iter().map(|place| shown(&row[*place]));
            let cells: Vec<String> = names(row).into_iter().chain(cells).collect();
            cells.join(" ")
        };
        self.0.rows.iter().map(row).collect()
    }

    /// The row of totals: these columns.
    pub fn total(&self, columns: &[&str]) -> String {
        let place = |id: &&str| self.0.columns.iter().position(|column| column.id == *id);
        let totals = self.0.totals.as_ref().unwrap();
        let cells: Vec<String> = columns
            .iter()
            .map(|id| shown(&totals[place(id).unwrap()]))
            .collect();
        cells.join(" ")
    }

    pub fn issue(&self, code: &str) -> u64 {
        let issue = self.0.issues.iter().find(|issue| issue.code == code);
        issue.map_or(0, |issue| issue.count)
    }
}

pub fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Unknown => "–".to_owned(),
        Cell::NotApplicable => "n/a".to_owned(),
        Cell::Text(text) => text.clone(),
        Cell::Count(count) => count.to_string(),
        Cell::Number(number) => number.to_string(),
        Cell::Ratio(ratio) => format!("{}/{}", ratio.part, ratio.whole),
        Cell::Money(money) => money.to_string(),
        other => format!("{other:?}"),
    }
}
