//! `handfast import`: files to sources by their patterns, sources one after another, a report that
//! adds up.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use handfast_connect::{Claims, Files, files, find, folder};
use handfast_ledger::FileAccount;
use handfast_model::pack::Pack;
use handfast_model::{Day, Refusal};
use handfast_service::aside;
use handfast_service::book::Book;
use handfast_service::checks::{self, Checked};
use handfast_service::ingest::{self, Imported, Options};
use serde_json::json;

use super::imports;
use crate::args::{Import, ImportAction};
use crate::print;
use crate::progress::Progress;
use handfast_model::money::grouped;

/// Imports, exports what is set aside, lists imports or takes one back.
pub fn run(args: &Import) -> Result<ExitCode, Refusal> {
    let book = match (&args.action, &args.book) {
        (Some(ImportAction::List { book }), _) => return imports::list(book),
        (Some(ImportAction::Undo { book, run }), _) => return imports::undo(book, *run),
        (None, Some(book)) => book,
        (None, None) => return Ok(ExitCode::FAILURE),
    };
    if let Some(file) = &args.export_set_aside {
        let rows = aside::export(&Book::read(book, super::now())?, file)?;
        return print(&format!(
            "{rows} rows that are set aside were written to {}",
            file.display()
        ));
    }
    let day = |text: &String| {
        Day::parse(text).ok_or_else(|| {
            Refusal::new("E0404", format!("`{text}` is not a day"))
                .fix("--observed-until 2018-03-31")
        })
    };
    let wanted = Wanted {
        source: args.source.as_deref(),
        observed_until: args.observed_until.as_ref().map(day).transpose()?,
        is_dry_run: args.dry_run,
        is_again: args.again,
    };
    if let Some(file) = &args.mended {
        return imports::mend(book, file, &wanted, args.json);
    }
    let done = import(book, &args.files, &wanted)?;
    match args.json {
        true => print(&to_json(&done)),
        false => print(&report(&done, args.dry_run)),
    }
}

/// Imports files with nothing said about them; prints the report on stderr.
pub fn import_paths(book: &Path, files: &[PathBuf]) -> Result<(), Refusal> {
    let done = import(
        book,
        files,
        &Wanted {
            source: None,
            observed_until: None,
            is_dry_run: false,
            is_again: false,
        },
    )?;
    eprint!("{}", report(&done, false));
    Ok(())
}

/// What an import did, and where the first rows stand that it set aside.
struct Done {
    imported: Imported,
    places: Vec<String>,
}

/// Rows set aside that the report names; `--export-set-aside` gives all of them.
const NAMED: usize = 5;

fn places(book: &Book, imported: &Imported) -> Result<Vec<String>, Refusal> {
    let is_some = imported.files.iter().any(|file| !file.set_aside.is_empty());
    let Some(report) = imported.report.as_ref().filter(|_| is_some) else {
        return Ok(Vec::new());
    };
    let rows = book.ledger.set_aside_rows(report.run)?;
    let mut places: Vec<String> = rows
        .iter()
        .take(NAMED)
        .map(|row| match row.column.as_str() {
            "" => format!("{}:{}: {}", row.file, row.line, row.reason),
            column => format!("{}:{}, {column}: {}", row.file, row.line, row.reason),
        })
        .collect();
    if rows.len() > NAMED {
        let more = rows.len() - NAMED;
        places.push(format!(
            "and {more} more; --export-set-aside FILE writes them all"
        ));
    }
    Ok(places)
}

/// What is said about an import.
pub(super) struct Wanted<'a> {
    pub source: Option<&'a str>,
    pub observed_until: Option<Day>,
    pub is_dry_run: bool,
    pub is_again: bool,
}

impl Wanted<'_> {
    /// The same for the service.
    pub(super) fn options(&self) -> Result<Options<'static>, Refusal> {
        let exe = std::env::current_exe().map_err(|error| {
            Refusal::new(
                "E0254",
                format!("this program's own file cannot be found: {error}"),
            )
            .fix("reinstall handfast")
        })?;
        Ok(Options {
            exe,
            now: super::now(),
            observed_until: self.observed_until,
            is_dry_run: self.is_dry_run,
            shown: 0,
            stop: stop_on_interrupt(),
        })
    }
}

fn import(dir: &Path, files: &[PathBuf], wanted: &Wanted<'_>) -> Result<Vec<Done>, Refusal> {
    let book = Book::open(dir, &super::opening())?;
    let packs = packs(&book, wanted.source)?;
    let options = wanted.options()?;
    let mut done = Vec::new();
    let (claims, known) = match files {
        [] => new_in_folders(&book, &packs, wanted.is_again)?,
        _ => (claimed(dir, &packs, files)?, Vec::new()),
    };
    for file in &known {
        eprintln!("note: {file} is known: it was imported before, and --again reads it again");
    }
    if claims.is_empty() {
        eprintln!("note: nothing is new in the folders of the sources");
    }
    for (pack, claims) in claims {
        if options.stop.load(Ordering::Relaxed) {
            break;
        }
        let rows = files::line_ends(&claims);
        let mut source = Files::of(pack, claims);
        let mut progress = Progress::new(rows);
        let imported = ingest::import(&book, pack, &mut source, &options, &mut |file, rows| {
            progress.at(rows, file);
        });
        progress.finish();
        for note in source.notes() {
            eprintln!("note: {}: {}", note.file, note.text);
        }
        for (file, reason) in &source.claims().left {
            eprintln!("note: {file} is left alone: {reason}");
        }
        let imported = imported?;
        tell_breaches(&imported.checked);
        let places = places(&book, &imported)?;
        done.push(Done { imported, places });
    }
    Ok(done)
}

/// Says that something does not hold of what a command touched, which stops nothing.
pub(super) fn tell_breaches(checked: &Checked) {
    for line in checks::lines(checked) {
        eprintln!("{line}");
    }
    if !checked.found.is_empty() {
        eprintln!("what was written is there; answers that rest on it carry W0115");
    }
}

/// The same, and what of it was not looked at, of a command whose report does not say it.
pub(super) fn tell_checked(checked: &Checked) {
    tell_breaches(checked);
    if let Some(left) = checked.left_of_much() {
        eprintln!("note: {left}");
    }
}

/// The line of a report about what was not looked at: the newest look is at all that came since
/// the one before.
pub(super) fn left_line(last: Option<&Imported>) -> String {
    let left = last.and_then(|last| last.checked.left());
    left.map_or_else(String::new, |left| format!("  {left}\n"))
}

fn packs(book: &Book, wanted: Option<&str>) -> Result<Vec<Pack>, Refusal> {
    let mut packs = book.packs()?;
    let known: Vec<String> = packs.iter().map(|pack| pack.source.clone()).collect();
    if let Some(wanted) = wanted {
        packs.retain(|pack| pack.source == wanted);
    }
    if packs.is_empty() {
        let title = match wanted {
            Some(wanted) => format!("this book has no source `{wanted}`"),
            None => "this book has no source yet".to_owned(),
        };
        let fix = match known.is_empty() {
            true => format!(
                "handfast source add {} FILE…     proposes one from the files",
                book.dir.display()
            ),
            false => format!("one of: {}", known.join(", ")),
        };
        return Err(Refusal::new("E0504", title)
            .matters("nothing was imported")
            .fix(fix));
    }
    Ok(packs)
}

/// A source and the files that are claimed for it.
type ClaimsOf<'p> = (&'p Pack, Claims);

/// The files of each pack that has any: a file belongs to the one source with a stream that claims
/// it.
fn claimed<'p>(
    dir: &Path,
    packs: &'p [Pack],
    paths: &[PathBuf],
) -> Result<Vec<ClaimsOf<'p>>, Refusal> {
    let claims = files::assign(packs, &find(paths)?);
    let claims = claims.map_err(|refusal| unclaimed(refusal, dir, paths))?;
    let claims = packs.iter().zip(claims);
    let has_any =
        |(_, claims): &(&Pack, Claims)| !claims.read.is_empty() || !claims.left.is_empty();
    Ok(claims.filter(has_any).collect())
}

/// What is new in the folders that sources name, and the names of the files that are known.
fn new_in_folders<'p>(
    book: &Book,
    packs: &'p [Pack],
    is_again: bool,
) -> Result<(Vec<ClaimsOf<'p>>, Vec<String>), Refusal> {
    let (mut claims, mut known, mut has_folder) = (Vec::new(), Vec::new(), false);
    for pack in packs {
        let Some(place) = &pack.folder else { continue };
        has_folder = true;
        let before = book.ledger.known_files(&pack.source, &pack.version)?;
        let found = folder::look(&pack.source, &book.dir.join(place), &before, is_again)?;
        known.extend(found.known);
        let of_pack = files::assign(std::slice::from_ref(pack), &found.new)?;
        claims.extend(of_pack.into_iter().map(|claims| (pack, claims)));
    }
    if !has_folder {
        return Err(
            Refusal::new("E0340", "no file was given, and no source names a folder")
                .matters("nothing was imported")
                .fix(format!(
                    "handfast import {0} exports/*.csv\n\
                 or folder = \"../exports\" at the top of a source.toml, then handfast import {0}",
                    book.dir.display()
                )),
        );
    }
    claims.retain(|(_, claims)| !claims.read.is_empty());
    Ok((claims, known))
}

/// A file that no source claims can be described by the program itself.
fn unclaimed(mut refusal: Refusal, book: &Path, files: &[PathBuf]) -> Refusal {
    if refusal.code == "E0302" {
        let mut fix = refusal.fix.take().unwrap_or_default();
        fix.push_str("\nor let it be described: ");
        fix.push_str(&super::source::hint(book, files));
        refusal.fix = Some(fix);
    }
    refusal
}

/// The first interrupt ends after the batch under way; a second one ends at once. One flag serves
/// the whole process: a handler can be set only once, and `demo` imports several times.
fn stop_on_interrupt() -> &'static AtomicBool {
    static STOP: AtomicBool = AtomicBool::new(false);
    let _ = ctrlc::try_set_handler(|| {
        if STOP.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
        eprintln!(
            "stopping after this batch; what is committed stays, \
             importing again goes on from here"
        );
    });
    &STOP
}

fn report(done: &[Done], is_dry_run: bool) -> String {
    let mut text = String::new();
    for Done { imported, places } in done {
        let verb = if is_dry_run {
            "would import"
        } else {
            "imported"
        };
        text.push_str(&format!("{verb} {}\n", imported.source));
        for file in &imported.files {
            text.push_str(&file_line(file, is_dry_run));
        }
        for place in places {
            text.push_str(&format!("      {place}\n"));
        }
        if let Some(until) = imported
            .report
            .as_ref()
            .and_then(|report| report.observed_until)
        {
            let how = match imported
                .report
                .as_ref()
                .is_some_and(|report| report.is_declared)
            {
                true => "declared",
                false => "its latest fact; declare it with --observed-until",
            };
            text.push_str(&format!("  shows everything until {until} ({how})\n"));
        }
        if imported.is_stopped {
            text.push_str("  stopped before the end; import again to go on\n");
        }
    }
    text.push_str(&left_line(done.last().map(|done| &done.imported)));
    text
}

pub(super) fn file_line(file: &FileAccount, is_dry_run: bool) -> String {
    let n = |count: u64| grouped(&count.to_string());
    let ignored: u64 = file.ignored.values().sum();
    let set_aside: u64 = file.set_aside.values().sum();
    let mut text = format!(
        "  {}: {} rows = {} mapped + {} reference + {} ignored + {} set aside; {} facts",
        file.file,
        n(file.rows),
        n(file.mapped),
        n(file.reference),
        n(ignored),
        n(set_aside),
        n(file.facts)
    );
    let deleted = match is_dry_run {
        true => "records would be deleted: the file holds them no longer",
        false => "records deleted: the file holds them no longer",
    };
    for (count, what) in [
        (file.known, "known already"),
        (file.deleted, deleted),
        (file.left_out, "of forgotten people"),
    ] {
        if count > 0 {
            text.push_str(&format!(", {} {what}", n(count)));
        }
    }
    text.push('\n');
    for (why, count) in file.ignored.iter() {
        text.push_str(&format!("      ignored    {:>9}  {why}\n", n(*count)));
    }
    for (why, count) in file.set_aside.iter() {
        text.push_str(&format!("      set aside  {:>9}  {why}\n", n(*count)));
    }
    text
}

fn to_json(done: &[Done]) -> String {
    let files: Vec<_> = done
        .iter()
        .map(|done| &done.imported)
        .flat_map(files_json)
        .collect();
    let seq = done
        .iter()
        .filter_map(|done| done.imported.report.as_ref())
        .map(|report| report.seq.0)
        .max();
    let is_stopped = done.iter().any(|done| done.imported.is_stopped);
    let last = done.last();
    let left = last.and_then(|done| done.imported.checked.left());
    json!({"files": files, "seq": seq, "is_stopped": is_stopped, "not_looked_at": left}).to_string()
}

/// The files of an import with their accounts.
pub(super) fn files_json(imported: &Imported) -> Vec<serde_json::Value> {
    let file = |file: &FileAccount| {
        json!({
            "source": imported.source,
            "stream": file.stream,
            "file": file.file,
            "rows": file.rows,
            "mapped": file.mapped,
            "reference": file.reference,
            "ignored": file.ignored.values().sum::<u64>(),
            "set_aside": file.all_set_aside(),
            "ignored_by": file.ignored,
            "set_aside_by": file.set_aside,
            "known": file.known,
            "deleted": file.deleted,
            "left_out": file.left_out,
            "facts": file.facts,
        })
    };
    imported.files.iter().map(file).collect()
}
