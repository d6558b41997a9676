//! Tokens, keys, and requests that are repeated.

use super::{NOW, OFFICE, Office, after, call, call_at, code, person, secret};
use crate::{
    Actor, Capabilities, Change, Claim, DAY, HOUR, KeyId, NewToken, Role, TokenId, capabilities,
};

fn token(scopes: &str, days: i64) -> NewToken {
    NewToken {
        name: "nightly report".into(),
        scopes: Capabilities::parse(scopes).unwrap(),
        until: after(days * DAY),
    }
}

#[test]
fn a_token_opens_what_it_was_made_for_until_it_ends() {
    let office = Office::new();
    let accounts = &office.accounts;
    let sales = office.hire(Role::Sales).actor;
    let (made, text) = accounts
        .make_token(&sales, &call(), &token("read export", 30))
        .unwrap();
    assert!(text.expose().starts_with("hf_") && text.expose().len() == 67);
    let who = |days: i64| {
        accounts
            .bearer(&text, &call_at(after(days * DAY), OFFICE))
            .unwrap()
    };
    assert_eq!(capabilities(&who(29)).words(), "read export");
    assert_eq!(who(30), Actor::Stranger);
    let listed = accounts.tokens(&sales, NOW).unwrap();
    assert_eq!((listed.len(), listed[0].used), (1, Some(after(29 * DAY))));
    accounts.end_token(&sales, &call(), &made.id).unwrap();
    assert_eq!(who(0), Actor::Stranger);
    for odd in ["hf_", "hfk_", "", "Bearer", "hf_0000"] {
        assert_eq!(
            accounts.bearer(&secret(odd), &call()).unwrap(),
            Actor::Stranger
        );
    }
}

#[test]
fn a_token_cannot_do_more_than_its_person_nor_make_another() {
    let office = Office::new();
    let accounts = &office.accounts;
    let sales = office.hire(Role::Sales).actor;
    let make = |actor: &Actor, new: NewToken| code(accounts.make_token(actor, &call(), &new));
    assert_eq!(make(&sales, token("read people", 30)), "E0630");
    assert_eq!(make(&sales, token("", 30)), "E0624");
    assert_eq!(make(&sales, token("read", 0)), "E0631");
    assert_eq!(make(&sales, token("read", 367)), "E0631");
    assert_eq!(
        make(&office.hire(Role::Viewer).actor, token("read", 1)),
        "E0621"
    );
    let (_, text) = accounts
        .make_token(&sales, &call(), &token("read tokens", 30))
        .unwrap();
    let program = accounts.bearer(&text, &call()).unwrap();
    assert_eq!(make(&program, token("read", 1)), "E0621");
    // The person comes down, the token with them; kept out, it is gone for good.
    let id = person(&sales).id;
    let change = |change: &Change| {
        accounts
            .change(office.boss(), &call(), &id, change)
            .unwrap()
    };
    change(&Change {
        role: Some(Role::Viewer),
        ..Change::default()
    });
    let program = accounts.bearer(&text, &call()).unwrap();
    assert_eq!(capabilities(&program).words(), "read");
    for is_disabled in [true, false] {
        change(&Change {
            is_disabled: Some(is_disabled),
            ..Change::default()
        });
        assert_eq!(accounts.bearer(&text, &call()).unwrap(), Actor::Stranger);
    }
}

#[test]
fn anothers_token_and_none_look_alike() {
    let office = Office::new();
    let accounts = &office.accounts;
    let (sales, other) = (
        office.hire(Role::Sales).actor,
        office.hire(Role::Analyst).actor,
    );
    let (made, _) = accounts
        .make_token(&sales, &call(), &token("read", 1))
        .unwrap();
    assert_eq!(accounts.tokens(&other, NOW).unwrap(), []);
    let theirs = accounts.end_token(&other, &call(), &made.id).unwrap_err();
    let none = accounts.end_token(&other, &call(), &TokenId("0".repeat(24)));
    assert_eq!((theirs.code, Err(theirs)), ("E0622", none));
    assert_eq!(
        code(accounts.end_token(office.boss(), &call(), &made.id)),
        "done"
    );
}

#[test]
fn a_key_sends_events_of_its_source_and_nothing_else_until_it_is_ended() {
    let office = Office::new();
    let accounts = &office.accounts;
    let analyst = office.hire(Role::Analyst).actor;
    assert_eq!(
        code(accounts.make_key(&analyst, &call(), ("web", "site"))),
        "E0621"
    );
    let (key, text) = accounts
        .make_key(office.boss(), &call(), ("web", "site"))
        .unwrap();
    let who = accounts.bearer(&text, &call()).unwrap();
    let expected = Actor::Key {
        key: key.id.clone(),
        source: "web".into(),
    };
    assert_eq!(who, expected);
    assert_eq!(accounts.keys(office.boss()).unwrap()[0].used, Some(NOW));
    accounts.end_key(office.boss(), &call(), &key.id).unwrap();
    assert_eq!(accounts.bearer(&text, &call()).unwrap(), Actor::Stranger);
    let gone = KeyId(key.id.0);
    assert_eq!(
        code(accounts.end_key(office.boss(), &call(), &gone)),
        "E0622"
    );
}

#[test]
fn a_repeated_request_is_answered_as_the_first_time_for_a_day() {
    let office = Office::new();
    let accounts = &office.accounts;
    let boss = office.boss();
    let claim = |actor: &Actor, hours: i64, request: &[u8]| {
        let call = call_at(after(hours * HOUR), OFFICE);
        accounts.claim(actor, &call, "k-1", request)
    };
    assert_eq!(claim(boss, 0, b"a"), Ok(Claim::Fresh));
    assert_eq!(claim(boss, 0, b"a").unwrap_err().code, "E0651");
    accounts.answer(boss, "k-1", 201, b"made").unwrap();
    let answered = Claim::Answered {
        status: 201,
        body: b"made".to_vec(),
    };
    assert_eq!(claim(boss, 23, b"a"), Ok(answered));
    assert_eq!(claim(boss, 23, b"b").unwrap_err().code, "E0650");
    let other = office.hire(Role::Sales).actor;
    assert_eq!(
        claim(&other, 23, b"b"),
        Ok(Claim::Fresh),
        "a key is its actor's"
    );
    assert_eq!(
        claim(boss, 24, b"b"),
        Ok(Claim::Fresh),
        "after a day it is free"
    );
    accounts.release(boss, "k-1").unwrap();
    assert_eq!(claim(boss, 24, b"c"), Ok(Claim::Fresh));
    let later = claim(boss, 47, b"c").unwrap_err().code;
    assert_eq!(later, "E0651", "nobody knows whether it was done");
    assert_eq!(code(claim(&Actor::Stranger, 0, b"a")), "E0620");
    let long = "k".repeat(129);
    for odd in ["", "a b", "ä", &long] {
        assert_eq!(code(accounts.claim(boss, &call(), odd, b"a")), "E0624");
    }
}
