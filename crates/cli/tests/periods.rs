//! A closed period keeps what it said, and tells what became of it; a balance that does not hold
//! stands beside every answer about its days.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use handfast_testkit::random::Chance;
use serde_json::Value;
use support::{handfast, refused, root, run};

/// A deal that was won: its key, the day it closed, its amount in cents.
type Deal = (String, String, i64);

struct World {
    dir: tempfile::TempDir,
    book: String,
    files: usize,
}

impl World {
    fn new() -> World {
        let dir = tempfile::tempdir().unwrap();
        let book = dir.path().join("book").display().to_string();
        let acme = root().join("crates/cli/tests/fixtures/acme");
        run(&["init", &book, "--from", &acme.display().to_string()]);
        World {
            dir,
            book,
            files: 0,
        }
    }

    /// The same of the fixture with more files, or with more text at the end of one that it has.
    fn with(files: &[(&str, &str)]) -> World {
        let world = World::new();
        let from = world.dir.path().join("from");
        let acme = root().join("crates/cli/tests/fixtures/acme");
        for folder in ["charter", "sources/crm"] {
            fs::create_dir_all(from.join(folder)).unwrap();
            for file in fs::read_dir(acme.join(folder)).unwrap() {
                let file = file.unwrap();
                let to = from.join(folder).join(file.file_name());
                fs::copy(file.path(), to).unwrap();
            }
        }
        for (name, text) in files {
            let known = fs::read_to_string(from.join(name)).unwrap_or_default();
            fs::write(from.join(name), format!("{known}{text}")).unwrap();
        }
        let book = world.dir.path().join("other").display().to_string();
        run(&["init", &book, "--from", &from.display().to_string()]);
        World { book, ..world }
    }

    fn import_text(&self, name: &str, text: &str) {
        let path = self.dir.path().join(name);
        fs::write(&path, text).unwrap();
        run(&["import", &self.book, &path.display().to_string()]);
    }

    fn close(&self, label: &str, metrics: &str) {
        let words = ["period", "close", &self.book, label, "--metrics", metrics];
        run(&words);
    }

    fn import(&mut self, deals: &[Deal]) {
        let mut text =
            String::from("deal,lead,owner,amount,currency,product,status,created,closed\n");
        for (key, closed, cents) in deals {
            let (whole, part) = (cents / 100, cents % 100);
            writeln!(
                text,
                "{key},L-{key},rep,{whole}.{part:02},EUR,box,won,2024-01-01,{closed}"
            )
            .unwrap();
        }
        self.files += 1;
        let path = self.dir.path().join(format!("deals_{}.csv", self.files));
        fs::write(&path, text).unwrap();
        run(&["import", &self.book, &path.display().to_string()]);
    }

    fn restatements(&self) -> Vec<Value> {
        let said = run(&["period", "restatements", &self.book, "--json"]);
        let said: Value = serde_json::from_str(&said).unwrap();
        said["restatements"].as_array().unwrap().clone()
    }

    /// What each cause made of a count that was restated from one number to another, in order: each
    /// begins where the one before it ended.
    fn causes(&self, metric: &str, was: i64, is: i64) -> Vec<(&'static str, i64, i64)> {
        let number = |value: &Value| -> i64 { value.as_str().unwrap().parse().unwrap() };
        let all = self.restatements();
        let one = all.iter().find(|one| one["column"] == metric).unwrap();
        assert_eq!(
            (number(&one["was"]), number(&one["is"])),
            (was, is),
            "{one}"
        );
        let causes = one["causes"].as_array().unwrap().iter().map(|cause| {
            let known = [
                "late_data",
                "edits",
                "removed",
                "merges",
                "erasure",
                "definition",
            ];
            let word = known.into_iter().find(|word| cause["cause"] == *word);
            (word.unwrap(), number(&cause["was"]), number(&cause["is"]))
        });
        let causes: Vec<(&str, i64, i64)> = causes.collect();
        let mut at = was;
        for (cause, from, to) in &causes {
            assert_eq!(*from, at, "{cause}: {one}");
            at = *to;
        }
        assert_eq!(at, is, "{one}");
        causes
    }

    /// The first issue of an answer, if it is of a balance.
    fn unbalanced(&self, words: &[&str]) -> Option<String> {
        let answer = support::ask(&self.book, words).0;
        let is_first = answer["issues"][0]["code"] == "W0119";
        is_first.then(|| answer["notes"][0].as_str().unwrap().to_owned())
    }
}

/// Some deals that are won, numbered from one on.
fn drawn(chance: &mut Chance, from: usize) -> Vec<Deal> {
    let count = 1 + chance.below(4) as usize;
    let deal = |at: usize| {
        let (month, day) = (2 + chance.below(4), 1 + chance.below(28));
        let cents = 1 + chance.below(1_000_000) as i64;
        (format!("D{at}"), format!("2024-{month:02}-{day:02}"), cents)
    };
    (from..from + count).map(deal).collect()
}

/// How many were won in the first quarter, and for how much: a plain sum over the rows.
fn first_quarter(deals: &[Deal]) -> (i64, i64) {
    let mine = deals
        .iter()
        .filter(|(_, closed, _)| closed.as_str() < "2024-04-01");
    mine.fold((0, 0), |(count, sum), (_, _, cents)| {
        (count + 1, sum + cents)
    })
}

fn euro(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02} EUR", cents.abs() / 100, cents.abs() % 100)
}

fn cents(text: &str) -> i64 {
    let number = text.strip_suffix(" EUR").unwrap();
    number.replace('.', "").parse().unwrap()
}

#[test]
fn what_changed_since_a_close_is_the_sum_of_its_causes() {
    let mut count = 0;
    for seed in 1..4 {
        let (mut dice, mut world) = (Chance::new(seed), World::new());
        let mut batches: Vec<Vec<Deal>> = vec![drawn(&mut dice, 0)];
        // Something to restate.
        batches[0].push(("D90".to_owned(), "2024-02-03".to_owned(), 7_700));
        world.import(&batches[0]);
        let said = run(&[
            "period",
            "close",
            &world.book,
            "2024-Q1",
            "--metrics",
            "won,revenue",
        ]);
        assert!(
            said.contains("closed 2024-Q1 (2024-01-01 to 2024-03-31)"),
            "{said}"
        );
        let (won, worth) = first_quarter(&batches.concat());
        assert!(said.contains(&format!("won {won}\n")), "{said}");
        assert!(world.restatements().is_empty());
        for step in 0..4 {
            match dice.below(3) {
                0 if batches.len() > 1 => {
                    run(&["import", "undo", &world.book]);
                    // The newest import that still counts.
                    batches.pop();
                }
                _ => {
                    let deals = drawn(&mut dice, 100 * (step + 1));
                    world.import(&deals);
                    batches.push(deals);
                }
            }
            let (now, sum) = first_quarter(&batches.concat());
            let found: BTreeMap<String, Value> = world
                .restatements()
                .into_iter()
                .filter(|one| one["metric"] == one["column"])
                .map(|one| (one["metric"].as_str().unwrap().to_owned(), one))
                .collect();
            assert_eq!(
                found.contains_key("won"),
                now != won,
                "seed {seed}: {found:?}"
            );
            assert_eq!(
                found.contains_key("revenue"),
                sum != worth,
                "seed {seed}: {found:?}"
            );
            if let Some(one) = found.get("revenue") {
                assert_eq!(one["was"], euro(worth), "seed {seed}");
                assert_eq!(one["is"], euro(sum), "seed {seed}");
                let causes = one["causes"].as_array().unwrap();
                let parts = causes.iter().map(|one| cents(one["by"].as_str().unwrap()));
                assert_eq!(parts.sum::<i64>(), sum - worth, "seed {seed}: {one}");
                assert_eq!(one["by"], euro(sum - worth));
                assert!(
                    causes.iter().all(|one| one["cause"] == "late_data"),
                    "{one}"
                );
                count += 1;
            }
            if let Some(one) = found.get("won") {
                assert_eq!(
                    (&one["was"], &one["is"]),
                    (&won.to_string().into(), &now.to_string().into())
                );
            }
        }
        // Nothing is stopped, and the log keeps both.
        run(&[
            "period",
            "reopen",
            &world.book,
            "2024-Q1",
            "--by",
            "Bo",
            "--why",
            "too soon",
        ]);
        assert!(world.restatements().is_empty());
        run(&["period", "close", &world.book, "2024-Q1"]);
        assert!(world.restatements().is_empty());
        let list = run(&["period", "list", &world.book]);
        assert!(
            list.contains(" by Bo: too soon; closed ") && list.matches("2024-Q1").count() == 2,
            "{list}"
        );
    }
    assert!(count > 5, "{count}");
}

#[test]
fn a_row_taken_back_is_a_cause_of_its_own_and_another_calendar_is_none() {
    let mut world = World::new();
    let deal = |key: &str, closed: &str, cents| (key.to_owned(), closed.to_owned(), cents);
    world.import(&[deal("D1", "2024-02-03", 100_000)]);
    world.import(&[deal("D2", "2024-02-04", 5_000), deal("D3", "2024-04-04", 1)]);
    run(&[
        "period",
        "close",
        &world.book,
        "2024-Q1",
        "--by",
        "Ada",
        "--why",
        "board pack",
    ]);
    run(&["import", "undo", &world.book]);
    let said = run(&["period", "restatements", &world.book]);
    assert!(
        said.contains("2024-Q1, closed ") && said.contains("by Ada"),
        "{said}"
    );
    assert!(
        said.contains("revenue of EUR: 1,050.00 EUR → 1,000.00 EUR (-50.00 EUR)"),
        "{said}"
    );
    assert!(said.contains("won: 2 → 1 (-1)"), "{said}");
    assert!(
        said.contains("removed     2 → 1 (-1): deleted by its source, or its import taken back")
    );
    assert!(
        said.contains("since then:\n") && said.contains("taken back"),
        "{said}"
    );
    // Two causes of one figure: each is told by itself, and they sum.
    world.import(&[deal("D4", "2024-02-05", 2_000)]);
    let all = world.restatements();
    let revenue = all.iter().find(|one| one["column"] == "revenue").unwrap();
    let causes = revenue["causes"].as_array().unwrap();
    let told: Vec<_> = causes
        .iter()
        .map(|one| (&one["cause"], &one["by"]))
        .collect();
    let expected = [("late_data", "20.00 EUR"), ("removed", "-50.00 EUR")];
    let expected = expected.map(|(cause, by)| (Value::from(cause), Value::from(by)));
    assert_eq!(
        told,
        expected.each_ref().map(|(cause, by)| (cause, by)),
        "{revenue}"
    );
    assert_eq!(revenue["by"], "-30.00 EUR");
    run(&["import", "undo", &world.book]);
    // The fiscal year begins with another month.
    let calendar = format!("{}/charter/calendar.toml", world.book);
    let text = fs::read_to_string(&calendar).unwrap();
    fs::write(&calendar, format!("{text}\nyear_starts = 2\n")).unwrap();
    run(&["charter", "publish", &world.book]);
    // Days of a close are those that it named: another calendar moves no figure of it.
    let after = run(&["period", "restatements", &world.book]);
    assert!(after.contains("won: 2 → 1 (-1)"), "{after}");
    assert_eq!(world.causes("won", 2, 1), [("removed", 2, 1)]);
}

/// A metric of the charter's own counts boxes, and crates from a publication on: what was closed is
/// another figure by that alone, beside a box that was told late.
#[test]
fn another_definition_restates_what_was_closed_by_the_old_one() {
    let metric = |product: &str| {
        format!(
            "[metric.chosen]\nmeans = \"those that count\"\nformula = \"deals\"\n\
             [metric.chosen.measure.deals]\nof = \"won\"\nunit = \"deal\"\n\
             where = \"deal.product = '{product}'\"\n"
        )
    };
    let mut world = World::with(&[("charter/metrics.toml", &metric("box"))]);
    let deal = |key: &str, closed: &str| (key.to_owned(), closed.to_owned(), 100_000);
    world.import(&[deal("D1", "2024-02-03"), deal("D2", "2024-02-04")]);
    world.close("2024-Q1", "chosen");
    world.import(&[deal("D3", "2024-03-04")]);
    assert_eq!(world.causes("chosen", 2, 3), [("late_data", 2, 3)]);
    let file = format!("{}/charter/metrics.toml", world.book);
    fs::write(file, metric("crate")).unwrap();
    run(&["charter", "publish", &world.book]);
    assert_eq!(
        world.causes("chosen", 2, 0),
        [("late_data", 2, 3), ("definition", 3, 0)]
    );
    let said = run(&["period", "restatements", &world.book]);
    assert!(
        said.contains("definition  3 → 0 (-3): the charter changed"),
        "{said}"
    );
}

const LEADS: &str = "id,name,email,phone,source,score,created,status,changed\n";

/// Two leads turn out to be one person.
#[test]
fn who_is_who_restates_leads_of_a_closed_period() {
    let world = World::with(&[
        (
            "sources/crm/source.toml",
            "\n[[stream]]\nname = \"links\"\nfiles = [\"links*.csv\"]\nkey = [\"id\"]\n\
             people = [{ column = \"id\" }, { column = \"master\", seals = [] }]\n\
             [[map]]\nstream = \"links\"\nkind = \"link\"\nfile = \"links.link.sql\"\n",
        ),
        (
            "sources/crm/links.link.sql",
            "SELECT _record, id AS person, master AS same_person FROM links",
        ),
    ]);
    let leads = "L1,Ann,ann@one.example,,web,70,2024-01-08,new,2024-01-08\n\
                 L2,Ann,ann@two.example,,web,70,2024-02-08,new,2024-02-08\n\
                 L3,Cid,cid@three.example,,web,70,2024-02-09,new,2024-02-09\n";
    world.import_text("leads_1.csv", &format!("{LEADS}{leads}"));
    world.close("2024-Q1", "leads_created");
    world.import_text("links_1.csv", "id,master\nL2,L1\n");
    assert_eq!(world.causes("leads_created", 3, 2), [("merges", 3, 2)]);
}

/// Forgetting somebody moves no figure by itself: not what counts them, nor their deal, nor a split
/// by what is told of them in the clear.
#[test]
fn whoever_is_forgotten_restates_nothing() {
    let mut world = World::new();
    let lead = |key: &str, created: &str| {
        format!("{key},Ann,{key}@one.example,,web,70,{created},new,{created}\n")
    };
    let [first, second] = [lead("L-D1", "2024-01-08"), lead("L2", "2024-02-08")];
    world.import_text("leads_1.csv", &format!("{LEADS}{first}{second}"));
    world.import(&[("D1".to_owned(), "2024-02-03".to_owned(), 100_000)]);
    let metrics = "leads_created,leads_created by person.source,won,revenue";
    let said = run(&[
        "period",
        "close",
        &world.book,
        "2024-Q1",
        "--metrics",
        metrics,
    ]);
    for kept in ["  leads_created 2\n", "  won 1\n", "person.source web"] {
        assert!(said.contains(kept), "{said}");
    }
    run(&["forget", &world.book, "L-D1", "--yes"]);
    assert!(world.restatements().is_empty());
    run(&["compact", &world.book]);
    assert!(world.restatements().is_empty());
}

/// Whether a sealed column holds anything a pack may say in the clear (`is_given`), and of somebody
/// who was forgotten it holds nothing any more: once their row comes again, a split by that is
/// another one, by a cause of its own. How many there are stays.
#[test]
fn what_was_read_off_a_sealed_column_is_restated_as_erasure_once_the_row_comes_again() {
    let world = World::with(&[
        (
            "sources/crm/source.toml",
            "\n[[stream]]\nname = \"contacts\"\nfiles = [\"contacts*.csv\"]\nkey = [\"id\"]\n\
             people = [{ column = \"id\", email = \"email\" }]\nsafe = [\"created\", \"told\"]\n\
             [[map]]\nstream = \"contacts\"\nkind = \"person\"\nfile = \"contacts.person.sql\"\n",
        ),
        (
            "sources/crm/contacts.person.sql",
            "SELECT _record, required(as_date(created, '%Y-%m-%d')) AS happened, id AS person, \
             email, CASE WHEN is_given(phone) THEN 'phone' ELSE 'none' END AS source \
             FROM contacts",
        ),
    ]);
    let contacts = |told: &str| {
        let contact = |key: &str| format!("{key},{key}@one.example,+49 1,2024-02-08,{told}\n");
        let rows: String = ["C1", "C2", "C3"].map(contact).concat();
        format!("id,email,phone,created,told\n{rows}")
    };
    world.import_text("contacts_1.csv", &contacts("once"));
    world.close("2024-Q1", "leads_created,leads_created by person.source");
    run(&["forget", &world.book, "C1", "--yes"]);
    assert!(world.restatements().is_empty());
    world.import_text("contacts_2.csv", &contacts("again"));
    let told: Vec<String> = world
        .restatements()
        .iter()
        .map(|one| {
            let text = |of: &Value, name: &str| of[name].as_str().unwrap_or("").to_owned();
            let moved = |of: &Value| ["was", "is", "by"].map(|name| text(of, name)).join("|");
            let causes = one["causes"].as_array().unwrap().iter();
            let causes: Vec<String> = causes
                .map(|cause| format!("{} {}", text(cause, "cause"), moved(cause)))
                .collect();
            let [metric, row] = ["metric", "row"].map(|name| text(one, name));
            format!("{metric}, {row}: {}; {}", moved(one), causes.join(", "))
        })
        .collect();
    let by = "leads_created by person.source";
    let expected = [
        format!("{by}, phone: 3|2|-1; erasure 3|2|-1"),
        format!("{by}, none: |1|1; erasure |1|1"),
    ];
    assert_eq!(told, expected);
}

/// What was kept in euros is worth another amount by a rate that was learned later, beside a deal
/// that was told late: 80.00 of 100 dollars became 90.00, and 160.00 of 200 more became 180.00.
#[test]
fn a_rate_learned_later_restates_what_was_kept_in_one_currency() {
    let world = World::with(&[
        (
            "sources/crm/source.toml",
            "\n[[stream]]\nname = \"rates\"\nfiles = [\"rates*.csv\"]\nkey = [\"day\"]\n\
             [[map]]\nstream = \"rates\"\nkind = \"rate\"\nfile = \"rates.rate.sql\"\n",
        ),
        (
            "sources/crm/rates.rate.sql",
            "SELECT _record, as_date(day, '%Y-%m-%d') AS happened, 'USD' AS from_currency, \
             'EUR' AS to_currency, as_decimal(rate) AS rate FROM rates",
        ),
        ("charter/money.toml", "rates = \"at_close\"\n"),
    ]);
    let deal = |key: &str, amount: &str, closed: &str| {
        format!(
            "deal,lead,owner,amount,currency,product,status,created,closed\n\
             {key},L1,rep,{amount},USD,box,won,2024-01-01,{closed}\n"
        )
    };
    world.import_text("rates_1.csv", "day,rate\n2024-01-01,0.80\n");
    world.import_text("deals_1.csv", &deal("D1", "100.00", "2024-02-03"));
    world.close("2024-Q1", "revenue,revenue in EUR");
    world.import_text("deals_2.csv", &deal("D2", "200.00", "2024-02-04"));
    world.import_text("rates_2.csv", "day,rate\n2024-02-01,0.90\n");
    let all = world.restatements();
    let of = |metric: &str| {
        let is_it = |one: &&Value| one["metric"] == metric && one["column"] == "revenue";
        let one = all.iter().find(is_it).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let causes = one["causes"].as_array().unwrap().iter();
        let causes: Vec<(String, String)> = causes
            .map(|cause| (text(&cause["cause"]), text(&cause["by"])))
            .collect();
        let sum: i64 = causes
            .iter()
            .map(|(_, by)| cents(&by.replace("USD", "EUR")))
            .sum();
        assert_eq!(euro(sum), text(&one["by"]).replace("USD", "EUR"), "{one}");
        (text(&one["was"]), text(&one["is"]), causes)
    };
    let told = |cause: &str, by: &str| (cause.to_owned(), by.to_owned());
    assert_eq!(
        of("revenue in EUR"),
        (
            "80.00 EUR".to_owned(),
            "270.00 EUR".to_owned(),
            vec![told("late_data", "160.00 EUR"), told("rates", "30.00 EUR")]
        )
    );
    // What is told in its own currency is moved by no rate.
    assert_eq!(of("revenue").2, [told("late_data", "200.00 USD")]);
}

/// A deal that is told anew with another amount, and another that is told late.
#[test]
fn a_new_version_of_what_was_known_is_an_edit() {
    let mut world = World::new();
    let deal = |key: &str, closed: &str, cents| (key.to_owned(), closed.to_owned(), cents);
    world.import(&[deal("D1", "2024-02-03", 100_000)]);
    run(&["period", "close", &world.book, "2024-Q1"]);
    world.import(&[deal("D1", "2024-02-03", 90_000)]);
    world.import(&[deal("D2", "2024-02-04", 5_000)]);
    let all = world.restatements();
    let revenue = all.iter().find(|one| one["column"] == "revenue").unwrap();
    assert_eq!(revenue["was"], "1000.00 EUR", "{revenue}");
    assert_eq!(revenue["is"], "950.00 EUR", "{revenue}");
    let causes = revenue["causes"].as_array().unwrap().iter();
    let told: Vec<(&str, &str)> = causes
        .map(|one| (one["cause"].as_str().unwrap(), one["by"].as_str().unwrap()))
        .collect();
    let expected = [("late_data", "50.00 EUR"), ("edits", "-100.00 EUR")];
    assert_eq!(told, expected, "{revenue}");
    assert_eq!(world.causes("won", 1, 2), [("late_data", 1, 2)]);
}

#[test]
fn a_balance_that_does_not_hold_marks_every_answer_about_its_days() {
    let mut world = World::new();
    let deal = |key: &str, closed: &str, cents| (key.to_owned(), closed.to_owned(), cents);
    world.import(&[deal("D1", "2024-02-03", 123_456_750)]);
    let assert = |text: &str| run(&["period", "assert", &world.book, text, "--by", "Ada"]);
    let said = assert("revenue 2024-Q1 = 1,234,567.50 EUR");
    assert!(
        said.starts_with("holds: revenue 2024-Q1 = 1,234,567.50 EUR"),
        "{said}"
    );
    assert!(assert("won 2024-Q1 = 1").starts_with("holds: "));
    let about: [&[&str]; 4] = [
        &["metric", "revenue"],
        &["funnel", "--view", "flow", "--period", "2024-02"],
        &["funnel", "--view", "snapshot"],
        &[
            "metric",
            "revenue",
            "--period",
            "2024-Q1",
            "--records",
            "revenue",
        ],
    ];
    let other: &[&str] = &["metric", "revenue", "--period", "2024-Q2"];
    let marks = |world: &World| about.map(|words| world.unbalanced(words).is_some());
    assert_eq!(marks(&world), [false; 4]);
    let before = support::ask(&world.book, about[0]).0["lineage"]["seq"].to_string();
    world.import(&[deal("D2", "2024-03-31", 50), deal("D3", "2024-04-01", 70)]);
    assert_eq!(marks(&world), [true; 4]);
    let note = world.unbalanced(about[0]).unwrap();
    assert!(
        note.starts_with(
            "does not balance: revenue 2024-Q1 = 1,234,567.50 EUR was asserted by Ada"
        ),
        "{note}"
    );
    assert!(note.ends_with("the book says 1,234,568.00 EUR"), "{note}");
    assert_eq!(world.unbalanced(other), None);
    assert_eq!(world.unbalanced(&["journey", "D1"]), None);
    // What was known before is what it was.
    let mut then = about[0].to_vec();
    then.extend(["--as-of", &before]);
    assert_eq!(world.unbalanced(&then), None);
    let table = run(&["ask", "metric", "revenue", "--book", &world.book]);
    assert!(
        table.starts_with("NOT VERIFIED") && table.contains("W0119"),
        "{table}"
    );
    let found = refused(&["verify", &world.book]);
    assert!(
        found.contains("I12 revenue 2024-Q1") && found.contains("I12 won 2024-Q1"),
        "{found}"
    );
    let file = world.dir.path().join("p.json").display().to_string();
    let words = [
        "passport",
        "save",
        &file,
        "--book",
        &world.book,
        "--",
        "ask",
    ];
    let passport = |words_of: &[&str]| handfast(&[&words[..], words_of].concat());
    let said = passport(about[0]);
    assert!(
        String::from_utf8_lossy(&said.stderr).contains("E0451"),
        "{said:?}"
    );
    assert!(passport(other).status.success());
    // Whoever vouched may take it back; and what is taken back of the book makes it hold again.
    let list = run(&["period", "list", &world.book]);
    let won = list
        .lines()
        .find(|line| line.contains("won 2024-Q1"))
        .unwrap();
    let number = won
        .split("commit ")
        .nth(1)
        .unwrap()
        .split(';')
        .next()
        .unwrap();
    run(&[
        "period",
        "retract",
        &world.book,
        number,
        "--why",
        "counted twice",
    ]);
    assert_eq!(marks(&world), [true; 4]);
    run(&["import", "undo", &world.book]);
    assert_eq!(marks(&world), [false; 4]);
    let verified = run(&["verify", &world.book]);
    assert!(
        verified.contains("I12  balance     holds: 1 balances that people vouch for"),
        "{verified}"
    );
}

/// A charter says what a close keeps, split as it likes; each row of it is restated by itself.
#[test]
fn a_charter_chooses_what_a_close_keeps_and_rows_are_restated_one_by_one() {
    let mut world = World::new();
    let deal = |key: &str, closed: &str, cents| (key.to_owned(), closed.to_owned(), cents);
    world.import(&[deal("D1", "2024-02-03", 100), deal("D2", "2024-03-03", 200)]);
    let metrics = format!("{}/charter/metrics.toml", world.book);
    let known = fs::read_to_string(&metrics).unwrap_or_default();
    let publish = |text: &str| {
        fs::write(&metrics, format!("{text}{known}")).unwrap();
        handfast(&["charter", "publish", &world.book])
    };
    let said = publish("closes = [\"wun\"]\n");
    let said = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(
        said.contains("there is no metric `wun` to keep at a close") && said.contains("`won`"),
        "{said}"
    );
    let said = publish("closes = [\"won\", \"revenue by month\"]\n");
    assert!(said.status.success(), "{said:?}");
    let said = run(&["period", "close", &world.book, "2024-Q1"]);
    assert!(
        said.contains("  won 2\n")
            && said.contains("  month 2024-02, currency EUR, revenue 1.00 EUR, n 1\n"),
        "{said}"
    );
    assert!(!said.contains("leads_created"), "{said}");
    assert!(!said.contains("NOTE: "), "{said}");
    world.import(&[deal("D3", "2024-01-03", 400), deal("D4", "2024-03-04", 50)]);
    let found: Vec<String> = world
        .restatements()
        .iter()
        .filter(|one| one["column"] != "n")
        .map(|one| {
            let text = |name: &str| one[name].as_str().unwrap_or("").to_owned();
            ["metric", "row", "was", "is", "by"].map(text).join("|")
        })
        .collect();
    assert_eq!(
        found,
        [
            "won||2|4|2",
            "revenue by month|2024-03, EUR|2.00 EUR|2.50 EUR|0.50 EUR",
            "revenue by month|2024-01, EUR||4.00 EUR|4.00 EUR",
        ]
    );
}

/// Whoever closes what the sources do not yet show is told.
#[test]
fn a_close_beyond_what_the_sources_show_says_so() {
    let mut world = World::new();
    world.import(&[("D1".to_owned(), "2024-02-03".to_owned(), 100)]);
    // They are declared to show everything to the end of 2024.
    let said = run(&["period", "close", &world.book, "2024-Q4"]);
    assert!(!said.contains("NOTE: "), "{said}");
    let close = ["period", "close", &world.book, "2025-Q1"];
    let told = refused(&close);
    assert!(
        told.contains("E0460")
            && told.contains("crm shows everything only until 2024-12-31T23:00:00Z"),
        "{told}"
    );
    assert!(run(&["period", "list", &world.book]).lines().count() == 1);
    let said = run(&[&close[..], &["--anyway"]].concat());
    assert!(
        said.contains("NOTE: the sources show everything only until 2024-12-31T23:00:00Z"),
        "{said}"
    );
}

/// A balance is of numbers, not of how they are typed; and a sum of nothing is nought.
#[test]
fn a_balance_of_nothing_and_one_with_leading_noughts_hold() {
    let mut world = World::new();
    let deal = |key: &str, closed: &str, cents| (key.to_owned(), closed.to_owned(), cents);
    world.import(&[deal("D1", "2024-02-03", 100)]);
    for (text, holds) in [
        ("won 2024-Q1 = 001", true),
        ("won 2024-Q2 = 000", true),
        ("won 2024-Q1 = 10", false),
        ("revenue 2024-Q2 = 0.00 EUR", true),
        ("revenue 2024-Q2 = -0 EUR", true),
        ("revenue 2024-Q1 = 0 USD", true),
        ("revenue 2024-Q1 = 1 USD", false),
        ("revenue 2024-Q1 = 01.0 EUR", true),
        ("win_rate 2024-Q1 = 01/1", true),
        // A mean of nothing has no value.
        ("mean_won_value 2024-Q2 = 0 EUR", false),
    ] {
        let said = run(&["period", "assert", &world.book, text]);
        assert_eq!(said.starts_with("holds: "), holds, "{said}");
    }
}

/// A balance of one period stands beside each answer that rests on its days, and no other.
#[test]
fn a_comparison_and_what_looks_back_or_on_carry_the_mark() {
    let mut world = World::new();
    let deal = |key: &str, closed: &str, cents| (key.to_owned(), closed.to_owned(), cents);
    world.import(&[deal("D1", "2024-02-03", 100), deal("D2", "2024-05-03", 100)]);
    run(&["period", "assert", &world.book, "won 2024-Q1 = 5"]);
    for (words, is_marked) in [
        ("change won --period 2024-Q2 --compare 2024-Q1", true),
        ("change won --period 2024-Q2 --compare previous", true),
        ("change won --period 2024-Q1 --compare 2024-Q2", true),
        ("change won --period 2024-Q2 --compare 2024-Q3", false),
        ("metric won --period 2024-Q2", false),
        ("bridge --period 2024-Q2", true),
        ("bridge --period 2023-Q4", false),
        ("funnel --view flow --period 2024-Q2", true),
        ("funnel --view cohort --period 2024-Q2", false),
        ("funnel --view cohort --period 2023-Q4", true),
        ("reasons won --period 2024-Q1", true),
        ("credit --period 2024-Q2", false),
        ("cost --period 2023-Q4", true),
    ] {
        let words: Vec<&str> = words.split(' ').collect();
        assert_eq!(world.unbalanced(&words).is_some(), is_marked, "{words:?}");
    }
}

/// Closes of one ground are derived together, and told as each is told alone; what they were and are
/// is what plain sums of the rows say.
#[test]
fn closes_made_in_one_go_are_restated_as_each_alone() {
    let mut world = World::new();
    let mut dice = Chance::new(11);
    let mut deals: Vec<Deal> = Vec::new();
    let more = |deals: &mut Vec<Deal>, dice: &mut Chance| {
        for _ in 0..12 {
            let (month, day) = (dice.below(4) + 1, dice.below(28) + 1);
            let cents = i64::try_from(dice.below(90_000)).unwrap() + 1;
            let key = format!("D{}", deals.len());
            deals.push((key, format!("2024-{month:02}-{day:02}"), cents));
        }
    };
    let revenue = |deals: &[Deal], month: &str| -> i64 {
        let of = deals
            .iter()
            .filter(|(_, closed, _)| closed.starts_with(month));
        of.map(|(_, _, cents)| cents).sum()
    };
    more(&mut deals, &mut dice);
    world.import(&deals);
    let mut was: BTreeMap<String, i64> = BTreeMap::new();
    let close = |label: &str, book: &str| {
        run(&["period", "close", book, label, "--metrics", "won,revenue"]);
    };
    for month in ["2024-01", "2024-02"] {
        close(month, &world.book);
        was.insert(month.to_owned(), revenue(&deals, month));
    }
    more(&mut deals, &mut dice);
    world.import(&deals);
    for month in ["2024-03", "2024-04"] {
        close(month, &world.book);
        was.insert(month.to_owned(), revenue(&deals, month));
    }
    // Edits and new rows.
    for (nth, (_, _, cents)) in deals.iter_mut().enumerate() {
        *cents += if nth % 3 == 0 { 100 } else { 0 };
    }
    more(&mut deals, &mut dice);
    world.import(&deals);
    let all = world.restatements();
    let mut alone = Vec::new();
    for (month, was) in &was {
        let said = run(&["period", "restatements", &world.book, month, "--json"]);
        let said: Value = serde_json::from_str(&said).unwrap();
        let mine = said["restatements"].as_array().unwrap().clone();
        let of_revenue = mine.iter().find(|one| one["column"] == "revenue");
        let told = of_revenue.map(|one| {
            let text = |name: &str| cents(one[name].as_str().unwrap());
            (text("was"), text("is"))
        });
        let is = revenue(&deals, month);
        let expected = (*was != is).then_some((*was, is));
        assert_eq!(told, expected, "{month}: {mine:?}");
        alone.extend(mine);
    }
    assert_eq!(all, alone);
    assert!(all.len() >= 6, "{all:?}");
    // Each import since is one line, though it was several commits.
    let text = run(&["period", "restatements", &world.book, "2024-01"]);
    for import in ["import 2 of crm: ", "import 3 of crm: "] {
        assert_eq!(text.matches(import).count(), 1, "{text}");
    }
    // Where nothing was won there is no row of any currency, and the close says so.
    let close = ["period", "close", &world.book, "2023-01"];
    let text = run(&[&close[..], &["--metrics", "won,revenue"]].concat());
    assert!(
        text.contains("  won 0\n") && text.contains("  revenue: nothing\n"),
        "{text}"
    );
}

/// A balance that does not hold is one finding, with its own remedy: no file is broken.
#[test]
fn verify_tells_a_balance_apart_from_damage() {
    let mut world = World::new();
    let deal = |key: &str, closed: &str, cents| (key.to_owned(), closed.to_owned(), cents);
    world.import(&[deal("D1", "2024-02-03", 100)]);
    for balance in ["won 2024-Q1 = 1", "won 2024-Q1 = 2"] {
        run(&["period", "assert", &world.book, balance]);
    }
    let output = handfast(&["verify", &world.book]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.contains("DOES NOT HOLD: 1 of 2 balances that people vouch for"),
        "{said}"
    );
    assert!(told.contains("the book has 1 finding\n"), "{told}");
    assert!(
        told.contains("period retract") && told.contains("W0119"),
        "{told}"
    );
    assert!(
        !told.contains("W0115") && !told.contains("data/derived"),
        "{told}"
    );
}

/// A deal that its source deleted is on no line of a bridge; the answer says how many are, and
/// from which moment of knowing on they are seen. One that another record tells of is still there.
#[test]
fn a_bridge_says_how_many_deals_were_deleted_and_where_they_are_told() {
    let mut world = World::with(&[
        (
            "sources/crm/source.toml",
            "\n[[stream]]\nname = \"offers\"\nfiles = [\"offers*.csv\"]\nkey = [\"id\"]\n\
             mode = \"full\"\n[[map]]\nstream = \"offers\"\nkind = \"deal\"\n\
             file = \"offers.deal.sql\"\n",
        ),
        (
            "sources/crm/offers.deal.sql",
            "SELECT _record, required(as_date(created, '%Y-%m-%d')) AS happened, id AS deal, \
             as_money(amount, 'EUR') AS amount FROM offers",
        ),
    ]);
    let offers = |keys: &[&str]| {
        let row = |key: &&str| format!("{key},2024-01-08,100.00\n");
        let rows: String = keys.iter().map(row).collect();
        format!("id,created,amount\n{rows}")
    };
    let told = |world: &World, words: &[&str]| {
        let bridge = ["bridge", "--period", "2024-Q2"];
        let answer = support::ask(&world.book, &[&bridge[..], words].concat());
        let notes = answer.0["notes"].as_array().unwrap().clone();
        let is_it = |note: &Value| note.as_str().unwrap().contains("on no line");
        let note = notes.iter().find(|note| is_it(note));
        let note = note.map(|note| note.as_str().unwrap().to_owned());
        let count = |line: &str| {
            let (at, deals) = (answer.column("move"), answer.column("deals"));
            let rows = answer.rows();
            let row = rows.iter().find(|row| row[at] == line);
            row.map_or(0, |row| row[deals].as_u64().unwrap())
        };
        (note, count("deleted"), count("at_start"))
    };
    world.import_text("offers_1.csv", &offers(&["O1", "O2", "O3", "O4"]));
    assert_eq!(told(&world, &[]), (None, 0, 4));
    let known = support::ask(&world.book, &["metric", "won"]).0["lineage"]["seq"].clone();
    world.import_text("offers_2.csv", &offers(&["O1"]));
    world.import_text("offers_3.csv", &offers(&["O1", "O4"]));
    let (note, _, start) = told(&world, &[]);
    let said = format!(
        "2 deals that their source deleted since 2024-04-01 are on no line: --since {known} tells \
         what of that was known by then and open at the start"
    );
    assert_eq!((note.unwrap(), start), (said, 2));
    assert_eq!(told(&world, &["--since", &known.to_string()]), (None, 2, 2));
    // Of some deals only nobody can say which of them they would be.
    let (note, ..) = told(&world, &["--where", "deal.product = 'box'"]);
    assert!(
        note.unwrap()
            .starts_with("deals that their source deleted are")
    );
    // Another record of the same deal, and an import that is taken back.
    world.import(&[("O3".to_owned(), "2024-04-03".to_owned(), 100)]);
    let (note, ..) = told(&world, &[]);
    assert!(
        note.unwrap()
            .starts_with("1 deal that its source deleted since")
    );
    for _ in 0..3 {
        run(&["import", "undo", &world.book]);
    }
    assert_eq!(told(&world, &[]), (None, 0, 4));
}

/// Of four open deals two are due in the quarter at its start. One more is pulled in and then worth
/// 100.00 more; one is worth 100.00 less and then put off. The fourth is never due in it.
#[test]
fn a_bridge_of_what_is_due_tells_what_was_pulled_in_and_what_was_put_off() {
    let world = World::with(&[
        (
            "sources/crm/source.toml",
            "\n[[stream]]\nname = \"offers\"\nfiles = [\"offers*.csv\"]\n\
             key = [\"id\", \"said\"]\n[[map]]\nstream = \"offers\"\nkind = \"deal\"\n\
             file = \"offers.deal.sql\"\n",
        ),
        (
            "sources/crm/offers.deal.sql",
            "SELECT _record, required(as_date(said, '%Y-%m-%d')) AS happened, id AS deal, \
             as_money(amount, 'EUR') AS amount, as_date(due, '%Y-%m-%d') AS close_date FROM offers",
        ),
    ]);
    world.import_text(
        "offers_1.csv",
        "id,said,amount,due\n\
         O1,2024-03-01,1000.00,2024-06-15\n\
         O2,2024-03-01,500.00,2024-08-15\n\
         O2,2024-05-02,500.00,2024-06-30\n\
         O2,2024-05-20,600.00,2024-06-30\n\
         O3,2024-03-01,800.00,2024-06-30\n\
         O3,2024-06-10,700.00,2024-06-30\n\
         O3,2024-06-20,700.00,2024-07-01\n\
         O4,2024-03-01,40.00,2024-09-30\n",
    );
    let bridge = ["bridge", "--period", "2024-Q2"];
    let due = [&bridge[..], &["--due", "2024-Q2"]].concat();
    let told = |words: &[&str]| {
        let answer = support::ask(&world.book, words);
        let [at, deals, value] = ["move", "deals", "value"].map(|id| answer.column(id));
        let line = |row: &Value| {
            let word = row[at].as_str().unwrap().to_owned();
            (
                word,
                row[deals].as_u64().unwrap(),
                row[value]["minor"].as_i64(),
            )
        };
        let lines = answer.rows().iter().map(line);
        let lines: Vec<_> = lines.filter(|(_, deals, _)| *deals > 0).collect();
        let notes = answer.0["notes"].to_string();
        (lines, notes)
    };
    let lines = |all: &[(&str, u64, i64)]| -> Vec<(String, u64, Option<i64>)> {
        let line =
            |(word, deals, cents): &(&str, u64, i64)| ((*word).to_owned(), *deals, Some(*cents));
        all.iter().map(line).collect()
    };
    let (found, notes) = told(&due);
    let expected = lines(&[
        ("at_start", 2, 180_000),
        ("pulled_in", 1, 50_000),
        ("grew", 1, 10_000),
        ("shrank", 1, -10_000),
        ("pushed_out", 1, -70_000),
        ("at_end", 2, 160_000),
    ]);
    assert_eq!(found, expected);
    let said = "deals due from 2024-04-01 until before 2024-07-01";
    assert!(notes.contains(said), "{notes}");
    // Whenever they are due, all four are there, and nothing is pulled in or put off.
    let (found, _) = told(&bridge);
    let expected = lines(&[
        ("at_start", 4, 234_000),
        ("grew", 1, 10_000),
        ("shrank", 1, -10_000),
        ("at_end", 4, 234_000),
    ]);
    assert_eq!(found, expected);
    // Each line's deals are behind it.
    for (line, keys) in [
        ("at_start", &["O1", "O3"][..]),
        ("pulled_in", &["O2"]),
        ("pushed_out", &["O3"]),
        ("at_end", &["O1", "O2"]),
    ] {
        let answer = support::ask(&world.book, &[&due[..], &["--records", line]].concat());
        let deal = answer.column("deal");
        let told: Vec<&str> = answer
            .rows()
            .iter()
            .map(|row| row[deal].as_str().unwrap())
            .collect();
        assert_eq!(told, keys, "{line}");
    }
}
