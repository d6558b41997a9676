//! A part cut into several, in one walk over it however many they are.

use handfast_model::Snapshot;
use handfast_model::id::{Names, Sym};

use super::part::Part;
use crate::journey::Journeys;
use crate::quick::Quick;

/// Where the things of a part go: by home, and the place of each in its home.
struct Homes {
    lists: Vec<Vec<u32>>,
    places: Vec<u32>,
}

impl Homes {
    /// Things whose homes these are; those whose home is none of so many go nowhere.
    fn of(homes: impl Iterator<Item = u32>, count: u32) -> Homes {
        let mut lists: Vec<Vec<u32>> = (0..count).map(|_| Vec::new()).collect();
        let mut places = Vec::with_capacity(homes.size_hint().0);
        for (number, home) in (0u32..).zip(homes) {
            let list = lists.get_mut(home as usize);
            places.push(list.as_ref().map_or(number, |list| list.len() as u32));
            list.into_iter().for_each(|list| list.push(number));
        }
        Homes { lists, places }
    }

    fn list(&self, home: u32) -> &[u32] {
        self.lists.get(home as usize).map_or(&[], Vec::as_slice)
    }

    fn those<T: Clone>(&self, home: u32, of: &[T]) -> Vec<T> {
        let list = self.list(home).iter();
        list.filter_map(|at| of.get(*at as usize).cloned())
            .collect()
    }

    fn place(&self, old: u32) -> u32 {
        self.places.get(old as usize).copied().unwrap_or(old)
    }
}

/// A part with what goes where.
pub struct Split<'a> {
    part: &'a Part,
    cells: Homes,
    facts: Homes,
    given: Homes,
    pursuits: Homes,
    deals: Homes,
    leads: Homes,
    issues: Homes,
}

impl Part {
    /// Cuts the part by the home of each cell, numbered from 0; a cell whose home is none of so
    /// many is in none of the parts.
    ///
    /// Law: the parts join to the whole.
    pub fn split(&self, homes: &[u32], count: u32) -> Split<'_> {
        let home = |cell: u32| homes.get(cell as usize).copied().unwrap_or(u32::MAX);
        let of_fact = |fact: u32| self.cells.get(fact as usize).map_or(u32::MAX, |c| home(*c));
        let of_pursuit = |pursuit: u32| {
            let cell = self.pursuit_cells.get(pursuit as usize);
            cell.map_or(u32::MAX, |cell| home(*cell))
        };
        let Journeys { deals, leads, .. } = &self.journeys;
        let of = |cells: &[u32]| Homes::of(cells.iter().map(|cell| home(*cell)), count);
        Split {
            part: self,
            cells: Homes::of((0..self.count).map(home), count),
            facts: of(&self.cells),
            given: Homes::of(self.given.iter().map(|given| of_fact(given.fact)), count),
            pursuits: of(&self.pursuit_cells),
            deals: Homes::of(deals.iter().map(|deal| of_pursuit(deal.pursuit)), count),
            leads: Homes::of(leads.iter().map(|lead| of_fact(lead.fact)), count),
            issues: of(&self.issue_cells),
        }
    }

    /// A part of some cells of this one.
    pub fn only(&self, keep: impl Fn(u32) -> bool) -> Part {
        let homes: Vec<u32> = (0..self.count).map(|cell| u32::from(!keep(cell))).collect();
        self.split(&homes, 1).part(0)
    }
}

impl Split<'_> {
    /// One of the parts, under names of its own.
    pub fn part(&self, home: u32) -> Part {
        let (whole, journeys) = (self.part, &self.part.journeys);
        let mut part = Part {
            snapshot: Snapshot {
                facts: self.facts.those(home, &whole.snapshot.facts),
                ..Snapshot::default()
            },
            given: self.given.those(home, &whole.given),
            cells: self.facts.those(home, &whole.cells),
            count: self.cells.list(home).len() as u32,
            journeys: Journeys {
                pursuits: self.pursuits.those(home, &journeys.pursuits),
                deals: self.deals.those(home, &journeys.deals),
                leads: self.leads.those(home, &journeys.leads),
                issues: self.issues.those(home, &journeys.issues),
            },
            pursuit_cells: self.pursuits.those(home, &whole.pursuit_cells),
            issue_cells: self.issues.those(home, &whole.issue_cells),
            leads: self.pursuits.those(home, &whole.leads),
            holds: whole.holds,
            rest: self.cells.those(home, &whole.rest),
        };
        self.place_again(&mut part);
        let (mut names, mut known) = (Names::default(), Quick::<Sym, Sym>::default());
        part.rename(|sym| {
            let text = || whole.snapshot.names.text(sym);
            *known.entry(sym).or_insert_with(|| names.intern(text()))
        });
        part.snapshot.names = names;
        part
    }

    /// Numbers places as they are in their homes.
    fn place_again(&self, part: &mut Part) {
        for given in &mut part.given {
            given.fact = self.facts.place(given.fact);
        }
        part.journeys
            .rename(|fact| self.facts.place(fact), |sym| sym);
        for pursuit in &mut part.journeys.pursuits {
            pursuit.deal = pursuit.deal.map(|deal| self.deals.place(deal));
        }
        for deal in &mut part.journeys.deals {
            deal.pursuit = self.pursuits.place(deal.pursuit);
        }
        for lead in &mut part.journeys.leads {
            lead.pursuit = lead.pursuit.map(|pursuit| self.pursuits.place(pursuit));
        }
        let lists = [
            &mut part.cells,
            &mut part.pursuit_cells,
            &mut part.issue_cells,
        ];
        for cell in lists.into_iter().flatten() {
            *cell = self.cells.place(*cell);
        }
    }
}
