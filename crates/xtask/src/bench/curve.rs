//! The growth curve: the set of `growth` at one size or at several, its stages counted by us and by
//! DuckDB's window functions. Deriving visits and counting those that are derived are told apart.

use std::cell::Cell;
use std::fs;
use std::path::Path;
use std::process::Command;

use super::cost::{Cost, measure};
use super::page::{Ratio, Section, Wanted, number};
use super::{Bench, growth};

const ROWS: u64 = 1_000_000;
/// The sizes of the curve; a larger one is added by `--rows`.
const CURVE: [u64; 2] = [1_000_000, 10_000_000];

pub fn section(bench: &Bench) -> Result<Section, String> {
    let wish = bench.options.rows;
    let mut sizes = vec![wish.unwrap_or(ROWS)];
    if bench.options.is_growth {
        sizes.extend(CURVE);
        sizes.sort_unstable();
        sizes.dedup();
    }
    let mut section = Section {
        title: "Funnel from touches",
        about: "Per hundred touches ten people, two accounts and one deal; six stages, three of \
                them by rules over touches. DuckDB counts the same stages with window functions, \
                from Parquet."
            .to_owned(),
        costs: Vec::new(),
        ratios: Vec::new(),
    };
    for touches in sizes {
        one(bench, touches, &mut section)?;
    }
    Ok(section)
}

fn one(bench: &Bench, touches: u64, section: &mut Section) -> Result<(), String> {
    let folder = bench.folder.join("growth");
    growth::write(&folder, touches).map_err(|error| format!("generated inputs: {error}"))?;
    super::quietly(&mut bench.handfast(&folder, &["init", "book", "--from", "example"]))?;
    let files = ["accounts.csv", "leads.csv", "touches.csv", "deals.csv"];
    let import = [&["import", "book"], &files[..]].concat();
    let step = |what: &str, times, prepare: &dyn Fn() -> Command| {
        measure(
            (what, Some(touches)),
            times,
            &bench.folder,
            || Ok(prepare()),
        )
    };
    let times = bench.options.times;
    let imported = step("import", 1, &|| bench.handfast(&folder, &import))?;
    // What was derived goes aside: for some seconds after thousands of files are gone, ext4 looks
    // at each of their places before it makes a new one.
    let aside = Cell::new(0);
    let derived = step("derive all, then a flow", times, &|| {
        aside.set(aside.get() + 1);
        let aside = folder.join(format!("derived-{}", aside.get()));
        fs::rename(folder.join("book/data/derived"), aside).ok();
        bench.handfast(&folder, super::FLOW)
    })?;
    let kept = step("a flow from what is kept, new process", times, &|| {
        bench.handfast(&folder, super::FLOW)
    })?;
    let flow = held_open(bench, &folder, touches)?;
    let peer = bench.peers.as_ref().map(|peers| {
        super::quietly(&mut peers.command(&folder, growth::PEER_FILES, &[]))?;
        let what = "DuckDB, window functions";
        step(what, times, &|| {
            peers.command(&folder, growth::PEER, &[super::THREADS])
        })
    });
    let peer = peer.transpose()?;
    if let Some(peer) = &peer {
        let at = |what: &str| format!("{what} of {} touches, DuckDB", number(touches as f64));
        let ratio = |what: &str, ours: &Cost, bound| {
            let wanted = Wanted::AtMost(bound);
            Ratio::times(&at(what), ours.seconds(), peer.seconds(), wanted)
        };
        section.ratios.push(ratio("derivation", &derived, 3.0));
        section
            .ratios
            .extend(Ratio::worked(&at("derivation"), &derived, peer));
        section
            .ratios
            .push(ratio("funnel from derived visits", &flow, 0.2));
        section
            .ratios
            .push(ratio("the same by a new process", &kept, 0.2));
    }
    section.costs.extend([imported, derived, kept, flow]);
    section.costs.extend(peer);
    fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))
}

/// The flow of a book that is held open, as the middle one of those among 200 questions.
fn held_open(bench: &Bench, folder: &Path, touches: u64) -> Result<Cost, String> {
    let what = "a flow of a book held open";
    let mut cost = measure((what, Some(touches)), 1, &bench.folder, || {
        let mut warm = Command::new(bench.example("warm"));
        warm.arg(folder.join("book")).arg(bench.binary());
        warm.arg(folder.join("touches-more.csv"));
        Ok(warm)
    })?;
    eprint!("{}", cost.said);
    let flow = milliseconds(&cost.said, "flow").ok_or("no `flow` among what `warm` says")?;
    cost.seconds = vec![flow / 1_000.0];
    cost.worked.clear();
    Ok(cost)
}

/// The figure on the line of a name.
fn milliseconds(said: &str, name: &str) -> Option<f64> {
    let mut lines = said.lines().map(|line| line.split_once(' '));
    let figure = lines
        .find_map(|line| line.filter(|(word, _)| *word == name))?
        .1;
    figure.split(' ').next()?.parse().ok()
}
