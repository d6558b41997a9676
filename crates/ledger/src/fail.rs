//! Places where a test may end the process as a power cut would. Nothing of this is in a release.

/// Ends the process here if the environment names this place and has been passed often enough:
/// `before-flush:3` is the third time.
#[cfg(test)]
pub(crate) fn point(name: &str) {
    use std::sync::atomic::{AtomicU32, Ordering};
    static PASSED: AtomicU32 = AtomicU32::new(0);
    let Ok(wanted) = std::env::var("HANDFAST_FAILPOINT") else {
        return;
    };
    let (place, times) = wanted.split_once(':').unwrap_or((&wanted, "1"));
    if place == name && (PASSED.fetch_add(1, Ordering::SeqCst) + 1).to_string() == times {
        std::process::abort();
    }
}

/// Does nothing.
#[cfg(not(test))]
pub(crate) fn point(_name: &str) {}
