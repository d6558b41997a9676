//! Work that waits for the disk or the processor, on threads where nobody else's request waits.

use std::sync::Arc;

use crate::house::Shared;
use crate::problem::{Answered, ours};

/// Does the work of one request on a thread of its own.
pub async fn apart<T: Send + 'static>(
    house: &Shared,
    work: impl FnOnce(&Shared) -> Answered<T> + Send + 'static,
) -> Answered<T> {
    let house = Arc::clone(house);
    let done = tokio::task::spawn_blocking(move || work(&house)).await;
    done.unwrap_or_else(|_| Err(ours::fault()))
}

/// The same with a turn at the book, for what is as much work as a question and may write: it is
/// ended by nobody (what only reads goes by `job`).
pub async fn in_turn<T: Send + 'static>(
    house: &Shared,
    who: String,
    work: impl FnOnce(&Shared) -> Answered<T> + Send + 'static,
) -> Answered<T> {
    let _own = house.answers.own_turn(&who).await?;
    let _place = house.answers.place().await?;
    apart(house, work).await
}
