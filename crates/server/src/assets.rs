//! The application's files, inside the binary. Rust never waits for node: where they were not built
//! yet, a page says how.

use std::borrow::Cow;

use axum::body::Body;
use axum::extract::{Path, Request};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use crate::problem::{Answered, ours};

/// What `npm run build` made of `web/`.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Built;

/// Where the application's page wants the nonce of its answer.
const NONCE: &str = "__NONCE__";

/// What is shown where the application was not built.
const UNBUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
<title>Handfast</title><h1>The application is not in this binary</h1>\
<p>It was compiled before <code>web/</code> was built. <code>cargo xtask demo</code> builds both; \
by hand: <code>cd web &amp;&amp; npm ci &amp;&amp; npm run build</code>, then compile again. \
The API answers all the same: <a href=\"/openapi.json\">/openapi.json</a>.</p></html>";

/// A file whose name holds the hash of its content: it never changes, so it may be kept for ever.
pub async fn asset(Path(path): Path<String>, headers: HeaderMap) -> Answered<Response> {
    let name = format!("assets/{path}");
    let found = encoded(&name, &headers).ok_or_else(ours::no_such_page)?;
    Ok(file(&name, found, "public, max-age=31536000, immutable"))
}

/// Everything else: a file at the root, or the application's page, whose router knows the address.
pub async fn page(request: Request) -> Answered<Response> {
    let path = request.uri().path().trim_start_matches('/').to_owned();
    if path.starts_with("api/") {
        return Err(ours::no_such_page());
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(ours::other_method());
    }
    let is_hidden = path.is_empty() || path == "index.html" || path.ends_with(".br");
    if !is_hidden && let Some(found) = encoded(&path, request.headers()) {
        return Ok(file(&path, found, "no-cache"));
    }
    // A file that is not there is not the application.
    if path
        .rsplit('/')
        .next()
        .is_some_and(|name| name.contains('.'))
        && path != "index.html"
    {
        return Err(ours::no_such_page());
    }
    Ok(application())
}

/// The application's page.
pub fn application() -> Response {
    let Some(index) = Built::get("index.html") else {
        return page_of(UNBUILT.to_owned(), "");
    };
    let mut chance = [0u8; 16];
    if getrandom::fill(&mut chance).is_err() {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    let nonce: String = chance.iter().map(|byte| format!("{byte:02x}")).collect();
    let text = String::from_utf8_lossy(&index.data).replace(NONCE, &nonce);
    page_of(text, &format!(" 'nonce-{nonce}'"))
}

fn page_of(html: String, styles: &str) -> Response {
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'{styles}; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    );
    let mut response = html.into_response();
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// A file in the smallest form that the client reads, and the name of that form.
fn encoded(name: &str, headers: &HeaderMap) -> Option<(Cow<'static, [u8]>, &'static str)> {
    let plain = Built::get(name)?;
    let accepted = headers.get(header::ACCEPT_ENCODING);
    let accepted = accepted.and_then(|value| value.to_str().ok()).unwrap_or("");
    let takes = |form: &str| {
        accepted
            .split(',')
            .any(|one| one.split(';').next().is_some_and(|one| one.trim() == form))
    };
    for (form, ending) in [("br", "br"), ("gzip", "gz")] {
        if takes(form)
            && let Some(small) = Built::get(&format!("{name}.{ending}"))
        {
            return Some((small.data, form));
        }
    }
    Some((plain.data, ""))
}

fn file(
    name: &str,
    (bytes, form): (Cow<'static, [u8]>, &'static str),
    cached: &'static str,
) -> Response {
    let body = match bytes {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    };
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind(name)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cached));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if !form.is_empty() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(form));
    }
    response
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or("") {
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "json" | "webmanifest" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
