//! Hostile files: bombs are refused with the limit in the message, and nothing panics.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use std::io::{Read, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arrow::array::Int64Array;
use flate2::Compression;
use flate2::write::GzEncoder;
use handfast_model::Refusal;

use support::{gzip, parquet, patch, peak_mib, read, workbook, zip, zstd};

fn refused(name: &str, bytes: &[u8]) -> Refusal {
    read(name, bytes).unwrap_err()
}

/// Memory is measured for the whole process, so one test runs at a time.
static ALONE: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    support::forget_peak();
    alone
}

#[test]
fn bombs_are_refused_before_they_go_off() {
    let _alone = alone();
    let zeros = std::io::repeat(b'0').take(1 << 30);
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    std::io::copy(&mut b"id\n".chain(zeros), &mut packed).unwrap();
    let gz = packed.finish().unwrap();
    let mut packed = zstd::Encoder::new(Vec::new(), 1).unwrap();
    let lines = format!("{}\n", "1".repeat(1023)).repeat(1 << 10);
    packed.write_all(b"id\n").unwrap();
    for _ in 0..1024 {
        packed.write_all(lines.as_bytes()).unwrap();
    }
    let zst = packed.finish().unwrap();
    assert!(zst.len() < 1 << 20);
    let before = peak_mib();
    for (name, bytes) in [
        ("a.csv.gz", &gz),
        ("a.csv.zst", &zst),
        ("a.jsonl.zst", &zst),
    ] {
        let refusal = refused(name, bytes);
        assert_eq!(refusal.code, "E0330", "{refusal}");
        assert!(refusal.title.contains("200 times its size"), "{refusal}");
    }
    assert!(peak_mib() - before < 300, "{before} {}", peak_mib());
    let member = vec![b'0'; 256 << 20];
    let deflated = zip(&[("a.csv", &member)]);
    drop(member);
    support::forget_peak();
    let before = peak_mib();
    let refusal = refused("a.zip", &deflated);
    assert_eq!(refusal.code, "E0330", "{refusal}");
    assert!(refusal.title.contains("200 times its size"), "{refusal}");
    let nested = zip(&[("a.csv.zst", &zst)]);
    assert_eq!(refused("a.zip", &nested).code, "E0330");
    // A bomb that a Parquet file or workbook would have to be held for.
    let held = gzip(&[b"PAR1".as_slice(), &vec![0; 70 << 20]].concat());
    assert_eq!(refused("a.parquet.gz", &held).code, "E0330");
    assert!(peak_mib() - before < 300, "{before} {}", peak_mib());
}

#[test]
fn what_is_packed_too_often_or_in_ways_we_do_not_read() {
    let _alone = alone();
    let csv = b"id\n1\n";
    let thrice = gzip(&gzip(&gzip(csv)));
    let refusal = refused("a.csv.gz", &thrice);
    assert_eq!(refusal.code, "E0331");
    assert!(
        refusal.title.contains("packed more than 2 times"),
        "{refusal}"
    );
    assert_eq!(read("a.csv.gz", &gzip(&zstd(csv))).unwrap(), ["2: 1"]);
    let inner = zip(&[("a.csv", csv)]);
    assert_eq!(refused("a.zip", &zip(&[("b.zip", &inner)])).code, "E0331");
    assert_eq!(refused("a.csv.gz", &gzip(csv)[..20]).code, "E0331");
    assert_eq!(refused("a.zip", &inner[..inner.len() - 9]).code, "E0331");
    let mut wrong = inner.clone();
    let at = wrong
        .windows(4)
        .position(|four| four == b"id\n1")
        .unwrap_or(40);
    wrong[at] ^= 1;
    assert_eq!(refused("a.zip", &wrong).code, "E0331");
}

#[test]
fn an_archive_of_too_many_files() {
    let _alone = alone();
    let names: Vec<String> = (0..10_001).map(|number| format!("{number}.csv")).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let refusal = refused("a.zip", &zip(&members));
    assert_eq!(refusal.code, "E0332");
    assert!(refusal.title.contains("10000"), "{refusal}");
}

#[test]
fn formats_that_are_not_read_say_which_they_are() {
    let _alone = alone();
    for (name, bytes, part) in [
        ("a.xls", &b"\xd0\xcf\x11\xe0\xa1\xb1"[..], "old Excel"),
        ("a.pdf", b"%PDF-1.7", "PDF"),
        (
            "a.ods",
            &zip(&[("mimetype", b"x"), ("content.xml", b"<a/>")]),
            ".ods",
        ),
        ("a.xlsb", &zip(&[("xl/workbook.bin", b"x")]), ".xlsb"),
    ] {
        let refusal = refused(name, bytes);
        assert_eq!(refusal.code, "E0333");
        assert!(refusal.title.contains(part), "{refusal}");
    }
}

#[test]
fn json_with_more_names_than_a_table_may_have() {
    let _alone = alone();
    let rows: String = (0..10_001)
        .map(|number| format!("{{\"id\":1,\"c{number}\":2}}\n"))
        .collect();
    let refusal = refused("a.jsonl", rows.as_bytes());
    assert_eq!(refusal.code, "E0334");
    assert!(refusal.title.contains("10000"), "{refusal}");
}

#[test]
fn a_gigabyte_on_one_line_of_json_is_one_bad_row() {
    let _alone = alone();
    // Half a gigabyte of digits packs to half a megabyte, so it comes unpacked, from a sparse file.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.jsonl");
    let mut file = std::fs::File::create(&path).unwrap();
    file.write_all(b"{\"id\":1}\n{\"id\":\"").unwrap();
    file.set_len(1 << 30).unwrap();
    let before = peak_mib();
    let pack = support::pack("crm", vec![support::stream("rows", "*")]);
    let lines = support::read_paths(&pack, &[path]).unwrap();
    assert_eq!(
        lines,
        ["a.jsonl:1: 1", "a.jsonl:2! a row longer than 16 MiB"]
    );
    assert!(peak_mib() - before < 200, "{before} {}", peak_mib());
}

#[test]
fn a_gigabyte_on_one_line_of_csv_is_one_bad_row() {
    let _alone = alone();
    for start in ["id,name\n1,", "id,name\n1,\""] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        let mut file = std::fs::File::create(&path).unwrap();
        file.write_all(start.as_bytes()).unwrap();
        file.set_len(1 << 30).unwrap();
        support::forget_peak();
        let before = peak_mib();
        let pack = support::pack("crm", vec![support::stream("rows", "*")]);
        let read = support::read_paths(&pack, &[path]);
        match &read {
            Ok(lines) => assert!(lines.len() == 1 && lines[0].contains("! "), "{lines:?}"),
            Err(refusal) => assert!(refusal.code.starts_with("E03"), "{refusal}"),
        }
        assert!(peak_mib() - before < 200, "{before} {}", peak_mib());
    }
}

#[test]
fn bombs_in_workbooks_in_archives_and_entities_in_sheets_do_not_go_off() {
    let _alone = alone();
    let book = workbook(|book| {
        let sheet = book.add_worksheet();
        sheet.write_string(0, 0, "id").unwrap();
        sheet.write_string(1, 0, "1").unwrap();
    });
    let strings = "xl/sharedStrings.xml";
    let bomb = patch(&book, strings, "<t>1</t>", &"<t>1</t>".repeat(17 << 20));
    support::forget_peak();
    let before = peak_mib();
    for (name, bytes) in [
        ("a.zip", zip(&[("a.xlsx", &bomb)])),
        ("a.xlsx.gz", gzip(&bomb)),
    ] {
        let refusal = refused(name, &bytes);
        assert!(
            ["E0330", "E0331", "E0336"].contains(&refusal.code),
            "{refusal}"
        );
    }
    // Entities that would grow a thousandfold with each step are not unfolded.
    let steps: String = (1..9)
        .map(|step| {
            format!(
                "<!ENTITY e{step} \"{}\">",
                format!("&e{};", step - 1).repeat(1000)
            )
        })
        .collect();
    let laughs = format!("<!DOCTYPE sst [<!ENTITY e0 \"ha\">{steps}]><sst ");
    let text = patch(&book, strings, "<sst ", &laughs);
    let text = patch(&text, strings, "<t>1</t>", "<t>&e8;</t>");
    match read("a.xlsx", &text) {
        Ok(lines) => assert!(lines.iter().all(|line| line.len() < 100), "{}", lines.len()),
        Err(refusal) => assert!(refusal.code.starts_with("E03"), "{refusal}"),
    }
    assert!(peak_mib() - before < 300, "{before} {}", peak_mib());
}

/// A number as Thrift writes it.
fn varint(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let seven = u8::try_from(number & 0x7f).unwrap();
        number >>= 7;
        if number == 0 {
            bytes.push(seven);
            return bytes;
        }
        bytes.push(seven | 0x80);
    }
}

#[test]
fn parquet_that_claims_more_than_it_can_hold() {
    let _alone = alone();
    let good = parquet(vec![("id", Arc::new(Int64Array::from(vec![1, 2, 3])))]);
    assert_eq!(read("a.parquet", &good).unwrap().len(), 3);
    // A footer of few bytes: schema, then a thousand million rows, then groups of rows.
    let footer = |rest: &[u8]| {
        let schema = [&[0x15, 4, 0x19, 0x1c, 0x48, 1, b'r', 0][..], rest].concat();
        let length = u32::try_from(schema.len()).unwrap().to_le_bytes();
        [b"PAR1", &schema[..], &length, b"PAR1"].concat()
    };
    let rows = [&[0x16][..], &varint(2_000_000_000), &[0x19, 0x0c, 0]].concat();
    let refusal = refused("a.parquet", &footer(&rows));
    assert_eq!(refusal.code, "E0335");
    assert!(refusal.title.contains("1000000000 rows"), "{refusal}");
    let groups = [&[0x16, 2, 0x19, 0xfc][..], &varint(2_000_000_000)].concat();
    assert_eq!(refused("a.parquet", &footer(&groups)).code, "E0335");
    for cut in [0, 4, 8, 11, good.len() / 2, good.len() - 1] {
        let code = read("a.parquet", &good[..cut]).map_err(|refusal| refusal.code);
        assert!(
            matches!(code, Err("E0335" | "E0306") | Ok(_)),
            "{cut} {code:?}"
        );
    }
}

/// A value as Thrift's compact protocol writes it.
enum Thrift {
    I32(i64),
    I64(i64),
    Text(&'static str),
    Numbers(Vec<i64>),
    Texts(Vec<&'static str>),
    Structs(Vec<Fields>),
    Struct(Fields),
}

type Fields = Vec<(u8, Thrift)>;

fn thrift(fields: &[(u8, Thrift)]) -> Vec<u8> {
    let signed = |number: i64| varint(u64::try_from(number << 1).unwrap());
    let text = |text: &str| [varint(text.len() as u64), text.as_bytes().to_vec()].concat();
    let list = |kind: u8, items: Vec<Vec<u8>>| {
        let head = (u8::try_from(items.len()).unwrap() << 4) | kind;
        [vec![head], items.concat()].concat()
    };
    let (mut bytes, mut last) = (Vec::new(), 0);
    for (id, value) in fields {
        let (kind, value) = match value {
            Thrift::I32(number) => (5, signed(*number)),
            Thrift::I64(number) => (6, signed(*number)),
            Thrift::Text(one) => (8, text(one)),
            Thrift::Numbers(all) => (9, list(5, all.iter().map(|one| signed(*one)).collect())),
            Thrift::Texts(all) => (9, list(8, all.iter().map(|one| text(one)).collect())),
            Thrift::Structs(all) => (9, list(12, all.iter().map(|one| thrift(one)).collect())),
            Thrift::Struct(one) => (12, thrift(one)),
        };
        bytes.push(((id - last) << 4) | kind);
        bytes.extend(value);
        last = *id;
    }
    bytes.push(0);
    bytes
}

/// What a page of a Parquet file says of itself.
#[derive(Clone, Copy)]
struct Says {
    values: i64,
    unpacked: i64,
    encoding: i64,
}

/// A Parquet file of three whole numbers in one page, which says what it is told to; so many zeros
/// follow them in the page.
fn page_that_says(says: Says, zeros: usize) -> Vec<u8> {
    use Thrift::{I32, I64, Numbers, Struct, Structs, Text, Texts};
    let numbers = [7i64, 8, 9].iter().flat_map(|one| one.to_le_bytes());
    let body: Vec<u8> = numbers.chain(std::iter::repeat_n(0, zeros)).collect();
    let head = thrift(&[
        (1, I32(0)),
        (2, I32(says.unpacked)),
        (3, I32(body.len() as i64)),
        (
            5,
            Struct(vec![
                (1, I32(says.values)),
                (2, I32(says.encoding)),
                (3, I32(3)),
                (4, I32(3)),
            ]),
        ),
    ]);
    let size = (head.len() + body.len()) as i64;
    let column = vec![
        (1, I32(2)),
        (2, Numbers(vec![says.encoding])),
        (3, Texts(vec!["id"])),
        (4, I32(0)),
        (5, I64(3)),
        (6, I64(size)),
        (7, I64(size)),
        (9, I64(4)),
    ];
    let group = vec![
        (1, Structs(vec![vec![(2, I64(4)), (3, Struct(column))]])),
        (2, I64(size)),
        (3, I64(3)),
    ];
    let footer = thrift(&[
        (1, I32(1)),
        (
            2,
            Structs(vec![
                vec![(4, Text("r")), (5, I32(1))],
                vec![(1, I32(2)), (3, I32(0)), (4, Text("id"))],
            ]),
        ),
        (3, I64(3)),
        (4, Structs(vec![group])),
    ]);
    let length = u32::try_from(footer.len()).unwrap().to_le_bytes();
    [b"PAR1", &head[..], &body[..], &footer[..], &length, b"PAR1"].concat()
}

#[test]
fn a_column_or_page_of_parquet_that_claims_more_than_it_can_hold() {
    let _alone = alone();
    let honest = Says {
        values: 3,
        unpacked: 24,
        encoding: 0,
    };
    assert_eq!(
        read("a.parquet", &page_that_says(honest, 0)).unwrap(),
        ["1: 7", "2: 8", "3: 9"]
    );
    // A footer of few bytes, one row and a column with a thousand million values.
    let column = [&[0x56][..], &varint(2_000_000_000), &[0, 0, 0, 0]].concat();
    let footer = [
        &[0x15, 4, 0x19, 0x1c, 0x48, 1, b'r', 0][..],
        &[0x16, 2, 0x19, 0x1c, 0x19, 0x1c, 0x3c],
        &column,
    ]
    .concat();
    let length = u32::try_from(footer.len()).unwrap().to_le_bytes();
    let values = [b"PAR1", &footer[..], &length, b"PAR1"].concat();
    let says = |says: Says, zeros| page_that_says(says, zeros);
    let many = says(
        Says {
            values: 2_000_000_000,
            ..honest
        },
        0,
    );
    let large = says(
        Says {
            unpacked: 2_000_000_000,
            ..honest
        },
        0,
    );
    let bomb = says(
        Says {
            unpacked: 8 << 20,
            ..honest
        },
        0,
    );
    let long = says(
        Says {
            unpacked: 65 << 20,
            ..honest
        },
        1 << 20,
    );
    let shared = says(
        Says {
            unpacked: 5 << 20,
            encoding: 7,
            ..honest
        },
        5 << 20,
    );
    let mut cut = page_that_says(honest, 0);
    // The third number in its head: how much of it there is.
    let at = cut.iter().position(|byte| *byte == 48).unwrap() + 2;
    assert_eq!(cut[at], 48);
    cut[at] = 126;
    support::forget_peak();
    let before = peak_mib();
    for (bytes, what) in [
        (values, "it claims 1000000000 rows or values"),
        (many, "a page of it claims 2000000000 values"),
        (large, "a page of it unpacks to 2000000000 bytes"),
        (bomb, "a page of it unpacks to 8388608 bytes"),
        (long, "a page of it unpacks to 68157440 bytes"),
        (shared, "a page of delta-encoded texts has more than 4 MiB"),
        (cut, "a page of it is damaged"),
    ] {
        let refusal = refused("a.parquet", &bytes);
        assert_eq!(refusal.code, "E0335", "{what}");
        assert!(refusal.title.contains(what), "{what}: {refusal}");
    }
    assert!(peak_mib() - before < 200, "{before} {}", peak_mib());
}

#[test]
fn workbooks_that_unfold_too_far() {
    let _alone = alone();
    let book = workbook(|book| {
        let sheet = book.add_worksheet();
        sheet.write_string(0, 0, "id").unwrap();
        sheet.write_string(1, 0, "1").unwrap();
    });
    let strings = "xl/sharedStrings.xml";
    let long = patch(
        &book,
        strings,
        "<t>1</t>",
        &format!("<t>{}</t>", "x".repeat(17 << 20)),
    );
    let refusal = refused("a.xlsx", &long);
    assert_eq!(refusal.code, "E0336");
    assert!(refusal.title.contains("16 MiB"), "{refusal}");
    let many = patch(&book, strings, "<t>1</t>", &"<t>1</t>".repeat(17 << 20));
    let refusal = refused("a.xlsx", &many);
    assert_eq!(refusal.code, "E0336");
    assert!(refusal.title.contains("200 times"), "{refusal}");
    let sheet = "xl/worksheets/sheet1.xml";
    let rows = format!("{}</sheetData>", "<row/>".repeat(17 << 20));
    let rows = patch(&book, sheet, "</sheetData>", &rows);
    support::forget_peak();
    let before = peak_mib();
    let refusal = refused("a.xlsx", &rows);
    assert_eq!(refusal.code, "E0336");
    assert!(refusal.title.contains("200 times"), "{refusal}");
    assert!(peak_mib() - before < 300, "{before} {}", peak_mib());
    let far = patch(&book, sheet, "r=\"A2\"", "r=\"XFD1048576\"");
    let lines = read("a.xlsx", &far).unwrap();
    assert!(lines[0].contains("! more than 10000 columns"), "{lines:?}");
}
