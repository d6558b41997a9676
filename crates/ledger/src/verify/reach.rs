//! I13: nothing of another book is in reach. Every file that the book reads lies in its own folder,
//! and every key opens what was sealed under it here.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use handfast_model::{Invariant, RecordKey, Refusal};

use super::Scan;
use crate::book::Ledger;
use crate::classify::row_binding;
use crate::known::hash;
use crate::seal::{parts_of, slots_of, unseal};
use crate::store::{Store, rows};

impl Scan {
    /// The files that the journal names, and the journal and keys themselves, are in the folder of
    /// this book, where no link leads out of it.
    pub(super) fn check_reach(
        &mut self,
        ledger: &Ledger,
        store: &mut dyn Store,
    ) -> Result<(), Refusal> {
        let shelf = &ledger.inner.shelf;
        let memory = shelf.journal.parent().unwrap_or(&shelf.journal);
        let slots = ledger.inner.slots().path().to_owned();
        let key = slots.with_file_name("book.key");
        let mut paths = vec![shelf.journal.clone()];
        // The keys of a backup lie apart from it, and only there.
        match slots.starts_with(memory) {
            true => paths.extend([slots, key]),
            false => self.done.paths += 2,
        }
        for row in rows(store, "SELECT path FROM segment ORDER BY path", &[])? {
            let name = row.text(0)?;
            let path = shelf.segments.join(name);
            match Path::new(name).file_name() == Some(name.as_ref()) {
                true => paths.push(path),
                false => {
                    let what = "the journal names a file outside of its folder of segments";
                    self.find(Invariant::Isolation, &path, what);
                }
            }
        }
        let Ok(home) = memory.canonicalize() else {
            return Ok(());
        };
        for path in paths {
            self.done.paths += 1;
            if let Some(away) = leads_away(&home, &path) {
                let what = format!("it leads out of the book, to {}", away.display());
                self.find(Invariant::Isolation, &path, what);
            }
        }
        Ok(())
    }

    /// The key slots of set-aside rows.
    pub(super) fn asides(&mut self, store: &mut dyn Store) -> Result<(), Refusal> {
        for row in rows(store, "SELECT slot FROM import WHERE slot IS NOT NULL", &[])? {
            self.listed.extend(u32::try_from(row.int(0)?).ok());
        }
        store.query("SELECT sealed FROM aside", &[], &mut |row| {
            self.sealing
                .extend(slots_of(row.bytes(0)?).unwrap_or_default());
            Ok(())
        })
    }

    /// Whoever seals rows can be forgotten: a list names the person of every key.
    pub(super) fn check_listed(&mut self, journal: &Path) {
        let sealing = self.sealing.iter().chain(&self.proved);
        let unlisted: BTreeSet<u32> = sealing
            .filter(|slot| !self.listed.contains(slot))
            .copied()
            .collect();
        if unlisted.is_empty() {
            return;
        }
        let what = format!(
            "{} key slots seal rows of people whom no list names, so nobody can forget them: take \
             back the import that brought them in mended, and import again",
            unlisted.len()
        );
        self.find(Invariant::Erasure, journal, what);
    }

    /// The first text under each key opens.
    pub(super) fn check_keys(
        &mut self,
        ledger: &Ledger,
        batch: &RecordBatch,
        wrong: &mut Vec<(Invariant, String)>,
    ) -> Option<()> {
        let sealed = batch.column_by_name("sealed")?.as_binary_opt::<i32>()?;
        let keys = batch.column_by_name("key")?.as_fixed_size_binary_opt()?;
        let versions = batch
            .column_by_name("version")?
            .as_primitive_opt::<Int64Type>()?;
        let text = |name| batch.column_by_name(name)?.as_string_opt::<i32>();
        let (sources, streams) = (text("source")?, text("stream")?);
        for row in (0..batch.num_rows()).filter(|row| sealed.is_valid(*row)) {
            for part in parts_of(sealed.value(row))? {
                let slots = slots_of(part)?;
                if slots.iter().all(|slot| self.proved.contains(slot)) {
                    continue;
                }
                let (source, stream) = (sources.value(row), streams.value(row));
                let key = RecordKey(hash(keys, row)?);
                let binding = row_binding(source, stream, key, versions.value(row));
                let inner = &ledger.inner;
                match unseal(&inner.key, &mut inner.slots(), &binding, part) {
                    Ok(Some(_)) => self.done.keys += slots.len() as u64,
                    // Forgotten, or a slot that is not there, which is told elsewhere.
                    Ok(None) => {}
                    Err(refusal) if refusal.code != "E0218" => {}
                    Err(_) => wrong.push((
                        Invariant::Isolation,
                        format!(
                            "a text of record {:032x} is sealed under slot {slots:?}, \
                             which does not open it: the slots are those of another book, \
                             or damaged",
                            key.0
                        ),
                    )),
                }
                self.proved.extend(slots);
            }
        }
        Some(())
    }
}

/// Where a path really is, if that is not in a folder.
fn leads_away(home: &Path, path: &Path) -> Option<PathBuf> {
    let real = path.canonicalize().ok()?;
    (!real.starts_with(home)).then_some(real)
}
