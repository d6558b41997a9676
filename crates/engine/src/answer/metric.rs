//! A named metric by dimensions. What it counts is decided in `kernels::metric`.

use handfast_kernels::journey::World;
use handfast_kernels::metric::{self, Counted, Measured, Metric, MetricSpec, SPECS, Scope, Shape};
use handfast_model::{ColumnKind, Question, Refusal};

use super::figure::{Figure, Reading, figure};
use super::ground::{Anchor, Ground};
use super::price::{Prices, not_priced};
use super::sheet::{Key, Member, Sheet};
use super::tally::Tally;

/// Counts one metric.
pub(super) fn count<'a>(
    ground: &'a Ground<'a>,
    question: &'a Question,
    name: &str,
) -> Result<Tally<'a>, Refusal> {
    let spec = spec(name)?;
    if question.currency.is_some() && !is_by_row_currency(spec.shape) {
        let title = format!("--currency means nothing to `{name}`: it sums no money");
        return Err(Refusal::new("E0405", title).fix("leave --currency out"));
    }
    let Measured {
        mut members,
        mut issues,
    } = measure(ground, question, spec.metric);
    let prices = question.currency.map(|to| Prices::new(ground, to));
    let mut sheet = Sheet::new(NOT_PRICED + 1);
    if question.by.is_empty()
        && !is_by_row_currency(spec.shape)
        && spec.shape != Shape::CountByReason
    {
        sheet.open_row(&[]);
    }
    for (at, member) in members.iter_mut().enumerate() {
        let Some(keys) = keys(ground, question, spec.shape, member) else {
            continue;
        };
        let place = Member::Measured(at as u32);
        if let (Some(prices), Some(money)) = (&prices, member.money) {
            member.money = prices.take(money, deal_of(member), member.anchor.when);
            if member.money.is_none() {
                let fact = member.fact.and_then(|fact| ground.fact(fact));
                issues.push(not_priced(fact.map(|fact| fact.id)));
                sheet.add(&keys, NOT_PRICED, place);
                continue;
            }
        }
        sheet.add(&keys, 1, place);
        if member.is_part {
            sheet.add(&keys, 0, place);
        }
    }
    let mut tally = Tally::new(ground, question, sheet);
    tally.dimension_columns(&question.by);
    match spec.shape {
        Shape::CountByReason => tally.text_column("reason", "the reason given"),
        shape if is_by_row_currency(shape) => tally.text_column("currency", ""),
        _ => {}
    }
    tally.figures = figures(spec, question);
    tally.prices = prices;
    tally.measured = members;
    tally.extra_issues = issues;
    Ok(tally)
}

/// The declarations of a metric by its name.
pub fn spec(name: &str) -> Result<&'static MetricSpec, Refusal> {
    SPECS.iter().find(|spec| spec.name == name).ok_or_else(|| {
        let known: Vec<&str> = SPECS.iter().map(|spec| spec.name).collect();
        Refusal::new("E0403", format!("there is no metric `{name}`")).fix(format!(
            "one of: {}; `handfast metric list` says what each is",
            known.join(", ")
        ))
    })
}

fn measure(ground: &Ground<'_>, question: &Question, metric: Metric) -> Measured {
    let world = World {
        snapshot: ground.snapshot,
        charter: ground.charter,
        horizon: ground.horizon,
    };
    let scope = Scope {
        from: question.period.map(|(from, _)| ground.start_of(from)),
        until: question.period.map(|(_, until)| ground.start_of(until)),
        unit: question.unit,
    };
    metric::measure(metric, &world, &ground.journeys, &scope)
}

/// The member column of amounts that have no price in the asked currency.
const NOT_PRICED: usize = 2;

fn deal_of(member: &metric::Member) -> Option<u32> {
    match member.counted {
        Counted::Deal(deal) => Some(deal),
        Counted::Pursuit(_) | Counted::Lead(_) => None,
    }
}

/// Sums of money have one row per currency.
fn is_by_row_currency(shape: Shape) -> bool {
    matches!(shape, Shape::Sum | Shape::MeanMoney)
}

/// The row of a member; `None` when the question leaves it out.
fn keys(
    ground: &Ground<'_>,
    question: &Question,
    shape: Shape,
    member: &metric::Member,
) -> Option<Vec<Key>> {
    let pursuit = member.pursuit.and_then(|pursuit| ground.pursuit(pursuit));
    let is_asked = pursuit.map_or(question.filter.is_none(), |pursuit| {
        ground.is_pursuit_asked(pursuit)
    });
    if !is_asked {
        return None;
    }
    let day = member.anchor.when.day(&ground.charter.calendar);
    let last = pursuit.and_then(|pursuit| pursuit.visits.last());
    let owner = last.map_or((None, None), |visit| (visit.rep, visit.team));
    let mut keys: Vec<Key> = match pursuit {
        Some(pursuit) => {
            let anchor = Anchor {
                pursuit,
                day,
                at: member.anchor.at,
                owner,
            };
            question
                .by
                .iter()
                .map(|dim| ground.key(dim, &anchor))
                .collect()
        }
        None => question
            .by
            .iter()
            .map(|dim| ground.key_of_day(dim, day))
            .collect(),
    };
    if shape == Shape::CountByReason {
        let text = |reason| Key::Text(ground.snapshot.names.text(reason).to_owned());
        keys.push(member.reason.map_or(Key::Unknown, text));
    }
    if is_by_row_currency(shape) {
        let currency = question.currency.unwrap_or(member.money?.currency);
        keys.push(Key::Text(currency.code().to_owned()));
    }
    Some(keys)
}

fn figures(spec: &MetricSpec, question: &Question) -> Vec<Figure> {
    let unit = Some(question.unit.word());
    let count = |means: &str| figure("n", ColumnKind::Count, unit, means, Reading::Count(0));
    let (name, means) = (spec.name, spec.means);
    let mut figures = match spec.shape {
        Shape::Count | Shape::CountByReason => {
            vec![figure(
                name,
                ColumnKind::Count,
                unit,
                means,
                Reading::Count(0),
            )]
        }
        Shape::Share => vec![figure(
            name,
            ColumnKind::Ratio,
            unit,
            means,
            Reading::Share(0, 1),
        )],
        Shape::Sum => {
            vec![
                figure(
                    name,
                    ColumnKind::Money,
                    None,
                    means,
                    Reading::Money(0, None),
                ),
                count("how many are summed"),
            ]
        }
        Shape::MeanMoney => vec![figure(
            name,
            ColumnKind::Mean,
            None,
            means,
            Reading::MeanMoney(0),
        )],
        Shape::Days => days_figures(count("how many have both dates")),
    };
    if is_by_row_currency(spec.shape) && question.currency.is_some() {
        figures.push(figure(
            "not_priced",
            ColumnKind::Count,
            unit,
            "how many have an amount but no rate: counted here, not summed",
            Reading::Count(NOT_PRICED),
        ));
    }
    figures
}

/// The figures of a list of times, their count first.
pub(super) fn days_figures(count: Figure) -> Vec<Figure> {
    let days =
        |id: &str, kind, means: &str, reading| figure(id, kind, Some("days"), means, reading);
    vec![
        count,
        days(
            "mean",
            ColumnKind::Mean,
            "sum of the times over their count",
            Reading::MeanDays(0),
        ),
        days(
            "median",
            ColumnKind::Days,
            "the middle time",
            Reading::MedianDays(0),
        ),
        days(
            "min",
            ColumnKind::Days,
            "the shortest; below zero where dates contradict",
            Reading::MinDays(0),
        ),
        days("max", ColumnKind::Days, "the longest", Reading::MaxDays(0)),
    ]
}
