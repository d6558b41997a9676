//! From a goal back to what must come to be in the funnel, and by when.
//!
//! A goal less what is won already and what pursuits under way are expected to bring (as `forecast`
//! tells it) leaves a gap. What closes it comes to be from tomorrow on: deals, or pursuits that
//! reach a stage of the path. `chain` learns from what has happened how many go on from each stage,
//! as a Beta distribution, and after how many days; the days of several stages are folded into one
//! another, which says how many are won in time. `need` says what so many bring, as a mean and a
//! variance in closed form, and turned round how many are needed for the goal to be reached with
//! given odds: rates that are right on average keep a plan in about half of all cases only.
//!
//! The inverse is a linear programme: of all ways to spread entries over the days until the end,
//! the one whose busiest day is the quietest. An entry is never worth less for being earlier, so
//! that this is an even pace, and what it needs a quotient; nothing is ever divided out of a past
//! series (deconvolution), which turns noise into plans.
//!
//! Nothing uses a function whose last digit depends on the machine. This room refuses to know
//! dates, currencies and the charter: days are numbers, values minor units of one currency.

mod chain;
mod need;
#[cfg(test)]
mod tests;

pub use chain::{Learned, Lever, Passage, Rate, learn};
pub use need::{Gap, ODDS, Odds, Outlook, Worth, at_means, needed, outlook, priced};

/// The version of this kernel; a change of any number it gives is a new version.
pub const VERSION: u32 = 1;
