//! Use cases for an ideal client: open a book, import, ask, publish a charter, forget a person. It
//! knows which rooms to call in which order; it refuses SQL, HTTP and printing.

pub mod book;
pub mod change;

pub mod agree;
pub mod answered;
pub mod aside;
pub mod ask;
pub mod backup;
pub mod behind;
pub mod checks;
pub mod deadline;
pub mod dispute;
pub mod events;
pub mod explain;
pub mod forget;
pub mod identity;
pub mod imports;
pub mod ingest;
pub mod meetings;
pub mod mend;
pub mod moments;
pub mod passport;
pub mod paths;
pub mod people;
pub mod periods;
pub mod reconcile;
#[cfg(test)]
#[path = "../../../fuzz/src/replay.rs"]
mod replay;
pub mod resolve;
pub mod search;
pub mod shown;
pub mod sources;
pub mod span;
pub mod teams;
pub mod verify;
