//! What was derived from a book, kept beside it: bytes under names, in `data/derived`.
//!
//! Whatever lies here can be thrown away at any moment and changes no answer. So nothing is
//! flushed, nobody locks, and bytes whose hash is not the one they begin with are as good as none.
//! No personal text may come here: what is derived names people by keyed hashes.

use std::fs::{self, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use handfast_model::Refusal;

use crate::book::Ledger;
use crate::refuse;

/// How many bytes of a hash stand before the bytes it is of.
const HASH_BYTES: usize = 32;

/// A book's cache. A handle is cheap and may be used from any thread.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
}

impl Ledger {
    /// The cache of what is derived from this book.
    pub fn cache(&self) -> Cache {
        let segments = &self.inner.shelf.segments;
        let memory = segments.parent().unwrap_or(segments);
        Cache {
            folder: memory.join("derived"),
        }
    }
}

impl Cache {
    /// What is kept under a name, if it is there whole.
    pub fn read(&self, name: &str) -> Option<Vec<u8>> {
        let mut bytes = fs::read(self.folder.join(name)).ok()?;
        let body = bytes.get(HASH_BYTES..)?;
        let is_whole = bytes.get(..HASH_BYTES)? == blake3::hash(body).as_bytes();
        is_whole.then(|| bytes.split_off(HASH_BYTES))
    }

    /// Opens what is kept under a name, for whoever wants some of it and has hashes of that.
    pub fn open(&self, name: &str) -> Option<Opened> {
        fs::File::open(self.folder.join(name)).ok().map(Opened)
    }

    /// Keeps bytes under a name, in place of those that were there.
    pub fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.write_hashed(name, bytes, &blake3::hash(bytes))
    }

    /// Keeps bytes under a name made of their hash and a word, and gives it: two processes never
    /// write two things under one name.
    pub fn keep(&self, bytes: &[u8], kind: &str) -> io::Result<String> {
        let hash = blake3::hash(bytes);
        let name = format!("{:.24}.{kind}", hash.to_hex());
        self.write_hashed(&name, bytes, &hash)?;
        Ok(name)
    }

    fn write_hashed(&self, name: &str, bytes: &[u8], hash: &blake3::Hash) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        // Two threads may write the same bytes under one name.
        let number = DRAFTS.fetch_add(1, Ordering::Relaxed);
        let draft = format!("{name}.{}-{number}", std::process::id());
        let draft = self.folder.join(draft);
        let written = fs::File::create(&draft).and_then(|mut file| {
            file.write_all(hash.as_bytes())?;
            file.write_all(bytes)
        });
        let done = written.and_then(|()| fs::rename(&draft, self.path(name)));
        if done.is_err() {
            let _ = fs::remove_file(&draft);
        }
        done
    }

    /// Throws away all but these names. A reader that still wanted one derives it anew.
    pub fn keep_only(&self, names: &[String]) {
        let Ok(files) = fs::read_dir(&self.folder) else {
            return;
        };
        for file in files.flatten() {
            let name = file.file_name().to_string_lossy().into_owned();
            if !names.contains(&name) {
                let _ = fs::remove_file(file.path());
            }
        }
    }

    /// A place for bytes that are needed again before this process ends: a file beside what is
    /// kept, or memory where none can be written.
    pub fn scratch(&self) -> Scratch {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        let made = fs::create_dir_all(&self.folder);
        loop {
            let number = DRAFTS.fetch_add(1, Ordering::Relaxed);
            let path = self.path(&format!("scratch-{}-{number}", std::process::id()));
            let file = match made {
                Ok(()) => options.open(&path),
                Err(_) => return Scratch { path, file: None },
            };
            // A process that was killed may have left one of that name.
            let is_taken = |error: &io::Error| error.kind() == io::ErrorKind::AlreadyExists;
            if !file.as_ref().is_err_and(is_taken) {
                let file = file.ok().map(Mutex::new);
                return Scratch { path, file };
            }
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        Path::new(&self.folder).join(name)
    }
}

/// Bytes under a name, of which nobody said that they are whole.
#[derive(Debug)]
pub struct Opened(fs::File);

impl Opened {
    /// So many bytes from a place on, if there are.
    pub fn get(&mut self, at: u64, length: usize) -> Option<Vec<u8>> {
        let whole = self.0.metadata().ok()?.len();
        let from = at.checked_add(HASH_BYTES as u64)?;
        // A length that is not true must not cost memory.
        from.checked_add(length as u64).filter(|to| *to <= whole)?;
        let mut bytes = vec![0; length];
        self.0.seek(SeekFrom::Start(from)).ok()?;
        self.0.read_exact(&mut bytes).ok()?;
        Some(bytes)
    }
}

/// Numbers drafts and scratches of this process.
static DRAFTS: AtomicU64 = AtomicU64::new(0);

/// Bytes put away for a while. The file is gone with it.
#[derive(Debug)]
pub struct Scratch {
    path: PathBuf,
    file: Option<Mutex<fs::File>>,
}

/// Where bytes were put.
#[derive(Debug)]
pub enum Stretch {
    /// In the file.
    Filed {
        /// The place of the first one.
        at: u64,
        /// How many.
        count: usize,
    },
    /// Here: the file took them not.
    Here(Vec<u8>),
}

impl Scratch {
    /// Puts bytes away.
    pub fn put(&self, bytes: &[u8]) -> Stretch {
        let written = self.file.as_ref().and_then(|file| {
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            let at = file.seek(SeekFrom::End(0)).ok()?;
            file.write_all(bytes).ok().map(|()| at)
        });
        match written {
            Some(at) => Stretch::Filed {
                at,
                count: bytes.len(),
            },
            None => Stretch::Here(bytes.to_vec()),
        }
    }

    /// Appends what was put away.
    pub fn get(&self, stretch: &Stretch, to: &mut Vec<u8>) -> Result<(), Refusal> {
        let (at, count) = match stretch {
            Stretch::Here(bytes) => {
                to.extend_from_slice(bytes);
                return Ok(());
            }
            Stretch::Filed { at, count } => (*at, *count),
        };
        let from = to.len();
        to.resize(from + count, 0);
        let read = match (&self.file, to.get_mut(from..)) {
            (Some(file), Some(room)) => {
                let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                let sought = file.seek(SeekFrom::Start(at));
                sought.and_then(|_| file.read_exact(room))
            }
            _ => Ok(()),
        };
        read.map_err(|error| refuse::io(&self.path, "reading what was put away", &error))
    }
}

impl Scratch {
    /// The refusal of bytes that are not those that were put away.
    pub fn other(&self) -> Refusal {
        let error = io::Error::from(io::ErrorKind::InvalidData);
        refuse::io(&self.path, "reading what was put away", &error)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn what_is_damaged_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache {
            folder: folder.path().join("derived"),
        };
        assert_eq!(cache.read("a"), None);
        cache.write("a", b"one").unwrap();
        cache.write("a", b"two").unwrap();
        cache.write("b", b"").unwrap();
        assert_eq!(cache.read("a"), Some(b"two".to_vec()));
        assert_eq!(cache.read("b"), Some(Vec::new()));
        let whole = fs::read(cache.path("a")).unwrap();
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            *bytes.get_mut(at).unwrap() ^= 1;
            fs::write(cache.path("a"), &bytes).unwrap();
            assert_eq!(cache.read("a"), None, "byte {at}");
            fs::write(cache.path("a"), whole.get(..at).unwrap()).unwrap();
            assert_eq!(cache.read("a"), None, "{at} bytes");
        }
        cache.keep_only(&["b".to_owned()]);
        assert_eq!(fs::read_dir(&cache.folder).unwrap().count(), 1);
    }

    #[test]
    fn what_is_put_away_comes_back_from_a_file_or_from_memory() {
        let folder = tempfile::tempdir().unwrap();
        let in_file = Cache {
            folder: folder.path().join("derived"),
        };
        // A file stands where the folder would be.
        fs::write(folder.path().join("file"), b"").unwrap();
        let in_memory = Cache {
            folder: folder.path().join("file"),
        };
        for cache in [in_file, in_memory] {
            // One that was left by a process of the same number.
            let next = DRAFTS.load(Ordering::Relaxed);
            let left = cache.path(&format!("scratch-{}-{next}", std::process::id()));
            let is_left = fs::create_dir_all(&cache.folder).and_then(|()| fs::write(&left, b""));
            let scratch = cache.scratch();
            assert_eq!(scratch.file.is_some(), is_left.is_ok());
            let _ = fs::remove_file(&left);
            let put = [b"one".to_vec(), Vec::new(), b"three".to_vec()];
            let places = put.each_ref().map(|bytes| scratch.put(bytes));
            let mut got = Vec::new();
            for place in places.iter().rev() {
                scratch.get(place, &mut got).unwrap();
            }
            assert_eq!(got, b"threeone");
            drop(scratch);
            let left = fs::read_dir(&cache.folder).map_or(0, Iterator::count);
            assert_eq!(left, 0);
        }
    }
}
