//! What a person may ask of whoever keeps what is known of them: all of it, and that it be erased.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Whom somebody asks about, by a key or an address of theirs.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WhoIsMeant {
    /// Their key as a source writes it, or their e-mail address.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 320))]
    pub key: String,
    /// Whose key it is: a source's name; needed where several sources know it.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 64))]
    pub namespace: Option<String>,
}

/// A person to be erased under all their keys, or, first, what that would reach.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Forget {
    /// Their key as a source writes it, or their e-mail address.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 320))]
    pub key: String,
    /// Whose key it is: a source's name; needed where several sources know it.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 64))]
    pub namespace: Option<String>,
    /// Whether only to say what would be erased.
    #[serde(default)]
    pub dry_run: bool,
    /// To erase: the key, typed again.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 320))]
    pub confirm: Option<String>,
    /// To erase: what the dry run said would be reached. Where that is not so any more, nothing is
    /// erased.
    #[serde(default)]
    pub foreseen: Option<Reach>,
}

/// What erasing a person reaches.
#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reach {
    /// Their keys that are not forgotten yet.
    pub keys: u64,
    /// Their e-mail addresses, which nobody can come back by.
    pub addresses: u64,
    /// Records with columns sealed for them.
    pub records: u64,
    /// Rows set aside that name them.
    pub set_aside: u64,
}

/// What was erased, or would be.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Forgetting {
    /// What is reached; to be sent back by whoever means it.
    pub reach: Reach,
    /// Facts about them, which stay: they have no personal text.
    pub facts: u64,
    /// Rows set aside that could not be read and may name anybody: they stay, sealed.
    pub unread_set_aside: u64,
    /// Rows with an address of theirs under somebody else's key, or sealed together with others:
    /// they stay, sealed.
    pub mixed_set_aside: u64,
    /// Addresses that others have too: they stay allowed.
    pub shared_addresses: u64,
    /// Whether what was asked for was never met in this book.
    pub is_never_met: bool,
    /// Their keys, by their hashes.
    pub keys: Vec<KnownAs>,
    /// What was done, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done: Option<Forgotten>,
}

/// What erasing did.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Forgotten {
    /// The commit that says so; none where they were forgotten before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// Keys forgotten now.
    pub keys: u64,
    /// Sealing keys destroyed.
    pub destroyed: u64,
    /// Keys forgotten before.
    pub before: u64,
    /// Addresses barred now.
    pub addresses: u64,
    /// What does not hold of what that touched, a line each; answers that rest on it say so.
    pub not_verified: Vec<String>,
}

/// One key of a person. The book keeps only its hash.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KnownAs {
    /// Its hash.
    pub hash: String,
    /// Whose key it is, where it was typed.
    pub namespace: Option<String>,
    /// The key, where it was typed.
    pub key: Option<String>,
    /// Sources and streams whose facts name it.
    pub met_in: Vec<String>,
    /// How it is known to be the same person's: `asked`, or what joins it to another key.
    pub how: String,
    /// Where that stands: file and line.
    pub shown_by: Vec<String>,
    /// Since when it is forgotten.
    pub forgotten: Option<Since>,
}

/// A commit and its moment.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Since {
    /// The commit.
    pub seq: u64,
    /// When it was.
    pub at: Option<String>,
}

/// Everything a book holds of a person.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Held {
    /// The keys under which they are known, and how these are linked.
    pub identities: Vec<KnownAs>,
    /// Whether they were forgotten: then no personal text is left.
    pub is_erased: bool,
    /// How much there is.
    pub counts: HeldCounts,
    /// Their records; none where they were forgotten.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub records: Option<Vec<HeldRecord>>,
    /// What was derived of these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facts: Option<Vec<HeldFact>>,
    /// Rows that could not be taken in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_aside: Option<Vec<HeldAside>>,
}

/// How much a book holds of a person.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeldCounts {
    /// Records.
    pub records: usize,
    /// Facts.
    pub facts: usize,
    /// Rows set aside.
    pub set_aside: usize,
    /// Rows set aside that could not be read: whom they name cannot be told.
    pub unread_set_aside: u64,
    /// Cells of other people in the same rows, which are left out.
    pub withheld_cells_of_others: u64,
}

/// A record of a person.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeldRecord {
    /// The source.
    pub source: String,
    /// The stream.
    pub stream: String,
    /// The file.
    pub file: String,
    /// The line.
    pub line: u32,
    /// Its version.
    pub version: i64,
    /// The commit that brought it.
    pub seq: u64,
    /// When that was.
    pub recorded_at: String,
    /// Its key's hash.
    pub record: String,
    /// What became of the row.
    pub ending: String,
    /// Whether its import was taken back.
    pub is_taken_back: bool,
    /// Its columns.
    pub columns: BTreeMap<String, String>,
    /// Cells of other people in it, which are left out.
    pub withheld_cells_of_others: u64,
}

/// A fact about a person.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeldFact {
    /// Its kind.
    pub kind: String,
    /// When the source says it happened.
    pub happened: Option<String>,
    /// Whether that is assumed.
    pub is_assumed: bool,
    /// When the book learned it.
    pub recorded_at: String,
    /// The commit that brought it.
    pub seq: u64,
    /// Whether it counts now.
    pub counts: bool,
    /// The source.
    pub source: String,
    /// The stream.
    pub stream: String,
    /// The file.
    pub file: String,
    /// The line.
    pub line: u32,
    /// The version of its record.
    pub version: i64,
    /// The hash of its record's key.
    pub record: String,
    /// The rules by which the row was read.
    pub pack: Option<String>,
    /// The hash of the person's key.
    pub person: Option<String>,
    /// The account.
    pub account: Option<String>,
    /// The deal.
    pub deal: Option<String>,
    /// The campaign.
    pub campaign: Option<String>,
    /// The rep.
    pub rep: Option<String>,
    /// What else it says.
    #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, Object>))]
    pub attributes: BTreeMap<String, Value>,
}

/// A row of a person that was set aside.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeldAside {
    /// Its id.
    pub row: String,
    /// The source.
    pub source: String,
    /// The stream.
    pub stream: String,
    /// The file.
    pub file: String,
    /// The line.
    pub line: u32,
    /// Why.
    pub reason: String,
    /// Whether it is still aside.
    pub is_open: bool,
    /// Its columns, where it was read as a row.
    pub columns: Option<BTreeMap<String, String>>,
    /// Cells of other people in it, which are left out.
    pub withheld_cells_of_others: u64,
}
