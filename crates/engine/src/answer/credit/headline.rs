//! The headline of credit: how many deals, worth how much, marketing touched before they closed,
//! and before they were created.

use std::collections::BTreeMap;

use handfast_model::answer::Headline as Shown;
use handfast_model::credit::Credited;
use handfast_model::money::grouped;
use handfast_model::{Cell, Column, ColumnKind, Currency, Money, Ratio, many};

/// All deals, those that marketing touched, and those that it touched before they were created.
#[derive(Default)]
pub(super) struct Headline {
    counts: [u64; 3],
    worth: BTreeMap<Currency, [i128; 3]>,
    /// Deals that no touch may earn.
    pub untouched: u64,
    /// Deals of which nobody says when they were created.
    pub undated: u64,
}

impl Headline {
    /// Adds a deal by the place of marketing's first touch, and how many came before its creation.
    pub fn add(&mut self, first: Option<usize>, before_creation: usize, money: Option<Money>) {
        let is = [
            true,
            first.is_some(),
            first.is_some_and(|first| first < before_creation),
        ];
        let mut worth = money.map(|money| {
            let sums = self.worth.entry(money.currency).or_default();
            (sums, i128::from(money.minor))
        });
        for (at, _) in is.iter().enumerate().filter(|(_, is)| **is) {
            if let Some(count) = self.counts.get_mut(at) {
                *count += 1;
            }
            if let Some((sums, minor)) = &mut worth
                && let Some(sum) = sums.get_mut(at)
            {
                *sum += *minor;
            }
        }
    }

    /// Adds other deals.
    pub fn append(&mut self, others: &Headline) {
        self.untouched += others.untouched;
        self.undated += others.undated;
        let counts = self.counts.iter_mut().zip(others.counts);
        counts.for_each(|(count, more)| *count += more);
        for (currency, theirs) in &others.worth {
            let sums = self.worth.entry(*currency).or_default().iter_mut();
            sums.zip(theirs).for_each(|(sum, more)| *sum += *more);
        }
    }

    /// As an answer carries it; none where there are no deals.
    pub fn shown(&self, credited: Credited) -> Option<Shown> {
        let [all, ..] = self.counts;
        (all > 0).then(|| Shown {
            sentence: self.sentence(credited),
            figures: Touched::ALL
                .into_iter()
                .flat_map(|touched| self.figures(touched, credited))
                .collect(),
        })
    }

    fn sentence(&self, credited: Credited) -> String {
        let [all, before_close, before_creation] = self.counts;
        let shown = |at: usize| {
            let sums = self.worth.iter().filter_map(|(currency, sums)| {
                let minor = i64::try_from(*sums.get(at)?).ok()?;
                let currency = *currency;
                Some(Money { minor, currency }.shown())
            });
            sums.collect::<Vec<_>>().join(" + ")
        };
        format!(
            "marketing touched {} of {} {} ({} of {}), {} before they were created ({})",
            grouped(&before_close.to_string()),
            many(all, "deal"),
            by_when(credited),
            shown(1),
            shown(0),
            grouped(&before_creation.to_string()),
            shown(2)
        )
    }

    /// One of the figures; an amount once in each currency.
    fn figures(&self, touched: Touched, credited: Credited) -> Vec<(Column, Cell)> {
        let at = if touched.is_early() { 2 } else { 1 };
        let [all, ..] = self.counts;
        let column = |kind, unit: &str| Column {
            id: touched.id().to_owned(),
            kind,
            unit: Some(unit.to_owned()),
            means: touched.means(credited),
        };
        if !touched.is_by_value() {
            let part = self.counts.get(at).copied().unwrap_or(0);
            let part = i64::try_from(part).unwrap_or(i64::MAX);
            let cell = Cell::Ratio(Ratio { part, whole: all });
            return vec![(column(ColumnKind::Ratio, "deal"), cell)];
        }
        let of = |(currency, sums): (&Currency, &[i128; 3])| {
            let column = column(ColumnKind::MoneyShare, currency.code());
            let part = sums.get(at).and_then(|sum| i64::try_from(*sum).ok());
            let whole = sums.first().and_then(|sum| i64::try_from(*sum).ok());
            let cell = part.zip(whole).map(|(minor, whole)| Cell::MoneyShare {
                part: Money {
                    minor,
                    currency: *currency,
                },
                // A share of an amount below nought is one of nothing.
                whole: whole.max(0),
            });
            (column, cell.unwrap_or(Cell::Unknown))
        };
        self.worth.iter().map(of).collect()
    }
}

fn by_when(credited: Credited) -> &'static str {
    match credited {
        Credited::Won => "before they closed",
        Credited::Open => "so far",
    }
}

/// One of the figures of the headline. Of won deals each is the metric of its id.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Touched {
    /// Deals that marketing touched.
    Deals,
    /// What they are worth.
    Value,
    /// Deals that it touched before they were created.
    EarlyDeals,
    /// What they are worth.
    EarlyValue,
}

impl Touched {
    pub const ALL: [Touched; 4] = [
        Touched::Deals,
        Touched::Value,
        Touched::EarlyDeals,
        Touched::EarlyValue,
    ];

    /// The figure of an id.
    pub fn of(id: &str) -> Option<Touched> {
        Touched::ALL.into_iter().find(|touched| touched.id() == id)
    }

    pub fn id(self) -> &'static str {
        match self {
            Touched::Deals => "marketing_touched",
            Touched::Value => "marketing_touched_by_value",
            Touched::EarlyDeals => "marketing_touched_before_creation",
            Touched::EarlyValue => "marketing_touched_before_creation_by_value",
        }
    }

    fn is_early(self) -> bool {
        matches!(self, Touched::EarlyDeals | Touched::EarlyValue)
    }

    fn is_by_value(self) -> bool {
        matches!(self, Touched::Value | Touched::EarlyValue)
    }

    fn means(self, credited: Credited) -> String {
        let when = match self.is_early() {
            true => "before they were created",
            false => by_when(credited),
        };
        match (credited, self.is_by_value()) {
            (Credited::Won, false) => {
                format!("of the won deals, those that marketing touched {when}")
            }
            (Credited::Open, false) => {
                format!("of the open deals, those that marketing touched {when}")
            }
            (Credited::Won, true) => {
                format!(
                    "of what the won deals are worth, what those are that marketing touched \
                     {when}"
                )
            }
            (Credited::Open, true) => {
                format!(
                    "of what the open deals are worth, what those are that marketing touched \
                     {when}"
                )
            }
        }
    }

    /// Whether a deal counts in the part: by the place of marketing's first touch, how many came
    /// before its creation, and its amount.
    pub fn counts(self, first: usize, before_creation: usize, money: Option<Money>) -> bool {
        let is_in_time = !self.is_early() || first < before_creation;
        is_in_time && (!self.is_by_value() || money.is_some())
    }
}
