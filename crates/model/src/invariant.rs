//! What holds in every book at every moment, by name; and what was found not to hold.
//!
//! The names are those of `docs/guide/safety.md`. Who checks what is told in `ledger::verify`,
//! `kernels::invariants` and `engine::invariants`; what a failed one does to answers is `service`.

use std::collections::BTreeMap;

use crate::id::Seq;

/// Something that always holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Invariant {
    /// Rows in are the sum of their endings, and what was accepted is there once.
    Receipt,
    /// What a won deal is worth is what its touches earn.
    Credit,
    /// What entered a stage left it or is there.
    Funnel,
    /// Each fact has one record, each number the records that it sums.
    Provenance,
    /// The chain of commits goes back to the first, and no row of it changed.
    Chain,
    /// What was known then is what was known then.
    AsOf,
    /// What is kept of derived state is what deriving gives.
    Derived,
    /// One key stands for each person and account, and what joins them says so.
    Identity,
    /// Amounts are sums of amounts of one currency, converted by a rate that is there.
    Money,
    /// Nobody who was forgotten has a key, everybody else has one.
    Erasure,
    /// The book says the balances that people vouch for.
    Balance,
    /// Nothing of another book is in reach.
    Isolation,
}

impl Invariant {
    /// All of them, in order of their codes.
    pub const ALL: [Invariant; 12] = [
        Invariant::Receipt,
        Invariant::Credit,
        Invariant::Funnel,
        Invariant::Provenance,
        Invariant::Chain,
        Invariant::AsOf,
        Invariant::Derived,
        Invariant::Identity,
        Invariant::Money,
        Invariant::Erasure,
        Invariant::Balance,
        Invariant::Isolation,
    ];

    /// Its code, stable for ever.
    pub fn code(self) -> &'static str {
        match self {
            Invariant::Receipt => "I1",
            Invariant::Credit => "I2",
            Invariant::Funnel => "I3",
            Invariant::Provenance => "I4",
            Invariant::Chain => "I5",
            Invariant::AsOf => "I6",
            Invariant::Derived => "I7",
            Invariant::Identity => "I8",
            Invariant::Money => "I9",
            Invariant::Erasure => "I11",
            Invariant::Balance => "I12",
            Invariant::Isolation => "I13",
        }
    }

    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Invariant::Receipt => "receipt",
            Invariant::Credit => "credit",
            Invariant::Funnel => "funnel",
            Invariant::Provenance => "provenance",
            Invariant::Chain => "chain",
            Invariant::AsOf => "as-of",
            Invariant::Derived => "derived",
            Invariant::Identity => "identity",
            Invariant::Money => "money",
            Invariant::Erasure => "erasure",
            Invariant::Balance => "balance",
            Invariant::Isolation => "isolation",
        }
    }

    /// Reads the code.
    pub fn parse(code: &str) -> Option<Invariant> {
        Invariant::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// An invariant that does not hold somewhere.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Breach {
    /// Which one.
    pub invariant: Invariant,
    /// Where: a file, a record, a fact, a deal.
    pub at: String,
    /// What is wrong there.
    pub what: String,
    /// Answers as of earlier commits do not rest on it.
    pub since: Seq,
}

/// How many breaches of one invariant are told apart; of the others only the number is.
const TOLD: u64 = 20;

/// Breaches as they are found: the first of each invariant, and how many there are.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Breaches {
    told: Vec<Breach>,
    counts: BTreeMap<Invariant, u64>,
}

impl Breaches {
    /// Adds one; its words are asked for only if they are told.
    pub fn add(
        &mut self,
        invariant: Invariant,
        since: Seq,
        told: impl FnOnce() -> (String, String),
    ) {
        let count = self.counts.entry(invariant).or_default();
        *count += 1;
        if *count <= TOLD {
            let (at, what) = told();
            self.told.push(Breach {
                invariant,
                at,
                what,
                since,
            });
        }
    }

    /// Adds what another check found.
    pub fn append(&mut self, other: Breaches) {
        let mut untold = other.counts;
        for breach in other.told {
            if let Some(count) = untold.get_mut(&breach.invariant) {
                *count = count.saturating_sub(1);
            }
            let (at, what) = (breach.at, breach.what);
            self.add(breach.invariant, breach.since, || (at, what));
        }
        for (invariant, count) in untold {
            if count > 0 {
                *self.counts.entry(invariant).or_default() += count;
            }
        }
    }

    /// Whether everything holds.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// The first of each invariant.
    pub fn told(&self) -> &[Breach] {
        &self.told
    }

    /// How many there are of each invariant that does not hold.
    pub fn counts(&self) -> &BTreeMap<Invariant, u64> {
        &self.counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_breaches_are_counted_and_some_told() {
        let mut one = Breaches::default();
        for number in 0..50 {
            one.add(Invariant::Money, Seq(number), || {
                (number.to_string(), String::new())
            });
        }
        let mut all = Breaches::default();
        all.add(Invariant::Chain, Seq(0), Default::default);
        all.append(one.clone());
        all.append(one);
        assert_eq!(all.counts()[&Invariant::Money], 100);
        assert_eq!(all.counts()[&Invariant::Chain], 1);
        assert_eq!(all.told().len(), 21);
        for invariant in Invariant::ALL {
            assert_eq!(Invariant::parse(invariant.code()), Some(invariant));
        }
    }
}
