//! What a file is made of, told from its bytes and rows alone: how it is written, and of every
//! column how full it is, what it holds, whether it names a row.
//!
//! Knows shapes and counts. Refuses to know what a column means to a funnel: `packs` proposes that
//! from what is found here. Nothing is decided in silence: a claim carries its evidence, and what
//! could be read in two ways is named. Read on in `layout` (bytes), `sheets` (workbooks), `kind`
//! (texts of a column), `keys` (what names a row), `leaks` (what tells the outcome).

mod bands;
mod column;
mod dates;
mod keys;
mod kind;
mod layout;
mod leaks;
mod open;
mod sheets;
mod words;

use handfast_ledger::{BadRow, Source, TextBatch};
use handfast_model::Refusal;
use handfast_model::pack::Sheets;

pub use column::{Column, Filled};
pub use kind::{Doubt, Kind};
pub use layout::{ENCODINGS, Layout, Written, layout};
#[cfg(test)]
pub(crate) use open::any_stream;
pub use open::{Head, sniff, sniff_found};
pub use sheets::OnSheet;
pub use words::shape;

use self::column::Watch;
use self::keys::{Composite, Distinct, Hashing};
use crate::below::alone;
use crate::rows::RAGGED;

/// Rows of a file that are looked at; the kinds of its columns are told from them.
pub const SNIFFED_ROWS: u64 = 2_000_000;

/// What was found in a file.
#[derive(Clone, Debug)]
pub struct Sniffed {
    /// The file's name.
    pub file: String,
    /// How it is written; `None` for files that are not delimited text.
    pub layout: Option<Layout>,
    /// Where it stands in its workbook; `None` for files of other kinds.
    pub on: Option<OnSheet>,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// Rows looked at.
    pub rows: u64,
    /// Whether these are all.
    pub is_whole: bool,
    /// Rows that cannot be read as rows, and the commonest reason.
    pub bad: Option<(u64, String)>,
    /// The columns that together name a row, and how many rows repeat a key.
    pub keys: Vec<KeyFound>,
    /// Columns that tell the outcome.
    pub leaks: Vec<Leak>,
    /// Rows that sum up others: their column, how their text begins, how many there are.
    pub totals: Option<(String, String, u64)>,
    /// Last lines that are no rows, filled in one column only: it and how their text begins.
    pub footers: Vec<(String, String)>,
    /// How the last lines of a text begin that are no rows, having one field only.
    pub below: Vec<String>,
}

/// Columns that name a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyFound {
    /// Their names.
    pub columns: Vec<String>,
    /// Rows whose key another row has that says something else.
    pub repeats: u64,
    /// Rows that are equal to an earlier one to the letter.
    pub copies: u64,
}

/// A column that tells the outcome.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Leak {
    /// Its name.
    pub column: String,
    /// How that shows.
    pub why: String,
}

impl Sniffed {
    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Whether no line names its columns.
    pub fn is_headless(&self) -> bool {
        let mut layout = self.layout.iter();
        layout.any(|layout| layout.header_rows == 0)
    }

    /// What its rows are called: the sheet, where a workbook holds several tables, else the file.
    pub fn called(&self) -> &str {
        match &self.on {
            Some(OnSheet {
                sheets: Sheets::Named(sheet),
                is_one_of_many: true,
                ..
            }) => sheet,
            _ => &self.file,
        }
    }

    /// Words that mean "nothing given" in any column, once each.
    pub fn nulls(&self) -> Vec<&str> {
        let words = self.columns.iter().flat_map(|column| &column.nothing);
        let mut words: Vec<&str> = words.map(String::as_str).collect();
        words.sort_unstable();
        words.dedup();
        words
    }
}

/// Looks at the rows of one file.
pub fn profile(
    file: &str,
    layout: Option<Layout>,
    source: &mut dyn Source,
) -> Result<Sniffed, Refusal> {
    let mut nose: Option<Nose> = None;
    let (mut rows, mut is_whole, mut bad) = (0u64, true, Vec::new());
    let (mut last, mut tail) = (0, Vec::new());
    while let Some(batch) = source.next_batch()? {
        bad.extend(batch.bad.iter().map(|row| row.reason.clone()));
        last = batch.lines.last().copied().unwrap_or(0).max(last);
        tail.extend(batch.bad.iter().take(MOST_BELOW + 1).cloned());
        let nose = nose.get_or_insert_with(|| Nose::over(&batch));
        nose.take(&batch);
        rows += batch.rows() as u64;
        if rows >= SNIFFED_ROWS {
            is_whole = batch.ends_file;
            break;
        }
    }
    let nose = nose.filter(|nose| !nose.watches.is_empty() && rows > 0);
    let nose = nose.ok_or_else(|| no_rows(file))?;
    let mut found = nose.finish(file, layout, rows);
    found.is_whole = is_whole;
    let is_tail = is_whole && tail.iter().all(|row| row.line > last);
    found.below = match &found.layout {
        Some(layout) if is_tail => lines_below(&tail, (layout.delimiter, layout.quote)),
        _ => Vec::new(),
    };
    found.bad = match found.below.is_empty() {
        true => commonest(bad),
        false => None,
    };
    Ok(found)
}

/// How the last lines of a file begin, where all of them are one field and one of them speaks as
/// lines below a table do: reports end in their own name, their maker and their owner.
fn lines_below(tail: &[BadRow], (delimiter, quote): (u8, u8)) -> Vec<String> {
    if tail.len() > MOST_BELOW || tail.iter().any(|row| row.reason != RAGGED) {
        return Vec::new();
    }
    let texts = tail.iter().map(|row| alone(&row.text, delimiter, quote));
    let texts: Option<Vec<String>> = texts.collect();
    let texts = texts.unwrap_or_default();
    if !texts.iter().any(|text| footer_word(text).is_some()) {
        return Vec::new();
    }
    let mut begins: Vec<String> = Vec::new();
    for text in &texts {
        // Behind a word that is known stand days and names of people, which are others next time.
        let begin = footer_word(text).unwrap_or(text);
        let is_known = begins.iter().any(|known| known == begin);
        if !is_known && !begin.is_empty() {
            begins.push(begin.to_owned());
        }
    }
    begins
}

fn no_rows(file: &str) -> Refusal {
    Refusal::new("E0371", format!("`{file}` holds no rows"))
        .matters("what its columns hold cannot be told from their names")
        .fix("export it again with at least a few rows")
}

fn commonest(mut reasons: Vec<String>) -> Option<(u64, String)> {
    reasons.sort();
    let most = reasons.chunk_by(|a, b| a == b).max_by_key(|run| run.len());
    let reason = most.and_then(|run| run.first())?;
    Some((reasons.len() as u64, reason.clone()))
}

/// Everything that is watched over the rows of a file.
struct Nose {
    watches: Vec<Watch>,
    hashing: Hashing,
    /// Whole rows.
    different: Distinct,
    composite: Option<Composite>,
    leaks: Vec<Leak>,
    totals: Option<(usize, String, u64)>,
    /// Whether the last row was a sum.
    ends_in_total: bool,
    /// The lines below the last row that says more.
    footers: Vec<(usize, String)>,
}

impl Nose {
    /// Readies the watches by the first rows.
    fn over(first: &TextBatch) -> Nose {
        let columns = first.columns.iter().zip(&first.cells);
        let watches: Vec<Watch> = columns
            .map(|(name, cells)| Watch::over(name, cells))
            .collect();
        Nose {
            watches,
            hashing: Hashing::default(),
            different: Distinct::new(),
            composite: None,
            leaks: Vec::new(),
            totals: None,
            ends_in_total: false,
            footers: Vec::new(),
        }
    }

    fn take(&mut self, batch: &TextBatch) {
        let is_first = self.watches.iter().all(|watch| watch.rows == 0);
        for (watch, cells) in self.watches.iter_mut().zip(&batch.cells) {
            watch.take(&self.hashing, cells);
        }
        for row in 0..batch.rows() {
            let cells = batch.cells.iter().map(|cells| cells.value(row));
            self.different.add(self.hashing.row(cells));
        }
        if is_first {
            self.leaks = leaks_in(batch);
            self.composite = self.compose(batch);
        } else if let Some(composite) = &mut self.composite {
            let columns = composite.columns.clone();
            for row in 0..batch.rows() {
                let hashes = row_hashes(&self.hashing, batch, &columns, row);
                composite.add(&self.hashing, &hashes);
            }
        }
        self.count_totals(batch);
    }

    /// A key of several columns, unless one names the rows alone.
    fn compose(&self, batch: &TextBatch) -> Option<Composite> {
        let mut watches = self.watches.iter();
        let is_named = watches.any(|watch| watch.names_rows(self.different.count()));
        if is_named || batch.rows() < 2 {
            return None;
        }
        let mut likely: Vec<(u64, usize)> = Vec::new();
        for (at, watch) in self.watches.iter().enumerate() {
            let rank = watch.key_rank();
            if rank > 0 {
                likely.push((rank, at));
            }
        }
        likely.sort_by_key(|(rank, at)| (std::cmp::Reverse(*rank), *at));
        let likely: Vec<usize> = likely.into_iter().map(|(_, at)| at).collect();
        let rows: Vec<Vec<u64>> = (0..batch.rows())
            .map(|row| row_hashes(&self.hashing, batch, &likely, row))
            .collect();
        // Where even eight columns repeat, only the whole row names itself.
        let found = keys::put_together(&likely, &self.hashing, &rows);
        found.filter(|composite| composite.repeats() == 0)
    }

    /// Rows whose first text begins with a word for a sum, and lines below the table.
    fn count_totals(&mut self, batch: &TextBatch) {
        for row in 0..batch.rows() {
            let cells = batch.cells.iter().map(|cells| cells.value(row).trim());
            let mut given = cells.enumerate().filter(|(_, text)| !text.is_empty());
            let Some((at, text)) = given.next() else {
                continue;
            };
            let is_alone = given.next().is_none() && batch.cells.len() > 2;
            if let Some(word) = footer_word(text).filter(|_| is_alone) {
                self.footers.push((at, word.to_owned()));
                continue;
            }
            self.footers.clear();
            let word = total_word(text);
            self.ends_in_total = word.is_some();
            match (&mut self.totals, word) {
                (_, None) => {}
                (Some((place, known, count)), Some(word)) if *place == at && known == word => {
                    *count += 1;
                }
                // A file ends in its grand total, however many smaller sums came before.
                (Some((_, _, 1)) | None, Some(word)) => {
                    self.totals = Some((at, word.to_owned(), 1));
                }
                (Some(_), Some(_)) => {}
            }
        }
    }

    fn finish(self, file: &str, layout: Option<Layout>, rows: u64) -> Sniffed {
        let name = |at: usize| self.watches.get(at).map(|watch| watch.name.clone());
        let different = self.different.count();
        let single = self
            .watches
            .iter()
            .filter(|watch| watch.names_rows(different));
        let mut single: Vec<&Watch> = single.collect();
        single.sort_by_key(|watch| std::cmp::Reverse(watch.key_rank()));
        let mut keys: Vec<KeyFound> = single
            .iter()
            .map(|watch| KeyFound {
                columns: vec![watch.name.clone()],
                repeats: 0,
                copies: watch.repeats(),
            })
            .collect();
        keys.extend(self.composite.as_ref().map(|composite| {
            KeyFound {
                columns: composite
                    .columns
                    .iter()
                    .filter_map(|at| name(*at))
                    .collect(),
                repeats: composite.repeats(),
                copies: 0,
            }
        }));
        // A word for a sum in one row of a few says little; in many rows it is a name.
        let totals = self
            .totals
            .as_ref()
            .filter(|(_, _, n)| *n <= 20 && (*n * 4 <= rows || (self.ends_in_total && *n == 1)));
        let footers = self.footers.iter().take(MOST_FOOTERS);
        let footers = footers.filter_map(|(at, word)| Some((name(*at)?, word.clone())));
        let footers = footers.collect();
        let totals = totals.and_then(|(at, word, count)| Some((name(*at)?, word.clone(), *count)));
        let mut columns: Vec<Column> = self.watches.into_iter().map(Watch::finish).collect();
        settle(&mut columns, layout.as_ref());
        Sniffed {
            file: file.to_owned(),
            layout,
            on: None,
            columns,
            rows,
            is_whole: true,
            bad: None,
            keys,
            leaks: self.leaks,
            totals,
            footers,
            below: Vec::new(),
        }
    }
}

/// The hashes of a row's cells, blank where the column is not asked for.
fn row_hashes(hashing: &Hashing, batch: &TextBatch, columns: &[usize], row: usize) -> Vec<u64> {
    let mut hashes = vec![0; batch.cells.len()];
    for at in columns {
        if let (Some(slot), Some(cells)) = (hashes.get_mut(*at), batch.cells.get(*at)) {
            *slot = hashing.one(cells.value(row));
        }
    }
    hashes
}

/// Lines below a table that are looked at.
const MOST_FOOTERS: usize = 4;
/// Lines of one field below a table: what more there are is a defect of the file.
const MOST_BELOW: usize = 10;

/// `Total`, `Total: campaigns`, `Grand Total`; but not `Total time on site`, which is a name.
fn total_word(text: &str) -> Option<&str> {
    const WORDS: [&str; 8] = [
        "total",
        "totals",
        "grand total",
        "gesamt",
        "summe",
        "subtotal",
        "totales",
        "totaux",
    ];
    let words = WORDS.iter().filter_map(|word| begins(text, word));
    let mut whole = words.filter(|(_, rest)| rest.is_empty() || rest.starts_with([':', '-', '–']));
    whole.next().map(|(word, _)| word)
}

/// How a line begins that stands below a table and is no row of it.
fn footer_word(text: &str) -> Option<&str> {
    const WORDS: [&str; 9] = [
        "copyright",
        "©",
        "confidential",
        "report",
        "generated",
        "exported",
        "filtered by",
        "as of",
        "stand:",
    ];
    let mut words = WORDS.iter().filter_map(|word| begins(text, word));
    words.next().map(|(word, _)| word)
}

/// The word as it stands at the beginning, in capitals or not, and what comes after it.
fn begins<'a>(text: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
    let (start, rest) = text.split_at_checked(word.len())?;
    start
        .eq_ignore_ascii_case(word)
        .then(|| (start, rest.trim_start()))
}

fn leaks_in(batch: &TextBatch) -> Vec<Leak> {
    let ranked = batch.columns.iter().enumerate();
    let ranked = ranked.map(|(at, name)| (leaks::names_outcome(name), at));
    let best = ranked.max_by_key(|(rank, at)| (*rank, std::cmp::Reverse(*at)));
    let Some((_, at)) = best.filter(|(rank, _)| *rank > 0) else {
        return Vec::new();
    };
    let texts = |at: usize| {
        let cells = batch.cells.get(at).into_iter();
        cells.flat_map(|cells| cells.iter().map(|cell| cell.unwrap_or("").trim()))
    };
    let outcomes: leaks::Outcomes = texts(at).map(leaks::outcome).collect();
    let others = (0..batch.columns.len()).filter(|other| *other != at);
    let tells = |other: usize| {
        let blank = |text| if words::is_nothing(text) { "" } else { text };
        let cells: Vec<&str> = texts(other).map(blank).collect();
        leaks::tells(batch.columns.get(other)?, &cells, &outcomes)
    };
    others.filter_map(tells).collect()
}

/// What one column leaves in doubt, another of the same file may prove.
fn settle(columns: &mut [Column], layout: Option<&Layout>) {
    let is_proven_comma = columns.iter().any(|column| column.proves_comma());
    let is_proven_point = columns.iter().any(|column| column.proves_point());
    let is_semicolon = layout.is_some_and(|layout| layout.delimiter == b';');
    let proven: Vec<String> = columns.iter().filter_map(Column::proven_order).collect();
    for column in columns {
        match column.doubt.clone() {
            Some(Doubt::DecimalMark) if is_proven_comma != is_proven_point => {
                column.settle_mark(is_proven_comma, "as in another column of this file");
            }
            Some(Doubt::DecimalMark) if is_semicolon && !is_proven_point => {
                column.settle_mark(
                    true,
                    "since `;` separates the fields, `,` is free to be the mark",
                );
                // A custom, and no proof: it stays to be told.
                column.doubt = Some(Doubt::DecimalMark);
            }
            Some(Doubt::DateOrder(first, second)) => {
                let is_like = |format: &String| proven.iter().any(|p| same_order(p, format));
                match (is_like(&first), is_like(&second)) {
                    (true, false) => column.settle_order(&first),
                    (false, true) => column.settle_order(&second),
                    _ => {}
                }
            }
            _ => {}
        }
    }
}

fn same_order(one: &str, other: &str) -> bool {
    one.get(..5) == other.get(..5)
}
