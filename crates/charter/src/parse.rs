//! The texts of a charter folder to a draft: every value typed and located, nothing judged across
//! files yet. Read on in `check`.

pub(crate) mod attribution;
mod brand;
pub(crate) mod handoffs;
mod identity;
pub(crate) mod metrics;
pub(crate) mod money;
mod rights;
mod stages;
mod vision;

use std::ops::Range;

use handfast_model::rights::Right;
use handfast_model::rules::{
    Brand, DeclaredAttribute, Expr, Precedence, Side, StepRole, Subject, Term, ValueKind,
};
use handfast_model::time::{MonthScheme, Weekday, YearEnd, YearName};
use handfast_model::{IdentityRules, Refusal};

use crate::expression::{self, About, Scope, UNDECLARED};
use crate::fields::{
    Fields, Key, MISSING, OUT_OF_RANGE, UNKNOWN_KEY, document, key, within, wrong_type,
};
use crate::place::{Desk, Located, Span};
use crate::words::{either, nearest, shown, stem};

/// The files of a charter, in the order in which people read them.
pub(crate) const FILES: [&str; 15] = [
    vision::FILE,
    "calendar.toml",
    "money.toml",
    "teams.toml",
    "lexicon.toml",
    "attributes.toml",
    "stages.toml",
    "handoffs.toml",
    "channels.toml",
    "icp.toml",
    "identity.toml",
    "attribution.toml",
    "brand.toml",
    "rights.toml",
    "metrics.toml",
];

/// A charter as written.
#[derive(Default)]
pub(crate) struct Draft {
    pub(crate) name: Option<String>,
    pub(crate) zone: Option<Located<String>>,
    pub(crate) year_starts: Option<i8>,
    pub(crate) months: Option<MonthScheme>,
    pub(crate) year_ends: Option<Located<YearEnd>>,
    pub(crate) year_named: Option<Located<YearName>>,
    pub(crate) week_starts: Option<Weekday>,
    pub(crate) currency: Option<Located<String>>,
    pub(crate) pricing: money::PricingDraft,
    pub(crate) terms: Vec<Term>,
    pub(crate) teams: Vec<(Located<String>, Side)>,
    pub(crate) attributes: Vec<DeclaredAttribute>,
    pub(crate) opening: Option<OpeningDraft>,
    pub(crate) dormant: Option<DormantDraft>,
    pub(crate) stages: Vec<StageDraft>,
    pub(crate) stages_file: Option<usize>,
    pub(crate) channels: Vec<NamedRule>,
    pub(crate) segments: Vec<NamedRule>,
    pub(crate) identity: IdentityRules,
    pub(crate) attribution: attribution::AttributionDraft,
    pub(crate) rights: Vec<(Span, Right)>,
    pub(crate) metrics: Vec<metrics::OwnMetric>,
    pub(crate) closes: Vec<Located<String>>,
    pub(crate) hours: handoffs::HoursDraft,
    pub(crate) handoffs: Vec<handoffs::HandoffDraft>,
    pub(crate) brand: Brand,
    pub(crate) vision: Option<String>,
}

/// What opens a pursuit, as written.
pub(crate) struct OpeningDraft {
    pub(crate) by_lead: bool,
    /// A deal always opens one; said for the reader.
    pub(crate) by_deal: Option<Located<bool>>,
    pub(crate) touch_kinds: Vec<Located<String>>,
}

/// When silence ends a pursuit, as written.
pub(crate) struct DormantDraft {
    pub(crate) span: Span,
    pub(crate) after_days: Option<u32>,
    pub(crate) two_way: Vec<Located<String>>,
    pub(crate) is_two_way_given: bool,
}

/// A stage as written.
pub(crate) struct StageDraft {
    pub(crate) span: Span,
    pub(crate) id: Option<Located<String>>,
    pub(crate) name: Option<String>,
    pub(crate) role: Option<StepRole>,
    pub(crate) owner: Option<Located<String>>,
    pub(crate) kind: Option<Located<StageWord>>,
    pub(crate) max_days: Option<Located<i64>>,
    pub(crate) marks: Vec<Located<String>>,
    pub(crate) enters_when: Option<Rule>,
    pub(crate) exits_when: Option<Rule>,
    pub(crate) wins: Option<Located<Precedence>>,
    pub(crate) probability: Option<u32>,
    pub(crate) implied: Option<Located<bool>>,
    pub(crate) opens: Option<Located<bool>>,
    pub(crate) means: String,
    /// Whether every key of it could be read.
    pub(crate) is_readable: bool,
}

impl StageDraft {
    /// Where a message about the stage points: at its id, else at its beginning.
    pub(crate) fn place(&self) -> Span {
        self.id.as_ref().map_or(self.span, |id| id.span)
    }
}

/// The word under `type`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum StageWord {
    Inventory,
    Gate,
    ServiceLevel,
}

/// A rule as written; `expr` is `None` when it was refused.
pub(crate) struct Rule {
    pub(crate) span: Span,
    pub(crate) expr: Option<Expr>,
}

/// A channel or segment as written.
pub(crate) struct NamedRule {
    pub(crate) id: Option<Located<String>>,
    pub(crate) when: Option<Rule>,
}

/// Reads all files. Attributes come first, because rules name them.
pub(crate) fn draft(desk: &mut Desk<'_>) -> Draft {
    let mut draft = Draft::default();
    let files: Vec<Option<usize>> = FILES.iter().map(|name| find(desk, name)).collect();
    refuse_unknown_files(desk);
    let file_of = |name: &str| {
        let at = FILES.iter().position(|known| *known == name)?;
        files.get(at).copied().flatten()
    };
    let complaints = desk.refusals.len();
    read(desk, file_of("attributes.toml"), &mut draft, attributes);
    let is_complete = desk.refusals.len() == complaints;
    let attributes = std::mem::take(&mut draft.attributes);
    let rules = Rules {
        attributes: &attributes,
        is_complete,
    };
    read(desk, file_of("calendar.toml"), &mut draft, calendar);
    read(desk, file_of("money.toml"), &mut draft, money::money);
    read(desk, file_of("teams.toml"), &mut draft, teams);
    read(desk, file_of("lexicon.toml"), &mut draft, lexicon);
    draft.stages_file = file_of("stages.toml");
    read(desk, draft.stages_file, &mut draft, |desk, top, draft| {
        stages::stages(desk, top, draft, &rules);
    });
    read(
        desk,
        file_of("channels.toml"),
        &mut draft,
        |desk, top, draft| {
            draft.channels = named_rules(desk, top, &CHANNEL, &rules);
        },
    );
    read(desk, file_of("icp.toml"), &mut draft, |desk, top, draft| {
        draft.segments = named_rules(desk, top, &SEGMENT, &rules);
    });
    read(
        desk,
        file_of("identity.toml"),
        &mut draft,
        identity::identity,
    );
    read(
        desk,
        file_of("attribution.toml"),
        &mut draft,
        |desk, top, draft| attribution::attribution(desk, top, draft, &rules),
    );
    draft.vision = vision::vision(desk, file_of(vision::FILE));
    read(desk, file_of("rights.toml"), &mut draft, rights::rights);
    let [own, promised, brand] = ["metrics.toml", "handoffs.toml", "brand.toml"].map(file_of);
    read(desk, brand, &mut draft, |desk, top, draft| {
        brand::brand(desk, top, draft, &rules);
    });
    read(desk, own, &mut draft, |desk, top, draft| {
        (draft.metrics, draft.closes) = metrics::metrics(desk, top, &rules);
    });
    read(desk, promised, &mut draft, handoffs::handoffs);
    draft.attributes = attributes;
    draft
}

/// The file of this name; two of one name are refused.
fn find(desk: &mut Desk<'_>, name: &str) -> Option<usize> {
    let named: Vec<usize> = (0..desk.files.len())
        .filter(|at| desk.files.get(*at).is_some_and(|file| file.name() == name))
        .collect();
    if let [_, second, ..] = named.as_slice()
        && let Some(file) = desk.files.get(*second)
    {
        let refusal = Refusal::new(UNKNOWN_KEY, format!("a second file `{name}`"))
            .matters("one of the two would be read and the other not")
            .fix("keep one of them");
        desk.refuse_file(&file.path, refusal);
    }
    named.first().copied()
}

fn refuse_unknown_files(desk: &mut Desk<'_>) {
    for file in desk.files {
        let name = file.name();
        if !name.ends_with(".toml") || FILES.contains(&name) {
            continue;
        }
        let meant = nearest(stem(name), FILES.iter().map(|known| stem(known)));
        let meant = FILES.iter().find(|known| Some(stem(known)) == meant);
        let fix = match meant {
            Some(meant) => format!("rename it to {meant}"),
            None => format!("take it out; a charter has {}", either(FILES)),
        };
        let refusal = Refusal::new(UNKNOWN_KEY, format!("`{name}` is not a file of a charter"))
            .matters("its definitions would count for nothing, and nobody would notice")
            .fix(fix);
        desk.refuse_file(&file.path, refusal);
    }
}

/// Reads one file, if it is there and is TOML.
fn read(
    desk: &mut Desk<'_>,
    file: Option<usize>,
    draft: &mut Draft,
    read: impl FnOnce(&mut Desk<'_>, Fields<'_>, &mut Draft),
) {
    let Some(file) = file else { return };
    let what = FILES
        .into_iter()
        .find(|name| desk.files.get(file).is_some_and(|f| f.name() == *name));
    if let Some(document) = document(desk, file) {
        read(
            desk,
            Fields::of_document(&document, file, what.unwrap_or("this file")),
            draft,
        );
    }
}

const NAME: Key = key("name", "\"Olist\"", "reports carry it");
const ZONE: Key = key(
    "zone",
    "\"America/Sao_Paulo\"",
    "every day, month and quarter is cut in this zone",
);
const YEAR_STARTS: Key = key(
    "year_starts",
    "1",
    "fiscal years and quarters start in this month",
);
const MONTHS: Key = key(
    "months",
    "\"calendar\"",
    "every monthly figure is cut by it",
);
const YEAR_ENDS: Key = key(
    "year_ends",
    "\"nearest\"",
    "it says which week is the last of a year of whole weeks",
);
const YEARS_NAMED_BY: Key = key(
    "years_named_by",
    "\"end\"",
    "every fiscal year, quarter and month is labelled by it",
);
const WEEK_STARTS: Key = key(
    "week_starts",
    "\"monday\"",
    "every weekly figure is cut by it",
);
const CURRENCY: Key = key(
    "currency",
    "\"EUR\"",
    "amounts are reported in it where it is asked for",
);

fn calendar(desk: &mut Desk<'_>, mut top: Fields<'_>, draft: &mut Draft) {
    draft.name = top.text(desk, &NAME).map(|name| name.value);
    draft.zone = top.text(desk, &ZONE);
    top.need(desk, &ZONE);
    let month = top.whole(desk, &YEAR_STARTS, 1..=12);
    draft.year_starts = month.and_then(|month| i8::try_from(month.value).ok());
    let schemes = MonthScheme::ALL.map(|scheme| (scheme.word(), scheme));
    draft.months = top.word(desk, &MONTHS, &schemes).map(|word| word.value);
    draft.year_ends = top.word(desk, &YEAR_ENDS, &YearEnd::WORDS);
    draft.year_named = top.word(desk, &YEARS_NAMED_BY, &YearName::WORDS);
    draft.week_starts = top.word(desk, &WEEK_STARTS, &WEEKDAYS).map(|day| day.value);
    draft.currency = top.text(desk, &CURRENCY);
    handoffs::hours(desk, &mut top, draft);
    top.finish(desk);
}

/// The days of the week, as charters name them.
pub(crate) const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

const TEAM: Key = key(
    "team",
    "[team.sales]\nside = \"sales\"",
    "no team is declared",
);
const SIDE: Key = key(
    "side",
    "\"sales\"",
    "every view that splits marketing from sales needs to know where the team stands",
);

fn teams(desk: &mut Desk<'_>, mut top: Fields<'_>, draft: &mut Draft) {
    if let Some(teams) = top.table(desk, &TEAM, "a team") {
        for (id, item) in teams.names() {
            let Some(mut team) = teams.named(item, id.span, "a team") else {
                let refusal = wrong_type(&TEAM, "a table, [team.sales]", item);
                desk.refuse(id.span, refusal);
                continue;
            };
            let sides = Side::ALL.map(|side| (side.word(), side));
            let side = team.word(desk, &SIDE, &sides);
            team.need(desk, &SIDE);
            team.finish(desk);
            // A team whose side is wrong is still a team that a stage may name.
            let side = side.map_or(Side::Sales, |side| side.value);
            draft.teams.push((id, side));
        }
    }
    top.finish(desk);
}

const TERMS: Key = key(
    "terms",
    "[terms]\nlead = \"Somebody who asked us something.\"",
    "the lexicon stays empty",
);

fn lexicon(desk: &mut Desk<'_>, mut top: Fields<'_>, draft: &mut Draft) {
    if let Some(terms) = top.table(desk, &TERMS, "[terms]") {
        for (word, item) in terms.names() {
            match item.as_str() {
                Some(meaning) => draft.terms.push(Term {
                    word: word.value,
                    meaning: meaning.trim().to_owned(),
                }),
                None => {
                    let key = key(
                        "a term",
                        "\"What it means here.\"",
                        "the word has no meaning",
                    );
                    let fix = format!("{} = \"What it means here.\"", shown(&word.value));
                    desk.refuse(word.span, wrong_type(&key, "a text", item).fix(fix));
                }
            }
        }
    }
    top.finish(desk);
}

const SUBJECTS: [(Subject, Key); 4] = [
    (
        Subject::Person,
        key("person", "[person]\norigin = \"text\"", ATTRIBUTES_MATTER),
    ),
    (
        Subject::Account,
        key(
            "account",
            "[account]\nemployees = \"number\"",
            ATTRIBUTES_MATTER,
        ),
    ),
    (
        Subject::Deal,
        key("deal", "[deal]\nproduct = \"text\"", ATTRIBUTES_MATTER),
    ),
    (
        Subject::Touch,
        key("touch", "[touch]\nmedium = \"text\"", ATTRIBUTES_MATTER),
    ),
];
const ATTRIBUTES_MATTER: &str = "rules and questions may name only what is declared here";

fn attributes(desk: &mut Desk<'_>, mut top: Fields<'_>, draft: &mut Draft) {
    for (subject, key) in SUBJECTS {
        let Some(table) = top.table(desk, &key, "a list of attributes") else {
            continue;
        };
        for (name, item) in table.names() {
            if let Some(attribute) = attribute(desk, subject, &name, item) {
                draft.attributes.push(attribute);
            }
        }
    }
    top.finish(desk);
}

fn attribute(
    desk: &mut Desk<'_>,
    subject: Subject,
    name: &Located<String>,
    item: &toml_edit::Item,
) -> Option<DeclaredAttribute> {
    let known = || ValueKind::ALL.into_iter().map(ValueKind::word);
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let starts_well = !name.value.starts_with(|c: char| c.is_ascii_digit());
    if name.value.is_empty() || !name.value.chars().all(is_name) || !starts_well {
        let title = format!("`{}` cannot be an attribute's name", shown(&name.value));
        let refusal = Refusal::new(OUT_OF_RANGE, title)
            .matters("no rule could name it: names have letters, digits and _")
            .fix(format!("{} = \"text\"", plain_name(&name.value)));
        desk.refuse(name.span, refusal);
        return None;
    }
    let word = item.as_str().unwrap_or("");
    if let Some(kind) = ValueKind::parse(word) {
        let name = name.value.clone();
        return Some(DeclaredAttribute {
            subject,
            name,
            kind,
        });
    }
    let title = match item.as_str() {
        Some(word) => format!("`{}` is not a type: it is {}", shown(word), either(known())),
        None => format!("an attribute's type is a text: {}", either(known())),
    };
    let synonym = match word {
        "string" | "str" | "varchar" => Some("text"),
        "int" | "integer" | "float" | "decimal" | "numeric" => Some("number"),
        "boolean" | "flag" => Some("bool"),
        "date" | "datetime" | "timestamp" | "day" => Some("time"),
        "currency" | "amount" => Some("money"),
        _ => None,
    };
    let meant = synonym.or_else(|| nearest(word, known())).unwrap_or("text");
    let refusal = Refusal::new(OUT_OF_RANGE, title)
        .matters(ATTRIBUTES_MATTER)
        .fix(format!("{} = \"{meant}\"", name.value));
    let span = item.span().map(|range| Span::new(name.span.file, range));
    desk.refuse(span.unwrap_or(name.span), refusal);
    None
}

/// A name as near to the one written as names may be.
fn plain_name(written: &str) -> String {
    let lower = written.trim().to_lowercase();
    let plain: String = lower
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '_' })
        .take(64)
        .collect();
    match plain.trim_matches('_') {
        "" => "lead_score".to_owned(),
        plain if plain.starts_with(|c: char| c.is_ascii_digit()) => format!("a_{plain}"),
        plain => plain.to_owned(),
    }
}

/// Rules that give a name: channels and segments.
struct NamedRules {
    list: Key,
    what: &'static str,
    id: Key,
    when: Key,
    about: About,
}

const CHANNEL: NamedRules = NamedRules {
    list: key(
        "channel",
        "[[channel]]\nid = \"paid_search\"\nwhen = \"touch.medium = 'cpc'\"",
        "touches have no channel",
    ),
    what: "a channel",
    id: key(
        "id",
        "\"paid_search\"",
        "questions and reports name it by this",
    ),
    when: key(
        "when",
        "\"touch.medium = 'cpc'\"",
        "without it no touch is in this channel",
    ),
    about: About::Touch,
};
const SEGMENT: NamedRules = NamedRules {
    list: key(
        "segment",
        "[[segment]]\nid = \"enterprise\"\nwhen = \"account.employees >= 1000\"",
        "pursuits have no segment",
    ),
    what: "a segment",
    id: key(
        "id",
        "\"enterprise\"",
        "questions and reports name it by this",
    ),
    when: key(
        "when",
        "\"account.employees >= 1000\"",
        "without it no pursuit is in this segment",
    ),
    about: About::Pursuit,
};

fn named_rules(
    desk: &mut Desk<'_>,
    mut top: Fields<'_>,
    shape: &NamedRules,
    rules: &Rules<'_>,
) -> Vec<NamedRule> {
    let mut named = Vec::new();
    for mut table in top.tables(desk, &shape.list, shape.what) {
        let id = table.text(desk, &shape.id);
        table.need(desk, &shape.id);
        let when = table.text(desk, &shape.when);
        table.need(desk, &shape.when);
        let when = when.map(|text| rules.read(desk, &text, shape.about, shape.when.matters));
        table.finish(desk);
        named.push(NamedRule { id, when });
    }
    top.finish(desk);
    named
}

/// What rules may name, and whether the list of it was read without complaint.
struct Rules<'a> {
    attributes: &'a [DeclaredAttribute],
    is_complete: bool,
}

impl Rules<'_> {
    fn read(&self, desk: &mut Desk<'_>, text: &Located<String>, about: About, costs: &str) -> Rule {
        let span = text.span;
        let attributes = self.attributes;
        let problems = match expression::rule(&text.value, Scope { attributes, about }) {
            Ok(expr) => {
                let expr = Some(expr);
                return Rule { span, expr };
            }
            Err(problems) => problems,
        };
        for problem in problems {
            // Attributes that could not be read would be missed by every rule that names them.
            if problem.code == UNDECLARED && !self.is_complete {
                continue;
            }
            let place = place_in(desk, text, &problem.span);
            desk.refuse(place, problem.refusal(costs));
        }
        Rule { span, expr: None }
    }
}

/// Where bytes of a text value stand in its file.
fn place_in(desk: &Desk<'_>, text: &Located<String>, bytes: &Range<usize>) -> Span {
    let (span, written) = (text.span, desk.text(text.span));
    let [start, end] =
        [bytes.start, bytes.end].map(|at| span.start + within(written, &text.value, at));
    Span::new(span.file, start..end.max(start + 1))
}

/// A value that must be there in a file that is missing altogether.
pub(crate) fn missing_file(name: &str, matters: &str, fix: &str) -> Refusal {
    Refusal::new(MISSING, format!("there is no `{name}`"))
        .matters(matters)
        .fix(fix)
}
