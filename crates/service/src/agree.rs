//! How a charter is agreed on: drafts that people propose, signatures of both sides, and from when
//! a draft that both signed is in force.
//!
//! All of it are acts in the ledger; nothing here is kept anywhere else. A signature is an Ed25519
//! signature over a [`statement`] that names the book, the commit before it, the draft by its hash,
//! the charter that it replaces and the day from which it holds. What does not verify counts for
//! nothing and is named by `verify`.
//!
//! [`mode`] is what a charter says of the time before it, [`state`] reads the acts, [`doing`] adds
//! to them, [`signers`] says who may sign, [`keys`] keeps a signer's secret, [`story`] tells what
//! happened, [`shown`] is what readers see of one charter.

pub mod doing;
pub mod fitness;
pub mod keys;
pub mod mode;
pub(crate) mod refuse;
pub mod rehearse;
pub mod reread;
pub mod shown;
pub(crate) mod sight;
pub mod signers;
pub mod state;
pub mod statement;
pub mod story;
pub mod texts;

#[cfg(test)]
mod tests;

use handfast_charter::{TextFile, read_charter};
use handfast_model::question::AsOf;
use handfast_model::rules::Side;
use handfast_model::{Charter, Instant, Refusal, Seq};

use crate::book::{Book, first};
use mode::InForce;
use state::Agreement;

/// The sides whose signatures put a charter into force.
pub const SIDES: [Side; 2] = [Side::Marketing, Side::Sales];

/// Acts that this module knows.
pub(crate) const WORDS: [&str; 6] = ["signer", "removal", "draft", "discuss", "sign", "withdraw"];

/// The charter in force as of then, if any: the one whose force began last, of those that were
/// published and those that both sides signed.
pub(crate) fn in_force(book: &Book, as_of: AsOf) -> Result<Option<InForce>, Refusal> {
    let agreement = Agreement::read(book, as_of)?;
    // What somebody published alone once both sides had signers counts for nothing.
    let published = match agreement.signed_since {
        Some(seq) => book.ledger.charter_at(AsOf::Seq(seq))?,
        None => book.ledger.charter_at(as_of)?,
    };
    let until = moment(book, as_of)?;
    let drafts = agreement.drafts.iter().enumerate();
    let agreed = drafts.filter_map(|(place, draft)| {
        let agreed = draft.agreed.as_ref()?;
        (agreed.effective <= until).then_some((agreed.effective, agreed.seq, place))
    });
    let Some((effective, seq, place)) = agreed.max() else {
        return Ok(published.map(|version| InForce::published(agreement, version)));
    };
    if let Some(published) = published {
        let since = book.ledger.resolve(AsOf::Seq(published.seq))?.1;
        if (since, published.seq) > (Some(effective), seq) {
            return Ok(Some(InForce::published(agreement, published)));
        }
    }
    Ok(Some(InForce::draft(agreement, place)))
}

/// The instant up to which charters have come into force, as of then.
pub(crate) fn moment(book: &Book, as_of: AsOf) -> Result<Instant, Refusal> {
    let recorded = book.ledger.resolve(as_of)?.1.unwrap_or(Instant(i64::MIN));
    Ok(match as_of {
        AsOf::Instant(instant) => instant,
        AsOf::Latest => recorded.max(book.now()),
        AsOf::Seq(_) => recorded,
    })
}

/// The commit that an as-of means, and the charter that must be named beside it: one whose day came
/// after that commit. Whoever keeps a question to ask it again fixes it by this.
pub(crate) fn fixed(book: &Book, as_of: AsOf) -> Result<(Seq, Option<String>), Refusal> {
    let seq = book.ledger.resolve(as_of)?.0;
    let hash = |as_of| in_force(book, as_of).map(|found| found.map(|found| found.hash()));
    let now = hash(as_of)?;
    let is_other = now.is_some() && now != hash(AsOf::Seq(seq))?;
    Ok((seq, now.filter(|_| is_other)))
}

/// What a charter is to be called in a question that is kept: what a forward-only draft means may
/// change until both sides have signed, and its hash says which.
pub(crate) fn named(book: &Book, asked: &str) -> Result<String, Refusal> {
    let agreement = Agreement::read(book, AsOf::Latest)?;
    let draft = agreement.meant(book, asked);
    let forward = draft.filter(|draft| draft.mode == mode::Mode::ForwardOnly);
    Ok(forward.map_or_else(|| asked.to_owned(), |draft| draft.identity()))
}

/// Whether a charter's day came while a commit was the last one.
pub(crate) fn came_after(book: &Book, seq: Seq, hash: &str) -> Result<bool, Refusal> {
    let at = |seq| moment(book, AsOf::Seq(seq));
    let is_last = seq >= book.ledger.last_seq()?;
    let until = match is_last {
        true => moment(book, AsOf::Latest)?,
        false => at(Seq(seq.0 + 1))?,
    };
    let agreement = Agreement::read(book, AsOf::Seq(seq))?;
    let mut drafts = agreement
        .drafts
        .iter()
        .filter(|draft| draft.identity() == hash);
    let since = at(seq)?;
    Ok(drafts.any(|draft| {
        let agreed = draft.agreed.map(|agreed| agreed.effective);
        agreed.is_some_and(|day| since < day && day <= until)
    }))
}

/// As much of a hash as people read.
pub(crate) fn short(hash: &str) -> &str {
    let digits = hash.trim_start_matches("blake3:");
    digits.get(..12).unwrap_or(digits)
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
