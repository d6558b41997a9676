//! Copies of a book in use: whole as of one commit, whatever goes on meanwhile.

use std::sync::atomic::{AtomicBool, Ordering};

use handfast_model::question::AsOf;

use super::world::*;
use crate::Ledger;

/// The answer of a copy as of its last commit, and of the book as of the same.
fn compared(
    copy: &std::path::Path,
    keys: &std::path::Path,
    ledger: &Ledger,
    seq: handfast_model::Seq,
) {
    let copy = Ledger::open_reading_apart(copy, keys).unwrap();
    assert_eq!(copy.verify().findings, []);
    assert_eq!(copy.last_seq().unwrap(), seq);
    assert_eq!(
        copy.commit_hash(seq).unwrap(),
        ledger.commit_hash(seq).unwrap()
    );
    assert_eq!(text(&copy, AsOf::Latest), text(ledger, AsOf::Seq(seq)));
}

#[test]
fn fifty_copies_during_imports_compaction_and_forgetting_are_books_as_of_their_commit() {
    let (world, ledger) = World::new();
    import(
        &ledger,
        "2020-01-02",
        &[("leads", "l.csv", &many_leads(1, 700))],
    )
    .unwrap();
    let home = tempfile::tempdir().unwrap();
    let is_over = AtomicBool::new(false);
    let mut copies = Vec::new();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for round in 10.. {
                if is_over.load(Ordering::SeqCst) {
                    break;
                }
                let leads = many_leads(round * 1_000, if round % 5 == 0 { 700 } else { 5 });
                import(&ledger, "2020-02-02", &[("leads", "l.csv", &leads)]).unwrap();
                let key = (round * 1_000).to_string();
                match round % 3 {
                    0 => drop(ledger.forget(&[("crm", &key)], at("2020-02-03")).unwrap()),
                    1 => drop(ledger.compact().unwrap()),
                    _ => {}
                }
            }
        });
        let reader = Ledger::open_reading(world.folder.path()).unwrap();
        let mut restless = 0;
        while copies.len() < 50 {
            let at = copies.len() + restless;
            let (copy, keys) = (
                home.path().join(format!("{at}")),
                home.path().join(format!("{at}.keys")),
            );
            match reader.copy_to(&copy, &keys) {
                Ok(seq) => copies.push((copy, keys, seq)),
                Err(refusal) => {
                    assert_eq!(refusal.code, "E0225");
                    restless += 1;
                    assert!(restless < 20, "{refusal}");
                }
            }
        }
        is_over.store(true, Ordering::SeqCst);
    });
    let seqs: std::collections::BTreeSet<_> = copies.iter().map(|(_, _, seq)| *seq).collect();
    assert!(seqs.len() > 10, "{seqs:?}");
    for (copy, keys, seq) in &copies {
        compared(copy, keys, &ledger, *seq);
    }
}

#[test]
fn a_book_that_never_rests_is_not_copied() {
    let (world, ledger) = World::new();
    import(
        &ledger,
        "2020-01-02",
        &[("leads", "l.csv", &many_leads(1, 700))],
    )
    .unwrap();
    // As if the segments were compacted away each time.
    let segments = world.folder.path().join("data/segments");
    for entry in std::fs::read_dir(&segments).unwrap() {
        std::fs::remove_file(entry.unwrap().path()).unwrap();
    }
    let home = tempfile::tempdir().unwrap();
    let refusal = ledger.copy_to(&home.path().join("copy"), &home.path().join("keys"));
    assert_eq!(refusal.unwrap_err().code, "E0225");
}

#[test]
fn a_copy_of_a_half_finished_erasure_finishes_it() {
    let (world, ledger) = World::new();
    import(
        &ledger,
        "2020-01-02",
        &[("leads", "l.csv", &many_leads(1, 9))],
    )
    .unwrap();
    let person = ledger.person_id("crm", "3");
    let slot = |ledger: &Ledger| ledger.is_forgotten(person).unwrap();
    drop(ledger);
    // What is on the disk between the intent and the tombstone.
    let journal = world.folder.path().join("data/journal.sqlite");
    let connection = rusqlite::Connection::open(journal).unwrap();
    let hash = person.0.to_be_bytes().to_vec();
    connection
        .execute("INSERT INTO forgetting (person) VALUES (?1)", [&hash])
        .unwrap();
    let sql = "SELECT slot FROM identity WHERE person = ?1";
    let at: i64 = connection
        .query_row(sql, [&hash], |row| row.get(0))
        .unwrap();
    drop(connection);
    let slots = world.folder.path().join("data/keys/slots");
    let mut bytes = std::fs::read(&slots).unwrap();
    let from = usize::try_from(at).unwrap() * 32;
    bytes[from..from + 32].fill(0);
    std::fs::write(&slots, bytes).unwrap();
    let reader = Ledger::open_reading(world.folder.path()).unwrap();
    assert_eq!(reader.verify().findings, []);
    let home = tempfile::tempdir().unwrap();
    let copy = home.path().join("copy");
    reader.copy_to(&copy, &copy.join("data/keys")).unwrap();
    let copy = Ledger::open(&copy, &opening("2020-01-03")).unwrap();
    assert!(slot(&copy) && !slot(&reader));
    assert_eq!(copy.verify().findings, []);
}

#[test]
fn whom_a_later_state_has_forgotten_is_forgotten_in_an_older_copy() {
    let (world, ledger) = World::new();
    import(
        &ledger,
        "2020-01-02",
        &[("leads", "l.csv", &many_leads(1, 9))],
    )
    .unwrap();
    let home = tempfile::tempdir().unwrap();
    let (copy, keys) = (home.path().join("copy"), home.path().join("copy/data/keys"));
    ledger.copy_to(&copy, &keys).unwrap();
    let people = ["3", "4", "late"].map(|key| ledger.person_id("crm", key));
    let address = [ledger.email_identity("p3@x.org")];
    ledger
        .forget_people(&people, &address, at("2020-01-03"))
        .unwrap();
    let copy = Ledger::open(&copy, &opening("2020-01-04")).unwrap();
    assert!(!copy.is_forgotten(people[0]).unwrap());
    assert_eq!(copy.forget_as(&ledger, at("2020-01-04")).unwrap(), 3);
    assert!(
        people
            .iter()
            .all(|person| copy.is_forgotten(*person).unwrap())
    );
    assert!(copy.is_barred(&address[0]).unwrap());
    assert_eq!(copy.verify().findings, []);
    let (_other, stranger) = {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::create(folder.path(), Some([6; 32]), &opening("2020-01-01")).unwrap();
        (folder, ledger)
    };
    let refusal = stranger.forget_as(&ledger, at("2020-01-04")).unwrap_err();
    assert_eq!(refusal.code, "E0218");
    drop(world);
}

#[test]
fn a_copy_that_lost_its_empty_folder_of_segments_opens() {
    let (world, ledger) = World::new();
    import(
        &ledger,
        "2020-01-02",
        &[("leads", "l.csv", &many_leads(1, 9))],
    )
    .unwrap();
    let home = tempfile::tempdir().unwrap();
    let (copy, keys) = (home.path().join("copy"), home.path().join("copy/data/keys"));
    ledger.copy_to(&copy, &keys).unwrap();
    // It is empty as yet, and archives and version control leave out empty folders.
    std::fs::remove_dir(copy.join("data/segments")).unwrap();
    let copy = Ledger::open(&copy, &opening("2020-01-04")).unwrap();
    assert_eq!(text(&copy, AsOf::Latest), text(&ledger, AsOf::Latest));
    drop(world);
}
