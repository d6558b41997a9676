//! Files of every format as bytes: reading ends in rows, rows set aside, or a typed refusal, and so
//! does looking at them to propose how they are read.

use std::path::{Path, PathBuf};

use handfast_connect::Files;
use handfast_connect::sniff::sniff;
use handfast_ledger::Source;
use handfast_model::pack::{Format, Pack, Stream, StreamMode};

/// What a parser is called, and the name its bytes have as a file.
pub const PARSERS: [(&str, &str); 10] = [
    ("csv", "a.csv"),
    ("jsonl", "a.jsonl"),
    ("json", "a.json"),
    ("parquet", "a.parquet"),
    ("xlsx", "a.xlsx"),
    ("gzip", "a.csv.gz"),
    ("zstd", "a.csv.zst"),
    ("zip", "a.zip"),
    ("sniff", "a.txt"),
    ("paths", "a.csv"),
];

/// Reads bytes as a file of one format, twice: the same must come of it.
pub fn read(parser: &str, bytes: &[u8]) {
    let (_, name) = PARSERS
        .iter()
        .find(|(known, _)| *known == parser)
        .expect("a known parser");
    let path = place(name);
    std::fs::write(&path, bytes).expect("a place to write");
    let rows = match parser {
        "sniff" => sniffed,
        "paths" => paths,
        _ => rows,
    };
    let (once, again) = (rows(&path), rows(&path));
    assert_eq!(once, again, "reading twice differs");
    if let Err(code) = once {
        let is_ours = code.starts_with("E03") || ["E0437", "E0438"].contains(&code.as_str());
        assert!(is_ours, "{code} is no refusal of a reader");
    }
}

/// A file of this process, in memory where there is some.
fn place(name: &str) -> PathBuf {
    let memory = Path::new("/dev/shm");
    let home = if memory.is_dir() {
        memory.to_owned()
    } else {
        std::env::temp_dir()
    };
    let thread = format!("{:?}", std::thread::current().id()).replace(['(', ')'], "");
    let folder = home.join(format!("handfast-fuzz-{}-{thread}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    folder.join(name)
}

/// How many tables were found and how many columns they have; or the code of the refusal.
fn sniffed(path: &Path) -> Result<(usize, usize), String> {
    let found = sniff(&[path.to_owned()]).map_err(|refusal| refusal.code.to_owned())?;
    let columns = found.iter().map(|(_, table)| table.columns.len()).sum();
    Ok((found.len(), columns))
}

/// How many steps all paths have, and how often they ended; or the code of the refusal.
fn paths(path: &Path) -> Result<(usize, usize), String> {
    let read = handfast_connect::paths::read(path, |(steps, ends): &mut (usize, usize), row| {
        *steps = steps.wrapping_add(row.steps.len());
        *ends = ends.wrapping_add((row.won ^ row.lost.rotate_left(32)) as usize);
    });
    let file = read.map_err(|refusal| refusal.code.to_owned())?;
    let parts = file.parts.iter().map(|part| part.taken);
    Ok(parts.fold((0, 0), |(steps, ends), (more, other)| {
        (steps.wrapping_add(more), ends.wrapping_add(other))
    }))
}

/// How many rows came, and how many were set aside; or the code of the refusal.
fn rows(path: &Path) -> Result<(usize, usize), String> {
    let stream = Stream {
        name: "rows".into(),
        files: vec!["*".into()],
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
    };
    let pack = Pack {
        source: "crm".into(),
        version: "blake3:00".into(),
        zone: "UTC".into(),
        observed_until: None,
        currency: None,
        folder: None,
        streams: vec![stream],
        mappings: Vec::new(),
        ignored_files: Vec::new(),
    };
    let (mut good, mut bad) = (0, 0);
    let mut files =
        Files::open(&pack, &[path.to_owned()]).map_err(|refusal| refusal.code.to_owned())?;
    while let Some(batch) = files
        .next_batch()
        .map_err(|refusal| refusal.code.to_owned())?
    {
        assert!(
            batch
                .cells
                .iter()
                .all(|column| column.iter().count() == batch.rows()),
            "uneven columns"
        );
        (good, bad) = (good + batch.rows(), bad + batch.bad.len());
    }
    Ok((good, bad))
}
