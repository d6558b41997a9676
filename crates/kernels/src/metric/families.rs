//! What campaigns cost and whom they brought, family by family: a campaign with all that it is
//! part of, and all that is part of that.

use std::collections::{BTreeMap, BTreeSet};

use handfast_model::Day;
use handfast_model::id::Sym;

use super::{Book, Measured, Member, Scope};
use crate::campaigns::Campaigns;
use crate::journey::Moment;

/// Campaigns by what stands at their top.
struct Families(Campaigns);

impl Families {
    fn of(&self, campaign: Option<Sym>) -> Option<Sym> {
        let campaign = campaign?;
        Some(self.0.above(campaign).last().unwrap_or(campaign))
    }
}

impl Book<'_> {
    /// Leads created in the period that came by a campaign on whose family money was spent in it;
    /// where periods split the answer, in that of the lead.
    pub(super) fn leads_attributed(&self) -> Measured {
        let families = Families(Campaigns::of(self.world));
        let mut paid: BTreeSet<(Sym, Vec<Option<Day>>)> = BTreeSet::new();
        for one in self.spend(None).members.iter().filter(|one| is_paid(one)) {
            if let Some(family) = families.of(self.campaign(one.fact)) {
                paid.extend(self.rows_of(one).into_iter().map(|row| (family, row)));
            }
        }
        let (split, calendar) = (self.scope.split, &self.world.charter.calendar);
        let mut measured = self.leads(|lead| Some(lead.fact));
        measured.members.retain(|member| {
            let family = families.of(self.came_by(member));
            let row = || split.row(member.anchor.when.day(calendar), calendar);
            family.is_some_and(|family| paid.contains(&(family, row())))
        });
        measured
    }

    /// The rows in which something of what was spent counts.
    fn rows_of(&self, spent: &Member) -> Vec<Vec<Option<Day>>> {
        let (split, calendar) = (self.scope.split, &self.world.charter.calendar);
        let Some((spread, days)) = spent.spread else {
            return vec![split.row(spent.anchor.when.day(calendar), calendar)];
        };
        let parts = split.cut(days, calendar).into_iter();
        let parts = parts.filter(|part| spread.part(*part) != 0);
        parts
            .map(|part| split.row(Some(part.from), calendar))
            .collect()
    }

    /// All that was ever spent on families whose spend began in the period, as of that day.
    pub(super) fn spend_of_new(&self) -> Measured {
        let families = Families(Campaigns::of(self.world));
        let mut spend = self.ever().spend(None);
        let firsts = self.firsts(&families, &spend.members);
        let begun = |member: &Member| self.begun(&firsts, families.of(self.campaign(member.fact)));
        spend.members.retain_mut(|member| {
            let Some(anchor) = begun(member) else {
                return false;
            };
            // It is priced at its own day.
            member.valued = member.anchor.at;
            member.spread = None;
            member.anchor = anchor;
            true
        });
        spend
    }

    /// All leads that such families ever brought.
    pub(super) fn leads_of_new(&self) -> Measured {
        let families = Families(Campaigns::of(self.world));
        let ever = self.ever();
        let firsts = self.firsts(&families, &ever.spend(None).members);
        let mut leads = ever.leads(|lead| Some(lead.fact));
        leads.members.retain_mut(|member| {
            let anchor = self.begun(&firsts, families.of(self.came_by(member)));
            member.anchor = anchor.unwrap_or(member.anchor);
            anchor.is_some()
        });
        leads
    }

    /// The same book at all times.
    fn ever(&self) -> Book<'_> {
        Book {
            world: self.world,
            journeys: self.journeys,
            scope: &Scope::ALL,
        }
    }

    /// When spend on each family began; without any date, at none.
    fn firsts(&self, families: &Families, spend: &[Member]) -> BTreeMap<Sym, Moment> {
        let mut firsts: BTreeMap<Sym, Moment> = BTreeMap::new();
        for one in spend.iter().filter(|one| is_paid(one)) {
            let Some(family) = families.of(self.campaign(one.fact)) else {
                continue;
            };
            let first = firsts.entry(family).or_insert(one.anchor);
            let is_earlier = match (one.anchor.at, first.at) {
                (Some(own), Some(known)) => own < known,
                (own, None) => own.is_some(),
                (None, Some(_)) => false,
            };
            if is_earlier {
                *first = one.anchor;
            }
        }
        firsts
    }

    /// When a family began, if that was in the period.
    fn begun(&self, firsts: &BTreeMap<Sym, Moment>, family: Option<Sym>) -> Option<Moment> {
        let first = firsts.get(&family?).copied()?;
        self.is_in(first).then_some(first)
    }

    fn campaign(&self, fact: Option<u32>) -> Option<Sym> {
        self.world.snapshot.facts.get(fact? as usize)?.campaign
    }

    /// The campaign of the touch that a lead's pursuit came from.
    fn came_by(&self, member: &Member) -> Option<Sym> {
        let pursuit = member.pursuit.and_then(|index| self.pursuit(index))?;
        self.campaign(pursuit.entry_touch)
    }
}

fn is_paid(member: &Member) -> bool {
    member.money.is_some_and(|money| money.minor != 0)
}
