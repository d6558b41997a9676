//! Silences that ended, one activity after another.

use super::meaning::{Meaning, Role};
use super::walk::Journeys;

/// One line per silence of so many days: the pursuit, since when, until when, how many days.
pub fn lines(journeys: &Journeys, meaning: &Meaning, least: i32) -> Vec<String> {
    let zone = meaning.zone;
    let mut lines = Vec::new();
    for pursuit in &journeys.pursuits {
        let mut times: Vec<i64> = Vec::new();
        times.extend(pursuit.opened.at);
        for place in &pursuit.touches {
            let fact = &journeys.facts[*place];
            let is_two_way = match &meaning.dormant {
                Some((_, kinds)) => {
                    let kind = fact.text("touch");
                    kind.is_some_and(|kind| kinds.iter().any(|known| known == kind))
                }
                None => true,
            };
            if is_two_way {
                times.extend(zone.begin(fact.when));
            }
        }
        for visit in &pursuit.visits {
            // Nobody went on by falling silent, or by losing it.
            let is_over = matches!(
                meaning.role(visit.step),
                Role::Lost | Role::Disqualified | Role::Dormant
            );
            if !visit.is_implied && !is_over {
                times.extend(visit.entered.at);
            }
        }
        if let Some(end) = pursuit.end.as_ref().and_then(|end| end.moment.at) {
            times.retain(|at| *at <= end);
        }
        let mut ends: Vec<i64> = times.clone();
        ends.sort_unstable();
        ends.dedup();
        for until in ends {
            let before = times.iter().filter(|at| **at < until).max();
            if let Some(since) = before {
                let days = zone.day(until) - zone.day(*since);
                if days >= least {
                    lines.push(format!("{:x} {since} {until} {days}", pursuit.id));
                }
            }
        }
    }
    lines
}
