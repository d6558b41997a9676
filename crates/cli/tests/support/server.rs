//! The real binary serving a book, and requests to it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use super::root;

/// A running server; it ends with the test.
pub struct Server {
    child: Child,
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
        std::thread::spawn(move || lines.for_each(drop));
        Server { child, url, token }
    }

    /// A request; gives status, headers and body.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Sent {
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
    /// What the browser is to keep.
    pub cookie: Option<String>,
    /// The body.
    pub body: String,
}

impl Sent {
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
