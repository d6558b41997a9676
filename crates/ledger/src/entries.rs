//! The latest version of each key of a stream, in little memory: an import of ten million rows
//! asks for one of them per row.
//!
//! Entries lie in chunks that never move; an index of their places finds them by key. A key costs
//! 32 bytes and some ten of the index, 8 more in a stream with personal columns, and 8 more where
//! versions are declared.

use hashbrown::HashTable;

use crate::known::{Brief, ByHash};

/// The latest version of a key.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub version: i64,
    pub content: Brief,
    /// How the row ended: 0 mapped, 1 reference, from 2 the ignoring rules.
    pub ending: u16,
    /// Whether the source has since dropped it.
    pub is_gone: bool,
    /// The last file of this import that held it; 0 = none.
    pub seen_in: u32,
}

/// Where an entry lies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct At(u32);

/// The latest versions of keys.
#[derive(Default)]
pub(crate) struct Entries {
    index: HashTable<u32>,
    chunks: Vec<Vec<Slot>>,
    /// Personal hashes beside the slots of a chunk; none for chunks without any.
    personal: Vec<Vec<u64>>,
    /// Versions that do not fit into a slot, in the same way.
    versions: Vec<Vec<i64>>,
    /// With declared versions, the others of a key.
    older: ByHash<Vec<Version>>,
}

/// One version of a key.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Version {
    pub version: i64,
    pub content: Brief,
    /// How its row ended.
    pub ending: u16,
}

/// The key is in bytes: a `u128` would want sixteen of them for every start.
#[derive(Clone, Copy)]
struct Slot {
    key: [u8; 16],
    clear: u64,
    seen_in: u32,
    ending: u16,
    version: u8,
    marks: u8,
}

/// The version of a slot whose version lies beside it.
const BESIDE: u8 = u8::MAX;

const GONE: u8 = 1;
const PERSONAL: u8 = 2;
const PARTIAL: u8 = 4;
const REMOVED: u8 = 8;

/// A chunk is large enough to be mapped by itself: among the short-lived memory of an import it
/// would leave holes. Room that nobody writes to is no memory yet.
const CHUNK_BITS: u32 = if cfg!(test) { 12 } else { 20 };
const CHUNK: usize = 1 << CHUNK_BITS;

impl At {
    /// A stream of more than four thousand million keys would not fit into any memory.
    fn of(chunk: usize, row: usize) -> At {
        At((chunk << CHUNK_BITS | row) as u32)
    }

    fn parts(self) -> (usize, usize) {
        let place = self.0 as usize;
        (place >> CHUNK_BITS, place & (CHUNK - 1))
    }
}

impl Entries {
    /// Where the entry of a key lies.
    pub(crate) fn find(&self, key: u128) -> Option<At> {
        let is_it = |place: &u32| self.slot(At(*place)).is_some_and(|slot| slot.key() == key);
        self.index.find(key as u64, is_it).map(|place| At(*place))
    }

    /// The entry of a key.
    pub(crate) fn get(&self, key: u128) -> Option<Entry> {
        self.entry(self.find(key)?)
    }

    /// The entry at a place.
    pub(crate) fn entry(&self, at: At) -> Option<Entry> {
        let slot = self.slot(at)?;
        let has = |mark| slot.marks & mark != 0;
        let (chunk, row) = at.parts();
        let personal = || self.personal.get(chunk)?.get(row).copied();
        Some(Entry {
            version: self.version_at(at)?,
            content: Brief {
                clear: slot.clear,
                personal: has(PERSONAL).then(personal).flatten(),
                is_partial: has(PARTIAL),
            },
            ending: slot.ending,
            is_gone: has(GONE),
            seen_in: slot.seen_in,
        })
    }

    /// Puts the entry of a key, in the place of the one there is.
    pub(crate) fn put(&mut self, key: u128, entry: Entry) {
        match self.find(key) {
            Some(at) => self.set(at, key, entry),
            None => self.add(key, entry),
        }
    }

    /// Puts an entry in the place of another one of its key.
    pub(crate) fn set(&mut self, at: At, key: u128, entry: Entry) {
        self.set_beside(at, &entry);
        if let Some(slot) = self.slot_mut(at) {
            *slot = Slot::of(key, entry);
        }
    }

    /// Adds the entry of a key that has none.
    pub(crate) fn add(&mut self, key: u128, entry: Entry) {
        if self.chunks.last().is_none_or(|slots| slots.len() == CHUNK) {
            self.chunks.push(Vec::with_capacity(CHUNK));
            self.personal.push(Vec::new());
            self.versions.push(Vec::new());
        }
        if self.index.len() == self.index.capacity() {
            self.make_room();
        }
        let chunk = self.chunks.len() - 1;
        let Some(slots) = self.chunks.last_mut() else {
            return;
        };
        let row = slots.len();
        slots.push(Slot::of(key, entry));
        let at = At::of(chunk, row);
        self.set_beside(at, &entry);
        let chunks = &self.chunks;
        let hash = |place: &u32| hash_at(chunks, *place);
        self.index.insert_unique(key as u64, at.0, hash);
    }

    /// Makes an index of twice the room from the entries themselves, in their order: the old one is
    /// gone before, and no entry is looked for.
    fn make_room(&mut self) {
        let room = (2 * self.index.len()).max(1_000);
        self.index = HashTable::new();
        self.index.reserve(room, |_| 0);
        let chunks = &self.chunks;
        let hash = |place: &u32| hash_at(chunks, *place);
        for (chunk, slots) in chunks.iter().enumerate() {
            for (row, slot) in slots.iter().enumerate() {
                if slot.marks & REMOVED == 0 {
                    let place = At::of(chunk, row).0;
                    self.index.insert_unique(slot.key() as u64, place, hash);
                }
            }
        }
    }

    /// Forgets a key.
    pub(crate) fn remove(&mut self, key: u128) {
        let Some(at) = self.find(key) else {
            return;
        };
        if let Ok(found) = self.index.find_entry(key as u64, |place| *place == at.0) {
            found.remove();
        }
        if let Some(slot) = self.slot_mut(at) {
            slot.marks |= REMOVED;
        }
        self.older.remove(&key);
    }

    /// Notes that a file holds the entry, and whether the source has dropped it.
    pub(crate) fn see(&mut self, at: At, file: u32, is_gone: bool) {
        if let Some(slot) = self.slot_mut(at) {
            slot.seen_in = file;
            slot.mark(GONE, is_gone);
        }
    }

    /// Notes how the row of a version of a key ended.
    pub(crate) fn end(&mut self, key: u128, version: i64, ending: u16) {
        let at = self.find(key);
        let at = at.filter(|at| self.version_at(*at) == Some(version));
        match at.and_then(|at| self.slot_mut(at)) {
            Some(slot) => slot.ending = ending,
            None => {
                let older = self.older.get_mut(&key).into_iter().flatten();
                older
                    .filter(|known| known.version == version)
                    .for_each(|known| known.ending = ending);
            }
        }
    }

    /// A version of a key, the latest or another one.
    pub(crate) fn version(&self, key: u128, version: i64) -> Option<Version> {
        let latest = self.get(key).map(Entry::latest);
        let mut all = latest.into_iter().chain(self.older(key).iter().copied());
        all.find(|known| known.version == version)
    }

    /// The other versions of a key.
    pub(crate) fn older(&self, key: u128) -> &[Version] {
        self.older.get(&key).map_or(&[], Vec::as_slice)
    }

    /// The other versions of a key, to change them.
    pub(crate) fn older_mut(&mut self, key: u128) -> &mut Vec<Version> {
        self.older.entry(key).or_default()
    }

    /// Marks all entries as gone that another file than this one was the last to hold; gives
    /// their keys and versions, in no order.
    pub(crate) fn drop_unseen(&mut self, file: u32) -> Vec<(u128, i64)> {
        let mut gone = Vec::new();
        for (slots, versions) in self.chunks.iter_mut().zip(&self.versions) {
            for (row, slot) in slots.iter_mut().enumerate() {
                if slot.seen_in != file && slot.marks & (GONE | REMOVED) == 0 {
                    slot.mark(GONE, true);
                    gone.push((slot.key(), slot.version(versions, row)));
                }
            }
        }
        gone
    }

    fn slot(&self, at: At) -> Option<&Slot> {
        let (chunk, row) = at.parts();
        self.chunks.get(chunk)?.get(row)
    }

    fn slot_mut(&mut self, at: At) -> Option<&mut Slot> {
        let (chunk, row) = at.parts();
        self.chunks.get_mut(chunk)?.get_mut(row)
    }

    fn version_at(&self, at: At) -> Option<i64> {
        let (chunk, row) = at.parts();
        let versions = self.versions.get(chunk)?;
        Some(self.slot(at)?.version(versions, row))
    }

    /// Keeps what of an entry does not fit into its slot.
    fn set_beside(&mut self, at: At, entry: &Entry) {
        let (chunk, row) = at.parts();
        if let (Some(hash), Some(hashes)) = (entry.content.personal, self.personal.get_mut(chunk)) {
            put_beside(hashes, row, hash);
        }
        if small(entry.version) == BESIDE
            && let Some(versions) = self.versions.get_mut(chunk)
        {
            put_beside(versions, row, entry.version);
        }
    }
}

fn put_beside<T: Copy + Default>(values: &mut Vec<T>, row: usize, value: T) {
    if values.is_empty() {
        values.reserve_exact(CHUNK);
    }
    if values.len() <= row {
        values.resize(row + 1, T::default());
    }
    if let Some(place) = values.get_mut(row) {
        *place = value;
    }
}

/// What is kept of a version in its slot.
fn small(version: i64) -> u8 {
    u8::try_from(version).unwrap_or(BESIDE)
}

/// The hash of an entry of the index.
fn hash_at(chunks: &[Vec<Slot>], place: u32) -> u64 {
    let (chunk, row) = At(place).parts();
    let slot = chunks.get(chunk).and_then(|slots| slots.get(row));
    slot.map_or(0, |slot| slot.key() as u64)
}

impl Entry {
    /// The version that it is.
    pub(crate) fn latest(self) -> Version {
        Version {
            version: self.version,
            content: self.content,
            ending: self.ending,
        }
    }
}

impl Slot {
    fn of(key: u128, entry: Entry) -> Slot {
        let mut slot = Slot {
            key: key.to_ne_bytes(),
            clear: entry.content.clear,
            seen_in: entry.seen_in,
            ending: entry.ending,
            version: small(entry.version),
            marks: 0,
        };
        slot.mark(GONE, entry.is_gone);
        slot.mark(PERSONAL, entry.content.personal.is_some());
        slot.mark(PARTIAL, entry.content.is_partial);
        slot
    }

    fn key(&self) -> u128 {
        u128::from_ne_bytes(self.key)
    }

    fn version(&self, beside: &[i64], row: usize) -> i64 {
        match self.version {
            BESIDE => beside.get(row).copied().unwrap_or_default(),
            version => i64::from(version),
        }
    }

    fn mark(&mut self, mark: u8, holds: bool) {
        match holds {
            true => self.marks |= mark,
            false => self.marks &= !mark,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Brief, CHUNK, Entries, Entry};

    fn entry(number: u64) -> Entry {
        Entry {
            version: number as i64 - 300,
            content: Brief {
                clear: number << 32,
                personal: number.is_multiple_of(3).then_some(number + 1),
                is_partial: number.is_multiple_of(5),
            },
            ending: (number % 4) as u16,
            is_gone: number.is_multiple_of(7),
            seen_in: (number % 2) as u32,
        }
    }

    /// What a map of them would hold, written out.
    fn said(entry: Option<Entry>) -> String {
        format!("{entry:?}")
    }

    #[test]
    fn entries_are_what_was_put_last_over_several_chunks() {
        let mut entries = Entries::default();
        let mut naive: BTreeMap<u128, Entry> = BTreeMap::new();
        let keys = 2 * CHUNK as u64 + 100;
        // Keys whose low halves are equal too, as hashes may be.
        let key = |number: u64| u128::from(number % 1000) | u128::from(number) << 70;
        for number in (0..keys).chain(0..keys / 3) {
            let at = (number * 7) % keys;
            entries.put(key(at), entry(number));
            naive.insert(key(at), entry(number));
        }
        for number in (0..keys).step_by(11) {
            entries.remove(key(number));
            naive.remove(&key(number));
        }
        // Some come again, and the index is made anew around those that were removed.
        for number in (0..keys).step_by(22).chain(keys..3 * keys) {
            entries.put(key(number), entry(number + 9));
            naive.insert(key(number), entry(number + 9));
        }
        for number in 0..3 * keys + 5 {
            let found = entries.get(key(number));
            assert_eq!(said(found), said(naive.get(&key(number)).copied()));
        }
        let mut gone = entries.drop_unseen(1);
        gone.sort_unstable();
        let unseen = naive.iter().filter(|(_, e)| e.seen_in != 1 && !e.is_gone);
        let unseen: Vec<(u128, i64)> = unseen.map(|(key, e)| (*key, e.version)).collect();
        assert_eq!(gone, unseen);
        assert!(entries.drop_unseen(1).is_empty());
    }
}
