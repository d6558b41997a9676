//! Every example parses: each charter and each source pack under `examples/`, without one refusal.
//!
//! The SELECTs of the packs are compiled where they run (the engine); here their manifests are read
//! and the files they name are found.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use handfast_charter::{TextFile, diff, read_charter, read_pack};
use handfast_model::Refusal;

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples")
}

/// The folders in a folder, by name; none where an example is a charter alone.
fn folders(of: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(of).into_iter().flatten();
    let entries = entries.map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    found.sort();
    found
}

/// The texts of a folder, named as its owner knows them.
fn texts(folder: &Path) -> Vec<TextFile> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let read = |path: PathBuf| TextFile {
        text: fs::read_to_string(&path).unwrap(),
        path: path.strip_prefix(examples()).unwrap().display().to_string(),
    };
    let mut found: Vec<TextFile> = entries.filter(|path| path.is_file()).map(read).collect();
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn said(refusals: Vec<Refusal>) -> String {
    let lines: Vec<String> = refusals.iter().map(Refusal::to_string).collect();
    lines.join("\n")
}

#[test]
fn every_charter_of_an_example_is_read_without_a_refusal() {
    let mut count = 0;
    for example in folders(&examples()) {
        for folder in folders(&example) {
            let name = folder.file_name().unwrap().to_string_lossy().into_owned();
            if name.starts_with("charter") {
                read_charter(&texts(&folder))
                    .map_err(said)
                    .unwrap_or_else(|text| panic!("{text}"));
                count += 1;
            }
        }
    }
    assert!(
        count >= 4,
        "two data sets, a company and its draft: {count}"
    );
}

#[test]
fn every_pack_of_an_example_is_read_without_a_refusal_and_leaves_no_file_unused() {
    let mut count = 0;
    for example in folders(&examples()) {
        for folder in folders(&example.join("sources")) {
            let files = texts(&folder);
            let name = folder
                .strip_prefix(examples())
                .unwrap()
                .display()
                .to_string();
            let pack = read_pack(&name, &files)
                .map_err(said)
                .unwrap_or_else(|text| panic!("{text}"));
            for file in files.iter().filter(|file| file.path.ends_with(".sql")) {
                let is_used = pack.mappings.iter().any(|map| map.sql == file.text);
                assert!(is_used, "{} is mapped by no [[map]]", file.path);
            }
            count += 1;
        }
    }
    assert!(count >= 4, "olist, maven, and the company's two: {count}");
}

#[test]
fn the_draft_of_the_demo_changes_the_definition_it_says_and_no_other_rule() {
    let read = |name: &str| read_charter(&texts(&examples().join("demo").join(name))).unwrap();
    let changes = diff(&read("charter"), &read("charter-2025-draft"));
    let counting: Vec<_> = changes
        .iter()
        .filter(|change| !change.figures.is_empty())
        .collect();
    let [only] = counting.as_slice() else {
        panic!("one definition that figures rest on should differ: {counting:#?}");
    };
    assert_eq!(
        (only.what.as_str(), only.part),
        ("stage mql", Some("entry rule"))
    );
    assert!(only.old.as_ref().unwrap().contains("50") && only.new.as_ref().unwrap().contains("65"));
}
