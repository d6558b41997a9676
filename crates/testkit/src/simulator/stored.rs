//! Worlds through the ledger alone, without SQL: commit by commit it must know what was said by
//! then, each row once however often it comes, and nothing of an import that was taken back. Whole
//! worlds go through it beside the engine; this is built only to hunt mistakes that are planted in
//! it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use handfast_ledger::{Commit, Ended, Ending, Ledger, Opening, TextBatch};
use handfast_model::fact::Fact;
use handfast_model::id::{Names, RecordKey, Seq};
use handfast_model::pack::{Format, Pack, Stream, StreamMode};
use handfast_model::planted::Bug;
use handfast_model::question::{AsOf, Known};
use handfast_model::{Calendar, Instant, Refusal};

use super::emission::{Row, known};
use super::world::Size;
use super::{Case, USUAL, facts};
use crate::truth::clock::{DAY, Zone};

/// The mistakes that are planted in the ledger.
pub const BUGS: [Bug; 3] = [
    Bug::RepeatsForgotten,
    Bug::AsOfMissesCommit,
    Bug::UndoOverlooked,
];

/// The one source that is imported.
const SOURCE: &str = "crm";

/// Facts, a line each, and how often each is there.
type Lines = BTreeMap<String, usize>;

/// Sends a small world through a ledger of its own; the error is what it knows otherwise.
pub fn check(seed: u64) -> Result<(), String> {
    let size = Size {
        accounts: 12,
        ..Size::small(seed)
    };
    let case = Case::of(seed, size, USUAL);
    let folder = Folder::new();
    let opening = Opening {
        now: Instant(i64::from(case.world.from) * DAY),
        command: "planted".to_owned(),
        author: "simulator".to_owned(),
    };
    let ledger = said(Ledger::create(&folder.0, Some([5; 32]), &opening))?;
    let mut stored = Stored::of(&case, ledger);
    (0..case.emitted.commits.len()).try_for_each(|commit| stored.learn(commit))
}

fn said<T>(done: Result<T, Refusal>) -> Result<T, String> {
    done.map_err(|refusal| refusal.to_string())
}

struct Stored<'a> {
    case: &'a Case,
    ledger: Ledger,
    pack: Pack,
    /// The rows of the source, of all commits.
    rows: Vec<Row>,
    /// The names of rows that came in and were not taken back.
    came: BTreeSet<(RecordKey, i64)>,
}

impl<'a> Stored<'a> {
    fn of(case: &'a Case, ledger: Ledger) -> Stored<'a> {
        let is_its = |row: &&Row| row.says.first().is_some_and(|one| one.source == SOURCE);
        let rows = case.emitted.rows.iter().filter(is_its).cloned();
        let rows: Vec<Row> = rows.collect();
        let streams: BTreeSet<&str> = rows.iter().map(stream_of).collect();
        let pack = Pack {
            source: SOURCE.to_owned(),
            version: "blake3:00".to_owned(),
            zone: "UTC".to_owned(),
            observed_until: None,
            currency: None,
            folder: None,
            streams: streams.into_iter().map(stream).collect(),
            mappings: Vec::new(),
            ignored_files: Vec::new(),
        };
        Stored {
            case,
            ledger,
            pack,
            rows,
            came: BTreeSet::new(),
        }
    }

    /// Imports what a commit brings; of every other one it is taken back, and brought again.
    fn learn(&mut self, commit: usize) -> Result<(), String> {
        let before = match commit.checked_sub(1) {
            Some(before) => self.expected(before),
            None => Lines::new(),
        };
        let after = self.expected(commit);
        let (came, from) = (self.came.clone(), said(self.ledger.last_seq())?);
        let Some(run) = self.import(commit)? else {
            return Ok(());
        };
        if from.0 > 0 {
            self.holds(AsOf::Seq(from), &before)?;
        }
        self.holds(AsOf::Seq(Seq(from.0 + 1)), &after)?;
        self.holds(AsOf::Latest, &after)?;
        if commit % 2 == 0 {
            let now = Instant(self.case.emitted.commits[commit]);
            said(self.ledger.undo(Some(run), now))?;
            self.came = came;
            self.holds(AsOf::Seq(Seq(from.0 + 1)), &after)?;
            self.holds(AsOf::Latest, &before)?;
            self.import(commit)?;
            self.holds(AsOf::Latest, &after)?;
        }
        Ok(())
    }

    /// One import of one commit; gives its number. Rows that came before must end as known.
    fn import(&mut self, commit: usize) -> Result<Option<u64>, String> {
        let now = Instant(self.case.emitted.commits[commit]);
        let mut import = said(self.ledger.begin_import(&self.pack, now))?;
        let learned: Vec<&Row> = self
            .rows
            .iter()
            .filter(|row| row.learned == commit)
            .collect();
        let (mut whole, mut repeats) = (Commit::default(), 0);
        for name in self.pack.streams.iter().map(|stream| &stream.name) {
            let rows = learned.iter().filter(|row| stream_of(row) == name);
            let mut named: BTreeMap<(RecordKey, i64), &Row> = BTreeMap::new();
            let mut texts = Vec::new();
            for (row, line) in rows.zip(2..) {
                let key = self.key(row);
                repeats += u64::from(!self.came.insert(key));
                named.insert(key, row);
                texts.push((line, texts_of(row)));
            }
            if texts.is_empty() {
                continue;
            }
            let columns = ["row", "version", "says"].map(str::to_owned);
            let mut batch = TextBatch::of_texts(name, "world", &columns, &texts);
            batch.ends_file = true;
            let classified = said(import.classify(batch))?;
            let mut endings = Vec::new();
            for found in classified.fresh_rows() {
                let row = named
                    .get(&(found.key, found.version))
                    .ok_or("a row of nobody")?;
                endings.push(match row.is_deleted {
                    true => Ending::Deleted,
                    false => Ending::Mapped,
                });
                if !row.is_deleted {
                    let facts = row.says.iter();
                    let facts = facts.map(|one| fact(one, found.key, &mut whole.names));
                    whole.facts.extend(facts);
                }
            }
            said(import.finish_file(name))?;
            whole.batches.push(Ended {
                classified,
                endings,
            });
        }
        if whole.batches.is_empty() {
            return Ok(None);
        }
        said(import.commit(whole))?;
        let report = said(import.finish(None))?;
        let told: u64 = report.files.iter().map(|file| file.known).sum();
        match told == repeats {
            true => Ok(Some(report.run)),
            false => Err(format!(
                "commit {commit}: {repeats} rows came before, {told} were known"
            )),
        }
    }

    fn key(&self, row: &Row) -> (RecordKey, i64) {
        let texts = texts_of(row);
        let key = self.ledger.record_key(SOURCE, stream_of(row), &[&texts[0]]);
        (key, row.says[0].version)
    }

    /// What was said by a commit.
    fn expected(&self, commit: usize) -> Lines {
        let mut names = Names::default();
        let mut lines = Lines::new();
        for one in known(&self.rows, commit, Zone::Utc) {
            let text = format!("{:x}", one.key);
            let key = self.ledger.record_key(SOURCE, &one.stream, &[&text]);
            let fact = fact(&one, key, &mut names);
            *lines.entry(line(&fact, &names)).or_default() += 1;
        }
        lines
    }

    /// What is known as of a moment must be that.
    fn holds(&self, as_of: AsOf, expected: &Lines) -> Result<(), String> {
        let utc = Calendar::in_zone("UTC").ok_or("no UTC")?;
        let snapshot = said(self.ledger.snapshot(as_of, Known::Recorded, &utc))?;
        let mut lines = Lines::new();
        for fact in &snapshot.facts {
            *lines.entry(line(fact, &snapshot.names)).or_default() += 1;
        }
        let all: BTreeSet<&String> = lines.keys().chain(expected.keys()).collect();
        let mut all = all.into_iter();
        match all.find(|line| lines.get(*line) != expected.get(*line)) {
            None => Ok(()),
            Some(line) => Err(format!(
                "as of {as_of:?}: {line} was said {} times, and is known {} times",
                expected.get(line).unwrap_or(&0),
                lines.get(line).unwrap_or(&0)
            )),
        }
    }
}

fn stream_of(row: &Row) -> &str {
    row.says.first().map_or("", |one| one.stream.as_str())
}

/// The cells of a row: its key, its version, and all that it says.
fn texts_of(row: &Row) -> Vec<String> {
    let first = &row.says[0];
    vec![
        format!("{:x}", first.key),
        first.version.to_string(),
        format!("{} {:?}", row.is_deleted, row.says),
    ]
}

/// A fact of a record. Whose it is, is nothing that mistakes of this kind change.
fn fact(one: &crate::truth::said::Said, key: RecordKey, names: &mut Names) -> Fact {
    let mut fact = facts::fact(one, names);
    fact.person = None;
    fact.origin.key = key;
    fact
}

fn line(fact: &Fact, names: &Names) -> String {
    let origin = &fact.origin;
    format!(
        "{} of {} {:032x} version {} number {}, {:?}",
        fact.kind.word(),
        names.text(origin.stream),
        origin.key.0,
        origin.version,
        origin.ordinal,
        fact.happened
    )
}

fn stream(name: &str) -> Stream {
    Stream {
        name: name.to_owned(),
        files: Vec::new(),
        recognised_by: Vec::new(),
        key: vec!["row".to_owned()],
        version: Some("version".to_owned()),
        mode: StreamMode::Changes,
        is_reference: false,
        format: Format::default(),
        people: Vec::new(),
        safe: Vec::new(),
        ignore: Vec::new(),
        deletes: None,
    }
}

/// A folder that goes with its name.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        // Memory, where there is some: nothing is killed here.
        let memory = Path::new("/dev/shm");
        let home = match memory.is_dir() {
            true => memory.to_owned(),
            false => std::env::temp_dir(),
        };
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        Folder(home.join(format!("handfast-planted-{}-{number}", std::process::id())))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
