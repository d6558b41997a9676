//! Who invites, changes and removes whom, and that an owner is always left.

use handfast_model::rules::Side;

use super::{
    EMAIL, Office, PASSWORD, after, call, call_at, chosen, code, newcomer, person, secret,
};
use crate::tests::{NOW, OFFICE, settings};
use crate::{Accounts, Actor, Change, DAY, FirstOwner, Role};

fn role(role: Role) -> Change {
    Change {
        role: Some(role),
        ..Change::default()
    }
}

fn out(is_disabled: bool) -> Change {
    Change {
        is_disabled: Some(is_disabled),
        ..Change::default()
    }
}

#[test]
fn a_book_is_set_up_once_and_by_the_latest_token_only() {
    let dir = tempfile::TempDir::new().unwrap();
    let path = dir.path().join("people.db");
    let accounts = Accounts::open_with(&path, NOW, settings()).unwrap();
    assert!(accounts.needs_set_up().unwrap());
    let old = accounts.set_up_token(&call()).unwrap().unwrap();
    let token = accounts.set_up_token(&call()).unwrap().unwrap();
    let password = secret(PASSWORD);
    let first = |token| FirstOwner {
        token,
        name: "Ada Kern",
        email: EMAIL,
        password: &password,
        device: "",
        before: None,
    };
    let set_up = |token| code(accounts.set_up(&call(), &first(token)));
    let guessed = secret("hfs_0000");
    assert_eq!(set_up(&guessed), "E0614");
    assert_eq!(set_up(&old), "E0614");
    assert_eq!(set_up(&token), "done");
    assert_eq!(set_up(&token), "E0614");
    assert!(!accounts.needs_set_up().unwrap());
    assert_eq!(accounts.set_up_token(&call()).unwrap(), None);
}

#[test]
fn an_invitation_works_once_for_a_week_and_not_after_a_later_one() {
    let office = Office::new();
    let accounts = &office.accounts;
    let new = newcomer(Role::Sales, "Bo@Example.org");
    let (bo, first) = accounts.invite(office.boss(), &call(), &new).unwrap();
    let second = accounts.link_for(office.boss(), &call(), &bo.id).unwrap();
    let accept = |link, days| {
        let call = call_at(after(days * DAY), OFFICE);
        code(accounts.accept(&call, link, &chosen(&secret(PASSWORD))))
    };
    assert_eq!(accept(&first, 0), "E0615");
    assert_eq!(accept(&second, 7), "E0615");
    assert_eq!(
        accounts.link_of(&second, &call()).unwrap(),
        (bo.clone(), true)
    );
    assert_eq!(accept(&second, 6), "done");
    assert_eq!(accept(&second, 6), "E0615");
    assert_eq!(
        code(office.sign_in(&call(), " bo@example.ORG ", PASSWORD)),
        "done"
    );
}

#[test]
fn a_link_does_not_take_a_weak_password_and_is_not_used_up_by_one() {
    let office = Office::new();
    let new = newcomer(Role::Sales, "bo@example.org");
    let (_, link) = office
        .accounts
        .invite(office.boss(), &call(), &new)
        .unwrap();
    let accept = |password| {
        code(
            office
                .accounts
                .accept(&call(), &link, &chosen(&secret(password))),
        )
    };
    assert_eq!(accept("short"), "E0613");
    assert_eq!(accept("tessera2026!"), "E0613");
    assert_eq!(accept(PASSWORD), "done");
}

#[test]
fn an_email_is_one_persons_whatever_its_case() {
    let office = Office::new();
    let invite = |email: &str| {
        let new = newcomer(Role::Viewer, email);
        code(office.accounts.invite(office.boss(), &call(), &new))
    };
    assert_eq!(invite("ADA.KERN@example.org"), "E0623");
    for odd in [
        "",
        "ada",
        "@example.org",
        "ada@",
        "a b@example.org",
        "a@b@c",
        "a@b\n",
    ] {
        let expected = if odd == "a@b\n" { "done" } else { "E0624" };
        assert_eq!(invite(odd), expected, "{odd:?}");
    }
}

#[test]
fn texts_that_are_no_names_and_sides_that_do_not_sign_are_refused() {
    let office = Office::new();
    let mut new = newcomer(Role::Sales, "bo@example.org");
    let invite = |new: &_| code(office.accounts.invite(office.boss(), &call(), new));
    new.name = "Bo\nLind".into();
    assert_eq!(invite(&new), "E0624");
    new.name = "x".repeat(101);
    assert_eq!(invite(&new), "E0624");
    new.name = "Bo".into();
    new.sides = vec![Side::Partner];
    assert_eq!(invite(&new), "E0624");
    new.sides = vec![Side::Sales, Side::Sales];
    new.teams = vec!["emea".into(), " emea ".into(), "apac".into()];
    let (bo, _) = office
        .accounts
        .invite(office.boss(), &call(), &new)
        .unwrap();
    assert_eq!(bo.sides, [Side::Sales]);
    assert_eq!(bo.teams, ["apac", "emea"]);
    let listed = office.accounts.people(office.boss()).unwrap();
    assert!(listed.contains(&bo));
}

#[test]
fn only_who_looks_after_people_does_and_only_owners_touch_owners() {
    let office = Office::new();
    let accounts = &office.accounts;
    let ada = person(office.boss()).id;
    for role in [Role::Viewer, Role::Analyst, Role::Marketing, Role::Sales] {
        let actor = office.hire(role).actor;
        let new = newcomer(Role::Viewer, "new@example.org");
        assert_eq!(code(accounts.invite(&actor, &call(), &new)), "E0621");
        assert_eq!(code(accounts.people(&actor)), "E0621");
        assert_eq!(
            code(accounts.change(&actor, &call(), &ada, &out(true))),
            "E0621"
        );
        assert_eq!(code(accounts.remove(&actor, &call(), &ada)), "E0621");
        assert_eq!(code(accounts.link_for(&actor, &call(), &ada)), "E0621");
    }
    let admin = office.hire(Role::Admin).actor;
    let vi = person(&office.hire_as(Role::Viewer, "vi@example.org").actor).id;
    let new = newcomer(Role::Owner, "new@example.org");
    assert_eq!(code(accounts.invite(&admin, &call(), &new)), "E0621");
    assert_eq!(
        code(accounts.change(&admin, &call(), &vi, &role(Role::Owner))),
        "E0621"
    );
    assert_eq!(
        code(accounts.change(&admin, &call(), &ada, &out(true))),
        "E0621"
    );
    assert_eq!(code(accounts.link_for(&admin, &call(), &ada)), "E0621");
    assert_eq!(code(accounts.remove(&admin, &call(), &ada)), "E0621");
    assert_eq!(
        code(accounts.change(&admin, &call(), &vi, &role(Role::Sales))),
        "done"
    );
    assert_eq!(
        code(accounts.invite(&Actor::Stranger, &call(), &new)),
        "E0620"
    );
}

#[test]
fn the_last_owner_stays_and_nobody_changes_their_own_rights() {
    let office = Office::new();
    let accounts = &office.accounts;
    let (boss, ada) = (office.boss(), person(office.boss()).id);
    for change in [role(Role::Admin), out(true)] {
        assert_eq!(code(accounts.change(boss, &call(), &ada, &change)), "E0626");
        assert_eq!(
            code(accounts.change(&Actor::Console, &call(), &ada, &change)),
            "E0625"
        );
    }
    assert_eq!(code(accounts.remove(boss, &call(), &ada)), "E0626");
    assert_eq!(
        code(accounts.remove(&Actor::Console, &call(), &ada)),
        "E0625"
    );
    // An owner who never took the invitation is none yet.
    let new = newcomer(Role::Owner, "eve@example.org");
    let (eve, link) = accounts.invite(boss, &call(), &new).unwrap();
    assert_eq!(
        code(accounts.change(&Actor::Console, &call(), &ada, &out(true))),
        "E0625"
    );
    let eve_in = accounts
        .accept(&call(), &link, &chosen(&secret(PASSWORD)))
        .unwrap();
    assert_eq!(
        code(accounts.change(&eve_in.actor, &call(), &ada, &role(Role::Sales))),
        "done"
    );
    assert_eq!(
        code(accounts.change(&Actor::Console, &call(), &eve.id, &out(true))),
        "E0625"
    );
}

#[test]
fn everybody_may_change_their_own_name_and_nothing_else_of_themselves() {
    let office = Office::new();
    let sales = office.hire(Role::Sales).actor;
    let id = person(&sales).id;
    let change = |change: Change| office.accounts.change(&sales, &call(), &id, &change);
    let named = |name: &str| Change {
        name: Some(name.into()),
        ..Change::default()
    };
    assert_eq!(change(named("Bo L.")).unwrap().name, "Bo L.");
    let mut both = named("Bo");
    both.email = Some("other@example.org".into());
    assert_eq!(code(change(both)), "E0621");
    assert_eq!(code(change(role(Role::Owner))), "E0621");
    let ada = person(office.boss()).id;
    assert_eq!(
        code(office.accounts.change(&sales, &call(), &ada, &named("X"))),
        "E0621"
    );
}

#[test]
fn whoever_is_removed_leaves_an_id_and_nothing_else() {
    let office = Office::new();
    let accounts = &office.accounts;
    let bo = office.hire_as(Role::Sales, "canary-bo@example.org");
    let id = person(&bo.actor).id;
    accounts.remove(office.boss(), &call(), &id).unwrap();
    assert!(!office.opens(&bo, NOW));
    assert_eq!(accounts.name_of(&id).unwrap(), None);
    assert_eq!(code(accounts.remove(office.boss(), &call(), &id)), "E0622");
    assert_eq!(
        code(office.sign_in(&call(), "canary-bo@example.org", PASSWORD)),
        "E0610"
    );
    // The e-mail is free again, and the log still tells of the id.
    let mut bytes = std::fs::read(office.dir.path().join("people.db")).unwrap();
    bytes.extend(std::fs::read(office.dir.path().join("people.db-wal")).unwrap());
    let has = |word: &str| {
        bytes
            .windows(word.len())
            .any(|piece| piece == word.as_bytes())
    };
    assert!(!has("canary-bo") && has(&id.0));
    office.hire_as(Role::Sales, "canary-bo@example.org");
}

#[test]
fn a_program_lets_nobody_in_and_throws_nobody_out() {
    let office = Office::new();
    let accounts = &office.accounts;
    let program = Actor::Token {
        token: crate::TokenId("t".into()),
        person: person(office.boss()),
        scopes: crate::Capability::all().collect(),
    };
    let vi = office.hire(Role::Viewer).actor;
    let (id, new) = (person(&vi).id, newcomer(Role::Owner, "eve@example.org"));
    assert_eq!(code(accounts.invite(&program, &call(), &new)), "E0621");
    assert_eq!(code(accounts.link_for(&program, &call(), &id)), "E0621");
    let change = accounts.change(&program, &call(), &id, &role(Role::Owner));
    assert_eq!(code(change), "E0621");
    assert_eq!(code(accounts.remove(&program, &call(), &id)), "E0621");
    assert_eq!(code(accounts.sessions(&program, &id, NOW)), "E0621");
    let open = accounts.sessions(office.boss(), &id, NOW).unwrap();
    let ended = accounts.end_session(&program, &call(), &open[0].id);
    assert_eq!(code(ended), "E0622");
    assert_eq!(code(accounts.tokens(&program, NOW)), "E0621");
    assert_eq!(code(accounts.people(&program)), "done", "it may look");
}

#[test]
fn nobody_calls_themselves_what_a_colleague_is_called() {
    let office = Office::new();
    let bo = office.hire(Role::Sales).actor;
    let called = |actor: &Actor, name: &str| {
        let change = Change {
            name: Some(name.to_owned()),
            ..Change::default()
        };
        code(
            office
                .accounts
                .change(actor, &call(), &person(&bo).id, &change),
        )
    };
    assert_eq!(called(&bo, "ada  KERN"), "E0624");
    assert_eq!(called(&bo, "Bo Lind the Second"), "done");
    assert_eq!(
        called(office.boss(), "Ada Kern"),
        "done",
        "two may be called so"
    );
}

#[test]
fn of_whoever_is_removed_no_kept_answer_is_left() {
    let office = Office::new();
    let accounts = &office.accounts;
    let bo = office.hire_as(Role::Sales, "bo.lind@example.org").actor;
    let id = person(&bo).id;
    let kept = |actor: &Actor, key: &str, body: &str| {
        accounts.claim(actor, &call(), key, b"a").unwrap();
        accounts.answer(actor, key, 200, body.as_bytes()).unwrap();
    };
    let of_bo = format!("{{\"id\":\"{id}\",\"email\":\"bo.lind@example.org\"}}");
    kept(office.boss(), "k-1", &of_bo);
    kept(&bo, "k-2", "{}");
    kept(office.boss(), "k-3", "{\"id\":\"another\"}");
    accounts.remove(office.boss(), &call(), &id).unwrap();
    let mut bytes = Vec::new();
    for name in ["people.db", "people.db-wal"] {
        bytes.extend(std::fs::read(office.dir.path().join(name)).unwrap());
    }
    let mail = b"bo.lind@example.org";
    assert!(!bytes.windows(mail.len()).any(|piece| piece == mail));
    let count = "SELECT count(*) FROM answers";
    let left: i64 = office.raw().query_row(count, [], |row| row.get(0)).unwrap();
    assert_eq!(left, 1);
}
