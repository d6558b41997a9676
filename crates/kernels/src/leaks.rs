//! Attributes that know the outcome: how well each one alone tells what became of a pursuit, and
//! how often it was written only when, or after, the pursuit had ended.
//!
//! A column that is filled *because* a deal was won "predicts" the win perfectly and helps nobody.
//! No count can tell such a leak from a very good predictor, so this kernel gives evidence: where
//! sources date their values, how many were written at or after the end; where they do not, how
//! many outcomes the value gives away. Each pursuit is told by the others that share its value, so
//! that a value which occurs once tells nothing.

use std::collections::{HashMap, HashSet};

use handfast_model::rules::{Charter, DeclaredAttribute, Expr, Step, StepRole, Subject};
use handfast_model::{Instant, Value};

use crate::attributes::Attributes;
use crate::journey::{Journeys, Pursuit, World};

/// The version of this kernel; a change of any number it gives is a new version.
pub const VERSION: u32 = 1;

/// What an attribute may give away.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Outcome {
    /// Won, or anything else.
    Won,
    /// Ended in whatever way, or still open.
    Ended,
}

impl Outcome {
    /// The word used in answers.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Won => "won",
            Outcome::Ended => "ended",
        }
    }

    fn holds(self, pursuit: &Pursuit) -> bool {
        match (self, pursuit.end) {
            (Outcome::Ended, end) => end.is_some(),
            (Outcome::Won, end) => end.is_some_and(|end| end.role == StepRole::Won),
        }
    }
}

/// What the evidence says.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Verdict {
    /// At least half of what ended pursuits have was written at or after the end.
    WrittenAfter,
    /// Alone it removes at least two fifths of the errors of a blind guess.
    Tells,
    /// At least one fifth.
    Leans,
    /// Less.
    Little,
}

impl Verdict {
    /// The words used in answers.
    pub fn words(self) -> &'static str {
        match self {
            Verdict::WrittenAfter => "written after the outcome",
            Verdict::Tells => "tells the outcome",
            Verdict::Leans => "leans to the outcome",
            Verdict::Little => "says little",
        }
    }
}

/// The evidence about one attribute. All lists are pursuits, in their order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Leak {
    /// Its place in the charter's list.
    pub attribute: usize,
    /// The outcome that it tells best.
    pub outcome: Outcome,
    /// Those that have it.
    pub given: Vec<u32>,
    /// Of these, those with the outcome.
    pub given_met: Vec<u32>,
    /// Those that do not have it.
    pub blank: Vec<u32>,
    /// Of these, those with the outcome.
    pub blank_met: Vec<u32>,
    /// Those whose outcome the others with the same value tell rightly.
    pub told: Vec<u32>,
    /// Those with the commoner outcome: what a blind guess gets right.
    pub common: Vec<u32>,
    /// Those whose value was first given, or changed, at or after the end.
    pub after: Vec<u32>,
    /// What all that says.
    pub verdict: Verdict,
}

/// The evidence about every attribute of people, accounts and deals: the worst first, then in
/// charter order. `is_asked` says which pursuits count.
pub fn leaks(
    world: &World<'_>,
    journeys: &Journeys,
    is_asked: &dyn Fn(&Pursuit) -> bool,
) -> Vec<Leak> {
    let all = (0u32..).zip(&journeys.pursuits);
    let asked: Vec<(u32, &Pursuit)> = all.filter(|(_, pursuit)| is_asked(pursuit)).collect();
    let desk = Desk {
        world,
        journeys,
        attributes: Attributes::new(world.snapshot, &world.charter.calendar),
        pursuits: &asked,
    };
    let declared = world.charter.attributes.iter().enumerate();
    let declared = declared.filter(|(_, declared)| declared.subject != Subject::Touch);
    let mut leaks: Vec<Leak> = declared
        .map(|(place, declared)| desk.leak(place, declared))
        .collect();
    leaks.sort_by(|a, b| {
        let told = |leak: &Leak| leak.told.len().saturating_sub(leak.common.len());
        let places = a.attribute.cmp(&b.attribute);
        (a.verdict.cmp(&b.verdict))
            .then_with(|| told(b).cmp(&told(a)))
            .then(places)
    });
    leaks
}

/// The stages whose rules name an attribute.
pub fn used_by<'c>(charter: &'c Charter, attribute: &DeclaredAttribute) -> Vec<&'c str> {
    let names = |rule: &Option<Expr>| {
        rule.as_ref()
            .is_some_and(|rule| names(rule, attribute.subject, &attribute.name))
    };
    let names = |step: &&Step| names(&step.enters_when) || names(&step.exits_when);
    let steps = charter.every_steps().flatten().filter(names);
    let mut ids: Vec<&str> = steps.map(|step| step.id.as_str()).collect();
    let mut seen = HashSet::new();
    ids.retain(|id| seen.insert(*id));
    ids
}

struct Desk<'a> {
    world: &'a World<'a>,
    journeys: &'a Journeys,
    attributes: Attributes,
    pursuits: &'a [(u32, &'a Pursuit)],
}

impl Desk<'_> {
    fn leak(&self, attribute: usize, declared: &DeclaredAttribute) -> Leak {
        let values: Vec<Option<&Value>> = self
            .pursuits
            .iter()
            .map(|(_, pursuit)| self.value(pursuit, declared, None))
            .collect();
        let won = self.told(&values, Outcome::Won);
        let ended = self.told(&values, Outcome::Ended);
        let is_more = {
            let ((a, of_a), (b, of_b)) = (ended.gain(), won.gain());
            match of_b {
                0 => a > 0,
                _ => u128::from(a) * u128::from(of_b) > u128::from(b) * u128::from(of_a),
            }
        };
        let (outcome, told) = match is_more {
            true => (Outcome::Ended, ended),
            false => (Outcome::Won, won),
        };
        let pick = |wanted: &dyn Fn(&Pursuit, Option<&Value>) -> bool| -> Vec<u32> {
            let both = self.pursuits.iter().zip(&values);
            let picked = both.filter(|((_, pursuit), value)| wanted(pursuit, **value));
            picked.map(|((index, _), _)| *index).collect()
        };
        let after = pick(&|pursuit, value| self.is_after(pursuit, declared, value));
        let given_to_ended = pick(&|pursuit, value| value.is_some() && pursuit.end.is_some());
        let verdict = match told.gain() {
            _ if !after.is_empty() && after.len() * 2 >= given_to_ended.len() => {
                Verdict::WrittenAfter
            }
            (gain, errors) if errors > 0 && gain * 5 >= errors * 2 => Verdict::Tells,
            (gain, errors) if errors > 0 && gain * 5 >= errors => Verdict::Leans,
            _ => Verdict::Little,
        };
        Leak {
            attribute,
            outcome,
            given: pick(&|_, value| value.is_some()),
            given_met: pick(&|pursuit, value| value.is_some() && outcome.holds(pursuit)),
            blank: pick(&|_, value| value.is_none()),
            blank_met: pick(&|pursuit, value| value.is_none() && outcome.holds(pursuit)),
            told: told.rightly,
            common: pick(&|pursuit, _| outcome.holds(pursuit) == told.is_commonly_met),
            after,
            verdict,
        }
    }

    /// Which outcomes the value tells, each pursuit by the others that share its value; where
    /// these are evenly split, by the commoner outcome.
    fn told(&self, values: &[Option<&Value>], outcome: Outcome) -> Told {
        let mut counts: HashMap<Option<&Value>, [u64; 2]> = HashMap::new();
        let mut all = [0u64; 2];
        let met = |pursuit: &Pursuit| usize::from(outcome.holds(pursuit));
        let add = |counts: &mut [u64; 2], met: usize| {
            counts.get_mut(met).into_iter().for_each(|n| *n += 1);
        };
        for ((_, pursuit), value) in self.pursuits.iter().zip(values) {
            add(counts.entry(*value).or_default(), met(pursuit));
            add(&mut all, met(pursuit));
        }
        let [not_met, is_met] = all;
        let is_commonly_met = is_met > not_met;
        let mut rightly = Vec::new();
        for ((index, pursuit), value) in self.pursuits.iter().zip(values) {
            let [mut without, mut with] = counts.get(value).copied().unwrap_or_default();
            let own = outcome.holds(pursuit);
            match own {
                true => with -= 1,
                false => without -= 1,
            }
            let guess = match with.cmp(&without) {
                std::cmp::Ordering::Greater => true,
                std::cmp::Ordering::Less => false,
                std::cmp::Ordering::Equal => is_commonly_met,
            };
            if guess == own {
                rightly.push(*index);
            }
        }
        Told {
            rightly,
            is_commonly_met,
            by_chance: is_met.max(not_met),
            of: is_met + not_met,
        }
    }

    /// Whether a dated end found another value than is known now.
    fn is_after(
        &self,
        pursuit: &Pursuit,
        declared: &DeclaredAttribute,
        value: Option<&Value>,
    ) -> bool {
        let calendar = &self.world.charter.calendar;
        // A day counts from its start: a row dated that day was written with the end.
        let end = pursuit.end.and_then(|end| end.moment.when.start(calendar));
        let Some((end, value)) = end.zip(value) else {
            return false;
        };
        let before = Instant(end.0.saturating_sub(1));
        self.value(pursuit, declared, Some(before)) != Some(value)
    }

    /// The attribute as it stood at an instant; `None` = as last known.
    fn value(
        &self,
        pursuit: &Pursuit,
        declared: &DeclaredAttribute,
        at: Option<Instant>,
    ) -> Option<&Value> {
        let snapshot = self.world.snapshot;
        let name = snapshot.names.find(&declared.name)?;
        let (attributes, facts) = (&self.attributes, &snapshot.facts);
        match declared.subject {
            Subject::Person => pursuit
                .people
                .iter()
                .find_map(|person| attributes.of_person(facts, *person, name, at)),
            Subject::Account => attributes.of_account(facts, pursuit.account?, name, at),
            Subject::Deal => {
                let deal = self.journeys.deals.get(pursuit.deal? as usize)?;
                attributes.of_deal(facts, deal.key, name, at)
            }
            Subject::Touch => None,
        }
    }
}

/// What one attribute tells of one outcome.
struct Told {
    rightly: Vec<u32>,
    is_commonly_met: bool,
    by_chance: u64,
    of: u64,
}

impl Told {
    /// Errors of a blind guess that the attribute removes, and all of these errors.
    fn gain(&self) -> (u64, u64) {
        let right = self.rightly.len() as u64;
        (
            right.saturating_sub(self.by_chance),
            self.of - self.by_chance,
        )
    }
}

/// Whether a rule names an attribute.
fn names(rule: &Expr, subject: Subject, name: &str) -> bool {
    let any = |list: &[Expr]| list.iter().any(|part| names(part, subject, name));
    let one = |part: &Expr| names(part, subject, name);
    match rule {
        Expr::Literal(_) | Expr::Touches { .. } => false,
        Expr::Attribute(of, named) => *of == subject && named == name,
        Expr::Not(part) | Expr::IsNull(part, _) => one(part),
        Expr::And(list) | Expr::Or(list) | Expr::Call(_, list) => any(list),
        Expr::Compare(_, a, b) | Expr::Arithmetic(_, a, b) => one(a) || one(b),
        Expr::In(part, list, _) => one(part) || any(list),
        Expr::Between(a, b, c, _) => one(a) || one(b) || one(c),
        Expr::Like { text, .. } => one(text),
        Expr::Case(arms, other) => {
            let arms = arms.iter().any(|(when, then)| one(when) || one(then));
            arms || other.as_ref().is_some_and(|other| one(other))
        }
    }
}
