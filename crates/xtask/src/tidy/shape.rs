//! The shape of files: how they open, how long they and their functions are, how wide their
//! lines. What already exceeds a limit is listed in `ratchet.txt` and may only shrink.

use std::collections::BTreeMap;

use super::rust::RustFile;
use super::{Finding, House};

const FILE_LINES: usize = 600;
const FUNCTION_LINES: usize = 60;
const COLUMNS: usize = 100;
const RATCHET: &str = "crates/xtask/ratchet.txt";

/// Every file of a crate is named by a `mod` line; a forgotten one is compiled by nobody.
pub fn orphans(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &house.rust {
        let Some((name, parents)) = parents(&file.path) else {
            continue;
        };
        let named = [format!("mod {name};"), format!("{name}.rs\"")];
        let is_named = house
            .rust
            .iter()
            .filter(|other| parents.contains(&other.path))
            .any(|other| named.iter().any(|sign| other.quoted.contains(sign)));
        if !is_named {
            findings.push(Finding {
                path: file.path.clone(),
                line: 1,
                says: "no `mod` line names this file".to_owned(),
                remedy: "name it in its parent module, or delete it",
            });
        }
    }
    findings
}

/// Every module says first what it knows.
pub fn openings(house: &House) -> Vec<Finding> {
    let silent = |file: &&RustFile| !file.text.starts_with("//!");
    house
        .rust
        .iter()
        .filter(silent)
        .map(|file| Finding {
            path: file.path.clone(),
            line: 1,
            says: "does not open with `//!`".to_owned(),
            remedy: "say what it knows, what it refuses to know, and where to read next",
        })
        .collect()
}

/// Files of 600 lines and functions of 60 at most; tests are not counted.
pub fn lengths(house: &House) -> Vec<Finding> {
    let mut allowed = ratchet(house.text(RATCHET).unwrap_or(""));
    let mut findings = Vec::new();
    for file in &house.rust {
        for (key, line, measured, limit) in measures(file) {
            let bound = allowed.remove(&key).map_or(limit, |(_, bound)| bound);
            if measured > bound {
                findings.push(Finding {
                    path: file.path.clone(),
                    line,
                    says: format!("{key}: {measured}, at most {bound}"),
                    remedy: "split it by idea; the ratchet only goes down",
                });
            } else if measured < bound && bound > limit {
                findings.push(Finding {
                    path: RATCHET.to_owned(),
                    line: 1,
                    says: format!("{key}: has shrunk to {measured}, the ratchet says {bound}"),
                    remedy: "write the smaller number, or drop the line once it is in the limit",
                });
            }
        }
    }
    findings.extend(allowed.into_iter().map(|(key, (line, _))| Finding {
        path: RATCHET.to_owned(),
        line,
        says: format!("{key}: no longer exceeds anything"),
        remedy: "drop the line",
    }));
    findings
}

/// What exceeds a limit in a file: key, line, measure, limit.
fn measures(file: &RustFile) -> Vec<(String, usize, usize, usize)> {
    let mut found = Vec::new();
    let path = &file.path;
    let lines = file.lines_without_tests();
    if lines > FILE_LINES {
        found.push((format!("file {path}"), 1, lines, FILE_LINES));
    }
    for (name, from, until) in file.functions() {
        let length = until - from + 1;
        if length > FUNCTION_LINES && !file.is_test(from) {
            found.push((
                format!("function {path} {name}"),
                from,
                length,
                FUNCTION_LINES,
            ));
        }
    }
    found
}

/// Lines of 100 columns at most: rustfmt sees to code, people to comments and strings.
pub fn widths(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &house.rust {
        let texts = file.text.lines().zip(file.code.lines());
        for (line, (text, code)) in (1..).zip(texts) {
            // A test may hold a long literal: breaking it would hide what is compared.
            let is_literal = file.is_test(line) && code.split_whitespace().count() <= 6;
            let width = text.chars().count();
            if width > COLUMNS && !is_literal {
                findings.push(Finding {
                    path: file.path.clone(),
                    line,
                    says: format!("{width} columns, at most {COLUMNS}"),
                    remedy: "run `cargo fmt --all`, then break comments and strings by hand",
                });
            }
        }
    }
    findings
}

/// `WHAT PATH [NAME] NUMBER` lines; `#` starts a comment.
fn ratchet(text: &str) -> BTreeMap<String, (usize, usize)> {
    let lines = (1..).zip(text.lines().map(str::trim));
    lines
        .filter(|(_, line)| !line.starts_with('#'))
        .filter_map(|(number, line)| {
            let (key, bound) = line.rsplit_once(' ')?;
            Some((key.to_owned(), (number, bound.parse().ok()?)))
        })
        .collect()
}

/// A module file's name and the files that may declare it; `None` for a crate's roots.
fn parents(path: &str) -> Option<(String, Vec<String>)> {
    let (folder, file) = path.rsplit_once('/')?;
    let (crate_folder, inside) = path.split_once("/src/")?;
    let name = file.strip_suffix(".rs")?;
    let is_root = inside == "lib.rs" || inside == "main.rs" || inside.starts_with("bin/");
    if is_root {
        return None;
    }
    let (name, folder) = match name {
        "mod" => {
            let (above, name) = folder.rsplit_once('/')?;
            (name, above)
        }
        _ => (name, folder),
    };
    let mut parents = vec![format!("{folder}.rs"), format!("{folder}/mod.rs")];
    if folder == format!("{crate_folder}/src") {
        parents.extend(["lib.rs", "main.rs"].map(|root| format!("{folder}/{root}")));
    }
    Some((name.to_owned(), parents))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn house(text: &str, ratchet: &str) -> House {
        House {
            root: std::path::PathBuf::new(),
            rust: vec![RustFile::read("crates/x/src/lib.rs".into(), text.into())],
            texts: vec![(RATCHET.into(), ratchet.into())],
        }
    }

    #[test]
    fn long_functions_are_held_by_the_ratchet_which_only_shrinks() {
        let text = format!("//! x\nfn long() {{\n{}}}\n", "    a();\n".repeat(68));
        let key = "function crates/x/src/lib.rs long";
        assert_eq!(lengths(&house(&text, "")).len(), 1);
        assert_eq!(lengths(&house(&text, &format!("{key} 70"))), []);
        assert_eq!(lengths(&house(&text, &format!("{key} 69"))).len(), 1);
        assert_eq!(lengths(&house(&text, &format!("{key} 90"))).len(), 1);
        assert_eq!(lengths(&house("//! x\n", &format!("{key} 90"))).len(), 1);
    }

    #[test]
    fn a_file_without_a_mod_line_is_an_orphan() {
        let mut house = house("//! x\nmod known;\n", "");
        for name in ["known", "known/inner", "lost"] {
            let path = format!("crates/x/src/{name}.rs");
            house
                .rust
                .push(RustFile::read(path, "//! y\nmod inner;\n".into()));
        }
        let found: Vec<String> = orphans(&house).into_iter().map(|f| f.path).collect();
        assert_eq!(found, ["crates/x/src/lost.rs"]);
    }
}
