//! A charter as people read it: everything it defines, part by part, rules in the one text that
//! means the same. It knows no file and no comment; what those say is in the texts themselves.

use handfast_model::Charter;

use crate::diff::{Figure, definitions};

/// Something that a charter defines.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Definition {
    /// What is defined: `stage mql`, `calendar`.
    pub what: String,
    /// Its parts with their wording; none that is not given.
    pub parts: Vec<(&'static str, String)>,
    /// The figures that rest on it; none where it is words alone.
    pub figures: &'static [Figure],
}

/// Everything that a charter defines, in charter order, each as [`diff`](crate::diff()) calls it.
pub fn told(charter: &Charter) -> Vec<Definition> {
    let things = definitions(charter).into_iter().flatten();
    let told = things.map(|thing| {
        let parts = thing.parts.into_iter();
        let given = parts.filter(|(_, words, _)| !words.is_empty());
        Definition {
            what: thing.what,
            parts: given.map(|(part, words, _)| (part, words)).collect(),
            figures: thing.figures,
        }
    });
    told.filter(|one| !one.parts.is_empty()).collect()
}
