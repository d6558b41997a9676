//! From what was found in files to a whole source pack, as text, with a reason beside each choice.
//!
//! Pure: texts in, texts out. Personal columns are sealed unless they are plainly dates,
//! categories, keys or numbers. What the files leave open becomes a question, never a silent guess.

use std::collections::BTreeMap;

use handfast_charter::TextFile;
use handfast_connect::sniff::{Column, Doubt, Kind, Sniffed};
use handfast_model::parse::DecimalMark;

use crate::choose::{PersonText, key_of, people_of, safe_of, version_of};
use crate::currency::{codes_beside, decide};
use crate::declared::{Attribute, attributes_of};
use crate::groups::{base, describes, escaped, grouped, patterns, source_name, stream_names};
use crate::lookups::{LookUp, Side, lookups};
use crate::manifest::{self, StreamText};
use crate::names::{Role, roles_of};
use crate::outcome::Outcome;
use crate::questions::amounts_but_for;
use crate::selects::{Brief, Drafted, FIRST_OF_DEALS, LABELS, first_of_leads, selects};
use crate::understand::{Rows, Understood, understand};
use crate::units::Unit;

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
    /// The unit of money spent, where nothing else tells it.
    pub unit: Option<Unit>,
    /// Whether dates that fit both orders have the day first.
    pub day_first: Option<bool>,
    /// The mark before the fraction of numbers that fit both, as `1.234`.
    pub decimal: Option<DecimalMark>,
    /// What the rows are, of every file.
    pub rows: Option<Rows>,
    /// What columns are, in place of what they were taken for.
    pub columns: Vec<ColumnSaid>,
    /// Files that another source of the same call reads: no pattern may fit them as well.
    pub taken: Vec<String>,
}

/// What somebody says that a column is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ColumnSaid {
    /// Its file.
    pub file: String,
    /// Its name.
    pub column: String,
    /// The part it plays; `None` for none.
    pub part: Option<Role>,
}

impl Wishes {
    /// What was said of the columns of any of these files, which are written alike.
    fn of_columns(&self, group: &[&Sniffed]) -> Vec<(String, Option<Role>)> {
        let is_own = |one: &&ColumnSaid| group.iter().any(|file| file.file == one.file);
        let own = self.columns.iter().filter(is_own);
        own.map(|one| (one.column.clone(), one.part)).collect()
    }
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
    /// What its facts say of persons, accounts, deals and touches: the kind of fact, the name of
    /// the attribute, what it holds. All of it is clear.
    pub attributes: Vec<Attribute>,
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
    let firsts = groups
        .iter()
        .filter_map(|group| Some((group.first()?, group)));
    let understood: Vec<Understood<'_>> = firsts
        .map(|(one, group)| as_said(one, said(one), group, wishes))
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
    let choices: Vec<Choice<'_>> = understood
        .iter()
        .zip(&names)
        .map(|(one, name)| Choice::of(one, name))
        .collect();
    let drafts: Vec<Draft> = (0..choices.len())
        .filter_map(|at| desk.stream(at, &choices))
        .collect();
    desk.note_owners(&understood, &drafts);
    let zone = desk.zone(&understood);
    let mut manifest = manifest::text(&name, &zone, desk.currency.as_ref(), &drafts_of(&drafts));
    for one in described.iter().flatten() {
        manifest.push_str(&manifest::leave(&format!("{}*", escaped(&base(&one.file)))));
    }
    Proposal {
        texts: texts(&name, manifest, &drafts),
        name,
        streams: drafts.into_iter().map(|draft| draft.proposed).collect(),
        questions: desk.questions,
        notes: desk.notes,
    }
}

/// A file as it is understood, after what was said of its columns and of its group's.
fn as_said<'a>(
    one: &'a Sniffed,
    told: Option<(Rows, String)>,
    group: &[&Sniffed],
    wishes: &Wishes,
) -> Understood<'a> {
    let columns = wishes.of_columns(group);
    let understood = understand(one, told, &columns);
    match columns.iter().any(|(_, part)| *part == Some(Role::Spend)) {
        true => understood,
        false => with_known_currency(understood, wishes),
    }
}

/// The texts of a source: its manifest, and the SELECTs that its streams name.
fn texts(source: &str, manifest: String, drafts: &[Draft]) -> Vec<TextFile> {
    let selects = drafts.iter().flat_map(|draft| &draft.selects);
    let selects = selects.map(|select| text_file(source, &select.file, select.sql.clone()));
    std::iter::once(text_file(source, "source.toml", manifest))
        .chain(selects)
        .collect()
}

fn text_file(source: &str, file: &str, text: String) -> TextFile {
    TextFile {
        path: format!("sources/{source}/{file}"),
        text,
    }
}

/// A file after what the person has said of its orders of dates and marks of numbers: whoever shows
/// what was found shows this, or a doubt stays on a page that somebody has answered.
pub fn settled(found: &Sniffed, wishes: &Wishes) -> Sniffed {
    let mut found = found.clone();
    for column in &mut found.columns {
        match (column.doubt.clone(), wishes.day_first, wishes.decimal) {
            (Some(Doubt::DateOrder(first, second)), Some(day_first), _) => {
                let is_first = first.starts_with("%d") == day_first;
                column.choose_order(if is_first { &first } else { &second }, "as you said");
            }
            (Some(Doubt::DecimalMark), _, Some(mark)) => column.choose_mark(mark, "as you said"),
            (None, _, Some(mark)) => {
                if let Some(misfits) = amounts_but_for(column, mark) {
                    column.take_as_numbers(mark, misfits, "as you said");
                }
            }
            _ => {}
        }
    }
    found
}

/// The currency of amounts that name none: what was said, else the first that the files name.
fn currency_of_source(understood: &[Understood<'_>], wishes: &Wishes) -> Option<(String, String)> {
    if let Some(said) = &wishes.currency {
        return Some((said.to_uppercase(), "as you said".to_owned()));
    }
    let amounts = understood.iter().flat_map(|one| {
        let parts = [Role::Amount, Role::Spend].into_iter();
        parts.filter_map(move |role| Some((one, one.part(role)?)))
    });
    let mut decided = amounts.clone().filter_map(|(one, amount)| {
        let decided = decide(amount, None)?;
        Some((
            decided.code,
            format!("`{}` of {}: {}", amount.name, one.found.file, decided.why),
        ))
    });
    decided.next().or_else(|| {
        let mut codes = amounts.filter_map(|(one, amount)| codes_beside(one, amount));
        let column = codes.next()?;
        let (code, _) = column.words.first()?;
        Some((code.to_uppercase(), format!("`{}` says so", column.name)))
    })
}

/// Of two columns with the same money, the one in the currency that was said, else one whose
/// currency is known: `cost_in_usd` beside `cost_in_local_currency`.
fn with_known_currency<'a>(mut one: Understood<'a>, wishes: &Wishes) -> Understood<'a> {
    let Some(amount) = one.part(Role::Spend).filter(|_| one.rows == Rows::Spend) else {
        return one;
    };
    let said = wishes.currency.as_deref();
    let is_known = |column: &Column| {
        let decided = decide(column, said);
        decided.is_some_and(|decided| decided.against.is_none())
    };
    let is_spend = |column: &&Column| {
        let mut roles = roles_of(&column.name).into_iter();
        roles.any(|(role, _)| role == Role::Spend) && column.kind.is_number()
    };
    if !is_known(amount) && codes_beside(&one, amount).is_none() {
        let mut others = one.found.columns.iter().filter(is_spend);
        if let Some(known) = others.find(|column| is_known(column)) {
            one.parts.insert(Role::Spend, known.name.clone());
        }
    }
    one
}

/// What is chosen of a file before its SELECTs are written.
struct Choice<'a> {
    one: &'a Understood<'a>,
    name: &'a str,
    key: Vec<String>,
    key_why: String,
    people: Option<PersonText>,
    safe: Vec<String>,
    outcome: Outcome,
}

impl<'a> Choice<'a> {
    fn of(one: &'a Understood<'a>, name: &'a str) -> Choice<'a> {
        let (key, key_why) = key_of(one);
        let people = people_of(one, &key);
        let safe = safe_of(one, &people, &key);
        Choice {
            one,
            name,
            key,
            key_why,
            people,
            safe,
            outcome: Outcome::of(one),
        }
    }

    /// The columns that stay in clear; `None` where no person has any.
    fn clear(&self) -> Option<&[String]> {
        self.people.as_ref().map(|_| self.safe.as_slice())
    }

    fn sealed(&self, column: &String) -> bool {
        self.people.is_some() && !self.safe.contains(column)
    }
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

pub(crate) struct Desk<'a> {
    pub(crate) wishes: &'a Wishes,
    /// The currency of amounts that name none, and how it is known.
    pub(crate) currency: Option<(String, String)>,
    groups: &'a [Vec<&'a Sniffed>],
    questions: Vec<Question>,
    pub(crate) notes: Vec<String>,
}

impl Desk<'_> {
    pub(crate) fn ask(&mut self, question: Question) {
        if !self
            .questions
            .iter()
            .any(|known| known.option == question.option)
        {
            self.questions.push(question);
        }
    }

    fn stream(&mut self, at: usize, choices: &[Choice<'_>]) -> Option<Draft> {
        let choice = choices.get(at)?;
        let (one, name) = (choice.one, choice.name);
        let lookups = self.lookups(at, choices);
        let brief = self.brief(choice, &lookups);
        let selects = selects(&brief);
        self.question(one, &selects);
        self.note_undated(one, &selects);
        self.note(one);
        let is_sealed = |column: &&Column| choice.sealed(&column.name);
        let sealed = one.found.columns.iter().filter(is_sealed);
        let sealed = sealed.map(|column| column.name.clone()).collect();
        let (version, version_why) = version_of(one, &choice.key);
        let text = StreamText {
            name: name.to_owned(),
            files: patterns(self.groups, at, &self.wishes.taken),
            key: choice.key.clone(),
            key_why: choice.key_why.clone(),
            version,
            version_why,
            people: choice.people.clone(),
            safe: choice.clear().map(<[String]>::to_vec).unwrap_or_default(),
            ..StreamText::of(one)
        };
        let proposed = Proposed {
            stream: name.to_owned(),
            files: self.files_of(at),
            rows: one.rows,
            why: one.why.clone(),
            sealed,
            parts: parts_by_column(one),
            stages: stages_of(one, &choice.outcome, &selects),
            ends: choice.outcome.labels(),
            attributes: attributes_of(&selects),
        };
        Some(Draft {
            proposed,
            text,
            selects,
        })
    }

    /// What the SELECTs of a stream are written from.
    fn brief<'b>(
        &'b self,
        choice: &'b Choice<'_>,
        lookups: &'b [(LookUp, Vec<(String, String)>)],
    ) -> Brief<'b> {
        Brief {
            stream: choice.name,
            understood: choice.one,
            safe: choice.clear(),
            key: &choice.key,
            currency: self.currency.as_ref().map(|(code, _)| code.as_str()),
            said: self.wishes.currency.as_deref(),
            unit: self.wishes.unit,
            outcome: &choice.outcome,
            lookups,
        }
    }

    /// The tables that the rows of a stream are looked up in, with what each lends.
    fn lookups(
        &mut self,
        at: usize,
        choices: &[Choice<'_>],
    ) -> Vec<(LookUp, Vec<(String, String)>)> {
        let sides = choices.iter().enumerate().map(|(place, choice)| Side {
            one: choice.one,
            name: choice.name,
            key: &choice.key,
            safe: choice.clear(),
            files: self.groups.get(place).map_or(0, Vec::len),
        });
        let sides: Vec<Side<'_>> = sides.collect();
        let (found, notes) = lookups(&sides, at);
        let lent = found.into_iter().filter_map(|table| {
            let lends = self.brief(choices.get(table.table)?, &[]).lends(&table);
            Some((table, lends))
        });
        let lent = lent.collect();
        self.notes.extend(notes);
        lent
    }

    fn files_of(&self, at: usize) -> Vec<String> {
        let group = self.groups.get(at).into_iter().flatten();
        group.map(|one| one.file.clone()).collect()
    }

    /// Leads with an owner, where nothing is assigned.
    fn note_owners(&mut self, understood: &[Understood<'_>], drafts: &[Draft]) {
        let mut selects = drafts.iter().flat_map(|draft| &draft.selects);
        if !selects.any(|one| one.kind == "assignment") {
            understood.iter().for_each(|one| self.note_owner(one));
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
        let label = one.first_of(&LABELS);
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
