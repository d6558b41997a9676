//! The lines of a SELECT, and how they stand as text.

use std::collections::BTreeSet;

use super::quoted;
use crate::lookups::LookUp;

/// What a column of a SELECT holds, as a charter declares it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Says {
    /// Words.
    Text,
    /// Numbers.
    Number,
    /// Yes or no.
    Bool,
    /// Days and times.
    Time,
    /// Amounts.
    Money,
}

impl Says {
    /// The word in a charter.
    pub fn word(self) -> &'static str {
        match self {
            Says::Text => "text",
            Says::Number => "number",
            Says::Bool => "bool",
            Says::Time => "time",
            Says::Money => "money",
        }
    }

    /// By the functions that read the values.
    pub(crate) fn of(expression: &str) -> Says {
        let calls = |names: &[&str]| names.iter().any(|name| expression.contains(name));
        match expression {
            _ if calls(&["as_money(", "as_micros("]) => Says::Money,
            _ if calls(&["as_date(", "as_time("]) => Says::Time,
            _ if calls(&["as_int(", "as_decimal("]) => Says::Number,
            _ if calls(&["as_bool("]) => Says::Bool,
            _ => Says::Text,
        }
    }
}

/// The lines of a SELECT: an expression, its name, and why.
#[derive(Default)]
pub(super) struct Lines {
    own: Vec<(String, String, String)>,
    /// Columns of the driving stream, which its expressions name bare.
    columns: BTreeSet<String>,
    joins: Vec<(LookUp, Vec<(String, String)>)>,
}

impl Lines {
    pub(super) fn new() -> Lines {
        Lines::default()
    }

    pub(super) fn add(
        &mut self,
        expression: impl Into<String>,
        name: &str,
        why: impl Into<String>,
    ) {
        if !self.has(name) {
            let line = (expression.into(), name.to_owned(), why.into());
            self.own.push(line);
        }
    }

    /// Looks rows up in a table, for what it lends under names that are free.
    pub(super) fn look_up(&mut self, columns: BTreeSet<String>, table: &LookUp, lent: Lent) {
        let free = lent.iter().filter(|(_, name)| !self.has(name));
        let free: Vec<(String, String)> = free.cloned().collect();
        if !free.is_empty() {
            self.columns = columns;
            self.joins.push((table.clone(), free));
        }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        let lent = self.joins.iter().flat_map(|(_, lent)| lent);
        let mut names = self.own.iter().map(|(_, name, _)| name);
        names.any(|known| known == name) || lent.into_iter().any(|(_, known)| known == name)
    }

    /// Whether a column stands there as it is.
    pub(super) fn shows(&self, quoted: &str) -> bool {
        self.own.iter().any(|(expression, ..)| expression == quoted)
    }

    /// Whether nothing says when.
    pub(super) fn is_undated(&self) -> bool {
        self.own.first().is_some_and(|(first, ..)| first == "NULL")
    }

    /// What its columns hold.
    pub(super) fn says(&self) -> Vec<(String, Says)> {
        let own = self
            .own
            .iter()
            .map(|(sql, name, _)| (name.clone(), Says::of(sql)));
        let lent = self.joins.iter().flat_map(|(_, lent)| lent);
        own.chain(lent.map(|(sql, name)| (name.clone(), Says::of(sql))))
            .collect()
    }

    pub(super) fn sql(&self, about: &str, stream: &str, filter: Option<&str>) -> String {
        let here = |expression: &str| match self.joins.is_empty() {
            true => expression.to_owned(),
            false => qualified(expression, stream, &|name| self.columns.contains(name)),
        };
        let record = match self.joins.is_empty() {
            true => "_record".to_owned(),
            false => format!("{}._record", quoted(stream)),
        };
        let mut text = format!("-- {about}\nSELECT\n  {record}");
        let mut why_before = String::new();
        let mut line = |expression: &str, name: &str, why: &str| {
            text.push_str(&format!(",{why_before}\n  {expression} AS {}", alias(name)));
            why_before = match why.is_empty() {
                true => String::new(),
                false => format!("  -- {}", one_line(why)),
            };
        };
        for (expression, name, why) in &self.own {
            line(&here(expression), name, why);
        }
        for (table, lent) in &self.joins {
            for (expression, name) in lent {
                let there = qualified(expression, &table.stream, &|_| true);
                line(&there, name, &format!("as `{}` says", table.stream));
            }
        }
        text.push_str(&why_before);
        text.push_str(&format!("\nFROM {}", quoted(stream)));
        for (table, _) in &self.joins {
            let (other, key) = (quoted(&table.stream), quoted(&table.key));
            let by = format!("{}.{}", quoted(stream), quoted(&table.by));
            text.push_str(&format!("\nLEFT JOIN {other} ON {other}.{key} = {by}"));
        }
        if let Some(filter) = filter {
            text.push_str(&format!("\nWHERE {}", here(filter)));
        }
        text.push('\n');
        text
    }
}

/// What a table lends: expressions over its own columns, each with the name of an attribute.
type Lent<'a> = &'a [(String, String)];

/// An expression with its columns said to be of a stream. Columns stand in double quotes, as
/// `quoted` writes them; texts and remarks are left alone.
fn qualified(expression: &str, stream: &str, is_own: &dyn Fn(&str) -> bool) -> String {
    let mut text = String::new();
    let mut rest = expression;
    while let Some(at) = rest.find(['"', '\'', '-']) {
        let (before, from) = rest.split_at(at);
        text.push_str(before);
        let length = match from.as_bytes() {
            [b'-', b'-', ..] => from.find('\n').unwrap_or(from.len()),
            [b'-', ..] => 1,
            _ => quoted_length(from),
        };
        let (token, after) = from.split_at(length);
        let name = token.strip_prefix('"').and_then(|t| t.strip_suffix('"'));
        if name.is_some_and(|name| is_own(&name.replace("\"\"", "\""))) {
            text.push_str(&format!("{}.", quoted(stream)));
        }
        text.push_str(token);
        rest = after;
    }
    text.push_str(rest);
    text
}

/// How long a quoted token is, a doubled quote within it being one.
fn quoted_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let quote = bytes.first().copied();
    let mut at = 1;
    while at < bytes.len() {
        if bytes.get(at).copied() == quote {
            if bytes.get(at + 1).copied() != quote {
                return at + 1;
            }
            at += 1;
        }
        at += 1;
    }
    bytes.len()
}

/// A reason stays on its line: a column's name may hold a line end.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn alias(name: &str) -> String {
    let is_plain = name
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    match is_plain && !RESERVED.contains(&name) {
        true => name.to_owned(),
        false => quoted(name),
    }
}

/// Words that end an expression in SQL, and so need quotes to be names.
const RESERVED: [&str; 24] = [
    "select", "from", "where", "left", "outer", "join", "on", "as", "and", "or", "not", "is", "in",
    "between", "like", "ilike", "case", "when", "then", "else", "end", "inner", "union", "order",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_said_to_be_of_a_stream_and_texts_are_left_alone() {
        for (expression, expected) in [
            ("as_int(\"a b\")", "as_int(\"t\".\"a b\")"),
            ("\"a\" = 'say \"a\"'", "\"t\".\"a\" = 'say \"a\"'"),
            ("'it''s' || \"q\"\"x\"", "'it''s' || \"t\".\"q\"\"x\""),
            (
                "\"a\"\n  -- not \"a\"\n OR \"b\"",
                "\"t\".\"a\"\n  -- not \"a\"\n OR \"b\"",
            ),
            ("\"a\" - 1", "\"t\".\"a\" - 1"),
        ] {
            assert_eq!(qualified(expression, "t", &|name| name != "b"), expected);
        }
    }
}
