//! How the rows of one batch end, while rules and SELECTs come in one after another.

use datafusion::arrow::array::{RecordBatch, StringArray};
use handfast_ledger::{ClassifiedRow, Ending, TextBatch};
use handfast_model::pack::{Mapping, Pack, Stream};
use handfast_model::{Fact, Names, Refusal};

use super::draw::Drawing;
use super::{Mapped, NOTHING_KEPT, Pseudonyms, UNMAPPED, confused, place_of};
use crate::select::compile::{Compiled, DELETES};

/// How a row stands while its SELECTs come in.
#[derive(Clone)]
pub(super) enum Standing {
    Open,
    Ignored(usize),
    Deleted,
    SetAside(String, String),
    Mapped,
}

/// Gathers what the SELECTs gave for one batch.
pub(super) struct Sheet<'a> {
    pub(super) pack: &'a Pack,
    pub(super) stream: &'a Stream,
    pub(super) batch: &'a TextBatch,
    pub(super) rows: &'a [ClassifiedRow],
    pub(super) pseudonyms: &'a dyn Pseudonyms,
    pub(super) names: &'a mut Names,
    pub(super) standing: Vec<Standing>,
    pub(super) facts: Vec<(usize, Fact)>,
}

impl Sheet<'_> {
    pub(super) fn take_rules(&mut self, reply: &RecordBatch) -> Result<(), Refusal> {
        let (records, rules) = (texts(reply, 0)?, texts(reply, 1)?);
        for (record, rule) in records.iter().zip(rules) {
            let found = match rule {
                Some(DELETES) => Standing::Deleted,
                Some(rule) => match rule.parse() {
                    Ok(rule) => Standing::Ignored(rule),
                    Err(_) => return Err(confused("a rule that is none")),
                },
                None => continue,
            };
            let row = record.and_then(|record| record.parse::<usize>().ok());
            let standing = row.and_then(|row| self.standing.get_mut(row));
            *standing.ok_or_else(|| confused("a row that was not asked about"))? = found;
        }
        Ok(())
    }

    pub(super) fn take_facts(
        &mut self,
        mapping: &Mapping,
        number: usize,
        compiled: &Compiled,
        replies: &[RecordBatch],
    ) -> Result<(), Refusal> {
        let mut drawing = Drawing::new(self, mapping, number, compiled);
        let mut is_seen = vec![false; self.standing.len()];
        self.facts.reserve(self.standing.len());
        for reply in replies {
            let columns = (0..reply.num_columns()).map(|place| texts(reply, place));
            let columns = columns.collect::<Result<Vec<_>, _>>()?;
            if columns.len() != compiled.outputs.len() {
                return Err(confused("other columns than were asked for"));
            }
            for place in 0..reply.num_rows() {
                let row = drawing.record(&columns, place);
                let seen = row.and_then(|row| is_seen.get_mut(row));
                let (Some(row), Some(seen)) = (row, seen) else {
                    return Err(confused("a row that was not asked about"));
                };
                if std::mem::replace(seen, true) {
                    return Err(multiplied(mapping));
                }
                let standing = self.standing.get(row);
                if matches!(standing, Some(Standing::Ignored(_) | Standing::Deleted)) {
                    continue;
                }
                let drawn = drawing.draw(self, row, &columns, place);
                self.stand(row, drawn);
            }
        }
        Ok(())
    }

    fn stand(&mut self, row: usize, drawn: Result<Fact, Defect>) {
        let Some(standing) = self.standing.get_mut(row) else {
            return;
        };
        match drawn {
            // The first defect of a row is the one that is shown.
            Err(_) if matches!(standing, Standing::SetAside(..)) => {}
            Err(defect) => *standing = Standing::SetAside(defect.column, defect.reason),
            Ok(fact) => {
                if matches!(standing, Standing::Open) {
                    *standing = Standing::Mapped;
                }
                self.facts.push((row, fact));
            }
        }
    }

    pub(super) fn finish(mut self) -> Mapped {
        let standing = &self.standing;
        self.facts
            .retain(|(row, _)| matches!(standing.get(*row), Some(Standing::Mapped)));
        // Stable: facts of one row stay in the order of SELECTs.
        self.facts.sort_by_key(|(row, _)| *row);
        let rules = &self.stream.ignore;
        let endings = self.standing.into_iter().map(|standing| match standing {
            Standing::Open => Ending::SetAside {
                column: String::new(),
                reason: UNMAPPED.to_owned(),
            },
            Standing::Ignored(rule) => Ending::Ignored {
                rule: rules
                    .get(rule)
                    .map_or_else(String::new, |rule| rule.name.clone()),
            },
            Standing::Deleted => Ending::Deleted,
            Standing::SetAside(column, reason) => Ending::SetAside { column, reason },
            Standing::Mapped => Ending::Mapped,
        });
        Mapped {
            endings: endings.collect(),
            facts: self.facts.into_iter().map(|(_, fact)| fact).collect(),
        }
    }
}

fn multiplied(mapping: &Mapping) -> Refusal {
    let title = format!(
        "the SELECT in `{}` gives more than one row for a row",
        mapping.file
    );
    Refusal::new("E0324", title)
        .at(place_of(&mapping.file))
        .matters(NOTHING_KEPT)
        .fix("join reference streams by their whole key, which names one row")
}

fn texts(reply: &RecordBatch, place: usize) -> Result<&StringArray, Refusal> {
    let column = reply.columns().get(place);
    let texts = column.and_then(|column| column.as_any().downcast_ref::<StringArray>());
    texts.ok_or_else(|| confused("a column that is no text"))
}

/// Why a row gives no fact.
pub(super) struct Defect {
    pub(super) column: String,
    pub(super) reason: String,
}

pub(super) fn defect(column: &str, reason: &str) -> Defect {
    Defect {
        column: column.to_owned(),
        reason: reason.to_owned(),
    }
}
