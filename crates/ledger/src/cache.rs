//! What was derived from a book, kept beside it: bytes under names, in `data/derived`.
//!
//! Whatever lies here can be thrown away at any moment and changes no answer. So nothing is
//! flushed, nobody locks, and bytes whose hash is not the one they begin with are as good as none.
//! No personal text may come here: what is derived names people by keyed hashes.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::book::Ledger;

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

    /// Keeps bytes under a name, in place of those that were there.
    pub fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let draft = self.folder.join(format!("{name}.{}", std::process::id()));
        let mut whole = Vec::with_capacity(HASH_BYTES + bytes.len());
        whole.extend_from_slice(blake3::hash(bytes).as_bytes());
        whole.extend_from_slice(bytes);
        let done = fs::write(&draft, whole).and_then(|()| fs::rename(&draft, self.path(name)));
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

    fn path(&self, name: &str) -> PathBuf {
        Path::new(&self.folder).join(name)
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
}
