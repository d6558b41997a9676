//! How many threads are worth having.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// What somebody has said; nothing where nobody has.
static SAID: AtomicUsize = AtomicUsize::new(0);

/// As many as there are cores, or as somebody has said.
pub fn count() -> usize {
    match SAID.load(Ordering::Relaxed) {
        0 => thread::available_parallelism().map_or(1, usize::from),
        said => said,
    }
}

/// Says how many, in all of this process from now on: a test asks for the same answer with one and
/// with seven.
pub fn say(count: usize) {
    SAID.store(count, Ordering::Relaxed);
}
