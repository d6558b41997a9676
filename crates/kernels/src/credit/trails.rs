//! Which touches may earn credit for a deal: those of its buyer, before the credited moment, within
//! the look-back, of the people and kinds that the charter agreed on.
//!
//! A trail is in fact order, whatever team a touch is of. This module knows people, kinds, moments
//! and milestones; channels and money are none of its business.

use std::collections::HashMap;

use handfast_model::credit::{Attribution, Credited, Milestone, PeopleRule};
use handfast_model::question::Unit;
use handfast_model::rules::{Side, StepRole};
use handfast_model::{Day, Instant, PersonId, Snapshot, Sym, When, planted};

use super::rule::{Touch, Trail};
use crate::journey::{Buyer, Contact, Deal, Journeys, Moment, Pursuit, World, contacts};
use crate::metric::{self, Counted, Member, Metric, Scope};
use crate::roles;

/// A deal to be credited, with the touches that may earn.
#[derive(Clone, PartialEq, Debug)]
pub struct DealTrail {
    /// The deal with its amount, as the metrics `revenue` and `open_pipeline_value` count it.
    pub member: Member,
    /// The touches, as indexes into the snapshot's facts, in fact order.
    pub touches: Vec<u32>,
    /// Microseconds from each touch to the credited moment.
    pub ages: Vec<i64>,
    /// The place of the last touch not after the lead's creation.
    pub lead: Option<usize>,
    /// The place of the last touch not after the deal's creation.
    pub deal: Option<usize>,
    /// How many of them came before the deal was created.
    pub before_creation: usize,
    /// Whether anybody says when the deal was created.
    pub is_creation_known: bool,
}

impl DealTrail {
    /// The place of the first touch that is marketing's.
    pub fn by_marketing(&self, snapshot: &Snapshot) -> Option<usize> {
        let names = &snapshot.names;
        let (team, marketing) = (names.find("team")?, names.find(Side::Marketing.word())?);
        let is_theirs = |touch: &u32| {
            let fact = snapshot.facts.get(*touch as usize);
            fact.is_some_and(|fact| fact.text(team) == Some(marketing))
        };
        self.touches.iter().position(is_theirs)
    }

    /// As a rule sees it; `is_direct` says whether a touch (a fact index) came directly.
    pub fn seen(&self, is_direct: impl Fn(u32) -> bool) -> Seen {
        let touches = self.touches.iter().zip(&self.ages);
        let touch = |(fact, age): (&u32, &i64)| Touch {
            age: *age,
            is_direct: is_direct(*fact),
        };
        Seen {
            touches: touches.map(touch).collect(),
            lead: self.lead,
            deal: self.deal,
        }
    }
}

/// A trail that owns its touches.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seen {
    touches: Vec<Touch>,
    lead: Option<usize>,
    deal: Option<usize>,
}

impl Seen {
    /// What a rule weighs.
    pub fn trail(&self) -> Trail<'_> {
        Trail {
            touches: &self.touches,
            lead: self.lead,
            deal: self.deal,
        }
    }
}

/// What a pursuit went through that ended without success, for models that learn from it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LostTrail {
    /// The pursuit, as an index into [`Journeys::pursuits`].
    pub pursuit: u32,
    /// The touches, as indexes into the snapshot's facts, in fact order.
    pub touches: Vec<u32>,
}

/// All trails of a book.
pub struct Trails<'a> {
    world: &'a World<'a>,
    journeys: &'a Journeys,
    rules: &'a Attribution,
    /// By buyer, in the order of their own moments.
    contacts: HashMap<Buyer, Vec<Contact>>,
    people: HashMap<Sym, Vec<PersonId>>,
    /// By pursuit: when its first lead was created.
    leads: HashMap<u32, Moment>,
    kinds: Vec<Sym>,
    ignored: Vec<Sym>,
}

impl<'a> Trails<'a> {
    /// Prepares what every trail looks up.
    pub fn new(world: &'a World<'a>, journeys: &'a Journeys) -> Trails<'a> {
        let rules = &world.charter.attribution;
        let names = &world.snapshot.names;
        let known = |kinds: &[String]| kinds.iter().filter_map(|kind| names.find(kind)).collect();
        let people = match rules.people {
            PeopleRule::Account => HashMap::new(),
            PeopleRule::Roles => roles::all(world.snapshot),
            PeopleRule::Primary => {
                let primary = roles::primary(world.snapshot).into_iter();
                primary.map(|(deal, person)| (deal, vec![person])).collect()
            }
        };
        let mut leads: HashMap<u32, Moment> = HashMap::new();
        for lead in journeys.leads.iter().rev() {
            if let Some(pursuit) = lead.pursuit {
                leads.insert(pursuit, lead.created);
            }
        }
        // In the order of their own moments; what has none earns nothing.
        let mut contacts = contacts(world);
        for all in contacts.values_mut() {
            all.retain(|contact| contact.claimed.is_some());
            all.sort_by_key(|contact| contact.claimed);
        }
        Trails {
            world,
            journeys,
            rules,
            contacts,
            people,
            leads,
            kinds: known(&rules.touch_kinds),
            ignored: known(&rules.ignored),
        }
    }

    /// The trails of the deals of a scope, in the order of deals.
    ///
    /// Law      no touch is after the credited moment; every deal of the metric is there, if with
    ///          no touch: one that was won nobody knows when has none.
    pub fn of_deals(&self, credited: Credited, scope: &Scope) -> Vec<DealTrail> {
        let metric = match credited {
            Credited::Won => Metric::Revenue,
            Credited::Open => Metric::OpenValue,
        };
        let scope = Scope {
            unit: Unit::Deal,
            ..*scope
        };
        let measured = metric::measure(metric, self.world, self.journeys, &scope);
        let trails = measured.members.into_iter();
        trails.filter_map(|member| self.of_deal(member)).collect()
    }

    fn of_deal(&self, member: Member) -> Option<DealTrail> {
        let Counted::Deal(deal) = member.counted else {
            return None;
        };
        let deal = self.journeys.deals.get(deal as usize)?;
        let pursuit = self.journeys.pursuits.get(deal.pursuit as usize)?;
        let until = member.anchor.at;
        let found = until.map_or_else(Vec::new, |at| self.eligible(pursuit, Some(deal), at));
        let last_before = |moment: Option<Instant>| {
            let moment = moment?;
            found.iter().rposition(|(_, at)| *at <= moment)
        };
        let created = self.end_of(deal.created);
        let milestone = |rule: &Milestone, created: Option<Instant>| match rule {
            Milestone::Created => created,
            Milestone::Entry(stage) => self.entry(pursuit, stage),
        };
        let lead = self.leads.get(&deal.pursuit);
        let lead_created = lead.and_then(|lead| self.end_of(*lead));
        Some(DealTrail {
            lead: last_before(milestone(&self.rules.lead, lead_created)),
            deal: last_before(milestone(&self.rules.deal, created)),
            before_creation: last_before(created).map_or(0, |last| last + 1),
            is_creation_known: created.is_some(),
            ages: found
                .iter()
                .filter_map(|(_, at)| Some(until?.0 - at.0))
                .collect(),
            touches: found.into_iter().map(|(fact, _)| fact).collect(),
            member,
        })
    }

    /// The trails of pursuits that ended in a period otherwise than won, in the order of pursuits.
    pub fn of_lost(&self, from: Option<Instant>, until: Option<Instant>) -> Vec<LostTrail> {
        let pursuits = (0u32..).zip(&self.journeys.pursuits);
        let lost = pursuits.filter_map(|(index, pursuit)| {
            let end = pursuit.end.filter(|end| end.role != StepRole::Won)?;
            let at = end.moment.at?;
            let is_in = from.is_none_or(|from| from <= at) && until.is_none_or(|until| at < until);
            let deal = pursuit.deal;
            let deal = deal.and_then(|deal| self.journeys.deals.get(deal as usize));
            is_in.then(|| LostTrail {
                pursuit: index,
                touches: self
                    .eligible(pursuit, deal, at)
                    .into_iter()
                    .map(|(fact, _)| fact)
                    .collect(),
            })
        });
        lost.collect()
    }

    /// The touches of a buyer that may earn at a moment, in fact order, with their own moments.
    fn eligible(
        &self,
        pursuit: &Pursuit,
        deal: Option<&Deal>,
        until: Instant,
    ) -> Vec<(u32, Instant)> {
        let calendar = &self.world.charter.calendar;
        let first = self.rules.look_back_days.map(|days| {
            let day = calendar.day_of(until).0.saturating_sub(
                planted!(LookBackShort, days, days - 1)
                    .try_into()
                    .unwrap_or(i32::MAX),
            );
            calendar.start_of(Day(day))
        });
        let all = self
            .contacts
            .get(&pursuit.buyer)
            .map_or(&[][..], Vec::as_slice);
        let is_early = |contact: &Contact| contact.claimed < first;
        let is_by_then = |contact: &Contact| {
            let is_by = |at| planted!(TouchAtCloseLate, at <= until, at < until);
            planted!(LaterTouchEarns, contact.claimed.is_some_and(is_by), true)
        };
        let in_time = all.partition_point(is_early)..all.partition_point(is_by_then);
        let eligible = all.get(in_time).unwrap_or_default().iter();
        let eligible = eligible.filter_map(|contact| {
            let earns = self.is_kind(contact.kind) && self.is_of(contact.fact, deal);
            earns.then_some((contact.fact, contact.claimed?))
        });
        let mut eligible: Vec<(u32, Instant)> = eligible.collect();
        eligible.sort_unstable();
        eligible
    }

    fn is_kind(&self, kind: Option<Sym>) -> bool {
        let is_one_of = |kinds: &[Sym]| kind.is_some_and(|kind| kinds.contains(&kind));
        match self.rules.touch_kinds.is_empty() {
            true => !is_one_of(&self.ignored),
            false => is_one_of(&self.kinds),
        }
    }

    /// Whether a touch is of the people that count for a deal, or names the deal itself.
    fn is_of(&self, fact: u32, deal: Option<&Deal>) -> bool {
        let (rule, Some(deal)) = (self.rules.people, deal) else {
            return true;
        };
        let Some(fact) = self.world.snapshot.facts.get(fact as usize) else {
            return false;
        };
        let with_roles = self.people.get(&deal.key).map_or(&[][..], Vec::as_slice);
        let is = |person| deal.person == Some(person);
        let has_role = |person| with_roles.contains(&person);
        match (rule, fact.person) {
            (PeopleRule::Account, _) => true,
            _ if planted!(AnybodyEarns, false, true) => true,
            _ if fact.deal == Some(deal.key) => true,
            (_, None) => false,
            (PeopleRule::Roles, Some(person)) => is(person) || has_role(person),
            (PeopleRule::Primary, Some(person)) if deal.person.is_some() => is(person),
            (PeopleRule::Primary, Some(person)) => has_role(person),
        }
    }

    fn entry(&self, pursuit: &Pursuit, stage: &str) -> Option<Instant> {
        let steps = &self.world.charter.steps;
        let step = steps.iter().position(|step| step.id == stage)?;
        let mut visits = pursuit.visits.iter();
        let visit = visits.find(|visit| usize::from(visit.step.0) == step)?;
        self.end_of(visit.entered)
    }

    /// A milestone that is a day is reached at its end, so that touches of that day lead to it.
    fn end_of(&self, moment: Moment) -> Option<Instant> {
        match moment.when {
            When::Unknown => None,
            when => when.end(&self.world.charter.calendar),
        }
    }
}
