//! Plans and goals through the real binary: what is typed is what is asked, and what means nothing
//! is refused. How they are counted is tested in the engine.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use handfast_model::Day;
use support::{ask, refused, root, run};

/// A deal a day from 2024 on; every second is won after thirty days for 100 EUR, the others are
/// lost after ten. Told up to the end of November.
fn book(dir: &Path) -> String {
    let book = dir.join("book").display().to_string();
    let acme = root().join("crates/cli/tests/fixtures/acme");
    run(&["init", &book, "--from", &acme.display().to_string()]);
    let mut text = String::from("deal,lead,owner,amount,currency,product,status,created,closed\n");
    let first = Day::parse("2024-01-01").unwrap().0;
    let last = Day::parse("2024-11-30").unwrap().0;
    for number in 0..=last - first {
        let created = first + number;
        let (status, took) = [("won", 30), ("lost", 10)][number as usize % 2];
        let is_over = created + took <= last;
        let closed = if is_over {
            Day(created + took).to_string()
        } else {
            String::new()
        };
        let status = if is_over { status } else { "open" };
        writeln!(
            text,
            "D{number},L{number},rep{},100.00,EUR,box,{status},{},{closed}",
            number % 2,
            Day(created)
        )
        .unwrap();
    }
    let path = dir.join("deals.csv");
    fs::write(&path, text).unwrap();
    let path = path.display().to_string();
    run(&["import", &book, &path, "--observed-until", "2024-11-30"]);
    book
}

#[test]
fn what_is_typed_is_planned_and_told_alike() {
    let dir = tempfile::tempdir().unwrap();
    let book = book(dir.path());
    let words = [
        "plan",
        "--goal",
        "9000",
        "--at",
        "2024-11-30",
        "--period",
        "2025-Q1",
    ];
    let told = ask(&book, &words);
    assert_eq!(told.0["question"]["kind"], "plan");
    assert_eq!(told.0["question"]["goal"], "9000");
    assert_eq!(told.money(&["goal"], "amount"), 9_000);
    // All that is open will have ended by the new year, so that the whole goal is to be won.
    assert_eq!(told.money(&["already_won"], "amount"), 0);
    let [even, four, nine] =
        ["even_odds", "four_of_five", "nine_of_ten"].map(|odds| told.count(&["deals"], odds));
    assert!(
        even > 80 && even <= four && four <= nine,
        "{even} {four} {nine}"
    );
    // Month by month: the last month's end is the quarter's.
    let months = ask(&book, &[&words[..], &["--by", "month"]].concat());
    assert_eq!(
        months.count(&["2025-03", "deals"], "even_odds"),
        told.count(&["deals"], "even_odds")
    );
    let again = ask(&book, &words);
    assert_eq!(again.rows(), told.rows());
    // A book without goals has none to show.
    assert!(ask(&book, &["targets"]).rows().is_empty());
}

#[test]
fn what_means_nothing_to_a_plan_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let book = book(dir.path());
    for (words, code) in [
        (&["plan", "--goal", "much"][..], "E0401"),
        (&["plan", "--goal", "0"], "E0401"),
        (&["plan", "--goal", "100", "--at", "today"], "E0404"),
        (&["plan", "--goal", "100", "--horizon", "month"], "E0405"),
        (&["plan", "--goal", "100", "--unit", "account"], "E0405"),
        (&["funnel", "--goal", "100"], "E0405"),
        (
            &["plan", "--goal", "100", "--records", "even_odds"],
            "E0409",
        ),
        (&["plan"], "E0415"),
        (&["targets", "--by", "month"], "E0405"),
        (&["targets", "--at", "2024-06-30"], "E0405"),
        (&["targets", "--records", "goal"], "E0409"),
    ] {
        let said = refused(&[&["ask"], words, &["--book", &book]].concat());
        assert!(said.contains(code), "{words:?}: {said}");
    }
}
