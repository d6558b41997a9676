//! What changed between any two commits makes the later snapshot out of the earlier one.

use std::collections::BTreeSet;

use handfast_model::question::{AsOf, Known};
use handfast_model::{Fact, FactId, Names, RecordKey, Snapshot, When};

use super::undoing::{Chance, file};
use super::world::*;
use crate::{Batch, Scan};

/// Facts in words that do not depend on a table of names, without order.
fn told<'f>(names: &Names, facts: impl IntoIterator<Item = &'f Fact>) -> BTreeSet<String> {
    let say = |fact: &Fact| {
        let mut fact = fact.clone();
        let mut texts = Vec::new();
        fact.each_sym(|sym| {
            texts.push(names.text(*sym).to_owned());
            *sym = Names::default().intern("");
        });
        format!("{fact:?} {texts:?}")
    };
    facts.into_iter().map(say).collect()
}

/// A fact without what is not read where only its ties are asked for.
fn tied(fact: &Fact) -> Fact {
    let mut fact = fact.clone();
    (fact.id, fact.origin.line) = (FactId(0), 0);
    if matches!(fact.happened, When::At(_)) {
        fact.happened = When::Unknown;
    }
    fact
}

/// The facts of a scan, read a batch at a time, are those of the snapshot; so are those read for
/// what they tie, but for what need not be read then.
fn same_by_scan(scan: &Scan<'_>, snapshot: &Snapshot) {
    let mut takers = [const { (Vec::new(), Vec::new()) }; 3];
    let take = |(taken, texts): &mut (Vec<String>, Vec<String>), batch: Batch<'_>| {
        texts.truncate(batch.known);
        assert!(batch.names.texts().take(batch.known).eq(&*texts));
        texts.extend(batch.names.since(batch.known).map(str::to_owned));
        let facts = batch.facts.iter();
        taken.extend(facts.flat_map(|fact| told(batch.names, [fact])));
        Ok(())
    };
    scan.spread(&utc(), &mut takers, take).unwrap();
    let all: Vec<String> = takers.into_iter().flat_map(|(taken, _)| taken).collect();
    assert_eq!(all.len(), snapshot.facts.len());
    let all: BTreeSet<String> = all.into_iter().collect();
    assert_eq!(all, told(&snapshot.names, &snapshot.facts));
    let has_account = |fact: &Fact| fact.account.is_some();
    let mut tying = Vec::new();
    let sift = |_: &Names, facts: &[Fact]| facts.iter().map(has_account).collect();
    let take = &mut |names: &Names, facts: Vec<Fact>| {
        tying.extend(facts.iter().flat_map(|fact| told(names, [&tied(fact)])));
        Ok(())
    };
    scan.tying(None, &sift, &utc(), take).unwrap();
    let wanted = snapshot.facts.iter().filter(|fact| has_account(fact));
    let wanted = wanted.flat_map(|fact| told(&snapshot.names, [&tied(fact)]));
    let mut wanted: Vec<String> = wanted.collect();
    tying.sort();
    wanted.sort();
    assert_eq!(tying, wanted);
}

#[test]
fn what_changed_turns_any_earlier_snapshot_into_the_later_one() {
    let (mut by_change, mut untouched) = (0, 0);
    for seed in 1..=25 {
        let mut chance = Chance(seed);
        let (world, mut ledger) = World::new();
        let mut known: Vec<Snapshot> = Vec::new();
        for step in 0..12 {
            let now = format!("2020-02-{:02}", step + 1);
            match chance.below(7) {
                0 | 1 => drop(ledger.undo(None, at(&now))),
                2 => drop(ledger.compact().unwrap()),
                3 => {
                    drop(ledger);
                    ledger = world.open().unwrap();
                }
                _ => {
                    let (stream, text) = file(&mut chance);
                    import(&ledger, &now, &[(stream, "a.csv", &text)]).unwrap();
                }
            }
            let snapshot = ledger
                .snapshot(AsOf::Latest, Known::Recorded, &utc())
                .unwrap();
            let scan = |as_of| ledger.scan(as_of, Known::Recorded).unwrap();
            same_by_scan(&scan(AsOf::Latest), &snapshot);
            for before in &known {
                let earlier = AsOf::Seq(before.seq);
                let (old, new) = ledger.differing(earlier, AsOf::Latest, &utc()).unwrap();
                let mut scan = scan(earlier);
                scan.give_instead(old.facts.iter(), (&new.names, new.facts.clone()));
                same_by_scan(&scan, &snapshot);
                let changes = ledger.changes(before.seq, snapshot.seq, usize::MAX);
                let changes = changes.unwrap().unwrap();
                let records: BTreeSet<RecordKey> = changes.records.iter().copied().collect();
                let kept = before.facts.iter();
                let kept = kept.filter(|fact| !records.contains(&fact.origin.key));
                let mut facts = told(&before.names, kept);
                (by_change, untouched) = (by_change + changes.facts.len(), untouched + facts.len());
                facts.append(&mut told(&changes.names, &changes.facts));
                let whole = told(&snapshot.names, &snapshot.facts);
                assert_eq!(
                    facts, whole,
                    "seed {seed}: {:?} to {:?}",
                    before.seq, snapshot.seq
                );
            }
            known.push(snapshot);
        }
    }
    assert!(
        by_change > 500 && untouched > 500,
        "{by_change} {untouched}"
    );
}

#[test]
fn too_many_changes_and_a_moment_that_is_not_later_have_no_list() {
    let (_world, ledger) = World::new();
    let start = ledger.last_seq().unwrap();
    let rows = "id,city\nA,Ulm\nB,Bonn";
    import(&ledger, "2020-02-01", &[("accounts", "a.csv", rows)]).unwrap();
    let now = ledger.last_seq().unwrap();
    assert!(ledger.changes(start, now, 2).unwrap().is_some());
    assert!(ledger.changes(start, now, 1).unwrap().is_none());
    assert!(ledger.changes(now, start, 9).unwrap().is_none());
    assert_eq!(ledger.changes(now, now, 0).unwrap().unwrap().facts.len(), 0);
}
