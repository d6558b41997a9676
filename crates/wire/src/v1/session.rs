//! Who is signed in, and how they sign in.

use serde::{Deserialize, Serialize};

/// Who is looking, and what they may do.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// `stranger`, `guest`, `person`, `token` or `key`.
    pub kind: &'static str,
    /// The person, where one is signed in.
    pub person: Option<Person>,
    /// What they may do: words of the table of rights.
    pub capabilities: Vec<&'static str>,
    /// Whether nobody owns the book yet: the first owner is made by the token on the console.
    pub needs_set_up: bool,
    /// Whether guests may look around.
    pub is_demo: bool,
}

/// Somebody who may sign in.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Person {
    /// The id.
    pub id: String,
    /// As colleagues call them.
    pub name: String,
    /// Their e-mail.
    pub email: String,
    /// `viewer`, `analyst`, `marketing`, `sales`, `admin`, `owner`.
    pub role: &'static str,
    /// For which sides they may sign.
    pub sides: Vec<&'static str>,
    /// Whose rows they see; all where none is named.
    pub teams: Vec<String>,
    /// Whether they are kept out.
    pub is_disabled: bool,
}

/// What signs somebody in.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignIn {
    /// The e-mail.
    #[cfg_attr(feature = "openapi", schema(max_length = 320))]
    pub email: String,
    /// The password.
    #[cfg_attr(feature = "openapi", schema(max_length = 1024))]
    pub password: String,
}

/// What makes the first owner.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetUp {
    /// The token that the server printed when it started.
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub token: String,
    /// The owner's name.
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub name: String,
    /// Their e-mail.
    #[cfg_attr(feature = "openapi", schema(max_length = 320))]
    pub email: String,
    /// Their password, 12 characters or more.
    #[cfg_attr(feature = "openapi", schema(max_length = 1024))]
    pub password: String,
}
