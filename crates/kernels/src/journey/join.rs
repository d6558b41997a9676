//! Journeys of several parts of a snapshot, put together as if they had been derived at once.
//!
//! Buyers of different cells do not influence one another, so joining is renaming and sorting; it
//! knows no rule of counting. What a part is, is told in `cells`.

use handfast_model::Sym;
use handfast_model::id::Names;
use handfast_model::order::{inverse, permute};

use super::{Buyer, Journeys};

impl Journeys {
    /// Renames the facts and texts that everything refers to.
    pub fn rename(&mut self, fact: impl Fn(u32) -> u32, sym: impl Fn(Sym) -> Sym) {
        let maybe_fact = |slot: &mut Option<u32>| *slot = slot.map(&fact);
        let maybe_sym = |slot: &mut Option<Sym>| *slot = slot.map(&sym);
        for pursuit in &mut self.pursuits {
            match &mut pursuit.buyer {
                Buyer::Account(name) | Buyer::Deal(name) => *name = sym(*name),
                Buyer::Person(_) => {}
            }
            maybe_sym(&mut pursuit.account);
            maybe_fact(&mut pursuit.entry_touch);
            if let Some(end) = &mut pursuit.end {
                maybe_fact(&mut end.fact);
            }
            for touch in &mut pursuit.touches {
                *touch = fact(*touch);
            }
            for visit in &mut pursuit.visits {
                maybe_sym(&mut visit.rep);
                maybe_sym(&mut visit.team);
                maybe_fact(&mut visit.evidence);
            }
        }
        for deal in &mut self.deals {
            deal.key = sym(deal.key);
            maybe_sym(&mut deal.account);
            for version in &mut deal.versions {
                *version = fact(*version);
            }
        }
        for lead in &mut self.leads {
            lead.fact = fact(lead.fact);
            maybe_fact(&mut lead.assigned);
            maybe_fact(&mut lead.worked);
        }
    }

    /// How many leads are in each pursuit.
    pub fn leads_by_pursuit(&self) -> Vec<u32> {
        let mut leads = vec![0; self.pursuits.len()];
        for pursuit in self.leads.iter().filter_map(|lead| lead.pursuit) {
            let slot = leads.get_mut(pursuit as usize);
            slot.into_iter().for_each(|slot| *slot += 1);
        }
        leads
    }

    /// Adds the journeys of another part, whose facts and texts are renamed already. The whole is
    /// in no order until [`Journeys::settle`].
    pub fn append(&mut self, other: Journeys) {
        let first_pursuit = number(self.pursuits.len());
        let first_deal = number(self.deals.len());
        self.pursuits
            .extend(other.pursuits.into_iter().map(|mut pursuit| {
                pursuit.deal = pursuit.deal.map(|deal| deal + first_deal);
                pursuit
            }));
        self.deals.extend(other.deals.into_iter().map(|mut deal| {
            deal.pursuit += first_pursuit;
            deal
        }));
        self.leads.extend(other.leads.into_iter().map(|mut lead| {
            lead.pursuit = lead.pursuit.map(|pursuit| pursuit + first_pursuit);
            lead
        }));
        self.issues.extend(other.issues);
    }

    /// Puts pursuits and deals into their total order. Gives the old place of each pursuit. Leads
    /// and issues stay where they are.
    pub fn settle(&mut self, names: &Names) -> Vec<u32> {
        let pursuits = sorted(&mut self.pursuits, |pursuit| {
            (pursuit.opened.at, pursuit.id)
        });
        let deals = {
            let text = |sym: Sym| names.text(sym);
            let mut order: Vec<u32> = (0..number(self.deals.len())).collect();
            order.sort_by_key(|index| {
                let deal = self.deals.get(*index as usize);
                deal.map(|deal| (deal.known_from.at, text(deal.key)))
            });
            permute(&mut self.deals, &order);
            order
        };
        let (new_pursuit, new_deal) = (inverse(&pursuits), inverse(&deals));
        let place = |places: &[u32], old: u32| places.get(old as usize).copied().unwrap_or(old);
        for pursuit in &mut self.pursuits {
            pursuit.deal = pursuit.deal.map(|deal| place(&new_deal, deal));
        }
        for deal in &mut self.deals {
            deal.pursuit = place(&new_pursuit, deal.pursuit);
        }
        for lead in &mut self.leads {
            lead.pursuit = lead.pursuit.map(|pursuit| place(&new_pursuit, pursuit));
        }
        pursuits
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Sorts a list; gives the old place of each of its members. What is in order already costs little.
fn sorted<T, K: Ord>(list: &mut [T], key: impl Fn(&T) -> K) -> Vec<u32> {
    let mut keys: Vec<(K, u32)> = list.iter().map(key).zip(0..).collect();
    keys.sort();
    let order: Vec<u32> = keys.into_iter().map(|(_, index)| index).collect();
    permute(list, &order);
    order
}
