//! A signer's key opens by their password alone, and goes on opening by the next one.

use super::{Office, PASSWORD, call, chosen, code, secret};
use crate::{Opened, Role};

#[test]
fn a_key_opens_by_its_password_and_follows_it_when_it_changes() {
    let office = Office::new();
    let accounts = &office.accounts;
    let bo = office.hire(Role::Sales).actor;
    let id = bo.person().unwrap().id.clone();
    let key = Opened {
        name: "Bo Lind".to_owned(),
        key: [7; 32],
    };
    let (first, second) = (secret(PASSWORD), secret("slate harbour violet spoon"));
    let opens = |password| {
        let opened = accounts.unseal(&id, password).unwrap().own;
        opened.is_some_and(|opened| opened.key == [7; 32])
    };
    assert!(!opens(&first));
    accounts.seal((&bo, &call()), &first, &key).unwrap();
    accounts.settle(&id).unwrap();
    assert!(opens(&first) && !opens(&second));
    // Nowhere in the file are the bytes themselves, and another's row is not one's own.
    let raw = office.raw();
    let held: Vec<u8> = raw
        .query_row("SELECT sealed FROM signing", [], |row| row.get(0))
        .unwrap();
    assert!(!held.windows(8).any(|bytes| bytes == [7; 8]));
    let boss = office.boss().person().unwrap().id.clone();
    raw.execute("UPDATE signing SET person = ?1", [&boss.0])
        .unwrap();
    assert!(accounts.unseal(&boss, &first).unwrap().own.is_none());
    raw.execute("UPDATE signing SET person = ?1", [&id.0])
        .unwrap();
    accounts
        .change_password(&bo, &call(), &first, &chosen(&second))
        .unwrap();
    assert!(opens(&second) && !opens(&first));
}

#[test]
fn a_key_that_the_ledger_never_heard_of_takes_nobodys_place() {
    let office = Office::new();
    let accounts = &office.accounts;
    let bo = office.hire(Role::Sales).actor;
    let id = bo.person().unwrap().id.clone();
    let (first, second) = (secret(PASSWORD), secret("slate harbour violet spoon"));
    let seal = |byte: u8| {
        let key = Opened {
            name: "Bo Lind".to_owned(),
            key: [byte; 32],
        };
        accounts.seal((&bo, &call()), &first, &key).unwrap();
    };
    let keys = |password| {
        let keys = accounts.unseal(&id, password).unwrap();
        let byte = |opened: Option<Opened>| opened.map(|opened| opened.key[0]);
        (byte(keys.own), byte(keys.next))
    };
    seal(1);
    assert_eq!(keys(&first), (None, Some(1)));
    accounts.settle(&id).unwrap();
    // The act that was to introduce the second one failed: the first still signs.
    seal(2);
    assert_eq!(keys(&first), (Some(1), Some(2)));
    // Another password seals both, for the act may have been kept after all.
    accounts
        .change_password(&bo, &call(), &first, &chosen(&second))
        .unwrap();
    assert_eq!(keys(&second), (Some(1), Some(2)));
    accounts.settle(&id).unwrap();
    assert_eq!(keys(&second), (Some(2), None));
    accounts.settle(&id).unwrap();
    assert_eq!(keys(&second), (Some(2), None));
}

#[test]
fn whoever_signs_often_and_rightly_is_not_taken_for_a_guesser() {
    let office = Office::new();
    let again = |password: &str| {
        let given = office
            .accounts
            .again(&call(), super::EMAIL, &secret(password));
        code(given)
    };
    for _ in 0..30 {
        assert_eq!(again(PASSWORD), "done");
    }
    assert_eq!(
        code(office.sign_in(&call(), super::EMAIL, PASSWORD)),
        "done"
    );
    for _ in 0..4 {
        again("a wrong password");
    }
    assert_eq!(again(PASSWORD), "E0611", "wrong ones still count");
}
