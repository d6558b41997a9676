//! What the columns of an export are called as attributes of facts.

use crate::names::plain;

/// Output names that mean something to every fact.
const TAKEN: [&str; 18] = [
    "happened",
    "assumed",
    "closes",
    "person",
    "account",
    "deal",
    "campaign",
    "rep",
    "email",
    "identity",
    "email_domain",
    "person_namespace",
    "same_person",
    "same_account",
    "same_person_namespace",
    "undone",
    "subject",
    "until",
];

/// A column's name as the name of an attribute: small ASCII words with `_`.
pub fn attribute_name(name: &str) -> String {
    let mut words = String::new();
    for c in plain(name).chars() {
        match c {
            'a'..='z' | '0'..='9' => words.push(c),
            'ä' => words.push_str("ae"),
            'ö' => words.push_str("oe"),
            'ü' => words.push_str("ue"),
            'ß' => words.push_str("ss"),
            'à' | 'á' | 'â' | 'ã' => words.push('a'),
            'ç' => words.push('c'),
            'è' | 'é' | 'ê' => words.push('e'),
            'í' | 'î' => words.push('i'),
            'ó' | 'ô' | 'õ' => words.push('o'),
            'ú' | 'û' => words.push('u'),
            'ñ' => words.push('n'),
            _ if !words.ends_with('_') && !words.is_empty() => words.push('_'),
            _ => {}
        }
    }
    let words = words.trim_matches('_');
    let words: String = words.chars().take(56).collect();
    if TAKEN.contains(&words.as_str()) {
        format!("{words}_given")
    } else if words.starts_with(|c: char| c.is_ascii_digit()) {
        format!("n_{words}")
    } else {
        words
    }
}
