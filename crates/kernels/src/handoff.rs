//! What one team handed to another, and whether it was answered in time.
//!
//! An answer is the first verdict, the first touch by the side that takes over, or the first mark
//! of a later stage that this side owns, from the start on; what nobody wrote down nobody can tell.
//! An answer at the very deadline is in time. Where a date without a time could be on either side
//! of it, the handoff is unknown, and is told apart. What may answer is in `heard`.
//! Something waits until it is answered, or is handed over again, or its pursuit ends; and while
//! several things of one pursuit wait at once, the pursuit waits once. Clocks are `hours`; this
//! module refuses to price what waits.

mod heard;

use std::collections::BTreeSet;

use handfast_model::hours::{Handoff, Starts, Within};
use handfast_model::id::Sym;
use handfast_model::rules::{Step, StepIx};
use handfast_model::{Calendar, Fact, Instant, When, planted};

use self::heard::{About, Asked, Heard};
use crate::hours::Clock;
use crate::journey::{Journeys, Lead, Moment, Pursuit, Teams, Visit, World};
use crate::response::Verdict;
use crate::spread::Days;
use crate::survival::Observation;
use crate::times::{REACHED, Sight, Timed};
use crate::velocity::Elapsed;

/// The version of this kernel; a change of any number it gives is a new version.
pub const VERSION: u32 = 4;

/// Days after the horizon in which deadlines are looked for; later ones are not due either way.
const LATER: i32 = 800;

/// How a handoff stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum State {
    /// Answered in time.
    Met,
    /// Answered too late, or not at all though the time is over.
    Missed,
    /// Not answered, and can still be in time.
    NotDue,
    /// Its dates cannot tell.
    Unknown,
}

/// One thing that was handed over.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Given {
    /// The lead, as an index into [`Journeys::leads`]; `None` where a pursuit entered a stage.
    pub lead: Option<u32>,
    /// Its pursuit.
    pub pursuit: Option<u32>,
    /// The visit that it began with.
    pub visit: Option<u32>,
    /// Whose it became: the rep, and that rep's team then.
    pub owner: (Option<Sym>, Option<Sym>),
    /// When its time began to run.
    pub start: When,
    /// The fact that shows the start.
    pub shown: Option<u32>,
    /// The fact that answered.
    pub answer: Option<u32>,
    /// The latest verdict on it.
    pub verdict: Option<(Verdict, u32)>,
    /// The reason given with a rejection.
    pub reason: Option<Sym>,
    /// How it stands at the horizon.
    pub state: State,
    /// The last instant at which its time can be over; `None` where it has no start, or where the
    /// time is over beyond what is looked at.
    pub deadline: Option<Instant>,
    /// The last instant at which an answer is in time: later than the deadline while nobody works.
    last: Option<Instant>,
    /// When it stopped waiting without an answer.
    stop: Option<Moment>,
    /// Seconds until the answer, or as long as it waited, by the clock of the promise.
    pub took: Option<Timed>,
    /// Seconds by any clock until the answer, until it was handed over again, until its pursuit
    /// ended, or until last seen, whichever is first.
    pub waited: Option<Timed>,
    /// Those of them in which nothing waited yet that was handed over earlier in its pursuit.
    pub held: Option<Elapsed>,
}

impl Given {
    /// Whether its time was over at an instant, nobody had answered, and it still waited.
    pub fn is_overdue_at(&self, at: Instant, answered: Option<Instant>) -> bool {
        let is_since = |stop: Option<Moment>| stop.is_none_or(|stop| stop.at >= Some(at));
        self.last.is_some_and(|last| last < at)
            && answered.is_none_or(|answered| answered >= at)
            && is_since(self.stop)
    }
}

/// All that was handed over under one promise: leads in their order, or visits in theirs.
pub fn given(world: &World<'_>, journeys: &Journeys, handoff: &Handoff) -> Vec<Given> {
    let desk = Desk::of(world, journeys, handoff);
    let mut given = match &handoff.starts {
        Starts::Creation => desk.leads(|lead| Some(lead.fact)),
        Starts::Assignment => desk.leads(|lead| lead.assigned),
        Starts::Entry(stage) => desk.entries(stage),
    };
    hold(&mut given, &world.charter.calendar);
    given
}

/// Of what waits at once in one pursuit, each moment is held against the first handed over.
pub(crate) fn hold(given: &mut [Given], calendar: &Calendar) {
    let start = |one: &Given| one.start.start(calendar);
    let mut order: Vec<usize> = (0..given.len()).collect();
    order.sort_by_key(|at| given.get(*at).map(|one| (one.pursuit, start(one), *at)));
    let mut covered: Option<(u32, Instant)> = None;
    for at in order {
        let Some(one) = given.get_mut(at) else {
            continue;
        };
        let (Some(pursuit), Some(begun), Some(waited)) = (one.pursuit, start(one), one.waited)
        else {
            continue;
        };
        let micros = waited.elapsed.seconds.saturating_mul(1_000_000);
        let over = Instant(begun.0.saturating_add(micros));
        let before = covered.filter(|(of, _)| *of == pursuit);
        let from = before.map_or(begun, |(_, until)| until.max(begun));
        one.held = Some(Elapsed {
            seconds: (over.0 - from.0).max(0) / 1_000_000,
            ..waited.elapsed
        });
        covered = Some((pursuit, over.max(from)));
    }
}

/// When a fact answered, if it is dated.
pub fn answered_at(world: &World<'_>, given: &Given) -> Option<Instant> {
    let fact = world.snapshot.facts.get(given.answer? as usize)?;
    fact.happened.start(&world.charter.calendar)
}

struct Desk<'a> {
    world: &'a World<'a>,
    journeys: &'a Journeys,
    handoff: &'a Handoff,
    teams: Teams,
    heard: Heard,
    /// The working time of the company, and of teams in other zones.
    clock: Clock,
    clocks: Vec<(Sym, Clock)>,
}

impl<'a> Desk<'a> {
    fn of(world: &'a World<'a>, journeys: &'a Journeys, handoff: &'a Handoff) -> Desk<'a> {
        let teams = Teams::of(world);
        let mut desk = Desk {
            world,
            journeys,
            handoff,
            heard: Heard::of(world, handoff, &teams),
            teams,
            clock: Clock::default(),
            clocks: Vec::new(),
        };
        if matches!(handoff.within, Within::BusinessHours(_)) {
            desk.wind();
        }
        desk
    }

    /// Winds the clocks for all days that matter.
    fn wind(&mut self) {
        let Some(hours) = &self.world.charter.hours else {
            return;
        };
        let calendar = &self.world.charter.calendar;
        let facts = self.world.snapshot.facts.iter();
        let days = facts.filter_map(|fact| fact.happened.day(calendar));
        let last = calendar.day_of(self.world.horizon);
        let days = Days {
            from: days.min().unwrap_or(last).min(last).plus(-2),
            until: last.plus(LATER),
        };
        let days = Days {
            // A date of another age is a slip, and no reason to wind a thousand years.
            from: days.from.max(last.plus(-36_600)),
            ..days
        };
        self.clock = Clock::new(hours, calendar, days);
        for (team, calendar) in &hours.zones {
            if let Some(team) = self.world.snapshot.names.find(team) {
                self.clocks.push((team, Clock::new(hours, calendar, days)));
            }
        }
    }

    fn leads(&self, start: impl Fn(&Lead) -> Option<u32>) -> Vec<Given> {
        let is_assigned = self.handoff.starts == Starts::Assignment;
        let mut given = Vec::new();
        for (index, lead) in (0u32..).zip(&self.journeys.leads) {
            let Some(shown) = start(lead) else { continue };
            let owner = self.teams.of_lead(self.world, lead);
            if is_assigned && !self.takes(owner.1) {
                continue;
            }
            let about = BTreeSet::from([About::Person(lead.person)]);
            let world = (self.world, &self.teams);
            let given_on = self.heard.given_on(world, self.handoff, lead);
            let asked = Asked {
                about: &about,
                start: self.fact(shown).map_or(When::Unknown, |fact| fact.happened),
                next: None,
                given_on,
                step: None,
            };
            given.push(Given {
                lead: Some(index),
                pursuit: lead.pursuit,
                shown: Some(shown),
                ..self.answered(&asked, (None, self.end(lead.pursuit)), owner)
            });
        }
        given
    }

    /// Every dated entry into a stage; what only a later stage implies was not handed over.
    fn entries(&self, stage: &str) -> Vec<Given> {
        let steps = &self.world.charter.steps;
        let is_it = |step: &Step| step.id == stage;
        let Some(step) = steps.iter().position(is_it) else {
            return Vec::new();
        };
        let step = StepIx(step as u8);
        let mut given = Vec::new();
        for (index, pursuit) in (0u32..).zip(&self.journeys.pursuits) {
            let visits = (0u32..).zip(&pursuit.visits);
            let entered = |(_, visit): &(u32, &Visit)| visit.step == step && !visit.is_implied;
            let mut visits: Vec<(u32, &Visit)> = visits.filter(entered).collect();
            visits.sort_by_key(|(place, visit)| (visit.entered.at, *place));
            let (about, end) = (self.about(pursuit), self.end(Some(index)));
            for (number, (place, visit)) in visits.iter().enumerate() {
                let next = visits.get(number + 1).map(|(_, next)| next.entered);
                let owner = (visit.rep, visit.team);
                let asked = Asked {
                    about: &about,
                    start: visit.entered.when,
                    next: next.and_then(|next| next.at),
                    given_on: None,
                    step: Some(step),
                };
                given.push(Given {
                    pursuit: Some(index),
                    visit: Some(*place),
                    shown: visit.evidence,
                    ..self.answered(&asked, (next, visit.left.or(end)), owner)
                });
            }
        }
        given
    }

    fn takes(&self, team: Option<Sym>) -> bool {
        let names = &self.world.snapshot.names;
        let team = team.map(|team| names.text(team));
        self.handoff.to.holds(team, &self.world.charter.teams)
    }

    fn about(&self, pursuit: &Pursuit) -> BTreeSet<About> {
        let people = pursuit.people.iter().copied().map(About::Person);
        let deal = pursuit
            .deal
            .and_then(|deal| self.journeys.deals.get(deal as usize));
        let deal = deal.map(|deal| About::Deal(deal.key));
        let account = pursuit.account.map(About::Account);
        people.chain(deal).chain(account).collect()
    }

    fn fact(&self, fact: u32) -> Option<&Fact> {
        self.world.snapshot.facts.get(fact as usize)
    }

    /// When a pursuit ended.
    fn end(&self, pursuit: Option<u32>) -> Option<Moment> {
        let pursuit = self.journeys.pursuits.get(pursuit? as usize)?;
        pursuit.end.map(|end| end.moment)
    }

    /// What came of something that was handed over at a time, before it was again; its pursuit may
    /// have ended.
    fn answered(
        &self,
        asked: &Asked<'_>,
        (next, end): (Option<Moment>, Option<Moment>),
        owner: (Option<Sym>, Option<Sym>),
    ) -> Given {
        let calendar = &self.world.charter.calendar;
        let start = asked.start;
        let begun = start.start(calendar);
        let stop = [next, end].into_iter().flatten();
        let stop = stop.min_by_key(|stop| (stop.at.is_none(), stop.at));
        let said = self.heard.said(self.world, asked);
        let (answer, earliest) = self.heard.answer(self.world, &said).unzip();
        let at = |fact: u32| self.fact(fact).map(|fact| fact.happened);
        let (when, earliest) = (answer.and_then(at), earliest.and_then(at));
        let verdict = self.heard.verdict(&said);
        let rejected = verdict.filter(|(verdict, _)| *verdict == Verdict::Rejected);
        let clock = self.clock_of(owner.1);
        let edges = begun.map(|_| Edges::of(start, earliest.zip(when), (self, clock)));
        let sight = Sight {
            from: None,
            until: self.world.horizon,
        };
        let waited = sight.wait(start, when, stop, calendar);
        Given {
            lead: None,
            pursuit: None,
            visit: None,
            owner,
            start,
            shown: None,
            answer,
            verdict,
            reason: rejected.and_then(|(_, fact)| {
                let name = self.world.snapshot.names.find("reason")?;
                self.fact(fact)?.text(name)
            }),
            state: edges.map_or(State::Unknown, |edges| edges.state(self.world.horizon)),
            deadline: edges.and_then(|edges| edges.due.1),
            last: edges.and_then(|edges| edges.last.1),
            stop,
            took: match (self.handoff.within, when) {
                (Within::BusinessHours(_), _) => self.worked(clock, start, when, stop),
                (Within::Hours(_) | Within::Days(_), None) => waited,
                (Within::Hours(_) | Within::Days(_), _) => sight.time(start, when, calendar),
            },
            waited,
            held: None,
        }
    }

    fn clock_of(&self, team: Option<Sym>) -> &Clock {
        let mut own = self.clocks.iter();
        let own = own.find(|(of, _)| Some(*of) == team);
        own.map_or(&self.clock, |(_, clock)| clock)
    }

    /// Business seconds until the answer, or as long as it waited; dates have none.
    fn worked(
        &self,
        clock: &Clock,
        start: When,
        answer: Option<When>,
        stop: Option<Moment>,
    ) -> Option<Timed> {
        let When::At(start) = start else { return None };
        let horizon = self.world.horizon;
        let until = match (answer, stop) {
            (Some(When::At(at)), _) => at,
            (Some(_), _) => return None,
            (None, None) => horizon,
            (None, Some(stop)) => stop.at?.min(horizon).max(start),
        };
        if start >= horizon {
            return None;
        }
        let seconds = clock.between(start, until) / 1_000_000;
        Some(Timed {
            elapsed: Elapsed {
                seconds,
                is_calendar: false,
            },
            observation: Observation {
                entry: None,
                exit: seconds,
                cause: answer.map(|_| REACHED),
            },
        })
    }
}

/// The first and the last instant at which the time of a handoff may be over, at which an answer
/// may still be in time (as many hours are over all the while nobody works), and at which it may
/// have been answered.
#[derive(Clone, Copy)]
struct Edges {
    due: (Option<Instant>, Option<Instant>),
    last: (Option<Instant>, Option<Instant>),
    answer: Option<(Instant, Instant)>,
}

impl Edges {
    /// An answer is known by when it was given at the earliest, and at the latest.
    fn of(start: When, answer: Option<(When, When)>, (desk, clock): (&Desk<'_>, &Clock)) -> Edges {
        let calendar = &desk.world.charter.calendar;
        let both = |when: When| when.start(calendar).zip(when.end(calendar));
        let answer_edges =
            answer.and_then(|(first, last)| first.start(calendar).zip(last.end(calendar)));
        let answer = answer.map(|(_, when)| when);
        let Some((first, last)) = both(start) else {
            return Edges {
                due: (None, None),
                last: (None, None),
                answer: answer_edges,
            };
        };
        let hour = 3_600_000_000;
        let mut in_time = None;
        let due = match desk.handoff.within {
            Within::BusinessHours(hours) => {
                let micros = i64::from(hours) * hour;
                in_time = Some((clock.last(first, micros), clock.last(last, micros)));
                (clock.deadline(first, micros), clock.deadline(last, micros))
            }
            Within::Hours(hours) => {
                let later = |at: Instant| Some(Instant(at.0 + i64::from(hours) * hour));
                (later(first), later(last))
            }
            Within::Days(days) => {
                let due = days_after(start, answer, days, calendar);
                (due, due)
            }
        };
        Edges {
            due,
            last: in_time.unwrap_or(due),
            answer: answer_edges,
        }
    }

    fn state(self, horizon: Instant) -> State {
        let (first, last) = self.last;
        // Nothing that the clocks do not reach was over before it was answered or last seen.
        let is_over = |due: Option<Instant>, at: Instant| due.is_some_and(|due| due < at);
        match self.answer {
            Some((_, end)) if !is_over(first, at_latest(end)) => State::Met,
            Some((begin, _)) if is_over(last, begin) => State::Missed,
            Some(_) => State::Unknown,
            None if is_over(last, horizon) => State::Missed,
            None if !is_over(first, horizon) => State::NotDue,
            None => State::Unknown,
        }
    }
}

/// The last instant at which something was answered.
fn at_latest(end: Instant) -> Instant {
    planted!(AnswerAtDeadlineLate, end, Instant(end.0 + 1))
}

/// So many days later: of 24 hours between instants, else the end of the calendar day.
fn days_after(
    start: When,
    answer: Option<When>,
    days: u32,
    calendar: &Calendar,
) -> Option<Instant> {
    let days = i32::try_from(days).ok()?;
    match (start, answer) {
        (When::At(start), None | Some(When::At(_))) => {
            Some(Instant(start.0 + i64::from(days) * 86_400_000_000))
        }
        _ => {
            let day = start.day(calendar)?;
            Some(Instant(calendar.start_of(day.plus(days + 1)).0 - 1))
        }
    }
}
