//! A passport says the same for as long as the book holds what it rests on, and names the first
//! record that is another one.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use handfast_ledger::text_hash;
use handfast_model::passport::{Mark, Marks, Passport, Sketch};
use handfast_wire::v1::passport::{from_json, to_json};
use support::{handfast, leads, root, run};

struct World {
    dir: tempfile::TempDir,
    book: String,
}

impl World {
    fn new(leads_count: usize) -> World {
        let dir = tempfile::tempdir().unwrap();
        let book = dir.path().join("book").display().to_string();
        let example = root().join("crates/cli/tests/fixtures/acme");
        run(&["init", &book, "--from", &example.display().to_string()]);
        let world = World { dir, book };
        world.import("leads_1.csv", &leads(0..leads_count));
        world
    }

    fn path(&self, name: &str) -> String {
        self.dir.path().join(name).display().to_string()
    }

    fn import(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
        run(&["import", &self.book, &self.path(name)]);
    }

    fn save(&self, name: &str, words: &[&str]) -> Passport {
        let file = self.path(name);
        let mut args = vec!["passport", "save", &file, "--book", &self.book, "--", "ask"];
        args.extend(words);
        run(&args);
        from_json(&fs::read_to_string(file).unwrap()).unwrap()
    }

    /// What `verify` says of a passport, and whether it ends well.
    fn verify(&self, passport: &Passport, book: &str) -> (String, bool) {
        let file = self.path("given.json");
        fs::write(&file, to_json(passport)).unwrap();
        let output = handfast(&["passport", "verify", &file, "--book", book]);
        let said = [output.stdout, output.stderr].concat();
        (String::from_utf8(said).unwrap(), output.status.success())
    }

    fn is_same(&self, passport: &Passport, book: &str) {
        let (said, is_success) = self.verify(passport, book);
        assert!(is_success && said.starts_with("the same: "), "{said}");
    }

    /// What `verify` says of a passport that was made anew with other content.
    fn differs(&self, passport: &Passport, change: impl FnOnce(&mut Passport)) -> String {
        let mut other = passport.clone();
        change(&mut other);
        other.seal = text_hash(&other.body());
        let (said, is_success) = self.verify(&other, &self.book);
        assert!(!is_success && said.starts_with("DIFFERS: "), "{said}");
        said
    }
}

const FLOW: [&str; 3] = ["funnel", "--view", "flow"];

fn each<'p>(passport: &'p mut Passport, column: &str) -> &'p mut Vec<Mark> {
    let mut all = passport.behind.iter_mut();
    match &mut all.find(|one| one.column == column).unwrap().marks {
        Marks::Each(marks) => marks,
        _ => panic!("{column} is not kept one by one"),
    }
}

#[test]
fn it_says_the_same_after_all_that_may_come_to_a_book() {
    let world = World::new(60);
    let book = &world.book;
    let questions: [&[&str]; 8] = [
        &FLOW,
        &["funnel", "--view", "cohort", "--by", "month,channel"],
        &["funnel", "--view", "snapshot", "--at", "2024-12-05"],
        &["metric", "leads_created", "--by", "month"],
        &["health"],
        &["credit"],
        &["velocity"],
        &["times"],
    ];
    let name = |at: usize| format!("p{at}.json");
    let all: Vec<Passport> = questions
        .iter()
        .enumerate()
        .map(|(at, words)| world.save(&name(at), words))
        .collect();
    let flow = &all[0];
    // As many records as `--records` lists, row by row.
    let entered = flow
        .behind
        .iter()
        .find(|one| one.column == "entered")
        .unwrap();
    let listed = flow.rows.iter().map(|row| {
        let mut words = FLOW.to_vec();
        words.extend(["--records", "entered", "--row", &row[0]]);
        support::ask(book, &words).rows().len() as u64
    });
    assert_eq!(entered.records, listed.sum::<u64>());
    assert!(entered.records > 30, "{}", entered.records);
    // It names nobody.
    let text = to_json(flow);
    assert!(!text.contains("L1") && !text.contains("leads_1"), "{text}");
    let hold = |what: &str| {
        for (passport, words) in all.iter().zip(questions) {
            let (said, is_success) = world.verify(passport, book);
            assert!(is_success, "{what}: {words:?}: {said}");
        }
    };
    hold("at once");
    // More rows, other versions of the same rows, one import taken back.
    world.import("leads_2.csv", &leads(60..90));
    world.import(
        "leads_3.csv",
        &leads(0..20).replace(",open,", ",qualified,"),
    );
    hold("after imports");
    let asked = support::ask(book, &FLOW);
    assert_ne!(asked.rows().len(), 0);
    run(&["import", "undo", book]);
    run(&["compact", book]);
    hold("after an undone import and a compaction");
    run(&["forget", book, "L1", "--yes"]);
    hold("after a person was forgotten");
    let (copy, keys) = (world.path("copy"), world.path("keys"));
    let restored = world.path("restored");
    run(&["backup", book, &copy, "--keys", &keys]);
    run(&["restore", &copy, &restored, "--keys", &keys]);
    fs::remove_dir_all(book).unwrap();
    all.iter().for_each(|one| world.is_same(one, &restored));
}

#[test]
fn three_ways_to_save_give_one_passport() {
    let world = World::new(20);
    let words = ["metric", "leads_created", "--by", "month"];
    let saved = world.save("a.json", &words);
    let (beside, answer) = (world.path("b.json"), world.path("answer.json"));
    let mut args = vec!["ask"];
    args.extend(words);
    args.extend(["--book", &world.book, "--json"]);
    fs::write(&answer, run(&args)).unwrap();
    args.extend(["--passport", &beside]);
    run(&args);
    let read = |path: &str| from_json(&fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(read(&beside), saved);
    let third = world.path("c.json");
    run(&[
        "passport",
        "save",
        &third,
        "--book",
        &world.book,
        "--answer",
        &answer,
    ]);
    assert_eq!(read(&third), saved);
    // Instants become the commit that they mean.
    let now = "2100-01-01T00:00:00Z";
    let later = world.save(
        "d.json",
        &["metric", "leads_created", "--by", "month", "--as-of", now],
    );
    assert_eq!(later, saved);
}

#[test]
fn the_first_figure_and_the_first_record_that_differ_are_named() {
    let world = World::new(60);
    let flow = world.save("flow.json", &FLOW);
    let cell = flow
        .columns
        .iter()
        .position(|(id, _)| id == "entered")
        .unwrap();
    let fewer = |passport: &mut Passport| {
        passport.rows[0][cell] = "1".to_owned();
        each(passport, "entered").remove(0);
    };
    let said = world.differs(&flow, fewer);
    let stage = &flow.rows[0][0];
    let was = &flow.rows[0][cell];
    assert!(
        said.contains(&format!("entered of `{stage}` was 1 and is {was}\n")),
        "{said}"
    );
    assert!(said.contains("leads_1.csv line "), "{said}");
    assert!(said.contains(": it counts and did not\n"), "{said}");
    assert!(said.contains("cause:   unknown: same charter"), "{said}");
    // Every line that is named is the one of the record that was left out.
    for at in 0..each(&mut flow.clone(), "entered").len() {
        let mark = each(&mut flow.clone(), "entered")[at];
        let said = world.differs(&flow, |one| each(one, "entered").retain(|one| *one != mark));
        let line = said.split(" line ").nth(1).unwrap();
        let line = line.split(')').next().unwrap();
        let file = said
            .split("(crm, ")
            .nth(1)
            .unwrap()
            .split(" line ")
            .next()
            .unwrap();
        let place = format!("crm\u{1f}{file}\u{1f}{line}");
        assert!(
            text_hash(&place).starts_with(&format!("{:016x}", mark.key)),
            "{said}"
        );
    }
    let other = |passport: &mut Passport| each(passport, "entered")[2].value ^= 1;
    let said = world.differs(&flow, other);
    assert!(
        said.starts_with("DIFFERS: every figure is the same, but"),
        "{said}"
    );
    assert!(
        said.contains("it says something else now, or counts in another row"),
        "{said}"
    );
    let key = |line: u32| {
        let file = flow_file(&world, &flow);
        let text = text_hash(&format!("crm\u{1f}{file}\u{1f}{line}"));
        u64::from_str_radix(&text[..16], 16).unwrap()
    };
    let more =
        |key: u64| move |one: &mut Passport| each(one, "entered").push(Mark { key, value: 1 });
    let said = world.differs(&flow, more(key(5)));
    assert!(said.contains("line 5: it counted and does not"), "{said}");
    let said = world.differs(&flow, more(7));
    assert!(said.contains("the book does not hold any more"), "{said}");
    let twice = |one: &mut Passport| {
        let first = each(one, "entered")[0];
        each(one, "entered")[1] = first;
        each(one, "entered").insert(0, first);
    };
    let said = world.differs(&flow, twice);
    assert!(said.contains("it counts and did not"), "{said}");
    let twice = |one: &mut Passport| {
        let first = each(one, "entered")[0];
        each(one, "entered").insert(0, first);
    };
    let said = world.differs(&flow, twice);
    assert!(said.contains("it counted 2 times and counts 1"), "{said}");
    let other = |one: &mut Passport| one.columns[cell].1 = "what was won, audited".to_owned();
    let said = world.differs(&flow, other);
    assert!(
        said.contains("`entered` was said to mean `what was won, audited`, and means `"),
        "{said}"
    );
    let said = world.differs(&flow, |one| one.issues.push(("W0101".to_owned(), 9)));
    assert!(
        said.starts_with("DIFFERS: W0101 counted 9 and counts 0"),
        "{said}"
    );
    let said = world.differs(&flow, |one| {
        one.rows.remove(1);
    });
    assert!(said.contains("is there and was not"), "{said}");
}

#[test]
fn figures_above_the_rows_are_proven_too() {
    let world = World::new(60);
    let deals = root().join("crates/cli/tests/fixtures/acme/exports/deals.csv");
    world.import("deals.csv", &fs::read_to_string(deals).unwrap());
    let credit = world.save("credit.json", &["credit", "--models", "linear"]);
    world.is_same(&credit, &world.book);
    let touched = "marketing_touched";
    let [id, _, cell] = &credit.headline[0];
    assert_eq!(id, touched);
    let (part, _) = cell.split_once('/').unwrap();
    let behind = credit.behind.iter().find(|one| one.column == touched);
    assert_eq!(behind.unwrap().records.to_string(), part);
    assert_ne!(part, "0");

    let said = world.differs(&credit, |one| "9/9".clone_into(&mut one.headline[0][2]));
    let was = format!("DIFFERS: {touched} above the rows was 9/9 and is {cell}\n");
    assert!(said.starts_with(&was), "{said}");
    let said = world.differs(&credit, |one| {
        each(one, touched).remove(0);
    });
    assert!(said.contains("it counts and did not"), "{said}");
    let said = world.differs(&credit, |one| {
        one.headline.pop();
    });
    assert!(
        said.contains(" above the rows was nothing and is "),
        "{said}"
    );
    let said = world.differs(&credit, |one| "all".clone_into(&mut one.headline[0][1]));
    assert!(said.contains("is defined in other words"), "{said}");

    // One of before says nothing of them, and is verified as ever.
    let mut older = credit.clone();
    older.behind.retain(|one| !one.column.starts_with(touched));
    older.headline.clear();
    older.seal = text_hash(&older.body());
    world.is_same(&older, &world.book);
}

/// The file that records are said to stand in.
fn flow_file(world: &World, flow: &Passport) -> String {
    let said = world.differs(flow, |one| {
        each(one, "entered").remove(0);
    });
    let place = said.split("(crm, ").nth(1).unwrap();
    place.split(" line ").next().unwrap().to_owned()
}

#[test]
fn a_sketch_of_records_names_the_one_that_differs() {
    let world = World::new(60);
    let mut flow = world.save("flow.json", &FLOW);
    let marks = each(&mut flow, "entered").clone();
    let sketched = |marks: &[Mark]| {
        let sketch = Marks::Sketch(Sketch::of(marks));
        move |one: &mut Passport| {
            let mut all = one.behind.iter_mut();
            all.find(|one| one.column == "entered").unwrap().marks = sketch;
        }
    };
    let place = |said: &str| {
        let (_, place) = said.split_once("(crm, ").unwrap_or(("", "none"));
        place.split(')').next().unwrap().to_owned()
    };
    let key = |said: &str| {
        let (file, line) = said.split_once(" line ").unwrap();
        let text = text_hash(&format!("crm\u{1f}{file}\u{1f}{line}"));
        u64::from_str_radix(&text[..16], 16).unwrap()
    };
    let mut same = flow.clone();
    sketched(&marks)(&mut same);
    same.seal = text_hash(&same.body());
    world.is_same(&same, &world.book);
    for (at, mark) in marks.iter().enumerate() {
        let mut fewer = marks.clone();
        fewer.retain(|one| one.key != mark.key);
        let said = world.differs(&flow, sketched(&fewer));
        assert!(said.contains(": it counts and did not\n"), "{said}");
        assert_eq!(key(&place(&said)), mark.key, "{said}");
        let mut other = marks.clone();
        other[at].value ^= 1;
        let said = world.differs(&flow, sketched(&other));
        assert!(said.contains(": it says something else now"), "{said}");
        assert_eq!(key(&place(&said)), mark.key, "{said}");
    }
    let file = place(&world.differs(&flow, sketched(&marks[1..])));
    let file = file.split(" line ").next().unwrap();
    let gone = format!("{file} line 5");
    let more = Mark {
        key: key(&gone),
        value: 1,
    };
    let said = world.differs(&flow, sketched(&[&marks[..], &[more]].concat()));
    assert!(
        said.contains(&format!("crm, {gone}: it counted and does not")),
        "{said}"
    );
}

#[test]
fn many_records_are_told_by_a_sketch_and_other_kernels_by_their_versions() {
    let world = World::new(4_000);
    let flow = world.save("flow.json", &FLOW);
    let size = fs::metadata(Path::new(&world.path("flow.json")))
        .unwrap()
        .len();
    assert!(size < 100_000, "{size}");
    let entered = flow
        .behind
        .iter()
        .position(|one| one.column == "entered")
        .unwrap();
    assert!(flow.behind[entered].records > 1_000);
    world.is_same(&flow, &world.book);
    assert!(matches!(flow.behind[entered].marks, Marks::Sketch(_)));
    let said = world.differs(&flow, |one| {
        one.behind[entered].marks = Marks::Sketch(Sketch::of(&[]));
    });
    assert!(
        said.contains("  record:  buyer person ") && said.contains(": it counts and did not"),
        "{said}"
    );
    // However many differ, one is named that they are among.
    let said = world.differs(&flow, |one| {
        let line = format!("9 {0:016x} {0:016x} {0:016x}", 0xdead_beef_u64);
        let lines = std::iter::repeat_n(line.as_str(), 320);
        one.behind[entered].marks = Marks::Sketch(Sketch::parse(lines).unwrap());
    });
    assert!(
        said.contains("so many that no single one can be told; ") && said.contains("buyer person "),
        "{said}"
    );
    // What passports of before keep of so many is compared as it was.
    let said = world.differs(&flow, |one| {
        one.behind[entered].marks = Marks::Buckets(vec![1; 256]);
    });
    assert!(
        said.contains("that share a bucket with buyer person "),
        "{said}"
    );
    // Another kernel that gives the same is told, and is no difference.
    let mut older = flow.clone();
    let version = |one: &mut Passport| {
        let kernel = one.kernels.iter_mut().find(|(name, _)| name == "funnel");
        kernel.unwrap().1 = "0".to_owned();
    };
    version(&mut older);
    older.seal = text_hash(&older.body());
    let (said, is_success) = world.verify(&older, &world.book);
    assert!(
        is_success && said.contains("kernel:  funnel 0 gave it, funnel "),
        "{said}"
    );
    // So is a column whose records it did not list yet: the figures alone are compared.
    let mut fewer = older.clone();
    fewer.behind.remove(entered);
    fewer.seal = text_hash(&fewer.body());
    let (said, is_success) = world.verify(&fewer, &world.book);
    assert!(
        is_success && said.contains("records: those of `entered` are not compared"),
        "{said}"
    );
    let said = world.differs(&older, |one| one.rows[0][1] = "77".to_owned());
    assert!(
        said.contains("cause:   the way of counting: funnel 0 gave it, funnel "),
        "{said}"
    );
}

/// What each kept passport was asked.
const KEPT: [(&str, &[&str]); 6] = [
    ("flow", &FLOW),
    (
        "leads",
        &["metric", "leads_created", "--by", "month,channel"],
    ),
    ("won", &["metric", "won", "--period", "2024-Q4"]),
    ("revenue", &["metric", "revenue", "--by", "quarter"]),
    (
        "credit",
        &[
            "credit",
            "--models",
            "first,linear,markov_1",
            "--by",
            "channel",
        ],
    ),
    (
        "change",
        &[
            "change",
            "revenue",
            "--period",
            "2024-Q2",
            "--compare",
            "previous",
        ],
    ),
];

fn kept() -> PathBuf {
    root().join("crates/cli/tests/fixtures/passports")
}

/// Passports that programs of before have saved, each set with a backup of its book and the keys:
/// `KEEP_PASSPORTS=2026-11 cargo test -p handfast-cli --test passport kept` makes one by the present
/// program. They are never made anew: whoever was sent one has it for good.
#[test]
fn passports_that_were_kept_are_verified_for_ever() {
    if let Some(name) = std::env::var_os("KEEP_PASSPORTS") {
        keep(&kept().join(name));
    }
    let sets = fs::read_dir(kept()).unwrap();
    let mut sets: Vec<PathBuf> = sets.map(|one| one.unwrap().path()).collect();
    sets.sort();
    assert!(!sets.is_empty(), "none are kept");
    for set in sets {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| set.join(name).display().to_string();
        let book = dir.path().join("book").display().to_string();
        run(&["restore", &at("backup"), &book, "--keys", &at("keys")]);
        for (name, _) in KEPT {
            let file = at(&format!("{name}.json"));
            let output = handfast(&["passport", "verify", &file, "--book", &book]);
            let said = [output.stdout, output.stderr].concat();
            let said = String::from_utf8(said).unwrap();
            // Another way of counting may give another figure, and says which version gave it.
            let is_told = said.contains("cause:   the way of counting: ");
            assert!(output.status.success() || is_told, "{file}: {said}");
            // Raised since: the answer is the same, and says which version gave it.
            if set.ends_with("2026-11") && name == "change" {
                let is_raised = said.contains("kernel:  change 1 gave it, change ");
                assert!(output.status.success() && is_raised, "{file}: {said}");
            }
        }
        // A figure that nobody ever gave is none, however it came there.
        let text = fs::read_to_string(at("revenue.json")).unwrap();
        let mut other = from_json(&text).unwrap();
        let last = other.rows[0].len() - 2;
        other.rows[0][last] = "1.00 EUR".to_owned();
        other.seal = text_hash(&other.body());
        let file = dir.path().join("other.json");
        fs::write(&file, to_json(&other)).unwrap();
        let file = file.display().to_string();
        let output = handfast(&["passport", "verify", &file, "--book", &book]);
        assert!(!output.status.success(), "{output:?}");
    }
}

/// A book of invented leads and deals, its backup, and the passports of some answers.
fn keep(to: &Path) {
    assert!(!to.exists(), "{} is kept already", to.display());
    fs::create_dir_all(to).unwrap();
    let world = World::new(60);
    let mut deals = String::from("deal,lead,owner,amount,currency,product,status,created,closed\n");
    for deal in 0..24 {
        let (month, day) = (deal % 6 + 1, deal % 28 + 1);
        let status = ["won", "won", "lost"][deal % 3];
        writeln!(
            deals,
            "D{deal},L{deal},rep{},{}.50,EUR,box,{status},2024-{month:02}-{day:02},\
             2024-{:02}-{day:02}",
            deal % 2,
            100 + deal * 17,
            month + 6
        )
        .unwrap();
    }
    world.import("deals_1.csv", &deals);
    let at = |name: &str| to.join(name).display().to_string();
    for (name, words) in KEPT {
        world.save(&format!("{name}.json"), words);
        fs::copy(
            world.path(&format!("{name}.json")),
            at(&format!("{name}.json")),
        )
        .unwrap();
    }
    run(&["backup", &world.book, &at("backup"), "--keys", &at("keys")]);
}
