//! The kernel of credit alone: exact removal effects of paths that lie in memory, timed.
//! `chains FILE` reads a generated file of the bench; `cargo xtask bench credit` runs it.

use std::collections::BTreeMap;
use std::time::Instant;

use handfast_kernels::credit::chain::Chain;
use handfast_kernels::credit::paths::{Path, Paths};

fn main() -> Result<(), String> {
    let file = std::env::args().nth(1).ok_or("chains FILE")?;
    let text = std::fs::read_to_string(&file).map_err(|error| format!("{file}: {error}"))?;
    let mut numbers: BTreeMap<&str, u16> = BTreeMap::new();
    let (mut steps, mut ends) = (Vec::new(), Vec::new());
    for line in text.lines().skip(1) {
        let mut fields = line.split(';');
        for name in fields.next().unwrap_or("").split(" > ") {
            let next = numbers.len() as u16;
            steps.push(*numbers.entry(name).or_insert(next));
        }
        let is_won = fields.next() == Some("1");
        ends.push((steps.len(), is_won));
    }
    let started = Instant::now();
    let mut paths = Paths::default();
    let mut from = 0;
    for (until, is_won) in &ends {
        paths.add(Path {
            steps: steps.get(from..*until).unwrap_or_default(),
            won: u64::from(*is_won),
            lost: u64::from(!is_won),
            value: 0,
        });
        from = *until;
    }
    println!("gather {}", started.elapsed().as_secs_f64());
    for order in [1, 2] {
        let started = Instant::now();
        let chain = Chain::of(paths.iter(), numbers.len(), order);
        let removal = chain.removal();
        let seconds = started.elapsed().as_secs_f64();
        println!("markov_{order} {seconds} {:.9}", removal.chance);
    }
    Ok(())
}
