//! Who bought: buyers by their first win, accounts by their first lead.

use std::collections::BTreeSet;

use handfast_model::question::Unit;

use super::formulas::Asked;
use super::meaning::Role;
use super::measures::{self, Desk, Member, is_in};

/// Of each buyer the first win; one without a date comes first, then the deal that comes first.
pub(super) fn new_customers(desk: &Desk<'_>) -> Vec<Member> {
    let journeys = desk.journeys;
    let ever = Desk {
        period: None,
        ..*desk
    };
    let mut wins = ever.deals_ended(|role| role == Role::Won, |_, _| (None, None));
    let known = |member: &Member| {
        let deal = journeys.deals.iter().find(|deal| deal.key == member.who);
        deal.map(|deal| (deal.known_from.at, deal.key.clone()))
    };
    wins.sort_by_key(|member| (member.at.at, known(member)));
    let mut buyers = BTreeSet::new();
    wins.retain(|member| {
        let home = member.pursuit.map(|place| &journeys.pursuits[place]);
        home.is_some_and(|home| buyers.insert(home.buyer.clone()))
    });
    wins.retain(|member| is_in(member.at.at, desk.period));
    wins
}

/// Accounts by their first lead; the part has a deal that was not there before it.
pub(super) fn accounts(desk: &Desk<'_>, is_won: bool, asked: Asked) -> Vec<Member> {
    let journeys = desk.journeys;
    let whole = (Unit::Pursuit, asked.period, asked.horizon);
    let leads = measures::members(journeys, desk.meaning, "leads_created", whole);
    let mut members: Vec<Member> = Vec::new();
    let mut seen = BTreeSet::new();
    for mut lead in leads {
        let account = lead
            .pursuit
            .and_then(|place| journeys.pursuits[place].account.clone());
        let Some(account) = account.filter(|account| seen.insert(account.clone())) else {
            continue;
        };
        lead.is_part = false;
        for (place, deal) in journeys.deals.iter().enumerate() {
            let home = journeys.pursuits.get(journeys.of_deal[place]);
            let end = home.and_then(|home| home.end);
            let is_kind = !is_won || end.is_some_and(|end| end.role == Role::Won);
            // What is known of a day may be of its last moment.
            let last = desk.meaning.zone.close(deal.known_from.when);
            let is_before = deal.known_from.at.is_some()
                && lead.at.at.is_some()
                && deal.known_from.at.max(last) < lead.at.at;
            lead.is_part |= deal.account.as_ref() == Some(&account) && is_kind && !is_before;
        }
        members.push(lead);
    }
    members
}
