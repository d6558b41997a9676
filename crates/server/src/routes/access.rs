//! Tokens of people's programs, and keys by which sources send their events.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use handfast_accounts::{
    Capabilities, Capability, Key, KeyId, NewToken, TOKEN_DAYS, Token, TokenId,
};
use handfast_model::Instant;
use handfast_wire::v1::people as wire;

use crate::apart::apart;
use crate::body::{At, Body};
use crate::house::Shared;
use crate::once::Once;
use crate::problem::{Answered, Problems, ours};
use crate::viewer::Viewer;

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// Tokens that have not ended: one's own, or with the right to look after people everybody's.
#[utoipa::path(get, path = "/tokens", tag = "access",
    responses((status = 200, body = wire::Tokens), Problems))]
pub async fn tokens(viewer: Viewer, State(house): State<Shared>) -> Answered<Json<wire::Tokens>> {
    viewer.may(Capability::Tokens)?;
    apart(&house, move |house| {
        let tokens = house.people.tokens(&viewer.actor, viewer.call().now)?;
        Ok(Json(wire::Tokens {
            tokens: tokens.iter().map(token).collect(),
        }))
    })
    .await
}

/// Makes a token for one's own programs. It is shown in this answer alone.
#[utoipa::path(post, path = "/tokens", tag = "access", request_body = wire::NewToken,
    responses((status = 201, body = wire::MadeToken), Problems))]
pub async fn make_token(
    viewer: Viewer,
    State(house): State<Shared>,
    Body(given): Body<wire::NewToken>,
) -> Answered<Once<wire::MadeToken>> {
    viewer.may(Capability::Tokens)?;
    let days = i64::from(given.days).min(TOKEN_DAYS + 1);
    let new = NewToken {
        scopes: scopes(&given.scopes)?,
        until: Instant(viewer.call().now.0.saturating_add(days * DAY)),
        name: given.name,
    };
    apart(&house, move |house| {
        let made = house.people.make_token(&viewer.actor, &viewer.call(), &new);
        let (made, secret) = made?;
        let secret = secret.expose().to_owned();
        let token = token(&made);
        Ok(Once(StatusCode::CREATED, wire::MadeToken { token, secret }))
    })
    .await
}

/// Ends a token, one's own or with the right to look after people somebody else's.
#[utoipa::path(delete, path = "/tokens/{id}", tag = "access",
    params(("id" = String, Path, description = "The token's id.")),
    responses((status = 204), Problems))]
pub async fn end_token(
    viewer: Viewer,
    State(house): State<Shared>,
    At(id): At<String>,
) -> Answered<StatusCode> {
    viewer.may(Capability::Tokens)?;
    apart(&house, move |house| {
        let people = &house.people;
        people.end_token(&viewer.actor, &viewer.call(), &TokenId(id))?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

/// The keys by which sources send their events.
#[utoipa::path(get, path = "/keys", tag = "access",
    responses((status = 200, body = wire::Keys), Problems))]
pub async fn keys(viewer: Viewer, State(house): State<Shared>) -> Answered<Json<wire::Keys>> {
    viewer.may(Capability::Settings)?;
    apart(&house, move |house| {
        let keys = house.people.keys(&viewer.actor)?;
        Ok(Json(wire::Keys {
            keys: keys.iter().map(key).collect(),
        }))
    })
    .await
}

/// Makes a key for one source. It is shown in this answer alone.
#[utoipa::path(post, path = "/keys", tag = "access", request_body = wire::NewKey,
    responses((status = 201, body = wire::MadeKey), Problems))]
pub async fn make_key(
    viewer: Viewer,
    State(house): State<Shared>,
    Body(given): Body<wire::NewKey>,
) -> Answered<Once<wire::MadeKey>> {
    viewer.may(Capability::Settings)?;
    apart(&house, move |house| {
        let of = (given.source.as_str(), given.name.as_str());
        let made = house.people.make_key(&viewer.actor, &viewer.call(), of);
        let (made, secret) = made?;
        let secret = secret.expose().to_owned();
        let key = key(&made);
        Ok(Once(StatusCode::CREATED, wire::MadeKey { key, secret }))
    })
    .await
}

/// Ends a key: its source can send nothing by it any more.
#[utoipa::path(delete, path = "/keys/{id}", tag = "access",
    params(("id" = String, Path, description = "The key's id.")),
    responses((status = 204), Problems))]
pub async fn end_key(
    viewer: Viewer,
    State(house): State<Shared>,
    At(id): At<String>,
) -> Answered<StatusCode> {
    viewer.may(Capability::Settings)?;
    apart(&house, move |house| {
        let people = &house.people;
        people.end_key(&viewer.actor, &viewer.call(), &KeyId(id))?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

fn scopes(words: &[String]) -> Answered<Capabilities> {
    let read = |word: &String| {
        let why = || {
            let all: Vec<&str> = Capability::all().map(Capability::word).collect();
            let fix = format!("of: {}", all.join(", "));
            ours::field("scopes", "one is no right", &fix)
        };
        Capability::parse(word).ok_or_else(why)
    };
    words.iter().map(read).collect()
}

fn token(token: &Token) -> wire::Token {
    wire::Token {
        id: token.id.0.clone(),
        person: token.person.0.clone(),
        name: token.name.clone(),
        scopes: token.scopes.iter().map(Capability::word).collect(),
        made: token.made.to_string(),
        until: token.until.to_string(),
        used: token.used.map(|used| used.to_string()),
    }
}

fn key(key: &Key) -> wire::Key {
    wire::Key {
        id: key.id.0.clone(),
        source: key.source.clone(),
        name: key.name.clone(),
        made: key.made.to_string(),
        used: key.used.map(|used| used.to_string()),
    }
}
