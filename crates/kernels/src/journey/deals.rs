//! What the facts say about each deal, before it is known which pursuit carries it.

use crate::quick::Quick;

use handfast_model::fact::{FactKind, Origin};
use handfast_model::id::{PersonId, RecordKey, Sym};
use handfast_model::rules::StepRole;
use handfast_model::{Calendar, Fact, Instant, When, planted};

use super::clock::Clock;
use super::words::{About, Status, Words};
use super::{Moment, World, is_ahead};

/// A deal by number, dense from 0 in order of first mention.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct DealIx(pub(super) u32);

/// A change of a deal's status that no mark tells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn {
    /// Won or lost; `None` = open again.
    pub(super) role: Option<StepRole>,
    /// The claimed time.
    pub(super) moment: Moment,
    /// The deal fact that says so.
    pub(super) fact: u32,
    /// Whether it is the deal's present state, which no earlier claim can undo.
    pub(super) is_final: bool,
}

/// One deal's facts.
pub(super) struct DealFacts {
    pub(super) key: Sym,
    pub(super) account: Option<Sym>,
    /// The explicit conversion link: the first person named.
    pub(super) person: Option<PersonId>,
    /// People with a role in it, by link facts, in fact order.
    pub(super) roles: Vec<PersonId>,
    pub(super) versions: Vec<u32>,
    pub(super) marks: Vec<u32>,
    /// Its creation, else the first that is known of it.
    pub(super) created: Moment,
    /// Whether that is its creation: what is first known may be its end.
    pub(super) is_creation_known: bool,
    /// When it joins or opens a pursuit: its creation or its first mark short of an end.
    pub(super) opens: Moment,
    /// Where its last dated mark sorts.
    pub(super) last_mark: Option<Instant>,
    pub(super) turns: Vec<Turn>,
    /// The deal facts that tell of a turn on a day that has not come.
    pub(super) ahead: Vec<u32>,
    /// Whether marks or a status say how it stands, be it open or ended.
    pub(super) speaks: bool,
    /// Its present end as claimed; `None` while open.
    pub(super) ended: Option<Moment>,
}

/// All deals.
pub(super) struct DealBook {
    index: Quick<Sym, DealIx>,
    deals: Vec<DealFacts>,
}

impl DealBook {
    pub(super) fn of(world: &World<'_>, words: &Words, clock: &Clock<'_>) -> DealBook {
        let snapshot = world.snapshot;
        let mut book = DealBook {
            index: Quick::default(),
            deals: Vec::new(),
        };
        let facts = || {
            (0u32..)
                .zip(&snapshot.facts)
                .filter(|(at, _)| !clock.is_ahead(*at))
        };
        for (index, fact) in facts() {
            let is_mark = fact.kind == FactKind::Mark && words.about(fact) == Some(About::Deal);
            if let (Some(key), true) = (fact.deal, is_mark || fact.kind == FactKind::Deal) {
                let deal = book.learn(key);
                if let Some(deal) = book.deals.get_mut(deal.0 as usize) {
                    deal.note(index, fact);
                }
            }
        }
        for (_, fact) in facts() {
            if let (FactKind::Link, Some(key), Some(person)) = (fact.kind, fact.deal, fact.person)
                && let Some(deal) = book.ix(key)
                && let Some(deal) = book.deals.get_mut(deal.0 as usize)
            {
                deal.roles.push(person);
            }
        }
        for deal in &mut book.deals {
            deal.settle(world, words, clock);
        }
        book
    }

    pub(super) fn ix(&self, key: Sym) -> Option<DealIx> {
        self.index.get(&key).copied()
    }

    pub(super) fn get(&self, deal: DealIx) -> Option<&DealFacts> {
        self.deals.get(deal.0 as usize)
    }

    pub(super) fn len(&self) -> usize {
        self.deals.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (DealIx, &DealFacts)> {
        (0u32..).map(DealIx).zip(&self.deals)
    }

    fn learn(&mut self, key: Sym) -> DealIx {
        let next = DealIx(u32::try_from(self.deals.len()).unwrap_or(u32::MAX));
        let ix = *self.index.entry(key).or_insert(next);
        if ix == next {
            self.deals.push(DealFacts {
                key,
                account: None,
                person: None,
                roles: Vec::new(),
                versions: Vec::new(),
                marks: Vec::new(),
                created: Moment::UNDATED,
                is_creation_known: true,
                opens: Moment::UNDATED,
                last_mark: None,
                turns: Vec::new(),
                ahead: Vec::new(),
                speaks: false,
                ended: None,
            });
        }
        ix
    }
}

impl DealFacts {
    fn note(&mut self, index: u32, fact: &Fact) {
        self.account = fact.account.or(self.account);
        self.person = self.person.or(fact.person);
        match fact.kind {
            FactKind::Deal => self.versions.push(index),
            _ => self.marks.push(index),
        }
    }

    /// The fact that the deal opens a pursuit with.
    pub(super) fn first_fact(&self) -> Option<u32> {
        self.versions.first().or(self.marks.first()).copied()
    }

    fn settle(&mut self, world: &World<'_>, words: &Words, clock: &Clock<'_>) {
        let (facts, charter) = (&world.snapshot.facts, world.charter);
        let calendar = clock.calendar;
        let created = self.said_created(facts, words);
        let first = self.versions.first().map(|first| clock.moment(*first));
        self.created = match created {
            Some(created) => Moment::start(created, calendar),
            None => first.unwrap_or(Moment::UNDATED),
        };
        self.opens = self.created;
        let (mut ends, mut marked_end) = (Vec::new(), None);
        let mut first_end = Moment::UNDATED;
        for index in &self.marks {
            let Some(fact) = facts.get(*index as usize) else {
                continue;
            };
            let moment = clock.moment(*index);
            let role = words
                .step(fact, moment.at)
                .and_then(|step| charter.steps.get(usize::from(step.0)))
                .map(|step| step.role);
            self.last_mark = self.last_mark.max(moment.at);
            match role {
                Some(role) if role.is_end() => {
                    let close = Moment::close(fact.happened, calendar);
                    if is_earlier(moment, first_end) {
                        first_end = moment;
                    }
                    ends.push(role);
                    marked_end = Some(close);
                }
                Some(_) => {
                    if is_earlier(moment, self.opens) {
                        self.opens = moment;
                    }
                    marked_end = None;
                }
                None => {}
            }
        }
        if self.versions.is_empty() {
            // Known by marks alone: the first of them is all there is of a creation.
            if self.opens.at.is_none() {
                self.opens = first_end;
                self.is_creation_known = false;
            }
            self.created = self.opens;
        }
        self.turns = self.read_turns(world, words, (clock, &ends));
        let by_status = self.turns.last().filter(|turn| turn.role.is_some());
        self.ended = by_status.map(|turn| turn.moment).or(marked_end);
        self.is_creation_known &= created.is_some() || !self.begins_with_its_end(facts, words);
        let versions = self.versions.iter().filter_map(|v| facts.get(*v as usize));
        let has_status = versions
            .filter_map(|fact| words.status(fact))
            .next()
            .is_some();
        self.speaks = has_status || !self.marks.is_empty();
    }

    /// The creation that the first record to give one says last: a later version corrects it.
    fn said_created(&self, facts: &[Fact], words: &Words) -> Option<When> {
        let said = self.versions.iter().filter_map(|index| {
            let fact = facts.get(*index as usize)?;
            Some((fact.origin, words.created(fact)?))
        });
        let record = |origin: &Origin| (origin.source, origin.stream, origin.key, origin.ordinal);
        let first = said.clone().next().map(|(origin, _)| record(&origin))?;
        let own = said.filter(|(origin, _)| record(origin) == first);
        let last = own.max_by_key(|(origin, _)| origin.version);
        last.map(|(_, created)| created)
    }

    /// Whether the first that is known of it is its end, at that moment.
    fn begins_with_its_end(&self, facts: &[Fact], words: &Words) -> bool {
        let first = self.versions.first();
        first
            .and_then(|first| facts.get(*first as usize))
            .is_some_and(|fact| {
                let has_ended = words.status(fact).is_some_and(|s| s != Status::Open);
                has_ended && words.closed(fact) == Some(fact.happened)
            })
    }

    /// The versions whose status holds at some moment, in fact order: a record's later version
    /// that gives a status from the same or an earlier moment corrects the earlier one, which
    /// never held.
    fn standing(&self, facts: &[Fact], words: &Words, clock: &Clock<'_>) -> Vec<u32> {
        let mut said: Vec<(RecordKey, u16, i64, u32)> = Vec::new();
        for index in &self.versions {
            if let Some(fact) = facts.get(*index as usize)
                && words.status(fact).is_some()
            {
                let origin = &fact.origin;
                said.push((origin.key, origin.ordinal, origin.version, *index));
            }
        }
        said.sort_unstable_by(|a, b| b.cmp(a));
        let mut standing: Vec<u32> = Vec::new();
        let mut later: Option<(RecordKey, u16, Option<Instant>)> = None;
        for (key, ordinal, _, index) in said {
            let at = clock.moment(index).at;
            match later {
                Some((same, part, from))
                    if (same, part) == (key, ordinal)
                        && planted!(CorrectionAdds, from <= at, false) => {}
                _ => {
                    standing.push(index);
                    later = Some((key, ordinal, at));
                }
            }
        }
        standing.sort_unstable();
        standing
    }

    /// Wins, losses and reopenings by status. Where marks tell an end, marks are right.
    fn read_turns(
        &mut self,
        world: &World<'_>,
        words: &Words,
        (clock, marked): (&Clock<'_>, &[StepRole]),
    ) -> Vec<Turn> {
        let (facts, calendar) = (&world.snapshot.facts, &world.charter.calendar);
        let mut turns: Vec<Turn> = Vec::new();
        let mut state = Status::Open;
        let standing = self.standing(facts, words, clock);
        let first = standing.first();
        for index in &standing {
            let Some(fact) = facts.get(*index as usize) else {
                continue;
            };
            let Some(status) = words.status(fact) else {
                continue;
            };
            let closed = words.closed(fact);
            if status != state {
                let is_first = Some(index) == first;
                // Only a later version's own time tells when the status changed.
                let changed = if is_first {
                    When::Unknown
                } else {
                    fact.happened
                };
                let (role, moment) = turned(status, closed, changed, calendar);
                turns.push(Turn {
                    role,
                    moment,
                    fact: *index,
                    is_final: false,
                });
            } else if let (Some(turn), Some(when)) = (turns.last_mut(), closed)
                && turn.role.is_some()
            {
                turn.moment = Moment::close(when, calendar);
            }
            state = status;
        }
        let to_come = |turn: &Turn| {
            let fact = facts.get(turn.fact as usize);
            fact.is_some_and(|fact| is_ahead(fact, turn.moment.at, world.horizon))
        };
        let ahead = turns.iter().filter(|turn| to_come(turn));
        self.ahead = ahead.map(|turn| turn.fact).collect();
        turns.retain(|turn| !to_come(turn));
        if let Some(turn) = turns.last_mut() {
            turn.is_final = true;
        }
        turns.retain(|turn| match turn.role {
            Some(StepRole::Won) => !marked.contains(&StepRole::Won),
            Some(_) => !marked
                .iter()
                .any(|role| matches!(role, StepRole::Lost | StepRole::Disqualified)),
            None => true,
        });
        turns
    }
}

/// What a change of status does, and when: an end at its close date, else when it was seen.
fn turned(
    status: Status,
    closed: Option<When>,
    changed: When,
    calendar: &Calendar,
) -> (Option<StepRole>, Moment) {
    let close = || Moment::close(closed.unwrap_or(changed), calendar);
    match status {
        Status::Open => (None, Moment::start(changed, calendar)),
        Status::Won => (Some(StepRole::Won), close()),
        Status::Lost => (Some(StepRole::Lost), close()),
    }
}

/// Whether a dated moment comes before another one, or the other one is undated.
fn is_earlier(new: Moment, old: Moment) -> bool {
    new.at.is_some() && (old.at.is_none() || new.at < old.at)
}
