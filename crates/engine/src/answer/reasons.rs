//! Why deals were lost, or won: reason × competitor × the stage they went from × who says so. What
//! counts as a statement is decided in `kernels::reasons`.

use std::collections::{BTreeMap, BTreeSet};

use handfast_kernels::metric::Scope;
use handfast_kernels::reasons::{Statement, statements};
use handfast_model::question::{Aspect, Unit};
use handfast_model::{
    Answer, Cell, Column, ColumnKind, Currency, Issue, IssueCode, Money, Question, Ratio, Refusal,
    Sym, limits, many,
};

use super::Pick;
use super::ground::{Anchor, Ground};
use super::price::not_priced;
use super::records::{buyer, origin, text, time};
use super::sheet::{Key, Sheet};
use super::tally::totals::total_names;
use super::tally::{Tally, is_named, lineage, text_of};
use super::whose::Whose;

const RECORDS: [(&str, ColumnKind); 11] = [
    ("deal", ColumnKind::Text),
    ("buyer", ColumnKind::Text),
    ("closed", ColumnKind::Time),
    ("stage", ColumnKind::Text),
    ("reason", ColumnKind::Text),
    ("competitor", ColumnKind::Text),
    ("said_by", ColumnKind::Text),
    ("amount", ColumnKind::Text),
    ("source", ColumnKind::Text),
    ("file", ColumnKind::Text),
    ("line", ColumnKind::Count),
];

/// Answers the question, or lists the statements behind one of its figures.
pub(super) fn answer(
    ground: &Ground<'_>,
    question: &Question,
    (is_won, split): (bool, &[Aspect]),
    pick: Option<&Pick>,
) -> Result<Answer, Refusal> {
    let mut book = Book {
        ground,
        question,
        is_won,
        split: if split.is_empty() {
            &Aspect::ALL
        } else {
            split
        },
        tally: Tally::new(ground, question, Sheet::new(0)),
        rows: BTreeMap::new(),
        deals: BTreeMap::new(),
        issues: Vec::new(),
        voices: 0,
    };
    book.fill();
    match pick {
        None => book.answer(),
        Some(pick) => book.records(pick),
    }
}

#[derive(Default)]
struct Row {
    statements: Vec<(Statement, Option<Money>)>,
    deals: BTreeSet<u32>,
}

struct Book<'a> {
    ground: &'a Ground<'a>,
    question: &'a Question,
    is_won: bool,
    split: &'a [Aspect],
    /// Issues, prices and lineage are those of any answer.
    tally: Tally<'a>,
    rows: BTreeMap<Vec<Key>, Row>,
    /// All deals, with what they are worth.
    deals: BTreeMap<u32, Option<Money>>,
    issues: Vec<Issue>,
    /// Deals of which several voices speak.
    voices: u64,
}

impl Book<'_> {
    fn fill(&mut self) {
        let (ground, question) = (self.ground, self.question);
        let scope = Scope {
            from: question.period.map(|(from, _)| ground.start_of(from)),
            until: question.period.map(|(_, until)| ground.start_of(until)),
            unit: Unit::Deal,
            ..Scope::ALL
        };
        let said = statements(&ground.world(), ground.journeys, (self.is_won, &scope));
        for of_deal in said.chunk_by(|a, b| a.deal == b.deal) {
            let Some(first) = of_deal.first() else {
                continue;
            };
            let home = first.member.pursuit.and_then(|home| ground.pursuit(home));
            let asked = home.filter(|home| ground.is_asked_of(home, Whose::Deal(first.deal)));
            let Some(home) = asked else { continue };
            let worth = self.worth(first);
            self.deals.insert(first.deal, worth);
            self.voices += u64::from(of_deal.len() > 1);
            let visit = home.visit_at(first.member.anchor.at);
            let anchor = Anchor {
                pursuit: home,
                number: first.member.pursuit.unwrap_or(0),
                day: first.member.anchor.when.day(&ground.charter.calendar),
                at: first.member.anchor.at,
                owner: visit.map_or((None, None), |visit| (visit.rep, visit.team)),
                whose: Whose::Deal(first.deal),
            };
            for statement in of_deal {
                let dims = question.by.iter().map(|dim| ground.key(dim, &anchor));
                let aspects = self.split.iter().map(|aspect| self.key(*aspect, statement));
                let mut keys: Vec<Key> = dims.chain(aspects).collect();
                keys.extend(self.currency_key(worth));
                let row = self.rows.entry(keys).or_default();
                row.statements.push((*statement, worth));
                row.deals.insert(statement.deal);
            }
        }
    }

    fn key(&self, aspect: Aspect, statement: &Statement) -> Key {
        let name = |sym: Option<Sym>| {
            let text = |sym| Key::Text(self.ground.snapshot.names.text(sym).to_owned());
            sym.map_or(Key::Unknown, text)
        };
        match aspect {
            Aspect::Reason => name(statement.reason),
            Aspect::Competitor => name(statement.competitor),
            Aspect::Stage => statement
                .stage
                .map_or(Key::Unknown, |step| self.ground.step_key(step)),
            Aspect::SaidBy => name(statement.said_by),
        }
    }

    /// What a deal was worth, in the asked currency; what has no amount or price is told.
    fn worth(&mut self, statement: &Statement) -> Option<Money> {
        let shown_by = || {
            let fact = statement.member.fact?;
            Some(self.ground.fact(fact)?.id)
        };
        let Some(money) = self.ground.amount(statement.deal, None) else {
            self.issues.push(Issue {
                code: IssueCode::NoAmount,
                fact: shown_by(),
            });
            return None;
        };
        let Some(prices) = &self.tally.prices else {
            return Some(money);
        };
        let priced = prices.take(money, Some(statement.deal), statement.member.anchor.when);
        if priced.is_none() {
            self.issues.push(not_priced(shown_by()));
        }
        priced
    }

    /// Sums have one row per currency; a deal without an amount stands in the charter's.
    fn currency_key(&self, worth: Option<Money>) -> Option<Key> {
        if self.tally.prices.is_some() {
            return None;
        }
        let currency = worth
            .map(|money| money.currency)
            .or(self.ground.charter.currency);
        Some(currency.map_or(Key::Unknown, |one| Key::Text(one.code().to_owned())))
    }

    /// The rows of most deals first, of as many those worth most.
    fn ranked(&self) -> Vec<(&Vec<Key>, &Row)> {
        let mut rows: Vec<_> = self.rows.iter().collect();
        let dims = self.question.by.len();
        let size = |row: &Row| (row.deals.len(), self.sum(&row.deals));
        rows.sort_by(|(a, one), (b, other)| {
            let group = a.get(..dims).cmp(&b.get(..dims));
            group
                .then_with(|| size(other).cmp(&size(one)))
                .then_with(|| a.cmp(b))
        });
        rows
    }

    fn sum(&self, deals: &BTreeSet<u32>) -> i128 {
        let worth = deals
            .iter()
            .filter_map(|deal| self.deals.get(deal).copied().flatten());
        worth.map(|money| i128::from(money.minor)).sum()
    }

    fn answer(self) -> Result<Answer, Refusal> {
        if self.rows.len() > limits::ANSWER_ROWS {
            let (rows, most) = (self.rows.len(), limits::ANSWER_ROWS);
            let title = format!("the answer would have {rows} rows; the limit is {most}");
            return Err(Refusal::new("E0408", title).fix("use fewer or coarser dimensions"));
        }
        let cells = |keys: &[Key], deals: &BTreeSet<u32>, currency: Option<Currency>| {
            let money = currency.zip(i64::try_from(self.sum(deals)).ok());
            let money = money.map(|(currency, minor)| Cell::Money(Money { minor, currency }));
            let mut cells: Vec<Cell> = keys.iter().map(Key::cell).collect();
            cells.push(Cell::Count(deals.len() as u64));
            cells.push(Cell::Ratio(Ratio {
                part: deals.len() as i64,
                whole: self.deals.len() as u64,
            }));
            cells.push(money.unwrap_or(Cell::Unknown));
            cells
        };
        let rows = self.ranked().into_iter();
        let rows = rows.map(|(keys, row)| cells(keys, &row.deals, self.currency_of(keys)));
        let rows: Vec<Vec<Cell>> = rows.collect();
        // By currency: the deals of its rows.
        let mut found: BTreeMap<Option<Currency>, BTreeSet<u32>> = BTreeMap::new();
        for (keys, row) in &self.rows {
            let deals = found.entry(self.currency_of(keys)).or_default();
            deals.extend(&row.deals);
        }
        let width = self.names().len();
        let total = |deals: &BTreeSet<u32>, currency: Option<Currency>, key: Option<&Key>| {
            let figures = cells(&[], deals, currency);
            let all = total_names(width, key).chain(figures);
            all.collect::<Vec<Cell>>()
        };
        let currencies = found.keys().flatten().count();
        let totals = (rows.len() > 1).then(|| {
            let all: BTreeSet<u32> = self.deals.keys().copied().collect();
            // A deal without an amount adds nothing, whatever the others are in.
            let only = found.keys().flatten().next().filter(|_| currencies == 1);
            total(&all, only.copied(), None)
        });
        let is_told = self.tally.prices.is_none() && (2..rows.len()).contains(&currencies);
        let currency_totals = found.iter().filter(|_| is_told);
        let currency_totals = currency_totals.filter_map(|(currency, deals)| {
            let key = Key::Text(currency.as_ref()?.to_string());
            Some(total(deals, *currency, Some(&key)))
        });
        let currency_totals = currency_totals.collect();
        let mut columns = self.names();
        columns.extend(self.figures());
        Ok(Answer {
            headline: None,
            rows,
            totals,
            currency_totals,
            columns,
            issues: self.tally.issues_with(&self.issues),
            notes: self.notes(),
            lineage: lineage(self.ground),
        })
    }

    fn currency_of(&self, keys: &[Key]) -> Option<Currency> {
        match (&self.tally.prices, keys.last()) {
            (Some(prices), _) => Some(prices.to),
            (None, Some(Key::Text(code))) => Currency::parse(code),
            _ => None,
        }
    }

    fn names(&self) -> Vec<Column> {
        let mut tally = Tally::new(self.ground, self.question, Sheet::new(0));
        tally.dimension_columns(&self.question.by);
        for aspect in self.split {
            tally.text_column(aspect.word(), aspect.means());
        }
        if self.tally.prices.is_none() {
            tally.text_column("currency", "");
        }
        tally.dims
    }

    fn figures(&self) -> [Column; 3] {
        let column = |id: &str, kind, unit: Option<&str>, means: &str| Column {
            id: id.to_owned(),
            kind,
            unit: unit.map(str::to_owned),
            means: means.to_owned(),
        };
        let asked = self.tally.prices.as_ref().map(|prices| prices.to);
        let asked = asked.as_ref().map(Currency::code);
        let word = if self.is_won { "won" } else { "lost" };
        [
            column(
                "deals",
                ColumnKind::Count,
                Some("deal"),
                &format!("deals {word}, by close date"),
            ),
            column(
                "share",
                ColumnKind::Ratio,
                None,
                &format!("of all deals {word}"),
            ),
            column(
                "value",
                ColumnKind::Money,
                asked,
                "their last known amounts",
            ),
        ]
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.voices > 0 {
            notes.push(format!(
                "of {} several voices speak: in a row of each, and once in all",
                many(self.voices, "deal")
            ));
        }
        let silent = self.rows.values().flat_map(|row| &row.statements);
        let silent = silent.filter(|(statement, _)| statement.reason.is_none());
        let silent: BTreeSet<u32> = silent.map(|(statement, _)| statement.deal).collect();
        if !silent.is_empty() {
            let silent = many(silent.len() as u64, "deal");
            notes.push(format!("of {silent} nobody says why"));
        }
        notes.extend(self.tally.prices.iter().flat_map(|prices| prices.notes()));
        notes
    }

    fn records(self, pick: &Pick) -> Result<Answer, Refusal> {
        if !["deals", "share", "value"].contains(&pick.column.as_str()) {
            let title = format!("this answer has no figure `{}`", pick.column);
            return Err(Refusal::new("E0409", title).fix("--records deals"));
        }
        let is_row = |keys: &[Key]| {
            let mut named = pick.row.iter().zip(keys);
            pick.row.len() <= keys.len() && named.all(|(asked, key)| is_named(key, asked))
        };
        let rows = self.ranked();
        let found: Vec<_> = rows.iter().filter(|(keys, _)| is_row(keys)).collect();
        if found.is_empty() && !pick.row.is_empty() {
            let first = rows
                .first()
                .map(|(keys, _)| keys.iter().map(text_of).collect::<Vec<_>>());
            let title = format!("no row of this answer begins with `{}`", pick.row.join(","));
            return Err(Refusal::new("E0410", title).fix(format!(
                "--row as the row's first cells, for example --row '{}'",
                first.unwrap_or_default().join(",")
            )));
        }
        let mut lines = Vec::new();
        for (_, row) in found {
            lines.extend(
                row.statements
                    .iter()
                    .map(|(statement, _)| self.line(statement)),
            );
        }
        let column = |(id, kind): (&str, ColumnKind)| Column {
            id: id.to_owned(),
            kind,
            unit: None,
            means: String::new(),
        };
        Ok(Answer {
            headline: None,
            columns: RECORDS.into_iter().map(column).collect(),
            notes: vec![format!(
                "{} statements behind `{}`",
                lines.len(),
                pick.column
            )],
            rows: lines,
            totals: None,
            currency_totals: Vec::new(),
            issues: self.tally.issues_with(&self.issues),
            lineage: lineage(self.ground),
        })
    }

    fn line(&self, statement: &Statement) -> Vec<Cell> {
        let ground = self.ground;
        let deal = ground.journeys.deals.get(statement.deal as usize);
        let home = statement
            .member
            .pursuit
            .and_then(|home| ground.pursuit(home));
        let amount = ground.amount(statement.deal, None);
        let mut cells = vec![
            text(ground, deal.map(|deal| deal.key)),
            home.map_or(Cell::Unknown, |home| Cell::Text(buyer(ground, home))),
            time(&statement.member.anchor),
            self.key(Aspect::Stage, statement).cell(),
            text(ground, statement.reason),
            text(ground, statement.competitor),
            text(ground, statement.said_by),
            amount.map_or(Cell::Unknown, |money| Cell::Text(money.to_string())),
        ];
        cells.extend(origin(ground, statement.fact));
        cells
    }
}
