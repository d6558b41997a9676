//! The fixed questions of each meeting, and which questions to the book answer them.

use handfast_model::meeting::Rhythm;
use handfast_model::{Grain, Period, Refusal};

use super::areas;
use super::desk::{Asked, Desk, days};
use super::says::{self, Raised};
use crate::resolve::Typed;

/// Puts the answers of a meeting's questions together. The first answer was asked before all
/// others: how the pipeline moved in the last period.
pub(super) fn fill(desk: &mut Desk<'_>, moved: Result<Asked, Refusal>) -> Result<(), Refusal> {
    match desk.rhythm {
        Rhythm::Weekly => weekly(desk, moved),
        Rhythm::Monthly => monthly(desk, moved),
        Rhythm::Quarterly => quarterly(desk, moved),
    }
}

fn weekly(desk: &mut Desk<'_>, moved: Result<Asked, Refusal>) -> Result<(), Refusal> {
    let (last, aimed) = (desk.last(), desk.aimed());
    desk.section("Are marketing and sales on track?");
    targets(desk, &aimed)?;
    sla(desk, &last)?;
    stale(desk)?;
    desk.section("What happened last week?");
    happened(desk, &last, moved)?;
    desk.section("How are we progressing toward the goal?");
    ahead(desk, &aimed, true)?;
    desk.section("What has changed?");
    for metric in ["revenue", "leads_created"] {
        change(desk, metric, (&last, "previous"))?;
    }
    since(desk)
}

fn monthly(desk: &mut Desk<'_>, moved: Result<Asked, Refusal>) -> Result<(), Refusal> {
    let (last, next) = (desk.last(), desk.next());
    desk.section("What happened last month?");
    happened(desk, &last, moved)?;
    let lost = Typed {
        by: vec!["reason".to_owned()],
        ..desk.of_money("reasons", &last)
    };
    desk.tell(&lost, |(_, answer), _| says::reasons(answer))?;
    since(desk)?;
    desk.section("What is forecast for next month from current momentum?");
    ahead(desk, &next, false)?;
    desk.section("Key areas for improvement");
    areas::tell(desk, &last)
}

fn quarterly(desk: &mut Desk<'_>, moved: Result<Asked, Refusal>) -> Result<(), Refusal> {
    let (last, next) = (desk.last(), desk.next());
    desk.section("Current results against goals");
    targets(desk, &last)?;
    happened(desk, &last, moved)?;
    since(desk)?;
    desk.section("Forecast for next quarter");
    let planned = ahead(desk, &next, false)?;
    desk.section("Key areas for improvement");
    areas::tell(desk, &last)?;
    desk.section("Are strategic changes needed?");
    let plan = plan_of(desk, &next);
    let planned_for = desk.tell(&plan, |(_, answer), raised| says::pace(answer, raised))?;
    beside(desk, planned_for.as_ref(), planned.as_ref());
    change(desk, "win_rate", (&last, "year-ago"))
}

fn targets(desk: &mut Desk<'_>, period: &Period) -> Result<(), Refusal> {
    let typed = desk.of_money("targets", period);
    desk.tell(&typed, |(_, answer), raised| says::targets(answer, raised))?;
    Ok(())
}

/// What the teams promised each other, in the period.
pub(super) fn sla(desk: &mut Desk<'_>, period: &Period) -> Result<(), Refusal> {
    let typed = desk.of_money("sla", period);
    desk.tell(&typed, |(_, answer), raised| says::sla(answer, raised))?;
    Ok(())
}

/// What stays too long, on the last day that is known.
pub(super) fn stale(desk: &mut Desk<'_>) -> Result<(), Refusal> {
    let typed = Typed {
        at: desk.at().map(|day| day.to_string()),
        ..desk.question("stale")
    };
    desk.tell(&typed, |(_, answer), raised| says::stale(answer, raised))?;
    Ok(())
}

/// How the pipeline moved, and what went through each stage.
fn happened(
    desk: &mut Desk<'_>,
    period: &Period,
    moved: Result<Asked, Refusal>,
) -> Result<(), Refusal> {
    let typed = desk.of_money("bridge", period);
    let bridge = desk.keep(&typed, moved, |(_, answer), _| says::bridge(answer));
    let typed = Typed {
        view: Some("flow".to_owned()),
        period: Some(days(period)),
        ..desk.question("funnel")
    };
    let flow = desk.tell(&typed, |(_, answer), _| says::flow(answer))?;
    desk.has_moved |= bridge.is_none_or(|(_, answer)| says::has_moves(&answer));
    desk.has_moved |= flow.is_none_or(|(_, answer)| says::has_flow(&answer));
    Ok(())
}

/// What is won in a period that is not over, and, where asked for, what it takes for its goal.
fn ahead(desk: &mut Desk<'_>, period: &Period, has_plan: bool) -> Result<Option<Asked>, Refusal> {
    let grain = match desk.rhythm {
        Rhythm::Monthly => Grain::Month,
        Rhythm::Weekly | Rhythm::Quarterly => Grain::Quarter,
    };
    let typed = Typed {
        at: desk.at().map(|day| day.to_string()),
        horizon: Some(grain.word().to_owned()),
        ..desk.of_money("forecast", period)
    };
    let forecast = desk.tell(&typed, |(_, answer), _| says::forecast(answer))?;
    if has_plan {
        let typed = plan_of(desk, period);
        let plan = desk.tell(&typed, |(_, answer), _| says::plan(answer))?;
        beside(desk, plan.as_ref(), forecast.as_ref());
    }
    Ok(forecast)
}

fn plan_of(desk: &Desk<'_>, period: &Period) -> Typed {
    Typed {
        at: desk.at().map(|day| day.to_string()),
        ..desk.of_money("plan", period)
    }
}

/// Says where the goal lies in what is forecast.
fn beside(desk: &mut Desk<'_>, plan: Option<&Asked>, forecast: Option<&Asked>) {
    let Some(((question, plan), (_, forecast))) = plan.zip(forecast) else {
        return;
    };
    let found: Option<Raised> = says::goal_beside(plan, forecast);
    if let Some(raised) = found {
        desk.raise(raised, Some(question.to_string()));
    }
}

/// A metric beside what it was in another period, where most of the difference is.
pub(super) fn change(
    desk: &mut Desk<'_>,
    metric: &str,
    (period, compare): (&Period, &str),
) -> Result<(), Refusal> {
    let is_money = metric == "revenue";
    let typed = Typed {
        of: Some(metric.to_owned()),
        compare: Some(compare.to_owned()),
        period: Some(days(period)),
        currency: desk
            .currency
            .filter(|_| is_money)
            .map(|one| one.code().to_owned()),
        ..desk.question("change")
    };
    let own = metric.to_owned();
    desk.tell(&typed, |(_, answer), raised| {
        says::change(answer, &own, raised)
    })?;
    Ok(())
}

/// What was told at the meeting before, and is told otherwise now: from the quarter on that it
/// looked back on.
fn since(desk: &mut Desk<'_>) -> Result<(), Refusal> {
    let Some(since) = desk.since.clone() else {
        return Ok(());
    };
    let calendar = &desk.charter.calendar;
    let own = calendar.period_of(since.on, desk.rhythm.grain());
    let from = calendar.period_of(own.from.plus(-1), Grain::Quarter).from;
    let until = desk.next().until.max(desk.aimed().until);
    let typed = Typed {
        of: Some("revenue".to_owned()),
        period: Some(format!("{from}..{until}")),
        since: Some(since.as_of.to_string()),
        // Each moment has the charter that was in force then.
        charter: None,
        currency: desk.currency.map(|one| one.code().to_owned()),
        ..desk.question("change")
    };
    let mut is_moved = true;
    desk.tell(&typed, |(_, answer), _| {
        let (says, moved) = says::since(answer, "revenue");
        is_moved = moved;
        says
    })?;
    desk.has_moved |= is_moved;
    Ok(())
}
