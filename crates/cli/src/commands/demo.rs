//! `handfast demo`: a company with a story, generated, imported through ordinary packs, asked.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;

use handfast_model::question::AsOf;
use handfast_model::rules::StageType;
use handfast_model::{Answer, Cell, Ratio, Refusal};
use handfast_service::ask::ask;
use handfast_service::book::Book;
use handfast_service::resolve::Typed;

use crate::{print, table};

/// Charter and sources of the demo company, by path.
const EXAMPLE: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/demo.rs"));

/// Makes the company under `dir`, replacing an earlier demo there, and prints its funnel.
pub fn run(dir: &Path, seed: u64, served: Option<SocketAddr>) -> Result<ExitCode, Refusal> {
    make_room(dir)?;
    let company = handfast_demo::company(seed);
    let (mut first, mut late) = (Vec::new(), Vec::new());
    for file in company.exports() {
        let path = dir.join("exports").join(&file.name);
        write(&path, &file.bytes())?;
        if file.is_late() {
            late.push(path)
        } else {
            first.push(path)
        }
    }
    for (name, text) in EXAMPLE {
        write(&dir.join("example").join(name), text.as_bytes())?;
    }
    let folder = dir.join("book");
    Book::init(&folder, Some(&dir.join("example")), &super::opening())?.mark_demo()?;
    eprintln!(
        "wrote {} exports of the demo company (seed {seed}) to {}/exports",
        first.len() + late.len(),
        dir.display()
    );
    super::import::import_paths(&folder, &first)?;
    eprintln!("then a late delivery arrives:");
    super::import::import_paths(&folder, &late)?;
    let told = print(&story(&folder)?)?;
    match served {
        Some(listen) => super::serve::demo(&folder, listen),
        None => Ok(told),
    }
}

/// Removes an earlier demo, and only that: a folder that holds anything else is refused.
fn make_room(dir: &Path) -> Result<(), Refusal> {
    let known = ["exports", "example", "book"];
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    let foreign = entries
        .map(|entry| entry.file_name())
        .find(|name| !known.iter().any(|known| name == *known));
    if let Some(foreign) = foreign {
        let title = format!(
            "`{}` holds `{}`, which no demo made",
            dir.display(),
            foreign.to_string_lossy()
        );
        return Err(Refusal::new("E0503", title)
            .matters("nothing was written")
            .fix("handfast demo --dir another-folder"));
    }
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(cannot(dir, &error)),
        _ => Ok(()),
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Refusal> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, bytes))
        .map_err(|error| cannot(path, &error))
}

fn cannot(path: &Path, error: &std::io::Error) -> Refusal {
    Refusal::new(
        "E0254",
        format!("cannot write `{}`: {error}", path.display()),
    )
    .fix("check the disk and permissions")
}

/// The funnel, what stands out in it, and what to try.
fn story(folder: &Path) -> Result<String, Refusal> {
    let book = Book::read(folder, super::now())?;
    let question = |kind: &str, of: Option<&str>, by: &[&str]| -> Result<Answer, Refusal> {
        let typed = Typed {
            kind: kind.to_owned(),
            of: of.map(str::to_owned),
            by: by.iter().map(|&dim| dim.to_owned()).collect(),
            ..Typed::default()
        };
        ask(&book, &typed, None).map(|reply| reply.answer)
    };
    let mut text = String::from(
        "\nThe funnel by quarter of entry: of those who came in, how many reached each stage\n\n",
    );
    text.push_str(&table::render(&question("funnel", None, &["quarter"])?));
    text.push_str("\nWhat stands out\n");
    text.push_str(&channels(&question("funnel", None, &["channel"])?));
    text.push_str(&handoffs(
        &question("velocity", None, &["person.region"])?,
        &clocked(&book)?,
    ));
    text.push_str(&late(&book)?);
    let at = folder.display();
    text.push_str(&format!(
        "\nTry next\n  \
         handfast ask funnel --book {at} --view flow --period 2025-Q2 --by team\n  \
         handfast ask funnel --book {at} --view snapshot --at 2025-06-30\n  \
         handfast ask metric win_rate --book {at} --by quarter\n  \
         handfast ask sla --book {at} --by person.region\n  \
         handfast ask cost --book {at} --by vendor --currency EUR\n  \
         handfast ask credit --book {at} --currency EUR\n  \
         handfast ask metric revenue --book {at} --by channel --csv\n  \
         handfast ask funnel --book {at} --by channel --records won --row webinar\n  \
         handfast ask funnel --book {at} --by quarter --charter {}/example/charter-2025-draft\n  \
         handfast charter diff {at} {}/example/charter-2025-draft\n  \
         handfast verify {at}\n",
        folder.parent().unwrap_or(folder).display(),
        folder.parent().unwrap_or(folder).display(),
    ));
    Ok(text)
}

fn share(ratio: Ratio) -> String {
    let percent = ratio.value().unwrap_or(0.0) * 100.0;
    format!("{percent:.1}% ({} of {})", ratio.part, ratio.whole)
}

fn place(answer: &Answer, id: &str) -> usize {
    answer
        .columns
        .iter()
        .position(|column| column.id == id)
        .unwrap_or(usize::MAX)
}

fn name(cell: Option<&Cell>) -> String {
    cell.map_or(String::new(), table::show)
}

/// The channel that turns most of its pursuits into wins, against all of them.
fn channels(answer: &Answer) -> String {
    let won = place(answer, "won");
    let ratio = |row: &Vec<Cell>| match row.get(won) {
        Some(Cell::Ratio(ratio)) if ratio.whole >= 30 => Some(*ratio),
        _ => None,
    };
    let rows = answer
        .rows
        .iter()
        .filter_map(|row| Some((row, ratio(row)?)));
    let best = rows.max_by(|a, b| a.1.cmp_value(&b.1));
    let all = answer.totals.as_ref().and_then(ratio);
    match (best, all) {
        (Some((row, best)), Some(all)) => format!(
            "  · {} wins {} of what it brings; all channels together {}\n",
            name(row.first()),
            share(best),
            share(all),
        ),
        _ => String::new(),
    }
}

/// The rows of a velocity answer that are about a stage with a service level: somebody waits there.
fn clocked(book: &Book) -> Result<Vec<String>, Refusal> {
    let (charter, _) = book.charter(AsOf::Latest, None)?;
    let steps = charter
        .steps
        .iter()
        .filter(|step| matches!(step.kind, StageType::ServiceLevel { .. }));
    Ok(steps.map(|step| format!("in {}", step.id)).collect())
}

/// The longest median time in one stage for one region, against the shortest for another.
fn handoffs(answer: &Answer, clocked: &[String]) -> String {
    let (n, median) = (place(answer, "n"), place(answer, "median"));
    let mut slowest: Option<(i64, String)> = None;
    for row in &answer.rows {
        let (Some(Cell::Count(n)), Some(Cell::Elapsed(slow, _))) = (row.get(n), row.get(median))
        else {
            continue;
        };
        let stage = name(row.get(1));
        let others = answer
            .rows
            .iter()
            .filter(|other| name(other.get(1)) == stage && other.first() != row.first());
        let fast = others.filter_map(|other| match other.get(median) {
            Some(Cell::Elapsed(micros, _)) => Some((*micros, name(other.first()))),
            _ => None,
        });
        let Some((fast, where_fast)) = fast.min() else {
            continue;
        };
        let gap = slow - fast;
        if *n >= 30
            && clocked.contains(&stage)
            && slowest.as_ref().is_none_or(|(most, _)| gap > *most)
        {
            let days = |micros: i64| format!("{:.1}", micros as f64 / 86_400_000_000.0);
            let line = format!(
                "  · in {} a lead waits {} days {} (median of {n}); in {where_fast} {}\n",
                name(row.first()),
                days(*slow),
                stage,
                days(fast)
            );
            slowest = Some((gap, line));
        }
    }
    slowest.map_or(String::new(), |(_, line)| line)
}

/// What changed between what was known before the last import and now.
fn late(book: &Book) -> Result<String, Refusal> {
    let now = book.ledger.last_seq()?;
    let revenue = |as_of: u64| -> Result<Answer, Refusal> {
        let typed = Typed {
            kind: "metric".to_owned(),
            of: Some("revenue".to_owned()),
            by: vec!["quarter".to_owned()],
            as_of: Some(as_of.to_string()),
            ..Typed::default()
        };
        ask(book, &typed, None).map(|reply| reply.answer)
    };
    let after = revenue(now.0)?;
    let mut text = String::new();
    // An import has several commits; the one before the last import's first is what was known then.
    let history = book.ledger.history(64)?;
    let run = |note: &str| {
        note.strip_prefix("import ")
            .and_then(|rest| rest.split(' ').next().map(str::to_owned))
    };
    let mut imports = history
        .iter()
        .filter_map(|entry| Some((entry, run(&entry.note)?)));
    let last = imports.next().map(|(_, run)| run);
    let before = imports.find(|(_, run)| Some(run) != last.as_ref());
    let Some((before, _)) = before else {
        return Ok(text);
    };
    let before = revenue(before.seq.0)?;
    for row in &after.rows {
        let is_same = |other: &&Vec<Cell>| other.get(..2) == row.get(..2);
        if let (Some(was), Some(is)) = (
            before.rows.iter().find(is_same).and_then(|r| r.get(2)),
            row.get(2),
        ) && was != is
        {
            text.push_str(&format!(
                "  · revenue of {} was {} before the late delivery and is {} now; --as-of asks \
                for either\n",
                name(row.first()),
                table::show(was),
                table::show(is)
            ));
        }
    }
    Ok(text)
}
