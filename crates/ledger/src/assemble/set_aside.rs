//! Rows of a commit that are set aside, sealed under the import's key and their people's.

use handfast_model::Refusal;

use super::Gathered;
use crate::account::FileAccount;
use crate::aside::{AsideText, NewAside, seal_aside};
use crate::classified::{Classified, RowState};
use crate::classify::cells;
use crate::import::Import;

impl Import {
    pub(super) fn put_aside(
        &mut self,
        classified: &Classified,
        row: usize,
        why: (&str, &str),
        gathered: &mut Gathered,
    ) -> Result<(), Refusal> {
        let batch = &classified.batch;
        let is_mended = classified.mends.get(row).is_some();
        if is_mended && self.rehearsal.is_none() {
            // It stays set aside as it is, under its own name and with what it said at first.
            return Ok(());
        }
        let cells = cells(batch, row, classified.hidden(row));
        let found = classified.rows.get(row);
        let keyed = found.filter(|found| found.state != RowState::Unkeyed);
        let is_declared = self.stream(&batch.stream)?.version.is_some();
        let mut aside = NewAside {
            stream: batch.stream.clone(),
            file: batch.file.clone(),
            line: batch.lines.get(row).copied().unwrap_or(0),
            column: why.0.to_owned(),
            reason: why.1.to_owned(),
            record: keyed.map(|found| found.key),
            version: keyed
                .filter(|found| is_declared && found.state != RowState::Unversioned)
                .map(|found| found.version),
            sealed: Vec::new(),
        };
        let text = AsideText::Cells(cells);
        if let Some(foreseen) = &mut self.rehearsal {
            foreseen.keep(&aside, &text, &batch.columns);
        }
        if is_mended {
            return Ok(());
        }
        let mut slots = vec![self.aside_slot()?];
        slots.extend(classified.slots(row));
        seal_aside(&self.inner, self.run, &mut aside, &slots, &text)?;
        gathered.asides.push(aside);
        Ok(())
    }

    pub(super) fn put_bad_aside(
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
                version: None,
                sealed: Vec::new(),
            };
            let text = AsideText::Raw(bad.text.clone());
            if let Some(foreseen) = &mut self.rehearsal {
                foreseen.keep(&aside, &text, &batch.columns);
            }
            let slots = [self.aside_slot()?];
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

    pub(super) fn fault_column(&self, stream: &str, state: RowState) -> Result<String, Refusal> {
        let stream = self.stream(stream)?;
        Ok(match state {
            RowState::Unversioned => stream.version.unwrap_or_default(),
            RowState::Unkeyed => stream.key.join(", "),
            _ => String::new(),
        })
    }
}
