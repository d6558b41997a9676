//! What a ruling says in a form that can be tested: which side a deal came from, or how its credit
//! is shared between the sides. It knows `model` alone, so that a fuzzer builds it.

use std::collections::BTreeMap;

use handfast_model::rules::Side;
use handfast_model::{Answer, Cell, Refusal};

/// A ruling as a test.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Case {
    /// The first touch that may earn is of this side.
    Sourced(Side),
    /// By this model the sides earn these percents, each to half a percent.
    Credit {
        /// The model's name.
        model: String,
        /// Percent by side; a side that is not named earns nothing.
        shares: BTreeMap<Side, u32>,
    },
}

impl Case {
    /// The text that is kept.
    pub fn text(&self) -> String {
        match self {
            Case::Sourced(side) => format!("sourced {}", side.word()),
            Case::Credit { model, shares } => format!("credit {model} {}", listed(shares)),
        }
    }

    /// Reads a text that was kept.
    pub fn parse(text: &str) -> Option<Case> {
        let mut words = text.split(' ');
        match (words.next()?, words.next()?, words.next()) {
            _ if words.next().is_some() => None,
            ("sourced", side, None) => Some(Case::Sourced(Side::parse(side)?)),
            ("credit", model, Some(shares)) => Some(Case::Credit {
                model: model.to_owned(),
                shares: shares_of(shares)?,
            }),
            _ => None,
        }
    }

    /// In words.
    pub fn words(&self) -> String {
        match self {
            Case::Sourced(side) => format!("it came from {}", side.word()),
            Case::Credit { model, shares } => {
                let parts = shares
                    .iter()
                    .map(|(side, part)| (side.word(), f64::from(*part)));
                format!("by {model}, {}", percents(parts))
            }
        }
    }

    /// What a deal gives where the case says something of it, in words; `None` where that cannot be
    /// told.
    pub fn given(&self, deal: &Answer) -> Option<String> {
        let word = |side: Option<Side>| side.map_or("no side", Side::word);
        match self {
            Case::Sourced(_) => Some(format!("it came from {}", word(first_side(deal)?))),
            Case::Credit { model, .. } => {
                let sums = sums(deal, model)?;
                let whole: i128 = sums.values().sum();
                let part = |sum: i128| sum as f64 * 100.0 / whole as f64;
                let parts = sums.iter().map(|(side, sum)| (word(*side), part(*sum)));
                (whole != 0).then(|| percents(parts))
            }
        }
    }

    /// Reads shares as they are typed: `marketing=60,sales=40`.
    pub fn credit(model: &str, shares: &str) -> Result<Case, Refusal> {
        let read = shares_of(shares).filter(|shares| shares.values().sum::<u32>() == 100);
        let shares = read.ok_or_else(|| {
            Refusal::new("E0290", format!("`{shares}` does not share a deal out"))
                .matters("nothing was written")
                .fix("--credit marketing=60,sales=40: percents of sides that sum to 100")
        })?;
        Ok(Case::Credit {
            model: model.to_owned(),
            shares,
        })
    }

    /// Whether the touches of the deal and what they earn are as the case says; `None` where that
    /// cannot be told: no touch earns, no amount, no such model.
    pub fn holds(&self, deal: &Answer) -> Option<bool> {
        match self {
            Case::Sourced(asked) => Some(first_side(deal)? == Some(*asked)),
            Case::Credit { model, shares } => {
                let sums = sums(deal, model)?;
                let whole: i128 = sums.values().sum();
                let is_near = |side: Option<Side>| {
                    let asked = side
                        .and_then(|side| shares.get(&side))
                        .copied()
                        .unwrap_or(0);
                    let given = sums.get(&side).copied().unwrap_or(0);
                    // Within half a percent: |given/whole − asked/100| ≤ 1/200.
                    (given * 200 - i128::from(asked) * 2 * whole).abs() <= whole.abs()
                };
                let sides = Side::ALL.into_iter().map(Some).chain([None]);
                (whole != 0).then(|| sides.into_iter().all(is_near))
            }
        }
    }
}

/// The side of a touch of a deal.
fn side(deal: &Answer, row: &[Cell]) -> Option<Side> {
    let team = deal.columns.iter().position(|column| column.id == "team")?;
    match row.get(team) {
        Some(Cell::Text(word)) => Side::parse(word),
        _ => None,
    }
}

/// The side of the first touch that may earn, if it has one; `None` where none may.
fn first_side(deal: &Answer) -> Option<Option<Side>> {
    deal.rows.first().map(|row| side(deal, row))
}

/// What each side earns by a model; `None` where nothing is shared by it.
fn sums(deal: &Answer, model: &str) -> Option<BTreeMap<Option<Side>, i128>> {
    let column = deal.columns.iter().position(|column| column.id == model)?;
    let mut sums: BTreeMap<Option<Side>, i128> = BTreeMap::new();
    for row in &deal.rows {
        let Some(Cell::Money(money)) = row.get(column) else {
            return None;
        };
        *sums.entry(side(deal, row)).or_default() += i128::from(money.minor);
    }
    Some(sums)
}

/// `marketing 60 %, sales 40 %`: to a tenth, where there are any.
fn percents<'w>(parts: impl Iterator<Item = (&'w str, f64)>) -> String {
    let part = |(word, percent): (&str, f64)| {
        let tenths = (percent * 10.0).round() / 10.0;
        format!("{word} {tenths} %")
    };
    parts.map(part).collect::<Vec<_>>().join(", ")
}

fn listed(shares: &BTreeMap<Side, u32>) -> String {
    let shares = shares
        .iter()
        .map(|(side, share)| format!("{}={share}", side.word()));
    shares.collect::<Vec<_>>().join(",")
}

fn shares_of(text: &str) -> Option<BTreeMap<Side, u32>> {
    let mut shares = BTreeMap::new();
    for part in text.split(',') {
        let (side, share) = part.split_once('=')?;
        let share: u32 = share.trim().parse().ok()?;
        let is_new = shares.insert(Side::parse(side.trim())?, share).is_none();
        (is_new && share <= 100).then_some(())?;
    }
    Some(shares)
}

#[cfg(test)]
mod tests {
    use handfast_model::{Column, ColumnKind, Currency, Lineage, Money};

    use super::*;

    fn deal(touches: &[(&str, i64)]) -> Answer {
        let column = |id: &str| Column {
            id: id.to_owned(),
            kind: ColumnKind::Text,
            unit: None,
            means: String::new(),
        };
        let currency = Currency::parse("EUR").unwrap();
        let row = |(team, minor): &(&str, i64)| {
            let money = Money {
                minor: *minor,
                currency,
            };
            vec![Cell::Text((*team).to_owned()), Cell::Money(money)]
        };
        Answer {
            headline: None,
            columns: ["team", "linear"].map(column).to_vec(),
            rows: touches.iter().map(row).collect(),
            totals: None,
            currency_totals: Vec::new(),
            issues: Vec::new(),
            notes: Vec::new(),
            lineage: Lineage::default(),
        }
    }

    #[test]
    fn a_case_reads_back_as_itself() {
        for text in ["sourced sales", "credit linear marketing=60,sales=40"] {
            assert_eq!(Case::parse(text).unwrap().text(), text);
        }
        for text in [
            "",
            "sourced us",
            "credit linear",
            "credit linear marketing=60,sales=40 more",
            "credit linear marketing=6,marketing=94",
        ] {
            assert_eq!(Case::parse(text), None, "{text}");
        }
        assert_eq!(
            Case::credit("w", "marketing=60,sales=41").unwrap_err().code,
            "E0290"
        );
    }

    #[test]
    fn a_case_holds_to_half_a_percent() {
        let credit = |shares: &str| Case::credit("linear", shares).unwrap();
        let sixty = credit("marketing=60,sales=40");
        for (marketing, sales, holds) in [
            (6_000, 4_000, true),
            (6_050, 3_950, true),
            (6_051, 3_949, false),
            (5_950, 4_050, true),
            (5_949, 4_051, false),
            (-6_000, -4_000, true),
        ] {
            let deal = deal(&[("marketing", marketing), ("sales", sales)]);
            assert_eq!(sixty.holds(&deal), Some(holds), "{marketing} {sales}");
        }
        // Nobody's credit is no side's, and a touch of none counts for neither.
        let whose = deal(&[("marketing", 60), ("somebody", 40)]);
        assert_eq!(sixty.holds(&whose), Some(false));
        assert_eq!(credit("sales=100").holds(&deal(&[])), None);
        assert_eq!(credit("sales=100").holds(&deal(&[("sales", 0)])), None);
        let first = deal(&[("sales", 1), ("marketing", 99)]);
        assert_eq!(Case::Sourced(Side::Sales).holds(&first), Some(true));
        assert_eq!(Case::Sourced(Side::Marketing).holds(&first), Some(false));
        assert_eq!(Case::Sourced(Side::Marketing).holds(&deal(&[])), None);
    }
}
