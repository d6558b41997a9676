//! One writer per book: an operating-system lock on `data/lock`, which also says who holds it.
//!
//! The lock ends with its process, however that ends. The epoch in the store fences a holder that
//! only seemed dead; see `writer`.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek};
use std::path::Path;
use std::time::Duration;

use handfast_model::{Instant, Refusal};

use crate::files;
use crate::refuse;

/// How often and how long a second opener waits before it refuses: well under a second in all.
const TRIES: u32 = 4;
const PAUSE: Duration = Duration::from_millis(100);

/// The held lock; dropping it lets the next one in.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
}

/// Takes the lock, or says who has it.
pub(crate) fn take(path: &Path, command: &str, now: Instant) -> Result<Lock, Refusal> {
    let failed = |error: &std::io::Error| refuse::io(path, "opening the lock", error);
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    let mut file = files::open(&options, path).map_err(|error| failed(&error))?;
    for tried in 1..=TRIES {
        match file.try_lock() {
            Ok(()) => {
                // The text only helps people; the lock itself is what excludes.
                let text = format!("process {} ({command}), since {now}\n", std::process::id());
                file.set_len(0)
                    .and_then(|()| file.rewind())
                    .and_then(|()| files::write(&mut file, text.as_bytes()))
                    .map_err(|error| failed(&error))?;
                return Ok(Lock { file });
            }
            Err(TryLockError::WouldBlock) if tried < TRIES => std::thread::sleep(PAUSE),
            Err(TryLockError::WouldBlock) => break,
            Err(TryLockError::Error(error)) => return Err(failed(&error)),
        }
    }
    let mut holder = Vec::new();
    // Who holds it is a courtesy: an unreadable text does not change the refusal.
    let _ = file.take(1024).read_to_end(&mut holder);
    Err(refuse::held(path, &String::from_utf8_lossy(&holder)))
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A clean end leaves no holder's name behind; the lock itself goes with the file.
        let _ = self.file.set_len(0);
    }
}
