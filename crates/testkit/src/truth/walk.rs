//! Who tries to win whom, and where each attempt stands: everything that happens to one buyer, one
//! after another.

use std::collections::{BTreeMap, BTreeSet};

use handfast_model::fact::FactKind;

use super::clock::Time;
use super::deals::{About, Deal, Moment, about, deals};
use super::issues::Doubt;
use super::meaning::{Meaning, Role};
use super::owners::Owners;
use super::play::Book;
use super::rules;
use super::said::Said;
use super::visits::{Visit, visits};

/// Who may buy.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Buyer {
    /// A company.
    Account(String),
    /// A person of no known company.
    Person(u128),
    /// A deal of nobody known.
    Deal(String),
}

/// One entry into a step, or one step out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// The step; `None` = out of the one before.
    pub step: Option<usize>,
    /// What the one before is left by, where no step is entered.
    pub left_by: &'static str,
    /// When, as claimed.
    pub moment: Moment,
    /// The fact that shows it.
    pub fact: Option<usize>,
}

/// The end of a pursuit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct End {
    /// Which end.
    pub role: Role,
    /// Its step, if there is one.
    pub step: Option<usize>,
    /// When, as claimed.
    pub moment: Moment,
    /// The fact that says so; none says silence.
    pub fact: Option<usize>,
}

/// Who put a pursuit where it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Placer {
    /// A mark of a person.
    Person(u128),
    /// A mark of the account.
    Account,
    /// A mark of a deal, or its status.
    Deal,
    /// A rule, or silence.
    Rule,
}

/// One attempt.
#[derive(Clone, Debug)]
pub struct Pursuit {
    /// The fact that opened it.
    pub id: u128,
    /// Whom it tries to win.
    pub buyer: Buyer,
    /// Since when.
    pub opened: Moment,
    /// Until when.
    pub end: Option<End>,
    /// Its people, the opener first.
    pub people: Vec<u128>,
    /// Its account.
    pub account: Option<String>,
    /// Its deal, among the deals.
    pub deal: Option<usize>,
    /// Its touches, by place.
    pub touches: Vec<usize>,
    /// The touch it came from.
    pub entry_touch: Option<usize>,
    /// Where it went.
    pub places: Vec<Place>,
    /// When silence would end it.
    pub silent_at: Option<i64>,
    /// Its stays.
    pub visits: Vec<Visit>,
    pub(super) placer: Placer,
    pub(super) held: Vec<bool>,
    /// When that was looked at, if ever.
    pub(super) looked: Option<Option<i64>>,
}

/// Somebody who asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lead {
    /// Who.
    pub person: u128,
    /// The first fact of them.
    pub fact: usize,
    /// The pursuit they opened or joined.
    pub pursuit: Option<u128>,
    /// The first assignment to a rep.
    pub assigned: Option<usize>,
    /// The first touch by sales.
    pub worked: Option<usize>,
}

/// Everything there is to count.
#[derive(Clone, Debug)]
pub struct Journeys {
    /// The facts, in fact order.
    pub facts: Vec<Said>,
    /// By opening, then id.
    pub pursuits: Vec<Pursuit>,
    /// All deals.
    pub deals: Vec<Deal>,
    /// The pursuit of each deal, by place.
    pub of_deal: Vec<usize>,
    /// All leads, in order of their facts.
    pub leads: Vec<Lead>,
    /// What is wrong, as far as it was met on the way.
    pub doubts: BTreeSet<Doubt>,
    /// All touches of each buyer: when each is told, and its place.
    pub touches: BTreeMap<Buyer, Vec<(Option<i64>, usize)>>,
    /// Up to when sources show everything.
    pub horizon: i64,
}

/// What is known of a person.
#[derive(Clone, Debug, Default)]
pub(super) struct Person {
    pub lead: Option<usize>,
    /// Where what is undated of them belongs.
    pub home: Option<Option<i64>>,
    accounts: Vec<(Option<i64>, String)>,
    assigned: Option<usize>,
    worked: Option<usize>,
}

impl Person {
    /// The account at an instant; the first one holds before it, too.
    pub fn account(&self, at: Option<i64>) -> Option<&String> {
        let mut known = self.accounts.iter().filter(|(since, _)| *since <= at);
        let now = known.next_back().or(self.accounts.first());
        now.map(|(_, account)| account)
    }
}

/// What happens.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum What {
    State,
    Lead(u128),
    Touch,
    Deal(usize),
    Mark(usize),
    Turn(usize, usize),
}

/// One thing that happens to a buyer: when, how late among those of its instant, by which fact.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Event {
    pub at: Option<i64>,
    pub rank: (u8, usize),
    pub fact: usize,
    pub what: What,
}

/// One buyer's story as far as it is told.
pub(super) struct Walk<'a> {
    pub facts: &'a [Said],
    pub meaning: &'a Meaning,
    pub deals: &'a [Deal],
    pub horizon: i64,
    pub pursuits: Vec<Pursuit>,
    /// Who came to which pursuit, in turn; `None`: became a lead.
    came: Vec<(u128, Option<usize>)>,
    /// The latest touch of each person, and of anybody, that no pursuit has and none came from.
    loose: BTreeMap<Option<u128>, usize>,
    /// The facts told so far that rules may know.
    pub told: Vec<usize>,
    /// What is wrong so far.
    pub doubts: BTreeSet<Doubt>,
}

/// What had come by the horizon, and doubts of what had not; spend looks at its days itself.
fn come(all: Vec<Said>, meaning: &Meaning, horizon: i64) -> (Vec<Said>, BTreeSet<Doubt>) {
    let mut doubts = BTreeSet::new();
    let mut facts = Vec::new();
    for fact in all {
        let is_spend = fact.kind == FactKind::Spend;
        match fact.is_to_come(meaning.zone.begin(fact.when), horizon) {
            true if is_spend => facts.push(fact),
            true => _ = doubts.insert(("W0118", fact.id)),
            false => facts.push(fact),
        }
    }
    (facts, doubts)
}

/// Follows every buyer up to the horizon.
pub fn walk(all: Vec<Said>, meaning: &Meaning, horizon: i64) -> Journeys {
    let (facts, mut doubts) = come(all, meaning, horizon);
    let deals = deals(&facts, meaning, horizon);
    for deal in &deals {
        let ids = deal.to_come.iter().map(|at| facts[*at].id);
        doubts.extend(ids.map(|id| ("W0118", id)));
    }
    let people = people(&facts, meaning);
    let book = Book {
        facts: &facts,
        meaning,
        deals: &deals,
        people: &people,
    };
    let mut pursuits = Vec::new();
    let mut of_lead = BTreeMap::new();
    let mut touches = BTreeMap::new();
    for (buyer, mut events) in book.play() {
        events.sort();
        let of_touches = events.iter().filter(|event| event.what == What::Touch);
        let told: Vec<_> = of_touches.map(|event| (event.at, event.fact)).collect();
        touches.insert(buyer.clone(), told);
        let mut walk = Walk {
            facts: &facts,
            meaning,
            deals: &deals,
            horizon,
            pursuits: Vec::new(),
            came: Vec::new(),
            loose: BTreeMap::new(),
            told: Vec::new(),
            doubts: BTreeSet::new(),
        };
        walk.run(&buyer, &events);
        of_lead.extend(walk.of_leads());
        doubts.append(&mut walk.doubts);
        pursuits.extend(walk.pursuits);
    }
    settle(&mut pursuits, &facts, &deals, meaning);
    pursuits.sort_by_key(|pursuit| (pursuit.opened.at, pursuit.id));
    let mut of_deal = vec![usize::MAX; deals.len()];
    for (place, pursuit) in pursuits.iter().enumerate() {
        if let Some(deal) = pursuit.deal {
            of_deal[deal] = place;
        }
    }
    Journeys {
        pursuits,
        of_deal,
        leads: leads(&people, &of_lead),
        deals,
        doubts,
        touches,
        horizon,
        facts,
    }
}

/// All leads, with the pursuit of each.
fn leads(people: &BTreeMap<u128, Person>, of_lead: &BTreeMap<u128, u128>) -> Vec<Lead> {
    let lead = |(id, known): (&u128, &Person)| {
        Some(Lead {
            person: *id,
            fact: known.lead?,
            pursuit: of_lead.get(id).copied(),
            assigned: known.assigned,
            worked: known.worked,
        })
    };
    let mut leads: Vec<Lead> = people.iter().filter_map(lead).collect();
    leads.sort_by_key(|lead| lead.fact);
    leads
}

/// Turns places into stays, and says whose they were.
fn settle(pursuits: &mut [Pursuit], facts: &[Said], deals: &[Deal], meaning: &Meaning) {
    let owners = Owners::of(facts, meaning.zone);
    for pursuit in pursuits {
        pursuit.visits = visits(&pursuit.places, meaning);
        let deal = pursuit.deal.map(|deal| &deals[deal].key);
        let opener = pursuit.people.first().copied();
        for visit in &mut pursuit.visits {
            visit.owner = owners.at(deal, opener, pursuit.account.as_ref(), visit.entered);
        }
    }
}

fn people(facts: &[Said], meaning: &Meaning) -> BTreeMap<u128, Person> {
    let mut people: BTreeMap<u128, Person> = BTreeMap::new();
    for (place, fact) in facts.iter().enumerate() {
        let Some(id) = fact.person else { continue };
        let person = people.entry(id).or_default();
        let at = meaning.zone.begin(fact.when);
        let is_own_mark =
            fact.kind == FactKind::Mark && matches!(about(fact), Some(About::Person(_)));
        let is_lead = fact.kind == FactKind::Person && person.lead.is_none();
        if is_lead {
            person.lead = Some(place);
        }
        if is_lead || is_own_mark && at.is_some() {
            person.home.get_or_insert(at);
        }
        let first = match fact.kind {
            FactKind::Assignment if fact.rep.is_some() => Some(&mut person.assigned),
            FactKind::Touch if fact.text("team") == Some("sales") => Some(&mut person.worked),
            _ => None,
        };
        if let Some(first) = first {
            // An undated one gives way to the first dated one.
            let is_dated = |place: usize| facts[place].when != Time::Unknown;
            if first.is_none_or(|old| !is_dated(old) && is_dated(place)) {
                *first = Some(place);
            }
        }
        if let (FactKind::Person | FactKind::Link, Some(account)) = (fact.kind, &fact.account)
            && person
                .accounts
                .last()
                .is_none_or(|(_, last)| last != account)
        {
            person.accounts.push((at, account.clone()));
        }
    }
    people
}

/// When a mark enters its step: an end of a day at the day's end.
pub(super) fn mark_moment(fact: &Said, step: usize, meaning: &Meaning) -> Moment {
    match meaning.role(step).is_end() {
        true => Moment::close(fact.when, meaning.zone),
        false => Moment::begin(fact.when, meaning.zone),
    }
}

impl Walk<'_> {
    /// A lead's pursuit is the first that it comes to from its creation on.
    fn of_leads(&self) -> Vec<(u128, u128)> {
        let mut found = Vec::new();
        for (place, (person, pursuit)) in self.came.iter().enumerate() {
            let later = self.came[place..].iter();
            let mut later = later.filter(|(other, _)| other == person);
            if let (None, Some(first)) = (pursuit, later.find_map(|(_, pursuit)| *pursuit)) {
                found.push((*person, self.pursuits[first].id));
            }
        }
        found
    }

    fn run(&mut self, buyer: &Buyer, events: &[Event]) {
        for instant in events.chunk_by(|a, b| a.at == b.at) {
            let at = instant[0].at;
            if let Some(at) = at {
                self.fall_silent(at.min(self.horizon));
            }
            let before = rules::look_before(self, instant);
            for event in instant {
                self.tell(buyer, event);
            }
            rules::look_after(self, buyer, instant, before);
        }
        self.fall_silent(self.horizon);
    }

    fn tell(&mut self, buyer: &Buyer, event: &Event) {
        let fact = &self.facts[event.fact];
        match event.what {
            What::State => self.told.push(event.fact),
            What::Lead(person) => {
                self.came.push((person, None));
                match self.first_open() {
                    Some(pursuit) => self.join(pursuit, person),
                    None if self.then(fact).opens_by_lead => {
                        let moment = Moment::begin(fact.when, self.meaning.zone);
                        self.open(buyer, event, moment, Some(person));
                    }
                    None => {}
                }
            }
            What::Touch => self.touch(buyer, event),
            What::Deal(number) => {
                let deal = &self.deals[number];
                let is_free = |at: &usize| self.pursuits[*at].deal.is_none();
                let free = self.open_ones().find(is_free);
                let pursuit = match free {
                    Some(pursuit) => pursuit,
                    None => self.open(buyer, event, deal.opens, deal.person),
                };
                let found = &mut self.pursuits[pursuit];
                found.deal = Some(number);
                found.account = found.account.clone().or(deal.account.clone());
                for person in deal.person.iter().chain(&deal.roles) {
                    self.join(pursuit, *person);
                }
            }
            What::Mark(step) => self.mark(buyer, event, step),
            What::Turn(deal, number) => self.turn(event, deal, number),
        }
    }

    /// What held when a fact happened.
    fn then(&self, fact: &Said) -> &Meaning {
        self.meaning.at(self.meaning.zone.begin(fact.when))
    }

    pub(super) fn open_ones(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.pursuits.len()).filter(|at| self.pursuits[*at].end.is_none())
    }

    pub(super) fn first_open(&self) -> Option<usize> {
        self.open_ones().next()
    }

    fn of_person(&self, person: Option<u128>) -> Option<usize> {
        let person = person?;
        let has = |at: &usize| self.pursuits[*at].people.contains(&person);
        self.open_ones().find(has)
    }

    fn of_deal(&self, deal: Option<&String>) -> Option<usize> {
        let is_its = |pursuit: &Pursuit| pursuit.deal.map(|deal| &self.deals[deal].key) == deal;
        deal.and_then(|_| self.pursuits.iter().position(is_its))
    }

    pub(super) fn open(
        &mut self,
        buyer: &Buyer,
        event: &Event,
        opened: Moment,
        person: Option<u128>,
    ) -> usize {
        self.pursuits.push(Pursuit {
            id: self.facts[event.fact].id,
            buyer: buyer.clone(),
            opened,
            end: None,
            people: person.into_iter().collect(),
            account: match buyer {
                Buyer::Account(key) => Some(key.clone()),
                _ => None,
            },
            deal: None,
            touches: Vec::new(),
            entry_touch: self.loose.remove(&person),
            places: Vec::new(),
            silent_at: None,
            visits: Vec::new(),
            placer: Placer::Rule,
            held: Vec::new(),
            looked: None,
        });
        let pursuit = self.pursuits.len() - 1;
        self.came
            .extend(person.map(|person| (person, Some(pursuit))));
        self.stir(pursuit, event.at);
        pursuit
    }

    fn join(&mut self, pursuit: usize, person: u128) {
        self.came.push((person, Some(pursuit)));
        let people = &mut self.pursuits[pursuit].people;
        if !people.contains(&person) {
            people.push(person);
        }
    }

    fn touch(&mut self, buyer: &Buyer, event: &Event) {
        let fact = &self.facts[event.fact];
        self.told.push(event.fact);
        let of_deal = self.of_deal(fact.deal.as_ref());
        let of_deal = of_deal.filter(|at| self.pursuits[*at].end.is_none());
        let found = of_deal
            .or_else(|| self.of_person(fact.person))
            .or_else(|| self.first_open());
        let kind = fact.text("touch").unwrap_or("").to_owned();
        let is_opening = self.then(fact).opening_touches.contains(&kind);
        let pursuit = match found {
            None if is_opening => {
                let moment = Moment::begin(fact.when, self.meaning.zone);
                let pursuit = self.open(buyer, event, moment, fact.person);
                self.pursuits[pursuit].entry_touch = None;
                Some(pursuit)
            }
            found => found,
        };
        let Some(pursuit) = pursuit else {
            self.loose.insert(fact.person, event.fact);
            self.loose.insert(None, event.fact);
            return;
        };
        let found = &mut self.pursuits[pursuit];
        let is_first = found.touches.is_empty();
        let came_with_it = is_first && event.at.is_some() && event.at == found.opened.at;
        if found.entry_touch.is_none() || came_with_it {
            found.entry_touch = Some(event.fact);
        }
        found.touches.push(event.fact);
        let dormant = self.meaning.dormant.as_ref();
        if dormant.is_some_and(|(_, two_way)| two_way.contains(&kind)) {
            self.stir(pursuit, event.at);
        }
    }

    fn mark(&mut self, buyer: &Buyer, event: &Event, step: usize) {
        let fact = &self.facts[event.fact];
        let (found, placer, person) = match about(fact) {
            Some(About::Deal(key)) => (self.of_deal(Some(&key)), Placer::Deal, fact.person),
            Some(About::Person(id)) => {
                let found = self.of_person(Some(id)).or_else(|| self.first_open());
                (found, Placer::Person(id), Some(id))
            }
            _ => (self.first_open(), Placer::Account, fact.person),
        };
        let moment = mark_moment(fact, step, self.meaning);
        let is_path = self.meaning.role(step) == Role::Path;
        if found.is_none() && !is_path && !self.pursuits.is_empty() {
            self.doubts.insert(("W0116", fact.id));
            return;
        }
        let pursuit = found.unwrap_or_else(|| self.open(buyer, event, moment, person));
        if let Placer::Person(id) = placer {
            self.join(pursuit, id);
        }
        let place = Place {
            step: Some(step),
            left_by: "back",
            moment,
            fact: Some(event.fact),
        };
        self.attempt(pursuit, place, placer, event.at);
    }

    fn turn(&mut self, event: &Event, deal: usize, number: usize) {
        let turn = self.deals[deal].turns[number];
        let Some(pursuit) = self.of_deal(Some(&self.deals[deal].key)) else {
            return;
        };
        let mut place = Place {
            step: turn.role.and_then(|role| self.meaning.first(role)),
            left_by: match turn.role {
                Some(Role::Won) => "won",
                Some(_) => "lost",
                None => "back",
            },
            moment: turn.moment,
            fact: Some(turn.fact),
        };
        if turn.role.is_some() {
            return self.attempt(pursuit, place, Placer::Deal, event.at);
        }
        // Open again: back to the last step of the path before the end.
        if self.pursuits[pursuit].end.is_some() {
            let before = self.pursuits[pursuit].places.iter();
            let mut before = before.rev().filter_map(|place| place.step);
            place.step = before.find(|step| self.meaning.role(*step) == Role::Path);
            self.make(pursuit, place, Placer::Deal, event.at);
        }
    }
}
