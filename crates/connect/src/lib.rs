//! How rows get in: files of delimited text as batches of text for the ledger.
//!
//! This room knows encodings, quotes, delimiters and limits, and which file belongs to which
//! stream of a source pack. It refuses to know what a column means: packs say that, in SQL. Read
//! on in `pull` (the source), `files` (which stream claims a file), `rows` (records in bounded
//! memory), `text` (encodings).

pub mod files;
pub mod pull;

pub mod header;
pub mod rows;
pub mod sniff;
pub mod text;

pub use files::{Claimed, Claims};
pub use pull::{Files, Note};
