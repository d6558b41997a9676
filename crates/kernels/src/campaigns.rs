//! The tree of campaigns: what each is called and part of, in which channel, and who is paid for
//! it, as last said.
//!
//! A campaign's state names its `name`, `parent`, `channel` and `vendor`. Campaigns that are parts
//! of each other in a ring stand at the top each, and are told. What they cost is counted in
//! `metric`.

use std::collections::{BTreeMap, BTreeSet};

use handfast_model::fact::FactKind;
use handfast_model::id::Sym;
use handfast_model::{FactId, Issue, IssueCode};

use crate::journey::{World, is_ahead};

/// Campaigns with what they are part of.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Campaigns {
    parents: BTreeMap<Sym, Sym>,
    children: BTreeMap<Sym, BTreeSet<Sym>>,
    vendors: BTreeMap<Sym, Sym>,
    channels: BTreeMap<Sym, Sym>,
    names: BTreeMap<Sym, Sym>,
    all: BTreeSet<Sym>,
    /// Rings, each by the fact that named a parent in it.
    pub issues: Vec<Issue>,
}

impl Campaigns {
    /// Reads the latest state of every campaign.
    pub fn of(world: &World<'_>) -> Campaigns {
        let find = |name: &str| world.snapshot.names.find(name);
        let names = ["parent", "vendor", "channel", "name"];
        let [parent, vendor, channel, name] = names.map(find);
        let mut said: BTreeMap<Sym, (Sym, FactId)> = BTreeMap::new();
        let mut campaigns = Campaigns::default();
        for fact in &world.snapshot.facts {
            let start = fact.happened.start(&world.charter.calendar);
            let is_meant = fact.kind == FactKind::Campaign && !is_ahead(fact, start, world.horizon);
            let Some(campaign) = fact.campaign.filter(|_| is_meant) else {
                continue;
            };
            campaigns.all.insert(campaign);
            let text = |name: Option<Sym>| fact.text(name?);
            if let Some(parent) = text(parent) {
                said.insert(campaign, (parent, fact.id));
            }
            if let Some(vendor) = text(vendor) {
                campaigns.vendors.insert(campaign, vendor);
            }
            if let Some(channel) = text(channel) {
                campaigns.channels.insert(campaign, channel);
            }
            if let Some(name) = text(name) {
                campaigns.names.insert(campaign, name);
            }
        }
        for (&campaign, &(parent, fact)) in &said {
            let mut above = Some(parent);
            let mut seen = BTreeSet::new();
            while let Some(next) = above.filter(|next| *next != campaign && seen.insert(*next)) {
                above = said.get(&next).map(|(parent, _)| *parent);
            }
            if above == Some(campaign) {
                campaigns.issues.push(Issue {
                    code: IssueCode::CampaignRing,
                    fact: Some(fact),
                });
                continue;
            }
            campaigns.parents.insert(campaign, parent);
            let children = campaigns.children.entry(parent).or_default();
            children.insert(campaign);
        }
        campaigns
    }

    /// What a campaign is part of, the nearest first.
    pub fn above(&self, campaign: Sym) -> impl Iterator<Item = Sym> + '_ {
        std::iter::successors(self.parents.get(&campaign).copied(), |parent| {
            self.parents.get(parent).copied()
        })
    }

    /// Whether others are part of it.
    pub fn has_parts(&self, campaign: Sym) -> bool {
        self.children.contains_key(&campaign)
    }

    /// All campaigns that are part of it, at any depth.
    pub fn below(&self, campaign: Sym) -> Vec<Sym> {
        let mut below = Vec::new();
        let mut next = vec![campaign];
        while let Some(one) = next.pop() {
            for &child in self.children.get(&one).into_iter().flatten() {
                below.push(child);
                next.push(child);
            }
        }
        below
    }

    /// Who is paid for it: its own vendor, else that of what it is part of.
    pub fn vendor(&self, campaign: Sym) -> Option<Sym> {
        self.nearest(&self.vendors, campaign)
    }

    /// Its channel, else that of what it is part of.
    pub fn channel(&self, campaign: Sym) -> Option<Sym> {
        self.nearest(&self.channels, campaign)
    }

    /// What people call it, if that was said.
    pub fn name(&self, campaign: Sym) -> Option<Sym> {
        self.names.get(&campaign).copied()
    }

    /// Whether any has a name.
    pub fn has_names(&self) -> bool {
        !self.names.is_empty()
    }

    fn nearest(&self, said: &BTreeMap<Sym, Sym>, campaign: Sym) -> Option<Sym> {
        let mut chain = std::iter::once(campaign).chain(self.above(campaign));
        chain.find_map(|one| said.get(&one).copied())
    }

    /// Whether it is one, or something is part of it.
    pub fn is_known(&self, campaign: Sym) -> bool {
        self.all.contains(&campaign) || self.has_parts(campaign)
    }
}
