//! Guesses: how many are looked at, whom they lock out, and that the answer tells nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{EMAIL, NOW, OFFICE, Office, PASSWORD, after, call, call_at, code};
use crate::{HOUR, MINUTE, Role, SECOND};

fn from(number: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(203, 0, 113, number))
}

/// How many of many guesses on one account in an hour were looked at.
fn looked_at(office: &Office, email: &str) -> usize {
    let mut count = 0;
    for guess in 0..2_000_i64 {
        let now = after(guess * HOUR / 2_000);
        let address = from((guess % 50) as u8);
        match office.sign_in(&call_at(now, address), email, "a wrong password") {
            Err(refusal) if refusal.code == "E0610" => count += 1,
            other => assert_eq!(code(other), "E0611"),
        }
    }
    count
}

#[test]
fn of_guesses_from_fifty_addresses_few_are_looked_at_and_the_owner_still_gets_in() {
    let office = Office::new();
    let count = looked_at(&office, EMAIL);
    assert!((1..=20).contains(&count), "{count} guesses in an hour");
    let now = after(HOUR - 1);
    let owner = office.sign_in(&call_at(now, OFFICE), EMAIL, PASSWORD);
    assert_eq!(code(owner), "done");
    let strange = office.sign_in(&call_at(now, from(200)), EMAIL, PASSWORD);
    assert_eq!(
        code(strange),
        "E0611",
        "the right password is not looked at either"
    );
    let later = call_at(after(3 * HOUR), from(200));
    assert_eq!(code(office.sign_in(&later, EMAIL, PASSWORD)), "done");
}

#[test]
fn guesses_at_the_same_moment_are_counted_one_by_one() {
    let office = Office::new();
    let looked_at = std::thread::scope(|scope| {
        let guess = |number: u8| {
            let call = call_at(NOW, from(number));
            code(office.sign_in(&call, EMAIL, "a wrong password")) == "E0610"
        };
        let guesser = |of: u8| move || (0..10).filter(|at| guess(of * 10 + at)).count();
        let threads: Vec<_> = (0..8).map(|of| scope.spawn(guesser(of))).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .sum::<usize>()
    });
    assert_eq!(looked_at, 10);
}

#[test]
fn somebody_who_is_not_there_is_guessed_and_answered_like_somebody_who_is() {
    let office = Office::new();
    let known = looked_at(&office, EMAIL);
    assert_eq!(looked_at(&office, "nobody@example.org"), known);
    let office = Office::new();
    let sales = office.hire_as(Role::Sales, "out@example.org");
    let change = crate::Change {
        is_disabled: Some(true),
        ..crate::Change::default()
    };
    let id = super::person(&sales.actor).id;
    office
        .accounts
        .change(office.boss(), &call(), &id, &change)
        .unwrap();
    let new = super::newcomer(Role::Sales, "invited@example.org");
    office
        .accounts
        .invite(office.boss(), &call(), &new)
        .unwrap();
    let answer = |email: &str, password: &str| {
        let refused = office
            .sign_in(&call_at(NOW, from(1)), email, password)
            .unwrap_err();
        (refused.code, refused.to_string())
    };
    let wrong = answer(EMAIL, "a wrong password");
    assert_eq!(wrong.0, "E0610");
    assert_eq!(answer("nobody@example.org", PASSWORD), wrong);
    assert_eq!(answer("out@example.org", PASSWORD), wrong);
    assert_eq!(answer("invited@example.org", PASSWORD), wrong);
    assert_eq!(answer(EMAIL, &"x".repeat(2_000)), wrong);
}

#[test]
fn after_three_tries_each_further_one_waits_longer_and_success_forgets_them() {
    let office = Office::new();
    let try_at = |seconds: i64, password: &str| {
        let given = office.sign_in(&call_at(after(seconds * SECOND), OFFICE), EMAIL, password);
        given.map_or_else(|refusal| refusal.to_string(), |_| "done".to_owned())
    };
    for _ in 0..4 {
        assert!(try_at(0, "a wrong password").contains("E0610"));
    }
    assert!(try_at(0, PASSWORD).contains("the next one counts in 3 seconds"));
    assert!(try_at(1, PASSWORD).contains("E0611"));
    assert!(try_at(2, "a wrong password").contains("E0610"));
    assert!(try_at(5, PASSWORD).contains("E0611"));
    assert_eq!(try_at(6, PASSWORD), "done");
    for _ in 0..3 {
        assert!(try_at(7, "a wrong password").contains("E0610"));
    }
}

#[test]
fn one_address_and_one_ipv6_network_try_few_accounts_an_hour() {
    let office = Office::new();
    let spray = |address: &dyn Fn(u16) -> IpAddr| {
        let tried = (0..200_u16).filter(|number| {
            let call = call_at(after(i64::from(*number) * SECOND), address(*number));
            let email = format!("{number}@example.org");
            code(office.sign_in(&call, &email, PASSWORD)) == "E0610"
        });
        tried.count()
    };
    assert_eq!(spray(&|_| from(9)), 60);
    let network = |number| IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 1, 2, 0, 0, 9, number));
    assert_eq!(spray(&network), 60);
    let mapped = Ipv4Addr::new(203, 0, 113, 9).to_ipv6_mapped();
    assert_eq!(
        spray(&|_| IpAddr::V6(mapped)),
        0,
        "the same address in another spelling"
    );
}

#[test]
fn an_hour_later_guesses_count_anew() {
    let office = Office::new();
    let spray = |from_minute: i64| {
        let call = |number: i64| call_at(after(from_minute * MINUTE + number), from(3));
        let tried = (0..70).filter(|number| {
            let email = format!("{number}@example.org");
            code(office.sign_in(&call(*number), &email, PASSWORD)) == "E0610"
        });
        tried.count()
    };
    assert_eq!(spray(0), 60);
    assert_eq!(spray(59), 0);
    office.accounts.sweep(after(61 * MINUTE)).unwrap();
    assert_eq!(spray(61), 60);
}
