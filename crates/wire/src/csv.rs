//! An answer as CSV for a spreadsheet: numerator and denominator in columns of their own, money in
//! major units with its currency beside it, text that a spreadsheet would run neutralised.

use handfast_model::money::Decimal;
use handfast_model::{Answer, Cell, Column, ColumnKind};

/// The whole answer, header first, CRLF line ends (RFC 4180). Totals are left out: a spreadsheet
/// that sums them again would count twice.
pub fn to_csv(answer: &Answer) -> String {
    let mut text = String::new();
    let header: Vec<String> = answer.columns.iter().flat_map(header_of).collect();
    push_line(&mut text, &header);
    for row in &answer.rows {
        let cells = answer
            .columns
            .iter()
            .zip(row)
            .flat_map(|(column, cell)| cells_of(column, cell));
        push_line(&mut text, &cells.collect::<Vec<_>>());
    }
    text
}

/// Rows of texts as CSV, header first: numbers stay numbers, and nothing that a text begins with
/// makes a spreadsheet run it.
pub fn texts_to_csv(header: &[&str], rows: &[Vec<String>]) -> String {
    let mut text = String::new();
    let header: Vec<String> = header.iter().map(|name| neutral(name)).collect();
    push_line(&mut text, &header);
    for row in rows {
        let cell = |cell: &String| match is_number(cell) {
            true => cell.clone(),
            false => neutral(cell),
        };
        push_line(&mut text, &row.iter().map(cell).collect::<Vec<_>>());
    }
    text
}

/// Whether a text is a plain number, below zero perhaps. With a `+` it is rather a telephone's.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    are_digits(whole) && are_digits(part)
}

fn header_of(column: &Column) -> Vec<String> {
    let id = column.id.as_str();
    match column.kind {
        ColumnKind::Ratio => vec![format!("{id}_part"), format!("{id}_whole"), id.to_owned()],
        ColumnKind::Mean => vec![format!("{id}_sum"), format!("{id}_n"), id.to_owned()],
        ColumnKind::Money => vec![id.to_owned(), format!("{id}_currency")],
        ColumnKind::Days => vec![format!("{id}_days")],
        ColumnKind::MoneyShare => vec![
            format!("{id}_part"),
            format!("{id}_whole"),
            format!("{id}_currency"),
            id.to_owned(),
        ],
        ColumnKind::EstimatedShare => {
            vec![id.to_owned(), format!("{id}_low"), format!("{id}_high")]
        }
        ColumnKind::EstimatedDays => vec![format!("{id}_estimated_days")],
        _ => vec![id.to_owned()],
    }
}

fn cells_of(column: &Column, cell: &Cell) -> Vec<String> {
    let width = header_of(column).len();
    let mut cells = match cell {
        Cell::Unknown => Vec::new(),
        Cell::NotApplicable => vec!["n/a".to_owned()],
        Cell::Text(text) => vec![neutral(text)],
        Cell::Count(count) => vec![count.to_string()],
        Cell::Number(number) => vec![number.to_string()],
        Cell::Decimal(decimal) => vec![decimal.to_string()],
        Cell::Ratio(ratio) => {
            let value = ratio.value().map(|value| format!("{value:.6}"));
            let value = value.unwrap_or_default();
            vec![ratio.part.to_string(), ratio.whole.to_string(), value]
        }
        Cell::Money(money) => vec![
            major(money.minor, money.currency.exponent()),
            money.currency.to_string(),
        ],
        Cell::MeanMoney(sum, count) => {
            let total = major(sum.minor, sum.currency.exponent());
            let unit = 10f64.powi(i32::try_from(sum.currency.exponent()).unwrap_or(2));
            vec![
                total,
                count.to_string(),
                quotient(sum.minor as f64 / unit, *count),
            ]
        }
        Cell::Elapsed(micros, _) | Cell::EstimatedElapsed(micros, _) => {
            vec![estimate(days(*micros))]
        }
        Cell::MoneyShare { part, whole } => {
            let exponent = part.currency.exponent();
            vec![
                major(part.minor, exponent),
                major(*whole, exponent),
                part.currency.to_string(),
                quotient(part.minor as f64, whole.unsigned_abs()),
            ]
        }
        Cell::EstimatedShare(value, band) => {
            let mut cells = vec![estimate(*value)];
            cells.extend(
                band.iter()
                    .flat_map(|(low, high)| [estimate(*low), estimate(*high)]),
            );
            cells
        }
        Cell::MeanElapsed(micros, count) => {
            vec![
                estimate(days(*micros)),
                count.to_string(),
                quotient(days(*micros), *count),
            ]
        }
        Cell::Day(day) => vec![day.to_string()],
        Cell::Flag(yes) => vec![yes.to_string()],
    };
    cells.resize(width.max(cells.len()), String::new());
    cells
}

fn days(micros: i64) -> f64 {
    micros as f64 / 86_400_000_000.0
}

/// 12 significant digits.
fn estimate(value: f64) -> String {
    let rounded: Option<f64> = format!("{value:.11e}").parse().ok();
    rounded.map_or(String::new(), |value| value.to_string())
}

fn quotient(sum: f64, count: u64) -> String {
    if count == 0 {
        String::new()
    } else {
        format!("{:.6}", sum / count as f64)
    }
}

fn major(minor: i64, exponent: u32) -> String {
    Decimal {
        units: i128::from(minor),
        scale: exponent,
    }
    .to_string()
}

/// What a spreadsheet would read as a formula gets an apostrophe before it: at the beginning of a
/// text, and behind a `;` or a tab, at which many spreadsheets cut a line.
fn neutral(text: &str) -> String {
    let is_sign = |sign: char| "=+-@＝＋－＠".contains(sign);
    let is_active = |sign: char| is_sign(sign) || "\t\r\0".contains(sign);
    let mut neutral = String::with_capacity(text.len() + 1);
    let mut is_first = true;
    let mut is_cut = false;
    for sign in text.chars() {
        if is_first && is_active(sign) || is_cut && is_sign(sign) {
            neutral.push('\'');
        }
        is_cut = matches!(sign, ';' | '\t') || is_cut && matches!(sign, ' ' | '"');
        is_first = false;
        neutral.push(sign);
    }
    neutral
}

fn push_line(text: &mut String, cells: &[String]) {
    for (i, cell) in cells.iter().enumerate() {
        if i > 0 {
            text.push(',');
        }
        if cell.contains([',', '"', '\n', '\r']) {
            text.push_str(&format!("\"{}\"", cell.replace('"', "\"\"")));
        } else {
            text.push_str(cell);
        }
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use handfast_model::{Currency, Lineage, Money, Ratio};

    #[test]
    fn texts_are_neutral_and_numbers_stay_numbers() {
        let row = |cells: [&str; 6]| cells.map(str::to_owned).to_vec();
        let rows = [
            row(["-12.50", "7", "-1+2", "+49 555", "@x", "a,\"b\""]),
            row(["-", "+49555", "\t1", "=1", "", "-.5"]),
        ];
        let expected = "'=h,b\r\n-12.50,7,'-1+2,'+49 555,'@x,\"a,\"\"b\"\"\"\r\n\
            '-,'+49555,'\t1,'=1,,'-.5\r\n";
        assert_eq!(texts_to_csv(&["=h", "b"], &rows), expected);
    }

    #[test]
    fn what_stands_behind_another_separator_is_no_formula_either() {
        let cases = include_str!("../tests/fixtures/formulas.txt");
        let cases = cases.lines().filter(|line| !line.starts_with('#'));
        let plain = |text: &str| text.replace("\\t", "\t").replace("\\0", "\0");
        let mut compared = 0;
        for (text, told) in cases.filter_map(|line| line.split_once(" => ")) {
            assert_eq!(neutral(&plain(text)), plain(told));
            compared += 1;
        }
        assert!(compared > 10);
    }

    #[test]
    fn a_formula_stays_text_and_a_share_keeps_its_parts() {
        let column = |id: &str, kind| Column {
            id: id.into(),
            kind,
            unit: None,
            means: String::new(),
        };
        let rows = vec![
            vec![
                Cell::Text("=1+1, \"x\"".into()),
                Cell::Ratio(Ratio { part: 1, whole: 4 }),
            ],
            vec![
                Cell::Text("plain".into()),
                Cell::Ratio(Ratio { part: 0, whole: 0 }),
            ],
        ];
        let columns = vec![
            column("channel", ColumnKind::Text),
            column("won", ColumnKind::Ratio),
        ];
        let (issues, notes, totals) = (vec![], vec![], None);
        let answer = Answer {
            headline: None,
            columns,
            rows,
            totals,
            currency_totals: Vec::new(),
            issues,
            notes,
            lineage: Lineage::default(),
        };
        let expected =
            "channel,won_part,won_whole,won\r\n\"'=1+1, \"\"x\"\"\",1,4,0.250000\r\nplain,0,0,\r\n";
        assert_eq!(to_csv(&answer), expected);
    }

    #[test]
    fn an_estimate_has_its_interval_beside_it_and_twelve_digits() {
        let kinds = [
            ("won", ColumnKind::EstimatedShare),
            ("p90", ColumnKind::EstimatedDays),
            ("touched", ColumnKind::MoneyShare),
        ];
        let part = Money {
            minor: 12_345,
            currency: Currency::parse("EUR").unwrap(),
        };
        let estimate = Cell::EstimatedShare(0.519_439_198_499_735_2, Some((0.25, 0.75)));
        let whole = 49_380;
        let cells = [
            vec![
                estimate,
                Cell::EstimatedElapsed(86_400_000_000, true),
                Cell::MoneyShare { part, whole },
            ],
            vec![
                Cell::EstimatedShare(0.0, None),
                Cell::Unknown,
                Cell::NotApplicable,
            ],
        ];
        let text = |row: &[Cell]| {
            let pairs = kinds.iter().zip(row);
            let cells = pairs.flat_map(|((id, kind), cell)| {
                let column = Column {
                    id: (*id).to_owned(),
                    kind: *kind,
                    unit: None,
                    means: String::new(),
                };
                cells_of(&column, cell)
            });
            cells.collect::<Vec<_>>().join(",")
        };
        assert_eq!(
            text(&cells[0]),
            "0.5194391985,0.25,0.75,1,123.45,493.80,EUR,0.250000"
        );
        assert_eq!(text(&cells[1]), "0,,,,n/a,,,");
    }
}
