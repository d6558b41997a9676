//! The bones of a spine: all that a question reads which looks at journeys, amounts and teams only.
//! They have no touches and nothing that only says who somebody is. What they lack is the flesh,
//! and both make the spine again. What bones are in turn when nobody asks for deals is told in
//! `frame`.

use std::collections::HashSet;

use handfast_model::fact::FactKind;
use handfast_model::id::{FactId, Sym};
use handfast_model::{Calendar, Fact, IssueCode, Names};

use super::part::{Given, Needs, Part, keep_by};
use super::spine::Rest;
use crate::journey::{Buyer, Lead};

/// What a spine has besides its bones.
#[derive(Clone, Debug, Default)]
pub struct Flesh {
    /// The texts of the spine; those of its bones come first.
    pub names: Names,
    /// Facts, each with its place in the spine, ascending, and its cell.
    pub facts: Vec<Fact>,
    /// Their places.
    pub places: Vec<u32>,
    /// Their cells.
    pub cells: Vec<u32>,
    /// The keys that sources gave these; by place in the spine.
    pub given: Vec<Given>,
    /// The leads.
    pub leads: Vec<Lead>,
    /// What the spine has not.
    pub rest: Vec<Rest>,
    /// The touches that each pursuit came from and that is its latest, and the fact of its end.
    pub pursuits: Vec<[Option<u32>; 3]>,
    /// The evidence of each visit, one pursuit's after the other's.
    pub evidence: Vec<Option<u32>>,
}

impl Part {
    /// As much of a whole part as a question needs.
    pub fn only_needed(self, needs: Needs, calendar: &Calendar) -> Part {
        match needs {
            Needs::All => self,
            Needs::Spine => self.into_spine(calendar),
            Needs::Bones => self.into_spine(calendar).into_bones(calendar).0,
            Needs::Frame => {
                let bones = self.into_spine(calendar).into_bones(calendar).0;
                bones.into_frame(calendar).0
            }
        }
    }

    /// A spine as its bones and what is with them. Names of facts that are flesh are in the flesh
    /// only: of an end or a visit that such a fact shows, bones do not say which.
    ///
    /// Law: a question that looks at journeys, amounts and teams only has the same answer from
    /// bones; [`Part::fleshed`] gives the spine back.
    pub fn into_bones(self, calendar: &Calendar) -> (Part, Flesh) {
        let is_bone = self.bony();
        self.stripped(&is_bone, Needs::Bones, calendar)
    }

    /// Only those facts that are kept, and all else beside; no leads.
    pub(super) fn stripped(
        mut self,
        is_kept: &[bool],
        holds: Needs,
        calendar: &Calendar,
    ) -> (Part, Flesh) {
        let count = self.used(is_kept).iter().map(|sym| sym.index() + 1).max();
        let names = self.snapshot.names.first(count.unwrap_or(0));
        let mut flesh = Flesh {
            rest: self.rest_beside(is_kept, calendar),
            leads: std::mem::take(&mut self.journeys.leads),
            names: std::mem::replace(&mut self.snapshot.names, names),
            ..Flesh::default()
        };
        std::mem::swap(&mut self.rest, &mut flesh.rest);
        flesh.take_facts(&mut self, is_kept);
        flesh.take_places(&mut self, is_kept);
        self.place_again(is_kept);
        self.holds = holds;
        (self, flesh)
    }

    /// The spine again. `None` of flesh that is of other bones.
    pub fn fleshed(self, flesh: Flesh) -> Option<Part> {
        self.with(flesh, Needs::Spine)
    }

    /// What was stripped, again as it was.
    pub(super) fn with(mut self, flesh: Flesh, holds: Needs) -> Option<Part> {
        let all = self.snapshot.facts.len() + flesh.facts.len();
        let mut is_bone = vec![true; all];
        for place in &flesh.places {
            *is_bone.get_mut(*place as usize)? = false;
        }
        let places = (0u32..).zip(&is_bone).filter(|(_, is_bone)| **is_bone);
        let places: Vec<u32> = places.map(|(place, _)| place).collect();
        let place = |bone: u32| places.get(bone as usize).copied().unwrap_or(bone);
        self.journeys.rename(place, |sym| sym);
        for given in &mut self.given {
            given.fact = place(given.fact);
        }
        self.given.extend(flesh.given);
        self.given.sort_unstable_by_key(|given| given.fact);
        self.snapshot.facts = merged(&is_bone, self.snapshot.facts, flesh.facts)?;
        self.cells = merged(&is_bone, self.cells, flesh.cells)?;
        self.snapshot.names = flesh.names;
        self.journeys.leads = flesh.leads;
        self.rest = flesh.rest;
        let mut evidence = flesh.evidence.into_iter();
        let mut of_pursuits = flesh.pursuits.into_iter();
        for pursuit in &mut self.journeys.pursuits {
            let [entry, latest, end] = of_pursuits.next()?;
            pursuit.entry_touch = entry;
            pursuit.touches.extend(latest);
            if let Some(of_end) = &mut pursuit.end {
                of_end.fact = of_end.fact.or(end);
            }
            for visit in &mut pursuit.visits {
                visit.evidence = visit.evidence.or(evidence.next()?);
            }
        }
        self.holds = holds;
        Some(self)
    }

    /// Which facts are bones: what is said of deals and teams, the rates of money, and marks with a
    /// word that the charter does not know, which answers tell.
    fn bony(&self) -> Vec<bool> {
        let facts = self.snapshot.facts.iter();
        let is_kind =
            |fact: &Fact| matches!(fact.kind, FactKind::Rep | FactKind::Deal | FactKind::Rate);
        let told = self.telling().into_iter();
        facts
            .zip(told)
            .map(|(fact, told)| told || is_kind(fact))
            .collect()
    }

    /// Which facts are marks with a word that the charter does not know.
    pub(super) fn telling(&self) -> Vec<bool> {
        let issues = self.journeys.issues.iter();
        let unknown = issues.filter(|issue| issue.code == IssueCode::UnknownStage);
        let unknown: HashSet<FactId> = unknown.filter_map(|issue| issue.fact).collect();
        let facts = self.snapshot.facts.iter();
        let tells = |fact: &Fact| !unknown.is_empty() && unknown.contains(&fact.id);
        facts.map(tells).collect()
    }

    /// The texts that bones use, each as often as they do.
    fn used(&self, is_bone: &[bool]) -> Vec<Sym> {
        let mut used = Vec::new();
        let facts = self.snapshot.facts.iter().zip(is_bone);
        for (fact, _) in facts.filter(|(_, is_bone)| **is_bone) {
            used.extend(fact.syms());
        }
        let given = self.given.iter();
        let given = given.filter(|given| is_bone.get(given.fact as usize) == Some(&true));
        used.extend(
            given
                .flat_map(|given| [given.account, given.deal])
                .flatten(),
        );
        for pursuit in &self.journeys.pursuits {
            used.extend(match pursuit.buyer {
                Buyer::Account(sym) | Buyer::Deal(sym) => Some(sym),
                Buyer::Person(_) => None,
            });
            used.extend(pursuit.account);
            let visits = pursuit.visits.iter();
            used.extend(visits.flat_map(|visit| [visit.rep, visit.team]).flatten());
        }
        let deals = self.journeys.deals.iter();
        used.extend(
            deals
                .flat_map(|deal| [Some(deal.key), deal.account])
                .flatten(),
        );
        used
    }

    /// Forgets the texts that nothing uses; those that a frame uses are the first, then those that
    /// bones do.
    pub(super) fn tidy_bones_first(&mut self) {
        let deals = std::mem::take(&mut self.journeys.deals);
        let mut first = self.used(&self.telling());
        self.journeys.deals = deals;
        first.extend(self.used(&self.bony()));
        self.tidy_after(first);
    }
}

impl Flesh {
    fn take_facts(&mut self, part: &mut Part, is_bone: &[bool]) {
        let facts = std::mem::take(&mut part.snapshot.facts);
        let cells = std::mem::take(&mut part.cells);
        for (place, ((fact, cell), is_bone)) in
            (0u32..).zip(facts.into_iter().zip(cells).zip(is_bone))
        {
            match is_bone {
                true => {
                    part.snapshot.facts.push(fact);
                    part.cells.push(cell);
                }
                false => {
                    self.facts.push(fact);
                    self.places.push(place);
                    self.cells.push(cell);
                }
            }
        }
        let is_bone = |given: &Given| is_bone.get(given.fact as usize) == Some(&true);
        let flags: Vec<bool> = part.given.iter().map(is_bone).collect();
        let theirs = part
            .given
            .iter()
            .zip(&flags)
            .filter(|(_, is_bone)| !**is_bone);
        self.given = theirs.map(|(given, _)| *given).collect();
        keep_by(&mut part.given, &flags);
    }

    /// Takes what journeys say of facts that are flesh.
    fn take_places(&mut self, part: &mut Part, is_bone: &[bool]) {
        let take = |slot: &mut Option<u32>| {
            let is_flesh = |place: &mut u32| is_bone.get(*place as usize) != Some(&true);
            slot.take_if(is_flesh)
        };
        for pursuit in &mut part.journeys.pursuits {
            let end = pursuit.end.as_mut().and_then(|end| take(&mut end.fact));
            let latest = pursuit.touches.pop();
            pursuit.touches = Vec::new();
            self.pursuits
                .push([pursuit.entry_touch.take(), latest, end]);
            // Drafts have room for more, and bones are many.
            pursuit.people.shrink_to_fit();
            pursuit.visits.shrink_to_fit();
            let visits = pursuit.visits.iter_mut();
            self.evidence
                .extend(visits.map(|visit| take(&mut visit.evidence)));
        }
    }
}

/// Two lists as one: of each place, whether it is of the first.
fn merged<T>(is_first: &[bool], first: Vec<T>, second: Vec<T>) -> Option<Vec<T>> {
    let (mut first, mut second) = (first.into_iter(), second.into_iter());
    let next = |is_first: &bool| match is_first {
        true => first.next(),
        false => second.next(),
    };
    is_first.iter().map(next).collect()
}
