//! What a metric looks at, by its name, what follows it and the question.

use handfast_kernels::metric::{Metric, PaidFor, Scope, Split};
use handfast_model::catalogue::{Argument, base_of};
use handfast_model::question::Dimension;
use handfast_model::{Question, Refusal};

use super::ground::Ground;
use super::{brand, promised};

/// What a metric looks at, by its name and what follows it.
pub(super) fn scope(
    ground: &Ground<'_>,
    question: &Question,
    name: &str,
) -> Result<Scope, Refusal> {
    let plain = name.split(':').next().unwrap_or(name);
    let base = base_of(plain);
    let arguments = base.map_or(&[][..], |base| base.arguments);
    let told = base.map_or_else(Vec::new, |base| base.told_by(name));
    if told.len() > arguments.len() || base.is_none() && plain != name {
        return Err(not_told(name));
    }
    brand::need(ground, Metric::parse(name), name)?;
    let mut scope = Scope {
        from: question.period.map(|(from, _)| ground.start_of(from)),
        until: question.period.map(|(_, until)| ground.start_of(until)),
        unit: question.unit,
        split: split(question),
        is_by_rep: question.by.contains(&Dimension::Rep),
        ..Scope::ALL
    };
    let handed = Metric::parse(name).filter(|metric| metric.is_of_handoffs());
    if let Some(metric) = handed {
        scope.handoff = promised::handoff(ground, metric, told.first().copied())?;
    }
    for (word, argument) in told.into_iter().zip(arguments) {
        match argument {
            Argument::Stage => {
                let step = Some(ground.step_or_first(Some(word))?);
                match scope.step {
                    None => scope.step = step,
                    Some(_) => scope.to = step,
                }
            }
            Argument::Number => {
                let nth = word.parse().ok().filter(|nth| *nth <= FURTHEST);
                scope.nth = nth.ok_or_else(|| not_told(name))?;
            }
            Argument::PaidFor => {
                let paid_for = PaidFor::asked(word).ok_or_else(|| not_told(name))?;
                scope.paid_for = Some(paid_for);
            }
            Argument::Reason => scope.reason = ground.snapshot.names.find(word),
            // Found above.
            Argument::Handoff => {}
        }
    }
    Ok(scope)
}

/// The periods that a question is split by.
pub(super) fn split(question: &Question) -> Split {
    Split::of(question.by.iter().filter_map(|dim| match dim {
        Dimension::Time(grain) => Some(*grain),
        _ => None,
    }))
}

/// The furthest quarter after that of creation: a hundred years.
const FURTHEST: u32 = 400;

/// What follows a metric's name makes no sense.
pub(super) fn not_told(name: &str) -> Refusal {
    Refusal::new("E0403", format!("`{name}` is not how this metric is asked"))
        .fix("`handfast metric list` shows what follows each name: a stage's id, a number")
}
