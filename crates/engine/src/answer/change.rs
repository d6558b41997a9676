//! Why a figure changed. Between two moments of knowing, by cause: the question is asked again with
//! the facts of one cause after another, so that what the causes changed sums to the difference.
//! Which fact belongs to which cause is `kernels::causes`.

mod between;
mod cells;
mod told;

use handfast_kernels::causes::{Cause, Differing, differing};
use handfast_kernels::cells::Part;
use handfast_model::fact::rename;
use handfast_model::order::{Clock, order_of, permute};
use handfast_model::rules::Expr;
use handfast_model::{
    Answer, Calendar, Charter, Fact, Instant, PersonId, Question, Refusal, Snapshot, Sym,
};

use super::{Asked, Pick, answer};
use crate::derived::{Derived, horizon_of};

pub(super) use between::between;
pub use cells::{Difference, differences};
pub use told::answer as told;

/// What was known at a moment, and what words meant.
pub struct Known {
    /// The facts as sources gave them.
    pub snapshot: Snapshot,
    /// The charter.
    pub charter: Charter,
    /// The questions' condition, read under it.
    pub filter: Option<Expr>,
    /// The moment, where one was named.
    pub until: Option<Instant>,
}

impl Known {
    /// What is derived of it.
    pub(super) fn derived(&self) -> Derived {
        let horizon = horizon_of(&self.snapshot, self.until);
        Derived::new(
            Part::of(self.snapshot.clone(), &self.charter, horizon.0),
            horizon,
        )
    }
}

/// What the facts of one cause made of an answer.
pub struct Step {
    /// The cause.
    pub cause: Cause,
    /// How many facts are known at only one of the two moments for this cause.
    pub facts: u64,
    /// The answer with them, and with those of all causes before.
    pub answer: Answer,
    /// The records behind the figure, where they are listed.
    pub records: Option<Answer>,
}

/// How one answer became another.
pub struct Why {
    /// The answer as of then.
    pub then: Answer,
    /// The records behind the figure, where they are listed.
    pub records: Option<Answer>,
    /// The causes that have any facts, in their order; the last answer is that of now.
    pub steps: Vec<Step>,
}

impl Why {
    fn starting((then, records): Told) -> Why {
        Why {
            then,
            records,
            steps: Vec::new(),
        }
    }

    /// The answer as of now.
    pub fn now(&self) -> &Answer {
        self.steps.last().map_or(&self.then, |step| &step.answer)
    }
}

/// Why questions have other answers now than then: of each the answers on the way, cause by cause.
/// What is known on the way is derived once for all of them.
///
/// Law: the first is what is answered as of then, the last what is answered now; each differs from
/// the one before by the facts of one cause, or by the charter alone.
pub fn why(
    mut then: Known,
    now: Known,
    questions: &[&Question],
    is_listed: bool,
    is_forgotten: &dyn Fn(PersonId) -> bool,
) -> Result<Vec<Why>, Refusal> {
    let mut now = with_shared_names(&mut then, now);
    let horizon = horizon_of(&then.snapshot, then.until).0;
    let mut found = differing(
        &then.snapshot,
        &now.snapshot,
        (horizon, &now.charter.calendar),
        is_forgotten,
    );
    keep_added(&mut now.snapshot, &mut found);
    let desk = Desk {
        then: &then,
        now: &now,
        found: &found,
        questions,
        is_listed,
    };
    let first = desk.ask(then.snapshot.clone(), &then, &then)?;
    let mut whys: Vec<Why> = first.into_iter().map(Why::starting).collect();
    let mut taken = Vec::new();
    let has_moved = horizon != horizon_of(&now.snapshot, now.until).0;
    for cause in Cause::ALL {
        let facts = found.count(cause);
        let is_there = match cause {
            Cause::NewEvents => facts > 0 || has_moved,
            Cause::Definition => then.charter.hash != now.charter.hash,
            _ => facts > 0,
        };
        if !is_there {
            continue;
        }
        taken.push(cause);
        let meant = if cause == Cause::Definition {
            &now
        } else {
            &then
        };
        let known = desk.known(&taken, &meant.charter.calendar);
        let answers = desk.ask(known, meant, &now)?;
        for (why, (answer, records)) in whys.iter_mut().zip(answers) {
            why.steps.push(Step {
                cause,
                facts,
                answer,
                records,
            });
        }
    }
    Ok(whys)
}

/// Of what is known now only what was not known then is held twice while answers are asked.
fn keep_added(now: &mut Snapshot, found: &mut Differing) {
    let mut facts = Vec::new();
    for place in found.added.values_mut().flatten() {
        let fact = now.facts.get(*place as usize);
        *place = facts.len() as u32;
        facts.extend(fact.cloned());
    }
    now.facts = facts;
}

/// Lets both moments use the same names.
fn with_shared_names(then: &mut Known, mut now: Known) -> Known {
    let moved = now.snapshot.names.take_in(&then.snapshot.names);
    let name = |sym: Sym| moved.get(sym.index()).copied().unwrap_or(sym);
    rename(&mut then.snapshot.facts, name);
    for source in &mut then.snapshot.observed {
        source.source = name(source.source);
    }
    then.snapshot.names = now.snapshot.names.clone();
    now
}

struct Desk<'a> {
    then: &'a Known,
    now: &'a Known,
    found: &'a Differing,
    questions: &'a [&'a Question],
    is_listed: bool,
}

/// An answer, and the records behind its figure where they are listed.
type Told = (Answer, Option<Answer>);

impl Desk<'_> {
    /// What was known then, with the facts of some causes.
    fn known(&self, causes: &[Cause], calendar: &Calendar) -> Snapshot {
        let of = |cause: &Cause| self.found.dropped.get(cause).into_iter().flatten();
        let mut is_kept = vec![true; self.then.snapshot.facts.len()];
        for place in causes.iter().flat_map(of) {
            if let Some(kept) = is_kept.get_mut(*place as usize) {
                *kept = false;
            }
        }
        let kept = self.then.snapshot.facts.iter().zip(is_kept);
        let kept = kept.filter(|(_, is_kept)| *is_kept).map(|(fact, _)| fact);
        let of = |cause: &Cause| self.found.added.get(cause).into_iter().flatten();
        let added = causes.iter().flat_map(of);
        let added = added.filter_map(|place| self.now.snapshot.facts.get(*place as usize));
        let mut facts: Vec<Fact> = kept.chain(added).cloned().collect();
        let names = &self.now.snapshot.names;
        let mut clock = Clock::new(calendar, names);
        let order = order_of(&facts, names, &mut clock);
        permute(&mut facts, &order);
        Snapshot {
            facts,
            // What is seen of the sources is what they show now.
            ..frame(&self.now.snapshot)
        }
    }

    /// The answers on some facts, as one charter means it, seen as far as one moment lets.
    fn ask(&self, snapshot: Snapshot, meant: &Known, seen: &Known) -> Result<Vec<Told>, Refusal> {
        let horizon = horizon_of(&snapshot, seen.until);
        let part = Part::of(snapshot, &meant.charter, horizon.0);
        let derived = Derived::new(part, horizon);
        let mut told = Vec::new();
        for question in self.questions.iter().copied() {
            let asked = || Asked {
                derived: &derived,
                charter: &meant.charter,
                question,
                filter: meant.filter.clone(),
                people: Vec::new(),
            };
            let found = answer(asked(), None)?;
            let pick = cells::figure_of(&found, question).filter(|_| self.is_listed);
            let pick = pick
                .and_then(|at| found.columns.get(at))
                .map(|column| Pick {
                    column: column.id.clone(),
                    row: Vec::new(),
                });
            let records = pick.map(|pick| answer(asked(), Some(&pick))).transpose()?;
            told.push((found, records));
        }
        Ok(told)
    }
}

/// A snapshot without its facts.
fn frame(snapshot: &Snapshot) -> Snapshot {
    Snapshot {
        names: snapshot.names.clone(),
        facts: Vec::new(),
        seq: snapshot.seq,
        observed: snapshot.observed.clone(),
        set_aside: snapshot.set_aside.clone(),
        packs: snapshot.packs.clone(),
        erased_people: snapshot.erased_people,
    }
}
