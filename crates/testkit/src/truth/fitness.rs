//! Whether those who entered a stage were won, one pursuit after another.

use super::meaning::{Meaning, Role};
use super::walk::Journeys;

/// One line per pursuit that opened in the span and had its days: whether it entered the step in
/// them, and whether it was won in them. Then how many have not had their days, and of how many
/// nobody knows the day.
pub fn lines(
    journeys: &Journeys,
    meaning: &Meaning,
    (step, from, until, days): (usize, i64, i64, i32),
    horizon: i64,
) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut waiting, mut undated) = (0, 0);
    for pursuit in &journeys.pursuits {
        let Some(opened) = pursuit.opened.at else {
            continue;
        };
        if opened < from || until <= opened {
            continue;
        }
        // The last instant of its days.
        let last = meaning.zone.start(meaning.zone.day(opened) + days) - 1;
        if last >= horizon {
            waiting += 1;
            continue;
        }
        let mut won = None;
        if let Some(end) = &pursuit.end
            && end.role == Role::Won
            && let Some(at) = end.moment.at
            && at <= last
        {
            won = Some(at);
        }
        let (mut entered, mut some_day) = (false, false);
        for visit in &pursuit.visits {
            if visit.step != step || visit.is_implied {
                continue;
            }
            if visit.entered.at.is_none() {
                some_day = true;
            }
            if let Some(at) = visit.entered.at
                && at <= last
                && won.is_none_or(|won| at < won)
            {
                entered = true;
            }
        }
        let won_some_day = match &pursuit.end {
            Some(end) => end.role == Role::Won && end.moment.at.is_none(),
            None => false,
        };
        if won_some_day || some_day && !entered {
            undated += 1;
            continue;
        }
        lines.push(format!("{:x} {entered} {}", pursuit.id, won.is_some()));
    }
    lines.push(format!("{waiting} have not had their days"));
    lines.push(format!("{undated} nobody can date"));
    lines
}
