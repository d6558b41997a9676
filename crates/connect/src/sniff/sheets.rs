//! Where the tables of a workbook stand: on which sheets, below which rows.
//!
//! Pure on the first rows of every sheet. Knows merged cells and counts of filled ones; refuses to
//! pass over a sheet in silence: one that is not read is named, with the reason. Rows above a
//! header are told by their few cells, a header of several rows by its merged ones.

use calamine::Dimensions;
use handfast_model::limits::HEADER_ROWS;
use handfast_model::pack::Sheets;

use super::bands::band;
use super::kind::is_typed;
use crate::workbook::{Heads, SheetHead};

/// Where a table stands in a workbook.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OnSheet {
    /// The sheets that hold it.
    pub sheets: Sheets,
    /// Whether other tables stand in the same workbook.
    pub is_one_of_many: bool,
    /// Rows above its header.
    pub skip_rows: u32,
    /// Rows of its header.
    pub header_rows: u32,
    /// How that is known, and what is not read; a sentence each.
    pub evidence: Vec<String>,
}

impl OnSheet {
    /// Whether it is found by a stream that says nothing of sheets and rows.
    pub fn is_plain(&self) -> bool {
        self.sheets == Sheets::First && self.skip_rows == 0 && self.header_rows == 1
    }
}

/// A table on a sheet.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Place {
    skip_rows: u32,
    header_rows: u32,
    columns: usize,
    /// The texts of its header.
    names: Vec<Vec<String>>,
    /// Groups above the names that no cell spans.
    passed: Vec<String>,
}

/// Why a sheet holds no table.
const NO_ROWS: &str = "no rows below a row of column names";
const NO_NAMES: &str = "rows without a row of column names";
const ONE_COLUMN: &str = "texts in one column only";

/// The tables of a workbook; without any, why each sheet holds none.
pub(super) fn tables(heads: &Heads) -> Result<Vec<OnSheet>, Vec<String>> {
    let mut places: Vec<(&SheetHead, Result<Place, &str>)> = heads
        .sheets
        .iter()
        .map(|head| (head, place(head)))
        .collect();
    let is_wide = |found: &Result<Place, &str>| found.as_ref().is_ok_and(|one| one.columns > 1);
    if places.iter().any(|(_, found)| is_wide(found)) {
        for (_, found) in places.iter_mut().filter(|(_, found)| found.is_ok()) {
            if !is_wide(found) {
                *found = Err(ONE_COLUMN);
            }
        }
    }
    let mut passed: Vec<String> = Vec::new();
    let mut found: Vec<(&SheetHead, &Place)> = Vec::new();
    for (head, place) in &places {
        match place {
            Ok(place) => found.push((head, place)),
            Err(why) => passed.push(format!("sheet `{}` is not read: {why}", head.name)),
        }
    }
    let hidden = heads.hidden.iter();
    passed.extend(hidden.map(|name| format!("sheet `{name}` is not looked at: it is hidden")));
    if found.is_empty() {
        return Err(passed);
    }
    let mut tables = together(&heads.sheets, &found);
    let is_one_of_many = tables.len() > 1;
    for table in &mut tables {
        table.is_one_of_many = is_one_of_many;
    }
    if let Some(first) = tables.first_mut() {
        first.evidence.extend(passed);
    }
    Ok(tables)
}

/// Sheets with the header of the first are one table, where a stream can say so.
fn together(sheets: &[SheetHead], found: &[(&SheetHead, &Place)]) -> Vec<OnSheet> {
    // Of all sheets, a stream takes those with the header of the first that has one.
    let has_row = |head: &&SheetHead, skip: u32| head.rows.iter().any(|(row, _)| *row >= skip);
    let Some((first, at)) = found.first() else {
        return Vec::new();
    };
    let alike = |place: &Place| place == *at;
    let leads = sheets.iter().find(|head| has_row(head, at.skip_rows));
    let is_first = leads.is_some_and(|head| head.name == first.name);
    let same: Vec<&str> = found
        .iter()
        .filter(|(_, place)| alike(place))
        .map(|(head, _)| head.name.as_str())
        .collect();
    let is_all = is_first && same.len() > 1;
    let mut tables = Vec::new();
    if is_all {
        let says = format!("one table on the sheets {}", same.join(", "));
        tables.push(on(Sheets::All, at, says));
    }
    let is_only = found.len() == 1;
    let is_front = |head: &SheetHead| sheets.first().is_some_and(|one| one.name == head.name);
    for (head, place) in found {
        if is_all && alike(place) {
            continue;
        }
        let says = format!("sheet `{}`", head.name);
        tables.push(match is_only && is_front(head) {
            true => on(Sheets::First, place, says),
            false => on(Sheets::Named(head.name.clone()), place, says),
        });
        let others = found.iter();
        let other = others
            .map_while(|(other, at)| (other.name != head.name).then_some((other, at)))
            .find(|(_, at)| *at == place);
        if let (Some((other, _)), Some(table)) = (other, tables.last_mut()) {
            table.evidence.push(format!(
                "it has the columns of sheet `{}` and is a stream of its own: a row that stands \
                 on both counts twice",
                other.name
            ));
        }
    }
    tables
}

fn on(sheets: Sheets, place: &Place, says: String) -> OnSheet {
    let mut evidence = vec![says];
    match place.skip_rows {
        0 => {}
        1 => evidence.push("1 row above the header".to_owned()),
        rows => evidence.push(format!("{rows} rows above the header")),
    }
    if !place.passed.is_empty() {
        evidence.push(format!(
            "the groups above the names, `{}`, are passed over, since no cell is merged to say \
             how far they reach",
            place.passed.join("`, `")
        ));
    }
    if place.header_rows > 1 {
        evidence.push(format!("a header of {} rows", place.header_rows));
    }
    OnSheet {
        sheets,
        is_one_of_many: false,
        skip_rows: place.skip_rows,
        header_rows: place.header_rows,
        evidence,
    }
}

fn filled(row: &[String]) -> usize {
    row.iter().filter(|text| !text.trim().is_empty()).count()
}

/// Whether the texts of a row name: hardly any is a number, a date or an address.
fn names(row: &[String]) -> bool {
    let texts = row.iter().map(|text| text.trim());
    let typed = texts.filter(|text| !text.is_empty() && is_typed(text));
    filled(row) > 0 && typed.count() * 10 <= filled(row)
}

/// Where the table of a sheet stands.
fn place(head: &SheetHead) -> Result<Place, &'static str> {
    let widest = head.rows.iter().map(|(_, row)| row.len()).max();
    let is_filled = |row: &[String], at: usize| row.get(at).is_some_and(|t| !t.trim().is_empty());
    // A stray cell or a title stands alone in its column; a table has a name and a value there.
    let is_column = |at: &usize| {
        let rows = head.rows.iter().filter(|(_, row)| is_filled(row, *at));
        rows.take(2).count() == 2
    };
    let columns = (0..widest.unwrap_or(0)).filter(is_column).count();
    if columns == 0 {
        return Err(NO_ROWS);
    }
    let mut most = 0;
    let found = head.rows.iter().find(|(place, row)| {
        let is_full = filled(row) * 2 > columns && filled(row) > most && *place <= HEADER_ROWS;
        if is_full && !names(row) {
            most = filled(row);
        }
        is_full && names(row)
    });
    let Some((found, _)) = found else {
        return Err(NO_NAMES);
    };
    let (mut top, mut bottom) = header(head, *found, columns);
    let mut passed = Vec::new();
    if let Some((names, groups)) = unmerged(head, (top, bottom)) {
        (top, bottom) = (names, names);
        passed = groups;
    }
    if !head.rows.iter().any(|(row, _)| *row > bottom) {
        return Err(NO_ROWS);
    }
    let is_above = head.rows.iter().any(|(row, _)| *row < top);
    let header = head
        .rows
        .iter()
        .filter(|(row, _)| (top..=bottom).contains(row));
    Ok(Place {
        skip_rows: if is_above { top } else { 0 },
        header_rows: bottom - top + 1,
        columns,
        names: header.map(|(_, row)| row.clone()).collect(),
        passed,
    })
}

/// The names below groups that no merged cell marks, and the groups.
fn unmerged(head: &SheetHead, (top, bottom): (u32, u32)) -> Option<(u32, Vec<String>)> {
    let at = head.rows.iter().position(|(row, _)| *row == top)?;
    let records: Vec<Vec<String>> = head.rows.iter().map(|(_, row)| row.clone()).collect();
    let found = band(&records, at).filter(|_| top == bottom)?;
    let (row, _) = head.rows.get(found.names)?;
    let is_merged = |region: &Dimensions| region.start.0 <= *row && top <= region.end.0;
    let is_any = head.merged.iter().any(is_merged);
    (!is_any).then_some((*row, found.groups))
}

/// The first and the last row of a header of which this is one row: groups of columns are merged
/// cells above their names, and a name without a group is merged downwards.
fn header(head: &SheetHead, found: u32, columns: usize) -> (u32, u32) {
    let row = |place: u32| {
        let mut rows = head.rows.iter();
        rows.find(|(at, _)| *at == place).map(|(_, row)| row)
    };
    // A title is merged over the whole table.
    let groups = |place: u32| {
        head.merged.iter().any(|region| {
            let width = region.end.1.saturating_sub(region.start.1) as usize + 1;
            (region.start.0, region.end.0) == (place, place) && width > 1 && width < columns
        })
    };
    let mut top = found;
    while let Some(above) = top.checked_sub(1).filter(|above| groups(*above)) {
        top = above;
    }
    let downwards = head.merged.iter();
    let downwards = downwards.filter(|region| (top..=found).contains(&region.start.0));
    let downwards = downwards.map(|region| region.end.0.min(found.saturating_add(3)));
    let mut bottom = downwards.fold(found, u32::max);
    let below = bottom.saturating_add(1);
    if groups(bottom) && row(below).is_some_and(|row| names(row)) {
        bottom = below;
    }
    match bottom - top < HEADER_ROWS {
        true => (top, bottom),
        false => (found, found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first and the last cell of merged ones: row, column.
    type Region = ((u32, u32), (u32, u32));

    /// Rows are lines, `|` parts cells; merged are cells from row and column to row and column.
    fn sheet(name: &str, text: &str, merged: &[Region]) -> SheetHead {
        let rows = (0..).zip(text.lines()).map(|(place, line)| {
            let cells = line.split('|').map(str::to_owned).collect::<Vec<_>>();
            (place, cells)
        });
        SheetHead {
            name: name.to_owned(),
            rows: rows.filter(|(_, row)| filled(row) > 0).collect(),
            merged: merged
                .iter()
                .map(|(start, end)| Dimensions {
                    start: *start,
                    end: *end,
                })
                .collect(),
        }
    }

    fn told(sheets: Vec<SheetHead>) -> String {
        let heads = Heads {
            sheets,
            hidden: Vec::new(),
        };
        match tables(&heads) {
            Err(why) => why.join("; "),
            Ok(tables) => {
                let tables = tables.iter().map(|table| {
                    let sheet = match &table.sheets {
                        Sheets::First => "first",
                        Sheets::All => "*",
                        Sheets::Named(name) => name,
                        Sheets::Nth(_) => "nth",
                    };
                    format!("{sheet} {}+{}", table.skip_rows, table.header_rows)
                });
                tables.collect::<Vec<_>>().join(", ")
            }
        }
    }

    #[test]
    fn the_header_of_a_sheet_is_found_below_titles_and_in_several_rows() {
        let wide = ((0, 0), (0, 2));
        for (text, merged, expected) in [
            ("id|name|won\n1|Ana|2", &[][..], "first 0+1"),
            ("Deals\nid|name|won\n1|Ana|2", &[], "first 1+1"),
            ("Deals\nid|name|won\n1|Ana|2", &[wide], "first 1+1"),
            (
                "Deals\n\nBy|Ana\n\nid|name|a|b|won\n1||||2\n2||x|y|2",
                &[],
                "first 4+1",
            ),
            ("\n\nid|name|won\n1|Ana|2", &[], "first 0+1"),
            (
                "|Q1|\nid|won|lost\n1|2|3\n2|3|4",
                &[((0, 1), (0, 2))],
                "first 0+2",
            ),
            (
                "Lead||Deal|\nId|Mail|Stage|Sum\nx|y|z|7\nx|y|z|8",
                &[],
                "first 1+1",
            ),
            (
                "Report\nid|Q1|\n|won|lost\n1|2|3\n2|3|4",
                &[((1, 0), (2, 0)), ((1, 1), (1, 2))],
                "first 1+2",
            ),
            (
                "1|2026-01-02|7\n2|2026-01-03|8",
                &[],
                "sheet `S` is not read: rows without a row of column names",
            ),
            (
                "Notes",
                &[],
                "sheet `S` is not read: no rows below a row of column names",
            ),
        ] {
            assert_eq!(told(vec![sheet("S", text, merged)]), expected, "{text}");
        }
    }

    #[test]
    fn every_sheet_is_a_table_part_of_one_or_passed_over_aloud() {
        let table = |name, text| sheet(name, text, &[]);
        let (notes, deals) = ("Read me\nfirst", "id|won\n1|2\n2|3");
        for (sheets, expected) in [
            (vec![table("Notes", notes), table("D", deals)], "D 0+1"),
            (vec![table("D", deals), table("Notes", notes)], "first 0+1"),
            (vec![table("Jan", deals), table("Feb", deals)], "* 0+1"),
            (
                vec![
                    table("Notes", notes),
                    table("Jan", deals),
                    table("Feb", deals),
                ],
                "Jan 0+1, Feb 0+1",
            ),
            (
                vec![table("D", deals), table("L", "T\nlead|mail\na|b\nc|d")],
                "D 0+1, L 1+1",
            ),
        ] {
            assert_eq!(told(sheets), expected);
        }
    }
}
