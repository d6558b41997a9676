//! The charter as a document, its story, and what is proposed in its place.

use serde::Serialize;

use super::book::InForce;

/// The charter in force.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Charter {
    /// Its words: stages, teams, lexicon, and what questions can name.
    pub words: InForce,
    /// What all of it is for, as the teams wrote it: markdown, to be shown as text.
    pub vision: Option<String>,
    /// Since when it is in force.
    pub since: Option<String>,
    /// What it was called as a draft, if both sides signed it as one.
    pub draft: Option<String>,
    /// `retroactive` or `forward-only`.
    pub mode: &'static str,
    /// The signatures by which it came into force; none where it was published without.
    pub signatures: Vec<Signature>,
    /// Everything it defines, in its own order.
    pub definitions: Vec<Defined>,
    /// Its files.
    pub files: Vec<CharterFile>,
    /// Who may sign.
    pub signers: Vec<Signer>,
    /// Whether a charter comes into force by both sides' signatures alone.
    pub needs_signatures: bool,
}

/// A definition as both teams read it.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Defined {
    /// What is defined: `stage mql`, `term lead`, `calendar`.
    pub what: String,
    /// The file in which it is written, without its ending.
    pub file: String,
    /// Its parts with their wording; rules in the one text that means the same.
    pub parts: Vec<Worded>,
    /// The figures that rest on it; none where it is words alone.
    pub figures: Vec<&'static str>,
    /// The side that decides it; null = both.
    pub decides: Option<&'static str>,
    /// Whether a side may give way in it.
    pub may_concede: bool,
}

/// A part of a definition.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Worded {
    /// Which: `entry rule`, `meaning`.
    pub part: &'static str,
    /// Its wording.
    pub words: String,
}

/// A file of a charter.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CharterFile {
    /// Its name below the charter: `stages.toml`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// Somebody who may sign.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Signer {
    /// Their name.
    pub name: String,
    /// For which side.
    pub side: &'static str,
    /// Of which team.
    pub team: String,
    /// Since when.
    pub since: String,
    /// Who of the same side vouched for them.
    pub voucher: Option<String>,
    /// Whether it is whoever asks, by the key that is kept for them, whatever they are called now.
    pub is_own: bool,
}

/// A signature that holds.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Signature {
    /// The commit.
    pub seq: u64,
    /// When.
    pub at: String,
    /// Whose.
    pub signer: String,
    /// For which side.
    pub side: &'static str,
    /// The day from which it puts the charter into force.
    pub from: String,
    /// What the side gave way in, and why.
    pub conceding: Vec<Conceded>,
    /// Deals of which it overturns a ruling; none where whoever asks sees some teams' rows only.
    pub overturning: Vec<String>,
    /// How many rulings it overturns.
    pub overturns: u64,
    /// Whether it is the last of its side, and so the one that counts.
    pub counts: bool,
}

/// A definition in which a side gave way.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Conceded {
    /// What is defined: `stage mql`.
    pub definition: String,
    /// Why, in the signer's words.
    pub words: String,
}

/// Something that happened to the book's charters.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CharterEvent {
    /// The commit; null where a day came that was agreed before.
    pub seq: Option<u64>,
    /// When.
    pub at: String,
    /// What, in a line.
    pub what: String,
    /// More lines about it.
    pub more: Vec<String>,
}

/// A proposed charter in a list.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Draft {
    /// What people call it.
    pub name: String,
    /// Who proposes it.
    pub by: String,
    /// When.
    pub at: String,
    /// The commit.
    pub seq: u64,
    /// Why.
    pub why: String,
    /// `retroactive` or `forward-only`.
    pub mode: &'static str,
    /// The hash of its files.
    pub hash: String,
    /// `proposed`, `signed`, `differs`, `agreed`, `in_force`, `past` or `withdrawn`.
    pub standing: &'static str,
    /// The same as a sentence.
    pub says: String,
    /// Signatures that hold, oldest first.
    pub signatures: Vec<Signature>,
    /// How many remarks there are about it.
    pub remarks: u64,
}

/// A proposed charter, whole.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DraftShown {
    /// It as in the list.
    pub draft: Draft,
    /// The charter that signing it replaces, or replaced.
    pub replaces: Replaces,
    /// What it changes of that one.
    pub changes: Vec<Changed>,
    /// Its files.
    pub files: Vec<CharterFile>,
    /// What people said about it, oldest first.
    pub discussion: Vec<Remark>,
    /// Its end, if it was withdrawn.
    pub withdrawn: Option<Remark>,
}

/// The charter that a draft is held against.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Replaces {
    /// Its hash.
    pub hash: String,
    /// What it was called as a draft, if it was one.
    pub name: Option<String>,
    /// The day from which it is agreed, where that is to come.
    pub from: Option<String>,
    /// Whether it is in force.
    pub is_in_force: bool,
}

/// A definition that a draft changes.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Changed {
    /// `added`, `removed` or `changed`.
    pub kind: &'static str,
    /// What is defined: `stage mql`.
    pub what: String,
    /// Which of its parts; null where the whole came or went.
    pub part: Option<&'static str>,
    /// The old wording.
    pub was: Option<String>,
    /// The new wording.
    pub is: Option<String>,
    /// The figures that rest on it; none where only words change.
    pub figures: Vec<&'static str>,
    /// The side that decides it, by the charter that is replaced; null = both.
    pub decides: Option<&'static str>,
    /// Whether a side may give way in it.
    pub may_concede: bool,
}

/// Something that was said about a draft.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Remark {
    /// The commit.
    pub seq: u64,
    /// When.
    pub at: String,
    /// Who.
    pub by: String,
    /// Whether a signer's key shows that it was they.
    pub is_signed: bool,
    /// What.
    pub words: String,
}
