//! Set-aside rows that come back mended: told apart by name, sent through their source's pack once
//! more under their own stream, file and line.
//!
//! The file is the exported one, in whatever form a spreadsheet saved it. Any rows of it may be
//! there, in any order. A row that comes in closes the row that was set aside; one that does not
//! leaves it as it is, so the same file can be sent again and again while it is being mended.

use std::collections::{BTreeMap, BTreeSet};

use handfast_charter::{TextFile, read_pack};
use handfast_ledger::{AsideId, SetAsideRow, Source, TextBatch};
use handfast_model::Refusal;
use handfast_model::limits::BATCH_ROWS;
use handfast_model::pack::Pack;

use crate::aside::inward;
use crate::book::{Book, first};
use crate::ingest::{Imported, Options, import_mended};

/// What became of a mended file.
#[derive(Debug, Default)]
pub struct Mended {
    /// The imports, one per source whose rows it holds.
    pub imported: Vec<Imported>,
    /// Rows that came in.
    pub came_in: u64,
    /// Rows that stay set aside, by reason.
    pub left: BTreeMap<String, u64>,
    /// Rows that were mended, superseded or taken back before.
    pub closed: u64,
    /// Rows whose name the book does not know, or that is there twice: first line and name.
    pub unknown: Vec<(u32, String)>,
    /// Whether it was stopped before its end.
    pub is_stopped: bool,
}

/// How an exported file is read: a table of rows named by `_row`.
pub fn sheet() -> Result<Pack, Refusal> {
    let text = "source = \"set_aside\"\nzone = \"UTC\"\n\n[[stream]]\nname = \"rows\"\n\
        files = [\"*\"]\nkey = [\"_row\"]\nreference = true\n";
    let file = TextFile {
        path: "set_aside/source.toml".to_owned(),
        text: text.to_owned(),
    };
    read_pack("set_aside", &[file]).map_err(first)
}

/// A row of the file: its line, and its texts by column of its source.
struct Sent {
    line: u32,
    cells: Vec<(String, String)>,
}

/// Where rows go: source, number of the stream in its pack, file.
type Place = (String, usize, String);

/// Imports the rows of a mended file, handed over by `source` as [`sheet`] describes it.
pub fn mend(
    book: &Book,
    source: &mut dyn Source,
    options: &Options<'_>,
) -> Result<Mended, Refusal> {
    let mut mended = Mended::default();
    let sent = read(source, &mut mended)?;
    let packs = book.packs()?;
    let sorted = sort(book, &packs, sent, &mut mended)?;
    let mut of_source: BTreeMap<String, Vec<(TextBatch, Vec<AsideId>)>> = BTreeMap::new();
    for ((source, stream, file), rows) in sorted {
        let pack = packs.iter().find(|pack| pack.source == source);
        let Some(stream) = pack.and_then(|pack| pack.streams.get(stream)) else {
            continue;
        };
        let header = book.ledger.header(&source, &stream.name)?;
        for rows in rows.chunks(BATCH_ROWS) {
            let batch = batch(&stream.name, &file, &header, rows);
            of_source.entry(source.clone()).or_default().push(batch);
        }
    }
    for (source, batches) in of_source {
        let Some(pack) = packs.iter().find(|pack| pack.source == source) else {
            continue;
        };
        let imported = import_mended(book, pack, batches, options)?;
        for file in &imported.files {
            mended.came_in += file.rows - file.all_set_aside();
            for (reason, rows) in &file.set_aside {
                *mended.left.entry(reason.clone()).or_default() += rows;
            }
        }
        mended.is_stopped |= imported.is_stopped;
        mended.imported.push(imported);
    }
    if !options.is_dry_run {
        // Where all rows of an import are mended, the key of their texts goes.
        book.ledger.expire_set_aside(options.now)?;
    }
    Ok(mended)
}

/// All rows of the file by name; a row without a name, or with one that came before, is unknown.
fn read(source: &mut dyn Source, mended: &mut Mended) -> Result<BTreeMap<AsideId, Sent>, Refusal> {
    let mut sent: BTreeMap<AsideId, Sent> = BTreeMap::new();
    while let Some(batch) = source.next_batch()? {
        let Some(name_at) = batch.column("_row") else {
            continue;
        };
        for (row, line) in batch.lines.iter().enumerate() {
            let mut cells = Vec::new();
            for (column, name) in batch.columns.iter().enumerate() {
                if let Some(name) = inward(name).filter(|_| !batch.text(column, row).is_empty()) {
                    cells.push((name.to_owned(), batch.text(column, row).to_owned()));
                }
            }
            let name = batch.text(name_at, row);
            match AsideId::parse(name) {
                Some(id) if !sent.contains_key(&id) => {
                    sent.insert(id, Sent { line: *line, cells });
                }
                // Spreadsheets leave empty rows behind.
                None if name.is_empty() && cells.is_empty() => {}
                _ => mended.unknown.push((*line, name.to_owned())),
            }
        }
        for bad in &batch.bad {
            *mended.left.entry(bad.reason.clone()).or_default() += 1;
        }
    }
    Ok(sent)
}

/// A mended row with its name, and the line it has in its own file.
struct Row {
    id: AsideId,
    line: u32,
    cells: Vec<(String, String)>,
}

/// The rows that are still set aside, where they belong; reference streams come first, as in any
/// import.
fn sort(
    book: &Book,
    packs: &[Pack],
    sent: BTreeMap<AsideId, Sent>,
    mended: &mut Mended,
) -> Result<BTreeMap<Place, Vec<Row>>, Refusal> {
    let runs: BTreeSet<u64> = sent.keys().map(|id| id.run).collect();
    let mut known: BTreeMap<AsideId, (String, SetAsideRow)> = BTreeMap::new();
    for import in book.ledger.imports()? {
        if runs.contains(&import.run) {
            for row in book.ledger.set_aside_rows(import.run)? {
                known.insert(row.id, (import.source.clone(), row));
            }
        }
    }
    let mut sorted: BTreeMap<Place, Vec<Row>> = BTreeMap::new();
    for (id, Sent { line, cells }) in sent {
        let Some((source, row)) = known.remove(&id) else {
            mended.unknown.push((line, id.to_string()));
            continue;
        };
        let pack = packs.iter().find(|pack| pack.source == source);
        let stream = pack.and_then(|pack| {
            let mut streams = pack.streams.iter();
            streams.position(|stream| stream.name == row.stream)
        });
        let left = match stream {
            _ if row.is_closed => {
                mended.closed += 1;
                continue;
            }
            None => format!("its stream {source}/{} is in no pack any more", row.stream),
            Some(_) if cells.is_empty() => format!("{}; no column is filled in", row.reason),
            Some(stream) => {
                let place = (source, stream, row.file);
                let line = row.line;
                sorted
                    .entry(place)
                    .or_default()
                    .push(Row { id, line, cells });
                continue;
            }
        };
        *mended.left.entry(left).or_default() += 1;
    }
    for rows in sorted.values_mut() {
        rows.sort_by_key(|row| (row.line, row.id));
    }
    Ok(sorted)
}

/// Rows of one file as a batch: the columns of its stream, then others that something is given in.
fn batch(stream: &str, file: &str, header: &[String], rows: &[Row]) -> (TextBatch, Vec<AsideId>) {
    let mut columns = header.to_vec();
    for (name, _) in rows.iter().flat_map(|row| &row.cells) {
        if !columns.contains(name) {
            columns.push(name.clone());
        }
    }
    let text = |row: &Row, column: &String| {
        let found = row.cells.iter().find(|(name, _)| name == column);
        found.map_or(String::new(), |(_, text)| text.clone())
    };
    let texts: Vec<(u32, Vec<String>)> = rows
        .iter()
        .map(|row| {
            (
                row.line,
                columns.iter().map(|name| text(row, name)).collect(),
            )
        })
        .collect();
    let batch = TextBatch::of_texts(stream, file, &columns, &texts);
    (batch, rows.iter().map(|row| row.id).collect())
}
