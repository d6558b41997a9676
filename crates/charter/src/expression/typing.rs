//! Types of rules: what may be compared with what, and how a person says it right.

use std::ops::Range;

use handfast_model::rules::{Expr, Literal, ValueKind};
use handfast_model::{Day, Decimal, Instant};

use super::parser::{Parser, Typed};
use super::token::{Kind, Token};
use super::{Problem, SYNTAX, TYPES};

impl Parser<'_> {
    /// Complains unless the part is of this type (or NULL).
    pub(super) fn want(&mut self, part: &Typed, kind: ValueKind) -> bool {
        let Some(is) = part.kind.filter(|is| *is != kind) else {
            return true;
        };
        let written = self.shown(&part.span);
        let title = match kind {
            ValueKind::Bool => format!("`{written}` is {}, not a condition", a(is)),
            _ => format!("`{written}` is {}, where {} is needed", a(is), a(kind)),
        };
        let fix = match (kind, is) {
            (ValueKind::Bool, ValueKind::Text) => format!("{written} = 'a text'"),
            (ValueKind::Bool, ValueKind::Time) => format!("{written} IS NOT NULL"),
            (ValueKind::Bool, _) => format!("{written} >= 1"),
            (ValueKind::Number, ValueKind::Time) => {
                "times are not added: days_between(a, b) gives the days between two".to_owned()
            }
            (kind, _) => self
                .as_kind(part, kind)
                .unwrap_or_else(|| format!("{}, for example {}", a(kind), example(kind))),
        };
        let problem = Problem::new(TYPES, title, part.span.clone()).fix(fix);
        self.problems.push(problem);
        false
    }

    /// Complains unless both parts are of one type (or one is NULL).
    pub(super) fn alike(&mut self, left: &Typed, right: &Typed) {
        let (Some(a_kind), Some(b_kind)) = (left.kind, right.kind) else {
            return;
        };
        if a_kind == b_kind {
            return;
        }
        let (a_text, b_text) = (self.shown(&left.span), self.shown(&right.span));
        let title = format!(
            "`{a_text}` is {} and `{b_text}` is {}",
            a(a_kind),
            a(b_kind)
        );
        // The constant is what was most likely written wrong.
        let fix = self
            .as_kind(right, a_kind)
            .map(|fixed| format!("write {fixed} for {b_text}"))
            .or_else(|| {
                let fixed = self.as_kind(left, b_kind)?;
                Some(format!("write {fixed} for {a_text}"))
            })
            .unwrap_or_else(|| "compare values of one type".to_owned());
        let span = match matches!(right.expr, Expr::Literal(_)) {
            true => right.span.clone(),
            false => left.span.start..right.span.end.max(left.span.end),
        };
        self.problems
            .push(Problem::new(TYPES, title, span).fix(fix));
    }

    /// The constant as it is written when it is of this type.
    fn as_kind(&self, part: &Typed, kind: ValueKind) -> Option<String> {
        let Expr::Literal(literal) = &part.expr else {
            return None;
        };
        match (literal, kind) {
            (Literal::Text(text), ValueKind::Number) => {
                Decimal::parse(text).map(|number| number.to_string())
            }
            (Literal::Text(text), ValueKind::Time) => {
                let day = Day::parse(text).map(|_| format!("DATE '{text}'"));
                day.or_else(|| Instant::parse(text).map(|at| format!("TIMESTAMP '{at}'")))
                    .or_else(|| Some(example(kind)))
            }
            (Literal::Text(text), ValueKind::Bool) => match text.trim().to_lowercase().as_str() {
                "true" | "yes" | "y" | "1" => Some("TRUE".to_owned()),
                "false" | "no" | "n" | "0" => Some("FALSE".to_owned()),
                _ => None,
            },
            (Literal::Number(number), ValueKind::Text) => Some(format!("'{number}'")),
            (Literal::Number(number), ValueKind::Bool) => match number.to_string().as_str() {
                "1" => Some("TRUE".to_owned()),
                "0" => Some("FALSE".to_owned()),
                _ => None,
            },
            (Literal::Bool(yes), ValueKind::Text) => Some(format!("'{yes}'")),
            _ => None,
        }
    }
}

/// How a type is called in a sentence.
pub(super) fn a(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Text => "a text",
        ValueKind::Number | ValueKind::Money => "a number",
        ValueKind::Bool => "a yes or no",
        ValueKind::Time => "a time",
    }
}

fn example(kind: ValueKind) -> String {
    match kind {
        ValueKind::Text => "'a text'",
        ValueKind::Number | ValueKind::Money => "65",
        ValueKind::Bool => "TRUE",
        ValueKind::Time => "DATE '2018-01-31'",
    }
    .to_owned()
}

pub(super) fn no_order(span: Range<usize>) -> Problem {
    let title = "yes and no have no order";
    Problem::new(TYPES, title, span).fix("compare with = TRUE or = FALSE")
}

/// The rule could end, and something follows.
pub(super) fn left_over(token: &Token<'_>, written: String) -> Problem {
    let (title, fix) = match &token.kind {
        Kind::Sign(")") => (
            "a bracket closes that was not opened".to_owned(),
            "leave it out, or open it with (",
        ),
        Kind::Sign(sign) => (
            format!("`{sign}` stands where the rule could end"),
            "join conditions with AND or OR",
        ),
        _ => (
            format!("`{written}` follows without an operator"),
            "join conditions with AND or OR; compare values with = <> < <= > >=",
        ),
    };
    Problem::new(SYNTAX, title, token.span.clone()).fix(fix)
}
