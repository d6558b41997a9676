//! Delimited text: CSV and its relatives, as a table of texts.
//!
//! Knows encodings, delimiters, quotes and headers of several rows; refuses to know what a column
//! means. A row that cannot be read is set aside with its line and reason and never stops the
//! file. The records themselves are cut out by `rows`.

use std::io::Read;

use handfast_ledger::TextBatch;
use handfast_model::Refusal;
use handfast_model::pack::Stream;

use crate::below::is_below;
use crate::files::Claimed;
use crate::header::{find_delimiter, join_rows, name_columns, need_columns};
use crate::pile::{CONTROL, Pile};
use crate::refuse;
use crate::rows::{Broken, RAGGED, Row, Rows, Step};
use crate::text::Utf8;

/// One open file of delimited text.
pub(crate) struct Delimited<R> {
    claimed: Claimed,
    pile: Pile,
    rows: Rows<Utf8<R>>,
    row: Row,
    /// Whether the first row, read to count its columns, is still to be handed on.
    is_read_ahead: bool,
    is_untouched: bool,
    quote: u8,
    /// How lines below the table begin, and how many of them were met.
    footer: Vec<String>,
    below: u64,
}

const NOT_UTF8: &str = "text that is not UTF-8: declare the encoding of this stream";
const NOT_DECODED: &str = "text that is not in the declared encoding";

impl<R: Read> Delimited<R> {
    /// Opens a file of a stream, finds its delimiter and names its columns. The texts say what was
    /// remarkable.
    pub(crate) fn open(
        stream: &Stream,
        claimed: &Claimed,
        input: R,
    ) -> Result<(Delimited<R>, Vec<String>), Refusal> {
        let format = &stream.format;
        let lost = |error: std::io::Error| refuse::unreadable(&claimed.name, &error);
        let text = Utf8::open(input, format.encoding.as_deref()).map_err(lost)?;
        let text = text.ok_or_else(|| refuse::unknown_encoding(stream))?;
        let is_untouched = text.is_untouched();
        let mut rows = Rows::new(text, format.delimiter.unwrap_or(b','), format.quote);
        rows.skip_lines(format.skip_rows).map_err(lost)?;
        if format.delimiter.is_none() {
            let found = find_delimiter(rows.peek_line().map_err(lost)?, format.quote);
            rows.set_delimiter(found);
        }
        let mut row = Row::default();
        let is_read_ahead = format.header_rows == 0;
        let (columns, notes) = match is_read_ahead {
            true => count_columns(claimed, &mut rows, &mut row)?,
            false => header(stream, claimed, &mut rows)?,
        };
        if !columns.is_empty() {
            rows.expect_columns(columns.len());
            if format.are_short_rows_blank {
                rows.fill_short_records();
            }
        }
        let pile = Pile::new(stream, &claimed.name, columns);
        need_columns(stream, &claimed.name, pile.columns())?;
        let table = Delimited {
            claimed: claimed.clone(),
            pile,
            is_read_ahead: is_read_ahead && !row.is_empty(),
            rows,
            row,
            is_untouched,
            quote: format.quote,
            footer: format.footer.clone(),
            below: 0,
        };
        Ok((table, notes))
    }

    /// Its columns.
    pub(crate) fn columns(&self) -> &[String] {
        self.pile.columns()
    }

    /// The next rows of the file.
    pub(crate) fn next_batch(&mut self) -> Result<TextBatch, Refusal> {
        let mut ends_file = false;
        if std::mem::take(&mut self.is_read_ahead) {
            self.add();
        }
        while !self.pile.is_full() {
            let step = self.rows.next(&mut self.row);
            match step.map_err(|error| refuse::unreadable(&self.claimed.name, &error))? {
                Step::End => {
                    ends_file = true;
                    break;
                }
                Step::Bad(broken) if self.is_below(&broken) => self.below += 1,
                Step::Bad(broken) => set_aside(&mut self.pile, &broken),
                Step::Row => self.add(),
            }
        }
        Ok(self.pile.batch(ends_file))
    }

    /// Whether what has too few fields is a line below the table, and no row.
    fn is_below(&self, broken: &Broken) -> bool {
        let raw = String::from_utf8_lossy(&broken.raw);
        let written = (self.rows.delimiter(), self.quote);
        broken.reason == RAGGED && is_below(&raw, written, &self.footer)
    }

    /// What turned out to be remarkable while its rows were read.
    pub(crate) fn late_notes(&self) -> Vec<String> {
        let lines = match self.below {
            0 => return Vec::new(),
            1 => "1 line below the table is passed over".to_owned(),
            lines => format!("{lines} lines below the table are passed over"),
        };
        vec![lines]
    }

    fn add(&mut self) {
        let line = self.row.line;
        let is_lossy = !self.is_untouched && contains(self.row.bytes(), "\u{fffd}".as_bytes());
        let fields = self.row.fields();
        let reason = match &fields {
            None => NOT_UTF8,
            Some(_) if self.row.bytes().iter().any(|byte| *byte < 3) => CONTROL,
            Some(_) if is_lossy => NOT_DECODED,
            Some(_) => "",
        };
        match fields {
            Some(fields) if reason.is_empty() => self.pile.add(line, fields),
            _ => {
                let raw = self.row.as_line(self.rows.delimiter());
                set_aside(&mut self.pile, &Broken { line, reason, raw });
            }
        }
    }
}

fn set_aside(pile: &mut Pile, broken: &Broken) {
    let raw = String::from_utf8_lossy(&broken.raw).into_owned();
    pile.set_aside(broken.line, String::new(), broken.reason, raw);
}

/// Reads the rows of the header: the names of the columns, and what was remarkable.
fn header<R: Read>(
    stream: &Stream,
    claimed: &Claimed,
    rows: &mut Rows<R>,
) -> Result<(Vec<String>, Vec<String>), Refusal> {
    let broken = |reason| refuse::broken_header(&claimed.name, reason);
    let mut texts: Vec<Vec<String>> = Vec::new();
    let mut row = Row::default();
    for _ in 0..stream.format.header_rows {
        let step = rows.next(&mut row);
        match step.map_err(|error| refuse::unreadable(&claimed.name, &error))? {
            Step::End => break,
            Step::Bad(bad) => return Err(broken(bad.reason)),
            Step::Row => {
                let fields = row.fields().ok_or_else(|| broken(NOT_UTF8))?;
                texts.push(fields.map(str::to_owned).collect());
            }
        }
    }
    if texts.is_empty() {
        return Ok((Vec::new(), vec!["the file is empty".to_owned()]));
    }
    let joined = join_rows(texts, true);
    Ok(name_columns(joined.iter().map(String::as_str)))
}

/// The columns of a text without a header, `column_1` and so on, as many as its first row has.
fn count_columns<R: Read>(
    claimed: &Claimed,
    rows: &mut Rows<R>,
    first: &mut Row,
) -> Result<(Vec<String>, Vec<String>), Refusal> {
    let step = rows.next(first);
    match step.map_err(|error| refuse::unreadable(&claimed.name, &error))? {
        Step::End => Ok((Vec::new(), vec!["the file is empty".to_owned()])),
        Step::Bad(bad) => Err(refuse::broken_header(&claimed.name, bad.reason)),
        Step::Row => {
            let names = (1..=first.len()).map(|place| format!("column_{place}"));
            Ok((names.collect(), Vec::new()))
        }
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use handfast_model::limits::BATCH_ROWS;
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
            member: None,
            content: None,
            name: "leads.csv".into(),
            stream: 0,
        }
    }

    /// Every row as `line: a|b`, every bad one as `line! reason`.
    fn read(text: &[u8], stream: &Stream) -> Result<Vec<String>, Refusal> {
        let (mut table, notes) = Delimited::open(stream, &claimed(), text)?;
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
    fn a_file_without_a_header_has_numbered_columns() {
        let mut bare = stream();
        bare.key = vec!["column_1".into()];
        bare.format.header_rows = 0;
        let lines = read(b"7,Ann\n8,Bo\n9\n", &bare).unwrap();
        let ragged = "3! more or fewer columns than the header";
        assert_eq!(lines, ["1: 7|Ann", "2: 8|Bo", ragged]);
        bare.format.skip_rows = 1;
        assert_eq!(read(b"Report\n\n7;Ann\n", &bare).unwrap(), ["3: 7|Ann"]);
        assert_eq!(read(b"", &bare).unwrap(), ["note the file is empty"]);
        bare.format.skip_rows = 0;
        bare.key = vec!["id".into()];
        assert_eq!(read(b"7,Ann\n", &bare).unwrap_err().code, "E0306");
    }

    #[test]
    fn cells_that_rows_lack_at_their_end_are_blank_where_the_stream_says_so() {
        let text = b"id,name,mail\n7,Ann,x\n8,Bo\n9\n10,Cy,y,z\n";
        let ragged = |line: u32| format!("{line}! more or fewer columns than the header");
        let aside = read(text, &stream()).unwrap();
        assert_eq!(
            aside,
            ["2: 7|Ann|x".into(), ragged(3), ragged(4), ragged(5)]
        );
        let mut short = stream();
        short.format.are_short_rows_blank = true;
        let blank = read(text, &short).unwrap();
        assert_eq!(
            blank,
            [
                "2: 7|Ann|x".into(),
                "3: 8|Bo|".into(),
                "4: 9||".into(),
                ragged(5)
            ]
        );
    }

    #[test]
    fn lines_below_the_table_are_passed_over_where_the_stream_says_how_they_begin() {
        let text = b"id,name\n7,Ann\n\n\"Deals, all\"\nCopyright X\n8\nCopyright Y,Bo\n";
        let ragged = |line: u32| format!("{line}! more or fewer columns than the header");
        let aside = read(text, &stream()).unwrap();
        let rows = ["2: 7|Ann".to_owned(), "7: Copyright Y|Bo".to_owned()];
        let all = [&rows[..], &[ragged(4), ragged(5), ragged(6)]].concat();
        assert_eq!(aside, all);
        let mut known = stream();
        known.format.footer = vec!["Deals, all".to_owned(), "Copyright".to_owned()];
        let left = read(text, &known).unwrap();
        assert_eq!(left, [&rows[..], &[ragged(6)]].concat());
        let (mut table, _) = Delimited::open(&known, &claimed(), &text[..]).unwrap();
        table.next_batch().unwrap();
        let noted = table.late_notes();
        assert_eq!(noted, ["2 lines below the table are passed over"]);
    }

    #[test]
    fn a_long_file_comes_in_batches() {
        let text = format!("id,name\n{}", "1,Ann\n".repeat(BATCH_ROWS + 3));
        let (mut table, _) = Delimited::open(&stream(), &claimed(), text.as_bytes()).unwrap();
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
