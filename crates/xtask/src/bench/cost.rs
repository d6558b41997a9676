//! What a command costs, measured from outside: wall seconds, and the peak of resident memory of
//! the process and its workers (Linux only). It refuses to judge.

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

/// What one step cost.
pub struct Cost {
    pub what: String,
    pub rows: Option<u64>,
    /// One per time it was run, ascending.
    pub seconds: Vec<f64>,
    /// The highest of all times.
    pub peak_mib: Option<u64>,
    /// What it printed the last time.
    pub said: String,
}

impl Cost {
    /// The median of its times.
    pub fn seconds(&self) -> f64 {
        median(&self.seconds)
    }

    pub fn rows_per_second(&self) -> Option<f64> {
        self.rows.map(|rows| rows as f64 / self.seconds())
    }
}

/// The middle one of ascending numbers, the lower of two.
pub fn median(numbers: &[f64]) -> f64 {
    let middle = numbers.len().saturating_sub(1) / 2;
    numbers.get(middle).copied().unwrap_or(f64::NAN)
}

/// Runs a step so many times. `prepare` makes the command, and all that is not to be measured.
pub fn measure(
    (what, rows): (&str, Option<u64>),
    times: usize,
    folder: &Path,
    mut prepare: impl FnMut() -> Result<Command, String>,
) -> Result<Cost, String> {
    let mut cost = Cost {
        what: what.to_owned(),
        rows,
        seconds: Vec::new(),
        peak_mib: None,
        said: String::new(),
    };
    for _ in 0..times.max(1) {
        let mut command = prepare()?;
        let (seconds, peak_mib, said) =
            once(&mut command, folder).map_err(|why| format!("{what}: {why}"))?;
        eprintln!("    {what}: {seconds:.2} s");
        cost.seconds.push(seconds);
        cost.peak_mib = cost.peak_mib.max(peak_mib);
        cost.said = said;
    }
    cost.seconds.sort_by(f64::total_cmp);
    Ok(cost)
}

fn once(command: &mut Command, folder: &Path) -> Result<(f64, Option<u64>, String), String> {
    let [out, log] = ["said.txt", "complained.txt"].map(|name| folder.join(name));
    let open =
        |path: &Path| File::create(path).map_err(|error| format!("{}: {error}", path.display()));
    command.stdout(open(&out)?).stderr(open(&log)?);
    let started = Instant::now();
    let child = command.spawn();
    let mut child = child.map_err(|error| format!("did not start: {error}"))?;
    let (status, peak_mib) = watch(&mut child).map_err(|error| error.to_string())?;
    let seconds = started.elapsed().as_secs_f64();
    let read = |path: &Path| std::fs::read_to_string(path).unwrap_or_default();
    match status.success() {
        true => Ok((seconds, peak_mib, read(&out))),
        false => Err(format!("{status}\n{}{}", read(&out), read(&log))),
    }
}

/// Waits, and adds up the high-water marks of the process and its workers.
fn watch(child: &mut Child) -> std::io::Result<(ExitStatus, Option<u64>)> {
    let mut peak_kib = None;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok((status, peak_kib.map(|kib: u64| kib / 1024)));
        }
        let family = std::iter::once(child.id()).chain(children(child.id()));
        let now: u64 = family.filter_map(high_water_kib).sum();
        peak_kib = peak_kib.max(Some(now).filter(|kib| *kib > 0));
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The processes that any thread of a process started.
fn children(id: u32) -> Vec<u32> {
    let tasks = std::fs::read_dir(format!("/proc/{id}/task"));
    let tasks = tasks.into_iter().flatten().flatten();
    let texts = tasks.map(|task| std::fs::read_to_string(task.path().join("children")));
    texts
        .flatten()
        .flat_map(|text| {
            let ids = text.split_whitespace().filter_map(|word| word.parse().ok());
            ids.collect::<Vec<u32>>()
        })
        .collect()
}

fn high_water_kib(id: u32) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = text.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_one_or_the_lower_of_two() {
        assert!(median(&[]).is_nan());
        assert_eq!(median(&[3.0]), 3.0);
        assert_eq!(median(&[1.0, 2.0, 9.0]), 2.0);
        assert_eq!(median(&[1.0, 2.0, 3.0, 9.0]), 2.0);
    }
}
