//! The funnel in its three views: which members stand in which row and column. What a view counts
//! is decided in `kernels::funnel`; here its members are sorted by the asked dimensions.

use handfast_kernels::flat::Flat;
use handfast_kernels::funnel::{self, CohortRule, Stay};
use handfast_kernels::journey::LeftBy;
use handfast_kernels::times::Sight;
use handfast_model::question::{Dimension, Entries, FunnelView, QuestionKind, Unit};
use handfast_model::rules::{StepIx, StepRole};
use handfast_model::{ColumnKind, Day, Grain, Instant, Period, Question, Refusal};

use super::codes::At;
use super::cohort::Cohort;
use super::figure::{Figure, Reading, figure};
use super::ground::Ground;
use super::groups::{Groups, Rows};
use super::joined::Joined;
use super::sheet::{Key, Member, Sheet};
use super::snapshot;
use super::tally::Tally;
use super::undated::undated_note;

/// Counts the funnel in the asked view.
pub(super) fn count<'a>(
    ground: &'a Ground<'a>,
    question: &'a Question,
    view: &FunnelView,
    is_listed: bool,
) -> Result<Tally<'a>, Refusal> {
    match view {
        FunnelView::Flow => flow(ground, question, is_listed),
        FunnelView::Cohort {
            entry,
            window_days,
            entries,
            is_estimated,
            observed_from,
        } => {
            let entry = ground.step_or_first(entry.as_deref())?;
            let is_listed = is_listed || *is_estimated;
            let rule = (entry, *window_days, *entries);
            let tally = cohort(ground, question, rule, is_listed)?;
            match is_estimated {
                true => estimated(tally, *entries, entry, *observed_from),
                false => Ok(tally),
            }
        }
        FunnelView::Snapshot { at, outcome_by } => {
            snapshot::count(ground, question, *at, *outcome_by)
        }
    }
}

/// The ways of leaving that a flow tells apart, with their column.
const WAYS: [(&str, &[LeftBy], &str); 7] = [
    (
        "advanced",
        &[LeftBy::Advanced, LeftBy::SkippedTo],
        "left for a later stage",
    ),
    ("won", &[LeftBy::Won], "left by winning"),
    ("back", &[LeftBy::Back], "left for an earlier stage"),
    ("recycled", &[LeftBy::Recycled], "left for a detour"),
    ("lost", &[LeftBy::Lost], "left by losing"),
    (
        "disqualified",
        &[LeftBy::Disqualified],
        "left as never a buyer",
    ),
    ("dormant", &[LeftBy::Dormant], "left by silence"),
];

fn flow<'a>(
    ground: &'a Ground<'a>,
    question: &'a Question,
    is_listed: bool,
) -> Result<Tally<'a>, Refusal> {
    let (from, until) = question.period.unwrap_or_else(|| ground.whole_time());
    let (grain, dims) = split_time(&question.by)?;
    let periods = periods(ground, grain, (from, until));
    let stays = match is_listed || !ground.asks_all() {
        true => ground.stays(question.unit),
        false => &[],
    };
    let bounds = bounds(ground, &periods, (from, until));
    let time = question.by.iter();
    let time = time
        .clone()
        .position(|dim| matches!(dim, Dimension::Time(_)));
    let mut groups = Groups::of_unit(ground, &dims, question.unit, At::Entry);
    let flow = Flow {
        ground,
        stays,
        flat: ground.flat(question.unit),
        of_stay: groups_of(ground, question.unit, &mut groups),
        bounds,
        periods: &periods,
        time,
        groups,
    };
    let sheet = match is_listed {
        true => flow.listed(),
        false => flow.counted(),
    };
    let mut tally = Tally::new(ground, question, sheet);
    tally
        .notes
        .extend(leads_note(ground, question, (from, until)));
    tally.dimension_columns(&question.by);
    tally.stage_column();
    tally.figures = flow_figures(question);
    tally.has_totals = false;
    tally.notes.push(format!(
        "flow from {from} until {until} (not included): at start + entered = left + at end"
    ));
    Ok(tally)
}

/// The periods that days are cut into.
pub(super) fn periods(
    ground: &Ground<'_>,
    grain: Option<Grain>,
    (from, until): (Day, Day),
) -> Vec<Period> {
    match grain {
        Some(grain) => ground.charter.calendar.periods(grain, from, until),
        None => vec![Period {
            from,
            until,
            label: format!("{from}..{until}"),
        }],
    }
}

/// What of each period lies within these days.
pub(super) fn bounds(
    ground: &Ground<'_>,
    periods: &[Period],
    (from, until): (Day, Day),
) -> Vec<(Instant, Instant)> {
    let bounds = periods.iter().map(|period| {
        let start = ground.start_of(period.from.max(from));
        (start, ground.start_of(period.until.min(until)))
    });
    bounds.collect()
}

/// The group of each stay of a unit level.
fn groups_of(ground: &Ground<'_>, unit: Unit, groups: &mut Groups<'_, '_>) -> Vec<u32> {
    if ground.asks_all() && groups.is_of_places() {
        let rows = ground.flat(unit).rows.iter();
        return rows
            .map(|row| groups.of_place(row.visit, u32::from(row.step)))
            .collect();
    }
    let stays = ground.stays(unit).iter().map(|stay| {
        let first = stay.members.first().copied();
        let is_asked = ground.is_asked(stay.unit, &stay.members);
        is_asked.then(|| groups.of_visit(stay.unit, first, u32::from(stay.step.0)))
    });
    stays
        .map(|group| group.unwrap_or(funnel::LEFT_OUT))
        .collect()
}

/// How many leads are in the pursuits of a flow.
fn leads_note(ground: &Ground<'_>, question: &Question, days: (Day, Day)) -> Option<String> {
    if question.unit != Unit::Pursuit {
        return None;
    }
    let (from, until) = (ground.start_of(days.0), ground.start_of(days.1));
    let mut joined = Joined::new(ground);
    if ground.asks_all() {
        let rows = ground.flat(Unit::Pursuit).rows.iter();
        let there = rows.filter(|row| row.entered < until.0 && row.left >= from.0);
        there.for_each(|row| joined.add(row.pursuit));
        return joined.note(ground);
    }
    let is_there = |stay: &&Stay| {
        stay.entered.at < Some(until)
            && stay.left.is_none_or(|left| left.at >= Some(from))
            && ground.is_asked(stay.unit, &stay.members)
    };
    let stays = ground.stays(question.unit).iter();
    for visit in stays.filter(is_there).flat_map(|stay| stay.members.iter()) {
        joined.add(visit.pursuit);
    }
    joined.note(ground)
}

/// The stays of a flow by their dimensions and stage, worked out once for all periods.
struct Flow<'g, 'a> {
    ground: &'g Ground<'a>,
    stays: &'g [Stay],
    flat: &'g Flat,
    of_stay: Vec<u32>,
    periods: &'g [Period],
    bounds: Vec<(Instant, Instant)>,
    /// The place of the period among the dimensions.
    time: Option<usize>,
    groups: Groups<'g, 'a>,
}

impl Flow<'_, '_> {
    /// How many, where nobody asks who.
    fn counted(&self) -> Sheet {
        let mut sheet = Sheet::new(4 + WAYS.len());
        let count = self.groups.count();
        let (first, ends) = (self.bounds.first(), self.bounds.iter());
        let edges = first.map(|(from, _)| *from).into_iter();
        let edges: Vec<Instant> = edges.chain(ends.map(|(_, until)| *until)).collect();
        let rows = funnel::flow_counts(self.flat, &self.of_stay, count, &edges);
        for (group, row) in (0u32..).zip(rows) {
            for (period, counts) in self.periods.iter().zip(row) {
                let left = counts.left.iter().sum();
                let firsts = [counts.at_start, counts.entered, left, counts.at_end];
                let ways = LeftBy::ALL.iter().zip(counts.left);
                let ways = ways.map(|(way, count)| (4 + way_of(*way), count));
                let columns = firsts.into_iter().enumerate().chain(ways);
                for (column, count) in columns.filter(|(_, count)| *count > 0) {
                    let place = sheet.open_row(&self.keys(group, period));
                    sheet.count_at(place, column, count);
                }
            }
        }
        sheet
    }

    /// Who.
    fn listed(&self) -> Sheet {
        let mut sheet = Sheet::new(4 + WAYS.len());
        for (period, (start, end)) in self.periods.iter().zip(&self.bounds) {
            let mut rows = Rows::default();
            let mut add = |columns: &[usize], members: &[u32]| {
                for &stay in members {
                    let group = self.of_stay.get(stay as usize);
                    let Some(group) = group.filter(|group| **group != funnel::LEFT_OUT) else {
                        continue;
                    };
                    let place = rows.of(*group, &mut sheet, || self.keys(*group, period));
                    for &column in columns {
                        sheet.add_at(place, column, Member::Stay(stay));
                    }
                }
            };
            for row in funnel::flow(self.stays, self.ground.charter, *start, *end) {
                add(&[0], &row.at_start);
                add(&[1], &row.entered);
                for (left_by, gone) in &row.left {
                    add(&[2, 4 + way_of(*left_by)], gone);
                }
                add(&[3], &row.at_end);
            }
        }
        sheet
    }

    fn keys(&self, group: u32, period: &Period) -> Vec<Key> {
        let (mut keys, step) = self.groups.keys(group);
        keys.push(self.ground.step_key(StepIx(step as u8)));
        if let Some(at) = self.time {
            keys.insert(at, Key::Period(period.from, period.label.clone()));
        }
        keys
    }
}

/// The place of a way of leaving among [`WAYS`].
fn way_of(left_by: LeftBy) -> usize {
    let found = WAYS
        .iter()
        .position(|(_, kinds, _)| kinds.contains(&left_by));
    found.unwrap_or(WAYS.len() - 1)
}

fn flow_figures(question: &Question) -> Vec<Figure> {
    let unit = Some(question.unit.word());
    let count = |id: &str, means: &str, at: usize| {
        figure(id, ColumnKind::Count, unit, means, Reading::Count(at))
    };
    let mut figures = vec![
        count("at_start", "in the stage when the period starts", 0),
        count(
            "entered",
            "entered within the period; an event at its end belongs to the next",
            1,
        ),
        count("left", "left within the period, by any way", 2),
        count("at_end", "in the stage when the period ends", 3),
    ];
    let ways = WAYS.iter().enumerate();
    figures.extend(ways.map(|(way, (id, _, means))| count(id, means, 4 + way)));
    figures
}

/// Whom a cohort question counts.
fn rule(
    ground: &Ground<'_>,
    question: &Question,
    (entry, window_days, entries): (StepIx, Option<u32>, Entries),
) -> CohortRule {
    let bounds = question
        .period
        .map(|(from, until)| (ground.start_of(from), ground.start_of(until)));
    CohortRule {
        entry,
        from: bounds.map(|(from, _)| from),
        until: bounds.map(|(_, until)| until),
        window_days,
        entries,
        unit: question.unit,
        horizon: ground.horizon,
    }
}

fn cohort<'a>(
    ground: &'a Ground<'a>,
    question: &'a Question,
    (entry, window_days, entries): (StepIx, Option<u32>, Entries),
    is_listed: bool,
) -> Result<Tally<'a>, Refusal> {
    let rule = rule(ground, question, (entry, window_days, entries));
    let later: Vec<StepIx> = ground.path_steps().filter(|step| *step > entry).collect();
    let groups = Groups::of_unit(ground, &question.by, question.unit, At::Entry);
    let ends: Vec<_> = ends(ground, question).iter().map(|end| end.0).collect();
    let cohort = Cohort {
        ground,
        rule,
        later: &later,
        ends: &ends,
    };
    let counted = match !is_listed && ground.asks_all() && groups.is_of_places() {
        true => cohort.counted(groups),
        false => cohort.listed(groups, is_listed),
    };
    let mut tally = Tally::new(ground, question, counted.sheet);
    tally.dimension_columns(&question.by);
    tally.figures = cohort_figures(ground, question, entry, &later);
    tally.entries = counted.entries;
    tally.unripe = counted.unripe;
    tally
        .notes
        .push(cohort_note(ground, entry, window_days, entries));
    tally.notes.extend(undated_note(ground, question, entry));
    if question.unit == Unit::Pursuit {
        tally.notes.extend(counted.joined.note(ground));
    }
    Ok(tally)
}

/// Adds, apart from the counts, an estimated share per later step for what can still grow.
fn estimated<'a>(
    mut tally: Tally<'a>,
    entries: Entries,
    entry: StepIx,
    observed_from: Option<Day>,
) -> Result<Tally<'a>, Refusal> {
    let ground = tally.ground;
    let unit = tally.question.unit;
    if !matches!(unit, Unit::Pursuit | Unit::Deal) || entries == Entries::All {
        let title = "an estimate follows each pursuit or deal once, from its first entry";
        return Err(Refusal::new("E0430", title)
            .matters(
                "a person or account has no end of its own, and entries of one pursuit are not \
                independent: an interval would be too narrow",
            )
            .fix("--unit pursuit or deal, and --entries first"));
    }
    for step in ground.path_steps().filter(|step| *step > entry) {
        let id = ground.step_id(step);
        let means = format!("≈ estimated share that reaches `{id}` or beyond, 95 % interval");
        tally.figures.push(figure(
            &format!("{id}_estimate"),
            ColumnKind::EstimatedShare,
            Some(unit.word()),
            &means,
            Reading::Estimate(step),
        ));
    }
    tally.sight = Some(Sight {
        from: observed_from.map(|day| ground.start_of(day)),
        until: ground.horizon,
    });
    let by = match &tally.question.kind {
        QuestionKind::Funnel(FunnelView::Cohort {
            window_days: Some(_),
            ..
        }) => "by the window's end; n/a where the row is ripe; – where nobody was seen so long",
        _ => "by the longest time that anybody of the row was seen; n/a where all are settled",
    };
    tally.notes.push(format!(
        "≈ is an estimate and no count (Aalen–Johansen; lost, disqualified and dormant compete, \
        those still open are censored at the horizon; log-log interval), {by}"
    ));
    tally.notes.extend(observed_from.map(|day| {
        format!(
            "≈ takes what was open before {day} as seen from then on (left truncation), also where \
            the row is ripe or settled: what had ended by then is in no count; – from the first \
            age on at which nobody was seen"
        )
    }));
    Ok(tally)
}

/// How a cohort's pursuits may have ended short of winning: the ends that the charter knows, and
/// not at all. A person or an account has no end of its own.
fn ends(
    ground: &Ground<'_>,
    question: &Question,
) -> Vec<(Option<StepRole>, &'static str, &'static str)> {
    let mut ends = vec![
        (
            Some(StepRole::Lost),
            "lost",
            "of those, their pursuit ended lost, whenever",
        ),
        (
            Some(StepRole::Disqualified),
            "disqualified",
            "of those, ended as never a buyer, whenever",
        ),
        (
            Some(StepRole::Dormant),
            "dormant",
            "of those, ended by silence, whenever",
        ),
        (None, "open", "of those, not ended at the horizon"),
    ];
    ends.retain(|(role, ..)| {
        let is_known = |role| {
            ground
                .charter
                .steps
                .iter()
                .any(|step| Some(step.role) == role)
        };
        role.is_none() || is_known(*role)
    });
    match question.unit {
        Unit::Pursuit | Unit::Deal => ends,
        Unit::Person | Unit::Account => Vec::new(),
    }
}

fn cohort_note(
    ground: &Ground<'_>,
    entry: StepIx,
    window: Option<u32>,
    entries: Entries,
) -> String {
    let whose = match entries {
        Entries::First => "first entry of each",
        Entries::All => "every entry",
    };
    let window = match window {
        Some(days) => format!("within {days} calendar days"),
        None => "at any time until the horizon, so later entries have had less time".to_owned(),
    };
    format!(
        "cohort by {whose} into `{}`; reached that stage or beyond, {window}",
        ground.step_id(entry)
    )
}

fn cohort_figures(
    ground: &Ground<'_>,
    question: &Question,
    entry: StepIx,
    later: &[StepIx],
) -> Vec<Figure> {
    let unit = Some(question.unit.word());
    let share = |id: &str, means: &str, at| {
        figure(id, ColumnKind::Ratio, unit, means, Reading::Share(at, 0))
    };
    let means = format!("entered `{}`", ground.step_id(entry));
    let mut figures = vec![figure(
        "entered",
        ColumnKind::Count,
        unit,
        &means,
        Reading::Count(0),
    )];
    for (column, step) in later.iter().enumerate() {
        let id = ground.step_id(*step);
        figures.push(share(
            id,
            &format!("of those, reached `{id}` or beyond"),
            1 + column,
        ));
    }
    for (column, (_, id, means)) in ends(ground, question).into_iter().enumerate() {
        figures.push(share(id, means, 1 + later.len() + column));
    }
    if matches!(
        &question.kind,
        QuestionKind::Funnel(FunnelView::Cohort {
            window_days: Some(_),
            ..
        })
    ) {
        let means = "whether the period and the window after it are over at the horizon";
        figures.push(figure("ripe", ColumnKind::Flag, None, means, Reading::Ripe));
    }
    figures
}

/// The time grain among the dimensions, and the others.
pub(super) fn split_time(by: &[Dimension]) -> Result<(Option<Grain>, Vec<Dimension>), Refusal> {
    let grains: Vec<_> = by
        .iter()
        .filter_map(|dim| match dim {
            Dimension::Time(grain) => Some(*grain),
            _ => None,
        })
        .collect();
    if grains.len() > 1 {
        let title = "a flow is cut by one kind of period at a time".to_owned();
        return Err(
            Refusal::new("E0406", title).fix("keep one of week, month, quarter, year in --by")
        );
    }
    let dims = by
        .iter()
        .filter(|dim| !matches!(dim, Dimension::Time(_)))
        .cloned()
        .collect();
    Ok((grains.first().copied(), dims))
}
