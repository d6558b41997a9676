//! Attributes of a fact as one JSON text: names in the pack's order, each value a tagged text.
//!
//! `{"amount":"m120050:EUR","status":"twon"}`: anything that reads JSON can read a segment, and
//! the tag (`t` text, `i` whole number, `n` decimal, `b` yes or no, `d` day, `a` instant, `m` money
//! in minor units) brings the value back exactly as it was.

use std::fmt::Write;

use handfast_model::fact::Attributes;
use handfast_model::{Currency, Day, Decimal, Instant, Money, Names, Sym, Value};

/// Appends a text as a JSON string.
pub(crate) fn push_json(to: &mut String, text: &str) {
    push_tagged(to, "", text);
}

/// The same with a few plain letters before the text.
fn push_tagged(to: &mut String, tag: &str, text: &str) {
    to.push('"');
    to.push_str(tag);
    if text.bytes().all(is_plain) {
        to.push_str(text);
    } else {
        for c in text.chars() {
            match c {
                '"' => to.push_str("\\\""),
                '\\' => to.push_str("\\\\"),
                '\n' => to.push_str("\\n"),
                '\r' => to.push_str("\\r"),
                '\t' => to.push_str("\\t"),
                c if c < ' ' => to.push_str(&format!("\\u{:04x}", c as u32)),
                c => to.push(c),
            }
        }
    }
    to.push('"');
}

fn is_plain(byte: u8) -> bool {
    byte >= b' ' && byte != b'"' && byte != b'\\'
}

/// Writes the JSON text of a fact's attributes.
pub(crate) fn write(attributes: &[(Sym, Value)], names: &Names, to: &mut String) {
    to.clear();
    to.push('{');
    for (at, (name, value)) in attributes.iter().enumerate() {
        if at > 0 {
            to.push(',');
        }
        push_json(to, names.text(*name));
        to.push(':');
        // Writing to a String cannot fail.
        let _ = match value {
            Value::Text(sym) => {
                push_tagged(to, "t", names.text(*sym));
                Ok(())
            }
            Value::Int(int) => write!(to, "\"i{int}\""),
            Value::Decimal(decimal) => {
                let Decimal { units, scale } = *decimal;
                write!(to, "\"n{units}e{scale}\"")
            }
            Value::Bool(yes) => to.write_str(if *yes { "\"b1\"" } else { "\"b0\"" }),
            Value::Day(day) => write!(to, "\"d{day}\""),
            Value::At(at) => write!(to, "\"a{at}\""),
            Value::Money(money) => write!(to, "\"m{}:{}\"", money.minor, money.currency),
        };
    }
    to.push('}');
}

/// Reads the JSON text back; `None` when it is not one that [`write`] makes.
pub(crate) fn read(text: &str, names: &mut Names) -> Option<Attributes> {
    let mut rest = text.strip_prefix('{')?;
    if rest == "}" {
        return Some([].into());
    }
    let mut attributes = Vec::with_capacity(8);
    loop {
        let (name, after) = text_of(rest)?;
        let (value, after) = text_of(after.strip_prefix(':')?)?;
        attributes.push((names.intern(&name), value_of(&value, names)?));
        rest = match after.strip_prefix(',') {
            Some(more) => more,
            None if after == "}" => return Some(attributes.into()),
            None => return None,
        };
    }
}

fn value_of(text: &str, names: &mut Names) -> Option<Value> {
    let tag = text.chars().next()?;
    let rest = text.get(tag.len_utf8()..)?;
    match tag {
        't' => Some(Value::Text(names.intern(rest))),
        'i' => rest.parse().ok().map(Value::Int),
        'n' => {
            let (units, scale) = rest.split_once('e')?;
            Some(Value::Decimal(Decimal {
                units: units.parse().ok()?,
                scale: scale.parse().ok()?,
            }))
        }
        'b' => Some(Value::Bool(rest == "1")),
        'd' => Day::parse(rest).map(Value::Day),
        'a' => Instant::parse(rest).map(Value::At),
        'm' => {
            let (minor, currency) = rest.split_once(':')?;
            Some(Value::Money(Money {
                minor: minor.parse().ok()?,
                currency: Currency::parse(currency)?,
            }))
        }
        _ => None,
    }
}

/// A JSON string at the start of `rest`, and what follows it. Most hold no escape and are borrowed.
pub(crate) fn text_of(rest: &str) -> Option<(std::borrow::Cow<'_, str>, &str)> {
    let inner = rest.strip_prefix('"')?;
    let plain = inner.bytes().position(|byte| !is_plain(byte))?;
    if inner.as_bytes().get(plain) == Some(&b'"') {
        return Some((inner.get(..plain)?.into(), inner.get(plain + 1..)?));
    }
    let mut text = inner.get(..plain)?.to_owned();
    let mut chars = inner.get(plain..)?.chars();
    loop {
        match chars.next()? {
            '"' => return Some((text.into(), chars.as_str())),
            '\\' => match chars.next()? {
                'n' => text.push('\n'),
                'r' => text.push('\r'),
                't' => text.push('\t'),
                'u' => {
                    let hex = chars.as_str().get(..4)?;
                    text.push(char::from_u32(u32::from_str_radix(hex, 16).ok()?)?);
                    chars.nth(3)?;
                }
                c => text.push(c),
            },
            c => text.push(c),
        }
    }
}

/// The name and text pairs of a flat JSON object of strings, in its order.
pub(crate) fn pairs(text: &str) -> Option<Vec<(String, String)>> {
    let mut rest = text.strip_prefix('{')?;
    let mut all = Vec::new();
    if rest == "}" {
        return Some(all);
    }
    loop {
        let (name, after) = text_of(rest)?;
        let (value, after) = text_of(after.strip_prefix(':')?)?;
        all.push((name.into_owned(), value.into_owned()));
        rest = match after.strip_prefix(',') {
            Some(more) => more,
            None if after == "}" => return Some(all),
            None => return None,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_comes_back_as_it_was() {
        let mut names = Names::default();
        let eur = Currency::parse("EUR").unwrap();
        let texts = ["", "won", "a\"b\\c", "line\nbreak\u{1}\t", "naïve 🙂", "e3"];
        let mut values: Vec<Value> = texts.map(|t| Value::Text(names.intern(t))).to_vec();
        values.extend([
            Value::Int(i64::MIN),
            Value::Decimal(Decimal {
                units: -1050,
                scale: 3,
            }),
            Value::Bool(true),
            Value::Bool(false),
            Value::Day(Day::parse("2018-02-28").unwrap()),
            Value::At(Instant(1_522_540_800_000_001)),
            Value::Money(Money {
                minor: -7,
                currency: eur,
            }),
        ]);
        let attributes: Vec<(Sym, Value)> = values
            .into_iter()
            .enumerate()
            .map(|(at, value)| (names.intern(&format!("n{at}\"")), value))
            .collect();
        let mut text = "of a fact before".to_owned();
        write(&attributes, &names, &mut text);
        assert_eq!(read(&text, &mut names).unwrap().as_ref(), attributes);
        let parsed: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(parsed["n2\""], "ta\"b\\c");
        assert_eq!(read("{}", &mut names).unwrap().len(), 0);
        for cut in (0..text.len()).filter(|&cut| text.is_char_boundary(cut)) {
            assert!(read(&text[..cut], &mut names).is_none(), "{cut}");
        }
    }
}
