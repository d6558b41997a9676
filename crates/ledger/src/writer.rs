//! The one writer: a thread that takes commits from a bounded queue and flushes several at once.
//!
//! Each commit gets its own seq and is acknowledged only after the flush that holds it. A commit of
//! an older epoch is refused. The first failed flush stops the ledger: a retried one can lie.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};

use arrow::array::{ArrayRef, RecordBatch};
use arrow::compute::concat_batches;
use arrow::error::ArrowError;
use handfast_model::{Instant, Refusal, Seq, limits};
use sha2::{Digest, Sha256};

use crate::attributes::push_json;
use crate::book::epoch;
use crate::chain::{self, Link, Tail};
use crate::fail;
use crate::head;
use crate::refuse;
use crate::segment::{Shelf, Written};
use crate::store::{Field, Store, mark};
use crate::table::{self, Digests, Table};

/// Most commits of one flush.
const GROUP: usize = 256;
/// Commits that may wait; the next caller waits with its own.
const QUEUE: usize = 256;

/// Takes the columns of some rows.
type EachColumns<'a> = &'a mut dyn FnMut(Vec<ArrayRef>) -> Result<(), Refusal>;

/// Hands on the columns of new rows stretch by stretch, on the writer's thread: whoever commits
/// goes on meanwhile, and each stretch is gone when the next one is made.
pub(crate) type Columns = Box<dyn FnOnce(EachColumns<'_>) -> Result<(), Refusal> + Send>;

/// Rows a commit adds to a columnar table, without the commit's clock.
pub(crate) struct NewRows {
    pub table: Table,
    pub scope: String,
    pub count: usize,
    pub columns: Columns,
}

/// What a commit does to the store's own tables.
pub(crate) type Apply = Box<dyn FnOnce(&mut Tx<'_>) -> Result<(), Refusal> + Send>;

/// A commit under way.
pub(crate) struct Tx<'a> {
    pub store: &'a mut dyn Store,
    pub seq: Seq,
    body: String,
}

impl Tx<'_> {
    /// Notes in the chained body what was added: a word and its texts.
    pub(crate) fn note(&mut self, word: &str, texts: &[&str]) {
        note(&mut self.body, word, texts);
    }

    /// The commit's number as a field.
    pub(crate) fn seq_field(&self) -> Field {
        Field::count(self.seq.0)
    }
}

/// Appends a line of a commit's body; texts are quoted so that no text can look like two.
pub(crate) fn note(body: &mut String, word: &str, texts: &[&str]) {
    body.push_str(word);
    for text in texts {
        body.push(' ');
        push_json(body, text);
    }
    body.push('\n');
}

/// A commit to make.
pub(crate) struct Commit {
    pub note: String,
    pub now: Instant,
    pub rows: Vec<NewRows>,
    pub apply: Apply,
}

/// A change of the store that teaches nothing new and gets no seq.
pub(crate) type Chore = Box<dyn FnOnce(&mut dyn Store) -> Result<(), Refusal> + Send>;

enum Work {
    Commit(Commit),
    Chore(Chore),
}

struct Job {
    work: Work,
    reply: SyncSender<Result<Seq, Refusal>>,
}

/// The way to the writer's thread; dropping it waits until all accepted work is done.
pub(crate) struct Writer {
    queue: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
    shelf: Shelf,
}

impl Writer {
    pub(crate) fn start(state: State) -> Result<Writer, Refusal> {
        let (sender, receiver) = sync_channel(QUEUE);
        let shelf = state.shelf.clone();
        let thread = std::thread::Builder::new()
            .name("ledger-writer".to_owned())
            .spawn(move || state.run(&receiver))
            .map_err(|error| refuse::io(&shelf.journal, "starting the writer", &error))?;
        Ok(Writer {
            queue: Some(sender),
            thread: Some(thread),
            shelf,
        })
    }

    /// Commits, and returns when the disk has it.
    pub(crate) fn commit(&self, commit: Commit) -> Result<Seq, Refusal> {
        self.send(Work::Commit(commit))?.wait()
    }

    /// Hands a commit over; the ticket tells when the disk has it.
    pub(crate) fn commit_behind(&self, commit: Commit) -> Result<Ticket, Refusal> {
        self.send(Work::Commit(commit))
    }

    /// Changes the store, and returns when the disk has it.
    pub(crate) fn chore(&self, chore: Chore) -> Result<(), Refusal> {
        self.send(Work::Chore(chore))?.wait().map(drop)
    }

    fn send(&self, work: Work) -> Result<Ticket, Refusal> {
        let gone = || refuse::flush_failed(&self.shelf.journal, "the writer has ended");
        let (reply, answer) = sync_channel(1);
        let queue = self.queue.as_ref().ok_or_else(gone)?;
        match queue.try_send(Job { work, reply }) {
            Ok(()) => {}
            Err(TrySendError::Full(job)) => queue.send(job).map_err(|_| gone())?,
            Err(TrySendError::Disconnected(_)) => return Err(gone()),
        }
        let journal = self.shelf.journal.clone();
        let answer = Some(answer);
        Ok(Ticket { answer, journal })
    }
}

/// What was handed to the writer and not yet acknowledged.
pub(crate) struct Ticket {
    answer: Option<Receiver<Result<Seq, Refusal>>>,
    journal: PathBuf,
}

/// Whoever gives up waiting still waits: what follows must not overtake it.
impl Drop for Ticket {
    fn drop(&mut self) {
        let _ = self.answer.take().map(|answer| answer.recv());
    }
}

impl Ticket {
    /// Waits until the disk has it.
    pub(crate) fn wait(mut self) -> Result<Seq, Refusal> {
        let answer = self.answer.take().and_then(|answer| answer.recv().ok());
        answer.unwrap_or_else(|| Err(refuse::flush_failed(&self.journal, "the writer has ended")))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            // A panicked writer has acknowledged nothing it did not flush; there is nothing to
            // undo.
            let _ = thread.join();
        }
    }
}

/// What the writer's thread owns.
pub(crate) struct State {
    pub store: Box<dyn Store>,
    pub shelf: Shelf,
    pub author: String,
    pub epoch: i64,
    pub tail: Tail,
    pub poison: Option<Refusal>,
    /// How many files of rows were begun, so that none has the name of one that a full disk left.
    pub files: u64,
}

impl State {
    fn run(mut self, jobs: &Receiver<Job>) {
        while let Ok(job) = jobs.recv() {
            let mut group = vec![job];
            while group.len() < GROUP
                && let Ok(job) = jobs.try_recv()
            {
                group.push(job);
            }
            self.flush(group);
        }
    }

    fn flush(&mut self, group: Vec<Job>) {
        let (works, replies): (Vec<Work>, Vec<_>) =
            group.into_iter().map(|job| (job.work, job.reply)).unzip();
        let before = self.tail.clone();
        if fail::lacks("ack-after-flush") {
            let seq = self.tail.seq;
            replies.iter().for_each(|reply| drop(reply.send(Ok(seq))));
            fail::pause();
        }
        let outcomes = match self.poison.clone() {
            Some(poison) => Err(poison),
            None => self.write(works),
        };
        let outcomes = outcomes.unwrap_or_else(|refusal| {
            self.tail = before;
            // Its own refusal may follow from the first one, which has been told.
            let _ = self.store.roll_back();
            if stops(&refusal) {
                self.poison = Some(refusal.clone());
            }
            replies.iter().map(|_| Err(refusal.clone())).collect()
        });
        for (reply, outcome) in replies.into_iter().zip(outcomes) {
            // A caller that no longer waits has nothing to learn.
            let _ = reply.send(outcome);
        }
    }

    /// One transaction for the whole group; `Err` means that none of it was written.
    fn write(&mut self, works: Vec<Work>) -> Result<Vec<Result<Seq, Refusal>>, Refusal> {
        self.store.begin(true)?;
        self.check_epoch()?;
        let mut outcomes = Vec::with_capacity(works.len());
        for work in works {
            self.store.execute("SAVEPOINT work", &[])?;
            let before = self.tail.clone();
            let outcome = self.do_one(work);
            if let Err(refusal) = &outcome {
                if stops(refusal) || refusal.code == "E0213" {
                    return Err(refusal.clone());
                }
                self.tail = before;
                self.store.execute("ROLLBACK TO work", &[])?;
            }
            self.store.execute("RELEASE work", &[])?;
            outcomes.push(outcome);
        }
        fail::point("before-flush");
        self.store.commit()?;
        fail::point("after-flush");
        head::write(&self.shelf.journal, &self.tail);
        Ok(outcomes)
    }

    /// Does one piece of work. A fault in it is its own failure: it is undone as any other, and the
    /// writer goes on.
    fn do_one(&mut self, work: Work) -> Result<Seq, Refusal> {
        let run = || match work {
            Work::Commit(commit) => self.write_commit(commit),
            Work::Chore(chore) => chore(self.store.as_mut()).map(|()| self.tail.seq),
        };
        catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|fault| {
            let text = fault.downcast_ref::<&str>().copied();
            let text = text.or_else(|| fault.downcast_ref::<String>().map(String::as_str));
            Err(refuse::fell(text.unwrap_or("without a word")))
        })
    }

    /// Whoever opened the book last is its writer; an earlier one may still be alive.
    fn check_epoch(&mut self) -> Result<(), Refusal> {
        if epoch(self.store.as_mut())? == Some(self.epoch) {
            Ok(())
        } else {
            Err(refuse::fenced(&self.shelf.journal))
        }
    }

    fn write_commit(&mut self, commit: Commit) -> Result<Seq, Refusal> {
        let seq = Seq(self.tail.seq.0 + 1);
        let recorded_at = commit.now.max(self.tail.recorded_at);
        let mut body = String::new();
        let rows: usize = commit.rows.iter().map(|new| new.count).sum();
        let news = commit.rows.into_iter().filter(|new| new.count > 0);
        let (places, news): (Vec<_>, Vec<NewRows>) = news
            .map(|new| ((new.table, new.scope.clone()), new))
            .unzip();
        let clock = (seq, recorded_at);
        let digests = match rows <= limits::JOURNAL_ROWS {
            true => {
                let kept = news.into_iter().map(|new| self.keep_in_journal(new, clock));
                kept.collect::<Result<Vec<_>, _>>()?
            }
            false => self.keep_in_segments(news, clock)?,
        };
        for (place, digests) in places.iter().zip(digests) {
            note_rows(&mut body, place, digests);
        }
        let mut tx = Tx {
            store: self.store.as_mut(),
            seq,
            body,
        };
        (commit.apply)(&mut tx)?;
        let link = Link {
            seq,
            recorded_at,
            author: self.author.clone(),
            note: commit.note,
            epoch: self.epoch,
            body: tx.body,
        };
        let tail = self.tail.with(&link);
        chain::append(self.store.as_mut(), &link, &tail)?;
        self.tail = tail;
        Ok(seq)
    }

    fn keep_in_journal(&mut self, new: NewRows, clock: Clock) -> Result<Digests, Refusal> {
        let (table, scope) = (new.table, Field::text(&new.scope));
        let (mut batches, mut digests) = (Vec::new(), Digests::default());
        new.each(clock, &mut |batch| {
            digests.add(&batch);
            batches.push(batch);
            Ok(())
        })?;
        let uneven = |error: ArrowError| refuse::uneven(error.to_string());
        let batch = concat_batches(&table.schema(), &batches).map_err(uneven)?;
        let bytes = table::encode(&batch).map_err(uneven)?;
        let mut fields = vec![
            Field::count(clock.0.0),
            Field::text(table.name()),
            scope,
            Field::count(batch.num_rows() as u64),
            Field::Bytes(Sha256::digest(&bytes).to_vec()),
        ];
        fields.extend([mark(&fields), Field::Bytes(bytes)]);
        let sql = "INSERT INTO journal (seq, tbl, scope, row_count, sha256, mark, body)
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        self.store.execute(sql, &fields)?;
        Ok(digests)
    }

    /// Writes each table's rows to a segment of its own, all at the same time: much of it waits
    /// for the disk.
    fn keep_in_segments(
        &mut self,
        news: Vec<NewRows>,
        clock: Clock,
    ) -> Result<Vec<Digests>, Refusal> {
        let (shelf, seq, epoch) = (&self.shelf, clock.0.0, self.epoch);
        let first = self.files;
        self.files += news.len() as u64;
        let write = |(new, number): (NewRows, u64)| {
            let (table, scope) = (new.table, new.scope.clone());
            let name = format!("{}-{seq:010}-{epoch}-{number}.parquet", table.name());
            let mut digests = Digests::default();
            let written = shelf.write_each(&name, table, |write| {
                new.each(clock, &mut |batch| {
                    digests.add(&batch);
                    write(&batch)
                })
            })?;
            fail::point("segment-written");
            Ok((name, (table, scope), written, digests))
        };
        let written: Vec<Result<_, Refusal>> = thread::scope(|beside| {
            let mut news = news.into_iter().zip(first..);
            let own = news.next();
            let others = news.map(|new| beside.spawn(move || write(new)));
            let others: Vec<_> = others.collect();
            let own = own.map(write);
            let others = others.into_iter().map(|other| match other.join() {
                Ok(written) => written,
                Err(fault) => resume_unwind(fault),
            });
            own.into_iter().chain(others).collect()
        });
        let mut all = Vec::with_capacity(written.len());
        for written in written {
            let (name, (table, scope), written, digests) = written?;
            let span = (seq as i64, seq as i64);
            register(self.store.as_mut(), &name, (table, &scope, span), written)?;
            all.push(digests);
        }
        Ok(all)
    }
}

/// The number of a commit, and when it was recorded.
type Clock = (Seq, Instant);

impl NewRows {
    /// Its rows with the commit's clock, as many as were announced.
    fn each(
        self,
        (seq, at): Clock,
        each: &mut dyn FnMut(RecordBatch) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let (table, mut rows) = (self.table, 0);
        (self.columns)(&mut |columns| {
            let batch = table::stamp(table, &columns, seq, at);
            let batch = batch.map_err(|error| refuse::uneven(error.to_string()))?;
            rows += batch.num_rows();
            each(batch)
        })?;
        match rows == self.count {
            true => Ok(()),
            false => Err(refuse::uneven("other rows than were announced")),
        }
    }
}

/// Names a segment in the journal: whose rows it holds, and from which commit to which.
pub(crate) fn register(
    store: &mut dyn Store,
    name: &str,
    (table, scope, (first, last)): (Table, &str, (i64, i64)),
    written: Written,
) -> Result<(), Refusal> {
    let mut fields = vec![
        Field::text(name),
        Field::text(table.name()),
        Field::text(scope),
        Field::Int(first),
        Field::Int(last),
        Field::count(written.rows),
        Field::count(written.bytes),
        Field::Bytes(written.sha256),
    ];
    fields.push(mark(&fields));
    store
        .execute(
            "INSERT INTO segment
                (path, tbl, scope, first_seq, last_seq, row_count, byte_count, sha256, mark)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            &fields,
        )
        .map(drop)
}

fn note_rows(body: &mut String, (table, scope): &(Table, String), digests: Digests) {
    for (rows, digest) in digests.finish().into_values() {
        let rows = rows.to_string();
        note(body, "rows", &[table.name(), scope, &rows, &digest]);
    }
}

/// Whether the ledger must stop: a failed flush, a damaged journal, a successor.
fn stops(refusal: &Refusal) -> bool {
    matches!(refusal.code, "E0209" | "E0211" | "E0212")
}
