//! Two people agree on a charter over HTTP, each by a key that their own password opens.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::mpsc;
use std::time::{SystemTime, UNIX_EPOCH};

use handfast_accounts::{Accounts, Actor, Call, Chosen, FirstOwner, NewPerson, Role, Secret};
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
    cleo: String,
    dir: tempfile::TempDir,
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
    let chosen = Chosen {
        password: &Secret::new(password),
        keeps_tokens: false,
        device: "",
        before: None,
    };
    let signed_in = people.accept(&call, &link, &chosen).unwrap();
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
        before: None,
    };
    let olga = people.set_up(&Call::console(now), &first).unwrap();
    let ann = hire(
        &people,
        &olga.actor,
        now,
        ("Ann", Role::Marketing, Side::Marketing),
    );
    let bob = hire(&people, &olga.actor, now, ("Bob", Role::Sales, Side::Sales));
    let cleo = hire(
        &people,
        &olga.actor,
        now,
        ("Cleo", Role::Marketing, Side::Marketing),
    );
    drop(people);
    let (tell, told) = mpsc::channel();
    let options = Options {
        book,
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        tls: None,
        proxy: None,
        hosts: Vec::new(),
        bounds: handfast_server::Bounds::default(),
        provider_secret: None,
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
        cleo,
        dir,
    }
}

impl House {
    /// Status and body of a request about charters; with a body it is a POST.
    fn ask(&self, who: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let method = if body.is_some() { "POST" } else { "GET" };
        self.send((method, &format!("/charter{path}")), who, body, None)
    }

    /// A request whose key makes it be done once.
    fn keyed(&self, who: &str, path: &str, key: &str, body: Value) -> (u16, Value) {
        let path = format!("/charter{path}");
        self.send(("POST", &path), who, Some(body), Some(key))
    }

    fn send(
        &self,
        (method, path): (&str, &str),
        who: &str,
        body: Option<Value>,
        key: Option<&str>,
    ) -> (u16, Value) {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .build()
            .into();
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}/api/v1{path}", self.url))
            .header("cookie", who)
            .header("origin", &self.url)
            .header("content-type", "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
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

/// Makes writes to a table of the file of people fail from now on, as a full disk would.
fn fail(file: &rusqlite::Connection, at: &str) {
    let sql = format!(
        "DROP TRIGGER IF EXISTS full; CREATE TRIGGER full BEFORE INSERT ON {at} \
         BEGIN SELECT RAISE(ABORT, 'full'); END"
    );
    file.execute_batch(&sql).unwrap();
}

#[test]
fn what_was_done_is_not_done_again_whatever_could_not_be_kept_of_it() {
    let house = house();
    let ann = &house.ann;
    let file = house.dir.path().join("book/data/people.db");
    let file = rusqlite::Connection::open(file).unwrap();
    // The ledger has the act that introduces her, and her key is still beside where it belongs.
    fail(&file, "signing");
    let signer = json!({"team": "marketing", "password": ANNS});
    for _ in 0..2 {
        let (status, body) = house.keyed(ann, "/signers", "k-1", signer.clone());
        assert_eq!((status, &body["code"]), (500, &json!("E0718")), "{body}");
    }
    let (_, charter) = house.ask(ann, "", None);
    assert_eq!(charter["signers"].as_array().unwrap().len(), 1);
    // The act has no entry in the log of who did what, and was done once all the same.
    fail(
        &file,
        "audit WHEN NEW.act IN ('charter.proposed', 'charter.discussed')",
    );
    assert_eq!(house.propose(ann, "mql-2").0, 200);
    for _ in 0..2 {
        let words = json!({"words": "Why so?"});
        let (status, said) = house.keyed(ann, "/drafts/mql-2/comments", "k-2", words);
        assert_eq!(status, 200, "{said}");
    }
    let (_, draft) = house.ask(ann, "/drafts/mql-2", None);
    assert_eq!(draft["discussion"].as_array().unwrap().len(), 1);
    // And she signs by the key that the ledger knows.
    file.execute_batch("DROP TRIGGER full").unwrap();
    let (status, signed) = house.post(ann, "/drafts/mql-2/sign", json!({"password": ANNS}));
    assert_eq!(status, 200, "{signed}");
    assert_eq!(signed["draft"]["standing"], "signed");
}

#[test]
fn whoever_may_sign_no_more_vouches_for_nobody() {
    let house = house();
    let (olga, ann, cleo) = (&house.olga, &house.ann, &house.cleo);
    let signer = json!({"team": "marketing", "password": ANNS});
    assert_eq!(house.post(ann, "/signers", signer).0, 200);
    let (_, people) = house.send(("GET", "/people"), olga, None, None);
    let people = people["people"].as_array().unwrap();
    let found = people.iter().find(|one| one["name"] == "Ann").unwrap();
    let path = format!("/people/{}", found["id"].as_str().unwrap());
    let role = |role: &str| {
        let change = Some(json!({"role": role}));
        assert_eq!(house.send(("PATCH", &path), olga, change, None).0, 200);
    };
    let vouched = json!({
        "team": "marketing",
        "password": BOBS,
        "voucher": {"email": "Ann@firm.example", "password": ANNS},
    });
    role("viewer");
    assert_eq!(
        house.refused(cleo, "/signers", vouched.clone()),
        "403 E0285"
    );
    role("marketing");
    assert_eq!(house.post(cleo, "/signers", vouched).0, 200);
}
