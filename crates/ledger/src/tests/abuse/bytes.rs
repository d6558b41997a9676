//! Bytes changed and files cut short, of every kind of file a book has: the same answer or a refusal
//! that names a file, never another answer and never a panic.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use handfast_model::Refusal;
use handfast_model::question::{AsOf, Known};

use super::super::world::*;
use super::{chance, copy_folder, scratch, times};
use crate::Ledger;

/// Everything that is asked of the book: facts, one person's texts, what was derived.
fn told_by(folder: &Path) -> Result<String, Refusal> {
    let ledger = Ledger::open_reading(folder)?;
    let snapshot = ledger.snapshot(AsOf::Latest, Known::Recorded, &utc())?;
    let key = ledger.record_key("crm", "leads", &["20"]);
    let row = ledger.record("crm", "leads", key)?;
    let version = ledger.charter_at(AsOf::Latest)?;
    // What is not there whole is derived anew.
    let kept = ledger
        .cache()
        .read("visits")
        .unwrap_or_else(|| b"derived".to_vec());
    Ok(format!(
        "{} {:?} {:?} {:?} {row:?} {version:?} {kept:?}",
        told(&snapshot),
        snapshot.observed,
        snapshot.set_aside,
        snapshot.erased_people
    ))
}

/// A small book with a file of each kind. Left open while it is copied, it has a write-ahead log.
fn book(home: &Path, is_open: bool) -> PathBuf {
    let (world, ledger) = World::new();
    let deals = "id,updated,stage,amount,day\nD1,1,new,10,2020-01-02\nD2,1,new,x,2020-01-03";
    let leads = many_leads(1, 700);
    let charter = vec![("stages.toml".to_owned(), "one".to_owned())];
    ledger
        .publish_charter("blake3:aa", charter, at("2020-02-01"))
        .unwrap();
    import(&ledger, "2020-02-01", &[("leads", "l.csv", &leads)]).unwrap();
    ledger.forget(&[("crm", "7")], at("2020-02-02")).unwrap();
    import(&ledger, "2020-02-03", &[("deals", "d.csv", deals)]).unwrap();
    ledger.cache().write("visits", b"derived").unwrap();
    let folder = home.join(if is_open { "open" } else { "closed" });
    if is_open {
        copy_folder(world.folder.path(), &folder);
    }
    drop(ledger);
    if !is_open {
        copy_folder(world.folder.path(), &folder);
    }
    folder
}

/// The files of a book by their kind.
fn kinds(folder: &Path) -> BTreeMap<String, PathBuf> {
    let mut found = BTreeMap::new();
    for place in ["data", "data/segments", "data/keys", "data/derived"] {
        for entry in fs::read_dir(folder.join(place)).into_iter().flatten() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let kind = match name.split_once('-') {
                Some((table, _)) if name.ends_with(".parquet") => format!("segment of {table}"),
                _ => name,
            };
            // SQLite's index of its log is no part of the book and is made anew.
            if path.is_file() && kind != "journal.sqlite-shm" {
                found.insert(kind, path);
            }
        }
    }
    found
}

/// A book whose files are changed one at a time and put back.
struct Victim {
    folder: PathBuf,
    files: BTreeMap<String, PathBuf>,
    whole: BTreeMap<String, Vec<u8>>,
    expected: String,
    refused: BTreeMap<String, u64>,
}

impl Victim {
    fn new(folder: PathBuf) -> Victim {
        let files = kinds(&folder);
        let read = |path: &PathBuf| fs::read(path).unwrap();
        let whole: BTreeMap<String, Vec<u8>> = files
            .iter()
            .map(|(kind, path)| (kind.clone(), read(path)))
            .collect();
        let expected = told_by(&folder).unwrap();
        let mut victim = Victim {
            folder,
            files,
            whole,
            expected,
            refused: BTreeMap::new(),
        };
        victim.restore();
        victim
    }

    /// Puts the journal and its log back: a reader may have moved one into the other.
    fn restore(&mut self) {
        for (kind, path) in &self.files {
            if kind.starts_with("journal") {
                fs::write(path, &self.whole[kind]).unwrap();
            }
        }
        for beside in ["journal.sqlite-wal", "journal.sqlite-shm"] {
            if !self.files.contains_key(beside) {
                let _ = fs::remove_file(self.folder.join("data").join(beside));
            }
        }
        let _ = fs::remove_file(self.folder.join("data/journal.sqlite-shm"));
    }

    /// Asks a book of which one file has these bytes.
    fn with(&mut self, kind: &str, bytes: &[u8], what: &str) {
        let path = self.files[kind].clone();
        fs::write(&path, bytes).unwrap();
        match told_by(&self.folder) {
            Ok(told) if told == self.expected => {}
            // An empty slot means that somebody was forgotten, so that older journals beside newer
            // keys bring nobody back; that nobody was is for `verify` to find.
            Ok(_) if kind == "slots" && what.starts_with("zeros") => {
                let findings = Ledger::open_reading(&self.folder)
                    .unwrap()
                    .verify()
                    .findings;
                let is_found = findings
                    .iter()
                    .any(|found| found.what.contains("is empty, but"));
                assert!(is_found, "{kind}, {what}: {findings:?}");
            }
            Ok(_) => unreachable!("{kind}, {what}: another answer"),
            Err(refusal) => {
                let is_ours = refusal.code.starts_with("E02");
                assert!(
                    is_ours && refusal.place.is_some(),
                    "{kind}, {what}: {refusal}"
                );
                *self.refused.entry(kind.to_owned()).or_default() += 1;
            }
        }
        fs::write(&path, &self.whole[kind]).unwrap();
        self.restore();
    }
}

#[test]
fn ten_thousand_flipped_bits_give_the_same_answer_or_a_refusal_that_names_a_file() {
    let home = scratch();
    let mut chance = chance("flips");
    let flips = u64::from(times(10_000, 3_000));
    let mut victims = [false, true].map(|is_open| Victim::new(book(home.path(), is_open)));
    assert!(victims[1].files.contains_key("journal.sqlite-wal"));
    for victim in &mut victims {
        let kinds: Vec<String> = victim.whole.keys().cloned().collect();
        for flip in 0..flips / 2 {
            let kind = &kinds[chance.below(kinds.len() as u64) as usize];
            let mut bytes = victim.whole[kind].clone();
            if bytes.is_empty() {
                continue;
            }
            let at = chance.below(bytes.len() as u64) as usize;
            let bit = chance.below(8);
            bytes[at] ^= 1 << bit;
            victim.with(
                kind,
                &bytes,
                &format!("flip {flip}: bit {bit} of byte {at}"),
            );
        }
        println!("refused: {:?}", victim.refused);
    }
}

/// The control of what bits are flipped for: where every byte counts, no flip may pass.
#[test]
fn a_flip_of_what_is_always_read_is_always_noticed() {
    let home = scratch();
    for (is_open, read_always) in [
        (
            false,
            &["journal.sqlite", "segment of fact", "book.key"][..],
        ),
        (
            true,
            &["journal.sqlite-wal", "segment of fact", "book.key"][..],
        ),
    ] {
        let mut victim = Victim::new(book(home.path(), is_open));
        for kind in read_always {
            let mut bytes = victim.whole[*kind].clone();
            bytes[0] ^= 1;
            victim.with(kind, &bytes, "the first bit flipped");
            assert_eq!(victim.refused.get(*kind), Some(&1), "{kind}");
        }
    }
}

#[test]
fn files_cut_short_anywhere_give_the_same_answer_or_a_refusal_that_names_a_file() {
    let home = scratch();
    let mut chance = chance("cut short");
    for is_open in [false, true] {
        let mut victim = Victim::new(book(home.path(), is_open));
        let kinds: Vec<String> = victim.whole.keys().cloned().collect();
        for kind in kinds {
            let whole = victim.whole[&kind].clone();
            let stride = times(1, 1 + whole.len() as u32 / 250) as usize;
            let first = chance.below(stride as u64) as usize;
            let pages = (0..whole.len()).step_by(4096);
            let cuts = (first..whole.len()).step_by(stride).chain(pages);
            for length in cuts.chain(whole.len().checked_sub(1)) {
                victim.with(&kind, &whole[..length], &format!("cut to {length}"));
            }
        }
        println!("refused: {:?}", victim.refused);
    }
}

#[test]
fn a_page_of_zeros_gives_the_same_answer_or_a_refusal_that_names_a_file() {
    let home = scratch();
    let mut chance = chance("zeros");
    for is_open in [false, true] {
        let mut victim = Victim::new(book(home.path(), is_open));
        let kinds: Vec<String> = victim.whole.keys().cloned().collect();
        for round in 0..times(500, 100) {
            let kind = &kinds[chance.below(kinds.len() as u64) as usize];
            let mut bytes = victim.whole[kind].clone();
            let pages = (bytes.len() as u64).div_ceil(4096).max(1);
            let from = (chance.below(pages) * 4096) as usize;
            let until = bytes.len().min(from + 4096);
            bytes[from..until].fill(0);
            victim.with(kind, &bytes, &format!("zeros {round} from {from}"));
        }
    }
}
