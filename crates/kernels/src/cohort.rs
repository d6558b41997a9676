//! The cohort view: of those who entered a step, how many reached each later one in time.
//!
//! A unit reached a step when a visit at or after its entry, on the path, was in that step or a
//! later one; detours and other ends are never beyond. This module refuses to estimate what an
//! unripe window will still bring. The other two views are in `funnel`.

use handfast_model::question::{Entries, Unit};
use handfast_model::rules::{StepIx, StepRole};
use handfast_model::{Calendar, Charter, Day, Instant, planted};

use crate::flat::Places;
use crate::funnel::{One, Stay, Stretch, UnitKey, VisitRef, by_stretch, days_between, stays};
use crate::journey::{Journeys, Moment};
use crate::stage;

/// What a cohort asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CohortRule {
    /// The step whose entries make the cohort.
    pub entry: StepIx,
    /// First instant of the period; `None` = from the beginning, undated entries included.
    pub from: Option<Instant>,
    /// First instant after the period; `None` = to the end, undated entries included.
    pub until: Option<Instant>,
    /// Calendar days allowed from the day of entry; `None` = unlimited.
    pub window_days: Option<u32>,
    /// The first entry of a unit, or each.
    pub entries: Entries,
    /// What is counted.
    pub unit: Unit,
    /// Up to when the sources show everything.
    pub horizon: Instant,
}

/// One member of a cohort.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CohortEntry {
    /// Who.
    pub unit: UnitKey,
    /// The entry: the first visit of the stay.
    pub visit: VisitRef,
    /// When.
    pub entered: Moment,
    /// For each step of the path in order (`won` last): how it was reached, or a later one was.
    pub reached: Vec<Option<Reach>>,
    /// Whether this entry's own window is over at the horizon (always true without a window,
    /// false for an undated entry with one).
    pub is_ripe: bool,
}

/// How a cohort member reached a step or a later one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reach {
    /// The visit that shows it.
    pub visit: VisitRef,
    /// When.
    pub moment: Moment,
    /// Calendar days since the entry; `None` when either is undated.
    pub days: Option<i64>,
}

/// The cohort of a rule, in order of units, then of entries.
///
/// `Entries::First` takes each unit's first entry ever; it counts when that lies in the period, so
/// that the cohorts of two periods add up to the cohort of both.
pub fn cohort(journeys: &Journeys, charter: &Charter, rule: &CohortRule) -> Vec<CohortEntry> {
    let mut entries = Vec::new();
    let stays = stays(journeys, rule.unit);
    each_entry(journeys, &stays, charter, rule, |entry| entries.push(entry));
    entries
}

/// Gives each member of a [`cohort`] in its order; the stays are all those of the rule's unit.
pub fn each_entry(
    journeys: &Journeys,
    stays: &[Stay],
    charter: &Charter,
    rule: &CohortRule,
    mut each: impl FnMut(CohortEntry),
) {
    let mut visits = Vec::new();
    for own in stays.chunk_by(|a, b| a.unit == b.unit) {
        let mut counted = entries(own, rule).filter(|stay| is_in(rule, stay.entered));
        let Some(first) = counted.next() else {
            continue;
        };
        visits_of(own, journeys, &mut visits);
        for stay in [first].into_iter().chain(counted) {
            entry(charter, rule, stay, &visits)
                .into_iter()
                .for_each(&mut each);
        }
    }
}

/// A unit's entries into the step that are counted, whenever they were.
fn entries<'a>(own: &'a [Stay], rule: &CohortRule) -> impl Iterator<Item = &'a Stay> + use<'a> {
    let taken = match rule.entries {
        Entries::First => 1,
        Entries::All => usize::MAX,
    };
    let step = rule.entry;
    own.iter().filter(move |stay| stay.step == step).take(taken)
}

/// The visits of a unit by place: each is in one of its stays.
fn visits_of<'a>(own: &[Stay], journeys: &'a Journeys, visits: &mut Vec<One<'a>>) {
    visits.clear();
    for at in own.iter().flat_map(|stay| stay.members.iter().copied()) {
        visits.extend(at.of(journeys).map(|visit| One { at, visit }));
    }
    visits.sort_unstable_by_key(|one| one.at);
}

/// Whether a cohort's whole period has had its window: `until + w ≤ horizon`.
pub fn is_ripe(rule: &CohortRule, calendar: &Calendar) -> bool {
    match (rule.window_days, rule.until) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(days), Some(until)) => {
            let last = calendar.day_of(Instant(until.0.saturating_sub(1)));
            window_end(last.plus(1), days, calendar) <= rule.horizon
        }
    }
}

fn is_in(rule: &CohortRule, entered: Moment) -> bool {
    is_at_in(rule, entered.at)
}

fn is_at_in(rule: &CohortRule, at: Option<Instant>) -> bool {
    let Some(at) = at else {
        return rule.from.is_none() && rule.until.is_none();
    };
    rule.from.is_none_or(|from| from <= at) && rule.until.is_none_or(|until| at < until)
}

fn entry(
    charter: &Charter,
    rule: &CohortRule,
    stay: &Stay,
    visits: &[One<'_>],
) -> Option<CohortEntry> {
    let visit = *stay.members.first()?;
    let entered = stay.entered;
    let mut reached: Vec<Option<Reach>> = charter
        .steps
        .iter()
        .filter(|step| step.role.is_on_path())
        .map(|_| None)
        .collect();
    let mut candidates: Vec<&One<'_>> = visits
        .iter()
        .filter(|one| stage::role(&charter.steps, one.visit.step).is_on_path())
        .filter(|one| is_after(one, stay, rule))
        .collect();
    if rule.unit != Unit::Pursuit {
        candidates
            .sort_by_key(|one| (one.visit.entered.at.is_none(), one.visit.entered.at, one.at));
    }
    for one in candidates {
        let days = days_between(entered, one.visit.entered, &charter.calendar);
        let in_time = match (rule.window_days, days) {
            (None, _) => true,
            (Some(window), Some(days)) => days < i64::from(window),
            // The entry itself needs no date to have been reached.
            (Some(_), None) => one.at == visit,
        };
        if in_time {
            let moment = one.visit.entered;
            let reach = Reach {
                visit: one.at,
                moment,
                days,
            };
            for slot in reached.iter_mut().take(usize::from(one.visit.step.0) + 1) {
                slot.get_or_insert(reach);
            }
        }
    }
    let is_ripe = match (rule.window_days, entered.when.day(&charter.calendar)) {
        (None, _) => true,
        (Some(days), Some(day)) => window_end(day, days, &charter.calendar) <= rule.horizon,
        (Some(_), None) => false,
    };
    Some(CohortEntry {
        unit: stay.unit,
        visit,
        entered,
        reached,
        is_ripe,
    })
}

/// How soon each step of the path was reached, or a later one, in calendar days since an entry.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Soon(i32);

impl Soon {
    /// By the entry itself, which needs no date for that.
    const ENTRY: Soon = Soon(i32::MIN);
    /// Whenever it was: no window holds what has no date.
    const ANYHOW: Soon = Soon(i32::MAX - 1);
    /// Not.
    const NEVER: Soon = Soon(i32::MAX);

    fn of(days: Option<i64>) -> Soon {
        days.map_or(Soon::ANYHOW, |days| {
            let days = days.clamp(i64::from(i32::MIN) + 1, i64::from(i32::MAX) - 2);
            Soon(days as i32)
        })
    }

    /// Whether that is within a window.
    pub fn is_within(self, window_days: Option<u32>) -> bool {
        match window_days {
            None => self != Soon::NEVER,
            Some(days) => self < Soon::ANYHOW && i64::from(self.0) < i64::from(days),
        }
    }
}

/// The entries of all units into one step, whatever the period and the window: what a cohort is
/// counted from.
#[derive(Clone, Debug, Default)]
pub struct Ways {
    /// The entries in the order of [`each_entry`].
    pub entries: Vec<Way>,
    /// For each entry, each step of the path.
    pub soon: Vec<Soon>,
    /// How many those are.
    pub width: usize,
}

/// One of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Way {
    /// Its first visit, as a place among all visits.
    pub visit: u32,
    /// The pursuit of that visit.
    pub pursuit: u32,
    /// When.
    pub entered: Option<Instant>,
    /// The day claimed.
    pub day: Option<Day>,
    /// How that pursuit ended.
    pub end: Option<StepRole>,
}

impl Ways {
    /// The entries of a rule, whose period and window are not looked at.
    pub fn of(journeys: &Journeys, charter: &Charter, rule: &CohortRule) -> Ways {
        let rule = &CohortRule {
            window_days: None,
            ..*rule
        };
        let places = Places::of(journeys);
        let steps = charter.steps.iter();
        let width = steps.filter(|step| step.role.is_on_path()).count();
        let part = |stays: Stretch<'_>| {
            let mut ways = Ways {
                width,
                ..Ways::default()
            };
            let (mut own, mut visits) = (Vec::<Stay>::new(), Vec::new());
            let mut unit = |own: &[Stay]| {
                visits_of(own, journeys, &mut visits);
                for stay in entries(own, rule) {
                    ways.add(journeys, charter, (rule, &places), (stay, &visits));
                }
            };
            stays.each(|stay| {
                if own.first().is_some_and(|first| first.unit != stay.unit) {
                    unit(&own);
                    own.clear();
                }
                own.push(stay);
            });
            unit(&own);
            ways
        };
        let mut parts = by_stretch(journeys, rule.unit, part).into_iter();
        let mut ways = parts.next().unwrap_or_default();
        for mut part in parts {
            ways.entries.append(&mut part.entries);
            ways.soon.append(&mut part.soon);
        }
        ways.entries.shrink_to_fit();
        ways.soon.shrink_to_fit();
        ways
    }

    fn add(
        &mut self,
        journeys: &Journeys,
        charter: &Charter,
        (rule, places): (&CohortRule, &Places),
        (stay, visits): (&Stay, &[One<'_>]),
    ) {
        let Some(&visit) = stay.members.first() else {
            return;
        };
        let end = journeys.pursuits.get(visit.pursuit as usize);
        self.entries.push(Way {
            visit: places.place(visit),
            pursuit: visit.pursuit,
            entered: stay.entered.at,
            day: stay.entered.when.day(&charter.calendar),
            end: end.and_then(|pursuit| Some(pursuit.end?.role)),
        });
        let first = self.soon.len();
        self.soon.resize(first + self.width, Soon::NEVER);
        let later = visits
            .iter()
            .filter(|one| stage::role(&charter.steps, one.visit.step).is_on_path())
            .filter(|one| is_after(one, stay, rule));
        for one in later {
            let days = days_between(stay.entered, one.visit.entered, &charter.calendar);
            let soon = match days {
                None if one.at == visit => Soon::ENTRY,
                days => Soon::of(days),
            };
            let own = self.soon.iter_mut().skip(first);
            for slot in own.take(usize::from(one.visit.step.0) + 1) {
                *slot = soon.min(*slot);
            }
        }
    }

    /// Each entry in the period of a rule with how soon it reached each step, and whether its own
    /// window is over.
    pub fn each(
        &self,
        rule: &CohortRule,
        calendar: &Calendar,
        mut each: impl FnMut(&Way, &[Soon], bool),
    ) {
        let last = rule.window_days.map(|days| last_ripe(rule, days, calendar));
        let soon = self.soon.chunks(self.width.max(1));
        for (way, soon) in self.entries.iter().zip(soon) {
            if is_at_in(rule, way.entered) {
                let is_ripe = last.is_none_or(|last| way.day.is_some_and(|day| day <= last));
                each(way, soon, is_ripe);
            }
        }
    }

    /// About how much memory it takes.
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.entries) + size_of_val(&*self.soon)
    }
}

/// The last day whose window is over at the horizon.
fn last_ripe(rule: &CohortRule, days: u32, calendar: &Calendar) -> Day {
    let back = i32::try_from(days).unwrap_or(i32::MAX);
    let mut day = calendar
        .day_of(rule.horizon)
        .plus(2)
        .plus(back.saturating_neg());
    while window_end(day, days, calendar) > rule.horizon {
        day = day.plus(-1);
    }
    day
}

/// Whether a visit is the entry or comes after it: by path order inside the entry's own pursuits,
/// whatever dates are claimed there, by time in the unit's other pursuits.
fn is_after(one: &One<'_>, stay: &Stay, rule: &CohortRule) -> bool {
    let own = stay.members.iter();
    let own = own.filter(|member| member.pursuit == one.at.pursuit).min();
    match (own, one.visit.entered.at) {
        (Some(member), _) => one.at >= *member,
        (None, Some(at)) => Some(at) >= stay.entered.at,
        (None, None) => rule.window_days.is_none(),
    }
}

/// The first instant after a window of so many days that starts with `day`.
fn window_end(day: Day, days: u32, calendar: &Calendar) -> Instant {
    let days = i32::try_from(days).unwrap_or(i32::MAX);
    calendar.start_of(day.plus(planted!(RipeDayEarly, days, days - 1)))
}
