//! Metrics of the catalogue over a few lines: what answers say besides their figures, and what is
//! refused.

use super::book::{Book, Told};

const PATH: &str =
    "zone UTC\npath mql, won\nlost lost\nopens lead, deal\nattribute person.x number";

/// Two leads and two wins in two currencies; spend of two channels; a target of one rep.
const LINES: &str = "
2018-01-01  spend   amount='100.00 EUR' channel=web
2018-01-02  spend   amount='50.00 USD' channel=fair
2018-01-03  target  amount='1000.00 EUR' ~Rosa
2018-01-05  person  Anna @A
2018-01-06  person  Bert @B
2018-01-10  deal    #1 @A ~Rosa amount='400.00 EUR'
2018-02-10  mark    #1 -> won
2018-01-11  deal    #2 @B ~Rosa amount='300.00 USD'
2018-02-11  mark    #2 -> won
2018-01-12  deal    #3 @C ~Rosa amount='900.00 EUR' close_date=2018-02-20
";

fn notes(told: &Told) -> String {
    told.0.notes.join("\n")
}

#[test]
fn counts_stand_whole_beside_the_money_of_each_currency_and_a_note_says_so() {
    let book = Book::of(PATH, LINES);
    let told = book.ask("metric cost_per_lead");
    let rows = told.rows(&["spend", "leads_created"]);
    assert_eq!(rows, ["EUR 100.00 EUR 2", "USD 50.00 USD 2"]);
    assert!(notes(&told).contains("leads_created whatever the currency"));
    assert_eq!(told.total(&["leads_created", "cost_per_lead"]), "2 –");
    let told = book.ask("metric average_deal_size");
    assert_eq!(told.rows(&["deals"]), ["EUR 1", "USD 1"]);
    assert_eq!(notes(&told), "", "amounts are of a currency each");
}

#[test]
fn what_nobody_told_has_no_value_and_a_note_says_what_that_is() {
    let book = Book::of(PATH, LINES);
    let told = book.ask("metric cost_per_lead period=2018-03-01..2018-04-01");
    let is_said =
        |told: &Told, what: &str| notes(told).contains(&format!("no {what} was told for this"));
    assert!(is_said(&told, "spend"), "{}", notes(&told));
    let told = book.ask("metric gap_to_target period=2018-02-01..2018-03-01");
    let rows = told.rows(&["revenue", "gap_to_target"]);
    assert_eq!(rows, ["EUR 400.00 EUR –", "USD 300.00 USD –"]);
    assert!(is_said(&told, "target"), "{}", notes(&told));
    let told = book.ask("metric gap_to_target by=rep");
    assert_eq!(
        told.rows(&["target", "revenue", "gap_to_target"])[0],
        "~Rosa EUR 1000.00 EUR 400.00 EUR 600.00 EUR"
    );
    assert!(!is_said(&told, "target"));
}

#[test]
fn an_answer_names_the_catalogue_that_gave_it() {
    let book = Book::of(PATH, LINES);
    let kernels = |text: &str| book.ask(text).0.lineage.kernels;
    let version = book.charter.catalogue.version.to_string();
    let named = ("catalogue".to_owned(), version);
    assert!(kernels("metric loss_rate").contains(&named));
    assert!(
        !kernels("metric win_rate").contains(&named),
        "a measure is of its kernel"
    );
}

#[test]
fn a_question_that_a_measure_does_not_know_is_refused() {
    let book = Book::of(PATH, LINES);
    let refused = |text: &str| book.try_ask(text).err().map(|refusal| refusal.code);
    for (text, code) in [
        ("metric cost_per_lead by=rep", Some("E0447")),
        ("metric cost_per_lead by=paid_for", Some("E0447")),
        ("metric cost_per_lead where='person.x = 1'", Some("E0447")),
        ("metric cost_per_lead by=channel", None),
        ("metric average_open_value by=month", Some("E0431")),
        (
            "metric conversion_passed_through:mql:won by=month",
            Some("E0431"),
        ),
        ("metric conversion:mql", Some("E0403")),
        ("metric conversion:mql:sql", Some("E0402")),
        ("metric conversion_cohort:mql:lost", Some("E0402")),
        ("metric entered:mql:won", Some("E0403")),
        ("metric spend:meals", Some("E0403")),
        ("metric close_rate:soon", Some("E0403")),
        ("metric loss_rate currency=EUR", Some("E0405")),
        ("metric loss_rate unit=deal", None),
        ("metric loss_rate unit=person", Some("E0405")),
        ("metric lead_to_deal unit=deal", Some("E0405")),
    ] {
        assert_eq!(refused(text), code, "{text}");
    }
}

#[test]
fn a_reason_that_nobody_gave_is_told() {
    let lines = "
2018-01-10  deal    #1 @A loss_reason=price
2018-02-10  mark    #1 -> lost
2018-01-10  deal    #2 @B loss_reason=timing
2018-02-11  mark    #2 -> lost
";
    let book = Book::of(PATH, lines);
    let told = book.ask("metric lost_reason_share:price");
    assert_eq!(told.rows(&["lost_reason_share"]), ["1/2"]);
    assert_eq!(notes(&told), "");
    for text in ["metric lost_reason_share:Price", "metric lost_for:Price"] {
        let told = book.ask(text);
        assert!(
            notes(&told).contains("lost for `Price`"),
            "{}",
            notes(&told)
        );
    }
}

#[test]
fn a_reason_is_asked_for_with_its_colons() {
    let lines = "
2018-01-10  deal    #1 @A loss_reason='price: too high: twice'
2018-02-10  mark    #1 -> lost
2018-01-10  deal    #2 @B loss_reason=price
2018-02-11  mark    #2 -> lost
2018-01-10  deal    #3 @C loss_reason='price: too high: twice'
2018-02-12  mark    #3 -> lost
";
    let book = Book::of(PATH, lines);
    for (name, expected) in [
        ("lost_for:price: too high: twice", "2/3"),
        ("lost_for:price: too high", "0/3"),
        ("lost_for:price", "1/3"),
        ("lost_reason_share:price: too high: twice", "2/3"),
    ] {
        let told = book.ask(&format!("metric '{name}'"));
        let column = name.split(':').next().unwrap();
        assert_eq!(told.rows(&[column]), [expected], "{name}");
    }
    // Other names end at their words.
    for name in ["spend:media:x", "win_rate:x", "close_rate:1:2"] {
        let refused = book.try_ask(&format!("metric {name}")).err();
        assert_eq!(refused.unwrap().code, "E0403", "{name}");
    }
}

/// Spend on a family in January and March, on another in February alone.
const FAMILIES: &str = "
2018-01-01  campaign  %search  parent=%spring
2018-01-01  campaign  %fair    parent=%spring
2018-01-30  spend   %search  amount='3.00 EUR' until=2018-02-01
2018-03-01  spend   %spring  amount='60.00 EUR'
2018-02-02  spend   %autumn  amount='500.00 EUR'
2018-01-05  touch   Bert  visit team=marketing %fair
2018-01-06  person  Bert
2018-01-31  touch   Cleo  visit team=marketing %autumn
2018-01-31  person  Cleo
2018-02-03  touch   Fay   visit team=marketing %search
2018-02-03  person  Fay
2018-03-04  touch   Eva   visit team=marketing %fair
2018-03-05  person  Eva
";

#[test]
fn a_month_sees_the_leads_of_what_was_spent_in_it_alone() {
    let book = Book::of("zone UTC\npath mql, won\nopens lead", FAMILIES);
    let rows = |by: &str| {
        let told = book.ask(&format!("metric leads_attributed by={by}"));
        told.rows(&["leads_attributed"])
    };
    let whole = book.ask("metric leads_attributed");
    assert_eq!(whole.rows(&["leads_attributed"]), ["4"]);
    assert_eq!(rows("quarter"), ["2018-Q1 4"]);
    assert_eq!(rows("month"), ["2018-01 1", "2018-03 1"]);
    // The last days of January and the first of February are one week.
    assert_eq!(rows("week"), ["2018-W05 2"]);
    assert_eq!(rows("month,week"), Vec::<String>::new());
    let told = book.ask("metric cost_per_lead_attributed by=month");
    assert_eq!(
        told.rows(&["spend", "leads_attributed"]),
        [
            "2018-01 EUR 3.00 EUR 1",
            "2018-02 EUR 500.00 EUR 0",
            "2018-03 EUR 60.00 EUR 1"
        ]
    );
}

/// Goals of a quarter, its months and two reps, one of whom is of a team that has its own.
const GOALS: &str = "
2017-12-01  rep     ~Rosa team=inside
2018-01-01  target  period=2018-Q1 amount='300.00 EUR'
2018-01-01  target  period=2018-01 amount='90.00 EUR'
2018-02-01  target  period=2018-02 amount='100.00 EUR'
2018-01-01  target  ~Rosa period=2018-Q1 amount='200.00 EUR'
2018-01-01  target  ~Sam period=2018-Q1 amount='50.00 EUR'
2018-01-01  target  team=inside period=2018-Q1 amount='210.00 EUR'
";

#[test]
fn a_goal_counts_in_the_period_and_for_the_owner_that_are_asked_for() {
    let book = Book::of(PATH, GOALS);
    let target = |text: &str| {
        let told = book.ask(&format!("metric target {text}"));
        (
            told.rows(&["target"]),
            told.issue("W0137"),
            told.issue("W0138"),
        )
    };
    let rows = |rows: &[&str]| rows.iter().map(|row| (*row).to_owned()).collect::<Vec<_>>();
    let quarter = "period=2018-01-01..2018-04-01";
    assert_eq!(target(quarter), (rows(&["EUR 300.00 EUR"]), 5, 0));
    let months = rows(&["2018-01 EUR 90.00 EUR", "2018-02 EUR 100.00 EUR"]);
    assert_eq!(target(&format!("{quarter} by=month")), (months, 0, 4));
    let reps = rows(&["~Rosa EUR 200.00 EUR", "~Sam EUR 50.00 EUR"]);
    assert_eq!(target(&format!("{quarter} by=rep")), (reps, 4, 0));
    let none: Vec<String> = Vec::new();
    assert_eq!(
        target("period=2018-03-01..2018-04-01"),
        (none.clone(), 0, 4)
    );
    assert_eq!(
        target("period=2018-02-01..2018-03-02"),
        (rows(&["EUR 100.00 EUR"]), 0, 4)
    );
    assert_eq!(target("period=2019-01-01..2019-04-01"), (none, 0, 0));
    assert_eq!(target(""), (rows(&["EUR 300.00 EUR"]), 5, 0));
}

#[test]
fn dollars_that_brought_euros_have_no_return_in_dollars() {
    let lines = "
2018-01-02  spend   amount='50.00 USD' channel=fair
2018-01-10  deal    #1 @A amount='400.00 EUR'
2018-02-10  mark    #1 -> won
";
    let book = Book::of(PATH, lines);
    let told = book.ask("metric net_return");
    assert_eq!(told.rows(&["net_return"]), ["EUR –", "USD –"]);
    let note = "revenue is in EUR, spend is in USD: a row that one of them has nothing in has no \
                value; --currency brings them together";
    assert_eq!(notes(&told).lines().last(), Some(note), "{}", notes(&told));
    // What was to be won in dollars and was not is nought of it.
    let lines = "
2018-01-01  target  period=2018-Q1 amount='70.00 USD'
2018-01-10  deal    #1 @A amount='400.00 EUR'
2018-02-10  mark    #1 -> won
";
    let book = Book::of(PATH, lines);
    let told = book.ask("metric gap_to_target period=2018-01-01..2018-04-01");
    assert_eq!(told.rows(&["gap_to_target"]), ["EUR –", "USD 70.00 USD"]);
}

#[test]
fn open_deals_count_in_the_row_of_their_own_currency() {
    let lines = "
2018-01-10  deal    #1 @A amount='400.00 EUR' created=2018-01-10
2018-01-20  mark    #1 -> won
2018-01-10  deal    #2 @B amount='300.00 USD' created=2018-01-10
2018-01-20  mark    #2 -> won
2018-01-11  deal    #3 @C amount='1.00 EUR'
2018-01-11  deal    #4 @D amount='1.00 USD'
2018-01-11  deal    #5 @E amount='1.00 USD'
";
    let book = Book::of(PATH, lines);
    let told = book.ask("metric sales_velocity_all_ends");
    let rows = told.rows(&["open", "sales_velocity_all_ends"]);
    assert_eq!(rows, ["EUR 1 40.00 EUR", "USD 2 60.00 USD"]);
    assert!(notes(&told).contains("rate, cycle_won whatever the currency"));
}

/// Leads of two channels in two months, of which some are won.
const TWO_MONTHS: &str = "
2018-01-03  touch   Ana   visit team=marketing channel=web
2018-01-04  person  Ana   @A
2018-01-05  deal    #1    Ana @A amount='1.00 EUR' loss_reason=price
2018-01-20  mark    #1    -> won
2018-01-03  touch   Ben   visit team=marketing channel=fair
2018-01-04  person  Ben   @B
2018-01-05  deal    #2    Ben @B amount='1.00 EUR' loss_reason=price
2018-01-20  mark    #2    -> lost
2018-02-03  touch   Cleo  visit team=marketing channel=fair
2018-02-04  person  Cleo  @C
2018-02-05  deal    #3    Cleo @C amount='1.00 EUR'
2018-02-20  mark    #3    -> won
2018-02-03  touch   Dov   visit team=marketing channel=web
2018-02-04  person  Dov   @D
2018-02-03  touch   Eva   visit team=marketing channel=web
2018-02-04  person  Eva   @E
2018-02-05  deal    #4    Eva @E amount='1.00 EUR'
2018-02-20  mark    #4    -> lost
";

#[test]
fn a_change_of_a_metric_of_one_measure_is_that_of_the_measure() {
    let book = Book::of(PATH, TWO_MONTHS);
    let periods = "against=2018-01-01..2018-02-01 period=2018-02-01..2018-03-01";
    for (metric, measure) in [
        ("lead_to_won", "leads_won"),
        ("account_lead_to_won", "accounts_won"),
        ("lost_reason_known", "lost_explained"),
        ("lost_reason_share:price", "lost_for:price"),
    ] {
        for by in ["", " by=channel"] {
            let ask = |name: &str| book.ask(&format!("change {name} {periods}{by}")).0;
            let (mine, theirs) = (ask(metric), ask(measure));
            assert_eq!(mine.rows, theirs.rows, "{metric}{by}");
            assert_eq!(mine.totals, theirs.totals, "{metric}{by}");
            let has = |id: &str| mine.columns.iter().any(|column| column.id == id);
            assert!(has("mix") && has("rate"), "{metric}{by}");
        }
    }
    let told = book.ask(&format!("change lead_to_won {periods} by=channel"));
    let unit = told
        .0
        .columns
        .iter()
        .find(|column| column.id == "change")
        .unwrap();
    assert_eq!(unit.unit.as_deref(), Some("percentage points"));
    assert!(
        unit.means.ends_with("in percentage points"),
        "{}",
        unit.means
    );
}

#[test]
fn nothing_is_earlier_than_all_there_is() {
    let lines = "
2018-01-02  spend   amount='50.00 EUR' channel=fair
2018-01-10  deal    #1 @A amount='400.00 EUR' created=2018-01-10
2018-02-10  mark    #1 -> won
";
    let book = Book::of(PATH, lines);
    let told = book.ask("metric cac_lagged");
    assert!(
        notes(&told).contains("none of it earlier"),
        "{}",
        notes(&told)
    );
    let spend = told
        .0
        .columns
        .iter()
        .find(|column| column.id == "spend")
        .unwrap();
    assert!(!spend.means.contains("earlier"), "{}", spend.means);
    let told = book.ask("metric cac_lagged period=2018-02-01..2018-03-01");
    let spend = told
        .0
        .columns
        .iter()
        .find(|column| column.id == "spend")
        .unwrap();
    assert!(spend.means.contains("31 days earlier"), "{}", spend.means);
}
