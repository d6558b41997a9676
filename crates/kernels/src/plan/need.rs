//! What so many entries bring, and how many are needed for a goal to be reached with given odds.
//!
//! With N entries of which each is won with a chance c and then worth v, the mean is N c v and the
//! variance N (c E v² − E c² E v̄²) + N² (E c² E v̄² − c² v̄²): the first part is chance, which
//! evens out, the second what is not known of c and v̄, which does not. What is won by given odds
//! is a point of the gamma distribution with that mean and variance.

use handfast_model::money::divide_half_even;

use super::Lever;
use crate::forecast::{GroupRanges, NINTH, Part, Range, figure};

/// No plan asks for more.
const MOST: u64 = 1 << 40;
/// What floats may be off by where a whole number is meant.
const SLACK: f64 = 1e-9;

/// In how many of ten cases a goal is reached.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Odds {
    /// In percent.
    pub percent: u8,
    /// That point of the normal distribution.
    z: f64,
}

/// Even odds, four of five, nine of ten.
pub const ODDS: [Odds; 3] = [
    Odds {
        percent: 50,
        z: 0.0,
    },
    Odds {
        percent: 80,
        z: 0.841_621_234,
    },
    Odds {
        percent: 90,
        z: NINTH,
    },
];

/// What a win is worth: in minor units.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Worth {
    /// The mean.
    pub mean: f64,
    /// The mean of squares.
    pub square: f64,
    /// Of so many.
    pub wins: u64,
    /// Which come to so much.
    pub sum: i64,
}

impl Worth {
    /// `None` where they come to nothing.
    pub fn of(values: &[i64]) -> Option<Worth> {
        let sum = values
            .iter()
            .try_fold(0_i64, |sum, one| sum.checked_add(*one))?;
        let wins = values.len() as f64;
        (sum > 0).then(|| Worth {
            mean: sum as f64 / wins,
            square: values
                .iter()
                .map(|one| *one as f64 * *one as f64)
                .sum::<f64>()
                / wins,
            wins: values.len() as u64,
            sum,
        })
    }

    /// The mean square of the mean, which is known of so many only.
    fn mean_square(&self) -> f64 {
        let variance = (self.square - self.mean * self.mean).max(0.0);
        self.mean * self.mean + variance / self.wins as f64
    }
}

/// What is to be won, and what of it is under way.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Gap {
    /// The goal, in minor units.
    pub goal: i64,
    /// Won already.
    pub already: i64,
    /// What pursuits under way bring on average.
    pub in_hand: i64,
    /// How far that may be off: a standard deviation.
    pub off: f64,
}

impl Gap {
    /// By a forecast of the window. Open deals and leads are won at one pace, so that what they are
    /// off by adds up.
    pub fn of(goal: i64, ranges: &GroupRanges) -> Gap {
        let parts = [Part::Open, Part::Leads].map(|part| ranges.part(part).value);
        let off = |range: &Range| range.high.saturating_sub(range.low) as f64 / (2.0 * NINTH);
        Gap {
            goal,
            already: ranges.part(Part::Already).value.mean(),
            in_hand: parts.iter().map(|range| range.mean()).sum(),
            off: parts.iter().map(off).sum(),
        }
    }

    /// What is left on average; below zero where more is expected than is to be won.
    pub fn left(&self) -> i64 {
        let less = self.goal.saturating_sub(self.already);
        less.saturating_sub(self.in_hand)
    }
}

/// What entries and all under way bring, without what is won already.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Outlook {
    /// On average, in minor units.
    pub mean: f64,
    /// Its variance.
    pub variance: f64,
}

/// What so many entries bring beside what is under way: the plan solved forward.
pub fn outlook(gap: &Gap, lever: &Lever, worth: &Worth, entries: u64) -> Outlook {
    let many = entries as f64;
    let mean = lever.chance * worth.mean;
    let square = lever.chance * lever.chance * (1.0 + lever.spread) * worth.mean_square();
    let by_chance = (lever.chance * worth.square - square).max(0.0);
    let unknown = (square - mean * mean).max(0.0);
    Outlook {
        mean: gap.in_hand as f64 + many * mean,
        variance: gap.off * gap.off + many * by_chance + many * many * unknown,
    }
}

impl Outlook {
    /// Whether a goal is reached with these odds.
    fn reaches(&self, gap: &Gap, odds: Odds) -> bool {
        let missing = gap.goal.saturating_sub(gap.already) as f64;
        if missing <= 0.0 {
            return true;
        }
        if self.mean <= 0.0 {
            return false;
        }
        let spread = self.variance / (self.mean * self.mean);
        figure(self.mean, spread, -odds.z) >= missing * (1.0 - SLACK)
    }
}

/// How many entries are needed for the goal to be reached with these odds; `None` where no number
/// is enough, because none of them is won in time or too little is known of how many are.
pub fn needed(gap: &Gap, lever: &Lever, worth: &Worth, odds: Odds) -> Option<u64> {
    let is_enough = |entries: u64| outlook(gap, lever, worth, entries).reaches(gap, odds);
    if is_enough(0) {
        return Some(0);
    }
    let mut enough = 1;
    while !is_enough(enough) {
        enough *= 2;
        if enough > MOST {
            return None;
        }
    }
    let mut few = enough / 2;
    while enough - few > 1 {
        let middle = few + (enough - few) / 2;
        match is_enough(middle) {
            true => enough = middle,
            false => few = middle,
        }
    }
    Some(enough)
}

/// How many are needed at mean rates and values: what a spreadsheet says.
pub fn at_means(gap: &Gap, lever: &Lever, worth: &Worth) -> Option<u64> {
    let left = gap.left();
    if left <= 0 {
        return Some(0);
    }
    let each = lever.chance * worth.mean;
    let many = left as f64 / each;
    let is_some = each > 0.0 && many <= MOST as f64;
    is_some.then(|| (many * (1.0 - SLACK)).ceil() as u64)
}

/// What so many entries cost, where so many cost so much; half-even to the minor unit.
pub fn priced(entries: u64, (spent, came): (i64, u64)) -> Option<i64> {
    let whole = i128::from(entries).checked_mul(i128::from(spent))?;
    i64::try_from(divide_half_even(whole, i128::from(came))?).ok()
}
