//! What the book is about.

use axum::Json;
use axum::extract::State;
use handfast_accounts::Capability;
use handfast_engine::derived::Teams;
use handfast_model::question::AsOf;
use handfast_model::{Charter, Refusal};
use handfast_service::book::Book as Opened;
use handfast_service::moments;
use handfast_service::span::{self, Span};
use handfast_wire::v1::book::{AskBook, Book, InForce};

use crate::apart::apart;
use crate::asked::not_a_folder;
use crate::body::Words;
use crate::house::{House, Published, Shared, in_force};
use crate::job::alone;
use crate::problem::{Answered, Problems};
use crate::viewer::Viewer;

/// The book's name, its newest commit, the time that it is about, and the words of a charter: of
/// the one in force, or as of the moment and under the charter that are asked for.
#[utoipa::path(get, path = "/book", tag = "book", params(AskBook),
    responses((status = 200, body = Book), Problems))]
pub async fn book(
    viewer: Viewer,
    State(house): State<Shared>,
    Words(asked): Words<AskBook>,
) -> Answered<Json<Book>> {
    viewer.may_know(Capability::Read)?;
    not_a_folder(asked.charter.as_deref())?;
    let is_present = asked.as_of.is_none() && asked.charter.is_none();
    let of = house.published();
    if !is_present {
        // That may be as much work as a question.
        return alone(&house, viewer.turn(), move |house| {
            let book = house.view(&of, &Teams::default());
            let (charter, shown) = then(&book, &asked)?;
            Ok(Json(told(house, &of, charter.as_ref(), shown)?))
        })
        .await;
    }
    let shown = house.span(&of).await;
    apart(&house, move |house| {
        let charter = in_force(&house.view(&of, &Teams::default()))?;
        Ok(Json(told(house, &of, charter.as_ref(), shown)?))
    })
    .await
}

/// The charter that is asked for, and the time that the book was about then.
fn then(book: &Opened, asked: &AskBook) -> Result<(Option<Charter>, Option<Span>), Refusal> {
    let as_of = moments::as_of(book, asked.as_of.as_deref(), asked.charter.as_deref())?;
    let (charter, _) = book.charter(as_of, asked.charter.as_deref())?;
    let shown = span::as_of(book, &charter, as_of)?;
    Ok((Some(charter), shown))
}

fn told(
    house: &House,
    of: &Published,
    charter: Option<&Charter>,
    shown: Option<Span>,
) -> Answered<Book> {
    let periods = charter.zip(shown.as_ref());
    let periods = periods.map(|(charter, span)| span::periods(span, &charter.calendar));
    // A pack that cannot be read is told where sources are looked at; every page needs this one.
    let sources = house.book.packs().unwrap_or_else(|refusal| {
        tracing::warn!(code = refusal.code, "a pack cannot be read");
        Vec::new()
    });
    let newest = house.book.ledger.resolve(AsOf::Latest)?.0;
    Ok(Book {
        name: house.name.clone(),
        is_demo: house.is_demo,
        seq: newest.0,
        published: of.seq,
        charter: charter.map(InForce::new),
        sources: sources.into_iter().map(|pack| pack.source).collect(),
        horizon: shown.map(|span| span.horizon.to_string()),
        shown: shown.map(|span| (span.first, span.last).into()),
        periods: periods.into_iter().flatten().map(period).collect(),
        exponents: Book::exponents(),
    })
}

fn period(named: span::Named) -> handfast_wire::v1::book::NamedPeriod {
    handfast_wire::v1::book::NamedPeriod {
        name: named.period.label,
        grain: named.grain.word(),
        from: named.period.from.to_string(),
        last: named.period.until.plus(-1).to_string(),
        stands: named.stands,
    }
}
