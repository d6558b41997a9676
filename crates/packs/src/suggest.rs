//! Files to sources: those that a shipped pack knows by their headers take it, the others get one
//! written from what was found in them.

use std::collections::BTreeMap;

use handfast_charter::{TextFile, read_pack};
use handfast_connect::sniff::Sniffed;
use handfast_model::FactKind;
use handfast_model::pack::Pack;

use crate::find;
use crate::manifest::toml;
use crate::propose::{Proposal, Proposed, Wishes, propose};
use crate::recognise::{Known, is_named, report, shipped};
use crate::understand::{Rows, stem};

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
    let known = match wishes.rows {
        // Who says what the rows are wants them read so.
        Some(_) => BTreeMap::new(),
        None => known_by_pack(found),
    };
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
        suggestions.push(Suggestion {
            proposal: propose(&files, &told, wishes),
            files: left,
            pack: None,
        });
    }
    suggestions
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
        .map(|one| shipped(&one.file, &header(one)))
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
    by_pack
}

fn of_pack(
    name: &'static str,
    source: String,
    files: &[(usize, Known)],
    found: &[Sniffed],
    wishes: &Wishes,
) -> Option<Suggestion> {
    let shipped = find(name)?;
    let texts: Vec<TextFile> = shipped
        .source()
        .into_iter()
        .map(|file| TextFile {
            text: match file.path.ends_with("source.toml") {
                true => renamed(&file.text, &source, wishes),
                false => file.text,
            },
            path: format!(
                "sources/{source}/{}",
                file.path.rsplit('/').next().unwrap_or("")
            ),
        })
        .collect();
    let pack = read_pack(&source, &texts).ok()?;
    let streams = files
        .iter()
        .filter_map(|(at, known)| of_stream(&pack, known, found.get(*at)?));
    let streams: Vec<Proposed> = streams.collect();
    let mut manifests = texts
        .iter()
        .filter(|file| file.path.ends_with("source.toml"));
    let notes = manifests.next().and_then(|file| remark(&file.text));
    let notes = notes.into_iter().collect();
    Some(Suggestion {
        proposal: Proposal {
            name: source,
            texts,
            streams,
            questions: Vec::new(),
            notes,
        },
        files: files.iter().map(|(at, _)| *at).collect(),
        pack: Some((shipped.name, shipped.title)),
    })
}

/// A file as a stream of a shipped pack takes it.
fn of_stream(pack: &Pack, known: &Known, file: &Sniffed) -> Option<Proposed> {
    let mut streams = pack.streams.iter();
    let stream = streams.find(|stream| stream.name == known.stream)?;
    let has_people = !stream.people.is_empty();
    let is_sealed = |name: &&String| has_people && !stream.safe.contains(name);
    let names = file.columns.iter().map(|column| &column.name);
    let map = pack.mappings.iter().find(|map| map.stream == stream.name);
    let also = if known.is_named {
        ", and its name fits"
    } else {
        ""
    };
    let name = stem(&file.file).to_lowercase();
    let fits = |patterns: &[String]| patterns.iter().any(|pattern| is_named(pattern, &name));
    // As in an import, a stream that claims the name comes before what is left alone.
    let is_claimed = pack.streams.iter().any(|stream| fits(&stream.files));
    let mut left = pack.ignored_files.iter();
    let left = left.find(|left| !is_claimed && fits(&left.files));
    let (rows, why) = match left {
        Some(left) => {
            let why = format!("the pack leaves this file alone: {}", left.reason);
            (Rows::Reference, why)
        }
        None => {
            let why = format!("its header has {}{also}", known.matched.join(", "));
            (rows_of(map.map(|map| map.kind)), why)
        }
    };
    Some(Proposed {
        stream: stream.name.clone(),
        files: vec![file.file.clone()],
        rows,
        why,
        sealed: names.filter(is_sealed).cloned().collect(),
        parts: BTreeMap::new(),
        stages: Vec::new(),
        ends: (Vec::new(), Vec::new()),
    })
}

/// What a pack says of itself above its first line: what else it needs, how its amounts are read.
fn remark(manifest: &str) -> Option<String> {
    let lines = manifest.lines().map_while(|line| line.strip_prefix('#'));
    let words: Vec<&str> = lines.flat_map(str::split_whitespace).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// The manifest under another name, in another zone or currency, where that was said.
fn renamed(text: &str, source: &str, wishes: &Wishes) -> String {
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
            .or_else(|| said(line, "zone", wishes.zone.as_ref()))
            .or_else(|| said(line, "currency", wishes.currency.as_ref()));
        changed
            .filter(|_| is_top)
            .unwrap_or_else(|| line.to_owned())
    });
    let mut text = lines.collect::<Vec<_>>().join("\n");
    text.push('\n');
    text
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
