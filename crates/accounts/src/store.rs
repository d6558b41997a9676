//! The file of people: one SQLite database beside the ledger, every change flushed before it is
//! answered (decision 0035). Everything that is SQLite's own stands here.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use handfast_model::{Instant, Refusal};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, ToSql, Transaction, TransactionBehavior};

use crate::refuse;

/// 3.7.0 to 3.51.2 can corrupt a write-ahead log that several connections use.
const OLDEST_SQLITE: i32 = 3_051_003;

/// How each version of the file is made from the one before.
const MIGRATIONS: [&str; 5] = [
    include_str!("schema_1.sql"),
    include_str!("schema_2.sql"),
    include_str!("schema_3.sql"),
    include_str!("schema_4.sql"),
    include_str!("schema_5.sql"),
];

/// What may go wrong inside: SQLite's failure, or a refusal of ours.
pub(crate) enum Fault {
    Sql(rusqlite::Error),
    Refused(Box<Refusal>),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Fault {
        Fault::Sql(error)
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Fault {
        Fault::Refused(Box::new(refusal))
    }
}

/// A time as it is kept: microseconds since 1970, UTC.
pub(crate) struct Micros(pub Instant);

impl ToSql for Micros {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::Integer(self.0.0)))
    }
}

/// Two connections, so that somebody who reads does not wait for another's flush.
pub(crate) struct Store {
    path: PathBuf,
    writer: Mutex<Connection>,
    reader: Mutex<Connection>,
}

impl Store {
    /// Opens the file, or makes it, readable for its owner alone.
    pub(crate) fn open(path: &Path) -> Result<Store, Refusal> {
        if rusqlite::version_number() < OLDEST_SQLITE {
            let what = format!("SQLite {} is older than 3.51.3", rusqlite::version());
            return Err(refuse::unusable(path, &what));
        }
        make(path).map_err(|error| refuse::unusable(path, &error.to_string()))?;
        let failed = |error| translate(path, &error);
        let mut writer = connect(path)?;
        migrate(&mut writer, path)?;
        let reader = connect(path)?;
        reader
            .pragma_update(None, "query_only", "ON")
            .map_err(failed)?;
        Ok(Store {
            path: path.to_owned(),
            writer: Mutex::new(writer),
            reader: Mutex::new(reader),
        })
    }

    /// Reads from one consistent state.
    pub(crate) fn read<T>(
        &self,
        look: impl FnOnce(&Connection) -> Result<T, Fault>,
    ) -> Result<T, Refusal> {
        let mut reader = held(&self.reader);
        let run = || {
            let look_at = reader.transaction_with_behavior(TransactionBehavior::Deferred)?;
            look(&look_at)
        };
        run().map_err(|fault| self.say(fault))
    }

    /// Changes all or nothing; what is answered is on the disk.
    pub(crate) fn write<T>(
        &self,
        change: impl FnOnce(&Transaction<'_>) -> Result<T, Fault>,
    ) -> Result<T, Refusal> {
        let mut writer = held(&self.writer);
        let run = || {
            let act = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let given = change(&act)?;
            act.commit()?;
            Ok(given)
        };
        run().map_err(|fault| self.say(fault))
    }

    /// Empties the write-ahead log, so that what was deleted is not in it either. Where somebody
    /// reads at this moment, the next one does it.
    pub(crate) fn truncate_log(&self) -> Result<(), Refusal> {
        let writer = held(&self.writer);
        let emptied = writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        emptied.map_err(|error| translate(&self.path, &error))
    }

    fn say(&self, fault: Fault) -> Refusal {
        match fault {
            Fault::Sql(error) => translate(&self.path, &error),
            Fault::Refused(refusal) => *refusal,
        }
    }
}

/// Copies the whole file as of one moment, while others use it; the copy must not be there yet.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<(), Refusal> {
    let unusable = |error: std::io::Error| refuse::unusable(to, &error.to_string());
    let mut options = OpenOptions::new();
    let copied = private(&mut options)
        .create_new(true)
        .open(to)
        .map_err(unusable)?;
    let place = to.display().to_string();
    connect(from)?
        .execute("VACUUM INTO ?1", [place])
        .map_err(|error| translate(to, &error))?;
    copied.sync_all().map_err(unusable)
}

/// A thread that panicked rolled its transaction back, so the connection is as good as before.
fn held(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes the file, or takes it from the eyes of others, as after a copy by hand.
fn make(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    let file = private(&mut options).create(true).open(path)?;
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    drop(file);
    Ok(())
}

/// For writing, and readable for its owner alone where it is made.
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options.write(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

fn connect(path: &Path) -> Result<Connection, Refusal> {
    let failed = |error| translate(path, &error);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
    connection
        .busy_timeout(Duration::from_secs(5))
        .map_err(failed)?;
    let mode: String = connection
        .pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))
        .map_err(failed)?;
    if mode != "wal" {
        let what = format!("its journal mode is {mode}");
        return Err(refuse::unusable(path, &what));
    }
    // What is deleted here are secrets' hashes and what people were called.
    let pragmas = [
        ("synchronous", "FULL"),
        ("foreign_keys", "ON"),
        ("recursive_triggers", "ON"),
        ("cell_size_check", "ON"),
        ("secure_delete", "ON"),
    ];
    for (name, value) in pragmas {
        connection
            .pragma_update(None, name, value)
            .map_err(failed)?;
    }
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

fn migrate(connection: &mut Connection, path: &Path) -> Result<(), Refusal> {
    let failed = |error| translate(path, &error);
    let act = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(failed)?;
    let version: i64 = act
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(failed)?;
    let known = MIGRATIONS.len() as i64;
    let Ok(done) = usize::try_from(version) else {
        return Err(refuse::unusable(path, "its version is below zero"));
    };
    if version > known {
        return Err(refuse::newer(path, version, known));
    }
    for step in MIGRATIONS.iter().skip(done) {
        act.execute_batch(step).map_err(failed)?;
    }
    act.pragma_update(None, "user_version", known)
        .map_err(failed)?;
    act.commit().map_err(failed)
}

fn translate(path: &Path, error: &rusqlite::Error) -> Refusal {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => refuse::disk_full(path),
        _ => refuse::unusable(path, &error.to_string()),
    }
}
