//! The refusals of this room: what could not be read, and how to mend it.

use std::io;
use std::path::Path;

use handfast_model::Refusal;
use handfast_model::pack::Stream;

/// A file that cannot be read. A refusal that travelled inside an input error comes out as it is.
pub(crate) fn unreadable(name: &str, error: &io::Error) -> Refusal {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    if let Some(refusal) = inner {
        let refusal: &Refusal = refusal;
        return refusal.clone();
    }
    Refusal::new(
        "E0301",
        format!("the file `{name}` cannot be read: {error}"),
    )
    .matters("nothing of it is imported")
    .fix("check that the path is right and that you may read the file")
}

pub(crate) fn unknown_encoding(stream: &Stream) -> Refusal {
    let label = stream.format.encoding.as_deref().unwrap_or("");
    let title = format!("no encoding is called `{label}` (stream `{}`)", stream.name);
    Refusal::new("E0304", title)
        .matters("its files cannot be read as text")
        .fix("encoding = \"utf-8\"     or \"utf-16\", \"latin-1\", \"windows-1250\", \"shift_jis\"")
}

/// A file of UTF-8 whose stream says otherwise: `é` would become `Ã©` in every row.
pub(crate) fn is_utf8(name: &str, stream: &Stream) -> Refusal {
    let label = stream.format.encoding.as_deref().unwrap_or("");
    let title = format!(
        "`{name}` is UTF-8 throughout, and its stream `{}` says `encoding = \"{label}\"`",
        stream.name
    );
    Refusal::new("E0373", title)
        .matters("every letter beyond ASCII would become two others: é would be Ã©")
        .fix("encoding = \"utf-8\"     or no `encoding` at all")
}

pub(crate) fn broken_header(name: &str, reason: &str) -> Refusal {
    let title = format!("the header of `{name}` cannot be read: {reason}");
    Refusal::new("E0305", title)
        .matters("without column names no row of the file can be read")
        .fix("export the file again, or declare `delimiter`, `quote` and `encoding` of its stream")
}

/// A packed file that unfolds to more than it may.
pub(crate) fn unfolds_too_far(name: &str, limit: &str) -> Refusal {
    Refusal::new("E0330", format!("`{name}` unpacks to more than {limit}"))
        .matters("a small file that fills a disk or memory is refused before it does")
        .fix("unpack it yourself and import the file inside, if you trust where it comes from")
}

/// A packing that cannot be undone.
pub(crate) fn packing(name: &str, why: &str) -> Refusal {
    Refusal::new("E0331", format!("`{name}` cannot be unpacked: {why}"))
        .matters("nothing of it is imported")
        .fix("unpack it and import the files inside; gzip, zstd and zip (deflated) are read")
}

/// More files than an import may have.
pub(crate) fn too_many(what: &str) -> Refusal {
    Refusal::new("E0332", what.to_owned())
        .matters("nothing was imported")
        .fix("import it in several parts")
}

/// A file that is not what its stream says, or nothing that is read here.
pub(crate) fn wrong_kind(name: &str, found: &str, fix: &str) -> Refusal {
    Refusal::new("E0333", format!("`{name}` is {found}"))
        .matters("nothing of it is imported")
        .fix(fix.to_owned())
}

pub(crate) fn json(name: &str, why: &str) -> Refusal {
    Refusal::new("E0334", format!("`{name}` cannot be read as JSON: {why}"))
        .matters("nothing of it is imported")
        .fix("write one object of plain values per row: {\"id\": 1, \"name\": \"Ann\"}")
}

pub(crate) fn parquet(name: &str, why: &str) -> Refusal {
    Refusal::new(
        "E0335",
        format!("`{name}` cannot be read as Parquet: {why}"),
    )
    .matters("what was committed before stays; the rest of the file is not imported")
    .fix("export the file again, or as CSV")
}

pub(crate) fn workbook(name: &str, why: &str) -> Refusal {
    Refusal::new(
        "E0336",
        format!("`{name}` cannot be read as a workbook: {why}"),
    )
    .matters("what was committed before stays; the rest of the file is not imported")
    .fix("open it in a spreadsheet program and save it again as .xlsx, or as CSV")
}

pub(crate) fn no_sheet(name: &str, wanted: &str, sheets: &[String]) -> Refusal {
    let known: Vec<String> = sheets.iter().map(|sheet| format!("`{sheet}`")).collect();
    Refusal::new("E0337", format!("`{name}` has no sheet {wanted}"))
        .matters("the rows of its stream stand on that sheet")
        .fix(format!(
            "sheet = \"…\" in the stream, with one of its sheets: {}",
            known.join(", ")
        ))
}

pub(crate) fn nothing_fits(pattern: &str) -> Refusal {
    Refusal::new("E0338", format!("no file fits `{pattern}`"))
        .matters("nothing was imported")
        .fix("check the path; `*` stands for any name, `**` for any folders")
}

pub(crate) fn no_folder(source: &str, folder: &Path) -> Refusal {
    let title = format!(
        "the folder of source `{source}` is not there: {}",
        folder.display()
    );
    Refusal::new("E0339", title)
        .matters("nothing new of this source can be found")
        .fix("make it, or mend `folder` in its source.toml; it is meant from the book's folder")
}
