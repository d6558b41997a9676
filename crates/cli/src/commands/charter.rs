//! `handfast charter`: check, diff, publish. What people agree on is in `agree`.

use std::path::Path;
use std::process::ExitCode;

use handfast_charter::{TextFile, diff, read_charter, read_pack};
use handfast_model::{Charter, Refusal};
use handfast_service::book::{Book, CHARTER, first, texts_of};
use handfast_service::checks;

use super::import::tell_breaches;
use crate::args::CharterAction;
use crate::print;

/// Runs one action.
pub fn run(action: &CharterAction) -> Result<ExitCode, Refusal> {
    match action {
        CharterAction::Check { folder } => check(folder),
        CharterAction::Diff { old, new } => {
            let (old, new) = (read(old)?, read(new)?);
            let changes = diff(&old, &new);
            if changes.is_empty() {
                return print("the two charters mean the same");
            }
            print(
                &changes
                    .iter()
                    .map(|change| format!("{change}\n"))
                    .collect::<String>(),
            )
        }
        CharterAction::Publish { book } => {
            let book = Book::open(book, &super::opening())?;
            let seq = book.publish(super::now())?;
            if seq.is_some() {
                tell_breaches(&checks::after_commit(&book));
            }
            match seq {
                Some(seq) => print(&format!("the charter is in force from ledger {seq} on")),
                None => print("nothing changed: this charter is already in force"),
            }
        }
        other => super::agree::charter(other),
    }
}

/// All refusals of a folder's charter (and of a book's sources), not only the first.
fn check(folder: &Path) -> Result<ExitCode, Refusal> {
    let (texts, sources) = texts(folder)?;
    let mut refusals = read_charter(&texts).err().unwrap_or_default();
    for (name, files) in &sources {
        match read_pack(name, files) {
            Ok(pack) => refusals.extend(handfast_engine::packs::check(&pack)),
            Err(found) => refusals.extend(found),
        }
    }
    if refusals.is_empty() {
        let charter = read_charter(&texts).map_err(first)?;
        let (stages, attributes) = (charter.steps.len(), charter.attributes.len());
        let name = if charter.name.is_empty() {
            "a charter without a name"
        } else {
            &charter.name
        };
        let (hash, packs) = (&charter.hash, sources.len());
        return print(&format!(
            "sound: {name}, {stages} stages, {attributes} attributes, {packs} source packs\n  \
            {hash}{}",
            unwritten(&texts)
        ));
    }
    for refusal in &refusals {
        eprintln!("{refusal}\n");
    }
    eprintln!("{} refusals", refusals.len());
    Ok(ExitCode::from(1))
}

/// The lines of a draft that still wait for somebody's words.
fn unwritten(texts: &[TextFile]) -> String {
    let lines = texts.iter().flat_map(|file| {
        let lines = (1..).zip(file.text.lines());
        let waiting = lines.filter(|(_, line)| line.contains("\"WRITE: "));
        waiting.map(move |(number, _)| format!("{}:{number}", file.path))
    });
    let lines: Vec<String> = lines.collect();
    match lines.as_slice() {
        [] => String::new(),
        lines => format!(
            "\n  not yet in your words: {} still say \"WRITE: …\"",
            lines.join(", ")
        ),
    }
}

type Sources = Vec<(String, Vec<TextFile>)>;

/// The texts of a book, of an example, or of a bare charter folder.
fn texts(folder: &Path) -> Result<(Vec<TextFile>, Sources), Refusal> {
    let charter = folder.join("charter");
    if !charter.is_dir() {
        return Ok((
            texts_of(folder, &folder.display().to_string(), CHARTER)?,
            Vec::new(),
        ));
    }
    let mut sources = Vec::new();
    let mut names: Vec<_> = std::fs::read_dir(folder.join("sources"))
        .map(|entries| {
            entries
                .filter_map(|entry| entry.ok().map(|entry| entry.path()))
                .collect()
        })
        .unwrap_or_default();
    names.sort();
    for path in names.into_iter().filter(|path| path.is_dir()) {
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let label = format!("sources/{name}");
        sources.push((label.clone(), texts_of(&path, &label, &["toml", "sql"])?));
    }
    Ok((texts_of(&charter, "charter", CHARTER)?, sources))
}

fn read(folder: &Path) -> Result<Charter, Refusal> {
    read_charter(&texts(folder)?.0).map_err(first)
}
