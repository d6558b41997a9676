//! How long those who change the code wait: seconds of compiling the ground and the wings, and of
//! a changed line in `kernels`, up to a program that runs. Nothing but the named crates is built;
//! what they rest on is there already.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use super::Bench;
use super::cost::Cost;
use super::page::{Ratio, Section, Wanted};
use crate::run;

/// Whoever changes a line of a handler has the server again after this many seconds.
const REBUILT: f64 = 30.0;

/// The ground, and the rooms that rest on it alone.
const WINGS: [&str; 4] = ["model", "charter", "kernels", "ledger"];

pub fn section(bench: &Bench) -> Result<Section, String> {
    let packages = WINGS.map(|name| format!("handfast-{name}"));
    let only = |names: &[String]| {
        let mut cargo = build(bench);
        for name in names {
            cargo.args(["--package", name]);
        }
        cargo
    };
    let all = || {
        let mut cargo = build(bench);
        cargo.args(["--package", "handfast-cli"]);
        cargo
    };
    let kernels = || only(&["handfast-kernels".to_owned()]);
    let from_nothing = || clean(bench, &packages);
    let mut text = Text::of("crates/kernels/src/funnel.rs")?;
    let mut handler = Text::of("crates/server/src/routes/health.rs")?;
    let costs = vec![
        timed(
            bench,
            "`model` and the wings, from nothing",
            from_nothing,
            || only(&packages),
        )?,
        timed(
            bench,
            "a line in `kernels`, `kernels` alone",
            || text.change(),
            kernels,
        )?,
        timed(
            bench,
            "a line in `kernels`, up to `handfast`",
            || text.change(),
            all,
        )?,
        timed(bench, HANDLER, || handler.change(), server)?,
    ];
    let rebuilt = costs.last().map_or(f64::NAN, Cost::seconds);
    Ok(Section {
        title: "Compiling",
        about: format!(
            "Wall seconds of `cargo build`, {} profile; the handler's in profile `dev`, as whoever \
             changes it builds.",
            bench.profile()
        ),
        costs,
        ratios: vec![Ratio {
            what: HANDLER.to_owned(),
            value: rebuilt,
            unit: " s",
            wanted: Wanted::AtMost(REBUILT),
        }],
    })
}

/// The step that is held against [`REBUILT`].
const HANDLER: &str = "a line in a handler of the server, up to `handfast`, profile `dev`";

/// What somebody types who works on the server.
fn server() -> Command {
    let mut cargo = run::cargo();
    cargo.args(["build", "--quiet", "--workspace", "--bin", "handfast"]);
    cargo
}

fn build(bench: &Bench) -> Command {
    let mut cargo = run::cargo();
    cargo.args(["build", "--quiet", "--profile", bench.profile()]);
    cargo
}

/// Builds until nothing is left to do, then makes something to do and builds again, so many times.
fn timed(
    bench: &Bench,
    what: &str,
    mut change: impl FnMut() -> Result<(), String>,
    command: impl Fn() -> Command,
) -> Result<Cost, String> {
    let quietly = || super::quietly(&mut command());
    quietly()?;
    let mut seconds = Vec::new();
    for _ in 0..bench.options.times {
        change()?;
        let started = Instant::now();
        quietly()?;
        seconds.push(started.elapsed().as_secs_f64());
        eprintln!("    {what}: {:.1} s", started.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    Ok(Cost {
        what: what.to_owned(),
        rows: None,
        seconds,
        worked: Vec::new(),
        peak_mib: None,
        said: Vec::new(),
    })
}

/// Takes away all that was made of these packages.
fn clean(bench: &Bench, packages: &[String]) -> Result<(), String> {
    let mut cargo = run::cargo();
    cargo.args(["clean", "--quiet", "--profile", bench.profile()]);
    for name in packages {
        cargo.args(["--package", name]);
    }
    super::quietly(&mut cargo)
}

/// A file that is changed for a while, and as it was afterwards.
struct Text {
    path: PathBuf,
    text: String,
    changes: usize,
}

impl Text {
    fn of(file: &str) -> Result<Text, String> {
        let path = run::root().join(file);
        let text = fs::read_to_string(&path);
        let text = text.map_err(|error| format!("{}: {error}", path.display()))?;
        let changes = 0;
        Ok(Text {
            path,
            text,
            changes,
        })
    }

    /// Another public function at its end, of another name and content each time.
    fn change(&mut self) -> Result<(), String> {
        self.changes += 1;
        let (text, number) = (&self.text, self.changes);
        let more =
            format!("{text}\n/// Measured.\npub fn measured() -> usize {{\n    {number}\n}}\n");
        let done = fs::write(&self.path, more);
        done.map_err(|error| format!("{}: {error}", self.path.display()))
    }
}

impl Drop for Text {
    fn drop(&mut self) {
        if let Err(error) = fs::write(&self.path, &self.text) {
            eprintln!("{} is changed: {error}", self.path.display());
        }
    }
}
