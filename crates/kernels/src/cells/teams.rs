//! What of a part is of some teams: for whoever may see their rows and no others.
//!
//! A pursuit is the team's whose rep had it last, as lists of accounts show it; its deal goes with
//! it. A lead goes with its pursuit, and one without is the team's whose rep got it first. What
//! nobody has is nobody's to see, and of an account that two teams share, what the other's people
//! did is not told. All was derived together before, so that what is left is counted as in the
//! whole; only credit knows no touches of others' people.

use std::collections::HashSet;

use handfast_model::fact::FactKind;
use handfast_model::{Charter, Fact, Instant, PersonId, Sym};

use super::part::{Part, keep_by, ranks};
use crate::journey::{Lead, Teams, World};

/// Kinds that tell of nobody's buyers and that every question may read.
const EVERYBODYS: [FactKind; 4] = [
    FactKind::Rep,
    FactKind::Campaign,
    FactKind::Asset,
    FactKind::Rate,
];

/// What stays.
struct Own {
    pursuits: Vec<bool>,
    deals: Vec<bool>,
    leads: Vec<bool>,
    /// Cells with a pursuit that stays.
    cells: Vec<bool>,
    /// The keys of deals that go.
    gone: HashSet<Sym>,
    /// Who has pursuits or leads here, and none that stays.
    people_gone: HashSet<PersonId>,
}

impl Part {
    /// Only what is of these teams. Facts that go are counted as those that are not here, so that
    /// the answer still says what it rests on, and when everything began.
    ///
    /// Law: of every pursuit, deal and lead that stays, everything is as it was, but for touches of
    /// others' people and deals, which are named no more; how much of the facts is here makes no
    /// difference to which of them stay.
    pub fn of_teams(mut self, teams: &[String], charter: &Charter, horizon: Instant) -> Part {
        let own = Own::of(&self, teams, (charter, horizon));
        let mut cells = own.cells.clone();
        for (lead, _) in self.leads_kept(&own.leads) {
            let cell = self.cells.get(lead.fact as usize).copied();
            let slot = cell.and_then(|cell| cells.get_mut(cell as usize));
            slot.into_iter().for_each(|slot| *slot = true);
        }
        self.leave_journeys(&own);
        let (named, told) = (self.named(), self.telling());
        let facts = self.snapshot.facts.iter().zip(&self.cells);
        let facts = facts.zip(named.into_iter().zip(told));
        let is_kept = facts.map(|((fact, cell), (named, told))| {
            let is_in = cells.get(*cell as usize) == Some(&true);
            let is_gone = fact.deal.is_some_and(|deal| own.gone.contains(&deal))
                || fact
                    .person
                    .is_some_and(|who| own.people_gone.contains(&who));
            named || told || !is_gone && (is_in || is_everybodys(fact))
        });
        let is_kept: Vec<bool> = is_kept.collect();
        self.rest = self.rest_beside(&is_kept, &charter.calendar);
        keep_by(&mut self.snapshot.facts, &is_kept);
        keep_by(&mut self.cells, &is_kept);
        self.given
            .retain(|given| is_kept.get(given.fact as usize) == Some(&true));
        for pursuit in &mut self.journeys.pursuits {
            let kept = |touch: &u32| is_kept.get(*touch as usize) == Some(&true);
            pursuit.touches.retain(kept);
        }
        self.place_again(&is_kept);
        self
    }

    fn leads_kept<'a>(&'a self, is_kept: &'a [bool]) -> impl Iterator<Item = (&'a Lead, &'a bool)> {
        let leads = self.journeys.leads.iter().zip(is_kept);
        leads.filter(|(_, is_kept)| **is_kept)
    }

    /// Leaves the journeys of those that stay, under their new places.
    fn leave_journeys(&mut self, own: &Own) {
        let place = |places: &[u32], old: u32| places.get(old as usize).copied().unwrap_or(old);
        let (pursuits, deals) = (ranks(&own.pursuits), ranks(&own.deals));
        let issues = self.issue_cells.iter();
        let issues = issues.map(|cell| own.cells.get(*cell as usize) == Some(&true));
        let issues: Vec<bool> = issues.collect();
        keep_by(&mut self.journeys.pursuits, &own.pursuits);
        keep_by(&mut self.pursuit_cells, &own.pursuits);
        keep_by(&mut self.leads, &own.pursuits);
        keep_by(&mut self.journeys.deals, &own.deals);
        keep_by(&mut self.journeys.leads, &own.leads);
        keep_by(&mut self.journeys.issues, &issues);
        keep_by(&mut self.issue_cells, &issues);
        for pursuit in &mut self.journeys.pursuits {
            pursuit.deal = pursuit.deal.map(|deal| place(&deals, deal));
        }
        for deal in &mut self.journeys.deals {
            deal.pursuit = place(&pursuits, deal.pursuit);
        }
        for lead in &mut self.journeys.leads {
            lead.pursuit = lead.pursuit.map(|pursuit| place(&pursuits, pursuit));
        }
    }
}

impl Own {
    fn of(part: &Part, teams: &[String], (charter, horizon): (&Charter, Instant)) -> Own {
        let names = &part.snapshot.names;
        let teams: HashSet<Sym> = teams.iter().filter_map(|team| names.find(team)).collect();
        let is_own = |team: Option<Sym>| team.is_some_and(|team| teams.contains(&team));
        let pursuits = part.journeys.pursuits.iter();
        let pursuits = pursuits.map(|one| is_own(one.last_stay().and_then(|stay| stay.team)));
        let pursuits: Vec<bool> = pursuits.collect();
        let is_kept = |pursuit: u32| pursuits.get(pursuit as usize) == Some(&true);
        let world = World {
            snapshot: &part.snapshot,
            charter,
            horizon,
        };
        let reps = Teams::of(&world);
        let leads = part.journeys.leads.iter().map(|lead| match lead.pursuit {
            Some(pursuit) => is_kept(pursuit),
            None => is_own(reps.of_lead(&world, lead).1),
        });
        let leads: Vec<bool> = leads.collect();
        let deals = part.journeys.deals.iter();
        let deals: Vec<bool> = deals.map(|deal| is_kept(deal.pursuit)).collect();
        let gone = part.journeys.deals.iter().zip(&deals);
        let gone = gone.filter(|(_, is_kept)| !**is_kept);
        let mut cells = vec![false; part.count as usize];
        let kept = part.pursuit_cells.iter().zip(&pursuits);
        for (cell, _) in kept.filter(|(_, is_kept)| **is_kept) {
            let slot = cells.get_mut(*cell as usize);
            slot.into_iter().for_each(|slot| *slot = true);
        }
        Own {
            people_gone: people_gone(part, &pursuits, &leads),
            gone: gone.map(|(deal, _)| deal.key).collect(),
            leads,
            deals,
            cells,
            pursuits,
        }
    }
}

/// Who has pursuits or leads in a part, and none of those that stay: what others' people did is not
/// told where an account is shared.
fn people_gone(part: &Part, pursuits: &[bool], leads: &[bool]) -> HashSet<PersonId> {
    let of = |stays: bool| {
        let own = part.journeys.pursuits.iter().zip(pursuits);
        let own = own.filter(move |(_, is_kept)| **is_kept == stays);
        let people = own.flat_map(|(pursuit, _)| pursuit.people.iter().copied());
        let own = part.journeys.leads.iter().zip(leads);
        let own = own.filter(move |(_, is_kept)| **is_kept == stays);
        people.chain(own.map(|(lead, _)| lead.person))
    };
    let stay: HashSet<PersonId> = of(true).collect();
    of(false).filter(|who| !stay.contains(who)).collect()
}

fn is_everybodys(fact: &Fact) -> bool {
    let has_subject = fact.person.is_some() || fact.account.is_some() || fact.deal.is_some();
    EVERYBODYS.contains(&fact.kind) && !has_subject
}
