//! How a charter is agreed on: drafts that people propose, signatures of both sides, and from when
//! a draft that both signed is in force.
//!
//! All of it are acts in the ledger; nothing here is kept anywhere else. A signature is an Ed25519
//! signature over a [`statement`] that names the book, the commit before it, the draft by its hash,
//! the charter that it replaces and the day from which it holds. What does not verify counts for
//! nothing and is named by `verify`.
//!
//! [`state`] reads the acts, [`doing`] adds to them, [`keys`] keeps a signer's secret, [`story`]
//! tells what happened.

pub mod doing;
pub mod fitness;
pub mod keys;
pub(crate) mod refuse;
pub mod rehearse;
pub(crate) mod sight;
pub mod state;
pub mod statement;
pub mod story;

#[cfg(test)]
mod tests;

use handfast_charter::{TextFile, read_charter};
use handfast_ledger::Version;
use handfast_model::question::AsOf;
use handfast_model::rules::Side;
use handfast_model::{Answer, Charter, Instant, Question, Refusal, Seq};

use crate::book::{Book, first};
use state::Agreement;

/// The sides whose signatures put a charter into force.
pub const SIDES: [Side; 2] = [Side::Marketing, Side::Sales];

/// Acts that this module knows.
pub(crate) const WORDS: [&str; 5] = ["signer", "draft", "discuss", "sign", "withdraw"];

/// The charter in force as of then, if any: the one whose force began last, of those that were
/// published and those that both sides signed.
pub(crate) fn in_force(book: &Book, as_of: AsOf) -> Result<Option<Version>, Refusal> {
    let agreement = Agreement::read(book, as_of)?;
    // What somebody published alone once both sides had signers counts for nothing.
    let published = match agreement.signed_since {
        Some(seq) => book.ledger.charter_at(AsOf::Seq(seq))?,
        None => book.ledger.charter_at(as_of)?,
    };
    let until = moment(book, as_of)?;
    let agreed = agreement.drafts.iter().filter_map(|draft| {
        let agreed = draft.agreed.as_ref()?;
        (agreed.effective <= until).then_some((agreed.effective, agreed.seq, draft))
    });
    let Some((effective, seq, draft)) = agreed.max_by_key(|(at, seq, _)| (*at, *seq)) else {
        return Ok(published);
    };
    if let Some(published) = published {
        let since = book.ledger.resolve(AsOf::Seq(published.seq))?.1;
        if (since, published.seq) > (Some(effective), seq) {
            return Ok(Some(published));
        }
    }
    Ok(Some(Version {
        seq,
        hash: draft.hash.clone(),
        files: draft.files.clone(),
    }))
}

/// The instant up to which charters have come into force, as of then.
pub(crate) fn moment(book: &Book, as_of: AsOf) -> Result<Instant, Refusal> {
    let recorded = book.ledger.resolve(as_of)?.1.unwrap_or(Instant(i64::MIN));
    Ok(match as_of {
        AsOf::Instant(instant) => instant,
        AsOf::Latest => recorded.max(book.now),
        AsOf::Seq(_) => recorded,
    })
}

/// Whether an answer used a charter whose day came after the last commit. Asked again as of that
/// commit, its question must name the charter.
pub(crate) fn is_by_its_day(
    book: &Book,
    question: &Question,
    answer: &Answer,
) -> Result<bool, Refusal> {
    if question.as_of != AsOf::Latest {
        return Ok(false);
    }
    let then = in_force(book, AsOf::Seq(Seq(answer.lineage.seq)))?;
    Ok(then.is_none_or(|then| then.hash != answer.lineage.charter))
}

/// What both sides sign for this book: the hash of its first commit.
pub fn book_id(book: &Book) -> Result<String, Refusal> {
    let hash = book.ledger.commit_hash(Seq(1))?;
    Ok(keys::hex(hash.get(..16).unwrap_or(&hash)))
}

/// The charter of a version's files.
pub(crate) fn charter_of(files: &[(String, String)]) -> Result<Charter, Refusal> {
    let texts = files.iter().map(|(path, text)| TextFile {
        path: path.clone(),
        text: text.clone(),
    });
    read_charter(&texts.collect::<Vec<_>>()).map_err(first)
}
