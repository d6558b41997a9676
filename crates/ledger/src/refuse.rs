//! Every refusal of the ledger, worded once. Each code has a page in `errors/`.
//!
//! The words say what is refused, which file shows it, what it costs, and how to go on.

use std::path::Path;

use handfast_model::{Place, Refusal};

/// How many versions a refusal lists.
const VERSIONS_SHOWN: usize = 8;

/// A place that means a whole file.
pub(crate) fn whole(path: &Path) -> Place {
    Place {
        file: path.display().to_string(),
        line: 0,
        column: 0,
        width: 0,
        excerpt: String::new(),
    }
}

pub(crate) fn held(path: &Path, holder: &str) -> Refusal {
    let holder = if holder.trim().is_empty() {
        "another process"
    } else {
        holder.trim()
    };
    Refusal::new("E0201", format!("this book is held by {holder}"))
        .at(whole(path))
        .matters("two writers at once could count a row twice, so only one may write")
        .fix("wait until it ends, or end that process by its number; reading needs no lock")
}

pub(crate) fn not_a_book(path: &Path) -> Refusal {
    Refusal::new("E0202", "there is no book here")
        .at(whole(path))
        .matters("nothing was read")
        .fix("handfast init FOLDER starts one; else give the folder of your book")
}

pub(crate) fn already_a_book(path: &Path) -> Refusal {
    Refusal::new("E0203", "there is a book here already")
        .at(whole(path))
        .matters("starting anew would orphan every record it holds")
        .fix("choose an empty folder, or open the book that is there")
}

pub(crate) fn act_too_long(word: &str, bytes: usize) -> Refusal {
    let most = handfast_model::limits::ACT_BYTES;
    let title = format!("the text of this {word} is {bytes} bytes long; at most {most} are kept");
    Refusal::new("E0227", title)
        .matters("nothing was written")
        .fix("say it in fewer words; put long evidence into a file and name it here")
}

pub(crate) fn key_missing(path: &Path) -> Refusal {
    Refusal::new(
        "E0204",
        "the key of this book is missing or is not 32 bytes",
    )
    .at(whole(path))
    .matters("without it no person can be recognised and no sealed column read")
    .fix("put data/keys/book.key back from its own backup")
}

pub(crate) fn key_open(path: &Path) -> Refusal {
    Refusal::new("E0205", "the key of this book can be read by others")
        .at(whole(path))
        .matters("whoever holds the key and the data folder can read every person's columns")
        .fix(format!("chmod 600 {}", path.display()))
}

pub(crate) fn store_unfit(path: &Path, what: &str) -> Refusal {
    Refusal::new(
        "E0206",
        format!("the journal cannot promise durability: {what}"),
    )
    .at(whole(path))
    .matters("an acknowledged row could be lost in a power cut")
    .fix("keep data/ on a local file system, and use the program's own SQLite")
}

pub(crate) fn segment_damaged(path: &Path, what: &str) -> Refusal {
    Refusal::new("E0207", format!("a segment is damaged: {what}"))
        .at(whole(path))
        .matters("its rows are not counted rather than counted wrong: no answer is given")
        .fix("put this file back from a backup of data/segments, then: handfast verify")
}

pub(crate) fn segment_missing(path: &Path) -> Refusal {
    Refusal::new("E0208", "a segment that the journal names is missing")
        .at(whole(path))
        .matters("its rows are not counted rather than counted wrong: no answer is given")
        .fix("put this file back from a backup of data/segments, then: handfast verify")
}

pub(crate) fn journal_damaged(path: &Path, what: &str) -> Refusal {
    Refusal::new("E0209", format!("the journal is damaged: {what}"))
        .at(whole(path))
        .matters("no answer is given and nothing is written on top of it")
        .fix("put data/ back from a backup, then: handfast verify")
}

pub(crate) fn chain_broken(path: &Path, seq: u64, what: &str) -> Refusal {
    Refusal::new(
        "E0210",
        format!("commit {seq} is not what was written: {what}"),
    )
    .at(whole(path))
    .matters(format!("no answer after commit {seq} can be proved"))
    .fix("put data/ back from a backup; if you have one from before, compare the two")
}

pub(crate) fn fenced(path: &Path) -> Refusal {
    Refusal::new("E0211", "another process has taken this book over")
        .at(whole(path))
        .matters("this commit was not written; the other process decides what is")
        .fix("open the book again")
}

pub(crate) fn flush_failed(path: &Path, what: &str) -> Refusal {
    Refusal::new(
        "E0212",
        format!("writing failed, so the ledger has stopped: {what}"),
    )
    .at(whole(path))
    .matters("nothing unacknowledged is known to be on disk, and a retried flush can lie")
    .fix("look at the disk, then open the book again: it recovers what was acknowledged")
}

pub(crate) fn disk_full(path: &Path) -> Refusal {
    Refusal::new("E0213", "the disk is full")
        .at(whole(path))
        .matters("this commit was not written, not even in part; reading goes on")
        .fix("free some space, then repeat the command")
}

pub(crate) fn not_yet(asked: u64, last: u64) -> Refusal {
    Refusal::new(
        "E0214",
        format!("commit {asked} is not in the book; its last is {last}"),
    )
    .matters("an answer as of a commit to come would change when it comes")
    .fix(format!("--as-of {last}"))
}

pub(crate) fn no_column(stream: &str, file: &str, column: &str, role: &str) -> Refusal {
    Refusal::new(
        "E0215",
        format!("{file} has no column `{column}`, which stream `{stream}` names as its {role}"),
    )
    .at(whole(Path::new(file)))
    .matters("rows could be counted twice or kept unsealed, so none of this file was taken in")
    .fix(format!(
        "name the right column under [[stream]] name = \"{stream}\", or move the file to a \
        stream of its own"
    ))
}

pub(crate) fn busy(what: &str) -> Refusal {
    Refusal::new("E0216", format!("{what} while an import is under way"))
        .matters("both would change what is known of the same rows")
        .fix("repeat it when the import has ended")
}

pub(crate) fn read_only() -> Refusal {
    Refusal::new("E0217", "this book was opened for reading only").fix("open it for writing")
}

pub(crate) fn unreadable(path: &Path, what: &str) -> Refusal {
    Refusal::new("E0218", format!("a sealed text cannot be opened: {what}"))
        .at(whole(path))
        .matters("the personal columns of this row are not shown; no count changes")
        .fix("put data/keys back from its own backup, then: handfast verify")
}

pub(crate) fn other_key(path: &Path) -> Refusal {
    Refusal::new("E0218", "this is not the key the book was made with")
        .at(whole(path))
        .matters("under another key every row and person would be new and be counted twice")
        .fix("put data/keys/book.key back from its own backup, then: handfast verify")
}

pub(crate) fn slots_damaged(path: &Path, what: &str) -> Refusal {
    Refusal::new("E0219", format!("the file of key slots is damaged: {what}"))
        .at(whole(path))
        .matters("the personal columns of some people cannot be read; no count changes")
        .fix("put data/keys/slots back from its own backup, then: handfast verify")
}

pub(crate) fn slots_short(path: &Path, slot: u64) -> Refusal {
    let what = format!("it ends before slot {slot}, which the journal names");
    slots_damaged(path, &what).matters(
        "a new person would get an earlier one's slot, so nothing is written; no count changes",
    )
}

pub(crate) fn uneven(what: impl Into<String>) -> Refusal {
    Refusal::new(
        "E0220",
        format!("the import does not add up: {}", what.into()),
    )
    .matters("nothing of this commit was written")
    .fix("this is a defect of the program or of a pack: please report it with this text")
}

/// A commit that fell by a fault of ours, with these words.
pub(crate) fn fell(words: &str) -> Refusal {
    Refusal::new("E0220", format!("the commit fell: {words}"))
        .matters("nothing of this commit was written")
        .fix("this is a defect of the program: please report it with this text")
}

pub(crate) fn too_new(path: &Path, format: i64) -> Refusal {
    Refusal::new(
        "E0221",
        format!("this book has format {format}, which this program does not know"),
    )
    .at(whole(path))
    .matters("nothing was read or written")
    .fix("open it with the newer program that wrote it")
}

pub(crate) fn unknown_import(run: u64) -> Refusal {
    Refusal::new("E0222", format!("the book knows no import {run}"))
        .fix("an import says its number when it ends")
}

pub(crate) fn nothing_to_undo() -> Refusal {
    Refusal::new("E0261", "no import of this book is left to take back")
        .fix("handfast import list BOOK shows the imports, and which were taken back")
}

pub(crate) fn undone_already(run: u64) -> Refusal {
    Refusal::new("E0261", format!("import {run} was taken back before"))
        .matters("taking it back once more would change nothing")
        .fix("to have its rows again, import the same files again: they come in as new")
}

pub(crate) fn undo_newer_first(run: u64, source: &str, later: &[u64]) -> Refusal {
    let order: Vec<String> = later.iter().chain([&run]).map(u64::to_string).collect();
    Refusal::new(
        "E0262",
        format!(
            "import {run} of {source} is not its newest: {} came after it",
            later.len()
        ),
    )
    .matters("the later ones were told apart from what it brought, so they rest on it")
    .fix(format!(
        "take them back one after another, in this order: {}",
        order.join(", ")
    ))
}

/// The hashes are without their kind, newest first. `named` of them begin with `asked`: one is too
/// few only where `asked` is too short.
pub(crate) fn which_charter(asked: &str, named: usize, known: &[String]) -> Refusal {
    let title = match named {
        0 => format!("the book knows no charter version `{asked}`"),
        1 => format!("`{asked}` is too short to name a charter version"),
        _ => format!("`{asked}` fits {named} charter versions"),
    };
    let shown = known.iter().take(VERSIONS_SHOWN);
    let shown: Vec<&str> = shown.map(|hash| hash.get(..12).unwrap_or(hash)).collect();
    let fix = match known.len() {
        0 => "handfast charter publish BOOK puts the first version into force".to_owned(),
        few if few <= VERSIONS_SHOWN => format!("--charter one of: {}", shown.join(", ")),
        _ => format!(
            "--charter one of: {}, or an older one: handfast charter log BOOK lists all",
            shown.join(", ")
        ),
    };
    Refusal::new("E0222", title)
        .matters("an answer rests on one definition: 6 or more digits of a hash must name it alone")
        .fix(fix)
}

pub(crate) fn journal_short(path: &Path, seq: u64, head: &Path) -> Refusal {
    Refusal::new(
        "E0224",
        format!("the journal ends before commit {seq}, which was acknowledged"),
    )
    .at(whole(path))
    .matters("what the book was told since is not in it, so every answer would be an old one")
    .fix(format!(
        "put data/ back from a backup as a whole, with journal.sqlite-wal if it is there; to go \
         on with the older journal, remove {}",
        head.display()
    ))
}

pub(crate) fn other_history(path: &Path, seq: u64, head: &Path) -> Refusal {
    Refusal::new(
        "E0224",
        format!("commit {seq} of the journal is not the one that was acknowledged"),
    )
    .at(whole(path))
    .matters("the journal is from another copy of this book than the files beside it")
    .fix(format!(
        "put data/ back from a backup as a whole; to go on with this journal, remove {}",
        head.display()
    ))
}

pub(crate) fn restless(path: &Path) -> Refusal {
    Refusal::new("E0225", "the book changed each time it was to be copied")
        .at(whole(path))
        .matters("a copy is of one moment, so none was kept")
        .fix("repeat it when no compaction and no forgetting is under way")
}

pub(crate) fn io(path: &Path, doing: &str, error: &std::io::Error) -> Refusal {
    if error.kind() == std::io::ErrorKind::StorageFull {
        return disk_full(path);
    }
    Refusal::new("E0223", format!("{doing} failed: {error}"))
        .at(whole(path))
        .matters("the step was not taken")
        .fix("look at the folder's permissions and the disk, then repeat the command")
}
