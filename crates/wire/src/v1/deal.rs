//! The whole story of a deal, and what is disputed about it.

use serde::{Deserialize, Serialize};

use super::{Amount, Answer, Lineage};

/// How a deal's story is told.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct Told {
    /// Silences of so many days that ended count as rescues, 1 to 3,650; 60 unless said.
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 3650))]
    pub silence: Option<i32>,
}

/// Everything about a deal.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DealStory {
    /// Its key.
    pub deal: String,
    /// Every dated thing, both teams', with stages and amounts.
    pub journey: Answer,
    /// Every touch that may earn, with what it earns by each model shown; in the totals what they
    /// earn together.
    pub contributors: Answer,
    /// What the deal is worth, which the totals come to under each model that lets a touch earn.
    pub worth: Option<Amount>,
    /// Sentences a reader of the contributors must know.
    pub notes: Vec<String>,
    /// Silences that ended, and who left while it went on, in sentences.
    pub rescues: Vec<String>,
    /// What is disputed about it.
    pub dispute: Option<Dispute>,
    /// What all of it rests on.
    pub lineage: Lineage,
}

/// A disputed deal.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Dispute {
    /// Oldest first.
    pub stories: Vec<Story>,
    /// Oldest first; the last one counts.
    pub rulings: Vec<Ruling>,
}

/// One team's side of it.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Story {
    /// The commit.
    pub seq: u64,
    /// When.
    pub at: String,
    /// Whose: a team of the charter.
    pub team: String,
    /// Who tells it.
    pub by: String,
    /// What.
    pub story: String,
    /// Facts that show it, each as `FILE:LINE` of the journey.
    pub evidence: Vec<String>,
}

/// A decision.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ruling {
    /// The commit.
    pub seq: u64,
    /// When.
    pub at: String,
    /// Whose.
    pub by: String,
    /// What.
    pub ruling: String,
    /// What later charters must not overturn unseen, in words.
    pub case: Option<String>,
}

/// A team's story to be kept. Its teller is whoever is signed in.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TellStory {
    /// A team of the charter in force.
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub team: String,
    /// What happened, as that team sees it.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 4000))]
    pub story: String,
    /// Facts of the deal that show it, each as `FILE:LINE` of its journey.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    pub evidence: Vec<String>,
}

/// A ruling to be kept. Its author is whoever is signed in.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rule {
    /// What is decided.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 4000))]
    pub ruling: String,
    /// The side that brought the deal, where that is what is decided: later drafts are tested
    /// against it.
    #[serde(default)]
    pub sourced: Option<String>,
    /// What each side earns, as `marketing=40,sales=60`: later drafts are tested against it.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 400))]
    pub credit: Option<String>,
    /// The model by which they earn it; the first that the charter shows, unless said.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub model: Option<String>,
}

/// An act that was kept.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Kept {
    /// The commit that keeps it.
    pub seq: u64,
    /// What a reader must know of it, in sentences.
    pub notes: Vec<String>,
}
