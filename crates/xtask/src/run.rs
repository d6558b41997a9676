//! Calling other programs, one announced step after the other. Output goes straight to the
//! terminal: nothing is swallowed, and the last lines of a step are the program's own.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// The folder of the workspace: as cargo says when it runs us, since one target folder may serve
/// several checkouts and what was built in another is not built again.
pub fn root() -> PathBuf {
    let told = std::env::var_os("CARGO_MANIFEST_DIR");
    let here = told.map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.ancestors().nth(2).unwrap_or(&here).to_path_buf()
}

/// The cargo that runs us.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Says what comes, runs it, says how long it took. The error names the step and what to do.
pub fn step(title: &str, command: &mut Command) -> Result<(), String> {
    eprintln!("\n==> {title}");
    let started = Instant::now();
    let status = command
        .status()
        .map_err(|error| format!("{title}: {} did not start: {error}", shown(command)))?;
    let seconds = started.elapsed().as_secs_f64();
    if status.success() {
        eprintln!("    done in {seconds:.1} s");
        Ok(())
    } else {
        Err(format!(
            "{title}: failed after {seconds:.1} s ({status})\n       again: {}",
            shown(command)
        ))
    }
}

/// Whether nothing may be left out that could be done here: `HANDFAST_WHOLE` says so, in CI.
pub fn is_whole() -> bool {
    let said = std::env::var("HANDFAST_WHOLE").unwrap_or_default();
    !matches!(said.trim(), "" | "0")
}

/// Why something is not there that a step needs.
#[derive(Debug, PartialEq)]
pub enum Missing {
    /// Nobody lets us bring it here.
    Impossible(String),
    /// It could be here, and is not.
    Failed(String),
}

impl Missing {
    /// What it says.
    pub fn why(self) -> String {
        match self {
            Missing::Impossible(why) | Missing::Failed(why) => why,
        }
    }
}

/// Leaves `what` out, aloud; where all is to be done and this could be, that is an error.
pub fn left_out(what: &str, missing: Missing, is_whole: bool) -> Result<(), String> {
    match missing {
        Missing::Failed(why) if is_whole => Err(format!(
            "{what}: {why}\n       nothing is left out here; HANDFAST_WHOLE=0 lets it be"
        )),
        missing => {
            eprintln!("\n==> SKIPPED: {what}: {}", missing.why());
            Ok(())
        }
    }
}

/// Whether a command is there and answers.
pub fn answers(command: &mut Command) -> bool {
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

/// The target folder that this program was built into.
pub fn target() -> Result<PathBuf, String> {
    let here = std::env::current_exe().map_err(|error| format!("where am I? {error}"))?;
    let target = here.ancestors().nth(2).ok_or("no target folder above me")?;
    Ok(target.to_path_buf())
}

/// The `handfast` binary that was built beside this one.
pub fn binary(profile: &str) -> Result<PathBuf, String> {
    let name = format!("handfast{}", std::env::consts::EXE_SUFFIX);
    Ok(target()?.join(profile).join(name))
}

/// A command as a person would type it.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_stem().unwrap_or(program.as_os_str());
    let words = command.get_args().map(|word| word.to_string_lossy());
    std::iter::once(name.to_string_lossy())
        .chain(words)
        .collect::<Vec<_>>()
        .join(" ")
}

/// A folder for one run, and gone with it.
pub struct Scratch(pub PathBuf);

impl Scratch {
    /// Makes it among those of the system, for what has this name.
    pub fn new(name: &str) -> Result<Scratch, String> {
        let name = format!("handfast-{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Scratch(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Nothing can be done about a folder that stays, and nothing depends on it.
        std::fs::remove_dir_all(&self.0).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_done_is_left_out_only_where_that_is_let_be() {
        let failed = || Missing::Failed("no network".to_owned());
        let impossible = Missing::Impossible("not root".to_owned());
        assert_eq!(left_out("a step", failed(), false), Ok(()));
        assert_eq!(left_out("a step", impossible, true), Ok(()));
        let said = left_out("a step", failed(), true).unwrap_err();
        assert!(said.starts_with("a step: no network"), "{said}");
    }
}
