//! Files that are sent, and the wizard's looks and tries: what they hold, which source is proposed
//! for them, and what an import of their first rows would do.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::import::FileOf;

/// What a file that is sent is called.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct UploadName {
    /// The file's name, as its source wrote it: it tells what the file is.
    #[cfg_attr(feature = "openapi", param(min_length = 1, max_length = 200))]
    pub name: String,
}

/// A file that was sent, to be looked at or imported.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Upload {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// How long it is.
    pub bytes: u64,
    /// When it came.
    pub at: String,
    /// When it goes.
    pub until: String,
}

/// Files that were sent and are still there, newest first.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Uploads {
    /// They.
    pub uploads: Vec<Upload>,
}

/// Files to be looked at, and what is said of them.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WizardAsk {
    /// The ids of files that were sent.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 50))]
    pub uploads: Vec<String>,
    /// What the source is to be called: small letters, digits and `_`.
    #[cfg_attr(feature = "openapi", schema(max_length = 64))]
    pub name: Option<String>,
    /// The zone of times without an offset: `Europe/Berlin`.
    #[cfg_attr(feature = "openapi", schema(max_length = 64))]
    pub zone: Option<String>,
    /// The currency of amounts that name none: `EUR`.
    #[cfg_attr(feature = "openapi", schema(max_length = 3))]
    pub currency: Option<String>,
    /// The unit of money spent: `whole`, `micros`.
    #[cfg_attr(feature = "openapi", schema(max_length = 10))]
    pub unit: Option<String>,
    /// The order of dates that fit both: `dmy`, `mdy`.
    #[cfg_attr(feature = "openapi", schema(max_length = 3))]
    pub dates: Option<String>,
    /// The mark before the fraction of numbers that fit both, as `1.234`: `point`, `comma`.
    #[cfg_attr(feature = "openapi", schema(max_length = 5))]
    pub decimal: Option<String>,
    /// The encoding of texts, where it was taken for another: `utf-8`, `utf-16le`, `utf-16be`,
    /// `latin-1`.
    #[cfg_attr(feature = "openapi", schema(max_length = 10))]
    pub encoding: Option<String>,
    /// What stands between the fields of texts: `comma`, `semicolon`, `tab`, `bar`.
    #[cfg_attr(feature = "openapi", schema(max_length = 10))]
    pub delimiter: Option<String>,
    /// Lines above the names of columns in texts, blank ones too.
    #[cfg_attr(feature = "openapi", schema(maximum = 100))]
    pub skip_rows: Option<u32>,
    /// Rows of names in texts; 0 where the first row holds values.
    #[cfg_attr(feature = "openapi", schema(maximum = 2))]
    pub header_rows: Option<u32>,
    /// What the rows of all files are: `lead`, `deal`, `account`, `history`, `touch`, `spend`,
    /// `link`, `rep`, `campaign`, `reference`.
    #[cfg_attr(feature = "openapi", schema(max_length = 10))]
    pub rows: Option<String>,
    /// What columns are, in place of what they were taken for.
    #[cfg_attr(feature = "openapi", schema(max_items = 1000))]
    pub columns: Option<Vec<ColumnSaid>>,
    /// Which of several proposed sources is meant; the first unless said.
    #[cfg_attr(feature = "openapi", schema(max_length = 64))]
    pub source: Option<String>,
    /// The source's texts as somebody corrected them; as proposed unless said.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 200))]
    pub texts: Option<Vec<SentText>>,
}

/// What somebody says that a column is.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ColumnSaid {
    /// Its file, as it was looked at.
    #[cfg_attr(feature = "openapi", schema(max_length = 300))]
    pub file: String,
    /// Its name.
    #[cfg_attr(feature = "openapi", schema(max_length = 300))]
    pub column: String,
    /// The part it plays, one of `may_be`; none unless said.
    #[cfg_attr(feature = "openapi", schema(max_length = 60))]
    pub part: Option<String>,
}

/// A text of a source.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SentText {
    /// Its name: `source.toml`, `leads.person.sql`.
    #[cfg_attr(feature = "openapi", schema(max_length = 300))]
    pub path: String,
    /// It.
    #[cfg_attr(feature = "openapi", schema(max_length = 1_000_000))]
    pub text: String,
}

/// The same, on its way out.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PackText {
    /// Where it would stand in the book.
    pub path: String,
    /// It.
    pub text: String,
}

/// What files hold, and what is proposed for them.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WizardLook {
    /// The sources that are proposed.
    pub sources: Vec<ProposedSource>,
    /// What was found in the files, table by table.
    pub files: Vec<LookedFile>,
    /// What must be said before anything can be tried.
    pub questions: Vec<Unsaid>,
    /// Files that a source of the book reads already.
    pub read_already: Vec<ReadAlready>,
}

/// A proposed source.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProposedSource {
    /// Its name.
    pub name: String,
    /// Whether the book has a source of this name.
    pub is_taken: bool,
    /// The pack it is a copy of, where one that ships knows the files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pack: Option<PackOf>,
    /// The files it reads.
    pub files: Vec<String>,
    /// Its streams.
    pub streams: Vec<ProposedStream>,
    /// What somebody should know.
    pub notes: Vec<String>,
    /// Its texts.
    pub texts: Vec<PackText>,
}

/// A pack that ships.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PackOf {
    /// Its name.
    pub name: String,
    /// What it reads.
    pub title: String,
}

/// A proposed stream.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProposedStream {
    /// Its name; empty for files that are left alone.
    pub stream: String,
    /// Its files.
    pub files: Vec<String>,
    /// What its rows are.
    pub rows: String,
    /// Why.
    pub why: String,
    /// The stages that its rows say, with how many rows say each.
    pub stages: Vec<StageRows>,
    /// Those that mean won.
    pub won: Vec<String>,
    /// Those that mean lost.
    pub lost: Vec<String>,
}

/// A stage and how many rows say it.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StageRows {
    /// The source's word for it.
    pub stage: String,
    /// How many rows.
    pub rows: u64,
}

/// What was found in a file, or in a table of a workbook.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LookedFile {
    /// The file.
    pub file: String,
    /// Rows that were looked at.
    pub rows: u64,
    /// Whether those are all.
    pub is_whole: bool,
    /// How it is written, a sentence each.
    pub written: Vec<String>,
    /// Rows that cannot be read as rows.
    pub bad_rows: u64,
    /// The commonest reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bad_reason: Option<String>,
    /// The source that would read it.
    pub source: String,
    /// The stream it would belong to.
    pub stream: String,
    /// What its rows are.
    pub rows_are: String,
    /// Why.
    pub why: String,
    /// Its columns, the first 200.
    pub columns: Vec<LookedColumn>,
    /// How many columns it has.
    pub of_columns: usize,
}

/// What was found in a column.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LookedColumn {
    /// Its name.
    pub name: String,
    /// What it holds: `day`, `money`, `category`, …
    pub kind: String,
    /// How that is known.
    pub evidence: String,
    /// Filled rows of a hundred.
    pub filled_percent: u64,
    /// Up to three different texts; personal ones by their shape.
    pub samples: Vec<String>,
    /// What it is taken for, the likeliest first.
    pub parts: Vec<String>,
    /// What it could be taken for, by what it holds.
    pub may_be: Vec<String>,
    /// Whether it will be sealed.
    pub is_sealed: bool,
    /// What could be read in two ways.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doubt: Option<String>,
}

/// Something that the files do not say.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Unsaid {
    /// The field that answers it: `dates`, `currency`, `unit`.
    pub field: String,
    /// The question.
    pub text: String,
    /// Answers to choose from; empty for any.
    pub choices: Vec<String>,
}

/// A file that a source of the book reads already.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReadAlready {
    /// The file.
    pub file: String,
    /// The source.
    pub source: String,
}

/// What an import of the first rows would do.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WizardPreview {
    /// The source that was tried.
    pub source: String,
    /// Rows of each file that were tried, at most.
    pub tried_rows: usize,
    /// Some of the facts; people are in them as hashes.
    pub facts: Vec<FactShown>,
    /// How many facts there are.
    pub of_facts: u64,
    /// How many facts say each stage.
    pub stages: Vec<StageRows>,
    /// What would become of the rows of each file.
    pub files: Vec<FileOf>,
    /// Rows that would be set aside, by reason.
    pub set_aside_by: BTreeMap<String, u64>,
}

/// A fact to be looked at.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FactShown {
    /// The file of its row.
    pub file: String,
    /// The line.
    pub line: u32,
    /// What kind of fact.
    pub kind: String,
    /// What it says.
    pub says: Vec<FactSays>,
}

/// One thing that a fact says.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FactSays {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A source that was written.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SourceSaved {
    /// Its name.
    pub source: String,
    /// The files, within the book.
    pub written: Vec<String>,
    /// What the charter needs of it.
    pub charter: CharterNeeds,
}

/// What a charter needs so that a source can be counted by it.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CharterNeeds {
    /// `drafted`: a first one is in `files`, to be read and begun with; `lacks`: it does not
    /// declare `attributes` yet; `complete`.
    pub state: &'static str,
    /// The attributes, as they would stand in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attributes: Option<String>,
    /// Whether there is no charter, and none could be drafted since the files name no stages.
    pub without_stages: bool,
    /// A first charter.
    pub files: Vec<PackText>,
}

/// A first charter to be put into force.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BeginCharter {
    /// All its files.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 64))]
    pub files: Vec<super::agree::SentFile>,
}

/// A charter that came into force.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CharterBegun {
    /// Its hash.
    pub hash: String,
    /// The commit.
    pub seq: u64,
}
