//! Events that programs send by a source's key: answered when the disk has them.

use std::io::Read;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use flate2::read::MultiGzDecoder;
use handfast_accounts::{Actor, Capability};
use handfast_connect::events::{NoEvents, events_of};
use handfast_model::{Refusal, limits};
use handfast_wire::v1::import as wire;

use crate::apart::apart;
use crate::body::whole;
use crate::house::Shared;
use crate::inlet::Received;
use crate::problem::{Answered, Problems, Refused, ours};
use crate::viewer::Viewer;

/// Takes one event or a batch of them. One that cannot be mapped is set aside with its reason, and
/// the others come in. What is sent again is known again by its `message_id`, and counts once. The
/// content type does not matter; the body may be packed by gzip.
#[utoipa::path(post, path = "/events", tag = "events", request_body = wire::EventsSent,
    responses((status = 200, body = wire::EventsReceived), Problems))]
pub async fn send(
    viewer: Viewer,
    State(house): State<Shared>,
    request: Request,
) -> Answered<Json<wire::EventsReceived>> {
    viewer.may(Capability::Ingest)?;
    let Actor::Key { source, .. } = viewer.actor else {
        return Err(ours::fault());
    };
    let text = text(request).await?;
    events_of(&text).map_err(|why| none(&why))?;
    let pass = house.inlet.for_source(&source).await?;
    apart(&house, move |house| {
        let events = events_of(&text).map_err(|why| none(&why))?;
        let at = (&house.book, house.now());
        let received = house.inlet.take(at, &source, &events, &pass)?;
        Ok(Json(shown(received)))
    })
    .await
}

/// The body as text, unpacked.
async fn text(request: Request) -> Answered<String> {
    let packing = packing(request.headers())?;
    let mut bytes = whole(request, limits::EVENTS_BYTES).await?;
    if packing == Packing::Gzip {
        let mut unpacked = Vec::new();
        let most = limits::EVENTS_BYTES as u64 + 1;
        let read = MultiGzDecoder::new(bytes.as_slice()).take(most);
        let mut read = read;
        read.read_to_end(&mut unpacked)
            .map_err(|_| ours::body("it is not packed by gzip, as its header says"))?;
        if unpacked.len() > limits::EVENTS_BYTES {
            return Err(ours::too_large(limits::EVENTS_BYTES));
        }
        bytes = unpacked;
    }
    String::from_utf8(bytes).map_err(|_| ours::body("it is not UTF-8"))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Packing {
    None,
    Gzip,
}

fn packing(headers: &HeaderMap) -> Answered<Packing> {
    let value = headers.get(header::CONTENT_ENCODING);
    let word = value.and_then(|value| value.to_str().ok()).unwrap_or("");
    match word.trim().to_ascii_lowercase().as_str() {
        "" | "identity" => Ok(Packing::None),
        "gzip" | "x-gzip" => Ok(Packing::Gzip),
        _ => Err(Refused::under(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Refusal::new("E0704", "the body is packed in a way that is not read here")
                .fix("content-encoding: gzip, or none"),
        )),
    }
}

fn none(why: &NoEvents) -> Refused {
    match why {
        NoEvents::Json(reason) => ours::body(reason),
        NoEvents::Member(name) => {
            let name: String = name.chars().take(60).collect();
            ours::body(&format!("`{name}` beside `batch` means nothing"))
        }
        NoEvents::Batch => ours::body("`batch` is a list of events"),
        NoEvents::Empty => ours::body("`batch` is empty"),
        NoEvents::TooMany(count) => {
            let most = limits::EVENTS;
            ours::body(&format!("{count} events at once; {most} are taken"))
        }
    }
}

fn shown(received: Received) -> wire::EventsReceived {
    let mut shown = wire::EventsReceived {
        made_ids: received.made,
        ..wire::EventsReceived::default()
    };
    for receipt in received.receipts {
        let account = receipt.account;
        shown.accepted += account.rows;
        shown.known += account.known;
        shown.ignored += account.ignored.values().sum::<u64>();
        shown.set_aside += account.all_set_aside();
        for (reason, rows) in account.set_aside {
            *shown.set_aside_by.entry(reason).or_default() += rows;
        }
        shown.seq = shown.seq.max(receipt.seq.0);
        shown.run = shown.run.max(receipt.run);
    }
    shown.new = shown.accepted.saturating_sub(shown.known);
    shown
}
