//! Files that are sent to be looked at and imported.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use handfast_accounts::Capability;
use handfast_wire::v1::wizard as wire;

use super::acts::{Done, act_beside};
use crate::again;
use crate::apart::apart;
use crate::body::{At, Words};
use crate::house::Shared;
use crate::problem::{Answered, Problems};
use crate::uploads::{Upload, label, spool};
use crate::viewer::Viewer;

/// Takes a file in, byte for byte, to be looked at or imported. Nothing of it is in the ledger
/// before that; it goes when it was imported, or after seven days.
#[utoipa::path(post, path = "/uploads", tag = "imports", params(wire::UploadName),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = wire::Upload), Problems))]
pub async fn send(
    viewer: Viewer,
    State(house): State<Shared>,
    Words(name): Words<wire::UploadName>,
    request: Request,
) -> Answered<Response> {
    viewer.may(Capability::Import)?;
    let name = label(&name.name)?;
    let key = again::key(request.headers());
    let spooled = spool(&house, request).await?;
    // The file is read to its end before its key is looked at: a key stands for what was sent with
    // it, and two files of one length are not one.
    let whole = format!(
        "POST /api/v1/uploads {name}\n{}\n{}",
        spooled.bytes, spooled.hash
    );
    let by = viewer.clone();
    let own = house.clone();
    let kept = async move {
        let kept = apart(&own, move |house| {
            let (kept, done) = act_beside((house, &by), "file.sent", || {
                house.uploads.keep(spooled, &name, house.now())
            })?;
            record(done, &kept);
            Ok((StatusCode::CREATED, Json(shown(&kept))))
        });
        kept.await.into_response()
    };
    again::late(house, (viewer, key), whole.into_bytes(), kept).await
}

/// The files that are still there, newest first.
#[utoipa::path(get, path = "/uploads", tag = "imports",
    responses((status = 200, body = wire::Uploads), Problems))]
pub async fn list(viewer: Viewer, State(house): State<Shared>) -> Answered<Json<wire::Uploads>> {
    viewer.may(Capability::Import)?;
    apart(&house, |house| {
        let uploads = house.uploads.list(house.now())?;
        Ok(Json(wire::Uploads {
            uploads: uploads.iter().map(shown).collect(),
        }))
    })
    .await
}

/// Takes a file away.
#[utoipa::path(delete, path = "/uploads/{id}", tag = "imports",
    params(("id" = String, Path, description = "The file's id.")),
    responses((status = 204), Problems))]
pub async fn remove(
    viewer: Viewer,
    State(house): State<Shared>,
    At(id): At<String>,
) -> Answered<StatusCode> {
    viewer.may(Capability::Import)?;
    apart(&house, move |house| {
        let upload = house.uploads.get(&id, house.now())?;
        let ((), done) = act_beside((house, &viewer), "file.dropped", || {
            house.uploads.remove(&upload)
        })?;
        record(done, &upload);
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

/// Writes down what became of a file: its id and length, never its name, which may be a person's.
fn record(done: Done<'_>, upload: &Upload) {
    done.to(&upload.id, &[("bytes", &upload.bytes.to_string())]);
}

fn shown(upload: &Upload) -> wire::Upload {
    wire::Upload {
        id: upload.id.clone(),
        name: upload.name.clone(),
        bytes: upload.bytes,
        at: upload.at.to_string(),
        until: upload.until().to_string(),
    }
}
