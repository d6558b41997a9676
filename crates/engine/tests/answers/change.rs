//! What a figure of two periods differs by: parts that sum, and when it says nothing.

use std::fmt::Write;

use handfast_model::Cell;

use crate::book::{Book, shown};

const CHARTER: &str = "zone UTC\npath mql, won\nlost lost\nopens deal";
const PERIODS: &str = "against=2018-01-01..2018-02-01 period=2018-02-01..2018-03-01";

const TWICE: &str = "
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

/// Twice as many are open, and a deal takes twice as long: 2 × 100 × 1/2 ÷ 10 = 10 a day before, and
/// 4 × 100 × 1/2 ÷ 20 = 10 after. With the other as before it or as after it, twice as many open add
/// 10 or 5, and longer cycles take 5 or 10: 7.50 each way, and nothing by value or rate.
#[test]
fn a_velocity_moves_by_its_four_factors() {
    let told = Book::of(CHARTER, TWICE).ask(&format!("change sales_velocity {PERIODS}"));
    let columns = [
        "before", "after", "change", "volume", "value", "rate", "cycle",
    ];
    assert_eq!(
        told.rows(&columns),
        ["EUR 10.00 EUR 10.00 EUR 0.00 EUR 7.50 EUR 0.00 EUR 0.00 EUR -7.50 EUR"]
    );
}

/// The same by the formula of the catalogue, whose measures have names of their own.
#[test]
fn a_formula_moves_by_its_measures() {
    let told = Book::of(CHARTER, TWICE).ask(&format!("change sales_velocity_all_ends {PERIODS}"));
    let columns = [
        "before",
        "after",
        "change",
        "by_open",
        "by_mean_won_value",
        "by_rate",
        "by_cycle_won",
    ];
    assert_eq!(
        told.rows(&columns),
        ["EUR 10.00 EUR 10.00 EUR 0.00 EUR 7.50 EUR 0.00 EUR 0.00 EUR -7.50 EUR"]
    );
    let notes = told.0.notes.join("\n");
    assert!(
        notes.contains("what its measures add to a difference sums to it"),
        "{notes}"
    );
}

/// Of loss and win the times, 15 and 10 days before, 24 and 20 after: one pushed by 9, the other
/// pulled by 10.
#[test]
fn a_difference_of_two_times_moves_by_either() {
    let told = Book::of(CHARTER, TWICE).ask(&format!("change loss_delay {PERIODS}"));
    let at = |id: &str| {
        let place = told.0.columns.iter().position(|one| one.id == id);
        match &told.0.rows[0][place.unwrap()] {
            Cell::Decimal(decimal) => decimal.to_string(),
            other => format!("{other:?}"),
        }
    };
    let parts = ["change", "by_cycle_lost", "by_cycle_won"].map(at);
    assert_eq!(parts, ["-1.000", "9.000", "-10.000"]);
}

/// No value of a median can be taken out and another put in.
#[test]
fn a_median_has_no_parts_and_says_why() {
    let told = Book::of(CHARTER, TWICE).ask(&format!("change median_cycle_won {PERIODS}"));
    assert!(!told.0.columns.iter().any(|one| one.id.starts_with("by_")));
    let notes = told.0.notes.join("\n");
    assert!(notes.contains("a median has no parts"), "{notes}");
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

/// So many deals of either month, won on days `cycle` apart, each worth what its number says.
fn months(counts: [usize; 2], worth: impl Fn(usize, usize) -> u64, days: [usize; 2]) -> String {
    let mut lines = String::new();
    for month in 0..2 {
        for deal in 0..counts[month] {
            let (id, amount) = (month * 1_000 + deal, worth(month, deal));
            let begins = format!("2018-{:02}-01", month + 1);
            let ends = format!("2018-{:02}-{:02}", month + 1, 1 + days[month] + deal % 3);
            writeln!(lines, "{begins} deal #{id} @A{id} amount='{amount}.00 EUR'").unwrap();
            writeln!(lines, "{ends} mark #{id} -> won").unwrap();
        }
    }
    lines
}

/// What a question's first row says in `tells`, and its notes.
fn told_of(lines: &str, metric: &str) -> (String, String) {
    let told = Book::of(CHARTER, lines).ask(&format!("change {metric} {PERIODS}"));
    let at = told.0.columns.iter().position(|one| one.id == "tells");
    let tells = match &told.0.rows[0][at.unwrap()] {
        Cell::Flag(tells) => tells.to_string(),
        _ => "n/a".to_owned(),
    };
    (tells, told.0.notes.join("\n"))
}

/// The means are 300 before and 600 after, of deals of 1 and of some hundreds, or nearly alike.
#[test]
fn a_mean_tells_only_where_its_deals_are_not_as_wild_as_its_difference() {
    let wild = |month: usize, deal: usize| match deal % 10 {
        0 => 2_991 + 3_000 * month as u64,
        _ => 1,
    };
    let calm = |month: usize, deal: usize| 300 + 300 * month as u64 + deal as u64 % 10;
    for metric in ["mean_won_value", "average_deal_size"] {
        for (worth, counts, expected) in [
            (&wild as &dyn Fn(usize, usize) -> u64, [40, 40], "false"),
            (&calm, [40, 40], "true"),
            (&calm, [29, 40], "false"),
        ] {
            let (tells, notes) = told_of(&months(counts, worth, [3, 3]), metric);
            assert_eq!(tells, expected, "{metric} {counts:?}");
            let why = "a difference of means whose 95 % interval spans nought";
            assert_eq!(notes.contains(why), tells == "false", "{notes}");
        }
    }
    // Cycles of 3 to 5 days, and of a week more or as long as before.
    for (days, expected) in [([3, 10], "true"), ([3, 3], "false")] {
        let (tells, _) = told_of(&months([40, 40], calm, days), "cycle_won");
        assert_eq!(tells, expected, "{days:?}");
    }
}

/// What spend came to a deal is no amount of the deal's own.
#[test]
fn where_only_the_number_is_looked_at_it_is_said() {
    let mut lines = months([40, 40], |_, _| 100, [3, 3]);
    for (month, cost) in [("01", 100), ("02", 900)] {
        writeln!(
            lines,
            "2018-{month}-02 spend %fair amount='{cost}.00 EUR' paid_for=event"
        )
        .unwrap();
    }
    let (tells, notes) = told_of(&lines, "cost_per_deal");
    assert_eq!(tells, "true");
    assert!(
        notes.contains("`tells` looks at how many stand behind a row"),
        "{notes}"
    );
    let (_, notes) = told_of(&lines, "mean_won_value");
    assert!(!notes.contains("looks at how many"), "{notes}");
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
