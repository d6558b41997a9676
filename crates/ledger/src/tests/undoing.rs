//! Taking imports back: what was before is again, to the byte; what was known in between stays.

use handfast_model::limits;
use handfast_model::question::AsOf;

use super::world::*;
use crate::{AsideId, ForeseenRow, Ledger, RowState};

/// Small numbers from a seed, for histories that can be repeated.
pub(super) struct Chance(pub(super) u64);

impl Chance {
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// A file of a few rows over few keys, so that versions, conflicts, deletions and set-aside rows
/// meet each other.
pub(super) fn file(chance: &mut Chance) -> (&'static str, String) {
    let stream = ["leads", "deals", "accounts", "products"][chance.below(4) as usize];
    let mut text = match stream {
        "leads" => "id,email,name,origin,day,amount",
        "deals" => "id,updated,stage,amount,day",
        "accounts" => "id,city",
        _ => "id,title",
    }
    .to_owned();
    for _ in 0..1 + chance.below(5) {
        let (key, day) = (chance.below(5), 1 + chance.below(28));
        let amount = ["1", "2", "many", ""][chance.below(4) as usize];
        let row = match stream {
            "leads" => {
                let name = ["Ann", "Bob", "test"][chance.below(3) as usize];
                format!("{key},p{key}@x.org,{name},paid,2020-01-{day:02},{amount}")
            }
            "deals" => {
                let version = ["1", "2", "3", "soon"][chance.below(4) as usize];
                let stage = ["new", "won"][chance.below(2) as usize];
                format!("D{key},{version},{stage},{amount},2020-01-{day:02}")
            }
            "accounts" => format!("A{key},City{}", chance.below(2)),
            _ => format!("P{key},Title{}", chance.below(2)),
        };
        let row = if chance.below(12) == 0 { "!torn" } else { &row };
        text.push('\n');
        text.push_str(row);
    }
    (stream, text)
}

/// Everything a question can rest on, without the number of the last commit.
fn known(ledger: &Ledger, as_of: AsOf) -> String {
    let snapshot = ledger
        .snapshot(as_of, handfast_model::question::Known::Recorded, &utc())
        .unwrap();
    format!(
        "{:?}\n{:?} {:?} {:?}\n{}",
        snapshot.facts,
        snapshot.observed,
        snapshot.set_aside,
        snapshot.packs,
        told(&snapshot)
    )
}

/// What an import would be told about a file: the state of every row.
fn states(ledger: &Ledger, stream: &str, text: &str) -> Vec<RowState> {
    let mut import = ledger.begin_rehearsal(&pack(), at("2020-12-01")).unwrap();
    let classified = import.classify(batch(stream, "probe.csv", text)).unwrap();
    classified.rows.iter().map(|row| row.state).collect()
}

#[test]
fn what_was_before_an_import_is_again_after_it_is_taken_back() {
    for seed in 1..=30 {
        let mut chance = Chance(seed);
        let (world, mut ledger) = World::new();
        // What was known after each import that stands, and as of each commit ever since.
        let mut stack = vec![(0, known(&ledger, AsOf::Latest))];
        let mut as_of = Vec::new();
        for step in 0..12 {
            let now = format!("2020-02-{:02}", step + 1);
            match chance.below(6) {
                0 | 1 if stack.len() > 1 => {
                    let (run, _) = stack.pop().unwrap();
                    let done = ledger.undo(None, at(&now)).unwrap();
                    assert_eq!(done.run, run, "seed {seed}");
                    let before = &stack.last().unwrap().1;
                    assert_eq!(&known(&ledger, AsOf::Latest), before, "seed {seed} {step}");
                }
                2 => {
                    ledger.compact().unwrap();
                }
                3 => {
                    drop(ledger);
                    ledger = world.open().unwrap();
                }
                _ => {
                    let files: Vec<_> = (0..1 + chance.below(2))
                        .map(|_| file(&mut chance))
                        .collect();
                    let files: Vec<(&str, &str, &str)> = files
                        .iter()
                        .zip(["a.csv", "b.csv"])
                        .map(|((stream, text), name)| (*stream, name, text.as_str()))
                        .collect();
                    let report = import(&ledger, &now, &files).unwrap();
                    stack.push((report.run, known(&ledger, AsOf::Latest)));
                }
            }
            let seq = ledger.last_seq().unwrap();
            as_of.push((seq, known(&ledger, AsOf::Seq(seq))));
            for (seq, before) in &as_of {
                let now = known(&ledger, AsOf::Seq(*seq));
                assert_eq!(&now, before, "seed {seed}: as of {seq:?} at step {step}");
            }
            assert_eq!(ledger.verify().findings, [], "seed {seed} {step}");
            everything_holds_what_counts(&ledger);
        }
    }
}

/// Whoever counts can be found to be told and forgotten.
fn everything_holds_what_counts(ledger: &Ledger) {
    let recorded = handfast_model::question::Known::Recorded;
    let now = ledger.snapshot(AsOf::Latest, recorded, &utc()).unwrap();
    let all = ledger.everything(&utc()).unwrap();
    let all: std::collections::BTreeSet<_> = all.facts.iter().map(|f| (f.id.0, f.seq)).collect();
    for fact in &now.facts {
        assert!(all.contains(&(fact.id.0, fact.seq)), "{fact:?}");
    }
}

#[test]
fn an_event_that_counts_again_is_among_everything_beside_the_one_taken_back() {
    let (_world, ledger) = World::new();
    let calls = "id,email,name,origin,day\n1,ann@x.org,Ann,paid,2020-01-05";
    let wrong = calls.replace("ann@x.org,Ann", "bob@x.org,Bob");
    import(&ledger, "2020-02-01", &[("leads", "a.csv", calls)]).unwrap();
    import(&ledger, "2020-02-02", &[("leads", "b.csv", &wrong)]).unwrap();
    let touches = || {
        let all = ledger.everything(&utc()).unwrap();
        let all = told(&all);
        let touches = all.lines().filter(|line| line.contains("touch"));
        let of = |line: &str| line.contains(&ledger.email_identity("ann@x.org"));
        touches.map(of).collect::<Vec<bool>>()
    };
    assert_eq!(touches(), [false]);
    ledger.undo(None, at("2020-02-03")).unwrap();
    assert_eq!(touches(), [true, false]);
}

#[test]
fn rows_taken_back_come_in_as_new_and_end_where_they_would_have_been() {
    let (world, ledger) = World::new();
    let leads = "id,email,name,origin,day,amount
        1,ann@x.org,Ann,paid,2020-01-05,
        2,bob@x.org,Bob,paid,2020-01-06,lots";
    let changed = leads.replace("Ann,paid", "Ann,event").replace("lots", "5");
    import(&ledger, "2020-02-01", &[("leads", "a.csv", leads)]).unwrap();
    let before = states(&ledger, "leads", &changed);
    assert_eq!(before, [RowState::New, RowState::New]);
    let second = import(&ledger, "2020-02-02", &[("leads", "b.csv", &changed)]).unwrap();
    let after = known(&ledger, AsOf::Latest);
    assert_eq!(states(&ledger, "leads", &changed), [RowState::Known; 2]);
    // The row of the first import that the second had mended is set aside again.
    let done = ledger.undo(Some(second.run), at("2020-02-03")).unwrap();
    assert_eq!((done.commits, done.records, done.facts), (2, 2, 4));
    assert_eq!((done.set_aside, done.reopened), (0, 1));
    assert_eq!(states(&ledger, "leads", &changed), before);
    let entry = &ledger.imports().unwrap()[1];
    assert_eq!(entry.undone, Some(done.seq));
    let third = import(&ledger, "2020-02-02", &[("leads", "b.csv", &changed)]).unwrap();
    assert_eq!(third.files[0].known, 0);
    let strip = |text: &str| told_only(text);
    assert_eq!(strip(&known(&ledger, AsOf::Latest)), strip(&after));
    drop(ledger);
    let ledger = world.open().unwrap();
    ledger.compact().unwrap();
    assert_eq!(ledger.verify().findings, []);
    let key = ledger.record_key("crm", "leads", &["1"]);
    let versions = ledger.record("crm", "leads", key).unwrap();
    assert_eq!(versions.len(), 2, "what was taken back is not shown twice");
}

/// The last part of [`known`]: facts as texts, without our clock.
fn told_only(text: &str) -> String {
    text.split_once('\n')
        .and_then(|(_, rest)| rest.split_once('\n'))
        .map(|(_, told)| told.to_owned())
        .unwrap()
}

#[test]
fn the_newest_import_of_a_source_goes_first_and_none_goes_twice() {
    let (_world, ledger) = World::new();
    assert_eq!(
        ledger.undo(None, at("2020-02-01")).unwrap_err().code,
        "E0261"
    );
    let one = "id,city\nA,Ulm";
    for (file, now) in [("a.csv", "2020-02-01"), ("b.csv", "2020-02-02")] {
        import(&ledger, now, &[("accounts", file, one)]).unwrap();
    }
    let mut other = pack();
    other.source = "shop".to_owned();
    let mut import = ledger.begin_import(&other, at("2020-02-03")).unwrap();
    import
        .classify(batch("accounts", "c.csv", "id,city"))
        .unwrap();
    import.finish(None).unwrap();
    let refused = ledger.undo(Some(1), at("2020-02-04")).unwrap_err();
    assert_eq!(refused.code, "E0262");
    assert!(
        refused.to_string().contains("in this order: 2, 1"),
        "{refused}"
    );
    // Another source's newer import is no obstacle.
    ledger.undo(Some(2), at("2020-02-04")).unwrap();
    assert_eq!(
        ledger.undo(Some(2), at("2020-02-04")).unwrap_err().code,
        "E0261"
    );
    ledger.undo(Some(1), at("2020-02-05")).unwrap();
    assert_eq!(
        ledger.undo(Some(9), at("2020-02-05")).unwrap_err().code,
        "E0222"
    );
    assert_eq!(ledger.undo(None, at("2020-02-05")).unwrap().run, 3);
}

#[test]
fn an_import_that_stopped_half_way_is_taken_back_whole() {
    let (_world, ledger) = World::new();
    let before = known(&ledger, AsOf::Latest);
    let mut import = ledger.begin_import(&pack(), at("2020-02-01")).unwrap();
    for part in ["id,city\nA,Ulm", "id,city\nB,Bonn"] {
        let classified = import.classify(batch("accounts", part, part)).unwrap();
        let mut names = handfast_model::Names::default();
        let (endings, facts) = map(&ledger, &classified, &mut names);
        let batches = vec![crate::Ended {
            classified,
            endings,
        }];
        let commit = crate::Commit {
            batches,
            facts,
            names,
        };
        import.commit(commit).unwrap();
    }
    drop(import);
    assert_eq!(ledger.imports().unwrap()[0].finished, None);
    let done = ledger.undo(None, at("2020-02-02")).unwrap();
    assert_eq!((done.commits, done.records, done.facts), (2, 2, 2));
    assert_eq!(known(&ledger, AsOf::Latest), before);
    assert_eq!(ledger.verify().findings, []);
}

#[test]
fn a_rehearsal_ends_like_the_import_and_leaves_no_byte() {
    let mut met = 0;
    for seed in 100..=130 {
        let mut chance = Chance(seed);
        let (world, ledger) = World::new();
        for step in 1..6 {
            let now = format!("2020-02-{step:02}");
            let files: Vec<_> = (0..1 + chance.below(3))
                .map(|_| file(&mut chance))
                .collect();
            let files: Vec<(&str, &str, &str)> = files
                .iter()
                .zip(["a.csv", "b.csv", "c.csv"])
                .map(|((stream, text), name)| (*stream, name, text.as_str()))
                .collect();
            let bytes = kept(&world);
            let mut rehearsal = ledger.begin_rehearsal(&pack(), at(&now)).unwrap();
            run(&ledger, &mut rehearsal, &files).unwrap();
            let aside = rehearsal.take_foreseen();
            let foreseen = rehearsal.finish(None).unwrap();
            assert!(kept(&world) == bytes, "seed {seed}: something was written");
            let report = import(&ledger, &now, &files).unwrap();
            assert_eq!(foreseen.files, report.files, "seed {seed} {step}");
            assert_eq!(foreseen.observed_until, report.observed_until);
            let rows = ledger.set_aside_rows(report.run).unwrap().into_iter();
            let rows = rows.map(|row| ForeseenRow {
                stream: row.stream,
                file: row.file,
                line: row.line,
                column: row.column,
                reason: row.reason,
                text: row.text.unwrap(),
            });
            assert_eq!(aside.rows, rows.collect::<Vec<_>>(), "seed {seed} {step}");
            met += aside.rows.len();
        }
    }
    assert!(met > 20, "{met} rows were set aside");
}

#[test]
fn of_rows_that_would_be_set_aside_the_first_are_kept_and_the_others_counted() {
    let (_world, ledger) = World::new();
    let foreseen = |rows: usize, row: &str| {
        let text = format!("id,updated\n{}", format!("{row}\n").repeat(rows));
        let mut rehearsal = ledger.begin_rehearsal(&pack(), at("2020-02-01")).unwrap();
        run(&ledger, &mut rehearsal, &[("deals", "d.csv", &text)]).unwrap();
        let kept = rehearsal.take_foreseen();
        assert_eq!(kept.columns, ["id", "updated"]);
        (kept.rows.len(), kept.more)
    };
    let most = limits::FORESEEN_ROWS;
    assert_eq!(foreseen(most, "!torn"), (most, 0));
    assert_eq!(foreseen(most + 2, "!torn"), (most, 2));
    // Each is a 64th of what is kept of their texts.
    let long = format!("!{}", "x".repeat(limits::FORESEEN_BYTES / 64 - 1));
    assert_eq!(foreseen(65, &long), (64, 1));
}

/// The book's files, but for the one that only coordinates processes which read the journal.
fn kept(world: &World) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut files = world.files();
    files.retain(|(path, _)| path.extension().is_none_or(|kind| kind != "sqlite-shm"));
    files
}

fn mend(ledger: &Ledger, now: &str, ids: &[&str], rows: &str) -> crate::ImportReport {
    mend_with(ledger, now, &[("deals", "d.csv", ids, rows)]).unwrap()
}

#[test]
fn mended_rows_close_the_rows_they_were_whatever_their_key_is_now() {
    let (_world, ledger) = World::new();
    let deals = "id,updated,stage,amount,day
        D1,1,new,many,2020-01-01
        ,1,new,10,2020-01-02
        D3,soon,new,10,2020-01-03
        !torn";
    let report = import(&ledger, "2020-02-01", &[("deals", "d.csv", deals)]).unwrap();
    let open = |ledger: &Ledger| {
        let rows = ledger.set_aside_rows(report.run).unwrap();
        let open = rows.iter().filter(|row| !row.is_closed);
        open.map(|row| row.id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(open(&ledger), ["r1-0", "r1-1", "r1-2", "r1-3"]);
    // One is mended, one got a key, one is as bad as before, one could not be read at all.
    let rows = "id,updated,stage,amount,day
        D1,1,new,12,2020-01-01
        D2,1,new,10,2020-01-02
        D3,soon,new,10,2020-01-03
        D4,1,new,10,2020-01-04";
    let ids = ["r1-0", "r1-1", "r1-2", "r1-3"];
    let done = mend(&ledger, "2020-02-02", &ids, rows);
    assert_eq!(
        (done.files[0].mapped, done.files[0].all_set_aside()),
        (3, 1)
    );
    assert_eq!(open(&ledger), ["r1-2"]);
    // The row that stays is not set aside a second time.
    assert!(ledger.set_aside_rows(done.run).unwrap().is_empty());
    let seq = ledger.last_seq().unwrap();
    let rows = "id,updated,stage,amount,day\n        D3,soon,new,10,2020-01-03";
    let again = mend(&ledger, "2020-02-03", &["r1-2"], rows);
    assert_eq!(again.files[0].all_set_aside(), 1);
    assert_eq!(ledger.last_seq().unwrap(), seq, "no news is no commit");
    // Taken back, they are set aside as they were.
    let undone = ledger.undo(None, at("2020-02-04")).unwrap();
    assert_eq!((undone.run, undone.reopened), (done.run, 3));
    assert_eq!(open(&ledger), ids);
    assert_eq!(ledger.verify().findings, []);
}

#[test]
fn a_conflict_sent_back_never_replaces_the_row_that_counts() {
    let (_world, ledger) = World::new();
    let header = "id,name,day";
    let file = format!("{header}\nA1,Big,2020-01-01\nA1,Small,2020-01-01\nA2,Other,2020-01-02");
    let send = |now: &str, row: &str| {
        let mut import = ledger.begin_import(&pack(), at(now)).unwrap();
        let sent = batch("accounts", "a.csv", &format!("{header}\n{row}"));
        let classified = import
            .classify_mended(sent, vec![AsideId { run: 1, pos: 0 }])
            .unwrap();
        let mut names = handfast_model::Names::default();
        let (endings, facts) = map(&ledger, &classified, &mut names);
        let batches = vec![crate::Ended {
            classified,
            endings,
        }];
        let commit = crate::Commit {
            batches,
            facts,
            names,
        };
        import.commit(commit).unwrap();
        import.finish(None).unwrap().files[0].clone()
    };
    import(&ledger, "2020-02-01", &[("accounts", "a.csv", &file)]).unwrap();
    let before = text(&ledger, AsOf::Latest);
    // Unchanged, or as a spreadsheet saved it: which of the two counts is not decided by it.
    for row in ["A1,Small,2020-01-01", "A1,small,1/1/2020"] {
        let left = send("2020-02-02", row);
        let reasons: Vec<&str> = left.set_aside.keys().map(String::as_str).collect();
        assert_eq!(reasons, [crate::classified::UNDECIDED], "{row}");
        assert_eq!(text(&ledger, AsOf::Latest), before, "{row}");
    }
    // With a key of its own it comes in.
    assert_eq!(send("2020-02-03", "A3,Small,2020-01-01").mapped, 1);
    let mended = text(&ledger, AsOf::Latest);
    assert_ne!(mended, before);
    let rows = ledger.set_aside_rows(1).unwrap();
    assert!(rows[0].is_closed);
    assert_eq!(ledger.verify().findings, []);
}

#[test]
fn names_of_set_aside_rows_read_back() {
    let id = AsideId { run: 3, pos: 17 };
    assert_eq!(AsideId::parse(&format!(" {id} ")), Some(id));
    for text in ["", "3-17", "r3", "r3-", "r-1", "R3-17", "r3-1-7"] {
        assert_eq!(AsideId::parse(text), None, "{text}");
    }
}

#[test]
fn a_book_of_the_first_format_is_read_as_it_is_and_raised_by_its_writer() {
    let (world, ledger) = World::new();
    import(
        &ledger,
        "2020-02-01",
        &[("accounts", "a.csv", "id,city\nA,Ulm")],
    )
    .unwrap();
    let before = known(&ledger, AsOf::Latest);
    drop(ledger);
    let journal = world.folder.path().join("data/journal.sqlite");
    let connection = rusqlite::Connection::open(&journal).unwrap();
    for (_, table, _) in crate::store::SINCE {
        connection
            .execute(&format!("DROP TABLE {table}"), [])
            .unwrap();
    }
    connection
        .execute("UPDATE book SET format = 1", [])
        .unwrap();
    let format = || -> i64 {
        let sql = "SELECT format FROM book";
        connection.query_row(sql, [], |row| row.get(0)).unwrap()
    };
    let reader = Ledger::open_reading(world.folder.path()).unwrap();
    assert_eq!(known(&reader, AsOf::Latest), before);
    assert_eq!((format(), reader.verify().findings), (1, Vec::new()));
    drop(reader);
    let ledger = world.open().unwrap();
    assert_eq!(format(), 3);
    ledger.undo(None, at("2020-02-02")).unwrap();
    assert_eq!(text(&ledger, AsOf::Latest), "");
}
