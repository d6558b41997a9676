//! What depends on what: the keys that one fact ties together. Facts that no chain of ties joins
//! say nothing of each other, so each such cell can be resolved, and its journeys derived, alone.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use handfast_model::fact::{Fact, Snapshot};
use handfast_model::id::{PersonId, Sym};
use handfast_model::identity::ByDomain;
use handfast_model::mailbox::parents;
use handfast_model::{IdentityRules, Names};

use super::claims::Words;
use crate::quick::Quick;

/// Something that facts can have in common: a person, an account, a deal, an e-mail address, a
/// company's domain, a record that gives one. It is a hash of what the key says, the same under
/// every table of names; two keys of one hash only make a cell larger than it need be.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Tie(u64);

impl Tie {
    fn new(tag: u64, hash: u64) -> Tie {
        Tie(hash ^ tag.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// The hash.
    pub(crate) fn number(self) -> u64 {
        self.0
    }

    fn person(person: PersonId) -> Tie {
        Tie::new(1, person.0 as u64)
    }
}

/// A hash that is another one wherever texts are hashed otherwise, as by another compiler's
/// library: what is kept by ties is of no use there.
pub fn probe() -> u64 {
    hash("ties")
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// The domains that accounts give as their own.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Sites(HashSet<String>);

impl Sites {
    /// Adds those of some facts.
    pub fn add<'f>(&mut self, names: &Names, facts: impl IntoIterator<Item = &'f Fact>) {
        let words = Words::of(names);
        let given = facts.into_iter().filter_map(|fact| words.site(fact));
        self.0.extend(given.map(|site| names.text(site).to_owned()));
    }

    /// Takes in those of another set.
    pub fn take_in(&mut self, other: Sites) {
        self.0.extend(other.0);
    }

    /// All of them, in no order.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Those of a snapshot.
    pub fn of(snapshot: &Snapshot) -> Sites {
        let mut sites = Sites::default();
        sites.add(&snapshot.names, &snapshot.facts);
        sites
    }
}

impl FromIterator<String> for Sites {
    fn from_iter<I: IntoIterator<Item = String>>(texts: I) -> Sites {
        Sites(texts.into_iter().collect())
    }
}

/// Reads the ties of facts.
pub struct Ties<'a> {
    names: &'a Names,
    rules: &'a IdentityRules,
    /// `None` where any domain may be one.
    sites: Option<&'a Sites>,
    words: Words,
    /// The hash of each text, once it was asked for.
    texts: Vec<Option<u64>>,
    /// What each address's domain may depend on.
    domains: Quick<Sym, Vec<u64>>,
}

impl<'a> Ties<'a> {
    /// For facts under these names, in a book whose accounts give these domains.
    pub fn of(names: &'a Names, rules: &'a IdentityRules, sites: &'a Sites) -> Ties<'a> {
        Ties::among(names, rules, Some(sites))
    }

    /// For facts under these names, whatever domains accounts may come to give.
    pub fn ever(names: &'a Names, rules: &'a IdentityRules) -> Ties<'a> {
        Ties::among(names, rules, None)
    }

    fn among(names: &'a Names, rules: &'a IdentityRules, sites: Option<&'a Sites>) -> Ties<'a> {
        Ties {
            names,
            rules,
            sites,
            words: Words::of(names),
            texts: vec![None; names.len()],
            domains: Quick::default(),
        }
    }

    /// All keys that a fact ties together, in no order that matters. A fact without ties (a rep, a
    /// campaign, a rate) concerns everybody or nobody.
    ///
    /// Law: resolving and deriving each cell alone gives the pursuits of the whole.
    pub fn ties(&mut self, fact: &Fact, ties: &mut Vec<Tie>) {
        let (names, words) = (self.names, self.words);
        ties.clear();
        ties.extend(fact.person.map(Tie::person));
        ties.extend(words.same_person(fact, names).map(Tie::person));
        for account in [fact.account, words.same_account(fact)] {
            ties.extend(account.map(|account| Tie::new(2, self.text(account))));
        }
        ties.extend(fact.deal.map(|deal| Tie::new(3, self.text(deal))));
        let mut domain = None;
        if fact.person.is_some() {
            let mailbox = words.mailbox(fact, names).filter(|_| self.rules.by_email);
            ties.extend(mailbox.map(|mailbox| Tie::new(4, self.text(mailbox))));
            domain = words.email_domain(fact);
        }
        let site = words.site(fact).filter(|_| fact.account.is_some());
        // Of a record's addresses the latest counts, whomever its versions name.
        let has_sign = words.has_address(fact, names) || site.is_some();
        if has_sign && fact.kind.is_state() {
            ties.push(Tie::new(6, fact.origin.key.0 as u64));
        }
        if let Some(site) = site.filter(|site| self.may_show_company(*site)) {
            ties.push(Tie::new(5, self.text(site)));
        }
        if let Some(domain) = domain {
            ties.extend(
                self.domains(domain)
                    .iter()
                    .map(|domain| Tie::new(5, *domain)),
            );
        }
    }

    fn text(&mut self, sym: Sym) -> u64 {
        let text = || hash(self.names.text(sym));
        match self.texts.get_mut(sym.index()) {
            Some(slot) => *slot.get_or_insert_with(text),
            None => text(),
        }
    }

    fn may_show_company(&self, domain: Sym) -> bool {
        let text = self.names.text(domain);
        self.rules.by_domain != ByDomain::No && text.contains('.') && !self.rules.is_open(text)
    }

    /// All domains that may stand for this one. Which of them does depends on what the others'
    /// accounts give today: an account may give up its domain, and then the next one above counts.
    fn domains(&mut self, domain: Sym) -> &[u64] {
        let may_show = self.may_show_company(domain) && !self.domains.contains_key(&domain);
        let (names, sites) = (self.names, self.sites);
        let is_any = self.rules.by_domain == ByDomain::Any;
        self.domains.entry(domain).or_insert_with(|| {
            let text = names.text(domain);
            let parents = parents(text).filter(|_| may_show);
            let claimed = parents.filter(|parent| {
                let is_given = sites.is_none_or(|sites| sites.0.contains(*parent));
                is_given || is_any && *parent == text
            });
            claimed.map(hash).collect()
        })
    }
}
