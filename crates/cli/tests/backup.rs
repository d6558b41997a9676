//! Backups on the real binary: taken while imports run, restored, and asked the same questions.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use handfast_accounts::{Accounts, Call, FirstOwner, Secret};
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
