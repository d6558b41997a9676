//! What the files leave open, as questions, and what a person should know, as notes.

use handfast_connect::sniff::{Column, Doubt, Kind};
use handfast_model::parse::{self, DecimalMark};

use crate::currency::{called_beside, codes_beside, decide, unlisted};
use crate::names::Role;
use crate::propose::{Desk, Question};
use crate::selects::Drafted;
use crate::understand::{Rows, Understood};
use crate::units::{self, Unit};

impl Desk<'_> {
    /// What must be answered before the SELECTs of a stream can be right.
    pub(crate) fn question(&mut self, one: &Understood<'_>, selects: &[Drafted]) {
        let is_used = |column: &Column| {
            let quoted = crate::selects::quoted(&column.name);
            selects.iter().any(|select| select.sql.contains(&quoted))
        };
        for column in one.found.columns.iter().filter(|column| is_used(column)) {
            if let Some(Doubt::DateOrder(first, second)) = &column.doubt {
                let examples = column.examples.join(", ");
                self.ask(Question {
                    option: "--dates",
                    text: format!(
                        "`{}` of {} reads as {first} and as {second} alike ({examples}): does the \
                         day \
                         come first?",
                        column.name, one.found.file
                    ),
                    choices: vec!["dmy".to_owned(), "mdy".to_owned()],
                });
            }
            if column.doubt == Some(Doubt::DecimalMark) {
                self.notes.push(format!(
                    "CHECK `{}` of {}: {} may be thousands or fractions; an amount is read with \
                     decimal mark `{}`, and what is no amount is kept as text",
                    column.name,
                    one.found.file,
                    column.examples.join(", "),
                    match crate::selects::mark_of(column) {
                        DecimalMark::Point => '.',
                        DecimalMark::Comma => ',',
                    }
                ));
            }
        }
        self.question_money(one);
    }

    /// In which currency the amount of a file is, and in which unit.
    fn question_money(&mut self, one: &Understood<'_>) {
        let is_priced = matches!(one.rows, Rows::Deal | Rows::Spend);
        let role = if one.rows == Rows::Spend {
            Role::Spend
        } else {
            Role::Amount
        };
        let Some(amount) = one.part(role).filter(|_| is_priced) else {
            return;
        };
        let (name, file) = (&amount.name, &one.found.file);
        let told = units::told(one, amount, self.wishes.unit);
        if told.is_open {
            let example = amount.examples.first().map_or("", String::as_str);
            self.ask(Question {
                option: "--unit",
                text: format!(
                    "is `{name}` of {file} ({example}) in whole units of the currency, or in \
                     millionths?"
                ),
                choices: vec!["whole".to_owned(), "micros".to_owned()],
            });
        } else if told.unit == Unit::Micros {
            self.notes
                .push(format!("`{name}` of {file} is read {}", told.why));
        }
        self.notes.extend(not_listed(one, amount));
        let said = self.wishes.currency.as_deref();
        let decided = decide(amount, said);
        let own = codes_beside(one, amount);
        let said = said.map(str::to_uppercase);
        match (own, &decided) {
            (Some(own), _) => self.notes.extend(against_rows(file, own, said.as_deref())),
            (None, Some(decided)) => self.notes.extend(decided.against.as_ref().map(|said| {
                format!(
                    "CHECK `{name}` of {file} is read in {} ({}), not in {said} as you said",
                    decided.code, decided.why
                )
            })),
            (None, None) => match &self.currency {
                None => self.ask(Question {
                    option: "--currency",
                    text: format!("in which currency is `{name}` of {file}?"),
                    choices: Vec::new(),
                }),
                Some((code, why)) => self.notes.push(format!(
                    "CHECK `{name}` of {file} names no currency and is read in {code} ({why}); \
                     --currency says otherwise"
                )),
            },
        }
    }

    /// Columns that may say when, of facts that nothing dates.
    pub(crate) fn note_undated(&mut self, one: &Understood<'_>, selects: &[Drafted]) {
        let is_open = |select: &&Drafted| select.sql.contains("NULL AS happened,  -- CHECK");
        let open: Vec<&str> = selects
            .iter()
            .filter(is_open)
            .map(|s| s.file.as_str())
            .collect();
        let (Some(file), Some(column)) = (open.first(), one.days_left().next()) else {
            return;
        };
        let name = crate::selects::quoted(&column.name);
        let read = crate::selects::when(column);
        let read = read.unwrap_or_else(|| format!("as_date({name}, …)"));
        let names: Vec<String> = one.days_left().map(|c| format!("`{}`", c.name)).collect();
        self.notes.push(format!(
            "CHECK nothing in {} is known to say when, so its facts are undated and count in no \
             period; if {} does, write {read} AS happened in {file}",
            one.found.file,
            names.join(" or ")
        ));
    }

    /// Leads with an owner and no day on which they got one.
    pub(crate) fn note_owner(&mut self, one: &Understood<'_>) {
        let owner = one.part(Role::Owner).filter(|_| one.rows == Rows::Lead);
        let Some(owner) = owner.filter(|_| one.part(Role::Assigned).is_none()) else {
            return;
        };
        self.notes.push(format!(
            "`{}` of {} says whose each lead is today, not since when, so nothing is assigned: \
             export the day of the assignment too, or the history of that field, for the time to \
             the first answer and the cost of an assigned lead",
            owner.name, one.found.file
        ));
    }

    /// What a person should know of a file.
    pub(crate) fn note(&mut self, one: &Understood<'_>) {
        let file = &one.found.file;
        for leak in &one.found.leaks {
            self.notes.push(format!(
                "`{}` of {file} tells the outcome ({}): never judge open leads by it",
                leak.column, leak.why
            ));
        }
        if let Some((rows, reason)) = &one.found.bad {
            self.notes.push(format!(
                "{rows} rows of {file} cannot be read, most of them: {reason}"
            ));
        }
        let mixed = one.found.columns.iter().filter_map(mixed_money);
        self.notes.extend(mixed.map(|mixed| mixed.note(file)));
        let is_worth = one.rows == Rows::Touch && !one.parts.contains_key(&Role::Deal);
        if let Some(amount) = one.part(Role::Amount).filter(|_| is_worth) {
            self.notes.push(format!(
                "CHECK the rows of {file} have a worth (`{}`) and are taken for contacts, since no \
                 column names an order or deal: if they are sales, export their number as well",
                amount.name
            ));
        }
        let is_lead_status = one.rows == Rows::Lead && one.part(Role::Stage).is_some();
        if let Some(status) = one.part(Role::Stage).filter(|_| is_lead_status) {
            self.notes.push(format!(
                "`{}` of {file} says where each lead stands today, not since when, so it becomes \
                 an \
                 attribute and no \
                 step of the funnel; export the history of that field, or its dates, for steps",
                status.name
            ));
        }
        if !one.found.is_whole {
            self.notes.push(format!(
                "only the first {} rows of {file} were looked at",
                one.found.rows
            ));
        }
    }
}

/// Words in the column of an amount's currency that are none.
fn not_listed(one: &Understood<'_>, amount: &Column) -> Option<String> {
    let called = called_beside(one, amount)?;
    let unlisted = unlisted(called);
    (!unlisted.is_empty()).then(|| {
        format!(
            "CHECK `{}` of {} holds `{}`, which is no currency of ISO 4217",
            called.name,
            one.found.file,
            unlisted.join("`, `")
        )
    })
}

/// What the rows say of their currency, against what was said.
fn against_rows(file: &str, codes: &Column, said: Option<&str>) -> Option<String> {
    let said = said?;
    let others = codes
        .words
        .iter()
        .filter(|(code, _)| !code.eq_ignore_ascii_case(said));
    let others: Vec<&str> = others.map(|(code, _)| code.as_str()).collect();
    (!others.is_empty()).then(|| {
        format!(
            "CHECK the rows of {file} name their own currency in `{}` ({}): {said} is only taken \
             where that is blank",
            codes.name,
            others.join(", ")
        )
    })
}

/// A column of words of which most look like money.
struct Mixed<'a> {
    column: &'a Column,
    /// Rows that look like money, of so many whose texts were kept.
    like: u64,
    of: u64,
    /// The marks that each of those that look like money is read with.
    marks: Vec<DecimalMark>,
}

impl Mixed<'_> {
    fn note(&self, file: &str) -> String {
        let (name, like, of) = (&self.column.name, self.like, self.of);
        let examples = self.column.examples.join(", ");
        match self.marks.is_empty() {
            true => format!(
                "CHECK `{name}` of {file}: {like} of {of} values look like money, written in \
                 several ways ({examples}), so no amount is read from it; write them alike in the \
                 export"
            ),
            false => format!(
                "CHECK `{name}` of {file}: {like} of {of} values look like money and the others do \
                 not ({examples}), so no amount is read from it; say its decimal mark, and the \
                 others are set aside"
            ),
        }
    }
}

/// In how many rows a column of amounts has something else, once somebody has said their mark. In a
/// file of a few rows one cell that is no amount is more than the share that a kind of its own
/// bears; where all its texts are known, nothing else is in doubt.
pub(crate) fn amounts_but_for(column: &Column, mark: DecimalMark) -> Option<u64> {
    let mixed = mixed_money(column)?;
    let is_known = mixed.of == column.filled.given && mixed.marks.contains(&mark);
    is_known.then_some(mixed.of - mixed.like)
}

fn mixed_money(column: &Column) -> Option<Mixed<'_>> {
    if !matches!(column.kind, Kind::Category | Kind::Text | Kind::Id) {
        return None;
    }
    let roles = crate::names::roles_of(&column.name);
    let mut is_priced = roles
        .iter()
        .any(|(role, _)| matches!(role, Role::Amount | Role::Spend));
    let kept: Vec<(&str, u64)> = match column.words.as_slice() {
        [] => column.examples.iter().map(|e| (e.as_str(), 1)).collect(),
        words => words.iter().map(|(word, n)| (word.as_str(), *n)).collect(),
    };
    let (mut like, mut of) = (0, 0);
    let mut marks = vec![DecimalMark::Point, DecimalMark::Comma];
    for (text, rows) in kept {
        is_priced |= text.contains(['$', '€', '£', '¥']);
        of += rows;
        if looks_like_money(text) {
            like += rows;
            marks.retain(|mark| parse::decimal(text, *mark).is_ok());
        }
    }
    let mixed = Mixed {
        column,
        like,
        of,
        marks,
    };
    (is_priced && like * 2 > of).then_some(mixed)
}

/// Digits with marks among them, and around them at most parentheses, a sign, a code, a `k`.
fn looks_like_money(text: &str) -> bool {
    let is_around = |c: char| c.is_alphabetic() || " $€£¥()+-".contains(c);
    let number = text.trim_matches(is_around);
    let is_short = text.chars().filter(|c| c.is_alphabetic()).count() <= 4;
    is_short
        && number.starts_with(|c: char| c.is_ascii_digit())
        && number
            .chars()
            .all(|c| c.is_ascii_digit() || ",.' \u{a0}".contains(c))
}
