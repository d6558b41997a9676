//! How soon leads are assigned and answered, and what sales said of them.
//!
//! One row per lead. An answer is the first touch by sales to its person at or after the clock's
//! start; a lead without one is still waiting, up to the horizon. The clock is calendar time: this
//! module knows no working hours. It refuses to average; see `survival`.

use std::collections::BTreeMap;

use handfast_model::fact::FactKind;
use handfast_model::id::{PersonId, Sym};
use handfast_model::rules::{Side, StepIx};
use handfast_model::{Fact, When};

use crate::journey::{Journeys, Lead, Teams, World, is_ahead};
use crate::times::{Sight, Timed};
use crate::velocity::{Elapsed, elapsed};

/// The version of this kernel; a change of any number it gives is a new version.
pub const VERSION: u32 = 3;

/// From when the time of an answer runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Start {
    /// The lead's creation.
    Creation,
    /// Its first assignment to a rep.
    Assignment,
    /// The first dated entry of its pursuit into this step.
    Entry(StepIx),
}

/// What became of one lead.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Response {
    /// The lead, as an index into [`Journeys::leads`].
    pub lead: u32,
    /// The rep it was first assigned to, and that rep's team then.
    pub owner: (Option<Sym>, Option<Sym>),
    /// From the clock's start to the answer, or to the horizon; `None` when the clock never
    /// started or a date is missing.
    pub answer: Option<Timed>,
    /// The touch that answered, as a fact index.
    pub answered_by: Option<u32>,
    /// From creation to the first assignment.
    pub age_assigned: Option<Elapsed>,
    /// From creation to the first touch by sales.
    pub age_worked: Option<Elapsed>,
    /// From creation to the first touch by sales, or to the horizon.
    pub untouched: Option<Timed>,
    /// The latest verdict on it, as a fact index.
    pub verdict: Option<(Verdict, u32)>,
    /// The reason given with a rejection.
    pub reason: Option<Sym>,
}

/// What sales said of a lead.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Taken.
    Accepted,
    /// Given back.
    Rejected,
}

/// Limits within which an answer is looked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Within {
    /// Sixty minutes. Days without a time cannot tell.
    Hour,
    /// Twenty-four hours, or one calendar day where a date has no time.
    Day,
    /// Seven times twenty-four hours, or seven calendar days.
    Week,
}

impl Within {
    /// Whether a lead was answered in time: at the limit itself is in time. `None` while it can
    /// still be, and where its dates cannot tell.
    pub fn is_met(self, timed: &Timed) -> Option<bool> {
        let limit = match self {
            Within::Hour if timed.elapsed.is_calendar => return None,
            Within::Hour => 3_600,
            Within::Day => 86_400,
            Within::Week => 7 * 86_400,
        };
        is_within(timed, limit)
    }
}

/// Whether it was over within so many seconds; `None` while it can still be.
pub fn is_within(timed: &Timed, seconds: i64) -> Option<bool> {
    match timed.observation.cause {
        Some(_) => Some(timed.elapsed.seconds <= seconds),
        None => (timed.elapsed.seconds > seconds).then_some(false),
    }
}

/// What became of every lead, in the order of leads.
pub fn responses(world: &World<'_>, journeys: &Journeys, start: Start) -> Vec<Response> {
    let desk = Desk {
        world,
        journeys,
        sight: Sight {
            from: None,
            until: world.horizon,
        },
        teams: Teams::of(world),
        said: Said::of(world),
    };
    let leads = (0u32..).zip(&journeys.leads);
    leads
        .map(|(index, lead)| desk.response(index, lead, start))
        .collect()
}

/// Touches by sales and verdicts by person, in fact order.
#[derive(Default)]
struct Said {
    touches: BTreeMap<PersonId, Vec<u32>>,
    verdicts: BTreeMap<PersonId, (Verdict, u32)>,
}

impl Said {
    fn of(world: &World<'_>) -> Said {
        let names = &world.snapshot.names;
        let find = |text: &str| names.find(text);
        let [team, verdict] = ["team", "verdict"].map(find);
        let [sales, accepted, rejected] = [Side::Sales.word(), "accepted", "rejected"].map(find);
        // A word that no fact uses has no symbol, and an attribute of that value is nowhere.
        let is = |fact: &Fact, name: Option<Sym>, value: Option<Sym>| {
            let found = name.and_then(|name| fact.text(name));
            found.is_some() && found == value
        };
        let mut said = Said::default();
        for (index, fact) in (0u32..).zip(&world.snapshot.facts) {
            let start = fact.happened.start(&world.charter.calendar);
            let is_ahead = is_ahead(fact, start, world.horizon);
            let Some(person) = fact.person.filter(|_| !is_ahead) else {
                continue;
            };
            match fact.kind {
                FactKind::Touch if is(fact, team, sales) => {
                    said.touches.entry(person).or_default().push(index);
                }
                FactKind::Disposition if is(fact, verdict, accepted) => {
                    said.verdicts.insert(person, (Verdict::Accepted, index));
                }
                FactKind::Disposition if is(fact, verdict, rejected) => {
                    said.verdicts.insert(person, (Verdict::Rejected, index));
                }
                _ => {}
            }
        }
        said
    }
}

struct Desk<'a> {
    world: &'a World<'a>,
    journeys: &'a Journeys,
    sight: Sight,
    teams: Teams,
    said: Said,
}

impl Desk<'_> {
    fn response(&self, index: u32, lead: &Lead, start: Start) -> Response {
        let calendar = &self.world.charter.calendar;
        let created = lead.created.when;
        let since_creation = |fact: Option<u32>| elapsed(created, self.when(fact?)?, calendar);
        let from = match start {
            Start::Creation => Some(created),
            Start::Assignment => self.when_of(lead.assigned),
            Start::Entry(step) => self.entry(lead, step),
        };
        let answered_by = from.and_then(|from| self.first_touch(lead.person, from));
        let verdict = self.said.verdicts.get(&lead.person).copied();
        let rejected = verdict.filter(|(verdict, _)| *verdict == Verdict::Rejected);
        Response {
            lead: index,
            owner: self.teams.of_lead(self.world, lead),
            answer: from
                .and_then(|from| self.sight.time(from, self.when_of(answered_by), calendar)),
            answered_by,
            age_assigned: since_creation(lead.assigned),
            age_worked: since_creation(lead.worked),
            untouched: self
                .sight
                .time(created, self.when_of(lead.worked), calendar),
            verdict,
            reason: rejected.and_then(|(_, fact)| self.reason(fact)),
        }
    }

    fn first_touch(&self, person: PersonId, from: When) -> Option<u32> {
        let calendar = &self.world.charter.calendar;
        let touches = self.said.touches.get(&person)?;
        let is_after = |fact: &&u32| {
            let time = self
                .when(**fact)
                .and_then(|when| elapsed(from, when, calendar));
            time.is_some_and(|time| time.seconds >= 0)
        };
        touches.iter().find(is_after).copied()
    }

    fn entry(&self, lead: &Lead, step: StepIx) -> Option<When> {
        let pursuit = self.journeys.pursuits.get(lead.pursuit? as usize)?;
        let mut entries = pursuit.visits.iter().filter(|visit| visit.step == step);
        let dated = entries.find(|visit| visit.entered.at.is_some() && !visit.is_implied);
        dated.map(|visit| visit.entered.when)
    }

    fn reason(&self, fact: u32) -> Option<Sym> {
        let snapshot = self.world.snapshot;
        let fact = snapshot.facts.get(fact as usize)?;
        fact.text(snapshot.names.find("reason")?)
    }

    fn when(&self, fact: u32) -> Option<When> {
        let fact = self.world.snapshot.facts.get(fact as usize)?;
        Some(fact.happened)
    }

    fn when_of(&self, fact: Option<u32>) -> Option<When> {
        self.when(fact?)
    }
}
