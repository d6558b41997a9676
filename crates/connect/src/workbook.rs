//! Workbooks of Excel (XLSX) as tables of texts: one table per sheet.
//!
//! The number of a row in its sheet stands for its line, and the sheet stands in the name of the
//! file: `leads.xlsx[Sheet1]`. A sheet is read in pieces by a thread of its own, because the reader
//! lends what it reads; its texts are held whole. Read on in `cell` (what a cell says) and `xml`
//! (how far a workbook may unfold).

use std::io::BufReader;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use calamine::{Cell, DataRef, Dimensions, Reader, SheetType, SheetVisible, Xlsx, XlsxCellReader};
use handfast_ledger::TextBatch;
use handfast_model::Refusal;
use handfast_model::limits::{COLUMNS, ROW_BYTES, SHEETS};
use handfast_model::pack::{Format, Sheets, Stream};

use crate::cell::text;
use crate::files::Claimed;
use crate::header::{join_rows, name_columns, need_columns};
use crate::pile::{LONG_ROW, Pile, as_line};
use crate::refuse;
use crate::unpack::{Archive, Held, archive};
use crate::xml::check_parts;

const NO_NAMES: &str =
    "`header_rows = 0` is for texts only: put a row of names above the rows of this sheet";
const BEYOND: &str = "more columns than the header";
const MANY_CELLS: &str = "more than 10000 columns";
const BACKWARDS: &str = "its rows are out of order";

/// One open workbook.
pub(crate) struct Workbook {
    name: String,
    columns: Vec<String>,
    parts: Receiver<Part>,
    /// A batch is handed on when the next one is there, or none comes: so it is known for the last.
    held: Option<TextBatch>,
    notes: Vec<String>,
    thread: Option<JoinHandle<()>>,
}

/// What the reading thread hands over.
enum Part {
    /// The columns of the first sheet, and what was remarkable.
    Columns(Vec<String>, Vec<String>),
    Batch(TextBatch),
    Note(String),
    Refused(Refusal),
}

type Book = Xlsx<BufReader<Held>>;

impl Workbook {
    /// Opens a workbook and names the columns of its first sheet. The texts say what was
    /// remarkable.
    pub(crate) fn open(
        stream: &Stream,
        claimed: &Claimed,
        held: Held,
    ) -> Result<(Workbook, Vec<String>), Refusal> {
        let (sender, parts) = sync_channel(1);
        let (stream, name) = (stream.clone(), claimed.name.clone());
        let reading = std::thread::Builder::new().name("workbook".to_owned());
        let thread = reading.spawn(move || {
            if let Err(Ended::Refused(refusal)) = read(&stream, &name, held, &sender) {
                let _ = sender.send(Part::Refused(refusal));
            }
        });
        let thread = thread.map_err(|error| refuse::unreadable(&claimed.name, &error))?;
        let mut workbook = Workbook {
            name: claimed.name.clone(),
            columns: Vec::new(),
            parts,
            held: None,
            notes: Vec::new(),
            thread: Some(thread),
        };
        match workbook.parts.recv() {
            Ok(Part::Columns(columns, notes)) => {
                workbook.columns = columns;
                Ok((workbook, notes))
            }
            Ok(Part::Refused(refusal)) => Err(refusal),
            Ok(Part::Batch(_) | Part::Note(_)) | Err(_) => Err(workbook.damaged()),
        }
    }

    /// The columns of its first sheet.
    pub(crate) fn columns(&self) -> &[String] {
        &self.columns
    }

    /// What was remarkable about later sheets.
    pub(crate) fn late_notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }

    /// The next rows of the workbook.
    pub(crate) fn next_batch(&mut self) -> Result<TextBatch, Refusal> {
        loop {
            match self.parts.recv() {
                Ok(Part::Batch(batch)) => {
                    if let Some(before) = self.held.replace(batch) {
                        return Ok(before);
                    }
                }
                Ok(Part::Note(note)) => self.notes.push(note),
                Ok(Part::Refused(refusal)) => return Err(refusal),
                Ok(Part::Columns(..)) => {}
                Err(_) => {
                    // The thread has ended: at the end of the workbook, or by a defect of it that
                    // its reader did not foresee.
                    let is_whole = self
                        .thread
                        .take()
                        .is_none_or(|thread| thread.join().is_ok());
                    return match self.held.take().filter(|_| is_whole) {
                        Some(mut last) => {
                            last.ends_file = true;
                            Ok(last)
                        }
                        None => Err(self.damaged()),
                    };
                }
            }
        }
    }

    fn damaged(&self) -> Refusal {
        refuse::workbook(&self.name, "it is damaged")
    }
}

/// Why a thread ends before its workbook does.
enum Ended {
    Refused(Refusal),
    /// Nobody listens any more.
    Unheard,
}

impl From<Refusal> for Ended {
    fn from(refusal: Refusal) -> Ended {
        Ended::Refused(refusal)
    }
}

impl<T> From<std::sync::mpsc::SendError<T>> for Ended {
    fn from(_: std::sync::mpsc::SendError<T>) -> Ended {
        Ended::Unheard
    }
}

/// Reads the sheets that a stream wants, one after another.
fn read(stream: &Stream, name: &str, held: Held, sender: &SyncSender<Part>) -> Result<(), Ended> {
    let mut book = checked(name, held)?;
    let (sheets, mut notes) = wanted(&book, name, &stream.format.sheets)?;
    let mut first: Option<Vec<String>> = None;
    for sheet in &sheets {
        let file = format!("{name}[{sheet}]");
        let broken = |why: &str| refuse::workbook(&file, why);
        let merged = match stream.format.header_rows {
            1 => Vec::new(),
            _ => book.merge_cells_by_sheet_name(sheet).unwrap_or_default(),
        };
        let is_1904 = book.has_1904_epoch();
        let cells = book.worksheet_cells_reader(sheet);
        let cells = cells.map_err(|error| broken(&error.to_string()))?;
        let mut rows = SheetRows::new(cells, is_1904).map_err(|why| broken(&why))?;
        let header = header(&mut rows, &stream.format, &merged).map_err(|why| broken(&why))?;
        let (columns, changes) = name_columns(header.iter().map(String::as_str));
        match &first {
            None if columns.is_empty() && sheets.len() > 1 => continue,
            None => {
                notes.extend(changes);
                if columns.is_empty() {
                    notes.push("the file is empty".to_owned());
                }
                let pile = Pile::new(stream, &file, columns.clone());
                need_columns(stream, &file, pile.columns())?;
                let shown = pile.columns().to_vec();
                sender.send(Part::Columns(shown, std::mem::take(&mut notes)))?;
                first = Some(columns.clone());
            }
            Some(first) if *first != columns => {
                let why = match columns.is_empty() {
                    true => "is empty",
                    false => "has another header than the first",
                };
                let note = format!("sheet `{sheet}` {why} and is left alone");
                sender.send(Part::Note(note))?;
                continue;
            }
            Some(_) => {}
        }
        let width = columns.len();
        let mut pile = Pile::new(stream, &file, columns);
        while rows.next().map_err(|why| broken(&why))? {
            rows.add_to(&mut pile, width);
            if pile.is_full() {
                sender.send(Part::Batch(pile.batch(false)))?;
            }
        }
        sender.send(Part::Batch(pile.batch(false)))?;
    }
    if first.is_none() {
        let notes = vec!["the file is empty".to_owned()];
        sender.send(Part::Columns(Vec::new(), notes))?;
        let batch = Pile::new(stream, name, Vec::new()).batch(false);
        sender.send(Part::Batch(batch))?;
    }
    Ok(())
}

/// The beginnings of the sheets of a workbook.
pub(crate) struct Heads {
    /// Those that can be seen.
    pub sheets: Vec<SheetHead>,
    /// The names of those that are hidden.
    pub hidden: Vec<String>,
}

/// The beginning of a sheet.
pub(crate) struct SheetHead {
    /// Its name.
    pub name: String,
    /// Its first rows that hold anything, each with its place from 0.
    pub rows: Vec<(u32, Vec<String>)>,
    /// Which of its cells are merged.
    pub merged: Vec<Dimensions>,
}

/// The first rows of every sheet that can be seen.
pub(crate) fn heads(name: &str, held: Held, most: usize) -> Result<Heads, Refusal> {
    let shown = name.to_owned();
    // As for its rows: the reader may fail on a defect that it did not foresee.
    let reading = std::thread::spawn(move || first_rows(&shown, held, most));
    let damaged = |_| Err(refuse::workbook(name, "it is damaged"));
    reading.join().unwrap_or_else(damaged)
}

fn first_rows(name: &str, held: Held, most: usize) -> Result<Heads, Refusal> {
    let mut book = checked(name, held)?;
    let (names, _) = wanted(&book, name, &Sheets::All)?;
    let is_1904 = book.has_1904_epoch();
    let mut sheets = Vec::new();
    for sheet in &names {
        let broken = |why: &str| refuse::workbook(&format!("{name}[{sheet}]"), why);
        let merged = book.merge_cells_by_sheet_name(sheet).unwrap_or_default();
        let cells = book.worksheet_cells_reader(sheet);
        let cells = cells.map_err(|error| broken(&error.to_string()))?;
        let mut rows = SheetRows::new(cells, is_1904).map_err(|why| broken(&why))?;
        let mut first = Vec::new();
        while first.len() < most && rows.next().map_err(|why| broken(&why))? {
            first.push((rows.row, rows.texts.clone()));
        }
        sheets.push(SheetHead {
            name: sheet.clone(),
            rows: first,
            merged,
        });
    }
    let hidden = book.sheets_metadata().iter();
    let hidden = hidden.filter(|sheet| {
        sheet.typ == SheetType::WorkSheet && sheet.visible != SheetVisible::Visible
    });
    let hidden = hidden.map(|sheet| sheet.name.clone()).collect();
    Ok(Heads { sheets, hidden })
}

/// The workbook, once it is known not to unfold too far.
fn checked(name: &str, held: Held) -> Result<Book, Refusal> {
    let again = || {
        held.again()
            .map_err(|error| refuse::unreadable(name, &error))
    };
    // An archive of files is opened up only on the disk, not in another one.
    if let Ok(Archive::Files(_)) = archive(BufReader::new(again()?), name) {
        return Err(refuse::packing(name, "it is an archive inside another"));
    }
    let again = again()?;
    check_parts(BufReader::new(again)).map_err(|why| refuse::workbook(name, &why))?;
    let book = Xlsx::new(BufReader::new(held));
    book.map_err(|error| refuse::workbook(name, &error.to_string()))
}

/// The names of the sheets that are read, and what is remarkable about the choice.
fn wanted(book: &Book, name: &str, sheets: &Sheets) -> Result<(Vec<String>, Vec<String>), Refusal> {
    let all = book.sheets_metadata().iter();
    let all: Vec<_> = all
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .collect();
    if all.len() > SHEETS {
        return Err(refuse::workbook(
            name,
            &format!("it has more than {SHEETS} sheets"),
        ));
    }
    let names: Vec<String> = all.iter().map(|sheet| sheet.name.clone()).collect();
    let shown = all
        .iter()
        .filter(|sheet| sheet.visible == SheetVisible::Visible);
    let shown: Vec<String> = shown.map(|sheet| sheet.name.clone()).collect();
    let found = match sheets {
        Sheets::All => return Ok((shown, Vec::new())),
        Sheets::First => shown.first(),
        Sheets::Nth(place) => {
            let place = usize::try_from(*place).unwrap_or(usize::MAX);
            names.get(place.saturating_sub(1))
        }
        Sheets::Named(wanted) => names.iter().find(|name| *name == wanted),
    };
    let missing = || {
        let wanted = match sheets {
            Sheets::Named(wanted) => format!("`{wanted}`"),
            Sheets::Nth(place) => format!("number {place}"),
            Sheets::First | Sheets::All => "that can be seen".to_owned(),
        };
        refuse::no_sheet(name, &wanted, &names)
    };
    let found = found.ok_or_else(missing)?;
    let others: Vec<&str> = shown
        .iter()
        .filter(|other| *other != found)
        .map(String::as_str)
        .collect();
    let mut notes = Vec::new();
    if *sheets == Sheets::First && !others.is_empty() {
        notes.push(format!(
            "only its first sheet `{found}` is read, not {}; `sheet` in the stream chooses",
            others.join(", ")
        ));
    }
    Ok((vec![found.clone()], notes))
}

/// The names of the columns: of a header of several rows, a merged cell names all columns that it
/// covers.
fn header(
    rows: &mut SheetRows<'_>,
    format: &Format,
    merged: &[Dimensions],
) -> Result<Vec<String>, String> {
    if format.header_rows == 0 {
        return Err(NO_NAMES.to_owned());
    }
    while rows.coming().is_some_and(|row| row < format.skip_rows) {
        rows.next()?;
    }
    if !rows.next()? {
        return Ok(Vec::new());
    }
    let top = rows.row;
    let mut names = vec![rows.header_cells()?];
    for below in 1..format.header_rows {
        let row = top.saturating_add(below);
        let is_there = rows.coming() == Some(row) && rows.next()?;
        names.push(if is_there {
            rows.header_cells()?
        } else {
            Vec::new()
        });
    }
    let cell = |names: &[Vec<String>], row: u32, column: u32| {
        let row = usize::try_from(row.checked_sub(top)?).ok()?;
        let column = usize::try_from(column).ok()?;
        names.get(row)?.get(column).cloned()
    };
    let given = names.clone();
    for region in merged {
        let Some(name) = cell(&given, region.start.0, region.start.1) else {
            continue;
        };
        let last_column = region.end.1.min(u32::try_from(COLUMNS).unwrap_or(u32::MAX));
        for (row, names) in (top..).zip(&mut names) {
            if !(region.start.0..=region.end.0).contains(&row) {
                continue;
            }
            for column in region.start.1..=last_column {
                let column = usize::try_from(column).unwrap_or(usize::MAX);
                if names.len() <= column && column < COLUMNS {
                    names.resize(column + 1, String::new());
                }
                if let Some(cell) = names.get_mut(column) {
                    cell.clone_from(&name);
                }
            }
        }
    }
    let mut joined = join_rows(names, false);
    while joined.last().is_some_and(String::is_empty) {
        joined.pop();
    }
    Ok(joined)
}

/// The rows of one sheet that hold anything.
struct SheetRows<'b> {
    cells: XlsxCellReader<'b, BufReader<Held>>,
    /// The first cell of the row that comes next.
    ahead: Option<Cell<DataRef<'b>>>,
    is_1904: bool,
    /// The row read last, from 0, and its texts.
    row: u32,
    texts: Vec<String>,
    fault: Option<(usize, &'static str)>,
}

impl<'b> SheetRows<'b> {
    fn new(
        mut cells: XlsxCellReader<'b, BufReader<Held>>,
        is_1904: bool,
    ) -> Result<SheetRows<'b>, String> {
        let ahead = cells.next_cell().map_err(|error| error.to_string())?;
        Ok(SheetRows {
            cells,
            ahead,
            is_1904,
            row: 0,
            texts: Vec::new(),
            fault: None,
        })
    }

    /// The row that comes next, blank or not.
    fn coming(&self) -> Option<u32> {
        self.ahead.as_ref().map(|cell| cell.get_position().0)
    }

    /// Reads the next row that is not blank.
    fn next(&mut self) -> Result<bool, String> {
        while let Some(row) = self.coming() {
            self.row = row;
            self.texts.clear();
            self.fault = None;
            let mut bytes = 0;
            while let Some(cell) = self.ahead.take_if(|cell| cell.get_position().0 == row) {
                self.place(&cell, &mut bytes);
                self.ahead = self.cells.next_cell().map_err(|error| error.to_string())?;
            }
            if self.coming().is_some_and(|next| next < row) {
                return Err(BACKWARDS.to_owned());
            }
            if self.fault.is_some() || self.texts.iter().any(|text| !text.is_empty()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn place(&mut self, cell: &Cell<DataRef<'b>>, bytes: &mut usize) {
        let column = usize::try_from(cell.get_position().1).unwrap_or(usize::MAX);
        let text = match text(cell.get_value(), self.is_1904) {
            Ok(text) if text.is_empty() => return,
            Ok(text) => text,
            Err(reason) => {
                self.fault.get_or_insert((column, reason));
                return;
            }
        };
        *bytes += text.len();
        if column >= COLUMNS || *bytes > ROW_BYTES {
            let reason = if column >= COLUMNS {
                MANY_CELLS
            } else {
                LONG_ROW
            };
            self.fault.get_or_insert((usize::MAX, reason));
            return;
        }
        if self.texts.len() <= column {
            self.texts.resize(column + 1, String::new());
        }
        if let Some(place) = self.texts.get_mut(column) {
            *place = text;
        }
    }

    fn header_cells(&self) -> Result<Vec<String>, String> {
        match self.fault {
            None => Ok(self.texts.clone()),
            Some((_, reason)) => Err(format!("its header holds {reason}")),
        }
    }

    /// Adds the row to the pile, or sets it aside.
    fn add_to(&self, pile: &mut Pile, width: usize) {
        let line = self.row.saturating_add(1);
        let is_beyond = self.texts.len() > width;
        let fault = self.fault.or(is_beyond.then_some((usize::MAX, BEYOND)));
        match fault {
            None => pile.add_checked(line, &self.texts, || as_line(&self.texts)),
            Some((place, reason)) => {
                let column = pile.columns().get(place).cloned().unwrap_or_default();
                pile.set_aside(line, column, reason, as_line(&self.texts));
            }
        }
    }
}
