//! Signing in and out, who is signed in, invitations and passwords.

use std::sync::PoisonError;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use handfast_accounts::{
    Actor, Chosen, Credentials, FirstOwner, Person, Secret, SignedIn, capabilities,
};
use handfast_model::rules::Side;
use handfast_wire::v1::people::{Accept, Greeting, Link, NewPassword};
use handfast_wire::v1::session as wire;

use crate::apart::apart;
use crate::body::Body;
use crate::house::{House, Shared};
use crate::problem::{Answered, Problems, ours};
use crate::viewer::{Viewer, cookie};

/// Who is signed in, and what they may do. Strangers may ask.
#[utoipa::path(get, path = "/session", tag = "session",
    responses((status = 200, body = wire::Session), Problems))]
pub async fn show(viewer: Viewer, State(house): State<Shared>) -> Answered<Json<wire::Session>> {
    apart(&house, move |house| {
        Ok(Json(session(house, &viewer.actor)?))
    })
    .await
}

/// Signs somebody in by e-mail and password. One sentence says no, whatever the reason.
#[utoipa::path(post, path = "/session", tag = "session", request_body = wire::SignIn,
    responses((status = 200, body = wire::Session), Problems))]
pub async fn sign_in(
    viewer: Viewer,
    State(house): State<Shared>,
    Body(given): Body<wire::SignIn>,
) -> Answered<Response> {
    apart(&house, move |house| {
        let with = Credentials {
            email: &given.email,
            password: &Secret::new(given.password),
            device: &viewer.device,
            before: viewer.secret.as_ref(),
        };
        opened(house, &house.people.sign_in(&viewer.call(), &with)?)
    })
    .await
}

/// Ends the session.
#[utoipa::path(delete, path = "/session", tag = "session",
    responses((status = 204), Problems))]
pub async fn sign_out(viewer: Viewer, State(house): State<Shared>) -> Answered<Response> {
    apart(&house, move |house| {
        house.people.sign_out(&viewer.actor, &viewer.call())?;
        let gone = cookie(&house.reached, None)?;
        Ok((StatusCode::NO_CONTENT, [gone]).into_response())
    })
    .await
}

/// Lets a guest look around, where the company is invented.
#[utoipa::path(post, path = "/session/guest", tag = "session",
    responses((status = 200, body = wire::Session), Problems))]
pub async fn guest(viewer: Viewer, State(house): State<Shared>) -> Answered<Response> {
    if !house.is_demo {
        return Err(ours::no_such_page());
    }
    apart(&house, move |house| {
        let before = viewer.secret.as_ref();
        let (people, call) = (&house.people, viewer.call());
        let guest = people.guest(&call, &viewer.device, before);
        opened(house, &guest?)
    })
    .await
}

/// Makes the first owner, by the token that the server printed when it started.
#[utoipa::path(post, path = "/setup", tag = "session", request_body = wire::SetUp,
    responses((status = 200, body = wire::Session), Problems))]
pub async fn set_up(
    viewer: Viewer,
    State(house): State<Shared>,
    Body(given): Body<wire::SetUp>,
) -> Answered<Response> {
    apart(&house, move |house| {
        let first = FirstOwner {
            token: &Secret::new(given.token.trim()),
            name: &given.name,
            email: &given.email,
            password: &Secret::new(given.password),
            device: &viewer.device,
            before: viewer.secret.as_ref(),
        };
        opened(house, &house.people.set_up(&viewer.call(), &first)?)
    })
    .await
}

/// Whom a link is for, so that a page can greet them before they choose a password.
#[utoipa::path(post, path = "/invitations/read", tag = "session", request_body = Link,
    responses((status = 200, body = Greeting), Problems))]
pub async fn read_link(
    viewer: Viewer,
    State(house): State<Shared>,
    Body(given): Body<Link>,
) -> Answered<Json<Greeting>> {
    apart(&house, move |house| {
        let token = Secret::new(given.token.trim());
        let (person, is_invitation) = house.people.link_of(&token, &viewer.call())?;
        Ok(Json(Greeting {
            name: person.name,
            email: person.email,
            purpose: if is_invitation { "invitation" } else { "reset" },
        }))
    })
    .await
}

/// Takes an invitation, or a new password by a link. It works once, and ends all other sessions
/// and, unless they are kept, tokens.
#[utoipa::path(post, path = "/invitations/accept", tag = "session", request_body = Accept,
    responses((status = 200, body = wire::Session), Problems))]
pub async fn accept(
    viewer: Viewer,
    State(house): State<Shared>,
    Body(given): Body<Accept>,
) -> Answered<Response> {
    apart(&house, move |house| {
        let token = Secret::new(given.token.trim());
        let password = Secret::new(given.password);
        let chosen = chosen(&viewer, &password, given.keep_tokens);
        let signed_in = house.people.accept(&viewer.call(), &token, &chosen);
        opened(house, &signed_in?)
    })
    .await
}

/// Another password for oneself. All other sessions end and, unless they are kept, tokens; this
/// browser gets a new cookie.
#[utoipa::path(post, path = "/password", tag = "session", request_body = NewPassword,
    responses((status = 200, body = wire::Session), Problems))]
pub async fn change_password(
    viewer: Viewer,
    State(house): State<Shared>,
    Body(given): Body<NewPassword>,
) -> Answered<Response> {
    apart(&house, move |house| {
        let (old, new) = (Secret::new(given.old), Secret::new(given.new));
        let chosen = chosen(&viewer, &new, given.keep_tokens);
        let (actor, call) = (&viewer.actor, viewer.call());
        // A key that is sealed meanwhile would stay sealed under the old password.
        let becoming = house.becoming.lock();
        let _one = becoming.unwrap_or_else(PoisonError::into_inner);
        let changed = house.people.change_password(actor, &call, &old, &chosen);
        opened(house, &changed?)
    })
    .await
}

fn chosen<'a>(viewer: &'a Viewer, password: &'a Secret, keeps_tokens: bool) -> Chosen<'a> {
    Chosen {
        password,
        keeps_tokens,
        device: &viewer.device,
        before: viewer.secret.as_ref(),
    }
}

fn opened(house: &House, signed_in: &SignedIn) -> Answered<Response> {
    let given = cookie(&house.reached, Some(&signed_in.secret))?;
    let session = session(house, &signed_in.actor)?;
    Ok(([given], Json(session)).into_response())
}

fn session(house: &House, actor: &Actor) -> Answered<wire::Session> {
    Ok(wire::Session {
        kind: actor.kind(),
        person: actor.person().map(person),
        capabilities: capabilities(actor).iter().map(|one| one.word()).collect(),
        needs_set_up: house.people.needs_set_up()?,
        is_demo: house.is_demo,
        provider: house.company.as_ref().map(|company| wire::SignInBy {
            name: company.name.clone(),
        }),
    })
}

/// Somebody as the API shows them.
pub fn person(person: &Person) -> wire::Person {
    wire::Person {
        id: person.id.0.clone(),
        name: person.name.clone(),
        email: person.email.clone(),
        role: person.role.word(),
        sides: person.sides.iter().map(|side: &Side| side.word()).collect(),
        teams: person.teams.clone(),
        is_disabled: person.is_disabled,
        has_password: person.has_password,
        has_provider: person.has_provider,
    }
}
