//! How much a workbook unfolds to, measured before it is read.
//!
//! A workbook is a zip archive of XML. Its reader holds some parts whole and every piece of XML
//! (a tag, a text, a comment) whole, so both must have an end; what the archive says of their sizes
//! is not believed.

use std::io::{Read, Seek};

use handfast_model::limits::{
    ARCHIVE_MEMBERS, ROW_BYTES, SHEET_BYTES, UNPACKED_FREE_BYTES, UNPACKED_RATIO,
    WORKBOOK_PART_BYTES,
};
use zip::ZipArchive;

/// Unfolds every part that the reader may open, and says what is too much.
pub(crate) fn check_parts(workbook: impl Read + Seek) -> Result<(), String> {
    let mut archive = ZipArchive::new(workbook).map_err(|error| error.to_string())?;
    if archive.len() > ARCHIVE_MEMBERS {
        return Err(format!("it has more than {ARCHIVE_MEMBERS} parts"));
    }
    for place in 0..archive.len() {
        let mut part = archive.by_index(place).map_err(|error| error.to_string())?;
        let name = part
            .name()
            .map_err(|error| error.to_string())?
            .to_ascii_lowercase();
        let is_sheet = name.starts_with("xl/worksheets/");
        let whole = if is_sheet {
            SHEET_BYTES
        } else {
            WORKBOOK_PART_BYTES
        };
        let by_ratio = part.compressed_size().saturating_mul(UNPACKED_RATIO);
        let most = whole.min(by_ratio.max(UNPACKED_FREE_BYTES));
        let mut pieces = Pieces::default();
        let mut buffer = vec![0; 64 << 10];
        let mut total = 0u64;
        loop {
            let count = part.read(&mut buffer).map_err(|error| error.to_string())?;
            if count == 0 {
                break;
            }
            total += count as u64;
            if total > most {
                return Err(format!(
                    "its part `{name}` unpacks to more than {} MiB, or {UNPACKED_RATIO} times its \
                     size",
                    whole >> 20
                ));
            }
            pieces.take(buffer.get(..count).unwrap_or(&[]));
        }
        if pieces.longest > ROW_BYTES {
            let limit = ROW_BYTES >> 20;
            return Err(format!(
                "its part `{name}` has a text or tag of more than {limit} MiB"
            ));
        }
    }
    Ok(())
}

/// The longest piece of an XML text: a tag, a comment, or what stands between two.
#[derive(Default)]
struct Pieces {
    longest: usize,
    length: usize,
    inside: Inside,
    /// The last eight bytes.
    recent: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Inside {
    #[default]
    Text,
    Tag,
    Comment,
    Literal,
}

const COMMENT: u64 = u64::from_be_bytes(*b"\0\0\0\0<!--");
const COMMENT_END: u64 = u64::from_be_bytes(*b"\0\0\0\0\0-->");
/// `<![CDATA[`, less its first byte.
const LITERAL: u64 = u64::from_be_bytes(*b"![CDATA[");
const LITERAL_END: u64 = u64::from_be_bytes(*b"\0\0\0\0\0]]>");
const THREE: u64 = 0xff_ffff;
const FOUR: u64 = 0xffff_ffff;

impl Pieces {
    fn take(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.recent = self.recent << 8 | u64::from(*byte);
            self.length += 1;
            let is_over = match (self.inside, byte) {
                (Inside::Text, b'<') => {
                    self.inside = Inside::Tag;
                    true
                }
                (Inside::Tag, _) if self.recent & FOUR == COMMENT => {
                    self.inside = Inside::Comment;
                    false
                }
                (Inside::Tag, _) if self.recent == LITERAL => {
                    self.inside = Inside::Literal;
                    false
                }
                (Inside::Tag, b'>') => self.end(),
                (Inside::Comment, b'>') if self.recent & THREE == COMMENT_END => self.end(),
                (Inside::Literal, b'>') if self.recent & THREE == LITERAL_END => self.end(),
                _ => false,
            };
            self.longest = self.longest.max(self.length);
            if is_over {
                self.length = 0;
            }
        }
    }

    fn end(&mut self) -> bool {
        self.inside = Inside::Text;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_piece_is_found_whatever_it_is() {
        let longest = |text: &str| {
            let mut pieces = Pieces::default();
            text.as_bytes()
                .chunks(3)
                .for_each(|chunk| pieces.take(chunk));
            pieces.longest
        };
        let long = "x".repeat(100);
        for text in [
            format!("<a>{long}</a>"),
            format!("<a b='{long}'/>"),
            format!("<!-- <<<>>>{long}-->"),
            format!("<![CDATA[<a>]]{long}]]>"),
        ] {
            assert!(longest(&text) > 100, "{text}");
        }
        assert!(longest(&"<c><v>1</v></c>".repeat(100)) < 10);
        assert!(longest(&"<!--a--><![CDATA[b]]>".repeat(100)) < 20);
    }
}
