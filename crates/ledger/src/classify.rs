//! What each row of a batch is to the book: new, known already, or at odds with itself.
//!
//! What new rows say of people gets its keys here, and is sealed before it leaves memory; no
//! personal text goes further than this batch and the mapping worker. Read on in `import`, which
//! commits what was classified.

use std::collections::BTreeSet;
use std::hint::black_box;
use std::ops::Range;

use arrow::array::{BinaryBuilder, UInt32Array};
use handfast_model::pack::Stream;
use handfast_model::parse::email_domain;
use handfast_model::{PersonId, RecordKey, Refusal};

use crate::aside;
use crate::book::Inner;
use crate::classified::{self, Classified, ClassifiedRow, Fresh, RowState, taken};
use crate::entries::{At, Entry};
use crate::keys::{Sealings, Slots};
use crate::known::{Brief, Content, Hashes, Known};
use crate::layout::{Group, cell, version_number};
use crate::owners::Owners;
use crate::prepared::Named;
use crate::seal::binding;
use crate::source::TextBatch;
use crate::store::Store;
use crate::unsealed::{Part, Unsealed};

/// Who is known, and who must not be.
#[derive(Default)]
pub(crate) struct People {
    pub slots: Owners,
    pub erased: Hashes,
    /// Addresses of erased people.
    pub barred: Hashes,
    /// People whose slot no commit has named yet.
    pub unnamed: Vec<(u128, u32)>,
    /// The keys that seal what they say.
    pub sealings: Sealings,
    /// People met in this import for the first time; filled only where addresses are barred.
    new: Hashes,
    /// People who turned out to be erased ones: no commit has said so yet.
    pub recognised: Vec<u128>,
}

impl People {
    /// Everyone whom the book knows.
    pub(crate) fn load(store: &mut dyn Store) -> Result<People, Refusal> {
        let mut people = People::default();
        store.query("SELECT person, slot FROM identity", &[], &mut |row| {
            let slot = u32::try_from(row.int(1)?).unwrap_or(u32::MAX);
            people.slots.put(row.hash(0)?, slot);
            Ok(())
        })?;
        store.query("SELECT person FROM tombstone", &[], &mut |row| {
            people.erased.insert(row.hash(0)?);
            Ok(())
        })?;
        store.query("SELECT address FROM barred", &[], &mut |row| {
            people.barred.insert(row.hash(0)?);
            Ok(())
        })?;
        Ok(people)
    }

    /// Takes down a person who turned out to be somebody erased.
    fn recognise(&mut self, person: PersonId) {
        if self.erased.insert(person.0) {
            self.recognised.push(person.0);
        }
    }

    /// Whether the book had nothing of this person before this import.
    fn is_new(&self, person: PersonId) -> bool {
        self.slots.slot(person.0).is_none() || self.new.contains(&person.0)
    }
}

/// Classifies the rows of one batch after another.
pub(crate) struct Classifier<'a> {
    pub inner: &'a Inner,
    pub source: &'a str,
    pub stream: &'a Stream,
    pub named: &'a Named,
    pub known: &'a mut Known,
    pub people: &'a mut People,
    /// This file's number in the import, from 1.
    pub file: u32,
    /// Rows that were set aside as conflicts and came back: sending one back does not decide that
    /// it counts instead of the row that does.
    pub contested: BTreeSet<usize>,
    /// These rows came back mended: they are answers, and none was given to them before.
    pub is_mending: bool,
    /// Keys that came back after a deletion, with their version.
    pub returned: Vec<(u128, i64)>,
}

/// Rows that are looked for at once.
const AHEAD: usize = 32;

/// Results of one batch.
#[derive(Default)]
struct Work {
    rows: Vec<ClassifiedRow>,
    fresh: Vec<u32>,
    details: Vec<Fresh>,
    people: BinaryBuilder,
    unsealed: Unsealed,
    slots: Vec<(u32, u32)>,
    left_out: Vec<(u32, Vec<usize>)>,
    answered: BTreeSet<usize>,
    bytes: Vec<u8>,
}

impl Work {
    fn finish(mut self, batch: TextBatch, named: &Named, file: u32) -> Classified {
        let clear = match self.fresh.len() == batch.rows() {
            true => named.clear.clone(),
            false => taken(&named.clear, &UInt32Array::from(self.fresh.clone())),
        };
        let groups = named.layout.groups.iter();
        Classified {
            batch,
            rows: self.rows,
            fresh: self.fresh,
            details: self.details,
            people: self.people.finish(),
            clear,
            personal: classified::Personal::Unsealed(self.unsealed.finish()),
            slots: self.slots,
            left_out: self.left_out,
            key_columns: groups.map(|group| group.person).collect(),
            mends: Vec::new(),
            answered: self.answered,
            file,
        }
    }
}

/// The personal part of a row.
#[derive(Default)]
struct Personal {
    people: Vec<PersonId>,
    parts: Vec<Part>,
    hidden: Vec<usize>,
}

impl Classifier<'_> {
    pub(crate) fn classify(&mut self, batch: TextBatch) -> Result<Classified, Refusal> {
        let (inner, named) = (self.inner, self.named);
        let mut slots = inner.slots();
        let rows = batch.rows();
        let mut work = Work {
            rows: Vec::with_capacity(rows),
            fresh: Vec::with_capacity(rows),
            details: Vec::with_capacity(rows),
            unsealed: Unsealed::of(self.source, &self.stream.name, &named.texts),
            ..Work::default()
        };
        let mut personal = Personal::default();
        for (row, (record, is_keyed)) in named.records.iter().copied().enumerate() {
            if row % AHEAD == 0 {
                self.fetch(row..rows.min(row + AHEAD));
            }
            self.personal(&batch, row, (&mut slots, &mut personal))?;
            let content = self.content(row, &personal, &mut work.bytes);
            let brief = content.brief();
            let declared = named.layout.version;
            let declared = declared.map(|at| version_number(cell(&batch, at, row)));
            let at = self.known.entries.find(record.0);
            let before = at.and_then(|at| Some((at, self.known.entries.entry(at)?)));
            let (state, version) = match declared {
                _ if !is_keyed => (RowState::Unkeyed, 0),
                Some(None) => self.unversioned(record, before),
                Some(Some(version)) => self.declared(record, before, version, &brief),
                None => self.arriving(record, before, &brief, self.contested.contains(&row)),
            };
            let mut found = ClassifiedRow {
                key: record,
                version,
                state,
            };
            if self.is_answered(&batch, row, state, &personal, &mut slots)? {
                work.answered.insert(row);
                found.end_answered();
            }
            work.rows.push(found);
            let new = (row as u32, found, before);
            self.keep(&mut work, new, content, &mut personal);
        }
        Ok(work.finish(batch, named, self.file))
    }

    /// Looks once at what is known of some rows, for nothing but that it lies near when each of
    /// them is told: with nothing in between, they are fetched at the same time.
    fn fetch(&self, rows: Range<usize>) {
        let (known, people, named) = (&self.known.entries, &self.people, self.named);
        for (record, _) in named.records.get(rows.clone()).unwrap_or_default() {
            black_box(known.find(record.0));
        }
        if !named.layout.groups.is_empty() {
            for (person, _) in rows.flat_map(|row| named.people(row)) {
                let slot = people.slots.slot(person.0);
                black_box(slot.map(|slot| people.sealings.is_known(slot)));
            }
        }
    }

    /// Whether a row says what a set-aside row said that came in mended. The record that it became
    /// is in this file too, then: the file is not to delete it.
    fn is_answered(
        &mut self,
        batch: &TextBatch,
        row: usize,
        state: RowState,
        personal: &Personal,
        slots: &mut Slots,
    ) -> Result<bool, Refusal> {
        let is_told = matches!(state, RowState::Known | RowState::Twin);
        if self.is_mending || is_told || self.known.answered.is_empty() {
            return Ok(false);
        }
        let people: Vec<u32> = personal.parts.iter().map(|part| part.slot).collect();
        let cells = cells(batch, row, &personal.hidden);
        let mark = aside::mark(self.inner, slots, &people, &cells)?;
        let Some(record) = mark.and_then(|mark| self.known.answered.get(&mark).copied()) else {
            return Ok(false);
        };
        let entries = &mut self.known.entries;
        if let Some(at) = entries.find(record)
            && let Some(entry) = entries.entry(at)
        {
            entries.see(at, self.file, false);
            if entry.is_gone {
                self.returned.push((record, entry.version));
            }
        }
        Ok(true)
    }

    /// The personal columns by person; an erased person's are left out.
    fn personal(
        &mut self,
        batch: &TextBatch,
        row: usize,
        (slots, personal): (&mut Slots, &mut Personal),
    ) -> Result<(), Refusal> {
        personal.people.clear();
        personal.parts.clear();
        personal.hidden.clear();
        let named = self.named;
        let people = named.people(row).iter().copied();
        for (at, (group, (person, is_keyed))) in named.layout.groups.iter().zip(people).enumerate()
        {
            if is_keyed {
                personal.people.push(person);
            }
            if self.is_erased(person, is_keyed, group, batch, row) {
                personal.hidden.extend(columns_of(group));
                continue;
            }
            if named.text(at, row).len() > 2 {
                let slot = self.slot_of(person, slots)?;
                let key = self.people.sealings.key(&self.inner.key, slots, slot)?;
                let Some(key) = key else {
                    // The slot was erased, and the journal is from before: the erasure holds.
                    self.people.recognise(person);
                    personal.hidden.extend(columns_of(group));
                    continue;
                };
                let (row, group) = (row as u32, at as u32);
                personal.parts.push(Part {
                    row,
                    group,
                    slot,
                    key,
                });
            }
        }
        personal.hidden.sort_unstable();
        Ok(())
    }

    /// Whether nothing of this person may be kept: they were forgotten, or their address was. A key
    /// that first comes with such an address is one more key of the forgotten person. One that the
    /// book has known under its own right is not destroyed by a file; only this row is left out.
    fn is_erased(
        &mut self,
        person: PersonId,
        is_keyed: bool,
        group: &Group,
        batch: &TextBatch,
        row: usize,
    ) -> bool {
        if self.people.erased.contains(&person.0) {
            return true;
        }
        let Some(column) = group.email.filter(|_| !self.people.barred.is_empty()) else {
            return false;
        };
        let address = cell(batch, column, row).trim();
        let is_barred = email_domain(address).is_some()
            && self
                .people
                .barred
                .contains(&self.inner.key.address(address));
        if is_barred && is_keyed && self.people.is_new(person) {
            self.people.recognise(person);
        }
        is_barred
    }

    fn slot_of(&mut self, person: PersonId, slots: &mut Slots) -> Result<u32, Refusal> {
        if let Some(slot) = self.people.slots.slot(person.0) {
            return Ok(slot);
        }
        let slot = slots.allocate()?;
        self.people.slots.put(person.0, slot);
        self.people.unnamed.push((person.0, slot));
        if !self.people.barred.is_empty() {
            self.people.new.insert(person.0);
        }
        Ok(slot)
    }

    /// Personal text is hashed under keys that die with the person, so that no guess about it can
    /// be tested afterwards.
    fn content(&self, row: usize, personal: &Personal, bytes: &mut Vec<u8>) -> Content {
        let named = self.named;
        let hash = || {
            bytes.clear();
            for part in &personal.parts {
                let text = named.text(part.group as usize, row);
                let hash = blake3::keyed_hash(&part.key, text.as_bytes());
                bytes.extend_from_slice(hash.as_bytes());
            }
            let half = blake3::hash(bytes).as_bytes().first_chunk::<16>().copied();
            u128::from_be_bytes(half.unwrap_or_default())
        };
        Content {
            clear: named.clear_hashes.get(row).copied().unwrap_or_default(),
            personal: (!personal.parts.is_empty()).then(hash),
            is_partial: !personal.hidden.is_empty(),
        }
    }

    /// With a declared version: known by (key, version), whatever came before or after.
    fn declared(
        &mut self,
        key: RecordKey,
        before: Option<(At, Entry)>,
        version: i64,
        content: &Brief,
    ) -> (RowState, i64) {
        let Some((at, entry)) = before else {
            return (self.beside_refused(key, Some(version), content), version);
        };
        let entries = &self.known.entries;
        let known = match entry.version == version {
            true => Some(entry.content),
            false => {
                let mut older = entries.older(key.0).iter();
                older
                    .find(|known| known.version == version)
                    .map(|known| known.content)
            }
        };
        let state = match known.map(|known| known.same(content)) {
            None => self.beside_refused(key, Some(version), content),
            Some(true) => RowState::Known,
            Some(false) => RowState::Conflict,
        };
        // A new version says itself that the record is back.
        let returns = state != RowState::New && (state == RowState::Known || !self.is_mending);
        self.see(key, (at, entry), returns);
        (state, version)
    }

    /// A declared version that cannot be read: whatever it is, the file holds the record.
    fn unversioned(&mut self, key: RecordKey, before: Option<(At, Entry)>) -> (RowState, i64) {
        if let Some(before) = before {
            self.see(key, before, !self.is_mending);
        }
        (RowState::Unversioned, 0)
    }

    /// Notes that the file holds a record, and whether it is there again.
    fn see(&mut self, key: RecordKey, (at, entry): (At, Entry), returns: bool) {
        let is_gone = entry.is_gone && !returns;
        self.known.entries.see(at, self.file, is_gone);
        if entry.is_gone && returns {
            self.returned.push((key.0, entry.version));
        }
    }

    /// What a row is that the book does not know, beside the last row of its key that could not be
    /// mapped: new, unless that one said the same, or was of this file and, where versions are
    /// declared, of this version.
    fn beside_refused(&self, key: RecordKey, declared: Option<i64>, content: &Brief) -> RowState {
        let Some(refused) = self.known.refused.get(&key.0) else {
            return RowState::New;
        };
        let is_version = declared.is_none_or(|version| version == refused.version);
        if !is_version {
            RowState::New
        } else if refused.content.same(content) {
            RowState::Twin
        } else if refused.file == self.file && refused.reason.is_some() {
            RowState::Rival
        } else {
            RowState::New
        }
    }

    /// Without one: equal to the latest version is known, anything else is the next version.
    fn arriving(
        &mut self,
        key: RecordKey,
        before: Option<(At, Entry)>,
        content: &Brief,
        is_contested: bool,
    ) -> (RowState, i64) {
        let beside = self.beside_refused(key, None, content);
        let Some((at, entry)) = before else {
            return (beside, 1);
        };
        self.known.entries.see(at, self.file, entry.is_gone);
        let is_twice = entry.seen_in == self.file;
        if beside != RowState::New {
            (beside, entry.version + 1)
        } else if entry.content.same(content) && !entry.is_gone {
            (RowState::Known, entry.version)
        } else if is_twice || is_contested {
            (RowState::Conflict, entry.version)
        } else {
            (RowState::New, entry.version + 1)
        }
    }

    fn keep(
        &mut self,
        work: &mut Work,
        (row, found, before): (u32, ClassifiedRow, Option<(At, Entry)>),
        content: Content,
        personal: &mut Personal,
    ) {
        if !personal.hidden.is_empty() {
            work.left_out
                .push((row, std::mem::take(&mut personal.hidden)));
        }
        let is_told = [RowState::Known, RowState::Answered, RowState::Twin];
        if is_told.contains(&found.state) {
            return;
        }
        let slots = personal.parts.iter().map(|part| (row, part.slot));
        work.slots.extend(slots);
        if found.state != RowState::New {
            return;
        }
        let previous = before.map(|(_, entry)| entry);
        let new = Entry {
            version: found.version,
            content: content.brief(),
            ending: 0,
            is_gone: false,
            seen_in: self.file,
        };
        let at = before.map(|(at, _)| at);
        self.known.arrive(at, found.key.0, new);
        let name = (found.key.0, found.version);
        work.unsealed.add(name, &personal.parts);
        name_people(work, &personal.people);
        work.fresh.push(row);
        work.details.push(Fresh {
            content,
            previous: previous.map(Box::new),
        });
    }
}

/// Adds whom a new row names.
fn name_people(work: &mut Work, people: &[PersonId]) {
    if people.is_empty() {
        return work.people.append_null();
    }
    work.bytes.clear();
    let bytes = people.iter().flat_map(|person| person.0.to_be_bytes());
    work.bytes.extend(bytes);
    work.people.append_value(&work.bytes);
}

/// What the sealed columns of a record are bound to.
pub(crate) fn row_binding(source: &str, stream: &str, key: RecordKey, version: i64) -> Vec<u8> {
    binding(&[source, stream], &[key.0, u128::from(version as u64)])
}

/// The cells of a row that hold a text, but for those to be hidden.
pub(crate) fn cells(batch: &TextBatch, row: usize, hidden: &[usize]) -> Vec<(String, String)> {
    let named = batch.columns.iter().enumerate();
    named
        .filter(|(at, _)| !hidden.contains(at))
        .map(|(at, name)| (name.clone(), cell(batch, at, row).to_owned()))
        .filter(|(_, text)| !text.is_empty())
        .collect()
}

fn columns_of(group: &Group) -> impl Iterator<Item = usize> + '_ {
    group.members.iter().map(|(at, _)| *at)
}
