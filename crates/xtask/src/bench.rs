//! `cargo xtask bench`: how long the road of a number takes on generated rows, measured from
//! outside, on the same binary that people run. Nothing here is a pass or a fail: it prints a
//! table, and whoever changes the speed quotes it.
//!
//! `inputs` makes the rows, `growth` the large set of the growth curve; the same seed makes the
//! same files.

mod growth;
mod inputs;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::run;

/// What one command cost.
struct Cost {
    what: String,
    rows: Option<u64>,
    seconds: f64,
    peak_mib: Option<u64>,
}

/// Generates, imports, asks, and prints what each step took.
pub fn bench(words: &[String]) -> Result<(), String> {
    let Options {
        rows,
        is_release,
        is_growth,
    } = options(words)?;
    let profile = if is_release { "release" } else { "dev" };
    for (package, target, name) in [
        ("handfast-cli", "--bin", "handfast"),
        ("handfast-service", "--example", "warm"),
    ] {
        let mut build = run::cargo();
        build.args(["build", "--package", package, target, name]);
        build.args(["--profile", profile]);
        run::step(&format!("build {name}"), &mut build)?;
    }
    let binary = run::binary(if is_release { "release" } else { "debug" })?;
    let folder = Scratch::new()?;
    eprintln!("\n==> generate {rows} rows");
    let written = match is_growth {
        true => growth::write(&folder.0, rows),
        false => inputs::write(&folder.0, rows),
    };
    written.map_err(|error| format!("generated inputs: {error}"))?;
    eprintln!("\n==> measure ({profile} profile)");
    let mut costs = Vec::new();
    let plan = match is_growth {
        true => growth_plan(&folder.0, rows),
        false => plan(&folder.0, rows),
    };
    for (what, counted, words) in plan {
        let mut command = Command::new(&binary);
        command.args(&words);
        costs.push(measure(&what, counted, &mut command, &folder.0)?);
    }
    costs.extend(match is_growth {
        true => peer(&folder.0, rows, Some(growth::PEER_FILES), growth::PEER)?,
        false => peer(&folder.0, rows, None, inputs::PEER)?,
    });
    print_table(&costs, profile);
    warm(&binary, &folder.0, is_growth)
}

/// Two hundred questions of a book that is held open; for the growth set, once more after ten
/// thousand touches came.
fn warm(binary: &Path, folder: &Path, is_growth: bool) -> Result<(), String> {
    let program = binary.with_file_name("examples").join("warm");
    let mut warm = Command::new(program);
    warm.arg(folder.join("bench.book"));
    if is_growth {
        warm.arg(binary).arg(folder.join("touches-more.csv"));
    }
    run::step("a book held open, milliseconds", &mut warm)
}

/// What is asked for.
struct Options {
    rows: u64,
    is_release: bool,
    is_growth: bool,
}

fn options(words: &[String]) -> Result<Options, String> {
    let (mut rows, mut is_release, mut is_growth) = (None, false, false);
    let mut words = words.iter().map(String::as_str);
    while let Some(word) = words.next() {
        match word {
            "--rows" => {
                let number = words.next().map(|text| text.replace(['_', ','], ""));
                let number = number.and_then(|text| text.parse().ok());
                rows = Some(number.ok_or("--rows wants a number, as in --rows 1000000")?);
            }
            "--release" => is_release = true,
            "--growth" => is_growth = true,
            "--" => {}
            other => return Err(format!("bench: `{other}`? --rows N, --growth, --release")),
        }
    }
    let usual = if is_growth { 10_000_000 } else { 1_000_000 };
    Ok(Options {
        rows: rows.unwrap_or(usual),
        is_release,
        is_growth,
    })
}

/// What is run of the growth set.
fn growth_plan(folder: &Path, touches: u64) -> Vec<(String, Option<u64>, Vec<String>)> {
    let at = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let (book, example) = (at("bench.book"), at("example"));
    let files = ["accounts.csv", "leads.csv", "touches.csv", "deals.csv"].map(at);
    let import: Vec<&str> = ["import", &book]
        .into_iter()
        .chain(files.iter().map(String::as_str))
        .collect();
    let flow = [
        "ask", "funnel", "--book", &book, "--view", "flow", "--by", "month", "--json",
    ];
    let step = |what: &str, rows, words: &[&str]| {
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        (what.to_owned(), rows, words)
    };
    vec![
        step("new book", None, &["init", &book, "--from", &example]),
        step("import", Some(touches), &import),
        step("ask funnel, flow (derives all)", Some(touches), &flow),
        step("ask funnel, flow (from what is kept)", Some(touches), &flow),
    ]
}

/// What is run, in order: its name, the rows it works on, its words.
fn plan(folder: &Path, rows: u64) -> Vec<(String, Option<u64>, Vec<String>)> {
    let at = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let step = |what: &str, rows, words: &[&str]| {
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        (what.to_owned(), rows, words)
    };
    let (book, example) = (at("bench.book"), at("example"));
    let day = at("touches-day.csv");
    let files = ["leads.csv", "touches.csv", "deals.csv"].map(at);
    let [leads, touches, deals] = files.each_ref().map(String::as_str);
    let import = ["import", &book, leads, touches, deals];
    let flow = ["ask", "funnel", "--book", &book, "--view", "flow"];
    let flow = [&flow[..], &["--by", "month", "--json"]].concat();
    let cohort = ["ask", "funnel", "--book", &book, "--view", "cohort"];
    let cohort = [&cohort[..], &["--by", "month,channel", "--json"]].concat();
    let velocity = ["ask", "velocity", "--book", &book, "--json"];
    vec![
        step("new book", None, &["init", &book, "--from", &example]),
        step("import", Some(rows), &import),
        step("import again (nothing new)", Some(rows), &import),
        step("ask funnel, flow (derives all)", Some(rows), &flow),
        step("ask funnel, flow (from what is kept)", Some(rows), &flow),
        step("ask funnel, cohort by channel", Some(rows), &cohort),
        step("ask velocity", Some(rows), &velocity),
        step(
            "import a day's touches",
            Some(inputs::day_rows(rows)),
            &["import", &book, &day],
        ),
        step("ask funnel, flow (derives the day)", Some(rows), &flow),
        step("ask funnel, flow (kept again)", Some(rows), &flow),
        step("verify every hash", Some(rows), &["verify", &book]),
    ]
}

/// Runs a command to its end and looks at its memory on the way.
fn measure(
    what: &str,
    rows: Option<u64>,
    command: &mut Command,
    folder: &Path,
) -> Result<Cost, String> {
    eprintln!("    {what}");
    let log = folder.join("said.txt");
    let said = File::create(&log).map_err(|error| format!("{}: {error}", log.display()))?;
    let started = Instant::now();
    let mut child = command
        .stdout(Stdio::null())
        .stderr(said)
        .spawn()
        .map_err(|error| format!("{what}: did not start: {error}"))?;
    let (status, peak_mib) = watch(&mut child).map_err(|error| format!("{what}: {error}"))?;
    let seconds = started.elapsed().as_secs_f64();
    if !status.success() {
        let said = std::fs::read_to_string(&log).unwrap_or_default();
        return Err(format!("{what}: {status}\n{said}"));
    }
    Ok(Cost {
        what: what.to_owned(),
        rows,
        seconds,
        peak_mib,
    })
}

/// Waits, and adds up the high-water marks of the process and its workers (Linux only).
fn watch(child: &mut Child) -> std::io::Result<(std::process::ExitStatus, Option<u64>)> {
    let mut peak_kib = None;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok((status, peak_kib.map(|kib: u64| kib / 1024)));
        }
        let family = std::iter::once(child.id()).chain(children(child.id()));
        let now: u64 = family.filter_map(high_water_kib).sum();
        peak_kib = peak_kib.max(Some(now).filter(|kib| *kib > 0));
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn children(id: u32) -> Vec<u32> {
    let path = format!("/proc/{id}/task/{id}/children");
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect()
}

fn high_water_kib(id: u32) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = text.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// The same stages counted by DuckDB from the same files, when its Python package is there.
/// `before` makes the files, not measured.
fn peer(
    folder: &Path,
    rows: u64,
    before: Option<&str>,
    counts: &str,
) -> Result<Option<Cost>, String> {
    let has_peer = run::answers(Command::new("python3").args(["-c", "import duckdb"]));
    if !has_peer {
        eprintln!("    peer: skipped, DuckDB's Python package is not importable here");
        return Ok(None);
    }
    let python = |text: &str| {
        let mut python = Command::new("python3");
        python.current_dir(folder).args(["-c", text]);
        python
    };
    if let Some(before) = before {
        run::step("write the peer's files", &mut python(before))?;
    }
    measure(
        "peer: DuckDB reads the files, same stages",
        Some(rows),
        &mut python(counts),
        folder,
    )
    .map(Some)
}

fn print_table(costs: &[Cost], profile: &str) {
    println!("\n{profile} profile, {} threads", threads());
    println!(
        "{:<42} {:>10} {:>9} {:>12} {:>10}",
        "step", "rows", "seconds", "rows/s", "peak MiB"
    );
    for cost in costs {
        let rows = cost.rows.map_or("–".to_owned(), |rows| rows.to_string());
        let rate = cost.rows.map_or("–".to_owned(), |rows| {
            format!("{:.0}", rows as f64 / cost.seconds)
        });
        let peak = cost.peak_mib.map_or("–".to_owned(), |mib| mib.to_string());
        println!(
            "{:<42} {rows:>10} {:>9.2} {rate:>12} {peak:>10}",
            cost.what, cost.seconds
        );
    }
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// A folder that is gone when we are.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Scratch, String> {
        let name = format!("handfast-bench-{}", std::process::id());
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
