//! What all acts have in common: how long their words may be, and what is written down of them.

use axum::Json;
use handfast_accounts::audit::Deed;
use handfast_model::Seq;
use handfast_wire::v1::deal::Kept;

use crate::house::House;
use crate::limits;
use crate::problem::{Answered, ours};
use crate::viewer::Viewer;

/// Words that somebody keeps: there are some, and no more than a page of them.
pub(super) fn said(field: &str, words: &str) -> Answered<()> {
    match words.trim().len() {
        0 => Err(ours::words(format!("`{field}` is empty"), "some words")),
        bytes if bytes > limits::SAID => {
            let most = limits::SAID;
            let why = format!("`{field}` has {bytes} bytes; {most} are kept");
            Err(ours::words(why, "fewer words"))
        }
        _ => Ok(()),
    }
}

/// A number between two, both allowed.
pub(super) fn within<N: PartialOrd + std::fmt::Display>(
    field: &str,
    number: N,
    (least, most): (N, N),
) -> Answered<()> {
    match number >= least && number <= most {
        true => Ok(()),
        false => {
            let why = format!("`{field}={number}`: {least} to {most} are taken");
            Err(ours::words(why, format!("{field}={most}")))
        }
    }
}

/// Refuses a text that is longer than the description lets it be.
pub(super) fn brief(field: &str, text: Option<&str>, most: usize) -> Answered<()> {
    match text.is_none_or(|text| text.chars().count() <= most) {
        true => Ok(()),
        false => {
            let why = format!("`{field}` has more than {most} characters");
            Err(ours::words(
                why,
                format!("{field} of {most} characters at most"),
            ))
        }
    }
}

/// Tells the commit of an act of the ledger, once it is written down who did it.
pub(super) fn kept(
    house: &House,
    viewer: &Viewer,
    (act, seq, notes): (&str, Seq, Vec<String>),
) -> Answered<Json<Kept>> {
    written(house, viewer, (act, seq))?;
    Ok(Json(Kept { seq: seq.0, notes }))
}

/// Writes down in the log of who did what, what has just been done: where the log cannot be
/// written, the server's own log says so, and whoever did it is not told to do it again.
pub(super) fn done(house: &House, viewer: &Viewer, deed: &Deed<'_>) {
    viewer.has_acted();
    if let Err(refusal) = house.people.record(&viewer.actor, &viewer.call(), deed) {
        let (request, code) = (viewer.call().request, refusal.code);
        let (act, object) = (deed.act, deed.object);
        tracing::error!(
            request,
            act,
            object,
            code,
            "an act has no entry in the audit log"
        );
    }
}

/// Writes an act of the ledger down in the log of who did what, and turns the page to it.
pub(super) fn written(house: &House, viewer: &Viewer, (act, seq): (&str, Seq)) -> Answered<()> {
    let commit = seq.to_string();
    let deed = Deed {
        act,
        object: &commit,
        before: &[],
        after: &[],
    };
    done(house, viewer, &deed);
    // Whoever did it sees it on the next page. It is done, whether that can be turned or not.
    let _ = house.publish();
    Ok(())
}
