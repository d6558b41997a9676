//! `handfast forget` and `handfast export`: what a person may ask of whoever keeps their data.

use std::collections::BTreeMap;
use std::fs;
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use handfast_ledger::{About, AsideText, PersonRecord};
use handfast_model::{Fact, Refusal, Sym};
use handfast_server::held::{self, happened, value_text};
use handfast_service::book::Book;
use handfast_service::forget::{self, Reach};
use handfast_service::people::{self, Person};
use handfast_wire::csv::texts_to_csv;

use super::import::tell_checked;
use crate::print;
use handfast_model::money::grouped;

/// Erases people, after asking for it to be typed.
pub fn forget(
    dir: &Path,
    keys: &[String],
    namespace: Option<&str>,
    (is_dry_run, is_sure): (bool, bool),
) -> Result<ExitCode, Refusal> {
    let book = Book::open(dir, &super::opening())?;
    let person = people::find(&book, keys, namespace)?;
    let reach = forget::reach(&person);
    let foreseen = foreseen(&person, &reach);
    if is_dry_run {
        notes(&person, &reach);
        return print(&foreseen);
    }
    if !is_sure {
        confirm(&foreseen)?;
    }
    let erased = forget::forget(&book, &person, super::now())?;
    notes(&person, &reach);
    tell_checked(&erased.checked);
    let done = erased.done;
    print(&format!(
        "forgotten: {} person keys and {} e-mail addresses, {} sealing keys destroyed ({} had been \
         forgotten before)\n  what is counted stays; a later import cannot bring them back",
        done.people, done.addresses, done.keys, done.before
    ))
}

/// What erasing them does not reach, and what may be a slip.
fn notes(person: &Person, reach: &Reach) {
    if person.never_met > 0 {
        eprintln!(
            "note: {} of these keys and addresses were never met in this book; check the \
             spelling. Forgetting bars them all the same.",
            person.never_met
        );
    }
    if person.shared_addresses > 0 {
        eprintln!(
            "note: {} of their e-mail addresses are shared with others and stay allowed.",
            person.shared_addresses
        );
    }
    if reach.unread_asides > 0 {
        eprintln!(
            "note: {} rows that could not be read are set aside, sealed; they may name anybody. \
             They go when they are mended or their import is taken back, and after 30 days.",
            reach.unread_asides
        );
    }
    if person.mixed_asides > 0 {
        eprintln!(
            "note: {} rows with an address of theirs are set aside under somebody else's key, or \
             without a key and sealed together with other rows: they stay, sealed. They go when \
             they are mended or their import is taken back, and after 30 days.",
            person.mixed_asides
        );
    }
}

fn foreseen(person: &Person, reach: &Reach) -> String {
    let n = |count: u64| grouped(&count.to_string());
    let mut text = format!(
        "would forget {} person keys and bar {} e-mail addresses\n  \
         erased: the personal columns of {} records and {} rows that are set aside\n  \
         stays:  {} facts, which have no personal text, and every count\n",
        n(reach.keys),
        n(person.addresses.len() as u64),
        n(reach.records),
        n(reach.asides),
        n(reach.facts)
    );
    for key in &person.keys {
        let typed = key.typed.as_ref();
        let name = typed.map_or_else(
            || format!("a key #{}", &short(key.id)),
            |(namespace, key)| format!("{namespace}:{key}"),
        );
        let met = match key.met_in.is_empty() {
            true => "never met".to_owned(),
            false => format!("met in {}", key.met_in.join(", ")),
        };
        let why = match key.shown_by.is_empty() {
            true => key.how.clone(),
            false => format!("{}, {}", key.how, key.shown_by.join(" and ")),
        };
        let before = if key.forgotten.is_some() {
            "; forgotten before"
        } else {
            ""
        };
        text.push_str(&format!("  {name}  {met}  ({why}){before}\n"));
    }
    text
}

/// Asks on a terminal; elsewhere nobody can be asked.
fn confirm(foreseen: &str) -> Result<(), Refusal> {
    let unsure = |title: &str| {
        Refusal::new("E0520", title)
            .matters("erasing is for good, so nothing was erased without a word")
            .fix("look with --dry-run, then repeat the command with --yes")
    };
    if !std::io::stdin().is_terminal() {
        return Err(unsure(
            "erasing has to be confirmed, and nobody can be asked here",
        ));
    }
    eprint!("{foreseen}This cannot be undone. Type `forget` to go on: ");
    let _ = std::io::stderr().flush();
    let mut typed = String::new();
    let _ = std::io::stdin().read_line(&mut typed);
    match typed.trim() {
        "forget" => Ok(()),
        _ => Err(unsure("erasing was not confirmed")),
    }
}

fn short(id: handfast_model::PersonId) -> String {
    id.to_string().chars().take(8).collect()
}

/// Writes everything about a person into a new folder.
pub fn export(
    dir: &Path,
    key: &str,
    namespace: Option<&str>,
    to: &Path,
) -> Result<ExitCode, Refusal> {
    let book = Book::read(dir, super::now())?;
    let person = people::find(&book, &[key.to_owned()], namespace)?;
    let about = &person.about;
    let is_erased = held::is_erased(&person);
    held::is_somebody(&person, key)?;
    if fs::read_dir(to).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(
            Refusal::new("E0522", format!("`{}` is not empty", to.display()))
                .matters("nothing was written: an older answer might be taken for this one")
                .fix("give a folder that is not there yet"),
        );
    }
    let files = Files {
        book: &book,
        person: &person,
        about,
        is_erased,
    };
    let written = files.write(to)?;
    let mut text = format!(
        "{} files about `{key}` were written to {}\n  {} keys, {} records, {} facts, {} rows that \
         are set aside",
        written,
        to.display(),
        person.keys.len(),
        about.records.len(),
        about.facts.len(),
        about.asides.len()
    );
    if is_erased {
        text.push_str("\n  this person was forgotten: no personal text is left to be written");
    }
    print(&text)
}

/// What is written about one person.
struct Files<'a> {
    book: &'a Book,
    person: &'a Person,
    about: &'a About,
    is_erased: bool,
}

impl Files<'_> {
    fn write(&self, to: &Path) -> Result<usize, Refusal> {
        let failed = |path: &Path, error: &std::io::Error| {
            Refusal::new(
                "E0254",
                format!("cannot write `{}`: {error}", path.display()),
            )
            .fix("check the path and the disk")
        };
        fs::create_dir_all(to).map_err(|error| failed(to, &error))?;
        let mut files = vec![("person.json".to_owned(), self.json()?)];
        if !self.is_erased {
            files.push(("facts.csv".to_owned(), self.facts_csv()));
            files.extend(self.records_csv());
            if !self.about.asides.is_empty() {
                files.push(("set-aside.csv".to_owned(), self.asides_csv()));
            }
        }
        files.push(("README.txt".to_owned(), self.readme(&files)));
        for (name, text) in &files {
            let path = to.join(name);
            fs::write(&path, text).map_err(|error| failed(&path, &error))?;
        }
        Ok(files.len())
    }

    fn json(&self) -> Result<String, Refusal> {
        serde_json::to_string_pretty(&held::held(self.book, self.person)?)
            .map(|text| text + "\n")
            .map_err(|error| Refusal::new("E0254", format!("cannot write the answer: {error}")))
    }

    fn facts_csv(&self) -> String {
        let names = &self.about.names;
        let mut columns: Vec<Sym> = Vec::new();
        for (name, _) in self
            .about
            .facts
            .iter()
            .flat_map(|(fact, _)| fact.attributes.iter())
        {
            if !columns.contains(name) {
                columns.push(*name);
            }
        }
        let fixed = [
            "kind",
            "happened",
            "assumed",
            "recorded_at",
            "counts",
            "source",
            "stream",
            "file",
            "line",
            "account",
            "deal",
            "campaign",
            "rep",
        ];
        let mut header = fixed.to_vec();
        header.extend(columns.iter().map(|name| names.text(*name)));
        let row = |(fact, counts): &(Fact, bool)| {
            let text = |sym: Option<Sym>| sym.map_or("", |sym| names.text(sym)).to_owned();
            let mut cells = vec![
                fact.kind.word().to_owned(),
                happened(fact).unwrap_or_default(),
                fact.is_assumed.to_string(),
                fact.recorded_at.to_string(),
                counts.to_string(),
                names.text(fact.origin.source).to_owned(),
                names.text(fact.origin.stream).to_owned(),
                names.text(fact.origin.file).to_owned(),
                fact.origin.line.to_string(),
                text(fact.account),
                text(fact.deal),
                text(fact.campaign),
                text(fact.rep),
            ];
            cells.extend(columns.iter().map(|name| {
                let value = fact.attribute(*name);
                value.map_or_else(String::new, |value| value_text(value, names))
            }));
            cells
        };
        let rows: Vec<Vec<String>> = self.about.facts.iter().map(row).collect();
        texts_to_csv(&header, &rows)
    }

    /// One file per source and stream.
    fn records_csv(&self) -> Vec<(String, String)> {
        let mut streams: BTreeMap<(&str, &str), Vec<&PersonRecord>> = BTreeMap::new();
        for record in &self.about.records {
            let place = (record.row.source.as_str(), record.row.stream.as_str());
            streams.entry(place).or_default().push(record);
        }
        let fixed = [
            "_recorded_at",
            "_file",
            "_line",
            "_version",
            "_ending",
            "_left_out",
        ];
        let file = |((source, stream), records): ((&str, &str), Vec<&PersonRecord>)| {
            let cells = records.iter().map(|record| record.row.cells.as_slice());
            let columns = columns_of(cells);
            let row = |record: &&PersonRecord| {
                let row = &record.row;
                let mut cells = vec![
                    row.recorded_at.to_string(),
                    row.file.clone(),
                    row.line.to_string(),
                    row.version.to_string(),
                    row.ending.clone(),
                    record.withheld.to_string(),
                ];
                cells.extend(columns.iter().map(|name| cell_of(&row.cells, name)));
                cells
            };
            let rows: Vec<Vec<String>> = records.iter().map(row).collect();
            let mut header = fixed.to_vec();
            header.extend(&columns);
            (
                format!("records-{}.{}.csv", plain(source), plain(stream)),
                texts_to_csv(&header, &rows),
            )
        };
        streams.into_iter().map(file).collect()
    }

    fn asides_csv(&self) -> String {
        let cells = |aside: &'_ handfast_ledger::PersonAside| match &aside.row.text {
            Some(AsideText::Cells(cells)) => cells.clone(),
            _ => Vec::new(),
        };
        let all: Vec<Vec<(String, String)>> = self.about.asides.iter().map(cells).collect();
        let columns = columns_of(all.iter().map(Vec::as_slice));
        let mut header = vec!["_row", "_source", "_stream", "_file", "_line", "_reason"];
        header.extend(&columns);
        let rows: Vec<Vec<String>> = self
            .about
            .asides
            .iter()
            .zip(&all)
            .map(|(aside, cells)| {
                let row = &aside.row;
                let mut texts = vec![
                    row.id.to_string(),
                    aside.source.clone(),
                    row.stream.clone(),
                    row.file.clone(),
                    row.line.to_string(),
                    row.reason.clone(),
                ];
                texts.extend(columns.iter().map(|name| cell_of(cells, name)));
                texts
            })
            .collect();
        texts_to_csv(&header, &rows)
    }

    fn readme(&self, files: &[(String, String)]) -> String {
        let mut text = "Everything this book holds about one person, as of now.\n\n".to_owned();
        if self.is_erased {
            text.push_str(
                "This person was forgotten; person.json says since when. Their names, addresses \
                 and other\npersonal columns were destroyed and are kept nowhere. What is still \
                 counted has no personal text.\n\n",
            );
        }
        for (name, _) in files {
            let what = match name.as_str() {
                "person.json" => {
                    "all of it in one file: the keys under which the person is known and\n    how \
                     they are linked; each record; each fact with its time and source"
                }
                "facts.csv" => "what was derived from the records, a line each, as it is counted",
                "set-aside.csv" => "rows that could not be taken in, with the reason",
                _ => "the records of one source and table, a line per version",
            };
            text.push_str(&format!("{name}\n    {what}\n"));
        }
        text.push_str(&format!(
            "\n`happened` is when the source says it happened, `recorded_at` when this book\n\
             learned it. Where `counts` is false, a later version replaced the fact, its source\n\
             deleted it, or its import was taken back; it is kept. `pack` names the version of\n\
             the rules by which rows were read: purpose and legal basis are not kept here, ask\n\
             whoever runs the source.\n\n\
             Cells of other people in the same rows are left out: {}.\n\
             In CSV files an apostrophe stands before a text that a spreadsheet would run.\n",
            held::withheld(self.person)
        ));
        if self.about.unread_asides > 0 {
            text.push_str(&format!(
                "{} rows that could not be read are set aside; whom they name cannot be told.\n",
                self.about.unread_asides
            ));
        }
        text
    }
}

/// The columns of several rows, in the order they are met.
fn columns_of<'a>(rows: impl Iterator<Item = &'a [(String, String)]>) -> Vec<&'a str> {
    let mut columns: Vec<&str> = Vec::new();
    for (name, _) in rows.flatten() {
        if !columns.contains(&name.as_str()) {
            columns.push(name);
        }
    }
    columns
}

/// A name as part of a file's name.
fn plain(name: &str) -> String {
    name.replace(|c: char| !c.is_alphanumeric() && c != '-' && c != '_', "_")
}

fn cell_of(cells: &[(String, String)], name: &str) -> String {
    let found = cells.iter().find(|(known, _)| known == name);
    found.map_or_else(String::new, |(_, text)| text.clone())
}
