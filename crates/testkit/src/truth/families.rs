//! Whom campaigns brought and what they cost, each with all that it is part of and all its parts.

use std::collections::{BTreeMap, BTreeSet};

use handfast_model::question::Unit;

use super::deals::Moment;
use super::measures::{self, Desk, Member, is_in};
use super::spend;

/// The members of a measure of campaigns.
pub(super) fn members(desk: &Desk<'_>, name: &str) -> Vec<Member> {
    let journeys = desk.journeys;
    let tops = spend::tops(&journeys.facts);
    let family = |place: usize| {
        let campaign = journeys.facts[place].campaign.clone()?;
        Some(tops.get(&campaign).cloned().unwrap_or(campaign))
    };
    let brought = |lead: &Member| {
        let touch = journeys.pursuits[lead.pursuit?].entry_touch?;
        family(touch)
    };
    let leads = |period| {
        let whole = (Unit::Pursuit, period, desk.horizon);
        measures::members(journeys, desk.meaning, "leads_created", whole)
    };
    if name == "leads_attributed" {
        let paid = paid(desk, desk.period);
        let paid: BTreeSet<String> = paid.keys().filter_map(|place| family(*place)).collect();
        let mut leads = leads(desk.period);
        leads.retain(|lead| brought(lead).is_some_and(|family| paid.contains(&family)));
        return leads;
    }
    let mut begun: BTreeMap<String, Moment> = BTreeMap::new();
    let paid = paid(desk, None);
    for (place, (_, at)) in &paid {
        let Some(family) = family(*place) else {
            continue;
        };
        let known = begun.entry(family).or_insert(*at);
        // What has a date comes before what has none.
        if (at.at.is_none(), at.at) < (known.at.is_none(), known.at) {
            *known = *at;
        }
    }
    let begun = |family: Option<String>| {
        let at = begun.get(&family?).copied()?;
        is_in(at.at, desk.period).then_some(at)
    };
    match name {
        "leads_of_new_campaigns" => {
            let own = leads(None).into_iter().filter_map(|lead| {
                let at = begun(brought(&lead))?;
                Some(Member { at, ..lead })
            });
            own.collect()
        }
        _ => {
            let own = all_spend(desk, None)
                .into_iter()
                .filter_map(|(place, (minor, _))| {
                    let fact = &journeys.facts[place];
                    Some(Member {
                        who: format!("{:x}", fact.id),
                        is_part: true,
                        money: spend::currency(fact).map(|currency| (minor, currency.to_owned())),
                        seconds: None,
                        at: begun(family(place))?,
                        pursuit: None,
                        fact: Some(place),
                    })
                });
            own.collect()
        }
    }
}

/// What was spent in a period, fact by fact, and since when.
fn all_spend(desk: &Desk<'_>, period: measures::Period) -> BTreeMap<usize, (i64, Moment)> {
    let days = measures::days_of_spend(desk.journeys, desk.meaning, period, desk.horizon);
    let mut spent: BTreeMap<usize, (i64, Moment)> = BTreeMap::new();
    for (place, part) in days {
        spent.entry(place).or_insert((0, part.at)).0 += part.minor;
    }
    spent
}

/// The same where it is not nought.
fn paid(desk: &Desk<'_>, period: measures::Period) -> BTreeMap<usize, (i64, Moment)> {
    let mut spent = all_spend(desk, period);
    spent.retain(|place, (minor, _)| {
        let has_amount = spend::currency(&desk.journeys.facts[*place]).is_some();
        has_amount && *minor != 0
    });
    spent
}
