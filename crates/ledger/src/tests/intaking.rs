//! Rows from many callers: they end as those of files do, on the disk before their receipt.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use handfast_model::question::AsOf;
use handfast_model::{Refusal, Seq};

use super::world::*;
use crate::store::{Row, first};
use crate::{Classified, Commit, Ended, Intake, Ledger, Receipt, TextBatch};

/// An intake of the made-up source, mapped as imports of it are, that folds every few groups.
pub(super) fn intake(ledger: &Ledger) -> Intake {
    let mapper = shared(ledger);
    let map = move |_: &mut crate::Import, batches| Ok(mapped(&mapper, batches));
    ledger.intake_folding(&pack(), map, (4, 1_000)).unwrap()
}

fn shared(ledger: &Ledger) -> Ledger {
    let inner = Arc::clone(&ledger.inner);
    Ledger {
        inner,
        newest: None,
    }
}

fn mapped(ledger: &Ledger, batches: Vec<Classified>) -> Commit {
    let mut commit = Commit::default();
    for classified in batches {
        let (endings, facts) = map(ledger, &classified, &mut commit.names);
        commit.facts.extend(facts);
        commit.batches.push(Ended {
            classified,
            endings,
        });
    }
    commit
}

fn append(intake: &Intake, stream: &str, text: &str) -> Result<Receipt, Refusal> {
    intake.append(batch(stream, "api", text), at("2020-02-02"))
}

const LEADS: &str = "id,email,name,origin,day";

fn lead(key: u64) -> String {
    format!(
        "{key},p{key}@x.org,Person {key},paid,2020-01-{:02}",
        key % 28 + 1
    )
}

#[test]
fn rows_of_many_threads_are_what_one_file_of_them_is_and_repeats_end_as_known() {
    let (world, ledger) = World::new();
    let intake = intake(&ledger);
    let (threads, each) = (16_u64, 60_u64);
    // Every key is sent by two threads.
    let receipts: Vec<Receipt> = std::thread::scope(|scope| {
        let work = |thread: u64| {
            let intake = &intake;
            move || -> Vec<Receipt> {
                let keys = (0..each).map(|at| at * (threads / 2) + thread % (threads / 2));
                let send = |key| append(intake, "leads", &format!("{LEADS}\n{}", lead(key)));
                keys.map(|key| send(key).unwrap()).collect()
            }
        };
        let threads: Vec<_> = (0..threads).map(|at| scope.spawn(work(at))).collect();
        threads
            .into_iter()
            .flat_map(|t| t.join().unwrap())
            .collect()
    });
    let keys = threads / 2 * each;
    let sum = |of: fn(&Receipt) -> u64| receipts.iter().map(of).sum::<u64>();
    assert_eq!(sum(|receipt| receipt.account.mapped), 2 * keys);
    assert_eq!(sum(|receipt| receipt.account.known), keys);
    assert_eq!(sum(|receipt| receipt.account.facts), 2 * keys);
    let report = intake.finish().unwrap().unwrap();
    let [account] = report.files.as_slice() else {
        panic!("{report:?}");
    };
    assert_eq!(
        (account.rows, account.known, account.facts),
        (2 * keys, keys, 2 * keys)
    );
    let (_file_world, by_file) = World::new();
    let rows: Vec<String> = (0..keys).map(lead).collect();
    let file = format!("{LEADS}\n{}", rows.join("\n"));
    import(&by_file, "2020-02-02", &[("leads", "l.csv", &file)]).unwrap();
    assert_eq!(text(&ledger, AsOf::Latest), text(&by_file, AsOf::Latest));
    drop(ledger);
    let ledger = world.open().unwrap();
    assert_eq!(ledger.verify().findings, []);
    assert_eq!(text(&ledger, AsOf::Latest), text(&by_file, AsOf::Latest));
}

/// An intake whose first group waits until so many callers have begun to send, and a moment more.
fn held(ledger: &Ledger, callers: usize) -> (Intake, Arc<AtomicUsize>) {
    let mapper = shared(ledger);
    let sending = Arc::new(AtomicUsize::new(0));
    let others = Arc::clone(&sending);
    let map = move |_: &mut crate::Import, batches: Vec<Classified>| {
        while others.load(Ordering::SeqCst) < callers {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(50));
        Ok(mapped(&mapper, batches))
    };
    (ledger.intake(&pack(), map).unwrap(), sending)
}

/// What each of these batches of leads gets, sent by a thread of its own at once.
fn at_once(ledger: &Ledger, batches: &[String]) -> Vec<Result<Receipt, Refusal>> {
    let (intake, sending) = held(ledger, batches.len());
    std::thread::scope(|scope| {
        let send = |text: &String| {
            let (intake, sending, text) = (&intake, &sending, text.clone());
            scope.spawn(move || {
                sending.fetch_add(1, Ordering::SeqCst);
                append(intake, "leads", &text)
            })
        };
        let threads: Vec<_> = batches.iter().map(send).collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    })
}

#[test]
fn callers_who_wait_together_share_one_commit() {
    let (_world, ledger) = World::new();
    let rows: Vec<String> = (0..33)
        .map(|key| format!("{LEADS}\n{}", lead(key)))
        .collect();
    let mut groups: BTreeMap<Seq, usize> = BTreeMap::new();
    for receipt in at_once(&ledger, &rows) {
        *groups.entry(receipt.unwrap().seq).or_default() += 1;
    }
    assert!(groups.len() < 11, "{groups:?}");
}

#[test]
fn a_batch_that_cannot_be_told_is_refused_alone() {
    let (_world, ledger) = World::new();
    let batch = |key: u64| match key % 3 {
        0 => "name\nAnn".to_owned(),
        _ => format!("{LEADS}\n{}", lead(key)),
    };
    let rows: Vec<String> = (0..24).map(batch).collect();
    for (key, receipt) in at_once(&ledger, &rows).into_iter().enumerate() {
        match key % 3 {
            0 => assert_eq!(receipt.unwrap_err().code, "E0215"),
            _ => assert_eq!(receipt.unwrap().account.mapped, 1),
        }
    }
    let intake = intake(&ledger);
    let nowhere = append(&intake, "nowhere", &rows[1]);
    assert_eq!(nowhere.unwrap_err().code, "E0220");
    assert_eq!(text(&ledger, AsOf::Latest).lines().count(), 32);
}

#[test]
fn rows_end_as_those_of_files_do() {
    let (_world, ledger) = World::new();
    let intake = intake(&ledger);
    let deals = "id,updated,amount,stage,day";
    let one = append(
        &intake,
        "deals",
        &format!("{deals}\n1,1,10,open,2020-01-01"),
    );
    assert_eq!(one.unwrap().account.mapped, 1);
    // Set aside, known, of an older version, at odds with what is there, without a key, unreadable.
    let rows = "2,1,ten,open,2020-01-02\n1,1,10,open,2020-01-01\n1,0,9,open,2019-12-31
        1,1,11,open,2020-01-01\n,1,5,open,2020-01-01\n3,x,5,open,2020-01-01\n!broken";
    let account = append(&intake, "deals", &format!("{deals}\n{rows}"))
        .unwrap()
        .account;
    assert!(account.adds_up());
    assert_eq!((account.rows, account.mapped, account.known), (7, 2, 1));
    let reasons: Vec<(&str, u64)> = account
        .set_aside
        .iter()
        .map(|(reason, rows)| (reason.as_str(), *rows))
        .collect();
    assert_eq!(
        reasons,
        [
            ("conflict", 1),
            ("no key", 1),
            ("not a number", 1),
            ("unclosed quote", 1),
            ("unreadable version", 1)
        ]
    );
    // Without declared versions a caller's batch is a file: a key twice in one of other content is
    // a conflict, in two it is the next version.
    let twice = format!("{LEADS}\n{}\n1,p1@x.org,Somebody,paid,2020-01-02", lead(1));
    let account = append(&intake, "leads", &twice).unwrap().account;
    assert_eq!(
        (account.mapped, account.set_aside.get("conflict")),
        (1, Some(&1))
    );
    let next = format!("{LEADS}\n1,p1@x.org,Somebody else,paid,2020-01-02");
    assert_eq!(append(&intake, "leads", &next).unwrap().account.mapped, 1);
    let run = intake.finish().unwrap().unwrap().run;
    assert_eq!(ledger.set_aside_rows(run).unwrap().len(), 6);
    let key = ledger.record_key("crm", "leads", &["1"]);
    assert_eq!(ledger.record("crm", "leads", key).unwrap().len(), 2);
    assert_eq!(ledger.verify().findings, []);
    // It is an import like any other, and is taken back like one.
    let undone = ledger.undo(Some(run), at("2020-02-03")).unwrap();
    assert_eq!((undone.records, undone.set_aside), (4, 6));
    assert_eq!(text(&ledger, AsOf::Latest), "");
    assert_eq!(ledger.verify().findings, []);
}

#[test]
fn known_rows_make_no_commit() {
    let (_world, ledger) = World::new();
    let intake = intake(&ledger);
    let row = format!("{LEADS}\n{}", lead(1));
    let first = append(&intake, "leads", &row).unwrap();
    let again = append(&intake, "leads", &row).unwrap();
    assert_eq!((first.seq, again.seq), (Seq(1), Seq(1)));
    assert_eq!((again.account.known, again.account.mapped), (1, 1));
    assert_eq!(ledger.last_seq().unwrap(), Seq(1));
    // Nor do they in the next import, whose receipt names what is known by now.
    drop(intake.pause().unwrap());
    assert_eq!(append(&intake, "leads", &row).unwrap().seq, Seq(2));
    assert_eq!(ledger.last_seq().unwrap(), Seq(2));
}

#[test]
fn nobody_sees_a_row_before_its_commit_and_everybody_after_its_receipt() {
    let (world, ledger) = World::new();
    let mapper = shared(&ledger);
    let reader = Ledger::open_reading(world.folder.path()).unwrap();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let while_mapped = Arc::clone(&seen);
    let map = move |_: &mut crate::Import, batches| {
        while_mapped
            .lock()
            .unwrap()
            .push(text(&reader, AsOf::Latest).lines().count());
        Ok(mapped(&mapper, batches))
    };
    let intake = ledger.intake(&pack(), map).unwrap();
    let reader = Ledger::open_reading(world.folder.path()).unwrap();
    for key in 0..5 {
        append(&intake, "leads", &format!("{LEADS}\n{}", lead(key))).unwrap();
        let facts = text(&reader, AsOf::Latest).lines().count();
        assert_eq!(facts as u64, 2 * (key + 1));
    }
    assert_eq!(*seen.lock().unwrap(), [0, 2, 4, 6, 8]);
}

#[test]
fn a_failed_group_leaves_nothing_behind_and_the_next_one_goes_on() {
    let (world, ledger) = World::new();
    let mapper = shared(&ledger);
    let mut calls = 0;
    let map = move |_: &mut crate::Import, batches: Vec<Classified>| {
        calls += 1;
        match calls {
            2 => Err(crate::refuse::uneven("the worker is gone")),
            3 => Ok(Commit::default()),
            _ => Ok(mapped(&mapper, batches)),
        }
    };
    let intake = ledger.intake(&pack(), map).unwrap();
    let send = |key| append(&intake, "leads", &format!("{LEADS}\n{}", lead(key)));
    assert_eq!(send(1).unwrap().account.known, 0);
    assert!(send(2).unwrap_err().title.contains("the worker is gone"));
    assert!(send(2).unwrap_err().title.contains("lost or added a batch"));
    let receipt = send(2).unwrap();
    assert_eq!((receipt.account.mapped, receipt.account.known), (1, 0));
    assert_eq!(send(1).unwrap().account.known, 1);
    drop(intake);
    assert_eq!(text(&ledger, AsOf::Latest).lines().count(), 4);
    drop(ledger);
    assert_eq!(world.open().unwrap().verify().findings, []);
}

#[test]
fn a_paused_intake_lets_others_have_the_book_and_knows_what_they_did() {
    let (_world, ledger) = World::new();
    let intake = intake(&ledger);
    let send = |key| append(&intake, "leads", &format!("{LEADS}\n{}", lead(key)));
    send(1).unwrap();
    let file = format!("{LEADS}\n{}", lead(2));
    let files = [("leads", "l.csv", file.as_str())];
    assert_eq!(
        import(&ledger, "2020-02-03", &files).unwrap_err().code,
        "E0216"
    );
    std::thread::scope(|scope| {
        let paused = intake.pause().unwrap();
        assert_eq!(paused.report.as_ref().unwrap().files[0].mapped, 1);
        let waiting = scope.spawn(|| send(2).unwrap());
        import(&ledger, "2020-02-03", &files).unwrap();
        let person = ledger.person_id("crm", "1");
        ledger
            .forget_people(&[person], &[], at("2020-02-03"))
            .unwrap();
        ledger.compact().unwrap();
        assert!(!waiting.is_finished());
        drop(paused);
        assert_eq!(waiting.join().unwrap().account.known, 1);
    });
    // Whoever was forgotten meanwhile stays so.
    let changed = format!("{LEADS}\n1,p1@x.org,Another name,paid,2020-01-02");
    assert_eq!(
        append(&intake, "leads", &changed).unwrap().account.left_out,
        1
    );
    let nothing = intake.pause().unwrap();
    drop(nothing);
    assert!(intake.pause().unwrap().report.is_none());
    drop(intake);
    assert_eq!(ledger.verify().findings, []);
}

#[test]
fn an_intake_tells_how_far_its_source_shows_everything_minute_by_minute() {
    let (_world, ledger) = World::new();
    let intake = intake(&ledger);
    let until = || {
        let frame = ledger.frame(AsOf::Latest).unwrap();
        frame.observed.first().and_then(|observed| observed.until)
    };
    let day = |day: &str| format!("id,stage,updated,day\n{day},open,1,{day}");
    let mut seen: Vec<_> = Vec::new();
    for text in ["2020-01-02", "2020-01-01", "2020-01-03", "2020-03-01"] {
        append(&intake, "deals", &day(text)).unwrap();
        seen.push(until().unwrap());
    }
    let midnight = |text: &str| at(&format!("{text}T00:00:00Z"));
    // A plan is no observation: the last one is later than our clock.
    let expected = [
        midnight("2020-01-03"),
        midnight("2020-01-03"),
        midnight("2020-01-04"),
    ];
    assert_eq!(seen[..3], expected);
    assert_eq!(seen[3], at("2020-02-02"));
    let report = intake.finish().unwrap().unwrap();
    assert_eq!(report.observed_until, Some(at("2020-02-02")));
}

/// How many stretches of rows lie in the journal, and how many in segments.
fn stretches(ledger: &Ledger) -> (usize, usize) {
    let mut store = ledger.inner.reader();
    let count = |row: Option<Row>| row.unwrap().count(0).unwrap() as usize;
    let journal = first(store.as_mut(), "SELECT COUNT(*) FROM journal", &[]).unwrap();
    let segments = first(store.as_mut(), "SELECT COUNT(*) FROM segment", &[]).unwrap();
    (count(journal), count(segments))
}

#[test]
fn what_groups_leave_in_the_journal_is_folded_into_segments_while_they_go_on() {
    let (world, ledger) = World::new();
    let mapper = shared(&ledger);
    let map = move |_: &mut crate::Import, batches| Ok(mapped(&mapper, batches));
    let intake = ledger.intake_folding(&pack(), map, (10, 1_000)).unwrap();
    let send = |key| append(&intake, "leads", &format!("{LEADS}\n{}", lead(key))).unwrap();
    let mut rows = vec![LEADS.to_owned()];
    for key in 0..25 {
        assert_eq!(send(key).account.known, 0);
        rows.push(lead(key));
    }
    // A fold changes nothing that is known.
    assert_eq!(send(3).account.known, 1);
    drop(intake);
    // Records and facts of each group, of which at least the first ten are folded.
    let (journal, segments) = stretches(&ledger);
    assert!(
        (2..=30).contains(&journal) && segments >= 2,
        "{journal} {segments}"
    );
    let (_file_world, by_file) = World::new();
    import(
        &by_file,
        "2020-02-02",
        &[("leads", "l.csv", &rows.join("\n"))],
    )
    .unwrap();
    assert_eq!(text(&ledger, AsOf::Latest), text(&by_file, AsOf::Latest));
    assert_eq!(text(&ledger, AsOf::Seq(Seq(7))).lines().count(), 14);
    // It takes no file away that somebody may be reading.
    let files = || -> Vec<_> {
        let files = std::fs::read_dir(&ledger.inner.shelf.segments).unwrap();
        files.map(|file| file.unwrap().file_name()).collect()
    };
    let before = files();
    ledger.fold().unwrap();
    assert_eq!(stretches(&ledger).0, 0);
    assert!(before.iter().all(|file| files().contains(file)));
    drop(ledger);
    let ledger = world.open().unwrap();
    assert_eq!(text(&ledger, AsOf::Latest), text(&by_file, AsOf::Latest));
    assert_eq!(ledger.verify().findings, []);
}

#[test]
fn folds_go_on_beside_an_import_and_one_another() {
    let (_world, ledger) = World::new();
    let ledgers: Vec<Ledger> = (0..2).map(|_| shared(&ledger)).collect();
    let is_over = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for ledger in &ledgers {
            let is_over = &is_over;
            scope.spawn(move || {
                while is_over.load(Ordering::SeqCst) == 0 {
                    ledger.fold().unwrap();
                }
            });
        }
        for at in 0..20_u32 {
            let file = many_leads(at * 10, 10);
            import(&ledger, "2020-02-02", &[("leads", "l.csv", &file)]).unwrap();
            assert_eq!(
                text(&ledger, AsOf::Latest).lines().count() as u32,
                (at + 1) * 20
            );
        }
        is_over.store(1, Ordering::SeqCst);
    });
    assert_eq!(ledger.verify().findings, []);
}

#[test]
fn too_many_rows_at_once_and_a_book_that_is_only_read_are_refused() {
    let (world, ledger) = World::new();
    let intake = intake(&ledger);
    let lines = vec![1; handfast_model::limits::COMMIT_ROWS + 1];
    let rows = TextBatch {
        lines,
        ..batch("leads", "api", LEADS)
    };
    let refusal = intake.append(rows, at("2020-02-02")).unwrap_err();
    assert!(
        refusal
            .title
            .contains("500001 rows at once of at most 500000")
    );
    let reader = Ledger::open_reading(world.folder.path()).unwrap();
    let refused = reader.intake(&pack(), |_, _| Ok(Commit::default()));
    assert_eq!(refused.err().unwrap().code, "E0217");
}
