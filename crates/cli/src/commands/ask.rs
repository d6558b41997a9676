//! `handfast ask`: types a question, prints its answer as a table, JSON or CSV.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use clap::ValueEnum;
use handfast_engine::answer::Pick;
use handfast_model::money::grouped;
use handfast_model::{Answer, Refusal};
use handfast_service::ask::{Reply, ask};
use handfast_service::behind::ask_with_table;
use handfast_service::book::Book;
use handfast_service::deadline::{Stop, within};
use handfast_service::passport;
use handfast_service::resolve::Typed;
use handfast_wire::v1;
use handfast_wire::xlsx::to_xlsx;

use super::passport::save_file;
use super::paths;
use crate::args::{Ask, EntriesArg, KnownArg};
use crate::{print, table};

/// Asks and prints.
pub fn run(args: &Ask) -> Result<ExitCode, Refusal> {
    let book = match (&args.book, &args.paths) {
        (Some(book), _) => Book::read(book, super::now())?,
        (None, Some(file)) => return paths::run(args, &typed(args), file),
        (None, None) => return Err(Refusal::new("E0401", "which book?").fix("--book BOOK")),
    };
    let pick = args.records.as_ref().map(|column| Pick {
        column: column.clone(),
        row: args.row.clone(),
    });
    let mut typed = typed(args);
    if args.passport.is_some() {
        passport::pin(&book, &mut typed)?;
    }
    let (reply, records) = by(args.deadline, || match (&pick, &args.xlsx) {
        (None, Some(_)) => ask_with_table(&book, &typed),
        _ => Ok((ask(&book, &typed, pick.as_ref())?, None)),
    })?;
    if let Some(file) = &args.xlsx {
        let wire = v1::Reply::new(&reply.question, &reply.answer);
        eprintln!(
            "{}",
            workbook(file, &wire, &reply.answer, records.as_ref())?
        );
    }
    if let Some(file) = &args.passport {
        eprintln!("{}", super::passport::write(&book, &reply.question, file)?);
    }
    for hint in &reply.hints {
        eprintln!("note: {hint}");
    }
    if args.csv && table::is_unverified(&reply.answer) {
        // A table of figures has no place for it.
        eprintln!("{}", table::NOT_VERIFIED);
    }
    print(&show(args, &reply))
}

/// Does work that may take so many seconds, if that is said.
fn by<T>(deadline: Option<u64>, work: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    let Some(seconds) = deadline else {
        return work();
    };
    let stop = Stop::default();
    let word = stop.clone();
    match seconds {
        0 => word.tell(),
        // It ends with the process, whether it was needed or not.
        _ => drop(std::thread::spawn(move || {
            std::thread::sleep(Duration::from_secs(seconds));
            word.tell();
        })),
    }
    within(&stop, seconds, work)
}

/// Writes the workbook of an answer; says what was written.
pub fn workbook(
    file: &Path,
    reply: &v1::Reply,
    answer: &Answer,
    records: Option<&Answer>,
) -> Result<String, Refusal> {
    let bytes = to_xlsx(reply, answer, records).map_err(|why| {
        Refusal::new("E0458", format!("the workbook cannot be made: {why}"))
            .matters("Excel takes fewer rows, columns or letters than this answer has")
            .fix("--csv, or fewer dimensions")
    })?;
    save_file(file, &bytes)?;
    let records = records.map_or(0, |records| records.rows.len());
    Ok(format!(
        "wrote the workbook {}: {} rows, {} records",
        file.display(),
        grouped(&answer.rows.len().to_string()),
        grouped(&records.to_string())
    ))
}

fn show(args: &Ask, reply: &Reply) -> String {
    if args.json {
        v1::Reply::new(&reply.question, &reply.answer).to_json()
    } else if args.csv {
        handfast_wire::csv::to_csv(&reply.answer)
    } else {
        match args.records {
            None => table::render(&table::view::of(&reply.question.kind, &reply.answer)),
            Some(_) => table::render(&reply.answer),
        }
    }
}

pub fn typed(args: &Ask) -> Typed {
    let word = |value: &dyn Fn() -> Option<String>| value().unwrap_or_default();
    Typed {
        kind: word(&|| {
            args.kind
                .to_possible_value()
                .map(|value| value.get_name().to_owned())
        }),
        of: args.of.clone(),
        view: args
            .view
            .and_then(|view| view.to_possible_value())
            .map(|value| value.get_name().to_owned()),
        models: args.models.clone(),
        by: args.by.clone(),
        filter: args.filter.clone(),
        period: args.period.clone(),
        due: args.due.clone(),
        since: args.since.clone(),
        compare: args.compare.clone(),
        horizon: args.horizon.clone(),
        is_backtest: args.backtest,
        goal: args.goal.clone(),
        from: args.from.clone(),
        window: args.window,
        is_estimated: args.estimate,
        observed_from: args.observed_from.clone(),
        clock: args
            .clock
            .and_then(|clock| clock.to_possible_value())
            .map(|value| value.get_name().to_owned()),
        is_every_entry: matches!(args.entries, EntriesArg::All),
        at: args.at.clone(),
        outcome_by: args.outcome_by.clone(),
        as_of: args.as_of.clone(),
        is_known_happened: matches!(args.known, KnownArg::Happened),
        charter: args.charter.clone(),
        unit: args
            .unit
            .to_possible_value()
            .map(|value| value.get_name().to_owned()),
        currency: args.currency.clone(),
    }
}

#[cfg(test)]
mod tests {
    use handfast_model::{Column, ColumnKind, Lineage};

    use super::*;

    #[test]
    fn more_columns_than_excel_takes_are_refused() {
        let column = |at: usize| Column {
            id: at.to_string(),
            kind: ColumnKind::Text,
            unit: None,
            means: String::new(),
        };
        let answer = Answer {
            headline: None,
            columns: (0..20_000).map(column).collect(),
            rows: Vec::new(),
            totals: None,
            currency_totals: Vec::new(),
            issues: Vec::new(),
            notes: Vec::new(),
            lineage: Lineage::default(),
        };
        let reply = v1::Reply::of_paths("paths.csv", &[], &answer);
        let refused = workbook(Path::new("never.xlsx"), &reply, &answer, None);
        assert_eq!(refused.map_err(|one| one.code), Err("E0458"));
    }
}
