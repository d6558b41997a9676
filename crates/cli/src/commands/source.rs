//! `handfast source`: a source for files that nobody has described yet, told from the files
//! themselves; and the sources that a book has.

mod show;

use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use handfast_connect::find::{Found, find};
use handfast_connect::sniff::Written;
use handfast_model::Refusal;
use handfast_model::parse::DecimalMark;
use handfast_packs::propose::{Question, Wishes};
use handfast_packs::suggest::Suggestion;
use handfast_packs::understand::Rows;
use handfast_packs::units::Unit;
use handfast_service::book::Book;
use handfast_service::sources;
use handfast_wizard::{self as wizard, Looked, Offer, Tried};

use crate::args::{SourceAction, SourceAdd};
use crate::commands::import::Wanted;
use crate::print;

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
    let book = Book::open(&add.book, &super::opening())?;
    let mut wishes = wizard::wishes(&book, said(add))?;
    let found = find(&add.files)?;
    if !add.replace && add.name.is_none() {
        refuse_read_already(&book, &found)?;
    }
    let looked = wizard::look(found, &written(add))?;
    let mut suggestions = looked.suggest(&wishes);
    let questions: Vec<Question> = suggestions
        .iter()
        .flat_map(|one| one.proposal.questions.clone())
        .collect();
    if !questions.is_empty() {
        for question in &questions {
            answer(question, add, &mut wishes)?;
        }
        suggestions = looked.suggest(&wishes);
    }
    let (mut added, mut paths, mut passed) = (Vec::new(), Vec::new(), Vec::new());
    for suggestion in &suggestions {
        if let Some((files, tried)) = add_one(&book, add, &looked, suggestion)? {
            added.extend(suggestion.proposal.streams.iter().cloned());
            paths.extend(files);
            passed.extend(tried.passed());
        }
    }
    if paths.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    paths.dedup();
    let draft = wizard::drafted(&book, (&added, &passed), &wishes)?;
    print(&show::next(&book.dir, &draft, &paths))
}

/// Shows one proposed source, asks, and writes it; the files it reads and what a try gave, where it
/// was wanted.
fn add_one(
    book: &Book,
    add: &SourceAdd,
    looked: &Looked,
    suggestion: &Suggestion,
) -> Result<Option<(Vec<PathBuf>, Tried)>, Refusal> {
    let name = &suggestion.proposal.name;
    if !add.replace {
        sources::need_free(&book.dir, name)?;
    }
    let offer = Offer::of(looked, suggestion, None)?;
    let wanted = Wanted {
        source: None,
        observed_until: None,
        is_dry_run: true,
        is_again: false,
    };
    let tried = offer.try_out(book, wanted.options()?)?;
    print(&show::proposal(suggestion, &offer.sniffed, &tried.imported))?;
    if !is_wanted(add, name)? {
        eprintln!("nothing was written");
        return Ok(None);
    }
    let written = wizard::save(book, name, &offer.texts, add.replace)?;
    print(&show::wrote(&written))?;
    Ok(Some((offer.paths(), tried)))
}

/// What was said on the command line.
fn said(add: &SourceAdd) -> Wishes {
    Wishes {
        name: add.name.clone(),
        zone: add.zone.clone(),
        book_zone: None,
        currency: add.currency.clone(),
        unit: add.unit.as_deref().and_then(Unit::parse),
        day_first: add.dates.map(|order| order.is_day_first()),
        decimal: add.decimal.as_deref().and_then(DecimalMark::parse),
        rows: add.rows.as_deref().and_then(Rows::parse),
        columns: Vec::new(),
        taken: Vec::new(),
    }
}

/// How texts are written, as far as that was said.
fn written(add: &SourceAdd) -> Written {
    let tab = |text: &String| {
        if text == "tab" {
            b'\t'
        } else {
            first_byte(text)
        }
    };
    Written {
        encoding: add.encoding.clone(),
        delimiter: add.delimiter.as_ref().map(tab),
        skip_rows: add.skip_rows,
        header_rows: add.header_rows,
    }
}

fn first_byte(text: &str) -> u8 {
    text.bytes().next().unwrap_or(b',')
}

/// A file that a source reads already needs no other.
fn refuse_read_already(book: &Book, files: &[Found]) -> Result<(), Refusal> {
    let Some((file, source)) = wizard::read_already(book, files)?.into_iter().next() else {
        return Ok(());
    };
    let path = file.path.display();
    let title = format!("source `{source}` reads `{path}` already");
    Err(Refusal::new("E0513", title)
        .matters("with a second source for it every row would count twice")
        .fix(format!(
            "handfast import {} {path}\nor --name NAME, for another source of it; --replace, \
             to describe it anew",
            book.dir.display()
        )))
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
