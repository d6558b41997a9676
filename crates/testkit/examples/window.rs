//! Counts how far entities got through six stages within a window, over events of a file that
//! lie in memory, and says how long the counting took. `cargo xtask bench` runs it beside its
//! peer: `window FILE WINDOW THREADS TIMES`.
//!
//! A row of the file is 17 bytes, little-endian: entity (u64), time (i64), stages (u8).

use std::fs::File;
use std::io::{BufReader, Read};
use std::time::Instant;

use handfast_kernels::window::{Events, Levels, levels};

/// The columns of the file.
#[derive(Default)]
struct Columns {
    entities: Vec<u64>,
    times: Vec<i64>,
    stages: Vec<u8>,
}

fn main() -> Result<(), String> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [path, window, threads, times] = words.as_slice() else {
        return Err("window FILE WINDOW THREADS TIMES".to_owned());
    };
    let number = |word: &String| word.parse().map_err(|_| format!("{word}: no whole number"));
    let (window, times) = (number(window)?, number(times)?);
    let threads = usize::try_from(number(threads)?).unwrap_or(1);
    let columns = read(path).map_err(|error| format!("{path}: {error}"))?;
    let events = Events {
        entities: &columns.entities,
        times: &columns.times,
        stages: &columns.stages,
    };
    for _ in 0..times {
        let started = Instant::now();
        let counted = count(events, window, threads)?;
        let seconds = started.elapsed().as_secs_f64();
        println!("{seconds} {counted:?}");
    }
    Ok(())
}

fn read(path: &str) -> std::io::Result<Columns> {
    let file = File::open(path)?;
    let rows = usize::try_from(file.metadata()?.len() / 17).unwrap_or(0);
    let mut columns = Columns {
        entities: Vec::with_capacity(rows),
        times: Vec::with_capacity(rows),
        stages: Vec::with_capacity(rows),
    };
    let mut file = BufReader::with_capacity(1 << 20, file);
    for _ in 0..rows {
        let (mut entity, mut time, mut stages) = ([0; 8], [0; 8], [0; 1]);
        file.read_exact(&mut entity)?;
        file.read_exact(&mut time)?;
        file.read_exact(&mut stages)?;
        columns.entities.push(u64::from_le_bytes(entity));
        columns.times.push(i64::from_le_bytes(time));
        columns.stages.extend(stages);
    }
    Ok(columns)
}

/// The levels of each part, counted beside each other and added up.
fn count(events: Events<'_>, window: i64, threads: usize) -> Result<Levels, String> {
    std::thread::scope(|scope| {
        let parts = events.cut(threads.max(1)).into_iter();
        let parts = parts.map(|part| scope.spawn(move || levels(part, window)));
        let parts: Vec<_> = parts.collect();
        let mut sum = Levels::default();
        for part in parts {
            let part = part.join().map_err(|_| "a thread did not end well")?;
            for (sum, one) in sum.iter_mut().zip(part) {
                *sum += one;
            }
        }
        Ok(sum)
    })
}
