//! Files and events over HTTP, against the real binary: what was acknowledged survives a kill, what
//! is bad is set aside and comes back mended, two exports become a funnel by the wizard, and an
//! import is taken back.
// Clippy's leave for tests ends at the helpers beside them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use support::server::{Sent, Server};
use support::{root, run};

/// A book of the acme fixture's charter that reads the files of the pack `generic`.
fn generic(dir: &Path) -> String {
    let book = dir.join("book").display().to_string();
    let acme = root().join("crates/cli/tests/fixtures/acme");
    run(&["init", &book, "--from", &acme.display().to_string()]);
    let home = Path::new(&book).join("sources/generic");
    std::fs::create_dir_all(&home).unwrap();
    for entry in std::fs::read_dir(root().join("crates/packs/shipped/generic")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            std::fs::copy(&path, home.join(path.file_name().unwrap())).unwrap();
        }
    }
    book
}

fn served(book: &str) -> Server {
    Server::start(&["serve", book, "--listen", "127.0.0.1:0"])
}

/// A key for the events of a source.
fn key(server: &Server, owner: &str, source: &str) -> String {
    let body = json!({"source": source, "name": "the site"}).to_string();
    let made = server.post("/api/v1/keys", owner, &body);
    made.json()["secret"].as_str().unwrap().to_owned()
}

/// Events by a key, with nothing said about what they are.
fn events(server: &Server, key: &str, body: &str) -> Sent {
    let authorization = format!("Bearer {key}");
    let headers = [
        ("authorization", authorization.as_str()),
        ("content-type", "text/plain"),
    ];
    server.send("POST", "/api/v1/events", &headers, body)
}

/// A touch of a lead.
fn touch(number: usize) -> Value {
    json!({
        "message_id": format!("m-{number}"),
        "stream": "touches",
        "lead_id": format!("L-{}", number % 7),
        "at": "2024-03-05 10:15",
        "kind": "page_view",
        "channel": "web",
    })
}

/// A file by its bytes.
fn upload(server: &Server, owner: &str, name: &str, bytes: &str) -> String {
    let headers = [
        ("origin", server.url.as_str()),
        ("cookie", owner),
        ("content-type", "application/octet-stream"),
    ];
    let path = format!("/api/v1/uploads?name={name}");
    let sent = server.send("POST", &path, &headers, bytes);
    assert_eq!(sent.status, 201, "{}", sent.body);
    sent.json()["id"].as_str().unwrap().to_owned()
}

/// What a request gave, where it has this status.
fn post(server: &Server, owner: &str, path: &str, body: &Value, status: u16) -> Value {
    let sent = server.post(path, owner, &body.to_string());
    assert_eq!(sent.status, status, "{path}: {}", sent.body);
    sent.json()
}

/// Waits for an import to end.
fn ended(server: &Server, owner: &str, job: &Value) -> Value {
    let path = format!("/api/v1/jobs/{}", job["id"].as_str().unwrap());
    for _ in 0..600 {
        let now = server.get(&path, owner).json();
        if now["state"] != "running" {
            return now;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{path} does not end");
}

/// What `GET /sources` says of the source that events come to.
fn generic_source(server: &Server, owner: &str) -> Value {
    let sources = server.get("/api/v1/sources", owner).json();
    let mut all = sources["sources"].as_array().unwrap().iter();
    all.find(|one| one["name"] == "generic").unwrap().clone()
}

#[test]
fn acknowledged_events_survive_a_kill_and_count_once() {
    let dir = tempfile::tempdir().unwrap();
    let book = generic(dir.path());
    let mut server = served(&book);
    let owner = server.owner();
    let secret = key(&server, &owner, "generic");
    // Eight programs send as fast as they are answered, until the server is killed.
    let (next, acknowledged) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let sent: Vec<usize> = std::thread::scope(|scope| {
        let one = || {
            let mut sent = Vec::new();
            while acknowledged.load(Ordering::Relaxed) < 200 {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let given = events(&server, &secret, &touch(number).to_string());
                assert_eq!(given.status, 200, "{}", given.body);
                assert_eq!(given.json()["set_aside"], 0, "{}", given.body);
                acknowledged.fetch_add(1, Ordering::Relaxed);
                sent.push(number);
            }
            sent
        };
        let all: Vec<_> = (0..8).map(|_| scope.spawn(one)).collect();
        all.into_iter()
            .flat_map(|one| one.join().unwrap())
            .collect()
    });
    server.kill();
    drop(server);
    let server = served(&book);
    let batch: Vec<Value> = sent.iter().map(|number| touch(*number)).collect();
    let body = json!({"batch": batch, "sentAt": "now"}).to_string();
    let again = events(&server, &secret, &body).json();
    let count = json!(sent.len());
    assert_eq!(
        (&again["accepted"], &again["known"]),
        (&count, &count),
        "{again}"
    );
    // One that was not sent before is new, by a key as the name of HTTP's own sign-in as well.
    let basic = format!("Basic {}", base64(&format!("{secret}:")));
    let headers = [("authorization", basic.as_str())];
    let new = touch(1_000_000).to_string();
    let new = server.send("POST", "/api/v1/events", &headers, &new).json();
    assert_eq!(
        (&new["new"], &new["known"]),
        (&json!(1), &json!(0)),
        "{new}"
    );
    // A key opens nothing else, and nobody else sends events.
    let authorization = format!("Bearer {secret}");
    let headers = [("authorization", authorization.as_str())];
    assert_eq!(server.send("GET", "/api/v1/book", &headers, "").status, 403);
    assert_eq!(
        server
            .post("/api/v1/events", "", &touch(1).to_string())
            .status,
        401
    );
}

fn base64(text: &str) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut given = String::new();
    for piece in text.as_bytes().chunks(3) {
        let byte = |at: usize| u32::from(piece.get(at).copied().unwrap_or(0));
        let bits = (byte(0) << 16) | (byte(1) << 8) | byte(2);
        for at in 0..=piece.len() {
            given.push(char::from(SIGNS[(bits >> (18 - 6 * at) & 63) as usize]));
        }
        given.push_str(&"="[..usize::from(piece.len() < 3)].repeat(3 - piece.len()));
    }
    given
}

#[test]
fn a_bad_event_is_set_aside_and_comes_back_mended() {
    let dir = tempfile::tempdir().unwrap();
    let server = served(&generic(dir.path()));
    let owner = server.owner();
    let secret = key(&server, &owner, "generic");
    let mut bad = touch(2);
    bad["at"] = json!("soon");
    let nameless = json!({"stream": "touches", "lead_id": "L-9", "at": "2024-03-06", "kind": "x"});
    let batch = json!({"batch": [touch(1), bad, 7, nameless, {"stream": "nowhere"}]}).to_string();
    let given = events(&server, &secret, &batch);
    assert_eq!(given.status, 200, "{}", given.body);
    let given = given.json();
    assert_eq!(
        (&given["accepted"], &given["set_aside"], &given["new"]),
        (&json!(5), &json!(3), &json!(5)),
        "{given}"
    );
    assert_eq!(given["made_ids"].as_array().unwrap().len(), 1, "{given}");
    // What is no JSON at all is refused, and so is too much of it.
    for (body, status) in [("[]".to_owned(), 400), (" ".repeat(500_001), 413)] {
        assert_eq!(events(&server, &secret, &body).status, status);
    }
    let generic = generic_source(&server, &owner);
    assert_eq!(
        (&generic["receiving"], &generic["open_set_aside"]),
        (&json!(true), &json!(3))
    );
    let run = given["run"].as_u64().unwrap();
    let left = server.get(&format!("/api/v1/imports/{run}/aside"), &owner);
    assert!(left.header("content-type").unwrap().starts_with("text/csv"));
    let line = left
        .body
        .lines()
        .find(|line| line.contains("soon"))
        .unwrap();
    let head = left.body.lines().next().unwrap();
    let mended = format!("{head}\r\n{}\r\n", line.replace("soon", "2024-03-07 08:00"));
    let id = upload(&server, &owner, "mended.csv", &mended);
    let asked = json!({"upload": id});
    let job = post(&server, &owner, "/api/v1/imports/mended", &asked, 202);
    let done = ended(&server, &owner, &job);
    assert_eq!(done["state"], "done", "{done}");
    assert_eq!(done["result"]["counts"]["mapped"], 1, "{done}");
    let generic = generic_source(&server, &owner);
    assert_eq!(
        (&generic["receiving"], &generic["open_set_aside"]),
        (&json!(false), &json!(2))
    );
    // An event that comes after is taken in like those before.
    let after = events(&server, &secret, &touch(3).to_string()).json();
    assert_eq!(after["new"], 1, "{after}");
    let acts = [
        "key.made",
        "set_aside.exported",
        "file.sent",
        "import.mended",
    ];
    assert_eq!(server.acts(&owner), acts);
}

#[test]
fn what_would_be_set_aside_is_a_file_before_anything_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let server = served(&generic(dir.path()));
    let owner = server.owner();
    let touches = "touch_id,lead_id,at,kind,channel\n\
                   T-1,L-1,2024-03-05 10:15,page_view,web\n\
                   T-2,L-2,soon,page_view,\"web, paid\"\n\
                   ,L-3,2024-03-06 10:15,page_view,web\n";
    let id = upload(&server, &owner, "touches.csv", touches);
    let mut asked = json!({"source": "generic", "uploads": [id], "dry_run": true});
    let rows = |job: &Value, who: &str| {
        let path = format!("/api/v1/jobs/{}/aside", job["id"].as_str().unwrap());
        server.get(&path, who)
    };
    let tried = || {
        let job = post(&server, &owner, "/api/v1/imports", &asked, 202);
        ended(&server, &owner, &job)
    };
    let first = tried();
    assert_eq!(first["result"]["foreseen"], 2, "{first}");
    let file = rows(&first, &owner);
    let kind = file.header("content-type").unwrap();
    assert!(kind.starts_with("text/csv"), "{kind}");
    let lines: Vec<&str> = file.body.lines().collect();
    let head = "_stream,_file,_line,_column,_reason,touch_id,lead_id,at,kind,channel,";
    assert!(lines[0].starts_with(head), "{}", file.body);
    assert_eq!(lines.len(), 3, "{}", file.body);
    let soon = lines.iter().find(|line| line.contains("soon")).unwrap();
    assert!(soon.starts_with("touches,touches.csv,3,"), "{soon}");
    let said = ",T-2,L-2,soon,page_view,\"web, paid\",";
    assert!(soon.contains(said), "{soon}");
    let bare = lines.iter().find(|line| line.contains(",L-3,")).unwrap();
    assert!(
        bare.starts_with("touches,touches.csv,4,touch_id,no key,,"),
        "{bare}"
    );
    // Nothing was written, but who took it along; who sees no personal fields gets none.
    let imports = server.get("/api/v1/imports", &owner).json();
    assert_eq!(imports["of"], 0, "{imports}");
    let analyst = server.person(&owner, "analyst");
    assert_eq!(rows(&first, &analyst).status, 403);
    // Of the newest five they are kept; of an import they are those of the book.
    let others: Vec<Value> = (0..5).map(|_| tried()).collect();
    assert_eq!(rows(&others[0], &owner).body, file.body);
    let gone = rows(&first, &owner);
    assert_eq!((gone.status, &gone.json()["code"]), (409, &json!("E0725")));
    asked["dry_run"] = json!(false);
    let job = post(&server, &owner, "/api/v1/imports", &asked, 202);
    let done = ended(&server, &owner, &job);
    let run = done["result"]["run"].as_u64().unwrap();
    let left = server.get(&format!("/api/v1/imports/{run}/aside"), &owner);
    assert_eq!(rows(&done, &owner).body, left.body);
    assert_eq!(left.body.lines().count(), 3, "{}", left.body);
    // Whoever is erased is in none of them any more.
    let found = json!({"key": "L-2", "dry_run": true});
    let seen = post(&server, &owner, "/api/v1/persons/forget", &found, 200);
    let erase =
        json!({"key": "L-2", "confirm": "L-2", "dry_run": false, "foreseen": seen["reach"]});
    post(&server, &owner, "/api/v1/persons/forget", &erase, 200);
    assert_eq!(rows(&others[4], &owner).status, 409);
    let taken = server.acts(&owner);
    let taken = taken.iter().filter(|act| *act == "set_aside.exported");
    assert_eq!(taken.count(), 4, "{:?}", server.acts(&owner));
}

/// An export of leads, and one of deals.
fn exports() -> [(&'static str, String); 2] {
    let mut leads = String::from("Lead-Nr;Vorname;E-Mail;Quelle;Erstellt am;MQL Date\n");
    for at in 1..=40 {
        let day = at % 28 + 1;
        let mql = match at % 4 {
            0 => format!("{day:02}.11.2024"),
            _ => String::new(),
        };
        let source = ["Messe", "Web", "Empfehlung"][at % 3];
        leads.push_str(&format!(
            "L-{at:03};Person{at};p{at}@example.com;{source};{day:02}.10.2024;{mql}\n"
        ));
    }
    let mut deals =
        String::from("Opportunity ID;Firma;Phase;Erstellt am;Abschlussdatum;Betrag;Besitzer\n");
    for at in 1..=20 {
        let (stage, closed) = match at % 4 {
            0 => ("Gewonnen", format!("{at:02}.12.2024")),
            1 => ("Verloren", format!("{at:02}.12.2024")),
            _ => ("Angebot", String::new()),
        };
        let of = at % 5;
        deals.push_str(&format!(
            "D-{at};Firma {of};{stage};{at:02}.11.2024;{closed};1.0{at:02},50 €;Kim\n"
        ));
    }
    [("leads-2024.csv", leads), ("deals-2024.csv", deals)]
}

#[test]
fn two_exports_become_a_funnel_in_the_browser_as_they_do_at_the_terminal() {
    let dir = tempfile::tempdir().unwrap();
    let (typed, book) = (dir.path().join("typed/book"), dir.path().join("book"));
    std::fs::create_dir_all(dir.path().join("typed")).unwrap();
    let (typed, book) = (typed.display().to_string(), book.display().to_string());
    run(&["init", &typed]);
    run(&["init", &book]);
    let paths = exports().map(|(name, text)| {
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    });
    let shown = run(&[
        "source", "add", &typed, &paths[0], &paths[1], "--name", "crm", "--yes",
    ]);
    let server = served(&book);
    let owner = server.owner();
    let uploads = exports().map(|(name, text)| upload(&server, &owner, name, &text));
    let asked = json!({"uploads": uploads, "name": "crm"});
    let looked = post(&server, &owner, "/api/v1/wizard/look", &asked, 200);
    assert_eq!(looked["questions"], json!([]), "{looked}");
    // The texts are those that the terminal writes, to the letter.
    for text in looked["sources"][0]["texts"].as_array().unwrap() {
        let path = Path::new(&typed).join(text["path"].as_str().unwrap());
        assert_eq!(
            std::fs::read_to_string(&path).unwrap(),
            text["text"],
            "{}",
            path.display()
        );
    }
    // Nobody's address is shown, and every column is.
    assert!(!looked.to_string().contains("p1@example.com"));
    assert_eq!(
        looked["files"][1]["columns"].as_array().unwrap().len(),
        6,
        "{looked}"
    );
    let preview = post(&server, &owner, "/api/v1/wizard/preview", &asked, 200);
    let count = preview["facts"].as_array().unwrap().len();
    let said = format!("({count} of {})", preview["of_facts"]);
    assert!(shown.contains(&said), "{shown}\n{preview}");
    let saved = post(&server, &owner, "/api/v1/wizard/save", &asked, 201);
    assert_eq!(saved["charter"]["state"], "drafted", "{saved}");
    let taken = post(&server, &owner, "/api/v1/wizard/save", &asked, 409);
    assert_eq!(taken["code"], "E0510");
    let files = json!({"files": saved["charter"]["files"]});
    post(&server, &owner, "/api/v1/wizard/begin", &files, 200);
    assert_eq!(
        post(&server, &owner, "/api/v1/wizard/begin", &files, 409)["code"],
        "E0258"
    );
    let mut import = json!({"source": "crm", "uploads": uploads, "dry_run": true});
    let job = post(&server, &owner, "/api/v1/imports", &import, 202);
    let rehearsed = ended(&server, &owner, &job);
    import["dry_run"] = json!(false);
    let job = post(&server, &owner, "/api/v1/imports", &import, 202);
    let done = ended(&server, &owner, &job);
    assert_eq!(
        (&done["state"], &done["rows"]),
        (&json!("done"), &json!(60)),
        "{done}"
    );
    assert_eq!(rehearsed["result"]["counts"], done["result"]["counts"]);
    // What was imported lies about no longer, and pages show it.
    assert_eq!(
        server.get("/api/v1/uploads", &owner).json()["uploads"],
        json!([])
    );
    let asked = "/api/v1/ask/funnel?view=flow&period=2024";
    let funnel = server.get(asked, &owner).json();
    run(&["import", &typed, &paths[0], &paths[1]]);
    let draft = Path::new(&typed).join("charter-draft");
    for entry in std::fs::read_dir(&draft).unwrap() {
        let path = entry.unwrap().path();
        let to = Path::new(&typed)
            .join("charter")
            .join(path.file_name().unwrap());
        std::fs::copy(&path, to).unwrap();
    }
    run(&["charter", "publish", &typed]);
    let flow = [
        "--view", "flow", "--period", "2024", "--book", &typed, "--json",
    ];
    let said = run(&[&["ask", "funnel"][..], &flow[..]].concat());
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(funnel["answer"], said["answer"]);
    assert_eq!(funnel["answer"]["rows"][0][2], 60, "{funnel}");
    reconciled(&server, &owner);
    taken_back((&server, Path::new(&book)), &owner, &done, asked);
}

/// Sets totals that somebody read elsewhere beside ours: five deals were won in December.
fn reconciled(server: &Server, owner: &str) {
    let lines = json!([
        {"period": "2024-12", "deals": 5, "amount": "5062.50"},
        {"period": "2024-11", "deals": 1, "amount": "100.00"},
        {"period": "2024-12", "deals": 4},
    ]);
    let asked = json!({"by": "month", "currency": "EUR", "lines": lines});
    let told = post(server, owner, "/api/v1/reconcile", &asked, 200);
    let euros = |minor: i64| json!({"minor": minor, "currency": "EUR"});
    let [same, none, fewer] = told["lines"].as_array().unwrap().as_slice() else {
        panic!("{told}");
    };
    assert_eq!(
        (&same["differs"], &same["our_amount"]),
        (&json!(false), &euros(506_250)),
        "{told}"
    );
    assert_eq!(
        (&none["our_deals"], &none["amount_more"]),
        (&json!(0), &euros(10_000)),
        "{told}"
    );
    assert_eq!(
        (&fewer["deals_more"], &fewer["differs"]),
        (&json!(-1), &json!(true)),
        "{told}"
    );
    assert_eq!(told["differing"], 2);
    let asked = json!({"by": "month", "currency": "EUR", "lines": [{"period": "December"}]});
    assert_eq!(
        post(server, owner, "/api/v1/reconcile", &asked, 400)["code"],
        "E0404"
    );
}

/// Takes an import back: its figures go, and it is told once.
fn taken_back((server, book): (&Server, &Path), owner: &str, done: &Value, asked: &str) {
    let run = done["result"]["run"].as_u64().unwrap();
    let path = format!("/api/v1/imports/{run}/undo");
    // The keys lie elsewhere meanwhile: whoever takes it back is told.
    let (keys, away) = (book.join("data/keys"), book.with_extension("away"));
    std::fs::rename(&keys, &away).unwrap();
    std::os::unix::fs::symlink(&away, &keys).unwrap();
    let undone = post(server, owner, &path, &json!({}), 200);
    assert_eq!(undone["records"], 60, "{undone}");
    let told = undone["not_verified"][0].as_str().unwrap();
    assert!(told.starts_with("NOT VERIFIED: I13 "), "{undone}");
    std::fs::remove_file(&keys).unwrap();
    std::fs::rename(&away, &keys).unwrap();
    assert_eq!(post(server, owner, &path, &json!({}), 409)["code"], "E0261");
    assert_eq!(
        post(server, owner, "/api/v1/imports/99/undo", &json!({}), 404)["code"],
        "E0222"
    );
    let list = server.get("/api/v1/imports", owner).json();
    assert_eq!(list["imports"][0]["state"], "taken_back", "{list}");
    let funnel = server.get(asked, owner);
    assert_ne!(funnel.json()["answer"]["rows"][0][2], 60, "{}", funnel.body);
    let expected = [
        "file.sent",
        "file.sent",
        "source.written",
        "charter.begun",
        "import.begun",
        "import.begun",
        "import.undone",
    ];
    assert_eq!(server.acts(owner), expected);
}

#[test]
fn a_key_of_one_file_is_not_taken_for_another_of_its_length() {
    let dir = tempfile::tempdir().unwrap();
    let server = served(&generic(dir.path()));
    let owner = server.owner();
    let sent = |name: &str, bytes: &str| {
        let headers = [
            ("origin", server.url.as_str()),
            ("cookie", owner.as_str()),
            ("content-type", "text/csv"),
            ("idempotency-key", "the-upload"),
        ];
        server.send(
            "POST",
            &format!("/api/v1/uploads?name={name}"),
            &headers,
            bytes,
        )
    };
    let first = sent("leads.csv", "id\n1\n");
    let again = sent("leads.csv", "id\n1\n");
    assert_eq!((first.status, &first.body), (201, &again.body));
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    for (name, bytes) in [("leads.csv", "id\n2\n"), ("deals.csv", "id\n1\n")] {
        let other = sent(name, bytes);
        assert_eq!(
            (other.status, &other.json()["code"]),
            (409, &json!("E0650")),
            "{name}"
        );
    }
    let uploads = server.get("/api/v1/uploads", &owner).json();
    assert_eq!(uploads["uploads"].as_array().unwrap().len(), 1, "{uploads}");
    // Names lead nowhere: the file lies under a name of ours.
    let odd = upload(&server, &owner, "..%2F..%2Fpeople.db", "id\n1\n");
    let home = dir.path().join("book/data/uploads");
    assert!(home.join(&odd).is_file());
    let mut names: Vec<String> = std::fs::read_dir(&home)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.retain(|name| !name.ends_with(".json"));
    assert_eq!(names.len(), 2, "{names:?}");
    let headers = [("origin", server.url.as_str()), ("cookie", owner.as_str())];
    let path = format!("/api/v1/uploads/{odd}");
    assert_eq!(server.send("DELETE", &path, &headers, "").status, 204);
    // What was sent twice under one key was done once, and what was refused not at all.
    let acts = ["file.sent", "file.sent", "file.dropped"];
    assert_eq!(server.acts(&owner), acts);
}
