//! Gathers the pages of `errors/`, so that explaining a code needs no file at run time.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let manifest = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let errors = Path::new(&manifest).join("../../errors");
    println!("cargo:rerun-if-changed={}", errors.display());
    let mut pages = Vec::new();
    for folder in fs::read_dir(&errors)? {
        let folder = folder?;
        let page = folder.path().join("why.md");
        if page.is_file() {
            let code = folder.file_name().to_string_lossy().into_owned();
            pages.push((code, fs::read_to_string(page)?));
        }
    }
    pages.sort();
    let mut table = String::from("&[\n");
    for (code, page) in &pages {
        writeln!(table, "    ({code:?}, {page:?}),").map_err(io::Error::other)?;
    }
    table.push_str("]\n");
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(Path::new(&out).join("errors.rs"), table)
}
