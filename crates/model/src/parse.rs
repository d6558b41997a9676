//! Parsing texts of source files into values, or saying why not.
//!
//! Knows how exports write numbers, money, yes and no; `parse::clock` knows dates and times,
//! `parse::carrier` how a parsed value travels through SQL as a text. Refuses to guess: a text
//! that could be read in two ways is a reason, not a value. Blank texts never come here: the
//! caller says what "nothing given" means. No regular expressions, one pass over the bytes.

pub mod carrier;
pub mod clock;

pub use carrier::{Carried, decode, encode, encode_issue};
pub use clock::{TimeFormat, Zone};

use crate::money::{Currency, Decimal, Money};

/// Why a text is not a value: a short sentence that groups rows in the import report.
pub type Reason = &'static str;

/// Whether a text says nothing at all.
pub fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| byte == b' ' || byte == b'\t') || text.trim().is_empty()
}

/// Reads a whole number; `42.0`, as spreadsheets write it, is one too.
pub fn int(text: &str) -> Result<i64, Reason> {
    const REASON: Reason = "not a whole number";
    let text = text.trim();
    let digits = text.split_once('.').map_or(text, |(whole, zeros)| {
        let is_whole = zeros.bytes().all(|byte| byte == b'0');
        if is_whole { whole } else { "" }
    });
    let bare = digits.strip_prefix(['-', '+']).unwrap_or(digits);
    if bare.is_empty() || !bare.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(REASON);
    }
    digits
        .parse()
        .map_err(|_| "a whole number too large to keep")
}

/// Reads an exact number: decimal mark `.` or `,`, grouping by the other mark, spaces or `'`,
/// a minus before or after, or parentheses for a negative.
pub fn decimal(text: &str, mark: DecimalMark) -> Result<Decimal, Reason> {
    number(text.trim(), mark)
}

/// Reads an amount of money, with or without a sign or code of its currency around it; finer
/// amounts are rounded half-even to the minor unit. A sign of another currency is a reason.
pub fn money(text: &str, currency: Currency, mark: DecimalMark) -> Result<Money, Reason> {
    let mut rest = text.trim();
    let in_parentheses = rest.starts_with('(') && rest.ends_with(')') && rest.len() > 2;
    if in_parentheses {
        rest = rest.get(1..rest.len() - 1).unwrap_or(rest).trim();
    }
    let (is_minus, bare) = match rest.strip_prefix(['-', '\u{2212}']) {
        Some(bare) => (true, bare.trim_start()),
        None => (false, rest),
    };
    let digits = without_currency(bare, currency)?;
    if (in_parentheses || is_minus) && digits.starts_with(['-', '+', '(', '\u{2212}']) {
        return Err(NOT_A_NUMBER);
    }
    let amount = number(digits, mark)?;
    if (in_parentheses || is_minus) && amount.units < 0 {
        return Err(NOT_A_NUMBER);
    }
    let sign = match (in_parentheses, is_minus) {
        (true, true) => return Err("not an amount"),
        (false, false) => 1,
        _ => -1,
    };
    let signed = Decimal {
        units: sign * amount.units,
        scale: amount.scale,
    };
    signed
        .to_money(currency)
        .ok_or("an amount too large to keep")
}

/// Reads an amount in millionths of a currency, as ad networks report spend; rounded half-even to
/// the minor unit, once.
pub fn micros(text: &str, currency: Currency) -> Result<Money, Reason> {
    let millionths = number(text.trim(), DecimalMark::Point)?;
    let amount = Decimal {
        units: millionths.units,
        scale: millionths.scale + 6,
    };
    amount
        .to_money(currency)
        .ok_or("an amount too large to keep")
}

/// Reads yes or no: `true`/`false`, `yes`/`no`, `y`/`n`, `t`/`f`, `1`/`0`, in any case.
pub fn boolean(text: &str) -> Result<bool, Reason> {
    let text = text.trim();
    let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(&["true", "yes", "y", "t", "1"]) {
        Ok(true)
    } else if is(&["false", "no", "n", "f", "0"]) {
        Ok(false)
    } else {
        Err("neither yes nor no")
    }
}

/// Reads one of a list `a|b|c`, spelled as the list spells it; letters of another case match only
/// where no member matches exactly.
pub fn one_of<'a>(text: &str, list: &'a str) -> Result<&'a str, Reason> {
    let text = text.trim();
    let members = || list.split('|').map(str::trim);
    members()
        .find(|member| *member == text)
        .or_else(|| members().find(|member| member.eq_ignore_ascii_case(text)))
        .ok_or("not one of the listed words")
}

/// The domain of an e-mail address in lower case; `None` for a text that is no address: it has a
/// local part, one `@` and a domain with a dot. `n/a`, `-` and `x@` name nobody.
pub fn email_domain(text: &str) -> Option<String> {
    let (name, domain) = text.trim().rsplit_once('@')?;
    let domain = domain.trim_end_matches('.');
    let is_domain = !name.is_empty()
        && !name.contains(|c: char| c == '@' || c.is_whitespace())
        && domain.contains('.')
        && domain.split('.').all(|label| !label.is_empty())
        && domain
            .chars()
            .all(|c| c.is_alphanumeric() || c == '.' || c == '-');
    is_domain.then(|| domain.to_lowercase())
}

/// Which character stands before the fraction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DecimalMark {
    /// `1,234.50`
    Point,
    /// `1.234,50`
    Comma,
}

impl DecimalMark {
    /// Reads `.` or `,`.
    pub fn parse(text: &str) -> Option<DecimalMark> {
        match text.trim() {
            "." => Some(DecimalMark::Point),
            "," => Some(DecimalMark::Comma),
            _ => None,
        }
    }
}

const NOT_A_NUMBER: Reason = "not a number";

/// What may stand around the digits of an amount, and the currencies it can mean.
const SIGNS: [(&str, &[&str]); 12] = [
    ("R$", &["BRL"]),
    ("US$", &["USD"]),
    ("A$", &["AUD"]),
    ("C$", &["CAD"]),
    ("€", &["EUR"]),
    ("£", &["GBP"]),
    ("¥", &["JPY", "CNY"]),
    ("₹", &["INR"]),
    ("₩", &["KRW"]),
    ("zł", &["PLN"]),
    ("kr", &["SEK", "NOK", "DKK", "ISK"]),
    (
        "$",
        &[
            "USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "CLP", "COP", "ARS", "TWD",
        ],
    ),
];

fn without_currency(text: &str, currency: Currency) -> Result<&str, Reason> {
    // Only beside a number are letters a currency.
    let another = |rest: &str| {
        let is_figure = rest.bytes().any(|byte| byte.is_ascii_digit())
            && !rest.contains(|c: char| c.is_alphabetic());
        match is_figure {
            true => "an amount in another currency than declared",
            false => NOT_A_NUMBER,
        }
    };
    if text.starts_with(|c: char| c.is_ascii_digit())
        && text.ends_with(|c: char| c.is_ascii_digit())
    {
        return Ok(text);
    }
    for (sign, codes) in SIGNS {
        if let Some(rest) = text.strip_prefix(sign).or_else(|| text.strip_suffix(sign)) {
            let is_ours = codes.contains(&currency.code());
            return if is_ours {
                Ok(rest.trim())
            } else {
                Err(another(rest))
            };
        }
    }
    let head = text.get(..3).and_then(Currency::parse);
    let tail_at = text.len().saturating_sub(3);
    let tail = text.get(tail_at..).and_then(Currency::parse);
    match (head, tail) {
        (Some(code), _) if code == currency => Ok(text.get(3..).unwrap_or("").trim()),
        (_, Some(code)) if code == currency => Ok(text.get(..tail_at).unwrap_or("").trim()),
        (Some(_), _) => Err(another(text.get(3..).unwrap_or(""))),
        (_, Some(_)) => Err(another(text.get(..tail_at).unwrap_or(""))),
        (None, None) => Ok(text),
    }
}

fn number(text: &str, mark: DecimalMark) -> Result<Decimal, Reason> {
    let (mut sign, mut rest) = (1, text);
    if let Some(inner) = rest.strip_prefix('(').and_then(|r| r.strip_suffix(')')) {
        (sign, rest) = (-1, inner.trim());
    } else if let Some(bare) = rest.strip_prefix(['-', '\u{2212}']) {
        (sign, rest) = (-1, bare);
    } else if let Some(bare) = rest.strip_suffix(['-', '\u{2212}']) {
        (sign, rest) = (-1, bare);
    } else if let Some(bare) = rest.strip_prefix('+') {
        rest = bare;
    }
    let point = match mark {
        DecimalMark::Point => '.',
        DecimalMark::Comma => ',',
    };
    let (whole, part) = rest.split_once(point).unwrap_or((rest, ""));
    let (units, count) = whole_digits(whole, mark)?;
    let units = add_digits(units, part).ok_or(NOT_A_NUMBER)?;
    let count = count + part.len();
    if count == 0 || part.len() > 12 {
        return Err(if count == 0 {
            NOT_A_NUMBER
        } else {
            "a number with more than 12 digits after the mark"
        });
    }
    if count > 30 {
        return Err("a number too large to keep");
    }
    Ok(Decimal {
        units: sign * units,
        scale: u32::try_from(part.len()).unwrap_or(0),
    })
}

/// The digits before the mark and how many; groups must be whole, so that a mark read as grouping
/// by mistake (`1,5`) never becomes fifteen.
fn whole_digits(text: &str, mark: DecimalMark) -> Result<(i128, usize), Reason> {
    if let Some(units) = add_digits(0, text) {
        return Ok((units, text.len()));
    }
    let is_group_mark = |c: char| match c {
        ',' => mark == DecimalMark::Point,
        '.' => mark == DecimalMark::Comma,
        ' ' | '\u{a0}' | '\u{202f}' | '\'' | '\u{2019}' => true,
        _ => false,
    };
    let separator = text.chars().find(|&c| is_group_mark(c));
    let separator = separator.ok_or(NOT_A_NUMBER)?;
    let (mut units, mut count) = (0, 0);
    let groups: Vec<&str> = text.split(separator).collect();
    let last = groups.len() - 1;
    // Thousands everywhere, or twos before the last three as in India.
    let middle = groups.get(1).map_or(3, |group| group.len());
    let middle = if last == 1 { 3 } else { middle };
    for (place, group) in groups.iter().enumerate() {
        let is_whole = match place {
            0 => (1..=3).contains(&group.len()),
            _ if place == last => group.len() == 3,
            _ => group.len() == middle && (middle == 2 || middle == 3),
        };
        if !is_whole && group.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err("a number whose groups are not thousands: is the decimal mark right?");
        }
        units = add_digits(units, group).ok_or(NOT_A_NUMBER)?;
        count += group.len();
    }
    Ok((units, count))
}

/// Appends digits; `None` for anything else or more than fit.
fn add_digits(mut units: i128, digits: &str) -> Option<i128> {
    for byte in digits.bytes() {
        if !byte.is_ascii_digit() {
            return None;
        }
        units = units
            .checked_mul(10)?
            .checked_add(i128::from(byte - b'0'))?;
    }
    Some(units)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str, code: &str, mark: &str) -> String {
        let currency = Currency::parse(code).unwrap();
        match money(text, currency, DecimalMark::parse(mark).unwrap()) {
            Ok(money) => money.to_string(),
            Err(reason) => format!("! {reason}"),
        }
    }

    #[test]
    fn money_is_read_as_exports_write_it() {
        for (text, code, mark, expected) in [
            ("1054", "USD", ".", "1054.00 USD"),
            ("$1,234.5", "USD", ".", "1234.50 USD"),
            ("R$ 1.234,56", "BRL", ",", "1234.56 BRL"),
            ("1 234,56 €", "EUR", ",", "1234.56 EUR"),
            ("1\u{202f}234\u{202f}567", "EUR", ",", "1234567.00 EUR"),
            ("1'234.50 CHF", "CHF", ".", "1234.50 CHF"),
            ("12,34,567", "INR", ".", "1234567.00 INR"),
            ("(45.10)", "USD", ".", "-45.10 USD"),
            ("($45.10)", "USD", ".", "-45.10 USD"),
            ("-$45.10", "USD", ".", "-45.10 USD"),
            ("45.10-", "USD", ".", "-45.10 USD"),
            ("$-45.10", "USD", ".", "-45.10 USD"),
            ("0.245", "USD", ".", "0.24 USD"),
            ("-0", "USD", ".", "0.00 USD"),
            (
                "1234,5",
                "USD",
                ".",
                "! a number whose groups are not thousands: is the decimal mark right?",
            ),
            (
                "1,5",
                "USD",
                ".",
                "! a number whose groups are not thousands: is the decimal mark right?",
            ),
            (
                "€5",
                "USD",
                ".",
                "! an amount in another currency than declared",
            ),
            (
                "5 EUR",
                "USD",
                ".",
                "! an amount in another currency than declared",
            ),
            (
                "EUR 1,234.50",
                "USD",
                ".",
                "! an amount in another currency than declared",
            ),
            ("-45.10-", "USD", ".", "! not a number"),
            ("(45.10-)", "USD", ".", "! not a number"),
            ("-$45.10-", "USD", ".", "! not a number"),
            ("NaN", "USD", ".", "! not a number"),
            ("abc", "USD", ".", "! not a number"),
            ("TBD", "USD", ".", "! not a number"),
            ("12 months", "USD", ".", "! not a number"),
            ("€ open", "USD", ".", "! not a number"),
            ("1e999", "USD", ".", "! not a number"),
            ("", "USD", ".", "! not a number"),
            ("--5", "USD", ".", "! not a number"),
            (
                "99999999999999999999",
                "USD",
                ".",
                "! an amount too large to keep",
            ),
        ] {
            assert_eq!(amount(text, code, mark), expected, "{text}");
        }
    }

    #[test]
    fn millionths_are_rounded_once_to_the_minor_unit() {
        for (text, code, expected) in [
            ("36150000", "USD", "36.15 USD"),
            ("1", "USD", "0.00 USD"),
            ("5000", "USD", "0.00 USD"),
            ("15000", "USD", "0.02 USD"),
            ("15000.5", "USD", "0.02 USD"),
            ("-2500001", "EUR", "-2.50 EUR"),
            ("1500000", "JPY", "2 JPY"),
            ("1234567", "KWD", "1.235 KWD"),
            ("$5", "USD", "! not a number"),
        ] {
            let read = micros(text, Currency::parse(code).unwrap());
            let read = read.map_or_else(|reason| format!("! {reason}"), |money| money.to_string());
            assert_eq!(read, expected, "{text}");
        }
    }

    #[test]
    fn whole_numbers_stay_exact_and_never_round() {
        assert_eq!(int("9007199254740993"), Ok(9_007_199_254_740_993));
        assert_eq!(int(" -7 "), Ok(-7));
        assert_eq!(int("42.0"), Ok(42));
        for text in ["4.5", "1,234", "0x10", "1e3", "", "-", ".", "+-1", "٣"] {
            assert_eq!(int(text), Err("not a whole number"), "{text}");
        }
        assert_eq!(
            int("9223372036854775808"),
            Err("a whole number too large to keep")
        );
    }

    #[test]
    fn words_and_mail_addresses() {
        assert_eq!(boolean("Yes"), Ok(true));
        assert_eq!(boolean("0"), Ok(false));
        assert_eq!(boolean("maybe"), Err("neither yes nor no"));
        assert_eq!(one_of("won", "Won|Lost|won"), Ok("won"));
        assert_eq!(one_of("LOST", "Won|Lost"), Ok("Lost"));
        assert!(one_of("", "Won|Lost").is_err());
        assert_eq!(email_domain("A.B@Example.COM"), Some("example.com".into()));
        assert_eq!(email_domain("nobody@localhost"), None);
        for none in [
            "x@a b.com",
            "n/a",
            "none",
            "-",
            "",
            "@",
            "x@",
            "@x.com",
            "#N/A",
            "0",
            "a@b@x.com",
            "a b@x.com",
            "x@.com",
            "x@a..com",
        ] {
            assert_eq!(email_domain(none), None, "{none}");
        }
    }
}
