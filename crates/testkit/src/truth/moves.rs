//! Which moves of a pursuit are made: who may send it back, what ends it, what silence does.

use super::clock::Time;
use super::deals::Moment;
use super::meaning::Role;
use super::walk::{End, Place, Placer, Pursuit, Walk};

impl Walk<'_> {
    /// Makes a move if it is one: what only repeats where the pursuit is moves nothing.
    pub(super) fn attempt(
        &mut self,
        pursuit: usize,
        place: Place,
        placer: Placer,
        told: Option<i64>,
    ) {
        if !self.is_heard(&self.pursuits[pursuit], &place, placer) {
            return;
        }
        if place.moment.at < told {
            self.slip_in(pursuit, place, placer);
        } else if self.is_move(&self.pursuits[pursuit], &place, placer) {
            self.make(pursuit, place, placer, told);
        }
    }

    /// Marks of a person beside a deal neither end the pursuit while the deal says how it stands
    /// itself, nor detour it while the deal has marks.
    fn is_heard(&self, pursuit: &Pursuit, place: &Place, placer: Placer) -> bool {
        let (Placer::Person(_), Some(deal)) = (placer, pursuit.deal) else {
            return true;
        };
        let deal = &self.deals[deal];
        match place.step.map(|step| self.meaning.role(step)) {
            Some(Role::Detour) => deal.marks.is_empty(),
            Some(role) if role.is_end() => !deal.speaks,
            _ => true,
        }
    }

    fn is_end(&self, place: &Place) -> bool {
        match place.step {
            Some(step) => self.meaning.role(step).is_end(),
            None => place.left_by != "back",
        }
    }

    fn is_move(&self, pursuit: &Pursuit, place: &Place, placer: Placer) -> bool {
        let last = pursuit.places.last();
        if let (Some(end), true) = (pursuit.end, self.is_end(place)) {
            return match (end.step, place.step) {
                (None, None) => last.map(|last| last.left_by) != Some(place.left_by),
                (old, new) => old != new,
            };
        }
        let Some((from, to)) = last.and_then(|last| last.step).zip(place.step) else {
            return true;
        };
        let is_path = |step| self.meaning.role(step) == Role::Path;
        // Only the subject that placed the pursuit, or a mark against a rule, sends it back.
        let is_back = to < from && is_path(from) && is_path(to);
        let may_send_back = pursuit.placer == Placer::Rule || pursuit.placer == placer;
        from != to && (!is_back || may_send_back)
    }

    pub(super) fn make(&mut self, pursuit: usize, place: Place, placer: Placer, told: Option<i64>) {
        let is_end = self.is_end(&place);
        let found = &self.pursuits[pursuit];
        // A win that is open again has gone back, wherever it goes.
        let was_won = found.end.is_some_and(|end| end.role == Role::Won);
        let is_path = |step: &usize| self.meaning.role(*step) == Role::Path;
        let before = found.places.last().and_then(|last| last.step);
        let before = before.filter(is_path);
        let is_back = match place.step.filter(is_path).zip(before) {
            _ if was_won => !is_end,
            Some((to, from)) => to < from,
            None => false,
        };
        if let (true, Some(fact)) = (is_back, place.fact) {
            self.doubts.insert(("W0109", self.facts[fact].id));
        }
        let found = &mut self.pursuits[pursuit];
        found.places.push(place);
        found.placer = placer;
        if is_end {
            self.finish(pursuit, place);
        } else {
            found.end = None;
            if placer != Placer::Rule {
                self.stir(pursuit, told);
            }
        }
    }

    fn finish(&mut self, pursuit: usize, place: Place) {
        let role = match (place.step, place.left_by) {
            (Some(step), _) => self.meaning.role(step),
            (None, "won") => Role::Won,
            (None, "dormant") => Role::Dormant,
            (None, _) => Role::Lost,
        };
        let found = &mut self.pursuits[pursuit];
        found.silent_at = None;
        found.end = Some(End {
            role,
            step: place.step,
            moment: place.moment,
            fact: place.fact,
        });
    }

    /// What is claimed to be older than it is told, or has no date, is slotted in by the order of
    /// the path: before later steps, and before any end.
    fn slip_in(&mut self, pursuit: usize, place: Place, placer: Placer) {
        let places = &self.pursuits[pursuit].places;
        let is_end = self.is_end(&place);
        let is_same = |old: &Place| match place.step {
            Some(_) => old.step == place.step,
            None => old.step.is_none() && old.left_by == place.left_by,
        };
        let is_known = match is_end {
            true => places.last().is_some_and(is_same),
            false => places.iter().any(is_same),
        };
        if is_known {
            return;
        }
        let is_path =
            |step: Option<usize>| step.is_some_and(|step| self.meaning.role(step) == Role::Path);
        let is_later = |old: &Place| {
            let is_further = is_path(place.step) && is_path(old.step) && old.step > place.step;
            !is_end && (self.is_end(old) || is_further)
        };
        let at = places.iter().position(is_later).unwrap_or(places.len());
        let is_last = at == places.len();
        self.pursuits[pursuit].places.insert(at, place);
        if is_last {
            self.pursuits[pursuit].placer = placer;
            if is_end {
                self.finish(pursuit, place);
            }
        }
    }

    /// Something two-way happened: silence begins again.
    pub(super) fn stir(&mut self, pursuit: usize, at: Option<i64>) {
        let zone = self.meaning.zone;
        if let (Some((days, _)), Some(at)) = (&self.meaning.dormant, at)
            && self.pursuits[pursuit].end.is_none()
        {
            let due = zone.start(zone.day(at) + days);
            self.pursuits[pursuit].silent_at = Some(due);
        }
    }

    pub(super) fn fall_silent(&mut self, until: i64) {
        loop {
            let due = self.pursuits.iter().enumerate();
            let due = due.filter_map(|(at, pursuit)| Some((pursuit.silent_at?, at)));
            let Some((due, pursuit)) = due.min().filter(|(due, _)| *due <= until) else {
                return;
            };
            let place = Place {
                step: self.meaning.first(Role::Dormant),
                left_by: "dormant",
                moment: Moment {
                    when: Time::Day(self.meaning.zone.day(due)),
                    at: Some(due),
                },
                fact: None,
            };
            self.make(pursuit, place, Placer::Rule, Some(due));
        }
    }
}
