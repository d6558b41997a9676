//! Putting one commit of an import together: checked against its own rows, then written as one.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasherDefault;
use std::sync::{Arc, PoisonError};

use arrow::array::ArrayRef;
use handfast_model::pack::Pack;
use handfast_model::{Fact, FactKind, Instant, Names, RecordKey, Refusal, Seq, When, limits};

use crate::account::FileAccount;
use crate::aside::{self, AsideText, NewAside, SentBack, seal_aside};
use crate::classify::{Classified, Fresh, RowState, UNDECIDED, cells};
use crate::facts;
use crate::forget;
use crate::import::{ANSWERED, Commit, Ended, Ending, Import, write_import, write_pack};
use crate::known::{Life, Straight};
use crate::record::{self, life_columns};
use crate::refuse;
use crate::store::{Field, fold};
use crate::table::{Table, scope};
use crate::writer::{Apply, Commit as WriterCommit, NewRows, Tx};

/// What a commit adds, gathered batch by batch.
#[derive(Default)]
struct Gathered {
    records: BTreeMap<String, Vec<Vec<ArrayRef>>>,
    asides: Vec<NewAside>,
    mended: Vec<(String, u128)>,
    /// Set-aside rows whose row has come in, with the record that it became.
    closed: Vec<(SentBack, RecordKey)>,
}

/// How many facts each record version of this commit gave.
type Counts = HashMap<(u128, i64), u64, BuildHasherDefault<Straight>>;

impl Import {
    /// Commits batches with the facts they gave, as one seq. Every new row has exactly one ending;
    /// a mapped one has at least one fact, and every fact exactly one mapped row.
    pub fn commit(&mut self, commit: Commit) -> Result<Seq, Refusal> {
        self.commit_behind(commit)?;
        self.settle()
    }

    /// The same, without waiting for the disk. One commit may be under way: the next one waits for
    /// it, as does everything that reads what was committed; a failure is told by whatever waits.
    pub fn commit_behind(&mut self, commit: Commit) -> Result<(), Refusal> {
        let rows: usize = commit.batches.iter().map(|b| b.classified.rows.len()).sum();
        let note = format!("import {} of {}: {rows} rows", self.run, self.pack.source);
        self.submit(commit, note, Box::new(|_| Ok(())))
    }

    /// Waits until the disk has everything that was committed; gives the last commit.
    pub fn settle(&mut self) -> Result<Seq, Refusal> {
        if let Some(ticket) = self.under_way.take() {
            self.is_broken = true;
            self.last_seq = ticket.wait()?;
            self.is_broken = false;
        }
        Ok(self.last_seq)
    }

    pub(crate) fn submit(
        &mut self,
        commit: Commit,
        note: String,
        also: Apply,
    ) -> Result<(), Refusal> {
        self.settle()?;
        if self.is_broken {
            return Err(refuse::uneven("an earlier commit of it failed"));
        }
        // From here on memory runs ahead of the disk. Should the commit fail, so will all after it.
        self.is_broken = true;
        let commit = self.assemble(commit, note, also)?;
        // A mended file none of whose rows came in is no news: the rows stay set aside as they are.
        let is_news = !self.is_mending || self.has_come_in || self.last_seq > Seq(0);
        if !self.is_rehearsal && is_news {
            let commit = self.with_slots(commit);
            self.under_way = Some(self.inner.commit_behind(commit)?);
            self.has_pack = true;
        }
        self.is_broken = false;
        Ok(())
    }

    /// The commit, with the new key slots on the disk before it. They are written inside its
    /// transaction, once this is known to be the book's writer: one that was taken over must not
    /// write over the slots of its successor.
    fn with_slots(&self, commit: WriterCommit) -> WriterCommit {
        let (slots, apply) = (Arc::clone(&self.inner.slots), commit.apply);
        let apply: Apply = Box::new(move |tx| {
            slots
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .flush()?;
            apply(tx)
        });
        WriterCommit { apply, ..commit }
    }

    fn assemble(
        &mut self,
        commit: Commit,
        note: String,
        also: Apply,
    ) -> Result<WriterCommit, Refusal> {
        let rows: usize = commit.batches.iter().map(|b| b.classified.rows.len()).sum();
        if rows > 2 * limits::COMMIT_ROWS {
            let most = limits::COMMIT_ROWS;
            return Err(refuse::uneven(format!(
                "{rows} rows in one commit of at most {most}"
            )));
        }
        let mut counts = count_facts(&commit.facts, &commit.names, &self.pack)?;
        let mut gathered = Gathered::default();
        for ended in &commit.batches {
            self.take_batch(ended, &mut counts, &mut gathered)?;
        }
        if let Some(((key, version), _)) = counts.iter().next() {
            let what =
                format!("a fact names record {key:032x} version {version}, which is not mapped");
            return Err(refuse::uneven(what));
        }
        self.note_latest(&commit.facts);
        let records = std::mem::take(&mut gathered.records);
        let rows = self.columns(&commit.facts, &commit.names, records)?;
        Ok(WriterCommit {
            note,
            now: self.now,
            rows,
            apply: self.apply(gathered, also),
        })
    }

    fn columns(
        &mut self,
        facts: &[Fact],
        names: &Names,
        records: BTreeMap<String, Vec<Vec<ArrayRef>>>,
    ) -> Result<Vec<NewRows>, Refusal> {
        let failed = |error: arrow::error::ArrowError| refuse::uneven(error.to_string());
        let source = &self.pack.source;
        let mut rows = Vec::new();
        for (stream, sets) in records {
            rows.push(NewRows {
                table: Table::Record,
                scope: scope(source, &stream),
                columns: record::join(&sets).map_err(failed)?,
            });
        }
        if !facts.is_empty() {
            rows.push(NewRows {
                table: Table::Fact,
                scope: String::new(),
                columns: facts::columns(facts, names).map_err(failed)?,
            });
        }
        for (stream, life) in std::mem::take(&mut self.life) {
            if !life.is_empty() {
                rows.push(NewRows {
                    table: Table::Life,
                    scope: scope(source, &stream),
                    columns: life_columns(source, &stream, &life).map_err(failed)?,
                });
            }
        }
        Ok(rows)
    }

    /// What the commit does to the store's own tables.
    fn apply(&mut self, gathered: Gathered, also: Apply) -> Apply {
        let (run, now, slot) = (self.run, self.now, self.slot);
        let (pack, has_pack) = (self.pack.clone(), self.has_pack);
        let people = std::mem::take(&mut self.people.unnamed);
        let recognised = std::mem::take(&mut self.people.recognised);
        self.has_recognised |= !recognised.is_empty();
        let from = self.asides;
        self.asides += gathered.asides.len() as u64;
        let new_header = |(name, state): (&String, &mut crate::import::StreamState)| {
            state.new_header.take().map(|header| (name.clone(), header))
        };
        let headers: Vec<_> = self.streams.iter_mut().filter_map(new_header).collect();
        Box::new(move |tx| {
            write_import(tx, &pack, run, now, slot)?;
            if !has_pack {
                write_pack(tx, &pack)?;
            }
            write_people(tx, people)?;
            forget::intend(tx.store, &recognised, &[])?;
            for (stream, header) in headers {
                let fields = [
                    Field::text(&pack.source),
                    Field::text(&stream),
                    tx.seq_field(),
                    Field::text(&header),
                ];
                let sql = "INSERT INTO header (source, stream, seq, columns)
                           VALUES ($1, $2, $3, $4)";
                tx.store.execute(sql, &fields)?;
                tx.note("header", &[&pack.source, &stream, &header]);
            }
            aside::close(tx, &gathered.closed)?;
            aside::mend(tx, &pack.source, &gathered.mended)?;
            aside::write(tx, &pack.source, run, from, &gathered.asides)?;
            aside::note_closed(tx)?;
            also(tx)
        })
    }

    fn take_batch(
        &mut self,
        ended: &Ended,
        counts: &mut Counts,
        gathered: &mut Gathered,
    ) -> Result<(), Refusal> {
        let classified = &ended.classified;
        let batch = &classified.batch;
        if ended.endings.len() != classified.fresh.len() {
            return Err(refuse::uneven(format!(
                "{} new rows of {} with {} endings",
                classified.fresh.len(),
                batch.file,
                ended.endings.len()
            )));
        }
        let name = (batch.stream.clone(), batch.file.clone());
        let mut account = std::mem::take(self.account(&name.0, &name.1));
        account.rows += (batch.rows() + batch.bad.len()) as u64;
        account.left_out += classified.left_out.len() as u64;
        let mut fresh = ended.endings.iter().zip(&classified.details);
        for (row, found) in classified.rows.iter().enumerate() {
            let fresh = match found.state {
                RowState::New => fresh.next(),
                _ => None,
            };
            let before = account.all_set_aside();
            self.end_row(classified, row, fresh, (counts, &mut account, gathered))?;
            if let Some(mended) = classified.mends.get(row)
                && account.all_set_aside() == before
            {
                gathered.closed.push((*mended, found.key));
                self.has_come_in = true;
            }
        }
        self.put_bad_aside(classified, &mut account, gathered)?;
        let columns = record::columns(&self.pack.source, classified, &ended.endings)
            .map_err(|error| refuse::uneven(error.to_string()))?;
        gathered
            .records
            .entry(batch.stream.clone())
            .or_default()
            .push(columns);
        self.accounts.insert(name, account);
        Ok(())
    }

    /// Accounts for one row and gathers what its ending adds.
    fn end_row(
        &mut self,
        classified: &Classified,
        row: usize,
        fresh: Option<(&Ending, &Fresh)>,
        (counts, account, gathered): (&mut Counts, &mut FileAccount, &mut Gathered),
    ) -> Result<(), Refusal> {
        let Some(found) = classified.rows.get(row).copied() else {
            return Ok(());
        };
        let stream = &classified.batch.stream;
        if let Some((ending, detail)) = fresh {
            let new = NewRow {
                row,
                ending,
                detail,
                facts: counts.remove(&(found.key.0, found.version)),
            };
            return self.end_new(classified, &new, account, gathered);
        }
        if let Some(reason) = found.state.reason() {
            let column = self.fault_column(stream, found.state)?;
            self.put_aside(classified, row, (&column, reason), gathered)?;
            let is_undecided = found.state == RowState::Conflict && !classified.mends.is_empty();
            let reason = if is_undecided { UNDECIDED } else { reason };
            *account.set_aside.entry(reason.to_owned()).or_default() += 1;
        } else if found.state == RowState::Known {
            self.end_known(stream, found.key.0, account);
        } else if found.state == RowState::Answered {
            end_answered(account);
        }
        Ok(())
    }

    fn end_new(
        &mut self,
        classified: &Classified,
        new: &NewRow<'_>,
        account: &mut FileAccount,
        gathered: &mut Gathered,
    ) -> Result<(), Refusal> {
        let stream = &classified.batch.stream;
        let Some(found) = classified.rows.get(new.row).copied() else {
            return Ok(());
        };
        new.check(classified, account)?;
        if let Ending::SetAside { column, reason } = new.ending {
            return self.end_unmapped(classified, new, (column, reason), (account, gathered));
        }
        let state = self.streams.entry(stream.clone()).or_default();
        let ending = match new.ending {
            Ending::Mapped => {
                account.mapped += 1;
                account.facts += new.facts.unwrap_or(0);
                0
            }
            Ending::Reference => {
                account.reference += 1;
                1
            }
            ending => {
                let Some(rule) = ending.rule() else {
                    return Ok(());
                };
                *account.ignored.entry(rule.to_owned()).or_default() += 1;
                state.known.rule(rule)
            }
        };
        // A new entry is one of a mapped row until then.
        if ending != 0
            && let Some(at) = state.known.entries.find(found.key.0)
            && let Some(entry) = state.known.entries.entry(at)
            && entry.version == found.version
        {
            state.known.entries.end(at, ending);
        }
        if state.known.aside.remove(&found.key.0) {
            gathered.mended.push((stream.clone(), found.key.0));
        }
        // A version without facts supersedes the facts of earlier ones, so it must be seen.
        let is_silent = ending >= 2 && (state.known.is_declared || found.version > 1);
        let sign = match new.ending {
            Ending::Deleted => Life::Ended,
            _ => Life::Silent,
        };
        let signs = [(new.detail.is_return, Life::Restored), (is_silent, sign)];
        let life = self.life.entry(stream.clone()).or_default();
        for (_, sign) in signs.into_iter().filter(|(holds, _)| *holds) {
            life.push((found.key, found.version, sign));
        }
        Ok(())
    }

    /// A new row that could not be mapped: it may come again.
    fn end_unmapped(
        &mut self,
        classified: &Classified,
        new: &NewRow<'_>,
        (column, reason): (&str, &str),
        (account, gathered): (&mut FileAccount, &mut Gathered),
    ) -> Result<(), Refusal> {
        let Some(found) = classified.rows.get(new.row).copied() else {
            return Ok(());
        };
        let stream = classified.batch.stream.clone();
        let state = self.streams.entry(stream).or_default();
        let previous = new.detail.previous;
        state.known.take_back(found.key.0, found.version, previous);
        if classified.answered.contains(&new.row) {
            end_answered(account);
            return Ok(());
        }
        state.set_aside.insert(found.key.0, reason.to_owned());
        *account.set_aside.entry(reason.to_owned()).or_default() += 1;
        self.put_aside(classified, new.row, (column, reason), gathered)
    }

    /// A row that is known already ends as it ended when it was new.
    fn end_known(&mut self, stream: &str, key: u128, account: &mut FileAccount) {
        let state = self.streams.entry(stream.to_owned()).or_default();
        match state.known.entries.get(key).map(|entry| entry.ending) {
            Some(0) => account.mapped += 1,
            Some(1) => account.reference += 1,
            Some(rule) => {
                let rule = state.known.rules.get(usize::from(rule) - 2);
                let rule = rule.cloned().unwrap_or_default();
                *account.ignored.entry(rule).or_default() += 1;
            }
            None => {
                let reason = state.set_aside.get(&key).cloned().unwrap_or_default();
                *account.set_aside.entry(reason).or_default() += 1;
            }
        }
        account.known += 1;
    }

    fn put_aside(
        &mut self,
        classified: &Classified,
        row: usize,
        why: (&str, &str),
        gathered: &mut Gathered,
    ) -> Result<(), Refusal> {
        let batch = &classified.batch;
        if classified.mends.get(row).is_some() {
            // It stays set aside as it is, under its own name and with what it said at first.
            return Ok(());
        }
        let hidden = classified
            .left_out
            .iter()
            .find(|(at, _)| *at as usize == row)
            .map(|(_, columns)| columns.as_slice())
            .unwrap_or_default();
        let cells = cells(batch, row, hidden);
        let found = classified.rows.get(row);
        let keyed = found.filter(|found| found.state != RowState::Unkeyed);
        let mut aside = NewAside {
            stream: batch.stream.clone(),
            file: batch.file.clone(),
            line: batch.lines.get(row).copied().unwrap_or(0),
            column: why.0.to_owned(),
            reason: why.1.to_owned(),
            record: keyed.map(|found| found.key),
            sealed: Vec::new(),
        };
        let mut slots = vec![self.aside_slot()?];
        slots.extend(classified.slots.get(&(row as u32)).into_iter().flatten());
        let text = AsideText::Cells(cells);
        seal_aside(&self.inner, self.run, &mut aside, &slots, &text)?;
        gathered.asides.push(aside);
        Ok(())
    }

    fn put_bad_aside(
        &mut self,
        classified: &Classified,
        account: &mut FileAccount,
        gathered: &mut Gathered,
    ) -> Result<(), Refusal> {
        let batch = &classified.batch;
        for bad in &batch.bad {
            let mut aside = NewAside {
                stream: batch.stream.clone(),
                file: batch.file.clone(),
                line: bad.line,
                column: bad.column.clone(),
                reason: bad.reason.clone(),
                record: None,
                sealed: Vec::new(),
            };
            let slots = [self.aside_slot()?];
            let text = AsideText::Raw(bad.text.clone());
            seal_aside(&self.inner, self.run, &mut aside, &slots, &text)?;
            gathered.asides.push(aside);
            *account.set_aside.entry(bad.reason.clone()).or_default() += 1;
        }
        Ok(())
    }

    /// The key slot of this import's set-aside rows, made with the first of them.
    fn aside_slot(&mut self) -> Result<u32, Refusal> {
        match self.slot {
            Some(slot) => Ok(slot),
            None => {
                let slot = self.inner.slots().allocate()?;
                self.slot = Some(slot);
                Ok(slot)
            }
        }
    }

    fn fault_column(&self, stream: &str, state: RowState) -> Result<String, Refusal> {
        let stream = self.stream(stream)?;
        Ok(match state {
            RowState::Unversioned => stream.version.unwrap_or_default(),
            RowState::Unkeyed => stream.key.join(", "),
            _ => String::new(),
        })
    }

    /// The end of what dated facts speak of, never later than now: a plan is not an observation.
    fn note_latest(&mut self, facts: &[Fact]) {
        let is_plan = |kind| matches!(kind, FactKind::Spend | FactKind::Rate | FactKind::Target);
        for fact in facts.iter().filter(|fact| !is_plan(fact.kind)) {
            let end = match fact.happened {
                When::Unknown => continue,
                When::Day(day) => self.zone.start_of(day.plus(1)),
                When::At(at) => Instant(at.0.saturating_add(1)),
            };
            self.latest = self.latest.max(Some(end.min(self.now)));
        }
    }
}

/// Accounts for a row that came in mended before: the book knows it, by its mended form.
fn end_answered(account: &mut FileAccount) {
    *account.ignored.entry(ANSWERED.to_owned()).or_default() += 1;
    account.known += 1;
}

/// A new row and how it ended.
struct NewRow<'a> {
    row: usize,
    ending: &'a Ending,
    detail: &'a Fresh,
    facts: Option<u64>,
}

impl NewRow<'_> {
    /// A row is mapped if and only if it gave facts.
    fn check(&self, classified: &Classified, account: &FileAccount) -> Result<(), Refusal> {
        if (*self.ending == Ending::Mapped) == self.facts.is_some() {
            return Ok(());
        }
        let line = classified.batch.lines.get(self.row).copied().unwrap_or(0);
        let what = "is mapped without a fact, or has facts without being mapped";
        Err(refuse::uneven(format!(
            "line {line} of {} {what}",
            account.file
        )))
    }
}

/// Names the key slots of new people.
fn write_people(tx: &mut Tx<'_>, mut people: Vec<(u128, u32)>) -> Result<(), Refusal> {
    if people.is_empty() {
        return Ok(());
    }
    people.sort_unstable();
    let mut digest = blake3::Hasher::new();
    for (person, slot) in &people {
        let fields = [
            tx.seq_field(),
            Field::hash(*person),
            Field::Int(i64::from(*slot)),
        ];
        let sql = "INSERT INTO identity (seq, person, slot) VALUES ($1, $2, $3)";
        tx.store.execute(sql, &fields)?;
        fold(&mut digest, &fields);
    }
    let digest = digest.finalize().to_hex().to_string();
    tx.note("identity", &[&people.len().to_string(), &digest]);
    Ok(())
}

fn count_facts(facts: &[Fact], names: &Names, pack: &Pack) -> Result<Counts, Refusal> {
    let mut counts = Counts::default();
    for fact in facts {
        let source = names.text(fact.origin.source);
        if source != pack.source {
            return Err(refuse::uneven(format!(
                "a fact of source `{source}` in this import"
            )));
        }
        *counts
            .entry((fact.origin.key.0, fact.origin.version))
            .or_default() += 1;
    }
    Ok(counts)
}
