//! Named metrics, member by member, with their declarations.
//!
//! Each metric says what it anchors to, whom it counts and what it leaves out; its rows are the
//! deals, pursuits or leads it counted, so a figure can always be listed. This module refuses to
//! convert currencies or to split by dimensions.

mod alike;
mod brand;
mod deal;
mod families;
mod goals;
mod handed;
mod kinds;
mod leads;
mod more;
mod open;
mod per_day;
mod specs;
mod spend;
mod split;
mod touched;

use handfast_model::id::{FactId, PersonId, Sym};
use handfast_model::question::Unit;
use handfast_model::rules::{StepIx, StepRole};
use handfast_model::{Instant, Issue, IssueCode, Money, When, planted};

use crate::journey::{Deal, Journeys, Moment, Pursuit, World};
use crate::spread::{Days, Spread};
use crate::velocity::{Elapsed, elapsed};

pub use goals::{Aim, Measure, aims};
pub use kinds::{Metric, MetricSpec, Shape};
pub use open::Weight;
pub use per_day::{PerDay, bill, per_day};
pub use specs::SPECS;
pub use spend::PaidFor;
pub use split::Split;

/// The version of this kernel; a change of any number it gives is a new version.
pub const VERSION: u32 = 12;

/// Who is counted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Counted {
    /// A deal, as an index into [`Journeys::deals`].
    Deal(u32),
    /// A pursuit, as an index into [`Journeys::pursuits`].
    Pursuit(u32),
    /// A lead, as an index into [`Journeys::leads`].
    Lead(u32),
    /// A fact that is counted by itself, as an index into the snapshot's facts.
    Fact(u32),
}

/// One member of a metric.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Member {
    /// Who.
    pub counted: Counted,
    /// Its pursuit, if it has one, for dimensions.
    pub pursuit: Option<u32>,
    /// The visit of that pursuit that it is of, where it is of one.
    pub visit: Option<u32>,
    /// The person, for a lead.
    pub person: Option<PersonId>,
    /// The moment that puts it in the period.
    pub anchor: Moment,
    /// Whether it counts in the numerator; every member counts in the denominator.
    pub is_part: bool,
    /// Its money.
    pub money: Option<Money>,
    /// The amount of which its money is a part, and which part. In another currency the amount is
    /// converted first.
    pub weight: Option<(Money, Weight)>,
    /// The instant whose amount that is; `None` = the last known one.
    pub valued: Option<Instant>,
    /// Its whole number.
    pub number: Option<i64>,
    /// Of what is spread over days: the whole, and the days that count here.
    pub spread: Option<(Spread, Days)>,
    /// Its elapsed time.
    pub elapsed: Option<Elapsed>,
    /// The reason given.
    pub reason: Option<Sym>,
    /// The fact that shows it.
    pub fact: Option<u32>,
    /// What is wrong with it: a missing amount.
    pub issue: Option<Issue>,
}

/// What a metric looks at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Scope {
    /// First instant of the period; `None` = from the beginning, undated members included.
    pub from: Option<Instant>,
    /// First instant after the period; `None` = to the end, undated members included.
    pub until: Option<Instant>,
    /// Won, lost and win rate count deals at deal level, else pursuits; the others ignore it.
    pub unit: Unit,
    /// The stage that a metric is told; `None` = the first of the path.
    pub step: Option<StepIx>,
    /// What spend pays for; `None` = all of it.
    pub paid_for: Option<&'static [PaidFor]>,
    /// The second stage that it is told; `None` = the last of the path.
    pub to: Option<StepIx>,
    /// The number that it is told.
    pub nth: u32,
    /// The handoff that it is told, by its place in the charter; `None` = all.
    pub handoff: Option<u32>,
    /// The reason that it is told; `None` = one that nobody gave.
    pub reason: Option<Sym>,
    /// The periods that the answer is split by, for goals and for leads by what was spent in each.
    pub split: Split,
    /// Goals: whether the answer is split by rep.
    pub is_by_rep: bool,
}

impl Scope {
    /// All pursuits at all times.
    pub const ALL: Scope = Scope {
        from: None,
        until: None,
        unit: Unit::Pursuit,
        step: None,
        to: None,
        nth: 0,
        paid_for: None,
        handoff: None,
        reason: None,
        split: Split::NONE,
        is_by_rep: false,
    };
}

/// What sales velocity is made of, deal by deal.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct VelocityParts {
    /// Deals open at the period's end.
    pub open: Measured,
    /// Deals won in the period, with their amounts.
    pub won: Measured,
    /// Deals won or lost in the period; won ones are the numerator.
    pub closed: Measured,
    /// Deals won in the period, with their cycles.
    pub cycles: Measured,
}

/// A metric's members and what is wrong with them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Measured {
    /// In the order of deals, pursuits or leads.
    pub members: Vec<Member>,
    /// Defects under this metric that no member shows, beyond those of the journeys.
    pub issues: Vec<Issue>,
}

/// The members of a metric. `OpenValue` looks at the last instant before `until`, else before the
/// horizon; of a sales velocity, the members are its open deals.
pub fn measure(metric: Metric, world: &World<'_>, journeys: &Journeys, scope: &Scope) -> Measured {
    let book = Book {
        world,
        journeys,
        scope,
    };
    match metric {
        Metric::Won => book.ends(won, won),
        Metric::Lost | Metric::LostByReason => book.ends(lost, lost),
        Metric::LostFor => book.lost_that(|reason| reason == scope.reason),
        Metric::LostExplained => book.lost_that(|_| true),
        Metric::WinRate => book.ends(closed, won),
        Metric::Revenue | Metric::MeanWonValue => book.values(won),
        Metric::CycleWon => book.cycles(won),
        Metric::CycleLost => book.cycles(lost),
        Metric::CycleClosed => book.cycles(closed),
        Metric::WinRateAllEnds => book.ends(StepRole::is_end, won),
        Metric::WinRateByValue => book.values_of(closed, won),
        Metric::WinRateCohort => book.created(),
        Metric::WinRateFrom => book.entered(scope.step.unwrap_or(StepIx(0))),
        Metric::CycleWonFromOpening => book.cycles_from(won, |pursuit| pursuit.opened.when),
        Metric::CycleWonFromTouch => book.cycles_from(won, |pursuit| book.came_at(pursuit)),
        Metric::OpenValue
        | Metric::SalesVelocity
        | Metric::SalesVelocityMedian
        | Metric::SalesVelocityByValue => book.open_values(),
        Metric::LeadsCreated => book.leads(|lead| Some(lead.fact)),
        Metric::LeadsAssigned => book.leads(|lead| lead.assigned),
        Metric::LeadsWorked => book.leads(|lead| lead.worked),
        Metric::Spend => book.spend(scope.paid_for),
        Metric::Impressions => book.spend_numbers("impressions"),
        Metric::Clicks => book.spend_numbers("clicks"),
        Metric::AdConversions => book.spend_numbers("conversions"),
        other => book.more(other),
    }
}

/// The parts of a sales velocity, all at deal level.
pub fn velocity_parts(world: &World<'_>, journeys: &Journeys, scope: &Scope) -> VelocityParts {
    let book = Book {
        world,
        journeys,
        scope: &Scope {
            unit: Unit::Deal,
            ..*scope
        },
    };
    VelocityParts {
        open: book.open_values(),
        won: book.values(won),
        closed: book.values_of(closed, won),
        cycles: book.cycles(won),
    }
}

fn won(role: StepRole) -> bool {
    role == StepRole::Won
}

fn lost(role: StepRole) -> bool {
    role == StepRole::Lost
}

fn closed(role: StepRole) -> bool {
    planted!(WinRateOverAll, won(role) || lost(role), role.is_end())
}

/// What is measured over.
struct Book<'a> {
    world: &'a World<'a>,
    journeys: &'a Journeys,
    scope: &'a Scope,
}

impl Book<'_> {
    /// Ended deals (or pursuits) of some roles by their closing time.
    fn ends(&self, whole: impl Fn(StepRole) -> bool, part: impl Fn(StepRole) -> bool) -> Measured {
        let members = match self.scope.unit {
            Unit::Deal => self
                .closed_deals(&whole)
                .map(|(member, _, _)| member)
                .collect(),
            Unit::Pursuit | Unit::Person | Unit::Account => self.ended_pursuits(&whole),
        };
        let part = |member: Member| {
            let pursuit = member.pursuit.and_then(|index| self.pursuit(index));
            let role = pursuit.and_then(|pursuit| pursuit.end).map(|end| end.role);
            Member {
                is_part: role.is_some_and(&part),
                ..member
            }
        };
        let members: Vec<Member> = members;
        Measured {
            members: members.into_iter().map(part).collect(),
            issues: Vec::new(),
        }
    }

    /// What was lost; the part gives a reason of some kind.
    fn lost_that(&self, is_part: impl Fn(Option<Sym>) -> bool) -> Measured {
        let mut measured = self.ends(lost, lost);
        for member in &mut measured.members {
            member.is_part = member.reason.is_some() && is_part(member.reason);
        }
        measured
    }

    fn values(&self, whole: impl Fn(StepRole) -> bool) -> Measured {
        let mut measured = Measured::default();
        for (member, deal, _) in self.closed_deals(&whole) {
            measured.add(member, self.amount(deal, None), || self.shown_by(deal));
        }
        measured
    }

    /// Closed deals with their amounts; those of some roles are the numerator.
    fn values_of(
        &self,
        whole: impl Fn(StepRole) -> bool,
        part: impl Fn(StepRole) -> bool,
    ) -> Measured {
        let mut measured = self.values(whole);
        for member in &mut measured.members {
            let pursuit = member.pursuit.and_then(|index| self.pursuit(index));
            let end = pursuit.and_then(|pursuit| pursuit.end);
            member.is_part = end.is_some_and(|end| part(end.role));
        }
        measured
    }

    /// Deals by their creation; won ones are the numerator.
    fn created(&self) -> Measured {
        let deals = (0u32..).zip(&self.journeys.deals);
        let created = deals.filter(|(_, deal)| self.is_in(deal.created));
        let members = created.map(|(index, deal)| Member {
            is_part: deal.outcome == Some(StepRole::Won),
            fact: deal.versions.first().copied(),
            ..member(Counted::Deal(index), Some(deal.pursuit), deal.created)
        });
        Measured {
            members: members.collect(),
            issues: Vec::new(),
        }
    }

    /// Pursuits, or the deals that have one, by their first entry into a step; won ones are the
    /// numerator.
    fn entered(&self, step: StepIx) -> Measured {
        let pursuits = (0u32..).zip(&self.journeys.pursuits);
        let members = pursuits.filter_map(|(index, pursuit)| {
            let visit = pursuit.visits.iter().find(|visit| visit.step == step)?;
            let counted = match (self.scope.unit, pursuit.deal) {
                (Unit::Deal, deal) => Counted::Deal(deal?),
                _ => Counted::Pursuit(index),
            };
            self.is_in(visit.entered).then(|| Member {
                is_part: pursuit.end.is_some_and(|end| won(end.role)),
                fact: visit.evidence,
                ..member(counted, Some(index), visit.entered)
            })
        });
        Measured {
            members: members.collect(),
            issues: Vec::new(),
        }
    }

    /// When the touch came that a pursuit came from.
    fn came_at(&self, pursuit: &Pursuit) -> When {
        let touch = pursuit.entry_touch;
        let fact = touch.and_then(|touch| self.world.snapshot.facts.get(touch as usize));
        fact.map_or(When::Unknown, |fact| fact.happened)
    }

    /// Closed deals with the time since a moment of their pursuit.
    fn cycles_from(
        &self,
        whole: impl Fn(StepRole) -> bool,
        start: impl Fn(&Pursuit) -> When,
    ) -> Measured {
        let calendar = &self.world.charter.calendar;
        let timed = self.closed_deals(&whole).map(|(member, deal, closed)| {
            let pursuit = self.pursuit(deal.pursuit);
            let from = pursuit.map_or(When::Unknown, &start);
            Member {
                elapsed: elapsed(from, closed.when, calendar),
                ..member
            }
        });
        Measured {
            members: timed.filter(|member| member.elapsed.is_some()).collect(),
            issues: Vec::new(),
        }
    }

    fn cycles(&self, whole: impl Fn(StepRole) -> bool) -> Measured {
        let calendar = &self.world.charter.calendar;
        let timed = self
            .closed_deals(&whole)
            .map(|(member, deal, closed)| Member {
                elapsed: elapsed(deal.created.when, closed.when, calendar),
                ..member
            });
        Measured {
            members: timed.filter(|member| member.elapsed.is_some()).collect(),
            issues: Vec::new(),
        }
    }

    fn closed_deals<'b>(
        &'b self,
        whole: &'b impl Fn(StepRole) -> bool,
    ) -> impl Iterator<Item = (Member, &'b Deal, Moment)> {
        let deals = (0u32..).zip(&self.journeys.deals);
        deals.filter_map(move |(index, deal)| {
            let (closed, role) = (deal.closed?, deal.outcome?);
            let end = self.pursuit(deal.pursuit)?.end?;
            let counts = whole(role) && self.is_in(closed);
            counts.then(|| {
                let found = Member {
                    reason: self.reason(Some(deal), &end),
                    fact: end.fact.or(deal.versions.last().copied()),
                    ..member(Counted::Deal(index), Some(deal.pursuit), closed)
                };
                (found, deal, closed)
            })
        })
    }

    fn ended_pursuits(&self, whole: &impl Fn(StepRole) -> bool) -> Vec<Member> {
        let pursuits = (0u32..).zip(&self.journeys.pursuits);
        let ended = pursuits.filter_map(|(index, pursuit)| {
            let end = pursuit.end?;
            let deal = pursuit
                .deal
                .and_then(|deal| self.journeys.deals.get(deal as usize));
            (whole(end.role) && self.is_in(end.moment)).then(|| Member {
                reason: self.reason(deal, &end),
                fact: end.fact,
                ..member(Counted::Pursuit(index), Some(index), end.moment)
            })
        });
        ended.collect()
    }

    fn is_in(&self, anchor: Moment) -> bool {
        let (from, until) = (self.scope.from, self.scope.until);
        match anchor.at {
            None => planted!(UndatedCounts, from.is_none() && until.is_none(), true),
            Some(at) => {
                let ends = |until| planted!(PeriodEndCounts, at < until, at <= until);
                from.is_none_or(|from| from <= at) && until.is_none_or(ends)
            }
        }
    }

    fn pursuit(&self, index: u32) -> Option<&Pursuit> {
        self.journeys.pursuits.get(index as usize)
    }
}

impl Measured {
    /// Adds a member whose money is asked; a missing amount is an issue, not a zero.
    fn add(
        &mut self,
        member: Member,
        money: Option<Money>,
        shown_by: impl FnOnce() -> Option<FactId>,
    ) {
        let issue = money.is_none().then(|| Issue {
            code: IssueCode::NoAmount,
            fact: shown_by(),
        });
        self.members.push(Member {
            money,
            issue,
            ..member
        });
    }
}

fn member(counted: Counted, pursuit: Option<u32>, anchor: Moment) -> Member {
    Member {
        counted,
        pursuit,
        visit: None,
        person: None,
        anchor,
        is_part: true,
        money: None,
        weight: None,
        valued: None,
        number: None,
        spread: None,
        elapsed: None,
        reason: None,
        fact: None,
        issue: None,
    }
}
