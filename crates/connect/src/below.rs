//! Lines below a table of text, as reports have them: what the report is called, who made it and
//! whose it is. Such a line is one field where the rows have several.

/// What a record says that is one field; `None` of any other, and of one that its quotes break.
pub(crate) fn alone(record: &str, delimiter: u8, quote: u8) -> Option<String> {
    let (delimiter, quote) = (char::from(delimiter), char::from(quote));
    let record = record.trim();
    let Some(quoted) = record.strip_prefix(quote) else {
        return (!record.contains([delimiter, quote])).then(|| record.to_owned());
    };
    let mut text = String::new();
    let mut letters = quoted.chars();
    while let Some(letter) = letters.next() {
        if letter != quote {
            text.push(letter);
            continue;
        }
        match letters.next() {
            // Twice, it stands for itself; once, the field is over, and so must the record be.
            Some(next) if next == quote => text.push(quote),
            Some(_) => return None,
            None => return Some(text.trim().to_owned()),
        }
    }
    None
}

/// Whether a record is a line below the table: one field that begins with one of these texts.
pub(crate) fn is_below(record: &str, (delimiter, quote): (u8, u8), footer: &[String]) -> bool {
    let begins = |text: &str| footer.iter().any(|known| text.starts_with(known.as_str()));
    !footer.is_empty() && alone(record, delimiter, quote).is_some_and(|text| begins(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_of_one_field_is_read_without_its_quotes() {
        let read = |record: &str| alone(record, b',', b'"');
        for (record, text) in [
            ("Copyright X", Some("Copyright X")),
            ("\"Copyright, X\"", Some("Copyright, X")),
            ("\"The \"\"best\"\" deals\"", Some("The \"best\" deals")),
            ("a,b", None),
            ("\"a\",\"b\"", None),
            ("\"a\"b", None),
            ("\"a", None),
            ("a\"b", None),
        ] {
            assert_eq!(read(record).as_deref(), text, "{record}");
        }
    }
}
