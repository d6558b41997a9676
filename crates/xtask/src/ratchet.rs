//! `cargo xtask ratchet`, part of `cargo xtask test`: the instructions that hot kernels need for
//! fixed inputs, counted by callgrind, against those written down. Instructions hardly vary where
//! seconds do, so a kernel that becomes slower by more than a few in a hundred is seen on any
//! machine.
//!
//! Numbers only go down: `--lower` writes what fell. One that must rise is changed by hand, where
//! a reviewer sees it. Another compiler counts otherwise; `--anew` writes all of them for it.

use std::path::Path;
use std::process::Command;

use crate::{run, tools};

/// Where they are kept.
const FILE: &str = "crates/xtask/instructions.txt";

/// How far a count may lie from the one that is kept, in a thousand: hashes are seeded anew by
/// each process.
const TOLERANCE: u64 = 30;

/// Each kernel with the example that runs it, and the word for that.
const KERNELS: [(&str, &str, &str); 8] = [
    ("derive journeys", "hot", "derive"),
    ("cut and derive cells", "hot", "cells"),
    ("count a flow", "hot", "funnel"),
    ("count a cohort", "hot", "cohort"),
    ("count a windowed funnel", "hot", "window"),
    ("weigh and share credit", "hot", "credit"),
    ("credit by chain", "hot", "chain"),
    ("classify rows", "classify", ""),
];

/// What is kept: the compiler, and a count by kernel.
#[derive(PartialEq, Eq, Debug)]
struct Kept {
    compiler: String,
    counts: Vec<(String, u64)>,
}

/// Counts, compares, and writes where that is asked for.
pub fn ratchet(words: &[String]) -> Result<(), String> {
    let (is_lowered, is_anew) = match words {
        [] => (false, false),
        [word] if word == "--lower" => (true, false),
        [word] if word == "--anew" => (false, true),
        other => return Err(format!("ratchet: {other:?}? --lower, --anew")),
    };
    if let Err(missing) = tools::valgrind() {
        return run::left_out("counting instructions", missing, run::is_whole());
    }
    let compiler = compiler()?;
    let path = run::root().join(FILE);
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let kept = read(&text);
    if kept.compiler != compiler && !is_anew {
        eprintln!("\n==> SKIPPED: {FILE} was counted with {}", kept.compiler);
        eprintln!("    this is {compiler}; count anew for it: cargo xtask ratchet --anew");
        return Ok(());
    }
    let counts = count()?;
    let risen = compare(&kept, &counts, is_lowered);
    let found = if is_anew { Vec::new() } else { risen };
    if is_anew || is_lowered {
        let counts = match is_anew {
            true => counts,
            false => lower(&kept, &counts),
        };
        let written = Kept { compiler, counts };
        std::fs::write(&path, write(&written)).map_err(|error| format!("{FILE}: {error}"))?;
    }
    match found.as_slice() {
        [] => Ok(()),
        risen => Err(format!(
            "more instructions than {FILE} allows: {}\n       make it cheaper, or raise the number \
             there and say why",
            risen.join(", ")
        )),
    }
}

/// Builds the examples with everything optimised as in tests, and counts each kernel.
fn count() -> Result<Vec<(String, u64)>, String> {
    let mut build = run::cargo();
    build.args([
        "build",
        "--workspace",
        "--example",
        "hot",
        "--example",
        "classify",
    ]);
    run::step("build what is counted", &mut build)?;
    let examples = run::target()?.join("debug").join("examples");
    let one = |(name, example, word): &(&str, &str, &str)| {
        let count = instructions(&examples.join(example), word)?;
        Ok(((*name).to_owned(), count))
    };
    KERNELS.iter().map(one).collect()
}

/// Instructions between entering and leaving `hot_work`.
fn instructions(example: &Path, word: &str) -> Result<u64, String> {
    let mut callgrind = Command::new("valgrind");
    callgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    callgrind.args(["--collect-atstart=no", "--toggle-collect=*hot_work*"]);
    callgrind.arg(example).arg(word);
    let said = callgrind.output();
    let said = said.map_err(|error| format!("valgrind: {error}"))?;
    let text = String::from_utf8_lossy(&said.stderr);
    let line = text
        .lines()
        .find_map(|line| line.split_once("Collected : "));
    let count = line.and_then(|(_, count)| count.trim().parse().ok());
    count
        .filter(|count| *count > 0 && said.status.success())
        .ok_or_else(|| {
            format!(
                "callgrind counted nothing of {}:\n{text}",
                example.display()
            )
        })
}

/// Prints each kernel; gives those that need more than they may.
fn compare(kept: &Kept, counts: &[(String, u64)], is_lowered: bool) -> Vec<String> {
    let mut risen = Vec::new();
    for (name, count) in counts {
        let before = kept.counts.iter().find(|(known, _)| known == name);
        let Some((_, before)) = before else {
            println!("{name:<26} {count:>14}  new");
            if !is_lowered {
                risen.push(format!("{name} (not written down)"));
            }
            continue;
        };
        let change = per_thousand(*before, *count);
        let says = match change {
            i64::MIN..0 if !is_within(*before, *count) && !is_lowered => "  --lower keeps it",
            _ if is_within(*before, *count) || change < 0 => "",
            _ => {
                risen.push(name.clone());
                "  TOO MANY"
            }
        };
        let (sign, change) = (if change < 0 { '-' } else { '+' }, change.unsigned_abs());
        println!(
            "{name:<26} {count:>14}  {sign}{}.{} %{says}",
            change / 10,
            change % 10
        );
    }
    risen
}

fn is_within(before: u64, count: u64) -> bool {
    before.abs_diff(count).saturating_mul(1_000) <= before.saturating_mul(TOLERANCE)
}

fn per_thousand(before: u64, count: u64) -> i64 {
    let apart = before.abs_diff(count).saturating_mul(1_000) / before.max(1);
    let apart = i64::try_from(apart).unwrap_or(i64::MAX);
    if count < before { -apart } else { apart }
}

/// The lower of the two, kernel by kernel; what is new is taken.
fn lower(kept: &Kept, counts: &[(String, u64)]) -> Vec<(String, u64)> {
    let lower = |(name, count): &(String, u64)| {
        let before = kept.counts.iter().find(|(known, _)| known == name);
        let before = before.map_or(u64::MAX, |(_, before)| *before);
        (name.clone(), before.min(*count))
    };
    counts.iter().map(lower).collect()
}

fn compiler() -> Result<String, String> {
    let said = Command::new("rustc").arg("-vV").output();
    let said = said.map_err(|error| format!("rustc: {error}"))?;
    let text = String::from_utf8_lossy(&said.stdout);
    let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name));
    match (field("release: "), field("host: ")) {
        (Some(release), Some(host)) => Ok(format!("rustc {release} {host}")),
        _ => Err(format!("rustc -vV says: {text}")),
    }
}

fn read(text: &str) -> Kept {
    let lines = text.lines().map(str::trim);
    let mut lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let compiler = lines.next().unwrap_or("no compiler").to_owned();
    let count = |line: &str| {
        let (name, count) = line.rsplit_once(' ')?;
        Some((name.trim().to_owned(), count.replace(',', "").parse().ok()?))
    };
    Kept {
        compiler,
        counts: lines.filter_map(count).collect(),
    }
}

fn write(kept: &Kept) -> String {
    let mut text = format!(
        "# Instructions of the hot kernels on fixed inputs, counted by callgrind in the dev \
         profile.\n# `cargo xtask ratchet` allows {}.{} % more; `--lower` writes what fell.\n{}\n",
        TOLERANCE / 10,
        TOLERANCE % 10,
        kept.compiler
    );
    for (name, count) in &kept.counts {
        text += &format!("{name:<26} {count:>14}\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(counts: &[(&str, u64)]) -> Kept {
        let own = |(name, count): &(&str, u64)| ((*name).to_owned(), *count);
        Kept {
            compiler: "rustc 1.0 here".to_owned(),
            counts: counts.iter().map(own).collect(),
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let some = kept(&[("count a flow", 1_234_567), ("classify rows", 9)]);
        assert_eq!(read(&write(&some)), some);
        assert_eq!(read("").counts, []);
    }

    #[test]
    fn only_what_rose_beyond_the_tolerance_is_too_much() {
        let before = kept(&[("a", 1_000), ("b", 1_000), ("c", 1_000)]);
        let now = kept(&[("a", 1_030), ("b", 1_031), ("c", 2), ("d", 1)]).counts;
        let found = compare(&before, &now, false);
        assert_eq!(found, ["b", "d (not written down)"]);
        let lowered = lower(&before, &now);
        let wanted = kept(&[("a", 1_000), ("b", 1_000), ("c", 2), ("d", 1)]).counts;
        assert_eq!(lowered, wanted);
    }
}
