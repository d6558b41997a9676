//! Killed at every fail-point, a book opens whole and ends with the expected answer.

use std::process::Command;

use handfast_model::question::AsOf;

use super::world::*;
use crate::Ledger;

const FOLDER: &str = "HANDFAST_CRASH_FOLDER";

/// A short life of a book; every step may be repeated.
fn live(ledger: &Ledger) {
    let many = many_leads(100, 1_200);
    let deals = "id,updated,stage,amount,day\nD1,1,new,10,2020-01-02\nD2,1,new,x,2020-01-03";
    let accounts = "id,city\nA,Ulm\nB,Bonn";
    import(
        ledger,
        "2020-02-01",
        &[("deals", "d.csv", deals), ("leads", "l.csv", &many)],
    )
    .unwrap();
    import(ledger, "2020-02-02", &[("accounts", "a.csv", accounts)]).unwrap();
    import(
        ledger,
        "2020-02-03",
        &[("accounts", "a.csv", "id,city\nA,Ulm")],
    )
    .unwrap();
    let people = ["100", "101", "nobody"].map(|key| ledger.person_id("crm", key));
    let address = [ledger.email_identity("p100@x.org")];
    ledger
        .forget_people(&people, &address, at("2020-02-04"))
        .unwrap();
    ledger.compact().unwrap();
    import(
        ledger,
        "2020-02-05",
        &[("leads", "m.csv", &many_leads(5_000, 900))],
    )
    .unwrap();
    ledger.compact().unwrap();
    // Taken back once, then brought in again by the second life.
    let accounts = "id,city\nA,Ulm\nC,Cleve";
    import(ledger, "2020-02-06", &[("accounts", "a.csv", accounts)]).unwrap();
    ledger.undo(None, at("2020-02-07")).unwrap();
}

/// The child's part: it lives the book's life until its failpoint ends it.
#[test]
fn child() {
    if let Ok(folder) = std::env::var(FOLDER) {
        let ledger = Ledger::open(std::path::Path::new(&folder), &opening("2020-02-01")).unwrap();
        live(&ledger);
    }
}

#[test]
fn killed_anywhere_the_book_opens_whole_and_ends_as_if_nothing_had_happened() {
    let (_world, ledger) = World::new();
    live(&ledger);
    let expected = text(&ledger, AsOf::Latest);
    let points = [
        "segment-written:1",
        "before-flush:1",
        "after-flush:1",
        "before-flush:2",
        "before-flush:4",
        "after-flush:6",
        "before-flush:8",
        "forget-intended:1",
        "forget-erased:1",
        "before-flush:9",
        "compact-written:1",
        "compact-written:3",
        "compact-swapped:1",
        "compact-swapped:2",
        "compact-swapped:4",
        "undone:1",
    ];
    for point in points {
        let (world, ledger) = World::new();
        drop(ledger);
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "tests::crashing::child", "--nocapture"])
            .env(FOLDER, world.folder.path())
            .env("HANDFAST_FAILPOINT", point)
            .output()
            .unwrap();
        assert!(!child.status.success(), "{point} was not reached");
        // Whoever only reads finds nothing wrong either, before a writer has mended anything.
        let reader = Ledger::open_reading(world.folder.path()).unwrap();
        assert_eq!(reader.verify().findings, [], "reading after {point}");
        drop(reader);
        let ledger = world.open().unwrap();
        assert_eq!(ledger.verify().findings, [], "after {point}");
        live(&ledger);
        assert_eq!(text(&ledger, AsOf::Latest), expected, "after {point}");
        let verified = ledger.verify();
        assert_eq!(
            (verified.findings.len(), verified.erased_people),
            (0, 3),
            "{point}"
        );
        let segments = std::fs::read_dir(world.folder.path().join("data/segments")).unwrap();
        assert!(segments.count() <= 8, "orphans after {point}");
    }
}
