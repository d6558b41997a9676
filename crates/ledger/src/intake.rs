//! Rows from many callers at once, a few from each: everyone waits for the disk, all share its
//! flushes.
//!
//! ```text
//! append ─┐                                                           ┌─▶ receipt
//! append ─┼─▶ queue ─▶ group: classify → map → one commit, one flush ─┼─▶ receipt
//! append ─┘                                                           └─▶ receipt
//! ```
//!
//! An intake is an import without an end of its own: rows are told, sealed, mapped and set aside
//! as those of a file are, and each caller's batch is a file of its own to the rule about one key
//! twice in one file. It stands aside while it is paused, for whatever wants the book alone.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant as Clock};

use handfast_model::pack::Pack;
use handfast_model::question::AsOf;
use handfast_model::{Instant, Refusal, Seq, limits};

use crate::account::FileAccount;
use crate::book::{Ledger, resolve};
use crate::classified::Classified;
use crate::import::{Commit, Horizon, Import, ImportReport};
use crate::layout::Layout;
use crate::refuse;
use crate::source::TextBatch;

/// Callers that may wait without waiting for their place in the queue.
const QUEUE: usize = 1024;
/// Rows after which a group is full.
const GROUP_ROWS: usize = 16_000;
/// Groups, and rows of them, after which what they left in the journal is folded into segments.
const FOLD_AFTER: (usize, usize) = (2_000, 100_000);
/// How far a source's horizon moves before a commit tells it, in microseconds: a minute.
const HORIZON_STEP: i64 = 60_000_000;

/// Maps the new rows of a group; the batches of the commit stand as they were given.
type Map = Box<dyn FnMut(&mut Import, Vec<Classified>) -> Result<Commit, Refusal> + Send>;

/// The way in for rows from many threads.
pub struct Intake {
    queue: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
    journal: PathBuf,
}

/// What became of rows that were appended. The disk has them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Receipt {
    /// The import they belong to.
    pub run: u64,
    /// The commit as of which all of them are known.
    pub seq: Seq,
    /// How they ended: rows that were known before are counted under `known` as well.
    pub account: FileAccount,
}

/// An intake that stands aside until this is dropped; callers wait meanwhile.
pub struct Paused<'a> {
    /// The import that the pause ended, if rows had come since the last one.
    pub report: Option<ImportReport>,
    _until: SyncSender<()>,
    _intake: &'a Intake,
}

enum Job {
    Append(Append),
    Pause {
        reply: SyncSender<Result<Option<ImportReport>, Refusal>>,
        until: Receiver<()>,
    },
}

struct Append {
    rows: TextBatch,
    now: Instant,
    reply: SyncSender<Result<Receipt, Refusal>>,
}

impl Ledger {
    /// Opens the book for rows of one source from many threads. `map` says how new rows end and
    /// which facts they give: it gets the batches of a group and hands all of them on, in order.
    pub fn intake(
        &self,
        pack: &Pack,
        map: impl FnMut(&mut Import, Vec<Classified>) -> Result<Commit, Refusal> + Send + 'static,
    ) -> Result<Intake, Refusal> {
        self.intake_folding(pack, map, FOLD_AFTER)
    }

    pub(crate) fn intake_folding(
        &self,
        pack: &Pack,
        map: impl FnMut(&mut Import, Vec<Classified>) -> Result<Commit, Refusal> + Send + 'static,
        fold_after: (usize, usize),
    ) -> Result<Intake, Refusal> {
        self.inner.writer()?;
        let (queue, jobs) = sync_channel(QUEUE);
        let work = Work {
            ledger: self.shared(),
            pack: pack.clone(),
            map: Box::new(map),
            import: None,
            callers: 0,
            took: Duration::ZERO,
            fold_after,
            unfolded: (0, 0),
            folding: None,
        };
        let thread = std::thread::Builder::new()
            .name("ledger-intake".to_owned())
            .spawn(move || work.run(&jobs))
            .map_err(|e| refuse::io(&self.inner.shelf.journal, "starting the intake", &e))?;
        Ok(Intake {
            queue: Some(queue),
            thread: Some(thread),
            journal: self.inner.shelf.journal.clone(),
        })
    }
}

impl Ledger {
    /// The same open book once more, for another thread.
    pub fn shared(&self) -> Ledger {
        Ledger {
            inner: Arc::clone(&self.inner),
            newest: None,
        }
    }
}

impl Intake {
    /// Appends rows of one stream, all or none of them, and returns when the disk has them. What is
    /// sent again after a failure ends as known if it came in.
    pub fn append(&self, rows: TextBatch, now: Instant) -> Result<Receipt, Refusal> {
        let count = rows.rows() + rows.bad.len();
        if count > limits::COMMIT_ROWS {
            let most = limits::COMMIT_ROWS;
            return Err(refuse::uneven(format!(
                "{count} rows at once of at most {most}"
            )));
        }
        let (reply, answer) = sync_channel(1);
        self.send(Job::Append(Append { rows, now, reply }))?;
        answer.recv().unwrap_or_else(|_| Err(self.ended()))
    }

    /// Ends the import under way and stands aside until what this gives is dropped.
    pub fn pause(&self) -> Result<Paused<'_>, Refusal> {
        let (reply, answer) = sync_channel(1);
        let (held, until) = sync_channel(0);
        self.send(Job::Pause { reply, until })?;
        let report = answer.recv().unwrap_or_else(|_| Err(self.ended()))?;
        Ok(Paused {
            report,
            _until: held,
            _intake: self,
        })
    }

    /// Ends the intake once everything sent is on the disk; gives its last import.
    pub fn finish(self) -> Result<Option<ImportReport>, Refusal> {
        self.pause().map(|paused| paused.report)
    }

    fn ended(&self) -> Refusal {
        refuse::flush_failed(&self.journal, "the intake has ended")
    }

    fn send(&self, job: Job) -> Result<(), Refusal> {
        let queue = self.queue.as_ref().ok_or_else(|| self.ended())?;
        queue.send(job).map_err(|_| self.ended())
    }
}

impl Drop for Intake {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            // A panicked intake has acknowledged nothing that the disk does not have.
            let _ = thread.join();
        }
    }
}

/// What the intake's thread owns.
struct Work {
    ledger: Ledger,
    pack: Pack,
    map: Map,
    import: Option<Import>,
    /// How many callers the last group answered, and how long it took.
    callers: usize,
    took: Duration,
    fold_after: (usize, usize),
    /// Groups and rows since the last fold was begun, and the thread that does it.
    unfolded: (usize, usize),
    folding: Option<JoinHandle<()>>,
}

impl Work {
    fn run(mut self, jobs: &Receiver<Job>) {
        let mut next = jobs.recv().ok();
        while let Some(job) = next.take() {
            match job {
                Job::Pause { reply, until } => {
                    // Whoever asked and is gone needs no pause.
                    let _ = reply.send(end(&mut self.import));
                    let _ = until.recv();
                }
                Job::Append(first) => {
                    let (group, after) = self.gather(first, jobs);
                    next = after;
                    let begun = Clock::now();
                    self.callers = group.len();
                    self.unfolded.0 += 1;
                    self.unfolded.1 += group.iter().map(|one| one.rows.rows()).sum::<usize>();
                    self.take(group);
                    self.took = begun.elapsed();
                    self.fold();
                }
            }
            next = next.or_else(|| jobs.recv().ok());
        }
        // What was acknowledged is on the disk already; only the accounts are missing otherwise.
        let _ = end(&mut self.import);
        // One that panicked left everything where it was.
        let _ = self.folding.map(JoinHandle::join);
    }

    /// Begins to fold if it is time to, and if the last one is done. One that fails leaves all as
    /// it was: what stopped it stops the next commit as well, or the next fold makes up for it.
    fn fold(&mut self) {
        let is_busy = self
            .folding
            .as_ref()
            .is_some_and(|thread| !thread.is_finished());
        let ((groups, rows), (most, most_rows)) = (self.unfolded, self.fold_after);
        if is_busy || (groups < most && rows < most_rows) {
            return;
        }
        self.unfolded = (0, 0);
        let ledger = self.ledger.shared();
        let thread = std::thread::Builder::new().name("ledger-fold".to_owned());
        self.folding = thread.spawn(move || drop(ledger.fold())).ok();
    }

    /// Whoever waits by now. Those whom the last group answered are likely to ask again at once, so
    /// they are waited for, but no longer than a quarter of the time that a group takes: one more
    /// flush would cost them more.
    fn gather(&self, first: Append, jobs: &Receiver<Job>) -> (Vec<Append>, Option<Job>) {
        let until = Clock::now() + self.took / 4;
        let mut rows = first.rows.rows();
        let mut group = vec![first];
        while rows < GROUP_ROWS {
            let patience = match group.len() < self.callers {
                true => until.saturating_duration_since(Clock::now()),
                false => Duration::ZERO,
            };
            match jobs.recv_timeout(patience) {
                Ok(Job::Append(append)) => {
                    rows += append.rows.rows();
                    group.push(append);
                }
                Ok(pause) => return (group, Some(pause)),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
            }
        }
        (group, None)
    }

    /// Takes a group in and answers everyone in it.
    fn take(&mut self, group: Vec<Append>) {
        let mut waiting = Vec::with_capacity(group.len());
        let outcome = self.write(group, &mut waiting);
        let receipts = outcome.unwrap_or_else(|refusal| {
            // What is known in memory may be ahead of the disk now: the next group reads it anew.
            self.import = None;
            vec![Err(refusal); waiting.len()]
        });
        for (reply, receipt) in waiting.into_iter().zip(receipts) {
            // A caller that no longer waits has nothing to learn.
            let _ = reply.send(receipt);
        }
    }

    fn write(
        &mut self,
        group: Vec<Append>,
        waiting: &mut Vec<SyncSender<Result<Receipt, Refusal>>>,
    ) -> Result<Vec<Result<Receipt, Refusal>>, Refusal> {
        let now = group.iter().map(|append| append.now).max();
        let (rows, replies): (Vec<_>, Vec<_>) = group
            .into_iter()
            .map(|append| (append.rows, append.reply))
            .unzip();
        waiting.extend(replies);
        let import = self.begun(now.unwrap_or(Instant(0)))?;
        let mut refused = Vec::with_capacity(rows.len());
        let mut classified = Vec::with_capacity(rows.len());
        for mut rows in rows {
            rows.ends_file = true;
            // A batch that cannot be told is one caller's matter, anything later is everyone's.
            refused.push(import.check_batch(&rows).err());
            if refused.last().is_some_and(Option::is_none) {
                classified.push(import.classify(rows)?);
            }
        }
        let told = classified.len();
        if told == 0 {
            return Ok(refused.into_iter().flatten().map(Err).collect());
        }
        let Some(import) = &mut self.import else {
            return Err(refuse::uneven("its import is gone"));
        };
        let commit = (self.map)(import, classified)?;
        if commit.batches.len() != told {
            return Err(refuse::uneven("mapping lost or added a batch"));
        }
        let (seq, accounts) = import.commit_each(commit)?;
        let run = import.run();
        let mut accounts = accounts.into_iter();
        let mut receipts = Vec::with_capacity(refused.len());
        for refused in refused {
            receipts.push(match refused {
                Some(refusal) => Err(refusal),
                None => Ok(Receipt {
                    run,
                    seq,
                    account: accounts.next().unwrap_or_default(),
                }),
            });
        }
        Ok(receipts)
    }

    /// The import under way; a new one where there is none, or where one has numbered all the
    /// files it can.
    fn begun(&mut self, now: Instant) -> Result<&mut Import, Refusal> {
        let import = match self.import.take() {
            Some(full) if full.last_file == u32::MAX => {
                full.finish(None)?;
                self.ledger.begin_import(&self.pack, now)?
            }
            Some(import) => import,
            None => self.ledger.begin_import(&self.pack, now)?,
        };
        let import = self.import.insert(import);
        import.is_shared = true;
        import.now = import.now.max(now);
        Ok(import)
    }
}

fn end(import: &mut Option<Import>) -> Result<Option<ImportReport>, Refusal> {
    import.take().map(|import| import.finish(None)).transpose()
}

impl Import {
    /// Refuses a batch whose rows cannot be told: its stream is not there, or it lacks a column.
    fn check_batch(&mut self, batch: &TextBatch) -> Result<(), Refusal> {
        self.check()?;
        let stream = self.stream(&batch.stream)?;
        Layout::of_batch(&stream, batch).map(drop)
    }

    /// Commits the batches of several callers at once; gives what became of the rows of each when
    /// the disk has them, and the commit as of which they are known. Batches that say nothing new
    /// make none.
    fn commit_each(&mut self, commit: Commit) -> Result<(Seq, Vec<FileAccount>), Refusal> {
        let rows: usize = commit.batches.iter().map(|b| b.classified.rows.len()).sum();
        let note = format!("import {} of {}: {rows} rows", self.run, self.pack.source);
        let accounts = self.submit(commit, note, Box::new(|_| Ok(())))?;
        let seq = match self.settle()? {
            // Nothing has come in this import that was not known before it.
            Seq(0) => resolve(self.inner.reader().as_mut(), AsOf::Latest)?.0,
            seq => seq,
        };
        Ok((seq, accounts))
    }

    /// How far the source of an import without an end shows everything by now, told when that has
    /// moved by a minute.
    pub(crate) fn moved_horizon(&mut self) -> Result<Option<Horizon>, Refusal> {
        let is_declared = self.pack.observed_until.is_some();
        let next = self
            .shown_until
            .map(|shown| Instant(shown.0.saturating_add(HORIZON_STEP)));
        let is_told = next.is_some_and(|next| is_declared || self.latest < Some(next));
        if self.latest.is_none() || is_told {
            return Ok(None);
        }
        self.shown_until = self.latest;
        self.observed(None).map(Some)
    }
}
