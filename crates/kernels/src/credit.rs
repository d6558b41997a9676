//! Who gets the credit for an amount: the touches that came before it, each with a share.
//!
//! Bookkeeping, not causation: a model says how an amount is shared out, never what would have
//! happened without a touch. `trails` says which touches may earn, `rule` shares by place and age,
//! `paths` gathers whole paths and counts them, `seen` sums them up as they come, `chain` and
//! `game` share by what paths with and without success have in common, `sample` says how far chance
//! could have moved that, `spread` what that does to sums over deals, and `robust` whether an order
//! is one to decide by. None of them knows deals, the charter or money: they give whole-number
//! weights, and `Money::share_out` lets parts equal the whole.

pub mod again;
pub mod chain;
pub mod game;
pub mod paths;
pub mod robust;
pub mod rule;
pub mod sample;
pub mod seen;
mod sets;
pub mod spread;
pub mod trails;
pub mod whole;

/// The version of this kernel; a change of any number it gives is a new version.
pub const VERSION: u32 = 4;
