//! Log lines on standard error. They hold routes, statuses, times and request ids; what somebody
//! typed or who they are is in none.

use tracing_subscriber::EnvFilter;

/// How log lines are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Logs {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Logs {
    /// Begins to log. A second call changes nothing. `HANDFAST_LOG` says what is left out:
    /// `warn`, `info`, `debug`.
    pub fn begin(self) {
        let filter = EnvFilter::try_from_env("HANDFAST_LOG");
        let filter = filter.unwrap_or_else(|_| EnvFilter::new("info"));
        let lines = tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_target(false)
            // Where nobody reads them any more, what is asked is answered all the same.
            .log_internal_errors(false)
            .with_writer(std::io::stderr);
        let _ = match self {
            Logs::Text => lines.try_init(),
            Logs::Json => lines.json().try_init(),
        };
    }
}
