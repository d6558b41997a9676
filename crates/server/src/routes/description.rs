//! What the description of the API says besides what its routes say of themselves: names of
//! operations, `Idempotency-Key`, and how somebody shows who they are.

use handfast_accounts::KEY_BYTES;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{OpenApi, PathItem, RefOr, Required};

use super::described;
use crate::again;

/// What a browser holds.
const SESSION: &str = "session";
/// What a program shows.
const TOKEN: &str = "token";

/// Where strangers come in, or ask whether anybody is there: operations that look at nobody.
const OPEN: [&str; 5] = [
    "/healthz",
    "/readyz",
    "/api/v1/session",
    "/api/v1/setup",
    "/api/v1/invitations/",
];

/// The API's description as it is committed: OpenAPI 3.1, indented.
pub fn description() -> String {
    let (_, mut api) = described().split_for_parts();
    schemes(&mut api);
    for (path, item) in &mut api.paths.paths {
        for (method, operation) in operations(item) {
            operation.operation_id = Some(format!("{method}_{}", place(path)));
            if method != "get" && again::takes_key(method, path) {
                let parameters = operation.parameters.get_or_insert_default();
                parameters.push(RefOr::T(key()));
            }
            if !is_open(path) {
                operation.security = Some(shown(path));
            }
        }
    }
    api.to_pretty_json().unwrap_or_default() + "\n"
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let all = [
        ("get", &mut item.get),
        ("post", &mut item.post),
        ("put", &mut item.put),
        ("patch", &mut item.patch),
        ("delete", &mut item.delete),
    ];
    let all = all.into_iter();
    all.filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// An address as a word: with the method, no two operations have the same.
fn place(path: &str) -> String {
    let words = path
        .trim_start_matches("/api/v1")
        .split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_")
}

/// The header by which what is sent again is done once.
fn key() -> Parameter {
    let letters = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(KEY_BYTES))
        .pattern(Some("^[!-~]+$"));
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "A word of the sender's own for this request. Sent again with it within a day, the \
             request is done once and answered as the first time, with `Idempotency-Replayed: \
             true`; another request with it is refused.",
        ))
        .schema(Some(letters))
        .build()
}

/// How somebody shows who they are.
fn schemes(api: &mut OpenApi) {
    let session = ApiKeyValue::with_description(
        "handfast",
        "What a browser holds after signing in; by TLS it is called `__Host-handfast`. Whatever \
         changes something must come from our own page (`Origin` or `Sec-Fetch-Site`).",
    );
    let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(
        "A token that somebody made for a program of theirs, or the key of a source, which sends \
         events alone.",
    ));
    let parts = api.components.get_or_insert_default();
    let session = SecurityScheme::ApiKey(ApiKey::Cookie(session));
    parts.add_security_scheme(SESSION, session);
    parts.add_security_scheme(TOKEN, SecurityScheme::Http(token.build()));
}

fn is_open(path: &str) -> bool {
    OPEN.iter().any(|one| path.starts_with(one))
}

/// What an operation lets in: either of the two, but a password is a person's own to change, and
/// events come with a key.
fn shown(path: &str) -> Vec<SecurityRequirement> {
    let schemes: &[&str] = match path {
        "/api/v1/password" => &[SESSION],
        "/api/v1/events" => &[TOKEN],
        _ => &[SESSION, TOKEN],
    };
    let schemes = schemes.iter();
    let requirement = |name: &&str| SecurityRequirement::new(*name, Vec::<String>::new());
    schemes.map(requirement).collect()
}
