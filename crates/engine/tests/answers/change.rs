//! What a figure of two periods differs by: parts that sum, and when it says nothing.

use std::fmt::Write;

use crate::book::{Book, shown};

const CHARTER: &str = "zone UTC\npath mql, won\nlost lost\nopens deal";
const PERIODS: &str = "against=2018-01-01..2018-02-01 period=2018-02-01..2018-03-01";

/// Twice as many are open, and a deal takes twice as long: 2 × 100 × 1/2 ÷ 10 = 10 a day before, and
/// 4 × 100 × 1/2 ÷ 20 = 10 after. With the other as before it or as after it, twice as many open add
/// 10 or 5, and longer cycles take 5 or 10: 7.50 each way, and nothing by value or rate.
#[test]
fn a_velocity_moves_by_its_four_factors() {
    let lines = "
2018-01-05  deal  #1  @A  amount='100.00 EUR'
2018-01-15  mark  #1      -> won
2018-01-05  deal  #2  @B  amount='100.00 EUR'
2018-01-20  mark  #2      -> lost
2018-01-10  deal  #5  @E  amount='100.00 EUR'
2018-01-10  deal  #6  @F  amount='100.00 EUR'
2018-02-01  deal  #3  @C  amount='100.00 EUR'
2018-02-21  mark  #3      -> won
2018-02-01  deal  #4  @D  amount='100.00 EUR'
2018-02-25  mark  #4      -> lost
2018-02-10  deal  #7  @G  amount='100.00 EUR'
2018-02-10  deal  #8  @H  amount='100.00 EUR'
";
    let told = Book::of(CHARTER, lines).ask(&format!("change sales_velocity {PERIODS}"));
    let columns = [
        "before", "after", "change", "volume", "value", "rate", "cycle",
    ];
    assert_eq!(
        told.rows(&columns),
        ["EUR 10.00 EUR 10.00 EUR 0.00 EUR 7.50 EUR 0.00 EUR 0.00 EUR -7.50 EUR"]
    );
}

#[test]
fn a_difference_tells_only_where_enough_stands_behind_it_and_chance_does_less() {
    let won = |january: usize, february: usize| {
        let mut lines = String::new();
        for deal in 0..january + february {
            let month = if deal < january { 1 } else { 2 };
            let day = 1 + deal % 28;
            let begins = format!("2018-{month:02}-{day:02}");
            writeln!(lines, "{begins} deal #{deal} @A{deal} amount='100.00 EUR'").unwrap();
            writeln!(lines, "{begins} mark #{deal} -> won").unwrap();
        }
        lines
    };
    let tells = |lines: &str, metric: &str| {
        let told = Book::of(CHARTER, lines).ask(&format!("change {metric} {PERIODS}"));
        let at = told.0.columns.iter().position(|one| one.id == "tells");
        shown(&told.0.rows[0][at.unwrap()])
    };
    for metric in ["won", "revenue"] {
        // One less than enough, whatever came of them.
        assert_eq!(tells(&won(29, 300), metric), "Flag(false)", "{metric}");
        assert_eq!(tells(&won(300, 29), metric), "Flag(false)", "{metric}");
        assert_eq!(tells(&won(100, 300), metric), "Flag(true)", "{metric}");
        assert_eq!(tells(&won(30, 300), metric), "Flag(true)", "{metric}");
        // Enough of them, and as many as chance brings.
        assert_eq!(tells(&won(100, 105), metric), "Flag(false)", "{metric}");
    }
}

/// One deal of *web* and one of *fair* before, of 100 and 304: 202 on average. Then three of *web*
/// of 120 and one of *fair* of 304: 166. The mean of both is 184. *web* grew from a half to three
/// quarters of the deals and is worth 74 less than it on average, so takes 18.50; its own mean grew
/// by 20, at a share of 5/8 on average: 12.50. *fair* shrank by a quarter, and is worth 120 more.
#[test]
fn a_mean_moves_by_shares_of_the_whole_and_by_means_of_its_own() {
    let mut lines = String::new();
    let deals = [
        (1, "web", 100),
        (1, "fair", 304),
        (2, "web", 120),
        (2, "web", 120),
        (2, "web", 120),
        (2, "fair", 304),
    ];
    for (deal, (month, channel, amount)) in deals.into_iter().enumerate() {
        let month = format!("2018-{month:02}");
        writeln!(
            lines,
            "{month}-02 touch P{deal} visit team=marketing channel={channel}"
        )
        .unwrap();
        writeln!(
            lines,
            "{month}-03 deal #{deal} P{deal} amount='{amount}.00 EUR'"
        )
        .unwrap();
        writeln!(lines, "{month}-10 mark #{deal} -> won").unwrap();
    }
    let question = format!("change mean_won_value {PERIODS} by=channel");
    let told = Book::of(CHARTER, &lines).ask(&question);
    let mut rows = told.rows(&["change", "mix", "rate"]);
    rows.sort();
    assert_eq!(
        rows,
        [
            "fair EUR -30.00 EUR -30.00 EUR 0.00 EUR",
            "web EUR -6.00 EUR -18.50 EUR 12.50 EUR",
        ]
    );
    assert_eq!(told.total(&["change"]), "-36.00 EUR");
}
