//! Two people agree on a charter over HTTP, each by a key that their own password opens.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::mpsc;
use std::time::{SystemTime, UNIX_EPOCH};

use handfast_accounts::{Accounts, Actor, Call, FirstOwner, NewPerson, Role, Secret};
use handfast_ledger::Opening;
use handfast_model::Instant;
use handfast_model::rules::Side;
use handfast_server::{Options, serve};
use handfast_service::book::Book;
use serde_json::{Value, json};

const OLGAS: &str = "lamp orchard seventeen kettle";
const ANNS: &str = "plum lantern gravel mist";
const BOBS: &str = "slate harbour violet spoon";

struct House {
    url: String,
    olga: String,
    ann: String,
    bob: String,
    _dir: tempfile::TempDir,
}

/// Somebody's session, after they took an invitation.
fn hire(
    people: &Accounts,
    boss: &Actor,
    now: Instant,
    (name, role, side): (&str, Role, Side),
) -> String {
    let new = NewPerson {
        name: name.to_owned(),
        email: format!("{name}@firm.example"),
        role,
        sides: vec![side],
        teams: Vec::new(),
    };
    let call = Call::console(now);
    let (_, link) = people.invite(boss, &call, &new).unwrap();
    let password = if name == "Ann" { ANNS } else { BOBS };
    let signed_in = people
        .accept(&call, &link, &Secret::new(password), "")
        .unwrap();
    format!("handfast={}", signed_in.secret.expose())
}

fn house() -> House {
    let dir = tempfile::tempdir().unwrap();
    let book = dir.path().join("book");
    let acme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cli/tests/fixtures/acme");
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let now = Instant(i64::try_from(since.as_micros()).unwrap());
    let opening = || Opening {
        now,
        command: "test".to_owned(),
        author: "test".to_owned(),
    };
    drop(Book::init(&book, Some(&acme), &opening()).unwrap());
    let people = Accounts::open(&book.join("data").join("people.db"), now).unwrap();
    let token = people.set_up_token(&Call::console(now)).unwrap().unwrap();
    let first = FirstOwner {
        token: &token,
        name: "Olga",
        email: "olga@firm.example",
        password: &Secret::new(OLGAS),
        device: "",
    };
    let olga = people.set_up(&Call::console(now), &first).unwrap();
    let ann = hire(
        &people,
        &olga.actor,
        now,
        ("Ann", Role::Marketing, Side::Marketing),
    );
    let bob = hire(&people, &olga.actor, now, ("Bob", Role::Sales, Side::Sales));
    drop(people);
    let (tell, told) = mpsc::channel();
    let options = Options {
        book,
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        tls: None,
        proxy: None,
        hosts: Vec::new(),
        deadline: handfast_server::DEADLINE,
        opening: opening(),
    };
    std::thread::spawn(move || {
        let started = |started: &handfast_server::Started| tell.send(started.url.clone()).unwrap();
        serve(&options, std::future::pending(), started).unwrap();
    });
    House {
        url: told.recv().unwrap(),
        olga: format!("handfast={}", olga.secret.expose()),
        ann,
        bob,
        _dir: dir,
    }
}

impl House {
    /// Status and body of a request about charters; with a body it is a POST.
    fn ask(&self, who: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .build()
            .into();
        let method = if body.is_some() { "POST" } else { "GET" };
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}/api/v1/charter{path}", self.url))
            .header("cookie", who)
            .header("origin", &self.url)
            .header("content-type", "application/json");
        let body = body.map_or(String::new(), |body| body.to_string());
        let mut response = agent.run(request.body(body).unwrap()).unwrap();
        let text = response.body_mut().read_to_string().unwrap();
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        (response.status().as_u16(), json)
    }

    fn post(&self, who: &str, path: &str, body: Value) -> (u16, Value) {
        self.ask(who, path, Some(body))
    }

    /// The code of a refusal.
    fn refused(&self, who: &str, path: &str, body: Value) -> String {
        let (status, body) = self.post(who, path, body);
        format!("{status} {}", body["code"].as_str().unwrap_or_default())
    }

    /// Proposes the charter in force with another word in it.
    fn propose(&self, who: &str, name: &str) -> (u16, Value) {
        let (_, charter) = self.ask(who, "", None);
        let mut files = charter["files"].clone();
        for file in files.as_array_mut().unwrap() {
            if file["path"] == "stages.toml" {
                let text = file["text"].as_str().unwrap();
                let text = text.replacen("implied = true", "implied = false", 2);
                file["text"] = text.replace("\"qualified\"]", "\"hot\"]").into();
            }
        }
        self.post(
            who,
            "/drafts",
            json!({"name": name, "why": "too many", "files": files}),
        )
    }
}

#[test]
fn two_people_sign_each_by_their_own_password_and_nobody_for_another() {
    let house = house();
    let (olga, ann, bob) = (&house.olga, &house.ann, &house.bob);
    let signer = |team: &str, password: &str| json!({"team": team, "password": password});
    assert_eq!(
        house.refused(ann, "/signers", signer("sales", ANNS)),
        "403 E0621"
    );
    assert_eq!(
        house.refused(ann, "/signers", signer("marketing", BOBS)),
        "401 E0610"
    );
    for (who, team, password) in [(ann, "marketing", ANNS), (bob, "sales", BOBS)] {
        let (status, body) = house.post(who, "/signers", signer(team, password));
        assert_eq!(status, 200, "{body}");
    }
    let (status, draft) = house.propose(ann, "mql-2");
    assert_eq!(status, 200, "{draft}");
    assert_eq!(draft["draft"]["by"], "Ann");
    assert_eq!(draft["draft"]["standing"], "proposed");
    let (status, replayed) = house.ask(bob, "/drafts/mql-2/rehearse", None);
    assert_eq!(status, 200, "{replayed}");
    let (_, said) = house.post(bob, "/drafts/mql-2/comments", json!({"words": "Why so?"}));
    assert_eq!(said["discussion"][0]["by"], "Bob");
    assert_eq!(said["discussion"][0]["is_signed"], false);
    let sign = |who: &str, password: &str| {
        house.post(who, "/drafts/mql-2/sign", json!({"password": password}))
    };
    let refused = |who: &str, password: &str| {
        house.refused(who, "/drafts/mql-2/sign", json!({"password": password}))
    };
    assert_eq!(refused(bob, ANNS), "401 E0610");
    // Whoever owns the server has no key of theirs.
    assert_eq!(refused(olga, OLGAS), "400 E0282");
    assert_eq!(sign(ann, ANNS).1["draft"]["standing"], "signed");
    assert_eq!(refused(ann, ANNS), "400 E0283");
    let (_, drafts) = house.ask(bob, "/drafts", None);
    assert_eq!(drafts[0]["signatures"][0]["signer"], "Ann");
    assert_eq!(sign(bob, BOBS).1["draft"]["standing"], "in_force");
    let (_, charter) = house.ask(olga, "", None);
    assert_eq!(charter["draft"], "mql-2");
    assert_eq!(charter["signatures"].as_array().unwrap().len(), 2);
    let words = json!({"words": "never mind"});
    assert_eq!(
        house.refused(ann, "/drafts/mql-2/withdraw", words).get(..3),
        Some("400")
    );
    let odd = json!({"name": "x", "why": "y", "files": [{"path": "../x.toml", "text": ""}]});
    assert_eq!(house.refused(ann, "/drafts", odd).get(..3), Some("400"));
}
