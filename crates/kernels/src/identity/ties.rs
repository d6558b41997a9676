//! What depends on what: the keys that one fact ties together. Facts that no chain of ties joins
//! say nothing of each other, so each such cell can be resolved, and its journeys derived, alone.

use handfast_model::fact::{Fact, Snapshot};
use handfast_model::id::{PersonId, Sym};
use handfast_model::identity::ByDomain;
use handfast_model::mailbox::parents;
use handfast_model::{IdentityRules, Names};

use super::claims::Words;
use super::forest::Quick;

/// Something that facts can have in common.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Tie {
    /// A person's key.
    Person(PersonId),
    /// An account's key.
    Account(Sym),
    /// A deal's key.
    Deal(Sym),
    /// The keyed hash of an e-mail address.
    Mailbox(Sym),
    /// A company's domain.
    Domain(Sym),
}

/// Reads the ties of a snapshot's facts.
pub struct Ties<'a> {
    names: &'a Names,
    rules: &'a IdentityRules,
    words: Words,
    /// Domains that accounts give as their own.
    sites: Quick<Sym, ()>,
    /// The domain that stands for each: the one that an account gives, or the nearest above it.
    domains: Quick<Sym, Option<Sym>>,
}

impl<'a> Ties<'a> {
    /// Reads which domains accounts give as their own.
    pub fn of(snapshot: &'a Snapshot, rules: &'a IdentityRules) -> Ties<'a> {
        let words = Words::of(&snapshot.names);
        let names = &snapshot.names;
        let is_used = rules.by_domain != ByDomain::No;
        let mut sites: Quick<Sym, ()> = Quick::default();
        if is_used {
            let given = snapshot.facts.iter().filter_map(|fact| words.site(fact));
            sites.extend(given.map(|site| (site, ())));
        }
        Ties {
            names,
            rules,
            words,
            sites,
            domains: Quick::default(),
        }
    }

    /// All keys that a fact ties together, in no order that matters. A fact without ties (a rep, a
    /// campaign, a rate) belongs to every cell.
    ///
    /// Law: resolving and deriving each cell alone gives the pursuits of the whole.
    pub fn ties(&mut self, fact: &Fact, ties: &mut Vec<Tie>) {
        let names = self.names;
        ties.clear();
        ties.extend(fact.person.map(Tie::Person));
        ties.extend(fact.account.map(Tie::Account));
        ties.extend(fact.deal.map(Tie::Deal));
        ties.extend(self.words.same_person(fact, names).map(Tie::Person));
        ties.extend(self.words.same_account(fact).map(Tie::Account));
        if fact.person.is_some() {
            let mailbox = self.words.mailbox(fact, names);
            ties.extend(mailbox.filter(|_| self.rules.by_email).map(Tie::Mailbox));
            let domain = self.words.email_domain(fact);
            ties.extend(
                domain
                    .and_then(|domain| self.domain(domain))
                    .map(Tie::Domain),
            );
        }
        let site = self.words.site(fact).filter(|_| fact.account.is_some());
        ties.extend(site.and_then(|site| self.domain(site)).map(Tie::Domain));
    }

    /// The domain that stands for this one; `None` where it shows no company.
    fn domain(&mut self, domain: Sym) -> Option<Sym> {
        if let Some(known) = self.domains.get(&domain) {
            return *known;
        }
        let text = self.names.text(domain);
        let found = match self.rules.by_domain {
            ByDomain::No => None,
            _ if !text.contains('.') || self.rules.is_open(text) => None,
            by_domain => {
                let above = parents(text).filter_map(|parent| self.names.find(parent));
                let mut claimed = above.filter(|parent| self.sites.contains_key(parent));
                let bare = (by_domain == ByDomain::Any).then_some(domain);
                claimed.next().or(bare)
            }
        };
        self.domains.insert(domain, found);
        found
    }
}
