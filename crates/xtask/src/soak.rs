//! `cargo xtask soak WHAT`: in full what a test run does a part of. It takes an hour rather than
//! minutes, so it is run before a release and not with every change.

mod abuse;
mod worlds;

/// Runs one of the heavy tiers.
pub fn soak(words: &[String]) -> Result<(), String> {
    match words.split_first() {
        Some((what, rest)) if what == "worlds" => worlds::worlds(rest),
        Some((what, rest)) if what == "abuse" => abuse::abuse(rest),
        _ => Err(format!("{}, or soak abuse [TESTS]", worlds::USE)),
    }
}
