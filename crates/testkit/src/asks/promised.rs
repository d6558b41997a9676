//! What became of promises, as the kernels say.

use std::collections::BTreeMap;

use handfast_kernels::handoff::{State, given};
use handfast_kernels::journey::World;
use handfast_kernels::response::Verdict;
use handfast_kernels::times::Timed;
use handfast_model::hours::{self, Handoff, Hours, Party, Shift, Silence, Starts};
use handfast_model::rules::Side;
use handfast_model::{Charter, Day, When};

use super::product::Product;
use crate::random::Chance;
use crate::truth::clock::Time;
use crate::truth::handoff::{Promise, Within};
use crate::truth::meaning::Meaning;
use crate::truth::response::Start;

impl Promise {
    /// A promise drawn by chance, with a holiday on one of these days.
    pub fn draw(
        chance: &mut Chance,
        meaning: &Meaning,
        days: (i32, u64),
        team: &'static str,
    ) -> Promise {
        let mut path = (0..meaning.steps.len()).filter(|at| meaning.steps[*at].role.is_on_path());
        let start = match chance.below(3) {
            0 => Start::Creation,
            1 => Start::Assignment,
            _ => Start::Entry(path.next().unwrap_or(0)),
        };
        let within = match chance.below(4) {
            0 => Within::Business(8),
            1 => Within::Business(2),
            2 => Within::Hours(30),
            _ => Within::Days(2),
        };
        Promise {
            start,
            within,
            team: chance.percent(30).then_some(team),
            other: chance.percent(50).then_some("field"),
            owned: (1..meaning.steps.len())
                .filter(|_| chance.percent(50))
                .collect(),
            shifts: vec![(540, 750), (810, 1_020)],
            holidays: vec![days.0 + chance.below(days.1.max(1)) as i32],
        }
    }

    /// When people work.
    fn hours(&self) -> Hours {
        let shift = |(from, until): &(i64, i64)| Shift {
            from: *from as u16,
            until: *until as u16,
        };
        let shifts: Vec<Shift> = self.shifts.iter().map(shift).collect();
        let mut week: [Vec<Shift>; 7] = Default::default();
        week.iter_mut()
            .take(5)
            .for_each(|day| day.clone_from(&shifts));
        Hours {
            week,
            holidays: self.holidays.iter().map(|day| Day(*day)).collect(),
            zones: Vec::new(),
        }
    }

    /// The charter with this promise alone, and hours, teams and owners of steps as it has them.
    pub fn charter(&self, charter: &Charter) -> Charter {
        let mut charter = charter.clone();
        charter.hours = Some(self.hours());
        let sides = [("sellers", Side::Sales), ("market", Side::Marketing)];
        let own = self.team.map(|team| (team, Side::Sales)).into_iter();
        let other = self.other.map(|team| (team, Side::Marketing));
        for (id, side) in own.chain(sides).chain(other) {
            let id = id.to_owned();
            charter.teams.push(handfast_model::rules::Team { id, side });
        }
        for (at, step) in charter.steps.iter_mut().enumerate() {
            let owner = ["market", "sellers"][usize::from(self.owned.contains(&at))];
            step.owner = Some(owner.to_owned());
        }
        let handoff = self.handoff(|at| charter.steps[at].id.clone());
        charter.handoffs = vec![handoff];
        charter
    }

    /// The same as a charter has it.
    fn handoff(&self, step: impl Fn(usize) -> String) -> Handoff {
        Handoff {
            name: "x".to_owned(),
            from: Party::Side(Side::Marketing),
            to: match self.team {
                Some(team) => Party::Team(team.to_owned()),
                None => Party::Side(Side::Sales),
            },
            starts: match self.start {
                Start::Creation => Starts::Creation,
                Start::Assignment => Starts::Assignment,
                Start::Entry(at) => Starts::Entry(step(at)),
            },
            within: match self.within {
                Within::Business(hours) => hours::Within::BusinessHours(hours as u32),
                Within::Hours(hours) => hours::Within::Hours(hours as u32),
                Within::Days(days) => hours::Within::Days(days as u32),
            },
            reject_reasons: Vec::new(),
            silence: Silence::Overdue,
        }
    }
}

impl Product<'_> {
    pub(super) fn promise(&self, promise: &Promise) -> Vec<String> {
        let charter = promise.charter(self.charter);
        let handoff = &charter.handoffs[0];
        let world = World {
            charter: &charter,
            ..self.world()
        };
        let mut lines = Vec::new();
        let mut numbers: BTreeMap<u32, usize> = BTreeMap::new();
        for one in given(&world, self.journeys, handoff) {
            let who = match (one.lead, one.pursuit) {
                (Some(lead), _) => {
                    format!("lead {:x}", self.journeys.leads[lead as usize].person.0)
                }
                (None, pursuit) => {
                    let pursuit = pursuit.unwrap_or_default();
                    let number = numbers.entry(pursuit).or_default();
                    *number += 1;
                    format!("{:x} {}", self.pursuit(pursuit).id.0, *number - 1)
                }
            };
            let start = match one.start {
                When::Unknown => Time::Unknown,
                When::Day(day) => Time::Day(day.0),
                When::At(at) => Time::At(at.0),
            };
            let reason = one.reason.map(|reason| self.snapshot.names.text(reason));
            let verdict = one.verdict.map(|(verdict, _)| match verdict {
                Verdict::Accepted => (Some("accepted"), None),
                Verdict::Rejected => (Some("rejected"), reason),
            });
            let state = match one.state {
                State::Met => "met",
                State::Missed => "missed",
                State::NotDue => "not due",
                State::Unknown => "unknown",
            };
            let timed = |timed: Option<Timed>| {
                timed.map(|timed| (timed.elapsed.seconds, timed.observation.cause.is_some()))
            };
            lines.push(format!(
                "{who} {start:?} by {:?} {verdict:?} {state} due {:?} took {:?} waited {:?} \
                 held {:?}",
                one.answer.map(|fact| self.fact(fact)),
                one.deadline.map(|due| due.0),
                timed(one.took),
                timed(one.waited),
                one.held.map(|held| held.seconds),
            ));
        }
        lines
    }
}
