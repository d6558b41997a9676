//! What a row of paths says.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use handfast_model::Refusal;
use handfast_model::issue::Place;

use super::columns::Columns;
use super::{NOTHING, PathRow};
use crate::rows::Row;

/// Numbers of channels, with some left over for what is no channel.
const CHANNELS: usize = 65_000;
/// Values are kept in parts of a whole, so many to the power of ten.
const PLACES: u32 = 6;

/// Reads rows, and numbers channels as they come.
pub struct Reader<'c> {
    pub file: &'c str,
    pub columns: &'c Columns,
    pub rows: u64,
    numbers: HashMap<Box<[u8]>, u16, BuildHasherDefault<Eights>>,
    names: Vec<String>,
    steps: Vec<u16>,
    ends: Vec<(usize, usize)>,
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
            names: Vec::new(),
            steps: Vec::new(),
            ends: Vec::new(),
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
        for (number, line) in (first..).zip(block.split(|byte| *byte == b'\n')) {
            let mut line = line;
            while let Some(shorter) = line.strip_suffix(b"\r") {
                line = shorter;
            }
            if line.is_empty() {
                continue;
            }
            let mut ends = std::mem::take(&mut self.ends);
            cut(line, self.columns.delimiter, &mut ends);
            let done = match ends.len() == self.columns.names.len() {
                true => {
                    let field = |column: usize| {
                        let range = ends.get(column).copied().unwrap_or((0, 0));
                        line.get(range.0..range.1).unwrap_or_default()
                    };
                    self.row(field, take)
                }
                false => Err(Bad {
                    why: ragged(ends.len(), self.columns.names.len()),
                    column: usize::MAX,
                }),
            };
            if let Err(bad) = done {
                let at = ends.get(bad.column).copied().unwrap_or((0, line.len()));
                return Err(self.refuse(number, line, at, &bad.why));
            }
            self.ends = ends;
        }
        Ok(())
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
        self.row(field, take).map_err(|bad| {
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
        self.path(field(columns.path)).map_err(|why| Bad {
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

    /// The channels between `>`, trimmed.
    fn path(&mut self, text: &[u8]) -> Result<(), String> {
        self.steps.clear();
        if text.trim_ascii().is_empty() {
            return Ok(());
        }
        for name in text.split(|byte| *byte == b'>') {
            let name = name.trim_ascii();
            let number = match self.numbers.get(name) {
                Some(number) => *number,
                None => self.number(name)?,
            };
            self.steps.push(number);
        }
        Ok(())
    }

    /// Numbers a channel that is new.
    fn number(&mut self, name: &[u8]) -> Result<u16, String> {
        if name.is_empty() {
            return Err("a channel without a name".to_owned());
        }
        let text = std::str::from_utf8(name).map_err(|_| NOT_UTF8.to_owned())?;
        if self.names.len() >= CHANNELS {
            return Err(format!(
                "more than {CHANNELS} channels: are these ids of clicks?"
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

/// Where the fields of a line lie.
fn cut(line: &[u8], delimiter: u8, ends: &mut Vec<(usize, usize)>) {
    ends.clear();
    let mut from = 0;
    for (place, byte) in line.iter().enumerate() {
        if *byte == delimiter {
            ends.push((from, place));
            from = place + 1;
        }
    }
    ends.push((from, line.len()));
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
