//! Words for messages: the nearest known word, and lists that read like sentences.

/// What a file is called where its definitions are named: without its ending.
pub(crate) fn stem(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

/// The known word that was most likely meant: at most one slip in three letters away.
pub fn nearest<'w>(word: &str, known: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let word: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
    let most = (word.len() / 3).clamp(1, 3);
    if word.is_empty() || word.len() > 64 {
        return None;
    }
    known
        .into_iter()
        .filter(|known| known.len() <= 128)
        .map(|known| (slips(&word, known), known))
        .filter(|(slips, known)| *slips <= most && *slips < known.chars().count())
        .min()
        .map(|(_, known)| known)
}

/// `a`, `b` or `c`, in code quotes.
pub(crate) fn either<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    let words: Vec<String> = words.into_iter().map(|w| format!("`{w}`")).collect();
    match words.as_slice() {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [front @ .., last] => format!("{} or {last}", front.join(", ")),
    }
}

/// A text as it may stand in a message: short, and without line breaks.
pub(crate) fn shown(text: &str) -> String {
    const MOST: usize = 60;
    let mut short: String = text.chars().take(MOST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// How many single-letter slips (dropped, added, changed, or two neighbours swapped) lie between.
fn slips(word: &[char], known: &str) -> usize {
    let known: Vec<char> = known.chars().flat_map(char::to_lowercase).collect();
    let width = known.len() + 1;
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..width).collect();
    for (row, c) in word.iter().enumerate() {
        let mut line = Vec::with_capacity(width);
        line.push(row + 1);
        for (column, k) in known.iter().enumerate() {
            let at =
                |line: &[usize], column: usize| line.get(column).copied().unwrap_or(usize::MAX);
            let changed = at(&above, column) + usize::from(c != k);
            let dropped = at(&above, column + 1) + 1;
            let added = at(&line, column) + 1;
            let mut best = changed.min(dropped).min(added);
            let is_swap = row > 0
                && column > 0
                && word.get(row - 1) == Some(k)
                && known.get(column - 1) == Some(c);
            if is_swap {
                best = best.min(at(&before, column - 1) + 1);
            }
            line.push(best);
        }
        before = std::mem::replace(&mut above, line);
    }
    above.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_one_slip_in_three_letters_away_or_none() {
        let known = ["owner", "marks", "means", "id"];
        assert_eq!(nearest("onwer", known), Some("owner"));
        assert_eq!(nearest("mark", known), Some("marks"));
        assert_eq!(nearest("OWNER", known), Some("owner"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(nearest("x", known), None);
        assert_eq!(either(["a", "b", "c"]), "`a`, `b` or `c`");
    }
}
