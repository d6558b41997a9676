//! Packed files: gzip, zstd and the members of zip archives, unfolded as they are read.
//!
//! What a file is packed with is told by its first bytes. How far it may unfold is measured while
//! it does, never believed from what it says of itself: a small file can claim, or hold, anything.
//! Nothing unpacked is ever written to the disk.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use bytes::Bytes;
use flate2::Crc;
use flate2::read::{DeflateDecoder, MultiGzDecoder};
use handfast_model::Refusal;
use handfast_model::limits::{
    ARCHIVE_MEMBERS, HELD_FILE_BYTES, PACKED_LAYERS, UNPACKED_BYTES, UNPACKED_FREE_BYTES,
    UNPACKED_RATIO,
};
use parquet::file::reader::{ChunkReader, Length};
use zip::{CompressionMethod, ZipArchive};

use crate::refuse;

const GZIP: &[u8] = b"\x1f\x8b";
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd";
const ZIP: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];
/// How much of a file is looked at to tell what it is.
const HEAD_BYTES: usize = 64 << 10;
/// The largest window a zstd file may ask for: 128 MiB, as its own tool allows by default.
const ZSTD_WINDOW_LOG: u32 = 27;

/// A file inside an archive.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    /// Its name there, with folders.
    pub name: String,
    start: u64,
    packed_bytes: u64,
    is_deflated: bool,
    crc: u32,
}

/// An open file, unfolded.
pub(crate) struct Opened {
    /// Its first bytes; `input` gives them again.
    pub head: Vec<u8>,
    /// All of it.
    pub input: Box<dyn Read + Send>,
    /// Whether it is a file on the disk as it stands, which can be read at any place.
    pub is_plain: bool,
}

/// Opens a file, or one inside an archive, and unfolds it as far as it is packed.
pub(crate) fn open(path: &Path, member: Option<&Member>, name: &str) -> Result<Opened, Refusal> {
    let lost = |error: io::Error| refuse::unreadable(name, &error);
    let file = File::open(path).map_err(lost)?;
    let mut packed_bytes = file.metadata().map_err(lost)?.len();
    let mut input: Box<dyn Read + Send> = Box::new(file);
    let mut layers = 0;
    if let Some(member) = member {
        packed_bytes = member.packed_bytes;
        let file = File::open(path).map_err(lost)?;
        input = unfolded_member(file, member, name).map_err(lost)?;
        layers += 1;
    }
    loop {
        let mut head = vec![0; HEAD_BYTES];
        let count = read_whole(&mut input, &mut head).map_err(lost)?;
        head.truncate(count);
        let whole = io::Cursor::new(head.clone()).chain(input);
        let limited = |inner| Limited::over(inner, packed_bytes, name);
        input = if head.starts_with(GZIP) {
            limited(Box::new(MultiGzDecoder::new(whole)))
        } else if head.starts_with(ZSTD) {
            let mut decoder = zstd::stream::read::Decoder::new(whole).map_err(lost)?;
            decoder.window_log_max(ZSTD_WINDOW_LOG).map_err(lost)?;
            limited(Box::new(decoder))
        } else {
            return Ok(Opened {
                head,
                input: Box::new(whole),
                is_plain: layers == 0,
            });
        };
        layers += 1;
        if layers > PACKED_LAYERS {
            let why = format!("it is packed more than {PACKED_LAYERS} times");
            return Err(refuse::packing(name, &why));
        }
    }
}

impl Opened {
    /// The file where it can be read at any place: on the disk, or held in memory when packed.
    pub(crate) fn held(mut self, path: &Path, name: &str) -> Result<Held, Refusal> {
        let lost = |error: io::Error| refuse::unreadable(name, &error);
        if self.is_plain {
            return Ok(Held::File(File::open(path).map_err(lost)?));
        }
        let mut bytes = Vec::new();
        let mut most = (&mut self.input).take(HELD_FILE_BYTES + 1);
        most.read_to_end(&mut bytes).map_err(lost)?;
        if bytes.len() as u64 > HELD_FILE_BYTES {
            let limit = format!(
                "{} MiB, in which it is held in memory",
                HELD_FILE_BYTES >> 20
            );
            return Err(refuse::unfolds_too_far(name, &limit));
        }
        Ok(Held::Memory(io::Cursor::new(bytes.into())))
    }
}

/// A file that can be read at any place.
pub(crate) enum Held {
    /// On the disk.
    File(File),
    /// In memory.
    Memory(io::Cursor<Bytes>),
}

impl Held {
    /// Another reader of the same bytes, at their beginning.
    pub(crate) fn again(&self) -> io::Result<Held> {
        match self {
            Held::File(file) => {
                let mut file = file.try_clone()?;
                file.rewind()?;
                Ok(Held::File(file))
            }
            Held::Memory(bytes) => Ok(Held::Memory(io::Cursor::new(bytes.get_ref().clone()))),
        }
    }

    /// How many bytes it has.
    pub(crate) fn bytes(&self) -> u64 {
        match self {
            Held::File(file) => file.metadata().map_or(0, |facts| facts.len()),
            Held::Memory(bytes) => bytes.get_ref().len() as u64,
        }
    }
}

impl Read for Held {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self {
            Held::File(file) => file.read(out),
            Held::Memory(bytes) => bytes.read(out),
        }
    }
}

impl Seek for Held {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Held::File(file) => file.seek(to),
            Held::Memory(bytes) => bytes.seek(to),
        }
    }
}

impl Length for Held {
    fn len(&self) -> u64 {
        self.bytes()
    }
}

impl ChunkReader for Held {
    type T = Box<dyn Read>;

    fn get_read(&self, start: u64) -> parquet::errors::Result<Box<dyn Read>> {
        Ok(match self {
            Held::File(file) => Box::new(file.get_read(start)?),
            Held::Memory(bytes) => Box::new(bytes.get_ref().get_read(start)?),
        })
    }

    fn get_bytes(&self, start: u64, length: usize) -> parquet::errors::Result<Bytes> {
        match self {
            Held::File(file) => file.get_bytes(start, length),
            Held::Memory(bytes) => bytes.get_ref().get_bytes(start, length),
        }
    }
}

/// What an archive is, by what it holds.
pub(crate) enum Archive {
    /// A workbook of Excel.
    Workbook,
    /// Something of an office program that is not read.
    Other(&'static str),
    /// Files, in the order of the archive.
    Files(Vec<Member>),
}

/// Whether a file begins as an archive does.
pub(crate) fn is_archive(head: &[u8]) -> bool {
    ZIP.iter().any(|magic| head.starts_with(magic))
}

/// Whether a file on the disk begins as an archive does.
pub(crate) fn begins_as_archive(path: &Path) -> io::Result<bool> {
    let mut head = [0; 4];
    let count = read_whole(&mut File::open(path)?, &mut head)?;
    Ok(is_archive(head.get(..count).unwrap_or(&[])))
}

/// Looks into an archive.
pub(crate) fn archive(held: impl Read + Seek, name: &str) -> Result<Archive, Refusal> {
    let broken = |error: zip::result::ZipError| refuse::packing(name, &error.to_string());
    let mut archive = ZipArchive::new(held).map_err(broken)?;
    let has = |inner: &str| {
        let mut names = archive.file_names().flatten();
        names.any(|name| name == inner)
    };
    if has("xl/workbook.xml") {
        return Ok(Archive::Workbook);
    }
    if has("xl/workbook.bin") {
        return Ok(Archive::Other("a binary workbook (.xlsb)"));
    }
    if has("content.xml") && has("mimetype") {
        return Ok(Archive::Other("an OpenDocument file (.ods)"));
    }
    if archive.len() > ARCHIVE_MEMBERS {
        let what = format!("`{name}` holds more than {ARCHIVE_MEMBERS} files");
        return Err(refuse::too_many(&what));
    }
    let mut members = Vec::new();
    for place in 0..archive.len() {
        let file = archive.by_index_raw(place).map_err(broken)?;
        let inner = file.name().map_err(broken)?.into_owned();
        // Nothing is written to the disk, so a member may be called `../../leads.csv`.
        let is_hidden = |part: &str| match part {
            "." | ".." => false,
            part => part.starts_with('.') || part == "__MACOSX",
        };
        if file.is_dir() || inner.split(['/', '\\']).any(is_hidden) {
            continue;
        }
        if file.encrypted() {
            return Err(refuse::packing(name, &format!("`{inner}` is encrypted")));
        }
        let is_deflated = match file.compression() {
            CompressionMethod::Stored => false,
            CompressionMethod::Deflated => true,
            other => {
                let why = format!("`{inner}` is packed by a method that is not read ({other})");
                return Err(refuse::packing(name, &why));
            }
        };
        let start = file.data_start();
        let start = start.ok_or_else(|| refuse::packing(name, "its directory is damaged"))?;
        members.push(Member {
            name: inner,
            start,
            packed_bytes: file.compressed_size(),
            is_deflated,
            crc: file.crc32(),
        });
    }
    Ok(Archive::Files(members))
}

fn unfolded_member(
    mut file: File,
    member: &Member,
    name: &str,
) -> io::Result<Box<dyn Read + Send>> {
    file.seek(SeekFrom::Start(member.start))?;
    let packed = io::BufReader::new(file).take(member.packed_bytes);
    let inner: Box<dyn Read + Send> = match member.is_deflated {
        true => Box::new(DeflateDecoder::new(packed)),
        false => Box::new(packed),
    };
    let checked = Checked {
        inner,
        crc: Crc::new(),
        wanted: member.crc,
        name: name.to_owned(),
    };
    Ok(Limited::over(Box::new(checked), member.packed_bytes, name))
}

/// Ends in an error when what was unfolded is not what was packed.
struct Checked {
    inner: Box<dyn Read + Send>,
    crc: Crc,
    wanted: u32,
    name: String,
}

impl Read for Checked {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(out)?;
        self.crc.update(out.get(..count).unwrap_or(&[]));
        if count == 0 && !out.is_empty() && self.crc.sum() != self.wanted {
            let refusal = refuse::packing(&self.name, "its checksum is wrong");
            return Err(io::Error::other(refusal));
        }
        Ok(count)
    }
}

/// Ends in an error when a packed file unfolds to more than it may.
struct Limited {
    inner: Box<dyn Read + Send>,
    left: u64,
    limit: String,
    name: String,
}

impl Limited {
    fn over(inner: Box<dyn Read + Send>, packed_bytes: u64, name: &str) -> Box<dyn Read + Send> {
        let by_ratio = packed_bytes
            .saturating_mul(UNPACKED_RATIO)
            .max(UNPACKED_FREE_BYTES);
        let limit = match by_ratio < UNPACKED_BYTES {
            true => format!(
                "{UNPACKED_RATIO} times its size and {} MiB",
                UNPACKED_FREE_BYTES >> 20
            ),
            false => format!("{} GiB", UNPACKED_BYTES >> 30),
        };
        Box::new(Limited {
            inner,
            left: by_ratio.min(UNPACKED_BYTES),
            limit,
            name: name.to_owned(),
        })
    }
}

impl Read for Limited {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(out).map_err(|error| {
            let is_ours = error.get_ref().is_some_and(|inner| inner.is::<Refusal>());
            let is_passing = error.kind() == io::ErrorKind::Interrupted;
            match is_ours || is_passing {
                true => error,
                false => io::Error::other(refuse::packing(&self.name, &error.to_string())),
            }
        })?;
        match self.left.checked_sub(count as u64) {
            Some(left) => self.left = left,
            None => {
                let refusal = refuse::unfolds_too_far(&self.name, &self.limit);
                return Err(io::Error::other(refusal));
            }
        }
        Ok(count)
    }
}

/// Fills as much as there is.
pub(crate) fn read_whole(input: &mut impl Read, out: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = out.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match input.read(rest) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
