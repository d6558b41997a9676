//! Records of a delimited text: fields, quotes and true line numbers, in bounded memory.
//!
//! Lines end at CR, LF, CR LF or CR CR LF; blank lines are no records. A field that starts with
//! the quote character runs to the closing one and may hold anything, a doubled quote being one.
//! A record that breaks these rules or a limit is *bad*: it is reported with its line, and
//! reading resumes at the next line of the file, so that one stray quote does not swallow the rows
//! after it. One that only has too many or too few fields is taken whole: what its quotes enclose
//! is text. Refuses to know what columns mean.

use std::io::{self, Read};

use handfast_model::limits::{COLUMNS, FIELD_BYTES, ROW_BYTES};

/// How many bytes may be read again after stray quotes, in one file. Without a bound a hostile
/// file of half-open quotes would cost the square of its size.
const REREAD_BYTES: usize = 64 << 20;
const PIECE_BYTES: usize = 256 << 10;
/// How much of a bad record is kept to be mended.
const RAW_BYTES: usize = 64 << 10;

/// One record.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Its first line in the file, from 1.
    pub line: u32,
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Row {
    /// How many fields it has.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether it has no field.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Its fields, unquoted; `None` when its bytes are not UTF-8.
    pub fn fields(&self) -> Option<impl Iterator<Item = &str>> {
        let text = std::str::from_utf8(&self.bytes).ok()?;
        let mut start = 0;
        Some(self.ends.iter().map(move |&end| {
            let field = text.get(start..end).unwrap_or("");
            start = end;
            field
        }))
    }

    /// All fields as one text, for checks that concern the whole record.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its fields as one line of a file, for a row that is kept to be mended.
    pub fn as_line(&self, delimiter: u8) -> Vec<u8> {
        let (mut line, mut start) = (Vec::new(), 0);
        for (place, &end) in self.ends.iter().enumerate() {
            if place > 0 {
                line.push(delimiter);
            }
            line.extend_from_slice(self.bytes.get(start..end).unwrap_or(&[]));
            start = end;
        }
        line.truncate(RAW_BYTES);
        line
    }

    /// Adds empty fields at its end, up to so many.
    fn fill(&mut self, columns: usize) {
        let end = self.bytes.len();
        self.ends.resize(columns.max(self.ends.len()), end);
    }

    fn clear(&mut self, line: u32) {
        self.line = line;
        self.bytes.clear();
        self.ends.clear();
    }
}

/// What comes next in a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// A record was read into the row.
    Row,
    /// A record that cannot be read.
    Bad(Broken),
    /// Nothing more.
    End,
}

/// A record that cannot be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Broken {
    /// Its first line in the file, from 1.
    pub line: u32,
    /// Why.
    pub reason: &'static str,
    /// Its first line, or all of it where its end is known; or the beginning of that.
    pub raw: Vec<u8>,
}

/// The records of one file.
pub struct Rows<R> {
    input: R,
    delimiter: u8,
    quote: u8,
    columns: Option<usize>,
    fills_short: bool,
    buffer: Vec<u8>,
    start: usize,
    line: u32,
    reread_left: usize,
    is_ended: bool,
}

/// Where a scan of the buffer came to.
enum Scan {
    /// A record; what was taken, and over how many line ends.
    Done { taken: usize, line_ends: u32 },
    /// The buffer ends before the record does.
    NeedMore { is_quoted: bool },
    /// The record breaks a rule after so many bytes.
    Bad { seen: usize, reason: &'static str },
}

const OPEN_QUOTE: &str = "a quote that is never closed";
const STRAY_QUOTE: &str = "a quote inside a quoted field that is not doubled";
const LONG_FIELD: &str = "a field longer than 1 MiB";
const LONG_ROW: &str = "a row longer than 16 MiB";
const MANY_COLUMNS: &str = "more than 10000 columns";
pub(crate) const RAGGED: &str = "more or fewer columns than the header";

impl<R: Read> Rows<R> {
    /// The records of `input`, which must be UTF-8.
    pub fn new(input: R, delimiter: u8, quote: u8) -> Rows<R> {
        Rows {
            input,
            delimiter,
            quote,
            columns: None,
            fills_short: false,
            buffer: Vec::new(),
            start: 0,
            line: 1,
            reread_left: REREAD_BYTES,
            is_ended: false,
        }
    }

    /// From now on a record with another number of fields is bad.
    pub fn expect_columns(&mut self, columns: usize) {
        self.columns = Some(columns);
    }

    /// From now on the fields that a record lacks at its end are empty.
    pub fn fill_short_records(&mut self) {
        self.fills_short = true;
    }

    /// The next line that is not blank, as far as the first piece shows it, to find the delimiter
    /// in.
    pub fn peek_line(&mut self) -> io::Result<&[u8]> {
        self.skip_blank_lines()?;
        let rest = self.rest();
        let end = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
        Ok(rest.get(..end.unwrap_or(rest.len())).unwrap_or(rest))
    }

    /// Passes over the first lines of the file, whatever stands on them.
    pub fn skip_lines(&mut self, lines: u32) -> io::Result<()> {
        for _ in 0..lines {
            if self.rest().is_empty() && (self.is_ended || !self.fill()?) {
                break;
            }
            self.skip_to_line_end()?;
        }
        Ok(())
    }

    /// What separates fields.
    pub fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// Changes the delimiter, before anything is read.
    pub fn set_delimiter(&mut self, delimiter: u8) {
        self.delimiter = delimiter;
    }

    /// Reads the next record into `row`.
    pub fn next(&mut self, row: &mut Row) -> io::Result<Step> {
        if !self.skip_blank_lines()? {
            return Ok(Step::End);
        }
        loop {
            row.clear(self.line);
            match self.scan(row) {
                Scan::Done { taken, line_ends } => {
                    if let Some(columns) = self.columns.filter(|_| self.fills_short) {
                        row.fill(columns);
                    }
                    let is_ragged = self.columns.is_some_and(|columns| columns != row.len());
                    if is_ragged {
                        return Ok(Step::Bad(self.take_ragged(taken, line_ends)));
                    }
                    self.take(taken, line_ends);
                    return Ok(Step::Row);
                }
                Scan::Bad { seen, reason } => {
                    return self.set_aside(reason, seen).map(Step::Bad);
                }
                Scan::NeedMore { is_quoted } => {
                    let seen = self.rest().len();
                    if seen > ROW_BYTES {
                        return self.set_aside(LONG_ROW, seen).map(Step::Bad);
                    }
                    // Reading as much again as there is keeps long records linear.
                    let is_filled = !self.is_ended && self.fill()?;
                    if !is_filled && is_quoted {
                        return self.set_aside(OPEN_QUOTE, seen).map(Step::Bad);
                    }
                }
            }
        }
    }

    fn rest(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or(&[])
    }

    fn take(&mut self, bytes: usize, line_ends: u32) {
        self.start += bytes;
        self.line = self.line.saturating_add(line_ends);
    }

    /// Reads more of the file; says whether anything came.
    fn fill(&mut self) -> io::Result<bool> {
        self.buffer.drain(..self.start);
        self.start = 0;
        let held = self.buffer.len();
        let wanted = PIECE_BYTES.max(held).min(ROW_BYTES);
        self.buffer.resize(held + wanted, 0);
        let mut filled = held;
        while let Some(rest) = self.buffer.get_mut(filled..).filter(|r| !r.is_empty()) {
            match self.input.read(rest) {
                Ok(0) => {
                    self.is_ended = true;
                    break;
                }
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.buffer.truncate(filled);
        Ok(filled > held)
    }

    /// Moves to the first byte of the next record; `false` when there is none.
    fn skip_blank_lines(&mut self) -> io::Result<bool> {
        loop {
            match self.rest().first() {
                Some(b'\r' | b'\n') => {
                    // A line end may lie across two pieces.
                    if self.rest().len() < 3 && !self.is_ended {
                        self.fill()?;
                    }
                    let end = line_end(self.rest());
                    self.take(end, 1);
                }
                Some(_) => return Ok(true),
                None if self.is_ended => return Ok(false),
                None => {
                    self.fill()?;
                }
            }
        }
    }

    fn scan(&self, row: &mut Row) -> Scan {
        let text = self.rest();
        let mut at = 0;
        let mut line_ends = 0;
        loop {
            let start = at;
            let is_quoted = text.get(at) == Some(&self.quote);
            let field = if is_quoted {
                self.quoted_field(text, &mut at, &mut line_ends, row)
            } else {
                self.bare_field(text, &mut at, row)
            };
            if let Err(stopped) = field {
                return stopped;
            }
            if at - start > FIELD_BYTES {
                return Scan::Bad {
                    seen: at,
                    reason: LONG_FIELD,
                };
            }
            row.ends.push(row.bytes.len());
            if row.ends.len() > COLUMNS {
                return Scan::Bad {
                    seen: at,
                    reason: MANY_COLUMNS,
                };
            }
            match text.get(at) {
                Some(&byte) if byte == self.delimiter => at += 1,
                Some(_) => {
                    let end = text.get(at..).unwrap_or(&[]);
                    // A line end may lie across two pieces.
                    if end.len() < 3 && !self.is_ended {
                        return Scan::NeedMore { is_quoted: false };
                    }
                    return Scan::Done {
                        taken: at + line_end(end),
                        line_ends: line_ends + 1,
                    };
                }
                None if self.is_ended => {
                    return Scan::Done {
                        taken: at,
                        line_ends: line_ends + 1,
                    };
                }
                None => return Scan::NeedMore { is_quoted: false },
            }
        }
    }

    fn bare_field(&self, text: &[u8], at: &mut usize, row: &mut Row) -> Result<(), Scan> {
        let rest = text.get(*at..).unwrap_or(&[]);
        let is_end = |byte: &u8| *byte == self.delimiter || *byte == b'\n' || *byte == b'\r';
        match rest.iter().position(is_end) {
            Some(length) => {
                row.bytes
                    .extend_from_slice(rest.get(..length).unwrap_or(&[]));
                *at += length;
                Ok(())
            }
            None if self.is_ended && rest.len() <= FIELD_BYTES => {
                row.bytes.extend_from_slice(rest);
                *at = text.len();
                Ok(())
            }
            None if rest.len() > FIELD_BYTES => Err(Scan::Bad {
                seen: text.len(),
                reason: LONG_FIELD,
            }),
            None => Err(Scan::NeedMore { is_quoted: false }),
        }
    }

    fn quoted_field(
        &self,
        text: &[u8],
        at: &mut usize,
        line_ends: &mut u32,
        row: &mut Row,
    ) -> Result<(), Scan> {
        let start = *at;
        *at += 1;
        loop {
            let rest = text.get(*at..).unwrap_or(&[]);
            let length = rest.iter().position(|byte| *byte == self.quote);
            let inner = rest.get(..length.unwrap_or(rest.len())).unwrap_or(rest);
            *line_ends = line_ends.saturating_add(count_line_ends(inner));
            *at += inner.len();
            if *at - start > FIELD_BYTES {
                let reason = "a field longer than 1 MiB, or a quote that is never closed";
                return Err(Scan::Bad { seen: *at, reason });
            }
            if length.is_none() {
                return Err(Scan::NeedMore { is_quoted: true });
            }
            row.bytes.extend_from_slice(inner);
            *at += 1;
            match text.get(*at) {
                Some(&byte) if byte == self.quote => {
                    row.bytes.push(byte);
                    *at += 1;
                }
                Some(&byte) if byte == self.delimiter || byte == b'\r' || byte == b'\n' => {
                    return Ok(());
                }
                Some(_) => {
                    let reason = STRAY_QUOTE;
                    return Err(Scan::Bad { seen: *at, reason });
                }
                None if self.is_ended => return Ok(()),
                None => return Err(Scan::NeedMore { is_quoted: false }),
            }
        }
    }

    /// Reports a whole record whose quotes are in order but whose fields are too many or too few.
    /// What stands inside a field is text, whatever it looks like: it never becomes a row.
    fn take_ragged(&mut self, taken: usize, line_ends: u32) -> Broken {
        let text = self.rest().get(..taken).unwrap_or_default();
        let end = text.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n'));
        let text = text.get(..end.map_or(0, |end| end + 1)).unwrap_or(text);
        let raw = text.get(..RAW_BYTES).unwrap_or(text).to_vec();
        let line = self.line;
        self.take(taken, line_ends);
        Broken {
            line,
            reason: RAGGED,
            raw,
        }
    }

    /// Reports a bad record and moves on to the line after its first, as long as reading again
    /// what was seen of later lines stays cheap; else past what was seen.
    fn set_aside(&mut self, reason: &'static str, seen: usize) -> io::Result<Broken> {
        let line = self.line;
        let kept = match self.find_line_end()? {
            Some(first) if seen.saturating_sub(first) <= self.reread_left => {
                self.reread_left -= seen.saturating_sub(first);
                first
            }
            Some(_) => seen,
            None => self.rest().len(),
        };
        let text = self.rest().get(..kept).unwrap_or_default();
        let raw = text.get(..RAW_BYTES).unwrap_or(text).to_vec();
        let passed = count_line_ends(text);
        self.take(kept, passed);
        self.skip_to_line_end()?;
        Ok(Broken { line, reason, raw })
    }

    /// Where the current line ends; `None` when that is further off than a record may be long.
    fn find_line_end(&mut self) -> io::Result<Option<usize>> {
        loop {
            let rest = self.rest();
            let end = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
            if end.is_some() {
                return Ok(end);
            }
            let held = rest.len();
            if self.is_ended {
                return Ok(Some(held));
            }
            if held > ROW_BYTES {
                return Ok(None);
            }
            self.fill()?;
        }
    }

    /// Drops bytes up to and with the next line end, without holding them.
    fn skip_to_line_end(&mut self) -> io::Result<()> {
        loop {
            let rest = self.rest();
            let end = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
            self.start += end.unwrap_or(rest.len());
            if end.is_some() {
                if self.rest().len() < 3 && !self.is_ended {
                    self.fill()?;
                }
                let taken = line_end(self.rest());
                self.take(taken, 1);
                return Ok(());
            }
            if self.is_ended || !self.fill()? {
                return Ok(());
            }
        }
    }
}

/// How many bytes the line end at the start of `text` has.
fn line_end(text: &[u8]) -> usize {
    match text {
        [b'\r', b'\r', b'\n', ..] => 3,
        [b'\r', b'\n', ..] => 2,
        _ => 1,
    }
}

fn count_line_ends(mut text: &[u8]) -> u32 {
    let mut count = 0;
    while let Some(place) = text.iter().position(|byte| matches!(byte, b'\r' | b'\n')) {
        let rest = text.get(place..).unwrap_or(&[]);
        text = rest.get(line_end(rest)..).unwrap_or(&[]);
        count += 1;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a text whole, in pieces of `piece` bytes: `line: field|field` or `line! reason`.
    fn read(text: &[u8], columns: Option<usize>, piece: usize) -> Vec<String> {
        struct Slow<'a>(&'a [u8], usize);
        impl Read for Slow<'_> {
            fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
                let count = out.len().min(self.1).min(self.0.len());
                out[..count].copy_from_slice(&self.0[..count]);
                self.0 = &self.0[count..];
                Ok(count)
            }
        }
        let mut rows = Rows::new(Slow(text, piece), b',', b'"');
        if let Some(columns) = columns {
            rows.expect_columns(columns);
        }
        let (mut row, mut lines) = (Row::default(), Vec::new());
        loop {
            match rows.next(&mut row).unwrap() {
                Step::End => return lines,
                Step::Bad(broken) => lines.push(format!("{}! {}", broken.line, broken.reason)),
                Step::Row => {
                    let fields: Vec<_> = row.fields().unwrap().collect();
                    lines.push(format!("{}: {}", row.line, fields.join("|")));
                }
            }
        }
    }

    #[track_caller]
    fn check(text: &str, columns: Option<usize>, expected: &[&str]) {
        for piece in [1, 2, 3, 7, 1 << 20] {
            assert_eq!(read(text.as_bytes(), columns, piece), expected, "{piece}");
        }
    }

    #[test]
    fn every_line_end_is_known_and_lines_are_counted_truly() {
        check("a,b\n1,2\n", None, &["1: a|b", "2: 1|2"]);
        check("a,b\r\n1,2", None, &["1: a|b", "2: 1|2"]);
        check("a,b\r1,2\r\r3,4", None, &["1: a|b", "2: 1|2", "4: 3|4"]);
        check("a,b\r\r\n1,2\r\r\n", None, &["1: a|b", "2: 1|2"]);
        check("\n\na,b\n\n1,\n", None, &["3: a|b", "5: 1|"]);
        check("", None, &[]);
        check("\"x\ny\",2\n3,4", None, &["1: x\ny|2", "3: 3|4"]);
        check("\"\",\"a\"\"b\",\",\"", None, &["1: |a\"b|,"]);
        check("it's 5\" wide,b", None, &["1: it's 5\" wide|b"]);
    }

    #[test]
    fn one_bad_row_does_not_take_the_next_ones_with_it() {
        let open = "1! a quote that is never closed";
        check("\"a,b\n1,2\n3,4", None, &[open, "2: 1|2", "3: 3|4"]);
        let stray = "2! a quote inside a quoted field that is not doubled";
        check(
            "a,b\n\"he\" said,2\n3,4\n",
            None,
            &["1: a|b", stray, "3: 3|4"],
        );
        let ragged = "1! more or fewer columns than the header";
        check("a,b,c\n1,2\n", Some(2), &[ragged, "2: 1|2"]);
        check("a\n1,2\n", Some(2), &[ragged, "2: 1|2"]);
        check("1,2,3\r\n4,5\r\n", Some(2), &[ragged, "2: 4|5"]);
        // What stands in a field of a record whose quotes are in order is no row, whatever it says.
        check(
            "1,\"call\n2,99\nback\",x\n6,7",
            Some(2),
            &[ragged, "4: 6|7"],
        );
        check("\"a,b\n1,2\n\",4,5\n6,7", Some(2), &[ragged, "4: 6|7"]);
    }

    /// A text made on the fly, so that the test itself needs no memory.
    struct Endless(u64, u8);
    impl Read for Endless {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let count = usize::try_from(self.0).unwrap().min(out.len());
            out[..count].fill(self.1);
            self.0 -= count as u64;
            Ok(count)
        }
    }

    #[test]
    fn a_gigabyte_on_one_line_is_a_bad_row_in_bounded_memory() {
        for byte in [b'x', b'"', b','] {
            let text = (&b"a,b\n"[..])
                .chain(Endless(1 << 30, byte))
                .chain(&b"\n1,2\n"[..]);
            let mut rows = Rows::new(text, b',', b'"');
            let (mut row, mut bad, mut good) = (Row::default(), 0, 0);
            loop {
                match rows.next(&mut row).unwrap() {
                    Step::End => break,
                    Step::Row => good += 1,
                    Step::Bad(_) => bad += 1,
                }
                assert!(
                    rows.buffer.capacity() <= 3 * ROW_BYTES,
                    "{}",
                    rows.buffer.capacity()
                );
            }
            assert_eq!((good, bad), (2, 1), "{}", char::from(byte));
        }
    }

    #[test]
    fn half_open_quotes_everywhere_cost_no_more_than_the_bound() {
        // Each line opens a quote that only the next one closes, and opens another.
        let text = "a\",\"\n".repeat(400_000);
        let lines = read(text.as_bytes(), Some(2), 1 << 20);
        assert!(lines.iter().all(|line| line.contains('!')));
    }
}
