//! Which formats of dates and times fit a text, of those that a pack can name.

use handfast_model::When;
use handfast_model::parse::{TimeFormat, Zone};

/// Days, the commonest first. Day-first and month-first forms of one shape stand together.
const DAYS: [&str; 19] = [
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%d.%m.%Y",
    "%Y/%m/%d",
    "%m/%d/%y",
    "%d/%m/%y",
    "%d.%m.%y",
    "%m-%d-%Y",
    "%d-%m-%Y",
    "%m-%d-%y",
    "%d-%m-%y",
    "%Y.%m.%d",
    "%d %b %Y",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%b %d, %Y",
    "%b %d %Y",
    "%a, %d %b %Y",
    "%Y%m%d",
];

/// What may follow a day.
const CLOCKS: [&str; 12] = [
    "",
    " %H:%M",
    " %H:%M:%S",
    " %I:%M %p",
    " %I:%M:%S %p",
    ", %H:%M",
    ", %H:%M:%S",
    ", %I:%M %p",
    ", %I:%M:%S %p",
    " %H:%M:%S.%f",
    " %H:%M:%S %z",
    "T%H:%M:%S",
];

/// A format that may be the one of a column.
#[derive(Clone, Debug)]
pub(super) struct Dated {
    /// As a pack names it.
    pub format: String,
    compiled: TimeFormat,
    utc: Zone,
}

impl Dated {
    fn new(format: String) -> Option<Dated> {
        Some(Dated {
            compiled: TimeFormat::compile(&format).ok()?,
            utc: Zone::named("UTC")?,
            format,
        })
    }

    /// What the text is under this format.
    pub fn read(&self, text: &str) -> Option<When> {
        let is_plausible = self.format != "%Y%m%d" || is_year(text);
        if !is_plausible {
            return None;
        }
        self.compiled.time(text, &self.utc).ok()
    }
}

/// The formats that all but so many of these texts fit.
pub(super) fn shortlist(texts: &[&str], most: usize) -> Vec<Dated> {
    let dated = texts.iter().filter(|text| looks_dated(text)).count();
    if texts.is_empty() || texts.len() - dated > most {
        return Vec::new();
    }
    let pairs = DAYS
        .iter()
        .flat_map(|day| CLOCKS.iter().map(move |clock| (day, clock)));
    let formats =
        std::iter::once("iso".to_owned()).chain(pairs.map(|(day, clock)| format!("{day}{clock}")));
    let fits_most = |dated: &Dated| {
        let mut misfits = 0;
        texts.iter().all(|text| {
            misfits += usize::from(dated.read(text).is_none());
            misfits <= most
        })
    };
    formats.filter_map(Dated::new).filter(fits_most).collect()
}

/// The format with day and month exchanged, where that is one too.
pub(super) fn swapped(format: &str) -> Option<String> {
    let (first, rest) = format.split_at_checked(2)?;
    let (mark, second, clock) = (rest.get(..1)?, rest.get(1..3)?, rest.get(3..)?);
    let is_numeric = matches!((first, second), ("%d", "%m") | ("%m", "%d"));
    is_numeric.then(|| format!("{second}{mark}{first}{clock}"))
}

/// Whether a text could be a date at all: digits enough, and a mark between them or eight in a row.
pub(super) fn looks_dated(text: &str) -> bool {
    let text = text.trim();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let has_mark = text
        .bytes()
        .any(|byte| matches!(byte, b'-' | b'/' | b'.' | b' '));
    (6..=45).contains(&text.len()) && digits >= 3 && (has_mark || is_year(text))
}

/// Eight digits that begin with a year of our time.
fn is_year(text: &str) -> bool {
    let text = text.trim();
    text.len() == 8
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && (text.starts_with("19") || text.starts_with("20"))
}

/// Whether a text with a time of day says its offset from UTC.
pub(super) fn has_offset(text: &str) -> bool {
    let text = text.trim();
    let Some(colon) = text.find(':') else {
        return false;
    };
    let clock = text.get(colon..).unwrap_or("");
    let ends_in_zone = ["Z", "z", "UTC", "GMT"]
        .iter()
        .any(|zone| clock.ends_with(zone));
    ends_in_zone || clock.contains(['+', '-'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_found_by_reading() {
        let found = |texts: &[&str]| {
            let found = shortlist(texts, texts.len() / 10);
            let names: Vec<String> = found.into_iter().map(|dated| dated.format).collect();
            names.join(" | ")
        };
        for (texts, expected) in [
            (&["2024-01-31", "2024-01-31 3:12:16"][..], "iso"),
            (&["3/1/2017", "12/31/2017"], "%m/%d/%Y"),
            (&["3/1/2017", "4/2/2017"], "%m/%d/%Y | %d/%m/%Y"),
            (&["31.12.2024 09:15"], "%d.%m.%Y %H:%M"),
            (&["Jan 5, 2024, 09:30 PM"], "%b %d, %Y, %I:%M %p"),
            (&["05-Feb-24"], "%d-%b-%y"),
            (&["20240131", "20231205"], "%Y%m%d"),
            (&["2019-10-24 22:07:56.311 UTC"], "iso"),
            (&["10.5", "11.25"], ""),
            (&["+49 89 1234567"], ""),
        ] {
            assert_eq!(found(texts), expected, "{texts:?}");
        }
        assert_eq!(swapped("%d/%m/%Y %H:%M").as_deref(), Some("%m/%d/%Y %H:%M"));
        assert_eq!(swapped("%m-%d-%y").as_deref(), Some("%d-%m-%y"));
        assert_eq!(swapped("%Y-%m-%d"), None);
        assert!(has_offset("2024-01-01T00:00:00-05:00") && has_offset("2024-01-01 10:00 UTC"));
        assert!(!has_offset("2024-01-01 10:00:00") && !has_offset("01-02-2024"));
    }
}
