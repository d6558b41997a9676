//! Compaction and reopening change no answer.

use handfast_model::question::AsOf;

use super::world::*;
use crate::{Commit, Ended, Ledger};

#[test]
fn rows_in_the_journal_and_in_segments_give_one_snapshot() {
    // The same rows in one commit of two segments, and in many small ones.
    let rows = many_leads(1, 1_600);
    let (_one, large) = World::new();
    import(&large, "2020-02-01", &[("leads", "l.csv", &rows)]).unwrap();
    let (_many, small) = World::new();
    let mut import = small.begin_import(&pack(), at("2020-02-01")).unwrap();
    let lines: Vec<&str> = rows.lines().collect();
    for part in lines[1..].chunks(200) {
        let file = format!("{}\n{}", lines[0], part.join("\n"));
        let classified = import.classify(batch("leads", "l.csv", &file)).unwrap();
        let mut names = handfast_model::Names::default();
        let (endings, facts) = map(&small, &classified, &mut names);
        let ended = Ended {
            classified,
            endings,
        };
        let commit = Commit {
            batches: vec![ended],
            facts,
            names,
        };
        import.commit(commit).unwrap();
    }
    import.finish(None).unwrap();
    assert_eq!(text(&large, AsOf::Latest), text(&small, AsOf::Latest));
    assert_eq!(text(&large, AsOf::Latest).lines().count(), 3_200);
}

#[test]
fn compaction_changes_no_answer_and_leaves_one_segment_per_scope() {
    let (world, ledger) = World::new();
    for (at, now) in (0..6).zip(["01", "02", "03", "04", "05", "06"]) {
        let leads = many_leads(at * 100, 150 + at * 400);
        let accounts = format!("id,city\nA,Ulm{at}\nB{at},Bonn");
        let now = format!("2020-02-{now}");
        import(
            &ledger,
            &now,
            &[("leads", "l.csv", &leads), ("accounts", "a.csv", &accounts)],
        )
        .unwrap();
    }
    let key = ledger.record_key("crm", "leads", &["120"]);
    let answers = |ledger: &Ledger| {
        let early = text(ledger, AsOf::Seq(handfast_model::Seq(7)));
        (
            whole(ledger),
            early,
            ledger.record("crm", "leads", key).unwrap(),
        )
    };
    let before = answers(&ledger);
    let reader = Ledger::open_reading(world.folder.path()).unwrap();
    let done = ledger.compact().unwrap();
    assert!(done.before > done.after && done.after == 4, "{done:?}");
    assert_eq!(answers(&ledger), before);
    assert_eq!(answers(&reader), before);
    assert_eq!(ledger.verify().findings, []);
    let segments = std::fs::read_dir(world.folder.path().join("data/segments")).unwrap();
    assert_eq!(segments.count(), 4);
    assert_eq!(ledger.compact().unwrap().rows, 0);
    drop(ledger);
    let ledger = world.open().unwrap();
    assert_eq!(answers(&ledger), before);
    // What is known of rows does not depend on where they lie.
    let report = import(
        &ledger,
        "2020-03-01",
        &[("leads", "l.csv", &many_leads(0, 300))],
    )
    .unwrap();
    assert_eq!(report.files[0].known, 300);
}
