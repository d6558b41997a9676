//! Which files are meant, in which order, and whose they are.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use std::path::{Path, PathBuf};

use handfast_connect::{files, find, folder};
use handfast_ledger::{KnownFiles, Source, content_hash};
use handfast_model::pack::Sheets;

use support::{pack, put, read_paths, stream, workbook, zip};

fn names(paths: &[PathBuf]) -> Vec<String> {
    find(paths)
        .unwrap()
        .into_iter()
        .map(|file| file.name)
        .collect()
}

/// A folder of exports as they lie about.
fn exports(at: &Path) {
    put(at, "leads-10.csv", b"id\n10\n");
    put(at, "leads-2.csv", b"id\n2\n");
    put(at, "de/leads-2.csv", b"id\n3\n");
    put(at, "de/2024/deals.csv", b"id\n4\n");
    put(at, ".hidden/leads-9.csv", b"id\n9\n");
    put(at, "de/.leads-8.csv", b"id\n8\n");
    put(
        at,
        "more.zip",
        &zip(&[("x/leads-1.csv", b"id\n1\n"), ("deals.csv", b"id\n5\n")]),
    );
}

#[test]
fn folders_archives_and_patterns_in_the_order_people_expect() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    exports(at);
    let root = at.file_name().unwrap().to_string_lossy().into_owned();
    assert_eq!(
        names(&[at.to_owned()]),
        [
            "deals.csv".to_owned(),
            "de/leads-2.csv".to_owned(),
            format!("{root}/leads-2.csv"),
            "leads-10.csv".to_owned(),
            "more.zip/deals.csv".to_owned(),
            "more.zip/x/leads-1.csv".to_owned(),
        ]
    );
    assert_eq!(names(&[at.join("*.csv")]), ["leads-2.csv", "leads-10.csv"]);
    assert_eq!(names(&[at.join("**/deals.csv")]), ["deals.csv"]);
    assert_eq!(names(&[at.join("de/**"), at.join("de")]).len(), 2);
    assert_eq!(
        names(&[at.join("{de,at}/leads-[0-9].csv")]),
        ["leads-2.csv"]
    );
    assert_eq!(find(&[at.join("*.parquet")]).unwrap_err().code, "E0338");
    assert_eq!(find(&[at.join("none.csv")]).unwrap_err().code, "E0301");
}

#[test]
fn a_name_with_signs_of_a_pattern_is_a_name_when_it_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = put(folder.path(), "leads [1].csv", b"id\n1\n");
    assert_eq!(names(&[path]), ["leads [1].csv"]);
}

#[test]
fn folders_too_deep_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), &format!("{}a.csv", "d/".repeat(33)), b"id\n");
    assert_eq!(find(&[folder.path().to_owned()]).unwrap_err().code, "E0332");
}

#[test]
fn a_file_that_no_pattern_claims_is_known_by_its_header() {
    let folder = tempfile::tempdir().unwrap();
    let path = put(folder.path(), "export.csv", b"Lead,Source\n1,web\n");
    let with = |name: &str, columns: &[&str]| {
        let mut stream = stream(name, &format!("{name}*"));
        stream.key = vec![columns[0].into()];
        stream.recognised_by = columns[1..].iter().map(|&column| column.into()).collect();
        stream
    };
    let known = pack(
        "crm",
        vec![with("leads", &["Lead", "Source"]), with("deals", &["Deal"])],
    );
    assert_eq!(
        read_paths(&known, std::slice::from_ref(&path)).unwrap(),
        [
            "export.csv:2: 1|web",
            "# export.csv: known by its header as of stream `leads`"
        ]
    );
    let twice = pack(
        "crm",
        vec![with("leads", &["Lead"]), with("more", &["Lead"])],
    );
    assert_eq!(
        read_paths(&twice, std::slice::from_ref(&path))
            .unwrap_err()
            .code,
        "E0302"
    );
    let other = pack("crm", vec![with("leads", &["Lead", "Score"])]);
    assert_eq!(read_paths(&other, &[path]).unwrap_err().code, "E0302");
}

#[test]
fn one_workbook_serves_a_stream_with_each_of_its_sheets() {
    let book = workbook(|book| {
        for (name, id) in [("Leads", 1), ("Deals", 2)] {
            let sheet = book.add_worksheet();
            sheet
                .set_name(name)
                .unwrap()
                .write_string(0, 0, "id")
                .unwrap();
            sheet.write_number(1, 0, id).unwrap();
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let path = put(folder.path(), "b.xlsx", &book);
    let of = |name: &str, sheets: Sheets| {
        let mut stream = stream(name, "*.xlsx");
        stream.format.sheets = sheets;
        stream
    };
    let leads = of("leads", Sheets::Named("Leads".into()));
    let both = pack(
        "crm",
        vec![leads.clone(), of("deals", Sheets::Named("Deals".into()))],
    );
    let lines = read_paths(&both, std::slice::from_ref(&path)).unwrap();
    assert_eq!(lines, ["b.xlsx[Leads]:2: 1", "b.xlsx[Deals]:2: 2"]);
    let same = pack("crm", vec![leads.clone(), leads]);
    assert_eq!(read_paths(&same, &[path]).unwrap_err().code, "E0303");
}

#[test]
fn each_file_goes_to_the_one_source_that_claims_it() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    exports(at);
    let crm = pack("crm", vec![stream("leads", "leads*.csv")]);
    let erp = pack("erp", vec![stream("deals", "deals.csv")]);
    let found = find(&[at.to_owned()]).unwrap();
    let claims = files::assign(&[crm.clone(), erp], &found).unwrap();
    let read: Vec<usize> = claims.iter().map(|claims| claims.read.len()).collect();
    assert_eq!(read, [4, 2]);
    let wide = pack("old", vec![stream("all", "*.csv")]);
    assert_eq!(
        files::assign(&[crm, wide], &found).unwrap_err().code,
        "E0505"
    );
}

#[test]
fn of_a_folder_only_what_is_new_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    exports(at);
    let look = |known: &KnownFiles, again| {
        let looked = folder::look("crm", at, known, again).unwrap();
        let new: Vec<String> = looked.new.into_iter().map(|file| file.name).collect();
        (new, looked.known)
    };
    let (all, none) = look(&KnownFiles::default(), false);
    assert_eq!((all.len(), none.len()), (6, 0));
    let hash = |name: &str| content_hash(&at.join(name)).unwrap();
    let mut known = KnownFiles::default();
    for (name, content) in [("leads-2.csv", "leads-2.csv"), ("old.zip", "more.zip")] {
        known.add(name.to_owned(), hash(content));
    }
    put(at, "leads-11.csv", b"id\n2\n");
    let (new, known_names) = look(&known, false);
    assert_eq!(new.len(), 3, "{new:?}");
    assert_eq!(known_names.len(), 4, "{known_names:?}");
    assert!(known_names.contains(&"leads-11.csv".to_owned()));
    assert_eq!(look(&known, true).0.len(), 7);
    // A file that changed is new.
    put(at, "leads-2.csv", b"id\n2\n12\n");
    assert_eq!(look(&known, false).0.len(), 4);
    // So is one that changed and changed back: what came in between counts in the book.
    let is_new = |known: &KnownFiles| look(known, false).0.contains(&"leads-10.csv".to_owned());
    for (content, expected) in [
        ("leads-10.csv", false),
        ("leads-2.csv", true),
        ("leads-10.csv", false),
    ] {
        known.add("leads-10.csv".to_owned(), hash(content));
        assert_eq!(is_new(&known), expected, "{content}");
    }
    assert_eq!(
        folder::look("crm", &at.join("none"), &known, false)
            .unwrap_err()
            .code,
        "E0339"
    );
}

#[test]
fn a_source_says_which_bytes_its_rows_come_from() {
    let folder = tempfile::tempdir().unwrap();
    let path = put(folder.path(), "leads.csv", b"id\n1\n");
    let pack = pack("crm", vec![stream("leads", "*")]);
    let mut files = handfast_connect::Files::open(&pack, std::slice::from_ref(&path)).unwrap();
    assert_eq!(files.content(), None);
    files.next_batch().unwrap();
    assert_eq!(files.content(), Some(content_hash(&path).unwrap().as_str()));
}

#[test]
fn a_file_under_another_name_is_offered_to_its_stream_first() {
    let dir = tempfile::tempdir().unwrap();
    let streams = |names: &[&str]| {
        let stream = |name: &&str| stream(name, &format!("{name}*.csv"));
        pack("crm", names.iter().map(stream).collect())
    };
    let fix = |names: &[&str], file: &str| {
        let path = dir.path().join(file);
        std::fs::write(&path, "a,b\n1,2\n").unwrap();
        let refusal = read_paths(&streams(names), &[path]).unwrap_err();
        refusal.fix.unwrap().lines().next().unwrap().to_owned()
    };
    let both = ["leads", "deals"];
    assert_eq!(
        fix(&both, "crm_deal_2026-05.csv"),
        "files = [\"deals*.csv\", \"crm_deal_*.csv\"]     in stream `deals` (source.toml), if that is \
         what it holds"
    );
    assert!(fix(&both, "may.csv").starts_with("files = […, \"may.csv\"]     in the stream it"));
    assert!(fix(&["leads"], "2026.csv").starts_with("files = [\"leads*.csv\", \"2026.csv\"]"));
}
