//! Imports of touches beside DuckDB, which writes the same CSV as Parquet: without personal
//! columns, and with two of them sealed.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::cost::{Cost, measure};
use super::inputs::{ATTRIBUTES, CALENDAR, CHANNELS, Chance, STAGES, day_of};
use super::page::{Ratio, Section, Wanted, number};
use super::{Bench, THREADS};

const ROWS: u64 = 10_000_000;

/// One of the two kinds of file.
struct Kind {
    name: &'static str,
    what: &'static str,
    is_sealed: bool,
    /// Of DuckDB's rows per second.
    wanted: f64,
}

const KINDS: [Kind; 2] = [
    Kind {
        name: "plain",
        what: "no personal column",
        is_sealed: false,
        wanted: 0.25,
    },
    Kind {
        name: "sealed",
        what: "two sealed columns",
        is_sealed: true,
        wanted: 0.10,
    },
];

const PEER: &str = "
import sys, duckdb
path, threads = sys.argv[1:]
duckdb.sql(f'set threads = {threads}')
duckdb.sql(f\"copy (select * from '{path}') to 'peer.parquet'\")
";

pub fn section(bench: &Bench) -> Result<Section, String> {
    let rows = bench.options.rows.unwrap_or(ROWS);
    let mut section = Section {
        title: "Import",
        about: format!(
            "{} touches of {} accounts in one CSV file, one SELECT, into a new book. DuckDB \
             reads the same file and writes Parquet.",
            number(rows as f64),
            number(accounts(rows) as f64)
        ),
        costs: Vec::new(),
        ratios: Vec::new(),
    };
    for kind in &KINDS {
        one(bench, rows, kind, &mut section)?;
    }
    Ok(section)
}

fn one(bench: &Bench, rows: u64, kind: &Kind, section: &mut Section) -> Result<(), String> {
    let folder = bench.folder.join(kind.name);
    write(&folder, rows, kind).map_err(|error| format!("generated touches: {error}"))?;
    let what = format!("Handfast, {}", kind.what);
    let times = bench.options.times;
    let ours = measure((&what, Some(rows)), times, &bench.folder, || {
        fs::remove_dir_all(folder.join("book")).ok();
        let mut init = bench.handfast(&folder, &["init", "book", "--from", "example"]);
        super::quietly(&mut init)?;
        Ok(bench.handfast(&folder, &["import", "book", "touches.csv"]))
    })?;
    let theirs = bench.peers.as_ref().map(|peers| {
        let what = format!("DuckDB, {}", kind.what);
        measure((&what, Some(rows)), times, &bench.folder, || {
            Ok(peers.command(&folder, PEER, &["touches.csv", THREADS]))
        })
    });
    let theirs = theirs.transpose()?;
    section.ratios.extend(judged(kind, &ours, theirs.as_ref()));
    section.costs.push(ours);
    section.costs.extend(theirs);
    fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))
}

fn judged(kind: &Kind, ours: &Cost, theirs: Option<&Cost>) -> Vec<Ratio> {
    let what = |name: &str| format!("{name}, {}", kind.what);
    let rate = ours.rows_per_second().unwrap_or(f64::NAN);
    let mut ratios = Vec::new();
    if let Some(peer) = theirs.and_then(Cost::rows_per_second) {
        let wanted = Wanted::AtLeast(kind.wanted);
        ratios.push(Ratio::times(&what("rows/s, DuckDB"), rate, peer, wanted));
    }
    ratios.extend(theirs.and_then(|peer| Ratio::worked(&what("import, DuckDB"), ours, peer)));
    if !kind.is_sealed {
        ratios.push(Ratio {
            what: what("rows/s"),
            value: rate,
            unit: "",
            wanted: Wanted::AtLeast(300_000.0),
        });
    }
    ratios.push(Ratio::memory(kind.what, ours, 1_024.0));
    ratios
}

fn accounts(rows: u64) -> u64 {
    (rows / 50).max(1)
}

fn write(folder: &Path, rows: u64, kind: &Kind) -> io::Result<()> {
    let (charter, pack) = (
        folder.join("example/charter"),
        folder.join("example/sources/bench"),
    );
    fs::create_dir_all(&charter)?;
    fs::create_dir_all(&pack)?;
    fs::write(charter.join("calendar.toml"), CALENDAR)?;
    fs::write(charter.join("stages.toml"), STAGES)?;
    fs::write(charter.join("channels.toml"), CHANNELS)?;
    fs::write(charter.join("attributes.toml"), ATTRIBUTES)?;
    fs::write(pack.join("source.toml"), source(kind))?;
    fs::write(pack.join("touches.touch.sql"), select(kind))?;
    write_touches(&folder.join("touches.csv"), rows, kind)
}

fn source(kind: &Kind) -> String {
    let people = match kind.is_sealed {
        true => {
            r#"people = [{ column = "lead_id", namespace = "bench", email = "email" }]
safe = ["touch_id", "account_id", "lead_id", "kind", "medium", "at"]
"#
        }
        false => "",
    };
    format!(
        r#"source = "bench"
zone = "UTC"
currency = "USD"
observed_until = "2024-12-31"

[[stream]]
name = "touches"
files = ["touches*.csv"]
key = ["touch_id"]
mode = "events"
{people}
[[map]]
stream = "touches"
kind = "touch"
file = "touches.touch.sql"
"#
    )
}

fn select(kind: &Kind) -> String {
    let person = if kind.is_sealed {
        "lead_id AS person, "
    } else {
        ""
    };
    format!(
        "SELECT _record, as_time(at, 'iso') AS happened, account_id AS account,
       {person}kind AS touch, medium, 'marketing' AS team
FROM touches
"
    )
}

fn write_touches(path: &Path, rows: u64, kind: &Kind) -> io::Result<()> {
    let kinds = ["page_view", "page_view", "email_click", "demo_request"];
    let mut chance = Chance::new();
    let mut file = BufWriter::new(File::create(path)?);
    file.write_all(b"touch_id,account_id,kind,medium,at")?;
    file.write_all(if kind.is_sealed {
        b",lead_id,email,phone\n"
    } else {
        b"\n"
    })?;
    for id in 0..rows {
        let account = chance.below(accounts(rows));
        let touch = chance.one_of(&kinds);
        let medium = chance.one_of(&["cpc", "email", "organic", "social"]);
        let (day, second) = (day_of(chance.below(700)), chance.below(86_400));
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        write!(
            file,
            "T{id},A{account},{touch},{medium},{day}T{hour:02}:{minute:02}:{second:02}Z"
        )?;
        if kind.is_sealed {
            let lead = chance.below((rows / 10).max(1));
            let phone = 2_000_000 + lead;
            write!(
                file,
                ",L{lead},person{lead}@company{}.example,{phone}",
                lead % 997
            )?;
        }
        file.write_all(b"\n")?;
    }
    file.flush()
}
