//! A world as files: a charter, source packs, and the rows of each commit as CSV, for the whole
//! engine instead of the kernels alone.
//!
//! People go by the hash of their key in one namespace, and addresses by what is kept of them, so
//! that whoever knows the book can tell which fact is which. The marketing tool writes times as a
//! clock on a wall shows them; what is garbled cannot be read.

use std::collections::{BTreeMap, BTreeSet};

use crate::truth::clock::{Time, Zone, civil};
use crate::truth::identity::Domains;
use crate::truth::meaning::{Agreed, Meaning, Role, Rule};
use crate::truth::said::{Said, Word};

use super::definitions::Definitions;
use super::emission::{Emitted, Row};

/// A path from the book's root, and a text.
pub type Text = (String, String);

/// The namespace of all people.
pub const NAMESPACE: &str = "world";

/// What one table has in its columns besides its key, its version and its time.
struct Table {
    source: &'static str,
    name: &'static str,
    kind: &'static str,
    columns: &'static [&'static str],
}

const TABLES: [Table; 13] = [
    table("crm", "users", "rep", &["rep", "team"]),
    table("crm", "accounts", "account", &["account", "domain"]),
    table(
        "crm",
        "leads",
        "person",
        &["person", "email", "account", "score", "origin"],
    ),
    table(
        "crm",
        "links",
        "link",
        &[
            "person",
            "account",
            "deal",
            "same_person",
            "same_account",
            "undone",
        ],
    ),
    table(
        "crm",
        "assignments",
        "assignment",
        &["person", "account", "deal", "rep", "queue"],
    ),
    table(
        "crm",
        "verdicts",
        "disposition",
        &["person", "verdict", "reason"],
    ),
    table(
        "crm",
        "activities",
        "touch",
        &["person", "account", "deal", "touch", "team"],
    ),
    table(
        "crm",
        "history",
        "mark",
        &[
            "person",
            "account",
            "deal",
            "stage",
            "closes",
            "reason",
            "said_by",
            "competitor",
        ],
    ),
    table(
        "crm",
        "deals",
        "deal",
        &[
            "deal",
            "person",
            "account",
            "rep",
            "amount",
            "currency",
            "status",
            "closed",
            "close_date",
            "loss_reason",
            "win_reason",
            "said_by",
            "competitor",
        ],
    ),
    table(
        "web",
        "visits",
        "touch",
        &["person", "email", "touch", "team", "channel", "campaign"],
    ),
    table(
        "finance",
        "rates",
        "rate",
        &["from_currency", "to_currency", "rate"],
    ),
    table(
        "ads",
        "spend",
        "spend",
        &[
            "amount",
            "currency",
            "channel",
            "until",
            "impressions",
            "clicks",
            "conversions",
        ],
    ),
    table(
        "finance",
        "targets",
        "target",
        &["rep", "team", "amount", "currency", "period", "until"],
    ),
];

const fn table(
    source: &'static str,
    name: &'static str,
    kind: &'static str,
    columns: &'static [&'static str],
) -> Table {
    Table {
        source,
        name,
        kind,
        columns,
    }
}

/// The sources of a world, in order.
pub const SOURCES: [&str; 4] = ["ads", "crm", "finance", "web"];

/// The zone in which a source writes times, and in which its days end.
pub fn zone(source: &str, emitted: &Emitted) -> Zone {
    match source {
        "web" => emitted.wall,
        _ => Zone::Utc,
    }
}

/// The source packs.
pub fn sources(emitted: &Emitted) -> Vec<Text> {
    let mut texts = Vec::new();
    for source in SOURCES {
        let zone = zone(source, emitted).name();
        let mut manifest = format!("source = \"{source}\"\nzone = \"{zone}\"\n");
        let mut maps = String::new();
        for table in TABLES.iter().filter(|table| table.source == source) {
            let Table { name, kind, .. } = table;
            manifest += &format!(
                "[[stream]]\nname = \"{name}\"\nfiles = [\"{source}_{name}*.csv\"]\n\
                 key = [\"row\"]\nversion = \"version\"\ndeletes = \"gone = 'yes'\"\n"
            );
            manifest += &people(table);
            let file = format!("{name}.{kind}.sql");
            maps +=
                &format!("[[map]]\nstream = \"{name}\"\nkind = \"{kind}\"\nfile = \"{file}\"\n");
            texts.push((format!("sources/{source}/{file}"), select(table)));
        }
        texts.push((format!("sources/{source}/source.toml"), manifest + &maps));
    }
    texts
}

/// Which columns name people, and which stay in clear.
fn people(table: &Table) -> String {
    let has = |column: &str| table.columns.contains(&column);
    if !has("person") {
        return String::new();
    }
    let email = if has("email") {
        ", email = \"email\""
    } else {
        ""
    };
    let mut named = vec![format!(
        "{{ column = \"person\", namespace = \"{NAMESPACE}\"{email} }}"
    )];
    if has("same_person") {
        named.push(format!(
            "{{ column = \"same_person\", namespace = \"{NAMESPACE}\" }}"
        ));
    }
    let personal = ["person", "same_person", "email"];
    let safe = table
        .columns
        .iter()
        .filter(|column| !personal.contains(column));
    let safe: Vec<String> = safe.map(|column| format!("\"{column}\"")).collect();
    format!(
        "people = [{}]\nsafe = [\"row\", \"version\", \"gone\", \"at\", {}]\n",
        named.join(", "),
        safe.join(", ")
    )
}

fn select(table: &Table) -> String {
    let mut outputs = vec![
        "_record".to_owned(),
        "as_time(at, 'iso') AS happened".to_owned(),
    ];
    for column in table.columns {
        outputs.push(match *column {
            "score" | "impressions" | "clicks" | "conversions" => {
                format!("as_int({column}) AS {column}")
            }
            "rate" => "as_decimal(rate) AS rate".to_owned(),
            "amount" => "as_money(amount, currency) AS amount".to_owned(),
            "currency" => continue,
            "closed" | "close_date" | "until" => format!("as_date({column}, 'iso') AS {column}"),
            "undone" | "closes" => format!("CASE WHEN {column} = 'yes' THEN TRUE END AS {column}"),
            plain => plain.to_owned(),
        });
    }
    format!("SELECT {} FROM {}\n", outputs.join(", "), table.name)
}

/// The rows of one commit, a file for each table: `crm_deals.3.csv`. Every table has a file, so
/// that each source says how far it shows everything.
pub fn files(emitted: &Emitted, rows: &[Row], commit: usize) -> Vec<Text> {
    let learned = rows.iter().filter(|row| row.learned == commit);
    let learned: Vec<&Row> = learned.collect();
    let written = |table: &Table| {
        let name = format!("{}_{}.{commit}.csv", table.source, table.name);
        (name, file(table, &learned, zone(table.source, emitted)))
    };
    TABLES.iter().map(written).collect()
}

fn file(table: &Table, rows: &[&Row], zone: Zone) -> String {
    let mut text = format!("row,version,gone,at,{}\n", table.columns.join(","));
    for row in rows {
        let Some(said) = row.says.first() else {
            continue;
        };
        if (said.source.as_str(), said.stream.as_str()) != (table.source, table.name) {
            continue;
        }
        let gone = if row.is_deleted { "yes" } else { "" };
        // One thing in a garbled row cannot be read: the amount, where there is one, or the time.
        let is_amount = row.is_garbled && said.more.contains_key("amount") && said.key % 2 == 0;
        let at = match row.is_garbled && !is_amount {
            true => garbled(said.when),
            false => local(said, zone),
        };
        text += &format!("{:x},{},{gone},{at}", said.key, said.version);
        for column in table.columns {
            text.push(',');
            text += &match is_amount && *column == "amount" {
                true => "12.5O".to_owned(),
                false => cell(said, column),
            };
        }
        text.push('\n');
    }
    text
}

/// A time as no calendar has it.
fn garbled(when: Time) -> String {
    match when {
        Time::At(_) => "2025-03-30T25:61:00Z".to_owned(),
        Time::Day(_) | Time::Unknown => "2025-02-30".to_owned(),
    }
}

/// When something happened, as the wall shows it where its source has one.
fn local(said: &Said, zone: Zone) -> String {
    let Time::At(at) = said.when else {
        return time(said.when);
    };
    if zone == Zone::Utc {
        return time(said.when);
    }
    let shown = Time::At(never_was(said, zone).unwrap_or(zone.wall(at)));
    time(shown).trim_end_matches('Z').to_owned()
}

/// The time on the wall that never was, as which something is written: every other one of those
/// that happened in the hour after a clock went forward.
pub fn never_was(said: &Said, zone: Zone) -> Option<i64> {
    let Time::At(at) = said.when else {
        return None;
    };
    zone.skipped(at).filter(|_| said.key.is_multiple_of(2))
}

fn cell(said: &Said, column: &str) -> String {
    let maybe = |text: &Option<String>| text.clone().unwrap_or_default();
    match column {
        "person" => said
            .person
            .map(|id| format!("{id:032x}"))
            .unwrap_or_default(),
        "account" => maybe(&said.account),
        "deal" => maybe(&said.deal),
        "rep" => maybe(&said.rep),
        "campaign" => maybe(&said.campaign),
        "email" => email(said).unwrap_or_default(),
        "currency" => match said.more.get("amount") {
            Some(Word::Money(_, currency)) => currency.clone(),
            _ => String::new(),
        },
        _ => said.more.get(column).map(word).unwrap_or_default(),
    }
}

/// An address that stands for what is kept of one: the same for the same.
pub fn email(said: &Said) -> Option<String> {
    let (identity, domain) = (said.text("identity")?, said.text("email_domain")?);
    let name = if identity.starts_with("office:") {
        "info"
    } else {
        identity
    };
    Some(format!("{name}@{domain}"))
}

fn word(word: &Word) -> String {
    match word {
        Word::Text(text) => text.clone(),
        Word::Int(int) => int.to_string(),
        Word::Yes(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Word::Time(at) => time(*at),
        Word::Money(minor, _) => point(i128::from(*minor), 2),
        Word::Decimal(units, scale) => point(*units, *scale),
    }
}

fn point(units: i128, digits: u32) -> String {
    let one = 10i128.pow(digits);
    let (whole, rest) = (units.abs() / one, units.abs() % one);
    let sign = if units < 0 { "-" } else { "" };
    format!("{sign}{whole}.{rest:0width$}", width = digits as usize)
}

/// `2025-03-30`, `2025-03-30T02:30:00Z`; nothing where nothing is known.
pub fn time(at: Time) -> String {
    match at {
        Time::Unknown => String::new(),
        Time::Day(day) => {
            let (year, month, date) = civil(day);
            format!("{year:04}-{month:02}-{date:02}")
        }
        Time::At(at) => {
            let day = time(Time::Day(Zone::Utc.day(at)));
            let second = at.rem_euclid(86_400_000_000) / 1_000_000;
            let (hour, minute) = (second / 3_600, second / 60 % 60);
            format!("{day}T{hour:02}:{minute:02}:{:02}Z", second % 60)
        }
    }
}

/// The charter.
pub fn charter(definitions: &Definitions) -> Vec<Text> {
    let (meaning, signs) = (&definitions.meaning, &definitions.signs);
    let domains = match signs.domains {
        Domains::No => "no",
        Domains::Known => "known",
        Domains::Any => "any",
    };
    let identity = format!(
        "[people]\nby_email = {}\nshared_over = {}\n[accounts]\nby_domain = \"{domains}\"\n",
        signs.by_email, signs.shared_over
    );
    let calendar = format!("zone = \"{}\"\ncurrency = \"EUR\"\n", meaning.zone.name());
    let attributes = "[person]\nscore = \"number\"\n".to_owned();
    let rates = meaning.rates_at_close.map(|at_close| match at_close {
        true => "rates = \"at_close\"\n".to_owned(),
        false => "rates = \"at_creation\"\n".to_owned(),
    });
    let segment = |(id, rule): &(String, Rule)| {
        format!("[[segment]]\nid = \"{id}\"\nwhen = \"{}\"\n", rule.text())
    };
    let segments: String = meaning.segments.iter().map(segment).collect();
    let texts = [
        ("icp", Some(segments)),
        ("stages", Some(stages(meaning))),
        ("identity", Some(identity)),
        ("calendar", Some(calendar)),
        ("attributes", Some(attributes)),
        ("money", rates),
        ("attribution", Some(attribution(&meaning.credit))),
    ];
    let texts = texts.into_iter();
    let path = |name: &str| format!("charter/{name}.toml");
    texts
        .filter_map(|(name, text)| Some((path(name), text?)))
        .collect()
}

fn quoted(words: &[String]) -> String {
    let words = words.iter().map(|word| format!("\"{word}\""));
    format!("[{}]", words.collect::<Vec<_>>().join(", "))
}

fn attribution(agreed: &Agreed) -> String {
    let whose = format!("{:?}", agreed.whose).to_lowercase();
    let mut text = format!(
        "people = \"{whose}\"\ndirect = {}\nhalf_life_days = {}\n",
        quoted(&agreed.direct),
        agreed.half_life
    );
    if let Some(days) = agreed.look_back {
        text += &format!("look_back_days = {days}\n");
    }
    for (name, kinds) in [("touches", &agreed.only), ("ignored", &agreed.left_out)] {
        if !kinds.is_empty() {
            text += &format!("{name} = {}\n", quoted(kinds));
        }
    }
    text += "[milestones]\n";
    for (name, stage) in [("lead", &agreed.lead), ("deal", &agreed.deal)] {
        text += &format!("{name} = \"{}\"\n", stage.as_deref().unwrap_or("created"));
    }
    let ours = agreed.ours;
    text += &format!(
        "[model.ours]\nfirst = {}\nlead = {}\ndeal = {}\nlast = {}\nbetween = {}\n",
        ours.first, ours.lead, ours.deal, ours.last, ours.between
    );
    if ours.is_equal {
        text += "nobody_between = \"equal\"\n";
    }
    text
}

fn stages(meaning: &Meaning) -> String {
    let touches = quoted(&meaning.opening_touches);
    let lead = meaning.opens_by_lead;
    let mut text = format!("[opening]\nlead = {lead}\ndeal = true\ntouches = {touches}\n");
    if let Some((days, kinds)) = &meaning.dormant {
        let kinds = quoted(kinds);
        text += &format!("[dormant]\nafter_days = {days}\ntwo_way = {kinds}\n");
    }
    for step in meaning
        .steps
        .iter()
        .filter(|step| step.role != Role::Dormant)
    {
        let role = format!("{:?}", step.role).to_lowercase();
        let id = &step.id;
        text += &format!("[[stage]]\nid = \"{id}\"\nrole = \"{role}\"\nmarks = [\"{id}\"]\n");
        if step.role == Role::Path {
            text += &format!("opens = true\nimplied = {}\n", step.is_implied);
        }
        if let Some(days) = step.max_days {
            text += &format!("type = \"service-level\"\nmax_days = {days}\n");
        }
        if let Some(rule) = &step.enters {
            let wins = if step.is_by_rule { "rule" } else { "either" };
            text += &format!("enters_when = \"{}\"\nwins = \"{wins}\"\n", rule.text());
        }
        if let Some(rule) = &step.exits {
            text += &format!("exits_when = \"{}\"\n", rule.text());
        }
    }
    text
}

/// All that is known by a commit, a line a fact, without names that a book hides: what the ledger
/// must know then, whatever the order in which it came.
pub fn lines(
    facts: &[Said],
    person: &dyn Fn(u128) -> u128,
    address: &dyn Fn(&Said) -> Option<String>,
) -> BTreeMap<String, usize> {
    let mut lines: BTreeMap<String, usize> = BTreeMap::new();
    for said in facts {
        let mut more = said.more.clone();
        for word in more.values_mut() {
            // `0.90` and `0.9` are one number.
            while let Word::Decimal(units, scale @ 1..) = word
                && *units % 10 == 0
            {
                (*units, *scale) = (*units / 10, *scale - 1);
            }
        }
        if let Some(address) = address(said) {
            more.insert("identity".to_owned(), Word::Text(address));
        }
        if let Some(other) = said
            .text("same_person")
            .and_then(|id| u128::from_str_radix(id, 16).ok())
        {
            let other = format!("{:032x}", person(other));
            more.insert("same_person".to_owned(), Word::Text(other));
        }
        let id = said.person.map(person);
        let keys = (&said.account, &said.deal, &said.campaign, &said.rep);
        let row = (&said.source, &said.stream, said.version, said.ordinal);
        let line = format!(
            "{:?} {:?} {row:?} {id:x?} {keys:?} {more:?}",
            said.kind, said.when
        );
        *lines.entry(line).or_default() += 1;
    }
    lines
}

/// The first lines that only one of two has.
pub fn difference(a: &BTreeMap<String, usize>, b: &BTreeMap<String, usize>) -> Option<String> {
    let keys: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
    let differs = |key: &&&String| a.get(**key) != b.get(**key);
    let lines = keys.iter().filter(differs).take(6).map(|key| {
        let count = |of: &BTreeMap<String, usize>| of.get(*key).copied().unwrap_or(0);
        format!("  {} and {} times: {key}\n", count(a), count(b))
    });
    let lines: String = lines.collect();
    (!lines.is_empty()).then_some(lines)
}
