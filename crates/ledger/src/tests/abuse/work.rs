//! The kinds of work that get interrupted, and what must be true of a book afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use handfast_model::question::{AsOf, Known};
use handfast_model::{PersonId, Refusal};

use super::super::world::*;
use super::{say, times};
use crate::Ledger;

/// Leads that one piece of work brings in.
const LEADS: u64 = 3;
/// Every so many pieces bring enough rows for a segment.
const LARGE: u64 = 9;

/// The child's part: one kind of work, piece by piece, until it is stopped or refused.
#[test]
fn child() {
    let Ok(work) = std::env::var("HANDFAST_WORK") else {
        return;
    };
    let folder = PathBuf::from(std::env::var("HANDFAST_WORK_FOLDER").unwrap());
    let from = std::env::var("HANDFAST_WORK_FROM")
        .unwrap()
        .parse()
        .unwrap();
    let done = match work.as_str() {
        "create" => each(from, |at| create(&folder, at)),
        "raise" => each(from, |at| raise(&folder, at)),
        "script" => super::faults::script(&folder, from),
        "events" => Ledger::open(&folder, &opening("2020-02-01")).and_then(|ledger| {
            say("open");
            events(&ledger, from)
        }),
        work => Ledger::open(&folder, &opening("2020-02-01")).and_then(|ledger| {
            say("open");
            each(from, |at| piece(work, &ledger, &folder, at))
        }),
    };
    if let Err(refusal) = done {
        say(&format!("refused {} {}", refusal.code, refusal.title));
    }
}

/// Does pieces of work, from this one on or as they say themselves, and says which the ledger has
/// acknowledged.
fn each(
    from: u64,
    mut work: impl FnMut(u64) -> Result<Option<u64>, Refusal>,
) -> Result<(), Refusal> {
    for at in from.. {
        let Some(done) = work(at)? else {
            break;
        };
        say(&format!("done {done}"));
        // What was acknowledged must last without anything that is done later.
        if std::env::var_os("HANDFAST_WORK_IDLE").is_some_and(|idle| idle == "1") {
            std::thread::sleep(std::time::Duration::from_secs(60));
        }
    }
    Ok(())
}

/// Callers of an intake at once.
const CALLERS: u64 = 8;

/// Pieces of work from many threads through one intake: each takes the next piece, and says when
/// its rows are acknowledged.
fn events(ledger: &Ledger, from: u64) -> Result<(), Refusal> {
    let intake = super::super::intaking::intake(ledger);
    let next = AtomicU64::new(from);
    std::thread::scope(|scope| {
        let caller = || {
            each(0, |_| {
                let at = next.fetch_add(1, Ordering::SeqCst);
                let rows = batch("leads", "api", &leads_of(at));
                intake.append(rows, super::super::world::at("2020-02-02"))?;
                Ok(Some(at))
            })
        };
        let callers: Vec<_> = (0..CALLERS).map(|_| scope.spawn(caller)).collect();
        let ended = callers.into_iter().map(|caller| caller.join().unwrap());
        ended.collect::<Result<Vec<()>, Refusal>>().map(drop)
    })
}

fn piece(work: &str, ledger: &Ledger, folder: &Path, at: u64) -> Result<Option<u64>, Refusal> {
    let now = super::super::world::at("2020-02-02");
    match work {
        "journal" => {
            let files = vec![("source.toml".to_owned(), format!("source {at}"))];
            ledger.publish_pack(&format!("s{at}"), "blake3:1", files, now)?;
        }
        "rows" => bring(ledger, at)?,
        "compact" => {
            bring(ledger, at)?;
            ledger.compact()?;
        }
        "charter" => {
            let files = vec![("stages.toml".to_owned(), format!("charter {at}"))];
            ledger.publish_charter(&format!("blake3:{at:06}"), files, now)?;
        }
        "forget" => {
            bring(ledger, at)?;
            let keys: Vec<String> = keys_of(at).map(|key| key.to_string()).collect();
            let people: Vec<_> = keys
                .iter()
                .map(|key| ledger.person_id("crm", key))
                .collect();
            ledger.forget_people(&people, &[ledger.email_identity(&address(at))], now)?;
        }
        "backup" => {
            bring(ledger, at)?;
            backup(ledger, folder, at)?;
        }
        other => unreachable!("{other}"),
    }
    Ok(Some(at))
}

/// Where the copies of a book lie.
fn backups(folder: &Path) -> PathBuf {
    folder.with_file_name("backups")
}

/// A copy as the door makes it: it gets its name when it is whole.
fn backup(ledger: &Ledger, folder: &Path, at: u64) -> Result<(), Refusal> {
    let home = backups(folder);
    // It got its name, and was killed before it said so.
    if home.join(at.to_string()).exists() {
        return crate::files::sync_folder(&home);
    }
    let draft = home.join(format!("{at}.part"));
    let _ = std::fs::remove_dir_all(&draft);
    ledger.copy_to(&draft, &draft.join("data/keys"))?;
    crate::files::sync_folder(&draft)?;
    crate::files::rename(&draft, &home.join(at.to_string()))?;
    crate::files::sync_folder(&home)
}

fn create(folder: &Path, at: u64) -> Result<Option<u64>, Refusal> {
    Ledger::create(&folder.join(at.to_string()), None, &opening("2020-01-01"))?;
    Ok(Some(at))
}

/// How many books of an older format there are to be raised.
pub(super) const OLDER_BOOKS: u64 = 40;

/// Opens the books of an older format one after another.
fn raise(folder: &Path, at: u64) -> Result<Option<u64>, Refusal> {
    let book = folder.join(at.to_string());
    if !book.exists() {
        return Ok(None);
    }
    Ledger::open(&book, &opening("2020-02-01"))?;
    Ok(Some(at))
}

fn keys_of(at: u64) -> std::ops::Range<u64> {
    let many = if at % LARGE == LARGE - 1 { 700 } else { LEADS };
    at * 1_000..at * 1_000 + many
}

fn address(at: u64) -> String {
    format!("p{}@x.org", at * 1_000)
}

/// Imports the leads of one piece of work.
fn bring(ledger: &Ledger, at: u64) -> Result<(), Refusal> {
    import(ledger, "2020-02-02", &[("leads", "l.csv", &leads_of(at))]).map(drop)
}

fn leads_of(at: u64) -> String {
    let keys = keys_of(at);
    many_leads(keys.start as u32, (keys.end - keys.start) as u32)
}

/// Makes ready what a kind of work needs, in an empty folder.
pub(super) fn prepare(work: &str, folder: &Path) {
    match work {
        "create" => std::fs::create_dir_all(folder).unwrap(),
        "raise" => {
            let (template, ledger) = World::new();
            bring(&ledger, 0).unwrap();
            bring(&ledger, LARGE - 1).unwrap();
            drop(ledger);
            lower(template.folder.path());
            for at in 0..OLDER_BOOKS {
                super::copy_folder(template.folder.path(), &folder.join(at.to_string()));
            }
        }
        _ => {
            let ledger = Ledger::create(folder, Some([5; 32]), &opening("2020-01-01")).unwrap();
            drop(ledger);
            if work == "backup" {
                std::fs::create_dir_all(backups(folder)).unwrap();
            }
        }
    }
}

/// Takes from a book what its format added to the first one.
fn lower(book: &Path) {
    let path = book.join("data/journal.sqlite");
    let connection = rusqlite::Connection::open(path).unwrap();
    for (_, table, _) in crate::store::SINCE {
        connection
            .execute(&format!("DROP TABLE {table}"), [])
            .unwrap();
    }
    connection
        .execute("UPDATE book SET format = 1", [])
        .unwrap();
}

/// Which pieces of work must be there, and which may be.
#[derive(Default)]
pub(super) struct Told {
    pub done: BTreeSet<u64>,
    pub maybe: BTreeSet<u64>,
    /// Whether several pieces are under way at once.
    pub is_many: bool,
}

impl Told {
    /// Nothing yet, of one kind of work.
    pub(super) fn of(work: &str) -> Told {
        Told {
            is_many: work == "events",
            ..Told::default()
        }
    }

    /// The piece to begin with: the first that was not acknowledged, even if it was done. Of many
    /// at once that is far back: what was acknowledged since is sent again.
    pub(super) fn next(&self) -> u64 {
        if let Some(first) = self.maybe.first().filter(|_| self.is_many) {
            return *first;
        }
        let last = |pieces: &BTreeSet<u64>| pieces.last().copied();
        last(&self.maybe)
            .or(last(&self.done).map(|last| last + 1))
            .unwrap_or(0)
    }

    /// Adds what a worker said from `from` on: `sure` was acknowledged before it was stopped, what
    /// it said later and the piece it was at are not certain.
    pub(super) fn heard(&mut self, from: u64, sure: &[u64], all: &[u64]) {
        self.done.extend(sure);
        let end = all.iter().max().map_or(from, |last| last + 1);
        let also = if self.is_many { CALLERS - 1 } else { 0 };
        self.maybe.extend(from..=end + also);
        self.maybe.retain(|piece| !self.done.contains(piece));
    }

    /// The pieces before this one.
    fn until(&self, end: u64) -> Told {
        let before = |pieces: &BTreeSet<u64>| pieces.range(..end).copied().collect();
        Told {
            done: before(&self.done),
            maybe: before(&self.maybe),
            ..Told::default()
        }
    }

    fn all(&self) -> BTreeSet<u64> {
        self.done.union(&self.maybe).copied().collect()
    }
}

/// What is wrong with a folder on which this work was interrupted: what was acknowledged must be
/// there once, what was not once or not at all.
pub(super) fn wrongs(work: &str, folder: &Path, told: &Told) -> Vec<String> {
    let found = match work {
        "create" => books(folder, told, |_| Ok(Vec::new())),
        "raise" => books(folder, &told.until(OLDER_BOOKS), |ledger| {
            let done = BTreeSet::from([0, LARGE - 1]);
            leads(
                ledger,
                &Told {
                    done,
                    ..Told::default()
                },
            )
        }),
        work => Ledger::open(folder, &opening("2020-03-01")).and_then(|ledger| {
            let mut wrongs = verified(&ledger);
            wrongs.extend(match work {
                "journal" => versions(&ledger, "pack", told)?,
                "charter" => versions(&ledger, "charter", told)?,
                _ => leads(&ledger, told)?,
            });
            match work {
                "forget" => wrongs.extend(unforgotten(&ledger, &told.done)?),
                "backup" => {
                    drop(ledger);
                    wrongs.extend(copies(folder, &told.done)?);
                }
                _ => {}
            }
            Ok(wrongs)
        }),
    };
    found.unwrap_or_else(|refusal| vec![refusal.to_string()])
}

fn verified(ledger: &Ledger) -> Vec<String> {
    let findings = ledger.verify().findings;
    findings
        .iter()
        .map(|found| format!("{}: {}", found.at, found.what))
        .collect()
}

/// Every acknowledged book opens; one that was not may be half there, and can be made.
fn books(
    folder: &Path,
    told: &Told,
    check: impl Fn(&Ledger) -> Result<Vec<String>, Refusal>,
) -> Result<Vec<String>, Refusal> {
    let mut wrongs = Vec::new();
    for at in told.all() {
        let book = folder.join(at.to_string());
        let opened = match Ledger::open(&book, &opening("2020-03-01")) {
            Err(refusal) if refusal.code == "E0202" && told.maybe.contains(&at) => {
                Ledger::create(&book, None, &opening("2020-03-01"))
            }
            opened => opened,
        };
        match opened {
            Err(refusal) => wrongs.push(format!("book {at}: {refusal}")),
            Ok(ledger) => {
                wrongs.extend(verified(&ledger));
                wrongs.extend(check(&ledger)?);
            }
        }
        // It may be begun once more by the next worker.
        if told.maybe.contains(&at) && is_made_here(&book) {
            let _ = std::fs::remove_dir_all(&book);
        }
    }
    Ok(wrongs)
}

/// Whether nothing was ever committed to a book.
fn is_made_here(book: &Path) -> bool {
    let empty = |ledger: Ledger| ledger.last_seq().is_ok_and(|seq| seq.0 == 0);
    Ledger::open_reading(book).is_ok_and(empty)
}

/// The leads of each piece: two facts each, all of a piece or none.
fn leads(ledger: &Ledger, told: &Told) -> Result<Vec<String>, Refusal> {
    let snapshot = ledger.snapshot(AsOf::Latest, Known::Recorded, &utc())?;
    let mut facts: BTreeMap<PersonId, u64> = BTreeMap::new();
    for person in snapshot.facts.iter().filter_map(|fact| fact.person) {
        *facts.entry(person).or_default() += 1;
    }
    let mut wrongs = Vec::new();
    for at in told.all() {
        let people = keys_of(at).map(|key| ledger.person_id("crm", &key.to_string()));
        let counts: Vec<u64> = people
            .map(|person| facts.remove(&person).unwrap_or(0))
            .collect();
        let is_whole = counts.iter().all(|count| *count == 2);
        let is_absent = counts.iter().all(|count| *count == 0);
        if !(is_whole || is_absent && told.maybe.contains(&at)) {
            wrongs.push(format!("piece {at} has {counts:?} facts"));
        }
    }
    if !facts.is_empty() {
        wrongs.push(format!("{} people that nobody brought", facts.len()));
    }
    Ok(wrongs)
}

/// Packs or charters were published once each.
fn versions(ledger: &Ledger, kind: &str, told: &Told) -> Result<Vec<String>, Refusal> {
    let mut wrongs = Vec::new();
    for at in &told.done {
        let (version, text) = match kind {
            "pack" => (ledger.pack_at(&format!("s{at}"), AsOf::Latest)?, "source"),
            _ => (
                ledger.charter_named(&format!("{at:06}"), AsOf::Latest).ok(),
                "charter",
            ),
        };
        let files = version.map(|version| version.files).unwrap_or_default();
        if files
            .first()
            .is_none_or(|(_, found)| *found != format!("{text} {at}"))
        {
            wrongs.push(format!("{kind} {at} is {files:?}"));
        }
    }
    let (commits, most) = (ledger.history(u64::MAX >> 1)?.len(), told.all().len());
    if commits > most {
        wrongs.push(format!("{commits} commits of {most} {kind}s"));
    }
    Ok(wrongs)
}

/// People whose forgetting was acknowledged are forgotten, and their address is barred.
fn unforgotten(ledger: &Ledger, done: &BTreeSet<u64>) -> Result<Vec<String>, Refusal> {
    let mut wrongs = Vec::new();
    // To read one row is to look through a segment: of a large piece a soak reads all, a run a few.
    let stride = u64::from(times(1, 100));
    for &at in done {
        for (number, key) in (0u64..).zip(keys_of(at)) {
            let person = ledger.person_id("crm", &key.to_string());
            let mut is_forgotten = ledger.is_forgotten(person)?;
            if number < LEADS || number % stride == 0 {
                let key = ledger.record_key("crm", "leads", &[&key.to_string()]);
                let rows = ledger.record("crm", "leads", key)?;
                is_forgotten &= rows.iter().all(|row| row.is_erased);
            }
            if !is_forgotten {
                wrongs.push(format!("somebody of piece {at} is remembered"));
            }
        }
        if !ledger.is_barred(&ledger.email_identity(&address(at)))? {
            wrongs.push(format!("the address of piece {at} is not barred"));
        }
    }
    Ok(wrongs)
}

/// Each acknowledged copy is a sound book that holds all pieces up to its own.
fn copies(folder: &Path, done: &BTreeSet<u64>) -> Result<Vec<String>, Refusal> {
    let mut wrongs = Vec::new();
    for &at in done {
        match Ledger::open(
            &backups(folder).join(at.to_string()),
            &opening("2020-03-01"),
        ) {
            Err(refusal) => wrongs.push(format!("backup {at}: {refusal}")),
            Ok(ledger) => {
                wrongs.extend(verified(&ledger));
                let pieces = Told {
                    done: (0..=at).collect(),
                    ..Told::default()
                };
                wrongs.extend(leads(&ledger, &pieces)?);
            }
        }
    }
    Ok(wrongs)
}
