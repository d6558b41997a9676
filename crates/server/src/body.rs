//! What a request says: its body of JSON, read whole, within a size and a pace; the words behind
//! its `?`; the ids in its path. None may have a field that is not declared.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use handfast_model::Refusal;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Frame;
use serde::de::DeserializeOwned;
use tokio::sync::mpsc;

use crate::house::Shared;
use crate::limits;
use crate::pace::TooSlow;
use crate::problem::{Answered, Refused, ours};

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

    async fn from_request(request: Request, _: &Shared) -> Answered<Body<T>> {
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

/// A body that is made while it is sent.
pub struct Pieces(mpsc::Receiver<Bytes>);

impl Pieces {
    /// The body of what comes from here.
    pub fn body(pieces: mpsc::Receiver<Bytes>) -> axum::body::Body {
        axum::body::Body::new(Pieces(pieces))
    }
}

impl hyper::body::Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let piece = self.0.poll_recv(cx);
        piece.map(|piece| piece.map(|piece| Ok(Frame::data(piece))))
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
