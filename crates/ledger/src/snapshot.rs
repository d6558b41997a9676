//! The facts known as of one commit, in fact order: the only way facts leave the ledger.
//!
//! The same commit always gives the same snapshot, name table included, wherever its rows lie: in
//! the journal, in one segment or in many.

use std::collections::BTreeMap;
use std::sync::Arc;

use handfast_model::fact::{Observed, rename};
use handfast_model::identity::BY_HAND;
use handfast_model::order::{Clock, order_of, permute};
use handfast_model::question::{AsOf, Known};
use handfast_model::{
    Calendar, Fact, FactKind, Instant, Names, Refusal, Seq, Snapshot, Sym, planted,
};

use crate::aside;
use crate::book::{Ledger, resolve};
use crate::facts::{Reader, reading_schema};
use crate::refuse;
use crate::segment::{Part, Wanted, parts};
use crate::store::{Field, Store, first, reading};
use crate::table::Table;
use crate::undo::TakenBack;

/// What the store says about a commit, read in one transaction.
#[derive(Clone)]
pub(crate) struct Listing {
    pub(crate) seq: Seq,
    pub(crate) facts: Vec<Part>,
    pub(crate) life: Vec<Part>,
    observed: BTreeMap<String, (Option<Instant>, bool)>,
    set_aside: Vec<(String, u64)>,
    packs: Vec<(String, String)>,
    erased_people: u64,
    pub(crate) taken_back: TakenBack,
}

impl Ledger {
    /// The facts known as of then. With [`Known::Happened`] and an instant, everything learned
    /// since
    /// counts as known if it had happened by then.
    pub fn snapshot(
        &self,
        as_of: AsOf,
        known: Known,
        calendar: &Calendar,
    ) -> Result<Snapshot, Refusal> {
        let (as_of, happened_by) = happened_by(as_of, known);
        let as_of = self.meant(as_of)?;
        match self.try_snapshot(as_of, happened_by, calendar) {
            // Compaction may have replaced a segment between its listing and its reading.
            Err(refusal) if refusal.code == "E0208" => {
                self.try_snapshot(as_of, happened_by, calendar)
            }
            result => result,
        }
    }

    fn try_snapshot(
        &self,
        as_of: AsOf,
        happened_by: Option<Instant>,
        calendar: &Calendar,
    ) -> Result<Snapshot, Refusal> {
        let listing = reading(self.inner.reader().as_mut(), |store| list(store, as_of))?;
        let (names, facts) = self.holding(&listing, None)?;
        Ok(arranged(listing, names, facts, happened_by, calendar))
    }

    /// All facts ever recorded, with those of imports that were taken back and of records that
    /// their sources deleted. Statements of merges count only as their sources last had them,
    /// and people's own not once they are taken back; events that were replaced are left out
    /// unless they count now, as the version that replaced them was taken back. A person's rights
    /// reach this far; questions do not.
    pub fn everything(&self, calendar: &Calendar) -> Result<Snapshot, Refusal> {
        let listing = reading(self.inner.reader().as_mut(), |store| {
            list(store, AsOf::Latest)
        })?;
        let nothing = TakenBack::default();
        let (names, mut facts) = self.read_facts(&listing, None, &nothing)?;
        let ever = self.fates(&listing, None, &nothing, &facts)?;
        let now = self.fates(&listing, None, &listing.taken_back, &facts)?;
        let by_hand = names.find(BY_HAND);
        facts.retain(|fact| {
            let stands = !listing.taken_back.has(fact.seq.0 as i64);
            match fact.kind {
                FactKind::Link => {
                    let is_by_hand = Some(fact.origin.source) == by_hand;
                    ever.hold(fact) && (!is_by_hand || stands)
                }
                kind if kind.is_state() => true,
                _ => !ever.have_replaced(fact) || stands && now.hold(fact),
            }
        });
        Ok(arranged(listing, names, facts, None, calendar))
    }

    /// What a snapshot says besides its facts.
    pub fn frame(&self, as_of: AsOf) -> Result<Snapshot, Refusal> {
        let as_of = self.meant(as_of)?;
        let listing = reading(self.inner.reader().as_mut(), |store| list(store, as_of))?;
        Ok(listing.frame(Names::default()))
    }

    /// The facts that hold as of a listing, of all records or of some; in no order.
    pub(crate) fn holding(
        &self,
        listing: &Listing,
        keys: Option<Arc<[u128]>>,
    ) -> Result<(Names, Vec<Fact>), Refusal> {
        let (names, mut facts) = self.read_facts(listing, keys.clone(), &listing.taken_back)?;
        let fates = self.fates(listing, keys, &listing.taken_back, &facts)?;
        facts.retain(|fact| fates.hold(fact));
        Ok((names, facts))
    }

    /// The facts of a listing whose commits are not taken back.
    pub(crate) fn read_facts(
        &self,
        listing: &Listing,
        keys: Option<Arc<[u128]>>,
        taken_back: &TakenBack,
    ) -> Result<(Names, Vec<Fact>), Refusal> {
        let until = listing.seq.0 as i64;
        let mut reader = Reader::default();
        let wanted = Wanted {
            schema: Some(reading_schema()),
            keys,
            ..Wanted::default()
        };
        let malformed = |what: &str| refuse::journal_damaged(&self.inner.shelf.journal, what);
        let counts = |seq| seq <= until && !taken_back.has(seq);
        for part in &listing.facts {
            self.inner.shelf.read(part, &wanted, &mut |batch| {
                reader.add(batch, &counts).map_err(malformed)
            })?;
        }
        Ok((reader.names, reader.facts))
    }
}

impl Listing {
    /// A snapshot without facts.
    pub(crate) fn frame(self, mut names: Names) -> Snapshot {
        let observed = self.observed.into_iter();
        let observed = observed
            .map(|(source, (until, is_declared))| Observed {
                source: names.intern(&source),
                until,
                is_declared,
            })
            .collect();
        Snapshot {
            names,
            facts: Vec::new(),
            seq: self.seq,
            observed,
            set_aside: self.set_aside,
            packs: self.packs,
            erased_people: self.erased_people,
        }
    }
}

/// The moment whose knowledge counts, and up to when things must have happened.
pub(crate) fn happened_by(as_of: AsOf, known: Known) -> (AsOf, Option<Instant>) {
    match (as_of, known) {
        (AsOf::Instant(instant), Known::Happened) => (AsOf::Latest, Some(instant)),
        (as_of, _) => (as_of, None),
    }
}

pub(crate) fn list(store: &mut dyn Store, as_of: AsOf) -> Result<Listing, Refusal> {
    let (newest, _) = resolve(store, as_of)?;
    let seq = planted!(AsOfMissesCommit, newest, Seq(newest.0.saturating_sub(1)));
    let until = seq.0 as i64;
    let twice = [Field::Int(until), Field::Int(until)];
    let counts = "seq <= $1 AND seq NOT IN (SELECT commit_seq FROM undone WHERE seq <= $2)";
    let mut observed = BTreeMap::new();
    let sql = format!("SELECT source FROM import WHERE {counts}");
    store.query(&sql, &twice, &mut |row| {
        observed.insert(row.text(0)?.to_owned(), (None, false));
        Ok(())
    })?;
    let sql =
        format!("SELECT source, until, is_declared FROM observed WHERE {counts} ORDER BY seq");
    store.query(&sql, &twice, &mut |row| {
        let until = row.maybe_int(1)?.map(Instant);
        observed.insert(row.text(0)?.to_owned(), (until, row.int(2)? == 1));
        Ok(())
    })?;
    let mut packs = BTreeMap::new();
    let sql =
        format!("SELECT name, hash FROM version WHERE kind = 'pack' AND {counts} ORDER BY seq");
    store.query(&sql, &twice, &mut |row| {
        packs.insert(row.text(0)?.to_owned(), row.text(1)?.to_owned());
        Ok(())
    })?;
    let erased = first(
        store,
        "SELECT COUNT(*) FROM tombstone WHERE seq <= $1",
        &[Field::Int(until)],
    )?;
    Ok(Listing {
        seq,
        facts: parts(store, Table::Fact, None, until)?,
        life: parts(store, Table::Life, None, until)?,
        observed,
        set_aside: aside::open_by_reason(store, seq)?,
        packs: packs.into_iter().collect(),
        erased_people: erased.map(|row| row.count(0)).transpose()?.unwrap_or(0),
        taken_back: TakenBack::load(store, until)?,
    })
}

/// The facts in their order and with names that do not tell where rows lay.
pub(crate) fn arranged(
    listing: Listing,
    mut names: Names,
    mut facts: Vec<Fact>,
    happened_by: Option<Instant>,
    calendar: &Calendar,
) -> Snapshot {
    let mut clock = Clock::new(calendar, &names);
    if let Some(by) = happened_by {
        let is_by = |at: Option<Instant>| at.is_none_or(|at| at <= by);
        facts.retain(|fact| is_by(clock.start(fact.happened)));
    }
    let order = order_of(&facts, &names, &mut clock);
    permute(&mut facts, &order);
    renumber(&mut facts, &mut names);
    let mut snapshot = listing.frame(names);
    snapshot.facts = facts;
    snapshot
}

/// Numbers the texts anew in fact order, so that not even a symbol tells where rows lay.
fn renumber(facts: &mut [Fact], names: &mut Names) {
    let mut is_used = vec![false; names.len()];
    let mut order = Vec::new();
    rename(facts.iter_mut(), |sym| {
        if let Some(is_used @ false) = is_used.get_mut(sym.index()) {
            *is_used = true;
            order.push(sym);
        }
        sym
    });
    let moved = names.keep(&order);
    let place = |sym: Sym| moved.get(sym.index()).copied().flatten().unwrap_or(sym);
    rename(facts, place);
}
