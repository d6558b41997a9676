//! A book on disk: its folders of text and its ledger. The only place that reads definition files.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};

use handfast_charter::{TextFile, read_charter, read_pack, read_settings};
use handfast_engine::derived::{Held, Teams};
use handfast_ledger::{Ledger, Opening, sync_folder};
use handfast_model::pack::Pack;
use handfast_model::question::AsOf;
use handfast_model::{Charter, Instant, Refusal, Seq};

use crate::agree::{self, state::Agreement};

pub use handfast_charter::SignIn;

/// An open book. One process writes it at a time; any number read it beside.
pub struct Book {
    /// The book's folder.
    pub dir: PathBuf,
    /// Its memory.
    pub ledger: Ledger,
    /// What was derived of it for the questions before.
    pub held: Held,
    /// Whether a charter that is asked for may be a folder of texts where the program runs.
    pub has_folders: bool,
    /// The present, in microseconds.
    now: AtomicI64,
}

impl Book {
    /// Makes a book; `from` gives its charter and sources. The charter is put into force at once.
    pub fn init(dir: &Path, from: Option<&Path>, opening: &Opening) -> Result<Book, Refusal> {
        if fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some()) {
            return Err(
                Refusal::new("E0250", format!("`{}` is not empty", dir.display()))
                    .matters("a new book never writes over what is there")
                    .fix(
                        "give a new folder, or open the book that is there: handfast ask … --book",
                    ),
            );
        }
        let texts = from.map(Texts::read).transpose()?;
        if let Some(texts) = &texts {
            texts.check()?;
        }
        for folder in ["charter", "sources"] {
            fs::create_dir_all(dir.join(folder))
                .map_err(|e| cannot("make", &dir.join(folder), &e))?;
        }
        write(&dir.join("handfast.toml"), BOOK_TOML)?;
        let book = Book {
            dir: dir.to_owned(),
            ledger: Ledger::create(dir, None, opening)?,
            held: Held::default(),
            has_folders: true,
            now: AtomicI64::new(opening.now.0),
        };
        if let Some(texts) = texts {
            texts.copy_to(dir)?;
            book.publish(opening.now)?;
        }
        Ok(book)
    }

    /// Opens a book to write it: no other process can until this one ends.
    pub fn open(dir: &Path, opening: &Opening) -> Result<Book, Refusal> {
        check(dir)?;
        Ok(Book {
            dir: dir.to_owned(),
            ledger: Ledger::open(dir, opening)?,
            held: Held::default(),
            has_folders: true,
            now: AtomicI64::new(opening.now.0),
        })
    }

    /// Opens a book to read it. Charters agreed to begin until now are in force.
    pub fn read(dir: &Path, now: Instant) -> Result<Book, Refusal> {
        check(dir)?;
        Ok(Book {
            dir: dir.to_owned(),
            ledger: Ledger::open_reading(dir)?,
            held: Held::default(),
            has_folders: true,
            now: AtomicI64::new(now.0),
        })
    }

    /// The book as it was at a moment, when a commit was the newest: what is asked of it has one
    /// answer, whatever is committed meanwhile. For whoever asks from elsewhere no charter is a
    /// folder.
    pub fn at(&self, newest: Seq, now: Instant) -> Book {
        Book {
            dir: self.dir.clone(),
            ledger: self.ledger.at(newest),
            held: self.held.clone(),
            has_folders: false,
            now: AtomicI64::new(now.0),
        }
    }

    /// The same for somebody who sees only the rows of these teams; none = all.
    pub fn of_teams(&self, teams: &Teams) -> Book {
        Book {
            dir: self.dir.clone(),
            ledger: self.ledger.clone(),
            held: self.held.of_teams(teams),
            has_folders: self.has_folders,
            now: AtomicI64::new(self.now().0),
        }
    }

    /// The present, as the door that opened it knows it: which agreed charters are in force.
    pub fn now(&self) -> Instant {
        Instant(self.now.load(Ordering::Relaxed))
    }

    /// Says what time it is. A door that stays open tells it at every request; it never goes back.
    pub fn tell_now(&self, now: Instant) {
        self.now.fetch_max(now.0, Ordering::Relaxed);
    }

    /// Whether its company is invented, as whoever made it wrote down.
    pub fn is_demo(&self) -> bool {
        let text = fs::read_to_string(self.dir.join("handfast.toml")).unwrap_or_default();
        text.lines().any(|line| line.trim() == DEMO)
    }

    /// The provider by which people sign in to its server, where `handfast.toml` names one.
    pub fn sign_in(&self) -> Result<Option<SignIn>, Refusal> {
        let path = self.dir.join("handfast.toml");
        let text = fs::read_to_string(&path).map_err(|error| cannot("read", &path, &error))?;
        let path = path.display().to_string();
        read_settings(&TextFile { path, text }).map_err(first)
    }

    /// Writes down that its company is invented.
    pub fn mark_demo(&self) -> Result<(), Refusal> {
        let text =
            format!("{BOOK_TOML}# Its company is invented: guests may look around.\n{DEMO}\n");
        write(&self.dir.join("handfast.toml"), &text)
    }

    /// The charter folder's texts as they are on disk now: the draft.
    pub fn charter_texts(&self) -> Result<Vec<TextFile>, Refusal> {
        texts_of(&self.dir.join("charter"), "charter", CHARTER)
    }

    /// Puts the charter folder into force. `None` when it already is, to the letter.
    pub fn publish(&self, now: Instant) -> Result<Option<Seq>, Refusal> {
        let texts = self.charter_texts()?;
        if let (true, Some(refusal)) = (texts.is_empty(), agree::refuse::lies_beside(&self.dir)) {
            return Err(refusal);
        }
        let charter = read_charter(&texts).map_err(first)?;
        if Agreement::read(self, AsOf::Latest)?.needs_signatures() {
            return Err(agree::refuse::must_be_signed(&self.dir));
        }
        if agree::in_force(self, AsOf::Latest)?.is_some_and(|known| known.hash() == charter.hash) {
            return Ok(None);
        }
        let files: Vec<(String, String)> = texts
            .into_iter()
            .map(|file| (file.path, file.text))
            .collect();
        self.ledger
            .publish_charter(&charter.hash, files, now)
            .map(Some)
    }

    /// The charter in force as of an instant, or the version or draft folder asked for. The hints
    /// say what a viewer should know about it.
    pub fn charter(
        &self,
        as_of: AsOf,
        asked: Option<&str>,
    ) -> Result<(Charter, Vec<String>), Refusal> {
        if let Some(asked) = asked {
            return self.asked_charter(asked);
        }
        let Some(in_force) = agree::in_force(self, as_of)? else {
            return Err(agree::refuse::nothing_in_force(&self.dir));
        };
        let charter = in_force.charter(self)?;
        let mut hints = Vec::new();
        if !self.has_folders {
            // Whoever asks from elsewhere does not edit it.
            return Ok((charter, hints));
        }
        let draft = self
            .charter_texts()
            .ok()
            .and_then(|texts| read_charter(&texts).ok());
        if as_of == AsOf::Latest && draft.is_none_or(|draft| draft.hash != in_force.texts()) {
            let signed = Agreement::read(self, as_of)?.needs_signatures();
            let dir = self.dir.display();
            let does = match signed {
                true => format!(
                    "`handfast charter draft {dir} NAME --by PERSON --why TEXT` proposes it, \
                     `handfast charter show {dir} --out {dir}/charter` puts those in force there"
                ),
                false => format!("`handfast charter publish {dir}` puts it into force"),
            };
            hints.push(format!(
                "charter/ differs from the version in force; `--charter {dir}/charter` asks with \
                 the draft, {does}"
            ));
        }
        Ok((charter, hints))
    }

    fn asked_charter(&self, asked: &str) -> Result<(Charter, Vec<String>), Refusal> {
        let agreement = Agreement::read(self, AsOf::Latest)?;
        let is_name = agreement.is_name(asked);
        if agreement.is_folder(self, asked) {
            let texts = texts_of(Path::new(asked), asked, CHARTER)?;
            let hint = format!("a draft was used: {asked}; nothing was put into force");
            return read_charter(&texts)
                .map_err(first)
                .map(|charter| (charter, vec![hint]));
        }
        if let Some(laid) = agreement.laid(self, asked).filter(|_| !is_name) {
            return laid.map(|charter| (charter, Vec::new()));
        }
        if let Some(draft) = agreement.meant(self, asked) {
            let hint = match draft.agreed {
                Some(agreed) => format!("`{}` is agreed from {}", draft.name, agreed.from),
                None => format!("a draft was used: {}; it is not in force", draft.name),
            };
            return Ok((agreement.meaning(self, draft)?, vec![hint]));
        }
        let version = self.ledger.charter_named(asked, AsOf::Latest);
        let version = version.map_err(|refusal| agreement.or_a_draft(refusal))?;
        Ok((agree::charter_of(&version.files)?, Vec::new()))
    }

    /// The source packs, in order of source name.
    pub fn packs(&self) -> Result<Vec<Pack>, Refusal> {
        let texts = Texts::read(&self.dir)?;
        texts
            .sources
            .iter()
            .map(|(folder, files)| read_pack(folder, files).map_err(first))
            .collect()
    }
}

/// The line of `handfast.toml` that says so.
const DEMO: &str = "demo = true";

/// What a new book's `handfast.toml` says.
const BOOK_TOML: &str = "# This folder is a Handfast book. charter/ and sources/ are yours to \
edit; data/ is Handfast's alone.\n\
    # Secrets never belong in this file.\nformat = 1\n";

/// Refuses a folder that is no book.
pub(crate) fn check(dir: &Path) -> Result<(), Refusal> {
    match dir.join("handfast.toml").is_file() {
        true => Ok(()),
        false => Err(
            Refusal::new("E0251", format!("`{}` is not a book", dir.display()))
                .fix(format!("handfast init {}", dir.display())),
        ),
    }
}

/// Several refusals as one: the first, telling how many more there are. `charter check` shows all.
pub fn first(refusals: Vec<Refusal>) -> Refusal {
    let more = refusals.len().saturating_sub(1);
    let mut refusals = refusals.into_iter();
    let Some(mut refusal) = refusals.next() else {
        return Refusal::new("E0199", "a definition could not be read");
    };
    if more > 0 {
        refusal.title = format!(
            "{} (and {more} more: handfast charter check)",
            refusal.title
        );
    }
    refusal
}

/// The texts of a book or example: charter and sources.
struct Texts {
    charter: Vec<TextFile>,
    sources: Vec<(String, Vec<TextFile>)>,
}

impl Texts {
    fn read(dir: &Path) -> Result<Texts, Refusal> {
        let charter = texts_of(&dir.join("charter"), "charter", CHARTER)?;
        let mut sources = Vec::new();
        // A charter alone is enough to begin with: sources can be added to a book.
        let all = dir.join("sources");
        let folders = match all.is_dir() {
            true => sorted(&all)?,
            false => Vec::new(),
        };
        let is_source = |path: &PathBuf| path.is_dir() && !is_hidden(path);
        for folder in folders.into_iter().filter(is_source) {
            let name = folder
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default();
            let label = format!("sources/{name}");
            sources.push((label.clone(), texts_of(&folder, &label, &["toml", "sql"])?));
        }
        Ok(Texts { charter, sources })
    }

    fn check(&self) -> Result<(), Refusal> {
        read_charter(&self.charter).map_err(first)?;
        for (folder, files) in &self.sources {
            read_pack(folder, files).map_err(first)?;
        }
        Ok(())
    }

    fn copy_to(&self, dir: &Path) -> Result<(), Refusal> {
        let sources = self.sources.iter().flat_map(|(_, files)| files);
        for file in self.charter.iter().chain(sources) {
            let path = dir.join(&file.path);
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).map_err(|e| cannot("make", folder, &e))?;
            }
            write(&path, &file.text)?;
        }
        let named = self.sources.iter().map(|(folder, _)| folder.as_str());
        for folder in named.chain(["charter", "sources", ""]) {
            sync_folder(&dir.join(folder))?;
        }
        Ok(())
    }
}

/// The texts of a charter's folder: definitions, and the one page of prose.
pub const CHARTER: &[&str] = &["toml", VISION];

/// That page: what all of it is for.
pub const VISION: &str = "vision.md";

/// The texts of a folder whose names or endings are wanted, in order of name; paths begin with
/// `label`.
pub fn texts_of(folder: &Path, label: &str, kinds: &[&str]) -> Result<Vec<TextFile>, Refusal> {
    let mut files = Vec::new();
    for path in sorted(folder)? {
        let own = [path.extension(), path.file_name()];
        let is_kind = own
            .into_iter()
            .flatten()
            .any(|own| kinds.iter().any(|kind| own == *kind));
        if !path.is_file() || !is_kind {
            continue;
        }
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let text = fs::read_to_string(&path).map_err(|e| cannot("read", &path, &e))?;
        files.push(TextFile {
            path: format!("{label}/{name}"),
            text,
        });
    }
    Ok(files)
}

/// A folder that begins with a point is one that is being written.
fn is_hidden(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().starts_with('.')
}

fn sorted(folder: &Path) -> Result<Vec<PathBuf>, Refusal> {
    let entries = fs::read_dir(folder).map_err(|e| cannot("read", folder, &e))?;
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .collect();
    paths.sort();
    Ok(paths)
}

/// Writes a text; it is on the disk when this returns.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Refusal> {
    fs::File::create(path)
        .and_then(|mut file| {
            file.write_all(text.as_bytes())
                .and_then(|()| file.sync_all())
        })
        .map_err(|e| cannot("write", path, &e))
}

/// A file or folder that the disk does not give or take.
pub fn cannot(verb: &str, path: &Path, error: &std::io::Error) -> Refusal {
    Refusal::new(
        "E0254",
        format!("cannot {verb} `{}`: {error}", path.display()),
    )
    .fix("check that the path exists and that its permissions and disk allow it")
}
