//! Verification: every hash, every total and every erasure of a book, from the bytes on the disk.
//!
//! It never stops at the first finding and never panics on what it reads. What it finds names the
//! file, so that the right one can be put back.

mod newest;
mod reach;
mod scan;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use handfast_model::{Breach, Invariant, Refusal, Seq};

use crate::book::Ledger;
use crate::known::{Hashes, Straight};
use crate::lists::{self, Said};
use crate::segment::parts;
use crate::store::{Field, Store, reading, rows};
use crate::table::{Digests, Table};

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
    /// Files of finished imports, whose rows are the sum of their endings.
    pub files: u64,
    /// Files of the book, all in its own folder.
    pub paths: u64,
    /// Keys that opened a text sealed under them.
    pub keys: u64,
    /// People whose key is destroyed.
    pub erased_people: u64,
    /// What is wrong; nothing in a sound book.
    pub findings: Vec<Breach>,
}

/// A record version, and the commit that took it back: what was taken back may come again, once
/// among what counts and once in each import that was undone.
type Place = (u128, i64, i64);

/// What the scan of all rows gathers.
#[derive(Default)]
struct Scan {
    done: Verified,
    said: Said,
    /// All record versions.
    records: HashMap<Place, scan::Record, std::hash::BuildHasherDefault<Straight>>,
    /// Slots that opened a text, or were found not to.
    proved: HashSet<u32>,
    /// The key slots of set-aside rows, and all that the lists of people and imports name.
    sealing: HashSet<u32>,
    listed: HashSet<u32>,
    ids: HashSet<(u128, i64), std::hash::BuildHasherDefault<Straight>>,
    /// The clock of each commit.
    clocks: BTreeMap<i64, i64>,
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
                scan.find(Invariant::Chain, &journal, text);
            }
            if let Err(refusal) = lists::said(store, &journal).map(|(said, tail)| {
                scan.said = said;
                scan.done.commits = tail.seq.0;
            }) {
                scan.refused(&journal, &refusal);
            }
            for row in rows(store, "SELECT seq, recorded_at FROM commit_log", &[])? {
                scan.clocks.insert(row.int(0)?, row.int(1)?);
            }
            for row in rows(store, "SELECT commit_seq, seq FROM undone", &[])? {
                scan.undone.insert(row.int(0)?, row.int(1)?);
            }
            scan.check_people(self, store)?;
            scan.check_accounts(store)?;
            scan.check_reach(self, store)?;
            scan.asides(store)?;
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
                scan.check_endings(&journal);
                scan.compare(&journal);
                scan.check_listed(&journal);
            }
        }
        scan.done.findings.sort();
        scan.done.findings.dedup();
        scan.done
    }
}

impl Scan {
    fn find(&mut self, invariant: Invariant, file: &Path, what: impl Into<String>) {
        self.done.findings.push(Breach {
            invariant,
            at: file.display().to_string(),
            what: what.into(),
            since: Seq(0),
        });
    }

    fn refused(&mut self, file: &Path, refusal: &Refusal) {
        let place = refusal.place.as_ref().map(|place| place.file.clone());
        let file = place.unwrap_or_else(|| file.display().to_string());
        let what = format!("{}: {}", refusal.code, refusal.title);
        self.find(Invariant::Chain, Path::new(&file), what);
    }

    /// Forgotten people have no key left; all others have one, but for those whose erasure has
    /// begun: it ends at the next opening.
    fn check_people(&mut self, ledger: &Ledger, store: &mut dyn Store) -> Result<(), Refusal> {
        let mut erased = Hashes::default();
        for row in rows(store, "SELECT person FROM tombstone", &[])? {
            erased.insert(row.hash(0)?);
        }
        self.done.erased_people = erased.len() as u64;
        let mut begun = Hashes::default();
        for row in rows(store, "SELECT person FROM forgetting", &[])? {
            begun.insert(row.hash(0)?);
        }
        let mut slots = ledger.inner.slots();
        let path = slots.path().to_owned();
        for row in rows(store, "SELECT person, slot FROM identity", &[])? {
            let (person, slot) = (row.hash(0)?, u32::try_from(row.int(1)?).unwrap_or(u32::MAX));
            self.listed.insert(slot);
            match (slots.read(slot), erased.contains(&person)) {
                (Err(refusal), _) => self.refused(&path, &refusal),
                (Ok(Some(_)), true) => {
                    let what = format!(
                        "slot {slot} of a forgotten person still has a key: an old file was put \
                         back; the next command that writes to the book destroys it again"
                    );
                    self.find(Invariant::Erasure, &path, what);
                }
                (Ok(None), false) if !begun.contains(&person) => {
                    let what = format!("slot {slot} is empty, but nobody was forgotten");
                    self.find(Invariant::Erasure, &path, what);
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Rows in are the sum of their endings, for every file; and the facts that an import's files
    /// gave are those that its commits hold.
    fn check_accounts(&mut self, store: &mut dyn Store) -> Result<(), Refusal> {
        let told = self.told(store, 0)?;
        let mut held: BTreeMap<i64, u64> = BTreeMap::new();
        for row in rows(store, "SELECT seq, note FROM commit_log", &[])? {
            if let Some(run) = run_of(row.text(1)?) {
                let place = ("fact".to_owned(), String::new(), row.int(0)?);
                let facts = self.said.rows.get(&place).map_or(0, |(count, _)| *count);
                *held.entry(run).or_default() += facts;
            }
        }
        self.compare_facts(&told, &held);
        Ok(())
    }

    /// The facts that the files of imports say they gave, from one import on; a file whose rows are
    /// not the sum of their endings says none.
    fn told(&mut self, store: &mut dyn Store, since: i64) -> Result<BTreeMap<i64, u64>, Refusal> {
        let mut told: BTreeMap<i64, u64> = BTreeMap::new();
        let sql = "SELECT stream, file, account, run FROM import_file WHERE run >= $1";
        for row in rows(store, sql, &[Field::Int(since)])? {
            let (file, run) = (row.text(1)?, row.int(3)?);
            let account = crate::FileAccount::from_text(row.text(0)?, file, row.text(2)?);
            self.done.files += 1;
            match account {
                Ok(account) if account.adds_up() => {
                    *told.entry(run).or_default() += account.facts;
                }
                _ => {
                    let what = format!("import {run}: the endings are not the rows");
                    self.find(Invariant::Receipt, Path::new(file), what);
                }
            }
        }
        Ok(told)
    }

    fn compare_facts(&mut self, told: &BTreeMap<i64, u64>, held: &BTreeMap<i64, u64>) {
        for (run, told) in told {
            let held = held.get(run).copied().unwrap_or(0);
            if *told != held {
                let what = format!("its files gave {told} facts, its commits hold {held}");
                let import = format!("import {run}");
                self.find(Invariant::Receipt, Path::new(&import), what);
            }
        }
    }
}

/// The import that a commit is of, by its note.
fn run_of(note: &str) -> Option<i64> {
    let (run, rest) = note.strip_prefix("import ")?.split_once(' ')?;
    // `import 3 of crm taken back` is none of its commits.
    rest.contains(": ").then(|| run.parse().ok()).flatten()
}
