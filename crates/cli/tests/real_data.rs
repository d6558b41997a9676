//! Published figures of two public data sets must come out of the product, to the unit. Runs when
//! `HANDFAST_DATA` names the folder that holds them; says so when it does not.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use std::path::PathBuf;

use support::{Answer, ask, book, csv_files, run};

fn published(set: &str) -> Option<Vec<PathBuf>> {
    match std::env::var_os("HANDFAST_DATA") {
        Some(folder) => Some(csv_files(&PathBuf::from(folder).join(set))),
        None => {
            println!("skipped: HANDFAST_DATA is not set");
            None
        }
    }
}

#[test]
fn olist_leads_and_won_deals() {
    let Some(files) = published("olist_funnel") else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let book = book(dir.path(), "olist", &files);
    let months = [
        ("2017-06", 4, 0),
        ("2017-07", 239, 0),
        ("2017-08", 386, 1),
        ("2017-09", 312, 1),
        ("2017-10", 416, 2),
        ("2017-11", 445, 8),
        ("2017-12", 200, 6),
        ("2018-01", 1141, 123),
        ("2018-02", 1028, 113),
        ("2018-03", 1174, 82),
    ];
    let by_month = ask(&book, &["funnel", "--view", "cohort", "--by", "month"]);
    assert_eq!(by_month.rows().len(), months.len());
    for (month, leads, won) in months {
        assert_eq!(by_month.count(&[month], "entered"), leads, "{month}");
        assert_eq!(by_month.ratio(&[month], "won"), (won, leads), "{month}");
    }
    let all = ask(&book, &["funnel", "--view", "cohort"]);
    assert_eq!(
        (all.count(&[], "entered"), all.ratio(&[], "won")),
        (5345, (336, 5345))
    );
    assert_eq!(
        all.issue("W0101"),
        1,
        "one deal was won before its first contact"
    );

    let channels = [
        ("organic_search", 1603, 110),
        ("paid_search", 1048, 72),
        ("unknown", 779, 76),
        ("social", 756, 26),
        ("email", 349, 5),
        ("direct_traffic", 346, 29),
        ("referral", 186, 5),
        ("other", 113, 2),
        ("display", 88, 3),
        ("other_publicities", 44, 2),
    ];
    let by_channel = ask(&book, &["funnel", "--view", "cohort", "--by", "channel"]);
    for (channel, leads, won) in channels {
        assert_eq!(
            by_channel.ratio(&[channel], "won"),
            (won, leads),
            "{channel}"
        );
    }
    let blank = by_channel
        .rows()
        .iter()
        .find(|row| row[0].is_null())
        .unwrap();
    assert_eq!(blank[by_channel.column("won")]["part"], 6);
    assert_eq!(blank[by_channel.column("entered")], 33);

    let velocity = ask(&book, &["velocity"]);
    assert_eq!(velocity.count(&["to won"], "n"), 336);
    assert_eq!(velocity.days(&["to won"], "median"), 10.0);
    assert_eq!(velocity.days(&["to won"], "min"), -2.0);
    assert_eq!(
        format!("{:.2}", velocity.days(&["to won"], "mean")),
        "16.72"
    );

    let records = ask(
        &book,
        &[
            "funnel",
            "--view",
            "cohort",
            "--by",
            "month",
            "--records",
            "won",
            "--row",
            "2018-01",
        ],
    );
    assert_eq!(records.rows().len(), 123);
}

#[test]
fn maven_deals() {
    let Some(files) = published("maven_crm") else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let book = book(dir.path(), "maven_crm", &files);
    maven_outcomes(&book);
    maven_revenue(&book);
    maven_velocity(&book);
    maven_snapshots(&book);
}

fn metric(book: &str, name: &str, by: &[&str]) -> Answer {
    let mut words = vec!["metric", name];
    words.extend(by);
    ask(book, &words)
}

fn maven_outcomes(book: &str) {
    assert_eq!(metric(book, "won", &[]).count(&[], "won"), 4238);
    assert_eq!(metric(book, "lost", &[]).count(&[], "lost"), 2473);
    assert_eq!(
        metric(book, "win_rate", &[]).ratio(&[], "win_rate"),
        (4238, 6711)
    );
    let by_rep = metric(book, "won", &["--by", "rep"]);
    let all = metric(book, "win_rate", &["--by", "rep"]);
    let (won, revenue) = (
        by_rep.column("won"),
        metric(book, "revenue", &["--by", "rep"]),
    );
    let top = by_rep
        .rows()
        .iter()
        .max_by_key(|row| row[won].as_i64())
        .unwrap();
    let name = top[0].as_str().unwrap();
    assert_eq!(all.ratio(&[name], "win_rate"), (349, 553));
    assert_eq!(revenue.money(&[name, "USD"], "revenue"), 1_153_214);
}

fn maven_revenue(book: &str) {
    assert_eq!(
        metric(book, "revenue", &[]).money(&["USD"], "revenue"),
        10_005_534
    );
    let quarters = metric(book, "revenue", &["--by", "quarter"]);
    let expected = [
        ("2017-Q1", 1_134_672),
        ("2017-Q2", 3_086_111),
        ("2017-Q3", 2_982_255),
        ("2017-Q4", 2_802_496),
    ];
    assert_eq!(quarters.rows().len(), expected.len());
    for (quarter, revenue) in expected {
        assert_eq!(
            quarters.money(&[quarter, "USD"], "revenue"),
            revenue,
            "{quarter}"
        );
    }
    let products = metric(book, "revenue", &["--by", "product"]);
    let expected = [
        ("GTX Pro", 3_510_578),
        ("GTX Plus Pro", 2_629_651),
        ("MG Advanced", 2_216_387),
        ("GTX Plus Basic", 705_275),
        ("GTX Basic", 499_263),
        ("GTK 500", 400_612),
        ("MG Special", 43_768),
    ];
    assert_eq!(products.rows().len(), expected.len());
    for (product, revenue) in expected {
        assert_eq!(
            products.money(&[product, "USD"], "revenue"),
            revenue,
            "{product}"
        );
    }
    let rate = metric(book, "win_rate", &["--by", "product"]);
    assert_eq!(rate.ratio(&["GTX Pro"], "win_rate"), (729, 1147));
}

fn maven_velocity(book: &str) {
    let velocity = ask(book, &["velocity", "--from", "engaging"]);
    let mean = |row: &str| format!("{:.3}", velocity.days(&[row], "mean"));
    assert_eq!(mean("to won"), "51.782");
    assert_eq!(velocity.days(&["to won"], "median"), 57.0);
    assert_eq!(mean("to lost"), "41.479");
    assert_eq!(mean("to won or lost"), "47.985");
}

fn maven_snapshots(book: &str) {
    let end = ask(
        book,
        &["funnel", "--view", "snapshot", "--at", "2017-12-31"],
    );
    assert_eq!(end.count(&["prospecting"], "there"), 500);
    assert_eq!(end.money(&["prospecting"], "value_usd"), 1_073_986);
    assert_eq!(end.count(&["engaging"], "there"), 1589);
    assert_eq!(end.money(&["engaging"], "value_usd"), 3_892_229);

    let words = [
        "funnel",
        "--view",
        "snapshot",
        "--at",
        "2017-09-30",
        "--outcome-by",
        "2017-12-31",
    ];
    let then = ask(book, &words);
    assert_eq!(then.count(&["engaging"], "there"), 2409);
    assert_eq!(then.count(&["engaging"], "then_won"), 559);
    assert_eq!(then.money(&["engaging"], "then_won_value_usd"), 1_251_928);
    assert_eq!(then.count(&["engaging"], "then_lost"), 376);
    assert_eq!(then.count(&["engaging"], "still_there"), 1474);
}

#[test]
fn importing_again_changes_nothing_and_the_book_verifies() {
    let Some(files) = published("olist_funnel") else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let book = book(dir.path(), "olist", &files);
    let question = ["funnel", "--view", "cohort", "--by", "month,channel"];
    let before = ask(&book, &question).0;
    let mut args = vec!["import", &book];
    let files: Vec<String> = files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    args.extend(files.iter().map(String::as_str));
    run(&args);
    let after = ask(&book, &question).0;
    assert_eq!(before["answer"], after["answer"]);
    run(&["compact", &book]);
    assert_eq!(before["answer"], ask(&book, &question).0["answer"]);
    assert!(run(&["verify", &book]).contains("nothing wrong"));
}
