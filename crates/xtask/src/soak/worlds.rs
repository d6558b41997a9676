//! `cargo xtask soak worlds`: more invented worlds than a change can wait for, larger ones, more
//! asked of each. What fails prints its seed and commit, and belongs into `seeds/`.

use crate::run;

const USE: &str = "soak worlds [--from SEED] [--seeds N] [--large N]";

/// Asks worlds: 20,000 small ones and 20 large ones, after those that every run of the tests asks.
pub fn worlds(words: &[String]) -> Result<(), String> {
    let mut numbers = [("--from", 1_000), ("--seeds", 20_000), ("--large", 20)];
    for pair in words.chunks(2) {
        let (name, number) = match pair {
            [name, number] => (name, number.parse().map_err(|_| USE)?),
            _ => return Err(USE.to_owned()),
        };
        let known = numbers.iter_mut().find(|(known, _)| known == name);
        known.ok_or(USE)?.1 = number;
    }
    let mut tests = run::cargo();
    tests.args(["test", "--package", "handfast-testkit", "--test", "worlds"]);
    tests.args(["--", "--exact", "--nocapture", "soak"]);
    for ((_, number), name) in numbers
        .iter()
        .zip(["SOAK_FROM", "SOAK_SEEDS", "SOAK_LARGE"])
    {
        tests.env(name, number.to_string());
    }
    run::step("ask invented worlds", &mut tests)
}
