//! Messages, text in and text out: each file under `messages/` holds the texts that are read and,
//! after `==== refused`, everything that is said about them. `UPDATE_EXPECT=1 cargo test` writes
//! the last part anew; read the difference before you keep it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets something unexpected fails"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use handfast_charter::{TextFile, parse_condition, read_charter, read_pack};
use handfast_model::Refusal;
use handfast_model::rules::{DeclaredAttribute, Subject, ValueKind};

const REFUSED: &str = "refused";

/// The sections of a case: a heading and the text under it.
fn sections(case: &str) -> Vec<(String, String)> {
    let mut sections: Vec<(String, String)> = Vec::new();
    for line in case.split_inclusive('\n') {
        match (line.strip_prefix("==== "), sections.last_mut()) {
            (Some(name), _) => sections.push((name.trim().to_owned(), String::new())),
            (None, Some((_, text))) => text.push_str(line),
            (None, None) => panic!("a case begins with ==== and a file name"),
        }
    }
    sections
}

fn attributes() -> Vec<DeclaredAttribute> {
    [
        (Subject::Person, "lead_score", ValueKind::Number),
        (Subject::Person, "origin", ValueKind::Text),
        (Subject::Account, "employees", ValueKind::Number),
        (Subject::Account, "is_customer", ValueKind::Bool),
        (Subject::Deal, "created", ValueKind::Time),
        (Subject::Deal, "amount", ValueKind::Money),
        (Subject::Touch, "medium", ValueKind::Text),
    ]
    .into_iter()
    .map(|(subject, name, kind)| DeclaredAttribute {
        subject,
        name: name.to_owned(),
        kind,
    })
    .collect()
}

fn refusals(kind: &str, files: &[TextFile]) -> Vec<Refusal> {
    match kind {
        "charter" => read_charter(files).err().unwrap_or_default(),
        "pack" => read_pack("sources/crm", files).err().unwrap_or_default(),
        _ => files
            .iter()
            .filter_map(|file| {
                let text = file.text.strip_suffix('\n').unwrap_or(&file.text);
                parse_condition(text, "--where", &attributes()).err()
            })
            .collect(),
    }
}

fn check(path: &Path) -> Vec<Refusal> {
    let kind = path.parent().and_then(Path::file_name).unwrap();
    let case = fs::read_to_string(path).unwrap();
    let mut sections = sections(&case);
    let expected = sections
        .pop_if(|(name, _)| name == REFUSED)
        .map(|(_, text)| text);
    let files: Vec<TextFile> = sections
        .iter()
        .map(|(path, text)| TextFile {
            path: path.clone(),
            text: text.clone(),
        })
        .collect();
    let refusals = refusals(kind.to_str().unwrap(), &files);
    let said: Vec<String> = refusals
        .iter()
        .map(|refusal| format!("{refusal}\n"))
        .collect();
    let said = said.join("\n");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let given = case.split("==== refused\n").next().unwrap();
        let given = given.trim_end_matches('\n');
        fs::write(path, format!("{given}\n==== {REFUSED}\n{said}")).unwrap();
    } else {
        assert_eq!(expected.unwrap_or_default(), said, "{}", path.display());
    }
    refusals
}

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/messages");
    let mut cases: Vec<PathBuf> = ["charter", "pack", "where"]
        .into_iter()
        .flat_map(|kind| fs::read_dir(root.join(kind)).unwrap())
        .map(|entry| entry.unwrap().path())
        .collect();
    cases.sort();
    cases
}

#[test]
fn every_case_is_refused_in_the_words_written_and_every_code_has_a_case_and_a_page() {
    let mut provoked = BTreeSet::new();
    for path in cases() {
        let refusals = check(&path);
        assert!(!refusals.is_empty(), "{} is not refused", path.display());
        for refusal in refusals {
            provoked.insert(refusal.code);
            assert!(refusal.place.is_some(), "{refusal} has no place");
            assert!(
                refusal.matters.is_some(),
                "{refusal} does not say what it costs"
            );
            assert!(refusal.fix.is_some(), "{refusal} has no remedy");
        }
    }
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../errors");
    let explained: BTreeSet<String> = fs::read_dir(pages)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().join("why.md").is_file())
        .map(|entry| entry.file_name().into_string().unwrap())
        .filter(|name| ("E0100".."E0160").contains(&name.as_str()))
        .collect();
    let provoked: BTreeSet<String> = provoked.into_iter().map(str::to_owned).collect();
    assert_eq!(
        explained, provoked,
        "pages in errors/ and codes that cases provoke"
    );
}
