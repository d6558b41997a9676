//! What the SELECTs of a shipped pack say, read from their text: which attributes its facts carry
//! and by which labels its marks call a stage. Enough for a first charter; `engine` compiles them.

use std::collections::BTreeMap;

use handfast_connect::sniff::{Column, Sniffed};
use handfast_model::FactKind;
use handfast_model::pack::{Mapping, Pack};

use crate::declared::{Attribute, carried};
use crate::selects::Says;

/// A stream of the pack, by name, and the file that shows it.
pub(crate) type Shown<'a> = BTreeMap<&'a str, &'a Sniffed>;

/// The attributes of facts, of the mappings over one stream.
pub(crate) fn attributes(pack: &Pack, stream: &str) -> Vec<Attribute> {
    let maps = pack.mappings.iter().filter(|map| map.stream == stream);
    let said = maps.flat_map(|map| {
        let outputs = Read::of(&map.sql).outputs.into_iter();
        let said =
            outputs.filter_map(|(name, sql)| carried(map.kind.word(), name, Says::of(given(&sql))));
        said.collect::<Vec<_>>()
    });
    said.collect()
}

/// The labels of marks over one stream, each with its rows where they can be counted.
pub(crate) fn labels(pack: &Pack, stream: &str, shown: &Shown<'_>) -> Vec<(String, u64)> {
    let mut labels: Vec<(String, u64)> = Vec::new();
    let marks = pack
        .mappings
        .iter()
        .filter(|map| map.kind == FactKind::Mark);
    for map in marks.filter(|map| map.stream == stream) {
        for (label, rows) in labels_of(pack, map, shown) {
            if !labels.iter().any(|(known, _)| *known == label) {
                labels.push((label, rows));
            }
        }
    }
    labels
}

fn labels_of(pack: &Pack, map: &Mapping, shown: &Shown<'_>) -> Vec<(String, u64)> {
    let read = Read::of(&map.sql);
    let stage = read.outputs.iter().find(|(name, _)| name == "stage");
    let Some((_, sql)) = stage else {
        return Vec::new();
    };
    let text = sql
        .strip_prefix('\'')
        .and_then(|text| text.strip_suffix('\''));
    if let Some(text) = text.filter(|text| !text.contains('\'')) {
        let rows = shown.get(map.stream.as_str()).map_or(0, |file| file.rows);
        return vec![(text.to_owned(), rows)];
    }
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let columns = sql.split(|c| !is_part(c)).filter(|word| !word.is_empty());
    let found = columns.filter_map(|word| column(pack, map, &read, shown, word));
    let mut words = found.map(|column| column.words.clone());
    words.find(|words| !words.is_empty()).unwrap_or_default()
}

/// The column that a word of an expression names, where it is one that stays in clear.
fn column<'a>(
    pack: &Pack,
    map: &Mapping,
    read: &Read,
    shown: &Shown<'a>,
    word: &str,
) -> Option<&'a Column> {
    let (alias, name) = word.split_once('.').unwrap_or(("", word));
    let tables = read.tables.iter();
    let table = tables.clone().find(|(known, _)| known == alias);
    let stream = table.map_or(map.stream.as_str(), |(_, stream)| stream.as_str());
    let declared = pack.streams.iter().find(|one| one.name == stream)?;
    let is_clear = declared.people.is_empty()
        || declared
            .safe
            .iter()
            .any(|safe| safe.eq_ignore_ascii_case(name));
    let mut columns = shown.get(stream)?.columns.iter();
    columns
        .find(|column| column.name.eq_ignore_ascii_case(name))
        .filter(|_| is_clear)
}

/// What a CASE gives, else the expression itself: its conditions say nothing of the values.
fn given(sql: &str) -> &str {
    let after = sql.split_once("THEN").map(|(_, after)| after);
    after.filter(|_| sql.starts_with("CASE")).unwrap_or(sql)
}

/// A SELECT, cut at its commas.
struct Read {
    /// Alias and stream.
    tables: Vec<(String, String)>,
    /// Name and expression.
    outputs: Vec<(String, String)>,
}

impl Read {
    fn of(sql: &str) -> Read {
        let lines = sql
            .lines()
            .map(|line| line.split("--").next().unwrap_or(""));
        let text = lines
            .flat_map(str::split_whitespace)
            .collect::<Vec<_>>()
            .join(" ");
        let body = text.strip_prefix("SELECT ").unwrap_or(&text);
        let (outputs, rest) = body.split_once(" FROM ").unwrap_or((body, ""));
        let words: Vec<&str> = rest.split_whitespace().collect();
        let mut tables = Vec::new();
        for (at, word) in words.iter().enumerate() {
            if *word == "AS" {
                let before = at.checked_sub(1).and_then(|before| words.get(before));
                let pair = words.get(at + 1).zip(before);
                tables.extend(pair.map(|(alias, stream)| (plain(alias), plain(stream))));
            }
        }
        let outputs = pieces(outputs).into_iter().map(|piece| {
            let bare = piece.rsplit('.').next().unwrap_or(&piece).to_owned();
            match piece.rsplit_once(" AS ") {
                Some((sql, name)) => (plain(name), sql.trim().to_owned()),
                None => (plain(&bare), piece.clone()),
            }
        });
        Read {
            tables,
            outputs: outputs.collect(),
        }
    }
}

fn plain(name: &str) -> String {
    name.trim().trim_matches('"').to_owned()
}

/// A list cut at the commas that stand in no bracket and no text.
fn pieces(list: &str) -> Vec<String> {
    let (mut pieces, mut piece) = (Vec::new(), String::new());
    let (mut depth, mut is_text) = (0u32, false);
    for c in list.chars() {
        match c {
            '\'' => is_text = !is_text,
            '(' if !is_text => depth += 1,
            ')' if !is_text => depth = depth.saturating_sub(1),
            ',' if !is_text && depth == 0 => {
                pieces.push(std::mem::take(&mut piece).trim().to_owned());
                continue;
            }
            _ => {}
        }
        piece.push(c);
    }
    pieces.push(piece.trim().to_owned());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_select_is_cut_into_names_and_expressions() {
        let read = Read::of(
            "-- About, this.\nSELECT\n  d._record, -- the row\n  coalesce(s.label, d.id) AS stage,\n\
             \x20 CASE WHEN as_int(d.n) > 1 THEN 'a, b' END AS size,\n  d.product\n\
             FROM deals AS d\nLEFT JOIN stages AS s ON s.id = d.stage",
        );
        let outputs: Vec<(&str, &str)> = read
            .outputs
            .iter()
            .map(|(name, sql)| (name.as_str(), given(sql)))
            .collect();
        assert_eq!(
            outputs,
            [
                ("_record", "d._record"),
                ("stage", "coalesce(s.label, d.id)"),
                ("size", " 'a, b' END"),
                ("product", "d.product"),
            ]
        );
        assert_eq!(
            read.tables,
            [("d".into(), "deals".into()), ("s".into(), "stages".into())]
        );
    }

    /// The words of a sealed column go nowhere, not even as labels.
    #[test]
    fn labels_come_from_columns_that_stay_in_clear() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("leads.csv");
        std::fs::write(
            &path,
            "id,word,day\nL-1,new,2024-01-02\nL-2,old,2024-01-03\n",
        )
        .unwrap();
        let found = handfast_connect::sniff::sniff(&[path]).unwrap().remove(0).1;
        let labels = |safe: &str| {
            let file = |path: &str, text: String| handfast_charter::TextFile {
                path: format!("x/{path}"),
                text,
            };
            let manifest = format!(
                "source = \"x\"\nzone = \"UTC\"\n[[stream]]\nname = \"leads\"\nfiles = [\"*\"]\n\
                 key = [\"id\"]\npeople = [{{ column = \"id\" }}]\nsafe = [{safe}]\n[[map]]\n\
                 stream = \"leads\"\nkind = \"mark\"\nfile = \"leads.mark.sql\"\n"
            );
            let sql = "SELECT _record, as_date(day, 'iso') AS happened, id AS person,\n\
                       as_one_of(word, 'new|old') AS stage FROM leads";
            let files = [
                file("source.toml", manifest),
                file("leads.mark.sql", sql.to_owned()),
            ];
            let pack = handfast_charter::read_pack("x", &files).unwrap();
            let shown = [("leads", &found)].into_iter().collect();
            super::labels(&pack, "leads", &shown)
        };
        let both = [("new".to_owned(), 1), ("old".to_owned(), 1)];
        assert_eq!(labels("\"day\", \"word\""), both);
        assert!(labels("\"day\"").is_empty());
    }
}
