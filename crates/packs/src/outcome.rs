//! Which words of a stage mean won and lost, as conditions in SQL.

use handfast_connect::sniff::Column;

use crate::names::{Role, plain};
use crate::selects::{is_yes, literal, quoted};
use crate::understand::Understood;

/// How the rows of a file say that a deal was won or lost.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Words of a stage column.
    Words {
        /// The column.
        column: String,
        /// What it says of a won deal.
        won: Vec<String>,
        /// What it says of a lost one.
        lost: Vec<String>,
        /// What else it says; `None` where it says too much to be listed.
        open: Option<Vec<String>>,
    },
    /// A column says yes to won, and perhaps another to decided.
    Flags {
        /// Condition of a won deal.
        won: String,
        /// Condition of a decided one.
        decided: Option<String>,
        /// The columns, for the reason.
        columns: String,
    },
    /// Every row is a won deal: the file or its date says so.
    AllWon,
    /// Nothing says it.
    Unsaid,
}

/// Words in stages that were won, in several languages.
const WON: [&str; 9] = [
    "won",
    "closedwon",
    "gewonnen*",
    "ganado*",
    "ganada*",
    "ganho",
    "ganha",
    "gagne",
    "gagné*",
];
/// And lost.
const LOST: [&str; 10] = [
    "lost",
    "closedlost",
    "verloren*",
    "perdido*",
    "perdida*",
    "perdu",
    "perdue",
    "abgelehnt",
    "dead",
    "disqualified",
];
/// Words before which another one says the opposite, or that it may come to pass.
const NOT: [&str; 18] = [
    "not", "no", "non", "never", "without", "un", "nicht", "kein", "keine", "nie", "ohne", "pas",
    "jamais", "sin", "nunca", "sem", "não", "nao",
];

/// Whether a label says one of these words as a word of its own, and not after a "not". A word that
/// ends in `*` stands for all that begin so.
pub fn says(label: &str, words: &[&str]) -> bool {
    found(label, words) == Some(false)
}

/// Whether a label says one of these words after a "not": it may be another end, or none yet.
pub fn denies(label: &str, words: &[&str]) -> bool {
    found(label, words) == Some(true)
}

/// Whether the first of these words in a label stands at most two words after a "not".
fn found(label: &str, words: &[&str]) -> Option<bool> {
    let label = plain(label);
    let parts: Vec<&str> = label.split(' ').collect();
    let is = |part: &str, word: &str| match word.strip_suffix('*') {
        Some(stem) => part.starts_with(stem),
        None => part == word,
    };
    let mut each = parts.iter();
    let at = each.position(|part| words.iter().any(|word| is(part, word)))?;
    let before = parts.iter().take(at).rev().take(2);
    Some(before.into_iter().any(|part| NOT.contains(part)))
}

/// What becomes of orders.
const PAID: [&str; 12] = [
    "paid",
    "complete*",
    "fulfilled",
    "shipped",
    "delivered",
    "closed",
    "invoiced",
    "bezahlt",
    "versendet",
    "pagado",
    "pago",
    "payé",
];
const CANCELLED: [&str; 9] = [
    "cancel*",
    "refund*",
    "return*",
    "void*",
    "failed*",
    "unpaid*",
    "storn*",
    "anulad*",
    "remboursé*",
];

impl Outcome {
    /// The condition that holds for every row.
    pub const EVERY: &'static str = "TRUE";

    /// Reads it from a file that is understood.
    pub fn of(understood: &Understood<'_>) -> Outcome {
        if let Some(stage) = understood.part(Role::Stage) {
            let with = |marks: &[&str]| -> Vec<String> {
                let words = stage.words.iter().map(|(word, _)| word);
                words.filter(|word| says(word, marks)).cloned().collect()
            };
            let (mut won, mut lost) = (with(&WON), with(&LOST));
            if understood.is_of_orders() {
                lost.extend(with(&CANCELLED));
                won.extend(with(&PAID).into_iter().filter(|word| !lost.contains(word)));
            }
            if !won.is_empty() || !lost.is_empty() {
                let is_open = |word: &&String| !won.contains(word) && !lost.contains(word);
                let is_listed = stage.words.len() as u64 == stage.filled.distinct;
                let words = stage.words.iter().map(|(word, _)| word);
                let open = is_listed.then(|| words.filter(is_open).cloned().collect());
                return Outcome::Words {
                    column: stage.name.clone(),
                    won,
                    lost,
                    open,
                };
            }
        }
        if let Some(won) = understood.part(Role::Won) {
            let decided = understood.part(Role::Decided);
            return Outcome::Flags {
                won: is_yes(won),
                decided: decided.map(is_yes),
                columns: named(won, decided),
            };
        }
        let file = plain(&understood.found.file);
        let closed = understood
            .part(Role::Closed)
            .map(|column| plain(&column.name));
        if understood.is_of_orders() && understood.part(Role::Stage).is_none() {
            return Outcome::AllWon;
        }
        let is_won = |name: &str| name.split(' ').any(|word| word == "won");
        match is_won(&file) || closed.is_some_and(|name| is_won(&name)) {
            true => Outcome::AllWon,
            false => Outcome::Unsaid,
        }
    }

    /// The condition of a decided deal; `None` where nothing says it.
    pub fn decided(&self) -> Option<String> {
        match self {
            Outcome::Words {
                column, won, lost, ..
            } => {
                let words = listed(won.iter().chain(lost));
                Some(format!("{} IN ({words})", trimmed(column)))
            }
            Outcome::Flags { won, decided, .. } => {
                Some(decided.clone().unwrap_or_else(|| won.clone()))
            }
            Outcome::AllWon => Some(Outcome::EVERY.to_owned()),
            Outcome::Unsaid => None,
        }
    }

    /// The condition of a row that marks an end: besides a decided one, one with a close whose
    /// stage nobody has seen yet, so that a new word shows as a label without a stage and never
    /// passes for open.
    pub fn ends(&self, closed: &str) -> Option<String> {
        let decided = self.decided()?;
        let Outcome::Words { column, open, .. } = self else {
            return Some(decided);
        };
        let new = match open.as_deref() {
            None => return Some(decided),
            Some([]) => format!("{} IS NOT NULL", quoted(column)),
            Some(open) => format!("{} NOT IN ({})", trimmed(column), listed(open.iter())),
        };
        Some(format!(
            "{decided}\n  -- and whatever new word a later export closes a deal with\n  OR \
             (is_given({}) AND {new})",
            quoted(closed)
        ))
    }

    /// `won`, `lost` or `open`, as an expression.
    pub fn status(&self) -> String {
        let word_in = |column: &str, words: &[String], status: &str| match words {
            [] => String::new(),
            words => format!(
                " WHEN {} IN ({}) THEN '{status}'",
                trimmed(column),
                listed(words.iter())
            ),
        };
        match self {
            Outcome::Words {
                column, won, lost, ..
            } => format!(
                "CASE{}{} ELSE 'open' END",
                word_in(column, won, "won"),
                word_in(column, lost, "lost")
            ),
            Outcome::Flags { won, decided, .. } => {
                let lost = decided
                    .as_ref()
                    .map(|decided| format!(" WHEN {decided} THEN 'lost'"));
                format!(
                    "CASE WHEN {won} THEN 'won'{} ELSE 'open' END",
                    lost.unwrap_or_default()
                )
            }
            Outcome::AllWon => "'won'".to_owned(),
            Outcome::Unsaid => "'open'".to_owned(),
        }
    }

    /// The stage's label of a decided deal, as an expression.
    pub fn label(&self) -> String {
        match self {
            Outcome::Words { column, .. } => trimmed(column),
            Outcome::Flags { won, .. } => format!("CASE WHEN {won} THEN 'Won' ELSE 'Lost' END"),
            Outcome::AllWon | Outcome::Unsaid => "'Won'".to_owned(),
        }
    }

    /// The labels that marks will carry.
    pub fn labels(&self) -> (Vec<String>, Vec<String>) {
        let one = |word: &str| vec![word.to_owned()];
        match self {
            Outcome::Words { won, lost, .. } => (won.clone(), lost.clone()),
            Outcome::Flags { decided, .. } => match decided {
                Some(_) => (one("Won"), one("Lost")),
                None => (one("Won"), Vec::new()),
            },
            Outcome::AllWon => (one("Won"), Vec::new()),
            Outcome::Unsaid => (Vec::new(), Vec::new()),
        }
    }

    /// How it is known.
    pub fn why(&self) -> String {
        match self {
            Outcome::Words { column, open, .. } => {
                let open = open.iter().flatten();
                let unsure: Vec<String> = open
                    .filter(|word| denies(word, &WON) || denies(word, &LOST))
                    .map(|word| format!("`{word}`"))
                    .collect();
                match unsure.is_empty() {
                    true => format!("by the words of `{column}`"),
                    false => format!(
                        "CHECK {}: taken as open; by the words of `{column}`",
                        unsure.join(", ")
                    ),
                }
            }
            Outcome::Flags { columns, .. } => format!("by {columns}"),
            Outcome::AllWon => {
                "the file holds won deals only, as its name or its columns say".to_owned()
            }
            Outcome::Unsaid => {
                "CHECK: nothing says won or lost, so every deal stays open".to_owned()
            }
        }
    }
}

/// A column of words without the blanks at their ends that nobody sees.
pub fn trimmed(column: &str) -> String {
    format!("trim({})", quoted(column))
}

fn listed<'a>(words: impl Iterator<Item = &'a String>) -> String {
    let words: Vec<String> = words.map(|word| literal(word)).collect();
    words.join(", ")
}

fn named(won: &Column, decided: Option<&Column>) -> String {
    match decided {
        Some(decided) => format!("`{}` and `{}`", won.name, decided.name),
        None => format!("`{}`", won.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_word_of_its_own_that_nothing_denies_says_an_end() {
        for label in [
            "Closed Won",
            "closedwon",
            "ClosedWon",
            "Gewonnen",
            "WON!",
            "Ganado",
        ] {
            assert!(says(label, &WON), "{label}");
        }
        for label in ["Closed Lost", "Lost - no budget", "dead", "Perdida"] {
            assert!(says(label, &LOST), "{label}");
        }
        for label in [
            "Closed - Not Won",
            "nicht gewonnen",
            "no ganada",
            "Not yet won",
        ] {
            assert!(!says(label, &WON) && denies(label, &WON), "{label}");
        }
        for label in ["Deadline set", "Wonder", "Losttown", "Open"] {
            let ends: [&[&str]; 2] = [&WON, &LOST];
            assert!(ends.iter().all(|words| !says(label, words)), "{label}");
            assert!(ends.iter().all(|words| !denies(label, words)), "{label}");
        }
    }
}
