//! Truncated and flipped bytes give a refusal that names the file, never a wrong answer.

use std::fs;
use std::path::{Path, PathBuf};

use handfast_model::question::{AsOf, Known};

use super::world::*;
use crate::Ledger;

fn told_by(folder: &Path) -> Result<String, handfast_model::Refusal> {
    let ledger = Ledger::open_reading(folder)?;
    let snapshot = ledger.snapshot(AsOf::Latest, Known::Recorded, &utc())?;
    Ok(format!(
        "{} {:?} {:?} {:?}",
        told(&snapshot),
        snapshot.observed,
        snapshot.set_aside,
        snapshot.packs
    ))
}

/// A small generator of repeatable numbers.
fn next(state: &mut u64) -> usize {
    *state = state
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) as usize
}

fn book() -> (World, PathBuf) {
    let (world, ledger) = World::new();
    let deals = "id,updated,stage,amount,day\nD1,1,new,10,2020-01-02\nD2,1,new,x,2020-01-03";
    let leads = many_leads(1, 900);
    import(
        &ledger,
        "2020-02-01",
        &[("leads", "l.csv", &leads), ("deals", "d.csv", deals)],
    )
    .unwrap();
    ledger.forget(&[("crm", "7")], at("2020-02-02")).unwrap();
    assert_eq!(ledger.verify().findings, []);
    drop(ledger);
    let segments = world.folder.path().join("data/segments");
    let fact = fs::read_dir(&segments)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.to_string_lossy().contains("fact-"))
        .unwrap();
    (world, fact)
}

#[test]
fn a_damaged_segment_is_a_refusal_that_names_it() {
    let (world, path) = book();
    let whole = fs::read(&path).unwrap();
    let mut seed = 1;
    for round in 0..60 {
        let mut bytes = whole.clone();
        if round % 2 == 0 {
            bytes.truncate(next(&mut seed) % whole.len());
        } else {
            let at = next(&mut seed) % whole.len();
            bytes[at] ^= 1 << (next(&mut seed) % 8);
        }
        fs::write(&path, &bytes).unwrap();
        let refusal = told_by(world.folder.path()).unwrap_err();
        assert_eq!(refusal.code, "E0207");
        assert_eq!(refusal.place.unwrap().file, path.display().to_string());
    }
    let ledger = world.open().unwrap();
    let findings = ledger.verify().findings;
    assert!(
        findings
            .iter()
            .all(|found| found.at == path.display().to_string()),
        "{findings:?}"
    );
    assert!(!findings.is_empty());
    drop(ledger);
    fs::remove_file(&path).unwrap();
    assert_eq!(told_by(world.folder.path()).unwrap_err().code, "E0208");
    fs::write(&path, &whole).unwrap();
    assert_eq!(world.open().unwrap().verify().findings, []);
}

#[test]
fn a_damaged_journal_gives_the_same_answer_or_a_refusal_never_another_number() {
    let (world, _) = book();
    let path = world.folder.path().join("data/journal.sqlite");
    let whole = fs::read(&path).unwrap();
    let expected = told_by(world.folder.path()).unwrap();
    let (mut seed, mut refused) = (7, 0);
    for round in 0..400 {
        let mut bytes = whole.clone();
        match round % 8 {
            0 => bytes.truncate(next(&mut seed) % whole.len()),
            1 => {
                let page = next(&mut seed) % (whole.len() / 4096) * 4096;
                bytes[page..page + 4096].fill(0);
            }
            _ => {
                let at = next(&mut seed) % whole.len();
                bytes[at] ^= 1 << (next(&mut seed) % 8);
            }
        }
        fs::write(&path, &bytes).unwrap();
        for beside in ["journal.sqlite-wal", "journal.sqlite-shm"] {
            let _ = fs::remove_file(world.folder.path().join("data").join(beside));
        }
        match told_by(world.folder.path()) {
            Ok(told) => assert_eq!(told, expected, "round {round}"),
            Err(refusal) => {
                refused += 1;
                assert!(refusal.code.starts_with("E02"), "{refusal}");
            }
        }
    }
    assert!(refused > 50, "{refused}");
}

#[test]
fn a_changed_commit_is_found_by_its_number() {
    let (world, _) = book();
    let path = world.folder.path().join("data/journal.sqlite");
    let connection = rusqlite::Connection::open(&path).unwrap();
    let forged = "UPDATE commit_log SET note = 'nothing happened' WHERE seq = 2";
    connection.execute(forged, []).unwrap();
    let refusal = told_by(world.folder.path()).unwrap_err();
    assert_eq!(refusal.code, "E0210");
    assert!(refusal.title.starts_with("commit 2 "), "{refusal}");
}

#[test]
fn what_is_said_of_imports_is_under_the_chain() {
    let changes = [
        "started_at = 0",
        "source = 'other'",
        "pack = 'blake3:0f'",
        "seq = 9",
        "finished_seq = 1",
        "finished_seq = NULL",
        "slot = 3",
        "slot = NULL",
        "run = 2",
    ];
    for change in changes {
        let (world, _) = book();
        let path = world.folder.path().join("data/journal.sqlite");
        let connection = rusqlite::Connection::open(&path).unwrap();
        let sql = format!("UPDATE import SET {change}");
        assert_eq!(connection.execute(&sql, []).unwrap(), 1, "{change}");
        let refusal = told_by(world.folder.path()).unwrap_err();
        assert_eq!(refusal.code, "E0210", "{change}");
    }
    let (world, _) = book();
    let path = world.folder.path().join("data/journal.sqlite");
    let connection = rusqlite::Connection::open(&path).unwrap();
    let more = "INSERT INTO import SELECT 7, source, pack, started_at, seq, NULL, NULL FROM import";
    assert_eq!(connection.execute(more, []).unwrap(), 1);
    assert_eq!(told_by(world.folder.path()).unwrap_err().code, "E0210");
}

#[test]
fn keys_that_are_missing_open_or_short_are_refused() {
    let (world, _) = book();
    let key = world.folder.path().join("data/keys/book.key");
    let secret = fs::read(&key).unwrap();
    fs::remove_file(&key).unwrap();
    assert_eq!(world.open().err().unwrap().code, "E0204");
    fs::write(&key, &secret[..31]).unwrap();
    assert_eq!(world.open().err().unwrap().code, "E0204");
    fs::write(&key, &secret).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(world.open().err().unwrap().code, "E0205");
        fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    }
    let slots = world.folder.path().join("data/keys/slots");
    let bytes = fs::read(&slots).unwrap();
    fs::write(&slots, &bytes[..320]).unwrap();
    let ledger = Ledger::open_reading(world.folder.path()).unwrap();
    let findings = ledger.verify().findings;
    assert!(
        findings
            .iter()
            .all(|found| found.at == slots.display().to_string())
    );
    assert!(findings.len() > 800, "{}", findings.len());
    let row = ledger.record("crm", "leads", ledger.record_key("crm", "leads", &["500"]));
    assert_eq!(row.unwrap_err().code, "E0219");
    drop(ledger);
    fs::remove_file(&slots).unwrap();
    assert_eq!(world.open().err().unwrap().code, "E0219");
}

/// What is asked of a book whose keys are not its own: nothing on the disk may change.
fn refused_untouched(world: &World, code: &str) {
    let mut before = world.files();
    let refusal = world.open().err().unwrap();
    assert_eq!(refusal.code, code, "{refusal}");
    let mut after = world.files();
    for files in [&mut before, &mut after] {
        // SQLite's index of the log and the note of who holds the lock are no part of the book.
        files.retain(|(path, _)| !path.ends_with("lock") && !path.ends_with("journal.sqlite-shm"));
    }
    assert!(before == after, "something was written");
}

#[test]
fn the_key_of_another_book_is_refused_before_anything_is_done() {
    let (world, _) = book();
    let key = world.folder.path().join("data/keys/book.key");
    let secret = fs::read(&key).unwrap();
    fs::write(&key, [6; 32]).unwrap();
    refused_untouched(&world, "E0218");
    // A book that would be raised to the present format is left as it is, too.
    let journal = world.folder.path().join("data/journal.sqlite");
    let set = |sql: &str| {
        let connection = rusqlite::Connection::open(&journal).unwrap();
        connection.execute_batch(sql).unwrap();
    };
    set("ALTER TABLE aside_version RENAME TO kept; UPDATE book SET format = 2");
    refused_untouched(&world, "E0218");
    set("ALTER TABLE kept RENAME TO aside_version; UPDATE book SET format = 3");
    let reader = Ledger::open_reading(world.folder.path());
    assert_eq!(reader.err().unwrap().code, "E0218");
    fs::write(&key, &secret).unwrap();
    assert_eq!(world.open().unwrap().verify().findings, []);
}

#[test]
fn a_shortened_file_of_slots_is_not_written_over() {
    let (world, _) = book();
    let slots = world.folder.path().join("data/keys/slots");
    let bytes = fs::read(&slots).unwrap();
    // The last slot is that of the import's set-aside row, the one before that of a person.
    for length in [0, 320, bytes.len() - 64, bytes.len() - 32, bytes.len() - 1] {
        fs::write(&slots, &bytes[..length]).unwrap();
        refused_untouched(&world, "E0219");
        assert!(Ledger::open_reading(world.folder.path()).is_ok());
    }
    // Slots that no commit names yet are a crash's leftovers and harmless.
    fs::write(&slots, [&bytes[..], &[1; 40]].concat()).unwrap();
    assert_eq!(world.open().unwrap().verify().findings, []);
}

#[test]
fn a_journal_that_lost_its_end_is_refused() {
    let (world, ledger) = World::new();
    let rows = |city: &str| format!("id,city\nA,{city}");
    import(
        &ledger,
        "2020-02-01",
        &[("accounts", "a.csv", &rows("Ulm"))],
    )
    .unwrap();
    // A folder that is copied while its book is open, once without the write-ahead log.
    let home = tempfile::tempdir().unwrap();
    let (whole, short) = (home.path().join("whole"), home.path().join("short"));
    super::abuse::copy_folder(world.folder.path(), &whole);
    super::abuse::copy_folder(world.folder.path(), &short);
    fs::remove_file(short.join("data/journal.sqlite-wal")).unwrap();
    let journal = short.join("data/journal.sqlite").display().to_string();
    for opened in [
        Ledger::open_reading(&short),
        Ledger::open(&short, &opening("2020-02-02")),
    ] {
        let refusal = opened.err().unwrap();
        assert_eq!(refusal.code, "E0224");
        assert_eq!(refusal.place.unwrap().file, journal);
    }
    assert!(Ledger::open(&whole, &opening("2020-02-02")).is_ok());
    // Of another copy that went on by itself: the same commit, another hash.
    drop(ledger);
    let other = Ledger::open(&whole, &opening("2020-02-02")).unwrap();
    import(
        &other,
        "2020-02-03",
        &[("accounts", "a.csv", &rows("Bonn"))],
    )
    .unwrap();
    let ledger = world.open().unwrap();
    import(
        &ledger,
        "2020-02-03",
        &[("accounts", "a.csv", &rows("Cleve"))],
    )
    .unwrap();
    drop((ledger, other));
    let head = world.folder.path().join("data/head");
    let noted = fs::read(&head).unwrap();
    fs::copy(whole.join("data/head"), &head).unwrap();
    assert_eq!(world.open().err().unwrap().code, "E0224");
    // A note that is torn or gone proves nothing; the next writer makes it anew.
    for torn in [&noted[..40], &[], &[0; 119]] {
        fs::write(&head, torn).unwrap();
        assert!(Ledger::open_reading(world.folder.path()).is_ok());
    }
    fs::remove_file(&head).unwrap();
    assert!(world.open().is_ok());
    assert_eq!(fs::read(&head).unwrap(), noted);
}
