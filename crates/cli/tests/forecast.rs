//! Forecasts of a made-up book through the real binary: what is counted is what other questions
//! count, what is told of a past day is what a book of that day tells, and past windows come to what
//! metrics say of them.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use handfast_model::Day;
use serde_json::Value;
use support::{Answer, ask, refused, root, run};

/// One deal: created, closed, how it ended, its amount.
#[derive(Clone, Copy)]
struct Deal {
    number: i32,
    created: i32,
    closed: i32,
    is_won: bool,
}

/// Of each deal, by its number.
const PRODUCTS: [&str; 2] = ["box", "cup"];

fn first() -> i32 {
    Day::parse("2023-01-01").unwrap().0
}

/// From 2023 on two deals a day; five of ten are won after three to seven weeks, the others lost
/// sooner or later.
fn deals() -> Vec<Deal> {
    let deal = |number: i32| {
        let created = first() + number / 2;
        let is_won = (number * 7) % 10 < 5;
        let took = match is_won {
            true => 21 + (number * 13) % 29,
            false => 5 + (number * 11) % 60,
        };
        Deal {
            number,
            created,
            closed: created + took,
            is_won,
        }
    };
    (0..1_100).map(deal).collect()
}

/// A book of what had happened by the end of a day; amounts are told with the win only.
fn book(dir: &Path, by: i32) -> String {
    let book = dir.join("book").display().to_string();
    let acme = root().join("crates/cli/tests/fixtures/acme");
    run(&["init", &book, "--from", &acme.display().to_string()]);
    let mut text = String::from("deal,lead,owner,amount,currency,product,status,created,closed\n");
    for deal in deals().iter().filter(|deal| deal.created <= by) {
        let number = deal.number;
        let is_over = deal.closed <= by;
        let status = match (is_over, deal.is_won) {
            (false, _) => "open",
            (true, true) => "won",
            (true, false) => "lost",
        };
        let amount = match status {
            "won" => format!("{}.00", 100 + number % 50),
            _ => String::new(),
        };
        let closed = is_over.then(|| Day(deal.closed).to_string());
        writeln!(
            text,
            "D{number},L{number},rep{},{amount},EUR,{},{status},{},{}",
            number % 2,
            PRODUCTS[(number % 2) as usize],
            Day(deal.created),
            closed.unwrap_or_default()
        )
        .unwrap();
    }
    let path = dir.join("deals.csv");
    fs::write(&path, text).unwrap();
    let until = Day(by).to_string();
    let path = path.display().to_string();
    run(&["import", &book, &path, "--observed-until", &until]);
    book
}

fn day(text: &str) -> i32 {
    Day::parse(text).unwrap().0
}

fn notes(answer: &Answer) -> String {
    answer.0["notes"].to_string()
}

const PARTS: [&str; 4] = [
    "already_won",
    "open_deals",
    "leads_in_hand",
    "still_to_be_created",
];

#[test]
fn what_is_told_of_a_window_is_counted_where_it_can_be() {
    let dir = tempfile::tempdir().unwrap();
    let book = book(dir.path(), day("2024-06-30"));
    let told = ask(
        &book,
        &["forecast", "--at", "2024-05-15", "--horizon", "month"],
    );
    // Won already: as the metrics say.
    let period = ["--period", "2024-05-01..2024-05-16"];
    let won = ask(&book, &[&["metric", "won"][..], &period].concat()).count(&[], "won");
    let revenue = ask(&book, &[&["metric", "revenue"][..], &period].concat());
    let revenue = revenue.money(&["EUR"], "revenue");
    assert!(won > 5);
    for point in ["p10", "p50", "p90"] {
        assert_eq!(told.count(&["already_won"], &format!("deals_{point}")), won);
        assert_eq!(
            told.money(&["already_won"], &format!("value_{point}")),
            revenue
        );
    }
    // Ranges are ranges, and means of parts come to that of all.
    let number = |part: &str, column: &str| {
        let cell = told.cell(&[part], column);
        let decimal = || {
            let scale = cell["scale"].as_i64()? as i32;
            Some(cell["units"].as_f64()? / 10_f64.powi(scale))
        };
        let found = cell.as_f64().or_else(decimal);
        found.unwrap_or_else(|| panic!("{part} {column}: {cell}"))
    };
    let [low, mid, high] =
        ["p10", "p50", "p90"].map(|point| number("all", &format!("deals_{point}")));
    assert!(
        won as f64 <= low && low < mid && mid < high,
        "{low} {mid} {high}"
    );
    let sum: f64 = PARTS.iter().map(|part| number(part, "deals_mean")).sum();
    assert!((sum - number("all", "deals_mean")).abs() < 0.3, "{sum}");
    // One of two deals a day is won: some 31 in a month, and nothing else is known to the model.
    assert!((26.0..=36.0).contains(&mid), "{mid}");
    assert!(
        notes(&told).contains("by the model: in "),
        "{}",
        notes(&told)
    );
    // Behind open deals stands each that was open then, with its chance.
    let at = day("2024-05-15");
    let is_open = |deal: &&Deal| deal.created <= at && deal.closed > at;
    let open = deals().iter().filter(is_open).count();
    let behind = ["--records", "deals_p50", "--row", "open_deals"];
    let words = ["forecast", "--at", "2024-05-15", "--horizon", "month"];
    let records = ask(&book, &[&words[..], &behind].concat());
    assert_eq!(records.rows().len(), open);
    let chances = records.column("chance");
    let sum: f64 = records
        .rows()
        .iter()
        .map(|row| row[chances]["estimate"].as_f64().unwrap())
        .sum();
    assert!(
        (sum - number("open_deals", "deals_mean")).abs() < 1.0,
        "{sum}"
    );
}

/// The book of the last day knows what came later, and amounts that nobody had told; the other
/// knows neither.
#[test]
fn what_is_told_of_a_past_day_is_what_a_book_of_that_day_tells() {
    let (now, then) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let at = "2024-03-31";
    let now = book(now.path(), day("2024-06-30"));
    let then = book(then.path(), day(at));
    for horizon in ["month", "quarter"] {
        let words = ["forecast", "--at", at, "--horizon", horizon];
        let whole = (ask(&now, &words), ask(&then, &words));
        assert_eq!(whole.0.rows(), whole.1.rows(), "{horizon}");
        assert!(whole.1.count(&["all"], "deals_p50") > 20);
        // Nor does it know whose a deal came to be.
        for dim in ["rep", "deal.product"] {
            let by = [&words[..], &["--by", dim]].concat();
            let (now, then) = (ask(&now, &by), ask(&then, &by));
            assert_eq!(now.rows(), then.rows(), "{horizon} {dim}");
        }
    }
}

#[test]
fn past_windows_come_to_what_metrics_say_of_them() {
    let dir = tempfile::tempdir().unwrap();
    let book = book(dir.path(), day("2024-06-30"));
    let words = [
        "forecast",
        "--backtest",
        "--horizon",
        "month",
        "--at",
        "2024-06-30",
    ];
    let scores = ask(&book, &words);
    let lines = |voice: &str| {
        let row = format!("deals,{voice}");
        ask(
            &book,
            &[&words[..], &["--records", "wape", "--row", &row]].concat(),
        )
    };
    let model = lines("model");
    let text = |answer: &Answer, row: &Value, id: &str| {
        row[answer.column(id)].as_str().unwrap().to_owned()
    };
    let int = |answer: &Answer, row: &Value, id: &str| row[answer.column(id)].as_i64().unwrap();
    let won = |from: &str, until: &str| {
        let period = format!("{from}..{until}");
        ask(&book, &["metric", "won", "--period", &period]).count(&[], "won")
    };
    let (mut off, mut over, mut all, mut within, mut loss) = (0, 0, 0, 0, 0);
    for row in model.rows() {
        let (from, until) = (text(&model, row, "from"), text(&model, row, "until"));
        let came = int(&model, row, "came");
        assert_eq!(came, won(&from, &until), "{from}");
        let points = ["p10", "p50", "p90"].map(|id| int(&model, row, id));
        off += (came - points[1]).abs();
        over += points[1] - came;
        all += came;
        within += i64::from(points[0] <= came && came <= points[2]);
        for (point, tenths) in points.into_iter().zip([1, 5, 9]) {
            loss += (tenths * (came - point)).max((10 - tenths) * (point - came));
        }
    }
    let windows = model.rows().len() as i64;
    assert!(windows >= 12, "{windows}");
    let row = ["deals", "model"];
    assert_eq!(scores.count(&row, "windows"), windows);
    assert_eq!(scores.ratio(&row, "wape"), (off, all));
    assert_eq!(scores.ratio(&row, "bias"), (over, all));
    assert_eq!(scores.ratio(&row, "pinball"), (loss, 30 * all));
    assert_eq!(scores.ratio(&row, "coverage"), (within, windows));
    // Beside deals stand amounts: then both are texts.
    let all = ask(&book, &[&words[..], &["--records", "wape"]].concat());
    assert_eq!(all.rows().len(), 12 * model.rows().len());
    for line in model.rows() {
        let came = Value::from(int(&model, line, "came").to_string());
        let is_same = |row: &&Value| row[2] == line[2] && row[1] == "model" && row[0] == "deals";
        let row = all.rows().iter().find(is_same).unwrap();
        assert_eq!(row[all.column("came")], came);
    }
    // The plain rule: as many as in as many days before.
    let last = lines("last_period");
    for row in last.rows() {
        let (from, until) = (text(&last, row, "from"), text(&last, row, "until"));
        let before = Day(2 * day(&from) - day(&until)).to_string();
        assert_eq!(int(&last, row, "p50"), won(&before, &from), "{from}");
    }
}

#[test]
fn by_rep_each_row_has_its_own_and_the_total_is_of_all() {
    let dir = tempfile::tempdir().unwrap();
    let book = book(dir.path(), day("2024-06-30"));
    let words = [
        "forecast",
        "--at",
        "2024-05-31",
        "--horizon",
        "month",
        "--by",
        "rep",
    ];
    let told = ask(&book, &words);
    // What is in no stage is nobody's yet: a third group.
    assert_eq!(told.rows().len(), 15);
    let mids: i64 = ["rep0", "rep1"]
        .iter()
        .map(|rep| told.count(&[rep, "all"], "deals_p50"))
        .sum();
    let nobodys = told.rows()[14][told.column("deals_p50")].as_i64().unwrap();
    let total = told.0["answer"]["totals"][told.column("deals_p50")]
        .as_i64()
        .unwrap();
    assert!(
        (mids + nobodys - total).abs() <= 2,
        "{mids} {nobodys} {total}"
    );
}

/// How likely the model told open deals to be won, and what came; each is counted here once for every
/// window that began while it was open.
#[test]
fn by_product_a_backtest_says_what_was_told_of_open_deals_and_what_came() {
    let dir = tempfile::tempdir().unwrap();
    let book = book(dir.path(), day("2024-06-30"));
    let words = [
        "forecast",
        "--backtest",
        "--horizon",
        "month",
        "--at",
        "2024-06-30",
    ];
    let behind = ["--records", "wape", "--row", "deals,model"];
    let windows = ask(&book, &[&words[..], &behind].concat());
    let place = |id: &str| windows.column(id);
    let windows: Vec<(i32, i32)> = windows
        .rows()
        .iter()
        .map(|row| [place("from"), place("until")].map(|at| day(row[at].as_str().unwrap())))
        .map(|[from, until]| (from, until))
        .collect();
    assert!(windows.len() >= 12);
    let by = [&words[..], &["--by", "deal.product"]].concat();
    let told = ask(&book, &by);
    let (mut all, mut all_won) = (0, 0);
    for (number, name) in (0..).zip(PRODUCTS) {
        let (mut open, mut won, mut ended, mut since) = (0, 0, 0, 0);
        for (from, until) in &windows {
            for deal in deals().iter().filter(|deal| deal.number % 2 == number) {
                if deal.created >= *from || deal.closed < *from {
                    continue;
                }
                open += 1;
                won += i64::from(deal.is_won && deal.closed < *until);
                let is_over = deal.closed <= day("2024-06-30");
                ended += i64::from(is_over);
                since += i64::from(is_over && deal.is_won);
            }
        }
        let row = [name];
        assert_eq!(told.count(&row, "were_open"), open, "{name}");
        assert_eq!(told.ratio(&row, "won"), (won, open), "{name}");
        assert_eq!(told.ratio(&row, "won_since"), (since, ended), "{name}");
        let chance = told.cell(&row, "chance")["estimate"].as_f64().unwrap();
        let share = won as f64 / open as f64;
        assert!((chance - share).abs() < 0.08, "{name}: {chance} {share}");
        let records = ask(
            &book,
            &[&by[..], &["--records", "were_open", "--row", name]].concat(),
        );
        assert_eq!(records.rows().len() as i64, open, "{name}");
        let is_won = |row: &&Value| row[records.column("won")] == Value::Bool(true);
        assert_eq!(records.rows().iter().filter(is_won).count() as i64, won);
        all += open;
        all_won += won;
    }
    let totals = &told.0["answer"]["totals"];
    assert_eq!(totals[told.column("were_open")].as_i64(), Some(all));
    assert_eq!(totals[told.column("won")]["part"].as_i64(), Some(all_won));
}

#[test]
fn where_few_were_won_a_plain_rule_speaks_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let book = book(dir.path(), day("2024-06-30"));
    let told = ask(
        &book,
        &["forecast", "--at", "2023-03-01", "--horizon", "month"],
    );
    let notes = notes(&told);
    assert!(
        notes.contains("too few for a model, which needs 30"),
        "{notes}"
    );
    assert!(
        notes.contains("there is no past window to try the rules on"),
        "{notes}"
    );
    assert_eq!(told.cell(&["open_deals"], "deals_p50"), Value::Null);
    assert!(told.count(&["all"], "deals_p50") > 0);
}

/// Two past windows: the model has seen wins enough and nothing shows that it is right.
#[test]
fn while_the_model_is_untried_the_rule_that_did_best_speaks() {
    let dir = tempfile::tempdir().unwrap();
    let book = book(dir.path(), day("2024-06-30"));
    let words = ["forecast", "--at", "2023-04-30", "--horizon", "month"];
    let scores = ask(&book, &[&words[..], &["--backtest"]].concat());
    let windows = scores.count(&["deals", "model"], "windows");
    assert!((1..3).contains(&windows), "{windows}");
    for figure in ["deals", "value"] {
        assert_eq!(scores.count(&[figure, "model"], "spoke"), 0);
    }
    let rules = [
        "last_period",
        "mean_of_three",
        "quarter_before",
        "stage_weighted",
    ];
    let loss = |rule: &&str| scores.ratio(&["deals", rule], "pinball").0;
    let best = rules.into_iter().min_by_key(loss).unwrap();
    let told = ask(&book, &words);
    let notes = notes(&told);
    assert!(notes.contains(&format!("deals: by {best}, ")), "{notes}");
    assert!(notes.contains("the model is untried ("), "{notes}");
    assert!(notes.contains("it did best in "), "{notes}");
    assert_eq!(told.cell(&["open_deals"], "deals_p50"), Value::Null);
}

#[test]
fn what_means_nothing_to_a_forecast_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let book = book(dir.path(), day("2024-06-30"));
    let says = |words: &[&str]| refused(&[&["ask"], words, &["--book", &book]].concat());
    for (words, code) in [
        (&["forecast", "--horizon", "week"][..], "E0401"),
        (&["forecast", "--at", "2024-05-15T12:00:00Z"], "E0404"),
        (
            &["forecast", "--at", "2024-05-15", "--period", "2024-04"],
            "E0404",
        ),
        (
            &["forecast", "--at", "2024-05-15", "--period", "2030"],
            "E0404",
        ),
        (&["forecast", "--by", "month"], "E0431"),
        (&["forecast", "--backtest", "--by", "month"], "E0431"),
        (&["forecast", "--backtest", "--period", "2024-05"], "E0405"),
        (&["funnel", "--horizon", "month"], "E0405"),
        (&["funnel", "--backtest"], "E0405"),
        (&["forecast", "--records", "won"], "E0409"),
        (&["forecast", "--at", "2022-12-31"], "E0414"),
    ] {
        let said = says(words);
        assert!(said.contains(code), "{words:?}: {said}");
    }
}
