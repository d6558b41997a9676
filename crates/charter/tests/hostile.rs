//! Texts from people who mean no good, or whose editor crashed: refused quickly, never a crash.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets something unexpected fails"
)]

use std::time::{Duration, Instant};

use handfast_charter::{TextFile, parse_condition, read_charter, read_pack};
use handfast_model::rules::{DeclaredAttribute, Subject, ValueKind};

fn score() -> Vec<DeclaredAttribute> {
    vec![DeclaredAttribute {
        subject: Subject::Person,
        name: "score".to_owned(),
        kind: ValueKind::Number,
    }]
}

/// Far above what a busy machine makes of a thousandth of a second.
const HANG: Duration = Duration::from_secs(60);

/// Runs on a stack of 1 MiB, the least that a platform gives to a program, and does not hang.
fn on_a_small_stack<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> T {
    let started = Instant::now();
    let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(run);
    let result = thread.unwrap().join().unwrap();
    assert!(started.elapsed() < HANG);
    result
}

fn code(text: String) -> String {
    on_a_small_stack(move || match parse_condition(&text, "rule", &score()) {
        Ok(_) => "accepted".to_owned(),
        Err(refusal) => refusal.code.to_owned(),
    })
}

#[test]
fn planner_bombs_are_refused_by_size_nesting_and_count() {
    let chain = |part: &str, sign: &str, count: usize| vec![part; count].join(sign);
    let nest = |open: &str, inner: &str, close: &str, count: usize| {
        format!("{}{inner}{}", open.repeat(count), close.repeat(count))
    };
    for bomb in [
        chain("person.score = 1", " OR ", 20_000),
        chain("TRUE", " OR ", 1_900),
        chain("TRUE", " AND ", 1_500),
        format!("{} > 1", chain("1", "+", 3_000)),
        format!("{} > 1", chain("1", "*", 8_000)),
        format!("1 > {}", chain("1", "- ", 3_000)),
        nest("(", "TRUE", ")", 8_000),
        nest("NOT ", "TRUE", "", 4_000),
        format!("1 > {}", nest("- ", "person.score", "", 8_000)),
        format!("1 > {}", nest("abs(", "1", ")", 3_000)),
        nest("CASE WHEN ", "TRUE", " THEN TRUE END", 600),
        nest("person.score IN (", "1", ")", 500),
        nest("TRUE AND (", "TRUE", ")", 1_200),
        nest("TRUE = (", "TRUE", ")", 1_200),
        nest("TRUE OR (FALSE AND (", "TRUE", "))", 600),
        format!("person.score IN ({})", chain("1", ",", 5_000)),
        format!("concat({}) = 'a'", chain("'a'", ",", 4_000)),
        format!("CASE {} END", chain("WHEN TRUE THEN TRUE", " ", 800)),
        "x".repeat(17_000),
        "'".repeat(15_999),
    ] {
        let start: String = bomb.chars().take(30).collect();
        let code = code(bomb);
        assert!(
            ["E0121", "E0120"].contains(&code.as_str()),
            "{start}: {code}"
        );
    }
}

#[test]
fn rules_at_the_limits_are_accepted_and_one_more_is_not() {
    let items = |count: usize| format!("person.score IN ({})", vec!["1"; count].join(", "));
    assert_eq!(
        (code(items(1_000)), code(items(1_001))),
        ("accepted".into(), "E0121".into())
    );
    // Each part is three nodes, each OR one more; 8 links deep.
    let parts = |count: usize| vec!["person.score = 1"; count].join(" OR ");
    assert_eq!(
        (code(parts(125)), code(parts(126))),
        ("accepted".into(), "E0121".into())
    );
    let nested = |depth: usize| format!("{}TRUE", "NOT ".repeat(depth - 1));
    assert_eq!(
        (code(nested(32)), code(nested(33))),
        ("accepted".into(), "E0121".into())
    );
    let long = |bytes: usize| format!("TRUE{}", " ".repeat(bytes - 4));
    assert_eq!(
        (code(long(16 << 10)), code(long((16 << 10) + 1))),
        ("accepted".into(), "E0121".into())
    );
}

fn file(path: &str, text: impl Into<String>) -> TextFile {
    let (path, text) = (path.to_owned(), text.into());
    TextFile { path, text }
}

const STAGES: &str = r#"
[opening]
lead = true
[[stage]]
id = "mql"
marks = ["MQL", "Ünïcode"]
enters_when = """
person.score >= 65 AND \
  touches('demo', 30 days) >= 1"""
[[stage]]
id = "won"
role = "won"
"#;
const SOURCE: &str = r#"
source = "crm"
zone = "UTC"
[[stream]]
name = "leads"
files = ["*.csv"]
key = ["id"]
people = [{ column = "id", email = "mail" }]
safe = ["origin"]
[[map]]
stream = "leads"
kind = "person"
file = "a.sql"
"#;

fn charter_with(stages: String) -> Result<(), usize> {
    let attributes = file("c/attributes.toml", "[person]\nscore = \"number\"\n");
    let files = [attributes, file("c/stages.toml", stages)];
    read_charter(&files).map(drop).map_err(|refusals| {
        for refusal in &refusals {
            let place = refusal.place.as_ref().unwrap();
            let text = files
                .iter()
                .find(|f| f.path == place.file)
                .map_or("", |f| &f.text);
            let lines = text.split('\n').count();
            assert!(place.line as usize <= lines, "{refusal}");
            let width = place.excerpt.chars().count();
            assert!(place.column as usize <= width + 1, "{refusal}");
        }
        refusals.len()
    })
}

#[test]
fn a_text_cut_off_anywhere_or_with_a_letter_changed_is_read_or_refused() {
    assert_eq!(charter_with(STAGES.to_owned()), Ok(()));
    let sql = || file("s/a.sql", "SELECT _record, id AS person FROM leads");
    let pack = |text: String| read_pack("s", &[file("s/source.toml", text), sql()]);
    assert!(pack(SOURCE.to_owned()).is_ok());
    let letters = [
        "", "\"", "'", "[", "]", "\n", "=", "\\", "ü", "0", "\u{0}", "{", "-- ",
    ];
    let mut refused = 0;
    for (at, _) in STAGES.char_indices() {
        refused += usize::from(charter_with(STAGES[..at].to_owned()).is_err());
        for letter in letters {
            let next = at + STAGES[at..].chars().next().unwrap().len_utf8();
            let changed = [&STAGES[..at], letter, &STAGES[next..]].concat();
            refused += usize::from(charter_with(changed).is_err());
        }
    }
    assert!(refused > STAGES.len() * 5);
    for (at, _) in SOURCE.char_indices() {
        for letter in letters {
            let _ = pack([&SOURCE[..at], letter, &SOURCE[at + 1..]].concat());
        }
        let is_cut = at < SOURCE.trim_end().len();
        assert_eq!(pack(SOURCE[..at].to_owned()).is_err(), is_cut);
    }
}

#[test]
fn nested_and_endless_toml_is_refused() {
    let deep = |text: String| {
        on_a_small_stack(move || {
            let refusals = read_charter(&[file("stages.toml", text)]).err().unwrap();
            refusals[0].code.to_owned()
        })
    };
    assert_eq!(deep(format!("x = {}", "[".repeat(100_000))), "E0101");
    assert_eq!(
        deep(format!("x = {}{}", "[".repeat(60_000), "]".repeat(60_000))),
        "E0101"
    );
    assert_eq!(deep(format!("x{} = 1", ".x".repeat(100_000))), "E0101");
    assert_eq!(deep(format!("[x{}]", ".x".repeat(100_000))), "E0101");
    assert_eq!(deep(format!("x = {}", "{a=".repeat(100_000))), "E0101");
    assert_eq!(deep("# ".repeat(1 << 20)), "E0105");
}
