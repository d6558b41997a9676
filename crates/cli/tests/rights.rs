//! A person's rights on the real binary: one command gives everything about them and nothing of
//! others, one erases them under all their keys, and no later file, undo or old copy of the data
//! brings them back.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use support::{ask, handfast, refused, root, run};

/// A second source, whose orders name two people each.
const SHOP: [(&str, &str); 2] = [
    (
        "source.toml",
        "source = \"shop\"\nzone = \"UTC\"\nobserved_until = \"2024-12-31\"\n\n[[stream]]\n\
         name = \"orders\"\nfiles = [\"orders*.csv\"]\nkey = [\"order\"]\nsafe = [\"order\", \
         \"day\"]\npeople = [\n  { column = \"customer\", email = \"email\", seals = [\"email\", \
         \"name\"] },\n  { column = \"referrer\", seals = [\"referrer_name\"] },\n]\n\n[[map]]\n\
         stream = \"orders\"\nkind = \"person\"\nfile = \"orders.person.sql\"\n",
    ),
    (
        "orders.person.sql",
        "SELECT _record, required(as_date(day, '%Y-%m-%d')) AS happened, customer AS person, \
         email\nFROM orders\n",
    ),
];

const LEADS: &str = "id,name,email,phone,source,score,created,status,changed
L1,Canary Ann,ann@canary.example,+49 111 1,web,70,2024-01-08,qualified,2024-01-10
L2,Other Bob,bob@other.example,+49 222 2,event,20,2024-02-05,new,2024-02-05
L3,Canary Annie,ann@canary.example,+49 111 3,web,10,soon,new,2024-03-05
";

const ORDERS: &str = "order,customer,email,name,referrer,referrer_name,day
O1,C1,Ann@Canary.example,Canary A.,C2,Other Robert,2024-03-01
O2,C2,rob@other.example,Other Robert,C1,Canary A. Referred,2024-03-02
";

/// Texts of the one person and of the others.
const HERS: [&str; 7] = [
    "Canary Ann",
    "ann@canary.example",
    "Ann@Canary.example",
    "+49 111 1",
    "Canary A.",
    "Canary A. Referred",
    "Canary Annie",
];
const OTHERS: [&str; 5] = [
    "Other Bob",
    "bob@other.example",
    "+49 222 2",
    "Other Robert",
    "rob@other.example",
];

struct World {
    dir: tempfile::TempDir,
    book: String,
}

impl World {
    fn new() -> World {
        let dir = tempfile::tempdir().unwrap();
        let book = dir.path().join("book").display().to_string();
        let acme = root().join("crates/cli/tests/fixtures/acme");
        run(&["init", &book, "--from", &acme.display().to_string()]);
        let shop = Path::new(&book).join("sources/shop");
        fs::create_dir(&shop).unwrap();
        for (name, text) in SHOP {
            fs::write(shop.join(name), text).unwrap();
        }
        let world = World { dir, book };
        world.import("leads.csv", LEADS);
        world.import("orders.csv", ORDERS);
        world
    }

    fn import(&self, name: &str, text: &str) -> Value {
        let path = self.dir.path().join(name);
        fs::write(&path, text).unwrap();
        let path = path.display().to_string();
        serde_json::from_str(&run(&["import", &self.book, "--json", &path])).unwrap()
    }

    /// Everything about a person: the folder's texts as one, and `person.json`.
    fn export(&self, key: &str, words: &[&str]) -> (String, Value) {
        let to = tempfile::tempdir().unwrap();
        let folder = to.path().join("answer").display().to_string();
        let mut args = vec!["export", &self.book, "--person", key, "--to", &folder];
        args.extend(words);
        run(&args);
        let texts = files(Path::new(&folder));
        let texts = texts.iter().map(|file| fs::read_to_string(file).unwrap());
        let json = fs::read_to_string(Path::new(&folder).join("person.json")).unwrap();
        (texts.collect(), serde_json::from_str(&json).unwrap())
    }

    /// What questions are answered.
    fn answers(&self) -> Vec<Value> {
        let questions: [&[&str]; 2] = [
            &["funnel", "--view", "cohort", "--by", "month,channel"],
            &["metric", "leads_created", "--by", "month"],
        ];
        let told = |words: &&[&str]| ask(&self.book, words).0["answer"].clone();
        questions.iter().map(told).collect()
    }

    /// Nothing personal of anybody stands in any byte of the book.
    fn is_silent(&self) {
        for file in files(Path::new(&self.book)) {
            let bytes = fs::read(&file).unwrap();
            for needle in HERS.iter().chain(&OTHERS) {
                let mut windows = bytes.windows(needle.len());
                let is_there = windows.any(|window| window == needle.as_bytes());
                assert!(!is_there, "{needle} in {}", file.display());
            }
        }
    }

    /// Under none of these keys is anything of hers left to be read; the others have all theirs.
    fn is_forgotten(&self, keys: &[&str]) {
        for key in keys {
            let (texts, json) = self.export(key, &[]);
            assert_eq!(json["is_erased"], true, "{key}: {json}");
            assert_eq!(found(&texts, &HERS), Vec::<&str>::new(), "{key}");
        }
        let (bob, _) = self.export("L2", &[]);
        assert_eq!(found(&bob, &OTHERS), OTHERS[..3]);
        let (rob, _) = self.export("C2", &[]);
        assert_eq!(found(&rob, &OTHERS), OTHERS[3..]);
        assert_eq!(found(&(bob + &rob), &HERS), Vec::<&str>::new());
        self.is_silent();
        assert!(run(&["verify", &self.book]).contains("nothing wrong"));
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found.sort();
    found
}

fn found<'a>(text: &str, needles: &[&'a str]) -> Vec<&'a str> {
    let there = needles.iter().filter(|needle| text.contains(**needle));
    there.copied().collect()
}

#[test]
fn an_export_holds_all_of_one_person_and_nothing_of_another() {
    let world = World::new();
    world.import(
        "leads_more.csv",
        &LEADS.replace("qualified,2024-01-10", "new,2024-01-11"),
    );
    for key in ["L1", "crm:L1", "C1", "ANN@canary.example"] {
        let (texts, json) = world.export(key, &[]);
        assert_eq!(found(&texts, &HERS), HERS, "{key}");
        assert_eq!(found(&texts, &OTHERS), Vec::<&str>::new(), "{key}");
        assert_eq!(
            json["identities"].as_array().unwrap().len(),
            3,
            "{key}: {json}"
        );
        // Two versions of a lead, an order of hers, an order she referred; a lead set aside.
        assert_eq!(json["counts"]["records"], 4, "{key}: {json}");
        assert_eq!(json["set_aside"][0]["columns"]["name"], "Canary Annie");
        let withheld = json["counts"]["withheld_cells_of_others"].as_u64().unwrap();
        assert_eq!(
            withheld, 5,
            "the referrer of one order, the customer of the other"
        );
        let facts = json["facts"].as_array().unwrap();
        let stale = facts.iter().filter(|fact| fact["counts"] == false);
        assert_eq!(stale.count(), 2, "replaced events: {facts:?}");
        assert!(facts.iter().all(|fact| fact["recorded_at"].is_string()));
        assert!(texts.contains(",'+49 111 1"), "neutral in CSV: {texts}");
    }
    let to = world.dir.path().join("nobody").display().to_string();
    let said = refused(&[
        "export",
        &world.book,
        "--person",
        "L77",
        "--namespace",
        "crm",
        "--to",
        &to,
    ]);
    assert!(said.starts_with("refused E0521"), "{said}");
}

#[test]
fn the_forgotten_come_back_under_no_key_and_no_count_moves() {
    let world = World::new();
    let before = world.answers();
    let foreseen = run(&["forget", &world.book, "L1", "--dry-run"]);
    assert!(
        foreseen.contains("would forget 3 person keys and bar 1"),
        "{foreseen}"
    );
    assert_eq!(
        found(&world.export("L1", &[]).0, &HERS[..1]),
        HERS[..1],
        "nothing was erased"
    );
    let said = run(&["forget", &world.book, "L1", "--yes"]);
    assert!(
        said.starts_with("forgotten: 3 person keys and 1 e-mail addresses"),
        "{said}"
    );
    assert_eq!(world.answers(), before, "totals stay to the unit");
    let keys = ["L1", "C1", "crm:L1", "ann@canary.example"];
    world.is_forgotten(&keys);
    // The same files again, a changed one, and her address under keys that nobody has met yet.
    world.import("leads.csv", LEADS);
    world.import("orders.csv", ORDERS);
    assert_eq!(world.answers(), before);
    world.import("leads_changed.csv", &LEADS.replace("web,70", "mail,71"));
    let new = "id,name,email,phone,source,score,created,status,changed
L9,Canary Ann,ANN@canary.example ,+49 111 1,web,70,2024-05-08,qualified,2024-05-10
";
    let report = world.import("leads_new.csv", new);
    assert_eq!(report["files"][0]["left_out"], 1, "{report}");
    let order = "order,customer,email,name,referrer,referrer_name,day
O9,C9,ann@canary.example,Canary A.,,,2024-06-01
";
    world.import("orders_new.csv", order);
    world.is_forgotten(&[&keys[..], &["L9", "C9"]].concat());
    // Rows of the new key that do not show the address are hers all the same.
    let later = new.replace("ANN@canary.example ", "");
    world.import("leads_later.csv", &later);
    run(&["compact", &world.book]);
    world.is_forgotten(&[&keys[..], &["L9", "C9"]].concat());
    // Taking imports back takes no erasure back.
    for _ in 0..4 {
        run(&["import", "undo", &world.book]);
    }
    world.import("leads_new.csv", new);
    world.import("orders_new.csv", order);
    world.is_forgotten(&[&keys[..], &["L9", "C9"]].concat());
}

#[test]
fn set_aside_rows_of_the_forgotten_are_gone_and_come_back_without_their_text() {
    let world = World::new();
    let left = world.dir.path().join("left.csv").display().to_string();
    run(&["import", &world.book, "--export-set-aside", &left]);
    let mended = fs::read_to_string(&left).unwrap();
    assert!(mended.contains("Canary Annie"));
    // Her address is known from L1; the row that is set aside has a key of its own.
    run(&[
        "forget",
        &world.book,
        "L1",
        "L3",
        "--namespace",
        "crm",
        "--yes",
    ]);
    run(&["import", &world.book, "--export-set-aside", &left]);
    let now = fs::read_to_string(&left).unwrap();
    assert_eq!(found(&now, &HERS), Vec::<&str>::new());
    fs::write(&left, mended.replace(",soon,", ",2024-03-05,")).unwrap();
    let done = run(&["import", &world.book, "--mended", &left]);
    assert!(done.contains("mended: 1 rows came in"), "{done}");
    world.is_forgotten(&["L1", "L3", "C1"]);
}

#[test]
fn an_old_copy_of_the_data_beside_the_keys_of_now_brings_nobody_back() {
    let world = World::new();
    let (held, copy) = (
        Path::new(&world.book).join("data"),
        world.dir.path().join("copy"),
    );
    run(&["compact", &world.book]);
    fs::create_dir_all(copy.join("segments")).unwrap();
    let kept = |from: &Path, to: &Path| {
        for file in files(from) {
            let inside = file.strip_prefix(from).unwrap();
            if !inside.starts_with("keys") {
                fs::copy(&file, to.join(inside)).unwrap();
            }
        }
    };
    kept(&held, &copy);
    run(&["forget", &world.book, "L1", "--yes"]);
    for file in files(&held) {
        if !file.starts_with(held.join("keys")) {
            fs::remove_file(file).unwrap();
        }
    }
    kept(&copy, &held);
    // The journal does not know of the erasure, and still there is nothing to be read.
    let (texts, _) = world.export("L1", &[]);
    assert_eq!(found(&texts, &HERS), Vec::<&str>::new());
    world.import("leads_changed.csv", &LEADS.replace("web,70", "mail,71"));
    world.import(
        "orders_changed.csv",
        &ORDERS.replace("2024-03-01", "2024-03-03"),
    );
    let (texts, json) = world.export("L1", &[]);
    assert_eq!(found(&texts, &HERS), Vec::<&str>::new());
    assert_eq!(
        json["is_erased"], true,
        "the next file that names them says so: {json}"
    );
    world.is_silent();
    assert!(run(&["verify", &world.book]).contains("nothing wrong"));
}

#[test]
fn a_mailbox_that_others_share_is_not_barred_with_one_of_them() {
    let world = World::new();
    let shared = "id,name,email,phone,source,score,created,status,changed
L20,Other Kim,info@shared.example,1,web,1,2024-04-01,new,2024-04-01
L21,Other Lee,info@shared.example,1,web,1,2024-04-01,new,2024-04-01
";
    world.import("leads_shared.csv", shared);
    run(&["forget", &world.book, "L20", "--yes"]);
    let lee = shared.replace("web,1,2024-04-01,new", "web,2,2024-04-01,new");
    world.import("leads_shared2.csv", &lee);
    assert!(world.export("L21", &[]).0.contains("Other Lee"));
    assert_eq!(world.export("L20", &[]).1["is_erased"], true);
}

#[test]
fn whom_the_source_has_deleted_can_be_forgotten_and_a_known_key_is_not_destroyed_by_a_file() {
    let world = World::new();
    let manifest = Path::new(&world.book).join("sources/crm/source.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    let whole = text.replacen("key = [\"id\"]", "key = [\"id\"]\nmode = \"full\"", 1);
    fs::write(&manifest, whole).unwrap();
    let known = "L5,Other Eve,,+49 5,web,1,2024-04-01,new,2024-04-01\n";
    let header = LEADS.lines().next().unwrap();
    world.import("leads.csv", &format!("{header}\n{known}"));
    run(&["forget", &world.book, "L1", "--yes"]);
    // Her address was shown only by a record that is deleted. L5 comes with it now, and L6 is new.
    let now = known.replace(",,+49 5", ",ann@canary.example,+49 5");
    let new = now.replace("L5,Other Eve", "L6,Canary Ann");
    world.import("leads.csv", &format!("{header}\n{now}{new}"));
    let (texts, json) = world.export("L6", &[]);
    assert_eq!(json["is_erased"], true);
    assert!(!texts.contains("Canary Ann"), "{texts}");
    let (eve, json) = world.export("L5", &[]);
    assert_eq!(json["is_erased"], false);
    assert!(
        eve.contains("Other Eve") && !eve.contains("ann@canary"),
        "{eve}"
    );
    world.is_silent();
}

#[test]
fn what_a_taken_back_import_brought_is_erased_too() {
    let world = World::new();
    run(&["import", "undo", &world.book]);
    run(&["forget", &world.book, "L1", "--yes"]);
    world.is_silent();
    for key in ["L1", "C1"] {
        let (texts, json) = world.export(key, &[]);
        assert_eq!(json["is_erased"], true, "{key}: {json}");
        assert_eq!(found(&texts, &HERS), Vec::<&str>::new(), "{key}");
    }
    world.import("orders.csv", ORDERS);
    world.is_forgotten(&["L1", "L3", "C1"]);
}

#[test]
fn an_address_of_several_people_finds_nobody_and_a_placeholder_is_none() {
    let world = World::new();
    let office = "id,name,email,phone,source,score,created,status,changed
L20,Other Kim,info@shared.example,1,web,1,2024-04-01,new,2024-04-01
L21,Other Lee,info@shared.example,1,web,1,2024-04-01,new,2024-04-01
L22,Other Pat,n/a,1,web,1,2024-04-01,new,2024-04-01
L23,Other Sam,n/a,1,web,1,2024-04-01,new,2024-04-01
";
    world.import("leads_more.csv", office);
    let to = world.dir.path().join("answer").display().to_string();
    let address = "info@shared.example";
    let asked: [&[&str]; 2] = [
        &["forget", &world.book, address, "--yes"],
        &["export", &world.book, "--person", address, "--to", &to],
    ];
    for asked in asked {
        assert!(refused(asked).contains("E0270"));
    }
    run(&["forget", &world.book, "L22", "--yes"]);
    for (key, name) in [
        ("L20", "Other Kim"),
        ("L21", "Other Lee"),
        ("L23", "Other Sam"),
    ] {
        let (texts, json) = world.export(key, &[]);
        assert_eq!(json["is_erased"], false, "{key}");
        assert!(texts.contains(name), "{texts}");
    }
    assert_eq!(world.export("L22", &[]).1["is_erased"], true);
}

#[test]
fn whoever_was_never_met_and_rows_without_a_key_are_told() {
    let world = World::new();
    let keyless = ",Canary Zoe,zoe@canary.example,1,web,1,2024-04-01,new,2024-04-01\n";
    let header = LEADS.lines().next().unwrap();
    world.import("leads_keyless.csv", &format!("{header}\n{keyless}"));
    let told = |key: &str| {
        let output = handfast(&["forget", &world.book, key, "--dry-run"]);
        String::from_utf8(output.stderr).unwrap()
    };
    for key in ["nobody@typo.example", "crm:L99"] {
        assert!(
            told(key).contains("1 of these keys and addresses were never met"),
            "{key}"
        );
    }
    assert_eq!(told("zoe@canary.example"), "");
    assert_eq!(told("L1"), "");
}

#[test]
fn an_address_is_recognised_however_it_is_written() {
    let world = World::new();
    for address in [
        "mailto:ann@canary.example",
        "Ann <ANN@canary.example>",
        " ann@CANARY.example ",
        "MAILTO:Ann@Canary.example?subject=x",
    ] {
        let (texts, json) = world.export(address, &[]);
        assert_eq!(json["identities"].as_array().unwrap().len(), 3, "{address}");
        assert_eq!(found(&texts, &HERS), HERS, "{address}");
        let foreseen = run(&["forget", &world.book, address, "--dry-run"]);
        assert!(
            foreseen.contains("would forget 3 person keys and bar 1"),
            "{address}: {foreseen}"
        );
    }
    run(&["forget", &world.book, "Ann <ann@canary.example>", "--yes"]);
    world.is_forgotten(&["L1", "C1", "mailto:ann@canary.example"]);
}

#[test]
fn a_row_set_aside_with_an_address_and_no_key_is_erased_alone() {
    let world = World::new();
    let header = LEADS.lines().next().unwrap();
    let row = |name: &str, address: &str| {
        format!(",{name},{address},1,web,1,2024-04-01,new,2024-04-01\n")
    };
    let text = [
        format!("{header}\n"),
        row("Canary Ann", "Ann@Canary.example"),
        row("Other Bob", "bob@other.example"),
        row("Canary Ann", "ann@canary.example"),
    ];
    world.import("leads_keyless.csv", &text.concat());
    let order = "order,customer,email,name,referrer,referrer_name,day
O5,,ann@canary.example,Canary A.,C2,Other Robert,someday
O6,,rob@other.example,Other Robert,,,someday
";
    world.import("orders_keyless.csv", order);
    let left = || {
        let path = world.dir.path().join("left.csv").display().to_string();
        run(&["import", &world.book, "--export-set-aside", &path]);
        fs::read_to_string(path).unwrap()
    };
    assert_eq!(found(&left(), &HERS).len(), 4 + 1, "L3 besides: {}", left());
    let (texts, json) = world.export("ann@canary.example", &[]);
    assert_eq!(json["counts"]["set_aside"], 1 + 3, "{json}");
    assert_eq!(found(&texts, &OTHERS), Vec::<&str>::new());
    assert!(
        json["set_aside"][1]["columns"]["email"] == "Ann@Canary.example",
        "{json}"
    );
    let foreseen = run(&["forget", &world.book, "L1", "--dry-run"]);
    assert!(foreseen.contains("4 rows that are set aside"), "{foreseen}");
    run(&["forget", &world.book, "L1", "--yes"]);
    let now = left();
    assert_eq!(found(&now, &HERS), Vec::<&str>::new(), "{now}");
    for name in [
        "Other Bob",
        "bob@other.example",
        "Other Robert",
        "rob@other.example",
    ] {
        assert!(now.contains(name), "{name}: {now}");
    }
    // The same files bring nothing of hers back, and take nothing of the others.
    world.import("leads_keyless.csv", &text.concat());
    world.import("orders_keyless.csv", order);
    let again = left();
    assert_eq!(found(&again, &HERS), Vec::<&str>::new(), "{again}");
    assert!(again.contains("Other Bob") && again.contains("rob@other.example"));
    world.is_forgotten(&["L1", "C1", "L3"]);
}

#[test]
fn a_row_that_was_refused_makes_nobody_one_with_them() {
    let world = World::new();
    let header = ORDERS.lines().next().unwrap();
    let order = "O7,C2,ann@canary.example,Canary A.,C2,Other Robert,someday";
    world.import("orders_wrong.csv", &format!("{header}\n{order}\n"));
    let foreseen = run(&["forget", &world.book, "L1", "--dry-run"]);
    let output = handfast(&["forget", &world.book, "L1", "--yes"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("1 rows with an address of theirs"), "{told}");
    assert!(
        foreseen.contains("would forget 3 person keys"),
        "L1, C1, L3: {foreseen}"
    );
    // Rob's are all there, and so is the row: whose it is nobody knows.
    let (rob, json) = world.export("C2", &[]);
    assert_eq!(json["is_erased"], false);
    assert_eq!(found(&rob, &OTHERS), OTHERS[3..]);
    let path = world.dir.path().join("left.csv").display().to_string();
    run(&["import", &world.book, "--export-set-aside", &path]);
    assert!(fs::read_to_string(path).unwrap().contains("O7"));
}

#[test]
fn a_key_written_at_two_lengths_is_one_wherever_it_stands() {
    let world = World::new();
    let manifest = Path::new(&world.book).join("sources/shop/source.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    let cut = text.replace(
        "column = \"customer\",",
        "column = \"customer\", characters = 3,",
    );
    assert_ne!(text, cut);
    fs::write(&manifest, cut).unwrap();
    let header = ORDERS.lines().next().unwrap();
    let order = "O7,DEFxyz,ann@canary.example,Canary A.,C2,Other Robert,someday";
    world.import("orders_long.csv", &format!("{header}\n{order}\n"));
    for key in ["DEFxyz", "shop:DEF", "shop:DEFghi"] {
        let (_, json) = world.export(key, &[]);
        let columns = &json["set_aside"][0]["columns"];
        assert_eq!(columns["customer"], "DEFxyz", "{key}: {json}");
        assert_eq!(columns["name"], "Canary A.", "{key}: {json}");
        assert!(columns.get("referrer").is_none(), "{key}: {json}");
    }
    run(&["forget", &world.book, "ann@canary.example", "--yes"]);
    let path = world.dir.path().join("left.csv").display().to_string();
    run(&["import", &world.book, "--export-set-aside", &path]);
    let left = fs::read_to_string(path).unwrap();
    assert_eq!(found(&left, &HERS), Vec::<&str>::new(), "{left}");
    world.is_forgotten(&["L1", "C1", "L3", "DEFxyz"]);
}

#[test]
fn a_row_without_a_key_that_is_sealed_with_anothers_stays_and_is_told() {
    let world = World::new();
    // One order, told twice: as Rob's it came in, as hers it is set aside.
    let order = "order,customer,email,name,referrer,referrer_name,day
O5,,rob@other.example,Other Robert,C2,Other Robert,2024-04-01
O5,,ann@canary.example,Canary A.,C2,Other Robert,2024-04-01
";
    world.import("orders_more.csv", order);
    let output = handfast(&["forget", &world.book, "L1", "--yes"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("1 rows with an address of theirs"), "{told}");
    assert!(told.contains("sealed together"), "{told}");
}

#[test]
fn taking_the_newest_import_back_leaves_what_was_said_by_hand() {
    let world = World::new();
    run(&[
        "identity",
        "join",
        &world.book,
        "L1",
        "L2",
        "--because",
        "she said so",
    ]);
    let undone = run(&["import", "undo", &world.book]);
    assert!(undone.contains("of shop is taken back"), "{undone}");
}
