//! I2: what a won deal is worth is what its touches earn, to the minor unit; each credit names one
//! touch, which came before the close and is known.
//!
//! Nothing of credit is kept, so nothing of it is looked at where state is derived: only where a
//! commit touched few cells, and by `verify`. Models that are estimated are `verify`'s alone.

use std::collections::HashSet;

use handfast_model::credit::{Credited, ModelKind};
use handfast_model::question::Unit;
use handfast_model::rules::StepRole;
use handfast_model::{
    Breaches, Calendar, Charter, FactKind, Instant, Invariant, Money, Seq, Sym, Value, When,
};

use super::deal_named;
use crate::attributes::Attributes;
use crate::cells::Part;
use crate::credit::rule::Rule;
use crate::credit::trails::Trails;
use crate::journey::{Deal, World};
use crate::metric::{Counted, Scope};

/// What a won deal gives to its touches under one model.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Given {
    /// The deal, as an index into the deals.
    pub deal: u32,
    /// The name of the model.
    pub model: String,
    /// What is shared out.
    pub amount: Money,
    /// The touches that may earn, as indexes into the facts.
    pub touches: Vec<u32>,
    /// What each of them gets; `None` where nobody earns and the amount is nobody's.
    pub parts: Option<Vec<Money>>,
}

/// Hands over what every won deal of a part gives, by each model that is a rule; one deal after the
/// other, so that it is never all there.
pub fn given(part: &Part, charter: &Charter, horizon: Instant, mut take: impl FnMut(Given)) {
    let world = World {
        snapshot: &part.snapshot,
        charter,
        horizon,
    };
    let scope = Scope {
        from: None,
        until: None,
        unit: Unit::Deal,
        ..Scope::ALL
    };
    let shown = charter.attribution.shown.iter();
    let shown = shown.map(|model| (model.name.clone(), model.kind));
    let all = shown.chain(ModelKind::all().map(|kind| (kind.name(), kind)));
    let rules = all.filter_map(|(name, kind)| Some((name, Rule::of(kind)?)));
    let rules: Vec<(String, Rule)> = rules.collect();
    let mut weights = Vec::new();
    for trail in Trails::new(&world, &part.journeys).of_deals(Credited::Won, &scope) {
        let (Counted::Deal(deal), Some(amount)) = (trail.member.counted, trail.member.money) else {
            continue;
        };
        let seen = trail.seen(|_| false);
        for (model, rule) in &rules {
            rule.weigh(seen.trail(), &mut weights);
            take(Given {
                deal,
                model: model.clone(),
                amount,
                touches: trail.touches.clone(),
                parts: amount.share_out(&weights),
            });
        }
    }
}

/// The credits of all won deals, each walked part by part.
pub fn credit(part: &Part, charter: &Charter, horizon: Instant) -> Breaches {
    let mut deals = part.journeys.deals.iter();
    if !deals.any(|deal| deal.outcome == Some(StepRole::Won)) {
        return Breaches::default();
    }
    let mut looking = Looking::new(part, &charter.calendar);
    given(part, charter, horizon, |one| looking.look(&one));
    looking.finish()
}

/// Looks at what was given: every won deal with an amount gives it, all of it, to touches of its
/// own.
pub struct Looking<'a> {
    part: &'a Part,
    calendar: &'a Calendar,
    attributes: Attributes,
    amount: Option<Sym>,
    /// By deal: whether it gave anything, and whether something was wrong.
    seen: Vec<(bool, bool)>,
    /// The deal and the touches that were looked at last, which are those of every model.
    last: Option<(u32, Vec<u32>)>,
    found: Breaches,
}

impl<'a> Looking<'a> {
    /// Nothing was looked at yet.
    pub fn new(part: &'a Part, calendar: &'a Calendar) -> Looking<'a> {
        Looking {
            part,
            calendar,
            attributes: Attributes::new(&part.snapshot, calendar),
            amount: part.snapshot.names.find("amount"),
            seen: vec![(false, false); part.journeys.deals.len()],
            last: None,
            found: Breaches::default(),
        }
    }

    /// Looks at what one deal gave under one model; of each deal the first that is wrong is told.
    pub fn look(&mut self, given: &Given) {
        let deals = &self.part.journeys.deals;
        let Some(deal) = deals.get(given.deal as usize) else {
            return;
        };
        let wrong = match self.worth(deal) == Some(given.amount) {
            true => self.of_touches(deal, given).or_else(|| of_parts(given)),
            false => Some(format!(
                "{} is shared out, which it is not worth",
                given.amount
            )),
        };
        let Some((gave, told)) = self.seen.get_mut(given.deal as usize) else {
            return;
        };
        *gave = true;
        if let Some(what) = wrong.filter(|_| !std::mem::replace(told, true)) {
            let names = &self.part.snapshot.names;
            self.found.add(Invariant::Credit, Seq(0), || {
                let what = format!("{}: {what}", given.model);
                (deal_named(names, deal.key), what)
            });
        }
    }

    /// What does not hold, deals that gave nothing included.
    pub fn finish(mut self) -> Breaches {
        let names = &self.part.snapshot.names;
        let all = self.part.journeys.deals.iter().zip(&self.seen);
        let silent = all.filter(|(deal, (gave, _))| deal.outcome == Some(StepRole::Won) && !gave);
        let nobodys = silent.filter_map(|(deal, _)| Some((deal, self.worth(deal)?)));
        let nobodys: Vec<(&Deal, Money)> = nobodys.collect();
        for (deal, worth) in nobodys {
            self.found.add(Invariant::Credit, Seq(0), || {
                let what = format!("it was won for {worth}, which nobody is given");
                (deal_named(names, deal.key), what)
            });
        }
        self.found
    }

    /// What a deal is worth, by another road than that of metrics.
    fn worth(&self, deal: &Deal) -> Option<Money> {
        let facts = &self.part.snapshot.facts;
        let said = self.attributes.of_deal(facts, deal.key, self.amount?, None);
        match said {
            Some(Value::Money(money)) => Some(*money),
            _ => None,
        }
    }

    /// What is wrong with the touches that one deal gives to.
    fn of_touches(&mut self, deal: &Deal, given: &Given) -> Option<String> {
        let last = self.last.as_ref();
        if last.is_some_and(|(of, touches)| *of == given.deal && *touches == given.touches) {
            return None;
        }
        let (part, calendar) = (self.part, self.calendar);
        let close = match deal.closed.map_or(When::Unknown, |closed| closed.when) {
            When::Unknown => None,
            When::At(at) => Some(at),
            When::Day(day) => Some(Instant(calendar.start_of(day.plus(1)).0 - 1)),
        };
        let home = deal
            .versions
            .first()
            .and_then(|at| part.cells.get(*at as usize));
        let mut earned = HashSet::new();
        for &touch in &given.touches {
            let fact = part.snapshot.facts.get(touch as usize)?;
            let at = match fact.happened {
                When::Unknown => None,
                When::At(at) => Some(at),
                When::Day(day) => Some(calendar.start_of(day)),
            };
            let is_before = at.zip(close).is_some_and(|(at, close)| at <= close);
            let is_known = part.snapshot.seq.0 == 0 || fact.seq <= part.snapshot.seq;
            let is_twice = !earned.insert(touch);
            let cell = part.cells.get(touch as usize);
            let what = match fact.kind {
                FactKind::Touch if is_twice => "earns twice",
                FactKind::Touch if !is_before => "earns, and was not there at the close",
                FactKind::Touch if !is_known => "earns, and was not known then",
                FactKind::Touch if home.is_some() && home != cell => {
                    "earns, and is another buyer's"
                }
                FactKind::Touch => continue,
                _ => "earns, and is no touch",
            };
            return Some(format!("fact {} {what}", fact.id));
        }
        self.last = Some((given.deal, given.touches.clone()));
        None
    }
}

/// What is wrong with the parts that one deal gives.
fn of_parts(given: &Given) -> Option<String> {
    let parts = given.parts.as_deref()?;
    let whole = i128::from(given.amount.minor);
    let sum: i128 = parts.iter().map(|part| i128::from(part.minor)).sum();
    let is_of_it = |part: &&Money| {
        let (part_of, low, high) = (i128::from(part.minor), whole.min(0), whole.max(0));
        part.currency == given.amount.currency && (low..=high).contains(&part_of)
    };
    match parts.iter().all(|part| is_of_it(&part)) {
        _ if parts.len() != given.touches.len() => Some(format!(
            "{} credits for {} touches",
            parts.len(),
            given.touches.len()
        )),
        false => Some("a credit is no part of the amount".to_owned()),
        true if sum != whole => Some(format!("credits sum to {sum} minor units of {whole}")),
        true => None,
    }
}
