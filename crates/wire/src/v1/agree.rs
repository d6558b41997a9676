//! What people send to agree on a charter: proposals, remarks, signatures.

use serde::{Deserialize, Serialize};

use super::{Answer, Lineage};

/// A charter to be proposed. Whoever is signed in proposes it.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Propose {
    /// What people will call it: letters, digits, `-` and `_`.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub name: String,
    /// Why.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 4000))]
    pub why: String,
    /// Whether it holds only for what happens from its day on; else it replays all history.
    #[serde(default)]
    pub forward_only: bool,
    /// All files of the charter, changed or not.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 64))]
    pub files: Vec<SentFile>,
}

/// A file of a charter.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SentFile {
    /// Its name: `stages.toml`.
    #[cfg_attr(feature = "openapi", schema(max_length = 69))]
    pub path: String,
    /// Its text.
    #[cfg_attr(feature = "openapi", schema(max_length = 1_000_000))]
    pub text: String,
}

/// Something to be said about a draft.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SayIt {
    /// What.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 4000))]
    pub words: String,
    /// The password, for a signer who says it by their key; only so is a draft withdrawn that
    /// carries a signature.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 1024))]
    pub password: Option<String>,
}

/// A signature to be given, by the key that is kept sealed under the password.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignIt {
    /// The password, typed anew: nobody signs for whoever left their browser open.
    #[cfg_attr(feature = "openapi", schema(max_length = 1024))]
    pub password: String,
    /// The day from which it is in force; what the other side signed, else today.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 10))]
    pub from: Option<String>,
    /// `DEFINITION: WORDS`, for what the signer's side gives way in.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    pub conceding: Vec<String>,
    /// Deals whose rulings it overturns.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    pub overturning: Vec<String>,
}

/// Somebody who becomes a signer: whoever is signed in. A key is made for them and kept sealed
/// under their password.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BecomeSigner {
    /// Their team: one of marketing or sales, in the charter in force.
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub team: String,
    /// Their password.
    #[cfg_attr(feature = "openapi", schema(max_length = 1024))]
    pub password: String,
    /// The signer of the same side who vouches, where the side has one; they type their own
    /// password.
    #[serde(default)]
    pub voucher: Option<Voucher>,
}

/// Who vouches for a new signer.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Voucher {
    /// Their e-mail.
    #[cfg_attr(feature = "openapi", schema(max_length = 320))]
    pub email: String,
    /// Their password.
    #[cfg_attr(feature = "openapi", schema(max_length = 1024))]
    pub password: String,
}

/// How much of the past a draft is rehearsed on.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct Rehearse {
    /// So many quarters, the running one last: 1 to 40; 8 unless said.
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 40))]
    pub quarters: Option<usize>,
    /// Of a forward-only draft: the day from which it is replayed.
    #[cfg_attr(feature = "openapi", param(max_length = 10))]
    pub from: Option<String>,
}

/// What a draft would have changed.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rehearsal {
    /// The draft.
    pub draft: String,
    /// `retroactive` or `forward-only`.
    pub mode: &'static str,
    /// The day from which it was replayed, where it is forward-only.
    pub from: Option<String>,
    /// The quarters looked at.
    pub quarters: Vec<String>,
    /// By quarter and stage: entered now and under the draft, in stages where anything moves.
    pub entered: Answer,
    /// The stages in which nothing does.
    pub unmoved: Vec<String>,
    /// By quarter: won of what was decided.
    pub won: Answer,
    /// Credit of won revenue that moves between channels.
    pub credit_by_channel: Option<Answer>,
    /// Credit of won revenue that moves between teams.
    pub credit_by_team: Option<Answer>,
    /// The models by which.
    pub models: Vec<String>,
    /// Rulings on deals under both charters.
    pub rulings: Vec<Tried>,
    /// How many answers given before were asked again.
    pub answers_asked: u64,
    /// Those of them that would read differently, as questions.
    pub answers_differ: Vec<String>,
    /// What all of it rests on.
    pub lineage: Lineage,
}

/// A ruling under two charters.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tried {
    /// The deal.
    pub deal: String,
    /// Whose ruling.
    pub by: String,
    /// What it says.
    pub case: String,
    /// Whether the charter in force gives it; null where that cannot be told.
    pub now: Option<bool>,
    /// Whether the draft does.
    pub draft: Option<bool>,
    /// Whether the draft would overturn it.
    pub is_overturned: bool,
}
