//! Answers of cases in the three views of a funnel.

use std::collections::BTreeMap;

use handfast_kernels::funnel::{self, CohortEntry, CohortRule, Stay, UnitKey};
use handfast_kernels::transitions::{self, Spot};
use handfast_model::question::{At, Unit};
use handfast_model::rules::StepIx;
use handfast_model::{Instant, Question, Ratio};

use crate::answer::{Desk, ratio, role};
use crate::table::lay_out;

impl Desk<'_> {
    pub(crate) fn flow(&self, question: &Question) -> Result<String, String> {
        let (Some(from), Some(until)) = self.edges(question) else {
            return Err("a flow needs a period".to_owned());
        };
        let stays = funnel::stays(self.journeys, question.unit);
        let head = ["step", "at start", "entered", "left", "at end", ""];
        let mut rows = vec![head.map(str::to_owned).to_vec()];
        for row in funnel::flow(&stays, self.world.charter, from, until) {
            let left: usize = row.left.values().map(Vec::len).sum();
            let ways = row
                .left
                .iter()
                .map(|(by, gone)| format!("{} {}", gone.len(), by.word()));
            rows.push(vec![
                self.step(row.step).to_owned(),
                row.at_start.len().to_string(),
                row.entered.len().to_string(),
                left.to_string(),
                row.at_end.len().to_string(),
                ways.collect::<Vec<_>>().join(", "),
            ]);
        }
        Ok(lay_out(&rows, ""))
    }

    pub(crate) fn transitions(&self, question: &Question) -> Result<String, String> {
        let (Some(from), Some(until)) = self.edges(question) else {
            return Err("transitions need a period".to_owned());
        };
        let steps = &self.world.charter.steps;
        let all = transitions::transitions(self.journeys, steps);
        let found = transitions::between(&all, (self.journeys, steps), (from, until));
        let spot = |spot: Spot| match spot {
            Spot::New => "(new)".to_owned(),
            Spot::AtStart => "(at_start)".to_owned(),
            Spot::Step(step) => self.step(step).to_owned(),
            Spot::Nowhere => "(none)".to_owned(),
            Spot::End(end) => format!("({})", role(end)),
            Spot::AtEnd => "(at_end)".to_owned(),
        };
        let mut lines: BTreeMap<_, ([Spot; 2], Vec<String>)> = BTreeMap::new();
        for one in found {
            let place = (one.from.place(), one.to.place(), one.kind);
            let who = self.unit(UnitKey::Pursuit(one.visit.pursuit));
            let (_, whom) = lines
                .entry(place)
                .or_insert_with(|| ([one.from, one.to], Vec::new()));
            whom.push(who);
        }
        let head = ["from", "to", "kind", "transitions", ""];
        let mut rows = vec![head.map(str::to_owned).to_vec()];
        for ((_, _, kind), (spots, who)) in lines {
            let [from, to] = spots.map(spot);
            let kind = kind.word().to_owned();
            rows.push(vec![from, to, kind, who.len().to_string(), who.join(", ")]);
        }
        Ok(lay_out(&rows, ""))
    }

    pub(crate) fn cohort(&self, rule: &CohortRule) -> String {
        let charter = self.world.charter;
        let entries = funnel::cohort(self.journeys, charter, rule);
        let whole = entries.len();
        let who: Vec<String> = entries.iter().map(|entry| self.unit(entry.unit)).collect();
        let ripe = if funnel::is_ripe(rule, &charter.calendar) {
            ""
        } else {
            ", not ripe"
        };
        let entered = self.step(rule.entry);
        let mut text = format!("entered {entered}: {whole}{ripe}  {}", who.join(", "));
        text = text.trim_end().to_owned() + "\n";
        let path = (0u8..).map(StepIx).zip(&charter.steps);
        let later = path.filter(|(ix, step)| *ix > rule.entry && step.role.is_on_path());
        let rows: Vec<Vec<String>> = later
            .map(|(ix, step)| {
                let reached: Vec<String> = entries
                    .iter()
                    .filter_map(|entry| self.reach(entry, ix))
                    .collect();
                let share = Ratio {
                    part: reached.len() as i64,
                    whole: whole as u64,
                };
                vec![step.id.clone(), ratio(share), reached.join(", ")]
            })
            .collect();
        text + &lay_out(&rows, "  ")
    }

    fn reach(&self, entry: &CohortEntry, step: StepIx) -> Option<String> {
        let reach = (*entry.reached.get(usize::from(step.0))?)?;
        let unit = self.unit(entry.unit);
        Some(match reach.days {
            Some(1) => format!("{unit} after 1 day"),
            Some(days) => format!("{unit} after {days} days"),
            None => format!("{unit} undated"),
        })
    }

    pub(crate) fn snapshot(&self, unit: Unit, at: Option<At>, by: Option<At>) -> String {
        let calendar = &self.world.charter.calendar;
        let instant = |at: At| match at {
            At::EndOf(day) => Instant(calendar.start_of(day.plus(1)).0 - 1),
            At::Instant(at) => at,
        };
        let at = at.map_or(Instant(self.world.horizon.0 - 1), instant);
        let stays = funnel::stays(self.journeys, unit);
        let outcomes = by.map(|by| funnel::outcome(&stays, at, instant(by)));
        let rows: Vec<Vec<String>> = funnel::snapshot(&stays, at)
            .into_iter()
            .filter_map(|index| {
                let stay = stays.get(index as usize)?;
                let age = funnel::age_days(stay, at, calendar);
                let mut row = vec![
                    self.unit(stay.unit),
                    self.step(stay.step).to_owned(),
                    format!("since {}", self.moment(stay.entered)),
                    age.map_or("no age".to_owned(), |days| format!("{days} days")),
                ];
                if matches!(unit, Unit::Account | Unit::Person) {
                    let pursuits = stay.there(self.journeys, at).map(|visit| visit.pursuit);
                    let names = pursuits.map(|pursuit| self.unit(UnitKey::Pursuit(pursuit)));
                    row.push(format!("with {}", names.collect::<Vec<_>>().join(" + ")));
                }
                let mut became = outcomes.iter().flatten();
                if let Some(outcome) = became.find(|outcome| outcome.stay == index) {
                    let now = outcome
                        .now
                        .iter()
                        .filter_map(|then| stays.get(*then as usize));
                    let now: Vec<&str> = now.map(|stay: &Stay| self.step(stay.step)).collect();
                    row.push(format!(
                        "then {} in {}",
                        outcome.left_by.word(),
                        now.join("+")
                    ));
                }
                Some(row)
            })
            .collect();
        match rows.is_empty() {
            true => "nobody\n".to_owned(),
            false => lay_out(&rows, ""),
        }
    }
}
