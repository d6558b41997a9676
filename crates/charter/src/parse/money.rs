//! `money.toml`: at which rates amounts become another currency's.

use handfast_model::pricing::{Pricing, RatePolicy};
use handfast_model::{Currency, Decimal, Refusal};
use toml_edit::{Item, Value};

use super::Draft;
use crate::check::{CONTRADICTION, check_currency};
use crate::fields::{Fields, Key, MISSING, OUT_OF_RANGE, key};
use crate::place::{Desk, Located, Span};
use crate::words::shown;

const RATES: Key = key(
    "rates",
    "\"at_close\"",
    "without it no amount is converted: each currency keeps its own row",
);
const THROUGH: Key = key(
    "through",
    "\"USD\"",
    "two currencies without a rate between them are priced through this one",
);
const PLAN: Key = key(
    "plan",
    "[plan]\nUSD = 0.92",
    "planned rates: what one unit is worth in the reporting currency",
);

/// Rates as written.
#[derive(Default)]
pub(crate) struct PricingDraft {
    pub(crate) policy: Option<Located<RatePolicy>>,
    pub(crate) through: Option<Located<String>>,
    pub(crate) plan: Vec<(Located<String>, Decimal)>,
}

/// Reads the file.
pub(super) fn money(desk: &mut Desk<'_>, mut top: Fields<'_>, draft: &mut Draft) {
    let policies = RatePolicy::ALL.map(|policy| (policy.word(), policy));
    let mut read = PricingDraft {
        policy: top.word(desk, &RATES, &policies),
        through: top.text(desk, &THROUGH),
        plan: Vec::new(),
    };
    top.need(desk, &RATES);
    if let Some(plan) = top.table(desk, &PLAN, "[plan]") {
        for (code, item) in plan.names() {
            match rate(item) {
                Some(rate) => read.plan.push((code, rate)),
                None => refuse_rate(desk, &code, item),
            }
        }
    }
    if read.policy.as_ref().map(|policy| policy.value) == Some(RatePolicy::Plan) {
        top.need(desk, &PLAN);
    }
    top.finish(desk);
    draft.pricing = read;
}

/// A rate exactly as its digits say, in quotes or without.
fn rate(item: &Item) -> Option<Decimal> {
    let written = match item.as_value()? {
        Value::String(text) => text.value().clone(),
        Value::Integer(_) | Value::Float(_) => item.to_string(),
        _ => return None,
    };
    let rate = Decimal::parse(&written)?;
    let units = rate.units;
    let is_usable = (1..1_000_000_000_000).contains(&units) && rate.scale <= 12;
    is_usable.then_some(rate)
}

fn refuse_rate(desk: &mut Desk<'_>, code: &Located<String>, item: &Item) {
    let title = format!("the planned rate of `{}` is no rate", shown(&code.value));
    let refusal = Refusal::new(OUT_OF_RANGE, title)
        .matters("amounts in this currency would have no price")
        .fix(format!(
            "{} = 0.92   # above zero, at most 12 digits",
            shown(&code.value)
        ));
    let span = item
        .span()
        .map(|range| Span::new(code.span.file, range))
        .unwrap_or(code.span);
    desk.refuse(span, refusal);
}

/// What `money.toml` and `calendar.toml` must keep together.
pub(crate) fn check(desk: &mut Desk<'_>, draft: &Draft) {
    let pricing = &draft.pricing;
    let codes = pricing.plan.iter().map(|(code, _)| code);
    for code in codes.chain(&pricing.through) {
        check_currency(desk, code);
    }
    let Some((first, _)) = pricing.plan.first() else {
        return;
    };
    let is_planned = pricing.policy.as_ref().map(|policy| policy.value) == Some(RatePolicy::Plan);
    if !is_planned && pricing.policy.is_some() {
        let refusal = Refusal::new(CONTRADICTION, "planned rates that `rates` does not use")
            .matters("they would count for nothing, and nobody would notice")
            .fix("rates = \"plan\", or take [plan] out");
        desk.refuse(first.span, refusal);
    }
    let Some(currency) = &draft.currency else {
        let refusal = Refusal::new(MISSING, "planned rates without a reporting currency")
            .matters("nobody can tell in which currency they are given")
            .fix("in calendar.toml: currency = \"EUR\"");
        return desk.refuse(first.span, refusal);
    };
    let reporting = Currency::parse(&currency.value);
    let mut itself = pricing
        .plan
        .iter()
        .filter(|(code, _)| Currency::parse(&code.value) == reporting);
    if let Some((code, _)) = itself.next() {
        let title = format!("`{}` is the reporting currency itself", shown(&code.value));
        let refusal = Refusal::new(CONTRADICTION, title)
            .matters("it is worth exactly one of itself")
            .fix("take the line out");
        desk.refuse(code.span, refusal);
    }
}

/// The rates of a checked draft.
pub(crate) fn resolved(draft: PricingDraft) -> Pricing {
    let plan = draft.plan.into_iter();
    let plan = plan.filter_map(|(code, rate)| Some((Currency::parse(&code.value)?, rate)));
    Pricing {
        policy: draft.policy.map(|policy| policy.value),
        through: draft.through.and_then(|code| Currency::parse(&code.value)),
        plan: plan.collect(),
    }
}
