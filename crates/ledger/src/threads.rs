//! Stretches of rows read by as many threads as there are cores.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// How many threads are worth having.
pub(crate) use handfast_model::threads::count;

use handfast_model::Refusal;

use crate::segment::Part;

/// Gives each of some stretches to one of some takers, which work at the same time. After a refusal
/// no more is given.
pub(crate) fn at_once<T: Send>(
    parts: &[Part],
    takers: &mut [T],
    take: impl Fn(&mut T, &Part) -> Result<(), Refusal> + Sync,
) -> Result<(), Refusal> {
    let next = AtomicUsize::new(0);
    let work = |taker: &mut T| {
        while let Some(part) = parts.get(next.fetch_add(1, Ordering::Relaxed)) {
            if let Err(refusal) = take(taker, part) {
                next.store(parts.len(), Ordering::Relaxed);
                return Err(refusal);
            }
        }
        Ok(())
    };
    thread::scope(|scope| {
        let work = &work;
        let workers = takers.iter_mut();
        let workers: Vec<_> = workers
            .map(|taker| scope.spawn(move || work(taker)))
            .collect();
        let done = workers.into_iter().map(|worker| match worker.join() {
            Ok(done) => done,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        done.fold(Ok(()), Result::and)
    })
}
