//! `cargo xtask contract`: the API as `crates/server/openapi.json` describes it against the API as
//! it is. The real binary serves the demo's book, and schemathesis asks it for every operation what
//! the description allows and what it forbids: no 5xx, no answer that is not described. Its seed is
//! fixed, its examples are few; what it finds it prints as a command to repeat.
//!
//! schemathesis is a Python program (`python`).

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::run::{self, Missing, Scratch};
use crate::{python, web};

/// Fixed, so that two runs ask the same.
const PACKAGES: [&str; 1] = ["schemathesis==4.32.5"];

/// What is looked at in each answer.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_headers_conformance,response_schema_conformance,\
                      negative_data_rejection,ignored_auth";

/// What refuses a bad request: any status that says so, as 431 does.
const CONFIG: &str = "[checks.negative_data_rejection]\nexpected-statuses = [\"4xx\", \"5xx\"]\n";

/// Generated requests for each operation, besides those at the edges of what is described.
const EXAMPLES: &str = "20";

/// What opens or ends sessions is asked as a stranger: an owner who signs out is one.
const OF_STRANGERS: [&str; 7] = [
    "GET /api/v1/session",
    "POST /api/v1/session",
    "DELETE /api/v1/session",
    "POST /api/v1/session/guest",
    "POST /api/v1/setup",
    "POST /api/v1/invitations/read",
    "POST /api/v1/invitations/accept",
];

/// Builds everything, and asks.
pub fn contract(words: &[String]) -> Result<(), String> {
    if let Some(word) = words.first() {
        return Err(format!("contract takes no words, and `{word}` is one"));
    }
    web::ready()?;
    let mut build = run::cargo();
    build.args(["build", "--workspace", "--bin", "handfast"]);
    run::step("build handfast", &mut build)?;
    asked(&python::environment("schemathesis", &PACKAGES)?)
}

/// The step of `cargo xtask test`, when everything is built: all of it, or one loud line.
pub fn step() -> Result<(), String> {
    match python::environment("schemathesis", &PACKAGES) {
        Ok(programs) => asked(&programs),
        Err(why) => {
            let missing = match run::answers(Command::new("python3").arg("--version")) {
                true => Missing::Failed(why),
                false => Missing::Impossible(why),
            };
            run::left_out("the API against its description", missing, run::is_whole())
        }
    }
}

fn asked(programs: &Path) -> Result<(), String> {
    let scratch = Scratch::new("contract")?;
    let config = scratch.0.join("schemathesis.toml");
    fs::write(config, CONFIG).map_err(|error| format!("contract: {error}"))?;
    let mut demo = Command::new(run::binary("debug")?);
    demo.current_dir(&scratch.0).args(["demo", "--dir", "demo"]);
    let quiet = demo.stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !quiet.is_ok_and(|status| status.success()) {
        return Err("contract: `handfast demo` failed".into());
    }
    let served = Served::start(&scratch.0)?;
    let cookie = served.owner()?;
    let ask = |who: &str, more: &[String]| {
        let mut ask = schemathesis(programs, &scratch.0, &served.url);
        ask.args(more);
        run::step(
            &format!("the API against its description, as {who}"),
            &mut ask,
        )
    };
    let mut as_owner = vec!["--header".to_owned(), format!("Cookie: {cookie}")];
    let mut as_stranger = Vec::new();
    for name in OF_STRANGERS {
        as_owner.extend(["--exclude-name".to_owned(), name.to_owned()]);
        as_stranger.extend(["--include-name".to_owned(), name.to_owned()]);
    }
    ask("its owner", &as_owner)?;
    ask("a stranger", &as_stranger)
}

/// schemathesis with what both runs share.
fn schemathesis(programs: &Path, folder: &Path, url: &str) -> Command {
    let mut ask = Command::new(programs.join("schemathesis"));
    // What it reads and writes for itself lies in the folder that goes.
    ask.current_dir(folder);
    ask.arg("run").arg(format!("{url}/openapi.json"));
    ask.args(["--url", url, "--header", &format!("Origin: {url}")]);
    ask.args(["--checks", CHECKS, "--max-examples", EXAMPLES]);
    ask.args(["--phases", "examples,coverage,fuzzing"]);
    // Tokens that somebody made up would stand before the cookie, and nothing be let in.
    ask.args(["--generation-with-security-parameters", "false"]);
    ask.args(["--seed", "1", "--generation-deterministic", "--no-shrink"]);
    ask.args(["--suppress-health-check", "all", "--warnings", "off"]);
    // An answer may take as long as the server lets it.
    ask.args(["--request-timeout", "40"]);
    ask
}

/// The demo's book, served.
struct Served {
    child: Child,
    url: String,
    token: String,
}

impl Served {
    fn start(folder: &Path) -> Result<Served, String> {
        let mut serve = Command::new(run::binary("debug")?);
        serve.current_dir(folder);
        serve.args(["serve", "demo/book", "--listen", "127.0.0.1:0"]);
        let piped = serve.stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
        let mut child = piped.map_err(|error| format!("handfast serve: {error}"))?;
        let said = child.stderr.take().ok_or("handfast serve says nothing")?;
        let mut lines = BufReader::new(said).lines().map_while(Result::ok);
        let begun: Vec<String> = lines
            .by_ref()
            .take_while(|line| !line.contains("Ctrl-C ends it"))
            .collect();
        // Nobody reads its log, and it must not wait for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        let (url, token) = reached(&begun);
        let served = Served { child, url, token };
        match served.url.is_empty() || served.token.is_empty() {
            true => Err(format!("handfast serve did not begin: {begun:?}")),
            false => Ok(served),
        }
    }

    /// Makes the first owner; gives the cookie that their browser would hold.
    fn owner(&self) -> Result<String, String> {
        let body = format!(
            "{{\"token\":\"{}\",\"name\":\"Someone\",\"email\":\"owner@firm.example\",\
             \"password\":\"lamp orchard seventeen kettle\"}}",
            self.token
        );
        let (url, host) = (&self.url, self.url.trim_start_matches("http://"));
        let request = format!(
            "POST /api/v1/setup HTTP/1.1\r\nhost: {host}\r\norigin: {url}\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let exchange = || -> std::io::Result<String> {
            let mut stream = TcpStream::connect(host)?;
            stream.write_all(request.as_bytes())?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer)?;
            Ok(answer)
        };
        let answer = exchange().map_err(|error| format!("contract: {error}"))?;
        cookie(&answer).ok_or_else(|| format!("contract: nobody owns the book: {answer}"))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where a server is and the token for its first owner, from the lines with which it begins.
fn reached(lines: &[String]) -> (String, String) {
    let after = |start: &str| {
        let found = lines
            .iter()
            .find_map(|line| line.trim().strip_prefix(start));
        found.unwrap_or_default().to_owned()
    };
    let mut trimmed = lines.iter().map(|line| line.trim());
    let token = trimmed.find(|line| line.starts_with("hfs_"));
    (after("serving at "), token.unwrap_or_default().to_owned())
}

/// What a browser would send back of the cookie that an answer sets.
fn cookie(answer: &str) -> Option<String> {
    let head = answer.split("\r\n\r\n").next()?;
    let value = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("set-cookie").then_some(value)
    })?;
    Some(value.split(';').next()?.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_says_where_it_is_and_how_to_own_it() {
        let lines = [
            "",
            "serving at http://127.0.0.1:4711",
            "  nobody owns it yet. Open http://127.0.0.1:4711/setup and give this token, once:",
            "  hfs_0123",
        ];
        let (url, token) = reached(&lines.map(str::to_owned));
        assert_eq!(
            (url.as_str(), token.as_str()),
            ("http://127.0.0.1:4711", "hfs_0123")
        );
        assert_eq!(reached(&[]), (String::new(), String::new()));
    }

    #[test]
    fn a_cookie_is_sent_back_without_its_attributes() {
        let answer = "HTTP/1.1 200 OK\r\nSet-Cookie: handfast=hfc_1; HttpOnly\r\n\r\n{}";
        assert_eq!(cookie(answer).as_deref(), Some("handfast=hfc_1"));
        assert_eq!(
            cookie("HTTP/1.1 403 Forbidden\r\n\r\nset-cookie: a=b"),
            None
        );
    }

    #[test]
    fn operations_that_strangers_are_asked_for_are_described() {
        let path = run::root().join("crates/server/openapi.json");
        let text = std::fs::read_to_string(path).unwrap();
        for name in OF_STRANGERS {
            let path = name.split_once(' ').unwrap().1;
            assert!(text.contains(&format!("\"{path}\"")), "{name} is gone");
        }
    }
}
