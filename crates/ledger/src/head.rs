//! The newest commit, noted in a file beside the journal: a journal that ends before it has lost
//! what was acknowledged.
//!
//! SQLite cannot tell it: a damaged write-ahead log, or one left behind when a folder was copied,
//! looks like one whose end was never written, and the book would answer as of an earlier day. The
//! note is written after each flush and never flushed itself, so it can only be older than the
//! journal. One that cannot be read, as a power cut may leave it, proves nothing.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};

use handfast_model::{Refusal, Seq};

use crate::chain::Tail;
use crate::files;
use crate::refuse;
use crate::store::{Field, Store, first};

/// A commit and its hash, as the note has them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Head {
    path: PathBuf,
    seq: Seq,
    hash: String,
}

/// Where the note of a journal lies.
pub(crate) fn path_of(journal: &Path) -> PathBuf {
    journal.with_file_name("head")
}

/// Notes the newest commit in place of the one before. A note that cannot be written leaves the
/// older one, which is true as well.
pub(crate) fn write(journal: &Path, tail: &Tail) {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    let text = told(tail.seq, &hexadecimal(&tail.hash));
    let _ = files::open(&options, &path_of(journal))
        .and_then(|mut file| files::write(&mut file, text.as_bytes()));
}

/// The note, if there is one that is whole. It is read before the journal is: the writer may go on
/// meanwhile.
pub(crate) fn read(journal: &Path) -> Option<Head> {
    let path = path_of(journal);
    let text = std::fs::read_to_string(&path).ok()?;
    let mut words = text.split_whitespace().skip(2);
    let seq = Seq(words.next()?.parse().ok()?);
    let hash = words.next()?.to_owned();
    (told(seq, &hash) == text).then_some(Head { path, seq, hash })
}

impl Head {
    /// Refuses a journal that does not hold the commit.
    pub(crate) fn check(&self, store: &mut dyn Store, journal: &Path) -> Result<(), Refusal> {
        if self.seq == Seq(0) {
            return Ok(());
        }
        let sql = "SELECT hash FROM commit_log WHERE seq = $1";
        let found = first(store, sql, &[Field::count(self.seq.0)])?;
        match found.map(|row| row.bytes(0).map(hexadecimal)).transpose()? {
            Some(hash) if hash == self.hash => Ok(()),
            Some(_) => Err(refuse::other_history(journal, self.seq.0, &self.path)),
            None => Err(refuse::journal_short(journal, self.seq.0, &self.path)),
        }
    }
}

/// Always as long as any other, so that it is written over in place.
fn told(seq: Seq, hash: &str) -> String {
    let said = format!("handfast head {:020} {hash}", seq.0);
    let check = blake3::hash(said.as_bytes()).to_hex();
    format!("{said} {}\n", check.get(..16).unwrap_or_default())
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
