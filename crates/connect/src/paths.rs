//! Files of whole paths: a row per path, with how often it ended in success, what that was worth,
//! and how often it ended in nothing.
//!
//! Unlike an import this keeps no row: channels become numbers and each row is handed on as it is
//! read, in pieces on every core, so that ten million need no more memory than their distinct
//! paths. Pieces end at line ends; from the first quote on, which may hold one, the rest of the
//! file is read record by record. A row that cannot be read refuses the whole file: credit of half
//! the paths is not credit. In `columns` stands what headers are called, in `fields` what a row
//! says.

mod blocks;
mod columns;
mod fields;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use handfast_ledger::ContentHash;
use handfast_model::Refusal;

use self::blocks::{Blocks, Next};
use self::columns::Columns;
use self::fields::Reader;
use crate::refuse;
use crate::rows::{Row, Rows, Step};
use crate::text::Utf8;

/// What one row says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PathRow<'a> {
    /// The channels so far, by number.
    pub names: &'a [String],
    /// The numbers of its channels, in order.
    pub steps: &'a [u16],
    /// How often it ended in success.
    pub won: u64,
    /// How often it ended in nothing.
    pub lost: u64,
    /// What all its successes are worth, in millionths.
    pub value: i128,
}

/// What one core read.
#[derive(Debug)]
pub struct Part<T> {
    /// The channels by number.
    pub names: Vec<String>,
    /// What was made of the rows.
    pub taken: T,
}

/// A file that was read.
#[derive(Debug)]
pub struct PathFile<T> {
    /// In no order.
    pub parts: Vec<Part<T>>,
    /// The hash of its bytes, as an import keeps it.
    pub hash: String,
    /// How many rows there are.
    pub rows: u64,
    /// Whether rows say how often a path succeeded; else each row is one success.
    pub has_counts: bool,
    /// Whether rows say what that was worth.
    pub has_value: bool,
    /// Whether rows say how often a path ended in nothing; else a row without success is one.
    pub has_lost: bool,
}

/// Reads a file of paths; `take` gets each row.
pub fn read<T: Default + Send>(
    path: &Path,
    take: impl Fn(&mut T, PathRow<'_>) + Sync,
) -> Result<PathFile<T>, Refusal> {
    let name = path.display().to_string();
    let lost = |error: io::Error| refuse::unreadable(&name, &error).matters(NOTHING);
    let hash = Arc::default();
    let input = Hashing {
        file: File::open(path).map_err(lost)?,
        hash: Arc::clone(&hash),
    };
    let text = Utf8::open(input, None).map_err(lost)?;
    // UTF-8 is an encoding that there is.
    let text = text.ok_or_else(|| refuse::broken_header(&name, "it is no text"))?;
    let mut blocks = Blocks::new(Box::new(text));
    let (columns, line) = Columns::find(&name, blocks.header().map_err(lost)?)?;
    blocks.line = line;
    let shared = Mutex::new(blocks);
    let is_over = AtomicBool::new(false);
    let worker = || work(&shared, &is_over, Reader::new(&name, &columns), &take);
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let done: Vec<Worked<T>> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        let join = |worker: thread::ScopedJoinHandle<'_, _>| match worker.join() {
            Ok(done) => done,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        workers.into_iter().map(join).collect()
    });
    let mut file = PathFile {
        parts: Vec::with_capacity(done.len()),
        hash: String::new(),
        rows: 0,
        has_counts: columns.won.is_some(),
        has_value: columns.value.is_some(),
        has_lost: columns.lost.is_some(),
    };
    let mut first: Option<(u64, Refusal)> = None;
    for worked in done {
        match worked {
            Ok((part, rows)) => {
                file.rows += rows;
                file.parts.push(part);
            }
            // The one that stands first in the file, whoever met it.
            Err(found) if first.as_ref().is_none_or(|first| found.0 < first.0) => {
                first = Some(found);
            }
            Err(_) => {}
        }
    }
    match first {
        Some((_, refusal)) => Err(refusal),
        None => {
            let hash = hash.lock().unwrap_or_else(PoisonError::into_inner);
            file.hash = hash.text();
            Ok(file)
        }
    }
}

/// A file whose bytes are hashed as they are read, so that nobody reads them a second time.
struct Hashing {
    file: File,
    hash: Arc<Mutex<ContentHash>>,
}

impl Read for Hashing {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(out)?;
        let mut hash = self.hash.lock().unwrap_or_else(PoisonError::into_inner);
        hash.update(out.get(..count).unwrap_or_default());
        Ok(count)
    }
}

const NOTHING: &str = "there is no answer: credit of some of the paths is not credit";

/// What a core read and how many rows, or the line of what it could not read and why.
type Worked<T> = Result<(Part<T>, u64), (u64, Refusal)>;

fn work<T: Default>(
    blocks: &Mutex<Blocks>,
    is_over: &AtomicBool,
    mut reader: Reader<'_>,
    take: &impl Fn(&mut T, PathRow<'_>),
) -> Worked<T> {
    let mut taken = T::default();
    let mut block = Vec::new();
    let stop = |found| {
        is_over.store(true, Ordering::Relaxed);
        Err(found)
    };
    while !is_over.load(Ordering::Relaxed) {
        let mut source = blocks.lock().unwrap_or_else(PoisonError::into_inner);
        let line = source.line;
        let next = source.next(&mut block);
        let next = next.map_err(|error| (line, refuse::unreadable(reader.file, &error)));
        match next {
            Err(found) => return stop(found),
            Ok(Next::End) => break,
            Ok(Next::Lines) => {
                drop(source);
                if let Err(found) = reader.lines(&block, line, &mut |row| take(&mut taken, row)) {
                    return stop(found);
                }
            }
            Ok(Next::Quoted) => {
                // Nobody else has work from here on.
                let mut rest = Read::chain(&block[..], &mut source.input);
                if let Err(found) = records(&mut reader, &mut rest, line, &mut |row| {
                    take(&mut taken, row)
                }) {
                    return stop(found);
                }
                source.is_ended = true;
            }
        }
    }
    let rows = reader.rows;
    let names = reader.into_names();
    Ok((Part { names, taken }, rows))
}

/// Reads record by record, whatever quotes hold. `line` is that of the first.
fn records(
    reader: &mut Reader<'_>,
    rest: &mut dyn Read,
    line: u64,
    take: &mut dyn FnMut(PathRow<'_>),
) -> Result<(), (u64, Refusal)> {
    let mut rows = Rows::new(rest, reader.columns.delimiter, b'"');
    rows.expect_columns(reader.columns.names.len());
    let mut row = Row::default();
    loop {
        let step = rows.next(&mut row);
        let at = |number: u32| line + u64::from(number) - 1;
        match step.map_err(|error| (line, refuse::unreadable(reader.file, &error)))? {
            Step::End => return Ok(()),
            Step::Bad(bad) => {
                let raw = String::from_utf8_lossy(&bad.raw).into_owned();
                let raw = raw.lines().next().unwrap_or("").to_owned();
                return Err(reader.broken(at(bad.line), bad.reason, &raw));
            }
            Step::Row => reader.record(&row, at(row.line), take)?,
        }
    }
}
