//! Where each fact sorts, worked out once. Civil time is the dearest arithmetic of the whole
//! derivation, and facts in fact order share their days with their neighbours.

use handfast_model::{Calendar, Day, Instant, When};

use super::{Moment, World, is_ahead};

/// The starting instant of every fact.
pub(super) struct Clock<'a> {
    pub(super) calendar: &'a Calendar,
    starts: Vec<Moment>,
    /// Places of facts that are ahead, ascending.
    ahead: Vec<u32>,
}

impl<'a> Clock<'a> {
    pub(super) fn of(world: &World<'a>) -> Clock<'a> {
        let (snapshot, calendar) = (world.snapshot, &world.charter.calendar);
        let mut last: Option<(Day, Instant)> = None;
        let mut start = |when: When| match (when, last) {
            (When::Day(day), Some((known, at))) if day == known => Some(at),
            (When::Day(day), _) => {
                let at = calendar.start_of(day);
                last = Some((day, at));
                Some(at)
            }
            (when, _) => when.start(calendar),
        };
        let whens = snapshot.facts.iter().map(|fact| fact.happened);
        let ats: Vec<Option<Instant>> = whens.clone().map(&mut start).collect();
        let starts = whens.zip(ats).map(|(when, at)| Moment { when, at });
        let starts: Vec<Moment> = starts.collect();
        let moments = (0u32..).zip(snapshot.facts.iter().zip(&starts));
        let ahead = moments.filter(|(_, (fact, start))| is_ahead(fact, start.at, world.horizon));
        let ahead = ahead.map(|(place, _)| place).collect();
        Clock {
            calendar,
            starts,
            ahead,
        }
    }

    /// Whether the fact claims a day that has not come.
    pub(super) fn is_ahead(&self, fact: u32) -> bool {
        !self.ahead.is_empty() && self.ahead.binary_search(&fact).is_ok()
    }

    /// The fact's claimed time as a start.
    pub(super) fn moment(&self, fact: u32) -> Moment {
        let moment = self.starts.get(fact as usize);
        moment.copied().unwrap_or(Moment::UNDATED)
    }

    /// Where the fact sorts.
    pub(super) fn start(&self, fact: u32) -> Option<Instant> {
        self.moment(fact).at
    }
}
