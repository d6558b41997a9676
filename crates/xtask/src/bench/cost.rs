//! What a command costs, measured from outside: wall seconds, and of the process and its workers
//! the processor seconds and the peak of resident memory (Linux only). It refuses to judge.

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
    /// Processor seconds, ascending. They tell more than wall time on a machine that others use.
    pub worked: Vec<f64>,
    /// The highest of all times.
    pub peak_mib: Option<u64>,
    /// What it printed, each time.
    pub said: Vec<String>,
}

impl Cost {
    /// The median of its times.
    pub fn seconds(&self) -> f64 {
        median(&self.seconds)
    }

    /// The median of its processor seconds, where the system tells.
    pub fn worked(&self) -> Option<f64> {
        (!self.worked.is_empty()).then(|| median(&self.worked))
    }

    /// What it printed the last time.
    pub fn said(&self) -> &str {
        self.said.last().map_or("", String::as_str)
    }

    /// The median of a figure that it prints itself; none where one of its times does not tell it.
    pub fn told(&self, figure: impl Fn(&str) -> Option<f64>) -> Option<f64> {
        let figures: Option<Vec<f64>> = self.said.iter().map(|said| figure(said)).collect();
        let mut figures = figures.filter(|figures| !figures.is_empty())?;
        figures.sort_by(f64::total_cmp);
        Some(median(&figures))
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
        worked: Vec::new(),
        peak_mib: None,
        said: Vec::new(),
    };
    for _ in 0..times.max(1) {
        let mut command = prepare()?;
        let once = once(&mut command, folder).map_err(|why| format!("{what}: {why}"))?;
        let peak_mib = once.watched.peak_kib.map(|kib| kib / 1024);
        let peak = peak_mib.map(|mib| format!(", {mib} MiB"));
        eprintln!(
            "    {what}: {:.2} s{}",
            once.seconds,
            peak.unwrap_or_default()
        );
        cost.seconds.push(once.seconds);
        cost.worked.extend(once.watched.worked);
        cost.peak_mib = cost.peak_mib.max(peak_mib);
        cost.said.push(once.said);
    }
    cost.seconds.sort_by(f64::total_cmp);
    cost.worked.sort_by(f64::total_cmp);
    Ok(cost)
}

/// One run.
struct Once {
    seconds: f64,
    watched: Watched,
    said: String,
}

/// What was seen of a process and its workers while they ran.
#[derive(Default)]
struct Watched {
    worked: Option<f64>,
    peak_kib: Option<u64>,
}

fn once(command: &mut Command, folder: &Path) -> Result<Once, String> {
    let [out, log] = ["said.txt", "complained.txt"].map(|name| folder.join(name));
    let open =
        |path: &Path| File::create(path).map_err(|error| format!("{}: {error}", path.display()));
    command.stdout(open(&out)?).stderr(open(&log)?);
    let started = Instant::now();
    let child = command.spawn();
    let mut child = child.map_err(|error| format!("did not start: {error}"))?;
    let (status, watched) = watch(&mut child).map_err(|error| error.to_string())?;
    let seconds = started.elapsed().as_secs_f64();
    let read = |path: &Path| std::fs::read_to_string(path).unwrap_or_default();
    match status.success() {
        true => Ok(Once {
            seconds,
            watched,
            said: read(&out),
        }),
        false => Err(format!("{status}\n{}{}", read(&out), read(&log))),
    }
}

/// Waits, and adds up processor time and the high-water marks of the process and its workers.
fn watch(child: &mut Child) -> std::io::Result<(ExitStatus, Watched)> {
    let (mut watched, started) = (Watched::default(), Instant::now());
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok((status, watched));
        }
        let family: Vec<u32> = [child.id()]
            .into_iter()
            .chain(children(child.id()))
            .collect();
        let now: u64 = family.iter().copied().filter_map(high_water_kib).sum();
        watched.peak_kib = watched.peak_kib.max(Some(now).filter(|kib| *kib > 0));
        let now: f64 = family.iter().copied().filter_map(processor_seconds).sum();
        if watched.worked.unwrap_or(0.0) < now {
            watched.worked = Some(now);
        }
        // Closely at first; a long run is not slowed by whoever watches it.
        let pause = started.elapsed() / 100;
        std::thread::sleep(pause.clamp(Duration::from_millis(5), Duration::from_millis(100)));
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

pub fn high_water_kib(id: u32) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = text.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Of a process and of its workers that have ended. Linux counts in hundredths, for whoever asks.
pub fn processor_seconds(id: u32) -> Option<f64> {
    let text = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The second field is a name in parentheses; after it, the 12th to 15th are times.
    let fields = text.rsplit_once(')')?.1.split_whitespace();
    let ticks = fields.skip(11).take(4).map(str::parse::<f64>);
    Some(ticks.sum::<Result<f64, _>>().ok()? / 100.0)
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

    #[test]
    fn a_figure_that_one_of_its_times_does_not_tell_is_none() {
        let cost = |said: &[&str]| Cost {
            what: String::new(),
            rows: None,
            seconds: Vec::new(),
            worked: Vec::new(),
            peak_mib: None,
            said: said.iter().map(|&said| said.to_owned()).collect(),
        };
        let told = |said: &[&str]| cost(said).told(|said| said.trim().parse().ok());
        assert_eq!(told(&["9", "1", "2\n"]), Some(2.0));
        assert_eq!(told(&["9", "", "2"]), None);
        assert_eq!(told(&[]), None);
        assert_eq!(cost(&["1", "2"]).said(), "2");
    }
}
