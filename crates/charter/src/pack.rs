//! Source packs: a `source.toml` and the SELECTs beside it, to `model::pack::Pack`.
//!
//! It checks what can be known without a file of rows: names, references between streams and
//! SELECTs, and that no column is left in doubt between clear and sealed. What a SELECT means is
//! the engine's to judge; here only its size and shape.

mod checks;
mod format;

use handfast_model::limits::PACK_SQL_BYTES;
use handfast_model::pack::{
    IgnoreRule, IgnoredFiles, Mapping, Pack, PersonColumn, Stream, StreamMode,
};
use handfast_model::{Day, FactKind, Refusal};

use self::checks::{
    check_deletes, check_line_key, check_maps, check_sealing, check_select, check_sheets,
    check_streams, check_unmapped, check_unused,
};
use self::format::format;
use crate::check::{check_currency, check_zone};
use crate::fields::{Fields, Key, OUT_OF_RANGE, document, key};
use crate::parse::missing_file;
use crate::place::{Desk, Located, Span, TextFile};
use crate::resolve::content_hash;
use crate::words::{nearest, shown};

/// A SELECT that is named and not there, or there and not named.
const SELECT_FILE: &str = "E0140";
/// A stream that nothing maps, or a reference stream that something maps.
const UNMAPPED: &str = "E0141";
/// A SELECT that cannot be one of a pack.
const NOT_A_SELECT: &str = "E0142";
/// A column in doubt between clear and sealed.
const CLEAR_OR_SEALED: &str = "E0143";

/// Reads a pack.
pub(crate) fn read(folder: &str, files: &[TextFile]) -> Result<Pack, Vec<Refusal>> {
    let mut desk = Desk::new(files);
    let Some(manifest) = files.iter().position(|file| file.name() == MANIFEST) else {
        let path = format!("{}/{MANIFEST}", folder.trim_end_matches('/'));
        let refusal = missing_file(
            MANIFEST,
            "without it nothing says what these files are",
            EXAMPLE,
        );
        desk.refuse_file(&path, refusal);
        return desk.finish(None);
    };
    let Some(document) = document(&mut desk, manifest) else {
        return desk.finish(None);
    };
    let top = Fields::of_document(&document, manifest, MANIFEST);
    let pack = manifest_of(&mut desk, top);
    desk.finish(pack)
}

const MANIFEST: &str = "source.toml";
const EXAMPLE: &str = r#"source = "crm"
zone = "Europe/Berlin"

[[stream]]
name = "leads"
files = ["leads*.csv"]
key = ["id"]

[[map]]
stream = "leads"
kind = "person"
file = "leads.person.sql""#;

const SOURCE: Key = key("source", "\"crm\"", "facts carry the name of their source");
const ZONE: Key = key(
    "zone",
    "\"Europe/Berlin\"",
    "times without an offset are read in this zone",
);
const OBSERVED: Key = key(
    "observed_until",
    "\"2018-03-31\"",
    "ages and open cohorts end where the source stops looking",
);
const CURRENCY: Key = key(
    "currency",
    "\"EUR\"",
    "amounts that name no currency are in this one",
);
const FOLDER: Key = key(
    "folder",
    "\"../exports/crm\"",
    "an import without files reads what is new in it",
);
const STREAM: Key = key(
    "stream",
    "[[stream]]\nname = \"leads\"\nfiles = [\"leads*.csv\"]\nkey = [\"id\"]",
    "a source without streams has no rows",
);
const MAP: Key = key(
    "map",
    "[[map]]\nstream = \"leads\"\nkind = \"person\"\nfile = \"leads.person.sql\"",
    "without it rows become no facts",
);
const LEAVE: Key = key(
    "leave",
    "[[leave]]\nfiles = [\"readme.csv\"]\nreason = \"holds no rows\"",
    "files that nobody claims are asked about",
);

fn manifest_of(desk: &mut Desk<'_>, mut top: Fields<'_>) -> Option<Pack> {
    let source = top.text(desk, &SOURCE);
    top.need(desk, &SOURCE);
    if let Some(source) = &source {
        check_name(desk, source, "source");
    }
    let zone = top.text(desk, &ZONE);
    top.need(desk, &ZONE);
    if let Some(zone) = &zone {
        check_zone(desk, zone, ZONE.matters);
    }
    let observed_until = observed_until(desk, &mut top);
    let currency = top.text(desk, &CURRENCY);
    if let Some(code) = &currency {
        check_currency(desk, code);
    }
    let folder = folder(desk, &mut top);
    let namespace = source.as_ref().map_or("", |source| &source.value);
    let tables = top.tables(desk, &STREAM, "a stream");
    let drafts: Vec<StreamDraft> = tables
        .into_iter()
        .map(|table| stream(desk, table, namespace))
        .collect();
    if drafts.is_empty() {
        top.need(desk, &STREAM);
    }
    let tables = top.tables(desk, &MAP, "a map");
    let maps: Vec<MapDraft> = tables.into_iter().map(|table| map(desk, table)).collect();
    let tables = top.tables(desk, &LEAVE, "a leave");
    let left: Vec<_> = tables.into_iter().map(|table| leave(desk, table)).collect();
    top.finish(desk);
    check_streams(desk, &drafts);
    check_maps(desk, &drafts, &maps);
    check_unmapped(desk, &drafts, &maps);
    check_unused(desk, &maps);
    let mappings = maps
        .into_iter()
        .map(|map| mapping(desk, map))
        .collect::<Vec<_>>();
    let mut streams = drafts
        .into_iter()
        .map(|draft| draft.stream)
        .collect::<Option<Vec<_>>>()?;
    streams.sort_by_key(|stream| !stream.is_reference);
    let files = desk.files.iter();
    Some(Pack {
        source: source?.value,
        version: content_hash(files.filter(|file| file.name() == MANIFEST || is_sql(file))),
        zone: zone?.value,
        observed_until,
        currency: currency.map(|code| code.value.trim().to_uppercase()),
        folder,
        streams,
        mappings: mappings.into_iter().collect::<Option<Vec<_>>>()?,
        ignored_files: left.into_iter().collect::<Option<Vec<_>>>()?,
    })
}

fn is_sql(file: &TextFile) -> bool {
    file.name().ends_with(".sql")
}

/// A day, as a text or as a TOML date.
fn observed_until(desk: &mut Desk<'_>, top: &mut Fields<'_>) -> Option<Day> {
    let text = top.day(desk, &OBSERVED)?;
    let day = Day::parse(&text.value);
    if day.is_none() {
        let title = format!("`{}` is not a day", shown(&text.value));
        let refusal = Refusal::new(OUT_OF_RANGE, title)
            .matters(OBSERVED.matters)
            .fix("observed_until = \"2018-03-31\"   # the last day that the source shows in full");
        desk.refuse(text.span, refusal);
    }
    day
}

/// Where the source's files are dropped.
fn folder(desk: &mut Desk<'_>, top: &mut Fields<'_>) -> Option<String> {
    let folder = top.text(desk, &FOLDER)?;
    if folder.value.trim().is_empty() {
        let refusal = Refusal::new(OUT_OF_RANGE, "`folder` names nothing")
            .matters(FOLDER.matters)
            .fix("folder = \"../exports/crm\"   # relative to the book");
        desk.refuse(folder.span, refusal);
    }
    Some(folder.value)
}

/// Names that stand in SQL.
fn check_name(desk: &mut Desk<'_>, name: &Located<String>, what: &str) {
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let starts_well = name.value.starts_with(|c: char| c.is_ascii_lowercase());
    if starts_well && name.value.len() <= 64 && name.value.chars().all(is_part) {
        return;
    }
    let lower = name.value.trim().to_lowercase();
    let plain: String = lower
        .chars()
        .map(|c| if is_part(c) { c } else { '_' })
        .take(60)
        .collect();
    let plain = plain.trim_matches('_');
    let plain = match plain.starts_with(|c: char| c.is_ascii_lowercase()) {
        true => plain.to_owned(),
        false => format!("{what}_{plain}").trim_end_matches('_').to_owned(),
    };
    let title = format!("`{}` cannot be the name of a {what}", shown(&name.value));
    let refusal = Refusal::new(OUT_OF_RANGE, title)
        .matters(
            "names have small letters, digits and _, a letter first, at most 64: they stand in SQL",
        )
        .fix(format!(
            "{} = \"{plain}\"",
            if what == "source" { what } else { "name" }
        ));
    desk.refuse(name.span, refusal);
}

/// A stream as written: what messages need, and the stream when nothing was missing.
struct StreamDraft {
    span: Span,
    name: Option<Located<String>>,
    files: Vec<Located<String>>,
    is_reference: bool,
    stream: Option<Stream>,
}

const NAME: Key = key("name", "\"leads\"", "SELECTs name the stream by this");
const FILES: Key = key(
    "files",
    "[\"leads*.csv\"]",
    "files that match belong to this stream",
);
const RECOGNISED_BY: Key = key(
    "recognised_by",
    "[\"lead_id\", \"lead_source\"]",
    "a file whose header has all of them is known to be of this stream",
);
const KEY: Key = key(
    "key",
    "[\"id\"]",
    "without it a row cannot be told from its next version",
);
const VERSION: Key = key(
    "version",
    "\"updated_at\"",
    "it tells which of two versions is newer",
);
const MODE: Key = key(
    "mode",
    "\"changes\"",
    "it tells whether an absent row was deleted",
);
const REFERENCE: Key = key(
    "reference",
    "true",
    "a reference stream is joined to and not mapped",
);
const PEOPLE: Key = key(
    "people",
    "[{ column = \"lead_id\", email = \"email\" }]",
    "columns of people are sealed under their key",
);
const SAFE: Key = key(
    "safe",
    "[\"origin\"]",
    "these columns of a people stream stay in clear",
);
const IGNORE: Key = key(
    "ignore",
    "[{ name = \"test rows\", when = \"origin = 'test'\" }]",
    "rows that match are counted as ignored, by name",
);

const DELETES: Key = key(
    "deletes",
    "\"is_deleted = 'true'\"",
    "a row for which it holds deletes its record",
);

const MODES: [(&str, StreamMode); 3] = [
    ("full", StreamMode::Full),
    ("changes", StreamMode::Changes),
    ("events", StreamMode::Events),
];

fn stream(desk: &mut Desk<'_>, mut table: Fields<'_>, source: &str) -> StreamDraft {
    let span = table.span;
    let name = table.text(desk, &NAME);
    table.need(desk, &NAME);
    if let Some(name) = &name {
        check_name(desk, name, "stream");
    }
    let files = table.texts(desk, &FILES);
    table.need(desk, &FILES);
    not_empty(desk, &files, span, &FILES);
    let recognised_by = table.texts(desk, &RECOGNISED_BY);
    not_empty(desk, &recognised_by, span, &RECOGNISED_BY);
    let key = table.texts(desk, &KEY);
    table.need(desk, &KEY);
    not_empty(desk, &key, span, &KEY);
    let version = table.text(desk, &VERSION).map(|version| version.value);
    let mode = table.word(desk, &MODE, &MODES);
    let is_reference = table.flag(desk, &REFERENCE).is_some_and(|flag| flag.value);
    let format = format(desk, &mut table);
    let people = table.tables(desk, &PEOPLE, "a person column").into_iter();
    let people: Vec<_> = people.map(|t| person(desk, t, source)).collect();
    let safe = table.texts(desk, &SAFE).unwrap_or_default();
    let ignore = table.tables(desk, &IGNORE, "an ignore rule").into_iter();
    let ignore: Vec<_> = ignore.map(|table| ignore_rule(desk, table)).collect();
    let deletes = table.text(desk, &DELETES);
    let deletes = deletes.filter(|when| is_condition(desk, when, &DELETES));
    table.finish(desk);
    check_sealing(desk, &people, &safe);
    check_deletes(desk, deletes.as_ref(), is_reference);
    check_sheets(desk, mode.as_ref(), format.as_ref());
    check_line_key(desk, key.as_deref().unwrap_or_default(), is_reference);
    let stream = || {
        Some(Stream {
            name: name.as_ref()?.value.clone(),
            files: values(files.clone()?),
            recognised_by: values(recognised_by.unwrap_or_default()),
            key: values(key?),
            version,
            mode: mode.map_or(StreamMode::Changes, |mode| mode.value),
            is_reference,
            format: format?,
            people: people
                .into_iter()
                .map(PersonDraft::column)
                .collect::<Option<_>>()?,
            safe: values(safe),
            ignore: ignore.into_iter().collect::<Option<_>>()?,
            deletes: deletes.map(|when| when.value),
        })
    };
    let stream = stream();
    StreamDraft {
        span,
        name,
        files: files.unwrap_or_default(),
        is_reference,
        stream,
    }
}

fn values(located: Vec<Located<String>>) -> Vec<String> {
    located.into_iter().map(|text| text.value).collect()
}

/// Refuses a list without items, and items without letters.
fn not_empty(desk: &mut Desk<'_>, list: &Option<Vec<Located<String>>>, span: Span, key: &Key) {
    let Some(list) = list else { return };
    let blank = list.iter().find(|text| text.value.trim().is_empty());
    let at = match (blank, list.is_empty()) {
        (Some(text), _) => text.span,
        (None, true) => span,
        (None, false) => return,
    };
    let refusal = Refusal::new(OUT_OF_RANGE, format!("`{}` names nothing", key.name))
        .matters(key.matters)
        .fix(format!("{} = {}", key.name, key.example));
    desk.refuse(at, refusal);
}

/// A column that names a person, as written.
struct PersonDraft {
    column: Option<Located<String>>,
    namespace: String,
    characters: Option<u16>,
    seals: Vec<Located<String>>,
    email: Option<Located<String>>,
}

const COLUMN: Key = key(
    "column",
    "\"lead_id\"",
    "this column holds the person's key",
);
const NAMESPACE: Key = key(
    "namespace",
    "\"crm\"",
    "it says which system issued the key",
);
const CHARACTERS: Key = key(
    "characters",
    "15",
    "only so many characters of the column are the key",
);
const SEALS: Key = key(
    "seals",
    "[\"phone\"]",
    "these columns are sealed under this person's key",
);
const EMAIL: Key = key(
    "email",
    "\"email\"",
    "the address is hashed and its domain kept",
);

impl PersonDraft {
    fn column(self) -> Option<PersonColumn> {
        Some(PersonColumn {
            column: self.column?.value,
            namespace: self.namespace,
            characters: self.characters,
            seals: values(self.seals),
            email: self.email.map(|email| email.value),
        })
    }
}

fn person(desk: &mut Desk<'_>, mut table: Fields<'_>, source: &str) -> PersonDraft {
    let column = table.text(desk, &COLUMN);
    table.need(desk, &COLUMN);
    let namespace = table.text(desk, &NAMESPACE);
    let characters = table.whole(desk, &CHARACTERS, 1..=255);
    let seals = table.texts(desk, &SEALS).unwrap_or_default();
    let email = table.text(desk, &EMAIL);
    table.finish(desk);
    PersonDraft {
        column,
        namespace: namespace.map_or_else(|| source.to_owned(), |name| name.value),
        characters: characters.and_then(|count| u16::try_from(count.value).ok()),
        seals,
        email,
    }
}

const RULE_NAME: Key = key(
    "name",
    "\"test rows\"",
    "the import report counts rows by it",
);
const WHEN: Key = key(
    "when",
    "\"origin = 'test'\"",
    "rows for which it holds are ignored",
);

fn ignore_rule(desk: &mut Desk<'_>, mut table: Fields<'_>) -> Option<IgnoreRule> {
    let name = table.text(desk, &RULE_NAME);
    table.need(desk, &RULE_NAME);
    let when = table.text(desk, &WHEN);
    table.need(desk, &WHEN);
    table.finish(desk);
    let when = when.filter(|when| is_condition(desk, when, &WHEN));
    Some(IgnoreRule {
        name: name?.value,
        when: when?.value,
    })
}

/// Whether a condition has the size of one; what it says is the engine's to judge.
fn is_condition(desk: &mut Desk<'_>, when: &Located<String>, key: &Key) -> bool {
    let is_good = !when.value.trim().is_empty() && when.value.len() <= PACK_SQL_BYTES;
    if !is_good {
        let title = "a condition that is empty or longer than a SELECT may be";
        let refusal = Refusal::new(OUT_OF_RANGE, title)
            .matters(key.matters)
            .fix(format!("{} = {}", key.name, key.example));
        desk.refuse(when.span, refusal);
    }
    is_good
}

/// A map as written.
struct MapDraft {
    stream: Option<Located<String>>,
    kind: Option<FactKind>,
    file: Option<Located<String>>,
}

const MAP_STREAM: Key = key("stream", "\"leads\"", "its rows drive the SELECT");
const KIND: Key = key(
    "kind",
    "\"person\"",
    "it says what kind of fact the rows become",
);
const MAP_FILE: Key = key("file", "\"leads.person.sql\"", "the SELECT stands in it");

fn map(desk: &mut Desk<'_>, mut table: Fields<'_>) -> MapDraft {
    let stream = table.text(desk, &MAP_STREAM);
    table.need(desk, &MAP_STREAM);
    let kinds = FactKind::ALL.map(|kind| (kind.word(), kind));
    let kind = table.word(desk, &KIND, &kinds).map(|kind| kind.value);
    table.need(desk, &KIND);
    let file = table.text(desk, &MAP_FILE);
    table.need(desk, &MAP_FILE);
    table.finish(desk);
    MapDraft { stream, kind, file }
}

const LEAVE_FILES: Key = key(
    "files",
    "[\"readme.csv\"]",
    "files that match are left alone",
);
const REASON: Key = key("reason", "\"holds no rows\"", "the import report says why");

fn leave(desk: &mut Desk<'_>, mut table: Fields<'_>) -> Option<IgnoredFiles> {
    let files = table.texts(desk, &LEAVE_FILES);
    table.need(desk, &LEAVE_FILES);
    not_empty(desk, &files, table.span, &LEAVE_FILES);
    let reason = table.text(desk, &REASON);
    table.need(desk, &REASON);
    table.finish(desk);
    Some(IgnoredFiles {
        files: values(files?),
        reason: reason?.value,
    })
}

/// The map with its SELECT.
fn mapping(desk: &mut Desk<'_>, map: MapDraft) -> Option<Mapping> {
    let named = map.file?;
    let files = desk.files;
    let sql = || files.iter().enumerate().filter(|(_, file)| is_sql(file));
    let Some((at, file)) = sql().find(|(_, file)| file.name() == named.value) else {
        let meant = nearest(&named.value, sql().map(|(_, file)| file.name()));
        let title = format!("there is no file `{}`", shown(&named.value));
        let fix = match meant {
            Some(meant) => format!("file = \"{meant}\""),
            None => "write the SELECT into this file, beside source.toml".to_owned(),
        };
        let refusal = Refusal::new(SELECT_FILE, title)
            .matters("the facts it describes would be missing")
            .fix(fix);
        desk.refuse(named.span, refusal);
        return None;
    };
    let stream = map.stream?.value;
    check_select(desk, at, file, &stream);
    Some(Mapping {
        kind: map.kind?,
        stream,
        file: named.value,
        sql: file.text.clone(),
    })
}
