//! What takes long and is no question: stories of deals, restatements, rehearsals. Worked out once
//! for all who ask the same of the same commit, a few at a time together with the questions.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tokio::sync::OnceCell;

use crate::apart::apart;
use crate::house::{Published, Shared};
use crate::limits;
use crate::problem::{Answered, ours};

type Cell = Arc<OnceCell<Bytes>>;

/// What was worked out of one commit.
#[derive(Default)]
pub struct Worked {
    shelf: Mutex<Shelf>,
}

#[derive(Default)]
struct Shelf {
    of: Published,
    kept: HashMap<String, Cell>,
}

impl Worked {
    fn cell(&self, of: Published, name: &str) -> Cell {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        if shelf.of != of || shelf.kept.len() >= limits::WORKED {
            *shelf = Shelf {
                of,
                ..Shelf::default()
            };
        }
        Arc::clone(shelf.kept.entry(name.to_owned()).or_default())
    }
}

/// The JSON of what goes by a name: kept, under way, or worked out now. The name says everything
/// that the work depends on but the book itself.
pub async fn worked<T: Serialize>(
    house: &Shared,
    (name, who): (String, String),
    work: impl FnOnce(&Shared) -> Answered<T> + Send + 'static,
) -> Answered<Response> {
    // Somebody who has just done something is shown it, however old the published commit is.
    let of = apart(house, |house| {
        let now = house.book.ledger.last_seq()?.0;
        let published = house.published();
        Ok(Published {
            seq: now,
            ..published
        })
    });
    let cell = house.worked.cell(of.await?, &name);
    if let Some(known) = cell.get() {
        return Ok(json(known.clone()));
    }
    let at = Arc::clone(house);
    let job = tokio::spawn(async move {
        let _own = at.answers.own_turn(&who).await?;
        let known = cell.get_or_try_init(|| async {
            let _place = at.answers.place().await?;
            let house = Arc::clone(&at);
            let done = tokio::task::spawn_blocking(move || {
                let made = catch_unwind(AssertUnwindSafe(|| work(&house)));
                let made = made.map_err(|_| ours::fault())??;
                let bytes = serde_json::to_vec(&made).map_err(|_| ours::fault())?;
                Ok(Bytes::from(bytes))
            });
            done.await.unwrap_or_else(|_| Err(ours::fault()))
        });
        known.await.cloned()
    });
    match tokio::time::timeout(limits::ANSWER, job).await {
        Ok(Ok(known)) => known.map(json),
        Ok(Err(_)) => Err(ours::fault()),
        Err(_) => Err(ours::not_yet(limits::ANSWER.as_secs())),
    }
}

fn json(bytes: Bytes) -> Response {
    let mut response = bytes.into_response();
    let kind = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
