//! Signing in by a provider that others wrote, through the real binary: the npm package
//! `oidc-provider`, run by node. `crates/accounts/oidc/get` fetches it into the person's cache;
//! without it or without node the test says that it is skipped. Forged answers are the business of
//! `accounts`; here is that its doors are the only ones.
// Clippy's leave for tests ends at the helpers beside them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::{Value, json};
use support::root;
use support::server::{Sent, Server, invented, without};

const VERSION: &str = "9.13.3";
/// Where the provider sends browsers: the address that the book gives for its server.
const OURS: &str = "https://figures.example.org";
const BACK: &str = "/api/v1/session/provider/back";

/// The running provider; it ends with this.
struct Provider {
    child: Child,
    /// Held open: a program that has nowhere to write ends.
    _said: BufReader<ChildStdout>,
    issuer: String,
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn package() -> Option<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|path| !path.is_empty());
    let home = || set("HOME").map(|home| PathBuf::from(home).join(".cache"));
    let cache = set("XDG_CACHE_HOME").map(PathBuf::from).or_else(home)?;
    let folder = cache.join("handfast/oidc-provider/node_modules/oidc-provider");
    let manifest = std::fs::read_to_string(folder.join("package.json")).ok()?;
    let manifest: Value = serde_json::from_str(&manifest).ok()?;
    (manifest["version"] == VERSION).then(|| folder.join("lib/index.js"))
}

fn provider() -> Option<Provider> {
    let mut child = Command::new("node")
        .arg(root().join("crates/accounts/oidc/provider.mjs"))
        .arg(package()?)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut line = String::new();
    let mut said = BufReader::new(child.stdout.take()?);
    said.read_line(&mut line).ok()?;
    let issuer = line.trim().to_owned();
    assert!(
        issuer.starts_with("http://127.0.0.1:"),
        "node said {issuer:?}"
    );
    Some(Provider {
        child,
        _said: said,
        issuer,
    })
}

/// Follows the provider's redirects as a browser would, with its cookies, until it sends the
/// browser back to us; gives where to.
fn browse(issuer: &str, from: &str) -> String {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .max_redirects(0)
        .max_redirects_will_error(false)
        .build()
        .into();
    let (mut at, mut cookies) = (from.to_owned(), BTreeMap::new());
    for _ in 0..20 {
        let jar: Vec<String> = cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
        let answer = agent
            .get(&at)
            .header("cookie", jar.join("; "))
            .call()
            .unwrap();
        for cookie in answer.headers().get_all("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            cookies.insert(name.to_owned(), value.to_owned());
        }
        let to = answer.headers().get("location").expect("a redirect");
        let to = to.to_str().unwrap();
        at = match to.strip_prefix('/') {
            Some(rest) => format!("{issuer}/{rest}"),
            None => to.to_owned(),
        };
        if let Some(ours) = at.strip_prefix(OURS) {
            return ours.to_owned();
        }
    }
    panic!("the provider never sent the browser back")
}

/// Begins; gives where the browser goes, and what it holds until it is back.
fn begin(server: &Server, session: &str, words: &Value) -> (String, String) {
    let begun = server.post("/api/v1/session/provider", session, &words.to_string());
    assert_eq!(begun.status, 200, "{}", begun.body);
    let address = begun.json()["address"].as_str().unwrap().to_owned();
    (address, given(&begun, "handfast-provider"))
}

/// What an answer gives a browser to hold under this name.
fn given(sent: &Sent, name: &str) -> String {
    let mut pairs = sent.headers.iter().filter_map(|(header, value)| {
        let pair = value.split(';').next()?;
        let is_it = header == "set-cookie" && pair.split('=').next() == Some(name);
        is_it.then(|| pair.to_owned())
    });
    pairs.next().unwrap_or_default()
}

/// Comes back; gives where the browser is sent on to, and the session that it holds now.
fn come(server: &Server, back: &str, held: &[&str]) -> (String, String) {
    let came = server.get(back, &held.join("; "));
    assert_eq!(came.status, 303, "{}", came.body);
    let to = came.header("location").unwrap_or_default().to_owned();
    (to, given(&came, "handfast"))
}

fn refused(code: &str) -> (String, String) {
    (format!("/sign-in?refused={code}"), String::new())
}

/// A book that names the provider, served.
fn served(dir: &tempfile::TempDir, issuer: &str) -> Server {
    let book = invented(dir);
    let settings = format!("{book}/handfast.toml");
    let text = std::fs::read_to_string(&settings).unwrap();
    let sign_in = format!(
        "\n[sign_in]\nname = \"Acme\"\nissuer = \"{issuer}\"\nclient = \"handfast\"\n\
         address = \"{OURS}\"\nscopes = [\"email\", \"profile\", \"groups\"]\n\
         roles = [{{ group = \"revenue\", role = \"sales\" }}]\n"
    );
    std::fs::write(&settings, text + &sign_in).unwrap();
    let secret = dir.path().join("secret").display().to_string();
    std::fs::write(&secret, "a secret of the client\n").unwrap();
    let words = ["serve", &book, "--listen", "127.0.0.1:0"];
    Server::start(&[&words[..], &["--provider-secret", &secret]].concat())
}

#[test]
fn people_come_in_by_a_provider_that_others_wrote() {
    let Some(provider) = provider() else {
        let why = "no node, or no oidc-provider; crates/accounts/oidc/get fetches it";
        return without("oidc-provider", why);
    };
    let dir = tempfile::tempdir().unwrap();
    let server = served(&dir, &provider.issuer);
    let session = |held: &str| server.get("/api/v1/session", held).json();
    assert_eq!(session("")["provider"], json!({"name": "Acme"}));
    let owner = server.owner();
    let new = json!({"name": "Vera", "email": "vera@firm.example", "role": "sales"});
    let invited = server
        .post("/api/v1/people", &owner, &new.to_string())
        .json();
    let token = invited["token"].as_str().unwrap();
    let greeting = server.post(
        "/api/v1/invitations/read",
        "",
        &json!({"token": token}).to_string(),
    );
    assert_eq!(greeting.json()["purpose"], "invitation");
    let words = json!({"purpose": "invitation", "token": token, "place": "/funnel?by=channel"});

    // In another browser than it began in, and then not at all.
    let (address, held) = begin(&server, "", &words);
    let back = browse(&provider.issuer, &address);
    assert!(back.starts_with(BACK), "{back}");
    assert_eq!(come(&server, &back, &[]), refused("E0641"));
    assert_eq!(come(&server, &back, &[&held]), refused("E0641"));

    // As it should be, once.
    let (address, held) = begin(&server, "", &words);
    let back = browse(&provider.issuer, &address);
    let (to, vera) = come(&server, &back, &[&held]);
    assert_eq!(to, "/funnel?by=channel");
    let person = &session(&vera)["person"];
    assert_eq!(
        (&person["name"], &person["role"]),
        (&json!("Vera"), &json!("sales"))
    );
    assert_eq!(
        (&person["has_provider"], &person["has_password"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(server.get("/api/v1/book", &vera).status, 200);
    assert_eq!(come(&server, &back, &[&held]), refused("E0641"));
    let password = json!({"token": token, "password": support::server::PASSWORD});
    let used = server.post("/api/v1/invitations/accept", "", &password.to_string());
    assert_eq!(used.json()["code"], "E0615", "the invitation is used up");

    // From now on without an invitation; what the browser held before is over.
    let (address, held) = begin(&server, "", &json!({"purpose": "sign_in"}));
    let back = browse(&provider.issuer, &address);
    let (to, again) = come(&server, &back, &[&held, &vera]);
    assert_eq!(
        (to.as_str(), &session(&again)["person"]["name"]),
        ("/", &json!("Vera"))
    );
    assert_eq!(session(&vera)["kind"], "stranger");

    // What is Vera's cannot become the owner's, who stays signed in.
    let (address, held) = begin(&server, &owner, &json!({"purpose": "link"}));
    let back = browse(&provider.issuer, &address);
    assert_eq!(come(&server, &back, &[&held, &owner]), refused("E0645"));
    assert_eq!(session(&owner)["person"]["has_provider"], false);
    let (address, held) = begin(&server, &owner, &json!({"purpose": "link"}));
    let back = browse(&provider.issuer, &address);
    assert_eq!(
        come(&server, &back, &[&held]),
        refused("E0641"),
        "not as the owner any more"
    );

    strangers(&server);
    let lines = server.said().join("\n");
    assert!(lines.contains(BACK), "{lines}");
    for secret in [
        "code=",
        "state=",
        "a secret of the client",
        "vera@firm.example",
    ] {
        assert!(
            !lines.contains(secret),
            "{secret} is written down:\n{lines}"
        );
    }
}

/// What somebody else sends begins nothing, and leads nowhere but into the application.
fn strangers(server: &Server) {
    let words = r#"{"purpose":"sign_in"}"#;
    let evil = [
        ("origin", "http://evil.example"),
        ("content-type", "application/json"),
    ];
    let given = server.send("POST", "/api/v1/session/provider", &evil, words);
    assert_eq!(
        (given.status, &given.json()["code"]),
        (403, &json!("E0711"))
    );
    for (words, code) in [
        (
            json!({"purpose": "sign_in", "place": "//evil.example"}),
            "E0624",
        ),
        (
            json!({"purpose": "sign_in", "place": "https://evil.example"}),
            "E0624",
        ),
        (json!({"purpose": "own everything"}), "E0624"),
        (json!({"purpose": "link"}), "E0620"),
        (json!({"purpose": "invitation", "token": "hfl_0"}), "E0615"),
    ] {
        let given = server.post("/api/v1/session/provider", "", &words.to_string());
        assert_eq!(given.json()["code"], code, "{words}");
    }
    let denied = format!("{BACK}?error=access_denied&state=0");
    assert_eq!(come(server, &denied, &[]), refused("E0641"));
}
