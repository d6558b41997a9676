//! Promises: what is in time, what waits, and what the waiting costs.

use crate::book::Book;

const CHARTER: &str = "zone UTC\npath mql, won\nopens lead, deal\nlost lost\nteam inside sales\n\
    hours weekdays 09:00-17:00\n\
    handoff call to sales within 8 business hours of assignment, reasons junk\n\
    handoff look to sales within 2 days of creation, silence accepted";

/// Ten days of waiting, of which a deal's are two; of two deals one is won, for 1,000.00 after ten
/// days.
const LINES: &str = "
2018-01-01  rep     ~Rosa  team=inside
2018-01-02T09:00:00Z  person  Ana
2018-01-02T10:00:00Z  assign  Ana  ~Rosa
2018-01-04T10:00:00Z  touch   Ana  call team=sales
2018-01-03T10:00:00Z  deal    #1   Ana amount='1000.00 EUR'
2018-01-13T10:00:00Z  mark    #1   -> won
2018-01-03T10:00:00Z  deal    #2   amount='5.00 EUR'
2018-01-05T10:00:00Z  mark    #2   -> lost
2018-01-02T09:00:00Z  person  Ben
2018-01-02T10:00:00Z  assign  Ben  ~Sam
2018-01-02T12:00:00Z  disposition  Ben verdict=rejected reason=swag
2018-01-08T09:00:00Z  person  Cleo
2018-01-08T10:00:00Z  assign  Cleo  ~Rosa
2018-02-10T10:00:00Z  touch   Cleo  call team=sales
";

#[test]
fn promises_are_counted_by_what_became_of_them() {
    let book = Book::of(CHARTER, LINES);
    let told = book.ask("sla period=2018-01-01..2018-01-20 by=team");
    let columns = [
        "handed",
        "attainment",
        "met",
        "missed",
        "not_due",
        "unknown",
        "rejected",
        "reasons",
        "by_silence",
        "waiting",
    ];
    assert_eq!(
        told.rows(&columns),
        [
            "call inside 2 0/2 0 2 0 0 0/2 n/a 0 1",
            "call – 1 1/1 1 0 0 0 1/1 swag 1 0 0",
            "look inside 2 0/2 0 2 0 0 0/2 n/a 0 1",
            "look – 1 1/1 1 0 0 0 1/1 swag 1 0 0",
        ]
    );
    // One rejection, told under each promise that lists its reasons.
    assert_eq!(told.issue("W0134"), 1);
    assert_eq!(book.try_ask("sla of=lunch").err().unwrap().code, "E0440");
}

#[test]
fn waiting_is_billed_to_the_handoff_by_the_companys_own_pace() {
    let book = Book::of(CHARTER, LINES);
    let told = book.ask("sla of=call period=2018-01-01..2018-01-31");
    let days = |days: i64| format!("Elapsed({}, false)", days * 86_400_000_000);
    let hours = |units: i64| format!("Decimal(Decimal {{ units: {units}, scale: 2 }})");
    // Ana waited two days, Ben two hours, Cleo thirty-three days; 1,000.00 × 1/2 ÷ 10 days are
    // 50.00 a day for Ana's deal. In working time Ana waited sixteen hours, Ben two.
    let friction = 35 * 86_400_000_000_i64 + 2 * 3_600_000_000;
    assert_eq!(
        told.rows(&["friction_days", "deal_days", "bill", "median_h"]),
        [format!(
            "call Elapsed({friction}, false) {} 100.00 EUR {}",
            days(2),
            hours(1_600)
        )]
    );
    let note = told
        .0
        .notes
        .iter()
        .find(|note| note.contains("an open deal moves"));
    let parts = "50.00 EUR a day: mean won value (1,000.00 EUR over 1) × win rate (1 of 2) ÷ mean \
                 cycle (10.0 days of 1)";
    assert!(note.unwrap().contains(parts), "{note:?}");
}

#[test]
fn what_waits_at_the_end_of_a_period_waits_whenever_it_came() {
    let book = Book::of(CHARTER, LINES);
    let waiting = |period: &str| {
        let told = book.ask(&format!("sla of=call period={period}"));
        told.rows(&["handed", "waiting"])
    };
    assert_eq!(waiting("2018-02-01..2018-02-10"), ["call 0 1"]);
    assert_eq!(waiting("2018-02-01..2018-02-12"), Vec::<String>::new());
    // At five o'clock of the ninth, when eight hours are over, it is not overdue yet.
    assert_eq!(waiting("2018-01-08..2018-01-09"), ["call 1 0"]);
}

/// Two leads of one deal wait at once, and one is given after it is lost.
const TOGETHER: &str = "
2018-01-01  rep     ~Rosa  team=inside
2018-01-02T10:00:00Z  person  Ana  account=@Acme
2018-01-02T10:00:00Z  assign  Ana  ~Rosa
2018-01-03T10:00:00Z  person  Ben  account=@Acme
2018-01-03T10:00:00Z  assign  Ben  ~Rosa
2018-01-04T10:00:00Z  touch   Ben  call team=sales
2018-01-03T10:00:00Z  deal    #1   Ana @Acme amount='5.00 EUR'
2018-01-06T10:00:00Z  mark    #1   -> lost
2018-01-03T10:00:00Z  deal    #2   amount='1000.00 EUR'
2018-01-13T10:00:00Z  mark    #2   -> won
";

#[test]
fn a_deal_waits_once_and_not_beyond_its_end() {
    let book = Book::of(CHARTER, TOGETHER);
    let told = book.ask("sla of=call period=2018-01-01..2018-01-31");
    let days = |days: i64| format!("Elapsed({}, false)", days * 86_400_000_000);
    // Nobody calls Ana: she waits the four days until the deal is lost. Ben waits one, in which
    // the deal waits for Ana already. 1,000.00 × 1/2 ÷ 10 days are 50.00 a day.
    assert_eq!(
        told.rows(&["handed", "friction_days", "deal_days", "bill", "waiting"]),
        [format!("call 2 {} {} 200.00 EUR 0", days(5), days(4))]
    );
}

#[test]
fn metrics_of_handoffs_are_the_figures_of_what_was_promised() {
    let pairs = [
        ("handed_over", "handed"),
        ("sla_attainment", "attainment"),
        ("acceptance_rate", "accepted"),
        ("rejection_rate", "rejected"),
        ("friction_days", "friction_days"),
        ("friction_deal_days", "deal_days"),
        ("friction_bill", "bill"),
    ];
    let mut compared = 0;
    for lines in [LINES, TOGETHER] {
        let book = Book::of(CHARTER, lines);
        for by in ["", " by=team", " by=rep", " by=month", " by=channel"] {
            for period in ["", " period=2018-01-01..2018-01-20"] {
                let theirs = book.ask(&format!("sla of=call{by}{period}"));
                for (metric, figure) in pairs {
                    let mine = book.ask(&format!("metric {metric}:call{by}{period}"));
                    let mine = mine.rows(&[metric]).into_iter();
                    let mine: Vec<String> = mine.map(|row| row.replacen("EUR ", "", 1)).collect();
                    let theirs = theirs.rows(&[figure]).into_iter();
                    let theirs = theirs.map(|row| row.replacen("call ", "", 1));
                    // What has nobody in it has no row in a metric.
                    let is_none = |row: &String| {
                        let noughts = ["0", "0/0", "0.00 EUR"];
                        let is_nought =
                            |nought: &&str| row == *nought || row.ends_with(&format!(" {nought}"));
                        row.contains("Elapsed(0,") || noughts.iter().any(is_nought)
                    };
                    let theirs: Vec<String> = theirs.filter(|row| !is_none(row)).collect();
                    let mine: Vec<String> = mine.into_iter().filter(|row| !is_none(row)).collect();
                    assert_eq!(mine, theirs, "{metric}{by}{period}");
                    compared += mine.len();
                }
            }
        }
    }
    assert!(compared > 100, "{compared}");
}

#[test]
fn the_bill_goes_by_the_pace_of_everybody_and_says_which() {
    let book = Book::of(CHARTER, LINES);
    let told = book.ask("metric friction_bill:call period=2018-01-01..2018-01-31 by=rep");
    let parts = "of everybody, in every row: won_value 1,000.00 EUR over 1, rate 1 of 2, cycle \
                 10.0 days";
    let notes = &told.0.notes;
    assert!(notes.iter().any(|note| note == parts), "{notes:?}");
    let under = "metric friction_bill:call period=2018-01-01..2018-01-31 where='person.x = 1'";
    let book = Book::of(&format!("{CHARTER}\nattribute person.x number"), LINES);
    assert_eq!(
        book.ask(under).rows(&["friction_bill"]),
        Vec::<String>::new()
    );
}

#[test]
fn a_handoff_that_is_not_there_and_clocks_that_have_no_mean_are_refused() {
    let book = Book::of(CHARTER, LINES);
    let refused = |text: &str| book.try_ask(text).err().map(|refusal| refusal.code);
    for (text, code) in [
        ("metric sla_attainment", None),
        ("metric sla_attainment:call", None),
        ("metric sla_attainment:lunch", Some("E0440")),
        ("metric sla_attainment:call:look", Some("E0403")),
        ("metric handed_over:lunch", Some("E0440")),
        ("metric median_response_hours", Some("E0440")),
        ("metric median_response_hours:call", None),
        ("metric response_hours:look", None),
        ("metric sla_attainment by=paid_for", Some("E0447")),
        ("metric sla_attainment unit=deal", Some("E0405")),
        ("metric sla_attainment currency=EUR", Some("E0405")),
        ("metric friction_bill currency=EUR", None),
    ] {
        assert_eq!(refused(text), code, "{text}");
    }
    let silent = Book::of("zone UTC\npath mql, won\nopens lead", LINES);
    let refused = silent.try_ask("metric sla_attainment").err().unwrap();
    assert_eq!(refused.code, "E0440");
}

/// A deal in euros waits one day, one in dollars two; one of each is won after ten days.
const TWO_CURRENCIES: &str = "
2018-01-01  rep     ~Rosa  team=inside
2018-01-02T10:00:00Z  person  Ana
2018-01-02T10:00:00Z  assign  Ana  ~Rosa
2018-01-03T10:00:00Z  touch   Ana  call team=sales
2018-01-03T10:00:00Z  deal    #1   Ana amount='1000.00 EUR'
2018-01-13T10:00:00Z  mark    #1   -> won
2018-01-02T10:00:00Z  person  Ben
2018-01-02T10:00:00Z  assign  Ben  ~Rosa
2018-01-04T10:00:00Z  touch   Ben  call team=sales
2018-01-03T10:00:00Z  deal    #2   Ben amount='500.00 USD'
2018-01-13T10:00:00Z  mark    #2   -> won
";

#[test]
fn a_deal_that_waits_is_billed_in_its_own_currency_alone() {
    let book = Book::of(CHARTER, TWO_CURRENCIES);
    let told = book.ask("metric friction_bill:call period=2018-01-01..2018-01-31");
    let days = |days: i64| format!("Elapsed({}, false)", days * 86_400_000_000);
    // 1,000.00 EUR ÷ 10 days × 1 day; 500.00 USD ÷ 10 days × 2 days.
    assert_eq!(
        told.rows(&["wait", "friction_bill"]),
        [
            format!("EUR {} 100.00 EUR", days(1)),
            format!("USD {} 100.00 USD", days(2))
        ]
    );
    // What was promised bills the same, a column for each currency, and one currency if asked.
    let told = book.ask("sla of=call period=2018-01-01..2018-01-31");
    let columns = ["deal_days", "bill", "bill_usd"];
    let bills = format!("call {} 100.00 EUR 100.00 USD", days(3));
    assert_eq!(told.rows(&columns), [bills]);
    let lines =
        format!("{TWO_CURRENCIES}2018-01-01  rate  from_currency=USD to_currency=EUR rate=0.8\n");
    let priced = Book::of(&format!("{CHARTER}\nrates at_close"), &lines);
    let asked = |text: &str| format!("{text} period=2018-01-01..2018-01-31 currency=EUR");
    let told = priced.ask(&asked("sla of=call"));
    let mine = priced.ask(&asked("metric friction_bill:call"));
    // 1,400.00 over two ÷ 10 days are 70.00 a day, for three days.
    assert_eq!(told.rows(&["bill"]), ["call 210.00 EUR"]);
    assert_eq!(mine.rows(&["friction_bill"]), ["EUR 210.00 EUR"]);
}

#[test]
fn a_wait_in_a_currency_that_nothing_was_won_in_is_told_and_not_billed() {
    let lines = TWO_CURRENCIES.replace("#2   -> won", "#2   -> lost");
    let book = Book::of(CHARTER, &lines);
    let told = book.ask("sla of=call period=2018-01-01..2018-01-31");
    assert_eq!(told.rows(&["bill"]), ["call 50.00 EUR"]);
    let has = |text: &str| told.0.notes.iter().any(|note| note.contains(text));
    assert!(
        has("in which none was won (1 in USD)"),
        "{:?}",
        told.0.notes
    );
    let metric = book.ask("metric friction_bill:call period=2018-01-01..2018-01-31");
    assert_eq!(metric.rows(&["friction_bill"]), ["EUR 50.00 EUR", "USD –"]);
}
