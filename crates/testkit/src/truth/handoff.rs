//! What was handed over and answered in time, one quarter of an hour of the clock on the wall after
//! the other: clocks are changed, and offices open, at none but whole quarters.

use handfast_model::fact::FactKind;

use super::clock::{DAY, Time, Zone, seconds};
use super::deals::{About, Moment, about};
use super::estimates::time;
use super::meaning::Meaning;
use super::owners::Owners;
use super::response::Start;
use super::said::Said;
use super::walk::{Journeys, Lead};

const MINUTE: i64 = 60_000_000;
const QUARTER: i64 = 15 * MINUTE;

/// How long there is to answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Within {
    /// Hours in which people work.
    Business(i64),
    /// Hours.
    Hours(i64),
    /// Days.
    Days(i32),
}

/// A promise of sales.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Promise {
    /// From when.
    pub start: Start,
    /// Within what.
    pub within: Within,
    /// Only leads that come to this team.
    pub team: Option<&'static str>,
    /// A team of marketing.
    pub other: Option<&'static str>,
    /// Steps that are sales'.
    pub owned: Vec<usize>,
    /// Working minutes of Monday to Friday, in whole quarters of an hour.
    pub shifts: Vec<(i64, i64)>,
    /// Days on which nobody works.
    pub holidays: Vec<i32>,
}

impl Promise {
    fn is_open(&self, zone: Zone, at: i64) -> bool {
        let wall = zone.wall(at);
        let (day, minute) = (wall.div_euclid(DAY), wall.rem_euclid(DAY) / MINUTE);
        // 1970-01-01 was a Thursday.
        let is_weekday = (day + 3).rem_euclid(7) < 5;
        let is_holiday = self.holidays.contains(&(day as i32));
        let is_shift = self.shifts.iter().any(|(a, b)| *a <= minute && minute < *b);
        is_weekday && !is_holiday && is_shift
    }

    /// The last instant at which no more than so much work is done: as long as nobody works on,
    /// the clock of the office stands still.
    fn last(&self, zone: Zone, start: i64, micros: i64) -> Option<i64> {
        let mut now = self.due(zone, start, micros)?;
        let limit = now + 366 * DAY;
        while now < limit && !self.is_open(zone, now) {
            now = (now.div_euclid(QUARTER) + 1) * QUARTER;
        }
        (now < limit).then_some(now)
    }

    /// Until when so much work is done, a year at most.
    fn due(&self, zone: Zone, start: i64, micros: i64) -> Option<i64> {
        let (mut now, mut left) = (start, micros);
        while now < start + 366 * DAY {
            let next = (now.div_euclid(QUARTER) + 1) * QUARTER;
            if self.is_open(zone, now) {
                let work = (next - now).min(left);
                left -= work;
                if left == 0 {
                    return Some(now + work);
                }
            }
            now = next;
        }
        None
    }

    fn worked(&self, zone: Zone, from: i64, until: i64) -> i64 {
        let (mut now, mut work) = (from, 0);
        while now < until {
            let next = ((now.div_euclid(QUARTER) + 1) * QUARTER).min(until);
            work += if self.is_open(zone, now) {
                next - now
            } else {
                0
            };
            now = next;
        }
        work
    }
}

/// One thing handed over.
struct Handed {
    who: String,
    start: Time,
    /// When it was handed over again.
    next: Option<Moment>,
    pursuit: Option<u128>,
    /// When it left the step, or its pursuit ended.
    end: Option<Moment>,
    /// The step that was entered.
    step: Option<usize>,
    /// Until when it was theirs, before others got it.
    given_on: Option<i64>,
    facts: Vec<usize>,
    /// Those of them of which nobody knows whose they are.
    nobodys: Vec<usize>,
}

impl Handed {
    /// When waiting stops even if nobody answers: what has a date before what has none.
    fn stop(&self) -> Option<Moment> {
        match (self.next, self.end) {
            (Some(next), Some(end)) if next.at.is_none() => Some(end),
            (Some(next), Some(end)) if end.at.is_none() || next.at <= end.at => Some(next),
            (Some(next), None) => Some(next),
            (_, end) => end,
        }
    }

    /// Seconds of waiting, and whether it was answered.
    fn waited(&self, zone: Zone, answer: Option<Time>, horizon: i64) -> Option<(i64, bool)> {
        let own = || {
            let (seconds, is_over) = time(zone, self.start, answer, horizon)?;
            Some((seconds?, is_over))
        };
        let Some(stop) = self.stop() else {
            return own();
        };
        let answered = answer.and_then(|answer| zone.begin(answer));
        let is_first = answered.is_some_and(|at| stop.at.is_none_or(|stop| at <= stop));
        if is_first || stop.at.is_some_and(|at| at >= horizon) {
            return own();
        }
        let begun = zone.begin(self.start).filter(|at| *at < horizon)?;
        match stop.at? {
            at if begun >= at => Some((0, false)),
            _ => Some((seconds(zone, self.start, stop.when)?, false)),
        }
    }
}

/// A stretch of waiting, and whose.
struct Stretch {
    pursuit: u128,
    from: i64,
    until: i64,
}

/// Seconds of each stretch in which none that began before it in its pursuit, or with it and is
/// listed before it, ran: one piece between two neighbouring ends after the other.
fn held(stretches: &[Option<Stretch>]) -> Vec<Option<i64>> {
    let known = || stretches.iter().flatten();
    let mut edges: Vec<i64> = known().flat_map(|one| [one.from, one.until]).collect();
    edges.sort_unstable();
    edges.dedup();
    let mut all = Vec::new();
    for (place, one) in stretches.iter().enumerate() {
        let Some(one) = one else {
            all.push(None);
            continue;
        };
        let mut micros = 0;
        for piece in edges.windows(2) {
            let runs = |one: &Stretch| one.from <= piece[0] && piece[1] <= one.until;
            let is_earlier = |(other, at): (&Stretch, usize)| {
                other.pursuit == one.pursuit && (other.from, at) < (one.from, place) && runs(other)
            };
            let mut others = stretches.iter().enumerate();
            let is_taken = others.any(|(at, other)| {
                let other = other.as_ref();
                other.is_some_and(|other| is_earlier((other, at)))
            });
            if runs(one) && !is_taken {
                micros += piece[1] - piece[0];
            }
        }
        all.push(Some(micros / 1_000_000));
    }
    all
}

/// Seconds by the clock of the promise, and whether it was answered.
fn took(
    promise: &Promise,
    handed: &Handed,
    (zone, horizon): (Zone, i64),
    answer: Option<Time>,
) -> Option<(i64, bool)> {
    match (promise.within, handed.start, answer) {
        (Within::Business(_), Time::At(start), None) if start < horizon => {
            let seen = match handed.stop() {
                Some(stop) => stop.at.map(|at| at.min(horizon).max(start)),
                None => Some(horizon),
            };
            seen.map(|seen| (promise.worked(zone, start, seen) / 1_000_000, false))
        }
        (Within::Business(_), Time::At(start), Some(Time::At(at))) if start < horizon => {
            Some((promise.worked(zone, start, at) / 1_000_000, true))
        }
        (Within::Business(_), ..) => None,
        (_, _, None) => handed.waited(zone, None, horizon),
        _ => time(zone, handed.start, answer, horizon)
            .and_then(|(time, is_over)| Some((time?, is_over))),
    }
}

/// One line for each: when its time ran, what answered, how it stands, and since when it is late.
pub fn lines(
    journeys: &Journeys,
    meaning: &Meaning,
    promise: &Promise,
    horizon: i64,
) -> Vec<String> {
    let zone = meaning.zone;
    let mut lines = Vec::new();
    let mut stretches = Vec::new();
    for handed in handed(journeys, meaning, promise) {
        let said = said(&handed, journeys, meaning, horizon);
        let said: Vec<&Said> = said.iter().map(|place| &journeys.facts[*place]).collect();
        let (answer, earliest) = answer(zone, &said);
        let when = answer.map(|fact| fact.when);
        let is_word = |fact: &&Said| matches!(fact.text("verdict"), Some("accepted" | "rejected"));
        let said = said.iter().rev().copied();
        let verdict = said
            .filter(|fact| fact.kind == FactKind::Disposition)
            .find(is_word);
        let (state, due) = state(promise, zone, (handed.start, earliest.zip(when)), horizon);
        let waited = handed.waited(zone, when, horizon);
        stretches.push(handed.pursuit.zip(waited).and_then(|(pursuit, (long, _))| {
            let from = zone.begin(handed.start)?;
            let until = from + long * 1_000_000;
            Some(Stretch {
                pursuit,
                from,
                until,
            })
        }));
        let took = took(promise, &handed, (zone, horizon), when);
        lines.push(format!(
            "{} {:?} by {:?} {:?} {state} due {due:?} took {took:?} waited {waited:?}",
            handed.who,
            handed.start,
            answer.map(|fact| format!("{:x}", fact.id)),
            verdict.map(|fact| (fact.text("verdict"), fact.text("reason"))),
        ));
    }
    let held = held(&stretches).into_iter();
    let lines = lines.into_iter().zip(held);
    let mut lines: Vec<String> = lines
        .map(|(line, held)| format!("{line} held {held:?}"))
        .collect();
    lines.sort();
    lines
}

/// The places of what may have answered.
fn said(handed: &Handed, journeys: &Journeys, meaning: &Meaning, horizon: i64) -> Vec<usize> {
    let zone = meaning.zone;
    let begun = zone.begin(handed.start);
    let may_answer = |place: &&usize| {
        let fact = &journeys.facts[**place];
        let (from, until) = (zone.begin(fact.when), zone.close(fact.when));
        let is_after = begun.is_some() && until >= begun;
        let next = handed.next.and_then(|next| next.at);
        let is_before = next.is_none_or(|next| from < Some(next));
        let is_moved = match (moved(fact, meaning), handed.step) {
            (None, _) => true,
            (Some(to), Some(step)) => to > step,
            (Some(_), None) => from > zone.close(handed.start),
        };
        let is_given_on = handed.given_on.is_some_and(|until| from > Some(until));
        let is_theirs = !is_given_on || !handed.nobodys.contains(place);
        let is_seen = from.is_some_and(|at| at < horizon);
        is_after && is_before && is_moved && is_theirs && is_seen
    };
    handed.facts.iter().filter(may_answer).copied().collect()
}

/// The fact that answered, and when that was at the earliest: whoever wrote the hour of a day down
/// says more than whoever wrote the day alone.
fn answer<'a>(zone: Zone, said: &[&'a Said]) -> (Option<&'a Said>, Option<Time>) {
    let first = said.first().copied();
    let has_hour = |fact: &&Said| match (first.map(|first| first.when), fact.when) {
        (Some(Time::Day(day)), Time::At(at)) => zone.day(at) == day,
        _ => false,
    };
    let timed = said.iter().copied().find(has_hour);
    (timed.or(first), first.map(|fact| fact.when))
}

/// How it stands, and the latest instant at which its time is over.
fn state(
    promise: &Promise,
    zone: Zone,
    (start, answer): (Time, Option<(Time, Time)>),
    horizon: i64,
) -> (&'static str, Option<i64>) {
    let (Some(first), Some(last)) = (zone.begin(start), zone.close(start)) else {
        return ("unknown", None);
    };
    let hour = 3_600_000_000;
    let (early, due) = match promise.within {
        Within::Business(hours) => (
            promise.due(zone, first, hours * hour),
            promise.due(zone, last, hours * hour),
        ),
        Within::Hours(hours) => (Some(first + hours * hour), Some(last + hours * hour)),
        Within::Days(days) => {
            let are_instants = matches!(start, Time::At(_))
                && answer.is_none_or(|(_, answer)| matches!(answer, Time::At(_)));
            let due = match are_instants {
                true => first + i64::from(days) * DAY,
                false => zone.start(zone.day(first) + days + 1) - 1,
            };
            (Some(due), Some(due))
        }
    };
    // As many hours are over until the office opens again.
    let (early, late) = match promise.within {
        Within::Business(hours) => (
            promise.last(zone, first, hours * hour),
            promise.last(zone, last, hours * hour),
        ),
        _ => (early, due),
    };
    let state = match answer {
        Some((earliest, latest)) => {
            let (from, until) = (zone.begin(earliest), zone.close(latest));
            if early.is_none() || until <= early {
                "met"
            } else if late.is_some() && from > late {
                "missed"
            } else {
                "unknown"
            }
        }
        None if late.is_some_and(|late| late < horizon) => "missed",
        None if early.is_none_or(|early| early >= horizon) => "not due",
        None => "unknown",
    };
    (state, due)
}

/// All that was handed over, with what those who are to answer said.
fn handed(journeys: &Journeys, meaning: &Meaning, promise: &Promise) -> Vec<Handed> {
    let owners = Owners::of(&journeys.facts, meaning.zone);
    let is_of_others = |place: usize| {
        let fact = &journeys.facts[place];
        let team = owners.team(fact.rep.as_ref(), Moment::begin(fact.when, meaning.zone));
        match promise.team {
            Some(asked) => team.is_some_and(|team| team != asked),
            None => {
                fact.kind != FactKind::Touch && team.is_some() && team.as_deref() == promise.other
            }
        }
    };
    let mut all = given(journeys, meaning, promise);
    let is_of_nobody = |place: usize| {
        let fact = &journeys.facts[place];
        let team = owners.team(fact.rep.as_ref(), Moment::begin(fact.when, meaning.zone));
        let is_told = fact.kind == FactKind::Touch && promise.team.is_none();
        team.is_none() && !is_told
    };
    for one in &mut all {
        one.facts.retain(|place| !is_of_others(*place));
        let nobodys = one
            .facts
            .iter()
            .copied()
            .filter(|place| is_of_nobody(*place));
        one.nobodys = nobodys.collect();
    }
    all
}

fn given(journeys: &Journeys, meaning: &Meaning, promise: &Promise) -> Vec<Handed> {
    let facts = || journeys.facts.iter().enumerate();
    let mut all = Vec::new();
    if let Start::Entry(step) = promise.start {
        return entered(journeys, step, |fact| is_answer(fact, promise, meaning));
    }
    let owners = Owners::of(&journeys.facts, meaning.zone);
    for lead in &journeys.leads {
        let start = match promise.start {
            Start::Creation => Some(lead.fact),
            _ => lead.assigned,
        };
        let Some(start) = start.map(|place| &journeys.facts[place]) else {
            continue;
        };
        let team = lead.assigned.and_then(|place| {
            let fact = &journeys.facts[place];
            owners.team(fact.rep.as_ref(), Moment::begin(fact.when, meaning.zone))
        });
        let is_theirs = match promise.team {
            Some(_) => team.as_deref() == promise.team,
            None => team.is_none() || team.as_deref() != promise.other,
        };
        if promise.start == Start::Assignment && !is_theirs {
            continue;
        }
        let is_own = |fact: &Said| match fact.kind {
            FactKind::Mark => about(fact) == Some(About::Person(lead.person)),
            _ => fact.person == Some(lead.person),
        };
        let own = facts().filter(|(_, fact)| is_answer(fact, promise, meaning) && is_own(fact));
        let given_on = given_on(journeys, meaning, promise, lead);
        all.push(Handed {
            who: format!("lead {:x}", lead.person),
            start: start.when,
            next: None,
            pursuit: lead.pursuit,
            end: journeys
                .pursuits
                .iter()
                .find(|pursuit| Some(pursuit.id) == lead.pursuit)
                .and_then(|pursuit| pursuit.end.map(|end| end.moment)),
            step: None,
            given_on,
            facts: own.map(|(place, _)| place).collect(),
            nobodys: Vec::new(),
        });
    }
    all
}

/// Until when a lead was with those who are to answer, before somebody else got it.
fn given_on(journeys: &Journeys, meaning: &Meaning, promise: &Promise, lead: &Lead) -> Option<i64> {
    let owners = Owners::of(&journeys.facts, meaning.zone);
    let is_theirs = |team: &str| match promise.team {
        Some(asked) => team == asked,
        None => Some(team) != promise.other,
    };
    let mut was_theirs = false;
    for fact in &journeys.facts {
        if fact.kind != FactKind::Assignment || fact.person != Some(lead.person) {
            continue;
        }
        let moment = Moment::begin(fact.when, meaning.zone);
        let Some(team) = owners.team(fact.rep.as_ref(), moment) else {
            continue;
        };
        if is_theirs(&team) {
            was_theirs = true;
        } else if was_theirs && moment.at.is_some() {
            return meaning.zone.close(fact.when);
        }
    }
    None
}

fn is_answer(fact: &Said, promise: &Promise, meaning: &Meaning) -> bool {
    match fact.kind {
        FactKind::Touch => fact.text("team") == Some("sales"),
        FactKind::Disposition => matches!(fact.text("verdict"), Some("accepted" | "rejected")),
        FactKind::Mark => moved(fact, meaning).is_some_and(|step| {
            promise.owned.contains(&step) && meaning.steps[step].role.is_on_path()
        }),
        _ => false,
    }
}

/// The step into which a mark puts somebody, unless rules alone do.
fn moved(fact: &Said, meaning: &Meaning) -> Option<usize> {
    let label = fact.text("stage").filter(|_| fact.kind == FactKind::Mark)?;
    let then = meaning.at(fact.holds_from(meaning.zone));
    let step = then.step(label)?;
    (!then.steps[step].is_by_rule).then_some(step)
}

/// Each entry of a pursuit into a step, until the next.
fn entered(journeys: &Journeys, step: usize, is_answer: impl Fn(&Said) -> bool) -> Vec<Handed> {
    let facts = || journeys.facts.iter().enumerate();
    let mut all = Vec::new();
    for pursuit in &journeys.pursuits {
        let deal = pursuit.deal.map(|deal| &journeys.deals[deal].key);
        let of_it = |fact: &Said| {
            if fact.kind == FactKind::Mark {
                return match about(fact) {
                    Some(About::Person(one)) => pursuit.people.contains(&one),
                    Some(About::Deal(key)) => Some(&key) == deal,
                    Some(About::Account(key)) => Some(key) == pursuit.account,
                    None => false,
                };
            }
            fact.person.is_some_and(|one| pursuit.people.contains(&one))
                || fact.deal.is_some() && fact.deal.as_ref() == deal
                || fact.account.is_some() && fact.account == pursuit.account
        };
        let of_it: Vec<usize> = facts()
            .filter(|(_, fact)| is_answer(fact) && of_it(fact))
            .map(|(place, _)| place)
            .collect();
        let visits = pursuit.visits.iter();
        let mut entries: Vec<(Moment, Option<Moment>)> = visits
            .filter(|visit| visit.step == step && !visit.is_implied)
            .map(|visit| (visit.entered, visit.left))
            .collect();
        entries.sort_by_key(|(entered, _)| entered.at);
        for (number, (entered, left)) in entries.iter().enumerate() {
            all.push(Handed {
                who: format!("{:x} {number}", pursuit.id),
                start: entered.when,
                next: entries.get(number + 1).map(|(next, _)| *next),
                pursuit: Some(pursuit.id),
                end: left.or(pursuit.end.map(|end| end.moment)),
                step: Some(step),
                given_on: None,
                facts: of_it.clone(),
                nobodys: Vec::new(),
            });
        }
    }
    all
}
