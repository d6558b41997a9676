//! One proposed source, tried on the first rows of its files.

use std::path::PathBuf;

use handfast_charter::TextFile;
use handfast_connect::find::Found;
use handfast_connect::sniff::{Head, Sniffed};
use handfast_model::pack::Pack;
use handfast_model::{FactKind, Refusal};
use handfast_packs::passed::Passed;
use handfast_packs::suggest::Suggestion;
use handfast_service::book::Book;
use handfast_service::ingest::{Imported, Options};
use handfast_service::shown::Shown;
use handfast_service::sources;

use crate::look::Looked;

/// Rows of each file that a pack is tried on.
pub const TRIED_ROWS: usize = 2_000;
/// Mapped rows that are shown.
pub const SHOWN_FACTS: usize = 20;

/// A proposed source with the files it reads.
#[derive(Clone, Debug)]
pub struct Offer<'l> {
    /// What is proposed.
    pub suggestion: &'l Suggestion,
    /// The files as they lie on the disk, each once.
    pub files: Vec<Found>,
    /// What was found in them, table by table.
    pub sniffed: Vec<&'l Sniffed>,
    /// The pack's texts, which somebody may have corrected.
    pub texts: Vec<TextFile>,
    /// The pack that they are.
    pub pack: Pack,
}

/// What a try gave.
#[derive(Debug)]
pub struct Tried {
    /// What an import of the first rows would do.
    pub imported: Imported,
}

impl<'l> Offer<'l> {
    /// A proposal, read and checked as far as that goes without a row; `texts` takes the place of
    /// those proposed.
    pub fn of(
        looked: &'l Looked,
        suggestion: &'l Suggestion,
        texts: Option<Vec<TextFile>>,
    ) -> Result<Offer<'l>, Refusal> {
        let proposal = &suggestion.proposal;
        let texts = texts.unwrap_or_else(|| proposal.texts.clone());
        texts.iter().try_for_each(|text| plain_name(&text.path))?;
        let pack = sources::read(&proposal.name, &texts)?;
        let own = suggestion
            .files
            .iter()
            .filter_map(|at| looked.files.get(*at));
        let (mut files, sniffed): (Vec<Found>, Vec<&Sniffed>) =
            own.map(|(file, found)| (file.clone(), found)).unzip();
        files.dedup();
        Ok(Offer {
            suggestion,
            files,
            sniffed,
            texts,
            pack,
        })
    }

    /// What an import of the first rows of each file would do. Nothing is written.
    pub fn try_out(&self, book: &Book, options: Options<'_>) -> Result<Tried, Refusal> {
        let mut head = Head::new(&self.pack, &self.files, TRIED_ROWS)?;
        let options = Options {
            shown: SHOWN_FACTS,
            is_dry_run: true,
            observed_until: None,
            ..options
        };
        let imported = sources::try_out(book, &self.pack, &mut head, &options)?;
        Ok(Tried { imported })
    }

    /// Where its files lie, each once.
    pub fn paths(&self) -> Vec<PathBuf> {
        let mut paths: Vec<PathBuf> = self.files.iter().map(|file| file.path.clone()).collect();
        paths.dedup();
        paths
    }
}

impl Tried {
    /// The stages that its marks say were entered.
    pub fn passed(&self) -> Vec<Passed> {
        self.imported.shown.iter().filter_map(passage).collect()
    }

    /// How many facts there are.
    pub fn facts(&self) -> u64 {
        self.imported.files.iter().map(|file| file.facts).sum()
    }

    /// How many of its marks say each stage, in the order in which the stages first come.
    pub fn stages(&self) -> Vec<(String, u64)> {
        let mut stages: Vec<(String, u64)> = Vec::new();
        for passed in self.passed() {
            match stages.iter_mut().find(|(stage, _)| *stage == passed.stage) {
                Some((_, count)) => *count += 1,
                None => stages.push((passed.stage, 1)),
            }
        }
        stages
    }
}

/// Refuses a text that cannot be a file of a source's folder: it may come from anywhere.
fn plain_name(path: &str) -> Result<(), Refusal> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_part = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let is_kind = name.ends_with(".sql") || name == "source.toml";
    match is_kind && !name.starts_with('.') && name.len() <= 200 && name.chars().all(is_part) {
        true => Ok(()),
        false => Err(
            Refusal::new("E0515", format!("`{name}` cannot be a file of a source"))
                .matters("a source is source.toml and SELECTs beside it; nothing was written")
                .fix("as leads.person.sql: letters, digits, `.`, `_` and `-`"),
        ),
    }
}

/// The stage that a mark says was entered.
fn passage(shown: &Shown) -> Option<Passed> {
    let says = |name: &str| {
        let mut all = shown.says.iter();
        all.find(|(known, _)| known == name)
            .map(|(_, text)| text.clone())
    };
    let subject = ["deal", "person", "account"].into_iter().find_map(says);
    Some(Passed {
        subject: subject.filter(|_| shown.kind == FactKind::Mark)?,
        when: says("happened")?,
        stage: says("stage")?,
    })
}

/// Up to twenty facts to be shown, of each SELECT about as many.
pub fn chosen(shown: &[Shown]) -> Vec<&Shown> {
    let mut groups: Vec<Vec<&Shown>> = Vec::new();
    for one in shown {
        let is_like = |known: &&Shown| known.place.0 == one.place.0 && known.select == one.select;
        match groups
            .iter_mut()
            .find(|group| group.first().is_some_and(is_like))
        {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    let each = (SHOWN_FACTS / groups.len().max(1)).max(1);
    let chosen = groups.iter().flat_map(|group| group.iter().take(each));
    chosen.copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_of_a_source_lies_outside_its_folder() {
        for good in [
            "sources/crm/source.toml",
            "sources/crm/leads.person.sql",
            "a-b_C.sql",
        ] {
            assert_eq!(plain_name(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "..",
            "sources/crm/..",
            "a\\b.sql",
            ".sql",
            "x.sh",
            "ä.sql",
            "a\0.sql",
        ] {
            assert_eq!(plain_name(bad).unwrap_err().code, "E0515", "{bad}");
        }
    }
}
