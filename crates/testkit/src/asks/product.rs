//! What the kernels say, written as lines about each member.

use std::collections::{BTreeMap, BTreeSet};

use handfast_kernels::funnel::{self, CohortRule, Stay, UnitKey};
use handfast_kernels::journey::{self, Journeys, Pursuit};
use handfast_kernels::metric::{self, Counted, Measured, Metric, PaidFor, Scope};
use handfast_kernels::rates::Rates;
use handfast_kernels::{stale, velocity};
use handfast_model::question::{Entries, Unit};
use handfast_model::rules::{StepIx, StepRole};
use handfast_model::{Charter, Currency, Instant, Money, Snapshot, When};

use crate::truth::clock::Time;
use crate::truth::deals::Moment;
use crate::truth::meaning::Role;
use crate::truth::views::Cohort;

/// What the kernels made of a snapshot.
pub struct Product<'a> {
    /// The facts.
    pub snapshot: &'a Snapshot,
    /// The definitions.
    pub charter: &'a Charter,
    /// What was derived.
    pub journeys: &'a Journeys,
    /// Up to when the sources show everything.
    pub horizon: i64,
}

impl Product<'_> {
    pub(super) fn world(&self) -> journey::World<'_> {
        journey::World {
            snapshot: self.snapshot,
            charter: self.charter,
            horizon: Instant(self.horizon),
        }
    }

    pub(super) fn text(&self, sym: handfast_model::Sym) -> String {
        self.snapshot.names.text(sym).to_owned()
    }

    pub(super) fn fact(&self, place: u32) -> String {
        format!("{:x}", self.snapshot.facts[place as usize].id.0)
    }

    pub(super) fn step(&self, step: StepIx) -> &str {
        &self.charter.steps[usize::from(step.0)].id
    }

    pub(super) fn pursuit(&self, at: u32) -> &Pursuit {
        &self.journeys.pursuits[at as usize]
    }

    pub(super) fn unit(&self, unit: UnitKey) -> String {
        match unit {
            UnitKey::Pursuit(at) => format!("{:x}", self.pursuit(at).id.0),
            UnitKey::Person(id) => format!("{:x}", id.0),
            UnitKey::Account(key) | UnitKey::Deal(key) => self.text(key),
        }
    }

    pub(super) fn pursuits(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut ids = BTreeSet::new();
        let twice = self
            .journeys
            .pursuits
            .iter()
            .filter(|pursuit| !ids.insert(pursuit.id));
        lines.extend(twice.map(|pursuit| format!("two pursuits are called {}", pursuit.id)));
        let maybe = |place: Option<u32>| place.map(|place| self.fact(place));
        for pursuit in &self.journeys.pursuits {
            let people: Vec<String> = pursuit
                .people
                .iter()
                .map(|id| format!("{:x}", id.0))
                .collect();
            let touches: Vec<String> = pursuit.touches.iter().map(|at| self.fact(*at)).collect();
            let end = pursuit.end.map(|end| {
                let step = end.step.map(|step| self.step(step).to_owned());
                let (role, moment) = (role(end.role), moment(end.moment));
                format!("{role:?} {step:?} {moment:?} {:?}", maybe(end.fact))
            });
            let deal = pursuit.deal.map(|deal| &self.journeys.deals[deal as usize]);
            let deal = deal.map(|deal| self.text(deal.key));
            let buyer = match pursuit.buyer {
                journey::Buyer::Account(key) | journey::Buyer::Deal(key) => self.text(key),
                journey::Buyer::Person(id) => format!("{:x}", id.0),
            };
            lines.push(format!(
                "{:x} of {buyer} {:?} opened {:?} end {end:?} people {people:?} deal {deal:?} \
                 touches {touches:?} from {:?} silent {:?}",
                pursuit.id.0,
                pursuit.account.map(|key| self.text(key)),
                moment(pursuit.opened),
                maybe(pursuit.entry_touch),
                pursuit.silent_at.map(|at| at.0),
            ));
            lines.extend(self.visits(pursuit));
        }
        lines.extend(self.deals());
        for lead in &self.journeys.leads {
            lines.push(format!(
                "lead {:x} {} in {:?} assigned {:?} worked {:?}",
                lead.person.0,
                self.fact(lead.fact),
                lead.pursuit
                    .map(|at| format!("{:x}", self.pursuit(at).id.0)),
                maybe(lead.assigned),
                maybe(lead.worked),
            ));
        }
        lines
    }

    fn visits(&self, pursuit: &Pursuit) -> Vec<String> {
        let visits = pursuit.visits.iter().enumerate();
        let line = |(place, visit): (usize, &journey::Visit)| {
            let owner = (
                visit.rep.map(|rep| self.text(rep)),
                visit.team.map(|team| self.text(team)),
            );
            format!(
                "{:x} visit {place} {} {:?} to {:?} {} implied {} {owner:?} {:?}",
                pursuit.id.0,
                self.step(visit.step),
                moment(visit.entered),
                visit.left.map(moment),
                visit.left_by.word(),
                visit.is_implied,
                visit.evidence.map(|place| self.fact(place)),
            )
        };
        visits.map(line).collect()
    }

    fn deals(&self) -> Vec<String> {
        let line = |deal: &journey::Deal| {
            format!(
                "deal {} {:?} {:?} made {:?} known {:?} closed {:?} {:?} in {:?}",
                self.text(deal.key),
                deal.account.map(|key| self.text(key)),
                deal.person.map(|id| format!("{:x}", id.0)),
                moment(deal.created),
                moment(deal.known_from),
                deal.closed.map(moment),
                deal.outcome.map(role),
                Some(format!("{:x}", self.pursuit(deal.pursuit).id.0)),
            )
        };
        self.journeys.deals.iter().map(line).collect()
    }

    fn who(&self, stay: &Stay) -> String {
        let at = stay.entered.at.map(|at| at.0);
        format!("{}@{at:?}", self.unit(stay.unit))
    }

    pub(super) fn flow(&self, unit: Unit, (from, until): (i64, i64)) -> Vec<String> {
        let stays = funnel::stays(self.journeys, unit);
        let rows = funnel::flow(&stays, self.charter, Instant(from), Instant(until));
        let mut lines = Vec::new();
        for row in rows {
            let mut add = |column: &str, members: &[u32]| {
                let who = members.iter().map(|at| self.who(&stays[*at as usize]));
                let mut who: Vec<String> = who.collect();
                who.sort();
                let step = self.step(row.step);
                lines.push(format!("{step} {column}: {} {}", who.len(), who.join(" ")));
            };
            add("at start", &row.at_start);
            add("entered", &row.entered);
            for way in journey::LeftBy::ALL {
                let is_asked = crate::truth::WAYS.contains(&way.word());
                let members = row.left.get(&way).map_or(&[][..], |members| members);
                if is_asked || !members.is_empty() {
                    add(way.word(), members);
                }
            }
            add("at end", &row.at_end);
        }
        lines
    }

    pub(super) fn cohort(&self, asked: &Cohort) -> Vec<String> {
        let rule = rule(asked);
        let entries = funnel::cohort(self.journeys, self.charter, &rule);
        let line = |entry: &funnel::CohortEntry| {
            let reached = entry.reached.iter().map(|reach| match reach {
                None => "-".to_owned(),
                Some(reach) => reach
                    .days
                    .map_or("undated".to_owned(), |days| days.to_string()),
            });
            let ripe = if entry.is_ripe { "ripe" } else { "young" };
            let at = entry.entered.at.map(|at| at.0);
            let reached = reached.collect::<Vec<_>>().join(" ");
            format!("{}@{at:?} {ripe} {reached}", self.unit(entry.unit))
        };
        entries.iter().map(line).collect()
    }

    pub(super) fn snapshot_view(&self, unit: Unit, at: i64, by: Option<i64>) -> Vec<String> {
        let stays = funnel::stays(self.journeys, unit);
        let outcomes = by.map(|by| funnel::outcome(&stays, Instant(at), Instant(by)));
        let there = funnel::snapshot(&stays, Instant(at)).into_iter();
        let line = |index: u32| {
            let stay = &stays[index as usize];
            let age = funnel::age_days(stay, Instant(at), &self.charter.calendar);
            let age = age.map(|days| days as i32);
            let (step, entered) = (self.step(stay.step), moment(stay.entered));
            let mut line = format!("{} {step} {entered:?} {age:?}", self.unit(stay.unit));
            let mut outcomes = outcomes.iter().flatten();
            if let Some(outcome) = outcomes.find(|outcome| outcome.stay == index) {
                let now = outcome.now.iter();
                let now: Vec<usize> = now.map(|at| stays[*at as usize].step.0.into()).collect();
                line += &format!(" {} {now:?}", outcome.left_by.word());
            }
            line
        };
        there.map(line).collect()
    }

    pub(super) fn cycles(&self, from: Option<usize>) -> Vec<String> {
        let from = from.map(|step| StepIx(step as u8));
        let cycles = velocity::cycles(self.journeys, &self.charter.calendar, from);
        let mut lines: Vec<String> = cycles
            .iter()
            .map(|cycle| {
                let id = self.pursuit(cycle.pursuit).id.0;
                format!("{id:x} {:?} {}", role(cycle.outcome), cycle.elapsed.seconds)
            })
            .collect();
        let summary = velocity::summary(cycles.iter().map(|cycle| cycle.elapsed));
        let (sum, median) = (summary.sum_seconds, summary.median_twice_seconds);
        lines.push(format!("sum {sum} twice the median {median:?}"));
        lines
    }

    pub(super) fn metric(&self, name: &str, unit: Unit, period: Option<(i64, i64)>) -> Vec<String> {
        let Some(asked) = Metric::parse(name) else {
            return vec![format!("no metric {name}")];
        };
        let paid_for = name.split_once(':').and_then(|(_, of)| PaidFor::asked(of));
        let found = self.measured((asked, paid_for), unit, period);
        let members = found.members;
        let mut sums: BTreeMap<String, i64> = Default::default();
        for money in members.iter().filter_map(|member| member.money) {
            *sums.entry(money.currency.code().to_owned()).or_default() += money.minor;
        }
        let who = |member: &metric::Member| match member.counted {
            Counted::Deal(at) => self.text(self.journeys.deals[at as usize].key),
            Counted::Pursuit(at) => format!("{:x}", self.pursuit(at).id.0),
            Counted::Lead(at) => format!("{:x}", self.journeys.leads[at as usize].person.0),
            Counted::Fact(at) => self.fact(at),
        };
        let line = |member: &metric::Member| {
            // A win is marked where there is something else beside it.
            let money = member
                .money
                .map(|money| (money.minor, money.currency.code().to_owned()));
            let is_part = match asked {
                Metric::Lost => false,
                _ => member.is_part,
            };
            let seconds = member.elapsed.map(|elapsed| elapsed.seconds);
            format!("{} {is_part} {money:?} {seconds:?}", who(member))
        };
        let mut lines: Vec<String> = members.iter().map(line).collect();
        lines.extend(
            sums.iter()
                .map(|(currency, sum)| format!("sum {sum} {currency}")),
        );
        let of_member = |member: &metric::Member| {
            let issue = member.issue?;
            Some(format!("{} of {}", issue.code.code(), who(member)))
        };
        lines.extend(members.iter().filter_map(of_member));
        let others = found.issues.iter().map(|issue| {
            let fact = issue.fact.map(|fact| format!("{:x}", fact.0));
            format!("{} of {}", issue.code.code(), fact.unwrap_or_default())
        });
        lines.extend(others);
        lines
    }

    fn measured(
        &self,
        (asked, paid_for): (Metric, Option<&'static [PaidFor]>),
        unit: Unit,
        period: Option<(i64, i64)>,
    ) -> Measured {
        let scope = Scope {
            from: period.map(|(from, _)| Instant(from)),
            until: period.map(|(_, until)| Instant(until)),
            unit,
            paid_for,
            ..Scope::ALL
        };
        metric::measure(asked, &self.world(), self.journeys, &scope)
    }

    pub(super) fn stale(&self, unit: Unit, at: i64) -> Vec<String> {
        let (at, calendar) = (Instant(at), &self.charter.calendar);
        let stays = funnel::stays(self.journeys, unit);
        let limits = stale::limits(&stays, self.journeys, self.charter, at);
        let is_stale =
            |stay: &&Stay| stay.holds_at(at) && stale::is_stale(stay, &limits, at, calendar);
        let line = |stay: &Stay| {
            let entered = stay.entered.at.map(|at| at.0);
            format!(
                "{} {} {entered:?}",
                self.unit(stay.unit),
                self.step(stay.step)
            )
        };
        stays.iter().filter(is_stale).map(line).collect()
    }

    pub(super) fn revenue_in(&self, currency: &str, period: Option<(i64, i64)>) -> Vec<String> {
        let Some(to) = Currency::parse(currency) else {
            return Vec::new();
        };
        let rates = Rates::new(self.snapshot, self.charter);
        let mut lines = Vec::new();
        let mut sum = 0;
        for member in self
            .measured((Metric::Revenue, None), Unit::Deal, period)
            .members
        {
            let (Some(money), Counted::Deal(at)) = (member.money, member.counted) else {
                continue;
            };
            let deal = &self.journeys.deals[at as usize];
            let anchor = deal.closed.map_or(When::Unknown, |closed| closed.when);
            let calendar = &self.charter.calendar;
            let price: Option<Money> = rates
                .price_of(money, to, (Some(deal), anchor), calendar)
                .map(|priced| priced.money);
            let price = price.map(|money| i128::from(money.minor));
            sum += price.unwrap_or(0);
            lines.push(format!("{} {price:?}", self.text(deal.key)));
        }
        lines.push(format!("sum {sum} {currency}"));
        lines.push(format!("unusable rates {}", rates.issues.len()));
        lines
    }
}

/// A cohort as the kernels ask it.
pub(super) fn rule(asked: &Cohort) -> CohortRule {
    CohortRule {
        entry: StepIx(asked.step as u8),
        from: asked.period.map(|(from, _)| Instant(from)),
        until: asked.period.map(|(_, until)| Instant(until)),
        window_days: asked.window.map(|days| days as u32),
        entries: if asked.is_each {
            Entries::All
        } else {
            Entries::First
        },
        unit: asked.unit,
        horizon: Instant(asked.horizon),
    }
}

fn moment(moment: journey::Moment) -> Moment {
    Moment {
        when: match moment.when {
            When::Unknown => Time::Unknown,
            When::Day(day) => Time::Day(day.0),
            When::At(at) => Time::At(at.0),
        },
        at: moment.at.map(|at| at.0),
    }
}

pub(super) fn role(role: StepRole) -> Role {
    match role {
        StepRole::Path => Role::Path,
        StepRole::Detour => Role::Detour,
        StepRole::Won => Role::Won,
        StepRole::Lost => Role::Lost,
        StepRole::Disqualified => Role::Disqualified,
        StepRole::Dormant => Role::Dormant,
    }
}
