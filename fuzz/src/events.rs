//! Events that programs send: a request is events or a reason why it holds none, and of the events
//! each becomes a row or is set aside, whether it comes alone or with others.

use std::collections::BTreeMap;

use handfast_connect::events::{Place, Shape, events_of};
use handfast_model::limits::{EVENT_COLUMNS, EVENTS};
use handfast_model::pack::{Format, Stream, StreamMode};

/// What became of an event: of which stream it is, and its texts by column, or why it is set aside.
type Told = (String, Result<BTreeMap<String, String>, (String, String)>);

/// Reads bytes as a request. Bytes that are no text never reach this.
pub fn read(_: &str, bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let events = events_of(text);
    assert_eq!(events, events_of(text), "reading twice differs");
    let Ok(events) = events else { return };
    assert!((1..=EVENTS).contains(&events.len()));
    assert!(events.iter().all(|event| text.contains(event)));
    for streams in [&STREAMS[..1], &STREAMS[..]] {
        let (mut all, mut single) = (shape(streams), shape(streams));
        let (together, made) = rows(&mut all, &events);
        // Without a table of a million cells for each of some hundred events.
        let columns = together.iter().filter_map(|(_, row)| row.as_ref().ok());
        let columns = columns.map(BTreeMap::len).max().unwrap_or(0);
        if events.len() * columns > 20_000 {
            continue;
        }
        let (mut apart, mut made_apart) = (Vec::new(), Vec::new());
        for event in &events {
            let (row, made) = rows(&mut single, &[event]);
            apart.extend(row);
            made_apart.extend(made);
        }
        assert_eq!(
            (together, made),
            (apart, made_apart),
            "together, then apart"
        );
        assert_eq!(format!("{all:?}"), format!("{single:?}"), "the columns");
    }
}

/// The streams of a source, with their keys: one of happenings, and one of deals.
const STREAMS: [(&str, &str); 2] = [("visits", "message_id"), ("deals", "deal")];

fn shape(streams: &[(&str, &str)]) -> Shape {
    let place = |(name, key): &(&str, &str)| Place {
        stream: Stream {
            name: (*name).into(),
            files: vec!["*".into()],
            recognised_by: Vec::new(),
            key: vec![(*key).into()],
            version: None,
            mode: StreamMode::Changes,
            is_reference: false,
            format: Format::default(),
            people: Vec::new(),
            safe: Vec::new(),
            ignore: Vec::new(),
            deletes: None,
        },
        columns: Vec::new(),
        may_be_named: *name == "visits",
    };
    Shape::of(streams.iter().map(place).collect())
}

/// What became of each event, in their order, and the names that were made.
fn rows(shape: &mut Shape, events: &[&str]) -> (Vec<Told>, Vec<String>) {
    let found = shape.rows(events);
    let mut told: BTreeMap<u32, Told> = BTreeMap::new();
    for batch in &found.batches {
        assert!(batch.columns.len() <= EVENT_COLUMNS);
        let mut names = batch.columns.to_vec();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), batch.columns.len(), "two columns of a name");
        for (row, line) in batch.lines.iter().enumerate() {
            let columns = batch.columns.iter().enumerate();
            let texts = columns.map(|(at, name)| (name.clone(), batch.text(at, row).to_owned()));
            let texts = texts.filter(|(_, text)| !text.is_empty()).collect();
            let twice = told.insert(*line, (batch.stream.clone(), Ok(texts)));
            assert!(twice.is_none(), "event {line} is two rows");
        }
        for bad in &batch.bad {
            let why = (bad.reason.clone(), bad.text.clone());
            let twice = told.insert(bad.line, (batch.stream.clone(), Err(why)));
            assert!(twice.is_none(), "event {} is two rows", bad.line);
        }
    }
    let lines = 1..=events.len() as u32;
    assert!(told.keys().copied().eq(lines), "an event is lost");
    (told.into_values().collect(), found.made)
}
