//! What may answer a promise: verdicts, touches and marks of later stages, by those who take over.
//!
//! A verdict or a mark of somebody whose team is on another side answers nothing, nor does what a
//! rep of another team says where one team is asked. Whose team nobody knows speaks for those who
//! take over until the lead is given on to others. Of answers of one day, one with a time says when
//! it was at the latest, one without a time when it was at the earliest.

use std::collections::{BTreeMap, BTreeSet};

use handfast_model::fact::FactKind;
use handfast_model::hours::{Handoff, Party};
use handfast_model::id::{PersonId, Sym};
use handfast_model::rules::{Side, StepIx};
use handfast_model::{Fact, Instant, When};

use crate::journey::{Lead, Marks, Moment, Teams, World, is_ahead};
use crate::response::Verdict;

/// What a fact may be about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum About {
    Person(PersonId),
    Account(Sym),
    Deal(Sym),
}

/// What may have been answered.
pub(super) struct Asked<'a> {
    /// Whom it is about.
    pub about: &'a BTreeSet<About>,
    /// When it was handed over.
    pub start: When,
    /// When it was again.
    pub next: Option<Instant>,
    /// Until when those who take over had it, before they gave it on to others.
    pub given_on: Option<Instant>,
    /// The stage that was entered; `None` of a lead.
    pub step: Option<StepIx>,
}

/// Everything that may answer, in fact order.
#[derive(Default)]
pub(super) struct Heard {
    said: BTreeMap<About, Vec<u32>>,
    verdicts: BTreeMap<u32, Verdict>,
    /// Marks of stages that the side owns.
    moves: BTreeMap<u32, StepIx>,
    /// What nobody of a known team said.
    nobodys: BTreeSet<u32>,
    /// Assignments to reps.
    assigned: BTreeMap<PersonId, Vec<u32>>,
}

impl Heard {
    /// Listens to all facts.
    pub fn of(world: &World<'_>, handoff: &Handoff, teams: &Teams) -> Heard {
        let mut heard = Heard::default();
        let ear = Ear::of(world, handoff, teams);
        for (index, fact) in (0u32..).zip(&world.snapshot.facts) {
            match fact.kind {
                FactKind::Disposition => {
                    let Some(verdict) = ear.verdict(fact) else {
                        continue;
                    };
                    heard.verdicts.insert(index, verdict);
                }
                FactKind::Mark => {
                    let Some(step) = ear.moves_to(fact) else {
                        continue;
                    };
                    heard.moves.insert(index, step);
                }
                FactKind::Touch if ear.is_by_side(fact) => {}
                FactKind::Assignment => {
                    let person = fact.person.filter(|_| fact.rep.is_some());
                    let given = person.map(|person| heard.assigned.entry(person).or_default());
                    given.into_iter().for_each(|given| given.push(index));
                    continue;
                }
                _ => continue,
            }
            // What is without a date, or still to come, answers nothing.
            let start = fact.happened.start(&world.charter.calendar);
            let is_seen = start.is_some_and(|start| start < world.horizon);
            if !is_seen || is_ahead(fact, start, world.horizon) || ear.is_of_others(fact) {
                continue;
            }
            if ear.is_of_nobody(fact) {
                heard.nobodys.insert(index);
            }
            for about in ear.about(fact) {
                heard.said.entry(about).or_default().push(index);
            }
        }
        heard
    }

    /// What was said of something from its start on, before it was handed over again.
    pub fn said(&self, world: &World<'_>, asked: &Asked<'_>) -> Vec<u32> {
        let calendar = &world.charter.calendar;
        let (begun, ended) = (asked.start.start(calendar), asked.start.end(calendar));
        let may_answer = |fact: &u32| {
            let when = when(world, *fact);
            let is_moved = match (self.moves.get(fact), asked.step) {
                (None, _) => true,
                (Some(to), Some(step)) => *to > step,
                // The act that hands a lead over often moves it on as well.
                (Some(_), None) => when.start(calendar) > ended,
            };
            let start = when.start(calendar);
            let is_given_on = asked.given_on.is_some_and(|until| start > Some(until));
            is_moved
                && begun.is_some()
                && when.end(calendar) >= begun
                && asked.next.is_none_or(|next| start < Some(next))
                && !(is_given_on && self.nobodys.contains(fact))
        };
        let said = asked.about.iter().filter_map(|about| self.said.get(about));
        let mut said: Vec<u32> = said.flatten().copied().filter(may_answer).collect();
        said.sort_unstable();
        said.dedup();
        said
    }

    /// The fact that answered, and the one that may have been earlier: of a day without a time,
    /// the first of its day that has one was the answer at the latest.
    pub fn answer(&self, world: &World<'_>, said: &[u32]) -> Option<(u32, u32)> {
        let calendar = &world.charter.calendar;
        let first = said.first().copied()?;
        let When::Day(day) = when(world, first) else {
            return Some((first, first));
        };
        let mut timed = said.iter().copied().filter(|fact| {
            let when = when(world, *fact);
            matches!(when, When::At(_)) && when.day(calendar) == Some(day)
        });
        Some((timed.next().unwrap_or(first), first))
    }

    /// The latest verdict.
    pub fn verdict(&self, said: &[u32]) -> Option<(Verdict, u32)> {
        let mut latest = said.iter().rev();
        latest.find_map(|fact| Some((*self.verdicts.get(fact)?, *fact)))
    }

    /// Until when a lead was with those who take over: the first of them that has it, to the first
    /// rep of others after that.
    pub fn given_on(
        &self,
        (world, teams): (&World<'_>, &Teams),
        handoff: &Handoff,
        lead: &Lead,
    ) -> Option<Instant> {
        let calendar = &world.charter.calendar;
        let mut was_theirs = false;
        self.assigned.get(&lead.person)?.iter().find_map(|fact| {
            let fact = world.snapshot.facts.get(*fact as usize)?;
            let team = teams.at(fact.rep, Moment::start(fact.happened, calendar))?;
            let team = world.snapshot.names.text(team);
            let is_theirs = handoff.to.holds(Some(team), &world.charter.teams);
            let is_left = was_theirs && !is_theirs;
            was_theirs |= is_theirs;
            fact.happened.end(calendar).filter(|_| is_left)
        })
    }
}

fn when(world: &World<'_>, fact: u32) -> When {
    let fact = world.snapshot.facts.get(fact as usize);
    fact.map_or(When::Unknown, |fact| fact.happened)
}

/// What the words of facts mean to a promise.
struct Ear<'a> {
    world: &'a World<'a>,
    handoff: &'a Handoff,
    teams: &'a Teams,
    side: Option<Side>,
    /// The names of attributes, and the words in them.
    verdict: Option<Sym>,
    accepted: Option<Sym>,
    rejected: Option<Sym>,
    team: Option<Sym>,
    by_side: Option<Sym>,
    marks: Marks,
}

impl<'a> Ear<'a> {
    fn of(world: &'a World<'a>, handoff: &'a Handoff, teams: &'a Teams) -> Ear<'a> {
        let find = |text: &str| world.snapshot.names.find(text);
        let side = handoff.to.side(&world.charter.teams);
        let [verdict, accepted, rejected, team] =
            ["verdict", "accepted", "rejected", "team"].map(find);
        Ear {
            world,
            handoff,
            teams,
            side,
            verdict,
            accepted,
            rejected,
            team,
            by_side: side.and_then(|side| find(side.word())),
            marks: Marks::of(world),
        }
    }

    fn verdict(&self, fact: &Fact) -> Option<Verdict> {
        match Some(fact.text(self.verdict?)?) {
            said if said == self.accepted => Some(Verdict::Accepted),
            said if said == self.rejected => Some(Verdict::Rejected),
            _ => None,
        }
    }

    fn is_by_side(&self, fact: &Fact) -> bool {
        let said = self.team.and_then(|team| fact.text(team));
        said.is_some() && said == self.by_side
    }

    /// The stage of the side that a mark moves on to.
    fn moves_to(&self, fact: &Fact) -> Option<StepIx> {
        let at = fact.happened.start(&self.world.charter.calendar);
        let step = self.marks.step(fact, at)?;
        let step_of = self.world.charter.steps.get(step.0 as usize);
        // Lost, disqualified and beside the path are no way on.
        let step_of = step_of.filter(|step| step.role.is_on_path())?;
        let owner = step_of.owner.as_deref()?;
        let teams = &self.world.charter.teams;
        let owner = teams.iter().find(|team| team.id == owner)?;
        (Some(owner.side) == self.side).then_some(step)
    }

    /// Whom it answers for: a mark for what it marks alone, all else for everybody it names.
    fn about(&self, fact: &Fact) -> Vec<About> {
        let all = [
            fact.person.map(About::Person),
            fact.account.map(About::Account),
            fact.deal.map(About::Deal),
        ];
        let all = all.into_iter().flatten();
        match fact.kind {
            FactKind::Mark => {
                let (person, account, deal) = self.marks.about(fact);
                let is_meant = |one: &About| match one {
                    About::Person(_) => person,
                    About::Account(_) => account,
                    About::Deal(_) => deal,
                };
                all.filter(is_meant).collect()
            }
            _ => all.collect(),
        }
    }

    /// Whether nobody knows the team of whoever said it, nor does it say the side that is asked.
    fn is_of_nobody(&self, fact: &Fact) -> bool {
        let moment = Moment::start(fact.happened, &self.world.charter.calendar);
        let is_told = fact.kind == FactKind::Touch && matches!(self.handoff.to, Party::Side(_));
        !is_told && self.teams.at(fact.rep, moment).is_none()
    }

    /// Whether somebody of another side said it, or of another team where one is to answer. A touch
    /// names its side itself.
    fn is_of_others(&self, fact: &Fact) -> bool {
        let moment = Moment::start(fact.happened, &self.world.charter.calendar);
        let Some(team) = self.teams.at(fact.rep, moment) else {
            return false;
        };
        let team = self.world.snapshot.names.text(team);
        match &self.handoff.to {
            Party::Team(asked) => team != asked,
            to @ Party::Side(_) => {
                fact.kind != FactKind::Touch && !to.holds(Some(team), &self.world.charter.teams)
            }
        }
    }
}
