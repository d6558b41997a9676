//! How sessions end: by time, by hand, by what happens to their person.

use super::{NOW, OFFICE, Office, PASSWORD, after, call, call_at, chosen, code, person, secret};
use crate::{
    Actor, Capabilities, Change, Chosen, Credentials, DAY, HOUR, MINUTE, NewToken, Role, Secret,
};
use rusqlite::params;

#[test]
fn an_unused_session_ends_after_half_a_day_and_a_used_one_after_thirty() {
    let office = Office::new();
    assert!(office.opens(&office.owner, after(12 * HOUR - 1)));
    assert!(!office.opens(&office.owner, after(24 * HOUR)));
    let owner = office.sign_in(&call(), super::EMAIL, PASSWORD).unwrap();
    let uses = (1..)
        .map(|use_| use_ * 11 * HOUR)
        .take_while(|at| *at < 30 * DAY);
    for at in uses {
        assert!(office.opens(&owner, after(at)), "after {} hours", at / HOUR);
    }
    assert!(!office.opens(&owner, after(30 * DAY)));
}

#[test]
fn use_is_noted_every_five_minutes_and_never_backwards() {
    let office = Office::new();
    let seen = |at| {
        office.opens(&office.owner, after(at));
        let of = person(office.boss()).id;
        let listed = office
            .accounts
            .sessions(office.boss(), &of, after(at))
            .unwrap();
        listed[0].seen.0 - NOW.0
    };
    assert_eq!(seen(5 * MINUTE - 1), 0);
    assert_eq!(seen(5 * MINUTE), 5 * MINUTE);
    assert_eq!(seen(2 * MINUTE), 5 * MINUTE);
}

#[test]
fn what_a_browser_held_before_a_sign_in_is_worth_nothing_after_it() {
    let office = Office::new();
    let fixed = Secret::new("hfc_chosen-by-somebody-else");
    assert_eq!(
        office.accounts.who(&fixed, &call()).unwrap(),
        Actor::Stranger
    );
    let password = secret(PASSWORD);
    let with = Credentials {
        email: super::EMAIL,
        password: &password,
        device: "",
        before: Some(&office.owner.secret),
    };
    let again = office.accounts.sign_in(&call(), &with).unwrap();
    assert_ne!(again.secret, office.owner.secret);
    assert!(!office.opens(&office.owner, NOW));
    assert!(office.opens(&again, NOW));
    assert_eq!(
        office.accounts.who(&fixed, &call()).unwrap(),
        Actor::Stranger
    );
}

#[test]
fn signing_out_ends_this_session_and_no_other() {
    let office = Office::new();
    let other = office.sign_in(&call(), super::EMAIL, PASSWORD).unwrap();
    office.accounts.sign_out(&other.actor, &call()).unwrap();
    assert!(!office.opens(&other, NOW));
    assert!(office.opens(&office.owner, NOW));
}

#[test]
fn a_new_password_ends_all_sessions_and_the_old_password() {
    let office = Office::new();
    let other = office.sign_in(&call(), super::EMAIL, PASSWORD).unwrap();
    let change = |old: &str, new: &str| {
        let (old, new) = (secret(old), secret(new));
        let (actor, call) = (office.boss(), call());
        office
            .accounts
            .change_password(actor, &call, &old, &chosen(&new))
    };
    assert_eq!(
        code(change("wrong old password", "nine odd herons")),
        "E0610"
    );
    assert_eq!(code(change(PASSWORD, "too short")), "E0613");
    assert!(office.opens(&other, NOW));
    let new = change(PASSWORD, "nine odd herons").unwrap();
    assert!(office.opens(&new, NOW));
    assert!(!office.opens(&other, NOW) && !office.opens(&office.owner, NOW));
    assert_eq!(
        code(office.sign_in(&call(), super::EMAIL, PASSWORD)),
        "E0610"
    );
    assert_eq!(
        code(office.sign_in(&call(), super::EMAIL, "nine odd herons")),
        "done"
    );
}

#[test]
fn a_change_of_rights_ends_sessions_and_keeping_out_ends_everything() {
    let office = Office::new();
    let accounts = &office.accounts;
    let bo = office.hire_as(Role::Sales, "bo@example.org");
    let id = person(&bo.actor).id;
    let change = |change: Change| {
        accounts
            .change(office.boss(), &call(), &id, &change)
            .unwrap()
    };
    change(Change {
        name: Some("Bo L.".into()),
        ..Change::default()
    });
    assert!(office.opens(&bo, NOW), "a name is no right");
    change(Change {
        role: Some(Role::Viewer),
        ..Change::default()
    });
    assert!(!office.opens(&bo, NOW));
    let again = office.sign_in(&call(), "bo@example.org", PASSWORD).unwrap();
    assert_eq!(person(&again.actor).role, Role::Viewer);
    let kept_out = |is_disabled| Change {
        is_disabled: Some(is_disabled),
        ..Change::default()
    };
    let link = accounts.link_for(office.boss(), &call(), &id).unwrap();
    change(kept_out(true));
    assert!(!office.opens(&again, NOW));
    assert_eq!(
        code(office.sign_in(&call(), "bo@example.org", PASSWORD)),
        "E0610"
    );
    assert_eq!(
        code(accounts.accept(&call(), &link, &chosen(&secret(PASSWORD)))),
        "E0615"
    );
    change(kept_out(false));
    assert!(
        !office.opens(&again, NOW),
        "an ended session never comes back"
    );
    let later = call_at(after(HOUR), OFFICE);
    assert_eq!(
        code(office.sign_in(&later, "bo@example.org", PASSWORD)),
        "done"
    );
}

#[test]
fn sessions_are_listed_and_ended_by_their_person_and_by_who_looks_after_people() {
    let office = Office::new();
    let accounts = &office.accounts;
    let bo = office.hire_as(Role::Sales, "bo@example.org");
    let (bo_id, ada) = (person(&bo.actor).id, person(office.boss()).id);
    let of_ada = accounts.sessions(office.boss(), &ada, NOW).unwrap();
    assert_eq!((of_ada.len(), of_ada[0].device.as_str()), (1, "a browser"));
    assert_eq!(of_ada[0].nearness, "public");
    assert_eq!(code(accounts.sessions(&bo.actor, &ada, NOW)), "E0621");
    // Another's session and none look alike.
    let end = |actor, session| accounts.end_session(actor, &call(), session);
    let missing = crate::SessionId("0".repeat(24));
    let (theirs, none) = (end(&bo.actor, &of_ada[0].id), end(&bo.actor, &missing));
    assert_eq!(theirs.as_ref().unwrap_err().code, "E0622");
    assert_eq!(theirs, none);
    let of_bo = accounts.sessions(&bo.actor, &bo_id, NOW).unwrap();
    end(office.boss(), &of_bo[0].id).unwrap();
    assert!(!office.opens(&bo, NOW) && office.opens(&office.owner, NOW));
}

#[test]
fn a_page_that_asks_by_itself_keeps_no_session_open() {
    let office = Office::new();
    let glance = |hours| {
        let call = call_at(after(hours * HOUR), OFFICE);
        office.accounts.glance(&office.owner.secret, &call).unwrap() == *office.boss()
    };
    assert!((1..12).all(glance));
    assert!(!glance(12), "half a day in which nobody used it");
}

#[test]
fn programs_end_with_another_password_unless_they_are_kept() {
    let office = Office::new();
    let accounts = &office.accounts;
    let bo = office.hire_as(Role::Sales, "bo@example.org").actor;
    let id = person(&bo).id;
    let token = |days| NewToken {
        name: "reads".into(),
        scopes: Capabilities::parse("read").unwrap(),
        until: after(days * DAY),
    };
    let made = || accounts.make_token(&bo, &call(), &token(7)).unwrap().1;
    let works = |secret: &Secret| accounts.bearer(secret, &call()).unwrap() != Actor::Stranger;
    let change = |new: &str, keeps_tokens| {
        let password = secret(new);
        let chosen = Chosen {
            keeps_tokens,
            ..chosen(&password)
        };
        let link = accounts.link_for(office.boss(), &call(), &id).unwrap();
        accounts.accept(&call(), &link, &chosen).unwrap();
    };
    let first = made();
    change("nine odd herons", true);
    assert!(works(&first));
    change("ten even egrets fly", false);
    assert!(!works(&first), "by a link");
    let second = made();
    let (old, new) = (
        secret("ten even egrets fly"),
        secret("plum lantern gravel fog"),
    );
    let chosen = Chosen {
        keeps_tokens: false,
        ..chosen(&new)
    };
    accounts
        .change_password(&bo, &call(), &old, &chosen)
        .unwrap();
    assert!(!works(&second), "by the old password");
}

#[test]
fn guests_fill_neither_the_log_nor_the_disk() {
    let office = Office::new();
    let accounts = &office.accounts;
    let head = || accounts.audit_head().unwrap();
    let before = head();
    let guest = accounts.guest(&call(), "", None).unwrap();
    // One who is in stays who they are.
    for _ in 0..100 {
        let again = accounts.guest(&call(), "", Some(&guest.secret)).unwrap();
        assert_eq!(again, guest);
    }
    let more = (0..100).map(|_| code(accounts.guest(&call(), "", None)));
    let refused = more.filter(|code| *code == "E0611").count();
    assert_eq!(refused, 41, "sixty an hour from one network");
    let elsewhere = call_at(NOW, "198.51.100.9".parse().unwrap());
    assert_eq!(code(accounts.guest(&elsewhere, "", None)), "done");
    assert_eq!(
        code(office.sign_in(&call(), super::EMAIL, PASSWORD)),
        "done"
    );
    accounts.sign_out(&guest.actor, &call()).unwrap();
    assert_eq!(head().seq, before.seq + 1, "the owner's sign-in alone");
    let sql = "INSERT INTO sessions (id, hash, device, nearness, made, seen) \
               SELECT value, CAST('h' || value AS BLOB), '', '', ?1, ?1 \
               FROM json_each(?2)";
    let ids: Vec<String> = (0..1_500).map(|id| format!("\"g{id}\"")).collect();
    let ids = format!("[{}]", ids.join(","));
    office.raw().execute(sql, params![NOW.0, ids]).unwrap();
    accounts.guest(&elsewhere, "", None).unwrap();
    let count = "SELECT count(*) FROM sessions WHERE person IS NULL";
    let open: i64 = office.raw().query_row(count, [], |row| row.get(0)).unwrap();
    assert_eq!(open, 1_000);
}

#[test]
fn whoever_comes_as_somebody_else_leaves_what_they_were() {
    let office = Office::new();
    let before = Some(&office.owner.secret);
    let guest = office.accounts.guest(&call(), "", before).unwrap();
    assert!(office.opens(&guest, NOW) && !office.opens(&office.owner, NOW));
}

#[test]
fn a_guest_is_let_in_and_out_again() {
    let office = Office::new();
    let guest = office.accounts.guest(&call(), "", None).unwrap();
    let who = office.accounts.who(&guest.secret, &call()).unwrap();
    assert_eq!(who, guest.actor);
    office.accounts.sign_out(&who, &call()).unwrap();
    assert!(!office.opens(&guest, NOW));
}

#[test]
fn of_fifty_sessions_the_one_unused_for_longest_gives_way() {
    let office = Office::new();
    let at = |minute: i64| call_at(after(minute * MINUTE), OFFICE);
    let all: Vec<_> = (1..=50)
        .map(|minute| office.sign_in(&at(minute), super::EMAIL, PASSWORD).unwrap())
        .collect();
    let now = after(50 * MINUTE);
    assert!(!office.opens(&office.owner, now));
    assert!(all.iter().all(|one| office.opens(one, now)));
}

#[test]
fn secrets_are_nowhere_in_the_file_and_say_nothing_when_printed() {
    let office = Office::new();
    let mut bytes = Vec::new();
    for name in ["people.db", "people.db-wal"] {
        bytes.extend(std::fs::read(office.dir.path().join(name)).unwrap());
    }
    let has = |word: &str| {
        bytes
            .windows(word.len())
            .any(|piece| piece == word.as_bytes())
    };
    assert!(has(super::EMAIL), "the scan finds what is there");
    assert!(!has(&office.owner.secret.expose()[4..]) && !has(PASSWORD));
    assert_eq!(format!("{:?}", office.owner.secret), "Secret(…)");
}
