//! What is guessed first: a short list written for this program, and rules for the rest.
//!
//! Lists of leaked passwords of twelve characters and more are nearly all a common word with
//! digits, a row of keys, or the company's name with a year, so rules do more than a long list.

/// Whole passwords of twelve characters or more that stand high in every list.
const LISTED: &str = include_str!("listed.txt");
/// Words that are taken out before what is left is measured.
const WORDS: &str = include_str!("words.txt");
/// Rows of keys, as on the keyboards that people here use.
const ROWS: [&str; 9] = [
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "yxcvbnm",
    "azertyuiop",
    "abcdefghijklmnopqrstuvwxyz",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
];
/// Shortest own word that is taken out.
const OWN: usize = 4;

/// In lower case: guessers try capitals at once.
pub(super) fn folded(text: &str) -> String {
    text.to_lowercase()
}

/// With digits and signs read as the letters they stand for.
fn unmasked(text: &str) -> String {
    let letter = |c: char| match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    };
    text.chars().map(letter).collect()
}

pub(super) fn is_listed(folded: &str) -> bool {
    let bare = folded.split_whitespace().collect::<String>();
    LISTED
        .lines()
        .any(|listed| listed == folded || listed == bare)
}

/// Whether it is up to four characters, over and over.
pub(super) fn is_repeated(folded: &str) -> bool {
    let chars: Vec<char> = folded.chars().collect();
    (1..=4).any(|step| {
        let later = chars.iter().skip(step);
        chars.iter().zip(later).all(|(one, other)| one == other)
    })
}

/// Whether three of four neighbours follow each other on a keyboard, in the alphabet or in
/// counting, forwards or backwards.
pub(super) fn is_row(folded: &str) -> bool {
    let chars: Vec<char> = folded.chars().collect();
    let pairs = chars.windows(2);
    let follows = |pair: &&[char]| match pair {
        [one, other] => one == other || ROWS.iter().any(|row| are_neighbours(row, *one, *other)),
        _ => false,
    };
    let all = pairs.len();
    pairs.filter(follows).count() * 4 >= all * 3
}

fn are_neighbours(row: &str, one: char, other: char) -> bool {
    let place = |c: char| row.chars().position(|key| key == c);
    match (place(one), place(other)) {
        (Some(one), Some(other)) => one.abs_diff(other) == 1,
        _ => false,
    }
}

/// What is left without common words, own words, years, rows of digits and signs at the ends.
pub(super) fn without_words(folded: &str, own: &[&str]) -> String {
    let own: Vec<String> = own.iter().map(|text| text.to_lowercase()).collect();
    let parts = own
        .iter()
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    let own = parts.filter(|part| part.chars().count() >= OWN);
    let mut words: Vec<&str> = own.chain(WORDS.lines()).collect();
    // The longest first, so that `password` goes before `pass`.
    words.sort_by_key(|word| (std::cmp::Reverse(word.len()), *word));
    let rest = |text: &str| {
        let mut text = text.to_owned();
        for word in words.iter().filter(|word| !word.is_empty()) {
            text = text.replace(word, "\n");
        }
        text.split('\n').map(bare).collect::<String>()
    };
    // `p4ssw0rd2024` ends in a year, not in letters, so ends go before signs become letters.
    let readings = [
        rest(folded),
        rest(&unmasked(folded)),
        rest(&unmasked(bare(folded))),
    ];
    let shortest = readings.into_iter().min_by_key(|text| text.chars().count());
    shortest.unwrap_or_default()
}

/// Without digits, signs and space at the ends. In the middle they are left alone: a password of
/// chance is made of them.
fn bare(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_ascii_digit() || c.is_ascii_punctuation() || c.is_whitespace())
}
