//! The pipeline bridge: from what was open at a period's start to what is open at its end, line by
//! line. What a move is, is decided in `kernels::bridge`; this room places deals by dimensions,
//! prices them and lists the moves behind each line.

mod records;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use handfast_kernels::bridge::{self, Line, Opening, Seen, Span, Worth, restated};
use handfast_kernels::journey::{Deal, Ownership, Pursuit};
use handfast_model::money::grouped;
use handfast_model::question::{Dimension, QuestionKind};
use handfast_model::rules::Subject;
use handfast_model::{
    Answer, Cell, Column, ColumnKind, Currency, Day, Instant, Issue, IssueCode, Money, Question,
    Refusal, Seq, When, limits,
};

use super::ground::{Anchor, Ground, Owner};
use super::price::not_priced;
use super::sheet::{Key, Sheet};
use super::tally::{Tally, lineage, text_of};
use super::whose::Whose;
use super::{Asked, Pick};

/// Answers the question, or lists the moves behind one of its figures.
pub(super) fn answer(
    ground: &Ground<'_>,
    question: &Question,
    due: Option<(Day, Day)>,
    pick: Option<&Pick>,
) -> Result<Answer, Refusal> {
    let book = Book::new(ground, question, due)?;
    match pick {
        None => book.answer(),
        Some(pick) => book.records(pick),
    }
}

/// The same, beginning with what was told of the start at an earlier moment of knowing.
pub fn since(then: Asked<'_>, now: Asked<'_>, pick: Option<&Pick>) -> Result<Answer, Refusal> {
    let question = now.question;
    let QuestionKind::Bridge { due, .. } = question.kind else {
        return Err(super::identity::unknown("bridge"));
    };
    let told = Ground::new(then.derived, then.charter, then.filter);
    let told = Book::new(&told, question, due)?.openings();
    let ground = Ground::new(now.derived, now.charter, now.filter);
    let mut book = Book::new(&ground, question, due)?;
    book.restate(&told);
    book.told_at = Some(then.derived.part.snapshot.seq);
    match pick {
        None => book.answer(),
        Some(pick) => book.records(pick),
    }
}

/// How many sums there are, and which do not come out: start and moves against the end.
pub(super) fn resums(
    ground: &Ground<'_>,
    question: &Question,
    due: Option<(Day, Day)>,
) -> Result<(u64, Vec<String>), Refusal> {
    let book = Book::new(ground, question, due)?;
    let mut wrong = Vec::new();
    let mut numbers = 0;
    for (keys, lines) in &book.blocks {
        let (mut deals, mut minor) = (0i64, 0i128);
        for (line, moves) in lines {
            let sign = if *line == Line::AtEnd { -1 } else { 1 };
            deals += sign * line.adds().unwrap_or(1) * moves.len() as i64;
            minor += i128::from(sign) * book.sum(moves);
            numbers += 1;
        }
        if (deals, minor) != (0, 0) {
            let keys: Vec<String> = keys.iter().map(text_of).collect();
            let own = question
                .currency
                .or(keys.last().and_then(|key| Currency::parse(key)));
            let amount = own.zip(i64::try_from(minor).ok());
            let amount = amount.map(|(currency, minor)| Money { minor, currency }.shown());
            wrong.push(format!(
                "`{}` is off by {} deals and {}",
                keys.join(","),
                grouped(&deals.to_string()),
                amount.unwrap_or_else(|| "an amount".to_owned())
            ));
        }
    }
    Ok((numbers, wrong))
}

/// One move with its deal and its instant.
struct Moved {
    /// Its key.
    name: String,
    /// Its place, where anything is known of it.
    deal: Option<u32>,
    at: Instant,
    line: Line,
    currency: Option<Currency>,
    minor: i128,
}

/// The moves of all deals in question.
struct Book<'a> {
    ground: &'a Ground<'a>,
    question: &'a Question,
    due: Option<(Day, Day)>,
    /// The commit of which the start is told too.
    told_at: Option<Seq>,
    moves: Vec<Moved>,
    /// By group and currency, by line, the places of moves.
    blocks: BTreeMap<Vec<Key>, BTreeMap<Line, Vec<usize>>>,
    /// Issues, prices and lineage are those of any answer.
    tally: Tally<'a>,
    issues: Vec<Issue>,
}

impl<'a> Book<'a> {
    fn new(
        ground: &'a Ground<'a>,
        question: &'a Question,
        due: Option<(Day, Day)>,
    ) -> Result<Book<'a>, Refusal> {
        check_undivided(question)?;
        let Some((from, until)) = question.period else {
            return Err(Refusal::new("E0401", "from when until when?").fix("--period 2018-Q1"));
        };
        let span = Span {
            from: ground.start_of(from),
            until: ground.start_of(until),
            due,
        };
        let mut book = Book {
            tally: Tally::new(ground, question, Sheet::new(0)),
            ground,
            question,
            due,
            told_at: None,
            moves: Vec::new(),
            blocks: BTreeMap::new(),
            issues: Vec::new(),
        };
        book.fill(&span);
        Ok(book)
    }

    fn fill(&mut self, span: &Span) {
        let ground = self.ground;
        let mut places = Places::new(ground, &self.question.by);
        for (number, deal) in (0u32..).zip(&ground.journeys.deals) {
            let Some(home) = ground.pursuit_of(deal) else {
                continue;
            };
            if !ground.is_asked_of(home, Whose::Deal(number)) {
                continue;
            }
            let others = places.turns(deal, home);
            let told = bridge::told(&ground.world(), ground.journeys, (deal, &others), span);
            let mut before = None;
            let mut seen = Vec::with_capacity(told.len());
            for one in &told {
                let worth = self.worth(number, one.amount, one.at);
                let carried = before.map_or(worth, |amount| self.worth(number, amount, one.at));
                before = Some(one.amount);
                seen.push(Seen {
                    standing: one.standing,
                    is_due: one.is_due,
                    place: places.of((number, deal), home, one.at),
                    worth,
                    carried,
                });
            }
            let ends = [told.first().zip(seen.first()), told.last().zip(seen.last())];
            self.tell(
                number,
                ends.into_iter()
                    .flatten()
                    .filter_map(|(told, seen)| seen.counts().then_some((told.amount, told.at))),
            );
            for told_move in bridge::bridge(&seen) {
                let at = told.get(told_move.at).map_or(span.from, |one| one.at);
                let mut keys = places.keys(told_move.place).to_vec();
                keys.extend(self.currency_key(told_move.currency));
                let lines = self.blocks.entry(keys).or_default();
                let behind = lines.entry(told_move.line).or_default();
                behind.push(self.moves.len());
                self.moves.push(Moved {
                    name: ground.snapshot.names.text(deal.key).to_owned(),
                    deal: Some(number),
                    at,
                    line: told_move.line,
                    currency: told_move.currency,
                    minor: told_move.minor,
                });
            }
        }
    }

    /// What is open at the start, by the deal's key.
    fn openings(&self) -> BTreeMap<String, Opening<Vec<Key>>> {
        let mut openings = BTreeMap::new();
        for (keys, lines) in &self.blocks {
            let moves = lines.get(&Line::AtStart).into_iter().flatten();
            for one in moves.filter_map(|at| self.moves.get(*at)) {
                let opening = Opening {
                    place: keys.clone(),
                    minor: one.minor,
                };
                openings.insert(one.name.clone(), opening);
            }
        }
        openings
    }

    /// Adds what leads from what was told of the start to what is known of it.
    fn restate(&mut self, told: &BTreeMap<String, Opening<Vec<Key>>>) {
        let now = self.openings();
        let deals = (0u32..).zip(&self.ground.journeys.deals);
        let names = &self.ground.snapshot.names;
        let known: BTreeMap<String, u32> = deals
            .map(|(at, deal)| (names.text(deal.key).to_owned(), at))
            .collect();
        let from = self
            .question
            .period
            .map(|(from, _)| self.ground.start_of(from));
        let at = from.map_or(Instant(0), |from| Instant(from.0.saturating_sub(1)));
        let all: BTreeSet<&String> = told.keys().chain(now.keys()).collect();
        for name in all {
            let deal = known.get(name).copied();
            let lines = restated(told.get(name), now.get(name), deal.is_some());
            for (line, keys, minor) in lines {
                let currency = self.currency_of(&keys);
                let behind = self
                    .blocks
                    .entry(keys)
                    .or_default()
                    .entry(line)
                    .or_default();
                behind.push(self.moves.len());
                self.moves.push(Moved {
                    name: name.clone(),
                    deal,
                    at,
                    line,
                    currency,
                    minor,
                });
            }
        }
    }

    /// What an amount is worth at an instant, and in which currency it is summed: without one, in
    /// that of its last known amount, else the charter's.
    fn worth(&self, deal: u32, amount: Option<Money>, at: Instant) -> Worth {
        let Some(prices) = &self.tally.prices else {
            let last = || self.ground.amount(deal, None).map(|money| money.currency);
            let own = amount.map(|money| money.currency);
            return Worth {
                currency: own.or_else(last).or(self.ground.charter.currency),
                minor: amount.map(|money| money.minor),
            };
        };
        let priced = amount.and_then(|money| prices.show(money, Some(deal), When::At(at)));
        Worth {
            currency: Some(prices.to),
            minor: priced.map(|money| money.minor),
        }
    }

    /// Names the rates of what is open at either end, and tells what has no amount or no price.
    fn tell(&mut self, deal: u32, ends: impl Iterator<Item = (Option<Money>, Instant)>) {
        let shown_by = || {
            let fact = self.ground.deal_fact(deal)?;
            Some(self.ground.fact(fact)?.id)
        };
        let mut found = BTreeSet::new();
        for (amount, at) in ends {
            let Some(money) = amount else {
                found.insert(Issue {
                    code: IssueCode::NoAmount,
                    fact: shown_by(),
                });
                continue;
            };
            let prices = self.tally.prices.as_ref();
            let taken = |prices: &super::price::Prices<'_>| {
                prices.take(money, Some(deal), When::At(at)).is_some()
            };
            if !prices.is_none_or(taken) {
                found.insert(not_priced(shown_by()));
            }
        }
        self.issues.extend(found);
    }

    fn currency_key(&self, currency: Option<Currency>) -> Option<Key> {
        let key = |currency: Currency| Key::Text(currency.code().to_owned());
        let is_asked = self.tally.prices.is_some();
        (!is_asked).then(|| currency.map_or(Key::Unknown, key))
    }

    fn sum(&self, moves: &[usize]) -> i128 {
        let moves = moves.iter().filter_map(|at| self.moves.get(*at));
        moves.map(|one| one.minor).sum()
    }

    /// The lines that this question shows, whether anything is on them or not.
    fn lines(&self) -> Vec<Line> {
        let is_there = |line: Line| self.blocks.values().any(|lines| lines.contains_key(&line));
        let has_groups = !self.question.by.is_empty();
        let is_shown = |line: &Line| match line {
            Line::PulledIn | Line::PushedOut => self.due.is_some(),
            Line::MovedIn | Line::MovedOut => {
                has_groups || is_there(Line::MovedIn) || is_there(Line::MovedOut)
            }
            Line::Rates => is_there(Line::Rates),
            line if line.is_of_knowing() => self.told_at.is_some(),
            _ => true,
        };
        Line::ALL.into_iter().filter(is_shown).collect()
    }

    fn answer(self) -> Result<Answer, Refusal> {
        let lines = self.lines();
        let count = self.blocks.len() * lines.len();
        if count > limits::ANSWER_ROWS {
            let most = limits::ANSWER_ROWS;
            let title = format!("the answer would have {count} rows; the limit is {most}");
            return Err(Refusal::new("E0408", title).fix("use fewer or coarser dimensions"));
        }
        let mut rows = Vec::with_capacity(count);
        for (keys, behind) in &self.blocks {
            let currency = self.currency_of(keys);
            for line in &lines {
                let moves = behind.get(line).map_or(&[][..], |moves| moves);
                let sum = i64::try_from(self.sum(moves)).ok();
                let value = currency
                    .zip(sum)
                    .map(|(currency, minor)| Money { minor, currency });
                let mut cells: Vec<Cell> = keys.iter().map(Key::cell).collect();
                cells.push(Cell::Text(line.word().to_owned()));
                cells.push(Cell::Count(moves.len() as u64));
                cells.push(value.map_or(Cell::Unknown, Cell::Money));
                rows.push(cells);
            }
        }
        Ok(Answer {
            headline: None,
            rows,
            totals: None,
            currency_totals: Vec::new(),
            issues: self.tally.issues_with(&self.issues),
            notes: self.notes(),
            lineage: lineage(self.ground),
            columns: self.columns(),
        })
    }

    fn currency_of(&self, keys: &[Key]) -> Option<Currency> {
        match (&self.tally.prices, keys.last()) {
            (Some(prices), _) => Some(prices.to),
            (None, Some(Key::Text(code))) => Currency::parse(code),
            _ => None,
        }
    }

    fn columns(&self) -> Vec<Column> {
        let mut tally = Tally::new(self.ground, self.question, Sheet::new(0));
        tally.dimension_columns(&self.question.by);
        if self.tally.prices.is_none() {
            tally.text_column("currency", "");
        }
        tally.text_column("move", "at_start and all moves come to at_end");
        let column = |id: &str, kind, unit: Option<&str>, means: &str| Column {
            id: id.to_owned(),
            kind,
            unit: unit.map(str::to_owned),
            means: means.to_owned(),
        };
        let asked = self.tally.prices.as_ref().map(|prices| prices.to);
        let asked = asked.as_ref().map(Currency::code);
        let deals = "deals that made this move; of grew, shrank and rates, how many times";
        let mut columns = tally.dims;
        columns.push(column("deals", ColumnKind::Count, Some("deal"), deals));
        let value = "what it adds to the value of the open deals";
        columns.push(column("value", ColumnKind::Money, asked, value));
        columns
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        notes.push(match self.due {
            None => "all deals that were open, whenever they are due".to_owned(),
            Some((from, until)) => format!(
                "deals due from {from} until before {until}, by their close_date at each instant"
            ),
        });
        let is_there = |line: Line| self.blocks.values().any(|lines| lines.contains_key(&line));
        if is_there(Line::Gone) {
            notes.push("gone: disqualified, or ended by silence".to_owned());
        }
        if is_there(Line::MovedIn) {
            notes.push(
                "moved_in and moved_out: the same deals, from one owner, group or currency to \
                 another; over all they cancel out"
                    .to_owned(),
            );
        }
        let is_owned = |dim: &Dimension| matches!(dim, Dimension::Rep | Dimension::Team);
        if self.question.by.iter().any(is_owned) {
            notes.push("rep and team are those of each instant, within a stage too".to_owned());
        }
        notes.extend(self.told_at.map(|seq| {
            format!(
                "as_told is the start as it was told at ledger {seq}; it and the lines below it \
                 come to at_start: learned since, restated, dropped as not open, deleted"
            )
        }));
        notes.extend(self.tally.prices.iter().flat_map(|prices| prices.notes()));
        notes
    }
}

/// A bridge is between two instants, so no period divides it.
fn check_undivided(question: &Question) -> Result<(), Refusal> {
    let is_time = |dim: &&Dimension| matches!(dim, Dimension::Time(_));
    match question.by.iter().find(is_time) {
        None => Ok(()),
        Some(dim) => {
            let title = format!("a bridge cannot be split by {}", dim.text());
            Err(Refusal::new("E0431", title)
                .matters("it leads from one instant to another")
                .fix("ask it once for each period, with --period"))
        }
    }
}

/// The group of each deal at each instant.
struct Places<'q, 'a> {
    ground: &'q Ground<'a>,
    by: &'q [Dimension],
    owners: Option<Ownership>,
    /// Whether a group is read from what is said of people and accounts.
    is_by_state: bool,
    groups: Vec<Vec<Key>>,
    index: HashMap<Vec<Key>, usize>,
}

impl<'q, 'a> Places<'q, 'a> {
    fn new(ground: &'q Ground<'a>, by: &'q [Dimension]) -> Places<'q, 'a> {
        let is_owned = |dim: &Dimension| matches!(dim, Dimension::Rep | Dimension::Team);
        let is_state = |dim: &Dimension| match dim {
            Dimension::Attribute(subject, _) => {
                matches!(subject, Subject::Person | Subject::Account)
            }
            dim => *dim == Dimension::Segment,
        };
        Places {
            ground,
            by,
            owners: by
                .iter()
                .any(is_owned)
                .then(|| Ownership::of(&ground.world())),
            is_by_state: by.iter().any(is_state),
            groups: Vec::new(),
            index: HashMap::new(),
        }
    }

    /// Instants, beside the deal's own, at which its group may change.
    fn turns(&self, deal: &Deal, home: &Pursuit) -> Vec<Instant> {
        let owned = self
            .owners
            .iter()
            .flat_map(|owners| owners.turns(deal, home));
        let mut turns: Vec<Instant> = owned.collect();
        if self.is_by_state {
            let attributes = self.ground.attributes();
            turns.extend(attributes.told_of(&home.people, home.account));
        }
        turns
    }

    fn of(&mut self, (number, deal): (u32, &Deal), home: &Pursuit, at: Instant) -> usize {
        let owner: Owner = match &self.owners {
            Some(owners) => owners.at(deal, home, at),
            None => (None, None),
        };
        let anchor = Anchor {
            pursuit: home,
            number: deal.pursuit,
            day: None,
            at: Some(at),
            owner,
            whose: Whose::Deal(number),
        };
        let keys: Vec<Key> = self
            .by
            .iter()
            .map(|dim| self.ground.key(dim, &anchor))
            .collect();
        if let Some(place) = self.index.get(&keys) {
            return *place;
        }
        let place = self.groups.len();
        self.groups.push(keys.clone());
        self.index.insert(keys, place);
        place
    }

    fn keys(&self, place: usize) -> &[Key] {
        self.groups.get(place).map_or(&[], |keys| keys)
    }
}
