//! Deriving everything that is known without ever holding all of it.
//!
//! The facts are read once for what they tie together, which says where each cell has its home,
//! and once more to be put away there. Then one home after the other is taken out, derived and
//! kept, as many at a time as there are cores. What stays in memory is what the question needs.

use handfast_kernels::cells::{Homes, Joining, Part};
use handfast_kernels::identity::Sites;
use handfast_kernels::invariants;
use handfast_kernels::quick::Quick;
use handfast_kernels::threads::{one_by_one, threads};
use handfast_ledger::{Cache, Scan, Scratch, Stretch};
use handfast_model::fact::rename;
use handfast_model::order::{Clock, order_of, permute};
use handfast_model::{
    Breaches, Charter, Fact, FactKind, Instant, Names, Refusal, Seq, Snapshot, Sym,
};

use super::Needs;
use super::bytes::{In, Out};
use super::facts::{Own, Plain, Reader, Sets, when, write_fact};
use super::list::Kept;
use super::plant::{home_facts, plant};

/// Facts of one home: a part is rewritten whole, and a buyer's facts, which lie anywhere in it, are
/// walked over in the cores' own memory, so it is kept small.
const HOME_FACTS: u64 = 1 << 14;
/// Bytes of a home that are gathered before they are put away, at most.
const GATHERED_BYTES: usize = 1 << 15;
/// Bytes that are gathered of all homes, about.
const ALL_GATHERED_BYTES: usize = 1 << 27;

/// All that is known at a moment, to be derived.
pub(super) struct All<'a> {
    pub scan: &'a Scan<'a>,
    pub charter: &'a Charter,
    pub horizon: Instant,
    pub cache: &'a Cache,
}

impl All<'_> {
    /// Derives it and keeps it; gives what a question needs of it, and what does not hold. `None`
    /// where it cannot be kept.
    pub fn keep(&self, needs: Needs) -> Result<Option<(Vec<Kept>, Part, Breaches)>, Refusal> {
        let calendar = &self.charter.calendar;
        let keep = |mut part: Part| {
            let found = self.look(&mut part);
            let (kept, needed) = Kept::write(self.cache, part, self.charter, needs)?;
            Some((kept, needed, found))
        };
        let mut all = Some((Vec::new(), Joining::default()));
        let mut found = Breaches::default();
        self.each(keep, |made| {
            let both = all.take().zip(made);
            all = both.map(|((mut list, mut joining), (kept, part, of_part))| {
                list.push(kept);
                joining.add(part);
                found.append(of_part);
                (list, joining)
            });
        })?;
        Ok(all.map(|(list, joining)| (list, joining.finish(calendar), found)))
    }

    /// Derives it and holds what a question needs of it; gives what does not hold, if that is asked
    /// for.
    pub fn hold(&self, needs: Needs, is_looked_at: bool) -> Result<(Part, Breaches), Refusal> {
        let calendar = &self.charter.calendar;
        let hold = |mut part: Part| {
            let found = match is_looked_at {
                true => self.look(&mut part),
                false => Breaches::default(),
            };
            (part.only_needed(needs, calendar), found)
        };
        let (mut joining, mut found) = (Joining::default(), Breaches::default());
        self.each(hold, |(part, of_part)| {
            joining.add(part);
            found.append(of_part);
        })?;
        Ok((joining.finish(calendar), found))
    }

    fn look(&self, part: &mut Part) -> Breaches {
        plant(part);
        invariants::all(part, self.charter, self.horizon)
    }

    /// Makes something of each part, and takes what was made in order.
    fn each<T: Send>(
        &self,
        make: impl Fn(Part) -> T + Sync,
        mut take: impl FnMut(T),
    ) -> Result<(), Refusal> {
        let away = self.put_away(self.cache.scratch())?;
        let make = |home: usize| {
            let snapshot = away.take_out(home, self.charter)?;
            let mut part = Part::of_some(snapshot, self.charter, self.horizon, home == 0);
            if home > 0 && !away.teams.is_empty() {
                part.tidy();
            }
            Ok(make(part))
        };
        let mut refused = Ok(());
        one_by_one(away.count, make, |made| match made {
            Ok(made) => take(made),
            Err(refusal) => refused = Err(refusal),
        });
        refused
    }

    fn put_away(&self, scratch: Scratch) -> Result<Away, Refusal> {
        let count = self.scan.rows() / home_facts(HOME_FACTS).max(1) + 1;
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let calendar = &self.charter.calendar;
        let mut sites = Sites::default();
        let (accounts, all) = (Some(FactKind::Account), |_: &Names, facts: &[Fact]| {
            vec![true; facts.len()]
        });
        let scan = self.scan;
        scan.tying(accounts, &all, calendar, &mut |names, facts| {
            sites.add(names, &facts);
            Ok(())
        })?;
        let rules = &self.charter.identity;
        let mut homes = Homes::new(rules, &sites);
        if count > 1 {
            let several =
                |names: &Names, facts: &[Fact]| Homes::have_several((rules, &sites), names, facts);
            scan.tying(None, &several, calendar, &mut |names, facts| {
                homes.see(names, &facts);
                Ok(())
            })?;
        }
        let homes = homes.settle(count);
        let mut hands: Vec<Hand> = (0..threads().max(1)).map(|_| Hand::new(count)).collect();
        let most = ALL_GATHERED_BYTES / hands.len() / (count as usize).max(1);
        let most = most.min(GATHERED_BYTES);
        let names = scan.spread(calendar, &mut hands, |hand, batch| {
            let places = homes.of(batch.names, &batch.facts);
            let name = |sym: Sym| batch.syms.get(sym.index()).copied().unwrap_or(sym);
            for (fact, home) in batch.facts.iter().zip(places) {
                hand.put(fact, home, &name, (&scratch, most));
            }
        })?;
        let mut away = Away {
            scratch,
            count: count as usize,
            teams: Vec::new(),
            commits: Quick::default(),
            syms: names.syms().collect(),
            names,
            hands,
        };
        for hand in &mut away.hands {
            away.teams.append(&mut hand.teams);
            away.commits.extend(hand.commits.drain());
        }
        Ok(away)
    }
}

/// The facts of one home that went through one hand.
#[derive(Default)]
struct Home {
    gathered: Out,
    stretches: Vec<Stretch>,
    facts: usize,
    bytes: usize,
}

/// Puts facts away, beside others that do.
struct Hand {
    homes: Vec<Home>,
    teams: Vec<Fact>,
    commits: Quick<Seq, Instant>,
    sets: Sets,
    /// The bytes of the fact that is being put away.
    fact: Out,
}

impl Hand {
    fn new(count: u32) -> Hand {
        Hand {
            homes: (0..count).map(|_| Home::default()).collect(),
            teams: Vec::new(),
            commits: Quick::default(),
            sets: Sets::default(),
            fact: Out::default(),
        }
    }

    /// Puts a fact away under other names; what is gathered of its home goes when it is too much.
    fn put(
        &mut self,
        fact: &Fact,
        home: Option<u32>,
        name: &impl Fn(Sym) -> Sym,
        (scratch, most): (&Scratch, usize),
    ) {
        let Some(home) = home.and_then(|home| self.homes.get_mut(home as usize)) else {
            let mut fact = fact.clone();
            fact.each_sym(|sym| *sym = name(*sym));
            self.teams.push(fact);
            return;
        };
        self.commits.entry(fact.seq).or_insert(fact.recorded_at);
        self.fact.0.clear();
        write_fact(fact, name, (&mut Plain, &mut self.sets), &mut self.fact);
        let gathered = &mut home.gathered;
        let before = gathered.0.len();
        gathered.piece(&self.fact.0);
        home.bytes += gathered.0.len() - before;
        home.facts += 1;
        if gathered.0.len() > most {
            home.stretches.push(scratch.put(&gathered.0));
            gathered.0.clear();
        }
    }
}

/// All facts, put away by home.
struct Away {
    scratch: Scratch,
    /// How many homes there are.
    count: usize,
    hands: Vec<Hand>,
    /// The teams of reps, which concern every home.
    teams: Vec<Fact>,
    commits: Quick<Seq, Instant>,
    names: Names,
    /// Every symbol of the names.
    syms: Vec<Sym>,
}

impl Away {
    /// The facts of one home and the teams, in fact order, under names of their own.
    fn take_out(&self, home: usize, charter: &Charter) -> Result<Snapshot, Refusal> {
        let mut facts = self.teams.clone();
        let mut clock = Clock::new(&charter.calendar, &self.names);
        let mut told = Vec::with_capacity(self.hands.len());
        for hand in &self.hands {
            let Some(home) = hand.homes.get(home) else {
                continue;
            };
            let mut bytes = Vec::with_capacity(home.bytes);
            for stretch in &home.stretches {
                self.scratch.get(stretch, &mut bytes)?;
            }
            bytes.extend_from_slice(&home.gathered.0);
            told.push((bytes, home.facts, hand.sets.own()));
        }
        let read = self.read(&told, &mut clock, &mut facts);
        read.ok_or_else(|| self.scratch.other())?;
        let order = order_of(&facts, &self.names, &mut clock);
        permute(&mut facts, &order);
        Ok(Snapshot {
            names: self.own_names(&mut facts),
            facts,
            ..Snapshot::default()
        })
    }

    /// Reads facts in the order of their instants: bytes are brought into order with less ado than
    /// facts, and few are left that stand elsewhere in fact order. Of each hand: its bytes, of how
    /// many facts, and the attributes that these share.
    fn read(
        &self,
        told: &[(Vec<u8>, usize, Own<'_>)],
        clock: &mut Clock<'_>,
        facts: &mut Vec<Fact>,
    ) -> Option<()> {
        let mut pieces = Vec::with_capacity(told.iter().map(|(_, count, _)| count).sum());
        for (bytes, count, sets) in told {
            let mut from = In(bytes);
            for _ in 0..*count {
                let piece = from.piece()?;
                pieces.push((clock.start(when(piece)?), pieces.len(), piece, sets));
            }
        }
        pieces.sort_unstable_by_key(|(at, place, ..)| (*at, *place));
        facts.reserve(pieces.len());
        for (_, _, piece, sets) in pieces {
            let reader = Reader {
                syms: &self.syms,
                people: &Plain,
                sets,
                commits: &self.commits,
            };
            facts.push(reader.fact(&mut In(piece))?);
        }
        Some(())
    }

    /// Numbers the texts of facts anew, in their order.
    fn own_names(&self, facts: &mut [Fact]) -> Names {
        let mut names = Names::default();
        let mut known: Quick<Sym, Sym> = Quick::default();
        rename(facts, |sym| {
            let own = || names.intern(self.names.text(sym));
            *known.entry(sym).or_insert_with(own)
        });
        names
    }
}
