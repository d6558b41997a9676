//! `Idempotency-Key`: a request that changes something and is sent again with its key is answered
//! as it was the first time, and done once. It surrounds every route, so that none forgets it.
//!
//! Strangers have no keys, since one could ask for another's answer: signing in takes none. Nor
//! does a new password, of which a hash that is quick to make would else be kept.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use handfast_accounts::{Actor, Claim};
use http_body_util::BodyExt;

use crate::apart::apart;
use crate::body::whole;
use crate::house::Shared;
use crate::limits;
use crate::once::ShownOnce;
use crate::problem::{Answered, Refused, ours};
use crate::viewer::Viewer;

/// The header that holds the key.
const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Says that an answer is that of an earlier request.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// What passes on passwords and secrets of browsers.
const WITHOUT: [&str; 5] = [
    "/api/v1/session",
    "/api/v1/session/guest",
    "/api/v1/setup",
    "/api/v1/invitations/",
    "/api/v1/password",
];

/// Answers a repeated request as the first time.
pub async fn again(State(house): State<Shared>, request: Request, next: Next) -> Response {
    let reads = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    let path = request.uri().path();
    let is_without = WITHOUT
        .iter()
        .any(|one| path == *one || one.ends_with('/') && path.starts_with(one));
    if reads || is_without || !request.headers().contains_key(KEY) {
        return next.run(request).await;
    }
    match once(house, request, next).await {
        Ok(response) => response,
        Err(refused) => refused.into_response(),
    }
}

/// A request with its key, and whose it is.
#[derive(Clone)]
struct Keyed {
    viewer: Viewer,
    key: String,
}

async fn once(house: Shared, request: Request, next: Next) -> Answered<Response> {
    let (mut parts, body) = request.into_parts();
    let viewer = <Viewer as FromRequestParts<Shared>>::from_request_parts(&mut parts, &house);
    let viewer = viewer.await?;
    if viewer.actor == Actor::Stranger {
        return Ok(next.run(Request::from_parts(parts, body)).await);
    }
    let key = parts.headers.get(KEY).map(HeaderValue::as_bytes);
    let key = String::from_utf8_lossy(key.unwrap_or_default()).into_owned();
    let keyed = Keyed { viewer, key };
    let (name, body) = named(&parts, body).await?;
    let claimed = keyed.clone();
    let claim = apart(&house, move |house| {
        let Keyed { viewer, key } = &claimed;
        Ok(house
            .people
            .claim(&viewer.actor, &viewer.call(), key, &name)?)
    })
    .await?;
    if let Claim::Answered { status, body } = claim {
        return Ok(replayed(status, body));
    }
    // Whoever asked may leave: what was begun ends, and its answer is kept for when they ask again.
    let request = Request::from_parts(parts, body);
    let done = tokio::spawn(async move {
        let response = next.run(request).await;
        keep(&house, keyed, response).await
    });
    done.await.unwrap_or_else(|_| Err(ours::fault()))
}

/// All that a request says, so that another one with its key is told from it. A file is named by
/// its length: it is read where it is taken in, and recognised there by its content.
async fn named(parts: &axum::http::request::Parts, body: Body) -> Answered<(Vec<u8>, Body)> {
    let text = |name: &HeaderName| parts.headers.get(name).map_or(&b""[..], |v| v.as_bytes());
    let kind = text(&header::CONTENT_TYPE);
    let line = format!("{} {}\n", parts.method, parts.uri);
    let mut name = line.into_bytes();
    name.extend_from_slice(kind);
    name.push(b'\n');
    if !kind.is_empty() && !kind.starts_with(b"application/json") {
        name.extend_from_slice(text(&header::CONTENT_LENGTH));
        return Ok((name, body));
    }
    let bytes = whole(Request::new(body), limits::BODY_BYTES).await?;
    name.extend_from_slice(&bytes);
    Ok((name, Body::from(bytes)))
}

/// Keeps an answer for whoever sends the request again. What was refused did nothing and may be
/// tried again with the same key.
async fn keep(house: &Shared, keyed: Keyed, response: Response) -> Answered<Response> {
    let (parts, body) = response.into_parts();
    let body = body.collect().await.map_err(|_| ours::fault())?.to_bytes();
    let refused = parts.extensions.get::<Refused>();
    let did_nothing = parts.status.is_client_error()
        || parts.status.is_redirection()
        || parts.status == StatusCode::SERVICE_UNAVAILABLE;
    let kept = match (parts.extensions.get::<ShownOnce>(), refused) {
        (Some(_), _) => as_problem(&ours::shown_once()),
        (None, Some(refused)) => as_problem(refused),
        (None, None) => (parts.status, body.clone()),
    };
    apart(house, move |house| {
        let Keyed { viewer, key } = keyed;
        if did_nothing {
            house.people.release(&viewer.actor, &key)?;
        } else {
            let (status, body) = (kept.0.as_u16(), &kept.1);
            house.people.answer(&viewer.actor, &key, status, body)?;
        }
        Ok(())
    })
    .await?;
    Ok(Response::from_parts(parts, Body::from(body)))
}

fn as_problem(refused: &Refused) -> (StatusCode, Bytes) {
    (refused.status, Bytes::from(refused.problem(None)))
}

fn replayed(status: u16, body: Vec<u8>) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let kind = match status.is_success() {
        true => "application/json",
        false => "application/problem+json",
    };
    let mut headers = HeaderMap::new();
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    if !body.is_empty() {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    (status, headers, body).into_response()
}
