//! Places in texts: byte spans in, lines, columns and excerpts out; and the desk on which all
//! refusals of one reading are gathered.

use std::ops::Range;

use handfast_model::{Place, Refusal};

/// A text and the name under which the person who wrote it knows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TextFile {
    /// Its path as shown in messages (`charter/stages.toml`).
    pub path: String,
    /// What it says.
    pub text: String,
}

impl TextFile {
    /// The last part of the path.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit(['/', '\\']).next().unwrap_or(&self.path)
    }
}

/// Bytes `[start, end)` of one of the files being read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Span {
    pub(crate) file: usize,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Span {
    pub(crate) fn new(file: usize, range: Range<usize>) -> Span {
        let (start, end) = (range.start, range.end);
        Span { file, start, end }
    }
}

/// A value and where it was written.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Located<T> {
    pub(crate) value: T,
    pub(crate) span: Span,
}

/// The files of one reading, and everything that is wrong with them.
pub(crate) struct Desk<'a> {
    pub(crate) files: &'a [TextFile],
    pub(crate) refusals: Vec<Refusal>,
}

impl<'a> Desk<'a> {
    pub(crate) fn new(files: &'a [TextFile]) -> Desk<'a> {
        let refusals = Vec::new();
        Desk { files, refusals }
    }

    /// Adds a refusal at a place.
    pub(crate) fn refuse(&mut self, span: Span, refusal: Refusal) {
        let refusal = match self.files.get(span.file) {
            Some(file) => refusal.at(place(&file.path, &file.text, span.start..span.end)),
            None => refusal,
        };
        self.refusals.push(refusal);
    }

    /// Adds a refusal of a whole file, or of one that is missing.
    pub(crate) fn refuse_file(&mut self, path: &str, refusal: Refusal) {
        self.refusals.push(refusal.at(whole_file(path)));
    }

    /// The path of a file that is not there, beside those that are.
    pub(crate) fn beside(&self, name: &str) -> String {
        let folder = self
            .files
            .first()
            .map_or("", |file| file.path.strip_suffix(file.name()).unwrap_or(""));
        format!("{folder}{name}")
    }

    /// `stages.toml:12`, for a message at another place.
    pub(crate) fn line_of(&self, span: Span) -> String {
        let file = self.files.get(span.file);
        file.map_or_else(String::new, |file| {
            let place = place(&file.path, &file.text, span.start..span.end);
            format!("{}:{}", file.name(), place.line)
        })
    }

    /// Whether the file of this name was refused for not being TOML: nothing is known of it.
    pub(crate) fn is_unreadable(&self, name: &str) -> bool {
        let file = self.files.iter().find(|file| file.name() == name);
        self.refusals.iter().any(|refusal| {
            let place = refusal.place.as_ref().map(|place| &place.file);
            refusal.code == crate::fields::NOT_TOML && place == file.map(|file| &file.path)
        })
    }

    /// The text that a span covers.
    pub(crate) fn text(&self, span: Span) -> &'a str {
        let text = self.files.get(span.file).map_or("", |file| &file.text);
        text.get(span.start..span.end).unwrap_or("")
    }

    /// All refusals, in reading order: by file, then by place.
    pub(crate) fn finish<T>(mut self, value: Option<T>) -> Result<T, Vec<Refusal>> {
        let files = self.files;
        self.refusals.sort_by_key(|refusal| {
            let place = refusal.place.as_ref();
            let file = place.and_then(|p| files.iter().position(|f| f.path == p.file));
            (file, place.map_or((0, 0), |p| (p.line, p.column)))
        });
        match value {
            Some(value) if self.refusals.is_empty() => Ok(value),
            _ => Err(self.refusals),
        }
    }
}

/// A whole file.
pub(crate) fn whole_file(path: &str) -> Place {
    Place {
        file: path.to_owned(),
        line: 0,
        column: 0,
        width: 0,
        excerpt: String::new(),
    }
}

/// The line and column of a span. Columns count characters from 1; a span over several lines is
/// shown on its first. A line of more than 160 characters is shown as a window around the span,
/// and the column counts in that window, so that the mark stands under what is meant.
pub(crate) fn place(file: &str, text: &str, span: Range<usize>) -> Place {
    let start = floor_boundary(text, span.start);
    let end = floor_boundary(text, span.end).max(start);
    let line_start = text
        .get(..start)
        .and_then(|t| t.rfind('\n'))
        .map_or(0, |at| at + 1);
    let rest = text.get(line_start..).unwrap_or("");
    let line = rest.lines().next().unwrap_or("");
    let number = text.get(..line_start).unwrap_or("").matches('\n').count() + 1;
    let before = text.get(line_start..start).unwrap_or("").chars().count();
    let meant = text.get(start..end).unwrap_or("");
    let width = meant.lines().next().unwrap_or("").chars().count().max(1);
    let (skip, width) = match line.chars().nth(LONGEST_LINE) {
        None => (0, width),
        Some(_) => (
            before.saturating_sub(LONGEST_LINE / 4),
            width.min(LONGEST_LINE / 2),
        ),
    };
    let excerpt = line.chars().skip(skip).take(LONGEST_LINE);
    Place {
        file: file.to_owned(),
        line: to_u32(number),
        column: to_u32(before - skip + 1),
        width: to_u32(width),
        excerpt: excerpt
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect(),
    }
}

const LONGEST_LINE: usize = 160;

fn floor_boundary(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at.min(text.len()))
}

fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_long_lines_keep_their_mark() {
        let text = "é = 1\r\nname = \"ü\" # x\n";
        let at = text.find('"').unwrap();
        let place = place("a.toml", text, at..at + 4);
        assert_eq!((place.line, place.column, place.width), (2, 8, 3));
        assert_eq!(place.excerpt, "name = \"ü\" # x");

        let long = format!("{}HERE{}", "x".repeat(5_000), "y".repeat(5_000));
        let window = super::place("a.toml", &long, 5_000..5_004);
        let from = window.column as usize - 1;
        assert_eq!(&window.excerpt[from..from + window.width as usize], "HERE");
        assert!(window.excerpt.len() <= 160);
        let beyond = super::place("a.toml", "a\n", 90..99);
        assert_eq!((beyond.line, beyond.column, beyond.width), (2, 1, 1));
    }
}
