//! The case language and what else tests share: ledgers and charters from a few lines of text,
//! answers as aligned text, seeded random ledgers.
//!
//! A case is a page of Markdown that a marketer can read and check by hand: prose, one fenced
//! block named `charter`, one named `ledger`, and any number of `ask` with their `answer`. This
//! crate knows the notation; it refuses to count anything itself. Read `case` first, then `ledger`
//! and `sketch` for the notation and `answer` for how results are written. What counting is held
//! against stands apart: `truth` counts a second time, naively, and `simulator` tells companies
//! whose truth is known; `causes` shows what no model of credit knows. Start there with
//! [`simulator::check_seed`].

pub mod case;

pub mod ledger;
pub mod sketch;

pub mod answer;
mod estimate;
pub mod table;
mod views;

pub mod random;

pub mod answered;
pub mod asks;
pub mod causes;
pub mod simulator;
pub mod tested;
pub mod truth;

pub use case::{Case, check};
pub use ledger::Ledger;
