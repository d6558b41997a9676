//! The truth: a second, slow and obvious road to every count, by loops over vectors.
//!
//! It reads facts in plain words ([`said`]) and definitions in plain words ([`meaning`]), and says
//! who was in which stage when ([`walk`], [`visits`]) and what that counts to ([`views`],
//! [`measures`]). It shares nothing with the kernels: not a type of theirs, not the charter's
//! parser, not even the clock of `model`; where it agrees with them, two roads do. It cares
//! neither for speed nor for memory, looks everything up by looking everywhere, and stops at
//! anything it does not understand.

#![allow(
    clippy::indexing_slicing,
    reason = "a wrong place in a list is a mistake here, and must stop the comparison"
)]

pub mod clock;
pub mod identity;
pub mod meaning;
pub mod said;

pub mod deals;
pub mod visits;
pub mod walk;

pub mod brand;
pub mod bridge;
mod catalogue;
pub mod causes;
pub mod change;
pub mod cost;
pub mod credit;
pub mod dimensions;
pub mod estimates;
mod families;
pub mod fitness;
pub mod formulas;
pub mod goals;
pub mod handoff;
pub mod issues;
pub mod learned;
pub mod measures;
pub mod reasons;
pub mod rescue;
pub mod response;
pub mod spend;
pub mod transitions;
pub mod views;
mod weighted;

mod buyers;
mod moves;
mod owners;
mod play;
mod rules;

/// All that may take a pursuit out of a step.
pub const WAYS: &[&str] = &[
    "advanced",
    "skipped_to",
    "back",
    "recycled",
    "lost",
    "disqualified",
    "dormant",
    "won",
];
