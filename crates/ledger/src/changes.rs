//! What changed between two commits: the records concerned, and all facts of theirs that hold now.
//!
//! A record is concerned when rows of it came, were deleted at their source or came back, or when
//! an import that had brought some was taken back. Whoever keeps facts as of the earlier commit
//! drops those of these records, takes these facts in their place, and has the later snapshot.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use handfast_model::question::AsOf;
use handfast_model::{Calendar, Fact, Names, RecordKey, Refusal, Seq, Snapshot};

use crate::book::Ledger;
use crate::known::hash;
use crate::refuse;
use crate::segment::{Part, Wanted};
use crate::snapshot::{Listing, arranged, list};
use crate::store::reading;
use crate::undo::TakenBack;

/// What changed.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// The records concerned, in order.
    pub records: Vec<RecordKey>,
    /// The texts.
    pub names: Names,
    /// All facts of these records that hold now, in no order.
    pub facts: Vec<Fact>,
}

/// Commits whose rows count at one moment and did not at the other.
struct Fresh {
    since: i64,
    until: i64,
    taken_back: BTreeSet<i64>,
}

impl Fresh {
    fn has(&self, seq: i64) -> bool {
        (self.since < seq && seq <= self.until) || self.taken_back.contains(&seq)
    }

    fn may_be_in(&self, part: &Part) -> bool {
        let (first, last) = (part.first_seq, part.last_seq);
        (self.since < last && first <= self.until)
            || self.taken_back.range(first..=last).next().is_some()
    }
}

impl Ledger {
    /// What changed from one commit to a later one; `None` when it concerns more records than
    /// `most`, or when the later commit is not the later one.
    pub fn changes(&self, since: Seq, until: Seq, most: usize) -> Result<Option<Changes>, Refusal> {
        if until < since {
            return Ok(None);
        }
        match self.try_changes(since, until, most) {
            // Compaction may have replaced a segment between its listing and its reading.
            Err(refusal) if refusal.code == "E0208" => self.try_changes(since, until, most),
            result => result,
        }
    }

    fn try_changes(&self, since: Seq, until: Seq, most: usize) -> Result<Option<Changes>, Refusal> {
        let (listing, before) = reading(self.inner.reader().as_mut(), |store| {
            let before = TakenBack::load(store, since.0 as i64)?;
            Ok((list(store, AsOf::Seq(until))?, before))
        })?;
        let Some(keys) = self.concerned(&listing, (since, &before), most)? else {
            return Ok(None);
        };
        let records = keys.iter().map(|key| RecordKey(*key)).collect();
        let (names, facts) = self.of_records(&listing, &keys.into_iter().collect())?;
        Ok(Some(Changes {
            records,
            names,
            facts,
        }))
    }

    /// What an earlier moment and a later one know of the records that changed in between. Of all
    /// other records both know the same.
    pub fn differing(
        &self,
        then: AsOf,
        now: AsOf,
        calendar: &Calendar,
    ) -> Result<(Snapshot, Snapshot), Refusal> {
        let (then, now) = (self.meant(then)?, self.meant(now)?);
        match self.try_differing(then, now, calendar) {
            // Compaction may have replaced a segment between its listing and its reading.
            Err(refusal) if refusal.code == "E0208" => self.try_differing(then, now, calendar),
            result => result,
        }
    }

    fn try_differing(
        &self,
        then: AsOf,
        now: AsOf,
        calendar: &Calendar,
    ) -> Result<(Snapshot, Snapshot), Refusal> {
        let (then, now) = reading(self.inner.reader().as_mut(), |store| {
            Ok((list(store, then)?, list(store, now)?))
        })?;
        let since = (then.seq, &then.taken_back);
        let keys = self.concerned(&now, since, usize::MAX)?;
        let keys: Arc<[u128]> = keys.unwrap_or_default().into_iter().collect();
        let of = |listing: Listing| {
            let (names, facts) = self.of_records(&listing, &keys)?;
            let known = arranged(listing, names, facts, None, calendar);
            Ok::<_, Refusal>(known)
        };
        Ok((of(then)?, of(now)?))
    }

    /// The facts of some records that hold as of a listing.
    fn of_records(
        &self,
        listing: &Listing,
        keys: &Arc<[u128]>,
    ) -> Result<(Names, Vec<Fact>), Refusal> {
        match keys.is_empty() {
            true => Ok(Default::default()),
            false => self.holding(listing, Some(Arc::clone(keys))),
        }
    }

    /// The records that a listing knows otherwise than an earlier commit did; `None` when they are
    /// more than `most`.
    fn concerned(
        &self,
        listing: &Listing,
        (since, before): (Seq, &TakenBack),
        most: usize,
    ) -> Result<Option<BTreeSet<u128>>, Refusal> {
        let taken_back = listing.taken_back.commits();
        let fresh = Fresh {
            since: since.0 as i64,
            until: listing.seq.0 as i64,
            taken_back: taken_back.filter(|seq| !before.has(*seq)).collect(),
        };
        let wanted = Wanted {
            columns: vec!["seq", "key"],
            ..Wanted::default()
        };
        let mut keys = BTreeSet::new();
        let malformed = || refuse::journal_damaged(&self.inner.shelf.journal, "a row has no key");
        for part in listing.facts.iter().chain(&listing.life) {
            if fresh.may_be_in(part) {
                self.inner.shelf.read(part, &wanted, &mut |batch| {
                    add_keys(batch, &fresh, &mut keys).ok_or_else(malformed)
                })?;
            }
            if keys.len() > most {
                return Ok(None);
            }
        }
        Ok(Some(keys))
    }
}

fn add_keys(batch: &RecordBatch, fresh: &Fresh, keys: &mut BTreeSet<u128>) -> Option<()> {
    let seqs = batch
        .column_by_name("seq")?
        .as_primitive_opt::<Int64Type>()?;
    let column = batch.column_by_name("key")?.as_fixed_size_binary_opt()?;
    for row in 0..batch.num_rows() {
        if fresh.has(seqs.value(row)) {
            keys.insert(hash(column, row)?);
        }
    }
    Some(())
}
