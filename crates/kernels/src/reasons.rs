//! Why deals were lost or won: what was said of each, by whom, and from which stage it went.
//!
//! A deal may have several reasons, each by another voice: the rep's in the CRM, the buyer's in an
//! interview. Each voice counts with what it said last, and a record with what its newest version
//! says; the mark that ended the deal speaks first.
//! A deal of which nobody says why is there too, without a reason.

use handfast_model::fact::FactKind;
use handfast_model::rules::{StepIx, StepRole};
use handfast_model::{Fact, Sym, Value, planted};

use crate::journey::{Deal, Journeys, LeftBy, World};
use crate::metric::{self, Counted, Member, Metric, Scope};
use crate::stage;
use crate::standing;

/// The version of this kernel; a change of any number it gives is a new version.
pub const VERSION: u32 = 2;

/// What one voice says of one deal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Statement {
    /// The deal, by its end.
    pub member: Member,
    /// The deal's place.
    pub deal: u32,
    /// The reason given.
    pub reason: Option<Sym>,
    /// Against whom.
    pub competitor: Option<Sym>,
    /// The step of the path that it was in before its end.
    pub stage: Option<StepIx>,
    /// Who says so, else the source; nobody, where nobody does.
    pub said_by: Option<Sym>,
    /// The fact that says it.
    pub fact: Option<u32>,
}

/// All statements about the deals that were won, or lost, in a period.
///
/// Law: the deals of the statements are those of the metric `won` or `lost` at deal level.
pub fn statements(
    world: &World<'_>,
    journeys: &Journeys,
    (is_won, scope): (bool, &Scope),
) -> Vec<Statement> {
    let metric = if is_won { Metric::Won } else { Metric::Lost };
    let found = metric::measure(metric, world, journeys, scope);
    let words = Words {
        world,
        attribute: if is_won { "win_reason" } else { "loss_reason" },
    };
    let mut statements = Vec::new();
    for member in found.members {
        let Counted::Deal(number) = member.counted else {
            continue;
        };
        let Some(deal) = journeys.deals.get(number as usize) else {
            continue;
        };
        let end = journeys
            .pursuits
            .get(deal.pursuit as usize)
            .and_then(|home| home.end);
        let said = words.said(deal, end.and_then(|end| end.fact));
        let stage = from_where(world, journeys, deal);
        let last = words.competitor(deal);
        let state = |reason, said_by, competitor: Option<Sym>, fact| Statement {
            member,
            deal: number,
            reason,
            competitor: competitor.or(last),
            stage,
            said_by,
            fact,
        };
        if said.is_empty() {
            statements.push(state(None, None, None, member.fact));
        }
        let said = said.into_iter();
        statements.extend(said.map(|(fact, reason, by)| {
            state(
                Some(reason),
                Some(by),
                words.on(fact, "competitor"),
                Some(fact),
            )
        }));
    }
    statements
}

/// The step of the path that a deal's pursuit was in when it ended.
fn from_where(world: &World<'_>, journeys: &Journeys, deal: &Deal) -> Option<StepIx> {
    let home = journeys.pursuits.get(deal.pursuit as usize)?;
    let steps = &world.charter.steps;
    let is_left = |by: LeftBy| matches!(by, LeftBy::Won | LeftBy::Lost | LeftBy::Disqualified);
    let on_path = home
        .visits
        .iter()
        .rev()
        .filter(|visit| stage::role(steps, visit.step) == StepRole::Path && !visit.is_implied);
    let mut ended = on_path.clone().filter(|visit| is_left(visit.left_by));
    ended
        .next()
        .or(on_path.clone().next())
        .map(|visit| visit.step)
}

/// The newest version of each record of a deal, the latest first: what only an older one said is
/// taken back.
fn newest(facts: &[Fact], deal: &Deal) -> Vec<u32> {
    let mut records = Vec::new();
    let mut newest = Vec::new();
    for at in deal.versions.iter().rev() {
        let Some(fact) = facts.get(*at as usize) else {
            continue;
        };
        let record = (fact.origin.source, fact.origin.stream, fact.origin.key);
        if !records.contains(&record) {
            records.push(record);
            newest.push(*at);
        }
    }
    newest
}

struct Words<'a> {
    world: &'a World<'a>,
    attribute: &'static str,
}

impl Words<'_> {
    fn on(&self, fact: u32, name: &str) -> Option<Sym> {
        let snapshot = self.world.snapshot;
        snapshot
            .facts
            .get(fact as usize)?
            .text(snapshot.names.find(name)?)
    }

    /// Each voice with what it said last: the fact, the reason, who.
    fn said(&self, deal: &Deal, end: Option<u32>) -> Vec<(u32, Sym, Sym)> {
        let facts = &self.world.snapshot.facts;
        let kind = |fact: u32| facts.get(fact as usize).map(|fact| fact.kind);
        let mark = end.filter(|fact| kind(*fact) == Some(FactKind::Mark));
        let marked = mark.and_then(|fact| Some((fact, self.on(fact, "reason")?)));
        let told = newest(facts, deal).into_iter();
        let told = told.filter_map(|fact| Some((fact, self.on(fact, self.attribute)?)));
        let mut said: Vec<(u32, Sym, Sym)> = Vec::new();
        for (fact, reason) in marked.into_iter().chain(told) {
            let source = facts.get(fact as usize).map(|fact| fact.origin.source);
            let Some(by) = self.on(fact, "said_by").or(source) else {
                continue;
            };
            match said.iter_mut().find(|(_, _, other)| *other == by) {
                None => said.push((fact, reason, by)),
                Some(later) => planted!(FirstReason, _ = later, *later = (fact, reason, by)),
            }
        }
        said
    }

    fn competitor(&self, deal: &Deal) -> Option<Sym> {
        let name = self.world.snapshot.names.find("competitor");
        match standing::value(self.world, deal, name, None)? {
            Value::Text(text) => Some(*text),
            _ => None,
        }
    }
}
