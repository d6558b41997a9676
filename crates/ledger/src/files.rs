//! Files that must be on the disk before anything names them; and by what bytes a file is known.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

use handfast_model::Refusal;
use sha2::{Digest, Sha256};

use crate::fail;
use crate::refuse;

/// The hash of a file's bytes as an import keeps it, `sha256:` and hexadecimal, which any tool can
/// check.
pub fn content_hash(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hash = ContentHash::default();
    let mut piece = vec![0; 1 << 20];
    loop {
        match file.read(&mut piece) {
            Ok(0) => break,
            Ok(count) => hash.update(piece.get(..count).unwrap_or(&[])),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(hash.text())
}

/// The same of bytes that somebody else reads, piece by piece.
#[derive(Clone, Default)]
pub struct ContentHash(Sha256);

impl ContentHash {
    /// Adds the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// `sha256:` and hexadecimal, of what was added so far.
    pub fn text(&self) -> String {
        let digits = self.0.clone().finalize();
        let digits = digits.iter().map(|byte| format!("{byte:02x}"));
        format!("sha256:{}", digits.collect::<String>())
    }
}

/// The hash of a text, in hexadecimal.
pub fn text_hash(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().to_string()
}

/// Opens a file.
pub(crate) fn open(options: &OpenOptions, path: &Path) -> io::Result<File> {
    fail::step("open")?;
    options.open(path)
}

/// Writes bytes. A write that fails may have written some of them.
pub(crate) fn write(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    if let Err(error) = fail::step("write") {
        let half = bytes.get(..bytes.len() / 2).unwrap_or(bytes);
        return file.write_all(half).and(Err(error));
    }
    file.write_all(bytes)
}

/// Gives a file another name, in place of what has that name.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<(), Refusal> {
    fail::step("rename")
        .and_then(|()| std::fs::rename(from, to))
        .map_err(|error| refuse::io(to, "naming a finished file", &error))
}

/// Removes a file.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    fail::step("remove")?;
    std::fs::remove_file(path)
}

/// Waits until the disk has the file. A failure is final: a second try can report success for
/// pages the kernel has already dropped.
pub(crate) fn sync(file: &File, path: &Path) -> Result<(), Refusal> {
    fail::step("fsync")
        .and_then(|()| file.sync_all())
        .map_err(|error| refuse::flush_failed(path, &error.to_string()))
}

/// Waits until the disk has the names in a folder. Windows keeps them without being asked, and
/// cannot be.
#[cfg(not(unix))]
pub fn sync_folder(_folder: &Path) -> Result<(), Refusal> {
    Ok(())
}

/// Waits until the disk has the names in a folder.
#[cfg(unix)]
pub fn sync_folder(folder: &Path) -> Result<(), Refusal> {
    if fail::lacks("folder-sync") {
        return Ok(());
    }
    // A path of one part lies in the folder we are in.
    let here = Path::new(".");
    let folder = if folder.as_os_str().is_empty() {
        here
    } else {
        folder
    };
    let file = File::open(folder).map_err(|error| refuse::io(folder, "opening", &error))?;
    sync(&file, folder)
}

/// Makes a folder and the folders above it.
pub(crate) fn make_folder(folder: &Path) -> Result<(), Refusal> {
    fail::step("mkdir")
        .and_then(|()| std::fs::create_dir_all(folder))
        .map_err(|error| refuse::io(folder, "making the folder", &error))
}
