//! Whom a cohort counts in which row and column. Who that is and what they reached is decided in
//! `kernels::cohort`.

use handfast_kernels::funnel::{self, CohortEntry, CohortRule};
use handfast_model::rules::{StepIx, StepRole};

use super::ground::Ground;
use super::groups::{Groups, Rows};
use super::joined::Joined;
use super::sheet::{Member, Sheet};

/// What is counted: entered, later steps, ends.
pub(super) struct Cohort<'g, 'a> {
    pub ground: &'g Ground<'a>,
    pub rule: CohortRule,
    pub later: &'g [StepIx],
    pub ends: &'g [Option<StepRole>],
}

/// What was found.
pub(super) struct Counted {
    pub sheet: Sheet,
    /// Those of a list, where one is asked for.
    pub entries: Vec<CohortEntry>,
    /// How many have not had their window.
    pub unripe: u64,
    pub joined: Joined,
}

impl Cohort<'_, '_> {
    fn width(&self) -> usize {
        1 + self.later.len() + self.ends.len()
    }

    fn begun(&self, groups: &Groups<'_, '_>) -> Counted {
        let mut sheet = Sheet::new(self.width());
        if groups.has_no_dimensions() {
            sheet.open_row(&[]);
        }
        Counted {
            sheet,
            entries: Vec::new(),
            unripe: 0,
            joined: Joined::new(self.ground),
        }
    }

    /// How many, where nobody asks who.
    pub fn counted(&self, mut groups: Groups<'_, '_>) -> Counted {
        let (ground, rule) = (self.ground, &self.rule);
        let mut counted = self.begun(&groups);
        let mut counts: Vec<u64> = Vec::new();
        let later: Vec<usize> = self.later.iter().map(|step| usize::from(step.0)).collect();
        let ways = ground.ways(rule);
        ways.each(rule, &ground.charter.calendar, |way, soon, is_ripe| {
            counted.unripe += u64::from(!is_ripe);
            counted.joined.add(way.pursuit);
            let first = groups.of_place(way.visit, 0) as usize * self.width();
            if counts.len() < first + self.width() {
                counts.resize(first + self.width(), 0);
            }
            let is_end = |end: &Option<StepRole>| *end == way.end;
            let is_in = |step: &usize| {
                let soon = soon.get(*step);
                soon.is_some_and(|soon| soon.is_within(rule.window_days))
            };
            let later = later.iter().map(is_in);
            let columns = [true].into_iter().chain(later);
            let columns = columns.chain(self.ends.iter().map(is_end));
            for (count, is_in) in counts.iter_mut().skip(first).zip(columns) {
                *count += u64::from(is_in);
            }
        });
        for (group, counts) in (0u32..).zip(counts.chunks(self.width())) {
            if counts.first().is_some_and(|entered| *entered > 0) {
                let place = counted.sheet.open_row(&groups.keys(group).0);
                for (column, count) in counts.iter().enumerate() {
                    counted.sheet.count_at(place, column, *count);
                }
            }
        }
        counted
    }

    /// The same, each by itself: who, if that is asked for.
    pub fn listed(&self, mut groups: Groups<'_, '_>, is_listed: bool) -> Counted {
        let (ground, rule, later) = (self.ground, &self.rule, self.later);
        let mut counted = self.begun(&groups);
        let Counted {
            sheet,
            entries,
            unripe,
            joined,
        } = &mut counted;
        let mut rows = Rows::default();
        let stays = ground.stays(rule.unit);
        funnel::each_entry(ground.journeys, stays, ground.charter, rule, |entered| {
            let member = Member::Entry(entries.len() as u32);
            if ground.is_asked(entered.unit, std::slice::from_ref(&entered.visit)) {
                *unripe += u64::from(!entered.is_ripe);
                joined.add(entered.visit.pursuit);
                let group = groups.of_visit(entered.unit, Some(entered.visit), 0);
                let place = rows.of(group, sheet, || groups.keys(group).0);
                let mut add = |column: usize| match is_listed {
                    true => sheet.add_at(place, column, member),
                    false => sheet.count_at(place, column, 1),
                };
                add(0);
                for (column, step) in later.iter().enumerate() {
                    let reach = entered.reached.get(usize::from(step.0));
                    if reach.is_some_and(Option::is_some) {
                        add(1 + column);
                    }
                }
                let pursuit = ground.pursuit(entered.visit.pursuit);
                let role = pursuit.and_then(|pursuit| Some(pursuit.end?.role));
                if let Some(column) = self.ends.iter().position(|known| *known == role) {
                    add(1 + later.len() + column);
                }
            }
            if is_listed {
                entries.push(entered);
            }
        });
        counted
    }
}
