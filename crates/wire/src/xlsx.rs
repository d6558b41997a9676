//! An answer as a workbook: the figures with live formulas where they are shares, means and totals,
//! their definitions, and the records behind them. Text stays text whatever it begins with.

mod above;
mod table;
mod value;

use handfast_model::{Answer, Cell, ColumnKind, Currency, IssueCode, Money};
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError,
};

use crate::v1;

/// Widest column, in pixels.
const WIDTH: u32 = 840;
/// Longest text of a cell that Excel takes.
const TEXT: usize = 32_767;

/// The workbook of an answer: sheets *Answer*, *Definitions* and, where there are any, *Records*.
/// The same answer gives the same bytes.
pub fn to_xlsx(
    reply: &v1::Reply,
    answer: &Answer,
    records: Option<&Answer>,
) -> Result<Vec<u8>, String> {
    sheets(reply, answer, records).map_err(|error| error.to_string())
}

fn sheets(
    reply: &v1::Reply,
    answer: &Answer,
    records: Option<&Answer>,
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let properties = DocProperties::new().set_title(short(&reply.question.text, 200));
    book.set_properties(&properties.set_creation_datetime(&made));
    let sheet = book.add_worksheet();
    sheet.set_name("Answer")?;
    let is_unverified = is_unverified(reply);
    if is_unverified {
        let red = Format::new().set_bold().set_font_color(Color::Red);
        sheet.write_string_with_format(0, 0, UNVERIFIED, &red)?;
    }
    let shown = with_amounts(answer);
    let top = u32::from(is_unverified);
    let written = table::write(sheet, top, &shown)?;
    page(sheet, reply, &written)?;
    definitions(book.add_worksheet(), reply, &written.afresh)?;
    if let Some(records) = records {
        let sheet = book.add_worksheet();
        sheet.set_name("Records")?;
        let top = records.notes.len() as u32;
        for (row, note) in (0..).zip(&records.notes) {
            sheet.write_string(row, 0, short(note, TEXT))?;
        }
        let written = table::write(sheet, top, &with_amounts(records))?;
        page(sheet, reply, &written)?;
    }
    book.save_to_buffer()
}

/// Records show their amounts as text, each in its currency; in a sheet they are to be summed.
fn with_amounts(answer: &Answer) -> Answer {
    let mut answer = answer.clone();
    for (at, column) in answer.columns.iter_mut().enumerate() {
        let is_amount = ["amount", "credit"].contains(&column.id.as_str());
        if !is_amount || column.kind != ColumnKind::Text {
            continue;
        }
        column.kind = ColumnKind::Money;
        for cell in answer.rows.iter_mut().filter_map(|row| row.get_mut(at)) {
            if let Cell::Text(text) = cell
                && let Some(money) = money(text)
            {
                *cell = Cell::Money(money);
            }
        }
    }
    answer
}

/// Reads `123.45 EUR`, an amount as it shows itself.
fn money(text: &str) -> Option<Money> {
    let (number, code) = text.split_once(' ')?;
    let currency = Currency::parse(code)?;
    let minor = number.replacen('.', "", 1).parse().ok()?;
    let money = Money { minor, currency };
    (money.to_string() == text).then_some(money)
}

const UNVERIFIED: &str = "NOT VERIFIED: this answer rests on something that does not hold; see the \
                          sheet Definitions";

/// Whether an answer carries that something it rests on does not hold.
fn is_unverified(reply: &v1::Reply) -> bool {
    let codes = [IssueCode::NotVerified, IssueCode::Unbalanced].map(IssueCode::code);
    let mut issues = reply.issues.iter();
    issues.any(|issue| codes.contains(&issue.code.as_str()))
}

/// Papers laid across, by their number in Excel, with how many characters side by side can still be
/// read there.
const A4: (u8, usize) = (9, 220);
const A3: (u8, usize) = (8, 310);

/// The paper that a table of so many characters is printed on, and how many pages wide.
fn paper(chars: usize) -> (u8, u16) {
    let one = [A4, A3].into_iter().find(|(_, most)| chars <= *most);
    let (paper, most) = one.unwrap_or(A3);
    (
        paper,
        u16::try_from(chars.div_ceil(most).max(1)).unwrap_or(1),
    )
}

/// How a sheet is looked at and printed: the table alone, as wide as can be read, the head and the
/// first column on each page.
fn page(
    sheet: &mut Worksheet,
    reply: &v1::Reply,
    written: &table::Written,
) -> Result<(), XlsxError> {
    let (paper, pages) = paper(written.chars);
    let (top, (row, col)) = (written.top, written.last);
    sheet.set_print_area(0, 0, row, col)?;
    // Rows that stay must leave room for those that move.
    let stays = if top > MOST_STAY { 0 } else { top + 1 };
    sheet.set_freeze_panes(stays, 1)?;
    sheet.set_repeat_rows(top, top)?;
    sheet.set_repeat_columns(0, 0)?;
    let asked = short(&reply.question.text, 150).replace('&', "&&");
    let (left, right) = (format!("&L{asked}"), "&RPage &P of &N");
    sheet
        .set_landscape()
        .set_paper_size(paper)
        .set_print_fit_to_pages(pages, 0)
        .set_footer(format!("{left}{right}"));
    Ok(())
}

/// So many rows above a header stay with it when one scrolls.
const MOST_STAY: u32 = 12;

/// A text cut to so many characters.
fn short(text: &str, most: usize) -> String {
    match text.chars().count() > most {
        true => text.chars().take(most - 1).chain(['…']).collect(),
        false => text.to_owned(),
    }
}

/// What the figures are, of what, as of when.
fn definitions(
    sheet: &mut Worksheet,
    reply: &v1::Reply,
    afresh: &[String],
) -> Result<(), XlsxError> {
    sheet.set_name("Definitions")?;
    let bold = Format::new().set_bold();
    let mut lines: Vec<Vec<String>> = about(reply);
    let mut heads = Vec::new();
    let mut section = |lines: &mut Vec<Vec<String>>, names: &[&str]| {
        lines.push(Vec::new());
        heads.push(lines.len());
        lines.push(names.iter().map(|name| (*name).to_owned()).collect());
    };
    section(&mut lines, &["column", "means", "unit", "type"]);
    let above = reply.answer.headline.iter().flat_map(|one| &one.figures);
    let columns = above.map(|figure| &figure.column);
    for column in columns.chain(&reply.answer.columns) {
        let unit = column.unit.clone().unwrap_or_default();
        let kind = column.kind.to_owned();
        lines.push(vec![column.id.clone(), column.means.clone(), unit, kind]);
    }
    section(&mut lines, &["issue", "means", "count"]);
    for issue in &reply.issues {
        let count = issue.count.to_string();
        lines.push(vec![issue.code.clone(), issue.text.clone(), count]);
    }
    section(&mut lines, &["notes"]);
    if !afresh.is_empty() {
        let names = afresh.join(", ");
        let note = format!("the last row counts {names} afresh: one may be in several rows");
        lines.push(vec![String::new(), note]);
    }
    let notes = reply.notes.iter();
    lines.extend(notes.map(|note| vec![String::new(), note.clone()]));
    for (row, line) in (0..).zip(&lines) {
        for (col, text) in (0..).zip(line) {
            let is_bold = col == 0 || heads.contains(&(row as usize));
            let text = short(text, TEXT);
            match is_bold {
                true => sheet.write_string_with_format(row, col, text, &bold)?,
                false => sheet.write_string(row, col, text)?,
            };
        }
    }
    sheet.set_landscape().set_paper_size(9);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_autofit_max_width(WIDTH).autofit();
    Ok(())
}

/// What was asked and what the answer rests on, a line each.
fn about(reply: &v1::Reply) -> Vec<Vec<String>> {
    let (question, lineage) = (&reply.question, &reply.lineage);
    let pairs = |members: &serde_json::Map<String, serde_json::Value>| {
        let texts = members.iter().map(|(name, value)| match value.as_str() {
            Some(text) => format!("{name} {text}"),
            None => format!("{name} {value}"),
        });
        texts.collect::<Vec<_>>().join(", ")
    };
    let period = question.period.as_ref();
    let period = period.map(|[from, until]| format!("{from} until before {until}"));
    let lines = [
        ("question", Some(question.text.clone())),
        ("filter", question.filter.clone()),
        ("period", period),
        ("split by", Some(question.by.join(", "))),
        ("unit", Some(question.unit.to_owned())),
        ("currency", question.currency.clone()),
        ("as of commit", Some(lineage.seq.to_string())),
        ("seen until", lineage.horizon.clone()),
        ("charter", Some(lineage.charter.clone())),
        ("charter of stages until", Some(pairs(&lineage.earlier))),
        ("packs", Some(pairs(&lineage.packs))),
        ("kernels", Some(pairs(&lineage.kernels))),
        ("facts used", Some(lineage.facts_used.to_string())),
        ("set aside", Some(pairs(&lineage.set_aside))),
    ];
    let lines = lines.into_iter();
    lines
        .filter_map(|(name, text)| Some(vec![name.to_owned(), text?]))
        .filter(|line| line.last().is_some_and(|text| !text.is_empty()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_on_one_page_side_by_side_as_long_as_it_can_be_read() {
        let papers = [0, 220, 221, 310, 311, 900].map(paper);
        assert_eq!(papers, [(9, 1), (9, 1), (8, 1), (8, 1), (8, 2), (8, 3)]);
    }
}
