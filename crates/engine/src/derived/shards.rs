//! Deriving everything that is known without ever holding all of it.
//!
//! The facts are read once for what they tie together, which says where each cell has its home,
//! and once more to be put away there. Then one home after the other is taken out, derived and
//! kept, as many at a time as there are cores. What stays in memory is what the question needs.

use std::cell::RefCell;

use handfast_kernels::cells::{Homes, Joining, Part};
use handfast_kernels::identity::Sites;
use handfast_kernels::invariants;
use handfast_kernels::quick::Quick;
use handfast_kernels::stop::{self, Stop};
use handfast_kernels::threads::{one_by_one, threads};
use handfast_ledger::{Cache, Scan, Scratch, Stretch};
use handfast_model::fact::rename;
use handfast_model::order::{CLOSES, Clock, order_of, permute};
use handfast_model::{
    Breaches, Charter, Fact, FactKind, Instant, Names, Refusal, Seq, Snapshot, Sym,
};

use super::bytes::{In, Out};
use super::facts::{Own, Plain, Reader, Sets, Texts, when, write_fact};
use super::list::Kept;
use super::plant::{plant, said};
use super::told::{Hearing, Told};
use super::{Needs, ended};

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
            if home > 0 && away.has_teams() {
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
        let count = self.scan.rows() / said("HANDFAST_HOME_FACTS", HOME_FACTS).max(1) + 1;
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let calendar = &self.charter.calendar;
        let mut sites = Sites::default();
        let (accounts, all) = (Some(FactKind::Account), |_: &Names, facts: &[Fact]| {
            vec![true; facts.len()]
        });
        let scan = self.scan;
        scan.tying(accounts, &all, calendar, &mut |names, facts| {
            sites.add(names, &facts);
            goes_on(stop::is_told())
        })?;
        let rules = &self.charter.identity;
        let mut homes = Homes::new(rules, &sites);
        if count > 1 {
            let several =
                |names: &Names, facts: &[Fact]| Homes::have_several((rules, &sites), names, facts);
            scan.tying(None, &several, calendar, &mut |names, facts| {
                homes.see(names, &facts);
                goes_on(stop::is_told())
            })?;
        }
        let homes = homes.settle(count);
        let mut hands: Vec<Hand> = (0..threads().max(1)).map(|_| Hand::new(count)).collect();
        let most = ALL_GATHERED_BYTES / hands.len() / (count as usize).max(1);
        let most = most.min(GATHERED_BYTES);
        let word = stop::heard();
        scan.spread(calendar, &mut hands, |hand, batch| {
            hand.told.learn(batch.names, batch.known);
            let places = homes.of(batch.names, &batch.facts);
            for (fact, home) in batch.facts.iter().zip(places) {
                hand.put(fact, home, batch.names, (&scratch, most));
            }
            // The ledger's own threads listen to nothing.
            goes_on(word.as_ref().is_some_and(Stop::is_told))
        })?;
        let mut commits = Quick::default();
        let of_hands = hands.iter_mut();
        of_hands.for_each(|hand| commits.extend(hand.commits.drain()));
        Ok(Away {
            scratch,
            count: count as usize,
            hands,
            commits,
        })
    }
}

/// Refuses to go on where the work was told to end.
fn goes_on(is_told: bool) -> Result<(), Refusal> {
    match is_told {
        true => Err(ended()),
        false => Ok(()),
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
    told: Told,
    /// The teams of reps, which concern every home; their texts have numbers.
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
            told: Told::default(),
            teams: Vec::new(),
            commits: Quick::default(),
            sets: Sets::default(),
            fact: Out::default(),
        }
    }

    /// Puts a fact away whose names were learned; what is gathered of its home goes when it is too
    /// much.
    fn put(
        &mut self,
        fact: &Fact,
        home: Option<u32>,
        names: &Names,
        (scratch, most): (&Scratch, usize),
    ) {
        let mut texts = self.told.telling(names);
        let Some(home) = home.and_then(|home| self.homes.get_mut(home as usize)) else {
            let mut fact = fact.clone();
            fact.each_sym(|sym| *sym = texts.own(*sym));
            self.teams.push(fact);
            return;
        };
        self.commits.entry(fact.seq).or_insert(fact.recorded_at);
        self.fact.0.clear();
        let sets = &mut self.sets;
        write_fact(fact, &mut texts, (&mut Plain, sets), &mut self.fact);
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
    commits: Quick<Seq, Instant>,
}

/// What one hand put away of a home.
struct Piece<'h, F> {
    bytes: Vec<u8>,
    /// Of how many facts.
    facts: usize,
    /// The attributes that these share.
    sets: Own<'h, F>,
    texts: &'h Hearing<'h>,
}

impl Away {
    fn has_teams(&self) -> bool {
        self.hands.iter().any(|hand| !hand.teams.is_empty())
    }

    /// The facts of one home and the teams, in fact order, under names of their own.
    fn take_out(&self, home: usize, charter: &Charter) -> Result<Snapshot, Refusal> {
        let mut names = Names::default();
        // So that the clock knows them before they are read.
        names.intern(CLOSES);
        let mut clock = Clock::new(&charter.calendar, &names);
        let names = RefCell::new(names);
        let hearings = self.hands.iter().map(|hand| hand.told.hearing(&names));
        let hearings: Vec<Hearing<'_>> = hearings.collect();
        let mut facts = Vec::new();
        let mut pieces = Vec::with_capacity(self.hands.len());
        for (hand, texts) in self.hands.iter().zip(&hearings) {
            facts.extend(hand.teams.iter().map(|fact| {
                let mut fact = fact.clone();
                fact.each_sym(|sym| *sym = texts.sym(*sym));
                fact
            }));
            let Some(home) = hand.homes.get(home) else {
                continue;
            };
            let mut bytes = Vec::with_capacity(home.bytes);
            for stretch in &home.stretches {
                self.scratch.get(stretch, &mut bytes)?;
            }
            bytes.extend_from_slice(&home.gathered.0);
            pieces.push(Piece {
                bytes,
                facts: home.facts,
                sets: hand.sets.own(|sym| texts.sym(sym)),
                texts,
            });
        }
        let read = self.read(&pieces, &mut clock, &mut facts);
        read.ok_or_else(|| self.scratch.other())?;
        drop(pieces);
        drop(hearings);
        let names = names.into_inner();
        let order = order_of(&facts, &names, &mut clock);
        permute(&mut facts, &order);
        Ok(Snapshot {
            names: own_names(&mut facts, &names),
            facts,
            ..Snapshot::default()
        })
    }

    /// Reads facts in the order of their instants: bytes are brought into order with less ado than
    /// facts, and few are left that stand elsewhere in fact order.
    fn read<F: Fn(Sym) -> Sym>(
        &self,
        pieces: &[Piece<'_, F>],
        clock: &mut Clock<'_>,
        facts: &mut Vec<Fact>,
    ) -> Option<()> {
        let mut told = Vec::with_capacity(pieces.iter().map(|piece| piece.facts).sum());
        for piece in pieces {
            let mut from = In(&piece.bytes);
            for _ in 0..piece.facts {
                let fact = from.piece()?;
                told.push((clock.start(when(fact)?), told.len(), fact, piece));
            }
        }
        told.sort_unstable_by_key(|(at, place, ..)| (*at, *place));
        facts.reserve(told.len());
        for (_, _, fact, piece) in told {
            let reader = Reader {
                syms: piece.texts,
                people: &Plain,
                sets: &piece.sets,
                commits: &self.commits,
            };
            facts.push(reader.fact(&mut In(fact))?);
        }
        Some(())
    }
}

/// Numbers the texts of facts anew, in their order.
fn own_names(facts: &mut [Fact], names: &Names) -> Names {
    let mut own = Names::default();
    let mut known = vec![None; names.len()];
    rename(facts, |sym| match known.get_mut(sym.index()) {
        Some(slot) => *slot.get_or_insert_with(|| own.intern(names.text(sym))),
        None => sym,
    });
    own
}
