//! `cargo xtask soak abuse`: kills, power cuts, failing and full disks, rivals, flipped bits and a
//! million rows with repeats, as often as it takes to believe the result. Words after it choose
//! tests by name.

use crate::{mounts, run};

/// The tests that do more in a soak: kind of target, words that choose tests. Those of the whole
/// workspace are what its tests have built already.
const TIERS: [(&[&str], &str); 3] = [
    (&["--lib"], "abuse"),
    (&["--test", "book"], "kills"),
    (&["--test", "derived"], "flipped"),
];

/// Runs them, with `HANDFAST_SOAK` set; says aloud what cannot be mounted.
pub fn abuse(words: &[String]) -> Result<(), String> {
    let (mut failed, mounts) = (Vec::new(), mounts::possible());
    for (target, filter) in TIERS {
        let mut tests = run::cargo();
        tests
            .env("HANDFAST_SOAK", "1")
            .env("HANDFAST_MOUNTS", &mounts);
        tests.args(["test", "--workspace"]).args(target);
        tests.args(words.iter().filter(|word| *word != "--"));
        if words.is_empty() {
            tests.arg(filter);
        }
        // Their own words tell how much was done; one after another leaves the disk to each.
        tests.args(["--", "--nocapture", "--test-threads", "2"]);
        failed.extend(run::step(&format!("soak {filter}"), &mut tests).err());
    }
    match failed.is_empty() {
        true => Ok(()),
        false => Err(failed.join("\n")),
    }
}
