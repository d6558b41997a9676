//! Reading TOML tables key by key. Whatever is unknown, of the wrong type, missing or out of range
//! becomes a refusal on the [`Desk`], and reading goes on, so that one reading reports everything.

use std::ops::{Range, RangeInclusive};

use handfast_model::Refusal;
use handfast_model::limits::CHARTER_FILE_BYTES;
use toml_edit::{Document, Item, TableLike, Value};

use crate::place::{Desk, Located, Span};
use crate::words::{either, nearest, shown};

/// The text is not TOML.
pub(crate) const NOT_TOML: &str = "E0101";
/// A key, table or file that this version does not read.
pub(crate) const UNKNOWN_KEY: &str = "E0102";
/// A value of another type.
pub(crate) const WRONG_TYPE: &str = "E0103";
/// A value that must be there.
pub(crate) const MISSING: &str = "E0104";
/// A value outside of what it may be.
pub(crate) const OUT_OF_RANGE: &str = "E0105";

/// A key of a file: its name, an example value as TOML, and what depends on it.
#[derive(Clone, Copy)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) example: &'static str,
    pub(crate) matters: &'static str,
}

impl Key {
    /// The key with its example, to paste.
    fn pasted(&self) -> String {
        match self.example.starts_with('[') && self.example.contains('\n') {
            true => self.example.to_owned(),
            false => format!("{} = {}", self.name, self.example),
        }
    }
}

/// A key in one line.
pub(crate) const fn key(name: &'static str, example: &'static str, matters: &'static str) -> Key {
    Key {
        name,
        example,
        matters,
    }
}

/// Parses one file; says where it stops being TOML.
pub(crate) fn document(desk: &mut Desk<'_>, file: usize) -> Option<Document<String>> {
    let source = desk.files.get(file)?;
    if source.text.len() > CHARTER_FILE_BYTES {
        let title = format!("a file of more than {CHARTER_FILE_BYTES} bytes");
        let refusal = Refusal::new(OUT_OF_RANGE, title)
            .matters("it is not read at all")
            .fix("take out what is not a definition");
        desk.refuse_file(&source.path, refusal);
        return None;
    }
    match Document::parse(source.text.clone()) {
        Ok(document) => Some(document),
        Err(error) => {
            let span = error.span().unwrap_or(0..0);
            let title = format!("this is not TOML: {}", error.message());
            let refusal = Refusal::new(NOT_TOML, title)
                .matters("nothing of this file can be read until it is mended")
                .fix(toml_remedy(&source.text, span.start, error.message()));
            desk.refuse(Span::new(file, span), refusal);
            None
        }
    }
}

/// What most likely mends a text that is not TOML.
fn toml_remedy(text: &str, at: usize, message: &str) -> String {
    if message.contains("duplicate key") {
        return "keep one of the two lines".to_owned();
    }
    let start = text
        .get(..at)
        .and_then(|t| t.rfind('\n'))
        .map_or(0, |n| n + 1);
    let line = text
        .get(start..)
        .and_then(|t| t.lines().next())
        .unwrap_or("");
    let bare = line
        .split_once('=')
        .map(|(key, value)| (key.trim(), value.trim()))
        .filter(|(_, value)| value.starts_with(char::is_alphabetic) && !value.contains('"'));
    match bare {
        Some((key, value)) => format!("{} = \"{}\"", shown(key), shown(value)),
        None => "key = \"text\", key = 12, key = true, key = [\"a\", \"b\"], or [table]".to_owned(),
    }
}

/// What may be called by name or counted.
pub(crate) enum NameOrNumber {
    /// `"Leads"`
    Name(String),
    /// `2`
    Number(i64),
}

/// A table being read. Keys that nobody asked for are refused by [`Fields::finish`].
pub(crate) struct Fields<'t> {
    table: &'t dyn TableLike,
    /// Where the table begins.
    pub(crate) span: Span,
    /// What it is, for messages: `a stage`.
    what: &'static str,
    asked: Vec<&'static str>,
}

impl<'t> Fields<'t> {
    /// The top level of a file.
    pub(crate) fn of_document(
        document: &'t Document<String>,
        file: usize,
        what: &'static str,
    ) -> Fields<'t> {
        let (table, span) = (document.as_table(), Span::new(file, 0..0));
        Fields {
            table,
            span,
            what,
            asked: Vec::new(),
        }
    }

    fn find(&mut self, key: &Key) -> Option<&'t Item> {
        self.asked.push(key.name);
        self.table.get(key.name).filter(|item| !item.is_none())
    }

    fn span_of(&self, name: &str, item: &Item) -> Span {
        let range: Range<usize> = item
            .span()
            .or_else(|| self.table.key(name)?.span())
            .unwrap_or(self.span.start..self.span.end);
        Span::new(self.span.file, range)
    }

    /// The value of a key, turned by `read`; a refusal when it is of another type.
    fn read<T>(
        &mut self,
        desk: &mut Desk<'_>,
        key: &Key,
        wanted: &str,
        read: impl FnOnce(&'t Item) -> Option<T>,
    ) -> Option<Located<T>> {
        let item = self.find(key)?;
        let span = self.span_of(key.name, item);
        match read(item) {
            Some(value) => Some(Located { value, span }),
            None => {
                desk.refuse(span, wrong_type(key, wanted, item));
                None
            }
        }
    }

    /// A text.
    pub(crate) fn text(&mut self, desk: &mut Desk<'_>, key: &Key) -> Option<Located<String>> {
        self.read(desk, key, "a text", |item| item.as_str().map(str::to_owned))
    }

    /// A text, or a whole number.
    pub(crate) fn name_or_number(
        &mut self,
        desk: &mut Desk<'_>,
        key: &Key,
    ) -> Option<Located<NameOrNumber>> {
        self.read(desk, key, "a text or a whole number", |item| {
            let name = item.as_str().map(str::to_owned).map(NameOrNumber::Name);
            name.or_else(|| item.as_integer().map(NameOrNumber::Number))
        })
    }

    /// A day, written as a text or as a TOML date.
    pub(crate) fn day(&mut self, desk: &mut Desk<'_>, key: &Key) -> Option<Located<String>> {
        self.read(desk, key, "a day", |item| {
            let date = item.as_datetime().map(|date| date.to_string());
            item.as_str().map(str::to_owned).or(date)
        })
    }

    /// True or false.
    pub(crate) fn flag(&mut self, desk: &mut Desk<'_>, key: &Key) -> Option<Located<bool>> {
        self.read(desk, key, "true or false", Item::as_bool)
    }

    /// A whole number within a range.
    pub(crate) fn whole(
        &mut self,
        desk: &mut Desk<'_>,
        key: &Key,
        range: RangeInclusive<i64>,
    ) -> Option<Located<i64>> {
        let number = self.read(desk, key, "a whole number", Item::as_integer)?;
        if range.contains(&number.value) {
            return Some(number);
        }
        let (from, until) = (range.start(), range.end());
        let title = format!(
            "`{}` is {}, where {from} to {until} is possible",
            key.name, number.value
        );
        let refusal = Refusal::new(OUT_OF_RANGE, title)
            .matters(key.matters)
            .fix(key.pasted());
        desk.refuse(number.span, refusal);
        None
    }

    /// One of a few words.
    pub(crate) fn word<T: Copy>(
        &mut self,
        desk: &mut Desk<'_>,
        key: &Key,
        words: &[(&'static str, T)],
    ) -> Option<Located<T>> {
        let text = self.read(desk, key, "a word", |item| item.as_str().map(str::to_owned))?;
        let found = words.iter().find(|(word, _)| *word == text.value);
        if let Some((_, value)) = found {
            let (value, span) = (*value, text.span);
            return Some(Located { value, span });
        }
        let known = || words.iter().map(|(word, _)| *word);
        let title = format!(
            "`{}` is `{}`, where {} is possible",
            key.name,
            shown(&text.value),
            either(known())
        );
        let meant = nearest(&text.value, known());
        let fix = match meant {
            Some(meant) => format!("{} = \"{meant}\"", key.name),
            None => key.pasted(),
        };
        let refusal = Refusal::new(OUT_OF_RANGE, title)
            .matters(key.matters)
            .fix(fix);
        desk.refuse(text.span, refusal);
        None
    }

    /// A list of texts.
    pub(crate) fn texts(&mut self, desk: &mut Desk<'_>, key: &Key) -> Option<Vec<Located<String>>> {
        let list = self.read(desk, key, "a list of texts", Item::as_array)?;
        let mut texts = Vec::new();
        for value in list.value {
            let span = value.span().map(|range| Span::new(self.span.file, range));
            let span = span.unwrap_or(list.span);
            match value.as_str() {
                Some(text) => texts.push(Located {
                    value: text.to_owned(),
                    span,
                }),
                None => {
                    let item = Item::Value(value.clone());
                    desk.refuse(span, wrong_type(key, "a list of texts", &item));
                }
            }
        }
        Some(texts)
    }

    /// A table under a key.
    pub(crate) fn table(
        &mut self,
        desk: &mut Desk<'_>,
        key: &Key,
        what: &'static str,
    ) -> Option<Fields<'t>> {
        let wanted = format!("a table, [{}]", key.name);
        let table = self.read(desk, key, &wanted, Item::as_table_like)?;
        Some(self.inner(table.value, table.span, what))
    }

    /// Tables in a list: `[[stage]]`, or inline ones.
    pub(crate) fn tables(
        &mut self,
        desk: &mut Desk<'_>,
        key: &Key,
        what: &'static str,
    ) -> Vec<Fields<'t>> {
        let Some(item) = self.find(key) else {
            return Vec::new();
        };
        let span = self.span_of(key.name, item);
        if let Some(tables) = item.as_array_of_tables() {
            let tables = tables.iter().map(|table| {
                let at = table.span().map(|range| Span::new(span.file, range));
                self.inner(table, at.unwrap_or(span), what)
            });
            return tables.collect();
        }
        let Some(list) = item.as_array() else {
            desk.refuse(span, wrong_type(key, "a list of tables", item));
            return Vec::new();
        };
        let mut tables = Vec::new();
        for value in list {
            let at = value.span().map(|range| Span::new(span.file, range));
            match value.as_inline_table() {
                Some(table) => tables.push(self.inner(table, at.unwrap_or(span), what)),
                None => {
                    let item = Item::Value(value.clone());
                    let refusal = wrong_type(key, "a list of tables", &item);
                    desk.refuse(at.unwrap_or(span), refusal);
                }
            }
        }
        tables
    }

    /// Every key of a table whose keys are names that people choose, in the order written.
    pub(crate) fn names(&self) -> Vec<(Located<String>, &'t Item)> {
        let mut names: Vec<_> = self
            .table
            .iter()
            .filter(|(_, item)| !item.is_none())
            .map(|(name, item)| {
                let span = self.table.key(name).and_then(|key| key.span());
                let span = span.map(|range| Span::new(self.span.file, range));
                let value = name.to_owned();
                let span = span.unwrap_or_else(|| self.span_of(name, item));
                (Located { value, span }, item)
            })
            .collect();
        names.sort_by_key(|(name, _)| name.span.start);
        names
    }

    /// The table under a name that a person chose.
    pub(crate) fn named(
        &self,
        item: &'t Item,
        span: Span,
        what: &'static str,
    ) -> Option<Fields<'t>> {
        Some(self.inner(item.as_table_like()?, span, what))
    }

    fn inner(&self, table: &'t dyn TableLike, span: Span, what: &'static str) -> Fields<'t> {
        Fields {
            table,
            span,
            what,
            asked: Vec::new(),
        }
    }

    /// Refuses when a key is not there at all. (One of the wrong type has been refused already.)
    pub(crate) fn need(&self, desk: &mut Desk<'_>, key: &Key) {
        if self.table.get(key.name).is_some_and(|item| !item.is_none()) {
            return;
        }
        let title = format!("{} has no `{}`", self.what, key.name);
        let refusal = Refusal::new(MISSING, title)
            .matters(key.matters)
            .fix(key.pasted());
        match desk
            .files
            .get(self.span.file)
            .filter(|_| self.span.end == 0)
        {
            Some(file) => desk.refuse_file(&file.path, refusal),
            None => desk.refuse(self.span, refusal),
        }
    }

    /// Refuses the keys that nobody asked for.
    pub(crate) fn finish(self, desk: &mut Desk<'_>) {
        for (name, _) in self.names() {
            if self.asked.contains(&name.value.as_str()) {
                continue;
            }
            let unread = self.asked.iter().copied();
            let unread = unread.filter(|known| !self.table.contains_key(known));
            let fix = match nearest(&name.value, unread) {
                Some(meant) => format!("write `{meant}`"),
                None => format!(
                    "leave it out; {} has {}",
                    self.what,
                    either(self.asked.iter().copied())
                ),
            };
            let title = format!("`{}` is not a key of {}", shown(&name.value), self.what);
            let refusal = Refusal::new(UNKNOWN_KEY, title)
                .matters("it would change nothing, and nobody would notice")
                .fix(fix);
            desk.refuse(name.span, refusal);
        }
    }
}

/// A value of the wrong type.
pub(crate) fn wrong_type(key: &Key, wanted: &str, item: &Item) -> Refusal {
    let title = format!(
        "`{}` is {}, where {wanted} is needed",
        key.name,
        called(item)
    );
    let fix = match (wanted, item.as_value()) {
        (
            "a text",
            Some(Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_)),
        ) => {
            let written = item.to_string();
            format!("{} = \"{}\"", key.name, written.trim())
        }
        ("true or false", Some(Value::String(text))) => {
            let is_yes = ["true", "yes", "on", "1"].contains(&text.value().to_lowercase().as_str());
            format!("{} = {is_yes}", key.name)
        }
        ("a whole number", Some(Value::String(text))) if text.value().parse::<i64>().is_ok() => {
            format!("{} = {}", key.name, text.value())
        }
        ("a list of texts", Some(Value::String(text))) => {
            format!("{} = [{:?}]", key.name, text.value())
        }
        _ => key.pasted(),
    };
    Refusal::new(WRONG_TYPE, title)
        .matters(key.matters)
        .fix(fix)
}

fn called(item: &Item) -> &'static str {
    match item {
        Item::None => "nothing",
        Item::Table(_) => "a table",
        Item::ArrayOfTables(_) => "a list of tables",
        Item::Value(value) => match value {
            Value::String(_) => "a text",
            Value::Integer(_) => "a whole number",
            Value::Float(_) => "a number with a point",
            Value::Boolean(_) => "true or false",
            Value::Datetime(_) => "a date",
            Value::Array(_) => "a list",
            Value::InlineTable(_) => "a table",
        },
    }
}

/// The place in a file of bytes of a text value, given the value as written with its quotes.
///
/// Escapes make the written text longer than the value; both are walked together.
pub(crate) fn within(written: &str, value: &str, at: usize) -> usize {
    let is_basic = written.starts_with('"');
    let is_long = written.starts_with("\"\"\"") || written.starts_with("'''");
    let mut rest = written.get(if is_long { 3 } else { 1 }..).unwrap_or("");
    if is_long {
        rest = rest
            .strip_prefix("\r\n")
            .or(rest.strip_prefix('\n'))
            .unwrap_or(rest);
    }
    for (offset, character) in value.char_indices() {
        rest = skip_joined_lines(rest, is_basic && is_long);
        if offset >= at {
            break;
        }
        let length = match rest.as_bytes() {
            [b'\\', b'x', ..] if is_basic => 4,
            [b'\\', b'u', ..] if is_basic => 6,
            [b'\\', b'U', ..] if is_basic => 10,
            [b'\\', ..] if is_basic => 2,
            [b'\r', b'\n', ..] if character == '\n' => 2,
            _ => character.len_utf8(),
        };
        rest = rest.get(length..).unwrap_or("");
    }
    written.len() - rest.len()
}

/// A backslash at a line's end joins it with the next line's first word.
fn skip_joined_lines(text: &str, is_possible: bool) -> &str {
    let joined = text.strip_prefix('\\').filter(|after| {
        is_possible
            && after
                .trim_start_matches([' ', '\t'])
                .starts_with(['\n', '\r'])
    });
    joined.map_or(text, |after| after.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_inside_a_value_are_found_through_escapes_and_joined_lines() {
        for written in [
            "\"a = 'x' AND HERE\"",
            "'a = 1 AND HERE'",
            "\"a = \\\"\\u00e9\\\" \\t AND HERE\"",
            "\"\"\"\na = 1\nAND HERE\"\"\"",
            "\"\"\"a = 'ü' \\\n   AND \\   \n\n  HERE \\\n \"\"\"",
            "'''\r\na = 1\r\nAND HERE'''",
            "\"HERE\"",
        ] {
            let text = format!("rule = {written}\n");
            let document = Document::parse(text.clone()).unwrap();
            let value = document.as_table().get("rule").unwrap();
            let (span, value) = (value.span().unwrap(), value.as_str().unwrap());
            let at = within(&text[span.clone()], value, value.find("HERE").unwrap());
            assert!(text[span.start + at..].starts_with("HERE"), "{written}");
        }
    }
}
