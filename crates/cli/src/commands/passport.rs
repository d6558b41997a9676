//! `handfast passport`: saves the proof of an answer, and verifies one.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use handfast_model::money::grouped;
use handfast_model::passport::Passport;
use handfast_model::question::AsOf;
use handfast_model::question_text::parse;
use handfast_model::{Question, Refusal, Seq, limits};
use handfast_service::ask::ask;
use handfast_service::book::{Book, cannot};
use handfast_service::passport::{self, Verified};
use handfast_wire::v1;
use serde_json::Value;

use crate::args::proof::{PassportAction, PassportSave};
use crate::args::{Cli, Command};
use crate::print;

/// Runs one action.
pub fn run(action: &PassportAction) -> Result<ExitCode, Refusal> {
    match action {
        PassportAction::Save(args) => save(args),
        PassportAction::Verify { file, book } => verify(file, book),
    }
}

fn save(args: &PassportSave) -> Result<ExitCode, Refusal> {
    let book = Book::read(&args.book, super::now())?;
    let question = match &args.answer {
        Some(file) => return save_answer(&book, file, &args.file),
        None => asked(&book, args)?,
    };
    write(&book, &question, &args.file).and_then(|told| print(&told))
}

/// The question that the words after `--` ask.
fn asked(book: &Book, args: &PassportSave) -> Result<Question, Refusal> {
    let words = ["handfast".to_owned()].into_iter();
    let words = words.chain(args.question.iter().cloned());
    let words = words.chain(["--book".to_owned(), args.book.display().to_string()]);
    let refuse = |why: String| {
        Err(Refusal::new("E0457", format!("no question: {why}"))
            .fix("handfast passport save FILE --book BOOK -- ask metric won --by quarter"))
    };
    let typed = match Cli::try_parse_from(words) {
        Ok(Cli {
            command: Command::Ask(ask),
        }) => super::ask::typed(&ask),
        Ok(_) => return refuse("the words after -- do not begin with ask".to_owned()),
        Err(error) => {
            let text = error.to_string();
            let first = text.lines().next().unwrap_or_default();
            return refuse(first.trim_start_matches("error: ").to_owned());
        }
    };
    let mut typed = typed;
    passport::pin(book, &mut typed)?;
    ask(book, &typed, None).map(|reply| reply.question)
}

/// Writes the passport of a question; says what was written.
pub fn write(book: &Book, question: &Question, file: &Path) -> Result<String, Refusal> {
    let (passport, _) = passport::save(book, question)?;
    keep(&passport, file)
}

fn keep(passport: &Passport, file: &Path) -> Result<String, Refusal> {
    let text = v1::passport::to_json(passport);
    let (size, most) = (text.len() as u64, limits::PASSPORT_BYTES);
    if size > most {
        let title = format!("this answer has no passport: it would have {size} bytes");
        return Err(Refusal::new("E0450", title)
            .matters(format!("at most {most} are read"))
            .fix("use fewer or coarser dimensions"));
    }
    save_file(file, text.as_bytes())?;
    let cells: usize = passport
        .rows
        .iter()
        .chain(&passport.totals)
        .map(Vec::len)
        .sum();
    let records: u64 = passport.behind.iter().map(|behind| behind.records).sum();
    Ok(format!(
        "saved the passport {}: {} cells and {} records behind them, as of commit {}",
        file.display(),
        grouped(&cells.to_string()),
        grouped(&records.to_string()),
        passport.seq
    ))
}

/// Writes a file so that it is there whole or as it was before.
pub fn save_file(path: &Path, bytes: &[u8]) -> Result<(), Refusal> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let draft = path.with_file_name(format!(".{name}.new"));
    let written = fs::File::create(&draft)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&draft, path));
    written.map_err(|error| {
        let _ = fs::remove_file(&draft);
        cannot("write", path, &error)
    })
}

/// Saves the passport of an answer that was saved as JSON, if the book gives it.
fn save_answer(book: &Book, answer: &Path, file: &Path) -> Result<ExitCode, Refusal> {
    let text = read(answer)?;
    let given: Value = serde_json::from_str(&text).unwrap_or_default();
    let seq = given.pointer("/lineage/seq").and_then(Value::as_u64);
    let question = given
        .pointer("/question/text")
        .and_then(Value::as_str)
        .map(parse);
    let (Some(seq), Some(Ok(mut question))) = (seq, question) else {
        let title = format!("`{}` is no answer of `ask --json`", answer.display());
        return Err(Refusal::new("E0456", title)
            .matters("its question and commit are needed to ask it again")
            .fix("handfast ask … --json > answer.json"));
    };
    question.as_of = AsOf::Seq(Seq(seq));
    let (passport, again) = passport::save(book, &question)?;
    let again = v1::Reply::new(&question, &again).to_json();
    let mut again: Value = serde_json::from_str(&again).unwrap_or_default();
    if let (Some(again), Some(given)) = (again.get_mut("answer"), given.get("answer")) {
        without_intervals(again, given);
    }
    if again.get("answer") != given.get("answer") {
        let title = format!("`{}` is not what this book answers", answer.display());
        return Err(Refusal::new("E0456", title)
            .matters(other(&given, &again))
            .fix("ask again, and take the book and the commit that the answer was asked of"));
    }
    print(&keep(&passport, file)?)
}

/// Takes the intervals of shares of few away where the answer was saved before they were told.
fn without_intervals(again: &mut Value, given: &Value) {
    match (again, given) {
        (Value::Array(again), Value::Array(given)) => {
            for (again, given) in again.iter_mut().zip(given) {
                without_intervals(again, given);
            }
        }
        (Value::Object(again), Value::Object(given)) => {
            if again.contains_key("part") && !given.contains_key("low") {
                again.retain(|name, _| name != "low" && name != "high");
            }
            for (name, again) in again.iter_mut() {
                if let Some(given) = given.get(name) {
                    without_intervals(again, given);
                }
            }
        }
        _ => {}
    }
}

/// The first row that two answers do not share.
fn other(given: &Value, again: &Value) -> String {
    let rows = |reply: &Value| {
        let rows = reply.pointer("/answer/rows").and_then(Value::as_array);
        rows.cloned().unwrap_or_default()
    };
    let (given, again) = (rows(given), rows(again));
    let pairs = given.iter().zip(&again);
    match pairs.clone().find(|(given, again)| given != again) {
        Some((given, again)) => format!("it says {given} and the book {again}"),
        None => format!("it has {} rows and the book {}", given.len(), again.len()),
    }
}

fn read(path: &Path) -> Result<String, Refusal> {
    let cannot = |error: std::io::Error| cannot("read", path, &error);
    let file = fs::File::open(path).map_err(cannot)?;
    // Whatever it says of its size.
    let mut text = String::new();
    let mut file = file.take(limits::PASSPORT_BYTES + 1);
    file.read_to_string(&mut text).map_err(cannot)?;
    if text.len() as u64 > limits::PASSPORT_BYTES {
        let title = format!("`{}` is too long for a passport", path.display());
        return Err(Refusal::new("E0455", title)
            .matters(format!("at most {} are read", limits::PASSPORT_BYTES))
            .fix("give the passport file itself"));
    }
    Ok(text)
}

fn verify(file: &Path, book: &Path) -> Result<ExitCode, Refusal> {
    let given = v1::passport::from_json(&read(file)?).map_err(|why| {
        Refusal::new(
            "E0455",
            format!("`{}` cannot be read: {why}", file.display()),
        )
        .matters("a passport that a later version saved needs that version")
        .fix("handfast passport save writes one")
    })?;
    let book = Book::read(book, super::now())?;
    let done = passport::verify(&book, &given)?;
    print(&told(&given, &done))?;
    Ok(match done.difference {
        None => ExitCode::SUCCESS,
        Some(_) => ExitCode::from(1),
    })
}

fn told(given: &Passport, done: &Verified) -> String {
    let n = |count: u64| grouped(&count.to_string());
    let mut text = match &done.difference {
        None => format!(
            "the same: {} cells and {} records behind them",
            n(done.cells),
            n(done.records)
        ),
        Some(difference) => {
            let record = difference.record.iter();
            let record = record.map(|record| format!("\n  record:  {record}"));
            format!(
                "DIFFERS: {}{}\n  cause:   {}",
                difference.figure,
                record.collect::<String>(),
                difference.cause
            )
        }
    };
    text.push_str(&format!(
        "\n  asked:   {}\n  known:   {}, commit {} ({})\n  charter: {}",
        given.question,
        given.recorded_at,
        given.seq,
        given.commit.get(..12).unwrap_or(&given.commit),
        given.charter,
    ));
    for (name, then, is) in &done.kernels {
        text.push_str(&format!(
            "\n  kernel:  {name} {then} gave it, {name} {is} answers now"
        ));
    }
    for column in &done.unlisted {
        text.push_str(&format!(
            "\n  records: those of `{column}` are not compared: one of the two versions lists none"
        ));
    }
    crate::table::printable_lines(&text)
}
