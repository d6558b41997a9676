//! Holds a book open, asks two hundred varied questions of it and prints how long they took. With
//! a program and a file, lets the program import the file beside it, asks again, and compares that
//! answer with the one from nothing. `cargo xtask bench` runs it.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

use handfast_model::{Answer, Refusal};
use handfast_service::ask::ask;
use handfast_service::book::Book;
use handfast_service::resolve::Typed;

/// How many questions are asked.
const QUESTIONS: usize = 200;

/// Of how many, the slowest, it says which they are: what `p95` hangs on, and a few more.
const SLOW: usize = 15;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(refusal) => {
            eprintln!("{refusal:?}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[String]) -> Result<(), Refusal> {
    let Some(folder) = words.first().map(Path::new) else {
        return Err(Refusal::new("E0251", "warm BOOK [PROGRAM FILE]"));
    };
    let book = Book::read(folder, handfast_model::Instant(i64::MIN))?;
    let first = varied(0);
    let (cold, _) = timed(&book, &first)?;
    println!("cold {cold:.1}");
    let (mut times, worked) = (Vec::new(), worked());
    for number in 0..QUESTIONS {
        let question = varied(number);
        let (time, _) = timed(&book, &question)?;
        times.push((
            time,
            format!(
                "{} {:?} {}",
                question.kind,
                question.view,
                question.by.join(",")
            ),
        ));
    }
    if let (Some(before), Some(after)) = (worked, self::worked()) {
        println!("mean of work {:.1}", (after - before) / QUESTIONS as f64);
    }
    times.sort_by(|a, b| a.0.total_cmp(&b.0));
    let flows = times.iter().filter(|(_, what)| what.contains("\"flow\""));
    let flows: Vec<f64> = flows.map(|(time, _)| *time).collect();
    if let Some(middle) = flows.get(flows.len() / 2) {
        println!("flow {middle:.3} the middle one of {}", flows.len());
    }
    for percent in [50, 95, 100] {
        let place = (QUESTIONS * percent).div_ceil(100).saturating_sub(1);
        if let Some((time, what)) = times.get(place) {
            println!("p{percent} {time:.1} {what}");
        }
    }
    for (time, what) in times.iter().rev().take(SLOW) {
        println!("slow {time:.1} {what}");
    }
    let [_, program, file] = words else {
        return Ok(());
    };
    beside(&book, folder, (program, file), &first)
}

/// Lets a program import a file and asks again, from what is held and from nothing.
fn beside(
    book: &Book,
    folder: &Path,
    (program, file): (&str, &str),
    question: &Typed,
) -> Result<(), Refusal> {
    let done = Command::new(program)
        .arg("import")
        .args([folder, Path::new(file)])
        .output();
    if !done.is_ok_and(|done| done.status.success()) {
        return Err(Refusal::new("E0251", "the import beside did not succeed"));
    }
    let (time, answer) = timed(book, question)?;
    println!("after {time:.1}");
    // Neither memory nor what is kept.
    std::fs::remove_dir_all(folder.join("data/derived")).ok();
    let (time, again) = timed(
        &Book::read(folder, handfast_model::Instant(i64::MIN))?,
        question,
    )?;
    println!("anew {time:.1}");
    println!("same {}", format!("{answer:?}") == format!("{again:?}"));
    Ok(())
}

/// Milliseconds that this thread worked, where Linux tells: waiting for other programs aside.
fn worked() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: f64 = text.split_whitespace().next()?.parse().ok()?;
    Some(nanoseconds / 1e6)
}

/// Milliseconds until the answer, and the answer.
fn timed(book: &Book, question: &Typed) -> Result<(f64, Answer), Refusal> {
    let started = Instant::now();
    let reply = ask(book, question, None)?;
    Ok((started.elapsed().as_secs_f64() * 1_000.0, reply.answer))
}

/// A question by number: kinds, views, units, dimensions and periods in turn.
fn varied(number: usize) -> Typed {
    let pick = |list: &[&str], at: usize| list.get(at % list.len()).map(|text| (*text).to_owned());
    let kinds = [
        "funnel", "funnel", "funnel", "funnel", "velocity", "metric", "funnel", "times",
    ];
    let kind = pick(&kinds, number).unwrap_or_default();
    let by: &[&str] = match (number / 8) % 6 {
        0 => &["month"],
        1 => &["channel"],
        2 => &["quarter", "channel"],
        3 => &[],
        4 => &["month", "person.origin"],
        _ => &["week"],
    };
    let periods = ["2023", "2024", "2023-Q3", "2024-01-15..2024-09-01"];
    let is_funnel = kind == "funnel";
    let view = pick(
        &["flow", "cohort", "cohort", "flow", "", "", "snapshot", ""],
        number,
    );
    let is_snapshot = view.as_deref() == Some("snapshot");
    let is_cohort = view.as_deref() == Some("cohort");
    let is_by_time = |text: &&&str| ["month", "week", "quarter"].contains(*text);
    let by = by.iter().filter(|text| !(is_snapshot && is_by_time(text)));
    Typed {
        view: view.filter(|_| is_funnel),
        of: (kind == "metric").then(|| "win_rate".to_owned()),
        by: by.map(|text| (*text).to_owned()).collect(),
        period: (!is_snapshot && number % 3 == 1)
            .then(|| pick(&periods, number / 3))
            .flatten(),
        window: (is_cohort && number.is_multiple_of(2)).then_some(90),
        at: is_snapshot
            .then(|| pick(&["2024-03-31", "2024-06-30", "2023-12-31"], number))
            .flatten(),
        unit: (is_funnel && number % 5 == 4).then(|| "account".to_owned()),
        kind,
        ..Typed::default()
    }
}
