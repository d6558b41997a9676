//! The SELECTs of a proposed pack, as text with a reason beside each choice.

mod deals;
mod leads;
mod lines;
mod spend;
mod touches;

use handfast_connect::sniff::{Column, Kind};
use handfast_model::parse::DecimalMark;

use self::lines::Lines;
pub use self::lines::Says;
use crate::attribute::attribute_name;
use crate::currency::{codes_beside, decide};
use crate::lookups::LookUp;
use crate::names::{Role, plain};
use crate::outcome::{Outcome, trimmed};
use crate::understand::{Rows, Understood, says_stage};
use crate::units::{self, Unit};

/// Attributes that one SELECT carries at most; more stay in the record.
const MOST_ATTRIBUTES: usize = 60;

/// The parts that may say which stage was entered, the likeliest first.
pub(crate) const LABELS: [Role; 4] = [Role::NewValue, Role::Stage, Role::Touch, Role::Page];

/// Why facts are undated.
const UNDATED: &str = "no column says when: these facts are undated, and count in no period";

/// A SELECT of a proposed pack.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Drafted {
    /// The kind of fact.
    pub kind: &'static str,
    /// What the file is called, without folder.
    pub file: String,
    /// The SELECT.
    pub sql: String,
    /// What its columns hold.
    pub says: Vec<(String, Says)>,
}

/// What the SELECTs of a stream are written from.
pub struct Brief<'a> {
    /// The stream's name.
    pub stream: &'a str,
    /// The file as it is understood.
    pub understood: &'a Understood<'a>,
    /// Columns that stay in clear; `None` for a stream without people.
    pub safe: Option<&'a [String]>,
    /// The columns that name a row.
    pub key: &'a [String],
    /// The currency of the source, for amounts that name none.
    pub currency: Option<&'a str>,
    /// The currency that the person said.
    pub said: Option<&'a str>,
    /// The unit of money spent that the person said.
    pub unit: Option<Unit>,
    /// Which words mean won and lost.
    pub outcome: &'a Outcome,
    /// The tables that its rows are looked up in, each with what it lends: an expression and the
    /// name of an attribute.
    pub(crate) lookups: &'a [(LookUp, Vec<(String, String)>)],
}

/// All SELECTs of a stream, in the order in which they stand in the manifest.
pub fn selects(brief: &Brief<'_>) -> Vec<Drafted> {
    match brief.understood.rows {
        Rows::Lead => brief.leads(),
        Rows::Deal => brief.deals(),
        Rows::Account => vec![brief.state("account", Role::Account)],
        Rows::Rep => vec![brief.state("rep", Role::Owner)],
        Rows::Campaign => vec![brief.state("campaign", Role::Campaign)],
        Rows::Touch => vec![brief.touches()],
        Rows::History => {
            let more = [brief.handed(), brief.verdicts()];
            let more = more.into_iter().flatten();
            std::iter::once(brief.steps()).chain(more).collect()
        }
        Rows::Spend => vec![brief.spend()],
        Rows::Link => vec![brief.link()],
        Rows::Reference => Vec::new(),
    }
}

/// A column as SQL names it.
pub fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text as SQL writes it.
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The day or time in a column; `None` for a column that says no time.
pub fn when(column: &Column) -> Option<String> {
    let name = quoted(&column.name);
    match &column.kind {
        Kind::Day(format) => Some(format!("as_date({name}, {})", literal(format))),
        Kind::Time { format, .. } => Some(format!("as_time({name}, {})", literal(format))),
        Kind::EpochSeconds => Some(format!("as_time({name}, '%s')")),
        Kind::EpochMillis => Some(format!("as_time(left({name}, 10), '%s')")),
        _ if is_of_months(column) => Some(format!("as_date({name} || '-01', 'iso')")),
        _ => None,
    }
}

/// Whether a column holds months, `2025-03`: each is read as its first day.
pub(crate) fn is_of_months(column: &Column) -> bool {
    let number = |text: &str| -> Option<u32> {
        let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|_| is_digits)
    };
    let is_month = |text: &str| {
        let parts = text.split_once('-');
        let parts = parts.filter(|(year, month)| (year.len(), month.len()) == (4, 2));
        let parts = parts.and_then(|(year, month)| Some((number(year)?, number(month)?)));
        parts.is_some_and(|(year, month)| (1900..2200).contains(&year) && (1..=12).contains(&month))
    };
    let words: Vec<&String> = match column.words.is_empty() {
        true => column.examples.iter().collect(),
        false => column.words.iter().map(|(word, _)| word).collect(),
    };
    let is_of_words = matches!(column.kind, Kind::Category | Kind::Id);
    is_of_words && !words.is_empty() && words.into_iter().all(|word| is_month(word.trim()))
}

impl Brief<'_> {
    fn part(&self, role: Role) -> Option<&Column> {
        self.understood.part(role)
    }

    fn is_safe(&self, column: &str) -> bool {
        self.safe
            .is_none_or(|safe| safe.iter().any(|name| name == column))
    }

    /// A SELECT of these lines.
    fn drafted(
        &self,
        kind: &'static str,
        step: &str,
        lines: &Lines,
        (about, filter): (&str, Option<&str>),
    ) -> Drafted {
        let step = if step.is_empty() {
            String::new()
        } else {
            format!(".{step}")
        };
        Drafted {
            kind,
            file: format!("{}{step}.{kind}.sql", self.stream),
            sql: lines.sql(about, self.stream, filter),
            says: lines.says(),
        }
    }

    /// `happened` from the first of these parts that says when.
    fn happened(&self, lines: &mut Lines, roles: &[Role]) {
        let found = roles
            .iter()
            .filter_map(|role| Some((role, self.part(*role)?)));
        let found = found
            .filter_map(|(role, column)| Some((role, column, when(column)?)))
            .next();
        match found {
            Some((role, column, expression)) => {
                let told = match is_of_months(column) {
                    true => "a month, from its first day on",
                    false => &column.evidence,
                };
                lines.add(expression, "happened", format!("{}: {told}", role.word()));
            }
            None => lines.add("NULL", "happened", self.undated()),
        }
    }

    /// Why facts are undated, and which columns may say otherwise. Companies, sellers and campaigns
    /// hold at every moment.
    fn undated(&self) -> String {
        let is_state = matches!(
            self.understood.rows,
            Rows::Account | Rows::Rep | Rows::Campaign
        );
        let left: Vec<String> = self
            .understood
            .days_left()
            .map(|c| quoted(&c.name))
            .collect();
        match is_state || left.is_empty() {
            true => UNDATED.to_owned(),
            false => format!("CHECK: {UNDATED}; is it {}?", left.join(" or ")),
        }
    }

    /// A part as a key or text under this name.
    fn key(&self, lines: &mut Lines, role: Role, name: &str) {
        let Some(column) = self.part(role) else {
            return;
        };
        let is_hidden = matches!(name, "person" | "email");
        if is_hidden || self.is_safe(&column.name) {
            lines.add(quoted(&column.name), name, role.word());
        }
    }

    /// The person, by key or by address.
    fn person(&self, lines: &mut Lines) {
        let Some(column) = self.understood.first_of(&[Role::Person, Role::Email]) else {
            return;
        };
        lines.add(
            quoted(&column.name),
            "person",
            "names the person; kept as a keyed hash only",
        );
        self.key(lines, Role::Email, "email");
    }

    /// Everything else that stays in clear, under its own name.
    fn attributes(&self, lines: &mut Lines, used: &[Role]) {
        let used: Vec<&str> = used
            .iter()
            .filter_map(|role| self.part(*role))
            .map(|c| c.name.as_str())
            .collect();
        let mut left = MOST_ATTRIBUTES;
        for column in &self.understood.found.columns {
            let is_own = used.contains(&column.name.as_str())
                || column.name.starts_with("_fivetran")
                || lines.shows(&quoted(&column.name));
            let is_said = column.kind != Kind::Empty && self.is_safe(&column.name);
            let is_key_alone =
                self.key == [column.name.clone()] && self.understood.rows == Rows::Touch;
            if is_own || !is_said || is_key_alone || left == 0 {
                continue;
            }
            let mut name = attribute_name(&column.name);
            if lines.has(&name) {
                name.push_str("_given");
            }
            if name.is_empty() || lines.has(&name) {
                continue;
            }
            lines.add(self.value(column), &name, "");
            left -= 1;
        }
        let columns = || self.understood.found.columns.iter().map(|c| c.name.clone());
        for (table, lent) in self.lookups {
            lines.look_up(columns().collect(), table, lent);
        }
    }

    /// What a table lends to those that are looked up in it.
    pub(crate) fn lends(&self, table: &LookUp) -> Vec<(String, String)> {
        let lent = table
            .lends
            .iter()
            .filter_map(|name| self.understood.found.column(name));
        let lent = lent.map(|column| {
            let name = attribute_name(&column.name);
            let is_told = name.starts_with(&table.thing);
            let name = if is_told {
                name
            } else {
                format!("{}_{name}", table.thing)
            };
            (self.value(column), name)
        });
        lent.collect()
    }

    /// A column's value, read as what it holds where every row could be read so.
    fn value(&self, column: &Column) -> String {
        let name = quoted(&column.name);
        if column.misfits > 0 || column.doubt.is_some() {
            return name;
        }
        match &column.kind {
            Kind::Int => format!("as_int({name})"),
            Kind::Decimal(DecimalMark::Point) => format!("as_decimal({name})"),
            Kind::Decimal(DecimalMark::Comma) => format!("as_decimal({name}, ',')"),
            Kind::Money { .. } => self.money(column),
            Kind::Bool => format!("as_bool({name})"),
            kind if kind.is_dated() => when(column).unwrap_or(name),
            _ => name,
        }
    }

    /// An amount in its currency: the row's own, else what its name or sign says, else what was
    /// said, else the source's.
    pub fn money(&self, column: &Column) -> String {
        let name = quoted(&column.name);
        let own = codes_beside(self.understood, column).filter(|code| self.is_safe(&code.name));
        let decided = decide(column, self.said).map(|decided| decided.code);
        let code = match (own, decided.as_deref().or(self.currency)) {
            (Some(own), Some(code)) if own.filled.given < own.filled.rows => {
                format!("coalesce({}, {})", quoted(&own.name), literal(code))
            }
            (Some(own), _) => quoted(&own.name),
            (None, Some(code)) => literal(code),
            // Without a currency a number is all it can be.
            (None, None) => return self.number(column),
        };
        if units::told(self.understood, column, self.unit).unit == Unit::Micros {
            return format!("as_micros({name}, {code})");
        }
        match mark_of(column) {
            DecimalMark::Point => format!("as_money({name}, {code})"),
            DecimalMark::Comma => format!("as_money({name}, {code}, ',')"),
        }
    }

    /// Why an amount is read as it is.
    fn amount_why(&self, what: &str, column: &Column) -> String {
        let told = units::told(self.understood, column, self.unit);
        let parts = [format!("{what}: {}", column.evidence), told.why];
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join("; ")
    }

    fn number(&self, column: &Column) -> String {
        let name = quoted(&column.name);
        match mark_of(column) {
            DecimalMark::Point => format!("as_decimal({name})"),
            DecimalMark::Comma => format!("as_decimal({name}, ',')"),
        }
    }

    /// A mark per column that dates a stage.
    fn stage_dates(&self, subject: &'static str) -> Vec<Drafted> {
        let mut drafted: Vec<Drafted> = Vec::new();
        for column in &self.understood.found.columns {
            let stage =
                crate::names::stage_of_date(&column.name).filter(|_| self.is_safe(&column.name));
            let (Some(stage), Some(expression)) = (stage, when(column)) else {
                continue;
            };
            let mut lines = Lines::new();
            lines.add(expression, "happened", column.evidence.clone());
            self.subject(&mut lines, subject);
            lines.add(
                literal(&stage),
                "stage",
                format!("the column's name: {}", column.name),
            );
            let filter = format!("is_given({})", quoted(&column.name));
            let about = "The row says on which day this stage was entered.";
            let step = attribute_name(&stage);
            let one = self.drafted("mark", &step, &lines, (about, Some(&filter)));
            if !drafted.iter().any(|known| known.file == one.file) {
                drafted.push(one);
            }
        }
        drafted
    }

    fn subject(&self, lines: &mut Lines, subject: &'static str) {
        let person = self.understood.first_of(&[Role::Person, Role::Email]);
        match (subject, person) {
            ("deal", _) => self.key(lines, Role::Deal, "deal"),
            (_, Some(person)) => lines.add(quoted(&person.name), "person", "names the person"),
            (_, None) => {}
        }
        lines.add(literal(subject), "subject", "");
    }

    /// One row is one company, seller or campaign.
    fn state(&self, kind: &'static str, subject: Role) -> Drafted {
        let mut lines = Lines::new();
        self.happened(&mut lines, &[Role::Created]);
        let name = if kind == "rep" { "rep" } else { kind };
        self.key(&mut lines, subject, name);
        let parts: &[(Role, &str)] = match kind {
            "rep" => &[(Role::Team, "team"), (Role::Superior, "manager")],
            "campaign" => &[
                (Role::Parent, "parent"),
                (Role::Channel, "channel"),
                (Role::Vendor, "vendor"),
            ],
            _ => &[],
        };
        for (role, name) in parts {
            self.key(&mut lines, *role, name);
        }
        if let Some(title) = self.title().filter(|_| kind == "campaign") {
            lines.add(quoted(&title.name), "name", "what it is called");
        }
        let mut used = vec![subject, Role::Created, Role::Modified];
        used.extend(parts.iter().map(|(role, _)| *role));
        self.attributes(&mut lines, &used);
        let about = match lines.is_undated() {
            true => "The file does not say since when, so these facts hold at every moment.",
            false => "One row is one of them, from the day it was created on.",
        };
        self.drafted(kind, "", &lines, (about, None))
    }

    /// The column that says what a campaign with a key of its own is called.
    fn title(&self) -> Option<&Column> {
        const NAMES: [&str; 8] = [
            "name",
            "campaign name",
            "title",
            "titel",
            "kampagnenname",
            "nombre",
            "nome",
            "nom",
        ];
        let key = self.part(Role::Campaign)?;
        let mut columns = self.understood.found.columns.iter();
        columns.find(|column| {
            let is_called = NAMES.contains(&plain(&column.name).as_str());
            is_called && column.name != key.name && self.is_safe(&column.name)
        })
    }

    fn steps(&self) -> Drafted {
        let mut lines = Lines::new();
        self.happened(&mut lines, &[Role::Created, Role::Moment]);
        let subject = if self.part(Role::Deal).is_some() {
            "deal"
        } else {
            "person"
        };
        self.subject(&mut lines, subject);
        if let Some(label) = self.understood.first_of(&LABELS) {
            let why = match self.part(Role::NewValue).or(self.part(Role::Stage)) {
                Some(_) => "the stage that was entered",
                None => "CHECK: no column is called a stage; this one says what was done",
            };
            lines.add(trimmed(&label.name), "stage", why);
        }
        let about = "One row is one step into a stage.";
        self.drafted("mark", "", &lines, (about, self.of_stages().as_deref()))
    }

    /// That a change is one of a stage, where a column says what changed.
    fn of_stages(&self) -> Option<String> {
        let field = self.part(Role::Field)?;
        let words = field.words.iter().filter(|(word, _)| says_stage(word));
        let words: Vec<String> = words.map(|(word, _)| literal(word)).collect();
        let is_told = !words.is_empty();
        is_told.then(|| format!("{} IN ({})", quoted(&field.name), words.join(", ")))
    }

    fn link(&self) -> Drafted {
        let mut lines = Lines::new();
        self.happened(&mut lines, &[Role::Created, Role::Moment]);
        self.person(&mut lines);
        match self.part(Role::Deal) {
            Some(_) => self.key(&mut lines, Role::Deal, "deal"),
            None => self.key(&mut lines, Role::Account, "account"),
        }
        let about = "Who belongs to what.";
        self.drafted("link", "", &lines, (about, None))
    }
}

/// What a deal is called that has just begun.
pub const FIRST_OF_DEALS: &str = "Opportunity";

/// What the people of a file are at first, as the file's name says.
pub fn first_of_leads(file: &str) -> &'static str {
    let file = plain(file);
    let is_qualified = file.contains("mql") || file.contains("qualified lead");
    if is_qualified { "MQL" } else { "Lead" }
}

/// A condition that a column says yes.
pub fn is_yes(column: &Column) -> String {
    format!(
        "lower({}) IN ('true', 'yes', 'y', 't', '1')",
        quoted(&column.name)
    )
}

/// The decimal mark that a column's numbers are read with.
pub fn mark_of(column: &Column) -> DecimalMark {
    match column.kind {
        Kind::Decimal(mark) | Kind::Money { mark, .. } => mark,
        _ => DecimalMark::Point,
    }
}
