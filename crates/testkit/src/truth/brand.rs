//! What the brand has a part in, deal by deal and pursuit by pursuit, by loops over all touches.
//! Touches are told apart by their kind alone.

use handfast_model::fact::FactKind;
use handfast_model::question::Unit;

use super::clock::seconds;
use super::meaning::{Meaning, Role};
use super::measures::{Desk, Member, Period, is_in};
use super::said::Said;
use super::walk::Journeys;

/// The metrics that are told.
pub const METRICS: [&str; 7] = [
    "brand_opening_share",
    "direct_opening_share",
    "branded_opening_share",
    "win_rate_brand_first",
    "win_rate_not_brand_first",
    "cycle_won_brand_first",
    "cycle_won_not_brand_first",
];

/// Kinds of touches.
pub struct Kinds {
    /// By which somebody came by themselves.
    pub direct: &'static [&'static str],
    /// By which somebody came by the name.
    pub branded: &'static [&'static str],
    /// That show the name.
    pub activity: &'static [&'static str],
}

fn is_one(fact: &Said, kinds: &[&str]) -> bool {
    fact.kind == FactKind::Touch && kinds.iter().any(|kind| fact.text("touch") == Some(kind))
}

/// The members of a metric of the brand.
pub fn members(
    journeys: &Journeys,
    meaning: &Meaning,
    (name, kinds): (&str, &Kinds),
    (unit, period): (Unit, Period),
) -> Vec<Member> {
    if name.ends_with("opening_share") {
        return opened(journeys, (name, kinds), (unit, period));
    }
    let desk = Desk {
        journeys,
        meaning,
        period,
        horizon: 0,
    };
    let is_cycle = name.starts_with("cycle");
    let counts = |role: Role| role == Role::Won || !is_cycle && role == Role::Lost;
    let mut members = desk.deals_ended(counts, |deal, end| {
        let created = journeys.deals[deal].created.when;
        let cycle = is_cycle.then(|| seconds(meaning.zone, created, end.when));
        (None, cycle.flatten())
    });
    members.retain(|member| {
        let is_first = is_first(journeys, meaning, kinds, member);
        is_first != name.contains("_not_") && (!is_cycle || member.seconds.is_some())
    });
    members
}

fn opened(
    journeys: &Journeys,
    (name, kinds): (&str, &Kinds),
    (unit, period): (Unit, Period),
) -> Vec<Member> {
    let mut members = Vec::new();
    for (place, pursuit) in journeys.pursuits.iter().enumerate() {
        let Some(touch) = pursuit.entry_touch else {
            continue;
        };
        let fact = &journeys.facts[touch];
        let is_direct = is_one(fact, kinds.direct);
        let is_branded = is_one(fact, kinds.branded) && !is_direct;
        let deal = pursuit.deal.map(|deal| journeys.deals[deal].key.clone());
        let who = match unit {
            Unit::Deal => deal,
            _ => Some(format!("{:x}", pursuit.id)),
        };
        let Some(who) = who.filter(|_| is_in(pursuit.opened.at, period)) else {
            continue;
        };
        members.push(Member {
            who,
            is_part: match name {
                "direct_opening_share" => is_direct,
                "branded_opening_share" => is_branded,
                _ => is_direct || is_branded,
            },
            money: None,
            seconds: None,
            number: None,
            at: pursuit.opened,
            pursuit: Some(place),
            fact: None,
        });
    }
    members
}

/// Whether the first touch that is either of sales or shows the name shows the name, and came no
/// later than the close.
fn is_first(journeys: &Journeys, meaning: &Meaning, kinds: &Kinds, member: &Member) -> bool {
    let zone = meaning.zone;
    let pursuit = &journeys.pursuits[member.pursuit.unwrap_or(0)];
    let of_buyer = journeys.touches.get(&pursuit.buyer).into_iter().flatten();
    let dated = of_buyer.filter_map(|(_, place)| {
        let fact = &journeys.facts[*place];
        Some((zone.begin(fact.when)?, *place, fact))
    });
    let telling = dated
        .filter(|(_, _, fact)| fact.text("team") == Some("sales") || is_one(fact, kinds.activity));
    let Some((at, _, fact)) = telling.min_by_key(|(at, place, _)| (*at, *place)) else {
        return false;
    };
    fact.text("team") != Some("sales") && zone.close(member.at.when).is_none_or(|end| at <= end)
}
