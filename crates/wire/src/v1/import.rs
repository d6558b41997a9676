//! Sources and imports as the API shows them, imports under way, and what became of events.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Amount;
use super::problem::Problem;

/// The sources of a book, by name.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sources {
    /// They.
    pub sources: Vec<SourceShown>,
}

/// What a source is and how it does.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SourceShown {
    /// Its name.
    pub name: String,
    /// What its pack reads.
    pub streams: Vec<StreamShown>,
    /// Whether events can be sent for it.
    pub takes_events: bool,
    /// Its newest import that stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_import: Option<Imported>,
    /// How many imports of it stand.
    pub imports: u64,
    /// What became of their rows.
    pub rows: Counts,
    /// How many rows are still set aside.
    pub open_set_aside: u64,
    /// It shows everything before this instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_until: Option<String>,
    /// Whether somebody declared that; else it is the end of its latest fact.
    pub is_declared: bool,
    /// How many whole days ago that was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub behind_days: Option<i64>,
    /// Whether its events are coming in now.
    pub receiving: bool,
}

/// A stream of a source.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StreamShown {
    /// Its name.
    pub name: String,
    /// Patterns of its files' names.
    pub files: Vec<String>,
    /// The kinds of facts it gives.
    pub facts: Vec<String>,
    /// Whether it is only looked things up in.
    pub is_reference: bool,
    /// Whether its rows can be sent as events.
    pub takes_events: bool,
}

/// What became of rows: `rows` = `mapped` + `reference` + `ignored` + `set_aside`.
#[derive(Serialize, Clone, Debug, Default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Counts {
    /// Rows in.
    pub rows: u64,
    /// Rows that gave facts.
    pub mapped: u64,
    /// Rows that others look things up in.
    pub reference: u64,
    /// Rows that a rule ignores.
    pub ignored: u64,
    /// Rows that could not be mapped.
    pub set_aside: u64,
    /// Of the rows in: known already.
    pub known: u64,
    /// Of the rows in: of forgotten people, whose columns were left out.
    pub left_out: u64,
    /// Records that a whole table held no longer.
    pub deleted: u64,
    /// Facts of the new rows.
    pub facts: u64,
    /// Ignored rows by rule.
    pub ignored_by: BTreeMap<String, u64>,
    /// Rows set aside by reason.
    pub set_aside_by: BTreeMap<String, u64>,
}

/// Which imports are wanted.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct ImportsPage {
    /// Of this source.
    #[cfg_attr(feature = "openapi", param(max_length = 64))]
    pub source: Option<String>,
    /// Older than this import.
    pub before: Option<u64>,
    /// So many; 50 unless said.
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 200))]
    pub limit: Option<usize>,
}

/// Imports, newest first.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportList {
    /// They.
    pub imports: Vec<Imported>,
    /// How many there are in all.
    pub of: usize,
    /// Ask for what is older than this to go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<u64>,
}

/// One import.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Imported {
    /// Its number.
    pub run: u64,
    /// The source.
    pub source: String,
    /// When it began.
    pub started_at: String,
    /// `whole`, `stopped`, `taken_back`, `receiving`.
    pub state: &'static str,
    /// The commit that ended it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// The commit that took it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undone: Option<u64>,
    /// Whether it can be taken back: no newer one of its source stands.
    pub may_undo: bool,
    /// What became of its rows; all zero as long as it has not ended.
    pub counts: Counts,
    /// How many of them are still set aside.
    pub open_set_aside: u64,
    /// The first hundred of its files.
    pub files: Vec<FileOf>,
    /// How many files it has.
    pub of_files: usize,
}

/// What became of the rows of a file.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FileOf {
    /// The stream.
    pub stream: String,
    /// The file.
    pub file: String,
    /// Its rows.
    pub counts: Counts,
}

/// What taking an import back did.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TakenBack {
    /// The import.
    pub run: u64,
    /// Its source.
    pub source: String,
    /// The commit from which on it does not count.
    pub seq: u64,
    /// Record versions it had brought.
    pub records: u64,
    /// Facts it had brought.
    pub facts: u64,
    /// Rows it had set aside, gone with it.
    pub set_aside: u64,
    /// Rows it had mended, set aside again.
    pub reopened: u64,
    /// Of those: the ones whose text was destroyed when they were mended.
    pub without_text: u64,
    /// What does not hold of what that touched, a line each; answers that rest on it say so.
    pub not_verified: Vec<String>,
}

/// Files to be imported.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewImport {
    /// The source that reads them.
    #[cfg_attr(feature = "openapi", schema(max_length = 64))]
    pub source: String,
    /// The ids of files that were sent.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 50))]
    pub uploads: Vec<String>,
    /// The source shows everything up to the end of this day.
    #[cfg_attr(feature = "openapi", schema(max_length = 10))]
    pub observed_until: Option<String>,
    /// Say what would happen and write nothing.
    #[serde(default)]
    pub dry_run: bool,
}

/// A mended file to be imported.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewMended {
    /// The id of the file that was sent.
    #[cfg_attr(feature = "openapi", schema(max_length = 32))]
    pub upload: String,
    /// Say what would happen and write nothing.
    #[serde(default)]
    pub dry_run: bool,
}

/// Work under way or done since the server started, newest first.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Jobs {
    /// They.
    pub jobs: Vec<Job>,
}

/// An import under way, or how it ended.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Job {
    /// Its id.
    pub id: String,
    /// `import`, `mended`.
    pub kind: &'static str,
    /// Whether it writes nothing.
    pub dry_run: bool,
    /// The source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Who asked for it.
    pub by: String,
    /// When it began.
    pub began: String,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<String>,
    /// `running`, `done`, `stopped`, `refused`.
    pub state: &'static str,
    /// The file that is being read.
    pub file: String,
    /// Rows read so far.
    pub rows: u64,
    /// About how many there are, where the files tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of_rows: Option<u64>,
    /// How long it has run.
    pub seconds: u64,
    /// How fast.
    pub rows_per_second: u64,
    /// About how long it will take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds_left: Option<u64>,
    /// What it did, or would do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<JobResult>,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}

/// What an import did, or would do.
#[derive(Serialize, Clone, Debug, Default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobResult {
    /// The import's number; none of a dry run, nor of one that was stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<u64>,
    /// Its last commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// The source shows everything before this instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_until: Option<String>,
    /// Whether that was declared.
    pub is_declared: bool,
    /// What became of all rows.
    pub counts: Counts,
    /// What became of the rows of each file.
    pub files: Vec<FileOf>,
    /// Rows that were not known before.
    pub new_rows: u64,
    /// Remarkable things about the files, and what does not hold of what was imported.
    pub notes: Vec<String>,
    /// Mended rows that the book does not know.
    pub unknown: Vec<String>,
    /// Mended rows that were mended, superseded or taken back before.
    pub closed: u64,
    /// Rows that a dry run would set aside and that `GET /jobs/{id}/aside` gives with their
    /// reasons: the first 10,000, and of the newest dry runs only.
    pub foreseen: u64,
}

/// What became of events. The disk has them.
#[derive(Serialize, Clone, Debug, Default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EventsReceived {
    /// Events in.
    pub accepted: u64,
    /// Of these: not known before.
    pub new: u64,
    /// Of these: known before, which changes nothing.
    pub known: u64,
    /// Of these: such as a rule of the source ignores.
    pub ignored: u64,
    /// Of these: such as could not be mapped; they are kept with their reason, to be mended.
    pub set_aside: u64,
    /// Those by reason.
    pub set_aside_by: BTreeMap<String, u64>,
    /// The ids that were made of the contents of events without one, in their order.
    pub made_ids: Vec<String>,
    /// The commit as of which they are known.
    pub seq: u64,
    /// The import they belong to.
    pub run: u64,
}

/// Events as a program sends them: one, with the fields of the source's stream, or `batch`.
#[derive(Deserialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EventsSent {
    /// What the event calls itself: sent again, it is the same. Made of its content where it is
    /// missing.
    #[cfg_attr(feature = "openapi", schema(max_length = 1000))]
    pub message_id: Option<String>,
    /// The stream it belongs to, where its source has several.
    #[cfg_attr(feature = "openapi", schema(max_length = 64))]
    pub stream: Option<String>,
    /// Up to 500 events at once, instead of one.
    #[cfg_attr(feature = "openapi", schema(max_items = 500, value_type = Option<Vec<Object>>))]
    pub batch: Option<Vec<serde_json::Value>>,
}

/// Totals of won deals that somebody read in another system.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReconcileAsk {
    /// `month`, `quarter` or `year`.
    #[cfg_attr(feature = "openapi", schema(max_length = 7))]
    pub by: String,
    /// The currency of the amounts; amounts in others are left out of ours.
    #[cfg_attr(feature = "openapi", schema(min_length = 3, max_length = 3))]
    pub currency: String,
    /// What was read.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 200))]
    pub lines: Vec<ReadTotal>,
}

/// What somebody read of one period.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReadTotal {
    /// The period: `2024-03`, `2024-Q1`, `2024`.
    #[cfg_attr(feature = "openapi", schema(min_length = 4, max_length = 20))]
    pub period: String,
    /// Won deals.
    #[cfg_attr(feature = "openapi", schema(maximum = 1000000000))]
    pub deals: Option<u64>,
    /// Their amount, with a point: `12345.50`.
    #[cfg_attr(feature = "openapi", schema(max_length = 32))]
    pub amount: Option<String>,
}

/// What was read, beside ours.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReconcileAnswer {
    /// The lines, as they were sent.
    pub lines: Vec<ReconcileLine>,
    /// How many of them differ.
    pub differing: usize,
    /// The commit as of which ours are.
    pub seq: u64,
    /// The dimension of the questions that list our records: `GET
    /// /ask/metric/records?of=won&unit=deal&by=BY&column=won&row=PERIOD`.
    pub by: String,
}

/// One period.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReconcileLine {
    /// The period.
    pub period: String,
    /// Won deals of ours whose amount has no rate to the currency: it is in no sum.
    pub not_priced: u64,
    /// Won deals as they were read.
    pub their_deals: Option<u64>,
    /// Ours.
    pub our_deals: u64,
    /// How many more theirs are.
    pub deals_more: Option<i64>,
    /// The amount as it was read.
    pub their_amount: Option<Amount>,
    /// Ours.
    pub our_amount: Amount,
    /// How much more theirs is.
    pub amount_more: Option<Amount>,
    /// Whether anything that was read is not what we count.
    pub differs: bool,
}
