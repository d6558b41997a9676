//! Which accounts are one: by statement, and by the same web site in different systems.

use handfast_model::fact::Snapshot;
use handfast_model::id::Sym;
use handfast_model::identity::ByDomain;
use handfast_model::mailbox::parents;
use handfast_model::{IdentityRules, Issue, IssueCode, Names, planted};

use super::claims::{Claims, Site, Statement};
use super::forest::{Forest, Index, Weight};
use super::{Company, How, Key, Link};
use crate::quick::Quick;

/// Accounts, joined.
pub(super) struct Joined<'a> {
    rules: &'a IdentityRules,
    names: &'a Names,
    index: Index<Sym>,
    forest: Forest,
    is_survivor: Vec<bool>,
    /// Places of an account's site, by domain.
    sites: Quick<Sym, Vec<Site>>,
    companies: Quick<Sym, Option<Company>>,
    roots: Quick<Sym, Sym>,
    pub(super) links: Vec<Link>,
    pub(super) issues: Vec<Issue>,
}

impl<'a> Joined<'a> {
    pub(super) fn of(claims: &Claims, snapshot: &'a Snapshot, rules: &'a IdentityRules) -> Self {
        let names = &snapshot.names;
        let mut index = Index::new();
        for statement in &claims.accounts {
            index.learn(statement.a);
            index.learn(statement.b);
        }
        let sites = match rules.by_domain {
            ByDomain::No => Quick::default(),
            ByDomain::Known | ByDomain::Any => sites(claims, rules, names),
        };
        for site in sites.values().flatten() {
            index.learn(site.account);
        }
        let mut joined = Joined {
            rules,
            names,
            forest: Forest::new(index.keys.len()),
            index,
            is_survivor: Vec::new(),
            sites,
            companies: Quick::default(),
            roots: Quick::default(),
            links: Vec::new(),
            issues: Vec::new(),
        };
        joined.keep_apart(&claims.accounts, snapshot);
        joined.join_said(&claims.accounts);
        joined.join_sites(snapshot);
        joined.settle();
        joined
    }

    pub(super) fn into_roots(self) -> Quick<Sym, Sym> {
        self.roots
    }

    /// The account that stands for this one.
    pub(super) fn root(&self, account: Sym) -> Sym {
        self.roots.get(&account).copied().unwrap_or(account)
    }

    /// The company that a domain shows, if exactly one: the account that gives the domain, or the
    /// nearest above it, as its own.
    pub(super) fn company(&mut self, domain: Sym) -> Option<Company> {
        if let Some(known) = self.companies.get(&domain) {
            return *known;
        }
        let found = self.find_company(domain);
        self.companies.insert(domain, found);
        found
    }

    fn find_company(&self, domain: Sym) -> Option<Company> {
        let text = self.names.text(domain);
        if self.rules.is_open(text) {
            return None;
        }
        let mut claimed = parents(text).filter_map(|parent| self.names.find(parent));
        let Some(sites) = claimed.find_map(|parent| self.sites.get(&parent)) else {
            let is_any = self.rules.by_domain == ByDomain::Any && text.contains('.');
            return is_any.then_some(Company::Domain(domain));
        };
        let mut roots = sites.iter().map(|site| self.root(site.account));
        let first = roots.next()?;
        roots
            .all(|root| root == first)
            .then_some(Company::Account(first))
    }

    /// What people and the charter keep apart, before anything is joined.
    fn keep_apart(&mut self, statements: &[Statement<Sym>], snapshot: &Snapshot) {
        for statement in statements.iter().filter(|statement| statement.is_apart) {
            let weight = weight_of(statement);
            let [a, b] = [statement.a, statement.b].map(|key| self.index.learn(key));
            self.forest.separate(a, b, weight);
        }
        for group in &self.rules.separate {
            let keys = group.iter().filter_map(|text| snapshot.names.find(text));
            let numbers: Vec<u32> = keys.filter_map(|key| self.index.get(key)).collect();
            for (at, a) in numbers.iter().enumerate() {
                for b in numbers.iter().skip(at + 1) {
                    self.forest.separate(*a, *b, Weight::Said);
                }
            }
        }
    }

    fn join_said(&mut self, statements: &[Statement<Sym>]) {
        self.is_survivor = survivors(&mut self.forest, &self.index, statements, |statement| {
            self.links.push(Link {
                a: Key::Account(statement.a),
                b: Key::Account(statement.b),
                how: how_of(statement),
                facts: [statement.fact; 2],
            });
        });
    }

    /// Accounts of different sources with one site are one, if no source has two of it.
    fn join_sites(&mut self, snapshot: &Snapshot) {
        let mut shared: Vec<(Sym, Vec<(u32, Site)>)> = Vec::new();
        for (domain, sites) in &self.sites {
            let mut roots: Vec<(u32, Site)> = Vec::new();
            for site in sites {
                let number = self.index.get(site.account).unwrap_or(0);
                roots.push((self.forest.root(number), *site));
            }
            if roots
                .iter()
                .any(|(root, _)| Some(root) != roots.first().map(|(root, _)| root))
            {
                shared.push((*domain, roots));
            }
        }
        shared.sort_unstable_by_key(|(domain, _)| self.names.text(*domain));
        for (_, mut sites) in shared {
            sites.sort_unstable_by_key(|(_, site)| (self.names.text(site.account), site.fact));
            if !is_one_per_source(&sites) || !self.join_all(&sites) {
                self.issues.extend(sites.iter().map(|(_, site)| Issue {
                    code: IssueCode::DomainOfTwo,
                    fact: snapshot.facts.get(site.fact as usize).map(|fact| fact.id),
                }));
            }
        }
    }

    fn join_all(&mut self, sites: &[(u32, Site)]) -> bool {
        let Some((first, at)) = sites.first() else {
            return true;
        };
        let mut are_one = true;
        for (other, site) in sites.iter().skip(1) {
            if !self.forest.join(*first, *other, Weight::Sign) {
                are_one = false;
            } else if first != other {
                self.links.push(Link {
                    a: Key::Account(site.account),
                    b: Key::Account(at.account),
                    how: How::Domain,
                    facts: [site.fact, at.fact],
                });
            }
        }
        are_one
    }

    /// The survivor of merges stands for all, so that names stay the source's; among several the
    /// first by letters.
    fn settle(&mut self) {
        let mut best: Quick<u32, (bool, &str, Sym)> = Quick::default();
        for number in 0..self.index.keys.len() as u32 {
            let Some(key) = self.index.key(number) else {
                continue;
            };
            let is_other = !self.is_survivor.get(number as usize).is_some_and(|is| *is);
            let candidate = (is_other, self.names.text(key), key);
            let root = self.forest.root(number);
            let best = best.entry(root).or_insert(candidate);
            *best = candidate.min(*best);
        }
        for number in 0..self.index.keys.len() as u32 {
            let root = self.forest.root(number);
            if let (Some(key), Some((_, _, root))) = (self.index.key(number), best.get(&root))
                && key != *root
            {
                self.roots.insert(key, *root);
            }
        }
    }
}

/// The sites that show a company, by domain.
fn sites(claims: &Claims, rules: &IdentityRules, names: &Names) -> Quick<Sym, Vec<Site>> {
    let mut sites: Quick<Sym, Vec<Site>> = Quick::default();
    for site in &claims.sites {
        let domain = names.text(site.domain);
        if domain.contains('.') && !rules.is_open(domain) {
            sites.entry(site.domain).or_default().push(*site);
        }
    }
    sites
}

fn is_one_per_source(sites: &[(u32, Site)]) -> bool {
    let mut seen: Quick<Sym, u32> = Quick::default();
    let mut each = sites.iter();
    each.all(|(root, site)| *seen.entry(site.source).or_insert(*root) == *root)
}

/// The heaviest link that a separation stands against.
pub(super) fn weight_of<K>(statement: &Statement<K>) -> Weight {
    match statement.is_firm {
        true => Weight::Said,
        false => Weight::Sign,
    }
}

pub(super) fn how_of<K>(statement: &Statement<K>) -> How {
    match statement.is_by_hand {
        true => How::ByHand,
        false => How::Merge,
    }
}

/// Joins what was said to be one: people's own statements first, then the sources', each in fact
/// order. Gives which keys survived a merge and were not merged away themselves.
pub(super) fn survivors<K: Copy + Eq + std::hash::Hash>(
    forest: &mut Forest,
    index: &Index<K>,
    statements: &[Statement<K>],
    mut joined: impl FnMut(&Statement<K>),
) -> Vec<bool> {
    let mut is_survivor = vec![false; index.keys.len()];
    let mut is_gone = vec![false; index.keys.len()];
    let by_hand = statements.iter().filter(|statement| statement.is_by_hand);
    let by_source = statements.iter().filter(|statement| !statement.is_by_hand);
    for statement in by_hand.chain(by_source).filter(|said| !said.is_apart) {
        let (Some(a), Some(b)) = (index.get(statement.a), index.get(statement.b)) else {
            continue;
        };
        if forest.join(a, b, Weight::Said) {
            joined(statement);
            let (gone, left) = planted!(MergeReversed, (a, b), (b, a));
            for (list, at) in [(&mut is_gone, gone), (&mut is_survivor, left)] {
                if let Some(slot) = list.get_mut(at as usize) {
                    *slot = true;
                }
            }
        }
    }
    for (survives, gone) in is_survivor.iter_mut().zip(is_gone) {
        *survives &= !gone;
    }
    is_survivor
}
