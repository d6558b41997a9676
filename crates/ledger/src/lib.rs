//! The book's memory: records as received, facts derived from them, and when each was learned.
//!
//! This crate knows how to keep rows so that nothing acknowledged is ever lost, nothing counted
//! twice and nobody forgotten comes back; it refuses to know what any row means: which stage a deal
//! is in, or what a stage is.
//!
//! Read on in `book` (opening one), `import` (how rows come in), `intake` (from many callers at
//! once), `writer` (how they reach the disk), `snapshot` (how facts come out), `forget` and `keys`
//! (how a person is forgotten), and `verify`.

#![allow(
    clippy::result_large_err,
    reason = "a refusal is made once per command, never in a loop over rows"
)]

mod account;
mod acts;
mod aside;
mod assemble;
mod attributes;
mod backup;
mod book;
mod cache;
mod chain;
mod changes;
mod classified;
mod classify;
mod compact;
mod deleted;
mod entries;
mod facts;
mod fail;
mod fates;
mod files;
mod foreseen;
mod forget;
mod head;
mod import;
mod intake;
mod keys;
mod known;
mod layout;
mod lists;
mod lock;
mod lookup;
mod notes;
mod owners;
mod person;
mod prepared;
mod record;
mod refuse;
mod scan;
mod seal;
mod segment;
mod snapshot;
mod source;
mod sqlite;
mod store;
mod table;
mod threads;
mod undo;
mod unsealed;
mod verify;
mod versions;
mod writer;

#[cfg(test)]
mod tests;

pub use account::FileAccount;
pub use acts::Act;
pub use aside::{AsideId, AsideText, SetAsideRow};
pub use backup::copy_file;
pub use book::{CommitEntry, Ledger, Opening};
pub use cache::{Cache, Opened, Scratch, Stretch};
pub use changes::Changes;
pub use classified::{Classified, ClassifiedRow, RowState};
pub use compact::Compacted;
pub use files::{ContentHash, content_hash, sync_folder, text_hash};
pub use foreseen::{Foreseen, ForeseenRow};
pub use forget::Forgotten;
pub use import::{ANSWERED, Commit, DELETED, Ended, Ending, Import, ImportReport};
pub use intake::{Intake, Paused, Receipt};
pub use keys::fact_id;
pub use layout::version_number;
pub use lookup::{ImportEntry, KnownFiles, RecordRow};
pub use notes::Notes;
pub use person::{About, PersonAside, PersonRecord, SetAsideWith};
pub use prepared::{Prepared, Preparer};
pub use scan::{Batch, Scan};
pub use source::{BadRow, Source, TextBatch};
pub use store::FORMAT;
pub use undo::Undone;
pub use unsealed::{Sealed, Unsealed};
pub use verify::Verified;
pub use versions::{Files, Version};
