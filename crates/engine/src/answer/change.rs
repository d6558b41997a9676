//! Why a figure changed. Between two moments of knowing, by cause: the question is asked again with
//! the facts of one cause after another, so that what the causes changed sums to the difference.
//! Which fact belongs to which cause is `kernels::causes`.

mod between;
mod cells;
mod told;

use handfast_kernels::causes::{Cause, Differing, differing};
use handfast_kernels::cells::Part;
use handfast_kernels::stop;
use handfast_ledger::{Cache, Scan};
use handfast_model::fact::rename;
use handfast_model::order::{Clock, order_of, permute};
use handfast_model::rules::Expr;
use handfast_model::{Answer, Charter, Fact, Instant, PersonId, Question, Refusal, Snapshot, Sym};

use super::{Asked, Pick, answer, reads};
use crate::derived::{Derived, Needs, horizon_of, of_scan};

pub(super) use between::between;
pub use cells::{Difference, differences};
pub use told::answer as told;

/// What was known at a moment, and what words meant.
pub struct Known {
    /// The facts as sources gave them: all, or those of the records that the other moment knows
    /// otherwise.
    pub snapshot: Snapshot,
    /// The charter.
    pub charter: Charter,
    /// The questions' condition, read under it.
    pub filter: Option<Expr>,
    /// The moment, where one was named.
    pub until: Option<Instant>,
}

/// Where the facts are that both moments know alike.
pub enum Alike<'l> {
    /// In both snapshots.
    Here,
    /// In the ledger, which is read as of the earlier moment: nobody holds all of them.
    Kept(Box<Scan<'l>>, Cache),
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

/// What is asked at every step.
#[derive(Clone, Copy)]
pub struct Asking<'a> {
    /// The questions.
    pub questions: &'a [&'a Question],
    /// Whether the records behind their figures are listed.
    pub is_listed: bool,
}

/// Why questions have other answers now than then: of each the answers on the way, cause by cause.
/// What is known on the way is derived once for all of them.
///
/// Law: the first is what is answered as of then, the last what is answered now; each differs from
/// the one before by the facts of one cause, or by the charter alone.
pub fn why(
    mut then: Known,
    now: Known,
    alike: Alike<'_>,
    asking: Asking<'_>,
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
    let (then, now) = (&then, &now);
    let mut desk = Desk {
        then,
        now,
        alike,
        found: &found,
        asking,
    };
    let first = desk.ask(&[], then, then)?;
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
            now
        } else {
            then
        };
        let answers = desk.ask(&taken, meant, now)?;
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

/// Of what is known now only what was not known then is held while answers are asked.
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

struct Desk<'a, 'l> {
    then: &'a Known,
    now: &'a Known,
    alike: Alike<'l>,
    found: &'a Differing,
    asking: Asking<'a>,
}

/// An answer, and the records behind its figure where they are listed.
type Told = (Answer, Option<Answer>);

impl Desk<'_, '_> {
    /// What was known then, with the facts of some causes; seen as far as one moment lets, and
    /// derived as one charter means it.
    fn derived(
        &mut self,
        causes: &[Cause],
        (meant, seen): (&Known, &Known),
        needs: Needs,
    ) -> Result<Derived, Refusal> {
        let (then, now, found) = (self.then, self.now, self.found);
        let of = |cause: &Cause| found.dropped.get(cause).into_iter().flatten();
        let dropped = causes.iter().flat_map(of);
        let of = |cause: &Cause| found.added.get(cause).into_iter().flatten();
        let added = causes.iter().flat_map(of);
        let added = added.filter_map(|place| now.snapshot.facts.get(*place as usize));
        let names = &now.snapshot.names;
        let frame = frame(&seen.snapshot);
        let horizon = horizon_of(&frame, seen.until);
        match &mut self.alike {
            Alike::Here => {
                let mut is_kept = vec![true; then.snapshot.facts.len()];
                for place in dropped {
                    if let Some(kept) = is_kept.get_mut(*place as usize) {
                        *kept = false;
                    }
                }
                let kept = then.snapshot.facts.iter().zip(is_kept);
                let kept = kept.filter(|(_, is_kept)| *is_kept).map(|(fact, _)| fact);
                let mut facts: Vec<Fact> = kept.chain(added).cloned().collect();
                let mut clock = Clock::new(&meant.charter.calendar, names);
                let order = order_of(&facts, names, &mut clock);
                permute(&mut facts, &order);
                let part = Part::of(Snapshot { facts, ..frame }, &meant.charter, horizon.0);
                Ok(Derived::new(part, horizon))
            }
            Alike::Kept(scan, cache) => {
                let facts = &then.snapshot.facts;
                let dropped = dropped.filter_map(|place| facts.get(*place as usize));
                scan.give_instead(dropped, (names, added.cloned().collect()));
                of_scan((&**scan, &*cache), &meant.charter, (frame, horizon), needs)
            }
        }
    }

    /// The answers on what was known then and the facts of some causes, as one charter means it,
    /// seen as far as one moment lets.
    fn ask(&mut self, causes: &[Cause], meant: &Known, seen: &Known) -> Result<Vec<Told>, Refusal> {
        stop::look();
        let Asking {
            questions,
            is_listed,
        } = self.asking;
        let (charter, filter) = (&meant.charter, meant.filter.as_ref());
        let listed = is_listed.then(Pick::default);
        let needs = questions
            .iter()
            .map(|question| reads(question, charter, filter, listed.as_ref()));
        let needs = needs.max().unwrap_or_default();
        let derived = self.derived(causes, (meant, seen), needs)?;
        let mut told = Vec::new();
        for question in questions.iter().copied() {
            let asked = || Asked {
                derived: &derived,
                charter,
                question,
                filter: filter.cloned(),
                people: Vec::new(),
            };
            let found = answer(asked(), None)?;
            let pick = cells::figure_of(&found, question).filter(|_| is_listed);
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
