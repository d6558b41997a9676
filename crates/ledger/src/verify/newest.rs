//! What can be looked at after every commit, however large the book is: that the newest commits
//! follow from those before (I5), that the newest import adds up (I1), and that every file lies in
//! the book's own folder (I13).

use std::collections::BTreeMap;
use std::path::Path;

use handfast_model::{Breach, Refusal};

use super::{Scan, run_of};
use crate::book::Ledger;
use crate::chain;
use crate::head;
use crate::lists::Said;
use crate::refuse;
use crate::store::{Field, Store, first, reading};

/// Commits whose hashes are computed again: what a command wrote and some before, though not the
/// thousands of a long import, which the next opening walks.
const NEWEST: i64 = 16;

impl Ledger {
    /// What does not hold of the newest commits, of their import and of where the book's files are.
    pub fn verify_newest(&self) -> Vec<Breach> {
        let mut scan = Scan::default();
        let journal = self.inner.shelf.journal.clone();
        // The note is read first: the writer may go on meanwhile.
        let head = head::read(&journal);
        let mut store = self.inner.reader();
        let chain = reading(store.as_mut(), |store| {
            chain::walk_newest(store, &journal, NEWEST)?;
            head.map_or(Ok(()), |head| head.check(store, &journal))
        });
        let account = reading(store.as_mut(), |store| scan.check_newest(store, &journal));
        let reach = reading(store.as_mut(), |store| scan.check_reach(self, store));
        for refusal in [chain.err(), account.err(), reach.err()]
            .into_iter()
            .flatten()
        {
            scan.refused(&journal, &refusal);
        }
        scan.done.findings
    }
}

impl Scan {
    /// The rows of the newest import that ended are the sum of their endings, and the facts that
    /// its files gave are those that its commits hold. Only its own commits are read for it.
    fn check_newest(&mut self, store: &mut dyn Store, journal: &Path) -> Result<(), Refusal> {
        let newest = first(store, "SELECT max(run) FROM import_file", &[])?;
        let newest = newest.map(|row| row.maybe_int(0)).transpose()?.flatten();
        let Some(run) = newest else {
            return Ok(());
        };
        let told = self.told(store, run)?;
        let sql = "SELECT c.seq, c.note, c.body FROM commit_log c, import i
                   WHERE i.run = $1 AND c.seq BETWEEN i.seq AND i.finished_seq ORDER BY c.seq";
        let mut said = Said::default();
        store.query(sql, &[Field::Int(run)], &mut |row| {
            let seq = row.int(0)?;
            if run_of(row.text(1)?) == Some(run) {
                let what = "its body cannot be read";
                let unread = || refuse::chain_broken(journal, seq.unsigned_abs(), what);
                said.add(seq, row.text(2)?).ok_or_else(unread)?;
            }
            Ok(())
        })?;
        let facts = said.rows.iter().filter(|((table, ..), _)| table == "fact");
        let held: u64 = facts.map(|(_, (count, _))| count).sum();
        self.compare_facts(&told, &BTreeMap::from([(run, held)]));
        Ok(())
    }
}
