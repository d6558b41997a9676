//! Two writers: one wins, the other is told who has the book; a writer that slept through the loss
//! of its lock writes nothing more, anywhere.

use std::time::{Duration, Instant};

use super::super::world::*;
use super::work::{self, Told};
use super::{Worker, chance, times};
use crate::{Commit, Ended, Ledger};

#[test]
fn of_writers_that_start_at_once_one_has_the_book() {
    let mut chance = chance("races");
    for race in 0..times(500, 25) {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("book");
        work::prepare("journal", &folder);
        let mut racers = Vec::new();
        for _ in 0..2 + chance.below(2) {
            std::thread::sleep(Duration::from_micros(chance.below(3_000)));
            racers.push(Worker::start("journal", &folder, 0, &[]));
        }
        let over = |racer: &mut Worker| racer.child.try_wait().unwrap().is_some();
        let begun = Instant::now();
        while racers
            .iter_mut()
            .map(over)
            .filter(|is_over| !is_over)
            .count()
            > 1
        {
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "race {race}: two writers"
            );
            std::thread::sleep(Duration::from_millis(2));
        }
        // It may not have said so yet: losers need not wait until it has opened the book.
        let winner = racers.iter_mut().position(|racer| !over(racer));
        let mut winner = racers.remove(winner.unwrap());
        winner.wait_for("done");
        let holder = winner.child.id().to_string();
        for loser in racers {
            let said = loser.end().join("\n");
            assert!(said.contains("refused E0201"), "race {race}: {said}");
            assert!(said.contains(&holder), "race {race}: {said}");
        }
        let all = super::acknowledged(&winner.kill());
        let mut told = Told::default();
        told.heard(0, &all, &all);
        assert_eq!(
            work::wrongs("journal", &folder, &told),
            [""; 0],
            "race {race}"
        );
    }
}

#[cfg(unix)]
fn signal(worker: &Worker, name: &str) {
    super::system(
        "kill",
        &[&format!("-{name}"), &worker.child.id().to_string()],
    );
}

#[cfg(unix)]
#[test]
fn a_paused_writer_keeps_the_book_and_goes_on() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("book");
    work::prepare("rows", &folder);
    let mut leader = Worker::start("rows", &folder, 0, &[]);
    leader.wait_for("done");
    signal(&leader, "STOP");
    let second = Worker::start("rows", &folder, 50, &[]);
    let refused = second.end().join("\n");
    assert!(refused.contains("refused E0201"), "{refused}");
    assert!(
        refused.contains(&leader.child.id().to_string()),
        "{refused}"
    );
    let before = leader.acknowledged().len();
    signal(&leader, "CONT");
    while leader.acknowledged().len() < before + 2 {
        std::thread::sleep(Duration::from_millis(2));
    }
    let all = super::acknowledged(&leader.kill());
    let mut told = Told::default();
    told.heard(0, &all, &all);
    assert_eq!(work::wrongs("rows", &folder, &told), [""; 0]);
}

/// The lock can only be lost by removing its file, or on a file system that does not keep locks.
#[cfg(unix)]
#[test]
fn a_paused_writer_that_lost_its_lock_writes_nothing_more() {
    for round in 0..times(50, 6) {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("book");
        work::prepare("rows", &folder);
        let mut old = Worker::start("rows", &folder, 0, &[]);
        old.wait_for("done");
        std::thread::sleep(Duration::from_millis(u64::from(round) * 7));
        signal(&old, "STOP");
        std::fs::remove_file(folder.join("data/lock")).unwrap();
        let before = old.acknowledged();
        let mut new = Worker::start("rows", &folder, 100, &[]);
        // A writer stopped inside its transaction holds SQLite's own lock; that is a refusal too.
        if !new.wait_for("done") {
            let said = new.end().join("\n");
            assert!(said.contains("refused E0201"), "{said}");
            old.kill();
            continue;
        }
        signal(&old, "CONT");
        let said = old.end();
        assert!(said.join("\n").contains("refused E0211"), "{said:#?}");
        let (late, fresh) = (super::acknowledged(&said), super::acknowledged(&new.kill()));
        let mut told = Told::default();
        told.heard(0, &before, &late);
        told.heard(100, &fresh, &fresh);
        assert_eq!(work::wrongs("rows", &folder, &told), [""; 0]);
        let ledger = Ledger::open_reading(&folder).unwrap();
        let key = ledger.record_key("crm", "leads", &["100000"]);
        let rows = ledger.record("crm", "leads", key).unwrap();
        assert!(!rows[0].cells.is_empty());
    }
}

/// The old writer has handed out slots that it has not written yet when the new one hands out the
/// same.
#[test]
fn a_writer_that_was_taken_over_leaves_the_key_slots_of_its_successor() {
    let (world, old) = World::new();
    let mut import = old.begin_import(&pack(), at("2020-02-01")).unwrap();
    let first = batch("leads", "a.csv", &many_leads(1, 5));
    let classified = import.classify(first).unwrap();
    let mut names = handfast_model::Names::default();
    let (endings, facts) = map(&old, &classified, &mut names);
    std::fs::remove_file(world.folder.path().join("data/lock")).unwrap();
    let new = world.open().unwrap();
    super::super::world::import(
        &new,
        "2020-02-02",
        &[("leads", "b.csv", &many_leads(50, 5))],
    )
    .unwrap();
    let batches = vec![Ended {
        classified,
        endings,
    }];
    let late = import.commit(Commit {
        batches,
        facts,
        names,
    });
    assert_eq!(late.unwrap_err().code, "E0211");
    let key = new.record_key("crm", "leads", &["50"]);
    let rows = new.record("crm", "leads", key).unwrap();
    let name = rows[0].cells.iter().find(|(column, _)| column == "name");
    assert_eq!(name.unwrap().1, "Person 50");
    assert_eq!(new.verify().findings, []);
}

/// The next import reads what is known of rows: a commit of the one before must not come later.
#[test]
fn an_import_that_is_given_up_has_written_what_it_will() {
    let (_world, ledger) = World::new();
    let leads = many_leads(1, 900);
    let mut import = ledger.begin_import(&pack(), at("2020-02-01")).unwrap();
    let classified = import.classify(batch("leads", "a.csv", &leads)).unwrap();
    let mut names = handfast_model::Names::default();
    let (endings, facts) = map(&ledger, &classified, &mut names);
    let batches = vec![Ended {
        classified,
        endings,
    }];
    import
        .commit_behind(Commit {
            batches,
            facts,
            names,
        })
        .unwrap();
    drop(import);
    let again = [("leads", "a.csv", leads.as_str())];
    let report = super::super::world::import(&ledger, "2020-02-02", &again).unwrap();
    assert_eq!(report.files[0].known, 900);
    assert_eq!(ledger.verify().findings, []);
}
