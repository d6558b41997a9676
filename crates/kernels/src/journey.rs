//! From facts to journeys: who is the buyer, when a pursuit opens and ends, which stages it was in.
//!
//! A buyer's facts are walked once in fact order. This module knows how facts attach to pursuits;
//! it refuses to know what is counted over them (see `funnel`) and takes every label's meaning
//! from the charter. How accepted placements become visits is told in `stage`.

mod clock;
mod deals;
mod draft;
mod events;
mod finish;
pub(crate) mod join;
mod moves;
mod owners;
mod people;
mod rules;
mod walk;
mod words;

use std::collections::HashMap;

use handfast_model::fact::{FactKind, Snapshot};
use handfast_model::id::{FactId, PersonId, Sym};
use handfast_model::rules::{StepIx, StepRole};
use handfast_model::{Calendar, Charter, Fact, Instant, Issue, When, planted};

use crate::quick::QuickSet;

use clock::Clock;
use deals::DealBook;
use draft::Standing;
use events::{Desk, Play, What};
use owners::Owners;
use people::People;
use rules::{Before, Memory, Rules};
use walk::{Walk, Walked};
use words::Words;

pub use owners::{Ownership, Teams};
pub(crate) use words::Marks;

/// The version of this kernel; a change of any number it gives is a new version.
pub const VERSION: u32 = 6;

/// A claimed time and where it sorts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Moment {
    /// What the source claims.
    pub when: When,
    /// Where it sorts; `None` for an undated moment.
    pub at: Option<Instant>,
}

impl Moment {
    /// A moment without a time.
    pub const UNDATED: Moment = Moment {
        when: When::Unknown,
        at: None,
    };

    /// A start: a day sorts at its first microsecond.
    pub fn start(when: When, calendar: &Calendar) -> Moment {
        Moment {
            when,
            at: when.start(calendar),
        }
    }

    /// A close: a day sorts at its last microsecond, so that same-day touches precede it.
    pub fn close(when: When, calendar: &Calendar) -> Moment {
        Moment {
            when,
            at: planted!(CloseAtDayStart, when.end(calendar), when.start(calendar)),
        }
    }
}

/// Who may buy.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Buyer {
    /// A customer company.
    Account(Sym),
    /// A person of no known account.
    Person(PersonId),
    /// A deal of no known account and person stands for its buyer.
    Deal(Sym),
}

/// One attempt to win one buyer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pursuit {
    /// The opening fact; no other pursuit is opened by it.
    pub id: FactId,
    /// Whom it tries to win.
    pub buyer: Buyer,
    /// When it opened.
    pub opened: Moment,
    /// How it ended; `None` while open.
    pub end: Option<End>,
    /// Its people, the opener first.
    pub people: Vec<PersonId>,
    /// Its account, from the buyer or the deal.
    pub account: Option<Sym>,
    /// Its deal, as an index into [`Journeys::deals`].
    pub deal: Option<u32>,
    /// Its touches, as indexes into the snapshot's facts, in fact order.
    pub touches: Vec<u32>,
    /// The touch it came from: the one that opened it, else the first of the same instant, else
    /// the opener's latest touch before it that belongs to no pursuit, else the first in it.
    pub entry_touch: Option<u32>,
    /// Its stays in stages, in path order.
    pub visits: Vec<Visit>,
    /// When silence would end it; `None` when it has ended or the charter knows no dormancy.
    pub silent_at: Option<Instant>,
}

impl Pursuit {
    /// The visit it was in at a moment: of those that had begun, the latest; before all of them the
    /// first. Undated visits hold where no dated one had begun.
    pub fn visit_at(&self, at: Option<Instant>) -> Option<&Visit> {
        let begun = self.visits.iter().filter(|visit| visit.entered.at <= at);
        let latest = begun.max_by_key(|visit| visit.entered.at);
        latest.or(self.visits.first())
    }

    /// The stay that says whose it is now: the one that it is in, else of those that were not just
    /// implied the one that began last.
    pub fn last_stay(&self) -> Option<&Visit> {
        let is_there = |visit: &&Visit| visit.left_by == LeftBy::StillThere;
        let stays = || self.visits.iter().filter(|visit| !visit.is_implied);
        let there = self.visits.iter().find(is_there);
        there.or_else(|| stays().max_by_key(|visit| visit.entered.at))
    }
}

/// How a pursuit ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct End {
    /// Won, lost, disqualified or dormant.
    pub role: StepRole,
    /// The charter's step for it, if it has one.
    pub step: Option<StepIx>,
    /// The claimed time of the end, which contradictions may put before the opening.
    pub moment: Moment,
    /// The fact that says so; `None` for silence.
    pub fact: Option<u32>,
}

/// One stay of a pursuit in a step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Visit {
    /// The step.
    pub step: StepIx,
    /// The claimed time of entry.
    pub entered: Moment,
    /// When it was left, never before `entered`; `None` while there.
    pub left: Option<Moment>,
    /// What took it away.
    pub left_by: LeftBy,
    /// Whether only a later step's entry says so.
    pub is_implied: bool,
    /// The rep who owned it at entry.
    pub rep: Option<Sym>,
    /// That rep's team at entry.
    pub team: Option<Sym>,
    /// The fact that shows the entry.
    pub evidence: Option<u32>,
}

/// What took a pursuit out of a step.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum LeftBy {
    /// To a later step of the path.
    Advanced,
    /// Never stayed: a later step implies it.
    SkippedTo,
    /// To an earlier step, or out by the exit rule.
    Back,
    /// To a detour.
    Recycled,
    /// The pursuit was lost.
    Lost,
    /// The pursuit turned out to be none.
    Disqualified,
    /// Silence.
    Dormant,
    /// The pursuit was won.
    Won,
    /// Not left.
    StillThere,
}

impl LeftBy {
    /// All ways, in the order of answers.
    pub const ALL: [LeftBy; 9] = [
        LeftBy::Advanced,
        LeftBy::SkippedTo,
        LeftBy::Back,
        LeftBy::Recycled,
        LeftBy::Lost,
        LeftBy::Disqualified,
        LeftBy::Dormant,
        LeftBy::Won,
        LeftBy::StillThere,
    ];

    /// The word used in answers.
    pub fn word(self) -> &'static str {
        match self {
            LeftBy::Advanced => "advanced",
            LeftBy::SkippedTo => "skipped_to",
            LeftBy::Back => "back",
            LeftBy::Recycled => "recycled",
            LeftBy::Lost => "lost",
            LeftBy::Disqualified => "disqualified",
            LeftBy::Dormant => "dormant",
            LeftBy::Won => "won",
            LeftBy::StillThere => "still_there",
        }
    }
}

/// A deal and the pursuit that carries it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deal {
    /// Its key.
    pub key: Sym,
    /// Its account, the latest named.
    pub account: Option<Sym>,
    /// The person it was converted from, by explicit link.
    pub person: Option<PersonId>,
    /// Its deal facts in fact order, as indexes into the snapshot's facts.
    pub versions: Vec<u32>,
    /// When it was created; undated where the first that is known of it is its end.
    pub created: Moment,
    /// When it was created, else the first that is known of it.
    pub known_from: Moment,
    /// When it ended; `None` while open.
    pub closed: Option<Moment>,
    /// How it ended; `None` while open.
    pub outcome: Option<StepRole>,
    /// Its pursuit, as an index into [`Journeys::pursuits`].
    pub pursuit: u32,
}

/// A lead: a person from the first person fact on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lead {
    /// The person.
    pub person: PersonId,
    /// When the lead was created.
    pub created: Moment,
    /// The first person fact.
    pub fact: u32,
    /// The first pursuit it opened or joined from its creation on, if any, as an index into
    /// [`Journeys::pursuits`].
    pub pursuit: Option<u32>,
    /// The first assignment to a rep (a queue is none), as a fact index.
    pub assigned: Option<u32>,
    /// The first touch by sales, as a fact index.
    pub worked: Option<u32>,
}

/// Everything that counting rests on.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Journeys {
    /// In order of opening, then id.
    pub pursuits: Vec<Pursuit>,
    /// In order of `known_from`, then key.
    pub deals: Vec<Deal>,
    /// In order of creation, then fact.
    pub leads: Vec<Lead>,
    /// In order of code, then fact.
    pub issues: Vec<Issue>,
}

/// What is known, what words mean, and up to when the sources show everything.
#[derive(Clone, Copy, Debug)]
pub struct World<'a> {
    /// The facts, in fact order.
    pub snapshot: &'a Snapshot,
    /// The meanings.
    pub charter: &'a Charter,
    /// Silence after this instant says nothing.
    pub horizon: Instant,
}

/// A day, in which some zone is always ahead of another and clocks are skewed.
const DAY: i64 = 86_400_000_000;

/// Whether a moment that a fact claims has not come yet: it is not before the horizon, and was
/// still to come when the fact was recorded. What one source shows later than another is not, nor
/// is the team that a rep will be in, which holds from its day on.
pub fn is_ahead(fact: &Fact, at: Option<Instant>, horizon: Instant) -> bool {
    at.is_some_and(|at| at >= ahead_from(fact, horizon)) && fact.kind != FactKind::Rep
}

/// The first moment that a fact may claim and that has not come yet.
pub fn ahead_from(fact: &Fact, horizon: Instant) -> Instant {
    let learned = fact.recorded_at.0.saturating_add(DAY);
    horizon.max(Instant(learned.saturating_add(1)))
}

/// A touch as counters of rules see it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Contact {
    /// The touch, as an index into the snapshot's facts.
    pub fact: u32,
    /// From when on it counts: its own time, else where its subject begins.
    pub at: Option<Instant>,
    /// Its claimed time, which a window looks at; `None` of an undated one, which is in no window.
    pub claimed: Option<Instant>,
    /// Its kind.
    pub kind: Option<Sym>,
}

/// All touches of each buyer, in order of play: what `touches()` counts in a rule, whether they
/// belong to a pursuit or not.
pub fn contacts(world: &World<'_>) -> HashMap<Buyer, Vec<Contact>> {
    let words = Words::of(world.snapshot, world.charter);
    let clock = Clock::of(world);
    let desk = Desk {
        world,
        words: &words,
        clock: &clock,
        people: &People::of(world.snapshot, &words, &clock),
        deals: &DealBook::of(world, &words, &clock),
        has_rules: false,
    };
    let play = Play::of(&desk);
    let mut contacts: HashMap<Buyer, Vec<Contact>> = HashMap::new();
    for event in play.events.iter().filter(|event| event.what == What::Touch) {
        let fact = world.snapshot.facts.get(event.fact as usize);
        let buyer = play.buyers.get(event.buyer.0 as usize);
        if let (Some(fact), Some(buyer)) = (fact, buyer) {
            contacts.entry(*buyer).or_default().push(Contact {
                fact: event.fact,
                at: event.at,
                claimed: clock.start(event.fact),
                kind: words.touch_kind(fact),
            });
        }
    }
    contacts
}

/// Derives all pursuits with their visits.
///
/// Takes    a snapshot in fact order and a checked charter.
/// Gives    every deal in exactly one pursuit, every pursuit with its visits in path order.
/// Law      facts recorded later under other subjects change nothing; no visit is left before it
///          is entered; the numbering of symbols changes nothing.
/// Ahead    what is of a day that has not come is told, and nothing is made of it.
/// Issues   contradictions and undated, assumed or unknown marks; nothing is dropped silently.
/// Cost     one sort of the events; linear otherwise, also for an account with thousands of deals.
pub fn derive(world: &World<'_>) -> Journeys {
    let words = Words::of(world.snapshot, world.charter);
    let clock = Clock::of(world);
    let people = People::of(world.snapshot, &words, &clock);
    let deals = DealBook::of(world, &words, &clock);
    let owners = Owners::of(world, &words, &clock);
    let rules = Rules::of(world.charter, &world.snapshot.names);
    let desk = Desk {
        world,
        words: &words,
        clock: &clock,
        people: &people,
        deals: &deals,
        has_rules: !rules.is_empty(),
    };
    let play = Play::of(&desk);
    let mut walked = Walked {
        of_deal: vec![None; deals.len()],
        of_lead: vec![None; people.len()],
        issues: play.issues,
        ..Walked::default()
    };
    for events in play.events.chunk_by(|a, b| a.buyer == b.buyer) {
        let buyer = events
            .first()
            .and_then(|event| play.buyers.get(event.buyer.0 as usize));
        if let Some(&buyer) = buyer {
            let mut walk = Walk {
                desk: &desk,
                rules: &rules,
                buyer,
                out: &mut walked,
                standing: Standing::default(),
                waiting: QuickSet::default(),
                memory: Memory::default(),
                before: Before::default(),
            };
            walk.run(events);
        }
    }
    finish::journeys(&desk, &owners, walked)
}
