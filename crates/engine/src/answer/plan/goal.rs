//! What is to be won by when, in which currency, and what was spent of late.

use handfast_kernels::metric::{self, Metric, Scope};
use handfast_model::question::Unit;
use handfast_model::{Currency, Day, Decimal, Issue, Money, Question, Refusal};

use super::super::forecast::tracks::Tracks;
use super::super::ground::Ground;
use super::super::price::not_priced;
use super::super::sheet::Key;
use super::super::spent;
use super::super::tally::Tally;

/// What is to be won.
pub(super) struct Goal {
    /// In minor units, from the period's first day up to each end.
    pub by_end: Vec<i64>,
    /// So many goals of the book; none where it was given.
    pub goals: Option<u64>,
    /// Whether it is spread over the months by their days.
    pub is_spread: bool,
    /// What is wrong with goals.
    pub issues: Vec<Issue>,
}

/// The period, its ends and the currency.
type Asked<'e> = ((Day, Day), &'e [(Day, Option<Key>)], Currency);

impl Goal {
    /// As it was given, else what goals of the book say.
    pub fn of(
        (ground, question): (&Ground<'_>, &Question),
        given: Option<Decimal>,
        tally: &Tally<'_>,
        asked: Asked<'_>,
    ) -> Result<Goal, Refusal> {
        let (period, ends, currency) = asked;
        if let Some(given) = given {
            let money = given.to_money(currency).filter(|money| money.minor > 0);
            let money = money.ok_or_else(|| {
                Refusal::new("E0401", format!("{given} {currency} is no goal"))
                    .fix("--goal 250000: a number above 0 that money can have")
            })?;
            return Ok(Goal {
                by_end: spread(money, period, ends),
                goals: None,
                is_spread: ends.len() > 1,
                issues: Vec::new(),
            });
        }
        if question.filter.is_some() {
            return Err(
                Refusal::new("E0415", "whose goal? goals of the book are of all pursuits")
                    .matters("a part of them cannot be held against what all are to win")
                    .fix("--goal 250000, for those that --where asks for"),
            );
        }
        let mut issues = Vec::new();
        let sums = ends.iter().map(|(until, _)| {
            let found = targets(ground, tally, ((period.0, *until), currency));
            issues.extend(found.2);
            (found.0, found.1)
        });
        let sums: Vec<(i64, u64)> = sums.collect();
        let (all, goals) = sums.last().copied().unwrap_or((0, 0));
        if all <= 0 {
            let title = format!("no goal lies in {}..{}", period.0, period.1);
            return Err(Refusal::new("E0415", title)
                .matters("a plan leads from what is to be won back to what it takes")
                .fix("--goal 250000, or import goals (facts of kind target)"));
        }
        issues.sort_unstable();
        issues.dedup();
        let whole = Money {
            minor: all,
            currency,
        };
        let is_told = sums.iter().all(|(sum, _)| *sum > 0);
        Ok(Goal {
            by_end: match is_told {
                true => sums.iter().map(|(sum, _)| *sum).collect(),
                false => spread(whole, period, ends),
            },
            goals: Some(goals),
            is_spread: !is_told,
            issues,
        })
    }
}

/// A goal up to each end, by days from the period's first on; all of it at the last.
fn spread(money: Money, (from, until): (Day, Day), ends: &[(Day, Option<Key>)]) -> Vec<i64> {
    let days = |from: Day, until: Day| u64::try_from(until.0 - from.0).unwrap_or(0);
    let up_to = |(end, _): &(Day, Option<Key>)| {
        let parts = money.share_out(&[days(from, *end), days(*end, until)]);
        let first = parts.and_then(|parts| parts.first().copied());
        first.map_or(money.minor, |first| first.minor)
    };
    ends.iter().map(up_to).collect()
}

/// What goals that lie in a period come to, and how many they are.
fn targets(
    ground: &Ground<'_>,
    tally: &Tally<'_>,
    ((from, until), currency): ((Day, Day), Currency),
) -> (i64, u64, Vec<Issue>) {
    let scope = Scope {
        from: Some(ground.start_of(from)),
        until: Some(ground.start_of(until)),
        unit: Unit::Deal,
        ..Scope::ALL
    };
    let found = metric::measure(Metric::Target, &ground.world(), ground.journeys, &scope);
    let (mut sum, mut count, mut issues) = (0_i64, 0, found.issues);
    for member in &found.members {
        issues.extend(member.issue);
        let priced = match &tally.prices {
            Some(prices) => prices.of_member(member),
            None => member.money.filter(|money| money.currency == currency),
        };
        match priced {
            Some(money) => {
                sum = sum.saturating_add(money.minor);
                count += 1;
            }
            None if member.money.is_some() => {
                let fact = member.fact.and_then(|fact| ground.fact(fact));
                issues.push(not_priced(fact.map(|fact| fact.id)));
            }
            None => {}
        }
    }
    (sum, count, issues)
}

/// The currency of a plan.
pub(super) fn currency(tracks: &Tracks) -> Result<Currency, Refusal> {
    let refused = |title: &str| {
        Refusal::new("E0415", title)
            .matters("a goal is reached in one")
            .fix("--currency EUR")
    };
    if tracks.are_mixed {
        let title = "amounts are in several currencies";
        return Err(refused(title));
    }
    let title = "no amount is known, and so no currency";
    tracks.currency.ok_or_else(|| refused(title))
}

/// What was spent of late, in the currency of the plan.
#[derive(Clone, Copy)]
pub(super) struct Spent {
    /// In minor units.
    pub minor: i64,
    /// How many amounts are in another currency, and in no sum.
    pub others: u64,
}

/// What was spent in the days of late; `None` where nothing is known of it.
pub(super) fn spent(
    ground: &Ground<'_>,
    question: &Question,
    tally: &Tally<'_>,
    ((at, lately), currency): ((Day, i32), Currency),
) -> Option<Spent> {
    let scope = Scope {
        from: Some(ground.start_of(at.plus(1 - lately))),
        until: Some(ground.start_of(at.plus(1))),
        unit: Unit::Deal,
        ..Scope::ALL
    };
    let found = metric::measure(Metric::Spend, &ground.world(), ground.journeys, &scope);
    let prices = tally.prices.as_ref();
    let parts = spent::cut(ground, question, prices, (found.members, 0));
    let mut spent = Spent {
        minor: 0,
        others: 0,
    };
    for part in &parts {
        let priced = match prices {
            Some(prices) => prices.of_member(part),
            None => part.money.filter(|money| money.currency == currency),
        };
        match priced {
            Some(money) => spent.minor = spent.minor.saturating_add(money.minor),
            None => spent.others += u64::from(part.money.is_some()),
        }
    }
    (spent.minor > 0).then_some(spent)
}
