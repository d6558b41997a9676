//! Rulings as they are kept for the fuzzer, and mutants of them.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../../../../fuzz/src/cases.rs"]
mod cases;

use super::case;

#[test]
fn kept_rulings_and_mutants_have_one_meaning() {
    crate::replay::replay("rulings", 20_000, cases::read);
}
