//! What the members of a tally are worth, how long they took, what may be estimated of them.
//! Figures ask through this (see `figure`); every formula is a kernel.

use handfast_kernels::metric;
use handfast_kernels::stale::Limit;
use handfast_kernels::survival::{self, Observation};
use handfast_kernels::times::{REACHED, Timed};
use handfast_model::question::{Dimension, FunnelView, QuestionKind};
use handfast_model::rules::StepIx;
use handfast_model::{Cell, Currency, Money};

use super::cost::PATH;
use super::figure::Measure;
use super::sheet::{Counted, Key, Member};
use super::tally::Tally;

const DAY_MICROS: i64 = 86_400_000_000;

impl Measure for Tally<'_> {
    fn money(&self, member: Member) -> Option<Money> {
        match member {
            // A metric's members were priced when they were counted.
            Member::Measured(at) => self.measured.get(at as usize)?.money,
            other => {
                let deal = self.place(other).0?.deal?;
                self.in_asked(deal, self.ground.amount(deal, None)?, self.told_by)
            }
        }
    }

    fn worth(&self, member: Member) -> Option<Money> {
        let deal = self.place(member).0?.deal?;
        self.in_asked(
            deal,
            self.ground.amount(deal, self.looked_at)?,
            self.looked_at,
        )
    }

    fn number(&self, member: Member) -> Option<i64> {
        match member {
            Member::Measured(at) => self.measured.get(at as usize)?.number,
            Member::Stay(_)
            | Member::Visit(_)
            | Member::Entry(_)
            | Member::Span(_)
            | Member::Item(_) => None,
        }
    }

    fn elapsed(&self, member: Member) -> Option<(i64, bool)> {
        let elapsed = match member {
            Member::Span(at) => self.spans.get(at as usize)?.elapsed,
            Member::Measured(at) => self.measured.get(at as usize)?.elapsed?,
            Member::Item(at) => self.items.get(at as usize)?.elapsed?,
            Member::Stay(_) => self.timed(member)?.elapsed,
            Member::Visit(_) | Member::Entry(_) => return None,
        };
        elapsed
            .seconds
            .checked_mul(1_000_000)
            .map(|micros| (micros, elapsed.is_calendar))
    }

    fn name(&self, key: &Key) -> Cell {
        let Key::Text(path) = key else {
            return Cell::Unknown;
        };
        // A row is named by its path, of which the last campaign is meant; its own key may hold
        // what parts a path.
        let ends = path.match_indices(PATH).map(|(at, mark)| at + mark.len());
        let mut parts = std::iter::once(0)
            .chain(ends)
            .filter_map(|from| path.get(from..));
        let (names, campaigns) = (&self.ground.snapshot.names, self.ground.campaigns());
        let campaign = parts.find_map(|part| {
            let campaign = names.find(part)?;
            campaigns.is_known(campaign).then_some(campaign)
        });
        let name = campaign.and_then(|campaign| campaigns.name(campaign));
        name.map_or(Cell::Unknown, |name| {
            Cell::Text(names.text(name).to_owned())
        })
    }

    fn is_ripe(&self, keys: &[Key]) -> Option<bool> {
        let window = i32::try_from(self.window_days()?).unwrap_or(i32::MAX);
        let calendar = &self.ground.charter.calendar;
        let period = self
            .question
            .by
            .iter()
            .zip(keys)
            .find_map(|(dim, key)| match (dim, key) {
                (Dimension::Time(grain), Key::Period(from, _)) => {
                    Some(calendar.period_of(*from, *grain))
                }
                _ => None,
            });
        // Without a period the cohort goes on until the horizon, and so does its window.
        let until = period
            .map(|period| period.until)
            .or(self.question.period.map(|(_, until)| until));
        Some(
            until.is_some_and(|until| calendar.start_of(until.plus(window)) <= self.ground.horizon),
        )
    }

    fn observed(&self, member: Member) -> Option<(Observation, bool)> {
        let timed = self.timed(member)?;
        Some((timed.observation, timed.elapsed.is_calendar))
    }

    fn estimate(&self, members: &[Member], keys: &[Key], step: StepIx) -> Cell {
        let Some(sight) = self.sight else {
            return Cell::NotApplicable;
        };
        let observed = |member: &Member| match member {
            Member::Entry(at) => sight.reach(
                self.entries.get(*at as usize)?,
                step,
                self.ground.journeys,
                &self.ground.charter.calendar,
            ),
            _ => None,
        };
        let observations: Vec<Observation> = members.iter().filter_map(observed).collect();
        let is_settled = || {
            let is_over = |one: &Observation| one.cause.is_some();
            !observations.is_empty() && observations.iter().all(is_over)
        };
        // What began before the data may lack those that ended unseen: that count is not final.
        let is_whole = observations.iter().all(|one| one.entry.is_none());
        if is_whole && (self.is_ripe(keys) == Some(true) || is_settled()) {
            return Cell::NotApplicable;
        }
        // A window of w days holds the days 0 to w − 1.
        let by = self.window_days().map(|days| i64::from(days) - 1);
        let share = survival::share_by(&observations, REACHED, by);
        share.map_or(Cell::Unknown, |share| {
            let band = share.band.map(|band| (band.low, band.high));
            Cell::EstimatedShare(share.value, band)
        })
    }

    fn limit(&self, keys: &[Key]) -> (Cell, Cell) {
        let limit = match keys.last() {
            Some(Key::Place(step, _)) => self.limits.get(*step as usize),
            _ => return (Cell::NotApplicable, Cell::NotApplicable),
        };
        let days = |days: i64| Cell::Elapsed(days.saturating_mul(DAY_MICROS), true);
        match limit {
            Some(Limit::ServiceLevel(max)) => (
                days(i64::from(*max)),
                Cell::Text("service level".to_owned()),
            ),
            Some(Limit::NinthTenth(time)) => (
                Cell::Elapsed(time.seconds.saturating_mul(1_000_000), time.is_calendar),
                Cell::Text("p90 of stays that are over".to_owned()),
            ),
            Some(Limit::Unknown) | None => (
                Cell::Unknown,
                Cell::Text("none: fewer than 10 stays are over".to_owned()),
            ),
        }
    }

    fn formula(&self, row: Counted<'_>, keys: &[Key]) -> Cell {
        let plan = self.plan.as_ref();
        plan.map_or(Cell::Unknown, |plan| plan.value(row, keys, self))
    }

    fn is_billed(&self, member: Member, currency: Currency) -> bool {
        let deal = || self.place(member).0?.deal;
        super::sla::billed_in(self.ground, self.question, deal()).is_none_or(|own| own == currency)
    }

    fn bill(&self, seconds: i64, currency: Currency) -> Option<Money> {
        let (pace, _) = self.paces.iter().find(|(_, own)| *own == currency)?;
        let minor = metric::bill(seconds, pace)?;
        Some(Money { minor, currency })
    }

    fn reason(&self, member: Member) -> Option<&str> {
        match member {
            Member::Item(at) => {
                let reason = self.items.get(at as usize)?.reason?;
                Some(self.ground.snapshot.names.text(reason))
            }
            _ => None,
        }
    }
}

impl Tally<'_> {
    /// How long a member took or has taken.
    fn timed(&self, member: Member) -> Option<Timed> {
        match member {
            Member::Stay(at) => *self.timed.get(at as usize)?,
            Member::Item(at) => self.items.get(at as usize)?.timed,
            Member::Visit(_) | Member::Entry(_) | Member::Span(_) | Member::Measured(_) => None,
        }
    }

    fn window_days(&self) -> Option<u32> {
        match &self.question.kind {
            QuestionKind::Funnel(FunnelView::Cohort { window_days, .. }) => *window_days,
            _ => None,
        }
    }
}
