//! What can be opened by a name: accounts, deals, people, metrics, agreed words.

use serde::{Deserialize, Serialize};

use super::Amount;
use super::book::Term;
use super::catalogue::Metric;

/// Which accounts are listed.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct ListAccounts {
    /// Only those with this text in their key or name.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", param(max_length = 200))]
    pub search: String,
    /// So many come before the page.
    #[serde(default)]
    pub after: usize,
    /// Accounts of the page, 1 to 1,000; 100 unless said.
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 1000))]
    pub limit: Option<usize>,
}

/// What is searched for.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct Search {
    /// A text of a name, or the whole key of a person.
    #[cfg_attr(feature = "openapi", param(min_length = 1, max_length = 200))]
    pub text: String,
    /// So many of each kind at most, 1 to 100; 10 unless said.
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 100))]
    pub limit: Option<usize>,
}

/// A page of accounts, in the order of their names.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Accounts {
    /// The accounts of this page.
    pub accounts: Vec<Account>,
    /// How many there are of all pages.
    pub of: u64,
    /// How many came before this page.
    pub after: u64,
    /// The teams whose rows are shown, where they are not everybody's: accounts with a pursuit that
    /// their people had last, and of these such pursuits and deals only.
    pub teams: Vec<String>,
}

/// An account that somebody tried, or tries, to win.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Account {
    /// The key, as its source writes it: `ask journey KEY` tells all of it.
    pub key: String,
    /// What its source calls it, where that is told beside the key.
    pub name: Option<String>,
    /// Where it stands: of several pursuits, the open one that opened last.
    pub stands: Standing,
    /// The day on which its first pursuit opened.
    pub since: Option<String>,
    /// How many pursuits there are or were.
    pub pursuits: u64,
    /// Deals that are open.
    pub open_deals: u64,
    /// Deals that were won.
    pub won_deals: u64,
    /// Deals that were lost.
    pub lost_deals: u64,
}

/// Where a pursuit stands now.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Standing {
    /// The stage's id, or that of the one that stands for its end.
    pub stage: Option<String>,
    /// `open`, `won`, `lost`, `disqualified`, `dormant`.
    pub outcome: &'static str,
    /// The rep who owned it when it came there.
    pub rep: Option<String>,
    /// That rep's team then.
    pub team: Option<String>,
}

/// A deal.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Deal {
    /// The key: `/deals/KEY` tells its story.
    pub key: String,
    /// Its account's key.
    pub account: Option<String>,
    /// Where it stands.
    pub stands: Standing,
    /// What it is worth, as last known.
    pub amount: Option<Amount>,
}

/// What goes by a text.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Found {
    /// Accounts, by key or name.
    pub accounts: Vec<Account>,
    /// How many accounts there are.
    pub of_accounts: u64,
    /// Deals, by key.
    pub deals: Vec<Deal>,
    /// How many deals there are.
    pub of_deals: u64,
    /// The text itself, where it is the whole key of a person and the viewer may see people: `ask
    /// journey KEY` tells all of it.
    pub people: Vec<String>,
    /// Metrics, by name.
    pub metrics: Vec<Metric>,
    /// Words of the lexicon.
    pub terms: Vec<Term>,
    /// The teams whose accounts, deals and people are shown, where they are not everybody's.
    pub teams: Vec<String>,
}
