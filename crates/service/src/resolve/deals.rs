//! Questions about deals on their way, and about what changed.

use handfast_model::credit::Credited;
use handfast_model::question::{Against, AsOf, Aspect, QuestionKind};
use handfast_model::question_text::{horizon, parse_as_of};
use handfast_model::{Calendar, Day, Decimal, Grain, Refusal};

use super::{Misfit, Typed, period};

/// What is asked; `None` of other questions.
pub(super) fn kind(typed: &Typed, calendar: &Calendar) -> Option<Result<QuestionKind, Refusal>> {
    match typed.kind.as_str() {
        "bridge" => Some(bridge(typed, calendar)),
        "reasons" => Some(reasons(typed)),
        "forecast" => Some(forecast(typed, calendar)),
        "plan" => Some(plan(typed)),
        "targets" => Some(Ok(QuestionKind::Targets)),
        "change" => Some(change(typed, calendar)),
        _ => None,
    }
}

/// Which deals are credited.
pub(super) fn credited(of: Option<&str>) -> Result<Credited, Refusal> {
    let Some(word) = of else {
        return Ok(Credited::Won);
    };
    Credited::parse(word).ok_or_else(|| {
        Refusal::new("E0401", format!("`{word}` deals are not credited"))
            .fix("ask credit won, or ask credit open")
    })
}

fn bridge(typed: &Typed, calendar: &Calendar) -> Result<QuestionKind, Refusal> {
    if typed.period.is_none() {
        return Err(Refusal::new("E0401", "from when until when?")
            .fix("--period 2018-Q1: a bridge leads from one instant to another"));
    }
    let due = typed.due.as_deref();
    Ok(QuestionKind::Bridge {
        since: typed.since.as_deref().map(moment).transpose()?,
        due: due.map(|text| period(text, calendar)).transpose()?,
    })
}

fn reasons(typed: &Typed) -> Result<QuestionKind, Refusal> {
    let is_won = match typed.of.as_deref() {
        None | Some("lost") => false,
        Some("won") => true,
        Some(word) => {
            let title = format!("`{word}` is no end of a deal");
            return Err(Refusal::new("E0401", title).fix("ask reasons lost, or ask reasons won"));
        }
    };
    let split = typed
        .by
        .iter()
        .filter_map(|word| Aspect::parse(word.trim()));
    Ok(QuestionKind::Reasons {
        is_won,
        split: split.collect(),
    })
}

fn forecast(typed: &Typed, calendar: &Calendar) -> Result<QuestionKind, Refusal> {
    let at = last_day(
        typed,
        "--at 2017-09-30: a forecast knows what had happened by its end",
    )?;
    let period = typed.period.as_deref().map(|text| period(text, calendar));
    // Past windows are as long as the one that is asked for.
    let is_short = |(from, until): (Day, Day)| until.0 - from.0 <= MONTH_DAYS;
    let usual = match period.transpose()?.is_some_and(is_short) {
        true => Grain::Month,
        false => Grain::Quarter,
    };
    let named = typed.horizon.as_deref().map(|word| {
        horizon(word).ok_or_else(|| {
            Refusal::new("E0401", format!("a forecast does not look a {word} ahead"))
                .fix("--horizon month, or --horizon quarter")
        })
    });
    Ok(QuestionKind::Forecast {
        at,
        horizon: named.transpose()?.unwrap_or(usual),
        is_backtest: typed.is_backtest,
    })
}

/// The last day that is known.
fn last_day(typed: &Typed, fix: &str) -> Result<Option<Day>, Refusal> {
    let read = |text: &str| {
        let title = format!("`{text}` is not a day");
        Day::parse(text).ok_or_else(|| Refusal::new("E0404", title).fix(fix))
    };
    typed.at.as_deref().map(read).transpose()
}

fn plan(typed: &Typed) -> Result<QuestionKind, Refusal> {
    let goal = |text: &str| {
        let read = Decimal::parse(text).filter(|goal| goal.units > 0);
        read.ok_or_else(|| {
            Refusal::new("E0401", format!("`{text}` is no goal"))
                .fix("--goal 250000: a number above 0, in the currency of the answer")
        })
    };
    Ok(QuestionKind::Plan {
        at: last_day(
            typed,
            "--at 2017-09-30: a plan knows what had happened by its end",
        )?,
        goal: typed.goal.as_deref().map(goal).transpose()?,
    })
}

/// No month has more days, of whole weeks either.
const MONTH_DAYS: i32 = 35;

/// What splits an answer as everywhere; what splits reasons besides is part of their question.
pub(super) fn dimensions(typed: &Typed) -> Vec<String> {
    let is_own = |word: &str| typed.kind == "reasons" && Aspect::parse(word.trim()).is_some();
    typed
        .by
        .iter()
        .filter(|word| !is_own(word))
        .cloned()
        .collect()
}

fn change(typed: &Typed, calendar: &Calendar) -> Result<QuestionKind, Refusal> {
    let Some(metric) = typed.of.clone() else {
        return Err(Refusal::new("E0401", "which metric changed?")
            .fix("ask change revenue --period 2018-Q1 --since 7"));
    };
    let against = against(typed, calendar)?;
    Ok(QuestionKind::Change { metric, against })
}

/// What a change is compared with.
fn against(typed: &Typed, calendar: &Calendar) -> Result<Against, Refusal> {
    match (typed.since.as_deref(), typed.compare.as_deref()) {
        (Some(since), None) => moment(since).map(Against::Since),
        (None, Some(text)) => {
            let own = typed.period.as_deref().ok_or_else(|| {
                Refusal::new("E0401", "which period is compared?")
                    .fix("--period 2018-Q1 --compare previous")
            })?;
            let own = period(own, calendar)?;
            let (from, until) = match text {
                "previous" => previous(own, calendar),
                "year-ago" => year_ago(own, calendar),
                text => period(text, calendar)?,
            };
            Ok(Against::Period(from, until))
        }
        _ => Err(Refusal::new("E0401", "changed since when?").fix(
            "--since 7: what had been told then; or --period 2018-Q1 --compare previous, year-ago \
             or 2017-Q3",
        )),
    }
}

/// An earlier moment of knowing.
fn moment(text: &str) -> Result<AsOf, Refusal> {
    parse_as_of(text)
        .map_err(|why| Refusal::new("E0404", why).fix("--since 7, or --since 2018-03-31 (its end)"))
}

/// The size of a period of the calendar; `None` of any other stretch of days.
fn grain_of((from, until): (Day, Day), calendar: &Calendar) -> Option<Grain> {
    let grains = [
        Grain::Year,
        Grain::Quarter,
        Grain::Month,
        Grain::Week,
        Grain::Day,
    ];
    grains.into_iter().find(|grain| {
        let period = calendar.period_of(from, *grain);
        (period.from, period.until) == (from, until)
    })
}

/// The period of the same size before, else as many days.
fn previous((from, until): (Day, Day), calendar: &Calendar) -> (Day, Day) {
    match grain_of((from, until), calendar) {
        Some(grain) => {
            let before = calendar.period_of(from.plus(-1), grain);
            (before.from, before.until)
        }
        None => (from.plus(from.0 - until.0), from),
    }
}

/// The period of the same place in the year before; of weeks, 52 weeks before.
fn year_ago((from, until): (Day, Day), calendar: &Calendar) -> (Day, Day) {
    let shifted = (a_year_before(from), a_year_before(until));
    match grain_of((from, until), calendar) {
        Some(Grain::Year) => previous((from, until), calendar),
        Some(Grain::Week) => (from.plus(-364), until.plus(-364)),
        Some(grain @ (Grain::Quarter | Grain::Month)) => {
            let year = calendar.period_of(from, Grain::Year);
            let before = calendar.period_of(year.from.plus(-1), Grain::Year);
            let own = calendar.periods(grain, year.from, year.until);
            let place = own.iter().position(|period| period.from == from);
            let then = calendar.periods(grain, before.from, before.until);
            let found = place.and_then(|place| then.get(place));
            found.map_or(shifted, |period| (period.from, period.until))
        }
        _ => shifted,
    }
}

/// The same date in the year before; of the 29th of February the 28th.
fn a_year_before(day: Day) -> Day {
    let date = day.civil();
    let in_year = |of_month: i8| {
        let text = format!("{:04}-{:02}-{of_month:02}", date.year() - 1, date.month());
        Day::parse(&text)
    };
    let found = in_year(date.day()).or_else(|| in_year(28));
    found.unwrap_or(day.plus(-365))
}

/// Options that belong to these questions only.
pub(super) fn misfits(typed: &Typed) -> [Misfit; 8] {
    let is = |kind: &str| typed.kind == kind;
    let forecast = "ask forecast";
    [
        (
            typed.horizon.is_some() && !is("forecast"),
            "--horizon",
            forecast,
        ),
        (typed.is_backtest && !is("forecast"), "--backtest", forecast),
        (
            typed.is_backtest && typed.period.is_some(),
            "--period",
            "a forecast of one window; a backtest looks at all that were over by --at",
        ),
        (
            is("targets") && (!typed.by.is_empty() || typed.filter.is_some()),
            "--by or --where",
            "questions about pursuits; targets has a row for each goal",
        ),
        (typed.goal.is_some() && !is("plan"), "--goal", "ask plan"),
        (typed.due.is_some() && !is("bridge"), "--due", "ask bridge"),
        (
            typed.since.is_some() && !is("change") && !is("bridge"),
            "--since",
            "ask change, or ask bridge",
        ),
        (
            typed.compare.is_some() && !is("change"),
            "--compare",
            "ask change",
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_period_before_and_that_of_a_year_ago_are_of_the_same_kind() {
        let calendar = Calendar::in_zone("UTC").unwrap();
        let days = |text: &str| {
            let period = calendar.parse_period(text).unwrap();
            (period.from, period.until)
        };
        for (own, before, a_year_ago) in [
            ("2018-Q1", "2017-Q4", "2017-Q1"),
            ("2018-03", "2018-02", "2017-03"),
            ("2018", "2017", "2017"),
            ("2018-03-31", "2018-03-30", "2017-03-31"),
            ("2020-02-29", "2020-02-28", "2019-02-28"),
            (
                "2018-01-01..2018-02-15",
                "2017-11-17..2018-01-01",
                "2017-01-01..2017-02-15",
            ),
        ] {
            assert_eq!(previous(days(own), &calendar), days(before), "{own}");
            assert_eq!(year_ago(days(own), &calendar), days(a_year_ago), "{own}");
        }
        let (from, until) = days("2018-W05");
        assert_eq!(previous((from, until), &calendar), (from.plus(-7), from));
        assert_eq!(
            year_ago((from, until), &calendar),
            (from.plus(-364), until.plus(-364))
        );
    }
}
