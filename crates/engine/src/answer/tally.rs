//! A tally: a counted sheet with all that is needed to read its figures and to list the records
//! behind each of them.

pub(super) mod totals;

use std::collections::BTreeSet;

use handfast_kernels::funnel::{CohortEntry, VisitRef};
use handfast_kernels::journey::{Pursuit, Visit};
use handfast_kernels::metric::{self, Counted, PerDay};
use handfast_kernels::stale::Limit;
use handfast_kernels::stop;
use handfast_kernels::times::{Sight, Timed};
use handfast_kernels::transitions;
use handfast_kernels::velocity::Elapsed;
use handfast_model::answer::IssueCount;
use handfast_model::question::{Dimension, Known, QuestionKind};
use handfast_model::rules::Earlier;
use handfast_model::{
    Answer, Cell, Charter, Column, ColumnKind, Currency, Instant, Issue, IssueCode, Lineage, Money,
    PersonId, Question, Ratio, Refusal, Snapshot, Sym, limits, many,
};

use super::figure::{Figure, Measure, Memo, Reading, read};
use super::formula::Plan;
use super::ground::Ground;
use super::price::Prices;
use super::records;
use super::sheet::{self, Key, Member, Sheet};
use super::traced::Record;
use super::whose;

/// A member that is a time between two moments.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    /// The pursuit that took the time.
    pub pursuit: u32,
    /// The visit, where it is the time in one stage.
    pub visit: Option<u32>,
    /// How long.
    pub elapsed: Elapsed,
}

/// A member that is a lead, or what a check found.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Item {
    /// Its pursuit.
    pub pursuit: Option<u32>,
    /// Its deal.
    pub deal: Option<u32>,
    /// The person it is about.
    pub person: Option<PersonId>,
    /// The fact that shows it.
    pub fact: Option<u32>,
    /// How long it took.
    pub elapsed: Option<Elapsed>,
    /// How long it took or has taken so far.
    pub timed: Option<Timed>,
    /// The reason given with it.
    pub reason: Option<Sym>,
}

/// A counted question.
pub(super) struct Tally<'a> {
    pub ground: &'a Ground<'a>,
    pub question: &'a Question,
    pub sheet: Sheet,
    pub dims: Vec<Column>,
    pub figures: Vec<Figure>,
    pub entries: Vec<CohortEntry>,
    /// How many of a cohort have not had their window.
    pub unripe: u64,
    pub spans: Vec<Span>,
    pub measured: Vec<metric::Member>,
    pub items: Vec<Item>,
    pub extra_issues: Vec<Issue>,
    pub notes: Vec<String>,
    /// The instant that a snapshot looks at.
    pub looked_at: Option<Instant>,
    /// The instant by which a snapshot tells what became of it.
    pub told_by: Option<Instant>,
    /// Amounts in the asked currency.
    pub prices: Option<Prices<'a>>,
    /// What the sources show, for times that are not over.
    pub sight: Option<Sight>,
    /// By place of the stay, how long it took or has taken.
    pub timed: Vec<Option<Timed>>,
    /// How long one may stay in each step.
    pub limits: Vec<Limit>,
    /// What an open deal moves in a day, currency by currency.
    pub paces: Vec<(PerDay, Currency)>,
    pub has_totals: bool,
    /// By place of the row, what its figures are read off where nobody asks who.
    pub known: Vec<Memo>,
    /// Columns that part the whole: over all rows a unit counts in the first that it is in.
    pub parts: Vec<Vec<usize>>,
    /// The formula of a metric of the catalogue.
    pub plan: Option<Plan>,
}

impl<'a> Tally<'a> {
    /// A tally without figures yet.
    pub fn new(ground: &'a Ground<'a>, question: &'a Question, sheet: Sheet) -> Tally<'a> {
        Tally {
            ground,
            question,
            sheet,
            dims: Vec::new(),
            figures: Vec::new(),
            entries: Vec::new(),
            unripe: 0,
            timed: Vec::new(),
            spans: Vec::new(),
            measured: Vec::new(),
            items: Vec::new(),
            extra_issues: Vec::new(),
            notes: Vec::new(),
            looked_at: None,
            told_by: None,
            prices: question.currency.map(|to| Prices::new(ground, to)),
            sight: None,
            limits: Vec::new(),
            paces: Vec::new(),
            has_totals: true,
            known: Vec::new(),
            parts: Vec::new(),
            plan: None,
        }
    }

    /// Adds a column for each dimension.
    pub fn dimension_columns(&mut self, dims: &[Dimension]) {
        self.dims.extend(dims.iter().map(|dim| {
            let kind = if matches!(dim, Dimension::Time(_) | Dimension::TouchTime(_)) {
                ColumnKind::Period
            } else {
                ColumnKind::Text
            };
            Column {
                id: dim.text(),
                kind,
                unit: None,
                means: String::new(),
            }
        }));
    }

    /// Adds a column of names.
    pub fn text_column(&mut self, id: &str, means: &str) {
        let (id, means) = (id.to_owned(), means.to_owned());
        self.dims.push(Column {
            id,
            kind: ColumnKind::Text,
            unit: None,
            means,
        });
    }

    /// Adds the stage column.
    pub fn stage_column(&mut self) {
        self.text_column("stage", "");
    }

    /// The currencies of the deals in question.
    pub fn currencies(&self) -> Vec<Currency> {
        match self.question.currency {
            Some(asked) => vec![asked],
            None => self.ground.amounts().currencies.clone(),
        }
    }

    /// The answer.
    pub fn answer(mut self) -> Result<Answer, Refusal> {
        if self.sheet.row_count() > limits::ANSWER_ROWS {
            let title = format!(
                "the answer would have {} rows; the limit is {}",
                self.sheet.row_count(),
                limits::ANSWER_ROWS
            );
            return Err(Refusal::new("E0408", title)
                .fix("use fewer or coarser dimensions, or a shorter period"));
        }
        let mut rows = Vec::with_capacity(self.sheet.row_count());
        let mut known = std::mem::take(&mut self.known);
        for (place, (keys, counted)) in self.sheet.sorted() {
            stop::look();
            let memo = known.get_mut(place).map(std::mem::take);
            let mut memo = memo.unwrap_or_default();
            let figures = self.figures.iter();
            let figures =
                figures.map(|figure| read(figure.reading, counted, keys, &self, &mut memo));
            rows.push(keys.iter().map(Key::cell).chain(figures).collect());
        }
        let totals = (self.has_totals && rows.len() > 1).then(|| self.total_row());
        let columns = self.dims.iter().cloned();
        Ok(Answer {
            headline: None,
            columns: columns
                .chain(self.figures.iter().map(|figure| figure.column.clone()))
                .collect(),
            rows,
            totals,
            currency_totals: self.currency_totals(),
            issues: self.issues(),
            notes: self.notes(),
            lineage: self.lineage(),
        })
    }

    fn notes(&self) -> Vec<String> {
        let rates = self.prices.iter().flat_map(Prices::notes);
        let plan = self.plan.iter();
        let whole = plan.flat_map(|plan| plan.notes_of_whole(self));
        let own = self.notes.iter().cloned().chain(whole).chain(rates);
        own.chain(whose::notes(self.question)).collect()
    }

    fn lineage(&self) -> Lineage {
        let mut lineage = lineage(self.ground);
        lineage
            .kernels
            .extend(self.plan.iter().flat_map(Plan::versions));
        // Not among those that every answer names: what was answered before stays comparable.
        if self.question.kind == QuestionKind::Transitions {
            let version = transitions::VERSION.to_string();
            lineage.kernels.push(("transitions".to_owned(), version));
        }
        lineage
    }

    /// The records behind one column, in one row or in all: exactly as many as the figure says.
    pub fn records(self, column: &str, row: &[String]) -> Result<Answer, Refusal> {
        let Some(figure) = self
            .figures
            .iter()
            .find(|figure| figure.column.id == column)
        else {
            let known: Vec<&str> = self
                .figures
                .iter()
                .map(|figure| figure.column.id.as_str())
                .collect();
            return Err(
                Refusal::new("E0409", format!("this answer has no figure `{column}`"))
                    .fix(format!("--records one of: {}", known.join(", "))),
            );
        };
        let is_row = |keys: &[Key]| {
            let begins = row
                .iter()
                .zip(keys)
                .all(|(asked, key)| is_named(key, asked));
            row.len() <= keys.len() && begins
        };
        let rows: Vec<_> = self.sheet.rows().filter(|(keys, _)| is_row(keys)).collect();
        if rows.is_empty() && !row.is_empty() {
            // A comma would end the cell.
            let cells = |keys: &[Key]| keys.iter().map(text_of).collect::<Vec<_>>();
            let mut rows = self.sheet.rows().map(|(keys, _)| cells(keys));
            let first = rows.find(|cells| !cells.iter().any(|cell| cell.contains([',', '\''])));
            return Err(Refusal::new(
                "E0410",
                format!("no row of this answer begins with `{}`", row.join(",")),
            )
            .fix(format!(
                "--row as the row's first cells, for example --row '{}'",
                first.unwrap_or_default().join(",")
            )));
        }
        let rows: Vec<_> = rows.into_iter().map(|(_, row)| row).collect();
        let together = self.together(&rows);
        let members = sheet::Counted::of(&together).members(figure.reading.behind());
        let members = members.iter().copied();
        let members: BTreeSet<Member> = members
            .filter(|member| self.is_read(figure.reading, *member))
            .collect();
        let mut answer = records::list(&self, &members);
        answer
            .notes
            .push(many(members.len() as u64, "record") + &format!(" behind `{column}`"));
        answer.issues = self.issues();
        answer.lineage = self.lineage();
        Ok(answer)
    }

    /// How many numbers have records behind them, and which of them are not what their records
    /// come to: as many as a count says, as much money as a sum says, each record once.
    pub fn resums(&self) -> (u64, Vec<String>) {
        let (mut numbers, mut wrong) = (0, Vec::new());
        for (keys, row) in self.sheet.rows() {
            for Figure { column, reading } in &self.figures {
                let members = row.members(reading.behind()).iter().copied();
                let members = members.filter(|member| self.is_read(*reading, *member));
                let members: BTreeSet<Member> = members.collect();
                let cell = read(*reading, row, keys, self, &mut Memo::default());
                let comes_to = match (*reading, &cell) {
                    (Reading::Count(_), _) => Cell::Count(members.len() as u64),
                    (Reading::Share(..), Cell::Ratio(ratio)) => Cell::Ratio(Ratio {
                        part: members.len() as i64,
                        ..*ratio
                    }),
                    (Reading::Money(..) | Reading::Worth(..), Cell::Money(money)) => {
                        match records::sum(self, &members, money.currency) {
                            Some(minor) => Cell::Money(Money { minor, ..*money }),
                            None => continue,
                        }
                    }
                    _ => continue,
                };
                numbers += 1;
                if comes_to != cell {
                    let row: Vec<String> = keys.iter().map(text_of).collect();
                    let (id, row) = (&column.id, row.join(","));
                    wrong.push(format!(
                        "{id} of `{row}` is {cell:?}, its records {comes_to:?}"
                    ));
                }
            }
        }
        (numbers, wrong)
    }

    /// Gives every record behind every figure, then the answer.
    pub fn traced(self, each: &mut dyn FnMut(Record<'_>)) -> Result<Answer, Refusal> {
        let heads = records::columns(&self);
        for (place, (_, row)) in self.sheet.rows().enumerate() {
            stop::look();
            for Figure { column, reading } in &self.figures {
                let members = row.members(reading.behind()).iter().copied();
                let members = members.filter(|member| self.is_read(*reading, *member));
                for member in members.collect::<BTreeSet<Member>>() {
                    each(Record {
                        column: &column.id,
                        row: place,
                        heads: &heads,
                        cells: &records::row(&self, member),
                    });
                }
            }
        }
        self.answer()
    }

    /// Whether a figure takes a member in: a sum of money only those with money in its currency.
    fn is_read(&self, reading: Reading, member: Member) -> bool {
        let (money, currency) = match reading {
            Reading::Bill(_, currency) => return self.is_billed(member, currency),
            Reading::Worth(_, currency) => (self.worth(member), currency),
            Reading::Money(_, Some(currency)) => (self.money(member), currency),
            _ => return true,
        };
        money.is_some_and(|money| money.currency == currency)
    }

    /// The visit and pursuit that a member is about.
    pub fn place(&self, member: Member) -> (Option<&Pursuit>, Option<&Visit>) {
        let visit = |at: VisitRef| {
            self.ground
                .visit(at)
                .map_or((None, None), |(p, v)| (Some(p), Some(v)))
        };
        match member {
            Member::Stay(at) => {
                let stay = self.ground.stays(self.question.unit).get(at as usize);
                let first = stay.and_then(|stay| {
                    let there = self
                        .looked_at
                        .map(|at| stay.there(self.ground.journeys, at));
                    let there = there.and_then(|mut there| there.next());
                    there.or_else(|| stay.members.first().copied())
                });
                first.map_or((None, None), visit)
            }
            Member::Visit(at) => visit(at),
            Member::Entry(at) => self
                .entries
                .get(at as usize)
                .map_or((None, None), |entry| visit(entry.visit)),
            Member::Span(at) => match self.spans.get(at as usize) {
                Some(Span {
                    pursuit,
                    visit: Some(at),
                    ..
                }) => visit(VisitRef {
                    pursuit: *pursuit,
                    visit: *at,
                }),
                Some(span) => (self.ground.pursuit(span.pursuit), None),
                None => (None, None),
            },
            Member::Measured(at) => {
                let found = self
                    .measured
                    .get(at as usize)
                    .and_then(|found| found.pursuit);
                (found.and_then(|pursuit| self.ground.pursuit(pursuit)), None)
            }
            Member::Item(at) => {
                let found = self.items.get(at as usize).and_then(|item| item.pursuit);
                (found.and_then(|pursuit| self.ground.pursuit(pursuit)), None)
            }
        }
    }

    /// The person that a member without a pursuit is about.
    pub fn person(&self, member: Member) -> Option<PersonId> {
        match member {
            Member::Item(at) => self.items.get(at as usize)?.person,
            Member::Measured(at) => self.measured.get(at as usize)?.person,
            Member::Stay(_) | Member::Visit(_) | Member::Entry(_) | Member::Span(_) => None,
        }
    }

    /// A deal's amount in the asked currency, looked at from an instant.
    pub fn in_asked(&self, deal: u32, money: Money, at: Option<Instant>) -> Option<Money> {
        match &self.prices {
            None => Some(money),
            Some(prices) => prices.show(money, Some(deal), self.ground.close_or(deal, at)),
        }
    }

    /// The deal that a member is about.
    pub fn deal(&self, member: Member) -> Option<u32> {
        let named = match member {
            Member::Measured(at) => match self.measured.get(at as usize)?.counted {
                Counted::Deal(deal) => Some(deal),
                Counted::Pursuit(_) | Counted::Lead(_) | Counted::Fact(_) => None,
            },
            Member::Item(at) => self.items.get(at as usize)?.deal,
            Member::Stay(_) | Member::Visit(_) | Member::Entry(_) | Member::Span(_) => None,
        };
        named.or_else(|| self.place(member).0.and_then(|pursuit| pursuit.deal))
    }

    /// Defects under the answer.
    pub fn issues(&self) -> Vec<IssueCount> {
        self.issues_with(&[])
    }

    /// The same, and these.
    pub fn issues_with(&self, more: &[Issue]) -> Vec<IssueCount> {
        let mut counts = self.ground.issues().clone();
        let rates = self.prices.iter().flat_map(Prices::issues);
        for issue in self.extra_issues.iter().chain(rates).chain(more) {
            *counts.entry(issue.code).or_insert(0) += 1;
        }
        let conflicts = self
            .ground
            .snapshot
            .set_aside
            .iter()
            .filter(|(why, _)| why.starts_with("conflict"));
        for (code, count) in [
            (IssueCode::Unripe, self.unripe),
            (IssueCode::HorizonAssumed, self.ground.assumed_horizons),
            (IssueCode::Conflict, conflicts.map(|(_, n)| n).sum()),
            (
                IssueCode::KnownHappened,
                u64::from(self.question.known == Known::Happened),
            ),
        ] {
            if count > 0 {
                counts.insert(code, count);
            }
        }
        let issue = |(code, count): (&IssueCode, &u64)| IssueCount {
            code: code.code().to_owned(),
            count: *count,
            text: match code {
                IssueCode::UnknownStage => {
                    format!("{}{}", code.text_of(*count), unknown_words(self.ground))
                }
                _ => code.text_of(*count).to_owned(),
            },
        };
        counts.iter().map(issue).collect()
    }
}

/// What an answer rests on.
pub(super) fn lineage(ground: &Ground<'_>) -> Lineage {
    Lineage {
        horizon: (ground.horizon.0 != 0).then(|| ground.horizon.to_string()),
        facts_used: ground.part.fact_count(),
        ..lineage_of(ground.snapshot, ground.charter)
    }
}

/// What an answer without a horizon rests on.
pub(super) fn lineage_of(snapshot: &Snapshot, charter: &Charter) -> Lineage {
    let kernel = |(name, version): (&str, u32)| (name.to_owned(), version.to_string());
    let earlier = |one: &Earlier| (one.until.to_string(), one.charter.clone());
    Lineage {
        seq: snapshot.seq.0,
        charter: charter.hash.clone(),
        earlier: charter.earlier.iter().map(earlier).collect(),
        packs: snapshot.packs.clone(),
        kernels: handfast_kernels::VERSIONS
            .iter()
            .copied()
            .map(kernel)
            .collect(),
        facts_used: snapshot.facts.len() as u64,
        set_aside: snapshot.set_aside.clone(),
        horizon: None,
    }
}

/// What is not known, as tables show it.
const UNKNOWN: &str = "–";

pub(super) fn text_of(key: &Key) -> String {
    match key.cell() {
        Cell::Text(text) => text,
        _ => UNKNOWN.to_owned(),
    }
}

/// Whether a typed cell names a key; what is not known is typed as a table, CSV or JSON shows it.
pub(super) fn is_named(key: &Key, typed: &str) -> bool {
    match key {
        Key::Unknown => [UNKNOWN, "", "null"].contains(&typed),
        key => text_of(key) == typed,
    }
}

/// Words that are told of those that no stage of the charter has among its marks.
const TOLD_WORDS: usize = 5;

/// The stage labels that the charter does not name, the commonest first.
fn unknown_words(ground: &Ground<'_>) -> String {
    let counts = ground.derived.shared.words(ground.part);
    let mut counts: Vec<_> = counts.iter().collect();
    counts.sort_by_key(|(word, count)| (std::cmp::Reverse(*count), *word));
    let told = counts.iter().take(TOLD_WORDS);
    let told: Vec<String> = told
        .map(|(word, count)| format!("`{word}` {count}"))
        .collect();
    let more = counts.len().saturating_sub(TOLD_WORDS);
    match (told.is_empty(), more) {
        (true, _) => String::new(),
        (false, 0) => format!(": {}", told.join(", ")),
        (false, more) => format!(": {} and {more} more", told.join(", ")),
    }
}
