//! Totals where amounts have several currencies: of each, what its rows come to.

use std::collections::{BTreeMap, BTreeSet};

use handfast_model::{Cell, ColumnKind};

use super::book::{Book, Told};

const CHARTER: &str = "zone UTC\npath mql, sql, won\nlost lost";

/// Deals of two currencies and of none, by two reps and from two channels, two of them lost.
fn deals() -> String {
    let mut lines = String::from("2018-01-01 rep ~Rosa team=a\n2018-01-01 rep ~Sam team=b\n");
    for deal in 0..12 {
        let amount = match deal % 4 {
            0 | 1 => format!("amount='{deal}00.01 EUR'"),
            2 => format!("amount='{deal}0.02 USD'"),
            _ => String::new(),
        };
        let rep = if deal % 3 == 0 { "Rosa" } else { "Sam" };
        let channel = if deal % 5 == 0 { "event" } else { "mail" };
        let end = if deal > 7 { "lost" } else { "won" };
        lines += &format!(
            "2018-01-01 touch P{deal} click channel={channel}\n\
             2018-01-02 touch P{deal} click channel=mail\n\
             2018-01-0{} deal #{deal} P{deal} ~{rep} {amount}\n\
             2018-0{}-06 mark #{deal} -> {end}\n",
            3 + deal % 6,
            2 + deal % 3,
        );
    }
    lines + "2018-02-01 spend amount='3.00 EUR' channel=mail\n"
}

/// By currency and column: the sum of what its rows show, which is what `currency_totals` says of
/// money; and the currencies that are told.
fn are_sums(told: &Told) -> BTreeSet<String> {
    let answer = &told.0;
    let at = answer.columns.iter().position(|one| one.id == "currency");
    let at = at.unwrap();
    let mut sums: BTreeMap<(String, usize), i64> = BTreeMap::new();
    for row in &answer.rows {
        let Cell::Text(code) = &row[at] else { continue };
        for (column, cell) in row.iter().enumerate() {
            if let Cell::Money(money) = cell {
                *sums.entry((code.clone(), column)).or_default() += money.minor;
            }
        }
    }
    let mut codes = BTreeSet::new();
    for total in &answer.currency_totals {
        let Cell::Text(code) = &total[at] else {
            panic!("{total:?}")
        };
        codes.insert(code.clone());
        for (column, cell) in total.iter().enumerate() {
            if answer.columns[column].kind != ColumnKind::Money {
                continue;
            }
            let Cell::Money(money) = cell else {
                panic!("{total:?}")
            };
            assert_eq!(money.currency.code(), code.as_str());
            assert_eq!(Some(&money.minor), sums.get(&(code.clone(), column)));
        }
    }
    codes
}

#[test]
fn each_currency_has_a_total_that_its_rows_come_to() {
    let book = Book::of(CHARTER, &deals());
    let both = BTreeSet::from(["EUR".to_owned(), "USD".to_owned()]);
    for text in [
        "metric revenue by=rep",
        "metric revenue by=month",
        "metric average_deal_size by=rep",
        "credit of=won by=channel",
        "credit of=won by=month,channel",
        "cost by=channel",
        "reasons by=rep",
    ] {
        assert_eq!(are_sums(&book.ask(text)), both, "{text}");
    }
}

#[test]
fn a_deal_in_several_rows_counts_once_in_the_total_of_its_currency() {
    let book = Book::of(CHARTER, &deals());
    let told = book.ask("credit of=won by=channel").0;
    let counts = told.currency_totals.iter().map(|row| row[2].clone());
    // Won with an amount: 0, 1, 4 and 5 in euros, 2 and 6 in dollars; 3 and 7 have none.
    assert_eq!(
        counts.collect::<Vec<_>>(),
        [Cell::Count(4), Cell::Count(2)],
        "{told:?}"
    );
}

#[test]
fn one_currency_or_one_row_of_each_needs_no_total_of_its_own() {
    let book = Book::of(CHARTER, &deals());
    let told = book.ask("metric revenue");
    assert!(told.0.currency_totals.is_empty());
    let told = book.ask("credit of=won currency=EUR");
    assert!(told.0.currency_totals.is_empty());
}
