//! Events that programs send, as rows of a stream: JSON objects, each by itself, a few at a time.
//!
//! They become rows exactly as the lines of a file of JSON would, so a pack for such a file reads
//! them too. An event that is no object, or larger than is taken, is handed on as a row that could
//! not be read: the ledger sets it aside with its reason, and the others come in. Refuses to know
//! who may send what.

use handfast_ledger::{TextBatch, text_hash};
use handfast_model::limits::{EVENT_BYTES, EVENT_COLUMNS, EVENTS};
use handfast_model::pack::{LINE_KEY, Stream};

use crate::header::{name_columns, needed, spell};
use crate::json::{Cell, read_array, read_members, read_object};
use crate::pile::Pile;

/// The members by which programs call an event, in either spelling.
const NAMES: [&str; 2] = ["message_id", "messageId"];
/// The member that says to which stream an event belongs.
const STREAM: &str = "stream";
/// Beside the events an envelope may say what the libraries of others put there; none of it counts.
const ENVELOPE: [&str; 5] = ["batch", "sentAt", "writeKey", "context", "integrations"];

const TOO_LARGE: &str = "an event larger than 32 KiB";
const TOO_WIDE: &str = "an event with a field that cannot be a column of its stream";
const NO_STREAM: &str = "`stream` names no stream of its source that takes events";
const WHICH_STREAM: &str = "its source has several streams, and `stream` names none of them";

/// The rows of one request, stream by stream.
#[derive(Debug, Default)]
pub struct Events {
    /// The rows, one batch for each stream.
    pub batches: Vec<TextBatch>,
    /// The names that were made of the contents of events without one, in their order.
    pub made: Vec<String>,
}

/// Why a request holds no events.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NoEvents {
    /// It is no JSON object, with the reason.
    Json(&'static str),
    /// It has a member beside `batch` that means nothing.
    Member(String),
    /// `batch` is no array.
    Batch,
    /// It holds more than may come at once.
    TooMany(usize),
    /// It holds none.
    Empty,
}

/// The events of a request: itself, or those in its `batch`, each as it was written.
pub fn events_of(text: &str) -> Result<Vec<&str>, NoEvents> {
    let members = read_members(text).map_err(NoEvents::Json)?;
    let Some((_, batch)) = members.iter().find(|(name, _)| name == "batch") else {
        return Ok(vec![text.trim()]);
    };
    let other = members
        .iter()
        .find(|(name, _)| !ENVELOPE.contains(&name.as_str()));
    if let Some((name, _)) = other {
        return Err(NoEvents::Member(name.clone()));
    }
    let events = read_array(batch).map_err(|_| NoEvents::Batch)?;
    match events.len() {
        0 => Err(NoEvents::Empty),
        count if count > EVENTS => Err(NoEvents::TooMany(count)),
        _ => Ok(events),
    }
}

/// The columns of each stream that events have filled so far, by which those to come are laid out:
/// a column keeps its place, so that the rows of many requests fit one table.
#[derive(Clone, Debug)]
pub struct Shape {
    streams: Vec<Place>,
}

/// A stream with the columns that it is known to have.
#[derive(Clone, Debug)]
pub struct Place {
    /// The stream.
    pub stream: Stream,
    /// Its columns.
    pub columns: Vec<String>,
    /// Whether its rows are things that happened, which may go by any name of their own: a person
    /// or a deal has the key that its source gave it, and without one it is nobody's.
    pub may_be_named: bool,
}

impl Shape {
    /// Of the streams of a source that are no tables to look things up in, each with the columns
    /// that it is known to have.
    pub fn of(mut streams: Vec<Place>) -> Shape {
        for place in &mut streams {
            let optional = &place.stream.format.optional;
            let names: Vec<String> = needed(&place.stream).chain(optional).cloned().collect();
            for name in names {
                if !place.columns.contains(&name) {
                    place.columns.push(name);
                }
            }
        }
        Shape { streams }
    }

    /// Whether any event fits anywhere.
    pub fn is_empty(&self) -> bool {
        self.streams.is_empty()
    }

    /// The events of one request as rows. New members become new columns, which stay.
    pub fn rows(&mut self, events: &[&str]) -> Events {
        let mut made = Vec::new();
        let mut read: Vec<(usize, u32, Row<'_>)> = Vec::with_capacity(events.len());
        for (line, event) in (1..).zip(events) {
            let (stream, row) = self.read(event, &mut made);
            read.push((stream, line, row));
        }
        let mut batches = Vec::new();
        for (place, of) in self.streams.iter().enumerate() {
            let (stream, columns) = (&of.stream, &of.columns);
            let own: Vec<_> = read.iter().filter(|(of, ..)| *of == place).collect();
            if own.is_empty() {
                continue;
            }
            let mut pile = Pile::new(stream, "events", columns.clone());
            for (_, line, row) in own {
                match row {
                    Row::Bad(reason, raw) => {
                        pile.set_aside(*line, String::new(), *reason, (*raw).to_owned());
                    }
                    Row::Read(cells, raw) => {
                        let texts = texts(columns, cells);
                        pile.add_checked(*line, &texts, || (*raw).to_owned());
                    }
                }
            }
            batches.push(pile.batch(true));
        }
        Events { batches, made }
    }

    /// An event as a row, and the place of its stream.
    fn read<'t>(&mut self, event: &'t str, made: &mut Vec<String>) -> (usize, Row<'t>) {
        if event.len() > EVENT_BYTES {
            return (0, Row::Bad(TOO_LARGE, event));
        }
        let mut cells = Vec::new();
        if let Err(reason) = read_object(event, &mut cells) {
            return (0, Row::Bad(reason, event));
        }
        let said = cells.iter().position(|(name, _)| name == STREAM);
        let place = match said {
            None if self.streams.len() > 1 => return (0, Row::Bad(WHICH_STREAM, event)),
            None => 0,
            Some(at) => {
                let is_column = self.streams.iter().any(|one| has(&one.columns, STREAM));
                let name = cells.get(at).map_or("", |(_, text)| text.as_str());
                let found = self.streams.iter().position(|one| one.stream.name == name);
                match found {
                    Some(place) => {
                        cells.remove(at);
                        place
                    }
                    // A column of that name may say anything.
                    None if is_column && self.streams.len() == 1 => 0,
                    None => return (0, Row::Bad(NO_STREAM, event)),
                }
            }
        };
        let Some(of) = self.streams.get_mut(place) else {
            return (0, Row::Bad(NO_STREAM, event));
        };
        spell_cells(&of.stream, &mut cells);
        if of.may_be_named {
            made.extend(made_name(&of.stream, &mut cells, event));
        }
        match add_columns(&mut of.columns, &cells) {
            true => (place, Row::Read(cells, event)),
            false => (place, Row::Bad(TOO_WIDE, event)),
        }
    }
}

enum Row<'t> {
    Read(Vec<Cell>, &'t str),
    Bad(&'static str, &'t str),
}

fn has(columns: &[String], name: &str) -> bool {
    columns.iter().any(|one| one == name)
}

/// Calls the members of an event as its stream does, where they differ in case alone.
fn spell_cells(stream: &Stream, cells: &mut [Cell]) {
    let mut names: Vec<String> = cells.iter().map(|(name, _)| name.clone()).collect();
    spell(stream, &mut names);
    for (cell, name) in cells.iter_mut().zip(names) {
        cell.0 = name;
    }
}

/// Fills the key of an event whose stream is named by one column: by what it calls itself, else by
/// its content, so that the same event sent again is the same record. Gives the name it made.
fn made_name(stream: &Stream, cells: &mut Vec<Cell>, event: &str) -> Option<String> {
    let [key] = stream.key.as_slice() else {
        return None;
    };
    let said = |name: &str, cells: &[Cell]| {
        let found = cells.iter().find(|(one, _)| one == name);
        let text = found.map(|(_, text)| text.clone());
        text.filter(|text| !text.trim().is_empty())
    };
    if key == LINE_KEY || said(key, cells).is_some() {
        return None;
    }
    cells.retain(|(name, _)| name != key);
    let own = NAMES.iter().find_map(|name| said(name, cells));
    let made = own.is_none().then(|| format!("h-{}", text_hash(event)));
    let name = own.or_else(|| made.clone()).unwrap_or_default();
    cells.push((key.clone(), name));
    made
}

/// Gives every cell a column; whether there was room.
fn add_columns(columns: &mut Vec<String>, cells: &[Cell]) -> bool {
    let mut new: Vec<&str> = Vec::new();
    for (name, _) in cells {
        if !has(columns, name) {
            new.push(name);
        }
    }
    // A name that a table cannot have is another one in it: such a cell would have no column.
    let (named, _) = name_columns(new.iter().copied());
    let is_plain = named.iter().map(String::as_str).eq(new.iter().copied());
    let is_room = named.is_empty() || columns.len() + named.len() <= EVENT_COLUMNS;
    if !is_plain || !is_room {
        return false;
    }
    columns.extend(named);
    true
}

/// The texts of a row in the order of the columns.
fn texts(columns: &[String], cells: &[Cell]) -> Vec<String> {
    let text = |column: &String| {
        let found = cells.iter().find(|(name, _)| name == column);
        found.map_or(String::new(), |(_, text)| text.clone())
    };
    columns.iter().map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sniff::any_stream;

    fn shape() -> Shape {
        let mut stream = any_stream();
        stream.key = vec!["message_id".to_owned()];
        Shape::of(vec![Place {
            stream,
            columns: vec!["kind".to_owned()],
            may_be_named: true,
        }])
    }

    #[test]
    fn a_request_is_one_event_or_a_batch_of_them_to_the_letter() {
        assert_eq!(events_of(r#" {"a":1} "#), Ok(vec![r#"{"a":1}"#]));
        let batch = r#"{"sentAt":"x","batch":[{"a":1.50}, 7,"x"]}"#;
        assert_eq!(events_of(batch), Ok(vec![r#"{"a":1.50}"#, "7", "\"x\""]));
        let many = format!("{{\"batch\":[{}]}}", vec!["{}"; EVENTS + 1].join(","));
        for (text, why) in [
            (r#"{"batch":[]}"#, NoEvents::Empty),
            (r#"{"batch":{}}"#, NoEvents::Batch),
            (
                r#"{"batch":[{}],"all":1}"#,
                NoEvents::Member("all".to_owned()),
            ),
            (many.as_str(), NoEvents::TooMany(EVENTS + 1)),
        ] {
            assert_eq!(events_of(text), Err(why), "{text}");
        }
        assert!(matches!(events_of("[]"), Err(NoEvents::Json(_))));
    }

    #[test]
    fn a_bad_event_is_set_aside_and_the_others_come_in() {
        let large = format!("{{\"kind\":\"{}\"}}", "x".repeat(EVENT_BYTES));
        let events = [
            r#"{"message_id":"m1","kind":"open"}"#,
            "7",
            &large,
            r#"{"kind":"x"}"#,
        ];
        let mut shape = shape();
        let Events { batches, made } = shape.rows(&events);
        let batch = &batches[0];
        assert_eq!(batch.columns.as_ref(), ["kind", "message_id"]);
        assert_eq!(
            (batch.lines.as_slice(), batch.text(0, 0)),
            (&[1, 4][..], "open")
        );
        let bad: Vec<_> = batch
            .bad
            .iter()
            .map(|bad| (bad.line, bad.reason.as_str()))
            .collect();
        assert_eq!(bad, [(2, "no JSON object"), (3, TOO_LARGE)]);
        // The same content has the same name, whoever sends it.
        assert_eq!(made, [batch.text(1, 1)]);
        assert_eq!(shape.rows(&[r#"{"kind":"x"}"#]).made, made);
    }

    #[test]
    fn what_an_event_calls_itself_is_its_key_and_new_members_are_new_columns() {
        let mut shape = shape();
        let first = shape.rows(&[r#"{"messageId":"m1","page":{"url":"/"}}"#]);
        assert_eq!(first.batches[0].text(1, 0), "m1");
        let second = shape.rows(&[r#"{"message_id":"m2"}"#]);
        let columns = ["kind", "message_id", "messageId", "page.url"];
        assert_eq!(second.batches[0].columns.as_ref(), columns);
        assert!(second.made.is_empty());
    }

    #[test]
    fn a_deal_without_its_key_gets_none_from_what_sent_it() {
        let mut shape = shape();
        shape.streams[0].may_be_named = false;
        let rows = shape.rows(&[r#"{"messageId":"m1","kind":"x"}"#]);
        assert_eq!((rows.batches[0].text(1, 0), rows.made.len()), ("", 0));
    }

    #[test]
    fn names_that_are_data_fill_a_table_so_far_and_no_further() {
        let mut shape = shape();
        for at in 0..EVENT_COLUMNS + 9 {
            let event = format!("{{\"message_id\":\"m\",\"sku-{at}\":1}}");
            let rows = shape.rows(&[event.as_str()]);
            let is_bad = !rows.batches[0].bad.is_empty();
            assert_eq!(is_bad, at + 2 >= EVENT_COLUMNS, "{at}");
        }
        assert_eq!(shape.streams[0].columns.len(), EVENT_COLUMNS);
    }
}
