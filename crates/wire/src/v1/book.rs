//! What a book is about: its charter's words, for whoever builds questions and shows answers.

use handfast_model::Charter;
use handfast_model::rules::{StageType, Step, StepRole};
use serde::Serialize;

/// A book, and the charter in force.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Book {
    /// What it is called: the name of its folder.
    pub name: String,
    /// Whether its company is invented.
    pub is_demo: bool,
    /// The newest commit.
    pub seq: u64,
    /// The commit as of which pages are answered; it follows the newest within seconds.
    pub published: u64,
    /// The charter in force, if there is one.
    pub charter: Option<InForce>,
    /// The sources by name.
    pub sources: Vec<String>,
}

/// The charter in force.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InForce {
    /// Its content hash.
    pub hash: String,
    /// The company's name for it.
    pub name: String,
    /// The zone in which periods begin and end.
    pub zone: String,
    /// The reporting currency, if one is set.
    pub currency: Option<String>,
    /// The one funnel: the success path from first to last, then detours, then the other ends.
    pub stages: Vec<Stage>,
    /// The teams.
    pub teams: Vec<Team>,
    /// The lexicon.
    pub terms: Vec<Term>,
    /// What an answer can be split by: words of `by`.
    pub dimensions: Vec<String>,
    /// The handoffs between teams, by name.
    pub handoffs: Vec<String>,
    /// Models of credit that answers show unless others are named.
    pub models: Vec<String>,
}

/// A stage of the funnel.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stage {
    /// Its id in questions.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// `path`, `detour`, `won`, `lost`, `disqualified`, `dormant`.
    pub role: &'static str,
    /// The owning team.
    pub team: Option<String>,
    /// The side of the house of that team: `marketing`, `sales`, `partner`, `product`.
    pub side: Option<&'static str>,
    /// After so many days in it somebody is late.
    pub max_days: Option<u32>,
    /// The words of its definition.
    pub means: String,
}

/// A team.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Team {
    /// Its id.
    pub id: String,
    /// Its side of the house.
    pub side: &'static str,
}

/// An agreed meaning.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Term {
    /// The word.
    pub word: String,
    /// What it means here.
    pub means: String,
}

/// Dimensions that every charter has.
const DIMENSIONS: [&str; 14] = [
    "day",
    "week",
    "month",
    "quarter",
    "year",
    "channel",
    "channel@last",
    "campaign",
    "vendor",
    "rep",
    "team",
    "segment",
    "touch_kind",
    "asset",
];

impl InForce {
    /// What pages need to know of a charter.
    pub fn new(charter: &Charter) -> InForce {
        let declared = charter.attributes.iter();
        let declared = declared.map(|one| format!("{}.{}", one.subject.word(), one.name));
        InForce {
            hash: charter.hash.clone(),
            name: charter.name.clone(),
            zone: charter.calendar.zone_name().to_owned(),
            currency: charter.currency.map(|currency| currency.code().to_owned()),
            stages: charter
                .steps
                .iter()
                .map(|step| stage(step, charter))
                .collect(),
            teams: charter.teams.iter().map(team).collect(),
            terms: charter.terms.iter().map(Term::from).collect(),
            dimensions: DIMENSIONS
                .into_iter()
                .map(str::to_owned)
                .chain(declared)
                .collect(),
            handoffs: charter
                .handoffs
                .iter()
                .map(|one| one.name.clone())
                .collect(),
            models: charter
                .attribution
                .shown
                .iter()
                .map(|model| model.name.clone())
                .collect(),
        }
    }
}

fn team(team: &handfast_model::rules::Team) -> Team {
    Team {
        id: team.id.clone(),
        side: team.side.word(),
    }
}

impl From<&handfast_model::rules::Term> for Term {
    fn from(term: &handfast_model::rules::Term) -> Term {
        Term {
            word: term.word.clone(),
            means: term.meaning.clone(),
        }
    }
}

fn stage(step: &Step, charter: &Charter) -> Stage {
    let owner = step.owner.as_ref();
    let owner = owner.and_then(|id| charter.teams.iter().find(|team| team.id == *id));
    Stage {
        id: step.id.clone(),
        name: step.name.clone(),
        role: match step.role {
            StepRole::Path => "path",
            StepRole::Detour => "detour",
            StepRole::Won => "won",
            StepRole::Lost => "lost",
            StepRole::Disqualified => "disqualified",
            StepRole::Dormant => "dormant",
        },
        team: step.owner.clone(),
        side: owner.map(|team| team.side.word()),
        max_days: match step.kind {
            StageType::ServiceLevel { max_days } => Some(max_days),
            StageType::Inventory | StageType::Gate => None,
        },
        means: step.means.clone(),
    }
}
