//! What must be known beside a figure of what marketing touched.

use handfast_kernels::metric::{Member, Metric};
use handfast_model::money::grouped;
use handfast_model::{When, many};

use super::credit::notes::agreed;
use super::ground::Ground;
use super::metric::deal_of;

/// Which touches may earn, in a sentence.
pub(super) fn note(ground: &Ground<'_>, metric: Metric) -> Option<String> {
    let is_of_these = metric.is_of_marketing();
    is_of_these.then(|| agreed(&ground.charter.attribution))
}

/// How many of these deals nobody says the creation of, where that matters.
pub(super) fn undated(ground: &Ground<'_>, metric: Metric, members: &[Member]) -> Option<String> {
    let is_early = matches!(
        metric,
        Metric::MarketingTouchedEarly | Metric::MarketingTouchedEarlyByValue
    );
    let is_undated = |member: &&Member| {
        let deal = deal_of(member).and_then(|deal| ground.journeys.deals.get(deal as usize));
        deal.is_some_and(|deal| deal.created.when == When::Unknown)
    };
    let count = match is_early {
        true => members.iter().filter(is_undated).count() as u64,
        false => 0,
    };
    (count > 0).then(|| told(count, members.len() as u64))
}

/// That so many of so many deals have no date of creation, in a sentence.
pub(super) fn told(undated: u64, all: u64) -> String {
    format!(
        "{} of {} without a date of creation: not touched before it, as they count",
        grouped(&undated.to_string()),
        many(all, "deal")
    )
}
