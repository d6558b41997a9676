//! Importing: batches of rows are classified by the ledger, mapped by the worker, and committed.
//!
//! A long import is committed in stretches; what one stretch acknowledged is known to the next
//! run, so an import that stops half-way loses nothing and repeats nothing.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use handfast_engine::packs::Mapper;
use handfast_ledger::{
    AsideId, Classified, ClassifiedRow, Commit, Ended, Ending, FileAccount, Import, ImportReport,
    Ledger, Source, TextBatch,
};
use handfast_model::pack::Pack;
use handfast_model::{Day, Fact, Instant, Refusal, limits};

use crate::shown::Shown;

/// How to import.
pub struct Options<'a> {
    /// This program, which also is the mapping worker.
    pub exe: PathBuf,
    /// The present.
    pub now: Instant,
    /// The source shows everything up to the end of this day.
    pub observed_until: Option<Day>,
    /// Say what would happen and write nothing.
    pub is_dry_run: bool,
    /// Facts to show of each SELECT and file, as a look at what is being made.
    pub shown: usize,
    /// Set from outside to stop after the batch under way.
    pub stop: &'a AtomicBool,
}

/// What an import did, or would do.
#[derive(Debug)]
pub struct Imported {
    /// The source.
    pub source: String,
    /// The ledger's report; `None` of a dry run.
    pub report: Option<ImportReport>,
    /// Per file: rows in and how they ended.
    pub files: Vec<FileAccount>,
    /// The first facts that were made, where some were to be shown.
    pub shown: Vec<Shown>,
    /// Whether it was stopped before its end. Importing again goes on from there.
    pub is_stopped: bool,
}

/// Imports everything that a source hands over. `progress` hears the file and the rows so far.
pub fn import(
    ledger: &Ledger,
    pack: &Pack,
    source: &mut dyn Source,
    options: &Options<'_>,
    progress: &mut dyn FnMut(&str, u64),
) -> Result<Imported, Refusal> {
    let mut run = Run::begin(ledger, pack, options)?;
    let (mut total, mut is_stopped) = (0u64, false);
    while let Some(batch) = source.next_batch()? {
        total += (batch.rows() + batch.bad.len()) as u64;
        let (stream, file) = (batch.stream.clone(), batch.file.clone());
        run.take(batch, None)?;
        if let Some(content) = source.content() {
            run.import.name_content(&stream, &file, content);
        }
        progress(&file, total);
        if options.stop.load(Ordering::Relaxed) {
            is_stopped = true;
            break;
        }
    }
    run.end(is_stopped)
}

/// Imports rows that were set aside and came back mended, batch by batch with their names.
pub(crate) fn import_mended(
    ledger: &Ledger,
    pack: &Pack,
    batches: Vec<(TextBatch, Vec<AsideId>)>,
    options: &Options<'_>,
) -> Result<Imported, Refusal> {
    let mut run = Run::begin(ledger, pack, options)?;
    for (batch, names) in batches {
        run.take(batch, Some(names))?;
        if options.stop.load(Ordering::Relaxed) {
            return run.end(true);
        }
    }
    run.end(false)
}

/// The code of a SELECT that fails while it runs.
const UNRUNNABLE: &str = "E0323";

/// Some rows of a batch.
fn slice(batch: &TextBatch, from: usize, count: usize) -> TextBatch {
    TextBatch {
        stream: batch.stream.clone(),
        file: batch.file.clone(),
        columns: Arc::clone(&batch.columns),
        cells: batch
            .cells
            .iter()
            .map(|cells| cells.slice(from, count))
            .collect(),
        lines: batch.lines.iter().skip(from).take(count).copied().collect(),
        bad: Vec::new(),
        ends_file: false,
    }
}

struct Run<'a> {
    ledger: &'a Ledger,
    pack: &'a Pack,
    options: &'a Options<'a>,
    import: Import,
    mapper: Option<Mapper<'a>>,
    pending: Commit,
    rows: usize,
    /// Reference rows of a dry run, which no commit makes known.
    uncommitted: Vec<TextBatch>,
    shown: Vec<Shown>,
}

impl<'a> Run<'a> {
    /// A dry run goes through every step of an import; only the ledger keeps nothing of it.
    fn begin(
        ledger: &'a Ledger,
        pack: &'a Pack,
        options: &'a Options<'a>,
    ) -> Result<Run<'a>, Refusal> {
        let import = match options.is_dry_run {
            true => ledger.begin_rehearsal(pack, options.now)?,
            false => ledger.begin_import(pack, options.now)?,
        };
        Ok(Run {
            ledger,
            pack,
            options,
            import,
            mapper: None,
            pending: Commit::default(),
            rows: 0,
            uncommitted: Vec::new(),
            shown: Vec::new(),
        })
    }

    fn end(mut self, is_stopped: bool) -> Result<Imported, Refusal> {
        self.flush()?;
        let source = self.pack.source.clone();
        if is_stopped {
            // What was committed stays; how far the source shows everything is not known yet.
            return Ok(Imported {
                source,
                report: None,
                files: Vec::new(),
                shown: self.shown,
                is_stopped,
            });
        }
        let report = self.import.finish(self.options.observed_until)?;
        Ok(Imported {
            source,
            files: report.files.clone(),
            report: (!self.options.is_dry_run).then_some(report),
            shown: self.shown,
            is_stopped,
        })
    }

    fn take(&mut self, batch: TextBatch, mended: Option<Vec<AsideId>>) -> Result<(), Refusal> {
        let (stream, ends_file) = (batch.stream.clone(), batch.ends_file);
        let is_reference = self
            .pack
            .streams
            .iter()
            .any(|known| known.name == stream && known.is_reference);
        let is_mended = mended.is_some();
        let classified = match mended {
            Some(names) => self.import.classify_mended(batch, names)?,
            None => self.import.classify(batch)?,
        };
        let endings = match is_reference {
            true => vec![Ending::Reference; classified.fresh.len()],
            false => self.map(&classified)?,
        };
        if is_reference && self.options.is_dry_run {
            self.uncommitted.push(classified.to_map());
        }
        self.rows += classified.batch.rows();
        self.pending.batches.push(Ended {
            classified,
            endings,
        });
        // Mended rows are a few of a file's rows: what is not among them is not gone.
        if ends_file && !is_mended {
            self.import.finish_file(&stream)?;
        }
        let is_full = self.pending.facts.len() >= limits::COMMIT_FACTS;
        if self.rows >= limits::COMMIT_ROWS || is_full {
            self.flush()
        } else {
            Ok(())
        }
    }

    /// Maps the new rows of a batch; their facts join the commit that is being gathered.
    fn map(&mut self, classified: &Classified) -> Result<Vec<Ending>, Refusal> {
        let rows: Vec<ClassifiedRow> = classified.fresh_rows().collect();
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        if self.mapper.is_none() {
            // Mapping joins to reference rows as the book has them, so those are committed first.
            self.flush()?;
            let streams = self
                .pack
                .streams
                .iter()
                .filter(|stream| stream.is_reference);
            let tables = streams.map(|stream| self.import.reference_rows(stream));
            let mut tables = tables.collect::<Result<Vec<_>, _>>()?;
            tables.append(&mut self.uncommitted);
            self.mapper = Some(Mapper::start(&self.options.exe, self.pack, &tables)?);
        }
        self.map_rows(&classified.to_map(), &rows)
    }

    /// Maps rows. A SELECT that fails while it runs fails for the whole batch, so the batch is
    /// halved
    /// until the rows at fault stand alone; those are set aside, the others are mapped.
    fn map_rows(
        &mut self,
        batch: &TextBatch,
        rows: &[ClassifiedRow],
    ) -> Result<Vec<Ending>, Refusal> {
        let Some(mapper) = &mut self.mapper else {
            return Ok(Vec::new());
        };
        let failed = match mapper.map(batch, rows, self.ledger, &mut self.pending.names) {
            Ok(mapped) => {
                mapped.facts.iter().for_each(|fact| self.show(fact));
                self.pending.facts.extend(mapped.facts);
                return Ok(mapped.endings);
            }
            Err(refusal) if refusal.code == UNRUNNABLE => refusal,
            Err(refusal) => return Err(refusal),
        };
        if rows.len() < 2 {
            let reason = format!("{UNRUNNABLE}: a SELECT of the pack cannot be computed for it");
            let column = failed.place.map(|place| place.file).unwrap_or_default();
            return Ok(vec![Ending::SetAside { column, reason }]);
        }
        let (first, second) = rows.split_at(rows.len() / 2);
        let mut endings = self.map_rows(&slice(batch, 0, first.len()), first)?;
        endings.extend(self.map_rows(&slice(batch, first.len(), second.len()), second)?);
        Ok(endings)
    }

    /// Keeps a fact to be shown, unless its SELECT has given enough from this file.
    fn show(&mut self, fact: &Fact) {
        if self.options.shown == 0 {
            return;
        }
        let one = Shown::of(fact, &self.pending.names);
        let alike = self.shown.iter().filter(|known| known.is_like(&one));
        if alike.count() < self.options.shown {
            self.shown.push(one);
        }
    }

    fn flush(&mut self) -> Result<(), Refusal> {
        self.rows = 0;
        let commit = std::mem::take(&mut self.pending);
        if commit.batches.is_empty() {
            return Ok(());
        }
        self.import.commit(commit).map(drop)
    }
}
