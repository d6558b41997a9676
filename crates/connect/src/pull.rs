//! Rows of files as batches of text: the [`Source`] for what people export.
//!
//! Knows encodings, delimiters, quotes and limits; refuses to know what a column means. A row that
//! cannot be read is set aside with its line and reason and never stops the file.

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{StringArray, StringBuilder};
use handfast_ledger::{BadRow, Source, TextBatch};
use handfast_model::Refusal;
use handfast_model::limits::BATCH_ROWS;
use handfast_model::pack::{LINE_KEY, Pack, Stream};

use crate::files::{Claimed, Claims, claim, unreadable};
use crate::header::{find_delimiter, name_columns};
use crate::rows::{Broken, Row, Rows, Step};
use crate::text::Utf8;

/// A batch is handed on early when its texts reach this size, however few rows it has.
const BATCH_BYTES: usize = 32 << 20;

/// Something remarkable about a file that is no reason to refuse it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    /// The file, by name.
    pub file: String,
    /// What is remarkable.
    pub text: String,
}

/// The files of one import, read one after another.
pub struct Files<'a> {
    pack: &'a Pack,
    claims: Claims,
    next: usize,
    open: Option<Table<File>>,
    notes: Vec<Note>,
}

impl<'a> Files<'a> {
    /// Matches files (and files in folders) to the streams of a pack; reads nothing yet.
    pub fn open(pack: &'a Pack, paths: &[PathBuf]) -> Result<Files<'a>, Refusal> {
        Ok(Files {
            pack,
            claims: claim(pack, paths)?,
            next: 0,
            open: None,
            notes: Vec::new(),
        })
    }

    /// Which files are read and which are left alone.
    pub fn claims(&self) -> &Claims {
        &self.claims
    }

    /// What was remarkable about the files read so far.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    fn open_table(&mut self, claimed: &Claimed) -> Result<Option<Table<File>>, Refusal> {
        let Some(stream) = self.pack.streams.get(claimed.stream) else {
            return Ok(None);
        };
        let file = File::open(&claimed.path).map_err(|error| unreadable(&claimed.path, &error))?;
        let (table, notes) = Table::open(stream, claimed, file)?;
        let named = |text| Note {
            file: claimed.name.clone(),
            text,
        };
        self.notes.extend(notes.into_iter().map(named));
        Ok(Some(table))
    }
}

impl Source for Files<'_> {
    fn next_batch(&mut self) -> Result<Option<TextBatch>, Refusal> {
        if self.open.is_none() {
            let Some(claimed) = self.claims.read.get(self.next).cloned() else {
                return Ok(None);
            };
            self.next += 1;
            self.open = self.open_table(&claimed)?;
        }
        let Some(table) = &mut self.open else {
            return Ok(None);
        };
        let batch = table.next_batch()?;
        if batch.ends_file {
            self.open = None;
        }
        Ok(Some(batch))
    }
}

/// One open file.
pub struct Table<R> {
    stream: String,
    claimed: Claimed,
    columns: Arc<[String]>,
    rows: Rows<Utf8<R>>,
    row: Row,
    is_untouched: bool,
}

impl<R: Read> Table<R> {
    /// Opens a file of a stream, finds its delimiter and names its columns. The texts say what was
    /// remarkable.
    pub fn open(
        stream: &Stream,
        claimed: &Claimed,
        input: R,
    ) -> Result<(Table<R>, Vec<String>), Refusal> {
        let format = &stream.format;
        let lost = |error: std::io::Error| unreadable(&claimed.path, &error);
        let text = Utf8::open(input, format.encoding.as_deref()).map_err(lost)?;
        let text = text.ok_or_else(|| unknown_encoding(stream))?;
        let is_untouched = text.is_untouched();
        let mut rows = Rows::new(text, format.delimiter.unwrap_or(b','), format.quote);
        if format.delimiter.is_none() {
            let found = find_delimiter(rows.peek_line().map_err(lost)?, format.quote);
            rows.set_delimiter(found);
        }
        let mut row = Row::default();
        let (mut columns, notes) = match rows.next(&mut row).map_err(lost)? {
            Step::End => (Vec::new(), vec!["the file is empty".to_owned()]),
            Step::Bad(broken) => return Err(broken_header(claimed, broken.reason)),
            Step::Row => {
                let fields = row.fields();
                let fields = fields.ok_or_else(|| broken_header(claimed, NOT_UTF8))?;
                name_columns(fields)
            }
        };
        crate::header::spell(stream, &mut columns);
        if !columns.is_empty() {
            rows.expect_columns(columns.len());
            for name in &stream.format.optional {
                if !columns.contains(name) {
                    columns.push(name.clone());
                }
            }
            need_columns(stream, claimed, &columns)?;
        }
        let table = Table {
            stream: stream.name.clone(),
            claimed: claimed.clone(),
            columns: columns.into(),
            rows,
            row,
            is_untouched,
        };
        Ok((table, notes))
    }

    /// The next rows of the file.
    pub fn next_batch(&mut self) -> Result<TextBatch, Refusal> {
        let mut builders: Vec<StringBuilder> =
            self.columns.iter().map(|_| StringBuilder::new()).collect();
        let (mut lines, mut bad, mut bytes) = (Vec::new(), Vec::new(), 0);
        let mut ends_file = false;
        while lines.len() + bad.len() < BATCH_ROWS && bytes < BATCH_BYTES {
            let step = self.rows.next(&mut self.row);
            match step.map_err(|error| unreadable(&self.claimed.path, &error))? {
                Step::End => {
                    ends_file = true;
                    break;
                }
                Step::Bad(broken) => {
                    bytes += broken.raw.len();
                    bad.push(self.bad_row(broken));
                }
                Step::Row => {
                    bytes += self.row.bytes().len();
                    match self.append(&mut builders) {
                        Ok(()) => lines.push(self.row.line),
                        Err(broken) => bad.push(broken),
                    }
                }
            }
        }
        let cells: Vec<StringArray> = builders.iter_mut().map(StringBuilder::finish).collect();
        Ok(TextBatch {
            stream: self.stream.clone(),
            file: self.claimed.name.clone(),
            columns: self.columns.clone(),
            cells,
            lines,
            bad,
            ends_file,
        })
    }

    fn append(&self, builders: &mut [StringBuilder]) -> Result<(), BadRow> {
        let line = self.row.line;
        let broken = |reason| Broken {
            line,
            reason,
            raw: self.row.as_line(self.rows.delimiter()),
        };
        let fields = self.row.fields();
        let fields = fields.ok_or_else(|| self.bad_row(broken(NOT_UTF8)))?;
        if self.row.bytes().iter().any(|byte| *byte < 3) {
            return Err(self.bad_row(broken(CONTROL)));
        }
        let is_lossy = !self.is_untouched && contains(self.row.bytes(), "\u{fffd}".as_bytes());
        if is_lossy {
            return Err(self.bad_row(broken(NOT_DECODED)));
        }
        let mut fields = fields;
        for builder in builders.iter_mut() {
            builder.append_value(fields.next().unwrap_or(""));
        }
        Ok(())
    }

    fn bad_row(&self, broken: Broken) -> BadRow {
        BadRow {
            line: broken.line,
            column: String::new(),
            reason: broken.reason.to_owned(),
            text: String::from_utf8_lossy(&broken.raw).into_owned(),
        }
    }
}

const NOT_UTF8: &str = "text that is not UTF-8: declare the encoding of this stream";
const NOT_DECODED: &str = "text that is not in the declared encoding";
/// U+0001 and U+0002 carry parsed values inside mappings; no export holds them on purpose.
const CONTROL: &str = "a control character that no text file has (U+0000 to U+0002)";

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

fn unknown_encoding(stream: &Stream) -> Refusal {
    let label = stream.format.encoding.as_deref().unwrap_or("");
    let title = format!("no encoding is called `{label}` (stream `{}`)", stream.name);
    Refusal::new("E0304", title)
        .matters("its files cannot be read as text")
        .fix("encoding = \"utf-8\"     or \"utf-16\", \"latin-1\", \"windows-1250\", \"shift_jis\"")
}

fn broken_header(claimed: &Claimed, reason: &str) -> Refusal {
    let title = format!("the header of `{}` cannot be read: {reason}", claimed.name);
    Refusal::new("E0305", title)
        .matters("without column names no row of the file can be read")
        .fix("export the file again, or declare `delimiter`, `quote` and `encoding` of its stream")
}

/// The columns that the manifest names must be there: they say which row is which, and whose.
fn need_columns(stream: &Stream, claimed: &Claimed, columns: &[String]) -> Result<(), Refusal> {
    let people = stream
        .people
        .iter()
        .flat_map(|person| std::iter::once(&person.column).chain(person.email.as_ref()));
    let named = stream
        .key
        .iter()
        .chain(stream.version.as_ref())
        .chain(people);
    for name in named.filter(|name| *name != LINE_KEY) {
        if !columns.contains(name) {
            let title = format!(
                "`{}` has no column `{name}`, which stream `{}` names in source.toml",
                claimed.name, stream.name
            );
            return Err(Refusal::new("E0306", title)
                .matters("its rows cannot be told apart, or their people cannot be protected")
                .fix(format!("one of its columns: {}", columns.join(", "))));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use handfast_model::pack::{Format, StreamMode};

    fn stream() -> Stream {
        Stream {
            name: "leads".into(),
            files: vec!["*leads*.csv".into()],
            recognised_by: Vec::new(),
            key: vec!["id".into()],
            version: None,
            mode: StreamMode::Changes,
            is_reference: false,
            format: Format::default(),
            people: Vec::new(),
            safe: Vec::new(),
            ignore: Vec::new(),
            deletes: None,
        }
    }

    fn claimed() -> Claimed {
        Claimed {
            path: "leads.csv".into(),
            name: "leads.csv".into(),
            stream: 0,
        }
    }

    /// Every row as `line: a|b`, every bad one as `line! reason`.
    fn read(text: &[u8], stream: &Stream) -> Result<Vec<String>, Refusal> {
        let (mut table, notes) = Table::open(stream, &claimed(), text)?;
        let mut lines: Vec<String> = notes.iter().map(|note| format!("note {note}")).collect();
        loop {
            let batch = table.next_batch()?;
            for (row, line) in batch.lines.iter().enumerate() {
                let cells: Vec<&str> = batch.cells.iter().map(|column| column.value(row)).collect();
                lines.push(format!("{line}: {}", cells.join("|")));
            }
            let bad = batch.bad.iter();
            lines.extend(bad.map(|row| format!("{}! {}", row.line, row.reason)));
            if batch.ends_file {
                return Ok(lines);
            }
        }
    }

    #[test]
    fn files_as_people_export_them() {
        let check = |text: &[u8], expected: &[&str]| {
            assert_eq!(read(text, &stream()).unwrap(), expected);
        };
        check(b"id,name\n1,Ann\n", &["2: 1|Ann"]);
        check(
            b"\xef\xbb\xbfid;name\r\n1;\"Ann; Bo\"\r\n",
            &["2: 1|Ann; Bo"],
        );
        check(b"\xff\xfei\0d\0\n\x001\0", &["2: 1"]);
        check(
            b"id,id\n1,2\n",
            &["note column 2 repeats `id`; it is called `id_2`", "2: 1|2"],
        );
        check(b"", &["note the file is empty"]);
        check(b"id,name\n", &[]);
        check(
            b"id\n\xe9\n2\n",
            &[
                "3: 2",
                "2! text that is not UTF-8: declare the encoding of this stream",
            ],
        );
        check(
            b"id\na\0b\n2\n",
            &[
                "3: 2",
                "2! a control character that no text file has (U+0000 to U+0002)",
            ],
        );
        let mut latin = stream();
        latin.format.encoding = Some("latin-1".into());
        assert_eq!(read(b"id\n\xe9\n", &latin).unwrap(), ["2: é"]);
    }

    #[test]
    fn a_column_that_a_file_may_lack_is_empty_then() {
        let mut stream = stream();
        stream.format.optional = vec!["mail".into(), "name".into()];
        assert_eq!(read(b"id,name\n1,Ann\n", &stream).unwrap(), ["2: 1|Ann|"]);
        assert_eq!(
            read(b"ID,NAME,x\n1,Ann,y\n", &stream).unwrap(),
            ["2: 1|Ann|y|"]
        );
    }

    #[test]
    fn headers_that_cannot_serve_are_refused() {
        let code = |text: &[u8]| read(text, &stream()).unwrap_err().code;
        assert_eq!(code(b"name,mail\n1,2\n"), "E0306");
        assert_eq!(code(b"\"id,name\n1,2\n"), "E0305");
        let wide = "id,".repeat(10_001);
        assert_eq!(code(wide.as_bytes()), "E0305");
        let mut unknown = stream();
        unknown.format.encoding = Some("klingon".into());
        assert_eq!(read(b"id\n", &unknown).unwrap_err().code, "E0304");
    }

    #[test]
    fn a_long_file_comes_in_batches() {
        let text = format!("id,name\n{}", "1,Ann\n".repeat(BATCH_ROWS + 3));
        let (mut table, _) = Table::open(&stream(), &claimed(), text.as_bytes()).unwrap();
        let first = table.next_batch().unwrap();
        let second = table.next_batch().unwrap();
        assert_eq!((first.rows(), first.ends_file), (BATCH_ROWS, false));
        assert_eq!((second.rows(), second.ends_file), (3, true));
        assert_eq!(
            second.lines.first(),
            Some(&u32::try_from(BATCH_ROWS + 2).unwrap())
        );
    }

    /// Mutants of a small file: nothing panics, reading twice gives the same, and a mutant that
    /// has no quotes accounts for each of its lines that is not blank.
    #[test]
    fn mutants_never_panic_and_every_line_is_accounted_for() {
        let seed: &[u8] =
            b"id,name,mail\r\n1,\"Ann, B\",a@b.c\r\n2,Bo \"x\",\n3,\"C\"\"d\",e@f.g\r4,\xc3\xa9,\n";
        let spice: [&[u8]; 12] = [
            b"\"",
            b",",
            b"\n",
            b"\r",
            b"\r\r\n",
            b"\0",
            b"\xff",
            b"\xef\xbb\xbf",
            b"\xf0\x9f\x98\x80",
            b"\x01",
            b";",
            b"\"\"",
        ];
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let mut random = |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state % below as u64).unwrap()
        };
        let mut plain = 0;
        for round in 0..10_000 {
            let mut text = seed.to_vec();
            if round % 2 == 0 {
                text.retain(|byte| *byte != b'"');
            }
            for _ in 0..=random(4) {
                let at = random(text.len());
                match random(4) {
                    0 => text[at] = u8::try_from(random(256)).unwrap(),
                    1 => text.truncate(at.max(1)),
                    2 => drop(text.splice(at..at, spice[random(spice.len())].iter().copied())),
                    _ => drop(text.remove(at)),
                }
                if text.is_empty() {
                    text.push(b'x');
                }
            }
            let (Ok(rows), Ok(again)) = (read(&text, &stream()), read(&text, &stream())) else {
                continue;
            };
            assert_eq!(rows, again);
            let is_plain = !text.contains(&b'"')
                && !text.starts_with(b"\xff\xfe")
                && !text.starts_with(b"\xfe\xff");
            if is_plain {
                let body = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text);
                let lines = body.split(|byte| matches!(byte, b'\r' | b'\n'));
                let lines = lines.filter(|line| !line.is_empty()).count();
                let read = rows.iter().filter(|row| !row.starts_with("note")).count();
                assert_eq!(read, lines.saturating_sub(1), "{text:?}");
                plain += 1;
            }
        }
        assert!(plain > 2_000, "{plain}");
    }
}
