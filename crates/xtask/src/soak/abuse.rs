//! `cargo xtask soak abuse`: kills, power cuts, failing and full disks, rivals and flipped bits, as
//! often as it takes to believe the result. Words after it choose tests by name.

use crate::run;

/// The tests that do more in a soak: crate, kind of target, words that choose tests.
const TIERS: [(&str, &[&str], &str); 2] = [
    ("handfast-ledger", &["--lib"], "abuse"),
    ("handfast-cli", &["--test", "book"], "kills"),
];

/// Runs them, with `HANDFAST_SOAK` set; says where root is missing.
pub fn abuse(words: &[String]) -> Result<(), String> {
    let mut failed = Vec::new();
    for (package, target, filter) in TIERS {
        let mut tests = run::cargo();
        tests.env("HANDFAST_SOAK", "1");
        tests.args(["test", "--package", package]).args(target);
        tests.args(words.iter().filter(|word| *word != "--"));
        if words.is_empty() && !filter.is_empty() {
            tests.arg(filter);
        }
        // Their own words tell how much was done; one after another leaves the disk to each.
        tests.args(["--", "--nocapture", "--test-threads", "2"]);
        failed.extend(run::step(&format!("soak {package}"), &mut tests).err());
    }
    match failed.is_empty() {
        true => Ok(()),
        false => Err(failed.join("\n")),
    }
}
