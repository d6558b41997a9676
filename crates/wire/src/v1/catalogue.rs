//! The catalogue of metrics: what each means, written out.

use serde::Serialize;

/// A metric in a list.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Metric {
    /// What it is listed under.
    pub subject: String,
    /// Its name.
    pub name: String,
    /// How questions name it: `conversion:FROM:TO`.
    pub usage: String,
    /// The definition, one line.
    pub means: String,
    /// Whether the charter has it in place of one that ships.
    pub is_the_charters: bool,
}

/// A metric's whole definition.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Definition {
    /// Its place in lists.
    pub metric: Metric,
    /// Its formula, where it has one.
    pub formula: Option<String>,
    /// The measures of the formula.
    pub measures: Vec<Said>,
    /// Every convention.
    pub declares: Vec<Said>,
}

/// A thing and what is said of it.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Said {
    /// The thing.
    pub what: String,
    /// What is said of it.
    pub how: String,
}
