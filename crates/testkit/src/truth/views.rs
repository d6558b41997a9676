//! The three views of a funnel, counted one by one.

use std::collections::BTreeMap;

use handfast_model::question::Unit;

use super::deals::Moment;
use super::meaning::Meaning;
use super::visits::Visit;
use super::walk::Journeys;

/// One stay of a unit in a step: its visits there that overlap or touch.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stay {
    /// Who stays.
    pub unit: String,
    /// Where.
    pub step: usize,
    /// Since when.
    pub entered: Moment,
    /// Until when.
    pub left: Option<Moment>,
    /// What ended the last of its visits.
    pub left_by: &'static str,
    /// Its visits: pursuit and place in it.
    pub members: Vec<(usize, usize)>,
}

impl Stay {
    /// From and until on the line of instants; what is undated is before everything.
    fn stretch(&self) -> (i64, i64) {
        let from = self.entered.at.unwrap_or(i64::MIN);
        let until = self
            .left
            .map_or(i64::MAX, |left| left.at.unwrap_or(i64::MIN));
        (from, until)
    }

    /// Whether it holds at an instant.
    pub fn holds(&self, at: i64) -> bool {
        let (from, until) = self.stretch();
        from <= at && at < until
    }
}

/// A unit's name for the comparison.
pub fn unit_names(journeys: &Journeys, pursuit: usize, unit: Unit) -> Vec<String> {
    let found = &journeys.pursuits[pursuit];
    match unit {
        Unit::Pursuit => vec![format!("{:x}", found.id)],
        Unit::Person => found.people.iter().map(|id| format!("{id:x}")).collect(),
        Unit::Account => found.account.iter().cloned().collect(),
        Unit::Deal => {
            let key = found.deal.map(|deal| journeys.deals[deal].key.clone());
            key.into_iter().collect()
        }
    }
}

/// The pursuits of each unit.
pub fn by_unit(journeys: &Journeys, unit: Unit) -> BTreeMap<String, Vec<usize>> {
    let mut units: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for pursuit in 0..journeys.pursuits.len() {
        for name in unit_names(journeys, pursuit, unit) {
            units.entry(name).or_default().push(pursuit);
        }
    }
    units
}

/// All stays, unit by unit. At pursuit level each visit is one.
pub fn stays(journeys: &Journeys, unit: Unit) -> Vec<Stay> {
    let mut all = Vec::new();
    for (name, pursuits) in by_unit(journeys, unit) {
        let mut own: Vec<Stay> = Vec::new();
        for pursuit in pursuits {
            for (place, visit) in journeys.pursuits[pursuit].visits.iter().enumerate() {
                own.push(Stay {
                    unit: name.clone(),
                    step: visit.step,
                    entered: visit.entered,
                    left: visit.left,
                    left_by: visit.left_by,
                    members: vec![(pursuit, place)],
                });
            }
        }
        if unit != Unit::Pursuit {
            own = unions(own);
        }
        all.extend(own);
    }
    all
}

/// Any two that touch become one, until none do.
fn unions(mut stays: Vec<Stay>) -> Vec<Stay> {
    stays.sort_by_key(|stay| (stay.entered.at, stay.members.clone()));
    'again: loop {
        for i in 0..stays.len() {
            for j in i + 1..stays.len() {
                let (a, b) = (stays[i].stretch(), stays[j].stretch());
                if stays[i].step == stays[j].step && a.0 <= b.1 && b.0 <= a.1 {
                    let other = stays.remove(j);
                    // The later end counts; of two at once the one that came later, unless it was
                    // never there.
                    let was_there = other.left_by != "skipped_to";
                    let both_stay = stays[i].left.is_none() && other.left.is_none();
                    if b.1 >= a.1 && was_there && !both_stay {
                        stays[i].left = other.left;
                        stays[i].left_by = other.left_by;
                    }
                    stays[i].members.extend(other.members);
                    continue 'again;
                }
            }
        }
        return stays;
    }
}

/// One line per step and column of a flow: who is in it.
pub fn flow(stays: &[Stay], meaning: &Meaning, from: i64, until: i64) -> Vec<String> {
    let mut lines = Vec::new();
    for (number, step) in meaning.steps.iter().enumerate() {
        let mut add = |column: &str, yes: &dyn Fn(&Stay, i64, i64) -> bool| {
            let mut who: Vec<String> = Vec::new();
            for stay in stays.iter().filter(|stay| stay.step == number) {
                let (a, b) = stay.stretch();
                if yes(stay, a, b) {
                    who.push(format!("{}@{:?}", stay.unit, stay.entered.at));
                }
            }
            who.sort();
            lines.push(format!(
                "{} {column}: {} {}",
                step.id,
                who.len(),
                who.join(" ")
            ));
        };
        add("at start", &|_, a, b| a < from && b >= from);
        add("entered", &|_, a, _| from <= a && a < until);
        for way in super::WAYS {
            add(way, &|stay, _, b| {
                stay.left_by == *way && from <= b && b < until
            });
        }
        add("at end", &|_, a, b| a < until && b >= until);
    }
    lines
}

/// What a cohort asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cohort {
    /// Entries into this step.
    pub step: usize,
    /// In this period; none = ever.
    pub period: Option<(i64, i64)>,
    /// Days allowed.
    pub window: Option<i32>,
    /// Each entry, not only the first.
    pub is_each: bool,
    /// Of what.
    pub unit: Unit,
    /// Up to when the sources show everything.
    pub horizon: i64,
}

/// One line per entry: who, when, whether its window is over, and after how many days it reached
/// each step of the path or a later one.
pub fn cohort(journeys: &Journeys, meaning: &Meaning, asked: &Cohort) -> Vec<String> {
    let entries = entries(journeys, asked);
    let line =
        |(stay, pursuits): &(Stay, Vec<usize>)| entry(journeys, meaning, asked, (stay, pursuits));
    entries.iter().map(line).collect()
}

/// The entries of a cohort, each with the pursuits of its unit.
pub fn entries(journeys: &Journeys, asked: &Cohort) -> Vec<(Stay, Vec<usize>)> {
    let mut entries = Vec::new();
    let mut all: BTreeMap<String, Vec<Stay>> = BTreeMap::new();
    for stay in stays(journeys, asked.unit) {
        all.entry(stay.unit.clone()).or_default().push(stay);
    }
    let units = by_unit(journeys, asked.unit);
    for (name, pursuits) in units {
        let own = all.get(&name).into_iter().flatten();
        let mut own: Vec<&Stay> = own.filter(|stay| stay.step == asked.step).collect();
        if asked.unit != Unit::Pursuit {
            own.sort_by_key(|stay| (stay.entered.at, stay.members.clone()));
        }
        let taken = if asked.is_each { own.len() } else { 1 };
        for stay in own.into_iter().take(taken) {
            let is_in = match (stay.entered.at, asked.period) {
                (None, period) => period.is_none(),
                (Some(_), None) => true,
                (Some(at), Some((from, until))) => from <= at && at < until,
            };
            if is_in {
                entries.push((stay.clone(), pursuits.clone()));
            }
        }
    }
    entries
}

/// One entry as a line.
pub fn entry(
    journeys: &Journeys,
    meaning: &Meaning,
    asked: &Cohort,
    (stay, pursuits): (&Stay, &[usize]),
) -> String {
    let zone = meaning.zone;
    let entry_day = zone.day_of(stay.entered.when);
    let path = meaning.steps.iter().filter(|step| step.role.is_on_path());
    let reached = (0..path.count()).map(|step| {
        let shown = shown(journeys, meaning, asked, (stay, pursuits), step);
        let day = shown.map(|visit| zone.day_of(visit.entered.when));
        match day.map(|day| day.zip(entry_day)) {
            None => "-".to_owned(),
            Some(None) => "undated".to_owned(),
            Some(Some((day, entry))) => (day - entry).to_string(),
        }
    });
    let reached = reached.collect::<Vec<_>>().join(" ");
    let is_ripe = match (asked.window, entry_day) {
        (None, _) => true,
        (Some(window), Some(day)) => zone.start(day + window) <= asked.horizon,
        (Some(_), None) => false,
    };
    let ripe = if is_ripe { "ripe" } else { "young" };
    format!("{}@{:?} {ripe} {reached}", stay.unit, stay.entered.at)
}

/// The first visit that shows a step reached, or a later one: in order of the path within a
/// pursuit, in order of time in a unit of several.
pub fn shown<'j>(
    journeys: &'j Journeys,
    meaning: &Meaning,
    asked: &Cohort,
    (stay, pursuits): (&Stay, &[usize]),
    step: usize,
) -> Option<&'j Visit> {
    let zone = meaning.zone;
    let entry_day = zone.day_of(stay.entered.when);
    let mut shown = Vec::new();
    for pursuit in pursuits {
        let own = stay.members.iter().filter(|(other, _)| other == pursuit);
        let first = own.map(|(_, place)| *place).min();
        for (place, visit) in journeys.pursuits[*pursuit].visits.iter().enumerate() {
            let at = visit.entered.at;
            let is_beyond = meaning.role(visit.step).is_on_path() && visit.step >= step;
            let is_after = match (first, at) {
                (Some(first), _) => place >= first,
                (None, Some(_)) => at >= stay.entered.at,
                (None, None) => asked.window.is_none(),
            };
            let day = zone.day_of(visit.entered.when);
            let days = day.zip(entry_day).map(|(day, entry)| day - entry);
            let is_in_time = match (asked.window, days) {
                (None, _) => true,
                (Some(window), Some(days)) => days < window,
                (Some(_), None) => stay.members.first() == Some(&(*pursuit, place)),
            };
            if is_beyond && is_after && is_in_time {
                let time = match asked.unit {
                    Unit::Pursuit => (false, None),
                    _ => (at.is_none(), at),
                };
                shown.push((time, (*pursuit, place), visit));
            }
        }
    }
    shown.sort_by_key(|(time, place, _)| (*time, *place));
    shown.first().map(|(_, _, visit)| *visit)
}

/// One line per stay that holds at an instant: who, where, since when, for how many days, and what
/// became of it by a later instant.
pub fn snapshot(
    journeys: &Journeys,
    meaning: &Meaning,
    unit: Unit,
    at: i64,
    by: Option<i64>,
) -> Vec<String> {
    let stays = stays(journeys, unit);
    let mut lines = Vec::new();
    let mut later: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for stay in stays
        .iter()
        .filter(|stay| by.is_some_and(|by| stay.holds(by)))
    {
        later.entry(&stay.unit).or_default().push(stay.step);
    }
    for stay in stays.iter().filter(|stay| stay.holds(at)) {
        let zone = meaning.zone;
        let day = zone.day_of(stay.entered.when);
        let age = day.map(|day| zone.day(at) - day);
        let step = &meaning.steps[stay.step].id;
        let mut line = format!("{} {step} {:?} {age:?}", stay.unit, stay.entered);
        if let Some(by) = by {
            let is_over = stay.left.is_some_and(|left| left.at <= Some(by));
            let way = if is_over { stay.left_by } else { "still_there" };
            let mut then = later.get(stay.unit.as_str()).cloned().unwrap_or_default();
            then.sort_unstable();
            line += &format!(" {way} {then:?}");
        }
        lines.push(line);
    }
    lines
}
