//! Source packs that come with the program, as text: what the usual exports look like and what
//! they mean.
//!
//! A pack is a folder of `shipped/`: `source.toml`, a SELECT per kind of fact, `README.md` whose
//! first line is its title, and `fixtures/`, which tests import and the program does not carry.
//! Nothing here maps a row or opens a file; `charter` reads the texts, `engine` runs them.
//!
//! For files that no pack knows, `propose` writes one from what `connect` found in them. Read on in
//! `recognise` (which system wrote a file), `understand` (what its rows and columns are), `propose`
//! (the pack as text), `stages` and `passed` (a first charter).

pub mod attribute;
pub mod choose;
pub mod currency;
pub mod declared;
pub mod manifest;
pub mod names;
pub mod outcome;
pub mod passed;
pub mod propose;
pub mod recognise;
pub mod selects;
pub mod stages;
pub mod suggest;
pub mod understand;
pub mod units;

mod carried;
mod groups;
mod levels;
mod lookups;
mod questions;

use handfast_charter::TextFile;

/// A pack that comes with the program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shipped {
    /// Its name, which is also the name of its source.
    pub name: &'static str,
    /// What it reads, in a few words.
    pub title: &'static str,
    /// Its texts: path inside the pack's folder and content, in order of path.
    pub files: &'static [(&'static str, &'static str)],
}

/// All packs, in order of name.
pub fn all() -> &'static [Shipped] {
    SHIPPED
}

/// The pack of this name.
pub fn find(name: &str) -> Option<&'static Shipped> {
    SHIPPED.iter().find(|pack| pack.name == name)
}

impl Shipped {
    /// The files that make a source: its manifest and SELECTs, as `charter` reads them.
    pub fn source(&self) -> Vec<TextFile> {
        let is_source = |path: &str| path == "source.toml" || path.ends_with(".sql");
        let files = self.files.iter().filter(|(path, _)| is_source(path));
        files
            .map(|(path, text)| TextFile {
                path: format!("{}/{path}", self.name),
                text: (*text).to_owned(),
            })
            .collect()
    }
}

const SHIPPED: &[Shipped] = include!(concat!(env!("OUT_DIR"), "/shipped.rs"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pack_reads_as_a_source_of_its_own_name() {
        assert!(!all().is_empty());
        for shipped in all() {
            let pack = handfast_charter::read_pack(shipped.name, &shipped.source());
            let pack = pack.unwrap_or_else(|refusals| panic!("{}: {refusals:#?}", shipped.name));
            assert_eq!(pack.source, shipped.name);
            assert!(!shipped.title.is_empty(), "{}: no title", shipped.name);
            assert_eq!(find(shipped.name), Some(shipped));
        }
    }
}
