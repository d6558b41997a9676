//! The real binary serving a real book, asked over HTTP.

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use support::server::{Server, address};
use support::{handfast, run};

/// Questions as the command line has them, each also as an address.
const QUESTIONS: [&str; 46] = [
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
    "funnel --where touch.medium<>'email'",
    "transitions",
    "transitions --period 2025-Q2 --by channel",
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
    "metric deals_created --by team",
    "credit",
    "credit --currency EUR",
    "credit --models linear,u_last --by channel",
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
    "forecast --horizon month --by team",
    "forecast --backtest --horizon month",
    "plan --goal 100000 --by month --currency EUR",
    "targets",
];

#[test]
fn forty_six_questions_have_the_same_bytes_at_both_doors() {
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
        // Two refusals would be alike and say nothing.
        let refused = String::from_utf8(typed.stderr).unwrap();
        assert!(typed.status.success(), "{question}: {refused}");
        assert_eq!(asked.body, typed_text.trim_end(), "{question}");
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
    // Where the type of a refusal leads, whoever reads it.
    let refused = server.get("/api/v1/book", "").json();
    let why = server.get(refused["type"].as_str().unwrap(), "");
    let code = refused["code"].as_str().unwrap();
    assert!(
        why.status == 200 && why.body.starts_with(&format!("# {code}: ")),
        "{}",
        why.body
    );
    assert_eq!(server.get("/errors/E9999", "").status, 404);
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

/// As `handfast serve BOOK 2>&1 | head -6` does it: whoever reads the log goes, and it stays.
#[test]
fn a_server_whose_log_nobody_reads_answers_and_ends_well() {
    let dir = tempfile::tempdir().unwrap();
    let book = dir.path().join("book").display().to_string();
    run(&["init", &book, "--from", "examples/maven_crm"]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_handfast"))
        .args(["serve", &book, "--listen", "127.0.0.1:0"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let begun: Vec<String> = lines
        .map(Result::unwrap)
        .take_while(|line| !line.contains("Ctrl-C"))
        .collect();
    let url = begun
        .iter()
        .find_map(|line| line.strip_prefix("serving at http://"));
    for _ in 0..3 {
        let mut stream = TcpStream::connect(url.unwrap()).unwrap();
        let ask = "GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
        stream.write_all(ask.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 "), "{answer}");
    }
    let ended = Command::new("kill").arg(child.id().to_string()).status();
    assert!(ended.unwrap().success());
    assert!(child.wait().unwrap().success());
}
