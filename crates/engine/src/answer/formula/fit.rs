//! Whether a question fits a metric of the catalogue: all its measures, or none.

use handfast_kernels::metric::Metric;
use handfast_model::catalogue::{Definition, Measure as Named};
use handfast_model::question::{Dimension, Unit};
use handfast_model::{Question, Refusal};

/// What a question asks of a metric that some of its measures do not know is refused: a figure of
/// which half is split would be a wrong one.
pub(super) fn check(definition: &Definition, question: &Question) -> Result<(), Refusal> {
    let name = &definition.name;
    let measures = || definition.measures.iter();
    // What is everybody's is not split, and knows no condition.
    let has_unit = measures().any(|one| one.base.is_by_unit && one.unit.is_none());
    let is_counted = matches!(question.unit, Unit::Pursuit | Unit::Deal);
    if question.unit != Unit::Pursuit && !(has_unit && is_counted) {
        let unit = question.unit.word();
        let title = format!("--unit {unit} means nothing to `{name}`");
        return Err(Refusal::new("E0405", title)
            .fix("leave --unit out; persons and accounts are counted by ask funnel"));
    }
    if question.currency.is_some() && !measures().any(Named::has_currency) {
        let title = format!("--currency means nothing to `{name}`: it sums no money");
        return Err(Refusal::new("E0405", title).fix("leave --currency out"));
    }
    let unknown = |one: &Named, dim: &Dimension| {
        let metric = Metric::parse(one.base.name);
        metric.is_none_or(|metric| !knows(metric, dim))
    };
    for one in measures().filter(|one| !one.is_whole) {
        if let Some(dim) = question.by.iter().find(|dim| unknown(one, dim)) {
            return Err(not_split(one, name, dim));
        }
        let is_of_nobody = Metric::parse(one.base.name).and_then(Metric::counts) == Some("record");
        if is_of_nobody && question.filter.is_some() {
            let title = format!(
                "`{}` of `{name}` is of no person, account or deal",
                one.name
            );
            return Err(Refusal::new("E0447", title)
                .matters("--where would leave all of it out, and the figure would be wrong")
                .fix("leave --where out, or split by channel or campaign, which it knows"));
        }
    }
    Ok(())
}

fn not_split(one: &Named, name: &str, dim: &Dimension) -> Refusal {
    let title = format!(
        "`{}` of `{name}` cannot be split by {}",
        one.name,
        dim.text()
    );
    match dim {
        Dimension::Time(_) => Refusal::new("E0431", title)
            .matters("what it counts is there at one instant or over the whole period")
            .fix("ask it once for each period, with --period"),
        _ => Refusal::new("E0447", title)
            .matters("it would stand in a row of its own, and every other row would lack it")
            .fix("split by time, channel, campaign or vendor, which it knows"),
    }
}

/// Whether a measure's members have a value of a dimension.
fn knows(metric: Metric, dim: &Dimension) -> bool {
    match (dim, metric.counts()) {
        (Dimension::Time(_), _) => metric.is_dated(),
        (Dimension::PaidFor, Some("record")) => metric != Metric::Target,
        (Dimension::PaidFor, _) => false,
        (
            Dimension::Channel | Dimension::ChannelLast | Dimension::Campaign | Dimension::Vendor,
            Some("record"),
        ) => metric != Metric::Target,
        (Dimension::Rep, Some("record")) => metric == Metric::Target,
        (_, Some("record")) => false,
        _ => true,
    }
}
