//! Every kept passport of the fuzz target, and mutants of them: they are read or refused, and what
//! is read prints as something that reads as the same.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

#[path = "../../../fuzz/src/answers.rs"]
mod answers;
#[path = "../../../fuzz/src/replay.rs"]
mod replay;

#[test]
fn kept_passports_and_mutants_of_them_are_read_or_refused() {
    replay::replay("passport", 5_000, answers::read);
}
