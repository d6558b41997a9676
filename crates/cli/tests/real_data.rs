//! Published figures of two public data sets must come out of the product, to the unit. Runs when
//! `HANDFAST_DATA` names the folder that holds them; says so when it does not.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use support::{Answer, ask, book, csv_files, root, run};

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

    let by_month = ask(&book, &["metric", "lead_to_won", "--by", "month"]);
    for (month, leads, won) in months {
        assert_eq!(
            by_month.ratio(&[month], "lead_to_won"),
            (won, leads),
            "{month}"
        );
    }

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
    maven_catalogue(&book);
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

/// The same figures through formulas of the catalogue.
fn maven_catalogue(book: &str) {
    let loss = metric(book, "loss_rate", &[]);
    assert_eq!(loss.ratio(&[], "loss_rate"), (2473, 6711));
    let rate = metric(book, "no_decision_rate", &[]);
    assert_eq!(rate.ratio(&[], "no_decision_rate"), (0, 6711));
    let size = metric(book, "average_deal_size", &["--by", "product"]);
    let each = size.cell(&["GTX Pro", "USD"], "average_deal_size");
    assert_eq!(each["part"]["minor"], 351_057_800);
    assert_eq!(each["whole"], 729);
    let all = metric(book, "average_deal_size", &[]);
    let each = all.cell(&["USD"], "average_deal_size");
    assert_eq!(
        (&each["part"]["minor"], &each["whole"]),
        (&1_000_553_400.into(), &4238.into())
    );
    let quarters = metric(book, "average_deal_size", &["--by", "quarter"]);
    assert_eq!(quarters.money(&["2017-Q1", "USD"], "revenue"), 1_134_672);
    assert_eq!(
        metric(book, "median_cycle_won", &[]).days(&[], "median_cycle_won"),
        57.0
    );
    let delay = metric(book, "loss_delay", &[]).days(&[], "loss_delay");
    assert_eq!(format!("{delay:.2}"), "-10.30", "41.479 less 51.782");
    let entered = metric(book, "conversion:engaging:won", &["--unit", "deal"]);
    assert_eq!(entered.count(&[], "arrived"), 4238);
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

/// Undated prospects are in every state and in no period, as the file has them.
#[test]
fn maven_prospects_have_no_date() {
    let Some(files) = published("maven_crm") else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let book = book(dir.path(), "maven_crm", &files);
    for day in ["2016-01-01", "2017-06-30", "2017-12-31"] {
        let there = ask(&book, &["funnel", "--view", "snapshot", "--at", day]);
        assert_eq!(there.count(&["prospecting"], "undated"), 500, "{day}");
    }
    let flow = ask(&book, &["funnel", "--view", "flow", "--by", "year"]);
    for year in ["2016", "2017"] {
        let at = |column| flow.count(&[year, "prospecting"], column);
        assert!(at("at_start") >= 500 && at("at_end") >= 500, "{year}");
        assert_eq!(at("entered"), at("left"), "{year}: only in passing");
    }
    let months = ask(&book, &["funnel", "--view", "cohort", "--by", "month"]);
    assert!(
        months.0["notes"]
            .to_string()
            .contains("500 entered `prospecting` without a date")
    );
}

#[test]
fn x_education_has_no_date_and_columns_that_know_the_outcome() {
    let Some(files) = published("x_education_leads") else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let book = book(dir.path(), "x_education", &files);
    let all = ask(&book, &["funnel", "--view", "cohort"]);
    assert_eq!(all.count(&[], "entered"), 9240);
    assert_eq!(all.ratio(&[], "converted"), (3561, 9240));
    let there = ask(&book, &["funnel", "--view", "snapshot"]);
    assert_eq!(there.count(&["lead"], "there"), 9240 - 3561);
    assert_eq!(there.count(&["lead"], "undated"), 9240 - 3561);
    // A person, a lead and, of those converted, a win; each without a date.
    assert_eq!(all.issue("W0105"), 9240 * 2 + 3561);

    let source = ask(
        &book,
        &["funnel", "--view", "cohort", "--by", "lead_source"],
    );
    assert_eq!(source.ratio(&["Google"], "converted"), (1147, 2873));
    let chosen = ask(
        &book,
        &["funnel", "--view", "cohort", "--by", "specialization"],
    );
    let blank = chosen.rows().iter().find(|row| row[0].is_null()).unwrap();
    assert_eq!(
        blank[chosen.column("entered")],
        3380,
        "`Select` and blank chose nothing"
    );

    let months = ask(&book, &["funnel", "--view", "cohort", "--by", "month"]);
    assert_eq!(months.rows().len(), 1);
    assert!(months.rows()[0][0].is_null() && months.rows()[0][1] == 9240);
    let notes = months.0["notes"].to_string();
    assert!(
        notes.contains("9,240 entered `lead` without a date"),
        "{notes}"
    );
    let in_2023 = ask(&book, &["metric", "won", "--period", "2023"]);
    assert_eq!(in_2023.count(&[], "won"), 0);
    assert_eq!(ask(&book, &["metric", "won"]).count(&[], "won"), 3561);
    let velocity = ask(&book, &["velocity"]);
    assert!(velocity.rows().is_empty());
    assert!(
        velocity.0["notes"]
            .to_string()
            .contains("3,561 of 3,561 that ended have no dated start")
    );
    x_education_leaks(&book);
}

fn x_education_leaks(book: &str) {
    let leaks = ask(book, &["leaks"]);
    let verdicts: Vec<(&str, &str)> = leaks
        .rows()
        .iter()
        .map(|row| (row[0].as_str().unwrap(), row[1].as_str().unwrap()))
        .filter(|(_, verdict)| *verdict != "says little")
        .collect();
    let expected = [
        ("person.tags", "tells the outcome"),
        ("person.lead_quality", "tells the outcome"),
        ("person.lead_profile", "leans to the outcome"),
        ("person.last_notable_activity", "leans to the outcome"),
        ("person.last_activity", "leans to the outcome"),
    ];
    assert_eq!(verdicts, expected);
    let tags = |column| leaks.ratio(&["person.tags"], column);
    assert_eq!(tags("given"), (5887, 9240));
    assert_eq!(tags("met_if_given"), (2725, 5887));
    assert_eq!(tags("met_if_blank"), (836, 3353));
    assert_eq!(
        (tags("told"), tags("by_chance")),
        ((8173, 9240), (5679, 9240))
    );
    let quality = leaks.ratio(&["person.lead_quality"], "told");
    assert_eq!(quality, (7417, 9240));
    let words = ["leaks", "--records", "met_if_blank", "--row", "person.tags"];
    assert_eq!(
        ask(book, &words).rows().len(),
        836,
        "those the share counts"
    );
}

#[test]
fn kag_ads_have_neither_key_nor_date() {
    let Some(files) = published("kag_facebook_ads") else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let book = book(dir.path(), "kag_facebook_ads", &files);
    let spend = metric(&book, "spend", &["--by", "campaign"]);
    let clicks = metric(&book, "clicks", &["--by", "campaign"]);
    let successes = metric(&book, "ad_conversions", &["--by", "campaign"]);
    let shown = metric(&book, "impressions", &["--by", "campaign"]);
    let expected = [
        ("30-34 F", 761_148, 31_571_576, 5099, 619, 197),
        ("30-34 M", 764_092, 36_421_443, 4384, 812, 229),
        ("35-39 F", 606_135, 21_439_505, 4161, 304, 109),
        ("35-39 M", 505_108, 20_665_139, 2933, 322, 139),
        ("40-44 F", 739_658, 23_396_175, 5177, 322, 107),
        ("40-44 M", 419_315, 16_208_132, 2559, 201, 103),
        ("45-49 F", 1_343_321, 38_455_591, 9441, 399, 138),
        ("45-49 M", 731_746, 25_277_267, 4411, 285, 121),
    ];
    assert_eq!(spend.rows().len(), expected.len());
    for (campaign, cents, impressions, clicked, success, ads) in expected {
        let row = &[campaign];
        assert_eq!(spend.cell(row, "spend")["minor"], cents, "{campaign}");
        assert_eq!(spend.count(row, "n"), ads, "{campaign}");
        assert_eq!(shown.count(row, "impressions"), impressions, "{campaign}");
        assert_eq!(clicks.count(row, "clicks"), clicked, "{campaign}");
        assert_eq!(
            successes.count(row, "ad_conversions"),
            success,
            "{campaign}"
        );
    }
    assert_eq!(spend.issue("W0105"), 1143, "none is dated");
    let in_2017 = metric(&book, "spend", &["--period", "2017"]);
    assert!(in_2017.rows().is_empty());
    let again: Vec<String> = files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    run(&["import", &book, &again[0]]);
    let later = metric(&book, "impressions", &[]);
    assert_eq!(later.count(&[], "impressions"), 213_434_828);
}

#[test]
fn cooltshirts_visitors_come_first_by_one_way_and_last_by_another() {
    let Some(files) = published("cooltshirts") else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let book = book(dir.path(), "cooltshirts", &files);
    let cohort = ["funnel", "--view", "cohort", "--unit", "person"];
    let first = ask(&book, &[&cohort[..], &["--by", "channel"]].concat());
    // The same by the other door: each visitor's views as a path, with no book and no charter.
    let file = dir.path().join("paths.csv");
    std::fs::write(&file, paths(&std::fs::read_to_string(&files[0]).unwrap())).unwrap();
    let file = file.display().to_string();
    let words = ["ask", "credit", "--models", "first,last,linear,markov_1"];
    let said = run(&[&words[..], &["--paths", &file, "--json"]].concat());
    let credit = Answer(serde_json::from_str(&said).unwrap());
    let credited = |source: &str, model: &str| {
        let cell = credit.cell(&[source], model);
        assert_eq!(cell["scale"], 6, "{source} {model}: {cell}");
        cell["units"].as_i64().unwrap()
    };
    for (source, visitors, buyers) in [
        ("medium", 622, 118),
        ("nytimes", 612, 103),
        ("buzzfeed", 576, 109),
        ("google", 169, 31),
    ] {
        assert_eq!(credited(source, "first"), buyers * 1_000_000, "{source}");
        assert_eq!(
            first.ratio(&[source], "purchase"),
            (buyers, visitors),
            "{source}"
        );
    }
    assert_eq!(first.rows().len(), 4);
    let last = metric(&book, "won", &["--by", "channel@last"]);
    for (source, buyers) in [
        ("email", 169),
        ("facebook", 113),
        ("google", 54),
        ("buzzfeed", 9),
        ("nytimes", 9),
        ("medium", 7),
    ] {
        assert_eq!(last.count(&[source], "won"), buyers, "{source}");
        assert_eq!(credited(source, "last"), buyers * 1_000_000, "{source}");
    }
    for model in ["linear", "markov_1"] {
        let sources = credit.rows().iter().map(|row| row[0].as_str().unwrap());
        let all: i64 = sources.map(|source| credited(source, model)).sum();
        assert!((all - 361_000_000).abs() < 10, "{model}: {all}");
    }
    let all = ask(&book, &cohort);
    assert_eq!(all.ratio(&[], "shopping_cart"), (450 + 1070 + 361, 1979));
    assert_eq!(all.ratio(&[], "checkout"), (1070 + 361, 1979));
    let velocity = ask(&book, &["velocity"]);
    assert_eq!(
        format!("{:.3}", velocity.days(&["to won"], "mean")),
        "2.943"
    );
}

/// The sources of each visitor's views in the order of time, up to the purchase; who comes back after
/// that is on another path, which has led to nothing.
fn paths(views: &str) -> String {
    let mut visitors: BTreeMap<&str, Vec<(String, &str, bool)>> = BTreeMap::new();
    for line in views.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        // Hours before ten have one digit.
        let (day, time) = cells[1].split_once(' ').unwrap();
        let when = format!("{day} {time:0>8}");
        let view = (when, cells[4], cells[0] == "4 - purchase");
        visitors.entry(cells[2]).or_default().push(view);
    }
    let mut text = String::from("path;total_conversions;total_null\n");
    for views in visitors.values_mut() {
        views.sort();
        let paths = views.split_inclusive(|(_, _, is_purchase)| *is_purchase);
        for path in paths {
            let won = u8::from(path.iter().any(|(_, _, is_purchase)| *is_purchase));
            let path: Vec<&str> = path.iter().map(|(_, source, _)| *source).collect();
            writeln!(text, "{};{won};{}", path.join(" > "), 1 - won).unwrap();
        }
    }
    text
}

#[test]
fn the_playbooks_shop_shares_its_purchases_as_sql_does() {
    let Some(files) = published("dbt_attribution_playbook") else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let book = book(dir.path(), "dbt_attribution_playbook", &files);
    let answer = ask(&book, &["credit"]);
    // By window functions over the files: `oracles/playbook.sql`, run by a test of the testkit. It
    // has fractions of a cent; here each deal is shared in whole ones.
    let sql = std::fs::read_to_string(root().join("oracles/playbook.txt")).unwrap();
    for line in sql.lines() {
        let (source, credits) = line.split_once(' ').unwrap();
        let models = ["first", "last", "u_last", "linear"];
        for (model, dollars) in models.into_iter().zip(credits.split(' ')) {
            let dollars: f64 = dollars.parse().unwrap();
            let found = &answer.cell(&[source, "USD"], model)["minor"];
            let apart = found.as_f64().unwrap() - dollars * 100.0;
            assert!(apart.abs() < 1.0, "{source} {model}: {found} {dollars}");
        }
    }
    assert_eq!(sql.lines().count(), 5);
    assert_eq!(answer.rows().len(), 5);
    let by_campaign = metric(&book, "spend", &["--by", "campaign"]);
    for (campaign, spend) in [
        ("10percentpromocode", 100),
        ("branded_search", 47),
        ("freeshipping", 212),
    ] {
        let found = by_campaign.money(&[campaign, "USD"], "spend");
        assert_eq!(found, spend, "{campaign}");
    }
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
