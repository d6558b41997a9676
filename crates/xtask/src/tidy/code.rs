//! Words and absences in code: what must not be named, and where. Every rule here backs an
//! invariant of ARCHITECTURE.md or a line of STYLE.md.

use super::rust::{RustFile, Word, is_word_end, line_of};
use super::{Finding, House};

/// Crates whose types may be serialised: the public contract, the charter's files, the columns.
const SERIAL: [&str; 4] = ["wire", "charter", "ledger", "server"];
/// Crates that see no clock, no files, no environment and no chance.
const PURE: [&str; 3] = ["model", "charter", "kernels"];
/// What reaches out of a pure crate, as it is written in a path.
const REACHES: [&str; 12] = [
    "SystemTime",
    "Instant::now",
    "Zoned::now",
    "Timestamp::now",
    "TimeZone::system",
    "fs::",
    "env::",
    "thread_rng",
    "getrandom",
    "rand::",
    "println!",
    "File::open",
];
/// Modules of the standard library that a pure crate does not import.
const STD: [&str; 5] = ["env", "fs", "net", "process", "io"];
/// One word per idea: these say nothing (GLOSSARY.md has the word that does).
const BANNED: [&str; 16] = [
    "data",
    "Data",
    "user",
    "users",
    "User",
    "Users",
    "conversion",
    "conversions",
    "Conversion",
    "util",
    "utils",
    "Utils",
    "helper",
    "helpers",
    "misc",
    "Manager",
];

/// Domain types are not serialised.
pub fn serde(house: &House) -> Vec<Finding> {
    let rooms = |file: &&RustFile| !SERIAL.contains(&file.room());
    let mut findings = Vec::new();
    for file in house.rust.iter().filter(rooms) {
        for word in file.words() {
            // The server sends what wire declares, and names the trait where it does.
            let is_derive = word.text == "Serialize" || word.text == "Deserialize";
            if is_derive {
                findings.push(Finding {
                    path: file.path.clone(),
                    line: word.line,
                    says: format!("`{}` outside wire, charter and ledger", word.text),
                    remedy: "convert to a type of `wire` at the door (decision 0001)",
                });
            }
        }
    }
    findings
}

/// Money never passes through a float.
pub fn money(house: &House) -> Vec<Finding> {
    let files = house.rust.iter().filter(|f| f.path.ends_with("/money.rs"));
    let floats = |word: &Word<'_>| word.text == "f64" || word.text == "f32";
    let finding = |file: &RustFile, word: &Word<'_>| Finding {
        path: file.path.clone(),
        line: word.line,
        says: format!("`{}` beside money", word.text),
        remedy: "use whole minor units, or a Decimal until the amount is rounded once",
    };
    files
        .flat_map(|file| {
            let words = file.words();
            let found = words.iter().filter(|word| floats(word));
            found.map(|word| finding(file, word)).collect::<Vec<_>>()
        })
        .collect()
}

/// Meaning and counting are functions of their arguments.
pub fn purity(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in house.rust.iter().filter(|f| PURE.contains(&f.room())) {
        for (line, what) in reaches(file) {
            if !file.is_test(line) {
                findings.push(Finding {
                    path: file.path.clone(),
                    line,
                    says: format!("`{what}` in `{}`", file.room()),
                    remedy: "take it as an argument; only doors meet the world",
                });
            }
        }
    }
    findings
}

/// Names that mean nothing alone.
pub fn words(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &house.rust {
        for word in file.words().iter().filter(|word| is_named_here(word)) {
            findings.push(Finding {
                path: file.path.clone(),
                line: word.line,
                says: format!("`{}` is a banned name", word.text),
                remedy: "say which: rows, bytes, viewer, person, win, … (GLOSSARY.md)",
            });
        }
    }
    findings
}

/// Nothing is half done, silenced or left for the debugger.
pub fn stubs(house: &House) -> Vec<Finding> {
    let signs = [
        "todo!(",
        "unimplemented!(",
        "dbg!(",
        "#[ignore",
        "#[should_panic",
        "allow(dead_code",
    ];
    let mut findings = Vec::new();
    for file in &house.rust {
        for sign in signs {
            for (at, _) in file.code.match_indices(sign) {
                let line = line_of(&file.code, at);
                // What several test programs share is not used by each of them.
                if sign.starts_with("allow") && file.is_test(line) {
                    continue;
                }
                findings.push(Finding {
                    path: file.path.clone(),
                    line,
                    says: format!("`{sign}` stands here"),
                    remedy: "finish it, or take it out",
                });
            }
        }
    }
    findings
}

/// Every way out of a pure crate that is written in this file.
fn reaches(file: &RustFile) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for reach in REACHES {
        for (at, _) in file.code.match_indices(reach) {
            let before = file.code.get(..at).unwrap_or("");
            if !before.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                found.push((line_of(&file.code, at), reach.to_owned()));
            }
        }
    }
    for (at, start) in file.code.match_indices("std::{") {
        let list = file.code.get(at + start.len()..).unwrap_or("");
        let list = list.split(';').next().unwrap_or("");
        for name in list.split(|c: char| !c.is_alphanumeric()) {
            if STD.contains(&name) {
                found.push((line_of(&file.code, at), format!("std::{name}")));
            }
        }
    }
    for name in STD {
        let path = format!("std::{name}");
        for (at, _) in file.code.match_indices(&path) {
            let after = file.code.get(at + path.len()..).unwrap_or("");
            if !after.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
                found.push((line_of(&file.code, at), path.clone()));
            }
        }
    }
    found
}

/// Whether a banned word is a name of ours and not another crate's path, field or method.
fn is_named_here(word: &Word<'_>) -> bool {
    if !BANNED.contains(&word.text) || is_of_their_trait(word) {
        return false;
    }
    let is_defined = ["fn", "struct", "enum", "trait", "type", "mod"]
        .iter()
        .any(|keyword| is_word_end(word.before, keyword));
    let is_used = word.before.ends_with(['.', ':'])
        || word.after.starts_with("::")
        || word.after.starts_with(['(', '!']);
    is_defined || !is_used
}

/// `type Data = …` in an `impl`, `<Data = …>` in a bound: the name is the other crate's trait's.
fn is_of_their_trait(word: &Word<'_>) -> bool {
    let is_capital = word.text.starts_with(char::is_uppercase);
    let is_given = word.after.trim_start().starts_with('=');
    is_capital && is_given && (is_word_end(word.before, "type") || word.before.ends_with('<'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn house(path: &str, text: &str) -> House {
        House {
            root: std::path::PathBuf::new(),
            rust: vec![RustFile::read(path.into(), text.into())],
            texts: Vec::new(),
        }
    }

    #[test]
    fn each_absence_is_noticed() {
        let kernel = "use std::{env, fmt};\nfn a() { std::fs::read(b); SystemTime::now(); }\n";
        assert_eq!(purity(&house("crates/kernels/src/a.rs", kernel)).len(), 4);
        assert_eq!(purity(&house("crates/ledger/src/a.rs", kernel)), []);
        let float = "//! f64 in prose is fine\nfn a(x: f64) {}\n";
        assert_eq!(money(&house("crates/model/src/money.rs", float)).len(), 1);
        let derive = "#[derive(Serialize)]\nstruct A;\n";
        assert_eq!(serde(&house("crates/model/src/a.rs", derive)).len(), 1);
        assert_eq!(serde(&house("crates/wire/src/a.rs", derive)), []);
    }

    #[test]
    fn a_banned_word_counts_where_we_name_it() {
        let text = "fn data() {}\nlet data = array.data();\nlet x = arrow::data::f(data_type);\n";
        let found = words(&house("crates/ledger/src/a.rs", text));
        assert_eq!(found.iter().map(|f| f.line).collect::<Vec<_>>(), [1, 2]);
    }
}
