//! From which stage to which pursuits went in a period, and who stood where at its edges. What a
//! transition is, is decided in `kernels::transitions`; here they are sorted by dimensions.

use handfast_kernels::funnel::{UnitKey, VisitRef};
use handfast_kernels::quick::Quick;
use handfast_kernels::transitions::{self, Kind, Spot, Transition};
use handfast_kernels::velocity::elapsed;
use handfast_model::question::{Dimension, Unit};
use handfast_model::{ColumnKind, Period, Question, Refusal};

use super::codes::At;
use super::figure::{Figure, Reading, figure};
use super::funnel::{bounds, periods, split_time};
use super::ground::Ground;
use super::groups::Groups;
use super::records::role_word;
use super::sheet::{Key, Member, Sheet};
use super::tally::{Span, Tally};

/// Counts every transition of a period, and the stays across its edges.
pub(super) fn count<'a>(
    ground: &'a Ground<'a>,
    question: &'a Question,
) -> Result<Tally<'a>, Refusal> {
    let days = question.period.unwrap_or_else(|| ground.whole_time());
    let (grain, dims) = split_time(&question.by)?;
    let periods = periods(ground, grain, days);
    let time = question.by.iter();
    let time = time
        .clone()
        .position(|dim| matches!(dim, Dimension::Time(_)));
    let mut rows = Rows {
        ground,
        groups: Groups::of_unit(ground, &dims, Unit::Pursuit, At::Entry),
        time,
        sheet: Sheet::new(2),
        spans: Vec::new(),
    };
    let steps = &ground.charter.steps;
    let all = transitions::transitions(ground.journeys, steps);
    let world = (ground.journeys, steps.as_slice());
    for (period, edges) in periods.iter().zip(bounds(ground, &periods, days)) {
        rows.add(period, &transitions::between(&all, world, edges));
    }
    let Rows { sheet, spans, .. } = rows;
    let mut tally = Tally::new(ground, question, sheet);
    tally.spans = spans;
    tally.dimension_columns(&question.by);
    let from = "where it comes from: (new) nothing yet, (at_start) the same stage since before the \
                period, (none) no stage";
    let to = "where it goes to: (at_end) the same stage when the period ends, (none) no stage";
    let kind = "entry, forward, skip, passed, back, recycled, returned, reopened, out, end; stay \
                is none, but who is there at an edge of the period";
    for (id, means) in [("from", from), ("to", to), ("kind", kind)] {
        tally.text_column(id, means);
    }
    tally.figures = figures();
    tally.has_totals = false;
    tally.notes = notes(question, days);
    Ok(tally)
}

fn notes(
    question: &Question,
    (from, until): (handfast_model::Day, handfast_model::Day),
) -> Vec<String> {
    let balance = format!(
        "transitions from {from} until {until} (not included): what comes to a stage = what goes \
         from it + what passed it; an end is no place to stay"
    );
    let is_time = |dim: &Dimension| matches!(dim, Dimension::Time(_));
    let is_split = question.filter.is_some() || !question.by.iter().all(is_time);
    let split = is_split.then(|| {
        "each transition is that of the stage which is entered, else of the one which is left: \
         where it changes what is asked for, a stage has more coming than going, or fewer"
            .to_owned()
    });
    std::iter::once(balance).chain(split).collect()
}

/// Rows while they are filled.
struct Rows<'g, 'a> {
    ground: &'g Ground<'a>,
    groups: Groups<'g, 'a>,
    /// The place of the period among the dimensions.
    time: Option<usize>,
    sheet: Sheet,
    spans: Vec<Span>,
}

impl Rows<'_, '_> {
    fn add(&mut self, period: &Period, found: &[Transition]) {
        let mut places: Quick<(u32, u32), usize> = Quick::default();
        for one in found {
            let unit = UnitKey::Pursuit(one.visit.pursuit);
            if !self.ground.is_asked(unit, &[one.visit]) {
                continue;
            }
            let group = self.groups.of_visit(unit, Some(one.visit), 0);
            let place = (one.from.place() * 512 + one.to.place()) * 2;
            let place = place + u32::from(one.kind == Kind::Passed);
            let row = match places.get(&(group, place)) {
                Some(row) => *row,
                None => {
                    let row = self.sheet.open_row(&self.keys(group, period, one));
                    places.insert((group, place), row);
                    row
                }
            };
            self.sheet.add_at(row, 0, Member::Visit(one.visit));
            if let Some(span) = self.span(one) {
                let member = Member::Span(self.spans.len() as u32);
                self.spans.push(span);
                self.sheet.add_at(row, 1, member);
            }
        }
    }

    /// How long the stay was that ended with it.
    fn span(&self, one: &Transition) -> Option<Span> {
        let VisitRef { pursuit, visit } = one.left?;
        let (_, stay) = self.ground.visit(one.left?)?;
        let calendar = &self.ground.charter.calendar;
        Some(Span {
            pursuit,
            visit: Some(visit),
            elapsed: elapsed(stay.entered.when, stay.left?.when, calendar)?,
        })
    }

    fn keys(&self, group: u32, period: &Period, one: &Transition) -> Vec<Key> {
        let (mut keys, _) = self.groups.keys(group);
        keys.extend([one.from, one.to].map(|spot| self.spot(spot)));
        keys.push(Key::Place(one.kind as u32, one.kind.word().to_owned()));
        if let Some(at) = self.time {
            keys.insert(at, Key::Period(period.from, period.label.clone()));
        }
        keys
    }

    /// What is no stage of the charter stands in brackets, so that no stage is called the same.
    fn spot(&self, spot: Spot) -> Key {
        let word = match spot {
            Spot::Step(step) => self.ground.step_id(step).to_owned(),
            Spot::New => "(new)".to_owned(),
            Spot::AtStart => "(at_start)".to_owned(),
            Spot::Nowhere => "(none)".to_owned(),
            Spot::End(role) => format!("({})", role_word(role)),
            Spot::AtEnd => "(at_end)".to_owned(),
        };
        Key::Place(spot.place(), word)
    }
}

fn figures() -> Vec<Figure> {
    let unit = Some(Unit::Pursuit.word());
    vec![
        figure(
            "transitions",
            ColumnKind::Count,
            unit,
            "how often; one pursuit may go the same way again",
            Reading::Count(0),
        ),
        figure(
            "timed",
            ColumnKind::Count,
            unit,
            "of those, stays in the stage left with both dates",
            Reading::Count(1),
        ),
        figure(
            "median",
            ColumnKind::Days,
            Some("days"),
            "the middle time of those stays",
            Reading::MedianDays(1),
        ),
    ]
}
