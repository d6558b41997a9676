//! A company whose truth is known, told from a seed, written down as sources would, asked, and
//! compared: [`check_seed`] is the whole of it.
//!
//! `world` and `story` say what truly happened; `definitions` what words mean, and how that
//! changes; `emission` what sources make of it; [`crate::truth`] what that counts to. A failure
//! names its seed and the fewest rows that still show it. Nothing here reads a clock or a file.

#![allow(
    clippy::indexing_slicing,
    reason = "a wrong place in a list is a mistake here, and must stop the comparison"
)]

mod causes;
pub mod definitions;
pub mod emission;
pub mod facts;
pub mod files;
pub mod kept;
mod shrink;
#[cfg(feature = "planted-bugs")]
pub mod stored;
mod story;
pub mod world;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;

use handfast_kernels::cells::{Change, Part, renew};
use handfast_kernels::invariants;
use handfast_model::fact::FactKind;
use handfast_model::id::{Names, RecordKey};
use handfast_model::{Charter, Instant};

use crate::asks::{Ask, Product};
use crate::random::Chance;
use crate::sketch;
use crate::truth::clock::{DAY, Time, Zone};
use crate::truth::handoff::Promise;
use crate::truth::identity;
use crate::truth::meaning::Meaning;
use crate::truth::said::{Said, Word};
use crate::truth::walk::{Journeys, walk};

use definitions::{Definitions, definitions};
use emission::{Emitted, Flaws, Row, emit, known};
use world::{Account, Size, World, dice};

/// How much is asked of a world.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Effort {
    /// Questions at each moment of knowledge.
    pub questions: usize,
    /// Moments of knowledge.
    pub as_ofs: usize,
}

/// What every change is held against: eight questions at two as-ofs.
pub const USUAL: Effort = Effort {
    questions: 8,
    as_ofs: 2,
};

/// What a soak asks.
pub const SOAK: Effort = Effort {
    questions: 40,
    as_ofs: 20,
};

/// Where product and truth part, with the fewest rows that still show it.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The seed.
    pub seed: u64,
    /// What was compared, and the first lines that differ.
    pub what: String,
    /// The rows that are left of the world.
    pub rows: Vec<Row>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "seed {}: {}", self.seed, self.what)?;
        for row in &self.rows {
            let deleted = if row.is_deleted { " deleted" } else { "" };
            let garbled = if row.is_garbled { " garbled" } else { "" };
            writeln!(f, "  commit {}{deleted}{garbled}", row.learned)?;
            for said in &row.says {
                writeln!(f, "    {said:?}")?;
            }
        }
        Ok(())
    }
}

/// One seed, one small world: told, written down, asked and compared. The one entry point.
pub fn check_seed(seed: u64) -> Result<(), Failure> {
    check(seed, Size::small(seed), USUAL)
}

/// The same for a world of any size and as many questions as wanted.
pub fn check(seed: u64, size: Size, effort: Effort) -> Result<(), Failure> {
    check_case(&Case::of(seed, size, effort))
}

/// The same for a case that is told already.
pub fn check_case(case: &Case) -> Result<(), Failure> {
    let seed = case.world.seed;
    let Err(what) = case.compare(&case.emitted.rows) else {
        // What the world says is lost with any row, so this is not made smaller.
        let rows = Vec::new();
        let unlike = case.against_the_world();
        return unlike
            .map(drop)
            .map_err(|what| Failure { seed, what, rows });
    };
    let fails = |rows: &[Row]| case.compare(rows).is_err();
    let rows = shrink::fewest(&case.emitted.rows, &fails);
    let what = match case.compare(&rows) {
        // Fewer rows may show something else that is wrong: what was seen first is not lost.
        Err(fewer) if asked(&fewer) != asked(&what) => format!("{what}\nof fewer rows: {fewer}"),
        Err(fewer) => fewer,
        Ok(()) => what,
    };
    Err(Failure { what, seed, rows })
}

/// The line that says which question a failure is of.
fn asked(what: &str) -> &str {
    what.lines().next().unwrap_or_default()
}

/// A world with everything that is asked of it.
pub struct Case {
    /// What truly happened.
    pub world: World,
    /// What sources say.
    pub emitted: Emitted,
    /// What words mean, before and after the change.
    pub definitions: [Definitions; 2],
    flaws: Flaws,
    effort: Effort,
}

/// What is asked at one moment of knowledge.
pub struct Asked<'a> {
    /// The newest commit that is known.
    pub commit: usize,
    /// The charter in force then.
    pub definitions: &'a Definitions,
    /// Up to when sources show everything.
    pub horizon: i64,
    /// The questions.
    pub asks: Vec<Ask>,
}

impl Case {
    /// The case of a seed.
    pub fn of(seed: u64, size: Size, effort: Effort) -> Case {
        Case::with(Flaws::of(seed), seed, size, effort)
    }

    /// The case of a seed as files of its sources tell it.
    pub fn in_files(seed: u64, size: Size, effort: Effort) -> Case {
        Case::with(Flaws::in_files(seed), seed, size, effort)
    }

    fn with(flaws: Flaws, seed: u64, size: Size, effort: Effort) -> Case {
        let world = World::of(seed, size);
        Case {
            emitted: emit(&world, flaws),
            definitions: definitions(seed),
            world,
            flaws,
            effort,
        }
    }

    /// The moments of knowledge with their questions, drawn by the seed.
    pub fn asked(&self) -> Vec<Asked<'_>> {
        let last = self.emitted.commits.len() - 1;
        let commits = self.commits_asked(last);
        // Instants at which something happens, and the microseconds beside them.
        let mut facts = known(&self.emitted.rows, last, Zone::Utc);
        // Goals begin with months, which no instant need be drawn for.
        facts.retain(|fact| fact.kind != FactKind::Target);
        let asked = commits.into_iter().map(|commit| {
            let is_second = commit >= self.emitted.second_from;
            let definitions = &self.definitions[usize::from(is_second)];
            let horizon = self.emitted.commits[commit];
            let zone = definitions.meaning.zone;
            let instant = |chance: &mut Chance| {
                let aside = chance.below(3) as i64 - 1;
                match chance.below(3) {
                    0 => zone.start(self.world.from + chance.below(400) as i32) + aside,
                    1 => horizon - chance.below(200) as i64 * DAY,
                    _ if facts.is_empty() => horizon,
                    _ => {
                        let fact = &facts[chance.below(facts.len() as u64) as usize];
                        let when = match (fact.more.get("closed"), fact.when) {
                            (Some(Word::Time(closed)), _) if chance.percent(50) => *closed,
                            (_, when) => when,
                        };
                        // What ends on a day ends as the next one starts.
                        let when = match when {
                            Time::Day(day) => Time::Day(day + chance.below(2) as i32),
                            when => when,
                        };
                        zone.begin(when).unwrap_or(horizon) + aside
                    }
                }
            };
            let mut chance = dice(self.world.seed, "asks", commit);
            let mut draw = || Ask::draw(&mut chance, &definitions.meaning, horizon, &instant);
            let mut asks: Vec<Ask> = (0..self.effort.questions).map(|_| draw()).collect();
            // From dice of its own, so that worlds are asked what they always were.
            let mut chance = dice(self.world.seed, "credit", commit);
            // Half of the instants are those at which a touch is just over.
            let touches = facts.iter().filter(|fact| fact.kind == FactKind::Touch);
            let touches: Vec<i64> = touches.filter_map(|f| zone.begin(f.when)).collect();
            let instant = |chance: &mut Chance| match touches.is_empty() || chance.percent(50) {
                true => instant(chance),
                false => touches[chance.below(touches.len() as u64) as usize] + 1,
            };
            let mut draw = || Ask::draw_credit(&mut chance, horizon, &instant);
            asks.extend((0..self.effort.questions.div_ceil(8)).map(|_| draw()));
            asks.extend(self.others(commit, &definitions.meaning, &instant));
            Asked {
                commit,
                definitions,
                horizon,
                asks,
            }
        });
        asked.collect()
    }

    /// The commits after which it is asked, the last one among them.
    fn commits_asked(&self, last: usize) -> BTreeSet<usize> {
        let mut chance = dice(self.world.seed, "asked", 0);
        let mut commits = BTreeSet::from([last]);
        let many = (self.effort.as_ofs - 1).min(last) + 1;
        while commits.len() < many {
            commits.insert(chance.below(last as u64) as usize);
        }
        commits
    }

    /// A promise that may have been kept; then what became of open deals, why deals ended, and what
    /// periods differ by.
    fn others(
        &self,
        commit: usize,
        meaning: &Meaning,
        instant: &dyn Fn(&mut Chance) -> i64,
    ) -> Vec<Ask> {
        let mut chance = dice(self.world.seed, "promises", commit);
        let days = (self.world.from, self.world.size.days as u64);
        let promise = Promise::draw(&mut chance, meaning, days, "inside");
        let mut chance = dice(self.world.seed, "moves", commit);
        let mut asks = vec![Ask::Promise(promise)];
        asks.extend(Ask::draw_moves(&mut chance, days, instant));
        asks
    }

    /// Asks both roads; the error names the first question on which they part.
    pub fn compare(&self, rows: &[Row]) -> Result<(), String> {
        causes::compare(self, rows)?;
        let mut growing = Growing::default();
        for asked in self.asked() {
            let Asked {
                commit,
                definitions,
                horizon,
                ..
            } = asked;
            let charter = sketch::charter(&definitions.sketch())?;
            let facts = known(rows, commit, definitions.meaning.zone);
            let found = truth(facts.clone(), definitions, horizon);
            let part = Part::of(
                facts::snapshot(&facts, &charter.calendar),
                &charter,
                Instant(horizon),
            );
            let others = [
                ("in another order", self.permuted(&facts, &charter, horizon)),
                (
                    "commit by commit",
                    self.grown(&mut growing, rows, commit, &charter),
                ),
            ];
            for ask in &asked.asks {
                let told = told(ask, &part, &charter, horizon);
                let at = format!("as of commit {commit}, {ask:?}");
                same(&ask.truth(&found, &definitions.meaning, horizon), &told)
                    .map_err(|why| format!("{at}: truth, then product\n{why}"))?;
                for (how, other) in &others {
                    same(&told, &self::told(ask, other, &charter, horizon))
                        .map_err(|why| format!("{at}: at once, then {how}\n{why}"))?;
                }
            }
            let mut breaches = invariants::all(&part, &charter, Instant(horizon));
            breaches.append(invariants::credit(&part, &charter, Instant(horizon)));
            if let Some(breach) = breaches.told().first() {
                let (invariant, at, what) = (breach.invariant, &breach.at, &breach.what);
                return Err(format!(
                    "as of commit {commit}, {invariant:?}: {at}: {what}"
                ));
            }
        }
        Ok(())
    }

    /// The same facts as they came in another order. Rows that come twice are seen by the ledger
    /// alone: kernels get each fact once.
    fn permuted(&self, facts: &[Said], charter: &Charter, horizon: i64) -> Part {
        let mut chance = dice(self.world.seed, "order", facts.len());
        let mut facts = facts.to_vec();
        chance.shuffle(&mut facts);
        let snapshot = facts::snapshot(&facts, &charter.calendar);
        Part::of(snapshot, charter, Instant(horizon))
    }

    /// The same as learned commit by commit, where each concerns only some cells. Goes on from
    /// where it was at an earlier commit, as long as the charter is the same.
    fn grown(&self, growing: &mut Growing, rows: &[Row], commit: usize, charter: &Charter) -> Part {
        let is_second = commit >= self.emitted.second_from;
        if growing.is_second != is_second {
            *growing = Growing {
                is_second,
                ..Growing::default()
            };
        }
        let zone = self.definitions[usize::from(is_second)].meaning.zone;
        for next in growing.next..=commit {
            let now = known(rows, next, zone);
            let horizon = Instant(self.emitted.commits[next]);
            let renewed = growing.was.and_then(|was| {
                let change = change(&growing.before, &now);
                renew(&growing.parts, change, charter, was, horizon)
            });
            match renewed {
                Some(renewed) => {
                    for (part, gone) in growing.parts.iter_mut().zip(&renewed.gone) {
                        part.retain(|cell| gone.binary_search(&cell).is_err());
                    }
                    growing.parts.push(renewed.part);
                }
                None => {
                    let snapshot = facts::snapshot(&now, &charter.calendar);
                    growing.parts = vec![Part::of(snapshot, charter, horizon)];
                }
            }
            (growing.before, growing.was) = (now, Some(horizon));
        }
        growing.next = commit + 1;
        Part::join(growing.parts.clone(), &charter.calendar)
    }

    /// Where the sources say all there is, what they say counts to what truly happened: accounts
    /// with one attempt and nothing odd about them are looked at, stage by stage. Gives how many
    /// stages of them were entered, and so compared.
    pub fn against_the_world(&self) -> Result<usize, String> {
        let mut compared = 0;
        for asked in self.asked() {
            let Asked {
                commit,
                definitions,
                horizon,
                ..
            } = asked;
            let meaning = &definitions.meaning;
            let has_rules = meaning.steps.iter().any(|step| step.enters.is_some());
            if self.flaws != Flaws::default() || meaning.dormant.is_some() || has_rules {
                continue;
            }
            let found = truth(
                known(&self.emitted.rows, commit, meaning.zone),
                definitions,
                horizon,
            );
            let stories = self
                .world
                .accounts
                .iter()
                .flat_map(|account| &account.story);
            let mut comers: BTreeSet<usize> = stories.filter_map(story::comes_to).collect();
            comers.extend(self.world.accounts.iter().flat_map(story::written_from));
            let is_plain = |one: &&Account| story::is_plain(one) && !comers.contains(&one.number);
            for account in self.world.accounts.iter().filter(is_plain) {
                let [attempt] = account.attempts.as_slice() else {
                    continue;
                };
                let until = horizon.min(self.world.until());
                let stages = attempt.stages.iter().filter(|(_, at)| *at < until);
                let expected: Vec<(&str, i64)> = stages.copied().collect();
                let key = emission::key(account.number);
                let of = found
                    .pursuits
                    .iter()
                    .filter(|one| one.account.as_ref() == Some(&key));
                let visits = of
                    .flat_map(|pursuit| &pursuit.visits)
                    .filter(|one| !one.is_implied);
                let seen: Vec<(&str, i64)> = visits
                    .map(|visit| {
                        let at = visit.entered.at.unwrap_or(0);
                        (meaning.steps[visit.step].id.as_str(), at)
                    })
                    .collect();
                if seen != expected {
                    return Err(format!(
                        "{key} as of commit {commit}: the world, then the truth of its sources\n  \
                         {expected:?}\n  {seen:?}"
                    ));
                }
                compared += expected.len();
            }
        }
        Ok(compared)
    }
}

/// A world as far as it was learned commit by commit, in parts of whole cells.
#[derive(Default)]
struct Growing {
    is_second: bool,
    parts: Vec<Part>,
    before: Vec<Said>,
    was: Option<Instant>,
    next: usize,
}

/// The truth of some facts.
pub fn truth(mut facts: Vec<Said>, definitions: &Definitions, horizon: i64) -> Journeys {
    let who = identity::who(&facts, &definitions.signs);
    identity::apply(&mut facts, &who);
    let mut found = walk(facts, &definitions.meaning, horizon);
    let id = |place: usize| found.facts[place].id;
    let doubts = who.doubts.iter().map(|(code, place)| (*code, id(*place)));
    let doubts: Vec<_> = doubts.collect();
    found.doubts.extend(doubts);
    found
}

fn told(ask: &Ask, part: &Part, charter: &Charter, horizon: i64) -> Vec<String> {
    ask.product(&Product {
        snapshot: &part.snapshot,
        charter,
        journeys: &part.journeys,
        horizon,
    })
}

/// The first two lines that differ.
fn same(a: &[String], b: &[String]) -> Result<(), String> {
    let all = a.len().max(b.len());
    let nothing = "(nothing)".to_owned();
    for place in 0..all {
        let (a, b) = (
            a.get(place).unwrap_or(&nothing),
            b.get(place).unwrap_or(&nothing),
        );
        if a != b {
            return Err(format!("  {a}\n  {b}"));
        }
    }
    Ok(())
}

/// What was learned between two moments.
fn change(before: &[Said], after: &[Said]) -> Change {
    let by_record = |facts: &[Said]| {
        let mut records: BTreeMap<u128, BTreeSet<u128>> = BTreeMap::new();
        for said in facts {
            records.entry(said.key).or_default().insert(said.id);
        }
        records
    };
    let (old, new) = (by_record(before), by_record(after));
    let differs = |key: &&u128| old.get(key) != new.get(key);
    let records = old.keys().chain(new.keys()).filter(differs).copied();
    let records: HashSet<u128> = records.collect();
    let mut names = Names::default();
    let changed = after.iter().filter(|said| records.contains(&said.key));
    let facts = changed.map(|said| facts::fact(said, &mut names)).collect();
    Change {
        records: records.into_iter().map(RecordKey).collect(),
        names,
        facts,
    }
}
