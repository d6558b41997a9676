//! What a row of paths says.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use handfast_model::Refusal;
use handfast_model::issue::Place;
use handfast_model::limits::PATH_CHANNELS;

use super::columns::Columns;
use super::{NOTHING, PathRow};
use crate::rows::Row;

/// Values are kept in parts of a whole, so many to the power of ten.
const PLACES: u32 = 6;

/// Reads rows, and numbers channels as they come.
pub struct Reader<'c> {
    pub file: &'c str,
    pub columns: &'c Columns,
    pub rows: u64,
    numbers: HashMap<Box<[u8]>, u16, BuildHasherDefault<Eights>>,
    /// The last names of each place that were found there.
    found: Box<[(Short, u16); PLACES_FOUND]>,
    names: Vec<String>,
    steps: Vec<u16>,
    line: Line,
}

/// Where a line's fields lie in its piece, and where it has a `>`.
#[derive(Default)]
struct Line {
    from: usize,
    fields: Vec<(usize, usize)>,
    cuts: Vec<usize>,
}

impl Line {
    fn begin(&mut self, from: usize) {
        self.from = from;
        self.fields.clear();
        self.cuts.clear();
    }

    /// Where the next field begins.
    fn next_field(&self) -> usize {
        self.fields.last().map_or(self.from, |(_, until)| until + 1)
    }
}

/// Why a field cannot be read, its column and what it says.
struct Bad {
    why: String,
    column: usize,
}

type Found = (u64, Refusal);

impl<'c> Reader<'c> {
    pub fn new(file: &'c str, columns: &'c Columns) -> Reader<'c> {
        Reader {
            file,
            columns,
            rows: 0,
            numbers: HashMap::default(),
            found: Box::new([(Short::default(), 0); PLACES_FOUND]),
            names: Vec::new(),
            steps: Vec::new(),
            line: Line::default(),
        }
    }

    pub fn into_names(self) -> Vec<String> {
        self.names
    }

    /// Reads whole lines without quotes, the first of which has this number.
    pub fn lines(
        &mut self,
        block: &[u8],
        first: u64,
        take: &mut dyn FnMut(PathRow<'_>),
    ) -> Result<(), Found> {
        let mut number = first;
        let mut line = std::mem::take(&mut self.line);
        line.begin(0);
        for place in Marks::new(block, self.columns.delimiter) {
            match block.get(place) {
                Some(b'\n') => {
                    self.line(block, (&mut line, place), number, take)?;
                    number += 1;
                    line.begin(place + 1);
                }
                Some(b'>') => line.cuts.push(place),
                _ => line.fields.push((line.next_field(), place)),
            }
        }
        self.line(block, (&mut line, block.len()), number, take)?;
        self.line = line;
        Ok(())
    }

    /// Reads a line that ends here.
    fn line(
        &mut self,
        block: &[u8],
        (line, until): (&mut Line, usize),
        number: u64,
        take: &mut dyn FnMut(PathRow<'_>),
    ) -> Result<(), Found> {
        let mut text = block.get(line.from..until).unwrap_or_default();
        while let Some(shorter) = text.strip_suffix(b"\r") {
            text = shorter;
        }
        if text.is_empty() {
            return Ok(());
        }
        let until = line.from + text.len();
        line.fields.push((line.next_field(), until));
        let wanted = self.columns.names.len();
        let done = match line.fields.len() == wanted {
            true => {
                let range = |column: usize| line.fields.get(column).copied().unwrap_or((0, 0));
                let path = (block, range(self.columns.path), &line.cuts[..]);
                let field = |column: usize| {
                    let (from, until) = range(column);
                    block.get(from..until).unwrap_or_default()
                };
                self.row(field, path, take)
            }
            false => Err(Bad {
                why: ragged(line.fields.len(), wanted),
                column: usize::MAX,
            }),
        };
        done.map_err(|bad| {
            let at = line.fields.get(bad.column).copied();
            let (from, until) = at.unwrap_or((line.from, until));
            let at = (from - line.from, until - line.from);
            self.refuse(number, text, at, &bad.why)
        })
    }

    /// Reads a record whose quotes are taken off.
    pub fn record(
        &mut self,
        row: &Row,
        number: u64,
        take: &mut dyn FnMut(PathRow<'_>),
    ) -> Result<(), Found> {
        let Some(fields) = row.fields() else {
            return Err(self.broken(number, NOT_UTF8, &String::from_utf8_lossy(row.bytes())));
        };
        let fields: Vec<&str> = fields.collect();
        let field = |column: usize| fields.get(column).map_or(&[][..], |text| text.as_bytes());
        let path = field(self.columns.path);
        let cuts = path.iter().enumerate().filter(|(_, byte)| **byte == b'>');
        let cuts: Vec<usize> = cuts.map(|(place, _)| place).collect();
        let path = (path, (0, path.len()), &cuts[..]);
        self.row(field, path, take).map_err(|bad| {
            let text = fields.get(bad.column).copied().unwrap_or("");
            self.refuse(number, text.as_bytes(), (0, text.len()), &bad.why)
        })
    }

    /// A record that is none.
    pub fn broken(&self, number: u64, why: &str, raw: &str) -> Found {
        self.refuse(number, raw.as_bytes(), (0, raw.len()), why)
    }

    fn refuse(&self, number: u64, line: &[u8], (from, until): (usize, usize), why: &str) -> Found {
        let text = |bytes: Option<&[u8]>| {
            let bytes = bytes.unwrap_or_default();
            let bytes = bytes.get(..200).unwrap_or(bytes);
            String::from_utf8_lossy(bytes).into_owned()
        };
        // What the caret could not point at any more is shown from its own beginning.
        let (line, from, until) = match until > 200 {
            true => (line.get(from..).unwrap_or_default(), 0, until - from),
            false => (line, from, until),
        };
        let place = Place {
            file: self.file.to_owned(),
            line: u32::try_from(number).unwrap_or(u32::MAX),
            column: text(line.get(..from)).chars().count() as u32 + 1,
            width: text(line.get(from..until)).chars().count() as u32,
            excerpt: text(Some(line)),
        };
        let refusal = Refusal::new("E0438", format!("a path cannot be read: {why}"))
            .at(place)
            .matters(NOTHING)
            .fix("mend the row, or leave it out and know that you did");
        (number, refusal)
    }

    fn row<'f>(
        &mut self,
        field: impl Fn(usize) -> &'f [u8],
        path: (&[u8], (usize, usize), &[usize]),
        take: &mut dyn FnMut(PathRow<'_>),
    ) -> Result<(), Bad> {
        let columns = self.columns;
        let bad = |column: usize, why: &str| {
            let name = columns.names.get(column).map_or("", |name| name);
            let why = format!("`{name}` holds {why}");
            Bad { why, column }
        };
        let count = |column: Option<usize>| match column {
            None => Ok(None),
            Some(at) => count(field(at)).map(Some).map_err(|why| bad(at, why)),
        };
        let (won, lost) = (count(columns.won)?, count(columns.lost)?);
        let won_here = won.unwrap_or(1);
        let value = match columns.value {
            None => 0,
            Some(at) => value(field(at), won_here).map_err(|why| bad(at, why))?,
        };
        // Where nothing is said of paths that ended in nothing, a row without success is one.
        let lost = lost.unwrap_or(u64::from(won_here == 0));
        self.path(path).map_err(|why| Bad {
            why,
            column: columns.path,
        })?;
        self.rows += 1;
        take(PathRow {
            names: &self.names,
            steps: &self.steps,
            won: won_here,
            lost,
            value,
        });
        Ok(())
    }

    /// The channels between `>`, trimmed: of a text, where it begins and ends there, and where the
    /// text has a `>`.
    fn path(
        &mut self,
        (text, (from, until), cuts): (&[u8], (usize, usize), &[usize]),
    ) -> Result<(), String> {
        self.steps.clear();
        let within = cuts.iter().copied();
        let within = within.filter(|cut| (from..until).contains(cut));
        let mut begin = from;
        for end in within.chain([until]) {
            let name = text.get(begin..end).unwrap_or_default().trim_ascii();
            if name.is_empty() && begin == from && end == until {
                return Ok(());
            }
            begin = end + 1;
            let number = self.looked_up(name)?;
            self.steps.push(number);
        }
        Ok(())
    }

    /// The number of a channel. Few are in nearly all paths, under names of a few letters.
    fn looked_up(&mut self, name: &[u8]) -> Result<u16, String> {
        let short = Short::of(name);
        let place = short.map_or(usize::MAX, Short::place);
        match (short, self.found.get(place)) {
            (Some(short), Some((known, number))) if *known == short => return Ok(*number),
            _ => {}
        }
        let number = match self.numbers.get(name) {
            Some(number) => *number,
            None => self.number(name)?,
        };
        if let (Some(short), Some(found)) = (short, self.found.get_mut(place)) {
            *found = (short, number);
        }
        Ok(number)
    }

    /// Numbers a channel that is new.
    fn number(&mut self, name: &[u8]) -> Result<u16, String> {
        if name.is_empty() {
            return Err("a channel without a name".to_owned());
        }
        let text = std::str::from_utf8(name).map_err(|_| NOT_UTF8.to_owned())?;
        if self.names.len() >= PATH_CHANNELS {
            return Err(format!(
                "more than {PATH_CHANNELS} channels: are these ids of clicks?"
            ));
        }
        let number = self.names.len() as u16;
        self.names.push(text.to_owned());
        self.numbers.insert(name.into(), number);
        Ok(number)
    }
}

const NOT_UTF8: &str = "text that is not UTF-8";

fn ragged(found: usize, wanted: usize) -> String {
    format!("{found} columns where the header has {wanted}")
}

/// The places of line ends, delimiters and `>` in a piece, eight bytes at a time.
struct Marks<'b> {
    block: &'b [u8],
    /// Each mark in every byte of a word.
    wanted: [u64; 3],
    /// Where the next word is.
    next: usize,
    /// The top bit of each byte of the word before that is a mark, and is still to come.
    found: u64,
}

/// One in every byte.
const ONES: u64 = 0x0101_0101_0101_0101;

impl<'b> Marks<'b> {
    fn new(block: &'b [u8], delimiter: u8) -> Marks<'b> {
        let wanted = [b'\n', delimiter, b'>'];
        Marks {
            block,
            wanted: wanted.map(|byte| u64::from(byte) * ONES),
            next: 0,
            found: 0,
        }
    }

    /// The next eight bytes; after the last ones zeros, which are no marks.
    fn word(&self) -> Option<u64> {
        let rest = self.block.get(self.next..)?;
        if let Some(eight) = rest.first_chunk::<8>() {
            return Some(u64::from_le_bytes(*eight));
        }
        let mut last = [0; 8];
        let ends = last.iter_mut().zip(rest);
        ends.for_each(|(byte, one)| *byte = *one);
        (!rest.is_empty()).then(|| u64::from_le_bytes(last))
    }
}

impl Iterator for Marks<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        const LOW: u64 = 0x7f * ONES;
        while self.found == 0 {
            let word = self.word()?;
            self.next += 8;
            let [ends, delimiters, cuts] = self.wanted.map(|wanted| {
                // The top bit is left of bytes that are alike, and of no others.
                let apart = word ^ wanted;
                !(((apart & LOW) + LOW) | apart | LOW)
            });
            self.found = ends | delimiters | cuts;
        }
        let place = self.next - 8 + (self.found.trailing_zeros() / 8) as usize;
        self.found &= self.found - 1;
        Some(place)
    }
}

/// A whole count, also as `3.0`, `true` or `no`.
fn count(text: &[u8]) -> Result<u64, &'static str> {
    let text = text.trim_ascii();
    let digits = match text.iter().position(|byte| *byte == b'.') {
        Some(point) => {
            let (whole, part) = text.split_at(point);
            let is_whole = part.iter().skip(1).all(|byte| *byte == b'0');
            if is_whole { whole } else { text }
        }
        None => text,
    };
    let add = |sum: u64, byte: &u8| match byte {
        b'0'..=b'9' => sum.checked_mul(10)?.checked_add(u64::from(byte - b'0')),
        _ => None,
    };
    match digits.iter().try_fold(0, add) {
        // Sums of ten million rows of these stay far below what a number holds.
        Some(count) if !digits.is_empty() && count < 1 << 40 => return Ok(count),
        _ => {}
    }
    match text.to_ascii_lowercase().as_slice() {
        b"true" | b"yes" => Ok(1),
        b"false" | b"no" => Ok(0),
        b"" => Err("nothing, where a count is wanted"),
        _ => Err("no whole count"),
    }
}

/// A decimal number in millionths; what is finer is rounded. Nothing may stand where there is no
/// success.
fn value(text: &[u8], won: u64) -> Result<i128, &'static str> {
    let text = text.trim_ascii();
    let (sign, digits) = match text.strip_prefix(b"-") {
        Some(digits) => (-1, digits),
        None => (1, text),
    };
    let (mut units, mut places, mut is_after, mut seen) = (0_i128, 0, false, 0);
    for byte in digits {
        match byte {
            b'.' if !is_after => is_after = true,
            b'0'..=b'9' if seen < 18 && places < PLACES => {
                units = units * 10 + i128::from(byte - b'0');
                places += u32::from(is_after);
                seen += 1;
            }
            _ => return finer(text),
        }
    }
    match seen {
        0 if text.is_empty() && won == 0 => Ok(0),
        0 => finer(text),
        _ => Ok(sign * units * 10_i128.pow(PLACES - places)),
    }
}

/// Numbers as programs print them: `1e-05`, `0.30000000000000004`.
fn finer(text: &[u8]) -> Result<i128, &'static str> {
    const WHY: &str = "no number with a decimal point";
    let number = std::str::from_utf8(text)
        .ok()
        .and_then(|text| text.parse::<f64>().ok());
    let number = number.ok_or(match text.is_empty() {
        true => "nothing beside a success",
        false => WHY,
    })?;
    let units = number * f64::from(10_u32.pow(PLACES));
    match units.abs() < 1e27 {
        true => Ok(units.round_ties_even() as i128),
        false => Err(WHY),
    }
}

const PLACES_FOUND: usize = 512;

/// A name of up to sixteen bytes: its first and its last, which may be the same ones, and how many
/// there are.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
struct Short {
    first: u64,
    last: u64,
    length: u8,
}

impl Short {
    /// Nothing of a name without bytes, or with more.
    fn of(name: &[u8]) -> Option<Short> {
        let (first, last) = match name {
            [] => return None,
            [first, .., last] if name.len() < 4 => {
                let middle = name.get(1).copied().unwrap_or(0);
                (u64::from(*first) << 8 | u64::from(middle), u64::from(*last))
            }
            [only] => (u64::from(*only), 0),
            _ => match (name.first_chunk::<8>(), name.last_chunk::<8>()) {
                (Some(first), Some(last)) if name.len() <= 16 => {
                    (u64::from_le_bytes(*first), u64::from_le_bytes(*last))
                }
                (None, None) => {
                    let (first, last) = (name.first_chunk::<4>()?, name.last_chunk::<4>()?);
                    let four = |bytes: &[u8; 4]| u64::from(u32::from_le_bytes(*bytes));
                    (four(first), four(last))
                }
                _ => return None,
            },
        };
        let length = name.len() as u8;
        Some(Short {
            first,
            last,
            length,
        })
    }

    fn place(self) -> usize {
        let mixed = self.first ^ self.last.rotate_left(29) ^ u64::from(self.length);
        let mixed = mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 32) as usize % PLACES_FOUND
    }
}

/// A hash of short texts, eight bytes at a time.
#[derive(Default)]
struct Eights(u64);

impl Hasher for Eights {
    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }

    fn write(&mut self, bytes: &[u8]) {
        for eight in bytes.chunks(8) {
            let mut word = [0; 8];
            if let Some(word) = word.get_mut(..eight.len()) {
                word.copy_from_slice(eight);
            }
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u8(&mut self, number: u8) {
        self.write_u64(u64::from(number));
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(5) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_where_a_plain_search_finds_them() {
        let mut state = 3_u64;
        let mut below = |bound: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) % bound
        };
        // Beside marks what differs from one in a bit, and bytes of other letters.
        let bytes = [
            b'\n',
            b';',
            b'>',
            0,
            b'\n' ^ 0x80,
            b'>' + 1,
            b';' - 1,
            0xff,
            b'a',
            b'|',
        ];
        for length in 0..200 {
            let block: Vec<u8> = (0..length).map(|_| bytes[below(10) as usize]).collect();
            let plain = block.iter().enumerate();
            let plain = plain.filter(|(_, byte)| [b'\n', b';', b'>'].contains(byte));
            let plain: Vec<usize> = plain.map(|(place, _)| place).collect();
            assert_eq!(Marks::new(&block, b';').collect::<Vec<_>>(), plain);
        }
    }

    /// Names that differ in one letter, or in their length alone.
    #[test]
    fn every_step_is_the_channel_of_its_name() {
        let (columns, _) = Columns::find("f", b"path\n".to_vec()).unwrap();
        let mut reader = Reader::new("f", &columns);
        let mut state = 7_u64;
        let mut below = |bound: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % bound
        };
        let letters = ["a", "a", "a", "b", "é", "0", "."];
        let mut name = || -> String {
            let length = 1 + below(20);
            (0..length).map(|_| letters[below(7) as usize]).collect()
        };
        let names: Vec<String> = (0..3_000).map(|_| name()).collect();
        for of_path in names.chunks(5).chain(names.chunks(7)) {
            let line = of_path.join(" > ");
            let mut seen = Vec::new();
            let mut take = |row: PathRow<'_>| {
                let steps = row
                    .steps
                    .iter()
                    .map(|step| row.names[usize::from(*step)].clone());
                seen = steps.collect();
            };
            assert!(reader.lines(line.as_bytes(), 1, &mut take).is_ok());
            assert_eq!(seen, of_path);
        }
    }
}
