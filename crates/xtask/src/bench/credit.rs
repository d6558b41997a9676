//! Credit of a file of paths, beside what others do with the same file: DuckDB's SQL for three
//! rules, and ChannelAttribution's simulated Markov chains.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::cost::{Cost, measure};
use super::inputs::Chance;
use super::page::{Ratio, Section, Wanted, number};
use super::{Bench, THREADS};

const SIZES: [u64; 2] = [1_000_000, 10_000_000];
const CHANNELS: u64 = 20;
const FILE: &str = "paths.csv";
/// The paths that ChannelAttribution publishes, in the folder that HANDFAST_DATA names.
const PUBLISHED: &str = "channelattribution/PathData.csv";

const RULES: &str = "first,last,linear,u_last,j,j_equal,inverse_j,inverse_j_equal,\
                     last_non_direct,participation";

/// First, last and linear as a DuckDB user would count them.
const DUCKDB: &str = "
import duckdb, sys
con = duckdb.connect()
con.execute(f'set threads = {sys.argv[1]}')
con.execute('''create table p as
  select string_split(path, ' > ') as steps, total_conversions as won,
    total_conversion_value as worth
  from read_csv('paths.csv', delim = ';') where total_conversions > 0''')
for step in ('steps[1]', 'steps[-1]'):
    con.execute(f'select {step}, sum(won), sum(worth) from p group by 1 order by 1').fetchall()
con.execute('''select step, sum(won / n), sum(worth / n) from (
  select unnest(steps) as step, won, worth, len(steps) as n from p)
  group by 1 order by 1''').fetchall()
";

/// Markov of one order, and how long the model alone took.
const CHANNEL_ATTRIBUTION: &str = "
import sys, time
import pandas as pd, ChannelAttribution as ca
data = pd.read_csv('paths.csv', sep = ';')
started = time.perf_counter()
ca.markov_model(data, 'path', 'total_conversions', var_value = 'total_conversion_value',
  var_null = 'total_null', order = int(sys.argv[1]), ncore = int(sys.argv[2]), seed = 1,
  verbose = False, flg_pro = False)
print('model', time.perf_counter() - started)
";

/// Four rules and a chain by marketing-attribution-models, a row for each path.
const MAM: &str = "
import time
import pandas as pd
from mam import MAM
data = pd.read_csv('paths.csv', sep = ';')
data['paths'] = data['total_conversions'] + data['total_null']
data['is_won'] = data['total_conversions'] > 0
started = time.perf_counter()
mam = MAM(data, 'grouped_journey', 'path', 'is_won', occurrences_colname = 'paths')
for name, run in [('first', mam.run_first_click), ('last', mam.run_last_click),
    ('linear', mam.run_linear), ('u_last', mam.run_position_based)]:
    result = run().to_dict()
    for channel, credit in zip(result['channels'], result['attribution']):
        print(name, channel, credit)
print('rules', time.perf_counter() - started)
";

pub fn section(bench: &Bench) -> Result<Section, String> {
    let sizes = bench.options.rows.map_or(SIZES.to_vec(), |rows| vec![rows]);
    let mut section = Section {
        title: "Credit of paths",
        about: format!(
            "{CHANNELS} channels, Zipf, mean length 5, three of ten paths succeed; from one CSV. \
             Ours: all ten rules, Markov orders 1 and 2 solved exactly, Shapley values over all \
             coalitions of the {CHANNELS}; then estimates with 200 replicates each."
        ),
        costs: Vec::new(),
        ratios: Vec::new(),
    };
    if let Some(published) = published().filter(|_| bench.options.rows.is_none()) {
        let rows = copy(&published, &bench.folder.join(FILE))
            .map_err(|error| format!("{}: {error}", published.display()))?;
        section.about.push_str(&format!(
            " The {} are the paths that ChannelAttribution publishes; starting a program is \
             most of their time.",
            number(rows as f64)
        ));
        one(bench, rows, &mut section)?;
    }
    let mut grown: Vec<f64> = Vec::new();
    for rows in &sizes {
        let path = bench.folder.join(FILE);
        write(&path, *rows).map_err(|error| format!("{}: {error}", path.display()))?;
        grown.extend(one(bench, *rows, &mut section)?);
        shared(bench, *rows, &mut section)?;
    }
    if let [small, large] = grown[..] {
        let times = large / small / (SIZES[1] / SIZES[0]) as f64;
        section.ratios.push(Ratio {
            what: "processor time at 10 M paths, against ten times that at 1 M".to_owned(),
            value: times,
            unit: "x",
            wanted: Wanted::AtMost(1.1),
        });
    }
    Ok(section)
}

/// Where the published paths are, if they are there.
fn published() -> Option<PathBuf> {
    let folder = std::env::var_os("HANDFAST_DATA").filter(|folder| !folder.is_empty())?;
    Some(Path::new(&folder).join(PUBLISHED)).filter(|path| path.is_file())
}

/// Copies a file of paths; gives how many there are, below the names of its columns.
fn copy(from: &Path, to: &Path) -> io::Result<u64> {
    let text = fs::read_to_string(from)?;
    fs::write(to, &text)?;
    Ok(text.lines().count().saturating_sub(1) as u64)
}

/// The paths of one file; gives our processor seconds.
fn one(bench: &Bench, rows: u64, section: &mut Section) -> Result<Option<f64>, String> {
    let path = bench.folder.join(FILE);
    let times = bench.options.times;
    let step = |what: &str, times, command: &dyn Fn() -> Command| {
        measure((what, Some(rows)), times, &bench.folder, || Ok(command()))
    };
    let ask = |models: &str, more: &[&str]| {
        let words = [
            "ask", "credit", "--paths", FILE, "--csv", "--models", models,
        ];
        bench.handfast(&bench.folder, &[&words[..], more].concat())
    };
    let all = format!("{RULES},markov_1,markov_2,shapley");
    let ours = step("rules, Markov 1 and 2, Shapley", times, &|| {
        ask(&all, &["--no-intervals"])
    })?;
    let joined = step(
        "Markov 1 and 2, Shapley of 11 and others, intervals",
        times,
        &|| ask("markov_1,markov_2,shapley", &["--top", "11"]),
    )?;
    let few = step(
        "rules, Markov 1 and 2, Shapley of 11 and others",
        times,
        &|| ask(&all, &["--no-intervals", "--top", "11"]),
    )?;
    let kernel = step("the kernel alone, Markov 1 and 2", times, &|| {
        let mut chains = Command::new(bench.example("chains"));
        chains.arg(&path);
        chains
    })?;
    let worked = ours.worked();
    let at = |what: &str| format!("{what}, {} paths", number(rows as f64));
    section.ratios.push(Ratio {
        what: at("seconds with intervals"),
        value: joined.seconds(),
        unit: " s",
        wanted: Wanted::AtMost(10.0),
    });
    for (what, cost) in [("", &ours), (", of 11 channels and others", &few)] {
        let Some(peak) = cost.peak_mib else { continue };
        section.ratios.push(Ratio {
            what: at(&format!("peak memory{what}")),
            value: peak as f64,
            unit: " MiB",
            wanted: Wanted::AtMost(715.0),
        });
    }
    let theirs = peers(bench, rows, (&ours, &few, &kernel), section)?;
    section.costs.extend([ours, few, joined, kernel]);
    section.costs.extend(theirs);
    Ok(worked)
}

fn peers(
    bench: &Bench,
    rows: u64,
    (ours, few, kernel): (&Cost, &Cost, &Cost),
    section: &mut Section,
) -> Result<Vec<Cost>, String> {
    let Some(peers) = &bench.peers else {
        return Ok(Vec::new());
    };
    let step = |what: &str, times, script: &str, words: &[&str]| {
        measure((what, Some(rows)), times, &bench.folder, || {
            Ok(peers.command(&bench.folder, script, words))
        })
    };
    let at = |what: &str| format!("{what}, {} paths", number(rows as f64));
    let duck = step(
        "DuckDB, first, last and linear",
        bench.options.times,
        DUCKDB,
        &[THREADS],
    )?;
    let what = at("everything, DuckDB's three rules");
    let bound = Wanted::AtMost(1.0);
    let ratio = Ratio::times(&what, ours.seconds(), duck.seconds(), bound);
    section.ratios.push(ratio);
    let of_few = at("everything, of 11 channels and others, DuckDB's three rules");
    let bound = Wanted::AtMost(1.0);
    let ratio = Ratio::times(&of_few, few.seconds(), duck.seconds(), bound);
    section.ratios.push(ratio);
    section.ratios.extend(Ratio::worked(&what, ours, &duck));
    let mut costs = vec![duck];
    if !peers.has("ChannelAttribution") {
        eprintln!("\n==> SKIPPED: ChannelAttribution is not installed");
        return Ok(costs);
    }
    for order in ["1", "2"] {
        let what = format!("ChannelAttribution, Markov {order}");
        let times = bench.options.times.min(MINUTES);
        let markov = step(&what, times, CHANNEL_ATTRIBUTION, &[order, THREADS])?;
        section
            .ratios
            .extend(against(order, rows, (ours, kernel), &markov));
        costs.push(markov);
    }
    Ok(costs)
}

/// A peer that takes a minute or more each time is measured so often at most.
const MINUTES: usize = 3;

/// The rules that marketing-attribution-models has too, and both give alike.
const SHARED: [&str; 4] = ["first", "last", "linear", "u_last"];
/// It takes a row for each path into memory several times over.
const MAM_ROWS: u64 = 1_000_000;

/// Ours and theirs, where they can take so many rows.
fn shared(bench: &Bench, rows: u64, section: &mut Section) -> Result<(), String> {
    let peers = bench.peers.as_ref().filter(|_| rows <= MAM_ROWS);
    let Some(peers) = peers.filter(|peers| peers.has("marketing-attribution-models")) else {
        return Ok(());
    };
    let what = "marketing-attribution-models, four rules";
    let times = bench.options.times.min(MINUTES);
    let theirs = measure((what, Some(rows)), times, &bench.folder, || {
        Ok(peers.command(&bench.folder, MAM, &[]))
    })?;
    let models = SHARED.join(",");
    let words = ["ask", "credit", "--paths", FILE, "--csv", "--models"];
    let words = [&words[..], &[&models]].concat();
    let ours = measure(
        ("the same four rules", Some(rows)),
        bench.options.times,
        &bench.folder,
        || Ok(bench.handfast(&bench.folder, &words)),
    )?;
    let seen = alike(&ours, &theirs)?;
    eprintln!("    {seen} credits are those of {what}");
    let what = "four rules, so many times as fast, marketing-attribution-models";
    let (a, b) = (theirs.seconds(), ours.seconds());
    section
        .ratios
        .push(Ratio::times(what, a, b, Wanted::Nothing));
    section.costs.extend([ours, theirs]);
    Ok(())
}

/// How many credits both give; each must be the same but for the last digits.
fn alike(ours: &Cost, theirs: &Cost) -> Result<usize, String> {
    let lines = || {
        ours.said()
            .lines()
            .map(|line| line.split(',').collect::<Vec<_>>())
    };
    let head = lines().next().unwrap_or_default();
    let ours = |model: &str, channel: &str| -> Option<f64> {
        let column = head.iter().position(|name| *name == model)?;
        let row = lines().find(|row| row.first() == Some(&channel))?;
        row.get(column)?.parse().ok()
    };
    let mut seen = 0;
    for line in theirs.said().lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let [model, channel, credit] = words[..] else {
            continue;
        };
        let credit: f64 = credit.parse().map_err(|_| format!("`{line}`?"))?;
        let own = ours(model, channel).unwrap_or(0.0);
        if (own - credit).abs() > 1e-6 * credit.abs().max(1.0) {
            return Err(format!(
                "{model} of {channel}: {own} by us, {credit} by {}",
                theirs.what
            ));
        }
        seen += 1;
    }
    match seen {
        0 => Err(format!("{} said nothing", theirs.what)),
        seen => Ok(seen),
    }
}

/// How many times as long ChannelAttribution takes: from the file, and the model alone.
fn against(order: &str, rows: u64, (ours, kernel): (&Cost, &Cost), markov: &Cost) -> Vec<Ratio> {
    let ratio = |what: &str, ours: f64, theirs: f64, wanted| {
        let rows = number(rows as f64);
        let what = format!("{what}, ChannelAttribution's Markov {order}, {rows} paths");
        Ratio::times(&what, theirs, ours, Wanted::AtLeast(wanted))
    };
    let what = "everything, so many times as fast";
    let mut ratios = vec![ratio(what, ours.seconds(), markov.seconds(), 8.0)];
    let alone = said(kernel, "gather").zip(said(kernel, &format!("markov_{order}")));
    if let Some(((gather, solve), model)) = alone.zip(said(markov, "model")) {
        ratios.push(ratio("the kernel alone", gather + solve, model, 20.0));
    }
    ratios
}

/// The figure on the line of a name, the median of all times.
fn said(cost: &Cost, name: &str) -> Option<f64> {
    cost.told(|said| {
        let mut lines = said.lines().map(str::split_whitespace);
        lines.find_map(|mut words| match words.next() == Some(name) {
            true => words.next()?.parse().ok(),
            false => None,
        })
    })
}

/// Zipf over the channels; each path goes on with four chances of five.
fn write(path: &Path, rows: u64) -> io::Result<()> {
    const UNIT: u64 = 1 << 20;
    let mut below = Vec::new();
    let mut sum = 0;
    for rank in 1..=CHANNELS {
        sum += UNIT / rank;
        below.push(sum);
    }
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
    writeln!(
        file,
        "path;total_conversions;total_conversion_value;total_null"
    )?;
    let mut chance = Chance::new();
    for _ in 0..rows {
        let mut is_first = true;
        while is_first || chance.below(5) > 0 {
            let drawn = chance.below(sum);
            let channel = below.partition_point(|bound| *bound <= drawn);
            let before = if is_first { "" } else { " > " };
            write!(file, "{before}channel_{channel:02}")?;
            is_first = false;
        }
        match chance.below(10) < 3 {
            true => writeln!(
                file,
                ";1;{}.{:02};0",
                chance.below(1_000),
                chance.below(100)
            )?,
            false => writeln!(file, ";0;0;1")?,
        }
    }
    file.flush()
}
