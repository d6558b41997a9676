//! What takes long and is no question: stories of deals, restatements, rehearsals. Worked out once
//! for all who ask the same of the same commit, a few at a time together with the questions.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use handfast_engine::derived::Teams;
use handfast_service::book::Book;
use serde::Serialize;

use crate::house::{Published, Shared};
use crate::job::Job;
use crate::limits;
use crate::problem::{Answered, ours};

type Cell = Arc<Job<Bytes>>;

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
    fn cell(&self, of: &Published, name: String) -> Cell {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        if of.is_before(&shelf.of) {
            return Cell::default();
        }
        let is_full = shelf.kept.len() >= limits::WORKED && !shelf.kept.contains_key(&name);
        if shelf.of != *of || is_full {
            *shelf = Shelf {
                of: of.clone(),
                ..Shelf::default()
            };
        }
        Arc::clone(shelf.kept.entry(name).or_default())
    }
}

/// The JSON of what goes by a name: kept, under way, or worked out now, of what pages show. The
/// name says everything that the work depends on but the book itself and whose rows are seen.
pub async fn worked<T: Serialize>(
    house: &Shared,
    (name, teams, who): (String, Teams, String),
    work: impl FnOnce(&Book) -> Answered<T> + Send + 'static,
) -> Answered<Response> {
    let of = house.published();
    let cell = house.worked.cell(&of, format!("{teams:?} {name}"));
    let made = cell.get(house, who, move |house| {
        let made = work(&house.view(&of, &teams))?;
        let bytes = serde_json::to_vec(&made).map_err(|_| ours::fault())?;
        Ok(Bytes::from(bytes))
    });
    made.await.map(json)
}

fn json(bytes: Bytes) -> Response {
    let mut response = bytes.into_response();
    let kind = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
