//! Who is who, shown: the keys of one person or account, what joins them, where each sign stands in
//! its source, since which commit it is known, and what takes it back.
//!
//! Reads the snapshot under the keys of its sources; people are shown by the first digits of their
//! hash, for their keys are not kept.

use std::collections::{BTreeMap, BTreeSet};

use handfast_kernels::identity::{Company, How, Key, Link, Resolution, domain_account, resolve};
use handfast_model::answer::{IssueCount, Lineage};
use handfast_model::identity::BY_HAND;
use handfast_model::mailbox::OFFICE;
use handfast_model::{
    Answer, Cell, Charter, Column, ColumnKind, Fact, FactKind, Instant, Issue, IssueCode, PersonId,
    Refusal, Snapshot, Sym, Value,
};

use super::tally::lineage_of;
use crate::derived::horizon_of;

/// What a key is looked up in.
struct Asked<'a> {
    snapshot: &'a Snapshot,
    who: Resolution,
    people: &'a [PersonId],
}

/// Stands before the keyed hash of an e-mail address in a question.
pub const MAILBOX: &str = "mailbox:";

/// Fewest digits of a hash that name a person.
const LEAST_DIGITS: usize = 8;

const COLUMNS: [(&str, ColumnKind); 9] = [
    ("what", ColumnKind::Text),
    ("key", ColumnKind::Text),
    ("of", ColumnKind::Text),
    ("by", ColumnKind::Text),
    ("source", ColumnKind::Text),
    ("file", ColumnKind::Text),
    ("line", ColumnKind::Count),
    ("since", ColumnKind::Count),
    ("taken back by", ColumnKind::Text),
];

/// The keys that stand for whom the question means.
#[derive(Default)]
struct Meant {
    people: BTreeSet<PersonId>,
    accounts: BTreeSet<Sym>,
    /// Domains that are accounts by themselves.
    domains: BTreeSet<Sym>,
}

/// A line of the answer, in order of rank and texts.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    rank: u8,
    key: String,
    of: String,
    what: &'static str,
    by: &'static str,
    fact: u32,
    undo: String,
}

/// Who a key is and why, in a snapshot under the keys of its sources. `people` are those whom the
/// key may stand for; `known_until` is the moment of knowing.
pub fn answer(
    snapshot: &Snapshot,
    charter: &Charter,
    key: &str,
    people: &[PersonId],
    known_until: Option<Instant>,
) -> Result<Answer, Refusal> {
    let asked = Asked {
        snapshot,
        who: resolve(snapshot, &charter.identity),
        people,
    };
    let meant = asked.meant(key);
    if meant.people.is_empty() && meant.accounts.is_empty() && meant.domains.is_empty() {
        return Err(unknown(key));
    }
    let horizon = horizon_of(snapshot, known_until).0;
    let mut lines: Vec<Line> = Vec::new();
    asked.key_lines(&meant, &mut lines);
    for link in &asked.who.links {
        if asked.is_meant(&meant, link.a) {
            asked.link_lines(link, &mut lines);
        }
    }
    asked.home_lines(&meant, &mut lines);
    asked.apart_lines(&meant, &mut lines);
    lines.sort();
    lines.dedup();
    let column = |(id, kind): (&str, ColumnKind)| Column {
        id: id.to_owned(),
        kind,
        unit: None,
        means: String::new(),
    };
    let shown = lines.into_iter().map(|line| asked.row(line));
    Ok(Answer {
        headline: None,
        columns: COLUMNS.into_iter().map(column).collect(),
        rows: shown.collect(),
        totals: None,
        currency_totals: Vec::new(),
        issues: asked.issues(&meant),
        notes: vec![asked.note(&meant)],
        lineage: Lineage {
            horizon: (horizon.0 != 0).then(|| horizon.to_string()),
            ..lineage_of(snapshot, charter)
        },
    })
}

/// Nobody and nothing has this key.
pub fn unknown(key: &str) -> Refusal {
    let title = match key.starts_with(MAILBOX) {
        true => "nobody in this book has this address".to_owned(),
        false => format!("nothing in this book is known as `{key}`"),
    };
    Refusal::new("E0420", title)
        .matters("who is who is read from the keys, addresses and domains that sources gave")
        .fix(
            "give a key as its source writes it, or source:key; an account's key or domain; an \
             e-mail address;\nor the first digits of a person's hash, as answers show them",
        )
}

impl Asked<'_> {
    fn facts(&self) -> impl Iterator<Item = (u32, &Fact)> {
        (0u32..).zip(&self.snapshot.facts)
    }

    /// The keys that stand for whom a text may mean.
    fn meant(&self, key: &str) -> Meant {
        let names = &self.snapshot.names;
        let mut meant = Meant::default();
        let hash = key.strip_prefix(MAILBOX);
        let office = hash.map(|hash| format!("{OFFICE}{hash}"));
        let mailboxes = [
            hash.and_then(|hash| names.find(hash)),
            office.and_then(|hash| names.find(&hash)),
        ];
        let (account, domain) = (names.find(key), names.find(&key.to_lowercase()));
        let is_hash = key.len() >= LEAST_DIGITS && key.bytes().all(|b| b.is_ascii_hexdigit());
        let (site, identity, same) = (
            names.find("domain"),
            names.find("identity"),
            names.find("same_person"),
        );
        for (_, fact) in self.facts() {
            let text = |name: Option<Sym>| name.and_then(|name| fact.text(name));
            let other = text(same).and_then(|same| PersonId::parse(names.text(same)));
            for person in fact.person.into_iter().chain(other) {
                let is_named = self.people.contains(&person)
                    || (is_hash && person.to_string().starts_with(&key.to_lowercase()));
                let has_mailbox = fact.person == Some(person)
                    && mailboxes
                        .iter()
                        .flatten()
                        .any(|m| Some(*m) == text(identity));
                if is_named || has_mailbox {
                    meant.people.insert(self.who.person(person));
                }
            }
            let has_site =
                domain.is_some() && fact.kind == FactKind::Account && text(site) == domain;
            if let Some(found) = fact
                .account
                .filter(|found| Some(*found) == account || has_site)
            {
                meant.accounts.insert(self.who.account(found));
            }
            let home = fact.person.and_then(|person| self.who.home(person));
            if let Some(Company::Domain(home)) = home.map(|home| home.company)
                && (Some(home) == domain || domain_account(names.text(home)) == key)
            {
                meant.domains.insert(home);
            }
        }
        meant
    }

    fn is_meant(&self, meant: &Meant, key: Key) -> bool {
        match key {
            Key::Person(person) => meant.people.contains(&self.who.person(person)),
            Key::Account(account) => meant.accounts.contains(&self.who.account(account)),
        }
    }

    /// Every key with the first fact that names it, and accounts that keys of people name.
    fn key_lines(&self, meant: &Meant, lines: &mut Vec<Line>) {
        let mut first: BTreeMap<Key, u32> = BTreeMap::new();
        let mut bonds: BTreeMap<(PersonId, Sym), u32> = BTreeMap::new();
        for (at, fact) in self.facts() {
            let keys = [fact.person.map(Key::Person), fact.account.map(Key::Account)];
            for key in keys
                .into_iter()
                .flatten()
                .filter(|key| self.is_meant(meant, *key))
            {
                first.entry(key).or_insert(at);
            }
            if let (FactKind::Person | FactKind::Link, Some(person), Some(account)) =
                (fact.kind, fact.person, fact.account)
                && (self.is_meant(meant, Key::Person(person))
                    || self.is_meant(meant, Key::Account(account)))
                && !self.who.is_void(at)
            {
                bonds.entry((person, account)).or_insert(at);
            }
        }
        for (key, fact) in first {
            let root = match key {
                Key::Person(person) => Key::Person(self.who.person(person)),
                Key::Account(account) => Key::Account(self.who.account(account)),
            };
            let of = if root == key {
                String::new()
            } else {
                self.show(root)
            };
            let (rank, what) = match key {
                Key::Person(_) => (0, "person"),
                Key::Account(_) => (1, "account"),
            };
            lines.push(Line {
                rank,
                key: self.show(key),
                of,
                what,
                by: "key",
                fact,
                undo: String::new(),
            });
        }
        for ((person, account), fact) in bonds {
            lines.push(Line {
                rank: 3,
                key: self.show(Key::Person(person)),
                of: self.show(Key::Account(account)),
                what: "belongs to",
                by: "key",
                fact,
                undo: String::new(),
            });
        }
    }

    fn link_lines(&self, link: &Link, lines: &mut Vec<Line>) {
        let facts: BTreeSet<u32> = link.facts.into_iter().collect();
        for fact in facts {
            lines.push(Line {
                rank: 2,
                key: self.show(link.a),
                of: self.show(link.b),
                what: "is",
                by: link.how.word(),
                fact,
                undo: self.undo(link),
            });
        }
    }

    fn undo(&self, link: &Link) -> String {
        let seq = |fact: u32| {
            self.snapshot
                .facts
                .get(fact as usize)
                .map_or(0, |fact| fact.seq.0)
        };
        let [fact, _] = link.facts;
        match link.how {
            How::ByHand => format!("identity undo {}", seq(fact)),
            How::Merge => "an unmerge in its source; identity separate --even-merged".to_owned(),
            How::Email | How::Domain => "identity separate".to_owned(),
        }
    }

    /// People whose domain alone shows their company.
    fn home_lines(&self, meant: &Meant, lines: &mut Vec<Line>) {
        let people: BTreeSet<PersonId> = self.facts().filter_map(|(_, fact)| fact.person).collect();
        let roots: BTreeSet<PersonId> = people
            .into_iter()
            .map(|person| self.who.person(person))
            .collect();
        for person in roots {
            let Some(home) = self.who.home(person) else {
                continue;
            };
            let (is_meant, of) = match home.company {
                Company::Account(account) => (
                    meant.accounts.contains(&account),
                    self.show(Key::Account(account)),
                ),
                Company::Domain(domain) => (
                    meant.domains.contains(&domain),
                    domain_account(self.snapshot.names.text(domain)),
                ),
            };
            if is_meant || meant.people.contains(&person) {
                lines.push(Line {
                    rank: 3,
                    key: self.show(Key::Person(person)),
                    of,
                    what: "belongs to",
                    by: How::Domain.word(),
                    fact: home.fact,
                    undo: "an account by key; charter/identity.toml".to_owned(),
                });
            }
        }
    }

    /// What people keep apart.
    fn apart_lines(&self, meant: &Meant, lines: &mut Vec<Line>) {
        let names = &self.snapshot.names;
        let [by_hand, apart, undone, same_person, same_account] =
            [BY_HAND, "apart", "undone", "same_person", "same_account"]
                .map(|name| names.find(name));
        for (at, fact) in self.facts() {
            let is = |name: Option<Sym>| {
                name.is_some_and(|name| fact.attribute(name) == Some(&Value::Bool(true)))
            };
            if Some(fact.origin.source) != by_hand || !is(apart) || is(undone) {
                continue;
            }
            let text = |name: Option<Sym>| name.and_then(|name| fact.text(name));
            let other = text(same_person).and_then(|text| PersonId::parse(names.text(text)));
            let pair = match (fact.person.zip(other), fact.account.zip(text(same_account))) {
                (Some((a, b)), _) => (Key::Person(a), Key::Person(b)),
                (None, Some((a, b))) => (Key::Account(a), Key::Account(b)),
                (None, None) => continue,
            };
            if self.is_meant(meant, pair.0) || self.is_meant(meant, pair.1) {
                lines.push(Line {
                    rank: 4,
                    key: self.show(pair.0),
                    of: self.show(pair.1),
                    what: "is not",
                    by: How::ByHand.word(),
                    fact: at,
                    undo: format!("identity undo {}", fact.seq),
                });
            }
        }
    }

    /// The issues of whom the question means. What an address did to several people is told of all
    /// of them, so that it is the same whichever of them was asked for.
    fn issues(&self, meant: &Meant) -> Vec<IssueCount> {
        let identity = self.snapshot.names.find("identity");
        let people = self.people_of(meant);
        let (mut about, mut mailboxes) = (BTreeSet::new(), BTreeMap::new());
        for (_, fact) in self.facts() {
            let person = fact.person.map(|person| self.who.person(person));
            let account = fact.account.map(Key::Account);
            let mailbox = identity.and_then(|name| fact.text(name));
            mailboxes.extend(mailbox.map(|mailbox| (fact.id, mailbox)));
            if person.is_some_and(|person| people.contains(&person))
                || account.is_some_and(|account| self.is_meant(meant, account))
            {
                about.insert(fact.id);
            }
        }
        // Issues about one address stand for each other.
        let group = |issue: &Issue| {
            let fact = issue.fact?;
            match issue.code {
                IssueCode::SharedMailbox | IssueCode::MailboxOfTwo => mailboxes
                    .get(&fact)
                    .map(|mailbox| (issue.code, Some(*mailbox), None)),
                _ => Some((issue.code, None, Some(fact))),
            }
        };
        let theirs = |issue: &&Issue| issue.fact.is_some_and(|fact| about.contains(&fact));
        let groups: BTreeSet<_> = self
            .who
            .issues
            .iter()
            .filter(theirs)
            .filter_map(group)
            .collect();
        let mut counts: BTreeMap<_, u64> = BTreeMap::new();
        for issue in &self.who.issues {
            if group(issue).is_some_and(|group| groups.contains(&group)) {
                *counts.entry(issue.code).or_default() += 1;
            }
        }
        let counts = counts.into_iter().map(|(code, count)| IssueCount {
            code: code.code().to_owned(),
            count,
            text: code.text_of(count).to_owned(),
        });
        counts.collect()
    }

    /// The people meant, and those of the accounts and domains meant.
    fn people_of(&self, meant: &Meant) -> BTreeSet<PersonId> {
        let mut people = meant.people.clone();
        for (_, fact) in self.facts() {
            let Some(person) = fact.person.map(|person| self.who.person(person)) else {
                continue;
            };
            let is_by_key = matches!(fact.kind, FactKind::Person | FactKind::Link)
                && fact
                    .account
                    .is_some_and(|account| self.is_meant(meant, Key::Account(account)));
            let is_by_domain = self
                .who
                .home(person)
                .is_some_and(|home| match home.company {
                    Company::Account(account) => meant.accounts.contains(&account),
                    Company::Domain(domain) => meant.domains.contains(&domain),
                });
            if is_by_key || is_by_domain {
                people.insert(person);
            }
        }
        people
    }

    fn note(&self, meant: &Meant) -> String {
        let people = meant
            .people
            .iter()
            .map(|person| self.show(Key::Person(*person)));
        let accounts = meant
            .accounts
            .iter()
            .map(|account| self.show(Key::Account(*account)));
        let domains = meant.domains.iter();
        let domains = domains.map(|domain| domain_account(self.snapshot.names.text(*domain)));
        let all: Vec<String> = people.chain(accounts).chain(domains).collect();
        format!("stands for all keys: {}", all.join(", "))
    }

    fn row(&self, line: Line) -> Vec<Cell> {
        let text = |text: String| match text.is_empty() {
            true => Cell::Unknown,
            false => Cell::Text(text),
        };
        let fact = self.snapshot.facts.get(line.fact as usize);
        let name = |sym: Option<Sym>| {
            text(sym.map_or(String::new(), |sym| {
                self.snapshot.names.text(sym).to_owned()
            }))
        };
        vec![
            Cell::Text(line.what.to_owned()),
            Cell::Text(line.key),
            text(line.of),
            Cell::Text(line.by.to_owned()),
            name(fact.map(|fact| fact.origin.source)),
            name(fact.map(|fact| fact.origin.file)),
            fact.map_or(Cell::Unknown, |fact| {
                Cell::Count(u64::from(fact.origin.line))
            }),
            fact.map_or(Cell::Unknown, |fact| Cell::Count(fact.seq.0)),
            text(line.undo),
        ]
    }

    /// A key as people may see it.
    fn show(&self, key: Key) -> String {
        match key {
            Key::Account(account) => self.snapshot.names.text(account).to_owned(),
            Key::Person(person) => {
                let hash = person.to_string();
                format!("person {}", hash.get(..12).unwrap_or(&hash))
            }
        }
    }
}
