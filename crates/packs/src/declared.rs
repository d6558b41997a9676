//! The attributes that a charter must declare before a question may name them, told from the
//! SELECTs of a source: `--by person.origin`.

use std::collections::{BTreeMap, BTreeSet};

use crate::selects::{Drafted, Says};

/// The kind of fact, the name of the attribute, what it holds.
pub type Attribute = (&'static str, String, Says);

/// Kinds of facts whose attributes a charter declares.
const KINDS: [&str; 4] = ["person", "account", "deal", "touch"];

/// Output columns that are keys and times of a fact, and no attributes.
const OWN: [&str; 17] = [
    "happened",
    "assumed",
    "closes",
    "person",
    "account",
    "deal",
    "campaign",
    "rep",
    "email",
    "person_namespace",
    "same_person",
    "same_person_namespace",
    "same_account",
    "undone",
    "subject",
    "until",
    "domain",
];

/// What the facts of these SELECTs say. Sealed columns never become one.
pub(crate) fn attributes_of(selects: &[Drafted]) -> Vec<Attribute> {
    let says = selects.iter().flat_map(|one| {
        let says = one.says.iter();
        says.filter_map(|(name, says)| carried(one.kind, name.clone(), *says))
    });
    says.collect()
}

/// A column of a SELECT as an attribute, where a charter declares it.
pub(crate) fn carried(kind: &str, name: String, says: Says) -> Option<Attribute> {
    let kind = KINDS.into_iter().find(|known| *known == kind)?;
    let is_own = OWN.contains(&name.as_str()) || name == "_record";
    (!is_own).then_some((kind, name, says))
}

/// `attributes.toml` for these; what two streams read differently is left to people.
pub fn attributes_toml<'a>(attributes: impl Iterator<Item = &'a Attribute>) -> String {
    let mut tables: BTreeMap<usize, BTreeMap<&str, BTreeSet<Says>>> = BTreeMap::new();
    for (kind, name, says) in attributes {
        let Some(place) = KINDS.iter().position(|known| known == kind) else {
            continue;
        };
        let names = tables.entry(place).or_default();
        names.entry(name).or_default().insert(*says);
    }
    let mut text = String::new();
    for (place, names) in tables {
        let kind = KINDS.get(place).copied().unwrap_or("");
        let gap = if text.is_empty() { "" } else { "\n" };
        text.push_str(&format!("{gap}[{kind}]\n"));
        for (name, says) in names {
            let words: Vec<&str> = says.iter().map(|says| says.word()).collect();
            text.push_str(&match words.as_slice() {
                [word] => format!("{name} = \"{word}\"\n"),
                _ => format!("# {name}: the files say {}\n", words.join(" and ")),
            });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_attribute_stands_once_under_its_kind() {
        let one = |kind, name: &str, says| (kind, name.to_owned(), says);
        let all = [
            one("deal", "stage", Says::Text),
            one("person", "origin", Says::Text),
            one("person", "origin", Says::Text),
            one("person", "score", Says::Number),
            one("person", "score", Says::Text),
            one("spend", "clicks", Says::Number),
        ];
        assert_eq!(
            attributes_toml(all.iter()),
            "[person]\norigin = \"text\"\n# score: the files say text and number\n\n[deal]\n\
             stage = \"text\"\n"
        );
    }
}
