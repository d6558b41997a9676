//! Rows of files as batches of text: the [`Source`] for what people export.
//!
//! Knows which reader a file needs; refuses to know what a column means. A row that cannot be read
//! is set aside with its line and reason and never stops the file. Read on in `delimited`, `jsonl`,
//! `columnar` and `workbook`, one for each kind of file.

use std::io::Read;
use std::path::PathBuf;

use handfast_ledger::{Source, TextBatch, content_hash};
use handfast_model::Refusal;
use handfast_model::pack::{FileKind, Pack, Stream};

use crate::columnar::Columnar;
use crate::delimited::Delimited;
use crate::files::{Claimed, Claims, claim};
use crate::jsonl::Jsonl;
use crate::kind::kind;
use crate::refuse;
use crate::text;
use crate::unpack;
use crate::workbook::Workbook;

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
    open: Option<Table>,
    /// The file on the disk that was hashed last, and its hash.
    content: Option<(PathBuf, String)>,
    notes: Vec<Note>,
}

impl<'a> Files<'a> {
    /// Matches files (and files in folders) to the streams of a pack; reads no rows yet.
    pub fn open(pack: &'a Pack, paths: &[PathBuf]) -> Result<Files<'a>, Refusal> {
        Ok(Files::of(pack, claim(pack, paths)?))
    }

    /// The files that were claimed for a pack.
    pub fn of(pack: &'a Pack, claims: Claims) -> Files<'a> {
        let by_header = claims.by_header.iter().map(|(file, stream)| Note {
            file: file.clone(),
            text: format!("known by its header as of stream `{stream}`"),
        });
        Files {
            pack,
            notes: by_header.collect(),
            claims,
            next: 0,
            open: None,
            content: None,
        }
    }

    /// Which files are read and which are left alone.
    pub fn claims(&self) -> &Claims {
        &self.claims
    }

    /// What was remarkable about the files read so far.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    fn open_table(&mut self, claimed: &Claimed) -> Result<Option<Table>, Refusal> {
        let Some(stream) = self.pack.streams.get(claimed.stream) else {
            return Ok(None);
        };
        let is_hashed = self
            .content
            .as_ref()
            .is_some_and(|(path, _)| *path == claimed.path);
        if !is_hashed {
            let hashed = claimed
                .content
                .clone()
                .map_or_else(|| content_hash(&claimed.path), Ok);
            let lost = |error| refuse::unreadable(&claimed.name, &error);
            self.content = Some((claimed.path.clone(), hashed.map_err(lost)?));
        }
        let (table, notes) = Table::open(stream, claimed)?;
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
            let file = &batch.file;
            let noted = table.late_notes().into_iter().map(|text| Note {
                file: file.clone(),
                text,
            });
            self.notes.extend(noted);
            self.open = None;
        }
        Ok(Some(batch))
    }

    fn content(&self) -> Option<&str> {
        self.content.as_ref().map(|(_, hash)| hash.as_str())
    }
}

/// One open file, whatever it is written in.
pub struct Table(Reader);

enum Reader {
    Text(Box<Delimited<Box<dyn Read + Send>>>),
    Json(Box<Jsonl<Box<dyn Read + Send>>>),
    Parquet(Box<Columnar>),
    Workbook(Box<Workbook>),
}

impl Table {
    /// Opens a file of a stream and names its columns. The texts say what was remarkable.
    pub fn open(stream: &Stream, claimed: &Claimed) -> Result<(Table, Vec<String>), Refusal> {
        let again = || unpack::open(&claimed.path, claimed.member.as_ref(), &claimed.name);
        let opened = again()?;
        let (reader, notes) = match kind(&opened.head, &claimed.name, stream.format.kind)? {
            FileKind::Text => {
                let label = stream.format.encoding.as_deref().unwrap_or("");
                let lost = |error| refuse::unreadable(&claimed.name, &error);
                if text::garbles_utf8(label) && text::is_utf8(again()?.input).map_err(lost)? {
                    return Err(refuse::is_utf8(&claimed.name, stream));
                }
                let (table, notes) = Delimited::open(stream, claimed, opened.input)?;
                (Reader::Text(Box::new(table)), notes)
            }
            FileKind::Json => {
                // The columns are those of all rows, so the rows are read once before.
                let (table, notes) = Jsonl::open(stream, claimed, opened.input, again()?.input)?;
                (Reader::Json(Box::new(table)), notes)
            }
            FileKind::Parquet => {
                let held = opened.held(&claimed.path, &claimed.name)?;
                let (table, notes) = Columnar::open(stream, claimed, held)?;
                (Reader::Parquet(Box::new(table)), notes)
            }
            FileKind::Workbook => {
                let held = opened.held(&claimed.path, &claimed.name)?;
                let (table, notes) = Workbook::open(stream, claimed, held)?;
                (Reader::Workbook(Box::new(table)), notes)
            }
        };
        Ok((Table(reader), notes))
    }

    /// Its columns; of a workbook those of its first sheet.
    pub fn columns(&self) -> &[String] {
        match &self.0 {
            Reader::Text(table) => table.columns(),
            Reader::Json(table) => table.columns(),
            Reader::Parquet(table) => table.columns(),
            Reader::Workbook(table) => table.columns(),
        }
    }

    /// The next rows of the file.
    pub fn next_batch(&mut self) -> Result<TextBatch, Refusal> {
        match &mut self.0 {
            Reader::Text(table) => table.next_batch(),
            Reader::Json(table) => table.next_batch(),
            Reader::Parquet(table) => table.next_batch(),
            Reader::Workbook(table) => table.next_batch(),
        }
    }

    /// What turned out to be remarkable while its rows were read.
    fn late_notes(&mut self) -> Vec<String> {
        match &mut self.0 {
            Reader::Workbook(table) => table.late_notes(),
            Reader::Text(table) => table.late_notes(),
            Reader::Json(_) | Reader::Parquet(_) => Vec::new(),
        }
    }
}
