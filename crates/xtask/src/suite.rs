//! `cargo xtask test`: what CI runs and what a contributor runs before asking for review. Cheap
//! checks come first, the tests last, so that the runner's own summary ends the output.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::{browser, contract, handbook, mounts, planted, ratchet, run, tidy, tools, web};

/// Runs everything; words after the command go to the test runner.
pub fn test(words: &[String]) -> Result<(), String> {
    let started = Instant::now();
    components()?;
    let samples = samples()?;
    let mut fmt = run::cargo();
    run::step(
        "format (mend with `cargo fmt --all`)",
        fmt.args(["fmt", "--all", "--check"]),
    )?;
    tidy::tidy()?;
    handbook::when_possible()?;
    web::check()?;
    let mut clippy = run::cargo();
    clippy.args(["clippy", "--workspace", "--all-targets", "--quiet"]);
    run::step("clippy", clippy.args(["--", "-D", "warnings"]))?;
    let mut build = run::cargo();
    run::step(
        "build",
        build.args(["build", "--workspace", "--all-targets"]),
    )?;
    let mut docs = run::cargo();
    docs.args(["test", "--workspace", "--doc", "--quiet"]);
    run::step("doc tests", &mut docs)?;
    let built = started.elapsed().as_secs();
    planted::planted()?;
    ratchet::ratchet(&[])?;
    browser::step()?;
    contract::step()?;
    match &samples {
        Some(folder) => eprintln!("\nHANDFAST_DATA is {}", folder.display()),
        None => eprintln!("\nskipped: HANDFAST_DATA is not set"),
    }
    if !run::answers(Command::new("soffice").arg("--version")) {
        eprintln!("skipped: opening workbooks in LibreOffice, which is not installed");
    }
    let others = others()?;
    let so_far = started.elapsed().as_secs();
    eprintln!(
        "\nchecks and building took {built} s, other steps {} s",
        so_far - built
    );
    let given = Given {
        samples: samples.as_deref(),
        mounts: mounts::possible(),
        others,
    };
    all_tests(&given, words)
}

/// What tests are told of the machine that they run on.
struct Given<'a> {
    samples: Option<&'a Path>,
    mounts: String,
    /// Programs of others that are there: a test of one of them that does not find it fails.
    others: String,
}

/// Programs of others that tests run against, brought here where that can be.
fn others() -> Result<String, String> {
    let is_whole = run::is_whole();
    let mut there = Vec::new();
    match tools::slowhttptest() {
        Ok(()) => there.push("slowhttptest"),
        Err(missing) => run::left_out("slow clients as others make them", missing, is_whole)?,
    }
    // The script is for a shell; npm built the application a moment ago.
    let mut get = Command::new("sh");
    get.arg(run::root().join("crates/accounts/oidc/get"));
    match run::step("the provider that sign-in is tested against", &mut get) {
        Ok(()) => there.push("oidc-provider"),
        Err(why) => {
            let missing = match cfg!(unix) {
                true => run::Missing::Failed(why),
                false => run::Missing::Impossible(why),
            };
            run::left_out("a provider that others wrote", missing, is_whole)?;
        }
    }
    Ok(there.join(" "))
}

/// The folder of public sample files, made absolute: tests run in the folders of their crates.
fn samples() -> Result<Option<PathBuf>, String> {
    match std::env::var_os("HANDFAST_DATA").filter(|path| !path.is_empty()) {
        None => Ok(None),
        Some(path) => std::fs::canonicalize(&path)
            .map(Some)
            .map_err(|error| format!("HANDFAST_DATA names {}: {error}", path.display())),
    }
}

/// The runner's summary must be the last thing on the screen, so nothing is said after it.
fn all_tests(given: &Given<'_>, words: &[String]) -> Result<(), String> {
    let has_nextest = run::answers(run::cargo().args(["nextest", "--version"]));
    let mut tests = run::cargo();
    match has_nextest {
        true => tests.args(["nextest", "run", "--workspace", "--no-fail-fast"]),
        false => tests.args(["test", "--workspace", "--no-fail-fast"]),
    };
    tests.env("HANDFAST_MOUNTS", &given.mounts);
    tests.env("HANDFAST_OTHERS", &given.others);
    if let Some(samples) = given.samples {
        tests.env("HANDFAST_DATA", samples);
    }
    if !has_nextest {
        tests.args(["--lib", "--bins", "--tests"]);
    }
    eprintln!(
        "\n==> tests ({})",
        if has_nextest {
            "cargo nextest"
        } else {
            "cargo test"
        }
    );
    let status = tests
        .args(words.iter().filter(|word| *word != "--"))
        .status()
        .map_err(|error| format!("the test runner did not start: {error}"))?;
    match status.success() {
        true => Ok(()),
        false => std::process::exit(1),
    }
}

/// Adds rustfmt and clippy where rustup can; a plain toolchain has them already.
fn components() -> Result<(), String> {
    let missing: Vec<&str> = [("fmt", "rustfmt"), ("clippy", "clippy")]
        .into_iter()
        .filter(|(command, _)| !run::answers(run::cargo().args([command, "--version"])))
        .map(|(_, component)| component)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let mut rustup = Command::new("rustup");
    rustup.args(["component", "add"]).args(&missing);
    run::step("install what the tests need", &mut rustup)
        .map_err(|why| format!("{why}\n       rustfmt and clippy are needed; install them"))
}
