//! Rescues: pursuits that lay silent, or that somebody left, and that went on.
//!
//! A silence is a stretch of so many calendar days between two activities of a pursuit, one after
//! the other: its opening, touches that are two-way where the charter says which are, and entries
//! into stages; silence and loss are none. It refuses to know why nobody spoke.

use std::collections::BTreeSet;

use handfast_model::evaluate::holds;
use handfast_model::fact::FactKind;
use handfast_model::rules::{self, Evaluated, StepRole, Subject};
use handfast_model::{Calendar, Charter, Instant, PersonId, Snapshot};

use crate::attributes::Attributes;
use crate::journey::{Deal, Pursuit, Visit};
use crate::roles;

/// A silence that ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Silence {
    /// The last activity before it.
    pub since: Instant,
    /// The first one after it.
    pub until: Instant,
    /// Calendar days between the two.
    pub days: i32,
    /// The fact that ended it, as an index into the snapshot's; `None` where none shows it.
    pub by: Option<u32>,
}

/// The silences of a pursuit that lasted so many days and ended before the pursuit did.
pub fn silences(
    snapshot: &Snapshot,
    charter: &Charter,
    pursuit: &Pursuit,
    least_days: i32,
) -> Vec<Silence> {
    let day = |at: Instant| charter.calendar.day_of(at).0;
    let activities = activities(snapshot, charter, pursuit);
    let pairs = activities.windows(2).filter_map(|pair| match pair {
        [(since, _), (until, by)] => Some(Silence {
            since: *since,
            until: *until,
            days: day(*until) - day(*since),
            by: *by,
        }),
        _ => None,
    });
    pairs.filter(|silence| silence.days >= least_days).collect()
}

/// Those with a role in a deal who left while its pursuit went on, by the charter's words for it;
/// in the order in which they left. Each is a stretch from the moment on which that became true of
/// a person of whom it had not been, to the first activity after it.
pub fn departures(
    snapshot: &Snapshot,
    charter: &Charter,
    (pursuit, deal): (&Pursuit, &Deal),
) -> Vec<(PersonId, Silence)> {
    let Some(rule) = &charter.attribution.champion_left else {
        return Vec::new();
    };
    let roles = roles::all(snapshot);
    let people = roles.get(&deal.key).into_iter().flatten().copied();
    let people: BTreeSet<PersonId> = people.chain(deal.person).collect();
    let attributes = Attributes::new(snapshot, &charter.calendar);
    let activities = activities(snapshot, charter, pursuit);
    let mut left = Vec::new();
    for person in people {
        let told = snapshot.facts.iter();
        let told = told.filter(|fact| fact.kind == FactKind::Person);
        let told = told.filter(|fact| fact.person == Some(person));
        let mut was = true;
        for at in told.filter_map(|fact| fact.happened.start(&charter.calendar)) {
            let moment = OfPerson {
                snapshot,
                charter,
                attributes: &attributes,
                person,
                at,
            };
            let is = holds(rule, &moment);
            let next = activities.iter().find(|(next, _)| *next > at);
            let is_within = pursuit.opened.at.is_none_or(|opened| opened <= at);
            if let Some((until, by)) = next.filter(|_| is && !was && is_within) {
                let day = |at: Instant| charter.calendar.day_of(at).0;
                let silence = Silence {
                    since: at,
                    until: *until,
                    days: day(*until) - day(at),
                    by: *by,
                };
                left.push((person, silence));
            }
            was = is;
        }
    }
    left.sort_by_key(|(person, silence)| (silence.since, *person));
    left
}

/// A person at a moment, as a rule sees it.
struct OfPerson<'a> {
    snapshot: &'a Snapshot,
    charter: &'a Charter,
    attributes: &'a Attributes,
    person: PersonId,
    at: Instant,
}

impl rules::Moment for OfPerson<'_> {
    fn attribute(&self, subject: Subject, name: &str) -> Option<Evaluated> {
        let names = &self.snapshot.names;
        let (name, facts) = (names.find(name)?, &self.snapshot.facts);
        let of = |at| self.attributes.of_person(facts, self.person, name, at);
        let value = of(Some(self.at)).filter(|_| subject == Subject::Person);
        value.map(|value| Evaluated::from_value(value, |sym| names.text(sym).to_owned()))
    }

    fn touches(&self, _: Option<&str>, _: Option<u32>) -> u64 {
        0
    }

    fn calendar(&self) -> &Calendar {
        &self.charter.calendar
    }
}

/// What happened in a pursuit, up to its end: its opening, two-way touches, and entries into
/// stages but those of silence and loss; each with the fact that shows it.
fn activities(
    snapshot: &Snapshot,
    charter: &Charter,
    pursuit: &Pursuit,
) -> Vec<(Instant, Option<u32>)> {
    let end = pursuit.end.and_then(|end| end.moment.at);
    let mut activities: Vec<(Instant, Option<u32>)> = Vec::new();
    activities.extend(pursuit.opened.at.map(|at| (at, None)));
    let name = snapshot.names.find("touch");
    let two_way = charter.dormant.as_ref().map(|dormant| &dormant.two_way);
    for touch in &pursuit.touches {
        let Some(fact) = snapshot.facts.get(*touch as usize) else {
            continue;
        };
        let kind = name.and_then(|name| fact.text(name));
        let kind = kind.map(|kind| snapshot.names.text(kind));
        let is_two_way =
            |kinds: &Vec<String>| kind.is_some_and(|kind| kinds.iter().any(|known| known == kind));
        let at = fact.happened.start(&charter.calendar);
        if let Some(at) = at.filter(|_| two_way.is_none_or(is_two_way)) {
            activities.push((at, Some(*touch)));
        }
    }
    // What a later stage implies is entered when that is, and so is no activity of its own. What
    // ends a pursuit without success is not how it went on.
    let is_over = |visit: &&Visit| {
        let step = charter.steps.get(usize::from(visit.step.0));
        step.is_some_and(|step| step.role.is_end() && step.role != StepRole::Won)
    };
    let visits = pursuit.visits.iter().filter(|visit| !is_over(visit));
    activities.extend(visits.filter_map(|visit| Some((visit.entered.at?, visit.evidence))));
    activities.retain(|(at, _)| end.is_none_or(|end| *at <= end));
    activities.sort_by_key(|(at, _)| *at);
    activities
}
