//! The shapes of a cell, for the description of the API alone: what is sent is made in `cell`.

use serde_json::Value;

/// What a cell may be, for the description of the API: its column's `type` says which.
#[derive(serde::Serialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum Cell {
    /// Nobody knows; never nought.
    Unknown,
    /// Text, a period or a day; `n/a` is not applicable.
    Text(String),
    /// How many, or a number without a unit.
    Count(i64),
    /// Yes or no.
    Flag(bool),
    /// A decimal number: `units` divided by ten to the power of `scale`.
    Decimal {
        /// Its digits; text where 64 bits do not hold them.
        #[schema(value_type = Object)]
        units: Value,
        /// How many of them are behind the point.
        scale: u8,
    },
    /// A share, a mean of money, or a share of money.
    Share {
        /// The numerator, a count or an amount.
        #[schema(value_type = Object)]
        part: Value,
        /// The denominator, a count or an amount.
        #[schema(value_type = Object)]
        whole: Value,
        /// Of a share of fewer than 30: the lower end of its 95 % interval (Wilson).
        #[schema(nullable = false)]
        low: Option<f64>,
        /// Its upper end.
        #[schema(nullable = false)]
        high: Option<f64>,
    },
    /// An amount in the smallest unit of its currency.
    Money {
        /// How many of them.
        minor: i64,
        /// Three letters of ISO 4217.
        currency: String,
    },
    /// A time between two instants.
    Elapsed {
        /// Exactly.
        micros: i64,
        /// For reading.
        days: Option<f64>,
    },
    /// A mean of times.
    MeanElapsed {
        /// Their sum, exactly.
        part_micros: i64,
        /// How many.
        whole: u64,
        /// For reading.
        days: Option<f64>,
    },
    /// An estimated share with its interval.
    Estimate {
        /// The estimate.
        #[schema(required)]
        estimate: Option<f64>,
        /// The interval's lower end.
        #[schema(required)]
        low: Option<f64>,
        /// Its upper end.
        #[schema(required)]
        high: Option<f64>,
    },
    /// An estimated time.
    EstimatedElapsed {
        /// The estimate.
        estimate_micros: i64,
        /// For reading.
        days: Option<f64>,
    },
}
