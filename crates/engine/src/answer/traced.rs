//! Every record behind every figure of an answer, in one count: what `--records` lists figure by
//! figure.

use handfast_model::question::QuestionKind;
use handfast_model::{Answer, Cell, Column, ColumnKind, Refusal};

use super::ground::Ground;
use super::{Asked, Pick, answer, credit, health, tally};

/// A record behind a figure.
#[derive(Clone, Copy)]
pub struct Record<'r> {
    /// The figure's column.
    pub column: &'r str,
    /// The place of its row. Of credit always 0: its records say themselves where they count.
    pub row: usize,
    /// What each cell is.
    pub heads: &'r [Column],
    /// The record, as `--records` shows it.
    pub cells: &'r [Cell],
}

impl Record<'_> {
    /// The cell of a column.
    pub fn cell(&self, id: &str) -> Option<&Cell> {
        let at = self.heads.iter().position(|head| head.id == id)?;
        self.cells.get(at)
    }
}

/// Answers a question and gives each record behind its figures. A question whose figures have no
/// records gives none.
pub fn traced(asked: Asked<'_>, each: &mut dyn FnMut(Record<'_>)) -> Result<Answer, Refusal> {
    let question = asked.question;
    match &question.kind {
        QuestionKind::Health | QuestionKind::Credit { .. } => {}
        QuestionKind::Funnel(_)
        | QuestionKind::Velocity { .. }
        | QuestionKind::Metric(_)
        | QuestionKind::Times { .. }
        | QuestionKind::Stale { .. }
        | QuestionKind::Response { .. }
        | QuestionKind::Cost { .. }
        | QuestionKind::Transitions
        | QuestionKind::Leaks => {
            let ground = Ground::new(asked.derived, asked.charter, asked.filter);
            return tally(&ground, question, true)?.traced(each);
        }
        // A forecast's records are of pursuits under way, whose sum it is not; a plan has
        // none, and those of goals are of metrics.
        QuestionKind::Journey(_)
        | QuestionKind::Identity(_)
        | QuestionKind::Forecast { .. }
        | QuestionKind::Plan { .. }
        | QuestionKind::Targets => return answer(asked, None),
        _ => return one_by_one(&asked, each),
    }
    let ground = Ground::new(asked.derived, asked.charter, asked.filter);
    match &question.kind {
        QuestionKind::Credit { of, models } => {
            credit::traced(&ground, question, (*of, models), each)
        }
        _ => health::traced(&ground, question, each),
    }
}

/// The same of an answer of few figures, each listed by itself. One that lists none gives none.
fn one_by_one(asked: &Asked<'_>, each: &mut dyn FnMut(Record<'_>)) -> Result<Answer, Refusal> {
    let again = || Asked {
        derived: asked.derived,
        charter: asked.charter,
        question: asked.question,
        filter: asked.filter.clone(),
        people: Vec::new(),
    };
    let told = answer(again(), None)?;
    let is_name = |column: &&Column| matches!(column.kind, ColumnKind::Text | ColumnKind::Period);
    let names = told.columns.iter().take_while(is_name).count();
    if told.rows.len() * told.columns.len() > FIGURES {
        return Ok(told);
    }
    for (row, cells) in told.rows.iter().enumerate() {
        for column in told.columns.iter().skip(names) {
            let named = cells.iter().take(names);
            let pick = Pick {
                column: column.id.clone(),
                row: named.map(Cell::exact).collect(),
            };
            let Ok(listed) = answer(again(), Some(&pick)) else {
                continue;
            };
            let column = column.id.as_str();
            let heads = &listed.columns;
            let records = listed.rows.iter().map(|cells| Record {
                column,
                row,
                heads,
                cells,
            });
            records.for_each(&mut *each);
        }
    }
    Ok(told)
}

/// Most figures of an answer that are listed one by one, each by counting anew.
const FIGURES: usize = 400;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use std::collections::BTreeMap;

    use handfast_kernels::cells::Part;
    use handfast_model::credit::Credited;
    use handfast_model::question::{AsOf, Dimension, Entries, FunnelView, Known, Unit};
    use handfast_model::{Grain, Question};
    use handfast_testkit::{Ledger, random, sketch};

    use super::*;
    use crate::derived::Derived;

    fn kinds() -> Vec<QuestionKind> {
        let cohort = FunnelView::Cohort {
            entry: None,
            window_days: Some(9),
            entries: Entries::All,
            is_estimated: false,
            observed_from: None,
        };
        vec![
            QuestionKind::Funnel(FunnelView::Flow),
            QuestionKind::Funnel(cohort),
            QuestionKind::Velocity { from: None },
            QuestionKind::Transitions,
            QuestionKind::Metric("revenue".to_owned()),
            QuestionKind::Metric("win_rate".to_owned()),
            QuestionKind::Times {
                observed_from: None,
            },
            QuestionKind::Stale { at: None },
            QuestionKind::Credit {
                of: Credited::Won,
                models: vec!["first".to_owned(), "linear".to_owned()],
            },
        ]
    }

    /// What `--records` lists of a figure, in one row or, of credit, in all.
    fn listed(
        derived: &Derived,
        (charter, question): (&handfast_model::Charter, &Question),
        (column, row): (&str, Vec<String>),
    ) -> Vec<Vec<Cell>> {
        let pick = Pick {
            column: column.to_owned(),
            row,
        };
        let asked = Asked {
            derived,
            charter,
            question,
            filter: None,
            people: Vec::new(),
        };
        answer(asked, Some(&pick)).unwrap().rows
    }

    #[test]
    fn every_record_is_what_is_listed_figure_by_figure() {
        let charter = sketch::charter(random::CHARTER).unwrap();
        let horizon = charter.calendar.start_of(handfast_model::Day(20_270));
        let (kinds, mut figures, mut records) = (kinds(), 0, 0);
        for seed in 0..200 {
            let kind = &kinds[seed as usize % kinds.len()];
            let text = random::lines(seed).join("\n");
            let ledger = Ledger::read(&text, &charter.calendar).unwrap();
            let derived = Derived::new(Part::of(ledger.snapshot, &charter, horizon), (horizon, 0));
            let is_credit = matches!(kind, QuestionKind::Credit { .. });
            let is_stale = matches!(kind, QuestionKind::Stale { .. });
            let by = match seed / 9 % 3 {
                0 => vec![],
                1 => vec![Dimension::Channel],
                _ if is_stale => vec![Dimension::Rep],
                _ => vec![Dimension::Channel, Dimension::Time(Grain::Month)],
            };
            let question = Question {
                kind: kind.clone(),
                by,
                filter: None,
                period: None,
                as_of: AsOf::Latest,
                known: Known::Recorded,
                charter: None,
                unit: Unit::Pursuit,
                currency: None,
            };
            let asked = || Asked {
                derived: &derived,
                charter: &charter,
                question: &question,
                filter: None,
                people: Vec::new(),
            };
            let mut found: BTreeMap<(String, usize), Vec<Vec<Cell>>> = BTreeMap::new();
            let told = traced(asked(), &mut |record| {
                let place = (record.column.to_owned(), record.row);
                found.entry(place).or_default().push(record.cells.to_vec());
            })
            .unwrap();
            assert_eq!(told, answer(asked(), None).unwrap(), "seed {seed}");
            let names = told
                .columns
                .iter()
                .take_while(|column| matches!(column.kind, ColumnKind::Text | ColumnKind::Period));
            let names = names.count();
            for ((column, row), lines) in &found {
                let cells = told.rows.get(*row).map_or(&[][..], |row| &row[..names]);
                let row = cells.iter().map(Cell::exact).collect();
                let row = if is_credit { Vec::new() } else { row };
                let expected = listed(&derived, (&charter, &question), (column, row));
                assert_eq!(*lines, expected, "seed {seed}: {column} of {cells:?}");
                (figures, records) = (figures + 1, records + lines.len());
            }
        }
        assert!(figures > 500 && records > 1_000, "{figures} {records}");
    }
}
