//! What is refused, as RFC 9457 wants it, with our own code.

use handfast_model::{Place, Refusal};
use serde::Serialize;

/// A problem: what is refused, where, why it matters and how to mend it.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// The page about this code, below the server's address; `about:blank` where there is none.
    #[serde(rename = "type")]
    pub kind: String,
    /// One sentence: what is refused and why.
    pub title: String,
    /// The status of the answer, once more.
    pub status: u16,
    /// Our code (`E0404`), which `handfast explain` tells more about.
    pub code: String,
    /// Where: a file with its line, or a word of the question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// What it costs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matters: Option<String>,
    /// How to mend it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
    /// The request, as the server's log calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

impl Problem {
    /// A refusal under a status.
    pub fn new(refusal: &Refusal, status: u16) -> Problem {
        let place = refusal.place.as_ref();
        Problem {
            kind: format!("/errors/{}", refusal.code),
            title: refusal.title.clone(),
            status,
            code: refusal.code.to_owned(),
            place: place.map(said),
            matters: refusal.matters.clone(),
            fix: refusal.fix.clone(),
            request_id: None,
        }
    }
}

/// A place as one line: the file, and its line where there is one.
fn said(place: &Place) -> String {
    match place.line {
        0 => place.file.clone(),
        line => format!("{}:{line}: {}", place.file, place.excerpt.trim()),
    }
}
