//! What is derived of a book's present, kept between questions.
//!
//! A cache: the facts known now and what was derived of them, cut into parts of whole cells (see
//! `kernels::cells`), each a file that nobody has to trust. A question takes them as they are, or
//! derives the cells that changed since and lays that part over them. What a question found is
//! written beside its answer; too many parts are gathered into fewer. Throwing all of it away
//! changes no answer, and neither does a crash at any moment.

mod beside;
pub(crate) mod bytes;
mod codec;
mod facts;
mod flesh;
mod held;
mod index;
mod journeys;
mod list;
mod plant;
mod shards;
mod told;
mod touched;
mod upkeep;

use std::sync::Arc;

pub use handfast_kernels::cells::Needs;
use handfast_kernels::cells::{Change, Joining, Part, Parts, Renewed, renew, renew_each};
use handfast_kernels::identity::Sites;
use handfast_kernels::invariants;
use handfast_kernels::stop;
use handfast_kernels::threads::{at_once, both, one_by_one};
use handfast_ledger::{Cache, Ledger, Scan};
use handfast_model::question::{AsOf, Known, Question};
use handfast_model::{Breaches, Charter, Instant, Refusal, Seq, Snapshot};

use crate::answer::Shared;
pub(crate) use beside::{Beside, CREDIT};
use held::From;
pub use held::{Held, Teams};
use list::{Layers, List};
use plant::plant;
use shards::All;
use touched::Most;
pub use touched::{Later, Looked, touched};
pub use upkeep::Upkeep;

/// A change of more than one in so many facts is not worth deriving by cells.
const LARGE_CHANGE: usize = 4;
/// Base parts that hold more facts than so many on average are cut anew.
const LARGE_PARTS: usize = 1 << 18;
/// How often a derivation begins again because a compaction went on beside it.
const TRIES: usize = 5;

/// What a question looks at, derived.
pub struct Derived {
    /// The facts known, all or the spine of them, and what was derived.
    pub part: Part,
    /// The sources show everything before this instant.
    pub horizon: Instant,
    /// How many sources did not declare up to when they do.
    pub assumed_horizons: u64,
    /// What does not hold of the cells that were derived for it.
    pub found: Breaches,
    /// About how much memory that takes.
    own: usize,
    /// Of the present: what the part was put together from.
    layers: Option<Layers>,
    pub(crate) shared: Shared,
}

impl Derived {
    /// A part seen up to a horizon, which so many sources did not declare.
    pub fn new(part: Part, (horizon, assumed_horizons): (Instant, u64)) -> Derived {
        Derived {
            own: part.bytes(),
            part,
            horizon,
            assumed_horizons,
            found: Breaches::default(),
            layers: None,
            shared: Shared::default(),
        }
    }

    /// About how much memory it takes, with all that was worked out of it.
    fn bytes(&self) -> usize {
        self.own + self.shared.bytes()
    }

    /// Whether it has what a question looks at.
    fn holds(&self, needs: Needs) -> bool {
        needs <= self.part.holds
    }

    /// Whether copying it and putting it into order is sooner done than reading what a question
    /// looks at: where that is much less, whoever needs more copies it.
    fn is_worth_copying(&self, needs: Needs) -> bool {
        self.holds(needs) && (needs >= Needs::Spine || needs == self.part.holds)
    }
}

/// Derives what a question looks at, and says what is to be written beside its answer. Under the
/// charter in force, what is known now is taken from the cache as far as it is there; every other
/// moment and every draft is derived from the ledger. What was asked of an open book before is
/// held.
pub fn derive(
    ledger: &Ledger,
    charter: &Charter,
    question: &Question,
    known_until: Option<Instant>,
    (needs, held): (Needs, &Held),
) -> Result<(Arc<Derived>, Upkeep), Refusal> {
    let (as_of, happened_by) = match (question.as_of, question.known) {
        (AsOf::Instant(instant), Known::Happened) => (AsOf::Latest, Some(instant)),
        (as_of, _) => (as_of, None),
    };
    let (seq, _) = ledger.resolve(as_of)?;
    let from = From {
        charter: charter.hash.clone(),
        seq,
        commit: ledger.commit_hash(seq)?,
        happened_by,
        known_until,
        teams: Arc::clone(held.teams()),
    };
    stop::look();
    let making = match held.get_or_make(&from, needs) {
        Ok(derived) => return Ok((derived, Upkeep::Nothing)),
        Err(making) => making,
    };
    let (derived, upkeep) = match from.teams.is_empty() {
        true => of_all(ledger, charter, question, &from, (needs, held))?,
        // Whose something is follows from all that is known.
        false => {
            let everybodys = held.of_teams(&Teams::default());
            let all = (needs, &everybodys);
            let (all, upkeep) = derive(ledger, charter, question, known_until, all)?;
            let horizon = (all.horizon, all.assumed_horizons);
            let part = all.part.clone();
            let part = part.of_teams(&from.teams, charter, horizon.0);
            let found = all.found.clone();
            let own = Derived::new(part, horizon);
            (Derived { found, ..own }, upkeep)
        }
    };
    let derived = Arc::new(derived);
    held.put(from, &derived);
    drop(making);
    Ok((derived, upkeep))
}

/// Derives what is known of everybody.
fn of_all(
    ledger: &Ledger,
    charter: &Charter,
    question: &Question,
    from: &From,
    (needs, held): (Needs, &Held),
) -> Result<(Derived, Upkeep), Refusal> {
    let is_now = question.as_of == AsOf::Latest && question.known == Known::Recorded;
    if is_now && question.charter.is_none() {
        return present(ledger, charter, from, (needs, held));
    }
    let as_of = match from.happened_by {
        Some(_) => question.as_of,
        None => AsOf::Seq(from.seq),
    };
    let past = again(|| past(ledger, charter, (as_of, question.known), (from, needs)))?;
    Ok((past, Upkeep::Nothing))
}

/// Derives what was known at a moment, of which nothing is kept.
fn past(
    ledger: &Ledger,
    charter: &Charter,
    (as_of, known): (AsOf, Known),
    (from, needs): (&From, Needs),
) -> Result<Derived, Refusal> {
    let scan = ledger.scan(as_of, known)?;
    let frame = scan.frame();
    let horizon = horizon_of(&frame, from.known_until);
    let cache = ledger.cache();
    of_scan((&scan, &cache), charter, (frame, horizon), needs)
}

/// What a question needs of the facts of a scan, derived in the frame of a moment. All of them are
/// never held.
pub(crate) fn of_scan(
    (scan, cache): (&Scan<'_>, &Cache),
    charter: &Charter,
    (frame, horizon): (Snapshot, (Instant, u64)),
    needs: Needs,
) -> Result<Derived, Refusal> {
    let all = All {
        scan,
        charter,
        horizon: horizon.0,
        cache,
    };
    let (mut part, _) = all.hold(needs, false)?;
    put_into(frame, &mut part.snapshot);
    Ok(Derived::new(part, horizon))
}

/// The horizon of a question: the earliest of its sources' that show anything dated, and never
/// after the moment of knowing; and how many sources did not declare their own.
pub(crate) fn horizon_of(snapshot: &Snapshot, known_until: Option<Instant>) -> (Instant, u64) {
    let sources = snapshot.observed.iter();
    let earliest = sources.filter_map(|source| source.until).min();
    let sources = snapshot.observed.iter();
    let assumed = sources.filter(|source| !source.is_declared && source.until.is_some());
    let assumed = assumed.count() as u64;
    let horizon = earliest.map(|until| known_until.map_or(until, |known| until.min(known)));
    (horizon.unwrap_or(Instant(0)), assumed)
}

/// What is known now.
fn present(
    ledger: &Ledger,
    charter: &Charter,
    from: &From,
    (needs, held): (Needs, &Held),
) -> Result<(Derived, Upkeep), Refusal> {
    let frame = ledger.frame(AsOf::Seq(from.seq))?;
    let horizon = horizon_of(&frame, from.known_until);
    let moment = Moment {
        charter,
        seq: from.seq,
        commit: from.commit.clone(),
        horizon: horizon.0,
    };
    let cache = ledger.cache();
    let list = listed(&cache, charter, ledger)?;
    // What changed is looked for while what is held is copied.
    let near = list.as_ref().and_then(|list| list.near(held, needs));
    let copied = || near.map(|near| (near.part.clone(), near));
    let renew = || match list {
        Some(list) => {
            let most = Most::of_question(&list);
            renewed(ledger, &cache, (list, &most), &moment)
        }
        None => Ok(None),
    };
    let (near, renewed) = both(copied, renew);
    let kept = renewed?.and_then(|(list, part)| {
        let (found, laid) = both(
            || check(part.as_ref(), &moment),
            || laid_over(&cache, (&list, part.as_ref()), charter, (needs, near)),
        );
        let (whole, layers) = laid?;
        let laid = Laid {
            part: whole,
            layers: Some(layers),
            upkeep: Upkeep::of(&cache, list, part),
        };
        Some((laid, found))
    });
    let (laid, found) = match kept {
        Some(kept) => kept,
        None if is_of_later(ledger, &cache, &moment)? => {
            // Whoever derived the newest commit of all keeps it.
            let newest = (AsOf::Seq(from.seq), Known::Recorded);
            let past = again(|| past(ledger, charter, newest, (from, needs)))?;
            return Ok((past, Upkeep::Nothing));
        }
        None => again(|| whole(ledger, &cache, &moment, needs))?,
    };
    let mut part = laid.part;
    put_into(frame, &mut part.snapshot);
    let mut derived = Derived::new(part, horizon);
    (derived.found, derived.layers) = (found, laid.layers);
    Ok((derived, laid.upkeep))
}

/// Derives all that is known at a moment and keeps it; gives what a question needs of it, and what
/// does not hold. Where it cannot be kept, it is held.
fn whole(
    ledger: &Ledger,
    cache: &Cache,
    moment: &Moment<'_>,
    needs: Needs,
) -> Result<(Laid, Breaches), Refusal> {
    let scan = ledger.scan(AsOf::Seq(moment.seq), Known::Recorded)?;
    let all = All {
        scan: &scan,
        charter: moment.charter,
        horizon: moment.horizon,
        cache,
    };
    if let Some((kept, part, found)) = all.keep(needs)? {
        let mut list = List::new(moment);
        list.base = kept.len();
        list.parts = kept;
        // Where the list is not written, the next question derives.
        let _done = upkeep::finish(cache, &list);
        let laid = Laid {
            part,
            layers: Some(list.layers(0)),
            upkeep: Upkeep::Nothing,
        };
        return Ok((laid, found));
    }
    // What was written of it would fill the disk for nothing.
    let listed = List::read(cache).map(|list| list.names());
    cache.keep_only(&listed.unwrap_or_default());
    let (part, found) = all.hold(needs, true)?;
    let laid = Laid {
        part,
        layers: None,
        upkeep: Upkeep::Nothing,
    };
    Ok((laid, found))
}

/// Begins again where a compaction has replaced a segment between its listing and its reading; the
/// last try is the answer.
fn again<T>(derive: impl Fn() -> Result<T, Refusal>) -> Result<T, Refusal> {
    let mut tries = (1..TRIES).map(|_| derive());
    let is_over =
        |tried: &Result<T, Refusal>| !tried.as_ref().is_err_and(|refusal| refusal.code == "E0208");
    tries.find(is_over).unwrap_or_else(&derive)
}

/// What is kept, brought up to now; `None` where nothing is, or it would be derived anew.
pub(crate) fn kept(ledger: &Ledger, charter: &Charter) -> Result<Option<Part>, Refusal> {
    let (frame, moment) = now(ledger, charter)?;
    let cache = ledger.cache();
    let Some(list) = listed(&cache, charter, ledger)? else {
        return Ok(None);
    };
    let most = Most::of_question(&list);
    let renewed = renewed(ledger, &cache, (list, &most), &moment)?;
    let kept = renewed.and_then(|(list, part)| {
        let kept = (&list, part.as_ref());
        laid_over(&cache, kept, charter, (Needs::All, None))
    });
    Ok(kept.map(|(mut part, _)| {
        put_into(frame, &mut part.snapshot);
        part
    }))
}

/// The newest commit, as a moment under the charter in force.
fn now<'a>(ledger: &Ledger, charter: &'a Charter) -> Result<(Snapshot, Moment<'a>), Refusal> {
    let (seq, known_until) = ledger.resolve(AsOf::Latest)?;
    let frame = ledger.frame(AsOf::Seq(seq))?;
    let (horizon, _) = horizon_of(&frame, known_until);
    let moment = Moment {
        charter,
        seq,
        commit: ledger.commit_hash(seq)?,
        horizon,
    };
    Ok((frame, moment))
}

/// What does not hold of cells that were derived again.
fn check(part: Option<&Part>, moment: &Moment<'_>) -> Breaches {
    let Some(part) = part else {
        return Breaches::default();
    };
    let mut found = invariants::all(part, moment.charter, moment.horizon);
    found.append(invariants::credit(part, moment.charter, moment.horizon));
    found
}

/// A list of what is kept, brought up to a moment, and the cells that were derived again for it,
/// if any; `None` where it is not worth it, or more than may be read.
fn renewed(
    ledger: &Ledger,
    cache: &Cache,
    (mut list, most): (List, &Most),
    moment: &Moment<'_>,
) -> Result<Option<(List, Option<Part>)>, Refusal> {
    if (list.seq, list.horizon) == (moment.seq, moment.horizon) {
        return Ok(Some((list, None)));
    }
    if list.facts() > list.base.max(1) * LARGE_PARTS {
        return Ok(None);
    }
    let Some(changes) = ledger.changes(list.seq, moment.seq, most.records)? else {
        return Ok(None);
    };
    let change = Change {
        records: changes.records.into_iter().collect(),
        names: changes.names,
        facts: changes.facts,
    };
    let Some(Renewed { mut part, gone }) = list.renew((cache, most), change, moment) else {
        return Ok(None);
    };
    plant(&mut part);
    for (kept, gone) in list.parts.iter_mut().zip(&gone) {
        kept.lose(gone);
    }
    list.stand_at(moment);
    Ok(Some((list, Some(part))))
}

/// What a question needs, put together.
struct Laid {
    part: Part,
    /// What it was put together from, where that is kept.
    layers: Option<Layers>,
    /// What is to be written.
    upkeep: Upkeep,
}

/// What a question needs of a list and of the cells that lie over it, and what that was put
/// together from. What is held of earlier parts, of which `near` has a copy, is not read again: it
/// loses what is gone.
fn laid_over(
    cache: &Cache,
    (list, part): (&List, Option<&Part>),
    charter: &Charter,
    (needs, near): (Needs, Option<(Part, Arc<Derived>)>),
) -> Option<(Part, Layers)> {
    let (mut joining, mut needs) = (Joining::default(), needs);
    let near = near.and_then(|(part, near)| {
        let layers = near.layers.as_ref()?;
        Some((part, layers.count(), list.since(layers)?))
    });
    let first = match near {
        Some((mut part, count, gone)) => {
            part.retain(|cell| gone.get(cell as usize) == Some(&false));
            // What holds more stays so.
            needs = part.holds;
            joining.add(part);
            count
        }
        None => 0,
    };
    let mut joining = Some(joining);
    let read = |place: usize| list.parts.get(first + place)?.read(cache, needs);
    one_by_one(list.parts.len() - first, read, |part| {
        joining = joining.take().zip(part).map(|(mut joining, part)| {
            joining.add(part);
            joining
        });
    });
    let mut joining = joining?;
    if let Some(part) = part {
        joining.add(part.clone().only_needed(needs, &charter.calendar));
    }
    let layers = list.layers(part.map_or(0, |part| part.count));
    Some((joining.finish(&charter.calendar), layers))
}

/// Puts facts into the frame of their moment.
pub(crate) fn put_into(frame: Snapshot, snapshot: &mut Snapshot) {
    let mut observed = frame.observed;
    for source in &mut observed {
        source.source = snapshot.names.intern(frame.names.text(source.source));
    }
    snapshot.observed = observed;
    snapshot.seq = frame.seq;
    snapshot.set_aside = frame.set_aside;
    snapshot.packs = frame.packs;
    snapshot.erased_people = frame.erased_people;
}

/// The work was told to end; whoever told it says so better.
pub fn ended() -> Refusal {
    Refusal::new("E0466", "the question was ended before it was answered")
        .matters("there is no answer; nothing was changed")
        .fix("ask it again, for a shorter period or with fewer dimensions")
}

/// The moment that is derived, and the meanings it is derived under.
struct Moment<'a> {
    charter: &'a Charter,
    seq: Seq,
    /// The hash of that commit.
    commit: Vec<u8>,
    horizon: Instant,
}

/// Whether what is kept is of a later commit of this book, as where the newest one here is not that
/// of all.
fn is_of_later(ledger: &Ledger, cache: &Cache, moment: &Moment<'_>) -> Result<bool, Refusal> {
    let list = listed(cache, moment.charter, ledger)?;
    Ok(list.is_some_and(|list| list.seq > moment.seq))
}

/// The list of this charter, if it is of this book's own past: a book that was put back to an
/// earlier state may have a cache of what is not to come any more.
fn listed(cache: &Cache, charter: &Charter, ledger: &Ledger) -> Result<Option<List>, Refusal> {
    let Some(list) = List::read(cache).filter(|list| list.charter == charter.hash) else {
        return Ok(None);
    };
    let is_own = ledger.commit_hash(list.seq)? == list.commit;
    Ok(Some(list).filter(|_| is_own))
}

impl List {
    /// What is held of the present that these parts can be laid over.
    fn near(&self, held: &Held, needs: Needs) -> Option<Arc<Derived>> {
        held.near(&self.charter, needs, |layers| self.since(layers).is_some())
    }

    /// The cells that a change concerns, derived at a moment; `None` where that cannot be.
    fn renew(
        &self,
        (cache, most): (&Cache, &Most),
        change: Change,
        moment: &Moment<'_>,
    ) -> Option<Renewed> {
        let (charter, was) = (moment.charter, self.horizon);
        let sites = self
            .parts
            .iter()
            .flat_map(|kept| kept.sites.iter().cloned());
        let sites: Sites = sites.collect();
        let one_by_one = Parts {
            count: self.parts.len(),
            sites: &sites,
            read: &|place, choose| self.parts.get(place)?.read_some(cache, &most.cells, choose),
        };
        if let Some(renewed) = renew_each(&one_by_one, &change, charter, was, moment.horizon) {
            return Some(renewed);
        }
        if !most.is_whole {
            return None;
        }
        let read = |place: usize| self.parts.get(place)?.read(cache, Needs::All);
        let parts: Option<Vec<Part>> = at_once(self.parts.len(), read).into_iter().collect();
        let mut renewed = renew(&parts?, change, charter, was, moment.horizon)?;
        for (kept, gone) in self.parts.iter().zip(&mut renewed.gone) {
            *gone = kept.own(gone);
        }
        Some(renewed)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use handfast_kernels::journey::Pursuit;
    use handfast_model::question::{AsOf, Dimension, Entries, FunnelView, QuestionKind, Unit};
    use handfast_model::rules::{Expr, Subject};
    use handfast_model::{Day, Grain};
    use handfast_testkit::random;
    use handfast_testkit::{Ledger as Facts, sketch};

    use super::*;
    use crate::answer::{Asked, Pick, answer, reads};

    fn questions() -> Vec<Question> {
        let cohort = |entries, is_estimated| FunnelView::Cohort {
            entry: None,
            window_days: Some(9),
            entries,
            is_estimated,
            observed_from: None,
        };
        let kinds = [
            QuestionKind::Funnel(FunnelView::Flow),
            QuestionKind::Funnel(cohort(Entries::All, false)),
            QuestionKind::Funnel(cohort(Entries::First, true)),
            QuestionKind::Funnel(FunnelView::Snapshot {
                at: None,
                outcome_by: None,
            }),
            QuestionKind::Velocity { from: None },
            QuestionKind::Transitions,
            QuestionKind::Times {
                observed_from: None,
            },
            QuestionKind::Stale { at: None },
        ];
        let metrics = handfast_kernels::metric::SPECS.iter();
        let metrics = metrics.map(|spec| QuestionKind::Metric(spec.name.to_owned()));
        let bys = [
            vec![],
            vec![Dimension::Time(Grain::Month)],
            vec![Dimension::Team, Dimension::Rep],
            vec![Dimension::Time(Grain::Month), Dimension::Channel],
            vec![Dimension::ChannelLast, Dimension::Campaign],
            vec![Dimension::Rep, Dimension::Team, Dimension::Segment],
            vec![Dimension::Attribute(Subject::Person, "score".to_owned())],
            vec![Dimension::Attribute(Subject::Touch, "channel".to_owned())],
        ];
        let all = kinds.into_iter().chain(metrics);
        let questions = all.flat_map(|kind| bys.clone().map(|by| question(kind.clone(), by)));
        let of_units = |question: Question| {
            let is_metric = matches!(question.kind, QuestionKind::Metric(_));
            let units = Unit::ALL.into_iter().take(if is_metric { 1 } else { 4 });
            units.map(move |unit| Question {
                unit,
                ..question.clone()
            })
        };
        questions.flat_map(of_units).collect()
    }

    fn question(kind: QuestionKind, by: Vec<Dimension>) -> Question {
        Question {
            kind,
            by,
            filter: None,
            period: None,
            as_of: AsOf::Latest,
            known: Known::Recorded,
            charter: None,
            unit: Unit::Pursuit,
            currency: None,
        }
    }

    fn derived(mut part: Part, horizon: Instant) -> Derived {
        put_into(Snapshot::default(), &mut part.snapshot);
        Derived::new(part, (horizon, 0))
    }

    #[test]
    fn a_spine_its_bones_and_their_frame_give_the_answers_of_all_facts() {
        let brand = "attribute touch.touch text
            brand direct when touch.touch = 'demo'
            brand activity when touch.touch = 'mail'";
        let charter = sketch::charter(&format!("{}\n{brand}", random::CHARTER)).unwrap();
        let horizon = charter.calendar.start_of(Day(20_200));
        let (mut left_out, mut compared, mut listed) = ([0; 3], [0; 3], 0);
        for seed in 0..60 {
            let mut lines = random::lines(seed);
            lines.extend(random::identity_lines(seed));
            let more = (1..9).flat_map(|more| random::lines(1_000 * more + seed));
            lines.extend(more.filter(|line| line.contains("touch")));
            let facts = Facts::read(&lines.join("\n"), &charter.calendar).unwrap();
            let whole = Part::of(facts.snapshot, &charter, horizon);
            let (bones, flesh) = whole
                .clone()
                .into_spine(&charter.calendar)
                .into_bones(&charter.calendar);
            let (frame, joints) = bones.into_frame(&charter.calendar);
            let [frame, joints, flesh] = flesh::write(&frame, &joints, &flesh);
            let spine = flesh::read(&frame, &joints, &flesh).unwrap();
            let bones = flesh::read_bones(&frame, &joints).unwrap().0;
            let frame = codec::read(&frame).unwrap();
            let facts = [&whole, &spine, &bones, &frame].map(|part| part.snapshot.facts.len());
            for (left_out, few) in left_out.iter_mut().zip(facts.windows(2)) {
                *left_out += few[0] - few[1];
            }
            let less = [spine, bones, frame].map(|part| derived(part, horizon));
            let whole = derived(whole, horizon);
            for question in questions() {
                let ask = |derived: &Derived, pick: Option<&Pick>| {
                    let asked = Asked {
                        derived,
                        charter: &charter,
                        question: &question,
                        filter: None,
                        people: Vec::new(),
                    };
                    answer(asked, pick)
                };
                let told = ask(&whole, None);
                let last = told.as_ref().ok().and_then(|told| told.columns.last());
                let last = last.filter(|_| question.by.is_empty() && seed % 4 == 0);
                let pick = last.map(|column| Pick {
                    column: column.id.clone(),
                    row: Vec::new(),
                });
                for pick in [None].into_iter().chain(pick.as_ref().map(Some)) {
                    let needs = reads(&question, &charter, None, pick);
                    for (less, compared) in less.iter().zip(&mut compared) {
                        if less.holds(needs) {
                            *compared += 1;
                            listed += usize::from(pick.is_some());
                            let (less, whole) = (ask(less, pick), ask(&whole, pick));
                            let [less, whole] = [less, whole].map(|told| format!("{told:?}"));
                            assert_eq!(less, whole, "seed {seed}: {question:?} {pick:?}");
                        }
                    }
                }
            }
        }
        assert!(
            left_out.iter().all(|count| *count > 100)
                && compared.iter().all(|count| *count > 1_000)
                && listed > 100,
            "{left_out:?} left out, {compared:?} compared, {listed} lists"
        );
    }

    #[test]
    fn what_is_of_a_team_is_the_same_however_much_of_the_facts_is_there() {
        let charter = sketch::charter(random::CHARTER).unwrap();
        let horizon = charter.calendar.start_of(Day(20_270));
        let (mut compared, mut cut, mut gone) = (0, [0; 2], 0);
        for seed in 0..20 {
            let mut lines = random::lines(seed);
            let more = (1..5).flat_map(|more| random::lines(1_000 * more + seed));
            lines.extend(more);
            let facts = Facts::read(&lines.join("\n"), &charter.calendar).unwrap();
            let whole = Part::of(facts.snapshot, &charter, horizon);
            let names = &whole.snapshot.names;
            // The slow road: who had each pursuit last, by its stays.
            let owner = |pursuit: &Pursuit| {
                let stays = pursuit.visits.iter().filter(|stay| !stay.is_implied);
                let there = pursuit.visits.iter().find(|stay| stay.left.is_none());
                let last = there.or_else(|| stays.max_by_key(|stay| stay.entered.at));
                last.and_then(|stay| stay.team)
                    .map(|team| names.text(team).to_owned())
            };
            let teams = ["inside".to_owned()];
            let is_own = |one: &&Pursuit| owner(one).as_deref() == Some("inside");
            let own: Vec<_> = whole.journeys.pursuits.iter().filter(is_own).collect();
            let levels = [Needs::All, Needs::Spine, Needs::Bones, Needs::Frame];
            let parts = levels.map(|needs| {
                let part = whole.clone().only_needed(needs, &charter.calendar);
                part.of_teams(&teams, &charter, horizon)
            });
            for part in &parts {
                let ids: Vec<_> = part.journeys.pursuits.iter().map(|one| one.id).collect();
                assert_eq!(ids, own.iter().map(|one| one.id).collect::<Vec<_>>());
                assert_eq!(part.fact_count(), whole.fact_count(), "seed {seed}");
            }
            // Touches are those of the whole, wherever the facts stand now; some may be gone.
            let touches = |part: &Part, one: &Pursuit| -> Vec<_> {
                let facts = &part.snapshot.facts;
                let touches = one.touches.iter();
                touches.map(|at| facts[*at as usize].id).collect()
            };
            for (kept, of_all) in parts[0].journeys.pursuits.iter().zip(&own) {
                let (kept, of_all) = (touches(&parts[0], kept), touches(&whole, of_all));
                assert!(kept.iter().all(|one| of_all.contains(one)), "seed {seed}");
                assert_eq!(kept.last(), of_all.last(), "seed {seed}");
                gone += of_all.len() - kept.len();
            }
            let deals = own.iter().filter(|one| one.deal.is_some()).count();
            assert_eq!(parts[0].journeys.deals.len(), deals, "seed {seed}");
            cut[0] += usize::from(!own.is_empty());
            cut[1] += usize::from(own.len() < whole.journeys.pursuits.len());
            let [all, less @ ..] = parts.map(|part| derived(part, horizon));
            for question in questions() {
                let ask = |derived: &Derived| {
                    let asked = Asked {
                        derived,
                        charter: &charter,
                        question: &question,
                        filter: None,
                        people: Vec::new(),
                    };
                    format!("{:?}", answer(asked, None))
                };
                let needs = reads(&question, &charter, None, None);
                for less in less.iter().filter(|less| less.holds(needs)) {
                    compared += 1;
                    assert_eq!(ask(less), ask(&all), "seed {seed}: {question:?}");
                }
            }
        }
        assert!(
            compared > 1_000 && gone > 0 && cut.iter().all(|count| *count > 5),
            "{compared} {cut:?} {gone}"
        );
    }

    #[test]
    fn who_counts_touches_needs_all_of_them() {
        let charter = sketch::charter(random::CHARTER).unwrap();
        let flow = question(QuestionKind::Funnel(FunnelView::Flow), Vec::new());
        let touches = Expr::Not(Box::new(Expr::Touches {
            kind: None,
            days: None,
        }));
        let needs = |filter| reads(&flow, &charter, filter, None);
        assert_eq!(needs(None), Needs::Frame);
        assert_eq!(needs(Some(&touches)), Needs::All);
        let of_deals = Question {
            unit: Unit::Deal,
            ..flow.clone()
        };
        let of_deals = reads(&of_deals, &charter, None, None);
        assert_eq!(of_deals, Needs::Bones);
        let health = question(QuestionKind::Health, Vec::new());
        assert_eq!(reads(&health, &charter, None, None), Needs::All);
    }
}
