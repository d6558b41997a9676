//! What a request says: its body of JSON, read whole, within a size and a pace; the words behind
//! its `?`; the ids in its path. None may have a field that is not declared.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, MatchedPath, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use handfast_accounts::Actor;
use handfast_model::Refusal;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Frame;
use serde::de::DeserializeOwned;
use tokio::sync::mpsc;

use crate::house::Shared;
use crate::limits;
use crate::pace::TooSlow;
use crate::problem::{Answered, Refused, ours};
use crate::viewer::Viewer;

/// A body of JSON.
pub struct Body<T>(pub T);

/// The words behind `?`.
pub struct Words<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<Shared> for Words<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Answered<Words<T>> {
        let read = Query::<T>::try_from_uri(&parts.uri);
        read.map(|Query(words)| Words(words)).map_err(|error| {
            let text = error.body_text();
            let why = text.rsplit_once("query string: ");
            let why = why.map_or(text.as_str(), |(_, why)| why);
            ours::words(
                format!("the address cannot be read: {why}"),
                "the words that GET /openapi.json describes, each once",
            )
        })
    }
}

impl<T: DeserializeOwned> FromRequest<Shared> for Body<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, house: &Shared) -> Answered<Body<T>> {
        let (mut parts, body) = request.into_parts();
        let viewer = <Viewer as FromRequestParts<Shared>>::from_request_parts(&mut parts, house);
        // A stranger is told to sign in before a byte of theirs is read, and not what it lacks.
        if viewer.await?.actor == Actor::Stranger && !is_for_strangers(&parts) {
            return Err(ours::sign_in_first());
        }
        let request = Request::from_parts(parts, body);
        let kind = request.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|value| value.to_str().ok()).unwrap_or("");
        if kind.split(';').next().map(str::trim) != Some("application/json") {
            let refusal = Refusal::new("E0704", "the body is not said to be JSON")
                .fix("content-type: application/json");
            return Err(Refused::under(StatusCode::UNSUPPORTED_MEDIA_TYPE, refusal));
        }
        let bytes = whole(request, limits::BODY_BYTES).await?;
        let read = serde_json::from_slice(&bytes);
        read.map(Body).map_err(|error| ours::body(&plain(&error)))
    }
}

/// What strangers may send a body to: the ways in.
const FOR_STRANGERS: [&str; 5] = [
    "/api/v1/session",
    "/api/v1/session/provider",
    "/api/v1/setup",
    "/api/v1/invitations/read",
    "/api/v1/invitations/accept",
];

fn is_for_strangers(parts: &Parts) -> bool {
    let route = parts.extensions.get::<MatchedPath>();
    route.is_some_and(|route| FOR_STRANGERS.contains(&route.as_str()))
}

/// The ids in the path. What cannot be one is nothing's.
pub struct At<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Shared> for At<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, house: &Shared) -> Answered<At<T>> {
        let read = Path::from_request_parts(parts, house).await;
        read.map(|Path(ids)| At(ids))
            .map_err(|_| ours::no_such_page())
    }
}

/// A piece of a body that is made while it is sent; where it fails, the connection breaks, so that
/// nobody takes a part for the whole.
pub type Piece = io::Result<Bytes>;

/// A body that is made while it is sent.
pub struct Pieces(mpsc::Receiver<Piece>);

impl Pieces {
    /// The body of what comes from here.
    pub fn body(pieces: mpsc::Receiver<Piece>) -> axum::body::Body {
        axum::body::Body::new(Pieces(pieces))
    }
}

impl hyper::body::Body for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let piece = self.0.poll_recv(cx);
        piece.map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }
}

/// The bytes of a body, if there are no more than so many.
pub async fn whole(request: Request, limit: usize) -> Answered<Vec<u8>> {
    let body = Limited::new(request.into_body(), limit);
    let collected = body.collect().await.map_err(|error| {
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error.as_ref());
        while let Some(one) = cause {
            if one.is::<LengthLimitError>() {
                return ours::too_large(limit);
            }
            if one.is::<TooSlow>() {
                return ours::too_slow();
            }
            cause = one.source();
        }
        ours::body("it broke off")
    })?;
    Ok(collected.to_bytes().to_vec())
}

/// What is wrong and where, without the words of the body: they may be a password.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!("line {}, column {}", error.line(), error.column());
    let says = ["unknown field", "missing field", "duplicate field"];
    match says.iter().any(|begins| text.starts_with(begins)) {
        true => text,
        false if error.is_data() => format!("a field has another type, at {place}"),
        false => format!("it is no JSON, at {place}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_that_fails_on_its_way_does_not_end_as_a_whole_one() {
        let sent = |pieces: Vec<Piece>| {
            let (send, receive) = mpsc::channel(pieces.len());
            for piece in pieces {
                send.try_send(piece).unwrap();
            }
            drop(send);
            let runtime = tokio::runtime::Builder::new_current_thread().build();
            let whole = runtime.unwrap().block_on(Pieces::body(receive).collect());
            whole.map(|whole| whole.to_bytes()).ok()
        };
        let piece = |text: &'static str| Ok(Bytes::from(text));
        let whole = sent(vec![piece("one\n"), piece("two\n")]);
        assert_eq!(whole.unwrap(), "one\ntwo\n");
        let failed = Err(io::Error::other("the disk"));
        assert_eq!(sent(vec![piece("one\n"), failed]), None);
    }
}
