//! Gathers the texts of `examples/demo`, so that `handfast demo` needs no file at run time.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let manifest = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let root = Path::new(&manifest).join("../..");
    let example = root.join("examples/demo");
    println!("cargo:rerun-if-changed={}", example.display());
    let mut files = Vec::new();
    gather(&example, &example, &mut files)?;
    write_table("demo.rs", &files)
}

/// The entries of a folder, in order of name; none when there is no such folder.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let found = fs::read_dir(folder).into_iter().flatten();
    let mut paths = found
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn gather(root: &Path, folder: &Path, files: &mut Vec<(String, String)>) -> io::Result<()> {
    for path in entries(folder)? {
        if path.is_dir() {
            gather(root, &path, files)?;
        } else if let Ok(name) = path.strip_prefix(root) {
            files.push((
                name.to_string_lossy().into_owned(),
                fs::read_to_string(&path)?,
            ));
        }
    }
    Ok(())
}

fn write_table(name: &str, pairs: &[(String, String)]) -> io::Result<()> {
    let mut text = String::from("&[\n");
    for (key, value) in pairs {
        writeln!(text, "    ({key:?}, {value:?}),").map_err(io::Error::other)?;
    }
    text.push_str("]\n");
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(Path::new(&out).join(name), text)
}
