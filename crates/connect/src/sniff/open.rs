//! Sniffing a file from its path: the head tells how it is written, the rows what it holds.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use handfast_ledger::{Source, TextBatch};
use handfast_model::Refusal;
use handfast_model::pack::{Format, Pack, Stream, StreamMode};

use super::layout::{Layout, layout};
use super::{Sniffed, profile};
use crate::pull::Files;
use crate::refuse::unreadable;

/// Bytes of a file that tell how it is written.
const HEAD_BYTES: usize = 1 << 20;

/// Looks at a whole file, or at its first rows where it is very long.
pub fn sniff(path: &Path) -> Result<Sniffed, Refusal> {
    let name = path
        .file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy();
    let (head, is_all) = head_of(path)?;
    let layout = match is_container(&head) {
        true => None,
        false => Some(layout(&name, &head, is_all)?),
    };
    if layout.as_ref().is_some_and(|layout| !layout.has_header) {
        return Err(no_header(&name));
    }
    let pack = probe(layout.as_ref());
    let mut files = Files::open(&pack, &[path.to_owned()])?;
    profile(&name, layout, &mut files)
}

/// The first bytes of a file, and whether they are all.
fn head_of(path: &Path) -> Result<(Vec<u8>, bool), Refusal> {
    let lost = |error: std::io::Error| unreadable(&path.display().to_string(), &error);
    let file = File::open(path).map_err(lost)?;
    let mut head = Vec::new();
    let limit = HEAD_BYTES as u64 + 1;
    file.take(limit).read_to_end(&mut head).map_err(lost)?;
    let is_all = head.len() <= HEAD_BYTES;
    head.truncate(HEAD_BYTES);
    Ok((head, is_all))
}

/// Files that say themselves how they are read: archives, workbooks, Parquet, JSON.
fn is_container(head: &[u8]) -> bool {
    const MAGIC: [&[u8]; 5] = [
        b"\x1f\x8b",
        b"PK\x03\x04",
        b"\x28\xb5\x2f\xfd",
        b"PAR1",
        b"\xd0\xcf\x11\xe0",
    ];
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
    let is_json = first == Some(&b'{') || (first == Some(&b'[') && text.contains(&b'{'));
    is_json || MAGIC.iter().any(|magic| head.starts_with(magic))
}

fn no_header(file: &str) -> Refusal {
    Refusal::new(
        "E0372",
        format!("`{file}` has no line of column names: its first row holds values"),
    )
    .matters("a pack names columns; without names nothing says what a value means")
    .fix(
        "put a line of names above the first row, as in\n\
             lead_id,email,created,status\n\
             or export the file again with its header",
    )
}

/// A stream that takes any file written so.
fn probe(layout: Option<&Layout>) -> Pack {
    let mut format = Format::default();
    if let Some(layout) = layout {
        format.delimiter = Some(layout.delimiter);
        format.encoding = layout.encoding.map(str::to_owned);
        format.quote = layout.quote;
        format.skip_rows = layout.junk_rows;
    }
    let stream = Stream {
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
    };
    Pack {
        source: "sniffed".to_owned(),
        version: String::new(),
        zone: "UTC".to_owned(),
        observed_until: None,
        currency: None,
        folder: None,
        streams: vec![stream],
        mappings: Vec::new(),
        ignored_files: Vec::new(),
    }
}

/// The first rows of each file, as an import would read them.
pub struct Head<'a> {
    pack: &'a Pack,
    /// Those still to be read, the next one last.
    paths: Vec<PathBuf>,
    rows: usize,
}

impl<'a> Head<'a> {
    /// At most `rows` rows of each of these files.
    pub fn new(pack: &'a Pack, paths: &[PathBuf], rows: usize) -> Head<'a> {
        Head {
            pack,
            paths: paths.iter().rev().cloned().collect(),
            rows,
        }
    }
}

impl Source for Head<'_> {
    fn next_batch(&mut self) -> Result<Option<TextBatch>, Refusal> {
        let Some(path) = self.paths.pop() else {
            return Ok(None);
        };
        let mut files = Files::open(self.pack, &[path])?;
        let Some(mut batch) = files.next_batch()? else {
            return self.next_batch();
        };
        let rows = batch.rows().min(self.rows);
        batch.cells = batch
            .cells
            .iter()
            .map(|cells| cells.slice(0, rows))
            .collect();
        batch.lines.truncate(rows);
        batch.bad.truncate(self.rows);
        batch.ends_file = true;
        Ok(Some(batch))
    }
}
