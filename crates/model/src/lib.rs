//! The nouns of Handfast: identifiers, money, time, facts, rules, questions, answers.
//!
//! This crate knows what things *are* and the laws they keep; it refuses to know where they are
//! stored, how they are counted or how they are shown. It depends on nothing but `jiff` (civil
//! time), so everything that rests on it compiles in seconds. Read on in `fact` (what happened),
//! `rules` (what we mean) and `question`/`answer` (what a viewer asks and gets).

pub mod hours;
pub mod id;
pub mod limits;
pub mod money;
pub mod ratio;
pub mod threads;
pub mod time;

mod currencies;
mod names;

mod brand;
pub mod catalogue;
pub mod credit;
mod era;
pub mod evaluate;
pub mod fact;
pub mod identity;
pub mod invariant;
pub mod mailbox;
mod many;
pub mod meeting;
pub mod order;
pub mod pack;
pub mod parse;
pub mod planted;
pub mod pricing;
pub mod rights;
pub mod rule_text;
pub mod rules;

pub mod answer;
pub mod issue;
pub mod passport;
pub mod question;
pub mod question_text;

pub use answer::{Answer, Cell, Column, ColumnKind, Lineage};
pub use fact::{Fact, FactKind, Snapshot, Value, When};
pub use id::{FactId, Names, PersonId, RecordKey, Seq, Sym};
pub use identity::IdentityRules;
pub use invariant::{Breach, Breaches, Invariant};
pub use issue::{Issue, IssueCode, Place, Refusal};
pub use many::many;
pub use money::{Currency, Decimal, Money};
pub use question::Question;
pub use ratio::{FEW, Ratio};
pub use rules::Charter;
pub use time::{Calendar, Day, Grain, Instant, Period};
