//! How rows end that are alike, at odds, or cannot be mapped: the same wherever a commit ends.

use handfast_model::pack::{Pack, StreamMode};
use handfast_model::question::{AsOf, Known};

use super::world::*;
use crate::{FileAccount, Ledger};

const DEALS: &str = "id,updated,stage,amount,day";

fn open(ledger: &Ledger) -> Vec<(String, u64)> {
    let snapshot = ledger.snapshot(AsOf::Latest, Known::Recorded, &utc());
    snapshot.unwrap().set_aside
}

/// Deals without declared versions, each file the whole table.
fn whole_tables() -> Pack {
    let mut pack = pack();
    pack.streams[3].version = None;
    pack.streams[3].mode = StreamMode::Full;
    pack
}

fn told_in_short(account: &FileAccount) -> String {
    let aside: Vec<String> = account
        .set_aside
        .iter()
        .map(|(why, n)| format!("{n} {why}"))
        .collect();
    let ignored: u64 = account.ignored.values().sum();
    format!(
        "{} mapped, {ignored} ignored, {} known; {}",
        account.mapped,
        account.known,
        aside.join(", ")
    )
}

/// Imports rows as one batch and as one batch each, and gives what both came to.
fn however_cut(pack: &Pack, before: &[&str], rows: &[&str]) -> (String, String) {
    let mut seen = Vec::new();
    for is_cut in [false, true] {
        let (_world, ledger) = World::new();
        for (row, day) in before.iter().zip(1..) {
            let text = format!("{DEALS}\n{row}");
            let now = format!("2020-02-0{day}");
            import_with(&ledger, pack, &now, &[("deals", "d.csv", &text)]).unwrap();
        }
        let mut import = ledger.begin_import(pack, at("2020-03-01")).unwrap();
        let rows: Vec<String> = match is_cut {
            true => rows.iter().map(|row| (*row).to_owned()).collect(),
            false => vec![rows.join("\n")],
        };
        for (at, row) in rows.iter().enumerate() {
            let mut batch = batch("deals", "d.csv", &format!("{DEALS}\n{row}"));
            batch.ends_file = at + 1 == rows.len();
            batch.lines.iter_mut().for_each(|line| *line += at as u32);
            let classified = import.classify(batch).unwrap();
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
        import.finish_file("deals").unwrap();
        let report = import.finish(None).unwrap();
        assert_eq!(ledger.verify().findings, []);
        let told = told_in_short(&report.files[0]);
        seen.push((
            told,
            format!("{:?}\n{}", open(&ledger), text(&ledger, AsOf::Latest)),
        ));
    }
    assert_eq!(seen[0], seen[1], "{rows:?}");
    seen.remove(0)
}

#[test]
fn beside_a_row_that_cannot_be_mapped_rows_end_alike_however_commits_are_cut() {
    let pack = whole_tables();
    let why = "a row before it with its key cannot be mapped";
    // The reason of the second is the truth: no other row has its key and counts.
    let (told, _) = however_cut(
        &pack,
        &[],
        &["D1,,new,many,2020-01-01", "D1,,new,9,2020-01-01"],
    );
    assert_eq!(
        told,
        format!("0 mapped, 0 ignored, 0 known; 1 {why}, 1 not a number")
    );
    // Twins end alike, whatever was known of their record before.
    let many = ["D1,,new,many,2020-01-01"; 2];
    let (told, _) = however_cut(&pack, &["D1,,new,7,2020-01-01"], &many);
    assert_eq!(told, "0 mapped, 0 ignored, 1 known; 2 not a number");
    // What was known of the record counts on.
    let rows = [
        "D1,,new,many,2020-01-01",
        "D1,,new,9,2020-01-01",
        "D2,,new,1,2020-01-01",
    ];
    let (told, after) = however_cut(&pack, &["D1,,new,7,2020-01-01"], &rows);
    assert_eq!(
        told,
        format!("1 mapped, 0 ignored, 0 known; 1 {why}, 1 not a number")
    );
    assert!(
        after.contains("D1") && after.contains("amount=7"),
        "{after}"
    );
    // With declared versions only rows of the same version stand against each other.
    let rows = [
        "D1,1,new,many,2020-01-01",
        "D1,2,new,9,2020-01-01",
        "D1,1,new,8,2020-01-01",
    ];
    let (told, _) = however_cut(&super::world::pack(), &[], &rows);
    assert_eq!(
        told,
        format!("1 mapped, 0 ignored, 0 known; 1 {why}, 1 not a number")
    );
}

#[test]
fn a_row_mends_what_a_file_before_it_could_not_say_wherever_the_commit_ends() {
    let files = [
        (
            "deals",
            "a.csv",
            "id,updated,stage,amount,day\nD1,,new,many,2020-01-01",
        ),
        (
            "deals",
            "b.csv",
            "id,updated,stage,amount,day\nD1,,new,9,2020-01-01",
        ),
        (
            "deals",
            "c.csv",
            "id,updated,stage,amount,day\nD1,,new,many,2020-01-01",
        ),
    ];
    let mut seen = Vec::new();
    for import in [import_with, import_at_once] {
        let (_world, ledger) = World::new();
        // The record was there and is deleted: the row that comes in brings it back.
        for (day, text) in [(1, "D1,,new,5,2020-01-01"), (2, "D2,,new,5,2020-01-01")] {
            let text = format!("{DEALS}\n{text}");
            let now = format!("2020-01-0{day}");
            import_with(&ledger, &whole_tables(), &now, &[("deals", "a.csv", &text)]).unwrap();
        }
        let report = import(&ledger, &whole_tables(), "2020-02-01", &files).unwrap();
        let told: Vec<String> = report.files.iter().map(told_in_short).collect();
        // Versions that are not declared are numbers of arrival, and say nothing else.
        let text = text(&ledger, AsOf::Latest).replace(" v3 ", " v2 ");
        seen.push((told, text));
        assert_eq!(ledger.verify().findings, []);
    }
    assert!(seen[0].1.contains("amount=9"), "{}", seen[0].1);
    assert_eq!(seen[0].1, seen[1].1);
    assert_eq!(seen[0].0[0], "0 mapped, 0 ignored, 0 known; 1 not a number");
    assert_eq!(seen[0].0[1], "1 mapped, 0 ignored, 0 known; ");
}

#[test]
fn a_full_table_does_not_delete_the_record_whose_row_it_cannot_read() {
    for bad in [
        "D2,soon,new,2,2020-01-03",
        "D2,7,lost,3,2020-01-03",
        "D2,8,new,many,2020-01-03",
    ] {
        let (_world, ledger) = World::new();
        let mut pack = pack();
        pack.streams[3].mode = StreamMode::Full;
        let take = |now: &str, rows: &str| {
            let text = format!("{DEALS}\n{rows}");
            let report = import_with(&ledger, &pack, now, &[("deals", "d.csv", &text)]);
            report.unwrap().files[0].clone()
        };
        let (first, second) = ("D1,1,new,1,2020-01-02", "D2,7,new,2,2020-01-03");
        take("2020-02-01", &format!("{first}\n{second}"));
        let all = text(&ledger, AsOf::Latest);
        let account = take("2020-02-02", &format!("{first}\n{bad}"));
        assert_eq!((account.deleted, account.all_set_aside()), (0, 1), "{bad}");
        assert_eq!(text(&ledger, AsOf::Latest), all, "{bad}");
        // It was gone, and the file holds it again.
        assert_eq!(take("2020-02-03", first).deleted, 1);
        take("2020-02-04", &format!("{first}\n{bad}"));
        assert_eq!(text(&ledger, AsOf::Latest), all, "{bad}");
        assert_eq!(take("2020-02-05", first).deleted, 1, "{bad}");
        assert_eq!(ledger.verify().findings, []);
    }
}

#[test]
fn a_known_row_ends_as_its_own_version_ended() {
    let (_world, ledger) = World::new();
    let file = "id,updated,name,amount\nD1,1,test,1\nD1,2,x,2\nD2,2,x,2\nD2,1,test,1\nD3,1,test,1";
    let files = [("deals", "d.csv", file)];
    let first = import(&ledger, "2020-02-01", &files).unwrap();
    assert_eq!(
        told_in_short(&first.files[0]),
        "2 mapped, 3 ignored, 0 known; "
    );
    let again = import(&ledger, "2020-02-02", &files).unwrap();
    assert_eq!(
        told_in_short(&again.files[0]),
        "2 mapped, 3 ignored, 5 known; "
    );
    // Within one import too, and after a version was refused.
    let news = file.replace("D", "E") + "\nE3,2,x,many\nE3,1,test,1\nE1,1,test,1";
    let files = [("deals", "e.csv", news.as_str())];
    let third = import(&ledger, "2020-02-03", &files).unwrap();
    let expected = "2 mapped, 5 ignored, 2 known; 1 not a number";
    assert_eq!(told_in_short(&third.files[0]), expected);
}

#[test]
fn with_declared_versions_no_order_of_arrival_changes_what_is_set_aside() {
    let rows = [
        "D1,1,new,many,2020-01-01",
        "D1,2,new,20,2020-01-02",
        "D1,3,new,lots,2020-01-03",
        "D2,soon,new,5,2020-01-03",
        "D2,4,new,5,2020-01-03",
    ];
    let mut seen = std::collections::BTreeSet::new();
    for seed in 0..24_usize {
        let (mut left, mut order, mut number) = (rows.to_vec(), Vec::new(), seed * 5 + 3);
        while !left.is_empty() {
            order.push(left.remove(number % left.len()));
            number = number / 2 + seed;
        }
        let (_world, ledger) = World::new();
        for (part, day) in order.chunks(1 + seed % 5).zip(1..) {
            let file = format!("{DEALS}\n{}", part.join("\n"));
            let now = format!("2020-02-{day:02}");
            import(&ledger, &now, &[("deals", "d.csv", &file)]).unwrap();
        }
        seen.insert((text(&ledger, AsOf::Latest), open(&ledger)));
        // The same again is the same again; what is mended closes its own version.
        let all = format!("{DEALS}\n{}", rows.join("\n"));
        for now in ["2020-03-01", "2020-03-02"] {
            import(&ledger, now, &[("deals", "d.csv", &all)]).unwrap();
        }
        let sum = |ledger: &Ledger| open(ledger).iter().map(|(_, rows)| rows).sum::<u64>();
        assert_eq!(sum(&ledger), 3);
        let mended = format!("{DEALS}\nD1,1,new,10,2020-01-01");
        import(&ledger, "2020-03-03", &[("deals", "m.csv", &mended)]).unwrap();
        assert_eq!(sum(&ledger), 2);
        assert_eq!(ledger.verify().findings, []);
    }
    assert_eq!(seen.len(), 1, "{seen:#?}");
}

#[test]
fn whoever_comes_in_mended_can_be_forgotten_though_a_row_before_them_stayed() {
    let (world, ledger) = World::new();
    let accounts = "id,city\nA1,Ulm\nA1,Bonn";
    let leads = "id,email,name,origin,day,amount\nL1,ann@x.org,Ann,paid,2020-01-01,lots";
    let files = [("accounts", "a.csv", accounts), ("leads", "l.csv", leads)];
    import(&ledger, "2020-02-01", &files).unwrap();
    // Mended, the lead has another key: a person whom the book has not met.
    let mended = leads.replace("L1", "L2").replace("lots", "1");
    let sent: [(&str, &str, &[&str], &str); 2] = [
        ("accounts", "a.csv", &["r1-0"], "id,city\nA1,Bonn"),
        ("leads", "l.csv", &["r1-1"], &mended),
    ];
    let report = mend_with(&ledger, "2020-02-02", &sent).unwrap();
    assert_eq!(report.files.iter().map(|file| file.mapped).sum::<u64>(), 1);
    assert!(ledger.has_key(ledger.person_id("crm", "L2")).unwrap());
    assert_eq!(ledger.verify().findings, []);
    drop(ledger);
    let ledger = world.open().unwrap();
    let done = ledger.forget(&[("crm", "L2")], at("2020-02-03")).unwrap();
    assert_eq!(done.keys, 1);
    let key = ledger.record_key("crm", "leads", &["L2"]);
    let rows = ledger.record("crm", "leads", key).unwrap();
    assert!(
        rows[0].cells.iter().all(|(_, text)| text != "Ann"),
        "{rows:?}"
    );
    // A book that was hurt is told of.
    let journal = world.folder.path().join("data/journal.sqlite");
    let connection = rusqlite::Connection::open(&journal).unwrap();
    connection
        .execute("DELETE FROM identity WHERE slot > 0", [])
        .unwrap();
    let findings = ledger.verify().findings;
    assert!(
        findings
            .iter()
            .any(|found| found.what.contains("key slots seal rows")),
        "{findings:?}"
    );
}

#[test]
fn a_rehearsal_joins_to_the_rows_that_the_import_joins_to() {
    let (_world, ledger) = World::new();
    let mut pack = pack();
    pack.streams[0].version = Some("updated".to_owned());
    pack.streams[0].mode = StreamMode::Full;
    let before = [(
        "products",
        "p.csv",
        "id,updated,price\nP1,5,10\nP2,1,7\nP3,1,8",
    )];
    import_with(&ledger, &pack, "2020-02-01", &before).unwrap();
    let files = [
        (
            "products",
            "p.csv",
            "id,updated,price,size\nP1,4,lots,big\nP2,2,9,small\nP4,1,1,\nP5,1,2,",
        ),
        (
            "products",
            "q.csv",
            "id,updated,price,size\nP1,4,lots,big\nP2,2,9,small\nP4,1,1,",
        ),
    ];
    let stream = pack.streams[0].clone();
    let rows = |mut import: crate::Import| {
        run(&ledger, &mut import, &files).unwrap();
        let rows = import.reference_rows(&stream).unwrap();
        let row = |row: usize| -> Vec<String> {
            let cells = rows.cells.iter().map(|column| column.value(row).to_owned());
            cells.collect()
        };
        let mut all: Vec<Vec<String>> = (0..rows.rows()).map(row).collect();
        all.sort_unstable();
        (rows.columns.to_vec(), all)
    };
    let foreseen = rows(ledger.begin_rehearsal(&pack, at("2020-02-02")).unwrap());
    let done = rows(ledger.begin_import(&pack, at("2020-02-02")).unwrap());
    assert_eq!(foreseen, done);
    let told: Vec<String> = done.1.iter().map(|row| row.join(" ")).collect();
    assert_eq!(told, ["P1 5 10 ", "P2 2 9 small", "P4 1 1 "]);
}
