//! One file per command.

pub mod agree;
pub mod ask;
pub mod book;
pub mod charter;
pub mod deal;
pub mod demo;
pub mod identity;
pub mod import;
pub mod imports;
pub mod meet;
pub mod metric;
pub mod passport;
pub mod paths;
pub mod period;
pub mod person;
pub mod rehearse;
pub mod serve;
pub mod source;

use handfast_ledger::Opening;
use handfast_model::{Day, Instant, Refusal};

/// The one reading of the clock of a command.
pub fn now() -> Instant {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Instant(since.map_or(0, |since| {
        i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
    }))
}

/// A day that somebody typed behind `--from`.
fn day(text: &str) -> Result<Day, Refusal> {
    Day::parse(text).ok_or_else(|| {
        Refusal::new("E0404", format!("`{text}` is not a day")).fix("--from 2027-01-01")
    })
}

/// Who opens a book to write it: this command, now.
pub fn opening() -> Opening {
    let words: Vec<String> = std::env::args().skip(1).take(2).collect();
    let author = std::env::var("USER").unwrap_or_else(|_| "somebody".to_owned());
    Opening {
        now: now(),
        command: format!("handfast {}", words.join(" ")),
        author,
    }
}
