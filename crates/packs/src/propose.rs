//! From what was found in files to a whole source pack, as text, with a reason beside each choice.
//!
//! Pure: texts in, texts out. Personal columns are sealed unless they are plainly dates,
//! categories, keys or numbers. What the files leave open becomes a question, never a silent guess.

use std::collections::BTreeMap;

use handfast_charter::TextFile;
use handfast_connect::sniff::{Column, Doubt, Kind, Sniffed};
use handfast_model::parse::DecimalMark;

use crate::choose::{key_of, people_of, safe_of, version_of};
use crate::groups::{base, describes, escaped, grouped, patterns, source_name, stream_names};
use crate::manifest::{self, StreamText};
use crate::names::{Role, currency_of, plain};
use crate::outcome::Outcome;
use crate::selects::{Brief, Drafted, FIRST_OF_DEALS, first_of_leads, is_codes, selects};
use crate::understand::{Rows, Understood, understand};

/// What the person who adds the source has said.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    /// The source's name.
    pub name: Option<String>,
    /// The zone of times without an offset, and the book's own.
    pub zone: Option<String>,
    /// The zone of the book's charter, taken where nothing else is known.
    pub book_zone: Option<String>,
    /// The currency of amounts that name none.
    pub currency: Option<String>,
    /// Whether dates that fit both orders have the day first.
    pub day_first: Option<bool>,
    /// What the rows are, of every file.
    pub rows: Option<Rows>,
    /// Files that another source of the same call reads: no pattern may fit them as well.
    pub taken: Vec<String>,
}

/// What must be known before a pack can be right.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    /// The option of the command line that answers it.
    pub option: &'static str,
    /// The question.
    pub text: String,
    /// Answers to choose from; empty for any.
    pub choices: Vec<String>,
}

/// One stream of a proposal.
#[derive(Clone, Debug)]
pub struct Proposed {
    /// Its name.
    pub stream: String,
    /// The files that show it.
    pub files: Vec<String>,
    /// What its rows are.
    pub rows: Rows,
    /// Why.
    pub why: String,
    /// Columns that will be sealed.
    pub sealed: Vec<String>,
    /// What each column is taken for, where it plays a part.
    pub parts: BTreeMap<String, Vec<&'static str>>,
    /// Labels of stages that its marks may carry, with how many rows have each.
    pub stages: Vec<(String, u64)>,
    /// Those of them that mean won and lost.
    pub ends: (Vec<String>, Vec<String>),
}

/// A proposed source.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// Its name.
    pub name: String,
    /// Its texts, as they would stand in `sources/NAME/`.
    pub texts: Vec<TextFile>,
    /// Its streams.
    pub streams: Vec<Proposed>,
    /// What must be answered first.
    pub questions: Vec<Question>,
    /// What a person should know.
    pub notes: Vec<String>,
}

/// Proposes one source of these files. `told` says what the rows of a file are, where that is
/// known.
pub fn propose(
    found: &[Sniffed],
    told: &dyn Fn(&Sniffed) -> Option<(Rows, String)>,
    wishes: &Wishes,
) -> Proposal {
    let found: Vec<Sniffed> = found.iter().map(|one| settled(one, wishes)).collect();
    let said = |one: &Sniffed| match wishes.rows {
        Some(rows) => Some((rows, "as you said".to_owned())),
        None => told(one),
    };
    let (described, groups): (Vec<_>, Vec<_>) =
        grouped(&found).into_iter().partition(|g| describes(g));
    // A description alone is all there is to read.
    let (described, groups) = if groups.is_empty() {
        (groups, described)
    } else {
        (described, groups)
    };
    let understood: Vec<Understood<'_>> = groups
        .iter()
        .filter_map(|group| group.first())
        .map(|one| understand(one, said(one)))
        .collect();
    let names = stream_names(&groups);
    let name = wishes
        .name
        .clone()
        .unwrap_or_else(|| source_name(&groups, &names));
    let mut desk = Desk {
        wishes,
        currency: currency_of_source(&understood, wishes),
        groups: &groups,
        questions: Vec::new(),
        notes: Vec::new(),
    };
    let drafts: Vec<Draft> = understood
        .iter()
        .zip(&names)
        .enumerate()
        .map(|(at, (one, name))| desk.stream(at, one, name))
        .collect();
    desk.note_lookups(&drafts);
    let zone = desk.zone(&understood);
    let mut manifest = manifest::text(&name, &zone, desk.currency.as_ref(), &drafts_of(&drafts));
    for one in described.iter().flatten() {
        manifest.push_str(&manifest::leave(&format!("{}*", escaped(&base(&one.file)))));
    }
    let mut texts = vec![text_file(&name, "source.toml", manifest)];
    for select in drafts.iter().flat_map(|draft| &draft.selects) {
        texts.push(text_file(&name, &select.file, select.sql.clone()));
    }
    Proposal {
        name,
        texts,
        streams: drafts.into_iter().map(|draft| draft.proposed).collect(),
        questions: desk.questions,
        notes: desk.notes,
    }
}

fn text_file(source: &str, file: &str, text: String) -> TextFile {
    TextFile {
        path: format!("sources/{source}/{file}"),
        text,
    }
}

/// The orders of dates that the person has said.
fn settled(found: &Sniffed, wishes: &Wishes) -> Sniffed {
    let mut found = found.clone();
    let Some(day_first) = wishes.day_first else {
        return found;
    };
    for column in &mut found.columns {
        if let Some(Doubt::DateOrder(first, second)) = column.doubt.clone() {
            let is_first = first.starts_with("%d") == day_first;
            column.choose_order(if is_first { &first } else { &second }, "as you said");
        }
    }
    found
}

/// The one currency that the files name, or that was said; and how it is known.
fn currency_of_source(understood: &[Understood<'_>], wishes: &Wishes) -> Option<(String, String)> {
    if let Some(said) = &wishes.currency {
        return Some((said.to_uppercase(), "as you said".to_owned()));
    }
    let amounts = understood.iter().flat_map(|one| {
        [Role::Amount, Role::Spend]
            .into_iter()
            .filter_map(|role| one.part(role))
    });
    for column in amounts {
        if let Kind::Money { currency, .. } = &column.kind {
            let why = format!("its sign stands in `{}`", column.name);
            return Some(((*currency).to_owned(), why));
        }
        if let Some(code) = currency_of(&column.name) {
            return Some((code, format!("the column is called `{}`", column.name)));
        }
        if plain(&column.name).ends_with("usd") {
            return Some((
                "USD".to_owned(),
                format!("the column is called `{}`", column.name),
            ));
        }
    }
    let codes = understood
        .iter()
        .filter_map(|one| one.part(Role::Currency))
        .filter(|c| is_codes(c));
    let code = codes
        .clone()
        .find_map(|column| Some((column.words.first()?.0.clone(), column)));
    code.map(|(code, column)| (code, format!("`{}` says so", column.name)))
}

struct Draft {
    proposed: Proposed,
    text: StreamText,
    selects: Vec<Drafted>,
}

fn drafts_of(drafts: &[Draft]) -> Vec<(&StreamText, &[Drafted])> {
    drafts
        .iter()
        .map(|draft| (&draft.text, draft.selects.as_slice()))
        .collect()
}

struct Desk<'a> {
    wishes: &'a Wishes,
    currency: Option<(String, String)>,
    groups: &'a [Vec<&'a Sniffed>],
    questions: Vec<Question>,
    notes: Vec<String>,
}

impl Desk<'_> {
    fn ask(&mut self, question: Question) {
        if !self
            .questions
            .iter()
            .any(|known| known.option == question.option)
        {
            self.questions.push(question);
        }
    }

    fn stream(&mut self, at: usize, one: &Understood<'_>, name: &str) -> Draft {
        let (key, key_why) = key_of(one);
        let people = people_of(one, &key);
        let safe = safe_of(one, &people, &key);
        let outcome = Outcome::of(one);
        let has_people = people.is_some();
        let brief = Brief {
            stream: name,
            understood: one,
            safe: has_people.then_some(safe.as_slice()),
            key: &key,
            currency: self.currency.as_ref().map(|(code, _)| code.as_str()),
            outcome: &outcome,
        };
        let selects = selects(&brief);
        self.question(one, &selects);
        self.note(one);
        let is_sealed = |column: &&Column| has_people && !safe.contains(&column.name);
        let sealed = one
            .found
            .columns
            .iter()
            .filter(is_sealed)
            .map(|c| c.name.clone())
            .collect();
        let (version, version_why) = version_of(one, &key);
        let text = StreamText {
            name: name.to_owned(),
            files: patterns(self.groups, at, &self.wishes.taken),
            key,
            key_why,
            version,
            version_why,
            people,
            safe: if has_people { safe } else { Vec::new() },
            ..StreamText::of(one)
        };
        let proposed = Proposed {
            stream: name.to_owned(),
            files: self.files_of(at),
            rows: one.rows,
            why: one.why.clone(),
            sealed,
            parts: parts_by_column(one),
            stages: stages_of(one, &outcome, &selects),
            ends: outcome.labels(),
        };
        Draft {
            proposed,
            text,
            selects,
        }
    }

    fn files_of(&self, at: usize) -> Vec<String> {
        let group = self.groups.get(at).into_iter().flatten();
        group.map(|one| one.file.clone()).collect()
    }

    fn question(&mut self, one: &Understood<'_>, selects: &[Drafted]) {
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
        let amount = one.first_of(&[Role::Amount, Role::Spend]);
        let own = one.part(Role::Currency).is_some_and(is_codes);
        let is_priced = matches!(one.rows, Rows::Deal | Rows::Spend) && amount.is_some() && !own;
        if let Some(amount) = amount.filter(|_| is_priced && self.currency.is_none()) {
            self.ask(Question {
                option: "--currency",
                text: format!(
                    "in which currency is `{}` of {}?",
                    amount.name, one.found.file
                ),
                choices: Vec::new(),
            });
        }
    }

    fn note(&mut self, one: &Understood<'_>) {
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
        self.notes.extend(mixed.map(|(column, like, of)| {
            format!(
                "CHECK `{}` of {file}: {like} of {of} values look like money, written in several \
                 ways ({}), so no amount is read from it; write them alike in the export",
                column.name,
                column.examples.join(", ")
            )
        }));
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

    /// Tables that share their key with another stream: a join is for people to write.
    fn note_lookups(&mut self, drafts: &[Draft]) {
        for table in drafts
            .iter()
            .filter(|draft| draft.proposed.rows == Rows::Reference)
        {
            let [key] = table.text.key.as_slice() else {
                continue;
            };
            let others = drafts
                .iter()
                .filter(|draft| draft.proposed.rows != Rows::Reference);
            let shares = |draft: &&Draft| {
                let quoted = crate::selects::quoted(key);
                draft.selects.iter().any(|one| one.sql.contains(&quoted))
            };
            for other in others.filter(shares) {
                self.notes.push(format!(
                    "`{}` may be looked up from `{}` by `{key}`: docs/guide/packs.md shows how",
                    table.proposed.stream, other.proposed.stream
                ));
            }
        }
    }

    /// The zone, and how it is known.
    fn zone(&mut self, understood: &[Understood<'_>]) -> (String, String) {
        if let Some(zone) = &self.wishes.zone {
            return (zone.clone(), "as you said".to_owned());
        }
        let columns = understood.iter().flat_map(|one| &one.found.columns);
        let mut naive = columns.filter(|column| {
            matches!(
                column.kind,
                Kind::Time {
                    has_offset: false,
                    ..
                }
            )
        });
        let book = self.wishes.book_zone.clone();
        let zone = book.clone().unwrap_or_else(|| "UTC".to_owned());
        let whose = if book.is_some() {
            "the book's own"
        } else {
            "taken for want of better"
        };
        match naive.next() {
            None => (zone, format!("no time in these files needs it; {whose}")),
            Some(column) => {
                self.notes.push(format!(
                    "times such as {} in `{}` have no offset and are read in {zone} ({whose}); say \
                     --zone if they are not",
                    column.examples.first().map_or("", String::as_str),
                    column.name
                ));
                (zone, format!("CHECK: the files do not say it; {whose}"))
            }
        }
    }
}

/// A column of words of which most look like money; how many, of how many that were kept.
fn mixed_money(column: &Column) -> Option<(&Column, u64, u64)> {
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
    for (text, rows) in kept {
        is_priced |= text.contains(['$', '€', '£', '¥']);
        like += if looks_like_money(text) { rows } else { 0 };
        of += rows;
    }
    (is_priced && like * 2 > of).then_some((column, like, of))
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

fn parts_by_column(one: &Understood<'_>) -> BTreeMap<String, Vec<&'static str>> {
    let mut parts: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
    for (role, column) in &one.parts {
        parts.entry(column.clone()).or_default().push(role.word());
    }
    parts
}

/// The labels that the marks of a stream may carry.
fn stages_of(one: &Understood<'_>, outcome: &Outcome, selects: &[Drafted]) -> Vec<(String, u64)> {
    let marks = |step: &str| {
        selects
            .iter()
            .any(|s| s.kind == "mark" && s.file.contains(step))
    };
    let mut stages: Vec<(String, u64)> = Vec::new();
    let rows_of = |column: &Column, word: &str| {
        column
            .words
            .iter()
            .find(|(known, _)| known == word)
            .map_or(0, |(_, rows)| *rows)
    };
    if one.rows == Rows::History {
        let label = one.first_of(&[Role::NewValue, Role::Stage]);
        stages.extend(label.into_iter().flat_map(|label| label.words.clone()));
    }
    if one.rows == Rows::Deal && marks(".decided.") {
        let (won, lost) = outcome.labels();
        let stage = one.part(Role::Stage);
        let labels = won.into_iter().chain(lost);
        stages.extend(labels.map(|label| {
            let rows = stage.map_or(one.found.rows, |stage| rows_of(stage, &label));
            (label, rows)
        }));
    }
    if one.rows == Rows::Lead {
        stages.push((first_of_leads(&one.found.file).to_owned(), one.found.rows));
    }
    if marks(".opened.") {
        stages.push((FIRST_OF_DEALS.to_owned(), one.found.rows));
    }
    for column in &one.found.columns {
        let stage = crate::names::stage_of_date(&column.name).filter(|_| column.kind.is_dated());
        stages.extend(stage.map(|stage| (stage, column.filled.given)));
    }
    if one.rows == Rows::Lead && marks(".converted.") {
        let rows = one.part(Role::Won).map_or(0, |won| {
            won.words
                .iter()
                .filter(|(word, _)| {
                    matches!(
                        word.to_lowercase().as_str(),
                        "1" | "true" | "yes" | "y" | "t"
                    )
                })
                .map(|(_, n)| n)
                .sum()
        });
        stages.push(("Converted".to_owned(), rows));
    }
    stages
}
