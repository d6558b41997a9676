//! Classifies thirty thousand rows of a made-up source, a third of them known already.
//! `cargo xtask ratchet` counts the instructions of the work itself, under callgrind.

use handfast_ledger::{Classified, Import, Ledger, Opening, TextBatch};
use handfast_model::pack::{Format, Pack, Stream, StreamMode};
use handfast_model::{Instant, Refusal};

const ROWS: u32 = 10_000;

/// The work that is counted: nothing before it and nothing after.
#[inline(never)]
fn hot_work(import: &mut Import, batches: Vec<TextBatch>) -> Result<Vec<Classified>, Refusal> {
    let classified = batches.into_iter().map(|batch| import.classify(batch));
    classified.collect()
}

fn main() -> Result<(), Refusal> {
    let name = format!("handfast-classify-{}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    let done = classify(&folder);
    // Nothing depends on a folder that stays.
    std::fs::remove_dir_all(&folder).ok();
    done
}

fn classify(folder: &std::path::Path) -> Result<(), Refusal> {
    let opening = Opening {
        now: Instant(0),
        command: "classify".to_owned(),
        author: "classify".to_owned(),
    };
    let ledger = Ledger::create(folder, Some([5; 32]), &opening)?;
    let mut import = ledger.begin_import(&pack(), Instant(0))?;
    let batches = [0, ROWS, 0].map(rows).to_vec();
    let states = hot_work(&mut import, batches)?;
    println!("{} batches", states.len());
    Ok(())
}

/// A batch of rows numbered from there.
fn rows(from: u32) -> TextBatch {
    let columns = ["id", "account", "kind", "at"].map(str::to_owned);
    let row = |number: u32| {
        let account = format!("A{}", number % 977);
        let at = format!("2024-03-{:02}T10:00:00Z", 1 + number % 28);
        let cells = vec![format!("T{number}"), account, "page_view".to_owned(), at];
        (number + 2, cells)
    };
    let rows: Vec<_> = (from..from + ROWS).map(row).collect();
    TextBatch::of_texts("touches", "touches.csv", &columns, &rows)
}

fn pack() -> Pack {
    Pack {
        source: "made-up".to_owned(),
        version: "blake3:00".to_owned(),
        zone: "UTC".to_owned(),
        observed_until: None,
        currency: None,
        folder: None,
        streams: vec![Stream {
            name: "touches".to_owned(),
            files: Vec::new(),
            recognised_by: Vec::new(),
            key: vec!["id".to_owned()],
            version: None,
            mode: StreamMode::Events,
            is_reference: false,
            format: Format::default(),
            people: Vec::new(),
            safe: Vec::new(),
            ignore: Vec::new(),
            deletes: None,
        }],
        mappings: Vec::new(),
        ignored_files: Vec::new(),
    }
}
