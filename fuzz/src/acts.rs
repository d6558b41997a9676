//! What signers sign, read again from a journal that anybody may have changed: each text has one
//! form, and is a text of one kind.

use super::statement::{Introduction, Removal, Saying, Statement};

/// Reads bytes as what is signed: two texts, one after the other, with an empty line between them.
pub fn read(_: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (first, second) = text.split_once("\n\n").unwrap_or((&text, ""));
    let one = format!("{first}\n");
    let statements = [one.as_str(), second, text.as_ref()].map(signed);
    let [Some(one), Some(other), _] = statements else {
        return;
    };
    assert!(one.agrees_with(&one) && other.agrees_with(&other));
    let is_agreed = one.agrees_with(&other);
    assert_eq!(
        is_agreed,
        other.agrees_with(&one),
        "of two sides one agrees"
    );
    assert_eq!(is_agreed, one.differs_by(&other).is_none());
}

/// A signature's text, if it is one. Whatever is read must be what was signed, to the byte: else one
/// signature would hold for two texts.
fn signed(text: &str) -> Option<Statement> {
    let statement = Statement::parse(text);
    let kinds = [
        statement.as_ref().map(Statement::text),
        Introduction::parse(text).map(|read| read.text()),
        Removal::parse(text).map(|read| read.text()),
        Saying::parse(text).map(|read| read.text()),
    ];
    let kinds: Vec<String> = kinds.into_iter().flatten().collect();
    assert!(kinds.len() < 2, "a text of two kinds: {text:?}");
    assert!(kinds.iter().all(|printed| printed == text), "{text:?}");
    statement
}
