//! Facts: typed events derived from records, with two clocks. The only input of the kernels.

use std::collections::HashMap;
use std::sync::Arc;

use crate::id::{FactId, Names, PersonId, RecordKey, Seq, Sym};
use crate::money::{Decimal, Money};
use crate::time::{Calendar, Day, Instant};

/// When something happened in the world: a claim of its source.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum When {
    /// The source does not say. Such a fact counts in states, never in a period or a duration.
    Unknown,
    /// A day without a time; it stays that day in every zone.
    Day(Day),
    /// An instant.
    At(Instant),
}

impl When {
    /// Where it sorts: a day at the start of its day in the reporting zone. `None` when unknown.
    pub fn start(self, calendar: &Calendar) -> Option<Instant> {
        match self {
            When::Unknown => None,
            When::Day(day) => Some(calendar.start_of(day)),
            When::At(instant) => Some(instant),
        }
    }

    /// Where a *close* sorts: a day at its last microsecond, so that same-day touches precede it.
    pub fn end(self, calendar: &Calendar) -> Option<Instant> {
        match self {
            When::Day(day) => Some(Instant(calendar.start_of(day.plus(1)).0 - 1)),
            _ => self.start(calendar),
        }
    }

    /// The day in the reporting zone.
    pub fn day(self, calendar: &Calendar) -> Option<Day> {
        match self {
            When::Unknown => None,
            When::Day(day) => Some(day),
            When::At(instant) => Some(calendar.day_of(instant)),
        }
    }
}

/// What kind of thing a fact says. The order is the order of facts of one instant.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum FactKind {
    /// Attributes of a rep from this moment on (`team`, `manager`, `region`, …).
    Rep,
    /// Attributes of an account from this moment on.
    Account,
    /// Attributes of a person from this moment on; the first one is the lead's creation.
    Person,
    /// Attributes of a campaign from this moment on.
    Campaign,
    /// Attributes of an asset from this moment on.
    Asset,
    /// A person belongs to an account (`person`, `account`), or an identity is another.
    Link,
    /// One dated contact: `channel`, `touch` (its kind), `team` (marketing, sales, partner,
    /// product).
    Touch,
    /// A deal's state from this moment on: `amount`, `stage`, `owner`, `close_date`, `status`, …
    Deal,
    /// The source says that the subject entered `stage`.
    Mark,
    /// Given to `rep` or `queue`.
    Assignment,
    /// `verdict` accepted or rejected, with `reason`.
    Disposition,
    /// Money spent over `[happened, until)` for a campaign or channel: `amount`, `paid_for`.
    Spend,
    /// A dated exchange rate: `from_currency`, `to_currency`, `rate`.
    Rate,
    /// A goal: `amount`, `period`, `owner`.
    Target,
}

impl FactKind {
    /// All kinds, in fact order.
    pub const ALL: [FactKind; 14] = [
        FactKind::Rep,
        FactKind::Account,
        FactKind::Person,
        FactKind::Campaign,
        FactKind::Asset,
        FactKind::Link,
        FactKind::Touch,
        FactKind::Deal,
        FactKind::Mark,
        FactKind::Assignment,
        FactKind::Disposition,
        FactKind::Spend,
        FactKind::Rate,
        FactKind::Target,
    ];

    /// The word used in packs and stored in the ledger.
    pub fn word(self) -> &'static str {
        match self {
            FactKind::Rep => "rep",
            FactKind::Account => "account",
            FactKind::Person => "person",
            FactKind::Campaign => "campaign",
            FactKind::Asset => "asset",
            FactKind::Link => "link",
            FactKind::Touch => "touch",
            FactKind::Deal => "deal",
            FactKind::Mark => "mark",
            FactKind::Assignment => "assignment",
            FactKind::Disposition => "disposition",
            FactKind::Spend => "spend",
            FactKind::Rate => "rate",
            FactKind::Target => "target",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<FactKind> {
        FactKind::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Whether each version adds to a history (`true`), or the latest version of its record
    /// replaces what earlier versions said (`false`: events).
    pub fn is_state(self) -> bool {
        matches!(
            self,
            FactKind::Rep
                | FactKind::Account
                | FactKind::Person
                | FactKind::Campaign
                | FactKind::Asset
                | FactKind::Deal
        )
    }
}

/// A typed attribute value.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Value {
    /// A text.
    Text(Sym),
    /// A whole number.
    Int(i64),
    /// An exact decimal number.
    Decimal(Decimal),
    /// Yes or no.
    Bool(bool),
    /// A day.
    Day(Day),
    /// An instant.
    At(Instant),
    /// An amount of money.
    Money(Money),
}

/// Where a fact comes from: the record that drove it and its place in the file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Origin {
    /// The connected system.
    pub source: Sym,
    /// Its table or file kind.
    pub stream: Sym,
    /// The row's key (hashed).
    pub key: RecordKey,
    /// The row's version: the declared one as an ordered number, else the order of arrival from 1.
    pub version: i64,
    /// Which of the record's facts, in pack order.
    pub ordinal: u16,
    /// The file the row came in.
    pub file: Sym,
    /// Its first line there, from 1.
    pub line: u32,
}

/// A typed event derived from a record.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Its name, the same in every rebuild.
    pub id: FactId,
    /// What it says.
    pub kind: FactKind,
    /// The world's clock.
    pub happened: When,
    /// Whether `happened` was assumed by the pack's rule for first versions.
    pub is_assumed: bool,
    /// Our clock: the commit that learned it.
    pub seq: Seq,
    /// Our clock as an instant.
    pub recorded_at: Instant,
    /// Where it comes from.
    pub origin: Origin,
    /// The person it is about, or who did it.
    pub person: Option<PersonId>,
    /// The account it is about.
    pub account: Option<Sym>,
    /// The deal it is about.
    pub deal: Option<Sym>,
    /// The campaign it belongs to.
    pub campaign: Option<Sym>,
    /// The rep it names (assignee, owner, actor).
    pub rep: Option<Sym>,
    /// Everything else, by name, in name order of the pack.
    pub attributes: Attributes,
}

impl Fact {
    /// The attribute of this name.
    pub fn attribute(&self, name: Sym) -> Option<&Value> {
        self.attributes
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    }

    /// Visits every symbol of the fact, in one fixed order. Of many facts see [`rename`].
    pub fn each_sym(&mut self, mut visit: impl FnMut(&mut Sym)) {
        self.each_key(&mut visit);
        if !self.attributes.is_empty() {
            each_of(&mut self.attributes, visit);
        }
    }

    /// Every symbol of the fact, in the same order.
    pub fn syms(&self) -> impl Iterator<Item = Sym> + '_ {
        let origin = &self.origin;
        let known = [origin.source, origin.stream, origin.file].map(Some);
        let keys = [self.account, self.deal, self.campaign, self.rep];
        let attributes = self
            .attributes
            .iter()
            .flat_map(|(name, value)| match value {
                Value::Text(sym) => [Some(*name), Some(*sym)],
                _ => [Some(*name), None],
            });
        known.into_iter().chain(keys).chain(attributes).flatten()
    }

    fn each_key(&mut self, visit: impl FnMut(&mut Sym)) {
        let origin = &mut self.origin;
        let known = [&mut origin.source, &mut origin.stream, &mut origin.file];
        let keys = [
            &mut self.account,
            &mut self.deal,
            &mut self.campaign,
            &mut self.rep,
        ];
        let keys = keys.into_iter().flatten();
        known.into_iter().chain(keys).for_each(visit);
    }

    /// The text attribute of this name.
    pub fn text(&self, name: Sym) -> Option<Sym> {
        match self.attribute(name) {
            Some(Value::Text(sym)) => Some(*sym),
            _ => None,
        }
    }
}

/// The attributes of a fact; facts that have the same may share them.
pub type Attributes = Arc<[(Sym, Value)]>;

/// Visits every symbol of some attributes, in their order; they are shared with nobody after it.
fn each_of(attributes: &mut Attributes, mut visit: impl FnMut(&mut Sym)) {
    for (name, value) in Arc::make_mut(attributes) {
        visit(name);
        if let Value::Text(sym) = value {
            visit(sym);
        }
    }
}

/// Renames every text of some facts, in the order of [`Fact::each_sym`]. Attributes that facts
/// share are renamed once and stay shared.
pub fn rename<'f>(facts: impl IntoIterator<Item = &'f mut Fact>, mut name: impl FnMut(Sym) -> Sym) {
    // By address; what was shared before is held, so that nothing else comes to lie there.
    let mut shared: HashMap<usize, (Attributes, Attributes), foldhash::fast::RandomState> =
        HashMap::default();
    for fact in facts {
        fact.each_key(|sym| *sym = name(*sym));
        let attributes = &mut fact.attributes;
        match Arc::strong_count(attributes) {
            _ if attributes.is_empty() => {}
            1 => each_of(attributes, |sym| *sym = name(*sym)),
            _ => {
                let renamed = shared.entry(address(attributes)).or_insert_with(|| {
                    let mut renamed = Arc::clone(attributes);
                    each_of(&mut renamed, |sym| *sym = name(*sym));
                    (Arc::clone(attributes), renamed)
                });
                *attributes = Arc::clone(&renamed.1);
            }
        }
    }
}

/// Where some attributes lie: the same for all facts that share them, as long as one does.
pub fn address(attributes: &Attributes) -> usize {
    Arc::as_ptr(attributes).cast::<u8>() as usize
}

/// What one source promised to have shown.
#[derive(Clone, Debug)]
pub struct Observed {
    /// The source.
    pub source: Sym,
    /// It shows everything before this instant; `None` when nothing dated has arrived.
    pub until: Option<Instant>,
    /// Whether that was declared (`--observed-until`, source.toml) or taken from its latest fact.
    pub is_declared: bool,
}

/// The facts known at one ledger sequence number, events superseded by later versions of their
/// record left out, in fact order: (instant, kind, source, stream, key, version, ordinal).
/// Undated facts come first.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// The texts.
    pub names: Names,
    /// The facts.
    pub facts: Vec<Fact>,
    /// What was known: every commit up to this one.
    pub seq: Seq,
    /// The horizon of each source.
    pub observed: Vec<Observed>,
    /// Rows set aside, by reason code, as of this sequence number.
    pub set_aside: Vec<(String, u64)>,
    /// Pack versions by source, as of this sequence number.
    pub packs: Vec<(String, String)>,
    /// People whose key was destroyed.
    pub erased_people: u64,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn renamed_facts_say_the_same_and_share_what_they_shared() {
        let mut names = Names::default();
        let [a, b, c] = ["a", "b", "c"].map(|text| names.intern(text));
        let shared: Attributes = [(a, Value::Text(b)), (b, Value::Int(1))].into();
        let own: Attributes = [(c, Value::Text(a))].into();
        let fact = |attributes: &Attributes| Fact {
            id: FactId(0),
            kind: FactKind::Touch,
            happened: When::Unknown,
            is_assumed: false,
            seq: Seq(1),
            recorded_at: Instant(0),
            origin: Origin {
                source: a,
                stream: b,
                key: RecordKey(0),
                version: 1,
                ordinal: 0,
                file: c,
                line: 1,
            },
            person: None,
            account: Some(b),
            deal: None,
            campaign: None,
            rep: Some(c),
            attributes: Attributes::clone(attributes),
        };
        let before = [fact(&shared), fact(&own), fact(&shared), fact(&[].into())];
        let mut facts = before.clone();
        let next = |sym: Sym| match sym {
            sym if sym == a => b,
            sym if sym == b => c,
            _ => a,
        };
        let mut order = Vec::new();
        rename(&mut facts, |sym| {
            order.push(sym);
            next(sym)
        });
        let mut one_by_one = before.clone();
        for fact in &mut one_by_one {
            fact.each_sym(|sym| *sym = next(*sym));
        }
        assert_eq!(format!("{facts:?}"), format!("{one_by_one:?}"));
        assert_eq!(order[..8], [a, b, c, b, c, a, b, b]);
        let at = |place: usize| address(&facts.get(place).unwrap().attributes);
        assert_eq!(at(0), at(2));
        assert_ne!(at(0), address(&shared));
        assert_eq!(*shared, [(a, Value::Text(b)), (b, Value::Int(1))]);
    }
}
