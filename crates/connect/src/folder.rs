//! A source's folder: what is new in it.
//!
//! A file is known by its bytes, not by its date: a copy under another name is not read twice, and
//! a file that changed is read again, also when it changed back. What a book has read is the
//! ledger's to know.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use handfast_ledger::{KnownFiles, content_hash};
use handfast_model::Refusal;

use crate::find::{Found, find};
use crate::refuse;

/// The files of a folder.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Folder {
    /// Those that the book does not know.
    pub new: Vec<Found>,
    /// The names of those it does.
    pub known: Vec<String>,
}

/// Tells the files of a source's folder that are new from those with a known content. Of two new
/// ones with the same bytes the first is new. With `again` all are new.
pub fn look(
    source: &str,
    folder: &Path,
    known: &KnownFiles,
    again: bool,
) -> Result<Folder, Refusal> {
    if !folder.is_dir() {
        return Err(refuse::no_folder(source, folder));
    }
    let mut looked = Folder::default();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    // The members of an archive come one after another and share its bytes.
    let mut last: Option<(PathBuf, String)> = None;
    let mut is_twice = false;
    let mut found = find(&[folder.to_owned()])?;
    found.sort_by(|a, b| a.path.cmp(&b.path).then_with(|| a.name.cmp(&b.name)));
    for mut file in found {
        let content = match &last {
            Some((path, content)) if *path == file.path => content.clone(),
            _ => {
                let lost = |error| refuse::unreadable(&file.name, &error);
                let content = content_hash(&file.path).map_err(lost)?;
                is_twice = !seen.insert(content.clone());
                last = Some((file.path.clone(), content.clone()));
                content
            }
        };
        let is_known = !again && (is_twice || known.has(&file.name, &content));
        file.content = Some(content);
        match is_known {
            true => looked.known.push(file.name),
            false => looked.new.push(file),
        }
    }
    Ok(looked)
}
