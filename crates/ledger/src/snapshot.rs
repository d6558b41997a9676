//! The facts known as of one commit, in fact order: the only way facts leave the ledger.
//!
//! The same commit always gives the same snapshot, name table included, wherever its rows lie: in
//! the journal, in one segment or in many.

use std::collections::{BTreeMap, HashMap};

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use handfast_model::fact::Observed;
use handfast_model::question::{AsOf, Known};
use handfast_model::{
    Calendar, Day, Fact, FactKind, Instant, Names, RecordKey, Refusal, Seq, Snapshot, Sym, Value,
    When,
};

use crate::aside;
use crate::book::{Ledger, resolve};
use crate::facts::{Reader, reading_schema};
use crate::known::{ByHash, Life, hash, note_life};
use crate::refuse;
use crate::segment::{Part, Wanted, parts};
use crate::store::{Field, Store, first, reading};
use crate::table::Table;
use crate::undo::TakenBack;

/// What the store says about a commit, read in one transaction.
struct Listing {
    seq: Seq,
    facts: Vec<Part>,
    life: Vec<Part>,
    observed: BTreeMap<String, (Option<Instant>, bool)>,
    set_aside: Vec<(String, u64)>,
    packs: Vec<(String, String)>,
    erased_people: u64,
    taken_back: TakenBack,
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
        let (as_of, happened_by) = match (as_of, known) {
            (AsOf::Instant(instant), Known::Happened) => (AsOf::Latest, Some(instant)),
            (as_of, _) => (as_of, None),
        };
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
        let until = listing.seq.0 as i64;
        let mut reader = Reader::default();
        let wanted = Wanted {
            schema: Some(reading_schema()),
            ..Wanted::default()
        };
        let malformed = |what: &str| refuse::journal_damaged(&self.inner.shelf.journal, what);
        for part in &listing.facts {
            self.inner.shelf.read(part, &wanted, &mut |batch| {
                let counts = |seq| seq <= until && !listing.taken_back.has(seq);
                reader.add(batch, &counts).map_err(malformed)
            })?;
        }
        let mut history = History::default();
        for part in &listing.life {
            self.inner
                .shelf
                .read(part, &Wanted::default(), &mut |batch| {
                    let read = history.add_life(batch, until, &listing.taken_back);
                    read.ok_or_else(|| malformed("a row of the life table is malformed"))
                })?;
        }
        let mut clock = Clock::new(calendar);
        let Reader {
            mut names,
            mut facts,
        } = reader;
        history.add_facts(&facts);
        facts.retain(|fact| {
            history.holds(fact)
                && happened_by.is_none_or(|by| clock.start(fact).is_none_or(|at| at <= by))
        });
        let mut facts = in_order(facts, &names, &mut clock);
        renumber(&mut facts, &mut names);
        let observed = listing
            .observed
            .into_iter()
            .map(|(source, (until, is_declared))| Observed {
                source: names.intern(&source),
                until,
                is_declared,
            })
            .collect();
        Ok(Snapshot {
            names,
            facts,
            seq: listing.seq,
            observed,
            set_aside: listing.set_aside,
            packs: listing.packs,
            erased_people: listing.erased_people,
        })
    }
}

fn list(store: &mut dyn Store, as_of: AsOf) -> Result<Listing, Refusal> {
    let (seq, _) = resolve(store, as_of)?;
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

/// What became of records, as far as it decides which facts hold.
#[derive(Default)]
struct History {
    latest: ByHash<i64>,
    /// The latest version that says its source deleted the record.
    ended: ByHash<i64>,
    gone: ByHash<(i64, bool)>,
}

impl History {
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

    /// Only events are superseded, so only their records' versions are looked at; states of the
    /// same record count as versions of it all the same.
    fn add_facts(&mut self, facts: &[Fact]) {
        self.latest.reserve(facts.len());
        for fact in facts {
            self.see(fact.origin.key.0, fact.origin.version);
        }
    }

    fn see(&mut self, key: u128, version: i64) {
        let latest = self.latest.entry(key).or_insert(version);
        *latest = version.max(*latest);
    }

    /// Whether a fact holds: its record is not deleted, by a whole table that lacks it or by its
    /// own latest version, and no later version replaced an event.
    fn holds(&self, fact: &Fact) -> bool {
        let key = fact.origin.key.0;
        let is_gone = || self.gone.get(&key).is_some_and(|(_, is_gone)| *is_gone);
        let latest = || self.latest.get(&key).copied();
        let is_ended = || {
            let ended = self.ended.get(&key).copied();
            ended.is_some() && ended == latest()
        };
        let is_replaced = || latest().is_some_and(|latest| latest > fact.origin.version);
        (self.gone.is_empty() || !is_gone())
            && (self.ended.is_empty() || !is_ended())
            && (fact.kind.is_state() || !is_replaced())
    }
}

/// Where facts sort in time; starts of days are looked up once per day.
struct Clock<'a> {
    calendar: &'a Calendar,
    starts: HashMap<Day, Instant>,
}

impl<'a> Clock<'a> {
    fn new(calendar: &'a Calendar) -> Clock<'a> {
        Clock {
            calendar,
            starts: HashMap::new(),
        }
    }

    fn start(&mut self, fact: &Fact) -> Option<Instant> {
        match fact.happened {
            When::Day(day) => Some(self.start_of(day)),
            other => other.start(self.calendar),
        }
    }

    fn end(&mut self, fact: &Fact) -> Option<Instant> {
        match fact.happened {
            When::Day(day) => Some(Instant(self.start_of(day.plus(1)).0 - 1)),
            other => other.end(self.calendar),
        }
    }

    fn start_of(&mut self, day: Day) -> Instant {
        let calendar = self.calendar;
        *self
            .starts
            .entry(day)
            .or_insert_with(|| calendar.start_of(day))
    }
}

/// The total order of facts; undated ones first, closes at the end of their day.
fn in_order(facts: Vec<Fact>, names: &Names, clock: &mut Clock<'_>) -> Vec<Fact> {
    let ranks = ranks(&facts, names);
    let rank = |sym: Sym| ranks.get(sym.index()).copied().unwrap_or(0);
    let closes = names.find("closes");
    let does_close = |fact: &Fact| {
        matches!(fact.kind, FactKind::Mark | FactKind::Deal)
            && closes.is_some_and(|name| fact.attribute(name) == Some(&Value::Bool(true)))
    };
    // Keys are sorted beside the facts, which are moved only once.
    let mut order = Vec::with_capacity(facts.len());
    for (fact, at) in facts.iter().zip(0..) {
        let time = if does_close(fact) {
            clock.end(fact)
        } else {
            clock.start(fact)
        };
        let origin = &fact.origin;
        let place = (rank(origin.source), rank(origin.stream));
        order.push(Place {
            key: (
                time,
                fact.kind,
                place,
                origin.key,
                origin.version,
                origin.ordinal,
            ),
            at,
        });
    }
    order.sort_unstable_by_key(|place| place.key);
    let mut facts: Vec<Option<Fact>> = facts.into_iter().map(Some).collect();
    let take = |place: Place| facts.get_mut(place.at).and_then(Option::take);
    order.into_iter().filter_map(take).collect()
}

/// Where a fact stands among all, and where it lies now.
struct Place {
    key: (Option<Instant>, FactKind, (u32, u32), RecordKey, i64, u16),
    at: usize,
}

/// Alphabetical ranks of source and stream names, by symbol.
fn ranks(facts: &[Fact], names: &Names) -> Vec<u32> {
    let mut used = vec![false; names.len()];
    for fact in facts {
        for sym in [fact.origin.source, fact.origin.stream] {
            if let Some(used) = used.get_mut(sym.index()) {
                *used = true;
            }
        }
    }
    let mut ranks = vec![0; names.len()];
    let mut syms: Vec<Sym> = facts.iter().map(|fact| fact.origin.source).collect();
    syms.extend(facts.iter().map(|fact| fact.origin.stream));
    syms.retain(|sym| used.get_mut(sym.index()).is_some_and(std::mem::take));
    syms.sort_unstable_by_key(|sym| names.text(*sym));
    for (rank, sym) in (0..).zip(syms) {
        if let Some(place) = ranks.get_mut(sym.index()) {
            *place = rank;
        }
    }
    ranks
}

/// Numbers the texts anew in fact order, so that not even a symbol tells where rows lay.
fn renumber(facts: &mut [Fact], names: &mut Names) {
    let mut is_used = vec![false; names.len()];
    let mut order = Vec::new();
    for fact in facts.iter_mut() {
        each_sym(fact, |sym| {
            if let Some(is_used @ false) = is_used.get_mut(sym.index()) {
                *is_used = true;
                order.push(*sym);
            }
        });
    }
    let moved = names.keep(&order);
    for fact in facts {
        each_sym(fact, |sym| {
            if let Some(Some(place)) = moved.get(sym.index()) {
                *sym = *place;
            }
        });
    }
}

/// Visits every symbol of a fact, in one fixed order.
fn each_sym(fact: &mut Fact, mut visit: impl FnMut(&mut Sym)) {
    visit(&mut fact.origin.source);
    visit(&mut fact.origin.stream);
    visit(&mut fact.origin.file);
    let keys = [
        &mut fact.account,
        &mut fact.deal,
        &mut fact.campaign,
        &mut fact.rep,
    ];
    keys.into_iter().flatten().for_each(&mut visit);
    for (name, value) in &mut fact.attributes {
        visit(name);
        if let Value::Text(sym) = value {
            visit(sym);
        }
    }
}
