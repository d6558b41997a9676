//! From files that nobody has described to a source of a book: looked at, proposed, tried on their
//! first rows, written; and files to the sources that read them. Every door does it here, so that
//! the terminal and the browser propose the same texts.
//!
//! It knows files (`connect`), proposals (`packs`) and books (`service`), and brings them together.
//! It asks nobody anything and prints nothing.
//!
//! ```text
//! files ─look─▶ proposals ─questions, answers─▶ proposals ─try_out─▶ facts ─save─▶ sources/NAME/
//! ```

#![allow(
    clippy::result_large_err,
    reason = "a refusal is made once per command, never in a loop over rows"
)]

mod look;
mod offer;
mod save;

pub use look::{Looked, look, questions, read_already, wishes};
pub use offer::{Offer, SHOWN_FACTS, TRIED_ROWS, Tried, chosen};
pub use save::{Begun, Draft, begin, drafted, save, stages_of};
