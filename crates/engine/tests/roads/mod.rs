//! The two roads from the facts of a world: what the engine derives of them, and their truth.

use handfast_engine::derived::Derived;
use handfast_kernels::cells::Part;
use handfast_model::{Charter, Instant};
use handfast_testkit::simulator::definitions::Definitions;
use handfast_testkit::simulator::{facts, truth};
use handfast_testkit::sketch;
use handfast_testkit::truth::said::Said;
use handfast_testkit::truth::walk::Journeys;

/// The charter of these definitions, what the engine derives of the facts under it, and the truth.
pub fn roads(
    definitions: &Definitions,
    horizon: i64,
    said: Vec<Said>,
) -> (Charter, Derived, Journeys) {
    let charter = sketch::charter(&definitions.sketch()).unwrap();
    let snapshot = facts::snapshot(&said, &charter.calendar);
    let part = Part::of(snapshot, &charter, Instant(horizon));
    let derived = Derived::new(part, (Instant(horizon), 0));
    (charter, derived, truth(said, definitions, horizon))
}

/// How many worlds are asked: as many as the kernels are.
const WORLDS: u64 = 1_000;

/// What a check of each world adds up to.
pub fn sum(check: fn(u64) -> usize) -> usize {
    (0..WORLDS).map(check).sum()
}
