//! The doors of a server: in the clear on this machine alone, by TLS, behind a proxy; what every
//! answer carries whichever way it went, and how connections and the server end.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

use support::root;
use support::server::{Server, invented};

/// What no answer is without, whatever it is.
const ALWAYS: [&str; 6] = [
    "x-content-type-options",
    "referrer-policy",
    "cross-origin-opener-policy",
    "permissions-policy",
    "content-security-policy",
    "x-request-id",
];

/// A certificate for this machine and its key, as files of a folder.
fn certificate(dir: &tempfile::TempDir) -> (String, [String; 2]) {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let files = ["certificate.pem", "key.pem"].map(|name| {
        let path = dir.path().join(name);
        path.display().to_string()
    });
    std::fs::write(&files[0], made.cert.pem()).unwrap();
    std::fs::write(&files[1], made.signing_key.serialize_pem()).unwrap();
    (made.cert.pem(), files)
}

#[test]
fn nobody_is_served_off_this_machine_in_the_clear() {
    let dir = tempfile::tempdir().unwrap();
    let book = invented(&dir);
    let output = Command::new(env!("CARGO_BIN_EXE_handfast"))
        .args(["serve", &book, "--listen", "0.0.0.0:0"])
        .current_dir(root())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("E0720"), "{said}");
}

#[test]
fn by_tls_cookies_are_for_it_alone_and_browsers_come_back_by_it() {
    let dir = tempfile::tempdir().unwrap();
    let (pem, [certificate, key]) = certificate(&dir);
    let book = invented(&dir);
    let words = ["serve", &book, "--listen", "127.0.0.1:0"];
    let tls = ["--tls-certificate", &certificate, "--tls-key", &key];
    let server = Server::start(&[&words[..], &tls[..]].concat());
    assert!(server.url.starts_with("https://"), "{}", server.url);
    let root = ureq::tls::Certificate::from_pem(pem.as_bytes()).unwrap();
    let roots = ureq::tls::RootCerts::new_with_certs(&[root]);
    let tls = ureq::tls::TlsConfig::builder().root_certs(roots).build();
    let agent: ureq::Agent = ureq::Agent::config_builder().tls_config(tls).build().into();
    let address = format!("{}/api/v1/session/guest", server.url);
    let come = agent.post(&address).header("origin", &server.url);
    let came = come.send("").unwrap();
    let header = |name: &str| came.headers()[name].to_str().unwrap().to_owned();
    let cookie = header("set-cookie");
    assert!(cookie.starts_with("__Host-handfast=hfc_"), "{cookie}");
    for word in ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
        assert!(cookie.contains(word), "{cookie}");
    }
    let strict = header("strict-transport-security");
    assert!(strict.contains("max-age="), "{strict}");
    // Who speaks in the clear at that door is not understood.
    let mut plain = TcpStream::connect(server.url.trim_start_matches("https://")).unwrap();
    plain
        .write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        .unwrap();
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP/"), "{answer:?}");
}

#[test]
fn behind_a_proxy_its_last_word_counts_and_no_other() {
    let dir = tempfile::tempdir().unwrap();
    let book = invented(&dir);
    let words = ["serve", &book, "--listen", "127.0.0.1:0"];
    let behind = Server::start(&[&words[..], &["--behind-proxy", "127.0.0.1"]].concat());
    let guess = |number: usize, from: &str| {
        let body = format!(r#"{{"email":"nobody{number}@firm.example","password":"wrong horse"}}"#);
        let headers = [
            ("sec-fetch-site", "same-origin"),
            ("content-type", "application/json"),
            ("x-forwarded-for", from),
        ];
        behind
            .send("POST", "/api/v1/session", &headers, &body)
            .status
    };
    // Whatever stands before the proxy's own word is the caller's, and makes nobody another one.
    let tries = (0..100).map(|number| guess(number, &format!("192.0.2.{number}, 203.0.113.7")));
    let tries: Vec<u16> = tries.take_while(|status| *status != 429).collect();
    assert!(tries.iter().all(|status| *status == 401), "{tries:?}");
    assert!(
        !tries.is_empty() && tries.len() < 100,
        "nobody was slowed down"
    );
    assert_eq!(guess(1_000, "203.0.113.7"), 429);
    assert_eq!(guess(1_001, "198.51.100.3"), 401, "somebody else is not");
}

#[test]
fn every_answer_carries_its_headers_and_is_small_where_that_is_asked() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(&["serve", &invented(&dir), "--listen", "127.0.0.1:0"]);
    let small = [("accept-encoding", "br, gzip")];
    for path in [
        "/",
        "/funnel?period=2025",
        "/openapi.json",
        "/healthz",
        "/readyz",
        "/metrics",
        "/errors/E0720",
        "/assets/none.js",
        "/api/v1/book",
        "/api/v1/nothing",
    ] {
        let sent = server.send("GET", path, &small, "");
        for name in ALWAYS {
            assert!(sent.header(name).is_some(), "{path}: {name}");
        }
        let policy = sent.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(sent.header("strict-transport-security"), None, "{path}");
    }
    let plain = server.send("GET", "/openapi.json", &[], "");
    let packed = server.send("GET", "/openapi.json", &[("accept-encoding", "gzip")], "");
    assert_eq!(plain.header("content-encoding"), None);
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    // Where the application is in the binary, its files are kept for ever, and its page is not.
    let page = server.get("/", "");
    assert_eq!(page.header("cache-control"), Some("no-cache"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("script-src 'self';"), "{policy}");
    let is_built = root().join("web/dist/index.html").exists();
    let asset = page.body.split_once("/assets/");
    assert!(asset.is_some() || !is_built, "{}", page.body);
    if let Some((_, rest)) = asset {
        let name = rest.split('"').next().unwrap();
        let file = server.send("GET", &format!("/assets/{name}"), &small, "");
        let kept = file.header("cache-control");
        assert_eq!(kept, Some("public, max-age=31536000, immutable"), "{name}");
        assert_eq!(file.header("content-encoding"), Some("br"), "{name}");
    }
}

/// Reads what comes until the server closes, and says how long that took.
fn to_the_end(stream: &mut TcpStream) -> (String, Duration) {
    let began = Instant::now();
    let long = Duration::from_secs(60);
    stream.set_read_timeout(Some(long)).unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    (
        String::from_utf8_lossy(&answer).into_owned(),
        began.elapsed(),
    )
}

#[test]
fn a_connection_that_says_nothing_more_is_closed() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(&["serve", &invented(&dir), "--listen", "127.0.0.1:0"]);
    let host = server.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).unwrap();
    let ask = format!("GET /healthz HTTP/1.1\r\nhost: {host}\r\n\r\n");
    stream.write_all(ask.as_bytes()).unwrap();
    let (answer, took) = to_the_end(&mut stream);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(took < Duration::from_secs(60), "it stays open");
}

#[test]
fn one_more_connection_than_an_address_may_have_is_told_so() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(&["serve", &invented(&dir), "--listen", "127.0.0.1:0"]);
    let host = server.url.trim_start_matches("http://");
    let open: Vec<TcpStream> = (0..64).map(|_| TcpStream::connect(host).unwrap()).collect();
    let (told, _) = to_the_end(&mut TcpStream::connect(host).unwrap());
    assert!(told.starts_with("HTTP/1.1 503 "), "{told}");
    assert!(told.contains("\r\nretry-after: 1\r\n"), "{told}");
    assert!(told.contains("your address has as many"), "{told}");
    drop(open);
}

#[test]
fn log_lines_for_programs_are_objects_with_what_was_asked_and_how_it_ended() {
    let dir = tempfile::tempdir().unwrap();
    let words = ["serve", &invented(&dir), "--listen", "127.0.0.1:0"];
    let server = Server::start(&[&words[..], &["--log", "json"]].concat());
    let asked = server.get("/api/v1/people/canary/sessions", "");
    assert_eq!(asked.status, 401, "{}", asked.body);
    let said = || {
        let mut lines = server.said();
        lines.retain(|line| !line.is_empty());
        lines
    };
    let mut lines = said();
    while lines.is_empty() {
        server.get("/healthz", "");
        lines = said();
    }
    for line in &lines {
        let told: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(
            told["timestamp"].is_string() && told["level"].is_string(),
            "{line}"
        );
        let fields = &told["fields"];
        for name in ["request", "method", "route"] {
            assert!(fields[name].is_string(), "{line}: {name}");
        }
        assert!(
            fields["status"].is_u64() && fields["micros"].is_u64(),
            "{line}"
        );
    }
    let first: serde_json::Value = serde_json::from_str(&lines[0]).unwrap();
    let (route, id) = (&first["fields"]["route"], &first["fields"]["request"]);
    assert_eq!(route, "/api/v1/people/{id}/sessions");
    assert_eq!(Some(id.as_str().unwrap()), asked.header("x-request-id"));
}

#[test]
fn whoever_is_being_answered_when_the_server_ends_is_answered() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(&["serve", &invented(&dir), "--listen", "127.0.0.1:0"]);
    let host = server.url.trim_start_matches("http://");
    let body = r#"{"email":"nobody@firm.example","password":"wrong horse"}"#;
    let (first, rest) = body.split_at(20);
    let mut stream = TcpStream::connect(host).unwrap();
    let head = format!(
        "POST /api/v1/session HTTP/1.1\r\nhost: {host}\r\norigin: http://{host}\r\n\
         content-type: application/json\r\nexpect: 100-continue\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    // Now its head has been read, and somebody waits for its body.
    let mut told = [0; 25];
    stream.read_exact(&mut told).unwrap();
    assert_eq!(&told, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(first.as_bytes()).unwrap();
    let ended = Command::new("kill").arg(server.id().to_string()).status();
    assert!(ended.unwrap().success());
    // When nobody is let in any more, the end is under way.
    while TcpStream::connect(host).is_ok_and(|mut late| {
        let ask = format!("GET /healthz HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
        let _ = late.write_all(ask.as_bytes());
        to_the_end(&mut late).0.starts_with("HTTP/1.1 200")
    }) {}
    stream.write_all(rest.as_bytes()).unwrap();
    let (answer, _) = to_the_end(&mut stream);
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
}
