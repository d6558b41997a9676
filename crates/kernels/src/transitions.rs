//! From where to where pursuits go: every change of stage once, and who stands at the edges.
//!
//! It reads visits and decides nothing about them: what was entered, implied and left is told in
//! `stage`. This module refuses to know periods' names and dimensions; read `funnel` for the flow
//! that these transitions take apart.

use handfast_model::Instant;
use handfast_model::rules::{Step, StepIx, StepRole};

use crate::funnel::VisitRef;
use crate::journey::{Journeys, LeftBy, Moment, Visit};
use crate::stage::role;

/// The version of this kernel; a change of any number it gives is a new version.
pub const VERSION: u32 = 1;

/// Where a transition comes from, or goes to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Spot {
    /// Nothing yet: the pursuit comes in.
    New,
    /// The same stage, since before the period.
    AtStart,
    /// A step of the charter.
    Step(StepIx),
    /// In no stage: out by an exit rule, or between two dates that contradict each other.
    Nowhere,
    /// An end for which the charter has no step.
    End(StepRole),
    /// The same stage, when the period ends.
    AtEnd,
}

impl Spot {
    /// Its place among all: those before the steps, the steps as the charter has them, the others.
    pub fn place(self) -> u32 {
        match self {
            Spot::New => 0,
            Spot::AtStart => 1,
            Spot::Step(step) => 2 + u32::from(step.0),
            Spot::Nowhere => 300,
            Spot::End(role) => 301 + role as u32,
            Spot::AtEnd => 400,
        }
    }
}

/// What kind of transition it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// Into the first stage.
    Entry,
    /// To the next stage of the path.
    Forward,
    /// To a later stage of the path, past at least one.
    Skip,
    /// Of a stage that was skipped, and is implied: in and out at once.
    Passed,
    /// To an earlier stage of the path.
    Back,
    /// To a detour.
    Recycled,
    /// Back from a detour, or from no stage.
    Returned,
    /// Out of an end: what was over goes on.
    Reopened,
    /// To no stage.
    Out,
    /// To an end: won, lost, disqualified, dormant.
    End,
    /// Not a transition: there at an edge of the period.
    Stay,
}

impl Kind {
    /// All kinds, in the order of answers.
    pub const ALL: [Kind; 11] = [
        Kind::Entry,
        Kind::Forward,
        Kind::Skip,
        Kind::Passed,
        Kind::Back,
        Kind::Recycled,
        Kind::Returned,
        Kind::Reopened,
        Kind::Out,
        Kind::End,
        Kind::Stay,
    ];

    /// The word used in answers.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Entry => "entry",
            Kind::Forward => "forward",
            Kind::Skip => "skip",
            Kind::Passed => "passed",
            Kind::Back => "back",
            Kind::Recycled => "recycled",
            Kind::Returned => "returned",
            Kind::Reopened => "reopened",
            Kind::Out => "out",
            Kind::End => "end",
            Kind::Stay => "stay",
        }
    }
}

/// One change of stage of one pursuit, or one stay across an edge of a period.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Transition {
    /// From where.
    pub from: Spot,
    /// To where.
    pub to: Spot,
    /// Of what kind.
    pub kind: Kind,
    /// The visit that begins with it; where none does, the one that ends with it or goes on.
    pub visit: VisitRef,
    /// The visit that ends with it.
    pub left: Option<VisitRef>,
    /// When.
    pub at: Moment,
}

/// Every change of stage, pursuit by pursuit.
///
/// Law      each visit is the `to` of exactly one, and each that was left is the `from` of exactly
///          one or, where it was only implied, the `to` of one that was passed.
pub fn transitions(journeys: &Journeys, steps: &[Step]) -> Vec<Transition> {
    let mut all = Vec::new();
    for (number, pursuit) in (0u32..).zip(&journeys.pursuits) {
        of_pursuit(number, &pursuit.visits, steps, &mut all);
    }
    all
}

/// Those of `[from, until)`, then the stays across its two edges. An end is no place to stay.
///
/// Law      for every step that is no end, what comes to it is what goes from it and what passed
///          it; what comes to it without the stays is what the flow says entered it.
pub fn between(
    all: &[Transition],
    (journeys, steps): (&Journeys, &[Step]),
    (from, until): (Instant, Instant),
) -> Vec<Transition> {
    let is_in = |one: &&Transition| {
        let at = one.at.at;
        at.is_some_and(|at| from <= at && at < until)
    };
    let mut found: Vec<Transition> = all.iter().filter(is_in).copied().collect();
    for (pursuit, one) in (0u32..).zip(&journeys.pursuits) {
        for (visit, stay) in (0u32..).zip(&one.visits) {
            if role(steps, stay.step).is_end() {
                continue;
            }
            let here = Spot::Step(stay.step);
            let mut stands = |from, to| {
                found.push(Transition {
                    from,
                    to,
                    kind: Kind::Stay,
                    visit: VisitRef { pursuit, visit },
                    left: None,
                    at: stay.entered,
                });
            };
            if is_there_before(stay, from) {
                stands(Spot::AtStart, here);
            }
            if is_there_before(stay, until) {
                stands(here, Spot::AtEnd);
            }
        }
    }
    found
}

/// Whether a visit goes on across an edge of a period, as the flow has it.
fn is_there_before(stay: &Visit, edge: Instant) -> bool {
    stay.entered.at < Some(edge) && stay.left.is_none_or(|left| left.at >= Some(edge))
}

fn of_pursuit(pursuit: u32, visits: &[Visit], steps: &[Step], all: &mut Vec<Transition>) {
    let place = |visit: u32| VisitRef { pursuit, visit };
    let mut before: Option<(u32, &Visit)> = None;
    for (number, visit) in (0u32..).zip(visits) {
        // What is implied is at the moment of the stay that implies it, the next real one.
        let mut ahead = visits.iter().skip(number as usize);
        let real = ahead.find(|next| !next.is_implied).unwrap_or(visit);
        let gap = before.and_then(|(_, last)| gap(last, real, steps));
        let (from, left) = match (before, gap) {
            (None, _) => (Spot::New, None),
            (Some(_), Some(gap)) => (gap, None),
            (Some((at, last)), None) => (Spot::Step(last.step), Some(place(at))),
        };
        let to = Spot::Step(visit.step);
        all.push(Transition {
            from,
            to,
            kind: match visit.is_implied {
                true => Kind::Passed,
                false => kind(steps, from, to),
            },
            visit: place(number),
            left: left.filter(|_| !visit.is_implied),
            at: visit.entered,
        });
        if visit.is_implied {
            continue;
        }
        if let (Some((at, last)), Some(to)) = (before, gap) {
            all.extend(out(place(at), last, to, steps));
        }
        before = Some((number, visit));
    }
    if let Some((at, last)) = before {
        let to = end_of(last.left_by).map_or(Spot::Nowhere, Spot::End);
        all.extend(out(place(at), last, to, steps));
    }
}

/// Where a stay went that no visit follows at once.
fn out(at: VisitRef, stay: &Visit, to: Spot, steps: &[Step]) -> Option<Transition> {
    let from = Spot::Step(stay.step);
    stay.left.map(|left| Transition {
        from,
        to,
        kind: kind(steps, from, to),
        visit: at,
        left: Some(at),
        at: left,
    })
}

/// What lies between two stays that do not meet: an end without a step of its own, or nothing.
fn gap(last: &Visit, next: &Visit, steps: &[Step]) -> Option<Spot> {
    if last.left.is_some_and(|left| left.at == next.entered.at) {
        return None;
    }
    let end = end_of(last.left_by).filter(|end| *end != role(steps, next.step));
    Some(end.map_or(Spot::Nowhere, Spot::End))
}

/// The end that a stay was left by.
fn end_of(left_by: LeftBy) -> Option<StepRole> {
    match left_by {
        LeftBy::Won => Some(StepRole::Won),
        LeftBy::Lost => Some(StepRole::Lost),
        LeftBy::Disqualified => Some(StepRole::Disqualified),
        LeftBy::Dormant => Some(StepRole::Dormant),
        LeftBy::Advanced
        | LeftBy::SkippedTo
        | LeftBy::Back
        | LeftBy::Recycled
        | LeftBy::StillThere => None,
    }
}

fn kind(steps: &[Step], from: Spot, to: Spot) -> Kind {
    let to = match to {
        Spot::New | Spot::AtStart | Spot::AtEnd => return Kind::Stay,
        Spot::Nowhere => return Kind::Out,
        Spot::End(_) => return Kind::End,
        Spot::Step(to) => to,
    };
    let from = match from {
        Spot::AtStart | Spot::AtEnd => return Kind::Stay,
        Spot::New => return Kind::Entry,
        _ if role(steps, to).is_end() => return Kind::End,
        Spot::End(_) => return Kind::Reopened,
        Spot::Nowhere => None,
        Spot::Step(from) => Some(from),
    };
    match (from.map(|from| role(steps, from)), role(steps, to)) {
        (Some(from), _) if from.is_end() => Kind::Reopened,
        (_, StepRole::Detour) => Kind::Recycled,
        (Some(StepRole::Path), _) if from > Some(to) => Kind::Back,
        (Some(StepRole::Path), _) if from < Some(to) => {
            let first = from.map_or(0, |from| from.0 + 1);
            let passed = (first..to.0).any(|step| role(steps, StepIx(step)) == StepRole::Path);
            if passed { Kind::Skip } else { Kind::Forward }
        }
        _ => Kind::Returned,
    }
}
