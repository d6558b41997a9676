//! What the tests of formats share: files made in a folder, and read back as lines of text.

// Clippy's leave for tests ends at the helpers beside them; not every test uses all of them.
#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use flate2::Compression;
use flate2::write::GzEncoder;
use handfast_connect::Files;
use handfast_ledger::Source;
use handfast_model::Refusal;
use handfast_model::pack::{Format, Pack, Stream, StreamMode};
use parquet::arrow::ArrowWriter;
use rust_xlsxwriter::Workbook;
use zip::write::SimpleFileOptions;

/// A stream of files that fit a pattern, with key `id`.
pub fn stream(name: &str, pattern: &str) -> Stream {
    Stream {
        name: name.into(),
        files: vec![pattern.into()],
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

/// A pack of these streams.
pub fn pack(source: &str, streams: Vec<Stream>) -> Pack {
    Pack {
        source: source.into(),
        version: "blake3:00".into(),
        zone: "UTC".into(),
        observed_until: None,
        currency: None,
        folder: None,
        streams,
        mappings: Vec::new(),
        ignored_files: Vec::new(),
    }
}

/// Everything that paths give: `file:line: a|b` of a row, `file:line! column: reason` of one that
/// is set aside, `# file: text` of a note.
pub fn read_paths(pack: &Pack, paths: &[PathBuf]) -> Result<Vec<String>, Refusal> {
    let mut files = Files::open(pack, paths)?;
    let mut lines = Vec::new();
    while let Some(batch) = files.next_batch()? {
        for (row, line) in batch.lines.iter().enumerate() {
            let cells: Vec<&str> = batch.cells.iter().map(|column| column.value(row)).collect();
            lines.push(format!("{}:{line}: {}", batch.file, cells.join("|")));
        }
        for bad in &batch.bad {
            let column = match bad.column.as_str() {
                "" => String::new(),
                column => format!("{column}: "),
            };
            lines.push(format!(
                "{}:{}! {column}{}",
                batch.file, bad.line, bad.reason
            ));
        }
    }
    let notes = files.notes().iter();
    lines.extend(notes.map(|note| format!("# {}: {}", note.file, note.text)));
    Ok(lines)
}

/// What one file of these bytes gives, without its name.
pub fn read_as(stream: Stream, name: &str, bytes: &[u8]) -> Result<Vec<String>, Refusal> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    let lines = read_paths(&pack("crm", vec![stream]), &[path])?;
    let note = format!("# {name}: ");
    let bare = |line: &String| {
        if let Some(text) = line.strip_prefix(&note) {
            return format!("# {text}");
        }
        line.replacen(&format!("{name}:"), "", 1)
    };
    Ok(lines.iter().map(bare).collect())
}

/// What one file of these bytes gives to a stream that takes any name.
pub fn read(name: &str, bytes: &[u8]) -> Result<Vec<String>, Refusal> {
    read_as(stream("rows", "*"), name, bytes)
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

pub fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).unwrap()
}

pub fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        archive
            .start_file(
                *name,
                SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated),
            )
            .unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A Parquet file of these columns.
pub fn parquet(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, array)| (name, array, true)),
    )
    .unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

/// A Parquet column of texts.
pub fn texts(texts: &[Option<&str>]) -> ArrayRef {
    Arc::new(StringArray::from(texts.to_vec()))
}

/// A workbook that a function fills.
pub fn workbook(fill: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(&mut book);
    book.save_to_buffer().unwrap()
}

/// Replaces a text in one part of a zip archive.
pub fn patch(archive: &[u8], part: &str, from: &str, to: &str) -> Vec<u8> {
    let mut old = zip::ZipArchive::new(std::io::Cursor::new(archive)).unwrap();
    let mut members = Vec::new();
    for place in 0..old.len() {
        let mut member = old.by_index(place).unwrap();
        let name = member.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut member, &mut bytes).unwrap();
        if name == part {
            let text = String::from_utf8(bytes).unwrap();
            assert!(text.contains(from), "{part} has no {from}");
            bytes = text.replacen(from, to, 1).into_bytes();
        }
        members.push((name, bytes));
    }
    let members: Vec<(&str, &[u8])> = members
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
        .collect();
    zip(&members)
}

/// Writes a file below a folder.
pub fn put(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap();
    path
}

/// Lets the most memory this process has used be what it uses now (Linux).
pub fn forget_peak() {
    let _ = fs::write("/proc/self/clear_refs", "5");
}

/// The most memory this process has used, in MiB.
pub fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}
