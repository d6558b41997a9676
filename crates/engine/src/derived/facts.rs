//! The facts of a part as bytes: texts and people first, each once, then the facts in their order.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use handfast_kernels::cells::Given;
use handfast_kernels::quick::Quick;
use handfast_model::fact::{Attributes, Origin, address};
use handfast_model::{
    Currency, Decimal, Fact, FactId, FactKind, Instant, Money, Names, PersonId, RecordKey, Seq,
    Sym, Value, When,
};

use super::bytes::{In, Out};

/// How texts are written.
pub(super) trait Texts {
    /// Writes one.
    fn put(&mut self, sym: Sym, out: &mut Out);
    /// Writes one that may be missing.
    fn put_maybe(&mut self, sym: Option<Sym>, out: &mut Out);
    /// What stands for it in a table that is kept beside what is written.
    fn own(&mut self, sym: Sym) -> Sym;
}

/// How texts are read.
pub(super) trait Syms {
    /// Reads one.
    fn get(&self, from: &mut In<'_>) -> Option<Sym>;
    /// Reads one that may be missing.
    fn get_maybe(&self, from: &mut In<'_>) -> Option<Option<Sym>>;
}

/// Texts by their numbers in a table that is written beside them.
pub(super) struct Numbered;

impl Texts for Numbered {
    fn put(&mut self, sym: Sym, out: &mut Out) {
        out.count(sym.index());
    }

    fn put_maybe(&mut self, sym: Option<Sym>, out: &mut Out) {
        out.maybe(sym.map(number));
    }

    fn own(&mut self, sym: Sym) -> Sym {
        sym
    }
}

impl Syms for Vec<Sym> {
    fn get(&self, from: &mut In<'_>) -> Option<Sym> {
        sym(from, self)
    }

    fn get_maybe(&self, from: &mut In<'_>) -> Option<Option<Sym>> {
        maybe_sym(from, self)
    }
}

/// How people are written.
pub(super) trait Persons {
    /// Writes one.
    fn put(&mut self, person: PersonId, out: &mut Out);
    /// Reads one.
    fn get(&self, from: &mut In<'_>) -> Option<PersonId>;
}

/// People as they are.
pub(super) struct Plain;

impl Persons for Plain {
    fn put(&mut self, person: PersonId, out: &mut Out) {
        out.wide(person.0);
    }

    fn get(&self, from: &mut In<'_>) -> Option<PersonId> {
        from.wide().map(PersonId)
    }
}

impl Persons for People {
    fn put(&mut self, person: PersonId, out: &mut Out) {
        out.number(u64::from(self.number(person)));
    }

    fn get(&self, from: &mut In<'_>) -> Option<PersonId> {
        self.of(from)
    }
}

/// Everybody that a part names, by number.
#[derive(Default)]
pub(super) struct People {
    numbers: Quick<PersonId, u32>,
    list: Vec<PersonId>,
}

impl People {
    pub fn number(&mut self, person: PersonId) -> u32 {
        let next = self.list.len() as u32;
        let number = *self.numbers.entry(person).or_insert(next);
        if number == next {
            self.list.push(person);
        }
        number
    }

    /// Reads a person by number.
    pub fn of(&self, from: &mut In<'_>) -> Option<PersonId> {
        self.list.get(from.number_32()? as usize).copied()
    }

    pub fn maybe_of(&self, from: &mut In<'_>) -> Option<Option<PersonId>> {
        match from.maybe()? {
            None => Some(None),
            Some(number) => self.list.get(number as usize).copied().map(Some),
        }
    }

    /// How many have a number.
    pub fn count(&self) -> usize {
        self.list.len()
    }

    /// Writes those that came after so many others.
    pub fn write_since(&self, count: usize, out: &mut Out) {
        let later = self.list.get(count..).unwrap_or_default();
        out.count(later.len());
        later.iter().for_each(|person| out.wide(person.0));
    }

    /// Reads more of them.
    pub fn read_more(&mut self, from: &mut In<'_>) -> Option<()> {
        let more = from.list(|from| from.wide().map(PersonId))?;
        self.list.extend(more);
        Some(())
    }
}

/// How many sets of attributes are written once for all facts that have them.
const SETS: usize = 4_096;
/// How many places are remembered at which one of them lies.
const PLACES: usize = 1 << 16;

/// Attributes that facts share, by number.
#[derive(Default)]
pub(super) struct Sets {
    /// By where they lie; what lies there is held, so that nothing else comes to.
    numbers: Quick<usize, (u32, Attributes)>,
    /// By what is written of them.
    known: HashMap<Vec<u8>, u32>,
    list: Vec<Attributes>,
}

impl Sets {
    /// Writes the attributes of a fact: by number, or as they are where there are too many.
    fn put(&mut self, attributes: &Attributes, texts: &mut impl Texts, out: &mut Out) {
        if let Some((number, _)) = self.numbers.get(&address(attributes)) {
            return out.number(u64::from(*number));
        }
        // Before anything is written: texts may be written otherwise once they are in the table.
        let own = (self.list.len() < SETS).then(|| renamed(attributes, |sym| texts.own(sym)));
        let mut whole = Out::default();
        write_attributes(attributes, texts, &mut whole);
        let next = self.list.len() as u32 + 1;
        let number = match (self.known.get(&whole.0), own) {
            (Some(number), _) => *number,
            (None, Some(own)) => {
                self.list.push(own);
                self.known.insert(whole.0, next);
                next
            }
            (None, None) => {
                out.number(0);
                return out.0.append(&mut whole.0);
            }
        };
        out.number(u64::from(number));
        if self.numbers.len() < PLACES {
            let held = (number, Attributes::clone(attributes));
            self.numbers.insert(address(attributes), held);
        }
    }

    /// Those with numbers, from one, under other names and shared with nobody else.
    pub fn own<F: Fn(Sym) -> Sym>(&self, name: F) -> Own<'_, F> {
        Own {
            sets: self,
            name,
            own: RefCell::new(vec![None; self.list.len()]),
        }
    }

    pub fn write(&self, out: &mut Out) {
        out.count(self.list.len());
        let list = self.list.iter();
        list.for_each(|attributes| write_attributes(attributes, &mut Numbered, out));
    }

    pub fn read(from: &mut In<'_>, syms: &impl Syms) -> Option<Vec<Attributes>> {
        from.list(|from| read_attributes(from, syms))
    }
}

/// Appends texts.
pub(super) fn write_names<'n>(names: impl ExactSizeIterator<Item = &'n str>, out: &mut Out) {
    out.count(names.len());
    names.for_each(|text| out.text(text));
}

/// The table of names; symbols are numbered as they were written.
pub(super) fn read_names(from: &mut In<'_>) -> Option<(Names, Vec<Sym>)> {
    let mut names = Names::default();
    let count = from.count()?;
    let mut syms = Vec::with_capacity(count);
    for _ in 0..count {
        syms.push(names.intern(from.text()?));
    }
    Some((names, syms))
}

/// Appends the clock of each commit.
pub(super) fn write_commits(facts: &[Fact], out: &mut Out) {
    // There are few, and each is of many facts that lie anywhere.
    let mut commits: Quick<Seq, Instant> = Quick::default();
    let mut last = None;
    for fact in facts {
        if last.replace(fact.seq) != Some(fact.seq) {
            commits.entry(fact.seq).or_insert(fact.recorded_at);
        }
    }
    let commits: BTreeMap<Seq, Instant> = commits.into_iter().collect();
    out.count(commits.len());
    for (seq, at) in commits {
        out.number(seq.0);
        out.signed(at.0);
    }
}

/// Reads the clock of each commit.
pub(super) fn read_commits(from: &mut In<'_>) -> Option<Quick<Seq, Instant>> {
    let commits = from.list(|from| Some((Seq(from.number()?), Instant(from.signed()?))))?;
    Some(commits.into_iter().collect())
}

/// When a fact happened that was written so.
pub(super) fn when(fact: &[u8]) -> Option<When> {
    let mut from = In(fact);
    from.wide()?;
    from.byte()?;
    from.when()
}

/// Appends a fact without its commit's clock.
pub(super) fn write_fact(
    fact: &Fact,
    texts: &mut impl Texts,
    (people, sets): (&mut impl Persons, &mut Sets),
    out: &mut Out,
) {
    out.wide(fact.id.0);
    let kinds = FactKind::ALL.iter();
    let kind = kinds.take_while(|kind| **kind != fact.kind).count() as u8;
    out.byte(kind << 1 | u8::from(fact.is_assumed));
    out.when(fact.happened);
    out.number(fact.seq.0);
    let origin = &fact.origin;
    for sym in [origin.source, origin.stream, origin.file] {
        texts.put(sym, out);
    }
    out.wide(origin.key.0);
    out.signed(origin.version);
    out.number(u64::from(origin.ordinal));
    out.number(u64::from(origin.line));
    out.byte(u8::from(fact.person.is_some()));
    if let Some(person) = fact.person {
        people.put(person, out);
    }
    for sym in [fact.account, fact.deal, fact.campaign, fact.rep] {
        texts.put_maybe(sym, out);
    }
    sets.put(&fact.attributes, texts, out);
}

/// Attributes under other names, shared with nobody.
fn renamed(attributes: &Attributes, mut name: impl FnMut(Sym) -> Sym) -> Attributes {
    let renamed = attributes.iter().map(|(key, value)| match value {
        Value::Text(text) => (name(*key), Value::Text(name(*text))),
        value => (name(*key), value.clone()),
    });
    renamed.collect()
}

fn write_attributes(attributes: &[(Sym, Value)], texts: &mut impl Texts, out: &mut Out) {
    out.count(attributes.len());
    for (key, value) in attributes {
        texts.put(*key, out);
        write_value(value, texts, out);
    }
}

fn read_attributes(from: &mut In<'_>, syms: &impl Syms) -> Option<Attributes> {
    let attributes = from.list(|from| Some((syms.get(from)?, read_value(from, syms)?)))?;
    Some(attributes.into())
}

pub(super) fn number(sym: Sym) -> u32 {
    sym.index() as u32
}

fn write_value(value: &Value, texts: &mut impl Texts, out: &mut Out) {
    match value {
        Value::Text(text) => {
            out.byte(0);
            texts.put(*text, out);
        }
        Value::Int(int) => {
            out.byte(1);
            out.signed(*int);
        }
        Value::Decimal(decimal) => {
            out.byte(2);
            out.wide(decimal.units as u128);
            out.number(u64::from(decimal.scale));
        }
        Value::Bool(yes) => out.byte(3 + u8::from(*yes)),
        Value::Day(day) => {
            out.byte(5);
            out.signed(i64::from(day.0));
        }
        Value::At(at) => {
            out.byte(6);
            out.signed(at.0);
        }
        Value::Money(money) => {
            out.byte(7);
            out.signed(money.minor);
            out.text(money.currency.code());
        }
    }
}

/// Attributes that a number stands for.
pub(super) trait Shared {
    /// Those of a place.
    fn of(&self, place: usize) -> Option<Attributes>;
}

impl Shared for Vec<Attributes> {
    fn of(&self, place: usize) -> Option<Attributes> {
        self.get(place).cloned()
    }
}

/// Those of a table, copied when they are wanted first and shared with nobody else: threads that
/// read the same table do not wait for one another.
pub(super) struct Own<'s, F> {
    sets: &'s Sets,
    name: F,
    own: RefCell<Vec<Option<Attributes>>>,
}

impl<F: Fn(Sym) -> Sym> Shared for Own<'_, F> {
    fn of(&self, place: usize) -> Option<Attributes> {
        let mut own = self.own.borrow_mut();
        let slot = own.get_mut(place)?;
        if slot.is_none() {
            let set = self.sets.list.get(place)?;
            *slot = Some(renamed(set, &self.name));
        }
        slot.clone()
    }
}

/// What numbers in a fact stand for.
pub(super) struct Reader<'a, T, P, S> {
    /// By what was written for them.
    pub syms: &'a T,
    /// By what was written for them.
    pub people: &'a P,
    /// By number from one.
    pub sets: &'a S,
    /// The clock of each commit.
    pub commits: &'a Quick<Seq, Instant>,
}

impl<T: Syms, P: Persons, S: Shared> Reader<'_, T, P, S> {
    /// Reads a fact.
    pub fn fact(&self, from: &mut In<'_>) -> Option<Fact> {
        let syms = self.syms;
        let id = FactId(from.wide()?);
        let kind = from.byte()?;
        let is_assumed = kind & 1 == 1;
        let kind = *FactKind::ALL.get(usize::from(kind >> 1))?;
        let happened = from.when()?;
        let seq = Seq(from.number()?);
        let (source, stream, file) = (syms.get(from)?, syms.get(from)?, syms.get(from)?);
        let origin = Origin {
            source,
            stream,
            file,
            key: RecordKey(from.wide()?),
            version: from.signed()?,
            ordinal: u16::try_from(from.number()?).ok()?,
            line: from.number_32()?,
        };
        Some(Fact {
            id,
            kind,
            happened,
            is_assumed,
            seq,
            recorded_at: *self.commits.get(&seq)?,
            origin,
            person: match from.byte()? {
                0 => None,
                1 => Some(self.people.get(from)?),
                _ => return None,
            },
            account: syms.get_maybe(from)?,
            deal: syms.get_maybe(from)?,
            campaign: syms.get_maybe(from)?,
            rep: syms.get_maybe(from)?,
            attributes: match from.number_32()?.checked_sub(1) {
                Some(number) => self.sets.of(number as usize)?,
                None => read_attributes(from, syms)?,
            },
        })
    }
}

fn read_value(from: &mut In<'_>, syms: &impl Syms) -> Option<Value> {
    Some(match from.byte()? {
        0 => Value::Text(syms.get(from)?),
        1 => Value::Int(from.signed()?),
        2 => Value::Decimal(Decimal {
            units: from.wide()? as i128,
            scale: from.number_32()?,
        }),
        3 => Value::Bool(false),
        4 => Value::Bool(true),
        5 => Value::Day(handfast_model::Day(i32::try_from(from.signed()?).ok()?)),
        6 => Value::At(Instant(from.signed()?)),
        7 => Value::Money(Money {
            minor: from.signed()?,
            currency: Currency::parse(from.text()?)?,
        }),
        _ => return None,
    })
}

fn sym(from: &mut In<'_>, syms: &[Sym]) -> Option<Sym> {
    syms.get(from.number_32()? as usize).copied()
}

pub(super) fn maybe_sym(from: &mut In<'_>, syms: &[Sym]) -> Option<Option<Sym>> {
    match from.maybe()? {
        None => Some(None),
        Some(number) => syms.get(number as usize).copied().map(Some),
    }
}

/// Appends some facts of a part, each with its place, and the keys that were given to these.
pub(super) fn write_block(
    facts: &[(u32, &Fact)],
    given: &mut Quick<u32, &Given>,
    (people, sets): (&mut People, &mut Sets),
    out: &mut Out,
) {
    out.count(facts.len());
    let mut of_these = Vec::new();
    for (number, (place, fact)) in (0u32..).zip(facts) {
        write_fact(fact, &mut Numbered, (people, sets), out);
        of_these.extend(given.remove(place).map(|given| (number, given)));
    }
    out.count(of_these.len());
    for (number, given) in of_these {
        out.number(u64::from(number));
        out.maybe(given.person.map(|person| people.number(person)));
        out.maybe(given.account.map(self::number));
        out.maybe(given.deal.map(self::number));
    }
}

impl<S: Shared> Reader<'_, Vec<Sym>, People, S> {
    /// Reads what [`write_block`] appends, after what was read before; says how many facts.
    pub fn block(
        &self,
        from: &mut In<'_>,
        facts: &mut Vec<Fact>,
        given: &mut Vec<Given>,
    ) -> Option<u32> {
        let (count, first) = (from.count()?, facts.len());
        facts.reserve(count);
        for _ in 0..count {
            facts.push(self.fact(from)?);
        }
        for _ in 0..from.count()? {
            let number = from.number_32()? as usize;
            given.push(Given {
                fact: u32::try_from(Some(first + number).filter(|at| *at < facts.len())?).ok()?,
                person: self.people.maybe_of(from)?,
                account: maybe_sym(from, self.syms)?,
                deal: maybe_sym(from, self.syms)?,
            });
        }
        u32::try_from(count).ok()
    }
}
