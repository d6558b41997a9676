//! How long those who change the code wait: seconds of compiling the ground and the wings, and of
//! a changed line in `kernels`, up to a program that runs. Nothing but the named crates is built;
//! what they rest on is there already.

use std::fs::{File, FileTimes};
use std::process::Command;
use std::time::{Instant, SystemTime};

use super::Bench;
use super::cost::Cost;
use super::page::Section;
use crate::run;

/// The ground, and the rooms that rest on it alone.
const WINGS: [&str; 4] = ["model", "charter", "kernels", "ledger"];

pub fn section(bench: &Bench) -> Result<Section, String> {
    let lib = |name: &&str| format!("crates/{name}/src/lib.rs");
    let wings: Vec<String> = WINGS.iter().map(lib).collect();
    let kernels = ["crates/kernels/src/lib.rs".to_owned()];
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
    let costs = vec![
        timed(bench, "`model` and the wings", &wings, || only(&packages))?,
        timed(
            bench,
            "a line in `kernels`, `kernels` alone",
            &kernels,
            || only(&["handfast-kernels".to_owned()]),
        )?,
        timed(
            bench,
            "a line in `kernels`, up to `handfast`",
            &kernels,
            all,
        )?,
    ];
    Ok(Section {
        title: "Compiling",
        about: format!(
            "Wall seconds of `cargo build`, {} profile.",
            bench.profile()
        ),
        costs,
        ratios: Vec::new(),
    })
}

fn build(bench: &Bench) -> Command {
    let mut cargo = run::cargo();
    cargo.args(["build", "--quiet", "--profile", bench.profile()]);
    cargo
}

/// Builds until nothing is left to do, then touches the files and builds again, so many times.
fn timed(
    bench: &Bench,
    what: &str,
    files: &[String],
    command: impl Fn() -> Command,
) -> Result<Cost, String> {
    let quietly = || super::quietly(&mut command());
    quietly()?;
    let mut seconds = Vec::new();
    for _ in 0..bench.options.times {
        files.iter().try_for_each(|file| touch(file))?;
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
        said: String::new(),
    })
}

/// Cargo builds again what is younger than its output; the text stays as it is.
fn touch(file: &str) -> Result<(), String> {
    let path = run::root().join(file);
    let now = FileTimes::new().set_modified(SystemTime::now());
    let open = File::options().append(true).open(&path);
    let done = open.and_then(|file| file.set_times(now));
    done.map_err(|error| format!("{}: {error}", path.display()))
}
