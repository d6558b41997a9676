//! Files that must be on the disk before anything names them.

use std::fs::File;
use std::path::Path;

use handfast_model::Refusal;

use crate::refuse;

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
