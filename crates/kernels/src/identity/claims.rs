//! What the facts say about who is who, read once: statements, e-mail addresses, web sites.

use handfast_model::fact::{FactKind, Snapshot};
use handfast_model::id::{PersonId, RecordKey, Sym};
use handfast_model::identity::BY_HAND;
use handfast_model::mailbox::OFFICE;
use handfast_model::{Fact, Names, Value, When, planted};

use crate::quick::Quick;

/// The attribute names that identity reads. A name that no fact uses finds nothing.
#[derive(Clone, Copy)]
pub(super) struct Words {
    identity: Option<Sym>,
    email_domain: Option<Sym>,
    domain: Option<Sym>,
    same_person: Option<Sym>,
    same_account: Option<Sym>,
    undone: Option<Sym>,
    apart: Option<Sym>,
    even_merged: Option<Sym>,
    by_hand: Option<Sym>,
}

impl Words {
    pub(super) fn of(names: &Names) -> Words {
        let find = |text| names.find(text);
        Words {
            identity: find("identity"),
            email_domain: find("email_domain"),
            domain: find("domain"),
            same_person: find("same_person"),
            same_account: find("same_account"),
            undone: find("undone"),
            apart: find("apart"),
            even_merged: find("even_merged"),
            by_hand: find(BY_HAND),
        }
    }

    /// Whether no fact can say anything about who is who.
    pub(super) fn are_unused(&self) -> bool {
        let used = [
            self.identity,
            self.email_domain,
            self.same_person,
            self.same_account,
            self.undone,
        ];
        // Sites alone join companies of two sources.
        used.iter().all(Option::is_none) && self.domain.is_none()
    }

    /// The keyed hash of a person's own e-mail address; none of an office's.
    pub(super) fn mailbox(&self, fact: &Fact, names: &Names) -> Option<Sym> {
        let mailbox = fact.text(self.identity?)?;
        (!names.text(mailbox).starts_with(OFFICE)).then_some(mailbox)
    }

    /// Whether a fact gives a person's address, as far as it says who they are.
    pub(super) fn has_address(&self, fact: &Fact, names: &Names) -> bool {
        let has_sign = || self.mailbox(fact, names).is_some() || self.email_domain(fact).is_some();
        fact.person.is_some() && has_sign()
    }

    pub(super) fn email_domain(&self, fact: &Fact) -> Option<Sym> {
        fact.text(self.email_domain?)
    }

    /// The domain that an account gives as its own.
    pub(super) fn site(&self, fact: &Fact) -> Option<Sym> {
        match fact.kind {
            FactKind::Account => fact.text(self.domain?),
            _ => None,
        }
    }

    pub(super) fn same_person(&self, fact: &Fact, names: &Names) -> Option<PersonId> {
        PersonId::parse(names.text(fact.text(self.same_person?)?))
    }

    pub(super) fn same_account(&self, fact: &Fact) -> Option<Sym> {
        fact.text(self.same_account?)
    }
}

fn is_true(fact: &Fact, name: Option<Sym>) -> bool {
    name.is_some_and(|name| fact.attribute(name) == Some(&Value::Bool(true)))
}

/// Somebody says that one key is another, or is not.
#[derive(Clone, Copy)]
pub(super) struct Statement<K> {
    pub(super) a: K,
    /// The survivor.
    pub(super) b: K,
    pub(super) is_apart: bool,
    /// A separation that stands against merges too.
    pub(super) is_firm: bool,
    pub(super) is_by_hand: bool,
    pub(super) fact: u32,
}

/// An e-mail address that a record last gave.
#[derive(Clone, Copy)]
pub(super) struct Address {
    pub(super) person: PersonId,
    pub(super) source: Sym,
    pub(super) mailbox: Option<Sym>,
    pub(super) domain: Option<Sym>,
    pub(super) fact: u32,
}

/// A domain that an account's record last gave.
#[derive(Clone, Copy)]
pub(super) struct Site {
    pub(super) account: Sym,
    pub(super) source: Sym,
    pub(super) domain: Sym,
    pub(super) fact: u32,
}

/// Everything said. Of one pair the latest statement counts, people's own apart from sources'.
#[derive(Default)]
pub(super) struct Claims {
    pub(super) people: Vec<Statement<PersonId>>,
    pub(super) accounts: Vec<Statement<Sym>>,
    pub(super) addresses: Vec<Address>,
    pub(super) sites: Vec<Site>,
    /// Links that were taken back, as fact indexes in order.
    pub(super) void: Vec<u32>,
}

/// What a belonging or a role says: person, account, deal.
type Bond = (PersonId, Option<Sym>, Option<Sym>);

#[derive(Default)]
struct Reader {
    claims: Claims,
    addresses: Quick<(RecordKey, u16), usize>,
    sites: Quick<(RecordKey, u16), usize>,
    people: Quick<(PersonId, PersonId, bool), (usize, Last)>,
    accounts: Quick<(Sym, Sym, bool), (usize, Last)>,
    bonds: Quick<Bond, (Vec<u32>, Option<Last>)>,
}

impl Claims {
    pub(super) fn of(snapshot: &Snapshot, words: &Words) -> Claims {
        let mut reader = Reader::default();
        let names = &snapshot.names;
        for (at, fact) in (0u32..).zip(&snapshot.facts) {
            if fact.kind == FactKind::Link {
                reader.link(at, fact, words, names);
            }
            if let Some(person) = fact.person {
                reader.address(at, fact, person, words, names);
            }
            if let (Some(account), Some(domain)) = (fact.account, words.site(fact)) {
                let site = Site {
                    account,
                    source: fact.origin.source,
                    domain,
                    fact: at,
                };
                let name = (fact.origin.key, fact.origin.ordinal);
                put(&mut reader.sites, &mut reader.claims.sites, name, site);
            }
        }
        reader.finish(words)
    }
}

/// Keeps the latest of each name.
fn put<N: Eq + std::hash::Hash, T>(
    places: &mut Quick<N, usize>,
    list: &mut Vec<T>,
    name: N,
    new: T,
) {
    let next = list.len();
    let place = *places.entry(name).or_insert(next);
    match list.get_mut(place) {
        Some(slot) => *slot = new,
        None => list.push(new),
    }
}

impl Reader {
    fn address(&mut self, at: u32, fact: &Fact, person: PersonId, words: &Words, names: &Names) {
        let mailbox = words.mailbox(fact, names);
        let domain = words.email_domain(fact);
        if mailbox.is_none() && domain.is_none() {
            return;
        }
        let address = Address {
            person,
            source: fact.origin.source,
            mailbox,
            domain,
            fact: at,
        };
        // Of an event the snapshot holds only the latest version.
        if fact.kind.is_state() {
            let name = (fact.origin.key, fact.origin.ordinal);
            put(
                &mut self.addresses,
                &mut self.claims.addresses,
                name,
                address,
            );
        } else {
            self.claims.addresses.push(address);
        }
    }

    fn link(&mut self, at: u32, fact: &Fact, words: &Words, names: &Names) {
        let is_by_hand = Some(fact.origin.source) == words.by_hand;
        let is_undone = is_true(fact, words.undone);
        let last = Last::of(fact, is_undone);
        if let (Some(a), Some(b)) = (fact.person, words.same_person(fact, names)) {
            let said = said(fact, words, at, a, b);
            let name = (a.min(b), a.max(b), is_by_hand);
            keep(&mut self.people, &mut self.claims.people, name, said, last);
        }
        if let (Some(a), Some(b)) = (fact.account, words.same_account(fact)) {
            let said = said(fact, words, at, a, b);
            let name = (a.min(b), a.max(b), is_by_hand);
            keep(
                &mut self.accounts,
                &mut self.claims.accounts,
                name,
                said,
                last,
            );
        }
        if let Some(person) = fact.person
            && (fact.account.is_some() || fact.deal.is_some())
            && words.undone.is_some()
        {
            let (facts, known) = self
                .bonds
                .entry((person, fact.account, fact.deal))
                .or_default();
            facts.push(at);
            if known.is_none_or(|known| known.gives_way_to(last)) {
                *known = Some(last);
            }
            if is_undone {
                self.claims.void.push(at);
            }
        }
    }

    fn finish(mut self, words: &Words) -> Claims {
        drop_undone(&mut self.claims.people, self.people);
        drop_undone(&mut self.claims.accounts, self.accounts);
        if words.undone.is_some() {
            for (facts, last) in self.bonds.into_values() {
                if last.is_some_and(|last| last.is_undone) {
                    self.claims.void.extend(facts);
                }
            }
            self.claims.void.sort_unstable();
            self.claims.void.dedup();
        }
        self.claims
    }
}

fn said<K>(fact: &Fact, words: &Words, at: u32, a: K, b: K) -> Statement<K> {
    Statement {
        a,
        b,
        is_apart: is_true(fact, words.apart),
        is_firm: is_true(fact, words.even_merged),
        is_by_hand: Some(fact.origin.source) == words.by_hand,
        fact: at,
    }
}

/// Whether a link is taken back. Of one instant, whose facts are in no order that the world
/// knows, taking back has the last word.
#[derive(Clone, Copy)]
struct Last {
    at: When,
    is_undone: bool,
}

impl Last {
    fn of(fact: &Fact, is_undone: bool) -> Last {
        Last {
            at: fact.happened,
            is_undone,
        }
    }

    /// Whether the next fact has a word after this one.
    fn gives_way_to(self, next: Last) -> bool {
        next.is_undone || !self.is_undone || next.at != self.at
    }
}

/// Keeps the latest statement on a pair, and whether it takes the pair's link back.
fn keep<K: Copy + Eq + std::hash::Hash>(
    places: &mut Quick<(K, K, bool), (usize, Last)>,
    list: &mut Vec<Statement<K>>,
    name: (K, K, bool),
    new: Statement<K>,
    last: Last,
) {
    if name.0 == name.1 {
        return;
    }
    let place = places.entry(name).or_insert((list.len(), last));
    if !place.1.gives_way_to(last) {
        return;
    }
    place.1 = last;
    match list.get_mut(place.0) {
        Some(slot) => *slot = new,
        None => list.push(new),
    }
}

/// Leaves what still holds, in fact order.
fn drop_undone<N, K>(list: &mut Vec<Statement<K>>, places: Quick<N, (usize, Last)>) {
    let mut is_undone = vec![false; list.len()];
    for (place, last) in places.into_values() {
        if let Some(slot) = is_undone.get_mut(place) {
            *slot = planted!(UnmergeIgnored, last.is_undone, false);
        }
    }
    let mut undone = is_undone.into_iter();
    list.retain(|_| !undone.next().unwrap_or(false));
    list.sort_by_key(|statement| statement.fact);
}
