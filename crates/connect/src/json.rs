//! One JSON object as a row: its members by name, nested objects flattened with dots.
//!
//! Values are kept to the letter. A number stays the digits that were written (`10000.10`), an
//! array stays JSON text, nothing given and `null` are both empty. That is why this is not left to
//! a library that turns numbers into floats and lets the last of two equal keys win in silence.
//! Refuses to know lines and files; `jsonl` cuts objects out of those.

use std::collections::BTreeSet;

use handfast_model::limits::{JSON_DEPTH, NAME_BYTES};

pub(crate) const NOT_AN_OBJECT: &str = "no JSON object";
const BROKEN: &str = "text that is not JSON";
const TWICE: &str = "a key that stands twice in one object";
const DEEP: &str = "JSON nested deeper than 64";
const LONG_NAME: &str = "a key longer than 4 KiB";
const HALF: &str = "half of a surrogate pair, which is no character";
const AFTER: &str = "text after the end of the JSON object";

/// A member of an object: its name, `outer.inner` when nested, and its value as text.
pub(crate) type Cell = (String, String);

/// Reads a text that is one object into its members, in the order written.
pub(crate) fn read_object(text: &str, cells: &mut Vec<Cell>) -> Result<(), &'static str> {
    cells.clear();
    let mut scan = Scan { text, at: 0 };
    scan.blanks();
    if scan.peek() != Some(b'{') {
        return Err(NOT_AN_OBJECT);
    }
    scan.object("", 1, &mut Some(cells))?;
    scan.blanks();
    if scan.peek().is_some() {
        return Err(AFTER);
    }
    // `{"a": {"b": 1}, "a.b": 2}` gives one column twice.
    let mut names = BTreeSet::new();
    match cells.iter().all(|(name, _)| names.insert(name.as_str())) {
        true => Ok(()),
        false => Err(TWICE),
    }
}

/// The members of a text that is one object, each with its value as it is written; nothing is
/// flattened.
pub(crate) fn read_members(text: &str) -> Result<Vec<(String, &str)>, &'static str> {
    let mut scan = Scan { text, at: 0 };
    scan.blanks();
    if scan.peek() != Some(b'{') {
        return Err(NOT_AN_OBJECT);
    }
    scan.at += 1;
    let mut members: Vec<(String, &str)> = Vec::new();
    // A request may have tens of thousands of members: each is not looked for among all others.
    let mut names = BTreeSet::new();
    if !scan.is_next(b'}') {
        loop {
            scan.blanks();
            let name = scan.string()?;
            scan.need(b':')?;
            scan.blanks();
            let start = scan.at;
            scan.value(1)?;
            if !names.insert(name.clone()) {
                return Err(TWICE);
            }
            members.push((name, scan.since(start)));
            if scan.is_next(b'}') {
                break;
            }
            scan.need(b',')?;
        }
    }
    scan.blanks();
    match scan.peek() {
        None => Ok(members),
        Some(_) => Err(AFTER),
    }
}

/// The values of a text that is one array, each as it is written.
pub(crate) fn read_array(text: &str) -> Result<Vec<&str>, &'static str> {
    let mut scan = Scan { text, at: 0 };
    scan.need(b'[')?;
    let mut values = Vec::new();
    if scan.is_next(b']') {
        return Ok(values);
    }
    loop {
        scan.blanks();
        let start = scan.at;
        scan.value(1)?;
        values.push(scan.since(start));
        if scan.is_next(b']') {
            return Ok(values);
        }
        scan.need(b',')?;
    }
}

/// A position in a text.
struct Scan<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Scan<'t> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn is_next(&mut self, sign: u8) -> bool {
        self.blanks();
        let is_next = self.peek() == Some(sign);
        self.at += usize::from(is_next);
        is_next
    }

    fn need(&mut self, sign: u8) -> Result<(), &'static str> {
        match self.is_next(sign) {
            true => Ok(()),
            false => Err(BROKEN),
        }
    }

    fn since(&self, start: usize) -> &'t str {
        self.text.get(start..self.at).unwrap_or("")
    }

    /// An object; its members go to `cells`, if anybody wants them.
    fn object(
        &mut self,
        outer: &str,
        depth: usize,
        cells: &mut Option<&mut Vec<Cell>>,
    ) -> Result<(), &'static str> {
        if depth > JSON_DEPTH {
            return Err(DEEP);
        }
        self.need(b'{')?;
        if self.is_next(b'}') {
            return Ok(());
        }
        let mut keys = BTreeSet::new();
        loop {
            self.blanks();
            let key = self.string()?;
            self.need(b':')?;
            let name = match outer.is_empty() {
                true => key.clone(),
                false => format!("{outer}.{key}"),
            };
            if !keys.insert(key) {
                return Err(TWICE);
            }
            self.member(name, depth, cells)?;
            if self.is_next(b'}') {
                return Ok(());
            }
            self.need(b',')?;
        }
    }

    fn member(
        &mut self,
        name: String,
        depth: usize,
        cells: &mut Option<&mut Vec<Cell>>,
    ) -> Result<(), &'static str> {
        if name.len() > NAME_BYTES {
            return Err(LONG_NAME);
        }
        self.blanks();
        let start = self.at;
        let value = match self.peek() {
            Some(b'{') => return self.object(&name, depth + 1, cells),
            Some(b'"') => self.string()?,
            _ => {
                self.value(depth)?;
                match self.since(start) {
                    "null" => String::new(),
                    text => text.to_owned(),
                }
            }
        };
        if let Some(cells) = cells {
            cells.push((name, value));
        }
        Ok(())
    }

    /// Passes over any value.
    fn value(&mut self, depth: usize) -> Result<(), &'static str> {
        self.blanks();
        match self.peek() {
            Some(b'{') => self.object("", depth + 1, &mut None),
            Some(b'[') => self.array(depth + 1),
            Some(b'"') => self.string().map(drop),
            Some(b't') => self.word("true"),
            Some(b'f') => self.word("false"),
            Some(b'n') => self.word("null"),
            _ => self.number(),
        }
    }

    fn array(&mut self, depth: usize) -> Result<(), &'static str> {
        if depth > JSON_DEPTH {
            return Err(DEEP);
        }
        self.need(b'[')?;
        if self.is_next(b']') {
            return Ok(());
        }
        loop {
            self.value(depth)?;
            if self.is_next(b']') {
                return Ok(());
            }
            self.need(b',')?;
        }
    }

    fn word(&mut self, word: &str) -> Result<(), &'static str> {
        let is_there = self
            .text
            .get(self.at..)
            .is_some_and(|rest| rest.starts_with(word));
        self.at += word.len();
        match is_there {
            true => Ok(()),
            false => Err(BROKEN),
        }
    }

    /// `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`
    fn number(&mut self) -> Result<(), &'static str> {
        self.at += usize::from(self.peek() == Some(b'-'));
        let is_zero = self.peek() == Some(b'0');
        if self.digits() == 0 || (is_zero && self.text.as_bytes().get(self.at - 1) != Some(&b'0')) {
            return Err(BROKEN);
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return Err(BROKEN);
            }
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            if self.digits() == 0 {
                return Err(BROKEN);
            }
        }
        Ok(())
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at - start
    }

    fn string(&mut self) -> Result<String, &'static str> {
        if self.peek() != Some(b'"') {
            return Err(BROKEN);
        }
        self.at += 1;
        let mut text = String::new();
        loop {
            let start = self.at;
            while !matches!(self.peek(), None | Some(b'"' | b'\\' | 0..=0x1f)) {
                self.at += 1;
            }
            text.push_str(self.since(start));
            let sign = self.peek();
            self.at += 1;
            match sign {
                Some(b'"') => return Ok(text),
                Some(b'\\') => text.push(self.escape()?),
                _ => return Err(BROKEN),
            }
        }
    }

    fn escape(&mut self) -> Result<char, &'static str> {
        let sign = self.peek();
        self.at += 1;
        Ok(match sign {
            Some(sign @ (b'"' | b'\\' | b'/')) => char::from(sign),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let first = self.unit()?;
                if !(0xd800..0xdc00).contains(&first) {
                    return char::from_u32(first).ok_or(HALF);
                }
                if self.text.get(self.at..self.at + 2) != Some("\\u") {
                    return Err(HALF);
                }
                self.at += 2;
                let second = self.unit()?;
                let low = second
                    .checked_sub(0xdc00)
                    .filter(|low| *low < 0x400)
                    .ok_or(HALF)?;
                return char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + low).ok_or(HALF);
            }
            _ => return Err(BROKEN),
        })
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Result<u32, &'static str> {
        let digits = self.text.get(self.at..self.at + 4).ok_or(BROKEN)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(BROKEN);
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).map_err(|_| BROKEN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let mut cells = Vec::new();
        match read_object(text, &mut cells) {
            Ok(()) => {
                let cells = cells.iter().map(|(name, value)| format!("{name}={value}"));
                cells.collect::<Vec<_>>().join("|")
            }
            Err(reason) => format!("! {reason}"),
        }
    }

    #[test]
    fn values_are_kept_to_the_letter() {
        for (text, expected) in [
            (
                r#"{"a":10000.10,"b":-0,"c":1E400}"#,
                "a=10000.10|b=-0|c=1E400",
            ),
            (r#"{"a":9007199254740993}"#, "a=9007199254740993"),
            (
                r#" {"a" : "x" , "b":null, "c":true,"d":""} "#,
                "a=x|b=|c=true|d=",
            ),
            (r#"{"a":{"b":1,"c":{"d":"e"}},"f":{}}"#, "a.b=1|a.c.d=e"),
            (
                r#"{"a":[1, {"b": "]"}],"c":[]}"#,
                r#"a=[1, {"b": "]"}]|c=[]"#,
            ),
            (r#"{"a":"\u00e9\ud83d\ude00\n\/"}"#, "a=é😀\n/"),
            (r#"{"":1}"#, "=1"),
            ("{}", ""),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_not_one_object_says_why() {
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(64), "]".repeat(64));
        for (text, expected) in [
            (r#"{"a":1,"a":2}"#, TWICE),
            (r#"{"a":{"b":1},"a.b":2}"#, TWICE),
            (r#"{"a":[{"b":1,"b":2}]}"#, TWICE),
            (r#"{"a":"\ud83d"}"#, HALF),
            (r#"{"a":"\udc00x"}"#, HALF),
            (r#"{"a":01}"#, BROKEN),
            (r#"{"a":.5}"#, BROKEN),
            (r#"{"a":NaN}"#, BROKEN),
            (r#"{"a":1,}"#, BROKEN),
            (r#"{"a":'x'}"#, BROKEN),
            ("{\"a\":\"x\ny\"}", BROKEN),
            (r#"{"a":1"#, BROKEN),
            (r#"{"a":1} {"a":2}"#, AFTER),
            ("[1]", NOT_AN_OBJECT),
            ("17", NOT_AN_OBJECT),
            (&deep, DEEP),
        ] {
            assert_eq!(read(text), format!("! {expected}"), "{text}");
        }
    }
}
