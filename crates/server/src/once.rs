//! Answers with a secret that is shown once. They are marked, so that nothing keeps them.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// An answer with a secret in it.
pub struct Once<T>(pub StatusCode, pub T);

/// The mark of such an answer.
#[derive(Clone, Copy, Debug)]
pub struct ShownOnce;

impl<T: Serialize> IntoResponse for Once<T> {
    fn into_response(self) -> Response {
        let mut response = (self.0, Json(self.1)).into_response();
        response.extensions_mut().insert(ShownOnce);
        response
    }
}
