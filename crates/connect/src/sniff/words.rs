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

/// Whether a text is or holds an e-mail address.
pub fn has_address(text: &str) -> bool {
    let mut signs = text.match_indices('@');
    signs.any(|(at, _)| {
        let (before, after) = text.split_at(at);
        let is_local = |c: char| c.is_alphanumeric() || "._%+-'\"".contains(c);
        let is_host = |c: &char| c.is_alphanumeric() || *c == '-' || *c == '.';
        let host: String = after.chars().skip(1).take_while(is_host).collect();
        let host = host.trim_end_matches(['.', '-']);
        before.ends_with(is_local) && host.contains('.') && !host.starts_with('.')
    })
}

/// The shape of a personal text: letters and digits are hidden.
pub fn shape(text: &str) -> String {
    let hidden = |c: char| match c {
        c if c.is_numeric() => '9',
        c if c.is_alphabetic() => 'x',
        c if c.is_control() => ' ',
        c => c,
    };
    text.chars().map(hidden).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_seen_inside_other_texts() {
        for (text, is_one) in [
            ("ada@example.com", true),
            ("<person_a66e3c@example.com>", true),
            ("call back, writes from ada.b+x@mail.example.org.", true),
            ("é@example.com", true),
            ("@handle", false),
            ("3 @ 4.50", false),
            ("me @example.com", false),
            ("a@b", false),
            ("a@.", false),
            ("https://example.com/@ada.b", false),
        ] {
            assert_eq!(has_address(text), is_one, "{text}");
        }
        assert_eq!(shape("Ada-1 <a@b.c>"), "xxx-9 <x@x.x>");
    }
}
