//! LIKE: `%` stands for any run of characters, `_` for any one, `\` takes the next as it is.
//!
//! A pattern is cut at its `%`. The first and the last piece are anchored; each piece between is
//! looked for once, leftmost, which is enough because what stands between is free. Pieces are
//! looked for with one bit per pattern character (Baeza-Yates and Gonnet's shift-and), so the cost
//! is the text's length times the piece's length over 64: no pattern makes it explode.

use std::collections::BTreeMap;

/// Whether the whole text matches the pattern.
pub(super) fn matches(text: &str, pattern: &str, ignores_case: bool) -> bool {
    let text: Vec<char> = match ignores_case {
        true => text.chars().flat_map(char::to_lowercase).collect(),
        false => text.chars().collect(),
    };
    let pieces = pieces(pattern, ignores_case);
    let [first, rest @ ..] = pieces.as_slice() else {
        return text.is_empty();
    };
    let Some((head, tail)) = text.split_at_checked(first.len()) else {
        return false;
    };
    if !agrees(head, first) {
        return false;
    }
    let [middle @ .., last] = rest else {
        return tail.is_empty();
    };
    let Some(cut) = tail.len().checked_sub(last.len()) else {
        return false;
    };
    let (mut free, end) = tail.split_at(cut);
    for piece in middle {
        match find(free, piece) {
            Some(after) => free = free.get(after..).unwrap_or_default(),
            None => return false,
        }
    }
    agrees(end, last)
}

/// One place of a pattern: a character, or `None` for any.
type Place = Option<char>;

/// The pattern cut at each `%`: always at least one piece, perhaps an empty one.
fn pieces(pattern: &str, ignores_case: bool) -> Vec<Vec<Place>> {
    let mut pieces = vec![Vec::new()];
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        let literal = match character {
            '%' => {
                pieces.push(Vec::new());
                continue;
            }
            '_' => None,
            '\\' => Some(characters.next().unwrap_or('\\')),
            other => Some(other),
        };
        let Some(piece) = pieces.last_mut() else {
            continue;
        };
        match literal {
            Some(c) if ignores_case => piece.extend(c.to_lowercase().map(Some)),
            place => piece.push(place),
        }
    }
    pieces
}

fn agrees(text: &[char], piece: &[Place]) -> bool {
    text.len() == piece.len()
        && text
            .iter()
            .zip(piece)
            .all(|(c, place)| place.is_none_or(|p| p == *c))
}

/// Where the leftmost occurrence of the piece ends.
fn find(text: &[char], piece: &[Place]) -> Option<usize> {
    let Some(goal) = piece.len().checked_sub(1) else {
        return Some(0);
    };
    let words = goal / 64 + 1;
    let mut any = vec![0u64; words];
    let mut masks: BTreeMap<char, Vec<u64>> = BTreeMap::new();
    for (at, place) in piece.iter().enumerate() {
        let mask = match place {
            None => &mut any,
            Some(c) => masks.entry(*c).or_insert_with(|| vec![0; words]),
        };
        if let Some(word) = mask.get_mut(at / 64) {
            *word |= 1 << (at % 64);
        }
    }
    for mask in masks.values_mut() {
        mask.iter_mut()
            .zip(&any)
            .for_each(|(word, any)| *word |= any);
    }
    // Bit i of `state` is set when the i + 1 characters read last agree with the piece's start.
    let mut state = vec![0u64; words];
    for (at, c) in text.iter().enumerate() {
        let mask = masks.get(c).unwrap_or(&any);
        let mut carry = 1;
        for (word, mask) in state.iter_mut().zip(mask) {
            let next = *word >> 63;
            *word = (*word << 1 | carry) & mask;
            carry = next;
        }
        if state
            .last()
            .is_some_and(|word| word >> (goal % 64) & 1 == 1)
        {
            return Some(at + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition, word for word; exponential, which is why it stands only here.
    fn obvious(text: &[char], pattern: &[char]) -> bool {
        match pattern {
            [] => text.is_empty(),
            ['%', rest @ ..] => (0..=text.len()).any(|skip| obvious(&text[skip..], rest)),
            ['_', rest @ ..] => !text.is_empty() && obvious(&text[1..], rest),
            ['\\', c, rest @ ..] | [c, rest @ ..] => {
                text.first() == Some(c) && obvious(&text[1..], rest)
            }
        }
    }

    #[test]
    fn agrees_with_the_definition_on_all_short_texts_and_patterns() {
        let words = |alphabet: &[char], longest: u32| {
            let mut all = vec![vec![]];
            let mut last = all.clone();
            for _ in 0..longest {
                last = last
                    .iter()
                    .flat_map(|w: &Vec<char>| {
                        alphabet.iter().map(move |c| [w.as_slice(), &[*c]].concat())
                    })
                    .collect();
                all.extend(last.clone());
            }
            all
        };
        let (texts, patterns) = (
            words(&['a', 'b', '%'], 4),
            words(&['a', 'b', '_', '%', '\\'], 4),
        );
        for text in &texts {
            for pattern in patterns.iter().filter(|p| p.last() != Some(&'\\')) {
                let (t, p): (String, String) = (text.iter().collect(), pattern.iter().collect());
                assert_eq!(
                    matches(&t, &p, false),
                    obvious(text, pattern),
                    "{t} LIKE {p}"
                );
            }
        }
    }

    #[test]
    fn case_is_ignored_only_when_asked_and_pieces_may_be_longer_than_a_word() {
        assert!(matches("Straße NORD", "straße%", true));
        assert!(!matches("Straße NORD", "straße%", false));
        let long = "_b".repeat(100);
        assert!(matches(
            &format!("x{}y", "ab".repeat(120)),
            &format!("%{long}%"),
            false
        ));
        assert!(!matches(
            &format!("x{}y", "ab".repeat(99)),
            &format!("%{long}%"),
            false
        ));
    }

    #[test]
    fn a_hostile_pattern_costs_no_more_than_its_length() {
        let text = "a".repeat(200_000);
        let pattern = format!("%{}%{}b%", "a%".repeat(2_000), "a_".repeat(2_000));
        assert!(!matches(&text, &pattern, false));
    }
}
