//! What people do: kept in order, known as of then, and never changed unseen.

use handfast_model::question::AsOf;
use handfast_model::{Seq, limits};

use super::world::*;

#[test]
fn acts_are_found_as_known_then_and_come_back_as_they_were_said() {
    let (world, ledger) = World::new();
    let texts = |text: &str| {
        vec![
            ("by".to_owned(), "ann".to_owned()),
            ("why".to_owned(), text.to_owned()),
        ]
    };
    let said = |word: &str, text: &str, day: &str| {
        let note = format!("{word} by ann");
        ledger.act(word, &note, texts(text), at(day)).unwrap()
    };
    let first = said("draft", "one \"quoted\"\nline", "2020-02-01");
    let second = said("close", "two", "2020-02-03");
    // The same again is another act.
    let third = said("draft", "one \"quoted\"\nline", "2020-02-05");
    assert_eq!((first, second, third), (Seq(1), Seq(2), Seq(3)));
    let seqs = |words: &[&str], as_of| -> Vec<u64> {
        let acts = ledger.acts(words, as_of).unwrap();
        acts.iter().map(|act| act.seq.0).collect()
    };
    assert_eq!(seqs(&["draft"], AsOf::Latest), [1, 3]);
    assert_eq!(seqs(&["close", "draft"], AsOf::Latest), [1, 2, 3]);
    assert_eq!(
        seqs(&["draft", "close"], AsOf::Instant(at("2020-02-04"))),
        [1, 2]
    );
    assert_eq!(seqs(&["draft"], AsOf::Seq(Seq(0))), [0u64; 0]);
    let acts = ledger.acts(&["draft"], AsOf::Latest).unwrap();
    let act = acts.first().unwrap();
    assert_eq!(
        (act.text("by"), act.text("why"), act.text("none")),
        ("ann", "one \"quoted\"\nline", "")
    );
    assert_eq!(
        (act.word.as_str(), act.recorded_at),
        ("draft", at("2020-02-01"))
    );
    assert_eq!(act.hash, acts[1].hash);
    // No act is a version of the charter, or of a pack.
    assert_eq!(ledger.charter_at(AsOf::Latest).unwrap(), None);
    assert_eq!(ledger.pack_at("draft", AsOf::Latest).unwrap(), None);
    assert_eq!(ledger.history(1).unwrap()[0].note, "draft by ann");

    let long = "x".repeat(limits::ACT_BYTES);
    let refusal = ledger.act("draft", "", texts(&long), at("2020-02-06"));
    assert_eq!(refusal.unwrap_err().code, "E0227");
    assert_eq!(ledger.last_seq().unwrap(), Seq(3));
    drop(ledger);
    assert_eq!(world.open().unwrap().verify().findings, []);

    let path = world.folder.path().join("data/journal.sqlite");
    let connection = rusqlite::Connection::open(path).unwrap();
    let sql = "UPDATE version SET files = replace(files, 'two', 'too') WHERE seq = 2";
    assert_eq!(connection.execute(sql, []).unwrap(), 1);
    drop(connection);
    assert_eq!(world.open().err().unwrap().code, "E0210");
}
