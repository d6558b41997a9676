//! Chance from a seed alone: SplitMix64, with named forks so that a change in one chapter of the
//! story leaves the others as they were. Nothing here reads a clock or the machine.

/// A source of chance.
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Dice {
        Dice(mix(seed ^ 0x6f64_6477_6174_6572))
    }

    /// Dice for one part of the story, unmoved by what the other parts threw.
    pub(crate) fn fork(&self, part: &str, number: usize) -> Dice {
        let named = part
            .bytes()
            .fold(self.0, |state, byte| mix(state ^ u64::from(byte)));
        Dice(mix(named ^ mix(number as u64)))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// A whole number from `low` to `high`, both possible.
    pub(crate) fn between(&mut self, low: i32, high: i32) -> i32 {
        let span = u64::from(high.abs_diff(low)) + 1;
        let step = i32::try_from(self.next() % span).unwrap_or(0);
        low.min(high) + step
    }

    /// True this many times in a hundred.
    pub(crate) fn chance(&mut self, percent: i32) -> bool {
        self.between(1, 100) <= percent
    }

    /// One of a list that is never empty.
    #[allow(clippy::indexing_slicing)] // The remainder is below N, and N is at least one below.
    pub(crate) fn pick<T: Copy, const N: usize>(&mut self, items: &[T; N]) -> T {
        const { assert!(N > 0) };
        items[(self.next() % N as u64) as usize]
    }
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
