//! What is fuzzed: every parser as a function over bytes. Plain tests replay `corpus/` and mutants of
//! it over the same functions (`crates/connect/tests/corpora.rs`, `crates/charter/tests/corpora.rs`);
//! `cargo +nightly fuzz run NAME` looks for new ones. What it finds is kept in `corpus/NAME/`.

pub mod files;
pub mod texts;
