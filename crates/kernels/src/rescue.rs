//! Rescues: pursuits that lay silent and went on.
//!
//! A silence is a stretch of so many calendar days between two activities of a pursuit, one after
//! the other: its opening, touches that are two-way where the charter says which are, and entries
//! into stages. It refuses to know why nobody spoke.

use handfast_model::{Charter, Instant, Snapshot};

use crate::journey::Pursuit;

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
    // What a later stage implies is entered when that is, and so is no activity of its own.
    let visits = pursuit.visits.iter();
    activities.extend(visits.filter_map(|visit| Some((visit.entered.at?, visit.evidence))));
    activities.retain(|(at, _)| end.is_none_or(|end| *at <= end));
    activities.sort_by_key(|(at, _)| *at);
    let day = |at: Instant| charter.calendar.day_of(at).0;
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
