//! The door for browsers and programs: HTTP, the API's routes and its description, the application.
//! It knows how a request becomes a question or an act and how an answer becomes bytes; it counts
//! nothing, and what a viewer may do it asks of `accounts`.
//!
//! ```text
//! listen ─▶ frame ─▶ routes ─▶ viewer, asked ─▶ answers ─▶ the book
//! who may   id, log,  one file   who, what        worked out once,
//! connect   headers   a subject                   kept for all
//! ```

mod again;
mod answers;
mod apart;
mod asked;
mod assets;
mod body;
mod company;
mod counts;
mod fail;
mod frame;
pub mod held;
mod house;
mod inlet;
mod job;
mod jobs;
pub mod limits;
mod listen;
mod logs;
mod once;
mod pace;
mod problem;
mod room;
mod routes;
mod serve;
mod tls;
mod uploads;
mod viewer;
mod worked;

pub use company::secret as provider_secret;
pub use logs::Logs;
pub use room::Bounds;
pub use routes::description;
pub use serve::{Options, Started, serve};
pub use tls::Files as TlsFiles;
