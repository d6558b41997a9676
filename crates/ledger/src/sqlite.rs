//! The store as one SQLite file: write-ahead log, every commit flushed before it is acknowledged.
//!
//! Everything that is SQLite's own (pragmas, error codes, checks) is in this file and nowhere else.

use std::path::{Path, PathBuf};
use std::time::Duration;

use handfast_model::Refusal;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, Statement, ToSql};

use crate::fail;
use crate::refuse;
use crate::store::{EachRow, Field, Row, Store};

/// 3.7.0 to 3.51.2 can corrupt a write-ahead log that several connections use.
const OLDEST_SQLITE: i32 = 3_051_003;

/// A journal in one SQLite file.
pub struct SqliteStore {
    connection: Connection,
    path: PathBuf,
}

impl SqliteStore {
    /// Opens the journal, checks the program's SQLite and asserts that each commit is flushed.
    pub fn open(path: &Path, is_new: bool) -> Result<SqliteStore, Refusal> {
        let version = rusqlite::version_number();
        if version < OLDEST_SQLITE {
            let what = format!("SQLite {} is older than 3.51.3", rusqlite::version());
            return Err(refuse::store_unfit(path, &what));
        }
        let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        if is_new {
            flags |= OpenFlags::SQLITE_OPEN_CREATE;
        }
        let connection =
            Connection::open_with_flags(path, flags).map_err(|error| translate(path, &error))?;
        let store = SqliteStore {
            connection,
            path: path.to_owned(),
        };
        store.settle()?;
        Ok(store)
    }

    fn settle(&self) -> Result<(), Refusal> {
        let (path, connection) = (&self.path, &self.connection);
        let failed = |error| translate(path, &error);
        connection
            .busy_timeout(Duration::from_secs(5))
            .map_err(failed)?;
        let mode: String = connection
            .pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))
            .map_err(failed)?;
        if mode != "wal" {
            return Err(refuse::store_unfit(
                path,
                &format!("its journal mode is {mode}"),
            ));
        }
        connection
            .pragma_update(None, "synchronous", "FULL")
            .map_err(failed)?;
        if fail::lacks("flush") {
            let off = connection.pragma_update(None, "synchronous", "OFF");
            return off.map_err(failed);
        }
        connection
            .pragma_update(None, "cell_size_check", "ON")
            .map_err(failed)?;
        let level: i64 = connection
            .pragma_query_value(None, "synchronous", |row| row.get(0))
            .map_err(failed)?;
        if level != 2 {
            return Err(refuse::store_unfit(
                path,
                &format!("synchronous is {level}, not FULL"),
            ));
        }
        connection.set_prepared_statement_cache_capacity(64);
        Ok(())
    }

    /// Ends the store with everything in its one file.
    pub fn close(self) -> Result<(), Refusal> {
        let failed = |error| translate(&self.path, &error);
        self.step()?;
        let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
        let is_busy: i64 = self
            .connection
            .query_row(sql, [], |row| row.get(0))
            .map_err(failed)?;
        if is_busy != 0 {
            return Err(refuse::held(&self.path, "another process"));
        }
        self.connection
            .close()
            .map_err(|(_, error)| translate(&self.path, &error))
    }

    /// A step that a test may make fail as SQLite's own would.
    fn step(&self) -> Result<(), Refusal> {
        fail::step("journal").map_err(|error| match error.kind() {
            std::io::ErrorKind::StorageFull => refuse::disk_full(&self.path),
            _ => refuse::flush_failed(&self.path, &error.to_string()),
        })
    }

    fn batch(&mut self, sql: &str) -> Result<(), Refusal> {
        self.connection
            .execute_batch(sql)
            .map_err(|error| translate(&self.path, &error))
    }
}

impl Store for SqliteStore {
    fn execute(&mut self, sql: &str, fields: &[Field]) -> Result<u64, Refusal> {
        self.step()?;
        let run = || {
            let mut statement = self.connection.prepare_cached(sql)?;
            bind(&mut statement, fields)?;
            statement.raw_execute()
        };
        run()
            .map(|rows| rows as u64)
            .map_err(|error| translate(&self.path, &error))
    }

    fn query(
        &mut self,
        sql: &str,
        fields: &[Field],
        each: &mut EachRow<'_>,
    ) -> Result<(), Refusal> {
        let failed = |error| translate(&self.path, &error);
        let mut statement = self.connection.prepare_cached(sql).map_err(failed)?;
        bind(&mut statement, fields).map_err(failed)?;
        let width = statement.column_count();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(failed)? {
            let mut taken = Vec::with_capacity(width);
            for at in 0..width {
                taken.push(match row.get_ref(at).map_err(failed)? {
                    ValueRef::Null => Field::Null,
                    ValueRef::Integer(int) => Field::Int(int),
                    ValueRef::Text(text) => Field::Text(String::from_utf8_lossy(text).into_owned()),
                    ValueRef::Blob(bytes) => Field::Bytes(bytes.to_vec()),
                    ValueRef::Real(_) => {
                        let what = "a number with a fraction where none is kept";
                        return Err(refuse::journal_damaged(&self.path, what));
                    }
                });
            }
            each(&Row(taken))?;
        }
        Ok(())
    }

    fn begin(&mut self, is_writing: bool) -> Result<(), Refusal> {
        self.step()?;
        self.batch(if is_writing {
            "BEGIN IMMEDIATE"
        } else {
            "BEGIN"
        })
    }

    fn commit(&mut self) -> Result<(), Refusal> {
        self.step()?;
        self.batch("COMMIT")?;
        // What failed may have been done all the same.
        match self.step() {
            Err(refusal) if refusal.code == "E0212" => Err(refusal),
            _ => Ok(()),
        }
    }

    fn roll_back(&mut self) -> Result<(), Refusal> {
        if self.connection.is_autocommit() {
            return Ok(());
        }
        self.batch("ROLLBACK")
    }

    fn copy_to(&mut self, path: &Path) -> Result<(), Refusal> {
        let text = Field::text(&path.display().to_string());
        self.execute("VACUUM INTO $1", &[text]).map(drop)
    }

    fn check(&mut self) -> Result<Vec<String>, Refusal> {
        let mut found = Vec::new();
        self.query("PRAGMA integrity_check", &[], &mut |row| {
            let text = row.text(0)?;
            if text != "ok" {
                found.push(text.to_owned());
            }
            Ok(())
        })?;
        Ok(found)
    }
}

impl ToSql for Field {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Field::Null => ToSqlOutput::Owned(Value::Null),
            Field::Int(int) => ToSqlOutput::Owned(Value::Integer(*int)),
            Field::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Field::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
        })
    }
}

fn bind(statement: &mut Statement<'_>, fields: &[Field]) -> rusqlite::Result<()> {
    for (at, field) in fields.iter().enumerate() {
        statement.raw_bind_parameter(at + 1, field)?;
    }
    Ok(())
}

/// No room for SQLite's index of its log.
const SHM_FULL: i32 = 10 | 19 << 8;

/// A full disk is the one failure after which the same process may go on.
fn translate(path: &Path, error: &rusqlite::Error) -> Refusal {
    if error
        .sqlite_error()
        .is_some_and(|error| error.extended_code == SHM_FULL)
    {
        return refuse::disk_full(path);
    }
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => refuse::disk_full(path),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            refuse::journal_damaged(path, &error.to_string())
        }
        Some(ErrorCode::CannotOpen) => refuse::not_a_book(path),
        Some(
            ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::FileLockingProtocolFailed,
        ) => refuse::held(path, "another process"),
        _ => refuse::flush_failed(path, &error.to_string()),
    }
}
