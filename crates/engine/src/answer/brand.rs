//! What metrics of the brand need of the charter, and what they say besides their figures.

use handfast_kernels::metric::Metric;
use handfast_model::money::grouped;
use handfast_model::question::Unit;
use handfast_model::{Question, Refusal};

use super::ground::Ground;

/// Refuses a metric of what the charter does not define.
pub(super) fn need(ground: &Ground<'_>, metric: Option<Metric>, name: &str) -> Result<(), Refusal> {
    let brand = &ground.charter.brand;
    let rules = |metric: Metric| match metric {
        Metric::BrandOpening => vec![("direct", &brand.direct), ("branded", &brand.branded)],
        Metric::DirectOpening => vec![("direct", &brand.direct)],
        Metric::BrandedOpening => vec![("branded", &brand.branded)],
        metric if metric.is_of_brand_first() => vec![("activity", &brand.activity)],
        _ => Vec::new(),
    };
    let rules = metric.map_or_else(Vec::new, rules);
    // Of two ways to come either will do.
    let Some((word, _)) = rules
        .first()
        .filter(|_| rules.iter().all(|(_, rule)| rule.is_none()))
    else {
        return Ok(());
    };
    let title = format!("the charter does not say which touches are {}", said(word));
    Err(Refusal::new("E0441", title)
        .matters(format!(
            "`{name}` would tell of something that nobody has agreed on"
        ))
        .fix(format!(
            "in charter/brand.toml:\n[brand]\n{word} = \"touch.medium = '…'\""
        )))
}

fn said(word: &str) -> &'static str {
    match word {
        "direct" => "direct",
        "branded" => "branded",
        _ => "brand activity",
    }
}

/// What must be known beside a figure of the brand.
pub(super) fn notes(ground: &Ground<'_>, question: &Question, metric: Metric) -> Vec<String> {
    if metric.is_of_brand_first() {
        return vec![SELECTED.to_owned(), ONE_LENS.to_owned()];
    }
    if !metric.is_of_opening_touches() {
        return Vec::new();
    }
    let mut notes = vec![UNSEEN.to_owned()];
    let (from, until) = match question.period {
        Some((from, until)) => (Some(ground.start_of(from)), Some(ground.start_of(until))),
        None => (None, None),
    };
    let pursuits = ground.journeys.pursuits.iter();
    let without = pursuits.filter(|one| {
        let at = one.opened.at;
        let is_in = match at {
            Some(at) => from.is_none_or(|from| from <= at) && until.is_none_or(|until| at < until),
            None => from.is_none() && until.is_none(),
        };
        let is_counted = question.unit != Unit::Deal || one.deal.is_some();
        one.entry_touch.is_none() && is_in && is_counted && ground.is_pursuit_asked(one)
    });
    match without.count() {
        0 => {}
        1 => notes.push("1 pursuit was opened without a known touch and is in no share".to_owned()),
        several => notes.push(format!(
            "{} pursuits were opened without a known touch and are in no share",
            grouped(&several.to_string())
        )),
    }
    notes
}

const SELECTED: &str = "whom the brand touched first was not drawn by lot: these buyers differ \
                        from the others in more than that, so the difference is not what the brand \
                        brought about";
const ONE_LENS: &str = "beside it belongs its counterpart: `win_rate_brand_first` and \
                        `win_rate_not_brand_first`, `cycle_won_brand_first` and \
                        `cycle_won_not_brand_first`";
const UNSEEN: &str = "a share of what is seen: who heard the name elsewhere and came by an advert \
                      counts as the advert's, and who typed the address for want of a bookmark as \
                      direct";
