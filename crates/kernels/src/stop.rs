//! Ending work that nobody waits for any more. Whoever starts work keeps a word by which it can be
//! told to end; loops look whether it was said, at borders that are milliseconds apart.
//!
//! It changes no figure: what was told to end gives nothing. A loop that looks and was told leaves
//! all that called it at once, as a panic would and without its noise; [`Stop::under`] is where
//! that ends. So no kernel has to hand on that it did not finish, and none can forget to.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The word by which work is told to end. Its copies are one word.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

/// The work was told to end before it was done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stopped;

thread_local! {
    /// What the work of this thread listens to.
    static HEARD: RefCell<Option<Stop>> = const { RefCell::new(None) };
}

impl Stop {
    /// Tells the work to end.
    pub fn tell(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was told.
    pub fn is_told(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Does work that this word ends. What it gave after the word was said counts for nothing: it
    /// may have taken the end of a part of it for a finding.
    ///
    /// # Errors
    /// The word was said before the work was done.
    pub fn under<T>(&self, work: impl FnOnce() -> T) -> Result<T, Stopped> {
        let listening = listen(Some(self.clone()));
        let done = catch_unwind(AssertUnwindSafe(work));
        drop(listening);
        match done {
            Ok(done) if !self.is_told() => Ok(done),
            Ok(_) => Err(Stopped),
            Err(payload) if payload.is::<Stopped>() => Err(Stopped),
            Err(payload) => resume_unwind(payload),
        }
    }
}

/// What the work of this thread listens to, for threads that it begins.
pub fn heard() -> Option<Stop> {
    HEARD.with_borrow(Clone::clone)
}

/// Whether the work of this thread was told to end.
pub fn is_told() -> bool {
    HEARD.with_borrow(|heard| heard.as_ref().is_some_and(Stop::is_told))
}

/// Leaves the work of this thread if it was told to end.
pub fn look() {
    if is_told() {
        resume_unwind(Box::new(Stopped));
    }
}

/// Lets the work of this thread listen to a word until what is given back is dropped.
pub(crate) fn listen(word: Option<Stop>) -> Listening {
    Listening(HEARD.replace(word))
}

/// Work that listens; the work before goes on listening to its own word afterwards.
pub(crate) struct Listening(Option<Stop>);

impl Drop for Listening {
    fn drop(&mut self) {
        HEARD.set(self.0.take());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::threads::{at_once, one_by_one};

    #[test]
    fn work_that_is_told_to_end_leaves_its_loops_and_other_work_goes_on() {
        let stop = Stop::default();
        let made = stop.under(|| {
            at_once(100, |number| {
                if number == 10 {
                    stop.tell();
                }
                look();
                number
            })
        });
        assert_eq!(made, Err(Stopped));
        let mut taken = 0;
        let stop = Stop::default();
        let made = stop.under(|| {
            let make = |number: usize| {
                if number == 10 {
                    stop.tell();
                }
                look();
            };
            one_by_one(100, make, |()| taken += 1);
        });
        assert!(made.is_err() && taken < 50, "{taken}");
        assert!(!is_told(), "whoever comes after listens to nothing");
        assert_eq!(at_once(3, |number| number), [0, 1, 2]);
    }

    #[test]
    fn a_panic_of_the_work_is_one_all_the_same() {
        let stop = Stop::default();
        let work = || -> Result<(), Stopped> { stop.under(|| resume_unwind(Box::new("a defect"))) };
        let caught = catch_unwind(AssertUnwindSafe(work));
        assert!(caught.is_err_and(|payload| payload.is::<&str>()));
        assert!(heard().is_none());
    }

    #[test]
    fn what_work_makes_of_being_ended_is_no_finding() {
        let stop = Stop::default();
        let swallowed = stop.under(|| {
            stop.tell();
            let inner = catch_unwind(look);
            inner.map_or("it does not hold", |()| "it holds")
        });
        assert_eq!(swallowed, Err(Stopped));
    }

    #[test]
    fn work_within_work_listens_to_its_own_word() {
        let (outer, inner) = (Stop::default(), Stop::default());
        let done = outer.under(|| {
            inner.tell();
            let within = inner.under(look);
            look();
            within
        });
        assert_eq!(done, Ok(Err(Stopped)));
    }
}
