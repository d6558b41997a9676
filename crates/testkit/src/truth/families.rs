//! Whom campaigns brought and what they cost, each with all that it is part of and all its parts.

use std::collections::{BTreeMap, BTreeSet};

use handfast_model::question::Unit;

use super::clock::Time;
use super::deals::Moment;
use super::dimensions::month;
use super::measures::{self, Desk, Member, is_in};
use super::spend;

/// The members of a measure of campaigns.
pub(super) fn members(desk: &Desk<'_>, name: &str, is_by_month: bool) -> Vec<Member> {
    let tree = Tree {
        desk,
        tops: spend::tops(&desk.journeys.facts),
    };
    match name {
        "leads_attributed" => tree.attributed(is_by_month),
        "leads_of_new_campaigns" => tree.leads_of_new(),
        _ => tree.spend_of_new(),
    }
}

struct Tree<'t> {
    desk: &'t Desk<'t>,
    tops: BTreeMap<String, String>,
}

impl Tree<'_> {
    /// What stands at the top of a fact's campaign.
    fn family(&self, place: usize) -> Option<String> {
        let campaign = self.desk.journeys.facts[place].campaign.clone()?;
        Some(self.tops.get(&campaign).cloned().unwrap_or(campaign))
    }

    fn brought(&self, lead: &Member) -> Option<String> {
        let touch = self.desk.journeys.pursuits[lead.pursuit?].entry_touch?;
        self.family(touch)
    }

    fn leads(&self, period: measures::Period) -> Vec<Member> {
        let whole = (Unit::Pursuit, period, self.desk.horizon);
        measures::members(
            self.desk.journeys,
            self.desk.meaning,
            "leads_created",
            whole,
        )
    }

    /// Leads of families on which something was spent, each month by itself perhaps.
    fn attributed(&self, is_by_month: bool) -> Vec<Member> {
        let (journeys, meaning) = (self.desk.journeys, self.desk.meaning);
        let of = |when: Time| {
            let month = meaning.zone.day_of(when).map(month);
            month.filter(|_| is_by_month)
        };
        let days = measures::days_of_spend(journeys, meaning, self.desk.period, self.desk.horizon);
        let mut paid: BTreeSet<(String, Option<String>)> = BTreeSet::new();
        for (place, part) in days {
            let is_money = spend::currency(&journeys.facts[place]).is_some();
            if let Some(family) = self.family(place).filter(|_| is_money && part.minor != 0) {
                paid.insert((family, of(part.at.when)));
            }
        }
        let mut leads = self.leads(self.desk.period);
        leads.retain(|lead| {
            let family = self.brought(lead);
            family.is_some_and(|family| paid.contains(&(family, of(lead.at.when))))
        });
        leads
    }

    /// When spend on a family began, if that was in the period.
    fn begun(&self, family: Option<String>) -> Option<Moment> {
        let family = family?;
        let paid = paid(self.desk).into_iter();
        let own = paid.filter(|(place, _)| self.family(*place).as_ref() == Some(&family));
        // What has a date comes before what has none.
        let first = own
            .map(|(_, (_, at))| at)
            .min_by_key(|at| (at.at.is_none(), at.at))?;
        is_in(first.at, self.desk.period).then_some(first)
    }

    fn leads_of_new(&self) -> Vec<Member> {
        let own = self.leads(None).into_iter().filter_map(|lead| {
            let at = self.begun(self.brought(&lead))?;
            Some(Member { at, ..lead })
        });
        own.collect()
    }

    fn spend_of_new(&self) -> Vec<Member> {
        let spent = all_spend(self.desk).into_iter();
        let own = spent.filter_map(|(place, (minor, _))| {
            let fact = &self.desk.journeys.facts[place];
            Some(Member {
                who: format!("{:x}", fact.id),
                is_part: true,
                money: spend::currency(fact).map(|currency| (minor, currency.to_owned())),
                seconds: None,
                number: None,
                at: self.begun(self.family(place))?,
                pursuit: None,
                fact: Some(place),
            })
        });
        own.collect()
    }
}

/// What was ever spent, fact by fact, and since when.
fn all_spend(desk: &Desk<'_>) -> BTreeMap<usize, (i64, Moment)> {
    let days = measures::days_of_spend(desk.journeys, desk.meaning, None, desk.horizon);
    let mut spent: BTreeMap<usize, (i64, Moment)> = BTreeMap::new();
    for (place, part) in days {
        spent.entry(place).or_insert((0, part.at)).0 += part.minor;
    }
    spent
}

/// The same where it is not nought.
fn paid(desk: &Desk<'_>) -> BTreeMap<usize, (i64, Moment)> {
    let mut spent = all_spend(desk);
    spent.retain(|place, (minor, _)| {
        let has_amount = spend::currency(&desk.journeys.facts[*place]).is_some();
        has_amount && *minor != 0
    });
    spent
}
