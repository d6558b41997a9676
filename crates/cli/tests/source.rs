//! A source added from files that nobody described: proposed, tried, written, imported, asked.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use std::path::{Path, PathBuf};

use support::{ask, handfast, refused, run};

fn write(path: &Path, text: &str) -> String {
    std::fs::write(path, text).unwrap();
    path.display().to_string()
}

/// An export of leads as a German CRM writes it: semicolons, decimal commas, days first.
fn german_leads() -> String {
    let mut text = String::from("Lead-Nr;Vorname;E-Mail;Quelle;Erstellt am;MQL Date;Umsatz\n");
    for at in 1..=40 {
        let day = at % 28 + 1;
        let mql = if at % 4 == 0 {
            format!("{day:02}.11.2024")
        } else {
            String::new()
        };
        let source = ["Messe", "Web", "Empfehlung"][at % 3];
        text.push_str(&format!(
            "L-{at:03};Person{at};p{at}@example.com;{source};{day:02}.10.2024;{mql};1.2{at:02},50\n"
        ));
    }
    text
}

#[test]
fn a_newcomer_gets_from_two_exports_to_a_funnel() {
    let dir = tempfile::tempdir().unwrap();
    let book = dir.path().join("book").display().to_string();
    let leads = write(&dir.path().join("leads-2024.csv"), &german_leads());
    let mut deals =
        String::from("Opportunity ID;Firma;Phase;Erstellt am;Abschlussdatum;Betrag;Besitzer\n");
    for at in 1..=20 {
        let (stage, closed) = match at % 4 {
            0 => ("Gewonnen", format!("{:02}.12.2024", at)),
            1 => ("Verloren", format!("{:02}.12.2024", at)),
            _ => ("Angebot", String::new()),
        };
        deals.push_str(&format!(
            "D-{at};Firma {};{stage};{at:02}.11.2024;{closed};1.0{at:02},50 €;Kim\n",
            at % 5
        ));
    }
    let deals = write(&dir.path().join("deals-2024.csv"), &deals);
    run(&["init", &book]);
    let shown = run(&[
        "source",
        "add",
        &book,
        &leads,
        &deals,
        "--name",
        "crm",
        "--zone",
        "Europe/Berlin",
        "--yes",
    ]);
    for expected in [
        "leads-2024.csv: lead in stream `leads`",
        "deals-2024.csv: deal in stream `deals`",
        "xxxxxx9",
        "sealed; their e-mail",
        "stages of `deals`: Gewonnen 5 · Verloren 5 · Opportunity 20",
        "charter-draft",
        &format!("handfast import {book} {deals} {leads}"),
    ] {
        assert!(shown.contains(expected), "{expected} is not in\n{shown}");
    }
    assert!(
        !shown.contains("p1@example.com") && !shown.contains("Person1"),
        "{shown}"
    );
    let toml =
        std::fs::read_to_string(PathBuf::from(&book).join("sources/crm/source.toml")).unwrap();
    for expected in [
        "currency = \"EUR\"",
        "delimiter = \";\"",
        "files = [\"leads*.csv\"]",
        "key = [\"Lead-Nr\"]",
    ] {
        assert!(toml.contains(expected), "{expected} is not in\n{toml}");
    }
    for file in [
        "attributes.toml",
        "calendar.toml",
        "stages.toml",
        "teams.toml",
    ] {
        let book = PathBuf::from(&book);
        std::fs::copy(
            book.join("charter-draft").join(file),
            book.join("charter").join(file),
        )
        .unwrap();
    }
    run(&["charter", "publish", &book]);
    let imported = run(&["import", &book, &leads, &deals]);
    assert!(imported.contains("40 rows = 40 mapped"), "{imported}");
    assert!(imported.contains("20 rows = 20 mapped"), "{imported}");
    let funnel = ask(&book, &["funnel", "--view", "cohort"]);
    // Ten leads were qualified; the twenty deals, which no key ties to a lead, imply it.
    assert_eq!(funnel.ratio(&[], "mql"), (30, 60));
    // What the pack carries can be asked for without a line by hand.
    let by_origin = run(&[
        "ask",
        "funnel",
        "--view",
        "cohort",
        "--by",
        "person.origin",
        "--book",
        &book,
    ]);
    for origin in ["Messe", "Web", "Empfehlung"] {
        assert!(by_origin.contains(origin), "{by_origin}");
    }
    let rate = ask(&book, &["metric", "win_rate"]);
    assert_eq!(rate.rows()[0][0]["part"], 5);
    let revenue = run(&["ask", "metric", "revenue", "--book", &book]);
    assert!(revenue.contains("5,062.50"), "{revenue}");
    let again = refused(&["source", "add", &book, &leads]);
    assert!(again.contains("E0513"), "{again}");
    assert!(run(&["source", "list", &book]).contains("leads: leads*.csv → person, mark"));
    assert!(run(&["source", "show", &book, "crm"]).contains("as_money(\"Betrag\", 'EUR', ',')"));
}

#[test]
fn nothing_is_written_without_a_yes() {
    let dir = tempfile::tempdir().unwrap();
    let book = dir.path().join("book").display().to_string();
    let leads = write(&dir.path().join("leads.csv"), &german_leads());
    run(&["init", &book]);
    let output = handfast(&["source", "add", &book, &leads]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("An import of the first 2,000 rows"), "{said}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("E0511"));
    let sources = std::fs::read_dir(PathBuf::from(&book).join("sources")).unwrap();
    assert_eq!(sources.count(), 0);
    let hinted = refused(&["import", &book, &leads]);
    assert!(hinted.contains("handfast source add"), "{hinted}");
}

#[test]
fn odd_files_are_refused_or_read_and_never_break() {
    let dir = tempfile::tempdir().unwrap();
    let book = dir.path().join("book").display().to_string();
    run(&["init", &book]);
    let wide = (0..10_000)
        .map(|at| format!("c{at}"))
        .collect::<Vec<_>>()
        .join(",");
    let wide_row = (0..10_000)
        .map(|at| at.to_string())
        .collect::<Vec<_>>()
        .join(",");
    let latin: Vec<u8> = [b"lead_id,email,city,created\n".to_vec()]
        .into_iter()
        .chain((1..30).map(|at| {
            let mut line = format!("L{at},a{at}@example.com,M").into_bytes();
            line.extend(b"\xfcnchen,2024-01-02\n");
            line
        }))
        .flatten()
        .collect();
    for (name, bytes, code) in [
        ("empty.csv", Vec::new(), "E0370"),
        (
            "picture.csv",
            b"\x89PNG\x0d\x0a\x1a\x0a\x00\x00\x00\x0dIHDR".to_vec(),
            "E0370",
        ),
        ("header.csv", b"lead_id,email\n".to_vec(), "E0371"),
        ("one_line.csv", b"alone".to_vec(), "E0371"),
        (
            "values.csv",
            b"1,a@example.com\n2,b@example.com\n".to_vec(),
            "",
        ),
        (
            "uneven.csv",
            b"id,mail\n1,a@example.com,\n2,b@example.com,\n".to_vec(),
            "E0372",
        ),
        ("wide.csv", format!("{wide}\n{wide_row}\n").into_bytes(), ""),
        ("latin.csv", latin, ""),
    ] {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let output = handfast(&["source", "add", &book, &path.display().to_string(), "--yes"]);
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        match code {
            "" => assert!(output.status.success(), "{name}: {stderr}"),
            code => assert!(
                stderr.contains(code) && output.status.code() == Some(1),
                "{name}: {stderr}"
            ),
        }
    }
}

/// A book of one file of deals, under the charter that was drafted for it.
fn book_of_deals(dir: &Path, name: &str, deals: &str) -> String {
    let book = dir.join(name).display().to_string();
    let file = write(&dir.join(format!("{name}.csv")), deals);
    run(&["init", &book]);
    run(&[
        "source",
        "add",
        &book,
        &file,
        "--name",
        "crm",
        "--currency",
        "EUR",
        "--zone",
        "UTC",
        "--yes",
    ]);
    for draft in std::fs::read_dir(dir.join(name).join("charter-draft")).unwrap() {
        let draft = draft.unwrap();
        let to = dir.join(name).join("charter").join(draft.file_name());
        std::fs::copy(draft.path(), to).unwrap();
    }
    run(&["charter", "publish", &book]);
    run(&["import", &book, &file, "--observed-until", "2026-03-31"]);
    book
}

const DEALS: &str = "Deal ID,Company,Amount,Created,Close Date,Stage\n";

fn told(book: &str) -> (String, String) {
    let revenue = run(&["ask", "metric", "revenue", "--book", book]);
    let cohort = run(&["ask", "funnel", "--view", "cohort", "--book", book]);
    (revenue, cohort)
}

#[test]
fn the_latest_row_of_a_deal_has_the_last_word() {
    let dir = tempfile::tempdir().unwrap();
    let first = format!(
        "{DEALS}D1,A,100,2026-01-02,2026-02-01,Won\nD2,B,200,2026-01-03,2026-02-02,Lost\n\
         D3,C,300,2026-01-04,,Open\n"
    );
    let book = book_of_deals(dir.path(), "deals", &first);
    let (revenue, cohort) = told(&book);
    assert!(revenue.contains("100.00 EUR"), "{revenue}");
    assert!(cohort.contains("1/3  33.3%  1/3  33.3%  1/3"), "{cohort}");
    // D1 reopens, D2 closes on an earlier day, D3 by a word that nobody has seen before.
    let march = format!(
        "{DEALS}D1,A,100,2026-01-02,,Open\nD2,B,200,2026-01-03,2026-01-30,Won \n\
         D3,C,300,2026-01-04,2026-03-02,Signed\n"
    );
    let march = write(&dir.path().join("deals-march.csv"), &march);
    run(&["import", &book, &march, "--observed-until", "2026-03-31"]);
    let (revenue, cohort) = told(&book);
    assert!(revenue.contains("200.00 EUR"), "{revenue}");
    assert!(cohort.contains("1/3  33.3%  0/3   0.0%  2/3"), "{cohort}");
    assert!(cohort.contains("W0104"), "{cohort}");
    let again = write(&dir.path().join("deals.csv"), &first);
    run(&["import", &book, &again, "--observed-until", "2026-03-31"]);
    let (revenue, cohort) = told(&book);
    assert!(revenue.contains("100.00 EUR"), "{revenue}");
    assert!(cohort.contains("1/3  33.3%  1/3  33.3%  1/3"), "{cohort}");
}

#[test]
fn a_win_without_or_before_its_dates_is_won_and_not_open() {
    let dir = tempfile::tempdir().unwrap();
    let deals = format!(
        "{DEALS}D-1,A,100,2026-01-02,2026-02-01,Won\nD-2,B,200,2026-02-03,2026-02-01,Won\n\
         D-3,C,400,2026-01-05,,Won\nD-4,D,800,2026-01-06,2026-02-11,Lost\n"
    );
    let book = book_of_deals(dir.path(), "deals", &deals);
    let (revenue, cohort) = told(&book);
    assert!(revenue.contains("700.00 EUR  3"), "{revenue}");
    assert!(cohort.contains("3/4  75.0%  1/4  25.0%  0/4"), "{cohort}");
    assert!(cohort.contains("W0102        1"), "{cohort}");
    assert!(cohort.contains("W0105        1"), "{cohort}");
}

/// Puts the draft of a book's charter into force.
fn publish_draft(book: &str) {
    let book_dir = Path::new(book);
    for draft in std::fs::read_dir(book_dir.join("charter-draft")).unwrap() {
        let draft = draft.unwrap();
        let to = book_dir.join("charter").join(draft.file_name());
        std::fs::copy(draft.path(), to).unwrap();
    }
    run(&["charter", "publish", book]);
}

#[test]
fn deals_are_looked_up_in_the_table_that_their_key_column_names() {
    let dir = tempfile::tempdir().unwrap();
    let book = dir.path().join("book").display().to_string();
    let deals = "Deal ID,Stage,Product,Amount (USD),Created,Close Date\n\
                 D-1,Won,Anvil,10.50,2026-01-02,2026-01-09\nD-2,Won,Bolt,20.00,2026-01-03,2026-01-08\n\
                 D-3,Lost,Anvil,30.00,2026-01-04,2026-02-01\nD-4,Won,Crate,5.00,2026-01-04,2026-02-01\n";
    let products = "product,series\nAnvil,Heavy\nBolt,Small\n";
    let deals = write(&dir.path().join("deals.csv"), deals);
    let products = write(&dir.path().join("products.csv"), products);
    run(&["init", &book]);
    let shown = run(&[
        "source",
        "add",
        &book,
        &deals,
        &products,
        "--name",
        "crm",
        "--currency",
        "EUR",
        "--yes",
    ]);
    for expected in [
        "`Amount (USD)` of deals.csv is read in USD",
        "it has no `Crate`",
        "product_series=Heavy",
        "charter-draft",
    ] {
        assert!(shown.contains(expected), "{expected} is not in\n{shown}");
    }
    publish_draft(&book);
    run(&["import", &book, &deals, &products]);
    let revenue = run(&[
        "ask",
        "metric",
        "revenue",
        "--by",
        "deal.product_series",
        "--book",
        &book,
    ]);
    for expected in ["Heavy", "10.50 USD", "Small", "20.00 USD", "5.00 USD"] {
        assert!(
            revenue.contains(expected),
            "{expected} is not in\n{revenue}"
        );
    }
    // A second source says what the charter lacks.
    let leads = "Lead ID,Email,Lead Source,Created Date\nL1,a@example.com,Web,2026-01-02\n\
                 L2,b@example.com,Fair,2026-01-03\n";
    let leads = write(&dir.path().join("leads.csv"), leads);
    let shown = run(&["source", "add", &book, &leads, "--name", "web", "--yes"]);
    assert!(shown.contains("[person]\n    origin = \"text\""), "{shown}");
    assert!(!shown.contains("product_series"), "{shown}");
}

#[test]
fn millionths_and_numbered_columns_come_through_an_import() {
    let dir = tempfile::tempdir().unwrap();
    let book = dir.path().join("book").display().to_string();
    run(&["init", &book]);
    let spend = "account_id,ad_id,date,clicks,comment_upvotes,impressions,spend\n\
                 1,2,2026-01-02,24,,11632,39540000\n1,2,2026-01-03,20,,9000,19460000\n";
    let spend = write(&dir.path().join("report.csv"), spend);
    let add = ["source", "add", &book, &spend, "--yes", "--currency"];
    let refusal = refused(&[&add[..], &["XXQ"]].concat());
    assert!(refusal.contains("E0514"), "{refusal}");
    let shown = run(&[&add[..], &["eur"]].concat());
    assert!(shown.contains("amount=39.54 EUR"), "{shown}");
    assert!(
        shown.contains("in millionths of the currency, as Reddit Ads reports it"),
        "{shown}"
    );
    // Spend alone has a charter under which it can be asked for, and each step says the next.
    let draft = dir.path().join("book/charter-draft");
    let is_told = |refusal: &str| refusal.contains("charter-draft/*.toml");
    let cost = ["ask", "cost", "--book", &book];
    assert!(is_told(&refused(&cost)), "{}", refused(&cost));
    let publish = ["charter", "publish", &book];
    assert!(is_told(&refused(&publish)), "{}", refused(&publish));
    let into = dir.path().join("book/charter");
    let put = || {
        for file in std::fs::read_dir(&draft).unwrap() {
            let file = file.unwrap();
            std::fs::copy(file.path(), into.join(file.file_name())).unwrap();
        }
        run(&publish);
    };
    put();
    run(&["import", &book, &spend]);
    let told = run(&cost);
    assert!(told.contains("59.00 EUR"), "{told}");
    // With an export that names stages the draft has them, and keeps what was written meanwhile.
    let calendar = into.join("calendar.toml");
    let text = std::fs::read_to_string(&calendar).unwrap();
    std::fs::write(&calendar, text.replace("\"book\"", "\"Acme\"")).unwrap();
    let deals = "Opportunity ID,Stage,Created Date,Close Date,Amount\n\
                 O1,Demo,2026-01-02,,5\nO2,Closed Won,2026-01-02,2026-01-09,7\n";
    let deals = write(&dir.path().join("deals.csv"), deals);
    run(&[
        "source",
        "add",
        &book,
        &deals,
        "--name",
        "crm",
        "--yes",
        "--currency",
        "EUR",
    ]);
    put();
    let named = |file: &str| std::fs::read_to_string(into.join(file)).unwrap();
    assert!(
        named("stages.toml").contains("Closed Won"),
        "{}",
        named("stages.toml")
    );
    assert!(
        named("calendar.toml").contains("Acme"),
        "{}",
        named("calendar.toml")
    );
    let bare = "17,ana@example.com,2026-01-13,web\n18,ben@example.com,2026-01-14,fair\n";
    let bare = write(&dir.path().join("people.csv"), bare);
    run(&["source", "add", &book, &bare, "--yes"]);
    let imported = run(&["import", &book, &bare]);
    assert!(imported.contains("2 rows = 2 mapped"), "{imported}");
}

#[test]
fn a_report_of_salesforce_is_read_without_what_it_says_of_itself() {
    let dir = tempfile::tempdir().unwrap();
    let quoted = |row: &str| format!("\"{}\"\n", row.replace(',', "\",\""));
    let mut rows = quoted("Account Name,Opportunity ID,Amount,Created Date,Close Date,Stage");
    for at in 1..=8 {
        let (closed, stage) = match at % 4 {
            0 => (format!("2026-02-0{at}"), "Closed Won"),
            1 => (format!("2026-02-0{at}"), "Closed Lost"),
            _ => (String::new(), "Prospecting"),
        };
        rows += &quoted(&format!(
            "A{at},006-{at},{at}00.00,2026-01-0{at},{closed},{stage}"
        ));
    }
    let below = "\n\n\"Deals of the quarter\"\n\
                 \"Copyright (c) 2000-2026 salesforce.com, inc.\"\n\
                 \"Confidential Information - Do Not Distribute\"\n\
                 \"Generated By:  Kim  3/1/2026 9:30 AM\"\n\"Firm, Inc.\"\n";
    let book = book_of_deals(dir.path(), "report", &format!("{rows}{below}"));
    let (revenue, _) = told(&book);
    assert!(
        revenue.contains("1200.00 EUR") || revenue.contains("1,200.00 EUR"),
        "{revenue}"
    );
    // Of the next month's report, whose day and maker are others, as little is set aside.
    let ninth = quoted("A9,006-9,50.00,2026-02-02,,Prospecting");
    let next = format!("{rows}{ninth}{}", below.replace("Kim  3/", "Bo  4/"));
    let next = write(&dir.path().join("report-april.csv"), &next);
    let until = ["--observed-until", "2026-04-30", "--json"];
    let told = run(&[&["import", &book, &next], &until[..]].concat());
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    let file = &told["files"][0];
    let ended = (file["rows"].as_u64(), file["set_aside"].as_u64());
    assert_eq!(ended, (Some(9), Some(0)), "{told}");
}
