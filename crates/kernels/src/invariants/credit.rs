//! I2: what a won deal is worth is what its touches earn, to the minor unit; each credit names one
//! touch, which came before the close and is known.
//!
//! Nothing of credit is kept, so nothing of it is looked at where state is derived: only where a
//! commit touched few cells, and by `verify`. Models that are estimated are `verify`'s alone.

use std::collections::HashMap;

use handfast_model::credit::{Credited, ModelKind};
use handfast_model::question::Unit;
use handfast_model::rules::StepRole;
use handfast_model::{
    Breaches, Calendar, Charter, FactKind, Instant, Invariant, Money, Seq, Value, When,
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

/// What every won deal of a part gives, by each model that is a rule.
pub fn given(part: &Part, charter: &Charter, horizon: Instant) -> Vec<Given> {
    let world = World {
        snapshot: &part.snapshot,
        charter,
        horizon,
    };
    let scope = Scope {
        from: None,
        until: None,
        unit: Unit::Deal,
        step: None,
    };
    let shown = charter.attribution.shown.iter();
    let shown = shown.map(|model| (model.name.clone(), model.kind));
    let all = shown.chain(ModelKind::all().map(|kind| (kind.name(), kind)));
    let rules = all.filter_map(|(name, kind)| Some((name, Rule::of(kind)?)));
    let rules: Vec<(String, Rule)> = rules.collect();
    let trails = Trails::new(&world, &part.journeys).of_deals(Credited::Won, &scope);
    let mut given = Vec::new();
    let mut weights = Vec::new();
    for trail in trails {
        let (Counted::Deal(deal), Some(amount)) = (trail.member.counted, trail.member.money) else {
            continue;
        };
        let seen = trail.seen(|_| false);
        for (model, rule) in &rules {
            rule.weigh(seen.trail(), &mut weights);
            given.push(Given {
                deal,
                model: model.clone(),
                amount,
                touches: trail.touches.clone(),
                parts: amount.share_out(&weights),
            });
        }
    }
    given
}

/// The credits of all won deals, each walked part by part.
pub fn credit(part: &Part, charter: &Charter, horizon: Instant) -> Breaches {
    let mut deals = part.journeys.deals.iter();
    match deals.any(|deal| deal.outcome == Some(StepRole::Won)) {
        true => credited(part, &charter.calendar, &given(part, charter, horizon)),
        false => Breaches::default(),
    }
}

/// What does not hold of what was given: every won deal with an amount gives it, all of it, to
/// touches of its own.
pub fn credited(part: &Part, calendar: &Calendar, given: &[Given]) -> Breaches {
    let mut found = Breaches::default();
    let mut of_deal: HashMap<u32, Vec<&Given>> = HashMap::new();
    for one in given {
        of_deal.entry(one.deal).or_default().push(one);
    }
    let (facts, names) = (&part.snapshot.facts, &part.snapshot.names);
    let attributes = Attributes::new(&part.snapshot, calendar);
    let amount = names.find("amount");
    for (number, deal) in (0u32..).zip(&part.journeys.deals) {
        if deal.outcome != Some(StepRole::Won) {
            continue;
        }
        let said = amount.and_then(|name| attributes.of_deal(facts, deal.key, name, None));
        let worth = match said {
            Some(Value::Money(money)) => Some(*money),
            _ => None,
        };
        let given = of_deal.get(&number).map_or(&[][..], Vec::as_slice);
        let none = worth.filter(|_| given.is_empty());
        let none = none.map(|worth| format!("it was won for {worth}, which nobody is given"));
        let mut wrong = given.iter().filter_map(|one| {
            let what = match worth == Some(one.amount) {
                true => wrong(part, calendar, deal, one),
                false => Some(format!(
                    "{} is shared out, which it is not worth",
                    one.amount
                )),
            };
            what.map(|what| format!("{}: {what}", one.model))
        });
        if let Some(what) = none.or_else(|| wrong.next()) {
            found.add(Invariant::Credit, Seq(0), || {
                (deal_named(names, deal.key), what)
            });
        }
    }
    found
}

/// What is wrong with what one deal gives.
fn wrong(part: &Part, calendar: &Calendar, deal: &Deal, given: &Given) -> Option<String> {
    let close = match deal.closed.map_or(When::Unknown, |closed| closed.when) {
        When::Unknown => None,
        When::At(at) => Some(at),
        When::Day(day) => Some(Instant(calendar.start_of(day.plus(1)).0 - 1)),
    };
    let home = deal
        .versions
        .first()
        .and_then(|at| part.cells.get(*at as usize));
    for (place, &touch) in given.touches.iter().enumerate() {
        let fact = part.snapshot.facts.get(touch as usize)?;
        let at = match fact.happened {
            When::Unknown => None,
            When::At(at) => Some(at),
            When::Day(day) => Some(calendar.start_of(day)),
        };
        let is_before = at.zip(close).is_some_and(|(at, close)| at <= close);
        let is_known = part.snapshot.seq.0 == 0 || fact.seq <= part.snapshot.seq;
        let is_twice = given
            .touches
            .iter()
            .take(place)
            .any(|other| *other == touch);
        let cell = part.cells.get(touch as usize);
        let what = match fact.kind {
            FactKind::Touch if is_twice => "earns twice",
            FactKind::Touch if !is_before => "earns, and was not there at the close",
            FactKind::Touch if !is_known => "earns, and was not known then",
            FactKind::Touch if home.is_some() && home != cell => "earns, and is another buyer's",
            FactKind::Touch => continue,
            _ => "earns, and is no touch",
        };
        return Some(format!("fact {} {what}", fact.id));
    }
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
