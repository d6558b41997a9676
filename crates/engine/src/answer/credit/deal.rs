//! Everybody who had a part in one deal: its touches in order, with what each earns by each model.

use handfast_kernels::journey::{Deal, Moment};
use handfast_kernels::metric::Counted;
use handfast_model::credit::Credited;
use handfast_model::question::Dimension;
use handfast_model::rules::{StepRole, Subject};
use handfast_model::{Answer, Cell, Column, ColumnKind, Currency, Money, Question, Refusal};

use super::super::ground::Ground;
use super::super::records::{origin, time};
use super::super::tally::lineage;
use super::Book;

const COLUMNS: [(&str, ColumnKind); 6] = [
    ("touched", ColumnKind::Time),
    ("team", ColumnKind::Text),
    ("touch", ColumnKind::Text),
    ("channel", ColumnKind::Text),
    ("campaign", ColumnKind::Text),
    ("rep", ColumnKind::Text),
];

/// The touches of a deal by its key, and what it is worth. A lost deal is credited to nobody and
/// has neither. The totals are what the touches earn together by each model: the amount again, for
/// whoever looks; unknown where a model lets none of them earn.
pub(in super::super) fn answer(
    ground: &Ground<'_>,
    question: &Question,
    key: &str,
) -> Result<(Answer, Option<Money>), Refusal> {
    let (number, deal) = found(ground, key)?;
    let credited = match deal.outcome {
        Some(StepRole::Won) => Credited::Won,
        _ => Credited::Open,
    };
    let mut book = Book::new(ground, question, (credited, &[]))?;
    book.trails
        .retain(|trail| trail.member.counted == Counted::Deal(number));
    let mut answer = Answer {
        headline: None,
        columns: columns(&book),
        rows: Vec::new(),
        totals: None,
        currency_totals: Vec::new(),
        issues: Vec::new(),
        notes: Vec::new(),
        lineage: lineage(ground),
    };
    let Some(trail) = book.trails.first() else {
        answer
            .notes
            .push("it was not won and is not open: nobody earns credit of it".to_owned());
        return Ok((answer, None));
    };
    answer.notes.extend(super::notes::mute(&book));
    let amount = book.amount(trail, &mut Vec::new());
    let mut weights = Vec::new();
    let shares: Vec<Option<Vec<Money>>> = book
        .additive()
        .map(|(_, model)| {
            book.weigh(model.kind, trail, &mut weights);
            amount?.share_out(&weights)
        })
        .collect();
    for (at, touch) in trail.touches.iter().enumerate() {
        let mut cells = who(&book, *touch);
        cells.extend(shares.iter().map(|shares| {
            let part = shares.as_ref().and_then(|shares| shares.get(at));
            part.map_or(Cell::Unknown, |part| Cell::Money(*part))
        }));
        cells.extend(origin(ground, Some(*touch)));
        answer.rows.push(cells);
    }
    match trail.touches.is_empty() {
        true => answer
            .notes
            .push("no touch may earn credit of it: it is nobody's".to_owned()),
        false => answer.totals = Some(totals(&shares, amount)),
    }
    if amount.is_none() {
        let why = "it has no amount, so nothing is shared";
        answer.notes.push(why.to_owned());
    }
    Ok((answer, amount))
}

/// What the touches earn together, by model; names and places have no total.
fn totals(shares: &[Option<Vec<Money>>], amount: Option<Money>) -> Vec<Cell> {
    let names = COLUMNS.iter().map(|_| Cell::Unknown);
    let currency = amount.map(|money| money.currency);
    let sums = shares
        .iter()
        .map(|shares| together(shares.as_deref(), currency));
    let places = [Cell::Unknown, Cell::Unknown, Cell::Unknown];
    names.chain(sums).chain(places).collect()
}

/// What the shares of one model come to, added up one by one.
fn together(shares: Option<&[Money]>, currency: Option<Currency>) -> Cell {
    let sum = shares.and_then(|shares| {
        let minor: i128 = shares.iter().map(|share| i128::from(share.minor)).sum();
        let minor = i64::try_from(minor).ok()?;
        let currency = currency?;
        Some(Money { minor, currency })
    });
    sum.map_or(Cell::Unknown, Cell::Money)
}

fn found<'a>(ground: &Ground<'a>, key: &str) -> Result<(u32, &'a Deal), Refusal> {
    let sym = ground.snapshot.names.find(key);
    let mut deals = (0u32..).zip(&ground.journeys.deals);
    let deal = sym.and_then(|sym| deals.find(|(_, deal)| deal.key == sym));
    deal.ok_or_else(|| {
        Refusal::new("E0289", format!("there is no deal `{key}` in this book"))
            .fix("give the deal's key as its source writes it")
    })
}

fn columns(book: &Book<'_>) -> Vec<Column> {
    let column = |id: &str, kind: ColumnKind| Column {
        id: id.to_owned(),
        kind,
        unit: None,
        means: String::new(),
    };
    let mut columns: Vec<Column> = COLUMNS.iter().map(|(id, kind)| column(id, *kind)).collect();
    columns.extend(
        book.additive()
            .map(|(_, model)| column(&model.name, ColumnKind::Money)),
    );
    let places = [("source", ColumnKind::Text), ("file", ColumnKind::Text)];
    columns.extend(places.iter().map(|(id, kind)| column(id, *kind)));
    columns.push(column("line", ColumnKind::Count));
    columns
}

/// When, whose, what, where.
fn who(book: &Book<'_>, touch: u32) -> Vec<Cell> {
    let ground = book.ground;
    let kind = Dimension::Attribute(Subject::Touch, "touch".to_owned());
    let of = |dim: &Dimension| ground.key_of_touch(dim, touch).cell();
    let moment = ground
        .fact(touch)
        .map(|fact| Moment::start(fact.happened, &ground.charter.calendar));
    vec![
        moment.map_or(Cell::Unknown, |moment| time(&moment)),
        of(&Dimension::Team),
        of(&kind),
        book.channel(touch).cell(),
        of(&Dimension::Campaign),
        of(&Dimension::Rep),
    ]
}
