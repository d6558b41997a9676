//! Work spread over the cores. It ends between two things that are made, and whenever one of them
//! looks, where it is told to (see `stop`).

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread;

/// How many threads work at a time.
pub use handfast_model::threads::count as threads;

use crate::stop;

/// Makes so many things, as many at a time as there are cores; in order.
pub fn at_once<T: Send>(count: usize, make: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let (next, word) = (AtomicUsize::new(0), stop::heard());
    let work = || {
        let _listening = stop::listen(word.clone());
        let mut made = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count || stop::is_told() {
                return made;
            }
            made.push((number, make(number)));
        }
    };
    let threads = threads();
    let mut all = Vec::with_capacity(count);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads.min(count)).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            match worker.join() {
                Ok(made) => all.extend(made),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    stop::look();
    all.sort_unstable_by_key(|(number, _)| *number);
    all.into_iter().map(|(_, made)| made).collect()
}

/// Does two things at the same time.
pub fn both<A: Send, B>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B) -> (A, B) {
    let word = stop::heard();
    let (made, other) = thread::scope(|scope| {
        let worker = scope.spawn(|| {
            let _listening = stop::listen(word);
            one()
        });
        let other = other();
        (worker.join(), other)
    });
    match made {
        Ok(made) => (made, other),
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// Makes so many things, as many at a time as there are cores, and takes each in order as soon as
/// it is there, so that few wait.
pub fn one_by_one<T: Send>(
    count: usize,
    make: impl Fn(usize) -> T + Sync,
    mut take: impl FnMut(T),
) {
    let threads = threads().clamp(1, count.max(1));
    let word = stop::heard();
    // A worker that leaves its work must not look like one that panicked.
    let make = |number| match &word {
        None => Some(make(number)),
        Some(word) if word.is_told() => None,
        Some(word) => word.under(|| make(number)).ok(),
    };
    let make = &make;
    thread::scope(|scope| {
        let start = |first: usize| {
            let (give, made) = sync_channel(1);
            scope.spawn(move || {
                let mut numbers = (first..count).step_by(threads);
                // Whoever takes them panicked where nobody is there any more.
                numbers.all(|number| make(number).is_some_and(|made| give.send(made).is_ok()))
            });
            made
        };
        let made: Vec<_> = (0..threads).map(start).collect();
        for made in (0..count).filter_map(|number| made.get(number % threads)) {
            // A worker that panicked has nothing more; the scope panics with it.
            made.recv().into_iter().for_each(&mut take);
        }
    });
    stop::look();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_come_in_order_however_many_there_are() {
        for count in [0, 1, 2, 7, 500] {
            let squares: Vec<usize> = (0..count).map(|number| number * number).collect();
            assert_eq!(at_once(count, |number| number * number), squares);
            let mut taken = Vec::new();
            one_by_one(count, |number| number * number, |one| taken.push(one));
            assert_eq!(taken, squares);
        }
    }
}
