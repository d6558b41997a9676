//! Which currency an amount is in: what its row, its sign or its column's name says, else what the
//! person said. What a file says is never overruled in silence.

use handfast_connect::sniff::{Column, Kind};
use handfast_model::Currency;
use handfast_model::parse::{self, DecimalMark};

use crate::names::{Role, plain, roles_of};
use crate::understand::Understood;

/// Codes that stand in names without brackets; `all`, `try`, `top` and their like are words.
const USUAL: [&str; 40] = [
    "AED", "ARS", "AUD", "BGN", "BRL", "CAD", "CHF", "CLP", "CNY", "CZK", "DKK", "EGP", "EUR",
    "GBP", "HKD", "HUF", "IDR", "ILS", "INR", "JPY", "KES", "KRW", "MXN", "MYR", "NGN", "NOK",
    "NZD", "PLN", "QAR", "RON", "RUB", "SAR", "SEK", "SGD", "THB", "TWD", "UAH", "USD", "VND",
    "ZAR",
];

/// Signs in names, the longer ones first.
const SIGNS: [(&str, &str); 8] = [
    ("US$", "USD"),
    ("R$", "BRL"),
    ("A$", "AUD"),
    ("€", "EUR"),
    ("£", "GBP"),
    ("¥", "JPY"),
    ("₹", "INR"),
    ("$", "USD"),
];

/// The currency that a column's name speaks of: `Amount (USD)`, `cost_in_usd`, `Umsatz €`.
pub fn named(name: &str) -> Option<&'static str> {
    let code = |word: &str| {
        let code = word.trim().to_uppercase();
        let mut usual = USUAL.iter();
        usual.find(|usual| **usual == code).copied()
    };
    let in_brackets = name
        .split(['(', '['])
        .skip(1)
        .find_map(|rest| rest.split([')', ']']).next());
    let listed = in_brackets.and_then(|text| Currency::listed(text).ok());
    let listed = listed.and_then(|currency| interned(currency.code()));
    let plain = plain(name);
    let last = plain.rsplit(' ').next().filter(|last| *last != plain);
    let first = plain.split(' ').next().filter(|first| *first != plain);
    let word = match last {
        Some("euro" | "euros") => Some("EUR"),
        Some("dollar" | "dollars") => Some("USD"),
        _ => None,
    };
    let sign = SIGNS.iter().find(|(sign, _)| name.contains(sign));
    listed
        .or_else(|| last.and_then(code))
        .or_else(|| first.and_then(code))
        .or(word)
        .or(sign.map(|(_, code)| *code))
}

/// Whether a name speaks of dollars without saying whose.
fn is_any_dollar(name: &str) -> bool {
    let codes = USUAL.iter().chain(&["USD"]);
    let plain = plain(name).to_uppercase();
    let has_code = plain
        .split(' ')
        .any(|word| codes.clone().any(|code| *code == word));
    !has_code && !name.contains("US$") && !plain.contains("MICRO")
}

fn interned(code: &str) -> Option<&'static str> {
    Currency::all().find(|known| *known == code)
}

/// A plain name without the currency that it speaks of: `cost in usd` is `cost`.
pub fn bare(name: &str) -> String {
    if named(name).is_none() {
        return plain(name);
    }
    let words = plain(name);
    let is_code = |word: &str| {
        Currency::listed(word).is_ok() || matches!(word, "euro" | "euros" | "dollar" | "dollars")
    };
    let mut words: Vec<&str> = words.split(' ').collect();
    if words.len() > 1 && words.last().is_some_and(|word| is_code(word)) {
        words.pop();
    } else if words.len() > 1 && words.first().is_some_and(|word| is_code(word)) {
        words.remove(0);
    }
    if words.last() == Some(&"in") {
        words.pop();
    }
    words.join(" ")
}

/// Whether a column's name says that it holds codes of currencies.
pub fn is_called_codes(name: &str) -> bool {
    const ENDS: [&str; 5] = [
        " currency",
        " currency code",
        " currency iso code",
        " wahrung",
        " währung",
    ];
    ENDS.iter().any(|end| name.ends_with(end))
}

/// Whether most rows of a column hold a currency's code.
pub fn is_codes(column: &Column) -> bool {
    let rows = |is: &dyn Fn(&str) -> bool| -> u64 {
        let words = column.words.iter().filter(|(word, _)| is(word));
        words.map(|(_, rows)| rows).sum()
    };
    let listed = rows(&|word| Currency::listed(word).is_ok());
    listed > 0 && listed * 2 >= rows(&|_| true)
}

/// The words of a column of currencies that are none.
pub fn unlisted(column: &Column) -> Vec<&str> {
    let words = column.words.iter().map(|(word, _)| word.as_str());
    words
        .filter(|word| Currency::listed(word).is_err())
        .collect()
}

/// The column that is called the currency of an amount: of several the one whose name begins as
/// the amount's does.
pub fn called_beside<'a>(one: &Understood<'a>, amount: &Column) -> Option<&'a Column> {
    let amount = plain(&amount.name);
    let alike = |column: &Column| {
        let name = plain(&column.name);
        let pairs = amount.split(' ').zip(name.split(' '));
        pairs.take_while(|(a, b)| a == b).count()
    };
    let is_called = |column: &&Column| {
        let mut roles = roles_of(&column.name).into_iter();
        !column.kind.is_number() && roles.any(|(role, _)| role == Role::Currency)
    };
    let columns = one.found.columns.iter().filter(is_called);
    let best = columns.max_by_key(|column| alike(column));
    best.filter(|column| alike(column) > 0)
        .or_else(|| one.part(Role::Currency))
}

/// The column with the currency of each row's amount.
pub fn codes_beside<'a>(one: &Understood<'a>, amount: &Column) -> Option<&'a Column> {
    called_beside(one, amount).filter(|column| is_codes(column))
}

/// The currency of an amount whose rows name none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decided {
    /// Its code.
    pub code: String,
    /// How it is known.
    pub why: String,
    /// What was said and does not hold here.
    pub against: Option<String>,
}

/// Decides it: by the name, then by what was said, then by the sign of the values. What the values
/// cannot be in is passed over.
pub fn decide(amount: &Column, said: Option<&str>) -> Option<Decided> {
    let named = named(&amount.name);
    let is_loose = named == Some("USD") && is_any_dollar(&amount.name);
    let sign = match &amount.kind {
        Kind::Money { currency, .. } => Some(*currency),
        _ => None,
    };
    let by_name = named
        .filter(|_| !is_loose)
        .map(|code| (code, "the column's name says so"));
    let loose = named
        .filter(|_| is_loose)
        .map(|code| (code, "the column's name speaks of dollars"));
    let by_sign = sign.map(|code| (code, "its sign stands in the column"));
    let said_so = said.filter(|code| {
        // Whoever says which dollars they are does not contradict a dollar sign.
        !is_loose || fits("$1", code, DecimalMark::Point)
    });
    let choices = [
        by_name,
        said_so.map(|code| (code, "as you said")),
        loose,
        by_sign,
    ];
    let may_be = |(code, _): &(&str, &str)| {
        let mark = crate::selects::mark_of(amount);
        sign.is_none() || amount.examples.iter().all(|text| fits(text, code, mark))
    };
    let (code, why) = choices.into_iter().flatten().find(may_be)?;
    Some(Decided {
        code: code.to_uppercase(),
        why: why.to_owned(),
        against: said
            .filter(|said| !said.eq_ignore_ascii_case(code))
            .map(str::to_uppercase),
    })
}

fn fits(text: &str, code: &str, mark: DecimalMark) -> bool {
    let currency = Currency::listed(code);
    currency.is_ok_and(|currency| parse::money(text, currency, mark).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_currency_in_a_name_is_seen_in_any_spelling_and_words_are_none() {
        for (name, code, left) in [
            ("Amount (USD)", Some("USD"), "amount"),
            ("Amount spent (EUR)", Some("EUR"), "amount spent"),
            ("cost_in_usd", Some("USD"), "cost"),
            ("usd_amount", Some("USD"), "amount"),
            ("Umsatz in €", Some("EUR"), "umsatz"),
            ("Total [MAD]", Some("MAD"), "total"),
            ("spend_in_micro_dollar", Some("USD"), "spend in micro"),
            ("Price £", Some("GBP"), "price"),
            ("Amount all", None, "amount all"),
            ("top", None, "top"),
            ("USD", None, "usd"),
            ("Amount (net)", None, "amount net"),
        ] {
            assert_eq!(named(name), code, "{name}");
            assert_eq!(bare(name), left, "{name}");
        }
    }
}
