//! Facts in plain words: what somebody said, when, about whom.

use std::collections::BTreeMap;

use handfast_model::fact::{Fact, FactKind, Snapshot, Value, When};

use super::clock::{Time, Zone};

/// A value that a source gave.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Word {
    /// A text.
    Text(String),
    /// A whole number.
    Int(i64),
    /// Digits, and how many of them stand behind the point.
    Decimal(i128, u32),
    /// Yes or no.
    Yes(bool),
    /// A day or an instant.
    Time(Time),
    /// Minor units of a currency.
    Money(i64, String),
}

/// One fact.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Said {
    /// Its name.
    pub id: u128,
    /// What kind of thing it says.
    pub kind: FactKind,
    /// When that was, as claimed.
    pub when: Time,
    /// When it was recorded.
    pub recorded: i64,
    /// Who said it.
    pub source: String,
    /// In which table.
    pub stream: String,
    /// In which row.
    pub key: u128,
    /// Which version of the row.
    pub version: i64,
    /// Which fact of the row.
    pub ordinal: u16,
    /// About which person.
    pub person: Option<u128>,
    /// About which account.
    pub account: Option<String>,
    /// About which deal.
    pub deal: Option<String>,
    /// Of which campaign.
    pub campaign: Option<String>,
    /// Naming which rep.
    pub rep: Option<String>,
    /// Everything else, by name.
    pub more: BTreeMap<String, Word>,
}

impl Said {
    /// A text among the rest.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.more.get(name) {
            Some(Word::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A time among the rest.
    pub fn time(&self, name: &str) -> Option<Time> {
        match self.more.get(name) {
            Some(Word::Time(time)) => Some(*time),
            _ => None,
        }
    }

    /// Whether something among the rest is so.
    pub fn is(&self, name: &str) -> bool {
        self.more.get(name) == Some(&Word::Yes(true))
    }

    /// Whether each version adds to a history.
    pub fn is_state(&self) -> bool {
        use FactKind::{Account, Asset, Campaign, Deal, Person, Rep};
        let states = [Rep, Account, Person, Campaign, Asset, Deal];
        states.contains(&self.kind)
    }

    /// From when on it holds: a close from the end of its day.
    pub fn holds_from(&self, zone: Zone) -> Option<i64> {
        let is_close = matches!(self.kind, FactKind::Mark | FactKind::Deal) && self.is("closes");
        match is_close {
            true => zone.close(self.when),
            false => zone.begin(self.when),
        }
    }

    /// Where it stands among all facts.
    fn place(&self, zone: Zone) -> impl Ord + '_ {
        let at = self.holds_from(zone);
        let source = (&self.source, &self.stream);
        let row = (self.key, self.version, self.ordinal);
        (at, self.kind, source, row)
    }
}

/// When facts of ledgers that do not say it were recorded: after all that they tell.
pub const LATE: i64 = 7_000_000_000_000_000;

impl Said {
    /// Whether it is of a time that had not come: neither when it was written down, give or take a
    /// day, nor at the horizon.
    pub fn is_to_come(&self, at: Option<i64>, horizon: i64) -> bool {
        let day = 24 * 60 * 60 * 1_000_000;
        match at {
            // A team holds from its day on, whenever it was agreed.
            Some(_) if self.kind == FactKind::Rep => false,
            Some(at) => at >= horizon && at - day > self.recorded,
            None => false,
        }
    }
}

/// Puts facts into fact order.
pub fn order(facts: &mut [Said], zone: Zone) {
    facts.sort_by(|a, b| a.place(zone).cmp(&b.place(zone)));
}

/// The facts of a snapshot, in fact order.
pub fn facts_of(snapshot: &Snapshot, zone: Zone) -> Vec<Said> {
    let text = |sym| snapshot.names.text(sym).to_owned();
    let read = |fact: &Fact| Said {
        id: fact.id.0,
        kind: fact.kind,
        when: time(fact.happened),
        recorded: fact.recorded_at.0,
        source: text(fact.origin.source),
        stream: text(fact.origin.stream),
        key: fact.origin.key.0,
        version: fact.origin.version,
        ordinal: fact.origin.ordinal,
        person: fact.person.map(|id| id.0),
        account: fact.account.map(text),
        deal: fact.deal.map(text),
        campaign: fact.campaign.map(text),
        rep: fact.rep.map(text),
        more: fact
            .attributes
            .iter()
            .map(|(name, value)| (text(*name), word(value, &text)))
            .collect(),
    };
    let mut facts: Vec<Said> = snapshot.facts.iter().map(read).collect();
    order(&mut facts, zone);
    facts
}

fn time(when: When) -> Time {
    match when {
        When::Unknown => Time::Unknown,
        When::Day(day) => Time::Day(day.0),
        When::At(at) => Time::At(at.0),
    }
}

fn word(value: &Value, text: &dyn Fn(handfast_model::Sym) -> String) -> Word {
    match value {
        Value::Text(sym) => Word::Text(text(*sym)),
        Value::Int(int) => Word::Int(*int),
        Value::Decimal(decimal) => Word::Decimal(decimal.units, decimal.scale),
        Value::Bool(yes) => Word::Yes(*yes),
        Value::Day(day) => Word::Time(Time::Day(day.0)),
        Value::At(at) => Word::Time(Time::At(at.0)),
        Value::Money(money) => Word::Money(money.minor, money.currency.code().to_owned()),
    }
}
