//! How soon leads are assigned and answered, by the dimensions of the lead. What an answer is, is
//! decided in `kernels::response`.

use handfast_kernels::journey::World;
use handfast_kernels::response::{Response, Start, Verdict, Within, is_within, responses};
use handfast_model::question::{Clock, Dimension};
use handfast_model::{ColumnKind, Question, Refusal};

use super::figure::{Figure, Reading, figure};
use super::ground::{Anchor, Ground};
use super::sheet::{Key, Member, Sheet};
use super::tally::{Item, Tally};
use super::whose::Whose;

/// Where a lead is counted: the columns of the sheet.
mod column {
    pub const LEADS: usize = 0;
    pub const ASSIGNED: usize = 1;
    pub const WORKED: usize = 2;
    pub const CLOCKED: usize = 3;
    /// Whose answer is due within an hour, a day, a week; each with those in time after it.
    pub const DUE: [usize; 3] = [4, 6, 8];
    pub const AGED: usize = 10;
    pub const UNTOUCHED: usize = 11;
    pub const ACCEPTED: usize = 12;
    pub const REJECTED: usize = 13;
    pub const AGE_ASSIGNED: usize = 14;
    pub const AGE_WORKED: usize = 15;
    pub const COUNT: usize = 16;
}

const WITHIN: [(Within, &str, &str); 3] = [
    (Within::Hour, "in_1h", "an hour"),
    (Within::Day, "in_24h", "24 hours"),
    (Within::Week, "in_7d", "7 days"),
];

/// Sorts every lead created in the period.
pub(super) fn count<'a>(
    ground: &'a Ground<'a>,
    question: &'a Question,
    clock: &Clock,
    untouched_days: u32,
) -> Result<Tally<'a>, Refusal> {
    let (start, runs_from) = match clock {
        Clock::Creation => (Start::Creation, "the lead's creation".to_owned()),
        Clock::Assignment => (
            Start::Assignment,
            "the first assignment to a rep".to_owned(),
        ),
        Clock::Entry(step) => (
            Start::Entry(ground.step_or_first(Some(step))?),
            format!("the first entry of `{step}`"),
        ),
    };
    let world = World {
        snapshot: ground.snapshot,
        charter: ground.charter,
        horizon: ground.horizon,
    };
    let mut sheet = Sheet::new(column::COUNT);
    let mut items = Vec::new();
    for found in responses(&world, ground.journeys, start) {
        if let Some(keys) = keys(ground, question, &found) {
            let mut place = Place {
                keys: &keys,
                sheet: &mut sheet,
                items: &mut items,
            };
            place.lead(ground, &found, untouched_days);
        }
    }
    let mut tally = Tally::new(ground, question, sheet);
    tally.dimension_columns(&question.by);
    tally.figures = figures(untouched_days);
    tally.items = items;
    tally.notes.push(format!(
        "leads by their creation; an answer is the first touch by sales at or after {runs_from}; \
        calendar time; working hours count in `ask sla`"
    ));
    tally.notes.push(
        "in time: answered within it, of those answered or overdue; who can still be answered in \
        time is left out, and so are dates without a time where hours are asked; ≈ is an estimate \
        (Kaplan–Meier; the unanswered are censored at the horizon)"
            .to_owned(),
    );
    Ok(tally)
}

/// The row of a lead; `None` when the question leaves it out.
fn keys(ground: &Ground<'_>, question: &Question, found: &Response) -> Option<Vec<Key>> {
    let lead = ground.journeys.leads.get(found.lead as usize)?;
    let day = lead.created.when.day(&ground.charter.calendar);
    let is_in = question
        .period
        .is_none_or(|(from, until)| day.is_some_and(|day| from <= day && day < until));
    let pursuit = lead.pursuit.and_then(|pursuit| ground.pursuit(pursuit));
    let is_asked = pursuit.map_or(question.filter.is_none(), |pursuit| {
        ground.is_asked_of(pursuit, Whose::Lead(found.lead))
    });
    let key = |dim: &Dimension| match pursuit {
        Some(pursuit) => ground.key(
            dim,
            &Anchor {
                pursuit,
                number: lead.pursuit.unwrap_or_default(),
                day,
                at: lead.created.at,
                owner: found.owner,
                whose: Whose::Lead(found.lead),
            },
        ),
        None => ground.key_of_lead(dim, (lead, day), found.owner),
    };
    (is_in && is_asked).then(|| question.by.iter().map(key).collect())
}

struct Place<'p> {
    keys: &'p [Key],
    sheet: &'p mut Sheet,
    items: &'p mut Vec<Item>,
}

impl Place<'_> {
    fn lead(&mut self, ground: &Ground<'_>, found: &Response, untouched_days: u32) {
        let Some(lead) = ground.journeys.leads.get(found.lead as usize) else {
            return;
        };
        let whole = Item {
            pursuit: lead.pursuit,
            deal: None,
            person: Some(lead.person),
            fact: Some(lead.fact),
            elapsed: found.answer.map(|answer| answer.elapsed),
            timed: found.answer,
            reason: found.reason,
        };
        let limit = i64::from(untouched_days) * 86_400;
        let untouched = found.untouched.as_ref();
        let in_time = untouched.and_then(|timed| is_within(timed, limit));
        let verdict = found.verdict.map(|(verdict, _)| verdict);
        let mut columns = vec![column::LEADS];
        columns.extend(lead.assigned.map(|_| column::ASSIGNED));
        columns.extend(lead.worked.map(|_| column::WORKED));
        columns.extend(found.answer.map(|_| column::CLOCKED));
        for ((within, ..), due) in WITHIN.iter().zip(column::DUE) {
            let met = found
                .answer
                .as_ref()
                .and_then(|answer| within.is_met(answer));
            columns.extend(met.map(|_| due));
            columns.extend(met.filter(|is_met| *is_met).map(|_| due + 1));
        }
        columns.extend(in_time.map(|_| column::AGED));
        columns.extend((in_time == Some(false)).then_some(column::UNTOUCHED));
        columns.extend((verdict == Some(Verdict::Accepted)).then_some(column::ACCEPTED));
        columns.extend((verdict == Some(Verdict::Rejected)).then_some(column::REJECTED));
        self.add(whole, &columns);
        let aged = |elapsed, fact| Item {
            elapsed,
            fact,
            timed: None,
            ..whole
        };
        if found.age_assigned.is_some() {
            self.add(
                aged(found.age_assigned, lead.assigned),
                &[column::AGE_ASSIGNED],
            );
        }
        if found.age_worked.is_some() {
            self.add(aged(found.age_worked, lead.worked), &[column::AGE_WORKED]);
        }
    }

    fn add(&mut self, item: Item, columns: &[usize]) {
        let member = Member::Item(self.items.len() as u32);
        self.items.push(item);
        for &column in columns {
            self.sheet.add(self.keys, column, member);
        }
    }
}

fn days(id: &str, kind: ColumnKind, means: &str, reading: Reading) -> Figure {
    figure(id, kind, Some("days"), means, reading)
}

fn share(id: &str, means: &str, part: usize, whole: usize) -> Figure {
    let reading = Reading::Share(part, whole);
    figure(id, ColumnKind::Ratio, Some("lead"), means, reading)
}

fn figures(untouched_days: u32) -> Vec<Figure> {
    use column::{ACCEPTED, AGED, ASSIGNED, LEADS, REJECTED, UNTOUCHED, WORKED};
    let (count, text) = (ColumnKind::Count, ColumnKind::Text);
    let untouched = format!("untouched_{untouched_days}d");
    let means = format!("no touch by sales within {untouched_days} days of creation, of those due");
    let reasons = Reading::Reasons(REJECTED);
    let leads = Reading::Count(LEADS);
    let created = "created in the period";
    let mut figures = vec![
        figure("leads", count, Some("lead"), created, leads),
        share(
            "assigned",
            "of those, assigned to a rep by now",
            ASSIGNED,
            LEADS,
        ),
        share("worked", "of those, touched by sales by now", WORKED, LEADS),
    ];
    figures.extend(answer_figures());
    figures.push(share(&untouched, &means, UNTOUCHED, AGED));
    figures.extend(age_figures());
    figures.extend([
        share(
            "accepted",
            "of all, accepted by the latest verdict",
            ACCEPTED,
            LEADS,
        ),
        share(
            "rejected",
            "of all, rejected by the latest verdict",
            REJECTED,
            LEADS,
        ),
        figure("reasons", text, None, "why they were rejected", reasons),
    ]);
    figures
}

/// How soon those are answered whose clock runs.
fn answer_figures() -> Vec<Figure> {
    let estimate = |id, means, percent| {
        let reading = Reading::Quantile(column::CLOCKED, percent);
        days(id, ColumnKind::EstimatedDays, means, reading)
    };
    let half = "≈ half of those whose clock runs are answered within so long";
    let most = "≈ nine of ten are answered within so long";
    let mut figures = vec![
        estimate("response_median", half, 50),
        estimate("response_p90", most, 90),
    ];
    for ((_, id, text), due) in WITHIN.iter().zip(column::DUE) {
        let means = format!("answered within {text}, of those due");
        figures.push(share(id, &means, due + 1, due));
    }
    figures
}

/// How fresh leads were when somebody took them up.
fn age_figures() -> [Figure; 2] {
    let median = |id, means, column| {
        let reading = Reading::MedianDays(column);
        days(id, ColumnKind::Days, means, reading)
    };
    let assigned = "median age at the first assignment, of those assigned";
    let worked = "median age at the first touch by sales, of those worked";
    [
        median("age_assigned", assigned, column::AGE_ASSIGNED),
        median("age_worked", worked, column::AGE_WORKED),
    ]
}
