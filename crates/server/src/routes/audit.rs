//! The log of what was done: by pages, whole as a file, and whether it is as it was written.

use std::collections::BTreeMap;
use std::io;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use handfast_accounts::audit::{Deed, Entry, Head};
use handfast_accounts::{Capability, PersonId};
use handfast_wire::v1::audit as wire;
use tokio::sync::mpsc;

use super::acts::within;
use crate::apart::apart;
use crate::body::{Body, Piece, Pieces, Words};
use crate::house::{House, Shared};
use crate::problem::{Answered, Problems, ours};
use crate::viewer::Viewer;

/// Entries of a page where nothing else is said.
const PAGE: u32 = 100;
/// Most entries of a page.
const LARGEST: u32 = 1_000;

/// Tables of the application that it makes files of by itself.
const TABLES: [&str; 6] = [
    "accounts",
    "audit",
    "balances",
    "closed-periods",
    "credit-book",
    "restatements",
];

/// Writes down that whoever is signed in takes a table along, before they have it. Figures and
/// records are written down where they are given as files.
#[utoipa::path(post, path = "/exports", tag = "audit", request_body = wire::Taken,
    responses((status = 204), Problems))]
pub async fn taken(
    viewer: Viewer,
    State(house): State<Shared>,
    Body(taken): Body<wire::Taken>,
) -> Answered<StatusCode> {
    // Nothing is shown by this; whoever sees some teams' rows takes along what they see.
    viewer.may_know(Capability::Export)?;
    let Some(table) = TABLES.into_iter().find(|table| *table == taken.table) else {
        return Err(ours::field("table", "it is none", &TABLES.join(", ")));
    };
    apart(&house, move |house| {
        let rows = taken.rows.to_string();
        let deed = Deed {
            act: "table.exported",
            object: table,
            before: &[],
            after: &[("rows", &rows)],
        };
        house.people.record(&viewer.actor, &viewer.call(), &deed)?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

/// What was done, newest first.
#[utoipa::path(get, path = "/audit", tag = "audit", params(wire::Page),
    responses((status = 200, body = wire::Audit), Problems))]
pub async fn page(
    viewer: Viewer,
    State(house): State<Shared>,
    Words(page): Words<wire::Page>,
) -> Answered<Json<wire::Audit>> {
    viewer.may(Capability::Audit)?;
    let limit = page.limit.unwrap_or(PAGE);
    if !(1..=LARGEST).contains(&limit) {
        let why = format!("`limit={limit}`: a page has 1 to {LARGEST} entries");
        return Err(ours::words(why, format!("limit={LARGEST}")));
    }
    page.before
        .map_or(Ok(()), |before| within("before", before, (1, i64::MAX)))?;
    apart(&house, move |house| {
        let found = house.people.audit(&viewer.actor, page.before, limit)?;
        let last = found.last().map(|entry| entry.seq);
        let entries: Answered<Vec<wire::Entry>> =
            found.into_iter().map(|one| entry(house, one)).collect();
        Ok(Json(wire::Audit {
            entries: entries?,
            next: last.filter(|seq| *seq > 1),
        }))
    })
    .await
}

/// The whole log as lines of JSON, oldest first, each with its hash; that it was taken away is
/// among them. Where it cannot be read to its end the connection breaks.
#[utoipa::path(get, path = "/audit/jsonl", tag = "audit",
    responses((status = 200, content_type = "application/jsonl", body = String), Problems))]
pub async fn jsonl(viewer: Viewer, State(house): State<Shared>) -> Answered<Response> {
    viewer.may(Capability::Audit)?;
    let exported = Deed {
        act: "audit.exported",
        object: "",
        before: &[],
        after: &[],
    };
    let by = viewer.clone();
    apart(&house, move |house| {
        Ok(house.people.record(&by.actor, &by.call(), &exported)?)
    })
    .await?;
    let (send, pieces) = mpsc::channel(2);
    tokio::spawn(export(house, viewer, send));
    let file = [
        (header::CONTENT_TYPE, "application/jsonl"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"audit.jsonl\"",
        ),
    ];
    Ok((file, Pieces::body(pieces)).into_response())
}

/// Reads a thousand entries at a time, so that nobody waits for whoever reads slowly.
async fn export(house: Shared, viewer: Viewer, send: mpsc::Sender<Piece>) {
    let mut after = Head {
        seq: 0,
        hash: String::new(),
    };
    loop {
        let by = viewer.clone();
        let read = apart(&house, move |house| {
            Ok(house.people.audit_lines(&by.actor, &after, LARGEST)?)
        });
        let (lines, end) = match read.await {
            Ok(read) => read,
            Err(refused) => {
                let code = refused.refusal.code;
                tracing::error!(code, "the audit log could not be read to its end");
                let _ = send.send(Err(io::Error::other("it cannot be read"))).await;
                return;
            }
        };
        if lines.is_empty() || send.send(Ok(Bytes::from(lines))).await.is_err() {
            return;
        }
        after = end;
    }
}

/// Whether the log is as it was written. With a head that was kept elsewhere also whether its end
/// was cut off. Gives its end, or a refusal that names the first entry that does not hold.
#[utoipa::path(get, path = "/audit/verify", tag = "audit", params(wire::Kept),
    responses((status = 200, body = wire::Head), Problems))]
pub async fn verify(
    viewer: Viewer,
    State(house): State<Shared>,
    Words(kept): Words<wire::Kept>,
) -> Answered<Json<wire::Head>> {
    viewer.may(Capability::Audit)?;
    let kept = match (kept.seq, kept.hash) {
        (None, None) => None,
        (Some(seq), Some(hash)) => Some(Head { seq, hash }),
        _ => {
            let why = "a head that was kept has a number and a hash";
            return Err(ours::words(why, "seq=…&hash=…, or neither"));
        }
    };
    apart(&house, move |house| {
        let end = house.people.verify_chain(kept.as_ref())?;
        Ok(Json(wire::Head {
            seq: end.seq,
            hash: end.hash,
        }))
    })
    .await
}

fn entry(house: &House, entry: Entry) -> Answered<wire::Entry> {
    let is_person = matches!(entry.kind.as_str(), "person");
    let name = match is_person {
        true => house.people.name_of(&PersonId(entry.actor.clone()))?,
        false => None,
    };
    Ok(wire::Entry {
        seq: entry.seq,
        at: entry.at.to_string(),
        kind: entry.kind,
        actor: entry.actor,
        name,
        act: entry.act,
        object: entry.object,
        before: fields(&entry.before),
        after: fields(&entry.after),
        request: entry.request,
        nearness: entry.nearness,
        hash: entry.hash,
    })
}

fn fields(json: &str) -> BTreeMap<String, String> {
    serde_json::from_str(json).unwrap_or_default()
}
