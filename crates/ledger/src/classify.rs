//! What each row of a batch is to the book: new, known already, or at odds with itself.
//!
//! New rows are sealed here, so that no personal text goes further than this batch and the mapping
//! worker. Read on in `import`, which commits what was classified.

use std::collections::BTreeSet;
use std::ops::Range;

use arrow::array::{BinaryBuilder, StringBuilder};
use handfast_model::pack::Stream;
use handfast_model::parse::email_domain;
use handfast_model::{PersonId, RecordKey, Refusal};

use crate::aside;
use crate::book::Inner;
use crate::classified::{Classified, ClassifiedRow, Fresh, RowState};
use crate::entries::{At, Entry};
use crate::keys::{Sealings, Slots};
use crate::known::{ByHash, Content, Hashes, Known};
use crate::layout::{Group, Layout, add_object, cell, object, version_number};
use crate::seal::{binding, seal_onto};
use crate::source::TextBatch;
use crate::store::Store;

/// Who is known, and who must not be.
#[derive(Default)]
pub(crate) struct People {
    pub slots: ByHash<u32>,
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
            people.slots.insert(row.hash(0)?, slot);
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
        !self.slots.contains_key(&person.0) || self.new.contains(&person.0)
    }
}

/// Classifies the rows of one batch after another.
pub(crate) struct Classifier<'a> {
    pub inner: &'a Inner,
    pub source: &'a str,
    pub stream: &'a Stream,
    pub layout: &'a Layout,
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

/// Buffers and results of one batch.
#[derive(Default)]
struct Work {
    rows: Vec<ClassifiedRow>,
    fresh: Vec<u32>,
    details: Vec<Fresh>,
    people: BinaryBuilder,
    clear: StringBuilder,
    sealed: BinaryBuilder,
    slots: Vec<(u32, u32)>,
    left_out: Vec<(u32, Vec<usize>)>,
    answered: BTreeSet<usize>,
    /// What the row at hand says in clear, and some of its bytes.
    text: String,
    bytes: Vec<u8>,
}

impl Work {
    /// Room for the rows of a batch, which are mostly new.
    fn for_batch(batch: &TextBatch, layout: &Layout) -> Work {
        let rows = batch.rows();
        let bytes = |column: usize| batch.cells.get(column).map_or(0, |c| c.value_data().len());
        let clear = layout.clear.iter();
        let clear = clear.map(|(column, start)| rows * (start.len() + 3) + bytes(*column));
        Work {
            rows: Vec::with_capacity(rows),
            fresh: Vec::with_capacity(rows),
            details: Vec::with_capacity(rows),
            clear: StringBuilder::with_capacity(rows, clear.sum::<usize>() + 2 * rows),
            ..Work::default()
        }
    }

    fn finish(mut self, batch: TextBatch, key_columns: Vec<usize>, file: u32) -> Classified {
        Classified {
            batch,
            rows: self.rows,
            fresh: self.fresh,
            details: self.details,
            people: self.people.finish(),
            clear: self.clear.finish(),
            sealed: self.sealed.finish(),
            slots: self.slots,
            left_out: self.left_out,
            key_columns,
            mends: Vec::new(),
            answered: self.answered,
            file,
        }
    }
}

/// One person's part of a row.
struct Sealable {
    text: Range<usize>,
    slot: u32,
    key: [u8; 32],
}

/// The personal part of a row.
#[derive(Default)]
struct Personal {
    people: Vec<PersonId>,
    parts: Vec<Sealable>,
    /// The texts of the parts, one after another.
    texts: String,
    hidden: Vec<usize>,
}

impl Personal {
    fn text(&self, part: &Sealable) -> &[u8] {
        let text = self.texts.as_bytes().get(part.text.clone());
        text.unwrap_or_default()
    }
}

impl Classifier<'_> {
    pub(crate) fn classify(&mut self, batch: TextBatch) -> Result<Classified, Refusal> {
        let inner = self.inner;
        let mut slots = inner.slots();
        let mut work = Work::for_batch(&batch, self.layout);
        let mut personal = Personal::default();
        let lines = self.line_names(&batch);
        let mut key: Vec<&str> = Vec::with_capacity(self.layout.key.len() + 2);
        for row in 0..batch.rows() {
            key.clear();
            match self.layout.key.as_slice() {
                columns if self.layout.is_keyed_by_line => {
                    key.extend(columns.iter().map(|at| cell(&batch, *at, row)));
                    key.push(&batch.file);
                    key.extend(lines.get(row).map(String::as_str));
                }
                [] => key.extend((0..batch.cells.len()).map(|at| cell(&batch, at, row))),
                columns => key.extend(columns.iter().map(|at| cell(&batch, *at, row))),
            }
            let name = [self.source, self.stream.name.as_str()].into_iter();
            let texts = name.chain(key.iter().copied());
            let record = inner.key.record_in(&mut work.bytes, texts);
            let is_keyed = key.iter().any(|text| !text.trim().is_empty());
            // Personal columns without a person still need a key that can be destroyed; a row that
            // will be set aside without a key has one of its own.
            let nobody = || match is_keyed {
                true => record.to_string(),
                false => format!("{record} {} {}", batch.file, line_of(&batch, row)),
            };
            self.personal(&batch, row, &nobody, (&mut slots, &mut personal))?;
            object(&self.layout.clear, &batch, row, &mut work.text);
            let content = self.content(&work.text, &personal);
            let declared = self
                .layout
                .version
                .map(|at| version_number(cell(&batch, at, row)));
            let at = self.known.entries.find(record.0);
            let before = at.and_then(|at| Some((at, self.known.entries.entry(at)?)));
            let (state, version) = match declared {
                _ if !is_keyed => (RowState::Unkeyed, 0),
                Some(None) => self.unversioned(record, before),
                Some(Some(version)) => self.declared(record, before, version, &content),
                None => self.arriving(record, before, &content, self.contested.contains(&row)),
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
            self.keep(&mut work, new, content, &mut personal)?;
        }
        let groups = self.layout.groups.iter();
        let key_columns = groups.map(|group| group.person).collect();
        Ok(work.finish(batch, key_columns, self.file))
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

    /// The lines of a batch as texts, where they are part of the key.
    fn line_names(&self, batch: &TextBatch) -> Vec<String> {
        match self.layout.is_keyed_by_line {
            true => batch.lines.iter().map(u32::to_string).collect(),
            false => Vec::new(),
        }
    }

    /// The personal columns by person; an erased person's are left out.
    fn personal(
        &mut self,
        batch: &TextBatch,
        row: usize,
        nobody: &dyn Fn() -> String,
        (slots, personal): (&mut Slots, &mut Personal),
    ) -> Result<(), Refusal> {
        personal.people.clear();
        personal.parts.clear();
        personal.texts.clear();
        personal.hidden.clear();
        for group in &self.layout.groups {
            let key = group.key(batch, row);
            let person = if key.is_empty() {
                self.inner.key.person("record of nobody", &nobody())
            } else {
                let person = self.inner.key.person(&group.whose.namespace, key);
                personal.people.push(person);
                person
            };
            if self.is_erased(person, !key.is_empty(), group, batch, row) {
                personal.hidden.extend(columns_of(group));
                continue;
            }
            let begin = personal.texts.len();
            add_object(&group.members, batch, row, &mut personal.texts);
            let text = begin..personal.texts.len();
            if text.len() > 2 {
                let slot = self.slot_of(person, slots)?;
                let key = self.people.sealings.key(&self.inner.key, slots, slot)?;
                let Some(key) = key else {
                    // The slot was erased, and the journal is from before: the erasure holds.
                    self.people.recognise(person);
                    personal.hidden.extend(columns_of(group));
                    continue;
                };
                personal.parts.push(Sealable { text, slot, key });
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
        if let Some(&slot) = self.people.slots.get(&person.0) {
            return Ok(slot);
        }
        let slot = slots.allocate()?;
        self.people.slots.insert(person.0, slot);
        self.people.unnamed.push((person.0, slot));
        if !self.people.barred.is_empty() {
            self.people.new.insert(person.0);
        }
        Ok(slot)
    }

    /// Personal text is hashed under keys that die with the person, so that no guess about it can
    /// be tested afterwards.
    fn content(&self, clear: &str, personal: &Personal) -> Content {
        let hash = || {
            let mut hasher = blake3::Hasher::new();
            for part in &personal.parts {
                hasher.update(blake3::keyed_hash(&part.key, personal.text(part)).as_bytes());
            }
            let half = hasher.finalize().as_bytes().first_chunk::<16>().copied();
            u128::from_be_bytes(half.unwrap_or_default())
        };
        Content {
            clear: self.inner.key.content(clear),
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
        content: &Content,
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
    fn beside_refused(&self, key: RecordKey, declared: Option<i64>, content: &Content) -> RowState {
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
        content: &Content,
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
    ) -> Result<(), Refusal> {
        if !personal.hidden.is_empty() {
            work.left_out
                .push((row, std::mem::take(&mut personal.hidden)));
        }
        let is_told = [RowState::Known, RowState::Answered, RowState::Twin];
        if is_told.contains(&found.state) {
            return Ok(());
        }
        let slots = personal.parts.iter().map(|part| (row, part.slot));
        work.slots.extend(slots);
        if found.state != RowState::New {
            return Ok(());
        }
        let previous = before.map(|(_, entry)| entry);
        let new = Entry {
            version: found.version,
            content,
            ending: 0,
            is_gone: false,
            seen_in: self.file,
        };
        let at = before.map(|(at, _)| at);
        self.known.arrive(at, found.key.0, new);
        work.clear.append_value(&work.text);
        self.seal_row(work, found, personal)?;
        name_people(work, &personal.people);
        work.fresh.push(row);
        work.details.push(Fresh {
            content,
            previous: previous.map(Box::new),
        });
        Ok(())
    }

    fn seal_row(
        &self,
        work: &mut Work,
        found: ClassifiedRow,
        personal: &Personal,
    ) -> Result<(), Refusal> {
        if personal.parts.is_empty() {
            work.sealed.append_null();
            return Ok(());
        }
        let place = row_binding(self.source, &self.stream.name, found.key, found.version);
        work.bytes.clear();
        for part in &personal.parts {
            let length = work.bytes.len();
            work.bytes.extend_from_slice(&[0; 4]);
            let text = personal.text(part);
            seal_onto(&mut work.bytes, (&part.key, &[part.slot]), &place, text)?;
            let sealed = (work.bytes.len() - length - 4) as u32;
            if let Some(place) = work.bytes.get_mut(length..length + 4) {
                place.copy_from_slice(&sealed.to_le_bytes());
            }
        }
        work.sealed.append_value(&work.bytes);
        Ok(())
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

fn line_of(batch: &TextBatch, row: usize) -> u32 {
    batch.lines.get(row).copied().unwrap_or(0)
}

fn columns_of(group: &Group) -> impl Iterator<Item = usize> + '_ {
    group.members.iter().map(|(at, _)| *at)
}
