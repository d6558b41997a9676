//! Lists the packs of `shipped/` as a table in Rust: a new pack is a new folder and no code.
//! Fixtures are for tests and stay out of the program.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let manifest = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let shipped = Path::new(&manifest).join("shipped");
    println!("cargo:rerun-if-changed={}", shipped.display());
    let mut table = String::from("&[\n");
    for folder in entries(&shipped)?.iter().filter(|path| path.is_dir()) {
        let readme = fs::read_to_string(folder.join("README.md"))?;
        let title = readme.lines().next().unwrap_or("").trim_start_matches("# ");
        let mut files = Vec::new();
        gather(folder, folder, &mut files)?;
        let (name, title) = (shown(folder), title.trim());
        writeln!(
            table,
            "Shipped {{ name: {name:?}, title: {title:?}, files: &{files:?} }},"
        )
        .map_err(io::Error::other)?;
    }
    table.push_str("]\n");
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(Path::new(&out).join("shipped.rs"), table)
}

fn gather(root: &Path, folder: &Path, files: &mut Vec<(String, String)>) -> io::Result<()> {
    for path in entries(folder)? {
        if path.is_dir() && shown(&path) != "fixtures" {
            gather(root, &path, files)?;
        } else if path.is_file() {
            let inside = path.strip_prefix(root).map_err(io::Error::other)?;
            let inside = inside.to_string_lossy().replace('\\', "/");
            files.push((inside, fs::read_to_string(&path)?));
        }
    }
    Ok(())
}

/// The entries of a folder, in order of name.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    let mut paths = entries.collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn shown(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}
