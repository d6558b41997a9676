//! The SELECTs of a proposed pack, as text with a reason beside each choice.

mod deals;

use handfast_connect::sniff::{Column, Kind};
use handfast_model::parse::DecimalMark;

use crate::attribute::attribute_name;
use crate::names::{Role, plain};
use crate::outcome::{Outcome, trimmed};
use crate::understand::{Rows, Understood};

/// Attributes that one SELECT carries at most; more stay in the record.
const MOST_ATTRIBUTES: usize = 60;

/// A SELECT of a proposed pack.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Drafted {
    /// The kind of fact.
    pub kind: &'static str,
    /// What the file is called, without folder.
    pub file: String,
    /// The SELECT.
    pub sql: String,
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
    /// Its ISO code, where the amounts name none.
    pub currency: Option<&'a str>,
    /// Which words mean won and lost.
    pub outcome: &'a Outcome,
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
        Rows::History => vec![brief.steps()],
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
        _ => None,
    }
}

/// The lines of a SELECT: an expression, its name, and why.
struct Lines(Vec<(String, String, String)>);

impl Lines {
    fn new() -> Lines {
        Lines(Vec::new())
    }

    fn add(&mut self, expression: impl Into<String>, name: &str, why: impl Into<String>) {
        if !self.has(name) {
            self.0
                .push((expression.into(), name.to_owned(), why.into()));
        }
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(_, known, _)| known == name)
    }

    fn sql(&self, about: &str, stream: &str, filter: Option<&str>) -> String {
        let mut text = format!("-- {about}\nSELECT\n  _record");
        let mut why_before = String::new();
        for (expression, name, why) in &self.0 {
            text.push_str(&format!(",{why_before}\n  {expression} AS {}", alias(name)));
            why_before = match why.is_empty() {
                true => String::new(),
                false => format!("  -- {}", one_line(why)),
            };
        }
        text.push_str(&why_before);
        text.push_str(&format!("\nFROM {}", quoted(stream)));
        if let Some(filter) = filter {
            text.push_str(&format!("\nWHERE {filter}"));
        }
        text.push('\n');
        text
    }
}

/// A reason stays on its line: a column's name may hold a line end.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn alias(name: &str) -> String {
    let is_plain = name
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    match is_plain && !RESERVED.contains(&name) {
        true => name.to_owned(),
        false => quoted(name),
    }
}

/// Words that end an expression in SQL, and so need quotes to be names.
const RESERVED: [&str; 24] = [
    "select", "from", "where", "left", "outer", "join", "on", "as", "and", "or", "not", "is", "in",
    "between", "like", "ilike", "case", "when", "then", "else", "end", "inner", "union", "order",
];

impl Brief<'_> {
    fn part(&self, role: Role) -> Option<&Column> {
        self.understood.part(role)
    }

    fn is_safe(&self, column: &str) -> bool {
        self.safe
            .is_none_or(|safe| safe.iter().any(|name| name == column))
    }

    fn drafted(&self, kind: &'static str, step: &str, sql: String) -> Drafted {
        let step = if step.is_empty() {
            String::new()
        } else {
            format!(".{step}")
        };
        Drafted {
            kind,
            file: format!("{}{step}.{kind}.sql", self.stream),
            sql,
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
                lines.add(
                    expression,
                    "happened",
                    format!("{}: {}", role.word(), column.evidence),
                );
            }
            None => lines.add(
                "NULL",
                "happened",
                "no column says when: these facts are undated, and count in no period",
            ),
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
            let is_own =
                used.contains(&column.name.as_str()) || column.name.starts_with("_fivetran");
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
            _ => when(column).unwrap_or(name),
        }
    }

    /// An amount in its currency: the row's own, else the source's.
    pub fn money(&self, column: &Column) -> String {
        let name = quoted(&column.name);
        let own = self
            .part(Role::Currency)
            .filter(|code| self.is_safe(&code.name) && is_codes(code));
        let sign = match &column.kind {
            Kind::Money { currency, .. } => Some(*currency),
            _ => None,
        };
        let code = match (own, sign.or(self.currency)) {
            (Some(own), _) => quoted(&own.name),
            (None, Some(code)) => literal(code),
            // Without a currency a number is all it can be.
            (None, None) => return self.number(column),
        };
        if plain(&column.name).contains("micro") {
            return format!("as_micros({name}, {code})");
        }
        match mark_of(column) {
            DecimalMark::Point => format!("as_money({name}, {code})"),
            DecimalMark::Comma => format!("as_money({name}, {code}, ',')"),
        }
    }

    fn number(&self, column: &Column) -> String {
        let name = quoted(&column.name);
        match mark_of(column) {
            DecimalMark::Point => format!("as_decimal({name})"),
            DecimalMark::Comma => format!("as_decimal({name}, ',')"),
        }
    }

    fn leads(&self) -> Vec<Drafted> {
        let mut lines = Lines::new();
        self.happened(&mut lines, &[Role::Created, Role::Moment]);
        self.person(&mut lines);
        self.key(&mut lines, Role::Account, "account");
        self.key(&mut lines, Role::Source, "origin");
        self.key(&mut lines, Role::Stage, "status");
        let used = [
            Role::Person,
            Role::Email,
            Role::Account,
            Role::Source,
            Role::Stage,
            Role::Created,
            Role::Modified,
        ];
        self.attributes(&mut lines, &used);
        let about = "One row is one person, from the day they were created on.";
        let mut drafted = vec![self.drafted("person", "", lines.sql(about, self.stream, None))];
        drafted.push(self.appeared());
        drafted.extend(self.stage_dates("person"));
        drafted.extend(self.converted());
        drafted
    }

    /// Being in the file is the first mark of a person.
    fn appeared(&self) -> Drafted {
        let mut lines = Lines::new();
        self.happened(&mut lines, &[Role::Created, Role::Moment]);
        self.subject(&mut lines, "person");
        let label = first_of_leads(&self.understood.found.file);
        let why = "what everybody in this file is at first: yours to rename";
        lines.add(literal(label), "stage", why);
        let about = "Everybody in the file became one; later stages need dates or a history.";
        self.drafted("mark", "created", lines.sql(about, self.stream, None))
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
            let sql = lines.sql(about, self.stream, Some(&filter));
            let step = attribute_name(&stage);
            let one = self.drafted("mark", &step, sql);
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

    /// Whether a lead was won, where only a yes says so.
    fn converted(&self) -> Option<Drafted> {
        let column = self
            .part(Role::Won)
            .filter(|column| self.is_safe(&column.name))?;
        let mut lines = Lines::new();
        self.happened(&mut lines, &[Role::Closed]);
        self.subject(&mut lines, "person");
        lines.add(
            "'Converted'",
            "stage",
            format!("`{}` says yes", column.name),
        );
        let filter = is_yes(column);
        let sql = lines.sql("Whoever was won.", self.stream, Some(&filter));
        Some(self.drafted("mark", "converted", sql))
    }

    /// One row is one company, seller or campaign.
    fn state(&self, kind: &'static str, subject: Role) -> Drafted {
        let mut lines = Lines::new();
        self.happened(&mut lines, &[Role::Created]);
        let name = if kind == "rep" { "rep" } else { kind };
        self.key(&mut lines, subject, name);
        if kind == "rep" {
            self.key(&mut lines, Role::Team, "team");
            self.key(&mut lines, Role::Superior, "manager");
        }
        self.attributes(
            &mut lines,
            &[
                subject,
                Role::Created,
                Role::Modified,
                Role::Team,
                Role::Superior,
            ],
        );
        let about = match lines.0.first() {
            Some((first, ..)) if first == "NULL" => {
                "The file does not say since when, so these facts hold at every moment."
            }
            _ => "One row is one of them, from the day it was created on.",
        };
        self.drafted(kind, "", lines.sql(about, self.stream, None))
    }

    fn touches(&self) -> Drafted {
        let mut lines = Lines::new();
        self.happened(&mut lines, &[Role::Moment, Role::Created]);
        self.person(&mut lines);
        self.key(&mut lines, Role::Account, "account");
        self.key(&mut lines, Role::Deal, "deal");
        match self
            .part(Role::Touch)
            .filter(|column| self.is_safe(&column.name))
        {
            Some(column) => lines.add(quoted(&column.name), "touch", "the kind of contact"),
            None => lines.add(
                literal(&attribute_name(self.stream)),
                "touch",
                "no column tells kinds apart: the file's name is the kind",
            ),
        }
        lines.add(
            "'marketing'",
            "team",
            "CHECK: whose contacts are these? or 'sales', 'partner', 'product'",
        );
        self.key(&mut lines, Role::Source, "source");
        self.key(&mut lines, Role::Medium, "medium");
        self.key(&mut lines, Role::Channel, "channel");
        self.key(&mut lines, Role::Campaign, "campaign");
        self.key(&mut lines, Role::Page, "landing_page");
        let used = [
            Role::Moment,
            Role::Person,
            Role::Email,
            Role::Account,
            Role::Deal,
            Role::Touch,
            Role::Source,
            Role::Medium,
            Role::Channel,
            Role::Campaign,
            Role::Page,
            Role::Modified,
        ];
        self.attributes(&mut lines, &used);
        let about = "One row is one dated contact.";
        self.drafted("touch", "", lines.sql(about, self.stream, None))
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
        let label = self.understood.first_of(&[Role::NewValue, Role::Stage]);
        if let Some(label) = label {
            lines.add(trimmed(&label.name), "stage", "the stage that was entered");
        }
        let filter = self.part(Role::Field).and_then(|field| {
            let is_stage = |word: &&(String, u64)| {
                let word = plain(&word.0);
                word.contains("stage") || word.contains("status")
            };
            let words: Vec<String> = field
                .words
                .iter()
                .filter(is_stage)
                .map(|(w, _)| literal(w))
                .collect();
            (!words.is_empty())
                .then(|| format!("{} IN ({})", quoted(&field.name), words.join(", ")))
        });
        let about = "One row is one step into a stage.";
        self.drafted("mark", "", lines.sql(about, self.stream, filter.as_deref()))
    }

    fn spend(&self) -> Drafted {
        let mut lines = Lines::new();
        self.happened(&mut lines, &[Role::Moment, Role::Created]);
        if let Some(spent) = self.part(Role::Spend) {
            lines.add(
                self.money(spent),
                "amount",
                format!("what was spent: {}", spent.evidence),
            );
        }
        self.key(&mut lines, Role::Campaign, "campaign");
        self.key(&mut lines, Role::Source, "source");
        self.key(&mut lines, Role::Medium, "medium");
        self.key(&mut lines, Role::Channel, "channel");
        let used = [
            Role::Moment,
            Role::Spend,
            Role::Campaign,
            Role::Source,
            Role::Medium,
            Role::Channel,
            Role::Currency,
            Role::Created,
            Role::Modified,
        ];
        self.attributes(&mut lines, &used);
        let about = "One row is money spent: on its day, for its campaign.";
        self.drafted("spend", "", lines.sql(about, self.stream, None))
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
        self.drafted("link", "", lines.sql(about, self.stream, None))
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

/// Whether every word of a column is a currency's code.
pub fn is_codes(column: &Column) -> bool {
    let is_code = |(word, _): &(String, u64)| handfast_model::Currency::parse(word).is_some();
    !column.words.is_empty() && column.words.iter().all(is_code)
}

/// The decimal mark that a column's numbers are read with.
pub fn mark_of(column: &Column) -> DecimalMark {
    match column.kind {
        Kind::Decimal(mark) | Kind::Money { mark, .. } => mark,
        _ => DecimalMark::Point,
    }
}
