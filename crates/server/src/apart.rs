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
