//! What every pack that ships must keep. The suite finds the packs and their fixtures by folder: a
//! new pack inherits it without a line here. `UPDATE_EXPECT=1` writes `fixtures/expected.txt` anew;
//! read the difference before you keep it.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use handfast_charter::{TextFile, read_pack};
use handfast_connect::Files;
use handfast_ledger::{FileAccount, Ledger, Opening};
use handfast_model::pack::{Pack, Stream};
use handfast_model::question::{AsOf, Known};
use handfast_model::{Calendar, Day, Fact, Instant, Names, Refusal, Snapshot, Value, When};
use handfast_service::ingest::{Options, import_rows};
use support::{ask, root, run};
use tempfile::TempDir;

/// A pack that ships, with its folder.
struct Shipped {
    name: String,
    dir: PathBuf,
    pack: Pack,
}

fn shipped() -> Vec<Shipped> {
    let mut dirs = entries(&root().join("crates/packs/shipped"));
    dirs.retain(|dir| dir.is_dir());
    let read = |dir: PathBuf| {
        let name = name_of(&dir);
        let is_source = |file: &PathBuf| {
            let name = name_of(file);
            name == "source.toml" || name.ends_with(".sql")
        };
        let files: Vec<TextFile> = entries(&dir)
            .into_iter()
            .filter(is_source)
            .map(|file| TextFile {
                path: format!("{name}/{}", name_of(&file)),
                text: fs::read_to_string(&file).unwrap(),
            })
            .collect();
        let pack = read_pack(&name, &files).unwrap_or_else(|refusals| {
            let told: Vec<String> = refusals.iter().map(Refusal::to_string).collect();
            panic!("{name}:\n{}", told.join("\n"))
        });
        Shipped { name, dir, pack }
    };
    dirs.into_iter().map(read).collect()
}

fn entries(dir: &Path) -> Vec<PathBuf> {
    let found = fs::read_dir(dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
    let mut paths: Vec<PathBuf> = found.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

impl Shipped {
    fn fixtures(&self) -> Vec<PathBuf> {
        let mut files = entries(&self.dir.join("fixtures"));
        files.retain(|file| name_of(file) != "expected.txt");
        files
    }
}

/// A book with a key that never changes, so that its facts are told alike.
struct Book {
    dir: TempDir,
    ledger: Ledger,
}

impl Book {
    fn new() -> Book {
        let dir = tempfile::tempdir().unwrap();
        let opening = Opening {
            now: at("2026-01-01T00:00:00Z"),
            command: "handfast test".to_owned(),
            author: "tester".to_owned(),
        };
        let ledger = Ledger::create(dir.path(), Some([7; 32]), &opening).unwrap();
        Book { dir, ledger }
    }

    fn import(&self, pack: &Pack, files: &[PathBuf]) -> Result<Vec<FileAccount>, Refusal> {
        let stop = AtomicBool::new(false);
        let options = Options {
            exe: PathBuf::from(env!("CARGO_BIN_EXE_handfast")),
            now: at("2026-01-02T00:00:00Z"),
            observed_until: None,
            is_dry_run: false,
            shown: 0,
            stop: &stop,
        };
        let mut source = Files::open(pack, files)?;
        let done = import_rows(&self.ledger, pack, &mut source, &options, &mut |_, _| {})?;
        assert!(done.files.iter().all(FileAccount::adds_up));
        Ok(done.files)
    }

    fn snapshot(&self) -> Snapshot {
        let utc = Calendar::in_zone("UTC").unwrap();
        self.ledger
            .snapshot(AsOf::Latest, Known::Recorded, &utc)
            .unwrap()
    }
}

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

fn taken(shipped: &Shipped, book: &Book, files: &[PathBuf]) -> Vec<FileAccount> {
    let done = book.import(&shipped.pack, files);
    done.unwrap_or_else(|refusal| panic!("{}: {refusal}", shipped.name))
}

/// The rows of a fixture, cell by cell under the header; no fixture breaks a line inside quotes.
fn cells(file: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let text = fs::read_to_string(file).unwrap();
    let mut rows = text.trim_start_matches('\u{feff}').lines().map(|line| {
        let (mut cells, mut is_quoted) = (vec![String::new()], false);
        for letter in line.chars() {
            match letter {
                '"' => is_quoted = !is_quoted,
                ',' if !is_quoted => cells.push(String::new()),
                _ => cells.last_mut().unwrap().push(letter),
            }
        }
        cells
    });
    let header = rows.next().unwrap();
    let header = header.iter().map(|name| name.to_lowercase()).collect();
    (header, rows.collect())
}

/// Which fixture is of which stream.
fn claimed(shipped: &Shipped) -> Vec<(&Stream, PathBuf)> {
    let files = Files::open(&shipped.pack, &shipped.fixtures())
        .unwrap_or_else(|refusal| panic!("{}: {refusal}", shipped.name));
    let of = |claimed: &handfast_connect::Claimed| {
        (&shipped.pack.streams[claimed.stream], claimed.path.clone())
    };
    files.claims().read.iter().map(of).collect()
}

/// People and mailboxes of the fixtures by what the book calls them, so that facts can be read.
fn people(shipped: &Shipped, ledger: &Ledger) -> BTreeMap<String, String> {
    let mut known = BTreeMap::new();
    let namespaces: BTreeSet<(&str, Option<u16>)> = shipped
        .pack
        .streams
        .iter()
        .flat_map(|stream| &stream.people)
        .map(|person| (person.namespace.as_str(), person.characters))
        .chain([("salesforce", Some(15))])
        .collect();
    for (_, file) in claimed(shipped) {
        for text in cells(&file).1.into_iter().flatten() {
            if text.contains('@') {
                let identity = ledger.email_identity(&text);
                known.insert(identity, format!("mailbox of {text}"));
            }
            for piece in text.split([';', ',', '[', ']']).map(str::trim) {
                for (namespace, characters) in &namespaces {
                    let count = characters.map_or(usize::MAX, usize::from);
                    let key: String = piece.chars().take(count).collect();
                    let id = ledger.person_id(namespace, &key).to_string();
                    known.insert(id, format!("{namespace}:{key}"));
                }
            }
        }
    }
    known
}

/// One fact as a line.
fn told(fact: &Fact, names: &Names, people: &BTreeMap<String, String>) -> String {
    let known = |text: &str| people.get(text).cloned().unwrap_or_else(|| text.to_owned());
    let mut line = match fact.happened {
        When::Unknown => "undated".to_owned(),
        When::Day(day) => day.to_string(),
        When::At(at) => at.to_string(),
    };
    if fact.is_assumed {
        line.push_str(" (assumed)");
    }
    line.push_str(&format!(" {}", fact.kind.word()));
    if let Some(person) = fact.person {
        line.push_str(&format!(" person={}", known(&person.to_string())));
    }
    let keys = [
        ("account", fact.account),
        ("deal", fact.deal),
        ("campaign", fact.campaign),
        ("rep", fact.rep),
    ];
    for (word, key) in keys {
        if let Some(key) = key {
            line.push_str(&format!(" {word}={}", names.text(key)));
        }
    }
    line.push_str(" |");
    for (name, value) in fact.attributes.iter() {
        let value = match value {
            Value::Text(text) => known(names.text(*text)),
            Value::Int(int) => int.to_string(),
            Value::Decimal(decimal) => decimal.to_string(),
            Value::Bool(yes) => yes.to_string(),
            Value::Day(day) => day.to_string(),
            Value::At(at) => at.to_string(),
            Value::Money(money) => money.to_string(),
        };
        line.push_str(&format!(" {}={value}", names.text(*name)));
    }
    line.trim_end_matches(" |").to_owned()
}

fn facts(shipped: &Shipped, book: &Book) -> Vec<String> {
    let snapshot = book.snapshot();
    let people = people(shipped, &book.ledger);
    let lines = snapshot
        .facts
        .iter()
        .map(|fact| told(fact, &snapshot.names, &people));
    lines.collect()
}

#[test]
fn each_pack_passes_its_checks_has_a_fixture_per_stream_and_a_page() {
    for shipped in shipped() {
        let name = &shipped.name;
        let refusals = handfast_engine::packs::check(&shipped.pack);
        let told: Vec<String> = refusals.iter().map(Refusal::to_string).collect();
        assert!(told.is_empty(), "{name}:\n{}", told.join("\n"));
        let covered: BTreeSet<&str> = claimed(&shipped)
            .iter()
            .map(|(stream, _)| stream.name.as_str())
            .collect();
        for stream in &shipped.pack.streams {
            let is_covered = covered.contains(stream.name.as_str());
            assert!(is_covered, "{name}: no fixture of stream `{}`", stream.name);
            // Tables that are only joined to may look like one another.
            let is_known = stream.is_reference || !stream.recognised_by.is_empty();
            assert!(is_known, "{name}: `{}` has no recognised_by", stream.name);
        }
        let page = root().join(format!("docs/guide/packs/{name}.md"));
        assert!(page.is_file(), "no {}", page.display());
    }
}

#[test]
fn each_fixture_gives_the_facts_written_beside_it() {
    let mut wrong = Vec::new();
    for shipped in shipped() {
        let book = Book::new();
        let accounts = taken(&shipped, &book, &shipped.fixtures());
        let mut text = String::new();
        for account in &accounts {
            let ends = |of: &BTreeMap<String, u64>| {
                let ends: Vec<String> = of.iter().map(|(why, n)| format!("{n} {why}")).collect();
                ends.join(", ")
            };
            text.push_str(&format!(
                "{}: {} rows = {} mapped + {} reference + ignored [{}] + set aside [{}]; {} facts\n",
                account.file,
                account.rows,
                account.mapped,
                account.reference,
                ends(&account.ignored),
                ends(&account.set_aside),
                account.facts
            ));
        }
        text.push('\n');
        for line in facts(&shipped, &book) {
            text.push_str(&format!("{line}\n"));
        }
        let expected = shipped.dir.join("fixtures/expected.txt");
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            fs::write(&expected, &text).unwrap();
        } else if fs::read_to_string(&expected).unwrap_or_default() != text {
            wrong.push(format!("{} is now:\n{text}", expected.display()));
        }
        every_select_gives_a_fact(&shipped, &book);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn every_select_gives_a_fact(shipped: &Shipped, book: &Book) {
    // What a later version replaces or deletes has given facts too, so all commits are looked at.
    let mut given = BTreeSet::new();
    let utc = Calendar::in_zone("UTC").unwrap();
    for seq in 0..=book.snapshot().seq.0 {
        let as_of = AsOf::Seq(handfast_model::Seq(seq));
        let snapshot = book.ledger.snapshot(as_of, Known::Recorded, &utc).unwrap();
        for fact in &snapshot.facts {
            let stream = snapshot.names.text(fact.origin.stream).to_owned();
            given.insert((stream, fact.origin.ordinal));
        }
    }
    let mut ordinals: BTreeMap<&str, u16> = BTreeMap::new();
    for mapping in &shipped.pack.mappings {
        let ordinal = ordinals.entry(&mapping.stream).or_default();
        let is_given = given.contains(&(mapping.stream.clone(), *ordinal));
        assert!(is_given, "{}: no fact of {}", shipped.name, mapping.file);
        *ordinal += 1;
    }
}

#[test]
fn importing_a_pack_s_fixtures_twice_changes_nothing() {
    for shipped in shipped() {
        let book = Book::new();
        taken(&shipped, &book, &shipped.fixtures());
        let before = facts(&shipped, &book);
        for account in taken(&shipped, &book, &shipped.fixtures()) {
            let aside: u64 = account.set_aside.values().sum();
            let place = format!("{}: {}", shipped.name, account.file);
            assert_eq!(
                (account.known + aside, account.facts),
                (account.rows, 0),
                "{place}"
            );
        }
        assert_eq!(facts(&shipped, &book), before, "{}", shipped.name);
    }
}

#[test]
fn rows_may_arrive_in_any_order_and_in_pieces() {
    for shipped in shipped() {
        let whole = Book::new();
        taken(&shipped, &whole, &shipped.fixtures());
        let expected = facts(&shipped, &whole);
        let pieces = tempfile::tempdir().unwrap();
        let (mut first, mut second) = (Vec::new(), Vec::new());
        for (stream, file) in claimed(&shipped) {
            // Rows to join to come first; without versions, order is what tells old from new.
            if stream.is_reference || stream.version.is_none() {
                first.push(file);
                continue;
            }
            let text = fs::read_to_string(&file).unwrap();
            let mut lines = text.lines();
            let header = lines.next().unwrap();
            let rows: Vec<&str> = lines.rev().collect();
            let (late, early) = rows.split_at(rows.len() / 2);
            for (part, rows, files) in [("1", late, &mut first), ("2", early, &mut second)] {
                let folder = pieces.path().join(part);
                fs::create_dir_all(&folder).unwrap();
                let path = folder.join(name_of(&file));
                fs::write(&path, format!("{header}\n{}\n", rows.join("\n"))).unwrap();
                files.push(path);
            }
        }
        let book = Book::new();
        taken(&shipped, &book, &first);
        taken(&shipped, &book, &second);
        assert_eq!(facts(&shipped, &book), expected, "{}", shipped.name);
    }
}

#[test]
fn no_personal_text_of_a_fixture_reaches_the_book() {
    for shipped in shipped() {
        let book = Book::new();
        taken(&shipped, &book, &shipped.fixtures());
        // Words that a SELECT writes itself are nobody's.
        let sql = shipped.pack.mappings.iter().map(|m| m.sql.as_str());
        let (mut clear, mut sealed) = (sql.collect::<String>(), BTreeSet::new());
        for (stream, file) in claimed(&shipped) {
            let (header, rows) = cells(&file);
            for row in rows {
                for (name, text) in header.iter().zip(row) {
                    let is_clear = stream.people.is_empty() || stream.safe.contains(name);
                    if is_clear {
                        clear.push_str(&format!("{text}\n"));
                    } else if text.len() > 5 {
                        sealed.insert(text);
                    }
                }
            }
        }
        sealed.retain(|text| !clear.contains(text.as_str()));
        assert!(sealed.is_empty() || sealed.len() > 5, "{}", shipped.name);
        drop(book.ledger);
        let mut folders = vec![book.dir.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for path in entries(&folder) {
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let bytes = fs::read(&path).unwrap();
                let bytes = String::from_utf8_lossy(&bytes);
                for text in &sealed {
                    let is_found = bytes.contains(text.as_str());
                    assert!(
                        !is_found,
                        "{}: `{text}` in {}",
                        shipped.name,
                        path.display()
                    );
                }
            }
        }
    }
}

/// The folder of real tables of a pack's system, and how its files begin there.
const REAL: [(&str, &str, &str); 13] = [
    ("salesforce_fivetran", "fivetran_salesforce", "sf_"),
    ("hubspot_fivetran", "fivetran_hubspot", ""),
    ("marketo_fivetran", "fivetran_marketo", "marketo_"),
    ("pardot_fivetran", "fivetran_pardot", "pardot_"),
    (
        "google_ads_fivetran",
        "fivetran_ad_reporting",
        "google_ads_",
    ),
    (
        "facebook_ads_fivetran",
        "fivetran_ad_reporting",
        "facebook_ads_",
    ),
    (
        "linkedin_ads_fivetran",
        "fivetran_ad_reporting",
        "linkedin_",
    ),
    (
        "microsoft_ads_fivetran",
        "fivetran_ad_reporting",
        "microsoft_ads_",
    ),
    (
        "pinterest_ads_fivetran",
        "fivetran_ad_reporting",
        "pinterest_",
    ),
    ("twitter_ads_fivetran", "fivetran_ad_reporting", "twitter_"),
    (
        "snapchat_ads_fivetran",
        "fivetran_ad_reporting",
        "snapchat_",
    ),
    (
        "reddit_ads_fivetran",
        "fivetran_ad_reporting",
        "reddit_ads_",
    ),
    ("tiktok_ads_fivetran", "fivetran_ad_reporting", "tiktok_"),
];

#[test]
fn real_tables_come_in_and_every_row_has_an_end() {
    let Some(folder) = std::env::var_os("HANDFAST_DATA") else {
        println!("skipped: HANDFAST_DATA is not set");
        return;
    };
    let folder = PathBuf::from(folder);
    for (name, set, prefix) in REAL {
        let Some(shipped) = shipped().into_iter().find(|shipped| shipped.name == name) else {
            panic!("no pack {name}");
        };
        let mut files = entries(&folder.join(set));
        files.retain(|file| name_of(file).starts_with(prefix));
        let book = Book::new();
        for account in taken(&shipped, &book, &files) {
            let aside = account.set_aside.iter();
            let aside: Vec<String> = aside.map(|(why, rows)| format!("{rows} {why}")).collect();
            if !aside.is_empty() {
                println!(
                    "{name}: {} of {}: {}",
                    account.file,
                    account.rows,
                    aside.join(", ")
                );
            }
            // Some reports there name campaigns or advertisers of which no row came along, and one
            // advertiser pays in `CAN`.
            let known = [
                "an amount without a currency",
                "a currency that ISO 4217 does not list",
            ];
            let is_known = |why: &String| known.contains(&why.as_str());
            let is_expected = account.set_aside.keys().all(is_known);
            assert!(is_expected, "{name}: {}", account.file);
        }
        // A second time nothing is new: what came in is known, what was set aside is so again.
        let before = book.snapshot().facts.len();
        taken(&shipped, &book, &files);
        assert_eq!(book.snapshot().facts.len(), before, "{name}");
    }
}

/// A book from an example's charter and a pack as it ships, with the pack's fixtures.
fn example(dir: &Path, example: &str, pack: &str) -> String {
    let shipped = shipped().into_iter().find(|shipped| shipped.name == pack);
    filled(dir, example, pack, &shipped.unwrap().fixtures())
}

/// The same with these files.
fn filled(dir: &Path, example: &str, pack: &str, files: &[PathBuf]) -> String {
    let book = dir.join("book").display().to_string();
    let charter = root().join("examples").join(example).display().to_string();
    run(&["init", &book, "--from", &charter]);
    let shipped = shipped().into_iter().find(|shipped| shipped.name == pack);
    let shipped = shipped.unwrap();
    let source = dir.join("book/sources").join(pack);
    fs::create_dir_all(&source).unwrap();
    for file in entries(&shipped.dir).iter().filter(|file| file.is_file()) {
        fs::copy(file, source.join(name_of(file))).unwrap();
    }
    let files: Vec<String> = files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    let mut args = vec!["import", &book];
    args.extend(files.iter().map(String::as_str));
    run(&args);
    book
}

#[test]
fn the_example_on_salesforce_knows_every_label_of_its_pack() {
    let dir = tempfile::tempdir().unwrap();
    let book = example(dir.path(), "salesforce", "salesforce_fivetran");
    let words = ["funnel", "--view", "cohort", "--period", "2024-Q1"];
    let answer = ask(&book, &words);
    // Two leads of three, since one lost a merge; one of them is the contact and the deal it became.
    assert_eq!(answer.count(&[], "entered"), 2);
    for (stage, reached) in [
        ("opportunity", 2),
        ("negotiation", 1),
        ("won", 1),
        ("lost", 0),
    ] {
        assert_eq!(answer.ratio(&[], stage), (reached, 2), "{stage}");
    }
    assert_eq!(
        answer.issue("W0104"),
        0,
        "a label that the charter does not name"
    );
    // From the tables by hand: Aud attended the webinar on 8 January (campaign_member), came in by the
    // newsletter that day (lead) and was called on the 10th (task); Siv got the offer by mail on
    // 5 February (task), Aud met Mira on the 14th (event, its copy for another attendee left out).
    // Siv was put into the campaign and did not respond. Five touches share 21000.50 NOK alike.
    let credit = ask(&book, &["credit", "--models", "first,last,linear"]);
    for (channel, first, last, linear) in [
        ("unknown: no channel", 2_100_050, 0, 420_010),
        ("email", 0, 0, 420_010),
        ("sales: call", 0, 0, 420_010),
        ("sales: email", 0, 0, 420_010),
        ("sales: meeting", 0, 2_100_050, 420_010),
    ] {
        for (model, minor) in [("first", first), ("last", last), ("linear", linear)] {
            let found = &credit.cell(&[channel, "NOK"], model)["minor"];
            assert_eq!(found, minor, "{channel} {model}");
        }
    }
    assert_eq!(credit.rows().len(), 5);
    let sourced = ask(&book, &["credit", "--models", "w", "--by", "sourced"]);
    assert_eq!(sourced.cell(&["marketing", "NOK"], "w")["minor"], 2_100_050);
}

#[test]
fn the_example_on_hubspot_knows_every_label_of_its_pack() {
    let dir = tempfile::tempdir().unwrap();
    let book = example(dir.path(), "hubspot", "hubspot_fivetran");
    let answer = ask(&book, &["funnel", "--view", "cohort"]);
    // Two leads, since two of the contacts were merged into one; one of them won after a loss.
    assert_eq!(answer.count(&[], "entered"), 2);
    for (stage, reached) in [("mql", 2), ("proposal", 2), ("won", 1), ("lost", 0)] {
        assert_eq!(answer.ratio(&[], stage), (reached, 2), "{stage}");
    }
    assert_eq!(
        answer.issue("W0104"),
        0,
        "a label that the charter does not name"
    );
    // A mail that was sent or delivered earns nothing: of four touches by mail two are left.
    let credit = ask(&book, &["credit", "--models", "linear"]);
    assert_eq!(credit.count(&["email", "EUR"], "touches"), 2);
    assert_eq!(credit.cell(&["email", "EUR"], "linear")["minor"], 385_012);
}

/// What questions say of the real tables of two CRMs is what their rows say, counted by hand: when
/// HubSpot's deals were made, and how many of Salesforce's are won that their source did not delete.
#[test]
fn answers_on_real_deals_are_counts_of_their_rows() {
    let Some(folder) = std::env::var_os("HANDFAST_DATA") else {
        println!("skipped: HANDFAST_DATA is not set");
        return;
    };
    let folder = PathBuf::from(folder);
    let dir = tempfile::tempdir().unwrap();
    let (set, first) = (folder.join("fivetran_hubspot"), dir.path().join("hubspot"));
    fs::create_dir(&first).unwrap();
    let book = filled(&first, "hubspot", "hubspot_fivetran", &entries(&set));
    let (header, rows) = cells(&set.join("deal_data.csv"));
    let place = |header: &[String], name: &str| header.iter().position(|one| one == name).unwrap();
    let (made, gone) = (
        place(&header, "property_createdate"),
        place(&header, "is_deleted"),
    );
    let mut expected: BTreeMap<String, i64> = BTreeMap::new();
    for row in rows.iter().filter(|row| row[gone] == "false") {
        *expected.entry(quarter(&row[made])).or_default() += 1;
    }
    assert!(expected.len() > 2, "{expected:?}");
    let told = ask(&book, &["metric", "deals_created", "--by", "quarter"]);
    for (quarter, count) in &expected {
        assert_eq!(told.count(&[quarter], "deals_created"), *count, "{quarter}");
    }
    // Other tables name deals that the table of deals lacks: they are deals all the same.
    let mut named = BTreeSet::new();
    for table in ["deal_data", "deal_stage_data", "deal_company_data"] {
        let (header, rows) = cells(&set.join(format!("{table}.csv")));
        let deal = place(&header, "deal_id");
        named.extend(rows.into_iter().map(|row| row[deal].clone()));
    }
    let all = ask(&book, &["metric", "deals_created"]);
    assert_eq!(all.count(&[], "deals_created"), named.len() as i64);
    let (set, second) = (folder.join("fivetran_salesforce"), dir.path().join("sf"));
    fs::create_dir(&second).unwrap();
    let book = filled(&second, "salesforce", "salesforce_fivetran", &entries(&set));
    let (header, rows) = cells(&set.join("sf_opportunity_data.csv"));
    let (won, gone) = (place(&header, "is_won"), place(&header, "is_deleted"));
    let is_won = |row: &&Vec<String>| row[won].eq_ignore_ascii_case("true");
    // Some are won, and every one was deleted: nothing of them may count.
    assert!(rows.iter().filter(is_won).count() > 0);
    assert!(
        rows.iter()
            .all(|row| row[gone].eq_ignore_ascii_case("true"))
    );
    assert_eq!(ask(&book, &["metric", "won"]).count(&[], "won"), 0);
}

/// The quarter of a day or a time in a table.
fn quarter(text: &str) -> String {
    let month: u32 = text[5..7].parse().unwrap();
    format!("{}-Q{}", &text[..4], month.div_ceil(3))
}

/// Who became a lead when, of HubSpot's contacts: whom it merged into another is one with that
/// contact, and was there from the earlier day on.
#[test]
fn real_contacts_of_hubspot_are_people_once_they_are_merged() {
    let Some(folder) = std::env::var_os("HANDFAST_DATA") else {
        println!("skipped: HANDFAST_DATA is not set");
        return;
    };
    let set = PathBuf::from(folder).join("fivetran_hubspot");
    let dir = tempfile::tempdir().unwrap();
    let book = filled(dir.path(), "hubspot", "hubspot_fivetran", &entries(&set));
    let (header, rows) = cells(&set.join("contact_data.csv"));
    let place = |name: &str| header.iter().position(|one| one == name).unwrap();
    let (id, made) = (place("id"), place("property_createdate"));
    let merged = place("property_hs_merged_object_ids");
    let mut same: BTreeMap<&str, &str> = BTreeMap::new();
    for row in &rows {
        let lost = row[merged].split(';').filter(|lost| !lost.is_empty());
        same.extend(lost.map(|lost| (lost, row[id].as_str())));
    }
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    for row in &rows {
        let who = same.get(row[id].as_str()).copied().unwrap_or(&row[id]);
        let day = first.entry(who).or_insert(row[made].as_str());
        *day = row[made].as_str().min(*day);
    }
    assert!(first.len() < rows.len() && first.len() > 10);
    let mut expected: BTreeMap<String, i64> = BTreeMap::new();
    for day in first.values() {
        *expected.entry(quarter(day)).or_default() += 1;
    }
    let told = ask(&book, &["metric", "leads_created", "--by", "quarter"]);
    assert_eq!(told.rows().len(), expected.len());
    for (quarter, count) in &expected {
        assert_eq!(told.count(&[quarter], "leads_created"), *count, "{quarter}");
    }
}

/// Salesforce's campaigns cost what their rows say, by campaign and by the days that they lasted; its
/// lead and its contacts are leads; and the one over the other is the cost per lead.
#[test]
fn real_campaigns_of_salesforce_cost_what_their_rows_say() {
    let Some(folder) = std::env::var_os("HANDFAST_DATA") else {
        println!("skipped: HANDFAST_DATA is not set");
        return;
    };
    let set = PathBuf::from(folder).join("fivetran_salesforce");
    let dir = tempfile::tempdir().unwrap();
    let book = filled(
        dir.path(),
        "salesforce",
        "salesforce_fivetran",
        &entries(&set),
    );
    let (header, rows) = cells(&set.join("sf_campaign_data.csv"));
    let place = |name: &str| header.iter().position(|one| one == name).unwrap();
    let [id, cost, starts, ends] = ["id", "actual_cost", "start_date", "end_date"].map(place);
    let mut by_campaign: BTreeMap<String, i64> = BTreeMap::new();
    let (mut by_month, mut all) = (by_campaign.clone(), 0);
    for row in rows.iter().filter(|row| !row[cost].is_empty()) {
        let cents = row[cost].parse::<i64>().unwrap() * 100;
        by_campaign.insert(row[id][..15].to_owned(), cents);
        all += cents;
        let [from, until] = [starts, ends].map(|at| Day::parse(&row[at][..10]).unwrap().0);
        // Day by day; what no day has a whole cent of is the first days'.
        let days = i64::from(until - from);
        for day in 0..days {
            let month = Day(from + day as i32).to_string()[..7].to_owned();
            *by_month.entry(month).or_default() += cents / days + i64::from(day < cents % days);
        }
    }
    assert!(by_campaign.len() > 2 && by_month.len() > 4 && all > 0);
    for (by, expected) in [("campaign", &by_campaign), ("month", &by_month)] {
        let told = ask(&book, &["metric", "spend", "--by", by]);
        assert_eq!(told.rows().len(), expected.len(), "{by}");
        for (row, cents) in expected {
            assert_eq!(told.cell(&[row, "USD"], "spend")["minor"], *cents, "{row}");
        }
    }
    // The lead became a contact that the table of contacts lacks, and so is none of these.
    let tables = ["sf_lead_data", "sf_contact_data"];
    let rows = tables.map(|table| cells(&set.join(format!("{table}.csv"))).1.len() as i64);
    let leads: i64 = rows.iter().sum();
    assert!(rows.iter().all(|count| *count > 0), "{rows:?}");
    let told = ask(&book, &["metric", "leads_created"]);
    assert_eq!(told.count(&[], "leads_created"), leads);
    let each = ask(&book, &["metric", "cost_per_lead"]).cell(&["USD"], "cost_per_lead");
    assert_eq!(
        (&each["part"]["minor"], &each["whole"]),
        (&all.into(), &leads.into())
    );
}

/// Reports of networks that tell spend in millionths, each in a way of its own. One more, of
/// Twitter, names no currency there and is set aside.
const MICROS: [(&str, &str, &str); 4] = [
    ("google_ads_", "campaign_stats_data.csv", "cost_micros"),
    (
        "pinterest_",
        "campaign_report_data.csv",
        "spend_in_micro_dollar",
    ),
    ("snapchat_", "campaign_hourly_report_data.csv", "spend"),
    ("reddit_ads_", "campaign_report_data.csv", "spend"),
];

#[test]
fn real_ad_spend_in_millionths_is_that_of_its_rows() {
    let Some(folder) = std::env::var_os("HANDFAST_DATA") else {
        println!("skipped: HANDFAST_DATA is not set");
        return;
    };
    for (prefix, report, column) in MICROS {
        let (name, set, _) = REAL.iter().find(|(_, _, known)| *known == prefix).unwrap();
        let shipped = shipped().into_iter().find(|shipped| shipped.name == *name);
        let folder = PathBuf::from(&folder).join(set);
        let mut files = entries(&folder);
        files.retain(|file| name_of(file).starts_with(prefix));
        let (header, rows) = cells(&folder.join(format!("{prefix}{report}")));
        let place = header.iter().position(|known| known == column).unwrap();
        let book = Book::new();
        taken(&shipped.unwrap(), &book, &files);
        let snapshot = book.snapshot();
        let amount = snapshot.names.find("amount").unwrap();
        let mut spent = 0;
        for fact in &snapshot.facts {
            if fact.kind != handfast_model::fact::FactKind::Spend {
                continue;
            }
            let Some(Value::Money(money)) = fact.attribute(amount) else {
                panic!("{name}: spend without an amount");
            };
            let micros: i128 = rows[fact.origin.line as usize - 2][place].parse().unwrap();
            let unit = 10_i128.pow(6 - money.currency.exponent());
            let (down, rest) = (micros.div_euclid(unit), micros.rem_euclid(unit));
            let is_up = 2 * rest > unit || 2 * rest == unit && down % 2 == 1;
            let expected = down + i128::from(is_up);
            assert_eq!(
                i128::from(money.minor),
                expected,
                "{name}: line {}",
                fact.origin.line
            );
            spent += 1;
        }
        assert!(spent > 0 && spent <= rows.len(), "{name}: {spent}");
    }
}
