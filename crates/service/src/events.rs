//! Rows that a source sends event by event: mapped as those of a file are, many callers to a
//! commit, each answered when the disk has its rows.
//!
//! ```text
//! callers ─▶ ledger::Intake ─▶ map: one thread, one worker, the pack's SELECTs ─▶ one commit
//! ```

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use handfast_engine::packs::{self, Mapped, Mapper};
use handfast_ledger::{
    Classified, ClassifiedRow, Commit, Ended, Ending, Intake, Ledger, TextBatch,
};
use handfast_model::pack::{LINE_KEY, Pack, Stream, StreamMode};
use handfast_model::{FactKind, Names, Refusal};

use crate::book::Book;
use crate::ingest::map_rows;

/// A stream that events may be rows of.
pub struct Open {
    /// The stream.
    pub stream: Stream,
    /// The columns it is known by: those that files and events had so far, and those its SELECTs
    /// read.
    pub columns: Vec<String>,
    /// Whether all its rows are things that happened, and none is somebody or something.
    pub is_of_happenings: bool,
}

/// The streams of a source that events may be rows of.
pub fn streams(book: &Book, pack: &Pack) -> Result<Vec<Open>, Refusal> {
    let mut reads = packs::reads(pack)?;
    let own = pack.streams.iter().filter(|stream| takes_events(stream));
    own.map(|stream| {
        let mut columns = book.ledger.header(&pack.source, &stream.name)?;
        for name in reads.remove(&stream.name).unwrap_or_default() {
            if !columns.contains(&name) {
                columns.push(name);
            }
        }
        let mut maps = pack.mappings.iter().filter(|map| map.stream == stream.name);
        let happens = |kind: FactKind| matches!(kind, FactKind::Touch | FactKind::Mark);
        Ok(Open {
            stream: stream.clone(),
            columns,
            is_of_happenings: maps.all(|map| happens(map.kind)),
        })
    })
    .collect()
}

/// Whether events can be rows of a stream: not of a table that others look things up in, nor of
/// one whose files are whole tables, nor where a row is called by its place in a file.
pub fn takes_events(stream: &Stream) -> bool {
    let is_by_line = stream.key.iter().any(|name| name == LINE_KEY);
    !stream.is_reference && !is_by_line && stream.mode != StreamMode::Full
}

/// Opens a book for the events of a source. `exe` is this program, which becomes the worker.
pub fn open(book: &Book, pack: &Pack, exe: PathBuf) -> Result<Intake, Refusal> {
    if let Some(refusal) = packs::check(pack).into_iter().next() {
        return Err(refusal);
    }
    let (ledger, own) = (book.ledger.shared(), pack.clone());
    let mut hand: Option<Hand> = None;
    book.ledger.intake(pack, move |import, batches| {
        if hand.is_none() {
            // Mapping joins to reference rows as the book has them when the first events come.
            let streams = own.streams.iter().filter(|stream| stream.is_reference);
            let tables = streams.map(|stream| import.reference_rows(stream));
            let tables = tables.collect::<Result<Vec<_>, _>>()?;
            hand = Some(Hand::start(
                (exe.clone(), own.clone()),
                tables,
                ledger.shared(),
            )?);
        }
        let Some(ready) = &hand else {
            return Err(gone());
        };
        let done = commit_of(batches, &own, ready);
        if done.is_err() {
            // Nothing is known of what it works with.
            hand = None;
        }
        done
    })
}

/// Batches that are mapped together: those next to each other with the same columns.
fn commit_of(batches: Vec<Classified>, pack: &Pack, hand: &Hand) -> Result<Commit, Refusal> {
    let mut commit = Commit::default();
    let mut waiting: Vec<(Classified, TextBatch)> = Vec::new();
    for classified in batches {
        let own = classified.to_map();
        let is_other = waiting
            .last()
            .is_some_and(|(_, last)| last.stream != own.stream || last.columns != own.columns);
        if is_other {
            map(std::mem::take(&mut waiting), pack, hand, &mut commit)?;
        }
        waiting.push((classified, own));
    }
    map(waiting, pack, hand, &mut commit)?;
    Ok(commit)
}

/// Maps batches of one shape at once and gives each its endings back.
fn map(
    batches: Vec<(Classified, TextBatch)>,
    pack: &Pack,
    hand: &Hand,
    commit: &mut Commit,
) -> Result<(), Refusal> {
    let (classified, texts): (Vec<Classified>, Vec<TextBatch>) = batches.into_iter().unzip();
    let Some(first) = texts.first() else {
        return Ok(());
    };
    let rows: Vec<ClassifiedRow> = classified.iter().flat_map(Classified::fresh_rows).collect();
    let mut streams = pack.streams.iter();
    let is_reference = streams.any(|one| one.name == first.stream && one.is_reference);
    let mut endings = match is_reference {
        true => vec![Ending::Reference; rows.len()],
        false if rows.is_empty() => Vec::new(),
        false => {
            let batch = TextBatch::joined(&texts).ok_or_else(gone)?;
            let names = std::mem::take(&mut commit.names);
            let (mapped, names) = hand.map(batch, rows, names)?;
            commit.names = names;
            commit.facts.extend(mapped.facts);
            mapped.endings
        }
    }
    .into_iter();
    for one in classified {
        let count = one.new_rows();
        commit.batches.push(Ended {
            classified: one,
            endings: endings.by_ref().take(count).collect(),
        });
    }
    Ok(())
}

/// Rows to map, and the texts of the commit they belong to.
type Job = (TextBatch, Vec<ClassifiedRow>, Names);

/// The thread that maps, one job at a time, with a worker of its own.
struct Hand {
    jobs: SyncSender<Job>,
    done: Receiver<(Result<Mapped, Refusal>, Names)>,
}

impl Hand {
    fn start(
        (exe, pack): (PathBuf, Pack),
        tables: Vec<TextBatch>,
        ledger: Ledger,
    ) -> Result<Hand, Refusal> {
        let (jobs, to_do) = sync_channel::<Job>(1);
        let (finished, done) = sync_channel(1);
        let work = move || {
            let mut mapper = match Mapper::start(&exe, &pack, &tables) {
                Ok(mapper) => mapper,
                Err(refusal) => {
                    // Whoever sends the first job hears why.
                    let _ = to_do.recv().map(|(_, _, names)| {
                        let _ = finished.send((Err(refusal), names));
                    });
                    return;
                }
            };
            for (batch, rows, mut names) in to_do {
                let mapped = map_rows(&mut mapper, &ledger, &mut names, &batch, &rows);
                if finished.send((mapped, names)).is_err() {
                    return;
                }
            }
        };
        let thread = std::thread::Builder::new().name("events-map".to_owned());
        thread.spawn(work).map_err(|_| gone())?;
        Ok(Hand { jobs, done })
    }

    fn map(
        &self,
        batch: TextBatch,
        rows: Vec<ClassifiedRow>,
        names: Names,
    ) -> Result<(Mapped, Names), Refusal> {
        self.jobs.send((batch, rows, names)).map_err(|_| gone())?;
        let (mapped, names) = self.done.recv().map_err(|_| gone())?;
        Ok((mapped?, names))
    }
}

/// The mapping thread is gone, or was given rows that are not of one shape.
fn gone() -> Refusal {
    Refusal::new("E0324", "the mapping thread of events has ended")
        .matters("these events were not taken in; what was acknowledged before stays")
        .fix("send them again; if it stays so, report it with the version of Handfast")
}
