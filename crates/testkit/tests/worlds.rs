//! Small worlds by the thousand: what the kernels count of each is the truth. `cargo xtask soak worlds` asks
//! more worlds, larger ones, and more of each.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use handfast_testkit::simulator::emission::known;
use handfast_testkit::simulator::kept::{Kind, seeds};
use handfast_testkit::simulator::world::{Size, World};
use handfast_testkit::simulator::{Case, Effort, Failure, SOAK, USUAL, check, check_seed, truth};
use handfast_testkit::tested;
use handfast_testkit::truth::issues;

/// Checks seeds on both cores; tells of all that fail, and of the first one in full.
fn check_all(seeds: &[u64], check: impl Fn(u64) -> Result<(), Failure> + Sync) {
    let next = AtomicUsize::new(0);
    let mut failures: Vec<Failure> = std::thread::scope(|scope| {
        let work = || {
            let mut failures = Vec::new();
            while let Some(seed) = seeds.get(next.fetch_add(1, Ordering::Relaxed)) {
                failures.extend(check(*seed).err());
            }
            failures
        };
        let workers = [scope.spawn(work), scope.spawn(work)];
        let found = workers.into_iter().map(|worker| worker.join().unwrap());
        found.flatten().collect()
    });
    failures.sort_by_key(|failure| failure.seed);
    if let Some(first) = failures.first() {
        let line = |failure: &Failure| format!("seed {}: {}\n", failure.seed, failure.what);
        let lines: String = failures.iter().take(20).map(line).collect();
        panic!(
            "at commit {}, {} of {} seeds fail; keep one in seeds/worlds.txt\n{lines}\n{first}",
            tested::commit(),
            failures.len(),
            seeds.len()
        );
    }
}

/// The seeds that once failed.
fn kept(kind: Kind) -> Vec<u64> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../seeds/worlds.txt");
    let text = std::fs::read_to_string(file).unwrap();
    seeds(&text, kind).unwrap()
}

#[test]
fn a_thousand_worlds_count_to_the_truth() {
    let seeds: Vec<u64> = (0..1_000).collect();
    check_all(&seeds, check_seed);
}

#[test]
fn a_seed_is_kept_under_its_kind_and_with_its_reason() {
    let text = "# about\n\n3 small why\n7 engine two words\n9 small so\n";
    assert_eq!(seeds(text, Kind::Small), Ok(vec![3, 9]));
    assert_eq!(seeds(text, Kind::Engine), Ok(vec![7]));
    assert_eq!(seeds(text, Kind::Large), Ok(vec![]));
    for line in ["3 why it is", "x small why", "3 small"] {
        assert!(seeds(line, Kind::Small).is_err(), "{line}");
    }
}

#[test]
fn worlds_that_once_failed_count_to_the_truth() {
    // More is asked of them than of any of the thousand, so that others may be among those.
    let more = Effort {
        questions: 2 * USUAL.questions,
        ..USUAL
    };
    let small = kept(Kind::Small);
    assert!(!small.is_empty());
    check_all(&small, |seed| check(seed, Size::small(seed), more));
    check_all(&kept(Kind::Large), |seed| {
        check(seed, Size::large(seed), SOAK)
    });
}

/// What sources say, where they say all, is held against what truly happened, often enough. Every
/// eighth seed says all.
#[test]
fn many_stages_that_were_truly_entered_are_held_against_the_truth() {
    let compared = |seed| Case::of(seed, Size::small(seed), USUAL).against_the_world();
    let seeds = (0..1_000).step_by(8);
    let compared: Vec<usize> = seeds.map(|seed| compared(seed).unwrap()).collect();
    let worlds = compared.iter().filter(|stages| **stages > 0).count();
    let stages: usize = compared.iter().sum();
    println!("{stages} stages of {worlds} worlds");
    assert!(worlds >= 20 && stages > 800, "{stages} of {worlds} worlds");
}

#[test]
fn a_seed_tells_one_world_and_different_seeds_different_ones() {
    let story = |seed| World::of(seed, Size::small(seed));
    assert_eq!(story(7), story(7));
    assert_ne!(story(7), story(8));
    let whole = |seed| {
        let case = Case::of(seed, Size::small(seed), USUAL);
        (case.emitted, case.definitions)
    };
    assert_eq!(whole(7), whole(7));
    let (told, other) = (whole(7), whole(8));
    assert_ne!(told.0, other.0);
    assert_ne!(told.1, other.1);
    let stories: Vec<usize> = (0..20)
        .map(|seed| {
            story(seed)
                .accounts
                .iter()
                .map(|account| account.story.len())
                .sum()
        })
        .collect();
    assert!(stories.iter().all(|events| *events > 50), "{stories:?}");
    let accounts: Vec<usize> = (0..200).map(|seed| Size::small(seed).accounts).collect();
    assert!(accounts.iter().all(|count| (20..=200).contains(count)));
}

/// Worlds are compared in what is wrong with them, too: each code that they can show is shown.
#[test]
fn whatever_can_be_wrong_is_wrong_in_some_world() {
    let mut facts: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 0..100 {
        let case = Case::of(seed, Size::small(seed), USUAL);
        for asked in case.asked() {
            let meaning = &asked.definitions.meaning;
            let said = known(&case.emitted.rows, asked.commit, meaning.zone);
            let found = truth(said, asked.definitions, asked.horizon);
            for (code, _) in issues::issues(&found, meaning) {
                *facts.entry(code).or_default() += 1;
            }
        }
    }
    println!("{facts:?}");
    let codes = "W0101 W0102 W0103 W0104 W0105 W0108 W0109 W0116 W0117 W0120 W0121 W0122 W0123";
    assert_eq!(facts.keys().copied().collect::<Vec<_>>().join(" "), codes);
}

/// How many questions a soak asks at each moment of knowledge.
fn moments(seed: u64, size: Size) -> Vec<usize> {
    let case = Case::of(seed, size, SOAK);
    case.asked().iter().map(|asked| asked.asks.len()).collect()
}

#[test]
fn a_soak_asks_forty_questions_at_twenty_moments_and_every_change_eight_at_two() {
    let smallest = |seed: &u64| Size::large(*seed).accounts == 200;
    for seed in (0..100).filter(smallest).take(2) {
        let asked = moments(seed, Size::large(seed));
        assert_eq!(asked.len(), SOAK.as_ofs, "seed {seed}");
        assert!(
            asked.iter().all(|asks| *asks >= SOAK.questions),
            "{asked:?}"
        );
    }
    for seed in 0..20 {
        let case = Case::of(seed, Size::small(seed), USUAL);
        let asked = case.asked();
        assert_eq!(asked.len(), USUAL.as_ofs, "seed {seed}");
        let is_asked = |asks: usize| asks >= USUAL.questions;
        assert!(asked.iter().all(|asked| is_asked(asked.asks.len())));
    }
}

/// What `cargo xtask soak worlds` sets in the environment.
fn asked(name: &str) -> Option<u64> {
    let said = std::env::var(name).ok()?;
    Some(
        said.parse()
            .unwrap_or_else(|_| panic!("{name}={said} is no number")),
    )
}

#[test]
fn soak() {
    let asked = (asked("SOAK_FROM"), asked("SOAK_SEEDS"), asked("SOAK_LARGE"));
    let (Some(from), Some(small), Some(large)) = asked else {
        println!("skipped: `cargo xtask soak worlds` asks these");
        return;
    };
    let seeds: Vec<u64> = (from..from + small).collect();
    check_all(&seeds, check_seed);
    let large: Vec<u64> = (from..from + large).collect();
    check_all(&large, |seed| {
        let size = Size::large(seed);
        let asked = moments(seed, size);
        let questions: usize = asked.iter().sum();
        println!(
            "large world {seed}: {size:?}, {questions} questions at {} moments",
            asked.len()
        );
        check(seed, size, SOAK)
    });
}
