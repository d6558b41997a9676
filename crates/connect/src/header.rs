//! The header line of a file: which character separates fields, and what the columns are called.

use std::collections::BTreeSet;

use handfast_model::Refusal;
use handfast_model::pack::{LINE_KEY, Stream};

/// The delimiters that are looked for when none is declared, the likeliest first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Names that mappings use for the row itself.
const RESERVED: [&str; 3] = ["_record", "_file", "_line"];

/// Finds the delimiter of a header line: the one that occurs most often outside quotes.
pub fn find_delimiter(line: &[u8], quote: u8) -> u8 {
    let mut is_quoted = false;
    let mut counts = [0usize; DELIMITERS.len()];
    for &byte in line {
        if byte == quote {
            is_quoted = !is_quoted;
        } else if !is_quoted {
            for (count, delimiter) in counts.iter_mut().zip(DELIMITERS) {
                *count += usize::from(byte == delimiter);
            }
        }
    }
    let most = counts.iter().copied().max().unwrap_or(0);
    let found = DELIMITERS.into_iter().zip(counts);
    found
        .filter(|(_, count)| *count == most)
        .map(|(delimiter, _)| delimiter)
        .next()
        .unwrap_or(b',')
}

/// Gives every column a name of its own: trimmed, `column_3` where the header says nothing,
/// `name_2` for the second of a name. Says what it changed.
pub fn name_columns<'a>(header: impl Iterator<Item = &'a str>) -> (Vec<String>, Vec<String>) {
    let given: Vec<&str> = header.map(str::trim).collect();
    let mut taken: BTreeSet<String> = RESERVED.iter().map(|name| name.to_string()).collect();
    let (mut names, mut changes) = (Vec::with_capacity(given.len()), Vec::new());
    for (place, name) in given.iter().enumerate() {
        let place = place + 1;
        let wanted = match name.is_empty() {
            true => format!("column_{place}"),
            false => name.to_string(),
        };
        // A later column keeps the name it has in the file: only the repeated one moves away.
        let is_free = |candidate: &str, taken: &BTreeSet<String>| {
            let is_original = candidate == *name;
            !taken.contains(candidate) && (is_original || !given.contains(&candidate))
        };
        let mut unique = wanted.clone();
        let mut number = 2;
        while !is_free(&unique, &taken) {
            unique = format!("{wanted}_{number}");
            number += 1;
        }
        if unique != *name {
            changes.push(match name.is_empty() {
                true => format!("column {place} has no name; it is called `{unique}`"),
                false => format!("column {place} repeats `{name}`; it is called `{unique}`"),
            });
        }
        taken.insert(unique.clone());
        names.push(unique);
    }
    (names, changes)
}

/// Spells columns as the manifest does where they differ in case alone and only one is meant: one
/// warehouse writes `ID`, another `id`, and both are the table that the pack knows.
pub fn spell(stream: &Stream, columns: &mut [String]) {
    let people = stream.people.iter().flat_map(|person| {
        let own = std::iter::once(&person.column).chain(&person.email);
        own.chain(&person.seals)
    });
    let declared = stream.key.iter().chain(&stream.version).chain(people);
    let declared = declared.chain(&stream.safe).chain(&stream.format.optional);
    for name in declared.chain(&stream.recognised_by) {
        let mut alike = columns
            .iter_mut()
            .filter(|column| column.eq_ignore_ascii_case(name));
        if let (Some(column), None) = (alike.next(), alike.next()) {
            column.clone_from(name);
        }
    }
}

/// Several rows of a header as one: the names above a column are joined, `Top Sub`, one that is
/// repeated stands once. `fills` carries a name to the right over the blanks after it, which is
/// what becomes of merged cells in a text; the last row keeps its blanks.
pub fn join_rows(mut rows: Vec<Vec<String>>, fills: bool) -> Vec<String> {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let last = rows.len().saturating_sub(1);
    for row in &mut rows {
        row.iter_mut()
            .for_each(|name| *name = name.trim().to_owned());
        row.resize(width, String::new());
    }
    if fills {
        for row in rows.iter_mut().take(last) {
            let mut carried = String::new();
            for name in row.iter_mut() {
                match name.is_empty() {
                    true => name.clone_from(&carried),
                    false => carried.clone_from(name),
                }
            }
        }
    }
    let joined = (0..width).map(|place| {
        let mut parts: Vec<&str> = Vec::new();
        let names = rows.iter().filter_map(|row| row.get(place));
        for name in names.filter(|name| !name.is_empty()) {
            if parts.last() != Some(&name.as_str()) {
                parts.push(name);
            }
        }
        parts.join(" ")
    });
    joined.collect()
}

/// The columns that a stream cannot do without: they say which row is which, and whose.
pub fn needed(stream: &Stream) -> impl Iterator<Item = &String> {
    let people = stream
        .people
        .iter()
        .flat_map(|person| std::iter::once(&person.column).chain(person.email.as_ref()));
    let named = stream.key.iter().chain(stream.version.as_ref());
    named.chain(people).filter(|name| *name != LINE_KEY)
}

/// Refuses a file that lacks a column its stream cannot do without. One without any column is
/// empty and holds no row to be told apart.
pub fn need_columns(stream: &Stream, file: &str, columns: &[String]) -> Result<(), Refusal> {
    if columns.is_empty() {
        return Ok(());
    }
    let Some(name) = needed(stream).find(|name| !columns.contains(name)) else {
        return Ok(());
    };
    let title = format!(
        "`{file}` has no column `{name}`, which stream `{}` names in source.toml",
        stream.name
    );
    Err(Refusal::new("E0306", title)
        .matters("its rows cannot be told apart, or their people cannot be protected")
        .fix(format!("one of its columns: {}", columns.join(", "))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use handfast_model::pack::{Format, StreamMode};

    #[test]
    fn the_commonest_mark_outside_quotes_separates() {
        for (line, expected) in [
            ("a,b,c", b','),
            ("a;b,c;d", b';'),
            ("a\tb", b'\t'),
            ("\"a,b,c\"|d", b'|'),
            ("alone", b','),
            ("a,b;c", b','),
        ] {
            assert_eq!(find_delimiter(line.as_bytes(), b'"'), expected, "{line}");
        }
    }

    #[test]
    fn another_case_is_the_same_name_where_only_one_is_meant() {
        let stream = Stream {
            name: "leads".into(),
            files: Vec::new(),
            recognised_by: Vec::new(),
            key: vec!["id".into()],
            version: None,
            mode: StreamMode::Changes,
            is_reference: false,
            format: Format::default(),
            people: Vec::new(),
            safe: vec!["Status".into(), "city".into()],
            ignore: Vec::new(),
            deletes: None,
        };
        let spelled = |header: &str| {
            let mut columns: Vec<String> = header.split(',').map(str::to_owned).collect();
            spell(&stream, &mut columns);
            columns.join(",")
        };
        assert_eq!(spelled("ID,STATUS,Phone"), "id,Status,Phone");
        assert_eq!(spelled("id,ID,status"), "id,ID,Status");
        assert_eq!(spelled("City,CITY"), "City,CITY");
    }

    #[test]
    fn every_column_has_a_name_of_its_own() {
        let names = |header: &str| name_columns(header.split(',')).0.join(",");
        assert_eq!(names("id, Name ,id"), "id,Name,id_2");
        assert_eq!(names("a,a,a_2,a"), "a,a_3,a_2,a_4");
        assert_eq!(names(",x,,column_1"), "column_1_2,x,column_3,column_1");
        assert_eq!(names("_record,_line"), "_record_2,_line_2");
        assert_eq!(name_columns("a,b".split(',')).1, Vec::<String>::new());
    }

    #[test]
    fn names_of_several_rows_are_joined() {
        let rows = |text: &str| -> Vec<Vec<String>> {
            let row = |line: &str| line.split(',').map(str::to_owned).collect();
            text.lines().map(row).collect()
        };
        let join = |text, fills| join_rows(rows(text), fills).join("|");
        assert_eq!(join("id,name", true), "id|name");
        assert_eq!(
            join(",Q1,,Q2\nId,Won,Lost,Won", true),
            "Id|Q1 Won|Q1 Lost|Q2 Won"
        );
        assert_eq!(
            join("Id,Q1,,\nId,Won,Lost,Note", false),
            "Id|Q1 Won|Lost|Note"
        );
        assert_eq!(join("a\n,b", true), "a|a b");
    }
}
