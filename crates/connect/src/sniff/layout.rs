//! How a file of delimited text is written: its encoding, its delimiter, where its header stands.
//!
//! Pure on the first bytes of a file. Knows marks, byte patterns and counts of fields; refuses to
//! read meaning into a word. What it cannot tell, it says.

use encoding_rs::Encoding;
use handfast_model::Refusal;

use super::bands::band;
use super::kind::is_typed;
use super::words::shape;
use crate::rows::{Row, Rows, Step};
use crate::text::named;

/// Delimiters that are tried, the likeliest first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// How many records decide.
const RECORDS: usize = 300;
/// Lines above the header that are looked through.
const MOST_JUNK: usize = 40;

/// How a file of delimited text is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Layout {
    /// The label to declare; `None` for UTF-8 and for files whose mark says it.
    pub encoding: Option<&'static str>,
    /// Between fields.
    pub delimiter: u8,
    /// Around fields.
    pub quote: u8,
    /// Lines above the header, blank ones too.
    pub junk_rows: u32,
    /// Rows of names; 0 where the first row holds values.
    pub header_rows: u32,
    /// How that is known, a sentence each.
    pub evidence: Vec<String>,
}

/// How somebody says that texts are written; what they do not say is told from the bytes.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Written {
    /// One of [`ENCODINGS`]; a byte-order mark wins.
    pub encoding: Option<String>,
    /// Between fields.
    pub delimiter: Option<u8>,
    /// Lines above the header, blank ones too.
    pub skip_rows: Option<u32>,
    /// Rows of names; 0 where the first row holds values.
    pub header_rows: Option<u32>,
}

/// Encodings by the labels that a pack declares.
pub const ENCODINGS: [&str; 4] = ["utf-8", "utf-16le", "utf-16be", "latin-1"];

/// Tells how a file is written from its first bytes, as far as nobody said it; `is_all` when there
/// are no more.
pub fn layout(file: &str, head: &[u8], is_all: bool, said: &Written) -> Result<Layout, Refusal> {
    let mut evidence = Vec::new();
    let (encoding, text) = decode((file, head), is_all, said, &mut evidence)?;
    let text = whole_lines(&text, is_all);
    if text.trim().is_empty() {
        return Err(nothing_in(file, "it is empty"));
    }
    let quote = quote_of(text);
    let tried = match said.delimiter {
        Some(delimiter) => vec![Cut::of(text, delimiter, quote)],
        None => DELIMITERS
            .map(|delimiter| Cut::of(text, delimiter, quote))
            .into(),
    };
    let best = tried.iter().reduce(|best, next| match next.beats(best) {
        true => next,
        false => best,
    });
    let Some(cut) = best else {
        return Err(nothing_in(file, "no line of it can be read"));
    };
    evidence.push(cut.says());
    let place = match said.skip_rows {
        Some(lines) => {
            let why = format!("no line stands below the first {lines}");
            cut.place_below(lines).ok_or_else(|| nothing_in(file, &why))
        }
        None => header_place(cut).ok_or_else(|| nothing_in(file, "no line of it can be read")),
    }?;
    let header = match said.header_rows {
        Some(rows) => Header::said(place, rows),
        None => Header::of(cut, place),
    };
    let is_said = said.header_rows.is_some() || said.skip_rows.is_some();
    if let Some(above) = names_above(cut, &header).filter(|_| !is_said) {
        return Err(uneven(file, cut, above));
    }
    let junk_rows = cut.lines_above(header.place);
    if junk_rows > 0 {
        let plural = if junk_rows == 1 { "line" } else { "lines" };
        evidence.push(format!("{junk_rows} {plural} above the header"));
    }
    evidence.extend(header.why);
    Ok(Layout {
        encoding,
        delimiter: cut.delimiter,
        quote,
        junk_rows,
        header_rows: header.rows,
        evidence,
    })
}

/// The rows of names.
struct Header {
    /// The first of them; without any, the first row.
    place: usize,
    rows: u32,
    why: Option<String>,
}

impl Header {
    fn said(place: usize, rows: u32) -> Header {
        let why = match rows {
            0 => "no line of names, as you said: its columns are called by their places".to_owned(),
            1 => "a line of names, as you said".to_owned(),
            rows => format!("a header of {rows} rows, as you said"),
        };
        Header {
            place,
            rows,
            why: Some(why),
        }
    }

    fn of(cut: &Cut, place: usize) -> Header {
        let one = Header {
            place,
            rows: 1,
            why: None,
        };
        if let Some(band) = band(&cut.records, place) {
            let groups = band.groups.join("`, `");
            return match band.is_needed {
                true => Header {
                    place: band.names - 1,
                    rows: 2,
                    why: Some(format!(
                        "a header of two rows: names that come again are told apart by the groups \
                         above them, `{groups}`"
                    )),
                },
                false => Header {
                    place: band.names,
                    why: Some(format!(
                        "the groups above the names, `{groups}`, are passed over: the names differ \
                         without them"
                    )),
                    ..one
                },
            };
        }
        if is_header(cut, place) {
            return one;
        }
        let first = cut.records.get(place).into_iter().flatten();
        let mut values = first.map(|text| text.trim()).filter(|text| is_typed(text));
        let value = values.next().unwrap_or("").to_owned();
        Header {
            rows: 0,
            why: Some(format!(
                "no line of names: its first row holds values, such as `{}`, so its columns are \
                 called by their places, column_1 to column_{}",
                shape(&value),
                cut.mode
            )),
            ..one
        }
    }
}

fn nothing_in(file: &str, why: &str) -> Refusal {
    Refusal::new("E0370", format!("nothing can be made of `{file}`: {why}"))
        .matters("a source is proposed from columns and rows")
        .fix("export it again as CSV in UTF-8, with a line of column names and at least one row")
}

/// The encoding to declare, and the head as text.
fn decode(
    (file, head): (&str, &[u8]),
    is_all: bool,
    said: &Written,
    evidence: &mut Vec<String>,
) -> Result<(Option<&'static str>, String), Refusal> {
    if let Some((encoding, mark)) = Encoding::for_bom(head) {
        evidence.push(format!("{} by its byte-order mark", encoding.name()));
        let rest = head.get(mark..).unwrap_or(&[]);
        let (text, _) = encoding.decode_without_bom_handling(rest);
        return Ok((None, text.into_owned()));
    }
    if let Some(label) = &said.encoding {
        return decode_as(label, head, evidence);
    }
    if let Some((label, encoding)) = wide(head) {
        evidence.push(format!("{label} by its zero bytes; it has no mark"));
        let (text, _) = encoding.decode_without_bom_handling(head);
        return Ok((Some(label), text.into_owned()));
    }
    if head.contains(&0) {
        return Err(nothing_in(file, "it is not text (it holds zero bytes)"));
    }
    let valid = match std::str::from_utf8(head) {
        Ok(text) => Some(text),
        // The head may end inside a letter.
        Err(error) if !is_all && head.len() - error.valid_up_to() < 4 => {
            let whole = head.get(..error.valid_up_to()).unwrap_or(&[]);
            std::str::from_utf8(whole).ok()
        }
        Err(_) => None,
    };
    if let Some(text) = valid {
        let is_plain = text.is_ascii();
        evidence.push(
            if is_plain {
                "plain ASCII"
            } else {
                "valid UTF-8"
            }
            .to_owned(),
        );
        return Ok((None, text.to_owned()));
    }
    let (broken, wide_letters) = lines_by_encoding(head);
    if wide_letters > broken {
        evidence.push(format!(
            "UTF-8, but {broken} of the first lines hold other bytes: two encodings are mixed, and \
             those rows will be set aside"
        ));
        return Ok((None, String::from_utf8_lossy(head).into_owned()));
    }
    evidence.push(
        "not UTF-8; read as latin-1 (windows-1252), which every byte fits: look at the letters \
         with accents below"
            .to_owned(),
    );
    let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(head);
    Ok((Some("latin-1"), text.into_owned()))
}

/// The head as text of the encoding that was said.
fn decode_as(
    said: &str,
    head: &[u8],
    evidence: &mut Vec<String>,
) -> Result<(Option<&'static str>, String), Refusal> {
    let label = ENCODINGS.into_iter().find(|label| *label == said);
    let encoding = label.and_then(named);
    let Some((label, encoding)) = label.zip(encoding) else {
        return Err(
            Refusal::new("E0370", format!("`{said}` is no encoding of texts"))
                .fix(ENCODINGS.join(", ")),
        );
    };
    evidence.push(format!("{label}, as you said"));
    let (text, _) = encoding.decode_without_bom_handling(head);
    let declared = Some(label).filter(|label| *label != "utf-8");
    Ok((declared, text.into_owned()))
}

/// UTF-16 without a mark: every other byte of plain letters is zero.
fn wide(head: &[u8]) -> Option<(&'static str, &'static Encoding)> {
    let zeros = |from: usize| {
        head.iter()
            .skip(from)
            .step_by(2)
            .filter(|b| **b == 0)
            .count()
    };
    let (even, odd, half) = (zeros(0), zeros(1), head.len() / 2);
    if half < 4 {
        None
    } else if odd * 10 > half * 4 && even * 50 < half {
        Some(("utf-16le", encoding_rs::UTF_16LE))
    } else if even * 10 > half * 4 && odd * 50 < half {
        Some(("utf-16be", encoding_rs::UTF_16BE))
    } else {
        None
    }
}

/// How many lines are no UTF-8, and how many are UTF-8 beyond ASCII.
fn lines_by_encoding(head: &[u8]) -> (usize, usize) {
    let (mut broken, mut wide) = (0, 0);
    for line in head.split(|byte| *byte == b'\n') {
        match std::str::from_utf8(line) {
            Ok(text) if !text.is_ascii() => wide += 1,
            Ok(_) => {}
            Err(_) => broken += 1,
        }
    }
    (broken, wide)
}

/// The text up to its last line end, unless it is all there is or one line.
fn whole_lines(text: &str, is_all: bool) -> &str {
    match text.rfind('\n') {
        Some(end) if !is_all => text.get(..end).unwrap_or(text),
        _ => text,
    }
}

/// `'` only where it encloses many fields and `"` none.
fn quote_of(text: &str) -> u8 {
    let encloses = |quote: char| {
        let marks = |c: char| matches!(c, ',' | ';' | '\t' | '|' | '\n');
        let fields = text.split(marks).map(str::trim);
        let is_enclosed =
            |field: &&str| field.len() > 1 && field.starts_with(quote) && field.ends_with(quote);
        fields.filter(is_enclosed).count()
    };
    if encloses('"') == 0 && encloses('\'') >= 3 {
        b'\''
    } else {
        b'"'
    }
}

/// The first records, cut with one delimiter.
struct Cut {
    delimiter: u8,
    records: Vec<Vec<String>>,
    /// The line each begins on, from 1.
    lines: Vec<u32>,
    /// The number of fields that most records have.
    mode: usize,
    /// How many records have it.
    at_mode: usize,
}

impl Cut {
    fn of(text: &str, delimiter: u8, quote: u8) -> Cut {
        let mut rows = Rows::new(text.as_bytes(), delimiter, quote);
        let (mut row, mut records, mut lines) = (Row::default(), Vec::new(), Vec::new());
        while records.len() < RECORDS {
            match rows.next(&mut row) {
                Ok(Step::Row) => {
                    let fields = row.fields().into_iter().flatten();
                    lines.push(row.line);
                    records.push(fields.map(str::to_owned).collect::<Vec<_>>());
                }
                Ok(Step::Bad(broken)) => {
                    lines.push(broken.line);
                    records.push(Vec::new());
                }
                Ok(Step::End) | Err(_) => break,
            }
        }
        let count = |fields: usize| records.iter().filter(|r| r.len() == fields).count();
        let widths = records.iter().map(Vec::len).filter(|width| *width > 0);
        let mode = widths.max_by_key(|width| (count(*width), *width));
        let mode = mode.unwrap_or(0);
        let at_mode = count(mode);
        Cut {
            delimiter,
            records,
            lines,
            mode,
            at_mode,
        }
    }

    /// Lines above a record; none where only blank lines are, which are passed over anyway.
    fn lines_above(&self, place: usize) -> u32 {
        let line = self.lines.get(place).filter(|_| place > 0);
        line.map_or(0, |line| line.saturating_sub(1))
    }

    /// The first record below so many lines.
    fn place_below(&self, lines: u32) -> Option<usize> {
        self.lines.iter().position(|line| *line > lines)
    }

    /// More of the records agree on a number of fields; where as many do, more fields.
    fn beats(&self, other: &Cut) -> bool {
        let is_cut = |cut: &Cut| cut.mode > 1;
        if is_cut(self) != is_cut(other) {
            return is_cut(self);
        }
        let share = |cut: &Cut| cut.at_mode * 100 / cut.records.len().max(1);
        // One ragged record in twenty says less than the number of fields.
        let (ours, theirs) = (share(self) / 5, share(other) / 5);
        (ours, self.mode) > (theirs, other.mode)
    }

    fn says(&self) -> String {
        let name = match self.delimiter {
            b'\t' => "tab".to_owned(),
            byte => format!("`{}`", char::from(byte)),
        };
        match self.mode {
            0 | 1 => "one column".to_owned(),
            mode => format!(
                "{name} cuts {} of the first {} records into {mode} fields",
                self.at_mode,
                self.records.len()
            ),
        }
    }
}

/// The first record that is as wide as most and not mostly blank.
fn header_place(cut: &Cut) -> Option<usize> {
    let is_full = |record: &Vec<String>| {
        let filled = record.iter().filter(|field| !field.trim().is_empty());
        record.len() == cut.mode && filled.count() * 2 >= cut.mode.max(1)
    };
    let records = cut.records.iter().take(MOST_JUNK);
    records
        .clone()
        .position(is_full)
        .or_else(|| cut.records.iter().position(|r| r.len() == cut.mode))
}

/// A line of names above rows that have no header of their width.
fn names_above(cut: &Cut, header: &Header) -> Option<usize> {
    let names = |record: &Vec<String>| {
        let texts = record.iter().map(|field| field.trim());
        let mut filled = texts.filter(|field| !field.is_empty());
        let count = filled.clone().count();
        count > 1 && count * 2 >= cut.mode && !filled.any(is_typed)
    };
    let above = cut.records.iter().take(header.place);
    above.clone().rposition(names).filter(|_| header.rows == 0)
}

fn uneven(file: &str, cut: &Cut, above: usize) -> Refusal {
    let names = cut.records.get(above).map_or(0, Vec::len);
    let line = cut.lines.get(above).copied().unwrap_or(1);
    let title = format!(
        "line {line} of `{file}` names {names} columns, and its rows have {} fields",
        cut.mode
    );
    Refusal::new("E0372", title)
        .matters("which name belongs to which field cannot be told")
        .fix("export it again, or give the line of names as many fields as the rows have")
}

/// A header names: none of its fields is a number, a date or an address, and they differ.
fn is_header(cut: &Cut, place: usize) -> bool {
    let Some(record) = cut.records.get(place) else {
        return false;
    };
    let filled = record.iter().map(|field| field.trim());
    let filled: Vec<&str> = filled.filter(|field| !field.is_empty()).collect();
    let typed = filled.iter().filter(|field| is_typed(field)).count();
    if typed == 0 {
        return !filled.is_empty();
    }
    // A column may be called `2024`: where the others name, it does too.
    let is_year = |text: &&&str| matches!(text.parse(), Ok(1990..=2100));
    let years = filled.iter().filter(is_year).count();
    let is_named = typed * 10 <= filled.len() || (years == typed && years < filled.len());
    if !is_named {
        return false;
    }
    let mut sorted = filled.clone();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.len() == filled.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> String {
        told_as(bytes, &Written::default())
    }

    fn told_as(bytes: &[u8], said: &Written) -> String {
        match layout("f.csv", bytes, true, said) {
            Err(refusal) => format!("{} {}", refusal.code, refusal.title),
            Ok(found) => format!(
                "{} {:?} {} junk {} header {}",
                found.encoding.unwrap_or("utf-8"),
                char::from(found.delimiter),
                char::from(found.quote),
                found.junk_rows,
                found.header_rows
            ),
        }
    }

    fn wide(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn what_somebody_says_of_a_file_goes_before_what_its_bytes_tell() {
        let said = |written: Written, text: &[u8]| told_as(text, &written);
        let as_said = Written {
            delimiter: Some(b';'),
            ..Written::default()
        };
        let text = b"a;b\n1,5;2,5\n1,7;3,5\n1,9;4,5\n";
        assert_eq!(said(as_said, text), "utf-8 ';' \" junk 0 header 1");
        let headless = Written {
            header_rows: Some(0),
            ..Written::default()
        };
        let text = b"ada,open\nbea,won\ncy,lost\n";
        assert_eq!(told(text), "utf-8 ',' \" junk 0 header 1");
        assert_eq!(said(headless, text), "utf-8 ',' \" junk 0 header 0");
        let below = Written {
            skip_rows: Some(1),
            ..Written::default()
        };
        let text = b"made,by\nname,stage\nada,open\n";
        assert_eq!(said(below, text), "utf-8 ',' \" junk 1 header 1");
        let latin = |label: &str| Written {
            encoding: Some(label.to_owned()),
            ..Written::default()
        };
        let text = "name,city\nada,Köln\n".as_bytes();
        assert_eq!(
            said(latin("latin-1"), text),
            "latin-1 ',' \" junk 0 header 1"
        );
        let none = said(latin("klingon"), text);
        assert_eq!(none, "E0370 `klingon` is no encoding of texts");
        // A mark in the file itself is no guess.
        let marked = [b"\xef\xbb\xbf", text].concat();
        assert_eq!(
            said(latin("latin-1"), &marked),
            "utf-8 ',' \" junk 0 header 1"
        );
    }

    #[test]
    fn how_a_file_is_written_is_told_from_its_bytes() {
        let utf16 = wide("id;name\n1;Ana\n2;Ben\n");
        for (bytes, expected) in [
            (&b"id,name\n1,Ana\n"[..], "utf-8 ',' \" junk 0 header 1"),
            (
                b"\xef\xbb\xbfid;name\r\n1;x\r\n",
                "utf-8 ';' \" junk 0 header 1",
            ),
            (
                b"id;price\n1;1,50\n2;2,75\n",
                "utf-8 ';' \" junk 0 header 1",
            ),
            (
                b"id\tname\n1\ta, b\n2\tc, d\n",
                "utf-8 '\\t' \" junk 0 header 1",
            ),
            (
                b"id;stadt\n1;M\xfcnchen\n",
                "latin-1 ';' \" junk 0 header 1",
            ),
            (
                "id;stadt\n1;München\n".as_bytes(),
                "utf-8 ';' \" junk 0 header 1",
            ),
            (&utf16, "utf-16le ';' \" junk 0 header 1"),
            (
                b"Campaign report\nNov 1 - Nov 30\nCampaign,Cost\na,1\nb,2\nc,3\n",
                "utf-8 ',' \" junk 2 header 1",
            ),
            (
                b"1,2024-01-02,7\n2,2024-01-03,8\n",
                "utf-8 ',' \" junk 0 header 0",
            ),
            (b"name\nana\nben\n", "utf-8 ',' \" junk 0 header 1"),
            (
                b"name,2023,2024\nana,5,6\nben,7,8\n",
                "utf-8 ',' \" junk 0 header 1",
            ),
            (
                b"Report\n,Q1,,Q2,\nTeam,Won,Lost,Won,Lost\na,1,2,3,4\n",
                "utf-8 ',' \" junk 1 header 2",
            ),
            (
                b"Lead,,Deal,\nId,Mail,Stage,Sum\nx,y,z,7\nx,y,z,8\n",
                "utf-8 ',' \" junk 1 header 1",
            ),
            (
                b"id,note\n1,'a,b'\n2,'c'\n3,'d'\n4,'e'\n",
                "utf-8 ',' ' junk 0 header 1",
            ),
            (
                b"id,name,day\n1,Ana,2024-01-02,\n2,Ben,2024-01-03,\n",
                "E0372 line 1 of `f.csv` names 3 columns, and its rows have 4 fields",
            ),
            (b"id|a\n1|\"x|y\"\n", "utf-8 '|' \" junk 0 header 1"),
            (b"", "E0370 nothing can be made of `f.csv`: it is empty"),
            (
                b"\n\n \n",
                "E0370 nothing can be made of `f.csv`: it is empty",
            ),
            (
                b"\x00\x01\x02\x03\x04PNG\x00\x00abc",
                "E0370 nothing can be made of `f.csv`: it is not text (it holds zero bytes)",
            ),
        ] {
            assert_eq!(told(bytes), expected, "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn mixed_encodings_are_said_and_the_commoner_is_taken() {
        let bytes = b"id,city\n1,M\xc3\xbcnchen\n2,K\xc3\xb6ln\n3,N\xfcrnberg\n";
        let found = layout("f.csv", bytes, true, &Written::default()).unwrap();
        assert_eq!(found.encoding, None);
        assert!(found.evidence.iter().any(|line| line.contains("mixed")));
    }
}
