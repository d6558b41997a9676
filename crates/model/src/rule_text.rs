//! The canonical text of a rule. Law: parsing it with the `charter` crate gives the same tree,
//! so two charters mean the same exactly when their rules print the same.
//!
//! It writes as few brackets as the grammar allows, and two kinds more that people read easier
//! with:
//! around AND inside OR, and around what NOT turns.

use std::fmt::{self, Display, Formatter, Write};

use crate::rules::{Expr, Literal, Operator};

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Expr::Literal(literal) => literal.fmt(f),
            Expr::Attribute(subject, name) => write!(f, "{}.{name}", subject.word()),
            Expr::Touches { kind, days } => touches(f, kind.as_deref(), *days),
            Expr::Not(inner) => {
                f.write_str("NOT ")?;
                within(f, inner, PRIMARY)
            }
            Expr::And(parts) => joined(f, parts, " AND ", NOT),
            Expr::Or(parts) => joined(f, parts, " OR ", NOT),
            Expr::Compare(comparison, left, right) => {
                within(f, left, SUM)?;
                write!(f, " {} ", comparison.sign())?;
                within(f, right, SUM)
            }
            Expr::In(..) | Expr::Between(..) | Expr::Like { .. } | Expr::IsNull(..) => {
                predicate(f, self)
            }
            Expr::Case(arms, otherwise) => case(f, arms, otherwise.as_deref()),
            Expr::Arithmetic(operator, left, right) => {
                let level = level(self);
                within(f, left, level)?;
                write!(f, " {} ", operator.sign())?;
                within(f, right, level + 1)
            }
            Expr::Call(function, arguments) => {
                write!(f, "{}(", function.word())?;
                listed(f, arguments)?;
                f.write_char(')')
            }
        }
    }
}

impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Literal::Null => f.write_str("NULL"),
            Literal::Text(text) => quoted(f, text),
            Literal::Number(number) => number.fmt(f),
            Literal::Bool(true) => f.write_str("TRUE"),
            Literal::Bool(false) => f.write_str("FALSE"),
            Literal::Day(day) => write!(f, "DATE '{day}'"),
            Literal::At(instant) => write!(f, "TIMESTAMP '{instant}'"),
        }
    }
}

// How tightly a text binds; an operand that binds less tightly than its place asks gets brackets.
const OR: u8 = 0;
const AND: u8 = 1;
const NOT: u8 = 2;
const COMPARISON: u8 = 3;
const SUM: u8 = 4;
const PRODUCT: u8 = 5;
const PRIMARY: u8 = 6;

fn level(expr: &Expr) -> u8 {
    match expr {
        Expr::Or(_) => OR,
        Expr::And(_) => AND,
        Expr::Not(_) => NOT,
        Expr::Compare(..)
        | Expr::In(..)
        | Expr::Between(..)
        | Expr::Like { .. }
        | Expr::IsNull(..) => COMPARISON,
        Expr::Arithmetic(Operator::Add | Operator::Subtract, ..) => SUM,
        Expr::Arithmetic(Operator::Multiply | Operator::Divide, ..) => PRODUCT,
        Expr::Literal(_)
        | Expr::Attribute(..)
        | Expr::Touches { .. }
        | Expr::Case(..)
        | Expr::Call(..) => PRIMARY,
    }
}

fn within(f: &mut Formatter<'_>, expr: &Expr, least: u8) -> fmt::Result {
    if level(expr) < least {
        write!(f, "({expr})")
    } else {
        expr.fmt(f)
    }
}

fn joined(f: &mut Formatter<'_>, parts: &[Expr], word: &str, least: u8) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            f.write_str(word)?;
        }
        within(f, part, least)?;
    }
    Ok(())
}

fn listed(f: &mut Formatter<'_>, parts: &[Expr]) -> fmt::Result {
    joined(f, parts, ", ", OR)
}

fn quoted(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    write!(f, "'{}'", text.replace('\'', "''"))
}

fn touches(f: &mut Formatter<'_>, kind: Option<&str>, days: Option<u32>) -> fmt::Result {
    f.write_str("touches(")?;
    if let Some(kind) = kind {
        quoted(f, kind)?;
    }
    if kind.is_some() && days.is_some() {
        f.write_str(", ")?;
    }
    if let Some(days) = days {
        write!(f, "{days} days")?;
    }
    f.write_char(')')
}

fn predicate(f: &mut Formatter<'_>, expr: &Expr) -> fmt::Result {
    let not = |is_negated: bool| if is_negated { "NOT " } else { "" };
    match expr {
        Expr::In(left, items, is_negated) => {
            within(f, left, SUM)?;
            write!(f, " {}IN (", not(*is_negated))?;
            listed(f, items)?;
            f.write_char(')')
        }
        Expr::Between(value, low, high, is_negated) => {
            within(f, value, SUM)?;
            write!(f, " {}BETWEEN ", not(*is_negated))?;
            within(f, low, SUM)?;
            f.write_str(" AND ")?;
            within(f, high, SUM)
        }
        Expr::Like {
            text,
            pattern,
            is_negated,
            ignores_case,
        } => {
            within(f, text, SUM)?;
            let word = if *ignores_case { "ILIKE" } else { "LIKE" };
            write!(f, " {}{word} ", not(*is_negated))?;
            quoted(f, pattern)
        }
        Expr::IsNull(value, is_negated) => {
            within(f, value, SUM)?;
            write!(f, " IS {}NULL", not(*is_negated))
        }
        _ => expr.fmt(f),
    }
}

fn case(f: &mut Formatter<'_>, arms: &[(Expr, Expr)], otherwise: Option<&Expr>) -> fmt::Result {
    f.write_str("CASE")?;
    for (when, then) in arms {
        write!(f, " WHEN {when} THEN {then}")?;
    }
    if let Some(otherwise) = otherwise {
        write!(f, " ELSE {otherwise}")?;
    }
    f.write_str(" END")
}
