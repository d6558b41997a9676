//! What a provider may send, as it is kept for the fuzzer, and mutants of it.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../../../../fuzz/src/replay.rs"]
mod replay;
#[path = "../../../../fuzz/src/tokens.rs"]
mod tokens;

use super::claims;

#[test]
fn kept_tokens_and_mutants_are_read_or_not_and_none_holds_for_ever() {
    replay::replay("tokens", 20_000, tokens::read);
}
