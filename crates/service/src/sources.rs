//! Adding a source to a book: trying a pack on the first rows of its files, and writing it down.

use std::fs;
use std::path::{Path, PathBuf};

use handfast_charter::{TextFile, read_charter, read_pack};
use handfast_engine::packs;
use handfast_ledger::{Source, sync_folder};
use handfast_model::pack::Pack;
use handfast_model::question::AsOf;
use handfast_model::rules::DeclaredAttribute;
use handfast_model::time::zone_meant;
use handfast_model::{Calendar, Currency, FactKind, Instant, Refusal, Seq};

use crate::agree::{self, state::Agreement};
use crate::book::{self, Book, CHARTER, cannot, first, texts_of};
use crate::ingest::{self, Imported, Options};

/// Reads the texts of a pack and checks all that can be checked without a row.
pub fn read(name: &str, texts: &[TextFile]) -> Result<Pack, Refusal> {
    let pack = read_pack(&format!("sources/{name}"), texts).map_err(first)?;
    match packs::check(&pack).into_iter().next() {
        Some(refusal) => Err(refusal),
        None => Ok(pack),
    }
}

/// What an import of these rows would do. Nothing is written; the rows stay in memory.
pub fn try_out(
    book: &Book,
    pack: &Pack,
    rows: &mut (dyn Source + Send),
    options: &Options<'_>,
) -> Result<Imported, Refusal> {
    ingest::import(book, pack, rows, options, &mut |_, _| {})
}

/// A currency that somebody says, as its code in capitals.
pub fn currency(said: &str) -> Result<String, Refusal> {
    Currency::listed(said)
        .map(|currency| currency.code().to_owned())
        .map_err(|meant| {
            Refusal::new("E0514", format!("`{said}` is no currency of ISO 4217"))
                .matters("amounts in a currency that nobody knows are never added or converted")
                .fix(match meant {
                    Some(code) => format!("--currency {code}"),
                    None => "--currency EUR     or USD, GBP, …: three letters".to_owned(),
                })
        })
}

/// Refuses a zone that somebody says and nobody knows.
pub fn zone(said: &str) -> Result<(), Refusal> {
    if Calendar::in_zone(said).is_some() {
        return Ok(());
    }
    let meant = zone_meant(said);
    Err(
        Refusal::new("E0105", format!("`{said}` is not a time zone"))
            .matters("times without an offset are read in this zone")
            .fix(match meant {
                Some(zone) => format!("--zone {zone}"),
                None => {
                    "--zone Europe/Berlin     Area/City, as in the IANA database; or UTC".to_owned()
                }
            }),
    )
}

/// The folder of a source in a book.
pub fn folder(book: &Path, name: &str) -> PathBuf {
    book.join("sources").join(name)
}

/// Refuses a name that the book has a source of already.
pub fn need_free(book: &Path, name: &str) -> Result<(), Refusal> {
    if !folder(book, name).exists() {
        return Ok(());
    }
    let title = format!("`{}` has a source `{name}` already", book.display());
    Err(Refusal::new("E0510", title)
        .matters("its pack may have been edited by hand, so nothing was written over it")
        .fix("--name NAME     to add another source\n--replace       to write this one anew"))
}

/// Writes the texts of a source into a book, whole or not at all.
pub fn write(
    book: &Path,
    name: &str,
    texts: &[TextFile],
    replaces: bool,
) -> Result<Vec<PathBuf>, Refusal> {
    let home = folder(book, name);
    let beside = |end: &str| book.join("sources").join(format!(".{name}.{end}"));
    let (draft, old) = (beside("new"), beside("old"));
    // An earlier attempt may have stopped between the two renames: what was there goes back.
    if old.exists() && !home.exists() {
        fs::rename(&old, &home).map_err(|e| cannot("put back", &home, &e))?;
    }
    if !replaces {
        need_free(book, name)?;
    }
    if draft.exists() {
        fs::remove_dir_all(&draft).map_err(|e| cannot("remove", &draft, &e))?;
    }
    fs::create_dir_all(&draft).map_err(|e| cannot("make", &draft, &e))?;
    let mut written = Vec::new();
    for text in texts {
        let file = text.path.rsplit('/').next().unwrap_or(&text.path);
        let path = draft.join(file);
        book::write(&path, &text.text)?;
        written.push(home.join(file));
    }
    if old.exists() {
        fs::remove_dir_all(&old).map_err(|e| cannot("remove", &old, &e))?;
    }
    if home.exists() {
        fs::rename(&home, &old).map_err(|e| cannot("replace", &home, &e))?;
    }
    fs::rename(&draft, &home).map_err(|e| cannot("write", &home, &e))?;
    sync_folder(&book.join("sources"))?;
    if old.exists() {
        fs::remove_dir_all(&old).map_err(|e| cannot("remove", &old, &e))?;
    }
    Ok(written)
}

/// Whether the book's charter folder says nothing yet.
pub fn has_charter(book: &Book) -> bool {
    book.charter_texts().is_ok_and(|texts| !texts.is_empty())
}

/// Whether a draft of a charter stands beside the folder: somebody may be at work on it.
pub fn has_draft(book: &Book) -> bool {
    book.dir.join(DRAFT).exists()
}

/// The texts that a first draft would take the place of, where nobody has written definitions yet:
/// there are none, or their stages are those that are proposed where no file names a stage. `None`
/// where somebody has.
pub fn open_draft(
    book: &Book,
    is_bare: impl Fn(&str) -> bool,
) -> Result<Option<Vec<TextFile>>, Refusal> {
    let mut found = Vec::new();
    for folder in [DRAFT, "charter"] {
        let home = book.dir.join(folder);
        if !home.is_dir() {
            continue;
        }
        let texts = texts_of(&home, folder, CHARTER)?;
        let mut stages = texts
            .iter()
            .filter(|text| text.path.ends_with("/stages.toml"));
        let is_open = stages.all(|text| is_bare(&text.text));
        if !is_open {
            return Ok(None);
        }
        if !texts.is_empty() {
            found = texts;
        }
    }
    Ok(Some(found))
}

const DRAFT: &str = "charter-draft";

/// The attributes that a folder of charter texts declares; none where it cannot be read.
pub fn declared(book: &Book, folder: &str) -> Result<Vec<DeclaredAttribute>, Refusal> {
    let home = book.dir.join(folder);
    if !home.is_dir() {
        return Ok(Vec::new());
    }
    let texts = texts_of(&home, folder, CHARTER)?;
    let charter = read_charter(&texts).ok();
    Ok(charter
        .map(|charter| charter.attributes)
        .unwrap_or_default())
}

/// Writes a draft of a charter beside the charter folder, which people copy in when it is right.
pub fn write_draft(book: &Path, texts: &[TextFile]) -> Result<PathBuf, Refusal> {
    let home = book.join(DRAFT);
    fs::create_dir_all(&home).map_err(|e| cannot("make", &home, &e))?;
    for text in texts {
        let path = home.join(text.path.rsplit('/').next().unwrap_or(&text.path));
        book::write(&path, &text.text)?;
    }
    Ok(home)
}

/// Puts a first charter into force in a book that has none: its texts become the charter folder.
pub fn begin_charter(
    book: &Book,
    texts: &[TextFile],
    now: Instant,
) -> Result<(String, Seq), Refusal> {
    if Agreement::read(book, AsOf::Latest)?.needs_signatures() {
        return Err(agree::refuse::must_be_signed(&book.dir));
    }
    let is_in_force = agree::in_force(book, AsOf::Latest)?.is_some();
    if is_in_force || has_charter(book) {
        let title = match is_in_force {
            true => "a charter is in force in this book",
            false => "the charter folder of this book holds texts already",
        };
        return Err(Refusal::new("E0258", title)
            .matters("nothing was written over it")
            .fix("propose the change: both teams see what it does to the figures"));
    }
    let charter = read_charter(texts).map_err(first)?;
    let home = book.dir.join("charter");
    fs::create_dir_all(&home).map_err(|e| cannot("make", &home, &e))?;
    for text in texts {
        let path = home.join(text.path.rsplit('/').next().unwrap_or(&text.path));
        book::write(&path, &text.text)?;
    }
    sync_folder(&home)?;
    let seq = book.publish(now)?;
    Ok((charter.hash, seq.unwrap_or_default()))
}

/// A source of a book, in short.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// Each stream: its name, its file patterns, the kinds of facts it gives.
    pub streams: Vec<(String, Vec<String>, Vec<FactKind>)>,
}

/// The sources of a book, in order of name.
pub fn list(book: &Book) -> Result<Vec<Listed>, Refusal> {
    Ok(book.packs()?.iter().map(listed).collect())
}

/// A source in short.
pub(crate) fn listed(pack: &Pack) -> Listed {
    let kinds = |stream: &str| {
        let maps = pack.mappings.iter().filter(|map| map.stream == stream);
        let mut kinds: Vec<FactKind> = maps.map(|map| map.kind).collect();
        kinds.sort();
        kinds.dedup();
        kinds
    };
    let streams = pack.streams.iter().map(|stream| {
        (
            stream.name.clone(),
            stream.files.clone(),
            kinds(&stream.name),
        )
    });
    Listed {
        streams: streams.collect(),
        name: pack.source.clone(),
    }
}

/// The texts of one source of a book.
pub fn show(book: &Book, name: &str) -> Result<Vec<TextFile>, Refusal> {
    let home = folder(&book.dir, name);
    let is_name = !name.contains(['/', '\\']) && !name.starts_with('.');
    if !is_name || !home.is_dir() {
        let names: Vec<String> = list(book)?.into_iter().map(|source| source.name).collect();
        let fix = match names.is_empty() {
            true => format!("handfast source add {} FILE…", book.dir.display()),
            false => format!("one of: {}", names.join(", ")),
        };
        return Err(
            Refusal::new("E0504", format!("this book has no source `{name}`"))
                .matters("there is nothing to show")
                .fix(fix),
        );
    }
    texts_of(&home, &format!("sources/{name}"), &["toml", "sql"])
}

#[cfg(test)]
mod tests {
    use super::*;
    use handfast_ledger::Opening;

    #[test]
    fn a_first_charter_is_begun_with_once() {
        let dir = tempfile::tempdir().unwrap();
        let opening = Opening {
            now: Instant(1_000_000),
            command: "test".to_owned(),
            author: "somebody".to_owned(),
        };
        let book = Book::init(&dir.path().join("book"), None, &opening).unwrap();
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/maven_crm");
        let texts = texts_of(&example.join("charter"), "charter", &["toml"]).unwrap();
        let (hash, seq) = begin_charter(&book, &texts, Instant(2_000_000)).unwrap();
        assert_eq!(book.charter(AsOf::Latest, None).unwrap().0.hash, hash);
        assert!(seq > Seq(0) && has_charter(&book));
        let again = begin_charter(&book, &texts, Instant(3_000_000));
        assert_eq!(again.unwrap_err().code, "E0258");
    }

    #[test]
    fn a_pack_is_replaced_whole_or_not_at_all() {
        let dir = std::env::temp_dir().join(format!("handfast-replace-{}", std::process::id()));
        let book = dir.as_path();
        let text = |text: &str| TextFile {
            path: "sources/crm/source.toml".to_owned(),
            text: text.to_owned(),
        };
        let now = || fs::read_to_string(book.join("sources/crm/source.toml")).unwrap();
        write(book, "crm", &[text("first")], false).unwrap();
        assert_eq!(
            write(book, "crm", &[text("no")], false).unwrap_err().code,
            "E0510"
        );
        write(book, "crm", &[text("second")], true).unwrap();
        assert_eq!(now(), "second");
        // Stopped between the two renames, and then again: nothing of the hand's work is lost.
        let sources = book.join("sources");
        fs::rename(sources.join("crm"), sources.join(".crm.old")).unwrap();
        fs::create_dir(sources.join(".crm.new")).unwrap();
        assert_eq!(
            write(book, "crm", &[text("no")], false).unwrap_err().code,
            "E0510"
        );
        assert_eq!(now(), "second");
        write(book, "crm", &[text("third")], true).unwrap();
        assert_eq!(now(), "third");
        assert_eq!(
            fs::read_dir(sources).unwrap().count(),
            1,
            "nothing is left beside it"
        );
        fs::remove_dir_all(book).unwrap();
    }
}
