//! Every operation of the API × everybody who may send it, and what attackers try: the real binary
//! over HTTP, against the one table of rights.
// Clippy's leave for tests ends at the helpers beside them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use support::root;
use support::server::{OWNER, Sent, Server, invented};

/// What an operation needs: a word of the table of rights, several of them with `+`, or nothing.
const NOTHING: &str = "";
/// What it gives to whoever is in with a password; others have none to change.
const PASSWORD: &str = "password";

/// One line: the operation as the description calls it, the right, a request that reaches no
/// further than that right lets it, and the status that whoever has it gets.
type Line = (&'static str, &'static str, &'static str, &'static str, u16);

/// Operations whose bodies are whatever their senders have: files, and events of any shape.
const FREE: [&str; 2] = ["POST /api/v1/events", "POST /api/v1/uploads"];

/// `@` stands for a word of whoever sends it.
const TABLE: &[Line] = &[
    ("GET /healthz", NOTHING, "/healthz", "", 200),
    ("GET /readyz", NOTHING, "/readyz", "", 200),
    ("GET /api/v1/session", NOTHING, "/api/v1/session", "", 200),
    (
        "POST /api/v1/session",
        NOTHING,
        "/api/v1/session",
        r#"{"email":"@nobody@canary.example","password":"canary lamp orchard kettle"}"#,
        401,
    ),
    (
        "POST /api/v1/session/provider",
        NOTHING,
        "/api/v1/session/provider",
        r#"{"purpose":"sign_in"}"#,
        404,
    ),
    (
        "GET /api/v1/session/provider/back",
        NOTHING,
        "/api/v1/session/provider/back?state=canary&code=canary",
        "",
        404,
    ),
    (
        "POST /api/v1/setup",
        NOTHING,
        "/api/v1/setup",
        r#"{"token":"hfs_canary","name":"Canary","email":"c@canary.example","password":"canary lamp orchard kettle"}"#,
        403,
    ),
    (
        "POST /api/v1/invitations/read",
        NOTHING,
        "/api/v1/invitations/read",
        r#"{"token":"hfl_canary"}"#,
        403,
    ),
    (
        "POST /api/v1/invitations/accept",
        NOTHING,
        "/api/v1/invitations/accept",
        r#"{"token":"hfl_canary","password":"canary lamp orchard kettle"}"#,
        403,
    ),
    (
        "POST /api/v1/password",
        PASSWORD,
        "/api/v1/password",
        r#"{"old":"canary lamp orchard kettle","new":"canary lamp orchard kettle"}"#,
        401,
    ),
    (
        "POST /api/v1/events",
        "ingest",
        "/api/v1/events",
        r#"{"note":"canary"}"#,
        404,
    ),
    ("GET /api/v1/sources", "import", "/api/v1/sources", "", 200),
    ("GET /api/v1/imports", "import", "/api/v1/imports", "", 200),
    (
        "POST /api/v1/imports",
        "import",
        "/api/v1/imports",
        r#"{"source":"site","uploads":["canary"],"dry_run":true}"#,
        404,
    ),
    (
        "POST /api/v1/imports/mended",
        "import",
        "/api/v1/imports/mended",
        r#"{"upload":"canary"}"#,
        404,
    ),
    (
        "POST /api/v1/imports/{run}/undo",
        "import",
        "/api/v1/imports/999/undo",
        "",
        404,
    ),
    (
        "GET /api/v1/imports/{run}/aside",
        "import+personal",
        "/api/v1/imports/999/aside",
        "",
        404,
    ),
    (
        "GET /api/v1/imports/aside",
        "import+personal",
        "/api/v1/imports/aside",
        "",
        200,
    ),
    (
        "POST /api/v1/reconcile",
        "read",
        "/api/v1/reconcile",
        r#"{"by":"century","currency":"EUR","lines":[]}"#,
        400,
    ),
    ("GET /api/v1/jobs", "import", "/api/v1/jobs", "", 200),
    (
        "GET /api/v1/jobs/{id}",
        "import",
        "/api/v1/jobs/canary",
        "",
        404,
    ),
    (
        "GET /api/v1/jobs/{id}/aside",
        "import+personal",
        "/api/v1/jobs/canary/aside",
        "",
        404,
    ),
    (
        "POST /api/v1/jobs/{id}/cancel",
        "import",
        "/api/v1/jobs/canary/cancel",
        "",
        404,
    ),
    ("GET /api/v1/uploads", "import", "/api/v1/uploads", "", 200),
    (
        "POST /api/v1/uploads",
        "import",
        "/api/v1/uploads?name=canary.csv",
        "id\n1\n",
        201,
    ),
    (
        "DELETE /api/v1/uploads/{id}",
        "import",
        "/api/v1/uploads/canary",
        "",
        404,
    ),
    (
        "POST /api/v1/wizard/look",
        "import",
        "/api/v1/wizard/look",
        r#"{"uploads":["canary"]}"#,
        404,
    ),
    (
        "POST /api/v1/wizard/preview",
        "import",
        "/api/v1/wizard/preview",
        r#"{"uploads":["canary"]}"#,
        404,
    ),
    (
        "POST /api/v1/wizard/save",
        "import",
        "/api/v1/wizard/save",
        r#"{"uploads":["canary"]}"#,
        404,
    ),
    (
        "POST /api/v1/wizard/begin",
        "settings+propose",
        "/api/v1/wizard/begin",
        r#"{"files":[{"path":"stages.toml","text":"canary"}]}"#,
        409,
    ),
    ("GET /api/v1/book", "read", "/api/v1/book", "", 200),
    ("GET /api/v1/metrics", "read", "/api/v1/metrics", "", 200),
    (
        "GET /api/v1/metrics/{name}",
        "read",
        "/api/v1/metrics/win_rate",
        "",
        200,
    ),
    (
        "GET /api/v1/ask/{kind}",
        "read",
        "/api/v1/ask/funnel",
        "",
        200,
    ),
    // Who somebody is, and what became of whoever has an address.
    (
        "GET /api/v1/ask/{kind}",
        "read+personal",
        "/api/v1/ask/identity?of=nobody%40firm.example",
        "",
        400,
    ),
    (
        "GET /api/v1/ask/{kind}",
        "read+personal",
        "/api/v1/ask/journey?of=nobody%40firm.example",
        "",
        400,
    ),
    (
        "GET /api/v1/ask/{kind}/records",
        "read",
        "/api/v1/ask/funnel/records?column=won&limit=1",
        "",
        200,
    ),
    (
        "GET /api/v1/ask/{kind}/csv",
        "export",
        "/api/v1/ask/funnel/csv",
        "",
        200,
    ),
    (
        "GET /api/v1/ask/{kind}/xlsx",
        "export",
        "/api/v1/ask/funnel/xlsx",
        "",
        200,
    ),
    (
        "GET /api/v1/ask/{kind}/passport",
        "export",
        "/api/v1/ask/funnel/passport",
        "",
        200,
    ),
    ("GET /api/v1/people", "people", "/api/v1/people", "", 200),
    (
        "POST /api/v1/people",
        "people",
        "/api/v1/people",
        r#"{"name":"Canary","email":"no canary address","role":"viewer"}"#,
        400,
    ),
    (
        "PATCH /api/v1/people/{id}",
        "people",
        "/api/v1/people/canary",
        r#"{"name":"Canary"}"#,
        404,
    ),
    (
        "DELETE /api/v1/people/{id}",
        "people",
        "/api/v1/people/canary",
        "",
        404,
    ),
    (
        "POST /api/v1/people/{id}/link",
        "people",
        "/api/v1/people/canary/link",
        "",
        404,
    ),
    (
        "GET /api/v1/people/{id}/sessions",
        "people",
        "/api/v1/people/canary/sessions",
        "",
        404,
    ),
    (
        "DELETE /api/v1/people/{id}/sessions/{session}",
        "people",
        "/api/v1/people/canary/sessions/canary",
        "",
        404,
    ),
    (
        "POST /api/v1/persons/forget",
        "erase",
        "/api/v1/persons/forget",
        r#"{"key":"canary"}"#,
        400,
    ),
    (
        "POST /api/v1/persons/export",
        "erase+personal",
        "/api/v1/persons/export",
        r#"{"key":"nobody@firm.example"}"#,
        404,
    ),
    ("GET /api/v1/tokens", "tokens", "/api/v1/tokens", "", 200),
    (
        "POST /api/v1/tokens",
        "tokens",
        "/api/v1/tokens",
        r#"{"name":"Canary","scopes":[],"days":1}"#,
        400,
    ),
    (
        "DELETE /api/v1/tokens/{id}",
        "tokens",
        "/api/v1/tokens/canary",
        "",
        404,
    ),
    ("GET /api/v1/keys", "settings", "/api/v1/keys", "", 200),
    (
        "POST /api/v1/keys",
        "settings",
        "/api/v1/keys",
        r#"{"source":"","name":"Canary"}"#,
        400,
    ),
    (
        "DELETE /api/v1/keys/{id}",
        "settings",
        "/api/v1/keys/canary",
        "",
        404,
    ),
    ("GET /api/v1/audit", "audit", "/api/v1/audit", "", 200),
    (
        "GET /api/v1/audit/jsonl",
        "audit",
        "/api/v1/audit/jsonl",
        "",
        200,
    ),
    (
        "GET /api/v1/audit/verify",
        "audit",
        "/api/v1/audit/verify",
        "",
        200,
    ),
    ("GET /api/v1/charter", "read", "/api/v1/charter", "", 200),
    (
        "GET /api/v1/charter/log",
        "read",
        "/api/v1/charter/log",
        "",
        200,
    ),
    (
        "GET /api/v1/charter/drafts",
        "read",
        "/api/v1/charter/drafts",
        "",
        200,
    ),
    (
        "GET /api/v1/charter/drafts/{name}",
        "read",
        "/api/v1/charter/drafts/nothing",
        "",
        404,
    ),
    (
        "POST /api/v1/charter/drafts",
        "propose",
        "/api/v1/charter/drafts",
        r#"{"name":"nothing","why":"Canary","files":[]}"#,
        400,
    ),
    (
        "GET /api/v1/charter/drafts/{name}/rehearse",
        "propose",
        "/api/v1/charter/drafts/nothing/rehearse",
        "",
        404,
    ),
    (
        "POST /api/v1/charter/drafts/{name}/comments",
        "propose",
        "/api/v1/charter/drafts/nothing/comments",
        r#"{"words":"Canary"}"#,
        404,
    ),
    (
        "POST /api/v1/charter/drafts/{name}/withdraw",
        "propose",
        "/api/v1/charter/drafts/nothing/withdraw",
        r#"{"words":"Canary"}"#,
        404,
    ),
    (
        "POST /api/v1/charter/drafts/{name}/sign",
        "propose",
        "/api/v1/charter/drafts/nothing/sign",
        r#"{"password":"canary lamp orchard kettle"}"#,
        404,
    ),
    (
        "POST /api/v1/charter/signers",
        "propose",
        "/api/v1/charter/signers",
        r#"{"team":"nobodys","password":"canary lamp orchard kettle"}"#,
        400,
    ),
    ("GET /api/v1/accounts", "read", "/api/v1/accounts", "", 200),
    (
        "GET /api/v1/search",
        "read",
        "/api/v1/search?text=a",
        "",
        200,
    ),
    (
        "GET /api/v1/deals/{key}",
        "read",
        "/api/v1/deals/nothing",
        "",
        404,
    ),
    (
        "POST /api/v1/deals/{key}/disputes",
        "dispute",
        "/api/v1/deals/nothing/disputes",
        r#"{"team":"nobodys","story":"Canary"}"#,
        400,
    ),
    (
        "POST /api/v1/deals/{key}/rulings",
        "dispute",
        "/api/v1/deals/nothing/rulings",
        r#"{"ruling":"Canary"}"#,
        400,
    ),
    ("GET /api/v1/periods", "read", "/api/v1/periods", "", 200),
    (
        "GET /api/v1/periods/restatements",
        "read",
        "/api/v1/periods/restatements",
        "",
        200,
    ),
    (
        "POST /api/v1/periods/close",
        "close",
        "/api/v1/periods/close",
        r#"{"period":"no period","why":"Canary"}"#,
        400,
    ),
    (
        "POST /api/v1/periods/reopen",
        "close",
        "/api/v1/periods/reopen",
        r#"{"period":"no period","why":"Canary"}"#,
        400,
    ),
    (
        "POST /api/v1/periods/assert",
        "close",
        "/api/v1/periods/assert",
        r#"{"balance":"no balance"}"#,
        400,
    ),
    (
        "POST /api/v1/periods/retract",
        "close",
        "/api/v1/periods/retract",
        r#"{"seq":9999,"why":"Canary"}"#,
        400,
    ),
    ("GET /api/v1/meetings", "read", "/api/v1/meetings", "", 200),
    (
        "GET /api/v1/meetings/report",
        "read",
        "/api/v1/meetings/report",
        "",
        200,
    ),
    (
        "GET /api/v1/meetings/packs/{rhythm}",
        "read",
        "/api/v1/meetings/packs/never",
        "",
        404,
    ),
    (
        "POST /api/v1/meetings/packs/{rhythm}/close",
        "meet",
        "/api/v1/meetings/packs/weekly/close",
        r#"{"on":"no day","attended":["nobodys:Canary"]}"#,
        400,
    ),
    (
        "GET /api/v1/meetings/closed/{number}",
        "read",
        "/api/v1/meetings/closed/9999",
        "",
        404,
    ),
    (
        "GET /api/v1/meetings/closed/{number}/verify",
        "read",
        "/api/v1/meetings/closed/9999/verify",
        "",
        404,
    ),
    (
        "POST /api/v1/meetings/cadences/{rhythm}",
        "meet",
        "/api/v1/meetings/cadences/weekly",
        r#"{"day":"no day","at":"Canary"}"#,
        400,
    ),
    (
        "POST /api/v1/meetings/decisions",
        "meet",
        "/api/v1/meetings/decisions",
        r#"{"what":"Canary","owner":"Canary","due":"no day"}"#,
        400,
    ),
    (
        "POST /api/v1/meetings/decisions/{number}/settle",
        "meet",
        "/api/v1/meetings/decisions/9999/settle",
        r#"{"state":"kept","because":"Canary"}"#,
        404,
    ),
    (
        "POST /api/v1/exports",
        "export",
        "/api/v1/exports",
        r#"{"table":"accounts","rows":7}"#,
        204,
    ),
    ("GET /api/v1/views", "read", "/api/v1/views", "", 200),
    (
        "POST /api/v1/views",
        "note",
        "/api/v1/views",
        r#"{"name":"","address":"/canary"}"#,
        400,
    ),
    (
        "DELETE /api/v1/views/{id}",
        "note",
        "/api/v1/views/canary",
        "",
        404,
    ),
    ("GET /api/v1/notes", "read", "/api/v1/notes", "", 200),
    (
        "POST /api/v1/notes",
        "note",
        "/api/v1/notes",
        r#"{"question":"canary","words":""}"#,
        400,
    ),
    (
        "DELETE /api/v1/notes/{id}",
        "note",
        "/api/v1/notes/canary",
        "",
        404,
    ),
    // Last, for these end their sessions.
    (
        "POST /api/v1/session/guest",
        NOTHING,
        "/api/v1/session/guest",
        "",
        200,
    ),
    (
        "DELETE /api/v1/session",
        NOTHING,
        "/api/v1/session",
        "",
        204,
    ),
];

/// Headers of every answer, whatever it is; `*` where each has another.
const HEADERS: [(&str, &str); 8] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    ),
    (
        "content-security-policy",
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("cache-control", "*"),
    ("x-request-id", "*"),
];

/// The operations of the committed description, and whether each takes a body.
fn described() -> BTreeMap<String, bool> {
    let text = std::fs::read_to_string(root().join("crates/server/openapi.json")).unwrap();
    let all: Value = serde_json::from_str(&text).unwrap();
    let mut operations = BTreeMap::new();
    for (path, item) in all["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = format!("{} {path}", method.to_uppercase());
            operations.insert(name, operation["requestBody"].is_object());
        }
    }
    operations
}

/// The operations that the description lets nobody in to who does not say who they are.
fn closed() -> BTreeSet<String> {
    let text = std::fs::read_to_string(root().join("crates/server/openapi.json")).unwrap();
    let all: Value = serde_json::from_str(&text).unwrap();
    let mut closed = BTreeSet::new();
    for (path, item) in all["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if operation["security"].is_array() {
                closed.insert(format!("{} {path}", method.to_uppercase()));
            }
        }
    }
    closed
}

/// Who has which right, read from the page that the table in `accounts` prints.
fn rights() -> BTreeSet<(String, String)> {
    let page = std::fs::read_to_string(root().join("docs/reference/rights.md")).unwrap();
    let mut rows = page.lines().filter(|line| line.starts_with("| "));
    let cells = |line: &str| -> Vec<String> {
        let cells = line.trim_matches('|').split('|');
        cells.map(|cell| cell.trim().to_owned()).collect()
    };
    let actors = cells(rows.next().unwrap());
    let mut held = BTreeSet::new();
    for row in rows.map(cells) {
        for (actor, cell) in actors.iter().zip(&row).skip(2) {
            if cell == "yes" {
                held.insert((actor.clone(), row[0].clone()));
            }
        }
    }
    held
}

/// What a sender shows: a cookie, or a token or key.
fn shows<'a>(server: &'a Server, secret: &'a str) -> Vec<(&'a str, String)> {
    let mut headers = vec![
        ("origin", server.url.clone()),
        ("content-type", "application/json".to_owned()),
    ];
    match secret.starts_with("handfast=") {
        true => headers.push(("cookie", secret.to_owned())),
        false if secret.is_empty() => {}
        false => headers.push(("authorization", format!("Bearer {secret}"))),
    }
    headers
}

fn send(server: &Server, method: &str, path: &str, secret: &str, body: &str) -> Sent {
    let headers = shows(server, secret);
    let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
    server.send(method, path, &headers, body)
}

/// Whoever may send something: all roles, a guest, a token for reading alone, a source's key.
fn everybody(server: &Server, owner: &str) -> BTreeMap<&'static str, String> {
    let mut all = BTreeMap::from([("stranger", String::new()), ("owner", owner.to_owned())]);
    for role in ["viewer", "analyst", "marketing", "sales", "admin"] {
        all.insert(role, server.person(owner, role));
    }
    let guest = server.post("/api/v1/session/guest", "", "").session();
    all.insert("guest", guest);
    let token = r#"{"name":"reads","scopes":["read"],"days":7}"#;
    let made = server.post("/api/v1/tokens", &all["analyst"], token).json();
    all.insert("token", made["secret"].as_str().unwrap().to_owned());
    let key = r#"{"source":"site","name":"the site"}"#;
    let made = server.post("/api/v1/keys", owner, key).json();
    all.insert("key", made["secret"].as_str().unwrap().to_owned());
    all
}

#[test]
fn every_operation_gives_everybody_what_the_table_of_rights_says() {
    let described = described();
    let lines: BTreeSet<&str> = TABLE.iter().map(|line| line.0).collect();
    let without: Vec<_> = described
        .keys()
        .filter(|one| !lines.contains(one.as_str()))
        .collect();
    assert!(without.is_empty(), "no line in TABLE for {without:?}");
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(&["serve", &invented(&dir), "--listen", "127.0.0.1:0"]);
    let owner = server.owner();
    let everybody = everybody(&server, &owner);
    let mut rights = rights();
    // A right that no operation asks is none. For which side somebody signs is known by the draft.
    let asked: BTreeSet<&str> = TABLE.iter().flat_map(|line| line.1.split('+')).collect();
    for (_, right) in &rights {
        let is_asked = asked.contains(right.as_str()) || right.starts_with("sign_");
        assert!(is_asked, "nothing asks for the right `{right}`");
    }
    rights.insert(("token".to_owned(), "read".to_owned()));
    let (mut wrong, closed) = (Vec::new(), closed());
    for (operation, right, path, body, status) in TABLE {
        assert!(described.contains_key(*operation), "{operation} is gone");
        let is_closed = closed.contains(*operation);
        assert_eq!(is_closed, *right != NOTHING, "{operation} is described so");
        let (method, _) = operation.split_once(' ').unwrap();
        if described[*operation] && *right != NOTHING {
            // What a body lacks is no stranger's to know.
            let given = send(&server, method, path, "", "{");
            if (given.status, &given.json()["code"]) != (401, &json!("E0620")) {
                wrong.push(format!(
                    "a stranger's odd body: {operation}: {}",
                    given.body
                ));
            }
        }
        for (actor, secret) in &everybody {
            let may = match *right {
                NOTHING => true,
                PASSWORD => !["stranger", "guest", "token", "key"].contains(actor),
                right => right
                    .split('+')
                    .all(|right| rights.contains(&((*actor).to_owned(), right.to_owned()))),
            };
            let (status, code) = match (may, *actor) {
                (true, _) => (*status, None),
                (false, "stranger") => (401, Some("E0620")),
                (false, _) if *right == PASSWORD => (401, Some("E0620")),
                (false, _) => (403, Some("E0621")),
            };
            let given = send(&server, method, path, secret, &body.replace('@', actor));
            let is_code = code.is_none_or(|code| given.json()["code"] == code);
            if given.status != status || !is_code {
                wrong.push(format!(
                    "{actor}: {operation}: {} {}",
                    given.status, given.body
                ));
            }
            wrong.extend(undressed(&given).map(|why| format!("{actor}: {operation}: {why}")));
            // Nothing that was typed comes back in a refusal, nor is written down.
            if given.status >= 400 && given.body.to_lowercase().contains("canary") {
                wrong.push(format!("{actor}: {operation}: says {}", given.body));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let counters = server.get("/metrics", "");
    assert!(
        counters.body.contains("/api/v1/people/{id}"),
        "{}",
        counters.body
    );
    let lines = server.said().join("\n");
    assert!(lines.contains("/api/v1/people/{id}"), "{lines}");
    for text in [&counters.body, &lines] {
        let secrets = everybody.values().filter(|secret| !secret.is_empty());
        let secrets = secrets.map(|secret| secret.trim_start_matches("handfast="));
        for secret in secrets.chain(["canary", "Canary", OWNER]) {
            assert!(!text.contains(secret), "{secret} is written down:\n{text}");
        }
    }
}

/// What an answer lacks of its headers.
fn undressed(given: &Sent) -> impl Iterator<Item = String> {
    let lacking = HEADERS.iter().filter(|(name, value)| {
        let found = given.header(name);
        found.is_none_or(|found| *value != "*" && found != *value)
    });
    let too_much = given.header("server").map(|name| format!("server: {name}"));
    let lacking = lacking.map(|(name, _)| format!("another {name}"));
    lacking.chain(too_much).collect::<Vec<_>>().into_iter()
}

#[test]
fn what_attackers_send_does_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(&["serve", &invented(&dir), "--listen", "127.0.0.1:0"]);
    let owner = server.owner();
    let described = described();
    for (operation, _, path, body, _) in TABLE {
        let (method, _) = operation.split_once(' ').unwrap();
        if method == "GET" {
            continue;
        }
        let is_free = FREE.contains(operation);
        let body = if is_free { "" } else { *body };
        forged(&server, &owner, (method, path, body));
        if described[*operation] && !is_free {
            widened(&server, &owner, (method, path, body));
        }
    }
    // All of that changed nothing, and the owner is still in.
    assert_eq!(server.get("/api/v1/people", &owner).status, 200);
    paths(&server, &owner);
    nowhere(&server, &owner);
    mirrored(&server, &owner);
    fixation(&server);
    guessing(&server);
    reuse(&server, &owner);
}

/// Pages of other sites, forms and a plain link act in nobody's name.
fn forged(server: &Server, owner: &str, (method, path, body): (&str, &str, &str)) {
    let cookie = ("cookie", owner);
    let json = ("content-type", "application/json");
    let own = ("origin", server.url.as_str());
    let forged = [
        vec![cookie, json],
        vec![cookie, json, ("origin", "http://evil.example")],
        vec![cookie, json, ("origin", "null")],
        vec![cookie, json, own, ("sec-fetch-site", "cross-site")],
        vec![cookie, json, own, ("sec-fetch-site", "same-site")],
    ];
    for headers in forged {
        let given = server.send(method, path, &headers, body);
        assert_eq!(
            (given.status, &given.json()["code"]),
            (403, &json!("E0711")),
            "{path}"
        );
    }
    if !body.is_empty() {
        for kind in ["text/plain", "application/x-www-form-urlencoded"] {
            let headers = [cookie, own, ("content-type", kind)];
            let given = server.send(method, path, &headers, body);
            assert_eq!(given.status, 415, "{method} {path} as {kind}");
        }
    }
}

/// A field that is not declared is refused, and not left out without a word.
fn widened(server: &Server, owner: &str, (method, path, body): (&str, &str, &str)) {
    for field in ["workspace_id", "is_owner", "__proto__"] {
        let mut sent: Value = serde_json::from_str(body).unwrap();
        sent[field] = json!("owner");
        let given = send(server, method, path, owner, &sent.to_string());
        assert_eq!(
            given.json()["code"],
            "E0704",
            "{method} {path} with {field}"
        );
    }
}

/// Names of files lead nowhere.
fn paths(server: &Server, owner: &str) {
    for path in [
        "/assets/..%2f..%2f..%2f..%2fetc%2fpasswd",
        "/assets/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/assets//etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/api/v1/ask/..%2f..%2fhandfast.toml",
        "/api/v1/ask/funnel?charter=%2Fetc",
        "/api/v1/ask/funnel?charter=..%2Fcharter",
        "/api/v1/metrics/..%2F..%2Fetc%2Fpasswd",
        "/api/v1/people/..%2F..%2Fdata%2Fpeople.db/sessions",
        "/api/v1/people/%00/sessions",
        "/api/v1/people/%FF/sessions",
    ] {
        let given = server.get(path, owner);
        let is_page = given.status == 200 && given.body.contains("<!doctype html>");
        assert!(
            is_page || given.status / 100 == 4,
            "{path}: {}",
            given.status
        );
        for leaked in ["root:", "format = 1", "SQLite", "/tmp", "No such file"] {
            assert!(!given.body.contains(leaked), "{path}: {}", given.body);
        }
    }
}

/// Whoever may not see a thing learns nothing of whether it is there, whatever is asked of it: each
/// operation with an id in its address, for one that is there and for one that never was.
fn nowhere(server: &Server, owner: &str) {
    let (there, session) = there(server, owner);
    let everybody = everybody(server, owner);
    let mut rights = rights();
    rights.insert(("token".to_owned(), "read".to_owned()));
    let mut asked = BTreeSet::new();
    for (operation, right, path, body, _) in TABLE {
        let (method, template) = operation.split_once(' ').unwrap();
        // The first line of an operation is the one that any of its addresses has.
        if !template.contains('{') || asked.contains(operation) {
            continue;
        }
        let mut parts = template.split('/').skip(3);
        let kind = match parts.next().unwrap() {
            "meetings" => parts.next().unwrap(),
            kind => kind,
        };
        let (id, never) = there.get(kind).unwrap_or_else(|| panic!("no {kind}"));
        for (actor, secret) in &everybody {
            let has = |right: &str| rights.contains(&((*actor).to_owned(), right.to_owned()));
            // What somebody made is theirs; whoever looks after people ends anybody's tokens.
            let is_own = match kind {
                "views" | "notes" => *actor != "owner",
                "tokens" => !has("people"),
                _ => false,
            };
            if right.split('+').all(has) && !is_own {
                continue;
            }
            let given = |id: &str| {
                let address = filled(template, [id, &session], path);
                let given = send(server, method, &address, secret, body);
                (given.status, without(given.json(), id))
            };
            let (one, none) = (given(id), given(never));
            assert_eq!(one, none, "{actor}: {operation}");
            let is_refused = matches!(one.0, 401 | 403 | 404);
            assert!(is_refused, "{actor}: {operation}: {one:?}");
            asked.insert(operation);
        }
    }
    let lines = TABLE.iter().map(|line| &line.0);
    let with_ids: BTreeSet<_> = lines.filter(|one| one.contains('{')).collect();
    assert_eq!(asked, with_ids);
}

/// An address of a template with these in it, and what the line's own asks behind it.
fn filled(template: &str, [id, second]: [&str; 2], path: &str) -> String {
    let parts: Vec<&str> = template.split('/').collect();
    let mut ids = [id, second].into_iter();
    let fill = |part: &&str| match part.starts_with('{') {
        true => ids.next().unwrap().to_owned(),
        false => (*part).to_owned(),
    };
    let parts: Vec<String> = parts.iter().map(fill).collect();
    let asked = path.find('?').map_or("", |at| &path[at..]);
    format!("{}{asked}", parts.join("/"))
}

/// A refusal without what is of one request alone: its id, and the id that was asked for. Words as
/// short as a number may stand anywhere, and are left as they are.
fn without(mut json: Value, id: &str) -> Value {
    match &mut json {
        Value::Object(fields) => {
            fields.remove("request_id");
            for value in fields.values_mut() {
                *value = without(value.take(), id);
            }
        }
        Value::String(text) if id.len() > 8 => *text = text.replace(id, "ID"),
        _ => {}
    }
    json
}

/// What there is of each kind of thing with an id in an address: its id, and one that never was.
/// And a session of the owner's.
fn there(server: &Server, owner: &str) -> (BTreeMap<&'static str, (String, String)>, String) {
    let made = |path: &str, body: &str, id: &str| {
        let made = server.post(&format!("/api/v1/{path}"), owner, body);
        assert!(made.status < 300, "{path}: {}", made.body);
        let json = made.json();
        json.pointer(id).unwrap().as_str().unwrap().to_owned()
    };
    let token = r#"{"name":"of the owner","scopes":["read"],"days":7}"#;
    let question = server.get("/api/v1/ask/funnel", owner).json()["question"]["text"].clone();
    let note = json!({"question": question, "column": "won", "words": "ours"}).to_string();
    let view = r#"{"name":"ours","address":"/funnel"}"#;
    let person = server.get("/api/v1/session", owner).json()["person"]["id"].clone();
    let person = person.as_str().unwrap().to_owned();
    let sessions = server.get(&format!("/api/v1/people/{person}/sessions"), owner);
    let session = sessions.json()["sessions"][0]["id"].clone();
    let (job, run) = imported(server, owner);
    let met = |path: &str, body: &str| {
        let met = server.post(&format!("/api/v1/meetings/{path}"), owner, body);
        assert_eq!(met.status, 200, "{path}: {}", met.body);
        met.json()["seq"].to_string()
    };
    let attended = r#"{"on":"2017-03-06","attended":["sales:Bob"]}"#;
    let decision = r#"{"what":"call sooner","owner":"Bob","due":"2999-12-31"}"#;
    let ids = [
        ("uploads", sent(server, owner, "a.csv", "id\n1\n")),
        ("tokens", made("tokens", token, "/token/id")),
        (
            "keys",
            made("keys", r#"{"source":"site","name":"x"}"#, "/key/id"),
        ),
        ("views", made("views", view, "/id")),
        ("notes", made("notes", &note, "/id")),
        ("people", person),
        ("jobs", job),
        ("charter", proposed(server, owner)),
        ("deals", DEAL.to_owned()),
        ("imports", run),
        ("ask", "funnel".to_owned()),
        ("metrics", "win_rate".to_owned()),
        ("packs", "weekly".to_owned()),
        ("cadences", "weekly".to_owned()),
        ("closed", met("packs/weekly/close", attended)),
        ("decisions", met("decisions", decision)),
    ];
    let mirrored = ids.map(|(kind, id)| {
        let never = match kind {
            "imports" | "closed" | "decisions" => "999".to_owned(),
            _ => id.chars().rev().collect(),
        };
        assert_ne!(id, never, "{kind}");
        (kind, (id, never))
    });
    let session = session.as_str().unwrap().to_owned();
    (BTreeMap::from(mirrored), session)
}

/// A deal that is imported.
const DEAL: &str = "7Q3X-OF-THE-WEST";

/// Sends a file; gives its id.
fn sent(server: &Server, owner: &str, name: &str, text: &str) -> String {
    let headers = [("origin", server.url.as_str()), ("cookie", owner)];
    let path = format!("/api/v1/uploads?name={name}");
    let sent = server.send("POST", &path, &headers, text);
    assert_eq!(sent.status, 201, "{}", sent.body);
    sent.json()["id"].as_str().unwrap().to_owned()
}

/// Imports a deal; gives the job's id and the import's number.
fn imported(server: &Server, owner: &str) -> (String, String) {
    let deals = format!(
        "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n\
         {DEAL},Kim,GTX Basic,Firm,Won,10/20/2016,3/1/2017,1054\n"
    );
    let products = "product,series,sales_price\nGTX Basic,GTX,550\n";
    let files = [("products.csv", products), ("sales_pipeline.csv", &deals)];
    let uploads = files.map(|(name, text)| sent(server, owner, name, text));
    let asked = json!({"source": "maven", "uploads": uploads}).to_string();
    let begun = server.post("/api/v1/imports", owner, &asked);
    assert_eq!(begun.status, 202, "{}", begun.body);
    let job = begun.json()["id"].as_str().unwrap().to_owned();
    for _ in 0..600 {
        let now = server.get(&format!("/api/v1/jobs/{job}"), owner).json();
        if now["state"] != "running" {
            let run = now["result"]["run"].as_u64();
            return (job, run.unwrap_or_else(|| panic!("{now}")).to_string());
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("the import does not end");
}

/// Proposes a charter; gives the draft's name.
fn proposed(server: &Server, owner: &str) -> String {
    let charter = server.get("/api/v1/charter", owner).json();
    let files = charter["files"].as_array().unwrap().iter().map(|file| {
        let text = file["text"].as_str().unwrap();
        let text = text.replace("A buyer answers.", "A buyer has answered.");
        json!({"path": file["path"], "text": text})
    });
    let files: Vec<Value> = files.collect();
    let body = json!({"name": "of-the-owner", "why": "noise", "files": files}).to_string();
    let made = server.post("/api/v1/charter/drafts", owner, &body);
    assert_eq!(made.status, 200, "{}", made.body);
    "of-the-owner".to_owned()
}

/// What is another's is as little there as what is nobody's.
fn mirrored(server: &Server, owner: &str) {
    let others = ["viewer", "analyst", "marketing"];
    let others = others.map(|role| server.person(owner, role));
    let analyst = others[1].clone();
    let token = r#"{"name":"of the owner","scopes":["read"],"days":7}"#;
    let token = server.post("/api/v1/tokens", owner, token).json()["token"]["id"].clone();
    let view = r#"{"name":"of the owner","address":"/funnel?by=channel"}"#;
    let view = server.post("/api/v1/views", owner, view).json()["id"].clone();
    for (kind, id) in [("tokens", token), ("views", view)] {
        let theirs = id.as_str().unwrap().to_owned();
        let mirror: String = theirs.chars().rev().collect();
        for other in &others {
            let body = |id: &str| {
                let path = format!("/api/v1/{kind}/{id}");
                let given = send(server, "DELETE", &path, other, "");
                let mut json = given.json();
                json["request_id"] = Value::Null;
                (given.status, json.to_string().replace(id, "ID"))
            };
            assert_eq!(body(&theirs), body(&mirror), "{kind}");
            assert!(matches!(body(&theirs).0, 403 | 404), "{kind}");
        }
    }
    let kept = server.get("/api/v1/views", owner).body;
    assert!(kept.contains("of the owner"), "{kept}");
    let session = server.get("/api/v1/session", owner).json();
    let person = session["person"]["id"].as_str().unwrap().to_owned();
    let sessions = |id: &str| {
        let given = server.get(&format!("/api/v1/people/{id}/sessions"), &analyst);
        (given.status, given.json()["code"].clone())
    };
    assert_eq!(sessions(&person), sessions("nobody"));
    assert_eq!(sessions(&person).0, 403);
    // A session is ended under its own person alone.
    let open = server.get(&format!("/api/v1/people/{person}/sessions"), owner);
    let open = open.json()["sessions"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let other = server.get("/api/v1/session", &analyst).json();
    let other = other["person"]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/people/{other}/sessions/{open}");
    assert_eq!(send(server, "DELETE", &path, owner, "").status, 404);
}

/// A secret that somebody else chose, or had before, opens nothing after a sign-in.
fn fixation(server: &Server) {
    let before = server.post("/api/v1/session/guest", "", "").session();
    let body = json!({"email": OWNER, "password": support::server::PASSWORD}).to_string();
    let chosen = format!("handfast=hfc_{}", "0".repeat(64));
    for given in [&before, &chosen] {
        let signed_in = server.post("/api/v1/session", given, &body);
        assert_eq!(signed_in.json()["person"]["role"], "owner");
        assert_ne!(signed_in.session(), *given);
        assert_eq!(
            server.get("/api/v1/session", given).json()["kind"],
            "stranger"
        );
    }
}

/// A password is guessed a few times, and an account that is not there is guessed like one.
fn guessing(server: &Server) {
    for email in [OWNER, "nobody@firm.example"] {
        let body = json!({"email": email, "password": "a guess or two or three"}).to_string();
        let tries = (0..6).map(|_| server.post("/api/v1/session", "", &body));
        let statuses: Vec<u16> = tries.map(|given| given.status).collect();
        assert_eq!(statuses[..3], [401; 3], "{email}: {statuses:?}");
        assert_eq!(statuses[5], 429, "{email}: {statuses:?}");
        let last = server.post("/api/v1/session", "", &body);
        let wait = last.header("retry-after").unwrap_or_default();
        assert!(wait.parse::<u32>().is_ok_and(|wait| wait > 0), "{wait:?}");
    }
}

/// What ended opens nothing: after signing out, after another password, after being kept out.
fn reuse(server: &Server, owner: &str) {
    let is_in = |secret: &str| send(server, "GET", "/api/v1/book", secret, "").status == 200;
    let out = server.person(owner, "sales");
    assert!(is_in(&out));
    send(server, "DELETE", "/api/v1/session", &out, "");
    assert!(!is_in(&out));
    let first = server.person(owner, "sales");
    let token = r#"{"name":"reads","scopes":["read"],"days":7}"#;
    let program = server.post("/api/v1/tokens", &first, token).json();
    let program = program["secret"].as_str().unwrap().to_owned();
    assert!(is_in(&program));
    let words = json!({"old": support::server::PASSWORD, "new": "violet harbour nineteen ladder"});
    let second = server.post("/api/v1/password", &first, &words.to_string());
    assert!(!is_in(&first) && !is_in(&program) && is_in(&second.session()));
    let kept_out = server.person(owner, "analyst");
    let token = r#"{"name":"reads","scopes":["read"],"days":7}"#;
    let token = server.post("/api/v1/tokens", &kept_out, token).json();
    let token = token["secret"].as_str().unwrap().to_owned();
    assert!(is_in(&kept_out) && is_in(&token));
    let id = server.get("/api/v1/session", &kept_out).json()["person"]["id"].clone();
    let path = format!("/api/v1/people/{}", id.as_str().unwrap());
    let changed = send(server, "PATCH", &path, owner, r#"{"is_disabled":true}"#);
    assert_eq!(changed.json()["is_disabled"], true);
    assert!(!is_in(&kept_out) && !is_in(&token));
}

#[test]
fn a_request_that_is_repeated_is_done_once() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(&["serve", &invented(&dir), "--listen", "127.0.0.1:0"]);
    let owner = server.owner();
    let keyed = |method: &str, path: &str, key: &str, body: &str| {
        let headers = [
            ("origin", server.url.as_str()),
            ("cookie", owner.as_str()),
            ("content-type", "application/json"),
            ("idempotency-key", key),
        ];
        server.send(method, path, &headers, body)
    };
    let acts = || -> Vec<String> {
        let log = server.get("/api/v1/audit", &owner).json();
        let entries = log["entries"].as_array().unwrap().iter().rev();
        entries
            .map(|one| one["act"].as_str().unwrap().to_owned())
            .collect()
    };
    // What makes a secret is done once, and its secret is shown once.
    let key = r#"{"source":"site","name":"the site"}"#;
    let made = keyed("POST", "/api/v1/keys", "k-1", key);
    assert_eq!(made.status, 201, "{}", made.body);
    let secret = made.json()["secret"].as_str().unwrap().to_owned();
    let repeated = keyed("POST", "/api/v1/keys", "k-1", key);
    assert_eq!(
        (repeated.status, &repeated.json()["code"]),
        (409, &json!("E0713"))
    );
    assert_eq!(
        server.get("/api/v1/keys", &owner).json()["keys"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let file = std::fs::read(dir.path().join("book/data/people.db-wal")).unwrap();
    let is_kept = file
        .windows(secret.len())
        .any(|part| part == secret.as_bytes());
    assert!(!is_kept, "the secret is in the file of people");
    // Anything else is answered with the same bytes.
    let viewer = server.person(&owner, "viewer");
    let id = server.get("/api/v1/session", &viewer).json()["person"]["id"].clone();
    let path = format!("/api/v1/people/{}", id.as_str().unwrap());
    let before = acts().len();
    let change = r#"{"name":"Another Name"}"#;
    let first = keyed("PATCH", &path, "k-2", change);
    let again = keyed("PATCH", &path, "k-2", change);
    assert_eq!((first.status, &first.body), (200, &again.body));
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(acts()[before..], ["person.changed"]);
    // Its key belongs to it alone; what was refused did nothing and may be mended.
    let other = keyed("PATCH", &path, "k-2", r#"{"name":"A Third"}"#);
    assert_eq!(
        (other.status, &other.json()["code"]),
        (409, &json!("E0650"))
    );
    assert_eq!(
        keyed("PATCH", &path, "k-3", r#"{"role":"king"}"#).status,
        400
    );
    assert_eq!(
        keyed("PATCH", &path, "k-3", r#"{"role":"analyst"}"#).status,
        200
    );
    assert_eq!(keyed("PATCH", &path, "no good key", change).status, 400);
    // What is taken out of the house, and who looks at people, is written down; figures are not.
    for path in [
        "/api/v1/ask/metric/csv?of=won",
        "/api/v1/ask/metric/xlsx?of=won",
        "/api/v1/ask/metric/passport?of=won",
        "/api/v1/ask/metric?of=won",
    ] {
        let answered = server.get(path, &owner);
        assert_eq!(answered.status, 200, "{path}: {}", answered.body);
    }
    server.get("/api/v1/ask/identity?of=somebody@firm.example", &owner);
    let table = |name: &str| {
        let body = json!({ "table": name, "rows": 7 }).to_string();
        server.post("/api/v1/exports", &owner, &body).status
    };
    assert_eq!((table("accounts"), table("everything")), (204, 400));
    // Each act has one entry, and the log says itself whether it is whole.
    let told = acts();
    let expected = [
        "owner.set_up",
        "key.made",
        "person.invited",
        "person.accepted",
        "person.changed",
        "person.changed",
        "answer.exported",
        "answer.exported",
        "answer.exported",
        "person.read",
        "table.exported",
    ];
    assert_eq!(told, expected);
    let head = server.get("/api/v1/audit/verify", &owner).json();
    let lines = server.get("/api/v1/audit/jsonl", &owner).body;
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), told.len() + 1);
    assert_eq!(lines[told.len() - 1]["hash"], head["hash"]);
    let cut = format!(
        "/api/v1/audit/verify?seq=99&hash={}",
        head["hash"].as_str().unwrap()
    );
    let cut = server.get(&cut, &owner);
    assert_eq!((cut.status, &cut.json()["code"]), (409, &json!("E0660")));
}
