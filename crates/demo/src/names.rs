//! Names of people and companies that nobody bears, put together from syllables.
//!
//! Addresses end in domains that are reserved for examples, so that no message can ever arrive.

use crate::random::Dice;

const HEADS: [&str; 16] = [
    "Quo", "Bri", "Zan", "Fel", "Mou", "Tiv", "Osk", "Wib", "Hes", "Yar", "Pem", "Dro", "Gla",
    "Ulm", "Ner", "Kro",
];
const TAILS: [&str; 12] = [
    "dle", "nix", "vo", "ret", "mund", "tta", "wick", "lo", "zek", "bara", "fin", "gast",
];
const WORKS: [&str; 8] = [
    "Brewhouse",
    "Creamery",
    "Baths",
    "Bottling Works",
    "Malthouse",
    "Dairy Union",
    "Lido Trust",
    "Cider Yard",
];

/// A first and a last name.
pub(crate) fn person(dice: &mut Dice) -> (String, String) {
    let first = [dice.pick(&HEADS), dice.pick(&TAILS)].concat();
    let last = [dice.pick(&HEADS), dice.pick(&TAILS), dice.pick(&TAILS)].concat();
    (first, last)
}

/// The name and domain of the account with this number; no two numbers share one below 1,536.
pub(crate) fn account(number: usize) -> (String, String) {
    // 769 and 1,536 have no common factor, so the steps visit every combination once.
    let place = number * 769 % 1_536;
    let at = |list: &[&'static str], index: usize| list.get(index % list.len()).copied();
    let head = at(&HEADS, place % 16).unwrap_or("Quo");
    let tail = at(&TAILS, place / 16 % 12).unwrap_or("dle");
    let work = at(&WORKS, place / 192).unwrap_or("Baths");
    let partner = at(&TAILS, place / 3).unwrap_or("lo");
    // Every ninth name has a comma in it, as names of firms do, to the grief of comma-separated
    // files.
    let name = match number % 9 {
        4 => format!("{head}{tail}, O'{partner} & Sons \"{work}\""),
        _ => format!("{head}{tail} {work}"),
    };
    let slug = work.to_lowercase().replace(' ', "-");
    let domain = format!("{}{tail}-{slug}.example", head.to_lowercase());
    (name, domain)
}

/// An address under a domain that is reserved for examples.
pub(crate) fn address(first: &str, last: &str, number: usize, domain: &str) -> String {
    format!(
        "{}.{}{number}@{domain}",
        first.to_lowercase(),
        last.to_lowercase()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_accounts_share_a_domain() {
        let domains: BTreeSet<String> = (0..1_536).map(|number| account(number).1).collect();
        assert_eq!(domains.len(), 1_536);
    }
}
