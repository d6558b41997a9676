//! Which moves of a pursuit are made: who may send it back, what ends it, what reopens it.

use handfast_model::rules::{StepIx, StepRole};
use handfast_model::{Instant, IssueCode};

use super::draft::{Draft, DraftIx, Placer};
use super::events::Desk;
use super::walk::Walk;
use super::{End, LeftBy};
use crate::stage::{self, Place};

/// A move that asks to be made.
pub(super) struct Move {
    pub(super) place: Place,
    pub(super) placer: Placer,
    /// When it is played; an earlier claim is placed by path order.
    pub(super) played: Option<Instant>,
}

impl Walk<'_> {
    /// Makes the move if it is one: a mark of the present step, or of another subject that lags
    /// behind, is evidence and moves nothing.
    pub(super) fn attempt(&mut self, pursuit: DraftIx, new: &Move) {
        let Some(draft) = self.out.drafts.get(pursuit) else {
            return;
        };
        if !is_heard(self.desk, draft, new) {
            return;
        }
        if new.place.moment.at < new.played {
            self.slip_in(pursuit, new);
        } else if is_move(self.desk, draft, new) {
            self.make(pursuit, new);
        }
    }

    /// Makes a move at the end of the way so far.
    pub(super) fn make(&mut self, pursuit: DraftIx, new: &Move) {
        let steps = &self.desk.world.charter.steps;
        let Some(draft) = self.out.drafts.get_mut(pursuit) else {
            return;
        };
        let is_end = stage::is_end(steps, &new.place);
        let was_won = draft.end.is_some_and(|end| end.role == StepRole::Won);
        let is_back = match (
            draft.places.last().and_then(|last| last.step),
            new.place.step,
        ) {
            // A win that is open again, by a mark or by a status, however it came about.
            _ if was_won => !is_end,
            (Some(from), Some(to)) => {
                to < from
                    && [from, to]
                        .iter()
                        .all(|s| stage::role(steps, *s) == StepRole::Path)
            }
            _ => false,
        };
        draft.places.push(new.place);
        draft.placer = new.placer;
        if is_end {
            self.finish(pursuit, &new.place);
        } else {
            if draft.end.take().is_some() {
                self.standing.open(pursuit, draft);
            }
            if new.placer != Placer::Rule {
                self.stir(pursuit, new.played);
            }
        }
        let fact = new.place.evidence.and_then(|index| self.fact(index));
        if let (true, Some(fact)) = (is_back, fact) {
            self.issue(IssueCode::Backwards, fact);
        }
    }

    /// The source says that an ended deal is open again: back to where it was before the end.
    pub(super) fn reopen(&mut self, pursuit: DraftIx, mut new: Move) {
        let steps = &self.desk.world.charter.steps;
        let Some(draft) = self.out.drafts.get(pursuit) else {
            return;
        };
        if draft.end.is_some() {
            let is_path = |step: &StepIx| stage::role(steps, *step) == StepRole::Path;
            let mut back = draft.places.iter().rev().filter_map(|place| place.step);
            new.place.step = back.find(is_path);
            self.make(pursuit, &new);
        }
    }

    /// Places a claim that is older than its pursuit, or undated, by path order.
    fn slip_in(&mut self, pursuit: DraftIx, new: &Move) {
        let steps = &self.desk.world.charter.steps;
        let Some(draft) = self.out.drafts.get_mut(pursuit) else {
            return;
        };
        let is_same = |old: &Place| match new.place.step {
            Some(step) => old.step == Some(step),
            None => old.step.is_none() && old.left_by == new.place.left_by,
        };
        let is_end = stage::is_end(steps, &new.place);
        let is_known = if is_end {
            draft.places.last().is_some_and(is_same)
        } else {
            draft.places.iter().any(is_same)
        };
        if is_known {
            return;
        }
        let position = stage::position(steps, &draft.places, &new.place);
        draft.places.insert(position, new.place);
        if position + 1 == draft.places.len() {
            draft.placer = new.placer;
            if is_end {
                self.finish(pursuit, &new.place);
            }
        }
    }

    /// Enters a step by rule. A rule never sends a pursuit back: an earlier step that starts to
    /// hold late is placed only when the later one was entered at this very instant.
    pub(super) fn enter_by_rule(&mut self, pursuit: DraftIx, new: &Move) {
        let steps = &self.desk.world.charter.steps;
        let Some(draft) = self.out.drafts.get_mut(pursuit) else {
            return;
        };
        let (None, Some(step)) = (draft.end, new.place.step) else {
            return;
        };
        let is_path = |place: &Place| {
            place
                .step
                .is_some_and(|step| stage::role(steps, step) == StepRole::Path)
        };
        let current = draft.places.last().copied();
        let goes_back = is_path(&new.place)
            && current.is_some_and(|last| is_path(&last) && last.step > Some(step));
        if current.and_then(|last| last.step) == Some(step) {
            return;
        }
        if !goes_back {
            return self.make(pursuit, new);
        }
        let at = |place: &Place| place.moment.at == new.place.moment.at;
        let later = |place: &Place| at(place) && is_path(place) && place.step > Some(step);
        let run = draft
            .places
            .iter()
            .rev()
            .take_while(|place| later(place))
            .count();
        let position = draft.places.len() - run;
        let before = position
            .checked_sub(1)
            .and_then(|index| draft.places.get(index));
        if run > 0 && before.is_none_or(|place| !is_path(place) || place.step < Some(step)) {
            draft.places.insert(position, new.place);
        }
    }

    fn finish(&mut self, pursuit: DraftIx, place: &Place) {
        let role = match place.step {
            Some(step) => stage::role(&self.desk.world.charter.steps, step),
            None if place.left_by == LeftBy::Won => StepRole::Won,
            None if place.left_by == LeftBy::Dormant => StepRole::Dormant,
            None => StepRole::Lost,
        };
        if let Some(draft) = self.out.drafts.get_mut(pursuit) {
            draft.end = Some(End {
                role,
                step: place.step,
                moment: place.moment,
                fact: place.evidence,
            });
            self.standing.close(pursuit, draft);
        }
    }
}

/// Whether the mark's subject may say this. While a deal speaks for the pursuit, one person
/// neither detours nor ends it.
fn is_heard(desk: &Desk<'_>, draft: &Draft, new: &Move) -> bool {
    let (Placer::Person(_), Some(deal)) = (new.placer, draft.deal) else {
        return true;
    };
    let Some(deal) = desk.deals.get(deal) else {
        return true;
    };
    let role = new
        .place
        .step
        .map(|step| stage::role(&desk.world.charter.steps, step));
    match role {
        Some(StepRole::Detour) => deal.marks.is_empty(),
        Some(role) if role.is_end() => !deal.speaks,
        _ => true,
    }
}

fn is_move(desk: &Desk<'_>, draft: &Draft, new: &Move) -> bool {
    let steps = &desk.world.charter.steps;
    let last = draft.places.last();
    let is_end = stage::is_end(steps, &new.place);
    if let (Some(end), true) = (draft.end, is_end) {
        return match (end.step, new.place.step) {
            (None, None) => last.map(|last| last.left_by) != Some(new.place.left_by),
            (old, new) => old != new,
        };
    }
    match (last.and_then(|last| last.step), new.place.step) {
        (Some(from), Some(to)) if from == to => false,
        // Only who brought the pursuit here, or a mark against a rule, sends it back.
        (Some(from), Some(to))
            if to < from
                && [from, to]
                    .iter()
                    .all(|s| stage::role(steps, *s) == StepRole::Path) =>
        {
            matches!(draft.placer, Placer::Rule) || draft.placer == new.placer
        }
        _ => true,
    }
}
