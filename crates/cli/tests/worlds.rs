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
