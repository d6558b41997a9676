//! What sources say of a world: rows, with gaps, local clocks that are wrong, typos, corrections,
//! rows that come late, twice or in another order, and rows that are deleted again.
//!
//! A row says its facts in plain words. What was learned by a commit is read off by [`known`]; how
//! rows become a snapshot is told in `facts`. Which table says what is written in `tables`.

mod plans;
mod tables;

use std::collections::BTreeMap;

use crate::random::Chance;
use crate::truth::clock::{DAY, HOUR, Time, Zone};
use crate::truth::said::{Said, order};

use super::world::{World, dice};

pub use tables::{key, lead, twin};

/// How far sources are from the truth, in percent of rows, and what they show.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Flaws {
    /// Stage changes that the history lacks.
    pub gaps: u64,
    /// Facts without a date.
    pub undated: u64,
    /// Facts of which only the day is known.
    pub days: u64,
    /// Labels and keys that are mistyped.
    pub typos: u64,
    /// Addresses in which a letter is missing.
    pub mistyped: u64,
    /// Rows of which an amount or a time cannot be read, so that they are set aside: as if they had
    /// never come.
    pub garbled: u64,
    /// Accounts from which somebody comes again in the hours beside a change of the clock.
    pub odd_hours: u64,
    /// Rows that are corrected later.
    pub corrected: u64,
    /// Rows that their source deletes later.
    pub deleted: u64,
    /// Rows that come twice.
    pub doubled: u64,
    /// Rows that come more than a week late.
    pub late: u64,
    /// Deals that tell their end by status only, not by a mark.
    pub by_status: u64,
    /// Whether clocks are skewed.
    pub is_skewed: bool,
}

impl Flaws {
    /// The flaws of a seed: of every eighth none at all.
    pub fn of(seed: u64) -> Flaws {
        let mut chance = dice(seed, "flaws", 0);
        let mut up_to = |percent: u64| chance.below(percent + 1);
        if seed.is_multiple_of(8) {
            return Flaws::default();
        }
        Flaws {
            gaps: up_to(20),
            undated: up_to(4),
            days: up_to(30),
            typos: up_to(4),
            corrected: up_to(6),
            deleted: up_to(4),
            doubled: 5,
            late: 2,
            by_status: up_to(100),
            is_skewed: up_to(1) == 1,
            ..Flaws::default()
        }
    }

    /// The same where a world goes through the whole engine, with what only reading can get wrong.
    /// Kernels are not told of it: they are asked the worlds that they always were.
    pub fn in_files(seed: u64) -> Flaws {
        match Flaws::of(seed) {
            flaws if flaws == Flaws::default() => flaws,
            flaws => Flaws {
                mistyped: 2,
                garbled: 1,
                odd_hours: 60,
                ..flaws
            },
        }
    }
}

/// One row of a source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// The account whose story it tells; `None` = the company's own.
    pub account: Option<usize>,
    /// The commit that brings it.
    pub learned: usize,
    /// Whether it says that the source deleted its record.
    pub is_deleted: bool,
    /// Whether something in it cannot be read, so that it is set aside.
    pub is_garbled: bool,
    /// What it says: facts of one record and version, in the order of their ordinals.
    pub says: Vec<Said>,
}

/// What sources say of a world.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Emitted {
    /// All rows, by commit.
    pub rows: Vec<Row>,
    /// The instant of each commit, which is also how far sources show everything by then.
    pub commits: Vec<i64>,
    /// The commit from which on the second version of the charter is in force.
    pub second_from: usize,
    /// The zone of the marketing tool's clock: its times are those of a wall.
    pub wall: Zone,
}

/// The name of a key in a source, as a number.
pub fn hash(text: &str) -> u128 {
    let start = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128;
    text.bytes().fold(start, |hash, byte| {
        (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
    })
}

/// A person, by their key in a source.
pub fn person(source: &str, key: &str) -> u128 {
    hash(&format!("person {source} {key}"))
}

/// Lets the sources speak.
pub fn emit(world: &World, flaws: Flaws) -> Emitted {
    let mut chance = dice(world.seed, "commits", 0);
    // Thrown in any case, so that the dice after it fall alike.
    let few = 3 + chance.below(5) as i64;
    let count = world.size.commits.unwrap_or(few);
    let (from, until) = (i64::from(world.from) * DAY, world.until());
    let commits: Vec<i64> = (1..=count)
        .map(|n| from + (until - from) / count * n)
        .collect();
    let wall = Zone::ALL[chance.below(5) as usize];
    let mut emitter = Emitter {
        world,
        flaws,
        chance: dice(world.seed, "emission", 0),
        commits: &commits,
        wall,
        set: wall.set(world.from..world.from + world.size.days),
        versions: BTreeMap::new(),
        rows: Vec::new(),
        account: None,
    };
    emitter.company();
    for account in &world.accounts {
        emitter.chance = dice(world.seed, "emission of", account.number);
        emitter.account = Some(account.number);
        emitter.account(account);
    }
    let mut rows = std::mem::take(&mut emitter.rows);
    rows.retain(|row| row.learned < commits.len());
    // In no order that the world knows.
    chance.shuffle(&mut rows);
    let second_from = 1 + chance.below(commits.len() as u64 - 1) as usize;
    // Goals come after all else has thrown its dice, so that it falls as it did without them.
    emitter.chance = dice(world.seed, "goals", 0);
    emitter.account = None;
    emitter.goals();
    let goals = emitter.rows.into_iter();
    rows.extend(goals.filter(|row| row.learned < commits.len()));
    rows.sort_by_key(|row| row.learned);
    Emitted {
        rows,
        second_from,
        commits,
        wall,
    }
}

/// The facts known by a commit: of each record the versions learned, each once; of events only the
/// latest; nothing of a record whose latest version says that it was deleted, and nothing of what
/// cannot be read.
pub fn known(rows: &[Row], commit: usize, zone: Zone) -> Vec<Said> {
    type Record<'a> = (&'a str, &'a str, u128);
    let mut records: BTreeMap<Record<'_>, BTreeMap<i64, &Row>> = BTreeMap::new();
    let is_read = |row: &&Row| row.learned <= commit && !row.is_garbled;
    for row in rows.iter().filter(is_read) {
        if let Some(first) = row.says.first() {
            let record = (first.source.as_str(), first.stream.as_str(), first.key);
            records
                .entry(record)
                .or_default()
                .entry(first.version)
                .or_insert(row);
        }
    }
    let mut facts = Vec::new();
    for versions in records.values() {
        let Some((latest, last)) = versions.last_key_value() else {
            continue;
        };
        if last.is_deleted {
            continue;
        }
        for (version, row) in versions.iter().filter(|(_, row)| !row.is_deleted) {
            let holds = |said: &&Said| said.is_state() || version == latest;
            facts.extend(row.says.iter().filter(holds).cloned());
        }
    }
    order(&mut facts, zone);
    facts
}

struct Emitter<'a> {
    world: &'a World,
    flaws: Flaws,
    chance: Chance,
    commits: &'a [i64],
    /// The zone of the marketing tool's clock.
    wall: Zone,
    /// When that clock is set during the story.
    set: Vec<i64>,
    versions: BTreeMap<u128, i64>,
    rows: Vec<Row>,
    account: Option<usize>,
}

impl Emitter<'_> {
    /// Sends a row on its way: the next version of its record, perhaps late, perhaps twice.
    fn send(&mut self, at: i64, mut says: Vec<Said>) {
        let Some(first) = says.first() else { return };
        let version = self.versions.entry(first.key).or_insert(0);
        *version += 1;
        let version = *version;
        for (ordinal, said) in says.iter_mut().enumerate() {
            (said.version, said.ordinal) = (version, ordinal as u16);
            let (source, stream, key) = (&said.source, &said.stream, said.key);
            said.id = hash(&format!("{source} {stream} {key:x} {version} {ordinal}"));
        }
        // From dice of its own, so that other worlds stay as they are.
        let mut chance = Chance::new(says.first().map_or(0, |said| said.id) as u64);
        let row = Row {
            account: self.account,
            learned: self.arrival(at),
            is_deleted: false,
            is_garbled: chance.percent(self.flaws.garbled),
            says,
        };
        if self.chance.percent(self.flaws.doubled) {
            let learned = row.learned + self.chance.below(3) as usize;
            self.rows.push(Row {
                learned,
                ..row.clone()
            });
        }
        self.rows.push(row);
    }

    /// The commit that brings what happened then.
    fn arrival(&mut self, at: i64) -> usize {
        let late = self.chance.percent(self.flaws.late);
        let delay = match late {
            true => (7 + self.chance.below(60) as i64) * DAY,
            false => self.chance.below(20) as i64 * HOUR,
        };
        let delay = if self.flaws == Flaws::default() {
            0
        } else {
            delay
        };
        let after = self.commits.iter().filter(|commit| **commit <= at + delay);
        after.count()
    }

    /// When a source says that something happened, by its clock.
    fn when(&mut self, at: i64, is_local: bool) -> Time {
        let mut at = at;
        if self.flaws.is_skewed {
            // Two minutes either way, a day for one in a hundred, 1970 for one in a thousand.
            at += (self.chance.below(240) as i64 - 120) * 1_000_000;
            match self.chance.below(1_000) {
                0 => at = at.rem_euclid(DAY),
                1..=5 => at += DAY,
                6..=10 => at -= DAY,
                _ => {}
            }
        }
        if is_local {
            at = self.wall.instant(self.wall.wall(at));
        }
        if self.chance.percent(self.flaws.undated) {
            return Time::Unknown;
        }
        match self.chance.percent(self.flaws.days) {
            true => Time::Day(if is_local {
                self.wall.day(at)
            } else {
                Zone::Utc.day(at)
            }),
            false => Time::At(at),
        }
    }

    /// Sends an event; some are corrected later, and some deleted.
    fn event(&mut self, at: i64, said: Said) {
        let again = said.clone();
        self.send(at, vec![said]);
        if self.chance.percent(self.flaws.corrected) {
            let later = at + (1 + self.chance.below(40) as i64) * DAY;
            let mut again = again.clone();
            let moved = at + self.chance.below(9) as i64 * DAY - 4 * DAY;
            // Written on the wall, no instant of the hour that comes again can be said.
            let is_local = self.flaws.odd_hours > 0 && again.source == "web";
            again.when = self.when(moved, is_local);
            self.send(later, vec![again]);
        }
        if self.chance.percent(self.flaws.deleted) {
            let later = at + (1 + self.chance.below(60) as i64) * DAY;
            self.send(later, vec![again]);
            if let Some(row) = self.rows.last_mut() {
                row.is_deleted = true;
            }
            // A row that came twice says the same both times.
            let version = self.rows.last().and_then(|row| Some(row.says.first()?.id));
            for row in &mut self.rows {
                if row.says.first().map(|said| said.id) == version {
                    (row.is_deleted, row.is_garbled) = (true, false);
                }
            }
        }
    }
}
