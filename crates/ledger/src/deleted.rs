//! Deals that their sources deleted. No snapshot of later holds them, so whoever misses one there
//! asks here.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use handfast_model::question::AsOf;
use handfast_model::{FactKind, Refusal, Seq};

use crate::book::Ledger;
use crate::known::{Life, hash};
use crate::refuse;
use crate::segment::Wanted;
use crate::snapshot::{Listing, list};
use crate::store::reading;
use crate::table::Table;

impl Ledger {
    /// The keys of deals of which a source deleted a record after a commit and up to a moment, each
    /// with the first commit that did. Of another record the deal may be known all the same.
    ///
    /// Nothing but the lives of records is read where no record was deleted.
    pub fn deleted_deals(&self, since: Seq, now: AsOf) -> Result<BTreeMap<String, Seq>, Refusal> {
        let now = self.meant(now)?;
        match self.try_deleted(since, now) {
            // Compaction may have replaced a segment between its listing and its reading.
            Err(refusal) if refusal.code == "E0208" => self.try_deleted(since, now),
            result => result,
        }
    }

    fn try_deleted(&self, since: Seq, now: AsOf) -> Result<BTreeMap<String, Seq>, Refusal> {
        let listing = reading(self.inner.reader().as_mut(), |store| list(store, now))?;
        let ended = self.ended_since(&listing, since)?;
        let mut deals = BTreeMap::new();
        if ended.is_empty() {
            return Ok(deals);
        }
        let keys: Arc<[u128]> = ended.keys().copied().collect();
        let taken_back = &listing.taken_back;
        let (names, facts) = self.read_facts(&listing, Some(Arc::clone(&keys)), taken_back)?;
        let fates = self.fates(&listing, Some(keys), taken_back, &facts)?;
        for fact in facts {
            let key = fact.origin.key.0;
            let is_told = matches!(fact.kind, FactKind::Deal | FactKind::Mark);
            let Some((deal, at)) = fact.deal.zip(ended.get(&key)) else {
                continue;
            };
            if is_told && fates.have_ended(key) {
                let first = deals.entry(names.text(deal).to_owned()).or_insert(*at);
                *first = (*first).min(*at);
            }
        }
        Ok(deals)
    }

    /// The records that were deleted after a commit, each with the first commit that did; some of
    /// them may have come back.
    fn ended_since(&self, listing: &Listing, since: Seq) -> Result<BTreeMap<u128, Seq>, Refusal> {
        let wanted = Wanted {
            columns: vec!["seq", "key", "what"],
            ..Wanted::default()
        };
        let counts = |seq: i64| {
            let is_in = (since.0 as i64) < seq && seq <= listing.seq.0 as i64;
            is_in && !listing.taken_back.has(seq)
        };
        let mut ended = BTreeMap::new();
        let shelf = &self.inner.shelf;
        let what = format!("a row of the {} table is malformed", Table::Life.name());
        let malformed = || refuse::journal_damaged(&shelf.journal, &what);
        let parts = listing.life.iter();
        for part in parts.filter(|part| (since.0 as i64) < part.last_seq) {
            shelf.read(part, &wanted, &mut |batch| {
                add_ended(batch, &counts, &mut ended).ok_or_else(malformed)
            })?;
        }
        Ok(ended)
    }
}

fn add_ended(
    batch: &RecordBatch,
    counts: &dyn Fn(i64) -> bool,
    ended: &mut BTreeMap<u128, Seq>,
) -> Option<()> {
    let seqs = batch
        .column_by_name("seq")?
        .as_primitive_opt::<Int64Type>()?;
    let keys = batch.column_by_name("key")?.as_fixed_size_binary_opt()?;
    let what = batch.column_by_name("what")?.as_string_opt::<i32>()?;
    for row in 0..batch.num_rows() {
        let is_end = matches!(Life::parse(what.value(row))?, Life::Deleted | Life::Ended);
        let seq = seqs.value(row);
        if is_end && counts(seq) {
            let at = Seq(seq.unsigned_abs());
            let first = ended.entry(hash(keys, row)?).or_insert(at);
            *first = at.min(*first);
        }
    }
    Some(())
}
