//! The road of a number step by step, on leads, touches and deals: import, import again, ask,
//! a day's touches, verify. DuckDB answers one of the questions straight from the files.

use std::process::Command;

use super::Bench;
use super::cost::{Cost, measure};
use super::inputs;
use super::page::{Ratio, Section, Wanted, number};

const ROWS: u64 = 1_000_000;

pub fn section(bench: &Bench) -> Result<Section, String> {
    let rows = bench.options.rows.unwrap_or(ROWS);
    let folder = bench.folder.join("road");
    inputs::write(&folder, rows).map_err(|error| format!("generated inputs: {error}"))?;
    let mut costs = Vec::new();
    for (what, counted, words) in plan(rows) {
        // Each step changes the book for the next, so it is run once.
        let command = || Ok(bench.handfast(&folder, words));
        costs.push(measure((what, counted), 1, &bench.folder, command)?);
    }
    let mut section = Section {
        title: "The road of a number",
        about: format!(
            "{} leads, touches and deals; each step once.",
            number(rows as f64)
        ),
        costs,
        ratios: Vec::new(),
    };
    if let Some(peers) = &bench.peers {
        let command =
            || -> Result<Command, String> { Ok(peers.command(&folder, inputs::PEER, &[])) };
        let what = "DuckDB reads the files, same cohort";
        let peer = measure(
            (what, Some(rows)),
            bench.options.times,
            &bench.folder,
            command,
        )?;
        let cohort = section.costs.iter().find(|cost| cost.what == COHORT);
        let ratio = cohort.map(Cost::seconds).map(|ours| {
            Ratio::times(
                "time of the cohort, DuckDB",
                ours,
                peer.seconds(),
                Wanted::Nothing,
            )
        });
        section.ratios.extend(ratio);
        section.costs.push(peer);
    }
    Ok(section)
}

const COHORT: &str = "ask funnel, cohort by channel";

/// What is run, in order: its name, the rows it works on, its words.
fn plan(rows: u64) -> Vec<(&'static str, Option<u64>, &'static [&'static str])> {
    const IMPORT: &[&str] = &["import", "book", "leads.csv", "touches.csv", "deals.csv"];
    const DAY: &[&str] = &["import", "book", "touches-day.csv"];
    let all = Some(rows);
    vec![
        ("new book", None, &["init", "book", "--from", "example"]),
        ("import", all, IMPORT),
        ("import again (nothing new)", all, IMPORT),
        ("ask funnel, flow (derives all)", all, super::FLOW),
        ("ask funnel, flow (from what is kept)", all, super::FLOW),
        (
            COHORT,
            all,
            &[
                "ask",
                "funnel",
                "--book",
                "book",
                "--view",
                "cohort",
                "--by",
                "month,channel",
                "--json",
            ],
        ),
        (
            "ask velocity",
            all,
            &["ask", "velocity", "--book", "book", "--json"],
        ),
        ("import a day's touches", Some(inputs::day_rows(rows)), DAY),
        ("ask funnel, flow (derives the day)", all, super::FLOW),
        ("ask funnel, flow (kept again)", all, super::FLOW),
        (
            "verify (hashes, all derived again, earlier answers)",
            all,
            &["verify", "book"],
        ),
    ]
}
