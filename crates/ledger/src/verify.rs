//! Verification: every hash, every total and every erasure of a book, from the bytes on the disk.
//!
//! It never stops at the first finding and never panics on what it reads. What it finds names the
//! file, so that the right one can be put back.

use std::collections::{BTreeMap, HashMap, HashSet};

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use handfast_model::Refusal;

use crate::book::Ledger;
use crate::known::{Hashes, Straight, hash, seqs};
use crate::lists::{self, RowLines, Said};
use crate::segment::{Part, PartPlace, Wanted, parts};
use crate::store::{Store, reading, rows};
use crate::table::{Digests, Table};

/// Something that is not as it was written.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Finding {
    /// The file that shows it.
    pub file: String,
    /// What is wrong.
    pub what: String,
}

/// What was looked at, and what was found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Verified {
    /// Commits of the chain.
    pub commits: u64,
    /// Stretches of rows, each with its hash.
    pub parts: u64,
    /// Record versions.
    pub records: u64,
    /// Facts.
    pub facts: u64,
    /// People whose key is destroyed.
    pub erased_people: u64,
    /// What is wrong; nothing in a sound book.
    pub findings: Vec<Finding>,
}

/// A record version, and the commit that took it back: what was taken back may come again, once
/// among what counts and once in each import that was undone.
type Place = (u128, i64, i64);

/// What the scan of all rows gathers.
#[derive(Default)]
struct Scan {
    done: Verified,
    said: Said,
    /// Whether each record version has facts; absent = no such record.
    records: HashMap<Place, bool, std::hash::BuildHasherDefault<Straight>>,
    ids: HashSet<(u128, i64), std::hash::BuildHasherDefault<Straight>>,
    /// The commits that do not count any more, and since when.
    undone: BTreeMap<i64, i64>,
    digests: BTreeMap<(String, String), Digests>,
    /// Commits some of whose rows could not be read.
    unread: Vec<(String, i64, i64)>,
}

impl Ledger {
    /// Checks the whole book.
    pub fn verify(&self) -> Verified {
        let mut scan = Scan::default();
        let journal = self.inner.shelf.journal.clone();
        let mut store = self.inner.reader();
        let listed = reading(store.as_mut(), |store| {
            for text in store.check()? {
                scan.find(&journal, &text);
            }
            if let Err(refusal) = lists::said(store, &journal).map(|(said, tail)| {
                scan.said = said;
                scan.done.commits = tail.seq.0;
            }) {
                scan.refused(&journal, &refusal);
            }
            for row in rows(store, "SELECT commit_seq, seq FROM undone", &[])? {
                scan.undone.insert(row.int(0)?, row.int(1)?);
            }
            scan.check_people(self, store)?;
            scan.check_accounts(store)?;
            let mut all = Vec::new();
            for table in Table::ALL {
                all.extend(parts(store, table, None, i64::MAX)?);
            }
            Ok(all)
        });
        // The lists are compared apart: what differs there must not hide what is wrong elsewhere.
        for check in [lists::check, lists::check_people] {
            if let Err(refusal) = check(store.as_mut(), &journal) {
                scan.refused(&journal, &refusal);
            }
        }
        drop(store);
        match listed {
            Err(refusal) => scan.refused(&journal, &refusal),
            Ok(all) => {
                for part in &all {
                    scan.read(self, part);
                }
                scan.compare(&journal);
            }
        }
        scan.done.findings.sort();
        scan.done.findings.dedup();
        scan.done
    }
}

impl Scan {
    fn find(&mut self, file: &std::path::Path, what: &str) {
        self.done.findings.push(Finding {
            file: file.display().to_string(),
            what: what.to_owned(),
        });
    }

    fn refused(&mut self, file: &std::path::Path, refusal: &Refusal) {
        let place = refusal.place.as_ref().map(|place| place.file.clone());
        self.done.findings.push(Finding {
            file: place.unwrap_or_else(|| file.display().to_string()),
            what: format!("{}: {}", refusal.code, refusal.title),
        });
    }

    /// Forgotten people have no key left; all others have one.
    fn check_people(&mut self, ledger: &Ledger, store: &mut dyn Store) -> Result<(), Refusal> {
        let mut erased = Hashes::default();
        for row in rows(store, "SELECT person FROM tombstone", &[])? {
            erased.insert(row.hash(0)?);
        }
        self.done.erased_people = erased.len() as u64;
        let mut slots = ledger.inner.slots();
        let path = slots.path().to_owned();
        for row in rows(store, "SELECT person, slot FROM identity", &[])? {
            let (person, slot) = (row.hash(0)?, u32::try_from(row.int(1)?).unwrap_or(u32::MAX));
            match (slots.read(slot), erased.contains(&person)) {
                (Err(refusal), _) => self.refused(&path, &refusal),
                (Ok(Some(_)), true) => {
                    self.find(
                        &path,
                        &format!("slot {slot} of a forgotten person still has a key"),
                    );
                }
                (Ok(None), false) => {
                    self.find(
                        &path,
                        &format!("slot {slot} is empty, but nobody was forgotten"),
                    );
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Rows in are the sum of their endings, for every file.
    fn check_accounts(&mut self, store: &mut dyn Store) -> Result<(), Refusal> {
        let sql = "SELECT stream, file, account, run FROM import_file";
        for row in rows(store, sql, &[])? {
            let file = row.text(1)?;
            let account = crate::FileAccount::from_text(row.text(0)?, file, row.text(2)?);
            if !account.is_ok_and(|account| account.adds_up()) {
                let what = format!("import {}: the endings are not the rows", row.int(3)?);
                self.find(std::path::Path::new(file), &what);
            }
        }
        Ok(())
    }

    fn read(&mut self, ledger: &Ledger, part: &Part) {
        let shelf = &ledger.inner.shelf;
        let file = match &part.place {
            PartPlace::Journal { .. } => shelf.journal.clone(),
            PartPlace::Segment { name, .. } => shelf.segments.join(name),
        };
        self.done.parts += 1;
        let place = (part.table.name().to_owned(), part.scope.clone());
        let mut count = 0;
        let mut malformed = Vec::new();
        let result = shelf.read(part, &Wanted::default(), &mut |batch| {
            self.digests.entry(place.clone()).or_default().add(batch);
            count += batch.num_rows() as u64;
            let found = match part.table {
                Table::Record => self.records(batch),
                Table::Fact => self.facts(batch),
                Table::Life => Some(None),
            };
            match found {
                Some(None) => {}
                Some(Some(what)) => malformed.push(what),
                None => malformed.push("its columns are not those of its table".to_owned()),
            }
            Ok(())
        });
        for what in malformed {
            self.find(&file, &what);
        }
        match result {
            Err(refusal) => {
                self.refused(&file, &refusal);
                let table = part.table.name().to_owned();
                self.unread.push((table, part.first_seq, part.last_seq));
            }
            Ok(()) if count != part.rows => {
                self.find(&file, &format!("it holds {count} rows, not {}", part.rows));
            }
            Ok(()) => {}
        }
    }

    /// The commit that took this one back, or 0.
    fn end_of(&self, seq: i64) -> i64 {
        self.undone.get(&seq).copied().unwrap_or(0)
    }

    /// Record versions are unique.
    fn records(&mut self, batch: &RecordBatch) -> Option<Option<String>> {
        let keys = batch.column_by_name("key")?.as_fixed_size_binary_opt()?;
        let versions = batch
            .column_by_name("version")?
            .as_primitive_opt::<Int64Type>()?;
        let seqs = seqs(batch)?;
        let mut wrong = None;
        for row in 0..batch.num_rows() {
            let (key, version) = (hash(keys, row)?, versions.value(row));
            let place = (key, version, self.end_of(seqs.value(row)));
            if self.records.insert(place, false).is_some() {
                wrong = Some(format!(
                    "record {key:032x} version {version} is there twice"
                ));
            }
            self.done.records += 1;
        }
        Some(wrong)
    }

    /// Facts have unique names; their records are looked for once all are read.
    fn facts(&mut self, batch: &RecordBatch) -> Option<Option<String>> {
        let ids = batch.column_by_name("id")?.as_fixed_size_binary_opt()?;
        let keys = batch.column_by_name("key")?.as_fixed_size_binary_opt()?;
        let versions = batch
            .column_by_name("version")?
            .as_primitive_opt::<Int64Type>()?;
        let seqs = seqs(batch)?;
        let mut wrong = None;
        for row in 0..batch.num_rows() {
            let (id, end) = (hash(ids, row)?, self.end_of(seqs.value(row)));
            if !self.ids.insert((id, end)) {
                wrong = Some(format!("fact {id:032x} is there twice"));
            }
            self.done.facts += 1;
            let place = (hash(keys, row)?, versions.value(row), end);
            match self.records.get_mut(&place) {
                Some(has_fact) => *has_fact = true,
                None if self.unread.is_empty() => {
                    wrong = Some(format!("fact {id:032x} has no record"));
                }
                None => {}
            }
        }
        Some(wrong)
    }

    /// The rows of each commit are those its body says.
    fn compare(&mut self, journal: &std::path::Path) {
        let mut found = RowLines::new();
        for ((table, scope), digests) in std::mem::take(&mut self.digests) {
            for (seq, told) in digests.finish() {
                found.insert((table.clone(), scope.clone(), seq), told);
            }
        }
        let said = std::mem::take(&mut self.said.rows);
        for place in said.keys().chain(found.keys()) {
            let (table, _, seq) = place;
            let is_unread = |(unread, first, last): &(String, i64, i64)| {
                unread == table && (first..=last).contains(&seq)
            };
            if said.get(place) != found.get(place) && !self.unread.iter().any(is_unread) {
                let what = format!("the {table} rows of commit {seq} are not those it added");
                self.find(journal, &what);
            }
        }
    }
}
