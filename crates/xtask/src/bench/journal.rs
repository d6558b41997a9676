//! Events that are acknowledged one by one and by hundreds, from 64 threads, each when it is on the
//! disk: by the store alone, whose example counts every fact afterwards.

use std::process::Command;

use super::Bench;
use super::cost::{Cost, measure};
use super::page::{Ratio, Section, Wanted, number};

/// Seconds of each run.
const SECONDS: &str = "5";

/// Threads, rows of a batch, whether people are new and sealed; what that is, and what is wanted.
const WANTED: [([&str; 3], &str, Option<f64>); 4] = [
    (["64", "1", "no"], "single rows", Some(10_000.0)),
    (
        ["64", "1", "yes"],
        "single rows of never-seen people",
        Some(10_000.0),
    ),
    (["64", "100", "no"], "batches of 100", Some(50_000.0)),
    (
        ["64", "100", "yes"],
        "batches of 100 of never-seen people",
        None,
    ),
];

pub fn section(bench: &Bench) -> Result<Section, String> {
    let times = bench.options.times;
    let cost = measure(("all runs", None), times, &bench.folder, || {
        let mut journal = Command::new(bench.example("journal"));
        journal.arg(SECONDS).arg(&bench.folder);
        Ok(journal)
    })?;
    cost.said.iter().for_each(|said| eprint!("{said}"));
    let ratios = ratios(&cost)?;
    let flushes = cost.told(|said| {
        let mut rows = said.lines().rev().map(str::split_whitespace);
        rows.find_map(|mut row| row.nth(9)?.parse().ok())
    });
    Ok(Section {
        title: "Events, one by one",
        about: format!(
            "64 threads append to a new book, each call returning when its rows are on a disk that \
             flushes a page {} times a second; {SECONDS} seconds each, every fact counted \
             afterwards. A new person is given a key of their own.",
            flushes.map_or("an unknown number of".to_owned(), number)
        ),
        ratios,
        costs: vec![cost],
    })
}

/// What is wanted of each kind of run. A run that is not told is an error: a target must not vanish
/// from the page unseen.
fn ratios(cost: &Cost) -> Result<Vec<Ratio>, String> {
    let ratio = |(run, what, wanted): ([&str; 3], &str, Option<f64>)| {
        let rate = cost.told(|said| rate(said, &run));
        Ok(Ratio {
            what: format!("acknowledged rows/s, {what}"),
            value: rate.ok_or_else(|| format!("`journal` tells no rows/s of {what}"))?,
            unit: "",
            wanted: wanted.map_or(Wanted::Nothing, Wanted::AtLeast),
        })
    };
    WANTED.into_iter().map(ratio).collect()
}

/// Rows a second on the line of a run.
fn rate(said: &str, run: &[&str]) -> Option<f64> {
    let mut rows = said.lines().map(|line| line.split_whitespace().collect());
    let row = rows.find(|row: &Vec<&str>| row.starts_with(run))?;
    row.get(3)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_is_not_told_is_an_error() {
        let rows = ["64 1 no 21", "64 1 yes 7", "64 100 no 96", "64 100 yes 50"];
        let ratios = |said: [String; 2]| {
            ratios(&Cost {
                what: String::new(),
                rows: None,
                seconds: Vec::new(),
                worked: Vec::new(),
                peak_mib: None,
                said: said.to_vec(),
            })
        };
        let all = rows.join("\n");
        let faster = all.replace("21", "25");
        let told = ratios([faster, all.clone()]);
        let told = told.map(|all| all.iter().map(|one| one.value).collect());
        assert_eq!(told, Ok(vec![21.0, 7.0, 96.0, 50.0]));
        for row in rows {
            let fewer = all.replace(row, "");
            assert!(ratios([all.clone(), fewer]).is_err(), "{row}");
        }
    }
}
