//! What became of open deals, why deals ended, and what two periods differ by, as the kernels say.

use std::collections::BTreeMap;

use handfast_kernels::bridge::{self, Line, Seen, Span, Worth};
use handfast_kernels::change::{Number, Part, Segment, of_ratio, of_sum};
use handfast_kernels::journey::{Deal, Ownership};
use handfast_kernels::metric::{Counted, Metric, Scope};
use handfast_kernels::reasons;
use handfast_kernels::standing;
use handfast_kernels::transitions::{self, Spot, Transition};
use handfast_model::question::Unit;
use handfast_model::{Day, Instant, Money, Sym, Value};

use super::product::{Product, role};
use crate::truth::bridge::Asked;
use crate::truth::change::{SEGMENTS, segment};
use crate::truth::dimensions::By;
use crate::truth::measures::Period;

impl Product<'_> {
    pub(super) fn transitions(&self, (from, until): (i64, i64)) -> Vec<String> {
        let steps = &self.charter.steps;
        let all = transitions::transitions(self.journeys, steps);
        let edges = (Instant(from), Instant(until));
        let spot = |spot: Spot| match spot {
            Spot::New => "new".to_owned(),
            Spot::AtStart => "at start".to_owned(),
            Spot::Step(step) => self.step(step).to_owned(),
            Spot::Nowhere => "nowhere".to_owned(),
            Spot::End(end) => format!("{:?}", role(end)),
            Spot::AtEnd => "at end".to_owned(),
        };
        let line = |one: Transition| {
            let (id, place) = (self.pursuit(one.visit.pursuit).id.0, one.visit.visit);
            let (from, to) = (spot(one.from), spot(one.to));
            let left = one.left.map(|left| left.visit);
            format!(
                "{from} > {to} {} {id:x} visit {place} from {left:?}",
                one.kind.word()
            )
        };
        let found = transitions::between(&all, (self.journeys, steps), edges);
        found.into_iter().map(line).collect()
    }

    pub(super) fn bridge(&self, asked: &Asked) -> Vec<String> {
        let world = self.world();
        let span = Span {
            from: Instant(asked.period.0),
            until: Instant(asked.period.1),
            due: asked.due.map(|(from, until)| (Day(from), Day(until))),
        };
        let owners = Ownership::of(&world);
        let mut figures: BTreeMap<(Option<Sym>, String, Line), (u64, i128)> = BTreeMap::new();
        for deal in &self.journeys.deals {
            let home = self.pursuit(deal.pursuit);
            let others = match asked.by {
                None => Vec::new(),
                Some(_) => owners.turns(deal, home),
            };
            let place = |at| match (asked.by, owners.at(deal, home, at)) {
                (Some(By::Rep), (rep, _)) => rep,
                (Some(_), (_, team)) => team,
                (None, _) => None,
            };
            let told = bridge::told(&world, self.journeys, (deal, &others), &span);
            let mut before: Option<Option<Money>> = None;
            let mut seen = Vec::new();
            for one in &told {
                let worth = self.worth(deal, one.amount);
                seen.push(Seen {
                    standing: one.standing,
                    is_due: one.is_due,
                    place: place(one.at),
                    worth,
                    carried: before.map_or(worth, |amount| self.worth(deal, amount)),
                });
                before = Some(one.amount);
            }
            for one in bridge::bridge(&seen) {
                let code = one.currency.map(|one| one.code().to_owned());
                let place = (one.place, code.unwrap_or_default(), one.line);
                let figure = figures.entry(place).or_default();
                *figure = (figure.0 + 1, figure.1 + one.minor);
            }
        }
        let figures = figures.into_iter();
        let line = |((place, code, line), figure)| {
            let place: Option<Sym> = place;
            let line: Line = line;
            let place = place.map(|place| self.text(place));
            format!("{place:?} {code} {} {figure:?}", line.word())
        };
        figures.map(line).collect()
    }

    /// What an amount counts with: of a deal without one in the currency that it last had.
    fn worth(&self, deal: &Deal, amount: Option<Money>) -> Worth {
        let name = self.snapshot.names.find("amount");
        let last = match standing::value(&self.world(), deal, name, None) {
            Some(Value::Money(money)) => Some(money.currency),
            _ => None,
        };
        let own = amount.map(|money| money.currency);
        Worth {
            currency: own.or(last).or(self.charter.currency),
            minor: amount.map(|money| money.minor),
        }
    }

    pub(super) fn reasons(&self, is_won: bool, period: Period) -> Vec<String> {
        let said = reasons::statements(
            &self.world(),
            self.journeys,
            (is_won, &scope(period, Unit::Deal)),
        );
        let text = |sym: Option<Sym>| sym.map(|sym| self.text(sym));
        let line = |one: &reasons::Statement| {
            let stage = one.stage.map(|step| self.step(step).to_owned());
            let key = [
                text(one.reason),
                text(one.competitor),
                stage,
                text(one.said_by),
            ];
            let deal = &self.journeys.deals[one.deal as usize];
            format!("{key:?} {}", self.text(deal.key))
        };
        said.iter().map(line).collect()
    }

    /// The parts of a difference: of what was won by value, or of the win rate in millionths.
    pub(super) fn parts(&self, is_of_sum: bool, periods: [(i64, i64); 2]) -> Vec<String> {
        let metric = if is_of_sum {
            Metric::Revenue
        } else {
            Metric::WinRate
        };
        let nothing = Segment {
            part: [0; 2],
            whole: [0; 2],
        };
        let mut sides: BTreeMap<String, Vec<Segment>> = BTreeMap::new();
        for (side, period) in periods.into_iter().enumerate() {
            let scope = scope(Some(period), Unit::Deal);
            let found =
                handfast_kernels::metric::measure(metric, &self.world(), self.journeys, &scope);
            for member in found.members {
                let Counted::Deal(deal) = member.counted else {
                    continue;
                };
                let key = self.text(self.journeys.deals[deal as usize].key);
                let (part, code) = match (is_of_sum, member.money) {
                    (true, None) => continue,
                    (true, Some(money)) => {
                        (i128::from(money.minor), money.currency.code().to_owned())
                    }
                    (false, _) => (i128::from(member.is_part), String::new()),
                };
                let segments = sides.entry(code).or_insert_with(|| vec![nothing; SEGMENTS]);
                let own = &mut segments[segment(&key)];
                own.part[side] += part;
                own.whole[side] += 1;
            }
        }
        let mut lines = Vec::new();
        for (code, segments) in sides {
            let parts = match is_of_sum {
                true => of_sum(&segments),
                false => share_parts(&segments),
            };
            lines.extend(parts.iter().map(|one| {
                let (factor, units) = (one.factor.word(), one.units);
                format!("{code} {} {factor} {units}", one.segment)
            }));
        }
        lines
    }
}

fn share_parts(segments: &[Segment]) -> Vec<Part> {
    let sum = |of: fn(&Segment) -> [i128; 2]| {
        [0, 1].map(|side| segments.iter().map(|one| of(one)[side]).sum::<i128>())
    };
    let (part, whole) = (sum(|one| one.part), sum(|one| one.whole));
    let under = whole[0] * whole[1];
    let over = (part[1] * whole[0] - part[0] * whole[1]) * 1_000_000;
    let difference = over.checked_div_euclid(under).unwrap_or(0);
    of_ratio(segments, Number::of(1_000_000), difference).unwrap_or_default()
}

fn scope(period: Period, unit: Unit) -> Scope {
    Scope {
        from: period.map(|(from, _)| Instant(from)),
        until: period.map(|(_, until)| Instant(until)),
        unit,
        ..Scope::ALL
    }
}
