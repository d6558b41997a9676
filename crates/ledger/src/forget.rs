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
use crate::store::{Field, Store, first, reading};
use crate::table::Table;
use crate::writer::{Commit, Tx};

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
    /// Addresses barred now.
    pub addresses: u64,
}

impl Ledger {
    /// Forgets the people of these (namespace, key) pairs, whether or not the book has met them.
    pub fn forget(&self, people: &[(&str, &str)], now: Instant) -> Result<Forgotten, Refusal> {
        let ids = people
            .iter()
            .map(|(namespace, key)| self.person_id(namespace, key));
        self.forget_people(&ids.collect::<Vec<_>>(), &[], now)
    }

    /// Forgets people by their hashes, and bars addresses, given as they stand in facts: whoever
    /// comes with one of them later is a forgotten person too, under whatever key.
    pub fn forget_people(
        &self,
        people: &[PersonId],
        addresses: &[String],
        now: Instant,
    ) -> Result<Forgotten, Refusal> {
        let _alone = self.inner.alone("people are forgotten")?;
        let all: BTreeSet<u128> = people.iter().map(|person| person.0).collect();
        let mut new = Vec::new();
        for &person in &all {
            if !self.is_forgotten(PersonId(person))? {
                new.push(person);
            }
        }
        let addresses = self.not_yet_barred(addresses)?;
        let mut done = Forgotten {
            seq: None,
            people: new.len() as u64,
            keys: 0,
            unknown: 0,
            before: (all.len() - new.len()) as u64,
            addresses: addresses.len() as u64,
        };
        if new.is_empty() && addresses.is_empty() {
            return Ok(done);
        }
        done.unknown = self.never_met(&new)?;
        let intent = (new.clone(), addresses.clone());
        self.inner
            .writer()?
            .chore(Box::new(move |store| intend(store, &intent.0, &intent.1)))?;
        fail::point("forget-intended");
        let (seq, keys) = self.finish(new, addresses, now)?;
        (done.seq, done.keys) = (Some(seq), keys);
        Ok(done)
    }

    /// The hashes of those addresses that are not barred.
    fn not_yet_barred(&self, addresses: &[String]) -> Result<Vec<u128>, Refusal> {
        let mut new = BTreeSet::new();
        for address in addresses {
            // Attributes of that name which are no hash of ours bar nobody.
            let Ok(hash) = u128::from_str_radix(address, 16) else {
                continue;
            };
            if !self.is_barred(address)? {
                new.insert(hash);
            }
        }
        Ok(new.into_iter().collect())
    }

    /// Whether an address, given as it stands in facts, is barred.
    pub fn is_barred(&self, address: &str) -> Result<bool, Refusal> {
        let Ok(hash) = u128::from_str_radix(address, 16) else {
            return Ok(false);
        };
        let sql = "SELECT seq FROM barred WHERE address = $1";
        Ok(first(self.inner.reader().as_mut(), sql, &[Field::hash(hash)])?.is_some())
    }

    /// Since which commit a person is forgotten.
    pub fn forgotten_since(&self, person: PersonId) -> Result<Option<Seq>, Refusal> {
        let sql = "SELECT seq FROM tombstone WHERE person = $1";
        let fields = [Field::hash(person.0)];
        let row = first(self.inner.reader().as_mut(), sql, &fields)?;
        row.map(|row| row.count(0).map(Seq)).transpose()
    }

    /// Whether a person was forgotten.
    pub fn is_forgotten(&self, person: PersonId) -> Result<bool, Refusal> {
        Ok(self.forgotten_since(person)?.is_some())
    }

    /// Whether the book has a key of this person, or had one before it forgot them.
    pub fn has_key(&self, person: PersonId) -> Result<bool, Refusal> {
        Ok(self.slot_of(person.0)?.is_some())
    }

    pub(crate) fn slot_of(&self, person: u128) -> Result<Option<u32>, Refusal> {
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

    /// Finishes what a crash interrupted, or an import has put off to its end.
    pub(crate) fn finish_forgetting(&self, now: Instant) -> Result<(), Refusal> {
        let listed = |sql: &str| {
            let mut hashes = Vec::new();
            self.inner.reader().query(sql, &[], &mut |row| {
                hashes.push(row.hash(0)?);
                Ok(())
            })?;
            Ok::<_, Refusal>(hashes)
        };
        self.erase_again()?;
        let people = listed("SELECT person FROM forgetting ORDER BY person")?;
        let addresses = listed("SELECT address FROM barring ORDER BY address")?;
        if !people.is_empty() || !addresses.is_empty() {
            self.finish(people, addresses, now)?;
        }
        Ok(())
    }

    /// Destroys keys of forgotten people that an old file of slots has brought back.
    fn erase_again(&self) -> Result<(), Refusal> {
        let mut slots = self.inner.slots();
        let sql = "SELECT slot FROM identity JOIN tombstone
                   ON tombstone.person = identity.person";
        let mut living = Vec::new();
        self.inner.reader().query(sql, &[], &mut |row| {
            let slot = u32::try_from(row.int(0)?).unwrap_or(u32::MAX);
            if slots.read(slot)?.is_some() {
                living.push(slot);
            }
            Ok(())
        })?;
        slots.erase(&living)
    }

    fn finish(
        &self,
        people: Vec<u128>,
        addresses: Vec<u128>,
        now: Instant,
    ) -> Result<(Seq, u64), Refusal> {
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
                write_tombstones(tx, &people)?;
                write_barred(tx, &addresses)
            }),
        };
        Ok((self.inner.commit(commit)?, keys.len() as u64))
    }
}

/// Notes that the erasure of these people and addresses has begun.
pub(crate) fn intend(
    store: &mut dyn Store,
    people: &[u128],
    addresses: &[u128],
) -> Result<(), Refusal> {
    let lists = [
        (
            people,
            "INSERT INTO forgetting (person) VALUES ($1) ON CONFLICT (person) DO NOTHING",
        ),
        (
            addresses,
            "INSERT INTO barring (address) VALUES ($1) ON CONFLICT (address) DO NOTHING",
        ),
    ];
    for (hashes, sql) in lists {
        for hash in hashes {
            store.execute(sql, &[Field::hash(*hash)])?;
        }
    }
    Ok(())
}

fn write_tombstones(tx: &mut Tx<'_>, people: &[u128]) -> Result<(), Refusal> {
    for person in people {
        let fields = [Field::hash(*person), tx.seq_field()];
        let sql = "INSERT INTO tombstone (person, seq) VALUES ($1, $2)
                   ON CONFLICT (person) DO NOTHING";
        // Somebody forgotten before keeps their first tombstone, and the chain its one line.
        if tx.store.execute(sql, &fields)? > 0 {
            tx.note("forgotten", &[&format!("{person:032x}")]);
        }
        let fields = [Field::hash(*person)];
        tx.store
            .execute("DELETE FROM forgetting WHERE person = $1", &fields)?;
    }
    Ok(())
}

fn write_barred(tx: &mut Tx<'_>, addresses: &[u128]) -> Result<(), Refusal> {
    for address in addresses {
        let fields = [Field::hash(*address), tx.seq_field()];
        let sql = "INSERT INTO barred (address, seq) VALUES ($1, $2)
                   ON CONFLICT (address) DO NOTHING";
        if tx.store.execute(sql, &fields)? > 0 {
            tx.note("barred", &[&format!("{address:032x}")]);
        }
        let fields = [Field::hash(*address)];
        tx.store
            .execute("DELETE FROM barring WHERE address = $1", &fields)?;
    }
    Ok(())
}
