//! The facts of a moment a batch at a time, for whoever does not hold all of them.

use arrow::array::RecordBatch;
use handfast_model::question::{AsOf, Known};
use handfast_model::{Calendar, Fact, FactKind, Instant, Names, Refusal, Snapshot};

use crate::book::Ledger;
use crate::facts::{Reader, reading_schema};
use crate::fates::Fates;
use crate::refuse;
use crate::segment::{Part, Shelf, Wanted};
use crate::snapshot::{Listing, happened_by, list};
use crate::store::reading;

/// Whoever takes a batch of facts, under the names so far.
pub type Take<'t> = dyn FnMut(&Names, Vec<Fact>) -> Result<(), Refusal> + 't;

/// The facts that hold as of a moment, wherever they lie.
pub struct Scan<'l> {
    ledger: &'l Ledger,
    listing: Listing,
    fates: Fates,
    happened_by: Option<Instant>,
}

impl Ledger {
    /// The facts known as of then, as [`Ledger::snapshot`] knows them. A refusal E0208 means that
    /// a compaction has replaced a segment since: begin again.
    pub fn scan(&self, as_of: AsOf, known: Known) -> Result<Scan<'_>, Refusal> {
        let (as_of, happened_by) = happened_by(as_of, known);
        let listing = reading(self.inner.reader().as_mut(), |store| list(store, as_of))?;
        let fates = self.all_fates(&listing)?;
        Ok(Scan {
            ledger: self,
            listing,
            fates,
            happened_by,
        })
    }
}

impl Scan<'_> {
    /// Rows to read: at least as many as facts hold.
    pub fn rows(&self) -> u64 {
        self.listing.facts.iter().map(|part| part.rows).sum()
    }

    /// Gives the facts that hold, of all kinds or of one, in batches, in no order. The table of
    /// names grows from batch to batch, and stays for the next time.
    pub fn each(
        &self,
        kind: Option<FactKind>,
        calendar: &Calendar,
        names: &mut Names,
        take: &mut Take<'_>,
    ) -> Result<(), Refusal> {
        let shelf = &self.ledger.inner.shelf;
        let (until, taken_back) = (self.listing.seq.0 as i64, &self.listing.taken_back);
        let counts = |seq| seq <= until && !taken_back.has(seq);
        let wanted = Wanted {
            schema: Some(reading_schema()),
            kind,
            ..Wanted::default()
        };
        let mut reader = Reader::over(std::mem::take(names));
        let holds = |fact: &Fact| {
            let start = fact.happened.start(calendar);
            let is_by = self
                .happened_by
                .is_none_or(|by| start.is_none_or(|at| at <= by));
            is_by && self.fates.hold(fact)
        };
        let mut use_batch = |batch: &RecordBatch| {
            let added = reader.add(batch, &counts);
            added.map_err(|what| refuse::journal_damaged(&shelf.journal, what))?;
            let mut facts = std::mem::take(&mut reader.facts);
            facts.retain(holds);
            take(&reader.names, facts)
        };
        let result = ahead(shelf, &self.listing.facts, &wanted, &mut use_batch);
        *names = reader.names;
        result
    }

    /// What a snapshot says besides its facts.
    pub fn frame(&self) -> Snapshot {
        self.listing.clone().frame(Names::default())
    }
}

/// How many decoded batches wait for whoever uses them.
const WAITING: usize = 2;

/// Reads batches in a thread of its own while others are used, in their order.
fn ahead(
    shelf: &Shelf,
    parts: &[Part],
    wanted: &Wanted,
    use_batch: &mut dyn FnMut(&RecordBatch) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    std::thread::scope(|scope| {
        let (give, taken) = std::sync::mpsc::sync_channel(WAITING);
        let read = scope.spawn(move || {
            parts.iter().try_for_each(|part| {
                shelf.read(part, wanted, &mut |batch| {
                    // Nobody takes it where using an earlier one was refused.
                    let _ = give.send(batch.clone());
                    Ok(())
                })
            })
        });
        let used = taken.iter().try_for_each(|batch| use_batch(&batch));
        drop(taken);
        match read.join() {
            Ok(read) => used.and(read),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}
