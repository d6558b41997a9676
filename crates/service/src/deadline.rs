//! Questions that take longer than anybody should wait end, and the work on them with them. Who
//! waits, and for how long, is for the door to say: nothing here reads a clock.

use handfast_model::Refusal;

pub use handfast_kernels::stop::{Stop, look};

/// Does work that this word ends.
///
/// # Errors
/// What the work refuses, or that it was told to end.
pub fn within<T>(
    stop: &Stop,
    seconds: u64,
    work: impl FnOnce() -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    stop.under(work).unwrap_or_else(|_| Err(too_long(seconds)))
}

/// The code of work that was told to end.
pub const ENDED: &str = "E0466";

/// The question took longer than it may.
pub fn too_long(seconds: u64) -> Refusal {
    let limit = match seconds {
        1 => "1 second".to_owned(),
        seconds => format!("{seconds} seconds"),
    };
    Refusal::new(
        ENDED,
        format!("the question was not answered within {limit}"),
    )
    .matters("there is no answer, and nobody works on it any more; nothing was changed")
    .fix(
        "a shorter --period or fewer --by; --models without markov and shapley; leave \
             --estimate out",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_that_is_told_to_end_is_refused_and_says_how_long_it_had() {
        let stop = Stop::default();
        let refused = within(&stop, 30, || {
            stop.tell();
            look();
            Ok(())
        });
        let refused = refused.unwrap_err();
        assert_eq!(refused.code, ENDED);
        assert!(refused.title.contains("30 seconds"), "{}", refused.title);
        let own = Refusal::new("E0401", "which metric?");
        let other = within(&Stop::default(), 30, || Err::<(), _>(own));
        assert_eq!(other.unwrap_err().code, "E0401");
    }
}
