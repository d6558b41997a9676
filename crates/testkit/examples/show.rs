//! Prints a random ledger and its pursuits: `cargo run -p handfast-testkit --example show SEED`.

use handfast_testkit::{Ledger, answer, random, sketch};

fn main() -> Result<(), String> {
    let seed = std::env::args().nth(1).and_then(|seed| seed.parse().ok());
    let mut lines = random::lines(seed.ok_or("which seed?")?);
    let charter = sketch::charter(random::CHARTER)?;
    let ledger = Ledger::read(&lines.join("\n"), &charter.calendar)?;
    lines.sort();
    println!("{}\n", lines.join("\n"));
    let ask = "pursuits horizon=2025-06-29";
    println!("{}", answer::answer(&ledger, &charter, ask)?);
    Ok(())
}
