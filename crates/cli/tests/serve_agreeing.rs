//! What people read and agree on, over HTTP: the real binary serving a real book.
// Clippy's leave for tests ends at the helpers beside them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use support::server::{PASSWORD, Server, address};
use support::{handfast, run};

/// The invented company's book, in a folder of its own.
fn demo(dir: &tempfile::TempDir) -> String {
    let demo = dir.path().join("demo").display().to_string();
    run(&["demo", "--dir", &demo]);
    format!("{demo}/book")
}

fn owner(server: &Server) -> String {
    let owner = json!({
        "token": server.token.clone().unwrap(),
        "name": "Ada",
        "email": "ada@firm.example",
        "password": "lamp orchard seventeen kettle",
    });
    let made = server.post("/api/v1/setup", "", &owner.to_string());
    assert_eq!(made.status, 200, "{}", made.body);
    made.session()
}

fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value[field].as_str().unwrap_or_default()
}

/// What a list says beside what questions say of the same: two roads to one number.
#[test]
fn accounts_are_found_and_come_to_what_questions_say() {
    let dir = tempfile::tempdir().unwrap();
    let book = demo(&dir);
    let server = Server::start(&["serve", &book, "--listen", "127.0.0.1:0"]);
    let guest = server.post("/api/v1/session/guest", "", "").session();
    let get = |path: &str| server.get(path, &guest);
    assert_eq!(server.get("/api/v1/accounts", "").status, 401);
    let mut accounts: Vec<Value> = Vec::new();
    loop {
        let path = format!("/api/v1/accounts?limit=77&after={}", accounts.len());
        let page = get(&path).json();
        let some = page["accounts"].as_array().unwrap().clone();
        accounts.extend(some);
        if accounts.len() as u64 >= page["of"].as_u64().unwrap() {
            break;
        }
    }
    let won: u64 = accounts
        .iter()
        .map(|one| one["won_deals"].as_u64().unwrap())
        .sum();
    let asked = get(&address("metric won")).json();
    assert_eq!(asked["answer"]["rows"][0][0], won);
    let mut there: BTreeMap<String, u64> = BTreeMap::new();
    for one in &accounts {
        if one["stands"]["outcome"] == "open" {
            *there
                .entry(text(&one["stands"], "stage").to_owned())
                .or_default() += 1;
        }
    }
    let funnel = get(&address("funnel --view snapshot --unit account")).json();
    let rows = funnel["answer"]["rows"].as_array().unwrap().iter();
    let rows = rows.map(|row| {
        (
            row[0].as_str().unwrap().to_owned(),
            row[1].as_u64().unwrap(),
        )
    });
    assert_eq!(there, rows.filter(|(_, count)| *count > 0).collect());
    // Each opens by its key, and is found by it whatever the case.
    let key = text(&accounts[0], "key");
    assert_eq!(get(&address(&format!("journey {key}"))).status, 200);
    let found = get(&format!("/api/v1/search?text={}", key.to_lowercase())).json();
    assert_eq!(found["accounts"][0], accounts[0]);
    let found = get("/api/v1/search?text=O-0004&limit=3").json();
    assert_eq!(found["deals"].as_array().unwrap().len(), 3);
    assert_eq!(found["of_deals"], 10);
    let found = get("/api/v1/search?text=win%20rate").json();
    assert_eq!(found["metrics"][0]["name"], "win_rate");
    for wrong in [
        "search?text=",
        "search",
        "accounts?limit=0",
        "accounts?role=owner",
    ] {
        let refused = get(&format!("/api/v1/{wrong}"));
        assert_eq!(
            (refused.status, text(&refused.json(), "code")),
            (400, "E0701"),
            "{wrong}"
        );
    }
}

#[test]
fn a_deal_has_its_whole_story_at_both_doors_and_is_disputed_under_ones_own_name() {
    let dir = tempfile::tempdir().unwrap();
    let book = demo(&dir);
    let server = Server::start(&["serve", &book, "--listen", "127.0.0.1:0"]);
    let owner = owner(&server);
    let guest = server.post("/api/v1/session/guest", "", "").session();
    let story = server.get("/api/v1/deals/O-00222", &guest).json();
    let typed = handfast(&["deal", "show", &book, "O-00222", "--json"]);
    let typed: Value = serde_json::from_slice(&typed.stdout).unwrap();
    assert_eq!(story, typed);
    let missing = server.get("/api/v1/deals/O-99999", &guest);
    assert_eq!(missing.status, 404, "{}", missing.body);
    assert!(!missing.body.contains(&book), "{}", missing.body);
    let told = json!({"team": "demand", "story": "They wrote after the webinar."}).to_string();
    let path = "/api/v1/deals/O-00222/disputes";
    assert_eq!(server.post(path, &guest, &told).status, 403);
    let kept = server.post(path, &owner, &told);
    assert_eq!(kept.status, 200, "{}", kept.body);
    // Neither team is spoken for by the other; who belongs to neither says so.
    let theirs = json!({"team": "ae-north", "story": "We concede it."}).to_string();
    let other = server.post(path, &server.person(&owner, "marketing"), &theirs);
    assert_eq!(
        (other.status, text(&other.json(), "code")),
        (403, "E0621"),
        "{}",
        other.body
    );
    let written = server.post(path, &server.person(&owner, "analyst"), &theirs);
    assert_eq!(written.status, 200, "{}", written.body);
    let ruling = json!({"ruling": "It stays.", "sourced": "marketing"}).to_string();
    let ruled = server.post("/api/v1/deals/O-00222/rulings", &owner, &ruling);
    assert_eq!(ruled.status, 200, "{}", ruled.body);
    let story = server.get("/api/v1/deals/O-00222", &guest).json();
    let (told, ruled) = (
        &story["dispute"]["stories"][0],
        &story["dispute"]["rulings"][0],
    );
    assert_eq!((text(told, "team"), text(told, "by")), ("demand", "Ada"));
    let told = &story["dispute"]["stories"][1];
    assert!(text(told, "by").ends_with(" (analyst)"), "{told}");
    assert_eq!(text(ruled, "case"), "it came from marketing");
    // Each act has one entry, and what was refused has none.
    let acts = ["deal.disputed", "deal.disputed", "deal.ruled"];
    assert_eq!(server.acts(&owner), acts);
}

#[test]
fn a_period_is_closed_and_its_figures_are_those_of_the_question() {
    let dir = tempfile::tempdir().unwrap();
    let book = demo(&dir);
    let server = Server::start(&["serve", &book, "--listen", "127.0.0.1:0"]);
    let owner = owner(&server);
    let post = |path: &str, body: Value| server.post(path, &owner, &body.to_string());
    let closed = post(
        "/api/v1/periods/close",
        json!({"period": "2025-Q1", "why": "told"}),
    );
    assert_eq!(closed.status, 200, "{}", closed.body);
    let again = post("/api/v1/periods/close", json!({"period": "2025-Q1"}));
    assert_eq!(text(&again.json(), "code"), "E0461");
    assert!(!again.body.contains(&book), "{}", again.body);
    let won = server
        .get(&address("metric won --period 2025-Q1"), &owner)
        .json();
    let won = won["answer"]["rows"][0][0].to_string();
    let periods = server.get("/api/v1/periods", &owner).json();
    let close = &periods["closes"][0];
    assert_eq!(
        (text(close, "label"), text(close, "by")),
        ("2025-Q1", "Ada")
    );
    assert_eq!(close["figures"][0]["metric"], "won");
    assert_eq!(close["figures"][0]["rows"][0][0], won.as_str());
    let none = server.get("/api/v1/periods/restatements?period=2025-Q1", &owner);
    assert_eq!(none.json(), json!([]), "{}", none.body);
    let said = post(
        "/api/v1/periods/assert",
        json!({"balance": format!("won 2025-Q1 = {won}")}),
    );
    assert_eq!(said.json()["holds"], true, "{}", said.body);
    let seq = said.json()["seq"].clone();
    let gone = post(
        "/api/v1/periods/retract",
        json!({"seq": seq, "why": "typed twice"}),
    );
    assert_eq!(gone.status, 200, "{}", gone.body);
    let open = post(
        "/api/v1/periods/reopen",
        json!({"period": "2025-Q1", "why": "late file"}),
    );
    assert_eq!(open.status, 200, "{}", open.body);
    let periods = server.get("/api/v1/periods", &owner).json();
    assert_eq!(periods["balances"], json!([]));
    let reopened = &periods["closes"][0]["reopened"];
    assert_eq!(
        (text(reopened, "by"), text(reopened, "why")),
        ("Ada", "late file")
    );
    assert!(text(reopened, "at") >= text(&periods["closes"][0], "at"));
    let list = handfast(&["period", "list", &book]);
    let list = String::from_utf8(list.stdout).unwrap();
    assert!(list.contains(" by Ada: late file; closed "), "{list}");
    let acts = [
        "period.closed",
        "balance.asserted",
        "balance.retracted",
        "period.reopened",
    ];
    assert_eq!(server.acts(&owner), acts);
}

/// Calls somebody otherwise, as the owner may.
fn renamed(server: &Server, (owner, who): (&str, &str), name: &str) {
    let id = server.get("/api/v1/session", who).json()["person"]["id"].clone();
    let path = format!("/api/v1/people/{}", id.as_str().unwrap());
    let headers = [
        ("origin", server.url.as_str()),
        ("content-type", "application/json"),
        ("cookie", owner),
    ];
    let body = json!({ "name": name }).to_string();
    let called = server.send("PATCH", &path, &headers, &body);
    assert_eq!(called.status, 200, "{}", called.body);
}

#[test]
fn a_signer_is_told_that_it_is_they_whatever_they_are_called_since() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(&["serve", &demo(&dir), "--listen", "127.0.0.1:0"]);
    let owner = owner(&server);
    let ann = server.person(&owner, "marketing");
    let become_signer = json!({"team": "demand", "password": PASSWORD}).to_string();
    let added = server.post("/api/v1/charter/signers", &ann, &become_signer);
    assert_eq!(added.status, 200, "{}", added.body);
    let me = server.get("/api/v1/session", &ann).json()["person"].clone();
    renamed(&server, (&owner, &ann), "Somebody Else");
    // Whoever has the name now is not the signer; whoever has the key is.
    let bob = server.person(&owner, "marketing");
    renamed(&server, (&owner, &bob), text(&me, "name"));
    let told = |who: &str| {
        let signers = server.get("/api/v1/charter", who).json()["signers"].clone();
        (signers[0]["name"].clone(), signers[0]["is_own"].clone())
    };
    assert_eq!(told(&ann), (me["name"].clone(), json!(true)));
    assert_eq!(told(&bob), (me["name"].clone(), json!(false)));
    assert_eq!(told(&owner), (me["name"].clone(), json!(false)));
}

#[test]
fn a_draft_has_one_entry_for_each_thing_that_is_done_with_it() {
    let dir = tempfile::tempdir().unwrap();
    let book = demo(&dir);
    let server = Server::start(&["serve", &book, "--listen", "127.0.0.1:0"]);
    let owner = owner(&server);
    let signer = server.person(&owner, "marketing");
    let password = support::server::PASSWORD;
    let post = |path: &str, body: Value| {
        let path = format!("/api/v1/charter/{path}");
        let sent = server.post(&path, &signer, &body.to_string());
        assert_eq!(sent.status, 200, "{path}: {}", sent.body);
    };
    let charter = server.get("/api/v1/charter", &signer).json();
    let files = charter["files"].as_array().unwrap().iter().map(|file| {
        let own = text(file, "text").replace("person.lead_score >= 50", "person.lead_score >= 70");
        json!({"path": file["path"], "text": own})
    });
    let files: Vec<Value> = files.collect();
    post("signers", json!({"team": "demand", "password": password}));
    post(
        "drafts",
        json!({"name": "stricter", "why": "noise", "files": files}),
    );
    let said = json!({"words": "Fifty is too few."});
    post("drafts/stricter/comments", said.clone());
    post("drafts/stricter/sign", json!({"password": password}));
    // Once it is signed, words alone do not take it away.
    let path = "/api/v1/charter/drafts/stricter/withdraw";
    assert_ne!(server.post(path, &signer, &said.to_string()).status, 200);
    let by_key = json!({"words": "Another day.", "password": password});
    post("drafts/stricter/withdraw", by_key);
    let acts = [
        "signing_key.made",
        "signer.added",
        "charter.proposed",
        "charter.discussed",
        "charter.signed",
        "charter.withdrawn",
    ];
    assert_eq!(server.acts(&owner), acts);
}

#[test]
fn that_somebody_is_in_the_book_is_told_to_those_who_may_see_people_and_written_down() {
    let dir = tempfile::tempdir().unwrap();
    let book = demo(&dir);
    let server = Server::start(&["serve", &book, "--listen", "127.0.0.1:0"]);
    let owner = owner(&server);
    let leads = std::fs::read_to_string(dir.path().join("demo/exports/crm_leads.csv")).unwrap();
    let cells: Vec<&str> = leads.lines().nth(1).unwrap().split(',').collect();
    let mail = *cells.iter().find(|cell| cell.contains('@')).unwrap();
    let known = cells[0];
    let path = format!("/api/v1/search?text={known}");
    let read = || {
        let log = server.get("/api/v1/audit", &owner).json();
        let entries = log["entries"].as_array().unwrap().iter();
        let read = entries.filter(|one| one["act"] == "person.read");
        let read = read.map(|one| one["object"].clone());
        read.collect::<Vec<_>>()
    };
    for role in ["viewer", "analyst"] {
        let who = server.person(&owner, role);
        let found = server.get(&path, &who);
        assert_eq!(found.status, 200, "{}", found.body);
        assert_eq!(found.json()["people"], json!([]), "{role}");
        for kind in ["identity", "journey"] {
            let path = format!("/api/v1/ask/{kind}?of={}", mail.replace('@', "%40"));
            let given = server.get(&path, &who);
            let given = (given.status, given.json()["code"].clone());
            assert_eq!(given, (403, json!("E0621")), "{role}: {kind}");
        }
    }
    assert_eq!(read(), Vec::<Value>::new());
    let found = server.get(&path, &owner).json();
    assert_eq!(found["people"], json!([known]), "{found}");
    assert_eq!(read(), [json!("search")]);
    // Who was looked for is not what is written down.
    let lines = server.get("/api/v1/audit/jsonl", &owner).body;
    assert!(!lines.contains(known), "{lines}");
}

#[test]
fn a_person_is_told_all_that_is_kept_of_them_and_is_erased_once_that_is_meant() {
    let dir = tempfile::tempdir().unwrap();
    let book = demo(&dir);
    let leads = std::fs::read_to_string(dir.path().join("demo/exports/crm_leads.csv")).unwrap();
    let known = leads.lines().nth(1).unwrap();
    let known = known.split(',').find(|cell| cell.contains('@')).unwrap();
    let to = dir.path().join("told").display().to_string();
    run(&["export", &book, "--person", known, "--to", &to]);
    let typed = std::fs::read_to_string(format!("{to}/person.json")).unwrap();
    let typed: Value = serde_json::from_str(&typed).unwrap();
    let server = Server::start(&["serve", &book, "--listen", "127.0.0.1:0"]);
    let owner = owner(&server);
    let post = |path: &str, body: &Value| {
        let path = format!("/api/v1/persons/{path}");
        server.post(&path, &owner, &body.to_string())
    };
    let told = post("export", &json!({"key": known}));
    assert_eq!(told.json(), typed, "{}", told.body);
    assert!(told.body.contains(known), "{}", told.body);
    let figures = || {
        let asked = server.get(&address("funnel --by channel"), &owner).json();
        asked["answer"]["rows"].clone()
    };
    let before = figures();
    let foreseen = post("forget", &json!({"key": known, "dry_run": true})).json();
    let reach = foreseen["reach"].clone();
    assert!(reach["keys"].as_u64().unwrap() > 0, "{foreseen}");
    assert_eq!(reach["addresses"], 1, "{foreseen}");
    assert!(foreseen["done"].is_null(), "{foreseen}");
    let mut other = reach.clone();
    other["records"] = json!(0);
    for (body, status) in [
        (json!({"key": known}), 400),
        (
            json!({"key": known, "confirm": "somebody", "foreseen": reach}),
            400,
        ),
        (json!({"key": known, "confirm": known}), 409),
        (
            json!({"key": known, "confirm": known, "foreseen": other}),
            409,
        ),
    ] {
        let refused = post("forget", &body);
        let given = (refused.status, text(&refused.json(), "code").to_owned());
        assert_eq!(given, (status, "E0624".to_owned()), "{}", refused.body);
    }
    let meant = json!({"key": known, "confirm": known, "foreseen": reach});
    let done = post("forget", &meant).json();
    assert_eq!(done["done"]["keys"], reach["keys"], "{done}");
    assert!(done["done"]["destroyed"].as_u64().unwrap() > 0, "{done}");
    // Nothing that is counted moved, and of them nothing is left to be told.
    assert_eq!(figures(), before);
    let left = post("export", &json!({"key": known}));
    assert_eq!(left.json()["is_erased"], true, "{}", left.body);
    assert_eq!(left.json()["records"], Value::Null, "{}", left.body);
    let log = server.get("/api/v1/audit/jsonl", &owner).body;
    let acts = log
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let acts: Vec<String> = acts.map(|one| text(&one, "act").to_owned()).collect();
    let expected = [
        "owner.set_up",
        "person.exported",
        "person.read",
        "person.forgotten",
        "person.exported",
        "audit.exported",
    ];
    assert!(
        expected.starts_with(&acts.iter().map(String::as_str).collect::<Vec<_>>()),
        "{acts:?}"
    );
    assert!(acts.len() >= 5, "{acts:?}");
    assert!(!log.contains(known), "{log}");
    for file in ["people.db", "people.db-wal"] {
        let bytes = std::fs::read(format!("{book}/data/{file}")).unwrap_or_default();
        let mut parts = bytes.windows(known.len());
        assert!(!parts.any(|part| part == known.as_bytes()), "{file}");
    }
}

#[test]
fn the_charter_is_read_with_its_rules_and_what_a_draft_changes_of_them() {
    let dir = tempfile::tempdir().unwrap();
    let book = demo(&dir);
    let stages = format!("{book}/charter/stages.toml");
    let text = std::fs::read_to_string(&stages).unwrap();
    let stricter = text.replace("person.lead_score >= 50", "person.lead_score >= 70");
    assert_ne!(text, stricter);
    std::fs::write(&stages, &stricter).unwrap();
    let words = [
        "charter", "draft", &book, "stricter", "--by", "Bo", "--why", "noise",
    ];
    run(&words);
    std::fs::write(&stages, &text).unwrap();
    let server = Server::start(&["serve", &book, "--listen", "127.0.0.1:0"]);
    let guest = server.post("/api/v1/session/guest", "", "").session();
    let get = |path: &str| server.get(&format!("/api/v1/charter{path}"), &guest);
    let charter = get("").json();
    let defined = charter["definitions"].as_array().unwrap();
    let mql = defined
        .iter()
        .find(|one| one["what"] == "stage mql")
        .unwrap();
    let parts = mql["parts"].as_array().unwrap().iter();
    let rules: Vec<&str> = parts.map(text_of).collect();
    assert!(rules.contains(&"person.lead_score >= 50"), "{rules:?}");
    assert_eq!(mql["file"], "stages");
    let files = charter["files"].as_array().unwrap().iter();
    let own = files
        .clone()
        .find(|file| file["path"] == "stages.toml")
        .unwrap();
    assert_eq!(own["text"], text.as_str());
    let drafts = get("/drafts").json();
    assert_eq!(
        (text_at(&drafts, "name"), text_at(&drafts, "standing")),
        ("stricter", "proposed")
    );
    let draft = get("/drafts/stricter").json();
    let change = &draft["changes"][0];
    assert_eq!(draft["changes"].as_array().unwrap().len(), 1);
    assert_eq!(change["was"], "person.lead_score >= 50");
    assert_eq!(change["is"], "person.lead_score >= 70");
    assert_eq!(draft["replaces"]["hash"], charter["words"]["hash"]);
    assert_eq!(get("/log").json().as_array().unwrap().len(), 2);
    assert_eq!(get("/drafts/nobody").status, 404);
}

fn text_of(part: &Value) -> &str {
    text(part, "words")
}

fn text_at<'v>(list: &'v Value, field: &str) -> &'v str {
    text(&list[0], field)
}

#[test]
fn views_and_notes_are_kept_over_http_and_only_by_those_who_may() {
    let dir = tempfile::tempdir().unwrap();
    let book = demo(&dir);
    let server = Server::start(&["serve", &book, "--listen", "127.0.0.1:0"]);
    let owner = owner(&server);
    let guest = server.post("/api/v1/session/guest", "", "").session();
    let view = json!({"name": "By channel", "address": "/funnel?by=channel", "is_shared": true});
    assert_eq!(
        server
            .post("/api/v1/views", &guest, &view.to_string())
            .status,
        403
    );
    let kept = server.post("/api/v1/views", &owner, &view.to_string());
    assert_eq!(kept.json()["is_own"], true, "{}", kept.body);
    let seen = server.get("/api/v1/views", &guest).json();
    assert_eq!(
        (text_at(&seen, "by"), seen[0]["is_own"].as_bool()),
        ("Ada", Some(false))
    );
    let asked = server.get(&address("funnel --by channel"), &owner).json();
    let on = json!({
        "question": asked["question"]["text"], "column": "won", "row": ["webinar"],
        "words": "The fair was moved to May.",
    });
    let note = server.post("/api/v1/notes", &owner, &on.to_string());
    assert_eq!(note.status, 200, "{}", note.body);
    let seen = server.get("/api/v1/notes?column=won", &guest).json();
    assert_eq!(text_at(&seen, "words"), "The fair was moved to May.");
    assert_eq!(
        server.get("/api/v1/notes?column=mql", &guest).json(),
        json!([])
    );
    let headers = [("origin", server.url.as_str()), ("cookie", owner.as_str())];
    let path = format!("/api/v1/notes/{}", text(&note.json(), "id"));
    assert_eq!(server.send("DELETE", &path, &headers, "").status, 204);
    assert_eq!(server.send("DELETE", &path, &headers, "").status, 404);
    assert_eq!(server.get("/api/v1/notes", &guest).json(), json!([]));
    let path = format!("/api/v1/views/{}", text(&kept.json(), "id"));
    assert_eq!(server.send("DELETE", &path, &headers, "").status, 204);
    let acts = ["view.kept", "note.kept", "note.dropped", "view.dropped"];
    assert_eq!(server.acts(&owner), acts);
}
