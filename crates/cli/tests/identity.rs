//! Who is who on the real binary: two systems, merges, people's own word, and taking it back.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;
use support::{handfast, refused, run};

const STAGES: &str = r#"[opening]
lead = true
deal = true

[[stage]]
id = "mql"
marks = ["mql"]
role = "path"

[[stage]]
id = "won"
marks = ["won"]
role = "won"

[[stage]]
id = "lost"
marks = ["lost"]
role = "lost"
"#;

const CRM: &str = r#"source = "crm"
zone = "UTC"
observed_until = "2025-12-31"

[[stream]]
name = "contacts"
files = ["contacts*.csv"]
key = ["id"]
version = "stamp"
people = [{ column = "id", email = "email" }, { column = "master", seals = [] }]
safe = ["created", "account", "stamp", "unmerged"]

[[stream]]
name = "accounts"
files = ["accounts*.csv"]
key = ["id"]

[[map]]
stream = "contacts"
kind = "person"
file = "contacts.person.sql"

[[map]]
stream = "contacts"
kind = "link"
file = "contacts.link.sql"

[[map]]
stream = "accounts"
kind = "account"
file = "accounts.account.sql"
"#;

const WEB: &str = r#"source = "web"
zone = "UTC"
observed_until = "2025-12-31"

[[stream]]
name = "forms"
files = ["forms*.csv"]
key = ["form"]
mode = "events"
people = [{ column = "visitor", email = "email" }]
safe = ["form", "at"]

[[map]]
stream = "forms"
kind = "person"
file = "forms.person.sql"

[[map]]
stream = "forms"
kind = "touch"
file = "forms.touch.sql"
"#;

const FILES: [(&str, &str); 8] = [
    ("charter/stages.toml", STAGES),
    ("sources/crm/source.toml", CRM),
    (
        "sources/crm/contacts.person.sql",
        "SELECT _record, as_date(created, 'iso') AS happened, id AS person, email, account FROM contacts",
    ),
    (
        "sources/crm/contacts.link.sql",
        "SELECT _record, id AS person, master AS same_person, as_bool(unmerged) AS undone \
         FROM contacts WHERE is_given(master)",
    ),
    (
        "sources/crm/accounts.account.sql",
        "SELECT _record, id AS account, site AS domain FROM accounts",
    ),
    ("sources/web/source.toml", WEB),
    (
        "sources/web/forms.person.sql",
        "SELECT _record, as_date(at, 'iso') AS happened, visitor AS person, email FROM forms",
    ),
    (
        "sources/web/forms.touch.sql",
        "SELECT _record, as_date(at, 'iso') AS happened, visitor AS person, 'marketing' AS team, \
         'form' AS touch FROM forms",
    ),
];

const CONTACTS: &str = "id,email,account,created,stamp,master,unmerged
c1,ana@acme.example,A1,2025-03-01,1,,
c2,ben@acme.example,,2025-03-02,1,,
c3,cleo@gmail.com,,2025-03-03,1,,
c4,info@acme.example,,2025-03-04,1,,
";
const ACCOUNTS: &str = "id,site\nA1,https://www.acme.example/\nA2,bolt.example\n";
const FORMS: &str = "form,visitor,email,at
f1,v1,Ana@Acme.example,2025-01-10
f2,v2,cleo@gmail.com,2025-01-11
f3,v3,info@acme.example,2025-01-12
f4,v4,dov@cork.example,2025-01-13
";

struct Book {
    folder: tempfile::TempDir,
}

impl Book {
    fn new() -> Book {
        let book = Book {
            folder: tempfile::tempdir().unwrap(),
        };
        for (path, text) in FILES {
            let path = book.folder.path().join("from").join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        run(&["init", &book.dir(), "--from", &book.path("from")]);
        book.import("contacts.csv", CONTACTS);
        book.import("accounts.csv", ACCOUNTS);
        book.import("forms.csv", FORMS);
        book
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn dir(&self) -> String {
        self.path("book")
    }

    fn import(&self, name: &str, text: &str) {
        fs::write(Path::new(&self.path(name)), text).unwrap();
        run(&["import", &self.dir(), &self.path(name)]);
    }

    fn ask(&self, args: &[&str]) -> Value {
        let dir = self.dir();
        let mut all = vec!["ask"];
        all.extend(args);
        all.extend(["--book", &dir, "--json"]);
        serde_json::from_str(&run(&all)).unwrap()
    }

    /// The counted part of an answer: rows, totals, issues and notes.
    fn figures(&self, more: &[&str]) -> String {
        let asks: [&[&str]; 3] = [
            &["metric", "leads_created", "--by", "month"],
            &["funnel", "--view", "cohort", "--unit", "person"],
            &["funnel", "--view", "flow", "--unit", "account"],
        ];
        let figures = asks.map(|ask| {
            let mut ask = ask.to_vec();
            ask.extend(more);
            let answer = self.ask(&ask);
            format!(
                "{} {} {} {}",
                answer["answer"]["rows"],
                answer["answer"]["totals"],
                answer["issues"],
                answer["notes"]
            )
        });
        figures.join("\n")
    }

    fn leads(&self, more: &[&str]) -> u64 {
        let mut ask = vec!["metric", "leads_created"];
        ask.extend(more);
        let answer = self.ask(&ask);
        let row = answer["answer"]["rows"][0].as_array().unwrap();
        row.iter().find_map(count).unwrap()
    }

    fn identity(&self, args: &[&str]) -> String {
        let dir = self.dir();
        let mut all = vec!["identity", args[0], &dir];
        all.extend(&args[1..]);
        run(&all)
    }

    /// What `ask identity` says of a key: what, key, of, by.
    fn who(&self, key: &str) -> Vec<[String; 4]> {
        let answer = self.ask(&["identity", key]);
        let rows = answer["answer"]["rows"].as_array().unwrap();
        let cell = |row: &Value, at: usize| row[at].as_str().unwrap_or("").to_owned();
        rows.iter()
            .map(|row| [0, 1, 2, 3].map(|at| cell(row, at)))
            .collect()
    }
}

fn count(cell: &Value) -> Option<u64> {
    cell.as_u64()
}

#[test]
fn people_of_two_systems_are_counted_once_and_shown_with_the_reason() {
    let book = Book::new();
    // Ana and Cleo are in both systems; the office's address joins nobody; Dov is only on the web.
    assert_eq!(book.leads(&[]), 6);
    let ana = book.who("crm:c1");
    assert_eq!(ana, book.who("web:v1"), "any key of hers");
    assert_eq!(ana, book.who("ANA@acme.example"), "her address");
    let by: Vec<(&str, &str)> = ana.iter().map(|row| (&*row[0], &*row[3])).collect();
    assert_eq!(
        by.iter().filter(|row| **row == ("person", "key")).count(),
        2
    );
    assert!(by.contains(&("is", "e-mail")) && by.contains(&("belongs to", "key")));
    // Ben has no account by key; his domain shows it, and the account shows him.
    let ben = book.who("c2");
    let home = ben.iter().find(|row| row[0] == "belongs to").unwrap();
    assert_eq!((&*home[2], &*home[3]), ("A1", "domain"));
    assert!(book.who("acme.example").contains(home) && book.who("A1").contains(home));
    // The address is in no output; what stands for it can be asked again.
    let json = run(&[
        "ask",
        "identity",
        "ana@acme.example",
        "--book",
        &book.dir(),
        "--json",
    ]);
    assert!(!json.contains("ana@"), "{json}");
    let table = run(&["ask", "identity", "ana@acme.example", "--book", &book.dir()]);
    assert!(!table.contains("ana@"), "{table}");
    assert!(
        refused(&["ask", "identity", "eva@acme.example", "--book", &book.dir()]).contains("E0420")
    );
    let refusal = refused(&["ask", "identity", "eva@acme.example", "--book", &book.dir()]);
    assert!(!refusal.contains("eva@"), "{refusal}");
}

#[test]
fn keys_that_are_one_person_already_are_no_doubt_and_two_people_are() {
    let book = Book::new();
    // Her address stands under c1 and v1, who are one.
    let said = book.identity(&[
        "join",
        "mailto:Ana@acme.example",
        "v4",
        "--because",
        "she said",
    ]);
    assert!(said.contains("commit"), "{said}");
    assert_eq!(book.leads(&[]), 5);
    assert_eq!(book.who("c1"), book.who("Ana <ana@acme.example>"));
    // The office's address joins nobody, so whom it names is in doubt.
    let args = [
        "identity",
        "join",
        &book.dir(),
        "info@acme.example",
        "v4",
        "--because",
        "x",
    ];
    let refusal = refused(&args);
    assert!(
        refusal.contains("E0421") && refusal.contains("this address names"),
        "{refusal}"
    );
}

#[test]
fn what_is_said_of_an_address_is_the_same_whichever_key_is_asked_for() {
    let book = Book::new();
    // Eve and Eva have one address and two accounts; Eva is in both systems.
    book.import(
        "contacts-2.csv",
        "id,email,account,created,stamp,master,unmerged\n\
         c5,both@acme.example,A1,2025-03-05,1,,\nc6,both@acme.example,A2,2025-03-06,1,,\n\
         c7,,A2,2025-03-06,1,c6,\n",
    );
    let issues = |key: &str| book.ask(&["identity", key])["issues"].to_string();
    let told = issues("c5");
    assert!(
        told.contains("W0122") && told.contains("\"count\":2"),
        "{told}"
    );
    for key in ["c6", "c7", "both@acme.example", "A1", "A2", "acme.example"] {
        assert_eq!(issues(key), told, "{key}");
    }
    assert_eq!(issues("c2"), "[]", "Ben has nothing to do with it");
    // A table says what it rests on in words, and a refusal shows no hash.
    let table = run(&["ask", "identity", "c5", "--book", &book.dir()]);
    assert!(table.contains("sources seen until 2026-01-01"), "{table}");
    let refusal = refused(&["ask", "identity", "eva@acme.example", "--book", &book.dir()]);
    assert!(
        refusal.contains("nobody in this book has this address"),
        "{refusal}"
    );
    assert!(!refusal.contains("mailbox:"), "{refusal}");
}

#[test]
fn a_merge_of_the_source_is_followed_and_an_unmerge_restores_what_was() {
    let book = Book::new();
    let before = book.figures(&[]);
    let seq = book.ask(&["metric", "leads_created"])["lineage"]["seq"]
        .as_u64()
        .unwrap();
    book.import(
        "contacts-2.csv",
        &CONTACTS.replace("2025-03-03,1,,", "2025-03-03,2,c2,"),
    );
    assert_eq!(book.leads(&[]), 5, "c3 was merged into c2");
    let merged = book.figures(&[]);
    let seq_merged = book.ask(&["metric", "leads_created"])["lineage"]["seq"]
        .as_u64()
        .unwrap();
    assert_ne!(merged, before);
    assert!(
        book.who("c3")
            .iter()
            .any(|row| row[0] == "is" && row[3] == "merge")
    );
    book.import(
        "contacts-3.csv",
        &CONTACTS.replace("2025-03-03,1,,", "2025-03-03,3,c2,yes"),
    );
    assert_eq!(book.figures(&[]), before);
    assert_eq!(book.figures(&["--as-of", &seq.to_string()]), before);
    assert_eq!(book.figures(&["--as-of", &seq_merged.to_string()]), merged);
}

#[test]
fn people_join_and_separate_by_their_own_word_and_take_it_back() {
    let book = Book::new();
    let before = book.figures(&[]);
    let said = book.identity(&["join", "web:v4", "c2", "--because", "she called"]);
    let number = said
        .split("commit ")
        .nth(1)
        .unwrap()
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    assert_eq!(book.leads(&[]), 5);
    assert!(
        book.who("web:v4")
            .iter()
            .any(|row| row[0] == "is" && row[3] == "by hand")
    );
    let list = book.identity(&["list"]);
    assert!(
        list.contains("join") && list.contains("she called"),
        "{list}"
    );
    let again = book.identity(&["join", "web:v4", "c2", "--because", "she called"]);
    assert!(again.contains("nothing was written"), "{again}");
    book.identity(&["undo", &number, "--because", "it was her sister"]);
    assert_eq!(book.figures(&[]), before, "byte for byte");
    assert!(book.identity(&["list"]).contains("taken back"));
    assert!(
        refused(&["identity", "undo", &book.dir(), &number, "--because", "x"]).contains("E0423")
    );
    // A separation stands against an address, and against a merge only if it says so.
    book.identity(&["separate", "web:v1", "c1", "--because", "two Anas"]);
    assert_eq!(book.leads(&[]), 7);
    book.import(
        "contacts-2.csv",
        &CONTACTS.replace("2025-03-03,1,,", "2025-03-03,2,c2,"),
    );
    book.identity(&["separate", "c3", "c2", "--because", "not merged rightly"]);
    assert_eq!(book.leads(&[]), 6);
    book.identity(&[
        "separate",
        "c3",
        "c2",
        "--even-merged",
        "--because",
        "not merged rightly",
    ]);
    assert_eq!(book.leads(&[]), 7);
    // Accounts too; and a book with statements still verifies.
    book.identity(&["join", "A2", "A1", "--because", "bought"]);
    assert!(
        book.who("A2")
            .iter()
            .any(|row| row[2] == "A1" && row[3] == "by hand")
    );
    run(&["verify", &book.dir()]);
    let compacted = handfast(&["compact", &book.dir()]);
    assert!(compacted.status.success());
    assert_eq!(book.leads(&[]), 7);
}
