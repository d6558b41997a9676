//! Repeats over more than a year: rows come again long after, and others come under a key that is
//! taken. What came is known however long ago that was; nothing counts twice, nothing is overwritten,
//! and what is at odds is shown.

use std::collections::{BTreeMap, BTreeSet};

use handfast_model::question::{AsOf, Known};
use handfast_model::{Day, Seq};

use super::super::world::*;
use super::{chance, times};
use crate::Ledger;

/// Over so many days the rows come in.
const DAYS: u32 = 400;

/// What became of rows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Counts {
    rows: u64,
    mapped: u64,
    known: u64,
    conflicts: u64,
}

/// Events of a stream with declared versions, told row by row, with what must become of them.
struct Events {
    chance: super::Chance,
    keys: u64,
    expected: Counts,
    /// Of each key that something is at odds with: the last import that had such a row, and how many.
    at_odds: BTreeMap<u64, (u32, u64)>,
}

impl Events {
    /// A file of one import: 30 in a hundred rows repeat an earlier one, one says something else
    /// under its key.
    fn file(&mut self, import: u32, rows: u32) -> String {
        let mut file = "id,updated,stage,amount,day".to_owned();
        for _ in 0..rows {
            let drawn = if self.keys == 0 {
                99
            } else {
                self.chance.below(100)
            };
            let (key, stage) = match drawn {
                0 => (self.chance.below(self.keys), "other"),
                1..=30 => (self.chance.below(self.keys), "new"),
                _ => (self.keys, "new"),
            };
            self.expected.rows += 1;
            match drawn {
                0 => {
                    self.expected.conflicts += 1;
                    let odd = self.at_odds.entry(key).or_default();
                    *odd = (import, if odd.0 == import { odd.1 + 1 } else { 1 });
                }
                1..=30 => {
                    self.expected.known += 1;
                    self.expected.mapped += 1;
                }
                _ => {
                    self.expected.mapped += 1;
                    self.keys += 1;
                }
            }
            let (amount, day) = (key % 9_973, key % 28 + 1);
            file.push_str(&format!("\nE{key},1,{stage},{amount},2020-01-{day:02}"));
        }
        file
    }
}

/// What is known as of a commit: so many events, each once, and none as another has it.
fn holds(ledger: &Ledger, seq: Seq, keys: u64) {
    let snapshot = ledger.snapshot(AsOf::Seq(seq), Known::Recorded, &utc());
    let snapshot = snapshot.unwrap();
    assert_eq!(snapshot.facts.len() as u64, 2 * keys, "as of {}", seq.0);
    let deals: BTreeSet<_> = snapshot.facts.iter().filter_map(|fact| fact.deal).collect();
    assert_eq!(deals.len() as u64, keys, "as of {}", seq.0);
    assert!(!snapshot.names.texts().any(|text| text == "other"));
}

#[test]
fn repeats_and_conflicts_of_four_hundred_days_are_counted_to_the_row() {
    let (imports, each) = (times(200, 40), times(5_000, 500));
    let (world, mut ledger) = World::new();
    let mut events = Events {
        chance: chance("repeats"),
        keys: 0,
        expected: Counts::default(),
        at_odds: BTreeMap::new(),
    };
    let (mut counted, mut moments) = (Counts::default(), Vec::new());
    let first = Day::parse("2020-02-01").unwrap().0;
    for import in 0..imports {
        let now = Day(first + (import * DAYS / imports) as i32).to_string();
        let file = events.file(import, each);
        let report = import_with(&ledger, &pack(), &now, &[("deals", "events", &file)]).unwrap();
        let account = &report.files[0];
        assert!(account.adds_up());
        counted.rows += account.rows;
        counted.mapped += account.mapped;
        counted.known += account.known;
        counted.conflicts += account.set_aside.get("conflict").copied().unwrap_or(0);
        assert_eq!(counted, events.expected, "import {import} of {now}");
        // Between imports segments are put together, and the book is closed and opened.
        if import % (imports / 8) == 0 {
            moments.push((ledger.last_seq().unwrap(), events.keys));
            ledger.compact().unwrap();
            drop(ledger);
            ledger = Ledger::open(world.folder.path(), &opening(&now)).unwrap();
        }
    }
    moments.push((ledger.last_seq().unwrap(), events.keys));
    let few = [0, moments.len() / 2, moments.len() - 1];
    for (seq, keys) in few.map(|at| moments[at]) {
        holds(&ledger, seq, keys);
    }
    // Each row that is at odds is shown, under a key the newest ones only.
    let open: u64 = events.at_odds.values().map(|(_, rows)| rows).sum();
    let newest = ledger.snapshot(AsOf::Latest, Known::Recorded, &utc());
    assert_eq!(newest.unwrap().set_aside, [("conflict".to_owned(), open)]);
    assert_eq!(ledger.verify().findings, []);
    println!("repeats: {counted:?} in {imports} imports, {open} rows at odds are open");
}
