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
    /// What may follow its name, in order.
    pub parameters: Vec<Parameter>,
    /// The definition, one line.
    pub means: String,
    /// Whether the charter has it in place of one that ships.
    pub is_the_charters: bool,
}

/// Something that a metric is told behind its name, after a colon.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Parameter {
    /// How it is called.
    pub name: String,
    /// `stage`, `number`, `paid_for`, `handoff` or `reason`: what it takes.
    pub takes: &'static str,
    /// The words it takes, where they are fixed.
    pub choices: Vec<&'static str>,
    /// Whether it may be left out: then the metric is of all.
    pub is_optional: bool,
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
