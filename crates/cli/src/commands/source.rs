//! `handfast source`: a source for files that nobody has described yet, told from the files
//! themselves; and the sources that a book has.

mod show;

use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use handfast_connect::files::assign;
use handfast_connect::find::{Found, find};
use handfast_connect::sniff::{Head, Sniffed, sniff};
use handfast_model::pack::Pack;
use handfast_model::question::AsOf;
use handfast_model::rules::DeclaredAttribute;
use handfast_model::{FactKind, Refusal};
use handfast_packs::declared::{Attribute, attributes_toml};
use handfast_packs::passed::Passed;
use handfast_packs::propose::{Proposed, Question, Wishes};
use handfast_packs::stages;
use handfast_packs::suggest::{Suggestion, suggest};
use handfast_packs::understand::Rows;
use handfast_packs::units::Unit;
use handfast_service::book::Book;
use handfast_service::ingest::{Imported, Options};
use handfast_service::shown::Shown;
use handfast_service::sources;

use crate::args::{SourceAction, SourceAdd};
use crate::commands::import::Wanted;
use crate::print;

/// Rows of each file that the pack is tried on.
const TRIED_ROWS: usize = 2_000;

/// Adds, lists or shows.
pub fn run(action: &SourceAction) -> Result<ExitCode, Refusal> {
    match action {
        SourceAction::Add(add) => run_add(add),
        SourceAction::List { book } => {
            let book = Book::read(book, super::now())?;
            print(&show::listed(&book.dir, &sources::list(&book)?))
        }
        SourceAction::Show { book, name } => {
            let texts = sources::show(&Book::read(book, super::now())?, name)?;
            let texts = texts
                .iter()
                .map(|file| format!("# {}\n{}", file.path, file.text));
            print(&texts.collect::<Vec<_>>().join("\n"))
        }
    }
}

fn run_add(add: &SourceAdd) -> Result<ExitCode, Refusal> {
    if let Some(code) = &add.currency {
        sources::currency(code)?;
    }
    if let Some(zone) = &add.zone {
        sources::zone(zone)?;
    }
    let book = Book::open(&add.book, &super::opening())?;
    if !add.replace && add.name.is_none() {
        refuse_read_already(&book, &find(&add.files)?)?;
    }
    let looked = sniff(&add.files)?;
    let found: Vec<Sniffed> = looked.iter().map(|(_, found)| found.clone()).collect();
    let mut wishes = wishes(&book, add);
    let mut suggestions = suggest(&found, &wishes);
    let questions: Vec<Question> = suggestions
        .iter()
        .flat_map(|one| one.proposal.questions.clone())
        .collect();
    if !questions.is_empty() {
        for question in &questions {
            answer(question, add, &mut wishes)?;
        }
        suggestions = suggest(&found, &wishes);
    }
    let (mut added, mut paths, mut passed) = (Vec::new(), Vec::new(), Vec::new());
    for suggestion in &suggestions {
        if let Some((files, tried)) = add_one(&book, add, &looked, suggestion)? {
            added.extend(suggestion.proposal.streams.iter().cloned());
            paths.extend(files);
            passed.extend(tried.shown.iter().filter_map(passage));
        }
    }
    if paths.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    paths.dedup();
    let draft = draft(&book, (&added, &passed), &wishes)?;
    print(&show::next(&book.dir, &draft, &paths))
}

/// The stage that a mark says was entered.
fn passage(shown: &Shown) -> Option<Passed> {
    let says = |name: &str| {
        let mut all = shown.says.iter();
        all.find(|(known, _)| known == name)
            .map(|(_, text)| text.clone())
    };
    let subject = ["deal", "person", "account"].into_iter().find_map(says);
    Some(Passed {
        subject: subject.filter(|_| shown.kind == FactKind::Mark)?,
        when: says("happened")?,
        stage: says("stage")?,
    })
}

/// Shows one proposed source, asks, and writes it; the files it reads and what a try gave, where it
/// was wanted.
fn add_one(
    book: &Book,
    add: &SourceAdd,
    looked: &[(Found, Sniffed)],
    suggestion: &Suggestion,
) -> Result<Option<(Vec<PathBuf>, Imported)>, Refusal> {
    let proposal = &suggestion.proposal;
    if !add.replace {
        sources::need_free(&book.dir, &proposal.name)?;
    }
    let pack = sources::read(&proposal.name, &proposal.texts)?;
    let looked = suggestion.files.iter().filter_map(|at| looked.get(*at));
    let (mut files, sniffed): (Vec<Found>, Vec<&Sniffed>) =
        looked.map(|(file, found)| (file.clone(), found)).unzip();
    // A workbook stands there once for each of its tables.
    files.dedup();
    let tried = try_out(book, &pack, &files)?;
    let mut paths: Vec<PathBuf> = files.into_iter().map(|file| file.path).collect();
    paths.dedup();
    print(&show::proposal(suggestion, &sniffed, &tried, TRIED_ROWS))?;
    if !is_wanted(add, &proposal.name)? {
        eprintln!("nothing was written");
        return Ok(None);
    }
    let written = sources::write(&book.dir, &proposal.name, &proposal.texts, add.replace)?;
    print(&show::wrote(&written))?;
    Ok(Some((paths, tried)))
}

fn try_out(book: &Book, pack: &Pack, files: &[Found]) -> Result<Imported, Refusal> {
    let wanted = Wanted {
        source: None,
        observed_until: None,
        is_dry_run: true,
        is_again: false,
    };
    let options = Options {
        shown: show::SHOWN_FACTS,
        ..wanted.options()?
    };
    let mut head = Head::new(pack, files, TRIED_ROWS)?;
    sources::try_out(book, pack, &mut head, &options)
}

/// A first charter beside the charter folder, where that is still empty; else what the charter, or
/// the draft that somebody may be at work on, does not declare yet.
fn draft(
    book: &Book,
    (streams, passed): (&[Proposed], &[Passed]),
    wishes: &Wishes,
) -> Result<show::Draft, Refusal> {
    let folder = book.dir.canonicalize().unwrap_or_else(|_| book.dir.clone());
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let currency = wishes.currency.as_ref().map(|code| code.to_uppercase());
    let home = stages::Home {
        name: &name,
        zone: wishes.zone.as_deref().unwrap_or("UTC"),
        currency: currency.as_deref(),
    };
    let is_first = !sources::has_charter(book) && !sources::has_draft(book);
    if let Some(texts) = stages::draft(streams, &home, passed).filter(|_| is_first) {
        return sources::write_draft(&book.dir, &texts).map(show::Draft::Written);
    }
    let said = streams.iter().flat_map(|stream| &stream.attributes);
    let is_drafted = sources::has_draft(book) && !sources::has_charter(book);
    let home = if is_drafted {
        "charter-draft"
    } else {
        "charter"
    };
    let known = sources::declared(book, home)?;
    let is_new = |(kind, name, _): &&Attribute| {
        let is_it = |one: &DeclaredAttribute| one.subject.word() == *kind && one.name == *name;
        !known.iter().any(is_it)
    };
    let text = attributes_toml(said.filter(is_new));
    Ok(match text.is_empty() {
        true => show::Draft::Unneeded,
        false => show::Draft::Lacks {
            file: book.dir.join(home).join("attributes.toml"),
            attributes: text,
            is_without_stages: is_first,
        },
    })
}

fn wishes(book: &Book, add: &SourceAdd) -> Wishes {
    let charter = book
        .charter(AsOf::Latest, None)
        .ok()
        .map(|(charter, _)| charter);
    Wishes {
        name: add.name.clone(),
        zone: add.zone.clone(),
        book_zone: charter.map(|charter| charter.calendar.zone_name().to_owned()),
        currency: add.currency.clone(),
        unit: add.unit.as_deref().and_then(Unit::parse),
        day_first: add.dates.map(|order| order.is_day_first()),
        rows: add.rows.as_deref().and_then(Rows::parse),
        taken: Vec::new(),
    }
}

/// A file that a source reads already needs no other.
fn refuse_read_already(book: &Book, files: &[Found]) -> Result<(), Refusal> {
    for pack in book.packs()? {
        for file in files {
            let claims = assign(std::slice::from_ref(&pack), std::slice::from_ref(file));
            let claims = claims.ok().and_then(|claims| claims.into_iter().next());
            // A header alone may fit by chance.
            let is_read =
                claims.is_some_and(|one| !one.read.is_empty() && one.by_header.is_empty());
            if is_read {
                let path = file.path.display();
                let title = format!("source `{}` reads `{path}` already", pack.source);
                return Err(Refusal::new("E0513", title)
                    .matters("with a second source for it every row would count twice")
                    .fix(format!(
                        "handfast import {} {path}\nor --name NAME, for another source of it; \
                         --replace, \
                         to describe it anew",
                        book.dir.display()
                    )));
            }
        }
    }
    Ok(())
}

fn may_ask(add: &SourceAdd) -> bool {
    !add.yes && std::io::stdin().is_terminal()
}

/// Has a question answered by whoever sits there; a script must have said it.
fn answer(question: &Question, add: &SourceAdd, wishes: &mut Wishes) -> Result<(), Refusal> {
    let choices = match question.choices.is_empty() {
        true => "EUR".to_owned(),
        false => question.choices.join(" or "),
    };
    if !may_ask(add) {
        return Err(Refusal::new("E0512", question.text.clone())
            .matters("the files do not say it, and a guess would change every number")
            .fix(format!("{} {choices}", question.option)));
    }
    loop {
        let said = asked(&format!("{} [{choices}] ", question.text))?;
        let Some(said) = said else {
            return Err(stopped());
        };
        match (question.option, said.to_lowercase().as_str()) {
            ("--dates", "dmy") => wishes.day_first = Some(true),
            ("--dates", "mdy") => wishes.day_first = Some(false),
            ("--unit", unit) if Unit::parse(unit).is_some() => wishes.unit = Unit::parse(unit),
            ("--currency", code) => match sources::currency(code) {
                Ok(code) => wishes.currency = Some(code),
                Err(refusal) => {
                    eprintln!("{}", refusal.title);
                    continue;
                }
            },
            _ => continue,
        }
        return Ok(());
    }
}

/// Whether the proposal is to be written.
fn is_wanted(add: &SourceAdd, name: &str) -> Result<bool, Refusal> {
    if add.yes {
        return Ok(true);
    }
    if !may_ask(add) {
        return Err(
            Refusal::new("E0511", "nobody is there to say yes: this is no terminal")
                .matters("nothing was written")
                .fix("--yes     writes the proposal as it is shown"),
        );
    }
    loop {
        let said = asked(&format!(
            "Write sources/{name}? [y]es / [n]o / [e]dit later: "
        ))?;
        match said.as_deref().map(str::to_lowercase).as_deref() {
            Some("y" | "yes") => return Ok(true),
            Some("e" | "edit" | "edit later") => {
                eprintln!(
                    "edit sources/{name}/ before you import; `handfast import --dry-run` tries it \
                     again"
                );
                return Ok(true);
            }
            Some("n" | "no") | None => return Ok(false),
            Some(_) => {}
        }
    }
}

/// One line from the terminal; `None` at its end.
fn asked(prompt: &str) -> Result<Option<String>, Refusal> {
    eprint!("{prompt}");
    let _ = std::io::stderr().flush();
    let mut line = String::new();
    match std::io::stdin().lock().read_line(&mut line) {
        Ok(0) => Ok(None),
        Ok(_) => Ok(Some(line.trim().to_owned())),
        Err(_) => Err(stopped()),
    }
}

fn stopped() -> Refusal {
    Refusal::new("E0511", "the answer never came")
        .matters("nothing was written")
        .fix("--yes     writes the proposal as it is shown")
}

/// The command that would describe files that no source claims.
pub fn hint(book: &Path, files: &[PathBuf]) -> String {
    let names: Vec<String> = files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    format!("handfast source add {} {}", book.display(), names.join(" "))
}
