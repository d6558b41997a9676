//! Every kept file of the fuzz targets for formats and of events, and mutants of them. `fuzz/src`
//! says what must hold: rows, rows set aside, or a typed refusal, and the same when read twice.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod support;

#[path = "../../../fuzz/src/events.rs"]
mod events;
#[path = "../../../fuzz/src/files.rs"]
mod files;
#[path = "../../../fuzz/src/replay.rs"]
mod replay;

/// Panics of others' readers are caught and become refusals; they need not be seen.
fn quiet() {
    let loud = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map_or("", |place| place.file());
        if place.contains("connect") || place.contains("fuzz") {
            loud(panic);
        }
    }));
}

#[test]
fn kept_files_and_mutants_of_every_format_end_in_rows_or_a_refusal() {
    quiet();
    support::forget_peak();
    let before = support::peak_mib();
    for (parser, _) in files::PARSERS {
        replay::replay(parser, 10_000, files::read);
    }
    let grown = support::peak_mib() - before;
    assert!(grown < 512, "{grown} MiB");
}

#[test]
fn kept_requests_with_events_and_mutants_of_them_lose_no_event() {
    replay::replay("events", 10_000, events::read);
}

/// Mutants of a packed sheet seldom unpack, so its XML is changed as well.
#[test]
fn mutants_of_a_sheet_end_in_rows_or_a_refusal() {
    quiet();
    let book = support::workbook(|book| {
        let sheet = book.add_worksheet();
        for row in 0..4 {
            sheet.write_number(row, 0, row).unwrap();
            sheet.write_string(row, 1, "Ann").unwrap();
        }
    });
    let sheet = "xl/worksheets/sheet1.xml";
    let row = "<c r=\"A2\"><v>1</v></c>";
    replay::mutants(row.as_bytes(), 10_000, |mutant| {
        let text = String::from_utf8_lossy(mutant);
        files::read("xlsx", &support::patch(&book, sheet, row, &text));
    });
}
