//! A workbook says what the answer says: read back by another library, every number, text, date
//! and formula is what it was.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::io::Cursor;

use calamine::{DataType, Range, Reader, Xlsx};
use handfast_model::answer::{Headline, IssueCount};
use handfast_model::money::Decimal;
use handfast_model::question_text::parse;
use handfast_model::{Answer, Cell, Column, ColumnKind, Currency, Day, Lineage, Money, Ratio};
use handfast_wire::v1::Reply;
use handfast_wire::xlsx::to_xlsx;

fn column(id: &str, kind: ColumnKind) -> Column {
    let means = format!("what {id} means");
    Column {
        id: id.to_owned(),
        kind,
        unit: None,
        means,
    }
}

fn answer(columns: Vec<Column>, rows: Vec<Vec<Cell>>, totals: Option<Vec<Cell>>) -> Answer {
    Answer {
        headline: None,
        columns,
        rows,
        totals,
        currency_totals: Vec::new(),
        issues: Vec::new(),
        notes: Vec::new(),
        lineage: Lineage::default(),
    }
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn ratio(part: i64, whole: u64) -> Cell {
    Cell::Ratio(Ratio { part, whole })
}

fn euro(minor: i64) -> Money {
    let currency = Currency::parse("EUR").unwrap();
    Money { minor, currency }
}

fn yen(minor: i64) -> Money {
    let currency = Currency::parse("JPY").unwrap();
    Money { minor, currency }
}

struct Read(Xlsx<Cursor<Vec<u8>>>);

impl Read {
    fn of(answer: &Answer, records: Option<&Answer>) -> Read {
        let question = parse("funnel view=flow by=month where='a & b' as-of=7").unwrap();
        let reply = Reply::new(&question, answer);
        let bytes = to_xlsx(&reply, answer, records).unwrap();
        assert_eq!(bytes, to_xlsx(&reply, answer, records).unwrap());
        Read(Xlsx::new(Cursor::new(bytes)).unwrap())
    }

    fn sheet(&mut self, name: &str) -> Range<calamine::Data> {
        self.0.worksheet_range(name).unwrap()
    }

    /// The formula of a cell; empty where it has none.
    fn formula(&mut self, cell: (u32, u32)) -> String {
        let formulas = self.0.worksheet_formula("Answer").unwrap();
        formulas.get_value(cell).cloned().unwrap_or_default()
    }
}

fn at(range: &Range<calamine::Data>, cell: (u32, u32)) -> calamine::Data {
    range
        .get_value(cell)
        .cloned()
        .unwrap_or(calamine::Data::Empty)
}

fn number(range: &Range<calamine::Data>, cell: (u32, u32)) -> f64 {
    match at(range, cell) {
        calamine::Data::Float(value) => value,
        calamine::Data::Int(value) => value as f64,
        calamine::Data::DateTime(value) => value.as_f64(),
        other => panic!("{cell:?} is {other:?}"),
    }
}

#[test]
fn what_stands_above_the_rows_is_above_the_table_with_live_quotients() {
    let columns = ["channel", "deals", "touches", "first"];
    let kinds = [
        ColumnKind::Text,
        ColumnKind::Count,
        ColumnKind::Count,
        ColumnKind::Count,
    ];
    let columns = columns.iter().zip(kinds).map(|(id, kind)| column(id, kind));
    let row = vec![
        text("event"),
        Cell::Count(1),
        Cell::Count(2),
        Cell::Count(3),
    ];
    let value = Cell::MoneyShare {
        part: euro(30_000),
        whole: 35_001,
    };
    let told = Answer {
        headline: Some(Headline {
            sentence: "=2 of 3".to_owned(),
            figures: vec![
                (column("touched", ColumnKind::Ratio), ratio(2, 3)),
                (column("touched_by_value", ColumnKind::MoneyShare), value),
            ],
        }),
        ..answer(columns.collect(), vec![row], None)
    };
    let mut read = Read::of(&told, None);
    let sheet = read.sheet("Answer");
    let said = |cell| at(&sheet, cell).to_string();
    assert_eq!(said((0, 0)), "=2 of 3");
    assert_eq!(
        [(1, 0), (1, 1)].map(|cell| number(&sheet, cell)),
        [2.0, 3.0]
    );
    assert_eq!(
        [(2, 0), (2, 1)].map(|cell| number(&sheet, cell)),
        [300.0, 350.01]
    );
    assert_eq!(said((1, 3)), "what touched means");
    assert_eq!(said((3, 0)), "");
    assert_eq!(
        ["channel", "event"],
        [(4, 0), (5, 0)].map(said).each_ref().map(String::as_str)
    );
    let formulas = [(1, 2), (2, 2)].map(|cell| read.formula(cell));
    assert_eq!(formulas, ["A2/B2", "A3/B3"]);
    let defined = read.sheet("Definitions");
    let names: Vec<String> = defined.rows().map(|row| row[0].to_string()).collect();
    let ids = ["touched", "touched_by_value", "channel"];
    assert!(
        ids.iter().all(|id| names.iter().any(|name| name == id)),
        "{names:?}"
    );
}

#[test]
fn text_stays_text_whatever_it_begins_with() {
    let long = "x".repeat(40_000);
    let texts = [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "'=1",
        "\tx",
        "_x0041_",
        "{=1}",
        "<a>&\"",
        "https://x.y",
        "2024-01-01",
        "007",
        "1e5",
        "TRUE",
        "né 💶",
        " lead",
        &long,
    ];
    let rows = texts.iter().map(|one| vec![text(one)]).collect();
    let columns = vec![column("=evil()", ColumnKind::Text)];
    let mut read = Read::of(&answer(columns, rows, None), None);
    let sheet = read.sheet("Answer");
    assert_eq!(
        at(&sheet, (0, 0)),
        calamine::Data::String("=evil()".to_owned())
    );
    for (row, text) in (1..).zip(texts) {
        let expected = match text.len() {
            40_000 => format!("{}…", "x".repeat(32_766)),
            _ => text.to_owned(),
        };
        assert_eq!(at(&sheet, (row, 0)), calamine::Data::String(expected));
        assert_eq!(read.formula((row, 0)), "");
    }
}

#[test]
fn shares_means_and_sums_are_formulas_with_their_results() {
    let columns = vec![
        column("month", ColumnKind::Period),
        column("won", ColumnKind::Ratio),
        column("revenue", ColumnKind::Money),
        column("mean", ColumnKind::Mean),
        column("wait", ColumnKind::Mean),
        column("people", ColumnKind::Count),
        column("touched", ColumnKind::MoneyShare),
    ];
    let day = 86_400_000_000;
    let share = |part, whole| Cell::MoneyShare {
        part: euro(part),
        whole,
    };
    let row = |month: &str, part, whole, minor, people| {
        vec![
            text(month),
            ratio(part, whole),
            Cell::Money(euro(minor)),
            Cell::MeanMoney(euro(minor), whole),
            Cell::MeanElapsed(3 * day, 2),
            Cell::Count(people),
            share(1, 4),
        ]
    };
    let rows = vec![
        row("2024-01", 1, 3, 10_001, 5),
        row("2024-02", 0, 0, -2, 6),
        row("2024-03", 2, 4, 9_007_199_254_740_993, 7),
    ];
    let mut totals = row("all", 3, 7, 9_007_199_254_750_992, 12);
    totals[4] = Cell::Unknown;
    let mut read = Read::of(&answer(columns, rows, Some(totals)), None);
    let sheet = read.sheet("Answer");
    let heads: Vec<String> = (0..15)
        .map(|col| at(&sheet, (0, col)).to_string())
        .collect();
    assert_eq!(
        heads.join("|"),
        "month|won part|won whole|won|revenue EUR|mean sum|mean n|mean|wait sum|wait n|wait|people|\
         touched part|touched whole|touched"
    );
    assert_eq!(number(&sheet, (1, 1)), 1.0);
    assert_eq!(number(&sheet, (1, 2)), 3.0);
    assert_eq!(number(&sheet, (1, 3)), 1.0 / 3.0);
    assert_eq!(read.formula((1, 3)), "B2/C2");
    // An empty denominator is no value.
    assert_eq!(at(&sheet, (2, 3)), calamine::Data::Empty);
    assert_eq!(read.formula((2, 3)), "");
    assert_eq!(number(&sheet, (1, 4)), 100.01);
    assert_eq!(number(&sheet, (2, 4)), -0.02);
    // More digits than a spreadsheet's number holds.
    assert_eq!(
        at(&sheet, (3, 4)),
        calamine::Data::String("90071992547409.93".to_owned())
    );
    assert_eq!(number(&sheet, (1, 7)), 100.01 / 3.0);
    assert_eq!(read.formula((1, 7)), "F2/G2");
    assert_eq!(number(&sheet, (1, 10)), 1.5);
    assert_eq!(number(&sheet, (1, 14)), 0.25);
    // What all rows come to: a sum where it is one.
    assert_eq!(read.formula((4, 1)), "SUM(B2:B4)");
    assert_eq!(read.formula((4, 2)), "SUM(C2:C4)");
    assert_eq!(read.formula((4, 3)), "B5/C5");
    assert_eq!(number(&sheet, (4, 3)), 3.0 / 7.0);
    assert_eq!(
        read.formula((4, 4)),
        "",
        "a sum with a text in it would be another"
    );
    assert_eq!(read.formula((4, 11)), "", "18 rows are 12 people");
    assert_eq!(number(&sheet, (4, 11)), 12.0);
    let told = read.sheet("Definitions");
    let says = |text: &str| {
        told.used_cells()
            .any(|(_, _, cell)| cell.as_string().as_deref() == Some(text))
    };
    assert!(says(
        "the last row counts people, touched afresh: one may be in several rows"
    ));
    assert!(says("what revenue means"));
    assert!(says("a & b"));
}

#[test]
fn each_currency_has_a_total_that_sums_its_rows_alone() {
    let row = |rep: &str, code: &str, money: Money| vec![text(rep), text(code), Cell::Money(money)];
    let mut told = answer(
        vec![
            column("rep", ColumnKind::Text),
            column("currency", ColumnKind::Text),
            column("revenue", ColumnKind::Money),
        ],
        vec![
            row("Rosa", "EUR", euro(1_050)),
            row("Rosa", "JPY", yen(7)),
            row("Sam", "EUR", euro(25)),
        ],
        Some(vec![text("all"), text(""), Cell::Unknown]),
    );
    told.currency_totals = vec![row("all", "EUR", euro(1_075)), row("all", "JPY", yen(7))];
    let mut read = Read::of(&told, None);
    let sheet = read.sheet("Answer");
    assert_eq!(number(&sheet, (4, 2)), 10.75);
    assert_eq!(read.formula((4, 2)), "SUMIF(B2:B4,\"EUR\",C2:C4)");
    assert_eq!(number(&sheet, (5, 2)), 7.0);
    assert_eq!(read.formula((5, 2)), "SUMIF(B2:B4,\"JPY\",C2:C4)");
    assert_eq!(at(&sheet, (6, 2)), calamine::Data::Empty);
    assert_eq!(read.formula((6, 2)), "");
}

#[test]
fn dates_are_dates_and_each_currency_is_named() {
    let columns = vec![
        column("when", ColumnKind::Time),
        column("amount", ColumnKind::Money),
        column("rate", ColumnKind::Decimal),
        column("open", ColumnKind::Flag),
        column("p50", ColumnKind::Days),
        column("chance", ColumnKind::EstimatedShare),
    ];
    let day = Day::parse("2024-02-29").unwrap();
    let rows = vec![
        vec![
            Cell::Day(day),
            Cell::Money(euro(150)),
            Cell::Decimal(Decimal {
                units: 12_345,
                scale: 4,
            }),
            Cell::Flag(true),
            Cell::Elapsed(2 * 86_400_000_000, true),
            Cell::EstimatedShare(0.5, Some((0.25, 0.75))),
        ],
        vec![
            text("2024-02-29T12:00:00Z"),
            Cell::Money(yen(150)),
            Cell::Unknown,
            Cell::NotApplicable,
            Cell::Unknown,
            Cell::EstimatedShare(0.5, None),
        ],
        vec![
            Cell::Day(Day::parse("1899-01-01").unwrap()),
            Cell::Unknown,
            Cell::Unknown,
            Cell::Flag(false),
            Cell::Unknown,
            Cell::Unknown,
        ],
    ];
    let mut read = Read::of(&answer(columns, rows, None), None);
    let sheet = read.sheet("Answer");
    // 29 February 2024 is day 45351 of a spreadsheet.
    assert_eq!(number(&sheet, (1, 0)), 45_351.0);
    assert!(matches!(at(&sheet, (1, 0)), calamine::Data::DateTime(_)));
    assert_eq!(number(&sheet, (2, 0)), 45_351.5);
    assert_eq!(
        at(&sheet, (3, 0)),
        calamine::Data::String("1899-01-01".to_owned())
    );
    let row = |row| -> Vec<String> {
        (1..9)
            .map(|col| at(&sheet, (row, col)).to_string())
            .collect()
    };
    assert_eq!(
        row(0),
        [
            "amount",
            "amount currency",
            "rate",
            "open",
            "p50 days",
            "≈ chance",
            "chance low",
            "chance high"
        ]
    );
    assert_eq!(
        row(1),
        ["1.5", "EUR", "1.2345", "true", "2", "0.5", "0.25", "0.75"]
    );
    assert_eq!(row(2), ["150", "JPY", "", "n/a", "", "0.5", "", ""]);
}

#[test]
fn what_is_not_verified_says_so_first_and_records_have_a_sheet_of_their_own() {
    let rows = vec![vec![text("a"), Cell::Count(1)]];
    let columns = vec![
        column("stage", ColumnKind::Text),
        column("n", ColumnKind::Count),
    ];
    let mut told = answer(columns.clone(), rows.clone(), None);
    told.issues.push(IssueCount {
        code: "W0115".to_owned(),
        count: 1,
        text: "not verified".to_owned(),
    });
    told.notes.push("=a note".to_owned());
    let columns = vec![
        columns[0].clone(),
        columns[1].clone(),
        column("amount", ColumnKind::Text),
    ];
    let amounts = ["-1234.50 EUR", "7 JPY", "7.5 EUR", "=1 EUR"];
    let rows = amounts
        .iter()
        .map(|one| vec![text("a"), Cell::Count(1), text(one)])
        .collect();
    let mut records = answer(columns, rows, None);
    records.notes.push("the first of many".to_owned());
    let mut read = Read::of(&told, Some(&records));
    let sheet = read.sheet("Answer");
    assert!(at(&sheet, (0, 0)).to_string().starts_with("NOT VERIFIED"));
    assert_eq!(at(&sheet, (1, 0)).to_string(), "stage");
    assert_eq!(number(&sheet, (2, 1)), 1.0);
    let sheet = read.sheet("Records");
    assert_eq!(at(&sheet, (0, 0)).to_string(), "the first of many");
    assert_eq!(at(&sheet, (1, 1)).to_string(), "n");
    assert_eq!(number(&sheet, (2, 1)), 1.0);
    let row = |row| [2, 3].map(|col| at(&sheet, (row, col)).to_string());
    assert_eq!(row(2), ["-1234.5", "EUR"]);
    assert_eq!(row(3), ["7", "JPY"]);
    assert_eq!(row(4)[0], "7.5 EUR", "no amount shows itself so");
    assert_eq!(row(5)[0], "=1 EUR");
    let told = read.sheet("Definitions");
    let says = |text: &str| {
        told.used_cells()
            .any(|(_, _, cell)| cell.as_string().as_deref() == Some(text))
    };
    assert!(
        says("W0115")
            && says("=a note")
            && says("funnel view=flow by=month where='a & b' as-of=7 known=recorded unit=pursuit")
    );
}

#[test]
fn a_currency_that_the_row_names_stands_beside_no_amount() {
    let columns = || {
        vec![
            column("currency", ColumnKind::Text),
            column("spend", ColumnKind::Money),
            column("revenue", ColumnKind::Money),
        ]
    };
    let rows = |revenues: [Money; 2]| {
        let [first, last] = revenues.map(Cell::Money);
        vec![
            vec![text("EUR"), Cell::Money(euro(150)), first],
            vec![text("JPY"), Cell::Money(yen(9)), last],
        ]
    };
    let heads = |rows: Vec<Vec<Cell>>| -> Vec<String> {
        let sheet = Read::of(&answer(columns(), rows, None), None).sheet("Answer");
        (0..sheet.width() as u32)
            .map(|col| at(&sheet, (0, col)).to_string())
            .collect()
    };
    assert_eq!(
        heads(rows([euro(7), yen(2)])),
        ["currency", "spend", "revenue"]
    );
    // Of an amount in another than the row's, the row tells nothing.
    let both = ["currency", "spend", "revenue", "revenue currency"];
    assert_eq!(heads(rows([yen(7), euro(2)])), both);
}

#[test]
fn noughts_behind_the_point_make_no_number_a_text() {
    let row = |units| vec![Cell::Decimal(Decimal { units, scale: 6 })];
    let columns = vec![column("credit", ColumnKind::Decimal)];
    let rows = vec![row(9_100_000_000_000_000), row(9_007_199_254_740_993)];
    let sheet = Read::of(&answer(columns, rows, None), None).sheet("Answer");
    assert_eq!(number(&sheet, (1, 0)), 9_100_000_000.0);
    let long = calamine::Data::String("9007199254.740993".to_owned());
    assert_eq!(at(&sheet, (2, 0)), long);
}

#[test]
fn what_is_printed_is_the_table_with_its_totals_and_its_head_on_each_page() {
    let columns = vec![
        column("stage", ColumnKind::Text),
        column("rate", ColumnKind::Ratio),
    ];
    let row = |of: &str| vec![text(of), ratio(1, 2)];
    let told = answer(columns, vec![row("a"), row("b")], Some(row("all")));
    let read = Read::of(&told, None);
    let names = read.0.defined_names();
    let of = |name: &str| {
        let found = names.iter().find(|(known, _)| known.ends_with(name));
        found.map(|(_, range)| range.replace('\'', ""))
    };
    // The share stands in three columns; four rows with head and total.
    assert_eq!(
        of("Print_Area").as_deref(),
        Some("Answer!$A$1:$D$4"),
        "{names:?}"
    );
    let titles = of("Print_Titles");
    assert_eq!(
        titles.as_deref(),
        Some("Answer!$A:$A,Answer!$1:$1"),
        "{names:?}"
    );
}
