//! The plain rules that a forecast must beat. Each gives a point; its range is as wide as the rule
//! was off at earlier origins.

use super::gamma::{NINTH, figure};
use super::score::Range;
use super::{State, Track, Window};

/// How many rules there are.
pub const RULES: usize = 4;

/// Thirteen weeks: the same days of the quarter before, of the same weekdays.
const QUARTER: i32 = 91;

/// A plain rule.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Rule {
    /// As many as in so many days before.
    LastPeriod,
    /// As many as in the mean of three such stretches.
    MeanOfThree,
    /// As many as in the same days thirteen weeks before.
    QuarterBefore,
    /// Every open deal with the share of deals that were won from its stage on, whenever.
    StageWeighted,
}

impl Rule {
    /// All of them.
    pub const ALL: [Rule; RULES] = [
        Rule::LastPeriod,
        Rule::MeanOfThree,
        Rule::QuarterBefore,
        Rule::StageWeighted,
    ];

    /// The word used in answers.
    pub fn word(self) -> &'static str {
        match self {
            Rule::LastPeriod => "last_period",
            Rule::MeanOfThree => "mean_of_three",
            Rule::QuarterBefore => "quarter_before",
            Rule::StageWeighted => "stage_weighted",
        }
    }

    /// What it does, in a few words.
    pub fn means(self) -> &'static str {
        match self {
            Rule::LastPeriod => "as many as in as many days before",
            Rule::MeanOfThree => "the mean of three such stretches before",
            Rule::QuarterBefore => "as many as in the same days thirteen weeks before",
            Rule::StageWeighted => "open deals by the share won from their stage on",
        }
    }

    /// Deals and value still to be won in a window.
    pub fn point(self, tracks: &[Track], window: &Window) -> (i64, i64) {
        match self {
            Rule::LastPeriod => pace(tracks, window, 1),
            Rule::MeanOfThree => pace(tracks, window, 3),
            Rule::QuarterBefore => quarter_before(tracks, window),
            Rule::StageWeighted => weighted(tracks, window.at),
        }
    }
}

/// What was won in a window, as far as it is known at its end.
pub fn came(tracks: &[Track], (from, until): (i32, i32)) -> (i64, i64) {
    let won = tracks.iter().filter(|track| {
        let day = track.won_on();
        day.is_some_and(|day| from <= day && day < until)
    });
    won.fold((0, 0), |(deals, value), track| {
        (deals + 1, value + track.value)
    })
}

/// The day on which something ended for the first time; what was won before is in no export.
fn first_end(tracks: &[Track], at: i32) -> Option<i32> {
    let ends = tracks.iter().flat_map(|track| &track.stands);
    let ends = ends.filter(|(day, state)| *day <= at && !matches!(state, State::In(_)));
    ends.map(|(day, _)| *day).min()
}

/// As many each day as in so many stretches as long as the window, or in those that were seen.
fn pace(tracks: &[Track], window: &Window, stretches: i32) -> (i64, i64) {
    let long = (window.until - window.from).max(1);
    let seen = first_end(tracks, window.at).map_or(0, |first| (window.at + 1 - first) / long);
    let days = long * stretches.min(seen.max(1));
    let (deals, value) = came(tracks, (window.at + 1 - days, window.at + 1));
    let share = |sum: i64| {
        let (part, whole) = (
            i128::from(sum) * i128::from(window.left()),
            i128::from(days),
        );
        i64::try_from((2 * part + whole) / (2 * whole)).unwrap_or(sum)
    };
    (share(deals), share(value))
}

/// As many as in the days to come of the window, thirteen weeks or twice as many before; as in as
/// many days before where nothing was seen so early.
fn quarter_before(tracks: &[Track], window: &Window) -> (i64, i64) {
    let (mut from, mut until) = (window.from.max(window.at + 1), window.until);
    while until > window.at + 1 {
        (from, until) = (from - QUARTER, until - QUARTER);
    }
    match first_end(tracks, window.at).is_some_and(|first| first <= from) {
        true => came(tracks, (from, until)),
        false => pace(tracks, window, 1),
    }
}

/// Sums over stages of open deals times won over ended of all that were ever in the stage.
fn weighted(tracks: &[Track], at: i32) -> (i64, i64) {
    let mut stages = [(0u64, 0u64, 0u64); 256];
    let (mut wins, mut worth) = (0i128, 0i128);
    for track in tracks {
        let seen = track.stands.iter().filter(|(day, _)| *day <= at);
        let mut were: Vec<u8> = seen
            .filter_map(|(_, state)| match state {
                State::In(stage) => Some(*stage),
                _ => None,
            })
            .collect();
        were.sort_unstable();
        were.dedup();
        let now = track.at(at).map(|(_, state)| state);
        for stage in were {
            let Some((won, ended, open)) = stages.get_mut(usize::from(stage)) else {
                continue;
            };
            *won += u64::from(now == Some(State::Won));
            *ended += u64::from(matches!(now, Some(State::Won | State::Gone)));
            let has_deal = track.deal_from.is_some_and(|from| from <= at);
            *open += u64::from(now == Some(State::In(stage)) && has_deal);
        }
        if now == Some(State::Won) {
            wins += 1;
            worth += i128::from(track.value);
        }
    }
    let shares = stages.iter().filter(|(_, ended, _)| *ended > 0);
    // In parts of a million, so that the sum is of whole numbers.
    let deals: u128 = shares
        .map(|(won, ended, open)| {
            u128::from(*open) * u128::from(*won) * 1_000_000 / u128::from(*ended)
        })
        .sum();
    let deals = i128::try_from(deals).unwrap_or(0);
    let value = deals * worth / wins.max(1) / 1_000_000;
    let round = |number: i128| i64::try_from(number).unwrap_or(0);
    (round((deals + 500_000) / 1_000_000), round(value))
}

/// What a rule was off by at earlier origins.
#[derive(Clone, Copy, Default, Debug)]
pub struct Off {
    origins: u64,
    squares: f64,
    told: f64,
}

impl Off {
    /// Takes in what was told and what came.
    pub fn add(&mut self, told: i64, came: i64) {
        self.origins += 1;
        self.squares += (came as f64 - told as f64).powi(2);
        self.told += (told as f64).powi(2);
    }

    /// The range around a point, and what is won already; without earlier origins one that is half
    /// of the point off.
    pub fn range(&self, point: i64, already: i64, wins: i64) -> Range {
        let usual = 0.25;
        let seen = match self.told > 0.0 {
            true => self.squares / self.told,
            false => usual,
        };
        let origins = self.origins as f64;
        let spread = (seen * origins + usual) / (origins + 1.0);
        // Never less than chance does to so many wins.
        let spread = spread.max(1.0 / wins.max(1) as f64).min(2.0);
        let at = |z: f64| figure(point.max(0) as f64, spread, z).round() as i64 + already;
        let mid = point + already;
        Range {
            low: at(-NINTH).min(mid),
            mid,
            high: at(NINTH).max(mid),
            sum: i128::from(mid),
            paths: 1,
        }
    }
}
