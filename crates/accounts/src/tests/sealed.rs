//! A signer's key opens by their password alone, and goes on opening by the next one.

use super::{Office, PASSWORD, call, secret};
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
        let opened = accounts.unseal(&id, password).unwrap();
        opened.is_some_and(|opened| opened.key == [7; 32])
    };
    assert!(!opens(&first));
    accounts.seal((&bo, &call()), &first, &key).unwrap();
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
    assert!(accounts.unseal(&boss, &first).unwrap().is_none());
    raw.execute("UPDATE signing SET person = ?1", [&id.0])
        .unwrap();
    accounts
        .change_password(&bo, &call(), (&first, &second), "")
        .unwrap();
    assert!(opens(&second) && !opens(&first));
}
