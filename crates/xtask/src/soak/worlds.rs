//! `cargo xtask soak worlds`: more invented worlds than a change can wait for, larger ones, more
//! asked of each, and more of them through the whole engine. What fails prints its seed and commit,
//! and belongs into `seeds/`.

use crate::run;

/// How it is called.
pub const USE: &str = "soak worlds [--from SEED] [--seeds N] [--large N] [--engine N] [--orders N]";

/// What is asked unless words say otherwise, and the variable by which the tests hear of it.
const NUMBERS: [(&str, &str, u64); 5] = [
    ("--from", "SOAK_FROM", 1_000),
    ("--seeds", "SOAK_SEEDS", 20_000),
    ("--large", "SOAK_LARGE", 20),
    ("--engine", "SOAK_ENGINE", 200),
    ("--orders", "SOAK_ORDERS", 3),
];

/// Asks worlds: 20,000 small ones and 20 large ones of the kernels, 200 of the whole engine in
/// three more orders of arrival each. The seeds are none of those that every run of the tests asks.
pub fn worlds(words: &[String]) -> Result<(), String> {
    let mut numbers = NUMBERS;
    for pair in words.chunks(2) {
        let (name, number) = match pair {
            [name, number] => (name, number.parse().map_err(|_| USE)?),
            _ => return Err(USE.to_owned()),
        };
        let known = numbers.iter_mut().find(|(known, ..)| known == name);
        known.ok_or(USE)?.2 = number;
    }
    // What the tests of the workspace have built already.
    let kernels = ["--workspace", "--test", "worlds"];
    let engine = ["--workspace", "--test", "simulator"];
    let mut failed = Vec::new();
    for (title, which) in [
        ("ask invented worlds", &kernels),
        ("send invented worlds through the whole engine", &engine),
    ] {
        let mut tests = run::cargo();
        tests.arg("test").args(which);
        tests.args(["--", "--exact", "--nocapture", "soak"]);
        let numbers = numbers.iter();
        tests.envs(numbers.map(|(_, name, number)| (name, number.to_string())));
        failed.extend(run::step(title, &mut tests).err());
    }
    match failed.is_empty() {
        true => Ok(()),
        false => Err(failed.join("\n")),
    }
}
