//! Everything that is parsed out of text: charters, packs, settings, conditions, questions, days and
//! amounts.

use handfast_charter::{TextFile, parse_condition, read_charter, read_pack, read_settings};
use handfast_model::parse::{TimeFormat, Zone};
use handfast_model::question_text::{parse, parse_as_of, parse_at};
use handfast_model::{Currency, Day, Decimal, Instant};

/// What a parser is called.
pub const PARSERS: [&str; 7] = [
    "charter",
    "pack",
    "select",
    "settings",
    "condition",
    "question",
    "values",
];

/// A whole charter: one text of each file.
const CHARTER: [(&str, &str); 15] = [
    (
        "attributes.toml",
        include_str!("../corpus/charter/attributes"),
    ),
    (
        "attribution.toml",
        include_str!("../corpus/charter/attribution"),
    ),
    ("brand.toml", include_str!("../corpus/charter/brand")),
    ("calendar.toml", include_str!("../corpus/charter/calendar")),
    ("channels.toml", include_str!("../corpus/charter/channels")),
    ("handoffs.toml", include_str!("../corpus/charter/handoffs")),
    ("icp.toml", include_str!("../corpus/charter/icp")),
    ("identity.toml", include_str!("../corpus/charter/identity")),
    ("lexicon.toml", include_str!("../corpus/charter/lexicon")),
    ("metrics.toml", include_str!("../corpus/charter/metrics")),
    ("money.toml", include_str!("../corpus/charter/money")),
    ("rights.toml", include_str!("../corpus/charter/rights")),
    ("stages.toml", include_str!("../corpus/charter/stages")),
    ("teams.toml", include_str!("../corpus/charter/teams")),
    ("vision.md", include_str!("../corpus/charter/vision")),
];

/// Reads bytes as one kind of text. Bytes that are no text never reach these parsers.
pub fn read(parser: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let file = |path: &str, text: &str| TextFile {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    match parser {
        "charter" => {
            // The first line says which file it is; the others stand beside it.
            let first = text.lines().next().and_then(|line| line.strip_prefix("# "));
            let named = |name: &str| first == Some(name);
            let is_named = CHARTER.iter().any(|(name, _)| named(name));
            let files = CHARTER.map(|(name, whole)| {
                let is_it = named(name) || !is_named && name == "stages.toml";
                file(name, if is_it { &text } else { whole })
            });
            let (once, again) = (read_charter(&files), read_charter(&files));
            assert_eq!(once.is_ok(), again.is_ok());
            for refusal in once.err().into_iter().flatten() {
                assert!(refusal.code.starts_with("E01"), "{refusal}");
            }
        }
        "pack" => {
            let sql = "SELECT id FROM rows";
            let files = [
                file("sources/crm/source.toml", &text),
                file("sources/crm/rows.lead.sql", sql),
            ];
            let _ = read_pack("sources/crm", &files);
        }
        "select" => {
            let toml = "source = \"crm\"\nzone = \"UTC\"\n[[stream]]\nname = \"rows\"\nfiles = [\"*.csv\"]\nkey = [\"id\"]\n";
            let files = [
                file("sources/crm/source.toml", toml),
                file("sources/crm/rows.lead.sql", &text),
            ];
            let _ = read_pack("sources/crm", &files);
        }
        "settings" => {
            let read = || read_settings(&file("handfast.toml", &text));
            let (once, again) = (read(), read());
            assert_eq!(once, again);
            for refusal in once.err().into_iter().flatten() {
                assert!(refusal.code.starts_with("E01"), "{refusal}");
            }
        }
        "condition" => drop(parse_condition(&text, "where", &[])),
        "question" => {
            if let Ok(question) = parse(&text) {
                let printed = question.to_string();
                assert_eq!(parse(&printed).as_ref(), Ok(&question), "{printed}");
            }
            let _ = (parse_at(&text), parse_as_of(&text));
        }
        _ => values(&text),
    }
}

/// What reads as a value prints as something that reads as the same value.
fn values(text: &str) {
    if let Some(day) = Day::parse(text) {
        assert_eq!(Day::parse(&day.to_string()), Some(day));
    }
    if let Some(instant) = Instant::parse(text) {
        assert_eq!(Instant::parse(&instant.to_string()), Some(instant));
    }
    let _ = (Decimal::parse(text), Currency::parse(text));
    let (format, value) = text.split_once('\n').unwrap_or(("iso", text));
    if let (Ok(format), Some(zone)) = (TimeFormat::compile(format), Zone::named("Europe/Berlin")) {
        let _ = format.time(value, &zone);
    }
}
