//! What surrounds every request: its id, who may send it, the headers of its answer, its line in
//! the log and its place in the counters. No line and no label holds what somebody typed.

use std::hash::{BuildHasher, RandomState};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::counts::Asked;
use crate::house::{Reached, Shared};
use crate::problem::{Refused, ours};
use crate::viewer::bearer;

/// A request's id, as answers, log lines and the audit log call it.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

impl RequestId {
    fn new() -> RequestId {
        static CHANCE: OnceLock<RandomState> = OnceLock::new();
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let chance = CHANCE.get_or_init(RandomState::new).hash_one(count);
        RequestId(format!("{chance:016x}"))
    }
}

/// Headers of every answer. Scripts and styles come from us alone; nothing is embedded elsewhere.
const HEADERS: [(HeaderName, &str); 7] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    ),
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::CACHE_CONTROL, "no-store"),
];

/// What a page may load where its handler says nothing else.
const POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

/// Browsers that came by TLS stay with it for a year.
const ONLY_TLS: &str = "max-age=31536000";

/// Surrounds a request.
pub async fn frame(State(house): State<Shared>, mut request: Request, next: Next) -> Response {
    let began = Instant::now();
    let id = RequestId::new();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or("other", MatchedPath::as_str).to_owned();
    request.extensions_mut().insert(id.clone());
    let mut response = match check(&house.reached, &method, request.headers()) {
        Ok(()) => next.run(request).await,
        Err(refused) => refused.render(&id.0),
    };
    if let Some(refused) = response.extensions_mut().remove::<Refused>() {
        response = refused.hiding(&house.book.dir).render(&id.0);
    }
    dress(&mut response, &id, house.reached.is_secure);
    let took = began.elapsed();
    let status = response.status().as_u16();
    let method = known(&method);
    tracing::info!(
        request = id.0,
        method,
        route,
        status,
        micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
        "answered"
    );
    let asked = Asked {
        method: method.to_owned(),
        route,
        status,
    };
    house.counts.answered(asked, took.as_secs_f64());
    response
}

/// A method that there is; any other is a word that somebody made up, and there is no end of those.
fn known(method: &Method) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    let found = KNOWN.into_iter().find(|known| *known == method.as_str());
    found.unwrap_or("other")
}

/// The headers that every answer has, unless its handler gave others.
fn dress(response: &mut Response, id: &RequestId, is_secure: bool) {
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    if is_secure {
        let only = HeaderValue::from_static(ONLY_TLS);
        headers.insert(header::STRICT_TRANSPORT_SECURITY, only);
    }
    if let Ok(id) = HeaderValue::from_str(&id.0) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
}

/// Whether a request is meant for us, and comes from our own page where it changes something in
/// the name of whoever is signed in.
fn check(reached: &Reached, method: &Method, headers: &HeaderMap) -> Result<(), Refused> {
    let host = text(headers, &header::HOST);
    if !reached.hosts.is_empty() && !reached.hosts.iter().any(|known| known.as_str() == host) {
        return Err(ours::other_host());
    }
    let reads = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    if reads || bearer(headers).is_some() {
        return Ok(());
    }
    let scheme = if reached.is_secure { "https" } else { "http" };
    let origin = text(headers, &header::ORIGIN);
    let site = text(headers, &HeaderName::from_static("sec-fetch-site"));
    let is_ours = match (site, origin) {
        ("same-origin", _) => true,
        ("", origin) => origin == format!("{scheme}://{host}"),
        _ => false,
    };
    match is_ours {
        true => Ok(()),
        false => Err(ours::other_origin()),
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> &'h str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(all: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            let name = HeaderName::from_static(name);
            (name, HeaderValue::from_static(value))
        };
        all.iter().map(pair).collect()
    }

    #[test]
    fn a_method_that_somebody_made_up_is_in_no_label() {
        let strange = Method::from_bytes(b"AAAA1").unwrap();
        assert_eq!((known(&strange), known(&Method::PATCH)), ("other", "PATCH"));
    }

    #[test]
    fn only_our_own_page_changes_anything_by_a_cookie() {
        let reached = Reached {
            hosts: vec!["localhost:8181".to_owned()],
            ..Reached::default()
        };
        let host = ("host", "localhost:8181");
        let status = |method: Method, all: &[(&'static str, &'static str)]| {
            check(&reached, &method, &headers(all)).map_err(|refused| refused.status.as_u16())
        };
        let own = ("origin", "http://localhost:8181");
        assert_eq!(status(Method::POST, &[host, own]), Ok(()));
        let same = ("sec-fetch-site", "same-origin");
        assert_eq!(status(Method::POST, &[host, same]), Ok(()));
        assert_eq!(status(Method::GET, &[host]), Ok(()));
        let token = ("authorization", "Bearer hf_x");
        assert_eq!(status(Method::DELETE, &[host, token]), Ok(()));
        for forged in [
            vec![host],
            vec![host, ("origin", "http://evil.example")],
            vec![host, ("origin", "null")],
            vec![host, ("origin", "https://localhost:8181")],
            vec![host, own, ("sec-fetch-site", "cross-site")],
            vec![host, own, ("sec-fetch-site", "same-site")],
            vec![host, own, ("sec-fetch-site", "none")],
            vec![host, ("authorization", "Basic eA==")],
        ] {
            assert_eq!(status(Method::POST, &forged), Err(403), "{forged:?}");
        }
        let elsewhere = ("host", "evil.example:8181");
        assert_eq!(status(Method::GET, &[elsewhere]), Err(421));
    }
}
