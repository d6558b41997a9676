//! What is fuzzed: every parser as a function over bytes. Plain tests replay `corpus/` and mutants of
//! it over the same functions (`tests/corpora.rs` of `connect`, `charter` and `wire`, `agree/tests.rs`
//! and `dispute/tests.rs` of `service`, `provider/fuzzed.rs` of `accounts`); `cargo xtask fuzz NAME`
//! looks for new ones. What it finds is kept in `corpus/NAME/`.

pub mod acts;
pub mod answers;
// What it belongs to needs the engine, which takes many minutes to build under a fuzzer.
#[path = "../../crates/service/src/dispute/case.rs"]
pub mod case;
pub mod cases;
// What it belongs to brings much of others' that is not meant here.
#[path = "../../crates/accounts/src/provider/claims.rs"]
pub mod claims;
pub mod events;
pub mod files;
#[path = "../../crates/service/src/agree/statement.rs"]
pub mod statement;
pub mod texts;
pub mod tokens;

/// A panic of others' readers that ours catch becomes a refusal; the fuzzer would end at it. One
/// that nobody catches still ends the run.
pub fn forgive_others() {
    let end = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map_or("", |place| place.file());
        if place.contains("crates/") || place.contains("fuzz") {
            end(panic);
        }
    }));
}
