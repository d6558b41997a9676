//! How rows get in: files of all formats as batches of text for the ledger.
//!
//! This room knows formats, packings, encodings and limits, and which file belongs to which stream
//! of a source pack. It refuses to know what a column means: packs say that, in SQL. Read on in
//! `pull` (the source), `find` (which files are meant), `folder` (which of them are new), `files`
//! (which stream claims a file), `unpack` (packed files), `kind` (what a file is), then the four
//! readers: `delimited` on `rows` and `text`, `jsonl` on `json`, `columnar` (Parquet) on `render`,
//! `workbook` on `cell`. What programs send event by event is read by `events`.

pub mod events;
pub mod files;
pub mod find;
pub mod folder;
pub mod paths;
pub mod pull;

mod kind;
mod unpack;

mod below;
mod cell;
mod columnar;
mod delimited;
pub mod header;
mod json;
mod jsonl;
mod pile;
mod refuse;
mod render;
pub mod rows;
pub mod sniff;
pub mod text;
mod thrift;
mod workbook;
mod xml;

pub use files::{Claimed, Claims};
pub use find::{Found, find};
pub use pull::{Files, Note, Table};
pub use unpack::Member;
