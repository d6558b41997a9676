//! Plans and goals over ledgers that can be counted by hand.

use std::fmt::Write as _;

use handfast_model::answer::Cell;
use handfast_model::{Day, Money};

use super::book::{Book, Told, shown};

const PATH: &str = "zone UTC\npath mql, sql, won\nlost lost\nopens deal";

fn day(text: &str) -> i32 {
    Day::parse(text).unwrap().0
}

/// One deal of 100 EUR a day, for 240 days: of two one is accepted ten days later, of two accepted
/// one is won twenty days later; the others are lost after five.
fn lines() -> String {
    let mut text = String::from("2018-06-01  spend   amount='466.00 EUR' channel=web\n");
    for number in 0..240 {
        let on = |days: i32| Day(day("2018-01-01") + number + days);
        let rep = ["~Rosa", "~Sam"][usize::from(number % 8 == 0)];
        let mut line = |days: i32, what: &str| writeln!(text, "{}  {what}", on(days)).unwrap();
        line(
            0,
            &format!("deal #{number} @A{number} {rep} amount='100.00 EUR'"),
        );
        line(0, &format!("mark #{number} -> mql"));
        match number % 4 {
            0 => {
                line(10, &format!("mark #{number} -> sql"));
                line(30, &format!("mark #{number} -> won"));
            }
            2 => {
                line(10, &format!("mark #{number} -> sql"));
                line(15, &format!("mark #{number} -> lost"));
            }
            _ => line(5, &format!("mark #{number} -> lost")),
        }
    }
    text
}

fn cell(told: &Told, line: &str, column: &str) -> Cell {
    let place = |id: &str| told.0.columns.iter().position(|one| one.id == id).unwrap();
    let is_line = |row: &&Vec<Cell>| row[place("line")] == Cell::Text(line.to_owned());
    told.0.rows.iter().find(is_line).unwrap()[place(column)].clone()
}

fn count(told: &Told, line: &str, column: &str) -> u64 {
    match cell(told, line, column) {
        Cell::Count(count) => count,
        other => panic!("{line} {column}: {other:?}"),
    }
}

fn share(told: &Told, line: &str, column: &str) -> f64 {
    match cell(told, line, column) {
        Cell::EstimatedShare(share, _) => share,
        other => panic!("{line} {column}: {other:?}"),
    }
}

fn minor(told: &Told, line: &str) -> i64 {
    match cell(told, line, "amount") {
        Cell::Money(Money { minor, .. }) => minor,
        other => panic!("{line}: {other:?}"),
    }
}

#[test]
fn a_quarter_of_ten_thousand_takes_a_hundred_deals_and_so_many_before() {
    let book = Book::of(PATH, &lines());
    // All that came has ended; from the 31st of December on there are 91 days.
    let told = book.ask("plan goal=10000 period=2019-01-01..2019-04-01");
    assert_eq!(minor(&told, "goal"), 1_000_000);
    assert_eq!(minor(&told, "already_won"), 0);
    assert_eq!(minor(&told, "in_hand"), 0);
    assert_eq!(minor(&told, "gap"), 1_000_000);
    for column in ["at_means", "even_odds", "nine_of_ten"] {
        // Each is worth a hundred, so that a hundred are enough whatever the odds.
        assert_eq!(count(&told, "deals", column), 100, "{column}");
    }
    for (stage, rate, in_time, half_by) in [
        ("sql", 0.5, 71.0 / 91.0, "2019-03-11"),
        ("mql", 0.25, 61.0 / 91.0, "2019-03-01"),
    ] {
        let won = share(&told, stage, "won_share");
        assert!((won / rate - 1.0).abs() < 0.02, "{stage}: {won}");
        assert!((share(&told, stage, "in_time") - in_time).abs() < 1e-9);
        let means = (100.0 / (won * in_time)).ceil() as u64;
        assert_eq!(count(&told, stage, "at_means"), means);
        let [even, four, nine] =
            ["even_odds", "four_of_five", "nine_of_ten"].map(|column| count(&told, stage, column));
        assert!(
            means <= even && even < four && four < nine,
            "{even} {four} {nine}"
        );
        assert!(nine < 2 * even, "{even} {nine}");
        let by = Cell::Day(Day(day(half_by)));
        assert_eq!(cell(&told, stage, "half_by"), by);
        assert_eq!(cell(&told, stage, "tenth_by"), by);
    }
    // From the 8th of January on, after the first end, 233 came in 357 days.
    assert_eq!(
        count(&told, "mql", "at_pace"),
        (2 * 233 * 91 + 357) / (2 * 357)
    );
    // They cost 466 EUR: two each.
    let even = count(&told, "mql", "even_odds");
    assert_eq!(minor(&told, "mql"), 200 * even as i64);
    let lines = told.rows(&[]);
    assert_eq!(
        lines,
        [
            "goal",
            "already_won",
            "in_hand",
            "gap",
            "deals",
            "sql",
            "mql"
        ]
    );
}

#[test]
fn what_is_won_and_in_hand_is_what_the_metric_and_the_forecast_say() {
    let book = Book::of(PATH, &lines());
    let period = "period=2018-07-01..2018-10-01";
    let told = book.ask(&format!("plan at=2018-08-15 goal=3000 {period}"));
    let won = book.ask("metric revenue period=2018-07-01..2018-08-16");
    let already = cell(&told, "already_won", "amount");
    assert_eq!(won.rows(&["revenue"]), [format!("EUR {}", shown(&already))]);
    assert!(minor(&told, "already_won") > 0);
    let forecast = book.ask(&format!("forecast at=2018-08-15 horizon=quarter {period}"));
    let means = forecast.rows(&["value_mean"]);
    let of = |part: &str| {
        let row = means.iter().find(|row| row.starts_with(part)).unwrap();
        let text = row.strip_prefix(part).unwrap().trim();
        let (digits, _) = text.split_once(' ').unwrap();
        digits.replace('.', "").parse::<i64>().unwrap()
    };
    // A plain rule may speak of the whole; it knows no parts.
    if !means.iter().any(|row| row == "open_deals –") {
        let in_hand = of("open_deals") + of("leads_in_hand");
        assert_eq!(minor(&told, "in_hand"), in_hand);
    }
    assert!(minor(&told, "in_hand") > 0);
    let left = minor(&told, "goal") - minor(&told, "already_won") - minor(&told, "in_hand");
    assert_eq!(minor(&told, "gap"), left);
    let deals = left.div_euclid(10_000) + i64::from(left.rem_euclid(10_000) > 0);
    assert_eq!(count(&told, "deals", "at_means") as i64, deals.max(0));
}

#[test]
fn goals_of_the_book_are_those_of_money_that_is_to_be_won() {
    let goals = "
2018-12-01  target  period=2019-Q1 amount='9000.00 EUR'
2018-12-01  target  period=2019-Q1 amount='70.00 EUR' measure=spend
2018-12-01  target  period=2019-Q1 amount='500.00 EUR' measure=pipeline
2018-12-01  target  period=2019-Q1 count=40 measure=volume stage=mql
";
    let book = Book::of(PATH, &format!("{}{goals}", lines()));
    let told = book.ask("plan period=2019-01-01..2019-04-01 by=month");
    let target = book.ask("metric target period=2019-01-01..2019-04-01");
    assert_eq!(target.rows(&["target"]), ["EUR 9000.00 EUR"]);
    // No month has a goal: each its days' part, up to its end.
    let rows = told.rows(&["amount"]);
    let of = |month: &str| {
        let head = format!("{month} goal ");
        let row = rows.iter().find(|row| row.starts_with(&head));
        row.and_then(|row| row.strip_prefix(&head)).unwrap()
    };
    assert_eq!(of("2019-01"), "3100.00 EUR");
    assert_eq!(of("2019-02"), "5900.00 EUR");
    assert_eq!(of("2019-03"), "9000.00 EUR");
    // The last month's plan is the quarter's.
    let whole = book.ask("plan period=2019-01-01..2019-04-01");
    let columns = [
        "at_means",
        "even_odds",
        "four_of_five",
        "nine_of_ten",
        "at_pace",
    ];
    let last = told.rows(&columns);
    let last = last.iter().filter_map(|row| row.strip_prefix("2019-03 "));
    assert_eq!(last.collect::<Vec<_>>(), whole.rows(&columns));
    // Where each month has its own, up to its end.
    let months = "
2018-12-01  target  period=2019-01 amount='1000.00 EUR'
2018-12-01  target  period=2019-02 amount='4000.00 EUR'
2018-12-01  target  period=2019-03 amount='4500.00 EUR'
";
    let book = Book::of(PATH, &format!("{}{months}", lines()));
    let told = book.ask("plan period=2019-01-01..2019-04-01 by=month");
    let goals = told.rows(&["amount"]);
    let goals: Vec<&str> = goals
        .iter()
        .filter_map(|row| row.split_once(" goal "))
        .map(|(_, sum)| sum)
        .collect();
    assert_eq!(goals, ["1000.00 EUR", "5000.00 EUR", "9500.00 EUR"]);
}

#[test]
fn groups_share_the_goal_as_what_was_won_of_late() {
    let book = Book::of(PATH, &lines());
    let told = book.ask("plan goal=6000 period=2019-01-01..2019-04-01 by=rep");
    let goals = told.rows(&["amount"]);
    let goals: Vec<&String> = goals.iter().filter(|row| row.contains(" goal ")).collect();
    // Of sixty wins each has thirty.
    assert_eq!(goals, ["~Rosa goal 3000.00 EUR", "~Sam goal 3000.00 EUR"]);
    let rows = told.rows(&["at_means"]);
    let of = |head: &str| {
        let row = rows.iter().find(|row| row.starts_with(head)).unwrap();
        row.rsplit(' ').next().unwrap().parse::<u64>().unwrap()
    };
    // Sam wins all that he gets, Rosa a seventh: she needs far more.
    assert!(of("~Rosa mql") > 3 * of("~Sam mql"), "{rows:?}");
    assert_eq!(of("~Rosa deals"), of("~Sam deals"));
}

#[test]
fn what_no_plan_can_be_made_of_is_refused() {
    let book = Book::of(PATH, &lines());
    let refused = |text: &str| book.try_ask(text).map(|_| ()).unwrap_err().code;
    let quarter = "period=2019-01-01..2019-04-01";
    for (text, code) in [
        (format!("plan {quarter}"), "E0415"),
        (format!("plan {quarter} goal=0.001"), "E0401"),
        (format!("plan {quarter} goal=100 by=week"), "E0431"),
        (format!("plan {quarter} goal=100 by=month,quarter"), "E0431"),
        ("plan at=2018-01-03 goal=100".to_owned(), "E0414"),
        (
            "plan goal=100 period=2018-01-01..2018-04-01".to_owned(),
            "E0404",
        ),
        (
            "plan goal=100 period=2025-01-01..2025-04-01".to_owned(),
            "E0404",
        ),
    ] {
        assert_eq!(refused(&text), code, "{text}");
    }
    let dollars = "2018-01-03  deal #d @D amount='5.00 USD'\n";
    let mixed = Book::of(PATH, &format!("{}{dollars}", lines()));
    let asked = format!("plan {quarter} goal=100");
    assert_eq!(mixed.try_ask(&asked).map(|_| ()).unwrap_err().code, "E0415");
}

/// Goals of all measures, and what came of each.
const GOALS: &str = "
2017-12-01  rep     ~Rosa team=inside
2018-01-01  target  period=2018-Q1 amount='300.00 EUR'
2018-01-01  target  period=2018-Q1 amount='200.00 EUR' ~Rosa measure=quota
2018-01-01  target  period=2018-Q1 amount='1000.00 EUR' measure=pipeline team=inside
2018-01-01  target  period=2018-Q1 amount='80.00 EUR' measure=spend
2018-01-01  target  period=2018-Q1 count=4 measure=volume stage=mql
2018-01-01  target  period=2018-Q1 amount='9.00 EUR' measure=applause
2018-01-01  target  period=2018 amount='900.00 EUR'
2018-02-01  spend   amount='60.00 EUR' channel=web
2018-01-10  deal    #1 @A ~Rosa amount='100.00 EUR'
2018-01-10  mark    #1 -> mql
2018-02-01  mark    #1 -> won
2018-01-20  deal    #2 @B ~Sam amount='50.00 EUR'
2018-01-20  mark    #2 -> mql
2018-03-01  mark    #2 -> won
2018-05-01  deal    #3 @C ~Sam amount='70.00 EUR'
2018-05-01  mark    #3 -> mql
2018-05-20  mark    #3 -> won
";

#[test]
fn each_goal_has_its_row_with_what_came_of_it() {
    let book = Book::of(PATH, GOALS);
    let told = book.ask("targets");
    let columns = [
        "goal",
        "actual",
        "share",
        "goal_count",
        "actual_count",
        "share_count",
        "days_over",
    ];
    let share = |part: i64, whole: i64| {
        let part = Money {
            minor: part,
            currency: handfast_model::Currency::parse("EUR").unwrap(),
        };
        format!("{:?}", Cell::MoneyShare { part, whole })
    };
    let all = "90/90";
    let none = "n/a n/a n/a";
    let rows = told.rows(&columns);
    assert_eq!(
        rows,
        [
            format!(
                "2018-Q1 revenue sales n/a 300.00 EUR 150.00 EUR {} {none} {all}",
                share(15_000, 30_000)
            ),
            format!(
                "2018-Q1 quota ~Rosa n/a 200.00 EUR 100.00 EUR {} {none} {all}",
                share(10_000, 20_000)
            ),
            format!(
                "2018-Q1 pipeline inside n/a 1000.00 EUR 100.00 EUR {} {none} {all}",
                share(10_000, 100_000)
            ),
            format!(
                "2018-Q1 spend sales n/a 80.00 EUR 60.00 EUR {} {none} {all}",
                share(6_000, 8_000)
            ),
            format!("2018-Q1 volume sales mql {none} 4 2 2/4 {all}"),
            format!(
                "2018 revenue sales n/a 900.00 EUR 220.00 EUR {} {none} 364/365",
                share(22_000, 90_000)
            ),
        ]
    );
    // The metrics say the same of what came, and know no other goal than those of revenue.
    let quarter = "period=2018-01-01..2018-04-01";
    let revenue = book.ask(&format!("metric revenue {quarter}"));
    assert_eq!(revenue.rows(&["revenue"]), ["EUR 150.00 EUR"]);
    let target = book.ask(&format!("metric target {quarter}"));
    assert_eq!(target.rows(&["target"]), ["EUR 300.00 EUR"]);
    assert_eq!(target.issue("W0137"), 1);
    // Of a period only goals that lie in it.
    let told = book.ask(&format!("targets {quarter}"));
    assert_eq!(told.rows(&["goal"]).len(), 5);
    let told = book.ask("targets period=2018-01-01..2018-03-01");
    assert!(told.rows(&["goal"]).is_empty());
}

#[test]
fn a_goal_that_names_nobody_is_carried_by_both_sides() {
    let charter = format!("{PATH}\nteam demand marketing\nteam inside sales");
    let book = Book::of(&charter, GOALS);
    let rows = book.ask("targets").rows(&["actual"]);
    assert_eq!(rows[0], "2018-Q1 revenue marketing + sales n/a 150.00 EUR");
    assert_eq!(rows[1], "2018-Q1 quota ~Rosa n/a 100.00 EUR");
}

#[test]
fn goals_of_one_in_several_currencies_are_each_held_against_its_own() {
    let goals = "
2018-01-01  target  period=2018-Q1 amount='300.00 EUR'
2018-01-01  target  period=2018-Q1 amount='100.00 USD'
2018-01-01  target  period=2018-02 amount='200.00 EUR'
2018-01-10  deal    #1 @A amount='150.00 EUR'
2018-02-01  mark    #1 -> won
2018-01-20  deal    #2 @B amount='50.00 USD'
2018-02-01  mark    #2 -> won
";
    let goals = format!("{goals}2017-12-01  rate  from_currency=USD to_currency=EUR rate=0.5\n");
    let book = Book::of(&format!("{PATH}\nrates at_close"), &goals);
    let actual = |text: &str| {
        let mut rows = book.ask(text).rows(&["goal", "actual"]);
        rows.sort();
        rows
    };
    let head = |period: &str| format!("{period} revenue sales n/a");
    let (quarter, month) = (head("2018-Q1"), head("2018-02"));
    assert_eq!(
        actual("targets"),
        [
            format!("{month} 200.00 EUR 150.00 EUR"),
            format!("{quarter} 100.00 USD 50.00 USD"),
            format!("{quarter} 300.00 EUR 150.00 EUR"),
        ]
    );
    // What the month's one goal leaves out is told.
    let others = "1 amount in another currency than the goal: in no sum without --currency";
    let notes = |text: &str| book.ask(text).0.notes;
    assert!(notes("targets").contains(&others.to_owned()));
    assert!(!notes("targets currency=EUR").contains(&others.to_owned()));
    // In one currency: the month's one goal is of all, the quarter's two of their own.
    assert_eq!(
        actual("targets currency=EUR"),
        [
            format!("{month} 200.00 EUR 175.00 EUR"),
            format!("{quarter} 300.00 EUR 150.00 EUR"),
            format!("{quarter} 50.00 EUR 25.00 EUR"),
        ]
    );
}
