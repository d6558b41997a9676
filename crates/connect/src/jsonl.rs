//! JSON Lines, and JSON arrays of objects, as a table of texts.
//!
//! The columns are those of all rows, in the order in which they first occur, so a file is read
//! twice: once for the columns, once for the rows. In JSON Lines each line is one object and a
//! broken one costs only itself. In an array (or when one object runs over several lines) objects
//! are told apart by their braces, and each is known by the line it begins on.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};

use handfast_ledger::TextBatch;
use handfast_model::Refusal;
use handfast_model::limits::{COLUMNS, ROW_BYTES};
use handfast_model::pack::Stream;

use crate::files::Claimed;
use crate::header::{name_columns, need_columns};
use crate::json::{Cell, read_object};
use crate::pile::{LONG_ROW, Pile, RAW_BYTES};
use crate::refuse;
use crate::text::Utf8;
use crate::unpack::read_whole;

const NOT_UTF8: &str = "text that is not UTF-8: declare the encoding of this stream";
const NOT_DECODED: &str = "text that is not in the declared encoding";
const CUT_OFF: &str = "the file ends in the middle of a JSON value: it is cut off";
const AFTER_ARRAY: &str = "text after the end of the JSON array";

/// One open file of JSON objects.
pub(crate) struct Jsonl<R> {
    claimed: Claimed,
    pile: Pile,
    frames: Frames<R>,
    places: BTreeMap<String, usize>,
    cells: Vec<Cell>,
}

impl<R: Read> Jsonl<R> {
    /// Reads the columns from `first` and gets ready to read the rows from `again`, which gives
    /// the same bytes. The texts say what was remarkable.
    pub(crate) fn open(
        stream: &Stream,
        claimed: &Claimed,
        first: R,
        again: R,
    ) -> Result<(Jsonl<R>, Vec<String>), Refusal> {
        let frames = Frames::open(stream, claimed, first)?;
        let keys = keys(claimed, frames)?;
        let (columns, mut notes) = name_columns(keys.iter().map(String::as_str));
        if columns.is_empty() {
            notes.push("the file holds no JSON object with members".to_owned());
        }
        let pile = Pile::new(stream, &claimed.name, columns);
        need_columns(stream, &claimed.name, pile.columns())?;
        let table = Jsonl {
            claimed: claimed.clone(),
            pile,
            frames: Frames::open(stream, claimed, again)?,
            places: keys.into_iter().zip(0..).collect(),
            cells: Vec::new(),
        };
        Ok((table, notes))
    }

    /// Its columns.
    pub(crate) fn columns(&self) -> &[String] {
        self.pile.columns()
    }

    /// The next rows of the file.
    pub(crate) fn next_batch(&mut self) -> Result<TextBatch, Refusal> {
        let width = self.pile.columns().len();
        let mut row: Vec<String> = vec![String::new(); width];
        while !self.pile.is_full() {
            let frame = self.frames.next();
            let frame = frame.map_err(|error| refuse::unreadable(&self.claimed.name, &error))?;
            let Some((line, fault)) = frame else {
                return Ok(self.pile.batch(true));
            };
            let raw = || {
                let bytes = &self.frames.bytes;
                String::from_utf8_lossy(bytes.get(..RAW_BYTES).unwrap_or(bytes)).into_owned()
            };
            match read(&self.frames, fault, &mut self.cells) {
                Err(reason) => self.pile.set_aside(line, String::new(), reason, raw()),
                Ok(()) => {
                    row.iter_mut().for_each(String::clear);
                    for (name, value) in self.cells.drain(..) {
                        let place = self.places.get(&name).copied();
                        if let Some(cell) = place.and_then(|place| row.get_mut(place)) {
                            *cell = value;
                        }
                    }
                    self.pile.add_checked(line, &row, raw);
                }
            }
        }
        Ok(self.pile.batch(false))
    }
}

/// The members of the piece that was read last, or why it has none.
fn read<R: Read>(
    frames: &Frames<R>,
    fault: Option<&'static str>,
    cells: &mut Vec<Cell>,
) -> Result<(), &'static str> {
    match fault {
        Some(reason) => Err(reason),
        None => read_object(frames.text()?, cells),
    }
}

/// The names of the members of all objects, in the order in which they first occur.
fn keys<R: Read>(claimed: &Claimed, mut frames: Frames<R>) -> Result<Vec<String>, Refusal> {
    let lost = |error: io::Error| refuse::unreadable(&claimed.name, &error);
    let (mut keys, mut known, mut cells) = (Vec::new(), BTreeSet::new(), Vec::new());
    while let Some((_, fault)) = frames.next().map_err(lost)? {
        if read(&frames, fault, &mut cells).is_err() {
            continue;
        }
        for (name, _) in cells.drain(..) {
            if !known.contains(&name) {
                known.insert(name.clone());
                keys.push(name);
            }
        }
        if keys.len() > COLUMNS {
            let why = format!("its objects have more than {COLUMNS} different members");
            return Err(refuse::json(&claimed.name, &why));
        }
    }
    Ok(keys)
}

/// A piece of the file that should be one object: the line it begins on, and why it cannot be.
type Frame = (u32, Option<&'static str>);

/// How objects are told apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Shape {
    /// By the ends of lines.
    Lines,
    /// By their braces, one after another.
    Values,
    /// By their braces, within an array.
    Array,
    /// The array has ended.
    Over,
}

/// What a byte is to the piece being gathered.
enum Turn {
    /// Part of it.
    Inside,
    /// The last of it.
    Last,
    /// The first after it.
    After,
}

/// The pieces of one file, in bounded memory.
struct Frames<R> {
    input: Utf8<R>,
    shape: Option<Shape>,
    buffer: Vec<u8>,
    start: usize,
    line: u32,
    /// The piece read last.
    bytes: Vec<u8>,
    is_long: bool,
    is_untouched: bool,
}

const PIECE_BYTES: usize = 256 << 10;

impl<R: Read> Frames<R> {
    fn open(stream: &Stream, claimed: &Claimed, input: R) -> Result<Frames<R>, Refusal> {
        let lost = |error: io::Error| refuse::unreadable(&claimed.name, &error);
        let text = Utf8::open(input, stream.format.encoding.as_deref()).map_err(lost)?;
        let input = text.ok_or_else(|| refuse::unknown_encoding(stream))?;
        Ok(Frames {
            is_untouched: input.is_untouched(),
            input,
            shape: None,
            buffer: Vec::new(),
            start: 0,
            line: 1,
            bytes: Vec::new(),
            is_long: false,
        })
    }

    /// The text of the piece read last.
    fn text(&self) -> Result<&str, &'static str> {
        match std::str::from_utf8(&self.bytes) {
            Err(_) => Err(NOT_UTF8),
            Ok(text) if !self.is_untouched && text.contains('\u{fffd}') => Err(NOT_DECODED),
            Ok(text) => Ok(text),
        }
    }

    /// Reads the next piece; `None` at the end.
    fn next(&mut self) -> io::Result<Option<Frame>> {
        self.bytes.clear();
        self.is_long = false;
        let mut first = self.skip(|byte| byte.is_ascii_whitespace())?;
        if self.shape.is_none() && first.is_some() {
            self.shape = Some(self.find_shape());
            if self.shape == Some(Shape::Array) {
                self.start += 1;
            }
        }
        if self.shape == Some(Shape::Array) {
            first = self.skip(|byte| byte.is_ascii_whitespace() || byte == b',')?;
            if first == Some(b']') {
                self.start += 1;
                self.shape = Some(Shape::Over);
                first = self.skip(|byte| byte.is_ascii_whitespace())?;
            }
        }
        let line = self.line;
        if first.is_none() {
            // An array that nobody closed: the rest of the file is missing.
            let is_open = self.shape == Some(Shape::Array);
            self.shape = self.shape.map(|_| Shape::Over);
            return Ok(is_open.then_some((line, Some(CUT_OFF))));
        }
        let reason = match self.shape {
            Some(Shape::Array | Shape::Values) => {
                let is_whole = self.gather(value_turns())?;
                (!is_whole).then_some(CUT_OFF)
            }
            Some(Shape::Over) => {
                self.gather(line_turns)?;
                Some(AFTER_ARRAY)
            }
            Some(Shape::Lines) | None => {
                self.gather(line_turns)?;
                None
            }
        };
        if reason == Some(CUT_OFF) {
            self.shape = Some(Shape::Over);
        }
        let long = self.is_long.then_some(LONG_ROW);
        Ok(Some((line, long.or(reason))))
    }

    /// Passes over bytes and gives the first that is another, without taking it.
    fn skip(&mut self, is_passed: impl Fn(u8) -> bool) -> io::Result<Option<u8>> {
        loop {
            let rest = self.buffer.get(self.start..).unwrap_or(&[]);
            let end = rest.iter().position(|byte| !is_passed(*byte));
            self.pass(end.unwrap_or(rest.len()));
            if end.is_some() {
                return Ok(self.buffer.get(self.start).copied());
            }
            if !self.fill()? {
                return Ok(None);
            }
        }
    }

    /// Takes bytes into the piece until its end; says whether that came before the file's.
    fn gather(&mut self, mut turn: impl FnMut(u8) -> Turn) -> io::Result<bool> {
        loop {
            let rest = self.buffer.get(self.start..).unwrap_or(&[]);
            let turned = rest
                .iter()
                .enumerate()
                .find_map(|(place, byte)| match turn(*byte) {
                    Turn::Inside => None,
                    Turn::Last => Some(place + 1),
                    Turn::After => Some(place),
                });
            let taken = rest.get(..turned.unwrap_or(rest.len())).unwrap_or(rest);
            self.is_long |= self.bytes.len() + taken.len() > ROW_BYTES;
            match self.is_long {
                true => self.bytes.truncate(RAW_BYTES),
                false => self.bytes.extend_from_slice(taken),
            }
            self.pass(taken.len());
            if turned.is_some() {
                return Ok(true);
            }
            if !self.fill()? {
                return Ok(false);
            }
        }
    }

    fn pass(&mut self, count: usize) {
        let passed = self
            .buffer
            .get(self.start..self.start + count)
            .unwrap_or(&[]);
        let ends = passed.iter().filter(|byte| **byte == b'\n').count();
        self.line = self
            .line
            .saturating_add(u32::try_from(ends).unwrap_or(u32::MAX));
        self.start += count;
    }

    /// Reads more of the file behind what is left; says whether anything came.
    fn fill(&mut self) -> io::Result<bool> {
        self.buffer.drain(..self.start);
        self.start = 0;
        let held = self.buffer.len();
        self.buffer.resize(held + PIECE_BYTES, 0);
        let room = self.buffer.get_mut(held..).unwrap_or(&mut []);
        let count = read_whole(&mut self.input, room)?;
        self.buffer.truncate(held + count);
        Ok(count > 0)
    }

    /// Lines, unless the file begins as an array does, or as an object that is laid out over
    /// several lines.
    fn find_shape(&self) -> Shape {
        let rest = self.buffer.get(self.start..).unwrap_or(&[]);
        match rest.first() {
            Some(b'[') => return Shape::Array,
            Some(b'{') => {}
            _ => return Shape::Lines,
        }
        let mut turn = value_turns();
        let end = rest
            .iter()
            .position(|byte| *byte == b'\n' || !matches!(turn(*byte), Turn::Inside));
        let after = end.and_then(|end| rest.get(end..)).unwrap_or(&[]);
        let next = after.iter().find(|byte| !byte.is_ascii_whitespace());
        match (after.first(), next) {
            (Some(b'\n'), Some(b'"' | b'}')) => Shape::Values,
            _ => Shape::Lines,
        }
    }
}

fn line_turns(byte: u8) -> Turn {
    match byte {
        b'\n' => Turn::After,
        _ => Turn::Inside,
    }
}

/// Follows braces and strings from the first byte of a value to its end.
fn value_turns() -> impl FnMut(u8) -> Turn {
    let (mut depth, mut is_quoted, mut is_escaped, mut is_bare) = (0usize, false, false, false);
    move |byte| {
        if is_quoted {
            is_quoted = is_escaped || byte != b'"';
            is_escaped = byte == b'\\' && !is_escaped;
            return match is_quoted || depth > 0 {
                true => Turn::Inside,
                false => Turn::Last,
            };
        }
        match byte {
            b'{' | b'[' if !is_bare => depth += 1,
            b'}' | b']' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    return Turn::Last;
                }
            }
            b'"' => is_quoted = true,
            b',' | b']' | b'}' | b' ' | b'\n' | b'\r' | b'\t' if depth == 0 && is_bare => {
                return Turn::After;
            }
            _ if depth == 0 => is_bare = true,
            _ => {}
        }
        Turn::Inside
    }
}
