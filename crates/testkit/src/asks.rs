//! Questions whose answers are compared: each is asked of the kernels and of the truth, and both
//! write the same lines about every single member, so that two wrongs that add up show.

#![allow(
    clippy::indexing_slicing,
    reason = "a wrong place in a list is a mistake here, and must stop the comparison"
)]

mod earned;
mod figures;
mod moved;
mod product;
mod promised;
mod seen;
mod whole;

use handfast_model::question::Unit;

use crate::random::Chance;
use crate::truth::clock::DAY;
use crate::truth::dimensions::By;
use crate::truth::meaning::Meaning;
use crate::truth::response::Start;
use crate::truth::views::Cohort;
use crate::truth::{
    bridge, change, credit, estimates, handoff, issues, measures, reasons, response, transitions,
    views, walk,
};

pub use figures::{Figures, Group};
pub use product::Product;
pub use whole::{BridgeOf, Whole};

/// One question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ask {
    /// Who was in which stage when: every pursuit, deal and lead.
    Pursuits,
    /// A flow of a period.
    Flow(Unit, (i64, i64)),
    /// A cohort.
    Cohort(Cohort),
    /// Who is where at an instant, and what became of them by another.
    Snapshot(Unit, i64, Option<i64>),
    /// How long ended pursuits took since their opening, or since a step.
    Cycles(Option<usize>),
    /// A metric.
    Metric(&'static str, Unit, Option<(i64, i64)>),
    /// How long stays take that were under way before the horizon.
    Times(Unit),
    /// How many are still in a step after how long, seen from an instant on.
    Curve(Unit, Option<i64>),
    /// What is in its stage for too long.
    Stale(Unit, i64),
    /// What was won, in one currency.
    RevenueIn(&'static str, Option<(i64, i64)>),
    /// What is missing or contradictory, fact by fact.
    Issues,
    /// How soon leads are assigned and answered.
    Response(Start),
    /// What share of first entries gets to later steps, as estimated; seen from an instant on.
    Shares(Cohort, Option<i64>),
    /// Who gets the credit, by every model that is a rule.
    Credit(credit::Asked),
    /// What became of everything that was handed over under a promise.
    Promise(handoff::Promise),
    /// What made the open pipeline of one instant that of another.
    Bridge(bridge::Asked),
    /// Why deals were won, or lost.
    Reasons(bool, measures::Period),
    /// From which stage to which pursuits went, and who was there at the edges.
    Transitions((i64, i64)),
    /// What made what was won, or the win rate, of one period that of another.
    Parts(bool, [(i64, i64); 2]),
}

/// The metrics that are compared.
pub const METRICS: [&str; 17] = [
    "won",
    "lost",
    "win_rate",
    "win_rate_all_ends",
    "revenue",
    "win_rate_by_value",
    "marketing_touched",
    "marketing_touched_by_value",
    "marketing_touched_before_creation",
    "marketing_touched_before_creation_by_value",
    "cycle_won",
    "open_value",
    "leads_created",
    "leads_assigned",
    "leads_worked",
    "spend",
    "spend:media",
];

impl Ask {
    /// A question drawn by chance; instants are drawn by `instant`.
    pub fn draw(
        chance: &mut Chance,
        meaning: &Meaning,
        horizon: i64,
        instant: &dyn Fn(&mut Chance) -> i64,
    ) -> Ask {
        let unit = Unit::ALL[chance.below(4) as usize % 4];
        let period = |chance: &mut Chance| {
            let (a, b) = (instant(chance), instant(chance));
            (a.min(b), a.max(b))
        };
        let step = |chance: &mut Chance| chance.below(meaning.steps.len() as u64) as usize;
        let cohort = |chance: &mut Chance| Cohort {
            step: step(chance),
            period: chance.percent(70).then(|| period(chance)),
            window: chance.percent(60).then(|| 1 + chance.below(60) as i32),
            is_each: chance.percent(40),
            unit,
            horizon,
        };
        match chance.below(18) {
            0 => Ask::Pursuits,
            1..=3 => Ask::Flow(unit, period(chance)),
            4 | 5 => Ask::Cohort(cohort(chance)),
            6 | 7 => {
                let (at, by) = period(chance);
                Ask::Snapshot(unit, at, chance.percent(50).then_some(by))
            }
            8 => Ask::Cycles(chance.percent(60).then(|| step(chance))),
            9 => Ask::Times(unit),
            10 => Ask::Stale(unit, instant(chance)),
            11 => {
                let currency = if chance.percent(50) { "EUR" } else { "USD" };
                let period = chance.percent(70).then(|| period(chance));
                Ask::RevenueIn(currency, period)
            }
            12 => Ask::Curve(unit, chance.percent(60).then(|| instant(chance))),
            13 => Ask::Issues,
            14 => Ask::Response(match chance.below(3) {
                0 => Start::Creation,
                1 => Start::Assignment,
                _ => Start::Entry(step(chance)),
            }),
            15 => {
                // As the product asks: each pursuit or deal once.
                let asked = Cohort {
                    is_each: false,
                    unit: [Unit::Pursuit, Unit::Deal][chance.below(2) as usize],
                    ..cohort(chance)
                };
                Ask::Shares(asked, chance.percent(50).then(|| instant(chance)))
            }
            _ => {
                let name = METRICS[chance.below(METRICS.len() as u64) as usize];
                let period = chance.percent(80).then(|| period(chance));
                Ask::Metric(name, unit, period)
            }
        }
    }

    /// A question for credit.
    pub fn draw_credit(
        chance: &mut Chance,
        horizon: i64,
        instant: &dyn Fn(&mut Chance) -> i64,
    ) -> Ask {
        let (a, b) = (instant(chance), instant(chance));
        Ask::Credit(credit::Asked {
            is_won: chance.percent(60),
            period: chance.percent(70).then_some((a.min(b), a.max(b))),
            horizon,
        })
    }

    /// What became of open deals, why deals ended, and what two periods differ by.
    pub fn draw_moves(
        chance: &mut Chance,
        days: (i32, u64),
        instant: &dyn Fn(&mut Chance) -> i64,
    ) -> [Ask; 4] {
        let period = |chance: &mut Chance| {
            let (a, b) = (instant(chance), instant(chance));
            (a.min(b), a.max(b) + 1)
        };
        let day = |chance: &mut Chance| days.0 + chance.below(days.1.max(1)) as i32;
        let (a, b) = (day(chance), day(chance));
        // The truth looks at every instant of it.
        let (from, until) = period(chance);
        let length = (1 + chance.below(30) as i64) * DAY;
        let asked = bridge::Asked {
            period: (from, until.min(from + length)),
            due: chance.percent(40).then_some((a.min(b), a.max(b) + 1)),
            currency: None,
            by: [None, Some(By::Rep), Some(By::Team)][chance.below(3) as usize],
        };
        let ever = chance.percent(30);
        let ended = (!ever).then(|| period(chance));
        [
            Ask::Bridge(asked),
            Ask::Reasons(chance.percent(40), ended),
            Ask::Parts(chance.percent(60), [period(chance), period(chance)]),
            Ask::Transitions(period(chance)),
        ]
    }

    /// What is true, line by line.
    pub fn truth(&self, found: &walk::Journeys, meaning: &Meaning, horizon: i64) -> Vec<String> {
        let mut lines = match self {
            Ask::Pursuits => pursuits_truly(found, meaning),
            Ask::Flow(unit, (from, until)) => {
                views::flow(&views::stays(found, *unit), meaning, *from, *until)
            }
            Ask::Cohort(asked) => views::cohort(found, meaning, asked),
            Ask::Snapshot(unit, at, by) => views::snapshot(found, meaning, *unit, *at, *by),
            Ask::Cycles(from) => measures::cycles(found, meaning, *from),
            Ask::Metric(name, unit, period) => {
                measures::metric(found, meaning, name, (*unit, *period, horizon))
            }
            Ask::Times(unit) => {
                estimates::times(found, meaning, &views::stays(found, *unit), horizon)
            }
            Ask::Curve(unit, from) => {
                let stays = views::stays(found, *unit);
                estimates::curve(found, meaning, &stays, (*from, horizon))
            }
            Ask::Stale(unit, at) => {
                measures::stale(found, meaning, &views::stays(found, *unit), *at)
            }
            Ask::RevenueIn(currency, period) => {
                measures::revenue_in(found, meaning, currency, *period)
            }
            Ask::Issues => {
                let issues = issues::issues(found, meaning).into_iter();
                issues
                    .map(|(code, fact)| format!("{code} {fact:x}"))
                    .collect()
            }
            Ask::Response(start) => response::responses(found, meaning, *start, horizon),
            Ask::Shares(asked, from) => estimates::shares(found, meaning, asked, *from),
            Ask::Credit(asked) => credit::lines(found, meaning, *asked),
            Ask::Promise(promise) => handoff::lines(found, meaning, promise, horizon),
            Ask::Bridge(asked) => bridge::lines(found, meaning, *asked),
            Ask::Reasons(is_won, period) => reasons::lines(found, meaning, (*is_won, *period)),
            Ask::Parts(is_of_sum, periods) => change::lines(found, meaning, (*is_of_sum, *periods)),
            Ask::Transitions(period) => transitions::lines(found, meaning, *period),
        };
        lines.sort();
        lines
    }

    /// What the kernels say, line by line.
    pub fn product(&self, product: &Product<'_>) -> Vec<String> {
        let mut lines = match self {
            Ask::Pursuits => product.pursuits(),
            Ask::Flow(unit, period) => product.flow(*unit, *period),
            Ask::Cohort(asked) => product.cohort(asked),
            Ask::Snapshot(unit, at, by) => product.snapshot_view(*unit, *at, *by),
            Ask::Cycles(from) => product.cycles(*from),
            Ask::Metric(name, unit, period) => product.metric(name, *unit, *period),
            Ask::Times(unit) => product.times(*unit),
            Ask::Curve(unit, from) => product.curve(*unit, *from),
            Ask::Stale(unit, at) => product.stale(*unit, *at),
            Ask::RevenueIn(currency, period) => product.revenue_in(currency, *period),
            Ask::Issues => product.issues(),
            Ask::Response(start) => product.responses(*start),
            Ask::Shares(asked, from) => product.shares(asked, *from),
            Ask::Credit(asked) => product.credit(*asked),
            Ask::Promise(promise) => product.promise(promise),
            Ask::Bridge(asked) => product.bridge(asked),
            Ask::Reasons(is_won, period) => product.reasons(*is_won, *period),
            Ask::Parts(is_of_sum, periods) => product.parts(*is_of_sum, *periods),
            Ask::Transitions(period) => product.transitions(*period),
        };
        lines.sort();
        lines
    }
}

fn pursuits_truly(found: &walk::Journeys, meaning: &Meaning) -> Vec<String> {
    let mut lines = Vec::new();
    let id = |place: &usize| format!("{:x}", found.facts[*place].id);
    let maybe = |place: Option<usize>| place.map(|place| id(&place));
    for pursuit in &found.pursuits {
        let people: Vec<String> = pursuit.people.iter().map(|id| format!("{id:x}")).collect();
        let touches: Vec<String> = pursuit.touches.iter().map(id).collect();
        let end = pursuit.end.map(|end| {
            let step = end.step.map(|step| meaning.steps[step].id.clone());
            format!(
                "{:?} {step:?} {:?} {:?}",
                end.role,
                end.moment,
                maybe(end.fact)
            )
        });
        let deal = pursuit.deal.map(|deal| found.deals[deal].key.clone());
        let buyer = match &pursuit.buyer {
            walk::Buyer::Account(key) | walk::Buyer::Deal(key) => key.clone(),
            walk::Buyer::Person(id) => format!("{id:x}"),
        };
        lines.push(format!(
            "{:x} of {buyer} {:?} opened {:?} end {end:?} people {people:?} deal {deal:?} \
             touches {touches:?} from {:?} silent {:?}",
            pursuit.id,
            pursuit.account,
            pursuit.opened,
            maybe(pursuit.entry_touch),
            pursuit.silent_at,
        ));
        for (place, visit) in pursuit.visits.iter().enumerate() {
            lines.push(format!(
                "{:x} visit {place} {} {:?} to {:?} {} implied {} {:?} {:?}",
                pursuit.id,
                meaning.steps[visit.step].id,
                visit.entered,
                visit.left,
                visit.left_by,
                visit.is_implied,
                visit.owner,
                maybe(visit.fact),
            ));
        }
    }
    lines.extend(deals_truly(found));
    for lead in &found.leads {
        lines.push(format!(
            "lead {:x} {} in {:?} assigned {:?} worked {:?}",
            lead.person,
            id(&lead.fact),
            lead.pursuit.map(|id| format!("{id:x}")),
            maybe(lead.assigned),
            maybe(lead.worked),
        ));
    }
    lines
}

fn deals_truly(found: &walk::Journeys) -> Vec<String> {
    let mut lines = Vec::new();
    for (deal, home) in found.deals.iter().zip(&found.of_deal) {
        let home = found.pursuits.get(*home);
        let end = home.and_then(|home| home.end);
        lines.push(format!(
            "deal {} {:?} {:?} made {:?} known {:?} closed {:?} {:?} in {:?}",
            deal.key,
            deal.account,
            deal.person.map(|id| format!("{id:x}")),
            deal.created,
            deal.known_from,
            end.map(|end| end.moment),
            end.map(|end| end.role),
            home.map(|home| format!("{:x}", home.id)),
        ));
    }
    lines
}
