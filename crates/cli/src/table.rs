//! An answer as a table that a person likes to read: numbers right-aligned and grouped, shares with
//! their parts, zero is `0`, unknown is `–`, not applicable is `n/a`; definition, issues and as-of
//! under it.

use comfy_table::{Cell as TableCell, CellAlignment, ContentArrangement, Table, presets};
use handfast_model::money::{Decimal, grouped};
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
            let minor = (sum.minor as f64 / *count as f64).round() as i64;
            format!(
                "{} (n {})",
                Money { minor, ..*sum }.shown(),
                grouped(&count.to_string())
            )
        }
        Cell::Elapsed(micros, true) => trimmed(days(*micros), 1),
        Cell::Elapsed(micros, false) => grouped(&format!("{:.2}", days(*micros))),
        Cell::MeanElapsed(_, 0) => "–".to_owned(),
        Cell::MeanElapsed(micros, count) => format!("{:.3}", days(*micros) / *count as f64),
        Cell::Day(day) => day.to_string(),
        Cell::Flag(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Cell::MoneyShare { part, whole } => money_share(*part, *whole),
        Cell::EstimatedShare(value, band) => estimated(*value, *band),
        Cell::EstimatedElapsed(micros, true) => format!("≈ {}", trimmed(days(*micros), 1)),
        Cell::EstimatedElapsed(micros, false) => format!("≈ {:.2}", days(*micros)),
    }
}

/// Amounts without their currency, which stands beside them, and the share.
fn money_share(part: Money, whole: i64) -> String {
    let major = |minor: i64| {
        let money = Money { minor, ..part }.shown();
        money.split(' ').next().unwrap_or("").to_owned()
    };
    let parts = format!("{}/{}", major(part.minor), major(whole));
    match whole {
        0 => format!("{parts}     –"),
        _ => format!("{parts} {:>5.1}%", part.minor as f64 / whole as f64 * 100.0),
    }
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
    match ratio.value() {
        Some(value) => format!("{parts} {:>5.1}%", value * 100.0),
        None => format!("{parts}     –"),
    }
}

fn days(micros: i64) -> f64 {
    micros as f64 / 86_400_000_000.0
}

fn trimmed(value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$}");
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
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
    use super::*;

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
