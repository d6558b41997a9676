//! Importing: batches of rows are classified by the ledger, mapped by the worker, and committed.
//!
//! A long import is committed in stretches; what one stretch acknowledged is known to the next
//! run, so an import that stops half-way loses nothing and repeats nothing.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::Scope;

use handfast_engine::packs::{Mapped, Mapper};
use handfast_ledger::{
    AsideId, Classified, ClassifiedRow, Commit, Ended, Ending, FileAccount, Foreseen, Import,
    ImportReport, Ledger, Prepared, Preparer, Sealed, Source, TextBatch, Unsealed,
};
use handfast_model::pack::Pack;
use handfast_model::{Day, Fact, FactKind, Instant, Names, Refusal, limits};

use crate::book::Book;
use crate::checks::{self, Checked};
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
    /// Facts to show of each SELECT and file, as a look at what is being made; marks beyond it.
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
    /// The rows that a dry run would set aside; none of an import, whose rows are in the book.
    pub foreseen: Foreseen,
    /// Whether it was stopped before its end. Importing again goes on from there.
    pub is_stopped: bool,
    /// What looking at what it touched showed; of a dry run, nothing.
    pub checked: Checked,
}

/// Imports everything that a source hands over. `progress` hears the file and the rows so far.
///
/// Reading, mapping and writing go on beside each other; what is committed with what, and so every
/// number of a commit, does not depend on which of them is faster.
pub fn import(
    book: &Book,
    pack: &Pack,
    source: &mut (dyn Source + Send),
    options: &Options<'_>,
    progress: &mut dyn FnMut(&str, u64),
) -> Result<Imported, Refusal> {
    let imported = import_rows(&book.ledger, pack, source, options, progress);
    Ok(looked_at(book, options, imported?))
}

/// The same, with what looking at what was touched shows.
fn looked_at(book: &Book, options: &Options<'_>, imported: Imported) -> Imported {
    let checked = match options.is_dry_run {
        true => Checked::default(),
        false => checks::after_commit(book),
    };
    Imported {
        checked,
        ..imported
    }
}

/// The same into a ledger by itself, without looking at what was touched.
pub fn import_rows(
    ledger: &Ledger,
    pack: &Pack,
    source: &mut (dyn Source + Send),
    options: &Options<'_>,
    progress: &mut dyn FnMut(&str, u64),
) -> Result<Imported, Refusal> {
    check_horizon(pack, options)?;
    std::thread::scope(|threads| {
        let mut run = Run::begin(ledger, pack, options, threads)?;
        let (sender, batches) = sync_channel(READ_AHEAD);
        let mut preparer = run.import.preparer();
        let reader = threads.spawn(move || {
            // It ends with the source, or when nobody listens any more.
            while let Some(read) = read(source, &mut preparer).transpose()
                && sender.send(read).is_ok()
            {}
        });
        let (mut total, mut is_stopped) = (0u64, false);
        for read in batches {
            let (rows, content) = read?;
            let batch = rows.batch();
            total += (batch.rows() + batch.bad.len()) as u64;
            let (stream, file) = (batch.stream.clone(), batch.file.clone());
            run.take(Rows::Read(rows))?;
            if let Some(content) = content {
                run.import.name_content(&stream, &file, &content);
            }
            progress(&file, total);
            if options.stop.load(Ordering::Relaxed) {
                is_stopped = true;
                break;
            }
        }
        // A reader that fell has not read its source to the end, and nothing may say it has.
        if !is_stopped && let Err(fault) = reader.join() {
            std::panic::resume_unwind(fault);
        }
        run.end(is_stopped)
    })
}

/// No source shows what has not happened yet. Somewhere it is tomorrow already.
fn check_horizon(pack: &Pack, options: &Options<'_>) -> Result<(), Refusal> {
    let tomorrow = Day(1 + i32::try_from(options.now.0.div_euclid(DAY_MICROS)).unwrap_or(i32::MAX));
    let (day, place) = match (options.observed_until, pack.observed_until) {
        (Some(day), _) => (day, "--observed-until"),
        (None, Some(day)) => (day, "observed_until in source.toml"),
        (None, None) => return Ok(()),
    };
    if day <= tomorrow {
        return Ok(());
    }
    let title = format!("{place} {day} has not come yet");
    Err(Refusal::new("E0226", title)
        .matters(
            "what is open would be taken as known to stay open until then; nothing was imported",
        )
        .fix("the last day that the export shows in full, mostly the day before it was made"))
}

/// Microseconds of a day.
const DAY_MICROS: i64 = 86_400_000_000;

/// Batches that wait to be asked for, beside the one that is being read: reading is fast, and each
/// takes memory.
const READ_AHEAD: usize = 0;

/// The next batch, its rows named, with the hash of its file.
fn read(
    source: &mut dyn Source,
    preparer: &mut Preparer,
) -> Result<Option<(Prepared, Option<String>)>, Refusal> {
    let batch = source.next_batch()?;
    let content = || source.content().map(str::to_owned);
    Ok(batch.map(|batch| (preparer.prepare(batch), content())))
}

/// Rows to take in.
enum Rows {
    /// As a source gave them.
    Read(Prepared),
    /// Rows that were set aside and came back mended, with their names.
    Mended(TextBatch, Vec<AsideId>),
}

impl Rows {
    fn batch(&self) -> &TextBatch {
        match self {
            Rows::Read(rows) => rows.batch(),
            Rows::Mended(batch, _) => batch,
        }
    }
}

/// Imports rows that were set aside and came back mended, batch by batch with their names.
pub(crate) fn import_mended(
    book: &Book,
    pack: &Pack,
    batches: Vec<(TextBatch, Vec<AsideId>)>,
    options: &Options<'_>,
) -> Result<Imported, Refusal> {
    let imported = std::thread::scope(|threads| {
        let mut run = Run::begin(&book.ledger, pack, options, threads)?;
        for (batch, names) in batches {
            run.take(Rows::Mended(batch, names))?;
            if options.stop.load(Ordering::Relaxed) {
                return run.end(true);
            }
        }
        run.end(false)
    });
    Ok(looked_at(book, options, imported?))
}

/// Whether what waits, rows and bytes of text with so many facts, is to be committed before a batch
/// of so many bytes is taken.
fn is_full((rows, bytes): (usize, usize), facts: usize, next: usize) -> bool {
    facts >= limits::COMMIT_FACTS
        || rows >= limits::COMMIT_ROWS
        || bytes > 0 && bytes.saturating_add(next) > limits::COMMIT_BYTES
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

/// Rows to map and to seal. The texts of the commit that is being gathered go along, and come back.
struct Job {
    batch: TextBatch,
    rows: Vec<ClassifiedRow>,
    unsealed: Option<Unsealed>,
    names: Names,
}

/// A job that is done.
struct Done {
    mapped: Result<Mapped, Refusal>,
    sealed: Option<Result<Sealed, Refusal>>,
    names: Names,
}

/// The thread that maps, one job at a time. It lives as long as the import, for its worker ends
/// with the thread that started it.
struct Hand {
    jobs: SyncSender<Job>,
    done: Receiver<Done>,
}

impl Hand {
    fn start<'scope>(
        threads: &'scope Scope<'scope, '_>,
        mut work: impl FnMut(Job) -> Done + Send + 'scope,
    ) -> Hand {
        let (jobs, to_do) = sync_channel::<Job>(1);
        let (finished, done) = sync_channel(1);
        threads.spawn(move || {
            for job in to_do {
                let done = catch_unwind(AssertUnwindSafe(|| work(job)));
                // After a fault nothing is known of what it works with.
                let is_over = done.is_err();
                let done = done.unwrap_or_else(|fault| Done {
                    mapped: Err(fell(&*fault)),
                    sealed: None,
                    names: Names::default(),
                });
                if finished.send(done).is_err() || is_over {
                    return;
                }
            }
        });
        Hand { jobs, done }
    }
}

/// Maps rows, and seals what they say of people: neither waits for the other.
fn map_and_seal(mapper: &mut Mapper<'_>, ledger: &Ledger, mut job: Job) -> Done {
    let (unsealed, names) = (job.unsealed.take(), &mut job.names);
    let (mapped, sealed) = std::thread::scope(|beside| {
        let sealing = unsealed.map(|unsealed| beside.spawn(|| unsealed.seal()));
        let mapped = map_rows(mapper, ledger, names, &job.batch, &job.rows);
        (mapped, sealing.map(|sealing| sealing.join()))
    });
    Done {
        mapped,
        sealed: sealed.map(|sealed| sealed.unwrap_or_else(|fault| Err(fell(&*fault)))),
        names: job.names,
    }
}

struct Run<'a, 'scope> {
    threads: &'scope Scope<'scope, 'a>,
    ledger: &'a Ledger,
    pack: &'a Pack,
    options: &'a Options<'a>,
    import: Import,
    hand: Option<Hand>,
    /// The batch that is being mapped.
    under_way: Option<Classified>,
    pending: Commit,
    /// Rows and bytes of text that wait for their commit.
    held: (usize, usize),
    shown: Vec<Shown>,
}

impl<'a, 'scope> Run<'a, 'scope> {
    /// A dry run goes through every step of an import; only the ledger keeps nothing of it.
    fn begin(
        ledger: &'a Ledger,
        pack: &'a Pack,
        options: &'a Options<'a>,
        threads: &'scope Scope<'scope, 'a>,
    ) -> Result<Run<'a, 'scope>, Refusal> {
        let import = match options.is_dry_run {
            true => ledger.begin_rehearsal(pack, options.now)?,
            false => ledger.begin_import(pack, options.now)?,
        };
        Ok(Run {
            threads,
            ledger,
            pack,
            options,
            import,
            hand: None,
            under_way: None,
            pending: Commit::default(),
            held: (0, 0),
            shown: Vec::new(),
        })
    }

    fn end(mut self, is_stopped: bool) -> Result<Imported, Refusal> {
        self.flush()?;
        let foreseen = self.import.take_foreseen();
        let source = self.pack.source.clone();
        if is_stopped {
            // What was committed stays; how far the source shows everything is not known yet.
            self.import.settle()?;
            return Ok(Imported {
                source,
                report: None,
                files: Vec::new(),
                shown: self.shown,
                foreseen,
                is_stopped,
                checked: Checked::default(),
            });
        }
        let report = self.import.finish(self.options.observed_until)?;
        Ok(Imported {
            source,
            files: report.files.clone(),
            report: (!self.options.is_dry_run).then_some(report),
            shown: self.shown,
            foreseen,
            is_stopped,
            checked: Checked::default(),
        })
    }

    /// Takes a batch: it is classified while the one before is still being mapped.
    fn take(&mut self, rows: Rows) -> Result<(), Refusal> {
        let batch = rows.batch();
        // Before the batch is looked at, since a commit may change what is known of its rows.
        // Each row that is being mapped will give one, as most do.
        let coming = self.under_way.as_ref().map_or(0, |rows| rows.new_rows());
        let facts = self.pending.facts.len() + coming;
        if is_full(self.held, facts, batch.bytes()) {
            self.flush()?;
        }
        self.held.0 += batch.rows() + batch.bad.len();
        let (stream, ends_file) = (batch.stream.clone(), batch.ends_file);
        let is_reference = self
            .pack
            .streams
            .iter()
            .any(|known| known.name == stream && known.is_reference);
        let is_mended = matches!(rows, Rows::Mended(..));
        let classified = match rows {
            Rows::Mended(batch, names) => self.import.classify_mended(batch, names)?,
            Rows::Read(rows) => self.import.classify_prepared(rows)?,
        };
        self.held.1 += classified.bytes();
        self.land()?;
        let rows: Vec<ClassifiedRow> = classified.fresh_rows().collect();
        if is_reference || rows.is_empty() {
            let endings = vec![Ending::Reference; rows.len()];
            self.pending.batches.push(Ended {
                classified,
                endings,
            });
        } else {
            self.map(classified, rows)?;
        }
        // Mended rows are a few of a file's rows: what is not among them is not gone.
        if ends_file && !is_mended {
            self.import.finish_file(&stream)?;
        }
        Ok(())
    }

    /// Begins to map the new rows of a batch.
    fn map(&mut self, mut classified: Classified, rows: Vec<ClassifiedRow>) -> Result<(), Refusal> {
        if self.hand.is_none() {
            let (mut mapper, ledger) = (self.mapper()?, self.ledger);
            let work = move |job| map_and_seal(&mut mapper, ledger, job);
            self.hand = Some(Hand::start(self.threads, work));
        }
        let job = Job {
            batch: classified.to_map(),
            rows,
            unsealed: classified.take_unsealed(),
            names: std::mem::take(&mut self.pending.names),
        };
        // A hand that is gone shows when the batch is to land.
        if let Some(hand) = &self.hand {
            let _ = hand.jobs.send(job);
        }
        self.under_way = Some(classified);
        Ok(())
    }

    fn mapper(&mut self) -> Result<Mapper<'a>, Refusal> {
        // Mapping joins to reference rows as the book has them, so those are committed first.
        self.commit()?;
        let pack = self.pack;
        let streams = pack.streams.iter().filter(|stream| stream.is_reference);
        let tables = streams.map(|stream| self.import.reference_rows(stream));
        let tables = tables.collect::<Result<Vec<_>, _>>()?;
        Mapper::start(&self.options.exe, pack, &tables)
    }

    /// Waits for the batch that is being mapped; its facts join the commit that is being gathered.
    fn land(&mut self) -> Result<(), Refusal> {
        let (Some(mut classified), Some(hand)) = (self.under_way.take(), &self.hand) else {
            return Ok(());
        };
        let done = hand.done.recv().map_err(|_| fell(&"it has ended"))?;
        self.pending.names = done.names;
        let mapped = done.mapped?;
        if let Some(sealed) = done.sealed {
            classified.put_sealed(sealed?);
        }
        mapped.facts.iter().for_each(|fact| self.show(fact));
        match self.pending.facts.is_empty() {
            true => self.pending.facts = mapped.facts,
            false => self.pending.facts.extend(mapped.facts),
        }
        self.pending.batches.push(Ended {
            classified,
            endings: mapped.endings,
        });
        Ok(())
    }

    /// Keeps a fact to be shown, unless its SELECT has given enough from this file. Marks are kept
    /// all: they tell the order of stages.
    fn show(&mut self, fact: &Fact) {
        if self.options.shown == 0 {
            return;
        }
        let one = Shown::of(fact, &self.pending.names);
        let alike = self.shown.iter().filter(|known| known.is_like(&one));
        if fact.kind == FactKind::Mark || alike.count() < self.options.shown {
            self.shown.push(one);
        }
    }

    /// Commits all batches taken so far.
    fn flush(&mut self) -> Result<(), Refusal> {
        self.land()?;
        self.commit()
    }

    /// Commits the batches that are mapped; the disk has them before the next commit.
    fn commit(&mut self) -> Result<(), Refusal> {
        self.held = (0, 0);
        let commit = std::mem::take(&mut self.pending);
        if commit.batches.is_empty() {
            return Ok(());
        }
        self.import.commit_behind(commit)
    }
}

/// The mapping thread fell, with these words.
fn fell(fault: &(dyn Any + Send)) -> Refusal {
    let text = fault.downcast_ref::<&str>().copied();
    let text = text.or_else(|| fault.downcast_ref::<String>().map(String::as_str));
    let text = text.unwrap_or("without a word");
    Refusal::new("E0324", format!("the mapping thread fell: {text}"))
        .matters("this batch was not mapped; what was committed before stays")
        .fix("this is a defect of Handfast: please report it with these words and the version")
}

/// Maps rows. A SELECT that fails while it runs fails for the whole batch, so the batch is halved
/// until the rows at fault stand alone; those are set aside, the others are mapped.
pub(crate) fn map_rows(
    mapper: &mut Mapper<'_>,
    ledger: &Ledger,
    names: &mut Names,
    batch: &TextBatch,
    rows: &[ClassifiedRow],
) -> Result<Mapped, Refusal> {
    let failed = match mapper.map(batch, rows, ledger, names) {
        Err(refusal) if refusal.code == UNRUNNABLE => refusal,
        result => return result,
    };
    if rows.len() < 2 {
        let reason = format!("{UNRUNNABLE}: a SELECT of the pack cannot be computed for it");
        let column = failed.place.map(|place| place.file).unwrap_or_default();
        return Ok(Mapped {
            endings: vec![Ending::SetAside { column, reason }],
            facts: Vec::new(),
        });
    }
    let (first, second) = rows.split_at(rows.len() / 2);
    let half = slice(batch, 0, first.len());
    let mut mapped = map_rows(mapper, ledger, names, &half, first)?;
    let half = slice(batch, first.len(), second.len());
    let other = map_rows(mapper, ledger, names, &half, second)?;
    mapped.endings.extend(other.endings);
    mapped.facts.extend(other.facts);
    Ok(mapped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_while_rows_are_mapped_is_told_with_its_words() {
        let job = |rows: usize| Job {
            batch: TextBatch::of_texts("deals", "deals.csv", &[], &[]),
            rows: Vec::with_capacity(rows),
            unsealed: None,
            names: Names::default(),
        };
        let work = |job: Job| match job.rows.capacity() {
            0 => panic!("row {} is odd", 7),
            _ => Done {
                mapped: Err(fell(&"mapped")),
                sealed: None,
                names: job.names,
            },
        };
        let told = std::thread::scope(|threads| {
            let hand = Hand::start(threads, work);
            let told = [1, 0].map(|rows| {
                hand.jobs.send(job(rows)).unwrap();
                hand.done.recv().unwrap().mapped.unwrap_err()
            });
            // Nothing more is mapped by what fell.
            assert!(hand.done.recv().is_err());
            told
        });
        assert!(told[0].title.ends_with("fell: mapped"), "{}", told[0]);
        assert_eq!(told[1].code, "E0324");
        assert!(told[1].title.ends_with("fell: row 7 is odd"), "{}", told[1]);
    }

    #[test]
    fn a_commit_is_closed_by_rows_facts_and_bytes() {
        let (rows, facts, bytes) = (
            limits::COMMIT_ROWS,
            limits::COMMIT_FACTS,
            limits::COMMIT_BYTES,
        );
        assert!(!is_full((rows - 1, bytes - 9), facts - 1, 9));
        assert!(is_full((rows, 0), 0, 0));
        assert!(is_full((0, 0), facts, 0));
        assert!(is_full((0, bytes - 8), 0, 9));
        // One batch alone is never too much: it would wait for ever.
        assert!(!is_full((0, 0), 0, bytes + 1));
    }
}
