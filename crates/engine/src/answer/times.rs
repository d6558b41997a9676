//! How long stays in each stage last, by the period and dimensions of their entry, those that are
//! not over included. What is over is counted; what all of them will take is estimated.

use handfast_kernels::flat::{STILL, Span, UNDATED};
use handfast_kernels::times::{Sight, Timed};
use handfast_model::rules::{StepIx, StepRole};
use handfast_model::{ColumnKind, Day, Instant, Question, Refusal};

use super::codes::At;
use super::figure::{Figure, Memo, Reading, figure, sorted};
use super::ground::Ground;
use super::groups::{Groups, Rows};
use super::sheet::{Member, Sheet};
use super::tally::Tally;

/// Times every stay that entered in the period.
pub(super) fn count<'a>(
    ground: &'a Ground<'a>,
    question: &'a Question,
    observed_from: Option<Day>,
    is_listed: bool,
) -> Result<Tally<'a>, Refusal> {
    let sight = Sight {
        from: observed_from.map(|day| ground.start_of(day)),
        until: ground.horizon,
    };
    let groups = Groups::of_unit(ground, &question.by, question.unit, At::Entry);
    let is_counted = !is_listed && observed_from.is_none();
    let counted = match is_counted && ground.asks_all() && groups.is_of_places() {
        true => spans(ground, question, groups),
        false => listed(ground, question, sight, groups),
    };
    let mut tally = Tally::new(ground, question, counted.sheet);
    tally.dimension_columns(&question.by);
    tally.stage_column();
    tally.figures = figures(question);
    tally.sight = Some(sight);
    tally.timed = counted.timed;
    tally.known = counted.known;
    tally.has_totals = false;
    tally.notes.push(
        "stays by the period of their entry, implied and undated ones left out; ≈ is an estimate \
        and no count (Kaplan–Meier; those still there are censored at the horizon); – where so \
        many have not left yet"
            .to_owned(),
    );
    tally.notes.extend(observed_from.map(|day| {
        format!(
            "≈ takes stays begun before {day} as seen from then on (left truncation); – from the \
            first age on at which nobody was seen"
        )
    }));
    Ok(tally)
}

/// The rows, and what their figures are read off.
struct Counted {
    sheet: Sheet,
    /// By stay, where it is listed.
    timed: Vec<Option<Timed>>,
    /// By row, where none is.
    known: Vec<Memo>,
}

fn bounds(ground: &Ground<'_>, question: &Question) -> Option<(Instant, Instant)> {
    let period = question.period;
    period.map(|(from, until)| (ground.start_of(from), ground.start_of(until)))
}

/// The times in each row, in order, where nobody asks whose they are.
fn spans(ground: &Ground<'_>, question: &Question, mut groups: Groups<'_, '_>) -> Counted {
    let flat = ground.flat(question.unit);
    let (from, until) =
        bounds(ground, question).map_or((UNDATED + 1, STILL), |(from, until)| (from.0, until.0));
    let is_end = |step: &u8| ground.role(StepIx(*step)).is_some_and(StepRole::is_end);
    let ends: Vec<u8> = (0..=u8::MAX).filter(is_end).collect();
    let (mut sheet, mut rows) = (Sheet::new(3), Rows::default());
    let mut found: Vec<Vec<Span>> = Vec::new();
    for (row, seen) in flat.rows.iter().zip(&ground.times(question.unit).seen) {
        let is_in = from <= row.entered && row.entered < until;
        if !is_in || *seen == Span::NONE || ends.contains(&row.step) {
            continue;
        }
        let group = groups.of_place(row.visit, u32::from(row.step));
        let place = rows.of(group, &mut sheet, || {
            let (mut keys, _) = groups.keys(group);
            keys.push(ground.step_key(StepIx(row.step)));
            keys
        });
        if found.len() <= place {
            found.resize_with(place + 1, Vec::new);
        }
        found
            .get_mut(place)
            .into_iter()
            .for_each(|spans| spans.push(*seen));
    }
    let known = sorted(found, |spans| {
        let over = spans.iter().filter(|span| span.is_over()).count();
        (Memo::of_seen((1, 0), spans), spans.len(), over)
    });
    let known = known.into_iter().enumerate();
    let known = known.map(|(place, (memo, all, over))| {
        for (column, count) in [all, over, all - over].into_iter().enumerate() {
            sheet.count_at(place, column, count as u64);
        }
        memo
    });
    Counted {
        known: known.collect(),
        timed: Vec::new(),
        sheet,
    }
}

/// Each stay in its row.
fn listed(
    ground: &Ground<'_>,
    question: &Question,
    sight: Sight,
    mut groups: Groups<'_, '_>,
) -> Counted {
    let calendar = &ground.charter.calendar;
    let bounds = bounds(ground, question);
    let stays = ground.stays(question.unit);
    let mut sheet = Sheet::new(3);
    let mut rows = Rows::default();
    let mut times = vec![None; stays.len()];
    for (at, stay) in (0u32..).zip(stays) {
        let is_within = |at| bounds.is_none_or(|(from, until)| from <= at && at < until);
        let is_in = stay.entered.at.is_some_and(is_within);
        let is_end = ground.role(stay.step).is_some_and(StepRole::is_end);
        if !is_in || is_end || !ground.is_asked(stay.unit, &stay.members) {
            continue;
        }
        let Some(timed) = sight.stay(stay, ground.journeys, calendar) else {
            continue;
        };
        let first = stay.members.first().copied();
        let place = groups.row(&mut rows, &mut sheet, stay, first);
        if let Some(slot) = times.get_mut(at as usize) {
            *slot = Some(timed);
        }
        let is_over = timed.observation.cause.is_some();
        let column = if is_over { 1 } else { 2 };
        sheet.add_at(place, 0, Member::Stay(at));
        sheet.add_at(place, column, Member::Stay(at));
    }
    Counted {
        sheet,
        timed: times,
        known: Vec::new(),
    }
}

fn figures(question: &Question) -> Vec<Figure> {
    let unit = Some(question.unit.word());
    let count =
        |id: &str, means: &str, at| figure(id, ColumnKind::Count, unit, means, Reading::Count(at));
    let days =
        |id: &str, kind, means: &str, reading| figure(id, kind, Some("days"), means, reading);
    let estimate = |id: &str, means: &str, percent| {
        let kind = ColumnKind::EstimatedDays;
        days(id, kind, means, Reading::Quantile(0, percent))
    };
    vec![
        count("stays", "stays that began", 0),
        count("over", "of those, over at the horizon", 1),
        count("there", "of those, still there at the horizon", 2),
        days(
            "mean_over",
            ColumnKind::Mean,
            "sum of the times of those that are over, over their count",
            Reading::MeanDays(1),
        ),
        estimate("median", "≈ half of all stays take at most so long", 50),
        estimate("p75", "≈ three of four take at most so long", 75),
        estimate("p90", "≈ nine of ten take at most so long", 90),
    ]
}
