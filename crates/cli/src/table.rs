//! An answer as a table that a person likes to read: numbers right-aligned and grouped, shares with
//! their parts, zero is `0`, unknown is `–`, not applicable is `n/a`; definition, issues and as-of
//! under it.

use comfy_table::{Cell as TableCell, CellAlignment, ContentArrangement, Table, presets};
use handfast_model::money::{Decimal, divide_half_even, grouped};
use handfast_model::{Answer, Cell, Column, ColumnKind, IssueCode, Money, Ratio};

pub mod view;

/// What stands above an answer that rests on something that does not hold.
pub const NOT_VERIFIED: &str =
    "NOT VERIFIED: this answer rests on something that does not hold; handfast verify names it";

/// Whether an answer rests on something that does not hold.
pub fn is_unverified(answer: &Answer) -> bool {
    let codes = [IssueCode::NotVerified, IssueCode::Unbalanced].map(IssueCode::code);
    let mut issues = answer.issues.iter();
    issues.any(|issue| codes.contains(&issue.code.as_str()))
}

/// The whole answer as text.
pub fn render(answer: &Answer) -> String {
    let mut text = String::new();
    if is_unverified(answer) {
        text.push_str(NOT_VERIFIED);
        text.push('\n');
    }
    if let Some(headline) = &answer.headline {
        text.push_str(&printable(&headline.sentence));
        text.push_str("\n\n");
    }
    if answer.rows.is_empty() {
        text.push_str("nothing to count: no record matches this question\n");
    } else {
        text.push_str(&grid(answer).to_string());
        text.push('\n');
    }
    let means = answer
        .columns
        .iter()
        .filter(|column| !column.means.is_empty());
    for column in means {
        text.push_str(&format!("  {:<14} {}\n", column.id, column.means));
    }
    for note in &answer.notes {
        text.push_str(&format!("  note           {note}\n"));
    }
    for issue in &answer.issues {
        text.push_str(&format!(
            "  {:<6} {:>7} {}\n",
            issue.code,
            grouped(&issue.count.to_string()),
            issue.text
        ));
    }
    let lineage = &answer.lineage;
    if lineage.charter.is_empty() {
        text.push_str(&of_file(answer));
        return text;
    }
    let seen = match &lineage.horizon {
        Some(horizon) => format!("sources seen until {horizon}"),
        None => "no source shows a date yet".to_owned(),
    };
    let facts = grouped(&lineage.facts_used.to_string());
    let charter = lineage.charter.split(':').next_back().unwrap_or("");
    let short = charter.get(..12).unwrap_or(charter);
    let forward = match lineage.earlier.last() {
        Some((since, _)) => format!(" forward-only from {since}"),
        None => String::new(),
    };
    let seq = lineage.seq;
    text.push_str(&format!(
        "  as of ledger {seq} · {seen} · charter {short}{forward} · {facts} facts\n"
    ));
    text
}

/// What an answer rests on that comes from a file, without a book.
fn of_file(answer: &Answer) -> String {
    let files = answer.lineage.packs.iter().map(|(file, hash)| {
        let short = hash.get(..19).unwrap_or(hash);
        format!("  from {} · {short}\n", printable(file))
    });
    files.collect()
}

fn grid(answer: &Answer) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(
        answer
            .columns
            .iter()
            .map(|column| aligned(title(column), column.kind)),
    );
    let rule = |width: usize| "─".repeat(width);
    let widths = column_widths(answer);
    table.add_row(widths.iter().map(|&width| TableCell::new(rule(width))));
    for row in answer.rows.iter() {
        table.add_row(
            answer
                .columns
                .iter()
                .zip(row)
                .map(|(column, cell)| aligned(show(cell), column.kind)),
        );
    }
    let totals: Vec<_> = answer
        .currency_totals
        .iter()
        .chain(&answer.totals)
        .collect();
    if !totals.is_empty() {
        table.add_row(widths.iter().map(|&width| TableCell::new(rule(width))));
    }
    for row in totals {
        let cells = answer.columns.iter().zip(row);
        table.add_row(cells.map(|(column, cell)| aligned(show(cell), column.kind)));
    }
    table
}

fn column_widths(answer: &Answer) -> Vec<usize> {
    let rows = answer.rows.iter().chain(&answer.currency_totals);
    let rows = rows.chain(&answer.totals);
    let mut widths: Vec<usize> = answer
        .columns
        .iter()
        .map(|column| title(column).chars().count())
        .collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(show(cell).chars().count());
        }
    }
    widths
}

fn title(column: &Column) -> String {
    match (&column.unit, column.kind) {
        (Some(unit), ColumnKind::Money | ColumnKind::Days | ColumnKind::EstimatedDays) => {
            format!("{} ({unit})", column.id)
        }
        _ => column.id.clone(),
    }
}

fn aligned(text: String, kind: ColumnKind) -> TableCell {
    let is_word = matches!(
        kind,
        ColumnKind::Text | ColumnKind::Period | ColumnKind::Time | ColumnKind::Flag
    );
    let alignment = if is_word {
        CellAlignment::Left
    } else {
        CellAlignment::Right
    };
    TableCell::new(text).set_alignment(alignment)
}

/// One cell for people.
pub fn show(cell: &Cell) -> String {
    match cell {
        Cell::Unknown => "–".to_owned(),
        Cell::NotApplicable => "n/a".to_owned(),
        Cell::Text(text) => printable(text),
        Cell::Count(count) => grouped(&count.to_string()),
        Cell::Number(number) => grouped(&number.to_string()),
        Cell::Decimal(decimal) => rounded(*decimal),
        Cell::Ratio(ratio) => share(*ratio),
        Cell::Money(money) => money.shown(),
        Cell::MeanMoney(_, 0) => "–".to_owned(),
        Cell::MeanMoney(sum, count) => {
            let each = divide_half_even(i128::from(sum.minor), i128::from(*count));
            let shown = each.and_then(|minor| i64::try_from(minor).ok());
            let mean = shown.map(|minor| Money { minor, ..*sum }.shown());
            let of = grouped(&count.to_string());
            mean.map_or("–".to_owned(), |mean| format!("{mean} (n {of})"))
        }
        Cell::Elapsed(micros, true) => trimmed(&days(*micros, 1, 1)),
        Cell::Elapsed(micros, false) => grouped(&days(*micros, 1, 2)),
        Cell::MeanElapsed(_, 0) => "–".to_owned(),
        Cell::MeanElapsed(micros, count) => days(*micros, *count, 3),
        Cell::Day(day) => day.to_string(),
        Cell::Flag(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Cell::MoneyShare { part, whole } => money_share(*part, *whole),
        Cell::EstimatedShare(value, band) => estimated(*value, *band),
        Cell::EstimatedElapsed(micros, true) => format!("≈ {}", trimmed(&days(*micros, 1, 1))),
        Cell::EstimatedElapsed(micros, false) => format!("≈ {}", days(*micros, 1, 2)),
    }
}

/// Amounts without their currency, which stands beside them, and the share.
fn money_share(part: Money, whole: i64) -> String {
    let major = |minor: i64| {
        let money = Money { minor, ..part }.shown();
        money.split(' ').next().unwrap_or("").to_owned()
    };
    let parts = format!("{}/{}", major(part.minor), major(whole));
    beside(&parts, i128::from(part.minor), i128::from(whole))
}

/// The parts of a share, and the share in percent.
fn beside(parts: &str, part: i128, whole: i128) -> String {
    match quotient(part * 100, whole, 1) {
        Some(percent) => format!("{parts} {percent:>5}%"),
        None => format!("{parts}     –"),
    }
}

/// A quotient to so many places, halves to the even digit: as the browser writes it, held to the
/// same cases. `None` over nothing.
fn quotient(part: i128, whole: i128, places: u32) -> Option<String> {
    let sign = whole.signum();
    let units = divide_half_even(part * sign * 10_i128.pow(places), whole * sign)?;
    let scale = places;
    Some(Decimal { units, scale }.to_string())
}

/// An estimate cannot be taken for a count: `≈ 31.2 % (24.0–38.9)`.
fn estimated(value: f64, band: Option<(f64, f64)>) -> String {
    let percent = |share: f64| format!("{:.1}", share * 100.0);
    match band {
        Some((low, high)) => format!(
            "≈ {} % ({}–{})",
            percent(value),
            percent(low),
            percent(high)
        ),
        None => format!("≈ {} %", percent(value)),
    }
}

fn share(ratio: Ratio) -> String {
    let parts = format!(
        "{}/{}",
        grouped(&ratio.part.to_string()),
        grouped(&ratio.whole.to_string())
    );
    beside(&parts, i128::from(ratio.part), i128::from(ratio.whole))
}

/// Days of a time, or of the mean of so many.
fn days(micros: i64, count: u64, places: u32) -> String {
    const DAY: i128 = 86_400_000_000;
    let days = quotient(i128::from(micros), i128::from(count) * DAY, places);
    days.unwrap_or_else(|| "–".to_owned())
}

fn trimmed(text: &str) -> String {
    text.strip_suffix(".0").unwrap_or(text).to_owned()
}

/// To the thousandth, halves to the even one; all places are in CSV and JSON.
fn rounded(decimal: Decimal) -> String {
    const PLACES: u32 = 3;
    let places = decimal.scale.min(PLACES);
    let unit = 10_i128.pow(decimal.scale - places);
    let (whole, rest) = (
        decimal.units.div_euclid(unit),
        decimal.units.rem_euclid(unit),
    );
    let is_up = rest * 2 > unit || (rest * 2 == unit && whole % 2 != 0);
    let units = whole + i128::from(is_up);
    let shown = Decimal {
        units,
        scale: places,
    };
    grouped(&shown.to_string())
}

/// The same as [`printable`], of several lines.
pub fn printable_lines(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(printable).collect();
    lines.join("\n")
}

/// Text from a source cannot move the cursor or forge a line.
pub fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use handfast_model::Lineage;
    use handfast_model::answer::{Headline, IssueCount};

    use super::*;

    /// The browser reads the same cases: `web/tests/rounding.test.ts`.
    #[test]
    fn quotients_are_rounded_as_the_browser_rounds_them() {
        let cases = include_str!("../tests/fixtures/rounding.txt");
        let mut told = 0;
        for line in cases.lines().filter(|line| !line.starts_with('#')) {
            let words: Vec<&str> = line.split(' ').collect();
            let [kind, part, whole, wanted] = words[..] else {
                panic!("four words: {line}");
            };
            let (part, whole): (i64, u64) = (part.parse().unwrap(), whole.parse().unwrap());
            let found = match kind {
                "share" => {
                    let shown = show(&Cell::Ratio(Ratio { part, whole }));
                    shown.rsplit(' ').next().unwrap().replace('%', "")
                }
                "mean" => divide_half_even(part.into(), whole.into())
                    .unwrap()
                    .to_string(),
                "days" => days(part, whole, 1),
                _ => panic!("{line}"),
            };
            assert_eq!(found, wanted, "{line}");
            told += 1;
        }
        assert!(told > 30, "{told}");
    }

    #[test]
    fn a_headline_stands_above_the_table_and_a_warning_above_that() {
        let column = |id: &str, kind| Column {
            id: id.to_owned(),
            kind,
            unit: None,
            means: String::new(),
        };
        let mut answer = Answer {
            headline: Some(Headline {
                sentence: "marketing touched\t2 of 3 deals".to_owned(),
                figures: Vec::new(),
            }),
            columns: vec![column("channel", ColumnKind::Text)],
            rows: vec![vec![Cell::Text("event".to_owned())]],
            totals: None,
            currency_totals: Vec::new(),
            issues: Vec::new(),
            notes: Vec::new(),
            lineage: Lineage::default(),
        };
        let above = "marketing touched\u{fffd}2 of 3 deals\n\n";
        assert!(render(&answer).starts_with(above), "{}", render(&answer));
        answer.issues.push(IssueCount {
            code: IssueCode::NotVerified.code().to_owned(),
            count: 1,
            text: String::new(),
        });
        let above = format!("{NOT_VERIFIED}\n{above}");
        assert!(render(&answer).starts_with(&above), "{}", render(&answer));
    }

    #[test]
    fn numbers_read_as_a_newspaper_sets_them() {
        assert_eq!(
            show(&Cell::Ratio(Ratio {
                part: 4238,
                whole: 6711
            })),
            "4,238/6,711  63.2%"
        );
        assert_eq!(show(&Cell::Ratio(Ratio { part: 0, whole: 0 })), "0/0     –");
        assert_eq!(show(&Cell::Text("a\u{1b}[2Jb".into())), "a\u{fffd}[2Jb");
        assert_eq!(show(&Cell::Elapsed(86_400_000_000 * 57, true)), "57");
        let estimate = Cell::EstimatedShare(0.3124, Some((0.24, 0.389)));
        assert_eq!(show(&estimate), "≈ 31.2 % (24.0–38.9)");
        assert_eq!(show(&Cell::EstimatedShare(0.0, None)), "≈ 0.0 %");
        assert_eq!(
            show(&Cell::EstimatedElapsed(86_400_000_000 * 57, true)),
            "≈ 57"
        );
    }
}
