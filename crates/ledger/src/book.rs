//! Opening and making a book, and what every part of the ledger shares.
//!
//! ```text
//! BOOK/data/journal.sqlite   commits, small rows, what the segments are
//!           segments/        Parquet files, immutable
//!           keys/book.key    the book's secret; back it up apart from the rest
//!           keys/slots       one random key per person; erasing overwrites it in place
//!           head             the newest commit, to know a journal that has lost its end
//!           lock             held by the one writer
//! ```

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use handfast_model::question::AsOf;
use handfast_model::{Instant, PersonId, RecordKey, Refusal, Seq};

use crate::files;
use crate::head;
use crate::keys::{BookKey, Slots};
use crate::lists;
use crate::lock::{self, Lock};
use crate::notes::Unkept;
use crate::refuse;
use crate::segment::Shelf;
use crate::sqlite::SqliteStore;
use crate::store::{FORMAT, Field, SINCE, Store, TABLES, first, rows};
use crate::writer::{Commit, State, Ticket, Writer};

/// Who opens a book, and when.
#[derive(Clone, Debug)]
pub struct Opening {
    /// The present, as the door that opens the book read it.
    pub now: Instant,
    /// The command, for the one who finds the book held.
    pub command: String,
    /// Whose commits these will be.
    pub author: String,
}

/// A book's memory, open.
#[derive(Clone)]
pub struct Ledger {
    pub(crate) inner: Arc<Inner>,
    /// The commit that is the newest one for whoever looks through this; `None` = the newest there
    /// is.
    pub(crate) newest: Option<Seq>,
}

/// One commit, as people read the log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CommitEntry {
    /// Its number.
    pub seq: Seq,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// Whose it is.
    pub author: String,
    /// What it did, in a line.
    pub note: String,
}

impl Ledger {
    /// Makes the memory of a new book in `book/data` and opens it. Without a secret, a random one
    /// is made; a given one makes keyed hashes the same in every run.
    pub fn create(
        book: &Path,
        secret: Option<[u8; 32]>,
        opening: &Opening,
    ) -> Result<Ledger, Refusal> {
        let paths = Paths::of(book);
        let has_segments =
            std::fs::read_dir(&paths.shelf.segments).is_ok_and(|mut files| files.next().is_some());
        if paths.shelf.journal.exists() || has_segments {
            return Err(refuse::already_a_book(&paths.memory));
        }
        files::make_folder(&paths.shelf.segments)?;
        files::make_folder(&paths.keys)?;
        let lock = lock::take(&paths.lock, &opening.command, opening.now)?;
        // Somebody else may have made it since.
        if paths.shelf.journal.exists() {
            return Err(refuse::already_a_book(&paths.memory));
        }
        let _ = std::fs::remove_file(head::path_of(&paths.shelf.journal));
        // A key left by an interrupted attempt is kept: a key is never overwritten.
        let key = match paths.book_key.exists() {
            true => BookKey::open(&paths.book_key)?,
            false => BookKey::create(&paths.book_key, secret)?,
        };
        if !paths.slots.exists() {
            Slots::create(&paths.slots)?;
        }
        // The journal is made under another name, so that a book is there whole or not at all.
        let draft = paths.memory.join("journal.new");
        for left in ["journal.new", "journal.new-wal", "journal.new-shm"] {
            let _ = std::fs::remove_file(paths.memory.join(left));
        }
        make_tables(&draft, opening.now, &key)?;
        for folder in [&paths.keys, &paths.shelf.segments] {
            files::sync_folder(folder)?;
        }
        files::rename(&draft, &paths.shelf.journal)?;
        let above = book.parent().into_iter();
        for folder in [paths.memory.as_path(), book].into_iter().chain(above) {
            files::sync_folder(folder)?;
        }
        Ledger::open_with(&paths, opening, lock)
    }

    /// Opens a book for writing. Only one process can; what a crash left is mended first.
    pub fn open(book: &Path, opening: &Opening) -> Result<Ledger, Refusal> {
        let paths = Paths::of(book);
        paths.check()?;
        let lock = lock::take(&paths.lock, &opening.command, opening.now)?;
        Ledger::open_with(&paths, opening, lock)
    }

    /// Opens a book for reading. Any number of processes can, beside its writer.
    pub fn open_reading(book: &Path) -> Result<Ledger, Refusal> {
        Ledger::open_reading_at(Paths::of(book))
    }

    pub(crate) fn open_reading_at(paths: Paths) -> Result<Ledger, Refusal> {
        paths.check()?;
        let key = BookKey::open(&paths.book_key)?;
        let head = head::read(&paths.shelf.journal);
        let mut reader = open_store(&paths, &key, false)?;
        lists::check(reader.as_mut(), &paths.shelf.journal)?;
        if let Some(head) = head {
            head.check(reader.as_mut(), &paths.shelf.journal)?;
        }
        let inner = Inner {
            writer: None,
            reader: Mutex::new(reader),
            key,
            slots: Arc::new(Mutex::new(Slots::open(&paths.slots, false)?)),
            shelf: paths.shelf,
            is_importing: AtomicBool::new(false),
            epoch: 0,
            segments_made: AtomicU64::new(0),
            is_moving: Mutex::new(()),
            unkept: Unkept::default(),
            _lock: None,
        };
        Ok(Ledger {
            inner: Arc::new(inner),
            newest: None,
        })
    }

    fn open_with(paths: &Paths, opening: &Opening, lock: Lock) -> Result<Ledger, Refusal> {
        let key = BookKey::open(&paths.book_key)?;
        let slots = Slots::open(&paths.slots, true)?;
        let head = head::read(&paths.shelf.journal);
        let mut store = open_store(paths, &key, true)?;
        let tail = lists::check(store.as_mut(), &paths.shelf.journal)?;
        if let Some(head) = head {
            head.check(store.as_mut(), &paths.shelf.journal)?;
        }
        check_slots(store.as_mut(), &slots)?;
        let epoch = next_epoch(store.as_mut())?;
        sweep(store.as_mut(), &paths.shelf.segments)?;
        head::write(&paths.shelf.journal, &tail);
        let state = State {
            store,
            shelf: paths.shelf.clone(),
            author: opening.author.clone(),
            epoch,
            tail,
            poison: None,
            files: 0,
        };
        let inner = Inner {
            writer: Some(Writer::start(state)?),
            reader: Mutex::new(open_store(paths, &key, false)?),
            key,
            slots: Arc::new(Mutex::new(slots)),
            shelf: paths.shelf.clone(),
            is_importing: AtomicBool::new(false),
            epoch,
            segments_made: AtomicU64::new(0),
            is_moving: Mutex::new(()),
            unkept: Unkept::default(),
            _lock: Some(lock),
        };
        let ledger = Ledger {
            inner: Arc::new(inner),
            newest: None,
        };
        ledger.finish_forgetting(opening.now)?;
        ledger.expire_set_aside(opening.now)?;
        Ok(ledger)
    }

    /// The newest commit; zero in an empty book.
    pub fn last_seq(&self) -> Result<Seq, Refusal> {
        Ok(self.resolve(AsOf::Latest)?.0)
    }

    /// The same memory as it was when a commit was the newest: what is asked of it as of the newest
    /// commit has one answer, whatever is committed meanwhile.
    pub fn at(&self, newest: Seq) -> Ledger {
        Ledger {
            inner: Arc::clone(&self.inner),
            newest: Some(newest),
        }
    }

    /// The commit an as-of means, and when it was recorded.
    pub fn resolve(&self, as_of: AsOf) -> Result<(Seq, Option<Instant>), Refusal> {
        let as_of = self.meant(as_of)?;
        resolve(self.inner.reader().as_mut(), as_of)
    }

    /// An as-of of this memory as one of all that is there. A moment that is not over yet means
    /// what is the newest here.
    pub(crate) fn meant(&self, as_of: AsOf) -> Result<AsOf, Refusal> {
        let Some(newest) = self.newest else {
            return Ok(as_of);
        };
        Ok(match as_of {
            AsOf::Latest => AsOf::Seq(newest),
            AsOf::Seq(_) => as_of,
            AsOf::Instant(_) => {
                let (seq, _) = resolve(self.inner.reader().as_mut(), as_of)?;
                AsOf::Seq(seq.min(newest))
            }
        })
    }

    /// The hash of a commit, which covers all commits before it; empty for one that is not there.
    /// A book that was put back to an earlier state and went on from there has other hashes.
    pub fn commit_hash(&self, seq: Seq) -> Result<Vec<u8>, Refusal> {
        let sql = "SELECT hash FROM commit_log WHERE seq = $1";
        let row = first(self.inner.reader().as_mut(), sql, &[Field::count(seq.0)])?;
        row.map_or(Ok(Vec::new()), |row| row.bytes(0).map(<[u8]>::to_vec))
    }

    /// The newest commits, newest first.
    pub fn history(&self, most: u64) -> Result<Vec<CommitEntry>, Refusal> {
        let sql = "SELECT seq, recorded_at, author, note FROM commit_log
                   ORDER BY seq DESC LIMIT $1";
        let found = rows(self.inner.reader().as_mut(), sql, &[Field::count(most)])?;
        found
            .iter()
            .map(|row| {
                Ok(CommitEntry {
                    seq: Seq(row.count(0)?),
                    recorded_at: Instant(row.int(1)?),
                    author: row.text(2)?.to_owned(),
                    note: row.text(3)?.to_owned(),
                })
            })
            .collect()
    }

    /// The person of a key that `namespace` issued.
    pub fn person_id(&self, namespace: &str, key: &str) -> PersonId {
        self.inner.key.person(namespace, key)
    }

    /// The record of a source row, by the texts of its key columns.
    pub fn record_key(&self, source: &str, stream: &str, key: &[&str]) -> RecordKey {
        self.inner.key.record(source, stream, key)
    }

    /// An e-mail address as a keyed hash, without regard to case and outer blanks.
    pub fn email_identity(&self, address: &str) -> String {
        self.inner.key.email(address)
    }
}

/// What all parts of an open ledger share. Fields are dropped in order: the writer ends first, the
/// lock last.
pub(crate) struct Inner {
    pub writer: Option<Writer>,
    pub reader: Mutex<Box<dyn Store>>,
    pub key: BookKey,
    /// The writer's thread flushes them, so it holds them too.
    pub slots: Arc<Mutex<Slots>>,
    pub shelf: Shelf,
    pub is_importing: AtomicBool,
    /// Which opening of the book this is; zero for a reader.
    pub epoch: i64,
    /// Segments made by compaction since then; with the epoch it makes their names unique.
    pub segments_made: AtomicU64,
    /// Held by whoever moves rows from one place to another.
    pub is_moving: Mutex<()>,
    /// What was found not to hold and could not be written down.
    pub unkept: Unkept,
    _lock: Option<Lock>,
}

impl Inner {
    pub(crate) fn reader(&self) -> MutexGuard<'_, Box<dyn Store>> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn slots(&self) -> MutexGuard<'_, Slots> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn writer(&self) -> Result<&Writer, Refusal> {
        self.writer.as_ref().ok_or_else(refuse::read_only)
    }

    pub(crate) fn commit(&self, commit: Commit) -> Result<Seq, Refusal> {
        self.writer()?.commit(commit)
    }

    pub(crate) fn commit_behind(&self, commit: Commit) -> Result<Ticket, Refusal> {
        self.writer()?.commit_behind(commit)
    }

    /// Excludes imports while something else changes what they rest on.
    pub(crate) fn alone(self: &Arc<Inner>, what: &str) -> Result<Alone, Refusal> {
        self.writer()?;
        if self.is_importing.swap(true, Ordering::SeqCst) {
            return Err(refuse::busy(what));
        }
        Ok(Alone(Arc::clone(self)))
    }
}

/// The proof that nothing else changes what is known of rows and people.
pub(crate) struct Alone(Arc<Inner>);

impl Drop for Alone {
    fn drop(&mut self) {
        self.0.is_importing.store(false, Ordering::SeqCst);
    }
}

/// The commit an as-of means, and when it was recorded.
pub(crate) fn resolve(
    store: &mut dyn Store,
    as_of: AsOf,
) -> Result<(Seq, Option<Instant>), Refusal> {
    let until = match as_of {
        AsOf::Instant(instant) => instant.0,
        AsOf::Latest | AsOf::Seq(_) => i64::MAX,
    };
    let sql = "SELECT seq, recorded_at FROM commit_log WHERE recorded_at <= $1
               ORDER BY seq DESC LIMIT 1";
    let found = first(store, sql, &[Field::Int(until)])?;
    let (last, at) = match found {
        Some(row) => (Seq(row.count(0)?), Some(Instant(row.int(1)?))),
        None => (Seq(0), None),
    };
    match as_of {
        AsOf::Seq(asked) if asked > last => Err(refuse::not_yet(asked.0, last.0)),
        AsOf::Seq(asked) if asked < last => {
            let sql = "SELECT recorded_at FROM commit_log WHERE seq = $1";
            let row = first(store, sql, &[Field::count(asked.0)])?;
            let at = row.map(|row| row.int(0).map(Instant)).transpose()?;
            Ok((asked, at))
        }
        _ => Ok((last, at)),
    }
}

/// Where the parts of a book lie.
pub(crate) struct Paths {
    pub memory: PathBuf,
    pub shelf: Shelf,
    pub keys: PathBuf,
    pub book_key: PathBuf,
    pub slots: PathBuf,
    lock: PathBuf,
}

impl Paths {
    fn of(book: &Path) -> Paths {
        Paths::apart(book, &book.join("data").join("keys"))
    }

    /// Those of a book whose keys lie in a folder of their own.
    pub(crate) fn apart(book: &Path, keys: &Path) -> Paths {
        let (memory, keys) = (book.join("data"), keys.to_owned());
        Paths {
            shelf: Shelf {
                segments: memory.join("segments"),
                journal: memory.join("journal.sqlite"),
            },
            book_key: keys.join("book.key"),
            slots: keys.join("slots"),
            lock: memory.join("lock"),
            keys,
            memory,
        }
    }

    fn check(&self) -> Result<(), Refusal> {
        if self.shelf.journal.is_file() {
            Ok(())
        } else {
            Err(refuse::not_a_book(&self.memory))
        }
    }
}

fn make_tables(path: &Path, now: Instant, key: &BookKey) -> Result<(), Refusal> {
    let mut store = SqliteStore::open(path, true)?;
    store.begin(true)?;
    for table in TABLES {
        store.execute(table, &[])?;
    }
    add_tables(&mut store, 0, "TABLE")?;
    let fields = [
        Field::Int(1),
        Field::Int(FORMAT),
        Field::Int(0),
        Field::Int(now.0),
        Field::Bytes(key.check.to_vec()),
    ];
    let sql = "INSERT INTO book (id, format, epoch, created_at, key_check)
               VALUES ($1, $2, $3, $4, $5)";
    store.execute(sql, &fields)?;
    store.commit()?;
    store.close()
}

/// Opens the journal. A book of an earlier format becomes one of the present when a writer opens
/// it; a reader, who changes nothing, sees the tables it lacks as empty ones.
fn open_store(paths: &Paths, key: &BookKey, is_writing: bool) -> Result<Box<dyn Store>, Refusal> {
    let path = &paths.shelf.journal;
    let mut store = SqliteStore::open(path, false)?;
    let row = first(&mut store, "SELECT format FROM book", &[])?;
    let format = row.map(|row| row.int(0)).transpose()?;
    let missing = || refuse::journal_damaged(path, "it does not say its format");
    let format = format.ok_or_else(missing)?;
    if !(1..=FORMAT).contains(&format) {
        return Err(refuse::too_new(path, format));
    }
    // Before anything is changed.
    check_key(&mut store, key, &paths.book_key)?;
    if format < FORMAT && is_writing {
        store.begin(true)?;
        add_tables(&mut store, format, "TABLE")?;
        store.execute("UPDATE book SET format = $1", &[Field::Int(FORMAT)])?;
        store.commit()?;
    } else if format < FORMAT {
        add_tables(&mut store, format, "TEMP TABLE")?;
    }
    Ok(Box::new(store))
}

fn add_tables(store: &mut dyn Store, format: i64, kind: &str) -> Result<(), Refusal> {
    for (_, name, columns) in SINCE.iter().filter(|(since, ..)| *since > format) {
        store.execute(&format!("CREATE {kind} {name} {columns}"), &[])?;
    }
    Ok(())
}

/// Refuses any key but the one the book was made with: under another one every row would be new.
fn check_key(store: &mut dyn Store, key: &BookKey, path: &Path) -> Result<(), Refusal> {
    match first(store, "SELECT key_check FROM book", &[])? {
        Some(row) if row.bytes(0)? == key.check => Ok(()),
        _ => Err(refuse::other_key(path)),
    }
}

/// Every slot that a commit names must be there before another is handed out.
fn check_slots(store: &mut dyn Store, slots: &Slots) -> Result<(), Refusal> {
    for table in ["identity", "import"] {
        let last = first(store, &format!("SELECT MAX(slot) FROM {table}"), &[])?;
        let last = last.map(|row| row.maybe_int(0)).transpose()?.flatten();
        if let Some(last) = last {
            slots.check_holds(u64::try_from(last).unwrap_or(u64::MAX))?;
        }
    }
    Ok(())
}

pub(crate) fn epoch(store: &mut dyn Store) -> Result<Option<i64>, Refusal> {
    let row = first(store, "SELECT epoch FROM book", &[])?;
    row.map(|row| row.int(0)).transpose()
}

fn next_epoch(store: &mut dyn Store) -> Result<i64, Refusal> {
    store.begin(true)?;
    store.execute("UPDATE book SET epoch = epoch + 1", &[])?;
    let epoch = epoch(store)?;
    store.commit()?;
    epoch.ok_or_else(refuse::read_only)
}

/// Removes segment files that no commit names: a crash left them. A book that has no segments yet
/// may have come without their folder, as some copies leave out what is empty.
fn sweep(store: &mut dyn Store, segments: &Path) -> Result<(), Refusal> {
    let failed = |error: std::io::Error| refuse::io(segments, "sweeping segments", &error);
    let mut named = BTreeSet::new();
    store.query("SELECT path FROM segment", &[], &mut |row| {
        named.insert(row.text(0)?.to_owned());
        Ok(())
    })?;
    files::make_folder(segments)?;
    for entry in std::fs::read_dir(segments).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".parquet") && !named.contains(&name) {
            files::remove(&entry.path()).map_err(failed)?;
        }
    }
    Ok(())
}
