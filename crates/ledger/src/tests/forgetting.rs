//! Forgotten people leave no readable byte, cannot come back, and change no count.

use handfast_model::question::AsOf;

use super::world::*;

/// Texts that may stand nowhere on the disk.
const PLANTED: [&str; 6] = [
    "ann@canary.org",
    "Canary Ann",
    "canary-1",
    "bob@canary.org",
    "Canary Bob",
    "canary-raw",
];

const LEADS: &str = "id,email,name,origin,day,amount
    canary-1,ann@canary.org,Canary Ann,paid,2020-01-05,
    canary-2,bob@canary.org,Canary Bob,organic,2020-01-03,
    canary-1,ann@canary.org,Canary Ann II,paid,2020-01-05,
    canary-1b,ann@canary.org,Canary Ann,paid,2020-01-05,lots
    !canary-raw,\"Canary Raw";

fn scan(world: &World) -> Vec<String> {
    let mut found = Vec::new();
    for (path, bytes) in world.files() {
        for planted in PLANTED {
            if bytes
                .windows(planted.len())
                .any(|window| window == planted.as_bytes())
            {
                found.push(format!("{planted} in {}", path.display()));
            }
        }
    }
    found
}

#[test]
fn personal_text_never_reaches_the_disk_and_forgetting_changes_no_total() {
    let (world, ledger) = World::new();
    let report = import(&ledger, "2020-02-01", &[("leads", "a.csv", LEADS)]).unwrap();
    assert_eq!(scan(&world), Vec::<String>::new());
    let key = ledger.record_key("crm", "leads", &["canary-1"]);
    let row = ledger.record("crm", "leads", key).unwrap().remove(0);
    assert!(
        row.cells
            .contains(&("name".to_owned(), "Canary Ann".to_owned()))
    );
    let before = text(&ledger, AsOf::Latest);
    let seq = ledger.last_seq().unwrap();

    let done = ledger
        .forget(&[("crm", "canary-1")], at("2020-02-02"))
        .unwrap();
    assert_eq!((done.people, done.keys), (1, 1));
    assert!(done.seq.unwrap() > seq);
    assert_eq!(text(&ledger, AsOf::Latest), before);
    let row = ledger.record("crm", "leads", key).unwrap().remove(0);
    assert!(row.is_erased);
    let left: Vec<&str> = row.cells.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(left, ["origin", "day"]);
    // Their set-aside rows are gone with them; another person's are not.
    let aside = ledger.set_aside_rows(report.run).unwrap();
    let is_open: Vec<bool> = aside.iter().map(|row| row.text.is_some()).collect();
    assert_eq!(is_open, [false, true, true]);
    let bob = ledger.record_key("crm", "leads", &["canary-2"]);
    let bob = ledger.record("crm", "leads", bob).unwrap().remove(0);
    assert!(
        bob.cells
            .contains(&("name".to_owned(), "Canary Bob".to_owned()))
    );
    // Again is nothing new; the book stays closed to them.
    let again = ledger
        .forget(&[("crm", "canary-1")], at("2020-02-03"))
        .unwrap();
    assert_eq!((again.seq, again.people, again.before), (None, 0, 1));
    assert_eq!(scan(&world), Vec::<String>::new());
}

#[test]
fn a_forgotten_person_does_not_come_back_with_the_next_file() {
    let (world, ledger) = World::new();
    import(&ledger, "2020-02-01", &[("leads", "a.csv", LEADS)]).unwrap();
    let people = [("crm", "canary-1"), ("crm", "never met")];
    ledger.forget(&people, at("2020-02-02")).unwrap();
    let before = text(&ledger, AsOf::Latest);
    let report = import(&ledger, "2020-02-03", &[("leads", "a.csv", LEADS)]).unwrap();
    assert_eq!(text(&ledger, AsOf::Latest), before);
    assert_eq!(report.files[0].left_out, 2);
    // Clear columns may still change: a new version, without the person's text.
    let news = "id,email,name,origin,day
        canary-1,ann@canary.org,Canary Ann,referral,2020-01-05
        never met,new@canary.org,Canary Bob,paid,2020-01-09";
    let report = import(&ledger, "2020-02-04", &[("leads", "b.csv", news)]).unwrap();
    assert_eq!((report.files[0].mapped, report.files[0].left_out), (2, 2));
    assert!(report.files[0].adds_up());
    let told = text(&ledger, AsOf::Latest);
    assert!(told.contains("touch v2 origin=referral"), "{told}");
    assert_eq!(told.matches("identity=").count(), 3, "{told}");
    let report = import(&ledger, "2020-02-05", &[("leads", "b.csv", news)]).unwrap();
    assert_eq!(report.files[0].known, 2);
    assert_eq!(scan(&world), Vec::<String>::new());
}

#[test]
fn people_the_book_never_met_are_counted_and_barred_all_the_same() {
    let (world, ledger) = World::new();
    // A key column that is declared safe gives a person without a key of their own.
    let mut pack = pack();
    pack.streams[2].safe.push("id".to_owned());
    let leads = "id,email,name,origin,day\n8,,,paid,2020-01-05\n9,,,paid,2020-01-06";
    import_with(&ledger, &pack, "2020-02-01", &[("leads", "b.csv", leads)]).unwrap();
    import(&ledger, "2020-02-02", &[("leads", "a.csv", LEADS)]).unwrap();
    let people = ["canary-1", "8", "canary_1", "canary 1", "canary-1"].map(|key| ("crm", key));
    let done = ledger.forget(&people, at("2020-02-03")).unwrap();
    assert_eq!((done.people, done.keys, done.unknown), (4, 1, 2));
    let again = ledger.forget(&people, at("2020-02-03")).unwrap();
    assert_eq!((again.before, again.unknown), (4, 0));
    for (namespace, key) in people {
        let person = ledger.person_id(namespace, key);
        assert!(ledger.is_forgotten(person).unwrap(), "{key}");
    }
    // Facts that cannot be read keep nobody from being forgotten, and prove nobody unknown.
    ledger.compact().unwrap();
    let segments = std::fs::read_dir(world.folder.path().join("data/segments")).unwrap();
    for segment in segments {
        std::fs::write(segment.unwrap().path(), "torn").unwrap();
    }
    let done = ledger
        .forget(&[("crm", "nobody")], at("2020-02-04"))
        .unwrap();
    assert_eq!((done.people, done.unknown), (1, 0));
}

#[test]
fn keys_that_an_old_file_brings_back_are_told_of_and_destroyed_again() {
    let (world, ledger) = World::new();
    import(&ledger, "2020-02-01", &[("leads", "a.csv", LEADS)]).unwrap();
    let path = world.folder.path().join("data/keys/slots");
    let old = std::fs::read(&path).unwrap();
    ledger
        .forget(&[("crm", "canary-1")], at("2020-02-02"))
        .unwrap();
    drop(ledger);
    std::fs::write(&path, old).unwrap();
    let reader = crate::Ledger::open_reading(world.folder.path()).unwrap();
    let findings = reader.verify().findings;
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(
        findings[0].what.contains("destroys it again"),
        "{findings:?}"
    );
    let ledger = world.open().unwrap();
    assert_eq!(ledger.verify().findings, []);
    let key = ledger.record_key("crm", "leads", &["canary-1"]);
    let row = ledger.record("crm", "leads", key).unwrap().remove(0);
    assert_eq!(row.cells.len(), 2, "{row:?}");
}

#[test]
fn a_reader_beside_a_writer_reads_the_people_that_come_after_it() {
    let (world, ledger) = World::new();
    let reader = crate::Ledger::open_reading(world.folder.path()).unwrap();
    import(&ledger, "2020-02-01", &[("leads", "a.csv", LEADS)]).unwrap();
    let key = reader.record_key("crm", "leads", &["canary-1"]);
    let row = reader.record("crm", "leads", key).unwrap().remove(0);
    assert!(
        row.cells.iter().any(|(_, text)| text == "Canary Ann"),
        "{row:?}"
    );
    assert_eq!(reader.verify().findings, []);
}

#[test]
fn set_aside_rows_are_destroyed_after_a_month() {
    let (world, ledger) = World::new();
    let report = import(&ledger, "2020-02-01", &[("leads", "a.csv", LEADS)]).unwrap();
    drop(ledger);
    let open = |now: &str| crate::Ledger::open(world.folder.path(), &opening(now)).unwrap();
    let ledger = open("2020-03-01");
    assert!(ledger.set_aside_rows(report.run).unwrap()[2].text.is_some());
    drop(ledger);
    let ledger = open("2020-03-03");
    let rows = ledger.set_aside_rows(report.run).unwrap();
    assert!(rows.iter().all(|row| row.text.is_none() && !row.is_closed));
}
