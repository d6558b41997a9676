//! Open deals by how likely they are to be won, one after another.

use handfast_model::question::Unit;

use super::clock::Time;
use super::deals::Moment;
use super::formulas::quarter;
use super::meaning::Role;
use super::measures::{self, Desk, Member, half_even, is_in, told};
use super::said::Word;

/// The members of a weighted measure, or of what is due as it is.
pub(super) fn members(desk: &Desk<'_>, name: &str) -> Vec<Member> {
    let (journeys, meaning) = (desk.journeys, desk.meaning);
    let until = desk.period.map_or(desk.horizon, |(_, until)| until);
    let is_due = ["weighted_due", "open_due"].contains(&name);
    let at = if is_due {
        until.min(desk.horizon)
    } else {
        until
    } - 1;
    let open = (Unit::Deal, Some((at, at + 1)), 0);
    let mut members = measures::members(journeys, meaning, "open_value", open);
    members.retain_mut(|member| {
        let deal = journeys.deals.iter().position(|one| one.key == member.who);
        let Some(deal) = deal else { return false };
        if is_due {
            let due = match told(journeys, meaning, (deal, "close_date"), Some(at)) {
                Some(Word::Time(time)) => *time,
                _ => Time::Unknown,
            };
            member.at = Moment::begin(due, meaning.zone);
        }
        let likely = match name {
            "open_due" => Some((1, 1)),
            "weighted_by_history" => history(desk, deal, at),
            "weighted_by_age" => age(desk, deal, at),
            "weighted_by_category" => category(desk, deal, at),
            _ => likely(desk, deal, at),
        };
        let money = member.money.take();
        member.money = money.zip(likely).map(|((minor, currency), (part, whole))| {
            let weighed = half_even(i128::from(minor) * part, whole);
            (weighed as i64, currency)
        });
        !is_due || is_in(member.at.at, desk.period)
    });
    members
}

/// What the deal says, else what is agreed on its stage.
fn likely(desk: &Desk<'_>, deal: usize, at: i64) -> Option<(i128, i128)> {
    let said = match told(desk.journeys, desk.meaning, (deal, "probability"), Some(at)) {
        None => {
            let step = stage(desk, deal, at)?;
            let hundredths = desk.meaning.steps[step].likely?;
            return Some((i128::from(hundredths), 100));
        }
        Some(Word::Decimal(units, places)) => (*units, 10i128.pow(*places)),
        Some(Word::Int(whole)) => (i128::from(*whole), 1),
        Some(_) => return None,
    };
    (0 <= said.0 && said.0 <= said.1).then_some(said)
}

/// Where a deal is: the stay that began last, of those that hold.
fn stage(desk: &Desk<'_>, deal: usize, at: i64) -> Option<usize> {
    let home = &desk.journeys.pursuits[desk.journeys.of_deal[deal]];
    let mut last: Option<(Option<i64>, usize)> = None;
    for visit in &home.visits {
        let is_over = visit.left.is_some_and(|left| left.at <= Some(at));
        let is_ahead = visit.entered.at > Some(at);
        if is_over || is_ahead || desk.meaning.role(visit.step).is_end() {
            continue;
        }
        if last.is_none_or(|(entered, _)| visit.entered.at >= entered) {
            last = Some((visit.entered.at, visit.step));
        }
    }
    last.map(|(_, step)| step)
}

/// Of the deals that were ever there and are over, those won.
fn history(desk: &Desk<'_>, deal: usize, at: i64) -> Option<(i128, i128)> {
    let step = stage(desk, deal, at)?;
    let (mut won, mut over) = (0, 0);
    for place in 0..desk.journeys.deals.len() {
        let home = desk.journeys.of_deal[place];
        let Some(home) = desk.journeys.pursuits.get(home) else {
            continue;
        };
        let was_there = home.visits.iter();
        let mut was_there = was_there.filter(|visit| visit.step == step);
        let Some((role, _)) = end(desk, place, at) else {
            continue;
        };
        if was_there.any(|visit| visit.entered.at <= Some(at)) {
            over += 1;
            won += i128::from(role == Role::Won);
        }
    }
    (over > 0).then_some((won, over))
}

/// Of the deals that are over and lived as many quarters as this has, or more, those won.
fn age(desk: &Desk<'_>, deal: usize, at: i64) -> Option<(i128, i128)> {
    let zone = desk.meaning.zone;
    let born = |deal: usize| {
        zone.day_of(desk.journeys.deals[deal].created.when)
            .map(quarter)
    };
    let own = quarter(zone.day(at)) - born(deal)?;
    let (mut won, mut over) = (0, 0);
    for place in 0..desk.journeys.deals.len() {
        let Some((role, moment)) = end(desk, place, at) else {
            continue;
        };
        let ended = zone.day_of(moment.when).map(quarter);
        let Some((born, ended)) = born(place).zip(ended) else {
            continue;
        };
        // What ended before it was made lived no quarter.
        if (ended - born).max(0) >= own.max(0) {
            over += 1;
            won += i128::from(role == Role::Won);
        }
    }
    (over > 0).then_some((won, over))
}

/// Of the deals that were ever in its category and are over, those won.
fn category(desk: &Desk<'_>, deal: usize, at: i64) -> Option<(i128, i128)> {
    const NAME: &str = "forecast_category";
    let Word::Text(own) = told(desk.journeys, desk.meaning, (deal, NAME), Some(at))? else {
        return None;
    };
    let (mut won, mut over) = (0, 0);
    for (place, other) in desk.journeys.deals.iter().enumerate() {
        let mut versions = other
            .versions
            .iter()
            .map(|fact| &desk.journeys.facts[*fact]);
        let was_there = versions.any(|fact| {
            let is_known = desk.meaning.zone.begin(fact.when) <= Some(at);
            is_known && fact.text(NAME) == Some(own)
        });
        if let (true, Some((role, _))) = (was_there, end(desk, place, at)) {
            over += 1;
            won += i128::from(role == Role::Won);
        }
    }
    (over > 0).then_some((won, over))
}

/// In which end a deal is, and since when.
fn end(desk: &Desk<'_>, deal: usize, at: i64) -> Option<(Role, Moment)> {
    let home = &desk.journeys.pursuits[desk.journeys.of_deal[deal]];
    if desk.journeys.deals[deal].known_from.at > Some(at) {
        return None;
    }
    let mut role = None;
    for visit in &home.visits {
        let is_over = visit.left.is_some_and(|left| left.at <= Some(at));
        if visit.entered.at <= Some(at) && !is_over && desk.meaning.role(visit.step).is_end() {
            role = Some((desk.meaning.role(visit.step), visit.entered));
        }
    }
    let end = home.end.filter(|end| end.step.is_none());
    let end = end.filter(|end| end.moment.at <= Some(at));
    role.or(end.map(|end| (end.role, end.moment)))
}
