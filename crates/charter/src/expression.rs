//! Rules: SQL boolean expressions over declared attributes and touch counters, to typed trees.
//!
//! A tokenizer and an operator-precedence parser of our own, because every rule text comes from
//! outside: its size is bounded before anything is built, its nesting while it is built, and each
//! refusal names the token, the place and what to write instead. It knows which attributes the
//! charter declares and their types; it refuses to know their values. The tree's meaning is in
//! `model::evaluate`, its canonical text in `model::rule_text`.

mod calls;
mod parser;
mod predicates;
mod token;
mod typing;

use std::ops::Range;

use handfast_model::Refusal;
use handfast_model::rules::{DeclaredAttribute, Expr, Subject};

use crate::place;

/// The rule cannot be read: something is missing, left over or in the wrong order.
pub(crate) const SYNTAX: &str = "E0120";
/// The rule is larger or deeper than rules may be.
pub(crate) const LIMIT: &str = "E0121";
/// Something that SQL has and rules do not: subqueries, casts, clocks, chance, comments.
pub(crate) const NOT_IN_RULES: &str = "E0122";
/// A function that rules do not have.
pub(crate) const UNKNOWN_FUNCTION: &str = "E0123";
/// An attribute that the charter does not declare.
pub(crate) const UNDECLARED: &str = "E0124";
/// Values of two types where one is needed.
pub(crate) const TYPES: &str = "E0125";
/// A function or counter with other arguments than it takes.
pub(crate) const ARGUMENTS: &str = "E0126";
/// A comparison that can never hold, because it is with NULL.
pub(crate) const NEVER_HOLDS: &str = "E0127";
/// An attribute or counter in a place that has none.
pub(crate) const OUT_OF_PLACE: &str = "E0128";

/// What a rule may name.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub(crate) attributes: &'a [DeclaredAttribute],
    pub(crate) about: About,
}

/// What a rule is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum About {
    /// A pursuit at a moment: stage and segment rules.
    Pursuit,
    /// One touch: channel rules.
    Touch,
    /// Either: a condition of a question, where `touch.x` is that of the opening touch.
    Question,
}

impl About {
    /// Whether the rule may name attributes of this subject.
    pub(crate) fn knows(self, subject: Subject) -> bool {
        match self {
            About::Pursuit => subject != Subject::Touch,
            About::Touch => subject == Subject::Touch,
            About::Question => true,
        }
    }
}

/// Something wrong with a rule, at bytes of its text.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Problem {
    pub(crate) code: &'static str,
    pub(crate) title: String,
    pub(crate) span: Range<usize>,
    pub(crate) fix: Option<String>,
}

impl Problem {
    pub(crate) fn new(code: &'static str, title: impl Into<String>, span: Range<usize>) -> Problem {
        let (title, fix) = (title.into(), None);
        Problem {
            code,
            title,
            span,
            fix,
        }
    }

    pub(crate) fn fix(mut self, text: impl Into<String>) -> Problem {
        self.fix = Some(text.into());
        self
    }

    /// The refusal, still without a place.
    pub(crate) fn refusal(self, matters: &str) -> Refusal {
        let refusal = Refusal::new(self.code, self.title).matters(matters);
        match self.fix {
            Some(fix) => refusal.fix(fix),
            None => refusal,
        }
    }
}

const NOT_ASKED: &str =
    "the question is not asked: a condition that is half understood gives a wrong number";

/// Reads a condition, or says everything that is wrong with it, the first place first.
pub(crate) fn rule(text: &str, scope: Scope<'_>) -> Result<Expr, Vec<Problem>> {
    parser::parse(text, scope)
}

#[allow(
    clippy::result_large_err,
    reason = "a refusal is rare, and callers collect refusals by value"
)]
pub(crate) fn condition(
    text: &str,
    file: &str,
    attributes: &[DeclaredAttribute],
) -> Result<Expr, Refusal> {
    let about = About::Question;
    rule(text, Scope { attributes, about }).map_err(|problems| {
        let first = problems.into_iter().next();
        let unread = || Problem::new(SYNTAX, "a rule that cannot be read", 0..0);
        let problem = first.unwrap_or_else(unread);
        let at = place::place(file, text, problem.span.clone());
        problem.refusal(NOT_ASKED).at(at)
    })
}
