//! Bytes of a file as UTF-8, read in pieces.
//!
//! Knows byte-order marks and encoding labels; refuses to guess an encoding from statistics. UTF-8
//! passes through untouched, so that a broken sequence can be blamed on its row; other encodings
//! are decoded piece by piece, and what they cannot decode becomes U+FFFD.

use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8};

use crate::unpack::read_whole;

const PIECE_BYTES: usize = 64 << 10;

/// A reader that gives UTF-8, whatever the file is written in.
pub struct Utf8<R> {
    input: R,
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    raw_start: usize,
    decoded: Vec<u8>,
    decoded_start: usize,
    is_ended: bool,
}

impl<R: Read> Utf8<R> {
    /// Looks for a byte-order mark, which wins over the declared label. `None` for a label that
    /// names no encoding.
    pub fn open(mut input: R, label: Option<&str>) -> io::Result<Option<Utf8<R>>> {
        let declared = match label {
            None => UTF_8,
            Some(label) => match named(label) {
                Some(encoding) => encoding,
                None => return Ok(None),
            },
        };
        let mut raw = vec![0; 3];
        let count = read_whole(&mut input, &mut raw)?;
        raw.truncate(count);
        let (encoding, mark_bytes) = Encoding::for_bom(&raw).unwrap_or((declared, 0));
        Ok(Some(Utf8 {
            input,
            decoder: (encoding != UTF_8).then(|| encoding.new_decoder_without_bom_handling()),
            raw,
            raw_start: mark_bytes,
            decoded: Vec::new(),
            decoded_start: 0,
            is_ended: false,
        }))
    }

    /// Whether the file's own bytes are passed through.
    pub fn is_untouched(&self) -> bool {
        self.decoder.is_none()
    }

    /// Decodes the next piece; nothing more comes once `is_ended` holds and the piece is empty.
    fn decode_piece(&mut self) -> io::Result<()> {
        if self.raw_start == self.raw.len() {
            self.raw.resize(PIECE_BYTES, 0);
            let read = self.input.read(&mut self.raw);
            // Where nothing was read, nothing is there: whoever asks again reads again.
            self.raw.truncate(*read.as_ref().unwrap_or(&0));
            self.raw_start = 0;
            self.is_ended = read? == 0;
        }
        let Some(decoder) = &mut self.decoder else {
            return Ok(());
        };
        let bytes = self.raw.get(self.raw_start..).unwrap_or(&[]);
        self.decoded.resize(PIECE_BYTES * 3 + 16, 0);
        let (result, read, written, _) =
            decoder.decode_to_utf8(bytes, &mut self.decoded, self.is_ended);
        debug_assert!(result == CoderResult::InputEmpty || written > 0);
        self.raw_start += read;
        self.decoded.truncate(written);
        self.decoded_start = 0;
        Ok(())
    }
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.decoder.is_none() {
            let rest = self.raw.get(self.raw_start..).unwrap_or(&[]);
            if rest.is_empty() {
                return self.input.read(out);
            }
            let count = copy(rest, out);
            self.raw_start += count;
            return Ok(count);
        }
        loop {
            let rest = self.decoded.get(self.decoded_start..).unwrap_or(&[]);
            if !rest.is_empty() {
                let count = copy(rest, out);
                self.decoded_start += count;
                return Ok(count);
            }
            if self.is_ended {
                return Ok(0);
            }
            self.decode_piece()?;
        }
    }
}

/// Whether a label names an encoding that reads every letter of UTF-8 as several others: then a
/// text that is UTF-8 throughout is no text of that encoding.
pub(crate) fn garbles_utf8(label: &str) -> bool {
    named(label).is_some_and(|encoding| encoding != UTF_8 && encoding.is_single_byte())
}

/// Whether a text is UTF-8 to its end, with letters in it that ASCII has not.
pub(crate) fn is_utf8(mut input: impl Read) -> io::Result<bool> {
    let (mut piece, mut kept, mut has_letters) = (vec![0; PIECE_BYTES], 0, false);
    loop {
        let read = match input.read(piece.get_mut(kept..).unwrap_or(&mut [])) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        let bytes = piece.get(..kept + read).unwrap_or(&[]);
        has_letters |= !bytes.is_ascii();
        let valid = match std::str::from_utf8(bytes) {
            Ok(_) => bytes.len(),
            Err(error) if error.error_len().is_some() => return Ok(false),
            Err(error) => error.valid_up_to(),
        };
        let rest = bytes.len() - valid;
        if read == 0 {
            return Ok(has_letters && rest == 0);
        }
        piece.copy_within(valid..valid + rest, 0);
        kept = rest;
    }
}

/// The encoding that a label means. `latin-1` means what spreadsheets mean by it: windows-1252.
pub(crate) fn named(label: &str) -> Option<&'static Encoding> {
    let label = label.trim();
    let label = match label.to_ascii_lowercase().as_str() {
        "latin-1" | "latin_1" | "ansi" => "windows-1252",
        "utf_8" | "utf-8-sig" => "utf-8",
        "utf16" => "utf-16",
        _ => label,
    };
    Encoding::for_label_no_replacement(label.as_bytes())
}

fn copy(from: &[u8], to: &mut [u8]) -> usize {
    let count = from.len().min(to.len());
    if let (Some(to), Some(from)) = (to.get_mut(..count), from.get(..count)) {
        to.copy_from_slice(from);
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], label: Option<&str>) -> String {
        let mut text = String::new();
        let reader = Utf8::open(bytes, label).unwrap();
        reader.unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn the_mark_wins_over_the_label() {
        assert_eq!(read(b"\xef\xbb\xbfa,b", Some("utf-16")), "a,b");
        assert_eq!(read(b"\xff\xfea\0,\0\xe9\0", None), "a,é");
        assert_eq!(read(b"\xfe\xff\0a\0,", Some("latin-1")), "a,");
        assert_eq!(read(b"caf\xe9 \x80", Some("Latin-1")), "café €");
        assert_eq!(read(b"a", None), "a");
        assert_eq!(read(b"", None), "");
        assert!(Utf8::open(&b""[..], Some("klingon")).unwrap().is_none());
    }

    #[test]
    fn a_text_is_utf8_if_all_of_it_is() {
        let long = "naïve,€\r\n".repeat(30_000);
        for (bytes, is) in [
            (long.as_bytes(), true),
            (&long.as_bytes()[..long.len() - 3], false),
            ("café".as_bytes(), true),
            (b"caf\xe9", false),
            (b"caf\xe9,caf\xc3\xa9", false),
            (b"plain", false),
            (b"", false),
        ] {
            assert_eq!(is_utf8(bytes).unwrap(), is, "{} bytes", bytes.len());
        }
        assert!(garbles_utf8("latin-1") && garbles_utf8("windows-1250"));
        assert!(!garbles_utf8("utf-8") && !garbles_utf8("utf-16") && !garbles_utf8("shift_jis"));
    }

    #[test]
    fn a_read_that_is_interrupted_leaves_no_text_behind() {
        struct Torn<'a>(&'a [u8], bool);
        impl Read for Torn<'_> {
            fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
                self.1 = !self.1;
                match self.1 {
                    true => Err(io::ErrorKind::Interrupted.into()),
                    false => self.0.read(out),
                }
            }
        }
        let text = "naïve,€\r\n".repeat(30_000);
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut read = String::new();
        let torn = Utf8::open(Torn(&utf16, false), Some("utf-16le")).unwrap();
        torn.unwrap().read_to_string(&mut read).unwrap();
        assert!(read == text);
    }

    #[test]
    fn long_files_are_decoded_piece_by_piece() {
        let text = "naïve,€\r\n".repeat(30_000);
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&utf16, Some("utf-16le")), text);
        assert_eq!(read(text.as_bytes(), None), text);
    }
}
