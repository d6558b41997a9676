//! Whether a charter replays all history or holds only for what happens from its day on, and what
//! it means then: a forward-only one is laid over the charter that it replaces.

use handfast_charter::{Change, forward, forward_hash};
use handfast_ledger::Version;
use handfast_model::question::AsOf;
use handfast_model::{Charter, Day, Instant, Refusal};

use super::charter_of;
use super::refuse;
use super::state::{Agreement, Draft};
use super::texts::Texts;
use crate::book::Book;

pub use super::statement::Mode;

/// What a forward-only charter is laid over: the hash of the one that it replaces, and from when.
type Basis = (String, Day);

impl Draft {
    /// What it was proposed over, and what it was signed over, in this order.
    fn bases(&self) -> impl DoubleEndedIterator<Item = Basis> {
        let proposed = (self.over.clone(), self.since);
        let signed = self.signatures.iter().map(|one| &one.statement);
        let signed = signed.map(|signed| (signed.replaces.clone(), signed.from));
        std::iter::once(proposed).chain(signed)
    }

    /// What it is laid over as things stand: what both sides signed, else what was signed last,
    /// else the charter and the day of the proposal.
    fn basis(&self) -> Basis {
        self.bases()
            .next_back()
            .unwrap_or((self.over.clone(), self.since))
    }

    /// The hash by which it is called in answers, as things stand.
    pub(crate) fn identity(&self) -> String {
        self.called(&self.basis())
    }

    /// Its texts as they were proposed.
    pub(super) fn kept(&self) -> Texts {
        Texts {
            hash: self.hash.clone(),
            draft: Some(self.name.clone()),
            files: self.files.clone(),
        }
    }

    fn called(&self, (over, from): &Basis) -> String {
        match self.mode {
            Mode::Retroactive => self.hash.clone(),
            Mode::ForwardOnly => forward_hash(over, &self.hash, *from),
        }
    }
}

impl Agreement {
    /// What a draft means, as things stand.
    pub(crate) fn meaning(&self, book: &Book, draft: &Draft) -> Result<Charter, Refusal> {
        self.over(book, draft, &draft.basis())
    }

    fn over(&self, book: &Book, draft: &Draft, basis: &Basis) -> Result<Charter, Refusal> {
        let new = draft.charter()?;
        match draft.mode {
            Mode::Retroactive => Ok(new),
            Mode::ForwardOnly => {
                let old = self.called(book, &basis.0)?;
                forward(&old, new, basis.1).map_err(|changes| not_forward(&draft.name, &changes))
            }
        }
    }

    /// The draft that a question under a charter means. What answers call by the hash of its texts
    /// is the one that replays all history, or the version that was published.
    pub(crate) fn meant(&self, book: &Book, asked: &str) -> Option<&Draft> {
        let named = self.drafts.iter().find(|draft| draft.name == asked);
        if named.is_some() {
            return named;
        }
        let found = self.draft(asked).ok()?;
        let mut same = self.drafts.iter().filter(|draft| draft.hash == found.hash);
        let retroactive = same.rfind(|draft| draft.mode == Mode::Retroactive);
        if retroactive.is_some() {
            return retroactive;
        }
        let version = book.ledger.charter_named(&found.hash, AsOf::Latest);
        version.is_err().then_some(found)
    }

    /// The charter of a hash as answers and signatures have it.
    pub(super) fn called(&self, book: &Book, hash: &str) -> Result<Charter, Refusal> {
        if let Some(found) = self.laid(book, hash) {
            return found;
        }
        if let Some(draft) = self.drafts.iter().find(|draft| draft.hash == hash) {
            return draft.charter();
        }
        charter_of(&book.ledger.charter_named(hash, AsOf::Latest)?.files)
    }

    /// The forward-only charter whose hash begins with these digits, six at least.
    pub(crate) fn laid(&self, book: &Book, asked: &str) -> Option<Result<Charter, Refusal>> {
        let (draft, basis) = self.found(asked)?;
        Some(self.over(book, draft, &basis))
    }

    /// The forward-only draft that is, or was at some time, called by a hash of these digits.
    pub(super) fn laid_as(&self, asked: &str) -> Option<&Draft> {
        self.found(asked).map(|(draft, _)| draft)
    }

    fn found(&self, asked: &str) -> Option<(&Draft, Basis)> {
        let bare = |hash: &str| hash.trim_start_matches("blake3:").to_ascii_lowercase();
        let digits = bare(asked);
        if digits.len() < 6 {
            return None;
        }
        let forward = self.drafts.iter();
        let mut forward = forward.filter(|draft| draft.mode == Mode::ForwardOnly);
        forward.find_map(|draft| {
            let is_it = |basis: &Basis| bare(&draft.called(basis)).starts_with(&digits);
            Some((draft, draft.bases().find(is_it)?))
        })
    }
}

/// What is in force: a version that was published, or a draft that both sides signed.
pub(crate) struct InForce {
    agreement: Agreement,
    which: Which,
}

enum Which {
    Published(Version),
    Draft(usize),
}

impl InForce {
    pub(super) fn published(agreement: Agreement, version: Version) -> InForce {
        let which = Which::Published(version);
        InForce { agreement, which }
    }

    pub(super) fn draft(agreement: Agreement, place: usize) -> InForce {
        let which = Which::Draft(place);
        InForce { agreement, which }
    }

    /// The hash by which answers call it.
    pub fn hash(&self) -> String {
        match &self.which {
            Which::Published(version) => version.hash.clone(),
            Which::Draft(place) => {
                let draft = self.agreement.drafts.get(*place);
                draft.map_or_else(String::new, Draft::identity)
            }
        }
    }

    /// The hash of its texts.
    pub fn texts(&self) -> &str {
        match &self.which {
            Which::Published(version) => &version.hash,
            Which::Draft(place) => {
                let draft = self.agreement.drafts.get(*place);
                draft.map_or("", |draft| &draft.hash)
            }
        }
    }

    /// Since when it is in force.
    pub fn since(&self, book: &Book) -> Result<Option<Instant>, Refusal> {
        let place = match &self.which {
            Which::Published(version) => return Ok(book.ledger.resolve(AsOf::Seq(version.seq))?.1),
            Which::Draft(place) => *place,
        };
        let draft = self.agreement.drafts.get(place);
        Ok(draft.and_then(|draft| Some(draft.agreed?.effective)))
    }

    /// Its texts. Those of a forward-only one say nothing of the time before it.
    pub fn kept(self) -> Texts {
        let place = match self.which {
            Which::Published(version) => {
                return Texts {
                    hash: version.hash,
                    draft: None,
                    files: version.files,
                };
            }
            Which::Draft(place) => place,
        };
        let draft = self.agreement.drafts.get(place);
        draft.map_or_else(Texts::default, Draft::kept)
    }

    /// What it means.
    pub fn charter(&self, book: &Book) -> Result<Charter, Refusal> {
        let place = match &self.which {
            Which::Published(version) => return charter_of(&version.files),
            Which::Draft(place) => *place,
        };
        match self.agreement.drafts.get(place) {
            Some(draft) => self.agreement.meaning(book, draft),
            None => Err(refuse::no_draft("", false, &self.agreement.drafts)),
        }
    }
}

/// Refuses a forward-only draft that changes more than can wait for a day.
pub(super) fn not_forward(name: &str, changes: &[Change]) -> Refusal {
    let mut named: Vec<String> = Vec::new();
    for change in changes {
        let part = change
            .part
            .map_or(String::new(), |part| format!(", {part}"));
        named.push(format!("{}{part}", change.what));
    }
    let all = named.join("; ");
    Refusal::new("E0291", format!("`{name}` cannot be forward-only: {all}"))
        .matters(
            "these are said of all the past at once; only what enters or leaves a stage and what \
             opens a pursuit happens on a day",
        )
        .fix(
            "propose these in a draft of their own, without --forward-only; a stage that is to \
             end stays, with a mark that nobody uses",
        )
}
