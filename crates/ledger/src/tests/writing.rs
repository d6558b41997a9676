//! Writers: one at a time, grouped, each with its own sequence number.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant as Clock};

use handfast_model::question::AsOf;
use handfast_model::{Refusal, Seq, limits};

use super::world::*;
use crate::chain::Tail;
use crate::refuse;
use crate::segment::Shelf;
use crate::sqlite::SqliteStore;
use crate::store::{EachRow, Field, Store};
use crate::table::Table;
use crate::writer::{Commit, NewRows, State, Writer};

#[test]
fn a_second_writer_is_refused_without_waiting_and_told_who_holds_the_book() {
    let (world, ledger) = World::new();
    let begun = Clock::now();
    let refusal = world.open().err().unwrap();
    // It does not wait for the holder, who stays.
    assert!(begun.elapsed() < Duration::from_secs(60));
    assert_eq!(refusal.code, "E0201");
    let holder = format!("process {} (handfast test)", std::process::id());
    assert!(refusal.title.contains(&holder), "{refusal}");
    assert!(crate::Ledger::open_reading(world.folder.path()).is_ok());
    drop(ledger);
    assert!(world.open().is_ok());
}

#[test]
fn a_book_is_made_once_and_found_or_not() {
    let (world, ledger) = World::new();
    drop(ledger);
    let again = crate::Ledger::create(world.folder.path(), None, &opening("2020-01-02"));
    assert_eq!(again.err().unwrap().code, "E0203");
    let empty = tempfile::tempdir().unwrap();
    let none = crate::Ledger::open(empty.path(), &opening("2020-01-02"));
    assert_eq!(none.err().unwrap().code, "E0202");
    assert_eq!(
        crate::Ledger::open_reading(empty.path())
            .err()
            .unwrap()
            .code,
        "E0202"
    );
    let reader = crate::Ledger::open_reading(world.folder.path()).unwrap();
    let refusal = reader.publish_charter("blake3:1", Vec::new(), at("2020-01-02"));
    assert_eq!(refusal.unwrap_err().code, "E0217");
    let path = world.folder.path().join("data/journal.sqlite");
    let connection = rusqlite::Connection::open(path).unwrap();
    connection
        .execute("UPDATE book SET format = 99", [])
        .unwrap();
    assert_eq!(world.open().err().unwrap().code, "E0221");
}

#[test]
fn commits_of_many_threads_get_one_seq_each_and_the_clock_never_goes_back() {
    let (world, ledger) = World::new();
    let barrier = Barrier::new(32);
    let seqs: Vec<Seq> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..32)
            .map(|at| {
                let (ledger, barrier) = (&ledger, &barrier);
                scope.spawn(move || {
                    barrier.wait();
                    let now = format!("2020-02-{:02}", 28 - at % 28);
                    let files = vec![("source.toml".to_owned(), format!("source {at}"))];
                    ledger.publish_pack(
                        &format!("s{at}"),
                        "blake3:1",
                        files,
                        super::world::at(&now),
                    )
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|t| t.join().unwrap().unwrap())
            .collect()
    });
    let mut sorted = seqs.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, (1..=32).map(Seq).collect::<Vec<_>>());
    let history = ledger.history(100).unwrap();
    assert!(
        history
            .windows(2)
            .all(|pair| pair[0].recorded_at >= pair[1].recorded_at)
    );
    let pack = ledger.pack_at("s7", AsOf::Latest).unwrap().unwrap();
    assert_eq!((pack.seq, pack.files[0].1.as_str()), (seqs[7], "source 7"));
    drop(ledger);
    assert_eq!(world.open().unwrap().verify().findings, []);
}

#[test]
fn versions_of_the_charter_are_found_as_of_then() {
    let (_world, ledger) = World::new();
    let files = |text: &str| vec![("stages.toml".to_owned(), text.to_owned())];
    let first = ledger
        .publish_charter("blake3:aa", files("one"), at("2020-02-01"))
        .unwrap();
    let again = ledger
        .publish_charter("blake3:aa", files("one"), at("2020-02-02"))
        .unwrap();
    let second = ledger
        .publish_charter("blake3:bb", files("two"), at("2020-02-03"))
        .unwrap();
    assert_eq!((first, again, second), (Seq(1), Seq(1), Seq(2)));
    let text = |as_of| {
        ledger
            .charter_at(as_of)
            .unwrap()
            .map(|version| version.files[0].1.clone())
    };
    assert_eq!(text(AsOf::Seq(Seq(0))), None);
    assert_eq!(
        text(AsOf::Instant(at("2020-02-02"))).as_deref(),
        Some("one")
    );
    assert_eq!(text(AsOf::Latest).as_deref(), Some("two"));
}

#[test]
fn a_charter_version_is_named_by_enough_of_its_hash_to_mean_no_other() {
    let (_world, ledger) = World::new();
    let named = |asked: &str| ledger.charter_named(asked, AsOf::Latest);
    let none = named("aabbcc").unwrap_err();
    assert!(none.fix.unwrap().contains("charter publish"));
    let hashes = ["aabbcc11", "aabbcc22", "ddeeff33", "aabbcc11"];
    let mut seqs = Vec::new();
    for (hash, day) in hashes.iter().zip(1..) {
        let now = at(&format!("2020-02-{day:02}"));
        let hash = format!("blake3:{hash}");
        seqs.push(ledger.publish_charter(&hash, Vec::new(), now).unwrap());
    }
    // What was put into force twice is one version.
    for asked in ["aabbcc1", "aabbcc11", "blake3:aabbcc1", "AABBCC11"] {
        assert_eq!(named(asked).unwrap().seq, seqs[3], "{asked}");
    }
    assert_eq!(named("ddeeff").unwrap().seq, seqs[2]);
    let early = ledger.charter_named("aabbcc", AsOf::Seq(seqs[0]));
    assert_eq!(early.unwrap().seq, seqs[0]);
    for (asked, title) in [
        ("", "`` fits 3 charter versions"),
        ("blake3:", "`blake3:` fits 3 charter versions"),
        ("aabbcc", "`aabbcc` fits 2 charter versions"),
        ("ddeef", "`ddeef` is too short to name a charter version"),
        ("draft", "the book knows no charter version `draft`"),
        ("aabbcc111", "the book knows no charter version `aabbcc111`"),
    ] {
        let refusal = named(asked).unwrap_err();
        assert_eq!((refusal.code, refusal.title.as_str()), ("E0222", title));
        let fix = refusal.fix.unwrap();
        assert_eq!(fix, "--charter one of: aabbcc11, ddeeff33, aabbcc22");
    }
}

/// A store whose disk fails at the given flush.
struct Failing {
    store: SqliteStore,
    flushes: Arc<AtomicU32>,
    fails_at: u32,
    refusal: Refusal,
}

impl Store for Failing {
    fn execute(&mut self, sql: &str, fields: &[Field]) -> Result<u64, Refusal> {
        self.store.execute(sql, fields)
    }

    fn query(
        &mut self,
        sql: &str,
        fields: &[Field],
        each: &mut EachRow<'_>,
    ) -> Result<(), Refusal> {
        self.store.query(sql, fields, each)
    }

    fn begin(&mut self, is_writing: bool) -> Result<(), Refusal> {
        self.store.begin(is_writing)
    }

    fn commit(&mut self) -> Result<(), Refusal> {
        if self.flushes.fetch_add(1, Ordering::SeqCst) + 1 == self.fails_at {
            return Err(self.refusal.clone());
        }
        self.store.commit()
    }

    fn roll_back(&mut self) -> Result<(), Refusal> {
        self.store.roll_back()
    }

    fn copy_to(&mut self, path: &std::path::Path) -> Result<(), Refusal> {
        self.store.copy_to(path)
    }

    fn check(&mut self) -> Result<Vec<String>, Refusal> {
        self.store.check()
    }
}

fn writer(world: &World, refusal: Refusal, epoch: i64) -> (Writer, Arc<AtomicU32>) {
    let shelf = Shelf {
        segments: world.folder.path().join("data/segments"),
        journal: world.folder.path().join("data/journal.sqlite"),
    };
    let flushes = Arc::new(AtomicU32::new(0));
    let store = Failing {
        store: SqliteStore::open(&shelf.journal, false).unwrap(),
        flushes: Arc::clone(&flushes),
        fails_at: 2,
        refusal,
    };
    let state = State {
        store: Box::new(store),
        shelf,
        author: "tester".to_owned(),
        epoch,
        tail: Tail::empty(),
        poison: None,
        files: 0,
    };
    (Writer::start(state).unwrap(), flushes)
}

fn plain() -> Commit {
    Commit {
        note: "a note".to_owned(),
        now: at("2020-02-01"),
        rows: Vec::new(),
        apply: Box::new(|_| Ok(())),
    }
}

fn commit(writer: &Writer) -> Result<Seq, Refusal> {
    writer.commit(plain())
}

#[test]
fn the_first_failed_flush_stops_the_ledger_and_a_full_disk_does_not() {
    let (world, ledger) = World::new();
    drop(ledger);
    let path = world.folder.path();
    let (failing, flushes) = writer(&world, refuse::flush_failed(path, "EIO"), 1);
    assert_eq!(commit(&failing).unwrap(), Seq(1));
    for _ in 0..3 {
        assert_eq!(commit(&failing).unwrap_err().code, "E0212");
    }
    // The flush was not tried again.
    assert_eq!(flushes.load(Ordering::SeqCst), 2);
    drop(failing);
    let (world, ledger) = World::new();
    drop(ledger);
    let (full, _) = writer(&world, refuse::disk_full(world.folder.path()), 1);
    assert_eq!(commit(&full).unwrap(), Seq(1));
    assert_eq!(commit(&full).unwrap_err().code, "E0213");
    assert_eq!(commit(&full).unwrap(), Seq(2));
    drop(full);
    assert_eq!(world.open().unwrap().history(9).unwrap().len(), 2);
}

/// A commit of so many records whose columns fall while they are made.
fn falling(count: usize) -> Commit {
    Commit {
        note: "falls".to_owned(),
        now: at("2020-02-01"),
        rows: vec![NewRows {
            table: Table::Life,
            scope: "crm/leads".to_owned(),
            count,
            columns: Box::new(|_| panic!("row {} is odd", 7)),
        }],
        apply: Box::new(|_| Ok(())),
    }
}

#[test]
fn a_commit_that_falls_fails_alone_and_the_writer_goes_on() {
    let (world, ledger) = World::new();
    drop(ledger);
    let (writer, _) = writer(&world, refuse::read_only(), 1);
    assert_eq!(commit(&writer).unwrap(), Seq(1));
    // This disk refuses the second flush.
    assert_eq!(commit(&writer).unwrap_err().code, "E0217");
    // What goes to the journal, and what goes to a segment.
    for count in [3, limits::JOURNAL_ROWS + 1] {
        let before = writer.commit_behind(plain()).unwrap();
        let fell = writer.commit_behind(falling(count)).unwrap();
        let after = writer.commit_behind(plain()).unwrap();
        let (before, fell, after) = (before.wait(), fell.wait(), after.wait());
        let fell = fell.unwrap_err();
        assert_eq!(fell.code, "E0220");
        assert!(fell.title.ends_with("fell: row 7 is odd"), "{fell}");
        assert_eq!(after.unwrap().0, before.unwrap().0 + 1);
    }
    let chore = writer.chore(Box::new(|_| panic!("a chore")));
    assert!(chore.unwrap_err().title.ends_with("fell: a chore"));
    assert_eq!(commit(&writer).unwrap(), Seq(6));
    drop(writer);
    let ledger = world.open().unwrap();
    assert_eq!(ledger.history(9).unwrap().len(), 6);
    assert_eq!(ledger.verify().findings, []);
}

#[test]
fn a_writer_of_an_older_epoch_is_fenced() {
    let (world, ledger) = World::new();
    drop(ledger);
    let (old, _) = writer(&world, refuse::read_only(), 1);
    assert_eq!(commit(&old).unwrap(), Seq(1));
    // Another process took the book over while this one slept.
    let ledger = world.open().unwrap();
    assert_eq!(commit(&old).unwrap_err().code, "E0211");
    ledger
        .publish_charter("blake3:1", Vec::new(), at("2020-02-02"))
        .unwrap();
    assert_eq!(commit(&old).unwrap_err().code, "E0211");
    assert_eq!(ledger.last_seq().unwrap(), Seq(2));
}

#[test]
fn a_writer_that_was_taken_over_writes_no_key_over_another() {
    let (world, old) = World::new();
    // The note of who holds the book is lost, and another process takes it.
    std::fs::remove_file(world.folder.path().join("data/lock")).unwrap();
    let ledger = world.open().unwrap();
    let leads = many_leads(1, 3);
    import(&ledger, "2020-02-01", &[("leads", "a.csv", &leads)]).unwrap();
    let slots = world.folder.path().join("data/keys/slots");
    let before = std::fs::read(&slots).unwrap();
    let other = many_leads(10, 2);
    let refused = import(&old, "2020-02-01", &[("leads", "a.csv", &other)]).unwrap_err();
    assert_eq!(refused.code, "E0211");
    assert_eq!(std::fs::read(&slots).unwrap(), before);
    let key = ledger.record_key("crm", "leads", &["2"]);
    let row = ledger.record("crm", "leads", key).unwrap().remove(0);
    assert!(
        row.cells.iter().any(|(_, text)| text == "Person 2"),
        "{row:?}"
    );
}

#[test]
fn a_store_that_cannot_flush_a_log_is_no_journal() {
    // SQLite keeps this name in memory, where no write-ahead log can be.
    let in_memory = SqliteStore::open(std::path::Path::new(":memory:"), true);
    assert_eq!(in_memory.err().unwrap().code, "E0206");
}
