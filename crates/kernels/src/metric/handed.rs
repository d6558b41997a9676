//! What the teams handed over, answered and let wait, as measures. What a handoff is, and when it
//! is in time, is `handoff`.

use super::{Book, Counted, Measured, Member, Metric, member};
use crate::handoff::{Given, State, given, hold};
use crate::journey::Moment;
use crate::response::Verdict;

impl Book<'_> {
    /// Handoffs whose time began to run in the period.
    pub(super) fn handed(&self, metric: Metric) -> Measured {
        let handoffs = (0u32..).zip(&self.world.charter.handoffs);
        let is_asked = |place: u32| self.scope.handoff.is_none_or(|asked| asked == place);
        let asked = handoffs.filter(|(place, _)| is_asked(*place));
        let given = asked.flat_map(|(_, handoff)| given(self.world, self.journeys, handoff));
        let mut given: Vec<Given> = given.collect();
        // What waits under two promises at once waits once.
        hold(&mut given, &self.world.charter.calendar);
        let members = given.iter();
        Measured {
            members: members
                .filter_map(|one| self.of_handoff(metric, one))
                .collect(),
            issues: Vec::new(),
        }
    }

    fn of_handoff(&self, metric: Metric, given: &Given) -> Option<Member> {
        let anchor = Moment::start(given.start, &self.world.charter.calendar);
        if !self.is_in(anchor) {
            return None;
        }
        let lead = given
            .lead
            .and_then(|lead| self.journeys.leads.get(lead as usize));
        let counted = match given.lead {
            Some(lead) => Counted::Lead(lead),
            None => Counted::Pursuit(given.pursuit?),
        };
        let found = Member {
            visit: given.visit,
            person: lead.map(|lead| lead.person),
            reason: given.reason,
            fact: given.shown,
            ..member(counted, given.pursuit, anchor)
        };
        let part = |is_part| Some(Member { is_part, ..found });
        let verdict = given.verdict.map(|(verdict, _)| verdict);
        let timed = |elapsed| {
            let elapsed = Some(elapsed?);
            Some(Member { elapsed, ..found })
        };
        match metric {
            Metric::HandoffsAnswered => part(given.answer.is_some()),
            Metric::HandoffsInTime => match given.state {
                State::Met | State::Missed => part(given.state == State::Met),
                State::NotDue | State::Unknown => None,
            },
            Metric::HandoffsAccepted => part(verdict == Some(Verdict::Accepted)),
            Metric::HandoffsRejected => part(verdict == Some(Verdict::Rejected)),
            Metric::ResponseHours => {
                let answered = given.took.filter(|_| given.answer.is_some());
                timed(answered.map(|took| took.elapsed))
            }
            Metric::HandoffWait => timed(given.waited.map(|waited| waited.elapsed)),
            Metric::DealWait => {
                let pursuit = given.pursuit.and_then(|index| self.pursuit(index));
                let deal = pursuit.and_then(|own| self.journeys.deals.get(own.deal? as usize));
                let money = deal.and_then(|deal| self.amount(deal, None));
                let waited = timed(given.held.filter(|_| deal.is_some()))?;
                Some(Member { money, ..waited })
            }
            _ => Some(found),
        }
    }
}
