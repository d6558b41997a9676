//! What happens to a pursuit on its next day, by its stage and how long it has been there, and how
//! many are won within so many days.
//!
//! Of `n` days that pursuits of a stage and band of ages were seen, `d` ended in a win: the chance
//! of a day is (d + w) / (n + w/m), where `m` is that chance over all ages of the stage and `w` how
//! much it weighs ([`POOLED`]): few days say what the stage says, many speak for themselves. That
//! of
//! a stage leans on all stages alike. Ends compete: whoever is lost is not won later. Days before
//! the first end that was seen say nothing, since what ended then is in no export.

use super::{State, Track};

/// Ages are told apart up to a year; the last holds all above.
pub(super) const AGES: usize = 367;
/// The first ages of the bands that have one chance.
const BANDS: [usize; 19] = [
    0, 1, 2, 3, 5, 8, 15, 22, 31, 46, 61, 76, 91, 106, 121, 151, 181, 241, 366,
];
/// So many events of the wider group count beside one's own.
const POOLED: f64 = 1.0;
/// So many days back what happened says something of what will.
const MEMORY: i32 = 1_095;
/// Where pursuits begin is learned of those of so many days.
const ENTRY_DAYS: i32 = 365;

/// One stay in a stage, as seen by the end of a day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stay {
    pub stage: u8,
    /// The day at whose end it was first there.
    pub since: i32,
    /// The day on which it was not there any more, or the last that was seen.
    pub until: i32,
    /// Where it went; `None` = still there.
    pub next: Option<State>,
}

/// The stays of a track, as far as they can be seen by the end of a day.
pub(super) fn stays(track: &Track, at: i32) -> impl Iterator<Item = Stay> + '_ {
    let seen = track.stands.partition_point(|(day, _)| *day <= at);
    let seen = track.stands.get(..seen).unwrap_or_default();
    let next = seen.iter().skip(1).map(Some).chain([None]);
    seen.iter()
        .zip(next)
        .filter_map(move |((since, state), next)| {
            let State::In(stage) = *state else {
                return None;
            };
            Some(Stay {
                stage,
                since: *since,
                until: next.map_or(at, |(day, _)| *day),
                next: next.map(|(_, state)| *state),
            })
        })
}

/// How many came to be on days in `(after, until]`: new ones, and ended ones that came back.
pub(super) fn arrivals(
    track: &Track,
    (after, until): (i32, i32),
) -> impl Iterator<Item = (i32, State)> + '_ {
    let before = [None].into_iter().chain(track.stands.iter().map(Some));
    let came = track
        .stands
        .iter()
        .zip(before)
        .filter(|((_, state), before)| {
            let was_out = before.is_none_or(|(_, before)| *before == State::Gone);
            was_out && (*state != State::Gone || before.is_none())
        });
    let came = came.map(|(stand, _)| *stand);
    came.filter(move |(day, _)| after < *day && *day <= until)
}

#[derive(Clone, Copy, Default, Debug)]
struct Seen {
    days: u64,
    won: u64,
    gone: u64,
    moved: u64,
}

impl Seen {
    fn add(&mut self, other: &Seen) {
        self.days += other.days;
        self.won += other.won;
        self.gone += other.gone;
        self.moved += other.moved;
    }
}

/// The chances of one day.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub(super) struct Chance {
    pub won: f64,
    pub gone: f64,
    pub moved: f64,
}

impl Chance {
    fn of(seen: &Seen, wider: &Chance) -> Chance {
        let pooled = |events: u64, wider: f64| match wider > 0.0 {
            true => (events as f64 + POOLED) / (seen.days as f64 + POOLED / wider),
            false => 0.0,
        };
        Chance {
            won: pooled(seen.won, wider.won),
            gone: pooled(seen.gone, wider.gone),
            moved: pooled(seen.moved, wider.moved),
        }
    }

    fn plain(seen: &Seen) -> Chance {
        let share = |events: u64| match seen.days {
            0 => 0.0,
            days => events as f64 / days as f64,
        };
        Chance {
            won: share(seen.won),
            gone: share(seen.gone),
            moved: share(seen.moved),
        }
    }
}

#[derive(Clone, Debug)]
struct Stage {
    /// By age.
    chances: Vec<Chance>,
    /// By age: the chances to be won of all younger days.
    sums: Vec<f64>,
    /// Whoever moves goes where, by stage.
    to: Vec<f64>,
}

/// What was learned by the end of a day.
#[derive(Clone, Debug)]
pub struct Fit {
    stages: Vec<Stage>,
    /// Where pursuits begin, by stage, and how many are won on that day.
    entries: (Vec<f64>, f64),
    /// The day after which days say something.
    pub after: i32,
    /// How many of them were won.
    pub won: u64,
}

/// What was counted before it is a chance.
struct Counts {
    at: i32,
    after: i32,
    /// By stage, by age: a pursuit more or less at risk from this age on, and what ended at it.
    ages: Vec<Vec<(i64, Seen)>>,
    moves: Vec<Vec<u64>>,
    entries: (Vec<u64>, u64, u64),
}

impl Counts {
    fn add(&mut self, track: &Track) {
        for stay in stays(track, self.at) {
            self.add_stay(&stay);
        }
        let lately = self.at - ENTRY_DAYS;
        for (_, state) in arrivals(track, (lately.max(self.after), self.at)) {
            match state {
                State::In(stage) => {
                    let slot = self.entries.0.get_mut(usize::from(stage));
                    slot.into_iter().for_each(|count| *count += 1);
                }
                State::Won => self.entries.1 += 1,
                State::Gone => self.entries.2 += 1,
            }
        }
    }

    fn add_stay(&mut self, stay: &Stay) {
        let first = (stay.since + 1).max(self.after + 1);
        if first > stay.until {
            return;
        }
        let age_on = |day: i32| usize::try_from(day - 1 - stay.since).unwrap_or(0);
        let Some(ages) = self.ages.get_mut(usize::from(stay.stage)) else {
            return;
        };
        let (young, old) = (age_on(first), age_on(stay.until));
        let beyond = (old + 1).saturating_sub(young.max(AGES - 1));
        if let Some((_, seen)) = ages.last_mut() {
            seen.days += beyond as u64;
        }
        if young < AGES - 1 {
            let until = (old + 1).min(AGES - 1);
            for (age, one) in [(young, 1), (until, -1)] {
                ages.get_mut(age).into_iter().for_each(|slot| slot.0 += one);
            }
        }
        let Some((_, seen)) = ages.get_mut(old.min(AGES - 1)) else {
            return;
        };
        match stay.next {
            None => {}
            Some(State::Won) => seen.won += 1,
            Some(State::Gone) => seen.gone += 1,
            Some(State::In(to)) => {
                seen.moved += 1;
                let row = self.moves.get_mut(usize::from(stay.stage));
                let slot = row.and_then(|row| row.get_mut(usize::from(to)));
                slot.into_iter().for_each(|count| *count += 1);
            }
        }
    }

    /// By stage, by band.
    fn bands(&self) -> Vec<Vec<Seen>> {
        let of_stage = |ages: &Vec<(i64, Seen)>| {
            let (mut at_risk, mut bands) = (0i64, vec![Seen::default(); BANDS.len()]);
            for (age, (change, seen)) in ages.iter().enumerate() {
                at_risk += change;
                let mut all = *seen;
                all.days += u64::try_from(at_risk).unwrap_or(0);
                let band = bands.get_mut(band_of(age));
                band.into_iter().for_each(|band| band.add(&all));
            }
            bands
        };
        self.ages.iter().map(of_stage).collect()
    }
}

fn band_of(age: usize) -> usize {
    BANDS
        .partition_point(|first| *first <= age)
        .saturating_sub(1)
}

impl Fit {
    /// Learns of everything up to the end of a day; `None` where nothing had ended by then.
    pub fn of(tracks: &[Track], stages: usize, at: i32) -> Option<Fit> {
        let ends = tracks.iter().flat_map(|track| &track.stands);
        let ends = ends.filter(|(day, state)| *day <= at && !matches!(state, State::In(_)));
        let first = ends.map(|(day, _)| *day).min()?;
        let mut counts = Counts {
            at,
            after: first.max(at - MEMORY),
            ages: vec![vec![(0, Seen::default()); AGES]; stages],
            moves: vec![vec![0; stages]; stages],
            entries: (vec![0; stages], 0, 0),
        };
        tracks.iter().for_each(|track| counts.add(track));
        let bands = counts.bands();
        let mut all = Seen::default();
        bands.iter().flatten().for_each(|seen| all.add(seen));
        let wider = Chance::plain(&all);
        let stages = bands.iter().zip(&counts.moves);
        let stages = stages.map(|(bands, moves)| stage(bands, moves, &wider));
        let (begun, won, gone) = &counts.entries;
        let came = begun.iter().sum::<u64>() + won + gone;
        let share = |count: &u64| *count as f64 / came.max(1) as f64;
        Some(Fit {
            stages: stages.collect(),
            entries: (begun.iter().map(share).collect(), share(won)),
            after: counts.after,
            won: all.won,
        })
    }

    /// How many wins its chances say of a stay's days in `(after, until]`.
    pub(super) fn expected(&self, stay: &Stay, (after, until): (i32, i32)) -> f64 {
        let first = (stay.since + 1).max(after + 1);
        let last = stay.until.min(until);
        let stage = self.stages.get(usize::from(stay.stage));
        let Some(stage) = stage.filter(|_| first <= last) else {
            return 0.0;
        };
        let below = |age: i32| {
            let age = usize::try_from(age).unwrap_or(0);
            let sum = stage.sums.get(age.min(AGES)).copied().unwrap_or(0.0);
            let oldest = stage.chances.last().map_or(0.0, |chance| chance.won);
            sum + age.saturating_sub(AGES) as f64 * oldest
        };
        below(last - stay.since) - below(first - 1 - stay.since)
    }

    /// The chances of being won on one of the days to come that count, where wins are so many times
    /// as frequent on each: counted back from the last day.
    pub fn chances(&self, days: &[Ahead]) -> Chances {
        let mut won: Vec<Vec<f64>> = vec![vec![0.0; AGES]; self.stages.len()];
        // Of those that come to be on a day: won on it, and from what is known of the days after.
        let mut new = 0.0;
        for day in days.iter().rev() {
            new += self.fresh(&won, day);
            won = self.day_before(day, &won);
        }
        Chances { won, new }
    }

    #[cfg(test)]
    pub(super) fn day(&self, stage: u8, age: i32) -> Chance {
        let age = (age as usize).min(AGES - 1);
        self.stages[usize::from(stage)].chances[age]
    }

    #[cfg(test)]
    pub(super) fn to(&self, stage: u8) -> &[f64] {
        &self.stages[usize::from(stage)].to
    }

    /// From the chances of being won after a day those from that day on.
    fn day_before(&self, day: &Ahead, won: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let entered = |to: &Vec<f64>| {
            let first = won.iter().map(|ages| ages.first().copied().unwrap_or(0.0));
            to.iter()
                .zip(first)
                .map(|(share, won)| share * won)
                .sum::<f64>()
        };
        let counted = if day.counts { 1.0 } else { 0.0 };
        let stage = |(stage, won): (&Stage, &Vec<f64>)| {
            let moved = entered(&stage.to);
            let older = won.iter().skip(1).chain(won.last());
            let of_age = |(chance, older): (&Chance, &f64)| {
                // Where all end on one day, more wins are fewer losses.
                let win = (chance.won * day.factor).min(1.0 - chance.moved).max(0.0);
                let gone = chance.gone.min(1.0 - chance.moved - win).max(0.0);
                let stays = 1.0 - win - gone - chance.moved;
                counted * win + chance.moved * moved + stays.max(0.0) * older
            };
            stage.chances.iter().zip(older).map(of_age).collect()
        };
        self.stages.iter().zip(won).map(stage).collect()
    }

    /// Of those that come to be on a day, the share that is won on it or after it.
    fn fresh(&self, won: &[Vec<f64>], day: &Ahead) -> f64 {
        let (begun, at_once) = &self.entries;
        let first = won.iter().map(|ages| ages.first().copied().unwrap_or(0.0));
        let counted = if day.counts { *at_once } else { 0.0 };
        counted
            + begun
                .iter()
                .zip(first)
                .map(|(share, won)| share * won)
                .sum::<f64>()
    }
}

fn stage(bands: &[Seen], moves: &[u64], wider: &Chance) -> Stage {
    let mut all = Seen::default();
    bands.iter().for_each(|seen| all.add(seen));
    let own = Chance::of(&all, wider);
    // A stage that nobody leaves for another has nowhere to go.
    let moved: u64 = moves.iter().sum();
    let own = Chance {
        moved: if moved == 0 { 0.0 } else { own.moved },
        ..own
    };
    let by_band: Vec<Chance> = bands.iter().map(|seen| Chance::of(seen, &own)).collect();
    let by_age = (0..AGES).map(|age| by_band.get(band_of(age)).copied().unwrap_or(own));
    let chances: Vec<Chance> = by_age.map(at_most_all).collect();
    let mut sums = vec![0.0];
    for chance in &chances {
        sums.push(sums.last().copied().unwrap_or(0.0) + chance.won);
    }
    Stage {
        chances,
        sums,
        to: moves
            .iter()
            .map(|count| *count as f64 / moved.max(1) as f64)
            .collect(),
    }
}

/// Pooled chances of a few days may come to more than all.
fn at_most_all(chance: Chance) -> Chance {
    let sum = chance.won + chance.gone + chance.moved;
    let scale = if sum > 1.0 { 1.0 / sum } else { 1.0 };
    Chance {
        won: chance.won * scale,
        gone: chance.gone * scale,
        moved: chance.moved * scale,
    }
}

/// A day to come.
#[derive(Clone, Copy, Debug)]
pub struct Ahead {
    /// Wins are so many times as frequent as the chances say.
    pub factor: f64,
    /// Whether wins on it count: days before the window do not.
    pub counts: bool,
}

/// Chances of being won.
#[derive(Clone, Debug)]
pub struct Chances {
    /// By stage and age at the end of the day that is known.
    won: Vec<Vec<f64>>,
    /// How many are won where one comes to be on each day to come.
    pub new: f64,
}

impl Chances {
    /// The chance of a pursuit that has been in a stage for so many days.
    pub fn of(&self, stage: u8, age: i32) -> f64 {
        let age = usize::try_from(age).unwrap_or(0).min(AGES - 1);
        let stage = self.won.get(usize::from(stage));
        let chance = stage.and_then(|ages| ages.get(age)).copied();
        chance.unwrap_or(0.0).clamp(0.0, 1.0)
    }
}
