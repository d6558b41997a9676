//! `Idempotency-Key`: a request that changes something and is sent again with its key is answered
//! as it was the first time, and done once. It surrounds every route, so that none forgets it.
//!
//! Strangers have no keys, since one could ask for another's answer: signing in takes none. Nor
//! does a new password. Where a password stands beside what is asked, the request is told from
//! others without it: of a password no hash is kept that is quick to make.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use handfast_accounts::{ANSWER_BYTES, Actor, Claim};
use handfast_model::Refusal;
use http_body_util::BodyExt;
use serde_json::Value;

use crate::apart::apart;
use crate::body::whole;
use crate::house::{House, Shared};
use crate::limits;
use crate::once::ShownOnce;
use crate::problem::{Answered, Refused, ours};
use crate::viewer::Viewer;

/// The header that holds the key.
const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Says that an answer is that of an earlier request.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// What passes on passwords and secrets of browsers, and what names people of the ledger: of
/// neither is anything kept for a day.
const WITHOUT: [&str; 8] = [
    "/api/v1/session",
    "/api/v1/session/guest",
    "/api/v1/session/provider",
    "/api/v1/setup",
    "/api/v1/invitations/",
    "/api/v1/password",
    "/api/v1/persons/",
    // A file is read to its end before its key is looked at, by its own handler.
    "/api/v1/uploads",
];

/// Answers a repeated request as the first time.
pub async fn again(State(house): State<Shared>, request: Request, next: Next) -> Response {
    let reads = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    let is_without = is_without(request.uri().path());
    if reads || is_without || !request.headers().contains_key(KEY) {
        return next.run(request).await;
    }
    match once(house, request, next).await {
        Ok(response) => response,
        Err(refused) => refused.into_response(),
    }
}

/// Fields of a body, at any depth, by which no request is told from another.
const SECRET: [&str; 1] = ["password"];

/// Whether what is sent there may have a key, as the description says: what is sent as a file has
/// one that its own handler looks at.
pub fn takes_key(method: &str, path: &str) -> bool {
    method == "post" && path == "/api/v1/uploads" || !is_without(path)
}

/// Whether what is sent there takes no key.
fn is_without(path: &str) -> bool {
    WITHOUT
        .iter()
        .any(|one| path == *one || one.ends_with('/') && path.starts_with(one))
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
    let key = key(&parts.headers).unwrap_or_default();
    let keyed = Keyed { viewer, key };
    let (name, body) = named(&parts, body).await?;
    let request = Request::from_parts(parts, body);
    claimed(house, keyed, name, async move { next.run(request).await }).await
}

/// The key of a request, where it has one.
pub fn key(headers: &HeaderMap) -> Option<String> {
    let key = headers.get(KEY)?.as_bytes();
    Some(String::from_utf8_lossy(key).into_owned())
}

/// For a request whose content was read before: does it, unless its key stands for one that was
/// done. `name` is all that it says.
pub async fn late(
    house: Shared,
    (viewer, key): (Viewer, Option<String>),
    name: Vec<u8>,
    work: impl Future<Output = Response> + Send + 'static,
) -> Answered<Response> {
    match key {
        None => Ok(work.await),
        Some(key) => claimed(house, Keyed { viewer, key }, name, work).await,
    }
}

/// Before anything is served: what was under way when the server ended before may have been done,
/// and is not done again by a key that was used for it; an act without its entry in the audit log
/// gets one that says so.
pub fn end_cut_off(house: &House) -> Result<(), Refusal> {
    let (status, body) = as_problem(&ours::cut_off());
    house.people.end_claims(status.as_u16(), &body)?;
    let newest = house.book.ledger.last_seq()?;
    house.people.end_intents(house.now(), newest.0).map(drop)
}

/// Claims a key and does what it stands for, or answers as the first time.
async fn claimed(
    house: Shared,
    keyed: Keyed,
    name: Vec<u8>,
    work: impl Future<Output = Response> + Send + 'static,
) -> Answered<Response> {
    // What was answered to somebody who saw all rows is no answer once they see some.
    let mut name = name;
    for team in keyed.viewer.actor.teams() {
        name.push(b'\n');
        name.extend_from_slice(team.as_bytes());
    }
    // Whoever asked may leave: what was begun ends, and its answer is kept for when they ask again.
    // The key is claimed in there too: one that is claimed for work that nobody does says until the
    // next start that it is under way.
    let done = tokio::spawn(async move {
        let claimed = keyed.clone();
        let claim = apart(&house, move |house| {
            let Keyed { viewer, key } = &claimed;
            let people = &house.people;
            Ok(people.claim(&viewer.actor, &viewer.call(), key, &name)?)
        });
        if let Claim::Answered { status, body } = claim.await? {
            return Ok(replayed(status, body));
        }
        let response = work.await;
        keep(&house, keyed, response).await
    });
    done.await.unwrap_or_else(|_| Err(ours::fault()))
}

/// All that a request says, so that another one with its key is told from it. Whatever is larger
/// than a body of JSON has a handler that names it by its content.
async fn named(parts: &axum::http::request::Parts, body: Body) -> Answered<(Vec<u8>, Body)> {
    let text = |name: &HeaderName| parts.headers.get(name).map_or(&b""[..], |v| v.as_bytes());
    let kind = text(&header::CONTENT_TYPE);
    let line = format!("{} {}\n", parts.method, parts.uri);
    let mut name = line.into_bytes();
    name.extend_from_slice(kind);
    name.push(b'\n');
    name.extend_from_slice(text(&header::CONTENT_ENCODING));
    name.push(b'\n');
    let bytes = whole(Request::new(body), limits::BODY_BYTES).await?;
    let is_json =
        kind.starts_with(b"application/json") && text(&header::CONTENT_ENCODING).is_empty();
    name.extend_from_slice(&without_passwords(&bytes, is_json));
    Ok((name, Body::from(bytes)))
}

/// A body as it came, but for passwords in it. One that is said to be JSON and is none is refused
/// where it is read; until then its length stands for it, since a password may be in it.
fn without_passwords(bytes: &[u8], is_json: bool) -> Vec<u8> {
    match serde_json::from_slice::<Value>(bytes) {
        Ok(mut value) => match blank(&mut value) {
            true => serde_json::to_vec(&value).unwrap_or_default(),
            false => bytes.to_vec(),
        },
        Err(_) if is_json => bytes.len().to_string().into_bytes(),
        Err(_) => bytes.to_vec(),
    }
}

/// Takes passwords out; says whether there was any.
fn blank(value: &mut Value) -> bool {
    let mut was_any = false;
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let is_secret = SECRET.contains(&name.as_str());
                was_any |= is_secret || blank(value);
                if is_secret {
                    *value = Value::Null;
                }
            }
        }
        Value::Array(values) => {
            for value in values {
                was_any |= blank(value);
            }
        }
        _ => {}
    }
    was_any
}

/// Keeps an answer for whoever sends the request again. What was refused did nothing and may be
/// tried again with the same key; but what was done was done, whatever came after it.
async fn keep(house: &Shared, keyed: Keyed, response: Response) -> Answered<Response> {
    let acted = keyed.viewer.acted();
    let response = match acted && !response.status().is_success() {
        true => ours::done_unseen().into_response(),
        false => response,
    };
    let (parts, body) = response.into_parts();
    let body = body.collect().await.map_err(|_| ours::fault())?.to_bytes();
    let refused = parts.extensions.get::<Refused>();
    let is_refused = parts.status.is_client_error()
        || parts.status.is_redirection()
        || parts.status == StatusCode::SERVICE_UNAVAILABLE;
    let did_nothing = is_refused && !acted;
    let kept = match (parts.extensions.get::<ShownOnce>(), refused) {
        (Some(_), _) => as_problem(&ours::shown_once()),
        (None, Some(refused)) => as_problem(&refused.clone().hiding(&house.book.dir)),
        (None, None) if body.len() > ANSWER_BYTES => as_problem(&ours::done_unseen()),
        (None, None) => (parts.status, body.clone()),
    };
    let stored = apart(house, move |house| {
        let Keyed { viewer, key } = keyed;
        let (status, body) = (kept.0.as_u16(), &kept.1);
        let store = || match did_nothing {
            true => house.people.release(&viewer.actor, &key),
            false => house.people.answer(&viewer.actor, &key, status, body),
        };
        Ok(store().or_else(|_| store())?)
    });
    // It was done, or was not, whether or not this can be kept; until then its key is under way.
    if let Err(refused) = stored.await {
        let code = refused.refusal.code;
        tracing::error!(code, "what a key was answered with could not be kept");
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_told_from_others_by_all_but_its_passwords() {
        let name = |text: &str| without_passwords(text.as_bytes(), true);
        let one = r#"{"team":"a","password":"lamp orchard","voucher":{"password":"kettle"}}"#;
        let other = r#"{"team":"a","password":"x","voucher":{"password":"y"}}"#;
        assert_eq!(name(one), name(other));
        assert_ne!(name(one), name(&other.replace("\"a\"", "\"b\"")));
        let said = String::from_utf8(name(one)).unwrap();
        assert!(
            !said.contains("orchard") && !said.contains("kettle"),
            "{said}"
        );
        assert!(
            !String::from_utf8(name("{\"password\":\"lamp"))
                .unwrap()
                .contains("lamp")
        );
    }

    #[test]
    fn what_was_cut_off_when_the_server_ended_is_not_done_again() {
        use handfast_accounts::{Call, KeyId, SessionId};

        let (_dir, house) = crate::house::tests::house(crate::room::Bounds::default());
        let somebody = Actor::Guest {
            session: SessionId("s".to_owned()),
        };
        let source = Actor::Key {
            key: KeyId("k".to_owned()),
            source: "crm".to_owned(),
        };
        let claimed = |actor: &Actor, later: i64| {
            let mut now = house.now();
            now.0 += later;
            let call = Call::console(now);
            house.people.claim(actor, &call, "once", b"POST")
        };
        let claim = |later: i64| claimed(&somebody, later);
        assert_eq!(claim(0), Ok(Claim::Fresh));
        assert_eq!(claimed(&source, 0), Ok(Claim::Fresh));
        // Hours later it may still be under way, and is until the server starts again.
        let hours = 2 * 3_600_000_000;
        assert!(claim(hours).is_err_and(|refusal| refusal.code == "E0651"));
        end_cut_off(&house).unwrap();
        for later in [0, hours] {
            let Ok(Claim::Answered { status: 500, body }) = claim(later) else {
                panic!("{:?}", claim(later));
            };
            assert!(String::from_utf8_lossy(&body).contains("E0719"));
        }
        // Events are known by their own ids, and may be sent again.
        assert_eq!(claimed(&source, 0), Ok(Claim::Fresh));
    }

    #[test]
    fn bodies_that_differ_in_anything_else_are_two_requests() {
        // Packed ones of one length, numbers beyond a float, a member that is there twice.
        for (one, other, is_json) in [
            (&b"\x1f\x8b\x01"[..], &b"\x1f\x8b\x02"[..], false),
            (b"[9007199254740993]", b"[9007199254740992]", true),
            (br#"{"a":1,"a":2}"#, br#"{"a":3,"a":2}"#, true),
        ] {
            let name = |bytes| without_passwords(bytes, is_json);
            assert_ne!(name(one), name(other));
        }
    }

    /// The fields that hold something secret of every body that may come with a key.
    fn secrets(api: &Value, schema: &Value, path: &str, found: &mut Vec<String>) {
        let secret = ["password", "secret", "token", "old", "new"];
        if let Some(name) = schema["$ref"].as_str() {
            let name = name.rsplit('/').next().unwrap();
            return secrets(api, &api["components"]["schemas"][name], path, found);
        }
        for parts in ["oneOf", "anyOf", "allOf"] {
            for part in schema[parts].as_array().into_iter().flatten() {
                secrets(api, part, path, found);
            }
        }
        if schema["items"].is_object() {
            secrets(api, &schema["items"], path, found);
        }
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            if secret
                .iter()
                .any(|word| name.split('_').any(|part| part == *word))
                && !name.starts_with("keep")
            {
                found.push(format!("{path} {name}"));
            }
            secrets(api, field, path, found);
        }
    }

    #[test]
    fn every_secret_of_a_body_is_left_out_or_its_request_takes_no_key() {
        let api: Value = serde_json::from_str(&crate::description()).unwrap();
        let mut found = Vec::new();
        for (path, item) in api["paths"].as_object().unwrap() {
            for operation in item.as_object().unwrap().values() {
                let content = &operation["requestBody"]["content"]["application/json"];
                secrets(&api, &content["schema"], path, &mut found);
            }
        }
        assert!(
            found.iter().any(|one| one.ends_with("signers password")),
            "{found:?}"
        );
        found.retain(|one| {
            let (path, name) = one.split_once(' ').unwrap();
            !is_without(path) && !SECRET.contains(&name)
        });
        assert!(found.is_empty(), "a quick hash would be kept of {found:?}");
    }
}
