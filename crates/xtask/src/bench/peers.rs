//! The programs that Handfast is measured against: DuckDB and ClickHouse as Python packages. A
//! machine without Python or without a network measures Handfast alone, and says so.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{python, run};

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
        let found = python::environment("bench-peers", &PACKAGES);
        if let Err(why) = &found {
            eprintln!("\n==> SKIPPED: all comparison with DuckDB and ClickHouse: {why}");
        }
        found.ok().map(|programs| Peers(programs.join("python")))
    }

    /// Whether a package is there; tries once to install what credit is compared with.
    pub fn has(&self, package: &str) -> bool {
        let is_there = || {
            let version =
                "import sys; from importlib.metadata import version; version(sys.argv[1])";
            run::answers(Command::new(&self.0).args(["-c", version, package]))
        };
        is_there() || python::install(&self.0, "peers of credit", &OF_CREDIT).is_ok() && is_there()
    }

    /// A command that runs a script in a folder, with words for it.
    pub fn command(&self, folder: &Path, script: &str, words: &[&str]) -> Command {
        let mut python = Command::new(&self.0);
        python.current_dir(folder).args(["-c", script]).args(words);
        python
    }
}
