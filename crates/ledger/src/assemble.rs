//! Putting one commit of an import together: checked against its own rows, then written as one.

mod set_aside;

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use handfast_model::pack::Pack;
use handfast_model::{Fact, FactKind, Instant, Names, RecordKey, Refusal, Seq, When, limits};

use crate::account::FileAccount;
use crate::aside::{self, NewAside, SentBack};
use crate::classified::{Classified, ClassifiedRow, Fresh, RowState, UNDECIDED};
use crate::classify::cells;
use crate::facts;
use crate::forget;
use crate::import::{
    ANSWERED, Commit, Ended, Ending, Horizon, Import, write_import, write_observed, write_pack,
};
use crate::known::{Life, Refused};
use crate::lookup::Shown;
use crate::record::{self, life_columns};
use crate::refuse;
use crate::store::{Field, fold};
use crate::table::{Table, scope};
use crate::writer::{Apply, Commit as WriterCommit, NewRows, Tx};

/// What a commit adds, gathered batch by batch.
#[derive(Default)]
struct Gathered {
    records: BTreeMap<String, Vec<Ended>>,
    asides: Vec<NewAside>,
    /// Records that came in: stream, key, and version where versions are declared.
    mended: Vec<(String, u128, Option<i64>)>,
    /// Set-aside rows whose row has come in, with the record that it became.
    closed: Vec<(SentBack, RecordKey)>,
}

/// The facts of a commit whose rows are still to come. Facts are in the order of their rows.
struct Facts<'a>(&'a [Fact]);

impl Facts<'_> {
    /// How many facts a record version gave, if it is the next one with any.
    fn of(&mut self, key: RecordKey, version: i64) -> Option<u64> {
        let is_its = |fact: &&Fact| (fact.origin.key, fact.origin.version) == (key, version);
        let count = self.0.iter().take_while(is_its).count();
        self.0 = self.0.get(count..).unwrap_or_default();
        (count > 0).then_some(count as u64)
    }
}

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
        self.submit(commit, note, Box::new(|_| Ok(()))).map(drop)
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
    ) -> Result<Vec<FileAccount>, Refusal> {
        self.settle()?;
        if self.is_broken {
            return Err(refuse::uneven("an earlier commit of it failed"));
        }
        // From here on memory runs ahead of the disk. Should the commit fail, so will all after it.
        self.is_broken = true;
        let (commit, accounts) = self.assemble(commit, note, also)?;
        if let Some(commit) = commit.filter(|_| self.rehearsal.is_none()) {
            let commit = self.with_slots(commit);
            self.under_way = Some(self.inner.commit_behind(commit)?);
            self.has_pack = true;
        }
        self.is_broken = false;
        Ok(accounts)
    }

    /// The commit, with the new key slots on the disk before it. They are written inside its
    /// transaction, once this is known to be the book's writer: one that was taken over must not
    /// write over the slots of its successor.
    fn with_slots(&self, commit: WriterCommit) -> WriterCommit {
        let (slots, apply) = (Arc::clone(&self.inner.slots), commit.apply);
        let is_shared = self.is_shared;
        let apply: Apply = Box::new(move |tx| {
            let mut slots = slots.lock().unwrap_or_else(PoisonError::into_inner);
            match is_shared {
                true => slots.flush_ahead()?,
                false => slots.flush()?,
            }
            drop(slots);
            apply(tx)
        });
        WriterCommit { apply, ..commit }
    }

    /// What the writer is to do, and what became of each batch's rows; no commit when there is no
    /// news. Whoever was met and whatever came back waits for the next one then.
    fn assemble(
        &mut self,
        commit: Commit,
        note: String,
        also: Apply,
    ) -> Result<(Option<WriterCommit>, Vec<FileAccount>), Refusal> {
        let rows: usize = commit.batches.iter().map(|b| b.classified.rows.len()).sum();
        if rows > 2 * limits::COMMIT_ROWS {
            let most = limits::COMMIT_ROWS;
            return Err(refuse::uneven(format!(
                "{rows} rows in one commit of at most {most}"
            )));
        }
        self.commits += 1;
        let Commit {
            batches,
            facts,
            names,
        } = commit;
        check_sources(&facts, &names, &self.pack)?;
        let mut rest = Facts(&facts);
        let mut gathered = Gathered::default();
        let mut accounts = Vec::with_capacity(batches.len());
        for ended in batches {
            accounts.push(self.take_batch(ended, &mut rest, &mut gathered)?);
        }
        if let Some(fact) = rest.0.first() {
            let (key, version) = (fact.origin.key, fact.origin.version);
            return Err(refuse::uneven(format!(
                "a fact names record {key} version {version}, which is not mapped there"
            )));
        }
        // A mended file none of whose rows came in is no news: the rows stay set aside as they are.
        if self.is_mending && !self.has_come_in && self.last_seq == Seq(0) {
            return Ok((None, accounts));
        }
        self.note_latest(&facts);
        let records = std::mem::take(&mut gathered.records);
        let rows = self.new_rows(facts, names, records);
        let is_group = self.is_shared && !accounts.is_empty();
        let has_rows = rows.iter().any(|new| new.count > 0);
        if is_group && !has_rows && gathered.asides.is_empty() {
            return Ok((None, accounts));
        }
        let horizon = match is_group {
            true => self.moved_horizon()?,
            false => None,
        };
        let commit = WriterCommit {
            note,
            now: self.now,
            rows,
            apply: self.apply(gathered, horizon, also),
        };
        Ok((Some(commit), accounts))
    }

    /// The rows that a commit adds. What is slow about them is left to the writer.
    fn new_rows(
        &mut self,
        facts: Vec<Fact>,
        names: Names,
        records: BTreeMap<String, Vec<Ended>>,
    ) -> Vec<NewRows> {
        let failed = |error: arrow::error::ArrowError| refuse::uneven(error.to_string());
        let source = &self.pack.source;
        let mut rows = Vec::new();
        for (stream, batches) in records {
            let source = source.clone();
            rows.push(NewRows {
                table: Table::Record,
                scope: scope(&source, &stream),
                count: batches.iter().map(record::count).sum(),
                columns: Box::new(move |each| record::columns(&source, batches, each)),
            });
        }
        if !facts.is_empty() {
            rows.push(NewRows {
                table: Table::Fact,
                scope: String::new(),
                count: facts.len(),
                columns: Box::new(move |each| facts::each_columns(&facts, &names, each)),
            });
        }
        for (stream, life) in std::mem::take(&mut self.life) {
            let source = source.clone();
            rows.push(NewRows {
                table: Table::Life,
                scope: scope(&source, &stream),
                count: life.len(),
                columns: Box::new(move |each| {
                    each(life_columns(&source, &stream, &life).map_err(failed)?)
                }),
            });
        }
        rows
    }

    /// What the commit does to the store's own tables.
    fn apply(&mut self, gathered: Gathered, horizon: Option<Horizon>, also: Apply) -> Apply {
        let (run, now, slot) = (self.run, self.now, self.slot);
        let told = self.told.replace(slot);
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
            write_import(tx, &pack, run, now, slot, told)?;
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
            if let Some(horizon) = horizon {
                write_observed(tx, &pack.source, horizon)?;
            }
            also(tx)
        })
    }

    fn take_batch(
        &mut self,
        mut ended: Ended,
        facts: &mut Facts<'_>,
        gathered: &mut Gathered,
    ) -> Result<FileAccount, Refusal> {
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
        let mut account = FileAccount {
            stream: batch.stream.clone(),
            file: batch.file.clone(),
            rows: (batch.rows() + batch.bad.len()) as u64,
            left_out: classified.left_out.len() as u64,
            ..FileAccount::default()
        };
        let mut fresh = ended.endings.iter().zip(&classified.details);
        for (row, found) in classified.rows.iter().enumerate() {
            let fresh = match found.state {
                RowState::New => fresh.next(),
                _ => None,
            };
            let before = account.all_set_aside();
            self.end_row(classified, row, fresh, (facts, &mut account, gathered))?;
            if let Some(mended) = classified.mends.get(row)
                && account.all_set_aside() == before
            {
                gathered.closed.push((*mended, found.key));
                self.has_come_in = true;
            }
        }
        self.put_bad_aside(classified, &mut account, gathered)?;
        if self.rehearsal.is_some() {
            self.rehearse(&ended);
        }
        self.account(&account.stream, &account.file).add(&account);
        ended.classified.forget_texts();
        let stream = account.stream.clone();
        gathered.records.entry(stream).or_default().push(ended);
        Ok(account)
    }

    /// Keeps the reference rows of a rehearsal: mapping joins to them as if they were committed.
    fn rehearse(&mut self, ended: &Ended) {
        let batch = &ended.classified.batch;
        let Some(state) = self.streams.get_mut(&batch.stream) else {
            return;
        };
        let fresh = ended.classified.fresh.iter().map(|row| *row as usize);
        for (row, ending) in fresh.zip(&ended.endings) {
            let Some(found) = ended.classified.rows.get(row) else {
                continue;
            };
            let is_newer = |known: &Shown| known.version < found.version;
            let is_newest = state.rehearsed.get(&found.key.0).is_none_or(is_newer);
            if *ending != Ending::Reference || !is_newest {
                continue;
            }
            let hidden = ended.classified.hidden(row);
            let lost = hidden.iter().filter_map(|at| batch.columns.get(*at));
            let shown = Shown {
                version: found.version,
                line: batch.lines.get(row).copied().unwrap_or(0),
                cells: cells(batch, row, hidden).into_iter().collect(),
                lost: lost.cloned().collect(),
            };
            state.rehearsed.insert(found.key.0, shown);
        }
    }

    /// Accounts for one row and gathers what its ending adds.
    fn end_row(
        &mut self,
        classified: &Classified,
        row: usize,
        fresh: Option<(&Ending, &Fresh)>,
        (facts, account, gathered): (&mut Facts<'_>, &mut FileAccount, &mut Gathered),
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
                facts: facts.of(found.key, found.version),
            };
            return self.end_new(classified, &new, account, gathered);
        }
        let refused = self.refused(stream, classified.file, &found);
        let is_rival = refused.is_some() && found.state == RowState::Conflict;
        let state = if is_rival {
            RowState::Rival
        } else {
            found.state
        };
        if let Some(reason) = state.reason() {
            let column = self.fault_column(stream, state)?;
            self.put_aside(classified, row, (&column, reason), gathered)?;
            let is_undecided = state == RowState::Conflict && !classified.mends.is_empty();
            let reason = if is_undecided { UNDECIDED } else { reason };
            *account.set_aside.entry(reason.to_owned()).or_default() += 1;
        } else if let Some(reason) = refused {
            match reason {
                Some(reason) => {
                    *account.set_aside.entry(reason).or_default() += 1;
                    account.known += 1;
                }
                None => end_answered(account),
            }
        } else if found.state == RowState::Known {
            self.end_known(stream, &found, account);
        } else if found.state == RowState::Answered {
            end_answered(account);
        }
        Ok(())
    }

    /// Why the row is set aside that a known row repeats, or that a row of the same file is in
    /// conflict with. Only now, after the mapping, is it told from one that came in.
    fn refused(&self, stream: &str, file: u32, found: &ClassifiedRow) -> Option<Option<String>> {
        let refused = self.streams.get(stream)?.known.refused.get(&found.key.0)?;
        let is_now = refused.commit == self.commits && refused.version == found.version;
        let is_it = match found.state {
            RowState::Twin => true,
            RowState::Known => is_now,
            RowState::Conflict => is_now && refused.file == file && refused.reason.is_some(),
            _ => false,
        };
        is_it.then(|| refused.reason.clone())
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
        let Some(state) = self.streams.get_mut(stream) else {
            return Err(refuse::uneven("a row of a stream that was never read"));
        };
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
        if ending != 0 {
            let entries = &mut state.known.entries;
            entries.end(found.key.0, found.version, ending);
        }
        let before = state.known.before(found.key.0, new.detail.previous());
        let is_return = before.is_some_and(|entry| entry.is_gone);
        let version = state.known.is_declared.then_some(found.version);
        if !state.known.aside.is_empty() && state.known.aside.remove(&(found.key.0, version)) {
            gathered.mended.push((stream.clone(), found.key.0, version));
        }
        // A version without facts supersedes the facts of earlier ones, so it must be seen.
        let is_silent = ending >= 2 && (state.known.is_declared || found.version > 1);
        let sign = match new.ending {
            Ending::Deleted => Life::Ended,
            _ => Life::Silent,
        };
        let signs = [(is_return, Life::Restored), (is_silent, sign)];
        for (_, sign) in signs.into_iter().filter(|(holds, _)| *holds) {
            let life = self.life.entry(stream.clone()).or_default();
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
        let is_answered = classified.answered.contains(&new.row);
        let state = self.streams.entry(stream.clone()).or_default();
        let refused = Refused {
            version: found.version,
            content: new.detail.content.brief(),
            file: classified.file,
            commit: self.commits,
            reason: (!is_answered).then(|| reason.to_owned()),
            previous: state.known.before(found.key.0, new.detail.previous()),
        };
        // The file holds the record, whatever it says of it: it is there again as it was.
        let back = refused
            .previous
            .filter(|entry| entry.is_gone && !self.is_mending);
        state.known.refuse(found.key.0, refused, back.is_some());
        if let Some(entry) = back.filter(|_| !is_answered) {
            let life = self.life.entry(stream).or_default();
            life.push((found.key, entry.version, Life::Restored));
        }
        if is_answered {
            end_answered(account);
            return Ok(());
        }
        *account.set_aside.entry(reason.to_owned()).or_default() += 1;
        self.put_aside(classified, new.row, (column, reason), gathered)
    }

    /// A row that is known already ends as it ended when it was new.
    fn end_known(&self, stream: &str, found: &ClassifiedRow, account: &mut FileAccount) {
        let known = self.streams.get(stream).map(|state| &state.known);
        let version = known.and_then(|known| {
            let version = known.entries.version(found.key.0, found.version);
            version.map(|version| (known, version.ending))
        });
        match version {
            None | Some((_, 0)) => account.mapped += 1,
            Some((_, 1)) => account.reference += 1,
            Some((known, rule)) => {
                let rule = known.rules.get(usize::from(rule) - 2);
                let rule = rule.cloned().unwrap_or_default();
                *account.ignored.entry(rule).or_default() += 1;
            }
        }
        account.known += 1;
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

/// Facts of another source do not belong in this import.
fn check_sources(facts: &[Fact], names: &Names, pack: &Pack) -> Result<(), Refusal> {
    let own = names.find(&pack.source);
    let other = facts.iter().find(|fact| Some(fact.origin.source) != own);
    other.map_or(Ok(()), |fact| {
        let source = names.text(fact.origin.source);
        Err(refuse::uneven(format!(
            "a fact of source `{source}` in this import"
        )))
    })
}
