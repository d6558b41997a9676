//! What the texts of one column are: numbers and how they are written, dates and their order,
//! addresses, words. Every claim is counted with the very parsers that packs use, so that what is
//! proposed can be read.

use handfast_model::When;
use handfast_model::parse::{self, DecimalMark};

use super::dates::{Dated, has_offset, looks_dated, shortlist, swapped};

/// What a column holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Nothing in any row.
    Empty,
    /// Yes or no.
    Bool,
    /// Whole numbers.
    Int,
    /// Numbers with this decimal mark.
    Decimal(DecimalMark),
    /// Amounts with a sign or code of their currency.
    Money {
        /// Before the fraction.
        mark: DecimalMark,
        /// Its ISO code.
        currency: &'static str,
    },
    /// Days, in this format.
    Day(String),
    /// Times of day too.
    Time {
        /// As a pack names it.
        format: String,
        /// Whether every text says its offset from UTC.
        has_offset: bool,
    },
    /// Seconds since 1970.
    EpochSeconds,
    /// Milliseconds since 1970.
    EpochMillis,
    /// E-mail addresses.
    Email,
    /// Telephone numbers.
    Phone,
    /// Web addresses.
    Url,
    /// Domains of companies.
    Domain,
    /// Keys: a text or number of its own in most rows.
    Id,
    /// Few words that come again.
    Category,
    /// Anything else.
    Text,
}

impl Kind {
    /// Whether it says when.
    pub fn is_dated(&self) -> bool {
        use Kind::*;
        matches!(self, Day(_) | Time { .. } | EpochSeconds | EpochMillis)
    }

    /// Whether it says how much.
    pub fn is_number(&self) -> bool {
        matches!(self, Kind::Int | Kind::Decimal(_) | Kind::Money { .. })
    }

    /// In a word, for a table.
    pub fn word(&self) -> &'static str {
        match self {
            Kind::Empty => "empty",
            Kind::Bool => "yes/no",
            Kind::Int => "whole number",
            Kind::Decimal(_) => "number",
            Kind::Money { .. } => "money",
            Kind::Day(_) => "day",
            Kind::Time { .. } => "time",
            Kind::EpochSeconds => "seconds since 1970",
            Kind::EpochMillis => "milliseconds since 1970",
            Kind::Email => "e-mail",
            Kind::Phone => "phone",
            Kind::Url => "web address",
            Kind::Domain => "domain",
            Kind::Id => "key",
            Kind::Category => "category",
            Kind::Text => "text",
        }
    }
}

/// What could be read in two ways.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Doubt {
    /// Every date fits both orders; the formats, the one taken first.
    DateOrder(String, String),
    /// `1.234` in every row: a number or thousands.
    DecimalMark,
}

/// A way to read a column, and how many texts fit.
#[derive(Clone, Debug)]
struct Way {
    reading: Reading,
    fits: u64,
}

#[derive(Clone, Debug)]
enum Reading {
    Bool,
    Int,
    Decimal(DecimalMark),
    Money(DecimalMark, &'static str),
    Dated(Dated),
    EpochSeconds,
    EpochMillis,
    Email,
    Phone,
    Url,
    Domain,
}

/// The ways in which a column may be read, counted over its texts.
#[derive(Clone, Debug)]
pub(super) struct Ways {
    ways: Vec<Way>,
    counted: u64,
    /// Of dated texts: those with an offset, with a time of day, at another time than midnight.
    offsets: u64,
    timed: u64,
    awake: u64,
    /// Of numbers with one mark, by the mark: those that only a fraction explains.
    fractions: (u64, u64),
    /// And those that could be thousands as well.
    thousands: u64,
    has_both_letters: (bool, bool),
    /// Whether the column is called a date.
    is_timely: bool,
}

/// Texts that decide which ways are counted.
const PROBES: usize = 60;

impl Ways {
    /// The ways that fit most of the first texts. `name` is the column's, for what digits alone
    /// do not say.
    pub fn of(name: &str, texts: &[&str]) -> Ways {
        let probes: Vec<&str> = texts.iter().take(PROBES).copied().collect();
        let name = name.to_lowercase();
        let is_timely = [
            "date", "time", "stamp", "created", "updated", "modified", "_at", " at",
        ]
        .iter()
        .any(|word| name.contains(word));
        let is_phone = ["phone", "mobile", "tel", "fax"]
            .iter()
            .any(|word| name.contains(word));
        let is_flag = FLAGS.iter().any(|word| name.contains(word));
        let mut readings = vec![Reading::Email, Reading::Url];
        if is_flag || !probes.iter().all(|text| matches!(text.trim(), "0" | "1")) {
            readings.push(Reading::Bool);
        }
        if is_timely {
            readings.extend([Reading::EpochSeconds, Reading::EpochMillis]);
        }
        // Where the name promises dates, a few odd texts are rows to be set aside.
        let odd = probes.len() / if is_timely { 4 } else { 10 };
        let dated = shortlist(&probes, odd);
        let only_digits = probes
            .iter()
            .all(|t| t.trim().bytes().all(|b| b.is_ascii_digit()));
        if is_timely || !only_digits {
            readings.extend(dated.into_iter().map(Reading::Dated));
        }
        if is_phone {
            readings.push(Reading::Phone);
        }
        readings.push(Reading::Int);
        readings.extend([DecimalMark::Point, DecimalMark::Comma].map(Reading::Decimal));
        if let Some(code) = probes.iter().find_map(|text| currency_in(text)) {
            let money = |mark| Reading::Money(mark, code);
            readings.extend([DecimalMark::Point, DecimalMark::Comma].map(money));
        }
        readings.extend([Reading::Phone, Reading::Domain]);
        let fits_most = |reading: &Reading| {
            let most = match reading {
                Reading::Dated(_) => odd,
                _ => probes.len() / 10,
            };
            probes.iter().filter(|text| !reading.fits(text)).count() <= most
        };
        let fitting = readings.into_iter().filter(fits_most);
        Ways {
            ways: fitting.map(|reading| Way { reading, fits: 0 }).collect(),
            counted: 0,
            offsets: 0,
            timed: 0,
            awake: 0,
            fractions: (0, 0),
            thousands: 0,
            has_both_letters: (false, false),
            is_timely,
        }
    }

    /// Counts one text that says something.
    pub fn count(&mut self, text: &str) {
        self.counted += 1;
        let mut was_dated = false;
        for way in &mut self.ways {
            if !way.reading.fits(text) {
                continue;
            }
            way.fits += 1;
            match &way.reading {
                Reading::Dated(dated) if !was_dated => {
                    was_dated = true;
                    let is_timed = matches!(dated.read(text), Some(When::At(_)));
                    self.timed += u64::from(is_timed);
                    self.awake += u64::from(is_timed && !is_midnight(text));
                    self.offsets += u64::from(is_timed && has_offset(text));
                }
                Reading::Bool => {
                    let is_yes = parse::boolean(text) == Ok(true);
                    self.has_both_letters.0 |= is_yes;
                    self.has_both_letters.1 |= !is_yes;
                    let is_long = text.trim().len() > 1;
                    self.has_both_letters.0 |= is_long;
                    self.has_both_letters.1 |= is_long;
                }
                _ => {}
            }
        }
        match single_mark(text) {
            Some((b'.', false)) => self.fractions.0 += 1,
            Some((_, false)) => self.fractions.1 += 1,
            Some((_, true)) => self.thousands += 1,
            None => {}
        }
    }

    /// The best way: its kind, how many texts do not fit, and what remains in doubt.
    pub fn judge(&self) -> (Option<Kind>, u64, Option<Doubt>) {
        // One odd text in twenty does not unmake a column, nor one in four a column of dates that
        // is called one: those rows are set aside.
        let is_good = |way: &&Way| match &way.reading {
            Reading::Dated(_) if self.is_timely => way.fits * 4 >= self.counted * 3,
            _ => self.counted > 0 && way.fits * 20 >= self.counted * 19,
        };
        let good: Vec<&Way> = self.ways.iter().filter(is_good).collect();
        let is_letter = |way: &&&Way| {
            !matches!(way.reading, Reading::Bool) || self.has_both_letters == (true, true)
        };
        let mut fitting = good.iter().filter(is_letter);
        let Some(first) = fitting.next() else {
            return (None, 0, None);
        };
        // Among ways of one family more fits win; the families stand in the order of their force.
        let first = good
            .iter()
            .find(|way| matches!(first.reading, Reading::Int) && is_wider(way, first))
            .unwrap_or(first);
        let family = std::mem::discriminant(&first.reading);
        let same = good
            .iter()
            .filter(|way| std::mem::discriminant(&way.reading) == family);
        let best = same.fold(
            *first,
            |best, way| if way.fits > best.fits { way } else { best },
        );
        let misfits = self.counted - best.fits;
        let (kind, doubt) = self.kind_of(best, &good);
        (Some(kind), misfits, doubt)
    }

    fn kind_of(&self, best: &Way, good: &[&Way]) -> (Kind, Option<Doubt>) {
        match &best.reading {
            Reading::Bool => (Kind::Bool, None),
            Reading::Int => (Kind::Int, None),
            Reading::Decimal(mark) => {
                let (mark, doubt) = self.mark(*mark, best, good);
                (Kind::Decimal(mark), doubt)
            }
            Reading::Money(mark, currency) => {
                let (mark, doubt) = self.mark(*mark, best, good);
                (Kind::Money { mark, currency }, doubt)
            }
            Reading::Dated(dated) => {
                let other = swapped(&dated.format).filter(|other| {
                    good.iter().any(|way| {
                        let is_other =
                            matches!(&way.reading, Reading::Dated(d) if d.format == *other);
                        is_other && way.fits == best.fits
                    })
                });
                let doubt = other.map(|other| Doubt::DateOrder(dated.format.clone(), other));
                let format = dated.format.clone();
                // Midnight in every row is a date that was exported as a time.
                let kind = match self.awake {
                    0 => Kind::Day(format),
                    _ => Kind::Time {
                        format,
                        has_offset: self.offsets == self.timed,
                    },
                };
                (kind, doubt)
            }
            Reading::EpochSeconds => (Kind::EpochSeconds, None),
            Reading::EpochMillis => (Kind::EpochMillis, None),
            Reading::Email => (Kind::Email, None),
            Reading::Phone => (Kind::Phone, None),
            Reading::Url => (Kind::Url, None),
            Reading::Domain => (Kind::Domain, None),
        }
    }

    /// Which mark it is when both fit: one odd group of digits in the column decides.
    fn mark(&self, mark: DecimalMark, best: &Way, good: &[&Way]) -> (DecimalMark, Option<Doubt>) {
        let family = std::mem::discriminant(&best.reading);
        let rivals = good
            .iter()
            .filter(|way| std::mem::discriminant(&way.reading) == family && way.fits == best.fits);
        if rivals.count() < 2 {
            return (mark, None);
        }
        match (self.fractions, self.thousands) {
            ((0, 0), 0) => (mark, None),
            // Every mark stands before exactly three digits.
            ((0, 0), _) => (mark, Some(Doubt::DecimalMark)),
            ((points, commas), _) if commas > points => (DecimalMark::Comma, None),
            _ => (DecimalMark::Point, None),
        }
    }

    /// Whether every time of day was midnight.
    pub fn is_midnight(&self) -> bool {
        self.timed > 0 && self.awake == 0
    }
}

/// Whether a way reads fractions that whole numbers leave out.
fn is_wider(way: &Way, ints: &Way) -> bool {
    matches!(way.reading, Reading::Decimal(_)) && way.fits > ints.fits
}

/// Names of columns in which 0 and 1 are no and yes.
const FLAGS: [&str; 12] = [
    "is_", "is ", "has_", "has ", "convert", "do not", "flag", "won", "closed", "deleted",
    "active", "opted",
];

impl Reading {
    fn fits(&self, text: &str) -> bool {
        let text = text.trim();
        match self {
            Reading::Bool => parse::boolean(text).is_ok(),
            Reading::Int => parse::int(text).is_ok() && !has_leading_zero(text),
            Reading::Decimal(mark) => {
                parse::decimal(text, *mark).is_ok() && !has_leading_zero(text)
            }
            Reading::Money(mark, code) => handfast_model::Currency::parse(code)
                .is_some_and(|currency| parse::money(text, currency, *mark).is_ok()),
            Reading::Dated(dated) => looks_dated(text) && dated.read(text).is_some(),
            Reading::EpochSeconds => epoch(text, 10).is_some(),
            Reading::EpochMillis => epoch(text, 13).is_some(),
            Reading::Email => parse::email_domain(text).is_some() && !text.contains(' '),
            Reading::Phone => is_phone(text),
            Reading::Url => is_url(text),
            Reading::Domain => is_domain(text),
        }
    }
}

/// `007` is a key and no number.
fn has_leading_zero(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next() == Some(b'0') && bytes.next().is_some_and(|byte| byte.is_ascii_digit())
}

/// Seconds since 1970 between 2000 and 2100, from a text of this many digits.
fn epoch(text: &str, digits: usize) -> Option<i64> {
    let is_long_enough = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    let seconds: i64 = text.get(..10).filter(|_| is_long_enough)?.parse().ok()?;
    (946_684_800..4_102_444_800)
        .contains(&seconds)
        .then_some(seconds)
}

fn is_midnight(text: &str) -> bool {
    let Some(colon) = text.find(':') else {
        return false;
    };
    let from = text.get(..colon).unwrap_or("");
    let clock = text.get(colon..).unwrap_or("");
    let clock = clock
        .split(['+', '-', 'Z', 'U', 'G'])
        .next()
        .unwrap_or(clock);
    let hour = from.rsplit([' ', 'T']).next().unwrap_or("");
    let is_zero = |part: &str| part.bytes().all(|b| matches!(b, b'0' | b':' | b'.' | b' '));
    is_zero(hour) && is_zero(clock)
}

fn is_phone(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_marked = text.starts_with('+') || text.contains(['(', ' ', '/', '-']);
    let is_plain = |c: char| c.is_ascii_digit() || " +()-./x".contains(c);
    (7..=17).contains(&digits) && is_marked && text.chars().all(is_plain) && !looks_like_day(text)
}

fn looks_like_day(text: &str) -> bool {
    let lengths: Vec<usize> = text.split(['-', '/', '.', ' ']).map(str::len).collect();
    matches!(lengths.as_slice(), [4, _, _, ..] | [1..=2, 1..=2, 4])
}

fn is_url(text: &str) -> bool {
    let lower = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    let starts = ["http://", "https://", "www."]
        .iter()
        .any(|start| lower.starts_with(start));
    starts && !text.contains(' ')
}

fn is_domain(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let is_label = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let ends_well = parts.last().is_some_and(|last| {
        (2..=12).contains(&last.len()) && last.chars().all(|c| c.is_ascii_lowercase())
    });
    parts.len() > 1 && ends_well && parts.iter().all(|part| is_label(part))
}

/// The currency that a sign or code beside digits names.
fn currency_in(text: &str) -> Option<&'static str> {
    const SIGNS: [(&str, &str); 16] = [
        ("R$", "BRL"),
        ("US$", "USD"),
        ("A$", "AUD"),
        ("C$", "CAD"),
        ("€", "EUR"),
        ("£", "GBP"),
        ("¥", "JPY"),
        ("₹", "INR"),
        ("zł", "PLN"),
        ("$", "USD"),
        ("EUR", "EUR"),
        ("USD", "USD"),
        ("GBP", "GBP"),
        ("BRL", "BRL"),
        ("CHF", "CHF"),
        ("CAD", "CAD"),
    ];
    let text = text.trim();
    let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
    let is_short = text.len() <= 24;
    let bare = text.trim_start_matches(['-', '(']).trim_end_matches(')');
    let found = SIGNS
        .iter()
        .find(|(sign, _)| bare.starts_with(sign) || bare.ends_with(sign));
    found
        .filter(|_| has_digit && is_short)
        .map(|(_, code)| *code)
}

/// The only mark of a number, and whether what follows could be thousands: `1.234` could, `0.244`
/// and `1.5` could not.
fn single_mark(text: &str) -> Option<(u8, bool)> {
    let is_part = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'.' | b',');
    let bare: Vec<u8> = text.bytes().filter(is_part).collect();
    let at = bare.iter().position(|byte| !byte.is_ascii_digit())?;
    let (mark, after) = bare.get(at..)?.split_first()?;
    if after.iter().any(|byte| !byte.is_ascii_digit()) {
        return None;
    }
    let is_group = after.len() == 3 && (1..=3).contains(&at) && bare.first() != Some(&b'0');
    Some((*mark, is_group))
}

/// Whether a field holds a value rather than a name: a number, a date, an address.
pub(super) fn is_typed(field: &str) -> bool {
    let is = |reading: Reading| reading.fits(field);
    is(Reading::Decimal(DecimalMark::Point))
        || is(Reading::Decimal(DecimalMark::Comma))
        || is(Reading::Email)
        || is(Reading::Url)
        || (looks_dated(field) && !shortlist(&[field], 0).is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(name: &str, texts: &[&str]) -> String {
        let mut ways = Ways::of(name, texts);
        texts.iter().for_each(|text| ways.count(text));
        let (kind, misfits, doubt) = ways.judge();
        let kind = match kind {
            None => "words".to_owned(),
            Some(Kind::Decimal(DecimalMark::Point)) => "number .".to_owned(),
            Some(Kind::Decimal(DecimalMark::Comma)) => "number ,".to_owned(),
            Some(Kind::Money { mark, currency }) => format!("money {currency} {mark:?}"),
            Some(Kind::Day(format)) => format!("day {format}"),
            Some(Kind::Time { format, has_offset }) => format!("time {format} {has_offset}"),
            Some(kind) => kind.word().to_owned(),
        };
        let doubt = match doubt {
            None => "",
            Some(Doubt::DateOrder(..)) => ", order in doubt",
            Some(Doubt::DecimalMark) => ", mark in doubt",
        };
        match misfits {
            0 => format!("{kind}{doubt}"),
            misfits => format!("{kind}{doubt}, {misfits} misfit"),
        }
    }

    #[test]
    fn numbers_and_their_marks() {
        for (texts, expected) in [
            (&["1", "20", "-3"][..], "whole number"),
            (&["1.5", "2"], "number ."),
            (&["1,5", "2,25"], "number ,"),
            (&["1.234", "1.5"], "number ."),
            (&["1.234", "999"], "number ., mark in doubt"),
            (&["1.234,50", "999"], "number ,"),
            (&["1,234.50", "999"], "number ."),
            (&["1.234.567", "1.234"], "number ,"),
            (&["0.244", "3.195"], "number ."),
            (&["0,244", "3,195"], "number ,"),
            (&["(12.50)", "3.00"], "number ."),
            (&["$1,234.50", "$3"], "money USD Point"),
            (&["1.234,50 €", "3,00 €"], "money EUR Comma"),
            (&["R$ 10,00", "R$ 7,55"], "money BRL Comma"),
            (&["04103", "01099"], "words"),
            (&["a1", "b2"], "words"),
        ] {
            assert_eq!(told("x", texts), expected, "{texts:?}");
        }
    }

    #[test]
    fn dates_and_their_order() {
        for (name, texts, expected) in [
            ("x", &["3/1/2017", "12/31/2017"][..], "day %m/%d/%Y"),
            ("x", &["3/1/2017", "31/12/2017"], "day %d/%m/%Y"),
            (
                "x",
                &["3/1/2017", "4/2/2017"],
                "day %m/%d/%Y, order in doubt",
            ),
            ("x", &["03.01.2017", "31.12.2017"], "day %d.%m.%Y"),
            ("x", &["2018-02-26 19:58:54"], "time iso false"),
            (
                "x",
                &["2018-02-26T19:58:54Z", "2018-02-26T19:58:54+02:00"],
                "time iso true",
            ),
            (
                "x",
                &["2018-02-26 00:00:00", "2018-03-01 00:00:00"],
                "day iso",
            ),
            ("x", &["2018-02-26T00:00:00.000000Z"], "day iso"),
            ("x", &["26.02.2018 19:58"], "time %d.%m.%Y %H:%M false"),
            ("createdate", &["1700000000000"], "milliseconds since 1970"),
            ("created", &["1700000000"], "seconds since 1970"),
            ("number", &["1700000000"], "whole number"),
            ("date", &["20240131", "20240201"], "day %Y%m%d"),
            (
                "created",
                &[
                    "2026-01-01",
                    "2026-01-02",
                    "soon",
                    "2026-01-05",
                    "2026-01-05",
                ],
                "day iso, 1 misfit",
            ),
            ("created", &["2026-01-01", "soon", "later"], "words"),
            (
                "x",
                &["2026-01-01", "2026-01-02", "soon", "2026-01-05"],
                "words",
            ),
        ] {
            assert_eq!(told(name, texts), expected, "{texts:?}");
        }
    }

    #[test]
    fn addresses_flags_and_words() {
        let mostly: Vec<&str> = std::iter::repeat_n("a@example.com", 30)
            .chain(["none"])
            .collect();
        for (name, texts, expected) in [
            ("x", &["a@example.com", "b@example.org"][..], "e-mail"),
            ("x", &mostly, "e-mail, 1 misfit"),
            (
                "x",
                &["https://example.com/a", "www.example.com"],
                "web address",
            ),
            ("x", &["example.com", "shop.example.org"], "domain"),
            ("x", &["+49 89 1234567", "(089) 123-4567"], "phone"),
            ("x", &["true", "FALSE"], "yes/no"),
            ("x", &["Y", "N"], "yes/no"),
            ("gender", &["F", "F"], "words"),
            ("converted", &["0", "1"], "yes/no"),
            ("clicks", &["0", "1"], "whole number"),
            ("x", &["red", "blue"], "words"),
        ] {
            assert_eq!(told(name, texts), expected, "{texts:?}");
        }
    }

    #[test]
    fn a_day_that_no_calendar_has_is_no_telephone() {
        assert!(!is_phone("30/02/2026") && !is_phone("2026-02-30"));
        assert!(is_phone("555-123-4567") && is_phone("+49 89 1234567"));
    }
}
