//! From which stage to which pursuits went, looked up visit by visit.

use super::meaning::{Meaning, Role};
use super::visits::Visit;
use super::walk::Journeys;

/// One line per transition of a period and per stay across its edges.
pub fn lines(found: &Journeys, meaning: &Meaning, (from, until): (i64, i64)) -> Vec<String> {
    let mut lines = Vec::new();
    for pursuit in &found.pursuits {
        let way = Way {
            visits: &pursuit.visits,
            meaning,
        };
        for (place, visit) in pursuit.visits.iter().enumerate() {
            let here = meaning.steps[visit.step].id.as_str();
            let mut add = |from: &str, to: &str, kind: &str, left: Option<usize>| {
                let id = pursuit.id;
                lines.push(format!(
                    "{from} > {to} {kind} {id:x} visit {place} from {left:?}"
                ));
            };
            let entered = visit.entered.at.unwrap_or(i64::MIN);
            let left = visit
                .left
                .map_or(i64::MAX, |left| left.at.unwrap_or(i64::MIN));
            if !meaning.role(visit.step).is_end() {
                if entered < from && left >= from {
                    add("at start", here, "stay", None);
                }
                if entered < until && left >= until {
                    add(here, "at end", "stay", None);
                }
            }
            if from <= entered && entered < until {
                let (whence, left) = way.whence(place);
                let kind = way.kind(place, &whence);
                add(&whence, here, kind, left.filter(|_| !visit.is_implied));
            }
            let goes_nowhere = !visit.is_implied && !way.is_followed(place);
            if goes_nowhere && from <= left && left < until {
                let to = way.after(place);
                let kind = if to == "nowhere" { "out" } else { "end" };
                add(here, &to, kind, Some(place));
            }
        }
    }
    lines
}

/// The stays of one pursuit.
struct Way<'a> {
    visits: &'a [Visit],
    meaning: &'a Meaning,
}

impl Way<'_> {
    /// The last stay before this visit at which somebody was.
    fn before(&self, place: usize) -> Option<usize> {
        (0..place).rev().find(|at| !self.visits[*at].is_implied)
    }

    /// The first one after it.
    fn next(&self, place: usize) -> Option<usize> {
        (place + 1..self.visits.len()).find(|at| !self.visits[*at].is_implied)
    }

    /// Whether the next stay begins as this one ends.
    fn is_followed(&self, place: usize) -> bool {
        let left = self.visits[place].left.map(|left| left.at);
        let next = self.next(place).map(|next| self.visits[next].entered.at);
        left.is_some() && left == next
    }

    /// Where this stay went, where none follows at once.
    fn after(&self, place: usize) -> String {
        let end = match self.visits[place].left_by {
            "won" => Role::Won,
            "lost" => Role::Lost,
            "disqualified" => Role::Disqualified,
            "dormant" => Role::Dormant,
            _ => return "nowhere".to_owned(),
        };
        // The end has a stage, whose date contradicts this one's.
        let next = self.next(place).map(|next| self.visits[next].step);
        match next.is_some_and(|next| self.meaning.role(next) == end) {
            true => "nowhere".to_owned(),
            false => format!("{end:?}"),
        }
    }

    /// Where a visit came from, and the stay that it ended.
    fn whence(&self, place: usize) -> (String, Option<usize>) {
        let Some(before) = self.before(place) else {
            return ("new".to_owned(), None);
        };
        // What only a later stage implies is at the moment of that one.
        let stay = if self.visits[place].is_implied {
            self.next(place).unwrap_or(place)
        } else {
            place
        };
        let left = self.visits[before].left.map(|left| left.at);
        match left == Some(self.visits[stay].entered.at) {
            true => (
                self.meaning.steps[self.visits[before].step].id.clone(),
                Some(before),
            ),
            false => (self.after(before), None),
        }
    }

    fn kind(&self, place: usize, whence: &str) -> &'static str {
        let visit = &self.visits[place];
        let (to, role) = (visit.step, self.meaning.role(visit.step));
        if visit.is_implied {
            return "passed";
        }
        if whence == "new" {
            return "entry";
        }
        if role.is_end() {
            return "end";
        }
        let Some(from) = self.meaning.step(whence) else {
            return match (whence, role) {
                ("nowhere", Role::Detour) => "recycled",
                ("nowhere", _) => "returned",
                _ => "reopened",
            };
        };
        let between = |step: &usize| self.meaning.role(*step) == Role::Path;
        match (self.meaning.role(from), role) {
            (old, _) if old.is_end() => "reopened",
            (_, Role::Detour) => "recycled",
            (Role::Detour, _) => "returned",
            _ if to == from => "returned",
            _ if to < from => "back",
            _ if (from + 1..to).any(|step| between(&step)) => "skip",
            _ => "forward",
        }
    }
}
