//! What we mean: texts of a charter or a source pack in, typed definitions or refusals out.
//!
//! This crate reads TOML and rule texts that people wrote, checks that they make sense together,
//! and says everything that is wrong with them at once, each with its place, its cost and a remedy
//! to paste. It reads no file, knows no fact and fills no gap with a guess: what a charter does not
//! define is refused or stays empty. Read on in `parse` (texts to drafts), `check` (what a draft
//! must keep), `resolve` (drafts to `model` types), `expression` (rules), `pack` and `diff`.

mod fields;
mod place;
mod words;

mod expression;
mod formula;

mod check;
mod parse;
mod resolve;

mod diff;
mod forward;
mod pack;
mod settings;
mod told;

use handfast_model::catalogue::Catalogue;
use handfast_model::rules::{Charter, DeclaredAttribute, Expr};
use handfast_model::{Refusal, pack::Pack};

pub use diff::{Change, ChangeKind, Figure, diff};
pub use forward::{forward, forward_hash};
pub use place::TextFile;
pub use settings::SignIn;
pub use told::{Definition, told};
pub use words::nearest;

/// Reads a charter from the texts of its folder. Files that are no `.toml` are passed over.
pub fn read_charter(files: &[TextFile]) -> Result<Charter, Vec<Refusal>> {
    resolve::charter(files)
}

/// The metrics that ship, as every charter has them that does not replace one.
pub fn shipped_metrics() -> &'static Catalogue {
    parse::metrics::shipped()
}

/// The content hash by which a charter of these texts is called, whether or not it can be read.
pub fn charter_hash(files: &[TextFile]) -> String {
    resolve::hash(files)
}

/// Reads a source pack from its `source.toml` and its SELECTs. `folder` names it in messages.
pub fn read_pack(folder: &str, files: &[TextFile]) -> Result<Pack, Vec<Refusal>> {
    pack::read(folder, files)
}

/// Reads a book's `handfast.toml`: the provider by which people sign in, where one is named.
pub fn read_settings(file: &TextFile) -> Result<Option<SignIn>, Vec<Refusal>> {
    settings::read(file)
}

/// Reads a condition written outside a charter (`--where`). `file` names it in messages; lines and
/// columns count within the text.
#[allow(
    clippy::result_large_err,
    reason = "a refusal is rare, and callers collect refusals by value"
)]
pub fn parse_condition(
    text: &str,
    file: &str,
    attributes: &[DeclaredAttribute],
) -> Result<Expr, Refusal> {
    expression::condition(text, file, attributes)
}
