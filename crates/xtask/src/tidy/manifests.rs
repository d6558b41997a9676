//! The crate graph: which room may know which. Manifests are read as text, a line each, which
//! is enough for the way we write them; the lock file gives the tree behind them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, House};

/// Floors of ARCHITECTURE.md: a room and what it may know. Tests may also know `testkit`.
const ROOMS: [(&str, &[&str]); 16] = [
    ("model", &[]),
    ("charter", &["model"]),
    ("ledger", &["model"]),
    ("kernels", &["model"]),
    ("engine", &["model", "charter", "ledger", "kernels"]),
    (
        "service",
        &["model", "charter", "ledger", "kernels", "engine"],
    ),
    ("wire", &["model"]),
    ("accounts", &["model"]),
    (
        "server",
        &[
            "model", "charter", "ledger", "engine", "service", "wire", "connect", "packs",
            "accounts", "wizard",
        ],
    ),
    (
        "wizard",
        &["model", "charter", "service", "connect", "packs"],
    ),
    ("connect", &["model", "ledger"]),
    ("packs", &["model", "charter", "connect"]),
    (
        "cli",
        &[
            "model", "charter", "ledger", "kernels", "engine", "service", "wire", "connect",
            "packs", "demo", "accounts", "server", "wizard",
        ],
    ),
    ("demo", &["model"]),
    ("testkit", &["model", "charter", "kernels", "ledger"]),
    ("xtask", &[]),
];

/// Outside crates that only some rooms may name.
const OUTSIDERS: [(&str, &[&str]); 15] = [
    ("datafusion", &["engine"]),
    ("serde", &["wire", "charter", "ledger", "server"]),
    ("rusqlite", &["ledger", "accounts"]),
    ("parquet", &["ledger", "connect"]),
    ("chacha20poly1305", &["ledger", "accounts"]),
    ("ed25519-dalek", &["service"]),
    ("tokio", &["engine", "server"]),
    ("clap", &["cli"]),
    ("comfy-table", &["cli"]),
    ("rust_xlsxwriter", &["wire"]),
    ("axum", &["server"]),
    ("hyper", &["server"]),
    ("argon2", &["accounts"]),
    ("openidconnect", &["accounts"]),
    ("ureq", &["accounts"]),
];

/// Rooms whose whole tree must be free of DataFusion, so that they compile in seconds.
const LIGHT: [&str; 6] = ["model", "charter", "ledger", "kernels", "packs", "accounts"];

const PREFIX: &str = "handfast-";

/// One dependency line of a manifest.
struct Edge {
    room: String,
    path: String,
    line: usize,
    on: String,
    is_dev: bool,
}

/// Every arrow between our crates points down, and the wings do not see each other.
pub fn direction(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for edge in edges(house) {
        let Some(on) = edge.on.strip_prefix(PREFIX) else {
            continue;
        };
        let allowed = ROOMS.iter().find(|(room, _)| *room == edge.room);
        let is_known = allowed.is_some_and(|(_, rooms)| rooms.contains(&on));
        let is_for_tests = edge.is_dev && on == "testkit";
        if !is_known && !is_for_tests {
            findings.push(Finding {
                says: format!("`{}` must not know `{on}`", edge.room),
                path: edge.path,
                line: edge.line,
                remedy: "move the code to the room that may know both (ARCHITECTURE.md, floors)",
            });
        }
    }
    findings
}

/// Heavy or dangerous outside crates are named in one room only; `model` knows civil time and
/// a hash of texts, `kernels` nothing but `model`.
pub fn outsiders(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for edge in edges(house).into_iter().filter(|edge| !edge.is_dev) {
        if edge.on.starts_with(PREFIX) {
            continue;
        }
        let kept = OUTSIDERS.iter().find(|(name, _)| *name == edge.on);
        let is_family = edge.on.starts_with("datafusion") && edge.room != "engine";
        let is_wrong = match edge.room.as_str() {
            "model" => !["jiff", "foldhash"].contains(&edge.on.as_str()),
            "kernels" | "xtask" => true,
            room => is_family || kept.is_some_and(|(_, rooms)| !rooms.contains(&room)),
        };
        if is_wrong {
            findings.push(Finding {
                says: format!("`{}` must not name the crate `{}`", edge.room, edge.on),
                path: edge.path,
                line: edge.line,
                remedy: "ask the room that owns it, or change the rule in a decision page first",
            });
        }
    }
    findings
}

/// The resolved tree of ground and wings holds no DataFusion, whoever brought it in.
pub fn lock(house: &House) -> Vec<Finding> {
    let text = house.text("Cargo.lock").unwrap_or("");
    let tree = locked(text);
    let mut findings = Vec::new();
    if tree.is_empty() {
        findings.push(locked_finding(1, "no package could be read".to_owned()));
    }
    for room in LIGHT {
        let start = format!("{PREFIX}{room}");
        if let Some(road) = road_to(&tree, &start, |name| name.starts_with("datafusion")) {
            let needle = format!("name = \"{start}\"");
            let line = text.lines().position(|line| line == needle);
            findings.push(locked_finding(line.unwrap_or(0) + 1, road.join(" → ")));
        }
    }
    findings
}

/// The crate graph as text, floor by floor.
pub fn graph(house: &House) -> String {
    let mut below: BTreeMap<String, (Vec<String>, usize)> = BTreeMap::new();
    for edge in edges(house).into_iter().filter(|edge| !edge.is_dev) {
        let entry = below.entry(edge.room).or_default();
        match edge.on.strip_prefix(PREFIX) {
            Some(on) => entry.0.push(on.to_owned()),
            None => entry.1 += 1,
        }
    }
    let floors: [(&str, &[&str]); 6] = [
        ("3 doors", &["cli", "connect", "packs"]),
        ("3 service", &["service", "wire"]),
        ("2 engine", &["engine"]),
        ("1 wings", &["charter", "ledger", "kernels"]),
        ("0 ground", &["model"]),
        ("workshops", &["demo", "testkit", "xtask"]),
    ];
    let mut text = String::new();
    for (floor, rooms) in floors {
        for room in rooms {
            let (rooms, others) = below.get(*room).cloned().unwrap_or_default();
            let rooms = match rooms.is_empty() {
                true => "nothing of ours".to_owned(),
                false => rooms.join(", "),
            };
            text.push_str(&format!(
                "{floor:<10} {room:<8} → {rooms}  (+{others} outside)\n"
            ));
        }
    }
    text
}

fn locked_finding(line: usize, says: String) -> Finding {
    Finding {
        path: "Cargo.lock".to_owned(),
        line,
        says,
        remedy: "drop the dependency that leads there; these crates must build in seconds",
    }
}

/// The dependency lines of all crates' manifests.
fn edges(house: &House) -> Vec<Edge> {
    let mut edges = Vec::new();
    for (path, text) in &house.texts {
        let parts: Vec<&str> = path.split('/').collect();
        if let ["crates", room, "Cargo.toml"] = parts.as_slice() {
            for (line, on, is_dev) in dependencies(text) {
                let (room, path) = ((*room).to_owned(), path.clone());
                edges.push(Edge {
                    room,
                    path,
                    line,
                    on,
                    is_dev,
                });
            }
        }
    }
    edges
}

/// Line, crate and whether it is for tests only, of each dependency in a manifest.
fn dependencies(manifest: &str) -> Vec<(usize, String, bool)> {
    let (mut found, mut section) = (Vec::new(), String::new());
    for (number, line) in (1..).zip(manifest.lines()) {
        let line = line.trim();
        if let Some(header) = line.strip_prefix('[') {
            section = header.trim_end_matches(']').to_owned();
            // `[dependencies.name]` names its crate in the header.
            if let Some((table, name)) = section.rsplit_once("dependencies.") {
                found.push((number, name.trim_matches('"').to_owned(), table == "dev-"));
            }
            continue;
        }
        let is_table = section.ends_with("dependencies");
        if let Some((key, value)) = line.split_once('=').filter(|_| is_table) {
            let name = key.trim().split('.').next().unwrap_or("");
            let renamed = value.split_once("package = \"").map(|(_, rest)| rest);
            let name = renamed
                .and_then(|rest| rest.split('"').next())
                .unwrap_or(name);
            if !name.is_empty() && !line.starts_with('#') {
                found.push((
                    number,
                    name.to_owned(),
                    section.ends_with("dev-dependencies"),
                ));
            }
        }
    }
    found
}

type Tree = BTreeMap<String, Vec<String>>;

/// Package names and what they depend on, from a lock file. Versions are left out: two versions
/// of one crate are one node, which can only find more, not less.
fn locked(text: &str) -> Tree {
    let (mut tree, mut name, mut is_list) = (Tree::new(), String::new(), false);
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("name = \"") {
            name = rest.trim_end_matches('"').to_owned();
            tree.entry(name.clone()).or_default();
        } else if line == "dependencies = [" {
            is_list = true;
        } else if line == "]" {
            is_list = false;
        } else if is_list {
            let on = line.trim().trim_matches(['"', ',']);
            let on = on.split(' ').next().unwrap_or(on);
            tree.entry(name.clone()).or_default().push(on.to_owned());
        }
    }
    tree
}

/// The way from a package to the first one that is wanted, if there is one.
fn road_to(tree: &Tree, start: &str, is_wanted: impl Fn(&str) -> bool) -> Option<Vec<String>> {
    let mut seen = BTreeSet::new();
    let mut roads = vec![vec![start.to_owned()]];
    while let Some(road) = roads.pop() {
        let here = road.last().cloned().unwrap_or_default();
        if is_wanted(&here) {
            return Some(road);
        }
        if seen.insert(here.clone()) {
            for next in tree.get(&here).into_iter().flatten() {
                let mut longer = road.clone();
                longer.push(next.clone());
                roads.push(longer);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_ways_of_writing_a_dependency_are_seen() {
        let manifest = "[package]\nname = \"x\"\n[dependencies]\na.workspace = true\n\
                        b = { package = \"c\", version = \"1\" }\n[dependencies.d]\nversion = \"1\"\n\
                        [target.'cfg(unix)'.dependencies]\ne = \"1\"\n[dev-dependencies]\nf = \"1\"\n";
        let found = dependencies(manifest);
        let names: Vec<(&str, bool)> = found.iter().map(|(_, n, dev)| (n.as_str(), *dev)).collect();
        let expected = [
            ("a", false),
            ("c", false),
            ("d", false),
            ("e", false),
            ("f", true),
        ];
        assert_eq!(names, expected);
    }

    #[test]
    fn a_forbidden_crate_is_found_through_others() {
        let lock = "[[package]]\nname = \"a\"\ndependencies = [\n \"b 1.0.0\",\n]\n\n\
                    [[package]]\nname = \"b\"\ndependencies = [\n \"bad\",\n]\n";
        let road = road_to(&locked(lock), "a", |name| name == "bad").unwrap();
        assert_eq!(road, ["a", "b", "bad"]);
    }

    #[test]
    fn an_upward_arrow_is_refused() {
        let house = |manifest: &str| House {
            root: std::path::PathBuf::new(),
            rust: Vec::new(),
            texts: vec![("crates/kernels/Cargo.toml".into(), manifest.into())],
        };
        let upward = house("[dependencies]\nhandfast-ledger.workspace = true\n");
        assert_eq!(direction(&upward).len(), 1);
        let downward = house("[dependencies]\nhandfast-model.workspace = true\n");
        assert_eq!(direction(&downward), []);
    }
}
