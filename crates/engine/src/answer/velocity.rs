//! How long it takes: from opening (or a stage) to each outcome, and in each stage.

use handfast_kernels::velocity;
use handfast_model::rules::{StepIx, StepRole};
use handfast_model::{ColumnKind, Question, Refusal};

use super::figure::{Reading, figure};
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
) -> Result<Tally<'a>, Refusal> {
    let step = from
        .map(|from| ground.step_or_first(Some(from)))
        .transpose()?;
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
    let Times { sheet, spans, .. } = rows;
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
