//! Questions about deals on their way, and about what changed.

use handfast_model::question::{Against, QuestionKind};
use handfast_model::question_text::parse_as_of;
use handfast_model::{Calendar, Refusal};

use super::{Misfit, Typed, period};

/// What is asked; `None` of other questions.
pub(super) fn kind(typed: &Typed, calendar: &Calendar) -> Option<Result<QuestionKind, Refusal>> {
    match typed.kind.as_str() {
        "bridge" => Some(bridge(typed, calendar)),
        "change" => Some(change(typed)),
        _ => None,
    }
}

fn bridge(typed: &Typed, calendar: &Calendar) -> Result<QuestionKind, Refusal> {
    if typed.period.is_none() {
        return Err(Refusal::new("E0401", "from when until when?")
            .fix("--period 2018-Q1: a bridge leads from one instant to another"));
    }
    let due = typed.due.as_deref();
    Ok(QuestionKind::Bridge {
        due: due.map(|text| period(text, calendar)).transpose()?,
    })
}

fn change(typed: &Typed) -> Result<QuestionKind, Refusal> {
    let Some(metric) = typed.of.clone() else {
        return Err(Refusal::new("E0401", "which metric changed?")
            .fix("ask change revenue --period 2018-Q1 --since 7"));
    };
    let against = against(typed)?;
    Ok(QuestionKind::Change { metric, against })
}

/// What a change is compared with.
fn against(typed: &Typed) -> Result<Against, Refusal> {
    let Some(since) = typed.since.as_deref() else {
        return Err(Refusal::new("E0401", "changed since when?")
            .fix("--since 7, or --since 2018-03-31T12:00:00Z: what had been told then"));
    };
    let read = parse_as_of(since).map_err(|why| Refusal::new("E0404", why).fix("--since 7"))?;
    Ok(Against::Since(read))
}

/// Options that belong to these questions only.
pub(super) fn misfits(typed: &Typed) -> [Misfit; 2] {
    let is = |kind: &str| typed.kind == kind;
    [
        (typed.due.is_some() && !is("bridge"), "--due", "ask bridge"),
        (
            typed.since.is_some() && !is("change"),
            "--since",
            "ask change",
        ),
    ]
}
