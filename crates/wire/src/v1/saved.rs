//! Views that people keep, and notes that they leave on figures.

use serde::{Deserialize, Serialize};

/// A page of the application with its words, kept under a name.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct View {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Its address below the application.
    pub address: String,
    /// Whether everybody sees it.
    pub is_shared: bool,
    /// Whose it is; null of somebody who is gone.
    pub by: Option<String>,
    /// Whether it is the viewer's own.
    pub is_own: bool,
    /// Since when.
    pub at: String,
}

/// A page to be kept.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeepView {
    /// What it is to be called.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub name: String,
    /// Its address below the application: `/funnel?by=channel`.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 8192))]
    pub address: String,
    /// For everybody, and not for oneself alone.
    #[serde(default)]
    pub is_shared: bool,
}

/// A note on a figure.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Note {
    /// Its id.
    pub id: String,
    /// The question's canonical text: `question.text` of a reply.
    pub question: String,
    /// The figure's column.
    pub column: String,
    /// The first cells of its row.
    pub row: Vec<String>,
    /// What it says.
    pub words: String,
    /// Whose it is; null of somebody who is gone.
    pub by: Option<String>,
    /// Whether it is the viewer's own.
    pub is_own: bool,
    /// Since when.
    pub at: String,
}

/// Whose notes are listed.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct ListNotes {
    /// Of this question alone: its canonical text.
    #[cfg_attr(feature = "openapi", param(max_length = 8192))]
    pub question: Option<String>,
    /// Of this column alone.
    #[cfg_attr(feature = "openapi", param(max_length = 200))]
    pub column: Option<String>,
}

/// A note to be left.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeepNote {
    /// The question's canonical text: `question.text` of a reply.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 8192))]
    pub question: String,
    /// The figure's column.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub column: String,
    /// The first cells of its row.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 32))]
    pub row: Vec<String>,
    /// What it says.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 2000))]
    pub words: String,
}
