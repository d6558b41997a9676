//! Measures for formulas: what was created, what is due, who came how far.

use std::collections::{BTreeSet, HashMap};

use handfast_model::id::Sym;
use handfast_model::question::{Entries, Unit};
use handfast_model::rules::{StepIx, StepRole};
use handfast_model::{Day, Grain, Instant};

use super::{Book, Counted, Measured, Member, Metric, closed, lost, member, won};
use crate::cohort::{CohortRule, cohort};
use crate::funnel::UnitKey;
use crate::journey::{Buyer, Deal, Lead, Pursuit, Visit};

impl Book<'_> {
    /// The members of a measure for formulas.
    pub(super) fn more(&self, metric: Metric) -> Measured {
        let step = self.scope.step.unwrap_or(StepIx(0));
        match metric {
            Metric::Closed => self.ends(closed, closed),
            Metric::Ended => self.ends(StepRole::is_end, StepRole::is_end),
            Metric::Entered => whole(self.entered(step)),
            Metric::InStage => self.in_stage(step),
            Metric::Reached => self.reached(step),
            Metric::LostValue => self.values(lost),
            Metric::NewCustomers => self.new_customers(),
            Metric::DealsCreated => whole(self.created()),
            Metric::CloseRate => self.close_rate(),
            Metric::PipelineCreated => self.pipeline_created(|deal| {
                let at = deal.created.at;
                at.or(deal.known_from.at)
            }),
            Metric::PipelineCreatedNow => self.pipeline_created(|_| None),
            Metric::OpenDue => self.open_due(),
            Metric::WeightedOpen => self.weighted(self.open_values()),
            Metric::WeightedDue => self.weighted(self.open_due()),
            Metric::WeightedByHistory => self.weighted_by_history(),
            Metric::WeightedByAge => self.weighted_by_age(),
            Metric::WeightedByCategory => self.weighted_by_category(),
            Metric::Target => self.targets(),
            Metric::LeadsWithDeal => self.leads_that(|pursuit| pursuit.deal.is_some()),
            Metric::LeadsWon => self.leads_that(|pursuit| ended(pursuit, won)),
            Metric::AccountsWithDeal => self.accounts_that(|_| true),
            Metric::LeadsAttributed => self.leads_attributed(),
            Metric::SpendOfNew => self.spend_of_new(),
            Metric::LeadsOfNew => self.leads_of_new(),
            Metric::HandedOver
            | Metric::HandoffsAnswered
            | Metric::HandoffsInTime
            | Metric::HandoffsAccepted
            | Metric::HandoffsRejected
            | Metric::ResponseHours
            | Metric::HandoffWait
            | Metric::DealWait => self.handed(metric),
            Metric::AccountsWon => self.accounts_that(|deal| deal.outcome == Some(StepRole::Won)),
            metric if metric.is_of_brand() => self.of_brand(metric),
            metric if metric.is_of_marketing() => self.touched(metric),
            // Told in `measure`.
            _ => Measured::default(),
        }
    }

    /// Pursuits, or the deals that have one, with a stay in a step that touches the period.
    fn in_stage(&self, step: StepIx) -> Measured {
        let (from, until) = (self.scope.from, self.scope.until);
        let touches = |visit: &Visit| {
            let left = visit.left.and_then(|left| left.at);
            let is_over = from.is_some_and(|from| left.is_some_and(|left| left <= from));
            let has_begun = until.is_none_or(|until| visit.entered.at < Some(until));
            let is_dated = visit.entered.at.is_some() || (from.is_none() && until.is_none());
            let is_through = is_dated && has_begun && !is_over;
            visit.step == step && (is_through || self.is_in(visit.entered))
        };
        let pursuits = (0u32..).zip(&self.journeys.pursuits);
        let members = pursuits.filter_map(|(index, pursuit)| {
            let visit = pursuit.visits.iter().find(|visit| touches(visit))?;
            Some(Member {
                fact: visit.evidence,
                ..member(self.stands_for(index, pursuit)?, Some(index), visit.entered)
            })
        });
        Measured {
            members: members.collect(),
            issues: Vec::new(),
        }
    }

    /// What stands for a pursuit at the unit asked for; a pursuit without a deal is no deal.
    pub(super) fn stands_for(&self, index: u32, pursuit: &Pursuit) -> Option<Counted> {
        match self.scope.unit {
            Unit::Deal => pursuit.deal.map(Counted::Deal),
            Unit::Pursuit | Unit::Person | Unit::Account => Some(Counted::Pursuit(index)),
        }
    }

    /// Those whose first entry into a step lies in the period; the part reached another or a later
    /// one at or after it, until the horizon.
    fn reached(&self, entry: StepIx) -> Measured {
        let steps = self.world.charter.steps.iter();
        let last = steps.filter(|step| step.role.is_on_path()).count();
        let last = StepIx(last.saturating_sub(1) as u8);
        let to = self.scope.to.unwrap_or(last);
        let rule = CohortRule {
            entry,
            from: self.scope.from,
            until: self.scope.until,
            window_days: None,
            entries: Entries::First,
            unit: match self.scope.unit {
                Unit::Deal => Unit::Deal,
                Unit::Pursuit | Unit::Person | Unit::Account => Unit::Pursuit,
            },
            horizon: self.world.horizon,
        };
        let entries = cohort(self.journeys, self.world.charter, &rule).into_iter();
        let members = entries.filter_map(|found| {
            let index = found.visit.pursuit;
            let pursuit = self.pursuit(index)?;
            let visit = pursuit.visits.get(found.visit.visit as usize)?;
            let counted = match found.unit {
                UnitKey::Deal(_) => Counted::Deal(pursuit.deal?),
                _ => Counted::Pursuit(index),
            };
            Some(Member {
                is_part: found.reached.get(usize::from(to.0))?.is_some(),
                fact: visit.evidence,
                ..member(counted, Some(index), found.entered)
            })
        });
        Measured {
            members: members.collect(),
            issues: Vec::new(),
        }
    }

    /// The first won deal of each buyer, by its close; a deal without an account and a person is a
    /// buyer of its own.
    fn new_customers(&self) -> Measured {
        let mut first: HashMap<Buyer, (Option<Instant>, u32)> = HashMap::new();
        for (index, deal) in (0u32..).zip(&self.journeys.deals) {
            let (Some(closed), Some(StepRole::Won)) = (deal.closed, deal.outcome) else {
                continue;
            };
            let Some(pursuit) = self.pursuit(deal.pursuit) else {
                continue;
            };
            // An undated win was before all others, for all that is known.
            let mine = (closed.at, index);
            let known = first.entry(pursuit.buyer).or_insert(mine);
            *known = mine.min(*known);
        }
        let deals = self.closed_deals(&won).map(|(member, ..)| member);
        let mut measured = Measured {
            members: deals.collect(),
            issues: Vec::new(),
        };
        measured.members.retain(|member| {
            let pursuit = member.pursuit.and_then(|index| self.pursuit(index));
            let first = pursuit.and_then(|pursuit| first.get(&pursuit.buyer));
            first.is_some_and(|(_, deal)| member.counted == Counted::Deal(*deal))
        });
        measured
    }

    /// Deals created in quarters of which the nth after is over; the part was won in that.
    fn close_rate(&self) -> Measured {
        let calendar = &self.world.charter.calendar;
        let nth = |day: Day| {
            let first = calendar.period_of(day, Grain::Quarter);
            (0..self.scope.nth).fold(first, |quarter, _| {
                calendar.period_of(quarter.until, Grain::Quarter)
            })
        };
        let mut measured = self.created();
        measured.members.retain_mut(|member| {
            let Some(quarter) = member.anchor.when.day(calendar).map(nth) else {
                return false;
            };
            let deal = match member.counted {
                Counted::Deal(deal) => self.journeys.deals.get(deal as usize),
                _ => None,
            };
            let closed = deal.and_then(|deal| deal.closed);
            let closed = closed.and_then(|closed| closed.when.day(calendar));
            let is_then = closed.is_some_and(|day| quarter.from <= day && day < quarter.until);
            member.is_part &= is_then;
            calendar.start_of(quarter.until) <= self.world.horizon
        });
        measured
    }

    /// Deals by their creation, with their amounts at an instant; `None` = as last known.
    fn pipeline_created(&self, at: impl Fn(&Deal) -> Option<Instant>) -> Measured {
        let mut measured = Measured::default();
        for created in whole(self.created()).members {
            let Counted::Deal(index) = created.counted else {
                continue;
            };
            if let Some(deal) = self.journeys.deals.get(index as usize) {
                let created = Member {
                    valued: at(deal),
                    ..created
                };
                let money = self.amount(deal, created.valued);
                measured.add(created, money, || self.shown_by(deal));
            }
        }
        measured
    }

    /// Leads by their creation; the part is in a pursuit of some kind.
    fn leads_that(&self, is_part: impl Fn(&Pursuit) -> bool) -> Measured {
        let mut measured = self.leads(|lead| Some(lead.fact));
        for member in &mut measured.members {
            let pursuit = member.pursuit.and_then(|index| self.pursuit(index));
            member.is_part = pursuit.is_some_and(&is_part);
        }
        measured
    }

    /// Accounts by their first lead of the period, which stands for them; the part has a deal of
    /// some kind that is not known from before it. A deal of a day may be of any time of that day.
    fn accounts_that(&self, is_part: impl Fn(&Deal) -> bool) -> Measured {
        let calendar = &self.world.charter.calendar;
        let mut latest: HashMap<Sym, Instant> = HashMap::new();
        for deal in self.journeys.deals.iter().filter(|deal| is_part(deal)) {
            let Some(account) = deal.account else {
                continue;
            };
            let known = deal.known_from;
            let until = known.at.max(known.when.end(calendar));
            let until = known.at.and(until).unwrap_or(Instant(i64::MAX));
            let latest = latest.entry(account).or_insert(until);
            *latest = until.max(*latest);
        }
        let mut seen: BTreeSet<Sym> = BTreeSet::new();
        let mut measured = self.leads(|lead| Some(lead.fact));
        measured.members.retain_mut(|member| {
            let pursuit = member.pursuit.and_then(|index| self.pursuit(index));
            let Some(account) = pursuit.and_then(|pursuit| pursuit.account) else {
                return false;
            };
            let lead = match member.counted {
                Counted::Lead(lead) => self.journeys.leads.get(lead as usize),
                _ => None,
            };
            let is_since =
                |lead: &Lead, until: Instant| lead.created.at.is_none_or(|at| until >= at);
            let until = latest.get(&account);
            member.is_part = lead
                .zip(until)
                .is_some_and(|(lead, until)| is_since(lead, *until));
            seen.insert(account)
        });
        measured
    }
}

fn ended(pursuit: &Pursuit, how: impl Fn(StepRole) -> bool) -> bool {
    pursuit.end.is_some_and(|end| how(end.role))
}

/// All members count.
fn whole(mut measured: Measured) -> Measured {
    for member in &mut measured.members {
        member.is_part = true;
    }
    measured
}
