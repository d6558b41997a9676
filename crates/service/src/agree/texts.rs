//! The texts of a charter as the book keeps them, and how they become a folder again.

use std::fs;
use std::path::Path;

use handfast_charter::{TextFile, charter_hash};
use handfast_model::Refusal;
use handfast_model::question::AsOf;

use super::state::Agreement;
use super::{in_force, refuse};
use crate::book::{Book, CHARTER, cannot, texts_of, write};

/// A charter's files.
#[derive(Default)]
pub struct Texts {
    /// The hash of the files.
    pub hash: String,
    /// The draft's name, where it is or was one.
    pub draft: Option<String>,
    /// Path and text of each.
    pub files: Vec<(String, String)>,
}

/// The texts of a draft or version by name or hash; without one, of the charter in force as of
/// then.
pub fn texts(book: &Book, asked: Option<&str>, as_of: AsOf) -> Result<Texts, Refusal> {
    let agreement = Agreement::read(book, AsOf::Latest)?;
    let Some(asked) = asked else {
        let found = in_force(book, as_of)?;
        let found = found.ok_or_else(|| refuse::nothing_in_force(&book.dir))?;
        return Ok(found.kept());
    };
    // A name is a name first, whatever hash begins like it.
    let found = agreement.draft(asked).ok();
    if let Some(draft) = found.or_else(|| agreement.laid_as(asked)) {
        return Ok(draft.kept());
    }
    let version = book.ledger.charter_named(asked, AsOf::Latest)?;
    Ok(Texts {
        hash: version.hash,
        draft: None,
        files: version.files,
    })
}

impl Texts {
    /// Writes them to a folder. The definitions that are there are replaced if the book keeps them,
    /// and else refused: nothing is lost.
    pub fn put(&self, book: &Book, folder: &Path) -> Result<(), Refusal> {
        fs::create_dir_all(folder).map_err(|e| cannot("make", folder, &e))?;
        let there = texts_of(folder, "charter", CHARTER)?;
        if !there.is_empty() && !is_kept(book, &there)? {
            return Err(refuse::would_be_lost(&book.dir, folder));
        }
        let own = |file: &TextFile| self.files.iter().any(|(path, _)| *path == file.path);
        for file in there.iter().filter(|file| !own(file)) {
            let path = folder.join(name(&file.path));
            fs::remove_file(&path).map_err(|e| cannot("remove", &path, &e))?;
        }
        for (path, text) in &self.files {
            write(&folder.join(name(path)), text)?;
        }
        Ok(())
    }
}

/// The file's name of a path as `charter/stages.toml`.
fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Whether the book keeps these texts, each of them, as a draft or a version that was in force.
fn is_kept(book: &Book, texts: &[TextFile]) -> Result<bool, Refusal> {
    let hash = charter_hash(texts);
    let agreement = Agreement::read(book, AsOf::Latest)?;
    let draft = agreement.drafts.iter().find(|draft| draft.hash == hash);
    let version = || book.ledger.charter_named(&hash, AsOf::Latest).ok();
    let kept = draft.map(|draft| draft.files.clone());
    let kept = kept.or_else(|| version().map(|version| version.files));
    // A hash is of a charter's own files: another one beside them is kept nowhere.
    let is_there = |file: &TextFile| {
        let mut kept = kept.iter().flatten();
        kept.any(|(path, text)| name(path) == name(&file.path) && *text == file.text)
    };
    Ok(texts.iter().all(is_there))
}
