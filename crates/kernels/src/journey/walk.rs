//! The walk over one buyer's events: opening, attaching, moving, ending, reopening, falling silent.
//!
//! Which open pursuit a fact belongs to is decided here; whether a move is made, in `moves`.
//! All look-ups take the earliest opened pursuit.

use handfast_model::rules::{StepIx, StepRole};
use handfast_model::{Fact, Instant, Issue, IssueCode, When, planted};

use super::deals::{DealIx, Turn};
use super::draft::{Draft, DraftIx, Drafts, Placer, Standing};
use super::events::{Desk, Event, What, mark_moment};
use super::moves::Move;
use super::people::PersonIx;
use super::rules::{Before, Memory, Rules};
use super::words::About;
use super::{Buyer, LeftBy, Moment};
use crate::quick::{Quick, QuickSet};
use crate::stage::{self, Place};

/// What the walk leaves behind.
#[derive(Default)]
pub(super) struct Walked {
    pub(super) drafts: Drafts,
    /// The pursuit of each deal, by number.
    pub(super) of_deal: Vec<Option<DraftIx>>,
    /// The first pursuit that each lead opened or joined, by number.
    pub(super) of_lead: Vec<Option<DraftIx>>,
    pub(super) issues: Vec<Issue>,
    /// Where silence ends, by the instant it starts: most facts share their day with others.
    pub(super) dues: Quick<Instant, Instant>,
}

/// Enough for every day of a century; instants beyond that are worked out each time.
const DUES_KEPT: usize = 40_000;

/// The walk of one buyer.
pub(super) struct Walk<'a> {
    pub(super) desk: &'a Desk<'a>,
    pub(super) rules: &'a Rules<'a>,
    pub(super) buyer: Buyer,
    pub(super) out: &'a mut Walked,
    pub(super) standing: Standing,
    /// Leads that have no pursuit yet: the first one they join is theirs.
    pub(super) waiting: QuickSet<PersonIx>,
    pub(super) memory: Memory,
    /// Lists for what held before an instant.
    pub(super) before: Before,
}

impl<'a> Walk<'a> {
    /// Plays all events of the buyer, then lets silence take effect up to the horizon.
    pub(super) fn run(&mut self, events: &[Event]) {
        for instant in events.chunk_by(|a, b| a.at == b.at) {
            if let Some(at) = instant.first().and_then(|event| event.at) {
                self.fall_silent(at.min(self.desk.world.horizon));
            }
            let before = self.look_before(instant);
            for event in instant {
                self.play(event);
            }
            self.look_after(instant, before);
        }
        let horizon = self.desk.world.horizon;
        self.fall_silent(planted!(SilenceUnseen, horizon, Instant(i64::MAX)));
    }

    pub(super) fn fact(&self, index: u32) -> Option<&'a Fact> {
        self.desk.world.snapshot.facts.get(index as usize)
    }

    fn play(&mut self, event: &Event) {
        let Some(fact) = self.fact(event.fact) else {
            return;
        };
        match event.what {
            What::State => self.memory.learn(self.desk, event.fact, fact),
            What::Lead(person) => self.lead(event, fact, person),
            What::Touch => self.touch(event, fact),
            What::Deal(deal) => self.deal(event, deal),
            What::Mark(step) => self.mark(event, fact, step),
            What::Turn(deal, number) => {
                let turns = self.desk.deals.get(deal).map(|deal| &deal.turns);
                if let Some(turn) = turns.and_then(|turns| turns.get(number as usize)) {
                    self.turn(event, deal, turn);
                }
            }
        }
    }

    fn lead(&mut self, event: &Event, fact: &Fact, person: PersonIx) {
        let moment = self.desk.clock.moment(event.fact);
        let opening = self.desk.world.charter.opening_at(moment.at);
        self.waiting.insert(person);
        match self.standing.first() {
            Some(pursuit) => self.join(pursuit, person),
            None if opening.by_lead => {
                self.open(event, moment, Some(person));
            }
            None => {}
        }
        self.note_assumed(event, fact);
    }

    fn touch(&mut self, event: &Event, fact: &Fact) {
        let person = self.desk.people.of_fact(event.fact);
        let deal = fact.deal.and_then(|key| self.desk.deals.ix(key));
        let of_deal = deal.and_then(|deal| self.of_deal(deal));
        let pursuit = of_deal
            .filter(|ix| {
                self.out
                    .drafts
                    .get(*ix)
                    .is_some_and(|draft| draft.end.is_none())
            })
            .or_else(|| self.standing.first_of(person?))
            .or_else(|| self.standing.first());
        let pursuit = match pursuit {
            None if self
                .desk
                .words
                .opens(fact, self.desk.clock.start(event.fact)) =>
            {
                let moment = self.desk.clock.moment(event.fact);
                let opened = self.open(event, moment, person);
                if let Some(draft) = opened.and_then(|ix| self.out.drafts.get_mut(ix)) {
                    draft.entry_touch = None;
                }
                opened
            }
            found => found,
        };
        let kind = self.desk.words.touch_kind(fact);
        self.memory
            .note_touch(self.rules, kind, self.desk.clock.start(event.fact));
        let Some(pursuit) = pursuit else {
            self.standing.loose.insert(person, event.fact);
            self.standing.loose.insert(None, event.fact);
            return;
        };
        if let Some(draft) = self.out.drafts.get_mut(pursuit) {
            let is_first = draft.touches.is_empty();
            let came_with_it = is_first && event.at.is_some() && event.at == draft.opened.at;
            if planted!(LastTouch, draft.entry_touch.is_none() || came_with_it, true) {
                draft.entry_touch = Some(event.fact);
            }
            draft.touches.push(event.fact);
        }
        if self.desk.words.is_two_way(fact) {
            self.stir(pursuit, event.at);
        }
    }

    /// Attaches a deal to its buyer's free pursuit, else to its own. Explicit link, account and
    /// contact role, in this order, said who the buyer is.
    fn deal(&mut self, event: &Event, ix: DealIx) {
        let Some(deal) = self.desk.deals.get(ix) else {
            return;
        };
        let person = deal.person.and_then(|id| self.desk.people.ix(id));
        let roles = deal.roles.iter();
        let roles: Vec<PersonIx> = roles.filter_map(|id| self.desk.people.ix(*id)).collect();
        let found = self.standing.free();
        let Some(pursuit) = found.or_else(|| self.open(event, deal.opens, person)) else {
            return;
        };
        if let Some(draft) = self.out.drafts.get_mut(pursuit) {
            self.standing.take(pursuit, draft, ix);
            draft.account = draft.account.or(deal.account);
        }
        for person in person.into_iter().chain(roles) {
            self.join(pursuit, person);
        }
        if let Some(slot) = self.out.of_deal.get_mut(ix.0 as usize) {
            *slot = Some(pursuit);
        }
        self.check_deal(event, ix);
    }

    fn check_deal(&mut self, event: &Event, ix: DealIx) {
        let (Some(deal), Some(fact)) = (self.desk.deals.get(ix), self.fact(event.fact)) else {
            return;
        };
        if self.buyer == Buyer::Deal(deal.key) {
            self.issue(IssueCode::NoAccount, fact);
        }
        if deal.created.at.is_none() {
            self.issue(IssueCode::Undated, fact);
        }
        self.note_assumed(event, fact);
    }

    fn mark(&mut self, event: &Event, fact: &Fact, step: StepIx) {
        let person = self.desk.people.of_fact(event.fact);
        let Some(about) = self.desk.words.about(fact) else {
            return;
        };
        let found = match about {
            About::Deal => {
                let deal = fact.deal.and_then(|key| self.desk.deals.ix(key));
                deal.and_then(|deal| self.of_deal(deal))
            }
            About::Person => person
                .and_then(|person| self.standing.first_of(person))
                .or_else(|| self.standing.first()),
            About::Account => self.standing.first(),
        };
        let moment = mark_moment(self.desk, event.fact, step);
        let is_path = stage::role(&self.desk.world.charter.steps, step) == StepRole::Path;
        if found.is_none() && !is_path && self.standing.had_any {
            return self.issue(IssueCode::AfterEnd, fact);
        }
        let Some(pursuit) = found.or_else(|| self.open(event, moment, person)) else {
            return;
        };
        if let (About::Person, Some(person)) = (about, person) {
            self.join(pursuit, person);
        }
        let subject = match about {
            About::Person => Placer::Person(person),
            About::Account => Placer::Account,
            About::Deal => Placer::Deal,
        };
        let place = Place {
            step: Some(step),
            left_by: LeftBy::Back,
            moment,
            evidence: Some(event.fact),
        };
        self.attempt(
            pursuit,
            &Move {
                place,
                placer: subject,
                played: event.at,
            },
        );
        self.note_assumed(event, fact);
    }

    fn turn(&mut self, event: &Event, deal: DealIx, turn: &Turn) {
        let Some(pursuit) = self.of_deal(deal) else {
            return;
        };
        let step = turn.role.and_then(|role| self.step_of(role));
        let place = Place {
            step,
            left_by: turn.role.map_or(LeftBy::Back, left_by),
            moment: turn.moment,
            evidence: Some(turn.fact),
        };
        let new = Move {
            place,
            placer: Placer::Deal,
            played: event.at,
        };
        match turn.role {
            Some(_) => self.attempt(pursuit, &new),
            None => planted!(ReopenIgnored, self.reopen(pursuit, new), ()),
        }
        if let (When::Unknown, Some(fact)) = (turn.moment.when, self.fact(turn.fact)) {
            self.issue(IssueCode::Undated, fact);
        }
    }

    /// The first step of a role.
    pub(super) fn step_of(&self, role: StepRole) -> Option<StepIx> {
        let steps = &self.desk.world.charter.steps;
        let found = (0u8..).zip(steps).find(|(_, step)| step.role == role);
        found.map(|(index, _)| StepIx(index))
    }

    pub(super) fn open(
        &mut self,
        event: &Event,
        moment: Moment,
        person: Option<PersonIx>,
    ) -> Option<DraftIx> {
        let fact = self.fact(event.fact)?;
        let mut draft = Draft::new(fact.id, self.buyer, moment);
        draft.entry_touch = self.standing.loose.remove(&person);
        let ix = self.out.drafts.push(draft);
        if let Some(draft) = self.out.drafts.get_mut(ix) {
            self.standing.open(ix, draft);
        }
        if let Some(person) = person {
            self.join(ix, person);
        }
        self.stir(ix, event.at);
        Some(ix)
    }

    fn join(&mut self, pursuit: DraftIx, person: PersonIx) {
        if let Some(draft) = self.out.drafts.get_mut(pursuit) {
            self.standing.join(pursuit, draft, person);
        }
        if self.waiting.remove(&person)
            && let Some(slot) = self.out.of_lead.get_mut(person.0 as usize)
        {
            *slot = Some(pursuit);
        }
    }

    pub(super) fn of_deal(&self, deal: DealIx) -> Option<DraftIx> {
        self.out.of_deal.get(deal.0 as usize).copied().flatten()
    }

    /// Something two-way happened: the clock of silence starts again.
    pub(super) fn stir(&mut self, pursuit: DraftIx, at: Option<Instant>) {
        let (Some(dormant), Some(at)) = (&self.desk.world.charter.dormant, at) else {
            return;
        };
        let due = self.due(at, dormant.after_days);
        if let Some(draft) = self.out.drafts.get_mut(pursuit)
            && draft.end.is_none()
        {
            self.standing.set_due(pursuit, draft, due);
        }
    }

    fn due(&mut self, at: Instant, after_days: u32) -> Instant {
        if let Some(due) = self.out.dues.get(&at) {
            return *due;
        }
        let calendar = &self.desk.world.charter.calendar;
        let days = i32::try_from(after_days).unwrap_or(i32::MAX);
        let due = calendar.start_of(calendar.day_of(at).plus(days));
        if self.out.dues.len() < DUES_KEPT {
            self.out.dues.insert(at, due);
        }
        due
    }

    fn fall_silent(&mut self, until: Instant) {
        while let Some((due, pursuit)) = self.standing.next_due(until) {
            let day = self.desk.world.charter.calendar.day_of(due);
            let place = Place {
                step: self.step_of(StepRole::Dormant),
                left_by: LeftBy::Dormant,
                moment: Moment {
                    when: When::Day(day),
                    at: Some(due),
                },
                evidence: None,
            };
            self.make(
                pursuit,
                &Move {
                    place,
                    placer: Placer::Rule,
                    played: Some(due),
                },
            );
        }
    }

    fn note_assumed(&mut self, event: &Event, fact: &Fact) {
        if fact.is_assumed && event.at.is_some() {
            self.issue(IssueCode::Assumed, fact);
        }
    }

    pub(super) fn issue(&mut self, code: IssueCode, fact: &Fact) {
        self.out.issues.push(Issue {
            code,
            fact: Some(fact.id),
        });
    }
}

fn left_by(role: StepRole) -> LeftBy {
    match role {
        StepRole::Won => LeftBy::Won,
        StepRole::Lost => LeftBy::Lost,
        StepRole::Disqualified => LeftBy::Disqualified,
        StepRole::Dormant => LeftBy::Dormant,
        StepRole::Path | StepRole::Detour => LeftBy::Back,
    }
}
