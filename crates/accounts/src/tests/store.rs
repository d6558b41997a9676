//! The file: who can read it, which versions are opened, and that what was answered stays.

use super::{EMAIL, NOW, Office, PASSWORD, call, code, settings};
use crate::{Accounts, Chance, Claim, Settings};

#[test]
fn what_was_answered_is_there_after_opening_again() {
    let office = Office::new();
    let path = office.dir.path().join("people.db");
    assert_eq!(
        office.accounts.claim(office.boss(), &call(), "k", b"a"),
        Ok(Claim::Fresh)
    );
    let again = Accounts::open_with(&path, NOW, settings()).unwrap();
    assert_eq!(
        again.who(&office.owner.secret, &call()).unwrap(),
        office.owner.actor
    );
    assert!(!again.needs_set_up().unwrap());
    let claim = || again.claim(office.boss(), &call(), "k", b"a");
    assert_eq!(
        code(claim()),
        "E0651",
        "whoever claimed it may be another process"
    );
    again.end_claims(500, b"it may have been done").unwrap();
    let answered = Claim::Answered {
        status: 500,
        body: b"it may have been done".to_vec(),
    };
    assert_eq!(claim(), Ok(answered));
    assert!(again.verify_chain(None).is_ok());
}

#[cfg(unix)]
#[test]
fn the_file_and_its_log_are_readable_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let office = Office::new();
    let path = office.dir.path().join("people.db");
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
    let _again = Accounts::open_with(&path, NOW, settings()).unwrap();
    for name in ["people.db", "people.db-wal", "people.db-shm"] {
        let meta = std::fs::metadata(office.dir.path().join(name)).unwrap();
        assert_eq!(meta.permissions().mode() & 0o077, 0, "{name}");
    }
}

#[test]
fn a_copy_is_whole_and_readable_for_its_owner_alone() {
    let office = Office::new();
    let path = office.dir.path().join("copy.db");
    let copy_to = |path: &std::path::Path| crate::copy(&office.dir.path().join("people.db"), path);
    copy_to(&path).unwrap();
    assert_eq!(code(copy_to(&path)), "E0601", "a copy is not written over");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0);
    }
    let copy = Accounts::open_with(&path, NOW, settings()).unwrap();
    assert_eq!(
        copy.who(&office.owner.secret, &call()).unwrap(),
        office.owner.actor
    );
    let head = office.accounts.audit_head().unwrap();
    assert_eq!(copy.verify_chain(Some(&head)), Ok(head));
}

#[test]
fn threads_may_share_it() {
    fn is_shared<T: Send + Sync>() {}
    is_shared::<Accounts>();
    is_shared::<crate::provider::Fetch>();
}

#[test]
fn a_file_of_a_newer_program_or_of_no_program_is_refused() {
    let office = Office::new();
    let path = office.dir.path().join("people.db");
    office
        .raw()
        .pragma_update(None, "user_version", 99)
        .unwrap();
    assert_eq!(code(Accounts::open_with(&path, NOW, settings())), "E0602");
    let other = office.dir.path().join("other.db");
    std::fs::write(&other, "x".repeat(8_192)).unwrap();
    assert_eq!(code(Accounts::open_with(&other, NOW, settings())), "E0601");
    let nowhere = office.dir.path().join("no/such/people.db");
    assert_eq!(
        code(Accounts::open_with(&nowhere, NOW, settings())),
        "E0601"
    );
}

#[test]
fn without_chance_there_are_no_secrets() {
    let dir = tempfile::TempDir::new().unwrap();
    let barren = Settings {
        chance: Chance::by(|_| false),
        ..settings()
    };
    let opened = Accounts::open_with(&dir.path().join("people.db"), NOW, barren);
    assert_eq!(code(opened), "E0604");
}

#[test]
fn a_full_disk_keeps_nobody_from_reading_and_does_nothing_by_halves() {
    let office = Office::new();
    let full = |pages: i64| {
        let act = |act: &rusqlite::Transaction<'_>| {
            act.pragma_update(None, "max_page_count", pages)?;
            Ok(())
        };
        office.accounts.store.write(act).unwrap();
    };
    full(1);
    let seen = crate::audit::Deed {
        act: "answer.exported",
        object: "funnel",
        before: &[],
        after: &[],
    };
    let refused =
        (0..2_000).find_map(|_| office.accounts.record(office.boss(), &call(), &seen).err());
    assert_eq!(refused.unwrap().code, "E0603");
    assert_eq!(
        office.accounts.who(&office.owner.secret, &call()).unwrap(),
        office.owner.actor
    );
    assert!(office.accounts.verify_chain(None).is_ok());
    full(1 << 20);
    assert_eq!(code(office.sign_in(&call(), EMAIL, PASSWORD)), "done");
}
