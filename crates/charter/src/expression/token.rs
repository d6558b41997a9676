//! Rule texts to tokens. Signs that rules do not have are refused here, each with what to write.

use std::ops::Range;

use super::{LIMIT, NOT_IN_RULES, Problem, SYNTAX};
use crate::words::shown;

/// A token and the bytes it stands on.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Token<'t> {
    pub(super) kind: Kind<'t>,
    pub(super) span: Range<usize>,
}

/// What a token is.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Kind<'t> {
    /// A name or keyword.
    Word(&'t str),
    /// A quoted text, its quotes taken off.
    Text(String),
    /// Digits, perhaps with a point.
    Number(&'t str),
    /// An operator or bracket.
    Sign(&'static str),
    /// The end of the rule.
    End,
}

/// Cuts a rule into tokens, the last one always `End`, and says which signs are strange to rules.
pub(super) fn tokens(text: &str) -> (Vec<Token<'_>>, Vec<Problem>) {
    let mut cursor = Cursor { text, at: 0 };
    let (mut tokens, mut strange) = (Vec::new(), Vec::new());
    loop {
        cursor.skip_blanks();
        let start = cursor.at;
        match cursor.token() {
            Ok(kind) => {
                let is_end = kind == Kind::End;
                let span = start..cursor.at;
                tokens.push(Token { kind, span });
                if is_end {
                    return (tokens, strange);
                }
            }
            Err(problem) => {
                cursor.pass(start, &problem.span);
                strange.push(problem);
            }
        }
    }
}

struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

/// Longer signs first.
const SIGNS: [&str; 13] = [
    "<>", "<=", ">=", "=", "<", ">", "+", "-", "*", "/", "(", ")", ",",
];

/// Signs of other languages: what they are, and what to write.
const FOREIGN: [(&str, &str, &str); 25] = [
    (
        "--",
        "a comment",
        "say why in `means`, or in a `#` line of the TOML file",
    ),
    (
        "/*",
        "a comment",
        "say why in `means`, or in a `#` line of the TOML file",
    ),
    (
        "#",
        "a comment",
        "say why in `means`, or in a `#` line of the TOML file",
    ),
    (
        "//",
        "a comment",
        "say why in `means`, or in a `#` line of the TOML file",
    ),
    (
        "::",
        "a cast",
        "leave it out: declared attributes already have a type",
    ),
    ("==", "not a comparison of SQL", "="),
    (
        "||",
        "not an operator of rules",
        "OR between conditions, concat(a, b) for texts",
    ),
    ("&&", "not an operator of rules", "AND"),
    ("!", "not an operator of rules", "NOT"),
    (
        "%",
        "not an operator of rules",
        "a share is written as a number: 0.65",
    ),
    (
        ";",
        "the end of a statement",
        "leave it out: a rule is one condition",
    ),
    ("[", "not part of rules", "a list is written IN ('a', 'b')"),
    ("]", "not part of rules", "a list is written IN ('a', 'b')"),
    ("{", "not part of rules", "round brackets group: ( … )"),
    ("}", "not part of rules", "round brackets group: ( … )"),
    (
        "`",
        "a quoted name",
        "texts stand in single quotes: 'x'; names stand bare: person.x",
    ),
    (
        "‘",
        "a curly quote",
        "texts stand in straight single quotes: 'x'",
    ),
    (
        "’",
        "a curly quote",
        "texts stand in straight single quotes: 'x'",
    ),
    (
        "“",
        "a curly quote",
        "texts stand in straight single quotes: 'x'",
    ),
    (
        "”",
        "a curly quote",
        "texts stand in straight single quotes: 'x'",
    ),
    ("$", "a parameter", "write the value itself"),
    ("?", "a parameter", "write the value itself"),
    ("≥", "not a comparison of SQL", ">="),
    ("≤", "not a comparison of SQL", "<="),
    ("≠", "not a comparison of SQL", "<>"),
];

impl<'t> Cursor<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// Goes on behind a strange sign; behind a comment, on the next line.
    fn pass(&mut self, start: usize, span: &Range<usize>) {
        self.at = span.end.max(self.at);
        let is_comment = |sign: &&str| self.text.get(start..).is_some_and(|t| t.starts_with(*sign));
        if ["--", "//", "#"].iter().any(is_comment) {
            self.take(|c| c != '\n');
        } else if is_comment(&"/*") {
            let end = self
                .rest()
                .find("*/")
                .map_or(self.rest().len(), |end| end + 2);
            self.at += end;
        }
    }

    fn take(&mut self, is_part: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or("")
    }

    fn token(&mut self) -> Result<Kind<'t>, Problem> {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else {
            return Ok(Kind::End);
        };
        if first == '\'' {
            return self.quoted();
        }
        let is_number = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
        if is_number(rest) || rest.strip_prefix('.').is_some_and(is_number) {
            return self.number();
        }
        if first.is_alphabetic() || first == '_' {
            return Ok(Kind::Word(self.take(|c| c.is_alphanumeric() || c == '_')));
        }
        if first == '.' {
            self.at += 1;
            return Ok(Kind::Sign("."));
        }
        self.sign(rest, first)
    }

    fn sign(&mut self, rest: &'t str, first: char) -> Result<Kind<'t>, Problem> {
        if rest.starts_with("!=") {
            self.at += 2;
            return Ok(Kind::Sign("<>"));
        }
        if first == '"' {
            return Err(self.double_quoted(rest));
        }
        let foreign = FOREIGN.iter().find(|(sign, ..)| rest.starts_with(sign));
        if let Some((sign, what, instead)) = foreign {
            let span = self.at..self.at + sign.len();
            let title = format!("`{sign}` is {what}");
            return Err(Problem::new(NOT_IN_RULES, title, span).fix(*instead));
        }
        match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            Some(sign) => {
                self.at += sign.len();
                Ok(Kind::Sign(sign))
            }
            None => {
                let span = self.at..self.at + first.len_utf8();
                let title = format!("`{}` has no meaning in a rule", first.escape_debug());
                Err(Problem::new(SYNTAX, title, span).fix("leave it out"))
            }
        }
    }

    /// `"cpc"`: a name to SQL, and nearly always meant as a text.
    fn double_quoted(&self, rest: &str) -> Problem {
        let inner = rest.get(1..).and_then(|rest| rest.split_once('"'));
        let length = inner.map_or(1, |(inner, _)| inner.len() + 2);
        let fix = match inner {
            Some((inner, _)) => format!("'{}'", shown(inner).replace('\'', "''")),
            None => "texts stand in single quotes: 'x'".to_owned(),
        };
        let written = shown(rest.get(..length).unwrap_or(""));
        let title = format!("`{written}` is a quoted name; texts stand in single quotes");
        Problem::new(NOT_IN_RULES, title, self.at..self.at + length).fix(fix)
    }

    /// `'it''s'`: a quote inside is written twice.
    fn quoted(&mut self) -> Result<Kind<'t>, Problem> {
        let start = self.at;
        self.at += 1;
        let mut value = String::new();
        loop {
            value.push_str(self.take(|c| c != '\''));
            match self.rest().get(..2) {
                Some("''") => {
                    value.push('\'');
                    self.at += 2;
                }
                _ if self.rest().is_empty() => {
                    let title = "a quoted text does not end";
                    return Err(Problem::new(SYNTAX, title, start..start + 1)
                        .fix("close it with ' ; a quote inside a text is written twice: 'it''s'"));
                }
                _ => {
                    self.at += 1;
                    return Ok(Kind::Text(value));
                }
            }
        }
    }

    fn number(&mut self) -> Result<Kind<'t>, Problem> {
        let start = self.at;
        let all = self.take(|c| c.is_alphanumeric() || c == '.' || c == '_');
        let digits = all.bytes().filter(u8::is_ascii_digit).count();
        let is_plain = all.bytes().all(|b| b.is_ascii_digit() || b == b'.')
            && all.bytes().filter(|b| *b == b'.').count() <= 1;
        let span = start..self.at;
        if !is_plain {
            let title = format!("`{}` is not a plain number", shown(all));
            let fix = "digits with at most one point: 1000000 or 12.5";
            return Err(Problem::new(SYNTAX, title, span).fix(fix));
        }
        if digits > 30 {
            let title = "a number of more than 30 digits";
            return Err(Problem::new(LIMIT, title, span).fix("write it with at most 30 digits"));
        }
        Ok(Kind::Number(all))
    }
}
