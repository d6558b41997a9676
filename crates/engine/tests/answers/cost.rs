//! Cost: a tree of campaigns, each row with what is below it, and each thing once over all.

use crate::book::Book;

const CHARTER: &str = "zone UTC\npath mql, won\nopens lead, deal\nlost lost";

const TREE: &str = "
2018-01-01  campaign  %search  parent=%autumn vendor=Gurgle
2018-01-01  campaign  %fair    parent=%autumn
2018-01-01  campaign  %autumn  vendor=Agency channel=events
2018-01-01  spend   %autumn  amount='1000.00 EUR' until=2018-02-01 includes_children=yes
2018-01-01  spend   %search  amount='310.00 EUR' until=2018-02-01 paid_for=media channel=ads
2018-01-12  spend   %fair    amount='450.00 EUR' paid_for=event
2018-01-02  touch   Ana  click  %search channel=ads team=marketing
2018-01-02  person  Ana  account=@Acme
2018-01-03  assign  Ana  ~Rosa
2018-01-04  touch   Ana  stand  %fair channel=events team=marketing
2018-01-05  deal    #1   Ana @Acme amount='900.00 EUR'
2018-02-10  mark    #1   -> won
2018-01-06  touch   Ben  click  %search channel=ads team=marketing
2018-01-06  person  Ben  account=@Bolt
2018-01-07  touch   Cleo call   channel=phone team=sales
2018-01-07  person  Cleo account=@Cork
";

#[test]
fn a_tree_holds_what_is_below_and_the_whole_counts_each_once() {
    let book = Book::of(CHARTER, TREE);
    let told = book.ask("cost models=linear period=2018-01-01..2018-02-01");
    let columns = [
        "spend", "leads", "assigned", "opened", "pipeline", "realised",
    ];
    assert_eq!(
        told.rows(&columns),
        [
            "%autumn EUR 1000.00 EUR 2 1 1 900.00 EUR 900.00 EUR",
            "%autumn / %fair EUR 450.00 EUR 0 0 0 0.00 EUR 450.00 EUR",
            "%autumn / %search EUR 310.00 EUR 2 1 1 900.00 EUR 450.00 EUR",
            "%autumn / (other) EUR 240.00 EUR 0 0 0 0.00 EUR 0.00 EUR",
            "– EUR 0.00 EUR 1 0 0 0.00 EUR 0.00 EUR",
        ]
    );
    assert_eq!(
        told.total(&columns),
        "1000.00 EUR 3 1 1 900.00 EUR 900.00 EUR"
    );
    // Half of the month costs half of what is spread, and all of the fair.
    let half = book.ask("cost models=linear period=2018-01-01..2018-01-17");
    let rows = half.rows(&["spend"]);
    assert_eq!(
        rows[..3],
        [
            "%autumn EUR 733.90 EUR",
            "%autumn / %fair EUR 450.00 EUR",
            "%autumn / %search EUR 160.00 EUR"
        ]
    );
}

#[test]
fn one_campaign_or_vendor_has_its_own_page() {
    let book = Book::of(CHARTER, TREE);
    let search = book.ask("cost of=%search models=linear");
    let columns = ["spend", "per_lead", "won", "revenue", "credited", "roi"];
    let lead = "MeanMoney(Money { minor: 31000, currency: EUR }, 2)";
    let roi = "MoneyShare { part: Money { minor: 45000, currency: EUR }, whole: 31000 }";
    let row = format!("%search EUR 310.00 EUR {lead} 1 900.00 EUR 450.00 EUR {roi}");
    assert_eq!(search.rows(&columns), [row]);
    let agency = book.ask("cost of=Agency by=vendor,channel models=linear");
    assert_eq!(
        agency.rows(&["spend", "credited"]),
        ["Agency events EUR 690.00 EUR 450.00 EUR"]
    );
    let by_vendor = book.ask("cost by=vendor models=linear");
    assert_eq!(
        by_vendor.rows(&["spend", "leads"]),
        [
            "Agency EUR 690.00 EUR 0",
            "Gurgle EUR 310.00 EUR 2",
            "– EUR 0.00 EUR 1"
        ]
    );
    assert_eq!(book.try_ask("cost of=Nobody").err().unwrap().code, "E0439");
    assert_eq!(book.try_ask("cost by=rep").err().unwrap().code, "E0431");
    let refused = book.try_ask("cost models=participation");
    assert_eq!(refused.err().unwrap().code, "E0434");
}

#[test]
fn what_has_no_currency_counts_in_each_of_its_group_and_totals_mix_none() {
    let lines = "
2018-01-01  spend   amount='10.00 EUR' channel=ads
2018-01-01  spend   amount='7.00 USD' channel=ads
2018-01-02  touch   Ana  click  channel=ads
2018-01-02  person  Ana
2018-01-02  touch   Ben  click  channel=mail
2018-01-02  person  Ben
";
    let book = Book::of(CHARTER, lines);
    let told = book.ask("cost by=channel");
    let per = |minor: i64, code: &str| {
        format!("MeanMoney(Money {{ minor: {minor}, currency: {code} }}, 1)")
    };
    assert_eq!(
        told.rows(&["spend", "leads", "per_lead"]),
        [
            format!("ads EUR 10.00 EUR 1 {}", per(1_000, "EUR")),
            format!("ads USD 7.00 USD 1 {}", per(700, "USD")),
            "mail EUR 0.00 EUR 1 –".to_owned(),
        ]
    );
    assert_eq!(told.total(&["spend", "leads", "per_lead"]), "– 2 –");
}

#[test]
fn spend_by_month_is_that_of_its_days_and_by_purpose_whole() {
    let lines = "
2018-01-30  spend  %crm  amount='0.05 EUR' until=2018-02-03 paid_for=tool
2018-02-01  spend  %ads  amount='1.00 EUR' paid_for=media impressions=1001 until=2018-02-28
2018-02-02  spend  %ads  amount='2.00 EUR' paid_for=swag
2018-02-02  spend  %ads  amount='4.00 EUR'
";
    let book = Book::of(CHARTER, lines);
    let by_month = book.ask("metric spend by=month");
    let rows = ["2018-01 EUR 0.03 EUR 1", "2018-02 EUR 7.02 EUR 4"];
    assert_eq!(by_month.rows(&["spend", "n"]), rows);
    let by_what = book.ask("metric spend by=paid_for");
    assert_eq!(
        by_what.rows(&["spend"]),
        [
            "media EUR 1.00 EUR",
            "swag EUR 2.00 EUR",
            "tool EUR 0.05 EUR",
            "– EUR 4.00 EUR"
        ]
    );
    assert_eq!(by_what.issue("W0131"), 1);
    assert_eq!(
        book.ask("metric spend:tool").rows(&["spend"]),
        ["EUR 0.05 EUR"]
    );
    let shown = book.ask("metric impressions period=2018-02-01..2018-02-03");
    assert_eq!(shown.rows(&["impressions"]), ["76"]);
}

#[test]
fn campaigns_are_called_by_their_names_and_what_lacks_an_amount_is_told_once() {
    let lines = "
2018-01-01  campaign  %a      name='Fairs, spring' parent='%all'
2018-01-01  campaign  '%all'  name='All of it'
2018-01-05T10:00:00Z  spend  %a  amount='7.00 EUR' paid_for=media
2018-01-05T11:00:00Z  spend  %a  until=2018-03-05
2018-01-06  touch   Ana  stand  %a
2018-01-06  person  Ana  account=@Acme
2018-01-07  deal    #1   Ana @Acme
2018-02-07  mark    #1   -> won
";
    let told = Book::of(CHARTER, lines).ask("cost by=campaign,month models=linear");
    let names = told.rows(&["spend"]);
    assert!(
        names.contains(&"%all 2018-01 EUR All of it 7.00 EUR".to_owned()),
        "{names:?}"
    );
    assert!(
        names.contains(&"%all / %a 2018-01 EUR Fairs, spring 7.00 EUR".to_owned()),
        "{names:?}"
    );
    // One amount of spend, and one of a deal that was opened and won.
    assert_eq!(told.issue("W0107"), 2);
    // Spent at an instant, it was paid for something too.
    assert!(
        told.0
            .notes
            .iter()
            .any(|note| note == "paid for: media 7.00 EUR"),
        "{:?}",
        told.0.notes
    );
}

#[test]
fn over_several_currencies_the_whole_tells_counts_and_no_amount() {
    let lines = "
2018-01-05  spend   amount='100.00 EUR' channel=ads
2018-01-02  touch   Ana  click  channel=ads team=marketing
2018-01-02  person  Ana  account=@Acme
2018-01-05  deal    #1   Ana @Acme amount='900.00 EUR'
2018-02-10  mark    #1   -> won
2018-01-02  touch   Ben  click  channel=ads team=marketing
2018-01-02  person  Ben  account=@Bolt
2018-01-05  deal    #2   Ben @Bolt amount='500.00 USD'
2018-02-10  mark    #2   -> won
";
    let told = Book::of(CHARTER, lines).ask("cost by=channel models=linear");
    // All that was spent is in euros, and less than all that came back.
    let columns = ["spend", "leads", "per_lead", "won", "revenue", "roi"];
    assert_eq!(told.total(&columns), "– 2 – 2 – –");
}
