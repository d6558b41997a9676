//! The table of rights, against a second telling of it and against the handbook's page.

use std::fs;
use std::path::Path;

use handfast_model::rules::Side;

use super::{Office, person};
use crate::rights::{held, page};
use crate::{Actor, Capabilities, Capability, KeyId, Role, SessionId, TokenId, capabilities, may};
use crate::{Voice, require, rights, voice};

/// The same table told by what each role is for, not copied from the code.
fn told(role: Role) -> &'static str {
    match role {
        Role::Viewer => "read",
        Role::Analyst => "read export import propose close dispute meet note tokens",
        Role::Marketing => "read personal export propose sign_marketing dispute meet note tokens",
        Role::Sales => "read personal export propose sign_sales dispute meet note tokens",
        Role::Admin => {
            "read personal export import propose close dispute meet note people tokens audit \
             settings erase"
        }
        Role::Owner => {
            "read personal export import propose sign_marketing sign_sales close dispute meet \
             note people tokens audit settings erase"
        }
    }
}

#[test]
fn each_role_may_do_what_is_told_of_it_and_nothing_else() {
    for role in Role::ALL {
        let held = held(role, &[Side::Marketing, Side::Sales]);
        assert_eq!(held.words(), told(role), "{}", role.word());
        assert_eq!(Capabilities::parse(told(role)), Ok(held));
    }
    assert_eq!(Capabilities::parse("read fly"), Err("fly".to_owned()));
}

#[test]
fn nobody_signs_for_a_side_that_is_not_theirs() {
    for role in Role::ALL {
        let none = held(role, &[]);
        assert!(!none.has(Capability::SignMarketing) && !none.has(Capability::SignSales));
        let one = held(role, &[Side::Sales]);
        assert!(!one.has(Capability::SignMarketing));
        let signs = matches!(role, Role::Sales | Role::Owner);
        assert_eq!(one.has(Capability::SignSales), signs, "{}", role.word());
    }
}

#[test]
fn strangers_guests_keys_and_the_console_have_few_rights_or_none() {
    let key = Actor::Key {
        key: KeyId("k".into()),
        source: "crm".into(),
    };
    let guest = Actor::Guest {
        session: SessionId("s".into()),
    };
    assert_eq!(capabilities(&Actor::Stranger), Capabilities::NONE);
    assert_eq!(capabilities(&key).words(), "ingest");
    assert_eq!(capabilities(&guest).words(), "read personal export");
    assert_eq!(
        capabilities(&Actor::Console).words(),
        "people audit settings"
    );
    for capability in Capability::all() {
        let refused = require(&Actor::Stranger, capability).unwrap_err();
        assert_eq!(refused.code, "E0620");
        assert_eq!(require(&key, capability).is_ok(), may(&key, capability));
    }
    assert_eq!(require(&guest, Capability::Note).unwrap_err().code, "E0621");
}

#[test]
fn a_token_may_do_what_it_was_made_for_while_its_person_may() {
    let office = Office::new();
    let mut person = person(office.boss());
    let all: Capabilities = Capability::all().collect();
    let token = |person, scopes| Actor::Token {
        token: TokenId("t".into()),
        person,
        scopes,
    };
    let narrow = Capabilities::parse("read note").unwrap();
    assert_eq!(capabilities(&token(person.clone(), narrow)), narrow);
    person.role = Role::Viewer;
    assert_eq!(capabilities(&token(person, all)).words(), "read");
}

#[test]
fn a_team_is_spoken_for_by_its_own_side_or_by_neither() {
    let office = Office::new();
    let mut who = person(office.boss());
    let mut heard = |role: Role, sides: &[Side]| {
        who.role = role;
        who.sides = sides.to_vec();
        [Side::Marketing, Side::Sales].map(|side| match voice(&who, side) {
            Ok(Voice::Own) => "own",
            Ok(Voice::Others) => "others",
            Err(refusal) => refusal.code,
        })
    };
    assert_eq!(heard(Role::Marketing, &[]), ["own", "E0621"]);
    assert_eq!(heard(Role::Sales, &[Side::Sales]), ["E0621", "own"]);
    assert_eq!(heard(Role::Analyst, &[]), ["others", "others"]);
    assert_eq!(heard(Role::Admin, &[Side::Sales]), ["others", "own"]);
    assert_eq!(
        heard(Role::Owner, &[Side::Marketing, Side::Sales]),
        ["own", "own"]
    );
}

#[test]
fn whoever_must_wait_is_told_for_how_long() {
    let wait = |refusal: &handfast_model::Refusal| crate::wait_seconds(refusal);
    assert_eq!(wait(&crate::refuse::too_many(37)), Some(37));
    assert_eq!(wait(&crate::busy()), Some(5));
    assert_eq!(wait(&crate::refuse::sign_in_first()), None);
}

#[test]
fn the_handbooks_page_is_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/rights.md");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, page()).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        written,
        page(),
        "UPDATE_EXPECT=1 writes docs/reference/rights.md anew"
    );
    assert!(rights::Capability::all().all(|one| written.contains(one.means())));
}
