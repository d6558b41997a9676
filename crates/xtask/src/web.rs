//! `cargo xtask web [build|check]`: the application in `web/`, by npm. What it builds lies in
//! `web/dist` and is put into the binary when that is compiled.
//!
//! Nothing is built that was built before: a stamp beside it says of which sources it is.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run;

/// Builds it, or checks it too.
pub fn web(words: &[String]) -> Result<(), String> {
    match words.first().map(String::as_str) {
        None | Some("build") => build(),
        Some("check") => check(),
        Some(other) => Err(format!("web: `{other}` is neither build nor check")),
    }
}

/// Builds the application, if it is not there as its sources are now.
pub fn build() -> Result<(), String> {
    let home = home();
    let stamp = home.join("dist").join(".stamp");
    let now = sources(&home)?;
    if fs::read_to_string(&stamp).is_ok_and(|built| built == now) {
        return Ok(());
    }
    packages(&home)?;
    run::step("build the application", npm().args(["run", "build"]))?;
    fs::write(&stamp, now).map_err(|error| format!("{}: {error}", stamp.display()))
}

/// Types, style, tests and sizes of the application, and its build.
pub fn check() -> Result<(), String> {
    packages(&home())?;
    run::step("check the application", npm().args(["run", "check"]))?;
    build()
}

/// Builds it, with all that its tests need at hand.
pub fn ready() -> Result<(), String> {
    packages(&home())?;
    build()
}

/// npm in the application's folder.
pub fn npm() -> Command {
    let mut npm = Command::new("npm");
    npm.current_dir(home());
    npm
}

fn home() -> PathBuf {
    run::root().join("web")
}

/// Fetches the packages that the lock file names, unless they are there.
fn packages(home: &Path) -> Result<(), String> {
    if !run::answers(Command::new("npm").arg("--version")) {
        return Err(
            "Node 20 or newer with npm builds the application, and there is no `npm`;\n       \
                    Debian: apt-get install nodejs npm"
                .into(),
        );
    }
    let wanted = hash_of(&home.join("package-lock.json"))?;
    let stamp = home.join("node_modules").join(".stamp");
    if fs::read_to_string(&stamp).is_ok_and(|there| there == wanted) {
        return Ok(());
    }
    let mut fetch = npm();
    fetch.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]);
    run::step("fetch what the application is built with", &mut fetch)?;
    fs::write(&stamp, wanted).map_err(|error| format!("{}: {error}", stamp.display()))
}

/// What everything is that the build reads.
fn sources(home: &Path) -> Result<String, String> {
    let mut files = Vec::new();
    collect(home, &mut files)?;
    files.sort();
    let mut all = DefaultHasher::new();
    for file in files {
        file.hash(&mut all);
        hash_of(&file)?.hash(&mut all);
    }
    Ok(format!("{:016x}", all.finish()))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    let said = |error: std::io::Error| format!("{}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(said)? {
        let path = entry.map_err(said)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if ["node_modules", "dist", "e2e", "shots"].contains(&name.as_ref()) {
            continue;
        }
        match path.is_dir() {
            true => collect(&path, files)?,
            false => files.push(path),
        }
    }
    Ok(())
}

fn hash_of(file: &Path) -> Result<String, String> {
    let bytes = fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    Ok(format!("{:016x}", hasher.finish()))
}
