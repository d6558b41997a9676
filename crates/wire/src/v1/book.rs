//! What a book is about: its charter's words, for whoever builds questions and shows answers.

use std::collections::BTreeMap;

use handfast_model::rules::{StageType, Step, StepRole};
use handfast_model::{Charter, Currency, Day};
use serde::{Deserialize, Serialize};

/// As of which moment and under which charter a book is told of.
#[derive(Deserialize, Clone, Debug, Default)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct AskBook {
    /// As in questions: a commit's number, a day (its end) or an instant.
    #[serde(rename = "as-of")]
    #[cfg_attr(feature = "openapi", param(max_length = 64))]
    pub as_of: Option<String>,
    /// As in questions: a version's hash, or the name of a draft.
    #[cfg_attr(feature = "openapi", param(max_length = 200))]
    pub charter: Option<String>,
}

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
    /// The sources show everything before this instant, as an answer's lineage says; none where
    /// nothing is dated yet.
    pub horizon: Option<String>,
    /// The days that the book shows, in the charter's zone.
    pub shown: Option<ShownDays>,
    /// Years, quarters and months of the charter's calendar that these days touch, up to the end of
    /// the fiscal year; of each kind oldest first, at most the newest 12, 48 and 60.
    pub periods: Vec<NamedPeriod>,
    /// Digits behind the mark of amounts, by currency, where they are not 2.
    pub exponents: BTreeMap<String, u32>,
}

impl Book {
    /// Digits behind the mark, by currency, where they are not 2.
    pub fn exponents() -> BTreeMap<String, u32> {
        let all = Currency::all().filter_map(Currency::parse);
        let others = all.filter(|currency| currency.exponent() != 2);
        let pair = |currency: Currency| (currency.code().to_owned(), currency.exponent());
        others.map(pair).collect()
    }
}

/// Days that a book shows.
#[derive(Serialize, Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ShownDays {
    /// The first on which anything happened.
    pub first: String,
    /// The last before the horizon, itself included.
    pub last: String,
}

impl From<(Day, Day)> for ShownDays {
    fn from((first, last): (Day, Day)) -> ShownDays {
        ShownDays {
            first: first.to_string(),
            last: last.to_string(),
        }
    }
}

/// A period of the charter's calendar.
#[derive(Serialize, Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NamedPeriod {
    /// Its name, as `period` takes it and rows say it.
    pub name: String,
    /// `year`, `quarter`, `month`.
    pub grain: &'static str,
    /// Its first day.
    pub from: String,
    /// Its last day, itself included.
    pub last: String,
    /// `over`, `running`, `ahead`, by what the sources show.
    pub stands: &'static str,
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
