//! `cargo xtask bench`: how long the road of a number takes on generated rows, measured from
//! outside on the binary that people run, beside DuckDB and ClickHouse on the same files. Nothing
//! here is a pass or a fail: it prints tables and what was wanted, and whoever changes the speed
//! quotes it.
//!
//! One file per part: `window`, `load` (import), `curve` (funnel), `journal`, `road`, `credit` (of
//! paths), `earned` (in a book), `serve` (under load), `compile`.
//! `inputs` and `growth` make the rows, the same for the same seed; `cost` measures, `page` tells.

mod compile;
mod cost;
mod credit;
mod curve;
mod earned;
mod growth;
mod inputs;
mod journal;
mod load;
mod page;
mod peers;
mod road;
mod serve;
mod window;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use self::page::Section;
use self::peers::Peers;
use crate::run::{self, Scratch};

/// What is measured with several threads is measured with so many, on both sides.
const THREADS: &str = "2";

/// The question that is asked most.
const FLOW: &[&str] = &[
    "ask", "funnel", "--book", "book", "--view", "flow", "--by", "month", "--json",
];

/// Where `--write` puts what was measured.
const PAGE: &str = "docs/benchmarks.md";

type Part = (&'static str, fn(&Bench) -> Result<Section, String>);

const PARTS: [Part; 9] = [
    ("window", window::section),
    ("import", load::section),
    ("funnel", curve::section),
    ("journal", journal::section),
    ("road", road::section),
    ("credit", credit::section),
    ("earned", earned::section),
    ("serve", serve::section),
    ("compile", compile::section),
];

const USAGE: &str = "\
cargo xtask bench [window] [import] [funnel] [journal] [road] [credit] [earned] [serve] [compile]
                 all where none is named
  --rows N     so many rows (10,000,000; `road` 1,000,000; `credit` both; `earned` 20,000,000)
  --times N    what can be repeated is measured so often, medians are told (5)
  --growth     `funnel` at 1, 10 and, with --rows, more million touches; `earned` at 100
  --profile P  measure (dev without its checks), release (some twenty minutes), dev
  --write      also into docs/benchmarks.md";

/// What is asked for.
struct Options {
    parts: Vec<Part>,
    rows: Option<u64>,
    times: usize,
    profile: String,
    is_growth: bool,
    is_written: bool,
}

/// What all parts share.
struct Bench {
    options: Options,
    /// Where what was built lies.
    built: PathBuf,
    /// For files, and gone afterwards.
    folder: PathBuf,
    peers: Option<Peers>,
}

/// Builds, measures part by part, prints each when it is done.
pub fn bench(words: &[String]) -> Result<(), String> {
    let options = options(words)?;
    let scratch = Scratch::new("bench")?;
    let bench = Bench {
        built: run::target()?.join(match options.profile.as_str() {
            "dev" => "debug",
            name => name,
        }),
        options,
        folder: scratch.0.clone(),
        peers: Peers::find(),
    };
    build(&bench)?;
    for (name, section) in &bench.options.parts {
        eprintln!("\n==> {name}");
        let mut section = section(&bench)?;
        let (threads, profile) = (threads(), bench.profile());
        section.about = format!(
            "{} Profile `{profile}`, {threads} processors; of what ran several times the medians.",
            section.about
        );
        println!("\n{}", section.text());
        if bench.options.is_written {
            write(section.title, &section.text())?;
        }
    }
    Ok(())
}

/// All in one call and with the features of the whole workspace, so that nothing below is built
/// twice.
fn build(bench: &Bench) -> Result<(), String> {
    let mut build = run::cargo();
    build.args(["build", "--workspace", "--profile", bench.profile()]);
    build.args([
        "--bin",
        "handfast",
        "--example",
        "warm",
        "--example",
        "window",
        "--example",
        "chains",
        "--example",
        "journal",
        "--example",
        "floor",
    ]);
    run::step("build what is measured", &mut build)
}

fn write(title: &str, section: &str) -> Result<(), String> {
    let path = run::root().join(PAGE);
    let failed = |error| format!("{PAGE}: {error}");
    let page = std::fs::read_to_string(&path).map_err(failed)?;
    std::fs::write(&path, page::with(&page, title, section)).map_err(failed)
}

impl Bench {
    fn profile(&self) -> &str {
        &self.options.profile
    }

    fn binary(&self) -> PathBuf {
        self.built
            .join(format!("handfast{}", std::env::consts::EXE_SUFFIX))
    }

    fn example(&self, name: &str) -> PathBuf {
        self.built.join("examples").join(name)
    }

    /// The product, in a folder.
    fn handfast(&self, folder: &Path, words: &[&str]) -> Command {
        let mut handfast = Command::new(self.binary());
        handfast.current_dir(folder).args(words);
        handfast
    }
}

/// Runs what is not measured; what it says is told only if it fails.
fn quietly(command: &mut Command) -> Result<(), String> {
    let said = command.stdin(Stdio::null()).output();
    let said = said.map_err(|error| format!("{command:?}: {error}"))?;
    match said.status.success() {
        true => Ok(()),
        false => Err(format!(
            "{command:?}: {}\n{}",
            said.status,
            String::from_utf8_lossy(&said.stderr)
        )),
    }
}

fn options(words: &[String]) -> Result<Options, String> {
    let mut options = Options {
        parts: Vec::new(),
        rows: None,
        times: 5,
        profile: "measure".to_owned(),
        is_growth: false,
        is_written: false,
    };
    let mut words = words.iter().map(String::as_str);
    while let Some(word) = words.next() {
        let mut next = |example: &str| {
            let missing = || format!("{word} wants a word, as in {word} {example}\n{USAGE}");
            words.next().ok_or_else(missing)
        };
        match word {
            "--rows" => options.rows = Some(number(next("10_000_000")?)?),
            "--times" => options.times = usize::try_from(number(next("5")?)?).unwrap_or(usize::MAX),
            "--profile" => options.profile = next("measure")?.to_owned(),
            "--growth" => options.is_growth = true,
            "--write" => options.is_written = true,
            "--" => {}
            other => {
                let part = PARTS.into_iter().find(|(name, _)| *name == other);
                options
                    .parts
                    .push(part.ok_or_else(|| format!("bench: `{other}`?\n{USAGE}"))?);
            }
        }
    }
    if options.parts.is_empty() {
        options.parts.extend(PARTS);
    }
    Ok(options)
}

fn number(word: &str) -> Result<u64, String> {
    let number = word.replace(['_', ','], "").parse().ok();
    number
        .filter(|number| *number > 0)
        .ok_or_else(|| format!("bench: `{word}` is no number above zero\n{USAGE}"))
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
