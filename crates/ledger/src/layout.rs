//! Which columns of a file are its rows' key, whose columns are personal, and what stays in clear.

use std::sync::Arc;

use handfast_model::pack::{LINE_KEY, PersonColumn, Stream};
use handfast_model::parse::{TimeFormat, Zone};
use handfast_model::{Instant, Refusal, When};

use crate::attributes::push_json;
use crate::refuse;
use crate::source::TextBatch;

/// A column by position, with its name as the start of a JSON member.
pub(crate) type Member = (usize, String);

/// The columns sealed under one person's key.
pub(crate) struct Group {
    /// The column with the person's key.
    pub person: usize,
    /// Whose key that is.
    pub whose: PersonColumn,
    /// The column with their e-mail address, if the file has it.
    pub email: Option<usize>,
    pub members: Vec<Member>,
}

/// How the columns of one file are treated.
pub(crate) struct Layout {
    pub columns: Arc<[String]>,
    pub key: Vec<usize>,
    /// Whether file and line belong to the key.
    pub is_keyed_by_line: bool,
    pub version: Option<usize>,
    pub clear: Vec<Member>,
    pub groups: Vec<Group>,
}

impl Layout {
    /// The layout of a file without columns, which holds no row to be laid out.
    pub(crate) fn blank() -> Layout {
        Layout {
            columns: Vec::new().into(),
            key: Vec::new(),
            is_keyed_by_line: false,
            version: None,
            clear: Vec::new(),
            groups: Vec::new(),
        }
    }

    /// The layout of a batch; a blank one has none to speak of.
    pub(crate) fn of_batch(stream: &Stream, batch: &TextBatch) -> Result<Layout, Refusal> {
        match batch.is_blank() {
            true => Ok(Layout::blank()),
            false => Layout::of(stream, batch),
        }
    }

    /// Refuses a file that lacks a column its stream cannot do without.
    pub(crate) fn of(stream: &Stream, batch: &TextBatch) -> Result<Layout, Refusal> {
        let find = |name: &str, role: &str| {
            let missing = || refuse::no_column(&stream.name, &batch.file, name, role);
            batch.column(name).ok_or_else(missing)
        };
        let mut key = Vec::with_capacity(stream.key.len());
        let is_line = |name: &&String| *name == LINE_KEY;
        for name in stream.key.iter().filter(|name| !is_line(name)) {
            key.push(find(name, "key")?);
        }
        let version = stream.version.as_deref();
        let version = version.map(|name| find(name, "version")).transpose()?;
        let mut groups = Vec::with_capacity(stream.people.len());
        for person in &stream.people {
            groups.push(Group {
                person: find(&person.column, "person")?,
                whose: person.clone(),
                email: person.email.as_deref().and_then(|name| batch.column(name)),
                members: Vec::new(),
            });
        }
        let mut clear = Vec::new();
        for (at, name) in batch.columns.iter().enumerate() {
            let owner = owner(stream, name);
            let members = match owner.and_then(|owner| groups.get_mut(owner)) {
                Some(group) => &mut group.members,
                None => &mut clear,
            };
            let mut start = String::with_capacity(name.len() + 3);
            push_json(&mut start, name);
            start.push(':');
            members.push((at, start));
        }
        // Name order: a file that moves its columns about says nothing new.
        let by_name = |a: &Member, b: &Member| a.1.cmp(&b.1);
        clear.sort_by(by_name);
        for group in &mut groups {
            group.members.sort_by(by_name);
        }
        Ok(Layout {
            columns: Arc::clone(&batch.columns),
            key,
            is_keyed_by_line: stream.key.iter().any(|name| is_line(&name)),
            version,
            clear,
            groups,
        })
    }
}

impl Group {
    /// The person's key in a row; empty where the row names nobody.
    pub(crate) fn key<'c>(&self, batch: &'c TextBatch, row: usize) -> &'c str {
        self.whose.key(cell(batch, self.person, row))
    }
}

/// Which person of the stream a column is personal to; `None` when it stays in clear.
pub(crate) fn owner(stream: &Stream, column: &str) -> Option<usize> {
    if stream.people.is_empty() || stream.safe.iter().any(|safe| safe == column) {
        return None;
    }
    let claims = |person: &PersonColumn| {
        person.column == column
            || person.email.as_deref() == Some(column)
            || person.seals.iter().any(|sealed| sealed == column)
    };
    let claimed = stream.people.iter().position(claims);
    let takes_rest = || stream.people.iter().position(|p| p.seals.is_empty());
    // Nothing of a people stream is left in clear by oversight: what nobody takes is the first's.
    Some(claimed.or_else(takes_rest).unwrap_or(0))
}

/// Whether a column of a stream stays in clear.
pub(crate) fn is_clear(stream: &Stream, column: &str) -> bool {
    owner(stream, column).is_none()
}

/// Adds the members of a row that hold a text, as a JSON object in name order.
pub(crate) fn add_object(members: &[Member], batch: &TextBatch, row: usize, to: &mut String) {
    to.push('{');
    let begin = to.len();
    for (at, start) in members {
        let text = cell(batch, *at, row);
        if !text.is_empty() {
            if to.len() > begin {
                to.push(',');
            }
            to.push_str(start);
            push_json(to, text);
        }
    }
    to.push('}');
}

/// The text of a cell; empty where the batch has none.
pub(crate) fn cell(batch: &TextBatch, column: usize, row: usize) -> &str {
    use arrow::array::Array;
    match batch.cells.get(column) {
        Some(cells) if row < cells.len() && cells.is_valid(row) => cells.value(row),
        _ => "",
    }
}

/// A declared version as an ordered number: a whole number as it is, a stamp in microseconds.
pub fn version_number(text: &str) -> Option<i64> {
    use handfast_model::Day;
    let text = text.trim();
    if let Ok(number) = text.parse::<i64>() {
        return Some(number);
    }
    let day_micros = |day: Day| i64::from(day.0) * 86_400_000_000;
    if let Some(day) = Day::parse(text) {
        return Some(day_micros(day));
    }
    let stamp = text.replacen(' ', "T", 1).replace(' ', "");
    // Only order matters, so a stamp without a zone is read as UTC.
    Instant::parse(&stamp)
        .or_else(|| Instant::parse(&format!("{stamp}Z")))
        .or_else(|| as_exports_write_it(text))
        .map(|at| at.0)
}

/// A stamp that only looks like RFC 3339: `2021-01-07 6:49:18`, `2019-05-01 18:08:00.765 UTC`.
fn as_exports_write_it(text: &str) -> Option<Instant> {
    let (iso, utc) = (TimeFormat::compile("iso").ok()?, Zone::named("UTC")?);
    match iso.time(text, &utc).ok()? {
        When::At(at) => Some(at),
        When::Day(_) | When::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_keep_the_order_of_their_stamps() {
        let ordered = [
            "2018-01-31",
            "2018-01-31 0:00:01",
            "2018-01-31T00:00:01.5",
            "2018-01-31 00:00:01.75 UTC",
            "2018-01-31T00:00:02Z",
            "2018-01-31T00:00:02-03:00",
            "2018-02-01",
        ];
        let numbers: Vec<i64> = ordered
            .iter()
            .map(|text| version_number(text).unwrap())
            .collect();
        assert!(
            numbers.windows(2).all(|pair| pair[0] < pair[1]),
            "{numbers:?}"
        );
        assert!(version_number(" 9 ").unwrap() < version_number("10").unwrap());
        for text in ["", "yesterday", "1/31/2018"] {
            assert_eq!(version_number(text), None);
        }
    }
}
