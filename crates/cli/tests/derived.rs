//! What is derived is kept between questions, and keeping it changes no answer.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use handfast_model::Instant;
use handfast_service::ask::ask;
use handfast_service::book::Book;
use handfast_service::resolve::Typed;
use handfast_testkit::random::Chance;
use handfast_wire::v1;
use support::{root, run};

const ASKS: [&[&str]; 7] = [
    &["funnel", "--view", "cohort", "--by", "month,channel"],
    &[
        "funnel", "--view", "flow", "--by", "quarter", "--unit", "person",
    ],
    &["funnel", "--view", "snapshot", "--by", "channel,rep"],
    &["metric", "revenue", "--by", "month"],
    &["velocity"],
    &["credit"],
    &["credit", "--by", "team,month", "--models", "linear,decay"],
];

struct World {
    dir: tempfile::TempDir,
    book: String,
    /// The book, held open from the first check on.
    open: OnceCell<Book>,
}

impl World {
    fn new() -> World {
        let dir = tempfile::tempdir().unwrap();
        let book = dir.path().join("book").display().to_string();
        let example = root().join("crates/cli/tests/fixtures/acme");
        run(&["init", &book, "--from", &example.display().to_string()]);
        let open = OnceCell::new();
        World { dir, book, open }
    }

    fn import(&self, name: &str, text: &str) {
        let path = self.dir.path().join(name);
        fs::write(&path, text).unwrap();
        run(&["import", &self.book, &path.display().to_string()]);
    }

    fn kept(&self) -> PathBuf {
        Path::new(&self.book).join("data/derived")
    }

    /// The names of the parts that are kept.
    fn parts(&self) -> BTreeSet<String> {
        let files = fs::read_dir(self.kept()).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.ends_with(".part")).collect()
    }

    /// All answers, which must not be refusals.
    fn answers(&self) -> Vec<String> {
        let ask = |words: &&[&str]| {
            let mut args = vec!["ask"];
            args.extend(*words);
            args.extend(["--book", &self.book, "--json"]);
            run(&args)
        };
        ASKS.iter().map(ask).collect()
    }

    /// All answers from what is kept, which are those from nothing.
    fn check(&self, step: &str) {
        let kept = self.answers();
        assert_eq!(self.answers(), kept, "{step}: asked again");
        let open = self
            .open
            .get_or_init(|| Book::read(Path::new(&self.book), Instant(i64::MIN)).unwrap());
        for round in ["of an open book", "of what it holds"] {
            let held: Vec<String> = typed().map(|typed| json(open, &typed)).into();
            assert_eq!(held, kept, "{step}: asked {round}");
        }
        let aside = self.dir.path().join("aside");
        fs::rename(self.kept(), &aside).unwrap();
        assert_eq!(self.answers(), kept, "{step}: derived from nothing");
        fs::remove_dir_all(self.kept()).unwrap();
        fs::rename(&aside, self.kept()).unwrap();
    }
}

/// The same questions as an open book is asked them.
fn typed() -> [Typed; 7] {
    let text = |text: &str| Some(text.to_owned());
    let kind = |kind: &str| Typed {
        kind: kind.to_owned(),
        ..Typed::default()
    };
    [
        Typed {
            view: text("cohort"),
            by: vec!["month".to_owned(), "channel".to_owned()],
            ..kind("funnel")
        },
        Typed {
            view: text("flow"),
            by: vec!["quarter".to_owned()],
            unit: text("person"),
            ..kind("funnel")
        },
        Typed {
            view: text("snapshot"),
            by: vec!["channel".to_owned(), "rep".to_owned()],
            ..kind("funnel")
        },
        Typed {
            of: text("revenue"),
            by: vec!["month".to_owned()],
            ..kind("metric")
        },
        kind("velocity"),
        kind("credit"),
        Typed {
            by: vec!["team".to_owned(), "month".to_owned()],
            models: vec!["linear".to_owned(), "decay".to_owned()],
            ..kind("credit")
        },
    ]
}

fn json(book: &Book, typed: &Typed) -> String {
    let reply = ask(book, typed, None).unwrap();
    let json = v1::Reply::new(&reply.question, &reply.answer).to_json();
    format!("{}\n", json.trim_end())
}

fn leads(numbers: std::ops::Range<usize>, status: &str) -> String {
    let mut text = String::from("id,name,email,phone,source,score,created,status,changed\n");
    for i in numbers {
        let created = format!("2024-{:02}-{:02}", i % 11 + 1, i % 28 + 1);
        let source = ["web", "event", "mail"][i % 3];
        let address = format!("lead{}@firm{}.example", i / 2, i % 40);
        let changed = format!("2024-12-{:02}", i % 28 + 1);
        writeln!(
            text,
            "L{i},Name{i},{address},+49,{source},{},{created},{status},{changed}",
            i % 90
        )
        .unwrap();
    }
    text
}

fn deals(numbers: std::ops::Range<usize>, status: &str) -> String {
    let mut text = String::from("deal,lead,owner,amount,currency,product,status,created,closed\n");
    for i in numbers {
        let day = i % 28 + 1;
        writeln!(
            text,
            "D{i},L{},rep{},{}.50,EUR,box,{status},2024-05-{day:02},2024-12-{day:02}",
            i * 3,
            i % 4,
            100 + i
        )
        .unwrap();
    }
    text
}

#[test]
fn what_is_kept_gives_the_answers_of_a_full_derivation_after_every_change() {
    let world = World::new();
    world.import("leads-1.csv", &leads(0..400, "qualified"));
    world.import("deals-1.csv", &deals(0..60, "open"));
    world.check("first imports");
    let base = world.parts();
    assert!(!base.is_empty());
    world.import("leads-2.csv", &leads(395..410, "new"));
    world.check("some leads change, some come");
    let after = world.parts();
    assert!(
        after.is_superset(&base) && after.len() > base.len(),
        "a part lies over the base"
    );
    world.import("deals-2.csv", &deals(55..63, "won"));
    world.check("deals are won");
    run(&["import", "undo", &world.book]);
    world.check("the win is taken back");
    run(&["compact", &world.book]);
    world.check("compacted");
    for step in 0..8 {
        let status = ["qualified", "new"][step % 2];
        world.import("leads-3.csv", &leads(step * 40..step * 40 + 9, status));
        world.check(&format!("small import {step}"));
    }
    let left: Vec<String> = world.parts().intersection(&after).cloned().collect();
    assert_eq!(
        left,
        Vec::<String>::new(),
        "many small parts are gathered into new ones"
    );
    let other = root().join("crates/cli/tests/fixtures/acme/charter");
    let draft = world.dir.path().join("draft");
    fs::create_dir(&draft).unwrap();
    for file in fs::read_dir(other).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), draft.join(file.file_name())).unwrap();
    }
    let before = world.parts();
    let draft = draft.display().to_string();
    run(&[
        "ask",
        "velocity",
        "--book",
        &world.book,
        "--charter",
        &draft,
    ]);
    run(&["ask", "velocity", "--book", &world.book, "--as-of", "2"]);
    assert_eq!(
        world.parts(),
        before,
        "other moments and drafts leave what is kept alone"
    );
}

#[test]
fn what_is_damaged_or_cannot_be_written_changes_no_answer() {
    let world = World::new();
    world.import("leads-1.csv", &leads(0..60, "qualified"));
    let answers = world.answers();
    for file in fs::read_dir(world.kept()).unwrap() {
        let path = file.unwrap().path();
        let whole = fs::read(&path).unwrap();
        for damage in [0, 31, 32, 40, whole.len() / 2, whole.len() - 1] {
            let mut bytes = whole.clone();
            bytes[damage] ^= 0x10;
            fs::write(&path, &bytes).unwrap();
            assert_eq!(world.answers(), answers, "{} at {damage}", path.display());
        }
        fs::remove_file(&path).unwrap();
        assert_eq!(world.answers(), answers, "without {}", path.display());
    }
    fs::remove_dir_all(world.kept()).unwrap();
    fs::write(world.kept(), "in the way").unwrap();
    assert_eq!(world.answers(), answers, "where no folder can be made");
}

/// How often to damage something: `full` in a soak, else as often as a test run has time for.
fn times(full: usize, everyday: usize) -> usize {
    match std::env::var_os("HANDFAST_SOAK") {
        Some(_) => full,
        None => everyday,
    }
}

/// The files that are kept, with what they hold, each damaged in one way.
fn damages(files: &[(PathBuf, Vec<u8>)]) -> Vec<(String, PathBuf, Vec<u8>)> {
    let mut chance = Chance::new(14);
    let mut all = Vec::new();
    for _ in 0..times(3_000, 300) {
        let (path, whole) = &files[chance.below(files.len() as u64) as usize];
        let (at, bit) = (chance.below(whole.len() as u64) as usize, chance.below(8));
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << bit;
        all.push((
            format!("bit {bit} of byte {at} flipped"),
            path.clone(),
            bytes,
        ));
    }
    for (path, whole) in files {
        for at in (0..whole.len()).step_by(times(1, whole.len() / 12 + 1)) {
            let cut = (format!("cut at {at}"), path.clone(), whole[..at].to_vec());
            all.push(cut);
        }
    }
    all
}

#[test]
fn wherever_a_bit_of_what_is_kept_is_flipped_or_a_file_ends_no_answer_changes() {
    let world = World::new();
    world.import("leads-1.csv", &leads(0..60, "qualified"));
    world.import("deals-1.csv", &deals(0..9, "won"));
    world.answers();
    // It is of before the last import: that some cells are found and read alone is damaged, too.
    let before = world.dir.path().join("before");
    copy(&world.kept(), &before);
    world.import("leads-2.csv", &leads(57..63, "new"));
    let files = fs::read_dir(&before).unwrap();
    let files = files.map(|file| PathBuf::from(file.unwrap().file_name()));
    let mut files: Vec<(PathBuf, Vec<u8>)> = files
        .map(|name| (name.clone(), fs::read(before.join(name)).unwrap()))
        .collect();
    files.sort();
    let answers = || -> Vec<String> {
        let book = Book::read(Path::new(&world.book), Instant(i64::MIN)).unwrap();
        typed().map(|typed| json(&book, &typed)).into()
    };
    fs::remove_dir_all(world.kept()).unwrap();
    let expected = answers();
    fs::remove_dir_all(world.kept()).unwrap();
    copy(&before, &world.kept());
    assert_eq!(answers(), expected, "nothing is damaged");
    // Of each kind of file: how often it was damaged, and how often somebody saw it.
    let mut seen: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    for (how, name, bytes) in damages(&files) {
        fs::remove_dir_all(world.kept()).unwrap();
        copy(&before, &world.kept());
        let path = world.kept().join(&name);
        fs::write(&path, &bytes).unwrap();
        let told = catch_unwind(AssertUnwindSafe(answers));
        let told = told.unwrap_or_else(|_| vec!["a panic".to_owned()]);
        assert_eq!(told, expected, "{}: {how}", name.display());
        let kind = name.extension().unwrap_or(name.as_os_str());
        let count = seen.entry(kind.to_string_lossy().into_owned()).or_default();
        // Whoever sees it derives it anew, under its own name or another.
        let is_seen = !fs::read(&path).is_ok_and(|now| now == bytes);
        *count = (count.0 + 1, count.1 + u32::from(is_seen));
    }
    println!("damaged and seen: {seen:?}");
    let kinds: Vec<&str> = seen.keys().map(String::as_str).collect();
    let all = [
        "ages", "flesh", "frame", "index", "joints", "part", "present", "trail",
    ];
    assert_eq!(kinds, all);
    // An index that cannot be read is gone past: the part is read whole, and both stay.
    let unseen = seen.iter().filter(|(_, (_, seen))| *seen == 0);
    let unseen: Vec<&String> = unseen.map(|(kind, _)| kind).collect();
    assert_eq!(unseen, ["index"], "{seen:?}");
}

/// Files below a folder.
fn below(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => below(&path, files),
            false => files.push(path),
        }
    }
}

/// Charter and sources as they lie in a book are what somebody edits: what is asked rests on what
/// was published, and what reads the texts refuses them by name.
#[test]
fn wherever_a_bit_of_a_books_texts_is_flipped_or_one_ends_no_answer_changes() {
    let world = World::new();
    world.import("leads-1.csv", &leads(0..40, "qualified"));
    world.import("deals-1.csv", &deals(0..9, "won"));
    let home = Path::new(&world.book);
    let mut paths = vec![home.join("handfast.toml")];
    for folder in ["charter", "sources"] {
        below(&home.join(folder), &mut paths);
    }
    paths.sort();
    assert!(paths.len() > 8, "{paths:?}");
    let files: Vec<(PathBuf, Vec<u8>)> = paths
        .into_iter()
        .map(|path| (path.clone(), fs::read(&path).unwrap()))
        .collect();
    let [_, flow, _, revenue, ..] = typed();
    let figures = |book: &Book| {
        [&flow, &revenue].map(|typed| {
            let reply = ask(book, typed, None).unwrap();
            let (answer, seq) = (&reply.answer, reply.answer.lineage.seq);
            format!("{:?} {:?} {seq}", answer.columns, answer.rows)
        })
    };
    let open = || Book::read(home, Instant(i64::MIN)).unwrap();
    let expected = figures(&open());
    let (mut refused, mut read) = (0, 0);
    for (how, path, bytes) in damages(&files) {
        fs::write(&path, &bytes).unwrap();
        let book = open();
        let what = format!("{}: {how}", path.display());
        assert_eq!(figures(&book), expected, "{what}");
        let name = path.file_name().unwrap().to_str().unwrap();
        let packs = book.packs().map(drop);
        for told in [
            packs,
            book.sign_in().map(drop),
            book.charter_texts().map(drop),
        ] {
            let Err(refusal) = told else {
                read += 1;
                continue;
            };
            assert!(refusal.code.starts_with('E'), "{what}: {refusal}");
            // A source that does not name its SELECTs any more is told by their names.
            let told = refusal.to_string();
            let is_named = told.contains(name) || told.contains("sources/crm/");
            assert!(is_named, "{what}: {refusal}");
            refused += 1;
        }
        let whole = files.iter().find(|(file, _)| *file == path).unwrap();
        fs::write(&path, &whole.1).unwrap();
    }
    println!("{refused} refused, {read} read");
    assert!(refused > 20 && read > 20, "{refused} refused, {read} read");
}

#[test]
fn a_book_that_was_put_back_does_not_believe_what_was_kept_since() {
    let world = World::new();
    world.import("leads-1.csv", &leads(0..200, "qualified"));
    let before = world.dir.path().join("before");
    copy(Path::new(&world.book), &before);
    world.import("leads-2.csv", &leads(200..230, "qualified"));
    world.answers();
    let kept = world.dir.path().join("kept");
    copy(&world.kept(), &kept);
    let put_kept_back = || {
        let _ = fs::remove_dir_all(world.kept());
        copy(&kept, &world.kept());
    };
    // The copy comes back, beside what was derived after it was made.
    fs::remove_dir_all(&world.book).unwrap();
    copy(&before, Path::new(&world.book));
    put_kept_back();
    world.check("put back");
    world.import("leads-3.csv", &leads(300..310, "new"));
    world.import("leads-4.csv", &leads(310..320, "new"));
    put_kept_back();
    world.check("put back and gone on");
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(fs::copy(entry.path(), target).unwrap()),
        }
    }
}
