//! Sign-in by a provider that others wrote, over a real socket: the npm package `oidc-provider`,
//! run by node. `crates/accounts/oidc/get` fetches it into the person's cache; without it or
//! without node the test says that it is skipped.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use handfast_model::Instant;
use openidconnect::url::Url;

use super::super::{OFFICE, Office, call_at, code, person};
use super::parameters;
use crate::provider::{Back, Fetch, Provider, Purpose};
use crate::{Actor, Role, Secret};

const VERSION: &str = "9.13.3";

/// The package in the cache, if it is there in the version that was tested.
fn package() -> Option<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|path| !path.is_empty());
    let home = || set("HOME").map(|home| PathBuf::from(home).join(".cache"));
    let cache = set("XDG_CACHE_HOME").map(PathBuf::from).or_else(home)?;
    let folder = cache.join("handfast/oidc-provider/node_modules/oidc-provider");
    let manifest = std::fs::read_to_string(folder.join("package.json")).ok()?;
    let manifest: serde_json::Value = serde_json::from_str(&manifest).ok()?;
    (manifest["version"] == VERSION).then(|| folder.join("lib/index.js"))
}

/// The running provider; it ends with this.
struct Running {
    child: Child,
    /// Held open: a program that has nowhere to write ends.
    _said: BufReader<ChildStdout>,
    issuer: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn start() -> Option<Running> {
    let package = package()?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("oidc/provider.mjs");
    let mut child = Command::new("node")
        .arg(script)
        .arg(package)
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
    Some(Running {
        child,
        _said: said,
        issuer,
    })
}

/// Follows redirects as a browser would, with its cookies, until the provider sends it back.
fn browse(from: &str, until: &str) -> String {
    let config = ureq::Agent::config_builder()
        .max_redirects(0)
        .max_redirects_will_error(false);
    let agent = ureq::Agent::new_with_config(config.build());
    let (mut at, mut cookies) = (Url::parse(from).unwrap(), BTreeMap::new());
    for _ in 0..20 {
        let jar: Vec<String> = cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
        let request = agent.get(at.as_str()).header("cookie", jar.join("; "));
        let answer = request.call().unwrap();
        for cookie in answer.headers().get_all("set-cookie") {
            let pair = cookie
                .to_str()
                .unwrap()
                .split(';')
                .next()
                .unwrap()
                .to_owned();
            let (name, value) = pair.split_once('=').unwrap();
            cookies.insert(name.to_owned(), value.to_owned());
        }
        let to = answer
            .headers()
            .get("location")
            .expect("a redirect")
            .to_str()
            .unwrap();
        at = at.join(to).unwrap();
        if at.as_str().starts_with(until) {
            return at.to_string();
        }
    }
    panic!("the provider never sent the browser back")
}

fn now() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Instant(since.as_micros() as i64)
}

#[test]
fn a_provider_that_others_wrote_lets_people_in_and_its_code_works_once() {
    let Some(running) = start() else {
        let there = std::env::var("HANDFAST_OTHERS").unwrap_or_default();
        assert!(
            !there.contains("oidc-provider"),
            "it is there, and is not found"
        );
        eprintln!("skipped: no node, or no oidc-provider; crates/accounts/oidc/get fetches it");
        return;
    };
    let provider = Provider {
        name: "company".into(),
        issuer: running.issuer.clone(),
        client: "handfast".into(),
        secret: Some(Secret::new("a secret of the client")),
        back: "https://figures.example.org/back".into(),
        scopes: vec!["email".into(), "profile".into(), "groups".into()],
        groups: "groups".into(),
        roles: vec![("revenue".into(), Role::Sales)],
        otherwise: None,
    };
    let (office, fetch) = (Office::new(), Fetch::network());
    let call = || call_at(now(), OFFICE);
    let with = (&provider, &fetch);
    let mut came = Vec::new();
    for _ in 0..2 {
        let begun = office
            .accounts
            .begin(&call(), with, Purpose::SignIn, "/")
            .unwrap();
        let said = parameters(&browse(&begun.address, &provider.back));
        let back = Back {
            state: &said["state"],
            code: &said["code"],
            issuer: said.get("iss").map(String::as_str),
            browser: &begun.browser,
            actor: &Actor::Stranger,
            before: None,
            device: "",
        };
        let arrived = office.accounts.arrive(&call(), with, &back).unwrap();
        came.push((person(&arrived.signed_in.actor), said["code"].clone()));
    }
    let (joined, first_code) = &came[0];
    assert_eq!(
        (joined.name.as_str(), joined.email.as_str()),
        ("Cy Holm", "cy@example.org")
    );
    assert_eq!(joined.role, Role::Sales);
    assert_eq!(came[1].0, *joined, "the same person the second time");
    // A used code in a sign-in of its own: the provider refuses it, and so do we.
    let begun = office
        .accounts
        .begin(&call(), with, Purpose::SignIn, "/")
        .unwrap();
    let back = Back {
        state: &parameters(&begun.address)["state"],
        code: first_code,
        issuer: Some(&provider.issuer),
        browser: &begun.browser,
        actor: &Actor::Stranger,
        before: None,
        device: "",
    };
    assert_eq!(code(office.accounts.arrive(&call(), with, &back)), "E0642");
}
