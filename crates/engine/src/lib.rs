//! The only room that names DataFusion: it runs a pack's SELECTs in a process that may die, and
//! sorts what kernels counted into answers.
//!
//! Read on in `packs` (rows to facts), `select` (what a SELECT may say), `worker` (where it runs).

pub mod answer;
pub mod derived;
pub mod invariants;
pub mod packs;
pub mod select;
pub mod worker;

mod functions;
