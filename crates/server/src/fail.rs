//! Places where a test may end the process as a power cut would. Nothing of this is in a release.

/// Does nothing.
#[cfg(not(test))]
pub fn point(_name: &str) {}

/// Ends the process here if the environment of a test's child names this place.
#[cfg(test)]
pub fn point(name: &str) {
    if std::env::var("HANDFAST_FAILPOINT").is_ok_and(|wanted| wanted == name) {
        std::process::abort();
    }
}
