//! `cargo xtask browser [NAME…]`: the real binary and the demo's book in a real browser, by the
//! tests in `web/e2e`. `cargo xtask browser screens [FOLDER]`: pictures of every page instead.
//!
//! The tests start their own servers; here is only who runs them: npm, on the binary beside us,
//! with a Chromium that is found or installed (`tools`).

use std::path::{Path, PathBuf};

use crate::run::{self, Missing};
use crate::{tools, web};

/// Where pictures go unless told: beside what is built, and never into the tree.
const SCREENS: &str = "screens";

/// Builds everything, and tests it or takes pictures of it.
pub fn browser(words: &[String]) -> Result<(), String> {
    let asked = asked(words);
    let chromium = tools::chromium().map_err(Missing::why)?;
    web::ready()?;
    let mut build = run::cargo();
    build.args(["build", "--workspace", "--bin", "handfast"]);
    run::step("build handfast", &mut build)?;
    match asked {
        Asked::Screens(folder) => screens(&chromium, folder.map(PathBuf::from)),
        Asked::Tests(names) => tests(&chromium, &names),
    }
}

/// The step of `cargo xtask test`, when everything is built: all tests, or one loud line.
pub fn step() -> Result<(), String> {
    match tools::chromium() {
        Ok(chromium) => tests(&chromium, &[]),
        Err(missing) => run::left_out("all tests in a browser", missing, run::is_whole()),
    }
}

/// What is to be done.
#[derive(Debug, PartialEq)]
enum Asked<'w> {
    Screens(Option<&'w str>),
    /// Of those files of tests whose names hold one of these; of all where there is none.
    Tests(Vec<&'w str>),
}

fn asked(words: &[String]) -> Asked<'_> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["screens", rest @ ..] => Asked::Screens(rest.iter().copied().find(|word| *word != "--")),
        all => Asked::Tests(all.iter().copied().filter(|word| *word != "--").collect()),
    }
}

fn tests(chromium: &Path, names: &[&str]) -> Result<(), String> {
    let mut tests = web::npm();
    tests.args(["run", "--silent", "e2e", "--"]).args(names);
    tests.env("HANDFAST", run::binary("debug")?);
    run::step("tests in a browser", tests.env("CHROMIUM", chromium))
}

fn screens(chromium: &Path, folder: Option<PathBuf>) -> Result<(), String> {
    // npm runs in a folder of its own.
    let folder = match folder {
        Some(folder) => std::path::absolute(folder).map_err(|error| format!("screens: {error}"))?,
        None => run::target()?.join(SCREENS),
    };
    let mut screens = web::npm();
    screens.args(["run", "--silent", "screens"]);
    screens.env("HANDFAST", run::binary("debug")?);
    screens.env("HANDFAST_SCREENS", &folder);
    run::step("pictures of every page", screens.env("CHROMIUM", chromium))?;
    eprintln!("    {}", folder.join("index.html").display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_asked_for_by_their_word_and_all_else_names_tests() {
        let words = |text: &str| -> Vec<String> {
            let words = text.split_whitespace();
            words.map(str::to_owned).collect()
        };
        assert_eq!(asked(&words("")), Asked::Tests(Vec::new()));
        assert_eq!(
            asked(&words("-- parity slow")),
            Asked::Tests(vec!["parity", "slow"])
        );
        assert_eq!(asked(&words("screens")), Asked::Screens(None));
        assert_eq!(asked(&words("screens -- out")), Asked::Screens(Some("out")));
    }
}
