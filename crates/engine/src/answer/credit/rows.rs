//! The sums of credit by row and model, and how they are shown.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use handfast_kernels::credit::robust::Given;
use handfast_kernels::credit::sample::intervals;
use handfast_kernels::credit::spread::Spread;
use handfast_kernels::credit::trails::DealTrail;
use handfast_kernels::journey::Pursuit;
use handfast_kernels::metric::Counted;
use handfast_model::credit::{CreditModel, Credited, ModelKind, Positions};
use handfast_model::money::{Run, grouped, share_runs};
use handfast_model::{Answer, Cell, Column, ColumnKind, Currency, Issue, Money, Refusal, limits};

use super::super::ground::Anchor;
use super::super::sheet::Key;
use super::super::tally::lineage;
use super::super::tally::totals::total_names;
use super::super::whose::Whose;
use super::Book;
use super::headline::{Headline, Touched};
use super::stands::{ROWS, Redrawn};

/// Sums by row, one for each model.
pub(super) struct Rows {
    models: usize,
    /// The places of additive models among them.
    additive: Vec<usize>,
    places: HashMap<Vec<Key>, usize>,
    pub rows: Vec<Row>,
    /// Deals and touches over all rows.
    pub deals: u64,
    pub touches: u64,
    /// The same by the last key, where that is the currency.
    by_currency: BTreeMap<Key, (u64, u64)>,
    /// Deals that have no amount, or no price in the asked currency.
    pub issues: Vec<Issue>,
    /// The credits one by one, where they are listed.
    pub listed: Option<Vec<Listed>>,
    /// What deals are worth by their touches, to see where the shares of estimated models lie.
    pub spread: Spread,
    /// What deals gave, to see whether the order of rows stands.
    pub given: Given,
    /// What marketing touched.
    pub headline: Headline,
    /// The rows of the deal that is shared out, each once.
    distinct: Vec<usize>,
    /// Of each of its touches where the sums of its row begin.
    touched: Vec<u32>,
    scratch: Scratch,
}

/// What is needed for one deal.
#[derive(Default)]
struct Scratch {
    runs: Vec<Run>,
    /// By row of the deal, then by additive model.
    sums: Vec<i64>,
}

/// One deal that is shared out.
pub(super) struct One {
    /// Its number among all, where credits are listed.
    pub number: usize,
    /// A number of its name.
    pub name: u64,
    /// What it is worth.
    pub amount: Money,
}

/// Where the shares of rows lie, by estimated model.
type Intervals = Vec<(ModelKind, Vec<Option<(f64, f64)>>)>;

/// One row.
pub(super) struct Row {
    pub keys: Vec<Key>,
    /// Deals with a touch here.
    pub deals: u64,
    /// Touches that may earn.
    pub touches: u64,
    /// By model, in minor units of the row's currency.
    pub sums: Vec<i128>,
    last_deal: Option<usize>,
    /// Where its sums begin among those of that deal.
    sums_from: u32,
}

/// What one deal gives to each of its touches, under one model.
pub(super) struct Listed {
    /// Its place among the trails.
    pub trail: usize,
    pub model: usize,
    /// By touch; nothing where nobody earns and the amount is nobody's.
    pub parts: Vec<i64>,
}

impl Rows {
    pub fn new(models: &[CreditModel], is_listed: bool) -> Rows {
        let additive = models.iter().enumerate();
        let additive = additive.filter(|(_, model)| model.kind.is_additive());
        let additive: Vec<usize> = additive.map(|(place, _)| place).collect();
        Rows {
            models: models.len(),
            places: HashMap::new(),
            rows: Vec::new(),
            deals: 0,
            touches: 0,
            by_currency: BTreeMap::new(),
            issues: Vec::new(),
            listed: is_listed.then(Vec::new),
            given: Given::new(additive.len()),
            spread: Spread::default(),
            headline: Headline::default(),
            distinct: Vec::new(),
            touched: Vec::new(),
            scratch: Scratch::default(),
            additive,
        }
    }

    /// The place of the row with these keys.
    pub fn place(&mut self, keys: Vec<Key>) -> usize {
        let next = self.rows.len();
        let models = self.models;
        *self.places.entry(keys).or_insert_with_key(|keys| {
            self.rows.push(Row {
                keys: keys.clone(),
                deals: 0,
                touches: 0,
                sums: vec![0; models],
                last_deal: None,
                sums_from: 0,
            });
            next
        })
    }

    /// Counts a deal once in each row that it has a touch in, and its touches.
    pub fn add_deal(&mut self, number: usize, places: &[usize], is_untouched: bool) {
        let touches = if is_untouched { 0 } else { places.len() as u64 };
        self.deals += 1;
        self.touches += touches;
        let first = places.first().and_then(|place| self.rows.get(*place));
        if let Some(currency) = first.and_then(|row| row.keys.last()) {
            let counts = match self.by_currency.get_mut(currency) {
                Some(counts) => counts,
                None => self.by_currency.entry(currency.clone()).or_default(),
            };
            counts.0 += 1;
            counts.1 += touches;
        }
        self.given.count();
        self.distinct.clear();
        self.touched.clear();
        for place in places {
            let sums = self.count_once(*place, number, u64::from(!is_untouched));
            self.touched.extend(sums);
        }
    }

    /// Counts a deal once in a row, with so many touches more; gives where its sums begin.
    fn count_once(&mut self, place: usize, number: usize, touches: u64) -> Option<u32> {
        let row = self.rows.get_mut(place)?;
        if row.last_deal.replace(number) != Some(number) {
            row.deals += 1;
            row.sums_from = (self.distinct.len() * self.additive.len()) as u32;
            self.distinct.push(place);
        }
        row.touches += touches;
        Some(row.sums_from)
    }

    /// Shares the deal out that was added last, by every model. `weigh` gives the weights of its
    /// touches, `nobody` the row of what no touch earns.
    pub fn share(
        &mut self,
        one: &One,
        models: &[CreditModel],
        weigh: &mut dyn FnMut(ModelKind, &mut Vec<Run>),
        nobody: &mut dyn FnMut(&mut Rows) -> usize,
    ) {
        let Scratch { mut runs, mut sums } = std::mem::take(&mut self.scratch);
        let (minor, rows) = (one.amount.minor, self.distinct.len());
        sums.clear();
        sums.resize(rows * self.additive.len(), 0);
        let mut standing = 0;
        for (model, chosen) in models.iter().enumerate() {
            if !chosen.kind.is_additive() {
                self.give_each(model, rows, minor);
                continue;
            }
            weigh(chosen.kind, &mut runs);
            if share_runs(minor, &mut runs) {
                self.sum_up(&runs, standing, &mut sums);
            } else {
                runs.clear();
                let place = nobody(self);
                if let Some(from) = self.count_once(place, one.number, 0) {
                    sums.resize(self.distinct.len() * self.additive.len(), 0);
                    let sum = sums.get_mut(from as usize + standing);
                    sum.into_iter().for_each(|sum| *sum = minor);
                }
            }
            self.list(one.number, model, &runs);
            standing += 1;
        }
        self.book(one.name, &sums);
        self.scratch = Scratch { runs, sums };
    }

    /// Gives an amount whole to each of the first so many rows of a deal.
    fn give_each(&mut self, model: usize, rows: usize, minor: i64) {
        for place in self.distinct.iter().take(rows) {
            let row = self.rows.get_mut(*place);
            let sum = row.and_then(|row| row.sums.get_mut(model));
            sum.into_iter().for_each(|sum| *sum += i128::from(minor));
        }
    }

    /// Adds what a deal's touches get by one model to the sums of their rows.
    fn sum_up(&self, runs: &[Run], standing: usize, sums: &mut [i64]) {
        let mut touched = &self.touched[..];
        for run in runs {
            for (count, part) in run.halves() {
                let (some, rest) = touched.split_at(count.min(touched.len()));
                touched = rest;
                // Most rules give many touches nothing.
                for from in some.iter().filter(|_| part != 0) {
                    // No more than the amount, since all parts are of its sign.
                    if let Some(sum) = sums.get_mut(*from as usize + standing) {
                        *sum += part;
                    }
                }
            }
        }
    }

    /// Books what a deal gave to each of its rows, by additive model.
    fn book(&mut self, name: u64, sums: &[i64]) {
        let given = sums.chunks(self.additive.len().max(1));
        let given = self.distinct.iter().copied().zip(given);
        for (place, given) in given.clone() {
            let Some(row) = self.rows.get_mut(place) else {
                continue;
            };
            for (model, part) in self.additive.iter().zip(given) {
                let sum = row.sums.get_mut(*model);
                sum.into_iter().for_each(|sum| *sum += i128::from(*part));
            }
        }
        self.given
            .add(name, given.filter(|(place, _)| *place < ROWS));
    }

    /// Adds the rows of other deals.
    pub fn append(&mut self, others: Rows) {
        let mut places = Vec::with_capacity(others.rows.len());
        for theirs in others.rows {
            let place = self.place(theirs.keys);
            if let Some(row) = self.rows.get_mut(place) {
                row.deals += theirs.deals;
                row.touches += theirs.touches;
                let sums = row.sums.iter_mut().zip(theirs.sums);
                sums.for_each(|(sum, more)| *sum += more);
            }
            places.push(place);
        }
        self.deals += others.deals;
        self.touches += others.touches;
        for (currency, (deals, touches)) in others.by_currency {
            let counts = self.by_currency.entry(currency).or_default();
            counts.0 += deals;
            counts.1 += touches;
        }
        self.issues.extend(others.issues);
        self.given.append(others.given, &places, ROWS);
        self.headline.append(&others.headline);
    }

    /// Keeps what one model gave, where credits are listed.
    fn list(&mut self, trail: usize, model: usize, runs: &[Run]) {
        if let Some(listed) = &mut self.listed {
            listed.push(Listed {
                trail,
                model,
                parts: runs.iter().copied().flat_map(Run::parts).collect(),
            });
        }
    }

    /// The rows in the order of their keys.
    pub fn in_order(&self) -> Vec<&Row> {
        let mut rows: Vec<&Row> = self.rows.iter().collect();
        rows.sort_by(|a, b| a.keys.cmp(&b.keys));
        rows
    }

    /// The answer: a row per combination of dimensions, a column per model.
    pub fn answer(self, book: &Book<'_>) -> Result<Answer, Refusal> {
        if self.rows.len() > limits::ANSWER_ROWS {
            let (rows, most) = (self.rows.len(), limits::ANSWER_ROWS);
            let title = format!("the answer would have {rows} rows; the limit is {most}");
            return Err(Refusal::new("E0408", title)
                .fix("use fewer or coarser dimensions, or a shorter period"));
        }
        let mut tally = super::Tally::new(book.ground, book.question, super::Sheet::new(0));
        tally.dimension_columns(&book.dims);
        if book.tally.prices.is_none() {
            tally.text_column("currency", "");
        }
        let rows = self.in_order();
        let (intervals, redrawn) = self.intervals(book);
        let cells = |row: &&Row| self.cells(book, row, &intervals);
        let cells = rows.iter().map(cells).collect();
        let totals = (rows.len() > 1).then(|| self.total(book, tally.dims.len()));
        let currency_totals = self.currency_totals(book, tally.dims.len());
        let mut notes = super::notes::all(book, &self, &redrawn);
        notes.extend(book.tally.prices.iter().flat_map(|prices| prices.notes()));
        let issues = book.tally.issues_with(&self.issues);
        let mut columns = tally.dims;
        columns.extend(figures(book));
        if let Some(refusal) = clash(&columns) {
            return Err(refusal);
        }
        Ok(Answer {
            headline: self.headline.shown(book.credited),
            columns,
            rows: cells,
            totals,
            currency_totals,
            issues,
            notes,
            lineage: lineage(book.ground),
        })
    }

    /// By estimated model: where the share of each row lies, by its place, and of few rows what
    /// each replicate gives them. Shares of several currencies are none.
    fn intervals(&self, book: &Book<'_>) -> (Intervals, Redrawn) {
        let (mut all, mut redrawn) = (Intervals::new(), Redrawn::new());
        if !book.is_estimated() || self.currencies(book).len() != 1 {
            return (all, redrawn);
        }
        for (kind, effects) in book.learned.again() {
            let shares = self.spread.drawn(&effects, self.rows.len());
            all.push((kind, intervals(&shares, self.rows.len())));
            if self.rows.len() <= ROWS {
                redrawn.push((kind, shares));
            }
        }
        // Shares without an interval are shares all the same.
        let kinds = book.models.iter().map(|model| model.kind);
        for kind in kinds.filter(|kind| kind.is_estimated()) {
            if all.iter().all(|(known, _)| *known != kind) {
                all.push((kind, Vec::new()));
            }
        }
        (all, redrawn)
    }

    fn cells(&self, book: &Book<'_>, row: &Row, intervals: &Intervals) -> Vec<Cell> {
        let currency = currency_of(book, row);
        let money = |sum: &i128| match (currency, i64::try_from(*sum)) {
            (Some(currency), Ok(minor)) => Cell::Money(Money { minor, currency }),
            _ => Cell::Unknown,
        };
        let keys = row
            .keys
            .iter()
            .enumerate()
            .map(|(at, key)| match book.dims.get(at) {
                Some(dim) => super::shown(dim, key),
                None => key.cell(),
            });
        let counts = [Cell::Count(row.deals), Cell::Count(row.touches)];
        let mut cells: Vec<Cell> = keys.chain(counts).collect();
        for (model, sum) in row.sums.iter().enumerate() {
            cells.push(money(sum));
            let Some(kind) = book.estimated(model) else {
                continue;
            };
            let known = intervals.iter().find(|(known, _)| *known == kind);
            let place = self.places.get(&row.keys);
            let lies = known.and_then(|(_, rows)| *rows.get(*place?)?);
            cells.push(match known.and(self.share_of(model, *sum)) {
                Some(share) => Cell::EstimatedShare(share, lies),
                None => Cell::Unknown,
            });
        }
        cells
    }

    /// A sum's share of all that a model gives.
    fn share_of(&self, model: usize, sum: i128) -> Option<f64> {
        let all: i128 = self.rows.iter().filter_map(|row| row.sums.get(model)).sum();
        (all != 0).then(|| sum as f64 / all as f64)
    }

    fn currencies(&self, book: &Book<'_>) -> Vec<Currency> {
        let currencies = self.rows.iter().filter_map(|row| currency_of(book, row));
        let mut currencies: Vec<Currency> = currencies.collect();
        currencies.sort_unstable();
        currencies.dedup();
        currencies
    }

    /// What all rows come to; two currencies are never summed.
    fn total(&self, book: &Book<'_>, dims: usize) -> Vec<Cell> {
        let only = match self.currencies(book)[..] {
            [currency] => Some(currency),
            _ => None,
        };
        let counts = (self.deals, self.touches);
        let names = total_names(dims, None);
        names
            .chain(self.sums(book, counts, only, |_| true))
            .collect()
    }

    /// Where there are several currencies, what the rows of each come to.
    fn currency_totals(&self, book: &Book<'_>, dims: usize) -> Vec<Vec<Cell>> {
        let currencies = self.currencies(book).len();
        let is_told = book.tally.prices.is_none() && (2..self.rows.len()).contains(&currencies);
        let known = self.by_currency.iter().filter(|_| is_told);
        let known = known.filter_map(|(key, counts)| match key {
            Key::Text(code) => Some((key, counts, Currency::parse(code)?)),
            _ => None,
        });
        let total = known.map(|(key, counts, currency)| {
            let is_of = |row: &Row| row.keys.last() == Some(key);
            let names = total_names(dims, Some(key));
            let sums = self.sums(book, *counts, Some(currency), is_of);
            names.chain(sums).collect()
        });
        total.collect()
    }

    /// The figures of some rows together; participation is never summed.
    fn sums(
        &self,
        book: &Book<'_>,
        (deals, touches): (u64, u64),
        currency: Option<Currency>,
        is_of: impl Fn(&Row) -> bool,
    ) -> Vec<Cell> {
        let mut cells = vec![Cell::Count(deals), Cell::Count(touches)];
        for (model, chosen) in book.models.iter().enumerate() {
            let rows = self.rows.iter().filter(|row| is_of(row));
            let sum: i128 = rows.filter_map(|row| row.sums.get(model)).sum();
            cells.push(match (chosen.kind, currency, i64::try_from(sum)) {
                (ModelKind::Participation, ..) => Cell::NotApplicable,
                (_, Some(currency), Ok(minor)) => Cell::Money(Money { minor, currency }),
                _ => Cell::Unknown,
            });
            cells.extend(book.estimated(model).map(|_| Cell::NotApplicable));
        }
        cells
    }

    /// How many sums there are, and which additive model does not give all that deals are worth.
    pub fn resums(&self, book: &Book<'_>) -> (u64, Vec<String>) {
        let worth: i128 = book
            .trails
            .iter()
            .filter_map(|trail| book.amount(trail, &mut Vec::new()))
            .map(|money| i128::from(money.minor))
            .sum();
        let wrong = book
            .models
            .iter()
            .enumerate()
            .filter_map(|(model, chosen)| {
                let sum: i128 = self.rows.iter().filter_map(|row| row.sums.get(model)).sum();
                let is_whole = sum == worth || !chosen.kind.is_additive();
                (!is_whole).then(|| {
                    let [sum, worth] = [sum, worth].map(|units| grouped(&units.to_string()));
                    let name = &chosen.name;
                    format!("{name} gives {sum} of {worth} minor units of all currencies")
                })
            });
        let numbers = self.rows.len() * self.models;
        (numbers as u64, wrong.collect())
    }
}

/// The currency of a row: the asked one, else the one it names.
pub(super) fn currency_of(book: &Book<'_>, row: &Row) -> Option<Currency> {
    match (&book.tally.prices, row.keys.last()) {
        (Some(prices), _) => Some(prices.to),
        (None, Some(Key::Text(code))) => Currency::parse(code),
        _ => None,
    }
}

/// Where a deal's own dimensions are read.
pub(super) fn anchor<'p>(book: &Book<'_>, trail: &DealTrail, pursuit: &'p Pursuit) -> Anchor<'p> {
    let moment = trail.member.anchor;
    let visit = pursuit.visit_at(moment.at);
    let number = match trail.member.counted {
        Counted::Deal(deal) => deal,
        _ => 0,
    };
    Anchor {
        pursuit,
        number: trail.member.pursuit.unwrap_or(0),
        day: moment.when.day(&book.ground.charter.calendar),
        at: moment.at,
        owner: visit.map_or((None, None), |visit| (visit.rep, visit.team)),
        whose: Whose::Deal(number),
    }
}

/// A model of the charter that is called as another column of the answer: which of two a question
/// for records or a total means could not be told.
fn clash(columns: &[Column]) -> Option<Refusal> {
    let mut seen = BTreeSet::from(Touched::ALL.map(Touched::id));
    let twice = columns
        .iter()
        .find(|column| !seen.insert(column.id.as_str()))?;
    let id = &twice.id;
    let title = format!("a model of the charter is called `{id}`, as a column of this answer is");
    Some(
        Refusal::new("E0448", title)
            .matters("two figures of one name could not be told apart")
            .fix(format!(
                "call it otherwise in charter/attribution.toml, for example [model.our_{id}]; or \
                 ask for others by --models"
            )),
    )
}

fn figures(book: &Book<'_>) -> Vec<Column> {
    let column = |id: &str, kind, unit: Option<&str>, means: &str| Column {
        id: id.to_owned(),
        kind,
        unit: unit.map(str::to_owned),
        means: means.to_owned(),
    };
    let what = match book.credited {
        Credited::Won => "won deals",
        Credited::Open => "open deals",
    };
    let currency = book
        .tally
        .prices
        .as_ref()
        .map(|prices| prices.to.code().to_owned());
    let deals = format!(
        "{what} with a touch here, or with an amount that no touch earns; one deal may be in \
         several rows"
    );
    let mut columns = vec![
        column("deals", ColumnKind::Count, Some("deal"), &deals),
        column(
            "touches",
            ColumnKind::Count,
            Some("touch"),
            "touches that may earn",
        ),
    ];
    for model in &book.models {
        let means = format!("{model}: {}", means(model.kind));
        let money = ColumnKind::Money;
        columns.push(column(&model.name, money, currency.as_deref(), &means));
        if model.kind.is_estimated() {
            let (id, kind) = (format!("{}_share", model.name), ColumnKind::EstimatedShare);
            let means = "its share of all, and where that lies in 95 of 100 replicates";
            columns.push(column(&id, kind, None, means));
        }
    }
    columns
}

/// One line on what a model does.
pub(super) fn means(kind: ModelKind) -> &'static str {
    match kind {
        ModelKind::Positions(_) => match kind.name().as_str() {
            "first" => "all to the first touch",
            "last" => "all to the last touch",
            "linear" => "the same to every touch",
            "u_last" => "40 % first, 40 % last, 20 % between",
            "u_lead" => "40 % first, 40 % where the lead came from, 20 % among all others",
            "u_even" => "50 % first, 50 % where the lead came from",
            "w" => "30 % each first, lead and deal creation, 10 % among all others",
            "full_path" => "22.5 % each first, lead, deal creation and last, 10 % others",
            _ if kind == ModelKind::Positions(Positions::FULL_PATH_SO_FAR) => {
                "22.5 parts each first, lead and deal creation, 10 others, none for a close to come"
            }
            "j" | "j_equal" => "20 % first, 60 % last, 20 % between",
            "inverse_j" | "inverse_j_equal" => "60 % first, 20 % last, 20 % between",
            _ => "by positions that the charter names",
        },
        ModelKind::LastNonDirect => "all to the last touch that is not direct",
        ModelKind::Decay { .. } => "half as much for each half-life of age",
        ModelKind::Participation => "everything to everyone who took part: never to be summed",
        ModelKind::Markov { .. } => "≈ in proportion to what paths lose without each channel",
        ModelKind::Shapley(_) => "≈ in proportion to the channels' Shapley values",
    }
}
