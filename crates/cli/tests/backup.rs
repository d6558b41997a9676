//! Backups on the real binary: taken while imports run, restored, and asked the same questions.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use handfast_accounts::{Accounts, Call, FirstOwner, Secret};
use handfast_demo::{Company, SEED, company};
use serde_json::{Value, json};
use support::{ask, handfast, refused, root, run};

const FUNNEL: [&str; 5] = ["funnel", "--view", "cohort", "--by", "month,channel"];

/// Some leads as CSV.
fn leads(from: usize, count: usize) -> String {
    let mut text = String::from("id,name,email,phone,source,score,created,status,changed\n");
    for i in from..from + count {
        let created = format!("2024-{:02}-{:02}", i % 12 + 1, i % 28 + 1);
        let source = ["web", "event", "mail"][i % 3];
        text.push_str(&format!(
            "L{i},Name {i},p{i}@x.example,,{source},{},{created},qualified,{created}\n",
            i % 100
        ));
    }
    text
}

fn path(folder: &Path, name: &str) -> String {
    folder.join(name).display().to_string()
}

#[test]
fn whoever_signs_in_to_a_book_signs_in_to_its_restored_backup() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| path(dir.path(), name);
    let (book, to, keys, again) = (at("book"), at("to"), at("keys"), at("again"));
    let acme = root().join("crates/cli/tests/fixtures/acme");
    run(&["init", &book, "--from", &acme.display().to_string()]);
    let now = handfast_model::Instant(1_800_000_000_000_000);
    let call = Call::console(now);
    let people = |book: &str| Accounts::open(&Path::new(book).join("data/people.db"), now).unwrap();
    let accounts = people(&book);
    let token = accounts.set_up_token(&call).unwrap().unwrap();
    let first = FirstOwner {
        token: &token,
        name: "Ada Kern",
        email: "ada@example.org",
        password: &Secret::new("plum lantern gravel mist"),
        device: "",
        before: None,
    };
    let owner = accounts.set_up(&call, &first).unwrap();
    run(&["backup", &book, &to, "--keys", &keys]);
    run(&["restore", &to, &again, "--keys", &keys]);
    let who = people(&again).who(&owner.secret, &call).unwrap();
    assert_eq!(who, owner.actor);
    assert!(run(&["verify", &again]).contains("nothing wrong"));
}

/// An archive and a checkout forget that nobody else was to read a key; the book that is made of
/// them keeps it to its owner.
#[test]
fn keys_that_others_could_read_become_private_in_a_restored_book() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| path(dir.path(), name);
    let (book, to, keys, again) = (at("book"), at("to"), at("keys"), at("again"));
    let acme = root().join("crates/cli/tests/fixtures/acme");
    run(&["init", &book, "--from", &acme.display().to_string()]);
    run(&["backup", &book, &to, "--keys", &keys]);
    let each = |keys: &Path| -> Vec<_> {
        let files = std::fs::read_dir(keys).unwrap();
        files.map(|file| file.unwrap().path()).collect()
    };
    for key in each(Path::new(&keys)) {
        std::fs::set_permissions(key, std::fs::Permissions::from_mode(0o644)).unwrap();
    }
    run(&["restore", &to, &again, "--keys", &keys]);
    let restored = each(&Path::new(&again).join("data/keys"));
    assert_eq!(restored.len(), 2, "{restored:?}");
    for key in restored {
        let mode = std::fs::metadata(&key).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", key.display());
    }
}

#[test]
fn a_backup_taken_during_imports_comes_back_with_the_same_answers() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| path(dir.path(), name);
    let book = at("book");
    let acme = root().join("crates/cli/tests/fixtures/acme");
    run(&["init", &book, "--from", &acme.display().to_string()]);
    let file = |round: usize| {
        let file = at(&format!("leads{round}.csv"));
        std::fs::write(&file, leads(round * 1_000, 900)).unwrap();
        file
    };
    run(&["import", &book, &file(0)]);
    let files: Vec<String> = (1..12).map(file).collect();
    let mut importer = Command::new(env!("CARGO_BIN_EXE_handfast"))
        .args(["import", &book])
        .args(&files)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut taken = Vec::new();
    while importer.try_wait().unwrap().is_none() || taken.len() < 2 {
        let (to, keys) = (
            at(&format!("b{}", taken.len())),
            at(&format!("k{}", taken.len())),
        );
        // Some are killed half-way: they leave no folder of that name.
        let mut killed = Command::new(env!("CARGO_BIN_EXE_handfast"))
            .args(["backup", &book, &to, "--keys", &keys])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(7 * taken.len() as u64));
        let _ = killed.kill();
        if !killed.wait().unwrap().success() && !Path::new(&to).exists() {
            // Its keys may have got their name; without the copy they are of no use.
            let _ = std::fs::remove_dir_all(&keys);
            run(&["backup", &book, &to, "--keys", &keys]);
        }
        if taken.is_empty() {
            // Whoever needs a copy may not wait until the importing is over.
            run(&["restore", &to, &at("early"), "--keys", &keys]);
        }
        taken.push((to, keys));
    }
    assert!(importer.wait().unwrap().success());
    let seq = |book: &str| ask(book, &FUNNEL).0["lineage"]["seq"].as_u64().unwrap();
    let (early, all) = (seq(&at("early")), seq(&book));
    assert!(early < all, "taken while imports ran: {early} of {all}");
    let person = "L3";
    run(&["forget", &book, "--namespace", "crm", person, "--yes"]);
    for (number, (to, keys)) in taken.iter().enumerate() {
        assert!(
            !Path::new(to).join("data/keys").exists(),
            "the keys lie apart"
        );
        let again = at(&format!("again{number}"));
        run(&[
            "restore",
            to,
            &again,
            "--keys",
            keys,
            "--forgotten-in",
            &book,
        ]);
        assert!(run(&["verify", &again]).contains("nothing wrong"));
        assert!(run(&["verify", &again]).contains("1 forgotten people"));
        // The erasure is its newest commit; the one before is the backup's.
        let seq = seq(&again) - 1;
        let then = seq.to_string();
        let words = [&FUNNEL[..], &["--as-of", &then]].concat();
        let answers = [&again, &book].map(|book| ask(book, &words).0["answer"].clone());
        assert_eq!(answers[0], answers[1], "backup {number} of commit {seq}");
    }
    let (to, keys) = &taken[0];
    assert!(refused(&["restore", to, &book, "--keys", keys]).contains("E0256"));
    let inside = path(Path::new(to), "keys");
    assert!(
        refused(&[
            "backup",
            &book,
            &at("new"),
            "--keys",
            &path(dir.path(), "new/keys")
        ])
        .contains("E0256")
    );
    assert!(refused(&["restore", to, &at("none"), "--keys", &inside]).contains("E0254"));
    assert_eq!(handfast(&["verify", &at("none")]).status.code(), Some(1));
}

/// What is asked of a kept book.
const KEPT: [&[&str]; 10] = [
    &["funnel", "--view", "flow", "--by", "quarter"],
    &["funnel", "--view", "cohort", "--by", "month,channel"],
    &[
        "funnel", "--view", "snapshot", "--by", "rep", "--unit", "account",
    ],
    &["funnel", "--view", "flow", "--as-of", "3"],
    &["velocity", "--by", "person.region"],
    &["times"],
    &["metric", "revenue", "--by", "quarter"],
    &["metric", "spend", "--by", "month"],
    &[
        "credit",
        "--by",
        "channel",
        "--models",
        "first,linear,decay",
    ],
    &["response"],
];

fn kept_books() -> PathBuf {
    root().join("crates/cli/tests/fixtures/books")
}

/// One book for each format that was released, made by the program that was released with it, with
/// what it answered: `KEEP_BOOK=format-3 cargo test --workspace --test backup kept` makes one by the
/// present program. None is ever made anew.
#[test]
fn books_that_were_kept_give_the_answers_of_their_time() {
    if let Some(name) = std::env::var_os("KEEP_BOOK") {
        keep(&kept_books().join(name));
    }
    let format = handfast_ledger::FORMAT;
    let mut sets: Vec<PathBuf> = fs::read_dir(kept_books())
        .unwrap()
        .map(|set| set.unwrap().path())
        .collect();
    sets.sort();
    let newest = kept_books().join(format!("format-{format}"));
    assert!(
        sets.contains(&newest),
        "no book of format {format} is kept: CONTRIBUTING says how"
    );
    for set in sets {
        let dir = tempfile::tempdir().unwrap();
        let (set_at, book) = (|name: &str| path(&set, name), path(dir.path(), "book"));
        run(&[
            "restore",
            &set_at("backup"),
            &book,
            "--keys",
            &set_at("keys"),
        ]);
        let text = fs::read_to_string(set_at("answers.json")).unwrap();
        let answers: Vec<Value> = serde_json::from_str(&text).unwrap();
        assert_eq!(answers.len(), KEPT.len());
        same(&book, &answers, "read");
        assert!(run(&["verify", &book]).contains("nothing wrong"), "{set:?}");
        // Whoever writes to it raises it, and what comes in counts from then on.
        let last = answers
            .iter()
            .map(|kept| kept["reply"]["lineage"]["seq"].as_u64());
        let last = last.max().unwrap().unwrap().to_string();
        let told = run(&["import", &book, &set_at("crm_opportunities_late.csv")]);
        assert!(
            told.contains("facts") && !told.contains("= 0 mapped"),
            "{told}"
        );
        run(&["compact", &book]);
        let of_then: Vec<Value> = answers.into_iter().map(|kept| as_of(kept, &last)).collect();
        same(&book, &of_then, "raised");
        assert!(run(&["verify", &book]).contains("nothing wrong"), "{set:?}");
    }
}

/// The same question as of the last commit that the kept book had.
fn as_of(mut kept: Value, seq: &str) -> Value {
    let words = kept["asked"].as_array_mut().unwrap();
    if !words.contains(&json!("--as-of")) {
        words.extend(["--as-of", seq].map(Value::from));
    }
    kept
}

/// Asks again what was asked. Another figure is told by another way of counting, and that by its
/// version.
fn same(book: &str, answers: &[Value], when: &str) {
    let figures = |reply: &Value| {
        let answer = &reply["answer"];
        let columns = answer["columns"].as_array().unwrap();
        let ids: Vec<Value> = columns.iter().map(|column| column["id"].clone()).collect();
        assert!(!ids.is_empty());
        json!([ids, answer["rows"], answer["totals"]])
    };
    let mut rows = 0;
    for kept in answers {
        let asked = kept["asked"].as_array().unwrap();
        let words: Vec<&str> = asked.iter().map(|word| word.as_str().unwrap()).collect();
        let now = ask(book, &words).0;
        rows += now["answer"]["rows"].as_array().unwrap().len();
        if figures(&now) == figures(&kept["reply"]) {
            continue;
        }
        let kernels = |reply: &Value| reply["lineage"]["kernels"].as_object().unwrap().clone();
        let (then, since) = (kernels(&kept["reply"]), kernels(&now));
        let raised = then
            .iter()
            .filter(|(name, version)| since.get(*name) != Some(*version));
        let raised: Vec<String> = raised
            .map(|(name, version)| format!("{name} {version} gave it, now {:?}", since.get(name)))
            .collect();
        println!("{when}: {words:?}: {}", raised.join("; "));
        assert!(
            !raised.is_empty(),
            "{when}: {words:?} by the same kernels:\n{}\n{}",
            figures(&kept["reply"]),
            figures(&now)
        );
    }
    assert!(rows > 40, "{rows} rows are compared");
}

/// The first months of the demo's company: few enough to be kept.
fn early() -> Company {
    let mut company = company(SEED);
    let (leads, deals) = (48, 16);
    company.accounts.truncate(60);
    company.leads.truncate(leads);
    company.lead_changes.retain(|change| change.lead < leads);
    company.deals.truncate(deals);
    company.touches.retain(|touch| touch.lead < leads);
    let of_them = |of: Option<usize>, most: usize| of.is_none_or(|at| at < most);
    company
        .activities
        .retain(|act| of_them(act.lead, leads) && of_them(act.deal, deals));
    company.activities.truncate(90);
    company.spend.truncate(24);
    company.rates.truncate(90);
    company
}

/// Keeps a book, what it answers, and rows that come later.
fn keep(to: &Path) {
    assert!(!to.exists(), "{} is kept already", to.display());
    fs::create_dir_all(to).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let book = path(dir.path(), "book");
    let example = root().join("examples/demo").display().to_string();
    run(&["init", &book, "--from", &example]);
    let exports = early().exports();
    for file in exports.iter().filter(|file| !file.is_late()) {
        let export = dir.path().join(&file.name);
        fs::write(&export, file.bytes()).unwrap();
        run(&["import", &book, &export.display().to_string()]);
    }
    // One word about who is who, and somebody who is forgotten.
    let leads = early().leads;
    let (one, other, gone) = (&leads[3].id, &leads[4].id, &leads[7].id);
    let because = "they share a desk";
    run(&["identity", "join", &book, one, other, "--because", because]);
    run(&["forget", &book, gone, "--yes"]);
    let all = KEPT
        .iter()
        .map(|words| json!({"asked": words, "reply": ask(&book, words).0}));
    let all: Vec<String> = all.map(|one| one.to_string()).collect();
    fs::write(
        to.join("answers.json"),
        format!("[\n{}\n]\n", all.join(",\n")),
    )
    .unwrap();
    let late = company(SEED).exports();
    let late = late
        .iter()
        .find(|file| file.name.contains("late/crm_opportunities_q3"));
    let text = &late.unwrap().text;
    let first: Vec<&str> = text.lines().take(8).collect();
    let name = to.join("crm_opportunities_late.csv");
    fs::write(name, format!("{}\n", first.join("\n"))).unwrap();
    let (backup, keys) = (path(to, "backup"), path(to, "keys"));
    run(&["backup", &book, &backup, "--keys", &keys]);
}
