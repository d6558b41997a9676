//! What a charter says about turning amounts of one currency into another's: at which day's rate,
//! through which currency, at which planned rates. How it is done is `kernels::rates`.

use crate::money::{Currency, Decimal};

/// The charter's word on rates.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Pricing {
    /// Which rate an amount takes; `None`: the charter says nothing, and nothing is converted.
    pub policy: Option<RatePolicy>,
    /// Where two currencies have no rate between them, the currency through which they are priced.
    pub through: Option<Currency>,
    /// Planned rates: one unit of the currency is worth so many of the reporting currency.
    pub plan: Vec<(Currency, Decimal)>,
}

/// Which rate an amount takes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum RatePolicy {
    /// The rate of the day of the close; an open deal takes that of the instant looked at.
    AtClose,
    /// The rate of the day of the deal's creation.
    AtCreation,
    /// The charter's planned rate, whatever the day.
    Plan,
}

impl RatePolicy {
    /// All policies.
    pub const ALL: [RatePolicy; 3] = [
        RatePolicy::AtClose,
        RatePolicy::AtCreation,
        RatePolicy::Plan,
    ];

    /// The word used in charters.
    pub fn word(self) -> &'static str {
        match self {
            RatePolicy::AtClose => "at_close",
            RatePolicy::AtCreation => "at_creation",
            RatePolicy::Plan => "plan",
        }
    }

    /// What it means, for notes under an answer.
    pub fn means(self) -> &'static str {
        match self {
            RatePolicy::AtClose => {
                "at the rate of the day of close, of what is open at that of the instant looked at"
            }
            RatePolicy::AtCreation => "at the rate of the day on which the deal was created",
            RatePolicy::Plan => "at the charter's planned rates",
        }
    }
}
