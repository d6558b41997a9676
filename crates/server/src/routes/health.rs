//! Whether the server lives and can answer, what it counted, and what it offers.

use std::sync::OnceLock;
use std::sync::atomic::Ordering;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use handfast_service::explain::explain;

use crate::apart::apart;
use crate::assets;
use crate::house::Shared;
use crate::listen::Peer;
use crate::problem::{Answered, Refused, ours};

/// Says that the server lives.
#[utoipa::path(get, path = "/healthz", tag = "health",
    responses((status = 200, content_type = "text/plain", body = String)))]
pub async fn alive() -> &'static str {
    "alive\n"
}

/// Says whether the book can be read and people can sign in, and that the server is not ending.
#[utoipa::path(get, path = "/readyz", tag = "health",
    responses(
        (status = 200, content_type = "text/plain", body = String),
        (status = 503, content_type = "text/plain", body = String)))]
pub async fn ready(State(house): State<Shared>) -> Response {
    if house.is_ending.load(Ordering::Acquire) {
        return (StatusCode::SERVICE_UNAVAILABLE, "ending\n").into_response();
    }
    let looked = apart(&house, |house| {
        house.book.ledger.last_seq()?;
        house.people.needs_set_up()?;
        Ok(())
    });
    match looked.await {
        Ok(()) => "ready\n".into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response(),
    }
}

/// The counters, to whoever asks on this machine. A browser at this address wants the page of the
/// same name: what a company calls metrics.
pub async fn metrics(
    State(house): State<Shared>,
    peer: Option<axum::Extension<Peer>>,
    headers: HeaderMap,
) -> Answered<Response> {
    let accepted = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok());
    if accepted.is_some_and(|kinds| kinds.contains("text/html")) {
        return Ok(assets::application());
    }
    // Behind a proxy every request comes from it, and so from nobody in particular.
    let is_here = peer.is_none_or(|peer| peer.0.0.ip().to_canonical().is_loopback());
    if !is_here || house.reached.proxy.is_some() {
        return Err(ours::no_such_page());
    }
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    let text = house.counts.text(&house);
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}

/// What a code means and how to mend it: where the `type` of a refusal leads.
pub async fn explained(Path(code): Path<String>) -> Answered<Response> {
    let page = explain(&code).map_err(|_| ours::no_such_page())?;
    let kind = "text/markdown; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], page).into_response())
}

/// The API's description.
pub async fn openapi() -> Response {
    static TEXT: OnceLock<Bytes> = OnceLock::new();
    let text = TEXT.get_or_init(|| super::description().into()).clone();
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}

/// What a route says to a method that it does not take.
pub async fn other_method() -> Refused {
    ours::other_method()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use axum::body::Body;
    use axum::http::Request;
    use tower::ServiceExt;

    use super::super::app;
    use super::*;
    use crate::house::tests::house;
    use crate::room::Bounds;

    fn said(house: &Shared, path: &str) -> u16 {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let request = Request::get(path).body(Body::empty()).unwrap();
        let answer = runtime.block_on(app(Shared::clone(house)).oneshot(request));
        answer.unwrap().status().as_u16()
    }

    /// Calls a table by another name, as if it were gone, or by its own again.
    fn renamed(file: &Path, from: &str, to: &str) {
        let file = rusqlite::Connection::open(file).unwrap();
        let sql = format!("ALTER TABLE {from} RENAME TO {to}");
        file.execute_batch(&sql).unwrap();
    }

    #[test]
    fn the_server_is_ready_while_the_book_answers_and_people_can_sign_in() {
        let (dir, house) = house(Bounds::default());
        assert_eq!(said(&house, "/readyz"), 200);
        let journal = dir.path().join("book/data/journal.sqlite");
        let people = dir.path().join("people.db");
        for (file, table) in [(&journal, "commit_log"), (&people, "people")] {
            renamed(file, table, "elsewhere");
            assert_eq!(said(&house, "/readyz"), 503, "{table}");
            // It lives all the same: nobody mends it by starting it again.
            assert_eq!(said(&house, "/healthz"), 200, "{table}");
            renamed(file, "elsewhere", table);
            assert_eq!(said(&house, "/readyz"), 200, "{table}");
        }
        house.is_ending.store(true, Ordering::Release);
        assert_eq!(said(&house, "/readyz"), 503);
        assert_eq!(said(&house, "/healthz"), 200);
    }
}
