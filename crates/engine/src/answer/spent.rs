//! What was spent over days, cut where the periods begin that an answer is split by. An amount is
//! priced whole at its first day, and its days are cut then.

use handfast_kernels::journey::Moment;
use handfast_kernels::metric;
use handfast_kernels::spread::Spread;
use handfast_model::{Money, Question, When};

use super::ground::Ground;
use super::price::Prices;
use super::scope::split;

/// Members with days, each in as many parts as there are periods that hold it; days that lie so
/// much earlier than the periods they count in are cut there.
pub(super) fn cut(
    ground: &Ground<'_>,
    question: &Question,
    prices: Option<&Prices<'_>>,
    (members, lag): (Vec<metric::Member>, i32),
) -> Vec<metric::Member> {
    let calendar = &ground.charter.calendar;
    let split = split(question).earlier(lag);
    let mut parts = Vec::with_capacity(members.len());
    for member in members {
        let Some((spread, counted)) = member.spread else {
            parts.push(member);
            continue;
        };
        let Some(spread) = priced(ground, prices, &member, spread) else {
            // Without a price at its first day it has none at any.
            let fact = member.fact.and_then(|fact| ground.fact(fact));
            let anchor = fact.map_or(member.anchor, |fact| Moment::start(fact.happened, calendar));
            parts.push(metric::Member { anchor, ..member });
            continue;
        };
        for days in split.cut(counted, calendar) {
            let part = spread.1.part(days);
            let anchor = match days.from == counted.from {
                true => member.anchor,
                false => Moment::start(When::Day(days.from), calendar),
            };
            parts.push(metric::Member {
                anchor,
                money: spread.0.map(|money| Money {
                    minor: part,
                    ..money
                }),
                number: member.number.map(|_| part),
                ..member
            });
        }
    }
    parts
}

/// What is spread, in the asked currency; `None` where it has no price there.
fn priced(
    ground: &Ground<'_>,
    prices: Option<&Prices<'_>>,
    member: &metric::Member,
    spread: Spread,
) -> Option<(Option<Money>, Spread)> {
    let (Some(prices), Some(money)) = (prices, member.money) else {
        return Some((member.money, spread));
    };
    let fact = member.fact.and_then(|fact| ground.fact(fact))?;
    let minor = spread.whole;
    let whole = prices.take(Money { minor, ..money }, None, fact.happened)?;
    let spread = Spread {
        whole: whole.minor,
        ..spread
    };
    Some((Some(whole), spread))
}
