//! Work spread over the cores.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Makes so many things, as many at a time as there are cores; in order.
pub fn at_once<T: Send>(count: usize, make: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut made = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                return made;
            }
            made.push((number, make(number)));
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
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
    all.sort_unstable_by_key(|(number, _)| *number);
    all.into_iter().map(|(_, made)| made).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_come_in_order_however_many_there_are() {
        for count in [0, 1, 2, 7, 500] {
            let squares: Vec<usize> = (0..count).map(|number| number * number).collect();
            assert_eq!(at_once(count, |number| number * number), squares);
        }
    }
}
