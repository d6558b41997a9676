//! The fitness test of a stage: does entering it predict winning, and revenue, on time that its
//! definition was not made on? What is compared with what is decided in `kernels::fitness`.

use std::collections::BTreeMap;

use handfast_engine::derived::Derived;
use handfast_kernels::attributes::Attributes;
pub use handfast_kernels::fitness::Interval;
use handfast_kernels::fitness::{
    self, LEAST_WINS, Test, Tested, difference, mean_difference, tested, usual_days, wilson,
};
use handfast_kernels::journey::{Buyer, Pursuit};
use handfast_model::question::AsOf;
use handfast_model::rules::{StepIx, StepRole};
use handfast_model::{
    Answer, Cell, Charter, Column, ColumnKind, Currency, Day, Lineage, Money, Ratio, Refusal, Value,
};

use super::sight::Sight;
use super::state::Agreement;
use crate::book::Book;

/// What is asked.
pub struct Asked<'a> {
    /// The stage's id.
    pub stage: &'a str,
    /// A draft, a version or a folder; the charter in force without it.
    pub charter: Option<&'a str>,
    /// A period label or `FROM..UNTIL`: pursuits that opened then.
    pub period: Option<&'a str>,
    /// Calendar days that each has to win.
    pub window: Option<u32>,
}

/// What was found.
pub struct Fitness {
    /// Two rows: those that entered, and those that did not.
    pub answer: Answer,
    /// The pursuits one by one.
    pub records: Answer,
    /// The difference of the two shares of won, where both rows have pursuits.
    pub difference: Option<Interval>,
    /// The sentence that says what it means.
    pub verdict: String,
}

/// Tests a stage.
pub fn fitness(book: &Book, asked: &Asked<'_>) -> Result<Fitness, Refusal> {
    let (charter, _) = book.charter(AsOf::Latest, asked.charter)?;
    let step = step(&charter, asked.stage)?;
    let sight = Sight::of(book, charter, asked.charter.is_some())?;
    let mut lineage = sight.lineage(book)?;
    lineage.kernels = vec![("fitness".to_owned(), fitness::VERSION.to_string())];
    let (charter, derived) = (&sight.charter, &*sight.derived);
    let pursuits = &derived.part.journeys.pursuits;
    let calendar = &charter.calendar;
    let span = span(book, charter, derived, asked)?;
    let test = Test {
        step,
        from: calendar.start_of(span.from),
        until: calendar.start_of(span.until),
        window_days: span.window_days,
        horizon: derived.horizon,
    };
    let found = tested(pursuits, calendar, &test);
    let rows = found.rows;
    let worth = Worth::new(charter, derived);
    let arms = [true, false].map(|has_entered| Arm::of(&rows, has_entered, pursuits, &worth));
    let difference = match [&arms[0], &arms[1]].map(|arm| wilson(arm.won, arm.count)) {
        [Some(first), Some(second)] => Some(difference(&first, &second)),
        _ => None,
    };
    let stage = asked.stage;
    let mut answer = shown(&arms, &worth.currencies);
    answer.notes = notes(asked, &span, (found.unripe, found.undated));
    let mut records = listed(&sight.charter, derived, &rows);
    records.lineage = lineage.clone();
    answer.lineage = lineage;
    Ok(Fitness {
        verdict: match rows.is_empty() {
            true => nothing(
                &span,
                found.unripe + found.undated,
                calendar.day_of(test.horizon),
            ),
            false => verdict(stage, &arms, difference.as_ref(), &worth.currencies),
        },
        answer,
        records,
        difference,
    })
}

/// What was looked at, and what was not.
fn notes(asked: &Asked<'_>, span: &Span, (unripe, undated): (u64, u64)) -> Vec<String> {
    let stage = asked.stage;
    let Span {
        from,
        until,
        why,
        window_days,
    } = span;
    let usual = match asked.window {
        Some(_) => "",
        None => ", as nine of ten wins before took",
    };
    vec![
        format!(
            "pursuits that opened from {from} until {until} (not included), {why}; each had \
             {window_days} calendar days to enter {stage} and to win{usual}"
        ),
        format!(
            "{unripe} more opened then and have not had these days, and of {undated} nobody knows \
             when they entered {stage} or were won; they count in neither row"
        ),
        "entered: by itself, before winning, not because a later stage implies it. Who ends soon \
         cannot enter any more, so this compares and does not say what causes what"
            .to_owned(),
        "share: won of pursuits, with Wilson's 95 % interval".to_owned(),
    ]
}

fn step(charter: &Charter, stage: &str) -> Result<StepIx, Refusal> {
    let stages = (0u8..).zip(&charter.steps);
    let can = |role: StepRole| matches!(role, StepRole::Path | StepRole::Detour);
    let mut found = stages.clone().filter(|(_, step)| can(step.role));
    let names: Vec<&str> = found.clone().map(|(_, step)| step.id.as_str()).collect();
    let found = found.find(|(_, step)| step.id == stage);
    found.map(|(at, _)| StepIx(at)).ok_or_else(|| {
        Refusal::new(
            "E0288",
            format!("`{stage}` is no stage before the end of a pursuit"),
        )
        .matters("only of such a stage can be asked whether it predicts the end")
        .fix(format!("one of: {}", names.join(", ")))
    })
}

/// The days in which pursuits opened that are tested.
struct Span {
    from: Day,
    until: Day,
    /// Why those.
    why: &'static str,
    /// Calendar days that each has.
    window_days: u32,
}

fn span(
    book: &Book,
    charter: &Charter,
    derived: &Derived,
    asked: &Asked<'_>,
) -> Result<Span, Refusal> {
    let calendar = &charter.calendar;
    let pursuits = &derived.part.journeys.pursuits;
    let window = |from: Day| {
        let usual = || usual_days(pursuits, calendar, calendar.start_of(from));
        asked.window.or_else(usual).ok_or_else(too_few_wins)
    };
    let span = |from: Day, until: Day, why| {
        let window_days = window(from)?;
        Ok(Span {
            from,
            until,
            why,
            window_days,
        })
    };
    if let Some(text) = asked.period {
        let period = crate::resolve::period(text, calendar)?;
        return span(period.0, period.1, "as asked");
    }
    let end = calendar.day_of(derived.horizon);
    let agreement = Agreement::read(book, AsOf::Latest)?;
    let draft = asked.charter.and_then(|asked| agreement.draft(asked).ok());
    let proposed = draft.map(|draft| calendar.day_of(draft.at));
    if let Some(day) = proposed.filter(|day| *day < end) {
        return span(day, end, "after the draft was proposed");
    }
    // The days are told by the wins before, and whoever opened too late to have them is left out.
    let opened = pursuits.iter().filter_map(|one| one.opened.at);
    let mut opened: Vec<Day> = opened.map(|at| calendar.day_of(at)).collect();
    opened.retain(|day| *day < end);
    opened.sort_unstable();
    let third = |days: &[Day]| days.get(days.len() * 2 / 3).copied().unwrap_or(end);
    let days = i32::try_from(window(third(&opened))?).unwrap_or(i32::MAX);
    let until = end.plus(-days.min(end.0)).plus(1);
    opened.retain(|day| *day < until);
    let why = "the last third of those that can have had their days, which whoever defines the \
               stage should not look at";
    let from = third(&opened).min(until);
    Ok(Span {
        from,
        until,
        why,
        window_days: u32::try_from(days).unwrap_or(u32::MAX),
    })
}

fn too_few_wins() -> Refusal {
    Refusal::new(
        "E0288",
        "fewer than ten pursuits were won before the time that is tested",
    )
    .matters("how long a pursuit needs to win cannot be told from them")
    .fix("--window DAYS: the days that each pursuit has to enter the stage and to win")
}

/// What is said where no pursuit counts.
fn nothing(span: &Span, others: u64, horizon: Day) -> String {
    let days = span.window_days;
    let last = span.until.plus(i32::try_from(days).unwrap_or(i32::MAX));
    match others {
        0 => "nothing to compare: no pursuit opened then".to_owned(),
        others if last > horizon => format!(
            "nothing to compare yet: {others} opened then, and none has had {days} days by \
             {horizon}; ask again, or with an earlier --period or a shorter --window"
        ),
        others => format!("nothing to compare: of {others} that opened then nobody knows the days"),
    }
}

/// What deals are worth.
struct Worth<'a> {
    derived: &'a Derived,
    attributes: Attributes,
    currencies: Vec<Currency>,
}

impl<'a> Worth<'a> {
    fn new(charter: &Charter, derived: &'a Derived) -> Worth<'a> {
        let attributes = Attributes::new(&derived.part.snapshot, &charter.calendar);
        let mut worth = Worth {
            derived,
            attributes,
            currencies: Vec::new(),
        };
        let pursuits = derived.part.journeys.pursuits.iter();
        let found = pursuits.filter_map(|pursuit| worth.of(pursuit));
        let mut currencies: Vec<Currency> = found.map(|money| money.currency).collect();
        currencies.sort_by_key(|currency| currency.code().to_owned());
        currencies.dedup();
        worth.currencies = currencies;
        worth
    }

    /// The amount of a pursuit's deal, as last known.
    fn of(&self, pursuit: &Pursuit) -> Option<Money> {
        let part = &self.derived.part;
        let deal = part.journeys.deals.get(pursuit.deal? as usize)?;
        let name = part.snapshot.names.find("amount")?;
        let found = self
            .attributes
            .of_deal(&part.snapshot.facts, deal.key, name, None);
        match found? {
            Value::Money(money) => Some(*money),
            _ => None,
        }
    }
}

/// One of the two rows.
struct Arm {
    has_entered: bool,
    count: u64,
    won: u64,
    /// Won, by currency.
    /// By currency; `None` where it does not fit.
    revenue: BTreeMap<String, Option<i64>>,
    /// What each win is worth.
    wins: Vec<Money>,
}

impl Arm {
    fn of(rows: &[Tested], has_entered: bool, pursuits: &[Pursuit], worth: &Worth<'_>) -> Arm {
        let mut arm = Arm {
            has_entered,
            count: 0,
            won: 0,
            revenue: BTreeMap::new(),
            wins: Vec::new(),
        };
        for row in rows.iter().filter(|row| row.has_entered == has_entered) {
            arm.count += 1;
            if !row.is_won {
                continue;
            }
            arm.won += 1;
            let pursuit = pursuits.get(row.pursuit as usize);
            if let Some(money) = pursuit.and_then(|pursuit| worth.of(pursuit)) {
                let code = money.currency.code().to_owned();
                let sum = arm.revenue.entry(code).or_insert(Some(0));
                *sum = sum.and_then(|sum| sum.checked_add(money.minor));
                arm.wins.push(money);
            }
        }
        arm
    }

    /// What each pursuit is worth in a currency: nothing, unless it was won.
    fn worth(&self, currency: Currency) -> Vec<f64> {
        let wins = self.wins.iter().filter(|money| money.currency == currency);
        let mut worth: Vec<f64> = wins.map(|money| money.minor as f64).collect();
        worth.resize(usize::try_from(self.count).unwrap_or(0), 0.0);
        worth
    }
}

fn shown(arms: &[Arm; 2], currencies: &[Currency]) -> Answer {
    let column = |id: &str, kind: ColumnKind, means: &str| Column {
        id: id.to_owned(),
        kind,
        unit: None,
        means: means.to_owned(),
    };
    let mut columns = vec![
        column("entered", ColumnKind::Flag, ""),
        column("pursuits", ColumnKind::Count, ""),
        column("won", ColumnKind::Ratio, "won within their days, of them"),
        column("share", ColumnKind::EstimatedShare, ""),
    ];
    for currency in currencies {
        let code = currency.code();
        let id = format!("revenue_{}", code.to_lowercase());
        columns.push(column(&id, ColumnKind::Money, "what those won are worth"));
        let id = format!("each_{}", code.to_lowercase());
        columns.push(column(
            &id,
            ColumnKind::Money,
            "the same per pursuit of the row",
        ));
    }
    Answer {
        headline: None,
        rows: arms.iter().map(|arm| row(arm, currencies)).collect(),
        columns,
        totals: None,
        currency_totals: Vec::new(),
        issues: Vec::new(),
        notes: Vec::new(),
        lineage: Lineage::default(),
    }
}

fn row(arm: &Arm, currencies: &[Currency]) -> Vec<Cell> {
    let share = wilson(arm.won, arm.count);
    let ratio = Ratio {
        part: i64::try_from(arm.won).unwrap_or(i64::MAX),
        whole: arm.count,
    };
    let mut cells = vec![
        Cell::Flag(arm.has_entered),
        Cell::Count(arm.count),
        Cell::Ratio(ratio),
        share.map_or(Cell::Unknown, |one| {
            Cell::EstimatedShare(one.share, Some((one.low, one.high)))
        }),
    ];
    for currency in currencies {
        let minor = arm.revenue.get(currency.code()).copied();
        let money = minor.unwrap_or(Some(0)).map(|minor| Money {
            minor,
            currency: *currency,
        });
        cells.push(money.map_or(Cell::Unknown, Cell::Money));
        cells.push(match (money, arm.count) {
            (None, _) | (_, 0) => Cell::Unknown,
            (Some(money), count) => Cell::MeanMoney(money, count),
        });
    }
    cells
}

/// The pursuits one by one.
fn listed(charter: &Charter, derived: &Derived, rows: &[Tested]) -> Answer {
    let journeys = &derived.part.journeys;
    let names = &derived.part.snapshot.names;
    let columns = [
        ("buyer", ColumnKind::Text),
        ("deal", ColumnKind::Text),
        ("opened", ColumnKind::Time),
        ("entered", ColumnKind::Flag),
        ("won", ColumnKind::Flag),
    ];
    let column = |(id, kind): (&str, ColumnKind)| Column {
        id: id.to_owned(),
        kind,
        unit: None,
        means: String::new(),
    };
    let row = |row: &Tested| {
        let pursuit = journeys.pursuits.get(row.pursuit as usize)?;
        let deal = pursuit.deal.and_then(|at| journeys.deals.get(at as usize));
        let buyer = match pursuit.buyer {
            Buyer::Account(key) => names.text(key).to_owned(),
            Buyer::Deal(key) => format!("deal {}", names.text(key)),
            Buyer::Person(person) => {
                let hash = person.to_string();
                format!("person {}", hash.get(..12).unwrap_or(&hash))
            }
        };
        let opened = pursuit.opened.at.map(|at| charter.calendar.day_of(at));
        Some(vec![
            Cell::Text(buyer),
            deal.map_or(Cell::Unknown, |deal| {
                Cell::Text(names.text(deal.key).to_owned())
            }),
            opened.map_or(Cell::Unknown, Cell::Day),
            Cell::Flag(row.has_entered),
            Cell::Flag(row.is_won),
        ])
    };
    Answer {
        headline: None,
        columns: columns.into_iter().map(column).collect(),
        rows: rows.iter().filter_map(row).collect(),
        totals: None,
        currency_totals: Vec::new(),
        issues: Vec::new(),
        notes: Vec::new(),
        lineage: Lineage::default(),
    }
}

/// What it means: a sentence on winning, and one on each currency's revenue.
fn verdict(
    stage: &str,
    arms: &[Arm; 2],
    difference: Option<&Interval>,
    currencies: &[Currency],
) -> String {
    let [entered, others] = arms;
    let wins = entered.won + others.won;
    let Some(found) = difference else {
        let which = if entered.count == 0 { "none" } else { "all" };
        return format!("nothing to compare: {which} of the pursuits entered {stage}");
    };
    let points = |share: f64| format!("{:+.1}", share * 100.0);
    let more = if found.share < 0.0 { "fewer" } else { "more" };
    let seen = format!(
        "{:.1} points {more} are won of those that entered {stage} (95 % interval {} to {}, \
         Newcombe)",
        found.share.abs() * 100.0,
        points(found.low),
        points(found.high)
    );
    let lift = match (entered.won * others.count) as f64 / (entered.count * others.won) as f64 {
        lift if lift.is_finite() => format!(", {lift:.1} times as often"),
        _ => String::new(),
    };
    let winning = match (found.low > 0.0, found.high < 0.0) {
        _ if wins < LEAST_WINS => {
            format!("too few to tell: {wins} wins, and {LEAST_WINS} are needed; {seen}")
        }
        (true, _) => format!("entering {stage} goes with winning: {seen}{lift}"),
        (_, true) => format!("entering {stage} goes with losing: {seen}{lift}"),
        _ => format!(
            "it cannot be told whether entering {stage} goes with winning: {seen}; it may be \
             either way"
        ),
    };
    let revenue = currencies.iter().filter_map(|currency| {
        let worth = arms.each_ref().map(|arm| arm.worth(*currency));
        let found = mean_difference(&worth[0], &worth[1])?;
        let money = |minor: f64| Money {
            minor: minor.round() as i64,
            currency: *currency,
        };
        let says = match (found.low > 0.0, found.high < 0.0) {
            _ if wins < LEAST_WINS => "too few to tell of revenue",
            (true, _) => "with more revenue",
            (_, true) => "with less revenue",
            _ => "it cannot be told of revenue",
        };
        let more = if found.share < 0.0 { "less" } else { "more" };
        Some(format!(
            "{says}: each pursuit that entered is worth {} {more} (95 % interval {} to {}, Welch)",
            money(found.share.abs()),
            money(found.low),
            money(found.high)
        ))
    });
    let lines: Vec<String> = std::iter::once(winning).chain(revenue).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn arm(has_entered: bool, won: u64, count: u64, cents: i64) -> Arm {
        let currency = Currency::parse("EUR").unwrap();
        // Wins are worth somewhat more and somewhat less.
        let wins = (0..won).map(|nth| Money {
            minor: cents + i64::try_from(nth % 3).unwrap() - 1,
            currency,
        });
        Arm {
            has_entered,
            count,
            won,
            revenue: BTreeMap::new(),
            wins: wins.collect(),
        }
    }

    fn said(entered: (u64, u64, i64), others: (u64, u64, i64)) -> Vec<String> {
        let of = |has, (won, count, cents)| arm(has, won, count, cents);
        let arms = [of(true, entered), of(false, others)];
        let shares = arms.each_ref().map(|arm| wilson(arm.won, arm.count));
        let found = match &shares {
            [Some(a), Some(b)] => Some(difference(a, b)),
            _ => None,
        };
        let euro = Currency::parse("EUR").unwrap();
        let text = verdict("mql", &arms, found.as_ref(), &[euro]);
        text.lines().map(str::to_owned).collect()
    }

    /// What an interval leaves open is not told as nothing, and revenue is told beside winning.
    #[test]
    fn a_verdict_says_no_more_than_its_intervals() {
        let begins = |told: &[String], winning: &str, revenue: &str| {
            assert!(told[0].starts_with(winning), "{told:?}");
            assert!(told[1].starts_with(revenue), "{told:?}");
        };
        let told = said((25, 40, 1_000), (5, 12, 1_000));
        begins(
            &told,
            "it cannot be told whether entering mql goes with winning: 20.8 points more",
            "it cannot be told of revenue: ",
        );
        let told = said((60, 80, 1_000), (10, 80, 1_000));
        begins(
            &told,
            "entering mql goes with winning: 62.5 points more",
            "with more revenue: ",
        );
        assert!(told[0].ends_with(", 6.0 times as often"), "{told:?}");
        let told = said((10, 80, 1_000), (60, 80, 1_000));
        begins(
            &told,
            "entering mql goes with losing: 62.5 points fewer",
            "with less revenue: ",
        );
        let least = "each pursuit that entered is worth 6.25 EUR less (95 % interval -";
        assert!(told[1].contains(least), "{told:?}");
        // More wins, and of each less.
        let told = said((60, 80, 100), (20, 80, 90_000));
        begins(
            &told,
            "entering mql goes with winning",
            "with less revenue: ",
        );
        let told = said((20, 22, 1_000), (9, 80, 1_000));
        begins(
            &told,
            "too few to tell: 29 wins, and 30 are needed",
            "too few to tell of revenue: ",
        );
        // Nobody of the others was won: there is no number of times.
        let told = said((40, 80, 1_000), (0, 80, 1_000));
        begins(
            &told,
            "entering mql goes with winning",
            "with more revenue: ",
        );
        assert!(!told[0].contains("times as often"), "{told:?}");
        assert_eq!(
            said((40, 80, 1_000), (0, 0, 0)),
            ["nothing to compare: all of the pursuits entered mql"]
        );
    }
}
