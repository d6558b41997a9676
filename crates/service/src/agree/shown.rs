//! What readers see of one charter: its definitions in words, whose word counts in each, and what a
//! draft changes of them. Nothing is decided here.

use handfast_charter::{Change, ChangeKind, Definition, Figure, diff, told};
use handfast_model::question::AsOf;
use handfast_model::rights::{Right, Severity, file_of};
use handfast_model::rules::Side;
use handfast_model::{Charter, Instant, Refusal};

use super::rehearse::{Replaced, replaced};
use super::state::{Agreement, Draft};
use super::texts::Texts;
use super::{in_force, refuse};
use crate::book::Book;

/// The charter in force.
pub struct Shown {
    /// What it means.
    pub charter: Charter,
    /// Its files, and its name as a draft, if it was one.
    pub texts: Texts,
    /// Since when it is in force.
    pub since: Option<Instant>,
    /// Everything it defines.
    pub definitions: Vec<Said>,
    /// Who may sign, and what was ever proposed.
    pub agreement: Agreement,
}

/// A definition and whose word counts in it.
pub struct Said {
    /// What is defined: `stage mql`.
    pub what: String,
    /// The file in which it is written, without its ending.
    pub file: String,
    /// Its parts with their wording.
    pub parts: Vec<(&'static str, String)>,
    /// The figures that rest on it.
    pub figures: Vec<&'static str>,
    /// Who decides it.
    pub right: Decides,
}

/// Whose word counts in a definition.
pub struct Decides {
    /// One side's; both sides' where none is named.
    pub side: Option<Side>,
    /// Whether a side may give way in it.
    pub may_concede: bool,
}

/// A definition that a draft changes.
pub struct Changed {
    /// `added`, `removed` or `changed`.
    pub kind: &'static str,
    /// What is defined.
    pub what: String,
    /// Which of its parts; none where the whole came or went.
    pub part: Option<&'static str>,
    /// The old wording.
    pub was: Option<String>,
    /// The new wording.
    pub is: Option<String>,
    /// The figures that rest on it.
    pub figures: Vec<&'static str>,
    /// Who decides it, by the charter that the draft replaces.
    pub right: Decides,
}

/// Where a draft stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Nobody has signed.
    Proposed,
    /// One side has.
    Signed,
    /// Both have, but not the same.
    Differs,
    /// Both have, and its day is to come.
    Agreed,
    /// It is the charter in force.
    InForce,
    /// It was in force.
    Past,
    /// It was withdrawn.
    Withdrawn,
}

impl Standing {
    /// The word for programs.
    pub fn word(self) -> &'static str {
        match self {
            Standing::Proposed => "proposed",
            Standing::Signed => "signed",
            Standing::Differs => "differs",
            Standing::Agreed => "agreed",
            Standing::InForce => "in_force",
            Standing::Past => "past",
            Standing::Withdrawn => "withdrawn",
        }
    }
}

/// The charter in force now.
pub fn shown(book: &Book) -> Result<Shown, Refusal> {
    let found = in_force(book, AsOf::Latest)?;
    let found = found.ok_or_else(|| refuse::nothing_in_force(&book.dir))?;
    let charter = found.charter(book)?;
    let since = found.since(book)?;
    let definitions = told(&charter).into_iter();
    Ok(Shown {
        definitions: definitions.map(|one| said(one, &charter)).collect(),
        agreement: Agreement::read(book, AsOf::Latest)?,
        texts: found.kept(),
        charter,
        since,
    })
}

/// What a draft changes of the charter that it replaces, and which one that is.
pub fn changes(book: &Book, draft: &Draft) -> Result<(Replaced, Vec<Changed>), Refusal> {
    let (old, replaces) = replaced(book, &draft.name)?;
    let changes = diff(&old, &draft.charter()?).into_iter();
    let changes = changes.map(|change| changed(change, &old)).collect();
    Ok((replaces, changes))
}

/// Where a draft stands; `in_force` is the name of the one that is in force, if it was a draft.
pub fn standing(draft: &Draft, in_force: Option<&str>, now: Instant) -> Standing {
    match (&draft.agreed, &draft.withdrawn) {
        (Some(_), _) if in_force == Some(&draft.name) => Standing::InForce,
        (Some(agreed), _) if agreed.effective <= now => Standing::Past,
        (Some(_), _) => Standing::Agreed,
        (None, Some(_)) => Standing::Withdrawn,
        (None, None) if draft.differs().is_some() => Standing::Differs,
        (None, None) if draft.signatures.is_empty() => Standing::Proposed,
        (None, None) => Standing::Signed,
    }
}

/// The name of the draft that is in force, if it was one.
pub fn name_in_force(book: &Book) -> Result<Option<String>, Refusal> {
    Ok(in_force(book, AsOf::Latest)?.and_then(|found| found.kept().draft))
}

fn said(one: Definition, charter: &Charter) -> Said {
    Said {
        file: file_of(&one.what).to_owned(),
        right: decides(&charter.right(&one.what)),
        figures: words(one.figures),
        parts: one.parts,
        what: one.what,
    }
}

fn changed(change: Change, old: &Charter) -> Changed {
    Changed {
        kind: match change.kind {
            ChangeKind::Added => "added",
            ChangeKind::Removed => "removed",
            ChangeKind::Changed => "changed",
        },
        part: change.part,
        was: change.old,
        is: change.new,
        figures: words(change.figures),
        right: decides(&old.right(&change.what)),
        what: change.what,
    }
}

fn decides(right: &Right) -> Decides {
    Decides {
        side: right.decides,
        may_concede: right.severity == Severity::MayConcede,
    }
}

fn words(figures: &[Figure]) -> Vec<&'static str> {
    figures.iter().map(|figure| figure.word()).collect()
}
