//! The real binary serving a book, and requests to it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::{root, run};

/// The first owner's e-mail.
pub const OWNER: &str = "owner@firm.example";
/// Everybody's password.
pub const PASSWORD: &str = "lamp orchard seventeen kettle";

/// A small book that guests may look at: the texts of an example and some of its rows.
pub fn invented(dir: &tempfile::TempDir) -> String {
    let book = dir.path().join("book").display().to_string();
    run(&["init", &book, "--from", "examples/maven_crm"]);
    let settings = format!("{book}/handfast.toml");
    let text = std::fs::read_to_string(&settings).unwrap();
    std::fs::write(&settings, format!("{text}demo = true\n")).unwrap();
    book
}

/// For a test that does without a program of others: it may, unless the suite says it is there.
pub fn without(program: &str, why: &str) {
    let there = std::env::var("HANDFAST_OTHERS").unwrap_or_default();
    let is_there = there.split_whitespace().any(|one| one == program);
    assert!(!is_there, "{program} is there, and is not found");
    eprintln!("skipped: {why}");
}

/// A running server; it ends with the test.
pub struct Server {
    child: Child,
    lines: Arc<Mutex<Vec<String>>>,
    /// Its address.
    pub url: String,
    /// What makes the first owner.
    pub token: Option<String>,
}

impl Server {
    /// Starts `handfast WORDS` and waits until it says where it listens.
    pub fn start(words: &[&str]) -> Server {
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
        let said = Arc::new(Mutex::new(Vec::new()));
        let to = Arc::clone(&said);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                to.lock().unwrap().push(line);
            }
        });
        Server {
            child,
            lines: said,
            url,
            token,
        }
    }

    /// The id of its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as a power cut would.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// The lines of its log so far.
    pub fn said(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }

    /// Sets the first owner up; gives what their browser holds.
    pub fn owner(&self) -> String {
        let body = serde_json::json!({
            "token": self.token.clone().unwrap(),
            "name": "Someone",
            "email": OWNER,
            "password": PASSWORD,
        });
        let made = self.post("/api/v1/setup", "", &body.to_string());
        assert_eq!(made.status, 200, "{}", made.body);
        made.session()
    }

    /// Invites somebody of a role, who accepts; gives what their browser holds.
    pub fn person(&self, owner: &str, role: &str) -> String {
        let people = self.get("/api/v1/people", owner).json();
        let count = people["people"].as_array().unwrap().len();
        let sides: Vec<&str> = ["marketing", "sales"]
            .into_iter()
            .filter(|side| *side == role)
            .collect();
        let body = serde_json::json!({
            "name": format!("Person {count}"),
            "email": format!("{role}{count}@firm.example"),
            "role": role,
            "sides": sides,
        });
        let invited = self.post("/api/v1/people", owner, &body.to_string());
        assert_eq!(invited.status, 201, "{}", invited.body);
        let body = serde_json::json!({
            "token": invited.json()["token"],
            "password": PASSWORD,
        });
        let accepted = self.post("/api/v1/invitations/accept", "", &body.to_string());
        assert_eq!(accepted.json()["person"]["role"], role, "{}", accepted.body);
        accepted.session()
    }

    /// What the audit log says was done in the book, oldest first: all but who came in and who may.
    pub fn acts(&self, owner: &str) -> Vec<String> {
        let log = self.get("/api/v1/audit", owner).json();
        let entries = log["entries"].as_array().unwrap().iter().rev();
        let acts = entries.map(|one| one["act"].as_str().unwrap().to_owned());
        let of_people = ["owner.", "person.", "session."];
        let is_act = |act: &String| !of_people.iter().any(|kind| act.starts_with(kind));
        acts.filter(is_act).collect()
    }

    /// A request; gives status, headers and body.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Sent {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
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
        let headers = response.headers().iter().map(|(name, value)| {
            let value = value.to_str().unwrap_or_default();
            (name.as_str().to_owned(), value.to_owned())
        });
        let headers = headers.collect();
        let body = response.body_mut().read_to_vec().unwrap();
        Sent {
            status: response.status().as_u16(),
            headers,
            cookie,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }

    /// Reads.
    pub fn get(&self, path: &str, cookie: &str) -> Sent {
        self.send("GET", path, &[("cookie", cookie)], "")
    }

    /// A request of our own page that changes something.
    pub fn post(&self, path: &str, cookie: &str, body: &str) -> Sent {
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

/// What came back.
pub struct Sent {
    /// The status.
    pub status: u16,
    /// The headers, names in small letters.
    pub headers: Vec<(String, String)>,
    /// What the browser is to keep.
    pub cookie: Option<String>,
    /// The body.
    pub body: String,
}

impl Sent {
    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(known, _)| known == name);
        found.next().map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }

    /// What a browser would send back.
    pub fn session(&self) -> String {
        let cookie = self.cookie.as_deref().unwrap_or_default();
        cookie.split(';').next().unwrap().to_owned()
    }
}

/// The address of a question that was typed.
pub fn address(typed: &str) -> String {
    let mut words = typed.split(' ');
    let kind = words.next().unwrap();
    let mut pairs = Vec::new();
    let mut words = words.peekable();
    while let Some(word) = words.next() {
        match word.strip_prefix("--") {
            Some(flag @ ("estimate" | "backtest")) => {
                pairs.push((flag.to_owned(), "true".to_owned()));
            }
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
