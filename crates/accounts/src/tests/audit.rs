//! The audit log: what enters it, and that no change of it stays unseen.

use super::{EMAIL, NOW, OFFICE, Office, PASSWORD, after, call, call_at, code, newcomer, person};
use crate::audit::{Deed, Head};
use crate::{Accounts, Actor, CUT_OFF, Change, Role, secret};

const TAMPER: &str = "DROP TRIGGER audit_stays; DROP TRIGGER audit_stays_as_written;";

fn filled() -> Office {
    let office = Office::new();
    for number in 0..50 {
        let deed = Deed {
            act: "answer.exported",
            object: &format!("funnel {number}"),
            before: &[],
            after: &[("format", "csv")],
        };
        office
            .accounts
            .record(office.boss(), &call(), &deed)
            .unwrap();
    }
    office
}

#[test]
fn whatever_is_changed_taken_out_moved_or_cut_off_is_named() {
    let head = filled().accounts.verify_chain(None).unwrap();
    assert!(head.seq >= 51);
    let cases = [
        ("UPDATE audit SET after = '{}' WHERE seq = 17", "entry 17 "),
        ("UPDATE audit SET at = at + 1 WHERE seq = 1", "entry 1 "),
        ("UPDATE audit SET actor = 'x' WHERE seq = 51", "entry 51 "),
        ("DELETE FROM audit WHERE seq = 20", "entry 20 "),
        ("DELETE FROM audit WHERE seq = 1", "entry 1 "),
        (
            "UPDATE audit SET seq = -1 WHERE seq = 30; UPDATE audit SET seq = 30 WHERE seq = 31; \
             UPDATE audit SET seq = 31 WHERE seq = -1",
            "entry 30 ",
        ),
        ("DELETE FROM audit WHERE seq > 40", "entry 41 "),
        ("DELETE FROM audit", "entry 1 "),
    ];
    for (sql, named) in cases {
        let office = filled();
        let kept = office.accounts.audit_head().unwrap();
        assert_eq!(office.accounts.verify_chain(Some(&kept)), Ok(kept.clone()));
        office
            .raw()
            .execute_batch(&format!("{TAMPER}{sql}"))
            .unwrap();
        let refused = office.accounts.verify_chain(Some(&kept)).unwrap_err();
        assert_eq!(refused.code, "E0660");
        assert!(refused.title.starts_with(named), "{sql}: {}", refused.title);
    }
}

#[test]
fn a_chain_forged_anew_does_not_meet_the_head_that_was_kept() {
    let office = filled();
    let kept = office.accounts.audit_head().unwrap();
    let other = Office::new();
    for _ in 0..60 {
        let deed = Deed {
            act: "nothing",
            object: "",
            before: &[],
            after: &[],
        };
        other
            .accounts
            .record(&Actor::Console, &call(), &deed)
            .unwrap();
    }
    assert!(other.accounts.verify_chain(None).is_ok());
    let refused = other.accounts.verify_chain(Some(&kept)).unwrap_err();
    assert!(
        refused.title.contains(&format!("entry {} ", kept.seq)),
        "{}",
        refused.title
    );
}

#[test]
fn the_store_itself_refuses_to_change_or_delete_an_entry() {
    let office = filled();
    for sql in [
        "UPDATE audit SET after = '{}' WHERE seq = 17",
        "DELETE FROM audit WHERE seq = 17",
    ] {
        let error = office.raw().execute(sql, []).unwrap_err();
        assert!(error.to_string().contains("only added to"), "{error}");
    }
}

#[test]
fn each_deed_leaves_one_entry_with_ids_and_words_and_nothing_personal() {
    let office = Office::new();
    let accounts = &office.accounts;
    let bo = office.hire_as(Role::Sales, "canary@example.org");
    // The invitation, before its acceptance.
    let mut before = accounts.audit_head().unwrap().seq - 1;
    let mut acts = Vec::new();
    let mut leaves_one = |accounts: &Accounts| {
        let head = accounts.audit_head().unwrap().seq;
        assert_eq!(head, before + 1, "after {acts:?}");
        before = head;
        let newest = accounts.audit(office.boss(), None, 1).unwrap();
        acts.push(newest[0].act.clone());
    };
    leaves_one(accounts);
    let change = Change {
        name: Some("Canary Name".into()),
        role: Some(Role::Viewer),
        ..Change::default()
    };
    let id = person(&bo.actor).id;
    accounts
        .change(office.boss(), &call(), &id, &change)
        .unwrap();
    leaves_one(accounts);
    let _ = office.sign_in(&call(), "canary@example.org", "a wrong password");
    leaves_one(accounts);
    accounts.link_for(office.boss(), &call(), &id).unwrap();
    leaves_one(accounts);
    accounts
        .make_key(office.boss(), &call(), ("web", "site"))
        .unwrap();
    leaves_one(accounts);
    accounts.sign_out(office.boss(), &call()).unwrap();
    leaves_one(accounts);
    let _ = accounts.invite(&bo.actor, &call(), &newcomer(Role::Viewer, "x@example.org"));
    assert_eq!(
        accounts.audit_head().unwrap().seq,
        before,
        "what is refused did nothing"
    );
    assert_eq!(
        acts,
        [
            "person.accepted",
            "person.changed",
            "session.refused",
            "person.link_made",
            "key.made",
            "session.ended"
        ]
    );
    let mut log = String::new();
    let mut take = |line: &str| {
        log.push_str(line);
        true
    };
    accounts.export_audit(office.boss(), &mut take).unwrap();
    let address = OFFICE.to_string();
    for word in [
        "canary", "Canary", EMAIL, "Ada", "Bo Lind", PASSWORD, &address, "hfl_", "hfk_",
    ] {
        assert!(!log.contains(word), "{word} is in the log");
    }
    assert!(log.contains(&id.0) && log.contains("\"role\":\"viewer\""));
}

#[test]
fn an_exported_line_is_what_its_hash_is_of() {
    let office = filled();
    let mut lines = Vec::new();
    let mut take = |line: &str| {
        lines.push(line.to_owned());
        lines.len() < 20
    };
    office
        .accounts
        .export_audit(office.boss(), &mut take)
        .unwrap();
    assert_eq!(lines.len(), 20);
    let mut previous = String::new();
    for line in lines {
        let (text, hash) = line.rsplit_once(",\"hash\":\"").unwrap();
        let hash = hash.trim_end_matches("\"}").to_owned();
        let text = format!("{text}}}");
        assert_eq!(secret::hex(&secret::hash(text.as_bytes())), hash);
        let value: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(value["previous"], previous);
        previous = hash;
    }
}

#[test]
fn the_log_is_read_by_page_and_by_right_only() {
    let office = filled();
    let accounts = &office.accounts;
    let newest = accounts.audit(office.boss(), None, 10).unwrap();
    let next = accounts
        .audit(office.boss(), Some(newest[9].seq), 10)
        .unwrap();
    assert_eq!(newest[9].seq, next[0].seq + 1);
    assert_eq!((newest[0].kind.as_str(), newest[0].at), ("person", NOW));
    assert_eq!(
        (newest[0].request.as_str(), newest[0].nearness.as_str()),
        ("r-1", "public")
    );
    let sales = office.hire(Role::Sales).actor;
    assert_eq!(code(accounts.audit(&sales, None, 1)), "E0621");
    assert_eq!(code(accounts.export_audit(&sales, &mut |_| true)), "E0621");
    let empty = Head {
        seq: 0,
        hash: String::new(),
    };
    assert!(accounts.verify_chain(Some(&empty)).is_ok());
    let odd = call_at(NOW, OFFICE);
    let deed = Deed {
        act: "odd\"\n",
        object: "\u{1}\\",
        before: &[("a", "\"")],
        after: &[("b", "}{")],
    };
    accounts.record(office.boss(), &odd, &deed).unwrap();
    assert!(accounts.verify_chain(None).is_ok());
}

#[test]
fn what_was_begun_and_has_no_entry_gets_one_at_the_next_start() {
    let office = Office::new();
    let (accounts, boss) = (&office.accounts, office.boss());
    let intend = |act: &str, newest| accounts.intend(boss, &call(), (act, newest)).unwrap();
    let before = accounts.audit_head().unwrap().seq;
    // One that was done has its entry and no other; of one that did nothing there is none.
    let done = Deed {
        act: "period.closed",
        object: "8",
        before: &[],
        after: &[],
    };
    let closed = intend("period.closed", Some(7));
    let by = (boss, &call());
    accounts.record_intended(&closed, by, &done).unwrap();
    let refused = intend("period.reopened", Some(8));
    accounts.drop_intent(&refused).unwrap();
    // The server is killed under the others: after a commit, before any, and with a file.
    let _ = intend("charter.signed", Some(8));
    let _ = intend("deal.ruled", Some(9));
    let _ = intend("file.dropped", None);
    assert_eq!(accounts.audit_head().unwrap().seq, before + 1);
    assert_eq!(accounts.end_intents(after(5), 9), Ok(2));
    assert_eq!(accounts.end_intents(after(6), 9), Ok(0));
    let entries = accounts.audit(boss, None, 3).unwrap();
    let told = entries.iter().rev().map(|entry| {
        let (act, object) = (entry.act.as_str(), entry.object.as_str());
        (act, object, entry.before.as_str(), entry.after.as_str())
    });
    let (eight, nine) = ("{\"newest_commit\":\"8\"}", "{\"newest_commit\":\"9\"}");
    let expected = [
        ("period.closed", "8", "{}", "{}"),
        (CUT_OFF, "charter.signed", eight, nine),
        (CUT_OFF, "file.dropped", "{}", "{}"),
    ];
    assert_eq!(told.collect::<Vec<_>>(), expected);
    let last = &entries[0];
    assert_eq!((last.at, last.actor.as_str()), (after(5), boss.id()));
    assert_eq!(
        (last.kind.as_str(), last.request.as_str()),
        ("person", "r-1")
    );
    accounts.verify_chain(None).unwrap();
}
