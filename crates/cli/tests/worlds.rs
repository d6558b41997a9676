//! Awkward worlds on the real binary, each as small as it can be: two currencies with missing
//! rates, three zones, files that keep no dates, tables wider than a screen.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use std::fs;
use std::path::PathBuf;

use support::{ask, refused, run};

/// A book from texts: paths from its root, and the files to import.
struct World {
    dir: tempfile::TempDir,
    book: String,
}

impl World {
    fn new(texts: &[(&str, &str)]) -> World {
        let dir = tempfile::tempdir().unwrap();
        let from = dir.path().join("from");
        for (path, text) in texts {
            let path = from.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let book = dir.path().join("book").display().to_string();
        run(&["init", &book, "--from", &from.display().to_string()]);
        World { dir, book }
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.dir.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    fn import(&self, name: &str, text: &str) -> serde_json::Value {
        let path = self.file(name, text).display().to_string();
        serde_json::from_str(&run(&["import", &self.book, &path, "--json"])).unwrap()
    }
}

const STAGES: &str = "[opening]\nlead = true\ndeal = true\n[[stage]]\nid = \"open\"\n\
    marks = [\"open\"]\n[[stage]]\nid = \"won\"\nrole = \"won\"\nmarks = [\"won\"]\n\
    [[stage]]\nid = \"lost\"\nrole = \"lost\"\nmarks = [\"lost\"]\n";

const DEALS: &str = "SELECT _record, required(as_date(created, 'iso')) AS happened, deal, \
    status, as_date(created, 'iso') AS created, as_date(closed, 'iso') AS closed, \
    as_money(amount, currency) AS amount FROM deals";

const OPENED: &str = "SELECT _record, required(as_date(created, 'iso')) AS happened, deal, \
    'deal' AS subject, 'open' AS stage FROM deals";

const RATES: &str = "SELECT _record, as_date(day, 'iso') AS happened, have AS from_currency, \
    want AS to_currency, as_decimal(rate) AS rate FROM rates";

fn two_currencies(money: &str) -> World {
    let world = World::new(&[
        (
            "charter/calendar.toml",
            "zone = \"Europe/Berlin\"\ncurrency = \"EUR\"\n",
        ),
        ("charter/money.toml", money),
        ("charter/stages.toml", STAGES),
        (
            "sources/crm/source.toml",
            "source = \"crm\"\nzone = \"Europe/Berlin\"\nobserved_until = \"2025-03-31\"\n\
             [[stream]]\nname = \"deals\"\nfiles = [\"deals*\"]\nkey = [\"deal\"]\n\
             [[stream]]\nname = \"rates\"\nfiles = [\"rates*\"]\n\
             key = [\"day\", \"have\", \"want\"]\n\
             [[map]]\nstream = \"deals\"\nkind = \"deal\"\nfile = \"deal.sql\"\n\
             [[map]]\nstream = \"deals\"\nkind = \"mark\"\nfile = \"mark.sql\"\n\
             [[map]]\nstream = \"rates\"\nkind = \"rate\"\nfile = \"rate.sql\"\n",
        ),
        ("sources/crm/deal.sql", DEALS),
        ("sources/crm/mark.sql", OPENED),
        ("sources/crm/rate.sql", RATES),
    ]);
    world.import(
        "deals.csv",
        "deal,status,created,closed,amount,currency\n\
         A,won,2025-01-02,2025-01-20,100.00,EUR\n\
         B,won,2025-01-02,2025-02-03,200.00,USD\n\
         C,won,2025-01-02,2025-02-03,300.00,GBP\n\
         D,won,2025-01-02,2025-02-04,,USD\n\
         E,open,2025-01-02,,400.00,USD\n\
         F,open,2025-01-02,,500.00,GBP\n",
    );
    world.import(
        "rates.csv",
        "day,have,want,rate\n2025-01-31,USD,EUR,0.9\n2025-03-15,USD,EUR,0.8\n",
    );
    world
}

#[test]
fn amounts_become_one_currency_and_what_has_no_rate_is_counted_and_listed() {
    let world = two_currencies("rates = \"at_close\"\n");
    let revenue = ["metric", "revenue", "--currency", "EUR"];
    let answer = ask(&world.book, &revenue);
    assert_eq!(answer.money(&["EUR"], "revenue"), 280, "100 + 200 × 0.9");
    assert_eq!(answer.count(&["EUR"], "n"), 2);
    assert_eq!(answer.count(&["EUR"], "not_priced"), 1);
    assert_eq!((answer.issue("W0112"), answer.issue("W0107")), (1, 1));
    let notes = answer.0["notes"].to_string();
    assert!(
        notes.contains("at the rate of the day of close")
            && notes.contains("1 USD = 0.9 EUR (2025-01-31, for 1)"),
        "{notes}"
    );
    let records = ask(
        &world.book,
        &[&revenue[..], &["--records", "not_priced"]].concat(),
    );
    assert_eq!(records.rows().len(), 1);
    assert_eq!(records.cell(&["deal C"], "amount"), "300.00 GBP");
    assert!(records.cell(&["deal C"], "priced").is_null());
    let records = ask(
        &world.book,
        &[&revenue[..], &["--records", "revenue"]].concat(),
    );
    assert_eq!(records.money(&["deal B"], "priced"), 180);

    let open = ["funnel", "--view", "snapshot", "--currency", "EUR", "--at"];
    let at = |day| ask(&world.book, &[&open[..], &[day]].concat());
    // At the end of February all of January's rate; at the end of March, March's.
    assert_eq!(at("2025-02-28").money(&["open"], "value_eur"), 360);
    let march = at("2025-03-31");
    assert_eq!(march.money(&["open"], "value_eur"), 320);
    assert_eq!(march.count(&["open"], "not_priced"), 1);
    let apart = ask(&world.book, &["metric", "revenue"]);
    assert_eq!(apart.rows().len(), 3, "one row per currency, as ever");
    assert!(
        refused(&[
            "ask",
            "metric",
            "won",
            "--book",
            &world.book,
            "--currency",
            "EUR"
        ])
        .contains("E0405")
    );
}

#[test]
fn planned_rates_hold_whatever_the_day_and_without_a_policy_nothing_is_converted() {
    let world = two_currencies("rates = \"plan\"\n[plan]\nUSD = 0.5\nGBP = 1.2\n");
    let revenue = ["metric", "revenue", "--currency"];
    let of = |world: &World, code| ask(&world.book, &[&revenue[..], &[code]].concat());
    assert_eq!(of(&world, "EUR").money(&["EUR"], "revenue"), 560);
    assert_eq!(of(&world, "USD").money(&["USD"], "revenue"), 1120);
    fs::remove_file(PathBuf::from(&world.book).join("charter/money.toml")).unwrap();
    run(&["charter", "publish", &world.book]);
    let euros = of(&world, "EUR");
    assert_eq!(euros.money(&["EUR"], "revenue"), 100);
    assert_eq!(euros.count(&["EUR"], "not_priced"), 2);
    assert!(euros.0["notes"].to_string().contains("names no rates"));
}

/// A table of 382 columns, of which the pack names six.
#[test]
fn a_table_of_382_columns_is_read_by_the_six_that_are_named() {
    let world = World::new(&[
        ("charter/stages.toml", STAGES),
        (
            "charter/attributes.toml",
            "[person]\nscore = \"number\"\nsource = \"text\"\n",
        ),
        (
            "sources/crm/source.toml",
            "source = \"crm\"\nzone = \"UTC\"\nobserved_until = \"2025-12-31\"\n\
             [[stream]]\nname = \"leads\"\nfiles = [\"wide*\"]\nkey = [\"field_000\"]\n\
             version = \"field_381\"\n\
             people = [{ column = \"field_000\" }]\n\
             safe = [\"field_017\", \"field_100\", \"field_200\", \"field_300\", \
             \"field_381\"]\n\
             [[map]]\nstream = \"leads\"\nkind = \"person\"\nfile = \"person.sql\"\n\
             [[map]]\nstream = \"leads\"\nkind = \"mark\"\nfile = \"mark.sql\"\n",
        ),
        (
            "sources/crm/person.sql",
            "SELECT _record, required(as_date(field_017, 'iso')) AS happened, field_000 AS person, \
             as_int(field_100) AS score, field_200 AS source FROM leads",
        ),
        (
            "sources/crm/mark.sql",
            "SELECT _record, required(as_date(field_017, 'iso')) AS happened, field_000 AS person, \
             'person' AS subject, field_300 AS stage FROM leads",
        ),
    ]);
    let (columns, rows) = (382, 3_000);
    let name = |at: usize| format!("field_{at:03}");
    let mut text: String = (0..columns).map(name).collect::<Vec<_>>().join(",") + "\n";
    for row in 0..rows {
        let cell = |at: usize| match at {
            0 => format!("L{row}"),
            17 => format!("2025-{:02}-{:02}", row % 12 + 1, row % 28 + 1),
            100 => (row % 100).to_string(),
            200 => ["web", "fair"][row % 2].to_owned(),
            300 => if row % 5 == 0 { "won" } else { "open" }.to_owned(),
            381 => "7".to_owned(),
            _ if (at + row).is_multiple_of(3) => String::new(),
            _ => format!("filler {at}"),
        };
        text.push_str(&(0..columns).map(cell).collect::<Vec<_>>().join(","));
        text.push('\n');
    }
    let started = std::time::Instant::now();
    let report = world.import("wide.csv", &text);
    let seconds = started.elapsed().as_secs();
    assert_eq!(report["files"][0]["mapped"], rows, "{report}");
    // Megabytes in seconds: far from it is a defect, whatever the machine.
    assert!(seconds < 60, "{} bytes took {seconds} s", text.len());
    let by = ["metric", "won", "--by", "source"];
    let won = ask(&world.book, &by);
    assert_eq!(
        (won.count(&["web"], "won"), won.count(&["fair"], "won")),
        (300, 300)
    );
}

/// Rows without a key or a date: two equal rows stay two, and a second import adds none.
#[test]
fn rows_without_a_name_are_named_by_their_line() {
    let world = World::new(&[
        ("charter/stages.toml", STAGES),
        (
            "sources/ads/source.toml",
            "source = \"ads\"\nzone = \"UTC\"\ncurrency = \"USD\"\n\
             [[stream]]\nname = \"ads\"\nfiles = [\"ads*\"]\nkey = [\"_line\"]\n\
             [[map]]\nstream = \"ads\"\nkind = \"spend\"\nfile = \"ads.sql\"\n",
        ),
        (
            "sources/ads/ads.sql",
            "SELECT _record, as_date(NULL, 'iso') AS happened, age AS campaign, \
             as_money(spent) AS amount, as_int(clicks) AS clicks FROM ads",
        ),
    ]);
    let text = "age,spent,clicks\n30,1.429999948,1\n30,1.429999948,1\n40,0,0\n";
    world.import("ads.csv", text);
    let spend = ask(&world.book, &["metric", "spend", "--by", "campaign"]);
    assert_eq!(
        spend.cell(&["30"], "spend")["minor"],
        286,
        "each rounded once"
    );
    assert_eq!((spend.count(&["30"], "n"), spend.issue("W0105")), (2, 3));
    world.import("ads.csv", text);
    let clicks = ask(&world.book, &["metric", "clicks"]);
    assert_eq!(
        (clicks.count(&[], "clicks"), clicks.count(&[], "n")),
        (2, 3)
    );
    let records = ask(&world.book, &["metric", "spend", "--records", "n"]);
    assert_eq!(records.rows().len(), 3);
}

/// One moment on three clocks, and days that stay days.
#[test]
fn three_sources_keep_three_clocks_and_a_day_stays_a_day() {
    let source = |name: &str, zone: &str| {
        format!(
            "source = \"{name}\"\nzone = \"{zone}\"\nobserved_until = \"2025-12-31\"\n\
             [[stream]]\nname = \"deals\"\nfiles = [\"{name}*\"]\nkey = [\"deal\"]\n\
             [[map]]\nstream = \"deals\"\nkind = \"mark\"\nfile = \"mark.sql\"\n"
        )
    };
    let select = "SELECT _record, required(as_time(signed, 'iso')) AS happened, deal, \
        'deal' AS subject, 'won' AS stage FROM deals";
    let zones = [
        ("york", "America/New_York"),
        ("sydney", "Australia/Sydney"),
        ("berlin", "Europe/Berlin"),
    ];
    let sources: Vec<[(String, String); 2]> = zones
        .iter()
        .map(|(name, zone)| {
            [
                (format!("sources/{name}/source.toml"), source(name, zone)),
                (format!("sources/{name}/mark.sql"), select.to_owned()),
            ]
        })
        .collect();
    let mut texts = vec![
        ("charter/calendar.toml", "zone = \"Europe/Berlin\"\n"),
        ("charter/stages.toml", STAGES),
    ];
    let pairs = sources.iter().flatten();
    texts.extend(pairs.map(|(path, text)| (path.as_str(), text.as_str())));
    let world = World::new(&texts);
    let head = "deal,signed\n";
    world.import(
        "york.csv",
        &format!("{head}Y1,2025-03-31 19:30:00\nY2,2025-03-31\n"),
    );
    world.import("sydney.csv", &format!("{head}S1,2025-04-01 05:00:00\n"));
    world.import(
        "berlin.csv",
        &format!("{head}B1,2025-03-30 02:30:00\nB2,2024-10-27 02:30:00\n"),
    );
    let won = ask(
        &world.book,
        &["metric", "won", "--unit", "deal", "--by", "quarter"],
    );
    let of = |quarter| won.count(&[quarter], "won");
    assert_eq!((of("2024-Q4"), of("2025-Q1"), of("2025-Q2")), (1, 3, 1));
    let words = [
        "metric",
        "won",
        "--unit",
        "deal",
        "--by",
        "quarter",
        "--records",
        "won",
    ];
    let second = ask(&world.book, &[&words[..], &["--row", "2025-Q2"]].concat());
    assert_eq!(
        second.rows()[0][second.column("deal")],
        "Y1",
        "01:30 in Berlin"
    );
}

/// A book of one file of deals that belong to accounts.
fn accounts() -> World {
    let deal = DEALS.replace("deal, status", "deal, account, status");
    let world = World::new(&[
        (
            "charter/calendar.toml",
            "zone = \"UTC\"\ncurrency = \"EUR\"\n",
        ),
        ("charter/money.toml", "rates = \"at_close\"\n"),
        (
            "charter/stages.toml",
            &STAGES.replace(
                "id = \"open\"\n",
                "id = \"open\"\ntype = \"service-level\"\nmax_days = 5\n",
            ),
        ),
        (
            "sources/crm/source.toml",
            "source = \"crm\"\nzone = \"UTC\"\nobserved_until = \"2025-03-31\"\n\
             [[stream]]\nname = \"deals\"\nfiles = [\"deals*\"]\nkey = [\"deal\"]\n\
             [[map]]\nstream = \"deals\"\nkind = \"deal\"\nfile = \"deal.sql\"\n\
             [[map]]\nstream = \"deals\"\nkind = \"mark\"\nfile = \"mark.sql\"\n",
        ),
        ("sources/crm/deal.sql", &deal),
        ("sources/crm/mark.sql", OPENED),
    ]);
    world.import(
        "deals.csv",
        "deal,account,status,created,closed,amount,currency\n\
         A0,Acme,won,2025-01-02,2025-01-20,7000.00,EUR\n\
         A1,Acme,open,2025-01-02,,1000.00,EUR\n\
         A2,Acme,open,2025-01-03,,500.00,EUR\n\
         B1,Bolt,won,2025-01-02,2025-02-10,900.00,EUR\n\
         B2,Bolt,won,2025-01-02,2025-02-20,50.00,EUR\n\
         B3,Bolt,lost,2025-01-02,2025-03-01,800.00,EUR\n\
         C1,Cord,lost,2025-01-02,2025-02-10,300.00,EUR\n\
         C2,Cord,open,2025-01-02,,20.00,EUR\n\
         D1,,open,2025-01-02,,40.00,USD\n",
    );
    world
}

#[test]
fn an_account_is_worth_all_its_deals_there_and_won_if_one_of_them_was() {
    let world = accounts();
    let view = [
        "funnel",
        "--view",
        "snapshot",
        "--at",
        "2025-01-31",
        "--unit",
        "account",
    ];
    let view = [&view[..], &["--outcome-by", "2025-03-30"]].concat();
    let answer = ask(&world.book, &view);
    let count = |column| answer.count(&["open"], column);
    assert_eq!((count("there"), count("stale")), (3, 3));
    assert_eq!((count("then_won"), count("then_lost")), (1, 1));
    assert_eq!((count("still_there"), count("moved")), (1, 0));
    let sum = 1000 + 500 + 900 + 50 + 800 + 300 + 20;
    assert_eq!(answer.money(&["open"], "value_eur"), sum);
    assert_eq!(answer.money(&["open"], "then_won_value_eur"), 950);
    for (column, deals) in [("value_eur", 7), ("then_won_value_eur", 2), ("there", 3)] {
        let records = [&view[..], &["--records", column]].concat();
        assert_eq!(ask(&world.book, &records).rows().len(), deals, "{column}");
    }
    let stale = ["stale", "--at", "2025-01-31", "--unit", "account"];
    let answer = ask(&world.book, &stale);
    assert_eq!(answer.money(&["open"], "stale_value_eur"), sum);
}

#[test]
fn a_unit_that_a_question_does_not_count_is_refused() {
    let world = accounts();
    for words in [
        &["velocity", "--unit", "deal"][..],
        &["metric", "revenue", "--unit", "account"],
        &["metric", "won", "--unit", "person"],
        &["metric", "leads_created", "--unit", "deal"],
    ] {
        let words = [&["ask", "--book", &world.book][..], words].concat();
        let message = refused(&words);
        assert!(message.contains("E0405"), "{words:?}: {message}");
    }
    ask(&world.book, &["metric", "revenue", "--unit", "deal"]);
    ask(&world.book, &["metric", "won", "--unit", "deal"]);
}

#[test]
fn a_moment_beyond_the_horizon_is_told() {
    let world = accounts();
    let told = |words: &[&str]| {
        let notes = ask(&world.book, words).0["notes"].to_string();
        notes.contains("beyond the horizon")
    };
    let snapshot = ["funnel", "--view", "snapshot", "--at", "2025-01-31"];
    let by = |day| [&snapshot[..], &["--outcome-by", day]].concat();
    assert!(told(&by("2025-12-31")) && !told(&by("2025-03-01")));
    for words in [
        &["metric", "won"][..],
        &["funnel", "--view", "flow"],
        &["funnel", "--view", "cohort"],
    ] {
        let until = |period| [words, &["--period", period]].concat();
        assert!(told(&until("2025")), "{words:?}");
        assert!(!told(&until("2025-02")), "{words:?}");
    }
    assert!(told(&["stale", "--at", "2025-12-31"]));
}

#[test]
fn a_velocity_tells_the_deals_without_a_rate() {
    let world = two_currencies("rates = \"at_close\"\n");
    let velocity = ["metric", "sales_velocity", "--currency", "EUR"];
    let answer = ask(&world.book, &velocity);
    // C was won and F is open, both in pounds.
    assert_eq!(answer.count(&["EUR"], "not_priced"), 2);
    assert_eq!(answer.issue("W0112"), 2);
    let records = [&velocity[..], &["--records", "not_priced"]].concat();
    assert_eq!(ask(&world.book, &records).rows().len(), 2);
}

#[test]
fn a_row_of_what_is_not_known_is_named_as_it_is_shown() {
    let world = accounts();
    let won = ["metric", "won", "--by", "channel", "--records", "won"];
    for typed in ["–", "", "null"] {
        let row = format!("--row={typed}");
        let words = [&won[..], &[row.as_str()]].concat();
        assert_eq!(ask(&world.book, &words).rows().len(), 3, "{typed}");
    }
    let words = [&["ask", "--book", &world.book][..], &won, &["--row=x"]].concat();
    assert!(refused(&words).contains("--row '–'"));
}
