//! What made one open pipeline another: everything that was open is looked at again after every
//! instant at which anything at all is said, and each deal compared with itself just before.

use std::collections::{BTreeMap, BTreeSet};

use handfast_model::question::Unit;

use super::clock::Time;
use super::deals::Moment;
use super::dimensions::{self, By, Place, of_deal};
use super::meaning::{Meaning, Role};
use super::measures::{Prices, members, told};
use super::owners::Owners;
use super::said::Word;
use super::walk::Journeys;

/// From when until when, of which deals, in what currency and by what.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Asked {
    /// First instant and the one after the last.
    pub period: (i64, i64),
    /// Only those due from one day until before another.
    pub due: Option<(i32, i32)>,
    /// The currency of all sums.
    pub currency: Option<&'static str>,
    /// The dimension, if any.
    pub by: Option<By>,
}

/// By group, currency and line: how many deals or changes, and minor units.
pub type Figures = BTreeMap<(Option<String>, String, &'static str), (u64, i128)>;

/// A deal among those that count.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Open {
    amount: Option<(i64, String)>,
    group: Option<String>,
}

/// All lines.
pub fn figures(journeys: &Journeys, meaning: &Meaning, asked: Asked) -> Figures {
    let (from, until) = asked.period;
    let owners = Owners::of(&journeys.facts, meaning.zone);
    let prices = asked.currency.map(|_| Prices::of(journeys, meaning));
    let desk = Desk {
        journeys,
        meaning,
        asked,
        owners,
        prices,
    };
    let mut instants: BTreeSet<i64> = desk.instants();
    instants.insert(until - 1);
    let mut figures = Figures::new();
    let (mut at, mut open) = (from - 1, desk.open(from - 1));
    for (deal, one) in &open {
        desk.add(&mut figures, "at_start", (*deal, one), at);
    }
    for next in instants
        .into_iter()
        .filter(|one| from <= *one && *one < until)
    {
        let after = desk.open(next);
        let others = desk.not_due(at);
        for deal in 0..journeys.deals.len() {
            let pair = (open.get(&deal), after.get(&deal));
            desk.step(&mut figures, deal, pair, (at, next));
            let other = others.get(&deal).filter(|_| desk.ends_due(deal, next));
            if let (Some(one), None) = (other, pair.1) {
                // Due by its very end: it came in, and ended.
                desk.add(&mut figures, "pulled_in", (deal, one), next);
                desk.step(&mut figures, deal, (Some(one), None), (next, next));
            }
        }
        (at, open) = (next, after);
    }
    for (deal, one) in &open {
        desk.add(&mut figures, "at_end", (*deal, one), at);
    }
    figures
}

/// All lines as text.
pub fn lines(journeys: &Journeys, meaning: &Meaning, asked: Asked) -> Vec<String> {
    let figures = figures(journeys, meaning, asked).into_iter();
    let line = |((group, currency, line), figure): (_, (u64, i128))| {
        let group: Option<String> = group;
        format!("{group:?} {currency} {line} {figure:?}")
    };
    figures.map(line).collect()
}

/// The currency in which a deal without an amount stands.
pub fn currency(journeys: &Journeys, meaning: &Meaning, deal: usize) -> String {
    match told(journeys, meaning, (deal, "amount"), None) {
        Some(Word::Money(_, currency)) => currency.clone(),
        // Charters of worlds keep their sums in euros.
        _ => "EUR".to_owned(),
    }
}

struct Desk<'a> {
    journeys: &'a Journeys,
    meaning: &'a Meaning,
    asked: Asked,
    owners: Owners<'a>,
    prices: Option<Prices>,
}

impl Desk<'_> {
    /// Every instant of which anything is said.
    fn instants(&self) -> BTreeSet<i64> {
        let zone = self.meaning.zone;
        let facts = self.journeys.facts.iter();
        let said = facts.flat_map(|fact| [zone.begin(fact.when), fact.holds_from(zone)]);
        let mut instants: BTreeSet<i64> = said.flatten().collect();
        for pursuit in &self.journeys.pursuits {
            instants.extend(pursuit.end.and_then(|end| end.moment.at));
            for visit in &pursuit.visits {
                instants.extend(visit.entered.at);
                instants.extend(visit.left.and_then(|left| left.at));
            }
        }
        let deals = self.journeys.deals.iter();
        instants.extend(deals.filter_map(|deal| deal.known_from.at));
        instants
    }

    /// What counts at an instant.
    fn open(&self, at: i64) -> BTreeMap<usize, Open> {
        let mut open = self.all_open(at);
        open.retain(|deal, _| self.is_due(*deal, at));
        open
    }

    /// What is open at an instant and due in another window.
    fn not_due(&self, at: i64) -> BTreeMap<usize, Open> {
        if self.asked.due.is_none() {
            return BTreeMap::new();
        }
        let mut open = self.all_open(at);
        open.retain(|deal, _| !self.is_due(*deal, at));
        open
    }

    /// Whether a deal is over at an instant, and due in the window by what is said then.
    fn ends_due(&self, deal: usize, at: i64) -> bool {
        self.role(deal, at).is_some() && self.is_due(deal, at)
    }

    fn is_due(&self, deal: usize, at: i64) -> bool {
        let close = (deal, "close_date");
        let day = match told(self.journeys, self.meaning, close, Some(at)) {
            Some(Word::Time(time)) => self.meaning.zone.day_of(*time),
            _ => None,
        };
        let is_due = |(from, until)| day.is_some_and(|day| from <= day && day < until);
        self.asked.due.is_none_or(is_due)
    }

    fn all_open(&self, at: i64) -> BTreeMap<usize, Open> {
        let (journeys, meaning) = (self.journeys, self.meaning);
        let period = Some((at, at + 1));
        let members = members(journeys, meaning, "open_value", (Unit::Deal, period, 0));
        let mut open = BTreeMap::new();
        for member in members {
            let mut deals = journeys.deals.iter();
            let Some(deal) = deals.position(|deal| deal.key == member.who) else {
                continue;
            };
            let group = self.group(deal, at);
            let amount = member.money;
            open.insert(deal, Open { amount, group });
        }
        open
    }

    fn group(&self, deal: usize, at: i64) -> Option<String> {
        let by = self.asked.by?;
        let place = self.journeys.of_deal[deal];
        let home = &self.journeys.pursuits[place];
        let moment = Moment {
            when: Time::At(at),
            at: Some(at),
        };
        let key = &self.journeys.deals[deal].key;
        let opener = home.people.first().copied();
        let (rep, team) = self
            .owners
            .at(Some(key), opener, home.account.as_ref(), moment);
        let place = Place {
            pursuit: Some(place),
            moment,
            owner: (rep.as_ref(), team.as_ref()),
            person: of_deal(self.journeys, deal),
        };
        dimensions::value(by, self.journeys, self.meaning, &place)
    }

    /// What an amount counts with at an instant, and in which currency.
    fn worth(&self, deal: usize, amount: Option<&(i64, String)>, at: i64) -> (String, i128) {
        let known = &self.journeys.deals[deal];
        if let (Some(prices), Some(to)) = (&self.prices, self.asked.currency) {
            let when = match self.meaning.rates_at_close {
                Some(true) => Time::At(at),
                _ => known.known_from.when,
            };
            let day = self.meaning.zone.day_of(when);
            let price = amount.and_then(|money| prices.price(money, to, day));
            return (to.to_owned(), price.unwrap_or(0));
        }
        match amount {
            Some((minor, currency)) => (currency.clone(), i128::from(*minor)),
            None => (currency(self.journeys, self.meaning, deal), 0),
        }
    }

    fn add(&self, figures: &mut Figures, line: &'static str, (deal, one): (usize, &Open), at: i64) {
        let (currency, minor) = self.worth(deal, one.amount.as_ref(), at);
        let sign = match line {
            "won" | "lost" | "gone" | "pushed_out" | "moved_out" => -1,
            _ => 1,
        };
        let place = (one.group.clone(), currency, line);
        let figure = figures.entry(place).or_default();
        figure.0 += 1;
        figure.1 += sign * minor;
    }

    fn step(
        &self,
        figures: &mut Figures,
        deal: usize,
        pair: (Option<&Open>, Option<&Open>),
        (before, now): (i64, i64),
    ) {
        match pair {
            (None, None) => {}
            (None, Some(after)) => {
                let known = self.journeys.deals[deal].known_from.at;
                let line = match self.role(deal, before) {
                    _ if known > Some(before) => "new",
                    Some(_) => "reopened",
                    None => "pulled_in",
                };
                self.add(figures, line, (deal, after), now);
            }
            (Some(one), None) => {
                let amount = told(self.journeys, self.meaning, (deal, "amount"), Some(now));
                let last = match amount {
                    Some(Word::Money(minor, currency)) => Some((*minor, currency.clone())),
                    _ => None,
                };
                let is_priced = last
                    .as_ref()
                    .is_some_and(|money| self.is_priced(deal, money, now));
                let last = if is_priced { last } else { one.amount.clone() };
                let left = Open {
                    amount: last,
                    group: one.group.clone(),
                };
                self.change(figures, deal, (one, before), (&left, now));
                let line = match self.role(deal, now) {
                    Some(Role::Won) => "won",
                    Some(Role::Lost) => "lost",
                    Some(_) => "gone",
                    None => "pushed_out",
                };
                self.add(figures, line, (deal, &left), now);
            }
            (Some(one), Some(after)) => {
                let stays = Open {
                    amount: after.amount.clone(),
                    group: one.group.clone(),
                };
                self.change(figures, deal, (one, before), (&stays, now));
                if one.group != after.group {
                    self.add(figures, "moved_out", (deal, &stays), now);
                    self.add(figures, "moved_in", (deal, after), now);
                }
            }
        }
    }

    fn is_priced(&self, deal: usize, money: &(i64, String), at: i64) -> bool {
        let (Some(prices), Some(to)) = (&self.prices, self.asked.currency) else {
            return true;
        };
        let when = match self.meaning.rates_at_close {
            Some(true) => Time::At(at),
            _ => self.journeys.deals[deal].known_from.when,
        };
        let day = self.meaning.zone.day_of(when);
        prices.price(money, to, day).is_some()
    }

    /// First what the rate changed, then what the amount changed.
    fn change(
        &self,
        figures: &mut Figures,
        deal: usize,
        (one, before): (&Open, i64),
        (after, now): (&Open, i64),
    ) {
        let was = self.worth(deal, one.amount.as_ref(), before);
        let same = self.worth(deal, one.amount.as_ref(), now);
        let is = self.worth(deal, after.amount.as_ref(), now);
        let mut note = |line, by: i128| {
            let place = (one.group.clone(), same.0.clone(), line);
            let figure = figures.entry(place).or_default();
            figure.0 += 1;
            figure.1 += by;
        };
        match same.1 - was.1 {
            0 => {}
            by => note("rates", by),
        }
        if same.0 != is.0 {
            self.add(figures, "moved_out", (deal, one), now);
            self.add(figures, "moved_in", (deal, after), now);
            return;
        }
        match is.1 - same.1 {
            0 => {}
            by if by > 0 => note("grew", by),
            by => note("shrank", by),
        }
    }

    /// In which end a deal is at an instant.
    fn role(&self, deal: usize, at: i64) -> Option<Role> {
        let home = &self.journeys.pursuits[self.journeys.of_deal[deal]];
        let mut role = None;
        for visit in &home.visits {
            let holds =
                visit.entered.at <= Some(at) && visit.left.is_none_or(|left| left.at > Some(at));
            if holds && self.meaning.role(visit.step).is_end() {
                role = Some(self.meaning.role(visit.step));
            }
        }
        let end = home.end.filter(|end| end.step.is_none());
        let end = end.filter(|end| end.moment.at <= Some(at));
        role.or(end.map(|end| end.role))
    }
}
