//! Imports: batches are classified, mapped elsewhere, and committed with the facts they gave.
//!
//! ```text
//! begin_import → for each batch: classify → (the worker maps `to_map`) → commit … → finish
//! ```
//!
//! An import that ends half-way loses nothing and doubles nothing: what it committed is known the
//! next time. How a commit is put together is in `assemble`.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use handfast_model::pack::{Pack, Stream, StreamMode};
use handfast_model::{Calendar, Day, Fact, Instant, Names, RecordKey, Refusal, Seq};

use crate::account::FileAccount;
use crate::aside::AsideId;
use crate::book::{Alone, Inner, Ledger};
use crate::classified::Classified;
use crate::classify::{Classifier, People};
use crate::foreseen::Foreseen;
use crate::known::{Known, Life};
use crate::layout::Layout;
use crate::lookup::Rehearsed;
use crate::prepared::{Named, Prepared, no_stream};
use crate::record::LifeRows;
use crate::refuse;
use crate::source::TextBatch;
use crate::store::{Field, Row, first, reading};
use crate::versions;
use crate::writer::{Ticket, Tx};

/// The rule under which rows count that delete their record.
pub const DELETED: &str = "deleted in its source";

/// The rule under which rows count that were set aside before and came in mended.
pub const ANSWERED: &str = "came in mended before";

/// How a new row ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ending {
    /// It gave at least one fact.
    Mapped,
    /// It belongs to a reference stream.
    Reference,
    /// A named rule ignores it.
    Ignored {
        /// The rule's name.
        rule: String,
    },
    /// It says that its record was deleted in the source. It counts as ignored, by the rule
    /// [`DELETED`].
    Deleted,
    /// It could not be mapped.
    SetAside {
        /// The column at fault; empty when the whole row is.
        column: String,
        /// Why, in few words that are the same for all rows with this defect.
        reason: String,
    },
}

impl Ending {
    /// The rule by which a row is ignored.
    pub fn rule(&self) -> Option<&str> {
        match self {
            Ending::Ignored { rule } => Some(rule),
            Ending::Deleted => Some(DELETED),
            Ending::Mapped | Ending::Reference | Ending::SetAside { .. } => None,
        }
    }
}

/// A classified batch and how its new rows ended, in the order of [`Classified::to_map`].
pub struct Ended {
    /// The batch.
    pub classified: Classified,
    /// One per new row.
    pub endings: Vec<Ending>,
}

/// What one commit of an import holds.
#[derive(Default)]
pub struct Commit {
    /// Batches, in the order they were classified.
    pub batches: Vec<Ended>,
    /// The facts of their mapped rows, in the order of the rows; id, seq and recording time are set
    /// by the ledger.
    pub facts: Vec<Fact>,
    /// The texts of the facts.
    pub names: Names,
}

/// What an import did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ImportReport {
    /// Its number.
    pub run: u64,
    /// Its last commit.
    pub seq: Seq,
    /// Per file, in the order of stream and file name.
    pub files: Vec<FileAccount>,
    /// The source shows everything before this instant, if anything dated has arrived.
    pub observed_until: Option<Instant>,
    /// Whether that was declared.
    pub is_declared: bool,
}

/// Until when a source shows everything, and whether that was declared.
pub(crate) type Horizon = (Option<Instant>, bool);

/// An import under way; there is one at a time.
pub struct Import {
    pub(crate) inner: Arc<Inner>,
    pub(crate) pack: Pack,
    /// Whose day ends where this source's last day ends.
    pub(crate) zone: Calendar,
    pub(crate) run: u64,
    pub(crate) now: Instant,
    pub(crate) streams: BTreeMap<String, StreamState>,
    pub(crate) people: People,
    /// Number of each file being read, by stream and name.
    files: HashMap<(String, String), u32>,
    pub(crate) last_file: u32,
    pub(crate) accounts: BTreeMap<(String, String), FileAccount>,
    pub(crate) life: BTreeMap<String, LifeRows>,
    pub(crate) asides: u64,
    /// How many commits were put together.
    pub(crate) commits: u32,
    pub(crate) slot: Option<u32>,
    /// The slot as of the last commit, once there is one.
    pub(crate) told: Option<Option<u32>>,
    /// The end of what its facts speak of.
    pub(crate) latest: Option<Instant>,
    /// The end of what a commit of it has said its source shows.
    pub(crate) shown_until: Option<Instant>,
    pub(crate) has_pack: bool,
    pub(crate) last_seq: Seq,
    /// The commit that the disk does not have yet.
    pub(crate) under_way: Option<Ticket>,
    /// A commit failed: what is known in memory is no longer what is on the disk.
    pub(crate) is_broken: bool,
    /// Of a rehearsal: everything is done as ever, but nothing is written.
    pub(crate) rehearsal: Option<Foreseen>,
    /// Its rows come from many callers: it ends nobody knows when.
    pub(crate) is_shared: bool,
    /// Its rows are set-aside rows that came back mended.
    pub(crate) is_mending: bool,
    /// One of those came in.
    pub(crate) has_come_in: bool,
    /// A new key of somebody forgotten was met; their erasure follows the import.
    pub(crate) has_recognised: bool,
    _alone: Alone,
}

/// What an import knows of one stream.
#[derive(Default)]
pub(crate) struct StreamState {
    pub known: Known,
    layouts: Vec<Arc<Layout>>,
    /// The file read last.
    file: String,
    /// It held rows that cannot be read, or nothing at all, so no record can be called absent.
    proves_nothing: bool,
    /// Reference rows of a rehearsal, which no commit makes known.
    pub rehearsed: Rehearsed,
    /// Columns that the book does not know yet, as a JSON text.
    pub new_header: Option<String>,
}

impl Ledger {
    /// Begins an import of which nothing is written: it ends with the same account of every file.
    pub fn begin_rehearsal(&self, pack: &Pack, now: Instant) -> Result<Import, Refusal> {
        let mut import = self.begin_import(pack, now)?;
        import.rehearsal = Some(Foreseen::default());
        Ok(import)
    }

    /// Begins an import. Its commits carry `now` as their clock.
    pub fn begin_import(&self, pack: &Pack, now: Instant) -> Result<Import, Refusal> {
        let alone = self.inner.alone("an import began")?;
        let zone = Calendar::in_zone(&pack.zone)
            .ok_or_else(|| refuse::uneven(format!("zone {} is not known", pack.zone)))?;
        let mut store = self.inner.reader();
        let (people, run, has_pack) = reading(store.as_mut(), |store| {
            let people = People::load(store)?;
            let last = first(store, "SELECT MAX(run) FROM import", &[])?;
            let last = last.map(|row| row.maybe_int(0)).transpose()?.flatten();
            let sql = "SELECT hash FROM version WHERE kind = 'pack' AND name = $1
                       AND seq NOT IN (SELECT commit_seq FROM undone)
                       ORDER BY seq DESC LIMIT 1";
            let latest = first(store, sql, &[Field::text(&pack.source)])?;
            let hash = |row: Row| row.text(0).map(str::to_owned);
            let latest = latest.map(hash).transpose()?;
            let run = last.unwrap_or(0).unsigned_abs() + 1;
            Ok((
                people,
                run,
                latest.as_deref() == Some(pack.version.as_str()),
            ))
        })?;
        drop(store);
        Ok(Import {
            inner: Arc::clone(&self.inner),
            pack: pack.clone(),
            zone,
            run,
            now,
            streams: BTreeMap::new(),
            people,
            files: HashMap::new(),
            last_file: 0,
            accounts: BTreeMap::new(),
            life: BTreeMap::new(),
            asides: 0,
            commits: 0,
            slot: None,
            told: None,
            latest: None,
            shown_until: None,
            has_pack,
            last_seq: Seq(0),
            under_way: None,
            is_broken: false,
            rehearsal: None,
            is_shared: false,
            is_mending: false,
            has_come_in: false,
            has_recognised: false,
            _alone: alone,
        })
    }
}

impl Import {
    /// Its number, by which people name it.
    pub fn run(&self) -> u64 {
        self.run
    }

    /// Says what each row of a batch is to the book. What is known of the stream is read once, at
    /// its first batch.
    pub fn classify(&mut self, batch: TextBatch) -> Result<Classified, Refusal> {
        self.classify_with(batch, BTreeSet::new())
    }

    fn classify_with(
        &mut self,
        batch: TextBatch,
        contested: BTreeSet<usize>,
    ) -> Result<Classified, Refusal> {
        let stream = self.stream(&batch.stream)?;
        let state = self.streams.get(&stream.name);
        let known = state.and_then(|state| state.layout(&batch));
        let layout = match known {
            Some(layout) => Ok(Arc::clone(layout)),
            None => Layout::of_batch(&stream, &batch).map(Arc::new),
        };
        let key = &self.inner.key;
        let named =
            layout.and_then(|layout| Named::of(key, &self.pack.source, (&stream, layout), &batch));
        self.classify_named(Prepared { batch, named }, contested)
    }

    /// The same of a batch whose rows are named already.
    pub fn classify_prepared(&mut self, prepared: Prepared) -> Result<Classified, Refusal> {
        self.classify_named(prepared, BTreeSet::new())
    }

    fn classify_named(
        &mut self,
        prepared: Prepared,
        contested: BTreeSet<usize>,
    ) -> Result<Classified, Refusal> {
        self.check()?;
        let Prepared { batch, named } = prepared;
        let stream = self.stream(&batch.stream)?;
        if !self.streams.contains_key(&stream.name) {
            let is_declared = stream.version.is_some();
            let source = &self.pack.source;
            let known = Known::load(&self.inner, source, &stream.name, is_declared)?;
            let state = StreamState {
                known,
                ..StreamState::default()
            };
            self.streams.insert(stream.name.clone(), state);
        }
        let file = self.number_of(&batch);
        let state = self.streams.entry(stream.name.clone()).or_default();
        let named = named?;
        state.note_layout(&named.layout, &batch);
        state.proves_nothing |= !batch.bad.is_empty() || batch.is_blank();
        state.file.clone_from(&batch.file);
        let mut classifier = Classifier {
            inner: &self.inner,
            source: &self.pack.source,
            stream: &stream,
            named: &named,
            known: &mut state.known,
            people: &mut self.people,
            file,
            contested,
            is_mending: self.is_mending,
            returned: Vec::new(),
        };
        let ends_file = batch
            .ends_file
            .then(|| (batch.stream.clone(), batch.file.clone()));
        let classified = classifier.classify(batch)?;
        let back = |(key, version)| (RecordKey(key), version, Life::Restored);
        let returned: LifeRows = classifier.returned.into_iter().map(back).collect();
        self.life
            .entry(stream.name.clone())
            .or_default()
            .extend(returned);
        if let Some(name) = ends_file {
            self.files.remove(&name);
        }
        Ok(classified)
    }

    /// The same for rows that were set aside and came back mended; `mends` names them in the
    /// order of the batch. One that comes in closes the row that was set aside; one that does not
    /// leaves it as it is. One that was set aside as a conflict never replaces a row that has its
    /// key: which of the two counts is no matter of which came last.
    pub fn classify_mended(
        &mut self,
        batch: TextBatch,
        mends: Vec<AsideId>,
    ) -> Result<Classified, Refusal> {
        if mends.len() != batch.rows() {
            return Err(refuse::uneven("mended rows without a name"));
        }
        self.is_mending = true;
        let ledger = Ledger {
            inner: Arc::clone(&self.inner),
            newest: None,
        };
        let mends = ledger.sent_back(mends)?;
        let rows = mends.iter().enumerate();
        let contested = rows.filter(|(_, sent)| sent.is_conflict);
        let contested = contested.map(|(row, _)| row).collect();
        let mut classified = self.classify_with(batch, contested)?;
        classified.mends = mends;
        Ok(classified)
    }

    /// The rows of a reference stream that mapping joins to, as this import would leave them.
    pub fn reference_rows(&mut self, stream: &Stream) -> Result<TextBatch, Refusal> {
        self.settle()?;
        let ledger = Ledger {
            inner: Arc::clone(&self.inner),
            newest: None,
        };
        match self.streams.get(&stream.name) {
            None => ledger.reference_rows(&self.pack.source, stream),
            Some(state) => {
                let entries = &state.known.entries;
                let is_gone = |key: u128| entries.get(key).is_some_and(|entry| entry.is_gone);
                let columns = ledger.columns(state.known.header.as_deref().unwrap_or("[]"))?;
                let how = (columns.as_slice(), &is_gone as &dyn Fn(u128) -> bool);
                ledger.rows_still_there(&self.pack.source, stream, how, &state.rehearsed)
            }
        }
    }

    /// Says which bytes a file of a stream is.
    pub fn name_content(&mut self, stream: &str, file: &str, content: &str) {
        content.clone_into(&mut self.account(stream, file).content);
    }

    /// Ends a file of a stream. Of a stream whose files are whole tables, records that the file no
    /// longer holds are deleted; gives how many. A file with unreadable rows deletes nothing,
    /// nor does one without even a header, which is what an export that failed leaves.
    pub fn finish_file(&mut self, stream: &str) -> Result<u64, Refusal> {
        self.check()?;
        let mode = self.stream(stream)?.mode;
        let file = self.last_file;
        let Some(state) = self.streams.get_mut(stream) else {
            return Ok(0);
        };
        let proves_nothing = std::mem::take(&mut state.proves_nothing);
        if mode != StreamMode::Full || proves_nothing {
            return Ok(0);
        }
        let absent = state.known.entries.drop_unseen(file).into_iter();
        let absent = absent.map(|(key, version)| (RecordKey(key), version, Life::Deleted));
        let mut absent: LifeRows = absent.collect();
        absent.sort_unstable_by_key(|row| row.0);
        let deleted = absent.len() as u64;
        self.life
            .entry(stream.to_owned())
            .or_default()
            .extend(absent);
        let file = state.file.clone();
        self.account(stream, &file).deleted += deleted;
        Ok(deleted)
    }

    /// Ends the import: writes the accounting of every file and how far the source shows
    /// everything: the day given here or declared in the pack, inclusive, else its latest fact.
    pub fn finish(mut self, observed_until: Option<Day>) -> Result<ImportReport, Refusal> {
        self.check()?;
        let files: Vec<FileAccount> = self.accounts.values().cloned().collect();
        if let Some(uneven) = files.iter().find(|account| !account.adds_up()) {
            return Err(refuse::uneven(format!(
                "the endings of {} are not its rows",
                uneven.file
            )));
        }
        let horizon = self.observed(observed_until)?;
        let (run, source) = (self.run, self.pack.source.clone());
        let rows: u64 = files.iter().map(|account| account.rows).sum();
        let note = format!(
            "import {run} of {source}: {rows} rows in {} files",
            files.len()
        );
        let accounts = files.clone();
        self.submit(
            Commit::default(),
            note,
            Box::new(move |tx| {
                write_accounts(tx, run, &accounts)?;
                write_observed(tx, &source, horizon)?;
                let fields = [tx.seq_field(), Field::count(run)];
                let sql = "UPDATE import SET finished_seq = $1 WHERE run = $2";
                tx.store.execute(sql, &fields)?;
                tx.note("import_end", &[&run.to_string()]);
                Ok(())
            }),
        )?;
        let mut seq = self.settle()?;
        if self.rehearsal.is_some() {
            self.inner.slots().drop_pending();
        } else if self.has_recognised {
            let ledger = Ledger {
                inner: Arc::clone(&self.inner),
                newest: None,
            };
            ledger.finish_forgetting(self.now)?;
            seq = ledger.last_seq()?;
        }
        Ok(ImportReport {
            run,
            seq,
            files,
            observed_until: horizon.0,
            is_declared: horizon.1,
        })
    }

    pub(crate) fn observed(&self, given: Option<Day>) -> Result<Horizon, Refusal> {
        if let Some(day) = given.or(self.pack.observed_until) {
            return Ok((Some(self.zone.start_of(day.plus(1))), true));
        }
        let sql = "SELECT until, is_declared FROM observed WHERE source = $1
                   AND seq NOT IN (SELECT commit_seq FROM undone)
                   ORDER BY seq DESC LIMIT 1";
        let fields = [Field::text(&self.pack.source)];
        let before = first(self.inner.reader().as_mut(), sql, &fields)?;
        let Some(row) = before else {
            return Ok((self.latest, false));
        };
        let before = row.maybe_int(0)?.map(Instant);
        if before >= self.latest {
            return Ok((before, row.int(1)? == 1));
        }
        Ok((self.latest, false))
    }

    /// The account of a file, opened with its first row.
    pub(crate) fn account(&mut self, stream: &str, file: &str) -> &mut FileAccount {
        let name = (stream.to_owned(), file.to_owned());
        self.accounts.entry(name).or_insert_with(|| FileAccount {
            stream: stream.to_owned(),
            file: file.to_owned(),
            ..FileAccount::default()
        })
    }

    pub(crate) fn stream(&self, name: &str) -> Result<Stream, Refusal> {
        let found = self.pack.streams.iter().find(|stream| stream.name == name);
        found.cloned().ok_or_else(|| no_stream(name))
    }

    pub(crate) fn check(&self) -> Result<(), Refusal> {
        if self.is_broken {
            return Err(refuse::uneven("an earlier commit of it failed"));
        }
        Ok(())
    }

    fn number_of(&mut self, batch: &TextBatch) -> u32 {
        let name = (batch.stream.clone(), batch.file.clone());
        let last = &mut self.last_file;
        *self.files.entry(name).or_insert_with(|| {
            *last += 1;
            *last
        })
    }
}

impl StreamState {
    /// The layout of a batch, where one with its columns came before.
    fn layout(&self, batch: &TextBatch) -> Option<&Arc<Layout>> {
        let mut known = self.layouts.iter();
        known.find(|layout| layout.columns == batch.columns)
    }

    /// Notes the columns of a batch, where none with them came before.
    fn note_layout(&mut self, layout: &Arc<Layout>, batch: &TextBatch) {
        if batch.is_blank() || self.layout(batch).is_some() {
            return;
        }
        self.layouts.push(Arc::clone(layout));
        let header = serde_json::Value::from(batch.columns.to_vec()).to_string();
        if self.known.header.as_deref() != Some(header.as_str()) {
            self.known.header = Some(header.clone());
            self.new_header = Some(header);
        }
    }
}

/// Writes the accounting of an import's files.
fn write_accounts(tx: &mut Tx<'_>, run: u64, accounts: &[FileAccount]) -> Result<(), Refusal> {
    for account in accounts {
        let text = account.to_text();
        let fields = [
            Field::count(run),
            Field::text(&account.stream),
            Field::text(&account.file),
            tx.seq_field(),
            Field::text(&text),
        ];
        let sql = "INSERT INTO import_file (run, stream, file, seq, account)
                   VALUES ($1, $2, $3, $4, $5)";
        tx.store.execute(sql, &fields)?;
        tx.note(
            "account",
            &[&run.to_string(), &account.stream, &account.file, &text],
        );
    }
    Ok(())
}

pub(crate) fn write_observed(
    tx: &mut Tx<'_>,
    source: &str,
    (until, is_declared): Horizon,
) -> Result<(), Refusal> {
    let fields = [
        Field::text(source),
        tx.seq_field(),
        Field::maybe(until.map(|until| until.0)),
        Field::Int(i64::from(is_declared)),
    ];
    let sql = "INSERT INTO observed (source, seq, until, is_declared) VALUES ($1, $2, $3, $4)";
    tx.store.execute(sql, &fields)?;
    let until = until.map_or_else(String::new, |until| until.0.to_string());
    let word = if is_declared { "declared" } else { "latest" };
    tx.note("observed", &[source, &until, word]);
    Ok(())
}

/// Notes the import itself, at its first commit and again when it gets a key for set-aside rows.
pub(crate) fn write_import(
    tx: &mut Tx<'_>,
    pack: &Pack,
    run: u64,
    started_at: Instant,
    slot: Option<u32>,
    told: Option<Option<u32>>,
) -> Result<(), Refusal> {
    let (number, started) = (run.to_string(), started_at.0.to_string());
    if told.is_none() {
        let texts = [number.as_str(), &pack.source, &pack.version, &started];
        tx.note("import", &texts);
    }
    if let Some(slot) = slot.filter(|_| told.flatten().is_none()) {
        tx.note("import_slot", &[&number, &slot.to_string()]);
    }
    let fields = [
        Field::count(run),
        Field::text(&pack.source),
        Field::text(&pack.version),
        Field::Int(started_at.0),
        tx.seq_field(),
        Field::maybe(slot.map(i64::from)),
    ];
    let sql = "INSERT INTO import (run, source, pack, started_at, seq, slot)
               VALUES ($1, $2, $3, $4, $5, $6)
               ON CONFLICT (run) DO UPDATE SET slot = excluded.slot";
    tx.store.execute(sql, &fields).map(drop)
}

/// Notes a pack version nobody published with its files.
pub(crate) fn write_pack(tx: &mut Tx<'_>, pack: &Pack) -> Result<(), Refusal> {
    versions::add(tx, "pack", &pack.source, &pack.version, "[]")
}
