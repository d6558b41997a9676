//! What a file is: told by its content where content tells, then by its name.

use handfast_model::Refusal;
use handfast_model::pack::FileKind;

use crate::refuse;
use crate::unpack::is_archive;

const PARQUET: &[u8] = b"PAR1";
/// The container of old Excel workbooks, and of new ones under a password.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0";
const PDF: &[u8] = b"%PDF";

/// Endings of names that say which kind of text a file is.
const BY_NAME: [(&str, FileKind); 8] = [
    (".csv", FileKind::Text),
    (".tsv", FileKind::Text),
    (".tab", FileKind::Text),
    (".txt", FileKind::Text),
    (".json", FileKind::Json),
    (".jsonl", FileKind::Json),
    (".ndjson", FileKind::Json),
    (".jsonlines", FileKind::Json),
];

/// Endings that packing adds to a name.
const PACKED: [&str; 4] = [".gz", ".zst", ".zstd", ".gzip"];

/// What a file is, from its first bytes unfolded, its name, and what its stream says.
pub(crate) fn kind(
    head: &[u8],
    name: &str,
    declared: Option<FileKind>,
) -> Result<FileKind, Refusal> {
    if head.starts_with(COMPOUND) {
        let found = "an old Excel workbook (.xls), or one under a password";
        let fix = "save it as .xlsx without a password, or as CSV";
        return Err(refuse::wrong_kind(name, found, fix));
    }
    if head.starts_with(PDF) {
        return Err(refuse::wrong_kind(
            name,
            "a PDF",
            "export the rows as CSV or .xlsx",
        ));
    }
    let by_content = match head {
        _ if head.starts_with(PARQUET) => Some(FileKind::Parquet),
        _ if is_archive(head) => Some(FileKind::Workbook),
        _ => None,
    };
    let is_text = |kind| matches!(kind, FileKind::Text | FileKind::Json);
    match (declared, by_content) {
        (Some(declared), found) if found.is_none_or(is_text) && is_text(declared) => Ok(declared),
        (Some(declared), Some(found)) if declared == found => Ok(found),
        (Some(declared), found) => {
            let found = format!(
                "{}, not {} as its stream says",
                called(found),
                called(Some(declared))
            );
            let fix = "take `format` out of the stream: what a file is is told by its content";
            Err(refuse::wrong_kind(name, &found, fix))
        }
        (None, Some(found)) => Ok(found),
        (None, None) => Ok(text_kind(head, name)),
    }
}

fn called(kind: Option<FileKind>) -> &'static str {
    match kind {
        None | Some(FileKind::Text) => "a text",
        Some(FileKind::Json) => "JSON",
        Some(FileKind::Parquet) => "a Parquet file",
        Some(FileKind::Workbook) => "a workbook",
    }
}

/// CSV or JSON: by the ending of the name, else by the first signs.
fn text_kind(head: &[u8], name: &str) -> FileKind {
    let name = without_packing(name).to_lowercase();
    let named = BY_NAME.iter().find(|(ending, _)| name.ends_with(ending));
    if let Some((_, kind)) = named {
        return *kind;
    }
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let mut signs = head.iter().filter(|byte| !byte.is_ascii_whitespace());
    match (signs.next(), signs.next()) {
        (Some(b'{'), Some(b'"' | b'}')) | (Some(b'['), Some(b'{' | b']')) => FileKind::Json,
        _ => FileKind::Text,
    }
}

/// A name without the ending that packing added.
pub(crate) fn without_packing(name: &str) -> &str {
    let lower = name.to_ascii_lowercase();
    let ending = PACKED.iter().find(|ending| lower.ends_with(**ending));
    let length = name.len() - ending.map_or(0, |ending| ending.len());
    name.get(..length).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_tells_before_the_name_and_the_name_before_the_first_signs() {
        let told =
            |head: &[u8], name: &str, declared| kind(head, name, declared).map_err(|r| r.code);
        for (head, name, expected) in [
            (&b"PAR1"[..], "a.csv", FileKind::Parquet),
            (b"PK\x03\x04", "a.csv", FileKind::Workbook),
            (b"id,name", "a.jsonl", FileKind::Json),
            (b"{\"id\":1}", "a.CSV.gz", FileKind::Text),
            (b"\xef\xbb\xbf {\"id\":1}", "export", FileKind::Json),
            (b"[ {}]", "export.zst", FileKind::Json),
            (b"{id},{name}", "export", FileKind::Text),
            (b"", "export", FileKind::Text),
        ] {
            assert_eq!(told(head, name, None), Ok(expected), "{name}");
        }
        assert_eq!(
            told(b"{}", "a.csv", Some(FileKind::Json)),
            Ok(FileKind::Json)
        );
        assert_eq!(told(b"id", "a.csv", Some(FileKind::Parquet)), Err("E0333"));
        assert_eq!(told(b"PAR1", "a.csv", Some(FileKind::Text)), Err("E0333"));
        assert_eq!(told(COMPOUND, "a.xls", None), Err("E0333"));
        assert_eq!(told(b"%PDF-1.7", "a.pdf", None), Err("E0333"));
    }
}
