//! The rules of the house that a machine can check. Each check is a test (see the end of this
//! file), prints file, line and remedy, and knows nothing of what the code means.
//!
//! `rust` reads Rust text well enough to tell code from comments and tests; `manifests` guards
//! the crate graph, `code` the words and absences, `shape` the lengths, `papers` everything
//! that is prose: error pages, decisions, links.

mod code;
mod manifests;
mod papers;
mod rust;
mod shape;

use std::fmt;
use std::path::{Path, PathBuf};

use crate::run;
use rust::RustFile;

/// Everything the checks look at, read once.
pub struct House {
    /// The folder of the workspace.
    root: PathBuf,
    /// Every Rust file of every crate.
    rust: Vec<RustFile>,
    /// Every other text of the tree: path from the root, content.
    texts: Vec<(String, String)>,
}

/// One broken rule: where, what, and how to mend it.
#[derive(Debug, PartialEq)]
pub struct Finding {
    path: String,
    line: usize,
    says: String,
    remedy: &'static str,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding {
            path,
            line,
            says,
            remedy,
        } = self;
        write!(f, "{path}:{line}: {says}\n    remedy: {remedy}")
    }
}

/// A check: its name and what it finds.
type Check = (&'static str, fn(&House) -> Vec<Finding>);

const CHECKS: [Check; 17] = [
    ("crates depend downwards only", manifests::direction),
    ("outside crates stay in their rooms", manifests::outsiders),
    ("ground and wings never see DataFusion", manifests::lock),
    (
        "serde derives live in wire, charter and ledger",
        code::serde,
    ),
    ("no float in money", code::money),
    ("no clock, environment, files or chance below", code::purity),
    ("banned words are not names", code::words),
    ("nothing is left unfinished", code::stubs),
    ("every file is part of a crate", shape::orphans),
    ("every module opens with what it knows", shape::openings),
    ("files and functions are short", shape::lengths),
    ("lines are at most a hundred columns", shape::widths),
    (
        "every refusal has a page, every page a refusal",
        papers::errors,
    ),
    ("cited refusals exist", papers::cited_errors),
    ("decisions are numbered without gaps", papers::decisions),
    ("links lead somewhere", papers::links),
    ("no personal paths", papers::paths),
];

/// Runs all checks and prints what they find.
pub fn tidy() -> Result<(), String> {
    eprintln!("\n==> tidy");
    let house = House::read(&run::root())?;
    let mut count = 0;
    for (name, check) in CHECKS {
        let findings = check(&house);
        for finding in &findings {
            println!("{finding}");
        }
        if !findings.is_empty() {
            println!("  ^ {name}: {}\n", findings.len());
        }
        count += findings.len();
    }
    match count {
        0 => {
            eprintln!("    {} checks hold", CHECKS.len());
            Ok(())
        }
        _ => Err(format!("tidy: {count} findings, see above")),
    }
}

/// Prints the crate graph from the manifests.
pub fn deps() -> Result<(), String> {
    print!("{}", manifests::graph(&House::read(&run::root())?));
    Ok(())
}

impl House {
    /// Reads the tree under `root`, build output and books left out.
    pub fn read(root: &Path) -> Result<House, String> {
        let mut house = House {
            root: root.to_path_buf(),
            rust: Vec::new(),
            texts: Vec::new(),
        };
        house.enter(root)?;
        house.rust.sort_by(|a, b| a.path.cmp(&b.path));
        house.texts.sort();
        Ok(house)
    }

    fn enter(&mut self, folder: &Path) -> Result<(), String> {
        let wrong = |error| format!("{}: {error}", folder.display());
        for entry in std::fs::read_dir(folder).map_err(wrong)? {
            let path = entry.map_err(wrong)?.path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if path.is_dir() {
                let is_output = path.join("CACHEDIR.TAG").exists()
                    || ["target", "node_modules"].contains(&name.as_str());
                let is_book = path.join("handfast.toml").exists();
                if !is_output && !is_book && name != ".git" && name != "handfast-demo" {
                    self.enter(&path)?;
                }
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                let path = path.strip_prefix(&self.root).unwrap_or(&path);
                let path = path.to_string_lossy().replace('\\', "/");
                match path.ends_with(".rs") && path.starts_with("crates/") {
                    true => self.rust.push(RustFile::read(path, text)),
                    false => self.texts.push((path, text)),
                }
            }
        }
        Ok(())
    }

    /// The content of a text file by its path from the root.
    pub fn text(&self, path: &str) -> Option<&str> {
        let found = self.texts.iter().find(|(name, _)| name == path);
        found.map(|(_, text)| text.as_str())
    }

    /// Every text that is not Rust, by its path from the root.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        let texts = self.texts.iter();
        texts.map(|(path, text)| (path.as_str(), text.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    macro_rules! checks {
        ($($name:ident),*) => {$(
            #[test]
            fn $name() {
                holds(stringify!($name));
            }
        )*
            #[test]
            fn every_check_is_a_test() {
                assert_eq!(CHECKS.map(|(name, _)| snake(name)), [$(stringify!($name)),*]);
            }
        };
    }
    checks!(
        crates_depend_downwards_only,
        outside_crates_stay_in_their_rooms,
        ground_and_wings_never_see_datafusion,
        serde_derives_live_in_wire_charter_and_ledger,
        no_float_in_money,
        no_clock_environment_files_or_chance_below,
        banned_words_are_not_names,
        nothing_is_left_unfinished,
        every_file_is_part_of_a_crate,
        every_module_opens_with_what_it_knows,
        files_and_functions_are_short,
        lines_are_at_most_a_hundred_columns,
        every_refusal_has_a_page_every_page_a_refusal,
        cited_refusals_exist,
        decisions_are_numbered_without_gaps,
        links_lead_somewhere,
        no_personal_paths
    );

    fn snake(name: &str) -> String {
        name.to_lowercase().replace(',', "").replace(' ', "_")
    }

    fn holds(name: &str) {
        let house = House::read(&run::root()).unwrap();
        let (_, check) = CHECKS.into_iter().find(|(n, _)| snake(n) == name).unwrap();
        let findings: Vec<String> = check(&house).iter().map(Finding::to_string).collect();
        assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
    }
}
