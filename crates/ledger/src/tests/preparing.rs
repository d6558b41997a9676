//! What is worked out beside the book, on other threads, is what is worked out in one place.

use handfast_model::pack::LINE_KEY;
use handfast_model::pack::Pack;
use handfast_model::question::AsOf;

use super::undoing::Chance;
use super::world::*;
use crate::classified::Personal;
use crate::{Classified, Commit, Ended, Ledger, TextBatch};

/// A file of a few rows: new and old ones, keys twice, no key, no column at all, another order of
/// columns, rows that cannot be read.
fn file(chance: &mut Chance) -> (&'static str, String) {
    let stream = ["leads", "accounts", "deals", "products"][chance.below(4) as usize];
    if chance.below(12) == 0 {
        return (stream, String::new());
    }
    let headers = match chance.below(3) {
        0 => "name,id,updated,email,origin,amount",
        _ => "id,name,updated,email,origin,amount",
    };
    let mut text = headers.to_owned();
    for _ in 0..chance.below(7) {
        let (id, name) = (chance.below(6), chance.below(3));
        let id = if id == 5 {
            String::new()
        } else {
            id.to_string()
        };
        let mail = match chance.below(3) {
            0 => String::new(),
            one => format!("p{one}@x.org"),
        };
        let name = ["", "Ann \"A\"", "test"][name as usize];
        let amount = ["", "", "7", "many"][chance.below(4) as usize];
        let updated = ["1", "2", "2020-01-05", "?"][chance.below(4) as usize];
        let (first, second) = match headers.starts_with("name") {
            true => (name, id.as_str()),
            false => (id.as_str(), name),
        };
        let bad = ["", "", "", "", "", "!"][chance.below(6) as usize];
        text.push_str(&format!(
            "\n{bad}{first},{second},{updated},{mail},paid,{amount}"
        ));
    }
    (stream, text)
}

/// What came of a batch, in one commit.
fn take(ledger: &Ledger, import: &mut crate::Import, classified: Classified) -> String {
    let (bytes, hidden) = (classified.bytes(), classified.left_out.clone());
    let told = format!("{:?} {bytes} {hidden:?}", classified.rows);
    let mut commit = Commit::default();
    let (endings, facts) = map(ledger, &classified, &mut commit.names);
    let stream = classified.batch.stream.clone();
    commit.facts = facts;
    commit.batches.push(Ended {
        classified,
        endings,
    });
    import.finish_file(&stream).unwrap();
    import.commit(commit).unwrap();
    told
}

/// Everything a book has of these streams, cell by cell.
fn all(ledger: &Ledger, pack: &Pack) -> String {
    let mut told = whole(ledger);
    for stream in &pack.streams {
        for id in ["0", "1", "2", "3", "4", ""] {
            let key = ledger.record_key("crm", &stream.name, &[id]);
            let rows = ledger.record("crm", &stream.name, key).unwrap();
            told.push_str(&format!("\n{} {id} {rows:?}", stream.name));
        }
    }
    told
}

/// Imports files into a book that knows people and has forgotten one, and says all that came of it.
fn run(
    pack: &Pack,
    files: &[(&str, String)],
    classify: impl Fn(&mut crate::Import, TextBatch) -> Classified,
) -> String {
    let (_world, ledger) = World::new();
    let before = "id,name,updated,email,origin,amount\n1,Ann,1,p1@x.org,paid,\n2,Bo,1,,paid,";
    import_with(&ledger, pack, "2020-02-01", &[("leads", "a.csv", before)]).unwrap();
    let address = ledger.email_identity("p1@x.org");
    let person = ledger.person_id("crm", "1");
    ledger
        .forget_people(&[person], &[address], at("2020-02-02"))
        .unwrap();
    let mut import = ledger.begin_import(pack, at("2020-02-03")).unwrap();
    let mut told = Vec::new();
    for (stream, text) in files {
        let classified = classify(&mut import, batch(stream, "f.csv", text));
        told.push(take(&ledger, &mut import, classified));
    }
    let report = import.finish(None).unwrap();
    format!("{told:?}\n{report:?}\n{}", all(&ledger, pack))
}

#[test]
fn a_batch_prepared_and_sealed_on_other_threads_is_the_same_batch() {
    let (mut chance, mut sealed) = (Chance(0x9E37_79B9_7F4A_7C15), 0);
    for round in 0..60 {
        let mut pack = pack();
        if round % 4 == 0 {
            let keys = [vec![], vec![LINE_KEY.to_owned()]];
            pack.streams[2].key = keys[chance.below(2) as usize].clone();
        }
        let files: Vec<_> = (0..6).map(|_| file(&mut chance)).collect();
        let here = run(&pack, &files, |import, batch| {
            import.classify(batch).unwrap()
        });
        let count = std::cell::Cell::new(0);
        let beside = run(&pack, &files, |import, batch| {
            let mut preparer = import.preparer();
            let prepared = std::thread::spawn(move || preparer.prepare(batch)).join();
            let mut classified = import.classify_prepared(prepared.unwrap()).unwrap();
            if let Some(unsealed) = classified.take_unsealed() {
                let bytes = unsealed.bytes();
                let done = std::thread::spawn(|| unsealed.seal()).join().unwrap();
                classified.put_sealed(done.unwrap());
                let Personal::Sealed(array) = &classified.personal else {
                    panic!("it was given back");
                };
                assert_eq!(array.value_data().len(), bytes, "announced before");
                count.set(count.get() + 1);
            }
            classified
        });
        assert_eq!(here, beside, "round {round}: {files:?}");
        sealed += count.get();
    }
    assert!(sealed > 30, "{sealed}");
}

#[test]
fn a_batch_that_cannot_be_named_is_refused_by_whoever_takes_it() {
    let (_world, ledger) = World::new();
    let mut import = ledger.begin_import(&pack(), at("2020-02-03")).unwrap();
    let mut preparer = import.preparer();
    let mut refused = |stream: &str, text: &str| {
        let prepared = preparer.prepare(batch(stream, "f.csv", text));
        import.classify_prepared(prepared).err().unwrap().code
    };
    assert_eq!(refused("leads", "name\nAnn"), "E0215");
    assert_eq!(refused("nowhere", "id\n1"), "E0220");
}

#[test]
fn what_was_taken_to_be_sealed_and_not_given_back_is_no_commit() {
    let (_world, ledger) = World::new();
    let mut import = ledger.begin_import(&pack(), at("2020-02-03")).unwrap();
    let rows = batch("leads", "f.csv", "id,email\n1,ann@x.org");
    let mut classified = import.classify(rows).unwrap();
    assert!(classified.take_unsealed().is_some());
    assert!(classified.take_unsealed().is_none(), "once");
    let mut commit = Commit::default();
    let (endings, facts) = map(&ledger, &classified, &mut commit.names);
    commit.facts = facts;
    commit.batches.push(Ended {
        classified,
        endings,
    });
    assert_eq!(import.commit(commit).unwrap_err().code, "E0220");
    assert_eq!(ledger.last_seq().unwrap().0, 0);
}

#[test]
fn many_batches_of_one_commit_lie_in_one_segment_and_say_what_they_say_apart() {
    let (first, second) = (many_leads(0, 1_500), many_leads(1_500, 1_500));
    let files = [
        ("leads", "a.csv", first.as_str()),
        ("leads", "b.csv", &second),
    ];
    let (world, at_once) = World::new();
    import_at_once(&at_once, &pack(), "2020-02-01", &files).unwrap();
    let (_other, apart) = World::new();
    import_with(&apart, &pack(), "2020-02-01", &files).unwrap();
    assert_eq!(text(&at_once, AsOf::Latest), text(&apart, AsOf::Latest));
    let is_segment = |(path, _): &(std::path::PathBuf, Vec<u8>)| {
        path.extension().is_some_and(|kind| kind == "parquet")
    };
    let segments = world.files().into_iter().filter(is_segment).count();
    assert_eq!(segments, 2, "records and facts");
    drop(at_once);
    assert_eq!(world.open().unwrap().verify().findings, []);
}
