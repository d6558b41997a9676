//! Forgetting people: their keys are destroyed in place, tombstones keep them from coming back.
//!
//! Facts and totals stay: they name a person by a keyed hash only. The intent is written first, so
//! an erasure that was interrupted is finished when the book is opened next.

use std::collections::BTreeSet;

use arrow::array::{AsArray, RecordBatch};
use handfast_model::{Instant, PersonId, Refusal, Seq};

use crate::book::Ledger;
use crate::fail;
use crate::known::{Hashes, hash};
use crate::segment::{Wanted, parts};
use crate::store::{Field, first, reading};
use crate::table::Table;
use crate::writer::Commit;

/// What forgetting did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Forgotten {
    /// The commit that says so; `None` when everybody was forgotten already.
    pub seq: Option<Seq>,
    /// People forgotten now.
    pub people: u64,
    /// Keys destroyed for them: people the book never met had none.
    pub keys: u64,
    /// Those of them whom the book never met: it holds no key of theirs, and no fact names them.
    /// Where the facts cannot all be read, nobody is called unknown.
    pub unknown: u64,
    /// People forgotten before.
    pub before: u64,
}

impl Ledger {
    /// Forgets the people of these (namespace, key) pairs, whether or not the book has met them.
    pub fn forget(&self, people: &[(&str, &str)], now: Instant) -> Result<Forgotten, Refusal> {
        let ids = people
            .iter()
            .map(|(namespace, key)| self.person_id(namespace, key));
        self.forget_people(&ids.collect::<Vec<_>>(), now)
    }

    /// Forgets people by their hashes.
    pub fn forget_people(&self, people: &[PersonId], now: Instant) -> Result<Forgotten, Refusal> {
        let _alone = self.inner.alone("people are forgotten")?;
        let all: BTreeSet<u128> = people.iter().map(|person| person.0).collect();
        let mut new = Vec::new();
        for &person in &all {
            if !self.is_forgotten(PersonId(person))? {
                new.push(person);
            }
        }
        let before = (all.len() - new.len()) as u64;
        if new.is_empty() {
            return Ok(Forgotten {
                seq: None,
                people: 0,
                keys: 0,
                unknown: 0,
                before,
            });
        }
        let unknown = self.never_met(&new)?;
        let intent = new.clone();
        self.inner.writer()?.chore(Box::new(move |store| {
            for person in intent {
                let sql = "INSERT INTO forgetting (person) VALUES ($1)
                           ON CONFLICT (person) DO NOTHING";
                store.execute(sql, &[Field::hash(person)])?;
            }
            Ok(())
        }))?;
        fail::point("forget-intended");
        let (seq, keys) = self.finish(new, now)?;
        Ok(Forgotten {
            seq: Some(seq),
            people: all.len() as u64 - before,
            keys,
            unknown,
            before,
        })
    }

    /// Whether a person was forgotten.
    pub fn is_forgotten(&self, person: PersonId) -> Result<bool, Refusal> {
        let sql = "SELECT seq FROM tombstone WHERE person = $1";
        let fields = [Field::hash(person.0)];
        Ok(first(self.inner.reader().as_mut(), sql, &fields)?.is_some())
    }

    fn slot_of(&self, person: u128) -> Result<Option<u32>, Refusal> {
        let sql = "SELECT slot FROM identity WHERE person = $1";
        let row = first(self.inner.reader().as_mut(), sql, &[Field::hash(person)])?;
        let slot = row.map(|row| row.int(0)).transpose()?;
        Ok(slot.and_then(|slot| u32::try_from(slot).ok()))
    }

    /// How many of these people the book never met. Facts are looked through only for those without
    /// a key: where a stream keeps its person column in clear, a person may have none.
    fn never_met(&self, people: &[u128]) -> Result<u64, Refusal> {
        let mut left = Hashes::default();
        for &person in people {
            if self.slot_of(person)?.is_none() {
                left.insert(person);
            }
        }
        if left.is_empty() {
            return Ok(0);
        }
        let facts = reading(self.inner.reader().as_mut(), |store| {
            parts(store, Table::Fact, None, i64::MAX)
        })?;
        let wanted = Wanted {
            columns: vec!["person"],
            ..Wanted::default()
        };
        for part in &facts {
            let mut strike = |batch: &RecordBatch| {
                let column = batch.column_by_name("person");
                let named = column.and_then(|column| column.as_fixed_size_binary_opt());
                for row in 0..batch.num_rows() {
                    if let Some(person) = named.and_then(|named| hash(named, row)) {
                        left.remove(&person);
                    }
                }
                Ok(())
            };
            // A damaged segment is no reason not to forget; it only leaves this question open.
            if self.inner.shelf.read(part, &wanted, &mut strike).is_err() {
                return Ok(0);
            }
        }
        Ok(left.len() as u64)
    }

    /// Finishes what a crash interrupted.
    pub(crate) fn finish_forgetting(&self, now: Instant) -> Result<(), Refusal> {
        let mut people = Vec::new();
        let sql = "SELECT person FROM forgetting ORDER BY person";
        self.inner.reader().query(sql, &[], &mut |row| {
            people.push(row.hash(0)?);
            Ok(())
        })?;
        if !people.is_empty() {
            self.finish(people, now)?;
        }
        Ok(())
    }

    fn finish(&self, people: Vec<u128>, now: Instant) -> Result<(Seq, u64), Refusal> {
        let mut keys = Vec::new();
        for &person in &people {
            keys.extend(self.slot_of(person)?);
        }
        self.inner.slots().erase(&keys)?;
        fail::point("forget-erased");
        let commit = Commit {
            note: format!("{} people forgotten", people.len()),
            now,
            rows: Vec::new(),
            apply: Box::new(move |tx| {
                for person in people {
                    let fields = [Field::hash(person), tx.seq_field()];
                    let sql = "INSERT INTO tombstone (person, seq) VALUES ($1, $2)
                               ON CONFLICT (person) DO NOTHING";
                    tx.store.execute(sql, &fields)?;
                    let fields = [Field::hash(person)];
                    tx.store
                        .execute("DELETE FROM forgetting WHERE person = $1", &fields)?;
                    tx.note("forgotten", &[&format!("{person:032x}")]);
                }
                Ok(())
            }),
        };
        Ok((self.inner.commit(commit)?, keys.len() as u64))
    }
}
