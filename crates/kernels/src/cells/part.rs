//! A part of a snapshot: whole cells, their facts as the sources gave them, and what was derived
//! of them. Parts are put together, thinned out and split without deriving anything again.

use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::Arc;

use handfast_model::fact::{Snapshot, rename};
use handfast_model::id::{FactId, PersonId, Sym};
use handfast_model::order::{Clock, inverse, order_of, permute};
use handfast_model::{Calendar, Fact, Issue};

use super::spine::Rest;
use crate::journey::Journeys;
use crate::quick::Quick;
use crate::threads::both;

/// Facts and journeys of a part with more facts than so many are sorted side by side.
const LARGE: usize = 1 << 16;

/// The keys that a source gave a fact, where it is counted under others.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Given {
    /// The fact, by place.
    pub fact: u32,
    /// The person.
    pub person: Option<PersonId>,
    /// The account.
    pub account: Option<Sym>,
    /// The deal.
    pub deal: Option<Sym>,
}

/// How much of what is known a question needs, and a part holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Needs {
    /// The journeys of pursuits, people and accounts.
    Frame,
    /// Journeys, and the facts of deals, teams and rates.
    Bones,
    /// All but the touches that no journey names.
    Spine,
    /// All.
    #[default]
    All,
}

/// Whole cells of a snapshot, derived.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// The facts, in fact order, under the keys that stand for each person and account.
    pub snapshot: Snapshot,
    /// The keys that sources gave, where identity knows better; in fact order.
    pub given: Vec<Given>,
    /// The cell of each fact, from 0.
    pub cells: Vec<u32>,
    /// How many cells there are.
    pub count: u32,
    /// What was derived; places are those of the snapshot's facts.
    pub journeys: Journeys,
    /// The cell of each pursuit.
    pub pursuit_cells: Vec<u32>,
    /// The cell of each issue.
    pub issue_cells: Vec<u32>,
    /// By pursuit, how many leads are in it.
    pub leads: Vec<u32>,
    /// How much of what is known is here.
    pub holds: Needs,
    /// By cell, what is not here. Empty where everything is.
    pub rest: Vec<Rest>,
}

impl Part {
    /// About how much memory it takes.
    pub fn bytes(&self) -> usize {
        let facts = self.snapshot.facts.iter();
        let attributes: usize = facts
            .map(|fact| size_of_val(&*fact.attributes) / Arc::strong_count(&fact.attributes))
            .sum();
        let texts = self.snapshot.names.bytes();
        let pursuits = self.journeys.pursuits.iter();
        let lists = pursuits.map(|pursuit| {
            size_of_val(pursuit)
                + size_of_val(&*pursuit.people)
                + size_of_val(&*pursuit.touches)
                + size_of_val(&*pursuit.visits)
        });
        size_of_val(&*self.snapshot.facts) + attributes + texts + lists.sum::<usize>()
    }

    /// The key that stands for a person.
    pub fn person(&self, id: PersonId) -> PersonId {
        let given = self.given.iter().filter(|given| given.person == Some(id));
        let counted = given.map(|given| self.snapshot.facts.get(given.fact as usize)?.person);
        counted.flatten().next().unwrap_or(id)
    }

    /// The key that stands for an account.
    pub fn account(&self, key: Sym) -> Sym {
        let given = self.given.iter().filter(|given| given.account == Some(key));
        let counted = given.map(|given| self.snapshot.facts.get(given.fact as usize)?.account);
        counted.flatten().next().unwrap_or(key)
    }

    /// The facts as their sources gave them.
    pub fn given_facts(&self) -> impl Iterator<Item = Cow<'_, Fact>> {
        let mut given = self.given.iter().peekable();
        (0u32..)
            .zip(&self.snapshot.facts)
            .map(
                move |(place, fact)| match given.next_if(|given| given.fact == place) {
                    None => Cow::Borrowed(fact),
                    Some(given) => {
                        let mut fact = fact.clone();
                        (fact.person, fact.account) = (given.person, given.account);
                        fact.deal = given.deal;
                        Cow::Owned(fact)
                    }
                },
            )
    }

    /// Names the cell of each pursuit and issue. Every one of them is told by a fact.
    pub(super) fn place(&mut self) {
        let pursuits = self.journeys.pursuits.iter().map(|pursuit| pursuit.id);
        let issues = self.journeys.issues.iter().filter_map(|issue| issue.fact);
        let mut cells: Quick<FactId, u32> = pursuits.chain(issues).map(|id| (id, 0)).collect();
        for (fact, cell) in self.snapshot.facts.iter().zip(&self.cells) {
            if let Some(slot) = cells.get_mut(&fact.id) {
                *slot = *cell;
            }
        }
        let cell = |id: &FactId| cells.get(id).copied().unwrap_or(0);
        let pursuits = self.journeys.pursuits.iter();
        self.pursuit_cells = pursuits.map(|pursuit| cell(&pursuit.id)).collect();
        let issues = self.journeys.issues.iter();
        let issues = issues.map(|issue| issue.fact.as_ref().map_or(0, cell));
        self.issue_cells = issues.collect();
        self.leads = self.journeys.leads_by_pursuit();
    }

    /// Leaves only some cells.
    pub fn retain(&mut self, keep: impl Fn(u32) -> bool) {
        let cut = Cut::of(self, keep);
        if cut.leaves_all {
            return;
        }
        keep_by(&mut self.snapshot.facts, &cut.facts);
        self.given.retain(|given| is_kept(&cut.facts, given.fact));
        self.journeys
            .leads
            .retain(|lead| is_kept(&cut.facts, lead.fact));
        keep_by(&mut self.journeys.pursuits, &cut.pursuits);
        keep_by(&mut self.journeys.deals, &cut.deals);
        keep_by(&mut self.journeys.issues, &cut.issues);
        keep_by(&mut self.cells, &cut.facts);
        keep_by(&mut self.pursuit_cells, &cut.pursuits);
        keep_by(&mut self.leads, &cut.pursuits);
        keep_by(&mut self.issue_cells, &cut.issues);
        keep_by(&mut self.rest, &cut.cells);
        self.renumber(&cut);
    }

    /// Numbers what is left after a cut.
    fn renumber(&mut self, cut: &Cut) {
        let place = |places: &[u32], old: u32| places.get(old as usize).copied().unwrap_or(old);
        let (pursuits, deals) = (ranks(&cut.pursuits), ranks(&cut.deals));
        self.place_again(&cut.facts);
        for pursuit in &mut self.journeys.pursuits {
            pursuit.deal = pursuit.deal.map(|deal| place(&deals, deal));
        }
        for deal in &mut self.journeys.deals {
            deal.pursuit = place(&pursuits, deal.pursuit);
        }
        for lead in &mut self.journeys.leads {
            lead.pursuit = lead.pursuit.map(|pursuit| place(&pursuits, pursuit));
        }
        let cells = ranks(&cut.cells);
        let lists = [
            &mut self.cells,
            &mut self.pursuit_cells,
            &mut self.issue_cells,
        ];
        for cell in lists.into_iter().flatten() {
            *cell = place(&cells, *cell);
        }
        self.count = cut.cells.iter().map(|is_kept| u32::from(*is_kept)).sum();
    }

    /// Numbers the places of facts after only some were kept.
    pub(super) fn place_again(&mut self, is_kept: &[bool]) {
        let places = ranks(is_kept);
        let place = |fact: u32| places.get(fact as usize).copied().unwrap_or(fact);
        for given in &mut self.given {
            given.fact = place(given.fact);
        }
        self.journeys.rename(place, |sym| sym);
    }

    /// Renames every text.
    pub(crate) fn rename(&mut self, mut sym: impl FnMut(Sym) -> Sym) {
        rename(&mut self.snapshot.facts, &mut sym);
        for given in &mut self.given {
            given.account = given.account.map(&mut sym);
            given.deal = given.deal.map(&mut sym);
        }
        let sym = RefCell::new(sym);
        self.journeys
            .rename(|fact| fact, |name| (sym.borrow_mut())(name));
    }

    /// Several parts as one, as if all had been derived at once.
    ///
    /// Law: parts that share no cell join to what deriving all their facts together gives, however
    /// the cells were spread over them.
    pub fn join(parts: Vec<Part>, calendar: &Calendar) -> Part {
        let mut joining = Joining::default();
        parts.into_iter().for_each(|part| joining.add(part));
        joining.finish(calendar)
    }

    fn append(&mut self, mut other: Part) {
        let syms = self.snapshot.names.take_in(&other.snapshot.names);
        let sym = |sym: Sym| syms.get(sym.index()).copied().unwrap_or(sym);
        let (first, cells) = (number(self.snapshot.facts.len()), self.count);
        rename(&mut other.snapshot.facts, sym);
        other.journeys.rename(|fact| fact + first, sym);
        self.snapshot.facts.append(&mut other.snapshot.facts);
        self.given
            .extend(other.given.into_iter().map(|given| Given {
                fact: given.fact + first,
                person: given.person,
                account: given.account.map(sym),
                deal: given.deal.map(sym),
            }));
        self.journeys.append(other.journeys);
        self.leads.extend(other.leads);
        self.holds = self.holds.min(other.holds);
        for (mine, theirs) in [
            (&mut self.cells, other.cells),
            (&mut self.pursuit_cells, other.pursuit_cells),
            (&mut self.issue_cells, other.issue_cells),
        ] {
            mine.extend(theirs.into_iter().map(|cell| cell + cells));
        }
        if !other.rest.is_empty() {
            self.rest.resize(self.count as usize, Rest::default());
            self.rest.extend(other.rest);
        }
        self.count += other.count;
    }

    fn settle(&mut self, calendar: &Calendar) {
        let Snapshot { names, facts, .. } = &mut self.snapshot;
        let (journeys, cells) = (&mut self.journeys, &mut self.cells);
        let is_large = facts.len() > LARGE;
        let mut settle_facts = || {
            let order = order_of(facts, names, &mut Clock::new(calendar, names));
            permute(facts, &order);
            permute(cells, &order);
            inverse(&order)
        };
        let (pursuits, places) = match is_large {
            true => both(|| journeys.settle(names), settle_facts),
            false => (journeys.settle(names), settle_facts()),
        };
        let place = |fact: u32| places.get(fact as usize).copied().unwrap_or(fact);
        for given in &mut self.given {
            given.fact = place(given.fact);
        }
        self.given.sort_by_key(|given| given.fact);
        self.journeys.rename(place, |sym| sym);
        self.journeys.leads.sort_by_key(|lead| lead.fact);
        // Issues are sorted with their cells; the same one is told once.
        let issues = std::mem::take(&mut self.journeys.issues);
        let mut issues: Vec<(Issue, u32)> =
            issues.into_iter().zip(self.issue_cells.drain(..)).collect();
        issues.sort();
        issues.dedup_by_key(|(issue, _)| *issue);
        (self.journeys.issues, self.issue_cells) = issues.into_iter().unzip();
        permute(&mut self.pursuit_cells, &pursuits);
        permute(&mut self.leads, &pursuits);
    }

    /// Forgets the texts that nothing uses.
    pub fn tidy(&mut self) {
        self.tidy_after(Vec::new());
    }

    /// The same; these texts are the first.
    pub(super) fn tidy_after(&mut self, mut order: Vec<Sym>) {
        self.rename(|sym| {
            order.push(sym);
            sym
        });
        let moved = self.snapshot.names.keep(&order);
        self.rename(|sym| moved.get(sym.index()).copied().flatten().unwrap_or(sym));
    }
}

/// Parts that are joined one after the other, so that no two copies of all are in memory.
#[derive(Default)]
pub struct Joining {
    whole: Option<Part>,
    has_several: bool,
}

impl Joining {
    /// Adds a part.
    pub fn add(&mut self, part: Part) {
        match &mut self.whole {
            Some(whole) => {
                whole.append(part);
                self.has_several = true;
            }
            slot => *slot = Some(part),
        }
    }

    /// All of them, as [`Part::join`] gives them.
    pub fn finish(self, calendar: &Calendar) -> Part {
        let mut whole = self.whole.unwrap_or_default();
        if self.has_several {
            whole.settle(calendar);
        }
        whole
    }
}

/// What of a part is kept.
struct Cut {
    leaves_all: bool,
    cells: Vec<bool>,
    facts: Vec<bool>,
    pursuits: Vec<bool>,
    deals: Vec<bool>,
    issues: Vec<bool>,
}

impl Cut {
    fn of(part: &Part, keep: impl Fn(u32) -> bool) -> Cut {
        let cells: Vec<bool> = (0..part.count).map(keep).collect();
        let by_cell = |list: &[u32]| list.iter().map(|cell| is_kept(&cells, *cell)).collect();
        let pursuits: Vec<bool> = by_cell(&part.pursuit_cells);
        let deals = part.journeys.deals.iter();
        Cut {
            leaves_all: cells.iter().all(|is_kept| *is_kept),
            facts: by_cell(&part.cells),
            deals: deals.map(|deal| is_kept(&pursuits, deal.pursuit)).collect(),
            issues: by_cell(&part.issue_cells),
            pursuits,
            cells,
        }
    }
}

fn is_kept(flags: &[bool], place: u32) -> bool {
    flags.get(place as usize).copied().unwrap_or(false)
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Keeps the members whose flag is set.
pub(super) fn keep_by<T>(list: &mut Vec<T>, flags: &[bool]) {
    let mut flags = flags.iter().copied();
    list.retain(|_| flags.next().unwrap_or(false));
}

/// How many kept ones come before each place.
pub(super) fn ranks(flags: &[bool]) -> Vec<u32> {
    let mut next = 0;
    flags
        .iter()
        .map(|is_kept| {
            next += u32::from(*is_kept);
            next - u32::from(*is_kept)
        })
        .collect()
}
