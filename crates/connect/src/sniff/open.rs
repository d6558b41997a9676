//! Sniffing files from their paths: the head tells how a text is written, the rows what it holds.

use std::collections::VecDeque;
use std::io::Read;
use std::path::PathBuf;

use handfast_ledger::{Source, TextBatch};
use handfast_model::Refusal;
use handfast_model::pack::{FileKind, Format, Pack, Sheets, Stream, StreamMode};

use super::layout::{Layout, Written, layout};
use super::sheets::{OnSheet, tables};
use super::{Sniffed, profile};
use crate::files::{Claimed, assign};
use crate::find::{Found, find};
use crate::kind::kind;
use crate::pull::Table;
use crate::workbook::heads;
use crate::{refuse, unpack};

/// Bytes of a text that tell how it is written.
const HEAD_BYTES: usize = 1 << 20;
/// Rows of a sheet that tell where its table stands.
const HEAD_ROWS: usize = 300;

/// Looks at every file that these paths, folders and patterns mean: at all of its rows, or at the
/// first ones where it is very long.
pub fn sniff(paths: &[PathBuf]) -> Result<Vec<(Found, Sniffed)>, Refusal> {
    sniff_found(find(paths)?, &Written::default())
}

/// The same of files that were found, whose texts are written as somebody says.
pub fn sniff_found(found: Vec<Found>, said: &Written) -> Result<Vec<(Found, Sniffed)>, Refusal> {
    if found.is_empty() {
        return Err(Refusal::new("E0370", "there is no file to look at")
            .matters("a source is proposed from columns and rows")
            .fix("name a file, or a folder with files in it"));
    }
    let mut looked = Vec::new();
    for file in found {
        let sniffed = sniff_one(&file, said)?;
        looked.extend(sniffed.into_iter().map(|one| (file.clone(), one)));
    }
    Ok(looked)
}

/// What a file holds: one table, or those of a workbook.
fn sniff_one(file: &Found, said: &Written) -> Result<Vec<Sniffed>, Refusal> {
    let opened = unpack::open(&file.path, file.member.as_ref(), &file.name)?;
    if kind(&opened.head, &file.name, None)? == FileKind::Workbook {
        let held = opened.held(&file.path, &file.name)?;
        let heads = heads(&file.name, held, HEAD_ROWS)?;
        let tables = tables(&heads).map_err(|why| no_table(&file.name, &why))?;
        let sniffed = tables.into_iter().map(|on| sniff_sheet(file, on));
        return sniffed.collect();
    }
    let layout = layout_of(file, said)?;
    let rows = look(file, &file.name, format_of(layout.as_ref()), layout)?;
    Ok(vec![rows])
}

/// What one table of a workbook holds.
fn sniff_sheet(file: &Found, on: OnSheet) -> Result<Sniffed, Refusal> {
    let format = Format {
        sheets: on.sheets.clone(),
        skip_rows: on.skip_rows,
        header_rows: on.header_rows,
        ..Format::default()
    };
    let name = match &on.sheets {
        Sheets::Named(sheet) if on.is_one_of_many => format!("{}[{sheet}]", file.name),
        _ => file.name.clone(),
    };
    let mut found = look(file, &name, format, None)?;
    found.on = Some(on);
    Ok(found)
}

/// Looks at the rows of a file that is read so.
fn look(
    file: &Found,
    name: &str,
    format: Format,
    layout: Option<Layout>,
) -> Result<Sniffed, Refusal> {
    let stream = probe(format);
    let claimed = Claimed {
        path: file.path.clone(),
        member: file.member.clone(),
        content: None,
        name: file.name.clone(),
        stream: 0,
    };
    let (table, _) = Table::open(&stream, &claimed)?;
    profile(name, layout, &mut One(Some(table)))
}

/// How a text is written; `None` for files that say themselves how they are read.
fn layout_of(file: &Found, said: &Written) -> Result<Option<Layout>, Refusal> {
    let opened = unpack::open(&file.path, file.member.as_ref(), &file.name)?;
    if kind(&opened.head, &file.name, None)? != FileKind::Text {
        return Ok(None);
    }
    let lost = |error: std::io::Error| refuse::unreadable(&file.name, &error);
    let mut head = Vec::new();
    let mut input = opened.input.take(HEAD_BYTES as u64 + 1);
    input.read_to_end(&mut head).map_err(lost)?;
    let is_all = head.len() <= HEAD_BYTES;
    head.truncate(HEAD_BYTES);
    layout(&file.name, &head, is_all, said).map(Some)
}

/// The rows of one open file.
struct One(Option<Table>);

impl Source for One {
    fn next_batch(&mut self) -> Result<Option<TextBatch>, Refusal> {
        let Some(table) = &mut self.0 else {
            return Ok(None);
        };
        let batch = table.next_batch()?;
        if batch.ends_file {
            self.0 = None;
        }
        Ok(Some(batch))
    }
}

/// A workbook without a table; `why` says so of each sheet.
fn no_table(file: &str, why: &[String]) -> Refusal {
    let title = format!("no sheet of `{file}` holds rows below a row of column names");
    Refusal::new("E0371", title)
        .matters(why.join("; "))
        .fix("put a row of names above the rows, or export the sheet as CSV")
}

fn format_of(layout: Option<&Layout>) -> Format {
    let mut format = Format::default();
    if let Some(layout) = layout {
        format.delimiter = Some(layout.delimiter);
        format.encoding = layout.encoding.map(str::to_owned);
        format.quote = layout.quote;
        format.skip_rows = layout.junk_rows;
        format.header_rows = layout.header_rows;
    }
    format
}

/// A stream that takes any file written so.
fn probe(format: Format) -> Stream {
    Stream {
        name: "rows".to_owned(),
        files: vec!["*".to_owned()],
        recognised_by: Vec::new(),
        key: Vec::new(),
        version: None,
        mode: StreamMode::Changes,
        is_reference: false,
        format,
        people: Vec::new(),
        safe: Vec::new(),
        ignore: Vec::new(),
        deletes: None,
    }
}

/// A stream that takes any file, for tests of what becomes of rows.
#[cfg(test)]
pub(crate) fn any_stream() -> Stream {
    probe(Format::default())
}

/// The first rows of each file, as an import would read them.
pub struct Head<'a> {
    pack: &'a Pack,
    files: VecDeque<Claimed>,
    rows: usize,
}

impl<'a> Head<'a> {
    /// At most `rows` rows of each of these files.
    pub fn new(pack: &'a Pack, found: &[Found], rows: usize) -> Result<Head<'a>, Refusal> {
        let claims = assign(std::slice::from_ref(pack), found)?;
        let read = claims.into_iter().next().unwrap_or_default().read;
        Ok(Head {
            pack,
            files: read.into(),
            rows,
        })
    }
}

impl Source for Head<'_> {
    fn next_batch(&mut self) -> Result<Option<TextBatch>, Refusal> {
        let Some(claimed) = self.files.pop_front() else {
            return Ok(None);
        };
        let Some(stream) = self.pack.streams.get(claimed.stream) else {
            return Ok(None);
        };
        let (mut table, _) = Table::open(stream, &claimed)?;
        let mut batch = table.next_batch()?;
        let rows = batch.rows().min(self.rows);
        let cells = batch.cells.iter();
        batch.cells = cells.map(|cells| cells.slice(0, rows)).collect();
        batch.lines.truncate(rows);
        batch.bad.truncate(self.rows);
        batch.ends_file = true;
        Ok(Some(batch))
    }
}
