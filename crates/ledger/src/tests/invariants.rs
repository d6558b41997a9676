//! A breach of each invariant, planted on the disk or by a commit that should never be made, is
//! found by `verify` and named.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, FixedSizeBinaryArray, StringArray, UInt32Array};
use handfast_model::{Breach, Invariant};
use sha2::{Digest, Sha256};

use super::world::*;
use crate::store::{Field, mark};
use crate::table::{self, STAMPS, Table};
use crate::writer::{Commit, NewRows};
use crate::{Ledger, Verified};

const LEADS: &str = "id,email,name,origin,day\n1,a@x.org,Ann,paid,2020-01-02\n\
                     2,b@x.org,Bob,web,2020-01-03";
const DEALS: &str = "id,updated,stage,amount,day\nD1,1,new,10,2020-01-02\nD2,1,new,20,2020-01-03";

fn book() -> (World, Ledger) {
    let (world, ledger) = World::new();
    let files = [("leads", "l.csv", LEADS), ("deals", "d.csv", DEALS)];
    import(&ledger, "2020-02-01", &files).unwrap();
    assert_eq!(ledger.verify().findings, []);
    (world, ledger)
}

/// The invariants that do not hold.
fn broken(verified: &Verified) -> Vec<&'static str> {
    let mut codes: Vec<_> = verified
        .findings
        .iter()
        .map(|found| found.invariant)
        .collect();
    codes.sort();
    codes.dedup();
    codes.into_iter().map(Invariant::code).collect()
}

fn says(verified: &Verified, what: &str) {
    let mut findings = verified.findings.iter();
    assert!(
        findings.any(|found| found.what.contains(what)),
        "{what}: {:?}",
        verified.findings
    );
}

/// What is looked at after every commit says only this.
fn says_newest(ledger: &Ledger, what: &str) {
    let found = ledger.verify_newest();
    let is_it = found.len() == 1 && found[0].what.contains(what);
    assert!(is_it, "{what}: {found:?}");
}

fn journal(world: &World) -> PathBuf {
    world.folder.path().join("data/journal.sqlite")
}

fn sql(world: &World, text: &str) {
    let connection = rusqlite::Connection::open(journal(world)).unwrap();
    assert!(connection.execute(text, []).unwrap() > 0, "{text}");
}

/// The rows of a table that the import of a stream brought, without the commit's clock.
fn columns(world: &World, table: Table, scope: &str) -> Vec<ArrayRef> {
    let connection = rusqlite::Connection::open(journal(world)).unwrap();
    let text = "SELECT body FROM journal WHERE tbl = ?1 AND scope = ?2 ORDER BY seq LIMIT 1";
    let body: Vec<u8> = connection
        .query_row(text, [table.name(), scope], |row| row.get(0))
        .unwrap();
    let batch = table::decode(&body).unwrap().remove(0);
    batch.columns()[STAMPS..].to_vec()
}

/// Commits rows as no import would.
fn commit(ledger: &Ledger, table: Table, scope: &str, columns: Vec<ArrayRef>) {
    let rows = NewRows {
        table,
        scope: scope.to_owned(),
        count: columns.first().map_or(0, |column| column.len()),
        columns: Box::new(move |each| each(columns)),
    };
    let commit = Commit {
        note: "planted".to_owned(),
        now: at("2020-03-01"),
        rows: vec![rows],
        apply: Box::new(|_| Ok(())),
    };
    ledger.inner.commit(commit).unwrap();
}

fn place(table: Table, name: &str) -> usize {
    table.schema().index_of(name).unwrap() - STAMPS
}

fn texts(count: usize, text: &str) -> ArrayRef {
    Arc::new(StringArray::from_iter_values((0..count).map(|_| text)))
}

fn others(column: &ArrayRef) -> ArrayRef {
    let hashes: &FixedSizeBinaryArray = column.as_fixed_size_binary();
    let other = |row| u128::from_be_bytes(hashes.value(row).try_into().unwrap()) ^ 1;
    table::hashes((0..hashes.len()).map(|row| Some(other(row)))).unwrap()
}

#[test]
fn what_came_twice_is_found() {
    let (world, ledger) = book();
    commit(
        &ledger,
        Table::Record,
        "crm/leads",
        columns(&world, Table::Record, "crm/leads"),
    );
    let verified = ledger.verify();
    assert_eq!(broken(&verified), ["I1"]);
    says(&verified, "is there twice");
    let (world, ledger) = book();
    commit(&ledger, Table::Fact, "", columns(&world, Table::Fact, ""));
    assert_eq!(broken(&ledger.verify()), ["I1"]);
}

#[test]
fn an_account_that_is_not_what_came_in_is_found() {
    for (was, is, what) in [
        ("\"rows\":2", "\"rows\":3", "the endings are not the rows"),
        (
            "\"facts\":4",
            "\"facts\":5",
            "its files gave 9 facts, its commits hold 8",
        ),
    ] {
        let (world, ledger) = book();
        sql(
            &world,
            &format!(
                "UPDATE import_file SET account = replace(account, '{was}', '{is}') \
                 WHERE stream = 'leads'"
            ),
        );
        let verified = ledger.verify();
        // The chain knows the account as well.
        assert_eq!(broken(&verified), ["I1", "I5"]);
        says(&verified, what);
        // It is of the newest import, so whatever is written next shows it, too.
        let newest = ledger.verify_newest();
        let is_it =
            |found: &&Breach| found.invariant == Invariant::Receipt && found.what.contains(what);
        assert!(newest.iter().any(|found| is_it(&found)), "{newest:?}");
        // Of older ones it is left to `verify`.
        let more = [(
            "leads",
            "m.csv",
            "id,email,name,origin,day\n9,z@x.org,Zed,web,2020-01-04",
        )];
        import(&ledger, "2020-02-02", &more).unwrap();
        assert_eq!(ledger.verify_newest(), []);
    }
}

#[test]
fn a_record_that_ended_otherwise_than_its_facts_say_is_found() {
    for (word, what) in [
        ("mapped", "ended as mapped and gave no fact"),
        ("reference", "gave a fact and did not end as mapped"),
    ] {
        let (world, ledger) = book();
        let mut records = columns(&world, Table::Record, "crm/leads");
        let count = records[0].len();
        records[place(Table::Record, "key")] = others(&records[place(Table::Record, "key")]);
        records[place(Table::Record, "ending")] = texts(count, word);
        // What is sealed opens under its own key only.
        let none: ArrayRef = Arc::new(arrow::array::BinaryArray::from(vec![None; count]));
        records[place(Table::Record, "sealed")] = none;
        commit(&ledger, Table::Record, "crm/leads", records);
        if word == "reference" {
            let mut facts = columns(&world, Table::Fact, "");
            let (id, key) = (place(Table::Fact, "id"), place(Table::Fact, "key"));
            facts[key] = others(&facts[key]);
            facts[id] = names_of(&facts);
            commit(&ledger, Table::Fact, "", facts);
        }
        let verified = ledger.verify();
        assert_eq!(broken(&verified), ["I1"]);
        says(&verified, what);
    }
}

/// The names that facts have by their places.
fn names_of(facts: &[ArrayRef]) -> ArrayRef {
    let text = |name| facts[place(Table::Fact, name)].as_string::<i32>();
    let (kinds, sources, streams) = (text("kind"), text("source"), text("stream"));
    let keys = facts[place(Table::Fact, "key")].as_fixed_size_binary();
    let versions =
        facts[place(Table::Fact, "version")].as_primitive::<arrow::datatypes::Int64Type>();
    let ordinals =
        facts[place(Table::Fact, "ordinal")].as_primitive::<arrow::datatypes::UInt16Type>();
    let name = |row: usize| {
        let key = u128::from_be_bytes(keys.value(row).try_into().unwrap());
        let words = [kinds, sources, streams].map(|texts| texts.value(row));
        crate::keys::name_of_fact(words, (key, versions.value(row), ordinals.value(row))).0
    };
    table::hashes((0..kinds.len()).map(|row| Some(name(row)))).unwrap()
}

#[test]
fn a_fact_without_its_record_line_or_name_is_found() {
    for (column, what) in [
        ("id", "has another name than its place gives it"),
        ("key", "has no record"),
        ("line", "came from another line than its record"),
        ("file", "came from another line than its record"),
    ] {
        let (world, ledger) = book();
        let mut facts = columns(&world, Table::Fact, "");
        let count = facts[0].len();
        let at = place(Table::Fact, column);
        facts[at] = match column {
            "line" => Arc::new(UInt32Array::from(vec![77; count])),
            "file" => texts(count, "elsewhere.csv"),
            _ => others(&facts[at]),
        };
        // The same place twice would be found as well, so it is the second fact of the record.
        let ordinal = place(Table::Fact, "ordinal");
        facts[ordinal] = Arc::new(arrow::array::UInt16Array::from_iter_values(
            (0..count as u16).map(|row| row + 5),
        ));
        if column != "id" {
            facts[place(Table::Fact, "id")] = names_of(&facts);
        }
        commit(&ledger, Table::Fact, "", facts);
        let verified = ledger.verify();
        assert_eq!(broken(&verified), ["I4"], "{column}");
        says(&verified, what);
    }
}

#[test]
fn a_row_with_another_clock_than_its_commit_is_found() {
    let (world, ledger) = book();
    let connection = rusqlite::Connection::open(journal(&world)).unwrap();
    let (seq, body): (i64, Vec<u8>) = connection
        .query_row(
            "SELECT seq, body FROM journal WHERE tbl = 'fact' ORDER BY seq LIMIT 1",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    let batch = table::decode(&body).unwrap().remove(0);
    let own = &batch.columns()[STAMPS..];
    let early = at("2019-12-31");
    let forged = table::stamp(Table::Fact, own, handfast_model::Seq(seq as u64), early).unwrap();
    let bytes = table::encode(&forged).unwrap();
    let sha = Sha256::digest(&bytes).to_vec();
    let fields = [
        Field::Int(seq),
        Field::text("fact"),
        Field::text(""),
        Field::Int(batch.num_rows() as i64),
        Field::Bytes(sha.clone()),
    ];
    let Field::Bytes(own_mark) = mark(&fields) else {
        panic!("a mark is bytes");
    };
    let text =
        "UPDATE journal SET body = ?1, sha256 = ?2, mark = ?3 WHERE tbl = 'fact' AND seq = ?4";
    connection
        .execute(text, (bytes, sha, own_mark, seq))
        .unwrap();
    let verified = ledger.verify();
    // No hash of the chain covers the clock of a row: only this finds it.
    assert_eq!(broken(&verified), ["I6"]);
    says(&verified, "has another clock");
}

#[test]
fn a_changed_commit_and_a_changed_row_are_found() {
    let (world, ledger) = book();
    sql(
        &world,
        "UPDATE commit_log SET note = 'nothing' WHERE seq = 2",
    );
    assert!(broken(&ledger.verify()).contains(&"I5"));
    // It is one of the newest, so whatever is written next shows it, too; and its facts are no
    // import's any more.
    let found = ledger.verify_newest();
    let tells = |what: &str| found.iter().any(|found| found.what.contains(what));
    assert!(tells("its hash does not follow"), "{found:?}");
    assert!(
        tells("its files gave 8 facts, its commits hold 4"),
        "{found:?}"
    );
    assert_eq!(found.len(), 2, "{found:?}");
    let (world, ledger) = book();
    sql(&world, "DELETE FROM journal WHERE tbl = 'fact' AND seq = 1");
    let verified = ledger.verify();
    assert!(broken(&verified).contains(&"I5"), "{verified:?}");
    says(&verified, "are not those it added");
}

#[test]
fn only_the_newest_commits_are_walked_after_each() {
    let (world, ledger) = World::new();
    for number in 0..20 {
        let text = format!("id,email,name,origin,day\n{number},a@x.org,Ann,paid,2020-01-02");
        import(&ledger, "2020-02-01", &[("leads", "l.csv", &text)]).unwrap();
    }
    assert_eq!(ledger.verify_newest(), []);
    let change = "UPDATE commit_log SET note = 'nothing' WHERE seq =";
    sql(&world, &format!("{change} 3"));
    assert_eq!(ledger.verify_newest(), []);
    assert!(broken(&ledger.verify()).contains(&"I5"));
    sql(
        &world,
        &format!("{change} (SELECT max(seq) - 9 FROM commit_log)"),
    );
    says_newest(&ledger, "its hash does not follow");
}

#[test]
fn a_journal_that_lost_its_end_is_found_after_the_next_commit() {
    let (world, ledger) = book();
    let head = world.folder.path().join("data/head");
    let noted = fs::read(&head).unwrap();
    import(
        &ledger,
        "2020-02-02",
        &[("leads", "l.csv", &LEADS.replace("Ann", "Anna"))],
    )
    .unwrap();
    assert_eq!(ledger.verify_newest(), []);
    // An older note is true as well.
    let newer = fs::read(&head).unwrap();
    fs::write(&head, noted).unwrap();
    assert_eq!(ledger.verify_newest(), []);
    fs::write(&head, newer).unwrap();
    sql(
        &world,
        "DELETE FROM commit_log WHERE seq = (SELECT max(seq) FROM commit_log)",
    );
    let found = ledger.verify_newest();
    assert!(
        found.iter().any(|one| one.invariant == Invariant::Chain),
        "{found:?}"
    );
}

#[test]
fn a_key_of_somebody_forgotten_is_found_and_so_is_one_that_is_missing() {
    let (world, ledger) = book();
    ledger.forget(&[("crm", "1")], at("2020-02-02")).unwrap();
    assert_eq!(ledger.verify().findings, []);
    let path = world.folder.path().join("data/keys/slots");
    let bytes = fs::read(&path).unwrap();
    let erased = bytes.chunks(32).position(|slot| slot == [0; 32]).unwrap();
    for (at, value, what) in [
        (erased, 7, "of a forgotten person still has a key"),
        (1 - erased, 0, "is empty, but nobody was forgotten"),
    ] {
        let mut planted = bytes.clone();
        planted[at * 32..(at + 1) * 32].fill(value);
        fs::write(&path, &planted).unwrap();
        let verified = ledger.verify();
        assert!(broken(&verified).contains(&"I11"), "{verified:?}");
        says(&verified, what);
    }
    fs::write(&path, &bytes).unwrap();
    assert_eq!(ledger.verify().findings, []);
}

#[test]
fn keys_and_files_of_another_book_are_found() {
    let other_leads = "id,email,name,origin,day\n8,c@x.org,Cy,paid,2020-01-02\n\
                       9,d@x.org,Di,web,2020-01-03";
    let (other, theirs) = World::new();
    import(&theirs, "2020-02-01", &[("leads", "l.csv", other_leads)]).unwrap();
    let (world, ledger) = book();
    let path = |world: &World, name: &str| world.folder.path().join("data").join(name);
    let slots = fs::read(path(&world, "keys/slots")).unwrap();
    fs::copy(path(&other, "keys/slots"), path(&world, "keys/slots")).unwrap();
    let verified = ledger.verify();
    assert_eq!(broken(&verified), ["I13"]);
    says(&verified, "which does not open it");
    fs::write(path(&world, "keys/slots"), slots).unwrap();
    assert_eq!(ledger.verify().findings, []);
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_out_of_the_book_is_found() {
    let (world, ledger) = World::new();
    import(
        &ledger,
        "2020-02-01",
        &[("leads", "l.csv", &many_leads(1, 900))],
    )
    .unwrap();
    assert_eq!(ledger.verify().findings, []);
    let elsewhere = tempfile::tempdir().unwrap();
    let segments = world.folder.path().join("data/segments");
    let first = fs::read_dir(&segments)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let away = elsewhere.path().join("of-another-book.parquet");
    fs::rename(&first, &away).unwrap();
    std::os::unix::fs::symlink(&away, &first).unwrap();
    // Its bytes are right: only where it lies is not.
    let verified = ledger.verify();
    assert_eq!(broken(&verified), ["I13"]);
    says(&verified, "it leads out of the book");
    says_newest(&ledger, "it leads out of the book");
    fs::remove_file(&first).unwrap();
    fs::rename(&away, &first).unwrap();
    assert_eq!(ledger.verify().findings, []);
    // A book whose folder is reached by a link is in its own folder all the same.
    let link = elsewhere.path().join("book");
    std::os::unix::fs::symlink(world.folder.path(), &link).unwrap();
    let ledger = Ledger::open_reading(Path::new(&link)).unwrap();
    assert_eq!(ledger.verify().findings, []);
}
