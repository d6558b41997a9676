//! What metrics of handoffs and of reasons say besides their figures.

use handfast_kernels::metric::{Metric, Scope};
use handfast_model::Refusal;
use handfast_model::hours::{Handoff, Within};

use super::ground::Ground;
use super::sla::{chosen, promise};

/// The place of a handoff of the charter, or all of them where none is named.
pub(super) fn handoff(
    ground: &Ground<'_>,
    metric: Metric,
    name: Option<&str>,
) -> Result<Option<u32>, Refusal> {
    let found = chosen(ground, name)?;
    let is_business = |handoff: &Handoff| matches!(handoff.within, Within::BusinessHours(_));
    let mut clocks = found.iter().map(|(_, handoff)| is_business(handoff));
    let first = clocks.next();
    if metric == Metric::ResponseHours && clocks.any(|clock| Some(clock) != first) {
        let names: Vec<&str> = found.iter().map(|(_, one)| one.name.as_str()).collect();
        let title = "the charter's promises have clocks of their own";
        return Err(Refusal::new("E0440", title)
            .matters("hours in which people work and hours by any clock have no mean")
            .fix(format!("name one after a colon: {}", names.join(", "))));
    }
    let asked = found.first().map(|(place, _)| *place);
    Ok(asked.filter(|_| name.is_some()))
}

/// One sentence for each promise that is counted.
pub(super) fn notes(ground: &Ground<'_>, metric: Metric, scope: &Scope) -> Vec<String> {
    if !metric.is_of_handoffs() {
        return Vec::new();
    }
    let all = (0u32..).zip(&ground.charter.handoffs);
    let asked = all.filter(|(place, _)| scope.handoff.is_none_or(|asked| asked == *place));
    asked.map(|(_, handoff)| promise(handoff)).collect()
}

/// Says that a reason was asked for which nothing here was lost for: it may be misspelt.
pub(super) fn unheard(metric: Metric, name: &str, is_heard: bool) -> Option<String> {
    let (_, reason) = name.split_once(':')?;
    (metric == Metric::LostFor && !is_heard).then(|| {
        format!(
            "nothing here was lost for `{reason}`; `ask metric lost_by_reason` shows the reasons \
             given, letter for letter"
        )
    })
}
