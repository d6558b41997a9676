//! How long stays in each stage last, by the period and dimensions of their entry, those that are
//! not over included. What is over is counted; what all of them will take is estimated.

use handfast_kernels::times::Sight;
use handfast_model::rules::StepRole;
use handfast_model::{ColumnKind, Day, Question, Refusal};

use super::figure::{Figure, Reading, figure};
use super::ground::Ground;
use super::groups::{Groups, Rows};
use super::sheet::{Member, Sheet};
use super::tally::Tally;

/// Times every stay that entered in the period.
pub(super) fn count<'a>(
    ground: &'a Ground<'a>,
    question: &'a Question,
    observed_from: Option<Day>,
) -> Result<Tally<'a>, Refusal> {
    let sight = Sight {
        from: observed_from.map(|day| ground.start_of(day)),
        until: ground.horizon,
    };
    let calendar = &ground.charter.calendar;
    let bounds = question
        .period
        .map(|(from, until)| (ground.start_of(from), ground.start_of(until)));
    let stays = ground.stays(question.unit);
    let mut sheet = Sheet::new(3);
    let (mut groups, mut rows) = (Groups::new(ground, &question.by), Rows::default());
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
    let mut tally = Tally::new(ground, question, sheet);
    tally.dimension_columns(&question.by);
    tally.stage_column();
    tally.figures = figures(question);
    tally.stays = stays;
    tally.sight = Some(sight);
    tally.timed = times;
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
