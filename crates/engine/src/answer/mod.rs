//! From a snapshot and a charter to an answer. Kernels decide what is counted; this room sorts
//! members by dimensions, reads the figures off them, and adds lineage.

mod figure;
mod funnel;
mod ground;
mod health;
pub mod identity;
mod journey;
mod leaks;
mod measure;
mod metric;
mod price;
mod records;
mod response;
mod sheet;
mod snapshot;
mod tally;
mod times;
mod undated;
mod velocity;

use handfast_model::question::QuestionKind;
use handfast_model::rules::Expr;
use handfast_model::{Answer, Charter, PersonId, Question, Refusal};

use crate::derived::Derived;
use ground::Ground;
use tally::Tally;

pub use metric::spec as metric_spec;

/// What is asked of a snapshot under a charter.
pub struct Asked<'a> {
    /// What happened, as known, derived.
    pub derived: &'a Derived,
    /// What the words mean.
    pub charter: &'a Charter,
    /// The question, every default resolved.
    pub question: &'a Question,
    /// Its condition, parsed.
    pub filter: Option<Expr>,
    /// For a journey: whom the key may stand for.
    pub people: Vec<PersonId>,
}

/// Which figure's records are wanted.
pub struct Pick {
    /// The figure's column.
    pub column: String,
    /// The row's first cells; empty = all rows.
    pub row: Vec<String>,
}

/// Answers a question, or lists the records behind one of its figures.
pub fn answer(asked: Asked<'_>, pick: Option<&Pick>) -> Result<Answer, Refusal> {
    let ground = Ground::new(asked.derived, asked.charter, asked.filter);
    let question = asked.question;
    let tally: Tally<'_> = match &question.kind {
        QuestionKind::Funnel(view) => funnel::count(&ground, question, view)?,
        QuestionKind::Velocity { from } => velocity::count(&ground, question, from.as_deref())?,
        QuestionKind::Metric(name) => metric::count(&ground, question, name)?,
        QuestionKind::Times { observed_from } => times::count(&ground, question, *observed_from)?,
        QuestionKind::Stale { at } => snapshot::stale(&ground, question, *at)?,
        QuestionKind::Response {
            clock,
            untouched_days,
        } => response::count(&ground, question, clock, *untouched_days)?,
        QuestionKind::Health => return health::answer(&ground, question, pick),
        QuestionKind::Leaks => leaks::count(&ground, question),
        QuestionKind::Journey(key) => return journey::answer(&ground, key, &asked.people),
        // Asked of the keys as their sources write them: `identity::answer`.
        QuestionKind::Identity(key) => return Err(identity::unknown(key)),
    };
    match pick {
        None => tally.answer(),
        Some(pick) => tally.records(&pick.column, &pick.row),
    }
}
