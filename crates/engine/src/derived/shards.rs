//! Deriving everything that is known without ever holding all of it.
//!
//! The facts are read once for what they tie together, which says where each cell has its home,
//! and once more to be put away there. Then one home after the other is taken out, derived and
//! kept, as many at a time as there are cores. What stays in memory is what the question needs.

use handfast_kernels::cells::{Homes, Part};
use handfast_kernels::identity::Sites;
use handfast_kernels::invariants;
use handfast_kernels::quick::Quick;
use handfast_kernels::threads::at_once;
use handfast_ledger::{Cache, Scan, Scratch, Stretch};
use handfast_model::order::{Clock, order_of, permute};
use handfast_model::{
    Breaches, Charter, Fact, FactKind, Instant, Names, Refusal, Seq, Snapshot, Sym,
};

use super::Needs;
use super::bytes::{In, Out};
use super::facts::{Plain, Reader, write_fact};
use super::list::Kept;
use super::plant::{home_facts, plant};

/// Facts of one home: a part is derived in memory and rewritten whole, so it is kept small.
const HOME_FACTS: u64 = 1 << 16;
/// Bytes of a home that are gathered before they are put away.
const GATHERED_BYTES: usize = 1 << 16;

/// All that is known at a moment, to be derived.
pub(super) struct All<'a> {
    pub scan: &'a Scan<'a>,
    pub charter: &'a Charter,
    pub horizon: Instant,
    /// What stays in memory of it.
    pub needs: Needs,
}

/// What was derived.
#[derive(Default)]
pub(super) struct Made {
    /// What the question needs of each part.
    pub parts: Vec<Part>,
    /// Where they are kept; `None` where one of them could not be, or none was to be.
    pub kept: Option<Vec<Kept>>,
    /// What does not hold of them.
    pub found: Breaches,
}

/// One of the parts.
struct One {
    part: Part,
    kept: Option<Kept>,
    found: Breaches,
}

impl All<'_> {
    /// Derives it, and keeps it where that is asked for.
    pub fn derive(&self, cache: &Cache, is_kept: bool) -> Result<Made, Refusal> {
        let away = self.put_away(cache.scratch())?;
        let ones = at_once(away.homes.len(), |home| {
            let snapshot = away.take_out(home, self.charter)?;
            Ok(self.one(snapshot, home == 0, is_kept.then_some(cache)))
        });
        let mut made = Made {
            kept: is_kept.then(Vec::new),
            ..Made::default()
        };
        for one in ones {
            let one = one?;
            made.parts.push(one.part);
            made.found.append(one.found);
            made.kept = made.kept.zip(one.kept).map(|(mut all, kept)| {
                all.push(kept);
                all
            });
        }
        Ok(made)
    }

    fn one(&self, snapshot: Snapshot, keeps_teams: bool, cache: Option<&Cache>) -> One {
        let (charter, calendar) = (self.charter, &self.charter.calendar);
        let mut part = Part::of_some(snapshot, charter, self.horizon, keeps_teams);
        let Some(cache) = cache else {
            return One {
                part: match self.needs {
                    Needs::All => part,
                    Needs::Spine => part.spine(calendar),
                },
                kept: None,
                found: Breaches::default(),
            };
        };
        plant(&mut part);
        let found = invariants::all(&part, charter, self.horizon);
        part.tidy();
        let spine = part.spine(calendar);
        let kept = Kept::write_both(cache, &part, &spine);
        let part = match self.needs {
            Needs::All => part,
            Needs::Spine => spine,
        };
        One { part, kept, found }
    }

    fn put_away(&self, scratch: Scratch) -> Result<Away, Refusal> {
        let count = self.scan.rows() / home_facts(HOME_FACTS).max(1) + 1;
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let calendar = &self.charter.calendar;
        let (mut names, mut sites) = (Names::default(), Sites::default());
        let rules = &self.charter.identity;
        let accounts = Some(FactKind::Account);
        self.scan
            .each(accounts, calendar, &mut names, &mut |names, facts| {
                sites.add(names, &facts);
                Ok(())
            })?;
        let mut homes = Homes::new(rules, &sites);
        if count > 1 {
            self.scan
                .each(None, calendar, &mut names, &mut |names, facts| {
                    homes.see(names, &facts);
                    Ok(())
                })?;
        }
        let mut away = Away {
            scratch,
            homes: (0..count).map(|_| Home::default()).collect(),
            teams: Vec::new(),
            commits: Quick::default(),
            names: Names::default(),
            syms: Vec::new(),
        };
        self.scan
            .each(None, calendar, &mut names, &mut |names, facts| {
                let places = homes.of(names, &facts, count);
                for (fact, home) in facts.into_iter().zip(places) {
                    away.put(fact, home);
                }
                Ok(())
            })?;
        away.syms = names.syms().collect();
        away.names = names;
        Ok(away)
    }
}

/// The facts of one home.
#[derive(Default)]
struct Home {
    gathered: Out,
    stretches: Vec<Stretch>,
    facts: usize,
}

/// All facts, put away by home.
struct Away {
    scratch: Scratch,
    homes: Vec<Home>,
    /// The teams of reps, which concern every home.
    teams: Vec<Fact>,
    commits: Quick<Seq, Instant>,
    names: Names,
    /// Every symbol of the names.
    syms: Vec<Sym>,
}

impl Away {
    fn put(&mut self, fact: Fact, home: Option<u32>) {
        let Some(home) = home.and_then(|home| self.homes.get_mut(home as usize)) else {
            self.teams.push(fact);
            return;
        };
        self.commits.entry(fact.seq).or_insert(fact.recorded_at);
        write_fact(&fact, &mut Plain, &mut home.gathered);
        home.facts += 1;
        if home.gathered.0.len() > GATHERED_BYTES {
            let bytes = std::mem::take(&mut home.gathered.0);
            home.stretches.push(self.scratch.put(bytes));
        }
    }

    /// The facts of one home and the teams, in fact order, under names of their own.
    fn take_out(&self, home: usize, charter: &Charter) -> Result<Snapshot, Refusal> {
        let mut facts = self.teams.clone();
        if let Some(home) = self.homes.get(home) {
            let mut bytes = Vec::new();
            for stretch in &home.stretches {
                self.scratch.get(stretch, &mut bytes)?;
            }
            bytes.extend_from_slice(&home.gathered.0);
            let reader = Reader {
                syms: &self.syms,
                people: &Plain,
                commits: &self.commits,
            };
            let mut from = In(&bytes);
            facts.reserve(home.facts);
            for _ in 0..home.facts {
                facts.push(reader.fact(&mut from).ok_or_else(|| self.scratch.other())?);
            }
        }
        let mut clock = Clock::new(&charter.calendar, &self.names);
        let order = order_of(&facts, &self.names, &mut clock);
        permute(&mut facts, &order);
        Ok(Snapshot {
            names: self.own_names(&mut facts),
            facts,
            ..Snapshot::default()
        })
    }

    /// Numbers the texts of facts anew, in their order.
    fn own_names(&self, facts: &mut [Fact]) -> Names {
        let mut names = Names::default();
        let mut known: Vec<Option<Sym>> = vec![None; self.syms.len()];
        for fact in facts {
            fact.each_sym(|sym| {
                if let Some(slot) = known.get_mut(sym.index()) {
                    *sym = *slot.get_or_insert_with(|| names.intern(self.names.text(*sym)));
                }
            });
        }
        names
    }
}
