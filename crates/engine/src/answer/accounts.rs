//! Accounts and deals found by what their sources call them, with where each stands now.
//!
//! It lists what journeys can be asked of: an account without a pursuit has none. It counts deals
//! and nothing else; what they are worth and how they got there are questions of their own.

use std::collections::HashMap;

use handfast_kernels::journey::{LeftBy, Pursuit, Visit};
use handfast_model::rules::StepRole;
use handfast_model::{Charter, Day, Money, PersonId, Sym};

use super::ground::Ground;
use super::records::role_word;
use crate::derived::Derived;

/// An account that somebody tried, or tries, to win.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Account {
    /// The key, as its source writes it.
    pub key: String,
    /// What its source calls it, where that is told beside the key.
    pub name: Option<String>,
    /// Where it stands.
    pub stands: Standing,
    /// The day on which its first pursuit opened, in the charter's zone.
    pub since: Option<Day>,
    /// How many pursuits there are or were.
    pub pursuits: u64,
    /// Deals that are open.
    pub open: u64,
    /// Deals that were won.
    pub won: u64,
    /// Deals that were lost.
    pub lost: u64,
}

/// Where a pursuit stands: of an account that of its open ones which opened last, else of all.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    /// The stage that it is in, or the one that stands for its end.
    pub stage: Option<String>,
    /// `open`, `won`, `lost`, `disqualified`, `dormant`.
    pub outcome: &'static str,
    /// Who owned it when it came there.
    pub rep: Option<String>,
    /// That rep's team then.
    pub team: Option<String>,
}

/// A deal by its key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deal {
    /// The key.
    pub key: String,
    /// Its account's key.
    pub account: Option<String>,
    /// Where its pursuit stands.
    pub stands: Standing,
    /// What it is worth, as last known.
    pub amount: Option<Money>,
}

/// Some of those that were found, and how many there are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found<T> {
    /// Those of the page.
    pub some: Vec<T>,
    /// How many there are of all pages.
    pub of: u64,
}

/// A page: so many are left out before it, and so many are on it at most.
pub type Page = (usize, usize);

/// The accounts whose key or name has this text somewhere, in the order of their names; letters are
/// the same whatever their case.
pub fn accounts(derived: &Derived, charter: &Charter, text: &str, page: Page) -> Found<Account> {
    let ground = Ground::new(derived, charter, None);
    let mut pursuits: HashMap<Sym, Vec<u32>> = HashMap::new();
    for (place, pursuit) in (0u32..).zip(&ground.journeys.pursuits) {
        if let Some(account) = pursuit.account {
            pursuits.entry(account).or_default().push(place);
        }
    }
    let wanted = text.trim().to_lowercase();
    let named = pursuits.keys().filter_map(|account| {
        let key = ground.snapshot.names.text(*account);
        let name = name_of(&ground, *account);
        let is_wanted = |text: &str| text.to_lowercase().contains(&wanted);
        let is_found = is_wanted(key) || name.is_some_and(is_wanted);
        is_found.then(|| (name.unwrap_or(key).to_lowercase(), key, name, *account))
    });
    let mut named: Vec<(String, &str, Option<&str>, Sym)> = named.collect();
    named.sort();
    let some = named.iter().skip(page.0).take(page.1);
    let some = some.map(|(_, key, name, account)| {
        let own = pursuits.get(account).map_or(&[][..], Vec::as_slice);
        let own = own.iter().filter_map(|place| ground.pursuit(*place));
        let own: Vec<&Pursuit> = own.collect();
        account_of(&ground, key, *name, &own)
    });
    Found {
        some: some.collect(),
        of: named.len() as u64,
    }
}

/// The deals whose key has this text somewhere, in the order of their keys.
pub fn deals(derived: &Derived, charter: &Charter, text: &str, page: Page) -> Found<Deal> {
    let ground = Ground::new(derived, charter, None);
    let names = &ground.snapshot.names;
    let wanted = text.trim().to_lowercase();
    let found = (0u32..).zip(&ground.journeys.deals);
    let found = found.filter_map(|(place, deal)| {
        let key = names.text(deal.key);
        let is_found = key.to_lowercase().contains(&wanted);
        is_found.then_some((key, place))
    });
    let mut found: Vec<(&str, u32)> = found.collect();
    found.sort_unstable();
    let some = found.iter().skip(page.0).take(page.1);
    let some = some.filter_map(|(key, place)| {
        let deal = ground.journeys.deals.get(*place as usize)?;
        let pursuit = ground.pursuit_of(deal)?;
        let mut stands = standing(&ground, pursuit);
        stands.outcome = deal.outcome.map_or("open", role_word);
        Some(Deal {
            key: (*key).to_owned(),
            account: text_of(&ground, pursuit.account),
            stands,
            amount: ground.amount(*place, None),
        })
    });
    Found {
        some: some.collect(),
        of: found.len() as u64,
    }
}

/// Whether one of these people has a pursuit.
pub fn is_anybody(derived: &Derived, people: &[PersonId]) -> bool {
    let people = people.iter().map(|person| derived.part.person(*person));
    let people: Vec<PersonId> = people.collect();
    let mut pursuits = derived.part.journeys.pursuits.iter();
    pursuits.any(|pursuit| pursuit.people.iter().any(|one| people.contains(one)))
}

/// What a source calls an account beside its key.
fn name_of<'a>(ground: &Ground<'a>, account: Sym) -> Option<&'a str> {
    let names = &ground.snapshot.names;
    let (attributes, facts) = (ground.attributes(), &ground.snapshot.facts);
    let value = attributes.of_account(facts, account, names.find("name")?, None)?;
    match value {
        handfast_model::Value::Text(sym) => Some(names.text(*sym)),
        _ => None,
    }
}

fn account_of(ground: &Ground<'_>, key: &str, name: Option<&str>, own: &[&Pursuit]) -> Account {
    let deals = own.iter().filter_map(|pursuit| pursuit.deal);
    let deals = deals.filter_map(|deal| ground.journeys.deals.get(deal as usize));
    let outcomes: Vec<Option<StepRole>> = deals.map(|deal| deal.outcome).collect();
    let count = |role| outcomes.iter().filter(|outcome| **outcome == role).count() as u64;
    // They are in the order in which they opened.
    let open = own.iter().rev().find(|pursuit| pursuit.end.is_none());
    let shown = open.or(own.last());
    let nowhere = Standing {
        stage: None,
        outcome: "open",
        rep: None,
        team: None,
    };
    let opened = own.iter().filter_map(|pursuit| pursuit.opened.at).min();
    Account {
        key: key.to_owned(),
        name: name.map(str::to_owned),
        stands: shown.map_or(nowhere, |pursuit| standing(ground, pursuit)),
        since: opened.map(|at| ground.charter.calendar.day_of(at)),
        pursuits: own.len() as u64,
        open: count(None),
        won: count(Some(StepRole::Won)),
        lost: count(Some(StepRole::Lost)),
    }
}

fn standing(ground: &Ground<'_>, pursuit: &Pursuit) -> Standing {
    let is_there = |visit: &&Visit| visit.left_by == LeftBy::StillThere;
    let there = pursuit.visits.iter().find(is_there);
    let (last, end) = (pursuit.last_stay(), pursuit.end);
    let step = match end {
        Some(end) => end.step,
        None => there.map(|visit| visit.step),
    };
    Standing {
        stage: step.map(|step| ground.step_id(step).to_owned()),
        outcome: end.map_or("open", |end| role_word(end.role)),
        rep: text_of(ground, last.and_then(|visit| visit.rep)),
        team: text_of(ground, last.and_then(|visit| visit.team)),
    }
}

fn text_of(ground: &Ground<'_>, sym: Option<Sym>) -> Option<String> {
    sym.map(|sym| ground.snapshot.names.text(sym).to_owned())
}
