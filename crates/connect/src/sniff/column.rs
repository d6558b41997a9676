//! One column, watched over the rows of a file.

use std::collections::BTreeMap;

use arrow::array::{Array, StringArray};
use handfast_ledger::version_number;
use handfast_model::parse::DecimalMark;

use super::keys::{Distinct, Hashing};
use super::kind::{Doubt, Kind, Ways};
use super::words::{has_address, is_nothing, shape};

/// Words at the end of what a key is called.
const KEY_WORDS: [&str; 7] = ["id", "guid", "key", "uuid", "number", "nr", "nummer"];
/// Different words that are counted; more make no category.
const MOST_WORDS: usize = 300;
/// Words of a category that are kept.
const KEPT_WORDS: usize = 60;
/// Texts that decide which kinds are tried.
const PROBES: usize = 200;
/// Longest example, in bytes.
const EXAMPLE_BYTES: usize = 60;

/// What was found in a column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// How full it is.
    pub filled: Filled,
    /// What it holds.
    pub kind: Kind,
    /// Filled rows that do not fit the kind.
    pub misfits: u64,
    /// How the kind is known, in words.
    pub evidence: String,
    /// What could be read in two ways.
    pub doubt: Option<Doubt>,
    /// Words in it that mean "nothing given".
    pub nothing: Vec<String>,
    /// Up to three different texts; their shapes only, where a text holds an e-mail address.
    pub examples: Vec<String>,
    /// Rows whose text is or holds an e-mail address: then the column is personal, whatever else
    /// it holds.
    pub addresses: u64,
    /// Whether every row has a stamp or number in it that tells which of two versions is newer.
    pub is_version: bool,
    /// Of few different words: each with its rows, the commonest first.
    pub words: Vec<(String, u64)>,
}

/// How full a column is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Filled {
    /// Rows.
    pub rows: u64,
    /// Rows in which something is given.
    pub given: u64,
    /// Different texts.
    pub distinct: u64,
}

impl Filled {
    /// Whether every row is different and given.
    pub fn is_unique(&self) -> bool {
        self.rows > 0 && self.given == self.rows && self.distinct == self.rows
    }

    /// Given rows of a hundred.
    pub fn percent(&self) -> u64 {
        (self.given * 100).checked_div(self.rows).unwrap_or(0)
    }
}

impl Column {
    /// Whether what it holds is about a person: an address or a telephone number.
    pub fn is_personal(&self) -> bool {
        self.addresses > 0 || matches!(self.kind, Kind::Email | Kind::Phone)
    }

    pub(super) fn proves_comma(&self) -> bool {
        self.mark() == Some(DecimalMark::Comma) && self.doubt.is_none()
    }

    pub(super) fn proves_point(&self) -> bool {
        let has_fraction = self.examples.iter().any(|text| text.contains('.'));
        self.mark() == Some(DecimalMark::Point) && self.doubt.is_none() && has_fraction
    }

    fn mark(&self) -> Option<DecimalMark> {
        match self.kind {
            Kind::Decimal(mark) | Kind::Money { mark, .. } => Some(mark),
            _ => None,
        }
    }

    /// The format of a date whose order is proven.
    pub(super) fn proven_order(&self) -> Option<String> {
        match &self.kind {
            Kind::Day(format) | Kind::Time { format, .. } if self.doubt.is_none() => {
                (format.starts_with("%d") || format.starts_with("%m")).then(|| format.clone())
            }
            _ => None,
        }
    }

    pub(super) fn settle_mark(&mut self, is_comma: bool, why: &str) {
        let (chosen, said, other) = match is_comma {
            true => (DecimalMark::Comma, "mark `,`", "mark `.`"),
            false => (DecimalMark::Point, "mark `.`", "mark `,`"),
        };
        if let Kind::Decimal(mark) | Kind::Money { mark, .. } = &mut self.kind {
            *mark = chosen;
        }
        self.doubt = None;
        self.evidence = format!("{}, {why}", self.evidence.replace(other, said));
    }

    /// Takes one of the two marks of numbers that are in doubt, for this reason.
    pub fn choose_mark(&mut self, mark: DecimalMark, why: &str) {
        self.settle_mark(mark == DecimalMark::Comma, why);
    }

    /// Takes a column of words for numbers with this mark, but for so many rows, for this reason.
    pub fn take_as_numbers(&mut self, mark: DecimalMark, misfits: u64, why: &str) {
        self.kind = Kind::Decimal(mark);
        self.misfits = misfits;
        let evidence = evidence(&self.kind, &self.filled, misfits, false);
        self.evidence = format!("{evidence}, {why}");
        self.doubt = None;
        self.words.clear();
    }

    pub(super) fn settle_order(&mut self, chosen: &str) {
        self.choose_order(chosen, "ordered as in another column of this file");
    }

    /// Takes one of the two orders of a date that is in doubt, for this reason.
    pub fn choose_order(&mut self, chosen: &str, why: &str) {
        if let Kind::Day(format) | Kind::Time { format, .. } = &mut self.kind {
            self.evidence = format!("{}, {why}", self.evidence.replace(format.as_str(), chosen));
            *format = chosen.to_owned();
        }
        self.doubt = None;
    }
}

/// A column under watch.
#[derive(Debug)]
pub(super) struct Watch {
    pub name: String,
    pub rows: u64,
    given: u64,
    ways: Ways,
    distinct: Distinct,
    words: Option<BTreeMap<String, u64>>,
    nothing: BTreeMap<String, u64>,
    examples: Vec<String>,
    addresses: u64,
    /// Rows whose text can be compared as a version, in columns that are called so.
    versions: Option<u64>,
}

impl Watch {
    /// Readies a watch by the column's first texts.
    pub fn over(name: &str, cells: &StringArray) -> Watch {
        let texts = cells.iter().flatten().map(str::trim);
        let texts = texts.filter(|text| !text.is_empty() && !is_nothing(text));
        let probes: Vec<&str> = texts.take(PROBES).collect();
        Watch {
            name: name.to_owned(),
            rows: 0,
            given: 0,
            ways: Ways::of(name, &probes),
            distinct: Distinct::new(),
            words: Some(BTreeMap::new()),
            nothing: BTreeMap::new(),
            examples: Vec::new(),
            addresses: 0,
            versions: is_called_version(name).then_some(0),
        }
    }

    pub fn take(&mut self, hashing: &Hashing, cells: &StringArray) {
        self.rows += cells.len() as u64;
        for text in cells.iter().flatten().map(str::trim) {
            if text.is_empty() {
                continue;
            }
            if is_nothing(text) {
                *self.nothing.entry(text.to_owned()).or_insert(0) += 1;
                continue;
            }
            self.given += 1;
            self.ways.count(text);
            self.distinct.add(hashing.one(text));
            self.addresses += u64::from(has_address(text));
            self.remember(text);
            if let Some(versions) = &mut self.versions {
                *versions += u64::from(version_number(text).is_some());
            }
        }
    }

    fn remember(&mut self, text: &str) {
        if let Some(words) = &mut self.words {
            match words.get_mut(text) {
                Some(count) => *count += 1,
                None => {
                    words.insert(text.to_owned(), 1);
                }
            }
            if words.len() > MOST_WORDS {
                self.words = None;
            }
        }
        let is_new = self.examples.len() < 3 && !self.examples.iter().any(|e| e == text);
        if is_new && text.len() <= EXAMPLE_BYTES {
            self.examples.push(text.to_owned());
        }
    }

    /// Whether it alone names the rows: given and different in all of them, and of a kind that
    /// names. A column that is called a key may repeat where whole rows do, to the letter, if they
    /// are few: of so many `different` rows each has its own.
    pub fn names_rows(&self, different: u64) -> bool {
        let is_given = self.given == self.rows && self.rows > 0;
        let copies = self.rows.saturating_sub(different);
        let is_copied = self.distinct.count() == different && copies * 20 <= self.rows;
        let is_own = self.distinct.repeats == 0 || is_copied && self.is_called_key();
        is_given && is_own && self.key_rank() > 0
    }

    /// Rows whose text had come before.
    pub fn repeats(&self) -> u64 {
        self.distinct.repeats
    }

    /// Whether its name says that it names rows.
    fn is_called_key(&self) -> bool {
        let name = self.name.to_lowercase().replace([' ', '-', '.'], "_");
        let mut ends = KEY_WORDS.iter();
        ends.any(|word| name == *word || name.ends_with(&format!("_{word}")))
    }

    /// How likely it is (part of) a key: 0 for never.
    pub fn key_rank(&self) -> u64 {
        let (kind, misfits, _) = self.ways.judge();
        if self.given < self.rows || self.given == 0 {
            return 0;
        }
        let name = self.name.to_lowercase().replace([' ', '-', '.'], "_");
        let is_stamp = name.contains("synced") || name.contains("extracted");
        let by_kind = match kind {
            Some(Kind::Decimal(_) | Kind::Money { .. } | Kind::Bool | Kind::Url) => return 0,
            _ if is_stamp => return 0,
            Some(kind) if kind.is_dated() && misfits == 0 => 2,
            Some(Kind::Email) => 3,
            Some(Kind::Int | Kind::Domain | Kind::Phone) => 2,
            _ => 2,
        };
        let is_index = name == "index" || name.ends_with("_index");
        let by_name = if name == "id" || name == "_fivetran_id" || name == "guid" || name == "uuid"
        {
            8
        } else if self.is_called_key() {
            6
        } else if name.contains("date") || name == "day" || name.ends_with("_at") || is_index {
            3
        } else {
            0
        };
        by_kind + by_name + u64::from(self.distinct.count() * 2 > self.rows)
    }

    pub fn finish(self) -> Column {
        let filled = Filled {
            rows: self.rows,
            given: self.given,
            distinct: self.distinct.count(),
        };
        let (kind, misfits, doubt) = self.ways.judge();
        let mut words: Vec<(String, u64)> = self.words.into_iter().flatten().collect();
        words.sort_by(|(a, n), (b, m)| m.cmp(n).then_with(|| a.cmp(b)));
        let has_addresses = self.addresses > 0;
        let kind = match kind {
            Some(kind) => kind,
            // Words among which an address stands are neither a category nor keys to show.
            None if has_addresses => Kind::Text,
            None if is_prose(&self.name, &filled, &words) => Kind::Text,
            None => of_words(&filled, &words, &self.examples),
        };
        let is_category = matches!(kind, Kind::Category | Kind::Bool | Kind::Int);
        let is_kept = is_category && !has_addresses;
        words.truncate(if is_kept { KEPT_WORDS } else { 0 });
        let is_midnight = self.ways.is_midnight();
        let evidence = evidence(&kind, &filled, misfits, is_midnight);
        Column {
            name: self.name,
            filled,
            kind,
            misfits,
            evidence,
            doubt,
            nothing: self.nothing.into_keys().collect(),
            examples: match has_addresses {
                true => self.examples.iter().map(|text| shape(text)).collect(),
                false => self.examples,
            },
            addresses: self.addresses,
            is_version: self.versions == Some(filled.rows) && filled.rows > 0,
            words,
        }
    }
}

/// Whether a column's name says that it changes with its row.
fn is_called_version(name: &str) -> bool {
    let name = name.to_lowercase();
    const SAID: [&str; 9] = [
        "modif",
        "updated",
        "modstamp",
        "changed",
        "version",
        "geändert",
        "geandert",
        "atualizad",
        "lastmodified",
    ];
    SAID.iter().any(|word| name.contains(word))
}

/// Words in the names of columns that people write into.
const NOTES: [&str; 27] = [
    "note",
    "notes",
    "comment",
    "comments",
    "remark",
    "remarks",
    "description",
    "message",
    "memo",
    "feedback",
    "details",
    "summary",
    "body",
    "transcript",
    "notiz",
    "notizen",
    "bemerkung",
    "bemerkungen",
    "kommentar",
    "kommentare",
    "beschreibung",
    "nachricht",
    "notas",
    "comentario",
    "comentarios",
    "observaciones",
    "commentaire",
];
/// Words in the names of columns whose long texts are labels all the same.
const LABELLED: [&str; 9] = [
    "stage", "status", "phase", "reason", "source", "type", "channel", "campaign", "company",
];
/// As many words as no label has.
const MOST_LABEL_WORDS: usize = 8;

/// Whether somebody wrote what it holds, however often the same text comes: then it may be about a
/// person. Told by the name, by a sentence, or by digits that look like a number to call.
fn is_prose(name: &str, filled: &Filled, words: &[(String, u64)]) -> bool {
    let name = name.to_lowercase();
    let mut parts = name.split(|c: char| !c.is_alphabetic());
    if parts.clone().any(|part| NOTES.contains(&part)) {
        return true;
    }
    if words.is_empty() || parts.any(|part| LABELLED.contains(&part)) {
        return false;
    }
    let count = |text: &str| text.split_whitespace().count();
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    let is_long =
        |text: &str| count(text) >= MOST_LABEL_WORDS || count(text) > 2 && digits(text) > 5;
    let all: usize = words.iter().map(|(text, _)| count(text)).sum();
    let is_rare = filled.given < 20 && words.len() as u64 * 2 > filled.given;
    words.iter().any(|(text, _)| is_long(text)) || is_rare && all >= words.len() * 3
}

/// What a column of words is: nothing, keys, a category, or free text.
fn of_words(filled: &Filled, words: &[(String, u64)], examples: &[String]) -> Kind {
    if filled.given == 0 {
        return Kind::Empty;
    }
    let longest = words.iter().map(|(word, _)| word.len()).max().unwrap_or(0);
    let is_few =
        !words.is_empty() && (words.len() as u64 * 5 <= filled.given * 4 || words.len() <= 12);
    let has_codes = examples.iter().any(|text| is_code(text));
    let is_all_different = filled.distinct * 10 >= filled.given * 9;
    if has_codes && (is_all_different || !is_few) && examples.iter().all(|text| !text.contains(' '))
    {
        Kind::Id
    } else if is_few && longest <= EXAMPLE_BYTES {
        Kind::Category
    } else {
        Kind::Text
    }
}

/// A text that was made by a machine: no space, and digits in it or very long.
fn is_code(text: &str) -> bool {
    let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
    !text.contains(' ') && text.len() >= 3 && (has_digit || text.len() >= 20)
}

fn evidence(kind: &Kind, filled: &Filled, misfits: u64, is_midnight: bool) -> String {
    let fits = filled.given - misfits.min(filled.given);
    let of = format!("{fits} of {}", filled.given);
    match kind {
        Kind::Empty => "nothing is given in any row".to_owned(),
        Kind::Day(format) if is_midnight => {
            format!("{of} read as {format}, all at midnight: a day that was exported as a time")
        }
        Kind::Day(format) => format!("{of} read as {format}"),
        Kind::Time { format, has_offset } => {
            let offset = if *has_offset {
                "with an offset"
            } else {
                "without an offset"
            };
            format!("{of} read as {format}, {offset}")
        }
        Kind::Decimal(mark) | Kind::Money { mark, .. } => {
            let mark = match mark {
                DecimalMark::Point => '.',
                DecimalMark::Comma => ',',
            };
            format!("{of} read with decimal mark `{mark}`")
        }
        Kind::Id => format!(
            "{} different texts in {} rows",
            filled.distinct, filled.given
        ),
        Kind::Category => format!("{} different words", filled.distinct),
        Kind::Text => "free text".to_owned(),
        other => format!("{of} read as {}", other.word()),
    }
}
