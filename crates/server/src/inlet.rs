//! The way into the ledger: one thing changes what is imported at a time. Events of one source
//! share it with each other and each other's flushes; a file, a rehearsal and whatever takes an
//! import back have it to themselves, and events wait a little meanwhile.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant as Clock;

use handfast_connect::events::{Events, Place, Shape};
use handfast_ledger::{Intake, Receipt};
use handfast_model::{Instant, Refusal};
use handfast_service::book::Book;
use handfast_service::events;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

use crate::limits;
use crate::problem::{Answered, Refused, ours};

/// Who goes in.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Who {
    /// Events of a source.
    Source(String),
    /// Something that must be alone.
    Alone,
}

/// The way in.
pub struct Inlet {
    turns: Mutex<Turns>,
    changed: Notify,
    places: Arc<Semaphore>,
    open: Mutex<Option<Arc<Receiving>>>,
}

#[derive(Default)]
struct Turns {
    holder: Option<Who>,
    inside: usize,
    since: Option<Clock>,
    waiting: BTreeMap<Who, usize>,
}

/// The right to be inside, until dropped.
pub struct Pass {
    inlet: Arc<Inlet>,
    _place: Option<OwnedSemaphorePermit>,
}

/// A source whose events are coming in.
struct Receiving {
    source: String,
    version: String,
    since: Clock,
    run: Mutex<u64>,
    shape: Mutex<Shape>,
    intake: Intake,
}

/// What became of the events of one request.
pub struct Received {
    /// One receipt for each stream.
    pub receipts: Vec<Receipt>,
    /// The ids that were made.
    pub made: Vec<String>,
}

impl Default for Inlet {
    fn default() -> Inlet {
        Inlet {
            turns: Mutex::default(),
            changed: Notify::new(),
            places: Arc::new(Semaphore::new(limits::EVENTS_WAITING)),
            open: Mutex::default(),
        }
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Turns {
    /// Whether somebody may go in now; if so, they are in.
    fn enter(&mut self, who: &Who) -> bool {
        let is_holder = self.holder.as_ref() == Some(who);
        let others_wait = self
            .waiting
            .iter()
            .any(|(one, count)| one != who && *count > 0);
        let is_over = self
            .since
            .is_none_or(|since| since.elapsed() >= limits::TURN);
        // Whose turn has been long enough lets others go before.
        let gives_way = is_holder && others_wait && is_over;
        let may = match self.inside {
            0 => !gives_way,
            _ => is_holder && *who != Who::Alone && !gives_way,
        };
        if may {
            if !is_holder || self.inside == 0 && !others_wait {
                self.since = Some(Clock::now());
            }
            self.holder = Some(who.clone());
            self.inside += 1;
        }
        may
    }
}

/// Somebody who waits; counted until dropped.
struct Waits<'i>(&'i Inlet, Who);

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        let mut turns = lock(&self.0.turns);
        if let Some(count) = turns.waiting.get_mut(&self.1) {
            *count -= 1;
            if *count == 0 {
                turns.waiting.remove(&self.1);
            }
        }
        drop(turns);
        self.0.changed.notify_waiters();
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        lock(&self.inlet.turns).inside -= 1;
        self.inlet.changed.notify_waiters();
    }
}

impl Inlet {
    async fn pass(self: &Arc<Inlet>, who: Who) -> Pass {
        let mut waits = None;
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            {
                let mut turns = lock(&self.turns);
                if turns.enter(&who) {
                    break;
                }
                if waits.is_none() {
                    *turns.waiting.entry(who.clone()).or_default() += 1;
                    waits = Some(Waits(self, who.clone()));
                }
            }
            changed.await;
        }
        drop(waits);
        Pass {
            inlet: Arc::clone(self),
            _place: None,
        }
    }

    /// For whatever must have it alone. Events that were coming in are ended, and begin anew after.
    pub async fn alone(self: &Arc<Inlet>) -> Answered<Pass> {
        let pass = tokio::time::timeout(limits::INLET, self.pass(Who::Alone));
        let pass = pass.await.map_err(|_| ours::inlet_busy())?;
        let inlet = Arc::clone(self);
        // Ending them waits for the disk; nobody else is let in before that, whoever leaves.
        let closed = tokio::task::spawn_blocking(move || {
            let open = lock(&inlet.open).take();
            drop(open);
            pass
        });
        closed.await.map_err(|_| ours::fault())
    }

    /// For events of a source.
    pub async fn for_source(self: &Arc<Inlet>, source: &str) -> Answered<Pass> {
        let waits = async {
            let place = Arc::clone(&self.places).acquire_owned().await;
            let pass = self.pass(Who::Source(source.to_owned())).await;
            (pass, place.ok())
        };
        let (mut pass, place) = tokio::time::timeout(limits::INLET, waits)
            .await
            .map_err(|_| ours::inlet_busy())?;
        pass._place = place;
        Ok(pass)
    }

    /// The import that takes a source's events now.
    pub fn receiving(&self, source: &str) -> Option<u64> {
        let open = lock(&self.open);
        let own = open.as_ref().filter(|open| open.source == source)?;
        Some(*lock(&own.run)).filter(|run| *run > 0)
    }

    /// Whether the import that takes events has gone on for so long that it should end, or its
    /// pack has changed.
    pub fn is_due(&self, book: &Book) -> bool {
        // What is open is held by whoever is inside alone, so that it ends when they are out.
        let open = lock(&self.open)
            .as_ref()
            .map(|open| (open.source.clone(), open.version.clone(), open.since));
        let Some((source, version, since)) = open else {
            return false;
        };
        let is_same = || {
            let packs = book.packs().unwrap_or_default();
            let pack = packs.into_iter().find(|pack| pack.source == source);
            pack.is_some_and(|pack| pack.version == version)
        };
        since.elapsed() >= limits::RECEIVING || !is_same()
    }

    /// Takes events in; the disk has them when this returns. `_pass` is of their source.
    pub fn take(
        &self,
        (book, now): (&Book, Instant),
        source: &str,
        events: &[&str],
        _pass: &Pass,
    ) -> Answered<Received> {
        let receiving = self.ready(book, source)?;
        let Events { batches, made } = lock(&receiving.shape).rows(events);
        let mut receipts = Vec::with_capacity(batches.len());
        for batch in batches {
            receipts.push(receiving.intake.append(batch, now)?);
        }
        if let Some(last) = receipts.last() {
            *lock(&receiving.run) = last.run;
        }
        Ok(Received { receipts, made })
    }

    /// The intake of a source, opened where another's is or none.
    fn ready(&self, book: &Book, source: &str) -> Answered<Arc<Receiving>> {
        let mut open = lock(&self.open);
        if let Some(open) = open.as_ref().filter(|open| open.source == source) {
            return Ok(Arc::clone(open));
        }
        // Another's is nobody's any more: whoever sent by it is out.
        drop(open.take());
        let pack = book.packs()?.into_iter().find(|pack| pack.source == source);
        let pack = pack.ok_or_else(|| no_source(source))?;
        let streams = events::streams(book, &pack)?.into_iter();
        let streams = streams.map(|open| Place {
            stream: open.stream,
            columns: open.columns,
            may_be_named: open.is_of_happenings,
        });
        let shape = Shape::of(streams.collect());
        if shape.is_empty() {
            return Err(no_source(source));
        }
        let receiving = Arc::new(Receiving {
            source: pack.source.clone(),
            version: pack.version.clone(),
            since: Clock::now(),
            run: Mutex::default(),
            shape: Mutex::new(shape),
            intake: events::open(book, &pack, exe()?)?,
        });
        *open = Some(Arc::clone(&receiving));
        Ok(receiving)
    }
}

/// This program's own file, which becomes the mapping worker.
pub fn exe() -> Result<std::path::PathBuf, Refusal> {
    std::env::current_exe().map_err(|error| {
        Refusal::new(
            "E0254",
            format!("this program's own file cannot be found: {error}"),
        )
        .fix("reinstall handfast")
    })
}

fn no_source(source: &str) -> Refused {
    let title = format!("this book has no source `{source}` that takes events");
    Refused::missing(
        Refusal::new("E0504", title)
            .matters("nothing was taken in")
            .fix("describe one whose stream reads such events, or end this key"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(name: &str) -> Who {
        Who::Source(name.to_owned())
    }

    #[test]
    fn events_of_a_source_go_in_together_and_nothing_beside_what_is_alone() {
        let mut turns = Turns::default();
        assert!(turns.enter(&source("a")) && turns.enter(&source("a")));
        assert!(!turns.enter(&source("b")) && !turns.enter(&Who::Alone));
        turns.inside = 0;
        assert!(turns.enter(&Who::Alone));
        assert!(!turns.enter(&Who::Alone) && !turns.enter(&source("a")));
    }

    #[test]
    fn whose_turn_is_over_lets_those_go_before_who_wait() {
        let mut turns = Turns::default();
        assert!(turns.enter(&source("a")));
        turns.waiting.insert(source("b"), 1);
        assert!(turns.enter(&source("a")));
        let before = Clock::now().checked_sub(limits::TURN);
        turns.since = before;
        assert!(!turns.enter(&source("a")));
        turns.inside = 0;
        assert!(!turns.enter(&source("a")) && turns.enter(&source("b")));
    }
}
