//! Places where a test may end the process as a power cut would, make a step of the disk fail, or
//! leave a safeguard out. Nothing of this is in a release.
//!
//! A test says in the environment of a child process what it wants; see `tests/abuse`.

#[cfg(test)]
pub(crate) use wanted::{lacks, pause, point, step};

/// Does nothing.
#[cfg(not(test))]
pub(crate) fn point(_name: &str) {}

/// Lets every step of the disk be taken.
#[cfg(not(test))]
pub(crate) fn step(_what: &str) -> std::io::Result<()> {
    Ok(())
}

/// Waits for nothing.
#[cfg(not(test))]
pub(crate) fn pause() {}

/// No safeguard is left out.
#[cfg(not(test))]
pub(crate) fn lacks(_safeguard: &str) -> bool {
    false
}

#[cfg(test)]
mod wanted {
    use std::io;
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    /// Ends the process here if the environment names this place and has been passed often enough:
    /// `before-flush:3` is the third time.
    pub(crate) fn point(name: &str) {
        static PASSED: AtomicU32 = AtomicU32::new(0);
        let Ok(wanted) = std::env::var("HANDFAST_FAILPOINT") else {
            return;
        };
        let (place, times) = wanted.split_once(':').unwrap_or((&wanted, "1"));
        if place == name && (PASSED.fetch_add(1, Ordering::SeqCst) + 1).to_string() == times {
            std::process::abort();
        }
    }

    /// Fails if the environment wants this step of the disk to: `eio/files:17` the seventeenth of
    /// the ledger's own files, once; `eio+/files:17` that one and all after it; `enospc` likewise;
    /// `eio/journal:17` the seventeenth that is SQLite's.
    pub(crate) fn step(what: &str) -> io::Result<()> {
        static TAKEN: AtomicU32 = AtomicU32::new(0);
        static WANTED: OnceLock<Option<(i32, bool, bool, u32)>> = OnceLock::new();
        let wanted = WANTED.get_or_init(|| {
            let wanted = std::env::var("HANDFAST_FAULT").ok()?;
            let (kind, at) = wanted.split_once(':')?;
            let errno = if kind.starts_with("enospc") { 28 } else { 5 };
            let is_of_journal = kind.ends_with("/journal");
            Some((errno, is_of_journal, kind.contains('+'), at.parse().ok()?))
        });
        let Some((errno, is_of_journal, is_lasting, at)) = wanted else {
            return Ok(());
        };
        if *is_of_journal != (what == "journal") {
            return Ok(());
        }
        let taken = TAKEN.fetch_add(1, Ordering::SeqCst) + 1;
        if taken == *at || (*is_lasting && taken > *at) {
            eprintln!("fault {what}");
            return Err(io::Error::from_raw_os_error(*errno));
        }
        Ok(())
    }

    /// Gives a power cut time to fall between an early acknowledgement and its flush.
    pub(crate) fn pause() {
        std::thread::sleep(std::time::Duration::from_millis(400));
    }

    /// Whether the environment leaves this safeguard out.
    pub(crate) fn lacks(safeguard: &str) -> bool {
        std::env::var("HANDFAST_LACKS").is_ok_and(|lacking| lacking == safeguard)
    }
}
