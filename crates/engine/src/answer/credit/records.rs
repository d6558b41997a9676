//! The credits behind a figure: one line per touch, with its deal and where it stands in the source.

use handfast_kernels::credit::trails::DealTrail;
use handfast_model::credit::ModelKind;
use handfast_model::{Answer, Cell, Column, ColumnKind, Money, Refusal};

use super::super::Pick;
use super::super::records::{buyer, origin, text, time};
use super::super::sheet::Key;
use super::super::tally::{is_named, lineage, text_of};
use super::Book;
use super::rows::Rows;

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

impl Rows {
    /// The records of a column, in one row or in all.
    pub fn records(self, book: &Book<'_>, pick: &Pick) -> Result<Answer, Refusal> {
        let model = book
            .models
            .iter()
            .position(|model| model.name == pick.column);
        if model.is_none() && !["deals", "touches"].contains(&pick.column.as_str()) {
            let models = book.models.iter().map(|model| model.name.as_str());
            let known: Vec<&str> = ["deals", "touches"].into_iter().chain(models).collect();
            let title = format!("this answer has no figure `{}`", pick.column);
            return Err(
                Refusal::new("E0409", title).fix(format!("--records one of: {}", known.join(", ")))
            );
        }
        let is_row = |keys: &[Key]| {
            let begins = pick
                .row
                .iter()
                .zip(keys)
                .all(|(asked, key)| is_named(key, asked));
            pick.row.len() <= keys.len() && begins
        };
        let rows = self.in_order();
        if !pick.row.is_empty() && !rows.iter().any(|row| is_row(&row.keys)) {
            let first = rows
                .first()
                .map(|row| row.keys.iter().map(text_of).collect::<Vec<_>>());
            let title = format!("no row of this answer begins with `{}`", pick.row.join(","));
            return Err(Refusal::new("E0410", title).fix(format!(
                "--row as the row's first cells, for example --row '{}'",
                first.unwrap_or_default().join(",")
            )));
        }
        let mut scratch = Rows::new(book.models.len(), false);
        let mut lines = Vec::new();
        for (number, trail) in book.trails.iter().enumerate() {
            let amount = book.amount(trail, &mut Vec::new());
            let places = book.places(trail, amount, &mut scratch);
            let is_asked = |place: &usize| {
                scratch
                    .rows
                    .get(*place)
                    .is_some_and(|row| is_row(&row.keys))
            };
            let here = places
                .iter()
                .enumerate()
                .filter(|(_, place)| is_asked(place));
            let here: Vec<usize> = here.map(|(at, _)| at).collect();
            let parts = model.and_then(|model| self.parts(number, model));
            let kind = model.and_then(|model| Some(book.models.get(model)?.kind));
            let once = pick.column == "deals" || kind == Some(ModelKind::Participation);
            let many = if once { 1 } else { here.len() };
            for at in here.into_iter().take(many) {
                let credit = match (kind, parts, amount) {
                    (Some(ModelKind::Participation), _, amount) => amount,
                    (_, Some(parts), Some(amount)) => parts.get(at).map(|minor| Money {
                        minor: *minor,
                        ..amount
                    }),
                    _ => None,
                };
                let is_nothing = credit.is_some_and(|credit| credit.minor == 0);
                if model.is_none() || !is_nothing {
                    lines.push(line(book, trail, trail.touches.get(at).copied(), credit));
                }
            }
        }
        let column = |(id, kind): (&str, ColumnKind)| Column {
            id: id.to_owned(),
            kind,
            unit: None,
            means: String::new(),
        };
        Ok(Answer {
            columns: COLUMNS.into_iter().map(column).collect(),
            notes: vec![format!("{} records behind `{}`", lines.len(), pick.column)],
            rows: lines,
            totals: None,
            issues: book.tally.issues(),
            lineage: lineage(book.ground),
        })
    }

    fn parts(&self, trail: usize, model: usize) -> Option<&[i64]> {
        let listed = self.listed.as_ref()?;
        let at = listed.binary_search_by_key(&(trail, model), |one| (one.trail, one.model));
        Some(&listed.get(at.ok()?)?.parts)
    }
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
    let shown =
        |money: Option<Money>| money.map_or(Cell::Unknown, |money| Cell::Text(money.to_string()));
    let mut cells = vec![
        text(ground, deal),
        pursuit.map_or(Cell::Unknown, |pursuit| Cell::Text(buyer(ground, pursuit))),
        shown(trail.member.money),
        time(&trail.member.anchor),
        fact.map_or(Cell::NotApplicable, |fact| {
            time(&handfast_kernels::Moment::start(
                fact.happened,
                &ground.charter.calendar,
            ))
        }),
        touch.map_or_else(|| Key::NoTouch.cell(), |touch| book.channel(touch).cell()),
        text(ground, fact.and_then(|fact| fact.text(team?))),
        shown(credit),
    ];
    cells.extend(origin(ground, touch.or(trail.member.fact)));
    cells
}
