//! Deals that were open when past windows began, by group: how likely they were told to be won, and
//! how many were. Where the groups are categories that people put deals in, it says what each of
//! their words was worth.

use std::collections::BTreeMap;

use handfast_kernels::forecast::{Part, Played, State, Track, Window, play};
use handfast_model::{Answer, Cell, Column, ColumnKind, Day, Ratio, Refusal, many};

use super::super::Pick;
use super::super::sheet::{Key, Sheet};
use super::super::tally::totals::total_names;
use super::super::tally::{Tally, is_named, lineage};
use super::records::{line_columns, part_of};
use super::tested::column;
use super::tracks::Maker;
use super::{Book, long};

/// The figures of an answer.
const FIGURES: [&str; 4] = ["were_open", "chance", "won", "won_since"];

/// A deal that was open when a past window began.
struct Open<'b> {
    window: Window,
    keys: Vec<Key>,
    track: &'b Track,
    pursuit: u32,
    /// To be won in the window, in parts of a million, as the model told it then.
    chance: u32,
}

impl Open<'_> {
    fn is_won(&self) -> bool {
        let day = self.track.won_on();
        day.is_some_and(|day| self.window.from <= day && day < self.window.until)
    }
}

/// What was told of the deals of a group, and what came.
#[derive(Clone, Copy, Default)]
struct Called {
    told: u64,
    chances: u64,
    won: u64,
    ended: u64,
    won_since: u64,
}

impl Called {
    fn add(&mut self, open: &Open<'_>, at: i32) {
        let now = open.track.at(at).map(|(_, state)| state);
        self.told += 1;
        self.chances += u64::from(open.chance);
        self.won += u64::from(open.is_won());
        self.ended += u64::from(!matches!(now, Some(State::In(_))));
        self.won_since += u64::from(now == Some(State::Won));
    }

    fn cells(&self) -> [Cell; 4] {
        let share = |part: u64, whole: u64| match i64::try_from(part) {
            Ok(part) => Cell::Ratio(Ratio { part, whole }),
            Err(_) => Cell::Unknown,
        };
        let chance = match self.told {
            0 => Cell::Unknown,
            told => Cell::EstimatedShare(self.chances as f64 / 1e6 / told as f64, None),
        };
        [
            Cell::Count(self.told),
            chance,
            share(self.won, self.told),
            share(self.won_since, self.ended),
        ]
    }
}

impl Book<'_> {
    /// What was told of each group, and what came.
    pub(super) fn calibrated(&self) -> Result<Answer, Refusal> {
        let mut groups: BTreeMap<Vec<Key>, Called> = BTreeMap::new();
        let mut all = Called::default();
        for open in self.opened() {
            all.add(&open, self.window.at);
            let group = groups.entry(open.keys.clone()).or_default();
            group.add(&open, self.window.at);
        }
        let rows = groups.iter().map(|(keys, called)| {
            let names = keys.iter().map(Key::cell);
            names.chain(called.cells()).collect()
        });
        let totals = total_names(self.question.by.len(), None).chain(all.cells());
        let mut notes = vec![
            format!(
                "deals that were open when each of {} of {} began, once for each; the last was \
                 over by the end of {}",
                many(self.past().len() as u64, "past window"),
                long(self.horizon),
                Day(self.window.at)
            ),
            "groups are those of that day as sources date them; an export of one row for each \
             deal shows its last one"
                .to_owned(),
        ];
        notes.extend(self.caveats());
        Ok(Answer {
            headline: None,
            columns: self.called_columns(),
            rows: rows.collect(),
            totals: Some(totals.collect()),
            currency_totals: Vec::new(),
            issues: self.tally.issues_with(&self.tracks.issues),
            notes,
            lineage: lineage(self.ground),
        })
    }

    /// The deals behind a figure, each once for every window that began while it was open.
    pub(super) fn called(&self, pick: &Pick) -> Result<Answer, Refusal> {
        if !FIGURES.contains(&pick.column.as_str()) {
            let title = format!("this answer has no figure `{}`", pick.column);
            let fix = format!("--records one of: {}", FIGURES.join(", "));
            return Err(Refusal::new("E0409", title).fix(fix));
        }
        let is_asked = |open: &Open<'_>| {
            let mut pairs = pick.row.iter().zip(&open.keys);
            pick.row.len() <= open.keys.len() && pairs.all(|(asked, key)| is_named(key, asked))
        };
        let opened = self.opened();
        let mut rows = Vec::new();
        for open in opened.iter().filter(|open| is_asked(open)) {
            let Some(pursuit) = self.ground.pursuit(open.pursuit) else {
                continue;
            };
            let at = open.window.at;
            let told = (Part::Open, Some(open.chance));
            let mut cells = vec![Cell::Day(Day(open.window.from))];
            cells.extend(self.line(at, told, (open.track, pursuit)));
            cells.push(Cell::Flag(open.is_won()));
            rows.push(cells);
        }
        if rows.is_empty() && !pick.row.is_empty() {
            let title = format!("no row of this answer begins with `{}`", pick.row.join(","));
            return Err(Refusal::new("E0410", title)
                .fix("--row as the row's first cells, for example --row commit"));
        }
        let mut columns = vec![column("from", ColumnKind::Time, "")];
        columns.extend(line_columns());
        columns.push(column("won", ColumnKind::Flag, ""));
        Ok(Answer {
            headline: None,
            columns,
            notes: vec![format!(
                "{} behind `{}`",
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

    /// What was open when each past window began, with what could be told then.
    fn opened(&self) -> Vec<Open<'_>> {
        let whole = self.whole();
        let played = Played {
            tracks: &whole,
            groups: 1,
            // Chances are worked out; nothing is drawn.
            ..self.played(1)
        };
        let mut opened = Vec::new();
        for window in self.past() {
            let Some(forecast) = play(&played, &window) else {
                continue;
            };
            let maker = Maker {
                ground: self.ground,
                question: self.question,
                prices: self.tally.prices.as_ref(),
                at: Day(window.at),
            };
            let all = self.tracks.all.iter().zip(&self.tracks.pursuits);
            for ((track, number), chance) in all.zip(&forecast.chances) {
                let is_open = part_of(track, &window) == Some(Part::Open);
                let found = self.ground.pursuit(*number).filter(|_| is_open);
                let Some((pursuit, chance)) = found.zip(*chance) else {
                    continue;
                };
                opened.push(Open {
                    window,
                    keys: maker.keys(*number, pursuit, track),
                    track,
                    pursuit: *number,
                    chance,
                });
            }
        }
        opened
    }

    fn called_columns(&self) -> Vec<Column> {
        let mut tally = Tally::new(self.ground, self.question, Sheet::new(0));
        tally.dimension_columns(&self.question.by);
        let mut columns = tally.dims;
        columns.extend([
            column(
                "were_open",
                ColumnKind::Count,
                "deals open when a past window began, once for each window",
            ),
            column(
                "chance",
                ColumnKind::EstimatedShare,
                "≈ how likely the model told each to be won within the window, on average",
            ),
            column("won", ColumnKind::Ratio, "of those, won within the window"),
            column(
                "won_since",
                ColumnKind::Ratio,
                "of those that have ended since, won",
            ),
        ]);
        columns
    }
}
