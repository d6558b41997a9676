//! How long it takes: from opening (or a stage) to each outcome, and in each stage.

use std::sync::Arc;

use handfast_kernels::flat::Span as Took;
use handfast_kernels::velocity;
use handfast_model::question::{Dimension, Unit};
use handfast_model::rules::{StepIx, StepRole};
use handfast_model::{ColumnKind, Grain, Question, Refusal};

use super::codes::{At, Coded};
use super::figure::{Memo, Reading, figure, sorted};
use super::ground::{Anchor, Ground};
use super::groups::{Groups, Rows};
use super::metric::days_figures;
use super::sheet::{Key, Member, Sheet};
use super::tally::{Span, Tally};
use super::undated::untimed_note;
use super::whose::Whose;

/// Rows of outcomes before the rows of stages.
const OUTCOMES: [(&str, &[StepRole]); 5] = [
    ("to won", &[StepRole::Won]),
    ("to lost", &[StepRole::Lost]),
    ("to won or lost", &[StepRole::Won, StepRole::Lost]),
    ("to disqualified", &[StepRole::Disqualified]),
    ("to dormant", &[StepRole::Dormant]),
];

/// Measures times by outcome and stage.
pub(super) fn count<'a>(
    ground: &'a Ground<'a>,
    question: &'a Question,
    from: Option<&str>,
    is_listed: bool,
) -> Result<Tally<'a>, Refusal> {
    let step = from
        .map(|from| ground.step_or_first(Some(from)))
        .transpose()?;
    let counted = match !is_listed && step.is_none() && ground.asks_all() {
        true => spans(ground, question),
        false => None,
    };
    let (sheet, spans, known) = counted.unwrap_or_else(|| {
        let mut rows = Times {
            ground,
            question,
            sheet: Sheet::new(1),
            spans: Vec::new(),
            groups: Groups::new(ground, &question.by),
            places: Rows::default(),
        };
        rows.outcomes(step);
        rows.stages();
        (rows.sheet, rows.spans, Vec::new())
    });
    let mut tally = Tally::new(ground, question, sheet);
    tally.dimension_columns(&question.by);
    tally.text_column("time", "");
    let unit = Some(question.unit.word());
    tally.figures = days_figures(figure(
        "n",
        ColumnKind::Count,
        unit,
        "how many have both dates",
        Reading::Count(0),
    ));
    tally.spans = spans;
    tally.known = known;
    tally.has_totals = false;
    let start = step.map_or("the pursuit's opening".to_owned(), |step| {
        format!("the first entry of `{}`", ground.step_id(step))
    });
    tally.notes.push(format!(
        "from {start} to the end, ends in the period; `in` a stage: stays that ended in the \
        period, implied ones left out"
    ));
    tally.notes.extend(untimed_note(ground, step));
    Ok(tally)
}

/// Rows, times by row, and what the figures of each row are read off.
type Counted = (Sheet, Vec<Span>, Vec<Memo>);

/// The times in each row, in order, where nobody asks whose they are; `None` where the dimensions
/// have too many values for that.
fn spans(ground: &Ground<'_>, question: &Question) -> Option<Counted> {
    let unit = Unit::Pursuit;
    let mut over = Groups::of_unit(ground, &question.by, unit, At::Over);
    let mut left = Groups::of_unit(ground, &question.by, unit, At::End);
    if !over.is_of_places() || !left.is_of_places() {
        return None;
    }
    let mut found = Found::default();
    let (ended, days) = (ground.ended(), Days::of(ground, question, At::Over));
    for (pursuit, (role, took)) in (0u32..).zip(ended.roles.iter().zip(&ended.took)) {
        let Some(role) = role.filter(|_| *took != Took::NONE && days.are_in(pursuit)) else {
            continue;
        };
        for (place, (label, roles)) in (0u32..).zip(OUTCOMES.iter()) {
            if roles.contains(&role) {
                let group = over.of_place(pursuit, place);
                found.add(*took, group, &over, || (place, (*label).to_owned()));
            }
        }
    }
    found.places = Rows::default();
    let (flat, days) = (ground.flat(unit), Days::of(ground, question, At::End));
    for (row, took) in flat.rows.iter().zip(&ground.times(unit).took) {
        if row.is_seen && *took != Took::NONE && days.are_in(row.visit) {
            let place = OUTCOMES.len() as u32 + u32::from(row.step);
            let group = left.of_place(row.visit, place);
            let step = StepIx(row.step);
            found.add(*took, group, &left, || {
                (place, format!("in {}", ground.step_id(step)))
            });
        }
    }
    let (mut sheet, times) = (found.sheet, found.times);
    for (place, times) in times.iter().enumerate() {
        sheet.count_at(place, 0, times.len() as u64);
    }
    let known = sorted(times, |times| Memo::of_times(0, times));
    Some((sheet, Vec::new(), known))
}

/// Times by row.
struct Found {
    sheet: Sheet,
    places: Rows,
    times: Vec<Vec<Took>>,
}

impl Default for Found {
    fn default() -> Found {
        Found {
            sheet: Sheet::new(1),
            places: Rows::default(),
            times: Vec::new(),
        }
    }
}

impl Found {
    /// A time in the row of a group, which is named with a last key.
    fn add(
        &mut self,
        took: Took,
        group: u32,
        groups: &Groups<'_, '_>,
        last: impl FnOnce() -> (u32, String),
    ) {
        let place = self.places.of(group, &mut self.sheet, || {
            let (mut keys, _) = groups.keys(group);
            let (row, label) = last();
            keys.push(Key::Place(row, label));
            keys
        });
        if self.times.len() <= place {
            self.times.resize_with(place + 1, Vec::new);
        }
        let times = self.times.get_mut(place);
        times.into_iter().for_each(|times| times.push(took));
    }
}

/// Which days are in the period of a question, where it has one.
struct Days(Option<(Arc<Coded>, Vec<bool>)>);

impl Days {
    fn of(ground: &Ground<'_>, question: &Question, at: At) -> Days {
        Days(question.period.map(|(from, until)| {
            let coded = ground.coded(&Dimension::Time(Grain::Day), at);
            let is_in = |key: &Key| match key {
                Key::Period(day, _) => from <= *day && *day < until,
                _ => false,
            };
            let are_in = coded.keys.iter().map(is_in).collect();
            (coded, are_in)
        }))
    }

    fn are_in(&self, place: u32) -> bool {
        self.0.as_ref().is_none_or(|(coded, are_in)| {
            let code = coded.of_place.get(place as usize);
            code.and_then(|code| are_in.get(*code as usize)) == Some(&true)
        })
    }
}

struct Times<'a> {
    ground: &'a Ground<'a>,
    question: &'a Question,
    sheet: Sheet,
    spans: Vec<Span>,
    groups: Groups<'a, 'a>,
    places: Rows,
}

impl Times<'_> {
    fn outcomes(&mut self, from: Option<StepIx>) {
        let ground = self.ground;
        for cycle in velocity::cycles(ground.journeys, &ground.charter.calendar, from) {
            let span = Span {
                pursuit: cycle.pursuit,
                visit: None,
                elapsed: cycle.elapsed,
            };
            for (place, (label, roles)) in OUTCOMES.iter().enumerate() {
                if roles.contains(&cycle.outcome) {
                    self.add(span, &cycle.until, (place as u32, || (*label).to_owned()));
                }
            }
        }
    }

    fn stages(&mut self) {
        let ground = self.ground;
        for (pursuit, found) in ground.journeys.pursuits.iter().enumerate() {
            for (at, visit) in found
                .visits
                .iter()
                .enumerate()
                .filter(|(_, visit)| !visit.is_implied)
            {
                let Some(left) = visit.left else { continue };
                let elapsed =
                    velocity::elapsed(visit.entered.when, left.when, &ground.charter.calendar);
                let Some(elapsed) = elapsed else { continue };
                let span = Span {
                    pursuit: pursuit as u32,
                    visit: Some(at as u32),
                    elapsed,
                };
                let place = (OUTCOMES.len() + usize::from(visit.step.0)) as u32;
                let label = || format!("in {}", ground.step_id(visit.step));
                self.add(span, &left, (place, label));
            }
        }
    }

    fn add(
        &mut self,
        span: Span,
        end: &handfast_kernels::Moment,
        (row, label): (u32, impl Fn() -> String),
    ) {
        let ground = self.ground;
        let Some(pursuit) = ground.pursuit(span.pursuit) else {
            return;
        };
        let day = end.when.day(&ground.charter.calendar);
        let is_in = self
            .question
            .period
            .is_none_or(|(from, until)| day.is_some_and(|day| from <= day && day < until));
        if !is_in || !ground.is_pursuit_asked(pursuit) {
            return;
        }
        let last = span
            .visit
            .and_then(|at| pursuit.visits.get(at as usize))
            .or(pursuit.visits.last());
        let owner = last.map_or((None, None), |visit| (visit.rep, visit.team));
        let anchor = Anchor {
            pursuit,
            number: span.pursuit,
            day,
            at: end.at,
            owner,
            whose: Whose::Pursuit,
        };
        let group = self.groups.of(Some(anchor), row);
        let place = self.places.of(group, &mut self.sheet, || {
            let (mut keys, _) = self.groups.keys(group);
            keys.push(Key::Place(row, label()));
            keys
        });
        let member = Member::Span(self.spans.len() as u32);
        self.sheet.add_at(place, 0, member);
        self.spans.push(span);
    }
}
