//! Whose a pursuit was at a moment, and of which team.

use std::collections::BTreeMap;

use handfast_model::fact::FactKind;

use super::clock::Zone;
use super::deals::{About, Moment, about};
use super::said::Said;

/// Everything said about owners: the places of facts, by whom they are about.
pub struct Owners<'a> {
    facts: &'a [Said],
    zone: Zone,
    deals: BTreeMap<String, Vec<usize>>,
    people: BTreeMap<u128, Vec<usize>>,
    accounts: BTreeMap<String, Vec<usize>>,
    reps: BTreeMap<String, Vec<usize>>,
}

impl Owners<'_> {
    /// Reads what facts say.
    pub fn of(facts: &[Said], zone: Zone) -> Owners<'_> {
        let mut owners = Owners {
            facts,
            zone,
            deals: BTreeMap::new(),
            people: BTreeMap::new(),
            accounts: BTreeMap::new(),
            reps: BTreeMap::new(),
        };
        for (place, fact) in facts.iter().enumerate() {
            let is_named = fact.rep.is_some();
            // An assignment to nobody is a queue; a state without an owner says nothing of one.
            let whom = match fact.kind {
                FactKind::Assignment => about(fact),
                FactKind::Deal if is_named => fact.deal.clone().map(About::Deal),
                FactKind::Person if is_named => fact.person.map(About::Person),
                FactKind::Account if is_named => fact.account.clone().map(About::Account),
                _ => None,
            };
            match whom {
                Some(About::Deal(key)) => owners.deals.entry(key).or_default().push(place),
                Some(About::Person(id)) => owners.people.entry(id).or_default().push(place),
                Some(About::Account(key)) => owners.accounts.entry(key).or_default().push(place),
                None => {}
            }
            if let (FactKind::Rep, Some(rep), Some(_)) = (fact.kind, &fact.rep, fact.text("team")) {
                owners.reps.entry(rep.clone()).or_default().push(place);
            }
        }
        owners
    }

    /// The rep at a moment: of the deal once it has one, else of the opener, else of the account;
    /// and that rep's team then.
    pub fn at(
        &self,
        deal: Option<&String>,
        person: Option<u128>,
        account: Option<&String>,
        moment: Moment,
    ) -> (Option<String>, Option<String>) {
        let last = |said: Option<&Vec<usize>>| -> Option<&Said> {
            let mut facts = said?.iter().rev().map(|place| &self.facts[*place]);
            facts.find(|fact| fact.holds_from(self.zone) <= moment.at)
        };
        let of_deal = last(deal.and_then(|deal| self.deals.get(deal)));
        let of_person = last(person.and_then(|person| self.people.get(&person)));
        let of_account = last(account.and_then(|account| self.accounts.get(account)));
        let rep = of_deal.or(of_person).or(of_account);
        let rep = rep.and_then(|fact| fact.rep.clone());
        let team = self.team(rep.as_ref(), moment);
        (rep, team)
    }

    /// The team of a rep at a moment.
    pub fn team(&self, rep: Option<&String>, moment: Moment) -> Option<String> {
        let seats = rep.and_then(|rep| self.reps.get(rep))?;
        let mut seats = seats.iter().rev().map(|place| &self.facts[*place]);
        let seat = seats.find(|fact| fact.holds_from(self.zone) <= moment.at);
        seat.and_then(|fact| fact.text("team")).map(str::to_owned)
    }
}
