//! Everything the book holds of some people: records, facts and set-aside rows, each with only what
//! is theirs.
//!
//! A row may name several people, each with columns sealed under their own key. Whoever asks for
//! one of them is given that one's columns and what stands in clear; the others' are counted. Rows
//! that no longer count are shown too: they are kept, and so they are held.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{AsArray, BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;
use handfast_model::pack::{Pack, PersonColumn, Stream};
use handfast_model::parse::email_domain;
use handfast_model::question::{AsOf, Known};
use handfast_model::{Calendar, Fact, Names, PersonId, RecordKey, Refusal, Seq};

use crate::aside::{AsideText, SetAsideRow};
use crate::attributes::pairs;
use crate::book::Ledger;
use crate::classify::row_binding;
use crate::facts::Reader;
use crate::known::hash;
use crate::layout::owner;
use crate::lookup::{Raw, RecordRow};
use crate::refuse;
use crate::seal::{parts_of, slots_of, unseal};
use crate::segment::{Part, Wanted, parts};
use crate::store::{Field, first, reading, rows};
use crate::table::Table;
use crate::undo::TakenBack;

/// A record that names one of the people, or that gave a fact about one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PersonRecord {
    /// The record; its cells are the clear ones and those sealed for these people.
    pub row: RecordRow,
    /// Cells sealed for these people among them.
    pub own: u64,
    /// Cells of other people that are left out.
    pub withheld: u64,
    /// Whether its import was taken back.
    pub is_taken_back: bool,
}

/// A set-aside row that names one of the people.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PersonAside {
    /// Its source.
    pub source: String,
    /// The row; its text is the clear cells and those of these people, `None` once destroyed.
    pub row: SetAsideRow,
    /// Cells that are left out: another person's, or of nobody who could be told.
    pub withheld: u64,
}

/// What is set aside with some addresses.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SetAsideWith {
    /// The people whom such rows name by key, with how many do.
    pub people: BTreeMap<PersonId, u64>,
    /// What alone seals such rows that name nobody by key: forgotten like a person, their text is
    /// gone and nothing else is.
    pub rows: BTreeSet<PersonId>,
    /// Such rows that are sealed together with what may be somebody else's.
    pub mixed: u64,
}

fn cell<'c>(cells: &'c [(String, String)], name: &str) -> &'c str {
    let found = cells.iter().find(|(known, _)| known == name);
    found.map_or("", |(_, text)| text.trim())
}

/// What the book holds of some people.
#[derive(Default)]
pub struct About {
    /// Records, in the order of source, stream, record and version.
    pub records: Vec<PersonRecord>,
    /// Set-aside rows, in the order they were set aside.
    pub asides: Vec<PersonAside>,
    /// Rows set aside and still sealed that could not be read as rows: they may name anybody.
    pub unread_asides: u64,
    /// Facts in the order they were learned; with each, whether it counts now.
    pub facts: Vec<(Fact, bool)>,
    /// The texts of the facts.
    pub names: Names,
}

/// What is looked for.
struct Search<'a> {
    people: &'a BTreeSet<PersonId>,
    /// The people as texts of `same_person`.
    texts: Vec<String>,
    slots: BTreeSet<u32>,
    taken_back: TakenBack,
}

impl Ledger {
    /// Everything the book holds of these people. `packs` say whose column is whose in rows that
    /// were set aside.
    pub fn about(&self, people: &BTreeSet<PersonId>, packs: &[Pack]) -> Result<About, Refusal> {
        let (facts, records, search) = reading(self.inner.reader().as_mut(), |store| {
            let mut slots = BTreeSet::new();
            for person in people {
                let sql = "SELECT slot FROM identity WHERE person = $1";
                let row = first(store, sql, &[Field::hash(person.0)])?;
                let slot = row.map(|row| row.int(0)).transpose()?;
                slots.extend(slot.and_then(|slot| u32::try_from(slot).ok()));
            }
            let search = Search {
                people,
                texts: people
                    .iter()
                    .map(|person| format!("{:032x}", person.0))
                    .collect(),
                slots,
                taken_back: TakenBack::load(store, i64::MAX)?,
            };
            let facts = parts(store, Table::Fact, None, i64::MAX)?;
            Ok((facts, parts(store, Table::Record, None, i64::MAX)?, search))
        })?;
        let mut about = About::default();
        self.facts_about(&search, &facts, &mut about)?;
        self.records_about(&search, &records, &mut about)?;
        self.asides_about(&search, packs, &mut about)?;
        Ok(about)
    }

    fn facts_about(
        &self,
        search: &Search<'_>,
        parts: &[Part],
        about: &mut About,
    ) -> Result<(), Refusal> {
        let malformed = |what: &str| refuse::journal_damaged(&self.inner.shelf.journal, what);
        let mut reader = Reader::default();
        for part in parts {
            self.inner
                .shelf
                .read(part, &Wanted::default(), &mut |batch| {
                    let chosen = search
                        .facts(batch)
                        .ok_or_else(|| malformed("a fact is malformed"))?;
                    reader.add(&chosen, &|_| true).map_err(malformed)
                })?;
        }
        let utc = Calendar::in_zone("UTC").ok_or_else(|| malformed("no zone is known"))?;
        let snapshot = self.snapshot(AsOf::Latest, Known::Recorded, &utc)?;
        let counting: BTreeSet<(u128, Seq)> = snapshot
            .facts
            .iter()
            .map(|fact| (fact.id.0, fact.seq))
            .collect();
        let mut facts = reader.facts;
        facts.sort_by_key(|fact| (fact.seq, fact.origin.line, fact.origin.ordinal, fact.id.0));
        let counts = |fact: &Fact| counting.contains(&(fact.id.0, fact.seq));
        about.facts = facts
            .into_iter()
            .map(|fact| {
                let counts = counts(&fact);
                (fact, counts)
            })
            .collect();
        about.names = reader.names;
        Ok(())
    }

    fn records_about(
        &self,
        search: &Search<'_>,
        parts: &[Part],
        about: &mut About,
    ) -> Result<(), Refusal> {
        let malformed =
            || refuse::journal_damaged(&self.inner.shelf.journal, "a record is malformed");
        let behind: BTreeSet<(RecordKey, i64)> = about
            .facts
            .iter()
            .map(|(fact, _)| (fact.origin.key, fact.origin.version))
            .collect();
        for part in parts {
            let mut found = Vec::new();
            self.inner
                .shelf
                .read(part, &Wanted::default(), &mut |batch| {
                    let chosen = search.records(batch, &behind).ok_or_else(malformed)?;
                    for row in 0..chosen.num_rows() {
                        found.push(Raw::of_any(&chosen, row).ok_or_else(malformed)?);
                    }
                    Ok(())
                })?;
            for raw in found {
                about.records.push(self.own_part(search, raw)?);
            }
        }
        about.records.sort_by(|a, b| {
            let place = |of: &PersonRecord| (of.row.key, of.row.version, of.row.seq);
            let name = |of: &'_ PersonRecord| (of.row.source.clone(), of.row.stream.clone());
            (name(a), place(a)).cmp(&(name(b), place(b)))
        });
        Ok(())
    }

    /// A record with the clear cells and those that are sealed for these people.
    fn own_part(&self, search: &Search<'_>, mut raw: Raw) -> Result<PersonRecord, Refusal> {
        let malformed =
            || refuse::journal_damaged(&self.inner.shelf.journal, "a record is malformed");
        let sealed = std::mem::take(&mut raw.sealed);
        let place = row_binding(&raw.source, &raw.stream, raw.key, raw.version);
        let is_taken_back = search.taken_back.has(raw.seq.0 as i64);
        let mut row = self.opened(raw)?;
        let (mut own, mut withheld) = (0, 0);
        for part in parts_of(&sealed).ok_or_else(malformed)? {
            let slots = slots_of(part).ok_or_else(malformed)?;
            let text = unseal(&self.inner.key, &mut self.inner.slots(), &place, part)?;
            let text = text
                .map(String::from_utf8)
                .transpose()
                .map_err(|_| malformed())?;
            let cells = text
                .as_deref()
                .map(pairs)
                .unwrap_or_else(|| Some(Vec::new()));
            let cells = cells.ok_or_else(malformed)?;
            match slots.iter().all(|slot| search.slots.contains(slot)) {
                true => {
                    own += cells.len() as u64;
                    row.cells.extend(cells);
                }
                false => withheld += cells.len() as u64,
            }
        }
        Ok(PersonRecord {
            row,
            own,
            withheld,
            is_taken_back,
        })
    }

    fn asides_about(
        &self,
        search: &Search<'_>,
        packs: &[Pack],
        about: &mut About,
    ) -> Result<(), Refusal> {
        let sql = "SELECT stream, file, line, col, reason, sealed, closed_seq, pos, run, source
                   FROM aside ORDER BY run, pos";
        let found = rows(self.inner.reader().as_mut(), sql, &[])?;
        for found in &found {
            let sealed_for = slots_of(found.bytes(5)?).unwrap_or_default();
            let names_them = sealed_for.iter().any(|slot| search.slots.contains(slot));
            let is_unread = sealed_for.len() == 1;
            if !names_them && !is_unread {
                continue;
            }
            let source = found.text(9)?;
            let mut row = self.open_aside(found.count(8)?, found)?;
            if matches!(row.text, Some(AsideText::Raw(_))) {
                about.unread_asides += 1;
            }
            if !names_them {
                continue;
            }
            let stream = packs
                .iter()
                .filter(|pack| pack.source == source)
                .flat_map(|pack| &pack.streams)
                .find(|stream| stream.name == row.stream);
            let mut withheld = 0;
            if let Some(AsideText::Cells(cells)) = &mut row.text {
                let before = cells.len();
                match stream {
                    Some(stream) => self.keep_own(search, stream, &sealed_for, cells)?,
                    None => cells.clear(),
                }
                withheld = (before - cells.len()) as u64;
            }
            about.asides.push(PersonAside {
                source: source.to_owned(),
                row,
                withheld,
            });
        }
        Ok(())
    }

    /// Whose rows are set aside with one of these addresses: a row that gave no fact joins nobody,
    /// but it names somebody all the same.
    pub fn set_aside_with(
        &self,
        addresses: &BTreeSet<String>,
        packs: &[Pack],
    ) -> Result<SetAsideWith, Refusal> {
        let mut found = SetAsideWith::default();
        let mut unkeyed: BTreeMap<u32, (u64, bool)> = BTreeMap::new();
        let mut rows_by_slot: BTreeMap<u32, u64> = BTreeMap::new();
        let sql = "SELECT stream, file, line, col, reason, sealed, closed_seq, pos, run, source,
                   record FROM aside ORDER BY run, pos";
        let asides = rows(self.inner.reader().as_mut(), sql, &[])?;
        for row in &asides {
            let mut slots = slots_of(row.bytes(5)?).unwrap_or_default();
            slots.drain(..slots.len().min(1));
            let source = row.text(9)?.to_owned();
            let aside = self.open_aside(row.count(8)?, row)?;
            for slot in slots.iter().filter(|_| aside.text.is_some()) {
                *rows_by_slot.entry(*slot).or_default() += 1;
            }
            let pack = packs.iter().find(|pack| pack.source == source);
            let mut streams = pack.iter().flat_map(|pack| &pack.streams);
            let stream = streams.find(|stream| stream.name == aside.stream);
            let (Some(stream), Some(AsideText::Cells(cells))) = (stream, &aside.text) else {
                continue;
            };
            let (people, is_unkeyed) = self.named_with(addresses, stream, cells);
            for person in people {
                *found.people.entry(person).or_default() += 1;
            }
            if is_unkeyed {
                let keyed = self.slots_of_keys(stream, cells)?;
                slots.retain(|slot| !keyed.contains(slot));
                let is_record = match &row.0.get(10) {
                    Some(Field::Bytes(_)) => {
                        let record = RecordKey(row.hash(10)?);
                        !self.record(&source, &stream.name, record)?.is_empty()
                    }
                    _ => false,
                };
                let known = unkeyed
                    .entry(slots.first().copied().unwrap_or(0))
                    .or_default();
                *known = (known.0 + 1, known.1 || is_record || slots.len() != 1);
            }
        }
        for (slot, (theirs, is_shared)) in unkeyed {
            let is_alone = !is_shared && rows_by_slot.get(&slot) == Some(&theirs);
            match self.owner_of(slot)?.filter(|_| is_alone) {
                Some(owner) => found.rows.extend([owner]),
                None => found.mixed += theirs,
            }
        }
        Ok(found)
    }

    /// The people whom a row names by key beside one of these addresses, and whether one of those
    /// addresses stands there without a key.
    fn named_with(
        &self,
        addresses: &BTreeSet<String>,
        stream: &Stream,
        cells: &[(String, String)],
    ) -> (Vec<PersonId>, bool) {
        let (mut people, mut is_unkeyed) = (Vec::new(), false);
        for person in &stream.people {
            let address = person.email.as_deref().map_or("", |name| cell(cells, name));
            let key = person.key(cell(cells, &person.column));
            let is_theirs = email_domain(address).is_some()
                && addresses.contains(&self.email_identity(address));
            match (is_theirs, key.is_empty()) {
                (true, true) => is_unkeyed = true,
                (true, false) => people.push(self.person_id(&person.namespace, key)),
                (false, _) => {}
            }
        }
        (people, is_unkeyed)
    }

    /// The key slots of the people whom a row names by key.
    fn slots_of_keys(
        &self,
        stream: &Stream,
        cells: &[(String, String)],
    ) -> Result<Vec<u32>, Refusal> {
        let mut slots = Vec::new();
        for person in &stream.people {
            let key = person.key(cell(cells, &person.column));
            if !key.is_empty() {
                let id = self.person_id(&person.namespace, key);
                slots.extend(self.slot_of(id.0)?);
            }
        }
        Ok(slots)
    }

    fn owner_of(&self, slot: u32) -> Result<Option<PersonId>, Refusal> {
        let sql = "SELECT person FROM identity WHERE slot = $1";
        let fields = [Field::Int(i64::from(slot))];
        let row = first(self.inner.reader().as_mut(), sql, &fields)?;
        row.map(|row| row.hash(0).map(PersonId)).transpose()
    }

    /// Keeps the clear cells of a row and those that belong to one of the people. Columns beside an
    /// empty key are of whoever seals the row then, if they are all of one person.
    fn keep_own(
        &self,
        search: &Search<'_>,
        stream: &Stream,
        sealed_for: &[u32],
        cells: &mut Vec<(String, String)>,
    ) -> Result<(), Refusal> {
        let keyed = self.slots_of_keys(stream, cells)?;
        let mut others = sealed_for
            .iter()
            .skip(1)
            .filter(|slot| !keyed.contains(slot));
        let is_nobodys = |person: &&PersonColumn| {
            let key = person.key(cell(cells, &person.column));
            key.is_empty()
        };
        let is_theirs_unkeyed = stream.people.iter().filter(is_nobodys).count() == 1
            && others.any(|slot| search.slots.contains(slot));
        let is_theirs = |person: &PersonColumn| match person.key(cell(cells, &person.column)) {
            "" => is_theirs_unkeyed,
            key => search
                .people
                .contains(&self.person_id(&person.namespace, key)),
        };
        let theirs: Vec<bool> = stream.people.iter().map(is_theirs).collect();
        cells.retain(|(name, _)| {
            let owner = owner(stream, name);
            owner.is_none_or(|owner| theirs.get(owner).copied().unwrap_or(false))
        });
        Ok(())
    }
}

impl Search<'_> {
    /// The facts of a batch that are about the people; `None` when it is malformed.
    fn facts(&self, batch: &RecordBatch) -> Option<RecordBatch> {
        let named = batch.column_by_name("person")?.as_fixed_size_binary_opt()?;
        let attributes = batch.column_by_name("attributes")?.as_string_opt::<i32>()?;
        let kinds = batch.column_by_name("kind")?.as_string_opt::<i32>()?;
        let mask: BooleanArray = (0..batch.num_rows())
            .map(|row| {
                let person = hash(named, row).map(PersonId);
                let is_named = person.is_some_and(|person| self.people.contains(&person));
                let says = |text: &String| attributes.value(row).contains(text.as_str());
                Some(is_named || (kinds.value(row) == "link" && self.texts.iter().any(says)))
            })
            .collect();
        filter_record_batch(batch, &mask).ok()
    }

    /// The records of a batch that name the people or stand behind facts about them.
    fn records(
        &self,
        batch: &RecordBatch,
        behind: &BTreeSet<(RecordKey, i64)>,
    ) -> Option<RecordBatch> {
        let named = batch.column_by_name("people")?.as_binary_opt::<i32>()?;
        let keys = batch.column_by_name("key")?.as_fixed_size_binary_opt()?;
        let versions = batch
            .column_by_name("version")?
            .as_primitive_opt::<arrow::datatypes::Int64Type>()?;
        let names = |row: usize| {
            let hashes = named.value(row).chunks_exact(16);
            let mut hashes = hashes.filter_map(|hash| hash.try_into().ok());
            hashes.any(|hash| self.people.contains(&PersonId(u128::from_be_bytes(hash))))
        };
        let mut mask = Vec::with_capacity(batch.num_rows());
        for row in 0..batch.num_rows() {
            let place = (RecordKey(hash(keys, row)?), versions.value(row));
            mask.push(names(row) || behind.contains(&place));
        }
        filter_record_batch(batch, &BooleanArray::from(mask)).ok()
    }
}
