//! One piece of work that takes long, and whoever waits for it: begun in somebody's turn, done once
//! for all who ask the same, ended when it takes longer than it may or when nobody waits any more.
//! For what reads only: what writes must not end half-way.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use handfast_service::deadline::{self, Stop};
use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::house::Shared;
use crate::limits;
use crate::problem::{Answered, Refused, ours};

/// A piece of work, done or under way.
pub struct Job<T> {
    made: OnceCell<T>,
    /// That it took too long, and when: it is not begun again at once.
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

    /// What was said of it lately when it took too long.
    fn over(&self) -> Option<Refused> {
        let over = self.over.lock().unwrap_or_else(PoisonError::into_inner);
        let lately = over.as_ref().filter(|(at, _)| at.elapsed() < limits::OVER);
        lately.map(|(_, refused)| refused.clone())
    }

    /// Keeps that it was ended for taking too long; whatever else it said may be otherwise the next
    /// time.
    fn took_too_long(&self, refused: &Refused) {
        if refused.refusal.code == deadline::ENDED {
            let mut over = self.over.lock().unwrap_or_else(PoisonError::into_inner);
            *over = Some((Instant::now(), refused.clone()));
        }
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

    /// What it gave, or that it took too long.
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
        let (seconds, word) = (house.deadline.as_secs(), job.begin());
        if job.is_left() {
            return Err(ended(seconds));
        }
        if house.deadline.is_zero() {
            word.tell();
        }
        let (at, heard) = (Arc::clone(&house), word.clone());
        let mut work = spawn_blocking(move || under(&heard, seconds, || make(&at)));
        let made = match timeout(house.deadline, &mut work).await {
            Ok(made) => made,
            Err(_) => {
                word.tell();
                // The place is free once the work has heard it.
                let made = work.await;
                if let Ok(Err(refused)) = &made {
                    job.took_too_long(refused);
                }
                made
            }
        };
        made.unwrap_or_else(|_| Err(ours::fault()))
    });
    made.await.cloned()
}

/// Does work that a word ends; a panic of it is our fault and nobody else's end.
fn under<T>(word: &Stop, seconds: u64, work: impl FnOnce() -> Answered<T>) -> Answered<T> {
    let made = catch_unwind(AssertUnwindSafe(|| word.under(work)));
    match made {
        Err(_) => Err(ours::fault()),
        Ok(Err(_)) => Err(ended(seconds)),
        Ok(Ok(Err(refused))) if refused.refusal.code == deadline::ENDED => Err(ended(seconds)),
        Ok(Ok(made)) => made,
    }
}

fn ended(seconds: u64) -> Refused {
    deadline::too_long(seconds).into()
}

/// Longest time that one question is worked on, unless whoever starts the server says otherwise.
pub const DEADLINE: Duration = Duration::from_secs(handfast_model::limits::QUESTION_SECONDS);

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, channel};

    use super::*;
    use crate::house::tests::house;

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
        let (_dir, house) = house(Duration::from_millis(20));
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

    #[test]
    fn what_nobody_waits_for_any_more_ends_and_what_somebody_waits_for_does_not() {
        let (_dir, house) = house(Duration::from_secs(600));
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
        });
    }
}
