//! A workbook opened by LibreOffice, every formula calculated anew, says what the JSON says. Where
//! LibreOffice is not installed this is skipped, and says so aloud.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use calamine::{Reader, Xlsx, open_workbook};
use serde_json::Value;
use support::{handfast, root, run};

/// Texts that a spreadsheet would run if they were not text.
const PAYLOADS: [&str; 8] = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1;1)",
    "=HYPERLINK(\"x\")",
    "plain",
    "007",
    "2024-01-01",
];

/// A book of leads from all these sources, and of deals.
fn book(dir: &Path) -> String {
    let book = dir.join("book").display().to_string();
    let acme = root().join("crates/cli/tests/fixtures/acme");
    run(&["init", &book, "--from", &acme.display().to_string()]);
    let mut text = String::from("id,name,email,phone,source,score,created,status,changed\n");
    for i in 0..80 {
        let source = PAYLOADS[i % PAYLOADS.len()].replace('"', "\"\"");
        let status = ["open", "working", "qualified"][i % 3];
        let (month, day) = (i % 11 + 1, i % 28 + 1);
        writeln!(
            text,
            "L{i},N,lead{i}@firm{i}.example,,\"{source}\",{i},2024-{month:02}-{day:02},{status},\
             2024-12-{day:02}"
        )
        .unwrap();
    }
    let leads = dir.join("leads.csv");
    fs::write(&leads, text).unwrap();
    let deals = acme.join("exports/deals.csv").display().to_string();
    run(&["import", &book, &leads.display().to_string(), &deals]);
    book
}

/// Writes each workbook's sheets as CSV, after LibreOffice has calculated everything anew. Says
/// whether it is there to do so.
fn recalculate(dir: &Path, files: &[PathBuf]) -> bool {
    let profile = dir.join("profile");
    fs::create_dir_all(profile.join("user")).unwrap();
    fs::write(profile.join("user/registrymodifications.xcu"), ALWAYS).unwrap();
    // Values in full, not as shown; all sheets.
    let filter = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1";
    let output = Command::new("soffice")
        .arg(format!(
            "-env:UserInstallation=file://{}",
            profile.display()
        ))
        .args(["--headless", "--convert-to", filter, "--outdir"])
        .arg(dir)
        .args(files)
        .output();
    let Ok(output) = output else {
        println!(
            "skipped: LibreOffice is not installed, so no workbook was opened in it; Debian: \
             apt install libreoffice-calc-nogui"
        );
        return false;
    };
    assert!(output.status.success(), "{output:?}");
    true
}

/// A sheet that was written as CSV.
fn sheet(file: &Path, name: &str) -> Vec<Vec<String>> {
    let stem = file.file_stem().unwrap().to_string_lossy();
    let path = file.with_file_name(format!("{stem}-{name}.csv"));
    rows(&fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}")))
}

const ALWAYS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item
oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode"
oor:op="fuse"><value>0</value></prop></item></oor:items>
"#;

/// Rows of a CSV text.
fn rows(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let mut is_quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if is_quoted && letters.peek() == Some(&'"') => {
                cell.push('"');
                letters.next();
            }
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => row.push(std::mem::take(&mut cell)),
            '\n' if !is_quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            '\r' if !is_quoted => {}
            letter => cell.push(letter),
        }
    }
    rows
}

/// What a cell of the JSON is in a sheet. One value in a column of three stands where the quotient
/// would, or where the estimate would.
fn flat(kind: &str, cell: &Value) -> Vec<String> {
    let quotient = |part: &Value, whole: &Value, unit: f64, units: f64| {
        let (part, whole) = (
            part.as_f64().unwrap() / unit,
            whole.as_f64().unwrap() / units,
        );
        let value = match whole == 0.0 {
            true => String::new(),
            false => (part / whole).to_string(),
        };
        vec![part.to_string(), whole.to_string(), value]
    };
    let text = |cell: &Value| match cell {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let is_one = cell.is_null() || cell.is_string();
    match (kind, cell) {
        ("ratio" | "mean" | "money_share", cell) if is_one => {
            vec![String::new(), String::new(), text(cell)]
        }
        ("estimated_share", cell) if is_one => vec![text(cell), String::new(), String::new()],
        (_, cell) if is_one => vec![text(cell)],
        ("ratio", cell) => quotient(&cell["part"], &cell["whole"], 1.0, 1.0),
        ("money_share", cell) => {
            let [part, whole] = ["part", "whole"].map(|of| &cell[of]["minor"]);
            quotient(part, whole, 100.0, 100.0)
        }
        ("estimated_share", cell) => ["estimate", "low", "high"]
            .map(|of| text(&cell[of]))
            .to_vec(),
        ("mean", cell) if cell["part_micros"].is_i64() => {
            quotient(&cell["part_micros"], &cell["whole"], 86_400_000_000.0, 1.0)
        }
        ("mean", cell) if cell["part"].is_object() => {
            quotient(&cell["part"]["minor"], &cell["whole"], 100.0, 1.0)
        }
        ("mean", cell) => quotient(&cell["part"], &cell["whole"], 1.0, 1.0),
        ("money", cell) => vec![(cell["minor"].as_f64().unwrap() / 100.0).to_string()],
        ("days" | "estimated_days", cell) => vec![cell["days"].to_string()],
        ("decimal", cell) => {
            let scale = cell["scale"].as_i64().unwrap() as i32;
            vec![(cell["units"].as_f64().unwrap() / 10f64.powi(scale)).to_string()]
        }
        ("flag", cell) => vec![cell.to_string().to_uppercase()],
        (_, other) => vec![other.to_string()],
    }
}

fn is_like(shown: &str, expected: &str) -> bool {
    let number = |text: &str| match text.strip_suffix('%') {
        Some(share) => share.parse().map(|share: f64| share / 100.0),
        None => text.parse::<f64>(),
    };
    match (number(shown), number(expected)) {
        (Ok(a), Ok(b)) => (a - b).abs() <= 1e-9 * b.abs().max(1.0),
        _ => shown == expected,
    }
}

/// An answer as JSON, and the workbook of it.
fn asked(dir: &Path, words: &[&str]) -> (PathBuf, Value) {
    let mut name = words.concat();
    name.retain(|letter| letter.is_ascii_alphanumeric());
    let file = dir.join(format!("{name}.xlsx"));
    let name = file.display().to_string();
    let answer: Value =
        serde_json::from_str(&run(&[words, &["--json", "--xlsx", &name]].concat())).unwrap();
    (file, answer["answer"].clone())
}

/// How many cells of these answers LibreOffice says the same of; `None` where it is not there.
fn agreed(dir: &Path, asked: &[(PathBuf, Value)]) -> Option<u32> {
    let files: Vec<PathBuf> = asked.iter().map(|(file, _)| file.clone()).collect();
    recalculate(dir, &files).then(|| asked.iter().map(agree).sum())
}

/// What stands above the table, as the answer says it; in how many cells.
fn agree_above(headline: &Value, shown: &[Vec<String>]) -> u32 {
    let mut count = 1;
    assert_eq!(shown[0][0], headline["sentence"]);
    let figures = headline["figures"].as_array().unwrap();
    for (figure, shown) in figures.iter().zip(&shown[1..]) {
        let column = &figure["column"];
        let cells = flat(column["type"].as_str().unwrap(), &figure["cell"]);
        assert_eq!(cells.len(), 3, "{figure}");
        for (expected, shown) in cells.iter().zip(shown) {
            assert!(is_like(shown, expected), "{figure}\n{shown:?}");
            count += 1;
        }
        assert_eq!(shown[3], column["means"]);
    }
    count
}

fn agree((file, answer): &(PathBuf, Value)) -> u32 {
    let mut count = 0;
    let (shown, told) = (sheet(file, "Answer"), sheet(file, "Definitions"));
    let kinds = answer["columns"].as_array().unwrap();
    let all = answer["rows"].as_array().unwrap().iter();
    let of_currencies = answer["currency_totals"].as_array().into_iter().flatten();
    let totals = Some(&answer["totals"]).filter(|one| one.is_array());
    let all: Vec<&Value> = all.chain(of_currencies).chain(totals).collect();
    let figures = answer["headline"]["figures"].as_array().map_or(0, Vec::len);
    let above = if figures == 0 { 0 } else { figures + 2 };
    assert_eq!(shown.len(), above + all.len() + 1, "{file:?}");
    count += if figures == 0 {
        0
    } else {
        agree_above(&answer["headline"], &shown)
    };
    for (row, shown) in all.iter().zip(&shown[above + 1..]) {
        let cells = kinds.iter().zip(row.as_array().unwrap());
        let cells = cells.flat_map(|(column, cell)| flat(column["type"].as_str().unwrap(), cell));
        let cells: Vec<String> = cells.collect();
        assert_eq!(cells.len(), shown.len(), "{file:?}\n{cells:?}\n{shown:?}");
        for (expected, shown) in cells.iter().zip(shown) {
            assert!(
                is_like(shown, expected),
                "{file:?}: `{expected}` `{shown}`\n{cells:?}\n{row}"
            );
            count += 1;
        }
    }
    let ids = kinds.iter().map(|one| one["id"].as_str().unwrap());
    let told: Vec<&str> = told.iter().map(|row| row[0].as_str()).collect();
    assert!(ids.clone().all(|id| told.contains(&id)), "{told:?}");
    count
}

/// What LibreOffice reads of the records behind a figure comes to the figure; in how many of them.
fn comes_to((file, answer): &(PathBuf, Value), figure: &str, amount: &str) -> usize {
    let columns = answer["columns"].as_array().unwrap();
    let at = columns.iter().position(|one| one["id"] == figure).unwrap();
    let minor = |row: &Value| row[at]["minor"].as_i64().unwrap_or(0);
    let expected: i64 = answer["rows"].as_array().unwrap().iter().map(minor).sum();
    let listed = sheet(file, "Records");
    // Of one currency the head names it, of several a column beside it does.
    let is_it = |head: &String| head.split(' ').next() == Some(amount);
    let place = listed[1].iter().position(is_it);
    let place = place.unwrap_or_else(|| panic!("no {amount} in {:?}", listed[1]));
    // Nothing stands below them: totals are of other columns.
    let is_figure = |row: &Vec<String>| columns.iter().any(|one| one["id"] == *row[0]);
    assert!(listed[2..].iter().all(is_figure), "{:?}", listed.last());
    let mine = listed[2..].iter().filter(|row| row[0] == figure);
    // An amount that is not known is in no sum.
    let amounts: Vec<f64> = mine.filter_map(|row| row[place].parse().ok()).collect();
    let sum: f64 = amounts.iter().sum();
    assert!(
        (sum - expected as f64 / 100.0).abs() < 0.005,
        "{figure}: {sum} {expected}"
    );
    amounts.len()
}

#[test]
fn what_libreoffice_calculates_is_what_the_json_says() {
    let dir = tempfile::tempdir().unwrap();
    let book = book(dir.path());
    let ask = |words: &[&str]| asked(dir.path(), &[&["ask", "--book", &book], words].concat());
    let mut all = vec![
        ask(&["funnel", "--view", "cohort", "--by", "person.source"]),
        ask(&["funnel", "--view", "flow", "--by", "month"]),
        ask(&["metric", "revenue"]),
        ask(&["metric", "mean_won_value"]),
        ask(&["metric", "win_rate"]),
        ask(&["metric", "cycle_won"]),
        ask(&["velocity"]),
    ];
    // From now on in two currencies.
    let dollars = dir.path().join("deals-2.csv");
    let text = "deal,lead,owner,amount,currency,product,status,created,closed\n\
                D8,L1,rep1,700.50,USD,box,won,2024-01-15,2024-03-01\n\
                D9,L1,rep2,99.99,USD,crate,won,2024-02-20,2024-04-02\n";
    fs::write(&dollars, text).unwrap();
    run(&["import", &book, &dollars.display().to_string()]);
    all.push(ask(&["metric", "revenue", "--by", "month"]));
    all.push(ask(&["metric", "mean_won_value", "--by", "deal.product"]));
    let Some(count) = agreed(dir.path(), &all) else {
        return;
    };
    assert!(count > 200, "{count}");
    // Of one currency, and of two.
    let listed = [2, 7].map(|at| comes_to(&all[at], "revenue", "amount"));
    assert!(listed[0] > 0 && listed[1] == listed[0] + 2, "{listed:?}");
}

/// Answers of every other kind, of the invented company and of paths.
#[test]
fn libreoffice_opens_every_kind_of_answer() {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("demo").display().to_string();
    run(&["demo", "--dir", &place]);
    let book = format!("{place}/book");
    let ask = |words: &[&str]| asked(dir.path(), &[&["ask", "--book", &book], words].concat());
    let models = "first,linear,participation,markov_1,shapley_together";
    let quarter = ["--period", "2025-Q2"];
    let mut all = vec![
        ask(&["credit", "--models", models, "--by", "team"]),
        ask(&["credit", "--models", models, "--by", "channel,quarter"]),
        ask(&["cost", "--by", "channel"]),
        ask(&["cost", "--by", "campaign"]),
        ask(&[&["bridge"], &quarter[..]].concat()),
        ask(&[&["bridge", "--by", "team"], &quarter[..]].concat()),
        ask(&[
            "change",
            "revenue",
            "--period",
            "2025-Q2",
            "--compare",
            "previous",
            "--by",
            "channel",
        ]),
        ask(&[
            "change",
            "win_rate",
            "--period",
            "2025-Q2",
            "--compare",
            "previous",
            "--by",
            "team",
        ]),
        ask(&["sla", "--by", "quarter"]),
        ask(&["metric", "cost_per_lead", "--by", "quarter"]),
        ask(&["reasons"]),
        ask(&["times"]),
        ask(&["health"]),
    ];
    let paths = dir.path().join("paths.csv");
    let text = "path,won,lost,value\nweb > mail,3,5,120.50\nweb,1,9,10\n\
                mail > phone > web,2,1,77.25\nphone,0,4,0\n";
    fs::write(&paths, text).unwrap();
    let paths = paths.display().to_string();
    let models = "linear,participation,markov_1,shapley";
    all.push(asked(
        dir.path(),
        &["ask", "credit", "--paths", &paths, "--models", models],
    ));
    let Some(count) = agreed(dir.path(), &all) else {
        return;
    };
    assert!(count > 1_000, "{count}");
    let listed = ["first", "linear"].map(|model| comes_to(&all[0], model, "credit"));
    assert!(listed[0] > 20 && listed[1] >= listed[0], "{listed:?}");
}

#[test]
fn records_are_as_many_as_the_figures_say() {
    let dir = tempfile::tempdir().unwrap();
    let book = book(dir.path());
    let file = dir.path().join("w.xlsx");
    let name = file.display().to_string();
    let words = [
        "ask",
        "funnel",
        "--view",
        "flow",
        "--by",
        "person.source",
        "--book",
        &book,
        "--json",
        "--xlsx",
        &name,
    ];
    let answer = support::Answer(serde_json::from_str(&run(&words)).unwrap());
    let mut read: Xlsx<_> = open_workbook(&file).unwrap();
    let sheet = read.worksheet_range("Records").unwrap();
    let lines: Vec<&[calamine::Data]> = sheet.rows().collect();
    let says = |cell: &calamine::Data, text: &str| *cell == calamine::Data::String(text.to_owned());
    assert!(says(&lines[1][0], "figure") && says(&lines[1][1], "row"));
    let mut count = 0;
    for id in ["at_start", "entered", "at_end"] {
        let at = answer.column(id);
        for row in answer.rows() {
            let label = format!("{}, {}", row[0].as_str().unwrap(), row[1].as_str().unwrap());
            let of_row = |line: &&&[calamine::Data]| says(&line[0], id) && says(&line[1], &label);
            let listed = lines[2..].iter().filter(of_row).count() as u64;
            assert_eq!(listed, row[at].as_u64().unwrap(), "{id} of {label}");
            count += listed;
        }
    }
    assert!(count > 40, "{count}");
    let output = handfast(&[
        "ask",
        "health",
        "--book",
        &book,
        "--xlsx",
        "/nowhere/w.xlsx",
    ]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("E0254"));
}
