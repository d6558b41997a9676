//! The pursuits behind a part of a forecast, each with its chance. What is still to be created has
//! none.

use handfast_kernels::forecast::{Part, State, Track, Window};
use handfast_kernels::journey::Pursuit;
use handfast_model::rules::StepIx;
use handfast_model::{Answer, Cell, Column, ColumnKind, Day, Money, Refusal, many};

use super::super::Pick;
use super::super::records::{buyer, origin, text};
use super::super::sheet::Key;
use super::super::tally::{is_named, lineage};
use super::Book;

const COLUMNS: [(&str, ColumnKind); 10] = [
    ("part", ColumnKind::Text),
    ("deal", ColumnKind::Text),
    ("buyer", ColumnKind::Text),
    ("stage", ColumnKind::Text),
    ("since", ColumnKind::Time),
    ("chance", ColumnKind::EstimatedShare),
    ("amount", ColumnKind::Text),
    ("source", ColumnKind::Text),
    ("file", ColumnKind::Text),
    ("line", ColumnKind::Count),
];

impl Book<'_> {
    /// The pursuits behind a figure, in one row or in all.
    pub(super) fn records(&self, pick: &Pick) -> Result<Answer, Refusal> {
        let known = self.columns();
        let mut figures = known.iter().skip(self.question.by.len() + 1);
        if !figures.any(|column| column.id == pick.column) {
            let title = format!("this answer has no figure `{}`", pick.column);
            let fix = "--records deals_p50, or another figure's column";
            return Err(Refusal::new("E0409", title).fix(fix));
        }
        let forecast = self.forecast()?;
        let all = self.tracks.all.iter().zip(&self.tracks.pursuits);
        let mut rows = Vec::new();
        for ((track, pursuit), chance) in all.zip(&forecast.chances) {
            let Some(part) = part_of(track, &self.window) else {
                continue;
            };
            let group = self.tracks.groups.get(track.group as usize);
            let is_asked = |word: &str| is_row(group.map_or(&[][..], Vec::as_slice), word, pick);
            if !is_asked(part.word()) && !is_asked("all") {
                continue;
            }
            let Some(pursuit) = self.ground.pursuit(*pursuit) else {
                continue;
            };
            let chance = chance.filter(|_| part != Part::Already);
            rows.push(self.line(self.window.at, (part, chance), (track, pursuit)));
        }
        let words = Part::ALL.iter().map(|part| part.word()).chain(["all"]);
        let mut words = words.flat_map(|word| {
            let groups = self.tracks.groups.iter();
            groups.map(move |group| is_row(group, word, pick))
        });
        if !words.any(|is_there| is_there) {
            let title = format!("no row of this answer begins with `{}`", pick.row.join(","));
            return Err(Refusal::new("E0410", title)
                .fix("--row as the row's first cells, for example --row open_deals"));
        }
        Ok(Answer {
            headline: None,
            columns: line_columns(),
            notes: vec![format!(
                "{} behind `{}`; what is still to be created has none",
                many(rows.len() as u64, "record"),
                pick.column
            )],
            rows,
            totals: None,
            currency_totals: Vec::new(),
            issues: self.tally.issues_with(&self.tracks.issues),
            lineage: lineage(self.ground),
        })
    }

    /// A pursuit as it stood at the end of a day.
    pub(super) fn line(
        &self,
        at: i32,
        (part, chance): (Part, Option<u32>),
        (track, pursuit): (&Track, &Pursuit),
    ) -> Vec<Cell> {
        let ground = self.ground;
        let deal = pursuit.deal.filter(|_| part != Part::Leads);
        let key = deal.and_then(|deal| ground.journeys.deals.get(deal as usize));
        let stand = track.at(at);
        let stage = match stand {
            Some((_, State::In(stage))) => Some(ground.step_id(StepIx(stage))),
            _ => None,
        };
        let amount = match part {
            Part::Already => Some(track.value),
            _ => track.amount_at(at),
        };
        let money = amount.zip(self.tracks.currency);
        let money = money.map(|(minor, currency)| Money { minor, currency }.to_string());
        let fact = deal.and_then(|deal| ground.deal_fact(deal));
        let fact = fact.or_else(|| pursuit.visits.last()?.evidence);
        let mut cells = vec![
            Cell::Text(part.word().to_owned()),
            text(ground, key.map(|deal| deal.key)),
            Cell::Text(buyer(ground, pursuit)),
            stage
                .filter(|stage| !stage.is_empty())
                .map_or(Cell::Unknown, |stage| Cell::Text(stage.to_owned())),
            stand.map_or(Cell::Unknown, |(since, _)| Cell::Day(Day(since))),
            chance.map_or(Cell::NotApplicable, |millionths| {
                Cell::EstimatedShare(f64::from(millionths) / 1e6, None)
            }),
            money.map_or(Cell::Unknown, Cell::Text),
        ];
        cells.extend(origin(ground, fact));
        cells
    }
}

/// The part of a window that a pursuit is in, if any.
pub(super) fn part_of(track: &Track, window: &Window) -> Option<Part> {
    match track.at(window.at)?.1 {
        State::Won => {
            let day = track.won_on()?;
            let is_in = window.from <= day && day < window.until;
            is_in.then_some(Part::Already)
        }
        State::Gone => None,
        State::In(_) => match track.deal_from.is_some_and(|from| from <= window.at) {
            true => Some(Part::Open),
            false => Some(Part::Leads),
        },
    }
}

/// The columns of lines.
pub(super) fn line_columns() -> Vec<Column> {
    COLUMNS.iter().map(|(id, kind)| column(id, *kind)).collect()
}

fn column(id: &str, kind: ColumnKind) -> Column {
    Column {
        id: id.to_owned(),
        kind,
        unit: None,
        means: String::new(),
    }
}

/// Whether a row is named by its first cells: its groups, and its part.
fn is_row(group: &[Key], word: &str, pick: &Pick) -> bool {
    let part = Key::Text(word.to_owned());
    let mut pairs = pick.row.iter().zip(group.iter().chain([&part]));
    pick.row.len() <= group.len() + 1 && pairs.all(|(asked, key)| is_named(key, asked))
}
