//! One piece of work that takes long, and whoever waits for it: begun in somebody's turn, done once
//! for all who ask the same, ended when it takes longer than it may or when nobody waits any more.
//! For what reads only: what writes must not end half-way.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use handfast_service::deadline::{self, Stop};
use tokio::sync::OnceCell;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::timeout;

use crate::house::Shared;
use crate::limits;
use crate::problem::{Answered, Refused, TOO_MUCH, ours};
use crate::room::{Bounds, MIB, Room};

/// A piece of work, done or under way.
pub struct Job<T> {
    made: OnceCell<T>,
    /// That it took more than it may, and when: it is not begun again at once.
    over: Mutex<Option<(Instant, Refused)>>,
    /// How many wait for it, and how many were told that it goes on and may still ask again.
    waiting: AtomicUsize,
    /// What ends it.
    word: Mutex<Stop>,
}

impl<T> Default for Job<T> {
    fn default() -> Job<T> {
        Job {
            made: OnceCell::new(),
            over: Mutex::default(),
            waiting: AtomicUsize::new(0),
            word: Mutex::default(),
        }
    }
}

/// Somebody who waits; the work ends when the last one leaves.
struct Waits<T>(Arc<Job<T>>);

impl<T> Waits<T> {
    fn of(job: &Arc<Job<T>>) -> Waits<T> {
        job.waiting.fetch_add(1, Ordering::SeqCst);
        Waits(Arc::clone(job))
    }
}

impl<T> Drop for Waits<T> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
        if self.0.is_left() {
            self.0.word().tell();
        }
    }
}

impl<T> Job<T> {
    /// What it gave, if it is done.
    pub fn made(&self) -> Option<&T> {
        self.made.get()
    }

    /// What was said of it lately when it took more than it may.
    fn over(&self) -> Option<Refused> {
        let over = self.over.lock().unwrap_or_else(PoisonError::into_inner);
        let lately = over.as_ref().filter(|(at, _)| at.elapsed() < limits::OVER);
        lately.map(|(_, refused)| refused.clone())
    }

    /// Keeps that it was ended for what it took. Whatever else it refused may be otherwise the next
    /// time, and so may what was ended because nobody waited for it.
    fn took_too_much(&self, why: &Refused) {
        let mut over = self.over.lock().unwrap_or_else(PoisonError::into_inner);
        *over = Some((Instant::now(), why.clone()));
    }

    fn is_left(&self) -> bool {
        self.waiting.load(Ordering::SeqCst) == 0
    }

    fn word(&self) -> Stop {
        let word = self.word.lock();
        word.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A new word for work that begins.
    fn begin(&self) -> Stop {
        let mut word = self.word.lock().unwrap_or_else(PoisonError::into_inner);
        *word = Stop::default();
        word.clone()
    }
}

impl<T: Clone + Send + Sync + 'static> Job<T> {
    /// What it gives: done, under way, or done now in somebody's turn. Whoever waits too long is
    /// told to ask again, and the work goes on for them.
    pub async fn get(
        self: &Arc<Self>,
        house: &Shared,
        who: String,
        make: impl FnOnce(&Shared) -> Answered<T> + Send + 'static,
    ) -> Answered<T> {
        if let Some(known) = self.known() {
            return known;
        }
        let waits = Waits::of(self);
        let work = done(Arc::clone(self), Arc::clone(house), who, make);
        match timeout(limits::ANSWER, tokio::spawn(work)).await {
            Ok(made) => made.unwrap_or_else(|_| Err(ours::fault())),
            Err(_) => {
                // It is waited for until they could have asked again.
                tokio::spawn(async move {
                    tokio::time::sleep(limits::PROMISE).await;
                    drop(waits);
                });
                Err(ours::not_yet(limits::ANSWER.as_secs()))
            }
        }
    }

    /// What it gave, or that it took more than it may.
    fn known(&self) -> Option<Answered<T>> {
        let made = self.made.get().map(|made| Ok(made.clone()));
        made.or_else(|| self.over().map(Err))
    }
}

/// Work that nobody else asks for: done in somebody's turn, ended when they leave.
pub async fn alone<T: Clone + Send + Sync + 'static>(
    house: &Shared,
    who: String,
    make: impl FnOnce(&Shared) -> Answered<T> + Send + 'static,
) -> Answered<T> {
    let job = Arc::new(Job::default());
    let _waits = Waits::of(&job);
    let work = done(Arc::clone(&job), Arc::clone(house), who, make);
    let made = tokio::spawn(work).await;
    made.unwrap_or_else(|_| Err(ours::fault()))
}

async fn done<T: Clone + Send + Sync + 'static>(
    job: Arc<Job<T>>,
    house: Shared,
    who: String,
    make: impl FnOnce(&Shared) -> Answered<T> + Send + 'static,
) -> Answered<T> {
    // One's own turn comes first: what others wait for must not wait for one's others.
    let _own = house.answers.own_turn(&who).await?;
    let made = job.made.get_or_try_init(|| async {
        let _place = house.answers.place().await?;
        if let Some(over) = job.over() {
            return Err(over);
        }
        let (bounds, word) = (house.bounds, job.begin());
        if job.is_left() {
            return Err(too_long(bounds));
        }
        if bounds.deadline.is_zero() {
            word.tell();
        }
        let (at, heard) = (Arc::clone(&house), word.clone());
        let work = spawn_blocking(move || under(&heard, || make(&at)));
        let (made, why) = watched(work, &word, bounds).await;
        if why.as_ref().is_some_and(|why| why.refusal.code == TOO_MUCH) {
            // Whatever is held for the next questions makes room for them.
            house.book.held.let_go();
        }
        if let Some(why) = &why {
            job.took_too_much(why);
        }
        made.unwrap_or_else(|| Err(why.unwrap_or_else(|| too_long(bounds))))
    });
    made.await.cloned()
}

/// Waits for work and tells it to end once it takes more than it may: what it made, unless it heard
/// that, and why it was told. Its place is free once it has heard it.
async fn watched<T>(
    mut work: JoinHandle<Option<Answered<T>>>,
    word: &Stop,
    bounds: Bounds,
) -> (Option<Answered<T>>, Option<Refused>) {
    let (room, begun) = (Room::of(bounds), Instant::now());
    let mut why = None;
    loop {
        let left = bounds.deadline.saturating_sub(begun.elapsed());
        let pause = match why {
            Some(_) => limits::LOOK,
            None => limits::LOOK.min(left),
        };
        if let Ok(made) = timeout(pause, &mut work).await {
            return (made.unwrap_or_else(|_| Some(Err(ours::fault()))), why);
        }
        if why.is_none() {
            why = match (begun.elapsed() >= bounds.deadline, room.is_over()) {
                (true, _) => Some(too_long(bounds)),
                (_, true) => Some(ours::too_much(bounds.memory.unwrap_or(0) / MIB)),
                _ => None,
            };
            if why.is_some() {
                word.tell();
            }
        }
    }
}

/// Does work that a word ends: nothing where it did. A panic of it is our fault and nobody else's
/// end.
fn under<T>(word: &Stop, work: impl FnOnce() -> Answered<T>) -> Option<Answered<T>> {
    let made = catch_unwind(AssertUnwindSafe(|| word.under(work)));
    match made {
        Err(_) => Some(Err(ours::fault())),
        Ok(made) => made.ok(),
    }
}

fn too_long(bounds: Bounds) -> Refused {
    deadline::too_long(bounds.deadline.as_secs()).into()
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, channel};
    use std::time::Duration;

    use super::*;
    use crate::house::tests::house;

    fn within(deadline: Duration) -> Bounds {
        Bounds {
            deadline,
            ..Bounds::default()
        }
    }

    fn runtime() -> tokio::runtime::Runtime {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        builder.worker_threads(2).enable_time().build().unwrap()
    }

    /// Work without an end, unless it is told to; says when it is over.
    struct Over(std::sync::mpsc::Sender<()>);

    impl Drop for Over {
        fn drop(&mut self) {
            let _ = self.0.send(());
        }
    }

    fn endless() -> (
        impl FnOnce(&Shared) -> Answered<u8> + Send + 'static,
        Receiver<()>,
    ) {
        let (over, is_over) = channel();
        let make = move |_: &Shared| -> Answered<u8> {
            let _over = Over(over);
            loop {
                deadline::look();
                std::thread::sleep(Duration::from_millis(1));
            }
        };
        (make, is_over)
    }

    #[test]
    fn what_takes_longer_than_it_may_ends_and_its_place_is_free() {
        let (_dir, house) = house(within(Duration::from_millis(20)));
        runtime().block_on(async {
            for _ in 0..2 * limits::ASKING {
                let job = Arc::new(Job::default());
                let (make, is_over) = endless();
                let refused = job.get(&house, "a".to_owned(), make).await.unwrap_err();
                assert_eq!(refused.refusal.code, deadline::ENDED);
                assert_eq!(is_over.try_recv(), Ok(()));
                // Whoever asks the same is told so, and nothing is begun again.
                let (make, was_begun) = endless();
                let again = job.get(&house, "b".to_owned(), make).await.unwrap_err();
                assert_eq!(again.refusal.code, deadline::ENDED);
                assert!(was_begun.recv().is_err());
            }
            let job = Arc::new(Job::default());
            let made = job.get(&house, "a".to_owned(), |_| Ok(7)).await;
            assert_eq!(made.unwrap(), 7);
        });
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_takes_more_memory_than_it_may_ends_and_what_takes_little_does_not() {
        let (_dir, house) = house(Bounds {
            memory: Some(1),
            ..within(Duration::from_secs(600))
        });
        runtime().block_on(async {
            let job = Arc::new(Job::default());
            let greedy = |_: &Shared| -> Answered<usize> {
                let mut taken: Vec<Vec<u8>> = Vec::new();
                loop {
                    deadline::look();
                    // Not zeros, of which the system would only promise some.
                    taken.push(vec![1; 1 << 20]);
                    std::thread::sleep(Duration::from_micros(100));
                }
            };
            let refused = job.get(&house, "a".to_owned(), greedy).await.unwrap_err();
            assert_eq!(refused.refusal.code, TOO_MUCH);
            // It is not begun again at once, and nobody else suffers.
            let again = job.get(&house, "b".to_owned(), |_| Ok(7)).await;
            assert_eq!(again.unwrap_err().refusal.code, TOO_MUCH);
            let small = Arc::new(Job::default());
            let made = small.get(&house, "a".to_owned(), |_| {
                std::thread::sleep(3 * limits::LOOK);
                Ok(7)
            });
            assert_eq!(made.await.unwrap(), 7);
        });
    }

    #[test]
    fn what_nobody_waits_for_any_more_ends_and_what_somebody_waits_for_does_not() {
        let (_dir, house) = house(within(Duration::from_secs(600)));
        runtime().block_on(async {
            let job = Arc::new(Job::default());
            let (make, is_over) = endless();
            let asked = |make| {
                let (job, house) = (Arc::clone(&job), Arc::clone(&house));
                tokio::spawn(async move { job.get(&house, "a".to_owned(), make).await })
            };
            let first = asked(make);
            while job.waiting.load(Ordering::SeqCst) == 0 {
                tokio::task::yield_now().await;
            }
            let waits = Waits::of(&job);
            first.abort();
            assert!(first.await.is_err());
            assert!(!job.word().is_told(), "somebody waits");
            drop(waits);
            let ended = tokio::task::spawn_blocking(move || is_over.recv());
            assert!(ended.await.is_ok());
            // Whoever comes back asks anew.
            let again = job.get(&house, "a".to_owned(), |_| Ok(7)).await;
            assert_eq!(again.unwrap(), 7);
        });
    }
}
