//! Every format, bytes in and rows out; and the same rows whatever they are written in.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, Float32Array, Float64Array,
    Int64Array, ListArray, StringArray, StructArray, Time64MicrosecondArray,
    TimestampMicrosecondArray, TimestampNanosecondArray, UInt64Array,
};
use arrow::datatypes::{DataType, Field, Int64Type};
use handfast_model::pack::Sheets;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula};

use support::{gzip, parquet, patch, read, read_as, stream, texts, workbook, zip, zstd};

#[test]
fn json_lines_and_arrays() {
    let check = |text: &str, expected: &[&str]| {
        assert_eq!(
            read("rows.jsonl", text.as_bytes()).unwrap(),
            expected,
            "{text}"
        );
    };
    check(
        "{\"id\":1,\"a\":{\"b\":10000.10}}\n\n{\"c\":[1, 2],\"id\":\"x\"}\r\n{\"id\":null}",
        &["1: 1|10000.10|", "3: x||[1, 2]", "4: ||"],
    );
    check("[{\"id\":1},\n {\"id\":2}\n]\n", &["1: 1", "2: 2"]);
    check(
        "{\n  \"id\": 1,\n  \"a\": 2\n}\n{\n  \"id\": 3\n}\n",
        &["1: 1|2", "5: 3|"],
    );
    check(
        "{\"id\":1}\n{\"id\":2,\"id\":3}\n{\"id\":4\n[5]\n{\"id\":6}\n",
        &[
            "1: 1",
            "5: 6",
            "2! a key that stands twice in one object",
            "3! text that is not JSON",
            "4! no JSON object",
        ],
    );
    check(
        "[{\"id\":1},{\"id\":2}",
        &[
            "1: 1",
            "1: 2",
            "1! the file ends in the middle of a JSON value: it is cut off",
        ],
    );
    check(
        "[{\"id\":1}, 7, {\"id\":\"a]}\"}] x",
        &[
            "1: 1",
            "1: a]}",
            "1! no JSON object",
            "1! text after the end of the JSON array",
        ],
    );
    check("", &["# the file holds no JSON object with members"]);
    check("[]", &["# the file holds no JSON object with members"]);
    check(
        "{\"id\":1,\"a\":\"\\u0001\"}\n",
        &["1! a: a control character that no text file has (U+0000 to U+0002)"],
    );
    check(
        "{\"id\":1,\" id\":2}",
        &["1: 1|2", "# column 2 repeats `id`; it is called `id_2`"],
    );
    assert_eq!(read("a.json", b"{\"x\":1}").unwrap_err().code, "E0306");
    assert_eq!(
        read("export", b"\xef\xbb\xbf[{\"id\":1}]").unwrap(),
        ["1: 1"]
    );
}

#[test]
fn columns_that_a_file_may_lack_are_empty() {
    let mut optional = stream("rows", "*");
    optional.format.optional = vec!["phone".into(), "id".into()];
    for (name, text) in [("a.jsonl", "{\"id\":1}\n"), ("a.csv", "id\n1\n")] {
        let rows = read_as(optional.clone(), name, text.as_bytes()).unwrap();
        assert!(rows[0].ends_with(": 1|"), "{rows:?}");
    }
}

#[test]
fn texts_with_lines_above_a_header_of_two_rows() {
    let mut wide = stream("rows", "*");
    wide.format.skip_rows = 2;
    wide.format.header_rows = 2;
    let text = "Report, \"all\nJanuary\n,Q1,,Q2\nid,Won,Lost,Won\n7,1,2,3\n";
    let lines = read_as(wide.clone(), "a.csv", text.as_bytes()).unwrap();
    assert_eq!(lines, ["5: 7|1|2|3"]);
    wide.key = vec!["Q1 Lost".into()];
    assert!(read_as(wide.clone(), "a.csv", text.as_bytes()).is_ok());
    assert_eq!(
        read_as(wide, "a.csv", b"x\n").unwrap(),
        ["# the file is empty"]
    );
}

#[test]
fn parquet_values_have_one_text_each() {
    let list = ListArray::from_iter_primitive::<Int64Type, _, _>([Some(vec![Some(1), None]), None]);
    let city: ArrayRef = Arc::new(StringArray::from(vec![Some("Bonn \"am\" Rhein"), None]));
    let group = StructArray::from(vec![(
        Arc::new(Field::new("city", DataType::Utf8, true)),
        city,
    )]);
    let stamps = vec![Some(1_517_368_336_500_000), None];
    let columns: Vec<(&str, ArrayRef)> = vec![
        (
            "id",
            Arc::new(Int64Array::from(vec![
                Some(9_007_199_254_740_993),
                Some(-1),
            ])),
        ),
        ("u", Arc::new(UInt64Array::from(vec![Some(u64::MAX), None]))),
        (
            "b",
            Arc::new(BooleanArray::from(vec![Some(true), Some(false)])),
        ),
        (
            "f",
            Arc::new(Float64Array::from(vec![Some(12.5), Some(-0.0)])),
        ),
        (
            "g",
            Arc::new(Float32Array::from(vec![Some(0.1), Some(3.0)])),
        ),
        (
            "dec",
            Arc::new(
                Decimal128Array::from(vec![Some(1_000_010), None])
                    .with_precision_and_scale(12, 2)
                    .unwrap(),
            ),
        ),
        (
            "d",
            Arc::new(Date32Array::from(vec![Some(17_562), Some(i32::MAX)])),
        ),
        (
            "local",
            Arc::new(TimestampMicrosecondArray::from(stamps.clone())),
        ),
        (
            "utc",
            Arc::new(TimestampMicrosecondArray::from(stamps).with_timezone("Europe/Berlin")),
        ),
        (
            "ns",
            Arc::new(TimestampNanosecondArray::from(vec![Some(1), None])),
        ),
        (
            "t",
            Arc::new(Time64MicrosecondArray::from(vec![
                Some(11_536_500_000),
                None,
            ])),
        ),
        (
            "bin",
            Arc::new(BinaryArray::from(vec![Some(&b"\x00\xff"[..]), None])),
        ),
        ("list", Arc::new(list)),
        ("place", Arc::new(group)),
    ];
    let lines = read("rows.parquet", &parquet(columns)).unwrap();
    assert_eq!(
        lines,
        [
            "1: 9007199254740993|18446744073709551615|true|12.5|0.1|10000.10|2018-01-31|\
             2018-01-31T03:12:16.5|2018-01-31T03:12:16.5Z|1970-01-01T00:00:00.000000001|\
             03:12:16.5|00ff|[1,null]|Bonn \"am\" Rhein",
            "2! d: a date outside the years 1 to 9999",
            "# column `bin` is binary: shown as hexadecimal",
        ]
    );
    let named = parquet(vec![
        ("id", texts(&[Some("1")])),
        ("place", {
            let city: ArrayRef = texts(&[Some("x")]);
            Arc::new(StructArray::from(vec![(
                Arc::new(Field::new("city", DataType::Utf8, true)),
                city,
            )]))
        }),
    ]);
    let mut keyed = stream("rows", "*");
    keyed.key = vec!["place.city".into()];
    assert_eq!(read_as(keyed, "a.parquet", &named).unwrap(), ["1: 1|x"]);
}

#[test]
fn workbooks_as_people_save_them() {
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let stamp = Format::new().set_num_format("dd/mm/yyyy hh:mm");
    let share = Format::new().set_num_format("0.0%");
    let book = workbook(|book| {
        let sheet = book.add_worksheet();
        sheet.set_name("Leads").unwrap();
        for (place, name) in ["id", "when", "at", "share", "sum", "ok", "note"]
            .iter()
            .enumerate()
        {
            sheet
                .write_string(0, u16::try_from(place).unwrap(), *name)
                .unwrap();
        }
        let day = ExcelDateTime::from_ymd(2018, 1, 31).unwrap();
        sheet.write_number(2, 0, 1001).unwrap();
        sheet.write_datetime_with_format(2, 1, &day, &date).unwrap();
        let at = ExcelDateTime::from_ymd(2018, 1, 31)
            .unwrap()
            .and_hms(3, 12, 16)
            .unwrap();
        sheet.write_datetime_with_format(2, 2, &at, &stamp).unwrap();
        sheet.write_number_with_format(2, 3, 0.125, &share).unwrap();
        let sum = Formula::new("=0.1+0.2").set_result("0.30000000000000004");
        sheet.write_formula(2, 4, sum).unwrap();
        sheet.write_boolean(2, 5, true).unwrap();
        sheet.write_string(2, 6, "a, \"b\"\nc").unwrap();
        sheet.write_number(3, 0, 2).unwrap();
        sheet
            .write_formula(3, 4, Formula::new("=NA()").set_result("#N/A"))
            .unwrap();
        sheet.write_number(4, 0, 3).unwrap();
        sheet.write_string(4, 9, "beyond").unwrap();
        book.add_worksheet().set_name("Notes").unwrap();
        book.add_worksheet()
            .set_name("Secret")
            .unwrap()
            .set_hidden(true);
    });
    let lines = read("b.xlsx", &book).unwrap();
    let row = "3: 1001|2018-01-31|2018-01-31T03:12:16|0.125|0.3|true|a, \"b\"\nc";
    let expected = [
        format!("b.xlsx[Leads]:{row}"),
        "b.xlsx[Leads]:4! sum: an error value of the spreadsheet, as #N/A or #REF!".to_owned(),
        "b.xlsx[Leads]:5! more columns than the header".to_owned(),
        "# only its first sheet `Leads` is read, not Notes; `sheet` in the stream chooses"
            .to_owned(),
    ];
    assert_eq!(lines, expected);
    // The same sheet under the other way to count days is 1,462 days later.
    let old = patch(
        &book,
        "xl/workbook.xml",
        "<workbookPr ",
        "<workbookPr date1904=\"1\" ",
    );
    assert!(read("b.xlsx", &old).unwrap()[0].contains("|2022-02-01|2022-02-01T03:12:16|"));
}

#[test]
fn the_sheets_that_a_stream_asks_for() {
    let book = workbook(|book| {
        for (name, header, id) in [("Jan", "id", 1), ("Feb", "id", 2), ("Info", "key", 3)] {
            let sheet = book.add_worksheet();
            sheet
                .set_name(name)
                .unwrap()
                .write_string(0, 0, header)
                .unwrap();
            sheet.write_number(1, 0, id).unwrap();
        }
    });
    let of = |sheets: Sheets| {
        let mut chosen = stream("rows", "*");
        chosen.format.sheets = sheets;
        read_as(chosen, "b.xlsx", &book).map_err(|refusal| refusal.code)
    };
    assert_eq!(
        of(Sheets::Named("Feb".into())).unwrap(),
        ["b.xlsx[Feb]:2: 2"]
    );
    assert_eq!(of(Sheets::Nth(2)).unwrap(), ["b.xlsx[Feb]:2: 2"]);
    assert_eq!(
        of(Sheets::All).unwrap(),
        [
            "b.xlsx[Jan]:2: 1",
            "b.xlsx[Feb]:2: 2",
            "# b.xlsx[Feb]: sheet `Info` has another header than the first and is left alone",
        ]
    );
    assert_eq!(of(Sheets::Named("March".into())), Err("E0337"));
    assert_eq!(of(Sheets::Nth(4)), Err("E0337"));
}

#[test]
fn a_merged_header_names_every_column_that_it_covers() {
    let book = workbook(|book| {
        let plain = Format::new();
        let sheet = book.add_worksheet();
        sheet.set_name("S").unwrap();
        sheet.write_string(0, 0, "Report of January").unwrap();
        sheet.merge_range(1, 0, 2, 0, "id", &plain).unwrap();
        sheet.merge_range(1, 1, 1, 2, "Q1", &plain).unwrap();
        sheet.write_string(2, 1, "won").unwrap();
        sheet.write_string(2, 2, "lost").unwrap();
        sheet.write_string(1, 3, "Q2").unwrap();
        sheet.write_string(2, 3, "won").unwrap();
        sheet.write_string(2, 4, "note").unwrap();
        for column in 0..5 {
            sheet
                .write_number(3, column, f64::from(column) + 0.5)
                .unwrap();
        }
    });
    let mut two = stream("rows", "*");
    two.format.skip_rows = 1;
    two.format.header_rows = 2;
    for key in ["id", "Q1 won", "Q1 lost", "Q2 won", "note"] {
        two.key = vec![key.into()];
        let lines = read_as(two.clone(), "b.xlsx", &book).unwrap();
        assert_eq!(lines, ["b.xlsx[S]:4: 0.5|1.5|2.5|3.5|4.5"], "{key}");
    }
}

#[test]
fn the_same_rows_whatever_they_are_written_in() {
    let csv = "id,name,when,amount,ok\n1,Ann,2018-01-31,12.5,true\n2,\"B, C\",,1000,false\n";
    let json = "{\"id\":1,\"name\":\"Ann\",\"when\":\"2018-01-31\",\"amount\":12.5,\"ok\":true}\n\
                {\"id\":2,\"name\":\"B, C\",\"when\":null,\"amount\":1000,\"ok\":false}\n";
    let typed = parquet(vec![
        ("id", Arc::new(Int64Array::from(vec![1, 2]))),
        ("name", texts(&[Some("Ann"), Some("B, C")])),
        (
            "when",
            Arc::new(Date32Array::from(vec![Some(17_562), None])),
        ),
        ("amount", Arc::new(Float64Array::from(vec![12.5, 1000.0]))),
        ("ok", Arc::new(BooleanArray::from(vec![true, false]))),
    ]);
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let sheet = workbook(|book| {
        let sheet = book.add_worksheet();
        for (place, name) in ["id", "name", "when", "amount", "ok"].iter().enumerate() {
            sheet
                .write_string(0, u16::try_from(place).unwrap(), *name)
                .unwrap();
        }
        let day = ExcelDateTime::from_ymd(2018, 1, 31).unwrap();
        sheet.write_datetime_with_format(1, 2, &day, &date).unwrap();
        for (row, id, name, amount, ok) in [(1, 1, "Ann", 12.5, true), (2, 2, "B, C", 1e3, false)] {
            sheet.write_number(row, 0, id).unwrap();
            sheet.write_string(row, 1, name).unwrap();
            sheet.write_number(row, 3, amount).unwrap();
            sheet.write_boolean(row, 4, ok).unwrap();
        }
    });
    let (csv, json) = (csv.as_bytes(), json.as_bytes());
    let utf16: Vec<u8> = std::iter::once(0xfeff)
        .chain(String::from_utf8_lossy(csv).encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let files: Vec<(&str, Vec<u8>)> = vec![
        ("r.csv", csv.to_vec()),
        ("r-utf16.csv", utf16),
        ("r.csv.gz", gzip(csv)),
        ("r.csv.zst", zstd(csv)),
        (
            "r.zip",
            zip(&[("deep/r.csv", csv), ("__MACOSX/._r.csv", b"\0")]),
        ),
        ("r2.zip", zip(&[("r.csv.gz", &gzip(csv))])),
        ("r3.zip", zip(&[("r.xlsx", &sheet)])),
        ("r4.zip", zip(&[("r.parquet", &typed)])),
        ("r.jsonl", json.to_vec()),
        ("r.jsonl.gz", gzip(json)),
        ("r.parquet", typed.clone()),
        ("r.parquet.gz", gzip(&typed)),
        ("r.xlsx", sheet.clone()),
        ("r.xlsx.zst", zstd(&sheet)),
    ];
    for (name, bytes) in files {
        let lines = read(name, &bytes).unwrap();
        let rows: Vec<&str> = lines
            .iter()
            .filter_map(|line| Some(line.split_once(": ")?.1))
            .collect();
        assert_eq!(
            rows,
            ["1|Ann|2018-01-31|12.5|true", "2|B, C||1000|false"],
            "{name} {lines:?}"
        );
    }
}
