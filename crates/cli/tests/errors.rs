//! Every refusal can be had: each code of the sources has a folder in `errors/` that provokes it on
//! the real binary and holds what is said, word for word, or names the unit test that does.
//!
//! `UPDATE_EXPECT=1 cargo test -p handfast-cli --test errors` writes the words anew; read the
//! difference before you keep it.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use support::script::{Script, copy};
use support::{root, run};

/// Files of a folder in `errors/` that are not input of its command.
const OURS: [&str; 4] = ["why.md", "run", "out.txt", "unit.txt"];

/// Rust files below a folder.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The quoted codes of a text.
fn codes(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').filter(|word| {
        let digits = word.strip_prefix('E').unwrap_or("");
        digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Every code that the product can refuse with. `xtask` is not product, it only talks of codes.
fn produced() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for file in rust_files(&root().join("crates")) {
        let name = file.display().to_string();
        if name.contains("/src/") && !name.contains("/xtask/") && !name.contains("/src/tests/") {
            let text = fs::read_to_string(&file).unwrap();
            found.extend(codes(&text).map(str::to_owned));
        }
    }
    found
}

/// The folders of `errors/`, by code.
fn folders() -> BTreeMap<String, PathBuf> {
    let entries = fs::read_dir(root().join("errors")).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .map(|path| {
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                path,
            )
        })
        .filter(|(name, _)| codes(&format!("\"{name}\"")).next().is_some())
        .collect()
}

#[test]
fn every_code_has_a_folder_with_a_page_and_a_way_to_provoke_it() {
    let (produced, folders) = (produced(), folders());
    let known: BTreeSet<String> = folders.keys().cloned().collect();
    let mut wrong: Vec<String> = produced
        .difference(&known)
        .map(|code| format!("{code} has no folder in errors/"))
        .collect();
    let stale = known.difference(&produced);
    wrong.extend(stale.map(|code| format!("errors/{code}: no source produces this code")));
    for (code, folder) in &folders {
        let has = |name: &str| folder.join(name).is_file();
        if !has("why.md") || has("run") == has("unit.txt") {
            wrong.push(format!("{code}: why.md, and either run or unit.txt"));
        }
        if has("unit.txt") {
            let name = fs::read_to_string(folder.join("unit.txt")).unwrap();
            wrong.extend(unit(code, name.trim()).err());
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// `handfast_ledger::tests::writing::a_sentence`: a test of that crate which asserts the code.
fn unit(code: &str, path: &str) -> Result<(), String> {
    let wrong = |what: &str| format!("{code}: `{path}` {what}");
    let (package, _) = path.split_once("::").ok_or(wrong("is not crate::path"))?;
    let (_, name) = path.rsplit_once("::").ok_or(wrong("is not crate::path"))?;
    let room = package.strip_prefix("handfast_").unwrap_or(package);
    let head = format!("fn {name}()");
    for file in rust_files(&root().join("crates").join(room)) {
        let text = fs::read_to_string(file).unwrap();
        let Some((_, body)) = text.split_once(&head) else {
            continue;
        };
        let body = body.split("\nfn ").next().unwrap_or(body);
        let body = body.split("#[test]").next().unwrap_or(body);
        return match codes(body).any(|found| found == code) {
            true => Ok(()),
            false => Err(wrong("does not assert the code")),
        };
    }
    Err(wrong("is not there"))
}

/// A book with the files of the acme fixture; one of its rows is set aside.
fn filled(dir: &Path) -> PathBuf {
    let (book, acme) = (dir.join("filled"), "crates/cli/tests/fixtures/acme");
    let name = book.display().to_string();
    run(&["init", &name, "--from", acme]);
    let exports = ["leads", "deals"].map(|file| format!("{acme}/exports/{file}.csv"));
    run(&["import", &name, &exports[0], &exports[1]]);
    book
}

/// Runs one folder and compares what is said with what is written there.
fn reproduce(code: &str, folder: &Path, filled: &Path) -> Result<(), String> {
    let dir = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy();
        if !OURS.contains(&name.as_ref()) {
            copy(&path, &dir.path().join(name.as_ref())).unwrap();
        }
    }
    let text = fs::read_to_string(folder.join("run")).unwrap();
    let output = Script::new(dir.path(), filled).run(&text)?;
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.replace(&dir.path().display().to_string(), "$DIR");
    if output.status.code() != Some(1) {
        return Err(format!(
            "ends with {:?}, not 1\n{said}",
            output.status.code()
        ));
    }
    if !said.contains(&format!("refused {code}: ")) {
        return Err(format!("is not refused with its code\n{said}"));
    }
    let page = folder.join("out.txt");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&page, said).unwrap();
        return Ok(());
    }
    let expected = fs::read_to_string(&page).unwrap_or_default();
    match expected == said {
        true => Ok(()),
        false => Err(format!("out.txt says\n{expected}\nand it said\n{said}")),
    }
}

#[test]
fn every_folder_reproduces_its_refusal_word_for_word() {
    let dir = tempfile::tempdir().unwrap();
    let filled = filled(dir.path());
    let runs: Vec<(String, PathBuf)> = folders()
        .into_iter()
        .filter(|(_, folder)| folder.join("run").is_file())
        .collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut wrong = Vec::new();
        while let Some((code, folder)) = runs.get(next.fetch_add(1, Ordering::Relaxed)) {
            let done = reproduce(code, folder, &filled);
            wrong.extend(
                done.err()
                    .map(|error| format!("errors/{code}/run: {error}")),
            );
        }
        wrong
    };
    let mut wrong: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(work)).collect();
        let done = threads.into_iter().flat_map(|one| one.join().unwrap());
        done.collect()
    });
    wrong.sort();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("{} refusals reproduced", runs.len());
}

#[test]
fn a_list_of_refusals_without_one_is_our_fault_and_says_so() {
    assert_eq!(handfast_service::book::first(Vec::new()).code, "E0199");
}
