//! How a parsed value, or the reason why there is none, travels through SQL inside a text.
//!
//! Every column of a pack's SELECT is a text, so that `coalesce`, `CASE` and joins work on all of
//! them alike. A value starts with U+0002, a tag and a colon, then its canonical form; an issue is
//! U+0001, `!`, the reason, U+0001 and an excerpt. Input files cannot hold these characters: rows
//! that do are set aside before they get here.

use std::fmt::Write;

use super::Reason;
use crate::money::{Currency, Decimal, Money};
use crate::time::{Day, Instant};

/// Starts an issue.
pub const ISSUE_MARK: char = '\u{1}';
/// Starts a typed value.
pub const VALUE_MARK: char = '\u{2}';
/// Longest excerpt in an issue, in characters.
const EXCERPT_CHARACTERS: usize = 40;

/// What a text of a mapped column carries.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Carried<'a> {
    /// A plain text.
    Text(&'a str),
    /// A whole number.
    Int(i64),
    /// An exact decimal number.
    Decimal(Decimal),
    /// Yes or no.
    Bool(bool),
    /// A day.
    Day(Day),
    /// An instant.
    At(Instant),
    /// An amount of money.
    Money(Money),
    /// No value, and why: the row is set aside.
    Issue {
        /// Why.
        reason: &'a str,
        /// The beginning of the text that could not be read.
        excerpt: &'a str,
    },
}

/// Appends the text form of a value.
pub fn encode(value: &Carried<'_>, out: &mut String) {
    // Writing to a String cannot fail.
    let _ = match value {
        Carried::Text(text) => out.write_str(text),
        Carried::Int(int) => write!(out, "\u{2}i:{int}"),
        Carried::Decimal(decimal) => write!(out, "\u{2}n:{decimal}"),
        Carried::Bool(yes) => write!(out, "\u{2}b:{}", if *yes { "true" } else { "false" }),
        Carried::Day(day) => {
            out.push_str("\u{2}d:");
            super::clock::write_day(*day, out);
            Ok(())
        }
        Carried::At(at) => {
            out.push_str("\u{2}t:");
            super::clock::write_instant(*at, out);
            Ok(())
        }
        Carried::Money(money) => write!(out, "\u{2}m:{}:{}", money.minor, money.currency),
        Carried::Issue { reason, excerpt } => {
            encode_issue(reason, excerpt, out);
            Ok(())
        }
    };
}

/// Appends the text form of an issue; the excerpt is cut to a glance.
pub fn encode_issue(reason: &str, excerpt: &str, out: &mut String) {
    out.push_str("\u{1}!");
    out.push_str(reason);
    out.push(ISSUE_MARK);
    let glance = excerpt.chars().filter(|c| !c.is_control());
    out.extend(glance.take(EXCERPT_CHARACTERS));
}

/// What a text carries. A broken carrier can only come from a literal in a pack and is an issue.
pub fn decode(text: &str) -> Carried<'_> {
    const BROKEN: Reason = "a text that looks like a value but is none";
    match text.as_bytes().first() {
        Some(1) => decode_issue(text),
        Some(2) => decode_value(text).unwrap_or(Carried::Issue {
            reason: BROKEN,
            excerpt: "",
        }),
        _ => Carried::Text(text),
    }
}

fn decode_issue(text: &str) -> Carried<'_> {
    let inner = text.get(2..).unwrap_or("");
    let (reason, excerpt) = inner.split_once(ISSUE_MARK).unwrap_or((inner, ""));
    Carried::Issue { reason, excerpt }
}

fn decode_value(text: &str) -> Option<Carried<'_>> {
    let body = text.get(3..)?;
    match text.as_bytes().get(1..3)? {
        b"i:" => body.parse().ok().map(Carried::Int),
        b"n:" => Decimal::parse(body).map(Carried::Decimal),
        b"b:" => body.parse().ok().map(Carried::Bool),
        b"d:" => super::clock::canonical_day(body).map(Carried::Day),
        b"t:" => super::clock::canonical_instant(body).map(Carried::At),
        b"m:" => {
            let (minor, code) = body.split_once(':')?;
            Some(Carried::Money(Money {
                minor: minor.parse().ok()?,
                currency: Currency::parse(code)?,
            }))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_decoded() {
        let eur = Currency::parse("EUR").unwrap();
        let values = [
            Carried::Text("plain"),
            Carried::Int(i64::MIN),
            Carried::Decimal(Decimal::parse("-0.2440").unwrap()),
            Carried::Bool(false),
            Carried::Day(Day::parse("2018-01-31").unwrap()),
            Carried::Day(Day(-719_162)),
            Carried::At(Instant::parse("2018-01-31T23:59:59.000001Z").unwrap()),
            Carried::At(Instant(-1)),
            Carried::Money(Money {
                minor: -5,
                currency: eur,
            }),
            Carried::Issue {
                reason: "not a date",
                excerpt: "31.31.2018",
            },
        ];
        for value in values {
            let mut text = String::new();
            encode(&value, &mut text);
            assert_eq!(decode(&text), value, "{text:?}");
        }
        for broken in ["\u{2}", "\u{2}i:", "\u{2}q:1", "\u{2}m:5", "\u{2}é"] {
            assert!(
                matches!(decode(broken), Carried::Issue { .. }),
                "{broken:?}"
            );
        }
    }
}
