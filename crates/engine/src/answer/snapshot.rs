//! Who is where at an instant, and what has been there for too long. What that means is decided in
//! `kernels::funnel` and `kernels::stale`.

use std::collections::BTreeMap;
use std::ops::Range;

use handfast_kernels::flat::{Flat, NO_DAY, Row};
use handfast_kernels::funnel::{self, Outcome, Stay, VisitRef};
use handfast_kernels::journey::{LeftBy, Moment};
use handfast_kernels::stale::{self, Limit};
use handfast_kernels::threads::{at_once, threads};
use handfast_kernels::times::Sight;
use handfast_model::question::{At as Looked, Dimension, Unit};
use handfast_model::rules::{StepIx, StepRole};
use handfast_model::{ColumnKind, Currency, Day, Instant, Question, Refusal};

use super::codes::At;
use super::figure::{Figure, Reading, figure};
use super::funnel::split_time;
use super::ground::Ground;
use super::groups::{Groups, Rows};
use super::price::not_priced;
use super::sheet::{Key, Member, Sheet};
use super::tally::Tally;

/// Age bands of a snapshot: whole days, from and until.
const AGES: [(&str, i64, i64); 3] = [
    ("days_0_29", 0, 30),
    ("days_30_89", 30, 90),
    ("days_90_up", 90, i64::MAX),
];

/// Stays that are worth a thread of their own: so few that several count small worlds, too.
const STRETCH: usize = 1 << 7;

/// The column of stale stays: after there, undated and the age bands.
const STALE: usize = 2 + AGES.len();

/// The columns of amounts that have no price in the asked currency: there, and won by then.
const NOT_PRICED: usize = STALE + 1 + OUTCOMES.len();

/// The visits there, each deal by itself, and those of them that were won by then: a unit is worth
/// the deals of all its pursuits there.
const DEALS: usize = NOT_PRICED + 2;

/// What became of a stay, in columns.
const OUTCOMES: [(&str, &str); 5] = [
    ("still_there", "in the same stage then"),
    ("moved", "in another stage then"),
    ("then_won", "won by then"),
    ("then_lost", "lost by then"),
    ("then_gone", "disqualified, dormant or deleted by then"),
];

/// The column among [`OUTCOMES`] of those won.
const WON: usize = 2;

/// Of a unit's several outcomes the one that is told, by its place here: won, lost, gone, still
/// there, moved.
const FIRST: [u8; 5] = [3, 4, 0, 1, 2];

/// Counts who is where.
pub(super) fn count<'a>(
    ground: &'a Ground<'a>,
    question: &'a Question,
    at: Option<Looked>,
    outcome_by: Option<Looked>,
) -> Result<Tally<'a>, Refusal> {
    let dims = without_time(&question.by)?;
    let instant = at.map_or(Instant(ground.horizon.0.saturating_sub(1)), |at| {
        ground.instant_of(at)
    });
    let by = outcome_by.map(|by| ground.instant_of(by));
    let there = There::new(ground, question.unit, instant);
    let sheet = sheet(&there, &dims, by);
    let mut tally = Tally::new(ground, question, sheet);
    tally.dimension_columns(&dims);
    tally.stage_column();
    tally.figures = snapshot_figures(&tally, question, outcome_by.is_some());
    tally.looked_at = Some(instant);
    tally.told_by = by;
    // The oldest band first, and one outcome, as in a row.
    let mut outcomes: Vec<usize> = (0..OUTCOMES.len()).collect();
    outcomes.sort_by_key(|at| FIRST.get(*at).copied());
    let outcomes = outcomes.into_iter().map(|at| STALE + 1 + at).collect();
    tally.parts = vec![(1..STALE).rev().collect(), outcomes];
    let won = Shown {
        column: DEALS + 1,
        seen: None,
        at: by,
        not_priced: NOT_PRICED + 1,
    };
    price(&mut tally, &[Shown::at(instant, DEALS, NOT_PRICED), won]);
    tally.notes.push(match (at, ground.horizon) {
        (None, Instant(0)) => {
            "no source shows a date: the undated hold at every instant".to_owned()
        }
        _ => format!("snapshot at {instant}"),
    });
    tally.notes.extend(by.map(|by| match question.unit {
        Unit::Pursuit => format!("what became of them by {by}"),
        unit => format!(
            "what became of them by {by}: a {} counts by its pursuits that were there, as won if \
            any was won by then, else as lost, as gone, as still there, as moved",
            unit.word()
        ),
    }));
    Ok(tally)
}

/// Who is where at an instant.
struct There<'g, 'a> {
    ground: &'g Ground<'a>,
    unit: Unit,
    at: Instant,
    day: Day,
    flat: &'a Flat,
    limits: Vec<Limit>,
}

impl<'g, 'a> There<'g, 'a> {
    fn new(ground: &'g Ground<'a>, unit: Unit, at: Instant) -> There<'g, 'a> {
        There {
            ground,
            unit,
            at,
            day: ground.charter.calendar.day_of(at),
            flat: ground.flat(unit),
            limits: ground.over(unit).limits(ground.charter, at),
        }
    }

    /// Of some stays those that hold and are asked for, none at an end, with their visits that
    /// hold.
    fn each(&self, stays: Range<usize>, mut each: impl FnMut(u32, &Row, &[VisitRef])) {
        let ground = self.ground;
        let is_end = |step: &u8| ground.role(StepIx(*step)).is_some_and(StepRole::is_end);
        let ends: Vec<u8> = (0..=u8::MAX).filter(is_end).collect();
        let mut visits = Vec::new();
        let first = stays.start as u32;
        let rows = self.flat.rows.get(stays).unwrap_or_default();
        for (number, row) in (first..).zip(rows) {
            if !row.holds_at(self.at) || ends.contains(&row.step) {
                continue;
            }
            visits.clear();
            self.visits(number, row, &mut visits);
            if !visits.is_empty() {
                each(number, row, &visits);
            }
        }
    }

    /// The visits of a stay that hold and that the question asks for, by entry.
    fn visits(&self, number: u32, row: &Row, visits: &mut Vec<VisitRef>) {
        let (ground, places) = (self.ground, self.ground.places());
        if self.unit == Unit::Pursuit {
            visits.push(places.visit(row.pursuit, row.visit));
        } else {
            let all = &ground.flat(Unit::Pursuit).rows;
            let own = self.flat.visits(number).filter_map(|place| {
                let visit = all.get(place as usize)?;
                let there = Some(places.visit(visit.pursuit, place));
                there.filter(|_| visit.holds_at(self.at))
            });
            visits.extend(own);
        }
        if !ground.asks_all() {
            let stay = ground.stays(self.unit).get(number as usize);
            visits.retain(|visit| stay.is_some_and(|stay| ground.is_asked(stay.unit, &[*visit])));
        }
    }

    /// Since when a stay has been there.
    fn entered(&self, row: &Row) -> Moment {
        let first = self.ground.places().visit(row.pursuit, row.visit);
        let visit = self.ground.visit(first);
        visit.map_or(Moment::UNDATED, |(_, visit)| visit.entered)
    }

    fn is_stale(&self, row: &Row, entered: Moment) -> bool {
        let calendar = &self.ground.charter.calendar;
        stale::is_stale_since((StepIx(row.step), entered), &self.limits, self.at, calendar)
    }

    /// The columns that count a stay by its age: undated or its band, stale.
    fn ages(&self, number: u32, row: &Row) -> [Option<usize>; 2] {
        let day = self.flat.days.get(number as usize).copied();
        let Some(day) = day.filter(|day| *day != NO_DAY) else {
            return [Some(1), None];
        };
        let age = i64::from(self.day.0) - i64::from(day);
        let band = AGES
            .iter()
            .position(|(_, from, until)| (*from..*until).contains(&age));
        let is_stale = stale::is_stale_after(StepIx(row.step), age, &self.limits);
        let is_stale = is_stale.unwrap_or_else(|| self.is_stale(row, self.entered(row)));
        [band.map(|band| 2 + band), is_stale.then_some(STALE)]
    }

    /// Whether a visit has something that can have an amount.
    fn has_deal(&self, visit: VisitRef) -> bool {
        let pursuit = self.ground.pursuit(visit.pursuit);
        pursuit.is_some_and(|pursuit| pursuit.deal.is_some())
    }

    /// The group of a stay by its first visit that holds.
    fn group(&self, groups: &mut Groups<'_, '_>, number: u32, row: &Row, first: VisitRef) -> u32 {
        let step = u32::from(row.step);
        if groups.is_of_places() {
            return groups.of_place(self.ground.places().place(first), step);
        }
        let stay = self.ground.stays(self.unit).get(number as usize);
        stay.map_or(0, |stay| groups.of_visit(stay.unit, Some(first), step))
    }
}

/// The keys of a group with its step.
fn keys(ground: &Ground<'_>, groups: &Groups<'_, '_>, group: u32, step: u8) -> Vec<Key> {
    let (mut keys, _) = groups.keys(group);
    keys.push(ground.step_key(StepIx(step)));
    keys
}

/// Who is there, how old, and what became of them.
fn sheet(there: &There<'_, '_>, dims: &[Dimension], by: Option<Instant>) -> Sheet {
    let ground = there.ground;
    let became = by.map(|by| became(ground, there.at, by));
    let count = there.flat.rows.len();
    // Each of a few parts has tables of its own, so there are no more of them than threads.
    let many = threads().min(count.div_ceil(STRETCH));
    let parts = at_once(many, |number| {
        let stays = number * count / many..(number + 1) * count / many;
        part_of_sheet(there, dims, became.as_ref(), stays)
    });
    let mut parts = parts.into_iter();
    let mut sheet = parts.next().unwrap_or_else(|| Sheet::new(DEALS + 2));
    parts.for_each(|part| sheet.append(part));
    sheet.once(DEALS);
    sheet.once(DEALS + 1);
    sheet
}

/// The same of some stays.
fn part_of_sheet(
    there: &There<'_, '_>,
    dims: &[Dimension],
    became: Option<&BTreeMap<VisitRef, usize>>,
    stays: Range<usize>,
) -> Sheet {
    let ground = there.ground;
    let became = |visit: &VisitRef| became?.get(visit).copied();
    let mut sheet = Sheet::new(DEALS + 2);
    let mut groups = Groups::of_unit(ground, dims, there.unit, At::Entry);
    let mut rows = Rows::default();
    there.each(stays, |number, row, visits| {
        let Some(first) = visits.first() else { return };
        let group = there.group(&mut groups, number, row, *first);
        let place = rows.of(group, &mut sheet, || keys(ground, &groups, group, row.step));
        let outcome = visits.iter().filter_map(became);
        let outcome = outcome.min_by_key(|at| FIRST.get(*at).copied());
        let ages = there.ages(number, row).into_iter().flatten();
        for column in [0]
            .into_iter()
            .chain(ages)
            .chain(outcome.map(|at| STALE + 1 + at))
        {
            sheet.add_at(place, column, Member::Stay(number));
        }
        for &visit in visits.iter().filter(|visit| there.has_deal(**visit)) {
            sheet.add_at(place, DEALS, Member::Visit(visit));
            if became(&visit) == Some(WON) {
                sheet.add_at(place, DEALS + 1, Member::Visit(visit));
            }
        }
    });
    sheet
}

/// A column whose amounts are shown.
struct Shown {
    column: usize,
    /// The instant at which the amounts are read; `None` = as last known.
    seen: Option<Instant>,
    /// The instant whose rate an open deal takes.
    at: Option<Instant>,
    /// The column of those without a rate.
    not_priced: usize,
}

impl Shown {
    /// Amounts as they were at the instant looked at.
    fn at(instant: Instant, column: usize, not_priced: usize) -> Shown {
        Shown {
            column,
            seen: Some(instant),
            at: Some(instant),
            not_priced,
        }
    }
}

/// Notes the rates of all amounts shown, and counts those without one.
fn price(tally: &mut Tally<'_>, shown: &[Shown]) {
    let Some(prices) = &tally.prices else { return };
    let (ground, mut found) = (tally.ground, Vec::new());
    for (place, (_, row)) in tally.sheet.places() {
        for shown in shown {
            for &member in row.members(shown.column) {
                let deal = tally.place(member).0.and_then(|pursuit| pursuit.deal);
                let Some((deal, money)) =
                    deal.and_then(|deal| Some((deal, ground.amount(deal, shown.seen)?)))
                else {
                    continue;
                };
                let anchor = ground.close_or(deal, shown.at);
                if prices.take(money, Some(deal), anchor).is_none() {
                    found.push((place, shown.not_priced, member, ground.deal_fact(deal)));
                }
            }
        }
    }
    for (place, column, member, fact) in found {
        let fact = fact.and_then(|fact| ground.fact(fact)).map(|fact| fact.id);
        tally.sheet.add_at(place, column, member);
        tally.extra_issues.push(not_priced(fact));
    }
}

/// Which of [`OUTCOMES`] each visit had that held at an instant.
fn became(ground: &Ground<'_>, at: Instant, by: Instant) -> BTreeMap<VisitRef, usize> {
    let stays = ground.stays(Unit::Pursuit);
    let outcomes = funnel::outcome(stays, at, by);
    let placed = outcomes.iter().filter_map(|found| {
        let visit = stays.get(found.stay as usize)?.members.first()?;
        Some((*visit, place_of(ground, stays, (*visit, found), by)))
    });
    placed.collect()
}

/// Which of [`OUTCOMES`] a pursuit's stay had: where it is then, an end before a stage.
fn place_of(
    ground: &Ground<'_>,
    stays: &[Stay],
    (visit, outcome): (VisitRef, &Outcome),
    by: Instant,
) -> usize {
    if outcome.left_by == LeftBy::StillThere {
        return 0;
    }
    let now = outcome
        .now
        .iter()
        .filter_map(|&stay| stays.get(stay as usize));
    let mut roles = now.filter_map(|stay| ground.role(stay.step));
    if let Some(role) = roles.rfind(|role| role.is_end()) {
        return match role {
            StepRole::Won => 2,
            StepRole::Lost => 3,
            _ => 4,
        };
    }
    // An end that the charter has no stage for leaves no stay; the last leaving tells of it.
    match left_by(ground, visit, by).filter(|_| outcome.now.is_empty()) {
        Some(LeftBy::Won) => 2,
        Some(LeftBy::Lost) => 3,
        Some(LeftBy::Disqualified | LeftBy::Dormant) => 4,
        _ => 1,
    }
}

/// What last took a visit's pursuit out of a stage, by an instant.
fn left_by(ground: &Ground<'_>, visit: VisitRef, by: Instant) -> Option<LeftBy> {
    let (pursuit, _) = ground.visit(visit)?;
    let left = pursuit.visits.iter().filter_map(|visit| {
        let left = visit.left.filter(|left| left.at <= Some(by))?;
        Some((left.at, visit.left_by))
    });
    left.max_by_key(|(at, _)| *at).map(|(_, left_by)| left_by)
}

fn snapshot_figures(tally: &Tally<'_>, question: &Question, has_outcome: bool) -> Vec<Figure> {
    let unit = Some(question.unit.word());
    let count =
        |id: &str, means: &str, at| figure(id, ColumnKind::Count, unit, means, Reading::Count(at));
    let currencies = tally.currencies();
    let mut figures = vec![count("there", "in the stage at that instant", 0)];
    for currency in &currencies {
        let means = "what their deals were worth at that instant";
        figures.push(money(
            "value",
            means,
            *currency,
            Reading::Worth(DEALS, *currency),
        ));
    }
    if tally.prices.is_some() {
        let means = "there with an amount but no rate: not in the value";
        figures.push(deals_without_rate("not_priced", means, NOT_PRICED));
    }
    figures.push(count("undated", "there without an entry date", 1));
    for (band, (id, _, _)) in AGES.iter().enumerate() {
        figures.push(count(
            id,
            "in the stage for so many calendar days",
            2 + band,
        ));
    }
    figures.push(count(
        "stale",
        "longer in the stage than its service level, else than nine of ten stays that are over",
        STALE,
    ));
    if has_outcome {
        figures.extend(outcome_figures(tally, unit));
    }
    figures
}

fn outcome_figures(tally: &Tally<'_>, unit: Option<&str>) -> Vec<Figure> {
    let mut figures = Vec::new();
    for (at, (id, means)) in OUTCOMES.iter().enumerate() {
        let reading = Reading::Count(STALE + 1 + at);
        figures.push(figure(id, ColumnKind::Count, unit, means, reading));
    }
    for currency in &tally.currencies() {
        let means = "the amounts of those won by then, as last known";
        let reading = Reading::Money(DEALS + 1, Some(*currency));
        figures.push(money("then_won_value", means, *currency, reading));
    }
    if tally.prices.is_some() {
        let means = "won by then with an amount but no rate: not in the value";
        figures.push(deals_without_rate(
            "then_won_not_priced",
            means,
            NOT_PRICED + 1,
        ));
    }
    figures
}

fn deals_without_rate(id: &str, means: &str, column: usize) -> Figure {
    let reading = Reading::Count(column);
    figure(id, ColumnKind::Count, Some("deal"), means, reading)
}

fn money(id: &str, means: &str, currency: Currency, reading: Reading) -> Figure {
    let (id, unit) = (
        format!("{id}_{}", currency.code().to_lowercase()),
        currency.code(),
    );
    figure(&id, ColumnKind::Money, Some(unit), means, reading)
}

/// Counts what has been in its stage for longer than the stage's limit.
pub(super) fn stale<'a>(
    ground: &'a Ground<'a>,
    question: &'a Question,
    at: Option<Looked>,
) -> Result<Tally<'a>, Refusal> {
    let dims = without_time(&question.by)?;
    let instant = at.map_or(Instant(ground.horizon.0.saturating_sub(1)), |at| {
        ground.instant_of(at)
    });
    let there = There::new(ground, question.unit, instant);
    let sight = Sight {
        from: None,
        until: Instant(instant.0.saturating_add(1)),
    };
    let calendar = &ground.charter.calendar;
    let mut sheet = Sheet::new(5);
    let mut timed = vec![None; there.flat.rows.len()];
    let mut groups = Groups::of_unit(ground, &dims, question.unit, At::Entry);
    let mut rows = Rows::default();
    there.each(0..there.flat.rows.len(), |number, row, visits| {
        let Some(first) = visits.first() else { return };
        let group = there.group(&mut groups, number, row, *first);
        let place = rows.of(group, &mut sheet, || keys(ground, &groups, group, row.step));
        let member = Member::Stay(number);
        sheet.add_at(place, 0, member);
        let entered = there.entered(row);
        if let Some(slot) = timed.get_mut(number as usize) {
            *slot = sight.time(entered.when, None, calendar);
        }
        if entered.at.is_none() {
            sheet.add_at(place, 2, member);
        } else if there.is_stale(row, entered) {
            sheet.add_at(place, 1, member);
            for &visit in visits {
                sheet.add_at(place, 4, Member::Visit(visit));
            }
        }
    });
    sheet.once(4);
    let limits = there.limits;
    let mut tally = Tally::new(ground, question, sheet);
    tally.dimension_columns(&dims);
    tally.stage_column();
    tally.limits = limits;
    tally.looked_at = Some(instant);
    tally.sight = Some(sight);
    tally.timed = timed;
    tally.figures = stale_figures(&tally, question);
    price(&mut tally, &[Shown::at(instant, 4, 3)]);
    tally.notes.push(format!(
        "at {instant}: stale is longer in the stage than its service level allows, else than nine \
        of ten stays there that were over by then; --records stale lists who, since when and whose"
    ));
    Ok(tally)
}

fn stale_figures(tally: &Tally<'_>, question: &Question) -> Vec<Figure> {
    let unit = Some(question.unit.word());
    let count = |id, means, at| figure(id, ColumnKind::Count, unit, means, Reading::Count(at));
    let days = |id, means, reading| figure(id, ColumnKind::Days, Some("days"), means, reading);
    let share = Reading::Share(1, 0);
    let means = "of those there, longer than the limit";
    let mut figures = vec![
        count("there", "in the stage at that instant", 0),
        figure("stale", ColumnKind::Ratio, unit, means, share),
    ];
    for currency in tally.currencies() {
        figures.push(figure(
            &format!("stale_value_{}", currency.code().to_lowercase()),
            ColumnKind::Money,
            Some(currency.code()),
            "what the deals of the stale ones were worth at that instant",
            Reading::Worth(4, currency),
        ));
    }
    if tally.prices.is_some() {
        let means = "stale with an amount but no rate: not in the value";
        figures.push(deals_without_rate("not_priced", means, 3));
    }
    let (text, rule) = (ColumnKind::Text, Reading::LimitRule);
    figures.extend([
        days(
            "oldest",
            "the longest time there so far",
            Reading::MaxDays(0),
        ),
        days("limit", "how long one may stay", Reading::Limit),
        figure("rule", text, None, "where the limit comes from", rule),
        count("undated", "there without an entry date: no age to judge", 2),
    ]);
    figures
}

/// The dimensions of a question that looks at one instant.
fn without_time(by: &[Dimension]) -> Result<Vec<Dimension>, Refusal> {
    match split_time(by)? {
        (None, dims) => Ok(dims),
        (Some(grain), _) => {
            let title = format!(
                "a snapshot looks at one instant; it cannot be split by {}",
                grain.word()
            );
            Err(Refusal::new("E0407", title)
                .fix("ask several snapshots with --at, or a flow with --by month"))
        }
    }
}
