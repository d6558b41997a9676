//! Handoffs, one after another, as a reader can check them.

use handfast_kernels::handoff::{State, given};
use handfast_kernels::response::Verdict;
use handfast_model::When;

use super::Desk;
use crate::table::lay_out;

impl Desk<'_> {
    /// Every handoff with what came of it.
    pub(super) fn promises(&self, name: Option<&str>) -> String {
        let mut text = String::new();
        let all = self.world.charter.handoffs.iter();
        for handoff in all.filter(|handoff| name.is_none_or(|name| handoff.name == name)) {
            let found = given(self.world, self.journeys, handoff);
            let count = |state| found.iter().filter(|one| one.state == state).count();
            let (met, missed) = (count(State::Met), count(State::Missed));
            text += &format!("{}: {met} of {} in time\n", handoff.name, met + missed);
            let rows = found.iter().map(|one| {
                let who = match (one.lead, one.pursuit) {
                    (Some(lead), _) => {
                        let lead = self.journeys.leads.get(lead as usize);
                        lead.map_or("", |lead| self.ledger.person(lead.person))
                            .to_owned()
                    }
                    (None, pursuit) => self.pursuit_name(pursuit.unwrap_or_default()),
                };
                let hours = one.took.map(|took| {
                    let hours = took.elapsed.seconds as f64 / 3_600.0;
                    let so_far = if one.answer.is_none() { " so far" } else { "" };
                    format!("{hours:.2} h{so_far}")
                });
                let reason = one.reason.map_or("", |reason| self.name(reason));
                vec![
                    who,
                    self.when(one.start),
                    match one.state {
                        State::Met => "met",
                        State::Missed => "missed",
                        State::NotDue => "not due",
                        State::Unknown => "unknown",
                    }
                    .to_owned(),
                    one.deadline
                        .map_or(String::new(), |due| format!("due {due}")),
                    hours.unwrap_or_default(),
                    match one.verdict {
                        Some((Verdict::Accepted, _)) => "accepted".to_owned(),
                        Some((Verdict::Rejected, _)) => format!("rejected {reason}"),
                        None => String::new(),
                    },
                ]
            });
            text += &lay_out(&rows.collect::<Vec<_>>(), "  ");
        }
        text
    }

    fn when(&self, when: When) -> String {
        match when {
            When::Unknown => "undated".to_owned(),
            When::Day(day) => day.to_string(),
            When::At(at) => at.to_string(),
        }
    }
}
