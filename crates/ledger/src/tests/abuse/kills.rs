//! kill -9 at random moments of every kind of work.

use std::time::Duration;

use super::work::{self, Told};
use super::{Worker, chance, times};

/// After so many kills the book is left and another is begun, which keeps openings short.
const PER_BOOK: u32 = 25;

fn killed(kind: &str, kills: u32) {
    let mut chance = chance(kind);
    let (mut done, mut idle, mut pieces) = (0, 0, 0);
    while done < kills {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("book");
        work::prepare(kind, &folder);
        let mut told = Told::of(kind);
        for _ in 0..PER_BOOK.min(kills - done) {
            let from = told.next();
            let mut worker = Worker::start(kind, &folder, from, &[]);
            // One in four falls into the opening, the others into the work itself.
            if chance.below(4) > 0 {
                worker.wait_for("done");
            }
            std::thread::sleep(Duration::from_micros(chance.below(30_000)));
            let is_over = worker.child.try_wait().unwrap().is_some();
            let said = worker.kill();
            let new = super::acknowledged(&said);
            assert!(
                !said.iter().any(|line| line.starts_with("refused")),
                "{said:?}"
            );
            (done, idle) = (done + u32::from(!is_over), idle + u32::from(new.is_empty()));
            pieces += new.len();
            told.heard(from, &new, &new);
            let wrongs = work::wrongs(kind, &folder, &told);
            assert!(wrongs.is_empty(), "kill {done} of {kind}: {wrongs:#?}");
            if is_over {
                break;
            }
        }
    }
    println!("{kind}: {done} kills, {idle} before the first piece, {pieces} pieces acknowledged");
    // One in four falls into the opening; of the others most must find work under way.
    assert!(
        pieces > 0 && idle * 2 < done,
        "{idle} of {done} kills met no work"
    );
}

#[test]
fn killed_in_imports_and_journal_writes_a_book_keeps_each_row_once() {
    killed("rows", times(700, 140));
    killed("journal", times(300, 60));
}

#[test]
fn killed_while_many_callers_append_a_book_keeps_each_row_once() {
    killed("events", times(300, 60));
}

#[test]
fn killed_in_compaction_no_row_is_lost_or_doubled() {
    killed("compact", times(200, 40));
}

#[test]
fn killed_in_publishing_a_charter_is_in_force_or_not() {
    killed("charter", times(200, 40));
}

#[test]
fn killed_in_forgetting_a_person_is_forgotten_in_the_end() {
    killed("forget", times(200, 40));
}

#[test]
fn killed_while_a_format_is_raised_a_book_has_one_or_the_other() {
    killed("raise", times(200, 40));
}

#[test]
fn killed_while_a_book_is_made_it_is_there_or_can_be_made() {
    killed("create", times(200, 40));
}

#[test]
fn killed_while_it_is_copied_a_book_and_its_finished_copies_are_whole() {
    killed("backup", times(50, 15));
}
