//! What was told of a real book as of a commit, and what was learned since: cause by cause with the
//! first record that shows it, and line by line of the bridge.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;
use support::{ask, refused, root, run};

const HEAD: &str = "deal,lead,owner,amount,currency,product,status,created,closed\n";

/// A book of the fixture's kind, in a folder.
fn book(dir: &Path) -> String {
    let book = dir.join("book").display().to_string();
    let acme = root().join("crates/cli/tests/fixtures/acme");
    run(&["init", &book, "--from", &acme.display().to_string()]);
    book
}

fn import(dir: &Path, book: &str, name: &str, rows: &str) {
    let path = dir.join(name);
    fs::write(&path, format!("{HEAD}{rows}")).unwrap();
    run(&["import", book, &path.display().to_string()]);
}

/// The commit as of which the book answers.
fn seq(book: &str) -> String {
    ask(book, &["metric", "won"]).0["lineage"]["seq"].to_string()
}

/// A cell as a reader sees it, or nearly.
fn shown(cell: &Value) -> String {
    match (cell, cell["minor"].as_i64()) {
        (_, Some(minor)) => {
            let sign = if minor < 0 { "-" } else { "" };
            let currency = cell["currency"].as_str().unwrap();
            let (whole, part) = (minor.abs() / 100, minor.abs() % 100);
            format!("{sign}{whole}.{part:02} {currency}")
        }
        (Value::String(text), _) => text.clone(),
        (Value::Number(number), _) => number.to_string(),
        _ => "–".to_owned(),
    }
}

/// The rows of an answer, these columns of each.
fn rows(book: &str, words: &[&str], columns: &[&str]) -> Vec<String> {
    let answer = ask(book, words);
    let places: Vec<usize> = columns.iter().map(|id| answer.column(id)).collect();
    let row = |row: &Value| {
        let cells = places.iter().map(|place| shown(&row[place]));
        cells.collect::<Vec<_>>().join(" | ")
    };
    answer.rows().iter().map(row).collect()
}

/// Of 1,120.00 EUR and 200.00 USD an import of 70.00 EUR is taken back, 20.00 EUR come late, and
/// two deals are told anew: one 100.00 EUR less, one 50.00 USD more.
#[test]
fn what_was_learned_since_is_told_by_cause_with_the_record_that_shows_it() {
    let dir = tempfile::tempdir().unwrap();
    let (dir, book) = (dir.path(), book(dir.path()));
    let won = |key: &str, amount: &str, day: &str| {
        format!("{key},L{key},rep,{amount},box,won,2024-01-01,2024-02-{day}\n")
    };
    let first = [
        won("D1", "1000.00,EUR", "03"),
        won("D2", "50.00,EUR", "04"),
        won("D6", "200.00,USD", "06"),
    ];
    import(dir, &book, "deals_1.csv", &first.concat());
    import(dir, &book, "deals_2.csv", &won("D4", "70.00,EUR", "05"));
    let then = seq(&book);
    run(&["import", "undo", &book]);
    let later = [
        won("D1", "900.00,EUR", "03"),
        won("D3", "20.00,EUR", "07"),
        won("D6", "250.00,USD", "06"),
    ];
    import(dir, &book, "deals_3.csv", &later.concat());
    let words = ["change", "revenue", "--period", "2024-Q1", "--since", &then];
    let columns = ["currency", "cause", "change", "revenue", "records", "first"];
    let told = rows(&book, &words, &columns);
    let expected = [
        "EUR | as told then | n/a | 1120.00 EUR | n/a | n/a",
        "EUR | late_data | 20.00 EUR | 1140.00 EUR | 1 | \
         D3 won 20.00 EUR (deals_3.csv:3), was not there",
        "EUR | edits | -100.00 EUR | 1040.00 EUR | 1 | \
         D1 won 900.00 EUR (deals_3.csv:2), was won 1000.00 EUR",
        "EUR | removed | -70.00 EUR | 970.00 EUR | 1 | \
         D4 won 70.00 EUR (deals_2.csv:2), is no more",
        "EUR | as told now | -150.00 EUR | 970.00 EUR | n/a | n/a",
        "USD | as told then | n/a | 200.00 USD | n/a | n/a",
        "USD | late_data | 0.00 USD | 200.00 USD | 0 | n/a",
        "USD | edits | 50.00 USD | 250.00 USD | 1 | \
         D6 won 250.00 USD (deals_3.csv:4), was won 200.00 USD",
        "USD | removed | 0.00 USD | 250.00 USD | 0 | n/a",
        "USD | as told now | 50.00 USD | 250.00 USD | n/a | n/a",
    ];
    assert_eq!(told, expected, "{told:#?}");
    // The same of a count, by groups.
    let words = ["change", "won", "--since", &then, "--by", "rep"];
    let told = rows(&book, &words, &["rep", "cause", "change", "won"]);
    let expected = [
        "rep | as told then | n/a | 4",
        "rep | late_data | 1 | 5",
        "rep | edits | 0 | 5",
        "rep | removed | -1 | 4",
        "rep | as told now | 0 | 4",
    ];
    assert_eq!(told, expected, "{told:#?}");
    // As of then nothing was learned since then.
    let same = ["--as-of", &then, "--period", "2024-Q1"];
    let words = [&["change", "revenue", "--since", &then], &same[..]].concat();
    let answer = ask(&book, &words);
    let notes = answer.0["notes"].to_string();
    assert!(answer.rows().is_empty(), "{:?}", answer.rows());
    assert!(notes.contains("nothing was learned or defined"), "{notes}");
    // A moment after the answer's own is none before it.
    let said = refused(&[
        "ask", "change", "won", "--book", &book, "--since", &then, "--as-of", "3",
    ]);
    assert!(said.contains("E0404"), "{said}");
}

/// Four deals of 650.00 were open as February was told. Since then one of 40.00 was learned, one is
/// worth 20.00 more, one of 200.00 was won in January, and one of 50.00 was taken back.
#[test]
fn a_bridge_since_a_commit_begins_with_what_was_told_of_the_start() {
    let dir = tempfile::tempdir().unwrap();
    let (dir, book) = (dir.path(), book(dir.path()));
    let deal =
        |key: &str, amount: &str, ends: &str| format!("{key},L{key},rep,{amount},EUR,box,{ends}\n");
    let first = [("A", "100.00"), ("B", "200.00"), ("C", "300.00")]
        .map(|(key, amount)| deal(key, amount, "open,2024-01-05,"));
    import(dir, &book, "deals_1.csv", &first.concat());
    import(
        dir,
        &book,
        "deals_2.csv",
        &deal("E", "50.00", "open,2024-01-06,"),
    );
    let then = seq(&book);
    run(&["import", "undo", &book]);
    let later = [
        deal("A", "120.00", "open,2024-01-05,"),
        deal("B", "200.00", "won,2024-01-05,2024-01-20"),
        deal("C", "300.00", "won,2024-01-05,2024-02-10"),
        deal("D", "40.00", "open,2024-01-07,"),
    ];
    import(dir, &book, "deals_3.csv", &later.concat());
    let words = ["bridge", "--period", "2024-02", "--since", &then];
    let told = rows(&book, &words, &["move", "deals", "value"]);
    let told: Vec<&String> = told.iter().filter(|row| !row.contains(" | 0 | ")).collect();
    let expected = [
        "as_told | 4 | 650.00 EUR",
        "learned | 1 | 40.00 EUR",
        "restated | 1 | 20.00 EUR",
        "dropped | 1 | -200.00 EUR",
        "deleted | 1 | -50.00 EUR",
        "at_start | 3 | 460.00 EUR",
        "won | 1 | -300.00 EUR",
        "at_end | 2 | 160.00 EUR",
    ];
    assert_eq!(told, expected, "{told:#?}");
    // Each line's deals are behind it.
    for (line, key) in [
        ("learned", "D"),
        ("restated", "A"),
        ("dropped", "B"),
        ("deleted", "E"),
        ("won", "C"),
    ] {
        let words = [&words[..], &["--records", line]].concat();
        assert_eq!(rows(&book, &words, &["deal"]), [key], "{line}");
    }
}
