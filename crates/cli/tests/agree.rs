//! A charter that both teams sign, from the proposal to the figures, on the real binary.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use std::fs;

use support::{ask, refused, root, run};

/// A book of the acme fixture, with a signer of each side and the path of their keys.
struct Desk {
    dir: tempfile::TempDir,
    book: String,
}

impl Desk {
    fn new() -> Desk {
        let dir = tempfile::tempdir().unwrap();
        let book = dir.path().join("book").display().to_string();
        let acme = root().join("crates/cli/tests/fixtures/acme");
        run(&["init", &book, "--from", &acme.display().to_string()]);
        let exports = ["leads", "deals"].map(|name| acme.join(format!("exports/{name}.csv")));
        let exports = exports.map(|path| path.display().to_string());
        run(&["import", &book, &exports[0], &exports[1]]);
        let desk = Desk { dir, book };
        for (name, team) in [("Ann", "marketing"), ("Bob", "sales")] {
            let key = desk.key(name);
            run(&[
                "signer", "add", &desk.book, name, "--team", team, "--key", &key,
            ]);
        }
        desk
    }

    fn key(&self, name: &str) -> String {
        self.dir
            .path()
            .join(format!("{name}.key"))
            .display()
            .to_string()
    }

    /// Proposes that a lead is qualified once it is won, and nobody else is.
    fn draft(&self, name: &str) -> String {
        let stages = std::path::Path::new(&self.book).join("charter/stages.toml");
        let text = fs::read_to_string(&stages).unwrap();
        let text = text.replacen("implied = true", "implied = false", 2);
        fs::write(&stages, text.replace("\"qualified\"]", "\"hot\"]")).unwrap();
        run(&[
            "charter", "draft", &self.book, name, "--by", "Ann", "--why", "too many",
        ])
    }

    fn sign(&self, draft: &str, name: &str, more: &[&str]) -> String {
        let key = self.key(name);
        let mut args = vec![
            "charter", "sign", &self.book, draft, "--as", name, "--key", &key,
        ];
        args.extend(more);
        run(&args)
    }

    fn charter(&self, more: &[&str]) -> String {
        let mut words = vec!["funnel", "--view", "cohort"];
        words.extend(more);
        let answer = ask(&self.book, &words).0;
        answer["lineage"]["charter"].as_str().unwrap().to_owned()
    }
}

#[test]
fn a_draft_is_tried_discussed_signed_by_both_and_then_what_questions_use() {
    let desk = Desk::new();
    let before = desk.charter(&[]);
    let told = desk.draft("mql-2");
    assert!(told.contains("changed: stage qualified, marks"), "{told}");
    assert!(refused(&["charter", "publish", &desk.book]).contains("E0280"));
    // By name and by folder it is the same; without either it is not used.
    let folder = format!("{}/charter", desk.book);
    let tried = desk.charter(&["--charter", "mql-2"]);
    assert_eq!(tried, desk.charter(&["--charter", &folder]));
    assert_eq!(tried, desk.charter(&["--charter", &tried]));
    assert_ne!(tried, before);
    assert_eq!(desk.charter(&[]), before);
    run(&[
        "charter",
        "discuss",
        &desk.book,
        "mql-2",
        "--by",
        "Bob",
        "--text",
        "hot is what?",
    ]);
    desk.sign("mql-2", "Ann", &[]);
    assert_eq!(desk.charter(&[]), before);
    let drafts = run(&["charter", "drafts", &desk.book]);
    assert!(
        drafts.contains("mql-2  signed for marketing by Ann, from "),
        "{drafts}"
    );
    let done = desk.sign("mql-2", "Bob", &[]);
    assert!(
        done.contains("both sides agree: it is in force from "),
        "{done}"
    );
    assert_eq!(desk.charter(&[]), tried);
    // As of the commit before, the old one counts.
    assert_eq!(desk.charter(&["--as-of", "3"]), before);
    let log = run(&["charter", "log", &desk.book]);
    for line in [
        "Ann may sign for marketing (team marketing)",
        "Ann proposes `mql-2`: too many",
        "changed: stage qualified, marks  [must agree; both sides decide]",
        "Bob on `mql-2`: hot is what?",
        "Bob signs `mql-2` for sales, from ",
        "in force: `mql-2` blake3:",
    ] {
        assert!(log.contains(line), "{line}\n{log}");
    }
    assert!(run(&["verify", &desk.book]).contains("nothing wrong"));
    assert!(run(&["signer", "list", &desk.book]).contains("Bob  sales (team sales), key "));
}

#[test]
fn a_charter_agreed_for_a_later_day_waits_for_it() {
    let desk = Desk::new();
    let before = desk.charter(&[]);
    desk.draft("mql-2");
    let tried = desk.charter(&["--charter", "mql-2"]);
    desk.sign("mql-2", "Bob", &["--from", "2999-01-01"]);
    let done = desk.sign("mql-2", "Ann", &[]);
    // The day begins in the charter's own zone, Berlin.
    assert!(done.contains("in force from 2998-12-31T23:00:00"), "{done}");
    assert_eq!(desk.charter(&[]), before);
    assert_eq!(desk.charter(&["--as-of", "2998-12-31T22:59:59Z"]), before);
    assert_eq!(desk.charter(&["--as-of", "2998-12-31T23:00:00Z"]), tried);
    assert!(run(&["verify", &desk.book]).contains("nothing wrong"));
}
