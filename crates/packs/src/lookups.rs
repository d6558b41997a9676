//! Which tables the rows of others are looked up in: those that a key column speaks of by its
//! name, `product_id` of products, and in which every key stands once.

use handfast_connect::sniff::{Column, Kind};

use crate::names::plain;
use crate::understand::{Rows, Understood};

/// Lookups that are told of, whatever else shares a key.
const MOST_NOTES: usize = 10;
/// Columns that one table lends.
const MOST_COLUMNS: usize = 12;

/// A table that a stream's rows are looked up in.
#[derive(Clone, Debug)]
pub(crate) struct LookUp {
    /// The table's place among the streams.
    pub table: usize,
    /// Its name as a stream.
    pub stream: String,
    /// The one of its things, for the names of what it lends.
    pub thing: String,
    /// Its key.
    pub key: String,
    /// The column of the driving stream that holds it.
    pub by: String,
    /// The columns that it lends.
    pub lends: Vec<String>,
}

/// A file beside what is decided of it.
pub(crate) struct Side<'a> {
    pub one: &'a Understood<'a>,
    pub name: &'a str,
    pub key: &'a [String],
    /// Columns that stay in clear; `None` where all do.
    pub safe: Option<&'a [String]>,
    pub files: usize,
}

impl Side<'_> {
    fn is_clear(&self, column: &str) -> bool {
        self.safe
            .is_none_or(|safe| safe.iter().any(|name| name == column))
    }
}

/// The tables that the rows of the stream at `place` are looked up in, and what a person should
/// know of them.
pub(crate) fn lookups(sides: &[Side<'_>], place: usize) -> (Vec<LookUp>, Vec<String>) {
    let (mut found, mut notes) = (Vec::new(), Vec::new());
    let Some(driver) = sides
        .get(place)
        .filter(|side| side.one.rows != Rows::Reference)
    else {
        return (found, notes);
    };
    for (table, side) in sides.iter().enumerate() {
        if side.one.rows != Rows::Reference {
            continue;
        }
        let columns = driver.one.found.columns.iter();
        let mut speaking = columns.filter(|column| speaks_of(&column.name, side.name));
        let (Some(by), Some(key)) = (speaking.next(), key_of(side)) else {
            continue;
        };
        let lent = side.one.found.columns.iter().filter(|column| {
            let is_plain = column.kind != Kind::Empty && !column.name.starts_with('_');
            is_plain && column.name != key.name && side.is_clear(&column.name)
        });
        let lends: Vec<String> = lent
            .take(MOST_COLUMNS)
            .map(|column| column.name.clone())
            .collect();
        let is_clear = driver.is_clear(&by.name) && side.is_clear(&key.name);
        if !is_clear || !are_alike(by, key) || lends.is_empty() {
            notes.push(format!(
                "`{}` may be looked up from `{}` by `{}`: docs/guide/packs.md shows how",
                side.name, driver.name, by.name
            ));
            continue;
        }
        notes.push(note(driver, side, by, key));
        found.push(LookUp {
            table,
            stream: side.name.to_owned(),
            thing: thing(side.name),
            key: key.name.clone(),
            by: by.name.clone(),
            lends,
        });
    }
    notes.truncate(MOST_NOTES);
    (found, notes)
}

/// The one column by which a table may be joined. The key of a reference table is given in every
/// row that was seen, and once.
fn key_of<'a>(side: &Side<'a>) -> Option<&'a Column> {
    let [key] = side.key else { return None };
    let is_whole = side.one.found.is_whole && side.files == 1;
    side.one.found.column(key).filter(|_| is_whole)
}

/// Whether two columns can hold the same keys: both numbers or both words, of one name or both
/// called keys, and where all their words are known, some in common.
fn are_alike(one: &Column, other: &Column) -> bool {
    let is_number = |column: &Column| column.kind == Kind::Int;
    let is_dated = one.kind.is_dated() || other.kind.is_dated();
    let (a, b) = (plain(&one.name), plain(&other.name));
    let is_key = |name: &str| name.split(' ').any(is_key_word);
    let is_common = |word: &(String, u64)| other.words.iter().any(|(known, _)| *known == word.0);
    let is_met = match is_listed(one) && is_listed(other) {
        true => one.words.iter().any(is_common),
        false => a == b || (is_key(&a) && is_key(&b)),
    };
    is_number(one) == is_number(other) && !is_dated && is_met
}

/// Whether all words of a column are known.
fn is_listed(column: &Column) -> bool {
    column.words.len() as u64 == column.filled.distinct
}

fn note(driver: &Side<'_>, side: &Side<'_>, by: &Column, key: &Column) -> String {
    let mut note = format!(
        "`{}` is looked up from `{}` by `{}`",
        side.name, driver.name, by.name
    );
    if is_listed(by) && is_listed(key) {
        let is_there = |word: &str| key.words.iter().any(|(known, _)| known == word);
        let missing = by.words.iter().map(|(word, _)| word.as_str());
        let missing: Vec<&str> = missing.filter(|word| !is_there(word)).collect();
        if !missing.is_empty() {
            note.push_str(&format!(
                "; CHECK it has no `{}`, so nothing is found there",
                missing.join("`, `")
            ));
        }
    }
    note
}

/// Whether the name of a key column says a table: `product_id` and `Product` the table `products`,
/// `owner_id` that of owners or users.
fn speaks_of(column: &str, table: &str) -> bool {
    let column = plain(column);
    let words = column.split(' ').filter(|word| !is_key_word(word));
    let words: Vec<String> = words.map(singular).collect();
    let said = words.join(" ");
    let table = thing(table).replace('_', " ");
    let ends = |said: &str| table == said || table.ends_with(&format!(" {said}"));
    let people = ["owner", "user", "rep", "employee", "seller"];
    let is_owner = people.contains(&said.as_str()) && people.iter().any(|word| ends(word));
    !said.is_empty() && (ends(&said) || is_owner)
}

fn is_key_word(word: &str) -> bool {
    matches!(
        word,
        "id" | "ids" | "key" | "code" | "nr" | "no" | "number" | "fk" | "ref"
    )
}

/// One of the things in a table, by the table's name: `crm_products_list` holds `crm_product`.
fn thing(table: &str) -> String {
    let is_noise = |word: &&str| {
        matches!(
            *word,
            "data" | "dataset" | "table" | "list" | "dim" | "lookup" | "export"
        )
    };
    let words = table.split('_').filter(|word| !is_noise(word));
    words.map(singular).collect::<Vec<_>>().join("_")
}

fn singular(word: &str) -> String {
    match word.strip_suffix("ies") {
        Some(stem) if stem.len() > 1 => format!("{stem}y"),
        _ if word.ends_with("ss") || word.ends_with("us") => word.to_owned(),
        _ => word.strip_suffix('s').unwrap_or(word).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_column_says_the_table_by_its_name() {
        for (column, table, is_said) in [
            ("product_id", "products", true),
            ("Product", "products", true),
            ("ProductCode", "crm_products", true),
            ("category_id", "categories", true),
            ("owner_id", "users", true),
            ("Owner ID", "crm_owners", true),
            ("id", "products", false),
            ("account_id", "products", false),
            ("product_line", "products", false),
            ("date", "dates_list", true),
            ("status", "status", true),
            ("type", "products", false),
        ] {
            assert_eq!(speaks_of(column, table), is_said, "{column} {table}");
        }
    }
}
