//! What became of records: which of the facts ever recorded hold as of a commit.

use std::sync::Arc;

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use handfast_model::{Fact, Refusal};

use crate::book::Ledger;
use crate::known::{ByHash, Life, hash, note_life};
use crate::refuse;
use crate::segment::{Part, Wanted};
use crate::snapshot::Listing;
use crate::threads;
use crate::undo::TakenBack;

/// The version of a record that its source never changed, where versions are the order of arrival.
const FIRST: i64 = 1;

/// What became of records, as far as it decides which facts hold. Where versions are the order of
/// arrival, most records have one, the first, and only the others are noted, so that ten million
/// cost no memory; where the source declares versions, every record is noted.
#[derive(Default)]
pub(crate) struct Fates {
    latest: ByHash<i64>,
    /// A version before the first is known, so that first ones are noted too.
    is_full: bool,
    has_earlier: bool,
    /// The latest version that says its source deleted the record.
    ended: ByHash<i64>,
    gone: ByHash<(i64, bool)>,
}

impl Ledger {
    /// What became of the records of facts, by the commits that are not taken back.
    pub(crate) fn fates(
        &self,
        listing: &Listing,
        keys: Option<Arc<[u128]>>,
        taken_back: &TakenBack,
        facts: &[Fact],
    ) -> Result<Fates, Refusal> {
        self.noted(&|fates: &mut Fates| {
            self.read_life(listing, keys.clone(), taken_back, fates)?;
            fates.add_facts(facts, taken_back);
            Ok(())
        })
    }

    /// What became of all records of a listing, whose facts are nowhere in memory.
    pub(crate) fn all_fates(&self, listing: &Listing) -> Result<Fates, Refusal> {
        let wanted = Wanted {
            columns: vec!["seq", "key", "version"],
            ..Wanted::default()
        };
        let (until, taken_back) = (listing.seq.0 as i64, &listing.taken_back);
        self.noted(&|fates: &mut Fates| {
            self.read_life(listing, None, taken_back, fates)?;
            let begun = || Fates {
                is_full: fates.is_full,
                ..Fates::default()
            };
            let mut some: Vec<Fates> = (0..threads::count()).map(|_| begun()).collect();
            threads::at_once(&listing.facts, &mut some, |some, part| {
                let note = &mut |batch: &_| some.add_versions(batch, until, taken_back);
                self.read_rows(std::slice::from_ref(part), &wanted, note)
            })?;
            some.into_iter().for_each(|some| fates.take_in(some));
            Ok(())
        })
    }

    /// Notes what there is to note; all of it where a version before the first turns up.
    fn noted(&self, read: &dyn Fn(&mut Fates) -> Result<(), Refusal>) -> Result<Fates, Refusal> {
        let mut fates = Fates::default();
        read(&mut fates)?;
        if fates.has_earlier {
            fates = Fates {
                is_full: true,
                ..Fates::default()
            };
            read(&mut fates)?;
        }
        Ok(fates)
    }

    fn read_life(
        &self,
        listing: &Listing,
        keys: Option<Arc<[u128]>>,
        taken_back: &TakenBack,
        fates: &mut Fates,
    ) -> Result<(), Refusal> {
        let until = listing.seq.0 as i64;
        let wanted = Wanted {
            keys,
            ..Wanted::default()
        };
        self.read_rows(&listing.life, &wanted, &mut |batch| {
            fates.add_life(batch, until, taken_back)
        })
    }

    fn read_rows(
        &self,
        parts: &[Part],
        wanted: &Wanted,
        note: &mut dyn FnMut(&RecordBatch) -> Option<()>,
    ) -> Result<(), Refusal> {
        let shelf = &self.inner.shelf;
        parts.iter().try_for_each(|part| {
            let what = format!("a row of the {} table is malformed", part.table.name());
            let malformed = || refuse::journal_damaged(&shelf.journal, &what);
            shelf.read(part, wanted, &mut |batch| note(batch).ok_or_else(malformed))
        })
    }
}

impl Fates {
    fn add_life(&mut self, batch: &RecordBatch, until: i64, taken_back: &TakenBack) -> Option<()> {
        let seqs = batch
            .column_by_name("seq")?
            .as_primitive_opt::<Int64Type>()?;
        let keys = batch.column_by_name("key")?.as_fixed_size_binary_opt()?;
        let versions = batch
            .column_by_name("version")?
            .as_primitive_opt::<Int64Type>()?;
        let what = batch.column_by_name("what")?.as_string_opt::<i32>()?;
        for row in 0..batch.num_rows() {
            let (seq, key) = (seqs.value(row), hash(keys, row)?);
            if seq > until || taken_back.has(seq) {
                continue;
            }
            let (life, version) = (Life::parse(what.value(row))?, versions.value(row));
            match life.is_gone() {
                Some(is_gone) => note_life(&mut self.gone, key, seq, is_gone),
                None => self.see(key, version),
            }
            if life == Life::Ended {
                let ended = self.ended.entry(key).or_insert(version);
                *ended = version.max(*ended);
            }
        }
        Some(())
    }

    fn add_versions(
        &mut self,
        batch: &RecordBatch,
        until: i64,
        taken_back: &TakenBack,
    ) -> Option<()> {
        let seqs = batch
            .column_by_name("seq")?
            .as_primitive_opt::<Int64Type>()?;
        let keys = batch.column_by_name("key")?.as_fixed_size_binary_opt()?;
        let versions = batch
            .column_by_name("version")?
            .as_primitive_opt::<Int64Type>()?;
        for row in 0..batch.num_rows() {
            let (seq, version) = (seqs.value(row), versions.value(row));
            if version == FIRST && !self.is_full || seq > until || taken_back.has(seq) {
                continue;
            }
            self.see(hash(keys, row)?, version);
        }
        Some(())
    }

    /// Only events are superseded, so only their records' versions are looked at; states of the
    /// same record count as versions of it all the same.
    fn add_facts(&mut self, facts: &[Fact], taken_back: &TakenBack) {
        for fact in facts {
            if taken_back.has(fact.seq.0 as i64) {
                continue;
            }
            self.see(fact.origin.key.0, fact.origin.version);
        }
    }

    /// Takes in the versions that others have noted.
    fn take_in(&mut self, other: Fates) {
        self.has_earlier |= other.has_earlier;
        for (key, version) in other.latest {
            self.see(key, version);
        }
    }

    fn see(&mut self, key: u128, version: i64) {
        self.has_earlier |= version < FIRST;
        if version == FIRST && !self.is_full {
            return;
        }
        let latest = self.latest.entry(key).or_insert(version);
        *latest = version.max(*latest);
    }

    /// The latest version that is known of a record of which one is.
    fn latest(&self, key: u128) -> i64 {
        let noted = match self.latest.is_empty() {
            true => None,
            false => self.latest.get(&key),
        };
        noted.copied().unwrap_or(FIRST)
    }

    /// Whether a fact holds: its record is not deleted, and no later version replaced an event.
    pub(crate) fn hold(&self, fact: &Fact) -> bool {
        !self.have_ended(fact.origin.key.0) && (fact.kind.is_state() || !self.have_replaced(fact))
    }

    /// Whether a record was deleted: by a whole table that lacks it, or by its own latest version.
    pub(crate) fn have_ended(&self, key: u128) -> bool {
        let is_gone = || self.gone.get(&key).is_some_and(|(_, is_gone)| *is_gone);
        let is_ended = || self.ended.get(&key) == Some(&self.latest(key));
        (!self.gone.is_empty() && is_gone()) || (!self.ended.is_empty() && is_ended())
    }

    /// Whether a later version of its record is known.
    pub(crate) fn have_replaced(&self, fact: &Fact) -> bool {
        self.latest(fact.origin.key.0) > fact.origin.version
    }
}
