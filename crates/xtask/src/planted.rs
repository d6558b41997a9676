//! `cargo xtask planted`: the test of the tests. Builds what the simulator reaches with mistakes
//! planted on purpose, and says for each in which world, and by which question, the simulator saw
//! it. It refuses to let them near a program that people run: see the test below.

use std::process::Command;

use crate::run;

/// The feature that plants them.
const FEATURE: &str = "planted-bugs";

/// Hunts every planted bug; one that is not found is an error.
pub fn planted() -> Result<(), String> {
    let mut build = run::cargo();
    // Of the whole workspace: what others wrote is there as it is, and not built a second time.
    build.args(["build", "--workspace", "--bin", "planted", "--features"]);
    build.arg(format!("handfast-testkit/{FEATURE}"));
    run::step("plant bugs", &mut build)?;
    let name = format!("planted{}", std::env::consts::EXE_SUFFIX);
    let hunt = run::target()?.join("debug").join(name);
    run::step("hunt planted bugs", &mut Command::new(hunt))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All crates of a tree with their features, as cargo resolves them.
    fn features(words: &[&str]) -> String {
        let mut tree = run::cargo();
        tree.args([
            "tree",
            "--offline",
            "--edges",
            "normal,build",
            "--format",
            "{lib} {f}",
        ]);
        let said = tree.args(words).output().unwrap();
        assert!(said.status.success(), "{said:?}");
        String::from_utf8(said.stdout).unwrap()
    }

    #[test]
    fn nothing_that_is_shipped_or_tested_has_planted_bugs() {
        let alone = ["--package", "handfast-cli"];
        let all = ["--workspace"];
        for words in [&alone[..], &all] {
            let tree = features(words);
            assert!(tree.contains("handfast_kernels"), "{tree}");
            assert!(!tree.contains(FEATURE), "{tree}");
        }
        let planted = ["--package", "handfast-testkit", "--features", FEATURE];
        assert!(features(&planted).contains(FEATURE));
    }
}
