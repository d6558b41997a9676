//! Keys: the book's secret, the keyed hashes made with it, and the slots that make erasure
//! possible.
//!
//! A person's key is derived from the book's secret and 32 random bytes in a fixed slot of one
//! file. Erasing overwrites those bytes *in place*: nothing sealed with them can be read again, on
//! any copy of the data that does not hold the old slot. The slot file is never rewritten.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use handfast_model::fact::Origin;
use handfast_model::{FactId, FactKind, Names, PersonId, RecordKey, Refusal};

use crate::files;
use crate::refuse;

/// Bytes of a secret and of a slot.
const WIDTH: usize = 32;

/// The book's secret and what is derived from it.
#[derive(Clone)]
pub(crate) struct BookKey {
    person: [u8; WIDTH],
    record: [u8; WIDTH],
    content: [u8; WIDTH],
    email: [u8; WIDTH],
    seal: [u8; WIDTH],
    /// What the journal keeps of this key, to know it again; it tells nothing of the others.
    pub check: [u8; WIDTH],
}

impl BookKey {
    pub(crate) fn from_secret(secret: &[u8; WIDTH]) -> BookKey {
        let derive = |purpose: &str| *blake3::keyed_hash(secret, purpose.as_bytes()).as_bytes();
        BookKey {
            person: derive("handfast 1 person"),
            record: derive("handfast 1 record"),
            content: derive("handfast 1 content"),
            email: derive("handfast 1 email"),
            seal: derive("handfast 1 seal"),
            check: derive("handfast 1 check"),
        }
    }

    /// Writes a new secret, readable by its owner only.
    pub(crate) fn create(path: &Path, secret: Option<[u8; WIDTH]>) -> Result<BookKey, Refusal> {
        let secret = match secret {
            Some(secret) => secret,
            None => random(path)?,
        };
        let failed = |error: std::io::Error| refuse::io(path, "writing the book's key", &error);
        // It gets its name when it is whole: an attempt that was interrupted leaves no key.
        let draft = path.with_extension("new");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = files::open(&options, &draft).map_err(failed)?;
        files::write(&mut file, &secret).map_err(failed)?;
        files::sync(&file, &draft)?;
        files::rename(&draft, path)?;
        Ok(BookKey::from_secret(&secret))
    }

    /// Reads the secret; refuses one that others can read.
    pub(crate) fn open(path: &Path) -> Result<BookKey, Refusal> {
        let bytes = std::fs::read(path).map_err(|_| refuse::key_missing(path))?;
        let secret = <[u8; WIDTH]>::try_from(bytes).map_err(|_| refuse::key_missing(path))?;
        #[cfg(unix)]
        {
            let meta = std::fs::metadata(path).map_err(|_| refuse::key_missing(path))?;
            let mode = std::os::unix::fs::MetadataExt::mode(&meta);
            if mode & 0o077 != 0 {
                return Err(refuse::key_open(path));
            }
        }
        Ok(BookKey::from_secret(&secret))
    }

    /// The person of a key that `namespace` issued.
    pub(crate) fn person(&self, namespace: &str, key: &str) -> PersonId {
        PersonId(keyed(&self.person, &[namespace, key.trim()]))
    }

    /// The record of a source row.
    pub(crate) fn record(&self, source: &str, stream: &str, key: &[&str]) -> RecordKey {
        let mut buffer = Vec::with_capacity(96);
        self.record_in(&mut buffer, [source, stream].iter().chain(key).copied())
    }

    /// The same over source, stream and key columns in a row, with a buffer for their bytes.
    pub(crate) fn record_in<'t>(
        &self,
        buffer: &mut Vec<u8>,
        texts: impl Iterator<Item = &'t str>,
    ) -> RecordKey {
        buffer.clear();
        for text in texts {
            lengthen(buffer, text.as_bytes());
        }
        RecordKey(shorten(&blake3::keyed_hash(&self.record, buffer)))
    }

    /// The content of the clear columns of a row.
    pub(crate) fn content(&self, clear: &str) -> u128 {
        shorten(&blake3::keyed_hash(&self.content, clear.as_bytes()))
    }

    /// An e-mail address, without regard to case and outer blanks.
    pub(crate) fn address(&self, address: &str) -> u128 {
        let plain = address.trim().to_lowercase();
        keyed(&self.email, &[&plain])
    }

    /// The same as a text for an attribute.
    pub(crate) fn email(&self, address: &str) -> String {
        format!("{:032x}", self.address(address))
    }

    /// The key that seals what these slots protect; it dies with the first slot that is erased.
    pub(crate) fn sealing(&self, slots: &[[u8; WIDTH]]) -> [u8; WIDTH] {
        let mut hasher = blake3::Hasher::new_keyed(&self.seal);
        for slot in slots {
            hasher.update(slot);
        }
        *hasher.finalize().as_bytes()
    }
}

/// Sealing keys of single slots, as of people met lately: most rows of an import are sealed without
/// asking the disk. An erasure never runs beside an import, so no key here outlives its slot.
#[derive(Default)]
pub(crate) struct Sealings(Vec<(u32, [u8; WIDTH])>);

/// Sealing keys remembered at most: 36 MiB.
const SEALINGS: usize = if cfg!(test) { 4 } else { 1 << 20 };

impl Sealings {
    /// Whether the key of a slot is remembered.
    pub(crate) fn is_known(&self, slot: u32) -> bool {
        let known = self.0.get(slot as usize % SEALINGS);
        known.is_some_and(|(known, _)| *known == slot)
    }

    /// The key that seals what a slot protects; `None` once it is erased.
    pub(crate) fn key(
        &mut self,
        book: &BookKey,
        slots: &mut Slots,
        slot: u32,
    ) -> Result<Option<[u8; WIDTH]>, Refusal> {
        let place = slot as usize % SEALINGS;
        match self.0.get(place) {
            Some((known, key)) if *known == slot => return Ok(Some(*key)),
            _ => {}
        }
        let Some(bytes) = slots.read(slot)? else {
            return Ok(None);
        };
        let key = book.sealing(&[bytes]);
        if self.0.len() <= place {
            self.0.resize(place + 1, (u32::MAX, [0; WIDTH]));
        }
        if let Some(known) = self.0.get_mut(place).filter(|_| slot != u32::MAX) {
            *known = (slot, key);
        }
        Ok(Some(key))
    }
}

/// The name of a fact: the same in every rebuild, because it rests on its record alone.
pub fn fact_id(kind: FactKind, origin: &Origin, names: &Names) -> FactId {
    let (source, stream) = (names.text(origin.source), names.text(origin.stream));
    let place = (origin.key.0, origin.version, origin.ordinal);
    name_of_fact([kind.word(), source, stream], place)
}

/// The name of a fact by its kind, source and stream, and by its place in its record.
pub(crate) fn name_of_fact(texts: [&str; 3], place: (u128, i64, u16)) -> FactId {
    FactNamer::of(texts).name(place)
}

/// Names facts of one kind, source and stream.
#[derive(Default)]
pub(crate) struct FactNamer {
    buffer: Vec<u8>,
    /// How much of it is the same for all of them.
    common: usize,
}

impl FactNamer {
    pub(crate) fn of(texts: [&str; 3]) -> FactNamer {
        let mut buffer = Vec::with_capacity(96);
        for text in texts {
            lengthen(&mut buffer, text.as_bytes());
        }
        let common = buffer.len();
        FactNamer { buffer, common }
    }

    /// The name of the fact in a place of its record.
    pub(crate) fn name(&mut self, (key, version, ordinal): (u128, i64, u16)) -> FactId {
        self.buffer.truncate(self.common);
        self.buffer.extend_from_slice(&key.to_be_bytes());
        self.buffer.extend_from_slice(&version.to_be_bytes());
        self.buffer.extend_from_slice(&ordinal.to_be_bytes());
        FactId(shorten(&blake3::hash(&self.buffer)))
    }
}

/// Slots made ahead for each new one, and at most: 2 MiB.
const AHEAD: usize = 15;
const MOST_AHEAD: usize = 1 << 16;

/// The file of key slots.
pub(crate) struct Slots {
    file: File,
    path: PathBuf,
    /// Slots on the disk, as far as this opening knows.
    flushed: u64,
    /// The last of them that are nobody's yet.
    spare: u64,
    is_writing: bool,
    /// Slots allocated since; they reach the disk before the commit that names them.
    pending: Vec<[u8; WIDTH]>,
    /// Random bytes for the next ones.
    drawn: Vec<[u8; WIDTH]>,
}

/// Slots whose random bytes are asked for at once: the system is slow to be asked.
const DRAWN: usize = 64;

impl Slots {
    pub(crate) fn create(path: &Path) -> Result<(), Refusal> {
        let failed =
            |error: &std::io::Error| refuse::io(path, "making the file of key slots", error);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = files::open(&options, path).map_err(|error| failed(&error))?;
        files::sync(&file, path)
    }

    pub(crate) fn open(path: &Path, is_writing: bool) -> Result<Slots, Refusal> {
        let mut options = OpenOptions::new();
        options.read(true).write(is_writing);
        let file = match is_writing {
            true => files::open(&options, path),
            false => options.open(path),
        };
        let file = file.map_err(|error| match error.kind() {
            ErrorKind::NotFound => refuse::slots_damaged(path, &error.to_string()),
            _ => refuse::io(path, "opening the file of key slots", &error),
        })?;
        let mut slots = Slots {
            file,
            path: path.to_owned(),
            flushed: 0,
            spare: 0,
            is_writing,
            pending: Vec::new(),
            drawn: Vec::new(),
        };
        slots.flushed = slots.on_disk()?;
        Ok(slots)
    }

    /// Refuses a file that ends before this slot, which a commit names: a new slot would be handed
    /// out under the number of another person's.
    pub(crate) fn check_holds(&self, slot: u64) -> Result<(), Refusal> {
        let meta = self.file.metadata();
        let bytes = meta.map_err(|error| refuse::slots_damaged(&self.path, &error.to_string()))?;
        match bytes.len() / WIDTH as u64 > slot {
            true => Ok(()),
            false => Err(refuse::slots_short(&self.path, slot)),
        }
    }

    /// How many slots the file has room for now. A crash can leave part of a slot that no commit
    /// names: the next one starts after it.
    fn on_disk(&self) -> Result<u64, Refusal> {
        let meta = self.file.metadata();
        let meta = meta.map_err(|error| refuse::slots_damaged(&self.path, &error.to_string()))?;
        Ok(meta.len().div_ceil(WIDTH as u64))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A new slot; it is on the disk only after [`Slots::flush`].
    pub(crate) fn allocate(&mut self) -> Result<u32, Refusal> {
        let next = self.flushed + self.pending.len() as u64 - self.spare;
        let slot = u32::try_from(next)
            .map_err(|_| refuse::slots_damaged(&self.path, "all 2^32 slots are taken"))?;
        match self.spare {
            0 => {
                let bytes = self.draw()?;
                self.pending.push(bytes);
            }
            _ => self.spare -= 1,
        }
        Ok(slot)
    }

    /// The random bytes of a slot.
    fn draw(&mut self) -> Result<[u8; WIDTH], Refusal> {
        if let Some(bytes) = self.drawn.pop() {
            return Ok(bytes);
        }
        let mut drawn = [[0; WIDTH]; DRAWN];
        fill(&self.path, drawn.as_flattened_mut())?;
        let [first, others @ ..] = drawn;
        self.drawn.extend(others);
        Ok(first)
    }

    /// Gives up slots that were allocated for an import of which nothing is kept.
    pub(crate) fn drop_pending(&mut self) {
        self.pending.clear();
    }

    /// Writes the new slots and waits until the disk has them.
    pub(crate) fn flush(&mut self) -> Result<(), Refusal> {
        self.flush_with(0)
    }

    /// The same, and for each new slot some that are nobody's yet, so that the people who come
    /// next need no flush. What is left of those at the end stays unused.
    pub(crate) fn flush_ahead(&mut self) -> Result<(), Refusal> {
        self.flush_with((AHEAD * self.pending.len()).min(MOST_AHEAD))
    }

    fn flush_with(&mut self, spare: usize) -> Result<(), Refusal> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let mut bytes = self.pending.as_flattened().to_vec();
        let own = bytes.len();
        bytes.resize(own + spare * WIDTH, 0);
        fill(&self.path, bytes.get_mut(own..).unwrap_or_default())?;
        let start = self.flushed * WIDTH as u64;
        self.file
            .seek(SeekFrom::Start(start))
            .and_then(|_| files::write(&mut self.file, &bytes))
            .map_err(|error| refuse::io(&self.path, "writing key slots", &error))?;
        files::sync(&self.file, &self.path)?;
        self.flushed += (self.pending.len() + spare) as u64;
        self.spare = spare as u64;
        self.pending.clear();
        Ok(())
    }

    /// The bytes of a slot; `None` once erased.
    pub(crate) fn read(&mut self, slot: u32) -> Result<Option<[u8; WIDTH]>, Refusal> {
        let slot = u64::from(slot);
        if slot >= self.flushed && !self.is_writing {
            // The writer beside this reader has made more since.
            self.flushed = self.on_disk()?;
        }
        if let Some(at) = slot.checked_sub(self.flushed) {
            let pending = usize::try_from(at).ok().and_then(|at| self.pending.get(at));
            let missing = || refuse::slots_damaged(&self.path, &format!("slot {slot} is missing"));
            return pending.copied().map(Some).ok_or_else(missing);
        }
        let mut bytes = [0; WIDTH];
        self.file
            .seek(SeekFrom::Start(slot * WIDTH as u64))
            .and_then(|_| self.file.read_exact(&mut bytes))
            .map_err(|error| refuse::slots_damaged(&self.path, &format!("slot {slot}: {error}")))?;
        Ok((bytes != [0; WIDTH]).then_some(bytes))
    }

    /// Overwrites slots in place and waits until the disk has forgotten them. Doing it again does
    /// no harm.
    pub(crate) fn erase(&mut self, slots: &[u32]) -> Result<(), Refusal> {
        self.flush()?;
        for &slot in slots {
            if u64::from(slot) >= self.flushed {
                let what = format!("slot {slot} is missing");
                return Err(refuse::slots_damaged(&self.path, &what));
            }
            self.file
                .seek(SeekFrom::Start(u64::from(slot) * WIDTH as u64))
                .and_then(|_| files::write(&mut self.file, &[0; WIDTH]))
                .map_err(|error| refuse::io(&self.path, "erasing a key", &error))?;
        }
        if !slots.is_empty() {
            files::sync(&self.file, &self.path)?;
        }
        Ok(())
    }
}

fn random(path: &Path) -> Result<[u8; WIDTH], Refusal> {
    let mut bytes = [0; WIDTH];
    fill(path, &mut bytes)?;
    Ok(bytes)
}

fn fill(path: &Path, bytes: &mut [u8]) -> Result<(), Refusal> {
    getrandom::fill(bytes).map_err(|error| {
        let error = std::io::Error::other(error.to_string());
        refuse::io(path, "asking the system for random bytes", &error)
    })
}

fn lengthen(buffer: &mut Vec<u8>, text: &[u8]) {
    buffer.extend_from_slice(&(text.len() as u64).to_le_bytes());
    buffer.extend_from_slice(text);
}

fn keyed(key: &[u8; WIDTH], texts: &[&str]) -> u128 {
    let mut buffer = Vec::with_capacity(96);
    for text in texts {
        lengthen(&mut buffer, text.as_bytes());
    }
    shorten(&blake3::keyed_hash(key, &buffer))
}

/// The first half of a hash: 128 bits are far more than the rows of any book.
fn shorten(hash: &blake3::Hash) -> u128 {
    let mut half = [0; 16];
    for (to, from) in half.iter_mut().zip(hash.as_bytes()) {
        *to = *from;
    }
    u128::from_be_bytes(half)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_keep_neighbouring_texts_apart() {
        let key = BookKey::from_secret(&[7; 32]);
        assert_ne!(key.person("ab", "c"), key.person("a", "bc"));
        assert_ne!(
            key.record("s", "t", &["1", "23"]),
            key.record("s", "t", &["12", "3"])
        );
        assert_eq!(key.person("crm", " 7 "), key.person("crm", "7"));
        assert_eq!(key.email(" Ann@X.org "), key.email("ann@x.ORG"));
        let other = BookKey::from_secret(&[8; 32]);
        assert_ne!(key.person("crm", "7"), other.person("crm", "7"));
    }

    #[test]
    fn slots_made_ahead_are_handed_out_in_order_and_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("slots");
        Slots::create(&path).unwrap();
        let mut slots = Slots::open(&path, true).unwrap();
        let width = WIDTH as u64;
        let on_disk = || std::fs::metadata(&path).unwrap().len() / width;
        let mut read = Vec::new();
        for expected in 0..2 * (AHEAD as u32 + 1) {
            assert_eq!(slots.allocate().unwrap(), expected);
            let before = slots.read(expected).unwrap().unwrap();
            slots.flush_ahead().unwrap();
            let step = AHEAD as u64 + 1;
            assert_eq!(on_disk(), (u64::from(expected) / step + 1) * step);
            assert_eq!(slots.read(expected).unwrap().unwrap(), before);
            read.push(before);
        }
        read.sort_unstable();
        read.dedup();
        assert_eq!(read.len(), 2 * (AHEAD + 1));
        // Whoever opens the file next begins after all of them.
        slots.allocate().unwrap();
        slots.flush_ahead().unwrap();
        let mut next = Slots::open(&path, true).unwrap();
        assert_eq!(u64::from(next.allocate().unwrap()), on_disk());
    }

    #[test]
    fn a_remembered_sealing_key_is_the_one_of_its_slot() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("slots");
        Slots::create(&path).unwrap();
        let mut slots = Slots::open(&path, true).unwrap();
        let book = BookKey::from_secret(&[3; 32]);
        let taken: Vec<u32> = (0..13).map(|_| slots.allocate().unwrap()).collect();
        slots.erase(&taken[5..6]).unwrap();
        let mut sealings = Sealings::default();
        // More slots than are remembered, each several times.
        for round in 0..40 {
            let slot = taken[round * 5 % 13];
            let expected = slots
                .read(slot)
                .unwrap()
                .map(|bytes| book.sealing(&[bytes]));
            assert_eq!(expected.is_none(), slot == taken[5]);
            for _ in 0..2 {
                assert_eq!(sealings.key(&book, &mut slots, slot).unwrap(), expected);
            }
        }
    }

    #[test]
    fn an_erased_slot_stays_in_its_place_and_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("slots");
        Slots::create(&path).unwrap();
        let mut slots = Slots::open(&path, true).unwrap();
        let taken: Vec<u32> = (0..3).map(|_| slots.allocate().unwrap()).collect();
        let before = slots.read(taken[1]).unwrap().unwrap();
        slots.flush().unwrap();
        assert_eq!(slots.read(taken[1]).unwrap(), Some(before));
        slots.erase(&taken[1..2]).unwrap();
        assert_eq!(slots.read(taken[1]).unwrap(), None);
        assert!(slots.read(taken[2]).unwrap().is_some());
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(bytes.len(), 96);
        assert!(bytes.windows(32).all(|window| window != before));
        // Half a slot, as a crash may leave it, is never handed out.
        std::fs::write(&path, &bytes[..80]).unwrap();
        let mut slots = Slots::open(&path, true).unwrap();
        assert_eq!(slots.allocate().unwrap(), 3);
    }
}
