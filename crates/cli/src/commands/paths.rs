//! `handfast ask credit --paths FILE`: credit of whole paths, without any book.

use std::path::Path;
use std::process::ExitCode;

use handfast_connect::paths::{PathFile, PathRow, read};
use handfast_kernels::credit::paths::{self, Paths};
use handfast_kernels::credit::seen::Seen;
use handfast_model::{Answer, Refusal};
use handfast_service::paths::{Asked, Given, Parts, answer, is_direct, models};
use handfast_service::resolve::Typed;
use handfast_wire::v1;

use crate::args::Ask;
use crate::{print, table};

/// Asks and prints.
pub fn run(args: &Ask, typed: &Typed, file: &Path) -> Result<ExitCode, Refusal> {
    check_fit(args, typed)?;
    let asked = Asked {
        models: args.models.clone(),
        top: args.top,
        has_intervals: !args.no_intervals,
    };
    models(&asked.models)?;
    // What cannot be looked at is told where it is read.
    let bytes = std::fs::metadata(file).map_or(u64::MAX, |found| found.len());
    let answer = answer(&asked, bytes, |sums| given(file, sums))?;
    if let Some(to) = &args.xlsx {
        let reply = v1::Reply::of_paths(&file.display().to_string(), &args.models, &answer);
        eprintln!("{}", super::ask::workbook(to, &reply, &answer, None)?);
    }
    print(&show(args, &answer))
}

/// Reads the file: each distinct path, or only what all of them come to, with steps of an order.
fn given(file: &Path, sums: Option<usize>) -> Result<Given, Refusal> {
    let Some(order) = sums else {
        let read = read(file, |paths: &mut Paths, row: PathRow<'_>| {
            paths.add(path(row))
        })?;
        return Ok(of_file(file, read, Parts::Distinct));
    };
    let read = read(file, |sums: &mut Sums, row: PathRow<'_>| {
        let new = row.names.get(sums.is_direct.len()..).unwrap_or_default();
        sums.is_direct
            .extend(new.iter().map(|name| is_direct(name)));
        sums.seen.add(path(row), &sums.is_direct, order);
    })?;
    let seen = |(names, sums): (Vec<String>, Sums)| (names, sums.seen);
    let summed = |parts: Vec<_>| Parts::Summed(parts.into_iter().map(seen).collect());
    Ok(of_file(file, read, summed))
}

fn path(row: PathRow<'_>) -> paths::Path<'_> {
    paths::Path {
        steps: row.steps,
        won: row.won,
        lost: row.lost,
        value: row.value,
    }
}

#[derive(Default)]
struct Sums {
    seen: Seen,
    is_direct: Vec<bool>,
}

fn of_file<T>(
    file: &Path,
    read: PathFile<T>,
    parts: impl FnOnce(Vec<(Vec<String>, T)>) -> Parts,
) -> Given {
    let taken = read.parts.into_iter().map(|part| (part.names, part.taken));
    Given {
        name: file.display().to_string(),
        hash: read.hash,
        parts: parts(taken.collect()),
        rows: read.rows,
        has_counts: read.has_counts,
        has_value: read.has_value,
        has_lost: read.has_lost,
    }
}

fn show(args: &Ask, answer: &Answer) -> String {
    if args.json {
        let file = args.paths.as_deref().map(|file| file.display().to_string());
        v1::Reply::of_paths(&file.unwrap_or_default(), &args.models, answer).to_json()
    } else if args.csv {
        handfast_wire::csv::to_csv(answer)
    } else {
        table::render(answer)
    }
}

/// What a file of paths cannot know, and what only a book can tell, is refused.
fn check_fit(args: &Ask, typed: &Typed) -> Result<(), Refusal> {
    let is_given = [
        (typed.kind != "credit", "--paths"),
        (typed.of.is_some(), "a name"),
        (typed.view.is_some(), "--view"),
        (!typed.by.is_empty(), "--by"),
        (typed.filter.is_some(), "--where"),
        (typed.period.is_some(), "--period"),
        (typed.due.is_some(), "--due"),
        (typed.since.is_some(), "--since"),
        (typed.compare.is_some(), "--compare"),
        (typed.horizon.is_some(), "--horizon"),
        (typed.is_backtest, "--backtest"),
        (typed.goal.is_some(), "--goal"),
        (typed.from.is_some(), "--from"),
        (typed.window.is_some(), "--window"),
        (typed.is_estimated, "--estimate"),
        (typed.observed_from.is_some(), "--observed-from"),
        (typed.clock.is_some(), "--clock"),
        (typed.is_every_entry, "--entries"),
        (typed.at.is_some(), "--at"),
        (typed.outcome_by.is_some(), "--outcome-by"),
        (typed.as_of.is_some(), "--as-of"),
        (typed.is_known_happened, "--known"),
        (typed.charter.is_some(), "--charter"),
        (
            typed.unit.as_deref().is_some_and(|unit| unit != "pursuit"),
            "--unit",
        ),
        (typed.currency.is_some(), "--currency"),
        (args.records.is_some(), "--records"),
    ];
    match is_given.into_iter().find(|(is_given, _)| *is_given) {
        None => Ok(()),
        Some((_, option)) => Err(Refusal::new(
            "E0405",
            format!("{option} means nothing to this question"),
        )
        .fix("ask credit --paths FILE takes --models, --top, --no-intervals, --json and --csv")),
    }
}
