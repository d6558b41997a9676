//! The headline of credit: how many deals, worth how much, marketing touched before they closed,
//! and before they were created.

use std::collections::BTreeMap;

use handfast_model::credit::Credited;
use handfast_model::money::grouped;
use handfast_model::{Currency, Money, many};

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

    /// In a sentence; none where there are no deals.
    pub fn note(&self, credited: Credited) -> Option<String> {
        let [all, before_close, before_creation] = self.counts;
        let shown = |at: usize| {
            let sums = self.worth.iter().filter_map(|(currency, sums)| {
                let minor = i64::try_from(*sums.get(at)?).ok()?;
                let currency = *currency;
                Some(Money { minor, currency }.shown())
            });
            sums.collect::<Vec<_>>().join(" + ")
        };
        let by_when = match credited {
            Credited::Won => "before they closed",
            Credited::Open => "so far",
        };
        (all > 0).then(|| {
            format!(
                "marketing touched {} of {} {by_when} ({} of {}), {} before they were created ({})",
                grouped(&before_close.to_string()),
                many(all, "deal"),
                shown(1),
                shown(0),
                grouped(&before_creation.to_string()),
                shown(2)
            )
        })
    }
}
