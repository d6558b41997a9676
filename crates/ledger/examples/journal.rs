//! Appends events to a new book from many threads and prints how many are acknowledged a second,
//! beside how often the disk flushes. `cargo run -p handfast-ledger --example journal [SECONDS]
//! [FOLDER]`; the folder says which disk. Then it says how many milliseconds it takes to read all
//! facts, before and after what lies in the journal is folded, and to open the book.

use std::error::Error;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant as Clock};

use handfast_ledger::{Classified, Commit, Ended, Ending, Intake, Ledger, Opening, TextBatch};
use handfast_model::fact::Origin;
use handfast_model::pack::{Format, Pack, PersonColumn, Stream, StreamMode};
use handfast_model::question::{AsOf, Known};
use handfast_model::{Calendar, Fact, FactId, FactKind, Instant, Refusal, Seq, Value, When};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Threads, rows of a batch, and whether each event is of a new person whose columns are sealed.
const RUNS: [(usize, usize, bool); 6] = [
    (1, 1, false),
    (8, 1, false),
    (64, 1, false),
    (64, 1, true),
    (64, 100, false),
    (64, 100, true),
];

fn main() -> Outcome<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let seconds = words.first().map_or(Ok(5), |word| word.parse())?;
    let home = words.get(1).map_or_else(std::env::temp_dir, PathBuf::from);
    println!(
        "threads rows sealed     rows/s commits/s  p50 ms  p99 ms   work/row flushes/s    \
         read  folded    open"
    );
    for run in RUNS {
        let folder = tempfile::tempdir_in(&home)?;
        measure(folder.path(), run, Duration::from_secs(seconds))?;
    }
    Ok(())
}

fn measure(
    folder: &Path,
    (threads, rows, sealed): (usize, usize, bool),
    time: Duration,
) -> Outcome<()> {
    let flushes = flushes(folder, Duration::from_secs(1))?;
    let opening = Opening {
        now: Instant(DAY),
        command: "journal".to_owned(),
        author: "bench".to_owned(),
    };
    let book = folder.join("book");
    let ledger = Ledger::create(&book, None, &opening).map_err(told)?;
    let people = Ledger::open_reading(&book).map_err(told)?;
    let intake = ledger
        .intake(&pack(sealed), move |_, batches| Ok(map(&people, batches)))
        .map_err(told)?;
    let (begun, worked) = (Clock::now(), worked());
    let mut waits = drive(&intake, threads, rows, time)?;
    let (took, worked) = (begun.elapsed().as_secs_f64(), crate::worked() - worked);
    intake.finish().map_err(told)?;
    waits.sort_unstable();
    let part = |percent: usize| {
        waits
            .get(waits.len() * percent / 100)
            .map_or(0.0, |wait| wait.as_secs_f64() * 1e3)
    };
    let count = (waits.len() * rows) as f64;
    let commits = ledger.last_seq().map_err(told)?.0 as f64;
    let (facts, read) = facts(&ledger)?;
    ledger.fold().map_err(told)?;
    let (folded, read_folded) = crate::facts(&ledger)?;
    drop(ledger);
    let reopened = Clock::now();
    Ledger::open(&book, &opening).map_err(told)?;
    print!(
        "{threads:7} {rows:4} {:6} {:10.0} {:9.0} {:7.1} {:7.1}",
        if sealed { "yes" } else { "no" },
        count / took,
        commits / took,
        part(50),
        part(99),
    );
    println!(
        " {:7.1} µs {flushes:9.0} {read:7.0} {read_folded:7.0} {:7.0}",
        worked * 1e6 / count,
        reopened.elapsed().as_secs_f64() * 1e3,
    );
    match facts == waits.len() * rows && folded == facts {
        true => Ok(()),
        false => Err(format!("{facts} facts of {count} rows").into()),
    }
}

/// Sends batches from many threads for a time; gives how long each waited for its receipt.
fn drive(intake: &Intake, threads: usize, rows: usize, time: Duration) -> Outcome<Vec<Duration>> {
    let (next, begun) = (AtomicU64::new(0), Clock::now());
    let client = || {
        let mut waits = Vec::new();
        while begun.elapsed() < time {
            let from = next.fetch_add(rows as u64, Ordering::Relaxed);
            let sent = Clock::now();
            send(intake, from, rows)?;
            waits.push(sent.elapsed());
        }
        Ok::<_, String>(waits)
    };
    let mut all = Vec::new();
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..threads).map(|_| scope.spawn(client)).collect();
        for client in clients {
            all.extend(client.join().map_err(|_| "a client panicked")??);
        }
        Ok(all)
    })
}

/// How many facts the book holds, and how many milliseconds it takes to read them.
fn facts(ledger: &Ledger) -> Outcome<(usize, f64)> {
    let calendar = Calendar::in_zone("UTC").ok_or("no UTC")?;
    let begun = Clock::now();
    let snapshot = ledger.snapshot(AsOf::Latest, Known::Recorded, &calendar);
    let count = snapshot.map_err(told)?.facts.len();
    Ok((count, begun.elapsed().as_secs_f64() * 1e3))
}

fn told(refusal: Refusal) -> Box<dyn Error> {
    refusal.to_string().into()
}

/// How often a second a page can be written to a file and flushed.
fn flushes(folder: &Path, time: Duration) -> Outcome<f64> {
    let mut file = File::create(folder.join("flushes"))?;
    let (begun, mut count) = (Clock::now(), 0);
    while begun.elapsed() < time {
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        count += 1;
    }
    Ok(f64::from(count) / begun.elapsed().as_secs_f64())
}

/// Processor seconds of this process.
fn worked() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = text.rsplit(") ").next().unwrap_or("").split(' ').collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok());
    (ticks(11).unwrap_or(0.0) + ticks(12).unwrap_or(0.0)) / 100.0
}

const DAY: i64 = 1_790_000_000_000_000;
const COLUMNS: [&str; 5] = ["messageId", "userId", "email", "type", "at"];

fn send(intake: &Intake, from: u64, rows: usize) -> Result<(), String> {
    let columns = COLUMNS.map(str::to_owned);
    let texts = |(line, at): (u32, u64)| {
        let moment = Instant(DAY + at as i64 * 1_000).to_string();
        let texts = [
            format!("msg-{at:012}"),
            format!("user-{at}"),
            format!("user{at}@example.org"),
            "page_view".to_owned(),
            moment,
        ];
        (line, texts.to_vec())
    };
    let texts: Vec<_> = (1..).zip(from..from + rows as u64).map(texts).collect();
    let batch = TextBatch::of_texts("events", "api", &columns, &texts);
    let receipt = intake
        .append(batch, Instant(DAY))
        .map_err(|refusal| refusal.to_string())?;
    match receipt.account.mapped == rows as u64 {
        true => Ok(()),
        false => Err(format!("{receipt:?}")),
    }
}

fn pack(sealed: bool) -> Pack {
    let person = PersonColumn {
        column: "userId".to_owned(),
        namespace: "site".to_owned(),
        characters: None,
        seals: Vec::new(),
        email: Some("email".to_owned()),
    };
    let events = Stream {
        name: "events".to_owned(),
        files: Vec::new(),
        recognised_by: Vec::new(),
        key: vec!["messageId".to_owned()],
        version: None,
        mode: StreamMode::Events,
        is_reference: false,
        format: Format::default(),
        people: sealed.then_some(person).into_iter().collect(),
        safe: ["messageId", "type", "at"].map(str::to_owned).to_vec(),
        ignore: Vec::new(),
        deletes: None,
    };
    Pack {
        source: "site".to_owned(),
        version: "blake3:00".to_owned(),
        zone: "UTC".to_owned(),
        observed_until: None,
        currency: None,
        folder: None,
        streams: vec![events],
        mappings: Vec::new(),
        ignored_files: Vec::new(),
    }
}

/// One touch of each row.
fn map(ledger: &Ledger, batches: Vec<Classified>) -> Commit {
    let mut commit = Commit::default();
    for classified in batches {
        let batch = classified.to_map();
        let names = &mut commit.names;
        let (source, stream) = (names.intern("site"), names.intern("events"));
        let (file, kind) = (names.intern(&batch.file), names.intern("kind"));
        for (row, found) in classified.fresh_rows().enumerate() {
            commit.facts.push(Fact {
                id: FactId(0),
                kind: FactKind::Touch,
                happened: Instant::parse(batch.text(4, row)).map_or(When::Unknown, When::At),
                is_assumed: false,
                seq: Seq(0),
                recorded_at: Instant(0),
                origin: Origin {
                    source,
                    stream,
                    key: found.key,
                    version: found.version,
                    ordinal: 0,
                    file,
                    line: batch.lines.get(row).copied().unwrap_or(0),
                },
                person: Some(ledger.person_id("site", batch.text(1, row))),
                account: None,
                deal: None,
                campaign: None,
                rep: None,
                attributes: [(kind, Value::Text(names.intern(batch.text(3, row))))].into(),
            });
        }
        let endings = vec![Ending::Mapped; classified.fresh.len()];
        commit.batches.push(Ended {
            classified,
            endings,
        });
    }
    commit
}
