//! Who was right: what was forecast against what came, in whole numbers.
//!
//! WAPE is Σ|A − F| over Σ A, bias Σ(F − A) over Σ A, where F is the middle of a range. The pinball
//! loss of a point q is q (A − F) where more came and (1 − q)(F − A) where less did; its mean over
//! 10, 50 and 90 % is over the mean of what came. Coverage is the share that came within 10 to
//! 90 %, both included.

/// A range of a figure: of all paths, or of a plain rule.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Range {
    /// In one of ten cases it is this or less.
    pub low: i64,
    /// In half of them.
    pub mid: i64,
    /// In nine of ten.
    pub high: i64,
    /// Its sum over all paths.
    pub sum: i128,
    /// How many paths.
    pub paths: u64,
}

impl Range {
    /// Of drawn figures; by nearest rank.
    pub fn of(mut drawn: Vec<i64>) -> Range {
        drawn.sort_unstable();
        let rank = |tenths: usize| {
            let place = (drawn.len() * tenths).div_ceil(10).max(1) - 1;
            drawn.get(place).copied().unwrap_or(0)
        };
        Range {
            low: rank(1),
            mid: rank(5),
            high: rank(9),
            sum: drawn.iter().map(|one| i128::from(*one)).sum(),
            paths: drawn.len() as u64,
        }
    }

    /// Its mean, half away from zero.
    pub fn mean(&self) -> i64 {
        let paths = i128::from(self.paths.max(1));
        let half = if self.sum < 0 { -paths } else { paths };
        i64::try_from((2 * self.sum + half) / (2 * paths)).unwrap_or(self.mid)
    }
}

/// How well ranges told what came.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Scores {
    /// How many were told.
    pub told: u64,
    /// What came, in all.
    pub came: i128,
    /// Σ|A − F|.
    pub off: i128,
    /// Σ(F − A).
    pub over: i128,
    /// Ten times the pinball losses of the three points.
    pub pinball: i128,
    /// How many came within their range.
    pub within: u64,
}

impl Scores {
    /// Takes in what was told and what came.
    pub fn add(&mut self, told: &Range, came: i64) {
        let (came, mid) = (i128::from(came), i128::from(told.mid));
        self.told += 1;
        self.came += came;
        self.off += (came - mid).abs();
        self.over += mid - came;
        self.within += u64::from(i128::from(told.low) <= came && came <= i128::from(told.high));
        let points = [(told.low, 1), (told.mid, 5), (told.high, 9)];
        let losses = points.map(|(point, tenths)| {
            let more = came - i128::from(point);
            if more > 0 {
                tenths * more
            } else {
                (tenths - 10) * more
            }
        });
        self.pinball += losses.iter().sum::<i128>();
    }

    /// The mean pinball loss over the mean of what came: part and whole.
    pub fn pinball_share(&self) -> (i128, i128) {
        (self.pinball, 30 * self.came)
    }
}
