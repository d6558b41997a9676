//! Words that forms and tools write where nothing was given.

/// Words that mean nothing wherever they stand. `unknown` is not among them: somebody said so.
const NOTHING: [&str; 23] = [
    "select",
    "null",
    "(null)",
    "\\n",
    "n/a",
    "#n/a",
    "nan",
    "none",
    "nil",
    "-",
    "--",
    "---",
    "(blank)",
    "(empty)",
    "(not set)",
    "not set",
    "not provided",
    "undefined",
    "keine angabe",
    "k.a.",
    "sin datos",
    "não informado",
    "non renseigné",
];

/// Whether a text says that nothing was given.
pub(super) fn is_nothing(text: &str) -> bool {
    let text = text.trim();
    text.len() <= 16 && NOTHING.iter().any(|word| is_same(word, text))
}

fn is_same(word: &str, text: &str) -> bool {
    match text.is_ascii() {
        true => word.eq_ignore_ascii_case(text),
        false => word == text.to_lowercase(),
    }
}
