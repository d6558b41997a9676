//! Which files belong together, and what their streams and patterns are called.

use handfast_connect::sniff::Sniffed;
use handfast_model::pack::Sheets;

use crate::attribute::attribute_name;
use crate::names::plain;
use crate::understand::stem;

/// Files of one name but for its numbers, with the same columns, are one stream.
pub(crate) fn grouped(found: &[Sniffed]) -> Vec<Vec<&Sniffed>> {
    let mut groups: Vec<Vec<&Sniffed>> = Vec::new();
    let columns =
        |one: &Sniffed| -> Vec<String> { one.columns.iter().map(|c| c.name.clone()).collect() };
    for one in found {
        let same = groups.iter_mut().find(|group| {
            group.first().is_some_and(|first| {
                base(&first.file) == base(&one.file)
                    && columns(first) == columns(one)
                    && place(first) == place(one)
            })
        });
        match same {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    groups
}

/// Where a table stands in its workbook.
fn place(one: &Sniffed) -> Option<(&Sheets, u32, u32)> {
    let on = one.on.as_ref()?;
    Some((&on.sheets, on.skip_rows, on.header_rows))
}

/// The file on the disk that holds a table.
fn holder(one: &Sniffed) -> &str {
    one.file.split('[').next().unwrap_or(&one.file)
}

/// Whether two streams are sheets of the same workbooks, which then need no other name.
fn are_sheets(a: &[&Sniffed], b: &[&Sniffed]) -> bool {
    let is_one = |group: &[&Sniffed]| group.iter().all(|one| one.on.is_some());
    let holders = |group: &[&Sniffed]| group.iter().map(|one| holder(one).to_owned()).collect();
    let (ours, theirs): (Vec<String>, Vec<String>) = (holders(a), holders(b));
    is_one(a) && is_one(b) && ours == theirs
}

/// Whether a file describes the columns of others.
pub(crate) fn describes(group: &[&Sniffed]) -> bool {
    const NAMES: [&str; 5] = ["dictionary", "codebook", "readme", "glossary", "metadata"];
    let name = group
        .first()
        .map(|one| plain(&stem(&one.file)))
        .unwrap_or_default();
    name.split(' ').any(|word| NAMES.contains(&word))
}

/// A file's name without the numbers and dates at its end.
pub(crate) fn base(file: &str) -> String {
    let stem = stem(file);
    let bare = stem.trim_end_matches(|c: char| c.is_ascii_digit() || " _-.()".contains(c));
    if bare.len() < 3 {
        stem
    } else {
        bare.to_owned()
    }
}

pub(crate) fn stream_names(groups: &[Vec<&Sniffed>]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for group in groups {
        let file = group.first().map_or("", |one| one.called());
        let wanted = identifier(&base(file), "rows");
        let mut name = wanted.clone();
        let mut number = 2;
        while names.contains(&name) {
            name = format!("{wanted}_{number}");
            number += 1;
        }
        names.push(name);
    }
    names
}

/// A name that may stand in SQL and in a manifest.
fn identifier(text: &str, otherwise: &str) -> String {
    let name = attribute_name(text);
    let name = name.strip_suffix("_given").unwrap_or(&name);
    let name = name.strip_suffix("_dataset").unwrap_or(name);
    let name = name.strip_suffix("_data").unwrap_or(name);
    match name.starts_with(|c: char| c.is_ascii_lowercase()) {
        true => name.to_owned(),
        false => format!("{otherwise}_{name}")
            .trim_end_matches('_')
            .to_owned(),
    }
}

/// The name of a source: of its one stream, else what all begin with.
pub(crate) fn source_name(groups: &[Vec<&Sniffed>], names: &[String]) -> String {
    if let [first, others @ ..] = groups
        && !others.is_empty()
        && others.iter().all(|other| are_sheets(first, other))
    {
        let file = first.first().map_or("", |one| one.file.as_str());
        return identifier(&base(file), "book");
    }
    let Some((first, others)) = names.split_first() else {
        return "source".to_owned();
    };
    let mut common = first.as_str();
    for other in others {
        let length = common
            .bytes()
            .zip(other.bytes())
            .take_while(|(a, b)| a == b)
            .count();
        common = common.get(..length).unwrap_or("");
    }
    let common = if others.is_empty() {
        common
    } else {
        common.rsplit_once('_').map_or("", |(head, _)| head)
    };
    match common.len() {
        0..=2 => "exports".to_owned(),
        _ => common.to_owned(),
    }
}

/// A file's ending as a pattern, `.csv.gz` and all.
fn ending(file: &str) -> String {
    let name = file.split('[').next().unwrap_or(file);
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let ending = name.get(stem(name).len()..).unwrap_or("");
    escaped(ending)
}

/// Signs that patterns give a meaning stand for any one sign.
pub(crate) fn escaped(name: &str) -> String {
    name.replace(['[', ']', '{', '}', '*', '!', '\\'], "?")
}

/// Patterns that fit the files of the group at this place, and no other's, nor any of `taken`.
pub(crate) fn patterns(groups: &[Vec<&Sniffed>], at: usize, taken: &[String]) -> Vec<String> {
    let own_files = || groups.get(at).into_iter().flatten();
    let Some(first) = own_files().next() else {
        return Vec::new();
    };
    let own = base(&first.file).to_lowercase();
    let group = groups.get(at).map_or(&[][..], Vec::as_slice);
    let others = groups.iter().enumerate();
    let others = others.filter(|(other, one)| *other != at && !are_sheets(one, group));
    let others = others.flat_map(|(_, group)| group).map(|one| &one.file);
    let mut others = others.chain(taken);
    let is_shared = others.any(|other| stem(other).to_lowercase().starts_with(&own));
    match is_shared {
        false => vec![format!(
            "{}*{}",
            escaped(&base(&first.file)),
            ending(&first.file)
        )],
        true => own_files().map(|one| escaped(holder(one))).collect(),
    }
}
