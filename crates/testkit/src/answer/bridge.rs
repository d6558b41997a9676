//! The bridge as a reader checks it: each line with its deals, their instants and what they add.

use handfast_kernels::bridge::{self, Line, Seen, Span, Worth};
use handfast_kernels::journey::{Deal, Ownership};
use handfast_model::question::Dimension;
use handfast_model::{Currency, Day, Money, Question, Sym};

use super::Desk;
use crate::table::lay_out;

/// A move, as it is written.
struct Written {
    rep: Option<Sym>,
    currency: Option<Currency>,
    line: Line,
    minor: i128,
    text: String,
}

impl Desk<'_> {
    /// Of all deals, or by rep.
    pub(super) fn bridge(
        &self,
        question: &Question,
        due: Option<(Day, Day)>,
    ) -> Result<String, String> {
        let (Some(from), Some(until)) = self.edges(question) else {
            return Err("bridge period=2025-01".to_owned());
        };
        let owners = match &question.by[..] {
            [] => None,
            [Dimension::Rep] => Some(Ownership::of(self.world)),
            _ => return Err("a bridge here is by rep only".to_owned()),
        };
        let span = Span { from, until, due };
        let deals = self.journeys.deals.iter();
        let moves = deals.flat_map(|deal| self.moves(deal, owners.as_ref(), &span));
        Ok(self.bridge_lines(&moves.collect::<Vec<_>>(), owners.is_some()))
    }

    fn moves(&self, deal: &Deal, owners: Option<&Ownership>, span: &Span) -> Vec<Written> {
        let Some(home) = self.journeys.pursuits.get(deal.pursuit as usize) else {
            return Vec::new();
        };
        let others = owners.map(|owners| owners.turns(deal, home));
        let others = others.unwrap_or_default();
        let told = bridge::told(self.world, self.journeys, (deal, &others), span);
        let last = told.iter().rev().find_map(|one| one.amount);
        let worth = |amount: Option<Money>| Worth {
            currency: amount.or(last).map(|money| money.currency),
            minor: amount.map(|money| money.minor),
        };
        let before = std::iter::once(None).chain(told.iter().map(Some));
        let seen = told.iter().zip(before).map(|(one, before)| Seen {
            standing: one.standing,
            is_due: one.is_due,
            place: owners.and_then(|owners| owners.at(deal, home, one.at).0),
            worth: worth(one.amount),
            carried: worth(before.unwrap_or(one).amount),
        });
        let moves = bridge::bridge(&seen.collect::<Vec<_>>()).into_iter();
        let written = moves.map(|one| {
            let at = told.get(one.at).map_or(span.from, |told| told.at);
            let day = self.world.charter.calendar.day_of(at);
            Written {
                rep: one.place,
                currency: one.currency,
                line: one.line,
                minor: one.minor,
                text: format!("{} {day}", self.name(deal.key)),
            }
        });
        written.collect()
    }

    fn bridge_lines(&self, moves: &[Written], is_by_rep: bool) -> String {
        let mut blocks: Vec<(Option<Sym>, Option<Currency>)> =
            moves.iter().map(|one| (one.rep, one.currency)).collect();
        blocks.sort_by_key(|(rep, currency)| {
            let name = rep.map(|rep| self.name(rep).to_owned());
            (name.is_none(), name, currency.is_none(), *currency)
        });
        blocks.dedup();
        let mut rows = Vec::new();
        for (rep, currency) in blocks {
            for line in Line::ALL {
                let here = moves
                    .iter()
                    .filter(|one| (one.rep, one.currency, one.line) == (rep, currency, line));
                let here: Vec<&Written> = here.collect();
                if here.is_empty() {
                    continue;
                }
                let minor: i128 = here.iter().map(|one| one.minor).sum();
                let minor = i64::try_from(minor).unwrap_or(i64::MAX);
                let worth = currency.map(|currency| Money { minor, currency }.to_string());
                let who = rep.map_or("–".to_owned(), |rep| self.name(rep).to_owned());
                let mut row: Vec<String> = is_by_rep.then_some(who).into_iter().collect();
                row.push(line.word().to_owned());
                row.push(here.len().to_string());
                row.push(worth.unwrap_or("no currency".to_owned()));
                let texts: Vec<&str> = here.iter().map(|one| one.text.as_str()).collect();
                row.push(texts.join(", "));
                rows.push(row);
            }
        }
        match rows.is_empty() {
            true => "nothing was open\n".to_owned(),
            false => lay_out(&rows, ""),
        }
    }
}
