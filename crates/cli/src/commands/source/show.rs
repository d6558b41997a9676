//! A proposed source as people read it: what was recognised and why, the columns, the first rows as
//! facts, what would be set aside.

use std::path::{Path, PathBuf};

use handfast_connect::sniff::{Column, Sniffed, shape};
use handfast_packs::propose::Proposed;
use handfast_packs::stages;
use handfast_packs::suggest::Suggestion;
use handfast_service::ingest::Imported;
use handfast_service::sources::Listed;
use handfast_wizard::{Draft, SHOWN_FACTS, TRIED_ROWS, chosen, stages_of};

use handfast_model::money::grouped;

use crate::table::printable;

/// Columns of a file that are shown; the others are counted.
const SHOWN_COLUMNS: usize = 60;

/// Everything about a proposed source.
pub fn proposal(suggestion: &Suggestion, files: &[&Sniffed], tried: &Imported) -> String {
    let proposal = &suggestion.proposal;
    let mut text = format!("source {}\n", proposal.name);
    if let Some((pack, title)) = suggestion.pack {
        text.push_str(&format!(
            "  a copy of the pack `{pack}` that comes with Handfast: {title}\n"
        ));
    }
    for file in files {
        let stream = proposal
            .streams
            .iter()
            .find(|stream| stream.files.contains(&file.file));
        if let Some(stream) = stream {
            text.push_str(&one_file(file, stream));
        }
    }
    text.push_str(&facts(tried));
    text.push_str(&ends(tried, TRIED_ROWS));
    text.push_str(&stages(&proposal.streams));
    for note in &proposal.notes {
        text.push_str(&format!("  note  {}\n", printable(note)));
    }
    text.push_str("  Personal texts are shown by their shape only, since this may go to a file.\n");
    text
}

fn one_file(file: &Sniffed, stream: &Proposed) -> String {
    let n = |count: u64| grouped(&count.to_string());
    if stream.stream.is_empty() {
        let (name, why) = (printable(&file.file), printable(&stream.why));
        return format!("\n{name}: {why}\n");
    }
    let first = if file.is_whole { "" } else { "the first " };
    let mut text = format!(
        "\n{}: {} in stream `{}`\n  why      {}\n  rows     {first}{} with {} columns\n",
        printable(&file.file),
        stream.rows.word(),
        stream.stream,
        printable(&stream.why),
        n(file.rows),
        n(file.columns.len() as u64)
    );
    if let Some(layout) = &file.layout {
        text.push_str(&format!("  written  {}\n", layout.evidence.join("; ")));
    }
    if let Some(on) = &file.on {
        text.push_str(&format!(
            "  stands   {}\n",
            printable(&on.evidence.join("; "))
        ));
    }
    text.push('\n');
    let lines: Vec<[String; 4]> = file
        .columns
        .iter()
        .take(SHOWN_COLUMNS)
        .map(|column| column_line(column, stream))
        .collect();
    text.push_str(&aligned(&lines));
    if file.columns.len() > SHOWN_COLUMNS {
        text.push_str(&format!(
            "  … and {} more columns\n",
            file.columns.len() - SHOWN_COLUMNS
        ));
    }
    text
}

fn column_line(column: &Column, stream: &Proposed) -> [String; 4] {
    let is_sealed = stream.sealed.contains(&column.name);
    let sample = column.examples.first().map_or("", String::as_str);
    // What the pack leaves alone is not sealed, and not shown either.
    let sample = if is_sealed || column.is_personal() {
        shape(sample)
    } else {
        printable(sample)
    };
    let parts = stream.parts.get(&column.name).map(|parts| parts.join(", "));
    let part = match (parts, is_sealed) {
        (Some(parts), true) => format!("sealed; {parts}"),
        (Some(parts), false) => parts,
        (None, true) => "sealed".to_owned(),
        (None, false) => String::new(),
    };
    [
        printable(&column.name),
        format!("{} {}%", column.kind.word(), column.filled.percent()),
        clipped(&sample, 28),
        part,
    ]
}

/// Lines of cells under each other.
fn aligned(lines: &[[String; 4]]) -> String {
    let width = |at: usize| {
        let widths = lines
            .iter()
            .filter_map(|line| line.get(at))
            .map(|cell| cell.chars().count());
        widths.max().unwrap_or(0).min(40)
    };
    let (name, kind, sample) = (width(0), width(1), width(2));
    let mut text = String::new();
    for [a, b, c, d] in lines {
        let line = format!("  {:name$}  {b:kind$}  {c:sample$}  {d}", clipped(a, 40));
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn clipped(text: &str, most: usize) -> String {
    match text.chars().count() > most {
        true => text.chars().take(most - 1).chain(['…']).collect(),
        false => text.to_owned(),
    }
}

/// Up to twenty facts, of each SELECT about as many.
fn facts(tried: &Imported) -> String {
    let chosen = chosen(&tried.shown);
    if chosen.is_empty() {
        return "\nNo row becomes a fact.\n".to_owned();
    }
    let mut text = format!(
        "\nThe first rows as facts ({} of {}):\n",
        chosen.len().min(SHOWN_FACTS),
        total(tried)
    );
    for one in chosen.into_iter().take(SHOWN_FACTS) {
        let says = one
            .says
            .iter()
            .map(|(name, value)| format!("{name}={}", clipped(&printable(value), 32)));
        let says: Vec<String> = says.collect();
        text.push_str(&format!(
            "  {}:{} {} {}\n",
            one.place.1,
            one.place.2,
            one.kind.word(),
            clipped(&says.join(" "), 240)
        ));
    }
    text
}

fn total(tried: &Imported) -> String {
    let facts: u64 = tried.files.iter().map(|file| file.facts).sum();
    grouped(&facts.to_string())
}

/// How the rows that were tried would end.
fn ends(tried: &Imported, rows: usize) -> String {
    let n = |count: u64| grouped(&count.to_string());
    let mut text = format!(
        "\nAn import of the first {} rows of each file would give:\n",
        n(rows as u64)
    );
    for file in &tried.files {
        let ignored: u64 = file.ignored.values().sum();
        let aside: u64 = file.set_aside.values().sum();
        text.push_str(&format!(
            "  {}: {} rows = {} mapped + {} reference + {} ignored + {} set aside\n",
            file.file,
            n(file.rows),
            n(file.mapped),
            n(file.reference),
            n(ignored),
            n(aside)
        ));
        for (why, count) in &file.ignored {
            text.push_str(&format!("      ignored    {:>7}  {why}\n", n(*count)));
        }
        for (why, count) in &file.set_aside {
            text.push_str(&format!("      set aside  {:>7}  {why}\n", n(*count)));
        }
    }
    text
}

fn stages(streams: &[Proposed]) -> String {
    let mut text = String::new();
    for stream in streams.iter().filter(|stream| !stream.stages.is_empty()) {
        let words = stream
            .stages
            .iter()
            .map(|(label, rows)| format!("{} {}", printable(label), grouped(&rows.to_string())));
        let words: Vec<String> = words.collect();
        text.push_str(&format!(
            "  stages of `{}`: {}\n",
            stream.stream,
            words.join(" · ")
        ));
    }
    text
}

/// What was written.
pub fn wrote(written: &[PathBuf]) -> String {
    let lines = written.iter().map(|path| format!("  {}\n", path.display()));
    format!("wrote\n{}", lines.collect::<String>())
}

/// What comes next, when all sources are written.
pub fn next(book: &Path, draft: &Draft, files: &[PathBuf]) -> String {
    let book = book.display();
    let charter = match draft {
        Draft::Written { folder, texts } => format!(
            "  {0}/: a first charter {1}. Read it, correct it, then\n\
             cp {0}/*.toml {book}/charter/ && handfast charter check {book} && handfast charter \
             publish {book}\n",
            folder.display(),
            match stages_of(texts).is_some_and(stages::is_bare) {
                true =>
                    "with a first and a last stage, as these files name none: enough for `ask \
                     cost`.\n  Leads, deals and stages come with an export of people or of deals",
                false => "from the stages in these files",
            }
        ),
        Draft::Lacks {
            file,
            attributes,
            is_without_stages,
        } => {
            let none = match is_without_stages {
                true => {
                    "  What stands where stages do in these files are more words than a list of \
                     stages has,\n  so no first charter is drafted: docs/guide/charter.md\n"
                }
                false => "",
            };
            let lines = attributes.lines().map(|line| format!("    {line}\n"));
            let lines: String = lines.collect();
            match lines.is_empty() {
                true => none.to_owned(),
                false => format!(
                    "{none}  {} does not declare yet what these files say, which `--by` \
                     needs:\n{lines}",
                    file.display(),
                ),
            }
        }
        Draft::Unneeded => String::new(),
    };
    let files: Vec<String> = files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    format!(
        "{charter}next\n  handfast import {book} {}\n",
        files.join(" ")
    )
}

/// The sources of a book.
pub fn listed(book: &Path, sources: &[Listed]) -> String {
    if sources.is_empty() {
        return format!(
            "this book has no source yet; `handfast source add {} FILE…` proposes one\n",
            book.display()
        );
    }
    let mut text = String::new();
    for source in sources {
        text.push_str(&format!("{}\n", source.name));
        for (stream, files, kinds) in &source.streams {
            let kinds: Vec<&str> = kinds.iter().map(|kind| kind.word()).collect();
            let kinds = if kinds.is_empty() {
                "reference".to_owned()
            } else {
                kinds.join(", ")
            };
            text.push_str(&format!("  {stream}: {} → {kinds}\n", files.join(", ")));
        }
    }
    text
}
