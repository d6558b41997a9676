//! Clients that take for ever, as slow-loris tools make them: nobody else notices, and in the end
//! the server lets them go. What waits is a read with a time, never a sleep.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use support::server::{Server, invented, without};

/// Slow clients of each kind. All come from one address, which has 64 places; some are left for
/// somebody who is not slow.
const OF_EACH: usize = 18;
/// A byte is sent this often.
const DRIP: Duration = Duration::from_millis(500);
/// After so many of them the server has let everybody go, or never will.
const DRIPS: usize = 240;

/// What a slow client says at once, and what it repeats.
struct Slow {
    kind: &'static str,
    says: String,
    drips: &'static str,
}

fn kinds(host: &str) -> [Slow; 3] {
    let post = format!(
        "POST /api/v1/session HTTP/1.1\r\nhost: {host}\r\norigin: http://{host}\r\n\
         content-type: application/json\r\ncontent-length: 4000\r\n\r\n"
    );
    let get = format!("GET /openapi.json HTTP/1.1\r\nhost: {host}\r\n\r\n");
    [
        Slow {
            kind: "head",
            says: format!("GET / HTTP/1.1\r\nhost: {host}\r\nx-slow: "),
            drips: "a",
        },
        Slow {
            kind: "body",
            says: post,
            drips: " ",
        },
        // More than the buffers between two programs hold.
        Slow {
            kind: "reader",
            says: get.repeat(400),
            drips: "",
        },
    ]
}

/// Whether the server has let this client go by now.
fn is_let_go(stream: &mut TcpStream, slow: &Slow) -> bool {
    if slow.kind == "reader" {
        // What lies unread hides the end of the connection; what is sent after it does not.
        return stream.write_all(b"\r\n").is_err();
    }
    let mut answer = [0; 4_096];
    match stream.read(&mut answer) {
        Ok(0) => true,
        Ok(_) => false,
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
            stream.write_all(slow.drips.as_bytes()).is_err()
        }
        Err(_) => true,
    }
}

/// Holds a client as slow as it can be until the server has enough; says after how long.
fn hold(host: &str, slow: &Slow) -> Option<Duration> {
    let began = Instant::now();
    let mut stream = TcpStream::connect(host).unwrap();
    stream.set_read_timeout(Some(DRIP)).unwrap();
    stream.set_write_timeout(Some(DRIP)).unwrap();
    let sent = stream.write_all(slow.says.as_bytes());
    assert!(
        sent.is_ok() || slow.kind == "reader",
        "{}: {sent:?}",
        slow.kind
    );
    let (_never, pause) = std::sync::mpsc::channel::<()>();
    for _ in 0..DRIPS {
        if is_let_go(&mut stream, slow) {
            return Some(began.elapsed());
        }
        if slow.kind == "reader" {
            let _ = pause.recv_timeout(DRIP);
        }
    }
    None
}

#[test]
fn slow_clients_are_let_go_and_nobody_else_waits_for_them() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(&["serve", &invented(&dir), "--listen", "127.0.0.1:0"]);
    let host = server.url.trim_start_matches("http://");
    let kinds = kinds(host);
    let is_over = AtomicBool::new(false);
    let (held, healthy) = std::thread::scope(|scope| {
        let slow: Vec<_> = kinds
            .iter()
            .flat_map(|slow| (0..OF_EACH).map(move |_| slow))
            .map(|slow| scope.spawn(move || (slow.kind, hold(host, slow))))
            .collect();
        let healthy = scope.spawn(|| {
            let mut took = Vec::new();
            while !is_over.load(Ordering::Relaxed) {
                let began = Instant::now();
                let given = server.get("/api/v1/session", "");
                assert_eq!(given.status, 200, "{}", given.body);
                took.push(began.elapsed());
            }
            took
        });
        let held: Vec<_> = slow.into_iter().map(|one| one.join().unwrap()).collect();
        is_over.store(true, Ordering::Relaxed);
        (held, healthy.join().unwrap())
    });
    let kept: Vec<_> = held.iter().filter(|(_, took)| took.is_none()).collect();
    assert!(kept.is_empty(), "still held: {kept:?}");
    for slow in &kinds {
        let of_kind = held.iter().filter(|(kind, _)| *kind == slow.kind);
        let longest = of_kind.filter_map(|(_, took)| *took).max().unwrap();
        eprintln!("{}: let go after {longest:?} at the latest", slow.kind);
    }
    // How fast the others were answered is printed and not judged: a busy machine is no defect.
    let mut took = healthy;
    took.sort_unstable();
    let at = |part: usize| took[(took.len() - 1) * part / 100];
    eprintln!("{} others: p50 {:?}, p99 {:?}", took.len(), at(50), at(99));
    assert!(
        took.len() >= 100,
        "only {} others were answered",
        took.len()
    );
    assert_eq!(server.get("/readyz", "").status, 200);
}

/// What slowhttptest is told: how it is slow, towards what, and for how many seconds at most.
const MODES: [(&str, &str, &str); 3] = [
    ("-H", "/", "60"),
    ("-B", "/api/v1/session", "60"),
    ("-X", "/openapi.json", "75"),
];

/// Five hundred clients of a tool that others wrote: more than one address has places for.
#[test]
fn what_slowhttptest_holds_open_is_let_go_and_others_are_answered_meanwhile() {
    let is_there = |program: &str| Command::new(program).arg("-h").output().is_ok();
    if !is_there("slowhttptest") || !is_there("curl") {
        return without("slowhttptest", "slowhttptest or curl is not installed");
    }
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(&["serve", &invented(&dir), "--listen", "127.0.0.1:0"]);
    let asks = |address: &str| {
        let mut curl = Command::new("curl");
        curl.args(["--interface", address, "--silent", "--max-time", "20"]);
        curl.args(["--output", "/dev/null", "--write-out", "%{http_code}"]);
        let given = curl.arg(format!("{}/api/v1/session", server.url)).output();
        String::from_utf8(given.unwrap().stdout).unwrap()
    };
    for (mode, path, seconds) in MODES {
        let mut slow = Command::new("slowhttptest");
        slow.args([mode, "-c", "500", "-r", "250", "-i", "5", "-l", seconds]);
        // Of readers: three requests on a connection, a few bytes taken at a time.
        slow.args(["-k", "3", "-w", "8", "-y", "16", "-n", "5", "-z", "8"]);
        slow.args(["-p", "5", "-u", &format!("{}{path}", server.url)]);
        let mut slow = slow.stdout(Stdio::piped()).spawn().unwrap();
        let mut said = slow.stdout.take().unwrap();
        let reader = std::thread::spawn(move || {
            let mut text = String::new();
            said.read_to_string(&mut text).unwrap();
            text
        });
        let (mut answered, mut place) = (0, String::new());
        while slow.try_wait().unwrap().is_none() {
            // Whoever is not slow comes from another address, as others do.
            assert_eq!(asks("127.0.0.2"), "200", "{mode}");
            place = asks("127.0.0.1");
            answered += 1;
        }
        let said = reader.join().unwrap();
        // A reader does not see that we are gone before it has read what the system holds for it;
        // its address has places again, while it still runs.
        let is_let_go = match mode {
            "-X" => place == "200",
            _ => said.contains("No open connections left"),
        };
        assert!(is_let_go, "{mode}: {place} {said}");
        assert!(answered > 0, "{mode} was over at once: {said}");
    }
}
