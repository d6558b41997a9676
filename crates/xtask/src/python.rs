//! Programs written in Python that we run and never link. Each set lies in a virtual environment
//! of its own, in the cache folder of whoever runs us, and is installed once.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run;

/// Whether an environment has exactly these versions.
const HAS: &str = "import sys; from importlib.metadata import version
sys.exit(any(version(n) != v for n, v in (w.split('==') for w in sys.argv[1:])))";

/// The folder with the programs of an environment that has these packages, as `name==version`;
/// makes it where it is missing or has others.
pub fn environment(name: &str, packages: &[&str]) -> Result<PathBuf, String> {
    let folder = cache().ok_or("neither XDG_CACHE_HOME nor HOME is set")?;
    let folder = folder.join("handfast").join(name);
    let programs = folder.join("bin");
    let python = programs.join("python");
    if has(&python, packages) {
        return Ok(programs);
    }
    let mut make = Command::new("python3");
    let title = format!("make an environment for {name}");
    run::step(&title, make.args(["-m", "venv"]).arg(&folder))?;
    install(&python, name, packages)?;
    match has(&python, packages) {
        true => Ok(programs),
        false => Err(format!("{} lacks {packages:?}", python.display())),
    }
}

/// Installs packages into the environment of a Python.
pub fn install(python: &Path, name: &str, packages: &[&str]) -> Result<(), String> {
    let mut pip = Command::new(python);
    pip.args(["-m", "pip", "install", "--quiet"]);
    pip.arg("--disable-pip-version-check").args(packages);
    run::step(&format!("install {name}"), &mut pip)
}

fn has(python: &Path, packages: &[&str]) -> bool {
    run::answers(Command::new(python).args(["-c", HAS]).args(packages))
}

fn cache() -> Option<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|path| !path.is_empty());
    let home = || set("HOME").map(|home| PathBuf::from(home).join(".cache"));
    set("XDG_CACHE_HOME").map(PathBuf::from).or_else(home)
}
