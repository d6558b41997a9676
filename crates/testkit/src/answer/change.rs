//! A difference of two periods as a reader checks it, by the channel that each pursuit came from.

use std::collections::BTreeMap;

use handfast_kernels::change::{Factor, Number, Part, Segment, of_ratio, of_sum};
use handfast_kernels::metric::{self, Metric, Scope};
use handfast_model::money::divide_half_even;
use handfast_model::question::Dimension;
use handfast_model::{Currency, Day, Money, Question};

use super::Desk;
use crate::table::lay_out;

/// Ten-thousandths of a percentage point in a whole.
const SCALE: i128 = 1_000_000;

impl Desk<'_> {
    /// Of revenue, volume, mix and value; of a win rate, mix and rate.
    pub(super) fn change(
        &self,
        question: &Question,
        name: &str,
        against: (Day, Day),
    ) -> Result<String, String> {
        let metric = Metric::parse(name).ok_or("no such metric")?;
        let is_sum = match metric {
            Metric::Revenue => true,
            Metric::WinRate => false,
            _ => return Err("a change here is of revenue or win_rate".to_owned()),
        };
        let own = question.period.ok_or("change … period=2025-02")?;
        let is_by = matches!(&question.by[..], [Dimension::Channel]);
        let mut segments: BTreeMap<String, Segment> = BTreeMap::new();
        let mut currency = None;
        for (side, days) in [against, own].into_iter().enumerate() {
            let start = |day| self.world.charter.calendar.start_of(day);
            let scope = Scope {
                from: Some(start(days.0)),
                until: Some(start(days.1)),
                unit: question.unit,
                ..Scope::ALL
            };
            let mut found = metric::measure(metric, self.world, self.journeys, &scope);
            self.price(&mut found, question);
            for member in found.members {
                let channel = is_by.then(|| self.came_by(member.pursuit)).flatten();
                let nothing = Segment {
                    part: [0, 0],
                    whole: [0, 0],
                };
                let own = segments
                    .entry(channel.unwrap_or("all".to_owned()))
                    .or_insert(nothing);
                let part = match (is_sum, member.money) {
                    (true, Some(money)) => {
                        currency = Some(money.currency);
                        i128::from(money.minor)
                    }
                    (true, None) => continue,
                    (false, _) => i128::from(member.is_part),
                };
                if let (Some(sum), Some(count)) = (own.part.get_mut(side), own.whole.get_mut(side))
                {
                    *sum += part;
                    *count += 1;
                }
            }
        }
        Ok(self.change_lines(&segments, currency))
    }

    fn came_by(&self, pursuit: Option<u32>) -> Option<String> {
        let home = self.journeys.pursuits.get(pursuit? as usize)?;
        let snapshot = &self.ledger.snapshot;
        let touch = snapshot.facts.get(home.entry_touch? as usize)?;
        let channel = touch.text(snapshot.names.find("channel")?)?;
        Some(snapshot.names.text(channel).to_owned())
    }

    fn change_lines(
        &self,
        segments: &BTreeMap<String, Segment>,
        currency: Option<Currency>,
    ) -> String {
        let all: Vec<Segment> = segments.values().copied().collect();
        let (parts, factors) = match currency {
            Some(_) => (
                of_sum(&all),
                vec![Factor::Volume, Factor::Mix, Factor::Value],
            ),
            None => {
                let shown = |side: usize| {
                    let sum = |of: fn(&Segment) -> [i128; 2]| -> i128 {
                        all.iter()
                            .filter_map(|one| of(one).get(side).copied())
                            .sum()
                    };
                    divide_half_even(sum(|one| one.part) * SCALE, sum(|one| one.whole))
                };
                let difference = shown(1)
                    .zip(shown(0))
                    .map_or(0, |(after, before)| after - before);
                let parts = of_ratio(&all, Number::of(SCALE), difference);
                (parts.unwrap_or_default(), vec![Factor::Mix, Factor::Rate])
            }
        };
        let told = |units: i128| match currency {
            Some(currency) => {
                let minor = i64::try_from(units).unwrap_or(i64::MAX);
                Money { minor, currency }.to_string()
            }
            None => format!("{}.{:04}", units / 10_000, (units % 10_000).abs()),
        };
        let mut header = vec![String::new(), "before".to_owned(), "after".to_owned()];
        header.push("change".to_owned());
        header.extend(factors.iter().map(|factor| factor.word().to_owned()));
        let mut rows = vec![header];
        for (at, (name, own)) in segments.iter().enumerate() {
            let side = |side: usize| {
                let of = |pair: &[i128; 2]| pair.get(side).copied().unwrap_or(0);
                match currency {
                    Some(_) => format!("{} of {}", told(of(&own.part)), of(&own.whole)),
                    None => format!("{} of {}", of(&own.part), of(&own.whole)),
                }
            };
            let mine: Vec<&Part> = parts.iter().filter(|part| part.segment == at).collect();
            let mut row = vec![name.clone(), side(0), side(1)];
            row.push(told(mine.iter().map(|part| part.units).sum()));
            row.extend(factors.iter().map(|factor| {
                let of = mine.iter().filter(|part| part.factor == *factor);
                told(of.map(|part| part.units).sum())
            }));
            rows.push(row);
        }
        let sum: i128 = parts.iter().map(|part| part.units).sum();
        lay_out(&rows, "") + &format!("difference {}\n", told(sum))
    }
}
