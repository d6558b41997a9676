//! The facts of a moment a batch at a time, for whoever does not hold all of them.

use std::collections::HashSet;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use handfast_model::fact::rename;
use handfast_model::question::{AsOf, Known};
use handfast_model::{
    Calendar, Fact, FactKind, Instant, Names, RecordKey, Refusal, Seq, Snapshot, Sym,
};

use crate::book::Ledger;
use crate::facts::{Reader, TYING, reading_schema};
use crate::fates::Fates;
use crate::refuse;
use crate::segment::{Part, Wanted};
use crate::snapshot::{Listing, happened_by, list};
use crate::store::reading;
use crate::threads;

/// Whoever takes a batch of facts, under the names so far.
pub type Take<'t> = dyn FnMut(&Names, Vec<Fact>) -> Result<(), Refusal> + 't;

/// Facts under the names of the stretch that they lie in.
pub struct Batch<'b> {
    /// Those names; of the next stretch there are others.
    pub names: &'b Names,
    /// How many of them earlier batches of the stretch had: none in its first.
    pub known: usize,
    /// The facts.
    pub facts: Vec<Fact>,
}

/// Says which of some facts are wanted, on the thread that read them: by their kind, their
/// attributes and which keys they have, not by whom they name. Of facts that are alike in these,
/// one is asked about.
pub type Sift<'s> = dyn Fn(&Names, &[Fact]) -> Vec<bool> + Sync + 's;

/// Which facts are read, and how much of them.
enum Look<'s> {
    /// All of all.
    Whole,
    /// Some, for what they tie together: of one kind where one is named, and of these the wanted.
    Tying(Option<FactKind>, &'s Sift<'s>),
}

/// The facts that hold as of a moment, wherever they lie.
pub struct Scan<'l> {
    ledger: &'l Ledger,
    listing: Listing,
    fates: Fates,
    happened_by: Option<Instant>,
    instead: Instead,
}

/// What a scan gives otherwise than its moment knew it.
#[derive(Default)]
struct Instead {
    dropped: HashSet<Mark>,
    names: Names,
    added: Vec<Fact>,
}

/// What tells a fact from all others where its name is not read.
type Mark = (RecordKey, i64, u16, FactKind, Seq);

fn mark(fact: &Fact) -> Mark {
    let origin = &fact.origin;
    let (version, ordinal) = (origin.version, origin.ordinal);
    (origin.key, version, ordinal, fact.kind, fact.seq)
}

impl Ledger {
    /// The facts known as of then, as [`Ledger::snapshot`] knows them. A refusal E0208 means that
    /// a compaction has replaced a segment since: begin again.
    pub fn scan(&self, as_of: AsOf, known: Known) -> Result<Scan<'_>, Refusal> {
        let (as_of, happened_by) = happened_by(as_of, known);
        let as_of = self.meant(as_of)?;
        let listing = reading(self.inner.reader().as_mut(), |store| list(store, as_of))?;
        let fates = self.all_fates(&listing)?;
        Ok(Scan {
            ledger: self,
            listing,
            fates,
            happened_by,
            instead: Instead::default(),
        })
    }
}

impl Scan<'_> {
    /// From now on some facts are not given, and some others are, under names of their own.
    pub fn give_instead<'f>(
        &mut self,
        dropped: impl Iterator<Item = &'f Fact>,
        (names, added): (&Names, Vec<Fact>),
    ) {
        self.instead = Instead {
            dropped: dropped.map(mark).collect(),
            names: names.clone(),
            added,
        };
    }

    /// Rows to read: at least as many as facts hold.
    pub fn rows(&self) -> u64 {
        let rows = self.listing.facts.iter().map(|part| part.rows);
        rows.sum::<u64>() + self.instead.added.len() as u64
    }

    /// Gives the facts that hold in batches, each to one of some takers, which work at the same
    /// time; all batches of a stretch to the same one. Which stretches it gets is left to chance.
    /// Once a taker refuses, none gets another stretch.
    pub fn spread<T: Send>(
        &self,
        calendar: &Calendar,
        takers: &mut [T],
        take: impl Fn(&mut T, Batch<'_>) -> Result<(), Refusal> + Sync,
    ) -> Result<(), Refusal> {
        threads::at_once(&self.listing.facts, takers, |taker, part| {
            let (mut known, mut taken) = (0, Ok(()));
            self.read(part, &Look::Whole, calendar, &mut |names, facts| {
                let batch = Batch {
                    names,
                    known: std::mem::replace(&mut known, names.len()),
                    facts,
                };
                if taken.is_ok() {
                    taken = take(taker, batch);
                }
            })?;
            taken
        })?;
        let added = &self.instead.added;
        if let Some(taker) = takers.first_mut().filter(|_| !added.is_empty()) {
            let batch = Batch {
                names: &self.instead.names,
                known: 0,
                facts: added.clone(),
            };
            take(taker, batch)?;
        }
        Ok(())
    }

    /// Gives those facts that hold and are wanted, of all kinds or of one, without their names,
    /// their lines and, where they have one, their instants: enough for what they tie together.
    pub fn tying(
        &self,
        kind: Option<FactKind>,
        sift: &Sift<'_>,
        calendar: &Calendar,
        take: &mut Take<'_>,
    ) -> Result<(), Refusal> {
        let look = &Look::Tying(kind, sift);
        let parts = &self.listing.facts;
        let threads = threads::count().clamp(1, parts.len().max(1));
        let mut names = Names::default();
        thread::scope(|scope| {
            let start = |first: usize| {
                let (give, given) = sync_channel(WAITING);
                scope.spawn(move || {
                    // Nobody takes it where something before was refused.
                    for part in parts.iter().skip(first).step_by(threads) {
                        let mut known = 0;
                        let read = self.read(part, look, calendar, &mut |names, facts| {
                            let texts = names.since(known).map(Into::into).collect();
                            known = names.len();
                            let _ = give.send(Ok(Some(Read { texts, facts })));
                        });
                        if give.send(read.map(|()| None)).is_err() {
                            break;
                        }
                    }
                });
                given
            };
            let readers: Vec<Receiver<Given>> = (0..threads).map(start).collect();
            for reader in (0..parts.len()).filter_map(|part| readers.get(part % threads)) {
                let mut syms = Vec::new();
                // Of a reader that panicked there is no more; the scope panics with it.
                while let Some(mut read) = reader.recv().unwrap_or(Ok(None))? {
                    syms.extend(read.texts.iter().map(|text| names.intern(text)));
                    let here = |sym: Sym| syms.get(sym.index()).copied().unwrap_or(sym);
                    rename(&mut read.facts, here);
                    take(&names, read.facts)?;
                }
            }
            Ok::<(), Refusal>(())
        })?;
        self.tying_added((kind, sift), &mut names, take)
    }

    /// The same of what is given instead.
    fn tying_added(
        &self,
        (kind, sift): (Option<FactKind>, &Sift<'_>),
        names: &mut Names,
        take: &mut Take<'_>,
    ) -> Result<(), Refusal> {
        let added = self.instead.added.iter();
        let added = added.filter(|fact| kind.is_none_or(|kind| fact.kind == kind));
        let mut facts: Vec<Fact> = added.cloned().collect();
        let mut wanted = sift(&self.instead.names, &facts).into_iter();
        facts.retain(|_| wanted.next().unwrap_or(true));
        let moved = names.take_in(&self.instead.names);
        let here = |sym: Sym| moved.get(sym.index()).copied().unwrap_or(sym);
        rename(&mut facts, here);
        match facts.is_empty() {
            true => Ok(()),
            false => take(&*names, facts),
        }
    }

    /// Reads one stretch, under names of its own.
    fn read(
        &self,
        part: &Part,
        look: &Look<'_>,
        calendar: &Calendar,
        give: &mut dyn FnMut(&Names, Vec<Fact>),
    ) -> Result<(), Refusal> {
        let shelf = &self.ledger.inner.shelf;
        let (until, taken_back) = (self.listing.seq.0 as i64, &self.listing.taken_back);
        let counts = |seq| seq <= until && !taken_back.has(seq);
        let (mut wanted, mut reader) = (Wanted::default(), Reader::default());
        wanted.schema = Some(reading_schema());
        // What became of their records was read from the same stretches.
        wanted.is_checked = true;
        if let Look::Tying(kind, _) = look {
            wanted.kind = *kind;
            wanted.columns = TYING.to_vec();
            // Whether a fact had happened by then is asked of each.
            let at = self.happened_by.map(|_| "happened_at");
            wanted.columns.extend(at);
            reader.is_tying = true;
        }
        let holds = |fact: &Fact| {
            let is_by = self.happened_by.is_none_or(|by| {
                let start = fact.happened.start(calendar);
                start.is_none_or(|at| at <= by)
            });
            let dropped = &self.instead.dropped;
            let is_dropped = !dropped.is_empty() && dropped.contains(&mark(fact));
            is_by && !is_dropped && self.fates.hold(fact)
        };
        shelf.read(part, &wanted, &mut |batch| {
            let added = match look {
                Look::Whole => reader.add(batch, &counts),
                Look::Tying(_, sift) => reader.add_wanted(batch, &counts, sift),
            };
            added.map_err(|what| refuse::journal_damaged(&shelf.journal, what))?;
            let mut facts = std::mem::take(&mut reader.facts);
            facts.retain(holds);
            give(&reader.names, facts);
            Ok(())
        })
    }

    /// What a snapshot says besides its facts.
    pub fn frame(&self) -> Snapshot {
        self.listing.clone().frame(Names::default())
    }
}

/// How many batches of each thread wait for whoever uses them.
const WAITING: usize = 2;

/// A batch of a stretch; `None` after its last one.
type Given = Result<Option<Read>, Refusal>;

/// A batch of facts, and the texts of its stretch that were not known before it.
struct Read {
    texts: Vec<Box<str>>,
    facts: Vec<Fact>,
}
