//! Sign-in by a provider: what a proper one opens, and every forgery that we could think of.

mod fake;
mod real;

use std::collections::BTreeMap;

use handfast_model::rules::Side;
use rusqlite::params;
use serde_json::{Value, json};

use super::{EMAIL, NOW, OFFICE, Office, PASSWORD, after, call, call_at, code, newcomer, person};
use crate::provider::{Arrived, Back, Begun, Purpose};
use crate::{Actor, Change, HOUR, MINUTE, Role, SECOND};
use fake::{Fake, Signer, provider};
use handfast_model::Refusal;

/// Everything that a forger may choose.
struct Forged {
    claims: Value,
    header: Value,
    signer: Signer,
    /// What is sent instead of the signed token.
    token: Option<String>,
    state: String,
    browser: crate::Secret,
    actor: Actor,
    issuer: Option<String>,
    provider: String,
    late: i64,
}

/// The parameters of an address.
fn parameters(address: &str) -> BTreeMap<String, String> {
    let url = openidconnect::url::Url::parse(address).unwrap();
    url.query_pairs().into_owned().collect()
}

fn claims(subject: &str, nonce: &str) -> Value {
    let now = NOW.0 / SECOND;
    json!({
        "iss": fake::ISSUER,
        "aud": "handfast",
        "sub": subject,
        "iat": now,
        "exp": now + 300,
        "nonce": nonce,
        "name": "Cy Holm",
        "email": "cy@example.org",
        "email_verified": true,
        "groups": ["all", "revenue"],
    })
}

fn begin(office: &Office, fake: &Fake, purpose: Purpose<'_>) -> Begun {
    let (provider, fetch) = (provider(), fake.fetch());
    let accounts = &office.accounts;
    accounts
        .begin(&call(), (&provider, &fetch), purpose, "/funnel")
        .unwrap()
}

/// Comes back to a begun sign-in with whatever `forge` makes of it.
fn come_back(
    office: &Office,
    fake: &Fake,
    begun: &Begun,
    forge: impl FnOnce(&mut Forged),
) -> Result<Arrived, Refusal> {
    let asked = parameters(&begun.address);
    let mut forged = Forged {
        claims: claims("cy-1", &asked["nonce"]),
        header: json!({"alg": "EdDSA", "kid": "k"}),
        signer: Signer::Provider,
        token: None,
        state: asked["state"].clone(),
        browser: begun.browser.clone(),
        actor: Actor::Stranger,
        issuer: Some(fake::ISSUER.to_owned()),
        provider: "company".to_owned(),
        late: 0,
    };
    forge(&mut forged);
    let signed = fake::signed(&forged.header, &forged.claims, &forged.signer);
    fake.answer_with(&asked["code_challenge"], forged.token.unwrap_or(signed));
    let mut provider = provider();
    provider.name = forged.provider;
    let back = Back {
        state: &forged.state,
        code: "the-code",
        issuer: forged.issuer.as_deref(),
        browser: &forged.browser,
        actor: &forged.actor,
        before: None,
        device: "a browser",
    };
    let now = after(forged.late);
    let fetch = fake.fetch();
    let call = call_at(now, OFFICE);
    office.accounts.arrive(&call, (&provider, &fetch), &back)
}

fn sign_in(
    office: &Office,
    fake: &Fake,
    forge: impl FnOnce(&mut Forged),
) -> Result<Arrived, Refusal> {
    let begun = begin(office, fake, Purpose::SignIn);
    come_back(office, fake, &begun, forge)
}

#[test]
fn somebody_of_a_group_with_a_role_joins_and_is_known_by_issuer_and_subject_alone() {
    let (office, fake) = (Office::new(), Fake::new());
    let first = sign_in(&office, &fake, |_| {}).unwrap();
    let cy = person(&first.signed_in.actor);
    assert_eq!(
        (cy.email.as_str(), cy.role, first.place.as_str()),
        ("cy@example.org", Role::Sales, "/funnel")
    );
    assert_eq!(cy.sides, [Side::Sales]);
    assert!(office.opens(&first.signed_in, NOW));
    // Another e-mail, the same person; another subject with the same e-mail is refused.
    let again = sign_in(&office, &fake, |forged| {
        forged.claims["email"] = json!("c.holm@example.org");
    });
    assert_eq!(person(&again.unwrap().signed_in.actor), cy);
    let other = sign_in(&office, &fake, |forged| {
        forged.claims["sub"] = json!("cy-2")
    });
    assert_eq!(code(other), "E0644");
}

#[test]
fn the_address_asks_for_a_code_with_state_nonce_and_a_proof_of_possession() {
    let (office, fake) = (Office::new(), Fake::new());
    let begun = begin(&office, &fake, Purpose::SignIn);
    let asked = parameters(&begun.address);
    assert!(
        begun
            .address
            .starts_with("https://id.example.org/authorize?")
    );
    assert_eq!(asked["response_type"], "code");
    assert_eq!(asked["code_challenge_method"], "S256");
    assert_eq!(asked["redirect_uri"], provider().back);
    assert_eq!(asked["scope"], "openid email groups");
    assert!(asked["state"].len() == 64 && asked["nonce"].len() == 64);
    assert!(!begun.address.contains(begun.browser.expose()));
    let other = parameters(&begin(&office, &fake, Purpose::SignIn).address);
    for name in ["state", "nonce", "code_challenge"] {
        assert_ne!(asked[name], other[name]);
    }
}

type Forge = fn(&mut Forged);

/// What is forged, how, and the refusal.
const FORGED: [(&str, Forge, &str); 26] = [
    ("another nonce", |f| f.claims["nonce"] = json!("0"), "E0642"),
    (
        "no nonce",
        |f| drop(f.claims.as_object_mut().unwrap().remove("nonce")),
        "E0642",
    ),
    ("another state", |f| f.state = "0".repeat(64), "E0641"),
    ("no state", |f| f.state = String::new(), "E0641"),
    (
        "another browser",
        |f| f.browser = super::secret("0"),
        "E0641",
    ),
    ("ten minutes later", |f| f.late = 10 * MINUTE, "E0641"),
    (
        "another provider's answer",
        |f| f.issuer = Some("https://evil.example".into()),
        "E0641",
    ),
    (
        "another provider's way back",
        |f| f.provider = "other".into(),
        "E0641",
    ),
    (
        "another issuer",
        |f| f.claims["iss"] = json!("https://evil.example"),
        "E0642",
    ),
    (
        "nearly the issuer",
        |f| f.claims["iss"] = json!("https://id.example.org/"),
        "E0642",
    ),
    (
        "another audience",
        |f| f.claims["aud"] = json!("other"),
        "E0642",
    ),
    (
        "one more audience",
        |f| f.claims["aud"] = json!(["handfast", "other"]),
        "E0642",
    ),
    (
        "no audience",
        |f| drop(f.claims.as_object_mut().unwrap().remove("aud")),
        "E0642",
    ),
    (
        "no signature",
        |f| {
            f.header = json!({"alg": "none"});
            f.signer = Signer::Nobody;
        },
        "E0642",
    ),
    (
        "signed by the client's secret",
        |f| {
            f.header = json!({"alg": "HS256"});
            f.signer = Signer::Secret(b"client-secret".to_vec());
        },
        "E0642",
    ),
    (
        "signed by the public key as a secret",
        |f| {
            f.header = json!({"alg": "HS256", "kid": "k"});
            f.signer = Signer::Secret(fake::public_key());
        },
        "E0642",
    ),
    (
        "signed by another key of that name",
        |f| f.signer = Signer::Other,
        "E0642",
    ),
    (
        "signed by a key that is not listed",
        |f| f.header["kid"] = json!("x"),
        "E0642",
    ),
    (
        "expired",
        |f| f.claims["exp"] = json!(NOW.0 / SECOND),
        "E0642",
    ),
    (
        "expires never",
        |f| drop(f.claims.as_object_mut().unwrap().remove("exp")),
        "E0642",
    ),
    (
        "of the future",
        |f| f.claims["iat"] = json!(NOW.0 / SECOND + 300),
        "E0642",
    ),
    (
        "not valid yet",
        |f| f.claims["nbf"] = json!(NOW.0 / SECOND + 300),
        "E0642",
    ),
    (
        "made with another access token",
        |f| f.claims["at_hash"] = json!("AAAA"),
        "E0642",
    ),
    (
        "nobody",
        |f| drop(f.claims.as_object_mut().unwrap().remove("sub")),
        "E0642",
    ),
    (
        "an e-mail that is not vouched for",
        |f| f.claims["email_verified"] = json!(false),
        "E0643",
    ),
    (
        "somebody's e-mail",
        |f| f.claims["email"] = json!("ADA.KERN@example.org"),
        "E0644",
    ),
];

#[test]
fn a_forged_answer_opens_nothing() {
    let (office, fake) = (Office::new(), Fake::new());
    let count = || office.accounts.people(office.boss()).unwrap().len();
    for (what, forge, expected) in FORGED {
        let refused = sign_in(&office, &fake, forge).unwrap_err();
        assert_eq!(refused.code, expected, "{what}: {refused}");
        assert_eq!(count(), 1, "{what}");
        // The same without the forgery goes through, so it was refused for that alone.
        let fresh = Office::new();
        assert_eq!(code(sign_in(&fresh, &fake, |_| {})), "done", "{what}");
    }
}

#[test]
fn a_token_whose_text_was_changed_or_that_is_anothers_opens_nothing() {
    let (office, fake) = (Office::new(), Fake::new());
    let begun = begin(&office, &fake, Purpose::SignIn);
    let nonce = parameters(&begun.address)["nonce"].clone();
    let own = fake::signed(
        &json!({"alg": "EdDSA"}),
        &claims("cy-1", &nonce),
        &Signer::Provider,
    );
    let lifted = fake::signed(
        &json!({"alg": "EdDSA"}),
        &claims("boss", &nonce),
        &Signer::Provider,
    );
    let parts = |text: &str| text.split('.').map(str::to_owned).collect::<Vec<_>>();
    let (own, lifted) = (parts(&own), parts(&lifted));
    let mixed = format!("{}.{}.{}", own[0], lifted[1], own[2]);
    let given = come_back(&office, &fake, &begun, |f| f.token = Some(mixed));
    assert_eq!(code(given), "E0642");
    // A whole token of an earlier sign-in, replayed into a later one.
    let replayed = sign_in(&office, &fake, |f| f.token = Some(own.join(".")));
    assert_eq!(code(replayed), "E0642");
    for odd in ["", "a.b", "a.b.c", "....", "e30.e30."] {
        let given = sign_in(&office, &fake, |f| f.token = Some(odd.to_owned()));
        assert_eq!(code(given), "E0642", "{odd}");
    }
}

#[test]
fn a_begun_sign_in_works_once_even_where_the_first_try_failed() {
    let (office, fake) = (Office::new(), Fake::new());
    let begun = begin(&office, &fake, Purpose::SignIn);
    assert_eq!(code(come_back(&office, &fake, &begun, |_| {})), "done");
    assert_eq!(code(come_back(&office, &fake, &begun, |_| {})), "E0641");
    let begun = begin(&office, &fake, Purpose::SignIn);
    let other = |f: &mut Forged| f.browser = super::secret("another browser");
    assert_eq!(code(come_back(&office, &fake, &begun, other)), "E0641");
    assert_eq!(code(come_back(&office, &fake, &begun, |_| {})), "E0641");
}

#[test]
fn a_code_is_worth_nothing_without_the_proof_of_who_began() {
    let (office, fake) = (Office::new(), Fake::new());
    let begun = begin(&office, &fake, Purpose::SignIn);
    let sql = "UPDATE pending SET verifier = ?1";
    office.raw().execute(sql, params!["v".repeat(64)]).unwrap();
    let given = come_back(&office, &fake, &begun, |_| {});
    assert!(given.unwrap_err().title.contains("invalid_grant"));
    // The provider takes each code once.
    let begun = begin(&office, &fake, Purpose::SignIn);
    fake.take_codes(false);
    assert_eq!(code(come_back(&office, &fake, &begun, |_| {})), "E0642");
}

#[test]
fn a_provider_that_says_it_is_another_or_leads_off_tls_is_not_used() {
    let office = Office::new();
    let fetch_of = |field: &str, value: &str| {
        let fake = Fake::new();
        fake.say(field, value);
        let given = (provider(), fake.fetch());
        let begun = office
            .accounts
            .begin(&call(), (&given.0, &given.1), Purpose::SignIn, "/");
        (fake, begun)
    };
    let (_, begun) = fetch_of("issuer", "https://id.example.org/other");
    assert_eq!(code(begun), "E0640");
    let (_, begun) = fetch_of("jwks_uri", "http://id.example.org/jwks");
    let refused = begun.unwrap_err();
    assert!(
        refused.code == "E0640" && refused.title.contains("is not https"),
        "{refused}"
    );
    let (fake, begun) = fetch_of("token_endpoint", "http://id.example.org/token");
    let given = come_back(&office, &fake, &begun.unwrap(), |_| {}).unwrap_err();
    assert!(
        given.code == "E0642" && given.title.contains("is not https"),
        "{given}"
    );
    let mut odd = provider();
    odd.issuer = "no address".into();
    let fetch = fake.fetch();
    let begun = office
        .accounts
        .begin(&call(), (&odd, &fetch), Purpose::SignIn, "/");
    assert_eq!(code(begun), "E0640");
}

#[test]
fn groups_give_the_role_at_each_sign_in_and_none_is_no_way_in() {
    let (office, fake) = (Office::new(), Fake::new());
    let with = |groups: Value| sign_in(&office, &fake, |f| f.claims["groups"] = groups);
    let role = |given: Result<Arrived, Refusal>| person(&given.unwrap().signed_in.actor).role;
    assert_eq!(code(with(json!(["all"]))), "E0643");
    assert_eq!(
        role(with(json!(["growth", "revenue"]))),
        Role::Marketing,
        "the first counts"
    );
    let before = with(json!("growth")).unwrap();
    assert_eq!(role(with(json!(["revenue"]))), Role::Sales);
    assert!(
        !office.opens(&before.signed_in, NOW),
        "another role ends earlier sessions"
    );
    assert_eq!(code(with(json!([]))), "E0643");
    assert_eq!(
        code(with(json!({"revenue": true}))),
        "E0642",
        "says nothing"
    );
}

#[test]
fn the_last_owner_stays_one_whatever_their_groups() {
    let (office, fake) = (Office::new(), Fake::new());
    let begun = begin(&office, &fake, Purpose::Link(office.boss()));
    let linked = come_back(&office, &fake, &begun, |f| f.actor = office.boss().clone());
    let linked = linked.unwrap();
    let ada = person(&linked.signed_in.actor);
    assert_eq!((ada.email.as_str(), ada.role), (EMAIL, Role::Owner));
    office.hire_as(Role::Owner, "eve@example.org");
    let again = sign_in(&office, &fake, |_| {}).unwrap();
    assert_eq!(
        person(&again.signed_in.actor).role,
        Role::Sales,
        "now there is another"
    );
}

#[test]
fn whoever_signed_in_or_was_invited_can_come_this_way_from_then_on() {
    let (office, fake) = (Office::new(), Fake::new());
    let new = newcomer(Role::Sales, "bo@example.org");
    let (bo, link) = office
        .accounts
        .invite(office.boss(), &call(), &new)
        .unwrap();
    let begun = begin(&office, &fake, Purpose::Invitation(&link));
    let arrived = come_back(&office, &fake, &begun, |_| {}).unwrap();
    assert_eq!(person(&arrived.signed_in.actor).id, bo.id);
    let later = call_at(after(HOUR), OFFICE);
    let accepted = office
        .accounts
        .accept(&later, &link, &super::chosen(&super::secret(PASSWORD)));
    assert_eq!(code(accepted), "E0615", "the invitation is used up");
    let again = sign_in(&office, &fake, |_| {}).unwrap();
    assert_eq!(person(&again.signed_in.actor).id, bo.id);
    // What is bo's cannot become ada's.
    let begun = begin(&office, &fake, Purpose::Link(office.boss()));
    let as_ada = |f: &mut Forged| f.actor = office.boss().clone();
    assert_eq!(code(come_back(&office, &fake, &begun, as_ada)), "E0645");
    let fetch = fake.fetch();
    let stranger = Purpose::Link(&Actor::Stranger);
    let begun = office
        .accounts
        .begin(&call(), (&provider(), &fetch), stranger, "/");
    assert_eq!(code(begun), "E0620");
    // Kept out is kept out, this way too.
    let out = Change {
        is_disabled: Some(true),
        ..Change::default()
    };
    office
        .accounts
        .change(office.boss(), &call(), &bo.id, &out)
        .unwrap();
    assert_eq!(code(sign_in(&office, &fake, |_| {})), "E0610");
}

#[test]
fn what_the_token_does_not_say_the_providers_page_says_of_the_same_person() {
    let (office, fake) = (Office::new(), Fake::new());
    let bare = |f: &mut Forged| {
        for name in ["email", "email_verified", "groups", "name"] {
            f.claims.as_object_mut().unwrap().remove(name);
        }
    };
    assert_eq!(
        code(sign_in(&office, &fake, bare)),
        "E0642",
        "there is no page"
    );
    let page = json!({"sub": "cy-1", "email": "cy@example.org", "email_verified": true,
        "groups": ["revenue"]});
    fake.page(page.clone());
    let arrived = sign_in(&office, &fake, bare).unwrap();
    assert_eq!(person(&arrived.signed_in.actor).role, Role::Sales);
    let mut other = page;
    other["sub"] = json!("somebody else");
    fake.page(other);
    assert_eq!(code(sign_in(&office, &fake, bare)), "E0642");
}

#[test]
fn each_way_in_or_out_leaves_an_entry() {
    let (office, fake) = (Office::new(), Fake::new());
    let newest = || {
        office
            .accounts
            .audit(office.boss(), None, 1)
            .unwrap()
            .remove(0)
    };
    sign_in(&office, &fake, |_| {}).unwrap();
    assert_eq!(newest().act, "person.joined");
    sign_in(&office, &fake, |_| {}).unwrap();
    assert_eq!(newest().act, "session.opened");
    let _ = sign_in(&office, &fake, |f| f.signer = Signer::Other);
    let entry = newest();
    assert_eq!(entry.act, "session.refused");
    assert_eq!(entry.after, r#"{"provider":"company","code":"E0642"}"#);
}

#[test]
fn an_invitation_that_was_used_or_replaced_opens_nothing_for_whoever_began_with_it() {
    let (office, fake) = (Office::new(), Fake::new());
    let accounts = &office.accounts;
    let new = newcomer(Role::Sales, "vera@example.org");
    let (vera, link) = accounts.invite(office.boss(), &call(), &new).unwrap();
    let before = begin(&office, &fake, Purpose::Invitation(&link));
    let link = accounts.link_for(office.boss(), &call(), &vera.id).unwrap();
    assert_eq!(code(come_back(&office, &fake, &before, |_| {})), "E0615");
    // Somebody read the link and waits until she has used it.
    let begun = begin(&office, &fake, Purpose::Invitation(&link));
    let password = super::secret(PASSWORD);
    accounts
        .accept(&call(), &link, &super::chosen(&password))
        .unwrap();
    assert_eq!(code(come_back(&office, &fake, &begun, |_| {})), "E0615");
    // A link to a new password is no invitation.
    let reset = accounts.link_for(office.boss(), &call(), &vera.id).unwrap();
    let (provider, fetch) = (provider(), fake.fetch());
    let purpose = Purpose::Invitation(&reset);
    let begun = accounts.begin(&call(), (&provider, &fetch), purpose, "/");
    assert_eq!(code(begun), "E0615");
    let people = accounts.people(office.boss()).unwrap();
    assert!(people.iter().all(|one| !one.has_provider));
}

#[test]
fn whoever_was_thrown_out_meanwhile_leaves_no_way_in_behind() {
    let (office, fake) = (Office::new(), Fake::new());
    let boss = office.boss().clone();
    let begun = begin(&office, &fake, Purpose::Link(&boss));
    // In a browser that is not signed in, or no longer as the same person.
    assert_eq!(code(come_back(&office, &fake, &begun, |_| {})), "E0641");
    let begun = begin(&office, &fake, Purpose::Link(&boss));
    let (old, new) = (super::secret(PASSWORD), super::secret("nine odd herons"));
    let chosen = super::chosen(&new);
    office
        .accounts
        .change_password(&boss, &call(), &old, &chosen)
        .unwrap();
    let as_before = |f: &mut Forged| f.actor = boss.clone();
    assert_eq!(code(come_back(&office, &fake, &begun, as_before)), "E0641");
}

#[test]
fn whoever_is_in_no_group_any_more_is_out_until_they_are_in_one_again() {
    let (office, fake) = (Office::new(), Fake::new());
    let accounts = &office.accounts;
    let with = |groups: Value| sign_in(&office, &fake, |f| f.claims["groups"] = groups);
    let first = with(json!("revenue")).unwrap().signed_in;
    let cy = person(&first.actor).id;
    let token = crate::NewToken {
        name: "reads".into(),
        scopes: crate::Capabilities::parse("read").unwrap(),
        until: after(HOUR),
    };
    let (_, token) = accounts.make_token(&first.actor, &call(), &token).unwrap();
    let called = |name: &str| Change {
        name: Some(name.into()),
        ..Change::default()
    };
    assert_eq!(code(with(json!(["none"]))), "E0643");
    assert!(!office.opens(&first, NOW));
    assert_eq!(accounts.bearer(&token, &call()).unwrap(), Actor::Stranger);
    let listed = || {
        let people = accounts.people(office.boss()).unwrap();
        people.into_iter().find(|one| one.id == cy).unwrap()
    };
    assert!(listed().is_disabled);
    // Another change of theirs leaves it to the provider; keeping them out does not.
    accounts
        .change(office.boss(), &call(), &cy, &called("Cy H."))
        .unwrap();
    assert_eq!(code(with(json!("growth"))), "done");
    assert_eq!(
        (listed().is_disabled, listed().role),
        (false, Role::Marketing)
    );
    let out = Change {
        is_disabled: Some(true),
        ..Change::default()
    };
    accounts.change(office.boss(), &call(), &cy, &out).unwrap();
    assert_eq!(code(with(json!("growth"))), "E0610");
}

#[test]
fn many_beginners_ask_the_provider_little_and_keep_nobody_else_out() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    let (office, fake) = (Office::new(), Fake::new());
    let asked = Arc::new(AtomicUsize::new(0));
    let (provider, fetch) = (provider(), fake.counting(Arc::clone(&asked)));
    let from = |address: &str| {
        let call = call_at(NOW, address.parse().unwrap());
        let given = office
            .accounts
            .begin(&call, (&provider, &fetch), Purpose::SignIn, "/");
        code(given)
    };
    let all: Vec<_> = (0..120).map(|_| from("198.51.100.9")).collect();
    assert!(all[..100].iter().all(|code| *code == "done"));
    assert!(all[100..].iter().all(|code| *code == "E0611"));
    assert_eq!(from("203.0.113.5"), "done");
    assert_eq!(
        asked.load(Ordering::Relaxed),
        2,
        "what it says, and its keys"
    );
    for place in [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "",
    ] {
        let begun = office
            .accounts
            .begin(&call(), (&provider, &fetch), Purpose::SignIn, place);
        assert_eq!(code(begun), "E0624", "{place}");
    }
}

#[test]
fn whom_somebody_keeps_out_or_removes_does_not_come_back_by_their_group() {
    let (office, fake) = (Office::new(), Fake::new());
    let accounts = &office.accounts;
    let with = |groups: Value| sign_in(&office, &fake, |f| f.claims["groups"] = groups);
    let cy = person(&with(json!("revenue")).unwrap().signed_in.actor).id;
    // Out by their groups first, then by an admin's word.
    assert_eq!(code(with(json!(["none"]))), "E0643");
    let out = Change {
        is_disabled: Some(true),
        ..Change::default()
    };
    accounts.change(office.boss(), &call(), &cy, &out).unwrap();
    assert_eq!(code(with(json!("revenue"))), "E0610");
    accounts.remove(office.boss(), &call(), &cy).unwrap();
    assert_eq!(
        code(with(json!("revenue"))),
        "E0610",
        "nobody has invited them"
    );
    // Invited anew they are somebody else here.
    let new = newcomer(Role::Sales, "cy.again@example.org");
    let (anew, link) = accounts.invite(office.boss(), &call(), &new).unwrap();
    let begun = begin(&office, &fake, Purpose::Invitation(&link));
    let arrived = come_back(&office, &fake, &begun, |_| {}).unwrap();
    assert_eq!(person(&arrived.signed_in.actor).id, anew.id);
    assert_eq!(code(with(json!("revenue"))), "done");
}

#[test]
fn whoever_was_removed_before_they_used_the_provider_does_not_come_by_it_as_a_newcomer() {
    let (office, fake) = (Office::new(), Fake::new());
    let accounts = &office.accounts;
    let new = newcomer(Role::Sales, "Cy@Example.org");
    let (cy, _) = accounts.invite(office.boss(), &call(), &new).unwrap();
    accounts.remove(office.boss(), &call(), &cy.id).unwrap();
    assert_eq!(code(sign_in(&office, &fake, |_| {})), "E0610");
    // Somebody else of the same groups is nobody who was removed.
    let other = |f: &mut Forged| {
        f.claims["sub"] = json!("dee-1");
        f.claims["email"] = json!("dee@example.org");
    };
    assert_eq!(code(sign_in(&office, &fake, other)), "done");
    // Invited again, and that taken back by nobody, they are who was invited.
    let (anew, link) = accounts.invite(office.boss(), &call(), &new).unwrap();
    let begun = begin(&office, &fake, Purpose::Invitation(&link));
    let arrived = come_back(&office, &fake, &begun, |_| {}).unwrap();
    assert_eq!(person(&arrived.signed_in.actor).id, anew.id);
}

#[test]
fn a_provider_that_says_nothing_of_groups_takes_nothing_from_anybody() {
    let (office, fake) = (Office::new(), Fake::new());
    let silent = |f: &mut Forged| drop(f.claims.as_object_mut().unwrap().remove("groups"));
    let first = sign_in(&office, &fake, |_| {}).unwrap().signed_in;
    assert_eq!(code(sign_in(&office, &fake, silent)), "E0642");
    assert!(office.opens(&first, NOW), "nobody is kept out by silence");
    let cy = person(&first.actor);
    let people = office.accounts.people(office.boss()).unwrap();
    let kept = people.into_iter().find(|one| one.id == cy.id).unwrap();
    assert_eq!((kept.is_disabled, kept.role), (false, Role::Sales));
}

#[test]
fn a_newcomer_is_not_called_what_somebody_here_is_called() {
    let (office, fake) = (Office::new(), Fake::new());
    let called = |f: &mut Forged| f.claims["name"] = json!("ada\u{200b} Kern");
    let cy = person(&sign_in(&office, &fake, called).unwrap().signed_in.actor);
    assert_eq!(cy.name, "cy@example.org");
}
