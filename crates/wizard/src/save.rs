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
    let open = sources::open_draft(book, stages::is_bare)?;
    let texts = stages::draft(streams, &home, passed);
    let is_without_stages =
        texts.is_none() && !sources::has_draft(book) && !sources::has_charter(book);
    let said = said(book, streams)?;
    if let Some((known, texts)) = open.zip(texts) {
        let is_bare = stages_of(&texts).is_some_and(stages::is_bare);
        // What stands there already is not written over by as little.
        if known.is_empty() || !is_bare {
            let texts = beside(&known, texts, &said);
            let folder = sources::write_draft(&book.dir, &texts)?;
            return Ok(Draft::Written { folder, texts });
        }
    }
    Ok(match (said.is_empty(), is_without_stages) {
        (true, false) => Draft::Unneeded,
        _ => Draft::Lacks {
            file: book.dir.join(home_of(book)).join("attributes.toml"),
            attributes: said,
            is_without_stages,
        },
    })
}

/// The folder in which definitions are written now.
fn home_of(book: &Book) -> &'static str {
    match sources::has_draft(book) && !sources::has_charter(book) {
        true => "charter-draft",
        false => "charter",
    }
}

/// The attributes that files give and definitions do not declare yet, as text.
fn said(book: &Book, streams: &[Proposed]) -> Result<String, Refusal> {
    let said = streams.iter().flat_map(|stream| &stream.attributes);
    let known = sources::declared(book, home_of(book))?;
    let is_new = |(kind, name, _): &&Attribute| {
        let is_it = |one: &DeclaredAttribute| one.subject.word() == *kind && one.name == *name;
        !known.iter().any(is_it)
    };
    Ok(attributes_toml(said.filter(is_new)))
}

/// The stages of a charter's texts.
pub fn stages_of(texts: &[TextFile]) -> Option<&str> {
    let mut stages = texts
        .iter()
        .filter(|text| text.path.ends_with("/stages.toml"));
    stages.next().map(|text| text.text.as_str())
}

/// Declarations with some more, each under the head of its table.
fn declaring(known: &str, said: &str) -> String {
    let mut lines: Vec<String> = known.lines().map(str::to_owned).collect();
    // A head may have a remark behind it.
    let is_head = |line: &str, head: &str| line.split('#').next().unwrap_or(line).trim() == head;
    let mut at = lines.len();
    for line in said.lines().filter(|line| !line.trim().is_empty()) {
        if line.starts_with('[') {
            let known = lines.iter().position(|known| is_head(known, line.trim()));
            at = known.map_or(lines.len(), |at| at + 1);
            if known.is_none() {
                lines.push(line.to_owned());
                at = lines.len();
            }
            continue;
        }
        lines.insert(at, line.to_owned());
        at += 1;
    }
    lines.join("\n") + "\n"
}

/// A draft in which only the stages are new, and what files say besides, where other texts stand
/// already: what people wrote into these stays.
fn beside(known: &[TextFile], drafted: Vec<TextFile>, said: &str) -> Vec<TextFile> {
    let name = |text: &TextFile| text.path.rsplit('/').next().map(str::to_owned);
    let of = |one: TextFile| {
        let mut known = known.iter().filter(|text| name(text) == name(&one));
        let known = known.next().map(|known| known.text.clone());
        match known.filter(|_| !one.path.ends_with("/stages.toml")) {
            Some(known) if one.path.ends_with("/attributes.toml") => TextFile {
                text: declaring(&known, said),
                ..one
            },
            Some(text) => TextFile { text, ..one },
            None => one,
        }
    };
    drafted.into_iter().map(of).collect()
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
