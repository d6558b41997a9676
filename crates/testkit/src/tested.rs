//! Which commit is tested: whoever reads a failure must be able to see it again.

use std::process::Command;

/// The commit, in short; nothing where there is no git.
pub fn commit() -> String {
    let mut git = Command::new("git");
    let asked = git.args(["rev-parse", "--short", "HEAD"]).output();
    let said = asked.map(|said| String::from_utf8_lossy(&said.stdout).trim().to_owned());
    said.unwrap_or_default()
}
