//! The order of play: what happens to each buyer, and when it is told.

use std::collections::BTreeMap;

use handfast_model::fact::FactKind;

use super::clock::Time;
use super::deals::{About, Deal, about, step_of};
use super::meaning::Meaning;
use super::rules;
use super::said::Said;
use super::walk::{Buyer, Event, Person, What, mark_moment};

/// A deal's buyer, when it joins or opens a pursuit, and the deal.
type Home<'a> = (Buyer, Option<i64>, &'a Deal);

/// What the order of play rests on.
pub(super) struct Book<'a> {
    pub facts: &'a [Said],
    pub meaning: &'a Meaning,
    pub deals: &'a [Deal],
    pub people: &'a BTreeMap<u128, Person>,
}

fn event(at: Option<i64>, rank: (u8, usize), fact: usize, what: What) -> Event {
    Event {
        at,
        rank,
        fact,
        what,
    }
}

impl Book<'_> {
    /// What happens to each buyer.
    pub fn play(&self) -> BTreeMap<Buyer, Vec<Event>> {
        let mut play: BTreeMap<Buyer, Vec<Event>> = BTreeMap::new();
        let mut add = |buyer: Buyer, event| play.entry(buyer).or_default().push(event);
        let mut homes: BTreeMap<&str, Home<'_>> = BTreeMap::new();
        for (number, deal) in self.deals.iter().enumerate() {
            let (buyer, at) = self.home(deal);
            homes.insert(&deal.key, (buyer.clone(), at, deal));
            let first = deal.versions.first().or(deal.marks.first());
            let Some(first) = first else { continue };
            add(buyer.clone(), event(at, (3, 0), *first, What::Deal(number)));
            let mut last = at;
            for (turn, told) in deal.turns.iter().enumerate() {
                // The present state comes after every mark.
                let mark = deal.last_mark.filter(|_| told.is_last);
                last = told.moment.at.max(last).max(mark);
                let what = What::Turn(number, turn);
                add(buyer.clone(), event(last, (5, 0), told.fact, what));
            }
        }
        for place in 0..self.facts.len() {
            let deal = self.facts[place].deal.as_deref();
            let deal = deal.and_then(|key| homes.get(key));
            for (buyer, event) in self.events(place, deal) {
                add(buyer, event);
            }
        }
        play
    }

    /// What one fact lets happen, and to whom.
    fn events(&self, place: usize, deal: Option<&Home<'_>>) -> Vec<(Buyer, Event)> {
        let fact = &self.facts[place];
        let at = self.meaning.zone.begin(fact.when);
        let has_rules = rules::are_there(self.meaning);
        let of_deal = deal.map(|(buyer, _, _)| buyer.clone());
        let of_account = fact.account.clone().map(Buyer::Account);
        let state = |buyer: Option<Buyer>| {
            let state = event(at, (0, 0), place, What::State);
            buyer.filter(|_| has_rules).map(|buyer| (buyer, state))
        };
        match fact.kind {
            FactKind::Person => {
                let Some(id) = fact.person else {
                    return Vec::new();
                };
                let buyer = self.buyer(id, at);
                let is_lead = self.people[&id].lead == Some(place);
                let lead = event(at, (1, 0), place, What::Lead(id));
                let mut events: Vec<_> = state(Some(buyer.clone())).into_iter().collect();
                events.extend(is_lead.then_some((buyer, lead)));
                events
            }
            FactKind::Account => state(of_account).into_iter().collect(),
            FactKind::Deal => state(of_deal).into_iter().collect(),
            FactKind::Touch => {
                let undated = match (fact.person, deal) {
                    (Some(person), _) => self.home_of(person),
                    (None, deal) => deal.and_then(|(_, at, _)| *at),
                };
                let at = at.or(undated);
                let person = fact.person.map(|person| self.buyer(person, at));
                let buyer = of_deal.or(of_account).or(person);
                let touch = event(at, (2, 0), place, What::Touch);
                buyer.map(|buyer| (buyer, touch)).into_iter().collect()
            }
            FactKind::Mark => {
                let step = step_of(fact, self.meaning);
                let placed = step.and_then(|step| Some((step, self.place_of(fact, step, deal)?)));
                let mark = |(step, (buyer, at)): (usize, (Buyer, Option<i64>))| {
                    (buyer, event(at, (4, step), place, What::Mark(step)))
                };
                placed.map(mark).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    /// A deal's buyer, and when it joins or opens a pursuit.
    fn home(&self, deal: &Deal) -> (Buyer, Option<i64>) {
        let zone = self.meaning.zone;
        let lead = deal.person.and_then(|person| self.home_of(person));
        // A deal that was over before its lead came waits for it, and so does one that only a bare
        // date puts before its lead of the same day.
        let is_same_day = match (deal.opens.when, lead) {
            (Time::Day(day), Some(lead)) => zone.day(lead) == day,
            _ => false,
        };
        let is_over = deal.ended.is_some_and(|ended| ended.at < lead);
        let at = match is_same_day || is_over {
            true => deal.opens.at.max(lead),
            false => deal.opens.at,
        };
        let by_role = || deal.roles.first().map(|person| self.buyer(*person, at));
        let by_person = deal.person.map(|person| self.buyer(person, at));
        let by_account = || deal.account.clone().map(Buyer::Account);
        let buyer = by_person.or_else(by_account).or_else(by_role);
        (buyer.unwrap_or(Buyer::Deal(deal.key.clone())), at)
    }

    /// The buyer of a mark, and when it is told.
    fn place_of(
        &self,
        fact: &Said,
        step: usize,
        deal: Option<&Home<'_>>,
    ) -> Option<(Buyer, Option<i64>)> {
        let claimed = mark_moment(fact, step, self.meaning).at;
        match about(fact)? {
            About::Deal(_) => {
                let (buyer, opens, known) = deal?;
                // An undated end comes after the deal's last mark.
                let is_end = self.meaning.role(step).is_end();
                let last = known.last_mark.filter(|_| is_end);
                Some((buyer.clone(), claimed.or(last).max(*opens)))
            }
            About::Person(id) => {
                let at = claimed.or(self.home_of(id));
                Some((self.buyer(id, at), at))
            }
            About::Account(key) => Some((Buyer::Account(key), claimed)),
        }
    }

    fn buyer(&self, person: u128, at: Option<i64>) -> Buyer {
        let account = self.people.get(&person).and_then(|known| known.account(at));
        account
            .cloned()
            .map_or(Buyer::Person(person), Buyer::Account)
    }

    fn home_of(&self, person: u128) -> Option<i64> {
        self.people.get(&person)?.home?
    }
}
