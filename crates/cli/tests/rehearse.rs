//! A rehearsal beside plain loops over the rows that were imported: quarters of fiscal years in the
//! company's zone, the charter that signing replaces, and every answer that was given before.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use support::{Answer, ask, root, run, signed_acme};

fn rehearse(book: &str, draft: &str, more: &[&str]) -> Value {
    let words = ["charter", "rehearse", book, draft, "--json"];
    serde_json::from_str(&run(&[&words[..], more].concat())).unwrap()
}

fn propose(book: &str, name: &str, more: &[&str]) {
    let words = [
        "charter",
        "draft",
        book,
        name,
        "--by",
        "Ann",
        "--why",
        "we shall see",
    ];
    run(&[&words[..], more].concat());
}

const STAGES: &str = "[opening]\nlead = true\n\n[[stage]]\nid = \"mql\"\nmarks = [\"MARK\"]\n\n\
    [[stage]]\nid = \"won\"\nrole = \"won\"\nmarks = [\"won\"]\n\n\
    [[stage]]\nid = \"lost\"\nrole = \"lost\"\nmarks = [\"lost\"]\n";

const SOURCE: &str = "source = \"crm\"\nzone = \"UTC\"\nobserved_until = \"2025-05-20\"\n\n\
    [[stream]]\nname = \"leads\"\nfiles = [\"leads*.csv\"]\nkey = [\"id\"]\npeople = [{ column = \"id\" }]\n\
    safe = [\"created\", \"marked\", \"mark\", \"ended\", \"how\"]\n\n\
    [[map]]\nstream = \"leads\"\nkind = \"person\"\nfile = \"person.sql\"\n\n\
    [[map]]\nstream = \"leads\"\nkind = \"mark\"\nfile = \"entered.sql\"\n\n\
    [[map]]\nstream = \"leads\"\nkind = \"mark\"\nfile = \"ended.sql\"\n";

/// A lead: when it was created, got a mark, and ended, in seconds of the Unix clock.
struct Lead {
    created: i64,
    marked: (i64, &'static str),
    ended: Option<(i64, &'static str)>,
}

/// A company in India whose year begins in April: no clock is ever turned there.
struct India {
    _dir: tempfile::TempDir,
    book: String,
    leads: Vec<Lead>,
}

const OFFSET: i64 = 5 * 3600 + 1800;

/// The Unix day of the first of a month, by counting days.
fn month_start(year: i64, month: i64) -> i64 {
    let leap = |year: i64| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let mut days = 0;
    for year in 1970..year {
        days += if leap(year) { 366 } else { 365 };
    }
    let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    for (at, length) in (1..month).zip(lengths) {
        days += if at == 2 && leap(year) { 29 } else { length };
    }
    days
}

fn iso(seconds: i64) -> String {
    handfast_model::Instant(seconds * 1_000_000).to_string()
}

/// The fiscal quarter of an instant: the one whose first moment in India is the last before it.
fn quarter(seconds: i64) -> String {
    let mut found = String::new();
    for year in 2022..2026 {
        for (nth, (calendar, month)) in [(year, 4), (year, 7), (year, 10), (year + 1, 1)]
            .into_iter()
            .enumerate()
        {
            if month_start(calendar, month) * 86_400 - OFFSET <= seconds {
                found = format!("FY{year}-Q{}", nth + 1);
            }
        }
    }
    found
}

impl India {
    fn new() -> India {
        let dir = tempfile::tempdir().unwrap();
        let from = dir.path().join("from");
        let write = |path: &str, text: &str| {
            let path = from.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("charter/stages.toml", &STAGES.replace("MARK", "warm"));
        let calendar = "zone = \"Asia/Kolkata\"\nyear_starts = 4\nyears_named_by = \"start\"\n";
        write("charter/calendar.toml", calendar);
        write("sources/crm/source.toml", SOURCE);
        let select = |time: &str, rest: &str| {
            format!("SELECT _record, as_time({time}, 'iso') AS happened, id AS person{rest}\n")
        };
        let person = select("created", "") + "FROM leads\n";
        write(
            "sources/crm/person.sql",
            &person.replace(
                "as_time(created, 'iso')",
                "required(as_time(created, 'iso'))",
            ),
        );
        let entered = select("marked", ", mark AS stage") + "FROM leads\n";
        write("sources/crm/entered.sql", &entered);
        let ended = select("ended", ", how AS stage") + "FROM leads\nWHERE how <> ''\n";
        write("sources/crm/ended.sql", &ended);
        let book = dir.path().join("book").display().to_string();
        run(&["init", &book, "--from", &from.display().to_string()]);
        let leads = India::leads();
        let mut text = String::from("id,created,marked,mark,ended,how\n");
        for (nth, lead) in leads.iter().enumerate() {
            let (ended, how) = lead
                .ended
                .map_or_else(|| (String::new(), ""), |(at, how)| (iso(at), how));
            let (created, (marked, mark)) = (iso(lead.created), lead.marked);
            let marked = iso(marked);
            text.push_str(&format!("L{nth},{created},{marked},{mark},{ended},{how}\n"));
        }
        let export = dir.path().join("leads.csv");
        fs::write(&export, text).unwrap();
        run(&["import", &book, &export.display().to_string()]);
        India {
            _dir: dir,
            book,
            leads,
        }
    }

    /// Leads whose marks and ends lie within seven hours of where a quarter begins, here or there.
    fn leads() -> Vec<Lead> {
        let mut leads = Vec::new();
        let mut dice: u64 = 7;
        let mut roll = |sides: i64| {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            i64::try_from(dice >> 33).unwrap() % sides
        };
        let starts = [
            (2023, 7),
            (2023, 10),
            (2024, 1),
            (2024, 4),
            (2024, 7),
            (2024, 10),
            (2025, 1),
            (2025, 4),
        ];
        for (year, month) in starts {
            let start = month_start(year, month) * 86_400;
            for _ in 0..40 {
                let marked = start - 7 * 3600 + roll(14 * 3600);
                let mark = ["warm", "hot"][usize::try_from(roll(2)).unwrap()];
                let ended = marked + 1800 + roll(10 * 3600);
                let ended = match roll(3) {
                    0 => Some((ended, "won")),
                    1 => Some((ended, "lost")),
                    _ => None,
                };
                leads.push(Lead {
                    created: marked - 3 * 86_400,
                    marked: (marked, mark),
                    ended,
                });
            }
            // On the very moment at which it begins in India, and a second before.
            for marked in [start - OFFSET, start - OFFSET - 1] {
                leads.push(Lead {
                    created: marked - 86_400,
                    marked: (marked, "warm"),
                    ended: Some((marked + 1, "won")),
                });
            }
        }
        leads
    }
}

#[test]
fn quarters_of_a_fiscal_year_begin_at_midnight_where_the_company_is() {
    let india = India::new();
    let stages = Path::new(&india.book).join("charter/stages.toml");
    fs::write(stages, STAGES.replace("MARK", "hot")).unwrap();
    propose(&india.book, "hot", &[]);
    let told = rehearse(&india.book, "hot", &["--quarters", "5"]);
    let quarters = [
        "FY2024-Q1",
        "FY2024-Q2",
        "FY2024-Q3",
        "FY2024-Q4",
        "FY2025-Q1",
    ];
    assert_eq!(told["quarters"], json!(quarters));
    let (mut entered, mut ended): (BTreeMap<_, [i64; 2]>, BTreeMap<_, [i64; 2]>) =
        Default::default();
    for lead in &india.leads {
        let (at, mark) = lead.marked;
        entered.entry(quarter(at)).or_default()[usize::from(mark == "hot")] += 1;
        if let Some((at, how)) = lead.ended {
            let of = ended.entry(quarter(at)).or_default();
            of[0] += i64::from(how == "won");
            of[1] += 1;
        }
    }
    // What is open under either charter is moved by a mark alone, so each mark is one visit.
    let rows = told["entered"]["rows"].as_array().unwrap();
    assert_eq!(rows.len(), quarters.len(), "{told}");
    for (row, quarter) in rows.iter().zip(quarters) {
        let [now, then] = entered[quarter];
        assert_eq!(
            *row,
            json!([quarter, "mql", now, then, then - now, then, now])
        );
    }
    for (row, quarter) in told["won"]["rows"].as_array().unwrap().iter().zip(quarters) {
        let [won, all] = ended.get(quarter).copied().unwrap_or_default();
        for cell in [&row[1], &row[2]] {
            assert_eq!(
                (&cell["part"], &cell["whole"]),
                (&json!(won), &json!(all)),
                "{row}"
            );
        }
    }
    assert_eq!(told["unmoved"], json!(["won", "lost"]));
}

/// The book of the acme fixture with signers, whose charter says that this label means qualified.
struct Acme {
    dir: tempfile::TempDir,
    book: String,
}

impl Acme {
    fn new() -> Acme {
        let dir = tempfile::tempdir().unwrap();
        let book = signed_acme(dir.path());
        Acme { dir, book }
    }

    fn path(&self, name: &str) -> String {
        self.dir.path().join(name).display().to_string()
    }

    fn import(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::write(&path, text).unwrap();
        run(&["import", &self.book, &path]);
    }

    fn draft(&self, name: &str, label: &str) {
        let fixture = root().join("crates/cli/tests/fixtures/acme/charter/stages.toml");
        let text = fs::read_to_string(fixture).unwrap();
        let text = text.replacen("implied = true", "implied = false", 2);
        let stages = Path::new(&self.book).join("charter/stages.toml");
        fs::write(
            stages,
            text.replace("\"qualified\"]", &format!("\"{label}\"]")),
        )
        .unwrap();
        propose(&self.book, name, &[]);
    }

    fn sign(&self, draft: &str, from: &str) {
        for name in ["Ann", "Bob"] {
            let key = support::key(self.dir.path(), name);
            let words = [
                "charter", "sign", &self.book, draft, "--as", name, "--key", &key,
            ];
            run(&[&words[..], &["--from", from]].concat());
        }
    }
}

/// What signing replaces is the newest that is agreed, though its day is to come.
#[test]
fn a_draft_is_held_against_the_charter_that_signing_replaces() {
    let acme = Acme::new();
    acme.import("leads_1.csv", &support::leads(0..90));
    acme.draft("working", "working");
    acme.sign("working", "2999-01-01");
    acme.draft("both", "qualified");
    let told = rehearse(&acme.book, "both", &[]);
    let replaces = &told["replaces"];
    assert_eq!(
        (
            &replaces["draft"],
            &replaces["from"],
            &replaces["is_in_force"]
        ),
        (&json!("working"), &json!("2999-01-01"), &json!(false))
    );
    let flow = |charter: &str| {
        let words = [
            "funnel",
            "--view",
            "flow",
            "--by",
            "quarter",
            "--charter",
            charter,
        ];
        ask(&acme.book, &words)
    };
    let (now, then) = (flow("working"), flow("both"));
    let rows = told["entered"]["rows"].as_array().unwrap();
    assert!(!rows.is_empty());
    for row in rows {
        let key = [row[0].as_str().unwrap(), row[1].as_str().unwrap()];
        let entered = |answer: &Answer| answer.cell(&key, "entered").as_i64().unwrap_or(0);
        assert_eq!(
            (row[2].as_i64(), row[3].as_i64()),
            (Some(entered(&now)), Some(entered(&then)))
        );
    }
    let text = run(&["charter", "rehearse", &acme.book, "both"]);
    assert!(
        text.contains("Now is `working`: agreed from 2999-01-01"),
        "{text}"
    );
    // What is agreed is held against what it was signed over.
    let told = rehearse(&acme.book, "working", &[]);
    let replaces = &told["replaces"];
    assert_eq!(
        (&replaces["from"], &replaces["is_in_force"]),
        (&Value::Null, &json!(true))
    );
    assert!(!told["entered"]["rows"].as_array().unwrap().is_empty());
}

/// Every answer that is kept, whatever commit it is as of, and what periods were closed with.
#[test]
fn all_that_was_answered_before_is_asked_again() {
    let acme = Acme::new();
    acme.import("leads_1.csv", &support::leads(0..30));
    let cohort = ["funnel", "--view", "cohort"];
    let first = ask(&acme.book, &cohort).0["lineage"]["seq"]
        .as_u64()
        .unwrap();
    ask(&acme.book, &["metric", "leads_created"]);
    acme.import("leads_2.csv", &support::leads(30..60));
    let second = ask(&acme.book, &cohort).0["lineage"]["seq"]
        .as_u64()
        .unwrap();
    assert!(first < second);
    let close = [
        "period",
        "close",
        &acme.book,
        "2024-Q4",
        "--metrics",
        "leads_created,in_stage:qualified",
    ];
    run(&close);
    acme.draft("hot", "hot");
    let told = rehearse(&acme.book, "hot", &[]);
    let answers = &told["answers"];
    // The close kept its figures as of the second moment.
    assert_eq!(answers["moments"], json!([first, second]));
    assert_eq!(
        (&answers["asked"], &answers["lost"]),
        (&json!(5), &json!(0)),
        "{answers}"
    );
    let differ = answers["differ"].as_array().unwrap();
    let named = |question: &str, closed: Value| {
        let is_it = |one: &&Value| {
            let text = one["question"].as_str().unwrap();
            text.starts_with(question) && one["closed"] == closed
        };
        differ.iter().filter(is_it).count()
    };
    // By asking twice: the cohort of both moments differs, and the stage's count of the close.
    for seq in [first, second] {
        let seq = seq.to_string();
        let rows = |more: &[&str]| {
            let words = [&cohort[..], &["--as-of", &seq], more].concat();
            ask(&acme.book, &words).rows().clone()
        };
        assert_ne!(rows(&[]), rows(&["--charter", "hot"]));
    }
    assert_eq!(named("funnel ", Value::Null), 2, "{answers}");
    assert_eq!(
        named("metric in_stage:qualified", json!("2024-Q4")),
        1,
        "{answers}"
    );
    assert_eq!(differ.len(), 3, "{answers}");
    let text = run(&["charter", "rehearse", &acme.book, "hot"]);
    assert!(
        text.contains("  differs        the close of 2024-Q4: ask metric in_stage"),
        "{text}"
    );
    // A period that was opened again is closed no more; the answer was given all the same.
    run(&[
        "period", "reopen", &acme.book, "2024-Q4", "--why", "too soon",
    ]);
    let told = rehearse(&acme.book, "hot", &[]);
    let differ = told["answers"]["differ"].as_array().unwrap();
    assert_eq!(differ.len(), 3, "{told}");
    assert!(
        differ.iter().all(|one| one["closed"] == Value::Null),
        "{told}"
    );
}

/// A draft is what its name means, whatever folder lies here under that name.
#[test]
fn a_folder_of_a_drafts_name_is_not_taken_for_it() {
    let acme = Acme::new();
    acme.import("leads_1.csv", &support::leads(0..60));
    acme.draft("mql-2", "working");
    let kept = Path::new(&acme.path("mql-2")).to_owned();
    let own = Path::new(&acme.book).join("charter");
    support::script::copy(&own, &kept).unwrap();
    let stages = fs::read_to_string(kept.join("stages.toml")).unwrap();
    fs::write(
        kept.join("stages.toml"),
        stages.replace("\"working\"", "\"open\""),
    )
    .unwrap();
    let typed = |words: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_handfast"))
            .args(words)
            .current_dir(acme.dir.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.success(), output.stdout, said)
    };
    let here = |draft: &str| -> Value {
        let (done, told, _) = typed(&["charter", "rehearse", &acme.book, draft, "--json"]);
        assert!(done);
        serde_json::from_slice(&told).unwrap()
    };
    let elsewhere = rehearse(&acme.book, "mql-2", &[]);
    let (draft, folder) = (here("mql-2"), here("./mql-2"));
    assert_eq!(draft["visits"], elsewhere["visits"]);
    assert_eq!(draft["lineage"]["charter"], elsewhere["lineage"]["charter"]);
    assert_ne!(folder["lineage"]["charter"], draft["lineage"]["charter"]);
    assert_ne!(folder["visits"], draft["visits"]);
    // A draft of the book has passports, a folder has none.
    let save = |charter: &str| {
        let ask = ["ask", "metric", "won", "--book", &acme.book];
        typed(&[&ask[..], &["--charter", charter, "--passport", "p.json"]].concat())
    };
    let (done, _, said) = save("mql-2");
    assert!(done, "{said}");
    let (done, _, said) = save("./mql-2");
    assert!(!done && said.contains("E0450"), "{said}");
    // Who mistypes a draft's name is told the drafts.
    let (done, _, said) = typed(&["charter", "rehearse", &acme.book, "mql2"]);
    assert!(!done && said.contains("drafts are: mql-2"), "{said}");
}

/// A deal that was ruled on and left the book is told of, and stands in nobody's way.
#[test]
fn a_ruled_deal_that_left_the_book_blocks_no_signature() {
    let acme = Acme::new();
    let exports = root().join("crates/cli/tests/fixtures/acme/exports");
    for name in ["leads.csv", "deals.csv"] {
        run(&[
            "import",
            &acme.book,
            &exports.join(name).display().to_string(),
        ]);
    }
    let dispute = [
        "deal",
        "dispute",
        &acme.book,
        "D1",
        "--team",
        "marketing",
        "--by",
        "Ann",
    ];
    run(&[&dispute[..], &["--story", "the form was ours"]].concat());
    let rule = [
        "deal",
        "rule",
        &acme.book,
        "D1",
        "--by",
        "Cid",
        "--ruling",
        "so it was",
    ];
    run(&[&rule[..], &["--sourced", "marketing"]].concat());
    acme.draft("hot", "hot");
    let ruling = |told: &Value| {
        (
            told["rulings"][0]["now"].clone(),
            told["rulings"][0]["draft"].clone(),
        )
    };
    assert_eq!(
        ruling(&rehearse(&acme.book, "hot", &[])),
        (json!(true), json!(true))
    );
    run(&["import", "undo", &acme.book]);
    assert_eq!(
        ruling(&rehearse(&acme.book, "hot", &[])),
        (Value::Null, Value::Null)
    );
    for name in ["Ann", "Bob"] {
        let key = support::key(acme.dir.path(), name);
        run(&[
            "charter", "sign", &acme.book, "hot", "--as", name, "--key", &key,
        ]);
    }
    assert!(run(&["charter", "drafts", &acme.book]).contains("hot  in force since"));
}

/// One slip of a date does not make the last third begin before all else.
#[test]
fn the_last_third_is_of_pursuits_and_not_of_days() {
    let acme = Acme::new();
    let mut text = support::leads(0..90);
    text.push_str("L999,Slip,slip@firm.example,+49,web,1,1970-01-01,open,1970-01-02\n");
    acme.import("leads_1.csv", &text);
    let words = [
        "charter",
        "fitness",
        &acme.book,
        "qualified",
        "--window",
        "30",
        "--json",
    ];
    let told: Value = serde_json::from_str(&run(&words)).unwrap();
    let opened: Vec<&str> = told["records"]["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row[2].as_str().unwrap())
        .collect();
    // Of 91 that all had their days, by the days on which they opened.
    let mut all: Vec<String> = text
        .lines()
        .skip(1)
        .map(|line| line.split(',').nth(6).unwrap().to_owned())
        .collect();
    all.sort();
    let first = &all[all.len() * 2 / 3];
    assert_eq!(opened.iter().min().unwrap(), first);
    assert_eq!(opened.len(), all.iter().filter(|day| *day >= first).count());
}

/// Of a book that nothing was imported into there is nothing to replay, and no quarter of 1970.
#[test]
fn a_book_without_facts_has_no_quarter_to_replay() {
    let acme = Acme::new();
    acme.draft("hot", "hot");
    assert_eq!(rehearse(&acme.book, "hot", &[])["quarters"], json!([]));
    let text = run(&["charter", "rehearse", &acme.book, "hot"]);
    assert!(
        text.ends_with("there is no quarter to replay.\n") && !text.contains("1970"),
        "{text}"
    );
}
