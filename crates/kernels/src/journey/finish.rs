//! From drafts to journeys: visits with their owners, total orders, what contradicts itself.

use handfast_model::id::PersonId;
use handfast_model::rules::StepRole;
use handfast_model::{Instant, Issue, IssueCode, When};

use super::deals::{DealFacts, DealIx};
use super::draft::{Draft, DraftIx};
use super::events::Desk;
use super::owners::Owners;
use super::people::PersonIx;
use super::walk::Walked;
use super::{Deal, Journeys, Lead, Moment, Pursuit, Visit};
use crate::stage;

pub(super) fn journeys(desk: &Desk<'_>, owners: &Owners, walked: Walked) -> Journeys {
    let Walked {
        drafts,
        of_deal,
        of_lead,
        mut issues,
        ..
    } = walked;
    let deal_order = order_deals(desk, &of_deal);
    let places = inverse(deal_order.iter().map(|ix| ix.0), of_deal.len());
    let mut order: Vec<u32> = (0u32..).zip(&drafts.0).map(|(index, _)| index).collect();
    order.sort_by_key(|index| {
        let draft = drafts.get(DraftIx(*index));
        draft.map(|draft| (draft.opened.at, draft.id))
    });
    let renamed = inverse(order.iter().copied(), order.len());
    let rename = |ix: DraftIx| renamed.get(ix.0 as usize).copied();
    let mut drafts: Vec<Option<Draft>> = drafts.0.into_iter().map(Some).collect();
    let mut pursuits = Vec::with_capacity(order.len());
    for index in order {
        if let Some(draft) = drafts.get_mut(index as usize).and_then(Option::take) {
            pursuits.push(pursuit(desk, owners, draft, &places, &mut issues));
        }
    }
    let deals: Vec<Deal> = deal_order
        .into_iter()
        .filter_map(|ix| {
            let at = of_deal
                .get(ix.0 as usize)
                .copied()
                .flatten()
                .and_then(rename)?;
            Some(deal(desk.deals.get(ix)?, at, &pursuits))
        })
        .collect();
    contradictions(desk, &pursuits, &deals, &mut issues);
    issues.sort_unstable();
    issues.dedup();
    let leads = leads(desk, |person| {
        of_lead
            .get(person.0 as usize)
            .copied()
            .flatten()
            .and_then(rename)
    });
    Journeys {
        pursuits,
        deals,
        leads,
        issues,
    }
}

/// The place of each number in an order; those that are not in it are never asked for.
fn inverse(order: impl Iterator<Item = u32>, count: usize) -> Vec<u32> {
    let mut places = vec![0; count];
    for (place, number) in (0u32..).zip(order) {
        if let Some(slot) = places.get_mut(number as usize) {
            *slot = place;
        }
    }
    places
}

/// Deals that have a pursuit, by creation, then key.
fn order_deals(desk: &Desk<'_>, of_deal: &[Option<DraftIx>]) -> Vec<DealIx> {
    let names = &desk.world.snapshot.names;
    let mut order: Vec<(Option<Instant>, &str, DealIx)> = desk
        .deals
        .iter()
        .zip(of_deal)
        .filter(|(_, pursuit)| pursuit.is_some())
        .map(|((ix, deal), _)| (deal.created.at, names.text(deal.key), ix))
        .collect();
    order.sort_unstable();
    order.into_iter().map(|(_, _, ix)| ix).collect()
}

fn pursuit(
    desk: &Desk<'_>,
    owners: &Owners,
    draft: Draft,
    deal_places: &[u32],
    issues: &mut Vec<Issue>,
) -> Pursuit {
    let people: Vec<PersonId> = draft
        .people
        .iter()
        .filter_map(|person| desk.people.get(*person).map(|known| known.id))
        .collect();
    let key = draft
        .deal
        .and_then(|deal| desk.deals.get(deal))
        .map(|deal| deal.key);
    let mut visits = stage::visits(desk.world.charter, &draft.places);
    for visit in &mut visits {
        let opener = people.first().copied();
        (visit.rep, visit.team) = owners.at(key, opener, draft.account, visit.entered);
    }
    check_stages(desk, &draft, &visits, issues);
    Pursuit {
        id: draft.id,
        buyer: draft.buyer,
        opened: draft.opened,
        end: draft.end,
        people,
        account: draft.account,
        deal: draft
            .deal
            .and_then(|deal| deal_places.get(deal.0 as usize).copied()),
        touches: draft.touches,
        entry_touch: draft.entry_touch,
        visits,
        silent_at: draft.due,
    }
}

/// Tells what is missing or contradictory in a pursuit's way through the stages.
fn check_stages(desk: &Desk<'_>, draft: &Draft, visits: &[Visit], issues: &mut Vec<Issue>) {
    let steps = &desk.world.charter.steps;
    let mut tell = |code, fact| {
        issues.push(Issue {
            code,
            fact: Some(fact),
        });
    };
    if visits.is_empty() {
        tell(IssueCode::NoStage, draft.id);
    }
    let Some(end) = draft.end else { return };
    let facts = &desk.world.snapshot.facts;
    let fact = end.fact.and_then(|index| facts.get(index as usize));
    let fact = fact.map_or(draft.id, |fact| fact.id);
    if end.moment.at.is_some() && end.moment.at < draft.opened.at {
        tell(IssueCode::EndedBeforeOpening, fact);
    }
    let was_somewhere =
        |visit: &Visit| !visit.is_implied && stage::role(steps, visit.step) == StepRole::Path;
    if end.role == StepRole::Won && !visits.iter().any(was_somewhere) {
        tell(IssueCode::WonWithoutStage, fact);
    }
}

fn deal(deal: &DealFacts, pursuit: u32, pursuits: &[Pursuit]) -> Deal {
    let end = pursuits
        .get(pursuit as usize)
        .and_then(|pursuit| pursuit.end);
    Deal {
        key: deal.key,
        account: deal.account,
        person: deal.person,
        versions: deal.versions.clone(),
        created: match deal.is_creation_known {
            true => deal.created,
            false => Moment::UNDATED,
        },
        known_from: deal.created,
        closed: end.map(|end| end.moment),
        outcome: end.map(|end| end.role),
        pursuit,
    }
}

fn leads(desk: &Desk<'_>, pursuit: impl Fn(PersonIx) -> Option<u32>) -> Vec<Lead> {
    let mut leads: Vec<Lead> = desk
        .people
        .iter()
        .filter_map(|(ix, known)| {
            Some(Lead {
                person: known.id,
                created: desk.clock.moment(known.lead?),
                fact: known.lead?,
                pursuit: pursuit(ix),
                assigned: known.assigned,
                worked: known.worked,
            })
        })
        .collect();
    // Fact order is the order of creation.
    leads.sort_unstable_by_key(|lead| lead.fact);
    leads
}

fn contradictions(desk: &Desk<'_>, pursuits: &[Pursuit], deals: &[Deal], issues: &mut Vec<Issue>) {
    let calendar = &desk.world.charter.calendar;
    for deal in deals {
        let Some(closed) = deal.closed else { continue };
        let is_before = match (closed.when, deal.created.when) {
            (When::At(closed), When::At(created)) => closed < created,
            (closed, created) => match (closed.day(calendar), created.day(calendar)) {
                (Some(closed), Some(created)) => closed < created,
                _ => false,
            },
        };
        let end = pursuits
            .get(deal.pursuit as usize)
            .and_then(|pursuit| pursuit.end?.fact);
        let index = end.or(deal.versions.first().copied());
        let fact = index.and_then(|index| desk.world.snapshot.facts.get(index as usize));
        if let (true, Some(fact)) = (is_before, fact) {
            issues.push(Issue {
                code: IssueCode::ClosedBeforeCreated,
                fact: Some(fact.id),
            });
        }
    }
    for pursuit in pursuits
        .iter()
        .filter(|pursuit| pursuit.opened.at.is_none())
    {
        issues.push(Issue {
            code: IssueCode::Undated,
            fact: Some(pursuit.id),
        });
    }
}
