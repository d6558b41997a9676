//! How Handfast counts: pure functions from facts and a charter to figures, member by member.
//!
//! Kernels know facts, steps and moments; they refuse to know where facts are stored, which
//! dimensions split an answer, or how a number is shown. They read no clock, no file and no
//! randomness, so the same snapshot and charter give the same rows on any machine.
//! Read `journey` first (facts to pursuits and visits), then `funnel`, `velocity` and `metric`.

pub mod attributes;
pub mod campaigns;
pub mod cells;
pub mod identity;
pub mod invariants;
pub mod journey;
pub mod stage;

pub mod bridge;
pub mod causes;
pub mod change;
pub mod cohort;
pub mod credit;
pub mod fitness;
pub mod flat;
pub mod forecast;
pub mod formula;
pub mod funnel;
pub mod handoff;
pub mod hours;
pub mod leaks;
pub mod metric;
pub mod plan;
pub mod quick;
pub mod rates;
pub mod reasons;
pub mod rescue;
pub mod response;
pub mod roles;
pub mod spread;
pub mod stale;
pub mod standing;
pub mod stop;
pub mod survival;
mod tally;
pub mod threads;
pub mod times;
pub mod transitions;
pub mod velocity;
pub mod window;

pub use funnel::{Stay, UnitKey, VisitRef};
pub use journey::{
    Buyer, Deal, End, Journeys, Lead, LeftBy, Moment, Pursuit, Visit, World, derive,
};

/// The kernels an answer rests on, with their versions.
pub const VERSIONS: &[(&str, u32)] = &[
    ("identity", identity::VERSION),
    ("journey", journey::VERSION),
    ("funnel", funnel::VERSION),
    ("velocity", velocity::VERSION),
    ("metric", metric::VERSION),
    ("rates", rates::VERSION),
    ("leaks", leaks::VERSION),
    ("survival", survival::VERSION),
    ("response", response::VERSION),
    ("credit", credit::VERSION),
    ("hours", hours::VERSION),
    ("handoff", handoff::VERSION),
    ("bridge", bridge::VERSION),
    ("change", change::VERSION),
    ("reasons", reasons::VERSION),
    ("forecast", forecast::VERSION),
    ("plan", plan::VERSION),
];
