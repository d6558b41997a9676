//! Closed periods, balances that people vouch for, and what was restated since.

use serde::{Deserialize, Serialize};

/// Closes and balances.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Periods {
    /// Every close, oldest first, those that were opened again included.
    pub closes: Vec<Close>,
    /// Balances that somebody vouches for.
    pub balances: Vec<Balance>,
}

/// Which restatements are told.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct Restatements {
    /// Of this period alone: what it is called, or its days.
    #[cfg_attr(feature = "openapi", param(max_length = 60))]
    pub period: Option<String>,
}

/// A close.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Close {
    /// The commit that holds it.
    pub seq: u64,
    /// What the period is called.
    pub label: String,
    /// What it is called among all: with its days, where another one has its name.
    pub called: String,
    /// Its first day.
    pub from: String,
    /// The day after its last.
    pub until: String,
    /// When it was closed.
    pub at: String,
    /// The commit whose figures were kept.
    pub as_of: u64,
    /// By whom.
    pub by: String,
    /// Why.
    pub why: String,
    /// That it was opened again, if it was.
    pub reopened: Option<Reopened>,
    /// Up to when the sources showed everything, where that is before its end.
    pub shown_until: Option<String>,
    /// The figures as they were told.
    pub figures: Vec<KeptFigure>,
}

/// That a close was taken back.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reopened {
    /// When.
    pub at: String,
    /// By whom.
    pub by: String,
    /// Why.
    pub why: String,
}

/// An answer as it was told at a close.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeptFigure {
    /// The metric.
    pub metric: String,
    /// The question, as of that commit.
    pub question: String,
    /// The column of each cell.
    pub columns: Vec<String>,
    /// The rows, as people read them.
    pub rows: Vec<Vec<String>>,
}

/// A balance that somebody vouches for.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Balance {
    /// The commit that holds it.
    pub seq: u64,
    /// When it was said.
    pub at: String,
    /// By whom.
    pub by: String,
    /// The metric and its period.
    pub what: String,
    /// The figure that was said.
    pub expected: String,
    /// What the book says; empty where it has no such figure.
    pub found: String,
    /// Whether that is the same.
    pub holds: bool,
}

/// A figure that was restated.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Restated {
    /// The period, as the close is called among all.
    pub period: String,
    /// The metric.
    pub metric: String,
    /// The row: its names.
    pub row: String,
    /// The column.
    pub column: String,
    /// What it was at the close.
    pub was: String,
    /// What it is.
    pub is: String,
    /// By how much, where it is a number or money.
    pub by: Option<String>,
    /// The causes in their order; what they changed sums to the whole.
    pub causes: Vec<Because>,
}

/// What one cause made of a figure.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Because {
    /// The cause's word, or `counting` where the way of counting is another one.
    pub cause: &'static str,
    /// What that means.
    pub means: String,
    /// Facts that are known at only one of the two moments for it.
    pub facts: u64,
    /// What the figure was before it.
    pub was: String,
    /// What it made of it.
    pub is: String,
    /// By how much, where it is a number or money.
    pub by: Option<String>,
}

/// A period to be closed. Whoever is signed in closes it.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClosePeriod {
    /// `2018-Q1`, `2018-01`, or `2018-01-01..2018-02-15` (the last day not included).
    #[cfg_attr(feature = "openapi", schema(max_length = 60))]
    pub period: String,
    /// Why.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 1000))]
    pub why: Option<String>,
    /// The metrics to keep, each as `revenue` or `revenue by rep+month`; none = those of the
    /// charter.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 50))]
    pub metrics: Vec<String>,
    /// Though the sources do not yet show all of it.
    #[serde(default)]
    pub anyway: bool,
}

/// A balance to be vouched for.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Vouch {
    /// `METRIC PERIOD = VALUE`: `revenue 2018-Q1 = 1,234,567.00 EUR`.
    #[cfg_attr(feature = "openapi", schema(max_length = 400))]
    pub balance: String,
}

/// A closed period to be opened again.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reopen {
    /// What it is called, or its days.
    #[cfg_attr(feature = "openapi", schema(max_length = 60))]
    pub period: String,
    /// Why.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 1000))]
    pub why: String,
}

/// An assertion to be taken back.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Retract {
    /// The commit that holds it.
    pub seq: u64,
    /// Why.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 1000))]
    pub why: String,
}
