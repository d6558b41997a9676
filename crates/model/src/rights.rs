//! Who decides what in a charter: for a file of it, or for one definition, whose word counts, and
//! whether a side may give way in it.

use crate::rules::{Charter, Side};

/// How grave a definition is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Both sides stand behind it; nobody may sign it against their conviction.
    MustAgree,
    /// A side may give way in it, and is named as having done so.
    MayConcede,
}

impl Severity {
    /// The words of charters.
    pub const WORDS: [(&'static str, Severity); 2] = [
        ("must agree", Severity::MustAgree),
        ("may concede", Severity::MayConcede),
    ];

    /// The word used in charters.
    pub fn word(self) -> &'static str {
        match self {
            Severity::MustAgree => "must agree",
            Severity::MayConcede => "may concede",
        }
    }
}

/// Who decides a definition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Right {
    /// A file of the charter without its ending (`stages`), or one definition as
    /// `charter diff` calls it (`stage mql`).
    pub definition: String,
    /// Whose word counts; both sides' where nobody is named.
    pub decides: Option<Side>,
    /// Whether a side may give way.
    pub severity: Severity,
}

impl Charter {
    /// The right over a definition: its own, else its file's. Without either, both sides decide
    /// and must agree.
    pub fn right(&self, definition: &str) -> Right {
        let named = |name: &str| self.rights.iter().find(|right| right.definition == name);
        let found = named(definition).or_else(|| named(file_of(definition)));
        found.cloned().unwrap_or_else(|| Right {
            definition: definition.to_owned(),
            decides: None,
            severity: Severity::MustAgree,
        })
    }
}

/// The file in which a definition is written, without its ending: that of `stage mql` is `stages`.
pub fn file_of(definition: &str) -> &str {
    let word = definition.split(' ').next().unwrap_or(definition);
    match word {
        "term" => "lexicon",
        "team" => "teams",
        "attribute" => "attributes",
        "opening" | "dormant" | "path" | "stage" => "stages",
        "channel" => "channels",
        "segment" | "segments" => "icp",
        "metric" => "metrics",
        "handoff" => "handoffs",
        "working" => "calendar",
        "right" => "rights",
        other => other,
    }
}
