//! A passport as JSON, and back.

use handfast_model::limits;
use handfast_model::passport::{Behind, Mark, Marks, Passport, Sketch, parse_hash};
use serde_json::{Map, Value, json};

/// The newest form that this version writes and reads: columns of many records may have sketches.
const FORM: u64 = 2;
/// The one before it, which says the same of fewer.
const OLDER: u64 = 1;

/// The passport as JSON, a field on each line.
pub fn to_json(passport: &Passport) -> String {
    let columns = passport.columns.iter();
    let columns = columns.map(|(id, means)| json!({"id": id, "means": means}));
    let issues = passport.issues.iter();
    let issues = issues.map(|(code, count)| (code.clone(), Value::from(*count)));
    let is_sketch = |one: &Behind| matches!(one.marks, Marks::Sketch(_));
    let form = match passport.behind.iter().any(is_sketch) {
        true => FORM,
        false => OLDER,
    };
    let value = json!({
        "passport": form,
        "question": passport.question,
        "book": passport.book,
        "seq": passport.seq,
        "commit": passport.commit,
        "recorded_at": passport.recorded_at,
        "charter": passport.charter,
        "packs": texts(&passport.packs),
        "kernels": texts(&passport.kernels),
        "columns": columns.collect::<Vec<_>>(),
        "rows": passport.rows,
        "totals": passport.totals,
        "issues": issues.collect::<Map<_, _>>(),
        "records": passport.behind.iter().map(behind).collect::<Vec<_>>(),
        "seal": passport.seal,
    });
    let Value::Object(mut fields) = value else {
        return String::new();
    };
    if !passport.headline.is_empty() {
        let figures = passport.headline.iter();
        let figures = figures.map(|[id, means, cell]| json!([id, means, cell]));
        fields.insert("headline".to_owned(), figures.collect());
    }
    let lines = fields.iter().map(|(name, value)| {
        let value = match value {
            Value::Array(items) if !items.is_empty() => {
                let items: Vec<String> = items.iter().map(|item| format!("  {item}")).collect();
                format!("[\n{}\n]", items.join(",\n"))
            }
            value => value.to_string(),
        };
        format!("{}: {value}", Value::from(name.as_str()))
    });
    format!("{{\n{}\n}}\n", lines.collect::<Vec<_>>().join(",\n"))
}

fn texts(pairs: &[(String, String)]) -> Map<String, Value> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, text)| (name.clone(), Value::from(text.as_str())))
        .collect()
}

fn behind(behind: &Behind) -> Value {
    let (name, marks): (_, Vec<String>) = match &behind.marks {
        Marks::Each(marks) => ("each", marks.iter().map(Mark::to_string).collect()),
        Marks::Buckets(digests) => {
            let digests = digests.iter();
            (
                "buckets",
                digests.map(|one| format!("{one:016x}")).collect(),
            )
        }
        Marks::Sketch(sketch) => ("sketch", sketch.lines().collect()),
    };
    json!({"column": behind.column, "records": behind.records, name: marks})
}

/// Reads a passport. The error says what is not as it should be.
pub fn from_json(text: &str) -> Result<Passport, String> {
    // Each value takes many times the bytes that it is written in.
    let is_value = |byte: &u8| matches!(byte, b',' | b'[' | b'{');
    let values = text.bytes().filter(is_value).count();
    if values > limits::PASSPORT_VALUES {
        let most = limits::PASSPORT_VALUES;
        return Err(format!(
            "it holds {values} values, and at most {most} are read"
        ));
    }
    let value: Value = serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?;
    match value.get("passport").and_then(Value::as_u64) {
        Some(OLDER | FORM) => {}
        Some(form) => {
            return Err(format!(
                "it is of form {form}, and this version reads {FORM}"
            ));
        }
        None => return Err("no passport: it has no field `passport`".to_owned()),
    }
    read(&value).map_err(|field| format!("`{field}` is missing or of another kind"))
}

fn read(value: &Value) -> Result<Passport, &'static str> {
    let columns = list(value, "columns", |column| {
        Some((text(column.get("id")?)?, text(column.get("means")?)?))
    });
    let totals = match value.get("totals").ok_or("totals")? {
        Value::Null => None,
        totals => Some(row(totals).ok_or("totals")?),
    };
    let figure = |one: &Value| <[String; 3]>::try_from(row(one)?).ok();
    let headline = match value.get("headline") {
        None => Vec::new(),
        Some(_) => list(value, "headline", figure)?,
    };
    let count = |(code, count): (String, &Value)| Some((code, count.as_u64()?));
    let word = |(name, version): (String, &Value)| Some((name, text(version)?));
    Ok(Passport {
        book: field(value, "book")?,
        seq: value.get("seq").and_then(Value::as_u64).ok_or("seq")?,
        commit: field(value, "commit")?,
        recorded_at: field(value, "recorded_at")?,
        question: field(value, "question")?,
        charter: field(value, "charter")?,
        packs: members(value, "packs", word)?,
        kernels: members(value, "kernels", word)?,
        headline,
        columns: columns?,
        rows: list(value, "rows", row)?,
        totals,
        issues: members(value, "issues", count)?,
        behind: list(value, "records", read_behind)?,
        seal: field(value, "seal")?,
    })
}

fn read_behind(value: &Value) -> Option<Behind> {
    let kinds = ["each", "buckets", "sketch"].map(|name| value.get(name));
    let marks = match kinds {
        [Some(each), None, None] => {
            let marks = each.as_array()?.iter();
            Marks::Each(
                marks
                    .map(|one| Mark::parse(one.as_str()?))
                    .collect::<Option<_>>()?,
            )
        }
        [None, None, Some(sketch)] => {
            let lines = sketch.as_array()?.iter().map(Value::as_str);
            let lines: Vec<&str> = lines.collect::<Option<_>>()?;
            Marks::Sketch(Sketch::parse(lines.into_iter())?)
        }
        [None, Some(buckets), None] => {
            let digests = buckets.as_array()?.iter();
            let digests = digests.map(|one| parse_hash(one.as_str()?));
            Marks::Buckets(digests.collect::<Option<_>>()?)
        }
        _ => return None,
    };
    Some(Behind {
        column: text(value.get("column")?)?,
        records: value.get("records")?.as_u64()?,
        marks,
    })
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn row(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(text).collect()
}

fn field(value: &Value, name: &'static str) -> Result<String, &'static str> {
    value.get(name).and_then(text).ok_or(name)
}

fn list<T>(
    value: &Value,
    name: &'static str,
    read: impl Fn(&Value) -> Option<T>,
) -> Result<Vec<T>, &'static str> {
    let items = value.get(name).and_then(Value::as_array).ok_or(name)?;
    items.iter().map(read).collect::<Option<_>>().ok_or(name)
}

fn members<T>(
    value: &Value,
    name: &'static str,
    read: impl Fn((String, &Value)) -> Option<T>,
) -> Result<Vec<T>, &'static str> {
    let members = value.get(name).and_then(Value::as_object).ok_or(name)?;
    let members = members
        .iter()
        .map(|(key, value)| read((key.clone(), value)));
    members.collect::<Option<_>>().ok_or(name)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;

    fn passport() -> Passport {
        let mark = |key| Mark { key, value: !key };
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        let behind = |column: &str, marks| Behind {
            column: column.to_owned(),
            records: 2,
            marks,
        };
        Passport {
            book: "ab".to_owned(),
            seq: 7,
            commit: "cd".to_owned(),
            recorded_at: "2024-01-01T00:00:00Z".to_owned(),
            question: "metric won as-of=7".to_owned(),
            charter: "blake3:ef".to_owned(),
            packs: vec![pair("crm", "1")],
            kernels: vec![pair("journey", "2"), pair("funnel", "3")],
            headline: vec![["share", "of \"won\"", "3/7"].map(str::to_owned)],
            columns: vec![pair("month", ""), pair("won", "\"won\" deals")],
            rows: vec![vec!["2024-01".to_owned(), "3".to_owned()], vec![]],
            totals: Some(vec!["all".to_owned(), "3".to_owned()]),
            issues: vec![("W0101".to_owned(), 3)],
            behind: vec![
                behind("won", Marks::Each(vec![mark(1), mark(2)])),
                behind("lost", Marks::Buckets(vec![1, u64::MAX])),
                behind("entered", Marks::Sketch(Sketch::of(&[mark(1), mark(5)]))),
            ],
            seal: "01".to_owned(),
        }
    }

    #[test]
    fn a_passport_reads_back_as_itself() {
        let passport = passport();
        let text = to_json(&passport);
        assert_eq!(from_json(&text), Ok(passport.clone()), "{text}");
        let bare = Passport::default();
        assert_eq!(from_json(&to_json(&bare)), Ok(bare));
    }

    #[test]
    fn what_is_missing_or_new_is_named() {
        let text = to_json(&passport());
        let says = |text: &str| from_json(text).unwrap_err();
        assert!(says("{").starts_with("not JSON: "));
        assert_eq!(says("{}"), "no passport: it has no field `passport`");
        let newer = text.replace("\"passport\": 2", "\"passport\": 3");
        assert_eq!(says(&newer), "it is of form 3, and this version reads 2");
        let long = "[".repeat(limits::PASSPORT_VALUES + 1);
        assert_eq!(
            says(&long),
            "it holds 4000001 values, and at most 4000000 are read"
        );
        for name in [
            "book", "seq", "columns", "rows", "totals", "issues", "records", "seal",
        ] {
            let other = text.replace(&format!("\n\"{name}\": "), "\n\"x\": ");
            assert_ne!(other, text, "{name}");
            assert_eq!(
                says(&other),
                format!("`{name}` is missing or of another kind")
            );
        }
    }

    #[test]
    fn a_damaged_passport_is_refused_or_reads_as_another_and_never_panics() {
        let passport = passport();
        let bytes = to_json(&passport).into_bytes();
        let (mut same, mut other, mut refused) = (0, 0, 0);
        for at in 0..bytes.len() {
            for byte in [
                b'"',
                b'0',
                b'}',
                b' ',
                bytes.get(at).map_or(0, |byte| byte ^ 1),
            ] {
                let mut damaged = bytes.clone();
                damaged[at] = byte;
                match from_json(&String::from_utf8_lossy(&damaged)) {
                    Ok(read) if read.body() == passport.body() && read.seal == passport.seal => {
                        same += 1;
                    }
                    Ok(_) => other += 1,
                    Err(_) => refused += 1,
                }
            }
        }
        // The same where it was the same byte, or a blank between two fields.
        assert!(
            same > 0 && other > 100 && refused > 1_000,
            "{same} {other} {refused}"
        );
        for end in 0..bytes.len() - 2 {
            let cut = String::from_utf8_lossy(&bytes[..end]);
            assert!(from_json(&cut).is_err(), "{end}");
        }
    }
}
