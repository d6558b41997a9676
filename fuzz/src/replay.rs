//! Replays what is kept for a parser, and mutants of it, without a fuzzer.

use std::path::Path;

/// Reads every kept file of a parser, then mutants of them.
pub fn replay(parser: &str, mutants: u32, read: fn(&str, &[u8])) {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/corpus")
        .join(parser);
    let mut paths: Vec<_> = std::fs::read_dir(&home)
        .unwrap_or_else(|error| panic!("{}: {error}", home.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let kept: Vec<Vec<u8>> = paths
        .iter()
        .map(|path| std::fs::read(path).unwrap())
        .collect();
    assert!(!kept.is_empty(), "nothing is kept for {parser}");
    kept.iter().for_each(|bytes| read(parser, bytes));
    let seed = std::env::var("HANDFAST_SEED")
        .ok()
        .and_then(|text| text.parse().ok());
    let mut random = Random(seed.unwrap_or(0x2545_f491_4f6c_dd1d));
    for _ in 0..mutants {
        let bytes = random.mutant(&kept);
        read(parser, &bytes);
    }
    println!("{parser}: {} kept, {mutants} mutants", kept.len());
}

/// Hands over mutants of one text.
#[allow(dead_code)]
pub fn mutants(of: &[u8], count: u32, mut each: impl FnMut(&[u8])) {
    let (mut random, kept) = (Random(0x2545_f491_4f6c_dd1d), [of.to_vec()]);
    (0..count).for_each(|_| each(&random.mutant(&kept)));
}

/// Marsaglia's xorshift: enough for mutants, and the same on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below.max(1) as u64) as usize
    }

    /// One of the kept files, changed in a few places; sometimes with a piece of another.
    fn mutant(&mut self, kept: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = kept[self.below(kept.len())].clone();
        for _ in 0..=self.below(6) {
            let at = self.below(bytes.len() + 1);
            match self.below(7) {
                0 if at < bytes.len() => bytes[at] = self.below(256) as u8,
                1 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
                2 => bytes.truncate(at),
                3 => drop(bytes.splice(at..at, SPICE[self.below(SPICE.len())].iter().copied())),
                4 if at < bytes.len() => drop(bytes.remove(at)),
                5 => {
                    let other = &kept[self.below(kept.len())];
                    let from = self.below(other.len() + 1);
                    let until = (from + self.below(40)).min(other.len());
                    drop(bytes.splice(at..at, other[from..until].iter().copied()));
                }
                _ => {
                    let until = (at + self.below(9)).min(bytes.len());
                    drop(bytes.drain(at..until));
                }
            }
        }
        bytes
    }
}

/// What readers stumble over.
const SPICE: [&[u8]; 24] = [
    b"\"",
    b"{",
    b"]",
    b",",
    b"\n",
    b"\r",
    b"\0",
    b"\t",
    b"'",
    b"(",
    b"--",
    b"\\ud800",
    b"\xff\xff\xff\xff\x0f",
    b"1e999",
    b"NaN",
    b"-0",
    b"9007199254740993",
    b"\x1f\x8b",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"0000-01-01",
    b"9999-12-31T23:59:60Z",
    "\u{202e}".as_bytes(),
    "\u{1f600}".as_bytes(),
];
