//! Imports under way: one at a time, each with how far it is, ended from outside where somebody
//! wants that. They outlive the page that asked for them, and not the server; what an import has
//! committed stays, and importing the same files again goes on from there.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant as Clock;

use axum::body::Bytes;
use handfast_ledger::Foreseen;
use handfast_model::Instant;
use handfast_service::aside;
use handfast_wire::v1::import as wire;
use handfast_wire::v1::problem::Problem;

use crate::limits;
use crate::problem::{Answered, Refused, ours};
use crate::uploads::new_id;

/// What is to be done.
#[derive(Clone, Debug)]
pub struct Asked {
    /// `import`, `mended`.
    pub kind: &'static str,
    /// Whether it writes nothing.
    pub dry_run: bool,
    /// The source, where it is of one.
    pub source: Option<String>,
    /// Who asks.
    pub by: String,
}

/// The jobs of a server.
#[derive(Default)]
pub struct Jobs(Mutex<VecDeque<Arc<Job>>>);

/// One import.
pub struct Job {
    /// Its id.
    pub id: String,
    /// What it is.
    pub asked: Asked,
    /// Set to end it after the batch under way.
    pub stop: AtomicBool,
    began: Instant,
    clock: Clock,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    file: String,
    rows: u64,
    of_rows: Option<u64>,
    ended: Option<Ended>,
    foreseen: Option<(Bytes, u64)>,
}

/// The rows of a job that are set aside.
pub enum Rows {
    /// Those that a dry run would set aside, as CSV, and how many.
    Foreseen(Bytes, u64),
    /// Those of this import.
    Of(u64),
}

struct Ended {
    at: Instant,
    seconds: u64,
    how: How,
}

/// How it ended.
pub enum How {
    /// To its end, or stopped before it.
    Done {
        /// What it did.
        result: Box<wire::JobResult>,
        /// Whether it was stopped.
        is_stopped: bool,
    },
    /// It was refused.
    Refused(Refused),
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Jobs {
    /// Begins one, unless another is under way.
    pub fn begin(&self, asked: Asked, now: Instant) -> Answered<Arc<Job>> {
        let mut jobs = lock(&self.0);
        if jobs.iter().any(|job| job.is_running()) {
            return Err(ours::one_import());
        }
        let job = Arc::new(Job {
            id: new_id()?,
            asked,
            stop: AtomicBool::new(false),
            began: now,
            clock: Clock::now(),
            state: Mutex::default(),
        });
        jobs.push_front(Arc::clone(&job));
        jobs.truncate(limits::JOBS);
        Ok(job)
    }

    /// All, newest first.
    pub fn list(&self) -> Vec<Arc<Job>> {
        lock(&self.0).iter().map(Arc::clone).collect()
    }

    /// One of them.
    pub fn get(&self, id: &str) -> Answered<Arc<Job>> {
        let jobs = lock(&self.0);
        let job = jobs.iter().find(|job| job.id == id).map(Arc::clone);
        job.ok_or_else(|| ours::no_such("job"))
    }

    /// Keeps the rows that a dry run would set aside, and lets those of older ones go.
    pub fn keep_rows(&self, job: &Job, foreseen: &Foreseen) {
        if foreseen.rows.is_empty() {
            return;
        }
        let rows = foreseen.rows.len() as u64;
        let text = Bytes::from(aside::foreseen(foreseen));
        lock(&job.state).foreseen = Some((text, rows));
        let jobs = lock(&self.0);
        let holding = jobs
            .iter()
            .filter(|one| lock(&one.state).foreseen.is_some());
        for old in holding.skip(limits::FORESEEN) {
            lock(&old.state).foreseen = None;
        }
    }

    /// Lets all such rows go.
    pub fn forget_rows(&self) {
        for job in lock(&self.0).iter() {
            lock(&job.state).foreseen = None;
        }
    }

    /// Ends what is under way after its batch.
    pub fn stop_all(&self) {
        let jobs = lock(&self.0);
        jobs.iter()
            .for_each(|job| job.stop.store(true, Ordering::Relaxed));
    }
}

impl Job {
    fn is_running(&self) -> bool {
        lock(&self.state).ended.is_none()
    }

    /// About how many rows there are.
    pub fn expect(&self, rows: Option<u64>) {
        lock(&self.state).of_rows = rows;
    }

    /// It has read so many rows and is in this file.
    pub fn at(&self, file: &str, rows: u64) {
        let mut state = lock(&self.state);
        state.rows = rows;
        if state.file != file {
            file.clone_into(&mut state.file);
        }
    }

    /// Its rows that are set aside.
    pub fn rows(&self) -> Answered<Rows> {
        let state = lock(&self.state);
        let Some(ended) = &state.ended else {
            return Err(ours::no_rows("the import has not ended yet"));
        };
        if let Some((text, rows)) = &state.foreseen {
            return Ok(Rows::Foreseen(text.clone(), *rows));
        }
        let run = match &ended.how {
            How::Done { result, .. } => result.run,
            How::Refused(_) => None,
        };
        let none = "nothing of this import is set aside, or it is kept no longer";
        run.map(Rows::Of).ok_or_else(|| ours::no_rows(none))
    }

    /// It has ended.
    pub fn end(&self, now: Instant, how: How) {
        lock(&self.state).ended = Some(Ended {
            at: now,
            seconds: self.clock.elapsed().as_secs(),
            how,
        });
    }

    /// As it is shown.
    pub fn shown(&self) -> wire::Job {
        let state = lock(&self.state);
        let ended = state.ended.as_ref();
        let elapsed = self.clock.elapsed();
        let seconds = ended.map_or(elapsed.as_secs(), |ended| ended.seconds);
        let per_second = state.rows / seconds.max(1);
        let left = state.of_rows.filter(|_| ended.is_none() && per_second > 0);
        let left = left.map(|of| of.saturating_sub(state.rows) / per_second);
        let (word, result, problem) = match ended.map(|ended| &ended.how) {
            None => ("running", None, None),
            Some(How::Done { result, is_stopped }) => {
                let word = if *is_stopped { "stopped" } else { "done" };
                let mut result = (**result).clone();
                result.foreseen = state.foreseen.as_ref().map_or(0, |(_, rows)| *rows);
                (word, Some(result), None)
            }
            Some(How::Refused(refused)) => {
                let problem = Problem::new(&refused.refusal, refused.status.as_u16());
                ("refused", None, Some(problem))
            }
        };
        wire::Job {
            id: self.id.clone(),
            kind: self.asked.kind,
            dry_run: self.asked.dry_run,
            source: self.asked.source.clone(),
            by: self.asked.by.clone(),
            began: self.began.to_string(),
            ended: ended.map(|ended| ended.at.to_string()),
            state: word,
            file: state.file.clone(),
            rows: state.rows,
            of_rows: state.of_rows,
            seconds,
            rows_per_second: per_second,
            seconds_left: left,
            result,
            problem,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_import_is_under_way_at_a_time() {
        let jobs = Jobs::default();
        let asked = Asked {
            kind: "import",
            dry_run: false,
            source: Some("crm".to_owned()),
            by: "Someone".to_owned(),
        };
        let first = jobs.begin(asked.clone(), Instant(1)).unwrap();
        let second = jobs.begin(asked.clone(), Instant(2));
        assert_eq!(
            second.err().map(|refused| refused.refusal.code),
            Some("E0716")
        );
        assert_eq!(first.shown().state, "running");
        first.end(Instant(3), How::Refused(ours::fault()));
        assert_eq!(jobs.get(&first.id).unwrap().shown().state, "refused");
        jobs.begin(asked, Instant(4)).unwrap();
        assert_eq!(jobs.list().len(), 2);
    }
}
