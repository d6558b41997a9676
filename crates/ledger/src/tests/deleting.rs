//! What the source itself calls deleted.

use std::collections::BTreeSet;

use handfast_model::question::AsOf;

use super::world::*;
use crate::DELETED;

const HEADER: &str = "id,updated,stage,amount,day\n";

#[test]
fn a_row_that_deletes_its_record_counts_as_ignored_and_earlier_knowledge_keeps_it() {
    let (_world, ledger) = World::new();
    let take = |now: &str, rows: &str| {
        let file = format!("{HEADER}{rows}");
        import(&ledger, now, &[("deals", "d.csv", &file)]).unwrap()
    };
    let first = take("2020-02-01", "D1,1,new,10,2020-01-01");
    let before = text(&ledger, AsOf::Latest);
    assert_eq!(before.lines().count(), 2);
    let report = take("2020-02-02", "D1,3,deleted,10,2020-01-03");
    assert!(report.files[0].adds_up());
    assert_eq!(report.files[0].ignored.get(DELETED), Some(&1));
    assert_eq!(text(&ledger, AsOf::Latest), "");
    assert_eq!(text(&ledger, AsOf::Seq(first.seq)), before);
    // The same row again is known and ends as it ended.
    let again = take("2020-02-03", "D1,3,deleted,10,2020-01-03");
    assert_eq!(
        (again.files[0].known, again.files[0].ignored.get(DELETED)),
        (1, Some(&1))
    );
    // What is older than the deletion and comes late does not bring the record back.
    take("2020-02-04", "D1,2,offer,20,2020-01-02");
    assert_eq!(text(&ledger, AsOf::Latest), "");
    // What is newer does, with all of its history.
    take("2020-02-05", "D1,4,won,30,2020-01-04");
    let told = text(&ledger, AsOf::Latest);
    assert_eq!(told.matches("deal v").count(), 3, "{told}");
    assert_eq!(told.matches("mark v4").count(), 1, "{told}");
    assert_eq!(ledger.verify().findings, []);
}

#[test]
fn without_declared_versions_arrival_decides() {
    let (_world, ledger) = World::new();
    let mut pack = pack();
    pack.streams[3].version = None;
    let take = |day: u32, stage: &str| {
        let file = format!("{HEADER}D1,,{stage},10,2020-01-01");
        let now = format!("2020-02-{day:02}");
        import_with(&ledger, &pack, &now, &[("deals", "d.csv", &file)]).unwrap();
        text(&ledger, AsOf::Latest).lines().count()
    };
    assert_eq!(take(1, "deleted"), 0);
    assert_eq!(take(2, "new"), 2);
    assert_eq!(take(3, "deleted"), 0);
    assert_eq!(take(4, "new"), 3);
}

/// What must come out, said the slow way: of each deal all its states, and the event of the latest
/// version; nothing at all if that one deletes.
fn twin(rows: &[(u32, u32, &str)]) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    for (deal, version, stage) in rows.iter().filter(|row| row.2 != "deleted") {
        let of_deal = rows.iter().filter(|row| row.0 == *deal);
        let latest = of_deal.max_by_key(|row| row.1).unwrap();
        let end = format!("v{version} D{deal} stage={stage} amount={version}");
        if latest.2 != "deleted" {
            lines.insert(format!("2020-01-01 deal {end}"));
        }
        if latest.1 == *version {
            lines.insert(format!("2020-01-01 mark {end}"));
        }
    }
    lines
}

#[test]
fn whatever_arrives_first_the_latest_version_decides() {
    for seed in 1..=60_u64 {
        let mut state = seed;
        let mut chance = |below: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let mut rows = Vec::new();
        for deal in 1..=3 {
            for version in 1..=1 + chance(4) as u32 {
                let stage = ["new", "offer", "deleted"][chance(3) as usize];
                rows.push((deal, version, stage));
            }
        }
        let expected = twin(&rows);
        for at in (1..rows.len()).rev() {
            rows.swap(at, chance(at as u64 + 1) as usize);
        }
        let (_world, ledger) = World::new();
        for (part, day) in rows.chunks(1 + chance(4) as usize).zip(1..) {
            let rows: Vec<String> = part
                .iter()
                .map(|(deal, version, stage)| {
                    format!("D{deal},{version},{stage},{version},2020-01-01")
                })
                .collect();
            let file = format!("{HEADER}{}", rows.join("\n"));
            import(
                &ledger,
                &format!("2020-02-{day:02}"),
                &[("deals", "d.csv", &file)],
            )
            .unwrap();
        }
        let told = text(&ledger, AsOf::Latest);
        let told: BTreeSet<String> = told.lines().map(str::to_owned).collect();
        assert_eq!(told, expected, "seed {seed}: {rows:?}");
    }
}
