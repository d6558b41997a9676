//! Open deals by what became of deals like them: of those that were open as many quarters after
//! theirs, or that were ever in the same forecast category.

use std::collections::{BTreeMap, BTreeSet};

use handfast_model::id::Sym;
use handfast_model::rules::StepRole;
use handfast_model::{Day, Grain, Instant, Value};

use super::open::Weight;
use super::{Book, Measured};
use crate::journey::Deal;
use crate::standing::ended;

/// Of deals that ended, those won.
#[derive(Clone, Copy, Default)]
struct Rate {
    won: u64,
    ended: u64,
}

impl Rate {
    fn add(&mut self, role: StepRole) {
        self.ended += 1;
        self.won += u64::from(role == StepRole::Won);
    }

    fn weight(self) -> Option<Weight> {
        Weight::new(self.won, self.ended)
    }
}

impl Book<'_> {
    /// Each open deal by how often deals were won that were open as many fiscal quarters after the
    /// one of their creation as it is.
    pub(super) fn weighted_by_age(&self) -> Measured {
        let at = self.looked_at();
        let calendar = &self.world.charter.calendar;
        let deals = &self.journeys.deals;
        let born = |deal: &Deal| deal.created.when.day(calendar);
        let today = calendar.day_of(at);
        let first = deals.iter().filter_map(born).min();
        let quarters = first.map_or_else(Vec::new, |first| {
            calendar.periods(Grain::Quarter, first, today.plus(1))
        });
        let number = |day: Day| quarters.partition_point(|quarter| quarter.from <= day);
        let age = |deal: &Deal, day: Day| Some(number(day).saturating_sub(number(born(deal)?)));
        let mut rates = vec![Rate::default(); quarters.len() + 1];
        for deal in deals {
            let Some((role, moment)) = ended(self.world, self.journeys, deal, at) else {
                continue;
            };
            let lived = moment.when.day(calendar).and_then(|day| age(deal, day));
            // It was open in each quarter up to that of its end.
            let Some(lived) = lived else { continue };
            rates
                .iter_mut()
                .take(lived + 1)
                .for_each(|rate| rate.add(role));
        }
        self.weighed(self.open_values(), |deal, _| {
            rates.get(age(deal, today)?)?.weight()
        })
    }

    /// Each open deal by how often deals were won that were ever in the forecast category that it
    /// is in.
    pub(super) fn weighted_by_category(&self) -> Measured {
        let at = self.looked_at();
        let mut rates: BTreeMap<Sym, Rate> = BTreeMap::new();
        for deal in &self.journeys.deals {
            if let Some((role, _)) = ended(self.world, self.journeys, deal, at) {
                for category in self.categories(deal, at) {
                    rates.entry(category).or_default().add(role);
                }
            }
        }
        self.weighed(self.open_values(), |deal, at| {
            match self.said(deal, CATEGORY, Some(at))? {
                Value::Text(category) => rates.get(category)?.weight(),
                _ => None,
            }
        })
    }

    /// All categories that a deal was in by an instant.
    fn categories(&self, deal: &Deal, at: Instant) -> BTreeSet<Sym> {
        let Some(name) = self.world.snapshot.names.find(CATEGORY) else {
            return BTreeSet::new();
        };
        let facts = deal.versions.iter();
        let facts = facts.filter_map(|index| self.world.snapshot.facts.get(*index as usize));
        let calendar = &self.world.charter.calendar;
        facts
            .filter(|fact| fact.happened.start(calendar) <= Some(at))
            .filter_map(|fact| fact.text(name))
            .collect()
    }

    /// The last instant before the period's end, else before the horizon.
    fn looked_at(&self) -> Instant {
        let edge = self.scope.until.unwrap_or(self.world.horizon);
        Instant(edge.0.saturating_sub(1))
    }
}

/// The attribute of a deal that says how sure of it its owner is.
const CATEGORY: &str = "forecast_category";
