//! Every limit of the product, in one place, with its number. Each is met with a message that
//! names it; the reference page is printed from here.

/// Longest field of an input row, in bytes (1 MiB).
pub const FIELD_BYTES: usize = 1 << 20;
/// Longest input row, in bytes (16 MiB).
pub const ROW_BYTES: usize = 16 << 20;
/// Most columns of an input file.
pub const COLUMNS: usize = 10_000;
/// Longest name of a column that a row itself gives, as in JSON, in bytes.
pub const NAME_BYTES: usize = 4 << 10;
/// Most rows above and in the header of an input file.
pub const HEADER_ROWS: u32 = 1_000;
/// Most files of one import, members of archives counted.
pub const IMPORT_FILES: usize = 100_000;
/// Deepest nesting of folders that an import looks into.
pub const FOLDER_DEPTH: usize = 32;
/// Packings around one file: an archive and a compressed file in it.
pub const PACKED_LAYERS: usize = 2;
/// Most members of one archive.
pub const ARCHIVE_MEMBERS: usize = 10_000;
/// Most bytes that one packed file may unfold to (64 GiB).
pub const UNPACKED_BYTES: u64 = 64 << 30;
/// Most bytes that a packed file may unfold to per byte it has, once it has unfolded to more than
/// `UNPACKED_FREE_BYTES`.
pub const UNPACKED_RATIO: u64 = 200;
/// What a packed file may unfold to whatever its ratio, in bytes (64 MiB).
pub const UNPACKED_FREE_BYTES: u64 = 64 << 20;
/// Largest workbook or Parquet file inside an archive, in bytes (256 MiB): it is held in memory.
pub const HELD_FILE_BYTES: u64 = 256 << 20;
/// Largest unpacked part of a workbook that is held in memory, as its texts, in bytes (128 MiB).
pub const WORKBOOK_PART_BYTES: u64 = 128 << 20;
/// Largest unpacked sheet of a workbook, in bytes (4 GiB): it is read in pieces.
pub const SHEET_BYTES: u64 = 4 << 30;
/// Most sheets of a workbook.
pub const SHEETS: usize = 1_000;
/// Deepest nesting of a JSON value.
pub const JSON_DEPTH: usize = 64;
/// Most rows that a Parquet file may claim per byte it has, above `PARQUET_FREE_ROWS`.
pub const PARQUET_ROWS_PER_BYTE: u64 = 1_000;
/// Rows that a Parquet file may claim whatever its size.
pub const PARQUET_FREE_ROWS: u64 = 1_000_000;
/// Largest footer of a Parquet file, in bytes (16 MiB).
pub const PARQUET_FOOTER_BYTES: u64 = 16 << 20;
/// Largest page of a Parquet file, in bytes, unpacked (64 MiB).
pub const PARQUET_PAGE_BYTES: u64 = 64 << 20;
/// Longest rule expression, in bytes.
pub const RULE_BYTES: usize = 16 << 10;
/// Most nodes of a rule's tree.
pub const RULE_NODES: usize = 500;
/// Deepest nesting of a rule, flat chains counted as a balanced tree.
pub const RULE_DEPTH: usize = 32;
/// Most items of an `IN (…)` list.
pub const RULE_IN_ITEMS: usize = 1_000;
/// Longest formula of a metric, in bytes.
pub const FORMULA_BYTES: usize = 500;
/// Deepest nesting of a formula.
pub const FORMULA_DEPTH: usize = 32;
/// Most measures of one metric.
pub const METRIC_MEASURES: usize = 8;
/// Longest file of a charter or pack manifest, in bytes (1 MiB).
pub const CHARTER_FILE_BYTES: usize = 1 << 20;
/// Longest text of something that people do in a book, as a proposed charter, in bytes (8 MiB).
pub const ACT_BYTES: usize = 8 << 20;
/// Most channels that a Markov chain remembers.
pub const CHAIN_ORDER: u8 = 4;
/// Most channels that credit is shared between by a statistical model.
pub const CREDIT_CHANNELS: usize = 1_000;
/// Most channels between which credit is shared by Shapley values.
pub const SHAPLEY_CHANNELS: usize = 200;
/// Most channels of estimated shares that carry intervals.
pub const INTERVAL_CHANNELS: usize = 100;
/// Most channels that a file of paths may name: their numbers, with some left for what is none.
pub const PATH_CHANNELS: usize = 65_000;
/// Most parts of a position of a charter's own credit model.
pub const CREDIT_PARTS: u32 = 1_000_000;
/// Longest vision of a charter, in bytes (64 KiB).
pub const VISION_BYTES: usize = 64 << 10;
/// Most stages of a charter.
pub const STAGES: usize = 100;
/// Longest pack SELECT, in bytes.
pub const PACK_SQL_BYTES: usize = 64 << 10;
/// Most nodes of a pack SELECT.
pub const PACK_SQL_NODES: usize = 4_000;
/// Deepest nesting of a pack SELECT, chains of one operator counted link by link.
pub const PACK_SQL_DEPTH: usize = 64;
/// Address space of the mapping worker, in bytes (2 GiB).
pub const WORKER_BYTES: u64 = 2 << 30;
/// Longest time the mapping worker may spend on one batch, in seconds.
pub const WORKER_SECONDS: u64 = 60;
/// Longest reply of the mapping worker to one SELECT over one batch, in bytes (256 MiB).
pub const WORKER_REPLY_BYTES: usize = 256 << 20;
/// Largest event that a program sends, in bytes (32 KiB); a larger one is set aside.
pub const EVENT_BYTES: usize = 32 << 10;
/// Most columns of a stream that events add new ones to.
pub const EVENT_COLUMNS: usize = 1_000;
/// Most events of one request.
pub const EVENTS: usize = 500;
/// Largest request with events, in bytes unpacked (500 KB).
pub const EVENTS_BYTES: usize = 500_000;
/// Rows of one import commit; a longer file is committed in several.
pub const COMMIT_ROWS: usize = 500_000;
/// Facts of one import commit: what is not committed yet is held in memory.
pub const COMMIT_FACTS: usize = 90_000;
/// Text of one import commit, in bytes (256 MiB), for the same reason.
pub const COMMIT_BYTES: usize = 256 << 20;
/// Rows of one mapping batch.
pub const BATCH_ROWS: usize = 45_000;
/// A commit of at most this many rows goes to the journal; a larger one becomes a segment.
pub const JOURNAL_ROWS: usize = 2_000;
/// Longest time that a server works on one question, in seconds; then it ends, and says what to
/// ask instead. `handfast serve --deadline` sets another.
pub const QUESTION_SECONDS: u64 = 120;
/// What a question may take even of a server that holds all it may, in MiB. `handfast serve
/// --memory` says how much it may.
pub const QUESTION_GROWTH_MIB: u64 = 64;
/// Most dimensions of one question.
pub const DIMENSIONS: usize = 4;
/// Most rows of one answer.
pub const ANSWER_ROWS: usize = 100_000;
/// Records behind the figures of an answer that a workbook holds.
pub const WORKBOOK_RECORDS: usize = 100_000;
/// Records behind one column that a passport lists one by one; of more it keeps a sketch.
pub const PASSPORT_RECORDS: usize = 1_000;
/// Largest passport that is read, in bytes (64 MiB).
pub const PASSPORT_BYTES: u64 = 64 << 20;
/// Most values of a passport that is read.
pub const PASSPORT_VALUES: usize = 4_000_000;
/// Rows that a dry run would set aside and keeps to be shown, the first of them.
pub const FORESEEN_ROWS: usize = 10_000;
/// Text of these rows, in bytes (4 MiB).
pub const FORESEEN_BYTES: usize = 4 << 20;
/// How long set-aside rows are kept before their key is destroyed, in days.
pub const SET_ASIDE_DAYS: i32 = 30;
/// Most days that one amount is spent over (a hundred years); a longer one counts on its first day.
pub const SPEND_DAYS: u32 = 36_600;
/// Longest window of a cohort, in days (a hundred years).
pub const WINDOW_DAYS: u32 = 36_500;

/// Facts that are kept derived and whose index is read after a commit, to look at what it touched:
/// about a second. In a larger book the next question looks before it answers.
pub const LOOKED_AT_FACTS: u64 = 20_000_000;
/// Records that one look after a commit derives again; of more, the next question does.
pub const TOUCHED_RECORDS: usize = 100_000;
/// Bytes, as they are kept, of all that these touched (16 MiB): a few hundred megabytes in memory.
pub const TOUCHED_BYTES: u64 = 16 << 20;
/// Facts that are kept derived and may all be read after a commit, where the index does not say
/// which of them are touched: a few hundred megabytes.
pub const READ_FACTS: u64 = 500_000;
