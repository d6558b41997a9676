//! The windowed ordered funnel beside ClickHouse: both hold the same events in memory and count
//! them with two threads. Measured is the counting alone, and each process's memory as a whole.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::Command;

use super::cost::{Cost, measure};
use super::inputs::Chance;
use super::page::{Ratio, Section, Wanted, number};
use super::{Bench, THREADS};

/// Seven days.
const WINDOW: &str = "604800";
const ROWS: u64 = 10_000_000;

/// Counts as a ClickHouse user would. The table is in memory, and in the order of the file.
const PEER: &str = "
import sys, time
from chdb import session
path, window, threads, times = sys.argv[1:]
book = session.Session()
book.query('create table event (entity UInt64, time UInt64, stages UInt8) engine = Memory')
form = 'entity UInt64, time UInt64, stages UInt8'
book.query(f\"insert into event select * from file('{path}', RowBinary, '{form}')\")
stages = ', '.join(f'stages = {1 << stage}' for stage in range(6))
text = f'''select level, count() from
  (select entity, windowFunnel({window})(time, {stages}) as level from event group by entity)
  group by level settings max_threads = {threads}'''
for _ in range(int(times)):
    started = time.perf_counter()
    rows = str(book.query(text, 'CSV')).split()
    seconds = time.perf_counter() - started
    levels = [0] * 9
    for level, count in (row.split(',') for row in rows):
        levels[int(level)] = int(count)
    print(seconds, levels)
";

pub fn section(bench: &Bench) -> Result<Section, String> {
    let rows = bench.options.rows.unwrap_or(ROWS);
    let path = bench.folder.join("events.bin");
    write(&path, rows).map_err(|error| format!("{}: {error}", path.display()))?;
    let path = path.to_string_lossy();
    let times = bench.options.times.to_string();
    let words = [&path, WINDOW, THREADS, &times];
    let counted = |what: &str, command: &dyn Fn() -> Command| {
        let cost = measure((what, Some(rows)), 1, &bench.folder, || Ok(command()))?;
        counting(cost)
    };
    let (ours, levels) = counted("Handfast", &|| {
        let mut window = Command::new(bench.example("window"));
        window.args(words);
        window
    })?;
    let mut section = Section {
        title: "Windowed ordered funnel",
        about: format!(
            "{} events of {} entities, six stages, a window of seven days; the counting \
             alone, by {THREADS} threads, of what lies in memory. They are written sorted by \
             entity and time, which our kernel takes for granted and ClickHouse does not: it \
             groups them.",
            number(rows as f64),
            number((rows / PER_ENTITY) as f64)
        ),
        costs: vec![ours],
        ratios: Vec::new(),
    };
    let Some(peers) = &bench.peers else {
        return Ok(section);
    };
    let peer = || peers.command(&bench.folder, PEER, &words);
    let (theirs, same) = counted("ClickHouse `windowFunnel` (chDB)", &peer)?;
    if levels != same {
        return Err(format!("the levels differ: {levels} here, {same} there"));
    }
    section.about.push_str(" Both counted the same.");
    section.costs.push(theirs);
    section.ratios = against(&section.costs);
    Ok(section)
}

/// Time and memory of the first by those of the second.
fn against(costs: &[Cost]) -> Vec<Ratio> {
    let [ours, theirs] = costs else {
        return Vec::new();
    };
    let memory = |cost: &Cost| cost.peak_mib.map_or(f64::NAN, |mib| mib as f64);
    let half = Wanted::AtMost(0.5);
    vec![
        Ratio::times("time, ClickHouse", ours.seconds(), theirs.seconds(), half),
        Ratio::times("memory, ClickHouse", memory(ours), memory(theirs), half),
    ]
}

/// The cost of the counting that a program says itself, `SECONDS LEVELS` a line, and the levels.
fn counting(mut cost: Cost) -> Result<(Cost, String), String> {
    let lines = cost.said().lines().map(|line| line.split_once(' '));
    let lines: Option<Vec<(&str, &str)>> = lines.collect();
    let unclear = || format!("{}: {}", cost.what, cost.said());
    let lines = lines.ok_or_else(unclear)?;
    let levels = lines.first().ok_or_else(unclear)?.1.to_owned();
    let seconds: Result<Vec<f64>, _> = lines.iter().map(|(one, _)| one.parse()).collect();
    cost.seconds = seconds.map_err(|_| unclear())?;
    cost.seconds.sort_by(f64::total_cmp);
    // Those of the counting alone are not told.
    cost.worked.clear();
    Ok((cost, levels))
}

const PER_ENTITY: u64 = 10;

/// Events of entities, ten each on average over sixty days, later stages ever rarer.
fn write(path: &Path, rows: u64) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    let mut chance = Chance::new();
    let entities = (rows / PER_ENTITY).max(1);
    let mut left = rows;
    for entity in 0..entities {
        let own = match entity + 1 == entities {
            true => left,
            false => (1 + chance.below(2 * PER_ENTITY - 1)).min(left),
        };
        left -= own;
        let mut times: Vec<u64> = (0..own).map(|_| chance.below(60 * 86_400)).collect();
        times.sort_unstable();
        for time in times {
            let mut stage = 0;
            while stage < 5 && chance.below(3) > 0 {
                stage += 1;
            }
            file.write_all(&entity.to_le_bytes())?;
            file.write_all(&time.to_le_bytes())?;
            file.write_all(&[1 << stage])?;
        }
    }
    file.flush()
}
