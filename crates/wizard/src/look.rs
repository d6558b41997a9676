//! What files hold, and what is proposed for them.

use handfast_connect::files::assign;
use handfast_connect::find::Found;
use handfast_connect::sniff::{Sniffed, Written, sniff_found};
use handfast_model::Refusal;
use handfast_model::question::AsOf;
use handfast_packs::propose::{Question, Wishes};
use handfast_packs::suggest::{Suggestion, suggest};
use handfast_service::book::Book;
use handfast_service::sources;

/// Files that were looked at, each with what it holds. A workbook stands there once for each of its
/// tables.
#[derive(Clone, Debug)]
pub struct Looked {
    /// The files and what was found in them.
    pub files: Vec<(Found, Sniffed)>,
}

/// Looks at files, whose texts are written as somebody says.
pub fn look(found: Vec<Found>, said: &Written) -> Result<Looked, Refusal> {
    Ok(Looked {
        files: sniff_found(found, said)?,
    })
}

impl Looked {
    /// The sources that are proposed for them, after these wishes.
    pub fn suggest(&self, wishes: &Wishes) -> Vec<Suggestion> {
        let found: Vec<Sniffed> = self.files.iter().map(|(_, found)| found.clone()).collect();
        suggest(&found, wishes)
    }
}

/// What must be said before these proposals can be right.
pub fn questions(suggestions: &[Suggestion]) -> Vec<Question> {
    let mut questions: Vec<Question> = Vec::new();
    for question in suggestions.iter().flat_map(|one| &one.proposal.questions) {
        if !questions.contains(question) {
            questions.push(question.clone());
        }
    }
    questions
}

/// Wishes of somebody who has said these, with what the book says of itself; what is no currency or
/// zone is refused.
pub fn wishes(book: &Book, mut said: Wishes) -> Result<Wishes, Refusal> {
    if let Some(code) = &said.currency {
        sources::currency(code)?;
    }
    if let Some(zone) = &said.zone {
        sources::zone(zone)?;
    }
    let charter = book.charter(AsOf::Latest, None).ok();
    said.book_zone = charter.map(|(charter, _)| charter.calendar.zone_name().to_owned());
    Ok(said)
}

/// The files that a source of the book reads already, by their names, with that source: another
/// source for them would count every row twice.
pub fn read_already(book: &Book, files: &[Found]) -> Result<Vec<(Found, String)>, Refusal> {
    let mut read = Vec::new();
    for pack in book.packs()? {
        for file in files {
            let claims = assign(std::slice::from_ref(&pack), std::slice::from_ref(file));
            let claims = claims.ok().and_then(|claims| claims.into_iter().next());
            // A header alone may fit by chance.
            let is_read =
                claims.is_some_and(|one| !one.read.is_empty() && one.by_header.is_empty());
            if is_read {
                read.push((file.clone(), pack.source.clone()));
            }
        }
    }
    Ok(read)
}
