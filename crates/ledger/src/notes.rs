//! Small texts beside the journal: what was found not to hold, and what was answered. Losing one
//! changes no answer; each is a file of its own, so nobody locks and nobody writes over another's.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::book::Ledger;
use crate::files::sync_folder;

/// The ending of a whole text; a draft has another.
const ENDING: &str = ".txt";

/// A folder of texts.
#[derive(Clone, Debug)]
pub struct Notes {
    folder: PathBuf,
    unkept: Unkept,
}

/// Texts that the disk did not take, by name: whoever holds the book open is told them all the
/// same.
pub(crate) type Unkept = Arc<Mutex<BTreeMap<String, String>>>;

impl Ledger {
    /// What was found not to hold, in `data/unverified`.
    pub fn unverified(&self) -> Notes {
        self.notes("unverified", &self.inner.unkept)
    }

    /// What was answered as of which commit, in `data/answered`.
    pub fn answered(&self) -> Notes {
        self.notes("answered", &Unkept::default())
    }

    fn notes(&self, name: &str, unkept: &Unkept) -> Notes {
        let segments = &self.inner.shelf.segments;
        let memory = segments.parent().unwrap_or(segments);
        Notes {
            folder: memory.join(name),
            unkept: Arc::clone(unkept),
        }
    }
}

impl Notes {
    /// All texts by name, in order of names. One that cannot be read, or is not what was kept under
    /// its name, is there, and empty.
    pub fn all(&self) -> Vec<(String, String)> {
        let files = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let names = files.map(|file| file.file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> = names.filter(|name| name.ends_with(ENDING)).collect();
        names.sort();
        let read = |name: String| {
            let text = fs::read_to_string(self.folder.join(&name)).unwrap_or_default();
            let is_whole = name_of(&text) == name;
            (name, if is_whole { text } else { String::new() })
        };
        let mut all: BTreeMap<String, String> = self.unkept().clone();
        all.extend(names.into_iter().map(read));
        all.into_iter().collect()
    }

    /// Keeps a text, named by what it says, on the disk before this returns. Where the disk does
    /// not take it, it is among [`Notes::all`] for as long as the book is open.
    pub fn keep(&self, text: &str) -> io::Result<()> {
        let name = name_of(text);
        let done = self.write(&name, text);
        match &done {
            Ok(()) => self.unkept().remove(&name),
            Err(_) => self.unkept().insert(name, text.to_owned()),
        };
        done
    }

    fn unkept(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.unkept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, name: &str, text: &str) -> io::Result<()> {
        let path = self.folder.join(name);
        if fs::read_to_string(&path).is_ok_and(|known| known == text) {
            return Ok(());
        }
        fs::create_dir_all(&self.folder)?;
        let draft = self.folder.join(format!("{name}.{}", std::process::id()));
        let mut file = File::create(&draft)?;
        let done = file
            .write_all(text.as_bytes())
            .and_then(|()| file.sync_all())
            .and_then(|()| fs::rename(&draft, &path));
        if done.is_err() {
            let _ = fs::remove_file(&draft);
        }
        done?;
        sync_folder(&self.folder).map_err(|refusal| io::Error::other(refusal.title))
    }

    /// Throws a text away.
    pub fn remove(&self, name: &str) {
        self.unkept().remove(name);
        // What is gone already is gone.
        let _ = fs::remove_file(self.folder.join(name));
    }
}

/// The name of the file of a text.
fn name_of(text: &str) -> String {
    let hash = blake3::hash(text.as_bytes()).to_hex();
    format!("{}{ENDING}", hash.get(..24).unwrap_or(&hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_kept_once_and_thrown_away_by_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let notes = Notes {
            folder: folder.path().join("unverified"),
            unkept: Unkept::default(),
        };
        assert_eq!(notes.all(), []);
        // Where the disk takes nothing, the text is told all the same, until it is thrown away.
        fs::write(&notes.folder, "in the way").unwrap();
        notes.keep("one").unwrap_err();
        assert_eq!(notes.all(), [(name_of("one"), "one".to_owned())]);
        notes.keep("three").unwrap_err();
        notes.remove(&name_of("three"));
        fs::remove_file(&notes.folder).unwrap();
        notes.keep("one").unwrap();
        notes.keep("two").unwrap();
        notes.keep("one").unwrap();
        fs::write(notes.folder.join("draft.txt.7"), "half").unwrap();
        let all = notes.all();
        let mut texts: Vec<&str> = all.iter().map(|(_, text)| text.as_str()).collect();
        texts.sort_unstable();
        assert_eq!(texts, ["one", "two"]);
        notes.remove(&all[0].0);
        assert_eq!(notes.all().len(), 1);
        // One bit is another: it is not what was kept.
        let (name, text) = notes.all().remove(0);
        let mut bytes = text.into_bytes();
        bytes[0] ^= 1;
        fs::write(notes.folder.join(&name), bytes).unwrap();
        assert_eq!(notes.all(), [(name, String::new())]);
        fs::write(notes.folder.join("bytes.txt"), [0xff, 0xfe]).unwrap();
        assert!(
            notes
                .all()
                .contains(&("bytes.txt".to_owned(), String::new()))
        );
    }
}
