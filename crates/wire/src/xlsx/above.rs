//! What stands above a table: a sentence, and the figures that it is made of as live quotients.

use std::collections::BTreeMap;

use handfast_model::answer::Headline;
use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use super::table::{put, put_quotient};
use super::value::{Values, values};
use super::{TEXT, short};

/// What was written.
#[derive(Default)]
pub(super) struct Above {
    /// How many rows it takes, the empty one below it with them.
    pub rows: u32,
    /// By column: how many characters its numbers need.
    pub widths: BTreeMap<u16, usize>,
}

/// A quotient is shown in so many characters.
const PERCENT: usize = 6;

/// Writes the sentence, then a line for each figure: part, whole, share, and what it is.
pub(super) fn write(
    sheet: &mut Worksheet,
    top: u32,
    headline: Option<&Headline>,
) -> Result<Above, XlsxError> {
    let mut above = Above::default();
    let Some(headline) = headline else {
        return Ok(above);
    };
    let (plain, bold) = (Format::new(), Format::new().set_bold());
    sheet.write_string_with_format(top, 0, short(&headline.sentence, TEXT), &bold)?;
    for (row, (column, cell)) in (top + 1..).zip(&headline.figures) {
        if let Values::Quotient(part, whole, shown) = values(cell, column.kind) {
            put(sheet, (row, 0), &part, &plain)?;
            put(sheet, (row, 1), &whole, &plain)?;
            put_quotient(sheet, (row, 0), (&part, &whole, shown), &plain)?;
            for (col, length) in [(0, part.length()), (1, whole.length()), (2, PERCENT)] {
                let width = above.widths.entry(col).or_default();
                *width = length.max(*width);
            }
        }
        sheet.write_string(row, 3, short(&column.means, TEXT))?;
    }
    above.rows = headline.figures.len() as u32 + 2;
    Ok(above)
}
