//! Backups: a copy of a book while it is in use, its keys apart, and the way back from one.

use std::fs;
use std::path::{Path, PathBuf};

use handfast_ledger::{Ledger, Opening, Verified, copy_file, sync_folder};
use handfast_model::{Refusal, Seq};

use crate::book::{Book, cannot, check};

/// What a copy holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Copied {
    /// Its last commit.
    pub seq: Seq,
    /// What was checked in it: everything, and nothing was found.
    pub verified: Verified,
    /// People whom a later state had forgotten, forgotten here too.
    pub forgotten: u64,
}

/// Copies a book into a new folder and its keys into another. The copy is verified before it gets
/// its name, so a folder of that name is a whole backup. `also` copies from the first folder into
/// the second what others keep beside the ledger, as the people who sign in.
pub fn back_up(
    book: &Book,
    to: &Path,
    keys: &Path,
    also: impl FnOnce(&Path, &Path) -> Result<(), Refusal>,
) -> Result<Copied, Refusal> {
    need_free(to)?;
    need_free(keys)?;
    if inside(keys, to) || inside(to, keys) || inside(keys, &book.dir) || inside(to, &book.dir) {
        return Err(Refusal::new(
            "E0256",
            "book, backup and keys must be folders beside each other",
        )
        .matters("whoever has a backup with its keys can read every person's columns")
        .fix("give folders that lie in none of the others, best on different disks"));
    }
    let (draft, keys_draft) = (part(to)?, part(keys)?);
    let seq = book.ledger.copy_to(&draft, &keys_draft)?;
    copy_texts(&book.dir, &draft)?;
    let verified = sound(&Ledger::open_reading_apart(&draft, &keys_draft)?, &draft)?;
    tidy_up(&draft);
    also(&book.dir.join("data"), &draft.join("data"))?;
    name(&keys_draft, keys)?;
    name(&draft, to)?;
    Ok(Copied {
        seq,
        verified,
        forgotten: 0,
    })
}

/// Makes a book out of a backup and its keys. Whom `forgotten_in`, a later state of the same book,
/// has forgotten is forgotten in it before it gets its name.
pub fn restore(
    from: &Path,
    keys: &Path,
    to: &Path,
    forgotten_in: Option<&Path>,
    opening: &Opening,
) -> Result<Copied, Refusal> {
    check(from)?;
    need_free(to)?;
    let draft = part(to)?;
    copy_texts(from, &draft)?;
    let memory = draft.join("data");
    copy_tree(
        &from.join("data"),
        &memory,
        &["keys", "derived", "lock", "uploads"],
    )?;
    copy_tree(keys, &memory.join("keys"), &[])?;
    make_private(&memory.join("keys"))?;
    let read = Ledger::open_reading(&draft)?;
    let mut verified = sound(&read, &draft)?;
    drop(read);
    let ledger = Ledger::open(&draft, opening)?;
    let forgotten = match forgotten_in {
        Some(other) => ledger.forget_as(&later(other, keys)?, opening.now)?,
        None => 0,
    };
    if forgotten > 0 {
        verified = sound(&ledger, &draft)?;
    }
    let seq = ledger.last_seq()?;
    drop(ledger);
    tidy_up(&draft);
    name(&draft, to)?;
    Ok(Copied {
        seq,
        verified,
        forgotten,
    })
}

/// A later state of a book: one with its keys, or a backup, which these keys open as well.
fn later(book: &Path, keys: &Path) -> Result<Ledger, Refusal> {
    check(book)?;
    let own = book.join("data/keys");
    let keys = if own.is_dir() { own.as_path() } else { keys };
    Ledger::open_reading_apart(book, keys)
}

/// Refuses a copy in which anything is wrong.
fn sound(ledger: &Ledger, place: &Path) -> Result<Verified, Refusal> {
    let verified = ledger.verify();
    match verified.findings.first() {
        None => Ok(verified),
        Some(first) => {
            let more = match verified.findings.len() - 1 {
                0 => String::new(),
                more => format!(" (and {more} more)"),
            };
            let title = format!("the copy is not sound: {}{more}", first.what);
            Err(Refusal::new("E0257", title)
                .matters(format!(
                    "it was left in `{}` and got no name",
                    place.display()
                ))
                .fix("handfast verify tells what is wrong with the book; else take another backup"))
        }
    }
}

fn need_free(folder: &Path) -> Result<(), Refusal> {
    match folder.exists() {
        false => Ok(()),
        true => Err(
            Refusal::new("E0256", format!("`{}` is there already", folder.display()))
                .matters("a backup and a restored book never write over what is there")
                .fix("give a folder that does not exist yet"),
        ),
    }
}

/// Whether a folder lies in another, as far as their names tell.
fn inside(inner: &Path, outer: &Path) -> bool {
    let full = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    full(inner).starts_with(full(outer))
}

/// The folder that a copy is made in, empty: what an interrupted attempt left there goes.
fn part(folder: &Path) -> Result<PathBuf, Refusal> {
    let mut name = folder.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let draft = folder.with_file_name(name);
    if draft.exists() {
        fs::remove_dir_all(&draft).map_err(|error| cannot("remove", &draft, &error))?;
    }
    fs::create_dir_all(&draft).map_err(|error| cannot("make", &draft, &error))?;
    Ok(draft)
}

/// Gives a finished copy its name, for good.
fn name(draft: &Path, folder: &Path) -> Result<(), Refusal> {
    sync_folder(draft)?;
    fs::rename(draft, folder).map_err(|error| cannot("name", folder, &error))?;
    sync_folder(folder.parent().unwrap_or(folder))
}

/// What reading leaves beside a journal is no part of a copy.
fn tidy_up(draft: &Path) {
    let _ = fs::remove_file(draft.join("data/lock"));
    let _ = fs::remove_dir_all(draft.join("data/derived"));
}

/// Lets nobody but its owner read what is in a folder of keys: a disk for backups, an archive or a
/// checkout may have forgotten that nobody else was to.
fn make_private(keys: &Path) -> Result<(), Refusal> {
    #[cfg(unix)]
    for entry in fs::read_dir(keys).map_err(|error| cannot("read", keys, &error))? {
        let path = entry.map_err(|error| cannot("read", keys, &error))?.path();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        fs::set_permissions(&path, mode).map_err(|error| cannot("close", &path, &error))?;
    }
    Ok(())
}

/// Copies a book's texts: all that is not its memory, and not hidden.
fn copy_texts(book: &Path, to: &Path) -> Result<(), Refusal> {
    copy_tree(book, to, &["data"])
}

/// Copies a folder but for some of its entries and hidden ones; all is on the disk when it returns.
fn copy_tree(from: &Path, to: &Path, but: &[&str]) -> Result<(), Refusal> {
    fs::create_dir_all(to).map_err(|error| cannot("make", to, &error))?;
    let entries = fs::read_dir(from).map_err(|error| cannot("read", from, &error))?;
    for entry in entries {
        let entry = entry.map_err(|error| cannot("read", from, &error))?;
        let (path, file) = (entry.path(), entry.file_name());
        let shown = file.to_string_lossy();
        if shown.starts_with('.') || shown.ends_with("-shm") || but.contains(&shown.as_ref()) {
            continue;
        }
        match path.is_dir() {
            true => copy_tree(&path, &to.join(&file), &[])?,
            false => copy_file(&path, &to.join(&file))?,
        }
    }
    sync_folder(to)
}
