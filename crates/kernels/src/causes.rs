//! Why what is known now is not what was known then: each fact that is known at only one of two
//! moments has one cause. What a cause does to a figure is found by asking again with the facts of
//! one cause after another; this module only sorts facts.

use std::collections::{BTreeMap, HashMap, HashSet};

use handfast_model::fact::Snapshot;
use handfast_model::id::{FactId, PersonId, RecordKey, Sym};
use handfast_model::{Calendar, Fact, FactKind, Instant, Seq, Value, When, planted};

/// Why a figure is another one now; in the order in which causes are taken in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Cause {
    /// It happened after the horizon of then.
    NewEvents,
    /// It had happened, and was learned since.
    LateData,
    /// A record that was known got a new version that tells of the time before.
    Edits,
    /// Deleted by its source, or its import taken back.
    Removed,
    /// Who is who.
    Merges,
    /// Somebody was forgotten.
    Erasure,
    /// Exchange rates.
    Rates,
    /// The charter.
    Definition,
}

impl Cause {
    /// All causes, in order.
    pub const ALL: [Cause; 8] = [
        Cause::NewEvents,
        Cause::LateData,
        Cause::Edits,
        Cause::Removed,
        Cause::Merges,
        Cause::Erasure,
        Cause::Rates,
        Cause::Definition,
    ];

    /// The word used in answers.
    pub fn word(self) -> &'static str {
        match self {
            Cause::NewEvents => "new_events",
            Cause::LateData => "late_data",
            Cause::Edits => "edits",
            Cause::Removed => "removed",
            Cause::Merges => "merges",
            Cause::Erasure => "erasure",
            Cause::Rates => "rates",
            Cause::Definition => "definition",
        }
    }

    /// The cause of this word.
    pub fn parse(word: &str) -> Option<Cause> {
        Cause::ALL.into_iter().find(|cause| cause.word() == word)
    }

    /// What it means, in a few words.
    pub fn means(self) -> &'static str {
        match self {
            Cause::NewEvents => "happened after the horizon of then",
            Cause::LateData => "had happened by then, and was learned since",
            Cause::Edits => "a new version of what was known, of the time before",
            Cause::Removed => "deleted by its source, or its import taken back",
            Cause::Merges => "who is who, joined or separated since",
            Cause::Erasure => "of people who were forgotten since",
            Cause::Rates => "exchange rates learned or changed since",
            Cause::Definition => "the charter changed",
        }
    }
}

/// Facts known at only one of two moments, by cause.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Differing {
    /// Known then and not now, as places among the facts of then.
    pub dropped: BTreeMap<Cause, Vec<u32>>,
    /// Known now and not then, as places among the facts of now.
    pub added: BTreeMap<Cause, Vec<u32>>,
}

impl Differing {
    /// How many facts a cause has.
    pub fn count(&self, cause: Cause) -> u64 {
        let of = |facts: &BTreeMap<Cause, Vec<u32>>| facts.get(&cause).map_or(0, Vec::len);
        (of(&self.dropped) + of(&self.added)) as u64
    }
}

/// A row of a source.
type Record = (Sym, Sym, RecordKey);

/// Sorts the facts that only one of two snapshots has. Both use the names of the later one.
///
/// Law: then − dropped + added = now.
pub fn differing(
    then: &Snapshot,
    now: &Snapshot,
    (horizon, calendar): (Instant, &Calendar),
    is_forgotten: &dyn Fn(PersonId) -> bool,
) -> Differing {
    let ids = |facts: &[Fact]| -> HashSet<FactId> { facts.iter().map(|fact| fact.id).collect() };
    let (old, new) = (ids(&then.facts), ids(&now.facts));
    let record = |fact: &Fact| (fact.origin.source, fact.origin.stream, fact.origin.key);
    let known: HashSet<Record> = then.facts.iter().map(record).collect();
    let sorter = Sorter {
        horizon,
        calendar,
        is_forgotten,
        closed: now.names.find("closed"),
        merges: ["same_person", "same_account"].map(|name| now.names.find(name)),
        since: then.seq,
    };
    let mut found = Differing::default();
    let mut newest: HashMap<Record, (i64, Cause)> = HashMap::new();
    for (place, fact) in (0u32..).zip(&now.facts) {
        if old.contains(&fact.id) {
            continue;
        }
        let cause = sorter.cause(fact, known.contains(&record(fact)));
        found.added.entry(cause).or_default().push(place);
        let version = fact.origin.version;
        let latest = newest.entry(record(fact)).or_insert((version, cause));
        if latest.0 <= version {
            *latest = (version, cause);
        }
    }
    for (place, fact) in (0u32..).zip(&then.facts) {
        if new.contains(&fact.id) {
            continue;
        }
        // What a later version replaced changed for the reason of that version.
        let later = newest.get(&record(fact));
        let later = later.filter(|(version, _)| *version >= fact.origin.version);
        let cause = sorter.by_kind(fact);
        let later = later.map(|(_, cause)| *cause);
        let cause = cause.or(planted!(EditIsRemoval, later, None));
        let place_of = found.dropped.entry(cause.unwrap_or(Cause::Removed));
        place_of.or_default().push(place);
    }
    found
}

struct Sorter<'a> {
    horizon: Instant,
    calendar: &'a Calendar,
    is_forgotten: &'a dyn Fn(PersonId) -> bool,
    closed: Option<Sym>,
    merges: [Option<Sym>; 2],
    since: Seq,
}

impl Sorter<'_> {
    /// Why a fact is known now that was not known then.
    fn cause(&self, fact: &Fact, was_known: bool) -> Cause {
        if let Some(cause) = self.by_kind(fact) {
            return cause;
        }
        if fact.seq <= self.since {
            // What had taken its place was taken back.
            return Cause::Removed;
        }
        if was_known && fact.person.is_some_and(self.is_forgotten) {
            return Cause::Erasure;
        }
        let is_new = self
            .tells_of(fact)
            .is_some_and(|at| planted!(LateIsNew, at >= self.horizon, true));
        match (is_new, was_known) {
            (true, _) => Cause::NewEvents,
            (false, true) => Cause::Edits,
            (false, false) => Cause::LateData,
        }
    }

    /// Rates and merges, whenever they were.
    fn by_kind(&self, fact: &Fact) -> Option<Cause> {
        let is_merge = |name: &Option<Sym>| name.is_some_and(|name| fact.attribute(name).is_some());
        match fact.kind {
            FactKind::Rate => Some(Cause::Rates),
            FactKind::Link if self.merges.iter().any(is_merge) => Some(Cause::Merges),
            _ => None,
        }
    }

    /// The earliest moment of which a fact tells: its own, or the close that it claims.
    fn tells_of(&self, fact: &Fact) -> Option<Instant> {
        let own = fact.happened.start(self.calendar);
        let closed = match self.closed.and_then(|name| fact.attribute(name)) {
            Some(Value::Day(day)) => When::Day(*day).start(self.calendar),
            Some(Value::At(at)) => Some(*at),
            _ => None,
        };
        match (own, closed) {
            (Some(own), Some(closed)) => Some(own.min(closed)),
            (own, _) => own,
        }
    }
}
