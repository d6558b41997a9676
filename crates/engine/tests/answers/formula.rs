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
