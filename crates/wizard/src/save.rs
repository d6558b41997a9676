//! A source written into a book, the charter that is drafted beside it, and a first charter put
//! into force.

use std::path::PathBuf;

use handfast_charter::TextFile;
use handfast_model::rules::DeclaredAttribute;
use handfast_model::{Instant, Refusal};
use handfast_packs::declared::{Attribute, attributes_toml};
use handfast_packs::passed::Passed;
use handfast_packs::propose::{Proposed, Wishes};
use handfast_packs::stages;
use handfast_service::book::Book;
use handfast_service::sources;

/// What became of the charter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Draft {
    /// A first one was written to this folder.
    Written {
        /// The folder.
        folder: PathBuf,
        /// Its texts.
        texts: Vec<TextFile>,
    },
    /// The file that does not declare these attributes yet.
    Lacks {
        /// The file.
        file: PathBuf,
        /// The attributes, as they would stand in it.
        attributes: String,
        /// Whether there is no charter, and none could be drafted.
        is_without_stages: bool,
    },
    /// Nothing is missing.
    Unneeded,
}

/// Writes a source into a book; gives the files written.
pub fn save(
    book: &Book,
    name: &str,
    texts: &[TextFile],
    replaces: bool,
) -> Result<Vec<PathBuf>, Refusal> {
    sources::write(&book.dir, name, texts, replaces)
}

/// A first charter beside the charter folder, where that is still empty; else what the charter, or
/// the draft that somebody may be at work on, does not declare yet.
pub fn drafted(
    book: &Book,
    (streams, passed): (&[Proposed], &[Passed]),
    wishes: &Wishes,
) -> Result<Draft, Refusal> {
    let folder = book.dir.canonicalize().unwrap_or_else(|_| book.dir.clone());
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let currency = wishes.currency.as_ref().map(|code| code.to_uppercase());
    let home = stages::Home {
        name: &name,
        zone: wishes.zone.as_deref().unwrap_or("UTC"),
        currency: currency.as_deref(),
    };
    let is_first = !sources::has_charter(book) && !sources::has_draft(book);
    if let Some(texts) = stages::draft(streams, &home, passed).filter(|_| is_first) {
        let folder = sources::write_draft(&book.dir, &texts)?;
        return Ok(Draft::Written { folder, texts });
    }
    let said = streams.iter().flat_map(|stream| &stream.attributes);
    let is_drafted = sources::has_draft(book) && !sources::has_charter(book);
    let home = if is_drafted {
        "charter-draft"
    } else {
        "charter"
    };
    let known = sources::declared(book, home)?;
    let is_new = |(kind, name, _): &&Attribute| {
        let is_it = |one: &DeclaredAttribute| one.subject.word() == *kind && one.name == *name;
        !known.iter().any(is_it)
    };
    let text = attributes_toml(said.filter(is_new));
    Ok(match text.is_empty() {
        true => Draft::Unneeded,
        false => Draft::Lacks {
            file: book.dir.join(home).join("attributes.toml"),
            attributes: text,
            is_without_stages: is_first,
        },
    })
}

/// A first charter that came into force.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Begun {
    /// Its hash.
    pub hash: String,
    /// The commit.
    pub seq: u64,
}

/// Puts a first charter into force in a book that has none: its texts become the charter folder.
/// Where one is in force, or lies in the folder, it is proposed and agreed to instead.
pub fn begin(book: &Book, texts: &[TextFile], now: Instant) -> Result<Begun, Refusal> {
    sources::begin_charter(book, texts, now).map(|(hash, seq)| Begun { hash, seq: seq.0 })
}
