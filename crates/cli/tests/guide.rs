//! The pages that promise a reader a result are run as that reader would run them: every command
//! in order, in an empty folder, with the real binary, and what the page shows is what comes.
//!
//! `UPDATE_EXPECT=1 cargo test -p handfast-cli --test guide` writes the shown texts anew; put the
//! `…` back where you want them.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use support::page::{Broken, fits, run};
use support::root;
use support::script::copy;

/// Runs one page; folders of the checkout that its reader stands in are copied first.
fn holds(page: &str, beside: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    for name in beside {
        copy(&root().join(name), &folder.path().join(name)).unwrap();
    }
    let (count, broken) = run(&root().join(page), folder.path());
    let show = |broken: &Broken| format!("{page}:{}: {}", broken.line, broken.why);
    let shown: Vec<String> = broken.iter().map(show).collect();
    assert!(shown.is_empty(), "{}", shown.join("\n"));
    assert!(count > 0, "{page} has no `console` block");
    println!("{page}: {count} blocks ran");
}

#[test]
fn the_readme_keeps_its_promises() {
    holds("README.md", &["examples"]);
}

#[test]
fn your_own_csvs_leads_from_files_to_a_funnel() {
    holds("docs/guide/your-own-csvs.md", &[]);
}

#[test]
fn adding_a_source_shows_what_it_says() {
    holds("docs/guide/adding-a-source.md", &[]);
}

#[test]
fn an_ellipsis_stands_for_anything_and_nothing_else_does() {
    assert!(fits("a … c\n", "a b c\n"));
    assert!(fits("one\n…\nfour\n", "one\ntwo\nthree\nfour\n"));
    assert!(fits("one\n…\ntwo\n", "one\ntwo\n"));
    assert!(fits("blanks at the end\n", "blanks at the end   \n"));
    assert!(!fits("one\n", "one\ntwo\n"));
    assert!(!fits("a … c\n", "a b d\n"));
    assert!(!fits("…\nlast\n", "first\n"));
}
