//! Files that must be on the disk before anything names them; and by what bytes a file is known.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use handfast_model::Refusal;
use sha2::{Digest, Sha256};

use crate::refuse;

/// The hash of a file's bytes as an import keeps it, `sha256:` and hexadecimal, which any tool can
/// check.
pub fn content_hash(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut piece = vec![0; 1 << 20];
    loop {
        match file.read(&mut piece) {
            Ok(0) => break,
            Ok(count) => hash.update(piece.get(..count).unwrap_or(&[])),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let digits = hash.finalize();
    let digits = digits.iter().map(|byte| format!("{byte:02x}"));
    Ok(format!("sha256:{}", digits.collect::<String>()))
}

/// The hash of a text, in hexadecimal.
pub fn text_hash(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().to_string()
}

/// Waits until the disk has the file. A failure is final: a second try can report success for
/// pages the kernel has already dropped.
pub(crate) fn sync(file: &File, path: &Path) -> Result<(), Refusal> {
    file.sync_all()
        .map_err(|error| refuse::flush_failed(path, &error.to_string()))
}

/// Waits until the disk has the names in a folder. Windows keeps them without being asked, and
/// cannot be.
#[cfg(not(unix))]
pub(crate) fn sync_folder(_folder: &Path) -> Result<(), Refusal> {
    Ok(())
}

/// Waits until the disk has the names in a folder.
#[cfg(unix)]
pub(crate) fn sync_folder(folder: &Path) -> Result<(), Refusal> {
    let file = File::open(folder).map_err(|error| refuse::io(folder, "opening", &error))?;
    sync(&file, folder)
}

/// Makes a folder and the folders above it.
pub(crate) fn make_folder(folder: &Path) -> Result<(), Refusal> {
    std::fs::create_dir_all(folder).map_err(|error| refuse::io(folder, "making the folder", &error))
}
