//! What the columns of a file of paths are called.

use handfast_model::Refusal;
use handfast_model::issue::Place;

use crate::header::find_delimiter;

/// Names of the column of paths, as spelled in lower case with `_` for what separates words.
const PATH: [&str; 6] = [
    "path",
    "paths",
    "channel_path",
    "customer_path",
    "journey",
    "touchpoints",
];
/// Of the count of successes.
const WON: [&str; 7] = [
    "total_conversions",
    "total_conversion",
    "conversions",
    "conversion",
    "converted",
    "won",
    "has_converted",
];
/// Of what they are worth.
const VALUE: [&str; 7] = [
    "total_conversion_value",
    "total_conversions_value",
    "conversion_value",
    "total_value",
    "value",
    "revenue",
    "amount",
];
/// Of the count of paths that ended in nothing.
const LOST: [&str; 6] = [
    "total_null",
    "total_nulls",
    "null",
    "nulls",
    "non_conversions",
    "lost",
];

/// Where each thing stands.
#[derive(Debug)]
pub struct Columns {
    pub delimiter: u8,
    /// As the header spells them.
    pub names: Vec<String>,
    pub path: usize,
    pub won: Option<usize>,
    pub value: Option<usize>,
    pub lost: Option<usize>,
}

impl Columns {
    /// Reads the header, blank lines above it included; also the line of what follows.
    pub fn find(file: &str, text: Vec<u8>) -> Result<(Columns, u64), Refusal> {
        let lines = text.iter().filter(|byte| **byte == b'\n').count() as u64;
        let text = String::from_utf8_lossy(&text).into_owned();
        let header = text.trim_matches(['\r', '\n']);
        let delimiter = find_delimiter(header.as_bytes(), b'"');
        let names = header.split(char::from(delimiter));
        let names: Vec<String> = names
            .map(|name| name.trim().trim_matches('"').trim().to_owned())
            .collect();
        let line = (lines - u64::from(text.ends_with('\n'))) as u32 + 1;
        let refuse = |title: String| {
            let place = Place {
                file: file.to_owned(),
                line,
                column: 1,
                width: header.chars().count().min(200) as u32,
                excerpt: header.chars().take(200).collect(),
            };
            Err(Refusal::new("E0437", title)
                .at(place)
                .matters("paths, and how they ended, are found by the names of columns")
                .fix(
                    "path;total_conversions;total_conversion_value;total_null\n\
                     path alone will do: then each row is a path that ended in success",
                ))
        };
        let mut found = [None; 4];
        for (place, words) in [&PATH[..], &WON, &VALUE, &LOST].into_iter().enumerate() {
            let named = names.iter().enumerate();
            let mut named = named.filter(|(_, name)| words.contains(&spelled(name).as_str()));
            let first = named.next();
            if let Some(((_, one), (_, other))) = first.zip(named.next()) {
                return refuse(format!("columns `{one}` and `{other}` say the same thing"));
            }
            if let Some(found) = found.get_mut(place) {
                *found = first.map(|(column, _)| column);
            }
        }
        let [path, won, value, lost] = found;
        let Some(path) = path else {
            return refuse("no column of this file is called `path`".to_owned());
        };
        if won.is_none() && lost.is_some() {
            return refuse("paths without success are counted, those with success not".to_owned());
        }
        let columns = Columns {
            delimiter,
            names,
            path,
            won,
            value,
            lost,
        };
        Ok((columns, lines + 1))
    }
}

/// `Total Conversions`, `total-conversions` and `total_conversions` are one name.
fn spelled(name: &str) -> String {
    let lower = name.to_lowercase();
    lower.replace([' ', '-', '.'], "_")
}
