//! What the kernels estimate, and what they say of leads and of what is wrong, as lines.

use std::collections::BTreeSet;

use handfast_kernels::funnel;
use handfast_kernels::response::{self, Verdict};
use handfast_kernels::survival::{Observation, quantile, share_by, survival};
use handfast_kernels::times::{REACHED, Sight, Timed};
use handfast_model::question::Unit;
use handfast_model::rules::StepIx;
use handfast_model::{Instant, IssueCode};

use super::product::{Product, rule};
use crate::truth::response::Start;
use crate::truth::views::Cohort;

impl Product<'_> {
    pub(super) fn times(&self, unit: Unit) -> Vec<String> {
        let sight = Sight {
            from: None,
            until: Instant(self.horizon),
        };
        let calendar = &self.charter.calendar;
        let stays = funnel::stays(self.journeys, unit);
        let timed = stays.iter().filter_map(|stay| {
            let timed = sight.stay(stay, self.journeys, calendar)?;
            let time = Some(timed.elapsed.seconds);
            let is_over = timed.observation.cause.is_some();
            let step = self.step(stay.step);
            Some(format!(
                "{} {step} {time:?} {is_over}",
                self.unit(stay.unit)
            ))
        });
        timed.collect()
    }

    pub(super) fn curve(&self, unit: Unit, from: Option<i64>) -> Vec<String> {
        let sight = Sight {
            from: from.map(Instant),
            until: Instant(self.horizon),
        };
        let calendar = &self.charter.calendar;
        let stays = funnel::stays(self.journeys, unit);
        let mut lines = Vec::new();
        for step in (0u8..).map(StepIx).take(self.charter.steps.len()) {
            let own = stays.iter().filter(|stay| stay.step == step);
            let seen = own.filter_map(|stay| sight.stay(stay, self.journeys, calendar));
            let seen: Vec<Observation> = seen.map(|timed| timed.observation).collect();
            let curve = survival(&seen);
            lines.extend(curve.iter().map(|point| {
                let (there, share) = (point.at_risk, point.share.value);
                format!("{} {}: of {there} {share:.9}", self.step(step), point.time)
            }));
            let by = [0.5, 0.75, 0.9].map(|over| quantile(&curve, over));
            lines.push(format!("{} over by {by:?}", self.step(step)));
        }
        lines
    }

    pub(super) fn shares(&self, asked: &Cohort, from: Option<i64>) -> Vec<String> {
        let sight = Sight {
            from: from.map(Instant),
            until: Instant(self.horizon),
        };
        let calendar = &self.charter.calendar;
        let entries = funnel::cohort(self.journeys, self.charter, &rule(asked));
        let path = self
            .charter
            .steps
            .iter()
            .filter(|step| step.role.is_on_path());
        let share = |step: StepIx| {
            let seen = entries
                .iter()
                .filter_map(|entry| sight.reach(entry, step, self.journeys, calendar));
            let seen: Vec<Observation> = seen.collect();
            let by = asked.window.map(|days| i64::from(days) - 1);
            let share = share_by(&seen, REACHED, by);
            let share = share.map(|share| format!("{:.9}", share.value));
            let share = share.unwrap_or("unknown".to_owned());
            format!("{} {share}", self.step(step))
        };
        let steps = (0..path.count()).skip(asked.step + 1);
        steps.map(|step| share(StepIx(step as u8))).collect()
    }

    pub(super) fn issues(&self) -> Vec<String> {
        let issues = self.journeys.issues.iter();
        // Worlds assume nothing.
        let issues = issues.filter(|issue| issue.code != IssueCode::Assumed);
        let lines: BTreeSet<String> = issues
            .map(|issue| {
                let fact = issue.fact.map(|fact| format!("{:x}", fact.0));
                format!("{} {}", issue.code.code(), fact.unwrap_or_default())
            })
            .collect();
        lines.into_iter().collect()
    }

    pub(super) fn responses(&self, start: Start) -> Vec<String> {
        let start = match start {
            Start::Creation => response::Start::Creation,
            Start::Assignment => response::Start::Assignment,
            Start::Entry(step) => response::Start::Entry(StepIx(step as u8)),
        };
        let found = response::responses(&self.world(), self.journeys, start);
        let timed = |timed: Timed| (timed.elapsed.seconds, timed.observation.cause.is_some());
        let mut lines: Vec<String> = found
            .iter()
            .map(|found| {
                let lead = &self.journeys.leads[found.lead as usize];
                let rep = found.owner.0.map(|rep| self.text(rep));
                let team = found.owner.1.map(|team| self.text(team));
                let aged = |time: Option<handfast_kernels::velocity::Elapsed>| {
                    time.map(|elapsed| elapsed.seconds)
                };
                let verdict = found.verdict.map(|(verdict, fact)| {
                    let word = match verdict {
                        Verdict::Accepted => "accepted",
                        Verdict::Rejected => "rejected",
                    };
                    let fact = &self.snapshot.facts[fact as usize];
                    let reason = self.snapshot.names.find("reason");
                    let reason = reason.and_then(|name| fact.text(name));
                    (
                        Some(word),
                        reason.map(|reason| self.snapshot.names.text(reason)),
                    )
                });
                let untouched = found.untouched.map(timed);
                let untouched = untouched.map(|(time, is_over)| (Some(time), is_over));
                format!(
                    "{:x} {rep:?} {team:?} answered {:?} {:?} assigned {:?} worked {:?} untouched \
                     {untouched:?} {verdict:?}",
                    lead.person.0,
                    found.answer.map(timed),
                    found.answered_by.map(|fact| self.fact(fact)),
                    aged(found.age_assigned),
                    aged(found.age_worked),
                )
            })
            .collect();
        let seen = found.iter().filter_map(|found| found.answer);
        let seen: Vec<Observation> = seen.map(|timed| timed.observation).collect();
        let curve = survival(&seen);
        let by = [0.5, 0.9].map(|over| quantile(&curve, over));
        lines.push(format!("answered by {by:?}"));
        lines
    }
}
