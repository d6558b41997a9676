//! What a row is to the book: new, known, at odds, deleted, mended.

use handfast_model::pack::Pack;
use handfast_model::question::{AsOf, Known};
use handfast_model::{Day, Decimal, Names, Seq, Value};

use super::world::*;
use crate::{AsideText, Commit, Ended, Ending};

const LEADS: &str = "id,email,name,origin,day
    1,ann@x.org,Ann,paid,2020-01-05
    2,bob@y.org,Bob,organic,2020-01-03
    3,eve@z.org,test,organic,2020-01-04";

#[test]
fn what_was_learned_when_can_be_asked_again() {
    let (_world, ledger) = World::new();
    let first = import(&ledger, "2020-02-01", &[("leads", "a.csv", LEADS)]).unwrap();
    let before = text(&ledger, AsOf::Latest);
    assert_eq!(before.lines().count(), 4);
    let changed = "id,email,name,origin,day
        1,ann@x.org,Ann,referral,2020-01-06";
    import(&ledger, "2020-03-01", &[("leads", "b.csv", changed)]).unwrap();
    let after = text(&ledger, AsOf::Latest);
    // The state of version 1 stays in history; its event is replaced by that of version 2.
    let identity = ledger.email_identity("ann@x.org");
    assert_eq!(
        after
            .lines()
            .filter(|line| line.contains(&identity))
            .collect::<Vec<_>>(),
        [
            format!("2020-01-05 person v1 origin=paid identity={identity}"),
            format!("2020-01-06 person v2 origin=referral identity={identity}"),
            format!("2020-01-06 touch v2 origin=referral identity={identity}"),
        ]
    );
    assert_eq!(text(&ledger, AsOf::Seq(first.seq)), before);
    assert_eq!(text(&ledger, AsOf::Instant(at("2020-02-15"))), before);
    assert_eq!(text(&ledger, AsOf::Instant(at("2020-01-15"))), "");
    let beyond = ledger.snapshot(AsOf::Seq(Seq(99)), Known::Recorded, &utc());
    assert_eq!(beyond.unwrap_err().code, "E0214");
    let happened = AsOf::Instant(at("2020-01-04"));
    let snapshot = ledger.snapshot(happened, Known::Happened, &utc()).unwrap();
    assert_eq!(told(&snapshot).lines().count(), 2);
}

#[test]
fn the_same_file_again_changes_nothing_and_old_content_is_a_new_version() {
    let (_world, ledger) = World::new();
    import(&ledger, "2020-02-01", &[("leads", "a.csv", LEADS)]).unwrap();
    let before = text(&ledger, AsOf::Latest);
    // Columns in another order, and a column that says nothing, are no news either.
    let moved = "day,origin,name,email,id,fax
        2020-01-05,paid,Ann,ann@x.org,1,
        2020-01-03,organic,Bob,bob@y.org,2,";
    let report = import(
        &ledger,
        "2020-02-02",
        &[("leads", "a.csv", LEADS), ("leads", "b.csv", moved)],
    )
    .unwrap();
    assert_eq!(text(&ledger, AsOf::Latest), before);
    let account = &report.files[0];
    assert_eq!((account.rows, account.known, account.mapped), (3, 3, 2));
    assert_eq!(account.ignored.get("test rows"), Some(&1));
    assert_eq!(report.files[1].known, 2);
    for (origin, now) in [("referral", "2020-02-03"), ("paid", "2020-02-04")] {
        let file = format!("id,email,name,origin,day\n1,ann@x.org,Ann,{origin},2020-01-05");
        import(&ledger, now, &[("leads", "c.csv", &file)]).unwrap();
    }
    let key = ledger.record_key("crm", "leads", &["1"]);
    let rows = ledger.record("crm", "leads", key).unwrap();
    assert_eq!(
        rows.iter().map(|row| row.version).collect::<Vec<_>>(),
        [1, 2, 3]
    );
    assert_eq!(rows[0].cells, rows[2].cells);
    assert_eq!(
        rows[2].cells[1],
        ("email".to_owned(), "ann@x.org".to_owned())
    );
}

#[test]
fn with_declared_versions_the_order_of_arrival_changes_nothing() {
    let rows = [
        "D1,2020-01-01,new,10,2020-01-01",
        "D1,2020-01-05,offer,20,2020-01-05",
        "D1,2020-01-09,won,30,2020-01-09",
        "D2,2020-01-02,new,5,2020-01-02",
        "D2,2020-01-03,test,5,2020-01-03",
    ];
    let mut seen = std::collections::BTreeSet::new();
    for seed in 0..24_usize {
        // Each seed is another permutation, cut into files at another place.
        let mut left = rows.to_vec();
        let mut order = Vec::new();
        let mut number = seed * 5 + 3;
        while !left.is_empty() {
            order.push(left.remove(number % left.len()));
            number = number / 2 + seed;
        }
        let (_world, ledger) = World::new();
        for (part, now) in order.chunks(1 + seed % 5).zip(1..) {
            let file = format!("id,updated,stage,amount,day\n{}", part.join("\n"));
            let file = file.replace("test,5", "new,6");
            let now = format!("2020-02-{now:02}");
            import(&ledger, &now, &[("deals", "d.csv", &file)]).unwrap();
        }
        seen.insert(text(&ledger, AsOf::Latest));
    }
    assert_eq!(seen.len(), 1, "{seen:#?}");
    let only = seen.pop_first().unwrap();
    assert_eq!(only.lines().filter(|line| line.contains("mark")).count(), 2);
    assert_eq!(only.lines().filter(|line| line.contains("deal")).count(), 5);
}

#[test]
fn rows_at_odds_are_set_aside_shown_and_mended() {
    let (_world, ledger) = World::new();
    let deals = "id,updated,stage,amount,day
        D1,1,new,10,2020-01-01
        D1,1,new,11,2020-01-01
        D2,soon,new,10,2020-01-01
        ,1,new,10,2020-01-01
        D3,1,new,many,2020-01-01
        !D4,1,\"new
        D3,1,new,many,2020-01-01";
    let report = import(&ledger, "2020-02-01", &[("deals", "d.csv", deals)]).unwrap();
    let account = &report.files[0];
    assert!(account.adds_up());
    assert_eq!((account.rows, account.mapped), (7, 1));
    let reasons: Vec<(&str, u64)> = account
        .set_aside
        .iter()
        .map(|(k, n)| (k.as_str(), *n))
        .collect();
    let expected = [
        ("conflict", 1),
        ("no key", 1),
        ("not a number", 2),
        ("unclosed quote", 1),
        ("unreadable version", 1),
    ];
    assert_eq!(reasons, expected);
    let rows = ledger.set_aside_rows(report.run).unwrap();
    let lines: Vec<(u32, &str)> = rows
        .iter()
        .map(|row| (row.line, row.column.as_str()))
        .collect();
    assert_eq!(
        lines,
        [(3, ""), (4, "updated"), (5, "id"), (6, "amount"), (7, "")]
    );
    assert_eq!(rows[4].text, Some(AsideText::Raw("!D4,1,\"new".to_owned())));
    let Some(AsideText::Cells(cells)) = &rows[3].text else {
        panic!("{:?}", rows[3])
    };
    assert_eq!(cells[3], ("amount".to_owned(), "many".to_owned()));
    // The same file again sets the same rows aside: they are counted once.
    import(&ledger, "2020-02-02", &[("deals", "d.csv", deals)]).unwrap();
    let open = |ledger: &crate::Ledger| {
        let snapshot = ledger
            .snapshot(AsOf::Latest, Known::Recorded, &utc())
            .unwrap();
        snapshot.set_aside.iter().map(|(_, rows)| rows).sum::<u64>()
    };
    assert_eq!(open(&ledger), 5);
    let mended = "id,updated,stage,amount,day\nD3,1,new,12,2020-01-01";
    let third = import(&ledger, "2020-02-03", &[("deals", "m.csv", mended)]).unwrap();
    assert_eq!(third.files[0].mapped, 1);
    assert_eq!(open(&ledger), 4);
    ledger.release_set_aside(2, at("2020-02-04")).unwrap();
    assert_eq!(open(&ledger), 0);
    let rows = ledger.set_aside_rows(2).unwrap();
    assert!(rows.iter().all(|row| row.text.is_none() && row.is_closed));
    assert_eq!(ledger.set_aside_rows(9).unwrap_err().code, "E0222");
}

#[test]
fn one_key_twice_in_a_file_is_a_conflict_and_the_first_counts() {
    let (_world, ledger) = World::new();
    let twice = "id,email,name,origin,day
        1,ann@x.org,Ann,paid,2020-01-05
        1,ann@x.org,Anna,paid,2020-01-05
        1,ann@x.org,Ann,paid,2020-01-05";
    let report = import(&ledger, "2020-02-01", &[("leads", "a.csv", twice)]).unwrap();
    let account = &report.files[0];
    assert_eq!((account.mapped, account.known), (2, 1));
    assert_eq!(account.set_aside.get("conflict"), Some(&1));
    assert_eq!(text(&ledger, AsOf::Latest).lines().count(), 2);
}

#[test]
fn what_a_full_table_no_longer_holds_is_deleted_and_can_come_back() {
    let (_world, ledger) = World::new();
    let both = "id,city\nA,Ulm\nB,Bonn";
    let one = "id,city\nA,Ulm";
    let torn = "id,city\nA,Ulm\n!B,\"Bonn";
    let told = |ledger: &crate::Ledger| text(ledger, AsOf::Latest).replace('\n', "; ");
    import(&ledger, "2020-02-01", &[("accounts", "a.csv", both)]).unwrap();
    let all = told(&ledger);
    assert_eq!(all.matches("account").count(), 2, "{all}");
    // A file that could not be read whole proves nobody absent.
    let report = import(&ledger, "2020-02-02", &[("accounts", "a.csv", torn)]).unwrap();
    assert_eq!((told(&ledger), report.files[0].deleted), (all.clone(), 0));
    let report = import(&ledger, "2020-02-03", &[("accounts", "a.csv", one)]).unwrap();
    assert_eq!(report.files[0].deleted, 1);
    assert_eq!(told(&ledger), "- account v1 A city=Ulm");
    let seq = report.seq;
    import(&ledger, "2020-02-04", &[("accounts", "a.csv", one)]).unwrap();
    import(&ledger, "2020-02-05", &[("accounts", "a.csv", both)]).unwrap();
    assert_eq!(
        told(&ledger).matches("B city=Bonn").count(),
        2,
        "{}",
        told(&ledger)
    );
    assert_eq!(text(&ledger, AsOf::Seq(seq)), "- account v1 A city=Ulm");
}

#[test]
fn a_file_without_a_byte_is_a_file_of_no_rows_and_deletes_nothing() {
    let (_world, ledger) = World::new();
    let both = "id,city\nA,Ulm\nB,Bonn";
    import(&ledger, "2020-02-01", &[("accounts", "a.csv", both)]).unwrap();
    let files = [
        ("accounts", "a.csv", ""),
        ("deals", "d.csv", ""),
        ("leads", "l.csv", LEADS),
    ];
    let report = import(&ledger, "2020-02-02", &files).unwrap();
    let told: Vec<_> = report
        .files
        .iter()
        .map(|account| (account.file.as_str(), account.rows, account.deleted))
        .collect();
    let expected = [("a.csv", 0, 0), ("d.csv", 0, 0), ("l.csv", 3, 0)];
    assert_eq!(told, expected);
    let accounts = || text(&ledger, AsOf::Latest).matches("account v1").count();
    assert_eq!(accounts(), 2);
    // It says nothing of columns either, and the next file is compared with the last real one.
    let stream = pack().streams.remove(1);
    let rows = ledger.reference_rows("crm", &stream).unwrap();
    assert_eq!(rows.columns.as_ref(), ["id", "city"]);
    let header_only = [("accounts", "a.csv", "id,city")];
    let report = import(&ledger, "2020-02-03", &header_only).unwrap();
    assert_eq!((report.files[0].deleted, accounts()), (2, 0));
    assert_eq!(ledger.verify().findings, []);
}

#[test]
fn with_declared_versions_a_deleted_record_comes_back_as_it_was() {
    let (_world, ledger) = World::new();
    let mut pack = pack();
    pack.streams[3].mode = handfast_model::pack::StreamMode::Full;
    let both = "id,updated,stage,amount,day\nD1,1,new,1,2020-01-02\nD2,7,new,2,2020-01-03";
    let one = "id,updated,stage,amount,day\nD1,1,new,1,2020-01-02";
    let take = |now: &str, file: &str| {
        import_with(&ledger, &pack, now, &[("deals", "d.csv", file)])
            .unwrap()
            .files[0]
            .clone()
    };
    take("2020-02-01", both);
    let before = text(&ledger, AsOf::Latest);
    assert_eq!(take("2020-02-02", one).deleted, 1);
    assert_eq!(text(&ledger, AsOf::Latest).lines().count(), 2);
    let back = take("2020-02-03", both);
    assert_eq!((back.known, back.deleted), (2, 0));
    assert_eq!(text(&ledger, AsOf::Latest), before);
    assert_eq!(take("2020-02-04", one).deleted, 1);
    let newer = both.replace("D2,7", "D2,8");
    assert_eq!(take("2020-02-05", &newer).known, 1);
    let told = text(&ledger, AsOf::Latest);
    assert_eq!(told.matches("deal v").count(), 3, "{told}");
    assert!(
        told.contains("mark v8 D2") && !told.contains("mark v7"),
        "{told}"
    );
    assert_eq!(ledger.verify().findings, []);
}

#[test]
fn a_later_version_without_facts_takes_the_event_with_it() {
    let (_world, ledger) = World::new();
    import(&ledger, "2020-02-01", &[("leads", "a.csv", LEADS)]).unwrap();
    let ignored = "id,email,name,origin,day\n2,bob@y.org,test,organic,2020-01-03";
    import(&ledger, "2020-02-02", &[("leads", "b.csv", ignored)]).unwrap();
    let told = text(&ledger, AsOf::Latest);
    assert_eq!(told.matches("touch").count(), 1, "{told}");
    assert_eq!(told.matches("person").count(), 2, "{told}");
}

#[test]
fn reference_rows_are_the_latest_of_each_key() {
    let (_world, ledger) = World::new();
    import(
        &ledger,
        "2020-02-01",
        &[("products", "p.csv", "id,name\nP2,Pot\nP1,Pan")],
    )
    .unwrap();
    import(
        &ledger,
        "2020-02-02",
        &[("products", "p.csv", "id,name,size\nP1,Lid,")],
    )
    .unwrap();
    let stream = pack()
        .streams
        .into_iter()
        .find(|s| s.name == "products")
        .unwrap();
    let batch = ledger.reference_rows("crm", &stream).unwrap();
    let mut rows: Vec<(&str, &str, &str)> = (0..batch.rows())
        .map(|row| {
            (
                batch.cells[0].value(row),
                batch.cells[1].value(row),
                batch.cells[2].value(row),
            )
        })
        .collect();
    rows.sort_unstable();
    assert_eq!(rows, [("P1", "Lid", ""), ("P2", "Pot", "")]);
}

#[test]
fn a_commit_that_does_not_add_up_is_refused_whole() {
    let (_world, ledger) = World::new();
    let mut import = ledger.begin_import(&pack(), at("2020-02-01")).unwrap();
    let again = ledger.begin_import(&pack(), at("2020-02-01"));
    assert_eq!(again.err().unwrap().code, "E0216");
    let classified = import.classify(batch("leads", "a.csv", LEADS)).unwrap();
    let mut names = Names::default();
    let (endings, mut facts) = map(&ledger, &classified, &mut names);
    facts.truncate(2);
    let ended = Ended {
        classified,
        endings,
    };
    let commit = Commit {
        batches: vec![ended],
        facts,
        names,
    };
    assert_eq!(import.commit(commit).unwrap_err().code, "E0220");
    assert_eq!(import.finish(None).unwrap_err().code, "E0220");
    assert_eq!(ledger.last_seq().unwrap(), Seq(0));
    let mut import = ledger.begin_import(&pack(), at("2020-02-01")).unwrap();
    let classified = import.classify(batch("leads", "a.csv", LEADS)).unwrap();
    let ended = Ended {
        classified,
        endings: vec![Ending::Reference],
    };
    let commit = Commit {
        batches: vec![ended],
        ..Commit::default()
    };
    assert_eq!(import.commit(commit).unwrap_err().code, "E0220");
    drop(import);
    let mut import = ledger.begin_import(&pack(), at("2020-02-01")).unwrap();
    let missing = import.classify(batch("leads", "a.csv", "email,name\na@b.c,Ann"));
    assert_eq!(missing.err().unwrap().code, "E0215");
}

#[test]
fn closes_sort_at_the_end_of_their_day_and_undated_facts_first() {
    let (_world, ledger) = World::new();
    let mut import = ledger.begin_import(&pack(), at("2020-02-01")).unwrap();
    let deals = "id,updated,stage,amount,day
        D1,1,won,1,2020-01-05
        D2,1,new,2,2020-01-05
        D3,1,new,3,";
    let classified = import.classify(batch("deals", "d.csv", deals)).unwrap();
    let mut names = Names::default();
    let (endings, mut facts) = map(&ledger, &classified, &mut names);
    let closes = names.intern("closes");
    for fact in facts
        .iter_mut()
        .filter(|fact| fact.deal == names.find("D1"))
    {
        let mut attributes = fact.attributes.to_vec();
        attributes.push((closes, Value::Bool(true)));
        fact.attributes = attributes.into();
    }
    facts[0].attributes = [
        (closes, Value::Bool(true)),
        (
            names.intern("n"),
            Value::Decimal(Decimal {
                units: 1050,
                scale: 2,
            }),
        ),
    ]
    .into();
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
    let report = import.finish(None).unwrap();
    assert_eq!(report.observed_until, Some(at("2020-01-06T00:00:00Z")));
    let told = text(&ledger, AsOf::Latest);
    let order: Vec<&str> = told
        .lines()
        .map(|line| line.split(" v1 ").nth(1).unwrap())
        .collect();
    let deals: Vec<&str> = order.iter().map(|line| &line[..2]).collect();
    assert_eq!(deals, ["D3", "D3", "D2", "D2", "D1", "D1"], "{told}");
    assert!(told.contains("n=Decimal(Decimal { units: 1050, scale: 2 })"));
}

#[test]
fn a_declared_day_ends_by_the_clock_of_its_source() {
    let (_world, ledger) = World::new();
    for (zone, day, until) in [
        ("UTC", "2018-02-17", "2018-02-18T00:00:00Z"),
        ("Europe/Berlin", "2018-02-17", "2018-02-17T23:00:00Z"),
        ("Australia/Sydney", "2018-02-17", "2018-02-17T13:00:00Z"),
        // Its last hour comes twice.
        ("America/Sao_Paulo", "2018-02-17", "2018-02-18T03:00:00Z"),
        // Its midnight never was.
        ("America/Sao_Paulo", "2018-11-03", "2018-11-04T03:00:00Z"),
    ] {
        let pack = Pack {
            zone: zone.to_owned(),
            ..pack()
        };
        let import = ledger.begin_import(&pack, at("2018-12-01")).unwrap();
        let report = import.finish(Day::parse(day)).unwrap();
        assert_eq!(report.observed_until, Some(at(until)), "{zone} {day}");
        let shown = ledger.frame(AsOf::Latest).unwrap().observed;
        assert_eq!(shown[0].until, Some(at(until)), "{zone} {day}");
        assert!(shown[0].is_declared);
    }
}

#[test]
fn a_commit_is_refused_unless_its_facts_are_those_of_its_mapped_rows_in_their_order() {
    let spoil: [fn(&mut Commit); 5] = [
        |commit| commit.facts[0].origin.version = 7,
        |commit| commit.facts.swap(0, 3),
        |commit| commit.facts.truncate(2),
        |commit| commit.facts.push(commit.facts[0].clone()),
        |commit| commit.facts[3].origin.source = commit.names.intern("another"),
    ];
    let (_world, ledger) = World::new();
    for spoil in spoil {
        let mut import = ledger.begin_import(&pack(), at("2020-02-01")).unwrap();
        let classified = import.classify(batch("leads", "a.csv", LEADS)).unwrap();
        let mut commit = Commit::default();
        let (endings, facts) = map(&ledger, &classified, &mut commit.names);
        commit.facts = facts;
        commit.batches.push(Ended {
            classified,
            endings,
        });
        spoil(&mut commit);
        assert_eq!(import.commit(commit).unwrap_err().code, "E0220");
    }
    assert_eq!(text(&ledger, AsOf::Latest), "");
}
