//! A made-up source: its pack, files written as text, and a mapping in twenty lines.

use std::sync::Arc;

use arrow::array::StringArray;
use handfast_model::fact::Origin;
use handfast_model::pack::{Format, Pack, PersonColumn, Stream, StreamMode};
use handfast_model::question::{AsOf, Known};
use handfast_model::{
    Calendar, Day, Decimal, Fact, FactId, FactKind, Instant, Names, Refusal, Seq, Snapshot, Value,
    When,
};
use tempfile::TempDir;

use crate::layout::cell;
use crate::{AsideId, BadRow, Commit, Ended, Ending, ImportReport, Ledger, Opening, TextBatch};

pub(crate) struct World {
    pub folder: TempDir,
}

pub(crate) fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap_or_else(|| Instant::parse(&format!("{text}T12:00:00Z")).unwrap())
}

pub(crate) fn utc() -> Calendar {
    Calendar::in_zone("UTC").unwrap()
}

pub(crate) fn opening(now: &str) -> Opening {
    Opening {
        now: at(now),
        command: "handfast test".to_owned(),
        author: "tester".to_owned(),
    }
}

impl World {
    pub(crate) fn new() -> (World, Ledger) {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::create(folder.path(), Some([5; 32]), &opening("2020-01-01")).unwrap();
        (World { folder }, ledger)
    }

    pub(crate) fn open(&self) -> Result<Ledger, Refusal> {
        Ledger::open(self.folder.path(), &opening("2020-01-01"))
    }

    /// Every file of the book, by path and content.
    pub(crate) fn files(&self) -> Vec<(std::path::PathBuf, Vec<u8>)> {
        let mut found = Vec::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    found.push((path.clone(), std::fs::read(path).unwrap()));
                }
            }
        }
        found.sort();
        found
    }
}

fn stream(name: &str, key: &str, mode: StreamMode) -> Stream {
    Stream {
        name: name.to_owned(),
        files: Vec::new(),
        recognised_by: Vec::new(),
        key: vec![key.to_owned()],
        version: None,
        mode,
        is_reference: false,
        format: Format::default(),
        people: Vec::new(),
        safe: Vec::new(),
        ignore: Vec::new(),
        deletes: None,
    }
}

pub(crate) fn pack() -> Pack {
    let mut leads = stream("leads", "id", StreamMode::Changes);
    leads.people = vec![PersonColumn {
        column: "id".to_owned(),
        namespace: "crm".to_owned(),
        characters: None,
        seals: Vec::new(),
        email: Some("email".to_owned()),
    }];
    leads.safe = vec!["origin".to_owned(), "day".to_owned()];
    let mut deals = stream("deals", "id", StreamMode::Changes);
    deals.version = Some("updated".to_owned());
    let mut products = stream("products", "id", StreamMode::Changes);
    products.is_reference = true;
    Pack {
        source: "crm".to_owned(),
        version: "blake3:00".to_owned(),
        zone: "UTC".to_owned(),
        observed_until: None,
        currency: None,
        folder: None,
        streams: vec![
            products,
            stream("accounts", "id", StreamMode::Full),
            leads,
            deals,
        ],
        mappings: Vec::new(),
        ignored_files: Vec::new(),
    }
}

/// A file as text: a header line and rows, comma-separated; a row that starts with `!` is bad. An
/// empty file has no columns.
pub(crate) fn batch(stream: &str, file: &str, text: &str) -> TextBatch {
    let mut lines = text.lines().map(str::trim).zip(1..);
    let header = lines.next().map(|(line, _)| line).unwrap_or_default();
    let names = header.split(',').filter(|_| !text.is_empty());
    let columns: Arc<[String]> = names.map(str::to_owned).collect();
    let (mut good, mut numbers, mut bad) = (Vec::new(), Vec::new(), Vec::new());
    for (line, number) in lines {
        if line.starts_with('!') {
            bad.push(BadRow {
                line: number,
                column: String::new(),
                reason: "unclosed quote".to_owned(),
                text: line.to_owned(),
            });
        } else {
            good.push(line.split(',').collect::<Vec<_>>());
            numbers.push(number);
        }
    }
    let cells = (0..columns.len())
        .map(|at| StringArray::from_iter_values(good.iter().map(|row| row.get(at).unwrap_or(&""))))
        .collect();
    TextBatch {
        stream: stream.to_owned(),
        file: file.to_owned(),
        columns,
        cells,
        lines: numbers,
        bad,
        ends_file: true,
    }
}

/// Imports files one after another, one commit each.
pub(crate) fn import(
    ledger: &Ledger,
    now: &str,
    files: &[(&str, &str, &str)],
) -> Result<ImportReport, Refusal> {
    import_with(ledger, &pack(), now, files)
}

/// The same with another pack.
pub(crate) fn import_with(
    ledger: &Ledger,
    pack: &Pack,
    now: &str,
    files: &[(&str, &str, &str)],
) -> Result<ImportReport, Refusal> {
    let mut import = ledger.begin_import(pack, at(now))?;
    run(ledger, &mut import, files)?;
    import.finish(None)
}

/// The same with all files in one commit.
pub(crate) fn import_at_once(
    ledger: &Ledger,
    pack: &Pack,
    now: &str,
    files: &[(&str, &str, &str)],
) -> Result<ImportReport, Refusal> {
    let mut import = ledger.begin_import(pack, at(now))?;
    let mut commit = Commit::default();
    for (stream, file, text) in files {
        let classified = import.classify(batch(stream, file, text))?;
        let (endings, facts) = map(ledger, &classified, &mut commit.names);
        import.finish_file(stream)?;
        commit.facts.extend(facts);
        commit.batches.push(Ended {
            classified,
            endings,
        });
    }
    import.commit(commit)?;
    import.finish(None)
}

/// Sends mended rows through an import, as the service does: stream, file, names, text.
pub(crate) fn mend_with(
    ledger: &Ledger,
    now: &str,
    files: &[(&str, &str, &[&str], &str)],
) -> Result<ImportReport, Refusal> {
    let mut import = ledger.begin_import(&pack(), at(now))?;
    // All are classified before the first is committed, as a service does that works ahead.
    let mut commits = Vec::new();
    for (stream, file, ids, text) in files {
        let ids = ids.iter().map(|id| AsideId::parse(id).unwrap()).collect();
        let classified = import.classify_mended(batch(stream, file, text), ids)?;
        let mut names = Names::default();
        let (endings, facts) = map(ledger, &classified, &mut names);
        commits.push(Commit {
            batches: vec![Ended {
                classified,
                endings,
            }],
            facts,
            names,
        });
    }
    for commit in commits {
        import.commit(commit)?;
    }
    import.finish(None)
}

/// The files of an import, one commit each.
pub(crate) fn run(
    ledger: &Ledger,
    import: &mut crate::Import,
    files: &[(&str, &str, &str)],
) -> Result<(), Refusal> {
    for (stream, file, text) in files {
        let classified = import.classify(batch(stream, file, text))?;
        let mut names = Names::default();
        let (endings, facts) = map(ledger, &classified, &mut names);
        import.finish_file(stream)?;
        import.commit(Commit {
            batches: vec![Ended {
                classified,
                endings,
            }],
            facts,
            names,
        })?;
    }
    Ok(())
}

/// What a pack's SELECTs and the worker would do.
pub(crate) fn map(
    ledger: &Ledger,
    classified: &crate::Classified,
    names: &mut Names,
) -> (Vec<Ending>, Vec<Fact>) {
    let batch = classified.to_map();
    let mut facts = Vec::new();
    let mut endings = Vec::new();
    for (row, found) in classified.fresh_rows().enumerate() {
        let text = |column: &str| batch.column(column).map_or("", |at| cell(&batch, at, row));
        if batch.stream == "products" {
            endings.push(Ending::Reference);
            continue;
        }
        if text("name") == "test" {
            let rule = "test rows".to_owned();
            endings.push(Ending::Ignored { rule });
            continue;
        }
        if text("stage") == "deleted" {
            endings.push(Ending::Deleted);
            continue;
        }
        let amount = Decimal::parse(text("amount"));
        if amount.is_none() && !text("amount").is_empty() {
            endings.push(Ending::SetAside {
                column: "amount".to_owned(),
                reason: "not a number".to_owned(),
            });
            continue;
        }
        endings.push(Ending::Mapped);
        let (state, event) = match batch.stream.as_str() {
            "accounts" => (FactKind::Account, None),
            "leads" => (FactKind::Person, Some(FactKind::Touch)),
            _ => (FactKind::Deal, Some(FactKind::Mark)),
        };
        let mut attributes = Vec::new();
        for (column, value) in batch.columns.iter().zip(0..) {
            let is_clear = ["origin", "stage", "amount", "city"].contains(&column.as_str());
            if is_clear && !cell(&batch, value, row).is_empty() {
                let value = Value::Text(names.intern(cell(&batch, value, row)));
                attributes.push((names.intern(column), value));
            }
        }
        let is_lead = batch.stream == "leads";
        let email = text("email");
        if is_lead && !email.is_empty() {
            let identity = names.intern(&ledger.email_identity(email));
            attributes.push((names.intern("identity"), Value::Text(identity)));
        }
        let key = text("id");
        for (kind, ordinal) in [Some(state), event].into_iter().flatten().zip(0..) {
            facts.push(Fact {
                id: FactId(0),
                kind,
                happened: Day::parse(text("day")).map_or(When::Unknown, When::Day),
                is_assumed: false,
                seq: Seq(0),
                recorded_at: Instant(0),
                origin: Origin {
                    source: names.intern("crm"),
                    stream: names.intern(&batch.stream),
                    key: found.key,
                    version: found.version,
                    ordinal,
                    file: names.intern(&batch.file),
                    line: batch.lines[row],
                },
                person: (is_lead && !key.is_empty()).then(|| ledger.person_id("crm", key)),
                account: (batch.stream == "accounts").then(|| names.intern(key)),
                deal: (batch.stream == "deals").then(|| names.intern(key)),
                campaign: None,
                rep: None,
                attributes: attributes.clone().into(),
            });
        }
    }
    (endings, facts)
}

/// Leads enough for a segment: two facts each.
pub(crate) fn many_leads(from: u32, count: u32) -> String {
    let mut file = "id,email,name,origin,day".to_owned();
    for at in from..from + count {
        let day = format!("2020-01-{:02}", at % 28 + 1);
        file.push_str(&format!("\n{at},p{at}@x.org,Person {at},paid,{day}"));
    }
    file
}

/// A snapshot as text: one fact per line, in fact order.
pub(crate) fn text(ledger: &Ledger, as_of: AsOf) -> String {
    told(&ledger.snapshot(as_of, Known::Recorded, &utc()).unwrap())
}

/// The same without our clock: what rebuilds and other orders of arrival must agree on.
pub(crate) fn told(snapshot: &Snapshot) -> String {
    let names = &snapshot.names;
    let name = |sym: handfast_model::Sym| names.text(sym).to_owned();
    let mut lines = Vec::new();
    for fact in &snapshot.facts {
        let happened = match fact.happened {
            When::Unknown => "-".to_owned(),
            When::Day(day) => day.to_string(),
            When::At(at) => at.to_string(),
        };
        let about = [fact.account, fact.deal].into_iter().flatten().map(name);
        let about: Vec<String> = about.collect();
        let attributes: Vec<String> = fact
            .attributes
            .iter()
            .map(|(key, value)| match value {
                Value::Text(sym) => format!("{}={}", names.text(*key), names.text(*sym)),
                other => format!("{}={other:?}", names.text(*key)),
            })
            .collect();
        lines.push(format!(
            "{happened} {} v{} {} {}",
            fact.kind.word(),
            fact.origin.version,
            about.join(" "),
            attributes.join(" ")
        ));
    }
    lines.join("\n").replace("  ", " ")
}

/// Everything a snapshot holds, symbols' numbers included.
pub(crate) fn whole(ledger: &Ledger) -> String {
    let snapshot = ledger
        .snapshot(AsOf::Latest, Known::Recorded, &utc())
        .unwrap();
    format!(
        "{:?} {:?} {:?} {:?} {:?} {}",
        snapshot.facts,
        snapshot.seq,
        snapshot.observed,
        snapshot.set_aside,
        snapshot.packs,
        snapshot.erased_people
    )
}
