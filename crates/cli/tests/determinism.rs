//! The same book gives the same bytes of every answer: whatever the partitions and batches in which
//! it was mapped, how many threads derive and count, the seeds of hash maps (each process has others), the clock and language of the
//! machine, and whether what is derived was kept.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use handfast_ledger::{Ledger, text_hash};
use handfast_model::passport::Passport;
use handfast_model::question::{AsOf, Known};
use handfast_model::{Calendar, FactKind};
use handfast_wire::v1::passport::{from_json, to_json};
use support::run;

/// Lines of each export that are taken.
const LINES: usize = 260;
/// Processes that ask each question, each with other seeds.
const PROCESSES: usize = 20;

const ZONES: [&str; 4] = [
    "UTC",
    "Asia/Kathmandu",
    "America/New_York",
    "Australia/Lord_Howe",
];
const LANGUAGES: [&str; 2] = ["C", "tr_TR.UTF-8"];

const ASKS: [&str; 46] = [
    "funnel --json",
    "funnel --by channel,segment --json",
    "funnel --by month,rep --unit person --entries all --window 60 --json",
    "funnel --estimate --window 30 --by channel --json",
    "funnel --view flow --period 2025-Q1 --by team --json",
    "funnel --view flow --unit account --by quarter --json",
    "funnel --view flow --unit deal --csv",
    "funnel --view snapshot --at 2025-03-30 --currency EUR --by channel --json",
    "funnel --view snapshot --at 2025-02-28 --outcome-by 2025-06-30 --unit account --json",
    "funnel --records entered --row paid_search --by channel --json",
    "velocity --json",
    "transitions --by month,rep --json",
    "velocity --from mql --by account.region --json",
    "times --by channel --json",
    "stale --json",
    "response --by channel --json",
    "health --json",
    "leaks --json",
    "metric revenue --by quarter --json",
    "metric revenue --by channel@last --currency EUR --json",
    "metric spend --by campaign,month --json",
    "metric win_rate --by rep --as-of 3 --json",
    "metric leads_created --by week",
    "metric cost_per_lead --by channel --json",
    "metric sales_velocity --json",
    "metric conversion:mql:sal --by month --json",
    "credit won --by channel --json",
    "credit won --by campaign --models first,linear,w --json",
    "credit won --by channel --models linear,markov_1,markov_2,shapley --json",
    "cost --by channel --json",
    "cost --by month --currency EUR --json",
    "sla --json",
    "sla first_look --by month,channel --json",
    "bridge --period 2024-Q4 --json",
    "bridge --period 2024-Q4 --by rep --currency EUR --json",
    "bridge --period 2024-Q4 --since 3 --json",
    "change win_rate --period 2024-Q4 --compare 2024-Q3 --by channel --json",
    "change leads_created --since 3 --json",
    "forecast --horizon month --by team --json",
    "forecast --horizon month --backtest --json",
    "plan --goal 100000 --currency EUR --json",
    "plan --goal 100000 --currency EUR --by segment --json",
    "targets --json",
    "reasons lost --json",
    "reasons won --by rep --json",
    "identity tank.example --json",
];

/// A promise, and when people work, for charters that have none.
const PROMISE: &str = "[[handoff]]\nname = \"first_look\"\nfrom = \"marketing\"\nto = \"sales\"\n\
                       starts = \"creation\"\naccept_within = \"8 business hours\"\n";
const HOURS: &str = "\n[hours]\nweekdays = [\"09:00-12:30\", \"13:30-17:30\"]\n";

/// Facts of the kinds that the invented company's exports lack.
const EXTRA: [(&str, &str); 5] = [
    (
        "source.toml",
        r#"source = "extra"
zone = "Australia/Lord_Howe"
observed_until = "2025-12-31"

[[stream]]
name = "things"
files = ["things*.csv"]
key = ["id"]

[[map]]
stream = "things"
kind = "asset"
file = "asset.sql"

[[map]]
stream = "things"
kind = "link"
file = "link.sql"

[[map]]
stream = "things"
kind = "target"
file = "target.sql"

[[map]]
stream = "things"
kind = "account"
file = "account.sql"
"#,
    ),
    (
        "asset.sql",
        "SELECT _record, as_time(at, 'iso') AS happened, a AS asset FROM things WHERE kind = 'asset'",
    ),
    (
        "link.sql",
        "SELECT _record, as_time(at, 'iso') AS happened, a AS account, b AS same_account \
         FROM things WHERE kind = 'link'",
    ),
    (
        "target.sql",
        "SELECT _record, as_time(at, 'iso') AS happened, as_money(a, 'EUR') AS amount, b AS period \
         FROM things WHERE kind = 'target'",
    ),
    (
        "account.sql",
        "SELECT _record, as_time(at, 'iso') AS happened, a AS account, b AS domain \
         FROM things WHERE kind = 'account'",
    ),
];

struct World {
    dir: tempfile::TempDir,
    files: Vec<PathBuf>,
}

impl World {
    /// An empty book under one key, and the exports that go into its copies.
    fn new() -> World {
        let dir = tempfile::tempdir().unwrap();
        let demo = dir.path().join("demo");
        run(&["demo", "--dir", &demo.display().to_string()]);
        let example = demo.join("example");
        let extra = example.join("sources/extra");
        fs::create_dir(&extra).unwrap();
        for (name, text) in EXTRA {
            fs::write(extra.join(name), text).unwrap();
        }
        promise(&example.join("charter"));
        let empty = dir.path().join("empty");
        run(&[
            "init",
            &empty.display().to_string(),
            "--from",
            &example.display().to_string(),
        ]);
        let short = dir.path().join("exports");
        fs::create_dir(&short).unwrap();
        let mut files = Vec::new();
        let mut accounts = Vec::new();
        let mut exports: Vec<PathBuf> = fs::read_dir(demo.join("exports"))
            .unwrap()
            .map(|file| file.unwrap().path())
            .collect();
        exports.retain(|path| path.is_file());
        exports.sort();
        for path in exports {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let bytes = fs::read(&path).unwrap();
            let bytes = match String::from_utf8(bytes) {
                Ok(text) => {
                    if name.contains("account") {
                        accounts.extend(
                            text.lines()
                                .skip(1)
                                .map(|line| line.split(',').next().unwrap().to_owned()),
                        );
                    }
                    text.split_inclusive('\n')
                        .take(LINES)
                        .collect::<String>()
                        .into_bytes()
                }
                Err(other) => other.into_bytes(),
            };
            fs::write(short.join(&name), bytes).unwrap();
            files.push(short.join(&name));
        }
        fs::write(short.join("things.csv"), things(&accounts)).unwrap();
        files.push(short.join("things.csv"));
        World { dir, files }
    }

    /// A copy of the empty book with everything imported, under these circumstances.
    fn import(&self, name: &str, circumstances: &[(&str, &str)]) -> PathBuf {
        let book = self.dir.path().join(name);
        copy(&self.dir.path().join("empty"), &book);
        let output = self.try_import(&book, circumstances);
        assert!(
            output.status.success(),
            "{name}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        book
    }

    fn try_import(&self, book: &Path, circumstances: &[(&str, &str)]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_handfast"))
            .arg("import")
            .arg(book)
            .args(&self.files)
            .envs(circumstances.iter().copied())
            .output()
            .unwrap()
    }
}

/// Gives a charter a promise, if it has none.
fn promise(charter: &Path) {
    let (handoffs, calendar) = (charter.join("handoffs.toml"), charter.join("calendar.toml"));
    let told = fs::read_to_string(&handoffs).unwrap_or_default();
    if !told.contains("first_look") {
        fs::write(&handoffs, told + PROMISE).unwrap();
    }
    let text = fs::read_to_string(&calendar).unwrap();
    if !text.contains("[hours]") {
        fs::write(&calendar, text + HOURS).unwrap();
    }
}

/// Merges in a chain and crosswise, sites in odd letters, times when clocks change.
fn things(accounts: &[String]) -> String {
    let mut text = String::from("id,kind,at,a,b\n");
    text.push_str("1,asset,2025-04-06T01:45:00,İstanbul ve ışık,\n");
    text.push_str("2,asset,2025-10-05T02:10:00,white paper,\n");
    text.push_str("3,target,2025-01-01T00:00:00,250000.10,2025-Q1\n");
    for (number, pair) in accounts.chunks(2).take(20).enumerate() {
        let id = 10 + number;
        if let [a, b] = pair {
            text.push_str(&format!(
                "{id},link,2025-03-0{}T02:30:00,{a},{b}\n",
                number % 9 + 1
            ));
        }
    }
    for (number, account) in accounts.iter().enumerate().take(12) {
        let id = 100 + number;
        let site = ["tank.example", "TANK.example", "ılık.example"][number % 3];
        text.push_str(&format!(
            "{id},account,2025-02-01T00:00:00,{account},{site}\n"
        ));
    }
    text
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &to),
            false => drop(fs::copy(entry.path(), &to).unwrap()),
        }
    }
}

/// All answers, each by a process of its own.
fn answers(book: &Path, circumstances: &[(&str, &str)]) -> Vec<String> {
    let ask = |words: &&str| {
        let output = Command::new(env!("CARGO_BIN_EXE_handfast"))
            .arg("ask")
            .args(words.split(' '))
            .arg("--book")
            .arg(book)
            .envs(circumstances.iter().copied())
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{words}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    };
    let mut all: Vec<String> = ASKS.iter().map(ask).collect();
    all.extend(PASSPORTS.map(|words| of_book(&passport(book, words, circumstances))));
    all
}

/// Answers whose passports are compared, too.
const PASSPORTS: [&str; 2] = ["credit won --by channel", "funnel --by channel"];

/// The passport of an answer.
fn passport(book: &Path, words: &str, circumstances: &[(&str, &str)]) -> String {
    let file = book.with_extension("passport.json");
    let output = Command::new(env!("CARGO_BIN_EXE_handfast"))
        .arg("ask")
        .args(words.split(' ').filter(|word| *word != "--json"))
        .arg("--book")
        .arg(book)
        .arg("--passport")
        .arg(&file)
        .envs(circumstances.iter().copied())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words}: {said}");
    fs::read_to_string(file).unwrap()
}

/// What a passport says but for the clock of the book it is of.
fn of_book(passport: &str) -> String {
    let fields = ["\"book\"", "\"commit\"", "\"recorded_at\"", "\"seal\""];
    let is_of_it = |line: &&str| !fields.iter().any(|field| line.starts_with(field));
    passport
        .lines()
        .filter(is_of_it)
        .collect::<Vec<_>>()
        .join("\n")
}

fn same(found: &[String], first: &[String], under: &str) {
    assert_eq!(found.len(), ASKS.len() + PASSPORTS.len());
    let asked = ASKS.into_iter().chain(PASSPORTS);
    for ((found, first), words) in found.iter().zip(first).zip(asked) {
        assert_eq!(found, first, "ask {words}: {under}");
    }
}

#[test]
fn the_same_book_gives_the_same_bytes_under_all_circumstances() {
    let world = World::new();
    let book = world.import("plain", &[]);
    let first = answers(&book, &[]);
    // It asks of something: hardly an answer is empty or like another.
    let different: BTreeSet<&String> = first.iter().collect();
    assert_eq!(different.len(), ASKS.len() + PASSPORTS.len());
    let verified = run(&["verify", &book.display().to_string()]);
    assert!(verified.contains("nothing wrong"), "{verified}");
    let ledger = Ledger::open_reading(&book).unwrap();
    let utc = Calendar::in_zone("UTC").unwrap();
    let snapshot = ledger
        .snapshot(AsOf::Latest, Known::Recorded, &utc)
        .unwrap();
    let kinds: BTreeSet<FactKind> = snapshot.facts.iter().map(|fact| fact.kind).collect();
    assert_eq!(kinds, BTreeSet::from(FactKind::ALL));
    drop(ledger);
    let asked = ASKS.iter().zip(&first);
    let empty = asked.filter(|(_, answer)| answer.contains("\"rows\":[]"));
    let empty: Vec<&&str> = empty.map(|(words, _)| words).collect();
    assert!(empty.len() < 2, "these have no rows: {empty:?}");

    // Mapped and imported otherwise. That the worker takes the shape shows by one it cannot have.
    #[cfg(debug_assertions)]
    {
        let none = world.dir.path().join("none");
        copy(&world.dir.path().join("empty"), &none);
        let output = world.try_import(&none, &[("HANDFAST_WORKER_SHAPE", "0,0")]);
        assert!(!output.status.success());
    }
    let shapes = ["1,8192", "2,8192", "7,8192", "1,3", "2,3", "7,3"];
    for (number, shape) in shapes.into_iter().enumerate() {
        let circumstances = [
            ("HANDFAST_WORKER_SHAPE", shape),
            ("TZ", ZONES[number % ZONES.len()]),
            ("LC_ALL", LANGUAGES[number % LANGUAGES.len()]),
        ];
        let other = world.import(&format!("shape {number}"), &circumstances);
        same(&answers(&other, &circumstances), &first, shape);
    }

    // Asked again and again, of what is kept and of what is derived anew.
    for process in 0..PROCESSES {
        if process % 2 == 0 {
            fs::remove_dir_all(book.join("data/derived")).unwrap();
        }
        let zone = ZONES[process % ZONES.len()];
        let language = LANGUAGES[process / ZONES.len() % LANGUAGES.len()];
        let circumstances = [("TZ", zone), ("LC_ALL", language), ("LANG", language)];
        let under = format!("process {process}, {zone}, {language}");
        same(&answers(&book, &circumstances), &first, &under);
    }

    // Read, derived and counted by one thread and by more than there are cores, in many parts.
    #[cfg(debug_assertions)]
    for threads in ["1", "2", "7"] {
        fs::remove_dir_all(book.join("data/derived")).unwrap();
        let circumstances = [
            ("HANDFAST_THREADS", threads),
            ("HANDFAST_HOME_FACTS", "300"),
        ];
        let under = format!("{threads} threads");
        same(&answers(&book, &circumstances), &first, &under);
    }

    // Derived anew with a few facts in memory at a time.
    #[cfg(debug_assertions)]
    for facts in ["20", "300"] {
        fs::remove_dir_all(book.join("data/derived")).unwrap();
        let circumstances = [("HANDFAST_HOME_FACTS", facts)];
        let under = format!("{facts} facts at a time");
        same(&answers(&book, &circumstances), &first, &under);
        let parts = fs::read_dir(book.join("data/derived")).unwrap();
        assert!(parts.count() > 10, "{facts} facts at a time");
        let verified = run(&["verify", &book.display().to_string()]);
        assert!(verified.contains("nothing wrong"), "{verified}");
    }
}

/// Of any answer a passport holds, whatever comes to the book; and says which kernel gave it.
#[test]
fn every_kind_of_answer_has_a_passport_that_holds() {
    let world = World::new();
    let book = world.import("plain", &[]);
    let named = |words: &&str| {
        let is_of_one = words.starts_with("identity");
        !is_of_one && !words.contains("--records") && !words.contains("--as-of")
    };
    let asked: Vec<&str> = ASKS.into_iter().filter(named).collect();
    let kinds: BTreeSet<&str> = asked
        .iter()
        .filter_map(|words| words.split(' ').next())
        .collect();
    // All but those about one person or buyer.
    let all = "bridge change cost credit forecast funnel health leaks metric plan reasons response sla \
               stale targets times transitions velocity";
    assert_eq!(kinds.into_iter().collect::<Vec<_>>().join(" "), all);
    let plain = |words: &str| words.replace(" --csv", "");
    let passports: Vec<Passport> = asked
        .iter()
        .map(|words| from_json(&passport(&book, &plain(words), &[])).unwrap())
        .collect();
    let behind = passports
        .iter()
        .filter(|one| !one.behind.is_empty())
        .count();
    assert!(behind > 25, "{behind} with records");
    let file = world.dir.path().join("given.json");
    let verify = |passport: &Passport, words: &str, what: &str| {
        fs::write(&file, to_json(passport)).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_handfast"))
            .args(["passport", "verify"])
            .arg(&file)
            .arg("--book")
            .arg(&book)
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8(said).unwrap();
        let is_same = output.status.success() && said.starts_with("the same: ");
        assert!(is_same, "{what}: {words}: {said}");
        said
    };
    let hold = |what: &str| {
        for (passport, words) in passports.iter().zip(&asked) {
            verify(passport, words, what);
        }
    };
    hold("at once");
    let path = book.display().to_string();
    let exports = world.dir.path().join("demo/exports");
    let mut longer: Vec<PathBuf> = fs::read_dir(exports)
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.is_file())
        .collect();
    longer.sort();
    let longer: Vec<String> = longer
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    let mut words = vec!["import", &path];
    words.extend(longer.iter().map(String::as_str));
    run(&words);
    run(&["compact", &path]);
    hold("after an import and a compaction");
    run(&["import", "undo", &path]);
    // Other kernels that give the same are told, and are no difference.
    for (passport, words) in passports.iter().zip(&asked) {
        let mut older = passport.clone();
        for kernel in &mut older.kernels {
            kernel.1 = "0".to_owned();
        }
        older.seal = text_hash(&older.body());
        let said = verify(&older, words, "of other kernels");
        for (name, version) in &passport.kernels {
            let told = format!("{name} 0 gave it, {name} {version} answers now");
            assert!(said.contains(&told), "{words}: {said}");
        }
    }
}
