//! The moves behind a line of the bridge: one line each, with where its evidence stands.

use handfast_kernels::bridge::Line;
use handfast_kernels::stage;
use handfast_model::{Answer, Cell, Column, ColumnKind, Instant, Money, Refusal, many};

use super::super::Pick;
use super::super::records::{buyer, origin};
use super::super::sheet::Key;
use super::super::tally::{is_named, lineage, text_of};
use super::{Book, Moved};

const COLUMNS: [(&str, ColumnKind); 9] = [
    ("deal", ColumnKind::Text),
    ("buyer", ColumnKind::Text),
    ("at", ColumnKind::Time),
    ("move", ColumnKind::Text),
    ("value", ColumnKind::Text),
    ("amount", ColumnKind::Text),
    ("source", ColumnKind::Text),
    ("file", ColumnKind::Text),
    ("line", ColumnKind::Count),
];

impl Book<'_> {
    /// The records of a line or of a figure, in one row or in all.
    pub(super) fn records(&self, pick: &Pick) -> Result<Answer, Refusal> {
        let lines = self.lines();
        let only = lines.iter().find(|line| line.word() == pick.column);
        if only.is_none() && !["deals", "value"].contains(&pick.column.as_str()) {
            let known: Vec<&str> = lines.iter().map(|line| line.word()).collect();
            let title = format!("this answer has no figure `{}`", pick.column);
            let fix = format!("--records one of: deals, value, {}", known.join(", "));
            return Err(Refusal::new("E0409", title).fix(fix));
        }
        let mut rows = Vec::new();
        let mut is_found = pick.row.is_empty();
        let shown = |line: &Line| only.is_none_or(|only| only == line);
        for (keys, behind) in &self.blocks {
            for line in lines.iter().filter(|line| shown(line)) {
                let named = named(keys, *line, only.is_none());
                if !begins(&named, &pick.row) {
                    continue;
                }
                is_found = true;
                let moves = behind.get(line).into_iter().flatten();
                let moves = moves.filter_map(|at| self.moves.get(*at));
                rows.extend(moves.map(|one| self.line(one)));
            }
        }
        if !is_found {
            let first = self.blocks.keys().next().zip(lines.first());
            let first = first.map(|(keys, line)| named(keys, *line, only.is_none()));
            let first: Vec<String> = first.iter().flatten().map(text_of).collect();
            let title = format!("no row of this answer begins with `{}`", pick.row.join(","));
            return Err(Refusal::new("E0410", title).fix(format!(
                "--row as the row's first cells, for example --row '{}'",
                first.join(",")
            )));
        }
        let column = |(id, kind): (&str, ColumnKind)| Column {
            id: id.to_owned(),
            kind,
            unit: None,
            means: String::new(),
        };
        Ok(Answer {
            headline: None,
            columns: COLUMNS.into_iter().map(column).collect(),
            notes: vec![format!(
                "{} behind `{}`",
                many(rows.len() as u64, "record"),
                pick.column
            )],
            rows,
            totals: None,
            currency_totals: Vec::new(),
            issues: self.tally.issues_with(&self.issues),
            lineage: lineage(self.ground),
        })
    }

    fn line(&self, moved: &Moved) -> Vec<Cell> {
        let ground = self.ground;
        let deal = moved
            .deal
            .and_then(|deal| ground.journeys.deals.get(deal as usize));
        let home = deal.and_then(|deal| ground.pursuit_of(deal));
        let value = moved.currency.zip(i64::try_from(moved.minor).ok());
        let value = value.map(|(currency, minor)| Money { minor, currency });
        let shown =
            |money: Option<Money>| money.map_or(Cell::Unknown, |one| Cell::Text(one.to_string()));
        let mut cells = vec![
            Cell::Text(moved.name.clone()),
            home.map_or(Cell::Unknown, |home| Cell::Text(buyer(ground, home))),
            Cell::Text(moved.at.to_string()),
            Cell::Text(moved.line.word().to_owned()),
            shown(value),
            shown(
                moved
                    .deal
                    .and_then(|deal| ground.amount(deal, Some(moved.at))),
            ),
        ];
        cells.extend(origin(ground, self.evidence(moved)));
        cells
    }

    /// The mark or version that shows it: an end's own, else the last that was told by then.
    fn evidence(&self, moved: &Moved) -> Option<u32> {
        let ground = self.ground;
        let deal = ground.journeys.deals.get(moved.deal? as usize)?;
        let home = ground.pursuit_of(deal)?;
        let steps = &ground.charter.steps;
        let entered = home.visits.iter().find(|visit| {
            visit.entered.at == Some(moved.at) && stage::role(steps, visit.step).is_end()
        });
        let marked = entered.and_then(|visit| visit.evidence);
        let is_end = matches!(moved.line, Line::Won | Line::Lost | Line::Gone);
        let told_by = |at: Instant| {
            let versions = deal.versions.iter().rev();
            let mut by_then = versions.filter(|version| {
                let fact = ground.fact(**version);
                let since = fact.map(|fact| fact.happened.start(&ground.charter.calendar));
                since.is_some_and(|since| since <= Some(at))
            });
            by_then.next().copied()
        };
        let last = told_by(moved.at).or(deal.versions.first().copied());
        marked.filter(|_| is_end).or(last)
    }
}

/// The cells that name a row: its groups and currency, and its line where all lines are asked.
fn named(keys: &[Key], line: Line, has_line: bool) -> Vec<Key> {
    let mut named = keys.to_vec();
    named.extend(has_line.then(|| Key::Text(line.word().to_owned())));
    named
}

fn begins(named: &[Key], asked: &[String]) -> bool {
    let mut pairs = asked.iter().zip(named);
    asked.len() <= named.len() && pairs.all(|(asked, key)| is_named(key, asked))
}
