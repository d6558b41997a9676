//! A table of an answer in a sheet: a header, the rows, and under them what all rows come to.

use std::collections::{BTreeMap, BTreeSet};

use handfast_model::{Answer, Cell, Column, ColumnKind, Currency};
use rust_xlsxwriter::utility::row_col_to_cell;
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Formula, Worksheet, XlsxError};

use super::value::{Shown, Value, Values, heads, values};
use super::{TEXT, above, short};

/// The widest column, in characters; longer texts run over or are cut on the screen.
const WIDEST: usize = 60;
/// The height of two lines, in points.
const TWO_LINES: f64 = 30.0;
/// A quotient is shown in at most so many characters.
const QUOTIENT: usize = 18;

/// A column of the answer in the sheet.
struct Field {
    kind: ColumnKind,
    /// Its first column there.
    at: u16,
    heads: Vec<String>,
    /// Whether its currencies stand in a column of their own.
    has_currency: bool,
}

impl Field {
    /// Numbers stand on the right below their heads, and texts a little away from them.
    fn aligned(&self, format: &Format) -> Format {
        use ColumnKind::{Flag, Period, Text, Time};
        let is_text = matches!(self.kind, Flag | Period | Text | Time);
        match (is_text, self.at) {
            (true, 0) => format.clone(),
            (true, _) => format.clone().set_indent(1),
            (false, _) => format.clone().set_align(FormatAlign::Right),
        }
    }
}

/// A table that was written.
pub(super) struct Written {
    /// The row of its header.
    pub top: u32,
    /// The columns whose total is not the sum of its rows.
    pub afresh: Vec<String>,
    /// How many characters wide it is, what is folded away left out.
    pub chars: usize,
    /// Its last row and column.
    pub last: (u32, u16),
}

/// Writes a table below `top` rows and what stands above it.
pub(super) fn write(
    sheet: &mut Worksheet,
    top: u32,
    answer: &Answer,
) -> Result<Written, XlsxError> {
    let above = above::write(sheet, top, answer.headline.as_ref())?;
    let top = top + above.rows;
    let fields = fields(answer);
    let head = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_background_color(Color::RGB(0x00DD_E6EE))
        .set_border_bottom(FormatBorder::Thin);
    let mut width = 0;
    for field in &fields {
        let head = field.aligned(&head);
        for (col, name) in (field.at..).zip(&field.heads) {
            sheet.write_string_with_format(top, col, short(name, TEXT), &head)?;
            width = width.max(col + 1);
        }
    }
    if fields
        .iter()
        .flat_map(|field| &field.heads)
        .any(|head| head.contains(' '))
    {
        sheet.set_row_height(top, TWO_LINES)?;
    }
    let plain = Format::new();
    for (row, cells) in (top + 1..).zip(&answer.rows) {
        for (field, cell) in fields.iter().zip(cells) {
            put_cell(sheet, (row, field), cell, &plain)?;
        }
    }
    let folded = repeated(&fields, answer);
    for cols in folded.chunk_by(|a, b| a + 1 == *b) {
        if let (Some(first), Some(last)) = (cols.first(), cols.last()) {
            sheet.group_columns_collapsed(*first, *last)?;
        }
    }
    let width_chars = widen(sheet, &fields, answer, (&folded[..], above.widths))?;
    let last = top + answer.rows.len() as u32;
    if width > 0 && last > top {
        sheet.autofilter(top, 0, last, width - 1)?;
    }
    let totals = answer.currency_totals.len() + usize::from(answer.totals.is_some());
    Ok(Written {
        top,
        afresh: put_totals(sheet, &fields, answer, (top + 1, last))?,
        chars: width_chars,
        last: (last + totals as u32, width.saturating_sub(1)),
    })
}

/// The totals under the rows: of each currency, then of all. Gives the columns whose total is
/// counted afresh.
fn put_totals(
    sheet: &mut Worksheet,
    fields: &[Field],
    answer: &Answer,
    ends: (u32, u32),
) -> Result<Vec<String>, XlsxError> {
    let named = answer.columns.iter().position(|one| one.id == "currency");
    let mut afresh = BTreeSet::new();
    let totals = answer.currency_totals.iter().map(|cells| (cells, true));
    let totals = totals.chain(answer.totals.iter().map(|cells| (cells, false)));
    for (row, (cells, is_of_currency)) in (ends.1 + 1..).zip(totals) {
        let mut base = Format::new().set_bold();
        if row == ends.1 + 1 {
            base = base.set_border_top(FormatBorder::Thin);
        }
        let of = named.filter(|_| is_of_currency);
        let code = of.and_then(|at| Some((fields.get(at)?.at, cells.get(at)?)));
        let is_in = |one: &&Vec<Cell>| of.is_none_or(|at| one.get(at) == cells.get(at));
        for (at, (field, cell)) in fields.iter().zip(cells).enumerate() {
            let rows = answer.rows.iter().filter(is_in);
            let rows = rows.filter_map(|row| row.get(at));
            let rows: Vec<Values> = rows.map(|cell| values(cell, field.kind)).collect();
            let total = Total { row, ends, code };
            if !put_total(sheet, (total, field), (&rows, cell), &base)? {
                afresh.extend(answer.columns.get(at).map(|column| column.id.clone()));
            }
        }
    }
    let ids = answer.columns.iter().map(|column| &column.id);
    Ok(ids.filter(|id| afresh.contains(*id)).cloned().collect())
}

/// Where a total stands, and over what.
#[derive(Clone, Copy)]
struct Total<'a> {
    row: u32,
    /// The first and last row that it is over.
    ends: (u32, u32),
    /// The column of currencies, and the one it is of.
    code: Option<(u16, &'a Cell)>,
}

impl Total<'_> {
    /// The sum of a column's cells, of those of its currency perhaps.
    fn formula(&self, col: u16) -> Formula {
        let range = |col| {
            let [from, to] = [self.ends.0, self.ends.1].map(|row| row_col_to_cell(row, col));
            format!("{from}:{to}")
        };
        match self.code {
            Some((codes, Cell::Text(code))) => {
                let (codes, numbers) = (range(codes), range(col));
                Formula::new(format!("=SUMIF({codes},\"{code}\",{numbers})"))
            }
            _ => Formula::new(format!("=SUM({})", range(col))),
        }
    }
}

fn fields(answer: &Answer) -> Vec<Field> {
    let mut fields = Vec::new();
    let mut next = 0;
    for (at, column) in answer.columns.iter().enumerate() {
        let cells = || {
            let rows = answer
                .rows
                .iter()
                .chain(&answer.currency_totals)
                .chain(&answer.totals);
            rows.filter_map(move |row| row.get(at))
        };
        let mut field = field(column, next, cells().map(currency).collect());
        field.has_currency &= !says_currency(answer, at);
        // A cell may be wider than its column says.
        let width = cells().map(|cell| values(cell, column.kind).width()).max();
        if field.has_currency {
            field.heads.push(format!("{} currency", column.id));
        }
        let own = field.heads.len() as u16;
        next += own.max(width.unwrap_or(1) + u16::from(field.has_currency));
        fields.push(field);
    }
    fields
}

/// Whether each row with an amount in a column names its currency in a column of its own.
fn says_currency(answer: &Answer, at: usize) -> bool {
    let is_it = |column: &Column| column.id == "currency" && column.kind == ColumnKind::Text;
    let Some(said) = answer.columns.iter().position(is_it) else {
        return false;
    };
    let rows = answer.rows.iter().chain(&answer.currency_totals);
    let mut rows = rows.chain(&answer.totals);
    rows.all(|row| {
        let amount = row.get(at).and_then(currency);
        let code = |of: Currency| row.get(said) == Some(&Cell::Text(of.code().to_owned()));
        amount.is_none_or(code)
    })
}

fn field(column: &Column, at: u16, currencies: Vec<Option<Currency>>) -> Field {
    let mut currencies: Vec<Currency> = currencies.into_iter().flatten().collect();
    currencies.sort_unstable();
    currencies.dedup();
    let heads = heads(&column.id, column.kind, &currencies);
    let has_currency = currencies.len() > 1;
    Field {
        kind: column.kind,
        at,
        heads,
        has_currency,
    }
}

fn currency(cell: &Cell) -> Option<Currency> {
    match cell {
        Cell::Money(money) | Cell::MeanMoney(money, _) => Some(money.currency),
        Cell::MoneyShare { part, .. } => Some(part.currency),
        _ => None,
    }
}

fn put_cell(
    sheet: &mut Worksheet,
    (row, field): (u32, &Field),
    cell: &Cell,
    base: &Format,
) -> Result<(), XlsxError> {
    let (at, values) = (field.at, values(cell, field.kind));
    let width = values.width();
    match values {
        Values::One(value) => {
            let base = field.aligned(base);
            put(sheet, (row, at + shift(field)), &value, &base)?;
        }
        Values::Band(band) => {
            for (col, value) in (at..).zip(&band) {
                put(sheet, (row, col), value, base)?;
            }
        }
        Values::Quotient(part, whole, shown) => {
            put(sheet, (row, at), &part, base)?;
            put(sheet, (row, at + 1), &whole, base)?;
            put_quotient(sheet, (row, at), (&part, &whole, shown), base)?;
        }
    }
    if let Some(currency) = currency(cell).filter(|_| field.has_currency) {
        let code = currency.code();
        sheet.write_string_with_format(row, at + width, code, base)?;
    }
    Ok(())
}

/// In fewer rows two numbers may be equal by chance: there, only a quotient of which another column
/// shows either part is told by those.
const FEWEST: usize = 3;

/// All rows, with what they come to.
fn all_rows(answer: &Answer) -> impl Iterator<Item = &Vec<Cell>> {
    let rows = answer.rows.iter().chain(&answer.currency_totals);
    rows.chain(&answer.totals)
}

/// The columns with a part of a quotient that another column shows in every row: they are folded
/// away, and there for the formulas.
fn repeated(fields: &[Field], answer: &Answer) -> Vec<u16> {
    let mut found = Vec::new();
    let quotients = fields.iter().enumerate();
    for (at, field) in quotients.filter(|(_, field)| shift(field) > 0) {
        let is_shown = [first as Pick, second].map(|pick| is_shown(fields, answer, (at, pick)));
        let is_quotient = |row: &&Vec<Cell>| {
            let cell = row.get(at).map(|cell| values(cell, field.kind));
            matches!(cell, Some(Values::Quotient(..)))
        };
        let told = answer.rows.iter().filter(is_quotient).count();
        if told >= FEWEST || told > 0 && is_shown == [true; 2] {
            let parts = (field.at..).zip(is_shown);
            found.extend(parts.filter(|(_, is_shown)| *is_shown).map(|(col, _)| col));
        }
    }
    found
}

/// Whether a plain column shows a part of a column of quotients, wherever there is one.
fn is_shown(fields: &[Field], answer: &Answer, (at, pick): (usize, Pick)) -> bool {
    let Some(field) = fields.get(at) else {
        return false;
    };
    let part = |row: &Vec<Cell>| match values(row.get(at)?, field.kind) {
        one @ Values::Quotient(..) => pick(&one).cloned(),
        Values::One(_) | Values::Band(_) => None,
    };
    let is_plain = |field: &Field| matches!(field.kind, ColumnKind::Count | ColumnKind::Money);
    let mut others = fields.iter().enumerate();
    others.any(|(place, other)| {
        let mut rows = all_rows(answer).filter_map(|row| Some((row.get(place)?, part(row)?)));
        is_plain(other) && rows.all(|(cell, part)| values(cell, other.kind) == Values::One(part))
    })
}

/// Makes each column as wide as what it shows, headers on two lines where they are longer. Gives
/// how many characters wide all are; `widths` are what is needed above them.
fn widen(
    sheet: &mut Worksheet,
    fields: &[Field],
    answer: &Answer,
    (folded, mut widths): (&[u16], BTreeMap<u16, usize>),
) -> Result<usize, XlsxError> {
    let mut see = |col: u16, length: usize| {
        let width = widths.entry(col).or_default();
        *width = length.clamp(*width, WIDEST);
    };
    for (at, field) in fields.iter().enumerate() {
        for (col, head) in (field.at..).zip(&field.heads) {
            let longest = head.split(' ').map(|word| word.chars().count()).max();
            see(
                col,
                longest.unwrap_or(0).max(head.chars().count().div_ceil(2)),
            );
        }
        let rows = answer
            .rows
            .iter()
            .chain(&answer.currency_totals)
            .chain(&answer.totals);
        for cell in rows.filter_map(|row| row.get(at)) {
            let values = values(cell, field.kind);
            if let (true, Some(currency)) = (field.has_currency, currency(cell)) {
                see(field.at + values.width(), currency.code().len());
            }
            match values {
                Values::One(value) => see(field.at + shift(field), value.length()),
                Values::Band(band) => {
                    let band = (field.at..).zip(&band);
                    band.for_each(|(col, value)| see(col, value.length()));
                }
                Values::Quotient(part, whole, _) => {
                    let quotient = part.length().min(QUOTIENT);
                    let lengths = [part.length(), whole.length(), quotient];
                    let lengths = (field.at..).zip(lengths);
                    lengths.for_each(|(col, length)| see(col, length));
                }
            }
        }
    }
    let mut all = 0;
    for (col, width) in widths {
        sheet.set_column_width(col, (width + 2) as f64)?;
        all += if folded.contains(&col) { 0 } else { width + 2 };
    }
    Ok(all)
}

/// Where one value stands in a column of three: in the last, where the quotient would.
fn shift(field: &Field) -> u16 {
    match field.kind {
        ColumnKind::Ratio | ColumnKind::Mean | ColumnKind::MoneyShare => 2,
        _ => 0,
    }
}

/// The quotient of the two cells before; over nothing it has no value.
pub(super) fn put_quotient(
    sheet: &mut Worksheet,
    (row, at): (u32, u16),
    (part, whole, shown): (&Value, &Value, Shown),
    base: &Format,
) -> Result<(), XlsxError> {
    let numbers = (part.number(), whole.number());
    let (Some((part, _)), Some((whole, _))) = numbers else {
        return Ok(());
    };
    if whole == 0.0 {
        return Ok(());
    }
    let cells = [at, at + 1].map(|col| row_col_to_cell(row, col));
    let formula = Formula::new(format!("={}/{}", cells[0], cells[1]));
    let format = base.clone().set_num_format(shown.format());
    let result = (part / whole).to_string();
    sheet.write_formula_with_format(row, at + 2, formula.set_result(result), &format)?;
    Ok(())
}

/// One value.
pub(super) fn put(
    sheet: &mut Worksheet,
    (row, col): (u32, u16),
    value: &Value,
    base: &Format,
) -> Result<(), XlsxError> {
    if let Some((number, shown)) = value.number() {
        let format = base.clone().set_num_format(shown.format());
        sheet.write_number_with_format(row, col, number, &format)?;
    } else if let Some(text) = value.text() {
        sheet.write_string_with_format(row, col, short(&text, TEXT), base)?;
    } else if let Value::Flag(yes) = value {
        sheet.write_boolean_with_format(row, col, *yes, base)?;
    } else {
        sheet.write_blank(row, col, base)?;
    }
    Ok(())
}

/// A total: a sum of the cells above where it is one, else the figure. Says whether it is one, or
/// is no number.
fn put_total(
    sheet: &mut Worksheet,
    (total, field): (Total<'_>, &Field),
    (rows, cell): (&[Values], &Cell),
    base: &Format,
) -> Result<bool, XlsxError> {
    let (over, row) = (total, total.row);
    put_cell(sheet, (row, field), cell, base)?;
    let mut is_sum = true;
    let mut sum = |col: u16, total: &Value, pick: Pick| {
        let (Value::Exact(..), Some((number, shown))) = (total, total.number()) else {
            return Ok(());
        };
        if !is_sum_of(total, rows.iter().map(pick)) {
            is_sum = false;
            return Ok(());
        }
        let format = base.clone().set_num_format(shown.format());
        let formula = over.formula(col).set_result(number.to_string());
        let done = sheet.write_formula_with_format(row, col, formula, &format);
        done.map(|_| ())
    };
    match values(cell, field.kind) {
        Values::One(total) => sum(field.at + shift(field), &total, first)?,
        Values::Quotient(part, whole, _) => {
            sum(field.at, &part, first)?;
            sum(field.at + 1, &whole, second)?;
        }
        Values::Band(_) => {}
    }
    Ok(is_sum)
}

/// One of the values of a cell.
type Pick = fn(&Values) -> Option<&Value>;

fn first(values: &Values) -> Option<&Value> {
    match values {
        Values::One(value) | Values::Quotient(value, ..) => Some(value),
        Values::Band(_) => None,
    }
}

fn second(values: &Values) -> Option<&Value> {
    match values {
        Values::Quotient(_, value, _) => Some(value),
        _ => None,
    }
}

/// Whether a total is what the numbers above come to, exactly, all shown alike.
fn is_sum_of<'v>(total: &Value, rows: impl Iterator<Item = Option<&'v Value>>) -> bool {
    let Value::Exact(units, scale, shown) = total else {
        return false;
    };
    let mut sum = 0;
    for value in rows {
        match value {
            Some(Value::Exact(one, of, like)) if (of, like) == (scale, shown) => sum += one,
            Some(Value::Nothing | Value::Text(_)) | None => {}
            Some(_) => return false,
        }
    }
    sum == *units
}

#[cfg(test)]
mod tests {
    use handfast_model::{Lineage, Money, Ratio};

    use super::*;

    fn euro(minor: i64) -> Money {
        let currency = Currency::parse("EUR").unwrap();
        Money { minor, currency }
    }

    #[test]
    fn a_part_that_another_column_shows_in_every_row_is_folded_away() {
        let kinds = [
            ("campaign", ColumnKind::Text),
            ("spend", ColumnKind::Money),
            ("leads", ColumnKind::Count),
            ("per_lead", ColumnKind::Mean),
            ("won", ColumnKind::Ratio),
        ];
        let columns = kinds.map(|(id, kind)| Column {
            id: id.to_owned(),
            kind,
            unit: None,
            means: String::new(),
        });
        let row = |spend, leads: u64, won, of| {
            let per_lead = match spend {
                0 => Cell::Unknown,
                spend => Cell::MeanMoney(euro(spend), leads),
            };
            vec![
                Cell::Text("a".to_owned()),
                Cell::Money(euro(spend)),
                Cell::Count(leads),
                per_lead,
                Cell::Ratio(Ratio {
                    part: won,
                    whole: of,
                }),
            ]
        };
        let folded = |rows: Vec<Vec<Cell>>| {
            let answer = Answer {
                headline: None,
                columns: columns.to_vec(),
                rows,
                totals: None,
                currency_totals: Vec::new(),
                issues: Vec::new(),
                notes: Vec::new(),
                lineage: Lineage::default(),
            };
            repeated(&fields(&answer), &answer)
        };
        // `per_lead` stands in 3 to 5, `won` in 6 to 8; where nothing was spent there is no mean.
        let (one, other) = (|| row(100, 4, 1, 4), || row(50, 2, 2, 2));
        assert_eq!(
            folded(vec![one(), other(), row(0, 3, 0, 3), one()]),
            [3, 4, 7]
        );
        assert_eq!(folded(vec![one(), other(), row(50, 2, 2, 3)]), [3, 4]);
        // In few rows one part of `won` is like the leads by chance, perhaps; both parts of `per_lead`
        // are told.
        assert_eq!(folded(vec![one(), other()]), [3, 4]);
        assert_eq!(folded(vec![one()]), [3, 4]);
        assert_eq!(folded(Vec::new()), Vec::<u16>::new());
    }
}
