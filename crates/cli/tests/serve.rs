//! The real binary serving a real book, asked over HTTP.

mod support;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use support::{handfast, root, run};

/// A running server; it ends with the test.
struct Server {
    child: Child,
    url: String,
    token: Option<String>,
}

impl Server {
    /// Starts `handfast WORDS` and waits until it says where it listens.
    fn start(words: &[&str]) -> Server {
        let mut child = Command::new(env!("CARGO_BIN_EXE_handfast"))
            .args(words)
            .current_dir(root())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (mut url, mut token) = (String::new(), None);
        for line in lines.by_ref() {
            let line = line.unwrap();
            if let Some(address) = line.strip_prefix("serving at ") {
                url = address.to_owned();
            }
            if let Some(secret) = line.trim().strip_prefix("hfs_") {
                token = Some(format!("hfs_{secret}"));
            }
            if line.contains("Ctrl-C ends it") {
                break;
            }
        }
        assert!(!url.is_empty(), "the server did not start");
        std::thread::spawn(move || lines.for_each(drop));
        Server { child, url, token }
    }

    /// A request; gives status, headers and body.
    fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Sent {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .build()
            .into();
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = agent.run(request.body(body.to_owned()).unwrap()).unwrap();
        let cookie = response.headers().get("set-cookie");
        let cookie = cookie.map(|value| value.to_str().unwrap().to_owned());
        Sent {
            status: response.status().as_u16(),
            cookie,
            body: response.body_mut().read_to_string().unwrap(),
        }
    }

    fn get(&self, path: &str, cookie: &str) -> Sent {
        self.send("GET", path, &[("cookie", cookie)], "")
    }

    /// A request of our own page that changes something.
    fn post(&self, path: &str, cookie: &str, body: &str) -> Sent {
        let headers = [
            ("origin", self.url.as_str()),
            ("content-type", "application/json"),
            ("cookie", cookie),
        ];
        self.send("POST", path, &headers, body)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Sent {
    status: u16,
    cookie: Option<String>,
    body: String,
}

impl Sent {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }

    /// What a browser would send back.
    fn session(&self) -> String {
        let cookie = self.cookie.as_deref().unwrap_or_default();
        cookie.split(';').next().unwrap().to_owned()
    }
}

/// Questions as the command line has them, each also as an address.
const QUESTIONS: [&str; 40] = [
    "funnel",
    "funnel --view flow --period 2025-Q2 --by team",
    "funnel --view snapshot --at 2025-06-30",
    "funnel --view snapshot --at 2025-03-31 --outcome-by 2025-06-30",
    "funnel --by quarter",
    "funnel --by channel",
    "funnel --by channel,quarter",
    "funnel --by month --estimate",
    "funnel --window 30 --by quarter",
    "funnel --entries all",
    "funnel --unit account",
    "funnel --unit person --by channel",
    "funnel --where touch.channel<>'email'",
    "velocity",
    "velocity --by team",
    "times",
    "stale",
    "stale --by team",
    "response",
    "response --clock assignment --window 3",
    "health",
    "leaks",
    "metric win_rate",
    "metric win_rate --by quarter",
    "metric revenue --by channel",
    "metric revenue --by month --currency EUR",
    "metric new_deals --by team",
    "credit",
    "credit --currency EUR",
    "credit --models linear,u --by channel",
    "credit open",
    "cost",
    "cost --by vendor --currency EUR",
    "sla",
    "sla --by person.region",
    "bridge --period 2025-Q1",
    "change revenue --period 2025-Q2 --compare previous",
    "change win_rate --period 2025-Q2 --compare previous --by team",
    "reasons",
    "reasons won --by reason,stage",
];

/// The address of a question that was typed.
fn address(typed: &str) -> String {
    let mut words = typed.split(' ');
    let kind = words.next().unwrap();
    let mut pairs = Vec::new();
    let mut words = words.peekable();
    while let Some(word) = words.next() {
        match word.strip_prefix("--") {
            Some("estimate") => pairs.push(("estimate".to_owned(), "true".to_owned())),
            Some(name) => pairs.push((name.to_owned(), words.next().unwrap().to_owned())),
            None => pairs.push(("of".to_owned(), word.to_owned())),
        }
    }
    let escaped = |text: &str| {
        let each = text.bytes().map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        });
        each.collect::<String>()
    };
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={}", escaped(value)))
        .collect();
    format!("/api/v1/ask/{kind}?{}", pairs.join("&"))
}

#[test]
fn forty_questions_have_the_same_bytes_at_both_doors() {
    let dir = tempfile::tempdir().unwrap();
    let demo = dir.path().join("demo").display().to_string();
    run(&["demo", "--dir", &demo]);
    let book = format!("{demo}/book");
    let server = Server::start(&["serve", &book, "--listen", "127.0.0.1:0"]);
    let guest = server.post("/api/v1/session/guest", "", "").session();
    for question in QUESTIONS {
        let mut words = vec!["ask"];
        words.extend(question.split(' '));
        words.extend(["--book", &book, "--json"]);
        let typed = handfast(&words);
        let asked = server.get(&address(question), &guest);
        let typed_text = String::from_utf8(typed.stdout).unwrap();
        match typed.status.success() {
            true => assert_eq!(asked.body, typed_text.trim_end(), "{question}"),
            false => assert_eq!(asked.status / 100, 4, "{question}: {}", asked.body),
        }
    }
    // A figure has as many records as it says, page by page.
    let figure = "/api/v1/ask/funnel/records?by=channel&column=won&row=webinar&limit=7";
    let funnel = server.get(&address("funnel --by channel"), &guest).json();
    let rows = funnel["answer"]["rows"].as_array().unwrap();
    let won = rows.iter().find(|row| row[0] == "webinar").unwrap();
    let columns = funnel["answer"]["columns"].as_array().unwrap();
    let at = columns.iter().position(|one| one["id"] == "won").unwrap();
    let won = won[at]["part"].clone();
    let mut seen = 0;
    loop {
        let page = server.get(&format!("{figure}&after={seen}"), &guest).json();
        assert_eq!(page["of"], won);
        let rows = page["reply"]["answer"]["rows"].as_array().unwrap().len();
        assert!(rows <= 7);
        if rows == 0 {
            break;
        }
        seen += rows;
    }
    assert_eq!(won, seen);
}

#[test]
fn a_book_is_set_up_once_and_strangers_see_nothing_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let book = dir.path().join("book").display().to_string();
    run(&["init", &book, "--from", "examples/maven_crm"]);
    let server = Server::start(&["serve", &book, "--listen", "127.0.0.1:0"]);
    let stranger = server.get("/api/v1/session", "").json();
    assert_eq!(stranger["needs_set_up"], true);
    assert_eq!(stranger["capabilities"], serde_json::json!([]));
    for path in ["/api/v1/book", "/api/v1/metrics", "/api/v1/ask/funnel"] {
        assert_eq!(server.get(path, "").status, 401, "{path}");
    }
    // No guests where the company is real.
    assert_eq!(server.post("/api/v1/session/guest", "", "").status, 404);
    let token = server.token.clone().unwrap();
    let owner = |token: &str| {
        serde_json::json!({
            "token": token,
            "name": "Someone",
            "email": "owner@firm.example",
            "password": "lamp orchard seventeen kettle",
        })
        .to_string()
    };
    assert_eq!(
        server.post("/api/v1/setup", "", &owner("hfs_0")).status,
        403
    );
    let made = server.post("/api/v1/setup", "", &owner(&token));
    assert_eq!(made.json()["person"]["role"], "owner", "{}", made.body);
    let cookie = made.cookie.clone().unwrap();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    assert_eq!(server.post("/api/v1/setup", "", &owner(&token)).status, 403);
    let session = made.session();
    assert_eq!(server.get("/api/v1/book", &session).status, 200);
    // Another site's page changes nothing, and a body with a field too many is refused.
    let theirs = [
        ("origin", "http://evil.example"),
        ("cookie", session.as_str()),
    ];
    let out = server.send("DELETE", "/api/v1/session", &theirs, "");
    assert_eq!(out.json()["code"], "E0711");
    let sly = r#"{"email":"a","password":"b","role":"owner"}"#;
    let refused = server.post("/api/v1/session", "", sly).json();
    assert_eq!(refused["code"], "E0704");
    // Signing out ends it at once.
    let own = [
        ("origin", server.url.as_str()),
        ("cookie", session.as_str()),
    ];
    assert_eq!(
        server.send("DELETE", "/api/v1/session", &own, "").status,
        204
    );
    assert_eq!(server.get("/api/v1/book", &session).status, 401);
}
