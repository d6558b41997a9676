//! What a deal's story says of silences that ended and of people who left, on the real binary.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use support::{refused, root, run};

/// Whom a deal lost and who spoke for it, as a contact list and a list of calls would tell.
const MORE: [(&str, &str); 6] = [
    (
        "sources/crm/calls.touch.sql",
        "SELECT _record, as_date(day, '%Y-%m-%d') AS happened, lead AS person, owner AS rep,\n\
         'sales' AS team, 'call' AS touch, 'phone' AS channel\nFROM calls\n",
    ),
    (
        "sources/crm/contacts.person.sql",
        "SELECT _record, required(as_date(day, '%Y-%m-%d')) AS happened, lead AS person, status\n\
         FROM contacts\n",
    ),
    (
        "sources/crm/contacts.link.sql",
        "SELECT _record, as_date(day, '%Y-%m-%d') AS happened, lead AS person, deal, role\n\
         FROM contacts\n",
    ),
    (
        "charter/attributes.toml",
        "[person]\nsource = \"text\"\nscore = \"number\"\nstatus = \"text\"\n\n[deal]\n\
         amount = \"money\"\nproduct = \"text\"\n",
    ),
    (
        "charter/attribution.toml",
        "champion_left = \"person.status = 'left'\"\n",
    ),
    (
        "streams",
        "
[[stream]]
name = \"calls\"
files = [\"calls*.csv\"]
key = [\"id\"]
people = [{ column = \"lead\" }]
safe = [\"owner\", \"day\"]

[[stream]]
name = \"contacts\"
files = [\"contacts*.csv\"]
key = [\"id\"]
people = [{ column = \"lead\" }]
safe = [\"deal\", \"role\", \"status\", \"day\"]

[[map]]
stream = \"calls\"
kind = \"touch\"
file = \"calls.touch.sql\"

[[map]]
stream = \"contacts\"
kind = \"person\"
file = \"contacts.person.sql\"

[[map]]
stream = \"contacts\"
kind = \"link\"
file = \"contacts.link.sql\"
",
    ),
];

const FILES: [(&str, &str); 4] = [
    (
        "leads.csv",
        "id,name,email,phone,source,score,created,status,changed\n\
         L1,Ann Example,ann@one.example,,web,70,2024-01-08,qualified,2024-01-10\n\
         L2,Ben Example,ben@two.example,,web,70,2024-01-08,qualified,2024-01-10\n",
    ),
    (
        "deals.csv",
        "deal,lead,owner,amount,currency,product,status,created,closed\n\
         D1,L1,rep1,1200.50,EUR,box,won,2024-01-15,2024-05-01\n\
         D2,L2,rep2,800.00,EUR,crate,won,2024-01-15,2024-02-01\n",
    ),
    (
        "calls.csv",
        "id,lead,owner,day\nC1,L1,rep1,2024-03-25\nC2,L2,rep2,2024-01-20\n",
    ),
    (
        "contacts.csv",
        "id,lead,deal,role,status,day\n\
         K1,L1,D1,champion,active,2024-01-20\nK2,L1,D1,champion,left,2024-02-10\n\
         K3,L2,D2,champion,active,2024-01-16\n",
    ),
];

fn book(dir: &Path) -> String {
    let book = dir.join("book");
    let told = book.display().to_string();
    let acme = root().join("crates/cli/tests/fixtures/acme");
    run(&["init", &told, "--from", &acme.display().to_string()]);
    for (name, text) in MORE {
        let path = match name {
            "streams" => book.join("sources/crm/source.toml"),
            name => book.join(name),
        };
        let before = match name {
            "streams" => fs::read_to_string(&path).unwrap(),
            _ => String::new(),
        };
        fs::write(path, before + text).unwrap();
    }
    run(&["charter", "publish", &told]);
    let files = FILES.map(|(name, text)| {
        let path = dir.join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    });
    let mut words = vec!["import", &told];
    words.extend(files.iter().map(String::as_str));
    run(&words);
    told
}

#[test]
fn a_deal_tells_who_revived_it_and_who_left_it() {
    let dir = tempfile::tempdir().unwrap();
    let book = book(dir.path());
    let rescues = |deal: &str, more: &[&str]| -> Value {
        let words = ["deal", "show", &book, deal, "--json"];
        let told: Value = serde_json::from_str(&run(&[&words[..], more].concat())).unwrap();
        told["rescues"].clone()
    };
    let left = "champion left on 2024-02-10, and it went on on 2024-03-25: call by rep1 (sales)";
    let revived = "revived on 2024-03-25 after 75 days of silence since 2024-01-10: call by rep1 \
                   (sales)";
    assert_eq!(rescues("D1", &[]), json!([left, revived]));
    // A silence of just so many days counts, one of a day less does not; who left has left.
    assert_eq!(rescues("D1", &["--silence", "75"]), json!([left, revived]));
    assert_eq!(rescues("D1", &["--silence", "76"]), json!([left]));
    // From the call to the win: 37 days.
    let won = "revived on 2024-05-01 after 37 days of silence since 2024-03-25: won";
    assert_eq!(
        rescues("D1", &["--silence", "37"]),
        json!([left, revived, won])
    );
    assert_eq!(rescues("D2", &[]), json!([]));
    let text = run(&["deal", "show", &book, "D1"]);
    assert!(text.contains(left) && text.contains(revived), "{text}");
    assert!(!run(&["deal", "show", &book, "D2"]).contains("went on on"));
}

#[test]
fn evidence_is_a_line_that_shows_something_of_the_deal() {
    let dir = tempfile::tempdir().unwrap();
    let book = book(dir.path());
    let words = |evidence: &'static str| {
        let words = ["deal", "dispute", &book, "D1", "--team", "sales", "--by"];
        let told = ["Ann", "--story", "it was the call", "--evidence", evidence];
        [&words[..], &told].concat()
    };
    // No such line; a line of another deal's.
    for evidence in ["calls.csv:9999", "calls.csv:3"] {
        let told = refused(&words(evidence));
        let says = format!("`{evidence}` shows nothing of `D1`");
        assert!(told.contains("E0290") && told.contains(&says), "{told}");
    }
    assert!(!run(&["deal", "show", &book, "D1"]).contains("it was the call"));
    run(&words("calls.csv:2"));
    let told = run(&["deal", "show", &book, "D1"]);
    assert!(told.contains("shown by calls.csv:2"), "{told}");
}
