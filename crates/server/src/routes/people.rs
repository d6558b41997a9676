//! The people of the book and their open sessions, for whoever looks after them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use handfast_accounts::{
    Actor, Call, Capability, Change, NewPerson, Person, PersonId, Role, Secret, Session, SessionId,
};
use handfast_model::rules::Side;
use handfast_wire::v1::people as wire;

use crate::apart::apart;
use crate::body::{At, Body};
use crate::house::{House, Shared};
use crate::once::Once;
use crate::problem::{Answered, Problems, ours};
use crate::viewer::Viewer;

/// Everybody who may sign in.
#[utoipa::path(get, path = "/people", tag = "people",
    responses((status = 200, body = wire::People), Problems))]
pub async fn list(viewer: Viewer, State(house): State<Shared>) -> Answered<Json<wire::People>> {
    viewer.may(Capability::People)?;
    apart(&house, move |house| {
        let people = house.people.people(&viewer.actor)?;
        Ok(Json(wire::People {
            people: people.iter().map(member).collect(),
        }))
    })
    .await
}

/// Invites somebody: the answer has the link by which they choose their password.
#[utoipa::path(post, path = "/people", tag = "people", request_body = wire::Invite,
    responses((status = 201, body = wire::Invited), Problems))]
pub async fn invite(
    viewer: Viewer,
    State(house): State<Shared>,
    Body(given): Body<wire::Invite>,
) -> Answered<Once<wire::Invited>> {
    viewer.may(Capability::People)?;
    let new = NewPerson {
        role: role(&given.role)?,
        sides: sides(&given.sides)?,
        name: given.name,
        email: given.email,
        teams: given.teams,
    };
    apart(&house, move |house| {
        let made = house.people.invite(&viewer.actor, &viewer.call(), &new)?;
        Ok(Once(StatusCode::CREATED, invited(&made.0, &made.1)))
    })
    .await
}

/// Changes somebody. Another role, side or team, or keeping them out, ends their sessions. One's
/// own name everybody may change.
#[utoipa::path(patch, path = "/people/{id}", tag = "people", request_body = wire::Change,
    params(("id" = String, Path, description = "The person's id.")),
    responses((status = 200, body = wire::Member), Problems))]
pub async fn change(
    viewer: Viewer,
    State(house): State<Shared>,
    At(id): At<String>,
    Body(given): Body<wire::Change>,
) -> Answered<Json<wire::Member>> {
    if !is_own(&viewer, &id) {
        viewer.may(Capability::People)?;
    }
    let change = Change {
        role: given.role.as_deref().map(role).transpose()?,
        sides: given.sides.as_deref().map(sides).transpose()?,
        name: given.name,
        email: given.email,
        teams: given.teams,
        is_disabled: given.is_disabled,
    };
    apart(&house, move |house| {
        let people = &house.people;
        let changed = people.change(&viewer.actor, &viewer.call(), &PersonId(id), &change)?;
        Ok(Json(member(&changed)))
    })
    .await
}

/// Takes somebody away: name, e-mail, password, sessions and tokens go, and the id stays.
#[utoipa::path(delete, path = "/people/{id}", tag = "people",
    params(("id" = String, Path, description = "The person's id.")),
    responses((status = 204), Problems))]
pub async fn remove(
    viewer: Viewer,
    State(house): State<Shared>,
    At(id): At<String>,
) -> Answered<StatusCode> {
    viewer.may(Capability::People)?;
    apart(&house, move |house| {
        let people = &house.people;
        people.remove(&viewer.actor, &viewer.call(), &PersonId(id))?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

/// Another link for somebody: to take the invitation, or to choose a new password. It ends
/// earlier ones.
#[utoipa::path(post, path = "/people/{id}/link", tag = "people",
    params(("id" = String, Path, description = "The person's id.")),
    responses((status = 201, body = wire::Invited), Problems))]
pub async fn link(
    viewer: Viewer,
    State(house): State<Shared>,
    At(id): At<String>,
) -> Answered<Once<wire::Invited>> {
    viewer.may(Capability::People)?;
    apart(&house, move |house| {
        let id = PersonId(id);
        let call = viewer.call();
        let link = house.people.link_for(&viewer.actor, &call, &id)?;
        let (person, _) = house.people.link_of(&link, &call)?;
        Ok(Once(StatusCode::CREATED, invited(&person, &link)))
    })
    .await
}

/// Somebody's open sessions: one's own, or with the right to look after people everybody's.
#[utoipa::path(get, path = "/people/{id}/sessions", tag = "people",
    params(("id" = String, Path, description = "The person's id.")),
    responses((status = 200, body = wire::Sessions), Problems))]
pub async fn sessions(
    viewer: Viewer,
    State(house): State<Shared>,
    At(id): At<String>,
) -> Answered<Json<wire::Sessions>> {
    if !is_own(&viewer, &id) {
        viewer.may(Capability::People)?;
    }
    apart(&house, move |house| {
        let open = open_of(house, &viewer.actor, &viewer.call(), &PersonId(id))?;
        Ok(Json(wire::Sessions {
            sessions: open.iter().map(|one| open_session(one, &viewer)).collect(),
        }))
    })
    .await
}

/// Ends a session.
#[utoipa::path(delete, path = "/people/{id}/sessions/{session}", tag = "people",
    params(("id" = String, Path, description = "The person's id."),
        ("session" = String, Path, description = "The session's id.")),
    responses((status = 204), Problems))]
pub async fn end_session(
    viewer: Viewer,
    State(house): State<Shared>,
    At((id, session)): At<(String, String)>,
) -> Answered<StatusCode> {
    if !is_own(&viewer, &id) {
        viewer.may(Capability::People)?;
    }
    apart(&house, move |house| {
        let (call, session) = (viewer.call(), SessionId(session));
        let open = open_of(house, &viewer.actor, &call, &PersonId(id))?;
        if !open.iter().any(|one| one.id == session) {
            return Err(ours::no_such("session"));
        }
        house.people.end_session(&viewer.actor, &call, &session)?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

/// Whether somebody asks about themselves, in their own browser.
fn is_own(viewer: &Viewer, id: &str) -> bool {
    matches!(&viewer.actor, Actor::Person { person, .. } if person.id.0 == id)
}

/// A person who is not here has no list of sessions, not an empty one.
fn open_of(house: &House, actor: &Actor, call: &Call<'_>, id: &PersonId) -> Answered<Vec<Session>> {
    let open = house.people.sessions(actor, id, call.now)?;
    match open.is_empty() && house.people.name_of(id)?.is_none() {
        true => Err(ours::no_such("person")),
        false => Ok(open),
    }
}

fn open_session(session: &Session, viewer: &Viewer) -> wire::OpenSession {
    let this = match &viewer.actor {
        Actor::Person { session, .. } => Some(session),
        _ => None,
    };
    wire::OpenSession {
        id: session.id.0.clone(),
        device: session.device.clone(),
        nearness: session.nearness.clone(),
        made: session.made.to_string(),
        seen: session.seen.to_string(),
        is_this: this == Some(&session.id),
    }
}

fn invited(person: &Person, link: &Secret) -> wire::Invited {
    wire::Invited {
        person: member(person),
        token: link.expose().to_owned(),
        path: format!("/invitation#{}", link.expose()),
    }
}

fn member(person: &Person) -> wire::Member {
    wire::Member {
        id: person.id.0.clone(),
        name: person.name.clone(),
        email: person.email.clone(),
        role: person.role.word(),
        sides: person.sides.iter().map(|side: &Side| side.word()).collect(),
        teams: person.teams.clone(),
        is_disabled: person.is_disabled,
        has_password: person.has_password,
        has_provider: person.has_provider,
        made: person.made.to_string(),
    }
}

fn role(word: &str) -> Answered<Role> {
    Role::parse(word).ok_or_else(|| {
        let words = Role::ALL.map(Role::word).join(", ");
        ours::field("role", "it is no role", &format!("one of: {words}"))
    })
}

fn sides(words: &[String]) -> Answered<Vec<Side>> {
    let read = |word: &String| {
        let why = || ours::field("sides", "one is no side", "of: marketing, sales");
        Side::parse(word).ok_or_else(why)
    };
    words.iter().map(read).collect()
}
