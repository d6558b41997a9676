//! Reading Rust text: which characters are code, which are comments, which are literals, and
//! which lines belong to tests. Not a parser; it needs to be right about our own formatted code.

/// A Rust file in three readings of the same length in lines.
pub struct RustFile {
    /// Path from the root, with `/`.
    pub path: String,
    /// As written.
    pub text: String,
    /// Comments and the inside of literals blanked.
    pub code: String,
    /// Only comments blanked.
    pub quoted: String,
    /// For each line, whether it belongs to tests.
    is_test: Vec<bool>,
}

/// A word of code with what stands around it.
pub struct Word<'a> {
    /// The identifier or keyword.
    pub text: &'a str,
    /// Where it starts in the code.
    pub at: usize,
    /// Its line, from 1.
    pub line: usize,
    /// The code before it, without trailing space.
    pub before: &'a str,
    /// The code after it, without leading space.
    pub after: &'a str,
}

impl RustFile {
    /// Reads a file.
    pub fn read(path: String, text: String) -> RustFile {
        let (code, quoted) = blank(&text);
        let is_test_file = path.contains("/tests/")
            || path.contains("/benches/")
            || path.ends_with("/tests.rs")
            || path.ends_with("_tests.rs");
        let mut is_test = vec![is_test_file; text.lines().count() + 1];
        for (at, _) in code.match_indices("#[cfg(test)]") {
            let from = line_of(&code, at);
            let until = item_end(&code, at).map_or(from, |end| line_of(&code, end));
            for line in is_test.iter_mut().take(until).skip(from - 1) {
                *line = true;
            }
        }
        RustFile {
            path,
            text,
            code,
            quoted,
            is_test,
        }
    }

    /// The crate's short name (`model` for `crates/model/src/…`).
    pub fn room(&self) -> &str {
        self.path.split('/').nth(1).unwrap_or("")
    }

    /// Whether a line (from 1) belongs to tests.
    pub fn is_test(&self, line: usize) -> bool {
        self.is_test.get(line - 1).copied().unwrap_or(false)
    }

    /// How many lines are not tests.
    pub fn lines_without_tests(&self) -> usize {
        let lines = self.text.lines().count();
        (1..=lines).filter(|line| !self.is_test(*line)).count()
    }

    /// The words of the code, in order.
    pub fn words(&self) -> Vec<Word<'_>> {
        words(&self.code)
    }

    /// Functions with a body: name, first line, last line.
    pub fn functions(&self) -> Vec<(&str, usize, usize)> {
        let mut functions = Vec::new();
        for word in self.words() {
            let name = match is_word_end(word.before, "fn") {
                true => word.text,
                false => continue,
            };
            let end = word.at + word.text.len();
            if let Some(last) = body_end(&self.code, end) {
                functions.push((name, word.line, line_of(&self.code, last)));
            }
        }
        functions
    }
}

/// The line (from 1) of a byte offset.
pub fn line_of(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or(text);
    before.bytes().filter(|b| *b == b'\n').count() + 1
}

/// Whether the text ends with this word.
pub fn is_word_end(text: &str, word: &str) -> bool {
    text.strip_suffix(word)
        .is_some_and(|rest| !rest.ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

fn words(code: &str) -> Vec<Word<'_>> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let (mut words, mut line, mut counted, mut at) = (Vec::new(), 1, 0, 0);
    while let Some(rest) = code.get(at..) {
        let Some(start) = rest.find(is_part) else {
            break;
        };
        let rest = rest.get(start..).unwrap_or("");
        let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        at += start;
        let lines = code.get(counted..at).unwrap_or("");
        line += lines.bytes().filter(|b| *b == b'\n').count();
        counted = at;
        words.push(Word {
            text: rest.get(..length).unwrap_or(""),
            at,
            line,
            before: code.get(..at).unwrap_or("").trim_end(),
            after: rest.get(length..).unwrap_or("").trim_start(),
        });
        at += length;
    }
    words
}

/// Where the item after an attribute ends: its closing brace, or its semicolon.
fn item_end(code: &str, at: usize) -> Option<usize> {
    let opens = at + code.get(at..)?.find(['{', ';'])?;
    match code.as_bytes().get(opens) {
        Some(b'{') => closing(code, opens),
        _ => Some(opens),
    }
}

/// Where a function's body ends; `None` for a declaration without one.
fn body_end(code: &str, at: usize) -> Option<usize> {
    let mut depth = 0_i32;
    for (offset, byte) in code.bytes().enumerate().skip(at) {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth -= 1,
            b';' if depth == 0 => return None,
            b'{' if depth == 0 => return closing(code, offset),
            _ => {}
        }
    }
    None
}

/// The brace that closes the one at `opens`.
fn closing(code: &str, opens: usize) -> Option<usize> {
    let mut depth = 0_i32;
    for (offset, byte) in code.bytes().enumerate().skip(opens) {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(offset);
        }
    }
    None
}

/// Blanks comments and the inside of literals (first), and comments only (second).
fn blank(text: &str) -> (String, String) {
    let (mut code, mut quoted) = (String::new(), String::new());
    let mut rest = text;
    while !rest.is_empty() {
        let (length, piece) = next_piece(rest, &code);
        let (now, later) = rest.split_at_checked(length).unwrap_or((rest, ""));
        match piece {
            Piece::Code => {
                code.push_str(now);
                quoted.push_str(now);
            }
            Piece::Comment => {
                push_blank(&mut code, now);
                push_blank(&mut quoted, now);
            }
            Piece::Literal => {
                push_blank(&mut code, now);
                quoted.push_str(now);
            }
        }
        rest = later;
    }
    (code, quoted)
}

/// Spaces for everything but line ends, one per byte, so that all readings share their offsets.
fn push_blank(into: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '\n' => into.push('\n'),
            _ => into.extend(std::iter::repeat_n(' ', c.len_utf8())),
        }
    }
}

enum Piece {
    Code,
    Comment,
    Literal,
}

/// The length in bytes of what comes next and what it is.
fn next_piece(rest: &str, before: &str) -> (usize, Piece) {
    if rest.starts_with("//") {
        return (rest.find('\n').unwrap_or(rest.len()), Piece::Comment);
    }
    if rest.starts_with("/*") {
        return (block_comment(rest), Piece::Comment);
    }
    let is_inside_word = before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
    let is_raw = rest.starts_with('r') || rest.starts_with("br");
    if let Some(length) = raw_string(rest).filter(|_| is_raw && !is_inside_word) {
        return (length, Piece::Literal);
    }
    if rest.starts_with('"') {
        return (until_quote(rest, '"'), Piece::Literal);
    }
    if let Some(inner) = rest.strip_prefix('\'') {
        let mut chars = inner.chars();
        let (first, second) = (chars.next(), chars.next());
        if first == Some('\\') || second == Some('\'') {
            return (until_quote(rest, '\''), Piece::Literal);
        }
    }
    (rest.chars().next().map_or(1, char::len_utf8), Piece::Code)
}

fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0_i32, 0);
    while let Some(tail) = rest.get(at..).filter(|tail| !tail.is_empty()) {
        let step = match () {
            () if tail.starts_with("/*") => {
                depth += 1;
                2
            }
            () if tail.starts_with("*/") => {
                depth -= 1;
                2
            }
            () => tail.chars().next().map_or(1, char::len_utf8),
        };
        at += step;
        if depth == 0 {
            break;
        }
    }
    at
}

fn raw_string(rest: &str) -> Option<usize> {
    let after = rest.trim_start_matches('b').strip_prefix('r')?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    let inner = after.get(hashes..)?.strip_prefix('"')?;
    let ends = format!("\"{}", "#".repeat(hashes));
    let length = inner.find(&ends)? + ends.len();
    Some(rest.len() - inner.len() + length)
}

/// The length of a literal that starts and ends with `quote` and escapes with a backslash.
fn until_quote(rest: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            c if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_told_from_code() {
        let text = "let a = \"x // no\"; // yes\nlet b = r#\"q\"uo\"#; /* a /* b */ c */ let c = 'x';\n\
                    fn f<'a>(x: &'a str) -> char { '\\'' }\n";
        let file = RustFile::read("crates/x/src/a.rs".into(), text.into());
        assert_eq!(file.code.len(), text.len());
        let words: Vec<&str> = file.words().iter().map(|word| word.text).collect();
        assert_eq!(words.join(" "), "let a let b let c fn f a x a str char");
        assert!(file.quoted.contains("x // no") && !file.quoted.contains("yes"));
        assert_eq!(file.functions(), [("f", 3, 3)]);
    }

    #[test]
    fn test_modules_do_not_count_as_length() {
        let text = "//! a\nfn a() {\n}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\n";
        let file = RustFile::read("crates/x/src/a.rs".into(), text.into());
        assert_eq!(file.lines_without_tests(), 3);
        assert!(file.is_test(6) && !file.is_test(3));
    }
}
