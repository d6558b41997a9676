//! Files to sources: those that a shipped pack knows by their headers take it, the others get one
//! written from what was found in them.

use std::collections::BTreeMap;

use handfast_charter::{TextFile, read_pack};
use handfast_connect::files::Patterns;
use handfast_connect::sniff::{Column, Sniffed};
use handfast_model::FactKind;
use handfast_model::pack::{Pack, Stream};

use crate::carried::{self, Shown};
use crate::currency::is_codes;
use crate::find;
use crate::levels::levels_of_others;
use crate::manifest::toml;
use crate::names::{Role, roles_of};
use crate::propose::{Proposal, Proposed, Question, Wishes, propose};
use crate::recognise::{Known, report, shipped, system, systems_in};
use crate::understand::{Rows, says_order, stem};

/// A source for some of the files.
#[derive(Clone, Debug)]
pub struct Suggestion {
    /// The source.
    pub proposal: Proposal,
    /// Which of the files it reads, by place.
    pub files: Vec<usize>,
    /// The shipped pack it is a copy of: its name and what it reads.
    pub pack: Option<(&'static str, &'static str)>,
}

/// Sources for all files: shipped packs first, in order of name.
pub fn suggest(found: &[Sniffed], wishes: &Wishes) -> Vec<Suggestion> {
    let mut known = match wishes.rows {
        // Who says what the rows are wants them read so.
        Some(_) => BTreeMap::new(),
        None => known_by_pack(found),
    };
    // Who says what a column is wants that: no pack that ships reads its file any more.
    let is_said = |at: usize| {
        let file = found.get(at).map(|one| &one.file);
        wishes.columns.iter().any(|one| Some(&one.file) == file)
    };
    known.retain(|_, files| {
        files.retain(|(at, _)| !is_said(*at));
        !files.is_empty()
    });
    let mut suggestions = Vec::new();
    let count: usize = known.values().map(Vec::len).sum();
    // One name cannot be given to several sources: then it is for the files that no pack knows.
    let is_alone = known.len() == 1 && count == found.len();
    for (pack, files) in &known {
        let name = wishes.name.clone().filter(|_| is_alone);
        let source = name.unwrap_or_else(|| (*pack).to_owned());
        suggestions.extend(of_pack(pack, source, files, found, wishes));
    }
    let is_taken = |at: &usize| {
        suggestions
            .iter()
            .any(|one: &Suggestion| one.files.contains(at))
    };
    let left: Vec<usize> = (0..found.len()).filter(|at| !is_taken(at)).collect();
    let files: Vec<Sniffed> = left
        .iter()
        .filter_map(|at| found.get(*at))
        .cloned()
        .collect();
    if !files.is_empty() {
        let packs: Vec<&str> = suggestions
            .iter()
            .filter_map(|one| Some(one.pack?.0))
            .collect();
        let taken = (0..found.len()).filter(is_taken);
        let wishes = Wishes {
            taken: taken
                .filter_map(|at| Some(found.get(at)?.file.clone()))
                .collect(),
            ..wishes.clone()
        };
        suggestions.push(Suggestion {
            proposal: of_left(&files, &packs, &wishes),
            files: left,
            pack: None,
        });
    }
    suggestions
}

/// A source of files that no pack knows. Money that another stream, or a pack, counts already is
/// not proposed a second time; whoever says what the rows are knows better.
fn of_left(files: &[Sniffed], packs: &[&str], wishes: &Wishes) -> Proposal {
    let proposal = propose(files, &told, wishes);
    if wishes.rows.is_some() {
        return proposal;
    }
    let mut spend: Vec<String> = Vec::new();
    for one in proposal
        .streams
        .iter()
        .filter(|one| one.rows == Rows::Spend)
    {
        spend.extend(one.files.iter().cloned());
    }
    let mut again: BTreeMap<String, String> = levels_of_others(&spend);
    for file in &spend {
        let counted = packs
            .iter()
            .find(|pack| systems_in(file).contains(&system(pack)));
        again.extend(counted.map(|pack| (file.clone(), format!("what `{pack}` reads"))));
    }
    let orders = proposal.streams.iter().filter(|one| one.rows == Rows::Deal);
    let is_order = |one: &&Proposed| one.files.iter().any(|file| says_order(&stem(file)));
    let (orders, deals): (Vec<&Proposed>, Vec<&Proposed>) = orders.partition(is_order);
    let deals = match packs.iter().find(|pack| has_deals(pack)) {
        Some(pack) => Some(format!("the deals that `{pack}` reads")),
        None => deals
            .first()
            .map(|one| format!("the deals of `{}`", one.stream)),
    };
    if let Some(deals) = deals {
        let files = orders.into_iter().flat_map(|one| &one.files);
        again.extend(files.map(|file| (file.clone(), deals.clone())));
    }
    if again.is_empty() {
        return proposal;
    }
    let said = |one: &Sniffed| match again.get(&one.file) {
        Some(other) => {
            let why = format!("CHECK: the same money, it seems, as {other}");
            Some((Rows::Reference, why))
        }
        None => told(one),
    };
    let mut proposal = propose(files, &said, wishes);
    for (file, other) in &again {
        proposal.notes.push(format!(
            "CHECK {file} is only looked things up in: it is the same money, it seems, as {other}; \
             --as says otherwise"
        ));
    }
    proposal
}

fn has_deals(pack: &str) -> bool {
    let shipped = find(pack).and_then(|shipped| read_pack(pack, &shipped.source()).ok());
    shipped.is_some_and(|pack| pack.mappings.iter().any(|map| map.kind == FactKind::Deal))
}

/// What a report that people download is known to hold.
fn told(found: &Sniffed) -> Option<(Rows, String)> {
    let header: Vec<String> = found
        .columns
        .iter()
        .map(|column| column.name.clone())
        .collect();
    let report = report(&header)?;
    let why = format!(
        "{}, known by its columns {}",
        report.system,
        report.columns()
    );
    Some((report.rows, why))
}

/// The pack of each file that some pack knows. Among several the one that knows most files wins.
fn known_by_pack(found: &[Sniffed]) -> BTreeMap<&'static str, Vec<(usize, Known)>> {
    let header =
        |one: &Sniffed| -> Vec<String> { one.columns.iter().map(|c| c.name.clone()).collect() };
    let all: Vec<Vec<Known>> = found
        .iter()
        .map(|one| match &one.on {
            // The streams of a shipped pack read the first sheet from its first row.
            Some(on) if !on.is_plain() => Vec::new(),
            _ => shipped(&one.file, &header(one)),
        })
        .collect();
    let knows = |pack: &str| {
        all.iter()
            .filter(|known| known.iter().any(|k| k.pack == pack))
            .count()
    };
    let mut by_pack: BTreeMap<&'static str, Vec<(usize, Known)>> = BTreeMap::new();
    for (at, known) in all.iter().enumerate() {
        let best = known
            .iter()
            .max_by_key(|one| (one.is_named, one.matched.len(), knows(one.pack)));
        if let Some(best) = best {
            by_pack
                .entry(best.pack)
                .or_default()
                .push((at, best.clone()));
        }
    }
    let known: Vec<usize> = by_pack.values().flatten().map(|(at, _)| *at).collect();
    let claims = by_name(found, &known, &by_pack);
    for (pack, at, known) in claims {
        by_pack.entry(pack).or_default().push((at, known));
    }
    by_pack
}

/// The files that a pack claims or leaves alone by their names, as an import of them would, once
/// the pack knows others by their headers.
fn by_name(
    found: &[Sniffed],
    known: &[usize],
    by_pack: &BTreeMap<&'static str, Vec<(usize, Known)>>,
) -> Vec<(&'static str, usize, Known)> {
    let name = |at: usize| found.get(at).map_or("", |one| one.file.as_str());
    let mut claims = Vec::new();
    for (pack, files) in by_pack {
        let Some(shipped) = find(pack) else { continue };
        let Ok(read) = read_pack(pack, &shipped.source()) else {
            continue;
        };
        let Ok(patterns) = Patterns::of(&read) else {
            continue;
        };
        // Names such as `ad_report` are everybody's: what is left alone must be called as the
        // files are that the pack knows.
        let is_nameless = files.iter().any(|(at, _)| systems_in(name(*at)).is_empty());
        let rest = found.iter().enumerate();
        for (at, file) in rest.filter(|(at, _)| !known.contains(at)) {
            let spoken = systems_in(&file.file);
            let is_own = match spoken.is_empty() {
                true => is_nameless,
                false => spoken.contains(&system(pack)),
            };
            let claim = patterns.claim(&file.file).filter(|_| is_own);
            let stream = match claim {
                Some(Ok(stream)) => read.streams.get(stream).filter(|one| has_key(one, file)),
                Some(Err(_)) => None,
                None => continue,
            };
            if stream.is_none() && matches!(claim, Some(Ok(_))) {
                continue;
            }
            claims.push((
                *pack,
                at,
                Known {
                    pack,
                    title: shipped.title,
                    stream: stream.map_or_else(String::new, |stream| stream.name.clone()),
                    matched: Vec::new(),
                    is_named: true,
                },
            ));
        }
    }
    claims.sort_by_key(|(_, at, known)| (*at, known.stream.is_empty()));
    claims.dedup_by_key(|(_, at, _)| *at);
    claims
}

/// Whether a file has the columns that name a row of a stream, in any case.
fn has_key(stream: &Stream, file: &Sniffed) -> bool {
    let has = |key: &String| {
        let mut columns = file.columns.iter();
        columns.any(|column| column.name.trim().eq_ignore_ascii_case(key))
    };
    stream.key.iter().all(has)
}

fn of_pack(
    name: &'static str,
    source: String,
    files: &[(usize, Known)],
    found: &[Sniffed],
    wishes: &Wishes,
) -> Option<Suggestion> {
    let shipped = find(name)?;
    // Where nobody says otherwise, times are read as the book reads them.
    let zone = wishes.zone.as_ref().or(wishes.book_zone.as_ref());
    let zone = zone.filter(|_| !is_warehouse(name));
    let texts: Vec<TextFile> = shipped
        .source()
        .into_iter()
        .map(|file| TextFile {
            text: match file.path.ends_with("source.toml") {
                true => renamed(&file.text, &source, zone, wishes.currency.as_ref()),
                false => file.text,
            },
            path: format!(
                "sources/{source}/{}",
                file.path.rsplit('/').next().unwrap_or("")
            ),
        })
        .collect();
    let pack = read_pack(&source, &texts).ok()?;
    let patterns = Patterns::of(&pack).ok()?;
    let streams = of_streams(&pack, &patterns, files, found);
    let mut manifests = texts
        .iter()
        .filter(|file| file.path.ends_with("source.toml"));
    let remark = manifests.next().and_then(|file| remark(&file.text));
    let mut notes: Vec<String> = remark.into_iter().collect();
    if wishes.zone.is_some() && is_warehouse(name) {
        notes.push("--zone is not taken: times in a warehouse's tables are UTC".to_owned());
    }
    let columns = files.iter().filter_map(|(at, _)| found.get(*at));
    let columns = columns.flat_map(|one| &one.columns);
    let question = match names_no_currency(columns, &streams) && wishes.currency.is_none() {
        true => ask_currency(&pack, name, &mut notes),
        false => None,
    };
    Some(Suggestion {
        proposal: Proposal {
            name: source,
            texts,
            streams,
            questions: question.into_iter().collect(),
            notes,
        },
        files: files.iter().map(|(at, _)| *at).collect(),
        pack: Some((shipped.name, shipped.title)),
    })
}

/// The streams of a pack that these files are of, with what they say to a charter.
fn of_streams(
    pack: &Pack,
    patterns: &Patterns,
    files: &[(usize, Known)],
    found: &[Sniffed],
) -> Vec<Proposed> {
    let shown: Shown<'_> = files
        .iter()
        .filter_map(|(at, known)| Some((known.stream.as_str(), found.get(*at)?)))
        .collect();
    let streams = files.iter().filter_map(|(at, known)| {
        let stream = of_stream(pack, patterns, known, found.get(*at)?)?;
        Some(Proposed {
            attributes: carried::attributes(pack, &known.stream),
            stages: carried::labels(pack, &known.stream, &shown),
            ..stream
        })
    });
    streams.collect()
}

/// Whether files hold amounts and no column with the codes of their currencies.
fn names_no_currency<'a>(
    mut columns: impl Iterator<Item = &'a Column>,
    streams: &[Proposed],
) -> bool {
    let names_currency = columns.any(|column| {
        let mut roles = roles_of(&column.name).into_iter();
        roles.any(|(role, _)| role == Role::Currency) && is_codes(column)
    });
    let is_priced = |one: &Proposed| matches!(one.rows, Rows::Deal | Rows::Spend);
    !names_currency && streams.iter().any(is_priced)
}

/// A pack that takes a currency where rows name none does not take it unasked.
fn ask_currency(pack: &Pack, name: &str, notes: &mut Vec<String>) -> Option<Question> {
    if pack.currency.is_none() {
        notes.push(
            "CHECK no file here names the currency of these amounts, and without one they are set \
             aside: add the table that does, or say --currency"
                .to_owned(),
        );
        return None;
    }
    Some(Question {
        option: "--currency",
        text: format!("in which currency are the amounts that `{name}` reads?"),
        choices: Vec::new(),
    })
}

/// A file as a stream of a shipped pack takes it, or as one that the pack leaves alone.
fn of_stream(pack: &Pack, patterns: &Patterns, known: &Known, file: &Sniffed) -> Option<Proposed> {
    let proposed = |stream: &str, rows: Rows, why: String, sealed: Vec<String>| Proposed {
        stream: stream.to_owned(),
        files: vec![file.file.clone()],
        rows,
        why,
        sealed,
        parts: BTreeMap::new(),
        stages: Vec::new(),
        ends: (Vec::new(), Vec::new()),
        attributes: Vec::new(),
    };
    // As in an import, a stream that claims the name comes before what is left alone.
    if let Some(Err(reason)) = patterns.claim(&file.file) {
        let why = format!("the pack leaves this file alone: {reason}");
        return Some(proposed("", Rows::Reference, why, Vec::new()));
    }
    let mut streams = pack.streams.iter();
    let stream = streams.find(|stream| stream.name == known.stream)?;
    let has_people = !stream.people.is_empty();
    let is_sealed = |name: &&String| has_people && !stream.safe.contains(name);
    let names = file.columns.iter().map(|column| &column.name);
    let map = pack.mappings.iter().find(|map| map.stream == stream.name);
    let why = match (known.matched.is_empty(), known.is_named) {
        (true, _) => "its name fits".to_owned(),
        (false, true) => {
            format!(
                "its header has {}, and its name fits",
                known.matched.join(", ")
            )
        }
        (false, false) => format!("its header has {}", known.matched.join(", ")),
    };
    let sealed = names.filter(is_sealed).cloned().collect();
    Some(proposed(
        &stream.name,
        rows_of(map.map(|map| map.kind)),
        why,
        sealed,
    ))
}

/// What a pack says of itself above its first line: what else it needs, how its amounts are read.
fn remark(manifest: &str) -> Option<String> {
    let lines = manifest.lines().map_while(|line| line.strip_prefix('#'));
    let words: Vec<&str> = lines.flat_map(str::split_whitespace).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// Whether a pack reads tables of a warehouse, whose times are UTC whatever anybody's zone is.
fn is_warehouse(pack: &str) -> bool {
    pack.ends_with("_fivetran")
}

/// The manifest under another name, in another zone or currency, where that was said.
fn renamed(text: &str, source: &str, zone: Option<&String>, currency: Option<&String>) -> String {
    let said = |line: &str, key: &str, value: Option<&String>| {
        let is_key = line
            .split('=')
            .next()
            .is_some_and(|name| name.trim() == key);
        value
            .filter(|_| is_key)
            .map(|value| format!("{key} = {}", toml(value)))
    };
    let source = source.to_owned();
    let mut is_top = true;
    let lines = text.lines().map(|line| {
        is_top = is_top && !line.trim_start().starts_with('[');
        let changed = said(line, "source", Some(&source))
            .or_else(|| said(line, "zone", zone))
            .or_else(|| said(line, "currency", currency));
        changed
            .filter(|_| is_top)
            .unwrap_or_else(|| line.to_owned())
    });
    let mut text = lines.collect::<Vec<_>>().join("\n");
    text.push('\n');
    let has_currency = text.lines().any(|line| line.starts_with("currency"));
    match currency.filter(|_| !has_currency) {
        Some(code) => text.replacen(
            "\nzone = ",
            &format!(
                "\ncurrency = {}  # for rows that name none\nzone = ",
                toml(code)
            ),
            1,
        ),
        None => text,
    }
}

fn rows_of(kind: Option<FactKind>) -> Rows {
    match kind {
        Some(FactKind::Person) => Rows::Lead,
        Some(FactKind::Deal) => Rows::Deal,
        Some(FactKind::Account) => Rows::Account,
        Some(FactKind::Mark) => Rows::History,
        Some(FactKind::Touch) => Rows::Touch,
        Some(FactKind::Spend) => Rows::Spend,
        Some(FactKind::Link) => Rows::Link,
        Some(FactKind::Rep) => Rows::Rep,
        Some(FactKind::Campaign) => Rows::Campaign,
        _ => Rows::Reference,
    }
}
