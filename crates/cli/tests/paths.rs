//! Credit of files of paths: a published set against dense equations and all coalitions, rows in
//! any order and division, headers of other programs, and files that say what cannot be.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use support::{Answer, refused, run};

/// Channels, successes, failures, value.
type Row = (Vec<String>, f64, f64, f64);

fn ask(file: &Path, words: &[&str]) -> Answer {
    let file = file.display().to_string();
    let args = ["ask", "credit", "--paths", &file, "--json"];
    let args = [&args[..], words].concat();
    Answer(serde_json::from_str(&run(&args)).unwrap())
}

/// A decimal as a number.
fn figure(answer: &Answer, row: usize, column: &str) -> f64 {
    let cell = &answer.rows()[row][answer.column(column)];
    assert_eq!(cell["scale"], 6, "{cell}");
    cell["units"].as_i64().unwrap() as f64 / 1e6
}

fn sum(answer: &Answer, column: &str) -> f64 {
    (0..answer.rows().len())
        .map(|row| figure(answer, row, column))
        .sum()
}

fn published() -> Option<PathBuf> {
    match std::env::var_os("HANDFAST_DATA") {
        Some(folder) => Some(PathBuf::from(folder).join("channelattribution/PathData.csv")),
        None => {
            println!("skipped: HANDFAST_DATA is not set");
            None
        }
    }
}

fn rows(file: &Path) -> Vec<Row> {
    let text = std::fs::read_to_string(file).unwrap();
    let row = |line: &str| {
        let fields: Vec<&str> = line.split(';').collect();
        let number = |at: usize| fields[at].parse::<f64>().unwrap();
        let steps = fields[0].split(" > ").map(str::to_owned).collect();
        (steps, number(1), number(3), number(2))
    };
    text.lines().skip(1).map(row).collect()
}

/// What a rule of places gives to each channel, path by path.
fn by_places(rows: &[Row], share: impl Fn(usize, usize) -> f64) -> BTreeMap<String, (f64, f64)> {
    let mut credits: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    for (steps, won, _, value) in rows {
        for (place, step) in steps.iter().enumerate() {
            let credit = credits.entry(step.clone()).or_default();
            credit.0 += won * share(place, steps.len());
            credit.1 += value * share(place, steps.len());
        }
    }
    credits
}

/// What a path brings, as its successes or their value.
type Brings = fn(&Row) -> f64;
const SUCCESS: Brings = |row| row.1;
const VALUE: Brings = |row| row.3;

/// What a path brings on average when only these channels lead on: dense equations over the last
/// channels.
fn chance(rows: &[Row], (order, brings): (usize, Brings), is_in: &dyn Fn(&str) -> bool) -> f64 {
    let mut flows: BTreeMap<&[String], BTreeMap<&[String], f64>> = BTreeMap::new();
    let mut ends: BTreeMap<&[String], (f64, f64)> = BTreeMap::new();
    for row in rows {
        let (steps, won, lost, _) = row;
        let window = |until: usize| &steps[until.saturating_sub(order)..until];
        for place in 0..steps.len() {
            let flow = flows.entry(window(place)).or_default();
            *flow.entry(window(place + 1)).or_default() += won + lost;
        }
        let end = ends.entry(window(steps.len())).or_default();
        *end = (end.0 + brings(row), end.1 + won + lost);
    }
    let states: BTreeSet<&[String]> = flows.keys().chain(ends.keys()).copied().collect();
    let states: Vec<&[String]> = states.into_iter().collect();
    let size = states.len();
    let mut system = vec![vec![0.0; size + 1]; size];
    for (row, state) in states.iter().enumerate() {
        system[row][row] = 1.0;
        let out: f64 = flows.get(state).map_or(0.0, |flow| flow.values().sum());
        let (brought, ended) = ends.get(state).copied().unwrap_or_default();
        let all = out + ended;
        system[row][size] = brought / all;
        for (to, count) in flows.get(state).into_iter().flatten() {
            if is_in(to.last().unwrap()) {
                let column = states.binary_search(to).unwrap();
                system[row][column] -= count / all;
            }
        }
    }
    // Gauss and Jordan, with pivots.
    for column in 0..size {
        let best = (column..size).max_by(|a, b| {
            let of = |row: &usize| system[*row][column].abs();
            of(a).total_cmp(&of(b))
        });
        system.swap(column, best.unwrap());
        let pivot = system[column].clone();
        for (row, cells) in system.iter_mut().enumerate() {
            let factor = cells[column] / pivot[column];
            if row != column && factor != 0.0 {
                for (cell, of_pivot) in cells.iter_mut().zip(&pivot).skip(column) {
                    *cell -= factor * of_pivot;
                }
            }
        }
    }
    // The start is the state of no channel, the first in order.
    system[0][size] / system[0][0]
}

fn removal(rows: &[Row], of: (usize, Brings), channels: &[String]) -> Vec<f64> {
    let all = chance(rows, of, &|_| true);
    let effect = |channel: &String| 1.0 - chance(rows, of, &|name| name != channel) / all;
    let effects: Vec<f64> = channels.iter().map(effect).collect();
    let sum: f64 = effects.iter().sum();
    effects.iter().map(|effect| effect / sum).collect()
}

/// Over all coalitions, each worth what the chain of order one brings.
fn shapley(rows: &[Row], brings: Brings, channels: &[String]) -> Vec<f64> {
    let count = channels.len();
    let place = |name: &str| channels.iter().position(|channel| channel == name);
    let of = (1, brings);
    let worth =
        |coalition: usize| chance(rows, of, &|name| coalition >> place(name).unwrap() & 1 == 1);
    let worth: Vec<f64> = (0..1 << count).map(worth).collect();
    let factorial = |n: usize| (1..=n).map(|n| n as f64).product::<f64>();
    let value = |channel: usize| {
        let without = (0..1_usize << count).filter(|set| set >> channel & 1 == 0);
        let add = |set: usize| {
            let size = set.count_ones() as usize;
            let weight = factorial(size) * factorial(count - size - 1) / factorial(count);
            weight * (worth[set | 1 << channel] - worth[set])
        };
        without.map(add).sum::<f64>()
    };
    let values: Vec<f64> = (0..count).map(value).collect();
    let sum: f64 = values.iter().sum();
    values.iter().map(|value| value / sum).collect()
}

#[test]
fn a_published_set_gives_what_dense_equations_give() {
    let Some(file) = published() else {
        return;
    };
    let models = "first,last,linear,u_last,markov_1,markov_2,participation";
    let answer = ask(&file, &["--models", models, "--no-intervals"]);
    let rows = rows(&file);
    let won = 19_785.0;
    let value: f64 = rows.iter().map(|row| row.3).sum();
    assert!((value - 74_802.972).abs() < 1e-3, "{value}");
    assert_eq!(rows.len(), 10_000);
    let names = answer.rows().iter().map(|row| row[0].as_str().unwrap());
    let names: Vec<String> = names.map(str::to_owned).collect();
    assert_eq!(names.len(), 12);
    let close = |column: &str, row: usize, theirs: f64| {
        let ours = figure(&answer, row, column);
        // To the millionth that figures are shown in, and one that balances them. Each row's value
        // is taken to the millionth, and some of the set are finer.
        let error = if column.ends_with("_value") {
            1e-4
        } else {
            2e-6
        };
        let is_close = (ours - theirs).abs() < error;
        assert!(is_close, "{column} {row}: {ours} {theirs}");
    };
    let u_last = |place: usize, length: usize| match length {
        1 => 1.0,
        2 => 0.5,
        _ if place == 0 || place == length - 1 => 0.4,
        _ => 0.2 / (length as f64 - 2.0),
    };
    type Share<'a> = &'a dyn Fn(usize, usize) -> f64;
    let shares: [(&str, Share<'_>); 4] = [
        ("first", &|place, _| f64::from(u8::from(place == 0))),
        ("last", &|place, length| {
            f64::from(u8::from(place + 1 == length))
        }),
        ("linear", &|_, length| 1.0 / length as f64),
        ("u_last", &u_last),
    ];
    for (model, share) in shares {
        let credits = by_places(&rows, share);
        for (row, name) in names.iter().enumerate() {
            close(model, row, credits[name].0);
            close(&format!("{model}_value"), row, credits[name].1);
        }
    }
    for order in [1, 2] {
        for (row, share) in removal(&rows, (order, SUCCESS), &names)
            .into_iter()
            .enumerate()
        {
            close(&format!("markov_{order}"), row, share * won);
        }
        for (row, share) in removal(&rows, (order, VALUE), &names)
            .into_iter()
            .enumerate()
        {
            close(&format!("markov_{order}_value"), row, share * value);
        }
    }
    for (row, name) in names.iter().enumerate() {
        let with = rows.iter().filter(|path| path.0.contains(name));
        close("participation", row, with.map(|path| path.1).sum());
    }
    for model in ["first", "last", "linear", "u_last", "markov_1", "markov_2"] {
        assert!((sum(&answer, model) - won).abs() < 1e-6, "{model}");
        let all = sum(&answer, &format!("{model}_value"));
        assert!((all - value).abs() < 1e-3, "{model}: {all}");
    }
}

#[test]
fn shapley_values_of_a_published_set_are_those_of_all_coalitions() {
    let Some(file) = published() else {
        return;
    };
    let answer = ask(
        &file,
        &["--models", "shapley", "--no-intervals", "--top", "7"],
    );
    let all = rows(&file);
    let names = answer.rows().iter().map(|row| row[0].as_str().unwrap());
    let names: Vec<String> = names.map(str::to_owned).collect();
    assert_eq!(names.len(), 8);
    assert_eq!(names[7], "other: 5 channels");
    let joined = |name: &String| match names.contains(name) {
        true => name.clone(),
        false => names[7].clone(),
    };
    let join = |row: &Row| (row.0.iter().map(joined).collect(), row.1, row.2, row.3);
    let joined: Vec<Row> = all.iter().map(join).collect();
    for (row, share) in shapley(&joined, SUCCESS, &names).into_iter().enumerate() {
        let ours = figure(&answer, row, "shapley");
        assert!((ours - share * 19_785.0).abs() < 2e-6, "{row}: {ours}");
    }
    let value: f64 = all.iter().map(|row| row.3).sum();
    for (row, share) in shapley(&joined, VALUE, &names).into_iter().enumerate() {
        let ours = figure(&answer, row, "shapley_value");
        assert!((ours - share * value).abs() < 1e-4, "{row}: {ours}");
    }
}

fn write(dir: &Path, name: &str, text: &str) -> PathBuf {
    let file = dir.join(name);
    std::fs::write(&file, text).unwrap();
    file
}

/// Paths of a few channels, as rows of a file.
fn invented() -> Vec<(String, u64, u64, u64)> {
    let mut state = 7_u64;
    let mut below = |bound: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005);
        state = state.wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    let names = ["search", "mail", "Messe München", "direct", "ads"];
    let mut rows = Vec::new();
    for _ in 0..500 {
        let length = below(5);
        let steps: Vec<&str> = (0..length).map(|_| names[below(5) as usize]).collect();
        let won = below(4);
        rows.push((steps.join(" > "), won, below(3), won * below(90)));
    }
    rows
}

#[test]
fn rows_in_any_order_division_and_spelling_give_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let models = "first,last,linear,j,last_non_direct,participation,markov_1,markov_3,shapley,\
                  shapley_together,shapley_alone";
    let figures = |file: &Path| {
        let file = file.display().to_string();
        run(&[
            "ask", "credit", "--paths", &file, "--models", models, "--csv",
        ])
    };
    let rows = invented();
    let header = "path;total_conversions;total_conversion_value;total_null\n";
    let line =
        |row: &(String, u64, u64, u64)| format!("{};{};{}.0;{}\n", row.0, row.1, row.3, row.2);
    let plain: String = rows.iter().map(line).collect();
    let wanted = figures(&write(dir.path(), "plain.csv", &format!("{header}{plain}")));
    assert!(wanted.contains("unknown: no touch"), "{wanted}");

    let turned: String = rows.iter().rev().map(line).collect();
    let file = write(
        dir.path(),
        "turned.csv",
        &format!("\u{feff}{header}\n{turned}\n"),
    );
    assert_eq!(figures(&file), wanted, "order");
    let halves = |row: &(String, u64, u64, u64)| {
        let (won, lost, value) = (row.1 / 2, row.2 / 2, row.3 / 2);
        let rest = (row.0.clone(), row.1 - won, row.2 - lost, row.3 - value);
        line(&(row.0.clone(), won, lost, value)) + &line(&rest)
    };
    let halved: String = rows.iter().map(halves).collect();
    let file = write(dir.path(), "halves.csv", &format!("{header}{halved}"));
    assert_eq!(figures(&file), wanted, "division");

    let quoted = |row: &(String, u64, u64, u64)| {
        let path = row.0.replace(" > ", ">");
        format!("{}\t{}.0\t\"{path}\"\tx\t{}\r\n", row.2, row.1, row.3)
    };
    let quoted: String = rows.iter().map(quoted).collect();
    let header = "\"Non-Conversions\"\tConversions\tJourney\tnote\tRevenue\r\n";
    let file = write(dir.path(), "quoted.tsv", &format!("{header}{quoted}"));
    assert_eq!(figures(&file), wanted, "spelling");

    // Long enough for many pieces, on every core.
    let long = format!(
        "path,won,lost,value\n{}",
        "a > b,1,1,2.5\nb,0,3,\nc > a,2,0,1\n".repeat(200_000)
    );
    let long = ask(
        &write(dir.path(), "long.csv", &long),
        &["--models", "first"],
    );
    let first: Vec<f64> = (0..3).map(|row| figure(&long, row, "first")).collect();
    assert_eq!(first, [200_000.0, 0.0, 400_000.0]);
    assert_eq!(sum(&long, "first_value"), 700_000.0);
    let through = |row: usize| long.rows()[row][1].as_u64().unwrap();
    assert_eq!(
        [through(0), through(1), through(2)],
        [800_000, 1_000_000, 400_000]
    );
}

#[test]
fn what_a_file_does_not_say_is_assumed_aloud() {
    let dir = tempfile::tempdir().unwrap();
    let notes = |answer: &Answer| answer.0["notes"].to_string();
    let bare = write(dir.path(), "bare.csv", "path\na > b\na\n\n b >a \n");
    let bare = ask(&bare, &[]);
    assert_eq!(sum(&bare, "linear"), 3.0);
    assert!(notes(&bare).contains("each row is one success"));
    assert!(notes(&bare).contains("no path ended in nothing"));
    let flags = "path,converted\na > b,yes\na,0\nb,false\nb,1\n";
    let flags = ask(
        &write(dir.path(), "flags.csv", flags),
        &["--models", "last,markov_1"],
    );
    assert_eq!(sum(&flags, "markov_1"), 2.0);
    assert!(notes(&flags).contains("2 successes, 2 that ended in nothing"));
    assert!(notes(&flags).contains("each row without success is one"));
    assert_eq!(flags.0["answer"]["columns"].as_array().unwrap().len(), 5);
    let none = ask(
        &write(dir.path(), "none.csv", "path,won\n"),
        &["--models", "markov_1"],
    );
    assert!(none.rows().is_empty());
    let many: String = (0..25).map(|n| format!("c{n} > c{}\n", n % 7)).collect();
    let many = write(dir.path(), "many.csv", &format!("path\n{many}"));
    let drawn = ask(&many, &["--models", "shapley", "--no-intervals"]);
    assert!(notes(&drawn).contains("standard error of a share at most"));
    let few = ask(&many, &["--models", "shapley", "--top", "3"]);
    assert_eq!(few.rows().len(), 4);
    assert!(notes(&few).contains("22 channels of fewest successes"));
}

#[test]
fn a_model_that_cannot_share_says_so_and_shares_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let notes = |answer: &Answer| answer.0["notes"].to_string();
    let apart = "path,won,lost\nA,1,1\nB,1,2\nA > B,1,0\nC,1,3\n";
    let apart = write(dir.path(), "apart.csv", apart);
    let told = ask(
        &apart,
        &["--models", "shapley_alone,linear", "--no-intervals"],
    );
    assert!(
        notes(&told).contains("shapley_alone has nothing to share by"),
        "{:?}",
        told.0
    );
    for row in told.rows() {
        assert_eq!(row[told.column("shapley_alone")], "n/a", "{row}");
    }
    assert_eq!(sum(&told, "linear"), 4.0);
    // What brought nothing gets nothing of the value, by any model.
    let worth = "path,won,value,lost\nA,1,1000,0\nB,1,0,0\n";
    let models = "first,markov_1,markov_2,shapley,shapley_together";
    let told = ask(
        &write(dir.path(), "worth.csv", worth),
        &["--models", models],
    );
    for model in models.split(',') {
        let of = |row: usize| figure(&told, row, &format!("{model}_value"));
        assert_eq!([of(0), of(1)], [1_000.0, 0.0], "{model}");
        assert_eq!(figure(&told, 1, model), 1.0, "{model}");
    }
    let back = write(
        dir.path(),
        "back.csv",
        &worth.replace("B,1,0,0", "B,1,-10,0"),
    );
    let told = ask(&back, &["--models", "markov_1", "--no-intervals"]);
    assert_eq!(told.rows()[0][told.column("markov_1_value")], "n/a");
    assert!(
        notes(&told).contains("markov_1_value is not told"),
        "{:?}",
        told.0
    );
}

#[test]
fn what_would_take_too_long_is_left_out_or_refused() {
    let dir = tempfile::tempdir().unwrap();
    let file = |channels: u32| {
        let rows: String = (0..channels)
            .map(|n| format!("c{n} > c{}\n", n % 7))
            .collect();
        write(dir.path(), "many.csv", &format!("path\n{rows}"))
    };
    let told = ask(&file(101), &["--models", "markov_1"]);
    let notes = told.0["notes"].to_string();
    assert!(notes.contains("markov_1 has no intervals"), "{notes}");
    assert_eq!(told.0["answer"]["columns"].as_array().unwrap().len(), 3);
    let told = ask(&file(16), &["--models", "shapley,markov_1"]);
    let notes = told.0["notes"].to_string();
    assert!(notes.contains("shapley has no intervals"), "{notes}");
    told.column("markov_1_share");
    let many = file(201).display().to_string();
    let said = refused(&["ask", "credit", "--paths", &many, "--models", "shapley"]);
    assert!(
        said.contains("refused E0435") && said.contains("at most 200"),
        "{said}"
    );
    // More channels than numbers, half of which each of two cores may see.
    let many = file(80_000).display().to_string();
    let said = refused(&["ask", "credit", "--paths", &many, "--models", "first"]);
    assert!(
        said.contains("refused E0438") && said.contains("channels"),
        "{said}"
    );
}

#[test]
fn what_cannot_be_read_is_shown_where_it_stands() {
    let dir = tempfile::tempdir().unwrap();
    let says = |text: &str, words: &[&str]| {
        let file = write(dir.path(), "bad.csv", text).display().to_string();
        refused(&[&["ask", "credit", "--paths", &file][..], words].concat())
    };
    let header = "path;won;value;lost\n";
    let bad = [
        ("a;1;2\n", "3 columns where the header has 4", 2),
        ("a;1;2;3\nb;-1;2;3\n", "`won` holds no whole count", 3),
        ("a;1.5;2;3\n", "`won` holds no whole count", 2),
        ("a;;2;3\n", "`won` holds nothing", 2),
        ("a;1;two;3\n", "`value` holds no number", 2),
        ("a;1;nan;3\n", "`value` holds no number", 2),
        ("a;1;;3\n", "`value` holds nothing beside a success", 2),
        ("a > > b;1;2;3\n", "a channel without a name", 2),
        ("a;1;2;3\n\"b\";x;2;3\n", "`won` holds no whole count", 3),
        ("a;1;2;3\n\"b;1;2;3\n", "a quote that is never closed", 3),
        ("a;1;2;99999999999999\n", "`lost` holds no whole count", 2),
    ];
    for (rows, why, line) in bad {
        let said = says(&format!("{header}{rows}"), &[]);
        assert!(
            said.contains("refused E0438") && said.contains(why),
            "{said}"
        );
        assert!(said.contains(&format!("bad.csv:{line}\n")), "{said}");
    }
    // The first in the file, whichever core met it.
    let long = format!("{header}{}a;x;0;0\n", "a;1;2;3\n".repeat(400_000));
    let long = long.replacen("a;1;2;3\na;1;2;3\n", "a;1;2;3\na;1;2;y\n", 1);
    assert!(says(&long, &[]).contains("bad.csv:3\n"));
    for header in ["a;b\n", "path;paths\n", "path;total_null\n", ""] {
        let said = says(header, &[]);
        assert!(said.contains("refused E0437"), "{said}");
    }
    let misfits: [&[&str]; 3] = [
        &["--by", "channel"],
        &["--period", "2024"],
        &["--unit", "deal"],
    ];
    for words in misfits {
        let said = says("path\na\n", words);
        assert!(
            said.contains("refused E0405") && said.contains(words[0]),
            "{said}"
        );
    }
    assert!(says("path\na\n", &["--models", "decay"]).contains("refused E0436"));
    assert!(says("path\na\n", &["--models", "frist"]).contains("refused E0434"));
    let many: String = (0..1_001).map(|n| format!("c{n}\n")).collect();
    let many = format!("path\n{many}");
    assert!(says(&many, &["--models", "markov_1"]).contains("refused E0435"));
    let gone = dir.path().join("gone.csv").display().to_string();
    assert!(refused(&["ask", "credit", "--paths", &gone]).contains("refused E0301"));
}

/// Between two channels a path goes to and fro so long that what is left of its chances is still
/// told after all rounds: of two channels back that is no exact share, and is said so. One channel
/// back is solved outright, and a short path comes to rest.
#[test]
fn removal_effects_that_did_not_come_to_rest_are_said_not_to_be_exact() {
    let dir = tempfile::tempdir().unwrap();
    let is_told = |times: usize, model: &str| {
        let path = ["a", "b"].repeat(times).join(" > ");
        let file = write(
            dir.path(),
            "long.csv",
            &format!("path;total_conversions\n{path};1\n"),
        );
        let answer = ask(&file, &["--models", model, "--no-intervals"]);
        answer.0["notes"].to_string().contains("is not exact")
    };
    assert!(is_told(100_000, "markov_2"));
    assert!(!is_told(100_000, "markov_1"));
    assert!(!is_told(100, "markov_2"));
}
