//! Views that people keep, and notes on figures.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use handfast_accounts::{Capability, Figure, Note, PersonId, View};
use handfast_wire::v1::saved as wire;

use super::acts::brief;
use crate::apart::apart;
use crate::body::{Body, Words};
use crate::house::Shared;
use crate::limits;
use crate::problem::{Answered, Problems};
use crate::viewer::Viewer;

/// One's own views, and those that others share.
#[utoipa::path(get, path = "/views", tag = "saved",
    responses((status = 200, body = Vec<wire::View>), Problems))]
pub async fn views(viewer: Viewer, State(house): State<Shared>) -> Answered<Json<Vec<wire::View>>> {
    viewer.may_know(Capability::Read)?;
    apart(&house, move |house| {
        let views = house.people.views(&viewer.actor)?.into_iter();
        Ok(Json(views.map(|view| view_of(view, &viewer)).collect()))
    })
    .await
}

/// Keeps a page under a name.
#[utoipa::path(post, path = "/views", tag = "saved", request_body = wire::KeepView,
    responses((status = 200, body = wire::View), Problems))]
pub async fn keep_view(
    viewer: Viewer,
    State(house): State<Shared>,
    Body(new): Body<wire::KeepView>,
) -> Answered<Json<wire::View>> {
    viewer.may(Capability::Note)?;
    apart(&house, move |house| {
        let new = (new.name.as_str(), new.address.as_str(), new.is_shared);
        let view = house.people.keep_view(&viewer.actor, &viewer.call(), new)?;
        Ok(Json(view_of(view, &viewer)))
    })
    .await
}

/// Takes one's own view away.
#[utoipa::path(delete, path = "/views/{id}", tag = "saved", params(("id" = String, Path)),
    responses((status = 204), Problems))]
pub async fn drop_view(
    viewer: Viewer,
    State(house): State<Shared>,
    Path(id): Path<String>,
) -> Answered<StatusCode> {
    viewer.may(Capability::Note)?;
    apart(&house, move |house| {
        house.people.drop_view(&viewer.actor, &viewer.call(), &id)?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

/// Notes on figures, newest first.
#[utoipa::path(get, path = "/notes", tag = "saved", params(wire::ListNotes),
    responses((status = 200, body = Vec<wire::Note>), Problems))]
pub async fn notes(
    viewer: Viewer,
    State(house): State<Shared>,
    Words(asked): Words<wire::ListNotes>,
) -> Answered<Json<Vec<wire::Note>>> {
    viewer.may(Capability::Read)?;
    brief(
        "question",
        asked.question.as_deref(),
        limits::NOTED_QUESTION,
    )?;
    brief("column", asked.column.as_deref(), limits::NOTED_COLUMN)?;
    apart(&house, move |house| {
        let on = (asked.question.as_deref(), asked.column.as_deref());
        let notes = house.people.notes(&viewer.actor, on)?.into_iter();
        Ok(Json(notes.map(|note| note_of(note, &viewer)).collect()))
    })
    .await
}

/// Leaves a note on a figure; everybody sees it who sees the figure.
#[utoipa::path(post, path = "/notes", tag = "saved", request_body = wire::KeepNote,
    responses((status = 200, body = wire::Note), Problems))]
pub async fn keep_note(
    viewer: Viewer,
    State(house): State<Shared>,
    Body(new): Body<wire::KeepNote>,
) -> Answered<Json<wire::Note>> {
    viewer.may(Capability::Note)?;
    brief("column", Some(&new.column), limits::NOTED_COLUMN)?;
    apart(&house, move |house| {
        let on = Figure {
            question: new.question,
            column: new.column,
            row: new.row,
        };
        let new = (&on, new.words.as_str());
        let note = house.people.keep_note(&viewer.actor, &viewer.call(), new)?;
        Ok(Json(note_of(note, &viewer)))
    })
    .await
}

/// Takes one's own note away.
#[utoipa::path(delete, path = "/notes/{id}", tag = "saved", params(("id" = String, Path)),
    responses((status = 204), Problems))]
pub async fn drop_note(
    viewer: Viewer,
    State(house): State<Shared>,
    Path(id): Path<String>,
) -> Answered<StatusCode> {
    viewer.may(Capability::Note)?;
    apart(&house, move |house| {
        house.people.drop_note(&viewer.actor, &viewer.call(), &id)?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

fn is_own(viewer: &Viewer, person: &PersonId) -> bool {
    viewer.actor.person().is_some_and(|own| own.id == *person)
}

fn view_of(view: View, viewer: &Viewer) -> wire::View {
    wire::View {
        is_own: is_own(viewer, &view.person),
        id: view.id,
        name: view.name,
        address: view.address,
        is_shared: view.is_shared,
        by: view.by,
        at: view.made.to_string(),
    }
}

fn note_of(note: Note, viewer: &Viewer) -> wire::Note {
    wire::Note {
        is_own: is_own(viewer, &note.person),
        id: note.id,
        question: note.on.question,
        column: note.on.column,
        row: note.on.row,
        words: note.words,
        by: note.by,
        at: note.made.to_string(),
    }
}
