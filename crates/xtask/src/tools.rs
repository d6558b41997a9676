//! Programs of others that some tests need: Chromium, slowhttptest, valgrind. Where one is missing,
//! Debian's is installed if we may; else the tests that need it are left out, and that is said
//! aloud.

use std::path::PathBuf;
use std::process::Command;

use crate::run::{self, Missing};

/// Names under which Chromium goes.
const CHROMIUM: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// Chromium: what `CHROMIUM` names, else what is found, else what can be installed.
pub fn chromium() -> Result<PathBuf, Missing> {
    if let Some(named) = std::env::var_os("CHROMIUM").filter(|path| !path.is_empty()) {
        return Ok(PathBuf::from(named));
    }
    let find = || CHROMIUM.into_iter().find_map(on_path);
    let why = "there is no Chromium: install it, or name one in CHROMIUM; \
               Debian: apt-get install chromium";
    find()
        .or_else(|| debian("chromium").then(find)?)
        .ok_or_else(|| missing(why))
}

/// slowhttptest, and curl beside it: found, or installed.
pub fn slowhttptest() -> Result<(), Missing> {
    for program in ["slowhttptest", "curl"] {
        let is_there = || on_path(program).is_some();
        let is_here = is_there() || debian(program) && is_there();
        if !is_here {
            return Err(missing(&format!("{program} is not installed")));
        }
    }
    Ok(())
}

/// valgrind: found, or installed.
pub fn valgrind() -> Result<(), Missing> {
    let is_there = || on_path("valgrind").is_some();
    match is_there() || debian("valgrind") && is_there() {
        true => Ok(()),
        false => Err(missing("valgrind is not installed")),
    }
}

/// What is not there although we looked: nobody lets us install it, or that failed.
fn missing(why: &str) -> Missing {
    match may_install() {
        true => Missing::Failed(why.to_owned()),
        false => Missing::Impossible(why.to_owned()),
    }
}

/// Whether we may install packages of Debian.
fn may_install() -> bool {
    is_root() && on_path("apt-get").is_some()
}

/// Whether tests may mount file systems of their own, and we install packages.
pub fn is_root() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ids = status.lines().find_map(|line| line.strip_prefix("Uid:"));
    ids.is_some_and(|ids| ids.split_whitespace().nth(1) == Some("0"))
}

/// Where a program lies, by the folders in which the shell would look.
fn on_path(name: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    let places = std::env::split_paths(&folders).map(|folder| folder.join(name));
    places.into_iter().find(|place| place.is_file())
}

/// Installs a package of Debian where we are root and there is `apt-get`; whether that worked.
fn debian(package: &str) -> bool {
    if !may_install() {
        return false;
    }
    let apt = |words: &[&str]| {
        let mut apt = Command::new("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive");
        apt.args(["--quiet", "--quiet", "--yes"]).args(words);
        apt
    };
    let installed = run::step("look what Debian has", &mut apt(&["update"])).and_then(|()| {
        let words = ["install", "--no-install-recommends", package];
        run::step(&format!("install {package}"), &mut apt(&words))
    });
    if let Err(why) = &installed {
        eprintln!("{why}");
    }
    installed.is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_where_the_shell_finds_it() {
        assert!(on_path("sh").is_some_and(|place| place.is_absolute()));
        assert_eq!(on_path("no-program-has-this-name"), None);
    }
}
