//! Workbooks added as sources: every sheet is looked at, below its titles.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use std::path::{Path, PathBuf};

use support::run;

/// Merged cells: first row and column, last row and column.
type Merged = (u32, u16, u32, u16);

/// A workbook of sheets: a name, its rows, and its merged cells.
fn workbook(path: &Path, sheets: &[(&str, &str, &[Merged])]) -> String {
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, rows, merged) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).unwrap();
        let format = rust_xlsxwriter::Format::new();
        for (row, line) in (0..).zip(rows.lines()) {
            for (column, cell) in (0..).zip(line.split('|')) {
                match cell.parse::<f64>() {
                    Ok(number) => sheet.write(row, column, number).unwrap(),
                    Err(_) => sheet.write(row, column, cell).unwrap(),
                };
            }
        }
        for (row, column, to_row, to_column) in *merged {
            let line = rows.lines().nth(*row as usize).unwrap();
            let text = line.split('|').nth(usize::from(*column)).unwrap();
            sheet
                .merge_range(*row, *column, *to_row, *to_column, text, &format)
                .unwrap();
        }
    }
    book.save(path).unwrap();
    path.display().to_string()
}

#[test]
fn every_sheet_of_a_workbook_is_looked_at_below_its_titles() {
    let deals = "Deal ID|Company|Amount|Created|Stage\n\
                 D1|A|100|2026-01-02|Won\nD2|B|200|2026-01-03|Open\nD3|C|300|2026-01-04|Open\n";
    let titled = format!("Deals of January\nmade by Ana\n\n{deals}");
    let leads = "Lead ID|Email|Created\nL1|a@example.com|2026-01-02\nL2|b@example.com|2026-01-03\n";
    let paired = "Deal ID|Money||When|\n|Amount|Fee|Created|Stage\n\
                  D1|100|1|2026-01-02|Won\nD2|200|2|2026-01-03|Open\nD3|300|3|2026-01-04|Open\n";
    type Sheet<'a> = (&'a str, &'a str, &'a [Merged]);
    let merged: &[Merged] = &[(0, 0, 1, 0), (0, 1, 0, 2), (0, 3, 0, 4)];
    let cases: [(&str, &[Sheet<'_>], &[&str], &str); 5] = [
        (
            "notes",
            &[("Notes", "Read me", &[]), ("Deals", deals, &[])],
            &["sheet = \"Deals\"", "sheet `Notes` is not read: no rows"],
            "3 rows = 3 mapped",
        ),
        (
            "titles",
            &[("Report", &titled, &[(0, 0, 0, 4)])],
            &["skip_rows = 3"],
            "3 rows = 3 mapped",
        ),
        (
            "paired",
            &[("Deals", paired, merged)],
            &["header_rows = 2", "\"Money Amount\""],
            "3 rows",
        ),
        (
            "two",
            &[("Deals", &titled, &[]), ("Leads", leads, &[])],
            &["sheet = \"Deals\"\nskip_rows = 3", "sheet = \"Leads\""],
            "2 rows = 2 mapped",
        ),
        (
            "months",
            &[
                ("Jan", deals, &[]),
                ("Feb", &deals.replace("\nD", "\nE"), &[]),
            ],
            &["sheet = \"*\""],
            " rows = ",
        ),
    ];
    for (name, sheets, expected, imported) in cases {
        let dir = tempfile::tempdir().unwrap();
        let book = dir.path().join("book").display().to_string();
        let file = workbook(&dir.path().join(format!("{name}.xlsx")), sheets);
        run(&["init", &book]);
        let add = [
            "source",
            "add",
            &book,
            &file,
            "--name",
            "s",
            "--currency",
            "EUR",
        ];
        let shown = run(&[&add[..], &["--zone", "UTC", "--yes"]].concat());
        let toml = PathBuf::from(&book).join("sources/s/source.toml");
        let toml = std::fs::read_to_string(toml).unwrap();
        for expected in expected {
            let is_said = toml.contains(expected) || shown.contains(&expected.replace('"', ""));
            assert!(is_said, "{expected} is not in\n{toml}{shown}");
        }
        assert!(shown.contains("  stands   "), "{shown}");
        let said = run(&["import", &book, &file, "--dry-run"]);
        assert!(said.contains(imported), "{name}: {said}");
    }
}
