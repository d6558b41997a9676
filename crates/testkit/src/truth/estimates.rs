//! How long things take where not all are over: what was seen of each, age by age, and what share
//! stays longer or has got somewhere by then. Every age looks at everybody anew.

use super::clock::{Time, Zone, seconds};
use super::meaning::Meaning;
use super::views::{self, Cohort, Stay};
use super::walk::Journeys;

/// Seconds from one time to another before the horizon, or as far as was seen, and whether it was
/// over; `None` where a date is missing, or it begins later.
pub fn time(
    zone: Zone,
    from: Time,
    until: Option<Time>,
    horizon: i64,
) -> Option<(Option<i64>, bool)> {
    let starts = zone.begin(from).filter(|start| *start < horizon);
    if starts.is_none() || until == Some(Time::Unknown) {
        return None;
    }
    let seen = until.filter(|until| zone.begin(*until) < Some(horizon));
    let until = seen.unwrap_or(Time::At(horizon - 1));
    Some((seconds(zone, from, until), seen.is_some()))
}

/// The same of a stay; `None` also where nobody stayed.
fn stayed(
    journeys: &Journeys,
    meaning: &Meaning,
    stay: &Stay,
    horizon: i64,
) -> Option<(Option<i64>, bool)> {
    let mut visits = stay.members.iter();
    let is_real = visits.any(|(at, place)| !journeys.pursuits[*at].visits[*place].is_implied);
    let left = stay.left.map(|left| left.when);
    let time = time(meaning.zone, stay.entered.when, left, horizon);
    time.filter(|_| is_real)
}

/// One line per stay that was under way before the horizon: its seconds, and whether it is over.
pub fn times(journeys: &Journeys, meaning: &Meaning, stays: &[Stay], horizon: i64) -> Vec<String> {
    let mut lines = Vec::new();
    for stay in stays {
        if let Some((time, is_over)) = stayed(journeys, meaning, stay, horizon) {
            let step = &meaning.steps[stay.step].id;
            lines.push(format!("{} {step} {time:?} {is_over}", stay.unit));
        }
    }
    lines
}

/// Somebody who is looked at: since which age, up to which age, and what ended it then.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seen {
    /// The age before which nothing would have been seen.
    pub entry: Option<i64>,
    /// The age last seen.
    pub exit: i64,
    /// Whether it got there, or ended otherwise; `None` = it goes on.
    pub end: Option<bool>,
}

/// The age from `from` on, of what began before it.
fn late(zone: Zone, began: Time, from: Option<i64>) -> Option<i64> {
    let from = from.filter(|from| zone.begin(began) < Some(*from))?;
    seconds(zone, began, Time::At(from - 1))
}

/// An age at which something ended.
pub struct Age {
    /// The age.
    pub age: i64,
    /// How many were seen at it.
    pub there: usize,
    /// The share that goes on for longer.
    pub longer: f64,
    /// The share that has got there by then.
    pub got_there: f64,
}

/// The ages at which something ended, in order, and the first one of which nothing is known:
/// nobody was seen then though somebody was at a later one.
pub fn ages(seen: &[Seen]) -> (Vec<Age>, Option<i64>) {
    let seen: Vec<&Seen> = seen
        .iter()
        .filter(|one| one.entry < Some(one.exit))
        .collect();
    let mut exits: Vec<i64> = seen.iter().map(|one| one.exit).collect();
    exits.sort_unstable();
    exits.dedup();
    let count = |is: &dyn Fn(&Seen) -> bool| seen.iter().filter(|one| is(one)).count();
    let at_risk = |age: i64| count(&|one| one.entry < Some(age) && age <= one.exit);
    let (mut longer, mut got_there) = (1.0, 0.0);
    let mut found = Vec::new();
    if count(&|one| one.entry.is_none()) == 0 && !seen.is_empty() {
        return (found, Some(0));
    }
    for age in exits {
        let comes_later = count(&|one| one.entry >= Some(age)) > 0;
        let (there, gone) = (
            at_risk(age),
            count(&|one| one.exit == age && one.end.is_some()),
        );
        if comes_later && gone == there {
            return (found, Some(age));
        }
        if gone > 0 {
            let own = count(&|one| one.exit == age && one.end == Some(true));
            got_there += longer * own as f64 / there as f64;
            longer *= 1.0 - gone as f64 / there as f64;
            found.push(Age {
                age,
                there,
                longer,
                got_there,
            });
        }
        if comes_later && at_risk(age + 1) == 0 {
            return (found, Some(age + 1));
        }
    }
    (found, None)
}

/// The first age by which so many of a hundred are over.
pub fn quantile(ages: &[Age], percent: u8) -> Option<i64> {
    let most = 1.0 - f64::from(percent) / 100.0;
    let is_down = |age: &&Age| age.longer < most + 1e-9;
    ages.iter().find(is_down).map(|age| age.age)
}

/// One line per step and age at which a stay there was over: how many were seen to be that old, and
/// the share that stays longer; then the ages by which half, three and nine tenths are over. Who
/// began before `from` is seen from then on.
pub fn curve(
    journeys: &Journeys,
    meaning: &Meaning,
    stays: &[Stay],
    (from, horizon): (Option<i64>, i64),
) -> Vec<String> {
    let mut lines = Vec::new();
    for (number, step) in meaning.steps.iter().enumerate() {
        let own = stays.iter().filter(|stay| stay.step == number);
        let seen = own.filter_map(|stay| {
            let (exit, is_over) = stayed(journeys, meaning, stay, horizon)?;
            Some(Seen {
                entry: late(meaning.zone, stay.entered.when, from),
                exit: exit?,
                end: is_over.then_some(true),
            })
        });
        let (ages, _) = ages(&seen.collect::<Vec<Seen>>());
        for Age {
            age, there, longer, ..
        } in &ages
        {
            lines.push(format!("{} {age}: of {there} {longer:.9}", step.id));
        }
        let by = [50, 75, 90].map(|percent| quantile(&ages, percent));
        lines.push(format!("{} over by {by:?}", step.id));
    }
    lines
}

/// One line per later step of the path: the share of first entries that gets there within the
/// window, all else that ends a pursuit competing with it. In calendar days.
pub fn shares(
    journeys: &Journeys,
    meaning: &Meaning,
    asked: &Cohort,
    from: Option<i64>,
) -> Vec<String> {
    let zone = meaning.zone;
    let day = |time: Time| zone.day_of(time).map(i64::from);
    let is_seen = |time: &Time| zone.begin(*time).is_none_or(|at| at < asked.horizon);
    let last = Time::At(asked.horizon - 1);
    let entries = views::entries(journeys, asked);
    let path = meaning.steps.iter().filter(|step| step.role.is_on_path());
    let mut lines = Vec::new();
    for (step, name) in path.enumerate().skip(asked.step + 1) {
        let seen = entries.iter().filter_map(|(stay, pursuits)| {
            let entered = stay.entered.when;
            // A close is entered at the end of its day.
            let starts = stay.entered.at.filter(|at| *at < asked.horizon);
            let began = day(entered).filter(|_| starts.is_some())?;
            let got = views::shown(journeys, meaning, asked, (stay, pursuits), step);
            let end = journeys.pursuits[stay.members[0].0].end;
            let over = match (got, end) {
                (Some(visit), _) => Some((visit.entered.when, true)),
                (None, Some(end)) => Some((end.moment.when, false)),
                (None, None) => None,
            };
            let over = over.filter(|(when, _)| is_seen(when));
            let late = from.filter(|from| starts < Some(*from));
            Some(Seen {
                entry: late.map(|from| i64::from(zone.day(from - 1)) - began),
                exit: day(over.map_or(last, |(when, _)| when))? - began,
                end: over.map(|(_, got)| got),
            })
        });
        let share = share_by(
            &seen.collect::<Vec<Seen>>(),
            asked.window.map(|days| i64::from(days) - 1),
        );
        lines.push(format!(
            "{} {}",
            name.id,
            share.map_or("unknown".to_owned(), |share| format!("{share:.9}"))
        ));
    }
    lines
}

/// The share that has got there by an age, else by the longest one seen; nothing where nobody has
/// been seen for so long and some go on, or where of some age before nobody was seen.
fn share_by(seen: &[Seen], by: Option<i64>) -> Option<f64> {
    let own = seen.iter().filter(|one| one.entry < Some(one.exit));
    let last = own.map(|one| one.exit).max()?;
    let by = by.unwrap_or(last);
    let (ages, until) = ages(seen);
    let goes_on = ages.last().is_none_or(|age| age.longer > 0.0);
    if until.is_some_and(|until| until <= by) || last < by && goes_on {
        return None;
    }
    let known = ages.iter().rev().find(|age| age.age <= by);
    Some(known.map_or(0.0, |age| age.got_there))
}
