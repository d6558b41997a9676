//! The credits behind a figure: one line per touch, with its deal and its place in the source.

use handfast_kernels::credit::trails::DealTrail;
use handfast_model::credit::ModelKind;
use handfast_model::{Answer, Cell, Column, ColumnKind, Money, Refusal, many};

use super::super::Pick;
use super::super::records::{buyer, origin, text, time};
use super::super::sheet::Key;
use super::super::tally::{is_named, lineage, text_of};
use super::super::traced::Record;
use super::headline::Touched;
use super::rows::Rows;
use super::{Book, shown};

const COLUMNS: [(&str, ColumnKind); 11] = [
    ("deal", ColumnKind::Text),
    ("buyer", ColumnKind::Text),
    ("amount", ColumnKind::Text),
    ("credited_at", ColumnKind::Time),
    ("touched", ColumnKind::Time),
    ("channel", ColumnKind::Text),
    ("team", ColumnKind::Text),
    ("credit", ColumnKind::Text),
    ("source", ColumnKind::Text),
    ("file", ColumnKind::Text),
    ("line", ColumnKind::Count),
];

fn heads() -> Vec<Column> {
    let column = |(id, kind): (&str, ColumnKind)| Column {
        id: id.to_owned(),
        kind,
        unit: None,
        means: String::new(),
    };
    COLUMNS.into_iter().map(column).collect()
}

impl Rows {
    /// The records of a column, in one row or in all.
    pub fn records(self, book: &Book<'_>, pick: &Pick) -> Result<Answer, Refusal> {
        if let Some(touched) = Touched::of(&pick.column) {
            return all_touched(book, touched, pick);
        }
        let model = model_of(book, &pick.column)?;
        let rows = self.in_order();
        if !pick.row.is_empty() && !rows.iter().any(|row| is_of(book, pick, &row.keys)) {
            let first = rows.first().map(|row| row.keys.iter().map(text_of));
            let first: Vec<String> = first.into_iter().flatten().collect();
            let title = format!("no row of this answer begins with `{}`", pick.row.join(","));
            return Err(Refusal::new("E0410", title).fix(format!(
                "--row as the row's first cells, for example --row '{}'",
                first.join(",")
            )));
        }
        Ok(listed(book, pick, self.lines(book, pick, model)))
    }

    /// Each credit of each column, and each deal of each figure above the rows.
    pub fn trace(&self, book: &Book<'_>, each: &mut dyn FnMut(Record<'_>)) -> Result<(), Refusal> {
        let heads = heads();
        let models = book.models.iter().map(|model| model.name.as_str());
        for name in ["deals", "touches"].into_iter().chain(models) {
            let pick = Pick {
                column: name.to_owned(),
                row: Vec::new(),
            };
            for cells in self.lines(book, &pick, model_of(book, name)?) {
                each(Record {
                    column: name,
                    row: 0,
                    heads: &heads,
                    cells: &cells,
                });
            }
        }
        for touched in Touched::ALL {
            for cells in lines_touched(book, touched) {
                each(Record {
                    column: touched.id(),
                    row: 0,
                    heads: &heads,
                    cells: &cells,
                });
            }
        }
        Ok(())
    }

    /// One line per touch that earned something; of deals, and of what everybody gets whole, one
    /// per deal.
    fn lines(&self, book: &Book<'_>, pick: &Pick, model: Option<usize>) -> Vec<Vec<Cell>> {
        let kind = model.and_then(|model| Some(book.models.get(model)?.kind));
        let is_once = pick.column == "deals" || kind == Some(ModelKind::Participation);
        let mut scratch = Rows::new(&book.models, false);
        let mut lines = Vec::new();
        for (number, trail) in book.trails.iter().enumerate() {
            let amount = book.amount(trail, &mut Vec::new());
            // Nobody's touch is none, and what has no amount gives nothing.
            let is_none = match model {
                None => pick.column == "touches" && trail.touches.is_empty(),
                Some(_) => amount.is_none(),
            };
            if is_none {
                continue;
            }
            let parts = model.and_then(|model| self.parts(number, model));
            let touches = match parts {
                Some([]) => &[][..],
                _ => &trail.touches,
            };
            let mut places = book.places(trail, touches, amount, &mut scratch);
            if pick.column == "deals" && self.has_unearned(number, book) {
                places.extend(book.places(trail, &[], amount, &mut scratch));
            }
            let row = |place: usize| scratch.rows.get(place);
            let is_here = |place: usize| row(place).is_some_and(|row| is_of(book, pick, &row.keys));
            let here = (0..places.len()).filter(|at| places.get(*at).copied().is_some_and(is_here));
            for at in here.take(if is_once { 1 } else { usize::MAX }) {
                let credit = match (kind, parts, amount) {
                    (Some(ModelKind::Participation), _, amount) | (_, Some([]), amount) => amount,
                    (_, Some(parts), Some(amount)) => parts.get(at).map(|minor| Money {
                        minor: *minor,
                        ..amount
                    }),
                    _ => None,
                };
                let is_nothing = credit.is_some_and(|credit| credit.minor == 0);
                if model.is_none() || !is_nothing {
                    lines.push(line(book, trail, touches.get(at).copied(), credit));
                }
            }
        }
        lines
    }

    /// Whether some model gives a deal that has touches to none of them.
    fn has_unearned(&self, trail: usize, book: &Book<'_>) -> bool {
        let mut models = 0..book.models.len();
        models.any(|model| self.parts(trail, model).is_some_and(<[i64]>::is_empty))
    }

    fn parts(&self, trail: usize, model: usize) -> Option<&[i64]> {
        let listed = self.listed.as_ref()?;
        let at = listed.binary_search_by_key(&(trail, model), |one| (one.trail, one.model));
        Some(&listed.get(at.ok()?)?.parts)
    }
}

/// The deals of a figure above the rows, one line each, with marketing's first touch.
fn all_touched(book: &Book<'_>, touched: Touched, pick: &Pick) -> Result<Answer, Refusal> {
    if !pick.row.is_empty() {
        let title = format!("`{}` stands above the rows and is of them all", pick.column);
        return Err(Refusal::new("E0410", title).fix("leave --row out"));
    }
    Ok(listed(book, pick, lines_touched(book, touched)))
}

fn lines_touched(book: &Book<'_>, touched: Touched) -> Vec<Vec<Cell>> {
    let line_of = |trail: &DealTrail| {
        let first = trail.by_marketing(book.ground.snapshot)?;
        let amount = book.amount(trail, &mut Vec::new());
        let counts = touched.counts(first, trail.before_creation, amount);
        let touch = trail.touches.get(first).copied();
        counts.then(|| line(book, trail, touch, None))
    };
    book.trails.iter().filter_map(line_of).collect()
}

/// Records behind a figure, as an answer.
fn listed(book: &Book<'_>, pick: &Pick, lines: Vec<Vec<Cell>>) -> Answer {
    let count = many(lines.len() as u64, "record");
    Answer {
        headline: None,
        columns: heads(),
        notes: vec![format!("{count} behind `{}`", pick.column)],
        rows: lines,
        totals: None,
        currency_totals: Vec::new(),
        issues: book.tally.issues(),
        lineage: lineage(book.ground),
    }
}

/// The place of the model that a column is of; none for `deals` and `touches`.
fn model_of(book: &Book<'_>, column: &str) -> Result<Option<usize>, Refusal> {
    let models = || book.models.iter().map(|model| model.name.as_str());
    let counts = ["deals", "touches"];
    let model = models().position(|model| model == column);
    if model.is_some() || counts.contains(&column) {
        return Ok(model);
    }
    let known = counts.into_iter().chain(models());
    let known: Vec<&str> = known.chain(Touched::ALL.map(Touched::id)).collect();
    let title = format!("this answer has no figure `{column}`");
    Err(Refusal::new("E0409", title).fix(format!("--records one of: {}", known.join(", "))))
}

/// Whether a row is the one that is asked for.
fn is_of(book: &Book<'_>, pick: &Pick, keys: &[Key]) -> bool {
    let is_shown = |at: usize, key: &Key, asked: &String| {
        let dim = book.dims.get(at);
        dim.is_some_and(|dim| shown(dim, key) == Cell::Text(asked.clone()))
    };
    let mut named = pick.row.iter().zip(keys).enumerate();
    pick.row.len() <= keys.len()
        && named.all(|(at, (asked, key))| is_named(key, asked) || is_shown(at, key, asked))
}

fn line(
    book: &Book<'_>,
    trail: &DealTrail,
    touch: Option<u32>,
    credit: Option<Money>,
) -> Vec<Cell> {
    let ground = book.ground;
    let (deal, pursuit) = match book.deal(trail) {
        Some((deal, pursuit)) => (Some(deal.key), Some(pursuit)),
        None => (None, None),
    };
    let fact = touch.and_then(|touch| ground.fact(touch));
    let team = ground.snapshot.names.find("team");
    let money =
        |money: Option<Money>| money.map_or(Cell::Unknown, |money| Cell::Text(money.to_string()));
    let mut cells = vec![
        text(ground, deal),
        pursuit.map_or(Cell::Unknown, |pursuit| Cell::Text(buyer(ground, pursuit))),
        money(trail.member.money),
        time(&trail.member.anchor),
        fact.map_or(Cell::NotApplicable, |fact| {
            time(&handfast_kernels::Moment::start(
                fact.happened,
                &ground.charter.calendar,
            ))
        }),
        touch.map_or_else(|| Key::NoTouch.cell(), |touch| book.channel(touch).cell()),
        text(ground, fact.and_then(|fact| fact.text(team?))),
        money(credit),
    ];
    cells.extend(origin(ground, touch.or(trail.member.fact)));
    cells
}
