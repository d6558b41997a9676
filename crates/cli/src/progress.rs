//! Progress of long work on stderr: a bar with rows, rate and time left on a terminal, or the step
//! under way; one line per step otherwise.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar over bytes or rows, or lines when nobody watches a terminal.
pub struct Progress {
    bar: Option<ProgressBar>,
    last_line: Instant,
}

impl Progress {
    /// Starts; `total` is about how many rows there are, if that can be told.
    pub fn new(total: Option<u64>) -> Progress {
        let is_watched = std::io::stderr().is_terminal();
        let style = match total {
            Some(_) => "{msg} {wide_bar} {human_pos}/{human_len} rows {per_sec} {eta} left",
            None => "{msg} {spinner} {human_pos} rows {per_sec}",
        };
        let bar = is_watched.then(|| {
            let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template(style) {
                bar.set_style(style);
            }
            bar
        });
        Progress {
            bar,
            last_line: Instant::now(),
        }
    }

    /// Moves to `done` units, saying what is being worked on.
    pub fn at(&mut self, done: u64, what: &str) {
        match &self.bar {
            Some(bar) => {
                bar.set_message(what.to_owned());
                bar.set_position(done);
            }
            None if self.last_line.elapsed() > LINES => {
                eprintln!("{what}: {done}");
                self.last_line = Instant::now();
            }
            None => {}
        }
    }

    /// Ends it and clears the line.
    pub fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Steps of long work: the one under way on a terminal, with how long all of it has taken; a line
/// for what takes long otherwise.
pub struct Steps {
    bar: Option<ProgressBar>,
    last_line: Instant,
}

impl Steps {
    /// Starts.
    pub fn begin() -> Steps {
        let is_watched = std::io::stderr().is_terminal();
        let bar = is_watched.then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {msg} …") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(TICK);
            bar
        });
        Steps {
            bar,
            last_line: Instant::now(),
        }
    }

    /// Says what begins now.
    pub fn at(&mut self, step: &str) {
        match &self.bar {
            Some(bar) => bar.set_message(step.to_owned()),
            None if self.last_line.elapsed() > LINES => {
                eprintln!("{step} …");
                self.last_line = Instant::now();
            }
            None => {}
        }
    }

    /// Ends them and clears the line.
    pub fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

/// How often the clock of a step moves.
const TICK: Duration = Duration::from_millis(200);
/// How far lines are apart where nobody watches.
const LINES: Duration = Duration::from_secs(5);
