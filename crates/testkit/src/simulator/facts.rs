//! Plain facts as the snapshot that the kernels read.

use std::collections::HashMap;

use handfast_model::fact::{Fact, Observed, Origin, Snapshot, Value, When};
use handfast_model::id::{FactId, Names, PersonId, RecordKey, Seq};
use handfast_model::order::{Clock, order_of};
use handfast_model::{Calendar, Currency, Day, Decimal, Instant, Money};

use crate::truth::clock::Time;
use crate::truth::said::{Said, Word};

/// The snapshot of some facts, in whatever order they come.
pub fn snapshot(facts: &[Said], calendar: &Calendar) -> Snapshot {
    let mut names = Names::default();
    let facts: Vec<Fact> = facts.iter().map(|said| fact(said, &mut names)).collect();
    let mut clock = Clock::new(calendar, &names);
    let order = order_of(&facts, &names, &mut clock);
    let mut slots: HashMap<u32, Fact> = (0..).zip(facts).collect();
    let facts = order
        .iter()
        .filter_map(|place| slots.remove(place))
        .collect();
    Snapshot {
        names,
        facts,
        seq: Seq(1),
        observed: Vec::<Observed>::new(),
        ..Snapshot::default()
    }
}

/// One fact, its texts under these names.
pub fn fact(said: &Said, names: &mut Names) -> Fact {
    let mut attributes: Vec<_> = Vec::new();
    for (name, word) in &said.more {
        let value = match word {
            Word::Text(text) => Value::Text(names.intern(text)),
            Word::Int(int) => Value::Int(*int),
            Word::Decimal(units, scale) => Value::Decimal(Decimal {
                units: *units,
                scale: *scale,
            }),
            Word::Yes(yes) => Value::Bool(*yes),
            Word::Time(Time::Day(day)) => Value::Day(Day(*day)),
            Word::Time(Time::At(at)) => Value::At(Instant(*at)),
            Word::Time(Time::Unknown) => continue,
            Word::Money(minor, code) => match Currency::parse(code) {
                Some(currency) => Value::Money(Money {
                    minor: *minor,
                    currency,
                }),
                None => continue,
            },
        };
        attributes.push((names.intern(name), value));
    }
    let mut sym = |text: &Option<String>| text.as_ref().map(|text| names.intern(text));
    let (account, deal) = (sym(&said.account), sym(&said.deal));
    let (campaign, rep) = (sym(&said.campaign), sym(&said.rep));
    Fact {
        id: FactId(said.id),
        kind: said.kind,
        happened: match said.when {
            Time::Unknown => When::Unknown,
            Time::Day(day) => When::Day(Day(day)),
            Time::At(at) => When::At(Instant(at)),
        },
        is_assumed: false,
        seq: Seq(1),
        recorded_at: Instant(said.recorded),
        origin: Origin {
            source: names.intern(&said.source),
            stream: names.intern(&said.stream),
            key: RecordKey(said.key),
            version: said.version,
            ordinal: said.ordinal,
            file: names.intern("world"),
            line: 1,
        },
        person: said.person.map(PersonId),
        account,
        deal,
        campaign,
        rep,
        attributes: attributes.into(),
    }
}
