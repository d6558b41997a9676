//! What the parts of a pack must keep together.

use std::collections::{BTreeMap, BTreeSet};

use handfast_model::Refusal;
use handfast_model::limits::PACK_SQL_BYTES;
use handfast_model::pack::{Format, LINE_KEY, Sheets, StreamMode};

use super::{
    CLEAR_OR_SEALED, MapDraft, NOT_A_SELECT, PersonDraft, SELECT_FILE, StreamDraft, UNMAPPED,
    is_sql,
};
use crate::check::{UNKNOWN_NAME, once};
use crate::fields::OUT_OF_RANGE;
use crate::place::{Desk, Located, Span, TextFile};
use crate::words::{either, nearest, shown};

/// Every column of a people stream is either sealed under one person's key or declared safe.
pub(super) fn check_sealing(desk: &mut Desk<'_>, people: &[PersonDraft], safe: &[Located<String>]) {
    if let Some(first) = safe.first().filter(|_| people.is_empty()) {
        let title = "`safe` stands in a stream that names no `people`";
        let refusal = Refusal::new(CLEAR_OR_SEALED, title)
            .matters("nothing would be sealed: every column of this stream would be kept in clear")
            .fix(
                "people = [{ column = \"lead_id\", email = \"email\" }]\n\
                 or take `safe` out, if no row is about a person",
            );
        desk.refuse(first.span, refusal);
    }
    let mut sealed = BTreeSet::new();
    for column in people.iter().flat_map(|person| &person.seals) {
        if !sealed.insert(column.value.as_str()) {
            in_doubt(desk, column, "two people");
        }
    }
    let mails = people.iter().filter_map(|person| person.email.as_ref());
    let mails: Vec<&str> = mails.map(|mail| mail.value.as_str()).collect();
    for column in safe {
        if mails.contains(&column.value.as_str()) {
            in_doubt(desk, column, "`email`, which is only kept hashed,");
        } else if sealed.contains(column.value.as_str()) {
            in_doubt(desk, column, "`seals`");
        }
    }
}

/// A reference row is joined to by its key, which a line number cannot be.
pub(super) fn check_line_key(desk: &mut Desk<'_>, key: &[Located<String>], is_reference: bool) {
    if let Some(line) = key
        .iter()
        .find(|name| is_reference && name.value == LINE_KEY)
    {
        let title = "`_line` names the rows of a reference stream";
        let refusal = Refusal::new(OUT_OF_RANGE, title)
            .matters("nothing could be joined to them: no SELECT knows their lines")
            .fix("key = [\"id\"], a column that names a row");
        desk.refuse(line.span, refusal);
    }
}

/// Reference rows are joined to as they are; nothing evaluates a condition over them.
pub(super) fn check_deletes(
    desk: &mut Desk<'_>,
    deletes: Option<&Located<String>>,
    is_reference: bool,
) {
    if let Some(deletes) = deletes.filter(|_| is_reference) {
        let title = "`deletes` stands in a reference stream";
        let refusal = Refusal::new(OUT_OF_RANGE, title)
            .matters("rows of a reference stream are only joined to, so none would be deleted")
            .fix("take it out, or let the SELECTs that join ask for the column themselves");
        desk.refuse(deletes.span, refusal);
    }
}

/// A table that is whole may not be spread over sheets that nobody named: of those, one that is not
/// there, or whose header was changed, is passed over, and its rows would be deleted.
pub(super) fn check_sheets(
    desk: &mut Desk<'_>,
    mode: Option<&Located<StreamMode>>,
    format: Option<&Format>,
) {
    let is_every = format.is_some_and(|format| format.sheets == Sheets::All);
    if let Some(mode) = mode.filter(|mode| is_every && mode.value == StreamMode::Full) {
        let title = "`mode = \"full\"` stands beside `sheet = \"*\"`";
        let refusal = Refusal::new(OUT_OF_RANGE, title)
            .matters(
                "a sheet that is missing, or has another header than the first, would delete \
                 every record it held",
            )
            .fix("mode = \"changes\", or name the one sheet that is the whole table");
        desk.refuse(mode.span, refusal);
    }
}

fn in_doubt(desk: &mut Desk<'_>, column: &Located<String>, claim: &str) {
    let title = format!(
        "column `{}` is claimed by {claim} as well",
        shown(&column.value)
    );
    let refusal = Refusal::new(CLEAR_OR_SEALED, title)
        .matters("when the person is forgotten, the column must go or stay, not both")
        .fix("take it out here, or there");
    desk.refuse(column.span, refusal);
}

pub(super) fn check_streams(desk: &mut Desk<'_>, streams: &[StreamDraft]) {
    let mut names = BTreeMap::new();
    for name in streams.iter().filter_map(|stream| stream.name.as_ref()) {
        let words = (
            "stream",
            "a SELECT that names it could mean either",
            "give one of them another name",
        );
        once(desk, &mut names, name, words);
    }
    // One workbook may serve several streams, each with a sheet of its own.
    let mut by_sheet: Vec<(&Sheets, BTreeMap<&str, Span>)> = Vec::new();
    for stream in streams {
        let format = stream.stream.as_ref().map(|stream| &stream.format);
        let sheets = format.map_or(&Sheets::First, |format| &format.sheets);
        let known = by_sheet.iter().position(|(other, _)| *other == sheets);
        let place = known.unwrap_or(by_sheet.len());
        if known.is_none() {
            by_sheet.push((sheets, BTreeMap::new()));
        }
        let Some((_, patterns)) = by_sheet.get_mut(place) else {
            continue;
        };
        for pattern in &stream.files {
            let words = (
                "stream for the files",
                "a file that matches would belong to both",
                "narrow one of the two patterns",
            );
            once(desk, patterns, pattern, words);
        }
    }
}

/// Every map has a stream that may be mapped.
pub(super) fn check_maps(desk: &mut Desk<'_>, streams: &[StreamDraft], maps: &[MapDraft]) {
    let names = || {
        streams
            .iter()
            .filter_map(|s| Some(s.name.as_ref()?.value.as_str()))
    };
    for stream in maps.iter().filter_map(|map| map.stream.as_ref()) {
        let found = streams.iter().find(|s| {
            s.name
                .as_ref()
                .is_some_and(|name| name.value == stream.value)
        });
        let word = shown(&stream.value);
        match found {
            None => {
                let meant = nearest(&stream.value, names());
                let title = format!("there is no stream `{word}`; there is {}", either(names()));
                let refusal = Refusal::new(UNKNOWN_NAME, title)
                    .matters("its SELECT would have no rows to read")
                    .fix(format!("stream = \"{}\"", meant.unwrap_or("leads")));
                desk.refuse(stream.span, refusal);
            }
            Some(found) if found.is_reference => {
                let title = format!("stream `{word}` is a reference and is mapped");
                let refusal = Refusal::new(UNMAPPED, title)
                    .matters("its rows would count both as reference and as mapped")
                    .fix("take `reference = true` out of the stream, or take this map out");
                desk.refuse(stream.span, refusal);
            }
            Some(_) => {}
        }
    }
}

/// Every stream is mapped or a reference.
pub(super) fn check_unmapped(desk: &mut Desk<'_>, streams: &[StreamDraft], maps: &[MapDraft]) {
    for stream in streams.iter().filter(|stream| !stream.is_reference) {
        let Some(name) = &stream.name else { continue };
        let is_mapped = maps
            .iter()
            .any(|map| map.stream.as_ref().is_some_and(|s| s.value == name.value));
        if !is_mapped {
            let title = format!("nothing maps stream `{}`", shown(&name.value));
            let refusal = Refusal::new(UNMAPPED, title)
                .matters("every one of its rows would be set aside")
                .fix(format!(
                    "[[map]]\nstream = \"{0}\"\nkind = \"person\"\nfile = \"{0}.person.sql\"\n\
                     or `reference = true` in the stream, or [[leave]] for its files",
                    shown(&name.value)
                ));
            desk.refuse(
                stream.name.as_ref().map_or(stream.span, |name| name.span),
                refusal,
            );
        }
    }
}

/// Every SELECT is used.
pub(super) fn check_unused(desk: &mut Desk<'_>, maps: &[MapDraft]) {
    let files = desk.files;
    for file in files.iter().filter(|file| is_sql(file)) {
        let is_used = maps.iter().any(|map| {
            map.file
                .as_ref()
                .is_some_and(|named| named.value == file.name())
        });
        if !is_used {
            let title = format!("`{}` is named by no [[map]]", file.name());
            let refusal = Refusal::new(SELECT_FILE, title)
                .matters("the facts it describes would be missing")
                .fix(format!(
                    "[[map]]\nstream = \"leads\"\nkind = \"person\"\nfile = \"{}\"",
                    file.name()
                ));
            desk.refuse_file(&file.path, refusal);
        }
    }
}

/// The shape of a SELECT, as far as words show it.
pub(super) fn check_select(desk: &mut Desk<'_>, at: usize, file: &TextFile, stream: &str) {
    let words = bare_words(&file.text);
    let has = |word: &str| {
        words
            .iter()
            .any(|(_, known)| known.eq_ignore_ascii_case(word))
    };
    let first = words
        .first()
        .map_or(0..0, |(from, word)| *from..from + word.len());
    let begins = words.first().is_some_and(|(_, word)| {
        word.eq_ignore_ascii_case("select") || word.eq_ignore_ascii_case("with")
    });
    let example = format!("SELECT\n  _record,\n  lead_id AS person\nFROM {stream}");
    let wrong = if file.text.len() > PACK_SQL_BYTES {
        let title = format!("a SELECT of more than {PACK_SQL_BYTES} bytes");
        (title, "split it into several maps".to_owned())
    } else if !begins {
        ("this is not a SELECT".to_owned(), example)
    } else if !has("_record") {
        let title = "the SELECT does not carry `_record`".to_owned();
        (title, example)
    } else if !has(stream) {
        let title = format!(
            "the SELECT does not read from its stream `{}`",
            shown(stream)
        );
        (title, format!("FROM {}", shown(stream)))
    } else if let Some(end) = file.text.trim_end().strip_suffix(';') {
        let title = "a SELECT ends without a semicolon".to_owned();
        let refusal = refused_select(title, "take it out".to_owned());
        desk.refuse(Span::new(at, end.len()..end.len() + 1), refusal);
        return;
    } else {
        return;
    };
    desk.refuse(Span::new(at, first), refused_select(wrong.0, wrong.1));
}

fn refused_select(title: String, fix: String) -> Refusal {
    Refusal::new(NOT_A_SELECT, title)
        .matters("no row of the stream could be mapped by it")
        .fix(fix)
}

/// The words of an SQL text outside of comments and quotes, with their places.
fn bare_words(sql: &str) -> Vec<(usize, &str)> {
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(rest) = sql.get(at..).filter(|rest| !rest.is_empty()) {
        let length_to = |end: &str| {
            rest.get(1..)
                .and_then(|r| r.find(end))
                .map(|n| n + 1 + end.len())
        };
        let word = rest.len()
            - rest
                .trim_start_matches(|c: char| c.is_alphanumeric() || c == '_')
                .len();
        let skip = if rest.starts_with("--") {
            length_to("\n")
        } else if rest.starts_with("/*") {
            length_to("*/")
        } else if rest.starts_with('\'') {
            length_to("'")
        } else if word > 0 {
            words.push((at, rest.get(..word).unwrap_or("")));
            Some(word)
        } else {
            rest.chars().next().map(char::len_utf8)
        };
        at += skip.unwrap_or(rest.len());
    }
    words
}
