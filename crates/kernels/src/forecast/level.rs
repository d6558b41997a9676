//! How often something happens of late, and how far that may be off: counts of equal blocks of days
//! against what was expected of them.
//!
//! The level is a sum of counts over a sum of what was expected, in which each block weighs a share
//! of the one after it. Which share, past blocks say: the one that would have foretold them best,
//! each from those before it. What these foretellings were off by, beyond what chance does to
//! counts, is the spread (Harvey and Fernandes 1989 have the same filter).

/// How much the block before weighs against a block.
const KEPT: [f64; 5] = [1.0, 0.8, 0.6, 0.4, 0.2];
/// Events that the whole mean counts for before the first block.
const BEFORE: f64 = 2.0;
/// Where few blocks say it, a level is taken to be off by 15 %: its square, as if by two blocks.
const USUAL: (f64, f64) = (0.0225, 2.0);

/// How often something happens, and the variance of that on the scale of its mean.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Level {
    /// Events for each that is expected.
    pub mean: f64,
    /// The variance, as a share of the mean's square.
    pub spread: f64,
}

/// The level after blocks of what was counted and what was expected, the oldest first.
pub fn level(blocks: &[(u64, f64)]) -> Level {
    let counted: u64 = blocks.iter().map(|(count, _)| count).sum();
    let expected: f64 = blocks.iter().map(|(_, expected)| expected).sum();
    if counted == 0 || expected <= 0.0 {
        // Nothing in all that was expected: less than one.
        let mean = if expected > 0.0 { 0.5 / expected } else { 0.0 };
        return Level { mean, spread: 2.0 };
    }
    let whole = counted as f64 / expected;
    let told = KEPT.map(|kept| foretold(blocks, whole, kept));
    let best = told
        .into_iter()
        .reduce(|best, one| match one.off < best.off {
            true => one,
            false => best,
        });
    best.map_or(
        Level {
            mean: whole,
            spread: USUAL.0,
        },
        |best| best.level(),
    )
}

struct Foretold {
    mean: f64,
    /// Events behind the mean.
    weight: f64,
    /// What it was off by, in squares over what chance does.
    off: f64,
    /// Squares beyond chance, and of what was foretold.
    beyond: f64,
    squares: f64,
    blocks: usize,
}

fn foretold(blocks: &[(u64, f64)], whole: f64, kept: f64) -> Foretold {
    let (mut count, mut expected) = (BEFORE, BEFORE / whole);
    let mut told = Foretold {
        mean: whole,
        weight: 0.0,
        off: 0.0,
        beyond: 0.0,
        squares: 0.0,
        blocks: blocks.len(),
    };
    for (seen, of) in blocks {
        let foretold = count / expected * of;
        let square = (*seen as f64 - foretold).powi(2);
        told.off += square / (foretold + 1.0);
        told.beyond += square - foretold;
        told.squares += foretold * foretold;
        count = count * kept + *seen as f64;
        expected = expected * kept + of;
    }
    told.mean = count / expected;
    told.weight = count;
    told
}

impl Foretold {
    fn level(&self) -> Level {
        let usual = self.squares / self.blocks.max(1) as f64 * USUAL.1;
        let spread = (self.beyond + USUAL.0 * usual) / (self.squares + usual);
        Level {
            mean: self.mean,
            spread: spread.max(1.0 / (self.weight + 2.0)).min(2.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_steady_keeps_its_mean_and_what_moves_follows() {
        let steady: Vec<(u64, f64)> = (0..24).map(|_| (100, 50.0)).collect();
        let found = level(&steady);
        assert!((found.mean - 2.0).abs() < 1e-9);
        assert!(found.spread < 0.01, "{found:?}");
        let doubled = (0..24).map(|block| (if block < 20 { 100 } else { 200 }, 50.0));
        let found = level(&doubled.collect::<Vec<_>>());
        assert!(found.mean > 3.8, "{found:?}");
    }

    #[test]
    fn what_jumps_about_is_spread() {
        let jumps = (0..24).map(|block| (if block % 2 == 0 { 60 } else { 140 }, 1.0));
        let found = level(&jumps.collect::<Vec<_>>());
        assert!((90.0..110.0).contains(&found.mean), "{found:?}");
        assert!((0.1..0.25).contains(&found.spread), "{found:?}");
    }

    #[test]
    fn where_nothing_was_seen_nearly_nothing_is_expected() {
        assert_eq!(level(&[]).mean, 0.0);
        assert!(level(&[(0, 10.0), (0, 10.0)]).mean < 0.05);
    }
}
