//! What does not hold is found after a commit and by `verify`, stands beside every answer that
//! rests on it, stops nothing, and is gone once it holds again.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use handfast_model::Instant;
use handfast_service::ask::ask;
use handfast_service::book::Book;
use handfast_service::resolve::Typed;
use handfast_service::verify::verify;
use handfast_testkit::random::Chance;
use serde_json::Value;
use support::{leads, refused, root, run};

struct World {
    dir: tempfile::TempDir,
    book: String,
}

impl World {
    fn empty() -> World {
        let dir = tempfile::tempdir().unwrap();
        let book = dir.path().join("book").display().to_string();
        let example = root().join("crates/cli/tests/fixtures/acme");
        run(&["init", &book, "--from", &example.display().to_string()]);
        World { dir, book }
    }

    fn new() -> World {
        let world = World::empty();
        world.import("leads_1.csv", &leads(0..80), "");
        // The first answer derives everything, the second one is looked at and kept.
        world.ask(&[]);
        world.ask(&[]);
        assert!(run(&["verify", &world.book]).contains("nothing wrong"));
        world
    }

    /// Imports while something is planted in what is derived.
    fn import(&self, name: &str, text: &str, planted: &str) -> Output {
        self.import_with((name, text), &[], &[("HANDFAST_PLANT", planted)])
    }

    fn import_with(
        &self,
        (name, text): (&str, &str),
        more: &[&str],
        said: &[(&str, &str)],
    ) -> Output {
        let path = self.dir.path().join(name);
        fs::write(&path, text).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_handfast"))
            .args(["import", &self.book, &path.display().to_string()])
            .args(more)
            .envs(said.iter().copied())
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        output
    }

    /// What a funnel prints while a stay is planted that ends before it began.
    fn asked_with_a_plant(&self) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_handfast"))
            .args(["ask", "funnel", "--book", &self.book])
            .env("HANDFAST_PLANT", "I3")
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Does something to the book while something is planted in what is derived; gives what it
    /// tells beside its result.
    fn told(&self, words: &[&str], more: &[&str], planted: &str) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_handfast"))
            .args(words)
            .arg(&self.book)
            .args(more)
            .env("HANDFAST_PLANT", planted)
            .output()
            .unwrap();
        assert!(output.status.success(), "{words:?}: {output:?}");
        String::from_utf8(output.stderr).unwrap()
    }

    fn ask(&self, more: &[&str]) -> Value {
        let mut args = vec![
            "ask", "funnel", "--view", "flow", "--json", "--book", &self.book,
        ];
        args.extend(more);
        serde_json::from_str(&run(&args)).unwrap()
    }

    fn is_marked(&self, more: &[&str]) -> bool {
        let answer = self.ask(more);
        let issues = answer["issues"].as_array().unwrap();
        let code = issues.first().is_some_and(|issue| issue["code"] == "W0115");
        let note = answer["notes"][0]
            .as_str()
            .unwrap_or_default()
            .starts_with("not verified: ");
        assert_eq!(code, note, "{answer}");
        code
    }

    fn beside(&self, name: &str) -> PathBuf {
        Path::new(&self.book).join("data").join(name)
    }

    fn holds_again(&self) {
        let verified = run(&["verify", &self.book]);
        assert!(
            verified.contains("answers are verified again\nverified: nothing wrong"),
            "{verified}"
        );
        assert!(!self.is_marked(&[]));
    }
}

#[cfg(debug_assertions)]
#[test]
fn what_a_commit_breaks_is_found_at_once_and_stands_beside_every_answer_until_it_holds() {
    let world = World::new();
    let seq = world.ask(&[])["lineage"]["seq"]
        .as_u64()
        .unwrap()
        .to_string();
    let output = world.import("leads_2.csv", &leads(80..90), "I3");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("NOT VERIFIED: I3 "), "{told}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("10 rows = 10 mapped"));
    assert!(world.is_marked(&[]));
    assert!(world.is_marked(&["--records", "entered"]));
    // What was known before rests on nothing of it.
    assert!(!world.is_marked(&["--as-of", &seq]));
    let table = run(&["ask", "funnel", "--view", "flow", "--book", &world.book]);
    assert!(table.starts_with("NOT VERIFIED: "), "{table}");
    assert!(table.contains("W0115"), "{table}");
    let csv = support::handfast(&["ask", "funnel", "--csv", "--book", &world.book]);
    assert!(String::from_utf8_lossy(&csv.stderr).contains("NOT VERIFIED: "));
    // It stops nothing.
    world.import("leads_3.csv", &leads(90..95), "");
    assert!(world.is_marked(&[]));
    let found = refused(&["verify", &world.book]);
    assert!(found.contains("  I7 "), "{found}");
    assert!(world.is_marked(&[]));
    fs::remove_dir_all(world.beside("derived")).unwrap();
    assert!(world.is_marked(&[]), "only verify says that it holds again");
    world.holds_again();
}

#[cfg(debug_assertions)]
#[test]
fn what_taking_back_or_peoples_word_breaks_is_found_at_once() {
    let world = World::new();
    // These leads are known, and come with another source.
    let again = leads(70..80).replace(",web,", ",event,");
    world.import("leads_2.csv", &again, "");
    let because = ["L1", "L2", "--because", "one of them moved"];
    for (words, more) in [
        (&["import", "undo"][..], &[] as &[&str]),
        (&["identity", "join"][..], &because[..]),
        (&["identity", "separate"][..], &because[..]),
        (
            &["identity", "undo"][..],
            &["NUMBER", "--because", "not so"][..],
        ),
    ] {
        world.ask(&[]);
        let list = run(&["identity", "list", &world.book]);
        let last = list.lines().rfind(|line| !line.starts_with(' ')).unwrap();
        let number = last.split(' ').next().unwrap();
        let more = more.iter();
        let more = more.map(|word| if *word == "NUMBER" { number } else { word });
        let told = world.told(words, &more.collect::<Vec<_>>(), "I3");
        assert!(told.contains("NOT VERIFIED: I3 "), "{words:?}: {told}");
        assert!(told.contains("what was written is there"), "{told}");
        assert!(world.is_marked(&[]), "{words:?}");
        fs::remove_dir_all(world.beside("derived")).unwrap();
        world.holds_again();
    }
}

#[cfg(unix)]
#[test]
fn whatever_is_written_a_file_that_lies_elsewhere_is_told_at_once() {
    let world = World::new();
    let away = world.dir.path().join("away");
    let keys = world.beside("keys");
    fs::rename(&keys, &away).unwrap();
    std::os::unix::fs::symlink(&away, &keys).unwrap();
    let stages = Path::new(&world.book).join("charter/stages.toml");
    let text = fs::read_to_string(&stages).unwrap();
    fs::write(&stages, text.replace("Worth a call.", "Worth two.")).unwrap();
    let more = world.dir.path().join("leads_2.csv");
    fs::write(&more, leads(80..82)).unwrap();
    let file = more.display().to_string();
    for (words, more) in [
        (&["charter", "publish"][..], &[] as &[&str]),
        (&["import"][..], &[file.as_str()][..]),
        (
            &["identity", "join"][..],
            &["L1", "L2", "--because", "one"][..],
        ),
        (&["import", "undo"][..], &[][..]),
        (&["forget"][..], &["L3", "--yes"][..]),
        (&["compact"][..], &[][..]),
    ] {
        let told = world.told(words, more, "");
        assert!(told.contains("NOT VERIFIED: I13 "), "{words:?}: {told}");
        assert!(told.contains("it leads out of the book"), "{told}");
        assert!(world.is_marked(&[]), "{words:?}");
        fs::remove_dir_all(world.beside("unverified")).unwrap();
    }
    fs::remove_file(&keys).unwrap();
    fs::rename(&away, &keys).unwrap();
    let told = world.told(&["compact"], &[], "");
    assert!(!told.contains("NOT VERIFIED"), "{told}");
    assert!(run(&["verify", &world.book]).contains("nothing wrong"));
}

#[cfg(debug_assertions)]
#[test]
fn what_is_kept_and_is_not_what_deriving_gives_is_found_by_verify() {
    let world = World::new();
    let output = world.import("leads_2.csv", &leads(80..90), "I7");
    assert!(
        !String::from_utf8_lossy(&output.stderr).contains("NOT VERIFIED"),
        "{output:?}"
    );
    let before = run(&[
        "ask",
        "funnel",
        "--view",
        "flow",
        "--by",
        "rep",
        "--book",
        &world.book,
    ]);
    assert!(before.contains("planted"), "{before}");
    let found = refused(&["verify", &world.book]);
    assert!(found.contains("I7 pursuit opened by fact "), "{found}");
    // The answer that was given then is not what was known then.
    let told = found.lines().find(|line| line.contains("  I6 ")).unwrap();
    let name = told
        .split("data/answered/")
        .nth(1)
        .and_then(|rest| rest.split(':').next());
    assert!(world.is_marked(&[]));
    fs::remove_dir_all(world.beside("derived")).unwrap();
    let found = refused(&["verify", &world.book]);
    assert!(
        found.contains("  I6 ") && !found.contains("  I7 "),
        "{found}"
    );
    fs::remove_file(world.beside("answered").join(name.unwrap())).unwrap();
    world.holds_again();
}

#[cfg(debug_assertions)]
#[test]
fn what_a_first_answer_derives_whole_is_looked_at_before_it() {
    let world = World::new();
    fs::remove_dir_all(world.beside("derived")).unwrap();
    let told = world.asked_with_a_plant();
    assert!(told.starts_with("NOT VERIFIED: "), "{told}");
    assert!(world.is_marked(&[]));
}

#[cfg(debug_assertions)]
/// Limits by the names of their variables.
type Limits<'a> = &'a [(&'a str, &'a str)];

#[test]
fn what_a_commit_does_not_look_at_is_said_and_the_next_question_looks() {
    let empty = World::empty();
    let told = |output: &Output| String::from_utf8_lossy(&output.stdout).into_owned();
    let left =
        |why: &str| format!("not looked at yet: {why}; the next question looks before it answers");
    let first = empty.import_with(("leads_1.csv", &leads(0..8)), &["--json"], &[]);
    let first: Value = serde_json::from_str(&told(&first)).unwrap();
    assert_eq!(first["not_looked_at"], left("nothing is derived yet"));

    let again = leads(70..80).replace(",web,", ",event,");
    let (some, many) = (again.as_str(), leads(80..400));
    let (large, much) = (
        "the book is larger than a commit looks through",
        "it touched more than a commit derives again",
    );
    let cases: [(&str, Limits<'_>, &str); 3] = [
        (some, &[("HANDFAST_LOOKED_AT_FACTS", "10")], large),
        (
            some,
            &[
                ("HANDFAST_TOUCHED_BYTES", "10"),
                ("HANDFAST_READ_FACTS", "10"),
            ],
            much,
        ),
        (&many, &[], much),
    ];
    for (text, limits, why) in cases {
        let world = World::new();
        let output = world.import_with(("leads_2.csv", text), &[], limits);
        let line = format!("  {}\n", left(why));
        assert!(told(&output).ends_with(&line), "{why}: {output:?}");
        let beside = String::from_utf8_lossy(&output.stderr);
        assert!(!beside.contains("NOT VERIFIED"), "{output:?}");
        let answer = world.asked_with_a_plant();
        assert!(answer.starts_with("NOT VERIFIED: "), "{why}: {answer}");
        fs::remove_dir_all(world.beside("derived")).unwrap();
        world.holds_again();
        // What a commit looks at, its report has no line for.
        world.ask(&[]);
        let output = world.import_with(("leads_3.csv", &leads(400..402)), &[], &[]);
        assert!(!told(&output).contains("looked at"), "{output:?}");
        let json = world.import_with(("leads_4.csv", &leads(402..404)), &["--json"], &[]);
        let json: Value = serde_json::from_str(&told(&json)).unwrap();
        assert_eq!(json["not_looked_at"], Value::Null);
    }
}

#[cfg(debug_assertions)]
#[test]
fn a_book_too_large_to_be_cut_anew_after_a_commit_is_looked_at_by_its_index() {
    let world = World::new();
    // As little as any book: nothing may be read but what the index names.
    let read = [("HANDFAST_READ_FACTS", "0")];
    let mut found = 0;
    for number in 0..12 {
        let text = leads(80 + number..81 + number);
        let name = format!("leads_{number}.csv");
        let planted = [
            read[0],
            ("HANDFAST_PLANT", if number == 11 { "I3" } else { "" }),
        ];
        let output = world.import_with((&name, &text), &[], &planted);
        assert!(
            !String::from_utf8_lossy(&output.stdout).contains("looked at"),
            "{output:?}"
        );
        found += usize::from(String::from_utf8_lossy(&output.stderr).contains("NOT VERIFIED: I3"));
    }
    // Beyond some overlays nothing more is kept by commits, and each still looks at all that came.
    assert_eq!(found, 1);
    fs::remove_dir_all(world.beside("derived")).unwrap();
    world.holds_again();
}

#[cfg(debug_assertions)]
#[test]
fn what_a_question_derives_is_looked_at_before_it_answers() {
    let world = World::new();
    // What is kept is of before the import, as where a commit did not look.
    let aside = world.dir.path().join("aside");
    fs::rename(world.beside("derived"), &aside).unwrap();
    world.import("leads_2.csv", &leads(80..90), "");
    fs::rename(&aside, world.beside("derived")).unwrap();
    let told = world.asked_with_a_plant();
    assert!(told.starts_with("NOT VERIFIED: "), "{told}");
    assert!(world.is_marked(&[]));
}

#[test]
fn an_answer_that_is_another_now_is_found() {
    let world = World::new();
    run(&[
        "ask",
        "metric",
        "leads_created",
        "--by",
        "month",
        "--book",
        &world.book,
    ]);
    let kept = fs::read_dir(world.beside("answered")).unwrap();
    let kept: Vec<PathBuf> = kept.map(|file| file.unwrap().path()).collect();
    assert_eq!(kept.len(), 2);
    let verified = run(&["verify", &world.book]);
    // Of each invariant it says what it looked at.
    assert!(
        !verified
            .lines()
            .any(|line| line.trim_end().ends_with("holds:"))
    );
    assert!(
        verified.contains("I6   as-of       holds: 2 answers as of 1 commits"),
        "{verified}"
    );
    for (line, what) in [
        (3, "its figures are not those that were given before"),
        (1, "the commit it was asked as of is another one now"),
    ] {
        let text = fs::read_to_string(&kept[0]).unwrap();
        let mut lines: Vec<&str> = text.lines().collect();
        lines[line] = "0000";
        let other = kept_instead(&kept[0], &(lines.join("\n") + "\n"));
        let found = refused(&["verify", &world.book]);
        assert!(found.contains(what), "{found}");
        assert!(world.is_marked(&[]));
        assert_eq!(kept_instead(&other, &text), kept[0]);
        world.holds_again();
    }
    // Other kernels may count otherwise: that is no breach.
    let text = fs::read_to_string(&kept[0]).unwrap();
    kept_instead(&kept[0], &text.replace("journey ", "journey 9"));
    let verified = run(&["verify", &world.book]);
    assert!(
        verified.contains("1 of other kernels are not compared"),
        "{verified}"
    );
}

/// Keeps another text in place of one, under the name that it would have got.
fn kept_instead(path: &Path, text: &str) -> PathBuf {
    fs::remove_file(path).unwrap();
    let hash = handfast_ledger::text_hash(text);
    let path = path.with_file_name(format!("{}.txt", &hash[..24]));
    fs::write(&path, text).unwrap();
    path
}

/// A text in which one bit is another, for each of so many of its bytes, and texts that end early.
fn damaged(whole: &[u8], stride: usize) -> Vec<Vec<u8>> {
    let mut chance = Chance::new(whole.len() as u64);
    let mut all = Vec::new();
    for at in (0..whole.len()).step_by(stride) {
        let mut flipped = whole.to_vec();
        flipped[at] ^= 1 << chance.below(8);
        all.extend([flipped, whole[..at].to_vec()]);
    }
    all
}

#[test]
fn what_was_answered_is_found_wherever_it_is_damaged_and_no_figure_is_another() {
    let world = World::new();
    let figures = world.ask(&[])["rows"].clone();
    let kept = fs::read_dir(world.beside("answered")).unwrap();
    let kept = kept.map(|file| file.unwrap().path()).next().unwrap();
    let name = kept.file_name().unwrap().to_str().unwrap();
    let whole = fs::read(&kept).unwrap();
    for text in damaged(&whole, 5) {
        fs::write(&kept, &text).unwrap();
        let report = verify(&Book::read(Path::new(&world.book), Instant(i64::MIN)).unwrap());
        let told = report.findings.iter().map(|one| one.at.as_str());
        let told: Vec<&str> = told.collect();
        let text = String::from_utf8_lossy(&text);
        assert_eq!(told, [format!("data/answered/{name}")], "{text}");
    }
    let damaged = fs::read(&kept).unwrap();
    assert!(world.is_marked(&["--by", "channel"]));
    assert_eq!(fs::read(&kept).unwrap(), damaged, "it is left to be found");
    // The same question again gives the same figures; what is not verified is not kept.
    assert_eq!(world.ask(&[])["rows"], figures);
    assert_eq!(fs::read(&kept).unwrap(), damaged);
    fs::remove_file(&kept).unwrap();
    world.holds_again();
    assert_eq!(world.ask(&[])["rows"], figures);
    assert_eq!(fs::read(&kept).unwrap(), whole);
}

#[test]
fn a_warning_warns_wherever_it_is_damaged() {
    let world = World::new();
    let book = Book::read(Path::new(&world.book), Instant(i64::MIN)).unwrap();
    let seq = world.ask(&[])["lineage"]["seq"].as_u64().unwrap();
    let notes = book.ledger.unverified();
    notes
        .keep(&format!("I3\t{seq}\tplace\twhat does not hold\n"))
        .unwrap();
    let kept = world.beside("unverified").join(&notes.all()[0].0);
    let whole = fs::read(&kept).unwrap();
    let is_marked = |as_of: Option<String>| {
        let typed = Typed {
            kind: "velocity".to_owned(),
            as_of,
            ..Typed::default()
        };
        let answer = ask(&book, &typed, None).unwrap().answer;
        answer
            .issues
            .first()
            .is_some_and(|issue| issue.code == "W0115")
    };
    // What was known before rests on nothing of it, as long as it can be read.
    let before = Some((seq - 1).to_string());
    assert!(is_marked(None) && !is_marked(before.clone()));
    for text in damaged(&whole, 1) {
        fs::write(&kept, &text).unwrap();
        let text = String::from_utf8_lossy(&text);
        assert!(is_marked(None) && is_marked(before.clone()), "{text}");
    }
    world.holds_again();
}

#[test]
fn a_note_that_cannot_be_read_holds_for_every_answer() {
    let world = World::new();
    fs::create_dir_all(world.beside("unverified")).unwrap();
    fs::write(world.beside("unverified/odd.txt"), "I3 and so on").unwrap();
    assert!(world.is_marked(&[]));
    assert!(world.is_marked(&["--as-of", "1"]));
    world.holds_again();
}

#[test]
fn answers_are_kept_of_few_moments_and_of_the_first() {
    let world = World::new();
    let first = world.ask(&[])["lineage"]["seq"].as_u64().unwrap();
    for number in 0..9 {
        let name = format!("leads_{number}0.csv");
        world.import(&name, &leads(100 + number..101 + number), "");
        world.ask(&[]);
    }
    let files = fs::read_dir(world.beside("answered")).unwrap();
    let read = |file: fs::DirEntry| fs::read_to_string(file.path()).unwrap();
    let seq = |text: String| text.lines().next().unwrap().parse::<u64>().unwrap();
    let mut moments: Vec<u64> = files.map(|file| seq(read(file.unwrap()))).collect();
    moments.sort_unstable();
    assert_eq!(moments.len(), 8);
    assert_eq!(moments[0], first);
    let last = world.ask(&[])["lineage"]["seq"].as_u64().unwrap();
    assert_eq!(moments[7], last);
    assert!(run(&["verify", &world.book]).contains("8 answers as of 8 commits"));
}
