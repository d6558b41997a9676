//! What the book is about.

use axum::Json;
use axum::extract::State;
use handfast_accounts::Capability;
use handfast_model::question::AsOf;
use handfast_wire::v1::book::{Book, InForce};

use crate::apart::apart;
use crate::house::Shared;
use crate::problem::{Answered, Problems};
use crate::viewer::Viewer;

/// The book's name, its newest commit, and the words of the charter in force.
#[utoipa::path(get, path = "/book", tag = "book",
    responses((status = 200, body = Book), Problems))]
pub async fn book(viewer: Viewer, State(house): State<Shared>) -> Answered<Json<Book>> {
    viewer.may(Capability::Read)?;
    apart(&house, |house| {
        let book = &house.book;
        // A book without a charter is one that somebody is just setting up.
        let charter = book.charter(AsOf::Latest, None).ok();
        let sources = book.packs().unwrap_or_default();
        Ok(Json(Book {
            name: house.name.clone(),
            is_demo: house.is_demo,
            seq: book.ledger.last_seq()?.0,
            published: house.published().seq,
            charter: charter.map(|(charter, _)| InForce::new(&charter)),
            sources: sources.into_iter().map(|pack| pack.source).collect(),
        }))
    })
    .await
}
