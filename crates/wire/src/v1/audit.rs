//! The log of what was done: ids and words, never names, addresses or secrets.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A page of the log.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Audit {
    /// Its entries, newest first.
    pub entries: Vec<Entry>,
    /// The `before` of the next page; none at the log's beginning.
    pub next: Option<i64>,
}

/// Which page of the log is wanted.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct Page {
    /// Only entries before the one of this number.
    #[cfg_attr(feature = "openapi", param(minimum = 1))]
    pub before: Option<i64>,
    /// How many; 100 unless said.
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 1000))]
    pub limit: Option<u32>,
}

/// One entry.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Entry {
    /// Its number, from 1, without gaps.
    pub seq: i64,
    /// When.
    pub at: String,
    /// `person`, `token`, `key`, `guest`, `stranger`, `console`.
    pub kind: String,
    /// The actor's id.
    pub actor: String,
    /// As colleagues call them, where they are still here.
    pub name: Option<String>,
    /// The act.
    pub act: String,
    /// The id of what it was done to.
    pub object: String,
    /// What held before, field by field.
    pub before: BTreeMap<String, String>,
    /// What holds since.
    pub after: BTreeMap<String, String>,
    /// The request's id.
    pub request: String,
    /// From how near: `console`, `loopback`, `private`, `public`.
    pub nearness: String,
    /// The hash of this entry and, by the one before, of all before it.
    pub hash: String,
}

/// That a table is taken along which no file of the API is of: the application makes the file.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Taken {
    /// Which: `accounts`, `audit`, `balances`, `closed-periods`, `credit-book`, `restatements`.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 20))]
    pub table: String,
    /// How many lines.
    pub rows: u32,
}

/// A head of the log that was kept elsewhere: whether entries were cut off since.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct Kept {
    /// The number of its entry.
    #[cfg_attr(feature = "openapi", param(minimum = 1))]
    pub seq: Option<i64>,
    /// The hash of its entry.
    #[cfg_attr(feature = "openapi", param(max_length = 64))]
    pub hash: Option<String>,
}

/// The end of the log, to be kept elsewhere.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Head {
    /// The number of the last entry; 0 where there is none.
    pub seq: i64,
    /// Its hash.
    pub hash: String,
}
