//! Columns that tell the outcome: filled in once it was known, so that whoever scores leads by them
//! scores the past.

use super::Leak;

/// Rows of each outcome that a claim needs.
const LEAST: usize = 20;

/// The outcome of each row, where it has one.
pub(super) type Outcomes = Vec<Option<bool>>;

/// The outcome that a text of this column says.
pub(super) fn outcome(text: &str) -> Option<bool> {
    let text = text.trim().to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    match text.as_str() {
        "1" | "true" | "yes" | "y" => Some(true),
        "0" | "false" | "no" | "n" => Some(false),
        _ if says(&["won", "gewonnen", "ganad", "ganho", "gagn"]) => Some(true),
        _ if says(&["lost", "verloren", "perdid", "perdu"]) => Some(false),
        _ => None,
    }
}

/// How likely a column of this name holds the outcome; 0 when not.
pub(super) fn names_outcome(name: &str) -> u8 {
    let name = name.trim().to_lowercase().replace([' ', '-'], "_");
    match name.as_str() {
        "converted" | "is_converted" | "is_won" | "won" | "closed_won" | "hs_is_closed_won" => 3,
        "outcome" | "result" | "churned" => 2,
        "stage" | "deal_stage" | "stage_name" | "dealstage" | "status" => 1,
        _ => 0,
    }
}

/// Whether a column tells the outcome: it is filled for one outcome only, or its words go with one.
/// `cells` are its texts, empty where nothing is given.
pub(super) fn tells(name: &str, cells: &[&str], outcomes: &Outcomes) -> Option<Leak> {
    let known = || {
        cells
            .iter()
            .zip(outcomes)
            .filter_map(|(cell, o)| o.map(|o| (*cell, o)))
    };
    let count = |is_won: bool| known().filter(|(_, o)| *o == is_won).count();
    let (won, lost) = (count(true), count(false));
    if won < LEAST || lost < LEAST {
        return None;
    }
    let filled = |is_won| {
        known()
            .filter(|(c, o)| !c.is_empty() && *o == is_won)
            .count()
    };
    let (of_won, of_lost) = (filled(true), filled(false));
    let is_one_sided = |one: usize, other: usize| one >= LEAST && other * 50 <= one;
    if is_one_sided(of_won, of_lost) || is_one_sided(of_lost, of_won) {
        let why =
            format!("filled in {of_won} of {won} rows that won and {of_lost} of {lost} others");
        return Some(Leak {
            column: name.to_owned(),
            why,
        });
    }
    by_words(name, &known().collect::<Vec<_>>())
}

/// Words that each go with one outcome, together in most rows.
fn by_words(name: &str, known: &[(&str, bool)]) -> Option<Leak> {
    let mut words: std::collections::BTreeMap<&str, (usize, usize)> = Default::default();
    for (cell, is_won) in known.iter().filter(|(cell, _)| !cell.is_empty()) {
        let (won, lost) = words.entry(cell).or_default();
        *(if *is_won { won } else { lost }) += 1;
        if words.len() > 100 {
            return None;
        }
    }
    let is_telling =
        |won: usize, lost: usize| won + lost >= LEAST && won.min(lost) * 20 <= won + lost;
    let telling = words.values().filter(|(won, lost)| is_telling(*won, *lost));
    let rows: usize = telling.clone().map(|(won, lost)| won + lost).sum();
    let sides = |one: fn(&(usize, usize)) -> bool| telling.clone().any(one);
    let is_both = sides(|(won, lost)| won > lost) && sides(|(won, lost)| won < lost);
    (is_both && rows * 10 >= known.len() * 4).then(|| Leak {
        column: name.to_owned(),
        why: format!(
            "in {rows} of {} rows its word goes with one outcome",
            known.len()
        ),
    })
}
