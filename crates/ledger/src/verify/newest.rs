//! What can be looked at after every commit, however large the book is: that the newest commits
//! follow from those before (I5), and that every file lies in the book's own folder (I13).

use handfast_model::Breach;

use super::Scan;
use crate::book::Ledger;
use crate::chain;
use crate::head;
use crate::store::reading;

/// Commits whose hashes are computed again: what a command wrote and some before, though not the
/// thousands of a long import, which the next opening walks.
const NEWEST: i64 = 16;

impl Ledger {
    /// What does not hold of the newest commits and of where the book's files are.
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
        let reach = reading(store.as_mut(), |store| scan.check_reach(self, store));
        for refusal in [chain.err(), reach.err()].into_iter().flatten() {
            scan.refused(&journal, &refusal);
        }
        scan.done.findings
    }
}
