//! Every kept text of the fuzz targets for texts, and mutants of them: definitions, questions and
//! values are read or refused, and never end the process.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

#[path = "../../../fuzz/src/replay.rs"]
mod replay;
#[path = "../../../fuzz/src/texts.rs"]
mod texts;

#[test]
fn kept_texts_and_mutants_of_every_parser_are_read_or_refused() {
    for parser in texts::PARSERS {
        replay::replay(parser, 5_000, texts::read);
    }
}
