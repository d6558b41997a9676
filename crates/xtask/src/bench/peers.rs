//! The programs that Handfast is measured against: DuckDB and ClickHouse as Python packages, put
//! into a virtual environment in the cache folder of whoever runs the bench. A machine without
//! Python or without a network measures Handfast alone, and says so.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run;

/// What is installed. Fixed, so that two runs meet the same peers.
pub const PACKAGES: [&str; 2] = ["duckdb==2.0.1", "chdb==4.4.0"];
/// What only credit is compared with, and may be missing.
const OF_CREDIT: [&str; 3] = [
    "ChannelAttribution==2.2.5",
    "matplotlib",
    "marketing-attribution-models==2.1.1",
];

/// A Python that has the peers.
pub struct Peers(PathBuf);

impl Peers {
    /// Finds or installs them; `None`, aloud, where that cannot be.
    pub fn find() -> Option<Peers> {
        let found = install();
        if let Err(why) = &found {
            eprintln!("\n==> SKIPPED: all comparison with DuckDB and ClickHouse: {why}");
        }
        found.ok()
    }

    /// Whether a package is there; tries once to install what credit is compared with.
    pub fn has(&self, package: &str) -> bool {
        let is_there = || {
            let version =
                "import sys; from importlib.metadata import version; version(sys.argv[1])";
            run::answers(Command::new(&self.0).args(["-c", version, package]))
        };
        is_there() || {
            let mut pip = Command::new(&self.0);
            pip.args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
            ]);
            run::step("install peers of credit", pip.args(OF_CREDIT)).is_ok() && is_there()
        }
    }

    /// A command that runs a script in a folder, with words for it.
    pub fn command(&self, folder: &Path, script: &str, words: &[&str]) -> Command {
        let mut python = Command::new(&self.0);
        python.current_dir(folder).args(["-c", script]).args(words);
        python
    }
}

fn install() -> Result<Peers, String> {
    let folder = cache().ok_or("neither XDG_CACHE_HOME nor HOME is set")?;
    let folder = folder.join("handfast").join("bench-peers");
    let python = folder.join("bin").join("python");
    let is_there = |python: &Path| {
        let versions = "import sys; from importlib.metadata import version
sys.exit(any(version(n) != v for n, v in (w.split('==') for w in sys.argv[1:])))";
        run::answers(Command::new(python).args(["-c", versions]).args(PACKAGES))
    };
    if !is_there(&python) {
        let mut make = Command::new("python3");
        run::step(
            "make an environment for the peers",
            make.args(["-m", "venv"]).arg(&folder),
        )?;
        let mut pip = Command::new(&python);
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]);
        run::step("install DuckDB and ClickHouse", pip.args(PACKAGES))?;
    }
    match is_there(&python) {
        true => Ok(Peers(python)),
        false => Err(format!("{} lacks {PACKAGES:?}", python.display())),
    }
}

fn cache() -> Option<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|path| !path.is_empty());
    let home = || set("HOME").map(|home| PathBuf::from(home).join(".cache"));
    set("XDG_CACHE_HOME").map(PathBuf::from).or_else(home)
}
